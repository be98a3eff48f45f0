//! Phones that mean harm, or are broken.

use phone_libraries::InstalledApp;

use super::{Bench, NOTES, below, notes};

/// Fails if something that a terminal obeys is on either stream.
#[track_caller]
fn assert_harmless(run: &crate::scene::Run) {
    let bad = |c: char| c.is_control() && c != '\n' || c == '\u{202E}';
    assert!(!run.stdout.contains(bad) && !run.stderr.contains(bad), "{:?}", run.text());
}

#[test]
fn names_of_apps_that_try_to_leave_the_folder_or_drive_the_terminal() {
    let names = [
        "../../up",
        "\u{1b}[2Jclear",
        "..",
        ".iexport",
        "/etc",
        "\u{202E}txt.exe",
        "CON",
        " ",
        "a\nb",
        "a\u{0}b",
    ];
    let apps = names.iter().enumerate().map(|(n, _)| {
        InstalledApp::new(format!("a.app{n}"), format!("{n}")).file("Documents/own.txt", n.to_string())
    });
    let bench = Bench::of(
        apps,
        |_| (),
        |app| {
            let n: usize = app["CFBundleDisplayName"].as_string().unwrap().parse().unwrap();
            app.insert("CFBundleDisplayName".to_owned(), names[n].into());
            app.insert("CFBundleShortVersionString".to_owned(), names[n].into());
        },
    );
    let listed = bench.scene.run(&["files", "--apps"]);
    assert_harmless(listed.expect(0));
    let run = bench.files(&["--all"]);
    assert_harmless(run.expect(0));
    let files = bench.scene.exported();
    assert_eq!(files.len(), names.len(), "{files:?}");
    bench.assert_whole();
    for name in files.keys() {
        assert_eq!(name.split('/').count(), 2, "{name}");
        assert!(!name.contains(char::is_control), "{name:?}");
    }
    assert!(!bench.scene.path("up").exists() && !bench.on_drive("../up").exists());
    assert_eq!(bench.summary(&["--all"], 0)["exported_files"], 0);
}

#[test]
fn an_app_list_of_absurd_lengths() {
    let bench = Bench::of(
        [notes(), InstalledApp::new("b.long", "Long").file("Documents/own.txt", "own")],
        |_| (),
        |app| {
            if app["CFBundleIdentifier"].as_string() == Some("b.long") {
                app.insert("CFBundleDisplayName".to_owned(), "x".repeat(900_000).into());
                app.insert("CFBundleShortVersionString".to_owned(), "9".repeat(900_000).into());
            }
        },
    );
    let listed = bench.scene.run(&["files", "--apps"]);
    assert!(listed.expect(0).stdout.len() < 10_000, "{} bytes", listed.stdout.len());
    bench.files(&["--all"]).expect(0);
    assert_eq!(bench.scene.names().len(), 4);
}

#[test]
fn a_list_that_is_too_long_is_refused() {
    let bench = Bench::of(
        (0..20).map(|n| InstalledApp::new(format!("a.app{n}"), "App")),
        |_| (),
        |app| drop(app.insert("CFBundleDisplayName".to_owned(), "x".repeat(2_000_000).into())),
    );
    let run = bench.files(&["--all"]);
    assert!(![0, 101].contains(&run.code), "{}", run.text());
    assert!(run.stderr.len() < 2_000, "{}", run.text());
    assert!(bench.scene.names().is_empty());
}

#[test]
fn folders_without_end() {
    let deep = format!("Documents/{}deep.txt", "d/".repeat(100));
    let bench = Bench::with([notes().file(deep, "deep")]);
    let run = bench.files(&["--all"]);
    run.says("nested deeper than 64 folders and left out");
    assert_eq!(bench.scene.names().len(), 3);
    let summary = bench.summary(&["--all"], 3);
    assert_eq!(summary["outcome"], "with_failures", "{summary}");
}

#[test]
fn names_of_documents_with_control_characters() {
    let bench = Bench::with([InstalledApp::new("a.b", "App")
        .file("Documents/\u{1b}[31mred\u{7}.txt", "1")
        .file("Documents/a\rb/c\td.txt", "2")
        .link("Documents/\u{1b}[2J", "nowhere")]);
    let run = bench.files(&["--all"]);
    assert_harmless(run.expect(0));
    assert_eq!(bench.scene.names().len(), 2);
    assert!(bench.scene.names().iter().all(|name| !name.contains(char::is_control)));
    assert_harmless(bench.scene.run(&["list", "files", "--all"]).expect(0));
}

#[test]
fn an_app_called_like_the_folder_of_another() {
    // `Trips` of one app is no folder of the app `Notes`, whatever that is called.
    let bench = Bench::with([
        notes(),
        InstalledApp::new("x.y", "Notes/Trips").file("Documents/Porto.txt", "another port"),
    ]);
    bench.files(&["--all"]).expect(0);
    let files = bench.scene.exported();
    assert_eq!(files.len(), 4);
    for (name, hash) in below("Notes", bench.truth(NOTES)) {
        assert_eq!(files.get(&name), Some(&hash), "{name}");
    }
}
