//! How an export is arranged.

use super::dest::DestPath;
use super::names::Names;
use super::template::PathTemplate;

/// How the folders of an export are arranged.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Layout {
    /// `2024/2024-03`, by the local time at the place where it was taken; `Undated` without one.
    #[default]
    ByDate,
    /// The folders of its first album, `Travel/Italy 2024`; its other albums refer to it. What is in no album
    /// goes below `No album`, by date.
    ByAlbum,
    /// As people know it from music players and media servers, by what each item is: `Artist/Album/03 Title`. Photos
    /// by date.
    ByKind,
    /// Everything side by side.
    Flat,
    /// Folders and names of the phone, `DCIM/100APPLE/IMG_0001.HEIC`.
    AsOnPhone,
    /// By a person's own words.
    Template(PathTemplate),
}

/// How a file is made to be in a further folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LinkWay {
    /// A file of its own that shares the space of the other until one of them is changed.
    Reflink,
    /// A second name of the same file.
    Hard,
    /// A file that says where the other is.
    Symbolic,
    /// A file of its own.
    Copy,
}

impl LinkWay {
    /// All of them, the best first.
    pub const ALL: [Self; 4] = [Self::Reflink, Self::Hard, Self::Symbolic, Self::Copy];

    /// Stable name for the ledger and for JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reflink => "reflink",
            Self::Hard => "hard",
            Self::Symbolic => "symbolic",
            Self::Copy => "copy",
        }
    }

    /// The way of a [`LinkWay::name`].
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.name() == name)
    }
}

/// How what is in several albums is made to be in the folder of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum LinkPolicy {
    /// By the best way that costs no space and that the drive can go: shared space, else a hard link, else a
    /// symbolic one, else not at all.
    #[default]
    Auto,
    /// Only by this way.
    Only(LinkWay),
    /// Not at all: only the lists of the albums say it.
    None,
}

impl LinkPolicy {
    /// The ways to try, the best first.
    #[must_use]
    pub const fn ways(&self) -> &[LinkWay] {
        match self {
            Self::Auto => &[LinkWay::Reflink, LinkWay::Hard, LinkWay::Symbolic],
            Self::Only(LinkWay::Reflink) => &[LinkWay::Reflink],
            Self::Only(LinkWay::Hard) => &[LinkWay::Hard],
            Self::Only(LinkWay::Symbolic) => &[LinkWay::Symbolic],
            Self::Only(LinkWay::Copy) => &[LinkWay::Copy],
            Self::None => &[],
        }
    }
}

/// What a person wants of folders and names.
#[derive(Debug, Clone, Copy)]
pub struct Arrangement<'a> {
    /// In which folders.
    pub layout: &'a Layout,
    /// Under which names.
    pub names: Names,
    /// The albums that are asked for, as indices into [`crate::catalog::Catalog::albums`]; `None` for all. The
    /// others get no folder.
    pub albums: Option<&'a std::collections::BTreeSet<usize>>,
    /// Whether items can be in further folders by links.
    pub links: bool,
    /// The folder that everything goes below.
    pub below: &'a DestPath,
    /// Whether albums are playlists: lists in a folder for all of them, whatever the layout.
    pub playlists: bool,
}
