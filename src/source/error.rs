//! Why something on a source could not be read.

use thiserror::Error;

use super::{DevicePath, PackError};

/// An error about one path of a source.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{path}: {kind}")]
pub struct SourceError {
    /// What was asked for.
    pub path: DevicePath,
    /// What went wrong.
    pub kind: SourceErrorKind,
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SourceErrorKind {
    /// No such file or directory.
    #[error("not found on the phone")]
    NotFound,
    /// A file was expected, or a directory was.
    #[error("not the kind of thing that was expected")]
    WrongKind,
    /// The phone refuses.
    #[error("the phone refuses to give it out ({0})")]
    Denied(String),
    /// The phone cannot read it; files that are only in iCloud look like this.
    #[error("the phone cannot read it ({0})")]
    Unreadable(String),
    /// The phone is short of something for a moment.
    #[error("the phone is busy ({0})")]
    Busy(String),
    /// The file ended before its stated size.
    #[error("ended after {got_bytes} of {expected_bytes} bytes")]
    ShortRead {
        /// Stated size in bytes.
        expected_bytes: u64,
        /// Bytes that came.
        got_bytes: u64,
    },
    /// The file is larger than the caller can use.
    #[error("{size_bytes} bytes are more than the {limit_bytes} that make sense here")]
    TooLarge {
        /// Size in bytes.
        size_bytes: u64,
        /// Limit in bytes.
        limit_bytes: u64,
    },
    /// It is not what it was a moment ago, so its bytes do not belong together.
    #[error("it changed while it was being read")]
    Changed,
    /// A folder that was to be read as one file cannot be.
    #[error("the folder cannot be packed into a file: {0}")]
    NotPackable(#[from] PackError),
    /// The connection is gone: unplugged, switched off, or cut by the phone.
    #[error("the connection to the phone was lost ({0})")]
    Disconnected(String),
    /// No answer in time.
    #[error("the phone did not answer in time")]
    TimedOut,
    /// The phone answered something that makes no sense.
    #[error("the phone answered something that makes no sense ({0})")]
    Protocol(String),
    /// A local folder could not be read.
    #[error("{0}")]
    Local(String),
}

impl SourceError {
    /// An error about `path`.
    #[must_use]
    pub fn new(path: &DevicePath, kind: SourceErrorKind) -> Self {
        Self { path: path.clone(), kind }
    }

    /// Whether trying again has a chance.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        matches!(
            self.kind,
            SourceErrorKind::Busy(_)
                | SourceErrorKind::Changed
                | SourceErrorKind::ShortRead { .. }
                | SourceErrorKind::TimedOut
                | SourceErrorKind::Unreadable(_)
        )
    }

    /// Whether nothing else can be read from this source either.
    #[must_use]
    pub const fn is_fatal(&self) -> bool {
        matches!(self.kind, SourceErrorKind::Disconnected(_))
    }
}
