//! Packed folders: what another ZIP reader finds in them, from where they can be read, and when they cannot.

mod hostile;
mod support;

use std::collections::BTreeMap;

use proptest::prelude::*;

use self::support::{Node, Phone, Tree, file, package, packed, path, read_from, unpacked};
use super::*;
use crate::source::SourceErrorKind;

/// More than is held in memory, so that it is read twice.
const LARGE: usize = (8 << 20) + 70_001;

/// Bytes that differ from place to place.
fn noise(length: usize) -> Vec<u8> {
    (0_u32..).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).take(length).collect()
}

fn book() -> Tree {
    package([
        ("OEBPS/b.xhtml", file("<html/>")),
        ("OEBPS/a.xhtml", Node::File { content: b"<html>a</html>".to_vec(), modified: 77 }),
        ("META-INF/container.xml", file("<container/>")),
        ("mimetype", file("application/epub+zip")),
        ("OEBPS/Bilder/Größe.jpg", file(noise(300_000))),
        ("OEBPS/Fonts", Node::Folder),
        ("nothing.txt", file("")),
    ])
}

#[tokio::test]
async fn a_book_with_a_link_is_refused() {
    let mut book = book();
    book.extend(package([("OEBPS/shortcut", Node::Link)]));
    let phone = Phone::new(book);
    let error = packed(&phone).stat(&path("Books/A.epub")).await.unwrap_err();
    let link = PackError::Link("OEBPS/shortcut".to_owned());
    assert_eq!(error.kind, SourceErrorKind::NotPackable(link));
}

#[tokio::test]
async fn a_book_is_one_file() {
    let phone = Phone::new(book());
    let source = packed(&phone);
    let stat = source.stat(&path("Books/A.epub")).await.unwrap();
    let archive = read_from(&source, 0).await.unwrap();
    assert_eq!(stat.kind, EntryKind::File);
    assert_eq!(stat.size_bytes, archive.len() as u64);
    assert_eq!(stat.modified_nanoseconds, 77);
    // The way in which an EPUB is told from other archives.
    assert_eq!(archive[30..58], *b"mimetypeapplication/epub+zip");
    let found = unpacked(&archive);
    let names: Vec<_> = found.iter().map(|(name, _)| name.as_str()).collect();
    let expected = [
        "mimetype",
        "META-INF/container.xml",
        "OEBPS/Bilder/Größe.jpg",
        "OEBPS/a.xhtml",
        "OEBPS/b.xhtml",
        "nothing.txt",
    ];
    assert_eq!(names, expected);
    assert_eq!(found[2].1, noise(300_000));
}

#[tokio::test]
async fn a_book_that_does_not_say_what_it_is() {
    let say = |packages: &str, tree: Tree| {
        let packages = HashSet::from([path(packages)]);
        PackedSource::new(Phone::new(tree), packages).with_mimetype("epub", b"application/epub+zip")
    };
    let without =
        || book().into_iter().filter(|(at, _)| *at != path("Books/A.epub/mimetype")).collect::<Tree>();
    let source = say("Books/A.epub", without());
    let stat = source.stat(&path("Books/A.epub")).await.unwrap();
    let archive = read_from(&source, 0).await.unwrap();
    // The same as if it had been there.
    assert_eq!(archive, read_from(&packed(&Phone::new(book())), 0).await.unwrap());
    assert_eq!(stat.size_bytes, archive.len() as u64);
    assert_eq!(read_from(&source, 40).await.unwrap(), archive[40..]);
    // What is there is left as it is, whatever it says, and so are other packages and empty ones.
    let mut other = without();
    other.extend(package([("mimetype", file("text/plain"))]));
    let archive = read_from(&say("Books/A.epub", other), 0).await.unwrap();
    assert_eq!(unpacked(&archive)[0], ("mimetype".to_owned(), b"text/plain".to_vec()));
    let plain = PackedSource::new(Phone::new(without()), HashSet::from([path("Books/A.epub")]));
    let archive = read_from(&plain.with_mimetype("ibooks", b"x"), 0).await.unwrap();
    assert_eq!(unpacked(&archive)[0].0, "META-INF/container.xml");
    let empty = say("Books/A.epub", package([("OEBPS", Node::Folder)]));
    let error = empty.stat(&path("Books/A.epub")).await.unwrap_err();
    assert_eq!(error.kind, SourceErrorKind::NotPackable(PackError::Empty));
}

