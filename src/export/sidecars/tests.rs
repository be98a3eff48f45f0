//! Sidecars on drives that fail, and beside files that others changed. What a whole export does with them is tested
//! end to end, in `tests/e2e/sidecars.rs`.

use std::io;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::Timestamp;
use tempfile::TempDir;

use super::*;
use crate::catalog::Role;
use crate::ledger::{Ledger, RunInfo};
use crate::testing::{catalog, photo};
use crate::transfer::{AtPath, LocalDrive, PartialFile};

const BOTH: Sidecars = Sidecars { xmp: true, json: true };
const JSON: Sidecars = Sidecars { xmp: false, json: true };
const XMP: Sidecars = Sidecars { xmp: true, json: false };

/// What a drive is to do wrong.
#[derive(Default)]
struct Wrong {
    /// There is room for so many files more.
    room_for: Option<usize>,
    /// Naming a path that ends like this fails.
    name: Option<(&'static str, io::ErrorKind)>,
    /// Making names durable fails.
    sync: bool,
    /// Files that appear under a name just before it is given.
    sneaks_in: Option<&'static str>,
}

/// A drive that counts what is done to it, and fails to order.
struct FaultyDrive {
    inner: LocalDrive,
    root: PathBuf,
    wrong: Wrong,
    begun: AtomicUsize,
    hashed: AtomicUsize,
}

struct FullPartial(Box<dyn PartialFile>, bool);

impl PartialFile for FullPartial {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.1 { Err(io::ErrorKind::StorageFull.into()) } else { self.0.write(bytes) }
    }

    fn finish(&mut self, time: Option<Timestamp>) -> io::Result<()> {
        self.0.finish(time)
    }
}

impl Drive for FaultyDrive {
    fn begin(&self, number: u64) -> io::Result<Box<dyn PartialFile>> {
        let before = self.begun.fetch_add(1, Ordering::SeqCst);
        let is_full = self.wrong.room_for.is_some_and(|room| before >= room);
        Ok(Box::new(FullPartial(self.inner.begin(number)?, is_full)))
    }

    fn publish(&self, number: u64, to: &DestPath, replace: bool) -> io::Result<()> {
        if let Some((end, kind)) = self.wrong.name
            && to.to_text().ends_with(end)
        {
            return Err(kind.into());
        }
        if self.wrong.sneaks_in.is_some_and(|end| to.to_text().ends_with(end)) {
            std::fs::write(self.root.join(to.as_path()), "mine").unwrap();
        }
        self.inner.publish(number, to, replace)
    }

    fn discard(&self, number: u64) {
        self.inner.discard(number);
    }

    fn sync_folder(&self, folder: &DestPath) -> io::Result<()> {
        if self.wrong.sync { Err(io::Error::other("gone")) } else { self.inner.sync_folder(folder) }
    }

    fn look(&self, path: &DestPath) -> io::Result<AtPath> {
        self.inner.look(path)
    }

    fn list(&self, folder: &DestPath) -> io::Result<Vec<(String, crate::plan::Found)>> {
        self.inner.list(folder)
    }

    fn hash(&self, path: &DestPath) -> io::Result<(u64, crate::transfer::ContentHash)> {
        self.hashed.fetch_add(1, Ordering::SeqCst);
        self.inner.hash(path)
    }

    fn remove(&self, path: &DestPath) -> io::Result<()> {
        self.inner.remove(path)
    }

    fn free_bytes(&self) -> Option<u64> {
        self.inner.free_bytes()
    }
}

/// Remembers what it is told of sidecars.
#[derive(Default)]
struct Told(Mutex<Vec<String>>);

impl Report for Told {
    fn event(&self, event: &Event) {
        if let Event::Sidecar { to, how } = event {
            self.0.lock().unwrap().push(format!("{how} {to}"));
        }
    }
}

/// A destination with photos of 7 bytes each, as the ledger has them.
struct World {
    dest: TempDir,
    catalog: Catalog,
    wrong: Wrong,
    cancel: CancellationToken,
    recording: Option<Recording>,
    /// What the last run did to the drive: files begun, files read.
    work: (usize, usize),
    told: Vec<String>,
}

