//! The reader of a phone's media library: songs, films, podcasts, audiobooks, and the playlists.
//!
//! A copy of the database is taken, its tables are read in their own terms, the folders it names are listed, and both
//! are put together. It is read once, whatever is wanted of it. Everything Apple calls by a name of its own stays in
//! here.

mod artwork;
mod covers;
mod items;
mod kinds;
mod names;
mod order;
mod playlists;
mod texts;
mod tracks;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;
use tokio::sync::mpsc;

use self::artwork::Artwork;
use self::items::{Assembled, Doubts, Placed};
use self::names::Names;
use self::order::Ranks;
use self::playlists::Playlists;
pub(super) use self::texts::Texts;
use self::tracks::Tracks;
use super::database::{self, Columns, Database, NoDatabase, Patience, Snapshot};
use super::listing::ListingProgress;
use super::media_folders::{Entry, MediaFolders};
use super::progress::{CatalogProgress, ProgressFn};
use super::{
    Album, Catalog, CatalogError, Collection, Item, Origin, Scope, folders, media_files, own_tags, refused,
};
use crate::source::{Source, SourceError};

/// The database with its tables and columns.
type Tables = database::Tables<Columns>;

/// Where it is (facts/media.md section D1).
const DATABASE: Database = Database {
    main: "iTunes_Control/iTunes/MediaLibrary.sqlitedb",
    log: "iTunes_Control/iTunes/MediaLibrary.sqlitedb-wal",
    file_stem: "media-library",
    name: "music library",
    at_stake: "titles, artists and playlists",
    check: |db| discover(db).map(drop),
};

/// Files that no row names whose own tags are read. There are hardly ever more than a few, unless rows were lost.
const MOST_UNNAMED: usize = 5000;

/// What is in a phone's media library, or in its folders if that cannot be read.
#[derive(Debug, Clone)]
pub struct MediaLibrary {
    origin: Origin,
    parts: BTreeMap<Collection, Part>,
    unread_folders: usize,
    /// What concerns all of it.
    warnings: Vec<String>,
    /// Whether the phone has no such library at all.
    is_absent: bool,
    /// What is beside it on the phone, whatever is asked for.
    remarks: Vec<String>,
}

/// One collection of it.
#[derive(Debug, Clone, Default)]
struct Part {
    items: Vec<Item>,
    albums: Vec<Album>,
    warnings: Vec<String>,
}

impl MediaLibrary {
    /// The collections that it can have items of.
    pub const COLLECTIONS: [Collection; 5] = [
        Collection::Music,
        Collection::Videos,
        Collection::Podcasts,
        Collection::Books,
        Collection::Ringtones,
    ];

    /// The catalogue of one of its collections; of any other an empty one.
    ///
    /// Items are in the order of artist, album, disc, track and title, then the covers, then what the library has no
    /// row for. The playlists are with the music.
    #[must_use]
    pub fn catalog(&self, collection: Collection) -> Catalog {
        let Part { items, albums, warnings } = self.parts.get(&collection).cloned().unwrap_or_default();
        if self.is_absent && items.is_empty() && self.unread_folders == 0 {
            // A phone on which there never was any music has no library of it: then nothing is missing.
            let origin = Origin::Folders;
            return Catalog { collection, origin, items, albums, unread_folders: 0, warnings };
        }
        let warnings = self.warnings.iter().cloned().chain(warnings).collect();
        let (origin, unread_folders) = (self.origin.clone(), self.unread_folders);
        Catalog { collection, origin, items, albums, unread_folders, warnings }
    }

    /// The same, with a word on what in the folders was left out: files because of their kind, and libraries of others.
    pub(super) fn with_left_out(mut self, listed: &MediaFolders, claimed: &HashSet<Entry>) -> Self {
        self.remarks.extend(listed.other_libraries.iter().map(|folder| {
            format!(
                "There is a library of another account on the phone, which this program does not read; \
                 `iexport files --path {folder}` exports its files."
            )
        }));
        for (collection, folders, number) in listed.other_kinds(claimed) {
            if let Some(warning) = refused::other_kinds(number, folders) {
                self.parts.entry(collection).or_default().warnings.push(warning);
            }
        }
        self
    }

    /// What a person should know beside all of its collections, to be told once: another time there is nothing.
    #[must_use]
    pub fn take_remarks(&mut self) -> Vec<String> {
        std::mem::take(&mut self.remarks)
    }

