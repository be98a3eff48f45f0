//! Destinations, databases and files that are not as they should be: nothing is lost, nothing is half done.

use phone_libraries::{AssetSpec, EditSpec, FileSpec, IosVersion, Recipe};
use virtual_iphone::{Change, Fault, Faults, Placeholder, Status, When};

use crate::scene::{Scene, four};

fn export_to(scene: &Scene, to: &std::path::Path) -> crate::scene::Run {
    scene.run(&["photos", "--all", "--to", to.to_str().unwrap()])
}

#[test]
fn a_destination_that_is_a_file() {
    let scene = Scene::with(&four());
    let file = scene.path("file");
    std::fs::write(&file, "mine").unwrap();
    export_to(&scene, &file).expect(7).says("is a file, not a folder").says("Give a folder");
    assert_eq!(std::fs::read(&file).unwrap(), b"mine");
}

#[test]
fn a_destination_that_does_not_exist() {
    let scene = Scene::with(&four());
    export_to(&scene, &scene.path("no/such/folder"))
        .expect(7)
        .says("does not exist")
        .says("Make that folder");
    // Only the last part is missing: then it is made.
    export_to(&scene, &scene.path("new")).expect(0);
}

#[test]
#[cfg(unix)]
fn a_drive_that_is_not_connected() {
    let scene = Scene::with(&four());
    let run = export_to(&scene, "/mnt/No Such Drive/Photos".as_ref());
    run.expect(7).says("no drive is connected at /mnt/No Such Drive").says("Connect the drive");
}

#[test]
#[cfg(unix)]
fn a_destination_that_cannot_be_written() {
    use std::os::unix::fs::PermissionsExt;
    let scene = Scene::with(&four());
    let folder = scene.path("locked");
    std::fs::create_dir(&folder).unwrap();
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o555)).unwrap();
    if std::fs::write(folder.join("try"), "").is_ok() {
        // The one who runs the tests may write everywhere; a folder of the kernel refuses everybody.
        let run = export_to(&scene, "/proc/self".as_ref());
        run.expect(7).says("cannot write to /proc/self").says("Check that you may write there");
        return;
    }
    export_to(&scene, &folder).expect(7).says("cannot write to").says("Check that you may write there");
}

/// A drive of 3 MB, if this user can have one: a small file system in memory, seen by the program only.
#[test]
#[cfg(target_os = "linux")]
fn a_destination_that_gets_full() {
    let scene = Scene::with(&Recipe::new(IosVersion::Ios18, 400).library());
    let script = format!(
        "'{1}' photos --all --to '{0}' --json; code=$?; \
         find '{0}' -type f -not -path '*/.iexport/*' | wc -l >&2; \
         ls '{0}/.iexport/partial' | wc -l >&2; exit $code",
        scene.dest.display(),
        env!("CARGO_BIN_EXE_iexport"),
    );
    let Some(run) = scene.on_small_drive("3m", &script) else { return };
    let summary = run.expect(8).summary();
    assert_eq!(summary["outcome"], "destination_full");
    assert!(summary["exported_files"].as_u64().unwrap() > 0, "{}", run.text());
    assert!(summary["not_reached"].as_u64().unwrap() > 0, "{}", run.text());
    let numbers: Vec<u64> = run.stderr.lines().filter_map(|line| line.trim().parse().ok()).collect();
    let [on_drive, partial] = numbers.as_slice() else { panic!("{}", run.text()) };
    assert!(*on_drive >= summary["exported_files"].as_u64().unwrap());
    assert_eq!(*partial, 0, "nothing half-written stays behind");
}

#[test]
fn a_file_where_a_folder_should_be() {
    let scene = Scene::with(&four());
    std::fs::write(scene.dest.join("2024"), "mine").unwrap();
    let run = scene.export(&[]);
    run.expect(3).says("Failed                4 files").says("in the way").says("move that file away");
    assert_eq!(std::fs::read(scene.dest.join("2024")).unwrap(), b"mine");
    std::fs::remove_file(scene.dest.join("2024")).unwrap();
    scene.export(&[]).expect(0).says("Exported              4 files");
}

#[test]
fn two_exports_to_one_folder_at_once() {
    let scene = Scene::with(&four());
    let ledger = iexport::ledger::Ledger::open(&scene.dest).unwrap();
    scene
        .export(&[])
        .expect(7)
        .says("another export to this destination is running")
        .says("Wait until it is done");
    drop(ledger);
    scene.export(&[]).expect(0);
}

#[test]
fn a_corrupt_ledger() {
    let scene = Scene::with(&four());
    scene.export(&[]).expect(0);
    let before = scene.exported();
    let ledger = scene.dest.join(".iexport/ledger.db");
    std::fs::write(&ledger, vec![7; 20_000]).unwrap();
    scene.export(&[]).expect(7).says("damaged").says("Move that one file away");
    std::fs::remove_file(&ledger).unwrap();
    scene.export(&[]).expect(0);
    assert_eq!(scene.exported(), before);
}

