//! The collections of a phone, read as they are asked for.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;

use futures_util::StreamExt as _;
use tempfile::TempDir;

use super::ExportError;
use super::reach::{Reach, Recordings};
use crate::catalog::files::FilesRoot;
use crate::catalog::{
    self, Catalog, CatalogError, CatalogProgress, Collection, MediaKind, MediaLibrary, Origin, Patience,
    Presence, ProgressFn,
};
use crate::report::{Event, Phase, Report};
use crate::source::{DevicePath, PackedSource, Source};

/// A collection that was read.
pub struct Shelf {
    /// What is in it.
    pub catalog: Catalog,
    /// Where its bytes come from: the phone, perhaps with folders that are shown as one file each.
    pub source: Arc<dyn Source>,
    /// What of it the cable does not reach, in words. Also among the warnings of the catalogue.
    pub beyond_reach: Vec<String>,
}

impl Shelf {
    const fn of(catalog: Catalog, source: Arc<dyn Source>) -> Self {
        Self { catalog, source, beyond_reach: Vec::new() }
    }
}

/// The collections of a phone. What several of them are read from is read once.
pub struct Collections {
    source: Arc<dyn Source>,
    scratch: TempDir,
    media: Option<MediaLibrary>,
    /// The folders that [`Collection::Files`] means, and where they are.
    files: Option<(Arc<dyn Source>, Vec<FilesRoot>)>,
    reach: Reach,
    /// Whether the videos of the photo library are no part of [`Collection::Videos`]: it was read, or is not there, or
    /// nobody wants it.
    without_own_videos: bool,
    /// Whether nobody wants them.
    leaves_own_videos: bool,
}

impl Collections {
    /// Nothing is read yet.
    ///
    /// # Errors
    /// This computer has no room for a copy of the phone's databases.
    pub fn of(source: Arc<dyn Source>) -> Result<Self, ExportError> {
        let scratch = tempfile::tempdir().map_err(ExportError::Scratch)?;
        Ok(Self {
            source,
            scratch,
            media: None,
            files: None,
            reach: Reach::default(),
            without_own_videos: false,
            leaves_own_videos: false,
        })
    }

    /// Says which folders [`Collection::Files`] means, and where they are.
    #[must_use]
    pub fn with_files(mut self, source: Arc<dyn Source>, roots: Vec<FilesRoot>) -> Self {
        self.files = Some((source, roots));
        self
    }

    /// Says how many apps keep their files to themselves, for who asked for those of all.
    #[must_use]
    pub fn with_unshared(mut self, unshared: usize) -> Self {
        self.reach.unshared = Some(unshared);
        self
    }

    /// Says the phone's version of iOS, such as `18.5`, which tells what the cable reaches.
    #[must_use]
    pub fn with_ios(mut self, version: &str) -> Self {
        self.reach.ios = Reach::of_ios(version);
        self
    }

    /// Leaves the videos of the photo library out of [`Collection::Videos`], for who wants neither them nor the photos.
    #[must_use]
    pub fn without_own_videos(self) -> Self {
        Self { without_own_videos: true, leaves_own_videos: true, ..self }
    }

    /// Reads a collection and tells how it goes.
    ///
    /// After the photo library, [`Collection::Videos`] are those of the media library alone: the others are among the
    /// photos.
    ///
    /// # Errors
    /// When there is nothing of it that can be read.
    pub async fn read(&mut self, collection: Collection, report: &dyn Report) -> Result<Shelf, ExportError> {
        let tell = |progress: CatalogProgress| tell(report, progress);
        let mut shelf = self.read_quietly(collection, &tell).await?;
        if collection == Collection::Videos && self.leaves_own_videos {
            let remark = "The videos of the photo library are left out here, as its photos are.";
            shelf.catalog.warnings.push(remark.to_owned());
        }
        shelf.beyond_reach = self.reach.notes(collection);
        shelf.catalog.warnings.extend(shelf.beyond_reach.iter().cloned());
        let catalog = &shelf.catalog;
        for message in &catalog.warnings {
            report.event(&Event::Warning { message: message.clone() });
        }
        report.event(&Event::Catalog {
            collection: catalog.collection,
            items: catalog.catalogued().filter(|item| item.kind != MediaKind::Cover).count(),
            albums: catalog.albums.len(),
            model_version: match catalog.origin {
                Origin::Database { model_version } => Some(model_version),
                Origin::FilesOnly | Origin::Partial | Origin::Folders => None,
            },
        });
        Ok(shelf)
    }

