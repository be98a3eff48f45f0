//! Sidecars: what is in them, when they are written, when they are left alone.

use std::collections::BTreeMap;
use std::time::SystemTime;

use phone_libraries::{AlbumSpec, AssetSpec, EditSpec, FileSpec, IosVersion, Library, Recipe};

use crate::scene::{Run, Scene, moment};

/// Three photos, of which the second can be changed the way a person does it on the phone.
fn three(change: impl FnOnce(&mut AssetSpec)) -> Library {
    let mut library = Library::new(IosVersion::Ios18);
    let spec = |n: i64| {
        AssetSpec::at(format!("DCIM/100APPLE/IMG_000{n}.JPG"))
            .captured(moment(n))
            .uuid(format!("3F2A1B4C-0000-4000-8000-00000000000{n}"))
            .bytes(format!("photo {n}"))
    };
    let mut second = spec(2);
    change(&mut second);
    library.asset(spec(1));
    let second = library.asset(second);
    library.asset(spec(3));
    library.album(AlbumSpec::titled("Italy").in_folder(["Travel"]).members([second]));
    library
}

/// Exports from another state of the same phone to the same drive.
fn export_to(scene: &Scene, library: &Library, more: &[&str]) -> Run {
    let dest = scene.dest.to_str().unwrap().to_owned();
    let args: Vec<&str> =
        ["photos", "--all", "--to", &dest].into_iter().chain(more.iter().copied()).collect();
    Scene::with(library).run(&args)
}

/// When each photo was last written.
fn written(scene: &Scene) -> BTreeMap<String, SystemTime> {
    let names = scene.names().into_iter().filter(|name| name.ends_with(".JPG"));
    names.map(|name| (name.clone(), scene.dest.join(name).metadata().unwrap().modified().unwrap())).collect()
}

fn read(scene: &Scene, name: &str) -> String {
    std::fs::read_to_string(scene.dest.join("2024/2024-07").join(name)).unwrap()
}

#[test]
fn what_changed_on_the_phone_is_rewritten_and_no_photo_is_copied_again() {
    const BOTH: [&str; 5] = ["--sidecar", "xmp", "--sidecar", "json", "--json"];
    let scene = Scene::with(&three(|_| {}));
    let first = scene.export(&BOTH).expect(0).summary();
    assert_eq!((&first["exported_files"], &first["sidecars_written"]), (&3.into(), &6.into()));
    let photos = written(&scene);

    let again = scene.export(&BOTH).expect(0).summary();
    assert_eq!((&again["sidecars_unchanged"], &again["sidecars_rewritten"]), (&6.into(), &0.into()));

    let changed = three(|photo| {
        photo.title = Some("Sunrise".into());
        photo.keywords = vec!["holiday".into()];
        photo.favorite = true;
    });
    let run = export_to(&scene, &changed, &BOTH);
    let summary = run.expect(0).summary();
    assert_eq!((&summary["exported_files"], &summary["already_files"]), (&0.into(), &3.into()));
    assert_eq!((&summary["sidecars_rewritten"], &summary["sidecars_unchanged"]), (&2.into(), &4.into()));
    let told: Vec<_> = run.json().into_iter().filter(|line| line["type"] == "sidecar").collect();
    assert_eq!(told.len(), 2);
    assert_eq!(told[0]["to"], "2024/2024-07/IMG_0002.JPG.xmp");
    assert_eq!(told[0]["how"], "rewritten");
    assert_eq!(written(&scene), photos);
    let xmp = read(&scene, "IMG_0002.JPG.xmp");
    for part in
        [">Sunrise<", ">holiday<", "<xmp:Rating>5<", "Albums|Travel|Italy", "2024-07-01T11:02:00+01:00"]
    {
        assert!(xmp.contains(part), "{part} is missing in\n{xmp}");
    }
    let json: serde_json::Value = serde_json::from_str(&read(&scene, "IMG_0002.JPG.json")).unwrap();
    assert_eq!((&json["title"], &json["favorite"]), (&"Sunrise".into(), &true.into()));
    assert_eq!(json["albums"][0]["folders"], serde_json::json!(["Travel"]));
    assert_eq!(json["files"][0]["exported_to"], "2024/2024-07/IMG_0002.JPG");

    // The same on a screen.
    let run = export_to(&scene, &three(|photo| photo.hidden = true), &BOTH[..4]);
    run.expect(0)
        .says("Nothing new to copy. Already there: 3 files.")
        .says("Sidecars              2 rewritten, 4 up to date")
        .says("Nothing was copied: everything that was asked for is on the drive already.");
}

