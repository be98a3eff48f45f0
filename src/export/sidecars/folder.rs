//! One folder of the drive: what lies in it, and which sidecars the ledger has of it.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;

use super::{end, folder_end};
use crate::ledger::{Recording, SidecarEntry};
use crate::plan::{DestPath, Found, KnownFile};
use crate::transfer::{Drive, End};

/// What has a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    /// Nothing.
    Nothing,
    /// A file of exactly this name, and its size in bytes.
    File(u64),
    /// Something that is no file; or a file whose name differs by case or Unicode form, which on some drives is
    /// the same file and on others is not.
    Other,
}

/// A folder as it is now.
pub(super) struct Folder {
    names: HashMap<String, At>,
    recorded: HashMap<String, SidecarEntry>,
}

impl Folder {
    /// Looks at the drive and at the ledger.
    pub(super) fn read(drive: &dyn Drive, recording: &Recording, path: &DestPath) -> Result<Self, End> {
        let mut names: HashMap<String, At> = HashMap::new();
        for (name, found) in drive.list(path).map_err(|error| folder_end(&error))? {
            // Composed, as all of our names are: some drives keep another form.
            let name: String = if name.is_ascii() { name } else { name.nfc().collect() };
            let folded = crate::text::fold(&name);
            if folded != name {
                names.entry(folded).or_insert(At::Other);
            }
            let at = match found {
                Found::File { size_bytes } => At::File(size_bytes),
                Found::Symlink { .. } | Found::Other => At::Other,
            };
            names.insert(name, at);
        }
        Ok(Self { names, recorded: recording.sidecars_in(path).map_err(end)? })
    }

    /// What has the name of a path in this folder.
    pub(super) fn at(&self, path: &DestPath) -> At {
        let name = path.file_name();
        let exact = self.names.get(name);
        exact.or_else(|| self.names.get(&crate::text::fold(name))).copied().unwrap_or(At::Nothing)
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

/// The file that a sidecar of the usual name lies beside; `None` for those of another name.
pub(super) fn media_of(sidecar: &DestPath) -> Option<DestPath> {
    let (media, _) = sidecar.to_text().rsplit_once('.')?;
    let media = DestPath::parse(media).ok()?;
    media.file_name().contains('.').then_some(media)
}
