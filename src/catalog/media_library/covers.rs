//! The pictures of albums as items of their own, one for each album that has something on the phone.

use std::collections::{BTreeMap, HashMap};

use super::artwork::{Artwork, formats};
use super::items::Placed;
use crate::catalog::{AssetUuid, Collection, Item, Media, MediaKind, Presence, Resource, Role, Scope};
use crate::source::{DevicePath, Source, SourceError};

/// The collections whose albums get pictures. An album of several of them has it in the first.
const WITH_COVERS: [Collection; 3] = [Collection::Music, Collection::Podcasts, Collection::Books];

/// The covers, each with its collection and in the order of the albums' keys, and how many could not be looked at.
pub(super) struct Covers {
    pub items: Vec<(Collection, Item)>,
    pub failed: u64,
}

/// An album that has a picture.
struct Album<'a> {
    collection: Collection,
    picture: DevicePath,
    /// The item whose words are those of the album.
    first: &'a Placed,
    /// Whether nothing of it that is on the phone is unprotected.
    protected: bool,
}

/// Finds the covers. `items` have their artwork already.
///
/// # Errors
/// Only that the source is gone.
pub(super) async fn find(
    source: &dyn Source,
    items: &[Placed],
    artwork: &Artwork,
) -> Result<Covers, SourceError> {
    let albums = albums(items, artwork);
    let mut paths: Vec<DevicePath> = albums.values().map(|album| album.picture.clone()).collect();
    paths.sort_unstable();
    paths.dedup();
    let (mut known, mut failed) = (HashMap::new(), 0);
    for (path, format) in paths.iter().zip(formats(source, &paths).await?) {
        failed += u64::from(format.is_err());
        known.extend(format.ok().flatten().map(|format| (path, format)));
    }
    let cover = |(pid, album): (&i64, &Album<'_>)| {
        let format = known.get(&album.picture)?;
        Some((album.collection, item(*pid, album, format.extension())))
    };
    Ok(Covers { items: albums.iter().filter_map(cover).collect(), failed })
}

/// The albums with a picture, by their key: their own, or else that of their first item that has one.
fn albums<'a>(items: &'a [Placed], artwork: &Artwork) -> BTreeMap<i64, Album<'a>> {
    /// Position of the collection, then the number of disc and track, then the key: what comes first.
    type Rank = (usize, u32, u32, i64);
    let mut by_album: HashMap<i64, Vec<(Rank, &Placed)>> = HashMap::new();
    // Rows that are left over lie in no album's folder, and would take the picture with them.
    let in_albums = |placed: &&Placed| placed.album != 0 && placed.item.scope != Scope::Uncatalogued;
    for placed in items.iter().filter(in_albums) {
        let Some(collection) = WITH_COVERS.iter().position(|c| *c == placed.collection) else { continue };
        let original = placed.item.resource(Role::Original);
        if !original.is_some_and(|original| matches!(original.presence, Presence::OnPhone(_))) {
            continue;
        }
        let media = placed.item.media.as_deref();
        let number = |number: fn(&Media) -> Option<u32>| media.and_then(number).unwrap_or(0);
        let rank = (collection, number(|media| media.disc), number(|media| media.track), placed.pid);
        by_album.entry(placed.album).or_default().push((rank, placed));
    }
    let mut albums = BTreeMap::new();
    for (pid, mut members) in by_album {
        members.sort_by_key(|(rank, _)| *rank);
        let picture = || {
            let of_member = |(_, placed): &(Rank, &Placed)| placed.item.media.as_ref()?.artwork.clone();
            artwork.of_album(pid).or_else(|| members.iter().find_map(of_member))
        };
        let (Some((_, first)), Some(picture)) = (members.first(), picture()) else { continue };
        // What can be had without protection comes first: its words are those of the folder on the drive.
        let open = members.iter().find(|(_, placed)| !placed.item.is_protected());
        let first = open.map_or(*first, |(_, placed)| *placed);
        let protected = open.is_none();
        albums.insert(pid, Album { collection: first.collection, picture, first, protected });
    }
    albums
}

fn item(pid: i64, album: &Album<'_>, extension: &str) -> Item {
    let mut item =
        Item::new(AssetUuid(format!("cover:{pid}")), format!("cover.{extension}"), MediaKind::Cover);
    let words = album.first.item.media.as_deref().cloned().unwrap_or_default();
    item.title = words.album.as_deref().map(Into::into);
    item.media = Some(Box::new(Media {
        artist: words.artist,
        album: words.album,
        album_artist: words.album_artist,
        genre: words.genre,
        year: words.year,
        compilation: words.compilation,
        // It goes where the songs go: nowhere, if those are not wanted.
        protected: album.protected,
        ..Media::default()
    }));
    item.resources = vec![Resource {
        role: Role::Original,
        presence: Presence::OnPhone(album.picture.clone()),
        size_bytes: None,
        fingerprint: None,
        // The name of the file follows from the picture (facts/media.md section D5).
        revision: album.picture.to_text(),
    }];
    item
}
