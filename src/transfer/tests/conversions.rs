//! JPEGs that are made beside the copying, on drives that fail and with decoders that do.

use super::*;
use crate::convert::testing::{Painter, TestHeic};
use crate::convert::{Coded, ConvertError, Frame};
use crate::plan::Conversion;

const SIZE: (u32, u32) = (90, 70);

/// The bytes of a HEIC; each number is another file.
fn heic(number: u8) -> Vec<u8> {
    [TestHeic::grid(SIZE, (64, 64)).file(), vec![0, 0, 0, 9, b'f', b'r', b'e', b'e', number]].concat()
}

/// Decodes what is painted here, but for the file whose turn it is to go wrong.
struct Painting;

impl Decoder for Painting {
    fn decode(&self, coded: &Coded<'_>) -> Result<Frame, ConvertError> {
        Painter::new((64, 64), 2).decode(coded)
    }
}

struct Panicking;

impl Decoder for Panicking {
    fn decode(&self, _: &Coded<'_>) -> Result<Frame, ConvertError> {
        panic!("a broken decoder")
    }
}

/// Ten HEICs on a "phone", of which the last is none.
fn stage() -> Stage {
    let stage = Stage::new();
    for number in 0..10u8 {
        let bytes = if number == 9 { b"no HEIC".to_vec() } else { heic(number) };
        std::fs::write(stage.folder.path().join(format!("phone/{number}.heic")), bytes).unwrap();
    }
    stage
}

fn plan(stage: &Stage, keep_original: bool, action: Action) -> Vec<PlannedFile> {
    let mut files = stage.plan(action);
    for (number, file) in files.iter_mut().enumerate() {
        file.from = DevicePath::parse(format!("{number}.heic")).unwrap();
        file.to = DestPath::parse(&format!("2024/{number}.heic")).unwrap();
        file.size_hint = None;
        file.convert = Some(Conversion {
            role: Role::Converted,
            to: DestPath::parse(&format!("2024/{number}.jpg")).unwrap(),
            action,
            quality: 80,
            keep_original,
        });
    }
    files
}

/// Whatever has a name is whole, and whatever is recorded has a name. How many of each role are recorded.
#[track_caller]
fn check(stage: &Stage, recording: &Recording) -> (usize, usize) {
    let partial: Vec<_> = std::fs::read_dir(stage.drive().join(".iexport/partial")).unwrap().collect();
    assert!(partial.is_empty(), "{partial:?}");
    let count = |role, extension| {
        let mut recorded = 0;
        for number in 0..10u8 {
            let path = stage.drive().join(format!("2024/{number}.{extension}"));
            let bytes = std::fs::read(&path).ok();
            if let Some(bytes) = &bytes {
                if role == Role::Converted {
                    assert!(bytes.starts_with(b"\xFF\xD8") && bytes.ends_with(b"\xFF\xD9"));
                } else {
                    let on_phone = stage.folder.path().join(format!("phone/{number}.heic"));
                    assert_eq!(bytes, &std::fs::read(on_phone).unwrap());
                }
            }
            let entry = recording.ledger().entry("phone", &AssetUuid(format!("U{number}")), role).unwrap();
            if let Some(entry) = entry {
                let bytes = bytes.unwrap();
                assert_eq!(entry.size_bytes, bytes.len() as u64);
                assert_eq!(entry.hash, ContentHash::from(blake3::hash(&bytes)));
                assert!(entry.proof.is_some());
                recorded += 1;
            }
        }
        recorded
    };
    (count(Role::Original, "heic"), count(Role::Converted, "jpg"))
}

