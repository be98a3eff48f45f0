//! The lists and descriptions that a phone keeps beside its tones and in its books: any bytes in their
//! place.
#![no_main]

use std::collections::HashSet;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use iexport::catalog::{Catalog, books, ringtones};
use iexport::source::{
    BoxFuture, ChunkStream, DevicePath, EntryKind, EntryName, OpenFile, Source, SourceError, SourceErrorKind,
    Stat,
};

/// A phone whose every file of these names has these bytes; its folders hold one another's names.
struct Phone<'a> {
    files: &'a [(&'a str, &'a [u8])],
}

impl Phone<'_> {
    fn bytes(&self, path: &DevicePath) -> Option<&[u8]> {
        self.files.iter().find(|(name, _)| name.as_bytes() == path.as_bytes()).map(|(_, bytes)| *bytes)
    }

    fn names(&self, path: &DevicePath) -> Vec<EntryName> {
        let below = self.files.iter().filter_map(|(name, _)| {
            let rest = name.as_bytes().strip_prefix(path.as_bytes())?.strip_prefix(b"/")?;
            EntryName::new(rest.split(|byte| *byte == b'/').next()?).ok()
        });
        below.collect()
    }
}

impl Source for Phone<'_> {
    fn stat<'a>(&'a self, path: &'a DevicePath) -> BoxFuture<'a, Result<Stat, SourceError>> {
        let stat =
            |kind, bytes: &[u8]| Stat { kind, size_bytes: bytes.len() as u64, modified_nanoseconds: 1 };
        let found = match self.bytes(path) {
            Some(bytes) => Ok(stat(EntryKind::File, bytes)),
            None if !self.names(path).is_empty() => Ok(stat(EntryKind::Directory, &[])),
            None => Err(SourceError::new(path, SourceErrorKind::NotFound)),
        };
        Box::pin(async move { found })
    }

    fn list<'a>(&'a self, path: &'a DevicePath) -> BoxFuture<'a, Result<Vec<EntryName>, SourceError>> {
        let names = Some(self.names(path)).filter(|names| !names.is_empty());
        Box::pin(async move { names.ok_or_else(|| SourceError::new(path, SourceErrorKind::NotFound)) })
    }

    fn open<'a>(
        &'a self,
        path: &'a DevicePath,
        _position: u64,
    ) -> BoxFuture<'a, Result<OpenFile, SourceError>> {
        let bytes = self.bytes(path).map(Bytes::copy_from_slice);
        Box::pin(async move {
            let bytes = bytes.ok_or_else(|| SourceError::new(path, SourceErrorKind::NotFound))?;
            let stat =
                Stat { kind: EntryKind::File, size_bytes: bytes.len() as u64, modified_nanoseconds: 1 };
            let left = Some(bytes).filter(|bytes| !bytes.is_empty());
            Ok(OpenFile { stat, chunks: Box::new(Chunks(left)) })
        })
    }
}

struct Chunks(Option<Bytes>);

impl ChunkStream for Chunks {
    fn next(&mut self) -> BoxFuture<'_, Result<Option<Bytes>, SourceError>> {
        let next = self.0.take();
        Box::pin(async move { Ok(next) })
    }
}

/// Nothing here waits for anything, so every future is ready sooner or later.
fn ready<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
}

/// At least so many things are on the phone, whatever a list says, and no two have the same identity.
fn check(catalog: &Catalog, on_phone: usize) {
    assert!(
        catalog.items.iter().filter(|item| !item.is_missing() && !item.is_cloud_only()).count() >= on_phone
    );
    let identities: HashSet<_> = catalog.items.iter().map(|item| &item.uuid).collect();
    assert_eq!(identities.len(), catalog.items.len());
}

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let tones =
        [("iTunes_Control/iTunes/Ringtones.plist", data), ("iTunes_Control/Ringtones/A.m4r", b"tone")];
    check(&ready(ringtones::read(&Phone { files: &tones }, &|_| ())).unwrap(), 1);

    const CONTAINER: &[u8] = b"<c><rootfile full-path='a.opf'/></c>";
    let shelf = [
        ("Books/Books.plist", data),
        ("Books/Listed.pdf", b"pdf"),
        ("Books/Fonts.epub/META-INF/encryption.xml", data),
        ("Books/Fonts.epub/iTunesMetadata.plist", data),
        ("Books/Lost.epub/META-INF/container.xml", data),
        ("Books/Own.epub/META-INF/container.xml", CONTAINER),
        ("Books/Own.epub/a.opf", data),
    ];
    let read = ready(books::read(&Phone { files: &shelf }, &|_| ())).unwrap();
    check(&read.catalog, 4);
    assert!(read.packages.len() >= 3);
});
