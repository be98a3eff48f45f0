//! Layouts: where files go, what albums hold, and that all of it stays so.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use phone_libraries::{AlbumOrder, AlbumSpec, AssetSpec, EditSpec, FileSpec, IosVersion, Library, Recipe};

use crate::scene::{Scene, four, moment};

/// Five photos, one of them edited and live, in nested, overlapping, nameless and equally named albums.
fn library() -> Library {
    let mut library = Library::new(IosVersion::Ios18);
    let photos: Vec<_> = (1..=5)
        .map(|n| {
            let mut spec = AssetSpec::at(format!("DCIM/100APPLE/IMG_000{n}.JPG")).captured(moment(n));
            if n == 1 {
                spec = spec.live(FileSpec::default()).edited(EditSpec::rendered("JPG"));
            }
            if n == 5 {
                spec = spec.icloud_only();
            }
            library.asset(spec)
        })
        .collect();
    let by_hand = |title: &str| AlbumSpec::titled(title).order(AlbumOrder::Manual);
    library.album(by_hand("Italy: 2024?").in_folder(["Travel", "EU/South"]).members([photos[2], photos[0]]));
    library.album(by_hand("Cats").members([photos[4], photos[0], photos[2], photos[1]]));
    let uuid = "3F2A1B4C-0000-4000-8000-000000000001";
    library.album(AlbumSpec { uuid: Some(uuid.to_owned()), ..by_hand("cats").members([photos[1]]) });
    library.album(AlbumSpec { title: None, ..by_hand("").members([photos[0]]) });
    library
}

const ITALY: &str = "Travel/EU\u{ff0f}South/Italy\u{ff1a} 2024\u{ff1f}";

fn list(scene: &Scene, path: &str) -> serde_json::Value {
    serde_json::from_slice(&std::fs::read(scene.dest.join(path)).unwrap()).unwrap()
}

/// The contents of the files that a list names, in its order.
fn contents(scene: &Scene, m3u8: &str) -> Vec<String> {
    let path = scene.dest.join(m3u8);
    let text = std::fs::read_to_string(&path).unwrap();
    let files = text.lines().filter(|line| !line.starts_with('#'));
    files.map(|file| hash(&path.parent().unwrap().join(file))).collect()
}

fn hash(path: &Path) -> String {
    blake3::hash(&std::fs::read(path).unwrap_or_else(|e| panic!("{e}: {}", path.display()))).to_string()
}

/// The folder of the second album of a name.
fn other_cats(scene: &Scene) -> String {
    let names =
        std::fs::read_dir(&scene.dest).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name.to_lowercase().starts_with("cats")).collect();
    names.sort_by_key(String::len);
    assert_eq!(names.len(), 2, "{names:?}");
    names.pop().unwrap()
}

#[test]
fn flat_and_as_on_the_phone() {
    let scene = Scene::with(&four());
    scene.export(&["--layout", "flat"]).expect(0);
    assert_eq!(scene.names(), ["IMG_0001.HEIC", "IMG_0002.JPG", "IMG_0003.PNG", "IMG_0004.MOV"]);
    assert_eq!(scene.export(&["--layout", "flat", "--json"]).expect(0).summary()["exported_files"], 0);
    assert_eq!(
        scene.export(&["--json"]).expect(0).summary()["exported_files"],
        0,
        "what is there stays where it is"
    );

    let mut library = library();
    library.asset(AssetSpec::at("DCIM/101APPLE/IMG_0001.PNG").captured(moment(9)).named("Beach.PNG"));
    let scene = Scene::with(&library);
    scene.export(&["--layout", "as-on-phone"]).expect(0);
    assert_eq!(
        scene.names(),
        [
            "DCIM/100APPLE/IMG_0001.JPG",
            "DCIM/100APPLE/IMG_0001.MOV",
            "DCIM/100APPLE/IMG_0001_edited.JPG",
            "DCIM/100APPLE/IMG_0002.JPG",
            "DCIM/100APPLE/IMG_0003.JPG",
            "DCIM/100APPLE/IMG_0004.JPG",
            "DCIM/101APPLE/IMG_0001.PNG",
        ]
    );
}

