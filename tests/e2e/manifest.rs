//! The list of everything that was exported, and whether it is still there.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

use phone_libraries::{IosVersion, Recipe};
use rusqlite::Connection;

use crate::scene::{Run, Scene, finish, four};

fn manifest(scene: &Scene, more: &[&str]) -> Run {
    let dest = scene.dest.to_str().unwrap().to_owned();
    let args: Vec<&str> = ["manifest", "--to", &dest].into_iter().chain(more.iter().copied()).collect();
    scene.run(&args)
}

/// Path and BLAKE3 of each row of a manifest in CSV.
fn hashes(csv: &str) -> BTreeMap<String, String> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let column = |reader: &mut csv::Reader<&[u8]>, name: &str| {
        reader.headers().unwrap().iter().position(|header| header == name).unwrap()
    };
    let (path, hash) = (column(&mut reader, "path"), column(&mut reader, "blake3"));
    reader.records().map(|row| row.unwrap()).map(|row| (row[path].to_owned(), row[hash].to_owned())).collect()
}

#[test]
fn everything_is_in_it_without_a_phone() {
    let scene = Scene::with(&Recipe::new(IosVersion::Ios18, 60).library());
    scene.export(&[]).expect(0);
    let exported = scene.exported();
    // No phone, no usbmuxd, no environment.
    scene.phone().detach();
    let run = manifest(&scene, &[]);
    assert_eq!(hashes(&run.expect(0).stdout), exported);
    assert!(run.stderr.is_empty(), "{}", run.text());
    assert_eq!(manifest(&scene, &[]).stdout, run.stdout, "the same list every time");

    let objects = manifest(&scene, &["--json"]);
    let objects = objects.expect(0).json();
    assert_eq!(objects.len(), exported.len());
    for object in &objects {
        assert_eq!(object["type"], "entry");
        assert_eq!(exported[object["path"].as_str().unwrap()], object["blake3"].as_str().unwrap());
        assert_eq!(object["kind"], "file");
        assert!(["proven", "no_fingerprint"].contains(&object["proof"].as_str().unwrap()), "{object}");
        for field in ["uuid", "role", "original_name", "phone_udid", "source_path", "exported_at"] {
            assert!(object[field].as_str().is_some_and(|text| !text.is_empty()), "{field} of {object}");
        }
    }
    let output = scene.path("list.sqlite");
    manifest(&scene, &["--output", output.to_str().unwrap()]).expect(0).says("Wrote ");
    let db = Connection::open(output).unwrap();
    let proven: i64 = db
        .query_row(
            "SELECT count(*) FROM manifest WHERE content_fingerprint = fingerprint AND proof = 'proven'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    let expected = objects.iter().filter(|object| object["proof"] == "proven").count();
    assert_eq!(usize::try_from(proven).unwrap(), expected);
}

#[test]
fn what_is_missing_or_changed_is_found() {
    let scene = Scene::with(&four());
    scene.export(&[]).expect(0);
    manifest(&scene, &["--check"]).expect(0).says("All 4 files").says("with the size that was recorded");
    manifest(&scene, &["--check=hash"]).expect(0).says("with the content that was recorded");

    let folder = scene.dest.join("2024/2024-07");
    std::fs::remove_file(folder.join("IMG_0001.HEIC")).unwrap();
    let mut bytes = std::fs::read(folder.join("IMG_0002.JPG")).unwrap();
    bytes[10] ^= 1;
    std::fs::write(folder.join("IMG_0002.JPG"), &bytes).unwrap();
    let run = manifest(&scene, &["--check"]);
    run.expect(3).says("3 of 4 files are there").says("1 is missing: run the export again");
    assert_eq!(run.stdout, "missing        2024/2024-07/IMG_0001.HEIC\n");
    let run = manifest(&scene, &["--check=hash"]);
    run.expect(3).says("1 is something else than was recorded");
    assert_eq!(
        run.stdout,
        "missing        2024/2024-07/IMG_0001.HEIC\nother content  2024/2024-07/IMG_0002.JPG\n"
    );
    let lines = manifest(&scene, &["--check=hash", "--json"]);
    let lines = lines.expect(3).json();
    let [missing, other, end] = lines.as_slice() else { panic!("{lines:?}") };
    assert_eq!((&missing["type"], &missing["problem"]), (&"problem".into(), &"missing".into()));
    assert_eq!(missing["original_name"], "IMG_0001.HEIC");
    assert_eq!(other["found_blake3"], blake3::hash(&bytes).to_hex().as_str());
    assert_eq!((&end["type"], &end["entries"], &end["good"]), (&"check".into(), &4.into(), &2.into()));
    // The advice is right: what is missing comes again.
    scene.export(&[]).expect(0);
    manifest(&scene, &["--check"]).expect(0);
}

/// A phone that was erased counts its photos from 1 again: under the name of an old photo there is another one then. The
/// drive has the only copy of the old one, and it stays on the list, with its sidecars.
#[test]
fn photos_of_before_the_phone_was_erased_stay_on_it() {
    const BOTH: [&str; 4] = ["--sidecar", "xmp", "--sidecar", "json"];
    let scene = Scene::with(&four());
    let media = scene.made.as_ref().unwrap().media.clone();
    std::fs::remove_dir_all(media.join("PhotoData")).unwrap();
    scene.export(&BOTH).expect(0);
    let path = media.join("DCIM/100APPLE/IMG_0002.JPG");
    let original = std::fs::read(&path).unwrap();
    let take = |words: &[u8]| {
        let mut other = original.clone();
        let end = other.len() - 2;
        other.splice(end..end, words.iter().copied());
        std::fs::write(&path, &other).unwrap();
    };
    let mut before = scene.exported();
    for words in [&b"another"[..], b"and one more"] {
        take(words);
        scene.export(&BOTH).expect(0);
        let after = scene.exported();
        assert_eq!(after.len(), before.len() + 3, "{after:?}");
        for (name, hash) in &before {
            assert_eq!(after.get(name), Some(hash), "{name}");
        }
        assert_eq!(hashes(&manifest(&scene, &[]).expect(0).stdout), after);
        manifest(&scene, &["--check=hash"]).expect(0);
        before = after;
    }
    // The same once more is no news.
    assert_eq!(scene.export(&["--json"]).expect(0).summary()["exported_files"], 0);
    let newest = blake3::hash(&std::fs::read(&path).unwrap()).to_hex().to_string();
    let photos = before.iter().filter(|(name, _)| name.contains("IMG_0002") && name.ends_with(".JPG"));
    let old: Vec<&String> = photos.filter(|(_, hash)| **hash != newest).map(|(name, _)| name).collect();
    assert_eq!(old.len(), 2, "{before:?}");
    for old in old {
        std::fs::rename(scene.dest.join(old), scene.path("aside")).unwrap();
        assert_eq!(manifest(&scene, &["--check"]).expect(3).stdout, format!("missing        {old}\n"));
        std::fs::rename(scene.path("aside"), scene.dest.join(old)).unwrap();
    }
}

#[test]
fn the_list_and_the_check_in_one_go() {
    let scene = Scene::with(&four());
    scene.export(&[]).expect(0);
    let output = scene.path("list.json");
    let output = output.to_str().unwrap();
    manifest(&scene, &["--check", "--output", output]).expect(0).says("Wrote 4 entries").says("All 4 files");
    assert_eq!(std::fs::read_to_string(output).unwrap().lines().count(), 4);
    // It is not written over, nor is anything checked.
    let again = manifest(&scene, &["--check", "--output", output]);
    again.expect(1).says("exists already, and nothing is written over").says("Choose another name");
}

#[test]
fn it_works_beside_a_run() {
    let scene = Scene::with(&four());
    scene.export(&[]).expect(0);
    let ledger = iexport::ledger::Ledger::open(&scene.dest).unwrap();
    assert_eq!(hashes(&manifest(&scene, &[]).expect(0).stdout), scene.exported());
    manifest(&scene, &["--check=hash"]).expect(0);
    drop(ledger);
}

#[test]
#[cfg(target_os = "linux")]
fn it_works_on_a_drive_that_cannot_be_written() {
    let scene = Scene::with(&four());
    scene.export(&[]).expect(0);
    let script = format!(
        "mount --bind '{0}' '{0}' && mount -o remount,bind,ro '{0}' && ! touch '{0}/x' 2>/dev/null || exit 99; \
         '{1}' manifest --to '{0}' && '{1}' manifest --to '{0}' --check=hash",
        scene.dest.display(),
        env!("CARGO_BIN_EXE_iexport"),
    );
    let child = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", &script])
        .env("HOME", scene.path("home"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(child) = child else {
        eprintln!("left out: a drive that cannot be written needs unshare");
        return;
    };
    let run = finish(child);
    if run.stdout.is_empty() && (run.code == 1 || run.code == 99) {
        assert!(std::env::var_os("IEXPORT_REQUIRE_PEERS").is_none(), "{}", run.text());
        eprintln!("left out: this user may not mount a drive: {}", run.stderr.trim());
        return;
    }
    assert_eq!(hashes(&run.expect(0).stdout), scene.exported());
    run.says("All 4 files");
}

#[test]
fn a_ledger_that_is_of_no_use_says_what_to_do() {
    let scene = Scene::with(&four());
    let run = manifest(&scene, &[]);
    run.expect(7).says("there is no ledger in").says("Give the folder that was given to the export");
    assert!(run.stdout.is_empty(), "{}", run.text());
    let error = manifest(&scene, &["--json"]).expect(7).json().pop().unwrap();
    assert_eq!((&error["type"], &error["exit_code"]), (&"error".into(), &7.into()));
    assert!(!scene.dest.join(".iexport").exists(), "looking makes nothing");

    scene.export(&[]).expect(0);
    let below = scene.dest.join("2024");
    let above = format!("There is one in a folder above it: --to {}", scene.dest.display());
    scene.run(&["manifest", "--to", below.to_str().unwrap()]).expect(7).says(&above);

    let ledger = scene.dest.join(".iexport/ledger.db");
    Connection::open(&ledger).unwrap().execute_batch("PRAGMA user_version = 99").unwrap();
    manifest(&scene, &[]).expect(7).says("written by a newer version").says("Update iexport");
    std::fs::write(&ledger, vec![7; 20_000]).unwrap();
    manifest(&scene, &[]).expect(7).says("is damaged").says("The pictures are not touched by that");
}

#[test]
fn words_that_do_not_fit_together() {
    let scene = Scene::with(&four());
    scene.export(&[]).expect(0);
    manifest(&scene, &["--format", "sqlite"]).expect(2).says("Say where it goes with --output FILE");
    manifest(&scene, &["--check", "--format", "csv"]).expect(2).says("there is no --output");
    manifest(&scene, &["--check=perhaps"]).expect(2).says("hash");
    scene.run(&["manifest"]).expect(2).says("--to");
    let nowhere = scene.path("nowhere/list.csv");
    manifest(&scene, &["--output", nowhere.to_str().unwrap()]).expect(1).says("Make the folder first");
}

#[test]
fn rows_that_make_no_sense_are_not_hushed_up() {
    let scene = Scene::with(&four());
    scene.export(&[]).expect(0);
    let db = Connection::open(scene.dest.join(".iexport/ledger.db")).unwrap();
    db.execute("UPDATE files SET path = '../../etc/passwd' WHERE path LIKE '%IMG_0001%'", []).unwrap();
    let run = manifest(&scene, &[]);
    run.expect(3).says("1 row of the ledger makes no sense");
    assert_eq!(hashes(&run.stdout).len(), 3);
    manifest(&scene, &["--check"]).expect(3).says("1 row of the ledger makes no sense");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let scene = Scene::with(&four());
    scene.export(&[]).expect(0);
    let dest: &Path = &scene.dest;
    let mut child = scene.command(&["manifest", "--to", dest.to_str().unwrap()]).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
