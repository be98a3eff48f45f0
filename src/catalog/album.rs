//! Albums.

use std::sync::Arc;

use super::MediaKind;

/// Identity of an album: its row's uuid.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AlbumId(pub String);

/// An album as the person sees it in Photos.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Album {
    /// Identity.
    pub id: AlbumId,
    /// Its name; untitled ones have an empty one. Not unique, and may contain any character.
    pub title: String,
    /// The folders it lies in, outermost first.
    pub folders: Vec<Arc<str>>,
    /// Whether it is a shared album: pictures of other people among it.
    pub shared: bool,
    /// Its members in the order of the album, as indices into [`super::Catalog::items`].
    /// Trashed and hidden items can be among them.
    pub members: Vec<usize>,
    /// Entries of a playlist that are of another collection, in its order.
    pub elsewhere: Vec<Elsewhere>,
    /// Whether all that is in it was read. Of what was not, nobody should be told that it is no longer in it.
    pub is_whole: bool,
}

/// An entry of a playlist that is no song, such as a music video: it is exported with its own kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elsewhere {
    /// So many of [`Album::members`] stand before it.
    pub after: usize,
    /// What it is.
    pub kind: MediaKind,
    /// Artist and title, as players show it; empty if it has neither.
    pub name: Arc<str>,
}

impl Album {
    /// `Folder/Album`, the way a person names it.
    #[must_use]
    pub fn path(&self) -> String {
        let mut parts: Vec<&str> = self.folders().collect();
        parts.push(&self.title);
        parts.join("/")
    }

    /// The names of the folders it lies in, outermost first.
    pub fn folders(&self) -> impl Iterator<Item = &str> {
        self.folders.iter().map(|folder| &**folder)
    }
}
