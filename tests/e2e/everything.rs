//! All kinds of media in one go: one tidy tree, a summary for each kind and a total, and what stops it.

use std::collections::BTreeSet;
use std::path::Path;

use phone_libraries::{
    BooksSpec, CloudForm, Extras, InstalledApp, MediaDamage, MediaSchema, MemoStore, MemosSpec, MusicLibrary,
    PlistForm, RingtonesSpec, TrackSpec, demo_extras, demo_music,
};
use serde_json::Value;
use virtual_iphone::{CutTarget, Faults, PhoneConfig};

use crate::scene::{Run, Scene, four};

const KINDS: [&str; 8] =
    ["photos", "music", "videos", "voice-memos", "ringtones", "books", "podcasts", "files"];
const FOLDERS: [&str; 8] =
    ["Books", "Files", "Music", "Photos", "Podcasts", "Ringtones", "Videos", "Voice Memos"];

fn to<'a>(dest: &'a Path, more: &[&'a str]) -> Vec<&'a str> {
    [&["everything", "--to", dest.to_str().unwrap()], more].concat()
}

/// The folders and files in the destination itself, except what belongs to the program.
fn top(dest: &Path) -> Vec<String> {
    let names = std::fs::read_dir(dest).unwrap().map(|entry| entry.unwrap().file_name());
    let names = names.map(|name| name.into_string().unwrap()).filter(|name| name != ".iexport");
    names.collect::<BTreeSet<_>>().into_iter().collect()
}

/// The lines of one type.
fn lines(run: &Run, kind: &str) -> Vec<Value> {
    run.json().into_iter().filter(|line| line["type"] == kind).collect()
}

/// The last line.
#[track_caller]
fn total(run: &Run) -> Value {
    let total = run.json().pop().unwrap();
    assert_eq!(total["type"], "total", "{}", run.text());
    total
}

/// Of each kind in the total: the kind and this field.
fn each(total: &Value, field: &str) -> Vec<(String, Value)> {
    let each = total["collections"].as_array().unwrap().iter();
    each.map(|own| (own["kind"].as_str().unwrap().to_owned(), own[field].clone())).collect()
}

fn of<'t>(total: &'t Value, kind: &str) -> &'t Value {
    total["collections"].as_array().unwrap().iter().find(|own| own["kind"] == kind).unwrap()
}

/// A phone with something of each kind.
fn full(extras: &Extras) -> Scene {
    full_on(extras, |_| ())
}

fn full_on(extras: &Extras, configure: impl FnOnce(&mut PhoneConfig)) -> Scene {
    let more = |media: &Path| {
        four().write(media.parent().unwrap()).unwrap();
        demo_music().write(media).unwrap();
    };
    Scene::holding_on(extras, more, configure).0
}

#[test]
fn the_demo_is_one_tidy_tree() {
    let scene = Scene::without_phone();
    let run = scene.run(&to(&scene.dest, &["--demo", "--json"]));
    run.expect(0);
    assert_eq!(top(&scene.dest), FOLDERS);
    let collections: Vec<_> = lines(&run, "collection").iter().map(|line| line["kind"].clone()).collect();
    assert_eq!(collections, KINDS);
    let summaries = lines(&run, "summary");
    let kinds: Vec<_> = summaries.iter().map(|summary| summary["kind"].clone()).collect();
    assert_eq!(kinds, KINDS);
    let total = total(&run);
    let outcomes: Vec<(String, Value)> = KINDS.map(|kind| (kind.to_owned(), "complete".into())).into();
    assert_eq!(each(&total, "outcome"), outcomes);
    // Numbers that everybody can check: files on the drive are files that were exported, and playlists.
    let names = scene.names();
    let playlists = names.iter().filter(|name| name.ends_with(".m3u8") && name.starts_with("Music/")).count();
    assert_eq!(playlists, 3);
    let albums = names.iter().filter(|name| name.starts_with("Photos/") && name.ends_with(".m3u8")).count();
    assert_eq!(total["exported_files"], names.len() - playlists - albums);
    for field in ["exported_files", "exported_bytes", "already_files", "already_bytes"] {
        let sum: u64 = summaries.iter().map(|summary| summary[field].as_u64().unwrap()).sum();
        assert_eq!(total[field], sum, "{field}");
    }
    for (kind, folder) in [
        ("voice-memos", "Voice Memos/"),
        ("ringtones", "Ringtones/"),
        ("books", "Books/"),
        ("podcasts", "Podcasts/"),
        ("videos", "Videos/"),
        ("files", "Files/"),
    ] {
        let files = names.iter().filter(|name| name.starts_with(folder)).count();
        assert_eq!(of(&total, kind)["exported_files"], files, "{kind}");
    }
    // Nothing of the demo is left lying about that its own catalogues do not know, except a picture that shows it.
    for summary in &summaries {
        let orphans = usize::from(summary["kind"] == "photos");
        assert_eq!(summary["left_out_orphans"], orphans, "{summary}");
    }
    assert!(
        names.contains(&"Voice Memos/Sounds/2022-05-10 Rain on the Tin Roof.m4a".to_owned()),
        "{names:?}"
    );

    let files = scene.exported();
    let again = scene.run(&to(&scene.dest, &["--demo", "--json"]));
    let again = self::total(again.expect(0));
    assert_eq!(again["exported_files"], 0);
    assert_eq!(again["already_files"], total["exported_files"]);
    assert_eq!(scene.exported(), files);
}