#[tokio::test]
async fn all_else_is_as_it_was() {
    let phone = Phone::new(book());
    let source = packed(&phone);
    for at in ["Books", "Books/Other.pdf", "Books/A.epub/mimetype", "Books/absent"] {
        assert_eq!(source.stat(&path(at)).await, phone.stat(&path(at)).await, "{at}");
    }
    assert_eq!(source.list(&path("Books")).await, phone.list(&path("Books")).await);
    let mut pdf = source.open(&path("Books/Other.pdf"), 1).await.unwrap();
    assert_eq!(pdf.chunks.next().await.unwrap().unwrap(), "df");
    assert_eq!(
        source.open(&path("Books"), 0).await.err().map(|error| error.kind),
        Some(SourceErrorKind::WrongKind)
    );
}

#[tokio::test]
async fn a_package_that_is_a_file_already_stays_one() {
    let phone = Phone::new(book());
    let source = packed(&phone);
    let pdf = path("Books/Other.pdf");
    source.add(pdf.clone());
    source.add(path("Books/absent"));
    assert_eq!(source.stat(&pdf).await, phone.stat(&pdf).await);
    let mut open = source.open(&pdf, 1).await.unwrap();
    assert_eq!(open.chunks.next().await.unwrap().unwrap(), "df");
    let absent = source.stat(&path("Books/absent")).await;
    assert_eq!(absent.unwrap_err().kind, SourceErrorKind::NotFound);
}

#[tokio::test]
async fn a_folder_added_later_is_packed_from_then_on() {
    let phone = Phone::new(book());
    let source = PackedSource::new(phone, HashSet::new());
    let folder = path("Books/A.epub/META-INF");
    assert_eq!(source.stat(&folder).await.unwrap().kind, EntryKind::Directory);
    source.add(folder.clone());
    assert_eq!(source.stat(&folder).await.unwrap().kind, EntryKind::File);
}

#[tokio::test]
async fn stat_and_open_walk_once() {
    let phone = Phone::new(book());
    let source = packed(&phone);
    source.stat(&path("Books/A.epub")).await.unwrap();
    let asked = phone.times("list") + phone.times("stat");
    let first = read_from(&source, 0).await.unwrap();
    assert_eq!(phone.times("list") + phone.times("stat"), asked);
    // Later, it may be another book.
    phone.tree.lock().unwrap().insert(path("Books/A.epub/new"), file("new"));
    let second = read_from(&source, 0).await.unwrap();
    assert_eq!(unpacked(&second).len(), unpacked(&first).len() + 1);
}

#[tokio::test]
async fn a_large_file_is_read_twice_and_a_small_one_once() {
    let phone = Phone::new(package([("large", file(noise(LARGE))), ("small", file("s"))]));
    let source = packed(&phone);
    let archive = read_from(&source, 0).await.unwrap();
    assert_eq!(unpacked(&archive)[0].1, noise(LARGE));
    assert_eq!(phone.times("open Books/A.epub/large"), 2);
    assert_eq!(phone.times("open Books/A.epub/small"), 1);
    for position in [1, 34, 35, 36, 70_000, LARGE - 1, LARGE + 34, LARGE + 35, LARGE + 36, archive.len()] {
        assert_eq!(read_from(&source, position as u64).await.unwrap(), archive[position..], "{position}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_read_ahead_does_not_hold_up_what_is_read_now() {
    // A phone that takes one question at a time gives its turn to those that asked for it first, whether they go on
    // or not.
    let files =
        (0..40).map(|n| (format!("{n:02}"), file(if n % 5 == 1 { noise(LARGE) } else { Vec::new() })));
    let source = packed(&Phone::new(package(files)));
    let reading = tokio::time::timeout(std::time::Duration::from_secs(3600), read_from(&source, 0));
    assert_eq!(unpacked(&reading.await.expect("it waits for itself").unwrap()).len(), 40);
}

/// A file that changes before it is opened for the time of this number.
fn changing_at(time: usize, change: impl Fn(&mut Tree, DevicePath) + Send + Sync + 'static) -> Arc<Phone> {
    let opened = std::sync::atomic::AtomicUsize::new(0);
    let tree = package([("large", file(noise(LARGE))), ("mimetype", file("m")), ("z", file("z"))]);
    Phone::changing(tree, move |tree, opening| {
        if *opening == path("Books/A.epub/large")
            && opened.fetch_add(1, std::sync::atomic::Ordering::SeqCst) + 1 == time
        {
            change(tree, opening.clone());
        }
    })
}

#[tokio::test]
async fn a_file_that_changes_is_an_error_and_then_another_try() {
    type Change = fn(&mut Tree, DevicePath);
    let other_byte: Change = |tree, path| {
        if let Some(Node::File { content, .. }) = tree.get_mut(&path) {
            content[LARGE - 1] ^= 1;
        }
    };
    let longer: Change = |tree, path| {
        if let Some(Node::File { content, .. }) = tree.get_mut(&path) {
            content.push(0);
        }
    };
    let shorter: Change = |tree, path| drop(tree.insert(path, file("short")));
    let gone: Change = |tree, path| drop(tree.remove(&path));
    let folder: Change = |tree, path| drop(tree.insert(path, Node::Folder));
    let cases = [
        (1, longer),
        (1, shorter),
        (1, gone),
        (1, folder),
        (2, other_byte),
        (2, longer),
        (2, shorter),
        (2, gone),
    ];
    for (number, (time, change)) in cases.into_iter().enumerate() {
        let source = packed(&changing_at(time, change));
        source.stat(&path("Books/A.epub")).await.unwrap();
        let error = read_from(&source, 0).await.unwrap_err();
        assert_eq!(error.kind, SourceErrorKind::Changed, "{number}");
        assert_eq!(error.path, path("Books/A.epub/large"), "{number}");
        assert!(error.is_retryable() && !error.is_fatal());
        // Which looks at the package anew.
        let found = unpacked(&read_from(&source, 0).await.unwrap());
        assert_eq!(found.len(), if [2, 3, 7].contains(&number) { 2 } else { 3 }, "{number}");
    }
}

fn component() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        6 => "[a-cA-C.]{1,3}".prop_map(String::into_bytes),
        1 => "[\\PC]{1,6}".prop_map(String::into_bytes),
        1 => Just(b"mimetype".to_vec()),
        1 => prop::collection::vec(any::<u8>(), 1..4),
    ]
}

