//! Music: which songs, under which names, with which tags and pictures.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use lofty::file::TaggedFileExt as _;
use lofty::tag::{Accessor as _, ItemKey};
use phone_libraries::{
    Audio, AudioFormat, AudioTags, Cover, Extras, FileTags, MediaDamage, MediaSchema, MediaType,
    MusicLibrary, MusicRecipe, MusicState, MusicTruth, PlaylistSpec, Protection, Remote, TrackSpec,
    demo_music,
};

use rusqlite::Connection;

use crate::scene::{Run, Scene};

const KIND: &str = "music";

/// A phone that holds this library.
fn phone(library: &MusicLibrary) -> (Scene, MusicTruth) {
    let mut truth = None;
    let (scene, _) = Scene::holding(&Extras::default(), |media| truth = Some(library.write(media).unwrap()));
    (scene, truth.unwrap())
}

/// Songs of which each answers to other words.
fn songs() -> MusicLibrary {
    songs_with_list(true)
}

/// The same; whether anything is in the playlist `Mine`.
fn songs_with_list(is_filled: bool) -> MusicLibrary {
    let mut library = MusicLibrary::new(MediaSchema::Ios18).seed(4);
    let tidal = |title: &str| {
        let mut song = TrackSpec::song(title).by("The Tidal Clocks").on("Low Water").artwork(Cover::Jpeg, 1);
        (song.year, song.genre) = (Some(2016), Some("Ambient".to_owned()));
        song
    };
    let mut estuary = tidal("Estuary").track(1, 3);
    (estuary.rating, estuary.loved, estuary.plays) = (100, true, 12);
    let estuary = library.track(estuary);
    let mut herons = tidal("Herons").track(2, 3).audio(AudioFormat::Mp3).tagged(FileTags::None);
    (herons.rating, herons.composer) = (60, Some("Ada Vale".to_owned()));
    let herons = library.track(herons);
    let far = library.track(tidal("Far Away").track(3, 3).in_cloud(Remote::AppleMusic));
    let mut letters = TrackSpec::song("Letters Home").by("Ines Moreau").on("Lanterns").track(1, 2);
    (letters.year, letters.genre, letters.rating) = (Some(1998), Some("Folk".to_owned()), 80);
    let letters = library.track(letters.tagged(FileTags::Few).artwork(Cover::Png, 2));
    let bought = TrackSpec::song("Bought").by("Ines Moreau").on("Lanterns").track(2, 2);
    let bought = library.track(bought.protected(Protection::Purchase).artwork(Cover::Png, 2));
    let mut guest = TrackSpec::song("Kettle").by("Zoë Brandt").on_compilation("Kitchen Radio", None);
    (guest.year, guest.genre) = (Some(2003), Some("Folk Rock".to_owned()));
    guest.added = "2026-01-05T12:00:00Z".parse().unwrap();
    library.track(guest);
    library.playlist(PlaylistSpec::titled("Rain").in_folder(["Travel"]).members([letters, estuary, letters]));
    library.playlist(PlaylistSpec::titled("Sun").in_folder(["Travel"]).members([herons, far]));
    let mine = if is_filled { vec![bought, estuary] } else { Vec::new() };
    library.playlist(PlaylistSpec::titled("Mine").members(mine));
    library
}

/// `music --to` a folder of its own, with these arguments.
fn export_to(scene: &Scene, folder: &str, arguments: &[&str]) -> (Run, PathBuf) {
    let dest = scene.path(folder);
    let run = scene.run(&[&[KIND, "--to", dest.to_str().unwrap()], arguments].concat());
    (run, dest)
}

/// The names of all files in a folder, but those of the program itself.
fn names(folder: &Path) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).into_iter().flatten() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true if path.ends_with(".iexport") => {}
                true => folders.push(path),
                false => {
                    names.insert(path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned());
                }
            }
        }
    }
    names
}

fn set<'n>(names: impl IntoIterator<Item = &'n str>) -> BTreeSet<String> {
    names.into_iter().map(str::to_owned).collect()
}

/// What lies on the phone for a song.
fn on_phone(scene: &Scene, truth: &MusicTruth, title: &str) -> Vec<u8> {
    let item = truth.items.iter().find(|item| item.title == title).unwrap();
    std::fs::read(scene.media().join(item.device_path.as_deref().unwrap())).unwrap()
}

