//! Files in the camera folders that no row of the database names: offered instead of lost
//! (facts/media.md section A13). Each becomes an item of its own.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::{StreamExt as _, TryStreamExt as _};

use super::folders::Folders;
use super::listing::{Directory, IN_FLIGHT, fold};
use super::media_type::MediaType;
use super::progress::{CatalogProgress, ProgressFn};
use super::shelf::original_as_it_lies;
use super::{AssetUuid, CaptureTime, Item, Presence, Scope};
use crate::source::{DevicePath, EntryKind, EntryName, Source, SourceError, SourceErrorKind, Stat};

/// What a phone appends to the stem of a photo to name a file it made from it (facts/media.md sections A8, B2).
const DERIVED: &[&[u8]] =
    &[b"s", b"d", b"x", b"videometadata", b".full", b".large", b".medium", b".small", b".poster", b"_srgb"];

/// The orphans as items, in order of their paths. `claimed` holds what belongs to an item: folder and name, by position.
///
/// # Errors
/// Only that the source is gone.
pub(super) async fn find(
    source: &dyn Source,
    folders: &Folders,
    claimed: &HashSet<(usize, u32)>,
    progress: &ProgressFn<'_>,
) -> Result<Vec<Item>, SourceError> {
    let mut candidates = Vec::new();
    for at in &folders.camera {
        let Some((path, listing)) = folders.all.get(*at) else { continue };
        let Some(directory) = listing.directory() else { continue };
        let is_claimed = |position: u32| claimed.contains(&(*at, position));
        candidates.extend(unnamed(directory, is_claimed).map(|name| path.join(name)));
    }
    let stats = stat_all(source, &candidates, progress).await?;
    let is_file = |stat: &Result<Stat, SourceError>| match stat {
        Ok(stat) => stat.kind == EntryKind::File,
        Err(error) => error.kind != SourceErrorKind::NotFound,
    };
    let found = candidates.into_iter().zip(stats).filter(|(_, stat)| is_file(stat));
    Ok(found.map(|(path, stat)| item(path, stat.ok())).collect())
}

/// A file as an item: it has the name it has, and was taken when it was last changed, as far as anybody knows.
fn item(path: DevicePath, stat: Option<Stat>) -> Item {
    let name = path.file_name().map(|name| name.to_text()).unwrap_or_default();
    let media = path.file_name().map_or(MediaType::Unknown, |name| MediaType::of(name.extension()));
    let mut item = Item::new(AssetUuid(super::path_identity(&path)), name, media.kind());
    item.scope = Scope::Uncatalogued;
    item.taken = stat.and_then(Stat::modified).map(|instant| CaptureTime { instant, offset: None });
    item.traits.raw = media == MediaType::Raw;
    item.resources = vec![original_as_it_lies(Presence::OnPhone(path), stat)];
    item
}

/// Names in a folder that neither belong to an item nor were made from one.
fn unnamed<'a>(
    directory: &'a Directory,
    is_claimed: impl Fn(u32) -> bool + 'a,
) -> impl Iterator<Item = &'a EntryName> {
    let (mut stems, mut rest) = (HashSet::new(), Vec::new());
    for (name, position) in directory.names().iter().zip(0_u32..) {
        if is_claimed(position) {
            stems.insert(fold(name.stem()));
        } else if !name.as_bytes().starts_with(b".") && MediaType::of(name.extension()) != MediaType::Sidecar
        {
            rest.push(name);
        }
    }
    rest.into_iter().filter(move |name| {
        let stem = fold(name.stem());
        !DERIVED.iter().any(|end| stem.strip_suffix(*end).is_some_and(|base| stems.contains(base)))
    })
}

/// Looks at many files at once, in the order given.
///
/// # Errors
/// Only that the source is gone.
pub(super) async fn stat_all(
    source: &dyn Source,
    paths: &[DevicePath],
    progress: &ProgressFn<'_>,
) -> Result<Vec<Result<Stat, SourceError>>, SourceError> {
    let (seen, total) = (AtomicU64::new(0), paths.len() as u64);
    let seen = &seen;
    // Collected first: a future that holds a borrowing closure cannot be proven to be `Send`.
    let requests: Vec<_> = paths
        .iter()
        .map(|path| async move {
            let stat = source.stat(path).await;
            progress(CatalogProgress::Files { seen: seen.fetch_add(1, Ordering::Relaxed) + 1, total });
            match stat {
                Err(error) if error.is_fatal() => Err(error),
                other => Ok(other),
            }
        })
        .collect();
    futures_util::stream::iter(requests).buffered(IN_FLIGHT).try_collect().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sidecars_and_what_was_made_from_a_photo_are_no_orphans() {
        let names = [
            ".hidden",
            "IMG_1.HEIC", // claimed
            "IMG_1.AAE",
            "IMG_1D.HEIC",
            "img_1.medium.MP4",
            "IMG_1videometadata.mov",
            "IMG_2D.HEIC",
            "IMG_2.MOV",
            "notes.txt",
        ];
        let entries = names.iter().map(|n| EntryName::new(n.as_bytes()).unwrap()).collect();
        let directory = Directory::new(entries);
        let claimed = directory.find(b"IMG_1.HEIC").unwrap();
        let found: Vec<_> = unnamed(&directory, |at| at == claimed).map(EntryName::to_text).collect();
        assert_eq!(found, ["IMG_2.MOV", "IMG_2D.HEIC", "notes.txt"]);
    }
}
