//! Answers one question of every item: is it meant?
//!
//! Pure: it sees the catalogue and the person's words, no phone and no drive. It does not decide where
//! anything goes, nor whether it is on the drive already.

mod albums;
mod smart;

pub use smart::{Smart, smart};

use std::collections::BTreeSet;

use thiserror::Error;

use crate::catalog::{Catalog, Item, Scope};

/// What the person asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// Names of albums (`Album`), their paths (`Folder/Album`), or folders (`Folder`, or `Folder/` where an
    /// album has the same name). Empty: the whole library.
    pub albums: Vec<String>,
    /// What to do about the Hidden album.
    pub hidden: Policy,
    /// What to do about Recently Deleted.
    pub trashed: Policy,
    /// What to do about shared albums. One that is asked for by name is meant in any case.
    pub shared: Policy,
    /// What to do about "Shared with You".
    pub shared_with_you: Policy,
    /// What to do about files that the catalogue does not name.
    pub orphans: Policy,
    /// Exactly these items and nothing else, whatever class they are of: somebody saw them and chose them.
    /// Indices into [`Catalog::items`]; everything else here has no say then.
    pub picked: Option<Vec<usize>>,
}

impl Default for Selection {
    /// The person's own library, hidden items included.
    fn default() -> Self {
        Self {
            albums: Vec::new(),
            hidden: Policy::Include,
            trashed: Policy::Exclude,
            shared: Policy::Exclude,
            shared_with_you: Policy::Exclude,
            orphans: Policy::Exclude,
            picked: None,
        }
    }
}

/// What to do about items of a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Policy {
    /// They are exported like all others.
    Include,
    /// They are left out and counted.
    Exclude,
    /// Only they are exported.
    Only,
}

/// What is meant, and what was passed over.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selected {
    /// Indices into [`Catalog::items`], in the order of the catalogue, each once.
    pub items: Vec<usize>,
    /// How many of [`Self::items`] are in the Hidden album.
    pub hidden: usize,
    /// What belongs to what was asked for but is left out, each item counted once.
    pub left_out: LeftOut,
}

/// Items that were passed over, by the first reason in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LeftOut {
    /// In Recently Deleted.
    pub trashed: usize,
    /// In a shared album that was not asked for by name.
    pub shared: usize,
    /// In "Shared with You".
    pub shared_with_you: usize,
    /// Files that the catalogue does not name.
    pub orphans: usize,
    /// In no part of the person's library: iCloud links and the like.
    pub elsewhere: usize,
    /// In the Hidden album.
    pub hidden: usize,
    /// In none of the classes that alone were asked for.
    pub others: usize,
}

/// Why a selection cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SelectError {
    /// No album and no folder has this name.
    #[error("there is no album \u{201c}{}\u{201d}", asked.escape_debug())]
    NoSuchAlbum {
        /// As the person wrote it.
        asked: String,
        /// Names that look like it, best first, at most three, perhaps none.
        nearest: Vec<String>,
        /// How many albums there are.
        available: usize,
    },
}

/// Finds the items that are meant.
///
/// Without albums these are all of the person's own library, hidden items and every frame of a burst
/// included; what else is on the phone is as the [`Policy`] of each class says, and counted. With albums they
/// are those albums' members under the same rules, and a shared album that is asked for by name gives its
/// items too.
///
/// # Errors
/// [`SelectError::NoSuchAlbum`] for the first name that matches nothing.
pub fn select(catalog: &Catalog, selection: &Selection) -> Result<Selected, SelectError> {
    let mut out = Selected::default();
    if let Some(picked) = &selection.picked {
        for index in picked.iter().collect::<BTreeSet<_>>() {
            if let Some(item) = catalog.items.get(*index) {
                out.take(*index, item);
            }
        }
        return Ok(out);
    }
    if selection.albums.is_empty() {
        for (index, item) in catalog.items.iter().enumerate() {
            consider(index, item, false, selection, &mut out);
        }
        return Ok(out);
    }
    let mut albums = BTreeSet::new();
    for asked in &selection.albums {
        albums.extend(albums::find(&catalog.albums, asked)?);
    }
    // An item can be a member of an own and of a shared album; one that asks for it by name is enough.
    let mut candidates: std::collections::BTreeMap<usize, bool> = std::collections::BTreeMap::new();
    for album in albums.iter().filter_map(|index| catalog.albums.get(*index)) {
        for member in &album.members {
            *candidates.entry(*member).or_default() |= album.shared;
        }
    }
    for (index, in_shared) in candidates {
        if let Some(item) = catalog.items.get(index) {
            consider(index, item, in_shared, selection, &mut out);
        }
    }
    Ok(out)
}

/// The albums that are asked for, as indices into [`Catalog::albums`]; `None` if none is, so that all are meant.
///
/// # Errors
/// As [`select`].
pub fn albums(catalog: &Catalog, selection: &Selection) -> Result<Option<BTreeSet<usize>>, SelectError> {
    if selection.albums.is_empty() {
        return Ok(None);
    }
    let mut out = BTreeSet::new();
    for asked in &selection.albums {
        out.extend(albums::find(&catalog.albums, asked)?);
    }
    Ok(Some(out))
}

/// Adds one item to what is meant, or to what is left out.
fn consider(index: usize, item: &Item, shared_is_meant: bool, selection: &Selection, out: &mut Selected) {
    let left_out = &mut out.left_out;
    let shared = if shared_is_meant && selection.shared == Policy::Exclude {
        Policy::Include
    } else {
        selection.shared
    };
    let classes = [
        (item.trashed, selection.trashed, &mut left_out.trashed),
        (item.scope == Scope::SharedAlbum, shared, &mut left_out.shared),
        (item.scope == Scope::SharedWithYou, selection.shared_with_you, &mut left_out.shared_with_you),
        (item.scope == Scope::Uncatalogued, selection.orphans, &mut left_out.orphans),
        (item.scope == Scope::Elsewhere, Policy::Exclude, &mut left_out.elsewhere),
        (item.hidden, selection.hidden, &mut left_out.hidden),
    ];
    for (is_in, policy, counter) in classes {
        match (is_in, policy) {
            (true, Policy::Exclude) => {
                *counter += 1;
                return;
            }
            (false, Policy::Only) => {
                left_out.others += 1;
                return;
            }
            _ => {}
        }
    }
    out.take(index, item);
}

impl Selected {
    /// Adds an item to what is meant.
    fn take(&mut self, index: usize, item: &Item) {
        self.items.push(index);
        self.hidden += usize::from(item.hidden);
    }
}

#[cfg(test)]
mod tests;
