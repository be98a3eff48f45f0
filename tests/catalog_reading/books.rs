//! Books: three lists, folders that are books, and what lies between.

use std::io::{Cursor, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use iexport::catalog::books::{self, Books};
use iexport::catalog::{CatalogError, Item, MediaKind, Presence, Role, Scope};
use iexport::source::SourceErrorKind;
use plist::{Dictionary, Value};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use zip::write::SimpleFileOptions;

use crate::support::{Memory, Tree, place};

const SYNCED: &str = "Books/Books.plist";
const BOUGHT: &str = "Books/Purchases/Purchases.plist";
const CONTAINER: &str =
    "<container><rootfiles><rootfile full-path='OEBPS/content.opf'/></rootfiles></container>";
const OPF: &str = "<package><metadata><dc:title>Own Title</dc:title><dc:creator>Own Author</dc:creator></metadata></package>";

fn tree(files: &[&str]) -> Tree {
    files.iter().map(|path| ((*path).to_owned(), vec![0; 10])).collect()
}

/// The files of an unpacked EPUB.
fn epub(tree: &mut Tree, folder: &str) {
    for (name, text) in [
        ("mimetype", "application/epub+zip"),
        ("META-INF/container.xml", CONTAINER),
        ("OEBPS/content.opf", OPF),
        ("OEBPS/chapter.xhtml", "<html/>"),
    ] {
        tree.insert(format!("{folder}/{name}"), text.into());
    }
}

fn entry(path: &str, more: &[(&str, Value)]) -> Value {
    let mut entry: Dictionary = more.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
    entry.insert("Path".into(), path.into());
    Value::Dictionary(entry)
}

fn list(entries: Vec<Value>) -> Vec<u8> {
    let top: Dictionary = [("Books".to_owned(), Value::Array(entries))].into_iter().collect();
    let mut bytes = Vec::new();
    Value::Dictionary(top).to_writer_binary(&mut bytes).unwrap();
    bytes
}

async fn read(tree: Tree) -> Books {
    books::read(&Memory::new(tree), &|_| ()).await.unwrap()
}

fn packages(books: &Books) -> Vec<String> {
    let mut paths: Vec<_> = books.packages.iter().map(|path| path.to_text()).collect();
    paths.sort();
    paths
}

/// The item of a file name.
fn named<'a>(books: &'a Books, name: &str) -> &'a Item {
    books.catalog.items.iter().find(|item| item.original_name == name).unwrap()
}

/// What is said of files of other kinds.
fn left_out(files: &str) -> String {
    format!(
        "Left out: {files} in the folders of books on the phone. `iexport files --path` exports such files."
    )
}

fn author(item: &Item) -> Option<&str> {
    item.media.as_ref().unwrap().artist.as_deref()
}

#[tokio::test]
async fn each_list_names_what_is_in_its_own_folder() {
    let mut tree = tree(&["Books/A.pdf", "Books/Purchases/A.pdf", "Books/Managed/sub/A.pdf"]);
    let named_by =
        |name: &str, path: &str| list(vec![entry(path, &[("Name", name.into()), ("Artist", "X".into())])]);
    tree.insert(SYNCED.into(), named_by("Synced", "A.pdf"));
    tree.insert(BOUGHT.into(), named_by("Bought", "A.pdf"));
    tree.insert("Books/Managed/Managed.plist".into(), named_by("Sent", "sub/A.pdf"));
    let books = read(tree).await;
    let found: Vec<_> = books
        .catalog
        .items
        .iter()
        .map(|item| (item.title.as_deref().unwrap(), place(item, Role::Original), item.synced))
        .collect();
    let expected = [
        ("Bought", "Books/Purchases/A.pdf".to_owned(), false),
        ("Sent", "Books/Managed/sub/A.pdf".to_owned(), false),
        ("Synced", "Books/A.pdf".to_owned(), true),
    ];
    assert_eq!(found, expected);
    assert!(books.packages.is_empty() && books.catalog.warnings.is_empty(), "{:?}", books.catalog.warnings);
    assert!(books.catalog.items.iter().all(|item| item.kind == MediaKind::Book && author(item) == Some("X")));
    assert_eq!(books.catalog.items[0].resources[0].size_bytes, Some(10));
}

