//! The rows of the asset table (facts/media.md section A4). What other tables add to each comes later.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::tz::Offset;

use super::Tables;
use super::kinds::Codes;
use super::scope::Provenance;
use crate::catalog::database::{Cells, CocoaSeconds};
use crate::catalog::{BurstMember, Camera, Face, Fingerprint, MediaKind, Scope, Traits};
use crate::source::{DevicePath, EntryName};

/// What the database says of one photo or video.
#[derive(Debug, Default)]
pub(super) struct Asset {
    pub key: i64,
    pub uuid: Option<String>,
    /// The folder of the main file, if the row has one in the media root; most assets share one with many others.
    pub folder: Option<Arc<DevicePath>>,
    pub file_name: Option<EntryName>,
    pub original_name: Option<String>,
    pub title: Option<Box<str>>,
    pub caption: Option<Arc<str>>,
    pub kind: MediaKind,
    pub traits: Traits,
    /// Whether it plays by itself and again and again, as a Live Photo does that was made to loop or bounce.
    pub plays_in_a_loop: bool,
    pub dimensions: Option<(u32, u32)>,
    pub duration: Option<f64>,
    /// EXIF orientation, 1 to 8.
    pub orientation: Option<u8>,
    pub taken: Option<CocoaSeconds>,
    /// Offset of local time at capture, if anything tells.
    pub offset: Option<Offset>,
    pub added: Option<CocoaSeconds>,
    pub published: Option<CocoaSeconds>,
    pub edited: Option<CocoaSeconds>,
    pub trashed_at: Option<CocoaSeconds>,
    /// Degrees north and east.
    pub location: Option<(f64, f64)>,
    pub scope: Scope,
    pub shared_library: bool,
    pub synced: bool,
    pub favorite: bool,
    pub hidden: bool,
    pub trashed: bool,
    pub incomplete: bool,
    pub in_cloud: bool,
    pub burst: Option<Box<BurstMember>>,
    /// `None` if this database has no such column.
    pub adjusted: Option<bool>,
    /// Whether there is an edit that somebody rendered, so that an edited version has to be somewhere. A camera's own
    /// adjustments are applied when they are shown.
    pub rendered: bool,
    /// Whether the person chose the RAW of a pair as the original.
    pub raw_is_original: bool,
    /// Shared album of iOS 26 it belongs to.
    pub collection_share: Option<i64>,
    pub original_bytes: Option<u64>,
    pub fingerprint: Option<Fingerprint>,
    pub keywords: Vec<Arc<str>>,
    pub faces: Vec<Face>,
    pub camera: Option<Box<Camera>>,
    pub imported_by: Option<Arc<str>>,
}

impl Asset {
    /// Whether it was a Live Photo before an effect was chosen: loops and bounces play by themselves.
    pub(super) fn may_have_live_movie(&self) -> bool {
        self.traits.live || (self.kind == MediaKind::Photo && self.plays_in_a_loop)
    }
}

/// The assets, and ways to find them by keys.
pub(super) struct Assets {
    pub list: Vec<Asset>,
    /// By `Z_PK`.
    pub by_key: HashMap<i64, usize>,
    /// By the key of their additional attributes, which captions and keywords hang on.
    pub by_attributes: HashMap<i64, usize>,
    /// By the key of their extended attributes; only where those do not say whose they are.
    pub by_extended: HashMap<i64, usize>,
    /// By the key of their record in iCloud, which several can share.
    pub by_master: HashMap<i64, Vec<usize>>,
}

impl Assets {
    /// Position of the asset that a row belongs to: as the row says, or else as the asset's own row says.
    pub(super) fn of_attributes(&self, asset: Option<i64>, row: i64) -> Option<usize> {
        let said = asset.and_then(|key| self.by_key.get(&key));
        said.or_else(|| self.by_attributes.get(&row).filter(|_| asset.is_none())).copied()
    }
}