impl World {
    fn with(photos: usize) -> Self {
        let dest = tempfile::tempdir().unwrap();
        let items: Vec<Item> =
            (0..photos).map(|n| photo(&format!("U{n:03}"), &format!("IMG_{n:03}.HEIC"), 0, 7)).collect();
        let mut world = Self {
            recording: None,
            dest,
            catalog: catalog(items, Vec::new()),
            wrong: Wrong::default(),
            cancel: CancellationToken::new(),
            work: (0, 0),
            told: Vec::new(),
        };
        world.forget();
        for n in 0..photos {
            world.exported(&format!("U{n:03}"), Role::Original, &format!("a/IMG_{n:03}.HEIC"));
        }
        world
    }

    /// Opens the ledger as a new run does.
    fn open(&mut self) {
        self.recording = None;
        let info = RunInfo {
            udid: "phone".into(),
            device_name: String::new(),
            model: String::new(),
            ios_version: String::new(),
            started: Timestamp::UNIX_EPOCH,
            program_version: String::new(),
        };
        let ledger = Ledger::open(self.dest.path()).unwrap();
        self.recording = Some(Recording::begin(ledger, &info, || Timestamp::UNIX_EPOCH).unwrap());
    }

    fn sql(&self, statement: &str) {
        let db = rusqlite::Connection::open(self.path(".iexport/ledger.db")).unwrap();
        db.execute_batch(statement).unwrap();
    }

    /// Begins with a new ledger that knows nothing of sidecars.
    fn forget(&mut self) {
        self.open();
        self.sql("DELETE FROM sidecars");
    }

    /// Puts a file on the drive and into the ledger.
    fn exported(&self, uuid: &str, role: Role, path: &str) {
        self.put(path, "a photo");
        let role = role.name();
        self.sql(&format!(
            "INSERT OR REPLACE INTO files (phone, uuid, role, path, path_key, stem, size, blake3, revision,
                 source_path, exported_at, run)
             VALUES (1, '{uuid}', '{role}', '{path}', lower('{path}'), 'IMG', 7, '', '', 'DCIM/x', '', 1)"
        ));
    }

    fn path(&self, path: &str) -> PathBuf {
        self.dest.path().join(path)
    }

    fn put(&self, path: &str, content: &str) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path(path)).unwrap()
    }

    /// The sidecars in the folder `a`, sorted.
    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(self.path("a"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.ends_with(".xmp") || name.ends_with(".json"))
            .collect();
        names.sort();
        names
    }

    fn run(&mut self, sidecars: Sidecars) -> SidecarTally {
        self.open();
        let drive = FaultyDrive {
            inner: LocalDrive::open(self.dest.path()).unwrap(),
            root: self.dest.path().to_owned(),
            wrong: std::mem::take(&mut self.wrong),
            begun: AtomicUsize::new(0),
            hashed: AtomicUsize::new(0),
        };
        let told = Told::default();
        let selected: Vec<usize> = (0..self.catalog.items.len()).collect();
        let tally = Writing {
            catalog: &self.catalog,
            selected: &selected,
            sidecars,
            udid: "phone",
            drive: &drive,
            recording: self.recording.as_mut().unwrap(),
            report: &told,
            cancel: &self.cancel,
        }
        .run();
        self.work = (drive.begun.into_inner(), drive.hashed.into_inner());
        self.told = told.0.into_inner().unwrap();
        let partial = self.path(".iexport/partial");
        assert_eq!(std::fs::read_dir(partial).unwrap().count(), 0, "nothing half-written stays behind");
        tally
    }

    fn favorite(&mut self, n: usize) {
        self.catalog.items[n].favorite ^= true;
    }
}

/// Written, rewritten, unchanged, kept, failed, not reached.
fn counts(tally: &SidecarTally) -> (u64, u64, u64, usize, usize, u64) {
    let SidecarTally { written, rewritten, unchanged, kept, failed, not_reached, end: _ } = tally;
    (*written, *rewritten, *unchanged, kept.len(), failed.len(), *not_reached)
}

