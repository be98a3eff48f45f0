//! Everything that is on a phone, in albums, judged by somebody else; and what `list` says of it, field by field
//! against what somebody else says.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use phone_libraries::{IosVersion, Recipe};
use serde_json::Value;
use unicode_normalization::UnicodeNormalization as _;
use virtual_iphone::PhoneConfig;

use crate::libraries::{copy_of, judge, shared};
use crate::scene::Scene;

/// The options that leave nothing out.
const EVERYTHING: [&str; 8] =
    ["--trashed", "include", "--shared", "include", "--shared-with-you", "include", "--orphans", "include"];
const INCLUDED: &str = "hidden,trashed,bursts,shared,orphans";

fn nfc(text: &str) -> String {
    text.nfc().collect()
}

/// A list of texts, composed and sorted.
fn texts(value: &Value) -> BTreeSet<String> {
    value.as_array().into_iter().flatten().map(|text| nfc(text.as_str().unwrap())).collect()
}

/// What truth says under one name and `list` under another, as is.
const SAME: [(&str, &str); 20] = [
    ("live", "live"),
    ("burst", "burst"),
    ("panorama", "panorama"),
    ("screenshot", "screenshot"),
    ("screen_recording", "screen_recording"),
    ("selfie", "selfie"),
    ("portrait", "portrait"),
    ("slow_mo", "slow_mo"),
    ("time_lapse", "time_lapse"),
    ("hdr", "hdr"),
    ("is_raw", "raw"),
    ("has_raw", "has_raw"),
    ("favorite", "favorite"),
    ("hidden", "hidden"),
    ("trashed", "trashed"),
    ("adjusted", "edited"),
    ("lat", "lat"),
    ("lon", "lon"),
    ("width", "width"),
    ("height", "height"),
];

fn instant(text: &Value) -> jiff::Timestamp {
    text.as_str().unwrap().parse().unwrap()
}

