//! The main job.

use std::time::{Duration, UNIX_EPOCH};

use phone_libraries::{
    AssetSpec, BurstPart, EditSpec, FileSpec, IosVersion, Library, MediaKind, Presence, Recipe,
};
use virtual_iphone::Operation;

use crate::scene::{Scene, four, moment};

#[test]
fn everything_lands_by_year_and_month_with_its_name_and_time() {
    let scene = Scene::with(&four());
    scene.export(&[]).expect(0).says("Exported              4 files").says("Everything that was asked for");
    assert_eq!(
        scene.names(),
        [
            "2024/2024-07/IMG_0001.HEIC",
            "2024/2024-07/IMG_0002.JPG",
            "2024/2024-07/IMG_0003.PNG",
            "2024/2024-07/IMG_0004.MOV"
        ]
    );
    scene.assert_nothing_half_written();
    let taken = UNIX_EPOCH + Duration::from_secs(1_719_828_000);
    let file = scene.dest.join("2024/2024-07/IMG_0001.HEIC");
    assert_eq!(std::fs::metadata(file).unwrap().modified().unwrap(), taken);
}

#[test]
fn the_phone_is_never_asked_to_change_anything() {
    let scene = Scene::with(&Recipe::new(IosVersion::Ios18, 60).library());
    scene.export(&[]).expect(0);
    for command in [["devices"].as_slice(), &["info"], &["albums"], &["list", "photos"]] {
        scene.run(command).expect(0);
    }
    let stats = scene.phone().stats();
    assert!(stats.count(Operation::FileRead) > 0);
    assert_eq!(stats.write_requests, 0);
    assert_eq!(stats.value_writes, 0);
}

#[test]
fn a_second_run_copies_nothing_and_reads_no_file() {
    let scene = Scene::with(&Recipe::new(IosVersion::Ios17, 80).library());
    let first = scene.export(&["--json"]).expect(0).summary();
    assert!(first["exported_files"].as_u64().unwrap() > 80);
    let before = scene.exported();
    scene.phone().reset_stats();

    let run = scene.export(&["--json"]);
    let second = run.expect(0).summary();
    assert_eq!(second["exported_files"], 0);
    assert_eq!(second["already_files"], first["exported_files"]);
    assert_eq!(second["already_bytes"], first["exported_bytes"]);
    assert_eq!(scene.exported(), before);
    // Besides the database, nothing was opened: what is there is known without asking for it.
    let opens = scene.phone().stats().opens;
    let photos: Vec<_> = opens.keys().filter(|path| !path.starts_with("PhotoData/Photos.sqlite")).collect();
    assert!(photos.is_empty(), "{photos:?}");
    scene.export(&[]).expect(0).says("Nothing was copied: everything that was asked for and is on the phone");
}

#[test]
fn what_is_new_is_copied_and_nothing_else() {
    let mut library = four();
    let scene = Scene::with(&library);
    scene.export(&[]).expect(0);
    // The phone goes on: another photo, and an edit of an old one.
    library.asset(AssetSpec::at("DCIM/100APPLE/IMG_0005.HEIC").captured(moment(5)));
    let next = Scene::with(&library);
    let dest = scene.dest.to_str().unwrap();
    let summary = next.run(&["photos", "--all", "--to", dest, "--json"]).expect(0).summary();
    assert_eq!(summary["exported_files"], 1);
    assert_eq!(summary["already_files"], 4);
}

#[test]
fn live_photos_raw_twins_and_edits_stay_together() {
    let mut library = Library::new(IosVersion::Ios18);
    library.asset(
        AssetSpec::at("DCIM/100APPLE/IMG_0001.HEIC")
            .captured(moment(0))
            .live(FileSpec::default())
            .edited(EditSpec { live: Some(FileSpec::default()), ..EditSpec::rendered("heic") }),
    );
    library.asset(
        AssetSpec::at("DCIM/100APPLE/IMG_0002.JPG").captured(moment(1)).raw("DNG", FileSpec::default()),
    );
    library.asset(
        AssetSpec::at("DCIM/100APPLE/IMG_0003.MOV").captured(moment(2)).edited(EditSpec::rendered("mov")),
    );
    let scene = Scene::with(&library);
    scene.export(&[]).expect(0);
    let names: Vec<_> = scene.names().iter().map(|n| n.replace("2024/2024-07/", "")).collect();
    let lower: Vec<_> = names.iter().map(|n| n.to_lowercase()).collect();
    assert_eq!(
        lower,
        [
            "img_0001.heic",
            "img_0001.mov",
            "img_0001_edited.heic",
            "img_0001_edited.mov",
            "img_0002.dng",
            "img_0002.jpg",
            "img_0003.mov",
            "img_0003_edited.mov"
        ],
        "{names:?}"
    );
    scene.assert_nothing_half_written();
}

