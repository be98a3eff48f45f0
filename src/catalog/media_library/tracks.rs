//! The rows of the items, with what other tables say of each (facts/media.md section D3).
//!
//! Tables are joined here and not in SQL: whatever is missing, doubled or points to nowhere costs one attribute.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use jiff::Timestamp;

use super::Tables;
use super::names::Names;
use super::texts::Texts;
use crate::catalog::Media;
use crate::catalog::database::{Cells, CocoaSeconds};
use crate::source::DevicePath;

/// What the database says of one item.
#[derive(Debug, Default)]
pub(super) struct Track {
    pub pid: i64,
    pub media_type: Option<i64>,
    pub media_kind: Option<i64>,
    /// Whether it is in the person's library; `None` if the row does not say.
    pub in_library: Option<bool>,
    pub base_location: i64,
    pub remote_location: i64,
    pub location: Location,
    pub album: i64,
    pub title: Option<Box<str>>,
    pub seconds: Option<f64>,
    /// What the database believes that its file has.
    pub file_bytes: Option<u64>,
    pub added: Option<Timestamp>,
    pub media: Box<Media>,
    artist: i64,
    episode_sort: Option<u32>,
    /// Whether there is a row that says where its file is.
    extra_seen: bool,
}

/// Where the file of an item is, as the database has it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) enum Location {
    /// Nowhere on the phone.
    #[default]
    None,
    /// In the cache of what was streamed.
    Cache,
    /// Somewhere that is no place in the media root.
    Unusable,
    /// There.
    File(DevicePath),
}

/// Items by their key.
#[derive(Debug, Default)]
pub(super) struct Tracks {
    pub list: Vec<Track>,
    /// Whether a table that leads to files could not be read to its end: items, or where they are, are missing.
    pub is_partial: bool,
    by_pid: HashMap<i64, usize>,
}

impl Tracks {
    fn get(&mut self, pid: Option<i64>) -> Option<&mut Track> {
        self.list.get_mut(*self.by_pid.get(&pid?)?)
    }

    pub(super) fn has(&self, pid: i64) -> bool {
        self.by_pid.contains_key(&pid)
    }
}

/// Reads the items. What could not be read is noted in `trouble`.
pub(super) fn read(
    tables: &mut Tables,
    names: &Names,
    texts: &mut Texts,
    trouble: &mut Vec<String>,
) -> Tracks {
    let mut tracks = Tracks::default();
    let lost = trouble.len();
    trouble.extend(read_items(tables, names, &mut tracks).err());
    trouble.extend(read_extra(tables, names, texts, &mut tracks).err());
    tracks.is_partial = trouble.len() > lost || names.is_partial;
    trouble.extend(read_store(tables, texts, &mut tracks).err());
    trouble.extend(read_playback(tables, &mut tracks).err());
    trouble.extend(read_stats(tables, &mut tracks).err());
    trouble.extend(read_video(tables, &mut tracks).err());
    trouble.extend(read_lyrics(tables, texts, &mut tracks).err());
    tracks
}

const ITEM: &[&str] = &[
    "item_pid",
    "media_type",
    "item_artist_pid",
    "album_pid",
    "album_artist_pid",
    "composer_pid",
    "genre_id",
    "disc_number",
    "track_number",
    "episode_sort_id",
    "base_location_id",
    "remote_location_id",
    "in_my_library",
    "is_compilation",
    "date_added",
    "date_downloaded",
];

fn read_items(tables: &mut Tables, names: &Names, tracks: &mut Tracks) -> Result<(), String> {
    tables.rows("item", ITEM, |c| {
        // In the order of `ITEM`.
        let Some(pid) = c.int() else { return };
        // A second row of one item says nothing new.
        let Entry::Vacant(vacant) = tracks.by_pid.entry(pid) else { return };
        let mut track = Track { pid, media_type: c.int(), ..Track::default() };
        track.artist = c.int().unwrap_or(0);
        track.album = c.int().unwrap_or(0);
        let album = names.albums.get(&track.album);
        let album_artist = c.int().and_then(|pid| names.album_artists.get(&pid));
        let of_album = || names.album_artists.get(&album?.artist?);
        track.media = Box::new(Media {
            artist: names.artists.get(&track.artist).and_then(|artist| artist.name.clone()),
            album: album.and_then(|album| album.title.clone()),
            album_artist: album_artist.or_else(of_album).cloned(),
            composer: c.int().and_then(|pid| names.composers.get(&pid)).cloned(),
            genre: c.int().and_then(|id| names.genres.get(&id)).cloned(),
            year: album.and_then(|album| year(album.year)),
            disc: count(c),
            track: count(c),
            feed: album.and_then(|album| album.feed.clone()),
            ..Media::default()
        });
        track.episode_sort = count(c);
        track.base_location = c.int().unwrap_or(0);
        track.remote_location = c.int().unwrap_or(0);
        track.in_library = c.int().map(|number| number != 0);
        track.media.compilation = c.flag();
        let (added, downloaded) = (date(c), date(c));
        track.added = added.or(downloaded);
        vacant.insert(tracks.list.len());
        tracks.list.push(track);
    })
}