    /// The same, of a phone that has no library at all.
    pub(super) fn absent(self) -> Self {
        // An older database beside it is something to tell; that there is none is the first warning.
        Self { is_absent: self.warnings.len() <= 1, ..self }
    }

    /// A library of files alone, in the order of what they say of themselves.
    pub(super) fn of_files(
        items: Vec<(Collection, Item)>,
        unreadable: &[SourceError],
        warnings: Vec<String>,
    ) -> Self {
        let ranks = Ranks::of_items(items.iter().map(|(_, item)| item));
        let mut items = items;
        items.sort_by_cached_key(|(_, item)| ranks.key(item));
        let mut parts: BTreeMap<Collection, Part> = BTreeMap::new();
        for (collection, item) in items {
            parts.entry(collection).or_default().items.push(item);
        }
        Self {
            origin: Origin::FilesOnly,
            parts,
            unread_folders: unreadable.len(),
            warnings,
            is_absent: false,
            remarks: Vec::new(),
        }
    }
}

/// Reads the library from its database.
pub(super) async fn read(
    source: &dyn Source,
    scratch: &Path,
    patience: Patience,
    progress: &ProgressFn<'_>,
) -> Result<MediaLibrary, NoDatabase> {
    let Snapshot { path, doubt } = database::take(&DATABASE, source, scratch, patience, progress).await?;
    let Rows { tracks, names, playlists, mut artwork, user_version, trouble, lost } =
        database::load(move |report| load(&path, report), progress).await?;
    // Rows may be missing then, or be of another moment than the files.
    let is_partial = doubt.is_some() || tracks.is_partial;
    let gone = |error| NoDatabase::Fatal(CatalogError::Source(error));
    let counter = ListingProgress::new(progress);
    let named = items::folders(&tracks.list);
    let mut listed = MediaFolders::list(source, named, &counter).await.map_err(gone)?;
    artwork.list(source, &counter).await.map_err(gone)?;
    let mut unreadable = std::mem::take(&mut listed.unreadable);
    unreadable.append(&mut artwork.unreadable);

    let work = move || {
        let known: HashSet<i64> = tracks.list.iter().map(|track| track.pid).collect();
        let mut assembled = items::assemble(tracks.list, &playlists.members(), &names, &listed, is_partial);
        for placed in &mut assembled.items {
            let picture = artwork.of_item(placed.pid).or_else(|| artwork.of_album(placed.album));
            if let (Some(media), Some(picture)) = (placed.item.media.as_mut(), picture) {
                media.artwork = Some(picture);
            }
        }
        let ranks = Ranks::of_items(assembled.items.iter().map(|placed| &placed.item));
        assembled.items.sort_by_cached_key(|placed| (ranks.key(&placed.item), placed.pid));
        (assembled, listed, artwork, ranks, known, playlists)
    };
    let (assembled, listed, artwork, ranks, known, mut playlists) = database::blocking(work).await?;
    let Assembled { items, claimed, doubts } = assembled;
    let covers = covers::find(source, &items, &artwork).await.map_err(gone)?;
    drop(artwork);
    let mut unclaimed = listed.unclaimed(source, &claimed, progress).await.map_err(gone)?;
    let mut most = MOST_UNNAMED;
    // Tones and books can lie in its folders, and be in other lists.
    let is_of_library =
        |collection| matches!(collection, Collection::Music | Collection::Videos | Collection::Podcasts);
    let names_nothing =
        items.is_empty() && unclaimed.iter().any(|(collection, _)| is_of_library(*collection));
    let is_partial = is_partial || names_nothing;
    if is_partial {
        // Their rows may be what was lost.
        unclaimed.iter_mut().for_each(|(_, item)| item.scope = Scope::Library);
        most = media_files::MOST_FILES;
    }
    let unnamed = if is_partial { unclaimed.len() } else { 0 };
    own_tags::fill(source, &mut unclaimed, most, progress).await.map_err(gone)?;

    let mut parts: BTreeMap<Collection, Part> = BTreeMap::new();
    let (mut songs, mut others) = (HashMap::new(), HashMap::new());
    let listed_in_playlists = playlists.members();
    for Placed { collection, item, pid, .. } in items {
        let part = parts.entry(collection).or_default();
        if collection == Collection::Music {
            songs.insert(pid, part.items.len());
        } else if listed_in_playlists.contains(&pid) {
            others.insert(pid, (item.kind, Arc::from(item.shown_name())));
        }
        part.items.push(item);
    }
    let mut covers_in_order = covers.items;
    covers_in_order.sort_by_cached_key(|(_, item)| ranks.key(item));
    for (collection, item) in covers_in_order.into_iter().chain(unclaimed) {
        parts.entry(collection).or_default().items.push(item);
    }
    let music = parts.entry(Collection::Music).or_default();
    playlists.is_whole &= !is_partial;
    let (albums, dangling) = playlists.albums(&songs, &others, |pid| known.contains(&pid));
    for (at, album) in albums.iter().enumerate() {
        for member in &album.members {
            if let Some(item) = music.items.get_mut(*member).filter(|item| item.albums.last() != Some(&at)) {
                item.albums.push(at);
            }
        }
    }
    let elsewhere = albums.iter().map(|album| album.elsewhere.len() as u64).sum();
    music.albums = albums;
    music.warnings = about_music(&playlists, dangling, elsewhere, covers.failed).collect();

    let mut warnings: Vec<String> = doubt.into_iter().collect();
    warnings.extend(trouble.into_iter().map(|what| {
        format!(
            "A part of the phone's music library could not be read ({what}); what it says is missing here."
        )
    }));
    warnings.extend(lost.into_iter().map(|what| format!("The phone's music library does not say {what}.")));
    if names_nothing {
        warnings
            .push(String::from(
                "The phone's music library is empty, but there are files in its folders. What was exported from the library \
                 before is exported once more, beside it.",
            ));
    }
    warnings.extend(about_items(&doubts));
    warnings.extend(folders::warning(&unreadable));
    warnings.extend(counted(
        unnamed as u64,
        "file that the phone's music library does not name is taken as it is, with what its own tags say; a film or an \
         audiobook may be protected (DRM).",
        "files that the phone's music library does not name are taken as they are, with what their own tags say; some \
         of the films and audiobooks among them may be protected (DRM).",
    ));
    let origin = if is_partial { Origin::Partial } else { Origin::Database { model_version: user_version } };
    let unread_folders = unreadable.len();
    let library =
        MediaLibrary { origin, parts, unread_folders, warnings, is_absent: false, remarks: Vec::new() };
    Ok(library.with_left_out(&listed, &claimed))
}