#[test]
fn equal_names_are_told_apart_the_same_way_every_time() {
    let mut library = Library::new(IosVersion::Ios16);
    for (n, folder) in ["100APPLE", "101APPLE", "102APPLE"].iter().enumerate() {
        let spec = AssetSpec::at(format!("DCIM/{folder}/IMG_0001.JPG")).captured(moment(n as i64));
        library.asset(spec.bytes(format!("photo {n}")));
    }
    // A movie that shares the stem of a photo and is nothing of it must not look like a Live Photo.
    library.asset(AssetSpec::at("DCIM/103APPLE/img_0001.mov").captured(moment(9)).bytes("a movie"));
    let first = Scene::with(&library);
    first.export(&[]).expect(0);
    let names = first.names();
    assert_eq!(names.len(), 4, "{names:?}");
    let stem = |name: &str| name.rsplit_once('.').unwrap().0.to_lowercase();
    let stems: std::collections::BTreeSet<_> = names.iter().map(|n| stem(n)).collect();
    assert_eq!(stems.len(), 4, "{names:?}");
    let second = Scene::with(&library);
    second.export(&[]).expect(0);
    assert_eq!(second.exported(), first.exported());
}

#[test]
fn what_is_hidden_trashed_shared_or_in_icloud() {
    let mut library = four();
    library.asset(AssetSpec::at("DCIM/100APPLE/IMG_0005.JPG").captured(moment(5)).hidden());
    library.asset(AssetSpec::at("DCIM/100APPLE/IMG_0006.JPG").captured(moment(6)).trashed());
    library.asset(AssetSpec::at("DCIM/100APPLE/IMG_0007.JPG").captured(moment(7)).icloud_only());
    for (n, part) in [BurstPart::Front, BurstPart::Unpicked, BurstPart::Unpicked].into_iter().enumerate() {
        let spec = AssetSpec::at(format!("DCIM/100APPLE/IMG_002{n}.JPG")).captured(moment(20 + n as i64));
        library.asset(spec.burst("B", part));
    }
    let scene = Scene::with(&library);
    let run = scene.export(&[]);
    run.expect(0)
        .says("Only in iCloud        1 photo or video")
        .says("Hidden album          1 item")
        .says("1 in Recently Deleted")
        .says("NOT on the drive: 1 only in iCloud.")
        .says("NOT on the drive unless another run put it there: 1 in Recently Deleted.");
    let names = scene.names().join(" ");
    for name in ["IMG_0005", "IMG_0020", "IMG_0021", "IMG_0022"] {
        assert!(names.contains(name), "{name} of {names}");
    }
    for name in ["IMG_0006", "IMG_0007"] {
        assert!(!names.contains(name), "{name} of {names}");
    }

    let without = Scene::with(&library);
    without.export(&["--hidden", "exclude"]).expect(0).says("1 in the Hidden album");
    assert!(!without.names().join(" ").contains("IMG_0005"));
    let only = Scene::with(&library);
    only.export(&["--hidden", "only"]).expect(0);
    assert_eq!(only.names(), ["2024/2024-07/IMG_0005.JPG"]);
}

#[test]
fn a_file_that_the_database_denies_is_exported_all_the_same() {
    let mut library = four();
    let denied = AssetSpec::at("DCIM/100APPLE/IMG_0005.JPG").captured(moment(5));
    library.asset(denied.presence(Presence::HereButDenied));
    let scene = Scene::with(&library);
    scene.export(&[]).expect(0);
    assert!(scene.names().contains(&"2024/2024-07/IMG_0005.JPG".to_owned()));
}

