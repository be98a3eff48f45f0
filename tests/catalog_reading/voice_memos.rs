//! Voice memos: a folder of recordings and databases of two generations, with their logs.

use iexport::catalog::{
    Catalog, CatalogError, Collection, MediaKind, Origin, Patience, Role, Scope, voice_memos,
};
use iexport::source::{Source, SourceErrorKind};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use rusqlite::Connection;

use crate::support::{Memory, Tree, item, place};

const CLOUD: &str = "Recordings/CloudRecordings.db";
const OLD: &str = "Recordings/Recordings.db";

const SCHEMA: &str = "
    CREATE TABLE ZCLOUDRECORDING (Z_PK INTEGER PRIMARY KEY, ZPATH, ZUNIQUEID, ZENCRYPTEDTITLE, ZCUSTOMLABEL, ZDATE,
        ZDURATION, ZEVICTIONDATE, ZFOLDER);
    CREATE TABLE ZFOLDER (Z_PK INTEGER PRIMARY KEY, ZENCRYPTEDNAME, ZRANK);";
const OLD_SCHEMA: &str =
    "CREATE TABLE ZRECORDING (Z_PK INTEGER PRIMARY KEY, ZPATH, ZCUSTOMLABEL, ZDATE, ZDURATION);";

/// A database and its log, which holds what `late` did.
fn database(early: &str, late: &str) -> (Vec<u8>, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let db = Connection::open(folder.path().join("x.db")).unwrap();
    db.execute_batch(early).unwrap();
    db.pragma_update(None, "journal_mode", "WAL").unwrap();
    db.pragma_update(None, "wal_autocheckpoint", 0).unwrap();
    db.execute_batch(late).unwrap();
    let read = |name: &str| std::fs::read(folder.path().join(name)).unwrap_or_default();
    (read("x.db"), read("x.db-wal"))
}

fn put(tree: &mut Tree, path: &str, (main, log): (Vec<u8>, Vec<u8>)) {
    tree.insert(path.into(), main);
    tree.insert(format!("{path}-wal"), log);
}

fn tree(files: &[&str]) -> Tree {
    files.iter().map(|file| (format!("Recordings/{file}"), vec![0; 10])).collect()
}

async fn try_read(source: &dyn Source) -> Result<Catalog, CatalogError> {
    let scratch = tempfile::tempdir().unwrap();
    let patience = Patience { tries: 2, pause: std::time::Duration::ZERO };
    voice_memos::read(source, scratch.path(), patience, &|_| ()).await
}

async fn read(tree: Tree) -> Catalog {
    try_read(&Memory::new(tree)).await.unwrap()
}

fn folders(catalog: &Catalog, uuid: &str) -> Vec<String> {
    item(catalog, uuid).media.as_ref().unwrap().folders.iter().map(|name| name.to_string()).collect()
}

