//! The pool that makes JPEGs of HEICs, beside the copying.
//!
//! A lane that has brought a HEIC leaves its bytes here and goes on with the next file. What waits here and what is
//! being decoded is bounded: a lane for which there is no room waits, and so does the cable.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::mpsc::SyncSender;

use blake3::Hasher;
use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::commit::{Finished, Unit};
use super::drive::{Drive, PartialFile};
use super::hash::ContentHash;
use super::lane::Board;
use super::tally::{End, WriteProblem};
use super::write::Written;
use crate::catalog::Proof;
use crate::convert::{ConvertError, Decoder, Heic, to_jpeg};
use crate::plan::{Action, Conversion, PlannedFile};
use crate::report::Report;

/// The largest file that is converted, in bytes. Photos of 200 million points have less.
const MAX_FILE_BYTES: u64 = 128 << 20;

/// Bytes of files that wait to be converted or are being converted.
const WAITING_BYTES: u64 = 256 << 20;

/// Bytes that all conversions under way may take, besides the files themselves.
const WORKING_BYTES: u64 = 768 << 20;

/// What a permit stands for, in bytes.
const UNIT_BYTES: u64 = 1 << 20;

/// What is shared by all conversions of a transfer.
pub(super) struct Pool {
    decoder: Arc<dyn Decoder>,
    waiting: Arc<Semaphore>,
    working: Arc<Semaphore>,
    workers: Arc<Semaphore>,
}

/// The bytes of a file on its way to be converted.
pub(super) struct Collected {
    bytes: Vec<u8>,
    size: usize,
    /// Its share of what may wait.
    _room: OwnedSemaphorePermit,
}

impl Collected {
    /// What has come of it.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Adds bytes. More than were promised are not kept: such a file is not whole anyway.
    pub(super) fn push(&mut self, chunk: &Bytes) {
        if self.bytes.len() + chunk.len() <= self.size {
            self.bytes.extend_from_slice(chunk);
        }
    }
}

/// The permits for so many bytes; `None` if there will never be that many.
fn permits(bytes: u64, all: u64) -> Option<u32> {
    let permits = u32::try_from(bytes.div_ceil(UNIT_BYTES).max(1)).ok()?;
    (u64::from(permits) * UNIT_BYTES <= all).then_some(permits)
}

fn semaphore(bytes: u64) -> Arc<Semaphore> {
    Arc::new(Semaphore::new(usize::try_from(bytes / UNIT_BYTES).unwrap_or(Semaphore::MAX_PERMITS)))
}

impl Pool {
    /// As many conversions at once as there are processors.
    pub(super) fn new(decoder: Arc<dyn Decoder>) -> Self {
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            decoder,
            waiting: semaphore(WAITING_BYTES),
            working: semaphore(WORKING_BYTES),
            workers: Arc::new(Semaphore::new(processors)),
        }
    }

    /// Room for a file of this size that is to have tags, and for its copy with them; or why it is not to.
    pub(super) async fn room_to_tag(&self, size_bytes: u64) -> Result<Collected, String> {
        let too_large = || format!("it is too large for that (more than {} MB)", (WAITING_BYTES / 2) >> 20);
        let permits = size_bytes.checked_mul(2).and_then(|bytes| permits(bytes, WAITING_BYTES));
        let permits = permits.ok_or_else(too_large)?;
        let size = usize::try_from(size_bytes).map_err(|_| too_large())?;
        self.collect(size, permits).await
    }

    async fn collect(&self, size: usize, permits: u32) -> Result<Collected, String> {
        let room = Arc::clone(&self.waiting).acquire_many_owned(permits).await;
        Ok(Collected { bytes: Vec::with_capacity(size), size, _room: room.map_err(|_| CLOSED.to_owned())? })
    }

    /// Room for a file of this size, as soon as there is any; or why it is not to be converted.
    pub(super) async fn room(&self, size_bytes: u64) -> Result<Collected, String> {
        let too_large = || format!("it is too large to be converted (more than {} MB)", MAX_FILE_BYTES >> 20);
        if size_bytes > MAX_FILE_BYTES {
            return Err(too_large());
        }
        let permits = permits(size_bytes, WAITING_BYTES).ok_or_else(too_large)?;
        let size = usize::try_from(size_bytes).map_err(|_| too_large())?;
        self.collect(size, permits).await
    }
}

