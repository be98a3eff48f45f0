//! What is known of a song or film, as it may be written into its file.

use std::borrow::Cow;
use std::sync::Arc;

use super::limits::{Limits, MAX_LINE_BYTES, MAX_TEXT_BYTES};

/// What the catalogue knows of a song, film or episode. What is `None` or empty is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tags {
    /// Its title.
    pub title: Option<String>,
    /// Who plays or sings it.
    pub artist: Option<String>,
    /// The album that it belongs to.
    pub album: Option<String>,
    /// Whom the album is listed under.
    pub album_artist: Option<String>,
    /// Who wrote the music.
    pub composer: Option<String>,
    /// Its genre, as a word.
    pub genre: Option<String>,
    /// The year in which it came out: 1 to 9999.
    pub year: Option<u32>,
    /// Its place on the disc, and how many there are: 1 to 65,535.
    pub track: Option<(u32, Option<u32>)>,
    /// Its disc, and how many there are: 1 to 65,535.
    pub disc: Option<(u32, Option<u32>)>,
    /// Whether the album is one by various artists. `Some(false)` is what a file says that says nothing.
    pub compilation: Option<bool>,
    /// A remark.
    pub comment: Option<String>,
    /// What it is grouped by.
    pub grouping: Option<String>,
    /// The words that are sung, in lines.
    pub lyrics: Option<String>,
    /// Beats in a minute: 1 to 65,535.
    pub bpm: Option<u32>,
    /// The cover: the bytes of a JPEG or PNG.
    pub cover: Option<Arc<[u8]>>,
    /// The TV show that it is an episode of.
    pub show: Option<String>,
    /// Its season.
    pub season: Option<u32>,
    /// Its number in the season.
    pub episode: Option<u32>,
    /// What its makers call it: `S01E02`, `117`.
    pub episode_id: Option<String>,
}

/// A tag, whatever a format calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TagName {
    /// [`Tags::title`].
    Title,
    /// [`Tags::artist`].
    Artist,
    /// [`Tags::album`].
    Album,
    /// [`Tags::album_artist`].
    AlbumArtist,
    /// [`Tags::composer`].
    Composer,
    /// [`Tags::genre`].
    Genre,
    /// [`Tags::year`].
    Year,
    /// [`Tags::track`].
    Track,
    /// [`Tags::disc`].
    Disc,
    /// [`Tags::compilation`].
    Compilation,
    /// [`Tags::comment`].
    Comment,
    /// [`Tags::grouping`].
    Grouping,
    /// [`Tags::lyrics`].
    Lyrics,
    /// [`Tags::bpm`].
    Bpm,
    /// [`Tags::show`].
    Show,
    /// [`Tags::season`].
    Season,
    /// [`Tags::episode`].
    Episode,
    /// [`Tags::episode_id`].
    EpisodeId,
    /// [`Tags::cover`].
    Cover,
}

impl TagName {
    /// What a person calls it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Artist => "artist",
            Self::Album => "album",
            Self::AlbumArtist => "album artist",
            Self::Composer => "composer",
            Self::Genre => "genre",
            Self::Year => "year",
            Self::Track => "track number",
            Self::Disc => "disc number",
            Self::Compilation => "compilation",
            Self::Comment => "comment",
            Self::Grouping => "grouping",
            Self::Lyrics => "lyrics",
            Self::Bpm => "beats per minute",
            Self::Show => "show",
            Self::Season => "season",
            Self::Episode => "episode",
            Self::EpisodeId => "episode id",
            Self::Cover => "cover",
        }
    }

    /// Whether it is of TV episodes, for which only MP4 has a place that everybody knows.
    pub(super) const fn is_of_tv(self) -> bool {
        matches!(self, Self::Show | Self::Season | Self::Episode | Self::EpisodeId)
    }
}

/// A tag that is known but was not written, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeftOut {
    /// Which.
    pub name: TagName,
    /// Why, for a person: "the cover was left out: it is too large".
    pub why: &'static str,
}

/// What a tag says, fit to be written: no text is empty, too long or has control characters, and every number has room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value<'a> {
    Text(Cow<'a, str>),
    Number(u32),
    /// A place, and of how many.
    Pair(u16, Option<u16>),
    /// It is so.
    Set,
    Cover(Picture, &'a [u8]),
}

/// How a cover is coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Picture {
    Jpeg,
    Png,
}

impl Picture {
    fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xFF, 0xD8, 0xFF, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Some(Self::Png),
            _ => None,
        }
    }

    pub(super) const fn mime(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }
}

impl Value<'_> {
    /// As formats write it that only know texts. A cover has none.
    pub(super) fn text(&self) -> Option<Cow<'_, str>> {
        Some(match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Number(number) => number.to_string().into(),
            Self::Pair(place, None) => place.to_string().into(),
            Self::Pair(place, Some(count)) => format!("{place}/{count}").into(),
            Self::Set => "1".into(),
            Self::Cover(..) => return None,
        })
    }
}

/// What is asked for, in the order in which it is written, and what cannot be.
#[derive(Debug, Default)]
pub(super) struct Wanted<'a> {
    pub(super) values: Vec<(TagName, Value<'a>)>,
    pub(super) left_out: Vec<LeftOut>,
}

