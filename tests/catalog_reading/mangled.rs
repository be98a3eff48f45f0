//! Databases, real ones and one of each version of iOS, with columns and tables taken away, renumbered, or filled
//! with nonsense at random.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::OnceLock;

use iexport::catalog::{Catalog, Item, Origin, Traits};
use phone_libraries::{IosVersion, MediaKind, Recipe};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use rusqlite::Connection;

use crate::support::{MAIN, Tree, read_tree};

/// A library to mangle: its files without content, and its database in one file.
struct Base {
    name: String,
    tree: Tree,
    database: Vec<u8>,
    assets: String,
    join: String,
    keywords: String,
    whole: Catalog,
}

/// Tables and columns that the reader looks at.
const LOOKED_AT: &[(&str, &[&str])] = &[
    (
        "ASSETS",
        &[
            "ZUUID",
            "ZDIRECTORY",
            "ZFILENAME",
            "ZKIND",
            "ZKINDSUBTYPE",
            "ZPLAYBACKSTYLE",
            "ZPLAYBACKVARIATION",
            "ZDEPTHTYPE",
            "ZDEPTHSTATES",
            "ZHDRTYPE",
            "ZCUSTOMRENDEREDVALUE",
            "ZSPATIALTYPE",
            "ZMONOSKITYPE",
            "ZDERIVEDCAMERACAPTUREDEVICE",
            "ZISDETECTEDSCREENSHOT",
            "ZUNIFORMTYPEIDENTIFIER",
            "ZDATECREATED",
            "ZADDEDDATE",
            "ZTRASHEDDATE",
            "ZTRASHEDSTATE",
            "ZHIDDEN",
            "ZSAVEDASSETTYPE",
            "ZBUNDLESCOPE",
            "ZSYNDICATIONSTATE",
            "ZVISIBILITYSTATE",
            "ZHASADJUSTMENTS",
            "ZADJUSTMENTSSTATE",
            "ZADJUSTMENTTIMESTAMP",
            "ZLATITUDE",
            "ZWIDTH",
            "ZORIENTATION",
            "ZAVALANCHEUUID",
            "ZAVALANCHEPICKTYPE",
            "ZCLOUDLOCALSTATE",
            "ZACTIVELIBRARYSCOPEPARTICIPATIONSTATE",
            "ZLIBRARYSCOPE",
            "ZCOLLECTIONSHARE",
            "ZADDITIONALATTRIBUTES",
            "ZEXTENDEDATTRIBUTES",
            "ZMASTER",
        ],
    ),
    (
        "ZADDITIONALASSETATTRIBUTES",
        &[
            "ZASSET",
            "ZORIGINALFILENAME",
            "ZTITLE",
            "ZTIMEZONENAME",
            "ZTIMEZONEOFFSET",
            "ZMASTERFINGERPRINT",
            "ZORIGINALRESOURCECHOICE",
            "ZCAMERACAPTUREDEVICE",
            "ZIMPORTEDBYDISPLAYNAME",
            "ZIMPORTEDBYBUNDLEIDENTIFIER",
            "ZCREATORBUNDLEID",
            "ZASSETDESCRIPTION",
            "ZUNMANAGEDADJUSTMENT",
        ],
    ),
    (
        "ZINTERNALRESOURCE",
        &["ZASSET", "ZDATASTORESUBTYPE", "ZRESOURCETYPE", "ZVERSION", "ZRECIPEID", "ZLOCALAVAILABILITY"],
    ),
    (
        "ZGENERICALBUM",
        &["ZUUID", "ZTITLE", "ZKIND", "ZPARENTFOLDER", "ZCUSTOMSORTKEY", "ZTRASHEDSTATE", "ZCLOUDGUID"],
    ),
    ("Z_PRIMARYKEY", &["Z_NAME", "Z_ENT"]),
    ("Z_METADATA", &["Z_PLIST"]),
    ("ZUNMANAGEDADJUSTMENT", &["ZADJUSTMENTTIMESTAMP", "ZADJUSTMENTFORMATIDENTIFIER"]),
    ("ZCLOUDMASTER", &["ZORIGINALFILENAME", "ZIMPORTEDBYDISPLAYNAME"]),
    ("ZASSETDESCRIPTION", &["ZASSETATTRIBUTES", "ZLONGDESCRIPTION"]),
    ("ZEXTENDEDATTRIBUTES", &["ZASSET", "ZCAMERAMAKE", "ZCODEC", "ZISO", "ZAPERTURE"]),
    ("ZKEYWORD", &["ZTITLE"]),
    ("ZPERSON", &["ZFULLNAME", "ZDISPLAYNAME", "ZMERGETARGETPERSON"]),
    (
        "ZDETECTEDFACE",
        &[
            "ZASSET",
            "ZASSETFORFACE",
            "ZPERSON",
            "ZPERSONFORFACE",
            "ZHIDDEN",
            "ZISINTRASH",
            "ZCENTERX",
            "ZSIZE",
        ],
    ),
    ("ZSHARE", &["Z_ENT", "ZUUID", "ZTITLE", "ZTRASHEDSTATE"]),
];

