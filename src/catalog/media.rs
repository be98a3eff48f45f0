//! What the phone's other catalogues say of a song, a film, a voice memo, a book or a document.

use std::sync::Arc;

use jiff::Timestamp;

/// What is known of an item that is not of the photo library, besides what every [`super::Item`] has: its title is
/// [`super::Item::title`]. The fields are those of the phone's media library (facts/media.md section D3); other
/// catalogues fill what they have. Texts may hold anything and are never empty.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Media {
    /// Who plays, speaks, or wrote it.
    pub artist: Option<Arc<str>>,
    /// The album; of a podcast episode, the podcast; of an audiobook, the book.
    pub album: Option<Arc<str>>,
    /// Whose album it is, if the catalogue says so.
    pub album_artist: Option<Arc<str>>,
    /// Who composed it.
    pub composer: Option<Arc<str>>,
    /// Genre.
    pub genre: Option<Arc<str>>,
    /// Year of release, 1 to 9999.
    pub year: Option<i16>,
    /// When it was released.
    pub released: Option<Timestamp>,
    /// Number on its disc, from 1; of a part of an audiobook, its number.
    pub track: Option<u32>,
    /// How many there are on the disc.
    pub tracks: Option<u32>,
    /// Number of the disc, from 1.
    pub disc: Option<u32>,
    /// How many discs there are.
    pub discs: Option<u32>,
    /// Whether it belongs to an album of several artists.
    pub compilation: bool,
    /// What the person rated it: 0 to 100, 20 for each star; `None` if not at all.
    pub rating: Option<u8>,
    /// How often the person played it.
    pub plays: Option<u32>,
    /// When it was last played.
    pub last_played: Option<Timestamp>,
    /// Whether the person marked it as loved.
    pub loved: bool,
    /// Remark.
    pub comment: Option<Arc<str>>,
    /// Grouping.
    pub grouping: Option<Arc<str>>,
    /// Words that are sung.
    pub lyrics: Option<Arc<str>>,
    /// What it is about.
    pub description: Option<Arc<str>>,
    /// Copyright notice.
    pub copyright: Option<Arc<str>>,
    /// Beats per minute.
    pub bpm: Option<u32>,
    /// Kilobits per second.
    pub bit_rate: Option<u32>,
    /// Hertz.
    pub sample_rate: Option<u32>,
    /// The series that an episode belongs to.
    pub show: Option<Arc<str>>,
    /// Number of the season.
    pub season: Option<u32>,
    /// Number of the episode in its season.
    pub episode: Option<u32>,
    /// Address of the feed of a podcast.
    pub feed: Option<Arc<str>>,
    /// Whether it is protected (FairPlay): of no use without the account it was bought with.
    pub protected: bool,
    /// Whether it is kept as it is streamed (`.movpkg`): a folder of protected pieces, which no other program can play and
    /// which is no file that could be exported.
    pub stream: bool,
    /// Whether it is rented.
    pub rental: bool,
    /// Whether it is only the beginning of a book, to try it.
    pub sample: bool,
    /// The app that a document belongs to, by its name.
    pub app: Option<Arc<str>>,
    /// Folders that it lies in, outermost first: of a voice memo its folder; of a document those below its app, or
    /// below the media root.
    pub folders: Vec<Arc<str>>,
    /// A picture of its album on the phone, if it has one. Not an item by itself.
    pub artwork: Option<crate::source::DevicePath>,
}
