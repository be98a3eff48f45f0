//! What lies on the drive, in the folders a plan is concerned with.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;

use super::dest::DestPath;
use crate::text::fold;

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
    /// Something that is no file, such as a folder or a link.
    Other,
    /// Several whose names differ only by case or normalisation, with their sizes: a drive that allows it.
    Several(Vec<u64>),
}

impl Survey {
    /// Adds an entry of a folder: its name as the drive has it, and its size in bytes if it is a regular
    /// file, `None` if it is anything else.
    pub fn add(&mut self, folder: &DestPath, name: &str, size_bytes: Option<u64>) {
        let names = self.folders.entry(folder.fold()).or_default();
        let composed = || name.nfc().collect::<String>().into();
        let new = size_bytes.map_or(Taken::Other, |size| Taken::File(composed(), size));
        let key = fold(name);
        match names.get_mut(key.as_str()) {
            None => {
                names.insert(key.into(), new);
            }
            Some(taken) => {
                let mut sizes = match taken {
                    Taken::File(_, size) => vec![*size],
                    Taken::Other => Vec::new(),
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
            Self::Other => false,
            Self::Several(sizes) => sizes.contains(&size_bytes),
        }
    }

    /// Whether it is exactly one file, of that name and size. A name that differs by case is no use: on some
    /// drives it is another file.
    pub(super) fn is_file_of(&self, name: &str, size_bytes: u64) -> bool {
        matches!(self, Self::File(own, size) if &**own == name && *size == size_bytes)
    }
}
