//! JPEGs that are made of HEICs on their way to the drive. How good they are is the matter of `tests/peers_convert.rs`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use phone_libraries::{AssetSpec, EditSpec, FileSpec, IosVersion, Library};
use rusqlite::Connection;
use virtual_iphone::{Fault, Faults, Status};

use crate::scene::{Scene, moment};

/// A photo of a real iPhone, if the folder beside the checkout is there.
fn real(name: &str) -> Option<Vec<u8>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/media").join(name);
    let found = std::fs::read(path).ok();
    if found.is_none() {
        eprintln!("left out: ../shared/media/{name} is not there");
    }
    found
}

/// A Live Photo with an edit, a JPEG, a PNG and a video; and what only looks like a HEIC.
pub fn library() -> Library {
    let mut library = Library::new(IosVersion::Ios18);
    library.asset(
        AssetSpec::at("DCIM/100APPLE/IMG_0001.HEIC")
            .captured(moment(0))
            .live(FileSpec::default())
            .edited(EditSpec::rendered("heic")),
    );
    for (n, name) in ["IMG_0002.JPG", "IMG_0003.PNG", "IMG_0004.MOV"].iter().enumerate() {
        library.asset(AssetSpec::at(format!("DCIM/100APPLE/{name}")).captured(moment(1 + n as i64)));
    }
    library.asset(AssetSpec::at("DCIM/100APPLE/IMG_0005.HEIC").captured(moment(5)));
    library
}

/// Adds a HEIC that stops in the middle, and a file that is none.
fn with_broken_ones(mut library: Library, whole: &[u8]) -> Library {
    let cut = &whole[..whole.len() * 3 / 4];
    let spec = AssetSpec::at("DCIM/100APPLE/IMG_0006.HEIC").captured(moment(6));
    library.asset(spec.bytes(cut));
    let spec = AssetSpec::at("DCIM/100APPLE/IMG_0007.HEIC").captured(moment(7));
    library.asset(spec.bytes(&b"not a picture at all"[..]));
    library
}

/// The bytes of the last HEIC of a phone's folder.
fn a_heic(scene: &Scene) -> Vec<u8> {
    std::fs::read(scene.made.as_ref().unwrap().media.join("DCIM/100APPLE/IMG_0005.HEIC")).unwrap()
}

fn short(names: &[String]) -> Vec<&str> {
    names.iter().map(|name| name.rsplit('/').next().unwrap()).collect()
}

/// What the ledger says of the files of a role: path, size, hash, proof.
fn recorded(scene: &Scene, role: &str) -> BTreeMap<String, (u64, String, Option<String>)> {
    let db = Connection::open(scene.dest.join(".iexport/ledger.db")).unwrap();
    let mut select = db.prepare("SELECT path, size, blake3, proof FROM files WHERE role = ?1").unwrap();
    let rows = select
        .query_map([role], |row| Ok((row.get(0)?, (row.get::<_, i64>(1)? as u64, row.get(2)?, row.get(3)?))));
    rows.unwrap().map(Result::unwrap).collect()
}

/// Fails unless each file opens as a JPEG and is as the ledger has it.
#[track_caller]
fn assert_jpegs(scene: &Scene, role: &str, count: usize) -> Vec<PathBuf> {
    let rows = recorded(scene, role);
    assert_eq!(rows.len(), count, "{rows:?}");
    let mut out = Vec::new();
    for (path, (size, hash, proof)) in rows {
        let path = scene.dest.join(path);
        let bytes = std::fs::read(&path).unwrap();
        assert_eq!(bytes.len() as u64, size);
        assert_eq!(blake3::hash(&bytes).to_hex().as_str(), hash);
        assert!(proof.is_some(), "{}", path.display());
        jpeg_decoder::Decoder::new(bytes.as_slice()).decode().unwrap();
        out.push(path);
    }
    let partial: Vec<_> = std::fs::read_dir(scene.dest.join(".iexport/partial")).unwrap().collect();
    assert!(partial.is_empty(), "{partial:?}");
    out
}

const CONVERT: [&str; 3] = ["--convert", "jpeg", "--json"];

