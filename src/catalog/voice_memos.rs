//! Voice memos: a folder of recordings, and a database that gives them titles, dates and folders.
//!
//! Newer versions of iOS keep all of this where the cable does not reach; then there is nothing to read here.

mod compositions;
mod names;
mod rows;

use std::collections::{HashMap, HashSet};
use std::path::Path;

use self::rows::{Row, Rows};
use super::database::{self, Database, NoDatabase, Patience, Snapshot};
use super::listing::{Listing, ListingProgress};
use super::progress::{CatalogProgress, ProgressFn};
use super::shelf::{self, Look, Shelf, Wanted};
use super::{
    AssetUuid, CaptureTime, Catalog, CatalogError, Collection, Item, Media, MediaKind, Origin, Presence,
    Scope, folders, identity_of_path, refused, sort_key,
};
use crate::source::{DevicePath, EntryName, Source, SourceError};

/// Where the recordings are, below the media root.
const FOLDER: &str = "Recordings";

/// Reads the voice memos of a phone: from its database, or, if that cannot be read, from the files.
///
/// `scratch` is a writable folder of the caller's own for the copy of the database. `patience` says how often and how
/// slowly a changing database is read again.
///
/// # Errors
/// [`CatalogError::OutOfReach`] if the phone keeps its voice memos elsewhere. The source is gone, or the scratch folder
/// fails. What can be read only in part gives a catalogue with [`Catalog::warnings`].
pub async fn read(
    source: &dyn Source,
    scratch: &Path,
    patience: Patience,
    progress: &ProgressFn<'_>,
) -> Result<Catalog, CatalogError> {
    let gone = CatalogError::Source;
    let counter = ListingProgress::new(progress);
    let folder = DevicePath::parse(FOLDER).map_err(|error| CatalogError::Broken(error.to_string()))?;
    let wanted = |_, name: &EntryName| names::may_be_memo(name);
    let shelves = shelf::look(source, vec![folder], wanted, &counter, progress).await.map_err(gone)?;
    let Some(shelf) = shelves.first().filter(|shelf| !matches!(shelf.listing, Listing::Absent)) else {
        return Err(CatalogError::OutOfReach(Collection::VoiceMemos));
    };
    let mut warnings = Vec::new();
    let known = read_databases(source, scratch, patience, progress, &mut warnings).await?;
    let origin = match &known {
        None => Origin::FilesOnly,
        Some(_) if !warnings.is_empty() => Origin::Partial,
        Some(_) => Origin::Database { model_version: 0 },
    };
    let is_database = known.is_some();
    let Rows { rows, refused, .. } = known.unwrap_or_default();
    let (mut items, claimed, unheard_of) = listed(&shelves, rows);
    warnings.extend(refused::warning(refused + unheard_of, ("row", "rows"), "list of voice memos"));
    let is_other = |name: &EntryName, look: Look| look.is_file() && !names::is_memo(name);
    let others =
        shelf.entries().filter(|(at, name, look)| is_other(name, *look) && !claimed.contains(at)).count();
    warnings.extend(refused::other_kinds(others, "the folder of recordings"));
    // A list that could not be read to its end may well name the others.
    let scope = if matches!(origin, Origin::Database { .. }) { Scope::Uncatalogued } else { Scope::Library };
    let loose = loose(source, shelf, &claimed, scope).await.map_err(gone)?;
    if items.is_empty() && is_database && !loose.is_empty() {
        warnings.push(String::from("The phone's list of voice memos is empty, but there are recordings."));
    }
    if !is_database && !loose.is_empty() {
        warnings.push(String::from(
            "The recordings are taken as they are: titles and folders are not known, and dates are those of the files.",
        ));
    }
    items.extend(loose);
    items.sort_by(|a, b| sort_key(a).cmp(&sort_key(b)));
    let unreadable: Vec<SourceError> = shelf.listing.failure().cloned().into_iter().collect();
    warnings.extend(folders::warning(&unreadable));
    if items.is_empty() && !is_database && unreadable.is_empty() {
        // Newer systems may have the folder, and keep nothing in it.
        return Err(CatalogError::OutOfReach(Collection::VoiceMemos));
    }
    Ok(Catalog {
        collection: Collection::VoiceMemos,
        origin,
        items,
        albums: Vec::new(),
        unread_folders: unreadable.len(),
        warnings,
    })
}