#[tokio::test]
async fn an_unpacked_epub_is_one_book_and_tells_its_own_title() {
    let mut tree = Tree::new();
    epub(&mut tree, "Books/Known.epub");
    epub(&mut tree, "Books/unknown.EPUB");
    epub(&mut tree, "Books/0123");
    epub(&mut tree, "Books/Stray");
    let known = entry("Known.epub", &[("Name", "Listed".into())]);
    tree.insert(SYNCED.into(), list(vec![known, entry("0123", &[])]));
    let books = read(tree).await;
    assert_eq!(packages(&books), ["Books/0123", "Books/Known.epub", "Books/unknown.EPUB"]);
    let known = named(&books, "Known.epub");
    assert_eq!((known.title.as_deref(), author(known)), (Some("Listed"), Some("Own Author")));
    assert_eq!(known.resources[0].size_bytes, None);
    assert_eq!(place(known, Role::Original), "Books/Known.epub");
    for name in ["unknown.EPUB", "0123.epub"] {
        assert_eq!(named(&books, name).title.as_deref(), Some("Own Title"));
    }
    assert_eq!(books.catalog.items.len(), 3, "a folder that nobody calls a book is none");
}

#[tokio::test]
async fn only_more_than_obscured_fonts_is_protection() {
    let xml = |way: &str| {
        format!("<e><EncryptedData><EncryptionMethod Algorithm='{way}'/></EncryptedData></e>").into_bytes()
    };
    let mut tree = Tree::new();
    for (name, file, bytes) in [
        ("Fonts", "encryption.xml", xml("http://www.idpf.org/2008/embedding")),
        ("Text", "encryption.xml", xml("http://www.w3.org/2001/04/xmlenc#aes128-cbc")),
        ("Sinf", "sinf.xml", b"anything".to_vec()),
        ("Odd", "encryption.xml", b"<e>".to_vec()),
        ("Free", "rights.txt", Vec::new()),
    ] {
        epub(&mut tree, &format!("Books/{name}.epub"));
        tree.insert(format!("Books/{name}.epub/META-INF/{file}"), bytes);
    }
    tree.insert("Books/Said.pdf".into(), vec![1]);
    tree.insert("ManagedPurchases/Books/Given.pdf".into(), vec![1]);
    tree.insert(SYNCED.into(), list(vec![entry("Said.pdf", &[("Is Protected", true.into())])]));
    let books = read(tree).await;
    let mut protected: Vec<_> = books
        .catalog
        .items
        .iter()
        .filter(|item| item.is_protected())
        .map(|i| i.original_name.as_str())
        .collect();
    protected.sort_unstable();
    assert_eq!(protected, ["Given.pdf", "Said.pdf", "Sinf.epub", "Text.epub"]);
    assert_eq!(books.catalog.warnings.len(), 1);
    assert!(books.catalog.warnings[0].starts_with("Of 1 book"), "{:?}", books.catalog.warnings);
}

#[tokio::test]
async fn a_book_without_a_container_is_packed_and_told() {
    let lacking = |warnings: &[String]| -> Vec<String> {
        warnings.iter().filter(|warning| warning.contains("container.xml")).cloned().collect()
    };
    let mut phone = tree(&["Books/NoMeta.epub/a.xhtml", "Books/Stub.epub/iTunesMetadata.plist"]);
    epub(&mut phone, "Books/Whole.epub");
    let books = read(phone.clone()).await;
    assert_eq!(packages(&books), ["Books/NoMeta.epub", "Books/Whole.epub"]);
    let one = "1 book lacks META-INF/container.xml, and readers may refuse it.";
    assert_eq!(lacking(&books.catalog.warnings), [one]);

    phone.extend(tree(&["Books/Bare.epub/META-INF/encryption.xml", "Books/File.epub/META-INF"]));
    let books = read(phone.clone()).await;
    assert_eq!(books.packages.len(), 4);
    let three = "3 books lack META-INF/container.xml, and readers may refuse them.";
    assert_eq!(lacking(&books.catalog.warnings), [three]);

    // What cannot be listed may well have one.
    for (folder, told) in [("Books/NoMeta.epub", 2), ("Books/Whole.epub/META-INF", 3)] {
        let mut phone = Memory::new(phone.clone());
        phone.refuse_listing = Some((folder.into(), SourceErrorKind::Denied("no".into())));
        let books = books::read(&phone, &|_| ()).await.unwrap();
        assert!(lacking(&books.catalog.warnings)[0].starts_with(&format!("{told} books")), "{folder}");
        assert_eq!(books.packages.len(), 4, "{folder}");
    }
}

