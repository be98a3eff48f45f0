//! Drives that fail, to order. What a whole export does is tested end to end, in `tests/e2e`.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::catalog::{AssetUuid, Role};
use crate::convert::Heifer;
use crate::ledger::{Ledger, Recording, RunInfo};
use crate::plan::{Action, DestPath, Found, LinkWay};
use crate::report::Event;
use crate::source::{DevicePath, FolderSource};

mod conversions;

/// What a drive is to do wrong.
#[derive(Clone, Copy, Default)]
struct Wrong {
    /// Every write fails like this once so many bytes were written.
    full_after: Option<u64>,
    /// Writing this file (by its number) fails like this.
    write: Option<(u64, io::ErrorKind)>,
    /// Naming this file fails like this.
    name: Option<(u64, io::ErrorKind)>,
    /// Making names durable fails.
    sync: bool,
}

struct FaultyDrive {
    inner: LocalDrive,
    wrong: Wrong,
    written: Arc<AtomicU64>,
}

struct FaultyPartial {
    inner: Box<dyn PartialFile>,
    number: u64,
    wrong: Wrong,
    written: Arc<AtomicU64>,
}

impl PartialFile for FaultyPartial {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let before = self.written.fetch_add(bytes.len() as u64, Ordering::SeqCst);
        if self.wrong.full_after.is_some_and(|limit| before + bytes.len() as u64 > limit) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        match self.wrong.write {
            Some((number, kind)) if number == self.number => Err(kind.into()),
            _ => self.inner.write(bytes),
        }
    }

    fn finish(&mut self, time: Option<Timestamp>) -> io::Result<()> {
        self.inner.finish(time)
    }
}

impl Drive for FaultyDrive {
    fn begin(&self, number: u64) -> io::Result<Box<dyn PartialFile>> {
        let inner = self.inner.begin(number)?;
        let written = Arc::clone(&self.written);
        Ok(Box::new(FaultyPartial { inner, number, wrong: self.wrong, written }))
    }

