//! The books of a phone: unpacked EPUBs, PDFs and others in the folders of the app Books, and its lists.
//!
//! Knows nothing of audiobooks but that they can lie between the books (the media library has the others), and nothing of
//! how an unpacked EPUB becomes one file.

mod archive;
mod assemble;
mod inside;
mod lists;
mod package_document;
mod protection;
mod unlisted;
mod xml;
mod zipped;

use std::collections::HashSet;

use self::assemble::{Book, Found};
use self::lists::{Listed, PLACES, Place};
use self::unlisted::Claimed;
use super::listing::{ListingProgress, fold};
use super::orphans::stat_all;
use super::progress::ProgressFn;
use super::property_lists::{self, PropertyList};
use super::shelf::{self, Look, Shelf, Wanted};
use super::{Catalog, CatalogError, Collection, MediaKind, Origin, Scope, folders};
use crate::source::{DevicePath, EntryKind, EntryName, Source, SourceError};

/// Largest list that is read, in bytes: ten thousand books with all that is said of them.
const MAX_LIST_BYTES: u64 = 8 << 20;
/// Extensions of books.
const BOOKS: [&[u8]; 3] = [b"epub", b"ibooks", b"pdf"];
/// Of these, those that a phone unpacks into a folder.
const PACKAGES: [&[u8]; 2] = [b"epub", b"ibooks"];

/// What an unpacked EPUB is called, and what its file `mimetype` says (EPUB 3.3, section 4.3.3). One without that file
/// would be none once it is packed.
pub const EXTENSION: &str = "epub";
/// See [`EXTENSION`].
pub const MIMETYPE: &[u8] = b"application/epub+zip";

/// The books of a phone.
#[derive(Debug, Clone)]
pub struct Books {
    /// The books. The size of what is a package is not known.
    pub catalog: Catalog,
    /// Paths of books that are folders on the phone and have to be packed into one file each.
    pub packages: HashSet<DevicePath>,
}

/// Reads the books of a phone. A phone without any has an empty catalogue.
///
/// # Errors
/// The source is gone. What can be read only in part gives a catalogue with [`Catalog::warnings`].
pub async fn read(source: &dyn Source, progress: &ProgressFn<'_>) -> Result<Books, CatalogError> {
    read_from(source, progress).await.map_err(CatalogError::Source)
}

async fn read_from(source: &dyn Source, progress: &ProgressFn<'_>) -> Result<Books, SourceError> {
    let counter = ListingProgress::new(progress);
    let mut warnings = Vec::new();
    let places: Vec<(Place, DevicePath)> =
        PLACES.into_iter().filter_map(|place| Some((place, DevicePath::parse(place.folder).ok()?))).collect();
    let entries = read_lists(source, &places, &mut warnings).await?;
    let shelves = look(source, &places, &entries, &counter, progress).await?;
    let (mut books, claimed) = find_listed(source, &places, &shelves, entries, progress).await?;
    let inner_folders = unlisted::folders_within(&places, &shelves, &claimed);
    let inner =
        shelf::look(source, inner_folders, |_, name| unlisted::is_wanted(name), &counter, progress).await?;
    let found = unlisted::find(&places, &shelves, &inner, &claimed);
    books.extend(found.books);
    warnings.extend(found.warnings);

    let folders: Vec<DevicePath> = books.iter().filter_map(Book::folder).cloned().collect();
    let inside = inside::look_into(source, &folders, &counter).await?;
    let mut unreadable: Vec<SourceError> =
        shelves.iter().chain(&inner).filter_map(|shelf| shelf.listing.failure()).cloned().collect();
    unreadable.extend(inside.iter().flat_map(|inside| inside.unreadable.iter().cloned()));
    let unclear = inside.iter().filter(|inside| inside.is_unclear && inside.is_book).count()
        + zipped::look_into(source, &mut books).await?;
    warnings.extend(match unclear {
        0 => None,
        1 => Some(String::from(
            "Of 1 book it could not be found out whether it is protected; it is taken as unprotected.",
        )),
        n => Some(format!(
            "Of {n} books it could not be found out whether they are protected; they are taken as unprotected."
        )),
    });
    warnings.extend(folders::warning(&unreadable));
    let mut inside = inside.into_iter();
    for book in &mut books {
        if book.folder().is_some() {
            book.inside = inside.next();
        }
    }
    let all = books.len();
    books.retain(|book| !book.is_no_epub());
    match all - books.len() {
        0 => {}
        1 => warnings.push(String::from(
            "1 of the listed books is a folder on the phone, but no EPUB that can be packed; it is left out. \
             `iexport files --path` has it.",
        )),
        n => warnings.push(format!(
            "{n} of the listed books are folders on the phone, but no EPUBs that can be packed; they are left out. \
             `iexport files --path` has them."
        )),
    }
    match books.iter().filter(|book| book.lacks_container()).count() {
        0 => {}
        1 => warnings.push(String::from("1 book lacks META-INF/container.xml, and readers may refuse it.")),
        n => warnings.push(format!("{n} books lack META-INF/container.xml, and readers may refuse them.")),
    }
    let (items, packages) = assemble::items(books);
    let catalog = Catalog {
        collection: Collection::Books,
        origin: Origin::Folders,
        items,
        albums: Vec::new(),
        unread_folders: unreadable.len(),
        warnings,
    };
    Ok(Books { catalog, packages })
}

/// An entry of a list: the number of the place, the path it leads to, and what it says.
type Entry = (usize, DevicePath, Listed);