/// Paths in a package, and what is in the files. What cannot be a tree is left out.
fn files() -> impl Strategy<Value = BTreeMap<DevicePath, Vec<u8>>> {
    let at = prop::collection::vec(component(), 1..4).prop_map(|parts| parts.join(&b'/'));
    let content = prop_oneof![prop::collection::vec(any::<u8>(), 0..40), (0..400_000_usize).prop_map(noise),];
    prop::collection::vec((at, content), 1..12).prop_map(|files| {
        let mut tree = BTreeMap::<DevicePath, Vec<u8>>::new();
        for (at, content) in files {
            let Ok(at) = DevicePath::parse(&at) else { continue };
            let inside =
                |a: &DevicePath, b: &DevicePath| a.as_bytes().starts_with(&[b.as_bytes(), b"/"].concat());
            if at != DevicePath::root() && !tree.keys().any(|other| inside(other, &at) || inside(&at, other))
            {
                tree.insert(at, content);
            }
        }
        tree
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_tree_is_found_again(files in files(), positions in prop::collection::vec(any::<prop::sample::Index>(), 4)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let nodes = files.iter().map(|(at, content)| (at.as_bytes().to_vec(), file(content.clone())));
        let phone = Phone::new(package(nodes));
        let archive = match runtime.block_on(read_from(&packed(&phone), 0)) {
            Ok(archive) => archive,
            Err(SourceError { kind: SourceErrorKind::NotPackable(PackError::SameName(_)), .. }) => return Ok(()),
            Err(SourceError { kind: SourceErrorKind::NotPackable(PackError::Empty), .. }) => {
                prop_assert!(files.is_empty());
                return Ok(());
            }
            Err(error) => return Err(TestCaseError::fail(error.to_string())),
        };
        let found = unpacked(&archive);
        prop_assert_eq!(found.len(), files.len());
        if files.contains_key(&path("mimetype")) {
            prop_assert_eq!(&found[0].0, "mimetype");
        }
        let found: BTreeMap<_, _> = found.into_iter().collect();
        prop_assert_eq!(found.len(), files.len());
        for (at, content) in &files {
            let names: Vec<_> = at.components().enumerate()
                .map(|(n, part)| name::archived(&EntryName::new(part).unwrap(), n == 0))
                .collect();
            prop_assert_eq!(found.get(&names.join("/")), Some(content));
        }
        // The same again, from anywhere, by another who looks.
        for position in positions {
            let position = position.index(archive.len() + 1);
            let rest = runtime.block_on(read_from(&packed(&phone), position as u64)).unwrap();
            prop_assert!(rest == archive[position..]);
        }
    }
}