#[test]
fn none_are_written_unless_asked_for_and_they_can_come_later() {
    let library = three(|_| {});
    let scene = Scene::with(&library);
    let run = scene.export(&[]);
    assert!(!run.expect(0).stderr.contains("idecar"), "{}", run.text());
    assert_eq!(scene.names().len(), 3);
    let later = scene.export(&["--sidecar", "xmp", "--json"]).expect(0).summary();
    assert_eq!((&later["exported_files"], &later["sidecars_written"]), (&0.into(), &3.into()));
    assert_eq!(
        scene.names(),
        ["1", "2", "3"]
            .iter()
            .flat_map(|n| ["", ".xmp"].map(|end| format!("2024/2024-07/IMG_000{n}.JPG{end}")))
            .collect::<Vec<_>>()
    );
    // Only of what is meant.
    let scene = Scene::with(&library);
    scene.export(&[]).expect(0);
    let dest = scene.dest.to_str().unwrap();
    scene.run(&["photos", "--album", "Travel/Italy", "--to", dest, "--sidecar", "json"]).expect(0);
    let names = scene.names();
    assert_eq!(names.iter().filter(|name| name.ends_with(".json")).count(), 1, "{names:?}");
    scene.run(&["photos", "--all", "--to", dest, "--sidecar", "xml"]).expect(2).says("json");
}

#[test]
fn what_another_program_wrote_is_left_alone() {
    let scene = Scene::with(&three(|_| {}));
    scene.export(&["--sidecar", "xmp"]).expect(0);
    let folder = scene.dest.join("2024/2024-07");
    std::fs::write(folder.join("IMG_0002.JPG.xmp"), "<x:xmpmeta>worked on</x:xmpmeta>").unwrap();
    let changed = three(|photo| photo.favorite = true);
    let run = export_to(&scene, &changed, &["--sidecar", "xmp"]);
    run.expect(0).says("Sidecars left alone   1 file").says("2024/2024-07/IMG_0002.JPG.xmp");
    assert_eq!(read(&scene, "IMG_0002.JPG.xmp"), "<x:xmpmeta>worked on</x:xmpmeta>");
    let summary = export_to(&scene, &changed, &["--sidecar", "xmp", "--json"]).expect(0).summary();
    assert_eq!(summary["sidecars_kept"], serde_json::json!(["2024/2024-07/IMG_0002.JPG.xmp"]));
    // The report has it too.
    let report = scene.dest.join(summary["report"].as_str().unwrap());
    let report: serde_json::Value = serde_json::from_slice(&std::fs::read(report).unwrap()).unwrap();
    assert_eq!(report["sidecars_kept"], summary["sidecars_kept"]);
}

#[test]
fn a_lost_ledger_heals_without_writing_them_again() {
    let scene = Scene::with(&Recipe::new(IosVersion::Ios18, 60).library());
    let more = ["--sidecar", "xmp", "--sidecar", "json", "--json"];
    let first = scene.export(&more).expect(0).summary();
    assert!(first["sidecars_written"].as_u64().unwrap() > 80);
    let before = scene.exported();
    std::fs::remove_dir_all(scene.dest.join(".iexport")).unwrap();
    let healed = scene.export(&more).expect(0).summary();
    assert_eq!((&healed["sidecars_written"], &healed["sidecars_rewritten"]), (&0.into(), &0.into()));
    assert_eq!(healed["sidecars_unchanged"], first["sidecars_written"]);
    assert_eq!(scene.exported(), before);
}