#[test]
fn a_lost_ledger_heals_without_a_second_copy() {
    let scene = Scene::with(&Recipe::new(IosVersion::Ios18, 40).library());
    let first = scene.export(&["--json"]).expect(0).summary();
    let before = scene.exported();
    std::fs::remove_dir_all(scene.dest.join(".iexport")).unwrap();
    let again = scene.export(&["--json"]).expect(0).summary();
    assert_eq!(again["exported_files"], first["exported_files"]);
    assert_eq!(scene.exported(), before, "nothing was renamed, doubled or changed");
    let third = scene.export(&["--json"]).expect(0).summary();
    assert_eq!(third["exported_files"], 0);
}

#[test]
fn a_strangers_file_of_the_same_name_is_left_alone() {
    let scene = Scene::with(&four());
    let folder = scene.dest.join("2024/2024-07");
    std::fs::create_dir_all(&folder).unwrap();
    // One of another size, one of the very same size with other content.
    std::fs::write(folder.join("IMG_0001.HEIC"), "mine").unwrap();
    let made = scene.made.as_ref().unwrap();
    let size = std::fs::metadata(made.media.join("DCIM/100APPLE/IMG_0002.JPG")).unwrap().len();
    let same_size = vec![b'x'; usize::try_from(size).unwrap()];
    std::fs::write(folder.join("IMG_0002.JPG"), &same_size).unwrap();

    let summary = scene.export(&["--json"]).expect(0).summary();
    assert_eq!(summary["exported_files"], 4);
    assert_eq!(std::fs::read(folder.join("IMG_0001.HEIC")).unwrap(), b"mine");
    assert_eq!(std::fs::read(folder.join("IMG_0002.JPG")).unwrap(), same_size);
    let names = scene.names();
    assert_eq!(names.len(), 6, "{names:?}");
    assert_eq!(names.iter().filter(|n| n.contains("IMG_0001-")).count(), 1, "{names:?}");
    assert_eq!(names.iter().filter(|n| n.contains("IMG_0002-")).count(), 1, "{names:?}");
    assert_eq!(scene.export(&["--json"]).expect(0).summary()["exported_files"], 0);
}

#[test]
fn what_was_deleted_from_the_drive_comes_again() {
    let scene = Scene::with(&four());
    scene.export(&[]).expect(0);
    let before = scene.exported();
    std::fs::remove_file(scene.dest.join("2024/2024-07/IMG_0003.PNG")).unwrap();
    let summary = scene.export(&["--json"]).expect(0).summary();
    assert_eq!(summary["exported_files"], 1);
    assert_eq!(scene.exported(), before);
}

#[test]
fn two_phones_share_a_drive() {
    let scene = Scene::with(&four());
    scene.export(&[]).expect(0);
    let other = Scene::of(&four().seed(7), |phone| {
        "00008110-000A1B2C3D4E5F60".clone_into(&mut phone.udid);
        "Her iPhone".clone_into(&mut phone.name);
    });
    let dest = scene.dest.to_str().unwrap();
    let summary = other.run(&["photos", "--all", "--to", dest, "--json"]).expect(0).summary();
    assert_eq!(summary["exported_files"], 4);
    assert_eq!(scene.names().len(), 8, "{:?}", scene.names());
    // Each knows its own.
    assert_eq!(scene.export(&["--json"]).expect(0).summary()["already_files"], 4);
}

#[test]
fn the_report_file_says_what_the_screen_says() {
    let mut library = four();
    library.asset(AssetSpec::at("DCIM/100APPLE/IMG_0007.JPG").captured(moment(7)).icloud_only());
    let scene = Scene::with(&library);
    let summary = scene.export(&["--json"]).expect(0).summary();
    let report = scene.dest.join(summary["report"].as_str().unwrap());
    let report: serde_json::Value = serde_json::from_slice(&std::fs::read(report).unwrap()).unwrap();
    assert_eq!(report["exported_files"], 4);
    assert_eq!(report["cloud_only"][0]["name"], "IMG_0007.JPG");
}

#[test]
fn json_tells_every_file_with_its_hash() {
    let scene = Scene::with(&four());
    let run = scene.export(&["--json"]);
    let files: Vec<_> = run.json().into_iter().filter(|line| line["type"] == "file").collect();
    assert_eq!(files.len(), 4);
    let exported = scene.exported();
    for file in files {
        assert_eq!(exported[file["to"].as_str().unwrap()], file["blake3"].as_str().unwrap());
    }
}