#[test]
fn what_is_there_is_not_touched_and_what_changed_is_rewritten() {
    let mut world = World::with(3);
    assert_eq!(counts(&world.run(BOTH)), (6, 0, 0, 0, 0, 0));
    assert_eq!(world.names().len(), 6);
    assert_eq!(world.told[0], "written a/IMG_000.HEIC.xmp");
    assert_eq!(counts(&world.run(BOTH)), (0, 0, 6, 0, 0, 0));
    assert_eq!(world.work, (0, 0), "neither written nor read");
    assert!(world.told.is_empty());
    world.favorite(1);
    assert_eq!(counts(&world.run(BOTH)), (0, 2, 4, 0, 0, 0));
    assert_eq!(world.told, ["rewritten a/IMG_001.HEIC.xmp", "rewritten a/IMG_001.HEIC.json"]);
    assert!(world.read("a/IMG_001.HEIC.xmp").contains("<xmp:Rating>5<"));
    // What is not asked for any more stays as it is.
    world.favorite(1);
    assert_eq!(counts(&world.run(XMP)), (0, 1, 2, 0, 0, 0));
    assert!(world.read("a/IMG_001.HEIC.json").contains("\"favorite\": true"));
}

#[test]
fn what_somebody_changed_is_left_alone() {
    let mut world = World::with(3);
    world.run(XMP);
    let mut worked_on = world.read("a/IMG_000.HEIC.xmp");
    worked_on = worked_on.replace("IMG_000.HEIC", "IMG_xyz.HEIC");
    world.put("a/IMG_000.HEIC.xmp", &worked_on);
    world.put("a/IMG_001.HEIC.xmp", "<x:xmpmeta/>");
    for n in 0..3 {
        world.favorite(n);
    }
    for _ in 0..2 {
        let tally = world.run(XMP);
        let paths: Vec<&str> = tally.kept.iter().map(DestPath::to_text).collect();
        assert_eq!(paths, ["a/IMG_000.HEIC.xmp", "a/IMG_001.HEIC.xmp"]);
        assert_eq!(world.read("a/IMG_000.HEIC.xmp"), worked_on);
        assert_eq!(world.read("a/IMG_001.HEIC.xmp"), "<x:xmpmeta/>");
    }
    assert!(world.read("a/IMG_002.HEIC.xmp").contains("<xmp:Rating>5<"));
    // They change their mind.
    std::fs::remove_file(world.path("a/IMG_001.HEIC.xmp")).unwrap();
    assert_eq!(counts(&world.run(XMP)), (1, 0, 1, 1, 0, 0));
    assert!(world.read("a/IMG_001.HEIC.xmp").contains("<xmp:Rating>5<"));
}

#[test]
fn a_file_that_we_did_not_write_is_left_alone_unless_it_is_the_same() {
    let mut world = World::with(4);
    world.run(XMP);
    let same = world.read("a/IMG_000.HEIC.xmp");
    world.forget();
    world.put("a/IMG_001.HEIC.xmp", &"x".repeat(same.len()));
    world.put("a/IMG_002.HEIC.xmp", "mine");
    std::fs::remove_file(world.path("a/IMG_003.HEIC.xmp")).unwrap();
    std::fs::create_dir(world.path("a/IMG_003.HEIC.xmp")).unwrap();
    assert_eq!(counts(&world.run(XMP)), (0, 0, 1, 3, 0, 0));
    assert_eq!(world.read("a/IMG_002.HEIC.xmp"), "mine");
    // What was found the same is ours from now on.
    world.favorite(0);
    assert_eq!(counts(&world.run(XMP)), (0, 1, 0, 3, 0, 0));
    assert_ne!(world.read("a/IMG_000.HEIC.xmp"), same);
}

#[test]
fn a_name_that_differs_by_case_belongs_to_somebody() {
    let mut world = World::with(1);
    world.put("a/img_000.heic.XMP", "mine");
    assert_eq!(counts(&world.run(XMP)), (0, 0, 0, 1, 0, 0));
    assert_eq!(world.read("a/img_000.heic.XMP"), "mine");
}

#[test]
#[cfg(unix)]
fn names_as_they_are_on_the_phone() {
    let mut world = World::with(1);
    for path in ["a/Cafe\u{301}: what?.HEIC", "a/.hidden. ", "a/img_000.heic.MOV"] {
        world.exported("U000", Role::Original, path);
        assert_eq!(counts(&world.run(XMP)), (1, 0, 0, 0, 0, 0), "{path}");
        assert_eq!(counts(&world.run(XMP)), (0, 0, 1, 0, 0, 0), "{path}");
        assert!(world.path(&format!("{path}.xmp")).exists(), "{path}");
    }
}

