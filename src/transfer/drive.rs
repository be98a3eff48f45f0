//! The destination: everything that is written to it goes through here.
//!
//! A file is written under `.iexport/partial/`, made durable, and only then given its name, by a step that
//! never replaces what was not meant to be replaced. The trait is what a test makes fail.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use blake3::Hasher;
use jiff::Timestamp;

use super::hash::ContentHash;
use super::platform;
use super::times::set_times;
use crate::plan::{DestPath, Found, LinkWay};

/// Name of a file to try things on, among those that have no name yet.
const PROBE: &str = "try";

/// Folder of this program on a destination.
pub const OWN_FOLDER: &str = ".iexport";

/// A file that has no name yet.
pub trait PartialFile: Send {
    /// Appends bytes.
    fn write(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Makes what was written durable and sets the file's time. Nothing may be written after it.
    fn finish(&mut self, time: Option<Timestamp>) -> io::Result<()>;
}

/// What is at a path of the destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AtPath {
    /// Nothing.
    Nothing,
    /// A file of this size in bytes.
    File(u64),
    /// Something else.
    Other,
}

/// A destination.
pub trait Drive: Send + Sync {
    /// Begins a file that has no name yet; `number` tells it apart from the others of this run.
    fn begin(&self, number: u64) -> io::Result<Box<dyn PartialFile>>;

    /// Gives a finished file its name. Fails with [`io::ErrorKind::AlreadyExists`] if something has it,
    /// unless `replace` is set.
    fn publish(&self, number: u64, to: &DestPath, replace: bool) -> io::Result<()>;

    /// Throws away a file that got no name. Not an error if there is none.
    fn discard(&self, number: u64);

    /// Makes the names in a folder durable.
    fn sync_folder(&self, folder: &DestPath) -> io::Result<()>;

    /// What is at a path.
    fn look(&self, path: &DestPath) -> io::Result<AtPath>;

    /// What lies in a folder; empty if there is no such folder.
    fn list(&self, folder: &DestPath) -> io::Result<Vec<(String, Found)>>;

    /// Size in bytes and hash of a file.
    fn hash(&self, path: &DestPath) -> io::Result<(u64, ContentHash)>;

    /// Removes a file of ours.
    fn remove(&self, path: &DestPath) -> io::Result<()>;

    /// Free space in bytes, if the system tells.
    fn free_bytes(&self) -> Option<u64>;

    /// Whether files can be linked in a way here; found out by trying.
    fn can_link(&self, way: LinkWay) -> bool {
        let _ = way;
        false
    }

    /// Makes a file that lies here be at a further path. Fails with [`io::ErrorKind::AlreadyExists`] if
    /// something has that path, unless `replace` is set. `number` is that of a file without a name, as for
    /// [`Self::begin`].
    fn link(
        &self,
        number: u64,
        target: &DestPath,
        at: &DestPath,
        way: LinkWay,
        replace: bool,
    ) -> io::Result<()> {
        let _ = (number, target, at, way, replace);
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Which kind of link to `target` lies at a path, if it can be seen that it is one. What shares space or is
    /// a copy cannot be seen.
    fn link_at(&self, at: &DestPath, target: &DestPath) -> io::Result<Option<LinkWay>> {
        let _ = (at, target);
        Ok(None)
    }
}

/// A folder of a mounted file system.
#[derive(Debug)]
pub struct LocalDrive {
    root: PathBuf,
    /// Whether hard links work here; found out by trying. They give a name without ever replacing one.
    links: AtomicBool,
}

impl LocalDrive {
    /// The folder `root`, to look at: nothing is made or cleaned up.
    #[must_use]
    pub fn at(root: &Path) -> Self {
        Self { root: root.to_owned(), links: AtomicBool::new(true) }
    }

    /// The folder `root`, which exists. Left-overs of runs that were killed are thrown away, so only one
    /// run may have it at a time (the ledger's lock sees to that).
    ///
    /// # Errors
    /// If the folder cannot be written to.
    pub fn open(root: &Path) -> io::Result<Self> {
        let drive = Self::at(root);
        let partial = drive.partial_folder();
        if partial.exists() {
            for entry in std::fs::read_dir(&partial)? {
                std::fs::remove_file(entry?.path())?;
            }
        }
        std::fs::create_dir_all(&partial)?;
        Ok(drive)
    }

    /// Pretends that hard links do not work here.
    #[cfg(test)]
    pub(super) fn without_links(&self, without: bool) {
        self.links.store(!without, Ordering::Relaxed);
    }

    fn partial_folder(&self) -> PathBuf {
        self.root.join(OWN_FOLDER).join("partial")
    }

    fn partial_path(&self, number: u64) -> PathBuf {
        self.partial_folder().join(format!("{number}.part"))
    }