#[test]
fn in_words() {
    let scene = Scene::without_phone();
    let run = scene.run(&to(&scene.dest, &["--demo"]));
    run.expect(0)
        .says("\nEverything\n")
        .says("  Together ")
        .says("All that was asked for and that the cable reaches was exported")
        .says("Everything that was asked for and that the cable reaches is on the drive.")
        .says("Everything that was asked for is on the drive.");
    for title in ["Photos", "Music", "Videos", "Voice Memos", "Ringtones", "Books", "Podcasts", "Files"] {
        run.says(&format!("\n{title}\n"));
    }
    assert!(run.stdout.is_empty(), "talk is not data");
}

/// Of what was not asked for, nobody says that it is not there.
#[test]
fn nothing_asked_for_is_not_nothing_there() {
    let scene = Scene::without_phone();
    let run = scene.run(&to(&scene.dest, &["--demo", "--protected", "only"]));
    run.expect(0)
        .says("  Photos        0 files exported, 0 bytes, 47 left out")
        .says("  Voice Memos   0 files exported, 0 bytes, 3 left out");
    assert!(!run.stderr.contains("nothing there"), "{}", run.text());
}

/// Where photos are skipped, their videos are too, and that is told.
#[test]
fn videos_without_those_of_the_photo_library_say_so() {
    let told = "The videos of the photo library are left out here, as its photos are.";
    for words in [&["--skip", "photos"][..], &["--only", "videos"]] {
        let scene = Scene::without_phone();
        scene.run(&to(&scene.dest, &[&["--demo"], words].concat())).expect(0).says(told);
    }
    let scene = Scene::without_phone();
    scene.run(&to(&scene.dest, &["--demo", "--only", "photos,videos"])).expect(0).lacks(told);
    // Of most films no more than the year is known.
    for (words, film) in [(["--since", "2011"], true), (["--until", "2010"], false)] {
        let run = scene.run(&[&["list", "videos", "--demo", "--kind", "movie"][..], &words].concat());
        assert_eq!(run.expect(0).stdout.contains("The Weir"), film, "{}", run.text());
    }
}

/// Who removes or changes a list has that of the next run, and nothing is missed for ever.
#[test]
fn lists_that_were_removed_or_changed_are_not_missed() {
    let scene = Scene::without_phone();
    let dest = scene.dest.to_str().unwrap();
    let check = || scene.run(&["manifest", "--to", dest, "--check"]);
    scene.run(&["music", "--all", "--demo", "--to", dest]).expect(0);
    check().expect(0);
    std::fs::remove_dir_all(scene.dest.join("Playlists")).unwrap();
    check().expect(3);
    // They have another folder now.
    scene.run(&to(&scene.dest, &["--demo", "--only", "music"])).expect(0);
    check().expect(0);
    let list = scene.dest.join("Music/Playlists/Loved.m3u8");
    std::fs::write(&list, "mine").unwrap();
    scene.run(&to(&scene.dest, &["--demo", "--only", "music"])).expect(0);
    assert_eq!(std::fs::read_to_string(&list).unwrap(), "mine");
    check().expect(0);
    std::fs::remove_file(&list).unwrap();
    check().expect(0);
    scene.run(&to(&scene.dest, &["--demo", "--only", "music"])).expect(0);
    check().expect(0);
}

