//! The media of a phone whose music library cannot be read: just the files.
//!
//! Songs, films and episodes are found by where they lie and what their names end with, and keep an identity from run
//! to run. What only the database knows is lost: playlists, ratings, and titles as far as the files have none in their
//! tags.

use std::collections::HashSet;

use super::listing::ListingProgress;
use super::media_folders::MediaFolders;
use super::progress::ProgressFn;
use super::{CatalogError, MediaLibrary, Scope, folders};
use crate::source::Source;

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
    let mut warnings = vec![format!(
        "{why} The files in the phone's music folders are taken as they are: playlists, ratings and original names are \
         not known, and titles and artists are those in the files' own tags."
    )];
    warnings.extend(folders::warning(&listed.unreadable));
    Ok(MediaLibrary::of_files(items, &listed.unreadable, warnings))
}
