//! The collections of a phone, read as they are asked for.

use std::sync::Arc;

use tempfile::TempDir;

use super::ExportError;
use crate::catalog::{self, Catalog, CatalogProgress, Collection};
use crate::report::{Event, Phase, Report};
use crate::source::Source;

/// A collection that was read.
pub struct Shelf {
    /// What is in it.
    pub catalog: Catalog,
    /// Where its bytes come from: the phone, perhaps with folders that are shown as one file each.
    pub source: Arc<dyn Source>,
}

/// The collections of a phone. What several of them are read from is read once.
pub struct Collections {
    source: Arc<dyn Source>,
    scratch: TempDir,
}

impl Collections {
    /// Nothing is read yet.
    ///
    /// # Errors
    /// This computer has no room for a copy of the phone's databases.
    pub fn of(source: Arc<dyn Source>) -> Result<Self, ExportError> {
        Ok(Self { source, scratch: tempfile::tempdir().map_err(ExportError::Scratch)? })
    }

    /// Reads a collection and tells how it goes.
    ///
    /// # Errors
    /// When there is nothing of it that can be read.
    pub async fn read(&mut self, collection: Collection, report: &dyn Report) -> Result<Shelf, ExportError> {
        let tell = |progress: CatalogProgress| {
            let (phase, done, total) = match progress {
                CatalogProgress::Database { got_bytes, total_bytes, .. } => {
                    if got_bytes == total_bytes {
                        tracing::debug!("the database is on this computer");
                    }
                    (Phase::Database, got_bytes, total_bytes)
                }
                CatalogProgress::Rows { .. } => return,
                CatalogProgress::Directories { listed, total } => (Phase::Folders, listed, total),
                CatalogProgress::Files { seen, total } => (Phase::Files, seen, total),
            };
            report.event(&Event::Preparing { phase, done, total: Some(total).filter(|n| *n > 0) });
        };
        let scratch = self.scratch.path().join(collection.name());
        std::fs::create_dir_all(&scratch).map_err(ExportError::Scratch)?;
        let shelf = match collection {
            Collection::Photos => {
                let catalog = catalog::read(&*self.source, &scratch, &tell).await?;
                Shelf { catalog, source: Arc::clone(&self.source) }
            }
            _ => return Err(catalog::CatalogError::NothingThere.into()),
        };
        let catalog = &shelf.catalog;
        for message in &catalog.warnings {
            report.event(&Event::Warning { message: message.clone() });
        }
        report.event(&Event::Catalog {
            collection: catalog.collection,
            items: catalog.catalogued().filter(|item| item.kind != catalog::MediaKind::Cover).count(),
            albums: catalog.albums.len(),
            model_version: match catalog.origin {
                catalog::Origin::Database { model_version } => Some(model_version),
                catalog::Origin::FilesOnly | catalog::Origin::Folders => None,
            },
        });
        Ok(shelf)
    }
}