#[test]
fn there_are_none_beside_files_that_are_not_there() {
    let mut world = World::with(3);
    std::fs::remove_file(world.path("a/IMG_000.HEIC")).unwrap();
    world.put("a/IMG_001.HEIC", "somebody worked on this photo");
    assert_eq!(counts(&world.run(XMP)), (1, 0, 0, 0, 0, 0));
    assert_eq!(world.names(), ["IMG_002.HEIC.xmp"]);
}

#[test]
fn a_sidecar_that_was_deleted_comes_again() {
    let mut world = World::with(1);
    world.run(XMP);
    std::fs::remove_file(world.path("a/IMG_000.HEIC.xmp")).unwrap();
    assert_eq!(counts(&world.run(XMP)), (1, 0, 0, 0, 0, 0));
    assert_eq!(counts(&world.run(XMP)), (0, 0, 1, 0, 0, 0));
}

#[test]
fn a_full_drive_ends_it_cleanly_and_the_next_run_goes_on() {
    let mut world = World::with(200);
    world.wrong.room_for = Some(70);
    let tally = world.run(XMP);
    assert_eq!(tally.end, Some(End::DriveFull));
    let (written, _, _, _, failed, not_reached) = counts(&tally);
    assert_eq!((written + not_reached, failed), (200, 0), "{tally:?}");
    assert!((64..=70).contains(&written), "{written}");
    assert_eq!(world.names().len() as u64, written);
    assert_eq!(counts(&world.run(XMP)), (200 - written, 0, written, 0, 0, 0));
}

#[test]
fn names_that_are_not_durable_are_not_recorded() {
    let mut world = World::with(2);
    world.wrong.sync = true;
    let tally = world.run(XMP);
    assert_eq!(tally.end, Some(End::DriveFailed("gone".into())));
    assert_eq!(counts(&tally), (0, 0, 0, 0, 0, 2));
    // They lasted after all: the next run finds them equal.
    assert_eq!(counts(&world.run(XMP)), (0, 0, 2, 0, 0, 0));
    assert_eq!(counts(&world.run(XMP)), (0, 0, 2, 0, 0, 0));
    assert_eq!(world.work, (0, 0));
}

#[test]
fn a_crash_between_naming_and_recording_is_no_change_by_somebody() {
    let mut world = World::with(1);
    world.run(XMP);
    world.favorite(0);
    world.wrong.sync = true;
    assert_eq!(counts(&world.run(XMP)), (0, 0, 0, 0, 0, 1));
    assert!(world.read("a/IMG_000.HEIC.xmp").contains("<xmp:Rating>5<"));
    assert_eq!(counts(&world.run(XMP)), (0, 0, 1, 0, 0, 0));
    world.favorite(0);
    assert_eq!(counts(&world.run(XMP)), (0, 1, 0, 0, 0, 0));
}

#[test]
fn one_that_fails_does_not_stop_the_others() {
    let mut world = World::with(3);
    world.wrong.name = Some(("IMG_001.HEIC.xmp", io::ErrorKind::InvalidFilename));
    let tally = world.run(XMP);
    assert_eq!((counts(&tally), &tally.end), ((2, 0, 0, 0, 1, 0), &None));
    assert_eq!(tally.failed[0].path, "a/IMG_001.HEIC.xmp");
    assert_eq!(counts(&world.run(XMP)), (1, 0, 2, 0, 0, 0));
}

#[test]
fn a_file_that_appears_in_between_is_not_replaced() {
    let mut world = World::with(2);
    world.wrong.sneaks_in = Some("IMG_000.HEIC.xmp");
    assert_eq!(counts(&world.run(XMP)), (1, 0, 0, 1, 0, 0));
    assert_eq!(world.read("a/IMG_000.HEIC.xmp"), "mine");
}

#[test]
fn stopping_is_an_end() {
    let mut world = World::with(3);
    world.cancel.cancel();
    let tally = world.run(BOTH);
    assert_eq!((counts(&tally), tally.end), ((0, 0, 0, 0, 0, 6), Some(End::Interrupted)));
}

#[test]
fn a_drive_that_vanished_is_an_end() {
    let mut world = World::with(3);
    world.wrong.name = Some(("xmp", io::ErrorKind::NotFound));
    let tally = world.run(XMP);
    assert!(matches!(tally.end, Some(End::DriveFailed(_))), "{tally:?}");
    assert_eq!(counts(&tally), (0, 0, 0, 0, 0, 3));
}

