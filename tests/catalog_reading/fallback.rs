//! No usable database: the files themselves.

use iexport::catalog::{Catalog, CatalogError, MediaKind, Origin, Role, Scope};
use iexport::source::SourceErrorKind;

use crate::support::{LOG, Library, MAIN, MODIFIED, Memory, Tree, item, place, read, read_tree};

const FILES: &[&str] = &[
    "DCIM/100APPLE/IMG_1.HEIC",
    "DCIM/100APPLE/IMG_1.MOV",
    "DCIM/100APPLE/IMG_1.AAE",
    "DCIM/100APPLE/IMG_2.JPG",
    "DCIM/100APPLE/IMG_2.DNG",
    "DCIM/100APPLE/IMG_3.MOV",
    "DCIM/100APPLE/.hidden.JPG",
    "DCIM/100APPLE/folder/IMG_9.JPG",
    "DCIM/.MISC/Incoming/x.JPG",
    "DCIM/107IMPRT/IMG_1.PNG",
    "DCIM/loose.JPG",
    "PhotoData/CPLAssets/group7/0A.HEIC",
    "PhotoData/Sync/100SYNCD/IMG_5.JPG",
    "PhotoData/Sync/assetsAlbumOrder",
    "PhotoData/Metadata/DCIM/100APPLE/IMG_1.JPG",
    "PhotoData/Mutations/DCIM/100APPLE/IMG_1/Adjustments/FullSizeRender.jpg",
    "PhotoData/Mutations/DCIM/100APPLE/IMG_1/Adjustments/FullSizeRender.mov",
    "PhotoData/Mutations/DCIM/100APPLE/IMG_3/Adjustments/FullSizeRender.mov",
    "PhotoData/Mutations/DCIM/100APPLE/IMG_3/Adjustments/Adjustments.plist",
];

fn files() -> Tree {
    FILES.iter().map(|path| ((*path).to_owned(), vec![0; 10])).collect()
}

#[tokio::test]
async fn a_phone_without_a_database_has_its_files() {
    let catalog = read_tree(files()).await;
    assert_eq!(catalog.origin, Origin::FilesOnly);
    let uuids: Vec<_> = catalog.items.iter().map(|item| item.uuid.0.as_str()).collect();
    let expected = [
        "path:DCIM/100APPLE/IMG_1.HEIC",
        "path:DCIM/100APPLE/IMG_2.JPG",
        "path:DCIM/100APPLE/IMG_3.MOV",
        "path:DCIM/107IMPRT/IMG_1.PNG",
        "path:PhotoData/CPLAssets/group7/0A.HEIC",
        "path:PhotoData/Sync/100SYNCD/IMG_5.JPG",
    ];
    assert_eq!(uuids, expected);
    let live = item(&catalog, expected[0]);
    assert_eq!(place(live, Role::LiveVideo), "DCIM/100APPLE/IMG_1.MOV");
    let edits = "PhotoData/Mutations/DCIM/100APPLE/IMG_1/Adjustments";
    assert_eq!(place(live, Role::Edited), format!("{edits}/FullSizeRender.jpg"));
    assert_eq!(place(live, Role::EditedLiveVideo), format!("{edits}/FullSizeRender.mov"));
    assert_eq!(place(live, Role::CameraAdjustments), "DCIM/100APPLE/IMG_1.AAE");
    assert_eq!(place(item(&catalog, expected[1]), Role::CameraAdjustments), "none");
    assert_eq!(place(item(&catalog, expected[1]), Role::Raw), "DCIM/100APPLE/IMG_2.DNG");
    let film = item(&catalog, expected[2]);
    assert_eq!(film.kind, MediaKind::Video);
    assert!(place(film, Role::Edited).ends_with("IMG_3/Adjustments/FullSizeRender.mov"));
    assert!(place(film, Role::Adjustments).ends_with("IMG_3/Adjustments/Adjustments.plist"));
    assert_eq!(i128::from(MODIFIED), live.taken.unwrap().instant.as_nanosecond());
    assert_eq!(live.resource(Role::Original).unwrap().size_bytes, Some(10));
    assert!(catalog.warnings[0].contains("no photo database"), "{:?}", catalog.warnings);
    assert!(catalog.warnings[0].contains("albums"), "{:?}", catalog.warnings);
    assert!(catalog.items.iter().all(|item| item.scope == Scope::Library));
}

