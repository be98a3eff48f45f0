//! What a file says of itself already, as a library sees it that knows all the ways in which tags are written.
//!
//! It only reads. Were it to write, it would write all tags anew: ID3v2.2 as 2.4, texts in another encoding, and not
//! what it does not understand.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use lofty::config::{GlobalOptions, ParseOptions, apply_global_options};
use lofty::file::{FileType, TaggedFile, TaggedFileExt as _};
use lofty::probe::Probe;
use lofty::tag::{ItemKey, Tag, TagType};

use super::TagError;
use super::bytes::CUT;
use super::iff::Form;
use super::kind::Kind;
use super::limits::MAX_ITEM_BYTES;
use super::mp3;
use super::tags::{TagName, Tags, Value};

/// The tags that a file has, each as a text: numbers as they are written, places as `3` or `3/12`. A cover has none.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Known(BTreeMap<TagName, String>);

/// Texts, and by which names they are known.
const TEXTS: [(TagName, &[ItemKey]); 12] = [
    (TagName::Title, &[ItemKey::TrackTitle]),
    (TagName::Artist, &[ItemKey::TrackArtist]),
    (TagName::Album, &[ItemKey::AlbumTitle]),
    (TagName::AlbumArtist, &[ItemKey::AlbumArtist]),
    (TagName::Composer, &[ItemKey::Composer]),
    (TagName::Genre, &[ItemKey::Genre]),
    (TagName::Year, &[ItemKey::RecordingDate, ItemKey::Year]),
    (TagName::Compilation, &[ItemKey::FlagCompilation]),
    (TagName::Grouping, &[ItemKey::ContentGroup, ItemKey::AppleId3v2ContentGroup]),
    (TagName::Lyrics, &[ItemKey::UnsyncLyrics, ItemKey::Lyrics]),
    (TagName::Bpm, &[ItemKey::IntegerBpm, ItemKey::Bpm]),
    (TagName::Show, &[ItemKey::ShowName]),
];

impl Known {
    /// Reads all tags of a file, of whatever sort. A panic of the library is only an error here.
    ///
    /// Files are to be looked through by us before: then nothing in them is packed, and sizes are true.
    pub(super) fn read(kind: Kind, bytes: &[u8]) -> Result<Self, TagError> {
        let (file_type, shown) = match kind {
            Kind::Mp4 => (FileType::Mp4, Cow::Borrowed(bytes)),
            Kind::Mp3 => (FileType::Mpeg, without_sound(bytes)?),
            Kind::Iff(Form::Aiff) => (FileType::Aiff, Cow::Borrowed(bytes)),
            Kind::Iff(Form::Wav) => (FileType::Wav, Cow::Borrowed(bytes)),
            Kind::Flac => (FileType::Flac, Cow::Borrowed(bytes)),
        };
        Self::parse(file_type, &shown)
    }

    /// Reads all tags of what is a file of this sort, as far as its tags go.
    pub(super) fn parse(file_type: FileType, bytes: &[u8]) -> Result<Self, TagError> {
        // Sound to go on after: nothing of ours is changed in there.
        let read = catch_unwind(AssertUnwindSafe(|| {
            apply_global_options(
                GlobalOptions::new()
                    .use_custom_resolvers(false)
                    .preserve_format_specific_items(false)
                    .allocation_limit(MAX_ITEM_BYTES),
            );
            let options = ParseOptions::new().read_properties(false).max_junk_bytes(0);
            let file = Probe::with_file_type(Cursor::new(bytes), file_type).options(options).read();
            file.map(|file| Self::of(&file)).map_err(|error| error.to_string())
        }));
        let read = read.unwrap_or_else(|_| Err("they are damaged".to_owned()));
        read.map_err(TagError::Unreadable)
    }

    fn of(file: &TaggedFile) -> Self {
        let mut known = Self::default();
        // The better sorts first: ID3v1 cuts texts off.
        let mut tags: Vec<&Tag> = file.tags().iter().collect();
        tags.sort_by_key(|tag| match tag.tag_type() {
            TagType::Id3v1 => 2,
            TagType::Ape | TagType::AiffText | TagType::RiffInfo => 1,
            _ => 0,
        });
        for tag in tags {
            for (name, keys) in TEXTS {
                known.note(name, keys.iter().find_map(|key| tag.get_string(*key)));
            }
            let comment = tag.get_items(ItemKey::Comment).find(|item| item.description().is_empty());
            known.note(TagName::Comment, comment.and_then(|item| item.value().text()));
            let pair = |place, count| {
                let place = tag.get_string(place)?;
                Some(
                    tag.get_string(count)
                        .map_or_else(|| place.to_owned(), |count| format!("{place}/{count}")),
                )
            };
            known.note(TagName::Track, pair(ItemKey::TrackNumber, ItemKey::TrackTotal).as_deref());
            known.note(TagName::Disc, pair(ItemKey::DiscNumber, ItemKey::DiscTotal).as_deref());
            if tag.picture_count() > 0 {
                known.0.entry(TagName::Cover).or_default();
            }
        }
        known
    }

