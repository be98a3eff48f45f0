//! Documents share their stems with others, and playlists have a folder of their own.

use super::*;
use crate::catalog::{Album, AlbumId, Media, MediaKind};
use crate::plan::{DestName, KnownList};

fn document(path: &str, size_bytes: u64, revision: &str) -> Item {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let mut item = item(&format!("file:{path}"), name, 0);
    item.kind = MediaKind::Document;
    let folders = folder.split('/').filter(|part| !part.is_empty()).map(Into::into).collect();
    item.media = Some(Box::new(Media { app: Some("Notes".into()), folders, ..Media::default() }));
    item.resources.push(on_phone(Role::Original, path, size_bytes));
    item.resources[0].revision = revision.to_owned();
    item
}

fn drive() -> Drive {
    Drive { layout: Layout::ByKind, ..Drive::default() }
}

fn paths(plan: &Plan) -> Vec<&str> {
    plan.files.iter().map(|file| file.to.to_text()).collect()
}

#[test]
fn documents_of_one_stem_lie_side_by_side() {
    let mut drive = drive();
    let items = [
        document("a/report.pdf", 1, "1"),
        document("a/report.docx", 2, "1"),
        document("a/report", 3, "1"),
        document("a/Report.PDF", 4, "1"),
        document("report.tar.gz", 5, "1"),
    ];
    let plan = drive.plan(&items);
    let digits = |n: usize| crate::plan::suffix::Stems::new("Report", &items[n].uuid.0).nth(1).unwrap();
    let other = format!("Notes/a/{}.PDF", digits(3));
    assert_eq!(
        paths(&plan),
        [
            "Notes/a/report.pdf",
            "Notes/a/report.docx",
            "Notes/a/report",
            other.as_str(),
            "Notes/report.tar.gz"
        ]
    );
    drive.carry_out(&plan);
    let again = drive.plan(&items);
    assert_eq!((paths(&again), again.already.len()), (vec![], 5));
    // One that comes later is not kept from its name by those that are there.
    let late = [items.to_vec(), vec![document("a/report.txt", 6, "1")]].concat();
    assert_eq!(paths(&drive.plan(&late)), ["Notes/a/report.txt"]);
}

#[test]
fn a_document_that_changed_replaces_what_was_exported() {
    let mut drive = drive();
    drive.export(&[document("report.pdf", 1, "1")]);
    let plan = drive.plan(&[document("report.pdf", 2, "2")]);
    assert_eq!((paths(&plan), actions(&plan)), (vec!["Notes/report.pdf"], vec![Action::Replace]));
}

#[test]
fn without_a_ledger_documents_are_found_again() {
    let mut drive = drive();
    let items = [document("report.pdf", 1, "1"), document("report.docx", 2, "1")];
    drive.export(&items);
    drive.known = Known::default();
    let plan = drive.plan(&items);
    assert_eq!(paths(&plan), ["Notes/report.pdf", "Notes/report.docx"]);
    assert_eq!(actions(&plan), [Action::Adopt, Action::Adopt]);
}

#[test]
fn a_long_name_keeps_its_extension() {
    let name = format!("{}.pdf", "\u{e9}".repeat(120));
    let mut drive = drive();
    let items = [document(&name, 1, "1")];
    let plan = drive.plan(&items);
    assert!(plan.files[0].to.to_text().ends_with("\u{e9}.pdf"), "{:?}", plan.files[0].to);
    drive.carry_out(&plan);
    assert_eq!(drive.plan(&items).already.len(), 1);
}

#[test]
fn a_document_and_a_photo_do_not_get_one_name() {
    // The photo was exported as on the phone; the same file is asked for as a document.
    let mut drive = drive();
    drive.layout = Layout::AsOnPhone;
    drive.export(&[photo("A", "IMG_1.HEIC", 0, 1)]);
    let plan = drive.plan(&[document("DCIM/100APPLE/IMG_1.HEIC", 1, "1")]);
    assert_ne!(plan.files[0].to.to_text(), "DCIM/100APPLE/IMG_1.HEIC");
}

#[test]
fn playlists_have_lists_in_a_folder_of_their_own() {
    let list = |id: &str, path: &str| {
        let mut album = crate::testing::album(path, &[]);
        album.id = AlbumId(id.to_owned());
        album
    };
    let albums: Vec<Album> =
        vec![list("p:1", "Sport/Run"), list("p:2", "Run"), list("p:3", "run"), list("p:4", "")];
    let catalog = catalog(Vec::new(), albums);
    let below = DestPath::parse("Music").unwrap();
    let layout = Layout::ByKind;
    let wanted = Arrangement {
        layout: &layout,
        names: Names::Portable,
        albums: None,
        links: false,
        below: &below,
        playlists: true,
    };
    let of = |known: &Known| -> Vec<String> {
        let places = Places::new(&catalog, &[], known, &wanted).unwrap();
        places.lists().iter().map(|list| format!("{}|{}", list.folder, list.stem)).collect()
    };
    let fresh = of(&Known::default());
    assert_eq!(fresh[0], "Music/Playlists/Sport|Run");
    assert_eq!(fresh[3], "Music/Playlists|Untitled playlist");
    assert_ne!(fresh[1].to_lowercase(), fresh[2].to_lowercase());
    let mut known = Known::default();
    for (id, at) in [("p:2", &fresh[1]), ("p:3", &fresh[2])] {
        let (folder, stem) = at.split_once('|').unwrap();
        let at = DestPath::parse(folder).unwrap().join(&DestName::portable(&format!("{stem}.m3u8")));
        known.add_list(AlbumId(id.to_owned()), KnownList { format: "m3u8".into(), at, blake3: "".into() });
    }
    assert_eq!(of(&known), fresh);
}

/// A phone that was erased counts anew, and without its database nothing tells the new photo from the old one.
#[test]
fn what_only_its_place_is_known_of_never_replaces_anything() {
    let mut drive = Drive::default();
    let at = |uuid: &str, revision: &str| {
        let bytes = revision.split('-').next().and_then(|bytes| bytes.parse().ok()).unwrap();
        let mut item = photo(uuid, "IMG_0001.HEIC", 0, bytes);
        item.resources[0].revision = revision.to_owned();
        item
    };
    drive.export(&[at("path:DCIM/100APPLE/IMG_0001.HEIC", "5-1")]);
    // Perhaps only its time is another: then it is read before anything is said of it.
    let plan = drive.plan(&[at("path:DCIM/100APPLE/IMG_0001.HEIC", "5-2")]);
    assert_eq!((plan.files.len(), plan.files[0].action), (1, Action::Adopt));
    assert_eq!((plan.files[0].to.file_name(), &plan.files[0].supersedes), ("IMG_0001.HEIC", &None));
    let later = [at("path:DCIM/100APPLE/IMG_0001.HEIC", "6-2")];
    let plan = drive.plan(&later);
    assert_eq!((plan.files.len(), plan.files[0].action), (1, Action::Copy));
    assert_ne!(plan.files[0].to.file_name(), "IMG_0001.HEIC");
    assert_eq!(plan.files[0].supersedes, None);
    drive.carry_out(&plan);
    let again = drive.plan(&later);
    assert_eq!((again.files.len(), again.already.len()), (0, 1));
}
