//! A small phone in memory, for the targets that read one.

use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use iexport::source::{
    BoxFuture, ChunkStream, DevicePath, EntryKind, EntryName, OpenFile, Source, SourceError, SourceErrorKind,
    Stat,
};

/// A phone whose every file of these names has these bytes; its folders hold one another's names.
pub struct Phone<'a> {
    files: &'a [(&'a str, &'a [u8])],
    /// How many times a file was opened.
    pub opened: AtomicUsize,
}

impl<'a> Phone<'a> {
    pub fn of(files: &'a [(&'a str, &'a [u8])]) -> Self {
        Self { files, opened: AtomicUsize::new(0) }
    }
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
        position: u64,
    ) -> BoxFuture<'a, Result<OpenFile, SourceError>> {
        self.opened.fetch_add(1, Ordering::Relaxed);
        let bytes = self.bytes(path).map(Bytes::copy_from_slice);
        Box::pin(async move {
            let bytes = bytes.ok_or_else(|| SourceError::new(path, SourceErrorKind::NotFound))?;
            let stat =
                Stat { kind: EntryKind::File, size_bytes: bytes.len() as u64, modified_nanoseconds: 1 };
            let start = usize::try_from(position).map_or(bytes.len(), |start| start.min(bytes.len()));
            let left = Some(bytes.slice(start..)).filter(|bytes| !bytes.is_empty());
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
pub fn ready<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
}