#[test]
fn heics_become_jpegs_and_nothing_else_changes() {
    let scene = Scene::with(&library());
    let plain = Scene::with(&library());
    plain.export(&[]).expect(0);
    let summary = scene.export(&CONVERT).expect(0).summary();
    assert_eq!(
        short(&scene.names()),
        [
            "IMG_0001.MOV",
            "IMG_0001.jpg",
            "IMG_0001_edited.jpg",
            "IMG_0002.JPG",
            "IMG_0003.PNG",
            "IMG_0004.MOV",
            "IMG_0005.jpg"
        ]
    );
    assert_eq!(summary["converted_files"], 3);
    assert_eq!(summary["exported_files"], 7);
    assert_eq!(summary["not_converted"], serde_json::json!([]));
    let originals = assert_jpegs(&scene, "converted", 2);
    assert_jpegs(&scene, "edited_converted", 1);
    assert!(recorded(&scene, "original").keys().all(|path| !path.ends_with("HEIC")));
    // Taken when the HEIC was, and everything else as without it.
    let time = |path: &Path| std::fs::metadata(path).unwrap().modified().unwrap();
    let heic = plain.dest.join(originals[0].strip_prefix(&scene.dest).unwrap()).with_extension("HEIC");
    assert_eq!(time(&originals[0]), time(&heic));
    let (with, without) = (scene.exported(), plain.exported());
    for (name, hash) in with.iter().filter(|(name, _)| !name.ends_with(".jpg")) {
        assert_eq!(without.get(name), Some(hash));
    }
    scene.run(&["photos", "--all", "--to", scene.dest.to_str().unwrap(), "--convert", "jpeg"]).expect(0);
}

#[test]
fn a_second_run_copies_nothing_and_reads_no_file() {
    for keep in [&[][..], &["--keep-original"]] {
        let scene = Scene::with(&library());
        let words = [&CONVERT[..], keep].concat();
        let first = scene.export(&words).expect(0).summary();
        let before = scene.exported();
        scene.phone().reset_stats();
        let second = scene.export(&words).expect(0).summary();
        assert_eq!(second["exported_files"], 0);
        assert_eq!(second["already_files"], first["exported_files"]);
        assert_eq!(scene.exported(), before);
        let opens = scene.phone().stats().opens;
        let photos: Vec<_> =
            opens.keys().filter(|path| !path.starts_with("PhotoData/Photos.sqlite")).collect();
        assert!(photos.is_empty(), "{photos:?}");
    }
}

#[test]
fn a_heic_that_is_not_what_the_phone_recorded_comes_along() {
    for keep in [&[][..], &["--keep-original"]] {
        let scene = Scene::with(&library());
        let folder = scene.made.as_ref().unwrap().media.join("DCIM/100APPLE");
        let other = std::fs::read(folder.join("IMG_0001.HEIC")).unwrap();
        std::fs::write(folder.join("IMG_0005.HEIC"), &other).unwrap();
        let words = [&CONVERT[..], keep].concat();
        for _ in 0..2 {
            let summary = scene.export(&words).expect(0).summary();
            let differs = summary["differs"].as_array().unwrap();
            assert_eq!(differs.len(), 1, "{differs:?}");
            let to = differs[0]["to"].as_str().unwrap();
            assert!(to.ends_with("/IMG_0005.HEIC"), "{to}");
            assert_eq!(std::fs::read(scene.dest.join(to)).unwrap(), other);
            assert!(scene.dest.join(to).with_extension("jpg").exists());
            assert_eq!(summary["left_out_heics"], if keep.is_empty() { 2 } else { 0 });
        }
    }
}

#[test]
fn jpegs_that_failed_are_not_called_there() {
    let scene = Scene::of(&library(), |phone| {
        phone.faults = Faults::default()
            .with("DCIM/100APPLE/IMG_0005.HEIC", Fault::ReadFails { after: 0, status: Status::IoError });
    });
    let summary = scene.export(&CONVERT).expect(3).summary();
    assert_eq!(summary["failed"][0]["name"], "IMG_0005.HEIC");
    assert_eq!((&summary["converted_files"], &summary["left_out_heics"]), (&2.into(), &2.into()));
}

#[test]
fn heics_that_were_there_before_jpegs_were_asked_for() {
    let scene = Scene::with(&library());
    scene.export(&[]).expect(0);
    let summary = scene.export(&CONVERT).expect(0).summary();
    assert_eq!((&summary["exported_files"], &summary["left_out_jpegs"]), (&0.into(), &3.into()));
    scene.export(&["--convert", "jpeg"]).says("3 JPEGs of HEICs that were there already");
    let summary = scene.export(&[&CONVERT[..], &["--keep-original"]].concat()).expect(0).summary();
    assert_eq!((&summary["converted_files"], &summary["left_out_jpegs"]), (&3.into(), &0.into()));
}

