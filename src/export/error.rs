//! Why an export cannot begin.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::DestinationError;
use crate::catalog::CatalogError;
use crate::fields::FieldError;
use crate::ledger::LedgerError;
use crate::select::SelectError;
use crate::source::SourceError;
use crate::transfer::End;

/// Why an export cannot begin.
#[derive(Debug, Error)]
pub enum ExportError {
    /// The catalogue cannot be read.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// What was asked for does not exist.
    #[error(transparent)]
    Select(#[from] SelectError),
    /// The template for folders and names cannot be worked out for an item.
    #[error("the template for folders and names: {0}")]
    Template(FieldError),
    /// The source is gone.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The destination cannot be used.
    #[error(transparent)]
    Destination(#[from] DestinationError),
    /// The ledger on the destination cannot be used.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The destination cannot be read or written.
    #[error("cannot use {}: {error}", .path.display())]
    Drive {
        /// The destination.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// Nobody said which files are meant.
    #[error("nothing says which files are meant")]
    NoFiles,
    /// This computer has no room for temporary files.
    #[error("cannot make a temporary folder on this computer: {0}")]
    Scratch(io::Error),
}

impl ExportError {
    /// What it means when something is on the drive already, which has to be told: how the run ended.
    pub(super) fn into_end(self) -> End {
        match self {
            Self::Source(error) | Self::Catalog(CatalogError::Source(error)) => {
                End::SourceLost(error.to_string())
            }
            Self::Drive { .. } | Self::Ledger(_) | Self::Destination(_) => End::DriveFailed(self.to_string()),
            other => End::Broken(other.to_string()),
        }
    }

    /// An error of the destination.
    pub(super) fn drive(path: &Path, error: io::Error) -> Self {
        Self::Drive { path: path.to_owned(), error }
    }
}
