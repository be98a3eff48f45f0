//! Whole sidecars: what they say, where they lie.

mod hostile;
mod places;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::Offset;
use quick_xml::events::Event;
use quick_xml::{Reader, XmlVersion};

use super::*;
use crate::catalog::{
    BurstMember, Camera, CaptureTime, Face, FaceRegion, Fingerprint, Presence, Role, Traits,
};
use crate::plan::DestPath;
use crate::testing::{NOON, absent, album, catalog, item, on_phone};

/// A file on the drive.
fn file(role: Role, path: &str) -> KnownFile {
    let to = DestPath::parse(path).unwrap();
    KnownFile { role, to, stem: "IMG_1".into(), size_bytes: 7, revision: "".into(), proof: None }
}

fn face(name: Option<&str>, region: Option<(f32, f32, f32)>) -> Face {
    let region = region.map(|(x, y, size)| FaceRegion { x, y, size });
    Face { name: name.map(Into::into), region }
}

/// A photo of which everything is known.
fn full() -> Item {
    let mut item = item("UUID-1", "IMG_1.HEIC", 0);
    item.taken = Some(CaptureTime {
        instant: Timestamp::from_second(NOON).unwrap(),
        offset: Some(Offset::constant(1)),
    });
    item.added = Some(Timestamp::from_second(NOON + 60).unwrap());
    item.edited = Some(Timestamp::from_second(NOON + 120).unwrap());
    item.traits = Traits { live: true, hdr: true, ..Traits::NONE };
    item.favorite = true;
    item.hidden = true;
    item.burst = Some(Box::new(BurstMember { burst: "B".into(), shown: true, picked: true, key: false }));
    item.dimensions = Some((3024, 4032));
    item.orientation = Some(6);
    item.location = Some((38.715, -9.139_5));
    item.title = Some("Sunrise & <more>".into());
    item.caption = Some("Two\nlines".into());
    item.keywords = vec!["animals/cats".into(), "holiday".into()];
    item.faces = vec![
        face(Some("Anna"), Some((0.25, 0.75, 0.1))),
        face(Some("Bert"), None),
        face(Some("Anna"), None),
        face(None, Some((0.5, 0.5, 0.2))),
    ];
    item.camera = Some(Box::new(Camera {
        make: Some("Apple".into()),
        model: Some("iPhone 15 Pro".into()),
        iso: Some(80),
        aperture: Some(1.78),
        ..Camera::default()
    }));
    item.imported_by = Some("Camera".into());
    item.albums = vec![0, 1, 2, 99];
    let mut original = on_phone(Role::Original, "DCIM/100APPLE/IMG_0001.HEIC", 7);
    original.fingerprint = Some(Fingerprint("AW2cWT2PxzWixMKuuNMTHJ8CJ3sH".into()));
    item.resources = vec![original, absent(Role::LiveVideo, Presence::CloudOnly)];
    item
}

/// The albums it is in; the last has no title.
fn albums() -> Vec<Album> {
    vec![album("Travel/Italy 2024", &[0]), album("Cats|Dogs", &[0]), album("Folder/", &[0])]
}

fn xmp_of(item: &Item, albums: &[Album]) -> String {
    let subject = Subject { item, albums, files: &[], is_dated: true };
    String::from_utf8(xmp::render(&subject, Role::Original).unwrap()).unwrap()
}

