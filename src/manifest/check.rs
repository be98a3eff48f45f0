//! Whether the drive still holds what the ledger says.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use tokio_util::sync::CancellationToken;

use super::ManifestError;
use crate::ledger::{ContentHash, FILE, FOLDER, Ledger, Listed, ListedKind};
use crate::plan::LinkWay;

/// How often an entry is looked at anew because a run changed it meanwhile.
const TRIES: usize = 5;

/// How closely it is looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Whether everything is there with its size. What has no size in the ledger has its content looked at: lists of
    /// albums, which are small.
    Size,
    /// Whether everything has its content, too. It is read from its beginning to its end.
    Hash,
}

impl Depth {
    /// Whether the ledger has what it takes to look at an entry this closely.
    fn can_tell(self, listed: &Listed) -> bool {
        // What a symbolic link holds is where it points.
        let is_symlink = listed.form.as_deref() == Some(LinkWay::Symbolic.name());
        listed.hash.is_some() || is_symlink || (self == Self::Size && listed.size_bytes.is_some())
    }

    /// Whether the content of an entry is read.
    fn reads(self, listed: &Listed) -> bool {
        self == Self::Hash || listed.size_bytes.is_none()
    }
}

/// What is wrong with something on the drive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It is not there.
    Missing,
    /// Something else has its name: a folder, or a link that leads nowhere or off the drive.
    NotAFile,
    /// It is a link to another file than was recorded.
    OtherTarget,
    /// It has another size.
    OtherSize {
        /// In bytes.
        found_bytes: u64,
    },
    /// It has other content.
    OtherContent {
        /// Its hash.
        found: ContentHash,
    },
    /// It cannot be read.
    Unreadable {
        /// What the system said.
        reason: String,
    },
}

impl Fault {
    /// Stable name for JSON.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::NotAFile => "not_a_file",
            Self::OtherTarget => "other_target",
            Self::OtherSize { .. } => "other_size",
            Self::OtherContent { .. } => "other_content",
            Self::Unreadable { .. } => "unreadable",
        }
    }
}

/// What came of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Checked {
    /// Entries that were looked at.
    pub entries: u64,
    /// Of these, those that are as they should be.
    pub good: u64,
    /// The sum of the sizes of those in bytes.
    pub good_bytes: u64,
    /// Those that are missing.
    pub missing: u64,
    /// Those that are something else than was recorded.
    pub differing: u64,
    /// Those that cannot be read.
    pub unreadable: u64,
    /// Those that are there, and of which the ledger does not say what to compare them with.
    pub unchecked: u64,
    /// Rows of the ledger that make no sense, so that nothing can be said of what they mean.
    pub odd_rows: u64,
}

impl Checked {
    /// Whether everything is as it should be.
    #[must_use]
    pub const fn is_good(&self) -> bool {
        self.good == self.entries && self.odd_rows == 0
    }
}

/// Hears how a check goes.
pub trait Watcher {
    /// Something is wrong.
    ///
    /// # Errors
    /// It cannot be told; the check ends.
    fn fault(&mut self, listed: &Listed, fault: &Fault) -> Result<(), ManifestError>;

    /// How many bytes have been dealt with, read or not.
    fn progress(&mut self, bytes: u64);
}

/// Compares a drive with its ledger. Works beside a run: what that changes is looked at as it is then.
///
/// # Errors
/// The ledger cannot be read, the drive is gone, or somebody stopped it. What is wrong with a single file is told to
/// the watcher.
pub fn check(
    ledger: &Ledger,
    destination: &Path,
    depth: Depth,
    watcher: &mut dyn Watcher,
    cancel: &CancellationToken,
) -> Result<Checked, ManifestError> {
    let root = destination.canonicalize().map_err(|_| ManifestError::DriveGone(destination.to_owned()))?;
    let mut checker = Checker { root, depth, watcher, cancel, bytes: 0 };
    let mut checked = Checked::default();
    let mut listing = ledger.listing()?;
    while let Some(listed) = listing.next() {
        let mut listed = listed?;
        let before = checker.bytes;
        let mut fault = checker.examine(&listed)?;
        // A run may have changed it since it was listed.
        for _ in 0..TRIES {
            if fault.is_none() {
                break;
            }
            match listing.again(&listed)? {
                Some(now) if now != listed => {
                    fault = checker.examine(&now)?;
                    listed = now;
                }
                Some(_) => break,
                None => fault = None,
            }
        }
        checked.entries += 1;
        match &fault {
            None if !depth.can_tell(&listed) => checked.unchecked += 1,
            None => {
                checked.good += 1;
                checked.good_bytes = checked.good_bytes.saturating_add(listed.size_bytes.unwrap_or(0));
            }
            Some(Fault::Missing) => checked.missing += 1,
            Some(Fault::Unreadable { .. }) => checked.unreadable += 1,
            Some(_) => checked.differing += 1,
        }
        if let Some(fault) = &fault {
            checker.assert_drive(destination)?;
            checker.watcher.fault(&listed, fault)?;
        }
        checker.bytes = before.saturating_add(listed.size_bytes.unwrap_or(0));
        checker.watcher.progress(checker.bytes);
    }
    checked.odd_rows = listing.odd_rows();
    Ok(checked)
}

