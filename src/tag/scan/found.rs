//! What a file says of itself.

use super::super::tags::Tags;

/// What a file says of itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// Its tags, without blanks round them. Covers are not looked at.
    pub tags: Tags,
    /// How long it takes to play, in seconds, if it says so where its tags are: only MP4 does.
    pub seconds: Option<f64>,
    /// The shelf that iTunes puts it on, if it says so.
    pub shelf: Option<Shelf>,
}

/// What iTunes calls the media kind of an MP4 (`stik`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shelf {
    /// A song.
    Song,
    /// An audiobook.
    Audiobook,
    /// A music video.
    MusicVideo,
    /// A film.
    Movie,
    /// An episode of a series.
    TvShow,
    /// A ringtone.
    Ringtone,
    /// An episode of a podcast.
    Podcast,
}

impl Shelf {
    /// By its number in the file; 0 is what old versions of iTunes write for films.
    pub(super) const fn of(number: u32) -> Option<Self> {
        Some(match number {
            1 => Self::Song,
            2 => Self::Audiobook,
            6 => Self::MusicVideo,
            0 | 9 => Self::Movie,
            10 => Self::TvShow,
            14 => Self::Ringtone,
            21 => Self::Podcast,
            _ => return None,
        })
    }
}
