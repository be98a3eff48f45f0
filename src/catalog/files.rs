//! Files as they lie on the phone: the documents of apps, or any folder of the media root.
//!
//! Knows nothing of what the files are, and nothing of how the documents of an app come to be in a source.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::listing::ListingProgress;
use super::progress::ProgressFn;
use super::shelf::original_as_it_lies;
use super::tree::{LIMITS, Limits, Walked};
use super::{
    AssetUuid, CaptureTime, Catalog, CatalogError, Collection, Item, Media, MediaKind, Origin, Presence,
    folders,
};
use crate::source::{DevicePath, EntryKind, Source, SourceError, SourceErrorKind, Stat};

/// A folder whose files are wanted, or a single file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilesRoot {
    /// Where it is in the source.
    pub path: DevicePath,
    /// The app whose documents are in it, by the name that is shown; `None` for a path of the media root.
    pub app: Option<Arc<str>>,
}

/// Reads every file below the roots. A root that lies in another is read with that one.
///
/// # Errors
/// The source is gone, or a path that was asked for is not there. What can be read only in part gives a catalogue
/// with [`Catalog::warnings`].
pub async fn read(
    source: &dyn Source,
    roots: &[FilesRoot],
    progress: &ProgressFn<'_>,
) -> Result<Catalog, CatalogError> {
    read_within(source, roots, LIMITS, progress).await
}

async fn read_within(
    source: &dyn Source,
    roots: &[FilesRoot],
    limits: Limits,
    progress: &ProgressFn<'_>,
) -> Result<Catalog, CatalogError> {
    let gone = CatalogError::Source;
    let counter = ListingProgress::new(progress);
    let mut walked = Walked::default();
    let (mut items, mut words) = (Vec::new(), Words::default());
    let mut without = Vec::new();
    let outer = outermost(roots);
    // What lies in another is not walked through once more; but it was asked for, and has to be there.
    for inner in roots.iter().filter(|root| root.app.is_none() && !outer.contains(root)) {
        if kind_of(source, &inner.path).await.map_err(gone)? == Err(None) {
            return Err(CatalogError::NoSuchPath(inner.path.clone()));
        }
    }
    for root in outer {
        match kind_of(source, &root.path).await.map_err(gone)? {
            Ok(stat) if stat.kind == EntryKind::File => walked.files.push((root.path.clone(), Some(stat))),
            Ok(stat) if stat.kind == EntryKind::Other => walked.others += 1,
            // What cannot be looked at can perhaps be listed, and if not, that will be said.
            Ok(_) | Err(Some(_)) => {
                walked.walk(source, &root.path, limits, &counter, progress).await.map_err(gone)?;
            }
            Err(None) => match &root.app {
                Some(app) => without.push(Arc::clone(app)),
                None => return Err(CatalogError::NoSuchPath(root.path.clone())),
            },
        }
        let files = std::mem::take(&mut walked.files);
        items.extend(files.into_iter().map(|(path, stat)| item(root, path, stat, &mut words)));
    }
    items.sort_by(|a, b| a.uuid.cmp(&b.uuid));
    let mut warnings: Vec<String> = without.iter().map(|app| format!("{app} has no documents.")).collect();
    warnings.extend(folders::warning(&walked.unreadable));
    warnings.extend(left_out(&walked, limits));
    Ok(Catalog {
        collection: Collection::Files,
        origin: Origin::Folders,
        items,
        albums: Vec::new(),
        unread_folders: walked.unreadable.len() + walked.too_deep + usize::from(walked.is_cut),
        warnings,
    })
}

/// What a person should know of what was not walked through.
fn left_out(walked: &Walked, limits: Limits) -> impl Iterator<Item = String> {
    let &Walked { others, too_deep, is_cut, .. } = walked;
    let others = (others > 0).then(|| format!("{others} links or special files are left out."));
    let too_deep = (too_deep > 0).then(|| {
        format!("{too_deep} folders or files are nested deeper than {} folders and left out.", limits.depth)
    });
    let cut = is_cut.then(|| {
        format!(
            "There are more than {} files, or their paths are absurdly long; the rest is left out.",
            limits.names
        )
    });
    [others, too_deep, cut].into_iter().flatten()
}

/// What is at a path: `Err(None)` if nothing is, and what else keeps it from being told.
async fn kind_of(
    source: &dyn Source,
    path: &DevicePath,
) -> Result<Result<Stat, Option<SourceError>>, SourceError> {
    match source.stat(path).await {
        Ok(stat) => Ok(Ok(stat)),
        Err(error) if error.is_fatal() => Err(error),
        Err(error) if error.kind == SourceErrorKind::NotFound => Ok(Err(None)),
        Err(error) => Ok(Err(Some(error))),
    }
}

