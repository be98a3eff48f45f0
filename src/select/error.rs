//! Why a selection cannot be made.

use thiserror::Error;

use super::NoPattern;
use crate::fields::FieldError;

/// What a name was to be the name of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Named {
    /// A folder of albums.
    Folder,
    /// A person.
    Person,
    /// A keyword.
    Keyword,
    /// A camera.
    Camera,
    /// An app that photos came from.
    App,
    /// A file.
    File,
    /// Who plays or wrote it.
    Artist,
    /// An album of music.
    Disc,
    /// A genre.
    Genre,
    /// A series.
    Show,
    /// A folder of voice memos.
    MemoFolder,
    /// A podcast.
    Podcast,
    /// Who wrote a book.
    Author,
    /// A playlist, or a folder of them.
    Playlist,
}

impl Named {
    /// One of them.
    #[must_use]
    pub const fn singular(self) -> &'static str {
        match self {
            Self::Folder => "folder",
            Self::Person => "person",
            Self::Keyword => "keyword",
            Self::Camera => "camera",
            Self::App => "app",
            Self::File => "file",
            Self::Artist => "artist",
            Self::Disc => "album",
            Self::Genre => "genre",
            Self::Show => "show",
            Self::MemoFolder => "folder",
            Self::Podcast => "podcast",
            Self::Author => "author",
            Self::Playlist => "playlist",
        }
    }

    /// Several of them.
    #[must_use]
    pub const fn plural(self) -> &'static str {
        match self {
            Self::Folder => "folders",
            Self::Person => "people with a name",
            Self::Keyword => "keywords",
            Self::Camera => "cameras",
            Self::App => "apps",
            Self::File => "files",
            Self::Artist => "artists",
            Self::Disc => "albums",
            Self::Genre => "genres",
            Self::Show => "shows",
            Self::MemoFolder => "folders",
            Self::Podcast => "podcasts",
            Self::Author => "authors",
            Self::Playlist => "playlists",
        }
    }
}

/// Why a selection cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SelectError {
    /// No album and no folder has this name.
    #[error("there is no album \u{201c}{}\u{201d}", asked.escape_debug())]
    NoSuchAlbum {
        /// As the person wrote it.
        asked: String,
        /// Names that look like it, best first, at most three, perhaps none.
        nearest: Vec<String>,
        /// How many albums there are.
        available: usize,
    },
    /// Nothing else has this name.
    #[error("there is no {} \u{201c}{}\u{201d}", what.singular(), asked.escape_debug())]
    NoSuchName {
        /// What it was to be the name of.
        what: Named,
        /// As the person wrote it.
        asked: String,
        /// Names that look like it, best first, at most three, perhaps none.
        nearest: Vec<String>,
        /// How many names there are.
        available: usize,
    },
    /// Nothing has this name, and it is no pattern for names either.
    #[error(transparent)]
    NoPattern(#[from] NoPattern),
    /// None of the items that were asked for is there.
    #[error("{}", no_such_item(asked, *of))]
    NoSuchItem {
        /// The first of them.
        asked: String,
        /// How many were asked for.
        of: usize,
    },
    /// The condition cannot be worked out for some item.
    #[error(transparent)]
    Condition(#[from] FieldError),
}

fn no_such_item(asked: &str, of: usize) -> String {
    if of == 1 {
        format!("there is no photo or video with the uuid \u{201c}{}\u{201d}", asked.escape_debug())
    } else {
        format!("none of the {of} uuids is of a photo or video on this phone")
    }
}
