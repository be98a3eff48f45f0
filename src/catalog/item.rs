//! One thing that is on the phone, with its files: a photo or video, or what another catalogue names.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use jiff::{Timestamp, Zoned, tz::Offset};

use super::{Fingerprint, Media};
use crate::source::DevicePath;
use crate::text::fold;

/// Identity of an item on its phone, and of no other item of whatever collection there. Survives renames and moves,
/// not a restore.
///
/// Of the photo library it is `ZUUID`, upper case. Others have their collection before it: `track:-123` (its pid in
/// the media library), `memo:`, `tone:`, `book:`, `file:` (a document of an app), `media:` (another file of the media folder),
/// `cover:`. What has no identity of its own has where it
/// lies: `path:DCIM/100APPLE/IMG_0001.JPG`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AssetUuid(pub String);

impl AssetUuid {
    /// Whether it says no more than where a file lies. Another version of what lies there may be another photo: a
    /// phone that was erased counts its photos from 1 again.
    #[must_use]
    pub fn is_place(&self) -> bool {
        const PLACES: [&str; 8] = [
            "path:",
            "path-bytes:",
            "media:",
            "media-bytes:",
            "tone:",
            "tone-bytes:",
            "memo:path:",
            "memo:path-bytes:",
        ];
        // A book that no list gives an identity has its path for one.
        let is_path = |book: &str| book.contains('/');
        PLACES.iter().any(|place| self.0.starts_with(place))
            || self.0.starts_with("book-bytes:")
            || self.0.strip_prefix("book:").is_some_and(is_path)
    }
}

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum MediaKind {
    /// A still image of the photo library, with or without a Live movie.
    #[default]
    Photo,
    /// A video of the photo library.
    Video,
    /// A kind this program does not know; exported as a file all the same.
    Other,
    /// A song.
    Song,
    /// A music video.
    MusicVideo,
    /// A film.
    Movie,
    /// An episode of a series.
    TvShow,
    /// A video of one's own that was synced from a computer.
    HomeVideo,
    /// An episode of a podcast, to hear or to see.
    Podcast,
    /// A lecture of iTunes U, to hear or to see.
    Lecture,
    /// An audiobook, or a part of one.
    Audiobook,
    /// A ringtone.
    Ringtone,
    /// An alert tone.
    AlertTone,
    /// A voice memo.
    VoiceMemo,
    /// A book to read.
    Book,
    /// A document of an app, or another file.
    Document,
    /// The picture of an album; [`super::Media`] says of which.
    Cover,
}

impl MediaKind {
    /// All of them, in their order.
    pub const ALL: [Self; 17] = [
        Self::Photo,
        Self::Video,
        Self::Other,
        Self::Song,
        Self::MusicVideo,
        Self::Movie,
        Self::TvShow,
        Self::HomeVideo,
        Self::Podcast,
        Self::Lecture,
        Self::Audiobook,
        Self::Ringtone,
        Self::AlertTone,
        Self::VoiceMemo,
        Self::Book,
        Self::Document,
        Self::Cover,
    ];

    /// Stable name, for expressions and JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Photo => "photo",
            Self::Video => "video",
            Self::Other => "other",
            Self::Song => "song",
            Self::MusicVideo => "music_video",
            Self::Movie => "movie",
            Self::TvShow => "tv_show",
            Self::HomeVideo => "home_video",
            Self::Podcast => "podcast",
            Self::Lecture => "lecture",
            Self::Audiobook => "audiobook",
            Self::Ringtone => "ringtone",
            Self::AlertTone => "alert_tone",
            Self::VoiceMemo => "voice_memo",
            Self::Book => "book",
            Self::Document => "document",
            Self::Cover => "cover",
        }
    }
}

/// When something was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaptureTime {
    /// The instant.
    pub instant: Timestamp,
    /// Offset of the local time at the place, if the phone knows it; UTC is shown otherwise.
    pub offset: Option<Offset>,
}

impl CaptureTime {
    /// The local time at the place where it was taken; in UTC when the zone is unknown.
    #[must_use]
    pub fn local(&self) -> Zoned {
        self.instant.to_zoned(self.offset.unwrap_or(Offset::UTC).to_time_zone())
    }
}

/// Which part of the phone an item belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Scope {
    /// The person's own photo library.
    #[default]
    Library,
    /// A shared album: other people's pictures, in reduced size.
    SharedAlbum,
    /// Found in messages, "Shared with You", and not saved to the library.
    SharedWithYou,
    /// A file in the camera folders or the music folders that no row of the catalogue names, or only a row that is
    /// left over from what is no longer in the library.
    Uncatalogued,
    /// Neither: iCloud links, placeholders.
    Elsewhere,
}

