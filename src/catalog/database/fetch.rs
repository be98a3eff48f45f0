//! Brings a file of the phone onto this computer, in bounded memory.

use std::fs::File;
use std::io::{self, Write};

use bytes::Bytes;
use tokio::sync::mpsc;

use super::wal::{Scanner, Wal};
use crate::source::{DevicePath, Source, SourceError, SourceErrorKind, Stat};

/// Chunks that may wait for the disk.
const WAITING_CHUNKS: usize = 8;

/// Why a file could not be brought over.
#[derive(Debug)]
pub(super) enum FetchError {
    /// The phone's side.
    Source(SourceError),
    /// This computer's side.
    Local(io::Error),
}

impl From<SourceError> for FetchError {
    fn from(error: SourceError) -> Self {
        Self::Source(error)
    }
}

/// Copies a file of at most `limit` bytes into `to`. Returns what the source said of it.
pub(super) async fn to_file(
    source: &dyn Source,
    path: &DevicePath,
    limit: u64,
    to: File,
    on_bytes: &(dyn Fn(u64) + Sync),
) -> Result<Stat, FetchError> {
    let write = |to: &mut File, chunk: &[u8]| to.write_all(chunk);
    Ok(drain(source, path, limit, to, write, on_bytes).await?.0)
}

/// Reads a log of at most `limit` bytes, keeping what counts of it and, if wanted, its bytes in `to`.
pub(super) async fn log(
    source: &dyn Source,
    path: &DevicePath,
    limit: u64,
    to: Option<File>,
    on_bytes: &(dyn Fn(u64) + Sync),
) -> Result<Wal, FetchError> {
    let write = |(scanner, to): &mut (Scanner, Option<File>), chunk: &[u8]| {
        scanner.push(chunk);
        to.as_mut().map_or(Ok(()), |to| to.write_all(chunk))
    };
    match drain(source, path, limit, (Scanner::default(), to), write, on_bytes).await {
        Ok((_, (scanner, _))) => Ok(scanner.finish()),
        // A log that is not there is an empty one.
        Err(FetchError::Source(error)) if error.kind == SourceErrorKind::NotFound => Ok(Wal::default()),
        Err(error) => Err(error),
    }
}

/// Feeds the bytes of a file to `write` on a thread that may block.
async fn drain<S: Send + 'static>(
    source: &dyn Source,
    path: &DevicePath,
    limit: u64,
    mut state: S,
    write: impl Fn(&mut S, &[u8]) -> io::Result<()> + Send + 'static,
    on_bytes: &(dyn Fn(u64) + Sync),
) -> Result<(Stat, S), FetchError> {
    let mut file = source.open(path, 0).await?;
    let stat = file.stat;
    if stat.size_bytes > limit {
        let kind = SourceErrorKind::TooLarge { size_bytes: stat.size_bytes, limit_bytes: limit };
        return Err(SourceError::new(path, kind).into());
    }
    let (sender, mut receiver) = mpsc::channel::<Bytes>(WAITING_CHUNKS);
    let writer = tokio::task::spawn_blocking(move || {
        while let Some(chunk) = receiver.blocking_recv() {
            write(&mut state, &chunk)?;
        }
        Ok(state)
    });
    let mut failed = None;
    loop {
        match file.chunks.next().await {
            Ok(Some(chunk)) => {
                let length = chunk.len() as u64;
                if sender.send(chunk).await.is_err() {
                    break; // The writer gave up and will say why.
                }
                on_bytes(length);
            }
            Ok(None) => break,
            Err(error) => {
                failed = Some(error);
                break;
            }
        }
    }
    drop(sender);
    let state = match writer.await {
        Ok(written) => written.map_err(FetchError::Local)?,
        Err(error) => return Err(FetchError::Local(io::Error::other(error))),
    };
    match failed {
        Some(error) => Err(error.into()),
        None => Ok((stat, state)),
    }
}