#[test]
fn by_album_everything_is_in_all_its_albums_and_stored_once() {
    let scene = Scene::with(&library());
    let summary = scene.export(&["--layout", "by-album", "--json"]).expect(0).summary();
    assert_eq!(summary["exported_files"], 6, "stored once");
    assert_eq!(summary["album_lists"], 4);
    assert_eq!(summary["links_made"], 8);
    let cats = other_cats(&scene);
    let names: BTreeSet<String> = scene.names().into_iter().collect();
    for expected in [
        &format!("{ITALY}/IMG_0001.JPG"),
        &format!("{ITALY}/IMG_0001.MOV"),
        &format!("{ITALY}/IMG_0001_edited.JPG"),
        &format!("{ITALY}/IMG_0003.JPG"),
        "No album/2024/2024-07/IMG_0004.JPG",
        "Untitled album/IMG_0001.MOV",
        "Untitled album/Untitled album.m3u8",
        &format!("{cats}/{cats}.json"),
        &format!("{cats}/IMG_0002.JPG"),
    ] {
        assert!(names.contains(expected), "{expected} of {names:#?}");
    }
    // Membership is complete, in the album's order, and says what is not there.
    let (big, small) = if names.contains(&format!("{cats}/IMG_0003.JPG")) {
        (cats.clone(), cats[..4].to_owned())
    } else {
        (
            names
                .iter()
                .find_map(|n| n.split_once('/').map(|(f, _)| f).filter(|f| f.len() == 4))
                .unwrap()
                .into(),
            cats,
        )
    };
    assert_ne!(big.to_lowercase(), small.to_lowercase());
    let json = list(&scene, &format!("{big}/{big}.json"));
    assert_eq!(json["title"], "Cats");
    let members: Vec<(&str, &str)> = json["members"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| (m["name"].as_str().unwrap(), m["path"].as_str().or(m["missing"].as_str()).unwrap()))
        .collect();
    assert_eq!(
        members,
        [
            ("IMG_0005.JPG", "only_in_icloud"),
            ("IMG_0001.JPG", "IMG_0001_edited.JPG"),
            ("IMG_0003.JPG", "IMG_0003.JPG"),
            ("IMG_0002.JPG", "IMG_0002.JPG"),
        ]
    );
    let home = |name: &str| hash(&scene.dest.join(ITALY).join(name));
    assert_eq!(
        contents(&scene, &format!("{big}/{big}.m3u8"))[..2],
        [home("IMG_0001_edited.JPG"), home("IMG_0003.JPG")]
    );
    assert_eq!(
        contents(&scene, &format!("{ITALY}/Italy\u{ff1a} 2024\u{ff1f}.m3u8")),
        [home("IMG_0003.JPG"), home("IMG_0001_edited.JPG")]
    );
    assert_eq!(list(&scene, &format!("{ITALY}/Italy\u{ff1a} 2024\u{ff1f}.json"))["folders"][1], "EU/South");
    scene.assert_nothing_half_written_but(&["m3u8", "json"]);

    // Again: nothing to do; and the same without the ledger.
    let before = scene.exported();
    let again = scene.export(&["--layout", "by-album", "--json"]).expect(0).summary();
    assert_eq!((&again["exported_files"], &again["links_made"]), (&0.into(), &0.into()));
    assert_eq!(scene.exported(), before);
    std::fs::remove_dir_all(scene.dest.join(".iexport")).unwrap();
    let healed = scene.export(&["--layout", "by-album", "--json"]).expect(0).summary();
    assert_eq!((&healed["adopted_files"], &healed["links_made"]), (&6.into(), &8.into()));
    assert_eq!(scene.exported(), before);
    let again = scene.export(&["--layout", "by-album", "--json"]).expect(0).summary();
    assert_eq!((&again["exported_files"], &again["links_made"]), (&0.into(), &0.into()));
}