/// The texts of a document by the name of the property they belong to, in their order; and its attributes by
/// their names. Fails for what is not well-formed.
fn read(xmp: &str) -> BTreeMap<String, Vec<String>> {
    let mut out: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut reader = Reader::from_str(xmp);
    reader.config_mut().check_end_names = true;
    let (mut open, mut text) = (Vec::new(), String::new());
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) | Event::Empty(tag) if tag.attributes().count() > 0 => {
                for attribute in tag.attributes() {
                    let attribute = attribute.unwrap();
                    let value = attribute.normalized_value(XmlVersion::Implicit1_0).unwrap().into_owned();
                    out.entry(attribute.key.as_ref().to_owned()).or_default().push(value);
                }
                // An empty one is only ever one of attributes here.
                if !tag.name().as_ref().starts_with("mwg-rs:A") {
                    open.push(tag.name().as_ref().to_owned());
                }
                text.clear();
            }
            Event::Start(tag) => {
                open.push(tag.name().as_ref().to_owned());
                text.clear();
            }
            Event::Text(part) => text.push_str(&part.xml10_content()),
            Event::GeneralRef(part) => match part.resolve_char_ref().unwrap() {
                Some(c) => text.push(c),
                None => text.push_str(quick_xml::escape::resolve_predefined_entity(&part).unwrap()),
            },
            Event::End(tag) => {
                let name = open.pop().unwrap();
                assert_eq!(name, tag.name().as_ref());
                let property = match name.as_str() {
                    "rdf:li" => open.get(open.len() - 2).cloned().unwrap(),
                    _ => name,
                };
                if !matches!(property.as_str(), "rdf:Alt" | "rdf:Bag" | "rdf:Seq") && !text.trim().is_empty()
                {
                    out.entry(property).or_default().push(std::mem::take(&mut text));
                }
                text.clear();
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(open.is_empty(), "{open:?}");
    out
}

#[test]
fn everything_that_others_read() {
    let xmp = xmp_of(&full(), &albums());
    let read = read(&xmp);
    let one = |name: &str| {
        let texts = read.get(name).map(Vec::as_slice).unwrap_or_default();
        assert_eq!(texts.len(), 1, "{name} in\n{xmp}");
        texts[0].as_str()
    };
    assert_eq!(one("dc:title"), "Sunrise & <more>");
    assert_eq!(one("dc:description"), "Two\nlines");
    assert_eq!(one("tiff:ImageDescription"), "Two\nlines");
    assert_eq!(read["dc:subject"], ["animals/cats", "holiday"]);
    for date in ["exif:DateTimeOriginal", "photoshop:DateCreated", "xmp:CreateDate"] {
        assert_eq!(one(date), "2024-03-09T13:00:00+01:00");
    }
    assert_eq!((one("exif:GPSLatitude"), one("exif:GPSLongitude")), ("38,42.900000N", "9,8.370000W"));
    assert_eq!((one("xmp:Rating"), one("fstop:favorite")), ("5", "1"));
    assert_eq!(one("xmpMM:PreservedFileName"), "IMG_1.HEIC");
    assert_eq!(read["Iptc4xmpExt:PersonInImage"], ["Anna", "Bert"]);
    assert_eq!(
        read["lr:hierarchicalSubject"],
        [
            "animals/cats",
            "holiday",
            "People|Anna",
            "People|Bert",
            "Albums|Travel|Italy 2024",
            "Albums|Cats/Dogs"
        ]
    );
    assert_eq!(
        read["digiKam:TagsList"],
        [
            "animals|cats",
            "holiday",
            "People/Anna",
            "People/Bert",
            "Albums/Travel/Italy 2024",
            "Albums/Cats|Dogs"
        ]
    );
    // Upright it is 3024 wide and 4032 high, but it is stored lying.
    assert_eq!((one("stDim:w"), one("stDim:h"), one("mwg-rs:Name")), ("4032", "3024", "Anna"));
    assert_eq!((one("stArea:x"), one("stArea:y")), ("0.250000", "0.750000"));
    assert_eq!((one("stArea:w"), one("stArea:h")), ("0.100000", "0.133333"));
}

#[test]
fn what_nobody_said_is_left_out() {
    let mut plain = item("U", "", 0);
    plain.taken = None;
    plain.title = Some("  ".into());
    plain.keywords = vec!["".into()];
    plain.faces = vec![face(Some(" \n "), None)];
    plain.location = Some((91.0, 0.0));
    let read = read(&xmp_of(&plain, &[]));
    let said: Vec<&str> = read.keys().map(String::as_str).filter(|key| !key.starts_with("xmlns:")).collect();
    assert_eq!(said, ["rdf:about", "x:xmptk"]);
}

