//! Work on a database that may block, away from what must not wait for it.

use tokio::sync::mpsc;

use super::NoDatabase;
use crate::catalog::{CatalogError, CatalogProgress, progress::ProgressFn};

/// Reads the rows of a copy. `read` gets where to report progress to; it gives what it read and the number of rows.
///
/// # Errors
/// [`NoDatabase::Unusable`] with what `read` complains of.
pub(in crate::catalog) async fn load<T: Send + 'static>(
    read: impl FnOnce(mpsc::Sender<CatalogProgress>) -> Result<(T, u64), String> + Send + 'static,
    progress: &ProgressFn<'_>,
) -> Result<T, NoDatabase> {
    let (report, mut reports) = mpsc::channel(4);
    let loading = tokio::task::spawn_blocking(move || read(report));
    while let Some(event) = reports.recv().await {
        progress(event);
    }
    match loading.await {
        Ok(Ok((loaded, read))) => {
            progress(CatalogProgress::Rows { read });
            Ok(loaded)
        }
        Ok(Err(why)) => Err(NoDatabase::Unusable(why)),
        Err(error) => Err(NoDatabase::Fatal(CatalogError::Broken(error.to_string()))),
    }
}

/// Does something that takes a while.
///
/// # Errors
/// Only that it broke down.
pub(in crate::catalog) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, NoDatabase> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| NoDatabase::Fatal(CatalogError::Broken(error.to_string())))
}