async fn read_lists(
    source: &dyn Source,
    places: &[(Place, DevicePath)],
    warnings: &mut Vec<String>,
) -> Result<Vec<Entry>, SourceError> {
    let (mut all, mut seen, mut refused) = (Vec::new(), HashSet::new(), 0_usize);
    for (number, (place, folder)) in (0_usize..).zip(places) {
        let Some(path) = place.list.and_then(|list| DevicePath::parse(list).ok()) else { continue };
        match property_lists::read(source, &path, MAX_LIST_BYTES).await? {
            PropertyList::Read(list) => {
                let (entries, nonsense) = lists::entries(list, folder);
                refused += nonsense;
                let new = entries.into_iter().filter(|(path, _)| seen.insert(path.clone()));
                all.extend(new.map(|(path, listed)| (number, path, listed)));
            }
            PropertyList::Absent => {}
            PropertyList::Unusable(why) => warnings.push(format!(
                "One of the phone's lists of books cannot be read ({why}); titles and authors are those that the \
                 books themselves tell."
            )),
        }
    }
    warnings.extend(super::refused::warning(refused, ("entry", "entries"), "lists of books"));
    Ok(all)
}

/// Lists the places and looks at all that is not the app's own, or that a list names.
async fn look(
    source: &dyn Source,
    places: &[(Place, DevicePath)],
    entries: &[Entry],
    counter: &ListingProgress<'_>,
    progress: &ProgressFn<'_>,
) -> Result<Vec<Shelf>, SourceError> {
    let named: HashSet<Vec<u8>> = entries
        .iter()
        .filter_map(|(_, path, _)| path.file_name())
        .map(|name| fold(name.as_bytes()))
        .collect();
    let wanted = |_, name: &EntryName| {
        unlisted::is_wanted(name)
            || !name.as_bytes().starts_with(b".") && named.contains(&fold(name.as_bytes()))
    };
    let folders = places.iter().map(|(_, folder)| folder.clone()).collect();
    shelf::look(source, folders, wanted, counter, progress).await
}

fn has_extension(name: &EntryName, extensions: &[&[u8]]) -> bool {
    name.extension().is_some_and(|e| extensions.iter().any(|extension| e.eq_ignore_ascii_case(extension)))
}

/// Whether a folder is an unpacked book, or a file is a packed one, by its name.
fn is_package(path: &DevicePath) -> bool {
    path.file_name().is_some_and(|name| has_extension(&name, &PACKAGES))
}

/// Brings together what the lists say and what is there, and tells what of that is a listed book.
async fn find_listed(
    source: &dyn Source,
    places: &[(Place, DevicePath)],
    shelves: &[Shelf],
    entries: Vec<Entry>,
    progress: &ProgressFn<'_>,
) -> Result<(Vec<Book>, Claimed), SourceError> {
    let home = |path: &DevicePath| {
        let parent = path.parent()?;
        places.iter().position(|(_, folder)| *folder == parent)
    };
    let names: Vec<(Option<usize>, Option<EntryName>)> =
        entries.iter().map(|(_, path, _)| (home(path), path.file_name())).collect();
    let wanted = names
        .iter()
        .map(|(home, name)| Some(Wanted { name: name.as_ref()?.as_bytes(), only_in: Some((*home)?) }));
    let places_of =
        shelf::find_each(shelves, wanted, |look| look.is_file() || matches!(look, Look::Directory(_)));
    let deeper: Vec<DevicePath> = entries
        .iter()
        .zip(&names)
        .filter(|(_, (home, _))| home.is_none())
        .map(|((_, path, _), _)| path.clone())
        .collect();
    let mut deeper = stat_all(source, &deeper, progress).await?.into_iter();

    let (mut books, mut claimed) = (Vec::new(), Claimed::default());
    for (((number, path, listed), place), (home, _)) in entries.into_iter().zip(places_of).zip(&names) {
        let is_synced = places.get(number).is_some_and(|(place, _)| place.is_synced);
        let (path, found, stat) = match (place, home) {
            (Some((number, at)), _) => {
                claimed.entries.insert((number, at));
                let shelf = shelves.get(number);
                let there = shelf.and_then(|s| Some(s.path.join(s.listing.directory()?.name(at)?)));
                let look = shelf.map_or(Look::Nothing, |shelf| shelf.look(at));
                (there.unwrap_or(path), Found::of(look), look.stat())
            }
            (None, Some(home)) => {
                let failed = shelves.get(*home).is_some_and(|shelf| shelf.listing.failure().is_some());
                (path, if failed { Found::Believed } else { Found::Nothing }, None)
            }
            (None, None) => {
                let answer = deeper.next();
                let stat = answer.as_ref().and_then(|answer| answer.as_ref().ok()).copied();
                let found = match answer {
                    Some(Ok(stat)) => match stat.kind {
                        EntryKind::File => Found::File(Some(stat.size_bytes)),
                        EntryKind::Directory => Found::Folder,
                        EntryKind::Other => Found::Nothing,
                    },
                    Some(Err(error)) if error.kind != crate::source::SourceErrorKind::NotFound => {
                        Found::Believed
                    }
                    Some(Err(_)) | None => Found::Nothing,
                };
                if found != Found::Nothing {
                    claimed.paths.insert(path.clone());
                }
                (path, found, stat)
            }
        };
        books.push(Book {
            path,
            found,
            stat,
            listed: Some(listed),
            kind: MediaKind::Book,
            scope: Scope::Library,
            is_synced,
            is_protected: false,
            inside: None,
        });
    }
    Ok((books, claimed))
}
