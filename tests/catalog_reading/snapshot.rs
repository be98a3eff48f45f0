//! A database that changes while it is copied.

use std::sync::atomic::{AtomicU32, Ordering};

use iexport::catalog::{CatalogError, Origin};
use iexport::source::SourceErrorKind;

use crate::support::{LOG, Library, MAIN, Memory, Tree, put, read, read_tree};

/// Uuids, in order.
fn uuids(catalog: &iexport::catalog::Catalog) -> Vec<&str> {
    catalog.catalogued().map(|item| item.uuid.0.as_str()).collect()
}

#[tokio::test]
async fn the_log_is_part_of_the_database() {
    let library = Library::new();
    library.asset(1, "IMG_1.HEIC", "").checkpoint().asset(2, "IMG_2.HEIC", "");
    let tree = library.tree(&["DCIM/100APPLE/IMG_1.HEIC", "DCIM/100APPLE/IMG_2.HEIC"]);
    assert_eq!(uuids(&read_tree(tree.clone()).await), ["A1", "A2"]);
    let mut without = tree;
    without.remove(LOG);
    assert_eq!(uuids(&read_tree(without).await), ["A1"], "the second asset was only in the log");
}

#[tokio::test]
async fn transactions_that_are_appended_meanwhile_are_taken_along() {
    let library = Library::new();
    library.asset(1, "IMG_1.HEIC", "");
    let before = library.tree(&[]);
    library.asset(2, "IMG_2.HEIC", "");
    let after = library.files();
    let source = Memory::with_hook(before, move |tree, path| {
        // Just before the main file is read.
        if path == MAIN {
            put(tree, &after);
        }
        None
    });
    let (catalog, attempts) = read(&source).await;
    let catalog = catalog.unwrap();
    assert_eq!((uuids(&catalog), attempts), (vec!["A1", "A2"], 1));
    assert_eq!(catalog.warnings, Vec::<String>::new());
}

#[tokio::test]
async fn a_checkpoint_during_the_copy_does_no_harm() {
    let library = Library::new();
    library.asset(1, "IMG_1.HEIC", "").checkpoint();
    for key in 2..400 {
        library.asset(key, &format!("IMG_{key}.HEIC"), "");
    }
    let before = library.files();
    library.run("PRAGMA wal_checkpoint(PASSIVE)");
    let after = library.files();
    assert_eq!(before.1, after.1, "the log is still the same");
    assert!(after.0.len() > before.0.len());
    // The main file as it was read: torn, one half old and one half new.
    let mut torn = after.0.clone();
    let half = before.0.len() / 2;
    torn[..half].copy_from_slice(&before.0[..half]);
    let mut tree = Tree::new();
    put(&mut tree, &(torn, after.1));
    let (catalog, attempts) = read(&Memory::new(tree)).await;
    let catalog = catalog.unwrap();
    assert_eq!((catalog.items.len(), attempts), (399, 1));
    assert_eq!(catalog.warnings, Vec::<String>::new());
}

#[tokio::test]
async fn a_log_that_starts_anew_is_noticed() {
    // The old main file with the new log would be a sound database from which the second asset is missing.
    let library = Library::new();
    library.asset(1, "IMG_1.HEIC", "").checkpoint().asset(2, "IMG_2.HEIC", "");
    let before = library.tree(&[]);
    library.checkpoint().run("INSERT INTO ZGENERICALBUM (ZUUID, ZTITLE, ZKIND) VALUES ('X', 'Cats', 2)");
    let after = library.files();
    let mut mixed = before.clone();
    mixed.insert(LOG.into(), after.1.clone());
    assert_eq!(uuids(&read_tree(mixed).await), ["A1"]);
    let opened = AtomicU32::new(0);
    let source = Memory::with_hook(before, move |tree, path| {
        // After the main file was read the first time.
        if path == LOG && opened.fetch_add(1, Ordering::Relaxed) == 1 {
            put(tree, &after);
        }
        None
    });
    let (catalog, attempts) = read(&source).await;
    let catalog = catalog.unwrap();
    assert_eq!((uuids(&catalog), attempts), (vec!["A1", "A2"], 2));
    assert_eq!(catalog.warnings, Vec::<String>::new());
}

#[tokio::test]
async fn a_database_without_a_log_that_changes_is_noticed() {
    let library = Library::new();
    library.asset(1, "IMG_1.HEIC", "").checkpoint();
    let before = library.files();
    for key in 2..300 {
        library.asset(key, &format!("IMG_{key}.HEIC"), "");
    }
    library.checkpoint();
    let after = library.files().0;
    let mut tree = Tree::new();
    put(&mut tree, &before);
    tree.remove(LOG);
    let source = Memory::with_hook(tree, move |tree, path| {
        if path == MAIN {
            tree.insert(MAIN.into(), after.clone());
        }
        None
    });
    let (catalog, attempts) = read(&source).await;
    assert_eq!((catalog.unwrap().items.len(), attempts), (299, 2));
}

