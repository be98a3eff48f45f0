//! Voice memos of both generations: names, dates, folders and numbers, held against what the phone's maker tells.

use std::path::Path;

use jiff::Timestamp;
use phone_libraries::{
    CloudForm, Extras, ExtrasTruth, MemoSpec, MemoState, MemoStore, MemosSpec, TruthMemo, write_extras,
};
use rusqlite::Connection;
use virtual_iphone::{Fault, Faults, Status};

use crate::scene::{Run, Scene};

const KIND: &str = "voice-memos";
const CLOUD: MemoStore = MemoStore::Cloud(CloudForm::Late);

fn extras(spec: MemosSpec) -> Extras {
    Extras { memos: Some(spec), ..Extras::default() }
}

fn phone(spec: MemosSpec) -> (Scene, ExtrasTruth) {
    Scene::holding(&extras(spec), |_| ())
}

fn with(memos: Vec<MemoSpec>) -> MemosSpec {
    MemosSpec { seed: 1, store: CLOUD, memos, folders: Vec::new(), is_hostile: false }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// What a memo is called on the drive, if no other has its name.
fn name(memo: &TruthMemo) -> String {
    let file = memo.file.device_path.rsplit_once('/').unwrap().1;
    let (stem, extension) = file.rsplit_once('.').unwrap();
    let title = match &memo.title {
        // What has no title has the phone's name, which tells the day already.
        None => stem.to_owned(),
        Some(title) => {
            // The phone's name begins with the local date; one memo has a name of somebody else.
            let day = match title.as_str() {
                "Oldest" => memo.date[..10].to_owned(),
                _ => format!("{}-{}-{}", &stem[..4], &stem[4..6], &stem[6..8]),
            };
            format!("{day} {}", title.replace('/', "／").replace('"', "＂").replace('?', "？"))
        }
    };
    let folder = memo.folder.as_ref().map_or(String::new(), |folder| folder.replace(':', "：") + "/");
    format!("{folder}{title}.{extension}")
}

/// All that is on the phone, has a row and is not deleted: with its name, its bytes and its date.
#[track_caller]
fn assert_exported(scene: &Scene, truth: &ExtrasTruth) -> usize {
    let mut names = scene.names();
    let here: Vec<&TruthMemo> = truth
        .memos
        .iter()
        .filter(|memo| memo.is_listed && memo.deleted.is_none() && memo.state == MemoState::Here)
        .collect();
    for memo in &here {
        let wanted = name(memo);
        let stem = wanted.rsplit_once('.').unwrap().0;
        let bytes = std::fs::read(scene.media().join(&memo.file.device_path)).unwrap();
        let found = names.iter().position(|name| {
            let is_suffixed = |rest: &str| rest.starts_with('-') && rest.len() == "-1234.m4a".len();
            let is_named = *name == wanted || name.strip_prefix(stem).is_some_and(is_suffixed);
            is_named && std::fs::read(scene.dest.join(name)).unwrap() == bytes
        });
        let found = names.remove(found.unwrap_or_else(|| panic!("{wanted} is not among {names:?}")));
        assert_eq!(scene.modified(&found), memo.date_epoch as i64, "{found}");
    }
    assert_eq!(names, Vec::<String>::new(), "nothing else is there");
    here.len()
}

#[test]
fn both_generations() {
    for (store, in_library, deleted, in_cloud) in [
        (MemoStore::Recordings, 14, 0, 0),
        (MemoStore::Cloud(CloudForm::Early), 15, 0, 1),
        (MemoStore::Cloud(CloudForm::Middle), 15, 1, 1),
        (CLOUD, 15, 1, 1),
    ] {
        let (scene, truth) = phone(MemosSpec::all_sorts(store));
        let run = scene.export_kind(KIND, &["--json"]);
        let summary = run.expect(0).summary();
        let exported = assert_exported(&scene, &truth);
        assert_eq!(exported, 13 - deleted, "{store:?}");
        assert_eq!(summary["kind"], KIND);
        assert_eq!(summary["exported_files"], exported, "{store:?}");
        assert_eq!(summary["library_items"], in_library, "{store:?}");
        assert_eq!(summary["left_out_trashed"], deleted, "{store:?}");
        assert_eq!(summary["cloud_only"].as_array().unwrap().len(), in_cloud, "{store:?}");
        assert_eq!(summary["missing"].as_array().unwrap().len(), 1, "{store:?}");
        assert_eq!(summary["left_out_orphans"], 2, "{store:?}");
        assert_eq!(summary["without_catalogue"], false, "{store:?}");
        let again = scene.export_kind(KIND, &["--json"]).expect(0).summary();
        assert_eq!((&again["exported_files"], &again["already_files"]), (&0.into(), &exported.into()));
    }
}

#[test]
fn what_is_left_out_is_told_and_can_be_had() {
    let (scene, truth) = phone(MemosSpec::all_sorts(CLOUD));
    let run = scene.export_kind(KIND, &[]);
    run.expect(0)
        .says("1 in Recently Deleted (--trashed include)")
        .says("Only in iCloud        1 voice memo")
        .says("Missing               1 file")
        .says("2 files in the folder of recordings, not exported (--orphans include)");
    scene.export_kind(KIND, &["--trashed", "include"]).expect(0).says("Exported              1 file");
    let thrown = truth.memos.iter().find(|memo| memo.deleted.is_some()).unwrap();
    scene.assert_same(&thrown.file, &name(thrown));
    let run = scene.export_kind(KIND, &["--orphans", "include"]);
    run.expect(0).says("Exported              2 files");
    for memo in truth.memos.iter().filter(|memo| !memo.is_listed) {
        let own = memo.file.device_path.rsplit_once('/').unwrap().1;
        scene.assert_same(&memo.file, own);
    }
    // The layered one is QuickTime, and stays it.
    assert!(scene.names().contains(&"2024-10-27 Layered.qta".to_owned()), "{:?}", scene.names());
    // Waveforms and fragments are no memos.
    assert!(scene.names().iter().all(|name| name.ends_with(".m4a") || name.ends_with(".qta")));
}

#[test]
fn the_day_is_that_of_the_place_where_it_was_recorded() {
    let (scene, _) = phone(with(vec![
        MemoSpec::new("Evening in New York", at("2024-03-02T02:30:00Z")).offset(-5 * 3600),
        MemoSpec::new("Morning in Kathmandu", at("2024-03-01T23:15:00Z")).offset(20_700),
        MemoSpec::new("Nobody Knows Where", at("2024-03-01T23:15:00Z")).file("Interview.m4a"),
    ]));
    scene.export_kind(KIND, &[]).expect(0);
    let names = [
        "2024-03-01 Evening in New York.m4a",
        "2024-03-01 Nobody Knows Where.m4a",
        "2024-03-02 Morning in Kathmandu.m4a",
    ];
    assert_eq!(scene.names(), names);
    assert_eq!(scene.modified(names[0]), at("2024-03-02T02:30:00Z").as_second());
    // Who asks for a day means the day there, too.
    for (day, titles) in [("2024-03-01", 2), ("2024-03-02", 1), ("2024-03-03", 0)] {
        let listed = scene.run(&["list", KIND, "--since", day, "--until", day, "--json"]);
        let items = listed.expect(0).json().into_iter().filter(|line| line["type"] == "item");
        assert_eq!(items.count(), titles, "{day}: {}", listed.text());
    }
}

#[test]
fn some_of_them() {
    let memos = || {
        with(vec![
            MemoSpec::new("Old Idea", at("2022-05-10T12:00:00Z")).folder("Ideas"),
            MemoSpec::new("New Idea", at("2024-05-10T12:00:00Z")).folder("Ideas"),
            MemoSpec::new("Interview", at("2024-06-10T12:00:00Z")).folder("Work"),
            MemoSpec::new("Loose", at("2024-07-10T12:00:00Z")),
        ])
    };
    for (which, names) in [
        (&["--folder", "Ideas"][..], &["Ideas/2022-05-10 Old Idea.m4a", "Ideas/2024-05-10 New Idea.m4a"][..]),
        (&["--folder", "W*"], &["Work/2024-06-10 Interview.m4a"]),
        (&["--since", "2024-06-10"], &["2024-07-10 Loose.m4a", "Work/2024-06-10 Interview.m4a"]),
        (&["--until", "2024-05"], &["Ideas/2022-05-10 Old Idea.m4a", "Ideas/2024-05-10 New Idea.m4a"]),
        (&["--since", "2023", "--folder", "Ideas"], &["Ideas/2024-05-10 New Idea.m4a"]),
        (&["--where", "title is containing('Interview')"], &["Work/2024-06-10 Interview.m4a"]),
        (&["--title", "idea", "--last", "1"], &["Ideas/2024-05-10 New Idea.m4a"]),
    ] {
        let (scene, _) = phone(memos());
        let run = scene.export_some(KIND, &[&["--json"], which].concat());
        let summary = run.expect(0).summary();
        assert_eq!(scene.names(), names, "{which:?}");
        assert_eq!(summary["not_asked_items"], 4 - names.len(), "{which:?}");
    }
    let (scene, _) = phone(memos());
    scene.export_some(KIND, &["--folder", "Nowhere"]).expect(2).says("Nowhere");
    scene.export_some(KIND, &[]).expect(2).says("Add --all");
    assert_eq!(scene.names(), Vec::<String>::new());
}

fn damage(media: &Path, file: &str) {
    let path = media.join("Recordings").join(file);
    let mut bytes = std::fs::read(&path).unwrap();
    bytes.fill(0x5a);
    std::fs::write(&path, bytes).unwrap();
}

/// Fails unless every recording is on the drive under the phone's own name.
#[track_caller]
fn assert_as_files(scene: &Scene, truth: &ExtrasTruth, run: &Run) {
    run.expect(0).says("titles and folders are not known").says("do not delete anything");
    let here: Vec<&TruthMemo> = truth.memos.iter().filter(|memo| memo.state == MemoState::Here).collect();
    assert_eq!(scene.names().len(), here.len(), "{}", run.text());
    for memo in here {
        let own = memo.file.device_path.rsplit_once('/').unwrap().1;
        // The manifest of an edited one says its title.
        let edited = format!("{} Edited.m4a", &memo.date[..10]);
        let is_edited = memo.title.as_deref() == Some("Edited");
        scene.assert_same(&memo.file, if is_edited { &edited } else { own });
    }
}

#[test]
fn without_a_database_the_recordings_are_there() {
    let (scene, truth) = phone(MemosSpec::all_sorts(MemoStore::FilesOnly));
    assert_as_files(&scene, &truth, &scene.export_kind(KIND, &[]));
}

#[test]
fn with_a_damaged_database_the_recordings_are_there() {
    let (scene, truth) = phone(MemosSpec::all_sorts(CLOUD));
    for file in ["CloudRecordings.db", "CloudRecordings.db-wal"] {
        damage(&scene.media(), file);
    }
    let run = scene.export_kind(KIND, &[]);
    assert_as_files(&scene, &truth, &run);
    run.says("list of voice memos cannot be read");
    // As soon as it can be read again, they come under their titles.
    let (whole, _) = phone(MemosSpec::all_sorts(CLOUD));
    for file in ["CloudRecordings.db", "CloudRecordings.db-wal"] {
        let from = whole.media().join("Recordings").join(file);
        std::fs::copy(from, scene.media().join("Recordings").join(file)).unwrap();
    }
    scene.export_kind(KIND, &[]).expect(0).says("Asked for             14 voice memos, of 15");
    assert!(scene.names().contains(&"2024-10-27 For Sorting.m4a".to_owned()), "{:?}", scene.names());
}

/// The empty list of the older generation stays where the newer one was.
#[test]
fn with_an_empty_database_the_recordings_are_there() {
    let (scene, truth) = phone(MemosSpec::all_sorts(CLOUD));
    for file in ["CloudRecordings.db", "CloudRecordings.db-wal"] {
        std::fs::remove_file(scene.media().join("Recordings").join(file)).unwrap();
    }
    let run = scene.export_kind(KIND, &[]);
    assert_as_files(&scene, &truth, &run);
    run.says("list of voice memos names none of the recordings that are there");
}

#[test]
fn a_folder_that_cannot_be_listed_is_told() {
    let (scene, truth) = phone(MemosSpec::all_sorts(CLOUD));
    scene
        .phone()
        .set_faults(Faults::default().with("Recordings", Fault::ListFails(Status::PermissionDenied)));
    let run = scene.export_kind(KIND, &["--json"]);
    let summary = run.expect(3).summary();
    assert_eq!(summary["unread_folders"], 1, "{}", run.text());
    scene.phone().set_faults(Faults::default());
    scene.export_kind(KIND, &[]).expect(0);
    assert_exported(&scene, &truth);
}

#[test]
fn phones_that_keep_them_out_of_reach_say_what_to_do() {
    let (scene, _) = phone(MemosSpec::all_sorts(MemoStore::OutOfReach));
    let run = scene.export_kind(KIND, &[]);
    run.expect(1)
        .says("keeps its voice memos out of reach of the cable; they are in a backup of it")
        .says("make a backup with Finder, iTunes or the app Apple Devices");
    assert_eq!(std::fs::read_dir(&scene.dest).unwrap().count(), 0, "nothing is written");
    let error = scene.export_kind(KIND, &["--json"]).expect(1).json().pop().unwrap();
    assert_eq!((&error["type"], &error["exit_code"]), (&"error".into(), &1.into()), "{error}");
    scene.run(&["list", KIND]).expect(1).says("out of reach of the cable");
}

/// A phone with a version of iOS, and with that in its folder of recordings.
fn phone_of(ios: &str, spec: MemosSpec) -> Scene {
    Scene::holding_on(&extras(spec), |_| (), |config| ios.clone_into(&mut config.ios)).0
}

#[test]
fn an_old_phone_without_any_has_none() {
    let none = || MemosSpec::all_sorts(MemoStore::OutOfReach);
    let scene = phone_of("13.7", none());
    let run = scene.export_kind(KIND, &[]);
    run.expect(0).says("The phone holds 0 voice memos").lacks("backup");
    let everything = ["everything", "--only", KIND, "--to", scene.dest.to_str().unwrap()];
    scene.run(&everything).expect(0).says("Voice Memos   nothing there").lacks("backup");
    // Where the border lies is not known to the day.
    for ios in ["15.8.3", "16.7", ""] {
        let scene = phone_of(ios, none());
        scene.export_kind(KIND, &[]).expect(1).says("there are none, or this iPhone keeps them out of reach");
        let everything = ["everything", "--only", KIND, "--to", scene.dest.to_str().unwrap()];
        scene.run(&everything).expect(0).says("not exported: no voice memos are to be seen");
    }
}

#[test]
fn an_empty_list_in_the_old_place_says_nothing_of_the_new_one() {
    for (ios, code, words) in [
        ("14.8", 0, "The phone holds 0 voice memos"),
        ("16.1", 1, "there are none, or this iPhone keeps them out of reach"),
        ("18.5", 1, "keeps its voice memos out of reach of the cable"),
    ] {
        let scene = phone_of(ios, MemosSpec::all_sorts(CLOUD));
        // What stays is an empty list.
        for entry in std::fs::read_dir(scene.media().join("Recordings")).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => std::fs::remove_dir_all(path).unwrap(),
                false if path.ends_with("Recordings.db") => {}
                false => std::fs::remove_file(path).unwrap(),
            }
        }
        scene.export_kind(KIND, &[]).expect(code).says(words);
    }
}

