//! Puts together what the database says of an item and what is on the phone.

use std::collections::HashSet;

use super::kinds::{Place, place};
use super::names::Names;
use super::tracks::{Location, Track};
use crate::catalog::media_folders::{
    Entry, Found, MediaFolders, is_protected, is_stream, kind_of_file, original_name,
};
use crate::catalog::{AssetUuid, Collection, Item, MediaKind, Presence, Resource, Role, Scope};
use crate::source::DevicePath;

/// From this number on `remote_location_id` means that a server has the file (facts/media.md section D4).
const FIRST_SERVER: i64 = 50;
/// From this number on `base_location_id` means a folder that a computer filled.
const FIRST_SYNCED: i64 = 0xF00;

/// An item with what leads to other rows.
pub(super) struct Placed {
    pub collection: Collection,
    pub item: Item,
    pub pid: i64,
    pub album: i64,
}

/// What could not be told for sure.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Doubts {
    /// Items whose path is none in the media root.
    pub without_path: u64,
    /// Items in folders that could not be listed; the database was believed.
    pub unlisted: u64,
    /// Items of which a damaged database does not say where their file is: it may well be there, by another name.
    pub unlocated: u64,
}

/// The items of a library, in the order of the rows, and every file that belongs to one.
#[derive(Default)]
pub(super) struct Assembled {
    pub items: Vec<Placed>,
    pub claimed: HashSet<Entry>,
    pub doubts: Doubts,
}

/// The folders that the rows name.
pub(super) fn folders(tracks: &[Track]) -> HashSet<DevicePath> {
    let mut folders = HashSet::new();
    for track in tracks {
        if let Location::File(path) = &track.location
            && let Some(folder) = path.parent()
            && !folders.contains(&folder)
        {
            folders.insert(folder);
        }
    }
    folders
}

/// Builds the items.
///
/// Rows that are not in the person's library and in none of `listed` (what is in the playlists) are left-overs. Most have no file, and are nobody's. But if one has a
/// file and nothing in the library is the same file, it is somebody's music: it becomes an item as files do that no
/// row names ([`Scope::Uncatalogued`]), with all that is known of it.
///
/// Where the database `is_partial`, a row that does not say where its file is may have lost that: its file is taken for
/// one that no row names, and the row is left out.
pub(super) fn assemble(
    tracks: Vec<Track>,
    listed: &HashSet<i64>,
    names: &Names,
    folders: &MediaFolders,
    is_partial: bool,
) -> Assembled {
    let mut out = Assembled::default();
    // If nothing is in the library, that mark says nothing.
    let marked = tracks.iter().any(|track| track.in_library == Some(true));
    let is_in_library =
        |track: &Track| !marked || track.in_library != Some(false) || listed.contains(&track.pid);
    let found: Vec<Found> = tracks.iter().map(|track| find(track, folders)).collect();
    let mut believed: HashSet<DevicePath> = HashSet::new();
    for (track, found) in tracks.iter().zip(&found).filter(|(track, _)| is_in_library(track)) {
        match (found, &track.location) {
            (Found::File(_, entry), _) => drop(out.claimed.insert(*entry)),
            (Found::Unlisted, Location::File(path)) => drop(believed.insert(path.clone())),
            _ => {}
        }
    }
    for (mut track, found) in tracks.into_iter().zip(found) {
        let in_library = is_in_library(&track);
        let path = match (found, &track.location) {
            (Found::File(path, entry), _) => (out.claimed.insert(entry) || in_library).then_some(path),
            (Found::Unlisted, Location::File(path)) => {
                let is_new = believed.insert(path.clone()) || in_library;
                out.doubts.unlisted += u64::from(is_new);
                is_new.then(|| path.clone())
            }
            _ => None,
        };
        if path.is_none() && !in_library {
            continue;
        }
        if is_partial && !track.is_located() {
            out.doubts.unlocated += 1;
            continue;
        }
        let (collection, kind) = place_of(&track, path.as_ref());
        if kind == MediaKind::TvShow {
            track.be_episode(names);
        }
        out.doubts.without_path += u64::from(track.location == Location::Unusable);
        let (pid, album) = (track.pid, track.album);
        let mut item = item(track, path, kind);
        if !in_library {
            item.scope = Scope::Uncatalogued;
        }
        out.items.push(Placed { collection, item, pid, album });
    }
    out
}

fn find(track: &Track, folders: &MediaFolders) -> Found {
    match &track.location {
        Location::File(path) => folders.find(path),
        Location::None | Location::Cache | Location::Unusable => Found::Nothing,
    }
}

/// Where an item belongs. What the database calls by no name that is known is not lost: its file says whether it is to be
/// heard or to be seen, and what has no file is with the music.
fn place_of(track: &Track, path: Option<&DevicePath>) -> Place {
    let nameless = track.media_type.unwrap_or(0) == 0 && track.media_kind.unwrap_or(0) == 0;
    place(track.media_type, track.media_kind).unwrap_or_else(|| match path.and_then(kind_of_file) {
        Some(place) if nameless => place,
        Some((collection, _)) => (collection, MediaKind::Other),
        None => (Collection::Music, MediaKind::Other),
    })
}

fn item(mut track: Track, path: Option<DevicePath>, kind: MediaKind) -> Item {
    let uuid = AssetUuid(format!("track:{}", track.pid));
    let named = match &track.location {
        Location::File(path) => Some(path),
        _ => None,
    };
    let name = original_name(track.title.as_deref(), path.as_ref().or(named));
    let mut item = Item::new(uuid, name.unwrap_or_default(), kind);
    if item.original_name.is_empty() {
        item.original_name.clone_from(&item.uuid.0);
    }
    track.media.protected |= path.as_ref().or(named).is_some_and(is_protected);
    track.media.stream = path.as_ref().is_some_and(is_stream);
    item.synced = track.base_location >= FIRST_SYNCED;
    item.added = track.added;
    item.favorite = track.media.loved;
    item.duration_seconds = track.seconds;
    item.title = track.title;
    item.media = Some(track.media);
    let presence = match path {
        Some(path) => Presence::OnPhone(path),
        None if track.location == Location::Cache || track.remote_location >= FIRST_SERVER => {
            Presence::CloudOnly
        }
        None => Presence::Missing,
    };
    // The size that the database has is what the file had once: good for progress; where it matters, the file is
    // asked. But another size there is another file: somebody synced it anew.
    let resource = Resource {
        role: Role::Original,
        presence,
        size_bytes: track.file_bytes,
        fingerprint: None,
        revision: track.file_bytes.map(|bytes| bytes.to_string()).unwrap_or_default(),
    };
    item.resources = vec![resource];
    item
}