/// What Photos calls media types, and a few more (facts/media.md section A5, decision table). An item can be
/// several of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Traits {
    /// A Live Photo.
    pub live: bool,
    /// A Live Photo that was made to loop.
    pub looping: bool,
    /// A Live Photo that was made to play forth and back.
    pub bounce: bool,
    /// A Live Photo that was made a long exposure.
    pub long_exposure: bool,
    /// A panorama.
    pub panorama: bool,
    /// A portrait: a still with depth.
    pub portrait: bool,
    /// What Photos marks as HDR: several exposures in one. Newer photos have gain maps instead and are not marked.
    pub hdr: bool,
    /// A picture of the phone's screen.
    pub screenshot: bool,
    /// A film of the phone's screen.
    pub screen_recording: bool,
    /// Taken with the front camera.
    pub selfie: bool,
    /// A slow-motion video.
    pub slow_mo: bool,
    /// A time-lapse video.
    pub time_lapse: bool,
    /// A video with depth.
    pub cinematic: bool,
    /// A spatial photo or video.
    pub spatial: bool,
    /// An animated picture (GIF).
    pub animated: bool,
    /// The original is a camera's RAW, and nothing else was taken with it.
    pub raw: bool,
    /// A RAW lies beside a JPEG or HEIC, or iCloud has one.
    pub has_raw: bool,
    /// A ProRes video.
    pub prores: bool,
}

impl Traits {
    /// None of these.
    pub const NONE: Self = Self {
        live: false,
        looping: false,
        bounce: false,
        long_exposure: false,
        panorama: false,
        portrait: false,
        hdr: false,
        screenshot: false,
        screen_recording: false,
        selfie: false,
        slow_mo: false,
        time_lapse: false,
        cinematic: false,
        spatial: false,
        animated: false,
        raw: false,
        has_raw: false,
        prores: false,
    };
}

/// Membership in a burst.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BurstMember {
    /// The same for all frames of the burst.
    pub burst: Box<str>,
    /// Whether Photos shows this frame by itself (picked by the person, or the key frame).
    pub shown: bool,
    /// Whether the person picked this frame.
    pub picked: bool,
    /// Whether this frame stands for the whole burst.
    pub key: bool,
}

/// A face that the phone found.
#[derive(Debug, Clone, PartialEq)]
pub struct Face {
    /// The person's name; `None` if nobody gave one.
    pub name: Option<Arc<str>>,
    /// Where it is in the picture, if known.
    pub region: Option<FaceRegion>,
}

/// Where a face is: relative to width and height of the picture as it is shown, 0 to 1, from the lower left
/// (facts/media.md section A11).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FaceRegion {
    /// Centre, from the left.
    pub x: f32,
    /// Centre, from the bottom.
    pub y: f32,
    /// Diameter, relative to the longer side.
    pub size: f32,
}

/// What the catalogue knows of the camera. Most photos of a library were taken with a few cameras, so their words
/// are shared.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Camera {
    /// Who made it, such as `Apple`.
    pub make: Option<Arc<str>>,
    /// Which one, such as `iPhone 15 Pro`.
    pub model: Option<Arc<str>>,
    /// Which lens.
    pub lens: Option<Arc<str>>,
    /// F-number.
    pub aperture: Option<f64>,
    /// Exposure time in seconds.
    pub exposure_seconds: Option<f64>,
    /// ISO speed.
    pub iso: Option<i64>,
    /// Focal length in millimetres.
    pub focal_length_mm: Option<f64>,
    /// Focal length in millimetres that would show as much on a 35 mm film.
    pub focal_length_35mm: Option<f64>,
    /// Four characters that name a video's codec.
    pub codec: Option<Arc<str>>,
    /// Frames per second of a video.
    pub frames_per_second: Option<f64>,
}

impl Camera {
    /// Maker and model, such as `Apple iPhone 15 Pro`. Many models begin with their maker, who is not repeated.
    #[must_use]
    pub fn name(&self) -> Option<String> {
        match (self.make.as_deref(), self.model.as_deref()) {
            (Some(make), Some(model)) if fold(model).starts_with(&fold(make)) => Some(model.to_owned()),
            (Some(make), Some(model)) => Some(format!("{make} {model}")),
            (make, model) => Some(model.or(make)?.to_owned()),
        }
    }
}

/// What a file is to its item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// As it was taken. Of a RAW and a JPEG or HEIC it is the JPEG or HEIC, whichever of them Photos shows.
    Original,
    /// The movie of a Live Photo.
    LiveVideo,
    /// The RAW beside a JPEG or HEIC.
    Raw,
    /// As it looks now, after edits.
    Edited,
    /// The movie of an edited Live Photo.
    EditedLiveVideo,
    /// The camera's own adjustments (`.AAE` beside the original), which portraits, slow motion and Cinematic
    /// videos can be edited with later.
    CameraAdjustments,
    /// The recipe of the person's edit (`Adjustments.plist`).
    Adjustments,
    /// A small picture that the phone keeps of an original that is only in iCloud. Never the original.
    Preview,
    /// A JPEG that this program made from the original.
    Converted,
    /// A JPEG that this program made from the edited version.
    EditedConverted,
}