const COLUMNS: &[&str] = &[
    "ZUUID",
    "ZDIRECTORY",
    "ZFILENAME",
    "ZKIND",
    "ZKINDSUBTYPE",
    "ZPLAYBACKSTYLE",
    "ZPLAYBACKVARIATION",
    "ZDEPTHTYPE",
    "ZDEPTHSTATES",
    "ZHDRTYPE",
    "ZCUSTOMRENDEREDVALUE",
    "ZSPATIALTYPE",
    "ZMONOSKITYPE",
    "ZDERIVEDCAMERACAPTUREDEVICE",
    "ZISDETECTEDSCREENSHOT",
    "ZUNIFORMTYPEIDENTIFIER",
    "ZWIDTH",
    "ZHEIGHT",
    "ZDURATION",
    "ZORIENTATION",
    "ZDATECREATED",
    "ZADDEDDATE",
    "ZCLOUDBATCHPUBLISHDATE",
    "ZTRASHEDDATE",
    "ZADJUSTMENTTIMESTAMP",
    "ZLATITUDE",
    "ZLONGITUDE",
    "ZFAVORITE",
    "ZHIDDEN",
    "ZTRASHEDSTATE",
    "ZCOMPLETE",
    "ZVISIBILITYSTATE",
    "ZSAVEDASSETTYPE",
    "ZBUNDLESCOPE",
    "ZSYNDICATIONSTATE",
    "ZCLOUDLOCALSTATE",
    "ZAVALANCHEUUID",
    "ZAVALANCHEPICKTYPE",
    "ZHASADJUSTMENTS",
    "ZADJUSTMENTSSTATE",
    "ZACTIVELIBRARYSCOPEPARTICIPATIONSTATE",
    "ZLIBRARYSCOPE",
    "ZCOLLECTIONSHARE",
    "ZADDITIONALATTRIBUTES",
    "ZEXTENDEDATTRIBUTES",
    "ZMASTER",
];

/// States of an adjustment of which there is a render (facts/media.md section A7).
const RENDERED: [i64; 2] = [1, 2];

/// Keys of rows in other tables that belong to an asset.
struct Links {
    library_scope: Option<i64>,
    attributes: Option<i64>,
    extended: Option<i64>,
    master: Option<i64>,
}

/// Reads the asset table. What else it takes to understand it is noted in `trouble` if it cannot be read.
///
/// # Errors
/// The asset table itself cannot be read to its end.
pub(super) fn read(tables: &mut Tables, trouble: &mut Vec<String>) -> Result<Assets, String> {
    let table = tables.schema.assets;
    let knows_adjusted =
        tables.schema.has(table, "ZHASADJUSTMENTS") || tables.schema.has(table, "ZADJUSTMENTSSTATE");
    // Until iOS 15 only the share itself tells, if there is one.
    let knows_participation = tables.schema.has(table, "ZACTIVELIBRARYSCOPEPARTICIPATIONSTATE");
    let knows_whose_extended = tables.schema.has("ZEXTENDEDATTRIBUTES", "ZASSET");
    let mut assets = Assets {
        list: Vec::new(),
        by_key: HashMap::new(),
        by_attributes: HashMap::new(),
        by_extended: HashMap::new(),
        by_master: HashMap::new(),
    };
    let mut folders = Folders::default();
    let mut in_some_scope = Vec::new();
    tables.each(table, COLUMNS, |key, c| {
        let at = assets.list.len();
        let (mut asset, links) = asset(key, c, &mut folders);
        if !knows_adjusted {
            asset.adjusted = None;
        }
        if !knows_participation {
            in_some_scope.extend(links.library_scope.map(|scope| (at, scope)));
        }
        assets.by_attributes.extend(links.attributes.map(|row| (row, at)));
        assets.by_extended.extend(links.extended.filter(|_| !knows_whose_extended).map(|row| (row, at)));
        if let Some(master) = links.master {
            assets.by_master.entry(master).or_default().push(at);
        }
        assets.list.push(asset);
    })?;
    assets.by_key = assets.list.iter().enumerate().map(|(index, asset)| (asset.key, index)).collect();
    if !in_some_scope.is_empty() {
        let shared = shared_libraries(tables);
        let shared = shared.map_err(|problem| trouble.push(problem)).unwrap_or_default();
        for (at, _) in in_some_scope.iter().filter(|(_, scope)| shared.contains(scope)) {
            if let Some(asset) = assets.list.get_mut(*at) {
                asset.shared_library = true;
            }
        }
    }
    Ok(assets)
}

