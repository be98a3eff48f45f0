//! Sidecars, read back by somebody else: `exiftool`, which knows what other programs write.
//!
//! Without it the tests say so and pass, unless `IEXPORT_REQUIRE_PEERS` is set.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(dead_code, reason = "the scene is shared with the end-to-end tests, which use all of it")]

#[path = "e2e/scene.rs"]
mod scene;

use std::path::Path;
use std::process::Command;

use phone_libraries::{AlbumSpec, AssetSpec, EditSpec, FaceSpec, IosVersion, Library, Recipe};
use serde_json::{Value, json};

use scene::{Scene, moment};

/// Runs `exiftool` in a folder; `None` if there is none.
fn exiftool(folder: &Path, args: &[&str]) -> Option<String> {
    let output = match Command::new("exiftool").args(args).current_dir(folder).output() {
        Ok(output) => output,
        Err(error) => {
            assert!(std::env::var_os("IEXPORT_REQUIRE_PEERS").is_none(), "exiftool: {error}");
            eprintln!("left out: exiftool: {error}");
            return None;
        }
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap())
}

/// What it reads in one sidecar: properties with their groups, numbers as they are written.
fn read(folder: &Path, name: &str) -> Option<Value> {
    let text = exiftool(folder, &["-json", "-struct", "-G1", "-n", name])?;
    Some(serde_json::from_str::<Value>(&text).unwrap()[0].take())
}

/// Fails unless it finds nothing wrong in any sidecar below a folder.
fn is_valid(folder: &Path) -> Option<usize> {
    let text =
        exiftool(folder, &["-validate", "-warning", "-error", "-a", "-json", "-r", "-ext", "xmp", "."])?;
    let files: Vec<Value> = serde_json::from_str(&text).unwrap();
    for file in &files {
        let keys: Vec<&String> = file.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["SourceFile", "Validate"], "{file}");
        assert!(matches!(file["Validate"].as_str(), Some("OK" | "0 0 0")), "{file}");
    }
    Some(files.len())
}

/// Text that XML and file formats take badly.
const HOSTILE: &str = " <b>&amp;]]> \"quoted\" 'it' \r\nsecond\tline \u{1}\u{b}\u{7f} \u{202e}abc \u{1f468}\u{200d}\u{1f467} e\u{301} ";
/// The same, with what XML cannot hold marked.
const AS_READ: &str = " <b>&amp;]]> \"quoted\" 'it' \r\nsecond\tline \u{fffd}\u{fffd}\u{7f} \u{202e}abc \u{1f468}\u{200d}\u{1f467} e\u{301} ";

fn library() -> Library {
    let mut library = Library::new(IosVersion::Ios18);
    let mut full = AssetSpec::at("DCIM/100APPLE/IMG_0001.JPG").captured(moment(0)).favorite();
    full.title = Some("Sunrise & sea".into());
    full.caption = Some("Two\nlines".into());
    full.keywords = vec!["holiday".into(), "low tide / high tide".into()];
    full.faces = vec![FaceSpec::of("Anna Müller").at(0.5, 0.6, 0.2), FaceSpec::unnamed().at(0.1, 0.1, 0.1)];
    full.location = Some((-33.856_784, 151.215_297));
    full.orientation = 6;
    let full = library.asset(full);
    let mut hostile = AssetSpec::at("DCIM/100APPLE/IMG_0002.JPG").captured(moment(1));
    hostile.title = Some(HOSTILE.into());
    hostile.caption = Some(HOSTILE.repeat(500));
    hostile.keywords = vec![HOSTILE.into()];
    hostile.persons = vec![HOSTILE.into()];
    let hostile = library.asset(hostile);
    let mut edited = AssetSpec::at("DCIM/100APPLE/IMG_0003.HEIC").captured(moment(2));
    edited.persons = vec!["Bert".into()];
    library.asset(edited.edited(EditSpec::rendered("jpg")));
    library.album(AlbumSpec::titled("Italy 2024").in_folder(["Travel", "Abroad"]).members([full]));
    library.album(AlbumSpec::titled("Cats|Dogs").members([full]));
    library.album(AlbumSpec::titled(HOSTILE).members([hostile]));
    library
}

