//! Makes items of what was found of the books.

use std::collections::{HashMap, HashSet};

use super::inside::Inside;
use super::is_package;
use super::lists::{Listed, Words};
use crate::catalog::shelf::{Look, original};
use crate::catalog::{AssetUuid, Item, Media, MediaKind, Presence, Scope, identity_of_path};
use crate::source::{DevicePath, EntryKind, Stat};

/// What is at the path of a book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// A file of so many bytes.
    File(Option<u64>),
    /// A folder.
    Folder,
    /// Nothing that could be a book.
    Nothing,
    /// Nobody could look.
    Believed,
}

impl Found {
    pub(super) const fn of(look: Look) -> Self {
        match look {
            Look::File(stat) => Self::File(Some(stat.size_bytes)),
            Look::Unknown => Self::File(None),
            Look::Directory(_) => Self::Folder,
            Look::Other | Look::Nothing => Self::Nothing,
        }
    }
}

/// A book, as far as it is known.
#[derive(Debug)]
pub(super) struct Book {
    /// Where it is, or would be.
    pub path: DevicePath,
    /// What is there.
    pub found: Found,
    /// What the phone says of the file or folder.
    pub stat: Option<Stat>,
    /// What a list says of it.
    pub listed: Option<Listed>,
    /// Whether it is one to read or one to listen to.
    pub kind: MediaKind,
    /// Whether it belongs to the books, or only lies where they do.
    pub scope: Scope,
    /// Whether it was synced from a computer.
    pub is_synced: bool,
    /// Whether all is protected where it is, or its archive says so.
    pub is_protected: bool,
    /// What it says of itself.
    pub inside: Option<Inside>,
}

impl Book {
    /// The folder that has to be looked into.
    pub(super) const fn folder(&self) -> Option<&DevicePath> {
        match self.found {
            Found::Folder => Some(&self.path),
            Found::File(_) | Found::Nothing | Found::Believed => None,
        }
    }

    /// Whether there is something that a list calls a book and nobody can make one file of: a folder that is no EPUB, or
    /// that could not be looked into.
    pub(super) fn is_no_epub(&self) -> bool {
        let has_content = self.inside.as_ref().is_some_and(|inside| inside.is_book);
        self.found == Found::Folder && has_content && !self.is_there()
    }

    /// Whether it is packed although it lacks what every EPUB has.
    pub(super) fn lacks_container(&self) -> bool {
        self.is_there() && self.inside.as_ref().is_some_and(|inside| inside.lacks_container)
    }

    /// Whether something of the book is there, and not only what is left when it went to iCloud.
    fn is_there(&self) -> bool {
        match self.found {
            Found::File(size) => size != Some(0),
            Found::Folder => self
                .inside
                .as_ref()
                .is_some_and(|inside| inside.is_book && (inside.has_meta_inf || is_package(&self.path))),
            Found::Nothing => false,
            Found::Believed => true,
        }
    }
}

/// The items, by title, and the paths of those that are folders.
pub(super) fn items(books: Vec<Book>) -> (Vec<Item>, HashSet<DevicePath>) {
    let mut times_used: HashMap<String, usize> = HashMap::new();
    for id in books.iter().filter_map(|book| book.listed.as_ref()).flat_map(ids) {
        *times_used.entry(id.to_owned()).or_default() += 1;
    }
    let packages = books
        .iter()
        .filter(|book| {
            book.is_there()
                && (book.found == Found::Folder || book.found == Found::Believed && is_package(&book.path))
        })
        .map(|book| book.path.clone())
        .collect();
    let mut items: Vec<Item> = books.into_iter().map(|book| item(book, &times_used)).collect();
    items.sort_by_cached_key(|item| {
        let name = item.title.as_deref().unwrap_or(&item.original_name);
        (crate::text::fold(name), item.uuid.clone())
    });
    (items, packages)
}

/// What identifies a book to the lists, best first.
fn ids(listed: &Listed) -> impl Iterator<Item = &str> {
    listed.persistent_id.as_deref().into_iter().chain(listed.package_hash.as_deref())
}

/// An identity that no other book has, in whatever order the lists have them: what two books claim is neither's.
fn identity(book: &Book, times_used: &HashMap<String, usize>) -> AssetUuid {
    let mut ids = book.listed.iter().flat_map(ids);
    let own = ids.find(|id| times_used.get(*id) == Some(&1));
    AssetUuid(own.map_or_else(|| identity_of_path("book", &book.path), |id| format!("book:{id}")))
}

