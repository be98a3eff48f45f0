//! Folders in which files of one kind lie side by side, each looked at once, and lists that name them.
//!
//! Knows nothing of what the files are.

use std::collections::HashSet;

use super::listing::{Directory, Listing, ListingProgress, list_all};
use super::orphans::stat_all;
use super::progress::ProgressFn;
use super::{Presence, Resource, Role};
use crate::source::{DevicePath, EntryKind, EntryName, Source, SourceError, SourceErrorKind, Stat};

/// What an entry of a folder turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// A file.
    File(Stat),
    /// A folder.
    Directory(Stat),
    /// A link or the like, which is never followed.
    Other,
    /// It is gone since the folder was listed, or nobody wanted to know.
    Nothing,
    /// It could not be looked at. It is taken for a file: the transfer will say what is wrong with it.
    Unknown,
}

impl Look {
    /// Whether it is a file, as far as anybody knows.
    pub(super) const fn is_file(self) -> bool {
        matches!(self, Self::File(_) | Self::Unknown)
    }

    /// What the phone says of it, if it said anything.
    pub(super) const fn stat(self) -> Option<Stat> {
        match self {
            Self::File(stat) | Self::Directory(stat) => Some(stat),
            Self::Other | Self::Nothing | Self::Unknown => None,
        }
    }

    fn of(answer: Result<Stat, SourceError>) -> Self {
        match answer {
            Ok(stat) => match stat.kind {
                EntryKind::File => Self::File(stat),
                EntryKind::Directory => Self::Directory(stat),
                EntryKind::Other => Self::Other,
            },
            Err(error) if error.kind == SourceErrorKind::NotFound => Self::Nothing,
            Err(_) => Self::Unknown,
        }
    }
}

/// A folder with what is in it.
#[derive(Debug)]
pub(super) struct Shelf {
    /// Where it is.
    pub path: DevicePath,
    /// Its names.
    pub listing: Listing,
    /// What they are, by position.
    looks: Vec<Look>,
}

impl Shelf {
    /// What is at a position of its listing.
    pub(super) fn look(&self, position: u32) -> Look {
        self.looks.get(position as usize).copied().unwrap_or(Look::Nothing)
    }

    /// Its names with their positions and what they are.
    pub(super) fn entries(&self) -> impl Iterator<Item = (u32, &EntryName, Look)> {
        let names = self.listing.directory().map(Directory::names).unwrap_or_default();
        (0_u32..).zip(names).map(|(at, name)| (at, name, self.look(at)))
    }
}

/// Lists folders and looks at what in them is `wanted`, by the number of the folder and the name.
///
/// # Errors
/// Only that the source is gone.
pub(super) async fn look(
    source: &dyn Source,
    folders: Vec<DevicePath>,
    wanted: impl Fn(usize, &EntryName) -> bool + Send,
    counter: &ListingProgress<'_>,
    progress: &ProgressFn<'_>,
) -> Result<Vec<Shelf>, SourceError> {
    let listings = list_all(source, &folders, counter).await?;
    let mut shelves: Vec<Shelf> = folders
        .into_iter()
        .zip(listings)
        .map(|(path, listing)| {
            let names = listing.directory().map_or(0, |directory| directory.names().len());
            Shelf { path, listing, looks: vec![Look::Nothing; names] }
        })
        .collect();
    let (mut places, mut paths) = (Vec::new(), Vec::new());
    for (shelf, number) in shelves.iter().zip(0_usize..) {
        for (at, name, _) in shelf.entries().filter(|(_, name, _)| wanted(number, name)) {
            places.push((number, at));
            paths.push(shelf.path.join(name));
        }
    }
    let stats = stat_all(source, &paths, progress).await?;
    for ((number, at), stat) in places.into_iter().zip(stats) {
        let look = shelves.get_mut(number).and_then(|shelf| shelf.looks.get_mut(at as usize));
        if let Some(look) = look {
            *look = Look::of(stat);
        }
    }
    Ok(shelves)
}

/// A name that is looked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'w> {
    /// The name.
    pub name: &'w [u8],
    /// The number of the only folder that it can be in.
    pub only_in: Option<usize>,
}

/// Finds names in folders among what is `fit`, each of which belongs to one name at most: those of exactly these bytes
/// before those that look alike, and the first folder before the next. Gives folder and position.
pub(super) fn find_each<'w>(
    shelves: &[Shelf],
    wanted: impl Iterator<Item = Option<Wanted<'w>>> + Clone,
    fit: impl Fn(Look) -> bool,
) -> Vec<Option<(usize, u32)>> {
    let fit = |(number, at): (usize, u32)| shelves.get(number).is_some_and(|shelf| fit(shelf.look(at)));
    let directories: Vec<(usize, &Directory)> = (0_usize..)
        .zip(shelves)
        .filter_map(|(number, shelf)| Some((number, shelf.listing.directory()?)))
        .collect();
    let within = |only: Option<usize>| {
        directories.iter().filter(move |(number, _)| only.is_none_or(|only| only == *number))
    };
    let mut taken = HashSet::new();
    let mut found: Vec<Option<(usize, u32)>> = wanted
        .clone()
        .map(|wanted| {
            let Wanted { name, only_in } = wanted?;
            let mut places =
                within(only_in).filter_map(|(number, names)| Some((*number, names.exact(name)?)));
            places.find(|place| fit(*place) && taken.insert(*place))
        })
        .collect();
    for (found, wanted) in found.iter_mut().zip(wanted) {
        let (None, Some(Wanted { name, only_in })) = (&found, wanted) else { continue };
        let mut places =
            within(only_in).flat_map(|(number, names)| names.alike(name).into_iter().map(|at| (*number, at)));
        *found = places.find(|place| fit(*place) && taken.insert(*place));
    }
    found
}

/// The one file of an item.
pub(super) const fn original(presence: Presence, size_bytes: Option<u64>, revision: String) -> Resource {
    Resource { role: Role::Original, presence, size_bytes, fingerprint: None, revision }
}

/// The same, where all that is known of it is what the phone says of the file: another size or another time is
/// another version.
pub(super) fn original_as_it_lies(presence: Presence, stat: Option<Stat>) -> Resource {
    original(presence, stat.map(|stat| stat.size_bytes), stat.map(Stat::revision).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shelf(names: &[&str]) -> Shelf {
        let names: Vec<_> = names.iter().map(|name| EntryName::new(name.as_bytes()).unwrap()).collect();
        let looks = vec![Look::Unknown; names.len()];
        Shelf { path: DevicePath::root(), listing: Listing::Names(Directory::new(names)), looks }
    }

    #[test]
    fn each_name_finds_a_file_of_its_own() {
        let shelves = [shelf(&["A.m4r", "a.m4r"]), shelf(&["A.m4r", "B.m4r"])];
        let wanted = ["a.M4R", "a.m4r", "b.m4r", "c.m4r", "A.m4r", "A.m4r"];
        let wanted =
            wanted.iter().map(|name| Some(Wanted { name: name.as_bytes(), only_in: None })).chain([None]);
        // The first is content with what nobody wants by its exact name: nothing.
        let found = find_each(&shelves, wanted, Look::is_file);
        assert_eq!(found, [None, Some((0, 1)), Some((1, 1)), None, Some((0, 0)), Some((1, 0)), None]);
        let only = |name: &'static str| Some(Wanted { name: name.as_bytes(), only_in: Some(1) });
        let wanted = [only("a.m4r"), only("A.m4r"), only("b.m4r")];
        assert_eq!(
            find_each(&shelves, wanted.into_iter(), Look::is_file),
            [None, Some((1, 0)), Some((1, 1))]
        );
    }
}