#[test]
fn what_cannot_be_decoded_stays_what_it_is_and_that_is_said() {
    let whole = a_heic(&Scene::with(&library()));
    let scene = Scene::with(&with_broken_ones(library(), &whole));
    let run = scene.export(&["--convert", "jpeg"]);
    run.expect(0)
        .says("2 photos could not be made JPEGs; their originals were exported")
        .says("3 of them are JPEGs made of HEICs")
        .says("IMG_0006.HEIC")
        .says("it is not a HEIC picture");
    let names = scene.names();
    assert!(
        short(&names).contains(&"IMG_0006.HEIC") && short(&names).contains(&"IMG_0007.HEIC"),
        "{names:?}"
    );
    assert_eq!(names.len(), 9);
    assert_jpegs(&scene, "converted", 2);
    // What was kept is the phone's, bit for bit.
    let phone = &scene.made.as_ref().unwrap().media;
    for name in ["IMG_0006.HEIC", "IMG_0007.HEIC"] {
        let on_phone = std::fs::read(phone.join("DCIM/100APPLE").join(name)).unwrap();
        assert_eq!(std::fs::read(scene.dest.join("2024/2024-07").join(name)).unwrap(), on_phone);
    }
    // It is not tried over and over.
    let again = scene.export(&CONVERT).expect(0).summary();
    assert_eq!((&again["exported_files"], &again["already_files"]), (&0.into(), &9.into()));

    let other = Scene::with(&with_broken_ones(library(), &whole));
    let summary = other.export(&[&CONVERT[..], &["--keep-original"]].concat()).expect(0).summary();
    let not_converted = summary["not_converted"].as_array().unwrap();
    assert_eq!(not_converted.len(), 2, "{summary}");
    assert_eq!(not_converted[0]["role"], "original");
    assert_eq!(summary["converted_files"], 3);
    assert_eq!(other.names().len(), 12);
}

#[test]
fn both_are_there_with_keep_original() {
    let scene = Scene::with(&library());
    let words = ["--convert", "jpeg", "--keep-original", "--quality", "50"];
    scene.export(&words).expect(0).says("3 of them are JPEGs made of HEICs");
    let names = scene.names();
    for name in ["IMG_0001.HEIC", "IMG_0001.jpg", "IMG_0001_edited.jpg", "IMG_0005.HEIC", "IMG_0005.jpg"] {
        assert!(short(&names).contains(&name), "{name} of {names:?}");
    }
    assert_eq!(names.len(), 10);
    let jpegs = assert_jpegs(&scene, "converted", 2);
    assert_eq!(recorded(&scene, "original").len(), 5);

    // Asked for later, the HEICs join their JPEGs; and the other way round.
    let later = Scene::with(&library());
    later.export(&["--convert", "jpeg", "--quality", "50"]).expect(0);
    let summary = later.export(&[&words[..], &["--json"]].concat()).expect(0).summary();
    assert_eq!((&summary["exported_files"], &summary["converted_files"]), (&3.into(), &0.into()));
    assert_eq!(later.exported(), scene.exported());
    let earlier = Scene::with(&library());
    earlier.export(&[]).expect(0);
    // Not to stand for HEICs that are there: as `docs/conversion.md` and the help say.
    let heics = earlier.exported();
    let summary = earlier.export(&CONVERT).expect(0).summary();
    assert_eq!((&summary["exported_files"], &summary["converted_files"]), (&0.into(), &0.into()));
    assert_eq!(earlier.exported(), heics);
    let summary = earlier.export(&[&words[..], &["--json"]].concat()).expect(0).summary();
    assert_eq!(summary["converted_files"], 3);
    assert_eq!(earlier.exported(), scene.exported());

    // A lower quality is a smaller file.
    let fine = Scene::with(&library());
    fine.export(&["--convert", "jpeg", "--quality", "100"]).expect(0);
    let finer = assert_jpegs(&fine, "converted", 2);
    let size = |path: &PathBuf| std::fs::metadata(path).unwrap().len();
    assert!(jpegs.iter().zip(&finer).all(|(coarse, fine)| size(coarse) < size(fine)));
}