#[tokio::test]
async fn the_database_with_its_log_gives_titles_dates_and_folders() {
    let early = format!(
        "{SCHEMA} INSERT INTO ZFOLDER VALUES (1, 'Work', 0);
         INSERT INTO ZCLOUDRECORDING VALUES (1, '20240131 184500-1A.m4a', 'ID-1', 'Early', NULL, 0.5, 12.5, NULL, 1);"
    );
    let late = "UPDATE ZCLOUDRECORDING SET ZENCRYPTEDTITLE = 'Late';
        INSERT INTO ZCLOUDRECORDING VALUES
            (2, '/var/mobile/Media/Recordings/b.qta', 'ID-2', NULL, '2024-01-31T18:45:00Z', 60, 1, 120, NULL),
            (3, NULL, 'ID-3', 'Cloud', NULL, 61, 1, NULL, NULL), (4, 'gone.m4a', 'ID-4', 'Gone', NULL, 62, 1, NULL, NULL);";
    let mut tree = tree(&["20240131 184500-1A.m4a", "b.qta", "b.waveform", "b.composition/fragments/x.m4a"]);
    put(&mut tree, CLOUD, database(&early, late));
    put(&mut tree, OLD, database(OLD_SCHEMA, ""));
    let catalog = read(tree).await;
    assert_eq!(catalog.origin, Origin::Database { model_version: 0 });
    assert_eq!((catalog.collection, catalog.warnings.as_slice()), (Collection::VoiceMemos, &[][..]));
    let order: Vec<_> = catalog.items.iter().map(|item| item.uuid.0.as_str()).collect();
    assert_eq!(order, ["memo:ID-1", "memo:ID-2", "memo:ID-3", "memo:ID-4"]);
    let first = item(&catalog, "memo:ID-1");
    assert_eq!((first.title.as_deref(), first.kind), (Some("Late"), MediaKind::VoiceMemo));
    assert_eq!(first.original_name, "20240131 184500-1A.m4a");
    assert_eq!(
        (first.taken.unwrap().instant.to_string().as_str(), first.taken.unwrap().offset),
        ("2001-01-01T00:00:00.5Z", None)
    );
    assert_eq!((first.duration_seconds, first.resources[0].size_bytes), (Some(12.5), Some(10)));
    assert_eq!(folders(&catalog, "memo:ID-1"), ["Work"]);
    let second = item(&catalog, "memo:ID-2");
    assert_eq!((second.title.as_deref(), second.trashed), (Some("b"), true));
    assert_eq!(second.trashed_at.unwrap().to_string(), "2001-01-01T00:02:00Z");
    assert_eq!(place(second, Role::Original), "Recordings/b.qta");
    assert_eq!(place(item(&catalog, "memo:ID-3"), Role::Original), "cloud");
    assert_eq!(place(item(&catalog, "memo:ID-4"), Role::Original), "missing");
    assert!(catalog.items.iter().all(|item| item.scope == Scope::Library));
}

#[tokio::test]
async fn the_file_name_tells_what_day_it_was_there() {
    // 2024-02-01 at 05:45 UTC, when it was still January in New York; and a name that has nothing to do with it.
    let mut tree = tree(&["20240201 004500-1A.m4a", "20240131 214500-1B.m4a", "20240101 000000-1C.m4a"]);
    let rows = "INSERT INTO ZCLOUDRECORDING (ZPATH, ZUNIQUEID, ZDATE) VALUES
        ('20240201 004500-1A.m4a', 'A', 728459100.25), ('/var/mobile/Media/Recordings/20240131 214500-1B.m4a', 'B',
         728459100), ('20240101 000000-1C.m4a', 'C', 728459100), ('20240201 111500-1D.m4a', 'D', 728459100);";
    put(&mut tree, CLOUD, database(SCHEMA, rows));
    let catalog = read(tree).await;
    let local = |id: &str| item(&catalog, id).taken.unwrap().local().strftime("%F %T %z").to_string();
    assert_eq!(local("memo:A"), "2024-02-01 00:45:00 -0500");
    assert_eq!(local("memo:B"), "2024-01-31 21:45:00 -0800");
    assert_eq!(item(&catalog, "memo:C").taken.unwrap().offset, None);
    assert_eq!(local("memo:D"), "2024-02-01 11:15:00 +0530", "of what is missing too");
}

#[tokio::test]
async fn the_older_database_counts_where_the_newer_has_nothing() {
    let old = || database(OLD_SCHEMA, "INSERT INTO ZRECORDING VALUES (1, 'a.m4a', 'Old', 5, 1);");
    let mut first = tree(&["a.m4a"]);
    put(&mut first, OLD, old());
    let mut second = first.clone();
    put(&mut second, CLOUD, database(SCHEMA, ""));
    let mut third = first.clone();
    third.insert(CLOUD.into(), vec![7; 5000]);
    for (tree, warnings) in [(first, 0), (second, 0), (third, 1)] {
        let catalog = read(tree).await;
        let found = item(&catalog, "memo:path:Recordings/a.m4a");
        assert_eq!((found.title.as_deref(), found.scope), (Some("Old"), Scope::Library));
        assert_eq!(catalog.warnings.len(), warnings, "{:?}", catalog.warnings);
        assert_eq!(catalog.origin == Origin::Partial, warnings > 0);
    }
    // Rows of the newer one are not mixed with what the older one has kept.
    let mut both = tree(&["a.m4a"]);
    put(&mut both, OLD, old());
    put(
        &mut both,
        CLOUD,
        database(SCHEMA, "INSERT INTO ZCLOUDRECORDING (ZPATH, ZUNIQUEID) VALUES ('a.m4a', 'N');"),
    );
    assert_eq!(read(both).await.items[0].uuid.0, "memo:N");
}

