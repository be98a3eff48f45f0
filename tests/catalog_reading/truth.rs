//! The readers of tones, books, voice memos and documents against phones whose truth is known, one of each sort.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use iexport::catalog::{Catalog, CatalogError, Item, MediaKind, Patience, Presence, Role, Scope};
use iexport::catalog::{books, ringtones, voice_memos};
use iexport::source::FolderSource;
use phone_libraries::{
    BookForm, BookList, BookProtection, BookSpec, BookState, BooksSpec, CloudForm, EpubVersion, Extras,
    ExtrasTruth, MemoState, MemoStore, MemosSpec, PlistForm, RingtonesSpec, ToneKind, TruthBookForm,
    write_extras,
};
use tempfile::TempDir;

use crate::support::place;

fn write(extras: Extras) -> (TempDir, ExtrasTruth) {
    let folder = tempfile::tempdir().unwrap();
    let truth = write_extras(&extras, &folder.path().join("media"), &folder.path().join("apps")).unwrap();
    (folder, truth)
}

fn media(folder: &TempDir) -> FolderSource {
    FolderSource::new(folder.path().join("media"))
}

/// What is on the phone, by its path.
fn on_phone(catalog: &Catalog) -> BTreeMap<String, &Item> {
    let there =
        catalog.items.iter().filter(|item| matches!(item.resources[0].presence, Presence::OnPhone(_)));
    there.map(|item| (place(item, Role::Original), item)).collect()
}

/// What is not, by the name it would have.
fn absent(catalog: &Catalog) -> BTreeMap<&str, &Item> {
    let gone =
        catalog.items.iter().filter(|item| !matches!(item.resources[0].presence, Presence::OnPhone(_)));
    gone.map(|item| (item.original_name.as_str(), item)).collect()
}

