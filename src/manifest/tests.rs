use std::fs;

use jiff::Timestamp;
use rusqlite::Connection;

use super::*;
use crate::catalog::{AlbumId, AssetUuid, Fingerprint, Proof, Role};
use crate::ledger::{ContentHash, Entry, RunId, RunInfo};
use crate::plan::{DestPath, KnownList};
use crate::source::DevicePath;

/// A name as a hostile phone may have it.
const ODD_NAME: &str = "a \"b\",\nc\u{1b}[2J;=1+1\u{202e}.jpg";

/// A destination with files and their ledger.
struct Drive {
    folder: tempfile::TempDir,
    ledger: Ledger,
    run: RunId,
}

impl Drive {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut ledger = Ledger::open(folder.path()).unwrap();
        let info = RunInfo {
            udid: "P".to_owned(),
            device_name: "Ada, \"the\" iPhone".to_owned(),
            model: String::new(),
            ios_version: String::new(),
            started: Timestamp::UNIX_EPOCH,
            program_version: String::new(),
        };
        let run = ledger.begin_run(&info).unwrap();
        Self { folder, ledger, run }
    }

    /// A drive with three files, each of which holds its own path.
    fn with_three() -> Self {
        let mut drive = Self::new();
        for path in ["2024/2024-03/b.jpg", "2024/2024-03/A.jpg", "Undated/c.jpg"] {
            drive.put(path, path);
        }
        drive
    }

    fn path(&self, path: &str) -> std::path::PathBuf {
        self.folder.path().join(path)
    }

    /// Writes a file and records it.
    fn put(&mut self, path: &str, content: &str) {
        fs::create_dir_all(self.path(path).parent().unwrap()).unwrap();
        fs::write(self.path(path), content).unwrap();
        self.record(path, content);
    }

    fn record(&mut self, path: &str, content: &str) {
        let entry = Entry {
            uuid: AssetUuid(path.to_uppercase()),
            original_name: ODD_NAME.into(),
            role: Role::Original,
            to: DestPath::parse(path).unwrap(),
            stem: "x".into(),
            size_bytes: content.len() as u64,
            hash: ContentHash::from(blake3::hash(content.as_bytes())),
            fingerprint: None,
            content_fingerprint: Some(Fingerprint("AQ".to_owned())),
            proof: Some(Proof::NoFingerprint),
            revision: String::new(),
            from: DevicePath::parse("DCIM/100APPLE/x.jpg").unwrap(),
            taken: None,
            exported_at: Timestamp::UNIX_EPOCH,
        };
        self.ledger.record(self.run, &[entry]).unwrap();
    }

    /// Records a link to `2024/2024-03/b.jpg`.
    fn record_link(&self, path: &str) {
        let db = Connection::open(self.ledger.path()).unwrap();
        let sql = "INSERT INTO links (phone, uuid, role, path, path_key, stem, target, kind, size,
                       revision, made_at, run)
                   VALUES (1, '2024/2024-03/B.JPG', 'original', ?1, lower(?1), 'x', '2024/2024-03/b.jpg', 'symbolic',
                       18, '', '2024-03-09T12:00:00Z', 1)";
        db.execute(sql, [path]).unwrap();
    }

    fn write(&self, name: &str) -> Result<Written, ManifestError> {
        let path = self.path(name);
        write_file(&self.ledger, &path, Format::of_name(&path).unwrap(), &CancellationToken::new())
    }

    fn check(&self, depth: Depth) -> (Checked, Vec<(String, &'static str)>) {
        let mut faults = Faults(Vec::new());
        let token = CancellationToken::new();
        let checked = check(&self.ledger, self.folder.path(), depth, &mut faults, &token).unwrap();
        (checked, faults.0)
    }
}