struct Checker<'a> {
    root: PathBuf,
    depth: Depth,
    watcher: &'a mut dyn Watcher,
    cancel: &'a CancellationToken,
    /// What has been dealt with.
    bytes: u64,
}

impl Checker<'_> {
    /// When a drive is unplugged, nothing on it is missing: it is not there itself.
    fn assert_drive(&self, destination: &Path) -> Result<(), ManifestError> {
        match self.root.join(FOLDER).join(FILE).is_file() {
            true => Ok(()),
            false => Err(ManifestError::DriveGone(destination.to_owned())),
        }
    }

    /// What is wrong with an entry.
    fn examine(&mut self, listed: &Listed) -> Result<Option<Fault>, ManifestError> {
        if self.cancel.is_cancelled() {
            return Err(ManifestError::Interrupted);
        }
        let path = self.root.join(listed.path.as_path());
        match self.compare(listed, &path) {
            Ok(fault) => Ok(fault),
            Err(Ended::Stopped) => Err(ManifestError::Interrupted),
            Err(Ended::Failed(error)) => Ok(Some(match error.kind() {
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Fault::Missing,
                _ => Fault::Unreadable { reason: error.to_string() },
            })),
        }
    }

    fn compare(&mut self, listed: &Listed, path: &Path) -> Result<Option<Fault>, Ended> {
        let mut meta = std::fs::symlink_metadata(path)?;
        let is_symlink = meta.is_symlink();
        if is_symlink && listed.kind == ListedKind::Link {
            // Whoever reads it must not be led off the drive.
            let target = match path.canonicalize() {
                Ok(target) if target.starts_with(&self.root) => target,
                _ => return Ok(Some(Fault::NotAFile)),
            };
            let recorded = listed.target.as_ref().map(|recorded| self.root.join(recorded.as_path()));
            if recorded.and_then(|recorded| recorded.canonicalize().ok()) != Some(target) {
                return Ok(Some(Fault::OtherTarget));
            }
            meta = std::fs::metadata(path)?;
        }
        if !meta.is_file() {
            return Ok(Some(Fault::NotAFile));
        }
        if listed.size_bytes.is_some_and(|size| size != meta.len()) {
            return Ok(Some(Fault::OtherSize { found_bytes: meta.len() }));
        }
        match listed.hash {
            // What a symbolic link refers to is what was recorded, and that is an entry itself.
            Some(hash) if self.depth.reads(listed) && !is_symlink => {
                let found = self.hash(path)?;
                Ok((found != hash).then_some(Fault::OtherContent { found }))
            }
            _ => Ok(None),
        }
    }

    fn hash(&mut self, path: &Path) -> Result<ContentHash, Ended> {
        let mut file = File::open(path)?;
        let mut hasher = blake3::Hasher::new();
        let mut buffer = vec![0; 1 << 20];
        loop {
            if self.cancel.is_cancelled() {
                return Err(Ended::Stopped);
            }
            match file.read(&mut buffer) {
                Ok(0) => return Ok(hasher.finalize().into()),
                Ok(n) => {
                    hasher.update(buffer.get(..n).unwrap_or_default());
                    self.bytes = self.bytes.saturating_add(n as u64);
                    self.watcher.progress(self.bytes);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}

/// Why a comparison has no result.
enum Ended {
    Stopped,
    Failed(io::Error),
}

impl From<io::Error> for Ended {
    fn from(error: io::Error) -> Self {
        Self::Failed(error)
    }
}
