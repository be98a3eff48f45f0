//! Where a layout puts each item.
//!
//! Found once for all items, so that everything that needs to know it agrees: the survey of the drive, the
//! question for real sizes, and the plan. It does not look at the drive, and it knows nothing of collisions
//! of files; only albums of the same name are told apart here.

mod albums;
mod media;

use std::collections::HashMap;

use super::dest::DestPath;
use super::group::Named;
use super::names::{DestName, Names};
use super::on_phone::OnPhone;
use super::{Arrangement, Known, Layout};
use crate::catalog::{Album, Catalog, Collection, Item};
use crate::fields::FieldError;

/// The folder for what has no date.
const UNDATED: &str = "Undated";

/// The folder for what is in no album.
const NO_ALBUM: &str = "No album";

/// The folder for videos of the photo library beside those of other catalogues.
const PHOTO_LIBRARY: &str = "Photo Library";

/// The folder for playlists.
const PLAYLISTS: &str = "Playlists";

/// What an album without a title is called.
const UNTITLED: &str = "Untitled album";

/// What a playlist without a title is called.
const UNTITLED_PLAYLIST: &str = "Untitled playlist";

/// A folder on the drive with its key.
#[derive(Debug, Clone)]
pub(super) struct Folder {
    pub(super) path: DestPath,
    pub(super) key: String,
}

impl Folder {
    pub(super) fn new(path: DestPath) -> Self {
        Self { key: path.fold(), path }
    }
}

/// Where each selected item belongs.
#[derive(Debug, Clone)]
pub struct Places {
    names: Names,
    folders: Vec<Folder>,
    /// By the index of the item; `None` for what is not selected.
    of_items: Vec<Option<Place>>,
    /// Albums that have lists, with where they go.
    lists: Vec<ListPlace>,
}

/// Where the lists of an album or a playlist go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListPlace {
    /// Index into [`Catalog::albums`].
    pub album: usize,
    /// The folder that they lie in, and that their paths start from.
    pub folder: DestPath,
    /// Their name, without extension.
    pub stem: String,
}

/// Where an item belongs. Folders are indices.
#[derive(Debug, Clone)]
struct Place {
    home: usize,
    named: Named,
    further: Box<[usize]>,
}

impl Places {
    /// Finds the place of each selected item. What was exported before has its home already; it is asked about
    /// all the same, so that a template either works for everything or is refused before anything is done.
    ///
    /// # Errors
    /// A template that cannot be worked out for an item.
    pub fn new(
        catalog: &Catalog,
        selected: &[usize],
        known: &Known,
        wanted: &Arrangement<'_>,
    ) -> Result<Self, FieldError> {
        let mut finder = Finder {
            catalog,
            wanted,
            ids: HashMap::new(),
            months: HashMap::new(),
            albums: HashMap::new(),
            out: Self {
                names: wanted.names,
                folders: Vec::new(),
                of_items: vec![None; catalog.items.len()],
                lists: Vec::new(),
            },
        };
        if *wanted.layout == Layout::ByAlbum {
            finder.add_albums(known);
        } else if wanted.playlists {
            finder.add_playlists(known);
        }
        for index in selected {
            if let Some(item) = catalog.items.get(*index) {
                let place = finder.place(item)?;
                if let Some(slot) = finder.out.of_items.get_mut(*index) {
                    *slot = Some(place);
                }
            }
        }
        Ok(finder.out)
    }

    /// Which names are given.
    #[must_use]
    pub const fn names(&self) -> Names {
        self.names
    }

    /// The folder in which an item's files belong; `None` if it is not selected.
    #[must_use]
    pub fn home(&self, item: usize) -> Option<&DestPath> {
        Some(&self.home_folder(item)?.path)
    }

    /// The folders that refer to an item besides, or all that do: its home can be among them.
    pub fn further(&self, item: usize) -> impl Iterator<Item = &DestPath> {
        self.further_folders(item).map(|folder| &folder.path)
    }

    /// The albums and playlists that have lists, and where those go.
    #[must_use]
    pub fn lists(&self) -> &[ListPlace] {
        &self.lists
    }

    pub(super) fn home_folder(&self, item: usize) -> Option<&Folder> {
        self.folders.get(self.place(item)?.home)
    }

    pub(super) fn further_folders(&self, item: usize) -> impl Iterator<Item = &Folder> {
        let further = self.place(item).map(|place| &*place.further).unwrap_or_default();
        further.iter().filter_map(|folder| self.folders.get(*folder))
    }

    /// What the files of an item are to be called.
    pub(super) fn named(&self, item: usize) -> &Named {
        self.place(item).map_or(&Named::MadeAs, |place| &place.named)
    }

    /// All folders, each once.
    pub(super) fn folders(&self) -> &[Folder] {
        &self.folders
    }

    fn place(&self, item: usize) -> Option<&Place> {
        self.of_items.get(item)?.as_ref()
    }
}

