//! What lies on the drive, in the folders a plan is concerned with.

use std::borrow::Cow;
use std::collections::HashMap;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::dest::DestPath;
use crate::text::fold;

/// What has a name on the drive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A regular file.
    File {
        /// Its size in bytes.
        size_bytes: u64,
    },
    /// A symbolic link.
    Symlink {
        /// Where it points, as it says, with forward slashes.
        target: String,
    },
    /// Anything else.
    Other,
}

/// The names that are taken on the drive, with the sizes of the files.
///
/// Whoever looks at the drive fills it, folder by folder as [`super::folders`] asks; the plan itself never
/// looks.
#[derive(Debug, Clone, Default)]
pub struct Survey {
    folders: HashMap<String, HashMap<Box<str>, Taken>>,
}

/// What has a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Taken {
    /// One file of this name (composed) and this size in bytes.
    File(Box<str>, u64),
    /// A symbolic link that points there (composed).
    Symlink(Box<str>),
    /// Something that is no file, such as a folder.
    Other,
    /// Several whose names differ only by case or normalisation, with their sizes: a drive that allows it.
    Several(Vec<u64>),
}

impl Survey {
    /// Adds an entry of a folder: its name as the drive has it, and what it is.
    pub fn add(&mut self, folder: &DestPath, name: &str, found: Found) {
        let names = self.folders.entry(folder.fold()).or_default();
        let size_bytes = match found {
            Found::File { size_bytes } => Some(size_bytes),
            _ => None,
        };
        let key = fold(name);
        match names.get_mut(key.as_str()) {
            None => {
                let taken = match found {
                    Found::File { size_bytes } => Taken::File(compose(name).into(), size_bytes),
                    Found::Symlink { target } => Taken::Symlink(compose(&target).into()),
                    Found::Other => Taken::Other,
                };
                names.insert(key.into(), taken);
            }
            Some(taken) => {
                let mut sizes = match taken {
                    Taken::File(_, size) => vec![*size],
                    Taken::Symlink(_) | Taken::Other => Vec::new(),
                    Taken::Several(sizes) => std::mem::take(sizes),
                };
                sizes.extend(size_bytes);
                *taken = Taken::Several(sizes);
            }
        }
    }

    /// How many names are taken.
    #[must_use]
    pub fn len(&self) -> usize {
        self.folders.values().map(HashMap::len).sum()
    }

    /// Whether nothing lies there.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.folders.is_empty()
    }

    /// The folded names in a folder (its folded path), with what has them; `None` if nothing lies there.
    pub(super) fn folder(&self, folder: &str) -> Option<&HashMap<Box<str>, Taken>> {
        self.folders.get(folder)
    }
}

impl Taken {
    /// Whether a file of that size is among it.
    pub(super) fn has_size(&self, size_bytes: u64) -> bool {
        match self {
            Self::File(_, size) => *size == size_bytes,
            Self::Symlink(_) | Self::Other => false,
            Self::Several(sizes) => sizes.contains(&size_bytes),
        }
    }

    /// Whether it is exactly one file of that name, whatever its size. A name that differs by case is no use: on
    /// some drives it is another file.
    pub(super) fn is_file(&self, name: &str) -> bool {
        matches!(self, Self::File(own, _) if **own == *compose(name))
    }

    /// Whether it is exactly one file, of that name and size.
    pub(super) fn is_file_of(&self, name: &str, size_bytes: u64) -> bool {
        self.is_file(name) && self.has_size(size_bytes)
    }

    /// Whether it is a symbolic link that points there.
    pub(super) fn points_to(&self, target: &str) -> bool {
        matches!(self, Self::Symlink(own) if **own == *compose(target))
    }
}

/// Composed, since some drives give names back in another form than they got them.
fn compose(text: &str) -> Cow<'_, str> {
    if is_nfc(text) { Cow::Borrowed(text) } else { Cow::Owned(text.nfc().collect()) }
}
