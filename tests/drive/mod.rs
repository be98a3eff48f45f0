//! File systems that drives have, each in a file, mounted by other people's drivers.
#![allow(dead_code, reason = "every test file uses its own part of this")]

use std::path::{Path, PathBuf};
use std::process::Command;

/// A mounted drive; unmounted at the end, whatever happens.
pub struct Drive {
    pub folder: PathBuf,
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
    file.set_len(400 << 20).unwrap();
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
pub struct Kind {
    /// Makes one in a folder, or says why it cannot.
    mount: fn(&Path) -> Result<Drive, String>,
    /// Whether it can be had on every machine that other people's programs are tested on.
    is_required: bool,
}

pub const EXFAT: Kind = Kind { mount: exfat, is_required: true };
pub const NTFS: Kind = Kind { mount: ntfs, is_required: true };
/// Not every kernel has it.
pub const BTRFS: Kind = Kind { mount: btrfs, is_required: false };

impl Kind {
    /// Mounts one in a folder; `None` if this machine cannot, which is said.
    pub fn mounted(self, folder: &Path) -> Option<Drive> {
        (self.mount)(folder)
            .map_err(|why| {
                let is_required = self.is_required && std::env::var_os("IEXPORT_REQUIRE_PEERS").is_some();
                assert!(!is_required, "{why}");
                eprintln!("left out: {why}");
            })
            .ok()
    }
}