/// Finds places one after the other.
struct Finder<'a> {
    catalog: &'a Catalog,
    wanted: &'a Arrangement<'a>,
    ids: HashMap<DestPath, usize>,
    /// Folders of months, by year and month, since there are many items in each.
    months: HashMap<(i16, i8), usize>,
    /// Folders of the albums that have one.
    albums: HashMap<usize, usize>,
    out: Places,
}

impl Finder<'_> {
    fn add_albums(&mut self, known: &Known) {
        let below = self.wanted.below;
        let reserved = below.join(&DestName::portable(NO_ALBUM));
        let before = |album: &Album| known.folders_of(&album.id).collect();
        let folders = albums::folders(
            &self.catalog.albums,
            before,
            self.wanted.names,
            below,
            Some(&reserved),
            UNTITLED,
        );
        for (album, folder) in folders.into_iter().enumerate() {
            if self.wanted.albums.is_none_or(|albums| albums.contains(&album)) {
                let stem = folder.file_name().to_owned();
                self.out.lists.push(ListPlace { album, folder: folder.clone(), stem });
                let id = self.id(folder);
                self.albums.insert(album, id);
            }
        }
    }

    fn add_playlists(&mut self, known: &Known) {
        let below = self.wanted.below.join(&DestName::portable(PLAYLISTS));
        let before = |album: &Album| known.list_stems_of(&album.id).collect();
        let paths =
            albums::folders(&self.catalog.albums, before, self.wanted.names, &below, None, UNTITLED_PLAYLIST);
        for (album, path) in paths.into_iter().enumerate() {
            if self.wanted.albums.is_none_or(|albums| albums.contains(&album)) {
                let stem = path.file_name().to_owned();
                self.out.lists.push(ListPlace { album, folder: path.parent(), stem });
            }
        }
    }

    fn place(&mut self, item: &Item) -> Result<Place, FieldError> {
        let simple = |home| Place { home, named: Named::MadeAs, further: Box::default() };
        Ok(match self.wanted.layout {
            Layout::ByDate => simple(self.by_date(item, self.wanted.below)),
            Layout::ByAlbum => {
                let mut albums = item.albums.clone();
                albums.sort_unstable();
                let mut folders: Vec<usize> =
                    albums.iter().filter_map(|album| self.albums.get(album).copied()).collect();
                folders.dedup();
                match folders.first() {
                    Some(first) => {
                        let further = if self.wanted.links { folders.as_slice() } else { &[] };
                        Place { further: further.into(), ..simple(*first) }
                    }
                    None => {
                        let below = self.wanted.below.join(&DestName::portable(NO_ALBUM));
                        simple(self.by_date(item, &below))
                    }
                }
            }
            Layout::ByKind => match media::place(item, self.catalog.collection) {
                None => {
                    let below = match self.catalog.collection {
                        Collection::Photos => self.wanted.below.clone(),
                        _ => self.wanted.below.join(&DestName::portable(PHOTO_LIBRARY)),
                    };
                    simple(self.by_date(item, &below))
                }
                Some((folders, name)) => {
                    let folder = self.join(folders.iter().map(String::as_str));
                    let named = name.map_or(Named::MadeAs, |name| Named::Given(name.into()));
                    Place { named, ..simple(self.id(folder)) }
                }
            },
            Layout::Flat => simple(self.id(self.wanted.below.clone())),
            Layout::AsOnPhone => match OnPhone::of(item) {
                Some(on_phone) => {
                    let folder = self.join(on_phone.folders.iter().map(String::as_str));
                    Place { named: Named::OnPhone(on_phone.stem.into()), ..simple(self.id(folder)) }
                }
                None => simple(self.id(self.wanted.below.clone())),
            },
            Layout::Template(template) => {
                let (folders, name) = template.place(item, self.catalog)?;
                let folder = self.join(folders.iter().map(String::as_str));
                let named = name.map_or(Named::MadeAs, |name| Named::Given(name.into()));
                Place { named, ..simple(self.id(folder)) }
            }
        })
    }

    fn join<'t>(&self, parts: impl Iterator<Item = &'t str>) -> DestPath {
        parts.fold(self.wanted.below.clone(), |path, part| path.join(&DestName::new(part, self.wanted.names)))
    }

    fn by_date(&mut self, item: &Item, below: &DestPath) -> usize {
        let Some(taken) = item.taken else {
            return self.id(below.join(&DestName::portable(UNDATED)));
        };
        let local = taken.local();
        let key = (local.year(), local.month());
        if let Some(id) = self.months.get(&key) {
            return *id;
        }
        let year = format!("{:04}", local.year());
        let month = format!("{year}-{:02}", local.month());
        let id = self.id(below.join(&DestName::portable(&year)).join(&DestName::portable(&month)));
        self.months.insert(key, id);
        id
    }

    /// The index of a folder.
    fn id(&mut self, folder: DestPath) -> usize {
        if let Some(id) = self.ids.get(&folder) {
            return *id;
        }
        let id = self.out.folders.len();
        self.out.folders.push(Folder::new(folder.clone()));
        self.ids.insert(folder, id);
        id
    }
}

#[cfg(test)]
mod tests;
