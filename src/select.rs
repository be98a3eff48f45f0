//! Answers one question of every item: is it meant?
//!
//! Pure: it sees the catalogue and the person's words, no phone, no drive and no clock. It does not decide where
//! anything goes, nor whether it is on the drive already.
//!
//! A [`Selection`] has three parts. [`Selection::albums`], [`Selection::folders`] and [`Selection::uuids`] name
//! parts of the library, and together they are where to look; without any of them it is the whole library.
//! Everything else narrows that down, each further criterion more. Then the [`Policy`] of each class (hidden,
//! deleted, shared, ...) has its say, and what it leaves out is counted.

mod albums;
mod bursts;
mod error;
mod filters;
mod media;
mod names;
mod near;
mod pattern;
mod quantity;
mod selection;
mod smart;
mod when;

pub use bursts::Bursts;
pub use error::{Named, SelectError};
pub use media::MediaSelection;
pub use near::{Near, NoPlace};
pub use pattern::{NoPattern, Pattern};
pub use quantity::{NoDuration, NoSize, duration, size};
pub use selection::{Policy, Selection};
pub use smart::{Smart, smart};
pub use when::{NoDate, Range, When};

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{Catalog, Collection, Item, MediaKind, Scope};

use filters::Filters;

/// What is meant, and what was passed over.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selected {
    /// Indices into [`Catalog::items`], in the order of the catalogue, each once.
    pub items: Vec<usize>,
    /// How many of [`Self::items`] are in the Hidden album.
    pub hidden: usize,
    /// How many of [`Self::items`] are protected.
    pub protected: usize,
    /// How many of [`Self::items`] are pictures of albums.
    pub covers: usize,
    /// What belongs to what was asked for but is left out, each item counted once.
    pub left_out: LeftOut,
    /// How many of [`Selection::uuids`] are of no item.
    pub unknown_uuids: usize,
    /// What is left out because it is protected ([`LeftOut::protected`], [`LeftOut::streams`]), as indices.
    pub protected_left_out: Vec<usize>,
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
    /// Frames of bursts that were not picked.
    pub bursts: usize,
    /// Protected, so that nothing but the account they were bought with can play them.
    pub protected: usize,
    /// Kept as streams ([`crate::catalog::Media::stream`]), whatever was asked for.
    pub streams: usize,
}

/// Where to look: an item, and whether it was asked for by name, whatever class it is of.
#[derive(Debug, Clone, Copy, Default)]
struct Asked {
    /// In a shared album that was asked for.
    in_shared: bool,
    /// By its uuid.
    itself: bool,
}

/// Finds the items that are meant.
///
/// Without criteria these are all of the person's own library, hidden items and every frame of a burst
/// included; what else is on the phone is as the [`Policy`] of each class says, and counted. A shared album that
/// is asked for by name gives its items too, and an item that is asked for by its uuid is meant whatever class it
/// is of, unless hidden ones are not.
///
/// # Errors
/// A name that matches nothing, or a condition that cannot be worked out.
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
    // What is asked for must exist, even where nothing is left of it in the end.
    let filters = Filters::new(catalog, selection).map_err(|error| in_words_of(catalog, error))?;
    let bursts = selection.bursts.frames(catalog);
    let mut consider = |index: usize, item: &Item, asked: Asked| -> Result<(), SelectError> {
        if item.kind == MediaKind::Cover {
            return Ok(());
        }
        if filters.accept(catalog, index, item)? {
            let of_use_elsewhere = |left: LeftOut| left.protected + left.streams;
            let before = of_use_elsewhere(out.left_out);
            out.consider(index, item, asked, selection, bursts.as_ref());
            if of_use_elsewhere(out.left_out) > before {
                out.protected_left_out.push(index);
            }
        }
        Ok(())
    };
    match places(catalog, selection)? {
        None => {
            for (index, item) in catalog.items.iter().enumerate() {
                consider(index, item, Asked::default())?;
            }
        }
        Some(places) => {
            for (index, asked) in places.items {
                if let Some(item) = catalog.items.get(index) {
                    consider(index, item, asked)?;
                }
            }
            out.unknown_uuids = places.unknown_uuids;
        }
    }
    if let Some(last) = selection.last {
        out.keep_newest(catalog, last);
    }
    if selection.media.covers {
        out.add_covers(catalog);
    }
    Ok(out)
}

/// The parts of the library that were named.
#[derive(Default)]
struct Places {
    items: BTreeMap<usize, Asked>,
    /// How many uuids are of no item.
    unknown_uuids: usize,
}

/// The albums that are asked for, as indices into [`Catalog::albums`]; `None` if none is, so that all are meant.
///
/// # Errors
/// As [`select`].
pub fn albums(catalog: &Catalog, selection: &Selection) -> Result<Option<BTreeSet<usize>>, SelectError> {
    if selection.albums.is_empty() && selection.folders.is_empty() {
        return Ok(None);
    }
    let mut out = BTreeSet::new();
    let find = |out: &mut BTreeSet<usize>| {
        for asked in &selection.albums {
            out.extend(albums::find(&catalog.albums, asked)?);
        }
        for asked in &selection.folders {
            out.extend(albums::find_folder(&catalog.albums, asked)?);
        }
        Ok(())
    };
    find(&mut out).map_err(|error| in_words_of(catalog, error))?;
    Ok(Some(out))
}