#[test]
fn every_way_to_link_says_the_same() {
    for (links, stored) in [("hard", 6), ("symlink", 6), ("copy", 14), ("none", 6)] {
        let scene = Scene::with(&library());
        let options = ["--layout", "by-album", "--links", links, "--json"];
        let summary = scene.export(&options).expect(0).summary();
        assert_eq!(summary["links_made"], if links == "none" { 0 } else { 8 }, "{links}");
        assert_eq!(stored_files(&scene.dest), stored, "{links}");
        let lists: BTreeMap<String, Vec<String>> = scene
            .names()
            .into_iter()
            .filter(|name| name.ends_with(".m3u8"))
            .map(|name| (name.clone(), contents(&scene, &name)))
            .collect();
        let members: usize = lists.values().map(Vec::len).sum();
        assert_eq!((lists.len(), members), (4, 7), "{links}: complete in any case");
        let before = scene.exported();
        for lost in [false, true] {
            if lost {
                std::fs::remove_dir_all(scene.dest.join(".iexport")).unwrap();
            }
            scene.export(&options).expect(0);
            assert_eq!(scene.exported(), before, "{links}, lost {lost}");
        }
    }
}

/// How many files of the phone take space: hard links count once, symbolic ones not at all.
fn stored_files(folder: &Path) -> usize {
    fn walk(folder: &Path, ids: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let (path, meta) = (entry.path(), entry.metadata().unwrap());
            let name = entry.file_name().into_string().unwrap();
            if meta.is_dir() && name != ".iexport" {
                walk(&path, ids);
            } else if meta.is_file() && !name.ends_with(".m3u8") && !name.ends_with(".json") {
                ids.insert(id(&path, &meta));
            }
        }
    }
    let mut ids = BTreeSet::new();
    walk(folder, &mut ids);
    ids.len()
}

#[cfg(unix)]
fn id(_path: &Path, meta: &std::fs::Metadata) -> String {
    use std::os::unix::fs::MetadataExt;
    meta.ino().to_string()
}

#[cfg(not(unix))]
fn id(path: &Path, _meta: &std::fs::Metadata) -> String {
    path.display().to_string()
}

#[test]
fn an_album_that_is_asked_for_gets_its_folder_and_no_other_does() {
    let scene = Scene::with(&library());
    let dest = scene.dest.to_str().unwrap();
    scene.run(&["photos", "--album", "cats", "--layout", "by-album", "--to", dest]).expect(0);
    let names = scene.names();
    assert!(names.iter().all(|name| name.to_lowercase().starts_with("cats")), "{names:?}");
}

#[test]
fn an_export_by_date_becomes_one_by_album_without_a_second_copy() {
    let scene = Scene::with(&library());
    scene.export(&[]).expect(0);
    let by_date = scene.exported();
    let summary = scene.export(&["--layout", "by-album", "--json"]).expect(0).summary();
    assert_eq!((&summary["exported_files"], &summary["links_made"]), (&0.into(), &13.into()));
    assert_eq!(stored_files(&scene.dest), 6);
    let names = scene.names();
    assert!(by_date.keys().all(|name| names.contains(name)), "{names:?}");
    assert!(names.contains(&format!("{ITALY}/IMG_0003.JPG")));
}

#[test]
fn lists_of_strangers_and_changed_ones_are_left_alone() {
    let scene = Scene::with(&library());
    std::fs::create_dir_all(scene.dest.join("Untitled album")).unwrap();
    std::fs::write(scene.dest.join("Untitled album/Untitled album.m3u8"), "mine").unwrap();
    let options = ["--layout", "by-album"];
    scene.export(&options).expect(0);
    let read = |name: &str| std::fs::read_to_string(scene.dest.join("Untitled album").join(name)).unwrap();
    assert_eq!(read("Untitled album.m3u8"), "mine");
    let lists = || {
        let names = scene.names().into_iter();
        names
            .filter(|name| name.starts_with("Untitled album/") && name.ends_with(".m3u8"))
            .collect::<Vec<_>>()
    };
    assert_eq!(lists().len(), 2);
    let ours = lists().into_iter().find(|name| !name.ends_with("album.m3u8")).unwrap();
    std::fs::write(scene.dest.join(&ours), "worked on by hand").unwrap();
    scene.export(&options).expect(0);
    assert_eq!(std::fs::read_to_string(scene.dest.join(&ours)).unwrap(), "worked on by hand");
    assert_eq!(lists().len(), 3);
    scene.export(&options).expect(0);
    assert_eq!(lists().len(), 3);
}

