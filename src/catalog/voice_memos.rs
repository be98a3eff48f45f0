//! Voice memos: a folder of recordings, and a database that gives them titles, dates and folders.
//!
//! Newer versions of iOS keep all of this where the cable does not reach; then there is nothing to read here.

mod compositions;
mod merged;
mod names;
mod rows;

use std::collections::{HashMap, HashSet};
use std::path::Path;

use self::merged::{Merged, Placed};
use self::rows::{Row, Rows};
use super::database::{self, Database, NoDatabase, Patience, Snapshot};
use super::listing::{Listing, ListingProgress};
use super::progress::{CatalogProgress, ProgressFn};
use super::shelf::{self, Look, Shelf};
use super::{
    AssetUuid, CaptureTime, Catalog, CatalogError, Collection, Item, Media, MediaKind, Origin, Presence,
    Scope, folders, identity_of_path, refused, sort_key,
};
use crate::source::{DevicePath, EntryKind, EntryName, Source, SourceError, SourceErrorKind, Stat};

/// Where the recordings are, below the media root.
const FOLDER: &str = "Recordings";

/// Reads the voice memos of a phone: from its database, or, if that cannot be read or names none of them, from the files.
///
/// `scratch` is a writable folder of the caller's own for the copy of the database. `patience` says how often and how
/// slowly a changing database is read again.
///
/// # Errors
/// [`CatalogError::NoneSeen`] if there are none, or the phone keeps them elsewhere. The source is gone, or the scratch folder
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
        return Err(CatalogError::NoneSeen(Collection::VoiceMemos));
    };
    let mut warnings = Vec::new();
    let known = read_databases(source, scratch, patience, progress, shelf, &mut warnings).await?;
    let is_database = known.is_some();
    let Known { merged, refused } = known.unwrap_or_default();
    // A list that has none of what is there is an empty one that lies beside the real one, or not of this phone.
    let is_of_others = is_database && !merged.has_files() && merged.leaves_recordings(shelf);
    if is_of_others {
        warnings.push(String::from(
            "The phone's list of voice memos names none of the recordings that are there.",
        ));
    }
    let origin = match is_database {
        false => Origin::FilesOnly,
        true if !warnings.is_empty() => Origin::Partial,
        true => Origin::Database { model_version: 0 },
    };
    let others = merged.unclaimed(shelf).filter(|(name, _)| !names::is_memo(name)).count();
    // A list that could not be read to its end may well name the others.
    let scope = if matches!(origin, Origin::Database { .. }) { Scope::Uncatalogued } else { Scope::Library };
    let loose = loose(source, shelf, &merged, scope).await.map_err(gone)?;
    let (mut items, unheard_of) = listed(shelf, merged.into_rows());
    warnings.extend(refused::warning(refused + unheard_of, ("row", "rows"), "list of voice memos"));
    warnings.extend(refused::other_kinds(others, "the folder of recordings"));
    if !loose.is_empty() && (is_of_others || !is_database) {
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
        return Err(CatalogError::NoneSeen(Collection::VoiceMemos));
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

/// What the databases say.
#[derive(Debug, Default)]
struct Known {
    merged: Merged,
    /// Rows that are no memos.
    refused: usize,
}

/// Reads the newer database, and the older one, too, if recordings are left that the newer does not name; `None` if
/// neither can be read. What is told in `warnings` says that more may be in them.
async fn read_databases(
    source: &dyn Source,
    scratch: &Path,
    patience: Patience,
    progress: &ProgressFn<'_>,
    shelf: &Shelf,
    warnings: &mut Vec<String>,
) -> Result<Option<Known>, CatalogError> {
    let mut known = Known::default();
    let (mut is_read, mut problems) = (false, Vec::new());
    for database in [rows::CLOUD, rows::OLD] {
        if !known.merged.is_empty() && !known.merged.leaves_recordings(shelf) {
            break;
        }
        match read_database(&database, source, scratch, patience, progress).await {
            Ok((Rows { rows, refused, .. }, doubts)) => {
                let is_whole = doubts.is_empty() && refused == 0;
                // What says nothing, and that in doubt, has not been read.
                if !rows.is_empty() || doubts.is_empty() {
                    is_read = true;
                    known.refused += refused;
                    known.merged.add(shelf, rows, is_whole);
                }
                problems.extend(doubts);
            }
            Err(NoDatabase::Fatal(error)) => return Err(error),
            Err(NoDatabase::Absent) => {}
            Err(NoDatabase::Unusable(_)) if is_blank(&database, source).await => {}
            Err(NoDatabase::Unusable(why)) => {
                problems.push(format!("The phone's {} cannot be read ({why}).", database.name));
            }
        }
    }
    // Where one cannot be read, that the other is empty says nothing.
    let is_known = is_read && (!known.merged.is_empty() || problems.is_empty());
    warnings.extend(problems);
    Ok(is_known.then_some(known))
}

/// Whether a database is nothing but the name of a file: nobody has ever written to it.
async fn is_blank(database: &Database, source: &dyn Source) -> bool {
    for path in [database.main, database.log] {
        let Ok(path) = DevicePath::parse(path) else { return false };
        match source.stat(&path).await {
            Ok(Stat { kind: EntryKind::File, size_bytes: 0, .. }) => {}
            Err(error) if error.kind == SourceErrorKind::NotFound => {}
            Ok(_) | Err(_) => return false,
        }
    }
    true
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

/// The memos of the databases, and how many rows name something that is neither there nor any known form of sound.
fn listed(shelf: &Shelf, mut rows: Vec<Placed>) -> (Vec<Item>, usize) {
    let mut times_used: HashMap<String, usize> = HashMap::new();
    for id in rows.iter().filter_map(|placed| placed.row.unique_id.clone()) {
        *times_used.entry(id).or_default() += 1;
    }
    // Of rows that are nowhere but in iCloud, the first of an identity stands for all.
    let mut clouded = HashSet::new();
    rows.retain(|Placed { row, .. }| {
        let is_double = |id: &String| times_used.get(id) != Some(&1);
        row.file.is_some()
            || !row.unique_id.as_ref().is_some_and(|id| is_double(id) && !clouded.insert(id.clone()))
    });
    let is_believed = shelf.listing.failure().is_some();
    let mut unheard_of = 0;
    let items = rows.into_iter().filter_map(|Placed { row, place }| {
        if place.is_none() && row.file.as_ref().is_some_and(|file| !names::is_memo(file)) {
            unheard_of += 1;
            return None;
        }
        let on_phone = place.and_then(|at| {
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
    (items.collect(), unheard_of)
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
    merged: &Merged,
    scope: Scope,
) -> Result<Vec<Item>, SourceError> {
    let Some(directory) = shelf.listing.directory() else { return Ok(Vec::new()) };
    let recordings = merged.unclaimed(shelf).filter(|(name, _)| names::is_memo(name));
    let (names, looks): (Vec<EntryName>, Vec<Look>) =
        recordings.map(|(name, look)| (name.clone(), look)).unzip();
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
