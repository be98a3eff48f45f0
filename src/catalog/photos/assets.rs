//! The rows of the asset table, with what other tables add to each (facts/media.md section A4).

use std::collections::HashMap;

use super::cells::Cells;
use super::rows::Tables;
use super::time::CocoaSeconds;
use crate::catalog::{Fingerprint, MediaKind, Scope};

/// What the database says of one photo or video, still in the database's own terms.
#[derive(Debug, Default)]
pub(super) struct Asset {
    pub key: i64,
    pub uuid: Option<String>,
    /// Directory below the media root, as bytes.
    pub directory: Option<Vec<u8>>,
    pub file_name: Option<Vec<u8>>,
    pub original_name: Option<String>,
    pub title: Option<String>,
    pub kind: Option<i64>,
    pub subtype: i64,
    pub playback_style: i64,
    pub size: (Option<i64>, Option<i64>),
    pub duration: Option<f64>,
    pub taken: Option<CocoaSeconds>,
    pub added: Option<CocoaSeconds>,
    pub published: Option<CocoaSeconds>,
    pub location: (Option<f64>, Option<f64>),
    pub favorite: bool,
    pub hidden: bool,
    pub trashed: bool,
    pub visibility: i64,
    pub incomplete: bool,
    pub saved_type: Option<i64>,
    pub bundle_scope: Option<i64>,
    pub in_cloud: bool,
    pub burst: Option<String>,
    pub burst_pick: i64,
    /// `None` if this database has no such column.
    pub adjusted: Option<bool>,
    pub edited: Option<CocoaSeconds>,
    /// Shared album of iOS 26 it belongs to.
    pub collection_share: Option<i64>,
    pub zone_name: Option<String>,
    pub zone_offset: Option<i64>,
    pub inferred_zone_offset: Option<i64>,
    /// Local time of capture as EXIF has it.
    pub exif_time: Option<String>,
    pub original_bytes: Option<u64>,
    pub fingerprint: Option<Fingerprint>,
}

impl Asset {
    pub(super) fn media_kind(&self) -> MediaKind {
        match self.kind {
            Some(0) | None => MediaKind::Photo,
            Some(1) => MediaKind::Video,
            Some(_) => MediaKind::Other,
        }
    }

    /// Whether the database calls it a Live Photo (facts/media.md section A5, decision table).
    pub(super) fn is_live(&self) -> bool {
        self.media_kind() == MediaKind::Photo && (self.subtype == 2 || self.playback_style == 3)
    }

    /// Whether it was a Live Photo before an effect was chosen: loops and bounces play by themselves.
    pub(super) fn may_have_live_movie(&self) -> bool {
        self.is_live() || (self.media_kind() == MediaKind::Photo && self.playback_style == 5)
    }

    /// Which part of the phone it belongs to (facts/media.md sections A5, A12, A13).
    pub(super) fn scope(&self) -> Scope {
        match (self.saved_type, self.bundle_scope) {
            (Some(4 | 16), _) | (_, Some(2)) => return Scope::SharedAlbum,
            (Some(8 | 9 | 12 | 13), _) | (_, Some(1 | 3)) => return Scope::Elsewhere,
            // No type: the place tells.
            (None, _) if self.lies_in(b"PhotoData/PhotoCloudSharingData") => return Scope::SharedAlbum,
            (None, _) if self.lies_in(b"PhotoData/CMMAssets") => return Scope::Elsewhere,
            // A type that is not known yet is more likely the person's own than not.
            _ => {}
        }
        // Frames of a burst that nobody picked are not shown, and are the person's own all the same.
        if self.visibility == 0 || self.burst.is_some() { Scope::Library } else { Scope::Elsewhere }
    }

    fn lies_in(&self, directory: &[u8]) -> bool {
        self.directory.as_deref().is_some_and(|own| own.starts_with(directory))
    }

    /// Whether Photos shows this frame of a burst by itself (facts/media.md section A5, `ZAVALANCHEPICKTYPE`).
    pub(super) fn burst_frame_is_shown(&self) -> bool {
        self.burst_pick == 0 || self.burst_pick & (8 | 16) != 0
    }

    pub(super) fn dimensions(&self) -> Option<(u32, u32)> {
        let side = |value: Option<i64>| u32::try_from(value?).ok().filter(|side| *side > 0);
        Some((side(self.size.0)?, side(self.size.1)?))
    }