#[derive(Debug, Clone)]
enum Change {
    DropColumn(prop::sample::Index, prop::sample::Index),
    DropTable(prop::sample::Index),
    DropJoin,
    DropKeywordJoin,
    /// The join table under other numbers, which no entity has.
    Renumber(u16, u16),
    /// The same for keywords.
    RenumberKeywords(u16, u16),
    /// All entities have other numbers, wherever those stand as numbers and not as names.
    RenumberEntities(u16),
    /// Cells of a column replaced by this SQL expression.
    Scramble(prop::sample::Index, prop::sample::Index, &'static str),
}

fn structural() -> impl Strategy<Value = Change> {
    let index = any::<prop::sample::Index>;
    prop_oneof![
        12 => (index(), index()).prop_map(|(table, column)| Change::DropColumn(table, column)),
        2 => index().prop_map(Change::DropTable),
        1 => Just(Change::DropJoin),
        1 => Just(Change::DropKeywordJoin),
        2 => (1_u16..999, 1_u16..999).prop_map(|(album, asset)| Change::Renumber(album, asset)),
        2 => (1_u16..999, 1_u16..999).prop_map(|(owner, keyword)| Change::RenumberKeywords(owner, keyword)),
        2 => (200_u16..999).prop_map(Change::RenumberEntities),
    ]
}

fn scrambling() -> impl Strategy<Value = Change> {
    let index = any::<prop::sample::Index>;
    let value = prop::sample::select(vec![
        "NULL",
        "-1",
        "9223372036854775807",
        "1e300",
        "'x'",
        "''",
        "x'ff00fe'",
        "CAST(x'ff00fe' AS TEXT)",
        "'../../etc/passwd'",
        "Z_PK",
        "random()",
        "hex(randomblob(2000))",
    ]);
    (index(), index(), value).prop_map(|(table, column, value)| Change::Scramble(table, column, value))
}

fn bases() -> &'static [Base] {
    static BASES: OnceLock<Vec<Base>> = OnceLock::new();
    BASES.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/libraries");
        let libraries = std::fs::read_dir(&root).into_iter().flatten().flatten().map(|entry| entry.path());
        let mut libraries: Vec<_> = libraries.filter(|path| path.join("truth.json").is_file()).collect();
        libraries.sort();
        if libraries.is_empty() {
            println!("left out: no libraries in {}", root.display());
        }
        let real = libraries.iter().map(|path| base(path));
        let made = IosVersion::ALL.into_iter().map(|ios| {
            let folder = tempfile::tempdir().unwrap();
            let recipe = Recipe::new(ios, 90).seed(9).media(MediaKind::Repeated);
            phone_libraries::make(&recipe, folder.path()).unwrap();
            Base { name: format!("iOS {ios}"), ..base(folder.path()) }
        });
        real.chain(made).collect()
    })
}