fn item(book: Book, times_used: &HashMap<String, usize>) -> Item {
    let uuid = identity(&book, times_used);
    let is_there = book.is_there();
    let mut name = book.path.file_name().map(|name| name.to_text()).unwrap_or_default();
    if book.found == Found::Folder && !is_package(&book.path) {
        name.push_str(".epub");
    }
    let Listed { mut words, added, is_protected, is_sample, has_store_id, package_hash, .. } =
        book.listed.unwrap_or_default();
    let inside = book.inside.unwrap_or_default();
    words.fill(inside.words);
    let Words { title, author, genre, year, description, comment } = words;
    let presence = match is_there {
        true => Presence::OnPhone(book.path),
        false if has_store_id || inside.has_store_id => Presence::CloudOnly,
        false => Presence::Missing,
    };
    let size = match book.found {
        Found::File(size) if is_there => size,
        _ => None,
    };
    let mut item = Item::new(uuid, name, book.kind);
    item.scope = book.scope;
    item.title = title.map(Into::into);
    item.added = added;
    item.synced = book.is_synced;
    item.media = Some(Box::new(Media {
        artist: author.map(Into::into),
        genre: genre.map(Into::into),
        year,
        description: description.map(Into::into),
        comment: comment.map(Into::into),
        protected: is_protected || book.is_protected || inside.is_protected,
        sample: is_sample,
        ..Media::default()
    }));
    item.resources.push(original(
        presence,
        size,
        revision(package_hash.as_deref(), book.stat, inside.unpacked_nanoseconds),
    ));
    item
}

/// Changes when a list says that a book is another one, when its file was changed, and when its folder was unpacked anew.
/// What is written into one file of a folder is not seen here, where nobody looks at all of them: whoever packs it does.
fn revision(package_hash: Option<&str>, stat: Option<Stat>, unpacked_nanoseconds: Option<u64>) -> String {
    let file = stat.filter(|stat| stat.kind == EntryKind::File);
    let parts =
        [file.map(|stat| stat.size_bytes), file.map(|stat| stat.modified_nanoseconds), unpacked_nanoseconds];
    let numbers = parts.into_iter().flatten().map(|part| part.to_string());
    package_hash.map(str::to_owned).into_iter().chain(numbers).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book(path: &str, pid: Option<&str>, hash: Option<&str>) -> Book {
        let listed = Listed {
            persistent_id: pid.map(Into::into),
            package_hash: hash.map(Into::into),
            ..Listed::default()
        };
        Book {
            path: DevicePath::parse(path).unwrap(),
            found: Found::File(Some(1)),
            stat: None,
            listed: Some(listed),
            kind: MediaKind::Book,
            scope: Scope::Library,
            is_synced: false,
            is_protected: false,
            inside: None,
        }
    }

    #[test]
    fn revisions() {
        let file = Stat { kind: EntryKind::File, size_bytes: 5, modified_nanoseconds: 7 };
        let folder = Stat { kind: EntryKind::Directory, ..file };
        assert_eq!(revision(Some("AB"), Some(file), None), "AB-5-7");
        assert_eq!(revision(None, Some(folder), Some(9)), "9", "a folder's own time says nothing");
        assert_eq!(revision(None, None, None), "");
    }

    #[test]
    fn what_two_books_claim_is_neithers() {
        let books = || {
            vec![
                book("Books/a.pdf", Some("1"), Some("AA")),
                book("Books/b.pdf", Some("1"), Some("BB")),
                book("Books/c.pdf", Some("CC"), Some("CC")),
                book("Books/d.pdf", None, Some("2")),
                book("Books/e.pdf", Some("2"), None),
                book("Books/f.pdf", Some("3"), Some("AB")),
            ]
        };
        let identities = |books: Vec<Book>| -> Vec<(String, String)> {
            items(books).0.into_iter().map(|item| (item.original_name, item.uuid.0)).collect()
        };
        let expected = [
            ("a.pdf", "book:AA"),
            ("b.pdf", "book:BB"),
            ("c.pdf", "book:Books/c.pdf"),
            ("d.pdf", "book:Books/d.pdf"),
            ("e.pdf", "book:Books/e.pdf"),
            ("f.pdf", "book:3"),
        ];
        let expected: Vec<_> = expected.map(|(name, id)| (name.to_owned(), id.to_owned())).into();
        assert_eq!(identities(books()), expected);
        let mut turned = books();
        turned.reverse();
        assert_eq!(identities(turned), expected);
    }
}