impl Role {
    /// All of them, in their order.
    pub const ALL: [Self; 10] = [
        Self::Original,
        Self::LiveVideo,
        Self::Raw,
        Self::Edited,
        Self::EditedLiveVideo,
        Self::CameraAdjustments,
        Self::Adjustments,
        Self::Preview,
        Self::Converted,
        Self::EditedConverted,
    ];

    /// Stable name for the ledger and for JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::LiveVideo => "live_video",
            Self::Raw => "raw",
            Self::Edited => "edited",
            Self::EditedLiveVideo => "edited_live_video",
            Self::CameraAdjustments => "camera_adjustments",
            Self::Adjustments => "adjustments",
            Self::Preview => "preview",
            Self::Converted => "converted",
            Self::EditedConverted => "edited_converted",
        }
    }

    /// The role of a [`Role::name`].
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// Whether this program made the file of another.
    #[must_use]
    pub const fn is_made(self) -> bool {
        matches!(self, Self::Converted | Self::EditedConverted)
    }

    /// Whether this file belongs to the person's edit.
    #[must_use]
    pub const fn is_edited(self) -> bool {
        matches!(self, Self::Edited | Self::EditedLiveVideo | Self::Adjustments | Self::EditedConverted)
    }
}

/// Where the bytes of a resource are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Presence {
    /// A file of that path is listed on the phone.
    OnPhone(DevicePath),
    /// The catalogue knows it and the phone does not have it, but iCloud does.
    CloudOnly,
    /// The catalogue says it is here, but there is no such file, and nothing points to iCloud.
    Missing,
}

/// One file of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// What it is to its item.
    pub role: Role,
    /// Where it is.
    pub presence: Presence,
    /// Size in bytes as the catalogue has it; the file on the phone has the last word.
    pub size_bytes: Option<u64>,
    /// The phone's own fingerprint of the content, if it made one.
    pub fingerprint: Option<Fingerprint>,
    /// Changes when the content changes, as far as the catalogue can tell: for edits the time of the edit
    /// (Cocoa seconds as text), for a document its size and time, for a book its checksum in the list; empty for other
    /// originals.
    pub revision: String,
}

/// One photo or video, or another thing that a catalogue names.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Identity.
    pub uuid: AssetUuid,
    /// The name it was made under, such as `IMG_1234.HEIC`. May contain anything; not unique.
    pub original_name: String,
    /// What it is.
    pub kind: MediaKind,
    /// What kind of photo or video.
    pub traits: Traits,
    /// When it was taken or recorded, or when a document was last changed; `None` if the catalogue holds nothing sensible.
    pub taken: Option<CaptureTime>,
    /// When it came into the library.
    pub added: Option<Timestamp>,
    /// When it was last edited.
    pub edited: Option<Timestamp>,
    /// When it was put into Recently Deleted.
    pub trashed_at: Option<Timestamp>,
    /// Which part of the phone it belongs to.
    pub scope: Scope,
    /// In the iCloud Shared Photo Library.
    pub shared_library: bool,
    /// Synced from a computer by iTunes or Finder.
    pub synced: bool,
    /// Marked as a favourite.
    pub favorite: bool,
    /// In the Hidden album.
    pub hidden: bool,
    /// In Recently Deleted.
    pub trashed: bool,
    /// Whether the catalogue says that it was edited, by the person or by the camera.
    pub adjusted: bool,
    /// Membership in a burst.
    pub burst: Option<Box<BurstMember>>,
    /// Width and height in pixels of the current version, as it is shown.
    pub dimensions: Option<(u32, u32)>,
    /// How the file of the current version is stored: its EXIF orientation, 1 to 8.
    pub orientation: Option<u8>,
    /// Duration in seconds; `None` for stills.
    pub duration_seconds: Option<f64>,
    /// Degrees north and east.
    pub location: Option<(f64, f64)>,
    /// Its title, or that which the person gave it; not its file name.
    pub title: Option<Box<str>>,
    /// Caption that the person gave it.
    pub caption: Option<Arc<str>>,
    /// Keywords, in the order of their text, each once.
    pub keywords: Vec<Arc<str>>,
    /// Faces found in it, named ones first and by name; hidden and discarded ones left out.
    pub faces: Vec<Face>,
    /// What took it.
    pub camera: Option<Box<Camera>>,
    /// The app it came from: its name, or else its bundle identifier.
    pub imported_by: Option<Arc<str>>,
    /// Albums or playlists it is in, as indices into [`super::Catalog::albums`], each once.
    pub albums: Vec<usize>,
    /// What another catalogue than that of the photo library says of it; of photos nothing.
    pub media: Option<Box<Media>>,
    /// Its files, at most one per role; the original first.
    pub resources: Vec<Resource>,
}