fn base(library: &Path) -> Base {
    let media = library.join("media");
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("x.sqlite");
    for end in ["", "-wal"] {
        let to = folder.path().join(format!("x.sqlite{end}"));
        std::fs::write(to, std::fs::read(media.join(format!("{MAIN}{end}"))).unwrap()).unwrap();
    }
    let db = Connection::open(&copy).unwrap();
    db.pragma_update(None, "synchronous", "OFF").unwrap();
    db.pragma_update(None, "journal_mode", "DELETE").unwrap();
    let keywords = db
        .query_row("SELECT name FROM sqlite_master WHERE name LIKE 'Z\\__%KEYWORDS' ESCAPE '\\'", [], |row| {
            row.get(0)
        })
        .unwrap();
    // Columns that an index or a trigger names cannot be taken away.
    let drops: Vec<String> = {
        let mut names = db
            .prepare(
                "SELECT 'DROP ' || type || ' \"' || name || '\"'
                 FROM sqlite_master
                 WHERE type IN ('trigger', 'index') AND sql IS NOT NULL OR sql LIKE 'CREATE VIRTUAL%'",
            )
            .unwrap();
        names.query_map([], |row| row.get(0)).unwrap().map(|row| row.unwrap()).collect()
    };
    db.execute_batch(&drops.join(";")).unwrap();
    drop(db);
    let truth: serde_json::Value =
        serde_json::from_slice(&std::fs::read(library.join("truth.json")).unwrap()).unwrap();
    let mut tree = Tree::new();
    add_files(&mut tree, &media, &media);
    let database = std::fs::read(&copy).unwrap();
    tree.insert(MAIN.into(), database.clone());
    let whole = tokio::runtime::Runtime::new().unwrap().block_on(read_tree(tree.clone()));
    Base {
        name: library.file_name().unwrap().to_string_lossy().into_owned(),
        tree,
        database,
        assets: truth["database"]["asset_table"].as_str().unwrap().to_owned(),
        join: truth["database"]["album_join"]["table"].as_str().unwrap().to_owned(),
        keywords,
        whole,
    }
}

fn add_files(tree: &mut Tree, root: &Path, folder: &Path) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            add_files(tree, root, &path);
        } else if !entry.file_name().to_string_lossy().starts_with("Photos.sqlite") {
            let inside: Vec<_> =
                path.strip_prefix(root).unwrap().iter().map(|p| p.to_str().unwrap()).collect();
            tree.insert(inside.join("/"), Vec::new());
        }
    }
}

/// Applies changes to a copy of the database; says which were possible.
fn mangle(base: &Base, changes: &[Change]) -> (Tree, BTreeSet<String>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.sqlite");
    std::fs::write(&path, &base.database).unwrap();
    let db = Connection::open(&path).unwrap();
    db.pragma_update(None, "synchronous", "OFF").unwrap();
    let mut done = BTreeSet::new();
    let pick = |table: &prop::sample::Index| {
        let (name, columns) = LOOKED_AT[table.index(LOOKED_AT.len())];
        (if name == "ASSETS" { base.assets.as_str() } else { name }, columns)
    };
    let (mut join, mut keywords) = (base.join.clone(), base.keywords.clone());
    for change in changes {
        let (what, sql) = match change {
            Change::DropColumn(table, column) => {
                let (table, columns) = pick(table);
                let column = columns[column.index(columns.len())];
                (format!("{table}.{column}"), format!("ALTER TABLE {table} DROP COLUMN {column}"))
            }
            Change::DropTable(table) => (pick(table).0.to_owned(), format!("DROP TABLE {}", pick(table).0)),
            Change::DropJoin => ("join".to_owned(), format!("DROP TABLE {join}")),
            Change::DropKeywordJoin => ("keywords".to_owned(), format!("DROP TABLE {keywords}")),
            Change::Renumber(album, asset) => {
                join = renumber(&db, join, format!("Z_{album}ASSETS"), |column| match column {
                    c if c.starts_with("Z_FOK_") => format!("Z_FOK_{asset}ASSETS"),
                    c if c.ends_with("ALBUMS") => format!("Z_{album}ALBUMS"),
                    _ => format!("Z_{asset}ASSETS"),
                });
                continue;
            }
            Change::RenumberKeywords(owner, keyword) => {
                keywords = renumber(&db, keywords, format!("Z_{owner}KEYWORDS"), |column| match column {
                    c if c.ends_with("ASSETATTRIBUTES") => format!("Z_{owner}ASSETATTRIBUTES"),
                    _ => format!("Z_{keyword}KEYWORDS"),
                });
                continue;
            }
            Change::RenumberEntities(by) => {
                for table in ["Z_PRIMARYKEY", "ZSHARE"] {
                    let _ = db.execute_batch(&format!("UPDATE {table} SET Z_ENT = Z_ENT + {by}"));
                }
                continue;
            }
            Change::Scramble(table, column, value) => {
                let (table, columns) = pick(table);
                let column = columns[column.index(columns.len())];
                (format!("{table}.{column}"), format!("UPDATE {table} SET {column} = {value}"))
            }
        };
        if db.execute_batch(&sql).is_ok() {
            done.insert(what);
        }
    }
    drop(db);
    let mut tree = base.tree.clone();
    tree.insert(MAIN.into(), std::fs::read(&path).unwrap());
    (tree, done)
}

