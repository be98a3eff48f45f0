//! Real photo libraries, judged by somebody else: the tools and libraries that lie beside the repository.

use std::path::{Path, PathBuf};
use std::process::Command;

use phone_libraries::{IosVersion, Recipe};
use virtual_iphone::PhoneConfig;

use crate::scene::Scene;

/// The folder beside the repository, if it is there.
pub fn shared() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    if folder.join("tools/check_export.py").exists() {
        return Some(folder);
    }
    eprintln!("left out: ../shared is not there");
    None
}

/// A copy of a folder that may be changed, with the modification times that its tool restores.
pub fn copy_of(library: &Path, tools: &Path, to: &Path) -> PathBuf {
    let copied = Command::new("cp").args(["-R"]).arg(library).arg(to).status().unwrap();
    assert!(copied.success());
    let copy = to.join(library.file_name().unwrap());
    assert!(Command::new("chmod").args(["-R", "u+w"]).arg(&copy).status().unwrap().success());
    let touched =
        Command::new("python3").arg(tools.join("make_media_root.py")).arg("--touch").arg(&copy).output();
    assert!(touched.unwrap().status.success());
    copy
}

/// What the judge says.
#[track_caller]
pub fn judge(shared: &Path, truth: &Path, export: &Path, include: &str, more: &[&str]) {
    let verdict = Command::new("python3")
        .arg(shared.join("tools/check_export.py"))
        .arg(truth)
        .arg(export)
        .args(["--expect", "originals,live,edited,raw", "--include", include])
        .args(more)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&verdict.stdout);
    eprintln!("{text}");
    assert!(verdict.status.success(), "{text}");
    assert!(text.trim_end().ends_with(", 0 failed"), "{text}");
}

fn real(name: &str) {
    let Some(shared) = shared() else { return };
    let scene = Scene::without_phone();
    let library = copy_of(&shared.join("libraries").join(name), &shared.join("tools"), &scene.path(""));
    let database = library.join("media/PhotoData/Photos.sqlite");
    let before = std::fs::read(&database).unwrap();
    let mut phone = PhoneConfig::new(library.join("media"));
    phone.already_paired = true;
    scene.plug(phone);

    scene.export(&[]).expect(0);
    judge(
        &shared,
        &library.join("truth.json"),
        &scene.dest,
        "hidden,bursts",
        &["--strict", "--copies", "--mtime-min", "99"],
    );
    assert!(std::fs::read(&database).unwrap() == before, "the phone's database is as it was");
    let again = scene.export(&["--json"]).expect(0).summary();
    assert_eq!(again["exported_files"], 0);

    // The catalogue's sizes are those of the uncut originals; a lost ledger heals all the same.
    let files = scene.exported();
    std::fs::remove_dir_all(scene.dest.join(".iexport")).unwrap();
    let healed = scene.export(&["--json"]).expect(0).summary();
    assert_eq!(healed["adopted_files"], files.len());
    assert_eq!(scene.exported(), files);
}

#[test]
fn ios13() {
    real("ios13");
}

#[test]
fn ios16() {
    real("ios16");
}

#[test]
fn ios18_media_types() {
    real("ios18-media-types");
}

#[test]
fn shared_albums() {
    real("shared-albums");
}

#[test]
fn no_folder_is_forgotten() {
    let Some(shared) = shared() else { return };
    let mut names: Vec<String> = std::fs::read_dir(shared.join("libraries"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().join("truth.json").exists())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names, ["ios13", "ios16", "ios18-media-types", "shared-albums"]);
}

#[test]
fn synthetic_ones_are_judged_too() {
    let Some(shared) = shared() else { return };
    for ios in [IosVersion::Ios13, IosVersion::Ios18, IosVersion::Ios26] {
        let scene = Scene::with(&Recipe::new(ios, 120).seed(11).library());
        scene.export(&[]).expect(0);
        let truth = &scene.made.as_ref().unwrap().truth_path;
        judge(&shared, truth, &scene.dest, "hidden,bursts", &["--strict", "--copies", "--mtime-min", "99"]);
    }
}