#[test]
fn a_date_that_only_the_file_tells_is_left_to_the_file() {
    let of = |origin, scope| {
        let mut catalog = catalog(vec![item("U", "IMG_1.HEIC", 0)], Vec::new());
        catalog.origin = origin;
        catalog.items[0].scope = scope;
        Subject::of(&catalog, &catalog.items[0], &[]).is_dated
    };
    let database = Origin::Database { model_version: 18_600 };
    assert!(of(database.clone(), Scope::Library));
    assert!(!of(database, Scope::Uncatalogued));
    assert!(!of(Origin::FilesOnly, Scope::Library));
    let undated = Subject { item: &full(), albums: &[], files: &[], is_dated: false };
    let xmp = String::from_utf8(xmp::render(&undated, Role::Original).unwrap()).unwrap();
    assert!(!xmp.contains("Date"), "{xmp}");
}

#[test]
fn the_same_gives_the_same_bytes() {
    let (item, albums) = (full(), albums());
    assert_eq!(xmp_of(&item, &albums), xmp_of(&item.clone(), &albums.clone()));
    let subject = Subject { item: &item, albums: &albums, files: &[], is_dated: true };
    assert_eq!(json::render(&subject).unwrap(), json::render(&subject).unwrap());
    let mut other = item.clone();
    other.favorite = false;
    assert_ne!(xmp_of(&item, &albums), xmp_of(&other, &albums));
}

#[test]
fn json_tells_everything() {
    let (item, albums) = (full(), albums());
    let files = [file(Role::Original, "2024/2024-03/IMG_1.HEIC"), file(Role::Converted, "2024/IMG_1.JPG")];
    let subject = Subject { item: &item, albums: &albums, files: &files, is_dated: true };
    let bytes = json::render(&subject).unwrap();
    assert_eq!(String::from_utf8(bytes).unwrap(), FULL);
}

const FULL: &str = r#"{
  "iexport_sidecar": 1,
  "uuid": "UUID-1",
  "original_name": "IMG_1.HEIC",
  "kind": "photo",
  "types": [
    "live",
    "hdr"
  ],
  "taken": "2024-03-09T13:00:00+01:00",
  "taken_zone_known": true,
  "added": "2024-03-09T12:01:00Z",
  "edited": "2024-03-09T12:02:00Z",
  "trashed_at": null,
  "scope": "library",
  "shared_library": false,
  "synced": false,
  "favorite": true,
  "hidden": true,
  "trashed": false,
  "adjusted": false,
  "burst": {
    "id": "B",
    "shown": true,
    "picked": true,
    "key": false
  },
  "width": 3024,
  "height": 4032,
  "orientation": 6,
  "duration_seconds": null,
  "latitude": 38.715,
  "longitude": -9.1395,
  "title": "Sunrise & <more>",
  "caption": "Two\nlines",
  "keywords": [
    "animals/cats",
    "holiday"
  ],
  "persons": [
    "Anna",
    "Bert"
  ],
  "faces": [
    {
      "name": "Anna",
      "region": {
        "x": 0.25,
        "y": 0.25,
        "diameter": 0.1
      }
    },
    {
      "name": "Bert",
      "region": null
    },
    {
      "name": "Anna",
      "region": null
    },
    {
      "name": null,
      "region": {
        "x": 0.5,
        "y": 0.5,
        "diameter": 0.2
      }
    }
  ],
  "camera": {
    "make": "Apple",
    "model": "iPhone 15 Pro",
    "lens": null,
    "aperture": 1.78,
    "exposure_seconds": null,
    "iso": 80,
    "focal_length_mm": null,
    "focal_length_35mm": null,
    "codec": null,
    "frames_per_second": null
  },
  "imported_by": "Camera",
  "albums": [
    {
      "uuid": "Travel/Italy 2024",
      "title": "Italy 2024",
      "folders": [
        "Travel"
      ],
      "shared": false
    },
    {
      "uuid": "Cats|Dogs",
      "title": "Cats|Dogs",
      "folders": [],
      "shared": false
    },
    {
      "uuid": "Folder/",
      "title": "",
      "folders": [
        "Folder"
      ],
      "shared": false
    }
  ],
  "files": [
    {
      "role": "original",
      "presence": "on_phone",
      "source_path": "DCIM/100APPLE/IMG_0001.HEIC",
      "size_bytes": 7,
      "fingerprint": "AW2cWT2PxzWixMKuuNMTHJ8CJ3sH",
      "revision": "",
      "exported_to": "2024/2024-03/IMG_1.HEIC"
    },
    {
      "role": "live_video",
      "presence": "cloud_only",
      "source_path": null,
      "size_bytes": 1,
      "fingerprint": null,
      "revision": "",
      "exported_to": null
    },
    {
      "role": "converted",
      "presence": "not_on_phone",
      "source_path": null,
      "size_bytes": 7,
      "fingerprint": null,
      "revision": "",
      "exported_to": "2024/IMG_1.JPG"
    }
  ]
}
"#;

