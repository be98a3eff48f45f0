//! What an unpacked EPUB says of itself: whether it is all there, whether it is protected, and its title.
//!
//! Reads a few small files of each and never its text.

use futures_util::{StreamExt as _, TryStreamExt as _};

use super::lists::{Words, year};
use super::{package_document, protection};
use crate::catalog::listing::{Directory, Listing, ListingProgress, list_all};
use crate::catalog::property_lists::{self, Entry, PropertyList};
use crate::catalog::small_files::{self, SmallFile};
use crate::source::{DevicePath, EntryName, Source, SourceError};

/// Books that are looked into at once. Each asks for one thing after the other.
const AT_ONCE: usize = 8;
/// Books that are got ready to be looked into, so that a hostile phone's million costs no memory by itself.
const IN_LINE: usize = 256;
/// Largest XML file of a book that is read, in bytes. Package documents name every file and page of a book.
const MAX_XML_BYTES: u64 = 4 << 20;
/// Largest description by the store that is read, in bytes.
const MAX_LIST_BYTES: u64 = 1 << 20;
/// Files that are left when the book itself is only in iCloud.
const LEFT_OVER: [&[u8]; 2] = [b"iTunesMetadata.plist", b"iTunesArtwork"];

/// What was found in a folder.
#[derive(Debug, Default)]
pub(super) struct Inside {
    /// Whether there is a book in it, as far as anybody knows.
    pub is_book: bool,
    /// Whether it has the folder that makes it an EPUB.
    pub has_meta_inf: bool,
    /// Whether it certainly lacks the file that tells readers where its contents are listed.
    pub lacks_container: bool,
    /// Whether it is protected.
    pub is_protected: bool,
    /// Whether that could not be found out.
    pub is_unclear: bool,
    /// Whether the store knows it.
    pub has_store_id: bool,
    /// When it was unpacked, in nanoseconds since 1970 UTC: as old as the file that every EPUB has.
    pub unpacked_nanoseconds: Option<u64>,
    /// What it calls itself.
    pub words: Words,
    /// Folders that could not be listed.
    pub unreadable: Vec<SourceError>,
}

/// Looks into many folders, in the order given.
///
/// # Errors
/// Only that the source is gone.
pub(super) async fn look_into(
    source: &dyn Source,
    folders: &[DevicePath],
    counter: &ListingProgress<'_>,
) -> Result<Vec<Inside>, SourceError> {
    let mut found = Vec::with_capacity(folders.len());
    for folders in folders.chunks(IN_LINE) {
        // Collected first: a future that holds a borrowing closure cannot be proven to be `Send`.
        let looks: Vec<_> = folders.iter().map(|folder| look(source, folder, counter)).collect();
        let looked: Vec<Inside> = futures_util::stream::iter(looks).buffered(AT_ONCE).try_collect().await?;
        found.extend(looked);
    }
    Ok(found)
}

async fn look(
    source: &dyn Source,
    folder: &DevicePath,
    counter: &ListingProgress<'_>,
) -> Result<Inside, SourceError> {
    let mut inside = Inside::default();
    let Some(names) = names(source, folder, counter, &mut inside.unreadable).await? else {
        // What cannot be listed may be anything; the transfer will say what is wrong with it.
        (inside.is_book, inside.is_unclear) = (!inside.unreadable.is_empty(), true);
        return Ok(inside);
    };
    let is_content =
        |name: &EntryName| !name.as_bytes().starts_with(b".") && !LEFT_OVER.contains(&name.as_bytes());
    inside.is_book = names.names().iter().any(is_content);
    if let Some(path) = child(folder, &names, "iTunesMetadata.plist")
        && let PropertyList::Read(list) = property_lists::read(source, &path, MAX_LIST_BYTES).await?
    {
        let list = Entry(&list);
        let is_store_id = |key: &&str| list.int(key).is_some_and(|number| number > 0);
        inside.has_store_id = ["itemId", "playlistId", "s"].iter().any(is_store_id);
        inside.words = Words {
            title: list.text("itemName").or_else(|| list.text("playlistName")),
            author: list.text("artistName"),
            genre: list.text("genre"),
            year: list.int("year").and_then(year),
            ..Words::default()
        };
    }
    let meta = child(folder, &names, "META-INF");
    inside.lacks_container = meta.is_none();
    if let Some(meta) = meta {
        inside.has_meta_inf = true;
        let described = meta_inf(source, folder, &meta, counter, &mut inside).await?;
        inside.words.fill(described);
    }
    Ok(inside)
}

/// Reads what is in `META-INF`, and gives what the package document says.
async fn meta_inf(
    source: &dyn Source,
    folder: &DevicePath,
    meta: &DevicePath,
    counter: &ListingProgress<'_>,
    inside: &mut Inside,
) -> Result<Words, SourceError> {
    let nothing = Ok(Words::default());
    let unreadable = inside.unreadable.len();
    let Some(names) = names(source, meta, counter, &mut inside.unreadable).await? else {
        inside.is_unclear = true;
        inside.lacks_container = inside.unreadable.len() == unreadable;
        return nothing;
    };
    if child(meta, &names, "sinf.xml").is_some() {
        inside.is_protected = true;
    } else if let Some(path) = child(meta, &names, "encryption.xml") {
        let judged = match small_files::read(source, &path, MAX_XML_BYTES).await? {
            SmallFile::Bytes(bytes) => protection::is_protected(&bytes),
            SmallFile::Absent => Ok(false),
            SmallFile::Unusable(error) => Err(error.to_string()),
        };
        inside.is_unclear = judged.is_err();
        inside.is_protected = judged.unwrap_or(false);
    }
    let Some(path) = child(meta, &names, "container.xml") else {
        inside.lacks_container = true;
        return nothing;
    };
    inside.unpacked_nanoseconds = match source.stat(&path).await {
        Ok(stat) => Some(stat.modified_nanoseconds),
        Err(error) if error.is_fatal() => return Err(error),
        Err(_) => None,
    };
    if inside.words.title.is_some() && inside.words.author.is_some() {
        return nothing;
    }
    let SmallFile::Bytes(container) = small_files::read(source, &path, MAX_XML_BYTES).await? else {
        return nothing;
    };
    let Some(inner) = package_document::of_container(&container) else { return nothing };
    let path = DevicePath::parse([folder.as_bytes(), inner.as_bytes()].join(&b'/'));
    let Ok(path) = path else { return nothing };
    let SmallFile::Bytes(document) = small_files::read(source, &path, MAX_XML_BYTES).await? else {
        return nothing;
    };
    let described = package_document::read(&document);
    Ok(Words { title: described.title, author: described.author, ..Words::default() })
}

/// The names in a folder; `None` if it is not there or cannot be listed.
async fn names(
    source: &dyn Source,
    folder: &DevicePath,
    counter: &ListingProgress<'_>,
    unreadable: &mut Vec<SourceError>,
) -> Result<Option<Directory>, SourceError> {
    Ok(match list_all(source, std::slice::from_ref(folder), counter).await?.pop() {
        Some(Listing::Names(directory)) => Some(directory),
        Some(Listing::Failed(error)) => {
            unreadable.push(error);
            None
        }
        Some(Listing::Absent) | None => None,
    })
}

/// The path of a name, if it is in the folder.
fn child(folder: &DevicePath, names: &Directory, name: &str) -> Option<DevicePath> {
    Some(folder.join(names.name(names.exact(name.as_bytes())?)?))
}
