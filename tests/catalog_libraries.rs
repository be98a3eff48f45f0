//! The catalogue reader against photo libraries whose truth is known, field by field.
//!
//! Real ones lie beside the repository, in `../shared/libraries`; where they are not, their tests say so and pass.
//! Others are made on the spot for every version of iOS, and tell more.

#![allow(clippy::unwrap_used, reason = "a test that panics is a test that fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use iexport::catalog::{
    self, Camera, Catalog, Face, FaceRegion, Item, MediaKind, Origin, Presence, Resource, Role, Scope,
};
use iexport::source::FolderSource;
use jiff::Timestamp;
use phone_libraries::{IosVersion, MediaKind as RecipeMedia, Recipe};
use serde_json::Value;
use unicode_normalization::UnicodeNormalization as _;

/// The libraries that are there.
fn libraries() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/libraries");
    let entries = std::fs::read_dir(&root).into_iter().flatten().flatten();
    let mut found: Vec<_> = entries.map(|e| e.path()).filter(|p| p.join("truth.json").is_file()).collect();
    found.sort();
    if found.is_empty() {
        println!("left out: no libraries in {}", root.display());
    }
    found
}

fn truth(library: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(library.join("truth.json")).unwrap()).unwrap()
}

async fn read(media: &Path) -> Catalog {
    let scratch = tempfile::tempdir().unwrap();
    catalog::read(&FolderSource::new(media), scratch.path(), &|_| ()).await.unwrap()
}

fn nfc(text: &str) -> String {
    text.nfc().collect()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap()
}

/// The roles that the truth speaks of.
const TOLD: [Role; 5] = [Role::Original, Role::LiveVideo, Role::Raw, Role::Edited, Role::EditedLiveVideo];

/// Where a file is, if it is on the phone.
fn on_phone(resource: &Resource) -> Option<String> {
    match &resource.presence {
        Presence::OnPhone(path) => Some(path.to_text()),
        Presence::CloudOnly | Presence::Missing => None,
    }
}

/// Role and path of every file that is on the phone and that the truth speaks of.
fn files(item: &Item) -> BTreeMap<String, String> {
    let told = item.resources.iter().filter(|resource| TOLD.contains(&resource.role));
    told.filter_map(|resource| Some((resource.role.name().to_owned(), on_phone(resource)?))).collect()
}

/// Texts of a list, composed.
fn texts(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|word| nfc(word.as_str().unwrap())).collect()
}

fn sorted<'a>(words: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut words: Vec<String> = words.into_iter().map(nfc).collect();
    words.sort();
    words
}

fn check_asset(item: &Item, asset: &Value) {
    let what = &item.uuid.0;
    assert_eq!(nfc(&item.original_name), nfc(text(asset, "original_filename")), "{what}");
    let kind = if text(asset, "kind") == "photo" { "Photo" } else { "Video" };
    assert_eq!(format!("{:?}", item.kind), kind, "{what}");
    check_flags(item, asset);
    check_words(item, asset);
    check_times(item, asset);
    check_files(item, asset);

    let near = |ours: f64, key: &str| (ours - asset[key].as_f64().unwrap()).abs() < 1e-6;
    match item.location {
        Some((north, east)) => assert!(near(north, "lat") && near(east, "lon"), "{what}"),
        None => assert!(asset["lat"].is_null(), "{what}"),
    }
    let size = item.dimensions.map(|(width, height)| (u64::from(width), u64::from(height)));
    assert_eq!(size, asset["width"].as_u64().zip(asset["height"].as_u64()), "{what}");

    if let Some(told) = asset.get("orientation") {
        assert_eq!(item.orientation.map(u64::from), told.as_u64(), "{what}");
    }

    match (&item.burst, asset["burst_info"].as_object()) {
        (Some(frame), Some(info)) => {
            let told = ["selected", "key", "unpicked"].map(|key| info[key].as_bool().unwrap());
            assert_eq!([frame.picked, frame.key, !frame.shown], told, "{what}");
        }
        (ours, told) => assert!(ours.is_none() && told.is_none(), "{what}: {ours:?} {told:?}"),
    }
}

