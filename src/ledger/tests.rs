use std::fs;

use jiff::Timestamp;

use super::*;
use crate::catalog::{AssetUuid, Fingerprint, Proof, Role};
use crate::plan::DestPath;
use crate::source::DevicePath;

pub(super) fn time(second: i64) -> Timestamp {
    Timestamp::from_second(1_709_985_600 + second).unwrap()
}

pub(super) fn phone(udid: &str) -> RunInfo {
    RunInfo {
        udid: udid.to_owned(),
        device_name: "Ada\u{2019}s iPhone".to_owned(),
        model: "iPhone16,2".to_owned(),
        ios_version: "18.5".to_owned(),
        started: time(0),
        program_version: "0.1.0".to_owned(),
    }
}

pub(super) fn entry(uuid: &str, role: Role, path: &str) -> Entry {
    let name = path.rsplit('/').next().unwrap();
    Entry {
        uuid: AssetUuid(uuid.to_owned()),
        original_name: "IMG_1.HEIC".into(),
        role,
        to: DestPath::parse(path).unwrap(),
        stem: name.split('.').next().unwrap().trim_end_matches("_edited").into(),
        size_bytes: 1_234,
        hash: ContentHash::from(blake3::hash(path.as_bytes())),
        fingerprint: Some(Fingerprint("AQ".to_owned())),
        content_fingerprint: Some(Fingerprint("AR".to_owned())),
        proof: Some(Proof::Differs),
        revision: "7.25".to_owned(),
        from: DevicePath::parse("DCIM/100APPLE/IMG_1.HEIC").unwrap(),
        taken: Some(time(-99)),
        exported_at: time(1),
    }
}

