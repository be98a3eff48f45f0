//! What the tables beside the asset table say of each asset: names, words, zones, fingerprints, where it came from
//! (facts/media.md section A4).

use std::collections::HashMap;
use std::sync::Arc;

use super::Tables;
use super::assets::Assets;
use super::kinds::{is_front_camera, is_named_like_screen_recording};
use super::time::{ZoneHints, Zones};
use crate::catalog::database::{CocoaSeconds, Interner};
use crate::catalog::{Fingerprint, MediaKind};

const COLUMNS: &[&str] = &[
    "ZASSET",
    "ZORIGINALFILENAME",
    "ZTITLE",
    "ZTIMEZONENAME",
    "ZTIMEZONEOFFSET",
    "ZINFERREDTIMEZONEOFFSET",
    "ZEXIFTIMESTAMPSTRING",
    "ZORIGINALFILESIZE",
    "ZMASTERFINGERPRINT",
    "ZORIGINALSTABLEHASH",
    "ZORIGINALRESOURCECHOICE",
    "ZCAMERACAPTUREDEVICE",
    "ZIMPORTEDBYDISPLAYNAME",
    "ZIMPORTEDBYBUNDLEIDENTIFIER",
    "ZCREATORBUNDLEID",
    "ZASSETDESCRIPTION",
    "ZUNMANAGEDADJUSTMENT",
];

/// Reads what hangs on the assets. What could not be read is noted in `trouble`.
pub(super) fn read(
    tables: &mut Tables,
    assets: &mut Assets,
    words: &mut Interner,
    trouble: &mut Vec<String>,
) {
    let edits = read_edits(tables, trouble);
    let captions = read_captions(tables, trouble);
    trouble.extend(read_rows(tables, assets, words, &edits, &captions).err());
    // Whose caption it is, said from its own side: all there is if the attributes do not say it.
    for caption in captions.into_values() {
        let at = caption.attributes.and_then(|row| assets.by_attributes.get(&row));
        if let Some(asset) = at.and_then(|at| assets.list.get_mut(*at)) {
            asset.caption.get_or_insert(caption.text);
        }
    }
    trouble.extend(read_masters(tables, assets, words).err());
    for asset in assets.list.iter_mut().filter(|asset| asset.kind == MediaKind::Video) {
        let name = asset.original_name.as_deref().unwrap_or_default();
        asset.traits.screen_recording |= is_named_like_screen_recording(name);
    }
}

/// What was done to an asset.
struct Edit {
    time: Option<CocoaSeconds>,
    /// Whether nothing but the speed is changed, which is done as it is played.
    is_slow_motion: Option<bool>,
}

fn read_edits(tables: &mut Tables, trouble: &mut Vec<String>) -> HashMap<i64, Edit> {
    const SLOW_MOTION: &str = "com.apple.video.slomo";
    let mut edits = HashMap::new();
    let columns = ["ZADJUSTMENTTIMESTAMP", "ZADJUSTMENTFORMATIDENTIFIER"];
    let read = tables.each("ZUNMANAGEDADJUSTMENT", &columns, |key, c| {
        let (time, format) = (c.real().map(CocoaSeconds), c.text());
        edits.insert(key, Edit { time, is_slow_motion: format.map(|format| format == SLOW_MOTION) });
    });
    trouble.extend(read.err());
    edits
}

struct Caption {
    /// Key of the attributes that it belongs to.
    attributes: Option<i64>,
    text: Arc<str>,
}

fn read_captions(tables: &mut Tables, trouble: &mut Vec<String>) -> HashMap<i64, Caption> {
    let mut captions = HashMap::new();
    let read = tables.each("ZASSETDESCRIPTION", &["ZASSETATTRIBUTES", "ZLONGDESCRIPTION"], |key, c| {
        let (attributes, text) = (c.int(), c.prose());
        captions.extend(text.map(|text| (key, Caption { attributes, text: text.into() })));
    });
    trouble.extend(read.err());
    captions
}