fn check_flags(item: &Item, asset: &Value) {
    let traits = item.traits;
    for (name, ours) in [
        ("hidden", item.hidden),
        ("trashed", item.trashed),
        ("favorite", item.favorite),
        ("adjusted", item.adjusted),
        // What a conversation shows is somebody else's too.
        ("shared", matches!(item.scope, Scope::SharedAlbum | Scope::SharedWithYou)),
        ("burst", item.burst.is_some()),
        ("live", traits.live),
        ("hdr", traits.hdr),
        ("panorama", traits.panorama),
        // To osxphotos everything with depth is a portrait.
        ("portrait", traits.portrait || traits.cinematic),
        ("screenshot", traits.screenshot),
        ("screen_recording", traits.screen_recording),
        ("selfie", traits.selfie),
        ("slow_mo", traits.slow_mo),
        ("time_lapse", traits.time_lapse),
        ("is_raw", traits.raw),
        ("has_raw", traits.has_raw),
    ] {
        assert_eq!(Some(ours), asset[name].as_bool(), "{}: {name}", item.uuid.0);
    }
    assert_ne!(item.scope, Scope::Elsewhere, "{}", item.uuid.0);
    // What only made libraries tell; osxphotos does not.
    for (name, ours) in [
        ("looping", traits.looping),
        ("bounce", traits.bounce),
        ("long_exposure", traits.long_exposure),
        ("cinematic", traits.cinematic),
        ("spatial", traits.spatial),
        ("animated", traits.animated),
        ("prores", traits.prores),
        ("shared_with_you", item.scope == Scope::SharedWithYou),
        ("shared_library", item.shared_library),
        ("synced", item.synced),
    ] {
        if let Some(told) = asset.get(name) {
            assert_eq!(Some(ours), told.as_bool(), "{}: {name}", item.uuid.0);
        }
    }
}

fn check_words(item: &Item, asset: &Value) {
    let what = &item.uuid.0;
    for (name, ours) in [("title", item.title.as_deref()), ("description", item.caption.as_deref())] {
        assert_eq!(ours.map(nfc), asset[name].as_str().map(nfc), "{what}: {name}");
    }
    assert_eq!(sorted(item.keywords.iter().map(|word| &**word)), texts(&asset["keywords"]), "{what}");
    assert!(item.keywords.is_sorted(), "{what}");
    assert_eq!(sorted(item.persons()), texts(&asset["persons"]), "{what}");
    let albums: BTreeSet<&str> =
        asset["albums"].as_array().unwrap().iter().map(|album| text(album, "uuid")).collect();
    assert_eq!(item.albums.len(), albums.len(), "{what}");
    // The rest only made libraries tell.
    if let Some(told) = asset.get("imported_by") {
        assert_eq!(item.imported_by.as_deref(), told.as_str(), "{what}");
    }
    if let Some(told) = asset.get("camera") {
        assert_eq!(item.camera.is_some(), !told.is_null(), "{what}");
        item.camera.iter().for_each(|camera| check_camera(camera, told));
    }
    if let Some(told) = asset.get("faces") {
        check_faces(&item.faces, told.as_array().unwrap());
    }
}

fn check_camera(camera: &Camera, told: &Value) {
    for (name, ours) in
        [("make", &camera.make), ("model", &camera.model), ("lens", &camera.lens), ("codec", &camera.codec)]
    {
        assert_eq!(ours.as_deref(), told[name].as_str(), "{name}");
    }
    for (name, ours) in [
        ("aperture", camera.aperture),
        ("exposure_seconds", camera.exposure_seconds),
        ("focal_length_mm", camera.focal_length_mm),
        ("focal_length_35mm", camera.focal_length_35mm),
        ("frames_per_second", camera.frames_per_second),
    ] {
        assert_eq!(ours, told[name].as_f64(), "{name}");
    }
    assert_eq!(camera.iso, told["iso"].as_i64());
}

fn check_faces(faces: &[Face], told: &[Value]) {
    let expected: Vec<Face> = told
        .iter()
        .map(|face| {
            let number = |at: usize| face["region"][at].as_f64().unwrap() as f32;
            let region = face["region"].as_array();
            let region = region.map(|_| FaceRegion { x: number(0), y: number(1), size: number(2) });
            Face { name: face["name"].as_str().map(Into::into), region }
        })
        .collect();
    let sorted = |faces: &[Face]| {
        let mut texts: Vec<String> = faces.iter().map(|face| format!("{face:?}")).collect();
        texts.sort();
        texts
    };
    assert_eq!(sorted(faces), sorted(&expected));
    assert!(faces.is_sorted_by_key(|face| (face.name.is_none(), face.name.clone())), "{faces:?}");
}

