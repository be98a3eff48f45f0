//! Turns a source into items: photos and videos, songs and books, with their files, dates, flags and albums.
//!
//! This room knows Apple's tables and where a phone keeps what. It knows nothing of destinations, and it
//! decides nothing about what is wanted: hidden, trashed and shared items are all here, told apart.

mod album;
pub mod books;
mod collection;
pub mod database;
mod dcim;
mod edits;
mod error;
pub mod files;
mod fingerprint;
mod folders;
mod item;
mod join;
mod listing;
mod media;
mod media_files;
mod media_folders;
mod media_library;
mod media_type;
mod orphans;
mod own_tags;
mod photos;
mod progress;
mod property_lists;
mod read;
mod refused;
pub mod ringtones;
mod shelf;
mod small_files;
mod tree;
pub mod voice_memos;

pub use album::{Album, AlbumId, Elsewhere};
pub use collection::Collection;
pub use database::Patience;
pub use error::CatalogError;
pub use fingerprint::{Fingerprint, Fingerprinter, Proof};
pub use item::{
    AssetUuid, BurstMember, Camera, CaptureTime, Face, FaceRegion, Item, MediaKind, Presence, Resource, Role,
    Scope, Traits,
};
pub use join::{append, append_new, videos};
pub use media::Media;
pub use media_library::MediaLibrary;
pub use media_type::is_camera_raw;
pub use progress::{CatalogProgress, ProgressFn};
pub use read::{read, read_media_library, read_patiently};

/// Everything that was found on a source.
#[derive(Debug, Clone)]
pub struct Catalog {
    /// Which part of the phone's media it is of.
    pub collection: Collection,
    /// Where the knowledge comes from.
    pub origin: Origin,
    /// All items, in the order of the collection, whatever their flags: photos by the time they were taken (ties by
    /// uuid).
    pub items: Vec<Item>,
    /// User albums and shared albums, or playlists, in the person's order; members are in [`Item::albums`] too.
    pub albums: Vec<Album>,
    /// How many folders are on the phone and could not be listed. What is in them is not known, except what the
    /// phone's database says of it.
    pub unread_folders: usize,
    /// What a person should know about how well the catalogue could be read.
    pub warnings: Vec<String>,
}

impl Catalog {
    /// Of a phone that has nothing of a collection.
    #[must_use]
    pub const fn empty(collection: Collection) -> Self {
        Self {
            collection,
            origin: Origin::Folders,
            items: Vec::new(),
            albums: Vec::new(),
            unread_folders: 0,
            warnings: Vec::new(),
        }
    }

    /// The items that the catalogue itself names, without the files it does not know.
    pub fn catalogued(&self) -> impl Iterator<Item = &Item> {
        self.items.iter().filter(|item| item.scope != Scope::Uncatalogued)
    }
}

/// Where the knowledge of a [`Catalog`] comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The phone's database.
    Database {
        /// Of the photo library `PLModelVersion`, such as 18600; of the media library its `user_version`; else 0.
        model_version: i64,
    },
    /// Only the files, because there is no database that can be read: no albums, no flags, dates and titles from the
    /// files.
    FilesOnly,
    /// A database that could be read in part only, and the files for those that it does not name: what else is in it is
    /// not known.
    Partial,
    /// The folders and lists of the phone, which are all there is to know.
    Folders,
}

/// What items are sorted by: time of capture, then uuid; what has no time comes last.
fn sort_key(item: &Item) -> (bool, Option<jiff::Timestamp>, &AssetUuid) {
    let instant = item.taken.map(|taken| taken.instant);
    (instant.is_none(), instant, &item.uuid)
}

/// An identity for what has none of its own: where it lies.
fn path_identity(path: &crate::source::DevicePath) -> String {
    identity_of_path("path", path)
}

/// The same with another word before it.
fn identity_of_path(prefix: &str, path: &crate::source::DevicePath) -> String {
    match std::str::from_utf8(path.as_bytes()) {
        Ok(text) => format!("{prefix}:{text}"),
        // Another prefix, because two paths must never become one identity.
        Err(_) => format!("{prefix}-bytes:{}", path.as_bytes().escape_ascii()),
    }
}