/// An EPUB as one file, with these in its `META-INF`, before or behind its long text.
fn zipped(inside: &[(&str, Vec<u8>)], is_before: bool) -> Vec<u8> {
    let text = ("OEBPS/chapter.xhtml".to_owned(), vec![b'x'; 300_000]);
    let inside = inside.iter().map(|(name, bytes)| (format!("META-INF/{name}"), bytes.clone()));
    let mut files: Vec<_> = inside.collect();
    files.insert(if is_before { files.len() } else { 0 }, text);
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, bytes) in files {
        archive.start_file(name, stored).unwrap();
        archive.write_all(&bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[tokio::test]
async fn a_packed_epub_tells_of_its_protection_in_few_reads() {
    let xml = |way: &str| {
        format!("<e><EncryptedData><EncryptionMethod Algorithm='{way}'/></EncryptedData></e>").into_bytes()
    };
    let (text, fonts) =
        (xml("http://www.w3.org/2001/04/xmlenc#aes128-cbc"), xml("http://www.idpf.org/2008/embedding"));
    for (inside, is_before, is_protected, is_unclear, reads) in [
        (vec![("container.xml", Vec::new())], true, false, false, 1),
        (vec![("sinf.xml", Vec::new())], true, true, false, 1),
        (vec![("encryption.xml", text.clone())], true, true, false, 2),
        (vec![("encryption.xml", text)], false, true, false, 1),
        (vec![("encryption.xml", fonts.clone())], true, false, false, 2),
        (vec![("encryption.xml", fonts), ("sinf.xml", Vec::new())], false, true, false, 1),
        (vec![("encryption.xml", b"<e>".to_vec())], false, false, true, 1),
    ] {
        let tree = [("Books/Purchases/zip.epub".to_owned(), zipped(&inside, is_before))];
        let opened = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&opened);
        let phone = Memory::with_hook(tree.into_iter().collect(), move |_, path| {
            counter.fetch_add(usize::from(path.ends_with(".epub")), Ordering::Relaxed);
            None
        });
        let books = books::read(&phone, &|_| ()).await.unwrap();
        let names: Vec<_> = inside.iter().map(|(name, _)| name).collect();
        let book = named(&books, "zip.epub");
        assert_eq!((book.is_protected(), opened.load(Ordering::Relaxed)), (is_protected, reads), "{names:?}");
        assert_eq!(place(book, Role::Original), "Books/Purchases/zip.epub");
        assert_eq!(
            books.catalog.warnings.iter().any(|w| w.starts_with("Of 1 book ")),
            is_unclear,
            "{names:?}"
        );
    }
}

#[tokio::test]
async fn a_packed_epub_that_cannot_be_read_is_taken_as_unprotected_and_told() {
    let mut tree = tree(&["Books/odd.epub", "Books/listed.epub", "Books/paper.pdf"]);
    tree.insert("Books/good.epub".into(), zipped(&[("sinf.xml", Vec::new())], true));
    tree.insert("Books/empty.epub".into(), Vec::new());
    tree.insert(SYNCED.into(), list(vec![entry("listed.epub", &[("Is Protected", true.into())])]));
    let refused = Memory::with_hook(tree.clone(), |_, path| {
        path.ends_with(".epub").then(|| SourceErrorKind::Denied("no".into()))
    });
    for (phone, unclear, protected) in
        [(Memory::new(tree.clone()), 1, vec!["good.epub", "listed.epub"]), (refused, 2, vec!["listed.epub"])]
    {
        let books = books::read(&phone, &|_| ()).await.unwrap();
        let items = books.catalog.items.iter().filter(|item| item.is_protected());
        let mut found: Vec<_> = items.map(|item| item.original_name.as_str()).collect();
        found.sort_unstable();
        assert_eq!((found, books.catalog.items.len()), (protected, 5));
        let several = if unclear == 1 { "book" } else { "books" };
        let told = format!("Of {unclear} {several} it could not be found out");
        assert!(books.catalog.warnings[0].starts_with(&told), "{:?}", books.catalog.warnings);
    }
    let gone = Memory::with_hook(tree, |_, path| {
        path.ends_with("odd.epub").then(|| SourceErrorKind::Disconnected("x".into()))
    });
    assert!(matches!(books::read(&gone, &|_| ()).await, Err(CatalogError::Source(_))));
}

#[tokio::test]
async fn what_is_not_there_is_in_the_store_or_missing() {
    let mut tree =
        tree(&["Books/Purchases/Stub.epub/iTunesMetadata.plist", "Books/Purchases/Late.epub/.DS_Store"]);
    tree.insert("Books/Purchases/Empty.pdf".into(), Vec::new());
    let bought = |path: &str| entry(path, &[("s", 5.into())]);
    let entries = ["Stub.epub", "Empty.pdf", "Gone.epub"].map(bought);
    tree.insert(BOUGHT.into(), list([&entries[..], &[entry("Lost.epub", &[])]].concat()));
    let books = read(tree).await;
    let presence = |name: &str| named(&books, name).resources[0].presence.clone();
    for name in ["Stub.epub", "Empty.pdf", "Gone.epub"] {
        assert_eq!(presence(name), Presence::CloudOnly, "{name}");
    }
    for name in ["Lost.epub", "Late.epub"] {
        assert_eq!(presence(name), Presence::Missing, "{name}");
    }
    assert!(books.packages.is_empty());
}

#[tokio::test]
async fn a_listed_folder_that_is_no_epub_is_told_and_not_missing() {
    let mut tree = tree(&["Books/Pages/1.html", "Books/Stub/iTunesMetadata.plist"]);
    epub(&mut tree, "Books/Closed");
    tree.insert(SYNCED.into(), list(["Pages", "Stub", "Closed"].map(|path| entry(path, &[])).to_vec()));
    let mut phone = Memory::new(tree);
    phone.refuse_listing = Some(("Books/Closed".into(), SourceErrorKind::Denied("no".into())));
    let books = books::read(&phone, &|_| ()).await.unwrap();
    let found: Vec<_> = books.catalog.items.iter().map(|item| place(item, Role::Original)).collect();
    assert_eq!(found, ["missing"], "the one of which only the metadata is left");
    let told = |start: &str| books.catalog.warnings.iter().any(|warning| warning.starts_with(start));
    assert!(told("2 of the listed books are folders on the phone"), "{:?}", books.catalog.warnings);
}

#[tokio::test]
async fn what_the_app_keeps_for_itself_is_no_book() {
    let mut tree = tree(&[
        "Books/Sync/Database/OutstandingAssets_4.sqlite",
        "Books/.Books.plist.lock",
        "Books/MetadataStore/BookMetadataStore.sqlite",
        "Books/com.apple.ibooks-sync.plist",
        "Books/notes.txt",
        "Books/Real.pdf",
    ]);
    let ghost = list(vec![entry("Ghost.epub", &[])]);
    for path in ["Books/Sync/Books.plist", "Books/Backup-Books.plist", "Books/iBooksData2.plist"] {
        tree.insert(path.into(), ghost.clone());
    }
    let books = read(tree).await;
    assert_eq!(books.catalog.items.len(), 1);
    assert_eq!(named(&books, "Real.pdf").title, None);
    assert_eq!(books.catalog.warnings, [left_out("1 file of another kind")], "the notes");
    assert_eq!(named(&books, "Real.pdf").uuid.0, "book:Books/Real.pdf");
}

#[tokio::test]
async fn files_of_other_kinds_are_counted_and_the_apps_own_are_not() {
    let phone = tree(&[
        "Books/x.txt",
        "Books/noext",
        "Books/Purchases/y.docx",
        "Books/Purchases/listed.txt",
        "Books/Folder/z.txt",
        "ManagedPurchases/Books/w.txt",
        "Books/.hidden",
        "Books/Purchases/1.jpg",
        "Books/iTunesArtwork",
        "Books/Folder/iTunesMetadata.plist",
        "Books/Sync/Artwork/1.txt",
        "Books/MetadataStore/y.txt",
    ]);
    let lists = [(BOUGHT.to_owned(), list(vec![entry("listed.txt", &[])]))];
    let books = read(phone.into_iter().chain(lists).collect()).await;
    assert_eq!(books.catalog.items.len(), 1);
    assert_eq!(place(named(&books, "listed.txt"), Role::Original), "Books/Purchases/listed.txt");
    assert_eq!(books.catalog.warnings, [left_out("5 files of other kinds")]);
}

#[tokio::test]
async fn what_no_list_names_is_offered_where_nobody_looks_for_books() {
    let mut tree = tree(&[
        "Books/Purchases/au.m4b",
        "Books/Purchases/locked.aax",
        "Books/Folder/y.pdf",
        "Books/Folder/named.pdf",
        "Books/Folder/Deep/z.pdf",
        "Books/beside.pdf",
        "ManagedPurchases/Books/Folder/given.pdf",
    ]);
    epub(&mut tree, "Books/Folder/Unpacked.epub");
    epub(&mut tree, "Books/Folder/Named.epub");
    tree.insert(
        SYNCED.into(),
        list(["Folder/named.pdf", "Folder/Named.epub"].map(|path| entry(path, &[])).to_vec()),
    );
    let books = read(tree).await;
    let found = |name: &str| {
        let item = named(&books, name);
        (item.kind, item.scope, item.is_protected())
    };
    let (book, audiobook) = (MediaKind::Book, MediaKind::Audiobook);
    for (name, expected) in [
        ("au.m4b", (audiobook, Scope::Uncatalogued, false)),
        ("locked.aax", (audiobook, Scope::Uncatalogued, true)),
        ("y.pdf", (book, Scope::Uncatalogued, false)),
        ("Unpacked.epub", (book, Scope::Uncatalogued, false)),
        ("given.pdf", (book, Scope::Uncatalogued, true)),
        ("named.pdf", (book, Scope::Library, false)),
        ("Named.epub", (book, Scope::Library, false)),
        ("beside.pdf", (book, Scope::Library, false)),
    ] {
        assert_eq!(found(name), expected, "{name}");
    }
    assert_eq!(books.catalog.items.len(), 8);
    assert_eq!(packages(&books), ["Books/Folder/Named.epub", "Books/Folder/Unpacked.epub"]);
    assert_eq!(named(&books, "Unpacked.epub").title.as_deref(), Some("Own Title"));
    assert_eq!(books.catalog.warnings.len(), 1, "{:?}", books.catalog.warnings);
    assert!(
        books.catalog.warnings[0].contains("among the books (1 of them)"),
        "{:?}",
        books.catalog.warnings
    );
}

#[tokio::test]
async fn a_folder_among_the_books_that_cannot_be_listed_is_told() {
    let mut phone = Memory::new(tree(&["Books/A.pdf", "Books/Folder/y.pdf"]));
    phone.refuse_listing = Some(("Books/Folder".into(), SourceErrorKind::Denied("no".into())));
    let books = books::read(&phone, &|_| ()).await.unwrap();
    assert_eq!((books.catalog.items.len(), books.catalog.unread_folders), (1, 1));
    assert!(books.catalog.warnings[0].contains("could not be listed"), "{:?}", books.catalog.warnings);
}

#[tokio::test]
async fn hostile_paths_are_told_and_lead_nowhere() {
    let bad = ["../DCIM/1.JPG", "/etc/passwd", "", "..", "Books.plist", "a\\b.epub", ".x.epub", "Purchases"];
    let mut entries: Vec<Value> = bad.iter().map(|path| entry(path, &[("Name", "Out".into())])).collect();
    entries.push(entry("A.pdf", &[]));
    let mut tree = tree(&["Books/A.pdf", "DCIM/1.JPG", "Books/Purchases/B.pdf"]);
    tree.insert(SYNCED.into(), list(entries));
    let books = read(tree).await;
    assert_eq!(books.catalog.items.len(), 2);
    assert!(books.catalog.warnings[0].starts_with("8 entries"), "{:?}", books.catalog.warnings);
}

#[tokio::test]
async fn what_cannot_be_read_is_told() {
    let mut tree = tree(&["Books/A.pdf"]);
    epub(&mut tree, "Books/B.epub");
    tree.insert(SYNCED.into(), b"bplist00".to_vec());
    tree.insert(BOUGHT.into(), list(vec![entry("C.epub", &[]), entry("D.pdf", &[])]));
    let denied = || SourceErrorKind::Denied("no".into());
    for (folder, found) in [("Books/Purchases", "Books/Purchases/C.epub"), ("Books/B.epub", "Books/B.epub")] {
        let mut phone = Memory::new(tree.clone());
        phone.refuse_listing = Some((folder.into(), denied()));
        let books = books::read(&phone, &|_| ()).await.unwrap();
        assert_eq!(books.catalog.unread_folders, 1, "{folder}");
        assert!(books.catalog.warnings.iter().any(|w| w.contains("lists of books")), "{folder}");
        assert!(books.catalog.warnings.iter().any(|w| w.contains("could not be listed")), "{folder}");
        assert!(packages(&books).iter().any(|path| path == found), "{folder}: {:?}", packages(&books));
    }
    let mut phone = Memory::new(tree);
    phone.refuse_listing = Some(("Books/B.epub".into(), SourceErrorKind::Disconnected("x".into())));
    assert!(matches!(books::read(&phone, &|_| ()).await, Err(CatalogError::Source(_))));
}

#[cfg(unix)]
#[tokio::test]
async fn links_are_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let books_folder = folder.path().join("Books");
    std::fs::create_dir(&books_folder).unwrap();
    std::fs::write(folder.path().join("secret.pdf"), b"x").unwrap();
    std::os::unix::fs::symlink(folder.path().join("secret.pdf"), books_folder.join("A.pdf")).unwrap();
    std::os::unix::fs::symlink(folder.path(), books_folder.join("B.epub")).unwrap();
    let books = books::read(&iexport::source::FolderSource::new(folder.path()), &|_| ()).await.unwrap();
    assert!(books.catalog.items.is_empty() && books.packages.is_empty());
    assert!(books.catalog.warnings[0].starts_with("2 links"), "{:?}", books.catalog.warnings);
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(11), cases: 128, ..ProptestConfig::default() })]

    /// Whatever happens to the lists, every book that is there is an item once, and identities are unique.
    #[test]
    fn mangled_lists_lose_no_book(spots in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20)) {
        let mut tree = tree(&["Books/A.pdf", "Books/Purchases/B.pdf"]);
        epub(&mut tree, "Books/C.epub");
        let details = [("Name", Value::from("T")), ("Persistent ID", "77".into()), ("s", 9.into())];
        let mut bytes = list(["A.pdf", "C.epub", "Purchases/B.pdf", "D.pdf"].map(|path| entry(path, &details)).to_vec());
        for (at, byte) in spots {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        tree.insert(SYNCED.into(), bytes);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let books = runtime.block_on(read(tree));
        let mut there: Vec<String> = books.catalog.items.iter().map(|item| place(item, Role::Original)).collect();
        there.retain(|place| place.starts_with("Books/"));
        there.sort();
        prop_assert_eq!(there, ["Books/A.pdf", "Books/C.epub", "Books/Purchases/B.pdf"]);
        let identities: std::collections::HashSet<_> = books.catalog.items.iter().map(|item| &item.uuid).collect();
        prop_assert_eq!(identities.len(), books.catalog.items.len());
    }
}