    fn path(&self, path: &DestPath) -> PathBuf {
        self.root.join(path.as_path())
    }

    /// Makes the folder that a path is in. A drive that was unplugged may leave its place behind, on the computer's
    /// own disk: nothing is made there. `proof` was written to the drive, and shows that it is still the drive.
    fn make_folder_of(&self, to: &Path, proof: &Path) -> io::Result<()> {
        match to.parent().filter(|folder| !folder.is_dir()) {
            None => Ok(()),
            Some(folder) => {
                std::fs::metadata(proof)?;
                std::fs::create_dir_all(folder).map_err(in_the_way)
            }
        }
    }

    /// Makes `to`, which does not exist, have the content and the time of `from`, durably.
    fn clone_file(&self, from: &Path, to: &Path, way: LinkWay) -> io::Result<()> {
        if way == LinkWay::Reflink {
            reflink_copy::reflink(from, to)?;
        } else {
            io::copy(&mut File::open(from)?, &mut File::create_new(to)?)?;
        }
        let file = OpenOptions::new().write(true).open(to)?;
        tolerate_unsupported(file.sync_data())?;
        let time = std::fs::metadata(from)?.modified().ok().and_then(|time| Timestamp::try_from(time).ok());
        if let Some(time) = time
            && let Err(error) = set_times(&file, time)
        {
            tracing::debug!(%error, "the file's time cannot be set");
        }
        Ok(())
    }

    /// Links a file of no meaning.
    fn try_link(&self, way: LinkWay, file: &Path, link: &Path) -> io::Result<bool> {
        // Large enough to have space of its own, which small files do not have on every drive.
        std::fs::write(file, [0x69; 1 << 16])?;
        match way {
            LinkWay::Reflink | LinkWay::Copy => self.clone_file(file, link, way)?,
            LinkWay::Hard => std::fs::hard_link(file, link)?,
            LinkWay::Symbolic => platform::symlink(PROBE, link)?,
        }
        let is_link = std::fs::symlink_metadata(link)?.is_symlink() == (way == LinkWay::Symbolic);
        Ok(is_link && std::fs::metadata(link)?.len() == 1 << 16)
    }

    fn publish_path(&self, number: u64, to: &Path, replace: bool) -> io::Result<()> {
        let from = self.partial_path(number);
        self.make_folder_of(to, &from)?;
        if replace {
            return std::fs::rename(from, to);
        }
        if let Some(result) = self.publish_by_link(&from, to) {
            return result;
        }
        match std::fs::symlink_metadata(to) {
            Ok(_) => Err(io::ErrorKind::AlreadyExists.into()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => std::fs::rename(from, to),
            Err(error) => Err(error),
        }
    }

    /// Gives the name through a hard link, which fails when the name is taken. `None` if links do not work
    /// here (exFAT, FAT, some network drives).
    fn publish_by_link(&self, from: &Path, to: &Path) -> Option<io::Result<()>> {
        if !self.links.load(Ordering::Relaxed) {
            return None;
        }
        match std::fs::hard_link(from, to) {
            Ok(()) => Some(std::fs::remove_file(from)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Some(Err(error)),
            Err(error) => {
                tracing::debug!(%error, "this drive has no hard links, renaming instead");
                self.links.store(false, Ordering::Relaxed);
                None
            }
        }
    }
}

struct LocalPartial(File);

impl PartialFile for LocalPartial {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)
    }

    fn finish(&mut self, time: Option<Timestamp>) -> io::Result<()> {
        tolerate_unsupported(self.0.sync_data())?;
        if let Some(time) = time {
            // Some drives cannot hold every date (FAT begins in 1980): the picture matters more.
            if let Err(error) = set_times(&self.0, time) {
                tracing::debug!(%error, "the file's time cannot be set");
            }
        }
        Ok(())
    }
}

/// File systems that cannot flush on demand say so; what they can do has been done.
fn tolerate_unsupported(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if matches!(error.kind(), io::ErrorKind::Unsupported | io::ErrorKind::InvalidInput) => {
            Ok(())
        }
        other => other,
    }
}

/// Systems disagree about what it is when a file has the name of a folder.
fn in_the_way(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::AlreadyExists => io::ErrorKind::NotADirectory.into(),
        _ => error,
    }
}

impl Drive for LocalDrive {
    fn begin(&self, number: u64) -> io::Result<Box<dyn PartialFile>> {
        let path = self.partial_path(number);
        let file = OpenOptions::new().write(true).create(true).truncate(true).open(path)?;
        Ok(Box::new(LocalPartial(file)))
    }

    fn publish(&self, number: u64, to: &DestPath, replace: bool) -> io::Result<()> {
        self.publish_path(number, &self.path(to), replace).map_err(platform::name_error)
    }