/// One item has one JSON, also when its original joins the JPEG.
#[test]
fn the_json_moves_to_the_original_that_comes_later() {
    let scene = Scene::with(&library());
    let jsons = || {
        let names = scene.names();
        let names: Vec<String> = short(&names).into_iter().map(str::to_owned).collect();
        names.into_iter().filter(|name| name.ends_with(".json")).collect::<Vec<_>>()
    };
    scene.export(&["--convert", "jpeg", "--sidecar", "json"]).expect(0);
    let before = jsons();
    assert!(before.contains(&"IMG_0005.jpg.json".to_owned()), "{before:?}");
    scene.export(&["--sidecar", "json"]).expect(0);
    let after = jsons();
    assert!(after.contains(&"IMG_0005.HEIC.json".to_owned()), "{after:?}");
    assert!(!after.contains(&"IMG_0005.jpg.json".to_owned()), "{after:?}");
    assert_eq!(after.len(), before.len(), "{after:?}");
    assert_jpegs(&scene, "converted", 2);
}

#[test]
fn a_lost_ledger_finds_the_jpegs_again() {
    let scene = Scene::with(&library());
    scene.export(&CONVERT).expect(0);
    let before = scene.exported();
    std::fs::remove_dir_all(scene.dest.join(".iexport")).unwrap();
    let healed = scene.export(&CONVERT).expect(0).summary();
    assert_eq!(healed["adopted_files"], 7, "{healed}");
    assert_eq!(scene.exported(), before);
    assert_jpegs(&scene, "converted", 2);

    // A JPEG of somebody else is not touched, and ours gets another name.
    std::fs::remove_dir_all(scene.dest.join(".iexport")).unwrap();
    let stranger = scene.dest.join("2024/2024-07/IMG_0005.jpg");
    std::fs::write(&stranger, b"somebody's").unwrap();
    scene.export(&CONVERT).expect(0);
    assert_eq!(std::fs::read(stranger).unwrap(), b"somebody's");
    assert_jpegs(&scene, "converted", 2);
    assert_eq!(scene.names().len(), before.len() + 1);
}

#[test]
fn a_later_edit_replaces_the_jpeg_of_the_earlier_one() {
    let library = |revision: i64, look: &str| {
        let mut library = Library::new(IosVersion::Ios18);
        let edit = EditSpec { at: Some(moment(revision).at), ..EditSpec::rendered("heic") };
        let spec = AssetSpec::at("DCIM/100APPLE/IMG_0001.HEIC").captured(moment(0)).edited(edit);
        library.asset(spec.named(look));
        library
    };
    let scene = Scene::with(&library(100, "IMG_0001.HEIC"));
    scene.export(&CONVERT).expect(0);
    let next = Scene::with(&library(200, "IMG_0001.HEIC"));
    let dest = scene.dest.to_str().unwrap();
    let words = [&["photos", "--all", "--to", dest][..], &CONVERT].concat();
    let summary = next.run(&words).expect(0).summary();
    // The made-up edit looks the same, and so does its JPEG: what lies there is found to be it.
    assert_eq!((&summary["adopted_files"], &summary["converted_files"]), (&1.into(), &1.into()), "{summary}");
    assert_eq!(short(&scene.names()), ["IMG_0001.jpg", "IMG_0001_edited.jpg"]);
    assert_jpegs(&scene, "edited_converted", 1);
}

#[test]
fn photos_of_real_iphones() {
    let mut library = Library::new(IosVersion::Ios18);
    let mut count = 0;
    for (n, name) in ["iphone-small.heic", "older-iphone.heic", "live.heic"].iter().enumerate() {
        let Some(bytes) = real(name) else { continue };
        let spec = AssetSpec::at(format!("DCIM/100APPLE/IMG_000{n}.HEIC")).captured(moment(n as i64));
        library.asset(spec.bytes(bytes));
        count += 1;
    }
    if count == 0 {
        return;
    }
    let scene = Scene::with(&library);
    let summary = scene.export(&CONVERT).expect(0).summary();
    assert_eq!(summary["converted_files"], count, "{summary}");
    for path in assert_jpegs(&scene, "converted", count) {
        assert!(std::fs::metadata(path).unwrap().len() > 500_000);
    }
}

#[test]
fn words_that_need_others() {
    let scene = Scene::with(&library());
    scene.export(&["--quality", "80"]).expect(2);
    scene.export(&["--keep-original"]).expect(2);
    scene.export(&["--convert", "png"]).expect(2);
    for quality in ["0", "101", "good"] {
        scene.export(&["--convert", "jpeg", "--quality", quality]).expect(2);
    }
    assert!(scene.names().is_empty());
}
