//! One photo or video with its files.

use jiff::{Timestamp, Zoned, tz::Offset};

use crate::source::DevicePath;

/// Identity of an asset on its phone: `ZUUID`, upper case. Survives renames and moves, not a restore.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AssetUuid(pub String);

/// Photo or video.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MediaKind {
    /// A still image, with or without a Live movie.
    Photo,
    /// A video.
    Video,
    /// A kind this program does not know; exported as a file all the same.
    Other,
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// The person's own photo library.
    Library,
    /// A shared album: other people's pictures, in reduced size.
    SharedAlbum,
    /// Neither: iCloud links, "Shared with You", placeholders.
    Elsewhere,
}

/// Membership in a burst.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BurstMember {
    /// The same for all frames of the burst.
    pub burst: String,
    /// Whether Photos shows this frame by itself (picked by the person, or the key frame).
    pub shown: bool,
}

/// What a file is to its item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// As it was taken.
    Original,
    /// The movie of a Live Photo.
    LiveVideo,
    /// The RAW beside a JPEG or HEIC.
    Raw,
    /// As it looks now, after edits.
    Edited,
    /// The movie of an edited Live Photo.
    EditedLiveVideo,
}

impl Role {
    /// Stable name for the ledger and for JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::LiveVideo => "live_video",
            Self::Raw => "raw",
            Self::Edited => "edited",
            Self::EditedLiveVideo => "edited_live_video",
        }
    }

    /// The role of a [`Role::name`].
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Original, Self::LiveVideo, Self::Raw, Self::Edited, Self::EditedLiveVideo]
            .into_iter()
            .find(|role| role.name() == name)
    }

    /// Whether this file carries the person's edits.
    #[must_use]
    pub const fn is_edited(self) -> bool {
        matches!(self, Self::Edited | Self::EditedLiveVideo)
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

/// The fingerprint that the phone itself recorded of a file's content: 28 characters of base64 that encode
/// a version byte and a salted SHA-1 (facts/media.md section A9).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Fingerprint(pub String);

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
    /// (Cocoa seconds as text), empty for originals.
    pub revision: String,
}

/// One photo or video.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Identity.
    pub uuid: AssetUuid,
    /// The name it was made under, such as `IMG_1234.HEIC`. May contain anything; not unique.
    pub original_name: String,
    /// Photo or video.
    pub kind: MediaKind,
    /// When it was taken; `None` if the catalogue holds nothing sensible.
    pub taken: Option<CaptureTime>,
    /// When it came into the library.
    pub added: Option<Timestamp>,
    /// Which part of the phone it belongs to.
    pub scope: Scope,
    /// Marked as a favourite.
    pub favorite: bool,
    /// In the Hidden album.
    pub hidden: bool,
    /// In Recently Deleted.
    pub trashed: bool,
    /// Whether the catalogue calls it a Live Photo.
    pub live: bool,
    /// Whether the catalogue says that it was edited, by the person or by the camera.
    pub adjusted: bool,
    /// Membership in a burst.
    pub burst: Option<BurstMember>,
    /// Width and height in pixels of the current version.
    pub dimensions: Option<(u32, u32)>,
    /// Duration in seconds; `None` for stills.
    pub duration_seconds: Option<f64>,
    /// Degrees north and east.
    pub location: Option<(f64, f64)>,
    /// Albums it is in, as indices into [`super::Catalog::albums`].
    pub albums: Vec<usize>,
    /// Its files, at most one per role; the original first.
    pub resources: Vec<Resource>,
}

impl Item {
    /// The file of a role, if the item has one.
    #[must_use]
    pub fn resource(&self, role: Role) -> Option<&Resource> {
        self.resources.iter().find(|r| r.role == role)
    }

    /// Whether the original is only in iCloud.
    #[must_use]
    pub fn is_cloud_only(&self) -> bool {
        self.resource(Role::Original).is_some_and(|r| r.presence == Presence::CloudOnly)
    }
}
