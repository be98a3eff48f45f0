//! Albums, their folders and the order of their members.

use std::sync::Arc;

use iexport::catalog::{Catalog, Scope};

use crate::support::{Library, item, read_tree};

/// `path: members` of every album, in the catalogue's order.
fn albums(catalog: &Catalog) -> Vec<String> {
    let members = |album: &iexport::catalog::Album| {
        let uuids: Vec<_> = album.members.iter().map(|at| catalog.items[*at].uuid.0.as_str()).collect();
        uuids.join(" ")
    };
    catalog.albums.iter().map(|album| format!("{}: {}", album.path(), members(album))).collect()
}

fn library(assets: i64) -> Library {
    let library = Library::new();
    for key in 1..=assets {
        library.asset(key, &format!("IMG_{key}.HEIC"), "");
    }
    library
}

#[tokio::test]
async fn members_are_in_the_order_the_album_is_set_to() {
    let library = library(4);
    library.run(
        "UPDATE ZASSET SET ZDATECREATED = 100 - Z_PK;
         INSERT INTO ZADDITIONALASSETATTRIBUTES (ZASSET, ZTITLE) VALUES (1, 'b'), (2, NULL), (3, 'A'), (4, 'c');
         INSERT INTO ZGENERICALBUM (Z_PK, ZUUID, ZTITLE, ZKIND, ZCUSTOMSORTKEY, ZCUSTOMSORTASCENDING,
                                    Z_FOK_PARENTFOLDER)
         VALUES (1, 'H', 'hand', 2, 0, 1, 1), (2, 'O', 'oldest', 2, 1, 1, 2), (3, 'N', 'newest', 2, 1, 0, 3),
                (4, 'T', 'title', 2, 5, 1, 4);
         INSERT INTO Z_33ASSETS
         SELECT ZGENERICALBUM.Z_PK, ZASSET.Z_PK, CASE ZASSET.Z_PK WHEN 4 THEN 1024 WHEN 1 THEN 2048 ELSE 3072 END
         FROM ZGENERICALBUM, ZASSET;
         INSERT INTO Z_33ASSETS VALUES (1, 99, 5), (77, 1, 5);",
    );
    let catalog = read_tree(library.tree(&[])).await;
    assert_eq!(
        albums(&catalog),
        ["hand: A4 A1 A2 A3", "oldest: A4 A3 A2 A1", "newest: A1 A2 A3 A4", "title: A2 A3 A1 A4"]
    );
    assert_eq!(item(&catalog, "A1").albums, [0, 1, 2, 3]);
}

#[tokio::test]
async fn a_long_folder_name_is_cut_and_kept_once_for_all_its_albums() {
    let library = library(1);
    library.run(
        "INSERT INTO ZGENERICALBUM (Z_PK, ZUUID, ZTITLE, ZKIND, ZTRASHEDSTATE)
         VALUES (1, 'F', replace(hex(zeroblob(1000000)), '00', 'x'), 4000, 0);
         WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 2001)
         INSERT INTO ZGENERICALBUM (Z_PK, ZUUID, ZTITLE, ZKIND, ZPARENTFOLDER, ZTRASHEDSTATE)
         SELECT i, 'A' || i, 'album', 2, 1, 0 FROM n;",
    );
    let catalog = read_tree(library.tree(&[])).await;
    let first = &catalog.albums[0].folders[0];
    assert_eq!((catalog.albums.len(), first.len()), (2000, 4096));
    assert!(catalog.albums.iter().all(|album| Arc::ptr_eq(&album.folders[0], first)));
}

#[tokio::test]
async fn folders_nest_and_trashed_ones_are_left_out() {
    let library = library(1);
    library.run(
        "INSERT INTO ZGENERICALBUM (Z_PK, ZUUID, ZTITLE, ZKIND, ZPARENTFOLDER, Z_FOK_PARENTFOLDER, ZTRASHEDSTATE)
         VALUES (1, 'ROOT', 'not shown', 3999, NULL, NULL, 0),
                (2, 'F1', 'Travel', 4000, 1, 2048, 0),
                (3, 'F2', 'Italy/Rome', 4000, 2, 1024, 0),
                (4, 'A', 'Food', 2, 3, 1024, 0),
                (5, 'B', 'First', 2, 1, 1024, 0),
                (6, 'C', NULL, 2, 1, 4096, 0),
                (7, 'D', 'Gone', 2, 1, 512, 1),
                (8, 'F3', 'Gone folder', 4000, 1, 512, 1),
                (9, 'E', 'In gone folder', 2, 8, 512, 0),
                (10, 'G', 'Lost parent', 2, 123, 9000, 0),
                (11, 'S', 'Smart', 1507, 1, 1, 0);",
    );
    let catalog = read_tree(library.tree(&[])).await;
    assert_eq!(albums(&catalog), ["First: ", "Travel/Italy/Rome/Food: ", ": ", "Lost parent: "]);
    assert_eq!(catalog.albums[1].folders().collect::<Vec<_>>(), ["Travel", "Italy/Rome"]);
}

