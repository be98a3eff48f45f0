//! What songs and films say of themselves, where no catalogue says anything: their own tags, read from the phone.
//!
//! Only a few parts of each file are read, and it is no matter if that fails: then the file keeps the name it has on
//! the phone. How tags are written is the business of [`crate::tag`].

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::{StreamExt as _, TryStreamExt as _};

use super::database::cut;
use super::media_folders::original_name;
use super::media_library::Texts;
use super::progress::{CatalogProgress, ProgressFn};
use super::{Collection, Item, Media, MediaKind, Presence, Role};
use crate::source::{DevicePath, Source, SourceError};
use crate::tag::{Found, Scan, Shelf, Step, Tags};

/// Files whose tags are read at once. Each takes a few hundred kilobytes at most, and most take 64.
const IN_FLIGHT: usize = 16;
/// Files after which their tags are put down.
const BATCH: usize = 128;
/// Times a part of a file is asked for that has a chance to come the next time.
const TRIES: u32 = 3;
/// Bytes of all texts, in thirds: see [`Texts`].
const TEXT_BYTES: u64 = 32 << 20;

/// Fills in what the files say, of `most` of them at most. Gives how many were not asked, or did not answer.
///
/// # Errors
/// Only that the source is gone.
pub(super) async fn fill(
    source: &dyn Source,
    items: &mut [(Collection, Item)],
    most: usize,
    progress: &ProgressFn<'_>,
) -> Result<u64, SourceError> {
    let on_phone = |(at, (_, item)): (usize, &(Collection, Item))| {
        let original = item.resource(Role::Original)?;
        let Presence::OnPhone(path) = &original.presence else { return None };
        Some((at, path.clone(), original.size_bytes?))
    };
    let mut files: Vec<(usize, DevicePath, u64)> = items.iter().enumerate().filter_map(on_phone).collect();
    let mut silent = files.len().saturating_sub(most) as u64;
    files.truncate(most);
    let (seen, total) = (AtomicU64::new(0), files.len() as u64);
    let seen = &seen;
    let mut texts = Texts::new(TEXT_BYTES);
    for batch in files.chunks(BATCH) {
        // Collected first: a future that holds a borrowing closure cannot be proven to be `Send`.
        let scans: Vec<_> = batch
            .iter()
            .map(|(_, path, size_bytes)| async move {
                let answer = scan(source, path, *size_bytes).await;
                progress(CatalogProgress::Files { seen: seen.fetch_add(1, Ordering::Relaxed) + 1, total });
                answer
            })
            .collect();
        let answers: Vec<Answer> =
            futures_util::stream::iter(scans).buffered(IN_FLIGHT).try_collect().await?;
        for ((at, path, _), answer) in batch.iter().zip(answers) {
            match (answer, items.get_mut(*at)) {
                (Answer::Says(found), Some((collection, item))) => {
                    tell(collection, item, path, *found, &mut texts)
                }
                (Answer::Nothing, _) | (_, None) => {}
                (Answer::Silent, _) => silent += 1,
            }
        }
    }
    Ok(silent)
}

/// What became of the question for a file's tags.
enum Answer {
    Says(Box<Found>),
    /// It has no tags, or none that are known.
    Nothing,
    /// It could not be read.
    Silent,
}

/// Reads the tags of one file.
///
/// # Errors
/// Only that the source is gone.
async fn scan(source: &dyn Source, path: &DevicePath, size_bytes: u64) -> Result<Answer, SourceError> {
    let name = path.file_name();
    let extension = name.as_ref().and_then(|name| std::str::from_utf8(name.extension()?).ok());
    let mut scan = Scan::new(size_bytes, extension);
    let mut tries = 1;
    loop {
        match scan.step() {
            Ok(Step::Done(found)) => return Ok(Answer::Says(Box::new(trimmed(*found)))),
            Ok(Step::Read { position, most_bytes }) => {
                match source.read_part(path, position, most_bytes).await {
                    Ok(part) => scan.give(position, part.bytes),
                    Err(error) if error.is_fatal() => return Err(error),
                    Err(error) if error.is_retryable() && tries < TRIES => tries += 1,
                    Err(error) => {
                        tracing::debug!(%error, "no tags");
                        return Ok(Answer::Silent);
                    }
                }
            }
            Err(error) => {
                tracing::debug!(%path, %error, "no tags");
                return Ok(Answer::Nothing);
            }
        }
    }
}

/// What is of use for finding and placing a file. Lyrics, remarks and the rest stay where they are: in the file.
fn trimmed(found: Found) -> Found {
    let text = |text: Option<String>| text.map(cut).filter(|text| !text.trim().is_empty());
    let Tags { title, artist, album, album_artist, composer, genre, grouping, show, .. } = found.tags;
    let tags = Tags {
        title: text(title),
        artist: text(artist),
        album: text(album),
        album_artist: text(album_artist),
        composer: text(composer),
        genre: text(genre),
        grouping: text(grouping),
        show: text(show),
        comment: None,
        lyrics: None,
        cover: None,
        episode_id: None,
        ..found.tags
    };
    Found { tags, ..found }
}

/// Puts down what a file says.
fn tell(collection: &mut Collection, item: &mut Item, path: &DevicePath, found: Found, texts: &mut Texts) {
    let Found { tags, seconds, shelf } = found;
    (*collection, item.kind) = shelved(*collection, item.kind, shelf);
    let media = item.media.get_or_insert_default();
    let mut share = |text: Option<String>| -> Option<Arc<str>> { texts.share(text) };
    **media = Media {
        artist: share(tags.artist),
        album: share(tags.album),
        album_artist: share(tags.album_artist),
        composer: share(tags.composer),
        genre: share(tags.genre),
        grouping: share(tags.grouping),
        year: tags.year.and_then(|year| i16::try_from(year).ok()),
        track: tags.track.map(|(place, _)| place),
        tracks: tags.track.and_then(|(_, count)| count),
        disc: tags.disc.map(|(place, _)| place),
        discs: tags.disc.and_then(|(_, count)| count),
        compilation: tags.compilation == Some(true),
        bpm: tags.bpm,
        ..std::mem::take(&mut **media)
    };
    if item.kind == MediaKind::TvShow {
        media.show = share(tags.show);
        media.season = tags.season;
        media.episode = tags.episode.or(media.track);
    }
    item.duration_seconds = seconds;
    item.title = texts.own(tags.title);
    if let Some(name) = item.title.as_deref().and_then(|title| original_name(Some(title), Some(path))) {
        item.original_name = name;
    }
}

/// Where something belongs that lies where songs and films do, if it says so itself.
const fn shelved(collection: Collection, kind: MediaKind, shelf: Option<Shelf>) -> (Collection, MediaKind) {
    match (kind, shelf) {
        (MediaKind::Song | MediaKind::Other, Some(Shelf::Podcast)) => {
            (Collection::Podcasts, MediaKind::Podcast)
        }
        (MediaKind::Song, Some(Shelf::Audiobook)) => (Collection::Books, MediaKind::Audiobook),
        (MediaKind::Song, Some(Shelf::Ringtone)) => (Collection::Ringtones, MediaKind::Ringtone),
        (MediaKind::Other, Some(Shelf::Movie)) => (collection, MediaKind::Movie),
        (MediaKind::Other, Some(Shelf::TvShow)) => (collection, MediaKind::TvShow),
        (MediaKind::Other, Some(Shelf::MusicVideo)) => (collection, MediaKind::MusicVideo),
        _ => (collection, kind),
    }
}