/// Renames a table and its columns; says what it is called then.
fn renumber(db: &Connection, table: String, to: String, rename: impl Fn(&str) -> String) -> String {
    let mut columns = db.prepare(&format!("PRAGMA table_info({table})")).unwrap();
    let columns = columns.query_map([], |row| row.get::<_, String>(1)).unwrap();
    let renames: String = columns
        .map(|column| column.unwrap())
        .map(|column| format!("ALTER TABLE {table} RENAME COLUMN {column} TO {};", rename(&column)))
        .collect();
    let sql = format!("BEGIN; {renames} ALTER TABLE {table} RENAME TO {to}; COMMIT;");
    if db.execute_batch(&sql).is_ok() {
        return to;
    }
    let _ = db.execute_batch("ROLLBACK");
    table
}

fn read(tree: Tree) -> Catalog {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(read_tree(tree))
}

/// Album id to the uuids of its members.
fn members(catalog: &Catalog) -> BTreeMap<&str, Vec<&str>> {
    let uuid = |at: &usize| catalog.items[*at].uuid.0.as_str();
    catalog.albums.iter().map(|a| (a.id.0.as_str(), a.members.iter().map(uuid).collect())).collect()
}

/// Words and people: the same ones, unless what they need is gone; then fewer, and never others.
fn check_words(base: &Base, gone: &BTreeSet<String>, item: &Item, now: &Item) -> Result<(), String> {
    let lost = |what: &str| gone.contains(what);
    let table_lost = |table: &str| gone.iter().any(|g| g == table || g.starts_with(&format!("{table}.")));
    // Which attributes are whose is said on both sides.
    let attributes_lost = ["", ".ZASSET"].iter().any(|c| lost(&format!("ZADDITIONALASSETATTRIBUTES{c}")))
        && lost(&format!("{}.ZADDITIONALATTRIBUTES", base.assets));
    if !item.keywords.iter().collect::<BTreeSet<_>>().is_superset(&now.keywords.iter().collect()) {
        return Err(format!("keywords {:?}", now.keywords));
    }
    let keywords_lost = table_lost("ZKEYWORD") || lost("keywords") || attributes_lost;
    if !keywords_lost && item.keywords != now.keywords {
        return Err(format!("keywords {:?}", now.keywords));
    }
    // Without those columns, faces turn up that nobody wants to see.
    let all_faces = !lost("ZDETECTEDFACE.ZHIDDEN") && !lost("ZDETECTEDFACE.ZISINTRASH");
    let (before, after): (BTreeSet<_>, BTreeSet<_>) = (item.persons().collect(), now.persons().collect());
    if all_faces && !before.is_superset(&after) {
        return Err(format!("persons {after:?}"));
    }
    if !table_lost("ZDETECTEDFACE") && !table_lost("ZPERSON") && item.faces != now.faces {
        return Err(format!("faces {:?}", now.faces));
    }
    for (name, before, after) in [
        ("title", item.title.as_deref(), now.title.as_deref()),
        ("caption", item.caption.as_deref(), now.caption.as_deref()),
    ] {
        if after.is_some() && before != after {
            return Err(format!("{name} {after:?}"));
        }
    }
    if now.camera.is_some() && item.camera.is_none() {
        return Err(format!("camera {:?}", now.camera));
    }
    Ok(())
}

