//! Folders of a source, read as if each were one file: a ZIP archive of what is in it.
//!
//! A phone keeps its EPUBs unpacked (facts/media.md section D9), while everything else that opens them expects one
//! file. Making that file is a source of its own, so that what reads, checks, writes and records files has no idea
//! of it. Nothing in here knows what a book is; any folder can be packed.
//!
//! The archive is made while it is read and is nowhere kept. That asks for more than a usual ZIP writer gives:
//! its size is known before its first byte, and the same files make the same bytes, on any day and machine. So
//! all files are stored as they are, in the order of their names' bytes, with one fixed date and no extra fields;
//! a file `mimetype` in the package's own folder goes first, and can be made if there is none. A checksum stands before the content it is of: files
//! are read into memory for it, and the large ones a second time. What is not the same then is an error
//! ([`SourceErrorKind::Changed`](super::SourceErrorKind::Changed)), never an archive that is wrong.
//!
//! All files go in, also those that an EPUB's own list lacks: `iTunesMetadata.plist`, `.DS_Store` and the like are
//! what EPUBCheck calls a matter of usage. Folders go in only with the files in them, since it warns of empty ones;
//! where there are links, nothing is packed: what they lead to would be missing in silence. What names become is said in `name.rs`. There is no ZIP64: what would need it is refused.

mod contents;
mod name;
mod read;
mod recent;
mod records;
mod stream;
#[cfg(test)]
mod tests;
mod walk;

use std::collections::HashSet;
use std::sync::{Arc, PoisonError, RwLock};

use thiserror::Error;

use self::contents::Contents;
use self::recent::Recent;
use self::stream::PackedChunks;
use super::{BoxFuture, DevicePath, EntryKind, EntryName, OpenFile, Part, Source, SourceError, Stat};

/// Why a folder cannot be packed into one file.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PackError {
    /// Not a single file, in any depth.
    #[error("there is no file in it")]
    Empty,
    /// A link, or something else that is neither file nor folder.
    #[error("there is a link in it, {0:?}, which cannot be packed")]
    Link(String),
    /// More files, folders and links than an archive can have.
    #[error("there are more than {limit} files in it")]
    TooManyEntries {
        /// Most that are accepted.
        limit: usize,
    },
    /// Folders in folders in folders, maybe without end.
    #[error("its folders are nested more than {limit} deep")]
    TooDeep {
        /// Deepest that is accepted.
        limit: usize,
    },
    /// The path of a file.
    #[error("a path in it is longer than {limit_bytes} bytes")]
    PathTooLong {
        /// Longest that is accepted, in bytes.
        limit_bytes: usize,
    },
    /// The paths of all files together.
    #[error("the paths in it are longer than {limit_bytes} bytes together")]
    PathsTooLong {
        /// Most that are accepted, in bytes.
        limit_bytes: usize,
    },
    /// Two files or folders whose names differ only in what an archive cannot tell apart.
    #[error("two things in it would both be called {0:?}")]
    SameName(String),
}

/// A source in which some directories are files.
///
/// Of such a *package*, [`Source::stat`] says that it is a file of exactly the archive's size, last changed when the
/// newest file in it was; [`Source::open`] gives the archive. What is in it can be listed and read all the same.
/// All other paths are those of the source within, and so is a package that is no directory there, for example
/// because it is a file already.
pub struct PackedSource {
    inner: Arc<dyn Source>,
    packages: RwLock<HashSet<DevicePath>>,
    /// What stands first in packages with this extension, if they lack it.
    first: Option<(&'static str, &'static [u8])>,
    recent: Recent,
}

/// What is behind the path of a package.
enum Look {
    /// A directory with these files.
    Packed(Arc<Contents>),
    /// Something else, which is shown as it is.
    AsItIs(Stat),
}

impl PackedSource {
    /// Shows the directories `packages` of `inner` as files.
    #[must_use]
    pub fn new(inner: Arc<dyn Source>, packages: HashSet<DevicePath>) -> Self {
        Self { inner, packages: RwLock::new(packages), first: None, recent: Recent::default() }
    }

    /// Gives packages with this extension a file `mimetype` that says this, where they have none.
    #[must_use]
    pub fn with_mimetype(self, extension: &'static str, content: &'static [u8]) -> Self {
        Self { first: Some((extension, content)), ..self }
    }

    /// Shows one more directory as a file from now on.
    pub fn add(&self, package: DevicePath) {
        self.packages.write().unwrap_or_else(PoisonError::into_inner).insert(package);
    }

    fn is_package(&self, path: &DevicePath) -> bool {
        self.packages.read().unwrap_or_else(PoisonError::into_inner).contains(path)
    }

    /// What a package is now.
    async fn look(&self, package: &DevicePath) -> Result<Look, SourceError> {
        let stat = self.inner.stat(package).await?;
        if stat.kind != EntryKind::Directory {
            return Ok(Look::AsItIs(stat));
        }
        let extension = package.file_name().and_then(|name| name.extension().map(<[u8]>::to_vec));
        let is_so_called =
            |wanted: &str| extension.is_some_and(|e| e.eq_ignore_ascii_case(wanted.as_bytes()));
        let first = self.first.filter(|(wanted, _)| is_so_called(wanted)).map(|(_, content)| content);
        Ok(Look::Packed(Arc::new(walk::walk(&*self.inner, package, first).await?)))
    }

    async fn stat_package(&self, package: &DevicePath) -> Result<Stat, SourceError> {
        match self.look(package).await? {
            Look::AsItIs(stat) => Ok(stat),
            Look::Packed(contents) => {
                let stat = stat_of(&contents);
                self.recent.put(package, contents);
                Ok(stat)
            }
        }
    }

    async fn open_package(&self, package: &DevicePath, position: u64) -> Result<OpenFile, SourceError> {
        let contents = match self.recent.take(package) {
            Some(contents) => contents,
            None => match self.look(package).await? {
                Look::Packed(contents) => contents,
                Look::AsItIs(_) => return self.inner.open(package, position).await,
            },
        };
        let stat = stat_of(&contents);
        let chunks = PackedChunks::new(Arc::clone(&self.inner), package.clone(), contents, position);
        Ok(OpenFile { stat, chunks: Box::new(chunks) })
    }
}

fn stat_of(contents: &Contents) -> Stat {
    Stat {
        kind: EntryKind::File,
        size_bytes: contents.archive_bytes,
        modified_nanoseconds: contents.modified_nanoseconds,
    }
}

impl Source for PackedSource {
    fn stat<'a>(&'a self, path: &'a DevicePath) -> BoxFuture<'a, Result<Stat, SourceError>> {
        if self.is_package(path) { Box::pin(self.stat_package(path)) } else { self.inner.stat(path) }
    }

    fn list<'a>(&'a self, path: &'a DevicePath) -> BoxFuture<'a, Result<Vec<EntryName>, SourceError>> {
        self.inner.list(path)
    }

    fn open<'a>(
        &'a self,
        path: &'a DevicePath,
        position: u64,
    ) -> BoxFuture<'a, Result<OpenFile, SourceError>> {
        if self.is_package(path) {
            Box::pin(self.open_package(path, position))
        } else {
            self.inner.open(path, position)
        }
    }

    fn read_part<'a>(
        &'a self,
        path: &'a DevicePath,
        position: u64,
        most_bytes: usize,
    ) -> BoxFuture<'a, Result<Part, SourceError>> {
        if self.is_package(path) {
            Box::pin(async move { Part::of(self.open_package(path, position).await?, most_bytes).await })
        } else {
            self.inner.read_part(path, position, most_bytes)
        }
    }
}