/// Summaries do not say of what they are.
#[test]
fn a_quiet_run_still_names_the_kinds() {
    let scene = Scene::without_phone();
    let run = scene.run(&to(&scene.dest, &["--demo", "--quiet", "--only", "ringtones,voice-memos"]));
    run.expect(0).says("\nVoice Memos\n").says("\nRingtones\n");
}

#[test]
fn only_some_kinds() {
    for (words, folders) in [
        (&["--only", "ringtones,books"][..], &["Books", "Ringtones"][..]),
        (&["--skip", "photos,music,videos,files"], &["Books", "Podcasts", "Ringtones", "Voice Memos"]),
    ] {
        let scene = Scene::without_phone();
        let run = scene.run(&to(&scene.dest, &[&["--demo", "--json"], words].concat()));
        run.expect(0);
        assert_eq!(top(&scene.dest), folders);
        assert_eq!(lines(&run, "summary").len(), folders.len());
        assert_eq!(total(&run)["collections"].as_array().unwrap().len(), folders.len());
    }
    // The videos of the photo library are photos, whether those are wanted or not.
    for words in [&["--skip", "photos"][..], &["--only", "videos"]] {
        let scene = Scene::without_phone();
        scene.run(&to(&scene.dest, &[&["--demo"], words].concat())).expect(0);
        assert_eq!(top(&scene.dest.join("Videos")), ["Movies", "Music Videos", "TV Shows"], "{words:?}");
    }
    let scene = Scene::without_phone();
    scene.run(&to(&scene.dest, &["--demo", "--only", "books", "--skip", "music"])).expect(2);
    scene.run(&to(&scene.dest, &["--demo", "--only", "poems"])).expect(2).says("poems");
    assert_eq!(top(&scene.dest), Vec::<String>::new());
}

#[test]
fn a_phone_with_nothing_but_photos() {
    let scene = Scene::with(&four());
    let run = scene.run(&to(&scene.dest, &["--json"]));
    let total = total(run.expect(0));
    assert_eq!(top(&scene.dest), ["Photos"]);
    assert_eq!((&of(&total, "photos")["exported_files"], &total["exported_files"]), (&4.into(), &4.into()));
    // What cannot be reached is told apart from what is not there.
    for (kind, outcome) in each(&total, "outcome").into_iter().filter(|(kind, _)| kind != "voice-memos") {
        assert_eq!(outcome, "complete", "{kind}");
    }
    let unread: Vec<_> =
        each(&total, "outcome").into_iter().filter(|(_, outcome)| outcome.is_null()).collect();
    assert_eq!(unread, [("voice-memos".to_owned(), Value::Null)]);
    for (kind, notes) in [("ringtones", 0), ("books", 1), ("podcasts", 1)] {
        assert_eq!(of(&total, kind)["beyond_reach"].as_array().map(Vec::len), Some(notes), "{kind}");
    }
    let again = scene.run(&to(&scene.dest, &[]));
    again
        .expect(0)
        .says("Voice Memos   not exported: this iPhone keeps its voice memos out of reach of the cable")
        .says("Ringtones     nothing there")
        .says("Books         nothing that the cable reaches")
        .says("All that was asked for and that the cable reaches was exported");
}

#[test]
fn a_phone_with_nothing_but_documents() {
    let app = InstalledApp::new("org.example.notes", "Notes").file("Documents/a.txt", "a");
    let scene = Scene::holding(&Extras { apps: Some(vec![app]), ..Extras::default() }, |_| ()).0;
    let run = scene.run(&to(&scene.dest, &[]));
    // A phone that shows no photo library at all is perhaps not unlocked yet: that is no success.
    run.expect(3)
        .says("Photos        NOT exported: there are no photos to be seen")
        .says("Videos        nothing there")
        .says("Files         1 file exported");
    assert_eq!(scene.names(), ["Files/Notes/a.txt"]);
}

