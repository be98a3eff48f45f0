//! Music from a phone whose library is not there: the songs say themselves what they are.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, SystemTime};

use phone_libraries::{
    AudioFormat, FileTags, MediaDamage, MediaSchema, MediaType, MusicLibrary, MusicTruth, TrackSpec,
};
use virtual_iphone::{Ordering, PhoneConfig};

use crate::scene::{Run, Scene};

fn library() -> MusicLibrary {
    let mut library = MusicLibrary::new(MediaSchema::Ios18).seed(11);
    let song = |title: &str| TrackSpec::song(title).by("The Tidal Clocks").on("Estuary");
    library.track(song("Low Tide").track(3, 9));
    library.track(song("AC/DC: Live?").track(4, 9).audio(AudioFormat::Mp3));
    library.track(song("On Disc Two").track(1, 5).disc(2, 2).audio(AudioFormat::Mp3Id3v24));
    library.track(song("Uncompressed").track(5, 9).audio(AudioFormat::Aiff));
    library.track(song("Waves").track(6, 9).audio(AudioFormat::Wav));
    library.track(TrackSpec::song("Shared").by("Somebody").on_compilation("Many Hands", None).track(2, 2));
    library.track(song("Few").tagged(FileTags::Few));
    library.track(song("Silent").tagged(FileTags::None));
    library.track(song("Silent Too").tagged(FileTags::None).audio(AudioFormat::Mp3));
    library.track(TrackSpec::new(MediaType::Movie, "A Film"));
    library.track(TrackSpec::new(MediaType::TvShow, "Pilot").of_series("The Show", 1, 2));
    library
}

/// A phone with this library, and the folder that it is in.
fn phone(damage: MediaDamage, ordering: Ordering) -> (Scene, MusicTruth) {
    let scene = Scene::without_phone();
    let mut library = library();
    library.damage(damage);
    let root = scene.path("phone");
    std::fs::create_dir(&root).unwrap();
    let truth = library.write(&root).unwrap();
    let mut config = PhoneConfig::new(&root);
    (config.already_paired, config.ordering) = (true, ordering);
    scene.plug(config);
    (scene, truth)
}

fn export(scene: &Scene, what: &str) -> Run {
    scene.run(&[what, "--all", "--json", "--to", scene.dest.to_str().unwrap()])
}

/// The name of the file that an item has on the phone.
fn file_name<'t>(truth: &'t MusicTruth, title: &str) -> &'t str {
    let item = truth.items.iter().find(|item| item.title == title).unwrap();
    item.device_path.as_deref().unwrap().rsplit('/').next().unwrap()
}

fn hashes(root: &Path, truth: &MusicTruth) -> BTreeMap<String, String> {
    let hash = |path: &str| blake3::hash(&std::fs::read(root.join(path)).unwrap()).to_hex().to_string();
    truth.items.iter().map(|item| (item.title.clone(), hash(item.device_path.as_deref().unwrap()))).collect()
}

#[test]
fn songs_land_where_their_tags_say() {
    for (damage, ordering) in [
        (MediaDamage::Absent, Ordering::PerHandle),
        (MediaDamage::Corrupt, Ordering::PerHandle),
        (MediaDamage::NotADatabase, Ordering::Serial),
    ] {
        let (scene, truth) = phone(damage.clone(), ordering);
        println!("{damage:?}");
        let run = export(&scene, "music");
        let summary = run.expect(0).summary();
        assert_eq!((&summary["without_catalogue"], &summary["exported_files"]), (&true.into(), &9.into()));
        let silent = [file_name(&truth, "Silent"), file_name(&truth, "Silent Too")];
        let mut expected: Vec<String> = [
            "The Tidal Clocks/Estuary/03 Low Tide.m4a",
            "The Tidal Clocks/Estuary/04 AC／DC： Live？.mp3",
            "The Tidal Clocks/Estuary/2-01 On Disc Two.mp3",
            "The Tidal Clocks/Estuary/05 Uncompressed.aif",
            "The Tidal Clocks/Estuary/06 Waves.wav",
            "The Tidal Clocks/Unknown Album/Few.m4a",
            "Compilations/Many Hands/02 Shared.m4a",
        ]
        .map(str::to_owned)
        .into_iter()
        .chain(silent.map(|name| format!("Untitled/{name}")))
        .collect();
        expected.sort();
        assert_eq!(scene.names(), expected, "{}", run.text());
        export(&scene, "videos").expect(0);
        assert_eq!(scene.names().len(), expected.len() + 2);
        let phone = hashes(&scene.path("phone"), &truth);
        let exported = scene.exported();
        for (name, title) in [
            ("The Tidal Clocks/Estuary/03 Low Tide.m4a", "Low Tide"),
            ("Movies/A Film.m4v", "A Film"),
            ("TV Shows/The Show/Season 01/S01E02 Pilot.m4v", "Pilot"),
        ] {
            assert_eq!(exported.get(name), phone.get(title), "{name} {:?}", exported.keys());
        }
        // Nothing is lost, nothing is there twice.
        let mut found: Vec<&String> = exported.values().collect();
        let mut told: Vec<&String> = phone.values().collect();
        found.sort();
        told.sort();
        assert_eq!(found, told);

        let again = export(&scene, "music").expect(0).summary();
        assert_eq!((&again["already_files"], &again["exported_files"]), (&9.into(), &0.into()));
        assert_eq!(scene.exported(), exported);
    }
}