/// Reads the newer database, or else the older one; `None` if neither can be read. What is told in `warnings` says that
/// more may be in them.
async fn read_databases(
    source: &dyn Source,
    scratch: &Path,
    patience: Patience,
    progress: &ProgressFn<'_>,
    warnings: &mut Vec<String>,
) -> Result<Option<Rows>, CatalogError> {
    let (mut empty, mut problems) = (None, Vec::new());
    for database in [rows::CLOUD, rows::OLD] {
        match read_database(&database, source, scratch, patience, progress).await {
            Ok((rows, doubts)) if !rows.rows.is_empty() => {
                warnings.extend(problems.into_iter().chain(doubts));
                return Ok(Some(rows));
            }
            // An empty one is believed only if the other has no more to say.
            Ok((rows, doubts)) if doubts.is_empty() => empty = empty.or(Some(rows)),
            Ok((_, doubts)) => problems.extend(doubts),
            Err(NoDatabase::Fatal(error)) => return Err(error),
            Err(NoDatabase::Absent) => {}
            Err(NoDatabase::Unusable(why)) => {
                problems.push(format!("The phone's {} cannot be read ({why}).", database.name));
            }
        }
    }
    // Where one cannot be read, that the other is empty says nothing.
    let empty = empty.filter(|_| problems.is_empty());
    warnings.extend(problems);
    Ok(empty)
}

/// Rows of one database, and what is doubtful about them.
async fn read_database(
    database: &Database,
    source: &dyn Source,
    scratch: &Path,
    patience: Patience,
    progress: &ProgressFn<'_>,
) -> Result<(Rows, Vec<String>), NoDatabase> {
    let Snapshot { path, doubt } = database::take(database, source, scratch, patience, progress).await?;
    let work = tokio::task::spawn_blocking(move || rows::read(&path)).await;
    let rows = work
        .map_err(|error| NoDatabase::Fatal(CatalogError::Broken(error.to_string())))?
        .map_err(NoDatabase::Unusable)?;
    progress(CatalogProgress::Rows { read: rows.rows.len() as u64 });
    let trouble = rows.trouble.iter().map(|what| {
        format!(
            "A part of the phone's {} could not be read ({what}); what it says is missing here.",
            database.name
        )
    });
    let doubts = doubt.into_iter().chain(trouble).collect();
    Ok((rows, doubts))
}