#[tokio::test]
async fn a_folder_inside_itself_ends() {
    let library = library(1);
    library.run(
        "INSERT INTO ZGENERICALBUM (Z_PK, ZUUID, ZTITLE, ZKIND, ZPARENTFOLDER)
         VALUES (1, 'F1', 'a', 4000, 2), (2, 'F2', 'b', 4000, 1), (3, 'A', 'album', 2, 1), (4, 'B', 'own', 2, 4);",
    );
    let catalog = read_tree(library.tree(&[])).await;
    let mut found = albums(&catalog);
    found.sort();
    assert_eq!(found, ["b/a/album: ", "own: "]);
}

#[tokio::test]
async fn shared_albums_of_both_kinds() {
    let library = library(3);
    library.run(
        "UPDATE ZASSET SET ZSAVEDASSETTYPE = 16, ZVISIBILITYSTATE = 2, ZCOLLECTIONSHARE = 7,
                ZCLOUDBATCHPUBLISHDATE = 100 - Z_PK WHERE Z_PK > 1;
         INSERT INTO ZSHARE (Z_PK, Z_ENT, ZUUID, ZTITLE, ZTRASHEDSTATE)
         VALUES (7, 67, 'NEW', 'Wedding', 0), (8, 67, 'OLD', 'Twice', 0), (9, 67, 'X', 'Gone', 1),
                (10, 66, 'Y', 'No album', 0);
         INSERT INTO ZGENERICALBUM (Z_PK, ZUUID, ZTITLE, ZKIND, ZCUSTOMSORTKEY, ZCLOUDGUID)
         VALUES (1, 'S', 'Twice', 1505, 0, 'OLD'), (2, 'U', 'Mine', 2, 0, NULL);
         INSERT INTO Z_33ASSETS VALUES (1, 1, 1);",
    );
    let catalog = read_tree(library.tree(&[])).await;
    assert_eq!(albums(&catalog), ["Mine: ", "Twice: A1", "Wedding: A3 A2"]);
    assert_eq!(catalog.albums.iter().map(|a| a.shared).collect::<Vec<_>>(), [false, true, true]);
    assert_eq!(item(&catalog, "A3").scope, Scope::SharedAlbum);
}

#[tokio::test]
async fn an_album_that_is_there_in_both_forms_is_one_with_all_its_members() {
    let library = library(4);
    library.run(
        "UPDATE ZASSET SET ZSAVEDASSETTYPE = 16, ZCOLLECTIONSHARE = 7 WHERE Z_PK IN (1, 3);
         UPDATE ZASSET SET ZSAVEDASSETTYPE = 16, ZCOLLECTIONSHARE = 8 WHERE Z_PK = 4;
         INSERT INTO ZSHARE (Z_PK, Z_ENT, ZUUID, ZTITLE, ZSCOPEIDENTIFIER)
         VALUES (7, 67, 'NEW', 'Twice', 'GUID'), (8, 67, 'GONE', 'Once', NULL);
         INSERT INTO ZGENERICALBUM (Z_PK, ZUUID, ZTITLE, ZKIND, ZCLOUDGUID, ZTRASHEDSTATE)
         VALUES (1, 'S', 'Twice', 1505, 'GUID', 0), (2, 'T', 'Once', 1505, 'GONE', 1);
         INSERT INTO Z_33ASSETS VALUES (1, 2, 2048), (1, 1, 1024), (2, 2, 1);",
    );
    let catalog = read_tree(library.tree(&[])).await;
    assert_eq!(albums(&catalog), ["Twice: A1 A2 A3", "Once: A4"]);
}

#[tokio::test]
async fn shares_are_told_apart_without_their_entities() {
    let library = library(2);
    library.run(
        "UPDATE ZASSET SET ZSAVEDASSETTYPE = 16, ZCOLLECTIONSHARE = 7 WHERE Z_PK = 1;
         INSERT INTO ZSHARE (Z_PK, Z_ENT, ZUUID, ZTITLE)
         VALUES (7, 67, 'A', NULL), (8, 68, 'B', 'The shared library'), (9, 66, 'C', 'A link');
         DROP TABLE Z_PRIMARYKEY;",
    );
    let catalog = read_tree(library.tree(&[])).await;
    assert_eq!(albums(&catalog), [": A1"], "untitled, but an album");
}

#[tokio::test]
async fn without_the_join_table_the_albums_are_empty_and_it_is_said() {
    let library = library(1);
    library.run(
        "DROP TABLE Z_33ASSETS;
         INSERT INTO ZGENERICALBUM (Z_PK, ZUUID, ZTITLE, ZKIND) VALUES (1, 'A', 'Mine', 2);",
    );
    let catalog = read_tree(library.tree(&[])).await;
    assert_eq!(albums(&catalog), ["Mine: "]);
    assert!(catalog.warnings[0].contains("which photo is in which album"), "{:?}", catalog.warnings);
}
