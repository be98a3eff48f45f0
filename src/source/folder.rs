//! A plain folder that is shaped like a media root: an extracted file system, an `ifuse` mount, a test library.

use std::io::{Read, Seek};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use bytes::Bytes;

use super::{
    BoxFuture, ChunkStream, DevicePath, EntryKind, EntryName, OpenFile, Source, SourceError, SourceErrorKind,
    Stat,
};

/// Bytes read at once.
const CHUNK: usize = 1 << 20;

/// A folder as a source.
#[derive(Debug, Clone)]
pub struct FolderSource {
    root: PathBuf,
}

impl FolderSource {
    /// The folder `root`, which stands for `/var/mobile/Media`.
    #[must_use]
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    fn local(&self, path: &DevicePath) -> Result<PathBuf, SourceError> {
        let mut out = self.root.clone();
        for part in path.components() {
            match std::str::from_utf8(part) {
                Ok(name) => out.push(name),
                Err(_) => return Err(SourceError::new(path, SourceErrorKind::NotFound)),
            }
        }
        Ok(out)
    }

    /// Runs `work` where blocking is allowed.
    fn blocking<'a, T: Send + 'static>(
        &'a self,
        path: &'a DevicePath,
        work: impl FnOnce(&Path) -> std::io::Result<T> + Send + 'static,
    ) -> BoxFuture<'a, Result<T, SourceError>> {
        Box::pin(async move {
            let local = self.local(path)?;
            match tokio::task::spawn_blocking(move || work(&local)).await {
                Ok(result) => result.map_err(|error| io_error(path, &error)),
                Err(error) => Err(SourceError::new(path, SourceErrorKind::Local(error.to_string()))),
            }
        })
    }
}

fn io_error(path: &DevicePath, error: &std::io::Error) -> SourceError {
    let kind = match error.kind() {
        std::io::ErrorKind::NotFound => SourceErrorKind::NotFound,
        std::io::ErrorKind::PermissionDenied => SourceErrorKind::Denied(error.to_string()),
        std::io::ErrorKind::NotADirectory | std::io::ErrorKind::IsADirectory => SourceErrorKind::WrongKind,
        _ => SourceErrorKind::Local(error.to_string()),
    };
    SourceError::new(path, kind)
}

fn stat_of(meta: &std::fs::Metadata) -> Stat {
    let kind = match meta.file_type() {
        t if t.is_file() => EntryKind::File,
        t if t.is_dir() => EntryKind::Directory,
        _ => EntryKind::Other,
    };
    let modified = meta.modified().ok().and_then(|t| t.duration_since(UNIX_EPOCH).ok());
    let modified_nanoseconds = modified.and_then(|d| u64::try_from(d.as_nanos()).ok()).unwrap_or(0);
    Stat { kind, size_bytes: meta.len(), modified_nanoseconds }
}

impl Source for FolderSource {
    fn stat<'a>(&'a self, path: &'a DevicePath) -> BoxFuture<'a, Result<Stat, SourceError>> {
        self.blocking(path, |local| Ok(stat_of(&std::fs::symlink_metadata(local)?)))
    }

    fn list<'a>(&'a self, path: &'a DevicePath) -> BoxFuture<'a, Result<Vec<EntryName>, SourceError>> {
        self.blocking(path, |local| {
            let mut names = Vec::new();
            for entry in std::fs::read_dir(local)? {
                let name = entry?.file_name();
                names.extend(name.to_str().and_then(|n| EntryName::new(n.as_bytes()).ok()));
            }
            Ok(names)
        })
    }

    fn open<'a>(
        &'a self,
        path: &'a DevicePath,
        position: u64,
    ) -> BoxFuture<'a, Result<OpenFile, SourceError>> {
        Box::pin(async move {
            let (file, stat) = self
                .blocking(path, move |local| {
                    let mut file = std::fs::File::open(local)?;
                    let stat = stat_of(&file.metadata()?);
                    file.seek(std::io::SeekFrom::Start(position))?;
                    Ok((file, stat))
                })
                .await?;
            if stat.kind != EntryKind::File {
                return Err(SourceError::new(path, SourceErrorKind::WrongKind));
            }
            let remaining = stat.size_bytes.saturating_sub(position);
            let chunks =
                FolderChunks { path: path.clone(), file: Some(file), remaining, size: stat.size_bytes };
            Ok(OpenFile { stat, chunks: Box::new(chunks) })
        })
    }
}

struct FolderChunks {
    path: DevicePath,
    file: Option<std::fs::File>,
    remaining: u64,
    size: u64,
}

impl ChunkStream for FolderChunks {
    fn next(&mut self) -> BoxFuture<'_, Result<Option<Bytes>, SourceError>> {
        Box::pin(async move {
            let Some(mut file) = self.file.take() else { return Ok(None) };
            if self.remaining == 0 {
                return Ok(None);
            }
            let want = self.remaining.min(CHUNK as u64);
            let read = tokio::task::spawn_blocking(move || {
                let mut chunk = Vec::new();
                (&mut file).take(want).read_to_end(&mut chunk).map(|_| (file, chunk))
            });
            let (file, chunk) = match read.await {
                Ok(Ok(both)) => both,
                Ok(Err(error)) => return Err(io_error(&self.path, &error)),
                Err(error) => {
                    return Err(SourceError::new(&self.path, SourceErrorKind::Local(error.to_string())));
                }
            };
            if chunk.is_empty() {
                let kind = SourceErrorKind::ShortRead {
                    expected_bytes: self.size,
                    got_bytes: self.size - self.remaining,
                };
                return Err(SourceError::new(&self.path, kind));
            }
            self.file = Some(file);
            self.remaining -= chunk.len() as u64;
            Ok(Some(Bytes::from(chunk)))
        })
    }
}