    fn publish(&self, number: u64, to: &DestPath, replace: bool) -> io::Result<()> {
        match self.wrong.name {
            Some((wrong, kind)) if wrong == number => Err(kind.into()),
            _ => self.inner.publish(number, to, replace),
        }
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

    fn list(&self, folder: &DestPath) -> io::Result<Vec<(String, Found)>> {
        self.inner.list(folder)
    }

    fn hash(&self, path: &DestPath) -> io::Result<(u64, ContentHash)> {
        self.inner.hash(path)
    }

    fn remove(&self, path: &DestPath) -> io::Result<()> {
        self.inner.remove(path)
    }

    fn free_bytes(&self) -> Option<u64> {
        None
    }
}

/// Hears nothing; or stops the run at the first file that is done.
struct Listener(Option<CancellationToken>);

impl Report for Listener {
    fn event(&self, event: &Event) {
        if let (Event::File { .. }, Some(token)) = (event, &self.0) {
            token.cancel();
        }
    }
}

/// Ten files of 1000 bytes on a "phone", and an empty drive.
struct Stage {
    folder: tempfile::TempDir,
}

impl Stage {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("phone")).unwrap();
        std::fs::create_dir(folder.path().join("drive")).unwrap();
        for n in 0..10u8 {
            std::fs::write(folder.path().join(format!("phone/{n}.jpg")), vec![n; 1000]).unwrap();
        }
        Self { folder }
    }

    fn drive(&self) -> std::path::PathBuf {
        self.folder.path().join("drive")
    }

    fn plan(&self, action: Action) -> Vec<PlannedFile> {
        (0..10)
            .map(|n| PlannedFile {
                convert: None,
                tagging: None,
                original_name: "".into(),
                item: n,
                uuid: AssetUuid(format!("U{n}")),
                role: Role::Original,
                from: DevicePath::parse(format!("{n}.jpg")).unwrap(),
                to: DestPath::parse(&format!("2024/{n}.jpg")).unwrap(),
                stem: n.to_string().into(),
                size_hint: Some(1000),
                time: Some(Timestamp::UNIX_EPOCH),
                fingerprint: None,
                revision: String::new(),
                action,
                supersedes: None,
            })
            .collect()
    }

    async fn run(&self, wrong: Wrong, action: Action, stop: bool) -> (Recording, Tally) {
        self.run_files(self.plan(action), wrong, stop, Arc::new(Heifer)).await
    }

    async fn run_files(
        &self,
        files: Vec<PlannedFile>,
        wrong: Wrong,
        stop: bool,
        decoder: Arc<dyn Decoder>,
    ) -> (Recording, Tally) {
        self.run_into(files, wrong, stop, decoder, |recording| recording).await
    }

    async fn run_into<R: Recorder>(
        &self,
        files: Vec<PlannedFile>,
        wrong: Wrong,
        stop: bool,
        decoder: Arc<dyn Decoder>,
        recorder: impl FnOnce(Recording) -> R,
    ) -> (R, Tally) {
        let info = RunInfo {
            udid: "phone".into(),
            device_name: String::new(),
            model: String::new(),
            ios_version: String::new(),
            started: Timestamp::UNIX_EPOCH,
            program_version: String::new(),
        };
        let ledger = Ledger::open(&self.drive()).unwrap();
        let recorder = recorder(Recording::begin(ledger, &info, || Timestamp::UNIX_EPOCH).unwrap());
        let cancel = CancellationToken::new();
        let drive = FaultyDrive {
            inner: LocalDrive::open(&self.drive()).unwrap(),
            wrong,
            written: Arc::new(AtomicU64::new(0)),
        };
        let transfer = Transfer {
            source: Arc::new(FolderSource::new(self.folder.path().join("phone"))),
            drive: Arc::new(drive),
            recorder,
            report: Arc::new(Listener(stop.then(|| cancel.clone()))),
            cancel,
            lanes: 3,
            decoder,
        };
        transfer.run(files).await
    }

    /// Whatever has a name is whole, and whatever is recorded has a name.
    fn check(&self, recording: &Recording) -> usize {
        let partial: Vec<_> = std::fs::read_dir(self.drive().join(".iexport/partial")).unwrap().collect();
        assert!(partial.is_empty(), "{partial:?}");
        let mut recorded = 0;
        for n in 0..10u8 {
            let file = self.drive().join(format!("2024/{n}.jpg"));
            if file.exists() {
                assert_eq!(std::fs::read(&file).unwrap(), vec![n; 1000]);
            }
            if recording
                .ledger()
                .entry("phone", &AssetUuid(format!("U{n}")), Role::Original)
                .unwrap()
                .is_some()
            {
                assert!(file.exists());
                recorded += 1;
            }
        }
        recorded
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_is_well() {
    let stage = Stage::new();
    let (recording, tally) = stage.run(Wrong::default(), Action::Copy, false).await;
    assert_eq!((tally.exported_files, tally.exported_bytes, tally.not_reached), (10, 10_000, 0));
    assert_eq!(tally.end, None);
    assert_eq!(stage.check(&recording), 10);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_drive_that_gets_full_ends_it_cleanly() {
    let stage = Stage::new();
    let (recording, tally) =
        stage.run(Wrong { full_after: Some(4500), ..Wrong::default() }, Action::Copy, false).await;
    assert_eq!(tally.end, Some(End::DriveFull));
    assert_eq!(stage.check(&recording) as u64, tally.exported_files);
    assert!(tally.exported_files <= 4);
    assert_eq!(tally.exported_files + tally.not_reached, 10);
}

/// A ledger that has no room so many times.
struct Cramped(Recording, u32);

impl Recorder for Cramped {
    fn record(&mut self, done: &[Done<'_>]) -> Result<(), RecordError> {
        match self.1.checked_sub(1) {
            None => self.0.record(done),
            Some(left) => {
                self.1 = left;
                Err(RecordError::Full)
            }
        }
    }

    fn recorded(&self, path: &DestPath) -> Result<Option<ContentHash>, RecordError> {
        self.0.recorded(path)
    }

    fn record_conflict(&mut self, file: &PlannedFile, size_bytes: u64) -> Result<(), RecordError> {
        self.0.record_conflict(file, size_bytes)
    }
}

/// What has its name when the ledger finds no room is recorded when what was not finished is gone from the drive.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ledger_without_room_is_written_when_there_is_some() {
    for (refusals, is_recorded) in [(1, true), (2, false)] {
        let stage = Stage::new();
        let cramped = |recording| Cramped(recording, refusals);
        let files = stage.plan(Action::Copy);
        let (recorder, tally) =
            stage.run_into(files, Wrong::default(), false, Arc::new(Heifer), cramped).await;
        assert_eq!(tally.end, Some(End::DriveFull));
        let named = (0..10).filter(|n| stage.drive().join(format!("2024/{n}.jpg")).exists()).count();
        assert!(named > 0);
        let recorded = stage.check(&recorder.0);
        assert_eq!(recorded, if is_recorded { named } else { 0 });
        assert_eq!(tally.exported_files, recorded as u64);
        assert_eq!(tally.exported_files + tally.not_reached, 10);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_too_large_for_the_drive_fails_alone() {
    let stage = Stage::new();
    let wrong = Wrong { write: Some((3, io::ErrorKind::FileTooLarge)), ..Wrong::default() };
    let (recording, tally) = stage.run(wrong, Action::Copy, false).await;
    assert_eq!(tally.end, None);
    assert_eq!(tally.failures.len(), 1);
    assert!(tally.failures[0].reason.contains("FAT32"), "{}", tally.failures[0].reason);
    assert_eq!(stage.check(&recording), 9);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_drive_that_goes_away_ends_it() {
    let stage = Stage::new();
    let wrong = Wrong { write: Some((5, io::ErrorKind::NotConnected)), ..Wrong::default() };
    let (recording, tally) = stage.run(wrong, Action::Copy, false).await;
    assert!(matches!(tally.end, Some(End::DriveFailed(_))), "{:?}", tally.end);
    assert_eq!(stage.check(&recording) as u64, tally.exported_files);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_that_was_taken_meanwhile_fails_alone() {
    let stage = Stage::new();
    let wrong = Wrong { name: Some((2, io::ErrorKind::AlreadyExists)), ..Wrong::default() };
    let (recording, tally) = stage.run(wrong, Action::Copy, false).await;
    assert_eq!(tally.failures.len(), 1);
    assert_eq!(stage.check(&recording), 9);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_that_cannot_be_made_durable_are_not_recorded() {
    let stage = Stage::new();
    let (recording, tally) = stage.run(Wrong { sync: true, ..Wrong::default() }, Action::Copy, false).await;
    assert_eq!(tally.exported_files, 0);
    assert!(matches!(tally.end, Some(End::DriveFailed(_))));
    assert_eq!(stage.check(&recording), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stopping_keeps_what_is_finished() {
    let stage = Stage::new();
    let (recording, tally) = stage.run(Wrong::default(), Action::Copy, true).await;
    assert_eq!(tally.end, Some(End::Interrupted));
    assert!(tally.exported_files > 0);
    assert_eq!(stage.check(&recording) as u64, tally.exported_files);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn equal_files_are_adopted_and_others_are_conflicts() {
    let stage = Stage::new();
    std::fs::create_dir(stage.drive().join("2024")).unwrap();
    for n in 0..10u8 {
        let content = if n == 4 { vec![99; 1000] } else { vec![n; 1000] };
        std::fs::write(stage.drive().join(format!("2024/{n}.jpg")), content).unwrap();
    }
    let (recording, tally) = stage.run(Wrong::default(), Action::Adopt, false).await;
    assert_eq!((tally.adopted_files, tally.conflicts, tally.failures.len()), (9, 1, 0));
    assert_eq!(std::fs::read(stage.drive().join("2024/4.jpg")).unwrap(), vec![99; 1000]);
    assert!(recording.ledger().entry("phone", &AssetUuid("U4".into()), Role::Original).unwrap().is_none());
}

#[tokio::test]
async fn only_what_is_as_it_was_recorded_is_replaced() {
    let stage = Stage::new();
    drop(stage.run(Wrong::default(), Action::Copy, false).await);
    for n in 0..10u8 {
        std::fs::write(stage.folder.path().join(format!("phone/{n}.jpg")), vec![n + 100; 1000]).unwrap();
    }
    let path = |n: u8| stage.drive().join(format!("2024/{n}.jpg"));
    // Somebody's, of the same size; the new version already, as after a run that was cut off; and nothing.
    std::fs::write(path(3), vec![33; 1000]).unwrap();
    std::fs::write(path(4), vec![104; 1000]).unwrap();
    std::fs::remove_file(path(5)).unwrap();
    let (recording, tally) = stage.run(Wrong::default(), Action::Replace, false).await;
    assert_eq!((tally.exported_files, tally.conflicts, tally.failures.len()), (9, 1, 0));
    for n in 0..10u8 {
        let content = if n == 3 { 33 } else { n + 100 };
        assert_eq!(std::fs::read(path(n)).unwrap(), vec![content; 1000], "{n}");
        let uuid = AssetUuid(format!("U{n}"));
        let entry = recording.ledger().entry("phone", &uuid, Role::Original).unwrap().unwrap();
        let recorded = if n == 3 { 3 } else { n + 100 };
        assert_eq!(entry.hash, ContentHash::from(blake3::hash(&[recorded; 1000])), "{n}");
    }
    assert_eq!(std::fs::read_dir(stage.drive().join(".iexport/partial")).unwrap().count(), 0);
}

#[test]
fn left_overs_of_a_killed_run_are_thrown_away() {
    let folder = tempfile::tempdir().unwrap();
    let partial = folder.path().join(OWN_FOLDER).join("partial");
    std::fs::create_dir_all(&partial).unwrap();
    std::fs::write(partial.join("7.part"), "half").unwrap();
    let drive = LocalDrive::open(folder.path()).unwrap();
    assert_eq!(std::fs::read_dir(&partial).unwrap().count(), 0);
    assert_eq!(drive.look(&DestPath::parse("x.jpg").unwrap()).unwrap(), AtPath::Nothing);
}

#[test]
fn publishing_never_replaces_unless_told() {
    let folder = tempfile::tempdir().unwrap();
    let to = DestPath::parse("a.jpg").unwrap();
    std::fs::write(folder.path().join("a.jpg"), "mine").unwrap();
    for links in [true, false] {
        let drive = LocalDrive::open(folder.path()).unwrap();
        drive.without_links(!links);
        drive.begin(1).unwrap().write(b"new").unwrap();
        let error = drive.publish(1, &to, false).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(std::fs::read(folder.path().join("a.jpg")).unwrap(), b"mine");
    }
    let drive = LocalDrive::open(folder.path()).unwrap();
    drive.begin(1).unwrap().write(b"new").unwrap();
    drive.publish(1, &to, true).unwrap();
    assert_eq!(std::fs::read(folder.path().join("a.jpg")).unwrap(), b"new");
    assert!(!Path::new(&folder.path().join(".iexport/partial/1.part")).exists());
}

/// A drive with one file, and where that and a link to it are.
fn with_a_file() -> (tempfile::TempDir, LocalDrive, [DestPath; 2]) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("Cats")).unwrap();
    std::fs::write(folder.path().join("Cats/a.jpg"), "a cat").unwrap();
    let file = std::fs::File::options().write(true).open(folder.path().join("Cats/a.jpg")).unwrap();
    file.set_modified(std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000)).unwrap();
    let drive = LocalDrive::open(folder.path()).unwrap();
    let paths = ["Cats/a.jpg", "Pets/Soft/b.jpg"].map(|path| DestPath::parse(path).unwrap());
    (folder, drive, paths)
}

#[test]
fn what_a_drive_says_it_can_do_it_does() {
    for way in LinkWay::ALL {
        let (folder, drive, [target, at]) = with_a_file();
        let can = drive.can_link(way);
        assert!(can || way != LinkWay::Copy);
        let partial = || std::fs::read_dir(folder.path().join(".iexport/partial")).unwrap().count();
        assert_eq!(partial(), 0, "trying leaves nothing behind");
        if !can {
            continue;
        }
        drive.link(0, &target, &at, way, false).unwrap();
        let path = folder.path().join(at.to_text());
        assert_eq!(std::fs::read(&path).unwrap(), b"a cat", "{way:?}");
        assert_eq!(
            std::fs::metadata(&path).unwrap().modified().unwrap(),
            std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000),
            "{way:?} has the time of the file"
        );
        let seen = drive.link_at(&at, &target).unwrap();
        let expected = matches!(way, LinkWay::Symbolic).then_some(way);
        let expected = if cfg!(unix) && way == LinkWay::Hard { Some(way) } else { expected };
        assert_eq!(seen, expected, "{way:?}");
        let found = drive.list(&at.parent()).unwrap();
        let found = found.into_iter().next().unwrap().1;
        match way {
            LinkWay::Symbolic => assert_eq!(found, Found::Symlink { target: "../../Cats/a.jpg".to_owned() }),
            _ => assert_eq!(found, Found::File { size_bytes: 5 }),
        }

        // What has the name stays, unless it is to be replaced.
        std::fs::remove_file(&path).unwrap();
        std::fs::write(&path, "mine").unwrap();
        let error = drive.link(0, &target, &at, way, false).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists, "{way:?}");
        assert_eq!(std::fs::read(&path).unwrap(), b"mine");
        for _ in 0..2 {
            drive.link(0, &target, &at, way, true).unwrap();
            assert_eq!(std::fs::read(&path).unwrap(), b"a cat", "{way:?}");
        }
        assert_eq!(partial(), 0, "{way:?}");
        assert_eq!(std::fs::read(folder.path().join("Cats/a.jpg")).unwrap(), b"a cat");
    }
}

#[test]
fn no_link_is_made_where_the_drive_is_not() {
    let (folder, drive, [_, at]) = with_a_file();
    let gone = DestPath::parse("gone/a.jpg").unwrap();
    for way in LinkWay::ALL {
        assert!(drive.link(0, &gone, &at, way, false).is_err(), "{way:?}");
    }
    assert!(!folder.path().join("Pets").exists());
}

#[test]
fn a_folder_whose_name_the_drive_cannot_hold_is_empty() {
    let (_folder, drive, _) = with_a_file();
    let name = "x".repeat(255);
    let deep = DestPath::parse(&vec![name.as_str(); 40].join("/")).unwrap();
    assert_eq!(drive.list(&deep).unwrap(), []);
}