struct Faults(Vec<(String, &'static str)>);

impl Watcher for Faults {
    fn fault(&mut self, listed: &Listed, fault: &Fault) -> Result<(), ManifestError> {
        self.0.push((listed.path.to_text().to_owned(), fault.name()));
        Ok(())
    }

    fn progress(&mut self, _bytes: u64) {}
}

/// The rows of a CSV as texts.
fn csv_rows(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn all_formats_say_the_same_in_the_order_of_the_paths() {
    let drive = Drive::with_three();
    drive.record_link("Album/b.jpg");
    for name in ["m.csv", "m.json", "m.sqlite"] {
        assert_eq!(drive.write(name).unwrap(), Written { entries: 4, odd_rows: 0 }, "{name}");
    }
    let mut rows = csv_rows(&fs::read(drive.path("m.csv")).unwrap());
    let header = rows.remove(0);
    assert_eq!(header, columns::NAMES);
    let paths: Vec<_> = rows.iter().map(|row| row[1].as_str()).collect();
    assert_eq!(paths, ["2024/2024-03/A.jpg", "2024/2024-03/b.jpg", "Album/b.jpg", "Undated/c.jpg"]);
    assert!(rows.iter().all(|row| row[9] == ODD_NAME && row[10] == "Ada, \"the\" iPhone"));

    let json = fs::read_to_string(drive.path("m.json")).unwrap();
    let objects: Vec<serde_json::Value> =
        json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let db = Connection::open(drive.path("m.sqlite")).unwrap();
    let mut select = db.prepare("SELECT * FROM manifest").unwrap();
    assert!(select.column_names().eq(columns::NAMES));
    let of_database: Vec<Vec<String>> = select
        .query_map([], |row| {
            (0..columns::NAMES.len())
                .map(|at| {
                    Ok(match row.get_ref(at)? {
                        rusqlite::types::ValueRef::Null => String::new(),
                        rusqlite::types::ValueRef::Integer(number) => number.to_string(),
                        other => other.as_str().unwrap().to_owned(),
                    })
                })
                .collect()
        })
        .unwrap()
        .collect::<rusqlite::Result<_>>()
        .unwrap();
    let of_json: Vec<Vec<String>> = objects
        .iter()
        .map(|object| {
            assert_eq!(object["type"], "entry");
            let text = |value: &serde_json::Value| match value {
                serde_json::Value::Null => String::new(),
                serde_json::Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            columns::NAMES.iter().map(|name| text(&object[*name])).collect()
        })
        .collect();
    assert_eq!(of_database, rows);
    assert_eq!(of_json, rows);
}

#[test]
fn the_same_ledger_gives_the_same_bytes() {
    let drive = Drive::with_three();
    for extension in ["csv", "jsonl", "db"] {
        drive.write(&format!("one.{extension}")).unwrap();
        drive.write(&format!("two.{extension}")).unwrap();
        let read = |name: &str| fs::read(drive.path(&format!("{name}.{extension}"))).unwrap();
        assert!(read("one") == read("two"), "{extension}");
    }
}

#[test]
fn nothing_is_written_over_and_nothing_half_written_stays() {
    let drive = Drive::with_three();
    let names = |drive: &Drive| {
        let mut names: Vec<_> =
            fs::read_dir(drive.folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    fs::write(drive.path("m.csv"), "mine").unwrap();
    let before = names(&drive);
    assert!(matches!(drive.write("m.csv"), Err(ManifestError::Exists(_))));
    assert_eq!(fs::read(drive.path("m.csv")).unwrap(), b"mine");
    let stopped = CancellationToken::new();
    stopped.cancel();
    for format in [Format::Csv, Format::Json, Format::Sqlite] {
        let error = write_file(&drive.ledger, &drive.path("new"), format, &stopped).unwrap_err();
        assert!(matches!(error, ManifestError::Interrupted), "{error:?}");
    }
    assert!(matches!(drive.write("nowhere/m.csv"), Err(ManifestError::Write { .. })));
    assert_eq!(names(&drive), before);
}

#[test]
fn no_ledger() {
    let drive = Drive::with_three();
    let empty = tempfile::tempdir().unwrap();
    let error = open(empty.path()).unwrap_err();
    assert!(matches!(error, ManifestError::NoLedger { above: None, .. }), "{error:?}");
    match open(&drive.path("2024/2024-03")).unwrap_err() {
        ManifestError::NoLedger { above, .. } => assert_eq!(above.as_deref(), Some(drive.folder.path())),
        error => panic!("{error:?}"),
    }
}

#[test]
fn a_drive_that_is_as_it_was() {
    let drive = Drive::with_three();
    for depth in [Depth::Size, Depth::Hash] {
        let (checked, faults) = drive.check(depth);
        assert!(checked.is_good() && faults.is_empty(), "{faults:?}");
        assert_eq!((checked.entries, checked.good_bytes), (3, 18 + 18 + 13));
    }
}

#[test]
fn what_is_missing_or_differs_is_found() {
    let mut drive = Drive::with_three();
    drive.put("Undated/d.jpg", "1234");
    drive.put("Undated/e.jpg", "1234");
    fs::remove_file(drive.path("Undated/c.jpg")).unwrap();
    fs::create_dir(drive.path("Undated/c.jpg")).unwrap();
    fs::remove_file(drive.path("2024/2024-03/A.jpg")).unwrap();
    fs::write(drive.path("Undated/d.jpg"), "12345").unwrap();
    fs::write(drive.path("Undated/e.jpg"), "1235").unwrap();
    let of_size = [
        ("2024/2024-03/A.jpg".to_owned(), "missing"),
        ("Undated/c.jpg".to_owned(), "not_a_file"),
        ("Undated/d.jpg".to_owned(), "other_size"),
    ];
    let (checked, faults) = drive.check(Depth::Size);
    assert_eq!(faults, of_size);
    assert_eq!((checked.good, checked.missing, checked.differing), (2, 1, 2));
    let (checked, faults) = drive.check(Depth::Hash);
    assert_eq!(faults[..3], of_size);
    assert_eq!(faults[3..], [("Undated/e.jpg".to_owned(), "other_content")]);
    assert!(!checked.is_good());
}

#[test]
fn what_has_no_size_in_the_ledger_has_its_content_looked_at() {
    let mut drive = Drive::with_three();
    let list = |path: &str| KnownList {
        format: "m3u8".into(),
        at: DestPath::parse(path).unwrap(),
        blake3: ContentHash::from(blake3::hash(b"IMG_1.JPG")).to_hex().into(),
    };
    for (path, content) in [("a.m3u8", "IMG_1.JPG"), ("b.m3u8", ""), ("c.m3u8", "IMG_2.JPG")] {
        fs::write(drive.path(path), content).unwrap();
        drive
            .ledger
            .record_list(drive.run, &AlbumId("A".into()), &list(path), Timestamp::UNIX_EPOCH)
            .unwrap();
    }
    let (checked, faults) = drive.check(Depth::Size);
    assert_eq!(faults, ["b.m3u8", "c.m3u8"].map(|path| (path.to_owned(), "other_content")));
    assert_eq!((checked.entries, checked.good, checked.differing), (6, 4, 2));
}

#[test]
fn what_cannot_be_told_is_not_called_good() {
    let drive = Drive::with_three();
    fs::copy(drive.path("2024/2024-03/b.jpg"), drive.path("copy.jpg")).unwrap();
    let db = Connection::open(drive.ledger.path()).unwrap();
    // Of a version of the file that the ledger does not know any more.
    let sql = "INSERT INTO links (phone, uuid, role, path, path_key, stem, target, kind, size, revision, made_at, run)
               VALUES (1, '2024/2024-03/B.JPG', 'original', 'copy.jpg', 'copy.jpg', 'x', '2024/2024-03/b.jpg', 'copy',
                   18, 'old', '2024-03-09T12:00:00Z', 1)";
    db.execute(sql, []).unwrap();
    assert!(drive.check(Depth::Size).0.is_good());
    let (checked, faults) = drive.check(Depth::Hash);
    assert_eq!((checked.entries, checked.good, checked.unchecked, faults), (4, 3, 1, vec![]));
    assert!(!checked.is_good());
    // What was recorded with the link is what counts.
    let hash = ContentHash::from(blake3::hash(b"something else"));
    db.execute("UPDATE links SET blake3 = ?1", [hash.to_hex()]).unwrap();
    assert_eq!(drive.check(Depth::Hash).1, [("copy.jpg".to_owned(), "other_content")]);
}

#[test]
#[cfg(unix)]
fn links_are_looked_at_but_do_not_lead_off_the_drive() {
    use std::os::unix::fs::symlink;
    let drive = Drive::with_three();
    fs::create_dir(drive.path("Album")).unwrap();
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("x"), "2024/2024-03/b.jpg").unwrap();
    for (name, target) in [
        ("good.jpg", Path::new("../2024/2024-03/b.jpg").to_owned()),
        ("nowhere.jpg", Path::new("../no such").to_owned()),
        ("outside.jpg", outside.path().join("x")),
        ("other.jpg", Path::new("../2024/2024-03/A.jpg").to_owned()),
    ] {
        symlink(target, drive.path("Album").join(name)).unwrap();
        drive.record_link(&format!("Album/{name}"));
    }
    fs::hard_link(drive.path("2024/2024-03/b.jpg"), drive.path("Album/hard.jpg")).unwrap();
    drive.record_link("Album/hard.jpg");
    // A file of ours that somebody replaced by a link.
    fs::remove_file(drive.path("Undated/c.jpg")).unwrap();
    symlink(drive.path("2024/2024-03/b.jpg"), drive.path("Undated/c.jpg")).unwrap();
    let (checked, faults) = drive.check(Depth::Hash);
    assert_eq!(
        faults,
        [
            ("Album/nowhere.jpg".to_owned(), "not_a_file"),
            // Of the same size, and another photo all the same.
            ("Album/other.jpg".to_owned(), "other_target"),
            ("Album/outside.jpg".to_owned(), "not_a_file"),
            ("Undated/c.jpg".to_owned(), "not_a_file"),
        ]
    );
    assert_eq!((checked.entries, checked.good, checked.differing), (8, 4, 4));
}

#[test]
fn what_a_run_changes_meanwhile_is_looked_at_as_it_is_then() {
    /// Lets a run go on at the first sign of progress.
    struct Runs<'a>(Option<Box<dyn FnOnce() + 'a>>);
    impl Watcher for Runs<'_> {
        fn fault(&mut self, listed: &Listed, fault: &Fault) -> Result<(), ManifestError> {
            panic!("{listed:?} {fault:?}")
        }
        fn progress(&mut self, _bytes: u64) {
            if let Some(run) = self.0.take() {
                run();
            }
        }
    }
    let mut drive = Drive::with_three();
    let reader = Ledger::open_existing_read_only(drive.folder.path()).unwrap().unwrap();
    let folder = drive.folder.path().to_owned();
    let mut watcher = Runs(Some(Box::new(|| {
        // A newer version takes the place of one, and another goes to a new place.
        drive.put("2024/2024-03/b.jpg", "a newer version");
        fs::remove_file(drive.path("Undated/c.jpg")).unwrap();
        assert!(drive.ledger.forget("P", &AssetUuid("UNDATED/C.JPG".into()), Role::Original).unwrap());
    })));
    let checked = check(&reader, &folder, Depth::Hash, &mut watcher, &CancellationToken::new()).unwrap();
    assert!(checked.is_good(), "{checked:?}");
}

#[test]
fn a_drive_that_goes_away_is_not_called_empty() {
    let drive = Drive::with_three();
    fs::remove_dir_all(drive.path("2024")).unwrap();
    fs::rename(drive.path(".iexport/ledger.db"), drive.path("elsewhere")).unwrap();
    let mut faults = Faults(Vec::new());
    let token = CancellationToken::new();
    let error = check(&drive.ledger, drive.folder.path(), Depth::Size, &mut faults, &token).unwrap_err();
    assert!(matches!(error, ManifestError::DriveGone(_)), "{error:?}");
    assert!(faults.0.is_empty());
}

#[test]
fn a_reader_that_goes_away_is_told_from_a_drive_that_fails() {
    /// Fails like this after a while.
    struct Fails(std::io::ErrorKind, usize);
    impl std::io::Write for Fails {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.1 = self.1.checked_sub(bytes.len()).ok_or(self.0)?;
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut drive = Drive::new();
    for n in 0..200 {
        drive.record(&format!("{n}.jpg"), "");
    }
    let token = CancellationToken::new();
    for room in [0, 20_000] {
        let out = |kind| Fails(kind, room);
        let csv = |kind| {
            let sink = CsvSink::new(out(kind), "x", str::to_owned)?;
            write(&drive.ledger, sink, &token)
        };
        let json = |kind| write(&drive.ledger, JsonSink::new(out(kind), "x"), &token);
        let kind = std::io::ErrorKind::BrokenPipe;
        for error in [csv(kind).unwrap_err(), json(kind).unwrap_err()] {
            assert!(matches!(error, ManifestError::ReaderGone), "{error:?}");
        }
        let kind = std::io::ErrorKind::StorageFull;
        for error in [csv(kind).unwrap_err(), json(kind).unwrap_err()] {
            let is_full = matches!(&error, ManifestError::Write { error, .. } if error.kind() == kind);
            assert!(is_full, "{error:?}");
        }
    }
}
