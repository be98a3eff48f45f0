//! A phone as a folder, with a media library made by hand.

use std::path::Path;
use std::time::Duration;

use iexport::catalog::{
    self, Catalog, CatalogError, Collection, Item, Media, MediaLibrary, Patience, Presence, Resource, Role,
};
use iexport::source::{
    BoxFuture, DevicePath, EntryName, FolderSource, OpenFile, Source, SourceError, SourceErrorKind, Stat,
};
use rusqlite::Connection;

pub const DATABASE: &str = "iTunes_Control/iTunes/MediaLibrary.sqlitedb";
pub const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01";
pub const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
pub const HEIC: &[u8] = b"\0\0\0\x18ftypheic\0\0\0\0";

/// What the reader looks at, without keys that would forbid what a broken database can hold.
pub const SCHEMA: &str = "
    PRAGMA user_version = 2120020;
    CREATE TABLE item (item_pid, media_type, item_artist_pid, album_pid, album_artist_pid, composer_pid, genre_id,
        disc_number, track_number, episode_sort_id, base_location_id, remote_location_id, in_my_library DEFAULT 1,
        is_compilation, date_added, date_downloaded);
    CREATE TABLE item_extra (item_pid, title, disc_count, track_count, total_time_ms, year, location, media_kind,
        file_size, bpm, comment, grouping, description, description_long, copyright);
    CREATE TABLE item_store (item_pid, is_protected, date_purchased, date_released, feed_url);
    CREATE TABLE item_playback (item_pid, bit_rate, sample_rate);
    CREATE TABLE item_stats (item_pid, user_rating, user_rating_is_derived, play_count_user, date_played, liked_state);
    CREATE TABLE item_video (item_pid, is_rental, season_number);
    CREATE TABLE lyrics (item_pid, lyrics);
    CREATE TABLE item_artist (item_artist_pid, item_artist, series_name);
    CREATE TABLE album (album_pid, album, album_artist_pid, album_year, feed_url);
    CREATE TABLE album_artist (album_artist_pid, album_artist);
    CREATE TABLE composer (composer_pid, composer);
    CREATE TABLE genre (genre_id, genre);
    CREATE TABLE base_location (base_location_id, path);
    INSERT INTO base_location VALUES (0, ''), (200, 'iTunes_Control/Music/Cache'),
        (250, 'iTunes_Control/Music/Downloads'), (300, 'Purchases'), (400, 'Podcasts'),
        (3840, 'iTunes_Control/Music/F00'), (3841, 'iTunes_Control/Music/F01');
    CREATE TABLE container (container_pid, name, parent_pid, distinguished_kind, is_hidden, smart_is_genius,
        is_ignorable_itunes_playlist, cloud_is_subscribed, is_editable, smart_is_folder, smart_criteria);
    CREATE TABLE container_item (container_item_pid, container_pid, item_pid, position);
    CREATE TABLE artwork (artwork_token, relative_path, artwork_type, artwork_variant_type);
    CREATE TABLE artwork_token (artwork_token, entity_pid, entity_type, artwork_type, artwork_variant_type);
    CREATE TABLE best_artwork_token (available_artwork_token, entity_pid, entity_type, artwork_type,
        artwork_variant_type);
";

/// A phone.
pub struct Phone(tempfile::TempDir);

impl Phone {
    /// With nothing on it.
    pub fn empty() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// With a library of these rows.
    pub fn with(sql: &str) -> Self {
        let phone = Self::empty();
        phone.file(DATABASE, b"");
        phone.sql(SCHEMA);
        phone.sql(sql);
        phone
    }

    pub fn root(&self) -> &Path {
        self.0.path()
    }

    /// Puts a file onto it.
    pub fn file(&self, path: &str, bytes: &[u8]) {
        let path = self.root().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    /// Changes its library.
    pub fn sql(&self, sql: &str) {
        self.open().execute_batch(sql).unwrap();
    }

    pub fn open(&self) -> Connection {
        let db = Connection::open(self.root().join(DATABASE)).unwrap();
        db.pragma_update(None, "synchronous", "OFF").unwrap();
        db
    }

    /// A song with a file in `F00`.
    pub fn song(&self, pid: i64, title: &str) {
        let name = format!("A{:03}.mp3", pid.unsigned_abs());
        self.sql(&format!(
            "INSERT INTO item (item_pid, media_type, base_location_id) VALUES ({pid}, 8, 3840);
             INSERT INTO item_extra (item_pid, title, location) VALUES ({pid}, '{title}', '{name}');"
        ));
        self.file(&format!("iTunes_Control/Music/F00/{name}"), b"sound");
    }

    pub fn read(&self) -> MediaLibrary {
        read(&FolderSource::new(self.root())).unwrap()
    }

    pub fn catalog(&self, collection: Collection) -> Catalog {
        self.read().catalog(collection)
    }

    pub fn music(&self) -> Catalog {
        self.catalog(Collection::Music)
    }
}

/// Reads without pauses.
pub fn read(source: &dyn Source) -> Result<MediaLibrary, CatalogError> {
    let scratch = tempfile::tempdir().unwrap();
    let patience = Patience { tries: 3, pause: Duration::ZERO };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let progress = |_| ();
    // It may run on any thread.
    let reading: BoxFuture<'_, _> =
        Box::pin(catalog::read_media_library(source, scratch.path(), patience, &progress));
    runtime.block_on(reading)
}

/// A phone that cannot list or open some paths.
pub struct Refusing<'a> {
    pub inner: FolderSource,
    pub refused: &'a [&'a str],
}

impl Refusing<'_> {
    fn check(&self, path: &DevicePath) -> Result<(), SourceError> {
        let refused = self.refused.contains(&path.to_text().as_str());
        let kind = SourceErrorKind::Denied("for the test".into());
        if refused { Err(SourceError::new(path, kind)) } else { Ok(()) }
    }
}

impl Source for Refusing<'_> {
    fn stat<'a>(&'a self, path: &'a DevicePath) -> BoxFuture<'a, Result<Stat, SourceError>> {
        self.inner.stat(path)
    }

    fn list<'a>(&'a self, path: &'a DevicePath) -> BoxFuture<'a, Result<Vec<EntryName>, SourceError>> {
        Box::pin(async move {
            self.check(path)?;
            self.inner.list(path).await
        })
    }

    fn open<'a>(
        &'a self,
        path: &'a DevicePath,
        position: u64,
    ) -> BoxFuture<'a, Result<OpenFile, SourceError>> {
        Box::pin(async move {
            self.check(path)?;
            self.inner.open(path, position).await
        })
    }
}

pub fn original(item: &Item) -> &Resource {
    item.resource(Role::Original).unwrap()
}

/// The path of an item's file, or what there is instead.
pub fn place(item: &Item) -> String {
    match &original(item).presence {
        Presence::OnPhone(path) => path.to_text(),
        Presence::CloudOnly => "cloud".into(),
        Presence::Missing => "missing".into(),
    }
}

pub fn media(item: &Item) -> &Media {
    item.media.as_deref().unwrap()
}

pub fn find<'a>(catalog: &'a Catalog, uuid: &str) -> &'a Item {
    let found: Vec<&Item> = catalog.items.iter().filter(|item| item.uuid.0 == uuid).collect();
    assert_eq!(found.len(), 1, "{uuid} in {:?}", uuids(catalog));
    found[0]
}

pub fn uuids(catalog: &Catalog) -> Vec<&str> {
    catalog.items.iter().map(|item| item.uuid.0.as_str()).collect()
}
