//! What the plan needs to know of earlier exports. The ledger fills it.

use std::collections::{HashMap, HashSet};

use super::dest::DestPath;
use super::layout::LinkWay;
use crate::catalog::{AlbumId, AssetUuid, Proof, Role};

/// What was exported to this destination before.
#[derive(Debug, Clone, Default)]
pub struct Known {
    own: HashMap<AssetUuid, Vec<KnownFile>>,
    others: Vec<(DestPath, Box<str>)>,
    conflicts: HashMap<AssetUuid, HashSet<String>>,
    links: HashMap<AssetUuid, Vec<KnownLink>>,
    lists: HashMap<AlbumId, Vec<KnownList>>,
}

/// A file of this phone that was exported before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownFile {
    /// What it is to its item.
    pub role: Role,
    /// Where it was put.
    pub to: DestPath,
    /// The stem that its item was given, without `_edited` ([`super::PlannedFile::stem`]).
    pub stem: Box<str>,
    /// Its size in bytes when it was written.
    pub size_bytes: u64,
    /// [`crate::catalog::Resource::revision`] of what was written.
    pub revision: Box<str>,
    /// What the phone's fingerprint said; `None` if an older version of this program exported it.
    pub proof: Option<Proof>,
}

/// A file in a further folder that was made from one of [`KnownFile`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownLink {
    /// What the file is to its item.
    pub role: Role,
    /// Where the link was put.
    pub at: DestPath,
    /// Where the file was then.
    pub target: DestPath,
    /// The stem of the item in that folder.
    pub stem: Box<str>,
    /// How it was made.
    pub way: LinkWay,
    /// The size of the file in bytes then.
    pub size_bytes: u64,
    /// [`crate::catalog::Resource::revision`] of the file then.
    pub revision: Box<str>,
}

/// A list of an album's members that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownList {
    /// Which kind of list, by the extension of its name.
    pub format: Box<str>,
    /// Where it was put.
    pub at: DestPath,
    /// BLAKE3 of what was written, in hex.
    pub blake3: Box<str>,
}

impl Known {
    /// Adds a file of the phone in question; a later one of the same item and role replaces it.
    pub fn add(&mut self, uuid: AssetUuid, file: KnownFile) {
        let files = self.own.entry(uuid).or_default();
        match files.iter_mut().find(|known| known.role == file.role) {
            Some(known) => *known = file,
            None => files.push(file),
        }
    }

    /// Adds a file or a link that came from another phone: where it was put, and the stem its item was given.
    pub fn add_other(&mut self, to: DestPath, stem: Box<str>) {
        self.others.push((to, stem));
    }

    /// Adds that a file on the drive was found to have other content than this item's.
    pub fn add_conflict(&mut self, uuid: AssetUuid, path: &DestPath) {
        self.conflicts.entry(uuid).or_default().insert(path.fold());
    }

    /// Adds a link to a file of this phone.
    pub fn add_link(&mut self, uuid: AssetUuid, link: KnownLink) {
        self.links.entry(uuid).or_default().push(link);
    }

    /// Adds a list of an album of this phone; a later one of the same kind and folder replaces it.
    pub fn add_list(&mut self, album: AlbumId, list: KnownList) {
        let lists = self.lists.entry(album).or_default();
        let folder = list.at.parent();
        match lists.iter_mut().find(|known| known.format == list.format && known.at.parent() == folder) {
            Some(known) => *known = list,
            None => lists.push(list),
        }
    }

    /// The links to the files of an item.
    #[must_use]
    pub fn links_of(&self, uuid: &AssetUuid) -> &[KnownLink] {
        self.links.get(uuid).map_or(&[], Vec::as_slice)
    }

    /// The lists of an album.
    #[must_use]
    pub fn lists_of(&self, album: &AlbumId) -> &[KnownList] {
        self.lists.get(album).map_or(&[], Vec::as_slice)
    }

    /// The folders that an album had.
    pub(super) fn folders_of(&self, album: &AlbumId) -> impl Iterator<Item = DestPath> {
        self.lists_of(album).iter().map(|list| list.at.parent())
    }

    /// The lists of an album, as paths without extension.
    pub(super) fn list_stems_of(&self, album: &AlbumId) -> impl Iterator<Item = DestPath> {
        self.lists_of(album).iter().map(|list| list.at.without_extension())
    }

    /// The files of an item that were exported before.
    #[must_use]
    pub fn of(&self, uuid: &AssetUuid) -> &[KnownFile] {
        self.own.get(uuid).map_or(&[], Vec::as_slice)
    }

    /// The file of an item and a role, if it was exported before.
    #[must_use]
    pub fn file(&self, uuid: &AssetUuid, role: Role) -> Option<&KnownFile> {
        self.of(uuid).iter().find(|file| file.role == role)
    }

    /// How many files of this phone are known.
    #[must_use]
    pub fn len(&self) -> usize {
        self.own.values().map(Vec::len).sum()
    }

    /// Whether no file of this phone is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.own.is_empty()
    }

    /// Path and stem of every file and link that is known, of whatever phone.
    pub(super) fn names(&self) -> impl Iterator<Item = (&DestPath, &str)> {
        let own = self.own.values().flatten().map(|file| (&file.to, &*file.stem));
        let links = self.links.values().flatten().map(|link| (&link.at, &*link.stem));
        own.chain(links).chain(self.others.iter().map(|(to, stem)| (to, &**stem)))
    }

    /// The folded paths on the drive whose content is known to be another than this item's.
    pub(super) fn conflicts_of(&self, uuid: &AssetUuid) -> Option<&HashSet<String>> {
        self.conflicts.get(uuid)
    }
}
