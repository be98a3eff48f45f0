//! Artists, albums, composers and genres: what the rows of items point to (facts/media.md section D3).

use std::collections::HashMap;
use std::sync::Arc;

use super::Tables;
use super::texts::Texts;

/// Longer than a path can be, in bytes.
const LONGEST_PATH: usize = 4096;
/// Some times as many as a phone has.
const MOST_LOCATIONS: usize = 10_000;

/// What the tables beside that of the items call things, by key.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub artists: HashMap<i64, Artist>,
    pub albums: HashMap<i64, AlbumRow>,
    pub album_artists: HashMap<i64, Arc<str>>,
    pub composers: HashMap<i64, Arc<str>>,
    pub genres: HashMap<i64, Arc<str>>,
    /// Where files lie below the media root.
    pub base_locations: HashMap<i64, Box<[u8]>>,
    /// Whether the table of those could not be read to its end.
    pub is_partial: bool,
}

#[derive(Debug, Default)]
pub(super) struct Artist {
    pub name: Option<Arc<str>>,
    /// Of the makers of a series.
    pub series: Option<Arc<str>>,
}

#[derive(Debug, Default)]
pub(super) struct AlbumRow {
    pub title: Option<Arc<str>>,
    pub artist: Option<i64>,
    pub year: Option<i64>,
    pub feed: Option<Arc<str>>,
}

/// Reads them. What could not be read is noted in `trouble`.
pub(super) fn read(tables: &mut Tables, texts: &mut Texts, trouble: &mut Vec<String>) -> Names {
    let mut names = Names { base_locations: usual_locations(), ..Names::default() };
    let artists = &mut names.artists;
    let columns = ["item_artist_pid", "item_artist", "series_name"];
    let result = tables.rows("item_artist", &columns, |c| {
        let Some(key) = c.int() else { return };
        let artist = Artist { name: texts.share(c.text()), series: texts.share(c.text()) };
        artists.entry(key).or_insert(artist);
    });
    trouble.extend(result.err());
    let albums = &mut names.albums;
    let columns = ["album_pid", "album", "album_artist_pid", "album_year", "feed_url"];
    let result = tables.rows("album", &columns, |c| {
        let Some(key) = c.int() else { return };
        let album = AlbumRow {
            title: texts.share(c.text()),
            artist: c.int(),
            year: c.int(),
            feed: texts.share(c.text()),
        };
        albums.entry(key).or_insert(album);
    });
    trouble.extend(result.err());
    for (table, key, name, all) in [
        ("album_artist", "album_artist_pid", "album_artist", &mut names.album_artists),
        ("composer", "composer_pid", "composer", &mut names.composers),
        ("genre", "genre_id", "genre", &mut names.genres),
    ] {
        let result = tables.rows(table, &[key, name], |c| {
            if let (Some(key), Some(name)) = (c.int(), texts.share(c.text())) {
                all.entry(key).or_insert(name);
            }
        });
        trouble.extend(result.err());
    }
    let locations = &mut names.base_locations;
    let result = tables.rows("base_location", &["base_location_id", "path"], |c| {
        let (Some(key), Some(path)) = (c.int(), c.bytes()) else { return };
        if path.len() <= LONGEST_PATH && locations.len() < MOST_LOCATIONS {
            locations.insert(key, path.into());
        }
    });
    names.is_partial = result.is_err();
    trouble.extend(result.err());
    names
}

/// Those that every phone has, in case its table says nothing of them (facts/media.md section D2).
fn usual_locations() -> HashMap<i64, Box<[u8]>> {
    let fixed = [
        (100, "iTunes_Control/Music/Cache_LoFi"),
        (200, "iTunes_Control/Music/Cache"),
        (250, "iTunes_Control/Music/Downloads"),
        (300, "Purchases"),
        (400, "Podcasts"),
        (500, "ManagedPurchases/TVApp"),
        (600, "ManagedPurchases/Books"),
    ];
    let numbered = (0..50_i64).map(|n| (0xF00 + n, format!("iTunes_Control/Music/F{n:02}")));
    let all = fixed.into_iter().map(|(id, path)| (id, path.to_owned())).chain(numbered);
    all.map(|(id, path)| (id, path.into_bytes().into())).collect()
}