const ESTUARY: &str = "The Tidal Clocks/Low Water/01 Estuary.m4a";
const HERONS: &str = "The Tidal Clocks/Low Water/02 Herons.mp3";
const LETTERS: &str = "Ines Moreau/Lanterns/01 Letters Home.m4a";
const BOUGHT: &str = "Ines Moreau/Lanterns/02 Bought.m4p";
const KETTLE: &str = "Compilations/Kitchen Radio/Kettle.m4a";
/// What is neither protected nor far away, with the titles.
const OPEN: [(&str, &str); 4] =
    [(ESTUARY, "Estuary"), (HERONS, "Herons"), (LETTERS, "Letters Home"), (KETTLE, "Kettle")];
const COVERS: [&str; 2] = ["The Tidal Clocks/Low Water/cover.jpg", "Ines Moreau/Lanterns/cover.png"];
const LISTS: [&str; 3] = ["Playlists/Travel/Rain.m3u8", "Playlists/Travel/Sun.m3u8", "Playlists/Mine.m3u8"];

/// A count of a summary.
fn count(summary: &serde_json::Value, name: &str) -> u64 {
    summary[name].as_u64().unwrap_or_else(|| panic!("{name}: {summary}"))
}

#[test]
fn songs_are_copied_bit_for_bit_and_what_is_not_is_named() {
    let (scene, truth) = phone(&songs());
    let run = scene.export_kind(KIND, &[]);
    run.expect(0)
        .says("Only in the cloud     1 song")
        .says("Left out              1 protected (DRM)")
        .says("Protected (DRM), not exported:\n  Bought.m4p")
        .says("NOT on the drive: 1 only in the cloud.");
    let songs = OPEN.map(|(name, _)| name);
    let all: BTreeSet<String> = set(songs.into_iter().chain(COVERS).chain(LISTS));
    assert_eq!(names(&scene.dest), all);
    for (name, title) in OPEN {
        assert!(std::fs::read(scene.dest.join(name)).unwrap() == on_phone(&scene, &truth, title), "{name}");
    }
    for (cover, title) in [(COVERS[0], "Estuary"), (COVERS[1], "Letters Home")] {
        let item = truth.items.iter().find(|item| item.title == title).unwrap();
        let picture = scene.media().join(&item.artwork.as_ref().unwrap().device_path);
        assert!(std::fs::read(picture).unwrap() == std::fs::read(scene.dest.join(cover)).unwrap(), "{cover}");
    }
    let rain = std::fs::read_to_string(scene.dest.join(LISTS[0])).unwrap();
    let entries: Vec<&str> = rain.lines().filter(|line| !line.starts_with('#')).collect();
    let up = |name: &str| format!("../../{name}");
    assert_eq!(entries, [up(LETTERS), up(ESTUARY), up(LETTERS)]);
    let mine = std::fs::read_to_string(scene.dest.join(LISTS[2])).unwrap();
    assert!(mine.contains("# protected (DRM), not exported: Ines Moreau - Bought"), "{mine}");
    let sun = std::fs::read_to_string(scene.dest.join(LISTS[1])).unwrap();
    assert!(sun.contains("# only in the cloud: The Tidal Clocks - Far Away"), "{sun}");

    let before = scene.exported();
    let again = scene.export_kind(KIND, &["--json"]).expect(0).summary();
    assert_eq!((count(&again, "exported_files"), count(&again, "already_files")), (0, 6));
    assert_eq!(scene.exported(), before);
}

#[test]
fn protected_songs_are_a_choice() {
    let (scene, truth) = phone(&songs());
    let (run, dest) = export_to(&scene, "only", &["--all", "--protected", "only"]);
    run.expect(0);
    assert_eq!(names(&dest), set([BOUGHT, COVERS[1]].into_iter().chain(LISTS)), "{}", run.text());
    assert!(std::fs::read(dest.join(BOUGHT)).unwrap() == on_phone(&scene, &truth, "Bought"));
    let (run, dest) = export_to(&scene, "with", &["--all", "--protected", "include", "--json"]);
    let summary = run.expect(0).summary();
    assert_eq!(count(&summary, "exported_files"), 7, "{}", run.text());
    assert!(dest.join(BOUGHT).exists());
    // What they are is said in any case.
    let (run, _) = export_to(&scene, "with", &["--all", "--protected", "include"]);
    run.expect(0)
        .says("Protected             1 of those asked for")
        .says("Protected (DRM), asked for all the same:\n  Bought.m4p");
}

/// A protected song whose file is gone is not told as if it were on the drive.
#[test]
fn protected_songs_without_a_file_are_not_called_exported() {
    let (scene, truth) = phone(&songs());
    let bought = truth.items.iter().find(|item| item.title == "Bought").unwrap();
    std::fs::remove_file(scene.media().join(bought.device_path.as_deref().unwrap())).unwrap();
    let run = scene.export_kind(KIND, &["--protected", "include"]);
    run.expect(0);
    assert!(!run.stderr.contains("Protected (DRM), asked for all the same"), "{}", run.text());
    let summary = scene.export_kind(KIND, &["--protected", "include", "--json"]).expect(0).summary();
    assert_eq!(summary["protected"].as_array().map(Vec::len), Some(0), "{summary}");
}

