//! The way into this room: a source goes in, a catalogue comes out.

use std::path::Path;

use super::database::{NoDatabase, Patience};
use super::media_library::{self, MediaLibrary};
use super::photos;
use super::progress::ProgressFn;
use super::{Catalog, CatalogError, dcim, media_files};
use crate::source::Source;

/// Reads the photo catalogue of a source: from its database, or, if that cannot be read, from its files.
///
/// `scratch` is a writable folder of the caller's own for the copy of the database (as large as the database and
/// its log); what is left there afterwards is of no use to anybody. Nothing on the source is changed.
///
/// # Errors
/// The source is gone, has no photos at all, or the scratch folder fails. What can be read only in part gives a
/// catalogue with [`Catalog::warnings`].
pub async fn read(
    source: &dyn Source,
    scratch: &Path,
    progress: &ProgressFn<'_>,
) -> Result<Catalog, CatalogError> {
    read_patiently(source, scratch, Patience::default(), progress).await
}

/// Like [`read`], with a say in how often and how slowly a changing database is read again.
///
/// # Errors
/// Those of [`read`].
pub async fn read_patiently(
    source: &dyn Source,
    scratch: &Path,
    patience: Patience,
    progress: &ProgressFn<'_>,
) -> Result<Catalog, CatalogError> {
    let why = match photos::read(source, scratch, patience, progress).await {
        Ok(catalog) => return Ok(catalog),
        Err(NoDatabase::Fatal(error)) => return Err(error),
        Err(NoDatabase::Absent) => String::from("The phone has no photo database."),
        Err(NoDatabase::Unusable(why)) => format!("The phone's photo database cannot be read ({why})."),
    };
    tracing::debug!(why, "falling back to the files");
    dcim::read(source, &why, progress).await
}

/// Reads the media library of a source, once for all the collections that are in it: from its database, or, if that
/// cannot be read, from its files.
///
/// `scratch` and `patience` are as for [`read_patiently`]. Nothing on the source is changed.
///
/// # Errors
/// The source is gone, or the scratch folder fails. What can be read only in part, or is not there at all, gives a
/// library whose catalogues have [`Catalog::warnings`].
pub async fn read_media_library(
    source: &dyn Source,
    scratch: &Path,
    patience: Patience,
    progress: &ProgressFn<'_>,
) -> Result<MediaLibrary, CatalogError> {
    let why = match media_library::read(source, scratch, patience, progress).await {
        Ok(library) => return Ok(library),
        Err(NoDatabase::Fatal(error)) => return Err(error),
        Err(NoDatabase::Absent) => {
            let files = media_files::read(source, "The phone has no music library.", progress).await?;
            return Ok(files.absent());
        }
        Err(NoDatabase::Unusable(why)) => format!("The phone's music library cannot be read ({why})."),
    };
    tracing::debug!(why, "falling back to the files");
    media_files::read(source, &why, progress).await
}