/// That a hidden photo is in an album may be known, but not which, and not when it was taken: wherever its file is.
#[test]
fn lists_do_not_name_hidden_photos_that_are_left_out() {
    let mut library = Library::new(IosVersion::Ios18);
    let photo = |n: i64| AssetSpec::at(format!("DCIM/100APPLE/IMG_000{n}.JPG")).captured(moment(n));
    let members =
        [photo(1), photo(2).hidden(), photo(3).hidden().icloud_only()].map(|spec| library.asset(spec));
    library.album(AlbumSpec::titled("Cats").members(members));
    let scene = Scene::with(&library);
    scene.export(&["--layout", "by-album", "--hidden", "exclude"]).expect(0);
    for list in ["Cats/Cats.m3u8", "Cats/Cats.json"] {
        let text = std::fs::read_to_string(scene.dest.join(list)).unwrap();
        assert!(text.contains("IMG_0001") && !text.contains("IMG_0002"), "{text}");
        assert!(!text.contains("IMG_0003"), "{text}");
    }
    let list = list(&scene, "Cats/Cats.json");
    let members = list["members"].as_array().unwrap();
    assert_eq!(members.len(), 3);
    for left_out in members.iter().filter(|member| member["missing"].is_string()) {
        assert_eq!((&left_out["name"], &left_out["taken"]), (&().into(), &().into()), "{left_out}");
    }
    assert_eq!(members.iter().filter(|member| member["missing"].is_string()).count(), 2);
}