/// So many of something, in a sentence for one or for several; nothing of none.
fn counted(number: u64, one: &str, several: &str) -> Option<String> {
    (number > 0).then(|| format!("{number} {}", if number == 1 { one } else { several }))
}

fn about_items(doubts: &Doubts) -> impl Iterator<Item = String> + use<> {
    [
        counted(
            doubts.without_path,
            "item has no usable path in the phone's music library.",
            "items have no usable path in the phone's music library.",
        ),
        counted(
            doubts.unlisted,
            "item is in a folder that could not be listed; the phone's music library is believed for it.",
            "items are in folders that could not be listed; the phone's music library is believed for them.",
        ),
        counted(
            doubts.unlocated,
            "item of the phone's music library has lost the place of its file; it is left out, and its file is taken as it \
             is.",
            "items of the phone's music library have lost the place of their file; they are left out, and their \
             files are taken as they are.",
        ),
    ]
    .into_iter()
    .flatten()
}

fn about_music(
    playlists: &Playlists,
    dangling: u64,
    elsewhere: u64,
    failed: u64,
) -> impl Iterator<Item = String> + use<> {
    [
        counted(
            playlists.unstored,
            "smart playlist is left out, because the phone does not keep what is in it.",
            "smart playlists are left out, because the phone does not keep what is in them.",
        ),
        counted(
            playlists.followed,
            "playlist of somebody else that is followed is left out.",
            "playlists of other people that are followed are left out.",
        ),
        playlists.doubt(),
        counted(
            dangling,
            "entry of a playlist names a song that is no longer in the phone's music library.",
            "entries of playlists name songs that are no longer in the phone's music library.",
        ),
        counted(
            elsewhere,
            "entry of a playlist is no song (but a music video, an episode or an audiobook); the list names it in its place.",
            "entries of playlists are no songs (but music videos, episodes or audiobooks); the lists name them in their places.",
        ),
        counted(
            failed,
            "picture of an album could not be looked at.",
            "pictures of albums could not be looked at.",
        ),
    ]
    .into_iter()
    .flatten()
}