#[test]
fn the_sidecar_of_a_file_that_is_gone_goes_too_if_it_is_ours() {
    let moves = |change: &dyn Fn(&World)| {
        let mut world = World::with(1);
        world.exported("U000", Role::Edited, "a/IMG_000_edited.heic");
        world.run(XMP);
        change(&world);
        world.exported("U000", Role::Edited, "a/IMG_000_edited.jpg");
        assert_eq!(counts(&world.run(XMP)), (1, 0, 1, 0, 0, 0));
        world.names()
    };
    let gone = |world: &World| std::fs::remove_file(world.path("a/IMG_000_edited.heic")).unwrap();
    let both = ["IMG_000.HEIC.xmp", "IMG_000_edited.heic.xmp", "IMG_000_edited.jpg.xmp"];
    assert_eq!(moves(&gone), ["IMG_000.HEIC.xmp", "IMG_000_edited.jpg.xmp"]);
    // The file is still there.
    assert_eq!(moves(&|_| {}), both);
    // Somebody changed the sidecar.
    let changed = |world: &World| {
        gone(world);
        world.put("a/IMG_000_edited.heic.xmp", "mine");
    };
    assert_eq!(moves(&changed), both);
}

#[test]
fn the_json_of_an_item_moves_with_its_first_file() {
    let joined = |change: &dyn Fn(&mut World)| {
        let mut world = World::with(1);
        world.sql("DELETE FROM files");
        world.exported("U000", Role::Converted, "a/IMG_000.jpg");
        world.run(JSON);
        assert_eq!(world.names(), ["IMG_000.jpg.json"]);
        world.exported("U000", Role::Original, "a/IMG_000.HEIC");
        change(&mut world);
        world.run(JSON);
        assert_eq!(world.read("a/IMG_000.jpg"), "a photo");
        world.names()
    };
    assert_eq!(joined(&|_| {}), ["IMG_000.HEIC.json"]);
    // Somebody changed the old one.
    let both = ["IMG_000.HEIC.json", "IMG_000.jpg.json"];
    assert_eq!(joined(&|world| world.put("a/IMG_000.jpg.json", "mine")), both);
    // The new one got its name, but was not recorded.
    let crash = |world: &mut World| {
        world.wrong.sync = true;
        assert_eq!(counts(&world.run(JSON)), (0, 0, 0, 0, 0, 1));
        assert_eq!(world.names(), both);
    };
    assert_eq!(joined(&crash), ["IMG_000.HEIC.json"]);
}

#[test]
fn the_sidecar_of_a_raw_stays_beside_it_whatever_dots_its_name_has() {
    for raw in ["my.photo.CR2", "photo.NEF", "a.b.c.arw"] {
        let sidecar = format!("{}.xmp", raw.rsplit_once('.').unwrap().0);
        let moves = |change: &dyn Fn(&World)| {
            let mut world = World::with(1);
            world.sql("DELETE FROM files");
            world.exported("U000", Role::Raw, &format!("a/{raw}"));
            world.run(XMP);
            assert_eq!(world.names(), [sidecar.as_str()]);
            change(&world);
            world.exported("U000", Role::Raw, "a/z (2).CR2");
            world.run(XMP);
            world.names()
        };
        assert_eq!(moves(&|_| {}), [sidecar.as_str(), "z (2).xmp"]);
        let gone = |world: &World| std::fs::remove_file(world.path(&format!("a/{raw}"))).unwrap();
        assert_eq!(moves(&gone), ["z (2).xmp"]);
        // Named anew, as far as some drives can tell.
        let renamed = |world: &World| {
            let to = format!("a/{}", raw.to_uppercase());
            std::fs::rename(world.path(&format!("a/{raw}")), world.path(&to)).unwrap();
        };
        assert_eq!(moves(&renamed), [sidecar.as_str(), "z (2).xmp"]);
    }
}

#[test]
fn folders_are_gone_through_one_after_the_other() {
    let mut world = World::with(2);
    // The files of one item in two folders, and two items in each.
    world.exported("U000", Role::Edited, "b/IMG_000_edited.heic");
    world.exported("U001", Role::Edited, "b/IMG_001_edited.heic");
    assert_eq!(counts(&world.run(BOTH)), (6, 0, 0, 0, 0, 0));
    assert!(world.path("b/IMG_001_edited.heic.xmp").exists());
    assert_eq!(counts(&world.run(BOTH)), (0, 0, 6, 0, 0, 0));
}