const EXTRA: &[&str] = &[
    "item_pid",
    "title",
    "disc_count",
    "track_count",
    "total_time_ms",
    "year",
    "location",
    "file_size",
    "media_kind",
    "bpm",
    "comment",
    "grouping",
    "description",
    "description_long",
    "copyright",
];

fn read_extra(
    tables: &mut Tables,
    names: &Names,
    texts: &mut Texts,
    tracks: &mut Tracks,
) -> Result<(), String> {
    tables.rows("item_extra", EXTRA, |c| {
        // In the order of `EXTRA`.
        let Some(track) = tracks.get(c.int()).filter(|track| !track.extra_seen) else { return };
        track.extra_seen = true;
        track.title = texts.own(c.text());
        track.media.discs = count(c);
        track.media.tracks = count(c);
        track.seconds = c.real().map(|milliseconds| milliseconds / 1000.0).filter(|seconds| *seconds > 0.0);
        track.media.year = year(c.int()).or(track.media.year);
        track.location = location(track.base_location, c.bytes(), names, texts);
        track.file_bytes = c.file_bytes();
        track.media_kind = c.int();
        track.media.bpm = count(c);
        track.media.comment = texts.share(c.prose());
        track.media.grouping = texts.share(c.text());
        let (short, long) = (c.prose(), c.prose());
        track.media.description = texts.share(long.or(short));
        track.media.copyright = texts.share(c.text());
    })
}

/// Where a file is (facts/media.md section D2).
fn location(base: i64, name: Option<Vec<u8>>, names: &Names, texts: &mut Texts) -> Location {
    /// The folders of what was streamed, whatever their number is.
    const CACHES: [&[u8]; 2] = [b"iTunes_Control/Music/Cache", b"iTunes_Control/Music/Cache_LoFi"];
    let Some(name) = name.filter(|_| base != 0) else { return Location::None };
    if (100..=200).contains(&base) {
        return Location::Cache;
    }
    let folder = names.base_locations.get(&base).and_then(|folder| DevicePath::parse(folder).ok());
    let Some(folder) = folder.filter(|folder| !folder.as_bytes().is_empty()) else {
        return Location::Unusable;
    };
    if CACHES.contains(&folder.as_bytes()) {
        return Location::Cache;
    }
    // A name that begins with a slash is no way out of the folder either.
    match DevicePath::parse([folder.as_bytes(), b"/", &name].concat()) {
        Ok(path) if path != folder && texts.spend(path.as_bytes().len()) => Location::File(path),
        _ => Location::Unusable,
    }
}

fn read_store(tables: &mut Tables, texts: &mut Texts, tracks: &mut Tracks) -> Result<(), String> {
    let columns = ["item_pid", "is_protected", "date_purchased", "date_released", "feed_url"];
    tables.rows("item_store", &columns, |c| {
        let Some(track) = tracks.get(c.int()) else { return };
        track.media.protected = c.flag();
        track.added = track.added.or(date(c));
        track.media.released = date(c);
        if let Some(feed) = texts.share(c.text()) {
            track.media.feed = Some(feed);
        }
    })
}

fn read_playback(tables: &mut Tables, tracks: &mut Tracks) -> Result<(), String> {
    tables.rows("item_playback", &["item_pid", "bit_rate", "sample_rate"], |c| {
        let Some(track) = tracks.get(c.int()) else { return };
        track.media.bit_rate = count(c);
        track.media.sample_rate = count(c);
    })
}

fn read_stats(tables: &mut Tables, tracks: &mut Tracks) -> Result<(), String> {
    const LOVED: i64 = 2;
    let columns = [
        "item_pid",
        "user_rating_is_derived",
        "user_rating",
        "play_count_user",
        "date_played",
        "liked_state",
    ];
    tables.rows("item_stats", &columns, |c| {
        let Some(track) = tracks.get(c.int()) else { return };
        let is_guess = c.flag();
        let rating = c.int().and_then(|rating| u8::try_from(rating).ok());
        track.media.rating = rating.filter(|rating| (1..=100).contains(rating) && !is_guess);
        track.media.plays = c.int().and_then(|plays| u32::try_from(plays).ok());
        track.media.last_played = date(c);
        track.media.loved = c.int() == Some(LOVED);
    })
}

