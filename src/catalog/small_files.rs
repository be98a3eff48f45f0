//! Files of the phone that are read into memory as a whole: lists and descriptions, never media.

use crate::source::{DevicePath, Source, SourceError, SourceErrorKind, read_whole};

/// Times a file is asked for that has a chance to come the next time.
const TRIES: u32 = 3;

/// What reading a small file gave.
#[derive(Debug)]
pub(super) enum SmallFile {
    /// Its bytes.
    Bytes(Vec<u8>),
    /// There is no such file.
    Absent,
    /// It could not be read, or is larger than such a file can be.
    Unusable(SourceError),
}

/// Reads a file of at most `limit` bytes.
///
/// # Errors
/// Only that the source is gone.
pub(super) async fn read(
    source: &dyn Source,
    path: &DevicePath,
    limit: u64,
) -> Result<SmallFile, SourceError> {
    let mut tries = 1;
    loop {
        match read_whole(source, path, limit).await {
            Ok(bytes) => return Ok(SmallFile::Bytes(bytes)),
            Err(error) if error.is_fatal() => return Err(error),
            Err(error) if error.kind == SourceErrorKind::NotFound => return Ok(SmallFile::Absent),
            Err(error) if error.is_retryable() && tries < TRIES => tries += 1,
            Err(error) => return Ok(SmallFile::Unusable(error)),
        }
    }
}