    fn discard(&self, number: u64) {
        let path = self.partial_path(number);
        if let Err(error) = std::fs::remove_file(&path)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(%error, "a partial file stays behind");
        }
    }

    fn sync_folder(&self, folder: &DestPath) -> io::Result<()> {
        platform::sync_folder(&self.path(folder))
    }

    fn look(&self, path: &DestPath) -> io::Result<AtPath> {
        match std::fs::symlink_metadata(self.path(path)) {
            Ok(meta) if meta.is_file() => Ok(AtPath::File(meta.len())),
            Ok(_) => Ok(AtPath::Other),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(AtPath::Nothing),
            Err(error) => Err(error),
        }
    }

    fn list(&self, folder: &DestPath) -> io::Result<Vec<(String, Found)>> {
        use io::ErrorKind as K;
        let entries = match std::fs::read_dir(self.path(folder)).map_err(platform::name_error) {
            Ok(entries) => entries,
            // Nothing is there, or a file is in the way, or nothing can be there: naming a file there will say so.
            Err(error)
                if matches!(
                    error.kind(),
                    K::NotFound | K::NotADirectory | K::InvalidFilename | K::InvalidInput
                ) =>
            {
                return Ok(Vec::new());
            }
            Err(error) => return Err(error),
        };
        let mut out = Vec::new();
        for entry in entries {
            let entry = entry?;
            // Not what a link points to, but the link.
            let meta = entry.metadata()?;
            let found = if meta.is_file() {
                Found::File { size_bytes: meta.len() }
            } else if meta.is_symlink() {
                let target = std::fs::read_link(entry.path())?;
                Found::Symlink { target: platform::link_text(&target) }
            } else {
                Found::Other
            };
            out.push((entry.file_name().to_string_lossy().into_owned(), found));
        }
        Ok(out)
    }

    fn hash(&self, path: &DestPath) -> io::Result<(u64, ContentHash)> {
        let mut file = File::open(self.path(path))?;
        let mut hasher = Hasher::new();
        let mut buffer = vec![0; 1 << 20];
        let mut size = 0;
        loop {
            let n = match file.read(&mut buffer) {
                Ok(0) => break,
                Ok(n) => n,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            hasher.update(buffer.get(..n).unwrap_or_default());
            size += n as u64;
        }
        Ok((size, ContentHash(*hasher.finalize().as_bytes())))
    }

    fn remove(&self, path: &DestPath) -> io::Result<()> {
        std::fs::remove_file(self.path(path))
    }

    fn free_bytes(&self) -> Option<u64> {
        fs4::available_space(&self.root).ok()
    }

    fn can_link(&self, way: LinkWay) -> bool {
        let (file, link) = (self.partial_folder().join(PROBE), self.partial_folder().join("try-link"));
        let result = self.try_link(way, &file, &link);
        tracing::debug!(?way, ?result, "tried to link");
        // What is left behind is thrown away when the destination is opened again.
        let _ = std::fs::remove_file(&link);
        let _ = std::fs::remove_file(&file);
        result.unwrap_or(false)
    }

    fn link(
        &self,
        number: u64,
        target: &DestPath,
        at: &DestPath,
        way: LinkWay,
        replace: bool,
    ) -> io::Result<()> {
        let text = target.relative_to(&at.parent());
        let (target, to) = (self.path(target), self.path(at));
        self.make_folder_of(&to, &target).map_err(platform::name_error)?;
        // These two fail by themselves where something has the name, and are whole at once.
        let at_once = !replace && matches!(way, LinkWay::Hard | LinkWay::Symbolic);
        let place = if at_once {
            to.clone()
        } else {
            self.discard(number);
            self.partial_path(number)
        };
        let made = match way {
            LinkWay::Reflink | LinkWay::Copy => self.clone_file(&target, &place, way),
            LinkWay::Hard => std::fs::hard_link(&target, &place),
            LinkWay::Symbolic => platform::symlink(&text, &place),
        };
        if at_once {
            return made.map_err(platform::name_error);
        }
        let published = made.and_then(|()| self.publish_path(number, &to, replace));
        // It stays behind if it failed; and if it is the very file that has the name already.
        self.discard(number);
        published.map_err(platform::name_error)
    }

    fn link_at(&self, at: &DestPath, target: &DestPath) -> io::Result<Option<LinkWay>> {
        let path = self.path(at);
        let meta = std::fs::symlink_metadata(&path)?;
        if meta.is_symlink() {
            let is_ours =
                platform::link_text(&std::fs::read_link(&path)?) == target.relative_to(&at.parent());
            return Ok(is_ours.then_some(LinkWay::Symbolic));
        }
        let is_same = platform::is_same_file(&meta, &std::fs::symlink_metadata(self.path(target))?);
        Ok(is_same.then_some(LinkWay::Hard))
    }
}
