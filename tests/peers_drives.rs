//! Exports to the file systems that external drives really have, by other people's drivers: exFAT and NTFS; and to
//! one whose files can share space, Btrfs.
//!
//! Needs `mkfs.exfat`, `mount.exfat-fuse` and a loop device, resp. `mkfs.ntfs` and `ntfs-3g`, resp. `mkfs.btrfs` and
//! a kernel that has it, and the right to mount. What is missing is said and left out, unless
//! `IEXPORT_REQUIRE_PEERS` is set, which does not ask for Btrfs.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(dead_code, reason = "the scene is shared with the end-to-end tests, which use all of it")]

#[path = "e2e/hostile_names.rs"]
mod hostile_names;
#[path = "e2e/scene.rs"]
mod scene;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::UNIX_EPOCH;

use phone_libraries::{AlbumOrder, AlbumSpec, AssetSpec, IosVersion, Library, Recipe};

use scene::{Scene, moment};

/// A mounted drive; unmounted at the end, whatever happens.
struct Drive {
    folder: PathBuf,
    loop_device: Option<String>,
}

impl Drop for Drive {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.folder).status();
        if let Some(device) = &self.loop_device {
            let _ = Command::new("losetup").args(["--detach", device]).status();
        }
    }
}

/// Runs a program; what it printed, or why not.
fn run(program: &str, args: &[&str]) -> Result<String, String> {
    let output = Command::new(program).args(args).output().map_err(|error| format!("{program}: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    Err(format!("{program}: {}", String::from_utf8_lossy(&output.stderr).trim()))
}

fn image(folder: &Path) -> Result<(String, PathBuf), String> {
    let image = folder.join("drive.img");
    let file = std::fs::File::create(&image).unwrap();
    file.set_len(200 << 20).unwrap();
    let mount = folder.join("mounted");
    std::fs::create_dir(&mount).unwrap();
    Ok((image.to_str().unwrap().to_owned(), mount))
}

fn exfat(folder: &Path) -> Result<Drive, String> {
    let (image, mount) = image(folder)?;
    run("mkfs.exfat", &[&image])?;
    let device = run("losetup", &["--find", "--show", &image])?;
    let drive = Drive { folder: mount, loop_device: Some(device.clone()) };
    run("mount.exfat-fuse", &[&device, drive.folder.to_str().unwrap()])?;
    Ok(drive)
}

fn btrfs(folder: &Path) -> Result<Drive, String> {
    let (image, mount) = image(folder)?;
    run("mkfs.btrfs", &["--quiet", &image])?;
    let drive = Drive { folder: mount, loop_device: None };
    run("mount", &["-o", "loop", &image, drive.folder.to_str().unwrap()])?;
    Ok(drive)
}

fn ntfs(folder: &Path) -> Result<Drive, String> {
    let (image, mount) = image(folder)?;
    run("mkfs.ntfs", &["-q", "-F", "-f", &image])?;
    let drive = Drive { folder: mount, loop_device: None };
    run("ntfs-3g", &["-o", "windows_names", &image, drive.folder.to_str().unwrap()])?;
    Ok(drive)
}

/// A kind of drive.
#[derive(Clone, Copy)]
struct Kind {
    /// Makes one in a folder, or says why it cannot.
    mount: fn(&Path) -> Result<Drive, String>,
    /// Whether it can be had on every machine that other people's programs are tested on.
    is_required: bool,
}

const EXFAT: Kind = Kind { mount: exfat, is_required: true };
const NTFS: Kind = Kind { mount: ntfs, is_required: true };
/// Not every kernel has it.
const BTRFS: Kind = Kind { mount: btrfs, is_required: false };

/// A scene whose destination lies on a drive; `None` if this machine cannot have such a drive.
fn scene_on(drive: Kind, library: &Library) -> Option<(Scene, Drive)> {
    let mut scene = Scene::with(library);
    match (drive.mount)(&scene.path("")) {
        Ok(drive) => {
            scene.dest = drive.folder.join("Photos");
            Some((scene, drive))
        }
        Err(why) => {
            let is_required = drive.is_required && std::env::var_os("IEXPORT_REQUIRE_PEERS").is_some();
            assert!(!is_required, "{why}");
            eprintln!("left out: {why}");
            None
        }
    }
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
