//! The writer of one file: takes its bytes as they come, hashes and writes them, makes them durable.
//!
//! It makes two hashes: BLAKE3, by which this program knows the content again, and the phone's own fingerprint, which
//! can be compared with what the phone recorded. Both are faster than any cable.

use std::io;
use std::sync::Arc;

use blake3::Hasher;
use bytes::Bytes;
use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::drive::Drive;
use super::hash::ContentHash;
use crate::catalog::{Fingerprint, Fingerprinter};

/// Chunks that may wait for the drive, per file.
const WAITING: usize = 2;

/// What was written, or only read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) size_bytes: u64,
    pub(super) hash: ContentHash,
    /// The fingerprint that the phone would make of it.
    pub(super) fingerprint: Fingerprint,
}

/// What to do with the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sink {
    /// Write them to the nameless file of this number, which is to have this time.
    Partial { number: u64, time: Option<Timestamp> },
    /// Only hash them, to compare.
    Compare,
}

/// A file that is being written.
pub(super) struct Writer {
    chunks: mpsc::Sender<Bytes>,
    result: JoinHandle<io::Result<Written>>,
}

impl Writer {
    /// Begins a file.
    pub(super) fn start(drive: Arc<dyn Drive>, sink: Sink) -> Self {
        let (chunks, incoming) = mpsc::channel(WAITING);
        let result = tokio::task::spawn_blocking(move || write_all(&*drive, sink, incoming));
        Self { chunks, result }
    }

    /// Adds bytes. `false` if the writer has failed; [`Self::finish`] tells why.
    pub(super) async fn push(&self, chunk: Bytes) -> bool {
        self.chunks.send(chunk).await.is_ok()
    }

    /// After the last byte: waits until everything is durable.
    pub(super) async fn finish(self) -> io::Result<Written> {
        drop(self.chunks);
        self.result.await.unwrap_or_else(|error| Err(io::Error::other(error)))
    }
}

fn write_all(drive: &dyn Drive, sink: Sink, mut incoming: mpsc::Receiver<Bytes>) -> io::Result<Written> {
    let (mut hasher, mut fingerprinter) = (Hasher::new(), Fingerprinter::new());
    let mut size_bytes = 0;
    let mut partial = match sink {
        Sink::Partial { number, .. } => Some(drive.begin(number)?),
        Sink::Compare => None,
    };
    while let Some(chunk) = incoming.blocking_recv() {
        if let Some(partial) = &mut partial {
            partial.write(&chunk)?;
        }
        hasher.update(&chunk);
        fingerprinter.update(&chunk);
        size_bytes += chunk.len() as u64;
    }
    if let (Some(mut partial), Sink::Partial { time, .. }) = (partial, sink) {
        partial.finish(time)?;
    }
    let hash = ContentHash(*hasher.finalize().as_bytes());
    Ok(Written { size_bytes, hash, fingerprint: fingerprinter.finish() })
}
