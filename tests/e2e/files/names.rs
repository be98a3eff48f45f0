//! Names that drives stumble over, and documents that are no plain files.

use phone_libraries::InstalledApp;

use super::{Bench, below, walk};

const ODD: &str = "org.example.oddities";

#[test]
fn names_as_on_the_phone() {
    let bench = Bench::with([InstalledApp::with_odd_names()]);
    let run = bench.files(&["--all", "--names", "native", "--json"]);
    let summary = run.expect(0).summary();
    let truth = bench.truth(ODD);
    assert_eq!(summary["exported_files"], truth.len());
    let mut exported = std::collections::BTreeMap::new();
    walk(&bench.scene.dest, &bench.scene.dest, &mut exported);
    exported.retain(|name, _| !name.starts_with(".iexport/"));
    let (same, other): (Vec<_>, Vec<_>) =
        below("Oddities: A／B?", truth.clone()).into_iter().partition(|file| exported.contains_key(&file.0));
    for (name, hash) in &same {
        assert_eq!(exported.remove(name).as_ref(), Some(hash), "{name}");
    }
    let other_names: Vec<_> = other.iter().map(|(name, _)| name.split_once('/').unwrap().1).collect();
    assert!(same.len() > 20, "{other_names:?}");
    // What would be one file on a drive that takes no notice of case or accents has names of its own, and so has
    // what begins like the folder above.
    let alike = ["report.pdf", "Report.pdf", "REPORT.PDF", "Cafe\u{301}.txt", "Caf\u{e9}.txt", "..two dots"];
    let is_known = |name: &str| alike.contains(&name) || name == "new\nline.txt" || name.len() > 200;
    assert!(other_names.iter().all(|name| is_known(name)), "{other_names:?}");
    let mut hashes: Vec<_> = other.iter().map(|(_, hash)| hash).collect();
    let mut left: Vec<_> = exported.values().collect();
    hashes.sort();
    left.sort();
    assert_eq!(hashes, left);
    assert_eq!(bench.summary(&["--all", "--names", "native"], 0)["exported_files"], 0);
}

#[test]
fn names_that_every_drive_can_hold() {
    let bench = Bench::with([InstalledApp::with_odd_names()]);
    bench.files(&["--all"]).expect(0).says("4 links or special files are left out");
    let exported = bench.scene.exported();
    let hashes = |files: &std::collections::BTreeMap<String, String>| {
        let mut hashes: Vec<_> = files.values().cloned().collect();
        hashes.sort();
        hashes
    };
    assert_eq!(hashes(&exported), hashes(&bench.truth(ODD)), "every document, once");
    let mut folded: Vec<String> = exported.keys().map(|name| name.to_lowercase()).collect();
    folded.sort();
    folded.dedup();
    assert_eq!(folded.len(), exported.len(), "no two differ only by case: {exported:?}");
    for name in exported.keys() {
        for part in name.split('/') {
            assert!(!part.contains([':', '?', '*', '|', '<', '>', '"', '\\', '\n']), "{name:?}");
            assert!(!part.ends_with(['.', ' ']) && part.len() <= 255, "{name:?}");
            let stem = part.split('.').next().unwrap().to_uppercase();
            assert!(!["CON", "AUX", "NUL", "PRN"].contains(&stem.as_str()), "{name:?}");
        }
    }
    // Plain names are kept.
    let has = |end: &str| exported.keys().any(|name| name.ends_with(end));
    for plain in
        ["/report.docx", "/report", "/One/Two/Three/Four/deep.txt", "/empty.txt", "/one.txt/not a file.txt"]
    {
        assert!(has(plain), "{plain}: {exported:?}");
    }
    // Whatever names were found, they are found again: with a ledger, and without.
    assert_eq!(bench.summary(&["--all"], 0)["exported_files"], 0);
    std::fs::remove_dir_all(bench.on_drive(".iexport")).unwrap();
    let again = bench.summary(&["--all"], 0);
    assert_eq!(again["adopted_files"], exported.len());
    assert_eq!(again["exported_files"], exported.len());
    assert_eq!(bench.scene.exported(), exported);
}

#[test]
fn links_are_left_out_and_never_followed() {
    let app = InstalledApp::new("a.links", "Links")
        .file("Documents/own.txt", "own")
        .file("Library/secret.txt", "secret")
        .link("Documents/up", "..")
        .link("Documents/around", ".")
        .link("Documents/secret.txt", "../Library/secret.txt");
    let bench = Bench::with([app]);
    let run = bench.files(&["--all"]);
    run.expect(0).says("3 links or special files are left out");
    assert_eq!(bench.scene.names(), ["Links/own.txt"]);
}

#[test]
fn nothing_beside_the_documents_is_seen() {
    let app = InstalledApp::new("a.b", "App")
        .file("Documents/Documents/inner.txt", "inner")
        .file("Library/secret.txt", "secret")
        .file("tmp/secret.txt", "secret too");
    let bench = Bench::with([app]);
    bench.files(&["--all"]).expect(0);
    assert_eq!(bench.scene.names(), ["App/Documents/inner.txt"]);
}

#[test]
fn an_app_without_documents() {
    let bench = Bench::with([InstalledApp::new("a.b", "Empty").folder("Documents/Folder")]);
    bench.files(&["--all"]).expect(0).says("nothing to export");
    assert!(bench.scene.names().is_empty());
}