#[tokio::test]
async fn recordings_that_no_row_names_are_there_all_the_same() {
    let mut tree =
        tree(&["20240131 184500-1A.m4a", "Idea.m4a", "new.xyz", "loose.xyz", "a.waveform", "note.txt"]);
    let rows = "INSERT INTO ZCLOUDRECORDING (ZPATH, ZUNIQUEID) VALUES ('new.xyz', 'X'), ('gone.xyz', 'Y');";
    put(&mut tree, CLOUD, database(SCHEMA, rows));
    let catalog = read(tree).await;
    let names: std::collections::BTreeSet<_> =
        catalog.items.iter().map(|item| item.original_name.as_str()).collect();
    assert_eq!(names.into_iter().collect::<Vec<_>>(), ["20240131 184500-1A.m4a", "Idea.m4a", "new.xyz"]);
    let loose = item(&catalog, "memo:path:Recordings/20240131 184500-1A.m4a");
    assert_eq!((loose.scope, loose.title.as_deref()), (Scope::Uncatalogued, Some("20240131 184500-1A")));
    assert_eq!(loose.time().unwrap().to_string(), "2024-01-31T18:45:00Z");
    assert_eq!(item(&catalog, "memo:path:Recordings/Idea.m4a").time().unwrap().as_second(), 1_600_000_000);
    assert_eq!(
        catalog.warnings,
        [
            "1 row of the phone's list of voice memos makes no sense and is left out.",
            "Left out: 2 files of other kinds in the folder of recordings on the phone. `iexport files --path` exports \
             such files.",
        ]
    );
}

#[tokio::test]
async fn what_a_list_that_cannot_be_read_may_have_named_is_no_left_over() {
    let old = || database(OLD_SCHEMA, "INSERT INTO ZRECORDING VALUES (1, 'a.m4a', 'Old', 5, 1);");
    let mut ruined = tree(&["a.m4a", "b.m4a"]);
    put(&mut ruined, OLD, old());
    ruined.insert(CLOUD.into(), vec![7; 5000]);
    // A list of which one page is lost.
    let rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
        INSERT INTO ZCLOUDRECORDING (ZPATH, ZUNIQUEID) SELECT i || '.m4a', 'ID-' || i FROM n;";
    let (mut main, _) = database(&format!("{SCHEMA} {rows}"), "");
    let last = main.len() - 4096;
    main[last..].fill(0x55);
    let files: Vec<String> = (1..=400).map(|number| format!("{number}.m4a")).collect();
    let mut torn = tree(&files.iter().map(String::as_str).collect::<Vec<_>>());
    put(&mut torn, CLOUD, (main, Vec::new()));
    for (tree, files) in [(ruined, 2), (torn, 400)] {
        let catalog = read(tree).await;
        assert_eq!((&catalog.origin, catalog.items.len()), (&Origin::Partial, files));
        assert!(catalog.items.iter().all(|item| item.scope == Scope::Library), "{:?}", catalog.warnings);
        let by_row = catalog.items.iter().filter(|item| !item.uuid.0.contains(".m4a")).count();
        assert!(by_row < files && !catalog.warnings.is_empty());
    }
}

/// All memos were deleted after the phone got the newer list: the older one still names them.
#[tokio::test]
async fn what_only_a_left_over_list_names_and_is_gone_is_not_missing() {
    let mut both = Tree::new();
    put(
        &mut both,
        OLD,
        database(
            OLD_SCHEMA,
            "INSERT INTO ZRECORDING VALUES (1, 'a.m4a', 'A', 5, 1), (2, 'b.m4a', 'B', 5, 1);",
        ),
    );
    let alone = both.clone();
    put(&mut both, CLOUD, database(SCHEMA, ""));
    // Nothing says then that they were deleted.
    let mut refused = both.clone();
    put(
        &mut refused,
        CLOUD,
        database(SCHEMA, "INSERT INTO ZCLOUDRECORDING (ZPATH, ZUNIQUEID) VALUES ('../a.m4a', 'N');"),
    );
    let mut damaged = both.clone();
    put(&mut damaged, CLOUD, (vec![7; 5000], Vec::new()));
    // An empty list beside one that is right is not the newer one.
    let mut one_there = both.clone();
    one_there.extend(tree(&["a.m4a"]));
    for (tree, missing) in [(both, 0), (alone, 2), (refused, 2), (damaged, 2), (one_there, 1)] {
        let catalog = read(tree).await;
        let is_missing = |item: &&iexport::catalog::Item| place(item, Role::Original) == "missing";
        assert_eq!(catalog.items.iter().filter(is_missing).count(), missing, "{:?}", catalog.items);
    }
}