fn check_times(item: &Item, asset: &Value) {
    let what = &item.uuid.0;
    assert_eq!(Some(item.taken.is_some()), asset["date_valid"].as_bool(), "{what}: {:?}", item.taken);
    if let Some(taken) = item.taken {
        assert_near(taken.instant, asset["date_epoch"].as_f64().unwrap(), what);
        let offset = taken.offset.map(|offset| i64::from(offset.seconds()));
        assert_eq!(offset, asset["tz_offset"].as_i64(), "{what}");
    }
    for (name, ours) in
        [("date_added", item.added), ("date_trashed", item.trashed_at), ("date_modified", item.edited)]
    {
        let told: Option<Timestamp> = asset[name].as_str().map(|text| text.parse().unwrap());
        assert_eq!(ours.is_some(), told.is_some(), "{what}: {name}");
        if let Some((ours, told)) = ours.zip(told) {
            assert_near(ours, told.as_nanosecond() as f64 / 1e9, what);
        }
    }
}

fn assert_near(ours: Timestamp, seconds: f64, what: &str) {
    let ours = ours.as_nanosecond() as f64 / 1e9;
    assert!((ours - seconds).abs() < 1e-3, "{what}: {ours} {seconds}");
}

fn check_files(item: &Item, asset: &Value) {
    let what = &item.uuid.0;
    let flag = |key: &str| asset[key].as_bool().unwrap_or(false);
    let path = |file: &Value| text(file, "device_path").to_owned();
    let told = asset["files"].as_object().unwrap();
    let expected: BTreeMap<String, String> =
        told.iter().map(|(role, file)| (role.clone(), path(file))).collect();
    assert_eq!(files(item), expected, "{what}");
    // What the database has and the phone has not is in iCloud, unless the database is wrong about it.
    assert_eq!(item.is_cloud_only(), flag("icloud_only") && !flag("database_says_here"), "{what}");
    let nowhere: Vec<_> = item.resources.iter().filter(|r| r.presence == Presence::Missing).collect();
    assert_eq!(nowhere.len(), usize::from(flag("database_says_here")), "{what}: {nowhere:?}");

    // The best of the small pictures: for a video a film, then what is larger than a thumbnail.
    let rank = |derivative: &&Value| {
        let is_film = path(derivative).to_ascii_uppercase().ends_with(".MP4");
        match text(derivative, "what") {
            "preview" => Some((item.kind == MediaKind::Video && !is_film, path(derivative))),
            _ => None,
        }
    };
    let derivatives = asset["derivatives"].as_array().unwrap();
    let larger = derivatives.iter().filter_map(|derivative| rank(&derivative)).min().map(|(_, path)| path);
    let thumbnail = derivatives.iter().find(|d| text(d, "what") == "thumbnail").map(path);
    let best = larger.or(thumbnail).filter(|_| flag("icloud_only"));
    assert_eq!(item.resource(Role::Preview).and_then(on_phone), best, "{what}");

    if let Some(recipes) = asset.get("recipes") {
        for (role, name) in
            [(Role::CameraAdjustments, "camera_adjustments"), (Role::Adjustments, "adjustments")]
        {
            let told = Some(&recipes[name]).filter(|file| !file.is_null()).map(path);
            assert_eq!(item.resource(role).and_then(on_phone), told, "{what}: {name}");
        }
    }

    for resource in &item.resources {
        let edited = resource.role.is_edited();
        assert_eq!(resource.revision.is_empty(), !edited, "{what}: {resource:?}");
    }
    let roles: Vec<_> = item.resources.iter().map(|r| r.role).collect();
    assert!(roles.is_sorted() && roles.first() == Some(&Role::Original), "{what}: {roles:?}");
    assert_eq!(roles.iter().collect::<BTreeSet<_>>().len(), roles.len(), "{what}: {roles:?}");
}

