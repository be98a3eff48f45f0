//! Small pictures that the phone keeps of what is only in iCloud (facts/media.md sections A8, B1, B6).
//!
//! Only for items whose original is not on the phone, and never in its place. Only folders of such items are
//! looked into.

use std::collections::{BTreeMap, BTreeSet};

use super::places::Place;
use crate::catalog::listing::{Directory, Listing, ListingProgress, list_all};
use crate::catalog::media_type::MediaType;
use crate::catalog::orphans::stat_all;
use crate::catalog::{Item, MediaKind, Presence, ProgressFn, Resource, Role, Scope};
use crate::source::{DevicePath, EntryName, Source, SourceError};

/// Where smaller versions lie, in a folder of the original's path.
const SMALLER: &[u8] = b"PhotoData/Metadata/";
/// Where thumbnails lie, in a folder of the original's path and name.
const THUMBNAILS: &[u8] = b"PhotoData/Thumbnails/V2/";

/// What follows the stem in the name of a smaller version of a photo, best first.
const OF_PHOTO: &[&str] = &[".full.JPG", ".large.JPG", ".JPG", "_sRGB.JPG", ".medium.JPG"];
/// The same for a video; the last is one picture of it.
const OF_VIDEO: &[&str] =
    &[".large.MOV", ".large.MP4", ".medium.MP4", ".medium.MOV", ".small.MP4", ".small.MOV", ".JPG"];

/// Gives the items that need one the best preview that is on the phone. `places` are in the order of `items`.
///
/// # Errors
/// Only that the source is gone.
pub(super) async fn add(
    source: &dyn Source,
    items: &mut [Item],
    places: &[Option<Place>],
    counter: &ListingProgress<'_>,
    progress: &ProgressFn<'_>,
) -> Result<(), SourceError> {
    let needs_one = |item: &Item| {
        let original = item.resource(Role::Original);
        item.scope != Scope::Elsewhere
            && original.is_none_or(|original| !matches!(original.presence, Presence::OnPhone(_)))
    };
    let wanted: Vec<(usize, &Place)> = items
        .iter()
        .zip(places)
        .enumerate()
        .filter(|(_, (item, _))| needs_one(item))
        .filter_map(|(at, (_, place))| Some((at, place.as_ref()?)))
        .collect();

    let smaller = Folders::list(source, SMALLER, &wanted, counter).await?;
    let mut found: Vec<(usize, DevicePath)> = Vec::new();
    let mut without = Vec::new();
    for (at, place) in wanted {
        let is_video = items.get(at).is_some_and(|item| item.kind == MediaKind::Video);
        match smaller.best(place, if is_video { OF_VIDEO } else { OF_PHOTO }) {
            Some(path) => found.push((at, path)),
            None => without.push((at, place)),
        }
    }
    let thumbnails = Folders::list(source, THUMBNAILS, &without, counter).await?;
    found.extend(largest_thumbnails(source, &thumbnails, &without, counter, progress).await?);

    for (at, path) in found {
        let Some(item) = items.get_mut(at) else { continue };
        item.resources.reserve_exact(1);
        item.resources.push(Resource {
            role: Role::Preview,
            presence: Presence::OnPhone(path),
            size_bytes: None,
            fingerprint: None,
            revision: String::new(),
        });
    }
    Ok(())
}

/// The folders below one root that belong to the folders of originals.
struct Folders<'a>(BTreeMap<&'a DevicePath, (DevicePath, Listing)>);

impl<'a> Folders<'a> {
    async fn list(
        source: &dyn Source,
        root: &[u8],
        wanted: &[(usize, &'a Place)],
        counter: &ListingProgress<'_>,
    ) -> Result<Self, SourceError> {
        let folders: BTreeSet<&DevicePath> = wanted.iter().map(|(_, place)| &*place.folder).collect();
        let inside = |folder: &DevicePath| DevicePath::parse([root, folder.as_bytes()].concat()).ok();
        let (folders, paths): (Vec<_>, Vec<_>) =
            folders.into_iter().filter_map(|folder| Some((folder, inside(folder)?))).unzip();
        let listings = list_all(source, &paths, counter).await?;
        Ok(Self(folders.into_iter().zip(paths.into_iter().zip(listings)).collect()))
    }

    fn of(&self, place: &Place) -> Option<(&DevicePath, &Directory)> {
        let (path, listing) = self.0.get(&*place.folder)?;
        Some((path, listing.directory()?))
    }

    /// The first of these that there is.
    fn best(&self, place: &Place, ends: &[&str]) -> Option<DevicePath> {
        let (path, directory) = self.of(place)?;
        let mut name = place.name.stem().to_vec();
        let stem = name.len();
        ends.iter().find_map(|end| {
            name.truncate(stem);
            name.extend_from_slice(end.as_bytes());
            Some(path.join(directory.name(directory.find(&name)?)?))
        })
    }
}

/// The largest thumbnail of each item that has one.
async fn largest_thumbnails(
    source: &dyn Source,
    folders: &Folders<'_>,
    wanted: &[(usize, &Place)],
    counter: &ListingProgress<'_>,
    progress: &ProgressFn<'_>,
) -> Result<Vec<(usize, DevicePath)>, SourceError> {
    let (items, own): (Vec<usize>, Vec<DevicePath>) = wanted
        .iter()
        .filter_map(|(at, place)| {
            let (path, directory) = folders.of(place)?;
            let name = directory.name(directory.find(place.name.as_bytes())?)?;
            Some((*at, path.join(name)))
        })
        .unzip();
    let listings = list_all(source, &own, counter).await?;
    let mut best: BTreeMap<usize, DevicePath> = BTreeMap::new();
    let mut several: Vec<(usize, DevicePath)> = Vec::new();
    for ((at, folder), listing) in items.iter().zip(&own).zip(&listings) {
        let names = listing.directory().map(Directory::names).unwrap_or_default();
        let is_picture = |name: &&EntryName| MediaType::of(name.extension()) == MediaType::Photo;
        let mut pictures = names.iter().filter(is_picture).map(|name| folder.join(name));
        let Some(first) = pictures.next() else { continue };
        let rest: Vec<DevicePath> = pictures.collect();
        if rest.is_empty() {
            best.insert(*at, first);
        } else {
            several.extend([first].into_iter().chain(rest).map(|path| (*at, path)));
        }
    }
    let paths: Vec<DevicePath> = several.iter().map(|(_, path)| path.clone()).collect();
    let stats = stat_all(source, &paths, progress).await?;
    let mut largest: BTreeMap<usize, u64> = BTreeMap::new();
    for ((at, path), stat) in several.into_iter().zip(stats) {
        let Ok(stat) = stat else { continue };
        let known = largest.entry(at).or_insert(0);
        if stat.size_bytes > *known {
            *known = stat.size_bytes;
            best.insert(at, path);
        }
    }
    Ok(best.into_iter().collect())
}