#[tokio::test]
async fn a_list_that_names_none_of_the_recordings_does_not_hide_them() {
    let empty = || database(OLD_SCHEMA, "");
    let mut decoy = tree(&["a.m4a", "b.m4a"]);
    put(&mut decoy, OLD, empty());
    let mut both = decoy.clone();
    put(&mut both, CLOUD, database(SCHEMA, ""));
    let with_row = |row: &str| {
        let mut tree = decoy.clone();
        put(
            &mut tree,
            CLOUD,
            database(SCHEMA, &format!("INSERT INTO ZCLOUDRECORDING (ZPATH, ZUNIQUEID) VALUES {row};")),
        );
        tree
    };
    let cloud = with_row("(NULL, 'C')");
    let gone = with_row("('gone.m4a', 'G')");
    let nonsense = with_row("('../a.m4a', 'N')");
    let others = [("memo:C", "cloud"), ("memo:G", "missing")];
    for (tree, other, refused) in [
        (decoy.clone(), None, 0),
        (both, None, 0),
        (cloud, Some(others[0]), 0),
        (gone, Some(others[1]), 0),
        (nonsense, None, 1),
    ] {
        let catalog = read(tree).await;
        assert_eq!(catalog.origin, Origin::Partial);
        for file in ["a", "b"] {
            let found = item(&catalog, &format!("memo:path:Recordings/{file}.m4a"));
            assert_eq!((found.scope, found.title.as_deref()), (Scope::Library, Some(file)));
            assert_eq!(place(found, Role::Original), format!("Recordings/{file}.m4a"));
        }
        assert_eq!(catalog.items.len(), 2 + usize::from(other.is_some()));
        if let Some((uuid, at)) = other {
            assert_eq!(place(item(&catalog, uuid), Role::Original), at);
        }
        let [first, .., last] = &catalog.warnings[..] else { panic!("{:?}", catalog.warnings) };
        assert!(
            first.contains("names none of the recordings") && last.contains("taken as they are"),
            "{first} {last}"
        );
        assert_eq!(catalog.warnings.len(), 2 + refused);
    }
}

#[tokio::test]
async fn a_list_that_does_not_say_where_files_are_is_not_believed() {
    let pathless = || {
        database(
            "CREATE TABLE ZCLOUDRECORDING (Z_PK INTEGER PRIMARY KEY, ZUNIQUEID, ZENCRYPTEDTITLE);
             INSERT INTO ZCLOUDRECORDING VALUES (1, 'A', 'One'), (2, 'B', 'Two');",
            "",
        )
    };
    let mut alone = tree(&["a.m4a", "b.m4a"]);
    put(&mut alone, CLOUD, pathless());
    let mut beside_empty = alone.clone();
    put(&mut beside_empty, OLD, database(OLD_SCHEMA, ""));
    for tree in [alone.clone(), beside_empty] {
        let catalog = read(tree).await;
        assert_eq!((&catalog.origin, catalog.items.len()), (&Origin::FilesOnly, 2));
        for item in &catalog.items {
            assert_eq!(item.scope, Scope::Library);
            assert!(place(item, Role::Original).starts_with("Recordings/"));
        }
        let [why, how] = &catalog.warnings[..] else { panic!("{:?}", catalog.warnings) };
        assert!(why.contains("cannot be read") && why.contains("does not say where they are"), "{why}");
        assert!(how.contains("titles and folders are not known"), "{how}");
    }
    // The other database may know.
    put(&mut alone, OLD, database(OLD_SCHEMA, "INSERT INTO ZRECORDING VALUES (1, 'a.m4a', 'Old', 5, 1);"));
    let catalog = read(alone).await;
    assert_eq!((&catalog.origin, catalog.items.len(), catalog.warnings.len()), (&Origin::Partial, 2, 1));
    assert_eq!(item(&catalog, "memo:path:Recordings/a.m4a").title.as_deref(), Some("Old"));
    assert_eq!(item(&catalog, "memo:path:Recordings/b.m4a").scope, Scope::Library);
}