async fn run(
    stage: &Stage,
    keep_original: bool,
    wrong: Wrong,
    decoder: Arc<dyn Decoder>,
) -> (Recording, Tally) {
    stage.run_files(plan(stage, keep_original, Action::Copy), wrong, false, decoder).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_jpeg_alone_or_both() {
    for (keep_original, expected) in [(false, (1, 9)), (true, (10, 9))] {
        let stage = stage();
        let (recording, tally) = run(&stage, keep_original, Wrong::default(), Arc::new(Painting)).await;
        assert_eq!(check(&stage, &recording), expected);
        assert_eq!((tally.converted_files, tally.not_reached, tally.end), (9, 0, None));
        assert_eq!(tally.exported_files, (expected.0 + expected.1) as u64);
        let [kept] = tally.not_converted.as_slice() else { panic!("{:?}", tally.not_converted) };
        assert_eq!(kept.file.to.file_name(), "9.heic");
        // What was made is not counted among what is byte for byte as on the phone.
        assert_eq!(tally.no_fingerprint_files, expected.0 as u64);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decoder_that_panics_costs_no_photo() {
    let stage = stage();
    let (recording, tally) = run(&stage, false, Wrong::default(), Arc::new(Panicking)).await;
    assert_eq!(check(&stage, &recording), (10, 0));
    assert_eq!((tally.not_converted.len(), tally.failures.len(), tally.end), (10, 0, None));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_drive_that_gets_full_ends_it_cleanly() {
    for (keep_original, limit) in [(false, 5_000), (true, 5_000), (false, 10), (true, 9_000)] {
        let stage = stage();
        let wrong = Wrong { full_after: Some(limit), ..Wrong::default() };
        let (recording, tally) = run(&stage, keep_original, wrong, Arc::new(Painting)).await;
        assert_eq!(tally.end, Some(End::DriveFull));
        let (originals, converted) = check(&stage, &recording);
        assert_eq!((originals + converted) as u64, tally.exported_files);
        assert!(tally.not_reached > 0 && tally.failures.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_jpeg_that_cannot_be_written_fails_with_its_photo() {
    // The nameless files of what is made are numbered behind those of the photos.
    let wrong = Wrong { write: Some((13, io::ErrorKind::FileTooLarge)), ..Wrong::default() };
    for (keep_original, expected) in [(false, (1, 8)), (true, (9, 8))] {
        let stage = stage();
        let (recording, tally) = run(&stage, keep_original, wrong, Arc::new(Painting)).await;
        assert_eq!(check(&stage, &recording), expected);
        assert_eq!((tally.failures.len(), tally.not_reached, tally.end), (1, 0, None));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_that_was_taken_meanwhile_fails_alone() {
    for (number, keep_original, expected) in [(12, false, (1, 8)), (12, true, (10, 8)), (2, true, (9, 9))] {
        let stage = stage();
        let wrong = Wrong { name: Some((number, io::ErrorKind::AlreadyExists)), ..Wrong::default() };
        let (recording, tally) = run(&stage, keep_original, wrong, Arc::new(Painting)).await;
        assert_eq!(check(&stage, &recording), expected);
        assert_eq!((tally.failures.len(), tally.not_reached), (1, 0));
        let role = if number == 12 { Role::Converted } else { Role::Original };
        assert_eq!(tally.failures[0].file.role, role);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stopping_keeps_what_is_finished() {
    for keep_original in [false, true] {
        let stage = stage();
        let files = plan(&stage, keep_original, Action::Copy);
        let (recording, tally) = stage.run_files(files, Wrong::default(), true, Arc::new(Painting)).await;
        assert_eq!(tally.end, Some(End::Interrupted));
        let (originals, converted) = check(&stage, &recording);
        assert!(tally.exported_files > 0);
        assert_eq!((originals + converted) as u64, tally.exported_files);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_killed_run_left_is_found_equal_or_left_alone() {
    let stage = stage();
    // Named and not recorded: the run was killed, or its ledger was lost.
    let wrong = Wrong { sync: true, ..Wrong::default() };
    let (recording, tally) = run(&stage, true, wrong, Arc::new(Painting)).await;
    assert_eq!((tally.exported_files, check(&stage, &recording)), (0, (0, 0)));
    drop(recording);
    // The rest is there too, but for a JPEG that is somebody else's, and what never was one.
    let (recording, _) = {
        let mut files = plan(&stage, true, Action::Copy);
        files.retain(|file| !stage.drive().join(file.to.as_path()).exists());
        stage.run_files(files, Wrong::default(), false, Arc::new(Painting)).await
    };
    drop(recording);
    std::fs::remove_file(stage.drive().join(".iexport/ledger.db")).unwrap();
    std::fs::write(stage.drive().join("2024/4.jpg"), b"\xFF\xD8 somebody's \xFF\xD9").unwrap();
    let files = plan(&stage, true, Action::Adopt);
    let (recording, tally) = stage.run_files(files, Wrong::default(), false, Arc::new(Painting)).await;
    assert_eq!(check(&stage, &recording), (10, 8));
    assert_eq!((tally.adopted_files, tally.conflicts, tally.failures.len()), (18, 1, 0));
    assert_eq!(std::fs::read(stage.drive().join("2024/4.jpg")).unwrap(), b"\xFF\xD8 somebody's \xFF\xD9");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_more_files_wait_than_there_is_room_for() {
    let pool = pool::Pool::new(Arc::new(Painting));
    let first = pool.room(100 << 20).await.unwrap();
    let _second = pool.room(128 << 20).await.unwrap();
    let mut third = std::pin::pin!(pool.room(100 << 20));
    assert!(futures_util::poll!(third.as_mut()).is_pending());
    drop(first);
    assert!(third.await.is_ok());
    assert!(pool.room((128 << 20) + 1).await.is_err_and(|why| why.contains("128 MB")));
}
