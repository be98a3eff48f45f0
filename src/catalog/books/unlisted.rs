//! What lies in the folders of the books and in no list: books, audiobooks, and files of other kinds.
//!
//! What the lists name is found before. Nothing is looked for deeper than in the folders that lie in these folders.

use std::collections::HashSet;

use super::assemble::{Book, Found};
use super::lists::{OWN_FILES, Place};
use super::{BOOKS, has_extension, is_package};
use crate::catalog::shelf::{Look, Shelf};
use crate::catalog::{MediaKind, Scope, media_folders, refused};
use crate::source::{DevicePath, EntryName};

/// Extensions of what the app makes of books for itself: pictures of their covers, and files that are not finished.
const MADE: [&[u8]; 4] = [b"jpg", b"jpeg", b"png", b"tmp"];
/// The same, without an extension.
const ARTWORK: &[u8] = b"iTunesArtwork";
/// Folders in which the app keeps its own lists and databases (facts/media.md section D9).
const OWN_FOLDERS: [&[u8]; 2] = [b"Books/Sync", b"Books/MetadataStore"];
/// Nobody has books in so many folders. Those beyond are not looked into.
const MOST_FOLDERS: usize = 20_000;

/// What the lists name.
#[derive(Debug, Default)]
pub(super) struct Claimed {
    /// In the places themselves: number of the place, and position.
    pub entries: HashSet<(usize, u32)>,
    /// Deeper.
    pub paths: HashSet<DevicePath>,
}

/// What is found without a list.
#[derive(Debug, Default)]
pub(super) struct Unlisted {
    /// The books among it.
    pub books: Vec<Book>,
    /// What is left out.
    pub warnings: Vec<String>,
}

/// Whether a name is none of the app's own files.
pub(super) fn is_wanted(name: &EntryName) -> bool {
    let is_own = has_extension(name, &OWN_FILES) || has_extension(name, &MADE) || name.as_bytes() == ARTWORK;
    !is_own && !name.as_bytes().starts_with(b".")
}

/// The folders in the places that are neither books nor the app's own.
pub(super) fn folders_within(
    places: &[(Place, DevicePath)],
    shelves: &[Shelf],
    claimed: &Claimed,
) -> Vec<DevicePath> {
    outer_folders(places, shelves, claimed).take(MOST_FOLDERS).collect()
}

fn outer_folders<'a>(
    places: &'a [(Place, DevicePath)],
    shelves: &'a [Shelf],
    claimed: &'a Claimed,
) -> impl Iterator<Item = DevicePath> + 'a {
    (0_usize..).zip(shelves).flat_map(move |(number, shelf)| {
        let folders = shelf.entries().filter(move |(at, _, look)| {
            matches!(look, Look::Directory(_)) && !claimed.entries.contains(&(number, *at))
        });
        folders.map(|(_, name, _)| shelf.path.join(name)).filter(|path| {
            !is_package(path)
                && !OWN_FOLDERS.contains(&path.as_bytes())
                && !places.iter().any(|(_, place)| place == path)
        })
    })
}

/// Books, audiobooks and others in the places (`shelves`) and in the folders in them (`inner`).
pub(super) fn find(
    places: &[(Place, DevicePath)],
    shelves: &[Shelf],
    inner: &[Shelf],
    claimed: &Claimed,
) -> Unlisted {
    let mut found = Unlisted::default();
    let (mut others, mut links) = (0_usize, 0_usize);
    let mut folders = outer_folders(places, shelves, claimed).count().saturating_sub(inner.len());
    let outer = (0_usize..).zip(shelves).map(|(number, shelf)| (Some(number), shelf));
    for (number, shelf) in outer.chain(inner.iter().map(|shelf| (None, shelf))) {
        let is_protected =
            places.iter().any(|(place, folder)| place.is_protected && is_within(&shelf.path, folder));
        for (at, name, look) in shelf.entries() {
            let path = shelf.path.join(name);
            let is_claimed = match number {
                Some(number) => claimed.entries.contains(&(number, at)),
                None => claimed.paths.contains(&path),
            };
            if is_claimed {
                continue;
            }
            let is_sound = look.is_file() && media_folders::is_sound(name);
            let is_book = match look {
                Look::File(_) | Look::Unknown => is_sound || has_extension(name, &BOOKS),
                Look::Directory(_) => is_package(&path),
                Look::Other | Look::Nothing => false,
            };
            match look {
                _ if is_book => {
                    // A book beside the others is one of them. What nobody would look for here is offered.
                    let is_loose = is_sound || number.is_none();
                    found.books.push(Book {
                        found: Found::of(look),
                        stat: look.stat(),
                        listed: None,
                        kind: if is_sound { MediaKind::Audiobook } else { MediaKind::Book },
                        scope: if is_loose { Scope::Uncatalogued } else { Scope::Library },
                        is_synced: false,
                        is_protected: is_protected || is_sound && media_folders::is_protected(&path),
                        inside: None,
                        path,
                    });
                }
                Look::File(_) | Look::Unknown => others += usize::from(is_wanted(name)),
                Look::Directory(_) => folders += usize::from(number.is_none()),
                Look::Other => links += 1,
                Look::Nothing => {}
            }
        }
    }
    if links > 0 {
        found.warnings.push(format!("{links} links among the books are not followed, and left out."));
    }
    found.warnings.extend(refused::other_kinds(others, "the folders of books"));
    if folders > 0 {
        found.warnings.push(format!(
            "Left out: what is in folders within the folders among the books ({folders} of them), but for what the \
             lists name. `iexport files --path` exports it."
        ));
    }
    found
}

/// Whether a path is a folder or lies in it.
fn is_within(path: &DevicePath, folder: &DevicePath) -> bool {
    path == folder || path.parent().as_ref() == Some(folder)
}
