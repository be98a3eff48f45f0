//! Turns a source into items: photos and videos with their files, dates, flags and albums.
//!
//! This room knows Apple's tables and where a phone keeps what. It knows nothing of destinations, and it
//! decides nothing about what is wanted: hidden, trashed and shared items are all here, told apart.

mod album;
mod dcim;
mod edits;
mod error;
mod fingerprint;
mod folders;
mod item;
mod listing;
mod media_type;
mod orphans;
pub mod photos;
mod progress;
mod read;

pub use album::{Album, AlbumId};
pub use error::CatalogError;
pub use fingerprint::{Fingerprint, Fingerprinter, Proof};
pub use item::{
    AssetUuid, BurstMember, Camera, CaptureTime, Face, FaceRegion, Item, MediaKind, Presence, Resource, Role,
    Scope, Traits,
};
pub use media_type::is_camera_raw;
pub use photos::Patience;
pub use progress::{CatalogProgress, ProgressFn};
pub use read::{read, read_patiently};

/// Everything that was found on a source.
#[derive(Debug, Clone)]
pub struct Catalog {
    /// Where the knowledge comes from.
    pub origin: Origin,
    /// All items, in capture order (ties by uuid), whatever their flags.
    pub items: Vec<Item>,
    /// User albums and shared albums, parents' order; members are in [`Item::albums`].
    pub albums: Vec<Album>,
    /// How many folders are on the phone and could not be listed. What is in them is not known, except what the
    /// phone's database says of it.
    pub unread_folders: usize,
    /// What a person should know about how well the catalogue could be read.
    pub warnings: Vec<String>,
}

impl Catalog {
    /// The items that the catalogue itself names, without the files it does not know.
    pub fn catalogued(&self) -> impl Iterator<Item = &Item> {
        self.items.iter().filter(|item| item.scope != Scope::Uncatalogued)
    }
}

/// Where the knowledge of a [`Catalog`] comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The phone's photo database.
    Database {
        /// `PLModelVersion`, such as 18600.
        model_version: i64,
    },
    /// Only the files in DCIM: no albums, no flags, dates from the files.
    FilesOnly,
}

/// What items are sorted by: time of capture, then uuid; what has no time comes last.
fn sort_key(item: &Item) -> (bool, Option<jiff::Timestamp>, &AssetUuid) {
    let instant = item.taken.map(|taken| taken.instant);
    (instant.is_none(), instant, &item.uuid)
}

/// An identity for what has none of its own: where it lies.
fn path_identity(path: &crate::source::DevicePath) -> String {
    match std::str::from_utf8(path.as_bytes()) {
        Ok(text) => format!("path:{text}"),
        // Another prefix, because two paths must never become one identity.
        Err(_) => format!("path-bytes:{}", path.as_bytes().escape_ascii()),
    }
}