#[tokio::test]
async fn recordings_that_only_the_older_database_names_are_in_the_library() {
    let mut tree = tree(&["a.m4a", "b.m4a", "loose.m4a"]);
    put(
        &mut tree,
        CLOUD,
        database(SCHEMA, "INSERT INTO ZCLOUDRECORDING (ZPATH, ZUNIQUEID) VALUES (NULL, 'C');"),
    );
    put(
        &mut tree,
        OLD,
        database(
            OLD_SCHEMA,
            "INSERT INTO ZRECORDING VALUES (1, 'a.m4a', 'A', 5, 1), (2, 'b.m4a', 'B', 6, 1);",
        ),
    );
    let catalog = read(tree).await;
    assert_eq!((&catalog.origin, catalog.items.len()), (&Origin::Database { model_version: 0 }, 4));
    assert_eq!(catalog.warnings, Vec::<String>::new());
    assert_eq!(place(item(&catalog, "memo:C"), Role::Original), "cloud");
    for (file, title, scope) in
        [("a", "A", Scope::Library), ("b", "B", Scope::Library), ("loose", "loose", Scope::Uncatalogued)]
    {
        let found = item(&catalog, &format!("memo:path:Recordings/{file}.m4a"));
        assert_eq!((found.title.as_deref(), found.scope), (Some(title), scope));
        assert_eq!(place(found, Role::Original), format!("Recordings/{file}.m4a"));
    }
}

#[tokio::test]
async fn of_what_both_databases_name_the_newer_is_believed() {
    let mut tree = tree(&["a.m4a", "B.M4A", "c.m4a", "d.m4a", "e.m4a", "loose.m4a"]);
    let newer = "INSERT INTO ZCLOUDRECORDING (ZPATH, ZUNIQUEID, ZENCRYPTEDTITLE, ZEVICTIONDATE) VALUES
        ('a.m4a', 'A', 'New A', 9), ('b.m4a', 'B', 'New B', NULL), (NULL, 'C', 'New C', NULL),
        ('d.m4a', 'D', 'New D', NULL), ('gone.m4a', 'G', 'New G', NULL), (NULL, 'H', 'New H', NULL);";
    let older = "CREATE TABLE ZRECORDING (Z_PK INTEGER PRIMARY KEY, ZPATH, ZUNIQUEID, ZCUSTOMLABEL);
        INSERT INTO ZRECORDING (ZPATH, ZUNIQUEID, ZCUSTOMLABEL) VALUES
        ('a.m4a', 'A', 'Old A'), ('B.M4A', 'other', 'Old B'), ('c.m4a', 'C', 'Old C'), ('e.m4a', 'D', 'Old E'),
        ('gone.m4a', 'X', 'Old G'), (NULL, 'H', 'Old H'), ('lost.m4a', 'L', 'Old L');";
    put(&mut tree, CLOUD, database(SCHEMA, newer));
    put(&mut tree, OLD, database(older, ""));
    let catalog = read(tree).await;
    let mut found: Vec<_> = catalog
        .items
        .iter()
        .filter(|item| item.scope == Scope::Library)
        .map(|item| {
            let title = item.title.as_deref().unwrap_or_default();
            (item.uuid.0.as_str(), title, place(item, Role::Original), item.trashed)
        })
        .collect();
    found.sort();
    let here = |name: &str| format!("Recordings/{name}");
    assert_eq!(
        found,
        [
            ("memo:A", "New A", here("a.m4a"), true),
            ("memo:B", "New B", here("B.M4A"), false),
            // The older one knows where it is.
            ("memo:C", "New C", here("c.m4a"), false),
            ("memo:D", "New D", here("d.m4a"), false),
            ("memo:G", "New G", "missing".to_owned(), false),
            ("memo:H", "New H", "cloud".to_owned(), false),
            // Two recordings are two memos, also if they claim to be one.
            ("memo:path:Recordings/e.m4a", "Old E", here("e.m4a"), false),
        ]
    );
    // Not among them is what only the older one names and is gone: it was deleted since.
    assert_eq!(catalog.items.len(), found.len() + 1);
    assert_eq!(item(&catalog, "memo:path:Recordings/loose.m4a").scope, Scope::Uncatalogued);
}