fn check_albums(catalog: &Catalog, truth: &Value) {
    type AlbumFacts = (Vec<String>, bool, Vec<String>);
    let expected: BTreeMap<String, AlbumFacts> = truth["albums"]
        .as_array()
        .unwrap()
        .iter()
        .map(|album| {
            let facts = (texts(&album["path"]), album["shared"] == true, texts(&album["members"]));
            (text(album, "uuid").to_owned(), facts)
        })
        .collect();
    let found: BTreeMap<String, AlbumFacts> = catalog
        .albums
        .iter()
        .map(|album| {
            let path = album.folders().chain([album.title.as_str()]).map(nfc).collect();
            let members = album.members.iter().map(|at| catalog.items[*at].uuid.0.clone()).collect();
            (album.id.0.clone(), (path, album.shared, members))
        })
        .collect();
    assert_eq!(found, expected);
    for (at, item) in catalog.items.iter().enumerate() {
        let by_albums = (0..catalog.albums.len()).filter(|a| catalog.albums[*a].members.contains(&at));
        assert_eq!(item.albums, by_albums.collect::<Vec<_>>(), "{}", item.uuid.0);
    }
}

/// Holds everything that a library's truth tells against what is read.
async fn check(library: &Path) -> (Catalog, Value) {
    println!("{}", library.display());
    let truth = truth(library);
    let catalog = read(&library.join("media")).await;
    let model_version = truth["database"]["model_version"].as_i64().unwrap();
    assert_eq!(catalog.origin, Origin::Database { model_version });
    assert_eq!(catalog.warnings, Vec::<String>::new());

    let assets = truth["assets"].as_object().unwrap();
    let (orphans, items): (Vec<&Item>, Vec<&Item>) =
        catalog.items.iter().partition(|item| item.scope == Scope::Uncatalogued);
    let found: BTreeMap<&str, &Item> = items.iter().map(|i| (i.uuid.0.as_str(), *i)).collect();
    assert_eq!(found.len(), items.len());
    assert!(found.keys().copied().eq(assets.keys().map(String::as_str).collect::<BTreeSet<_>>()));
    for (uuid, asset) in assets {
        check_asset(found[uuid.as_str()], asset);
    }
    check_albums(&catalog, &truth);

    let mut orphans: Vec<_> =
        orphans.iter().map(|item| item.uuid.0.strip_prefix("path:").unwrap().to_owned()).collect();
    orphans.sort_unstable();
    let expected: Vec<_> =
        truth["orphans"].as_array().unwrap().iter().map(|o| text(o, "device_path").to_owned()).collect();
    assert_eq!(orphans, expected);

    let order: Vec<_> = catalog
        .items
        .iter()
        .map(|item| (item.taken.is_none(), item.taken.map(|t| t.instant), item.uuid.clone()))
        .collect();
    assert!(order.is_sorted());
    (catalog, truth)
}

#[tokio::test]
async fn every_asset_album_and_orphan_is_as_the_truth_has_it() {
    for library in libraries() {
        check(&library).await;
    }
}

/// Every kind of asset there is.
const ASSETS: u32 = 110;

#[tokio::test]
async fn every_version_is_read_as_it_was_made() {
    for ios in IosVersion::ALL {
        let folder = tempfile::tempdir().unwrap();
        let recipe = Recipe::new(ios, ASSETS).seed(5).media(RecipeMedia::Repeated);
        phone_libraries::make(&recipe, folder.path()).unwrap();
        let (catalog, _) = check(folder.path()).await;
        let count = |wanted: fn(&Item) -> bool| catalog.items.iter().filter(|item| wanted(item)).count();
        for (what, number) in [
            ("live photos", count(|item| item.traits.live)),
            ("loops", count(|item| item.traits.looping)),
            ("bounces", count(|item| item.traits.bounce)),
            ("long exposures", count(|item| item.traits.long_exposure)),
            ("panoramas", count(|item| item.traits.panorama)),
            ("portraits", count(|item| item.traits.portrait)),
            ("HDRs", count(|item| item.traits.hdr)),
            ("screenshots", count(|item| item.traits.screenshot)),
            ("screen recordings", count(|item| item.traits.screen_recording)),
            ("selfies", count(|item| item.traits.selfie)),
            ("slow motion", count(|item| item.traits.slow_mo)),
            ("time lapses", count(|item| item.traits.time_lapse)),
            ("GIFs", count(|item| item.traits.animated)),
            ("RAWs", count(|item| item.traits.raw)),
            ("RAW pairs", count(|item| item.traits.has_raw)),
            ("ProRes", count(|item| item.traits.prores)),
            ("synced", count(|item| item.synced)),
            ("shared", count(|item| item.scope == Scope::SharedAlbum)),
            ("previews", count(|item| item.resource(Role::Preview).is_some())),
            ("faces without a name", count(|item| item.faces.iter().any(|face| face.name.is_none()))),
            ("apps", count(|item| item.imported_by.is_some())),
            ("lenses", count(|item| item.camera.as_ref().is_some_and(|camera| camera.lens.is_some()))),
            ("Cinematic", count(|item| item.traits.cinematic)),
            ("spatial", count(|item| item.traits.spatial)),
            ("Shared with You", count(|item| item.scope == Scope::SharedWithYou)),
            ("the shared library", count(|item| item.shared_library)),
        ] {
            let since = match what {
                "Cinematic" => IosVersion::Ios14,
                "Shared with You" => IosVersion::Ios15,
                "spatial" | "the shared library" => IosVersion::Ios16,
                _ => IosVersion::Ios13,
            };
            assert_eq!(number > 0, ios >= since, "iOS {ios}: {what}");
        }
    }
}