fn assert_unique(catalog: &Catalog) {
    let identities: BTreeSet<_> = catalog.items.iter().map(|item| &item.uuid).collect();
    assert_eq!(identities.len(), catalog.items.len());
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

#[tokio::test]
async fn tones() {
    for form in [PlistForm::Binary, PlistForm::Xml] {
        let (folder, truth) =
            write(Extras { ringtones: Some(RingtonesSpec::all_sorts(form)), ..Extras::default() });
        let catalog = ringtones::read(&media(&folder), &|_| ()).await.unwrap();
        assert_unique(&catalog);
        let (found, gone) = (on_phone(&catalog), absent(&catalog));
        for tone in &truth.ringtones {
            let path = tone.file.device_path.as_str();
            let item = if tone.is_here { found[path] } else { gone[file_name(path)] };
            let size = tone.is_here.then_some(tone.file.size);
            assert_eq!((item.resources[0].size_bytes, item.is_missing()), (size, !tone.is_here), "{path}");
            assert_eq!(item.is_protected(), tone.is_protected, "{path}");
            if tone.is_listed {
                assert_eq!(item.title.as_deref().unwrap_or_default(), tone.name, "{path}");
                assert!((item.duration_seconds.unwrap() - tone.seconds).abs() < 0.001, "{path}");
                let kind =
                    if tone.kind == ToneKind::Tone { MediaKind::AlertTone } else { MediaKind::Ringtone };
                assert_eq!(item.kind, kind, "{path}");
            } else {
                assert_eq!((item.title.as_deref(), item.kind), (None, MediaKind::Ringtone), "{path}");
            }
        }
        assert_eq!(found.len(), truth.ringtones.iter().filter(|tone| tone.is_here).count());
    }
}

#[tokio::test]
async fn all_books() {
    for form in [PlistForm::Binary, PlistForm::Xml] {
        let (folder, truth) = write(Extras { books: Some(BooksSpec::all_sorts(form)), ..Extras::default() });
        let books = books::read(&media(&folder), &|_| ()).await.unwrap();
        assert_unique(&books.catalog);
        let (found, gone) = (on_phone(&books.catalog), absent(&books.catalog));
        let mut packages = BTreeSet::new();
        for book in &truth.books {
            let path = book.device_path.as_str();
            let is_here = book.state == BookState::Here;
            let item = if is_here { found[path] } else { gone[file_name(path)] };
            assert_eq!(item.kind, MediaKind::Book);
            let says_itself = book.form == TruthBookForm::EpubFolder && is_here;
            if book.is_listed && book.is_named || says_itself {
                assert_eq!(item.title.as_deref(), Some(book.title.as_str()), "{path}");
                let author = item.media.as_ref().unwrap().artist.as_deref();
                assert_eq!(author, book.author.as_deref(), "{path}");
            }
            let details = item.media.as_ref().unwrap();
            assert_eq!(details.genre.as_deref(), book.genre.as_deref(), "{path}");
            assert_eq!((details.protected, details.sample), (book.is_protected, book.is_sample), "{path}");
            if book.is_listed {
                assert_eq!(item.added.unwrap().to_string(), book.imported, "{path}");
            }
            let is_package = says_itself;
            if is_package {
                packages.insert(path.to_owned());
            } else if is_here {
                assert_eq!(item.resources[0].size_bytes, Some(book.files[0].size), "{path}");
            }
        }
        assert_eq!(books.packages.iter().map(|path| path.to_text()).collect::<BTreeSet<_>>(), packages);
        assert_eq!(found.len(), truth.books.iter().filter(|book| book.state == BookState::Here).count());
        assert!(books.catalog.items.iter().all(|item| item.title.as_deref() != Some("A Book of No Pages")));
        assert!(found.values().all(|item| item.title.as_deref() != Some("A way out")));
    }
}

#[tokio::test]
async fn packed_books() {
    let packed = |title: &str| {
        BookSpec::epub(title, format!("{title}.epub"))
            .form(BookForm::EpubFile(EpubVersion::Two))
            .list(BookList::Purchases)
    };
    let protected = packed("Protected").protection(BookProtection::OnlyInside);
    let spec = BooksSpec { seed: 2, books: vec![packed("Free"), protected], ..BooksSpec::default() };
    let (folder, truth) = write(Extras { books: Some(spec), ..Extras::default() });
    let books = books::read(&media(&folder), &|_| ()).await.unwrap();
    let found = on_phone(&books.catalog);
    for book in &truth.books {
        let is_protected = found[book.device_path.as_str()].is_protected();
        assert_eq!((is_protected, book.title == "Protected"), (book.is_protected, book.is_protected));
    }
    assert!(found.len() == 2 && books.catalog.warnings.is_empty(), "{:?}", books.catalog.warnings);
}

async fn read_memos(folder: &Path) -> Result<Catalog, CatalogError> {
    let scratch = tempfile::tempdir().unwrap();
    let source = FolderSource::new(folder.join("media"));
    let patience = Patience { tries: 2, pause: std::time::Duration::ZERO };
    voice_memos::read(&source, scratch.path(), patience, &|_| ()).await
}

#[tokio::test]
async fn memos_of_every_generation() {
    let stores = [
        MemoStore::Recordings,
        MemoStore::Cloud(CloudForm::Early),
        MemoStore::Cloud(CloudForm::Middle),
        MemoStore::Cloud(CloudForm::Late),
        MemoStore::FilesOnly,
    ];
    for store in stores {
        for is_hostile in [false, true] {
            let spec = MemosSpec { is_hostile, ..MemosSpec::all_sorts(store) };
            let (folder, truth) = write(Extras { memos: Some(spec), ..Extras::default() });
            let catalog = read_memos(folder.path()).await.unwrap();
            assert_unique(&catalog);
            let (found, gone) = (on_phone(&catalog), absent(&catalog));
            let has_ids = matches!(store, MemoStore::Cloud(_));
            for memo in truth.memos.iter().filter(|memo| memo.state == MemoState::Here || memo.is_listed) {
                let path = memo.file.device_path.as_str();
                let stem = file_name(path).rsplit_once('.').unwrap().0;
                let item = match memo.state {
                    MemoState::Here => found[path],
                    MemoState::ICloudOnly if has_ids => {
                        *gone.values().find(|item| item.uuid.0.ends_with(&memo.unique_id)).unwrap()
                    }
                    // Without a file and an identity there is nothing to tell it by.
                    MemoState::ICloudOnly => continue,
                    _ => gone[file_name(path)],
                };
                assert_eq!(item.kind, MediaKind::VoiceMemo);
                assert_eq!(item.is_cloud_only(), memo.state == MemoState::ICloudOnly, "{path}");
                if memo.state == MemoState::Here {
                    assert_eq!(item.resources[0].size_bytes, Some(memo.file.size), "{path}");
                }
                let folder = item.media.as_ref().unwrap().folders.first().map(|name| name.to_string());
                assert_eq!(folder, memo.folder, "{path}");
                assert_eq!(item.trashed_at.map(|at| at.to_string()), memo.deleted, "{path}");
                assert_eq!(item.trashed, memo.deleted.is_some(), "{path}");
                if memo.is_listed {
                    if memo.state != MemoState::ICloudOnly {
                        let title = memo.title.as_deref().unwrap_or(stem);
                        assert_eq!(item.title.as_deref(), Some(title), "{store:?} {path}");
                    }
                    assert_eq!(item.time().unwrap().to_string(), memo.date, "{path}");
                    assert!((item.duration_seconds.unwrap() - memo.seconds).abs() < 0.001, "{path}");
                    assert_eq!(item.scope, Scope::Library, "{path}");
                    if has_ids {
                        assert_eq!(item.uuid.0, format!("memo:{}", memo.unique_id));
                    }
                } else if store != MemoStore::FilesOnly {
                    assert_eq!(
                        (item.scope, item.title.as_deref()),
                        (Scope::Uncatalogued, Some(stem)),
                        "{path}"
                    );
                }
            }
            let here = truth.memos.iter().filter(|memo| memo.state == MemoState::Here);
            assert_eq!(found.len(), here.count(), "{store:?}");
        }
    }
    let (folder, _) =
        write(Extras { memos: Some(MemosSpec::all_sorts(MemoStore::OutOfReach)), ..Extras::default() });
    std::fs::create_dir_all(folder.path().join("media/DCIM")).unwrap();
    assert!(matches!(read_memos(folder.path()).await, Err(CatalogError::NoneSeen(_))));
}

#[cfg(unix)]
#[tokio::test]
async fn documents_of_apps() {
    use iexport::catalog::files::{self, FilesRoot};
    use iexport::source::DevicePath;
    use phone_libraries::TruthAppEntry;

    let extras = Extras { apps: Extras::all_sorts().unwrap().apps, ..Extras::default() };
    let (folder, truth) = write(extras);
    for app in &truth.apps {
        let source = FolderSource::new(folder.path().join("apps").join(&app.bundle_id));
        let root = FilesRoot {
            path: DevicePath::parse("Documents").unwrap(),
            app: Some(app.display_name.as_str().into()),
        };
        let catalog = files::read(&source, &[root], &|_| ()).await.unwrap();
        assert_unique(&catalog);
        let found: BTreeMap<String, u64> = catalog
            .items
            .iter()
            .map(|item| (place(item, Role::Original), item.resources[0].size_bytes.unwrap()))
            .collect();
        let mut told = BTreeMap::new();
        let mut links = 0;
        for entry in &app.entries {
            match entry {
                TruthAppEntry::File { path, size, .. } if path.starts_with("Documents/") => {
                    told.insert(path.clone(), *size);
                }
                TruthAppEntry::Link { path, .. } if path.starts_with("Documents/") => links += 1,
                _ => {}
            }
        }
        assert_eq!(found, told, "{}", app.bundle_id);
        assert_eq!(catalog.warnings.len(), usize::from(links > 0), "{:?}", catalog.warnings);
        for item in &catalog.items {
            let details = item.media.as_ref().unwrap();
            let path = details.folders.iter().map(|name| name.as_ref()).chain([item.original_name.as_str()]);
            let path = path.collect::<Vec<_>>().join("/");
            assert_eq!(place(item, Role::Original), format!("Documents/{path}"));
            assert_eq!(details.app.as_deref(), Some(app.display_name.as_str()));
        }
    }
}