/// Few bytes are read for the tags of large files.
#[test]
fn tags_of_large_files_cost_little() {
    let scene = Scene::without_phone();
    let mut library = MusicLibrary::new(MediaSchema::Ios18);
    for number in 0..8 {
        let mut song = TrackSpec::song(format!("Long {number}")).audio(AudioFormat::Wav);
        song.length = Duration::from_secs(120);
        library.track(song);
    }
    library.damage(MediaDamage::Absent);
    let root = scene.path("phone");
    std::fs::create_dir(&root).unwrap();
    let truth = library.write(&root).unwrap();
    let bytes: u64 = truth.items.iter().filter_map(|item| item.size).sum();
    let mut config = PhoneConfig::new(&root);
    config.already_paired = true;
    let phone = scene.plug(config);
    let run = scene.run(&["list", "music"]);
    run.expect(0);
    assert!(run.stdout.contains("Long 7"), "{}", run.text());
    let sent = phone.stats().file_bytes_sent;
    assert!(sent > 0 && sent * 20 < bytes, "{sent} of {bytes} bytes");
}

/// When the library can be read again, its items are others than the files were. Nothing is overwritten for it.
#[test]
fn a_library_that_comes_back_overwrites_nothing() {
    let (scene, _) = phone(MediaDamage::Absent, Ordering::PerHandle);
    export(&scene, "music").expect(0);
    let before = scene.exported();
    let whole = scene.path("whole");
    std::fs::create_dir(&whole).unwrap();
    library().write(&whole).unwrap();
    for entry in std::fs::read_dir(whole.join("iTunes_Control/iTunes")).unwrap() {
        let entry = entry.unwrap();
        let folder = scene.path("phone").join("iTunes_Control/iTunes");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::copy(entry.path(), folder.join(entry.file_name())).unwrap();
    }
    let summary = export(&scene, "music").expect(0).summary();
    let counts = ["exported_files", "replaced_files", "already_files"].map(|count| summary[count].clone());
    assert_eq!(counts, [9.into(), 0.into(), 0.into()] as [serde_json::Value; 3]);
    let after = scene.exported();
    for (name, hash) in &before {
        assert_eq!(after.get(name), Some(hash), "{name}");
    }
    // All songs are there a second time, beside the first where they have the same name.
    assert_eq!(after.len(), 2 * before.len());
    let again = export(&scene, "music").expect(0).summary();
    assert_eq!((&again["already_files"], &again["exported_files"]), (&9.into(), &0.into()));
}

/// Tags are filled into the files that are there, not into second ones.
#[test]
fn what_they_lack_can_be_filled_in_later() {
    let (scene, _) = phone(MediaDamage::Absent, Ordering::PerHandle);
    export(&scene, "music").expect(0);
    let names = scene.names();
    let tag = || scene.run(&["music", "--all", "--tag", "--json", "--to", scene.dest.to_str().unwrap()]);
    tag().expect(0);
    assert_eq!(scene.names(), names);
    assert_eq!(tag().expect(0).summary()["exported_files"], 0);
}

/// Files that have another day on the phone, and nothing else: of those that got tags, too.
#[test]
fn another_time_alone_makes_no_second_copy() {
    let words = |scene: &Scene, tag: bool| {
        let tag = if tag { &["--tag"][..] } else { &[] };
        let base = ["music", "--all", "--json", "--to", scene.dest.to_str().unwrap()];
        scene.run(&[&base, tag].concat()).expect(0).summary()
    };
    for (first, then, adopted) in [(false, false, 9), (true, true, 9), (false, true, 0)] {
        let (scene, truth) = phone(MediaDamage::Absent, Ordering::PerHandle);
        assert_eq!(words(&scene, first)["exported_files"], 9);
        let before = scene.exported();
        for item in &truth.items {
            let path = scene.path("phone").join(item.device_path.as_deref().unwrap());
            let file = std::fs::File::options().append(true).open(path).unwrap();
            file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(1_600_000_000)).unwrap();
        }
        let summary = words(&scene, then);
        assert_eq!(
            (&summary["exported_files"], &summary["adopted_files"]),
            (&9.into(), &adopted.into()),
            "{first}"
        );
        let after = scene.exported();
        assert!(before.iter().all(|(name, hash)| after.get(name) == Some(hash)), "{first} {then}");
        assert_eq!(after.len(), 18 - adopted, "{first} {then}: {after:?}");
        assert_eq!(words(&scene, then)["exported_files"], 0);
    }
}
