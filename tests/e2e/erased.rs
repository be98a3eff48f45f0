//! A phone that was erased counts from 1 again. Where only the place of a file is known, nothing tells the new one from
//! the old one, of which the drive may have the only copy.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rusqlite::Connection;

use crate::convert::library;
use crate::scene::{Scene, four};

/// A phone without a catalogue of its photos; what was edited is there still.
fn phone() -> (Scene, PathBuf) {
    let scene = Scene::with(&library());
    let media = scene.made.as_ref().unwrap().media.clone();
    for entry in std::fs::read_dir(media.join("PhotoData")).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true if path.ends_with("Mutations") => {}
            true => std::fs::remove_dir_all(path).unwrap(),
            false => std::fs::remove_file(path).unwrap(),
        }
    }
    (scene, media.join("DCIM/100APPLE"))
}

/// Makes another picture of a HEIC, which looks the same.
fn take_another(path: &Path) {
    let mut bytes = std::fs::read(path).unwrap();
    bytes.extend(*b"\0\0\0\x10free\x01\x02\x03\x04\x05\x06\x07\x08");
    std::fs::write(path, bytes).unwrap();
}

#[track_caller]
fn assert_all_stays(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) {
    for (name, hash) in before {
        assert_eq!(after.get(name), Some(hash), "{name}");
    }
}

fn check(scene: &Scene) {
    scene.run(&["manifest", "--to", scene.dest.to_str().unwrap(), "--check=hash"]).expect(0);
}

#[test]
fn a_jpeg_that_was_made_keeps_its_sidecars() {
    let (scene, folder) = phone();
    let words = ["--convert", "jpeg", "--sidecar", "json", "--sidecar", "xmp"];
    scene.export(&words).expect(0);
    let before = scene.exported();
    take_another(&folder.join("IMG_0005.HEIC"));
    scene.export(&words).expect(0);
    let after = scene.exported();
    assert_all_stays(&before, &after);
    assert_eq!(after.len(), before.len() + 3, "{after:?}");
    check(&scene);
}

#[test]
fn the_edit_of_the_old_photo_is_not_that_of_the_new_one() {
    let (scene, folder) = phone();
    let words = ["--versions", "both", "--sidecar", "json", "--sidecar", "xmp"];
    scene.export(&words).expect(0);
    let before = scene.exported();
    std::fs::remove_dir_all(folder.parent().unwrap().parent().unwrap().join("PhotoData")).unwrap();
    take_another(&folder.join("IMG_0001.HEIC"));
    scene.export(&words).expect(0);
    let after = scene.exported();
    assert_all_stays(&before, &after);
    let new: Vec<&String> = after.keys().filter(|name| !before.contains_key(*name)).collect();
    let json = new.iter().find(|name| name.ends_with(".json")).unwrap();
    let json = std::fs::read_to_string(scene.dest.join(json)).unwrap();
    assert!(!json.contains("_edited"), "{json}");
    let db = Connection::open(scene.dest.join(".iexport/ledger.db")).unwrap();
    let edit = "SELECT count(*) FROM files WHERE path LIKE '%IMG\\_0001\\_edited%' ESCAPE '\\' AND uuid LIKE 'path:%#%'";
    let edits: i64 = db.query_row(edit, [], |row| row.get(0)).unwrap();
    assert!(edits >= 1);
    check(&scene);
    assert_eq!(scene.export(&["--versions", "both", "--json"]).expect(0).summary()["exported_files"], 0);
}

/// Restoring a phone can give all its files the same day.
#[test]
fn what_has_another_time_alone_is_not_exported_twice() {
    for words in [&["--json"][..], &["--convert", "jpeg", "--json"]] {
        let (scene, folder) = phone();
        scene.export(words).expect(0);
        let before = scene.exported();
        for name in ["IMG_0005.HEIC", "IMG_0002.JPG"] {
            let file = std::fs::File::options().append(true).open(folder.join(name)).unwrap();
            file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(1_600_000_000)).unwrap();
        }
        let summary = scene.export(words).expect(0).summary();
        assert_eq!(
            (&summary["exported_files"], &summary["adopted_files"]),
            (&2.into(), &2.into()),
            "{words:?}"
        );
        assert_eq!(scene.exported(), before, "{words:?}");
        assert_eq!(scene.export(words).expect(0).summary()["exported_files"], 0, "{words:?}");
    }
}

/// What is damaged or gone when the new one comes is missed all the same: nobody but the drive had it.
#[test]
fn what_is_damaged_or_gone_stays_on_the_list() {
    for damage in ["changed", "gone"] {
        let scene = Scene::with(&four());
        let media = scene.made.as_ref().unwrap().media.clone();
        std::fs::remove_dir_all(media.join("PhotoData")).unwrap();
        scene.export(&[]).expect(0);
        let old = scene.names().into_iter().find(|name| name.ends_with("IMG_0002.JPG")).unwrap();
        let path = scene.dest.join(&old);
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[10] ^= 1;
        std::fs::write(&path, bytes).unwrap();
        take_another(&media.join("DCIM/100APPLE/IMG_0002.JPG"));
        if damage == "changed" {
            scene.export(&[]).expect(0);
        } else {
            // It goes while the new one has another name already.
            scene.export(&[]).expect(0);
            std::fs::remove_file(&path).unwrap();
            take_another(&media.join("DCIM/100APPLE/IMG_0002.JPG"));
            scene.export(&[]).expect(0);
        }
        let run = scene.run(&["manifest", "--to", scene.dest.to_str().unwrap(), "--check=hash"]);
        assert!(run.expect(3).stdout.contains(&old), "{}", run.text());
    }
}

/// The same of any folder of the media root.
#[test]
fn files_of_the_media_folder_are_never_replaced() {
    let scene = Scene::with(&four());
    let path = scene.made.as_ref().unwrap().media.join("DCIM/100APPLE/IMG_0002.JPG");
    let words = ["files", "--path", "DCIM", "--to", scene.dest.to_str().unwrap(), "--json"];
    scene.run(&words).expect(0);
    let before = scene.exported();
    std::fs::write(path, "another photo").unwrap();
    let summary = scene.run(&words).expect(0).summary();
    assert_eq!((&summary["exported_files"], &summary["replaced_files"]), (&1.into(), &0.into()));
    let after = scene.exported();
    assert_all_stays(&before, &after);
    assert_eq!(after.len(), before.len() + 1);
    check(&scene);
    assert_eq!(scene.run(&words).expect(0).summary()["exported_files"], 0);
}
