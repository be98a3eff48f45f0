//! Whether what is on the drive is what the phone itself recorded.

use std::collections::BTreeMap;
use std::path::Path;

use phone_libraries::{AssetSpec, IosVersion, Library};
use rusqlite::{Connection, OpenFlags, OptionalExtension};
use serde_json::Value;
use virtual_iphone::{Change, PhoneConfig, When};

use crate::libraries::{copy_of, shared};
use crate::scene::{Scene, four, moment};

/// What `--json` said of each file on the drive, by path below the destination.
fn proofs(lines: &[Value]) -> BTreeMap<String, String> {
    let files = lines.iter().filter(|line| line["type"] == "file");
    files.map(|file| (text(&file["to"]), text(&file["proof"]))).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

/// The number of files that each answer was given for: proven, without a fingerprint, without a record, differing.
fn counts(summary: &Value) -> [u64; 4] {
    let number = |field: &str| summary[field].as_u64().unwrap();
    let differs = summary["differs"].as_array().unwrap().len() as u64;
    [number("proven_files"), number("no_fingerprint_files"), number("no_record_files"), differs]
}

/// Changes one byte in the middle of a file, as a worn-out storage does.
fn flip(file: &Path) {
    let mut bytes = std::fs::read(file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(file, bytes).unwrap();
}

fn ledger(dest: &Path) -> Connection {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
    Connection::open_with_flags(dest.join(".iexport/ledger.db"), flags).unwrap()
}

#[test]
fn what_the_phone_recorded_is_proven_and_stays_so() {
    let scene = Scene::with(&four());
    let run = scene.export(&["--json"]);
    let summary = run.expect(0).summary();
    assert_eq!(counts(&summary), [4, 0, 0, 0]);
    assert!(proofs(&run.json()).values().all(|proof| proof == "proven"));
    let db = ledger(&scene.dest);
    let proven: i64 = db
        .query_row(
            "SELECT count(*) FROM files WHERE proof = 'proven' AND fingerprint = content_fingerprint
                 AND original_name LIKE 'IMG_000_.%'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(proven, 4);
    // Nothing is copied, nothing is read: the ledger knows it.
    assert_eq!(counts(&scene.export(&["--json"]).expect(0).summary()), [4, 0, 0, 0]);
    scene.export(&[]).expect(0).says("4 of 4 files were byte for byte what the phone recorded");
}

#[test]
fn without_a_fingerprint_there_is_nothing_to_compare_with() {
    let mut library = four();
    let unknown = AssetSpec::at("DCIM/100APPLE/IMG_0005.JPG").captured(moment(5));
    library.asset(AssetSpec { has_fingerprint: false, ..unknown });
    let scene = Scene::with(&library);
    scene.export(&[]).expect(0).says("4 of 5 files are").says("1 was copied whole, but the phone recorded");
    assert_eq!(counts(&scene.export(&["--json"]).expect(0).summary()), [4, 1, 0, 0]);
}

#[test]
fn a_file_that_differs_is_read_twice_exported_and_listed() {
    let scene = Scene::with(&four());
    flip(&scene.made.as_ref().unwrap().media.join("DCIM/100APPLE/IMG_0002.JPG"));
    let run = scene.export(&["--json"]);
    let summary = run.expect(0).summary();
    assert_eq!((&summary["outcome"], counts(&summary)), (&"complete".into(), [3, 0, 0, 1]));
    let listed = &summary["differs"][0];
    assert_eq!(listed["name"], "IMG_0002.JPG");
    assert_eq!(listed["role"], "original");
    assert_eq!(listed["to"], "2024/2024-07/IMG_0002.JPG");
    assert_eq!(listed["from"], "DCIM/100APPLE/IMG_0002.JPG");
    assert_eq!(proofs(&run.json())["2024/2024-07/IMG_0002.JPG"], "differs");
    let opens = scene.phone().stats().opens;
    assert_eq!((opens["DCIM/100APPLE/IMG_0001.HEIC"], opens["DCIM/100APPLE/IMG_0002.JPG"]), (1, 2));
    scene.assert_nothing_half_written();
    // What was told of the progress adds up in spite of the second reading.
    let told: Vec<Value> = run.json().into_iter().filter(|line| line["type"] == "progress").collect();
    assert!(told.iter().all(|line| line["bytes"].as_u64() <= line["total_bytes"].as_u64()), "{told:?}");

    // It stays on the list as long as it is so, and a person understands what is meant.
    let again = scene.export(&["--json"]).expect(0).summary();
    assert_eq!((&again["exported_files"], counts(&again)), (&0.into(), [3, 0, 0, 1]));
    assert_eq!(&again["differs"][0], listed);
    scene
        .export(&[])
        .expect(0)
        .says("3 of 4 files were")
        .says("IMG_0002.JPG (2024/2024-07/IMG_0002.JPG)")
        .says("Open them on the drive before you delete anything");
}

#[test]
fn a_file_of_another_size_than_recorded_differs_without_a_second_reading() {
    let scene = Scene::with(&four());
    let file = scene.made.as_ref().unwrap().media.join("DCIM/100APPLE/IMG_0003.PNG");
    let mut bytes = std::fs::read(&file).unwrap();
    bytes.push(0);
    std::fs::write(&file, bytes).unwrap();
    assert_eq!(counts(&scene.export(&["--json"]).expect(0).summary()), [3, 0, 0, 1]);
    assert_eq!(scene.phone().stats().opens["DCIM/100APPLE/IMG_0003.PNG"], 1);
}

/// A phone whose second photo has other bytes at each of these openings; afterwards those of the last one.
fn unsteady(contents: &[&[u8]]) -> Scene {
    let path = "DCIM/100APPLE/IMG_0002.JPG";
    let mut library = Library::new(IosVersion::Ios18);
    library.asset(AssetSpec::at("DCIM/100APPLE/IMG_0001.JPG").captured(moment(1)));
    library.asset(AssetSpec::at(path).captured(moment(2)).bytes(b"right".as_slice()));
    Scene::of(&library, |phone| {
        for (n, content) in (1..).zip(contents) {
            let faults = std::mem::take(&mut phone.faults);
            phone.faults = faults.change(path, When::BeforeOpen(n), Change::Replace(content.to_vec()));
        }
    })
}

#[test]
fn a_wrong_reading_is_not_believed() {
    let scene = unsteady(&[b"wrong", b"right"]);
    let summary = scene.export(&["--json"]).expect(0).summary();
    assert_eq!(counts(&summary), [2, 0, 0, 0]);
    assert_eq!(std::fs::read(scene.dest.join("2024/2024-07/IMG_0002.JPG")).unwrap(), b"right");
    // Wrong, right, and again for good.
    assert_eq!(scene.phone().stats().opens["DCIM/100APPLE/IMG_0002.JPG"], 3);
    scene.assert_nothing_half_written();
}

#[test]
fn a_file_that_never_comes_twice_the_same_fails() {
    let scene = unsteady(&[b"wron1", b"wron2", b"wron3", b"wron4", b"wron5", b"wron6"]);
    let summary = scene.export(&["--json"]).expect(3).summary();
    assert_eq!(counts(&summary), [1, 0, 0, 0]);
    assert_eq!(summary["failed"][0]["name"], "IMG_0002.JPG");
    assert!(text(&summary["failed"][0]["reason"]).contains("comes differently"), "{summary}");
    assert_eq!(scene.names(), ["2024/2024-07/IMG_0001.JPG"]);
}

#[test]
fn a_file_that_made_trouble_is_not_believed_to_have_another_size_either() {
    // Twice of the right size and not the same, then never twice of the same size.
    let scene = unsteady(&[
        b"wron1",
        b"wron2",
        b"half",
        b"one and a half",
        b"h",
        b"twice as much",
        b"ha",
        b"as much",
    ]);
    let summary = scene.export(&["--json"]).expect(3).summary();
    assert_eq!(counts(&summary), [1, 0, 0, 0]);
    assert_eq!(summary["failed"][0]["name"], "IMG_0002.JPG");
    assert_eq!(scene.names(), ["2024/2024-07/IMG_0001.JPG"]);
}

#[test]
fn what_is_adopted_is_compared_with_the_fingerprint_too() {
    let scene = Scene::with(&four());
    flip(&scene.made.as_ref().unwrap().media.join("DCIM/100APPLE/IMG_0002.JPG"));
    scene.export(&[]).expect(0);
    std::fs::remove_dir_all(scene.dest.join(".iexport")).unwrap();
    let summary = scene.export(&["--json"]).expect(0).summary();
    assert_eq!((&summary["adopted_files"], counts(&summary)), (&4.into(), [3, 0, 0, 1]));
}

#[test]
fn what_is_only_in_icloud_is_reported_with_count_sizes_and_list() {
    let mut library = four();
    for n in [6, 7] {
        let name = format!("DCIM/100APPLE/IMG_000{n}.JPG");
        library.asset(AssetSpec::at(name).captured(moment(n)).bytes(vec![7; 1_000_000]).icloud_only());
    }
    let scene = Scene::with(&library);
    let summary = scene.export(&["--json"]).expect(0).summary();
    let report = std::fs::read(scene.dest.join(text(&summary["report"]))).unwrap();
    let report: Value = serde_json::from_slice(&report).unwrap();
    for told in [&summary, &report] {
        assert_eq!(told["cloud_only_bytes"], 2_000_000);
        let list: Vec<_> = told["cloud_only"].as_array().unwrap().iter().map(|file| &file["name"]).collect();
        assert_eq!(list, ["IMG_0006.JPG", "IMG_0007.JPG"]);
        assert_eq!(told["cloud_only"][0]["bytes"], 1_000_000);
    }
    assert_eq!(counts(&summary), [4, 0, 0, 0], "what is not on the drive is not counted");
    scene.export(&[]).expect(0).says("Only in iCloud        2 photos and videos, 2.0 MB: not on this phone");
}

#[test]
fn what_an_older_version_exported_has_no_record_until_it_is_exported_anew() {
    let scene = Scene::with(&four());
    scene.export(&[]).expect(0);
    // The ledger as it was before fingerprints were compared.
    let db = Connection::open(scene.dest.join(".iexport/ledger.db")).unwrap();
    let names = |sql: &str| -> Vec<String> {
        db.prepare(sql).unwrap().query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    let old = ["phones", "runs", "files", "conflicts"];
    let tables = names("SELECT name FROM sqlite_schema WHERE type = 'table'");
    for table in tables.iter().filter(|table| !old.contains(&table.as_str())) {
        db.execute_batch(&format!("DROP TABLE {table}")).unwrap();
    }
    // Those of the first format end with the run.
    for column in
        names("SELECT name FROM pragma_table_info('files')").iter().rev().take_while(|name| *name != "run")
    {
        db.execute_batch(&format!("ALTER TABLE files DROP COLUMN {column}")).unwrap();
    }
    db.pragma_update(None, "user_version", 1).unwrap();
    drop(db);
    let summary = scene.export(&["--json"]).expect(0).summary();
    assert_eq!((&summary["exported_files"], counts(&summary)), (&0.into(), [0, 0, 4, 0]));
    scene.export(&[]).expect(0).says("0 of 4 files were").says("4 were exported by an older iexport");
    std::fs::remove_dir_all(scene.dest.join(".iexport")).unwrap();
    assert_eq!(counts(&scene.export(&["--json"]).expect(0).summary()), [4, 0, 0, 0]);
}

/// The fingerprints that a phone's database has, by item and role. Its own words, and not those of the catalogue.
fn recorded(
    database: &Path,
    uuids: impl Iterator<Item = String>,
) -> BTreeMap<(String, &'static str), String> {
    let db = Connection::open(database).unwrap();
    let has = |table: &str, column: &str| -> bool {
        let sql = "SELECT count(*) FROM pragma_table_info(?1) WHERE name = ?2";
        db.query_row(sql, [table, column], |row| row.get::<_, i64>(0)).unwrap() > 0
    };
    let assets = if has("ZASSET", "Z_PK") { "ZASSET" } else { "ZGENERICASSET" };
    let main = ["ZMASTERFINGERPRINT", "ZORIGINALSTABLEHASH"]
        .into_iter()
        .find(|column| has("ZADDITIONALASSETATTRIBUTES", column))
        .unwrap();
    let mut out = BTreeMap::new();
    for uuid in uuids {
        let sql = format!(
            "SELECT b.{main} FROM {assets} a JOIN ZADDITIONALASSETATTRIBUTES b ON b.ZASSET = a.Z_PK
             WHERE a.ZUUID = ?1"
        );
        let found: Option<Option<String>> = db.query_row(&sql, [&uuid], |row| row.get(0)).optional().unwrap();
        if let Some(Some(fingerprint)) = found {
            out.insert((uuid.clone(), "original"), fingerprint);
        }
        for (role, kinds, version) in [
            ("original", "0, 1", 0),
            ("live_video", "3", 0),
            ("raw", "4", 0),
            ("edited", "0, 1", 2),
            ("edited_live_video", "3", 2),
        ] {
            let sql = format!(
                "SELECT r.ZFINGERPRINT FROM {assets} a JOIN ZINTERNALRESOURCE r ON r.ZASSET = a.Z_PK
                 WHERE a.ZUUID = ?1 AND r.ZDATASTORECLASSID = 0 AND r.ZRESOURCETYPE IN ({kinds})
                     AND r.ZVERSION = {version} AND r.ZRECIPEID & 1 = 0 AND r.ZFINGERPRINT IS NOT NULL"
            );
            let found: Option<String> = db.query_row(&sql, [&uuid], |row| row.get(0)).optional().unwrap();
            if let Some(fingerprint) = found {
                out.entry((uuid.clone(), role)).or_insert(fingerprint);
            }
        }
    }
    out
}

/// Exports a real library and compares each answer with what the truth and the phone's database say. How many files
/// are proven, and how many differ.
fn real(name: &str) -> Option<(usize, usize)> {
    let shared = shared()?;
    let scene = Scene::without_phone();
    let library = copy_of(&shared.join("libraries").join(name), &shared.join("tools"), &scene.path(""));
    let truth: Value = serde_json::from_slice(&std::fs::read(library.join("truth.json")).unwrap()).unwrap();
    let assets = truth["assets"].as_object().unwrap();
    // A copy: SQLite changes what it opens.
    for file in ["Photos.sqlite", "Photos.sqlite-wal"] {
        std::fs::copy(library.join("media/PhotoData").join(file), scene.path(file)).unwrap();
    }
    let recorded = recorded(&scene.path("Photos.sqlite"), assets.keys().cloned());
    let mut phone = PhoneConfig::new(library.join("media"));
    phone.already_paired = true;
    scene.plug(phone);
    let run = scene.export(&["--json"]);
    let summary = run.expect(0).summary();

    let db = ledger(&scene.dest);
    let mut select = db.prepare("SELECT uuid, role, proof FROM files").unwrap();
    let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
    let rows: Vec<(String, String, String)> = rows.unwrap().map(Result::unwrap).collect();
    let mut told: BTreeMap<&str, usize> = BTreeMap::new();
    for (uuid, role, proof) in &rows {
        let file = &assets[uuid]["files"][role];
        let is_marked = file.get("shrunk_from").is_some() || file.get("synthetic").is_some();
        let has_fingerprint = recorded.keys().any(|(own, of)| own == uuid && of == role);
        let expected = match (has_fingerprint, is_marked) {
            (false, _) => "no_fingerprint",
            (true, true) => "differs",
            (true, false) => "proven",
        };
        assert_eq!(proof, expected, "{uuid} {role}");
        *told.entry(expected).or_default() += 1;
    }
    let told = |proof: &str| told.get(proof).copied().unwrap_or(0);
    let expected = ["proven", "no_fingerprint", "", "differs"].map(|proof| told(proof) as u64);
    assert_eq!(counts(&summary), expected);
    assert_eq!(proofs(&run.json()).len(), rows.len());
    Some((told("proven"), told("differs")))
}

#[test]
fn real_libraries_of_ios13() {
    assert!(real("ios13").is_none_or(|found| found == (3, 22)), "not what the library is known to hold");
}

#[test]
fn real_libraries_of_ios16() {
    assert!(real("ios16").is_none_or(|found| found == (2, 10)), "not what the library is known to hold");
}

#[test]
fn real_libraries_of_ios18() {
    assert!(real("ios18-media-types").is_none_or(|found| found == (0, 0)), "the phone recorded none");
}

#[test]
fn real_libraries_with_shared_albums() {
    assert!(
        real("shared-albums").is_none_or(|found| found == (1, 0)),
        "not what the library is known to hold"
    );
}

#[test]
fn every_field_of_the_json_is_documented() {
    let docs =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/scripting.md")).unwrap();
    let mut library = four();
    library.asset(AssetSpec::at("DCIM/100APPLE/IMG_0006.JPG").captured(moment(6)).icloud_only());
    let scene = Scene::with(&library);
    flip(&scene.made.as_ref().unwrap().media.join("DCIM/100APPLE/IMG_0002.JPG"));
    std::fs::remove_file(scene.made.as_ref().unwrap().media.join("DCIM/100APPLE/IMG_0001.HEIC")).unwrap();
    let run = scene.export(&["--json"]);
    let mut lines = run.json();
    let summary = lines.last().unwrap().clone();
    for list in ["differs", "cloud_only", "missing"] {
        lines.push(summary[list][0].clone());
        assert!(lines.last().unwrap().is_object(), "{list} is empty: {summary}");
    }
    for line in lines {
        for field in line.as_object().unwrap().keys() {
            assert!(field == "type" || docs.contains(&format!("`{field}`")), "{field} of {line}");
        }
        if let Some(name) = line.get("type").and_then(Value::as_str) {
            assert!(docs.contains(&format!("`{name}`")), "{name}");
        }
    }
}