#[test]
fn a_list_changes_with_its_album() {
    let uuid = |n: u32| format!("3F2A1B4C-0000-4000-8000-00000000000{n}");
    let with = |members: &[usize]| {
        let mut library = Library::new(IosVersion::Ios18);
        let photos: Vec<_> = (0..3)
            .map(|n| {
                let spec = AssetSpec::at(format!("DCIM/100APPLE/IMG_000{n}.JPG")).captured(moment(n));
                library.asset(spec.uuid(uuid(n as u32)).bytes(format!("photo {n}")))
            })
            .collect();
        let album = AlbumSpec::titled("Cats").order(AlbumOrder::Manual);
        let album = AlbumSpec { uuid: Some(uuid(9)), ..album };
        library.album(album.members(members.iter().map(|n| photos[*n])));
        library
    };
    let scene = Scene::with(&with(&[2, 0]));
    let dest = scene.dest.to_str().unwrap();
    let options = ["photos", "--all", "--layout", "by-album", "--to", dest];
    scene.run(&options).expect(0);
    let paths = || {
        let text = std::fs::read_to_string(scene.dest.join("Cats/Cats.m3u8")).unwrap();
        text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(paths(), ["IMG_0002.JPG", "IMG_0000.JPG"]);
    Scene::with(&with(&[0, 1, 2])).run(&options).expect(0);
    assert_eq!(paths(), ["IMG_0000.JPG", "IMG_0001.JPG", "IMG_0002.JPG"]);
    assert_eq!(scene.names().iter().filter(|name| name.ends_with(".m3u8")).count(), 1);
    // What cannot be read is not gone from the album.
    let unreadable = Scene::with(&with(&[0, 1, 2]));
    let media = &unreadable.made.as_ref().unwrap().media;
    let database = rusqlite::Connection::open(media.join("PhotoData/Photos.sqlite")).unwrap();
    let joins: Vec<String> = database
        .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB 'Z_[0-9]*ASSETS'")
        .and_then(|mut select| select.query_map([], |row| row.get(0))?.collect())
        .unwrap();
    for join in joins {
        database.execute_batch(&format!("DROP TABLE {join}")).unwrap();
    }
    drop(database);
    let run = unreadable.run(&options);
    run.expect(0).says("lists of them that are on the drive stay as they are");
    assert_eq!(paths(), ["IMG_0000.JPG", "IMG_0001.JPG", "IMG_0002.JPG"]);
}

/// A library of one photo in two albums, with an edit of this content that was made so many minutes after the first.
fn edited(bytes: &str, minutes: i64) -> Library {
    let at = "2024-08-01T10:00:00Z".parse::<jiff::Timestamp>().unwrap();
    let edit = EditSpec {
        render: Some(("jpg".to_owned(), FileSpec::bytes(bytes))),
        at: Some(at + jiff::SignedDuration::from_mins(minutes)),
        ..EditSpec::rendered("jpg")
    };
    let mut library = Library::new(IosVersion::Ios18);
    let photo = AssetSpec::at("DCIM/100APPLE/IMG_0001.HEIC").captured(moment(0)).bytes("the original");
    let photo = library.asset(photo.uuid("3F2A1B4C-0000-4000-8000-000000000001").edited(edit));
    library.album(AlbumSpec::titled("One").members([photo]));
    library.album(AlbumSpec::titled("Two").members([photo]));
    library
}

#[test]
fn an_edit_made_anew_is_linked_anew() {
    for links in ["hard", "symlink", "copy"] {
        let scene = Scene::with(&edited("first edit", 0));
        let dest = scene.dest.to_str().unwrap();
        let options = ["photos", "--all", "--layout", "by-album", "--links", links, "--to", dest];
        scene.run(&options).expect(0);
        Scene::with(&edited("second edit", 1)).run(&options).expect(0);
        for album in ["One", "Two"] {
            let path = scene.dest.join(album).join("IMG_0001_edited.jpg");
            assert_eq!(std::fs::read_to_string(path).unwrap(), "second edit", "{links}, {album}");
        }
        assert_eq!(scene.names().len(), 8, "{:?}", scene.names());
    }
}

#[test]
fn a_link_that_somebody_changed_stays_even_if_its_size_is_the_same() {
    for links in ["hard", "copy"] {
        let scene = Scene::with(&edited("first edit", 0));
        let dest = scene.dest.to_str().unwrap();
        let options = ["photos", "--all", "--layout", "by-album", "--links", links, "--to", dest];
        scene.run(&options).expect(0);
        // As programs save: what is written anew is no hard link any more.
        let link = scene.dest.join("Two/IMG_0001_edited.jpg");
        std::fs::remove_file(&link).unwrap();
        std::fs::write(&link, "FIRST EDIT").unwrap();

        let phone = Scene::with(&edited("second edit", 1));
        phone.run(&options).expect(0);
        let read = |path: &Path| std::fs::read_to_string(path).unwrap();
        assert_eq!(read(&link), "FIRST EDIT", "{links}");
        assert_eq!(read(&scene.dest.join("One/IMG_0001_edited.jpg")), "second edit", "{links}");
        let two: Vec<String> = scene.names().into_iter().filter(|name| name.starts_with("Two/")).collect();
        assert!(two.iter().any(|name| read(&scene.dest.join(name)) == "second edit"), "{links}: {two:?}");
        // And that is how it stays.
        phone.run(&options).expect(0);
        assert_eq!(scene.names().into_iter().filter(|name| name.starts_with("Two/")).count(), two.len());
    }
}

#[test]
fn native_names_stay_as_they_are() {
    let mut library = Library::new(IosVersion::Ios18);
    for (n, name) in ["a:b?.JPG", "CON.JPG", ".x.JPG", "a/b.JPG"].iter().enumerate() {
        let spec = AssetSpec::at(format!("DCIM/100APPLE/IMG_000{n}.JPG")).captured(moment(n as i64));
        library.asset(spec.named(*name));
    }
    let names = |options: &[&str]| {
        let scene = Scene::with(&library);
        scene.export(options).expect(0);
        let before = scene.names();
        scene.export(options).expect(0);
        assert_eq!(scene.names(), before);
        before
    };
    let portable = ["_CON.JPG", "a\u{ff0f}b.JPG", "a\u{ff1a}b\u{ff1f}.JPG", "\u{ff0e}x.JPG"];
    assert_eq!(names(&["--layout", "flat"]), portable);
    if cfg!(unix) {
        let native = [".x.JPG", "CON.JPG", "a:b?.JPG", "a\u{ff0f}b.JPG"];
        assert_eq!(names(&["--layout", "flat", "--names", "native"]), native);
    }
}

#[test]
fn what_failed_is_told_once_and_linked_when_it_is_there() {
    use virtual_iphone::{Fault, Faults, Status};
    let scene = Scene::with(&library());
    let fails = Fault::ReadFails { after: 0, status: Status::PermissionDenied };
    scene.phone().set_faults(Faults::default().with("DCIM/100APPLE/IMG_0001.MOV", fails));
    let options = ["--layout", "by-album", "--json"];
    let summary = scene.export(&options).expect(3).summary();
    let failed = summary["failed"].as_array().unwrap();
    assert_eq!(failed.len(), 1, "{failed:?}");
    assert_eq!((&failed[0]["role"], &summary["links_made"]), (&"live_video".into(), &6.into()));
    scene.phone().set_faults(Faults::default());
    let summary = scene.export(&options).expect(0).summary();
    assert_eq!((&summary["exported_files"], &summary["links_made"]), (&1.into(), &2.into()));
    let movie = hash(&scene.dest.join(ITALY).join("IMG_0001.MOV"));
    assert_eq!(scene.exported()["Untitled album/IMG_0001.MOV"], movie);
}

#[test]
fn a_drive_without_the_links_that_are_wanted_is_told_of_and_has_the_lists() {
    // No file system shares space that tests usually run on; where one does, there is nothing to tell.
    let scene = Scene::with(&library());
    let run = scene.export(&["--layout", "by-album", "--links", "reflink"]);
    run.expect(0);
    let lists = scene.names().iter().filter(|name| name.ends_with(".m3u8")).count();
    assert_eq!(lists, 4);
    if stored_files(&scene.dest) == 6 {
        run.says("cannot hold links").says("lists");
    }
}

#[test]
fn by_template() {
    let mut library = four();
    let mut titled =
        AssetSpec::at("DCIM/100APPLE/IMG_0009.JPG").captured(moment(9)).live(FileSpec::default());
    titled.title = Some("a/b: c".to_owned());
    let titled = library.asset(titled.edited(EditSpec::rendered("JPG")));
    library.album(AlbumSpec::titled("Italy").in_folder(["Travel"]).members([titled]));
    let scene = Scene::with(&library);
    let template = "{{ taken|date('%Y-%m-%d') }}/{{ album|default('No album') }}/{{ title|default(stem) }}";
    scene.export(&["--template", template]).expect(0);
    let before = scene.names();
    assert_eq!(
        before,
        [
            "2024-07-01/No album/IMG_0001.HEIC",
            "2024-07-01/No album/IMG_0002.JPG",
            "2024-07-01/No album/IMG_0003.PNG",
            "2024-07-01/No album/IMG_0004.MOV",
            "2024-07-01/Travel\u{ff0f}Italy/a\u{ff0f}b\u{ff1a} c.JPG",
            "2024-07-01/Travel\u{ff0f}Italy/a\u{ff0f}b\u{ff1a} c.MOV",
            "2024-07-01/Travel\u{ff0f}Italy/a\u{ff0f}b\u{ff1a} c_edited.JPG",
        ]
    );
    std::fs::remove_dir_all(scene.dest.join(".iexport")).unwrap();
    scene.export(&["--template", template]).expect(0);
    assert_eq!(scene.names(), before);

    let scene = Scene::with(&library);
    scene.export(&["--template", "{{ kind }}/"]).expect(0);
    assert_eq!(scene.names()[0], "photo/IMG_0001.HEIC", "a slash at the end keeps the names");
    assert!(scene.names().contains(&"video/IMG_0004.MOV".to_owned()));
}

#[test]
fn a_wrong_template_is_refused_before_the_phone_is_asked() {
    let scene = Scene::without_phone();
    let run = scene.export(&["--template", "{{ tilte }}/{{ stem }}"]);
    run.expect(2).says("tilte").says("^^^^^").says("title");
    scene.export(&["--template", "{{ stem }}", "--layout", "flat"]).expect(2);
    assert!(scene.names().is_empty());
}

#[test]
fn a_whole_library_by_album() {
    let scene = Scene::with(&Recipe::new(IosVersion::Ios26, 300).library());
    let options = ["--layout", "by-album", "--json"];
    let summary = scene.export(&options).expect(0).summary();
    let before = scene.exported();
    let lists: BTreeMap<String, (String, serde_json::Value)> = before
        .keys()
        .filter(|name| name.ends_with(".json"))
        .map(|name| (name.clone(), list(&scene, name)))
        .map(|(name, json)| (json["uuid"].as_str().unwrap().to_owned(), (name, json)))
        .collect();
    assert_eq!(summary["album_lists"], lists.len());

    // Each album that holds anything of the person's own is complete and in order.
    let made = scene.made.as_ref().unwrap();
    let is_own = |uuid: &String| !made.truth.assets[uuid].trashed && !made.truth.assets[uuid].shared;
    let mut checked = 0;
    for album in made.truth.albums.iter().filter(|album| album.members.iter().any(is_own)) {
        let (name, json) = &lists[&album.uuid];
        assert_eq!(
            (json["title"].as_str().unwrap(), json["shared"].as_bool().unwrap()),
            (album.title.as_str(), album.shared)
        );
        let members = json["members"].as_array().unwrap();
        let uuids: Vec<&str> = members.iter().map(|member| member["uuid"].as_str().unwrap()).collect();
        assert_eq!(uuids, album.members, "{name}");
        let folder = scene.dest.join(name).parent().unwrap().to_owned();
        for (uuid, member) in album.members.iter().zip(members) {
            let asset = &made.truth.assets[uuid];
            if !is_own(uuid) || asset.files.is_empty() {
                assert!(member["missing"].is_string(), "{member}");
                continue;
            }
            let on_phone: BTreeSet<String> =
                asset.files.values().map(|file| hash(&made.media.join(&file.device_path))).collect();
            let files = member["files"].as_array().unwrap().iter();
            let listed: BTreeSet<String> = files
                .map(|file| file["path"].as_str().unwrap())
                .inspect(|path| assert!(!path.contains('/'), "{path} is in the folder itself"))
                .map(|path| hash(&folder.join(path)))
                .collect();
            assert_eq!(listed, on_phone, "{name}: {member}");
            checked += 1;
        }
    }
    assert!(checked > 20, "{checked}");

    let again = scene.export(&options).expect(0).summary();
    assert_eq!((&again["exported_files"], &again["links_made"]), (&0.into(), &0.into()));
    assert_eq!(scene.exported(), before);
}

#[test]
fn ten_thousand_hostile_names() {
    crate::hostile_names::export(&Scene::with(&crate::hostile_names::library()));
}

#[test]
fn a_list_shows_beforehand_where_everything_goes() {
    for (library, options) in [
        (library(), &["--layout", "by-album", "--links", "none"][..]),
        (library(), &["--layout", "as-on-phone", "--aae"]),
        (library(), &["--template", "{{ kind }}/{{ taken|date('%Y') }}/", "--versions", "edited"]),
        (library(), &["--layout", "flat", "--names", "native", "--cloud-only", "preview"]),
        (four(), &["--convert", "jpeg"]),
    ] {
        let scene = Scene::with(&library);
        let listed = scene.run(&[&["list", "photos", "--json"], options].concat()).expect(0).json();
        let files = listed.iter().flat_map(|item| item["resources"].as_array().unwrap());
        let mut files: Vec<_> = files.filter_map(|file| file["to"].as_str().map(str::to_owned)).collect();
        files.sort();
        scene.export(options).expect(0);
        let is_list = |name: &String| name.ends_with(".m3u8") || name.ends_with(".json");
        let mut exported: Vec<_> = scene.names().into_iter().filter(|name| !is_list(name)).collect();
        exported.sort();
        assert_eq!(files, exported, "{options:?}");
        assert!(files.len() >= 4, "{files:?}");
    }
}
