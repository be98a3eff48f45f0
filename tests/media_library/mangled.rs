//! Libraries with columns and tables taken away, or filled with nonsense, at random.

use std::collections::{BTreeMap, BTreeSet};

use iexport::catalog::{Catalog, MediaLibrary, Origin, Presence};
use phone_libraries::{MediaSchema, MusicRecipe};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use rusqlite::Connection;

use crate::support::{DATABASE, JPEG, Phone, original};

/// A library to mangle.
struct Base {
    phone: Phone,
    database: Vec<u8>,
    /// Tables with their columns.
    columns: Vec<(String, Vec<String>)>,
    whole: Vec<Catalog>,
}

#[derive(Debug, Clone)]
enum Change {
    DropColumn(prop::sample::Index, prop::sample::Index),
    DropTable(prop::sample::Index),
    /// Cells of a column replaced by this SQL expression.
    Scramble(prop::sample::Index, prop::sample::Index, &'static str),
    /// Every row of a table twice.
    Double(prop::sample::Index),
    /// Some rows of a table gone.
    Thin(prop::sample::Index),
}

fn structural() -> impl Strategy<Value = Change> {
    let index = any::<prop::sample::Index>;
    prop_oneof![
        8 => (index(), index()).prop_map(|(table, column)| Change::DropColumn(table, column)),
        2 => index().prop_map(Change::DropTable),
    ]
}

fn scrambling() -> impl Strategy<Value = Change> {
    let index = any::<prop::sample::Index>;
    let value = prop::sample::select(vec![
        "NULL",
        "-1",
        "0",
        "3840",
        "9223372036854775807",
        "1e300",
        "'x'",
        "''",
        "x'ff00fe'",
        "CAST(x'ff00fe' AS TEXT)",
        "'../../etc/passwd'",
        "rowid",
        "random()",
        "hex(randomblob(2000))",
    ]);
    prop_oneof![
        6 => (index(), index(), value).prop_map(|(table, column, value)| Change::Scramble(table, column, value)),
        1 => index().prop_map(Change::Double),
        1 => index().prop_map(Change::Thin),
    ]
}

/// A library with something of everything.
fn made_by_hand() -> Phone {
    let phone = Phone::with(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
         INSERT INTO item SELECT i, CASE i % 10 WHEN 0 THEN 2048 WHEN 1 THEN 4 WHEN 2 THEN 16 WHEN 3 THEN 1032 ELSE 8 END,
             i % 7, i % 9, i % 5, i % 3, i % 4, 1, i, i, CASE WHEN i % 6 = 0 THEN 0 ELSE 3840 END,
             CASE WHEN i % 12 = 0 THEN 50 ELSE 0 END, i % 11 <> 0, i % 2, 600000000 + i, 0 FROM n;
         INSERT INTO item_extra SELECT item_pid, 'Title ' || item_pid, 1, 9, 1000, 2000, 'A' || item_pid || '.mp3', 1, 5,
             100, 'c', 'g', 'd', 'e', 'f' FROM item;
         INSERT INTO item_store SELECT item_pid, item_pid % 13 = 0, 1, 1, NULL FROM item;
         INSERT INTO item_playback SELECT item_pid, 256, 44100 FROM item;
         INSERT INTO item_stats SELECT item_pid, 60, 0, 1, 1, 2 FROM item;
         INSERT INTO item_video SELECT item_pid, 0, 1 FROM item;
         INSERT INTO lyrics SELECT item_pid, 'La ' || item_pid FROM item;
         INSERT INTO item_artist SELECT DISTINCT item_artist_pid, 'Artist ' || item_artist_pid, 'Series' FROM item;
         INSERT INTO album SELECT DISTINCT album_pid, 'Album ' || album_pid, 1, 1990, NULL FROM item;
         INSERT INTO album_artist SELECT DISTINCT album_artist_pid, 'Band ' || album_artist_pid FROM item;
         INSERT INTO composer SELECT DISTINCT composer_pid, 'Composer ' || composer_pid FROM item;
         INSERT INTO genre SELECT DISTINCT genre_id, 'Genre ' || genre_id FROM item;
         INSERT INTO container (container_pid, name, parent_pid, smart_is_folder, smart_criteria) VALUES (1, 'Folder', 0, 1, NULL),
             (2, 'One', 1, 0, NULL), (3, 'Two', 0, 0, NULL), (4, 'Clever', 0, 0, x'00');
         INSERT INTO container_item SELECT item_pid, 2 + item_pid % 2, item_pid, -item_pid FROM item;
         INSERT INTO artwork SELECT 'token' || album_pid, '0' || album_pid || '/cover', 1, 0 FROM album;
         INSERT INTO best_artwork_token SELECT 'token' || album_pid, album_pid, 1, 1, 0 FROM album;
         INSERT INTO artwork_token SELECT 'token' || album_pid, item_pid, 0, 1, 0 FROM item;",
    );
    for number in 1..=64 {
        phone.file(&format!("iTunes_Control/Music/F00/A{number}.mp3"), b"sound");
    }
    for album in 0..9 {
        phone.file(&format!("iTunes_Control/iTunes/Artwork/Originals/0{album}/cover"), JPEG);
    }
    phone
}

fn base(phone: Phone) -> Base {
    let db = phone.open();
    db.pragma_update(None, "journal_mode", "DELETE").unwrap();
    // Columns that an index names cannot be taken away.
    let names = |sql: &str| -> Vec<String> {
        let mut statement = db.prepare(sql).unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    let drops = names(
        "SELECT 'DROP INDEX \"' || name || '\"' FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
    );
    db.execute_batch(&drops.join(";")).unwrap();
    let tables = names(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name",
    );
    let columns = |table: String| {
        let columns = names(&format!("SELECT name FROM pragma_table_info('{table}')"));
        (table, columns)
    };
    let columns = tables.into_iter().map(columns).collect();
    drop(db);
    let database = std::fs::read(phone.root().join(DATABASE)).unwrap();
    let whole = catalogs(&phone);
    Base { phone, database, columns, whole }
}

fn catalogs(phone: &Phone) -> Vec<Catalog> {
    let library = phone.read();
    MediaLibrary::COLLECTIONS.iter().map(|collection| library.catalog(*collection)).collect()
}

impl Base {
    /// Applies changes to a copy of the database; says which were possible.
    fn mangle(&self, changes: &[Change]) -> BTreeSet<String> {
        std::fs::write(self.phone.root().join(DATABASE), &self.database).unwrap();
        let db: Connection = self.phone.open();
        let mut done = BTreeSet::new();
        let table = |index: &prop::sample::Index| &self.columns[index.index(self.columns.len())];
        for change in changes {
            let (what, sql) = match change {
                Change::DropColumn(at, column) => {
                    let (table, columns) = table(at);
                    let column = &columns[column.index(columns.len())];
                    (format!("{table}.{column}"), format!("ALTER TABLE {table} DROP COLUMN {column}"))
                }
                Change::DropTable(at) => (table(at).0.clone(), format!("DROP TABLE {}", table(at).0)),
                Change::Scramble(at, column, value) => {
                    let (table, columns) = table(at);
                    let column = &columns[column.index(columns.len())];
                    (
                        format!("{table}.{column} = {value}"),
                        format!("UPDATE OR IGNORE {table} SET {column} = {value}"),
                    )
                }
                Change::Double(at) => {
                    let table = &table(at).0;
                    (format!("{table} twice"), format!("INSERT OR IGNORE INTO {table} SELECT * FROM {table}"))
                }
                Change::Thin(at) => {
                    let table = &table(at).0;
                    (format!("{table} thinned"), format!("DELETE FROM {table} WHERE rowid % 3 = 0"))
                }
            };
            if db.execute_batch(&sql).is_ok() {
                done.insert(what);
            }
        }
        done
    }
}

/// What holds whatever a database says.
fn check(catalogs: &[Catalog], what: &BTreeSet<String>) {
    let mut uuids = BTreeSet::new();
    for catalog in catalogs {
        for item in &catalog.items {
            assert!(uuids.insert(&item.uuid), "{what:?}: {:?} twice", item.uuid);
            assert!(item.albums.iter().all(|at| *at < catalog.albums.len()), "{what:?}");
            assert!(item.taken.is_none() && item.media.is_some(), "{what:?}");
            let _ = original(item);
        }
        for (at, album) in catalog.albums.iter().enumerate() {
            for member in &album.members {
                assert!(catalog.items[*member].albums.contains(&at), "{what:?}");
            }
        }
    }
}

/// Every file that is offered, but those in folders that are looked into only if a row names them.
fn files(catalogs: &[Catalog]) -> BTreeSet<String> {
    let items = catalogs.iter().flat_map(|catalog| &catalog.items);
    let files = items.filter(|item| item.kind != iexport::catalog::MediaKind::Cover);
    let paths = files.filter_map(|item| match &original(item).presence {
        Presence::OnPhone(path) => Some(path.to_text()).filter(|path| !path.starts_with("ManagedPurchases/")),
        _ => None,
    });
    paths.collect()
}

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 128,
        rng_seed: RngSeed::Fixed(2001),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// One made by hand, and one of each generation.
fn bases() -> Vec<Base> {
    let generations = MediaSchema::ALL.into_iter().map(|schema| {
        let phone = Phone::empty();
        let recipe = MusicRecipe::new(schema).tracks(40).albums(5).playlists(8).seed(9);
        recipe.library().write(phone.root()).unwrap();
        phone
    });
    [made_by_hand()].into_iter().chain(generations).map(base).collect()
}

#[test]
fn what_is_missing_costs_only_itself() {
    let bases = bases();
    let changes = prop::collection::vec(structural(), 1..10);
    let test = |(which, changes): (prop::sample::Index, Vec<Change>)| {
        let base = &bases[which.index(bases.len())];
        let gone = base.mangle(&changes);
        let found = catalogs(&base.phone);
        check(&found, &gone);
        // Whatever the database has lost, no file is.
        prop_assert!(files(&found).is_superset(&files(&base.whole)), "{:?}", gone);
        let lost = |what: &str| gone.contains(what);
        let ways = [
            "item",
            "item.item_pid",
            "item.base_location_id",
            "item_extra",
            "item_extra.item_pid",
            "item_extra.location",
        ];
        let without_files = ways.into_iter().any(lost);
        prop_assert_eq!(found[0].origin == Origin::FilesOnly, without_files, "{:?}", gone);
        if without_files {
            return Ok(());
        }
        let placed_otherwise = lost("item.media_type")
            || lost("item.in_my_library")
            || lost("container_item")
            || gone.iter().any(|what| what.starts_with("container"));
        for (now, whole) in found.iter().zip(&base.whole).filter(|_| !placed_otherwise) {
            let now: BTreeMap<_, _> = now.items.iter().map(|item| (&item.uuid, item)).collect();
            for item in whole.items.iter().filter(|item| item.uuid.0.starts_with("track:")) {
                let Some(found) = now.get(&item.uuid) else {
                    prop_assert!(false, "{:?}: {:?}", gone, item.uuid);
                    continue;
                };
                // What is said of it can only be lost, never come from another one.
                prop_assert!(found.title.is_none() || found.title == item.title, "{:?}", gone);
                let (found, item) = (found.media.as_ref().unwrap(), item.media.as_ref().unwrap());
                for (found, item) in [
                    (&found.artist, &item.artist),
                    (&found.album, &item.album),
                    (&found.composer, &item.composer),
                    (&found.genre, &item.genre),
                    (&found.lyrics, &item.lyrics),
                    (&found.show, &item.show),
                ] {
                    prop_assert!(found.is_none() || found == item, "{:?}", gone);
                }
            }
        }
        Ok(())
    };
    let mut runner = proptest::test_runner::TestRunner::new(config());
    runner.run(&(any::<prop::sample::Index>(), changes), test).unwrap();
}

#[test]
fn nonsense_in_any_cell_is_survived() {
    let bases = bases();
    let changes = prop::collection::vec(prop_oneof![3 => scrambling(), 1 => structural()], 1..10);
    let test = |(which, changes): (prop::sample::Index, Vec<Change>)| {
        let base = &bases[which.index(bases.len())];
        let changed = base.mangle(&changes);
        let found = catalogs(&base.phone);
        check(&found, &changed);
        prop_assert!(files(&found).is_superset(&files(&base.whole)), "{:?}", changed);
        Ok(())
    };
    let mut runner = proptest::test_runner::TestRunner::new(config());
    runner.run(&(any::<prop::sample::Index>(), changes), test).unwrap();
}

#[test]
fn torn_pages_are_survived() {
    let base = &bases()[0];
    let test = |(at, bytes): (prop::sample::Index, Vec<u8>)| {
        let mut database = base.database.clone();
        // The header is left, so that it is looked at as a database.
        let at = 100 + at.index(database.len() - 100 - bytes.len());
        database[at..at + bytes.len()].copy_from_slice(&bytes);
        std::fs::write(base.phone.root().join(DATABASE), database).unwrap();
        let found = catalogs(&base.phone);
        check(&found, &BTreeSet::new());
        prop_assert!(files(&found).is_superset(&files(&base.whole)), "{} {:?}", at, bytes);
        Ok(())
    };
    let mut runner = proptest::test_runner::TestRunner::new(config());
    let bytes = prop::collection::vec(any::<u8>(), 1..40);
    runner.run(&(any::<prop::sample::Index>(), bytes), test).unwrap();
}
