//! Small pictures of what is only in iCloud.

use iexport::catalog::Role;
use iexport::source::SourceErrorKind;

use crate::support::{Library, Memory, item, place, read, read_tree};

const IN_CLOUD: [i64; 7] = [0, 1, 0, 0, 0, -1, 1];
const METADATA: &str = "PhotoData/Metadata/DCIM/100APPLE";
const THUMBNAILS: &str = "PhotoData/Thumbnails/V2/DCIM/100APPLE";

/// Assets of these names, none of which is on the phone.
fn library(names: &[&str]) -> Library {
    let library = Library::new();
    for (key, name) in (1..).zip(names) {
        let kind = if name.ends_with("MOV") { "ZKIND = 1" } else { "" };
        library.asset(key, name, kind).resource(key, IN_CLOUD);
    }
    library
}

#[tokio::test]
async fn the_best_there_is() {
    let library = library(&[
        "IMG_1.HEIC",
        "IMG_2.HEIC",
        "IMG_3.HEIC",
        "IMG_4.HEIC",
        "IMG_5.MOV",
        "IMG_6.MOV",
        "IMG_7.HEIC",
        "IMG_8.HEIC",
    ]);
    let mut tree = library.tree(&[
        &format!("{METADATA}/IMG_1.JPG"),
        &format!("{METADATA}/IMG_1.large.JPG"),
        &format!("{METADATA}/IMG_1.THM"),
        &format!("{METADATA}/IMG_2.jpg"),
        &format!("{METADATA}/IMG_3.medium.JPG"),
        &format!("{METADATA}/IMG_5.JPG"),
        &format!("{METADATA}/IMG_5.medium.MP4"),
        &format!("{METADATA}/IMG_6.JPG"),
        &format!("{METADATA}/IMG_70.JPG"),
        &format!("{THUMBNAILS}/IMG_1.HEIC/5005.JPG"),
        &format!("{THUMBNAILS}/IMG_7.HEIC/5005.JPG"),
        &format!("{THUMBNAILS}/IMG_7.HEIC/5005.plist"),
        &format!("{THUMBNAILS}/IMG_7.HEIC/sub/5009.JPG"),
    ]);
    for (name, bytes) in [("3505.JPG", 200), ("5003.JPG", 900), ("9999.JPG", 30)] {
        tree.insert(format!("{THUMBNAILS}/IMG_4.HEIC/{name}"), vec![0; bytes]);
    }
    let catalog = read_tree(tree).await;
    let preview = |uuid| place(item(&catalog, uuid), Role::Preview);
    assert_eq!(preview("A1"), format!("{METADATA}/IMG_1.large.JPG"));
    assert_eq!(preview("A2"), format!("{METADATA}/IMG_2.jpg"));
    assert_eq!(preview("A3"), format!("{METADATA}/IMG_3.medium.JPG"));
    assert_eq!(preview("A4"), format!("{THUMBNAILS}/IMG_4.HEIC/5003.JPG"), "the largest");
    assert_eq!(preview("A5"), format!("{METADATA}/IMG_5.medium.MP4"), "a film of a film");
    assert_eq!(preview("A6"), format!("{METADATA}/IMG_6.JPG"));
    assert_eq!(preview("A7"), format!("{THUMBNAILS}/IMG_7.HEIC/5005.JPG"));
    assert_eq!(preview("A8"), "none");
    for uuid in ["A1", "A4"] {
        assert_eq!(place(item(&catalog, uuid), Role::Original), "cloud");
        assert_eq!(item(&catalog, uuid).resources.last().unwrap().role, Role::Preview);
    }
}

#[tokio::test]
async fn nobody_looks_for_what_nobody_needs() {
    let library = library(&["IMG_1.HEIC", "IMG_2.HEIC", "IMG_3.HEIC"]);
    library.run("UPDATE ZASSET SET ZDIRECTORY = 'DCIM/101APPLE' WHERE Z_PK = 2");
    library.run("UPDATE ZASSET SET ZSAVEDASSETTYPE = 8, ZDIRECTORY = 'PhotoData/CMMAssets/1' WHERE Z_PK = 3");
    let source = Memory::new(library.tree(&[
        "DCIM/100APPLE/IMG_1.HEIC",
        &format!("{METADATA}/IMG_1.JPG"),
        &format!("{THUMBNAILS}/IMG_1.HEIC/5005.JPG"),
        "PhotoData/Metadata/DCIM/101APPLE/IMG_2.JPG",
    ]));
    let catalog = read(&source).await.0.unwrap();
    assert_eq!(place(item(&catalog, "A1"), Role::Preview), "none");
    assert_eq!(place(item(&catalog, "A2"), Role::Preview), "PhotoData/Metadata/DCIM/101APPLE/IMG_2.JPG");
    let asked = source.asked.lock().unwrap();
    let asked: Vec<_> =
        asked.iter().filter(|what| what.contains("/Metadata") || what.contains("/V2")).collect();
    assert_eq!(asked, ["list PhotoData/Metadata/DCIM/101APPLE"]);
}

#[tokio::test]
async fn a_folder_that_cannot_be_listed_has_none() {
    let library = library(&["IMG_1.HEIC"]);
    let mut source = Memory::new(
        library.tree(&[&format!("{METADATA}/IMG_1.JPG"), &format!("{THUMBNAILS}/IMG_1.HEIC/5005.JPG")]),
    );
    source.refuse_listing = Some((METADATA.into(), SourceErrorKind::Denied("locked".into())));
    let catalog = read(&source).await.0.unwrap();
    let thumbnail = format!("{THUMBNAILS}/IMG_1.HEIC/5005.JPG");
    assert_eq!(place(item(&catalog, "A1"), Role::Preview), thumbnail);

    source.refuse_listing = Some((METADATA.into(), SourceErrorKind::Disconnected("gone".into())));
    assert!(read(&source).await.0.unwrap_err().to_string().contains("gone"));
}
