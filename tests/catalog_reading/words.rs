//! Keywords, captions, people, cameras and apps, and by which of several ways they are found.

use std::sync::Arc;

use iexport::catalog::{Catalog, Item, Scope};

use crate::support::{Library, item, read_tree};

/// Two assets with their attributes, whose keys are not those of the assets.
fn library() -> Library {
    let library = Library::new();
    for key in 1..=2 {
        let attributes = 12 - key;
        library.asset(key, &format!("IMG_{key}.HEIC"), &format!("ZADDITIONALATTRIBUTES = {attributes}")).run(
            &format!("INSERT INTO ZADDITIONALASSETATTRIBUTES (Z_PK, ZASSET) VALUES ({attributes}, {key})"),
        );
    }
    library
}

fn keywords(catalog: &Catalog, uuid: &str) -> String {
    item(catalog, uuid).keywords.join(" ")
}

fn without(table: &str, columns: &[&str]) -> String {
    columns.iter().map(|column| format!("ALTER TABLE {table} DROP COLUMN {column};")).collect()
}

#[tokio::test]
async fn keywords_are_found_from_either_side_and_never_by_guessing() {
    let with_keywords = || {
        let library = library();
        library.run(
            "INSERT INTO ZKEYWORD VALUES (1, 'zoo'), (2, 'Ape'), (3, NULL), (4, 'zoo');
             INSERT INTO Z_1KEYWORDS VALUES (11, 1), (11, 2), (11, 3), (11, 4), (11, 99), (10, 1), (77, 2);",
        );
        library
    };
    for (change, first, second) in [
        (String::new(), "Ape zoo", "zoo"),
        (without("ZASSET", &["ZADDITIONALATTRIBUTES"]), "Ape zoo", "zoo"),
        (without("ZADDITIONALASSETATTRIBUTES", &["ZASSET"]), "Ape zoo", "zoo"),
        ("DROP TABLE ZADDITIONALASSETATTRIBUTES".into(), "Ape zoo", "zoo"),
        ("DROP TABLE Z_PRIMARYKEY".into(), "Ape zoo", "zoo"),
        ("DROP TABLE ZKEYWORD".into(), "", ""),
    ] {
        let library = with_keywords();
        library.run(&change);
        let catalog = read_tree(library.tree(&[])).await;
        assert_eq!(
            (keywords(&catalog, "A1"), keywords(&catalog, "A2")),
            (first.into(), second.into()),
            "{change}"
        );
        assert_eq!(catalog.warnings, Vec::<String>::new(), "{change}");
    }
    for change in [
        "DROP TABLE Z_1KEYWORDS",
        "DROP TABLE Z_PRIMARYKEY; CREATE TABLE Z_7KEYWORDS (Z_7ASSETATTRIBUTES, Z_9KEYWORDS)",
    ] {
        let library = with_keywords();
        library.run(change);
        let catalog = read_tree(library.tree(&[])).await;
        assert_eq!(keywords(&catalog, "A1"), "", "{change}");
        assert!(catalog.warnings[0].contains("which photo has which keyword"), "{:?}", catalog.warnings);
    }
}

#[tokio::test]
async fn captions_are_found_from_either_side() {
    for change in [
        String::new(),
        without("ZADDITIONALASSETATTRIBUTES", &["ZASSETDESCRIPTION"]),
        without("ZASSETDESCRIPTION", &["ZASSETATTRIBUTES"]),
    ] {
        let library = library();
        library.run(
            "INSERT INTO ZASSETDESCRIPTION VALUES (5, 11, 'At last.'), (6, 99, 'nobody'), (7, 10, '');
             UPDATE ZADDITIONALASSETATTRIBUTES SET ZASSETDESCRIPTION = 5, ZTITLE = 'Titel' WHERE Z_PK = 11;",
        );
        library.run(&change);
        let catalog = read_tree(library.tree(&[])).await;
        assert_eq!(item(&catalog, "A1").caption.as_deref(), Some("At last."), "{change}");
        assert_eq!(item(&catalog, "A1").title.as_deref(), Some("Titel"));
        assert_eq!(item(&catalog, "A2").caption, None);
    }
}

