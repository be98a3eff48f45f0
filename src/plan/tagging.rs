//! What is to be filled into files on their way to the drive.

use std::sync::Arc;

use super::Contents;
use crate::catalog::{Item, Media, MediaKind, Role};
use crate::source::DevicePath;
use crate::tag::Tags;

/// What stands behind the revision of a file into which tags were filled.
const MARK: &str = "+tags";

/// The tags that a file is to have, as far as it has none of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tagging {
    /// All but the picture.
    pub tags: Tags,
    /// The picture of its album on the phone.
    pub cover: Option<DevicePath>,
}

/// What is to be filled into a file of an item; `None` if nothing is.
pub(super) fn of(item: &Item, role: Role, contents: &Contents) -> Option<Arc<Tagging>> {
    let media = item.media.as_deref().filter(|_| is_due(item, role, contents))?;
    let cover = media.artwork.clone().filter(|_| contents.embed);
    Some(Arc::new(Tagging { tags: tags(item, media), cover }))
}

/// Whether anything is to be filled into a file of an item.
pub(super) fn is_due(item: &Item, role: Role, contents: &Contents) -> bool {
    contents.tags && role == Role::Original && item.kind == MediaKind::Song && item.media.is_some()
}

fn tags(item: &Item, media: &Media) -> Tags {
    let text = |text: &Option<Arc<str>>| text.as_deref().map(str::to_owned);
    Tags {
        title: item.title.as_deref().map(str::to_owned),
        artist: text(&media.artist),
        album: text(&media.album),
        album_artist: text(&media.album_artist),
        composer: text(&media.composer),
        genre: text(&media.genre),
        year: media.year.and_then(|year| u32::try_from(year).ok()),
        track: media.track.map(|track| (track, media.tracks)),
        disc: media.disc.map(|disc| (disc, media.discs)),
        compilation: Some(media.compilation),
        comment: text(&media.comment),
        grouping: text(&media.grouping),
        lyrics: text(&media.lyrics),
        bpm: media.bpm,
        ..Tags::default()
    }
}

/// The revision of a file, with what was filled in.
pub(super) fn revision(revision: &str, is_tagged: bool) -> String {
    if is_tagged { format!("{revision}{MARK}") } else { revision.to_owned() }
}

/// The revision of a file into which not all was filled that was to be, so that the next run tries again.
pub(crate) fn unfinished(revision: &str) -> &str {
    revision.strip_suffix(MARK).unwrap_or(revision)
}

/// Whether what the ledger has of a file is this revision of it. What was filled into it once is not taken out again.
pub(super) fn is_same(known: &str, revision: &str, is_tagged: bool) -> bool {
    match known.strip_suffix(MARK) {
        Some(known) => known == revision,
        None => !is_tagged && known == revision,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_filled_in_stays() {
        assert!(is_same("", "", false) && is_same("+tags", "", false) && is_same("+tags", "", true));
        assert!(!is_same("", "", true), "it is to be filled in now");
        assert!(!is_same("1+tags", "2", false) && !is_same("1+tags", "2", true));
        assert!(is_same(&revision("1", true), "1", true));
    }

    #[test]
    fn only_songs_and_the_like_and_only_if_asked_for() {
        let mut song = crate::testing::photo("track:1", "a.m4a", 0, 1);
        song.kind = MediaKind::Song;
        song.media = Some(Box::default());
        let contents = Contents { tags: true, embed: true, ..Contents::default() };
        assert_eq!(of(&song, Role::Original, &Contents::default()), None);
        song.title = Some("A".into());
        let tagging = of(&song, Role::Original, &contents).unwrap();
        assert_eq!((tagging.tags.title.as_deref(), &tagging.cover), (Some("A"), &None));
        song.kind = MediaKind::Cover;
        assert_eq!(of(&song, Role::Original, &contents), None);
    }
}
