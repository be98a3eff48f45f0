//! Exports to the file systems that external drives really have, by other people's drivers: exFAT and NTFS; and to
//! one whose files can share space, Btrfs.
//!
//! Needs `mkfs.exfat`, `mount.exfat-fuse` and a loop device, resp. `mkfs.ntfs` and `ntfs-3g`, resp. `mkfs.btrfs` and
//! a kernel that has it, and the right to mount. What is missing is said and left out, unless
//! `IEXPORT_REQUIRE_PEERS` is set, which does not ask for Btrfs.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(dead_code, reason = "the scene is shared with the end-to-end tests, which use all of it")]

mod drive;
#[path = "e2e/hostile_names.rs"]
mod hostile_names;
#[path = "e2e/scene.rs"]
mod scene;

use std::time::UNIX_EPOCH;

use phone_libraries::{AlbumOrder, AlbumSpec, AssetSpec, IosVersion, Library, Recipe};

use drive::{BTRFS, Drive, EXFAT, Kind, NTFS};
use scene::{Scene, moment};

/// A scene whose destination lies on a drive; `None` if this machine cannot have such a drive.
fn scene_on(drive: Kind, library: &Library) -> Option<(Scene, Drive)> {
    let mut scene = Scene::with(library);
    let drive = drive.mounted(&scene.path(""))?;
    scene.dest = drive.folder.join("Photos");
    Some((scene, drive))
}

fn export_to(drive: Kind) {
    let mut library = Recipe::new(IosVersion::Ios18, 80).library();
    for (n, name) in ["a:b?.JPG", "CON.JPG", "img_9.JPG", "IMG_9.jpg", "Été 🏖.JPG"].iter().enumerate() {
        let spec = AssetSpec::at(format!("DCIM/177APPLE/IMG_770{n}.JPG")).captured(moment(n as i64));
        library.asset(spec.named(*name));
    }
    let Some((scene, _drive)) = scene_on(drive, &library) else { return };
    let first = scene.export(&["--json"]).expect(0).summary();
    let files = scene.exported();
    assert_eq!(files.len() as u64, first["exported_files"].as_u64().unwrap());
    scene.assert_nothing_half_written();
    let photo = scene.dest.join("2024/2024-07").join(library_name(&files));
    let seconds = photo.metadata().unwrap().modified().unwrap().duration_since(UNIX_EPOCH).unwrap().as_secs();
    assert!(seconds.abs_diff(1_719_828_000 + 4 * 60) <= 2, "{seconds}");

    let again = scene.export(&["--json"]).expect(0).summary();
    assert_eq!(again["exported_files"], 0);
    std::fs::remove_dir_all(scene.dest.join(".iexport")).unwrap();
    let healed = scene.export(&["--json"]).expect(0).summary();
    assert_eq!(healed["adopted_files"], first["exported_files"]);
    assert_eq!(scene.exported(), files);
}

/// The name that the last of the odd photos got.
fn library_name(files: &std::collections::BTreeMap<String, String>) -> String {
    let name = files.keys().find(|name| name.contains('🏖')).unwrap();
    name.rsplit('/').next().unwrap().to_owned()
}

#[test]
fn exfat_through_fuse() {
    export_to(EXFAT);
}

#[test]
fn ntfs_through_fuse() {
    export_to(NTFS);
}

#[test]
fn ten_thousand_hostile_names_on_exfat() {
    let Some((scene, _drive)) = scene_on(EXFAT, &hostile_names::library()) else { return };
    hostile_names::export(&scene);
}

#[test]
fn ten_thousand_hostile_names_on_ntfs() {
    let Some((scene, _drive)) = scene_on(NTFS, &hostile_names::library()) else { return };
    hostile_names::export(&scene);
}

/// Albums on a drive: complete, in order, and the same after the ledger was lost.
fn albums_on(drive: Kind, how: Option<&str>) {
    let mut library = Library::new(IosVersion::Ios18);
    let photos: Vec<_> = (0..6)
        .map(|n| {
            let spec = AssetSpec::at(format!("DCIM/100APPLE/IMG_000{n}.JPG")).captured(moment(n));
            library.asset(spec.bytes(format!("photo {n}")))
        })
        .collect();
    let album = |title: &str, members: &[usize]| {
        AlbumSpec::titled(title).order(AlbumOrder::Manual).members(members.iter().map(|n| photos[*n]))
    };
    let albums = [("Aux", vec![5, 0, 3]), ("What?", vec![0, 1, 2, 3]), ("What*", vec![3, 4, 0])];
    for (title, members) in &albums {
        library.album(album(title, members).in_folder(["Travel: EU"]));
    }
    let Some((scene, _drive)) = scene_on(drive, &library) else { return };
    let options = ["--layout", "by-album", "--json"];
    let summary = scene.export(&options).expect(0).summary();
    assert_eq!((&summary["exported_files"], &summary["album_lists"]), (&6.into(), &3.into()));
    assert_eq!(summary["links_how"].as_str(), how);
    assert_eq!(summary["links_made"], if how.is_some() { 4 } else { 0 });
    let before = scene.exported();
    for (folder, (_, members)) in ["_Aux", "What\u{ff1f}", "What\u{ff0a}"].iter().zip(&albums) {
        let folder = scene.dest.join("Travel\u{ff1a} EU").join(folder);
        let name = folder.file_name().unwrap().to_str().unwrap();
        let list = std::fs::read_to_string(folder.join(format!("{name}.m3u8"))).unwrap();
        let paths = list.lines().filter(|line| !line.starts_with('#'));
        let read: Vec<String> =
            paths.map(|path| std::fs::read_to_string(folder.join(path)).unwrap()).collect();
        let expected: Vec<String> = members.iter().map(|n| format!("photo {n}")).collect();
        assert_eq!(read, expected, "{list}");
    }
    for lost in [false, true] {
        if lost {
            std::fs::remove_dir_all(scene.dest.join(".iexport")).unwrap();
        }
        let again = scene.export(&options).expect(0).summary();
        assert_eq!(again["exported_files"], if lost { 6 } else { 0 });
        assert_eq!(scene.exported(), before);
    }
}

#[test]
fn albums_on_exfat_are_lists() {
    albums_on(EXFAT, None);
}

#[test]
fn albums_on_btrfs_share_their_space() {
    albums_on(BTRFS, Some("reflink"));
}

#[test]
fn albums_on_ntfs_are_hard_links() {
    albums_on(NTFS, Some("hard"));
}