#[tokio::test]
async fn an_older_database_is_asked_only_if_recordings_are_left() {
    let newer = |files: &str| {
        database(SCHEMA, &format!("INSERT INTO ZCLOUDRECORDING (ZPATH, ZUNIQUEID) VALUES {files};"))
    };
    let mut tree = tree(&["a.m4a", "b.m4a"]);
    tree.insert(OLD.into(), vec![7; 5000]);
    put(&mut tree, CLOUD, newer("('a.m4a', 'A'), ('b.m4a', 'B')"));
    let catalog = read(tree.clone()).await;
    assert_eq!((catalog.origin, catalog.warnings), (Origin::Database { model_version: 0 }, Vec::new()));
    // It cannot be read, and may well name the other.
    put(&mut tree, CLOUD, newer("('a.m4a', 'A')"));
    let catalog = read(tree).await;
    assert_eq!((&catalog.origin, catalog.warnings.len()), (&Origin::Partial, 1), "{:?}", catalog.warnings);
    assert_eq!(item(&catalog, "memo:path:Recordings/b.m4a").scope, Scope::Library);
}

#[tokio::test]
async fn a_file_of_no_bytes_is_no_database_that_cannot_be_read() {
    let mut alone = tree(&["a.m4a", "b.m4a"]);
    alone.insert(OLD.into(), Vec::new());
    let mut beside = alone.clone();
    put(
        &mut beside,
        CLOUD,
        database(SCHEMA, "INSERT INTO ZCLOUDRECORDING (ZPATH, ZUNIQUEID) VALUES ('a.m4a', 'A');"),
    );
    let catalog = read(alone.clone()).await;
    assert_eq!((&catalog.origin, catalog.items.len(), catalog.warnings.len()), (&Origin::FilesOnly, 2, 1));
    let catalog = read(beside).await;
    assert_eq!((catalog.origin, catalog.warnings), (Origin::Database { model_version: 0 }, Vec::new()));
    // With something in its log it is one that was lost.
    alone.insert(format!("{OLD}-wal"), vec![7; 5000]);
    let catalog = read(alone).await;
    assert_eq!((&catalog.origin, catalog.warnings.len()), (&Origin::FilesOnly, 2), "{:?}", catalog.warnings);
}

#[tokio::test]
async fn a_file_of_two_rows_is_that_of_the_memo_that_is_not_deleted() {
    for rows in [
        "('a.m4a', 'T', 'Thrown', 9), ('a.m4a', 'L', 'Live', NULL)",
        "('a.m4a', 'L', 'Live', NULL), ('a.m4a', 'T', 'Thrown', 9)",
        // Names that look alike and are one file.
        "('A.m4a', 'T', 'Thrown', 9), ('/var/mobile/Media/Recordings/A.M4A', 'L', 'Live', NULL)",
    ] {
        let mut tree = tree(&["a.m4a"]);
        let rows = format!(
            "INSERT INTO ZCLOUDRECORDING (ZPATH, ZUNIQUEID, ZENCRYPTEDTITLE, ZEVICTIONDATE) VALUES {rows};"
        );
        put(&mut tree, CLOUD, database(SCHEMA, &rows));
        let catalog = read(tree).await;
        let live = item(&catalog, "memo:L");
        assert_eq!((live.title.as_deref(), live.trashed, live.trashed_at), (Some("Live"), false, None));
        assert_eq!(place(live, Role::Original), "Recordings/a.m4a", "{rows}");
        let here = catalog.items.iter().filter(|item| place(item, Role::Original).contains('/')).count();
        assert_eq!(here, 1, "{rows}");
    }
}