/// Fails unless an item of `list --json` is what truth says of it.
fn compare(uuid: &str, item: &Value, truth: &Value) {
    for (theirs, ours) in SAME {
        let Some(expected) = truth.get(theirs) else { continue };
        match (expected.as_f64(), item[ours].as_f64()) {
            (Some(a), Some(b)) => assert!((a - b).abs() < 1e-6, "{uuid}: {theirs} {a}, not {b}"),
            _ => assert_eq!(&item[ours], expected, "{uuid}: {theirs}"),
        }
    }
    // The libraries made here call "Shared with You" shared, which the real ones do not have.
    let shared = item["shared"] == true || item["scope"] == "shared_with_you";
    assert_eq!(shared, truth["shared"] == true, "{uuid}: shared");
    let kind = if truth["kind"] == "photo" { "photo" } else { "video" };
    assert_eq!(item["kind"], kind, "{uuid}");
    let text = |value: &Value| value.as_str().map(nfc);
    assert_eq!(text(&item["original_name"]), text(&truth["original_filename"]), "{uuid}");
    assert_eq!(text(&item["title"]), text(&truth["title"]), "{uuid}");
    assert_eq!(text(&item["caption"]), text(&truth["description"]), "{uuid}");
    assert_eq!(texts(&item["keywords"]), texts(&truth["keywords"]), "{uuid}");
    assert_eq!(texts(&item["persons"]), texts(&truth["persons"]), "{uuid}");
    let albums: BTreeSet<String> = truth["albums"]
        .as_array()
        .unwrap()
        .iter()
        .map(|album| {
            let parts: Vec<&str> =
                album["path"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
            nfc(&parts.join("/"))
        })
        .collect();
    assert_eq!(texts(&item["albums"]), albums, "{uuid}");
    if truth["date_valid"] == true {
        let taken = item["taken"].as_str().unwrap();
        let gap = instant(&item["taken"]).duration_since(instant(&truth["date"])).as_secs_f64().abs();
        assert!(gap < 1.0, "{uuid}: {taken} is not {}", truth["date"]);
        let offset = |text: &str| text.get(text.len() - 6..).map(str::to_owned);
        if !truth["tz_offset"].is_null() {
            assert_eq!(offset(taken), offset(truth["date"].as_str().unwrap()), "{uuid}: zone");
        }
    } else {
        assert!(item["taken"].is_null(), "{uuid}: {}", item["taken"]);
    }
    let gap = instant(&item["added"]).duration_since(instant(&truth["date_added"])).as_secs_f64().abs();
    assert!(gap < 1.0, "{uuid}: added");
    let files: BTreeMap<&str, &str> = item["resources"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|file| file["on_phone"] == true && truth_role(file["role"].as_str().unwrap()))
        .map(|file| (file["role"].as_str().unwrap(), file["path"].as_str().unwrap()))
        .collect();
    let expected: BTreeMap<&str, &str> = truth["files"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(role, file)| (role.as_str(), file["device_path"].as_str().unwrap()))
        .collect();
    assert_eq!(files, expected, "{uuid}");
}

fn truth_role(role: &str) -> bool {
    ["original", "live_video", "raw", "edited", "edited_live_video"].contains(&role)
}

fn compare_list(scene: &Scene, truth: &Value) {
    let args: Vec<&str> = ["list", "photos", "--json"].into_iter().chain(EVERYTHING).collect();
    let run = scene.run(&args);
    let items: BTreeMap<String, Value> = run
        .expect(0)
        .json()
        .into_iter()
        .map(|item| (item["uuid"].as_str().unwrap().to_owned(), item))
        .collect();
    let assets = truth["assets"].as_object().unwrap();
    for (uuid, asset) in assets {
        compare(uuid, items.get(uuid).unwrap_or_else(|| panic!("{uuid} is not listed")), asset);
    }
    let others: BTreeSet<String> = items
        .iter()
        .filter(|(uuid, _)| !assets.contains_key(*uuid))
        .map(|(_, item)| item["resources"][0]["path"].as_str().unwrap().to_owned())
        .collect();
    let orphans: BTreeSet<String> = truth["orphans"]
        .as_array()
        .unwrap()
        .iter()
        .map(|orphan| orphan["device_path"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(others, orphans);
}

/// Every album has a list in its folder that names its members' files in the order of the album.
fn check_lists(scene: &Scene, truth: &Value) {
    let mut lists: BTreeMap<String, Value> = BTreeMap::new();
    let mut folders = vec![scene.dest.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "json")
                && !path.starts_with(scene.dest.join(".iexport"))
            {
                let list: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
                let uuid = list["uuid"].as_str().unwrap().to_owned();
                let paths: Vec<String> = m3u8(&path.with_extension("m3u8"));
                let members = list["members"].as_array().unwrap().clone();
                let told: Vec<String> = members
                    .iter()
                    .filter_map(|member| member["path"].as_str())
                    .map(|relative| path.parent().unwrap().join(relative).display().to_string())
                    .collect();
                assert_eq!(paths, told, "{}", path.display());
                assert!(told.iter().all(|file| Path::new(file).is_file()), "{told:?}");
                lists.insert(uuid, Value::Array(members));
            }
        }
    }
    let is_there = |uuid: &Value| {
        let files = truth["assets"][uuid.as_str().unwrap()]["files"].as_object().unwrap();
        files.contains_key("original") || files.contains_key("edited")
    };
    for album in truth["albums"].as_array().unwrap() {
        // Nothing lies in the folder of an album of which nothing is on the phone.
        if !album["members"].as_array().unwrap().iter().any(is_there) {
            continue;
        }
        let list = lists.get(album["uuid"].as_str().unwrap());
        let list = list.unwrap_or_else(|| panic!("no list for {}", album["path"]));
        let told: Vec<&str> =
            list.as_array().unwrap().iter().map(|member| member["uuid"].as_str().unwrap()).collect();
        let expected: Vec<&str> =
            album["members"].as_array().unwrap().iter().map(|uuid| uuid.as_str().unwrap()).collect();
        assert_eq!(told, expected, "{}", album["path"]);
        for member in list.as_array().unwrap() {
            assert_eq!(member["path"].is_string(), is_there(&member["uuid"]), "{member}");
        }
    }
}

/// The files that a list names, in its order.
fn m3u8(path: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| path.parent().unwrap().join(line).display().to_string())
        .collect()
}

/// By albums, with everything, on a phone that is plugged in.
fn whole(scene: &Scene, shared: &Path, truth_path: &Path) {
    let truth: Value = serde_json::from_slice(&std::fs::read(truth_path).unwrap()).unwrap();
    let args: Vec<&str> = ["--layout", "by-album"].into_iter().chain(EVERYTHING).collect();
    scene.export(&args).expect(0);
    judge(
        shared,
        truth_path,
        &scene.dest,
        INCLUDED,
        &["--by-album", "--strict", "--copies", "--mtime-min", "99"],
    );
    check_lists(scene, &truth);
    let files = scene.exported();
    let again: Vec<&str> = args.iter().copied().chain(["--json"]).collect();
    assert_eq!(scene.export(&again).expect(0).summary()["exported_files"], 0);
    assert_eq!(scene.exported(), files);
    compare_list(scene, &truth);
}

fn real(name: &str) {
    let Some(shared) = shared() else { return };
    let scene = Scene::without_phone();
    let library = copy_of(&shared.join("libraries").join(name), &shared.join("tools"), &scene.path(""));
    let mut phone = PhoneConfig::new(library.join("media"));
    phone.already_paired = true;
    scene.plug(phone);
    whole(&scene, &shared, &library.join("truth.json"));
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
fn every_schema() {
    let Some(shared) = shared() else { return };
    for ios in IosVersion::ALL {
        let scene = Scene::with(&Recipe::new(ios, 150).seed(29).library());
        eprintln!("{ios:?}");
        whole(&scene, &shared, &scene.made.as_ref().unwrap().truth_path);
    }
}
