//! The words that mean what is ticked.
//!
//! Whatever is found is tried out on the same catalogue: words that would mean anything else are not used.

use std::collections::HashSet;

use crate::catalog::{AssetUuid, Catalog};
use crate::cli::albums::outline::{Node, Place};
use crate::report::escape;
use crate::select::{Policy, Selection, Smart, select};

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
    /// Smart albums of the phone.
    pub(super) smart: Vec<Smart>,
    /// What to do about the Hidden album.
    pub(super) hidden: Policy,
    /// What to do about Recently Deleted.
    pub(super) trashed: Policy,
    /// Single items, by their uuids.
    pub(super) uuids: Vec<String>,
}

impl Words {
    /// Words that say nothing yet.
    pub(super) const NONE: Self = Self {
        all: false,
        albums: Vec::new(),
        smart: Vec::new(),
        hidden: Policy::Include,
        trashed: Policy::Exclude,
        uuids: Vec::new(),
    };

    /// What they mean, as the command line would have it.
    pub(super) fn selection(&self) -> Selection {
        let uuids = self.uuids.iter().map(|uuid| AssetUuid(uuid.clone()));
        Selection {
            albums: self.albums.clone(),
            smart: self.smart.clone(),
            uuids: (!self.uuids.is_empty()).then(|| uuids.collect()),
            hidden: self.hidden,
            trashed: self.trashed,
            ..Selection::default()
        }
    }