#[test]
fn what_cannot_be_read_does_not_keep_the_others() {
    // A library of music that is noise, voice memos out of reach, and a list of apps without end.
    let extras = Extras {
        apps: Some(vec![InstalledApp::new("org.example.endless", "x".repeat(17 << 20))]),
        books: Some(BooksSpec::all_sorts(PlistForm::Xml)),
        ringtones: Some(RingtonesSpec::all_sorts(PlistForm::Binary)),
        memos: Some(MemosSpec::all_sorts(MemoStore::OutOfReach)),
        ..Extras::default()
    };
    let (scene, _) = Scene::holding(&extras, |media| {
        four().write(media.parent().unwrap()).unwrap();
        let mut library = MusicLibrary::new(MediaSchema::Ios18);
        library.track(TrackSpec::song("Low Tide").by("The Tidal Clocks").on("Estuary").track(3, 9));
        library.damage(MediaDamage::Corrupt);
        library.write(media).unwrap();
    });
    let run = scene.run(&to(&scene.dest, &["--json"]));
    let total = total(run.expect(3));
    assert_eq!(top(&scene.dest), ["Books", "Music", "Photos", "Ringtones"]);
    for (kind, files) in [("photos", 4), ("music", 1), ("ringtones", 6), ("books", 11)] {
        assert_eq!(of(&total, kind)["exported_files"], files, "{kind}: {}", run.text());
    }
    let memos = of(&total, "voice-memos");
    assert!(memos["outcome"].is_null(), "{total}");
    assert!(memos["reason"].as_str().unwrap().contains("out of reach of the cable"), "{total}");
    let apps = of(&total, "files");
    // It is not known to be out of reach: it failed.
    assert!(apps["outcome"] == "with_failures" && apps["reason"].is_string(), "{total}");
    let of_music = lines(&run, "summary").into_iter().find(|summary| summary["kind"] == "music").unwrap();
    assert_eq!(of_music["without_catalogue"], true);
    let again = scene.run(&to(&scene.dest, &[]));
    again.expect(3).says("Voice Memos   not exported: ").says("Files         NOT exported: ");
}

#[test]
fn photos_stay_where_an_earlier_export_put_them() {
    let scene = full(&demo_extras().unwrap());
    scene.export(&[]).expect(0);
    let before = scene.names();
    assert!(before.iter().all(|name| name.starts_with("2024/")), "{before:?}");
    let run = scene.run(&to(&scene.dest, &["--json"]));
    let total = total(run.expect(0));
    let photos = of(&total, "photos");
    assert_eq!((&photos["exported_files"], &photos["already_files"]), (&0.into(), &4.into()), "{photos}");
    let names = scene.names();
    assert!(before.iter().all(|name| names.contains(name)), "{names:?}");
    assert!(!names.iter().any(|name| name.starts_with("Photos/")), "{names:?}");
    // The videos of the photo library are among the photos.
    assert!(!names.iter().any(|name| name.starts_with("Videos/") && name.contains("IMG_")), "{names:?}");
}

/// Extras with so many bytes of documents that it takes a while.
fn large() -> Extras {
    let mut app = InstalledApp::new("org.example.scans", "Scans");
    for n in 0..12 {
        app = app.noise(format!("Documents/{n:02}.bin"), 1_000_000);
    }
    let mut extras = demo_extras().unwrap();
    extras.apps.as_mut().unwrap().push(app);
    extras.memos = Some(MemosSpec::all_sorts(MemoStore::Cloud(CloudForm::Late)));
    extras
}