/// Nobody closes the semaphores.
const CLOSED: &str = "nothing is converted any more";

/// A file whose bytes are here, checked, and that is to be converted.
pub(super) struct Job {
    pub(super) pool: Arc<Pool>,
    pub(super) drive: Arc<dyn Drive>,
    pub(super) report: Arc<dyn Report>,
    pub(super) board: Arc<Board>,
    pub(super) to_commit: SyncSender<Unit>,
    /// The HEIC. It has no nameless file yet unless it is wanted too.
    pub(super) source: Finished,
    pub(super) conversion: Conversion,
    /// The number that the JPEG's nameless file is to have.
    pub(super) made_number: u64,
    pub(super) collected: Collected,
}

/// Why there is no JPEG.
enum Trouble {
    /// None can be made of this file.
    Cannot(String),
    /// It could be made, but not written.
    Drive(io::Error),
    Stopped,
}

impl From<ConvertError> for Trouble {
    fn from(error: ConvertError) -> Self {
        match error {
            ConvertError::Write(error) => Self::Drive(error),
            ConvertError::Stopped => Self::Stopped,
            other => Self::Cannot(other.to_string()),
        }
    }
}

/// Does work that blocks on a thread for such.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Trouble> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Trouble::Cannot(error.to_string()))
}

impl Job {
    /// Makes the JPEG and hands all that came of the file to the committer.
    pub(super) async fn run(self) {
        let job = Arc::new(self);
        let settled = match Arc::clone(&job).make().await {
            Ok(written) => Arc::clone(&job).with_jpeg(written).await,
            Err(Trouble::Cannot(reason)) => Arc::clone(&job).without_jpeg(reason).await,
            Err(trouble) => Err(trouble),
        };
        let problem = match settled {
            Ok(unit) => return job.hand_on(unit).await,
            Err(Trouble::Drive(error)) => WriteProblem::of(&error),
            Err(Trouble::Cannot(reason)) => WriteProblem::ThisFile(reason),
            Err(Trouble::Stopped) => return job.discard(),
        };
        job.discard();
        match problem {
            WriteProblem::ThisFile(reason) => job.board.fail_file(&job.source.file, reason, &*job.report),
            WriteProblem::Everything(end) => job.board.end(end),
        }
    }

    /// Waits for its turn and for memory, then decodes and writes.
    async fn make(self: Arc<Self>) -> Result<Written, Trouble> {
        let stop = self.board.stopper();
        let turn = stop.run_until_cancelled(Arc::clone(&self.pool.workers).acquire_owned());
        let _turn = turn.await.ok_or(Trouble::Stopped)?.map_err(|_| Trouble::Stopped)?;
        let job = Arc::clone(&self);
        let need = blocking(move || {
            let stop = || job.board.stopper().is_cancelled();
            Heic::read(&job.collected.bytes, &stop).map(|heic| heic.need_bytes())
        });
        let need = need.await??;
        let permits = permits(need, WORKING_BYTES).ok_or_else(|| {
            Trouble::Cannot(format!(
                "it is too large to be converted (it would take {} MB of memory)",
                need >> 20
            ))
        })?;
        let memory = stop.run_until_cancelled(Arc::clone(&self.pool.working).acquire_many_owned(permits));
        let _memory = memory.await.ok_or(Trouble::Stopped)?.map_err(|_| Trouble::Stopped)?;
        blocking(move || self.decode_and_write()).await?
    }

    fn decode_and_write(&self) -> Result<Written, Trouble> {
        let partial = match self.conversion.action {
            Action::Adopt => None,
            Action::Copy | Action::Replace => {
                Some(self.drive.begin(self.made_number).map_err(Trouble::Drive)?)
            }
        };
        let mut out = Hashing { partial, hasher: Hasher::new(), size_bytes: 0 };
        let stop = || self.board.stopper().is_cancelled();
        to_jpeg(&self.collected.bytes, self.conversion.quality, &*self.pool.decoder, &stop, &mut out)?;
        if let Some(partial) = &mut out.partial {
            partial.finish(self.source.file.time).map_err(Trouble::Drive)?;
        }
        let hash = ContentHash::from(out.hasher.finalize());
        Ok(Written { size_bytes: out.size_bytes, hash, fingerprint: self.source.written.fingerprint.clone() })
    }

