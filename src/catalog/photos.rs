//! The reader of a phone's photo database.
//!
//! A copy of the database is taken, its tables are read in their own terms, the folders it names
//! are listed, and both are put together. Everything Apple calls by a name of its own stays in here.

mod albums;
mod assets;
mod attributes;
mod camera;
mod items;
mod keywords;
mod kinds;
mod people;
mod places;
mod previews;
mod resources;
mod schema;
mod scope;
mod sharing;
mod time;

use std::path::Path;

use tokio::sync::mpsc;

use self::assets::Asset;
use self::places::Place;
use self::resources::KnownFiles;
use self::schema::Schema;
use super::database::{self, Database, Interner, NoDatabase, Patience, Snapshot};
use super::listing::ListingProgress;
use super::progress::{CatalogProgress, ProgressFn};
use super::{Album, Catalog, CatalogError, Collection, Origin, folders, orphans};
use crate::source::Source;

/// The photo database, with the names it uses.
type Tables = database::Tables<Schema>;

/// Where it is (facts/media.md section A1).
const DATABASE: Database = Database {
    main: "PhotoData/Photos.sqlite",
    log: "PhotoData/Photos.sqlite-wal",
    file_stem: "photos",
    name: "photo database",
    at_stake: "albums, dates and flags",
    check: |db| Schema::discover(db).map(drop).map_err(|error| error.to_string()),
};

/// Reads the catalogue from the photo database.
pub(super) async fn read(
    source: &dyn Source,
    scratch: &Path,
    patience: Patience,
    progress: &ProgressFn<'_>,
) -> Result<Catalog, NoDatabase> {
    let Snapshot { path, doubt } = database::take(&DATABASE, source, scratch, patience, progress).await?;
    let library = database::load(move |report| load(&path, report), progress).await?;
    let counter = ListingProgress::new(progress);
    let Library { assets, files, places, mut albums, model_version, trouble } = library;
    if doubt.is_some() {
        albums.iter_mut().for_each(|album| album.is_whole = false);
    }
    let gone = |error| NoDatabase::Fatal(CatalogError::Source(error));
    let mut listed = places::list(source, &assets, &files, &places, &counter).await.map_err(gone)?;
    let unreadable = std::mem::take(&mut listed.unreadable);

    let work = move || {
        let assembled = items::assemble(assets, files, &places, &listed);
        (assembled, listed.folders, places)
    };
    let (assembled, folders, places) = database::blocking(work).await?;
    let orphans = orphans::find(source, &folders, &assembled.claimed, progress).await.map_err(gone)?;
    drop(folders);
    let mut items = assembled.items;
    previews::add(source, &mut items, &places, &counter, progress).await.map_err(gone)?;
    drop(places);

    let mut warnings: Vec<String> = doubt.into_iter().collect();
    warnings.extend(trouble.into_iter().map(|what| {
        format!(
            "A part of the phone's photo database could not be read ({what}); what it says is missing here."
        )
    }));
    if albums.iter().any(|album| !album.is_whole) {
        warnings.push(String::from(
            "What is in the albums could not be read, or not all of it; lists of them that are on the drive stay as they are.",
        ));
    }
    warnings.extend(doubts(&assembled.doubts));
    warnings.extend(folders::warning(&unreadable));
    if items.is_empty() && !orphans.is_empty() {
        warnings.push(String::from(
            "The phone's photo database is empty, but there are files in its camera folders.",
        ));
    }
    let origin = Origin::Database { model_version: model_version.unwrap_or(0) };
    items.extend(orphans);
    let (items, albums) = in_order(items, albums);
    let collection = Collection::Photos;
    Ok(Catalog { collection, origin, items, albums, unread_folders: unreadable.len(), warnings })
}

fn doubts(doubts: &items::Doubts) -> impl Iterator<Item = String> {
    let count = |number: u64, text: &str| (number > 0).then(|| format!("{number} {text}"));
    [
        count(doubts.without_path, "photos or videos have no usable path in the phone's database."),
        count(
            doubts.incomplete,
            "photos or videos are marked as incomplete in the phone's database; they are exported if their \
             files are there.",
        ),
        count(
            doubts.unlisted,
            "photos or videos are in folders that could not be listed; the phone's database is believed for them.",
        ),
    ]
    .into_iter()
    .flatten()
}

/// Sorts the items, and turns the albums' positions of assets into positions of items.
fn in_order(mut items: Vec<super::Item>, mut albums: Vec<Album>) -> (Vec<super::Item>, Vec<Album>) {
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by(|a, b| items.get(*a).map(super::sort_key).cmp(&items.get(*b).map(super::sort_key)));
    let mut new_position = vec![0; order.len()];
    for (new, old) in order.into_iter().enumerate() {
        if let Some(position) = new_position.get_mut(old) {
            *position = new;
        }
    }
    for album in &mut albums {
        for member in &mut album.members {
            *member = new_position.get(*member).copied().unwrap_or(*member);
        }
    }
    // Each to its place, without room for all of them twice.
    for at in 0..items.len() {
        while let Some(to) = new_position.get(at).copied().filter(|to| *to != at) {
            items.swap(at, to);
            new_position.swap(at, to);
        }
    }
    for (at, album) in albums.iter().enumerate() {
        for member in &album.members {
            if let Some(item) = items.get_mut(*member) {
                item.albums.push(at);
            }
        }
    }
    (items, albums)
}

/// What the database says, before anything was looked for on the phone.
struct Library {
    assets: Vec<Asset>,
    files: Vec<KnownFiles>,
    places: Vec<Option<Place>>,
    /// Members are positions in `assets`.
    albums: Vec<Album>,
    model_version: Option<i64>,
    /// Tables that could not be read.
    trouble: Vec<String>,
}

fn load(path: &Path, report: mpsc::Sender<CatalogProgress>) -> Result<(Library, u64), String> {
    let text = |error: rusqlite::Error| error.to_string();
    let db = database::open(path).map_err(text)?;
    let schema = Schema::discover(&db).map_err(|error| error.to_string())?;
    let model_version = schema.model_version;
    let mut trouble = Vec::new();
    let mut tables = Tables::new(db, schema, path, report).map_err(|error| error.to_string())?;
    let mut assets = assets::read(&mut tables, &mut trouble)?;
    let mut words = Interner::default();
    attributes::read(&mut tables, &mut assets, &mut words, &mut trouble);
    trouble.extend(keywords::read(&mut tables, &mut assets).err());
    trouble.extend(people::read(&mut tables, &mut assets).err());
    trouble.extend(camera::read(&mut tables, &mut assets, &mut words).err());
    let (files, problem) = resources::read(&mut tables, &assets);
    trouble.extend(problem);
    let albums = albums::read(&mut tables, &assets, &mut trouble);
    let mut assets = assets.list;
    let places = assets.iter_mut().map(Place::take).collect();
    let read = tables.read();
    Ok((Library { assets, files, places, albums, model_version, trouble }, read))
}