/// The roots, each once, that lie in no other.
fn outermost(roots: &[FilesRoot]) -> Vec<&FilesRoot> {
    let all: HashSet<&DevicePath> = roots.iter().map(|root| &root.path).collect();
    let mut seen = HashSet::new();
    let is_inner = |path: &DevicePath| {
        std::iter::successors(path.parent(), DevicePath::parent).any(|up| all.contains(&up))
    };
    roots.iter().filter(|root| seen.insert(&root.path) && !is_inner(&root.path)).collect()
}

/// Names of folders, each kept once for all files that are in it.
#[derive(Default)]
struct Words(HashMap<DevicePath, Vec<Arc<str>>>);

impl Words {
    /// The folders of a file, outermost first: of an app those below its root, else all.
    fn folders(&mut self, root: &FilesRoot, path: &DevicePath) -> Vec<Arc<str>> {
        let Some(parent) = path.parent() else { return Vec::new() };
        let skip = if root.app.is_some() { root.path.components().count() } else { 0 };
        let folders = self.0.entry(parent).or_insert_with_key(|parent| {
            let names = parent.components().skip(skip);
            names.map(|name| String::from_utf8_lossy(name).as_ref().into()).collect()
        });
        folders.clone()
    }
}

fn item(root: &FilesRoot, path: DevicePath, stat: Option<Stat>, words: &mut Words) -> Item {
    let name = path.file_name().map(|name| name.to_text()).unwrap_or_default();
    // What lies in the media folder is not told from what lay there before; a document of an app is what it is called.
    let word = if root.app.is_some() { "file" } else { "media" };
    let uuid = AssetUuid(super::identity_of_path(word, &path));
    let mut item = Item::new(uuid, name, MediaKind::Document);
    item.taken = stat.and_then(Stat::modified).map(|instant| CaptureTime { instant, offset: None });
    item.media = Some(Box::new(Media {
        app: root.app.clone(),
        folders: words.folders(root, &path),
        ..Media::default()
    }));
    // A document that changed is a new version of it ([`AssetUuid::is_place`] says of what that is not certain).
    item.resources.push(original_as_it_lies(Presence::OnPhone(path), stat));
    item
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{BoxFuture, EntryName, OpenFile};

    /// A phone that has folders in folders without end: in each two, a file and a link.
    struct Endless;

    impl Source for Endless {
        fn stat<'a>(&'a self, path: &'a DevicePath) -> BoxFuture<'a, Result<Stat, SourceError>> {
            let kind = match path.file_name().map(|name| name.to_text()).as_deref() {
                Some("file") => EntryKind::File,
                Some("link") => EntryKind::Other,
                _ => EntryKind::Directory,
            };
            Box::pin(async move { Ok(Stat { kind, size_bytes: 1, modified_nanoseconds: 1 }) })
        }

        fn list<'a>(&'a self, _: &'a DevicePath) -> BoxFuture<'a, Result<Vec<EntryName>, SourceError>> {
            let names = ["a", "b", "file", "link"].map(|name| EntryName::new(name.as_bytes()).unwrap());
            Box::pin(async move { Ok(names.to_vec()) })
        }

        fn open<'a>(&'a self, path: &'a DevicePath, _: u64) -> BoxFuture<'a, Result<OpenFile, SourceError>> {
            Box::pin(async move { Err(SourceError::new(path, SourceErrorKind::WrongKind)) })
        }
    }

    fn root(path: &str, app: Option<&str>) -> FilesRoot {
        FilesRoot { path: DevicePath::parse(path).unwrap(), app: app.map(Into::into) }
    }

    async fn walk(limits: Limits) -> Catalog {
        read_within(&Endless, &[root("x", None)], limits, &|_| ()).await.unwrap()
    }

    #[tokio::test]
    async fn folders_without_end_end_and_that_is_told() {
        let deep = walk(Limits { depth: 5, ..LIMITS }).await;
        assert_eq!((deep.items.len(), deep.unread_folders), (31, 32));
        assert_eq!(deep.warnings.len(), 2);
        assert!(deep.warnings[0].starts_with("31 links"), "{:?}", deep.warnings);
        assert!(deep.warnings[1].starts_with("32 folders or files are nested"), "{:?}", deep.warnings);
        let many = walk(Limits { names: 1000, ..LIMITS }).await;
        assert!((200..=250).contains(&many.items.len()), "{}", many.items.len());
        assert!(
            many.warnings.iter().any(|warning| warning.contains("more than 1000")),
            "{:?}",
            many.warnings
        );
        let long = walk(Limits { path_bytes: 1000, ..LIMITS }).await;
        assert!((10..100).contains(&long.items.len()), "{}", long.items.len());
        assert_eq!(long.unread_folders, 1);
    }

    #[test]
    fn a_root_in_another_is_read_with_it() {
        let names = |roots: &[FilesRoot]| -> Vec<String> {
            outermost(roots).iter().map(|root| root.path.to_text()).collect()
        };
        let roots = [root("a/b/c", None), root("a/b", None), root("a/bc", None), root("a/b", None)];
        assert_eq!(names(&roots), ["a/b", "a/bc"]);
        assert_eq!(names(&[root("", None), root("a", None)]), [""]);
    }
}