    /// Whether they mean exactly these items, which are sorted.
    fn mean(&self, catalog: &Catalog, items: &[usize]) -> bool {
        select(catalog, &self.selection()).is_ok_and(|selected| selected.items == items)
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
        for smart in &self.smart {
            option(&mut out, "--smart", smart.word());
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

/// The words for `items` (sorted, each once), of the lists in `nodes`. `can_be_said` tells whether a name can be
/// written on a command line.
///
/// `None` if there are no such words: the phone gave an item an identity that cannot be written, or that is
/// not its own.
pub(super) fn words(
    catalog: &Catalog,
    nodes: &[Node],
    items: &[usize],
    can_be_said: &dyn Fn(&str) -> bool,
) -> Option<Words> {
    if let Some(words) = everything(catalog, items) {
        return Some(words);
    }
    let ticked = Ticked::new(catalog, items);
    let albums = albums(catalog, nodes, &ticked, can_be_said);
    if albums.as_ref().is_some_and(|words| words.uuids.is_empty()) {
        return albums;
    }
    smart(catalog, nodes, &ticked).or(albums).or_else(|| {
        let words = Words { uuids: uuids(catalog, items.iter().copied())?, ..Words::NONE };
        words.mean(catalog, items).then_some(words)
    })
}

/// What is ticked, in two forms.
struct Ticked<'i> {
    items: &'i [usize],
    marks: Vec<bool>,
    /// Whether hidden items are among them.
    hidden: bool,
}

impl<'i> Ticked<'i> {
    fn new(catalog: &Catalog, items: &'i [usize]) -> Self {
        let mut marks = vec![false; catalog.items.len()];
        for item in items {
            if let Some(mark) = marks.get_mut(*item) {
                *mark = true;
            }
        }
        let hidden = items.iter().any(|item| catalog.items.get(*item).is_some_and(|item| item.hidden));
        Self { items, marks, hidden }
    }

    fn has_all(&self, items: &[usize]) -> bool {
        items.iter().all(|item| self.marks.get(*item) == Some(&true))
    }

    /// Hidden items of a list are meant with it, unless it is said that they are not.
    const fn policies(&self) -> &'static [Policy] {
        if self.hidden { &[Policy::Include] } else { &[Policy::Include, Policy::Exclude] }
    }
}

/// The whole library.
fn everything(catalog: &Catalog, items: &[usize]) -> Option<Words> {
    let mut ways = [Policy::Exclude, Policy::Include].into_iter().flat_map(|trashed| {
        [Policy::Include, Policy::Exclude].map(|hidden| Words { all: true, hidden, trashed, ..Words::NONE })
    });
    ways.find(|words| words.mean(catalog, items))
}

/// Smart albums, if nothing else is ticked: they narrow down whatever is said besides.
fn smart(catalog: &Catalog, nodes: &[Node], ticked: &Ticked) -> Option<Words> {
    let mut full: Vec<(Smart, &[usize])> = nodes
        .iter()
        .filter_map(|node| match node.place {
            Place::Smart(smart) if ticked.has_all(&node.members) => Some((smart, node.members.as_slice())),
            _ => None,
        })
        .collect();
    // The largest first, so that those that are part of it need not be named.
    full.sort_by_key(|(_, members)| std::cmp::Reverse(members.len()));
    let mut covered = vec![false; catalog.items.len()];
    let mut smart: Vec<Smart> = Vec::new();
    for (name, members) in full {
        let mut is_new = false;
        for member in members {
            if let Some(mark) = covered.get_mut(*member) {
                is_new |= !std::mem::replace(mark, true);
            }
        }
        if is_new {
            smart.push(name);
        }
    }
    if smart.is_empty() {
        return None;
    }
    smart.sort_unstable();
    let mut ways =
        ticked.policies().iter().map(|hidden| Words { smart: smart.clone(), hidden: *hidden, ..Words::NONE });
    ways.find(|words| words.mean(catalog, ticked.items))
}

/// Albums of which everything is ticked, and the rest one by one.
fn albums(
    catalog: &Catalog,
    nodes: &[Node],
    ticked: &Ticked,
    can_be_said: &dyn Fn(&str) -> bool,
) -> Option<Words> {
    let hidden = ticked.policies().last().copied().unwrap_or(Policy::Include);
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
        if !ticked.has_all(&node.members) || !node.members.iter().any(new) || !can_be_said(&name) {
            continue;
        }
        if albums.len() == ALBUMS || tried == TRIED {
            return None;
        }
        tried += 1;
        let selection = Selection { albums: vec![name], hidden, ..Selection::default() };
        // The name may be that of other albums too.
        let Some(meant) = select(catalog, &selection).ok().filter(|meant| ticked.has_all(&meant.items))
        else {
            continue;
        };
        for item in meant.items {
            *covered.get_mut(item)? = true;
        }
        albums.extend(selection.albums);
    }
    if albums.is_empty() {
        return None;
    }
    let rest = ticked.items.iter().copied().filter(|item| covered.get(*item) == Some(&false));
    let uuids = uuids(catalog, rest)?;
    let mut ways = ticked.policies().iter().map(|hidden| Words {
        albums: albums.clone(),
        uuids: uuids.clone(),
        hidden: *hidden,
        ..Words::NONE
    });
    ways.find(|words| words.mean(catalog, ticked.items))
}

/// Whether more than one album is in a folder.
fn holds_several(nodes: &[Node], folder: usize) -> bool {
    let Some((node, below)) = nodes.get(folder..).and_then(<[Node]>::split_first) else { return false };
    let inside = below.iter().take_while(|inner| inner.folders.len() > node.folders.len());
    inside.filter(|inner| matches!(inner.place, Place::Album(_))).take(2).count() == 2
}

/// The uuids of items, each once, if every one of them fits a line of a list.
fn uuids(catalog: &Catalog, items: impl Iterator<Item = usize>) -> Option<Vec<String>> {
    let mut out: Vec<String> = Vec::new();
    let mut seen: HashSet<&str> = HashSet::new();
    for item in items {
        let uuid = &catalog.items.get(item)?.uuid.0;
        if uuid.is_empty() || escape(uuid) != *uuid || uuid.trim() != uuid || uuid.starts_with(['#', '{']) {
            return None;
        }
        if seen.insert(uuid) {
            out.push(uuid.clone());
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests;
