//! The documents of apps as other people's programs see them on the same phone: `ifuse --documents` mounts and
//! `pymobiledevice3 apps pull` copies what `iexport files` exports. And the oddest of them on a drive with exFAT.
//!
//! Links and empty folders are not exported, so they are left out of the comparisons; everything else is compared by
//! `diff -r`, or by names and contents.
//!
//! Needs `ifuse` and `fusermount` with `/dev/fuse`, `pymobiledevice3` (`IEXPORT_PYMOBILEDEVICE3` says where it is, if
//! not in `PATH`), and for exFAT what `peers_drives.rs` needs. What is missing is said and left out, unless
//! `IEXPORT_REQUIRE_PEERS` is set.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(dead_code, reason = "the scene is shared with the end-to-end tests, which use all of it")]

#[path = "e2e/files/bench.rs"]
mod bench;
mod drive;
#[path = "e2e/scene.rs"]
mod scene;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use bench::{Bench, walk};
use phone_libraries::{AppEntry, InstalledApp};

const ODD: &str = "org.example.oddities";
const PLAIN: &str = "com.example.plain";

/// Says what is left out; fails if nothing may be.
fn left_out(what: &str) {
    assert!(std::env::var_os("IEXPORT_REQUIRE_PEERS").is_none(), "{what}");
    eprintln!("left out: {what}");
}

/// The program of this name, wherever it is installed.
fn find(name: &str) -> Option<PathBuf> {
    let own = std::env::var_os(format!("IEXPORT_{}", name.to_uppercase())).map(PathBuf::from);
    let found = own.filter(|path| path.is_file()).or_else(|| {
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
    });
    if found.is_none() {
        left_out(&format!("{name} is not installed"));
    }
    found
}

/// Whether this can be kept on a drive under its own name: no two are one to a drive that takes no notice of
/// case or accents, and none is shortened or changed because it would mislead.
fn keeps_its_name(entry: &AppEntry) -> bool {
    const ALIKE: [&str; 4] = ["Report.pdf", "REPORT.PDF", "Caf\u{e9}.txt", "..two dots"];
    let (AppEntry::File { path, .. } | AppEntry::Folder { path } | AppEntry::Link { path, .. }) = entry;
    let name = path.rsplit('/').next().unwrap();
    !ALIKE.contains(&name) && !name.contains('\n') && name.len() < 100
}

/// Odd names that can be kept, links, empty folders, and an app of plain ones.
fn apps() -> [InstalledApp; 2] {
    let mut odd = InstalledApp::with_odd_names();
    odd.entries.retain(keeps_its_name);
    assert!(odd.entries.len() > 25, "{}", odd.entries.len());
    let plain = (0..60).fold(InstalledApp::new(PLAIN, "Plain"), |app, n| {
        app.file(format!("Documents/{}/{n}.txt", n % 7), format!("content {n}"))
    });
    [odd, plain.noise("Documents/film.bin", 9_000_001)]
}

/// What is on the phone and is not exported, by name: the links and the empty folders of the app of odd names.
const NOT_EXPORTED: [&str; 5] =
    ["link to deep.txt", "link to nowhere", "link to the parent", "link out", "Empty"];

/// A peer that visits the phone.
fn peer(bench: &Bench, program: &Path, args: &[&str]) -> Output {
    let home = bench.scene.path("home-of-peers");
    std::fs::create_dir_all(&home).unwrap();
    let mut command = Command::new(program);
    command
        .args(args)
        .env("USBMUXD_SOCKET_ADDRESS", bench.scene.server.address())
        .env("HOME", &home)
        .env("NO_COLOR", "1")
        .stdin(Stdio::null());
    for kind in ["CONFIG", "DATA", "CACHE", "STATE"] {
        command.env(format!("XDG_{kind}_HOME"), home.join(kind.to_lowercase()));
    }
    command.output().unwrap()
}

fn said(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned()).concat()
}

/// Documents mounted by ifuse, until dropped.
struct Mounted(PathBuf);

impl Mounted {
    fn documents(bench: &Bench, ifuse: &Path, bundle: &str) -> Self {
        // Made before mounting, so that whatever is half mounted goes away too.
        let mounted = Self(bench.scene.path(&format!("mounted {bundle}")));
        std::fs::create_dir(&mounted.0).unwrap();
        let output = peer(bench, ifuse, &["--documents", bundle, mounted.0.to_str().unwrap()]);
        assert!(output.status.success(), "{}", said(&output));
        mounted
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        // Lazily: nothing is asked of a phone that may be gone.
        if let Err(error) = Command::new("fusermount").args(["-u", "-z"]).arg(&self.0).output() {
            eprintln!("fusermount: {error}");
        }
    }
}

/// The folder on the drive that has the documents of an app.
fn folder_of(bench: &Bench, beginning: &str) -> PathBuf {
    let folders = std::fs::read_dir(&bench.scene.dest).unwrap().map(|entry| entry.unwrap());
    let mut found = folders.filter(|entry| entry.file_name().to_string_lossy().starts_with(beginning));
    let folder = found.next().unwrap();
    assert!(found.next().is_none());
    folder.path()
}

