//! One run at a time on a destination.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use super::LedgerError;

/// The lock's file in [`super::FOLDER`]. It stays when the lock is let go: removing it would be a race.
const FILE: &str = "lock";

/// A lock on a destination, let go when dropped or when the process ends in whatever way.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock, or says that somebody else has it.
    ///
    /// A file system without locks (some network drives) gives a lock that holds nobody off: rather that
    /// than a drive that cannot be used at all.
    pub(super) fn take(folder: &Path) -> Result<Self, LedgerError> {
        let path = folder.join(FILE);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let file = options.open(&path).map_err(|error| LedgerError::of_io(path.clone(), error))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(LedgerError::InUse { path }),
            Err(TryLockError::Error(error)) => {
                tracing::debug!(%error, "the destination's file system has no locks");
            }
        }
        Ok(Self { _file: file })
    }
}
