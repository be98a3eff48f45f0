//! Podcasts: what the media library names, and what lies in their folders besides.

use std::path::Path;

use phone_libraries::{Extras, ExtrasTruth, demo_music};

use crate::scene::Scene;

const KIND: &str = "podcasts";
/// What the library names.
const NAMED: [&str; 3] = [
    "Small Wonders/2023-09-18 Why Rivers Bend.mp3",
    "Small Wonders/2023-09-25 The Sound of Snow.mp3",
    "Small Wonders/cover.jpg",
];

fn phone(music: impl FnOnce(&Path)) -> (Scene, ExtrasTruth) {
    let podcasts = Extras::all_sorts().unwrap().podcasts;
    Scene::holding(&Extras { podcasts, ..Extras::default() }, music)
}

/// Fails unless all episodes in files are on the drive, byte for byte, with their times; called by their own tags.
#[track_caller]
fn assert_files(scene: &Scene, truth: &ExtrasTruth, folder: &str) {
    for episode in &truth.podcasts {
        let phone = std::fs::read(scene.media().join(&episode.file.device_path)).unwrap();
        let is_it = |name: &String| std::fs::read(scene.dest.join(name)).unwrap() == phone;
        let name = scene.names().into_iter().find(is_it);
        let name = name.unwrap_or_else(|| panic!("{} is not there", episode.file.device_path));
        assert!(name.starts_with(folder), "{name}");
        let downloaded: jiff::Timestamp = episode.downloaded.parse().unwrap();
        assert_eq!(scene.modified(&name), downloaded.as_second(), "{name}");
    }
}

#[test]
fn what_the_library_names_and_what_it_does_not() {
    let mut items = Vec::new();
    let (scene, truth) = phone(|media| items = demo_music().write(media).unwrap().items);
    assert_eq!(truth.podcasts.len(), 6);
    let run = scene.export_kind(KIND, &[]);
    run.expect(0)
        .says("Asked for             2 episodes with 1 cover, all that the cable reaches")
        .says("6 files in the podcast folders, not exported (--orphans include)");
    assert_eq!(scene.names(), NAMED);
    for (name, title) in [(NAMED[0], "Why Rivers Bend"), (NAMED[1], "The Sound of Snow")] {
        let item = items.iter().find(|item| item.title == title).unwrap();
        let phone = scene.media().join(item.device_path.as_ref().unwrap());
        assert!(std::fs::read(phone).unwrap() == std::fs::read(scene.dest.join(name)).unwrap(), "{name}");
    }
    let summary = scene.export_kind(KIND, &["--orphans", "include", "--json"]).expect(0).summary();
    assert_eq!((&summary["exported_files"], &summary["already_files"]), (&6.into(), &3.into()));
    assert_files(&scene, &truth, "Not in library/");
    assert_eq!(scene.names().len(), 9);
}

#[test]
fn without_a_library_all_files_are_taken() {
    let (scene, truth) = phone(|_| ());
    let run = scene.export_kind(KIND, &[]);
    run.expect(0)
        .says("The phone has no music library.")
        .says("Every episode that was found in the podcast folders is on the drive.");
    assert_files(&scene, &truth, "");
    assert_eq!(scene.names().len(), 6);
    let again = scene.export_kind(KIND, &["--json"]).expect(0).summary();
    assert_eq!((&again["exported_files"], &again["already_files"]), (&0.into(), &6.into()));
}

/// Whatever is asked for: there may be some of it in there.
#[test]
fn a_library_of_another_account_is_told_once() {
    let (scene, _) = phone(|media| {
        let folder = media.join("0123456789abcdef0123456789abcdef01234567/iTunes_Control/Music/F00");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("FILM.m4v"), b"film").unwrap();
    });
    let told = "There is a library of another account on the phone";
    for kind in ["music", "podcasts", "books", "ringtones"] {
        scene.run(&["list", kind]).expect(0).says(told);
    }
    let run = scene.run(&["everything", "--json", "--to", scene.dest.to_str().unwrap()]);
    let warnings = run.json().into_iter().filter(|line| {
        line["type"] == "warning" && line["message"].as_str().is_some_and(|message| message.starts_with(told))
    });
    assert_eq!(warnings.count(), 1, "{}", run.text());
}

#[test]
fn some_of_them() {
    for (which, names) in [
        (&["--podcast", "Small Wonders"][..], &NAMED[..2]),
        (&["--title", "snow"], &NAMED[1..2]),
        (&["--since", "2023-09-20"], &NAMED[1..2]),
        (&["--until", "2023-09-20"], &NAMED[..1]),
        (&["--where", "title is containing('Rivers')"], &NAMED[..1]),
    ] {
        let (scene, _) = phone(|media| drop(demo_music().write(media).unwrap()));
        scene.export_some(KIND, which).expect(0);
        let found: Vec<String> = scene.names().into_iter().filter(|name| !name.contains("cover")).collect();
        assert_eq!(found, names, "{which:?}");
    }
    let (scene, _) = phone(|media| drop(demo_music().write(media).unwrap()));
    scene.export_some(KIND, &["--podcast", "Nothing of the Sort"]).expect(2);
}