#[test]
fn a_corrupt_photo_database() {
    let scene = Scene::with(&four());
    let database = scene.made.as_ref().unwrap().media.join("PhotoData/Photos.sqlite");
    std::fs::write(&database, vec![0x42; 100_000]).unwrap();
    let run = scene.export(&[]);
    run.expect(0).says("Note:").says("Exported              4 files");
    assert_eq!(scene.names().len(), 4);
    scene.assert_nothing_half_written();
    // The same files under the same names the next time: nothing is copied again.
    assert_eq!(scene.export(&["--json"]).expect(0).summary()["exported_files"], 0);
}

/// A phone that was erased counts its photos from 1 again. Without its database nothing tells the new ones from those
/// that were exported, of which the only copy may be on the drive.
#[test]
fn other_photos_under_the_same_names_and_no_photo_database() {
    let scene = Scene::with(&four());
    let media = scene.made.as_ref().unwrap().media.clone();
    std::fs::remove_dir_all(media.join("PhotoData")).unwrap();
    scene.export(&[]).expect(0);
    let before = scene.exported();
    let path = media.join("DCIM/100APPLE/IMG_0002.JPG");
    let mut other = std::fs::read(&path).unwrap();
    let end = other.len() - 2;
    other.splice(end..end, *b"another");
    std::fs::write(&path, &other).unwrap();
    let summary = scene.export(&["--json"]).expect(0).summary();
    assert_eq!((&summary["exported_files"], &summary["replaced_files"]), (&1.into(), &0.into()));
    let after = scene.exported();
    assert!(before.iter().all(|(name, hash)| after.get(name) == Some(hash)), "{after:?}");
    assert!(after.values().any(|hash| *hash == blake3::hash(&other).to_hex().to_string()));
    assert_eq!(scene.export(&["--json"]).expect(0).summary()["exported_files"], 0);
}

#[test]
fn no_photo_database() {
    let scene = Scene::with(&four());
    std::fs::remove_dir_all(scene.made.as_ref().unwrap().media.join("PhotoData")).unwrap();
    let run = scene.export(&[]);
    run.expect(0)
        .says("Note:")
        .says("4 photos and videos in the camera folders; the phone's catalogue could not be read");
    run.says("Exported              4 files").says("Mind:").says("do not delete anything from the phone");
    assert!(!run.stderr.contains("the whole library") && !run.stderr.contains("asked for is on the drive"));
    assert_eq!(scene.export(&["--json"]).expect(0).summary()["without_catalogue"], true);
}

#[test]
fn a_database_that_changes_while_it_is_copied() {
    let scene = Scene::with(&Recipe::new(IosVersion::Ios18, 30).library());
    let wal = scene.made.as_ref().unwrap().media.join("PhotoData/Photos.sqlite-wal");
    let mut restarted = std::fs::read(&wal).unwrap();
    // Another salt: a checkpoint restarted the log between the two times it is read.
    for byte in &mut restarted[16..24] {
        *byte ^= 0x5a;
    }
    let original = std::fs::read(&wal).unwrap();
    let faults = Faults::default()
        .change("PhotoData/Photos.sqlite-wal", When::BeforeOpen(2), Change::Replace(restarted))
        .change("PhotoData/Photos.sqlite-wal", When::BeforeOpen(3), Change::Replace(original));
    scene.phone().set_faults(faults);
    let summary = scene.export(&["--json"]).expect(0).summary();
    assert!(summary["exported_files"].as_u64().unwrap() >= 30);
    assert!(scene.phone().stats().opens_of("PhotoData/Photos.sqlite") >= 2, "it was taken again");
}

#[test]
fn a_file_that_vanishes_between_catalogue_and_copy() {
    let scene = Scene::with(&four());
    scene.phone().set_faults(Faults::default().with("DCIM/100APPLE/IMG_0002.JPG", Fault::Vanishes));
    let run = scene.export(&[]);
    run.expect(3).says("Failed                1 file").says("IMG_0002.JPG").says("not found on the phone");
    assert_eq!(scene.names().len(), 3);
    scene.assert_nothing_half_written();
    // It comes back: only it is copied.
    scene.phone().set_faults(Faults::default());
    assert_eq!(scene.export(&["--json"]).expect(0).summary()["exported_files"], 1);
}

/// Fails if somebody who reads this could think that all is on the drive.
#[track_caller]
fn assert_not_all_is_known(run: &crate::scene::Run) {
    run.expect(3).says("Could not be read     1 folder of the phone").says("do not delete anything");
    for words in ["Everything that was asked for is", "and is on the phone is"] {
        assert!(!run.stderr.contains(words), "{}", run.text());
    }
}