#[test]
fn a_sidecar_beside_each_picture_and_one_with_everything() {
    let both = Sidecars { xmp: true, json: true };
    let names = |files: &[KnownFile], sidecars| -> Vec<String> {
        wanted(files, sidecars).iter().map(|w| w.to.as_ref().unwrap().to_text().to_owned()).collect()
    };
    let live = [
        file(Role::Edited, "a/IMG_1_edited.HEIC"),
        file(Role::EditedLiveVideo, "a/IMG_1_edited.MOV"),
        file(Role::Original, "a/IMG_1.HEIC"),
        file(Role::LiveVideo, "a/IMG_1.MOV"),
        file(Role::CameraAdjustments, "a/IMG_1.AAE"),
    ];
    assert_eq!(names(&live, both), ["a/IMG_1.HEIC.xmp", "a/IMG_1_edited.HEIC.xmp", "a/IMG_1.HEIC.json"]);
    assert_eq!(names(&live, Sidecars { xmp: false, json: true }), ["a/IMG_1.HEIC.json"]);
    assert_eq!(names(&live, Sidecars::default()), [""; 0]);
    // What cameras call RAW, but not what phones do.
    let raw = [file(Role::Original, "a/IMG_2.JPG"), file(Role::Raw, "a/IMG_2.CR2")];
    assert_eq!(names(&raw, both), ["a/IMG_2.JPG.xmp", "a/IMG_2.xmp", "a/IMG_2.JPG.json"]);
    let dng = [file(Role::Original, "a/IMG_3.JPG"), file(Role::Raw, "a/IMG_3.DNG")];
    assert_eq!(names(&dng, both), ["a/IMG_3.JPG.xmp", "a/IMG_3.DNG.xmp", "a/IMG_3.JPG.json"]);
    let twice = [file(Role::Original, "a/X.nef"), file(Role::Raw, "a/X.CR2")];
    assert_eq!(names(&twice, both), ["a/X.xmp", "a/X.CR2.xmp", "a/X.nef.json"]);
    // Only the movie of a Live Photo is there yet: no picture to put it beside.
    let movie = [file(Role::LiveVideo, "a/IMG_4.MOV")];
    assert_eq!(names(&movie, both), ["a/IMG_4.MOV.json"]);
    #[cfg(unix)]
    assert_eq!(
        names(&[file(Role::Original, "a/what?.HEIC ")], both),
        ["a/what?.HEIC .xmp", "a/what?.HEIC .json"]
    );
    let long = format!("a/{}.HEIC", "x".repeat(250));
    assert_eq!(wanted(&[file(Role::Original, &long)], both).iter().filter(|w| w.to.is_none()).count(), 2);
}