    /// The JPEG; with the HEIC, if that is wanted too. A HEIC that is not what the phone recorded is wanted in any
    /// case: somebody has to look at it, and a JPEG of it is something else again.
    async fn with_jpeg(self: Arc<Self>, written: Written) -> Result<Unit, Trouble> {
        let file = made(&self.source.file, &self.conversion);
        let jpeg = Finished { number: self.made_number, file, written, ..self.source.clone() };
        let mut parts = vec![jpeg];
        if self.conversion.keep_original {
            parts.insert(0, self.source.clone());
        } else if self.source.proof == Proof::Differs {
            Arc::clone(&self).write_original().await?;
            parts.insert(0, self.source.clone());
        }
        Ok(Unit { parts })
    }

    /// The HEIC alone, since no JPEG can be made of it.
    async fn without_jpeg(self: Arc<Self>, reason: String) -> Result<Unit, Trouble> {
        self.drive.discard(self.made_number);
        if !self.conversion.keep_original {
            Arc::clone(&self).write_original().await?;
        }
        Ok(Unit { parts: vec![Finished { not_converted: Some(reason), ..self.source.clone() }] })
    }

    /// Writes the HEIC that was not written yet, because only a JPEG was wanted. These are the very bytes that were
    /// hashed.
    async fn write_original(self: Arc<Self>) -> Result<(), Trouble> {
        if self.source.file.action == Action::Adopt {
            // It lies there, if what lies there turns out to be it.
            return Ok(());
        }
        let written = blocking(move || {
            let mut partial = self.drive.begin(self.source.number)?;
            partial.write(&self.collected.bytes)?;
            partial.finish(self.source.file.time)
        });
        written.await?.map_err(Trouble::Drive)
    }

    /// Throws away what was written.
    fn discard(&self) {
        self.drive.discard(self.made_number);
        self.drive.discard(self.source.number);
    }

    async fn hand_on(&self, unit: Unit) {
        let to_commit = self.to_commit.clone();
        // The committer may be flushing: waiting for it must not hold up the lanes' threads.
        if !matches!(blocking(move || to_commit.send(unit).is_ok()).await, Ok(true)) {
            self.board.end(End::Broken("nobody records what is finished".to_owned()));
        }
    }
}

/// The JPEG of a planned file as a file of its own.
fn made(file: &PlannedFile, conversion: &Conversion) -> PlannedFile {
    PlannedFile {
        role: conversion.role,
        to: conversion.to.clone(),
        action: conversion.action,
        size_hint: None,
        supersedes: None,
        convert: None,
        ..file.clone()
    }
}

/// Hashes what it is given, and writes it on if there is a file to write it to.
struct Hashing {
    partial: Option<Box<dyn PartialFile>>,
    hasher: Hasher,
    size_bytes: u64,
}

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(partial) = &mut self.partial {
            partial.write(bytes)?;
        }
        self.hasher.update(bytes);
        self.size_bytes += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::convert::testing::TestHeic;

    /// What `docs/conversion.md` says of the memory that a picture takes.
    #[test]
    fn how_many_points_there_is_memory_for() {
        let is_enough = |heic: TestHeic| {
            let need = Heic::read(&heic.file(), &|| false).unwrap().need_bytes();
            permits(need, WORKING_BYTES).is_some()
        };
        // In one piece: 70 and 75 million points.
        assert!(is_enough(TestHeic::single((10_000, 7000))));
        assert!(!is_enough(TestHeic::single((10_000, 7500))));
        // 40 and 45 million with fine colour.
        assert!(is_enough(TestHeic::single((8000, 5000)).with_full_chroma()));
        assert!(!is_enough(TestHeic::single((9000, 5000)).with_full_chroma()));
        // Tiles: 200 million, whatever the colour.
        assert!(is_enough(TestHeic::grid((16_000, 12_500), (512, 512))));
        assert!(is_enough(TestHeic::grid((16_000, 12_500), (512, 512)).with_full_chroma()));
    }

    #[test]
    fn permits_for_bytes() {
        assert_eq!(permits(0, 10 << 20), Some(1));
        assert_eq!(permits(1 << 20, 10 << 20), Some(1));
        assert_eq!(permits((1 << 20) + 1, 10 << 20), Some(2));
        assert_eq!(permits(10 << 20, 10 << 20), Some(10));
        assert_eq!(permits((10 << 20) + 1, 10 << 20), None);
        assert_eq!(permits(u64::MAX, u64::MAX), None);
    }
}