/// A download that is kept as it is streamed is a folder of pieces.
#[test]
fn songs_that_are_kept_as_streams_are_named_and_never_exported() {
    let (scene, truth) = phone(&songs());
    let bought = truth.items.iter().find(|item| item.title == "Bought").unwrap();
    let file = scene.media().join(bought.device_path.as_deref().unwrap());
    let stream = file.with_extension("movpkg");
    std::fs::remove_file(&file).unwrap();
    std::fs::create_dir(&stream).unwrap();
    std::fs::write(stream.join("boot.xml"), "pieces").unwrap();
    let (file, stream) = (file.file_name().unwrap(), stream.file_name().unwrap());
    let db = Connection::open(scene.media().join("iTunes_Control/iTunes/MediaLibrary.sqlitedb")).unwrap();
    let sql = "UPDATE item_extra SET location = replace(location, ?1, ?2)";
    db.execute(sql, [file.to_str().unwrap(), stream.to_str().unwrap()]).unwrap();
    drop(db);
    for policy in ["exclude", "include", "only"] {
        let (run, dest) = export_to(&scene, policy, &["--all", "--protected", policy]);
        run.expect(0)
            .says("1 kept as streams (DRM), which only the app that loaded them can play\n")
            .says("Protected (DRM), not exported:\n  Bought.movpkg");
        assert!(!names(&dest).iter().any(|name| name.contains("Bought")), "{:?}", names(&dest));
        let list = std::fs::read_to_string(dest.join("Playlists/Mine.m3u8")).unwrap();
        assert!(list.contains("# protected (DRM), not exported: Ines Moreau - Bought"), "{list}");
        let (run, _) = export_to(&scene, policy, &["--all", "--protected", policy, "--json"]);
        let summary = run.expect(0).summary();
        assert_eq!((count(&summary, "left_out_streams"), count(&summary, "left_out_protected")), (1, 0));
    }
    scene.run(&["list", "music", "--protected", "include"]).expect(0).says("1 kept as streams (DRM)");
}

#[test]
fn songs_can_be_asked_for_in_many_ways() {
    let (scene, _) = phone(&songs());
    for (number, (which, expected)) in [
        (&["--artist", "Ines Moreau"][..], &[LETTERS][..]),
        (&["--artist", "the *"], &[ESTUARY, HERONS]),
        (&["--artist", "tidal", "--artist", "Zoë Brandt"], &[ESTUARY, HERONS, KETTLE]),
        (&["--album", "Low Water"], &[ESTUARY, HERONS]),
        (&["--album", "k*"], &[KETTLE]),
        (&["--playlist", "Rain"], &[ESTUARY, LETTERS]),
        (&["--playlist", "Travel"], &[ESTUARY, HERONS, LETTERS]),
        (&["--playlist", "Travel/*", "--not-playlist", "Mine"], &[HERONS, LETTERS]),
        (&["--not-playlist", "Travel/Rain"], &[HERONS, KETTLE]),
        (&["--genre", "Folk"], &[LETTERS]),
        (&["--genre", "*folk*"], &[LETTERS, KETTLE]),
        (&["--year", "2016"], &[ESTUARY, HERONS]),
        (&["--year", "1990-2003"], &[LETTERS, KETTLE]),
        (&["--rating", "4"], &[ESTUARY, LETTERS]),
        (&["--rating", "5"], &[ESTUARY]),
        (&["--loved"], &[ESTUARY]),
        (&["--title", "HER"], &[HERONS]),
        (&["--where", "rating == 3"], &[HERONS]),
        (&["--where", "plays > 10 or artist == 'Zoë Brandt'"], &[ESTUARY, KETTLE]),
        (&["--added-since", "2026"], &[KETTLE]),
        (&["--added-until", "2025", "--artist", "Ines Moreau"], &[LETTERS]),
        (&["--last", "1"], &[KETTLE]),
        (&["--rating", "3", "--year", "2016"], &[ESTUARY, HERONS]),
        (&["--rating", "5", "--year", "1998"], &[]),
    ]
    .into_iter()
    .enumerate()
    {
        let arguments = [which, &["--artwork", "none"]].concat();
        let (run, dest) = export_to(&scene, &format!("drive{number}"), &arguments);
        run.expect(0);
        let mut found = names(&dest);
        found.retain(|name| !name.starts_with("Playlists/"));
        assert_eq!(found, set(expected.iter().copied()), "{which:?} {}", run.text());
        // The list tells beforehand what it will be.
        let list = scene.run(&[&["list", KIND, "--json"], &arguments[..]].concat());
        let listed: BTreeSet<String> = list
            .expect(0)
            .json()
            .iter()
            .flat_map(|item| item["resources"].as_array().cloned().unwrap_or_default())
            .filter_map(|file| file["to"].as_str().map(str::to_owned))
            .collect();
        assert_eq!(listed, found, "{which:?} {}", list.text());
    }
}