#[test]
fn the_cable_is_pulled_and_plugged_in_again() {
    let scene = full(&large());
    scene.phone().set_faults(Faults::default().cut_after(6_000_000, CutTarget::Phone));
    let run = scene.run(&to(&scene.dest, &["--json"]));
    let first = total(run.expect(9));
    let last = first["collections"].as_array().unwrap().last().unwrap();
    assert_eq!((&last["kind"], &last["outcome"]), (&"files".into(), &"phone_lost".into()), "{first}");
    assert!(last["not_on_drive"].as_u64().unwrap() > 0, "{first}");
    assert_eq!(of(&first, "voice-memos")["outcome"], "complete");
    assert!(run.stderr.is_empty() || !run.stderr.contains("panic"), "{}", run.text());
    scene.phone().set_faults(Faults::default());
    scene.phone().reattach();
    let run = scene.run(&to(&scene.dest, &["--json"]));
    let second = total(run.expect(0));
    assert_eq!(second["already_files"], first["exported_files"], "{second}");
    assert_eq!(of(&second, "files")["already_files"], last["exported_files"]);
    assert_eq!(of(&second, "photos")["exported_files"], 0);
    assert_eq!(scene.names().iter().filter(|name| name.starts_with("Files/Scans/")).count(), 12);
}

#[test]
fn the_cable_is_pulled_early() {
    let scene = full(&demo_extras().unwrap());
    scene.phone().set_faults(Faults::default().cut_after(1_000, CutTarget::Phone));
    let run = scene.run(&to(&scene.dest, &["--json"]));
    let total = total(run.expect(9));
    let kinds: Vec<String> = each(&total, "outcome").into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, ["photos"], "nothing else is tried: {}", run.text());
    scene.phone().set_faults(Faults::default());
    scene.phone().reattach();
    scene.run(&to(&scene.dest, &[])).expect(0);
    assert_eq!(top(&scene.dest), FOLDERS);
}

#[test]
#[cfg(unix)]
fn somebody_stops_it() {
    use std::io::{BufRead, BufReader, Read};
    let scene = full_on(&large(), |phone| phone.link = "rate=4MB/s,rtt=1ms".parse().unwrap());
    let mut child = scene.command(&to(&scene.dest, &["--json"])).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let (mut line, mut heard) = (String::new(), String::new());
    // When the first file of the last kind is done, eleven are left.
    while !line.contains("\"type\":\"file\"") || !heard.contains("\"type\":\"collection\",\"kind\":\"files\"")
    {
        heard += &line;
        line.clear();
        assert!(out.read_line(&mut line).unwrap() > 0, "it ended before it came so far: {heard}");
    }
    let id = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    let mut rest = String::new();
    out.read_to_string(&mut rest).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130), "{rest}");
    let total: Value = serde_json::from_str(rest.lines().last().unwrap()).unwrap();
    assert_eq!(total["type"], "total", "{rest}");
    assert_eq!(of(&total, "files")["outcome"], "interrupted", "{total}");
    let run = scene.run(&to(&scene.dest, &["--json"]));
    let again = self::total(run.expect(0));
    assert_eq!(again["already_files"], total["exported_files"]);
    assert_eq!(scene.names().iter().filter(|name| name.starts_with("Files/Scans/")).count(), 12);
}

/// A drive of 5 MB, if this user can have one: a small file system in memory, seen by the program only.
#[test]
#[cfg(target_os = "linux")]
fn the_drive_gets_full() {
    let scene = full(&large());
    let script = format!(
        "'{1}' everything --to '{0}' --json; code=$?; \
         ls '{0}/.iexport/partial' | wc -l >&2; \
         mount -o remount,size=60m none '{0}' && '{1}' everything --to '{0}' --json | tail -n 1 >&2; exit $code",
        scene.dest.display(),
        env!("CARGO_BIN_EXE_iexport"),
    );
    let Some(run) = scene.on_small_drive("5m", &script) else { return };
    let total = total(run.expect(8));
    let last = total["collections"].as_array().unwrap().last().unwrap();
    assert_eq!((&last["kind"], &last["outcome"]), (&"files".into(), &"destination_full".into()), "{total}");
    assert!(last["not_on_drive"].as_u64().unwrap() > 0, "{total}");
    assert_eq!(of(&total, "books")["outcome"], "complete", "{total}");
    let [partial, again] = run.stderr.lines().collect::<Vec<_>>()[..] else { panic!("{}", run.text()) };
    assert_eq!(partial.trim(), "0", "nothing half-written stays behind");
    // On a drive with more room it goes on where it was.
    let again: Value = serde_json::from_str(again).unwrap();
    assert_eq!(again["already_files"], total["exported_files"], "{again}");
    assert_eq!(of(&again, "files")["outcome"], "complete", "{again}");
}