/// A trait is lost if what tells it is lost; only what tells two apart makes one of the other.
fn check_traits(item: &Item, now: &Item) -> Result<(), String> {
    let (before, after) = (item.traits, now.traits);
    let only_lost =
        Traits { looping: before.looping || before.bounce, raw: before.raw || before.has_raw, ..before };
    let names = |traits: Traits| -> BTreeSet<String> {
        let text = format!("{traits:?}");
        text.split(['{', ',', '}']).filter(|field| field.contains("true")).map(str::to_owned).collect()
    };
    if names(only_lost).is_superset(&names(after)) { Ok(()) } else { Err(format!("{after:?}")) }
}

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 96,
        rng_seed: RngSeed::Fixed(2001),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn what_is_missing_costs_only_itself(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec(structural(), 1..12),
    ) {
        let base = &bases()[which.index(bases().len())];
        let (tree, gone) = mangle(base, &changes);
        let catalog = read(tree);
        let lost = |what: &str| gone.contains(what);
        let without_files = ["", ".ZDIRECTORY", ".ZFILENAME"].iter().any(|c| lost(&format!("{}{c}", base.assets)));
        prop_assert_eq!(catalog.origin == Origin::FilesOnly, without_files, "{}: {:?}", base.name, gone);
        if without_files {
            return Ok(());
        }
        prop_assert_eq!(catalog.catalogued().count(), base.whole.catalogued().count(), "{}: {:?}", base.name, gone);

        // Whatever is gone, no photo turns up in an album that it is not in.
        let (found, whole) = (members(&catalog), members(&base.whole));
        for (album, uuids) in &found {
            let Some(known) = whole.get(album) else { continue };
            let strangers: Vec<_> =
                uuids.iter().filter(|u| !u.starts_with("path:") && !known.contains(u)).collect();
            prop_assert!(strangers.is_empty(), "{}: {:?}: {:?}", base.name, gone, strangers);
        }
        // And if nothing was taken that albums need, they are all there, in their order.
        let needed = ["ZGENERICALBUM", "join", &format!("{}.ZUUID", base.assets), &format!("{}.ZDATECREATED", base.assets)];
        let untouched = !gone.iter().any(|g| {
            needed.contains(&g.as_str()) || g.starts_with("ZGENERICALBUM.") || g.starts_with("ZADDITIONAL")
        });
        if untouched {
            prop_assert_eq!(found, whole, "{}: {:?}", base.name, gone);
        }
        // What an item is and what is said of it can only be lost, never come from another one.
        for item in base.whole.catalogued() {
            let Some(now) = catalog.items.iter().find(|i| i.uuid == item.uuid) else { continue };
            let what = format!("{}: {gone:?}: {}", base.name, item.uuid.0);
            check_words(base, &gone, item, now).map_err(|why| TestCaseError::fail(format!("{what}: {why}")))?;
            check_traits(item, now).map_err(|why| TestCaseError::fail(format!("{what}: {why}")))?;
        }

        // The files themselves stay where they are as long as the assets' paths do, except for what only a lost
        // row or flag says.
        for item in base.whole.catalogued() {
            let Some(now) = catalog.items.iter().find(|i| i.uuid == item.uuid) else { continue };
            let on_phone = |item: &Item| {
                matches!(item.resources[0].presence, iexport::catalog::Presence::OnPhone(_))
            };
            if !gone.contains(&format!("{}.ZSAVEDASSETTYPE", base.assets)) {
                prop_assert_eq!(on_phone(now), on_phone(item), "{}: {:?}: {}", base.name, gone, item.uuid.0);
            }
        }
    }

    #[test]
    fn nonsense_in_any_cell_is_survived(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec(prop_oneof![3 => scrambling(), 1 => structural()], 1..10),
    ) {
        let base = &bases()[which.index(bases().len())];
        let (tree, changed) = mangle(base, &changes);
        let catalog = read(tree);
        let uuids: BTreeSet<_> = catalog.items.iter().map(|item| &item.uuid).collect();
        prop_assert_eq!(uuids.len(), catalog.items.len(), "{}: {:?}", base.name, changed);
        for album in &catalog.albums {
            prop_assert!(album.members.iter().all(|at| *at < catalog.items.len()));
        }
    }
}
