//! What an item of the media library is, and which collection it belongs to (facts/media.md section D3).
//!
//! Which bit of `item.media_type` audiobooks have is not certain: the facts have 16, with a question mark; what iOS itself
//! calls the bits (`NSStringFromMLMediaType`, as somebody read it on a phone) says 2, and that 16 is a voice memo. So of
//! these two the other enumeration decides, where it says anything.

use crate::catalog::{Collection, MediaKind};

/// Bits of `item.media_type`.
mod bits {
    pub(super) const SONG: i64 = 8;
    pub(super) const AUDIOBOOK: i64 = 2;
    pub(super) const VOICE_MEMO: i64 = 16;
    /// To hear, and to see.
    pub(super) const PODCAST: i64 = 4 | 256;
    /// iTunes U, to hear, and to see.
    pub(super) const LECTURE: i64 = 32 | 4096;
    pub(super) const TV_SHOW: i64 = 512;
    /// Rows of music videos have the bit of songs too.
    pub(super) const MUSIC_VIDEO: i64 = 1024;
    pub(super) const MOVIE: i64 = 2048;
    pub(super) const HOME_VIDEO: i64 = 8192;
    pub(super) const RINGTONE: i64 = 16384;
    /// Everything that moves.
    pub(super) const VIDEO: i64 = 0xFF00;
}

/// A collection, and the kind of an item in it.
pub(super) type Place = (Collection, MediaKind);

/// The place of an item, by what the database calls it: `item.media_type`, or else `item_extra.media_kind`.
/// `None` if neither says anything that is known.
pub(super) fn place(media_type: Option<i64>, media_kind: Option<i64>) -> Option<Place> {
    let (media_type, media_kind) = (media_type.unwrap_or(0), media_kind.unwrap_or(0));
    let moves = media_type & bits::VIDEO != 0;
    by_type(media_type)
        .or_else(|| by_kind(media_kind))
        .or_else(|| by_uncertain_type(media_type))
        .or_else(|| moves.then_some((Collection::Videos, MediaKind::Other)))
}

fn by_type(media_type: i64) -> Option<Place> {
    let has = |bits| media_type & bits != 0;
    Some(match () {
        () if has(bits::RINGTONE) => (Collection::Ringtones, MediaKind::Ringtone),
        // Apple's own test for songs.
        () if media_type & (bits::SONG | bits::MUSIC_VIDEO) == bits::SONG => {
            (Collection::Music, MediaKind::Song)
        }
        () if has(bits::MUSIC_VIDEO) => (Collection::Videos, MediaKind::MusicVideo),
        () if has(bits::PODCAST) => (Collection::Podcasts, MediaKind::Podcast),
        () if has(bits::LECTURE) => (Collection::Podcasts, MediaKind::Lecture),
        () if has(bits::TV_SHOW) => (Collection::Videos, MediaKind::TvShow),
        () if has(bits::MOVIE) => (Collection::Videos, MediaKind::Movie),
        () if has(bits::HOME_VIDEO) => (Collection::Videos, MediaKind::HomeVideo),
        () => return None,
    })
}

/// By the bits of which it is not certain what they mean.
fn by_uncertain_type(media_type: i64) -> Option<Place> {
    let has = |bits| media_type & bits != 0;
    Some(match () {
        () if has(bits::AUDIOBOOK) => (Collection::Books, MediaKind::Audiobook),
        () if has(bits::VOICE_MEMO) => VOICE_MEMO,
        () => return None,
    })
}

/// A voice memo that a computer put into the library. It was shown among the songs; those that were recorded on the phone
/// are no part of the library.
const VOICE_MEMO: Place = (Collection::Music, MediaKind::Song);

/// The other enumeration, that of iTunes.
fn by_kind(media_kind: i64) -> Option<Place> {
    const EPUB: i64 = 4_194_304;
    const PDF: i64 = 8_388_608;
    Some(match media_kind {
        1 => (Collection::Music, MediaKind::Song),
        2 => (Collection::Videos, MediaKind::Movie),
        4 => (Collection::Podcasts, MediaKind::Podcast),
        8 => (Collection::Books, MediaKind::Audiobook),
        32 | 33 => (Collection::Videos, MediaKind::MusicVideo),
        64 => (Collection::Videos, MediaKind::TvShow),
        1024 => (Collection::Videos, MediaKind::HomeVideo),
        16384 => (Collection::Ringtones, MediaKind::Ringtone),
        EPUB | PDF => (Collection::Books, MediaKind::Book),
        1_048_576 => VOICE_MEMO,
        2_097_152 => (Collection::Podcasts, MediaKind::Lecture),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_type_decides_then_the_kind() {
        let of = |media_type: i64, media_kind: i64| place(Some(media_type), Some(media_kind));
        assert_eq!(of(8, 0), Some((Collection::Music, MediaKind::Song)));
        assert_eq!(of(8, 2), Some((Collection::Music, MediaKind::Song)));
        assert_eq!(of(1032, 0), Some((Collection::Videos, MediaKind::MusicVideo)));
        assert_eq!(of(1024, 0), Some((Collection::Videos, MediaKind::MusicVideo)));
        assert_eq!(of(4, 0), Some((Collection::Podcasts, MediaKind::Podcast)));
        assert_eq!(of(256, 0), Some((Collection::Podcasts, MediaKind::Podcast)));
        assert_eq!(of(4096, 0), Some((Collection::Podcasts, MediaKind::Lecture)));
        assert_eq!(of(2, 0), Some((Collection::Books, MediaKind::Audiobook)));
        for uncertain in [2, 16] {
            assert_eq!(of(uncertain, 8), Some((Collection::Books, MediaKind::Audiobook)), "{uncertain}");
            assert_eq!(of(uncertain, 1_048_576), Some((Collection::Music, MediaKind::Song)), "{uncertain}");
        }
        assert_eq!(of(16, 0), Some((Collection::Music, MediaKind::Song)));
        assert_eq!(of(2 | 2048, 0), Some((Collection::Videos, MediaKind::Movie)));
        assert_eq!(of(512, 0), Some((Collection::Videos, MediaKind::TvShow)));
        assert_eq!(of(2048, 0), Some((Collection::Videos, MediaKind::Movie)));
        assert_eq!(of(8192, 0), Some((Collection::Videos, MediaKind::HomeVideo)));
        assert_eq!(of(16384 | 8, 0), Some((Collection::Ringtones, MediaKind::Ringtone)));
        assert_eq!(of(0, 64), Some((Collection::Videos, MediaKind::TvShow)));
        assert_eq!(of(1 << 20, 1), Some((Collection::Music, MediaKind::Song)));
        assert_eq!(of(0, 8_388_608), Some((Collection::Books, MediaKind::Book)));
        assert_eq!(of(0x8000, 0), Some((Collection::Videos, MediaKind::Other)));
        assert_eq!(of(1 << 20, 77), None);
        assert_eq!(of(-1, 0), Some((Collection::Ringtones, MediaKind::Ringtone)));
        assert_eq!(place(None, None), None);
    }
}
