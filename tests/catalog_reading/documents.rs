//! Files as they lie on the phone: documents of apps, and folders of the media root.

use iexport::catalog::files::{self, FilesRoot};
use iexport::catalog::{Catalog, CatalogError, Collection, MediaKind, Role};
use iexport::source::{DevicePath, SourceErrorKind};

use crate::support::{MODIFIED, Memory, Tree, item, place};

fn root(path: &str, app: Option<&str>) -> FilesRoot {
    FilesRoot { path: DevicePath::parse(path).unwrap(), app: app.map(Into::into) }
}

fn tree(files: &[&str]) -> Tree {
    files.iter().map(|path| ((*path).to_owned(), vec![0; 10])).collect()
}

async fn read(phone: &Memory, roots: &[FilesRoot]) -> Result<Catalog, CatalogError> {
    files::read(phone, roots, &|_| ()).await
}

fn folders(catalog: &Catalog, uuid: &str) -> Vec<String> {
    item(catalog, uuid).media.as_ref().unwrap().folders.iter().map(|name| name.to_string()).collect()
}

#[tokio::test]
async fn every_file_is_a_document_of_its_app_in_its_folders() {
    let phone = Memory::new(tree(&[
        "Apps/com.example.notes/a.txt",
        "Apps/com.example.notes/Deep/er/b.txt",
        "Apps/com.example.notes/.hidden",
        "Apps/com.example.other/a.txt",
        "Downloads/sub/c.pdf",
        "DCIM/100APPLE/IMG_1.JPG",
    ]));
    let roots = [
        root("Apps/com.example.notes", Some("Notes")),
        root("Apps/com.example.other", Some("Other")),
        root("Downloads", None),
    ];
    let catalog = read(&phone, &roots).await.unwrap();
    assert_eq!((catalog.collection, catalog.items.len()), (Collection::Files, 5));
    assert_eq!((catalog.warnings.len(), catalog.unread_folders), (0, 0));
    let deep = item(&catalog, "file:Apps/com.example.notes/Deep/er/b.txt");
    assert_eq!(
        (deep.kind, deep.original_name.as_str(), deep.title.as_deref()),
        (MediaKind::Document, "b.txt", None)
    );
    assert_eq!(deep.media.as_ref().unwrap().app.as_deref(), Some("Notes"));
    assert_eq!(folders(&catalog, &deep.uuid.0), ["Deep", "er"]);
    assert_eq!(place(deep, Role::Original), "Apps/com.example.notes/Deep/er/b.txt");
    assert_eq!(deep.resources[0].size_bytes, Some(10));
    assert_eq!(deep.resources[0].revision, format!("10-{MODIFIED}"));
    assert_eq!(deep.time().unwrap().as_nanosecond(), i128::from(MODIFIED));
    assert!(folders(&catalog, "file:Apps/com.example.notes/.hidden").is_empty());
    let download = item(&catalog, "media:Downloads/sub/c.pdf");
    assert_eq!(download.media.as_ref().unwrap().app, None);
    assert_eq!(folders(&catalog, &download.uuid.0), ["Downloads", "sub"]);
}

#[tokio::test]
async fn a_root_can_be_one_file_or_everything() {
    let phone = Memory::new(tree(&["Downloads/a.pdf", "Downloads/b.pdf", "DCIM/100APPLE/IMG_1.JPG"]));
    let one = read(&phone, &[root("Downloads/b.pdf", None)]).await.unwrap();
    assert_eq!(one.items.len(), 1);
    assert_eq!(folders(&one, "media:Downloads/b.pdf"), ["Downloads"]);
    assert_eq!(read(&phone, &[root("", None), root("Downloads", None)]).await.unwrap().items.len(), 3);
}

#[tokio::test]
async fn roots_that_are_not_there_are_told() {
    let phone = Memory::new(tree(&["Downloads/a.pdf"]));
    let none = read(&phone, &[root("downloads", None)]).await.unwrap_err();
    assert_eq!(none.to_string(), "there is no downloads on the phone");
    let some = read(&phone, &[root("Downloads", None), root("Books", None)]).await.unwrap_err();
    assert_eq!(some.to_string(), "there is no Books on the phone");
    assert!(read(&phone, &[]).await.unwrap().items.is_empty());
}

#[tokio::test]
async fn what_cannot_be_listed_is_told_and_a_phone_that_is_gone_ends_it() {
    let mut phone = Memory::new(tree(&["Downloads/a.pdf", "Downloads/x/b.pdf"]));
    phone.refuse_listing = Some(("Downloads/x".into(), SourceErrorKind::Denied("no".into())));
    let catalog = read(&phone, &[root("Downloads", None)]).await.unwrap();
    assert_eq!((catalog.items.len(), catalog.unread_folders, catalog.warnings.len()), (1, 1, 1));
    phone.refuse_listing = Some(("Downloads/x".into(), SourceErrorKind::Disconnected("unplugged".into())));
    assert!(matches!(read(&phone, &[root("Downloads", None)]).await, Err(CatalogError::Source(_))));
}

#[cfg(unix)]
#[tokio::test]
async fn links_are_left_out_and_times_are_those_of_the_files() {
    use std::time::{Duration, UNIX_EPOCH};

    let folder = tempfile::tempdir().unwrap();
    let documents = folder.path().join("Documents");
    std::fs::create_dir_all(documents.join("sub")).unwrap();
    std::fs::write(documents.join("sub/a.txt"), b"abc").unwrap();
    let file = std::fs::File::options().write(true).open(documents.join("sub/a.txt")).unwrap();
    file.set_modified(UNIX_EPOCH + Duration::from_secs(1_700_000_000)).unwrap();
    std::os::unix::fs::symlink("..", documents.join("sub/up")).unwrap();
    std::os::unix::fs::symlink("a.txt", documents.join("sub/same")).unwrap();
    let source = iexport::source::FolderSource::new(folder.path());
    let catalog = files::read(&source, &[root("Documents", Some("App"))], &|_| ()).await.unwrap();
    assert_eq!(catalog.items.len(), 1);
    assert_eq!(catalog.warnings, ["2 links or special files are left out."]);
    let found = &catalog.items[0];
    assert_eq!(found.time().unwrap().as_second(), 1_700_000_000);
    assert_eq!(found.resources[0].revision, "3-1700000000000000000");
}

/// A phone has hundreds of folders, and each is asked for once.
#[tokio::test]
async fn hundreds_of_folders_are_listed_once_each() {
    let files: Vec<String> = (0..600).map(|n| format!("Documents/{}/{n}/f.txt", n % 7)).collect();
    let phone = Memory::new(tree(&files.iter().map(String::as_str).collect::<Vec<_>>()));
    let catalog = read(&phone, &[root("Documents", Some("App"))]).await.unwrap();
    assert_eq!(catalog.items.len(), 600);
    let asked = phone.asked.lock().unwrap();
    let listed: Vec<_> = asked.iter().filter(|what| what.starts_with("list ")).collect();
    let each: std::collections::HashSet<_> = listed.iter().collect();
    assert_eq!((listed.len(), each.len()), (608, 608));
    // Every name once, and the root, which could be a file.
    assert_eq!(asked.len() - listed.len(), 1 + 7 + 600 + 600);
}