/// What the database says, before anything was looked for on the phone.
struct Rows {
    tracks: Tracks,
    names: Names,
    playlists: Playlists,
    artwork: Artwork,
    user_version: i64,
    /// Tables that could not be read.
    trouble: Vec<String>,
    /// What the database has no tables or columns for.
    lost: Vec<&'static str>,
}

/// The tables that are looked at, and their columns.
///
/// # Errors
/// What leads to files is not there.
fn discover(db: &Connection) -> Result<Columns, String> {
    const LEADS_TO_FILES: [(&str, &str); 4] = [
        ("item", "item_pid"),
        ("item", "base_location_id"),
        ("item_extra", "item_pid"),
        ("item_extra", "location"),
    ];
    let columns = Columns::discover(db, |_| true).map_err(|error| error.to_string())?;
    match LEADS_TO_FILES.into_iter().find(|(table, column)| !columns.has(table, column)) {
        None => Ok(columns),
        Some((table, column)) => Err(format!("it has no column {column} in a table {table}")),
    }
}

/// What a person misses if one of some columns is not there.
const MISSED: [(&[(&str, &str)], &str); 10] = [
    (&[("item_extra", "title")], "what songs are called"),
    (&[("item_artist", "item_artist"), ("item", "item_artist_pid")], "who plays them"),
    (&[("album", "album"), ("item", "album_pid")], "what albums are called"),
    (&[("container", "container_pid")], "what playlists there are"),
    (&[("container_item", "item_pid"), ("container_item", "container_pid")], "what is in the playlists"),
    (&[("item_store", "is_protected")], "what is protected"),
    (&[("item", "remote_location_id")], "what is only in the cloud"),
    (&[("item", "is_compilation")], "which albums are compilations"),
    (&[("item", "track_number")], "which numbers songs have on their albums"),
    (&[("artwork", "artwork_token"), ("artwork", "relative_path")], "which pictures albums have"),
];

/// The same of tables of which what is more important was told before: without the first column nothing is said.
const MISSED_OF_TABLES: [((&str, &str), &[&str], &str); 3] = [
    (("container", "container_pid"), &["name"], "what playlists are called"),
    (("container", "container_pid"), &["parent_pid", "smart_is_folder"], "in which folders playlists are"),
    (("container_item", "item_pid"), &["position"], "in which order songs are in the playlists"),
];

fn load(path: &Path, report: mpsc::Sender<CatalogProgress>) -> Result<(Rows, u64), String> {
    let db = database::open(path).map_err(|error| error.to_string())?;
    let columns = discover(&db)?;
    let has_all = |needed: &[(&str, &str)]| needed.iter().all(|(table, column)| columns.has(table, column));
    let mut lost: Vec<&str> =
        MISSED.into_iter().filter(|(needed, _)| !has_all(needed)).map(|(_, what)| what).collect();
    for ((table, key), needed, what) in MISSED_OF_TABLES {
        if columns.has(table, key) && !needed.iter().all(|column| columns.has(table, column)) {
            lost.push(what);
        }
    }
    let user_version = db.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap_or(0);
    let file_bytes = std::fs::metadata(path).map_err(|error| error.to_string())?.len();
    let mut texts = Texts::new(file_bytes);
    let mut trouble = Vec::new();
    let mut tables = Tables::new(db, columns, path, report).map_err(|error| error.to_string())?;
    let names = names::read(&mut tables, &mut texts, &mut trouble);
    let tracks = tracks::read(&mut tables, &names, &mut texts, &mut trouble);
    let albums: HashSet<i64> = tracks.list.iter().map(|track| track.album).collect();
    let is_known = |album, pid| if album { albums.contains(&pid) } else { tracks.has(pid) };
    let artwork = Artwork::read(&mut tables, &mut texts, is_known, &mut trouble);
    let playlists = playlists::read(&mut tables, &mut texts, &mut trouble);
    if texts.left_out > 0 {
        trouble.push(format!("{} texts are more than the file can hold", texts.left_out));
    }
    let read = tables.read();
    Ok((Rows { tracks, names, playlists, artwork, user_version, trouble, lost }, read))
}
