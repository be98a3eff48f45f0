//! The media of a phone whose music library cannot be read: just the files.
//!
//! Songs, films and episodes are found by where they lie and what their names end with, and keep an identity from run
//! to run. What only the database knows is lost: playlists, ratings, and titles as far as the files have none in their
//! tags.

use std::collections::HashSet;

use futures_util::future::join_all;

use super::listing::ListingProgress;
use super::media_folders::MediaFolders;
use super::progress::ProgressFn;
use super::{CatalogError, MediaLibrary, Scope, folders, own_tags};
use crate::source::{DevicePath, EntryKind, Source};

/// The databases of iPods and of phones of long ago (facts/media.md section D1).
const OF_OLD: [&str; 2] = ["iTunes_Control/iTunes/iTunesDB", "iTunes_Control/iTunes/iTunesCDB"];

/// Files whose tags are read. No phone has room for more songs.
pub(super) const MOST_FILES: usize = 200_000;

/// Reads the files. `why` says why there is no better catalogue.
///
/// # Errors
/// Only that the source is gone. A phone without any such files has an empty library.
pub(super) async fn read(
    source: &dyn Source,
    why: &str,
    progress: &ProgressFn<'_>,
) -> Result<MediaLibrary, CatalogError> {
    let counter = ListingProgress::new(progress);
    let gone = CatalogError::Source;
    let listed = MediaFolders::list(source, HashSet::new(), &counter).await.map_err(gone)?;
    let mut items = listed.unclaimed(source, &HashSet::new(), progress).await.map_err(gone)?;
    for (_, item) in &mut items {
        // There is no catalogue that could name them.
        item.scope = Scope::Library;
    }
    let silent = own_tags::fill(source, &mut items, MOST_FILES, progress).await.map_err(gone)?;
    let mut warnings = vec![format!(
        "{why} The files in the phone's music folders are taken as they are: playlists, ratings and original names are \
         not known, and titles and artists are those in the files' own tags. Which films and audiobooks are protected (DRM) is \
         known only where a file's name or folder tells; others may not play. What was exported from the library before is \
         exported once more, beside it."
    )];
    if has_old_database(source).await {
        warnings.push(String::from(
            "There is an iTunes database of an older kind on the phone, which this program cannot read.",
        ));
    }
    if silent > 0 {
        warnings.push(format!(
            "The tags of {silent} files could not be read; they keep the names that they have on the phone."
        ));
    }
    warnings.extend(folders::warning(&listed.unreadable));
    let library = MediaLibrary::of_files(items, &listed.unreadable, warnings);
    Ok(library.with_left_out(&listed, &HashSet::new()))
}

async fn has_old_database(source: &dyn Source) -> bool {
    let paths: Vec<DevicePath> = OF_OLD.iter().filter_map(|path| DevicePath::parse(path).ok()).collect();
    let stats = join_all(paths.iter().map(|path| source.stat(path))).await;
    stats.into_iter().flatten().any(|stat| stat.kind == EntryKind::File && stat.size_bytes > 0)
}