#[test]
fn beside_what_others_show_as_a_picture_and_nothing_else() {
    let mut library = Library::new(IosVersion::Ios18);
    library.asset(
        AssetSpec::at("DCIM/100APPLE/IMG_0001.HEIC")
            .captured(moment(0))
            .live(FileSpec::default())
            .edited(EditSpec { live: Some(FileSpec::default()), ..EditSpec::rendered("heic") }),
    );
    library.asset(
        AssetSpec::at("DCIM/100APPLE/IMG_0002.JPG").captured(moment(1)).raw("CR2", FileSpec::default()),
    );
    library.asset(AssetSpec::at("DCIM/100APPLE/IMG_0003.MOV").captured(moment(2)));
    let scene = Scene::with(&library);
    scene.export(&["--sidecar", "xmp", "--sidecar", "json", "--aae"]).expect(0);
    let names: Vec<String> = scene
        .names()
        .iter()
        .map(|name| name.replace("2024/2024-07/", "").to_lowercase())
        .filter(|name| name.ends_with(".xmp") || name.ends_with(".json"))
        .collect();
    assert_eq!(
        names,
        [
            "img_0001.heic.json",
            "img_0001.heic.xmp",
            "img_0001_edited.heic.xmp",
            "img_0002.jpg.json",
            "img_0002.jpg.xmp",
            // As Adobe's programs want it beside what cameras call RAW.
            "img_0002.xmp",
            "img_0003.mov.json",
            "img_0003.mov.xmp",
        ]
    );
}

#[test]
fn what_is_in_two_albums_has_them_beside_its_own_file_only() {
    let mut library = three(|_| {});
    let also = library.asset(AssetSpec::at("DCIM/100APPLE/IMG_0004.JPG").captured(moment(4)));
    library.album(AlbumSpec::titled("Beach").members([also]));
    library.album(AlbumSpec::titled("Cats").members([also]));
    let scene = Scene::with(&library);
    let more = ["--layout", "by-album", "--sidecar", "xmp"];
    scene.export(&more).expect(0).says("4 written");
    let names = scene.names();
    let of_it: Vec<&String> = names.iter().filter(|name| name.contains("IMG_0004")).collect();
    assert_eq!(of_it, ["Beach/IMG_0004.JPG", "Beach/IMG_0004.JPG.xmp", "Cats/IMG_0004.JPG"], "{names:?}");
    let xmp = std::fs::read_to_string(scene.dest.join(of_it[1])).unwrap();
    assert!(xmp.contains("Albums|Beach") && xmp.contains("Albums|Cats"), "{xmp}");
    scene.export(&more).expect(0).says("4 up to date");
}

#[test]
fn json_holds_what_the_library_holds() {
    for ios in [IosVersion::Ios13, IosVersion::Ios17, IosVersion::Ios26] {
        let scene = Scene::with(&Recipe::new(ios, 150).seed(5).library());
        scene.export(&["--sidecar", "json"]).expect(0);
        let mut sidecars = BTreeMap::new();
        for name in scene.names().iter().filter(|name| name.ends_with(".json")) {
            let text = std::fs::read_to_string(scene.dest.join(name)).unwrap();
            let sidecar: serde_json::Value = serde_json::from_str(&text).unwrap();
            sidecars.insert(sidecar["uuid"].as_str().unwrap().to_owned(), sidecar);
        }
        let truth = &scene.made.as_ref().unwrap().truth;
        let mut with_words = 0;
        // What has files on the phone and is meant has a sidecar.
        let meant = truth.assets.iter().filter(|(_, asset)| !asset.trashed && !asset.shared);
        for (uuid, asset) in meant.filter(|(_, asset)| !asset.files.is_empty()) {
            let sidecar = sidecars.get(uuid.as_str()).unwrap_or_else(|| panic!("iOS {ios}: none of {uuid}"));
            assert_eq!(sidecar["original_name"], asset.original_filename, "iOS {ios}");
            assert_eq!(sidecar["title"].as_str(), asset.title.as_deref(), "iOS {ios}");
            assert_eq!(sidecar["caption"].as_str(), asset.description.as_deref(), "iOS {ios}");
            assert_eq!(sidecar["keywords"], serde_json::json!(asset.keywords), "iOS {ios}");
            assert_eq!(sidecar["favorite"], asset.favorite, "iOS {ios}");
            assert_eq!((sidecar["latitude"].as_f64(), sidecar["longitude"].as_f64()), (asset.lat, asset.lon));
            assert_eq!(sidecar["albums"].as_array().unwrap().len(), asset.albums.len(), "iOS {ios}");
            let exported =
                sidecar["files"].as_array().unwrap().iter().filter(|f| !f["exported_to"].is_null());
            assert_eq!(exported.count(), asset.files.len(), "iOS {ios}");
            with_words += usize::from(asset.title.is_some() || !asset.keywords.is_empty());
        }
        assert!(with_words > 0, "iOS {ios}");
    }
}
