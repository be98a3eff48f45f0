//! One folder of the drive: what lies in it, and which sidecars the ledger has of it.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use unicode_normalization::UnicodeNormalization;

use super::{end, folder_end};
use crate::ledger::{Recording, SidecarEntry};
use crate::plan::{DestPath, Found, KnownFile};
use crate::sidecar::xmp_names;
use crate::text::fold;
use crate::transfer::{Drive, End};

/// What has a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    /// Nothing.
    Nothing,
    /// A file of this name, in whatever Unicode form, and its size in bytes.
    File(u64),
    /// Something that is no file; or a file whose name differs by case, which on some drives is the same file and
    /// on others is not.
    Other,
}

/// A folder as it is now.
pub(super) struct Folder {
    /// By their composed names.
    names: HashMap<String, At>,
    /// Their names without regard to case.
    folded: HashSet<String>,
    recorded: HashMap<String, SidecarEntry>,
}

impl Folder {
    /// Looks at the drive and at the ledger.
    pub(super) fn read(drive: &dyn Drive, recording: &Recording, path: &DestPath) -> Result<Self, End> {
        let (mut names, mut folded) = (HashMap::new(), HashSet::new());
        for (name, found) in drive.list(path).map_err(|error| folder_end(&error))? {
            let name = composed(&name).into_owned();
            folded.insert(fold(&name));
            let at = match found {
                Found::File { size_bytes } => At::File(size_bytes),
                Found::Symlink { .. } | Found::Other => At::Other,
            };
            // Two that only a few drives can tell apart: no telling which is meant.
            names.entry(name).and_modify(|at| *at = At::Other).or_insert(at);
        }
        Ok(Self { names, folded, recorded: recording.sidecars_in(path).map_err(end)? })
    }

    /// What has the name of a path in this folder.
    pub(super) fn at(&self, path: &DestPath) -> At {
        let name = path.file_name();
        match self.names.get(&*composed(name)) {
            Some(at) => *at,
            None if self.folded.contains(&fold(name)) => At::Other,
            None => At::Nothing,
        }
    }

    /// What the ledger has of a path in this folder.
    pub(super) fn recorded(&self, path: &DestPath) -> Option<&SidecarEntry> {
        self.recorded.get(&path.fold())
    }

    /// Whether a file of an item lies there as the ledger has it.
    pub(super) fn holds(&self, media: &DestPath, files: &[KnownFile]) -> bool {
        files.iter().any(|file| file.to == *media && self.at(media) == At::File(file.size_bytes))
    }
}

/// The name in one Unicode form: some drives keep another than they were given.
fn composed(name: &str) -> Cow<'_, str> {
    if name.is_ascii() { Cow::Borrowed(name) } else { Cow::Owned(name.nfc().collect()) }
}

/// Whether something lies there that an XMP sidecar may be about; also if that cannot be told. Its name alone does
/// not tell what that would be: `my.photo.xmp` may lie beside `my.photo` or `my.photo.CR2`.
pub(super) fn has_media_of(drive: &dyn Drive, sidecar: &DestPath) -> bool {
    let own = fold(sidecar.file_name());
    let is_about = |media: &str| xmp_names(media).any(|name| fold(&name) == own);
    drive.list(&sidecar.parent()).map_or(true, |found| found.iter().any(|(name, _)| is_about(name)))
}