impl Item {
    /// An item of the library of which nothing else is known.
    #[must_use]
    pub const fn new(uuid: AssetUuid, original_name: String, kind: MediaKind) -> Self {
        Self {
            uuid,
            original_name,
            kind,
            traits: Traits::NONE,
            taken: None,
            added: None,
            edited: None,
            trashed_at: None,
            scope: Scope::Library,
            shared_library: false,
            synced: false,
            favorite: false,
            hidden: false,
            trashed: false,
            adjusted: false,
            burst: None,
            dimensions: None,
            orientation: None,
            duration_seconds: None,
            location: None,
            title: None,
            caption: None,
            keywords: Vec::new(),
            faces: Vec::new(),
            camera: None,
            imported_by: None,
            albums: Vec::new(),
            media: None,
            resources: Vec::new(),
        }
    }

    /// The time that its files carry on the drive: when it was taken or recorded; of a document when it was last
    /// changed. `None` for songs, books and the like: their files keep the time that they have on the phone.
    #[must_use]
    pub fn time(&self) -> Option<Timestamp> {
        self.taken.map(|taken| taken.instant)
    }

    /// Whether it is protected (FairPlay), so that nothing but the account it was bought with can play it.
    #[must_use]
    pub fn is_protected(&self) -> bool {
        self.media.as_ref().is_some_and(|media| media.protected)
    }

    /// Whether it is kept as a stream ([`Media::stream`]).
    #[must_use]
    pub fn is_stream(&self) -> bool {
        self.media.as_ref().is_some_and(|media| media.stream)
    }

    /// What players show: artist and title; of photos, and of what has no title, the name of the file.
    #[must_use]
    pub fn shown_name(&self) -> Cow<'_, str> {
        let artist = self.media.as_ref().and_then(|media| media.artist.as_deref());
        match (artist, self.title.as_deref().filter(|_| self.media.is_some())) {
            (Some(artist), Some(title)) => Cow::Owned(format!("{artist} - {title}")),
            (None, Some(title)) => Cow::Borrowed(title),
            (_, None) => Cow::Borrowed(&self.original_name),
        }
    }

    /// The file of a role, if the item has one.
    #[must_use]
    pub fn resource(&self, role: Role) -> Option<&Resource> {
        self.resources.iter().find(|r| r.role == role)
    }

    /// Names of the people in it, each once, in the order of the faces.
    pub fn persons(&self) -> impl Iterator<Item = &str> {
        let mut seen = HashSet::new();
        self.faces.iter().filter_map(|face| face.name.as_deref()).filter(move |name| seen.insert(*name))
    }

    /// The size of all its files together, in bytes, as far as it is known; none if that of no file is.
    #[must_use]
    pub fn size_bytes(&self) -> Option<u64> {
        self.resources.iter().filter_map(|file| file.size_bytes).reduce(u64::saturating_add)
    }

    /// Whether the original is only in iCloud.
    #[must_use]
    pub fn is_cloud_only(&self) -> bool {
        self.resource(Role::Original).is_some_and(|r| r.presence == Presence::CloudOnly)
    }

    /// Whether neither the phone nor iCloud has its original, as far as is known.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        self.resource(Role::Original).is_none_or(|r| r.presence == Presence::Missing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identities_that_are_only_places() {
        for place in [
            "path:DCIM/a.jpg",
            "media:DCIM/a.jpg",
            "media-bytes:00",
            "path-bytes:00",
            "tone:a.m4r",
            "tone-bytes:00",
            "memo:path:Recordings/a.m4a",
            "memo:path-bytes:00",
            "book:Books/a.pdf",
            "book-bytes:00",
            "path:DCIM/a.jpg#7",
        ] {
            assert!(AssetUuid(place.to_owned()).is_place(), "{place}");
        }
        // What changed there is a new version of it, or it has an identity of its own.
        for own in ["A-B", "track:-1", "memo:1234", "book:1234", "file:App/a.txt", "file-bytes:00", "cover:1"]
        {
            assert!(!AssetUuid(own.to_owned()).is_place(), "{own}");
        }
    }

    #[test]
    fn a_crowd_is_looked_through_once() {
        let mut item = crate::testing::item("A", "A.JPG", 0);
        // Each compared with all before it would be 20 thousand million comparisons.
        let face = |number: usize| Face { name: Some(number.to_string().into()), region: None };
        item.faces = (0..200_000).chain(0..200_000).map(face).collect();
        item.faces.insert(1, Face { name: None, region: None });
        let persons: Vec<&str> = item.persons().collect();
        assert_eq!((persons.len(), persons[0], persons[1], persons[199_999]), (200_000, "0", "1", "199999"));
    }
}