impl Tags {
    /// What of it can be written at all.
    pub(super) fn wanted(&self, limits: &Limits) -> Wanted<'_> {
        let mut wanted = Wanted::default();
        wanted.text(TagName::Title, self.title.as_ref());
        wanted.text(TagName::Artist, self.artist.as_ref());
        wanted.text(TagName::Album, self.album.as_ref());
        wanted.text(TagName::AlbumArtist, self.album_artist.as_ref());
        wanted.text(TagName::Composer, self.composer.as_ref());
        wanted.text(TagName::Genre, self.genre.as_ref());
        wanted.number(TagName::Year, self.year, 1..=9999);
        wanted.pair(TagName::Track, self.track);
        wanted.pair(TagName::Disc, self.disc);
        if self.compilation == Some(true) {
            wanted.values.push((TagName::Compilation, Value::Set));
        }
        wanted.text(TagName::Comment, self.comment.as_ref());
        wanted.text(TagName::Grouping, self.grouping.as_ref());
        wanted.text(TagName::Lyrics, self.lyrics.as_ref());
        wanted.number(TagName::Bpm, self.bpm, 1..=u16::MAX.into());
        wanted.text(TagName::Show, self.show.as_ref());
        // Numbers of MP4 have a sign.
        wanted.number(TagName::Season, self.season, 0..=i32::MAX.unsigned_abs());
        wanted.number(TagName::Episode, self.episode, 0..=i32::MAX.unsigned_abs());
        wanted.text(TagName::EpisodeId, self.episode_id.as_ref());
        if let Some(cover) = self.cover.as_deref().filter(|cover| !cover.is_empty()) {
            match Picture::of(cover) {
                None => wanted.leave_out(TagName::Cover, "it is neither a JPEG nor a PNG"),
                Some(_) if cover.len() > limits.cover_bytes => {
                    wanted.leave_out(TagName::Cover, "it is too large");
                }
                Some(picture) => wanted.values.push((TagName::Cover, Value::Cover(picture, cover))),
            }
        }
        wanted
    }
}

impl<'a> Wanted<'a> {
    fn leave_out(&mut self, name: TagName, why: &'static str) {
        self.left_out.push(LeftOut { name, why });
    }

    fn text(&mut self, name: TagName, text: Option<&'a String>) {
        let Some(text) = text else { return };
        let long = matches!(name, TagName::Comment | TagName::Lyrics);
        if text.len() > if long { MAX_TEXT_BYTES } else { MAX_LINE_BYTES } {
            return self.leave_out(name, "it is too long");
        }
        let text = clean(text, long);
        if !text.is_empty() {
            self.values.push((name, Value::Text(text)));
        }
    }

    fn number(&mut self, name: TagName, number: Option<u32>, range: std::ops::RangeInclusive<u32>) {
        match number {
            Some(number) if range.contains(&number) => self.values.push((name, Value::Number(number))),
            // Catalogues say 0 for what they do not know.
            None | Some(0) => {}
            Some(_) => self.leave_out(name, "it is out of range"),
        }
    }

    fn pair(&mut self, name: TagName, pair: Option<(u32, Option<u32>)>) {
        let Some((place, count)) = pair.filter(|(place, _)| *place != 0) else { return };
        match (u16::try_from(place), count.filter(|count| *count != 0).map(u16::try_from).transpose()) {
            (Ok(place), Ok(count)) => self.values.push((name, Value::Pair(place, count))),
            _ => self.leave_out(name, "it is out of range"),
        }
    }
}

/// A text without what has a meaning of its own in tags: NUL ends or splits a text, a byte order mark begins one. Blanks
/// round it are not worth a difference.
fn clean(text: &str, lines: bool) -> Cow<'_, str> {
    let odd = |c: char| c == '\u{FEFF}' || (c.is_control() && !(lines && matches!(c, '\n' | '\r' | '\t')));
    if text.contains(odd) {
        Cow::Owned(text.replace(odd, " ").trim().to_owned())
    } else {
        Cow::Borrowed(text.trim())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_written_is_left_out_with_a_reason() {
        let tags = Tags {
            title: Some(" a\0b\u{1b}[2J\u{feff} ".to_owned()),
            artist: Some("\0 \n".to_owned()),
            album: Some("x".repeat(MAX_LINE_BYTES + 1)),
            lyrics: Some("one\ntwo\0".to_owned()),
            year: Some(10_000),
            track: Some((3, Some(0))),
            disc: Some((70_000, None)),
            bpm: Some(0),
            compilation: Some(false),
            cover: Some(b"GIF89a".as_slice().into()),
            ..Tags::default()
        };
        let wanted = tags.wanted(&Limits::default());
        assert_eq!(
            wanted.values,
            [
                (TagName::Title, Value::Text("a b [2J".into())),
                (TagName::Track, Value::Pair(3, None)),
                (TagName::Lyrics, Value::Text("one\ntwo".into())),
            ]
        );
        let names: Vec<TagName> = wanted.left_out.iter().map(|left| left.name).collect();
        assert_eq!(names, [TagName::Album, TagName::Year, TagName::Disc, TagName::Cover]);
    }

    #[test]
    fn a_cover_that_is_too_large_is_left_out() {
        let tags = Tags { cover: Some(b"\xFF\xD8\xFF\xE0".as_slice().into()), ..Tags::default() };
        let small = Limits { cover_bytes: 3, ..Limits::default() };
        assert_eq!(tags.wanted(&small).left_out.len(), 1);
        assert_eq!(tags.wanted(&Limits::default()).values.len(), 1);
    }
}
