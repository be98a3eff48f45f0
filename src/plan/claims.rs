//! Which stems are taken in which folder.
//!
//! Not file names but stems: a photo and a movie of the same stem look like a Live Photo to every program
//! that reads the export. All keys here are folded.

use std::collections::{HashMap, HashSet};

use super::extension::{is_media, split};
use super::group::ENDINGS;
use super::survey::{Survey, Taken};

/// The stems and names that belong to an item: those in the ledger, and those given by the plan so far.
#[derive(Debug, Default)]
pub(super) struct Claims {
    folders: HashMap<String, HashSet<Box<str>>>,
    /// Whole names: of the files in the ledger, and of documents, which share their stems with others.
    names: HashMap<String, HashSet<Box<str>>>,
    /// The names of folders in folders: no file can have one.
    subfolders: HashMap<String, HashSet<Box<str>>>,
}

impl Claims {
    /// Gives a stem, and what it becomes with one of [`ENDINGS`], to an item.
    pub(super) fn claim(&mut self, folder: &str, stem: &str) {
        match self.folders.get_mut(folder) {
            Some(stems) => {
                if !stems.contains(stem) {
                    stems.insert(stem.into());
                }
            }
            None => {
                self.folders.insert(folder.to_owned(), HashSet::from([stem.into()]));
            }
        }
    }

    /// Whether a stem, or what it becomes with one of [`ENDINGS`], belongs to an item.
    pub(super) fn has(&self, folder: &str, stem: &str) -> bool {
        let Some(stems) = self.folders.get(folder) else { return false };
        stems.contains(stem)
            || ENDINGS.iter().any(|ending| {
                stems.contains(format!("{stem}{ending}").as_str())
                    || stem.strip_suffix(ending).is_some_and(|plain| stems.contains(plain))
            })
    }

    /// Gives the name of a file as it is to an item, and nothing else of its stem.
    pub(super) fn claim_name(&mut self, folder: &str, name: String) {
        self.names.entry(folder.to_owned()).or_default().insert(name.into());
    }

    /// Whether the name of a file belongs to an item by itself.
    pub(super) fn has_name(&self, folder: &str, name: &str) -> bool {
        self.names.get(folder).is_some_and(|names| names.contains(name))
    }

    /// Keeps a name in a folder for a folder.
    pub(super) fn claim_subfolder(&mut self, folder: String, name: String) {
        self.subfolders.entry(folder).or_default().insert(name.into());
    }

    /// Whether a name in a folder is kept for a folder.
    pub(super) fn is_subfolder(&self, folder: &str, name: &str) -> bool {
        self.subfolders.get(folder).is_some_and(|names| names.contains(name))
    }
}

/// The stems of photos and videos that lie on the drive, whosever they are.
///
/// Sidecars and the like are no reason to avoid a stem: a person's `IMG_1.xmp` belongs to our `IMG_1.HEIC`.
#[derive(Debug)]
pub(super) struct OnDrive<'a> {
    survey: &'a Survey,
    /// Made for a folder when it is first asked about: a run with nothing new needs none.
    folders: HashMap<String, HashSet<&'a str>>,
}

impl<'a> OnDrive<'a> {
    pub(super) fn new(survey: &'a Survey) -> Self {
        Self { survey, folders: HashMap::new() }
    }

    /// Whether anything at all lies in a folder.
    pub(super) fn has_folder(&self, folder: &str) -> bool {
        self.survey.folder(folder).is_some()
    }

    /// What has a name.
    pub(super) fn at(&self, folder: &str, name: &str) -> Option<&'a Taken> {
        self.survey.folder(folder)?.get(name)
    }

    /// Whether a photo or video has a stem, or what it becomes with one of [`ENDINGS`].
    pub(super) fn has_stem(&mut self, folder: &str, stem: &str) -> bool {
        let Some(names) = self.survey.folder(folder) else { return false };
        if !self.folders.contains_key(folder) {
            let stems = names.keys().filter_map(|name| match split(name) {
                (stem, Some(extension)) if is_media(extension) => Some(stem),
                _ => None,
            });
            self.folders.insert(folder.to_owned(), stems.collect());
        }
        self.folders.get(folder).is_some_and(|stems| {
            stems.contains(stem)
                || ENDINGS.iter().any(|ending| stems.contains(format!("{stem}{ending}").as_str()))
        })
    }
}
