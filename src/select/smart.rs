//! The phone's own smart albums: favourites, videos, selfies, and so on.
//!
//! Photos keeps no list of their members, only a rule for each (facts/media.md section A10). The rules here
//! look at what the catalogue knows of one item; whether a smart album is asked for is not decided here.

use crate::catalog::{Item, MediaKind, Scope};

/// A smart album, in the order in which Photos shows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Smart {
    /// Marked as favourites.
    Favourites,
    /// Videos of every kind.
    Videos,
    /// Taken with the front camera.
    Selfies,
    /// Live Photos.
    Live,
    /// Stills with depth.
    Portrait,
    /// Live Photos that were made long exposures.
    LongExposure,
    /// Panoramas.
    Panoramas,
    /// Time-lapse videos.
    TimeLapse,
    /// Slow-motion videos.
    SlowMo,
    /// Videos with depth.
    Cinematic,
    /// Frames of bursts.
    Bursts,
    /// Pictures of the phone's screen.
    Screenshots,
    /// Films of the phone's screen.
    ScreenRecordings,
    /// Spatial photos and videos.
    Spatial,
    /// Animated pictures.
    Animated,
    /// RAW files, alone or beside a JPEG.
    Raw,
    /// Everything that knows where it was taken.
    Places,
    /// The Hidden album.
    Hidden,
    /// Recently Deleted.
    RecentlyDeleted,
}

impl Smart {
    /// All of them, in their order.
    pub const ALL: [Self; 19] = [
        Self::Favourites,
        Self::Videos,
        Self::Selfies,
        Self::Live,
        Self::Portrait,
        Self::LongExposure,
        Self::Panoramas,
        Self::TimeLapse,
        Self::SlowMo,
        Self::Cinematic,
        Self::Bursts,
        Self::Screenshots,
        Self::ScreenRecordings,
        Self::Spatial,
        Self::Animated,
        Self::Raw,
        Self::Places,
        Self::Hidden,
        Self::RecentlyDeleted,
    ];

    /// Stable name for the command line and for JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Favourites => "favourites",
            Self::Videos => "videos",
            Self::Selfies => "selfies",
            Self::Live => "live",
            Self::Portrait => "portrait",
            Self::LongExposure => "long-exposure",
            Self::Panoramas => "panoramas",
            Self::TimeLapse => "time-lapse",
            Self::SlowMo => "slow-mo",
            Self::Cinematic => "cinematic",
            Self::Bursts => "bursts",
            Self::Screenshots => "screenshots",
            Self::ScreenRecordings => "screen-recordings",
            Self::Spatial => "spatial",
            Self::Animated => "animated",
            Self::Raw => "raw",
            Self::Places => "places",
            Self::Hidden => "hidden",
            Self::RecentlyDeleted => "recently-deleted",
        }
    }

    /// The album of a [`Smart::word`].
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|smart| smart.word() == word)
    }

    /// The name under which Photos shows it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Favourites => "Favourites",
            Self::Videos => "Videos",
            Self::Selfies => "Selfies",
            Self::Live => "Live Photos",
            Self::Portrait => "Portrait",
            Self::LongExposure => "Long Exposure",
            Self::Panoramas => "Panoramas",
            Self::TimeLapse => "Time-lapse",
            Self::SlowMo => "Slow-mo",
            Self::Cinematic => "Cinematic",
            Self::Bursts => "Bursts",
            Self::Screenshots => "Screenshots",
            Self::ScreenRecordings => "Screen Recordings",
            Self::Spatial => "Spatial",
            Self::Animated => "Animated",
            Self::Raw => "RAW",
            Self::Places => "Places",
            Self::Hidden => "Hidden",
            Self::RecentlyDeleted => "Recently Deleted",
        }
    }

    /// Whether an item is of the kind that this album collects, hidden, deleted and shared ones too.
    #[must_use]
    pub fn describes(self, item: &Item) -> bool {
        let traits = &item.traits;
        match self {
            Self::Favourites => item.favorite,
            Self::Videos => item.kind == MediaKind::Video,
            Self::Selfies => traits.selfie,
            Self::Live => traits.live,
            Self::Portrait => traits.portrait,
            Self::LongExposure => traits.long_exposure,
            Self::Panoramas => traits.panorama,
            Self::TimeLapse => traits.time_lapse,
            Self::SlowMo => traits.slow_mo,
            Self::Cinematic => traits.cinematic,
            Self::Bursts => item.burst.is_some(),
            Self::Screenshots => traits.screenshot,
            Self::ScreenRecordings => traits.screen_recording,
            Self::Spatial => traits.spatial,
            Self::Animated => traits.animated,
            Self::Raw => traits.raw || traits.has_raw,
            Self::Places => item.location.is_some(),
            Self::Hidden => item.hidden,
            Self::RecentlyDeleted => item.trashed,
        }
    }
}

/// The smart albums in which Photos shows an item, in their order.
///
/// They hold the person's own library only. What is hidden is in no other album than Hidden, and what is
/// deleted in none but Recently Deleted.
pub fn smart(item: &Item) -> impl Iterator<Item = Smart> {
    let own = item.scope == Scope::Library;
    Smart::ALL.into_iter().filter(move |smart| {
        own && match (item.trashed, item.hidden) {
            (true, _) => *smart == Smart::RecentlyDeleted,
            (false, true) => *smart == Smart::Hidden,
            (false, false) => smart.describes(item),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::item;

    fn of(item: &Item) -> Vec<Smart> {
        smart(item).collect()
    }

    #[test]
    fn an_item_can_be_in_several() {
        let mut video = item("A", "IMG_1.MOV", 0);
        assert_eq!(of(&video), []);
        video.kind = MediaKind::Video;
        video.favorite = true;
        video.traits.slow_mo = true;
        video.location = Some((1.0, 2.0));
        assert_eq!(of(&video), [Smart::Favourites, Smart::Videos, Smart::SlowMo, Smart::Places]);
    }

    #[test]
    fn what_is_hidden_or_deleted_is_nowhere_else() {
        let mut photo = item("A", "IMG_1.HEIC", 0);
        (photo.favorite, photo.hidden) = (true, true);
        assert_eq!(of(&photo), [Smart::Hidden]);
        photo.trashed = true;
        assert_eq!(of(&photo), [Smart::RecentlyDeleted]);
        assert!(Smart::Favourites.describes(&photo) && Smart::Hidden.describes(&photo));
    }

    #[test]
    fn what_belongs_to_others_is_in_none() {
        let mut photo = item("A", "IMG_1.HEIC", 0);
        (photo.favorite, photo.scope) = (true, Scope::SharedAlbum);
        assert_eq!(of(&photo), []);
    }

    #[test]
    fn raw_alone_and_raw_beside_are_raw() {
        let mut photo = item("A", "IMG_1.DNG", 0);
        photo.traits.raw = true;
        assert_eq!(of(&photo), [Smart::Raw]);
        (photo.traits.raw, photo.traits.has_raw) = (false, true);
        assert_eq!(of(&photo), [Smart::Raw]);
    }

    #[test]
    fn every_word_is_one_album() {
        for smart in Smart::ALL {
            assert_eq!(Smart::from_word(smart.word()), Some(smart));
        }
        assert_eq!(Smart::from_word("Selfies"), None);
        assert!(Smart::ALL.is_sorted());
    }
}
