//! The words that mean what is ticked.
//!
//! Whatever is found is tried out on the same catalogue: words that would mean anything else are not used.

use crate::catalog::Catalog;
use crate::cli::albums::outline::{Node, Place};
use crate::report::escape;
use crate::select::{Policy, Selection, select};

/// As many albums as anybody reads in one line; more are written as a list of items.
const ALBUMS: usize = 20;

/// As many albums are tried out; each is compared with the names of all others.
const TRIED: usize = 40;

/// As many items as anybody reads in one line.
const FEW: usize = 4;

/// Words that mean certain items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Words {
    /// The whole library.
    pub(super) all: bool,
    /// Albums, and folders with a slash at the end.
    pub(super) albums: Vec<String>,
    /// What to do about the Hidden album.
    pub(super) hidden: Policy,
    /// What to do about Recently Deleted.
    pub(super) trashed: Policy,
    /// Single items, by their uuids.
    pub(super) uuids: Vec<String>,
}

impl Words {
    /// Only single items.
    const fn of_items(uuids: Vec<String>) -> Self {
        Self { all: false, albums: Vec::new(), hidden: Policy::Include, trashed: Policy::Exclude, uuids }
    }

    /// Whether the single items go into a file, because they would make the line too long to read.
    pub(super) const fn needs_list(&self) -> bool {
        self.uuids.len() > FEW
    }

    /// The options. `list` is the file with the uuids, if they are not to be in the line.
    pub(super) fn options(&self, list: Option<&str>) -> Vec<String> {
        let mut out = Vec::new();
        if self.all {
            out.push("--all".to_owned());
        }
        for album in &self.albums {
            option(&mut out, "--album", album);
        }
        for (name, policy, default) in
            [("--hidden", self.hidden, Policy::Include), ("--trashed", self.trashed, Policy::Exclude)]
        {
            if policy != default {
                option(&mut out, name, word(policy));
            }
        }
        match list {
            Some(list) if !self.uuids.is_empty() => option(&mut out, "--uuid-from", list),
            _ => {
                for uuid in &self.uuids {
                    option(&mut out, "--uuid", uuid);
                }
            }
        }
        out
    }
}

/// Appends an option with its value, in a form in which no value is taken for an option.
pub(super) fn option(out: &mut Vec<String>, name: &str, value: &str) {
    if value.starts_with('-') {
        out.push(format!("{name}={value}"));
    } else {
        out.extend([name.to_owned(), value.to_owned()]);
    }
}

const fn word(policy: Policy) -> &'static str {
    match policy {
        Policy::Include => "include",
        Policy::Exclude => "exclude",
        Policy::Only => "only",
    }
}

/// The words for `items` (sorted, each once), of the albums and folders in `nodes`. `can_be_said` tells whether
/// a name can be written on a command line.
///
/// `None` if there are no such words: the phone gave an item an identity that cannot be written.
pub(super) fn words(
    catalog: &Catalog,
    nodes: &[Node],
    items: &[usize],
    can_be_said: &dyn Fn(&str) -> bool,
) -> Option<Words> {
    if let Some(words) = everything(catalog, items) {
        return Some(words);
    }
    if let Some(words) = albums(catalog, nodes, items, can_be_said) {
        return Some(words);
    }
    Some(Words::of_items(uuids(catalog, items.iter().copied())?))
}

/// The whole library, as one of its policies has it.
fn everything(catalog: &Catalog, items: &[usize]) -> Option<Words> {
    for trashed in [Policy::Exclude, Policy::Include, Policy::Only] {
        for hidden in [Policy::Include, Policy::Exclude, Policy::Only] {
            if meant(catalog, &[], hidden, trashed).is_some_and(|meant| meant == items) {
                return Some(Words { all: true, hidden, trashed, ..Words::of_items(Vec::new()) });
            }
        }
    }
    None
}

/// Albums of which everything is ticked, and the rest one by one.
fn albums(
    catalog: &Catalog,
    nodes: &[Node],
    items: &[usize],
    can_be_said: &dyn Fn(&str) -> bool,
) -> Option<Words> {
    let mut ticked = vec![false; catalog.items.len()];
    for item in items {
        *ticked.get_mut(*item)? = true;
    }
    let is_ticked = |item: &usize| ticked.get(*item) == Some(&true);
    // Hidden items of an album are meant with it, unless it is said that they are not.
    let is_hidden = |item: &usize| catalog.items.get(*item).is_some_and(|item| item.hidden);
    let hidden = if items.iter().any(is_hidden) { Policy::Include } else { Policy::Exclude };

    let mut covered = vec![false; catalog.items.len()];
    let mut albums: Vec<String> = Vec::new();
    let mut tried = 0;
    for (number, node) in nodes.iter().enumerate() {
        let name = match node.place {
            // One album is called by its own name, even if it is all that is in its folder.
            Place::Folder if holds_several(nodes, number) => format!("{}/", node.path()),
            Place::Album(_) => node.path(),
            _ => continue,
        };
        let new = |item: &usize| covered.get(*item) == Some(&false);
        if !node.members.iter().all(is_ticked) || !node.members.iter().any(new) || !can_be_said(&name) {
            continue;
        }
        if albums.len() == ALBUMS || tried == TRIED {
            return None;
        }
        tried += 1;
        let Some(meant) = meant(catalog, std::slice::from_ref(&name), hidden, Policy::Exclude) else {
            continue;
        };
        if meant.iter().all(is_ticked) {
            for item in meant {
                *covered.get_mut(item)? = true;
            }
            albums.push(name);
        }
    }
    if albums.is_empty() {
        return None;
    }
    let by_albums: Vec<usize> =
        items.iter().copied().filter(|item| covered.get(*item) == Some(&true)).collect();
    let uuids = uuids(catalog, items.iter().copied().filter(|item| covered.get(*item) == Some(&false)))?;
    let says =
        |hidden| meant(catalog, &albums, hidden, Policy::Exclude).is_some_and(|meant| meant == by_albums);
    // Shorter, if it is the same.
    let hidden = if says(Policy::Include) { Policy::Include } else { hidden };
    says(hidden).then(|| Words { albums: albums.clone(), hidden, ..Words::of_items(uuids) })
}

/// Whether more than one album is in a folder.
fn holds_several(nodes: &[Node], folder: usize) -> bool {
    let Some((node, below)) = nodes.get(folder..).and_then(<[Node]>::split_first) else { return false };
    let inside = below.iter().take_while(|inner| inner.folders.len() > node.folders.len());
    inside.filter(|inner| matches!(inner.place, Place::Album(_))).take(2).count() == 2
}

/// What these words mean, sorted; no albums are the whole library. `None` if they mean nothing.
fn meant(catalog: &Catalog, albums: &[String], hidden: Policy, trashed: Policy) -> Option<Vec<usize>> {
    let selection = Selection { albums: albums.to_vec(), hidden, trashed, ..Selection::default() };
    select(catalog, &selection).ok().map(|selected| selected.items)
}

/// The uuids of items, one of which would fit a line of a list; `None` if one does not.
fn uuids(catalog: &Catalog, items: impl Iterator<Item = usize>) -> Option<Vec<String>> {
    items
        .map(|item| {
            let uuid = &catalog.items.get(item)?.uuid.0;
            let plain =
                !uuid.is_empty() && escape(uuid) == *uuid && uuid.trim() == uuid && !uuid.starts_with('#');
            plain.then(|| uuid.clone())
        })
        .collect()
}

#[cfg(test)]
mod tests;
