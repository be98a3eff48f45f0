//! The sidecar that holds everything the catalogue knows of an item. `docs/formats.md` says what the fields mean;
//! they are only ever added to.

use std::io;

use serde::Serialize;

use super::{Subject, dates};
use crate::catalog::{Album, BurstMember, Camera, Face, Presence, Resource, Role, Scope, Traits};
use crate::plan::KnownFile;

/// The format of this file; a higher number means that a field has another meaning.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Sidecar<'a> {
    iexport_sidecar: u32,
    uuid: &'a str,
    original_name: &'a str,
    kind: &'static str,
    types: Vec<&'static str>,
    taken: Option<String>,
    taken_zone_known: bool,
    added: Option<String>,
    edited: Option<String>,
    trashed_at: Option<String>,
    scope: &'static str,
    shared_library: bool,
    synced: bool,
    favorite: bool,
    hidden: bool,
    trashed: bool,
    adjusted: bool,
    burst: Option<Burst<'a>>,
    width: Option<u32>,
    height: Option<u32>,
    orientation: Option<u8>,
    duration_seconds: Option<f64>,
    latitude: Option<f64>,
    longitude: Option<f64>,
    title: Option<&'a str>,
    caption: Option<&'a str>,
    keywords: Vec<&'a str>,
    persons: Vec<&'a str>,
    faces: Vec<FaceIn<'a>>,
    camera: Option<CameraOf<'a>>,
    imported_by: Option<&'a str>,
    albums: Vec<AlbumOf<'a>>,
    files: Vec<FileOf<'a>>,
}

#[derive(Serialize)]
struct Burst<'a> {
    id: &'a str,
    shown: bool,
    picked: bool,
    key: bool,
}

#[derive(Serialize)]
struct FaceIn<'a> {
    name: Option<&'a str>,
    region: Option<Circle>,
}

/// Of the picture as it is shown, from its upper left.
#[derive(Serialize)]
struct Circle {
    x: f32,
    y: f32,
    diameter: f32,
}

#[derive(Serialize)]
struct CameraOf<'a> {
    make: Option<&'a str>,
    model: Option<&'a str>,
    lens: Option<&'a str>,
    aperture: Option<f64>,
    exposure_seconds: Option<f64>,
    iso: Option<i64>,
    focal_length_mm: Option<f64>,
    focal_length_35mm: Option<f64>,
    codec: Option<&'a str>,
    frames_per_second: Option<f64>,
}

#[derive(Serialize)]
struct AlbumOf<'a> {
    uuid: &'a str,
    title: &'a str,
    folders: Vec<&'a str>,
    shared: bool,
}

#[derive(Serialize)]
struct FileOf<'a> {
    role: &'static str,
    presence: &'static str,
    source_path: Option<String>,
    size_bytes: Option<u64>,
    fingerprint: Option<&'a str>,
    revision: &'a str,
    exported_to: Option<&'a str>,
}

