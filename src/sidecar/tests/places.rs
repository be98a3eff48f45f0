//! Where faces are, in pictures that are stored in any way.

use super::*;
use crate::catalog::MediaKind;
use crate::sidecar::regions::{self, Area, Regions};

fn regions_of(item: &Item, role: Role) -> Option<Regions> {
    regions::of(&Subject { item, albums: &[], files: &[], is_dated: true }, role)
}

fn areas_of(item: &Item, role: Role) -> Vec<Area> {
    regions_of(item, role)
        .map(|regions| regions.faces.iter().map(|region| region.area).collect())
        .unwrap_or_default()
}

/// A photo of 400 by 200 as it is shown, with a face at its left, a little above the middle.
fn with_face(orientation: u8) -> Item {
    let mut item = item("U", "IMG_1.HEIC", 0);
    item.dimensions = Some((400, 200));
    item.orientation = Some(orientation);
    item.faces = vec![face(Some("Anna"), Some((0.25, 0.6, 0.1)))];
    item.resources = vec![on_phone(Role::Original, "DCIM/100APPLE/IMG_0001.HEIC", 7)];
    item
}

/// What a reader does with a stored point to show it, by EXIF's definition of the orientations.
fn shown(orientation: u8, (x, y): (f64, f64)) -> (f64, f64) {
    match orientation {
        1 => (x, y),
        2 => (1.0 - x, y),
        3 => (1.0 - x, 1.0 - y),
        4 => (x, 1.0 - y),
        5 => (y, x),
        6 => (1.0 - y, x),
        7 => (1.0 - y, 1.0 - x),
        8 => (y, 1.0 - x),
        _ => panic!("no orientation"),
    }
}

#[test]
fn a_reader_that_turns_the_picture_finds_the_face() {
    let near = |a: f64, b: f64| (a - b).abs() < 1e-6;
    for orientation in 1..=8 {
        let regions = regions_of(&with_face(orientation), Role::Original).unwrap();
        let Area { x, y, width, height } = regions.faces[0].area;
        let (shown_x, shown_y) = shown(orientation, (x, y));
        assert!(near(shown_x, 0.25) && near(shown_y, 0.4), "{orientation}: {x} {y}");
        // A square of 40 pixels, whichever way it is stored.
        let (stored_width, stored_height) = regions.dimensions;
        assert!(near(width * f64::from(stored_width), 40.0), "{orientation}");
        assert!(near(height * f64::from(stored_height), 40.0), "{orientation}");
        assert_eq!(regions.dimensions, if orientation >= 5 { (200, 400) } else { (400, 200) });
    }
}

#[test]
fn only_the_current_version_has_regions() {
    let mut item = with_face(1);
    assert_eq!(areas_of(&item, Role::Original).len(), 1);
    assert_eq!(areas_of(&item, Role::Raw).len(), 1);
    item.resources.push(on_phone(Role::Edited, "PhotoData/Mutations/x.heic", 7));
    assert_eq!(areas_of(&item, Role::Original), []);
    assert_eq!(areas_of(&item, Role::Raw), []);
    assert_eq!(areas_of(&item, Role::Edited).len(), 1);
    item.kind = MediaKind::Video;
    assert_eq!(areas_of(&item, Role::Edited), []);
}

#[test]
fn what_lies_outside_is_cut_off() {
    let mut item = with_face(1);
    item.faces = vec![face(Some("Anna"), Some((0.0, 1.0, 0.2)))];
    // 80 pixels of diameter around the upper left corner: 40 by 40 of them are in the picture.
    let Area { x, y, width, height } = areas_of(&item, Role::Original)[0];
    let pixels = [x * 400.0, y * 200.0, width * 400.0, height * 200.0];
    for (is, should) in pixels.into_iter().zip([20.0, 20.0, 40.0, 40.0]) {
        assert!((is - should).abs() < 1e-3, "{pixels:?}");
    }
}

#[test]
fn what_makes_no_sense_is_nowhere() {
    let nowhere = [
        (0.0, 0.0, 0.0),
        (0.5, 0.5, -1.0),
        (f32::NAN, 0.5, 0.1),
        (0.5, f32::INFINITY, 0.1),
        (0.5, 0.5, f32::NAN),
        (7.0, 0.5, 0.1),
        (0.5, -3.0, 0.1),
    ];
    for region in nowhere {
        let mut item = with_face(1);
        item.faces = vec![face(Some("Anna"), Some(region))];
        assert_eq!(regions_of(&item, Role::Original), None, "{region:?}");
    }
    assert_eq!(regions_of(&with_face(9), Role::Original), None);
    assert_eq!(regions_of(&with_face(0), Role::Original), None);
    let mut flat = with_face(1);
    flat.dimensions = Some((400, 0));
    assert_eq!(regions_of(&flat, Role::Original), None);
    let mut unknown = with_face(1);
    unknown.orientation = None;
    assert_eq!(areas_of(&unknown, Role::Original).len(), 1);
}
