//! Writing down what is finished. Who keeps it, and how, is not this room's affair.

use thiserror::Error;

use super::ContentHash;
use crate::catalog::{Fingerprint, Proof};
use crate::plan::{DestPath, PlannedFile};

/// A file that is on the drive: complete, durable, under its name.
#[derive(Debug, Clone, Copy)]
pub struct Done<'a> {
    /// Which one, as it was planned.
    pub file: &'a PlannedFile,
    /// Its size in bytes.
    pub size_bytes: u64,
    /// Its content.
    pub hash: ContentHash,
    /// The fingerprint that the phone would make of its content.
    pub fingerprint: Option<&'a Fingerprint>,
    /// What the phone's own fingerprint said of it; `None` if the phone has no such file.
    pub proof: Option<Proof>,
}

/// Why nothing can be written down any more.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RecordError {
    /// The drive is full.
    #[error("no space is left on the drive")]
    Full,
    /// Anything else.
    #[error("{0}")]
    Failed(String),
}

/// Keeps what was transferred.
pub trait Recorder: Send + 'static {
    /// Keeps files, all or none of them, durably when this returns.
    ///
    /// # Errors
    /// Nothing of them is kept.
    fn record(&mut self, done: &[Done<'_>]) -> Result<(), RecordError>;

    /// The content that was kept for a path; `None` if none was.
    ///
    /// # Errors
    /// It cannot be looked up.
    fn recorded(&self, path: &DestPath) -> Result<Option<ContentHash>, RecordError>;

    /// Keeps that the name of a file belongs to other content.
    ///
    /// # Errors
    /// It is not kept.
    fn record_conflict(&mut self, file: &PlannedFile, size_bytes: u64) -> Result<(), RecordError>;
}
