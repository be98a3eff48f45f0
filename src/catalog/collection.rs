//! What parts the media of a phone have: one for each command that exports.

/// A part of a phone's media, with a catalogue of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Collection {
    /// The photo library.
    #[default]
    Photos,
    /// Songs.
    Music,
    /// Films, series, music videos and home videos of the media library, and the videos of the photo library.
    Videos,
    /// Voice memos.
    VoiceMemos,
    /// Ringtones and alert tones.
    Ringtones,
    /// Books, PDFs and audiobooks.
    Books,
    /// Podcasts and iTunes U.
    Podcasts,
    /// Documents of apps, and any other files.
    Files,
}

impl Collection {
    /// All of them, in the order in which they are exported.
    pub const ALL: [Self; 8] = [
        Self::Photos,
        Self::Music,
        Self::Videos,
        Self::VoiceMemos,
        Self::Ringtones,
        Self::Books,
        Self::Podcasts,
        Self::Files,
    ];

    /// Stable name: of the command, in the ledger and in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Photos => "photos",
            Self::Music => "music",
            Self::Videos => "videos",
            Self::VoiceMemos => "voice-memos",
            Self::Ringtones => "ringtones",
            Self::Books => "books",
            Self::Podcasts => "podcasts",
            Self::Files => "files",
        }
    }

    /// The collection of a [`Collection::name`].
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|collection| collection.name() == name)
    }

    /// What its folder is called where each has one, and what people call it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Photos => "Photos",
            Self::Music => "Music",
            Self::Videos => "Videos",
            Self::VoiceMemos => "Voice Memos",
            Self::Ringtones => "Ringtones",
            Self::Books => "Books",
            Self::Podcasts => "Podcasts",
            Self::Files => "Files",
        }
    }

    /// Where it is that is not on the phone, as people call it.
    #[must_use]
    pub const fn cloud(self) -> &'static str {
        match self {
            Self::Music | Self::Podcasts | Self::Books => "the cloud",
            _ => "iCloud",
        }
    }

    /// Whether people call all of it a library.
    #[must_use]
    pub const fn is_library(self) -> bool {
        matches!(self, Self::Photos | Self::Music | Self::Videos)
    }

    /// What one, and what several of its items are called.
    #[must_use]
    pub const fn items(self) -> (&'static str, &'static str) {
        match self {
            Self::Photos => ("photo or video", "photos and videos"),
            Self::Music => ("song", "songs"),
            Self::Videos => ("video", "videos"),
            Self::VoiceMemos => ("voice memo", "voice memos"),
            Self::Ringtones => ("ringtone", "ringtones"),
            Self::Books => ("book", "books"),
            Self::Podcasts => ("episode", "episodes"),
            Self::Files => ("file", "files"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back() {
        for collection in Collection::ALL {
            assert_eq!(Collection::from_name(collection.name()), Some(collection));
        }
        assert_eq!(Collection::from_name("film"), None);
    }
}