#[tokio::test]
async fn words_that_many_photos_have_are_kept_once() {
    let library = library();
    library.run(
        "INSERT INTO ZASSETDESCRIPTION VALUES (5, NULL, 'Both.');
         UPDATE ZADDITIONALASSETATTRIBUTES SET ZASSETDESCRIPTION = 5;
         INSERT INTO ZPERSON VALUES (1, 'Ada', NULL, NULL), (2, NULL, NULL, 1);
         INSERT INTO ZDETECTEDFACE VALUES (1, 1, 1, 0, 0, NULL, NULL, NULL), (2, 2, 2, 0, 0, NULL, NULL, NULL);
         INSERT INTO ZKEYWORD VALUES (1, 'sea');
         INSERT INTO Z_1KEYWORDS VALUES (10, 1), (11, 1);",
    );
    let catalog = read_tree(library.tree(&[])).await;
    let (one, two) = (item(&catalog, "A1"), item(&catalog, "A2"));
    assert!(Arc::ptr_eq(one.caption.as_ref().unwrap(), two.caption.as_ref().unwrap()));
    assert!(Arc::ptr_eq(&one.keywords[0], &two.keywords[0]));
    assert!(Arc::ptr_eq(one.faces[0].name.as_ref().unwrap(), two.faces[0].name.as_ref().unwrap()));
}

#[tokio::test]
async fn people_are_those_who_are_shown() {
    let library = library();
    library.run(
        "INSERT INTO ZPERSON VALUES (1, 'Ada Lovelace', 'Ada', NULL), (2, '', 'Grace', NULL), (3, NULL, '', NULL),
                (4, 'Augusta', NULL, 1), (5, 'Ouro', NULL, 6), (6, 'Boros', NULL, 5);
         INSERT INTO ZDETECTEDFACE VALUES
             (1, 1, 3, 0, 0, 0.5, 0.5, 0.25), (2, 1, 4, 0, 0, 0.75, 0.5, 0.25), (3, 1, 2, NULL, NULL, NULL, 0.5, 0.5),
             (4, 1, 1, 1, 0, 0.5, 0.5, 0.25), (5, 1, 1, 0, 1, 0.5, 0.5, 0.25), (6, 1, 1, 0, 0, 0.25, 0.5, 0.25),
             (7, 1, NULL, 0, 0, 0.125, 0.5, 2.0), (8, 2, 5, 0, 0, 0.5, 0.5, 0.5), (9, NULL, 1, 0, 0, 0.5, 0.5, 0.5),
             (10, 99, 1, 0, 0, 0.5, 0.5, 0.5), (11, 2, 99, 0, 0, 0.5, 0.5, 0.5);",
    );
    let catalog = read_tree(library.tree(&[])).await;
    let first = item(&catalog, "A1");
    let faces: Vec<_> =
        first.faces.iter().map(|face| (face.name.as_deref(), face.region.map(|region| region.x))).collect();
    assert_eq!(
        faces,
        [
            (Some("Ada Lovelace"), Some(0.25)),
            (Some("Ada Lovelace"), Some(0.75)),
            (Some("Grace"), None),
            (None, Some(0.5)),
            (None, None),
        ]
    );
    assert_eq!(first.persons().collect::<Vec<_>>(), ["Ada Lovelace", "Grace"]);
    assert_eq!(item(&catalog, "A2").persons().collect::<Vec<_>>(), ["Ouro"]);
}

#[tokio::test]
async fn the_app_has_a_name_or_an_identifier() {
    let app = async |columns: &str, master: &str| {
        let library = library();
        library.run(&format!("UPDATE ZADDITIONALASSETATTRIBUTES SET {columns} WHERE ZASSET = 1"));
        library.run(&format!(
            "INSERT INTO ZCLOUDMASTER VALUES (4, NULL, {master}); UPDATE ZASSET SET ZMASTER = 4"
        ));
        let catalog = read_tree(library.tree(&[])).await;
        item(&catalog, "A1").imported_by.as_deref().unwrap_or_default().to_owned()
    };
    let (name, bundle, old) = ("ZIMPORTEDBYDISPLAYNAME", "ZIMPORTEDBYBUNDLEIDENTIFIER", "ZCREATORBUNDLEID");
    assert_eq!(app(&format!("{name} = 'App', {bundle} = 'org.app'"), "'Other', NULL").await, "App");
    assert_eq!(app(&format!("{name} = '', {bundle} = 'org.app'"), "'Other', NULL").await, "org.app");
    assert_eq!(app(&format!("{old} = 'old.app'"), "'Other', NULL").await, "old.app");
    assert_eq!(app(&format!("{old} = NULL"), "'Other', 'org.other'").await, "Other");
    assert_eq!(app(&format!("{old} = NULL"), "NULL, 'org.other'").await, "org.other");
    assert_eq!(app(&format!("{old} = NULL"), "NULL, NULL").await, "");
}