/// An error about albums in the words of a catalogue: music has playlists, and albums are something else there.
fn in_words_of(catalog: &Catalog, error: SelectError) -> SelectError {
    match error {
        SelectError::NoSuchAlbum { asked, nearest, available }
            if catalog.collection != Collection::Photos =>
        {
            SelectError::NoSuchName { what: Named::Playlist, asked, nearest, available }
        }
        error => error,
    }
}

/// The parts of the library that were named; `None` if none was.
fn places(catalog: &Catalog, selection: &Selection) -> Result<Option<Places>, SelectError> {
    if selection.albums.is_empty() && selection.folders.is_empty() && selection.uuids.is_none() {
        return Ok(None);
    }
    let albums = albums(catalog, selection)?.unwrap_or_default();
    // An item can be a member of an own and of a shared album; one that asks for it by name is enough.
    let mut places = Places::default();
    for album in albums.iter().filter_map(|index| catalog.albums.get(*index)) {
        for member in &album.members {
            places.items.entry(*member).or_default().in_shared |= album.shared;
        }
    }
    if let Some(uuids) = &selection.uuids {
        let mut found = 0;
        for (index, item) in catalog.items.iter().enumerate() {
            if uuids.contains(&item.uuid) {
                places.items.entry(index).or_default().itself = true;
                found += 1;
            }
        }
        places.unknown_uuids = uuids.len().saturating_sub(found);
        if let Some(first) = uuids.iter().next().filter(|_| found == 0) {
            return Err(SelectError::NoSuchItem { asked: first.0.clone(), of: uuids.len() });
        }
    }
    Ok(Some(places))
}

impl Selected {
    /// What a person should know about it.
    #[must_use]
    pub fn warning(&self) -> Option<String> {
        match self.unknown_uuids {
            0 => None,
            1 => Some("One of the uuids is of no photo or video on this phone.".to_owned()),
            n => Some(format!("{n} of the uuids are of no photos or videos on this phone.")),
        }
    }

    /// Adds an item to what is meant.
    fn take(&mut self, index: usize, item: &Item) {
        self.items.push(index);
        self.hidden += usize::from(item.hidden);
        self.protected += usize::from(item.is_protected() && item.kind != MediaKind::Cover);
        self.covers += usize::from(item.kind == MediaKind::Cover);
    }

    /// Adds an item to what is meant, or to what is left out.
    fn consider(
        &mut self,
        index: usize,
        item: &Item,
        asked: Asked,
        selection: &Selection,
        bursts: Option<&bursts::Frames>,
    ) {
        let left_out = &mut self.left_out;
        // Whoever names something means it, although others of its class are left out.
        let unless = |by_name: bool, policy: Policy| match policy {
            Policy::Exclude if by_name || asked.itself => Policy::Include,
            policy => policy,
        };
        let wants = |smart: Smart| selection.smart.contains(&smart);
        let trashed = unless(wants(Smart::RecentlyDeleted), selection.trashed);
        let hidden = match selection.hidden {
            Policy::Exclude if wants(Smart::Hidden) => Policy::Include,
            policy => policy,
        };
        let shared = unless(asked.in_shared, selection.shared);
        let classes = [
            (item.trashed, trashed, &mut left_out.trashed),
            (item.scope == Scope::SharedAlbum, shared, &mut left_out.shared),
            (
                item.scope == Scope::SharedWithYou,
                unless(false, selection.shared_with_you),
                &mut left_out.shared_with_you,
            ),
            (item.scope == Scope::Uncatalogued, unless(false, selection.orphans), &mut left_out.orphans),
            (item.scope == Scope::Elsewhere, unless(false, Policy::Exclude), &mut left_out.elsewhere),
            (item.hidden, hidden, &mut left_out.hidden),
            (item.is_stream(), Policy::Exclude, &mut left_out.streams),
            (item.is_protected(), unless(false, selection.media.protected), &mut left_out.protected),
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
        if bursts.is_some_and(|frames| !asked.itself && !frames.mean(index, item)) {
            left_out.bursts += 1;
            return;
        }
        self.take(index, item);
    }

    /// Adds the pictures of the albums of what is meant, each in its place.
    fn add_covers(&mut self, catalog: &Catalog) {
        for index in media::covers_of(catalog, &self.items) {
            if let Some(item) = catalog.items.get(index) {
                self.take(index, item);
            }
        }
        if self.covers > 0 {
            self.items.sort_unstable();
        }
    }

    /// Keeps the newest so many; what has no date is older than everything.
    fn keep_newest(&mut self, catalog: &Catalog, count: usize) {
        let when = |item: &Item| {
            let released = item.media.as_ref().and_then(|media| media.released);
            match item.kind {
                MediaKind::Podcast | MediaKind::Lecture => released.or(item.added),
                // An old song that was bought yesterday is new to its owner.
                _ => item.time().or(item.added.filter(|_| item.media.is_some())),
            }
        };
        let taken = |index: &usize| catalog.items.get(*index).and_then(when);
        let mut newest = std::mem::take(&mut self.items);
        // Stable: of those taken at once the later ones of the catalogue stay.
        newest.sort_by_key(taken);
        newest.drain(..newest.len().saturating_sub(count));
        newest.sort_unstable();
        (self.hidden, self.protected) = (0, 0);
        for index in newest {
            if let Some(item) = catalog.items.get(index) {
                self.take(index, item);
            }
        }
    }
}

#[cfg(test)]
mod tests;