/// The three files of a database: main, log, index of the log.
const DATABASE: [&str; 3] = ["Photos.sqlite", "Photos.sqlite-wal", "Photos.sqlite-shm"];

#[tokio::test]
async fn reading_changes_nothing_and_never_looks_at_the_shared_memory() {
    for library in libraries() {
        // A copy that could be written to: what cannot be changed proves nothing.
        let copy = tempfile::tempdir().unwrap();
        let from = library.join("media/PhotoData");
        let to = copy.path().join("PhotoData");
        std::fs::create_dir(&to).unwrap();
        for name in DATABASE {
            std::fs::write(to.join(name), std::fs::read(from.join(name)).unwrap()).unwrap();
        }
        // Garbage: whoever trusts it fails.
        std::fs::write(to.join(DATABASE[2]), vec![0xa5; 32768]).unwrap();
        let before = DATABASE.map(|name| std::fs::read(to.join(name)).unwrap());
        let catalog = read(copy.path()).await;
        assert!(!catalog.items.is_empty());
        assert_eq!(DATABASE.map(|name| std::fs::read(to.join(name)).unwrap()), before);
        assert_eq!(std::fs::read_dir(&to).unwrap().count(), 3, "nothing was left there");
    }
}

#[tokio::test]
async fn without_the_log_the_rows_are_wrong() {
    for library in libraries() {
        let copy = tempfile::tempdir().unwrap();
        let photo_data = copy.path().join("PhotoData");
        std::fs::create_dir(&photo_data).unwrap();
        let main = std::fs::read(library.join("media/PhotoData/Photos.sqlite")).unwrap();
        std::fs::write(photo_data.join("Photos.sqlite"), main).unwrap();
        let paths = |catalog: &Catalog| -> BTreeMap<String, Option<String>> {
            let path = |item: &Item| match &item.resources[0].presence {
                Presence::OnPhone(path) => Some(path.to_text()),
                _ => None,
            };
            catalog.catalogued().map(|item| (item.uuid.0.clone(), path(item))).collect()
        };
        // The camera folders are the library's; only the log is missing.
        for folder in ["DCIM", "PhotoData/CPLAssets", "PhotoData/PhotoCloudSharingData"] {
            copy_names(&library.join("media").join(folder), &copy.path().join(folder));
        }
        let without = paths(&read(copy.path()).await);
        let log = std::fs::read(library.join("media/PhotoData/Photos.sqlite-wal")).unwrap();
        std::fs::write(photo_data.join("Photos.sqlite-wal"), log).unwrap();
        let with = paths(&read(copy.path()).await);
        assert_ne!(with, without, "{}", library.display());
        let found = |paths: &BTreeMap<String, Option<String>>| paths.values().flatten().count();
        assert!(found(&with) > found(&without), "{}", library.display());
    }
}

/// Copies folders and the names of files, without content.
fn copy_names(from: &Path, to: &Path) {
    let Ok(entries) = std::fs::read_dir(from) else { return };
    std::fs::create_dir_all(to).unwrap();
    for entry in entries.flatten() {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_names(&entry.path(), &to);
        } else {
            std::fs::write(to, []).unwrap();
        }
    }
}