#[tokio::test]
async fn hopeless_databases_give_the_files_and_the_reason() {
    let library = Library::new();
    library.asset(1, "IMG_1.HEIC", "");
    let (good, log) = library.files();
    let empty = {
        let library = Library::new();
        library.run("DROP TABLE ZASSET");
        library.checkpoint();
        library.files().0
    };
    let cases: [(&str, Vec<u8>, Vec<u8>); 5] = [
        ("noise", (0..50_000_u32).map(|n| ((n * 7919) >> 3) as u8).collect(), Vec::new()),
        ("nothing", Vec::new(), Vec::new()),
        ("no asset table", empty, Vec::new()),
        ("a header alone", good[..100].to_vec(), Vec::new()),
        (
            "a foreign page size",
            {
                let mut g = good.clone();
                g[16..18].copy_from_slice(&[3, 3]);
                g
            },
            Vec::new(),
        ),
    ];
    for (what, main, log) in cases {
        let mut tree = files();
        tree.insert(MAIN.into(), main);
        tree.insert(LOG.into(), log);
        let catalog = read_tree(tree).await;
        assert_eq!(catalog.origin, Origin::FilesOnly, "{what}");
        assert_eq!(catalog.items.len(), 6, "{what}");
        assert!(catalog.warnings[0].contains("cannot be read ("), "{what}: {:?}", catalog.warnings);
    }
    // The same files are a good database when they are whole.
    let mut tree = files();
    tree.insert(MAIN.into(), good);
    tree.insert(LOG.into(), log);
    assert_ne!(read_tree(tree).await.origin, Origin::FilesOnly);
}

#[tokio::test]
async fn a_damaged_database_gives_what_can_be_read_or_the_files() {
    let library = Library::new();
    for key in 1..500 {
        library.asset(key, &format!("IMG_{key}.HEIC"), "");
    }
    library.run(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 499)
         INSERT INTO ZADDITIONALASSETATTRIBUTES (ZASSET, ZORIGINALFILENAME) SELECT i, 'Cat.HEIC' FROM n;",
    );
    library.checkpoint();
    let good = library.files().0;
    let (mut from_database, mut from_files) = (0, 0);
    for page in 1..good.len() / 4096 {
        let mut tree = files();
        let mut bad = good.clone();
        bad[page * 4096..][..4096].fill(0x5a);
        tree.insert(MAIN.into(), bad);
        let catalog = read_tree(tree).await;
        assert!(!catalog.warnings.is_empty(), "page {page}");
        if catalog.origin == Origin::FilesOnly {
            from_files += 1;
        } else {
            from_database += 1;
            assert_eq!(catalog.catalogued().count(), 499, "page {page}");
        }
    }
    assert!(from_database > 0 && from_files > 0, "{from_database} {from_files}");
}

/// An interior page of a table whose every child is `child`: each such level multiplies the rows.
fn bomb_page(child: u32) -> Vec<u8> {
    let cells = 500_u16;
    let content = 4096 - cells * 5;
    let mut page = vec![0; 4096];
    page[0] = 5;
    page[3..5].copy_from_slice(&cells.to_be_bytes());
    page[5..7].copy_from_slice(&content.to_be_bytes());
    page[8..12].copy_from_slice(&child.to_be_bytes());
    for cell in 0..cells {
        let at = content + cell * 5;
        page[12 + usize::from(cell) * 2..][..2].copy_from_slice(&at.to_be_bytes());
        page[usize::from(at)..][..4].copy_from_slice(&child.to_be_bytes());
        page[usize::from(at) + 4] = 1;
    }
    page
}