    /// Degrees north and east; both -180 stand for none.
    pub(super) fn place(&self) -> Option<(f64, f64)> {
        let (north, east) = (self.location.0?, self.location.1?);
        ((-90.0..=90.0).contains(&north) && (-180.0..=180.0).contains(&east)).then_some((north, east))
    }
}

const ASSET: &[&str] = &[
    "ZUUID",
    "ZDIRECTORY",
    "ZFILENAME",
    "ZKIND",
    "ZKINDSUBTYPE",
    "ZPLAYBACKSTYLE",
    "ZWIDTH",
    "ZHEIGHT",
    "ZDURATION",
    "ZDATECREATED",
    "ZADDEDDATE",
    "ZCLOUDBATCHPUBLISHDATE",
    "ZLATITUDE",
    "ZLONGITUDE",
    "ZFAVORITE",
    "ZHIDDEN",
    "ZTRASHEDSTATE",
    "ZVISIBILITYSTATE",
    "ZCOMPLETE",
    "ZSAVEDASSETTYPE",
    "ZBUNDLESCOPE",
    "ZCLOUDLOCALSTATE",
    "ZAVALANCHEUUID",
    "ZAVALANCHEPICKTYPE",
    "ZHASADJUSTMENTS",
    "ZADJUSTMENTSSTATE",
    "ZADJUSTMENTTIMESTAMP",
    "ZCOLLECTIONSHARE",
    "ZMASTER",
];

const ADDITIONAL: &[&str] = &[
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
    "ZUNMANAGEDADJUSTMENT",
];

/// The assets, and where each is by its primary key.
pub(super) struct Assets {
    pub list: Vec<Asset>,
    pub by_key: HashMap<i64, usize>,
}

/// Reads all assets. What tables beside the asset table cannot tell is noted in `trouble`.
///
/// # Errors
/// The asset table itself cannot be read to its end.
pub(super) fn read(tables: &mut Tables, trouble: &mut Vec<String>) -> Result<Assets, String> {
    let table = tables.schema.assets;
    let knows_adjusted =
        tables.schema.has(table, "ZHASADJUSTMENTS") || tables.schema.has(table, "ZADJUSTMENTSSTATE");
    let mut list = Vec::new();
    let mut by_master: HashMap<i64, Vec<usize>> = HashMap::new();
    tables.each(table, ASSET, |key, c| {
        let (asset, master) = asset(key, c, knows_adjusted);
        if let Some(master) = master {
            by_master.entry(master).or_default().push(list.len());
        }
        list.push(asset);
    })?;
    let by_key: HashMap<_, _> = list.iter().enumerate().map(|(index, asset)| (asset.key, index)).collect();
    let mut assets = Assets { list, by_key };
    trouble.extend(read_additional(tables, &mut assets).err());
    trouble.extend(read_masters(tables, &mut assets, &by_master).err());
    Ok(assets)
}

fn asset(key: i64, c: &mut Cells<'_, '_>, knows_adjusted: bool) -> (Asset, Option<i64>) {
    // In the order of `ASSET`.
    let mut asset = Asset {
        key,
        uuid: c.text(),
        directory: c.bytes(),
        file_name: c.bytes(),
        kind: c.int(),
        subtype: c.int().unwrap_or(0),
        playback_style: c.int().unwrap_or(0),
        size: (c.int(), c.int()),
        duration: c.real(),
        taken: c.real().map(CocoaSeconds),
        added: c.real().map(CocoaSeconds),
        published: c.real().map(CocoaSeconds),
        location: (c.real(), c.real()),
        favorite: c.flag(),
        hidden: c.flag(),
        trashed: c.flag(),
        visibility: c.int().unwrap_or(0),
        incomplete: c.int() == Some(0),
        saved_type: c.int(),
        bundle_scope: c.int(),
        in_cloud: c.flag(),
        burst: c.text(),
        burst_pick: c.int().unwrap_or(0),
        ..Asset::default()
    };
    // Both columns are read, so no shortcut between them.
    let (until_17, from_18) = (c.flag(), c.flag());
    asset.adjusted = knows_adjusted.then_some(until_17 || from_18);
    asset.edited = c.real().map(CocoaSeconds);
    asset.collection_share = c.int();
    (asset, c.int())
}

