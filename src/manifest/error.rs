//! Why there is no manifest.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::ledger::{FILE, FOLDER, LedgerError};

/// Why a manifest cannot be made, or the drive cannot be compared with it.
#[derive(Debug, Error)]
pub enum ManifestError {
    /// The folder has no ledger: nothing was exported to it.
    #[error("there is no ledger in {} (no {FOLDER}/{FILE})", destination.display())]
    NoLedger {
        /// The folder.
        destination: PathBuf,
        /// A folder above it that has one.
        above: Option<PathBuf>,
    },
    /// The ledger cannot be read.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The file that was to be written exists.
    #[error("{} exists already, and nothing is written over", .0.display())]
    Exists(PathBuf),
    /// The manifest cannot be written.
    #[error("cannot write to {to}: {error}")]
    Write {
        /// Where it was to go.
        to: String,
        /// What the system said.
        error: io::Error,
    },
    /// Whoever read it wants no more.
    #[error("nobody reads any more")]
    ReaderGone,
    /// The drive went away while it was compared.
    #[error("the drive at {} is not there any more", .0.display())]
    DriveGone(PathBuf),
    /// Somebody stopped it.
    #[error("stopped")]
    Interrupted,
}

impl ManifestError {
    /// An error while writing to `to`.
    pub(super) fn write(to: &str, error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::ReaderGone,
            _ => Self::Write { to: to.to_owned(), error },
        }
    }
}