/// The memos of the database, which files are theirs, and how many rows name something that is neither there nor any
/// known form of sound.
fn listed(shelves: &[Shelf], mut rows: Vec<Row>) -> (Vec<Item>, HashSet<u32>, usize) {
    // Two rows cannot have one file.
    let mut files = HashSet::new();
    rows.retain(|row| row.file.as_ref().is_none_or(|file| files.insert(file.clone())));
    let mut times_used: HashMap<String, usize> = HashMap::new();
    for id in rows.iter().filter_map(|row| row.unique_id.clone()) {
        *times_used.entry(id).or_default() += 1;
    }
    // Of rows that are nowhere but in iCloud, the first of an identity stands for all.
    let mut clouded = HashSet::new();
    rows.retain(|row| {
        let is_double = |id: &String| times_used.get(id) != Some(&1);
        row.file.is_some()
            || !row.unique_id.as_ref().is_some_and(|id| is_double(id) && !clouded.insert(id.clone()))
    });
    let wanted = rows.iter().map(|row| Some(Wanted { name: row.file.as_ref()?.as_bytes(), only_in: None }));
    let found = shelf::find_each(shelves, wanted, Look::is_file);
    let claimed = found.iter().flatten().map(|(_, at)| *at).collect();
    let Some(shelf) = shelves.first() else { return (Vec::new(), claimed, 0) };
    let is_believed = shelf.listing.failure().is_some();
    let mut unheard_of = 0;
    let items = rows.into_iter().zip(found).filter_map(|(row, place)| {
        if place.is_none() && row.file.as_ref().is_some_and(|file| !names::is_memo(file)) {
            unheard_of += 1;
            return None;
        }
        let on_phone = place.and_then(|(_, at)| {
            let name = shelf.listing.directory()?.name(at)?;
            Some((shelf.path.join(name), shelf.look(at)))
        });
        let path = match (&on_phone, &row.file) {
            (Some((path, _)), _) => Some(path.clone()),
            (None, Some(file)) => Some(shelf.path.join(file)),
            (None, None) => None,
        };
        let presence = match (&on_phone, &path) {
            (Some((path, _)), _) => Presence::OnPhone(path.clone()),
            (None, Some(path)) if is_believed => Presence::OnPhone(path.clone()),
            (None, Some(_)) => Presence::Missing,
            (None, None) => Presence::CloudOnly,
        };
        // A memo that was trimmed or recorded on keeps its name and its id.
        let stat = on_phone.and_then(|(_, look)| look.stat());
        let offset = row.file.as_ref().zip(row.date).and_then(|(file, date)| names::offset(file, date));
        let own = row.unique_id.as_ref().filter(|id| path.is_none() || times_used.get(*id) == Some(&1));
        let uuid = match (own, &path) {
            (Some(id), _) => format!("memo:{id}"),
            (None, Some(path)) => identity_of_path("memo:path", path),
            (None, None) => String::from("memo:"),
        };
        let mut item = item(AssetUuid(uuid), path.as_ref(), row, shelf::original_as_it_lies(presence, stat));
        // The database knows the instant only; what day it was there, the phone wrote into the file's name.
        item.taken = item.taken.map(|taken| CaptureTime { offset, ..taken });
        Some(item)
    });
    (items.collect(), claimed, unheard_of)
}

fn item(uuid: AssetUuid, path: Option<&DevicePath>, row: Row, original: super::Resource) -> Item {
    let name = path.and_then(DevicePath::file_name);
    let title = row.title.or_else(|| name.as_ref().map(names::title));
    // What is only in iCloud has no file, and will have some name all the same.
    let file_name =
        name.map_or_else(|| format!("{}.m4a", title.as_deref().unwrap_or("Memo")), |n| n.to_text());
    let mut item = Item::new(uuid, file_name, MediaKind::VoiceMemo);
    item.title = title.map(Into::into);
    item.taken = row.date.map(|instant| CaptureTime { instant, offset: None });
    item.duration_seconds = row.seconds;
    item.trashed = row.is_trashed;
    item.trashed_at = row.trashed;
    item.media = Some(Box::new(Media { folders: row.folder.into_iter().collect(), ..Media::default() }));
    item.resources.push(original);
    item
}

/// The recordings that no row names. Without a database they are all there is, and belong to the library; what they
/// belong to is for the caller to say.
async fn loose(
    source: &dyn Source,
    shelf: &Shelf,
    claimed: &HashSet<u32>,
    scope: Scope,
) -> Result<Vec<Item>, SourceError> {
    let Some(directory) = shelf.listing.directory() else { return Ok(Vec::new()) };
    let (names, looks): (Vec<EntryName>, Vec<Look>) = shelf
        .entries()
        .filter(|(at, name, look)| look.is_file() && names::is_memo(name) && !claimed.contains(at))
        .map(|(_, name, look)| (name.clone(), look))
        .unzip();
    let titles = compositions::titles(source, &shelf.path, directory, &names).await?;
    let items = names.into_iter().zip(looks).zip(titles).map(|((name, look), title)| {
        let path = shelf.path.join(&name);
        let stat = look.stat();
        let date = names::time(&name).or_else(|| stat?.modified());
        let row = Row { title, date, ..Row::default() };
        let uuid = AssetUuid(identity_of_path("memo:path", &path));
        let original = shelf::original_as_it_lies(Presence::OnPhone(path.clone()), stat);
        let mut item = item(uuid, Some(&path), row, original);
        item.scope = scope;
        item
    });
    Ok(items.collect())
}
