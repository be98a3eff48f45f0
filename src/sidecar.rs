//! What the catalogue knows of a photo or video, as the bytes of a file that lies beside it: XMP for other
//! programs, JSON for everything.
//!
//! Pure: the same item, albums and files give the same bytes, on every computer and at any time, so that equal
//! bytes mean that nothing changed. It sees no phone and no drive, and does not know whether anything is
//! written. Which program reads what is told in `docs/metadata.md`.

mod dates;
mod gps;
mod json;
mod names;
mod regions;
mod tags;
mod text;
mod xmp;

pub use names::{Wanted, wanted, xmp_names};

use std::io;

use crate::catalog::{Album, Catalog, Item, Origin, Scope};
use crate::plan::KnownFile;

/// Which sidecars are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Sidecars {
    /// One beside each picture and video, for other programs.
    pub xmp: bool,
    /// One for each item, with everything that is known.
    pub json: bool,
}

impl Sidecars {
    /// Whether any are.
    #[must_use]
    pub const fn any(self) -> bool {
        self.xmp || self.json
    }
}

/// The form of a sidecar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    /// XMP, as RDF in XML.
    Xmp,
    /// JSON.
    Json,
}

impl Format {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Xmp, Self::Json];

    /// Stable name for the ledger; also the extension.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Xmp => "xmp",
            Self::Json => "json",
        }
    }

    /// The format of a [`Format::name`].
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// What a sidecar tells of.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The photo or video.
    pub item: &'a Item,
    /// All albums of the catalogue; [`Item::albums`] points into them.
    pub albums: &'a [Album],
    /// Its files that lie on the drive.
    pub files: &'a [KnownFile],
    /// Whether somebody said when it was taken. Otherwise its date is that of its file on the phone, and says
    /// nothing that the file does not say better.
    pub is_dated: bool,
}

impl<'a> Subject<'a> {
    /// An item of a catalogue.
    #[must_use]
    pub fn of(catalog: &'a Catalog, item: &'a Item, files: &'a [KnownFile]) -> Self {
        let is_dated = catalog.origin != Origin::FilesOnly && item.scope != Scope::Uncatalogued;
        Self { item, albums: &catalog.albums, files, is_dated }
    }

    /// The bytes of one of its sidecars.
    ///
    /// # Errors
    /// Those of the writer, which writes into memory: in practice none.
    pub fn render(&self, wanted: &Wanted) -> io::Result<Vec<u8>> {
        match wanted.format {
            Format::Xmp => xmp::render(self, wanted.role),
            Format::Json => json::render(self),
        }
    }

    /// The albums that it is in.
    fn own_albums(&self) -> impl Iterator<Item = &'a Album> {
        let albums = self.albums;
        self.item.albums.iter().filter_map(|index| albums.get(*index))
    }
}

#[cfg(test)]
mod tests;