#[tokio::test]
async fn without_a_database_the_files_speak_for_themselves() {
    let mut files = tree(&["a.m4a", "b.m4a"]);
    let mut manifest = Vec::new();
    let title: plist::Dictionary =
        [("RCSavedRecordingTitle".to_owned(), plist::Value::from("Mixed"))].into_iter().collect();
    plist::to_writer_binary(&mut manifest, &title).unwrap();
    files.insert("Recordings/a.composition/manifest.plist".into(), manifest);
    files.insert("Recordings/b.composition/manifest.plist".into(), b"nonsense".to_vec());
    let mut with_ruins = files.clone();
    with_ruins.insert(CLOUD.into(), vec![7; 5000]);
    put(&mut with_ruins, OLD, database(OLD_SCHEMA, ""));
    for (tree, warnings) in [(files, 1), (with_ruins, 2)] {
        let catalog = read(tree).await;
        assert_eq!((catalog.origin.clone(), catalog.items.len()), (Origin::FilesOnly, 2));
        assert_eq!(item(&catalog, "memo:path:Recordings/a.m4a").title.as_deref(), Some("Mixed"));
        assert_eq!(item(&catalog, "memo:path:Recordings/b.m4a").title.as_deref(), Some("b"));
        assert!(catalog.items.iter().all(|item| item.scope == Scope::Library));
        assert_eq!(catalog.warnings.len(), warnings, "{:?}", catalog.warnings);
    }
}

#[tokio::test]
async fn a_phone_that_keeps_them_elsewhere_says_so() {
    let phone = Memory::new([("DCIM/100APPLE/IMG_1.JPG".to_owned(), vec![1])].into_iter().collect());
    let error = try_read(&phone).await.unwrap_err();
    assert!(matches!(error, CatalogError::NoneSeen(Collection::VoiceMemos)));
    assert!(error.to_string().contains("no voice memos are to be seen"), "{error}");
    let error = try_read(&Memory::new(tree(&[".keep"]))).await.unwrap_err();
    assert!(matches!(error, CatalogError::NoneSeen(_)), "an empty folder is one that is not used: {error}");
    let mut known = tree(&[]);
    put(&mut known, CLOUD, database(SCHEMA, ""));
    assert!(read(known).await.warnings.is_empty(), "a list of nothing is no reason to worry");
}

#[tokio::test]
async fn a_folder_that_cannot_be_listed_leaves_the_database() {
    let mut tree = tree(&["a.m4a"]);
    put(
        &mut tree,
        CLOUD,
        database(SCHEMA, "INSERT INTO ZCLOUDRECORDING (ZPATH, ZUNIQUEID) VALUES ('a.m4a', 'N');"),
    );
    let mut phone = Memory::new(tree);
    phone.refuse_listing = Some(("Recordings".into(), SourceErrorKind::Denied("no".into())));
    let catalog = try_read(&phone).await.unwrap();
    assert_eq!((catalog.unread_folders, catalog.warnings.len()), (1, 1));
    assert_eq!(place(item(&catalog, "memo:N"), Role::Original), "Recordings/a.m4a");
    phone.refuse_listing = Some(("Recordings".into(), SourceErrorKind::Disconnected("unplugged".into())));
    assert!(matches!(try_read(&phone).await, Err(CatalogError::Source(_))));
}

#[tokio::test]
async fn identities_are_unique_whatever_the_rows_claim() {
    let mut tree = tree(&["a.m4a", "b.m4a", "c.m4a"]);
    let rows =
        "INSERT INTO ZCLOUDRECORDING (ZPATH, ZUNIQUEID) VALUES ('a.m4a', 'X'), ('b.m4a', 'X'), (NULL, 'X'),
        (NULL, 'X'), ('c.m4a', '../x'), ('c.m4a', 'Y'), ('d.m4a', NULL), ('d.m4a', NULL), (NULL, 'Z');";
    put(&mut tree, CLOUD, database(SCHEMA, rows));
    let mut identities: Vec<_> = read(tree).await.items.into_iter().map(|item| item.uuid.0).collect();
    identities.sort();
    let file = |name: &str| format!("memo:path:Recordings/{name}.m4a");
    assert_eq!(
        identities,
        ["memo:X".to_owned(), "memo:Z".to_owned(), file("a"), file("b"), file("c"), file("d")]
    );
}

/// What rows of made-up lists say of files and identities.
const FILES: [Option<&str>; 8] = [
    None,
    Some("a.m4a"),
    Some("A.m4a"),
    Some("b.m4a"),
    Some("B.m4a"),
    Some("c.qta"),
    Some("gone.m4a"),
    Some("../a.m4a"),
];
const IDS: [Option<&str>; 4] = [None, Some("X"), Some("Y"), Some("Z")];