fn files_in(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

pub(super) const PATH: &str = "2024/2024-03/IMG_1.HEIC";

#[test]
fn what_is_recorded_is_known_after_opening_again() {
    let dest = tempfile::tempdir().unwrap();
    let written = entry("A", Role::Original, PATH);
    let undated =
        Entry { fingerprint: None, taken: None, ..entry("A", Role::Edited, "Undated/x_edited.jpg") };
    let mut ledger = Ledger::open(dest.path()).unwrap();
    let run = ledger.begin_run(&phone("P")).unwrap();
    ledger.record(run, &[written.clone(), undated.clone()]).unwrap();
    drop(ledger);

    let ledger = Ledger::open(dest.path()).unwrap();
    assert_eq!(ledger.entry("P", &written.uuid, Role::Original).unwrap(), Some(written.clone()));
    assert_eq!(ledger.entry("P", &undated.uuid, Role::Edited).unwrap(), Some(undated.clone()));
    assert_eq!(ledger.entry("P", &written.uuid, Role::Raw).unwrap(), None);
    assert_eq!(ledger.entry("Q", &written.uuid, Role::Original).unwrap(), None);
    let known = ledger.known("P").unwrap();
    assert_eq!(known.len(), 2);
    let file = known.file(&written.uuid, Role::Original).unwrap();
    assert_eq!((file.to.to_text(), &*file.stem), (PATH, "IMG_1"));
    assert_eq!((file.size_bytes, &*file.revision), (1_234, "7.25"));
}

#[test]
fn only_one_file_stays_behind() {
    let dest = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::open(dest.path()).unwrap();
    let run = ledger.begin_run(&phone("P")).unwrap();
    ledger.record(run, &[entry("A", Role::Original, PATH)]).unwrap();
    assert_eq!(files_in(&dest.path().join(FOLDER)), [FILE, "lock"], "between two batches");
    drop(ledger);
    assert_eq!(files_in(&dest.path().join(FOLDER)), [FILE, "lock"]);
    assert_eq!(files_in(dest.path()), [FOLDER]);
}

#[test]
fn a_new_entry_replaces_that_of_the_same_role_or_the_same_path() {
    let mut ledger = Ledger::open_in_memory().unwrap();
    let run = ledger.begin_run(&phone("P")).unwrap();
    ledger.record(run, &[entry("A", Role::Original, PATH)]).unwrap();
    ledger.record(run, &[entry("A", Role::Original, "2024/2024-03/IMG_1-000A.HEIC")]).unwrap();
    assert_eq!(ledger.known("P").unwrap().len(), 1);
    ledger.record(run, &[entry("B", Role::Original, "2024/2024-03/img_1-000a.heic")]).unwrap();
    let known = ledger.known("P").unwrap();
    assert_eq!(known.len(), 1, "on many drives there is one such file only");
    assert!(known.file(&AssetUuid("B".into()), Role::Original).is_some());
}

/// What is recorded, in the order of the paths: which item's, and where.
fn recorded(ledger: &Ledger) -> Vec<(String, String)> {
    let mut select = ledger.db.prepare("SELECT uuid, path FROM files ORDER BY path").unwrap();
    let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

#[test]
fn another_photo_in_the_same_place_takes_nothing_of_the_old_one() {
    let of = |role, path: &str, revision: &str| Entry {
        revision: revision.to_owned(),
        ..entry("path:a", role, path)
    };
    let old = [
        of(Role::Original, "o/1.heic", "5-1"),
        of(Role::LiveVideo, "o/1.mov", "6-1"),
        of(Role::Edited, "o/1_edited.heic", "7-1"),
    ];
    let new = [of(Role::LiveVideo, "o/1-X.mov", "6-2"), of(Role::Original, "o/1-X.heic", "5-2+tags")];
    // In one run and in two, whichever is there first.
    for (first, second, runs) in [(0, 1, 1), (1, 0, 1), (0, 1, 2), (1, 0, 2)] {
        let mut ledger = Ledger::open_in_memory().unwrap();
        let run = ledger.begin_run(&phone("P")).unwrap();
        ledger.record(run, &old).unwrap();
        let mut run = ledger.begin_run(&phone("P")).unwrap();
        ledger.record(run, &new[first..=first]).unwrap();
        if runs == 2 {
            run = ledger.begin_run(&phone("P")).unwrap();
        }
        ledger.record(run, &new[second..=second]).unwrap();
        let rows = recorded(&ledger);
        assert_eq!(rows.len(), 5, "{rows:?}");
        for (uuid, path) in &rows {
            assert_eq!(uuid.starts_with("path:a#"), !path.contains("-X"), "{first} {runs}: {rows:?}");
        }
    }
    // The same version elsewhere, or another one of the same edit, leaves the others what they are.
    let mut ledger = Ledger::open_in_memory().unwrap();
    let run = ledger.begin_run(&phone("P")).unwrap();
    ledger.record(run, &old).unwrap();
    let run = ledger.begin_run(&phone("P")).unwrap();
    ledger
        .record(run, &[of(Role::Original, "o/1-Y.heic", "5-1"), of(Role::Edited, "o/2_edited.heic", "7-2")])
        .unwrap();
    let rows = recorded(&ledger);
    let of_now: Vec<&str> =
        rows.iter().filter(|(uuid, _)| uuid == "path:a").map(|(_, path)| &**path).collect();
    assert_eq!((of_now, rows.len()), (vec!["o/1-Y.heic", "o/1.mov", "o/2_edited.heic"], 4), "{rows:?}");
    // What has an identity of its own is the same photo, wherever it is.
    let of = |path: &str, revision: &str| Entry {
        revision: revision.to_owned(),
        ..entry("A", Role::Original, path)
    };
    ledger.record(run, &[of("p/1.heic", "1")]).unwrap();
    ledger.record(run, &[of("p/2.heic", "2")]).unwrap();
    assert_eq!(recorded(&ledger).len(), 5);
}

#[test]
fn a_batch_is_recorded_whole_or_not_at_all() {
    let mut ledger = Ledger::open_in_memory().unwrap();
    let run = ledger.begin_run(&phone("P")).unwrap();
    ledger
        .db
        .execute_batch(
            "CREATE TRIGGER refuse BEFORE INSERT ON files WHEN NEW.uuid = 'B'
             BEGIN SELECT RAISE(ABORT, 'no'); END",
        )
        .unwrap();
    let batch = [entry("A", Role::Original, PATH), entry("B", Role::Original, "Undated/b.jpg")];
    assert!(matches!(ledger.record(run, &batch), Err(LedgerError::Database { .. })));
    assert!(ledger.known("P").unwrap().is_empty());
}

#[test]
fn what_other_phones_own_is_told_apart() {
    let mut ledger = Ledger::open_in_memory().unwrap();
    let first = ledger.begin_run(&phone("P")).unwrap();
    let second = ledger.begin_run(&phone("Q")).unwrap();
    ledger.record(first, &[entry("A", Role::Original, PATH)]).unwrap();
    ledger.record(second, &[entry("A", Role::Original, "Undated/a.jpg")]).unwrap();
    for (udid, path) in [("P", PATH), ("Q", "Undated/a.jpg")] {
        let known = ledger.known(udid).unwrap();
        assert_eq!(known.len(), 1);
        assert_eq!(known.of(&AssetUuid("A".into()))[0].to.to_text(), path);
    }
    assert!(ledger.known("R").unwrap().is_empty());
}

#[test]
fn a_conflict_is_remembered_for_its_item() {
    let mut ledger = Ledger::open_in_memory().unwrap();
    let run = ledger.begin_run(&phone("P")).unwrap();
    let conflict = Conflict {
        uuid: AssetUuid("A".into()),
        role: Role::Original,
        path: DestPath::parse(PATH).unwrap(),
        size_bytes: 5,
        found_at: time(3),
    };
    ledger.record_conflict(run, &conflict).unwrap();
    ledger.record_conflict(run, &conflict).unwrap();

    let item = crate::testing::photo("A", "IMG_1.HEIC", 0, 5);
    let other = crate::testing::photo("B", "IMG_1.HEIC", 1, 5);
    let catalog = crate::testing::catalog(vec![item, other], Vec::new());
    let mut survey = crate::plan::Survey::default();
    survey.add(&conflict.path.parent(), "IMG_1.HEIC", crate::plan::Found::File { size_bytes: 5 });
    let known = ledger.known("P").unwrap();
    let wanted = crate::plan::Arrangement {
        layout: &crate::plan::Layout::ByDate,
        names: crate::plan::Names::Portable,
        albums: None,
        links: false,
        below: crate::testing::root(),
        playlists: false,
    };
    let plan = crate::plan::plan(&crate::plan::PlanInput {
        catalog: &catalog,
        selected: &[0, 1],
        contents: &crate::plan::Contents::default(),
        places: &crate::plan::Places::new(&catalog, &[0, 1], &known, &wanted).unwrap(),
        known: &known,
        survey: &survey,
    });
    assert_ne!(plan.files[0].to, conflict.path);
    assert_eq!(plan.files[1].to, conflict.path);

    // Until the item has a file of its own there.
    ledger.record(run, &[entry("A", Role::Original, PATH)]).unwrap();
    let left: i64 = ledger.db.query_row("SELECT count(*) FROM conflicts", [], |row| row.get(0)).unwrap();
    assert_eq!(left, 0);
}

#[test]
fn what_is_forgotten_is_not_known() {
    let mut ledger = Ledger::open_in_memory().unwrap();
    let run = ledger.begin_run(&phone("P")).unwrap();
    ledger.record(run, &[entry("A", Role::Original, PATH)]).unwrap();
    let uuid = AssetUuid("A".into());
    assert!(!ledger.forget("Q", &uuid, Role::Original).unwrap());
    assert!(!ledger.forget("P", &uuid, Role::Edited).unwrap());
    assert!(ledger.forget("P", &uuid, Role::Original).unwrap());
    assert!(ledger.known("P").unwrap().is_empty());
}

#[test]
fn runs_and_how_they_ended() {
    let mut ledger = Ledger::open_in_memory().unwrap();
    let outcome = |finished, complete| RunOutcome {
        finished,
        exported_files: 1,
        exported_bytes: 2,
        already_files: 3,
        failed_files: 4,
        complete,
    };
    let first = ledger.begin_run(&phone("P")).unwrap();
    assert_eq!(ledger.last_complete_run("P").unwrap(), None);
    ledger.finish_run(first, &outcome(time(10), true)).unwrap();
    let renamed = RunInfo { device_name: "New name".to_owned(), started: time(20), ..phone("P") };
    let second = ledger.begin_run(&renamed).unwrap();
    ledger.finish_run(second, &outcome(time(30), false)).unwrap();
    assert_ne!(first, second);
    assert_eq!(ledger.last_complete_run("P").unwrap(), Some(time(10)));
    let phones: (i64, String, String, String) = ledger
        .db
        .query_row("SELECT count(*), name, first_seen, last_seen FROM phones", [], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
        .unwrap();
    assert_eq!(phones, (1, "New name".to_owned(), time(0).to_string(), time(20).to_string()));
}

#[test]
fn two_runs_at_once_are_refused() {
    let dest = tempfile::tempdir().unwrap();
    let first = Ledger::open(dest.path()).unwrap();
    let error = Ledger::open(dest.path()).unwrap_err();
    assert!(matches!(error, LedgerError::InUse { .. }), "{error:?}");
    assert!(Ledger::open_existing_read_only(dest.path()).unwrap().is_some(), "looking is allowed");
    drop(first);
    Ledger::open(dest.path()).unwrap();
}

#[test]
fn reading_creates_nothing() {
    let dest = tempfile::tempdir().unwrap();
    assert!(Ledger::open_existing_read_only(dest.path()).unwrap().is_none());
    assert!(Ledger::open_existing_read_only(&dest.path().join("nowhere")).unwrap().is_none());
    assert_eq!(files_in(dest.path()), [] as [&str; 0]);

    fs::create_dir(dest.path().join(FOLDER)).unwrap();
    fs::write(dest.path().join(FOLDER).join(FILE), b"").unwrap();
    assert!(Ledger::open_existing_read_only(dest.path()).unwrap().is_none(), "nothing is in it yet");
    assert_eq!(files_in(&dest.path().join(FOLDER)), [FILE]);
}

#[test]
fn reading_cannot_write() {
    let dest = tempfile::tempdir().unwrap();
    drop(Ledger::open(dest.path()).unwrap());
    let mut ledger = Ledger::open_existing_read_only(dest.path()).unwrap().unwrap();
    let error = ledger.begin_run(&phone("P")).unwrap_err();
    assert!(matches!(error, LedgerError::ReadOnly { .. }), "{error:?}");
}

#[test]
fn a_damaged_ledger_says_what_to_do() {
    let dest = tempfile::tempdir().unwrap();
    fs::create_dir(dest.path().join(FOLDER)).unwrap();
    fs::write(dest.path().join(FOLDER).join(FILE), "no database at all, but long enough\n".repeat(99))
        .unwrap();
    for error in
        [Ledger::open(dest.path()).unwrap_err(), Ledger::open_existing_read_only(dest.path()).unwrap_err()]
    {
        assert!(matches!(error, LedgerError::Corrupt { .. }), "{error:?}");
        assert!(error.to_string().contains("move it away"), "{error}");
    }
}

#[test]
fn damage_in_the_middle_is_found_when_reading() {
    let dest = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::open(dest.path()).unwrap();
    let run = ledger.begin_run(&phone("P")).unwrap();
    let entries: Vec<Entry> =
        (0..500).map(|n| entry(&format!("U{n}"), Role::Original, &format!("Undated/{n}.jpg"))).collect();
    ledger.record(run, &entries).unwrap();
    let path = ledger.path().to_owned();
    drop(ledger);
    let mut bytes = fs::read(&path).unwrap();
    let page = 4096;
    assert!(bytes.len() > 8 * page);
    bytes[8 * page..].fill(0x5a);
    fs::write(&path, bytes).unwrap();
    let error = Ledger::open(dest.path()).and_then(|ledger| ledger.known("P")).unwrap_err();
    assert!(matches!(error, LedgerError::Corrupt { .. }), "{error:?}");
}

#[test]
fn a_newer_ledger_is_refused_and_left_alone() {
    let dest = tempfile::tempdir().unwrap();
    let ledger = Ledger::open(dest.path()).unwrap();
    ledger.db.pragma_update(None, "user_version", schema::CURRENT + 1).unwrap();
    let path = ledger.path().to_owned();
    drop(ledger);
    let before = fs::read(&path).unwrap();
    for error in
        [Ledger::open(dest.path()).unwrap_err(), Ledger::open_existing_read_only(dest.path()).unwrap_err()]
    {
        assert!(matches!(error, LedgerError::Newer { .. }), "{error:?}");
    }
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn an_older_ledger_is_not_changed_by_reading() {
    let dest = tempfile::tempdir().unwrap();
    let ledger = Ledger::open(dest.path()).unwrap();
    ledger.db.pragma_update(None, "user_version", 0).unwrap();
    drop(ledger);
    let error = Ledger::open_existing_read_only(dest.path()).unwrap_err();
    assert!(matches!(error, LedgerError::Older { found: 0, .. }), "{error:?}");
}

/// A ledger as the first version of this program made it, with one file in it.
pub(super) const FORMAT_1: &str = include_str!("tests/format1.sql");

#[test]
fn a_ledger_of_the_first_format_is_brought_up_to_date_with_all_that_is_in_it() {
    let dest = tempfile::tempdir().unwrap();
    fs::create_dir(dest.path().join(FOLDER)).unwrap();
    Connection::open(dest.path().join(FOLDER).join(FILE)).unwrap().execute_batch(FORMAT_1).unwrap();
    let error = Ledger::open_existing_read_only(dest.path()).unwrap_err();
    assert!(matches!(error, LedgerError::Older { found: 1, .. }), "{error:?}");

    let mut ledger = Ledger::open(dest.path()).unwrap();
    let uuid = AssetUuid("A".to_owned());
    let old = ledger.entry("P", &uuid, Role::Original).unwrap().unwrap();
    let expected = Entry {
        original_name: "".into(),
        content_fingerprint: None,
        proof: None,
        hash: ContentHash::from(blake3::hash(b"abc")),
        ..entry("A", Role::Original, PATH)
    };
    assert_eq!(old, expected);
    assert_eq!(ledger.known("P").unwrap().file(&uuid, Role::Original).unwrap().proof, None);
    assert_eq!(ledger.last_complete_run("P").unwrap(), Some(time(2)));

    let run = ledger.begin_run(&phone("P")).unwrap();
    let new = entry("A", Role::Original, PATH);
    ledger.record(run, std::slice::from_ref(&new)).unwrap();
    assert_eq!(ledger.entry("P", &uuid, Role::Original).unwrap(), Some(new));
    assert_eq!(ledger.known("P").unwrap().file(&uuid, Role::Original).unwrap().proof, Some(Proof::Differs));
    drop(ledger);
    assert!(Ledger::open_existing_read_only(dest.path()).unwrap().is_some());
}

#[test]
fn what_a_killed_run_left_half_written_is_taken_back() {
    let dest = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::open(dest.path()).unwrap();
    let run = ledger.begin_run(&phone("P")).unwrap();
    ledger.record(run, &[entry("A", Role::Original, PATH)]).unwrap();
    // A cache of a few pages makes SQLite write to the file before the transaction ends.
    ledger.db.pragma_update(None, "cache_size", 1).unwrap();
    ledger.db.execute_batch("BEGIN").unwrap();
    for n in 0..500 {
        let sql = "INSERT INTO conflicts (phone, uuid, role, path, size, found_at, run)
                   VALUES (1, ?1, 'raw', 'x', 0, '', 1)";
        ledger.db.execute(sql, [n]).unwrap();
    }
    let killed = tempfile::tempdir().unwrap();
    fs::create_dir(killed.path().join(FOLDER)).unwrap();
    for name in [FILE, "ledger.db-journal"] {
        fs::copy(dest.path().join(FOLDER).join(name), killed.path().join(FOLDER).join(name)).unwrap();
    }
    let ledger = Ledger::open_existing_read_only(killed.path()).unwrap().unwrap();
    assert_eq!(ledger.known("P").unwrap().len(), 1);
    let conflicts: i64 = ledger.db.query_row("SELECT count(*) FROM conflicts", [], |row| row.get(0)).unwrap();
    assert_eq!(conflicts, 0);
}

#[test]
fn rows_that_make_no_sense_are_passed_over() {
    let mut ledger = Ledger::open_in_memory().unwrap();
    let run = ledger.begin_run(&phone("P")).unwrap();
    ledger.record(run, &[entry("A", Role::Original, PATH)]).unwrap();
    for (column, value) in [
        ("path", "../../etc/passwd"),
        ("path", ".iexport/x"),
        ("role", "king"),
        ("stem", "a/b"),
        ("size", "-1"),
    ] {
        ledger.db.execute_batch("SAVEPOINT try").unwrap();
        ledger.db.execute(&format!("UPDATE files SET {column} = ?1"), [value]).unwrap();
        assert!(ledger.known("P").unwrap().is_empty(), "{column} {value}");
        ledger.db.execute_batch("ROLLBACK TO try").unwrap();
    }
    assert_eq!(ledger.known("P").unwrap().len(), 1);
}

#[test]
fn a_destination_that_is_not_there_or_a_file() {
    let dest = tempfile::tempdir().unwrap();
    let error = Ledger::open(&dest.path().join("nowhere")).unwrap_err();
    assert!(matches!(error, LedgerError::Folder { .. }), "{error:?}");
    fs::write(dest.path().join("file"), b"").unwrap();
    let error = Ledger::open(&dest.path().join("file")).unwrap_err();
    assert!(matches!(error, LedgerError::Folder { .. }), "{error:?}");
}

#[test]
fn hashes_as_text() {
    let hash = ContentHash::from(blake3::hash(b"abc"));
    assert_eq!(hash.to_hex(), "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85");
    assert_eq!(ContentHash::from_hex(&hash.to_hex()), Ok(hash));
    assert_eq!(ContentHash::from_hex("6437"), Err(NotAHash));
    assert_eq!(ContentHash::from_hex(&"zz".repeat(32)), Err(NotAHash));
}

#[test]
fn links_and_lists_are_known_after_opening_again() {
    use crate::catalog::AlbumId;
    use crate::plan::{KnownLink, KnownList, LinkAction, LinkWay, PlannedLink};
    let dest = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::open(dest.path()).unwrap();
    let run = ledger.begin_run(&phone("P")).unwrap();
    let link = PlannedLink {
        item: 0,
        uuid: AssetUuid("A".into()),
        role: Role::Original,
        target: DestPath::parse("Cats/IMG_1.HEIC").unwrap(),
        at: DestPath::parse("Dogs/IMG_1-AAAA.HEIC").unwrap(),
        stem: "IMG_1-AAAA".into(),
        size_bytes: None,
        revision: "7".into(),
        action: LinkAction::Make,
    };
    let entry = |way, size_bytes| LinkEntry { link: link.clone(), way, size_bytes };
    ledger.record_links(run, &[entry(LinkWay::Copy, 4)], time(5)).unwrap();
    ledger.record_links(run, &[entry(LinkWay::Hard, 5)], time(6)).unwrap();
    let album = AlbumId("D".into());
    let list = |path: &str, blake3: &str| KnownList {
        format: "json".into(),
        at: DestPath::parse(path).unwrap(),
        blake3: blake3.into(),
    };
    for (path, blake3) in [("Dogs/Dogs.json", "00"), ("Old/Old.json", "11"), ("Dogs/Dogs-DDDD.json", "22")] {
        ledger.record_list(run, &album, &list(path, blake3), time(6)).unwrap();
    }
    drop(ledger);

    let ledger = Ledger::open_existing_read_only(dest.path()).unwrap().unwrap();
    let known = ledger.known("P").unwrap();
    let expected = KnownLink {
        role: Role::Original,
        at: link.at.clone(),
        target: link.target.clone(),
        stem: "IMG_1-AAAA".into(),
        way: LinkWay::Hard,
        size_bytes: 5,
        revision: "7".into(),
    };
    assert_eq!(known.links_of(&link.uuid), [expected]);
    assert_eq!(
        known.lists_of(&album),
        [list("Dogs/Dogs-DDDD.json", "22"), list("Old/Old.json", "11")],
        "the last in each folder"
    );
    let others = ledger.known("Q").unwrap();
    assert_eq!((others.links_of(&link.uuid).len(), others.lists_of(&album).len()), (0, 0));
}

#[test]
fn links_that_point_out_of_the_destination_are_not_believed() {
    let mut ledger = Ledger::open_in_memory().unwrap();
    let run = ledger.begin_run(&phone("P")).unwrap();
    let insert = "INSERT INTO links (phone, uuid, role, path, path_key, stem, target, kind, size, revision,
        made_at, run) VALUES (1, 'A', 'original', ?1, ?1, 'x', ?2, ?3, 1, '', '', ?4)";
    for (n, (at, target, kind)) in [
        ("../x", "a", "hard"),
        ("a", "/etc/passwd", "hard"),
        (".iexport/ledger.db", "a", "hard"),
        ("b", "a", "soft"),
        ("c", "a", "hard"),
    ]
    .into_iter()
    .enumerate()
    {
        assert_eq!(ledger.db.execute(insert, rusqlite::params![at, target, kind, run.0]).unwrap(), 1, "{n}");
    }
    assert_eq!(ledger.known("P").unwrap().links_of(&AssetUuid("A".into())).len(), 1);
}

#[test]
fn what_links_of_the_second_format_hold_is_found_in_their_files() {
    use crate::plan::{LinkAction, LinkWay, PlannedLink};
    let dest = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::open(dest.path()).unwrap();
    let run = ledger.begin_run(&phone("P")).unwrap();
    let file = entry("A", Role::Original, PATH);
    ledger.record(run, std::slice::from_ref(&file)).unwrap();
    let at = |path: &str| DestPath::parse(path).unwrap();
    for (path, revision) in [("Dogs/IMG_1.HEIC", &*file.revision), ("Cats/IMG_1.HEIC", "older")] {
        let link = PlannedLink {
            item: 0,
            uuid: file.uuid.clone(),
            role: file.role,
            target: file.to.clone(),
            at: at(path),
            stem: file.stem.clone(),
            size_bytes: None,
            revision: revision.into(),
            action: LinkAction::Make,
        };
        let entry = LinkEntry { link, way: LinkWay::Copy, size_bytes: file.size_bytes };
        ledger.record_links(run, &[entry], time(5)).unwrap();
        assert_eq!(ledger.link_hash_at(&at(path)).unwrap(), Some(file.hash));
    }
    ledger.db.execute_batch("ALTER TABLE links DROP COLUMN blake3; PRAGMA user_version = 2").unwrap();
    drop(ledger);

    let ledger = Ledger::open(dest.path()).unwrap();
    let hash = |path| ledger.link_hash_at(&at(path)).unwrap();
    assert_eq!((hash("Dogs/IMG_1.HEIC"), hash("Cats/IMG_1.HEIC")), (Some(file.hash), None));
    assert_eq!(hash("Birds/IMG_1.HEIC"), None);
}