#[test]
fn a_camera_folder_that_cannot_be_listed() {
    let mut library = four();
    library.asset(
        AssetSpec::at("DCIM/100APPLE/IMG_0005.HEIC")
            .live(FileSpec::default())
            .raw("DNG", FileSpec::default()),
    );
    let scene = Scene::with(&library);
    let refused = Fault::ListFails(Status::PermissionDenied);
    scene.phone().set_faults(Faults::default().with("DCIM/100APPLE", refused));
    let run = scene.export(&[]);
    assert_not_all_is_known(&run);
    // What the catalogue tells of is there all the same, as its files can be opened.
    run.says("Exported              7 files").says("Failed                0 files");
    scene.assert_nothing_half_written();
    let summary = scene.export(&["--json"]).expect(3).summary();
    assert_eq!((&summary["unread_folders"], &summary["outcome"]), (&1.into(), &"with_failures".into()));
    assert_eq!((&summary["already_files"], &summary["exported_files"]), (&7.into(), &0.into()));
    scene.phone().set_faults(Faults::default());
    let summary = scene.export(&["--json"]).expect(0).summary();
    assert_eq!((&summary["unread_folders"], &summary["exported_files"]), (&0.into(), &0.into()));
}

#[test]
fn an_edit_whose_folder_cannot_be_listed() {
    let mut library = four();
    library.asset(AssetSpec::at("DCIM/100APPLE/IMG_0005.JPG").edited(EditSpec::rendered("jpg")));
    library.asset(AssetSpec::at("DCIM/100APPLE/IMG_0006.JPG").edited(EditSpec::rendered("png")));
    let scene = Scene::with(&library);
    let refused = Fault::ListFails(Status::ReadError);
    let edit = |name: &str| format!("PhotoData/Mutations/DCIM/100APPLE/{name}/Adjustments");
    scene.phone().set_faults(Faults::default().with(&edit("IMG_0005"), refused));
    let run = scene.export(&[]);
    assert_not_all_is_known(&run);
    run.says("Exported              8 files").says("Failed                0 files");
    // One whose name nobody can guess fails, and is not called missing.
    scene.phone().set_faults(Faults::default().with(&edit("IMG_0006"), refused));
    std::fs::remove_dir_all(&scene.dest).unwrap();
    std::fs::create_dir(&scene.dest).unwrap();
    let run = scene.export(&[]);
    assert_not_all_is_known(&run);
    run.says("Exported              7 files").says("Failed                1 file").says("FullSizeRender.jpg");
    scene.phone().set_faults(Faults::default());
    assert_eq!(scene.export(&["--json"]).expect(0).summary()["exported_files"], 1);
}

#[test]
fn files_without_a_database_in_folders_that_cannot_be_listed() {
    let scene = Scene::with(&four());
    let media = &scene.made.as_ref().unwrap().media;
    std::fs::remove_dir_all(media.join("PhotoData")).unwrap();
    scene.phone().set_faults(Faults::default().with("DCIM", Fault::ListFails(Status::PermissionDenied)));
    scene.export(&[]).expect(1).says("cannot be listed: DCIM").says("Unlock the iPhone");
    let from_cloud = media.join("PhotoData/CPLAssets/group1");
    std::fs::create_dir_all(&from_cloud).unwrap();
    std::fs::copy(media.join("DCIM/100APPLE/IMG_0002.JPG"), from_cloud.join("A.JPG")).unwrap();
    let run = scene.export(&[]);
    assert_not_all_is_known(&run);
    run.says("Exported              1 file").says("could not be listed; DCIM");
}

#[test]
fn a_short_read() {
    let scene = Scene::with(&four());
    scene.phone().set_faults(Faults::default().with("DCIM/100APPLE/IMG_0003.PNG", Fault::EndsAfter(10)));
    let run = scene.export(&[]);
    run.expect(3).says("ended after 10 of").says("Run the same command again");
    assert_eq!(scene.names().len(), 3);
    scene.assert_nothing_half_written();
}

#[test]
fn a_read_error_that_goes_away() {
    let scene = Scene::with(&four());
    let fault = Fault::ReadFails { after: 0, status: Status::IoError };
    scene.phone().set_faults(Faults::default().with_times("DCIM/100APPLE/IMG_0001.HEIC", fault, 1));
    scene.export(&[]).expect(0).says("Exported              4 files");
    scene.assert_nothing_half_written();
}

#[test]
fn placeholders_of_icloud_in_every_form() {
    let forms = [Placeholder::Absent, Placeholder::OpenFails, Placeholder::ReadFails];
    for form in forms {
        let scene = Scene::with(&four());
        scene.phone().set_faults(Faults::default().placeholder("DCIM/100APPLE/IMG_0001.HEIC", form));
        let summary = scene.export(&["--json"]).summary();
        assert_eq!(summary["exported_files"], 3, "{form:?}");
        let told = summary["failed"].as_array().unwrap().len() + summary["missing"].as_array().unwrap().len();
        assert_eq!(told, 1, "{form:?}: {summary}");
        scene.assert_nothing_half_written();
    }
}