    async fn read_quietly(
        &mut self,
        collection: Collection,
        tell: &ProgressFn<'_>,
    ) -> Result<Shelf, ExportError> {
        let source = Arc::clone(&self.source);
        let catalog = match collection {
            Collection::Photos => self.photos(tell).await?,
            Collection::Music | Collection::Podcasts => self.media(collection, tell).await?,
            Collection::Videos if self.without_own_videos => self.media(collection, tell).await?,
            Collection::Videos => {
                let library = self.media(collection, tell).await?;
                let photos = catalog::read(&*source, &self.scratch("photos")?, tell).await;
                match photos {
                    Ok(photos) => catalog::videos(library, photos),
                    // A phone without photos can have films.
                    Err(CatalogError::NothingThere) if !library.items.is_empty() => library,
                    Err(error) => return Err(error.into()),
                }
            }
            Collection::VoiceMemos => {
                let scratch = self.scratch("voice-memos")?;
                let memos = catalog::voice_memos::read(&*source, &scratch, Patience::default(), tell).await;
                match (memos, self.reach.recordings()) {
                    (Err(CatalogError::NoneSeen(_)), Recordings::All) => Catalog::empty(collection),
                    (Err(CatalogError::NoneSeen(_)), Recordings::Elsewhere) => {
                        return Err(CatalogError::OutOfReach(collection).into());
                    }
                    // An empty list in the old place says nothing of the new one.
                    (Ok(memos), Recordings::Elsewhere) if says_none(&memos) => {
                        return Err(CatalogError::OutOfReach(collection).into());
                    }
                    (Ok(memos), Recordings::Perhaps) if says_none(&memos) => {
                        return Err(CatalogError::NoneSeen(collection).into());
                    }
                    (memos, _) => memos?,
                }
            }
            Collection::Ringtones => {
                let tones = catalog::ringtones::read(&*source, tell).await?;
                let rows = self.media(collection, tell).await?;
                catalog::append_new(tones, rows)
            }
            Collection::Books => {
                let books = catalog::books::read(&*source, tell).await?;
                let packages = books.packages.clone();
                let packed = PackedSource::new(source, books.packages)
                    .with_mimetype(catalog::books::EXTENSION, catalog::books::MIMETYPE);
                let audiobooks = self.media(collection, tell).await?;
                // It can name books to read, too, which are here already.
                let catalog = catalog::append_new(books.catalog, audiobooks);
                let catalog = measured(catalog, &packed, packages).await?;
                return Ok(Shelf::of(catalog, Arc::new(packed)));
            }
            Collection::Files => {
                let (source, roots) = self.files.clone().ok_or(ExportError::NoFiles)?;
                let catalog = catalog::files::read(&*source, &roots, tell).await?;
                return Ok(Shelf::of(catalog, source));
            }
        };
        Ok(Shelf::of(catalog, source))
    }

    async fn photos(&mut self, tell: &ProgressFn<'_>) -> Result<Catalog, ExportError> {
        let read = catalog::read(&*self.source, &self.scratch("photos")?, tell).await;
        // That there are none has been told then, and need not be told of the videos once more.
        self.without_own_videos = matches!(read, Ok(_) | Err(CatalogError::NothingThere));
        Ok(read?)
    }

    /// A collection of the media library, which is read when it is first needed.
    async fn media(&mut self, collection: Collection, tell: &ProgressFn<'_>) -> Result<Catalog, ExportError> {
        let library = match &mut self.media {
            Some(library) => library,
            None => {
                let scratch = self.scratch.path().join("media-library");
                std::fs::create_dir_all(&scratch).map_err(ExportError::Scratch)?;
                let library = catalog::read_media_library(&*self.source, &scratch, Patience::default(), tell);
                self.media.insert(library.await?)
            }
        };
        let mut catalog = library.catalog(collection);
        catalog.warnings.extend(library.take_remarks());
        Ok(catalog)
    }

    /// A folder of its own for the copy of a database.
    fn scratch(&self, name: &str) -> Result<PathBuf, ExportError> {
        let scratch = self.scratch.path().join(name);
        std::fs::create_dir_all(&scratch).map_err(ExportError::Scratch)?;
        Ok(scratch)
    }
}

/// Whether there is nothing in it, without a doubt.
fn says_none(catalog: &Catalog) -> bool {
    catalog.items.is_empty() && catalog.unread_folders == 0 && catalog.warnings.is_empty()
}

/// Packages that are measured at once.
const AT_ONCE: usize = 8;

/// A catalogue with what is known of its packages only when they are looked through: their sizes, and by that and the
/// newest time in them, whether they changed.
async fn measured(
    mut catalog: Catalog,
    packed: &PackedSource,
    packages: HashSet<DevicePath>,
) -> Result<Catalog, ExportError> {
    let files = catalog.items.iter_mut().flat_map(|item| &mut item.resources);
    let files = files.filter_map(|file| match &file.presence {
        Presence::OnPhone(path) if packages.contains(path) => Some((path.clone(), file)),
        _ => None,
    });
    let mut looked = futures_util::stream::iter(files)
        .map(|(path, file)| async move { (packed.stat(&path).await, file) })
        .buffer_unordered(AT_ONCE);
    while let Some((stat, file)) = looked.next().await {
        match stat {
            Ok(stat) => {
                file.size_bytes = Some(stat.size_bytes);
                file.revision = stat.revision();
            }
            Err(error) if error.is_fatal() => return Err(CatalogError::Source(error).into()),
            // What is wrong with it will be said when it is transferred.
            Err(_) => {}
        }
    }
    drop(looked);
    Ok(catalog)
}

/// Tells how the reading of a catalogue goes.
fn tell(report: &dyn Report, progress: CatalogProgress) {
    let (phase, done, total) = match progress {
        CatalogProgress::Database { got_bytes, total_bytes, .. } => {
            if got_bytes == total_bytes {
                tracing::debug!("the photo database is on this computer");
            }
            (Phase::Database, got_bytes, total_bytes)
        }
        CatalogProgress::Rows { .. } => return,
        CatalogProgress::Directories { listed, total } => (Phase::Folders, listed, total),
        CatalogProgress::Files { seen, total } => (Phase::Files, seen, total),
    };
    report.event(&Event::Preparing { phase, done, total: Some(total).filter(|n| *n > 0) });
}
