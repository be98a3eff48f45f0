//! What can be wrong with a ledger.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;
use thiserror::Error;

/// Why a ledger cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// Another run has the destination.
    #[error("another export to this destination is running (it holds {})", path.display())]
    InUse {
        /// The lock file.
        path: PathBuf,
    },
    /// The drive or the folder cannot be written to.
    #[error("{} cannot be written to: the drive or the folder is read-only", path.display())]
    ReadOnly {
        /// What could not be written.
        path: PathBuf,
    },
    /// The drive is full.
    #[error("no space is left on the drive for {}", path.display())]
    Full {
        /// What could not be written.
        path: PathBuf,
    },
    /// The file is damaged.
    #[error(
        "the ledger {} is damaged; move it away and export again with the same options: it is rebuilt from the files on the drive",
        path.display()
    )]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        source: rusqlite::Error,
    },
    /// An SQLite file, but not a ledger.
    #[error("{} is a database of another program", path.display())]
    NotALedger {
        /// The file.
        path: PathBuf,
    },
    /// Written by a newer version of this program.
    #[error(
        "the ledger {} was written by a newer version of this program (format {found}, this one knows \
         {supported}); use that version",
        path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// The file's format.
        found: u32,
        /// The newest format that this program knows.
        supported: u32,
    },
    /// Written by an older version, and only reading was asked for.
    #[error(
        "the ledger {} is in an older format ({found}, now {current}); the next export brings it up to date",
        path.display()
    )]
    Older {
        /// The file.
        path: PathBuf,
        /// The file's format.
        found: u32,
        /// The format that this program reads.
        current: u32,
    },
    /// The folder for the ledger, or the lock in it, cannot be made.
    #[error("cannot use {}", path.display())]
    Folder {
        /// What could not be made.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Anything else that SQLite reports.
    #[error("the ledger {} cannot be used", path.display())]
    Database {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        source: rusqlite::Error,
    },
}

impl LedgerError {
    /// An error while making files beside the ledger.
    pub(super) fn of_io(path: PathBuf, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => Self::ReadOnly { path },
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full { path },
            _ => Self::Folder { path, source },
        }
    }
}

/// Which file errors are about.
#[derive(Debug, Clone)]
pub(super) struct Context(PathBuf);

impl Context {
    pub(super) fn new(path: PathBuf) -> Self {
        Self(path)
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// Says what an error of SQLite means for the ledger.
    pub(super) fn wrap<T>(&self, result: rusqlite::Result<T>) -> Result<T, LedgerError> {
        result.map_err(|source| {
            let path = self.0.clone();
            match source.sqlite_error_code() {
                Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                    LedgerError::Corrupt { path, source }
                }
                Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => LedgerError::ReadOnly { path },
                Some(ErrorCode::DiskFull) => LedgerError::Full { path },
                Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => LedgerError::InUse { path },
                _ => LedgerError::Database { path, source },
            }
        })
    }
}