#[track_caller]
fn assert_same(theirs: &Path, ours: &Path) {
    let mut diff = Command::new("diff");
    diff.arg("-r");
    for name in NOT_EXPORTED {
        diff.args(["-x", name]);
    }
    let output = diff.args([theirs, ours]).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    // That names are left out hides nothing else.
    let (mut one, mut other) = (BTreeMap::new(), BTreeMap::new());
    walk(theirs, theirs, &mut one);
    walk(ours, ours, &mut other);
    assert_eq!(one, other);
    assert!(one.len() >= 20, "{one:?}");
}

#[test]
fn ifuse_mounts_what_is_exported() {
    let Some(ifuse) = find("ifuse") else { return };
    if !Path::new("/dev/fuse").exists() {
        return left_out("ifuse: there is no /dev/fuse");
    }
    for service_tls in [false, true] {
        let bench = Bench::of(apps(), |phone| phone.service_tls = service_tls, |_| ());
        for (asked, bundle, folder) in [("oddities", ODD, "Oddities"), ("Plain", PLAIN, "Plain")] {
            bench.files(&["--app", asked, "--names", "native"]).expect(0);
            let mounted = Mounted::documents(&bench, &ifuse, bundle);
            assert_same(&mounted.0, &folder_of(&bench, folder));
        }
    }
}

#[test]
fn ifuse_shows_every_odd_document_that_is_exported() {
    let Some(ifuse) = find("ifuse") else { return };
    if !Path::new("/dev/fuse").exists() {
        return left_out("ifuse: there is no /dev/fuse");
    }
    let bench = Bench::with([InstalledApp::with_odd_names()]);
    bench.files(&["--all", "--names", "native"]).expect(0).says("4 links or special files are left out");
    let mounted = Mounted::documents(&bench, &ifuse, ODD);
    let mut theirs = BTreeMap::new();
    walk(&mounted.0, &mounted.0, &mut theirs);
    assert_eq!(contents(&theirs), contents(&bench.scene.exported()));
}

#[test]
fn pymobiledevice3_pulls_what_is_exported() {
    let Some(program) = find("pymobiledevice3") else { return };
    for service_tls in [false, true] {
        // It follows links, and would go in circles; and it refuses everything if one name is none for Windows.
        let mut apps = apps();
        apps[0].entries.retain(|entry| match entry {
            AppEntry::File { path, .. } => {
                !["/CON", "/aux.txt"].iter().any(|end| path.ends_with(end)) && !path.contains('\\')
            }
            AppEntry::Folder { .. } => true,
            AppEntry::Link { .. } => false,
        });
        let bench = Bench::of(apps, |phone| phone.service_tls = service_tls, |_| ());
        bench.files(&["--all", "--names", "native"]).expect(0);
        for (bundle, folder) in [(ODD, "Oddities"), (PLAIN, "Plain")] {
            let pulled = bench.scene.path(&format!("pulled {bundle}"));
            std::fs::create_dir(&pulled).unwrap();
            let args = ["apps", "pull", "--documents", bundle, "/Documents", pulled.to_str().unwrap()];
            let output = peer(&bench, &program, &args);
            assert!(output.status.success(), "{}", said(&output));
            assert_same(&pulled.join("Documents"), &folder_of(&bench, folder));
        }
        assert_eq!(bench.phone().stats().write_requests, 0);
    }
}

/// The contents of files, each as often as it is there.
fn contents(files: &BTreeMap<String, String>) -> Vec<&String> {
    let mut hashes: Vec<_> = files.values().collect();
    hashes.sort();
    hashes
}

#[test]
fn odd_documents_on_exfat() {
    let mut bench = Bench::with([InstalledApp::with_odd_names()]);
    let Some(drive) = drive::EXFAT.mounted(&bench.scene.path("")) else { return };
    bench.scene.dest = drive.folder.join("Documents");
    let first = bench.summary(&["--all"], 0);
    let exported = bench.scene.exported();
    let truth = bench.truth(ODD);
    assert_eq!(contents(&exported), contents(&truth), "every document, once");
    assert_eq!(first["exported_files"], truth.len());
    assert_eq!(bench.summary(&["--all"], 0)["exported_files"], 0);
    // One of three whose names differ only by case is changed: only that one is replaced.
    bench.write(ODD, "REPORT.PDF", "changed");
    let changed = bench.summary(&["--all"], 0);
    assert_eq!((&changed["exported_files"], &changed["replaced_files"]), (&1.into(), &1.into()));
    assert_eq!(contents(&bench.scene.exported()), contents(&bench.truth(ODD)));
    let exported = bench.scene.exported();
    std::fs::remove_dir_all(bench.on_drive(".iexport")).unwrap();
    assert_eq!(bench.summary(&["--all"], 0)["adopted_files"], truth.len());
    assert_eq!(bench.scene.exported(), exported);
}
