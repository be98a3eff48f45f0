//! What is to be filled into files on their way to the drive.

use std::sync::Arc;

use super::Contents;
use crate::catalog::{Item, Media, MediaKind, Role};
use crate::source::DevicePath;
use crate::tag::Tags;

/// What stands behind the revision of a file into which tags were filled.
const TAGS: &str = "+tags";
/// What stands behind that if a picture was among them, or would have been had the file none.
const COVER: &str = "+cover";

/// What is filled into a file, each more than the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Filling {
    /// Nothing: it is what it is on the phone.
    Nothing,
    /// Tags.
    Tags,
    /// Tags and the picture of its album.
    TagsAndCover,
}

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
    let filling = filling(item, role, contents);
    let media = item.media.as_deref().filter(|_| filling != Filling::Nothing)?;
    let cover = media.artwork.clone().filter(|_| filling == Filling::TagsAndCover);
    Some(Arc::new(Tagging { tags: tags(item, media), cover }))
}

/// How much is to be filled into a file of an item.
pub(super) fn filling(item: &Item, role: Role, contents: &Contents) -> Filling {
    let is_song = role == Role::Original && item.kind == MediaKind::Song;
    match item.media.as_deref() {
        Some(media) if is_song && contents.tags => match contents.embed && media.artwork.is_some() {
            true => Filling::TagsAndCover,
            false => Filling::Tags,
        },
        _ => Filling::Nothing,
    }
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
pub(super) fn revision(revision: &str, filling: Filling) -> String {
    match filling {
        Filling::Nothing => revision.to_owned(),
        Filling::Tags => format!("{revision}{TAGS}"),
        Filling::TagsAndCover => format!("{revision}{TAGS}{COVER}"),
    }
}

/// The revision of a file that did not get the picture that it lacks, so that the next run tries again.
pub(crate) fn without_cover(revision: &str) -> &str {
    revision.strip_suffix(COVER).unwrap_or(revision)
}

/// Whether what the ledger has of a file is this revision of it. What was filled into it once is not taken out again.
pub(super) fn is_same(known: &str, revision: &str, filling: Filling) -> bool {
    let (known, had) = parts(known);
    known == revision && had >= filling
}

/// The revision on the phone that a recorded one is of, and what was filled in.
pub(super) fn parts(known: &str) -> (&str, Filling) {
    let (known, had_cover) = known.strip_suffix(COVER).map_or((known, false), |known| (known, true));
    match known.strip_suffix(TAGS) {
        Some(known) if had_cover => (known, Filling::TagsAndCover),
        Some(known) => (known, Filling::Tags),
        None => (known, Filling::Nothing),
    }
}

/// The revision on the phone that a recorded one is of, whatever was filled in.
pub(crate) fn own_revision(known: &str) -> &str {
    parts(known).0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_filled_in_stays() {
        let all = [Filling::Nothing, Filling::Tags, Filling::TagsAndCover];
        for had in all {
            for wanted in all {
                for own in ["", "1", "1-2"] {
                    assert_eq!(
                        is_same(&revision(own, had), own, wanted),
                        had >= wanted,
                        "{own} {had:?} {wanted:?}"
                    );
                    assert!(!is_same(&revision(own, had), "2", wanted), "another version");
                }
            }
        }
        assert_eq!(without_cover(&revision("1", Filling::TagsAndCover)), "1+tags");
        assert_eq!(without_cover("1+tags"), "1+tags");
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
        assert_eq!(filling(&song, Role::Original, &contents), Filling::Tags, "there is no picture");
        song.media.as_mut().unwrap().artwork = Some(DevicePath::parse("Artwork/1").unwrap());
        assert_eq!(filling(&song, Role::Original, &contents), Filling::TagsAndCover);
        song.kind = MediaKind::Cover;
        assert_eq!(of(&song, Role::Original, &contents), None);
    }
}
