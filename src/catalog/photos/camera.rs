//! What took a photo or a video, as the database has it from the file (facts/media.md section A4).

use super::Tables;
use super::assets::Assets;
use super::kinds::is_prores;
use crate::catalog::database::{Cells, Interner};
use crate::catalog::{Camera, MediaKind};

const COLUMNS: &[&str] = &[
    "ZASSET",
    "ZCAMERAMAKE",
    "ZCAMERAMODEL",
    "ZLENSMODEL",
    "ZCODEC",
    "ZAPERTURE",
    "ZSHUTTERSPEED",
    "ZISO",
    "ZFOCALLENGTH",
    "ZFOCALLENGTHIN35MM",
    "ZFPS",
];

/// Reads what the database knows of cameras.
///
/// # Errors
/// The table could not be read to its end; what was read until then counts.
pub(super) fn read(tables: &mut Tables, assets: &mut Assets, words: &mut Interner) -> Result<(), String> {
    tables.each("ZEXTENDEDATTRIBUTES", COLUMNS, |key, c| {
        let at = match c.int() {
            Some(asset) => assets.by_key.get(&asset),
            None => assets.by_extended.get(&key),
        };
        let Some(asset) = at.and_then(|at| assets.list.get_mut(*at)) else { return };
        let camera = camera(c, words);
        let codec = camera.codec.as_deref().unwrap_or_default();
        asset.traits.prores |= asset.kind == MediaKind::Video && is_prores(codec);
        asset.camera = (camera != Camera::default()).then(|| Box::new(camera));
    })
}

fn camera(c: &mut Cells<'_, '_>, words: &mut Interner) -> Camera {
    // In the order of `COLUMNS`.
    let mut word = |c: &mut Cells<'_, '_>| {
        let text = c.text()?;
        // Cameras fill up their names with blanks and zero bytes.
        let text = text.trim_matches(|letter: char| letter.is_whitespace() || letter == '\0');
        (!text.is_empty()).then(|| words.get(text))
    };
    let more_than_none = |value: &f64| *value > 0.0;
    Camera {
        make: word(c),
        model: word(c),
        lens: word(c),
        codec: word(c),
        aperture: c.real().filter(more_than_none),
        exposure_seconds: c.real().filter(more_than_none),
        iso: c.int().filter(|iso| *iso > 0),
        focal_length_mm: c.real().filter(more_than_none),
        focal_length_35mm: c.real().filter(more_than_none),
        frames_per_second: c.real().filter(more_than_none),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(values: &str) -> Camera {
        let db = rusqlite::Connection::open_in_memory().unwrap();
        let read = |row: &rusqlite::Row<'_>| Ok(camera(&mut Cells::new(row), &mut Interner::default()));
        db.query_row(&format!("SELECT {values}"), [], read).unwrap()
    }

    #[test]
    fn what_is_there_is_told() {
        let found = read("'Apple', 'iPhone 6s', NULL, NULL, 2.2, 0.0005, 25, 4.15, 29, NULL");
        assert_eq!((found.make.as_deref(), found.model.as_deref()), (Some("Apple"), Some("iPhone 6s")));
        assert_eq!((found.aperture, found.exposure_seconds, found.iso), (Some(2.2), Some(0.0005), Some(25)));
        assert_eq!((found.focal_length_mm, found.focal_length_35mm), (Some(4.15), Some(29.0)));
        assert_eq!((found.lens, found.codec, found.frames_per_second), (None, None, None));
    }

    #[test]
    fn what_is_no_number_and_no_name_is_not_there() {
        let nothing = read("'  ', char(0), x'', '', 0, -1, 0, 'x', -0.0, 9e999");
        assert_eq!(nothing, Camera::default());
        assert_eq!(read("'NIKON  ', 0, 0, 0, 0, 0, 0, 0, 0, 0").make.as_deref(), Some("NIKON"));
    }
}