/// Keys of the shares that are a shared library, and not an album or a link.
fn shared_libraries(tables: &mut Tables) -> Result<Vec<i64>, String> {
    let mut found = Vec::new();
    let Some(entity) = tables.schema.entity("LibraryScope") else { return Ok(found) };
    tables.each("ZSHARE", &["Z_ENT"], |key, c| found.extend((c.int() == Some(entity)).then_some(key)))?;
    Ok(found)
}

fn asset(key: i64, c: &mut Cells<'_, '_>, folders: &mut Folders) -> (Asset, Links) {
    // In the order of `COLUMNS`.
    let uuid = c.text();
    let folder = c.bytes().and_then(|directory| folders.get(&directory));
    let file_name = c.bytes().and_then(|name| EntryName::new(&name).ok());
    let mut codes = Codes {
        kind: c.int(),
        subtype: c.int().unwrap_or(0),
        playback_style: c.int().unwrap_or(0),
        playback_variation: c.int().unwrap_or(0),
        depth_type: c.int(),
        depth_states: c.int(),
        ..Codes::default()
    };
    // All columns are read, so no shortcuts between them.
    let (from_15, until_14) = (c.int(), c.int());
    codes.hdr_type = from_15.or(until_14);
    let (from_17, until_17) = (c.int(), c.int());
    codes.spatial_type = from_17.or(until_17);
    codes.capture_device = c.int();
    codes.is_detected_screenshot = c.flag();
    let uti = c.text();
    codes.uti = uti.as_deref();
    codes.extension = file_name.as_ref().and_then(EntryName::extension);
    let mut asset = Asset {
        key,
        uuid,
        kind: codes.media_kind(),
        traits: codes.traits(),
        plays_in_a_loop: codes.plays_in_a_loop(),
        dimensions: dimensions(c.int(), c.int()),
        duration: c.real(),
        orientation: c.int().and_then(|code| u8::try_from(code).ok()).filter(|code| (1..=8).contains(code)),
        taken: c.real().map(CocoaSeconds),
        added: c.real().map(CocoaSeconds),
        published: c.real().map(CocoaSeconds),
        trashed_at: c.real().map(CocoaSeconds),
        edited: c.real().map(CocoaSeconds),
        location: location(c.real(), c.real()),
        favorite: c.flag(),
        hidden: c.flag(),
        trashed: c.flag(),
        incomplete: c.int() == Some(0),
        ..Asset::default()
    };
    let mut provenance = Provenance {
        visibility: c.int().unwrap_or(0),
        saved_type: c.int(),
        bundle_scope: c.int(),
        is_syndicated: c.flag(),
        folder: folder.as_deref(),
        ..Provenance::default()
    };
    asset.in_cloud = c.flag();
    asset.burst = burst(c.text(), c.int().unwrap_or(0));
    provenance.is_burst = asset.burst.is_some();
    asset.scope = provenance.scope();
    asset.synced = provenance.is_synced();
    let (until_17, from_18) = (c.flag(), c.int().unwrap_or(0));
    asset.adjusted = Some(until_17 || from_18 != 0);
    // The flag alone does not tell slow motion from an edit of it; the adjustment's own row may.
    asset.rendered = RENDERED.contains(&from_18) || (until_17 && !asset.traits.slow_mo);
    asset.shared_library = c.int() == Some(1);
    let library_scope = c.int();
    asset.collection_share = c.int();
    asset.folder = folder;
    asset.file_name = file_name;
    (asset, Links { library_scope, attributes: c.int(), extended: c.int(), master: c.int() })
}

