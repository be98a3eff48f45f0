//! Phones that are broken, or mean it.

use super::super::*;
use super::support::{Node, Phone, file, package, packed, path, read_from, unpacked};
use crate::source::SourceErrorKind;

/// What stands in the way of packing.
async fn problem(files: Vec<(Vec<u8>, Node)>) -> PackError {
    let source = packed(&Phone::new(package(files)));
    match source.stat(&path("Books/A.epub")).await.unwrap_err() {
        SourceError { kind: SourceErrorKind::NotPackable(error), path: about } => {
            assert_eq!(about, path("Books/A.epub"));
            error
        }
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_package_without_files_is_refused() {
    assert_eq!(problem(vec![]).await, PackError::Empty);
    let hollow = vec![(b"a/b".to_vec(), Node::Folder)];
    assert_eq!(problem(hollow).await, PackError::Empty);
}

#[tokio::test]
async fn names_that_an_archive_cannot_tell_apart_are_refused() {
    let same = vec![(b"a/\xff".to_vec(), file("1")), (b"a/\xfe/x".to_vec(), file("2"))];
    assert_eq!(problem(same).await, PackError::SameName("a/\u{fffd}".into()));
    let same = vec![(b"a\\b".to_vec(), file("1")), (b"a_b".to_vec(), file("2"))];
    assert_eq!(problem(same).await, PackError::SameName("a_b".into()));
}

#[tokio::test]
async fn names_that_would_lead_out_stay_in() {
    let evil: [&[u8]; 4] = [b"..\\evil", b"C:\\evil", b".. ./evil", b"a/..\\..\\evil"];
    let phone = Phone::new(package(evil.map(|name| (name, file("evil")))));
    let found = unpacked(&read_from(&packed(&phone), 0).await.unwrap());
    let names: Vec<_> = found.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, [".._evil", "C__evil", "__ _/evil", "a/.._.._evil"]);
}

#[tokio::test]
async fn long_paths_are_refused() {
    let long = [vec![b'n'; 4000], vec![b'/'], vec![0xff; 40]].concat();
    // Three bytes for each that is no UTF-8.
    assert_eq!(problem(vec![(long, file(""))]).await, PackError::PathTooLong { limit_bytes: 4096 });
}

/// A phone that answers without a tree behind it.
struct Endless {
    names: Vec<EntryName>,
    kind: EntryKind,
    size_bytes: u64,
}

impl Source for Endless {
    fn stat<'a>(&'a self, path: &'a DevicePath) -> BoxFuture<'a, Result<Stat, SourceError>> {
        let is_package = path.components().count() < 2;
        let kind = if is_package { EntryKind::Directory } else { self.kind };
        Box::pin(
            async move { Ok(Stat { kind, size_bytes: self.size_bytes, modified_nanoseconds: u64::MAX }) },
        )
    }

    fn list<'a>(&'a self, _: &'a DevicePath) -> BoxFuture<'a, Result<Vec<EntryName>, SourceError>> {
        Box::pin(async { Ok(self.names.clone()) })
    }

    fn open<'a>(&'a self, path: &'a DevicePath, _: u64) -> BoxFuture<'a, Result<OpenFile, SourceError>> {
        Box::pin(async { Err(SourceError::new(path, SourceErrorKind::NotFound)) })
    }
}

async fn endless(names: impl Iterator<Item = Vec<u8>>, kind: EntryKind, size_bytes: u64) -> SourceErrorKind {
    let names = names.map(|name| EntryName::new(&name).unwrap()).collect();
    let phone = Arc::new(Endless { names, kind, size_bytes });
    let source = PackedSource::new(phone, HashSet::from([path("A.epub")]));
    let error = source.stat(&path("A.epub")).await.unwrap_err();
    assert!(!error.is_retryable());
    error.kind
}

fn numbers(count: usize) -> impl Iterator<Item = Vec<u8>> {
    (0..count).map(|n| n.to_string().into_bytes())
}

#[tokio::test]
async fn folders_without_end_are_refused() {
    let deep = endless(numbers(1), EntryKind::Directory, 0).await;
    assert_eq!(deep, PackError::TooDeep { limit: 32 }.into());
    for count in [2, 100, 65_534] {
        let wide = endless(numbers(count), EntryKind::Directory, 0).await;
        assert_eq!(wide, PackError::TooManyEntries { limit: 65_534 }.into(), "{count}");
    }
    let wide = endless(numbers(65_535), EntryKind::File, 0).await;
    assert_eq!(wide, PackError::TooManyEntries { limit: 65_534 }.into());
    let names = (0..5000_u32).map(|n| format!("{n:04000}").into_bytes());
    let long = endless(names, EntryKind::File, 0).await;
    assert_eq!(long, PackError::PathsTooLong { limit_bytes: 16 << 20 }.into());
}

#[tokio::test]
async fn what_needs_zip64_is_refused() {
    for (size_bytes, count) in [(u64::MAX, 3), (u64::from(u32::MAX), 1), (1 << 30, 4)] {
        let kind = endless(numbers(count), EntryKind::File, size_bytes).await;
        assert!(matches!(kind, SourceErrorKind::TooLarge { limit_bytes: 0xffff_fffe, .. }), "{kind}");
    }
}

#[tokio::test]
async fn what_is_listed_but_not_there_is_not_left_out_in_silence() {
    struct Holes(Arc<Phone>);
    impl Source for Holes {
        fn stat<'a>(&'a self, at: &'a DevicePath) -> BoxFuture<'a, Result<Stat, SourceError>> {
            self.0.stat(at)
        }
        fn list<'a>(&'a self, at: &'a DevicePath) -> BoxFuture<'a, Result<Vec<EntryName>, SourceError>> {
            Box::pin(async move {
                let mut names = self.0.list(at).await?;
                names.push(EntryName::new(b"ghost").unwrap());
                Ok(names)
            })
        }
        fn open<'a>(&'a self, at: &'a DevicePath, n: u64) -> BoxFuture<'a, Result<OpenFile, SourceError>> {
            self.0.open(at, n)
        }
    }
    let phone = Arc::new(Holes(Phone::new(package([("a", file("a"))]))));
    let source = PackedSource::new(phone, HashSet::from([path("Books/A.epub")]));
    let error = source.stat(&path("Books/A.epub")).await.unwrap_err();
    assert_eq!((error.path, error.kind), (path("Books/A.epub/ghost"), SourceErrorKind::Changed));
}