#[tokio::test]
async fn cameras_and_codecs() {
    for change in [String::new(), without("ZEXTENDEDATTRIBUTES", &["ZASSET"])] {
        let library = library();
        library.run(
            "UPDATE ZASSET SET ZEXTENDEDATTRIBUTES = 31 - Z_PK, ZKIND = Z_PK - 1;
             INSERT INTO ZEXTENDEDATTRIBUTES VALUES (30, 1, 'Apple', 'iPhone 6s', NULL, 25),
                    (29, 2, NULL, NULL, 'apcn', 0), (28, 99, 'Nobody', NULL, NULL, NULL);",
        );
        library.run(&change);
        let catalog = read_tree(library.tree(&[])).await;
        let camera = |uuid| item(&catalog, uuid).camera.as_ref().unwrap();
        assert_eq!(
            (camera("A1").model.as_deref(), camera("A1").iso),
            (Some("iPhone 6s"), Some(25)),
            "{change}"
        );
        assert_eq!((camera("A2").codec.as_deref(), camera("A2").iso), (Some("apcn"), None), "{change}");
        assert!(item(&catalog, "A2").traits.prores && !item(&catalog, "A1").traits.prores);
    }
}

#[tokio::test]
async fn older_versions_say_things_otherwise() {
    let with = async |change: &str| {
        let library = library();
        library.run(
            "UPDATE ZADDITIONALASSETATTRIBUTES SET ZCAMERACAPTUREDEVICE = 1, ZORIGINALFILENAME = 'RPReplay_Final1.mp4';
             UPDATE ZASSET SET ZKIND = Z_PK - 1, ZLIBRARYSCOPE = 6 + Z_PK, ZTRASHEDDATE = 500, ZTRASHEDSTATE = Z_PK - 1;
             INSERT INTO ZSHARE (Z_PK, Z_ENT) VALUES (7, 68), (8, 67);",
        );
        library.run(change);
        read_tree(library.tree(&[])).await
    };
    let told =
        |catalog: &Catalog, wanted: fn(&Item) -> bool| ["A1", "A2"].map(|uuid| wanted(item(catalog, uuid)));
    let new = with("").await;
    assert_eq!(told(&new, |item| item.traits.selfie), [false, false], "the asset's own row has the word");
    assert_eq!(told(&new, |item| item.shared_library), [false, false]);
    let old =
        with(&without("ZASSET", &["ZDERIVEDCAMERACAPTUREDEVICE", "ZACTIVELIBRARYSCOPEPARTICIPATIONSTATE"]))
            .await;
    assert_eq!(told(&old, |item| item.traits.selfie), [true, true]);
    assert_eq!(told(&old, |item| item.shared_library), [true, false], "the other is in an album");
    assert_eq!(told(&old, |item| item.traits.screen_recording), [false, true], "a photo is none");
    assert_eq!(told(&old, |item| item.trashed_at.is_some()), [false, true], "taken out of the trash again");
}

#[tokio::test]
async fn guests_are_no_library() {
    let library = library();
    library.run(
        "UPDATE ZASSET SET ZSAVEDASSETTYPE = 12 WHERE Z_PK = 1;
         UPDATE ZASSET SET ZSYNDICATIONSTATE = 2 WHERE Z_PK = 2;",
    );
    let catalog = read_tree(library.tree(&[])).await;
    assert_eq!(item(&catalog, "A1").scope, Scope::SharedWithYou);
    assert_eq!(item(&catalog, "A2").scope, Scope::Library, "it was saved");
}
