//! Which files of an item are exported (versions, recipes of edits, previews of what is not there), and that the summary
//! says what stays behind: somebody will delete it from the phone.

use phone_libraries::{AssetSpec, EditSpec, FileSpec, IosVersion, Library, Presence};
use serde_json::Value;

use crate::scene::{Scene, moment};

/// A Live Photo and a video that were edited, and a photo that is only in iCloud.
fn library() -> Library {
    let mut library = Library::new(IosVersion::Ios18);
    library.asset(
        AssetSpec::at("DCIM/100APPLE/IMG_0001.HEIC")
            .captured(moment(1))
            .live(FileSpec::default())
            .edited(EditSpec { live: Some(FileSpec::default()), ..EditSpec::rendered("heic") }),
    );
    library.asset(
        AssetSpec::at("DCIM/100APPLE/IMG_0002.MOV").captured(moment(2)).edited(EditSpec::rendered("mov")),
    );
    library.asset(AssetSpec::at("DCIM/100APPLE/IMG_0003.JPG").captured(moment(3)).icloud_only());
    library
}

const ORIGINALS: [&str; 3] = ["IMG_0001.HEIC", "IMG_0001.MOV", "IMG_0002.MOV"];
const EDITS: [&str; 3] = ["IMG_0001_edited.heic", "IMG_0001_edited.mov", "IMG_0002_edited.mov"];

/// What lies in the folder of the month.
fn names(scene: &Scene) -> Vec<String> {
    let names = scene.names().into_iter();
    names.map(|name| name.strip_prefix("2024/2024-07/").unwrap().to_owned()).collect()
}

fn sorted(parts: &[&[&str]]) -> Vec<String> {
    let mut names: Vec<String> = parts.concat().into_iter().map(str::to_owned).collect();
    names.sort();
    names
}

/// Originals, edits and HEICs that stay behind.
fn left_out(summary: &Value) -> [u64; 3] {
    ["left_out_originals", "left_out_edits", "left_out_heics"].map(|name| summary[name].as_u64().unwrap())
}

#[test]
fn versions() {
    for (options, files, left) in [
        (&[][..], sorted(&[&ORIGINALS, &EDITS]), [0, 0, 0]),
        (&["--versions", "original"], sorted(&[&ORIGINALS]), [0, 2, 0]),
        (&["--versions", "edited"], sorted(&[&EDITS]), [2, 0, 0]),
    ] {
        let scene = Scene::with(&library());
        let json = [options, &["--json"]].concat();
        assert_eq!(left_out(&scene.export(&json).expect(0).summary()), left, "{options:?}");
        assert_eq!(names(&scene), files, "{options:?}");
        // It stays true when there is nothing to do, and a person reads it.
        assert_eq!(left_out(&scene.export(&json).expect(0).summary()), left, "{options:?}");
        let again = scene.export(options);
        match left {
            [2, ..] => again.says("NOT on the drive: 1 only in iCloud, 2 originals of what was edited.\n"),
            [_, 2, _] => again.says("NOT on the drive: 1 only in iCloud, 2 edited versions.\n"),
            _ => again.says("NOT on the drive: 1 only in iCloud.\n"),
        };
        // What an earlier export brought is there, whatever is asked for now.
        scene.export(&[]).expect(0);
        assert_eq!(left_out(&scene.export(&json).expect(0).summary()), [0; 3], "{options:?}");
        assert_eq!(names(&scene), sorted(&[&ORIGINALS, &EDITS]));
    }
}

#[test]
fn a_heic_of_which_only_the_jpeg_is_there_is_missed() {
    let scene = Scene::with(&library());
    for _ in 0..2 {
        let summary = scene.export(&["--convert", "jpeg", "--json"]).expect(0).summary();
        assert_eq!(left_out(&summary), [0, 0, 2]);
    }
    scene.export(&["--convert", "jpeg"]).says("2 HEICs of which there are only JPEGs.");
    let summary = scene.export(&["--convert", "jpeg", "--keep-original", "--json"]).expect(0).summary();
    assert_eq!(left_out(&summary), [0; 3]);
    assert_eq!(left_out(&scene.export(&["--convert", "jpeg", "--json"]).expect(0).summary()), [0; 3]);
}

#[test]
fn a_version_that_nobody_asked_for_and_only_icloud_has_is_told() {
    let mut library = Library::new(IosVersion::Ios18);
    let edited = |n: i64, edit: EditSpec| {
        AssetSpec::at(format!("DCIM/100APPLE/IMG_000{n}.JPG")).captured(moment(n)).edited(edit)
    };
    library.asset(edited(1, EditSpec::rendered("JPG")).icloud_only());
    let away = FileSpec::default().with_presence(Presence::ICloudOnly);
    library
        .asset(edited(2, EditSpec { render: Some(("JPG".to_owned(), away)), ..EditSpec::rendered("JPG") }));
    for (versions, only) in [("edited", "IMG_0002.JPG"), ("original", "IMG_0001.JPG")] {
        let scene = Scene::with(&library);
        let listed = scene.run(&["list", "photos", "--json"]).expect(0).json();
        let uuid = |name: &str| {
            let item = listed.iter().find(|item| item["original_name"] == name).unwrap();
            item["uuid"].as_str().unwrap().to_owned()
        };
        // Its other version is the one that is on the phone.
        let here = if only == "IMG_0001.JPG" { uuid("IMG_0002.JPG") } else { uuid("IMG_0001.JPG") };
        let dest = scene.dest.to_str().unwrap();
        let words = ["photos", "--uuid", &here, "--to", dest, "--versions", versions, "--json"];
        let summary = scene.run(&words).expect(0).summary();
        assert_eq!(summary["exported_files"], 1, "{summary}");
        let left = if versions == "edited" { [1, 0, 0] } else { [0, 1, 0] };
        assert_eq!(left_out(&summary), left, "{versions} {listed:#?}");
    }
}

#[test]
fn recipes_of_edits() {
    let scene = Scene::with(&library());
    scene.export(&["--aae"]).expect(0);
    let recipes = ["IMG_0001_edited.AAE", "IMG_0002_edited.AAE"];
    assert_eq!(names(&scene), sorted(&[&ORIGINALS, &EDITS, &recipes]));
    let recipe = std::fs::read(scene.dest.join("2024/2024-07").join(recipes[0])).unwrap();
    assert!(recipe.starts_with(b"bplist00"), "{recipe:?}");
}

#[test]
fn previews_of_what_is_only_in_icloud() {
    let scene = Scene::with(&library());
    scene.export(&[]).expect(0);
    for _ in 0..2 {
        let summary = scene.export(&["--cloud-only", "preview", "--json"]).expect(0).summary();
        assert_eq!(summary["preview_files"], 1);
        assert_eq!(summary["cloud_only"][0]["name"], "IMG_0003.JPG", "a preview is not the photo");
        assert_eq!(names(&scene), sorted(&[&ORIGINALS, &EDITS, &["IMG_0003_preview.JPG"]]));
    }
    scene.export(&["--cloud-only", "preview"]).expect(0).says("but 1 small preview of them");
}