#[test]
fn exiftool_reads_back_what_was_written() {
    let scene = Scene::with(&library());
    scene.export(&["--sidecar", "xmp"]).expect(0);
    let folder = scene.dest.join("2024/2024-07");
    let Some(full) = read(&folder, "IMG_0001.JPG.xmp") else { return };
    assert_eq!(full["XMP-dc:Title"], "Sunrise & sea");
    assert_eq!(full["XMP-dc:Description"], "Two\nlines");
    assert_eq!(full["XMP-tiff:ImageDescription"], "Two\nlines");
    assert_eq!(full["XMP-dc:Subject"], json!(["holiday", "low tide / high tide"]));
    assert_eq!(full["XMP-xmp:Rating"], 5);
    assert_eq!(full["XMP-fstop:Favorite"], 1);
    for date in ["XMP-exif:DateTimeOriginal", "XMP-photoshop:DateCreated", "XMP-xmp:CreateDate"] {
        assert_eq!(full[date], "2024:07:01 11:00:00+01:00", "{date}");
    }
    for (name, degrees) in [("GPSLatitude", -33.856_784), ("GPSLongitude", 151.215_297)] {
        let read = full[format!("XMP-exif:{name}")].as_f64().unwrap();
        assert!((read - degrees).abs() < 1e-7, "{name}: {read}");
    }
    assert_eq!(full["XMP-xmpMM:PreservedFileName"], "IMG_0001.JPG");
    assert_eq!(full["XMP-iptcExt:PersonInImage"], json!(["Anna Müller"]));
    let tags = |divider: &str, tags: &[&[&str]]| -> Value {
        tags.iter().map(|tag| tag.join(divider)).collect::<Vec<_>>().into()
    };
    assert_eq!(
        full["XMP-lr:HierarchicalSubject"],
        tags(
            "|",
            &[
                &["holiday"],
                &["low tide / high tide"],
                &["People", "Anna Müller"],
                &["Albums", "Travel", "Abroad", "Italy 2024"],
                &["Albums", "Cats/Dogs"],
            ]
        )
    );
    assert_eq!(
        full["XMP-digiKam:TagsList"],
        tags(
            "/",
            &[
                &["holiday"],
                &["low tide | high tide"],
                &["People", "Anna Müller"],
                &["Albums", "Travel", "Abroad", "Italy 2024"],
                &["Albums", "Cats|Dogs"],
            ]
        )
    );
    // The face is in the middle, a little above it, of a picture that is stored lying.
    let regions = &full["XMP-mwg-rs:RegionInfo"];
    let (width, height) =
        (regions["AppliedToDimensions"]["W"].as_f64(), regions["AppliedToDimensions"]["H"].as_f64());
    let (width, height) = (width.unwrap(), height.unwrap());
    assert_eq!(regions["AppliedToDimensions"]["Unit"], "pixel");
    let [region] = regions["RegionList"].as_array().unwrap().as_slice() else { panic!("{regions}") };
    assert_eq!((&region["Name"], &region["Type"]), (&"Anna Müller".into(), &"Face".into()));
    let area = |name: &str| region["Area"][name].as_f64().unwrap();
    assert_eq!(region["Area"]["Unit"], "normalized");
    let size = 0.2 * width.max(height);
    for (is, should) in
        [(area("X"), 0.4), (area("Y"), 0.5), (area("W") * width, size), (area("H") * height, size)]
    {
        assert!((is - should).abs() < 1e-3 * size, "{region} of {width} x {height}");
    }
    // As the picture itself is stored.
    let picture: Value = read(&folder, "IMG_0001.JPG").unwrap();
    assert_eq!(picture["IFD0:Orientation"], 6);
    assert_eq!(picture["File:ImageWidth"].as_f64(), Some(width));
    assert_eq!(is_valid(&scene.dest), Some(4));
}

#[test]
fn exiftool_reads_any_text() {
    let scene = Scene::with(&library());
    scene.export(&["--sidecar", "xmp"]).expect(0);
    let folder = scene.dest.join("2024/2024-07");
    let Some(hostile) = read(&folder, "IMG_0002.JPG.xmp") else { return };
    assert_eq!(hostile["XMP-dc:Title"], AS_READ);
    assert_eq!(hostile["XMP-dc:Description"], AS_READ.repeat(500));
    assert_eq!(hostile["XMP-dc:Subject"], json!([AS_READ]));
    let one_line = hostile["XMP-iptcExt:PersonInImage"][0].as_str().unwrap();
    assert!(!one_line.contains(['\r', '\n', '\t']) && one_line.contains("]]> \"quoted\""), "{one_line:?}");
    assert_eq!(hostile["XMP-mwg-rs:RegionInfo"]["RegionList"][0]["Name"], one_line);
    let tags = hostile["XMP-digiKam:TagsList"].as_array().unwrap();
    assert_eq!(tags.len(), 3);
    assert_eq!(tags[1], format!("People/{}", one_line.replace('/', "|")));
}

#[test]
fn faces_are_told_of_the_version_that_shows_them() {
    let scene = Scene::with(&library());
    scene.export(&["--sidecar", "xmp"]).expect(0);
    let folder = scene.dest.join("2024/2024-07");
    let Some(original) = read(&folder, "IMG_0003.HEIC.xmp") else { return };
    let edited = read(&folder, "IMG_0003_edited.jpg.xmp").unwrap();
    assert_eq!(original["XMP-iptcExt:PersonInImage"], json!(["Bert"]));
    assert_eq!(original["XMP-mwg-rs:RegionInfo"], Value::Null);
    assert_eq!(edited["XMP-mwg-rs:RegionInfo"]["RegionList"][0]["Name"], "Bert");
}

#[test]
fn nothing_is_wrong_with_the_sidecars_of_a_whole_library() {
    for ios in [IosVersion::Ios13, IosVersion::Ios26] {
        let scene = Scene::with(&Recipe::new(ios, 120).seed(3).library());
        let summary = scene.export(&["--sidecar", "xmp", "--json"]).expect(0).summary();
        let Some(files) = is_valid(&scene.dest) else { return };
        assert!(files > 100, "{files}");
        assert_eq!(summary["sidecars_written"], files);
    }
}