/// What in a list makes no sense is told, whatever else there is to say.
#[test]
fn a_list_of_nonsense_is_not_called_empty() {
    for ios in ["14.8", "16.1", "18.5"] {
        let scene = phone_of(ios, with(vec![MemoSpec::new("Here", at("2019-05-10T12:00:00Z"))]));
        let folder = scene.media().join("Recordings");
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "m4a") {
                std::fs::remove_file(path).unwrap();
            }
        }
        let db = Connection::open(folder.join("CloudRecordings.db")).unwrap();
        assert_eq!(db.execute("UPDATE ZCLOUDRECORDING SET ZPATH = '../x/y.m4a'", []).unwrap(), 1);
        drop(db);
        scene
            .export_kind(KIND, &[])
            .expect(0)
            .says("1 row of the phone's list of voice memos makes no sense");
    }
}

#[test]
fn what_is_left_in_the_old_place_is_not_taken_for_all() {
    let one = || with(vec![MemoSpec::new("Left Over", at("2019-05-10T12:00:00Z"))]);
    for (ios, note) in [
        ("14.8", None),
        ("16.1", Some("Some versions of iOS keep newer voice memos where the cable does not reach")),
        ("18.5", Some("These are only those that still lie in the old place: compare with the app")),
    ] {
        let scene = phone_of(ios, one());
        let run = scene.export_kind(KIND, &[]);
        run.expect(0).says("Exported              1 file");
        match note {
            Some(note) => run.says(note).says("Mind:"),
            None => run.lacks("backup"),
        };
    }
}

