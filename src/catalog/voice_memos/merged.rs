//! The rows of one list or of two, each with its recording: a recording belongs to one row, and what two lists say of a
//! memo becomes one row.
//!
//! Knows neither databases nor what becomes of the rows.

use std::collections::{HashMap, HashSet};

use super::names;
use super::rows::Row;
use crate::catalog::shelf::{self, Look, Shelf, Wanted};
use crate::source::EntryName;

/// A row, and where in the folder of recordings its file is.
#[derive(Debug)]
pub(super) struct Placed {
    /// What the list says.
    pub row: Row,
    /// Position of its file in the listing; `None` if it is not there.
    pub place: Option<u32>,
}

/// What is known from lists so far.
#[derive(Debug, Default)]
pub(super) struct Merged {
    placed: Vec<Placed>,
    claimed: HashSet<u32>,
    /// Whether there is a list that says that there are no memos.
    says_none: bool,
}

impl Merged {
    /// Adds the rows of an older list to what newer ones say, which is believed where both name a memo. `is_whole`: they are
    /// all that the list says.
    pub(super) fn add(&mut self, shelf: &Shelf, mut rows: Vec<Row>, is_whole: bool) {
        // Two rows cannot have one file. It is that of a memo that is not deleted, if there is such a one.
        rows.sort_by_key(|row| row.is_trashed);
        let mut files = HashSet::new();
        rows.retain(|row| row.file.as_ref().is_none_or(|file| files.insert(file.clone())));
        let wanted =
            rows.iter().map(|row| Some(Wanted { name: row.file.as_ref()?.as_bytes(), only_in: None }));
        let found = shelf::find_each(std::slice::from_ref(shelf), wanted, Look::is_file);
        let newer = Newer::of(&self.placed);
        // What an old list beside a newer one names and is not there was deleted since. An empty one beside a list of
        // recordings that are there is not the newer one.
        let is_newer_empty = || self.says_none && found.iter().all(Option::is_none);
        let is_stale = (!self.placed.is_empty() || is_newer_empty()) && shelf.listing.failure().is_none();
        self.says_none |= is_whole && rows.is_empty();
        for (mut row, place) in rows.into_iter().zip(found) {
            let place = place.map(|(_, at)| at);
            let is_named = match (place, &row.file) {
                (Some(at), _) => self.claimed.contains(&at),
                (None, Some(file)) => newer.files.contains(file),
                (None, None) => false,
            };
            let same = row.unique_id.as_ref().and_then(|id| newer.identities.get(id));
            let same = same.and_then(|number| self.placed.get_mut(*number));
            match (place, same) {
                _ if is_named => continue,
                (None, Some(_)) => continue,
                (None, None) if is_stale => continue,
                (_, None) => self.placed.push(Placed { row, place }),
                // The newer list does not know, or not rightly, where the recording is.
                (Some(_), Some(known)) if known.place.is_none() => {
                    known.place = place;
                    known.row.file = row.file;
                }
                // Another recording cannot be the same memo, whatever its identity.
                (Some(_), Some(_)) => {
                    row.unique_id = None;
                    self.placed.push(Placed { row, place });
                }
            }
            self.claimed.extend(place);
        }
    }

    /// Whether there are no rows.
    pub(super) const fn is_empty(&self) -> bool {
        self.placed.is_empty()
    }

    /// Whether any row has its file in the folder.
    pub(super) fn has_files(&self) -> bool {
        !self.claimed.is_empty()
    }

    /// The files in the folder that no row has, recordings or not.
    pub(super) fn unclaimed<'s>(&self, shelf: &'s Shelf) -> impl Iterator<Item = (&'s EntryName, Look)> {
        shelf
            .entries()
            .filter(|(at, _, look)| look.is_file() && !self.claimed.contains(at))
            .map(|(_, name, look)| (name, look))
    }

    /// Whether there are recordings that no row has.
    pub(super) fn leaves_recordings(&self, shelf: &Shelf) -> bool {
        self.unclaimed(shelf).any(|(name, _)| names::is_memo(name))
    }

    /// The rows.
    pub(super) fn into_rows(self) -> Vec<Placed> {
        self.placed
    }
}

/// What the rows of newer lists name.
struct Newer {
    files: HashSet<EntryName>,
    /// Numbers of rows by identity: of several the first whose file is not there.
    identities: HashMap<String, usize>,
}

impl Newer {
    fn of(placed: &[Placed]) -> Self {
        let files = placed.iter().filter_map(|placed| placed.row.file.clone()).collect();
        let mut identities = HashMap::new();
        // The first comes last and stays.
        for has_place in [true, false] {
            for (number, placed) in placed.iter().enumerate().rev() {
                if let Some(id) = placed.row.unique_id.clone().filter(|_| placed.place.is_some() == has_place)
                {
                    identities.insert(id, number);
                }
            }
        }
        Self { files, identities }
    }
}
