//! The lists that name books, believed in nothing (facts/media.md section D9).
//!
//! Between them lie lists that are not true, no longer or not yet: those in `Sync`, and backups. They are left alone.

use std::collections::HashSet;

use jiff::Timestamp;
use plist::{Dictionary, Value};

use crate::catalog::property_lists::Entry;
use crate::source::DevicePath;

/// A folder of books.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// The folder, below the media root. Paths in its list are relative to it.
    pub folder: &'static str,
    /// Its list.
    pub list: Option<&'static str>,
    /// Whether what is listed was synced from a computer.
    pub is_synced: bool,
    /// Whether all in it is protected.
    pub is_protected: bool,
}

/// All of them: synced, bought or put in by the person, and sent by an organisation, free or bought.
pub(super) const PLACES: [Place; 4] = [
    Place { folder: "Books", list: Some("Books/Books.plist"), is_synced: true, is_protected: false },
    Place {
        folder: "Books/Purchases",
        list: Some("Books/Purchases/Purchases.plist"),
        is_synced: false,
        is_protected: false,
    },
    Place {
        folder: "Books/Managed",
        list: Some("Books/Managed/Managed.plist"),
        is_synced: false,
        is_protected: false,
    },
    Place { folder: "ManagedPurchases/Books", list: None, is_synced: false, is_protected: true },
];

/// Extensions of the app's own files, which no entry can make a book.
pub(super) const OWN_FILES: [&[u8]; 8] =
    [b"plist", b"lock", b"db", b"sqlite", b"sqlite-wal", b"sqlite-shm", b"xml", b"aside"];

/// No identity is longer: the longest real ones have 36 characters.
const MOST_ID: usize = 64;

/// What a list says of one book.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Listed {
    /// Title, author and the like.
    pub words: Words,
    /// When it came to the phone.
    pub added: Option<Timestamp>,
    /// Whether it is protected.
    pub is_protected: bool,
    /// Whether it is only the beginning of a book.
    pub is_sample: bool,
    /// Whether the store knows it, so that it can come from there again.
    pub has_store_id: bool,
    /// Identity in the list.
    pub persistent_id: Option<String>,
    /// Checksum of its content.
    pub package_hash: Option<String>,
}

/// What people call a book.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Words {
    /// Title.
    pub title: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// Genre.
    pub genre: Option<String>,
    /// Year of release.
    pub year: Option<i16>,
    /// What it is about.
    pub description: Option<String>,
    /// Remark.
    pub comment: Option<String>,
}

impl Words {
    /// Takes from others what is not known yet.
    pub(super) fn fill(&mut self, others: Self) {
        self.title = self.title.take().or(others.title);
        self.author = self.author.take().or(others.author);
        self.genre = self.genre.take().or(others.genre);
        self.year = self.year.take().or(others.year);
        self.description = self.description.take().or(others.description);
        self.comment = self.comment.take().or(others.comment);
    }
}

/// The entries of a list with the paths they lead to, each path once, and how many make no sense.
pub(super) fn entries(mut list: Dictionary, folder: &DevicePath) -> (Vec<(DevicePath, Listed)>, usize) {
    let Some(Value::Array(books)) = list.remove("Books") else { return (Vec::new(), 0) };
    let (mut entries, mut seen, mut refused) = (Vec::new(), HashSet::new(), 0);
    for book in &books {
        let book = book.as_dictionary();
        let path = book.and_then(|book| book.get("Path")?.as_string()).and_then(|path| below(folder, path));
        match (book, path) {
            (Some(book), Some(path)) if seen.insert(path.clone()) => {
                entries.push((path, listed(Entry(book))))
            }
            (Some(_), Some(_)) => {}
            _ => refused += 1,
        }
    }
    (entries, refused)
}

fn listed(book: Entry<'_>) -> Listed {
    let id = |key: &str| book.text(key).filter(|id| is_id(id));
    let is_store_id = |key: &&str| book.int(key).is_some_and(|number| number > 0);
    Listed {
        words: Words {
            title: book.text("Name"),
            author: book.text("Artist"),
            genre: book.text("Genre"),
            year: book.int("year").and_then(year),
            description: book.prose("bookDescription"),
            comment: book.prose("comments"),
        },
        added: book.date("importDate"),
        is_protected: book.flag("Is Protected"),
        is_sample: book.flag("isSample"),
        has_store_id: ["s", "Item ID", "PlaylistID"].iter().any(is_store_id),
        persistent_id: id("Persistent ID"),
        package_hash: id("Package Hash"),
    }
}

/// A year that a book can be of.
pub(super) fn year(number: i64) -> Option<i16> {
    i16::try_from(number).ok().filter(|year| (1..=9999).contains(year))
}