#[tokio::test]
async fn a_database_that_never_rests_is_read_with_a_warning() {
    // Each time the log is opened it is another round of the same log.
    let library = Library::new();
    library.asset(1, "IMG_1.HEIC", "");
    let mut states = Vec::new();
    for key in 2..20 {
        library.checkpoint().asset(key, &format!("IMG_{key}.HEIC"), "");
        states.push(library.files());
    }
    let opened = AtomicU32::new(0);
    let source = Memory::with_hook(Tree::new(), move |tree, path| {
        if path == LOG {
            let turn = opened.fetch_add(1, Ordering::Relaxed) as usize;
            put(tree, &states[turn % states.len()]);
        }
        None
    });
    source.start_with(&library.files());
    let (catalog, attempts) = read(&source).await;
    let catalog = catalog.unwrap();
    assert_eq!(attempts, 5);
    assert!(matches!(catalog.origin, Origin::Database { model_version: 19320 }));
    assert!(catalog.items.len() > 5, "{}", catalog.items.len());
    assert_eq!(catalog.warnings.len(), 1, "{:?}", catalog.warnings);
    assert!(catalog.warnings[0].contains("changing its photo database"), "{:?}", catalog.warnings);
}

#[tokio::test]
async fn a_log_that_does_not_fit_gives_the_main_file_and_a_warning() {
    let library = Library::new();
    library.asset(1, "IMG_1.HEIC", "").checkpoint();
    let old = library.files().0;
    for key in 2..2000 {
        library.asset(key, &format!("IMG_{key}.HEIC"), "");
    }
    library.checkpoint();
    library.run("DELETE FROM ZASSET WHERE Z_PK > 1000");
    // The old main file with a log that was begun after many pages more: C1's "malformed".
    let mut tree = Tree::new();
    put(&mut tree, &(old, library.files().1));
    let catalog = read_tree(tree).await;
    assert_eq!(uuids(&catalog), ["A1"]);
    assert_eq!(catalog.warnings.len(), 1, "{:?}", catalog.warnings);
    assert!(catalog.warnings[0].contains("an older state"), "{:?}", catalog.warnings);
}

#[tokio::test]
async fn a_log_that_cannot_be_read_leaves_the_main_file() {
    let library = Library::new();
    library.asset(1, "IMG_1.HEIC", "").checkpoint().asset(2, "IMG_2.HEIC", "");
    for (kind, first_good) in [
        (SourceErrorKind::Denied("no".into()), 0),
        (SourceErrorKind::ShortRead { expected_bytes: 9, got_bytes: 1 }, 0),
        // Only when it is read again.
        (SourceErrorKind::Denied("no".into()), 1),
    ] {
        let opened = AtomicU32::new(0);
        let source = Memory::with_hook(library.tree(&[]), move |_, path| {
            (path == LOG && opened.fetch_add(1, Ordering::Relaxed) >= first_good).then(|| kind.clone())
        });
        let catalog = read(&source).await.0.unwrap();
        assert!(matches!(catalog.origin, Origin::Database { .. }), "{:?}", catalog.warnings);
        assert_eq!(uuids(&catalog), ["A1"], "{:?}", catalog.warnings);
        assert_eq!(catalog.warnings.len(), 1, "{:?}", catalog.warnings);
        assert!(catalog.warnings[0].contains("an older state"), "{:?}", catalog.warnings);
    }
    let gone = Memory::with_hook(library.tree(&[]), move |_, path| {
        (path == LOG).then(|| SourceErrorKind::Disconnected("gone".into()))
    });
    assert!(matches!(read(&gone).await.0, Err(CatalogError::Source(error)) if error.is_fatal()));
}

#[tokio::test]
async fn a_short_read_is_tried_again_and_a_lost_phone_is_not() {
    let library = Library::new();
    library.asset(1, "IMG_1.HEIC", "");
    let failing = |kind: SourceErrorKind, times: u32| {
        let opened = AtomicU32::new(0);
        Memory::with_hook(library.tree(&[]), move |_, path| {
            (path == MAIN && opened.fetch_add(1, Ordering::Relaxed) < times).then(|| kind.clone())
        })
    };
    let short = || SourceErrorKind::ShortRead { expected_bytes: 9, got_bytes: 1 };
    let (catalog, attempts) = read(&failing(short(), 2)).await;
    assert_eq!((uuids(&catalog.unwrap()), attempts), (vec!["A1"], 3));

    let (catalog, attempts) = read(&failing(SourceErrorKind::Disconnected("gone".into()), 1)).await;
    assert!(matches!(catalog, Err(CatalogError::Source(error)) if error.is_fatal()));
    assert_eq!(attempts, 1);
}

#[tokio::test]
async fn the_reading_can_move_between_threads() {
    let library = Library::new();
    library.asset(1, "IMG_1.HEIC", "");
    let source = Memory::new(library.tree(&[]));
    let task = tokio::spawn(async move { read(&source).await.0.unwrap().items.len() });
    assert_eq!(task.await.unwrap(), 1);
}