fn read_rows(
    tables: &mut Tables,
    assets: &mut Assets,
    words: &mut Interner,
    edits: &HashMap<i64, Edit>,
    captions: &HashMap<i64, Caption>,
) -> Result<(), String> {
    let mut zones = Zones::default();
    // Before iOS 14 the asset's own row did not say which camera took it.
    let camera_is_said_here = !tables.schema.has(tables.schema.assets, "ZDERIVEDCAMERACAPTUREDEVICE");
    // Before iOS 18 the asset's own row did not say whether an adjustment is the camera's.
    let state_is_said = tables.schema.has(tables.schema.assets, "ZADJUSTMENTSSTATE");
    tables.each("ZADDITIONALASSETATTRIBUTES", COLUMNS, |key, c| {
        // In the order of `COLUMNS`.
        let Some(at) = assets.of_attributes(c.int(), key) else { return };
        assets.by_attributes.entry(key).or_insert(at);
        let Some(asset) = assets.list.get_mut(at) else { return };
        asset.original_name = c.text();
        asset.title = c.text().map(Into::into);
        let (zone, offset, inferred, exif_time) = (c.text(), c.int(), c.int(), c.text());
        let hints = ZoneHints { name: zone.as_deref(), offset, inferred, exif_time: exif_time.as_deref() };
        let taken = asset.taken.and_then(CocoaSeconds::instant);
        asset.offset = taken.and_then(|instant| zones.offset(instant, hints));
        asset.original_bytes = c.file_bytes();
        let (until_17, from_18) = (c.text(), c.text());
        asset.fingerprint = until_17.and_then(fingerprint).or_else(|| from_18.and_then(fingerprint));
        asset.raw_is_original = c.int() == Some(1);
        let is_front = is_front_camera(c.int());
        asset.traits.selfie |= camera_is_said_here && is_front;
        let (name, bundle, until_14) = (c.text(), c.text(), c.text());
        asset.imported_by = name.or(bundle).or(until_14).map(|app| words.get(&app));
        asset.caption = c.int().and_then(|key| captions.get(&key)).map(|caption| Arc::clone(&caption.text));
        let edit = c.int().and_then(|key| edits.get(&key));
        asset.edited = asset.edited.or(edit.and_then(|edit| edit.time));
        asset.rendered = match edit.and_then(|edit| edit.is_slow_motion) {
            Some(true) => false,
            Some(false) if !state_is_said => asset.adjusted == Some(true),
            Some(false) | None => asset.rendered,
        };
    })
}

/// What only iCloud's record of the original has.
fn read_masters(tables: &mut Tables, assets: &mut Assets, words: &mut Interner) -> Result<(), String> {
    let columns = ["ZORIGINALFILENAME", "ZIMPORTEDBYDISPLAYNAME", "ZIMPORTEDBYBUNDLEIDENTIFIER"];
    tables.each("ZCLOUDMASTER", &columns, |key, c| {
        let (original_name, name, bundle) = (c.text(), c.text(), c.text());
        let app = name.or(bundle);
        for index in assets.by_master.get(&key).into_iter().flatten() {
            let Some(asset) = assets.list.get_mut(*index) else { continue };
            if asset.original_name.is_none() {
                asset.original_name.clone_from(&original_name);
            }
            if asset.imported_by.is_none() {
                asset.imported_by = app.as_deref().map(|app| words.get(app));
            }
        }
    })
}

/// The phone's fingerprint, if the text has its form: 28 characters of base64 that begin with the version byte 1
/// (facts/media.md section A9).
pub(super) fn fingerprint(text: String) -> Option<Fingerprint> {
    let base64 = |b: u8| b.is_ascii_alphanumeric() || b == b'+' || b == b'/';
    let begins_with_one =
        text.as_bytes().first_chunk::<2>().is_some_and(|b| b[0] == b'A' && matches!(b[1], b'Q'..=b'f'));
    (text.len() == 28 && begins_with_one && text.bytes().all(base64)).then_some(Fingerprint(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_fingerprints_are_fingerprints() {
        assert!(fingerprint("AW2cWT2PxzWixMKuuNMTHJ8CJ3sH".into()).is_some());
        for other in [
            "",
            "AW2cWT2PxzWixMKuuNMTHJ8CJ3s",
            "BW2cWT2PxzWixMKuuNMTHJ8CJ3sH",
            "AW2cWT2PxzWixMKuuNMTHJ8CJ3==",
        ] {
            assert!(fingerprint(other.into()).is_none(), "{other}");
        }
    }
}