#[test]
fn new_titles_and_new_memos() {
    let first = MemoSpec::new("First", at("2024-05-10T12:00:00Z"));
    let (scene, _) = phone(with(vec![first.clone()]));
    scene.export_kind(KIND, &[]).expect(0);
    // The phone is used: another memo, and a new title for the first.
    std::fs::remove_dir_all(scene.media().join("Recordings")).unwrap();
    let renamed = MemoSpec { title: Some("Renamed".to_owned()), ..first };
    let spec = with(vec![renamed, MemoSpec::new("Second", at("2024-05-11T12:00:00Z"))]);
    write_extras(&extras(spec), &scene.media(), &scene.path("none")).unwrap();
    let summary = scene.export_kind(KIND, &["--json"]).expect(0).summary();
    assert_eq!(summary["failed"].as_array().unwrap().len(), 0);
    // What is there stays where it is.
    assert!(scene.names().contains(&"2024-05-10 First.m4a".to_owned()), "{:?}", scene.names());
    assert!(scene.names().contains(&"2024-05-11 Second.m4a".to_owned()), "{:?}", scene.names());
}

/// Trimmed, recorded on or replaced: it has the same id and the same name as before.
#[test]
fn a_memo_that_was_edited_is_exported_again() {
    for store in [CLOUD, MemoStore::Recordings] {
        for has_database in [true, false] {
            let (scene, truth) =
                phone(MemosSpec { store, ..with(vec![MemoSpec::new("Song", at("2023-05-05T12:00:00Z"))]) });
            let file = scene.media().join(&truth.memos[0].file.device_path);
            if !has_database {
                for entry in std::fs::read_dir(file.parent().unwrap()).unwrap() {
                    let path = entry.unwrap().path();
                    if path != file && path.is_file() {
                        std::fs::remove_file(path).unwrap();
                    }
                }
            }
            scene.export_kind(KIND, &[]).expect(0);
            let names = scene.names();
            let edited = [std::fs::read(&file).unwrap(), vec![7; 5_000]].concat();
            std::fs::write(&file, &edited).unwrap();
            let summary = scene.export_kind(KIND, &["--json"]).expect(0).summary();
            assert_eq!(summary["exported_files"], 1, "{store:?} {has_database} {summary}");
            // Without a list that gives it an identity nobody knows that it is the same memo: then the older one stays.
            let has_identity = has_database && matches!(store, MemoStore::Cloud(_));
            let now = scene.names();
            assert_eq!((now.len(), names.len()), (if has_identity { 1 } else { 2 }, 1), "{store:?}");
            let is_edited = |name: &String| std::fs::read(scene.dest.join(name)).unwrap() == edited;
            assert_eq!(now.iter().filter(|name| is_edited(name)).count(), 1, "{store:?} {has_database}");
            let again = scene.export_kind(KIND, &["--json"]).expect(0).summary();
            assert_eq!((&again["exported_files"], &again["already_files"]), (&0.into(), &1.into()));
        }
    }
}