#[tokio::test]
async fn a_table_that_never_ends_is_not_read_to_its_end() {
    let library = Library::new();
    library.asset(1, "IMG_1.HEIC", "").checkpoint();
    let root = library.root_page("ZASSET") as usize;
    let mut main = library.files().0;
    let pages = main.len() / 4096;
    // The table's root becomes the first of six levels, and its old leaf the last: 501^6 rows.
    let leaf = main[(root - 1) * 4096..][..4096].to_vec();
    let number = |page: usize| u32::try_from(page).unwrap();
    main[(root - 1) * 4096..][..4096].copy_from_slice(&bomb_page(number(pages + 1)));
    for level in 1..6 {
        main.extend(bomb_page(number(pages + level + 1)));
    }
    main.extend(leaf);
    let length = number(main.len() / 4096);
    main[28..32].copy_from_slice(&length.to_be_bytes());
    let mut tree = files();
    tree.insert(MAIN.into(), main);
    let catalog = read_tree(tree).await;
    assert_eq!(catalog.origin, Origin::FilesOnly);
    assert!(catalog.warnings[0].contains("cannot be read (ZASSET"), "{:?}", catalog.warnings);
}

#[tokio::test]
async fn a_phone_that_shows_nothing_is_an_error() {
    let (catalog, _) = read(&Memory::new(Tree::new())).await;
    assert!(matches!(catalog, Err(CatalogError::NothingThere)), "{catalog:?}");
}

#[tokio::test]
async fn a_scratch_folder_that_is_not_there_is_an_error() {
    let library = Library::new();
    let source = Memory::new(library.tree(&[]));
    let missing = tempfile::tempdir().unwrap().path().join("missing");
    let result = iexport::catalog::read(&source, &missing, &|_| ()).await;
    assert!(matches!(result, Err(CatalogError::Scratch { .. })), "{result:?}");
}

/// A phone without a database that refuses to list a path.
async fn refusing(tree: Tree, path: &str, kind: SourceErrorKind) -> Result<Catalog, CatalogError> {
    let mut source = Memory::new(tree);
    source.refuse_listing = Some((path.into(), kind));
    read(&source).await.0
}

#[tokio::test]
async fn a_root_that_cannot_be_listed_is_no_empty_folder() {
    let denied = || SourceErrorKind::Denied("locked".into());
    for (root, left) in [("DCIM", 2), ("PhotoData/CPLAssets", 5), ("PhotoData/Sync", 5)] {
        let catalog = refusing(files(), root, denied()).await.unwrap();
        assert_eq!(catalog.items.len(), left, "{root}");
        let warning = format!("1 of the phone's folders could not be listed; {root}: ");
        assert!(catalog.warnings.iter().any(|w| w.starts_with(&warning)), "{:?}", catalog.warnings);
    }
    let only = |root: &str| files().into_iter().filter(|(path, _)| path.starts_with(root)).collect::<Tree>();
    let nothing = refusing(only("DCIM"), "DCIM", denied()).await;
    assert!(matches!(nothing, Err(CatalogError::Unlisted(_))), "{nothing:?}");
    let nothing = refusing(only("PhotoData/Sync"), "PhotoData/Sync", denied()).await;
    assert!(matches!(nothing, Err(CatalogError::Unlisted(_))), "{nothing:?}");
}

#[tokio::test]
async fn edits_in_folders_that_cannot_be_listed_are_warned_of() {
    let all = "PhotoData/Mutations/DCIM/100APPLE";
    for folder in [all.to_owned(), format!("{all}/IMG_1/Adjustments")] {
        let catalog = refusing(files(), &folder, SourceErrorKind::Denied("locked".into())).await.unwrap();
        assert_eq!(place(item(&catalog, "path:DCIM/100APPLE/IMG_1.HEIC"), Role::Edited), "none");
        let warning = format!("1 of the phone's folders could not be listed; {folder}: ");
        assert!(catalog.warnings.iter().any(|w| w.starts_with(&warning)), "{:?}", catalog.warnings);
    }
}

#[tokio::test]
async fn a_file_among_the_folders_is_no_folder_that_cannot_be_listed() {
    // What a phone answers when it is asked to list a file.
    let kind = SourceErrorKind::Unreadable("read error".into());
    let catalog = refusing(files(), "DCIM/loose.JPG", kind).await.unwrap();
    assert_eq!((catalog.items.len(), catalog.warnings.len()), (6, 1), "{:?}", catalog.warnings);
}