fn read_additional(tables: &mut Tables, assets: &mut Assets) -> Result<(), String> {
    let mut edited_by_record = HashMap::new();
    let record = tables.each("ZUNMANAGEDADJUSTMENT", &["ZADJUSTMENTTIMESTAMP"], |key, c| {
        edited_by_record.extend(c.real().map(|seconds| (key, CocoaSeconds(seconds))));
    });
    let Assets { list, by_key } = assets;
    tables.each("ZADDITIONALASSETATTRIBUTES", ADDITIONAL, |_, c| {
        let Some(asset) = c.int().and_then(|key| by_key.get(&key)).and_then(|index| list.get_mut(*index))
        else {
            return;
        };
        asset.original_name = c.text();
        asset.title = c.text();
        asset.zone_name = c.text();
        asset.zone_offset = c.int();
        asset.inferred_zone_offset = c.int();
        asset.exif_time = c.text();
        asset.original_bytes = c.int().and_then(|bytes| u64::try_from(bytes).ok()).filter(|bytes| *bytes > 0);
        let (until_17, from_18) = (c.text(), c.text());
        asset.fingerprint = until_17.and_then(fingerprint).or_else(|| from_18.and_then(fingerprint));
        let record = c.int();
        asset.edited = asset.edited.or_else(|| edited_by_record.get(&record?).copied());
    })?;
    record
}

/// Original names that only the cloud's record of the original has.
fn read_masters(
    tables: &mut Tables,
    assets: &mut Assets,
    by_master: &HashMap<i64, Vec<usize>>,
) -> Result<(), String> {
    tables.each("ZCLOUDMASTER", &["ZORIGINALFILENAME"], |key, c| {
        let Some(name) = c.text() else { return };
        for index in by_master.get(&key).into_iter().flatten() {
            if let Some(asset) = assets.list.get_mut(*index) {
                asset.original_name.get_or_insert_with(|| name.clone());
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
    fn scopes_follow_type_place_and_visibility() {
        let scope = |saved_type, bundle_scope, visibility, burst: Option<&str>, directory: &str| {
            Asset {
                saved_type,
                bundle_scope,
                visibility,
                burst: burst.map(Into::into),
                directory: Some(directory.into()),
                ..Asset::default()
            }
            .scope()
        };
        let dcim = "DCIM/100APPLE";
        for own in [0, 1, 2, 3, 5, 6, 10, 11, 14, 256] {
            assert_eq!(scope(Some(own), Some(0), 0, None, dcim), Scope::Library, "{own}");
        }
        assert_eq!(scope(Some(4), None, 2, None, dcim), Scope::SharedAlbum);
        assert_eq!(scope(Some(16), None, 0, None, dcim), Scope::SharedAlbum);
        assert_eq!(scope(Some(3), Some(2), 2, None, dcim), Scope::SharedAlbum);
        for other in [8, 9, 12, 13] {
            assert_eq!(scope(Some(other), None, 0, None, dcim), Scope::Elsewhere, "{other}");
        }
        assert_eq!(scope(Some(3), Some(3), 0, None, dcim), Scope::Elsewhere);
        assert_eq!(scope(Some(3), Some(0), 2, None, dcim), Scope::Elsewhere);
        assert_eq!(scope(Some(3), Some(0), 2, Some("B"), dcim), Scope::Library);
        assert_eq!(
            scope(None, None, 2, None, "PhotoData/PhotoCloudSharingData/1/2/100CLOUD"),
            Scope::SharedAlbum
        );
        assert_eq!(scope(None, None, 0, None, "PhotoData/CMMAssets/1"), Scope::Elsewhere);
        assert_eq!(scope(None, None, 0, None, dcim), Scope::Library);
    }

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

    #[test]
    fn no_place_is_no_place() {
        let place = |north, east| Asset { location: (north, east), ..Asset::default() }.place();
        assert_eq!(place(Some(-180.0), Some(-180.0)), None);
        assert_eq!(place(None, Some(1.0)), None);
        assert_eq!(place(Some(0.0), Some(0.0)), Some((0.0, 0.0)));
        assert_eq!(place(Some(-34.9), Some(138.6)), Some((-34.9, 138.6)));
    }
}