#[test]
fn every_ios_version() {
    for ios in IosVersion::ALL {
        let scene = Scene::with(&Recipe::new(ios, 50).media(MediaKind::Small).library());
        let summary = scene.export(&["--json"]).expect(0).summary();
        let truth = &scene.made.as_ref().unwrap().truth;
        let wanted = truth.assets.values().filter(|asset| !asset.trashed && !asset.shared);
        let files: usize = wanted.map(|asset| asset.files.len()).sum();
        assert_eq!(summary["exported_files"], files, "iOS {ios}");
        scene.assert_nothing_half_written();
    }
}

/// A library of one photo, with an edit of this content that was made so many minutes after the first.
fn edited(extension: &str, bytes: &str, minutes: i64) -> Library {
    let mut library = Library::new(IosVersion::Ios18);
    let edit = EditSpec {
        render: Some((extension.to_owned(), FileSpec::bytes(bytes))),
        at: Some(
            "2024-08-01T10:00:00Z".parse::<jiff::Timestamp>().unwrap()
                + jiff::SignedDuration::from_mins(minutes),
        ),
        ..EditSpec::rendered(extension)
    };
    let photo = AssetSpec::at("DCIM/100APPLE/IMG_0001.HEIC").captured(moment(0)).bytes("the original");
    library.asset(photo.uuid("3F2A1B4C-0000-4000-8000-000000000001").edited(edit));
    library
}

#[test]
fn an_edit_made_anew_replaces_the_old_one_and_nothing_else() {
    let scene = Scene::with(&edited("heic", "first edit", 0));
    scene.export(&[]).expect(0);
    let dest = scene.dest.to_str().unwrap();
    let again = |library: &Library| {
        let phone = Scene::with(library);
        phone.run(&["photos", "--all", "--to", dest, "--json"]).expect(0).summary()
    };
    let read = |name: &str| std::fs::read_to_string(scene.dest.join("2024/2024-07").join(name)).unwrap();

    let second = again(&edited("heic", "second edit", 1));
    assert_eq!((&second["exported_files"], &second["replaced_files"]), (&1.into(), &1.into()));
    assert_eq!(
        (read("IMG_0001.HEIC").as_str(), read("IMG_0001_edited.heic").as_str()),
        ("the original", "second edit")
    );

    // The new render is of another kind: the old one, which is ours and untouched, goes.
    again(&edited("jpg", "third edit", 2));
    assert_eq!(scene.names(), ["2024/2024-07/IMG_0001.HEIC", "2024/2024-07/IMG_0001_edited.jpg"]);
    assert_eq!(read("IMG_0001_edited.jpg"), "third edit");

    // Somebody worked on the exported edit: it is theirs now, and stays.
    std::fs::write(scene.dest.join("2024/2024-07/IMG_0001_edited.jpg"), "worked on by hand").unwrap();
    again(&edited("jpg", "fourth edit", 3));
    assert_eq!(read("IMG_0001_edited.jpg"), "worked on by hand");
    assert!(scene.names().len() == 3, "{:?}", scene.names());
}

#[test]
fn an_edit_that_somebody_changed_stays_even_if_its_size_is_the_same() {
    // A new edit of the same kind would replace the old one, one of another kind would remove it.
    for extension in ["heic", "jpg"] {
        let scene = Scene::with(&edited("heic", "first edit", 0));
        scene.export(&[]).expect(0);
        let folder = scene.dest.join("2024/2024-07");
        std::fs::write(folder.join("IMG_0001_edited.heic"), "FIRST EDIT").unwrap();

        let phone = Scene::with(&edited(extension, "second edit", 1));
        let again = ["photos", "--all", "--to", scene.dest.to_str().unwrap(), "--json"];
        let summary = phone.run(&again).expect(0).summary();
        assert_eq!((&summary["exported_files"], &summary["replaced_files"]), (&1.into(), &0.into()));
        assert_eq!(std::fs::read_to_string(folder.join("IMG_0001_edited.heic")).unwrap(), "FIRST EDIT");
        let contents: Vec<String> = scene
            .names()
            .iter()
            .map(|name| std::fs::read_to_string(scene.dest.join(name)).unwrap())
            .collect();
        assert_eq!(contents.len(), 3, "{:?}", scene.names());
        assert!(contents.contains(&"second edit".to_owned()), "{:?}", scene.names());
        // And that is how it stays.
        assert_eq!(phone.run(&again).expect(0).summary()["exported_files"], 0);
    }
}