fn read_video(tables: &mut Tables, tracks: &mut Tracks) -> Result<(), String> {
    tables.rows("item_video", &["item_pid", "is_rental", "season_number"], |c| {
        let Some(track) = tracks.get(c.int()) else { return };
        track.media.rental = c.flag();
        track.media.season = count(c);
    })
}

fn read_lyrics(tables: &mut Tables, texts: &mut Texts, tracks: &mut Tracks) -> Result<(), String> {
    tables.rows("lyrics", &["item_pid", "lyrics"], |c| {
        let Some(track) = tracks.get(c.int()) else { return };
        track.media.lyrics = texts.share(c.prose());
    })
}

impl Track {
    /// Whether the database says where its file is, or that there is none on the phone.
    pub(super) fn is_located(&self) -> bool {
        match self.location {
            Location::File(_) | Location::Cache => true,
            Location::None => self.extra_seen && self.base_location == 0,
            Location::Unusable => false,
        }
    }

    /// Says which series and which episode it is, if it is one.
    pub(super) fn be_episode(&mut self, names: &Names) {
        self.media.show = names.artists.get(&self.artist).and_then(|artist| artist.series.clone());
        self.media.episode = self.episode_sort.or(self.media.track);
    }
}

/// A number from 1.
fn count(c: &mut Cells<'_, '_>) -> Option<u32> {
    let number = c.real().filter(|number| (1.0..=f64::from(u32::MAX)).contains(number))?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range was checked")]
    Some(number as u32)
}

/// A date; none at all is 0.
fn date(c: &mut Cells<'_, '_>) -> Option<Timestamp> {
    CocoaSeconds(c.real().filter(|seconds| *seconds != 0.0)?).instant()
}

fn year(number: Option<i64>) -> Option<i16> {
    i16::try_from(number?).ok().filter(|year| (1..=9999).contains(year))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::*;

    #[test]
    fn places_of_files() {
        let mut names = Names::default();
        for (id, path) in [
            (0xF00, "iTunes_Control/Music/F00"),
            (7, "/iTunes_Control/Music/Cache/"),
            (8, "../../etc"),
            (9, ""),
            (10, "//"),
        ] {
            names.base_locations.insert(id, path.as_bytes().into());
        }
        let location = |base, name| location(base, name, &names, &mut Texts::new(0));
        let at = |base, name: &str| location(base, Some(name.as_bytes().to_vec()));
        let file = |path: &str| Location::File(DevicePath::parse(path).unwrap());
        assert_eq!(at(0xF00, "ABCD.mp3"), file("iTunes_Control/Music/F00/ABCD.mp3"));
        assert_eq!(at(0xF00, "/ABCD.mp3"), file("iTunes_Control/Music/F00/ABCD.mp3"));
        assert_eq!(at(0xF00, "-123/x.m4a"), file("iTunes_Control/Music/F00/-123/x.m4a"));
        assert_eq!(at(0, "ABCD.mp3"), Location::None);
        assert_eq!(location(0xF00, None), Location::None);
        for (base, name) in
            [(0xF00, "../x"), (0xF00, "/"), (0xF00, "a\0b"), (8, "x"), (9, "x"), (10, "x"), (11, "x")]
        {
            assert_eq!(at(base, name), Location::Unusable, "{base} {name}");
        }
        for base in [100, 150, 200, 7] {
            assert_eq!(at(base, "x"), Location::Cache);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(2001), ..ProptestConfig::default() })]

        #[test]
        fn a_file_is_always_below_its_folder(base in any::<i64>(), folder in "[a./]{0,6}", name in "[b./\\x00]{0,6}") {
            let mut names = Names::default();
            names.base_locations.insert(base, folder.clone().into_bytes().into());
            let found = location(base, Some(name.into_bytes()), &names, &mut Texts::new(0));
            if let Location::File(path) = found {
                let folder = DevicePath::parse(folder).unwrap();
                let below = path.as_bytes().strip_prefix(folder.as_bytes());
                prop_assert!(below.is_some_and(|name| name.len() > 1 && name.starts_with(b"/")), "{}", path.to_text());
                prop_assert!(path.components().all(|part| part != b".." && part != b"."));
            }
        }
    }
}