/// Letters and digits, so that no identity can be mistaken for a path.
fn is_id(text: &str) -> bool {
    text.len() <= MOST_ID && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// The path of an entry, which leads below the folder of its list to what can be a book.
fn below(folder: &DevicePath, path: &str) -> Option<DevicePath> {
    // A backslash or a control character is in no name that the app gives, but in tricks.
    if path.starts_with('/') || path.contains(|c: char| c == '\\' || c.is_control()) {
        return None;
    }
    let mut whole = folder.as_bytes().to_vec();
    whole.push(b'/');
    whole.extend_from_slice(path.as_bytes());
    let whole = DevicePath::parse(whole).ok().filter(|whole| whole != folder)?;
    let name = whole.file_name()?;
    let is_own = name.extension().is_some_and(|e| OWN_FILES.iter().any(|own| e.eq_ignore_ascii_case(own)));
    let is_place = PLACES.iter().any(|place| place.folder.as_bytes() == whole.as_bytes());
    (!is_own && !is_place && !name.as_bytes().starts_with(b".")).then_some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(xml: &str) -> (Vec<(DevicePath, Listed)>, usize) {
        let xml = format!("<plist><dict><key>Books</key><array>{xml}</array></dict></plist>");
        let list = crate::catalog::property_lists::parse(xml.as_bytes()).unwrap();
        entries(list, &DevicePath::parse("Books/Purchases").unwrap())
    }

    fn book(path: &str, more: &str) -> String {
        format!("<dict><key>Path</key><string>{path}</string>{more}</dict>")
    }

    #[test]
    fn paths_are_below_the_folder_of_their_list() {
        let paths = |path: &str| read(&book(path, "")).0.into_iter().map(|(path, _)| path.to_text()).next();
        assert_eq!(paths("A.epub").unwrap(), "Books/Purchases/A.epub");
        assert_eq!(paths("Sub//B.pdf/").unwrap(), "Books/Purchases/Sub/B.pdf");
        for bad in [
            "../A.epub",
            "..",
            ".",
            "",
            "a/../../../x.pdf",
            "/etc/passwd",
            "..\\..\\win.ini",
            "a&#31;b.epub",
            "Purchases.plist",
            ".Purchases.plist.lock",
            "x.SQLITE",
            ".hidden.epub",
        ] {
            assert_eq!(paths(bad), None, "{bad}");
        }
        assert_eq!(paths(&"x".repeat(70_000)), None);
        let own = DevicePath::parse("Books").unwrap();
        assert_eq!(below(&own, "Purchases"), None, "a folder of books is no book");
        assert_eq!(below(&own, "Purchases/A.epub").unwrap().to_text(), "Books/Purchases/A.epub");
    }

    #[test]
    fn entries_without_a_path_are_counted() {
        let no_path = "<dict/><string>x</string><dict><key>Path</key><integer>1</integer></dict><array/>";
        let (entries, refused) =
            read(&[no_path, &book("A.epub", ""), &book("A.epub", ""), &book("../B", "")].concat());
        assert_eq!((entries.len(), refused), (1, 5));
    }

    #[test]
    fn details_and_nonsense() {
        let good = "<key>Name</key><string>T</string><key>Artist</key><string>A</string><key>s</key>\
            <integer>5</integer><key>Is Protected</key><true/><key>isSample</key><integer>1</integer>\
            <key>Persistent ID</key><integer>77</integer><key>Package Hash</key><string>AB12</string>\
            <key>importDate</key><date>2024-01-02T03:04:05Z</date><key>year</key><string>1865</string>";
        let (entries, _) = read(&book("A.epub", good));
        let listed = &entries[0].1;
        assert_eq!((listed.words.title.as_deref(), listed.words.author.as_deref()), (Some("T"), Some("A")));
        assert_eq!((listed.is_protected, listed.is_sample, listed.has_store_id), (true, true, true));
        assert_eq!(listed.persistent_id.as_deref(), Some("77"));
        assert_eq!(listed.package_hash.as_deref(), Some("AB12"));
        assert_eq!(
            (listed.added.unwrap().to_string().as_str(), listed.words.year),
            ("2024-01-02T03:04:05Z", Some(1865))
        );
        let bad = "<key>Name</key><integer>7</integer><key>Artist</key><true/><key>s</key><string>x</string>\
            <key>Item ID</key><integer>0</integer><key>Is Protected</key><string>perhaps</string>\
            <key>Persistent ID</key><string>../x</string><key>Package Hash</key><data>AAAA</data>\
            <key>importDate</key><string>soon</string><key>year</key><integer>123456</integer>";
        let expected = Words { title: Some("7".into()), ..Words::default() };
        assert_eq!(read(&book("A.epub", bad)).0[0].1, Listed { words: expected, ..Listed::default() });
    }
}