    /// Blanks are no text: some programs fill what they do not know in ID3v1 with them.
    fn note(&mut self, name: TagName, text: Option<&str>) {
        if let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) {
            self.0.entry(name).or_insert_with(|| text.to_owned());
        }
    }

    pub(super) fn has(&self, name: TagName) -> bool {
        self.0.contains_key(&name)
    }

    /// Whether such a tag would be found here if the file had it. Some numbers of MP4 the library reads, but has no
    /// common name for.
    pub(super) fn shows(kind: Kind, name: TagName) -> bool {
        kind != Kind::Mp4
            || !matches!(name, TagName::Bpm | TagName::Season | TagName::Episode | TagName::EpisodeId)
    }

    /// As they are meant: numbers that are none, or make no sense, are left out.
    pub(super) fn into_tags(self) -> Tags {
        let Self(mut texts) = self;
        let number = |text: &str| text.trim().parse().ok().filter(|number| *number > 0);
        let pair = |text: String| {
            let (place, count) = text.split_once('/').unwrap_or((&text, ""));
            Some((number(place)?, number(count)))
        };
        let mut take = |name| texts.remove(&name);
        Tags {
            title: take(TagName::Title),
            artist: take(TagName::Artist),
            album: take(TagName::Album),
            album_artist: take(TagName::AlbumArtist),
            composer: take(TagName::Composer),
            genre: take(TagName::Genre),
            year: take(TagName::Year).and_then(|date| number(year(&date)).filter(|year| *year <= 9999)),
            track: take(TagName::Track).and_then(pair),
            disc: take(TagName::Disc).and_then(pair),
            compilation: take(TagName::Compilation).map(|text| text == "1"),
            comment: take(TagName::Comment),
            grouping: take(TagName::Grouping),
            lyrics: take(TagName::Lyrics),
            bpm: take(TagName::Bpm).and_then(|text| number(&text)),
            cover: None,
            show: take(TagName::Show),
            season: None,
            episode: None,
            episode_id: None,
        }
    }

    /// The tags that are texts, to be written in another way.
    pub(super) fn texts(&self) -> impl Iterator<Item = (TagName, Value<'_>)> {
        let texts = self.0.iter().filter(|(name, _)| **name != TagName::Cover);
        texts.map(|(name, text)| (*name, Value::Text(text.into())))
    }

    /// Whether all that the other says is said here, too, in the same words. Of dates, old versions of ID3v2 only have
    /// room for the year beside another sort of tag that has all of it.
    pub(super) fn keeps(&self, other: &Self) -> bool {
        other.0.iter().all(|(name, text)| {
            self.0
                .get(name)
                .is_some_and(|own| own == text || (*name == TagName::Year && year(own) == year(text)))
        })
    }

    /// Whether this is what was to be said. A genre may be a number, which is read as a word; and a count may have been
    /// there already, without a place.
    pub(super) fn says(&self, name: TagName, value: &Value<'_>) -> bool {
        match (self.0.get(&name), value.text()) {
            (Some(_), _) if name == TagName::Genre => true,
            (Some(said), Some(text)) if name == TagName::Year => year(said) == year(&text),
            (Some(said), Some(text)) if matches!(name, TagName::Track | TagName::Disc) => {
                said.split('/').next() == text.split('/').next()
            }
            (Some(said), Some(text)) => *said == text,
            (said, None) => said.is_some(),
            (None, Some(_)) => false,
        }
    }
}

/// The year of a date.
fn year(date: &str) -> &str {
    date.get(..4).unwrap_or(date)
}

/// An MP3 with its first frames only. Tags are at its beginning and its end.
fn without_sound(bytes: &[u8]) -> Result<Cow<'_, [u8]>, TagError> {
    const SHOWN: usize = 64 << 10;
    let sound = mp3::read(bytes)?.sound;
    if sound.len() <= SHOWN {
        return Ok(Cow::Borrowed(bytes));
    }
    let (head, tail) = (bytes.get(..sound.start + SHOWN), bytes.get(sound.end..));
    head.zip(tail).map(|(head, tail)| Cow::Owned([head, tail].concat())).ok_or(CUT)
}
