//! A media root that can be read: a phone over AFC, or a folder that is shaped like one. The documents of an app are
//! read the same way.
//!
//! The interface is small on purpose, so that a backup or another kind of phone can stand behind it: stat,
//! list, and open for reading from any position. Nothing here writes, and nothing here knows what a photo is.

mod afc;
mod error;
mod folder;
mod packed;
mod path;

pub use afc::{AfcSource, AppsSource, SERVICE as AFC_SERVICE, Tuning};
pub use error::{SourceError, SourceErrorKind};
pub use folder::FolderSource;
pub use packed::{PackError, PackedSource};
pub use path::{DevicePath, EntryName, PathError};

use std::future::Future;
use std::pin::Pin;

use bytes::Bytes;

/// A boxed future, so that [`Source`] can be a trait object.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What kind of thing a path is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EntryKind {
    /// A file with bytes.
    File,
    /// A directory.
    Directory,
    /// Links, devices and whatever else; never followed, never exported.
    Other,
}

/// What a source tells of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stat {
    /// What it is.
    pub kind: EntryKind,
    /// Size in bytes.
    pub size_bytes: u64,
    /// Last change, in nanoseconds since 1970 UTC; 0 if unknown.
    pub modified_nanoseconds: u64,
}

impl Stat {
    /// When it was last changed, if known. A phone's camera leaves the time of capture there.
    #[must_use]
    pub fn modified(self) -> Option<jiff::Timestamp> {
        let nanoseconds = Some(i128::from(self.modified_nanoseconds)).filter(|n| *n > 0)?;
        jiff::Timestamp::from_nanosecond(nanoseconds).ok()
    }

    /// A text that is another one for every content that a file has had: its size and the time of its last change.
    #[must_use]
    pub fn revision(self) -> String {
        format!("{}-{}", self.size_bytes, self.modified_nanoseconds)
    }

    /// The size in bytes that such a text was made of; `None` if it was not.
    #[must_use]
    pub fn size_in_revision(revision: &str) -> Option<u64> {
        let (size, time) = revision.split_once('-')?;
        time.parse::<u64>().ok().and_then(|_| size.parse().ok())
    }
}

/// A file opened for reading: what it is and its bytes from the position asked for.
pub struct OpenFile {
    /// What the source says of the file, at the time of opening.
    pub stat: Stat,
    /// The bytes, in order.
    pub chunks: Box<dyn ChunkStream>,
}

/// The bytes of a file, in order, in pieces of the source's choosing.
pub trait ChunkStream: Send {
    /// The next piece, never empty; `None` after the last.
    ///
    /// A stream ends by itself only after as many bytes as [`Stat::size_bytes`] promised. If the source runs
    /// out before, that is [`SourceErrorKind::ShortRead`]. After an error the stream is of no further use.
    fn next(&mut self) -> BoxFuture<'_, Result<Option<Bytes>, SourceError>>;
}

/// A media root that can be read. The root is what a phone's AFC service shows, `/var/mobile/Media`; or it is the
/// `Documents` folder of an app.
///
/// All methods may be called from many tasks at once; a source that can, serves them at once.
pub trait Source: Send + Sync {
    /// Kind, size and time of a path.
    fn stat<'a>(&'a self, path: &'a DevicePath) -> BoxFuture<'a, Result<Stat, SourceError>>;

    /// The names in a directory, without `.` and `..` and without names that could not be one
    /// (empty, with a slash); in no particular order.
    fn list<'a>(&'a self, path: &'a DevicePath) -> BoxFuture<'a, Result<Vec<EntryName>, SourceError>>;

    /// Opens a file for reading from `position` (bytes from its start) to its end.
    fn open<'a>(
        &'a self,
        path: &'a DevicePath,
        position: u64,
    ) -> BoxFuture<'a, Result<OpenFile, SourceError>>;

    /// Reads a part of a file: the bytes from `position` on, as many as `most_bytes` or as there are. A source that
    /// reads ahead reads no more than these.
    ///
    /// Errors are those of [`Self::open`] and of [`ChunkStream::next`].
    fn read_part<'a>(
        &'a self,
        path: &'a DevicePath,
        position: u64,
        most_bytes: usize,
    ) -> BoxFuture<'a, Result<Part, SourceError>> {
        Box::pin(async move { Part::of(self.open(path, position).await?, most_bytes).await })
    }
}

/// A part of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What the source says of the file, at the time of opening.
    pub stat: Stat,
    /// The bytes: fewer than asked for only where the file ends.
    pub bytes: Vec<u8>,
}

impl Part {
    /// The first bytes of an open file, which is closed then.
    async fn of(mut file: OpenFile, most_bytes: usize) -> Result<Self, SourceError> {
        let mut bytes = Vec::new();
        while bytes.len() < most_bytes
            && let Some(chunk) = file.chunks.next().await?
        {
            bytes.extend_from_slice(chunk.get(..most_bytes - bytes.len()).unwrap_or(&chunk));
        }
        Ok(Self { stat: file.stat, bytes })
    }
}

/// Reads a whole file into memory, if it is not larger than `limit` bytes.
///
/// # Errors
/// Those of the source; [`SourceErrorKind::TooLarge`] if the file exceeds `limit`.
pub async fn read_whole(source: &dyn Source, path: &DevicePath, limit: u64) -> Result<Vec<u8>, SourceError> {
    let mut file = source.open(path, 0).await?;
    let size = file.stat.size_bytes;
    if size > limit {
        return Err(SourceError::new(
            path,
            SourceErrorKind::TooLarge { size_bytes: size, limit_bytes: limit },
        ));
    }
    let mut out = Vec::new();
    while let Some(chunk) = file.chunks.next().await? {
        out.extend_from_slice(&chunk);
    }
    Ok(out)
}
