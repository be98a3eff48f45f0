//! Sidecars on their way to the drive: some at a time, because making one durable takes a drive about as long as
//! making several.
//!
//! The promise is that of a transfer: durable before it is named, named before it is recorded. A crash between
//! naming and recording leaves a file that the next run finds equal.

use std::collections::BTreeSet;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::folder_end;
use crate::ledger::SidecarEntry;
use crate::plan::DestPath;
use crate::transfer::{Drive, End, WriteProblem};

/// Sidecars in a batch.
const MOST: usize = 64;
/// Bytes in a batch, more or less: captions can be of any length.
const MOST_BYTES: usize = 4 << 20;
/// How many are made durable at once.
const AT_ONCE: usize = 4;

/// How a sidecar comes to the drive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// Nothing has its name.
    Written,
    /// In place of what we wrote there before.
    Rewritten,
    /// It is there, only the ledger does not know.
    Equal,
}

/// A sidecar that is to be on the drive.
pub(super) struct Pending {
    pub(super) entry: SidecarEntry,
    /// Where it lay before, if that was elsewhere.
    pub(super) elsewhere: Option<SidecarEntry>,
    bytes: Vec<u8>,
    how: How,
}

impl Pending {
    /// Where nothing is.
    pub(super) fn new(entry: SidecarEntry, bytes: Vec<u8>, elsewhere: Option<SidecarEntry>) -> Self {
        let elsewhere = elsewhere.filter(|old| old.to != entry.to);
        Self { entry, elsewhere, bytes, how: How::Written }
    }

    /// In place of what we wrote there before.
    pub(super) fn instead(entry: SidecarEntry, bytes: Vec<u8>) -> Self {
        Self { entry, elsewhere: None, bytes, how: How::Rewritten }
    }

    /// Where the same lies already.
    pub(super) fn equal(entry: SidecarEntry, elsewhere: Option<SidecarEntry>) -> Self {
        let elsewhere = elsewhere.filter(|old| old.to != entry.to);
        Self { entry, elsewhere, bytes: Vec::new(), how: How::Equal }
    }

    pub(super) fn how(&self) -> How {
        self.how
    }
}

/// What came of a batch. What is in neither list was not written.
#[derive(Default)]
pub(super) struct Written {
    /// What has its name, durably.
    pub(super) named: Vec<Pending>,
    /// What got no name: the reason, or `None` if somebody took it in the meantime.
    pub(super) refused: Vec<(DestPath, Option<String>)>,
    /// Why nothing more can be written.
    pub(super) end: Option<End>,
}

/// Sidecars that are brought to the drive together.
#[derive(Default)]
pub(super) struct Batch {
    pending: Vec<Pending>,
    bytes: usize,
}

impl Batch {
    pub(super) fn add(&mut self, pending: Pending) {
        self.bytes += pending.bytes.len();
        self.pending.push(pending);
    }

    pub(super) fn is_full(&self) -> bool {
        self.pending.len() >= MOST || self.bytes >= MOST_BYTES
    }

    pub(super) fn len(&self) -> u64 {
        self.pending.len() as u64
    }

    /// Writes all of them, gives them their names and makes those durable.
    pub(super) fn write(self, drive: &dyn Drive) -> Written {
        let results = write_all(drive, &self.pending);
        let mut out = Written::default();
        for ((number, pending), result) in (0_u64..).zip(self.pending).zip(results) {
            let result = match (&out.end, result) {
                (None, Ok(())) => name(drive, number, &pending),
                (None, Err(error)) => Err(error),
                (Some(_), _) => {
                    drive.discard(number);
                    continue;
                }
            };
            let Err(error) = result else {
                out.named.push(pending);
                continue;
            };
            drive.discard(number);
            match WriteProblem::of(&error) {
                _ if error.kind() == io::ErrorKind::AlreadyExists => {
                    out.refused.push((pending.entry.to, None))
                }
                WriteProblem::ThisFile(reason) => out.refused.push((pending.entry.to, Some(reason))),
                WriteProblem::Everything(end) => out.end = Some(end),
            }
        }
        let folders: BTreeSet<DestPath> = out.named.iter().map(|pending| pending.entry.to.parent()).collect();
        let lost = folders.iter().find_map(|folder| drive.sync_folder(folder).err());
        if let Some(error) = lost {
            // Their names may not last: the next run finds out.
            out.named.clear();
            out.end.get_or_insert_with(|| folder_end(&error));
        }
        out
    }
}

/// Makes the bytes of each durable, under no name yet; what came of each.
fn write_all(drive: &dyn Drive, pending: &[Pending]) -> Vec<io::Result<()>> {
    let results: Vec<Mutex<io::Result<()>>> = pending.iter().map(|_| Mutex::new(Ok(()))).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let (Some(pending), Some(result)) = (pending.get(index), results.get(index)) else { return };
            *result.lock().unwrap_or_else(PoisonError::into_inner) = write(drive, index as u64, pending);
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..AT_ONCE.min(pending.len()) {
            // Where the system gives no more threads, this one does it all.
            let _ = std::thread::Builder::new().spawn_scoped(scope, work);
        }
        work();
    });
    results.into_iter().map(|result| result.into_inner().unwrap_or_else(PoisonError::into_inner)).collect()
}

fn write(drive: &dyn Drive, number: u64, pending: &Pending) -> io::Result<()> {
    if pending.how == How::Equal {
        return Ok(());
    }
    let mut partial = drive.begin(number)?;
    partial.write(&pending.bytes)?;
    partial.finish(None)
}

fn name(drive: &dyn Drive, number: u64, pending: &Pending) -> io::Result<()> {
    match pending.how {
        How::Written => drive.publish(number, &pending.entry.to, false),
        How::Rewritten => drive.publish(number, &pending.entry.to, true),
        How::Equal => Ok(()),
    }
}