#[test]
fn asked_playlists_are_written_and_no_others() {
    let (scene, _) = phone(&songs());
    let lists = |folder: &Path| -> BTreeSet<String> {
        names(folder).into_iter().filter(|name| name.starts_with("Playlists/")).collect()
    };
    let (run, dest) = export_to(&scene, "one", &["--playlist", "Rain"]);
    run.expect(0);
    assert_eq!(lists(&dest), set([LISTS[0]]));
    let (run, dest) = export_to(&scene, "some", &["--artist", "Ines Moreau"]);
    run.expect(0);
    assert_eq!(lists(&dest), set([]));
}

/// What is not on the phone is so for each run, also for one that does not mean it.
#[test]
fn lists_are_the_same_whatever_a_later_run_asks_for() {
    let (scene, _) = phone(&songs());
    scene.export_kind(KIND, &[]).expect(0);
    let lists = || LISTS.map(|list| std::fs::read_to_string(scene.dest.join(list)).unwrap());
    let before = lists();
    for which in [&["--artist", "Zoë Brandt"][..], &["--playlist", "Sun", "--artist", "Ines Moreau"]] {
        scene.export_some(KIND, which).expect(0);
        assert_eq!(lists(), before, "{which:?}");
    }
}

/// A music video in a playlist is no song, and is not passed over in silence.
#[test]
fn what_is_no_song_is_a_remark_in_its_place() {
    let mut library = songs();
    let clip = library.track(TrackSpec::new(MediaType::MusicVideo, "Clip").by("Zoë Brandt"));
    let one = library.track(TrackSpec::song("One").by("Zoë Brandt").on("Singles").track(1, 1));
    library.playlist(PlaylistSpec::titled("Both").members([clip, one, clip]));
    library.playlist(PlaylistSpec::titled("Clips Only").members([clip]));
    let (scene, _) = phone(&library);
    let run = scene.export_kind(KIND, &[]);
    run.expect(0).says("3 entries of playlists are no songs (but music videos").says("5 up to date");
    let list = |name: &str| {
        let text = std::fs::read_to_string(scene.dest.join(format!("Playlists/{name}.m3u8"))).unwrap();
        text.lines()
            .skip(2)
            .filter(|line| !line.starts_with("#EXTINF"))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let remark = "# no song, but music video: Zoë Brandt - Clip";
    assert_eq!(list("Both"), [remark, "../Zoë Brandt/Singles/01 One.m4a", remark]);
    assert_eq!(list("Clips Only"), [remark]);
    let lists = scene.run(&["playlists"]).expect(0).stdout.clone();
    assert!(lists.contains("Clips Only"), "{lists}");
    let before = scene.exported();
    scene.export_kind(KIND, &[]).expect(0).says("Nothing was copied");
    scene.export_some(KIND, &["--playlist", "Clips Only"]).expect(0);
    assert_eq!(scene.exported(), before);
    let (run, dest) = export_to(&scene, "clips", &["--playlist", "Clips Only"]);
    run.expect(0);
    assert_eq!(names(&dest), set(["Playlists/Clips Only.m3u8"]), "{}", run.text());
}

/// No picture alone in the folder of an album of which nothing that was asked for can be there, although the phone has
/// other songs of it.
#[test]
fn pictures_go_with_songs_that_are_here() {
    let mut library = songs();
    let tags = AudioTags {
        title: Some("Left Behind".to_owned()),
        artist: Some("The Tidal Clocks".to_owned()),
        album: Some("Low Water".to_owned()),
        ..AudioTags::default()
    };
    let left_behind = Audio { format: AudioFormat::M4a, length: Duration::from_secs(1), seed: 9, tags };
    library.orphan("iTunes_Control/Music/F03/ZZZZA.m4a", left_behind);
    let (scene, _) = phone(&library);
    let (run, dest) = export_to(&scene, "far", &["--title", "Far Away"]);
    run.expect(0).says("Only in the cloud     1 song");
    assert_eq!(names(&dest), set([]), "{}", run.text());
    let (run, dest) = export_to(&scene, "bought", &["--title", "Bought"]);
    run.expect(0).says("1 protected (DRM)");
    assert_eq!(names(&dest), set([]), "{}", run.text());
    let (run, dest) = export_to(&scene, "left", &["--all", "--orphans", "only"]);
    run.expect(0);
    let found: Vec<String> =
        names(&dest).into_iter().filter(|name| !name.starts_with("Playlists/")).collect();
    assert!(matches!(&found[..], [one] if one.starts_with("Not in library/")), "{found:?}");
    // With a song that is here it is there.
    let (run, dest) = export_to(&scene, "near", &["--title", "Estuary"]);
    run.expect(0);
    assert_eq!(names(&dest), set([ESTUARY, COVERS[0]]));
}

/// A list from which all songs were taken is brought up to date like others, and one without songs can be asked for.
#[test]
fn empty_playlists_are_lists_too() {
    let mut library = songs();
    library.playlist(PlaylistSpec::titled("Nothing Yet"));
    let (scene, _) = phone(&library);
    let (run, dest) = export_to(&scene, "empty", &["--playlist", "Nothing Yet"]);
    run.expect(0);
    assert_eq!(names(&dest), set(["Playlists/Nothing Yet.m3u8"]), "{}", run.text());
    for which in [&["--playlist", "Mine"][..], &["--artist", "Zoë Brandt"]] {
        let (scene, _) = phone(&songs());
        scene.export_kind(KIND, &[]).expect(0);
        let mine = || std::fs::read_to_string(scene.dest.join(LISTS[2])).unwrap();
        assert!(mine().contains("01 Estuary.m4a"));
        std::fs::remove_dir_all(scene.media()).unwrap();
        songs_with_list(false).write(&scene.media()).unwrap();
        scene.export_some(KIND, which).expect(0);
        assert!(!mine().contains(".m4a"), "{which:?}: {}", mine());
    }
}

#[test]
fn names_that_nothing_has_are_told_with_those_that_look_like_them() {
    let (scene, _) = phone(&songs());
    for (which, name, meant) in [
        ("--artist", "Ines Morau", "Ines Moreau"),
        ("--album", "Low Watr", "Low Water"),
        ("--playlist", "Travel/Rian", "Travel/Rain"),
        ("--not-playlist", "Mien", "Mine"),
        ("--genre", "Ambeint", "Ambient"),
    ] {
        let run = scene.export_some(KIND, &[which, name]);
        run.expect(2).says(&format!("“{name}”")).says(&format!("Did you mean \"{meant}\""));
    }
    for (arguments, says) in [
        (&[][..], "nothing says which songs are meant"),
        (&["--all", "--loved"], "--all means all songs, but other options say which"),
        (&["--rating", "6"], "6 is not in 1..=5"),
        (&["--rating", "many"], "invalid value"),
        (&["--year", "soon"], "--year"),
        (&["--where", "stars > 3"], "stars"),
        (&["--all", "--template", "{{ maker }}/{{ title }}"], "maker"),
        (&["--all", "--artwork", "embed"], "Add --tag"),
    ] {
        scene.export_some(KIND, arguments).expect(2).says(says);
    }
    assert_eq!(scene.names(), Vec::<String>::new());
}

#[test]
fn other_layouts_and_templates() {
    let (scene, truth) = phone(&songs());
    let no_lists = |folder: &Path| -> BTreeSet<String> {
        names(folder).into_iter().filter(|name| !name.starts_with("Playlists/")).collect()
    };
    let (run, dest) = export_to(&scene, "flat", &["--all", "--layout", "flat"]);
    run.expect(0);
    let flat = set(["Estuary.m4a", "Herons.mp3", "Letters Home.m4a", "Kettle.m4a"]);
    assert_eq!(no_lists(&dest), flat);
    let rain = std::fs::read_to_string(dest.join(LISTS[0])).unwrap();
    assert!(rain.contains("\n../../Letters Home.m4a\n"), "{rain}");

    let (run, dest) = export_to(&scene, "as-on-phone", &["--all", "--layout", "as-on-phone"]);
    run.expect(0);
    let open = truth.items.iter().filter(|item| item.state == MusicState::OnPhone);
    let expected: BTreeSet<String> = open.filter_map(|item| item.device_path.clone()).collect();
    assert_eq!(no_lists(&dest), expected);

    let template = "{{ genre }}/{{ year }} {{ album }}/{{ title }} ({{ artist }})";
    let (run, dest) = export_to(&scene, "mine", &["--all", "--template", template]);
    run.expect(0);
    let expected = set([
        "Ambient/2016 Low Water/Estuary (The Tidal Clocks).m4a",
        "Ambient/2016 Low Water/Herons (The Tidal Clocks).mp3",
        "Folk/1998 Lanterns/Letters Home (Ines Moreau).m4a",
        "Folk Rock/2003 Kitchen Radio/Kettle (Zoë Brandt).m4a",
    ]);
    assert_eq!(no_lists(&dest), expected);
}

/// Title, artist, album, composer, and whether there is a picture, as lofty reads them.
fn tags(file: &Path) -> [Option<String>; 5] {
    let file = lofty::read_from_path(file).unwrap();
    let tag = file.primary_tag();
    let picture = tag.filter(|tag| !tag.pictures().is_empty()).map(|_| "picture".to_owned());
    [
        tag.and_then(|tag| tag.title()).map(|text| text.into_owned()),
        tag.and_then(|tag| tag.artist()).map(|text| text.into_owned()),
        tag.and_then(|tag| tag.album()).map(|text| text.into_owned()),
        tag.and_then(|tag| tag.get_string(ItemKey::Composer)).map(str::to_owned),
        picture,
    ]
}

fn some<const N: usize>(texts: [&str; N]) -> [Option<String>; N] {
    texts.map(|text| (!text.is_empty()).then(|| text.to_owned()))
}

#[test]
fn artwork_goes_where_it_is_asked_for() {
    let (scene, truth) = phone(&songs());
    for (number, (how, covers, embedded)) in [
        (&["--artwork", "none"][..], &[][..], ""),
        (&["--artwork", "none", "--tag"], &[], ""),
        (&["--artwork", "folder"], &COVERS[..], ""),
        (&["--artwork", "folder", "--tag"], &COVERS, "picture"),
        (&["--artwork", "embed", "--tag"], &[], "picture"),
    ]
    .into_iter()
    .enumerate()
    {
        let (run, dest) = export_to(&scene, &format!("drive{number}"), &[&["--all"], how].concat());
        run.expect(0);
        let mut found = names(&dest);
        found.retain(|name| name.contains("cover."));
        assert_eq!(found, set(covers.iter().copied()), "{how:?}");
        let letters = tags(&dest.join(LETTERS));
        let album = if how.contains(&"--tag") { "Lanterns" } else { "" };
        assert_eq!(letters, some(["Letters Home", "Ines Moreau", album, "", embedded]), "{how:?}");
        // A file that has all of it stays what it is.
        assert!(std::fs::read(dest.join(ESTUARY)).unwrap() == on_phone(&scene, &truth, "Estuary"), "{how:?}");
    }
}

#[test]
fn tags_can_be_filled_in_later_and_are_not_taken_out_again() {
    let (scene, truth) = phone(&songs());
    scene.export_kind(KIND, &[]).expect(0);
    let plain = scene.exported();
    assert_eq!(tags(&scene.dest.join(HERONS)), some(["", "", "", "", ""]));

    let run = scene.export_kind(KIND, &["--tag"]);
    run.expect(0).says("got tags that they lacked; their sound is proven the same");
    let tagged = scene.exported();
    assert_eq!(plain.keys().collect::<Vec<_>>(), tagged.keys().collect::<Vec<_>>());
    let changed: BTreeSet<&str> =
        plain.iter().filter(|(name, hash)| tagged[*name] != **hash).map(|(name, _)| name.as_str()).collect();
    assert_eq!(changed, BTreeSet::from([HERONS, LETTERS]));
    let herons = some(["Herons", "The Tidal Clocks", "Low Water", "Ada Vale", "picture"]);
    assert_eq!(tags(&scene.dest.join(HERONS)), herons);
    // All of the phone's file is in it, behind the new tag.
    let (whole, phone) =
        (std::fs::read(scene.dest.join(HERONS)).unwrap(), on_phone(&scene, &truth, "Herons"));
    assert!(whole.len() > phone.len() && whole.ends_with(&phone));

    let again = scene.export_kind(KIND, &["--tag", "--json"]).expect(0).summary();
    assert_eq!((count(&again, "exported_files"), count(&again, "already_files")), (0, 6));
    assert_eq!(scene.exported(), tagged);
    // Nobody asks for tags to be taken out by leaving --tag out.
    scene.export_kind(KIND, &[]).expect(0);
    assert_eq!(scene.exported(), tagged);
}

/// What cannot be read any more is not gone from the lists on the drive.
#[test]
fn lists_stay_where_the_phone_cannot_say_what_is_in_them() {
    for damage in [
        MediaDamage::NoTable("container_item".into()),
        MediaDamage::NoColumn { table: "container_item".into(), column: "container_pid".into() },
    ] {
        let (scene, _) = phone(&songs());
        scene.export_kind(KIND, &[]).expect(0);
        let before = scene.exported();
        let mut damaged = songs();
        damaged.damage(damage.clone());
        std::fs::remove_dir_all(scene.media()).unwrap();
        damaged.write(&scene.media()).unwrap();
        let run = scene.export_kind(KIND, &[]);
        run.expect(0).says("lists that are on the drive stay as they are");
        assert_eq!(scene.exported(), before, "{damage:?}");
        // A drive without lists gets none that would say that there is nothing in them.
        let (run, dest) = export_to(&scene, "new", &["--all"]);
        run.expect(0);
        assert!(!names(&dest).iter().any(|name| name.starts_with("Playlists")), "{damage:?}");
    }
}

/// Pictures that were not asked for when the tags were filled in are filled in when they are.
#[test]
fn pictures_can_be_filled_in_later_than_tags() {
    let (scene, _) = phone(&songs());
    scene.export_kind(KIND, &["--tag", "--artwork", "none"]).expect(0);
    assert_eq!(tags(&scene.dest.join(HERONS))[4], None);
    scene.export_kind(KIND, &["--tag", "--artwork", "embed"]).expect(0);
    assert_eq!(tags(&scene.dest.join(HERONS))[4].as_deref(), Some("picture"));
    assert_eq!(tags(&scene.dest.join(LETTERS))[4].as_deref(), Some("picture"));
    let again = scene.export_kind(KIND, &["--tag", "--artwork", "embed", "--json"]).expect(0).summary();
    assert_eq!(count(&again, "exported_files"), 0);
    // And stay where they are not asked for any more.
    let before = scene.exported();
    scene.export_kind(KIND, &["--tag", "--artwork", "none"]).expect(0);
    assert_eq!(scene.exported(), before);
}

/// A song that is gone from the phone is on the drive, even if tags can no longer be filled into it.
#[test]
fn songs_that_are_gone_from_the_phone_are_on_the_drive() {
    let (scene, truth) = phone(&songs());
    scene.export_kind(KIND, &[]).expect(0);
    let herons = truth.items.iter().find(|item| item.title == "Herons").unwrap();
    std::fs::remove_file(scene.media().join(herons.device_path.as_deref().unwrap())).unwrap();
    for more in [&["--json"][..], &["--json", "--tag"]] {
        let summary = scene.export_kind(KIND, more).expect(0).summary();
        assert_eq!(summary["missing"].as_array().map(Vec::len), Some(0), "{more:?} {summary}");
        assert_eq!(count(&summary, "already_files") + count(&summary, "exported_files"), 6, "{more:?}");
    }
}

/// Pictures that can never be read are told for the songs that lack one, and keep nobody from being done.
#[test]
fn pictures_that_are_too_large_are_left_out_once() {
    let (scene, truth) = phone(&songs());
    for item in truth.items.iter().filter(|item| item.artwork.is_some()) {
        let picture = scene.media().join(&item.artwork.as_ref().unwrap().device_path);
        std::fs::File::options().write(true).open(picture).unwrap().set_len(9 << 20).unwrap();
    }
    let export = || scene.export_kind(KIND, &["--tag", "--artwork", "embed", "--json"]).expect(0).summary();
    let first = export();
    let not_tagged: BTreeSet<&str> =
        first["not_tagged"].as_array().unwrap().iter().filter_map(|file| file["to"].as_str()).collect();
    assert_eq!(not_tagged, BTreeSet::from([HERONS, LETTERS]), "{first}");
    assert_eq!(tags(&scene.dest.join(HERONS))[0].as_deref(), Some("Herons"));
    assert_eq!(count(&export(), "exported_files"), 0);
}

#[test]
fn what_somebody_changed_is_theirs() {
    let (scene, _) = phone(&songs());
    scene.export_kind(KIND, &[]).expect(0);
    let theirs = b"edited by hand".as_slice();
    std::fs::write(scene.dest.join(HERONS), theirs).unwrap();
    std::fs::write(scene.dest.join(LISTS[2]), theirs).unwrap();
    std::fs::write(scene.dest.join(COVERS[0]), theirs).unwrap();
    for more in [&[][..], &["--tag"]] {
        let run = scene.export_kind(KIND, more);
        assert!([0, 3].contains(&run.code), "{}", run.text());
        for name in [HERONS, LISTS[2], COVERS[0]] {
            assert!(
                std::fs::read(scene.dest.join(name)).unwrap() == theirs,
                "{more:?} {name}\n{}",
                run.text()
            );
        }
    }
}

#[test]
fn what_was_there_before_is_never_written_over() {
    let (scene, truth) = phone(&songs());
    let theirs = b"a song of somebody else".as_slice();
    for name in [ESTUARY, COVERS[0], LISTS[0]] {
        std::fs::create_dir_all(scene.dest.join(name).parent().unwrap()).unwrap();
        std::fs::write(scene.dest.join(name), theirs).unwrap();
    }
    scene.export_kind(KIND, &[]).expect(0);
    for name in [ESTUARY, COVERS[0], LISTS[0]] {
        assert!(std::fs::read(scene.dest.join(name)).unwrap() == theirs, "{name}");
    }
    // The song is there, too, under another name.
    let hash = blake3::hash(&on_phone(&scene, &truth, "Estuary")).to_hex().to_string();
    assert!(scene.exported().values().any(|found| *found == hash), "{:?}", scene.names());
}

#[test]
fn libraries_of_all_generations_and_what_they_lack() {
    let no_column =
        |table: &str, column: &str| MediaDamage::NoColumn { table: table.into(), column: column.into() };
    let damages = [
        None,
        Some(MediaDamage::Checkpointed),
        Some(MediaDamage::NoTable("album_artist".into())),
        Some(MediaDamage::NoTable("item_stats".into())),
        Some(MediaDamage::NoTable("container".into())),
        Some(MediaDamage::NoTable("artwork".into())),
        Some(no_column("item", "genre_id")),
        Some(no_column("item_extra", "file_size")),
        Some(no_column("item_store", "is_protected")),
    ];
    let mut cases: Vec<(MediaSchema, Option<MediaDamage>)> =
        damages.into_iter().map(|damage| (MediaSchema::Ios18, damage)).collect();
    cases.extend([MediaSchema::Ios13, MediaSchema::Ios16, MediaSchema::Ios26].map(|schema| (schema, None)));
    for (schema, damage) in cases {
        let mut library = MusicRecipe::new(schema).sized(60).seed(2).library();
        let knows_protection =
            !damage.as_ref().is_some_and(|damage| format!("{damage:?}").contains("is_prot"));
        if let Some(damage) = damage.clone() {
            library.damage(damage);
        }
        let (scene, truth) = phone(&library);
        let run = scene.export_kind(KIND, &["--json", "--artwork", "none"]);
        let summary = run.expect(0).summary();
        let of_state = |state: MusicState| -> BTreeMap<String, &str> {
            let songs = truth.items.iter().filter(|item| item.media_type == MediaType::Song);
            let there = songs.filter(|item| item.state == state && item.sha256.is_some());
            there.map(|item| (item.device_path.clone().unwrap(), item.title.as_str())).collect()
        };
        let open = of_state(MusicState::OnPhone);
        let exported: BTreeSet<String> = scene.exported().into_values().collect();
        for (path, title) in &open {
            let hash = blake3::hash(&std::fs::read(scene.media().join(path)).unwrap()).to_hex().to_string();
            assert!(exported.contains(&hash), "{schema} {damage:?}: {title} is not there\n{}", run.text());
        }
        if knows_protection {
            assert_eq!(count(&summary, "exported_files"), open.len() as u64, "{schema} {damage:?}");
        }
        let again = scene.export_kind(KIND, &["--json", "--artwork", "none"]).expect(0).summary();
        assert_eq!(count(&again, "exported_files"), 0, "{schema} {damage:?}");
    }
}

#[test]
fn lists_in_columns_and_as_json() {
    let (scene, _) = phone(&demo_music());
    let list = scene.run(&["list", KIND, "--columns", "artist,title,rating", "--where", "genre == 'Jazz'"]);
    list.expect(0);
    assert!(list.stdout.lines().next().unwrap().starts_with("ARTIST"), "{}", list.text());
    assert!(list.stdout.contains("Border: Passports?"), "{}", list.text());
    scene.run(&["list", KIND]).expect(0).says("14 items with 4 covers: 16 files to copy");
    let items = scene.run(&["list", KIND, "--json"]);
    let items = items.expect(0).json();
    let far = items.iter().find(|item| item["title"] == "Snow, Then Sun").unwrap();
    assert_eq!((&far["cloud_only"], &far["resources"][0]["to"]), (&true.into(), &serde_json::Value::Null));
    let lists = scene.run(&["playlists"]);
    lists.expect(0);
    for name in ["Sunday Morning", "Travel/Rails & Rivers", "Loved"] {
        assert!(lists.stdout.contains(name), "{}", lists.text());
    }
}