/// A frame of a burst (facts/media.md section A5, `ZAVALANCHEPICKTYPE`).
fn burst(id: Option<String>, pick: i64) -> Option<Box<BurstMember>> {
    const PICKED: i64 = 8;
    const FRONT: i64 = 16;
    let (picked, key) = (pick & PICKED != 0, pick & FRONT != 0);
    Some(Box::new(BurstMember { burst: id?.into(), shown: pick == 0 || picked || key, picked, key }))
}

fn dimensions(width: Option<i64>, height: Option<i64>) -> Option<(u32, u32)> {
    let side = |value: Option<i64>| u32::try_from(value?).ok().filter(|side| *side > 0);
    Some((side(width)?, side(height)?))
}

/// Degrees north and east; both -180 stand for none.
fn location(north: Option<f64>, east: Option<f64>) -> Option<(f64, f64)> {
    let (north, east) = (north?, east?);
    ((-90.0..=90.0).contains(&north) && (-180.0..=180.0).contains(&east)).then_some((north, east))
}

/// The folders that were seen, each kept once.
#[derive(Debug, Default)]
struct Folders(HashMap<Box<[u8]>, Option<Arc<DevicePath>>>);

impl Folders {
    /// The folder of this text; `None` if it does not lie in the media root.
    fn get(&mut self, directory: &[u8]) -> Option<Arc<DevicePath>> {
        if let Some(known) = self.0.get(directory) {
            return known.clone();
        }
        // Some rows have the path as the phone's own programs see it.
        let inside = [&b"/private/var/mobile/Media/"[..], b"/var/mobile/Media/"]
            .into_iter()
            .find_map(|root| directory.strip_prefix(root))
            .unwrap_or(directory);
        let folder = DevicePath::parse(inside).ok().map(Arc::new);
        self.0.insert(directory.into(), folder.clone());
        folder
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_stay_in_the_media_root_and_are_kept_once() {
        let mut folders = Folders::default();
        let mut text = |directory: &[u8]| folders.get(directory).map(|folder| folder.to_text());
        assert_eq!(text(b"DCIM/100APPLE").unwrap(), "DCIM/100APPLE");
        assert_eq!(text(b"/var/mobile/Media/DCIM/100APPLE").unwrap(), "DCIM/100APPLE");
        assert_eq!(text(b"/private/var/mobile/Media/DCIM").unwrap(), "DCIM");
        assert_eq!(text(b"DCIM/../.."), None);
        assert_eq!(text(b"DCIM/a\0b"), None);
        let (one, two) = (folders.get(b"DCIM/100APPLE").unwrap(), folders.get(b"DCIM/100APPLE").unwrap());
        assert!(Arc::ptr_eq(&one, &two));
    }

    #[test]
    fn frames_of_a_burst() {
        let frame = |pick| {
            let frame = burst(Some("B".into()), pick).unwrap();
            (frame.shown, frame.picked, frame.key)
        };
        assert_eq!(frame(0), (true, false, false));
        assert_eq!(frame(2), (false, false, false));
        assert_eq!(frame(4), (false, false, false));
        assert_eq!(frame(8), (true, true, false));
        assert_eq!(frame(20), (true, false, true));
        assert_eq!(burst(None, 8), None);
    }

    #[test]
    fn no_place_is_no_place() {
        assert_eq!(location(Some(-180.0), Some(-180.0)), None);
        assert_eq!(location(None, Some(1.0)), None);
        assert_eq!(location(Some(0.0), Some(0.0)), Some((0.0, 0.0)));
        assert_eq!(location(Some(-34.9), Some(138.6)), Some((-34.9, 138.6)));
    }

    #[test]
    fn no_size_is_no_size() {
        assert_eq!(dimensions(Some(4), Some(3)), Some((4, 3)));
        assert_eq!(dimensions(Some(0), Some(3)), None);
        assert_eq!(dimensions(Some(-1), None), None);
    }
}