/// Rows by the number of their file and of their identity, and whether they are deleted.
fn lists() -> impl Strategy<Value = Vec<(usize, usize, bool)>> {
    prop::collection::vec((0..FILES.len(), 0..IDS.len(), any::<bool>()), 0..6)
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(13), cases: 32, ..ProptestConfig::default() })]

    /// Whatever happens to the database and its log, every recording is an item, and identities are unique.
    #[test]
    fn mangled_databases_lose_no_recording(
        main in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
        log in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
    ) {
        let early = format!("{SCHEMA} INSERT INTO ZFOLDER VALUES (1, 'Work', 0);
            INSERT INTO ZCLOUDRECORDING VALUES (1, 'a.m4a', 'ID-1', 'A', NULL, 1, 1, NULL, 1);");
        let late = "INSERT INTO ZCLOUDRECORDING VALUES (2, 'b.m4a', 'ID-2', 'B', NULL, 2, 2, NULL, 1),
            (3, 'gone.m4a', 'ID-3', 'C', NULL, 2, 2, NULL, 1);";
        let (mut main_file, mut log_file) = database(&early, late);
        for (at, byte) in main {
            let at = at.index(main_file.len());
            main_file[at] = byte;
        }
        for (at, byte) in log {
            let at = at.index(log_file.len());
            log_file[at] = byte;
        }
        let mut tree = tree(&["a.m4a", "b.m4a", "c.qta"]);
        put(&mut tree, CLOUD, (main_file, log_file));
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let catalog = runtime.block_on(read(tree));
        let mut there: Vec<_> = catalog.items.iter().map(|item| place(item, Role::Original)).collect();
        there.retain(|place| place.starts_with("Recordings/"));
        there.sort();
        prop_assert_eq!(there, ["Recordings/a.m4a", "Recordings/b.m4a", "Recordings/c.qta"]);
        let identities: std::collections::HashSet<_> = catalog.items.iter().map(|item| &item.uuid).collect();
        prop_assert_eq!(identities.len(), catalog.items.len());
    }

    /// Whatever two databases say of files and identities, every recording is an item once, and identities are unique.
    #[test]
    fn two_lists_lose_no_recording(newer in lists(), older in lists()) {
        let files = ["a.m4a", "B.m4a", "b.m4a", "c.qta"];
        let mut tree = tree(&files);
        let insert = |table: &str, rows: &[(usize, usize, bool)]| {
            let text = |text: &Option<&str>| text.map_or("NULL".to_owned(), |text| format!("'{text}'"));
            let insert = |(file, id, is_trashed): &(usize, usize, bool)| {
                let (file, id) = (text(&FILES[*file]), text(&IDS[*id]));
                let evicted = if *is_trashed { "9" } else { "NULL" };
                format!("INSERT INTO {table} (ZPATH, ZUNIQUEID, ZEVICTIONDATE) VALUES ({file}, {id}, {evicted});")
            };
            rows.iter().map(insert).collect::<String>()
        };
        put(&mut tree, CLOUD, database(SCHEMA, &insert("ZCLOUDRECORDING", &newer)));
        let schema = SCHEMA.replace("ZCLOUDRECORDING", "ZRECORDING");
        put(&mut tree, OLD, database(&schema, &insert("ZRECORDING", &older)));
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let catalog = runtime.block_on(read(tree));
        let mut there: Vec<_> = catalog.items.iter().map(|item| place(item, Role::Original)).collect();
        there.retain(|place| place.starts_with("Recordings/"));
        there.sort();
        let mut expected = files.map(|file| format!("Recordings/{file}"));
        expected.sort();
        prop_assert_eq!(there, expected);
        let identities: std::collections::HashSet<_> = catalog.items.iter().map(|item| &item.uuid).collect();
        prop_assert_eq!(identities.len(), catalog.items.len());
        // What either names by its very name is no left-over.
        for item in &catalog.items {
            let is_named = newer.iter().chain(&older).any(|row| FILES[row.0] == Some(item.original_name.as_str()));
            prop_assert!(!is_named || item.scope == Scope::Library, "{:?}", item);
        }
    }
}