/// The sidecar of an item.
///
/// # Errors
/// Those of the writer, which writes into memory.
pub(super) fn render(subject: &Subject<'_>) -> io::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(&sidecar(subject))?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn sidecar<'a>(subject: &Subject<'a>) -> Sidecar<'a> {
    let item = subject.item;
    Sidecar {
        iexport_sidecar: VERSION,
        uuid: &item.uuid.0,
        original_name: &item.original_name,
        kind: item.kind.name(),
        types: types(item.traits),
        taken: item.taken.and_then(|taken| dates::capture(&taken)),
        taken_zone_known: item.taken.is_some_and(|taken| taken.offset.is_some()),
        added: item.added.map(|time| time.to_string()),
        edited: item.edited.map(|time| time.to_string()),
        trashed_at: item.trashed_at.map(|time| time.to_string()),
        scope: match item.scope {
            Scope::Library => "library",
            Scope::SharedAlbum => "shared_album",
            Scope::SharedWithYou => "shared_with_you",
            Scope::Uncatalogued => "uncatalogued",
            Scope::Elsewhere => "elsewhere",
        },
        shared_library: item.shared_library,
        synced: item.synced,
        favorite: item.favorite,
        hidden: item.hidden,
        trashed: item.trashed,
        adjusted: item.adjusted,
        burst: item.burst.as_deref().map(burst),
        width: item.dimensions.map(|(width, _)| width),
        height: item.dimensions.map(|(_, height)| height),
        orientation: item.orientation,
        duration_seconds: item.duration_seconds,
        latitude: item.location.map(|(north, _)| north),
        longitude: item.location.map(|(_, east)| east),
        title: item.title.as_deref(),
        caption: item.caption.as_deref(),
        keywords: item.keywords.iter().map(|keyword| &**keyword).collect(),
        persons: item.persons().collect(),
        faces: item.faces.iter().map(face).collect(),
        camera: item.camera.as_deref().map(camera),
        imported_by: item.imported_by.as_deref(),
        albums: subject.own_albums().map(album).collect(),
        files: files(&item.resources, subject.files),
    }
}

/// Every kind of photo and video by its name, in the order of [`Traits`].
fn types(traits: Traits) -> Vec<&'static str> {
    let Traits {
        live,
        looping,
        bounce,
        long_exposure,
        panorama,
        portrait,
        hdr,
        screenshot,
        screen_recording,
        selfie,
        slow_mo,
        time_lapse,
        cinematic,
        spatial,
        animated,
        raw,
        has_raw,
        prores,
    } = traits;
    let named = [
        (live, "live"),
        (looping, "looping"),
        (bounce, "bounce"),
        (long_exposure, "long_exposure"),
        (panorama, "panorama"),
        (portrait, "portrait"),
        (hdr, "hdr"),
        (screenshot, "screenshot"),
        (screen_recording, "screen_recording"),
        (selfie, "selfie"),
        (slow_mo, "slow_mo"),
        (time_lapse, "time_lapse"),
        (cinematic, "cinematic"),
        (spatial, "spatial"),
        (animated, "animated"),
        (raw, "raw"),
        (has_raw, "has_raw"),
        (prores, "prores"),
    ];
    named.into_iter().filter(|(is, _)| *is).map(|(_, name)| name).collect()
}

fn burst(member: &BurstMember) -> Burst<'_> {
    let BurstMember { burst, shown, picked, key } = member;
    Burst { id: burst, shown: *shown, picked: *picked, key: *key }
}

fn face(face: &Face) -> FaceIn<'_> {
    FaceIn {
        name: face.name.as_deref(),
        region: face.region.map(|region| Circle { x: region.x, y: 1.0 - region.y, diameter: region.size }),
    }
}

fn camera(camera: &Camera) -> CameraOf<'_> {
    let Camera {
        make,
        model,
        lens,
        aperture,
        exposure_seconds,
        iso,
        focal_length_mm,
        focal_length_35mm,
        codec,
        frames_per_second,
    } = camera;
    CameraOf {
        make: make.as_deref(),
        model: model.as_deref(),
        lens: lens.as_deref(),
        aperture: *aperture,
        exposure_seconds: *exposure_seconds,
        iso: *iso,
        focal_length_mm: *focal_length_mm,
        focal_length_35mm: *focal_length_35mm,
        codec: codec.as_deref(),
        frames_per_second: *frames_per_second,
    }
}

fn album(album: &Album) -> AlbumOf<'_> {
    let Album { id, title, folders: _, shared, members: _, elsewhere: _, is_whole: _ } = album;
    AlbumOf { uuid: &id.0, title, folders: album.folders().collect(), shared: *shared }
}

/// The files that the phone knows, and those on the drive that it does not (any more): by role.
fn files<'a>(resources: &'a [Resource], exported: &'a [KnownFile]) -> Vec<FileOf<'a>> {
    let exported = |role| exported.iter().find(|file| file.role == role);
    let of_role = |role: Role| {
        let resource = resources.iter().find(|resource| resource.role == role);
        let file = exported(role);
        if resource.is_none() && file.is_none() {
            return None;
        }
        // The size of what is on the phone is sometimes the catalogue's and sometimes the real one: telling it
        // would make a change of nothing. What was exported has its real size.
        let said = resource.and_then(|resource| resource.size_bytes);
        let (presence, source_path, said) = match resource.map(|resource| &resource.presence) {
            Some(Presence::OnPhone(path)) => ("on_phone", Some(path.to_text()), None),
            Some(Presence::CloudOnly) => ("cloud_only", None, said),
            Some(Presence::Missing) => ("missing", None, said),
            None => ("not_on_phone", None, None),
        };
        Some(FileOf {
            role: role.name(),
            presence,
            source_path,
            size_bytes: file.map(|file| file.size_bytes).or(said),
            fingerprint: resource
                .and_then(|resource| resource.fingerprint.as_ref())
                .map(|fingerprint| fingerprint.0.as_str()),
            revision: resource.map_or("", |resource| &resource.revision),
            exported_to: file.map(|file| file.to.to_text()),
        })
    };
    Role::ALL.into_iter().filter_map(of_role).collect()
}
