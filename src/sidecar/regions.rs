//! Where faces are, in the way of the Metadata Working Group: centre and size of a rectangle, relative to the
//! picture as it is stored, from its upper left.
//!
//! The phone says it of the current version as it is shown, from the lower left (facts/media.md section A11). So
//! only a file of the current version has regions at all: in an original that was cropped later the same
//! numbers would mean another place. And what is shown upright may be stored lying; every reader turns the
//! regions as it turns the picture.

use super::Subject;
use super::text::one_line;
use crate::catalog::{FaceRegion, MediaKind, Role};

/// The faces in a file.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Regions {
    /// Width and height in pixels of the picture as it is stored.
    pub(super) dimensions: (u32, u32),
    /// Not empty.
    pub(super) faces: Vec<Region>,
}

/// One face that somebody gave a name.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Region {
    pub(super) name: String,
    pub(super) area: Area,
}

/// A rectangle: its centre from the upper left, its width and its height, each from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Area {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// The faces in the file of a role; `None` if there are none, or nobody knows where.
pub(super) fn of(subject: &Subject<'_>, role: Role) -> Option<Regions> {
    let item = subject.item;
    if item.kind != MediaKind::Photo || !is_current(subject, role) {
        return None;
    }
    let (width, height) = item.dimensions.filter(|(width, height)| *width > 0 && *height > 0)?;
    // A JPEG that this program makes of a HEIC is stored as the HEIC is.
    let orientation = item.orientation.unwrap_or(1);
    if !(1..=8).contains(&orientation) {
        return None;
    }
    let faces: Vec<Region> = item
        .faces
        .iter()
        .filter_map(|face| {
            let name = one_line(face.name.as_deref()?)?.into_owned();
            let area = Area::shown(face.region?, (width, height))?.stored(orientation);
            Some(Region { name, area })
        })
        .collect();
    let dimensions = if is_lying(orientation) { (height, width) } else { (width, height) };
    (!faces.is_empty()).then_some(Regions { dimensions, faces })
}

/// Whether the file of a role shows the current version.
fn is_current(subject: &Subject<'_>, role: Role) -> bool {
    let has_edit = subject.item.resource(Role::Edited).is_some();
    match role {
        Role::Edited | Role::EditedConverted => true,
        Role::Original | Role::Raw | Role::Converted => !has_edit,
        _ => false,
    }
}

/// Whether width and height change places when it is shown.
const fn is_lying(orientation: u8) -> bool {
    orientation >= 5
}

impl Area {
    /// Where a face is in a picture of these dimensions as it is shown, without what lies outside of it; `None`
    /// for what is nowhere.
    fn shown(face: FaceRegion, (width, height): (u32, u32)) -> Option<Self> {
        let (x, y, size) = (f64::from(face.x), 1.0 - f64::from(face.y), f64::from(face.size));
        if !(x.is_finite() && y.is_finite() && size.is_finite() && size > 0.0) {
            return None;
        }
        let (width, height) = (f64::from(width), f64::from(height));
        let diameter = size * width.max(height);
        let (left, right) = inside(x, diameter / width)?;
        let (top, bottom) = inside(y, diameter / height)?;
        Some(Self {
            x: f64::midpoint(left, right),
            y: f64::midpoint(top, bottom),
            width: right - left,
            height: bottom - top,
        })
    }

    /// The same place in the picture as it is stored (EXIF: what has to be done to show it).
    fn stored(self, orientation: u8) -> Self {
        let Self { x, y, width, height } = self;
        let (x, y) = match orientation {
            2 => (1.0 - x, y),
            3 => (1.0 - x, 1.0 - y),
            4 => (x, 1.0 - y),
            5 => (y, x),
            6 => (y, 1.0 - x),
            7 => (1.0 - y, 1.0 - x),
            8 => (1.0 - y, x),
            _ => (x, y),
        };
        let (width, height) = if is_lying(orientation) { (height, width) } else { (width, height) };
        Self { x, y, width, height }
    }
}

/// The part of a stretch that lies between 0 and 1; `None` if none of it does.
fn inside(centre: f64, length: f64) -> Option<(f64, f64)> {
    let (from, to) = ((centre - length / 2.0).max(0.0), (centre + length / 2.0).min(1.0));
    (from < to).then_some((from, to))
}
