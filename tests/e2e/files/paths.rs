//! `--path`, and what is selected of what is found.

use phone_libraries::InstalledApp;

use super::Bench;

/// A phone with files in its media folder, and an app.
fn media() -> Bench {
    let bench = Bench::with([InstalledApp::new("a.b", "App").file("Documents/own.txt", "own")]);
    for (name, content) in [
        ("Downloads/form.pdf", "a form"),
        ("Downloads/Old/letter.txt", "dear"),
        ("Recordings/memo.m4a", "sound"),
        ("loose.txt", "loose"),
    ] {
        let path = bench.media.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    std::fs::write(bench.scene.path("outside.txt"), "outside").unwrap();
    bench
}

#[test]
fn a_folder_a_file_and_several() {
    for (paths, names) in [
        (&["--path", "Downloads"][..], &["Downloads/Old/letter.txt", "Downloads/form.pdf"][..]),
        (&["--path", "/Downloads/"], &["Downloads/Old/letter.txt", "Downloads/form.pdf"]),
        (&["--path", "Downloads/form.pdf"], &["Downloads/form.pdf"]),
        (&["--path", "loose.txt", "--path", "Recordings"], &["Recordings/memo.m4a", "loose.txt"]),
        (
            &["--path", "Downloads/Old", "--path", "Downloads"],
            &["Downloads/Old/letter.txt", "Downloads/form.pdf"],
        ),
    ] {
        let bench = media();
        bench.files(paths).expect(0);
        assert_eq!(bench.scene.names(), names, "{paths:?}");
        assert_eq!(bench.summary(paths, 0)["exported_files"], 0);
        assert_eq!(bench.phone().stats().write_requests, 0);
    }
}

#[test]
fn a_path_that_is_not_there() {
    let bench = media();
    let run = bench.files(&["--path", "Downlods"]);
    run.says("Downlods");
    run.expect(2);
    assert!(bench.scene.names().is_empty());
    // Nor is one of two that is there taken for all that was asked for.
    let run = bench.files(&["--path", "Recordings", "--path", "Downlods"]);
    run.expect(2).says("there is no Downlods on the phone");
    assert!(bench.scene.names().is_empty());
    // Nor one that would lie in the other.
    for paths in [["Downloads", "Downloads/Nope"], ["Downloads/Old/Nope", "Downloads"], ["Nope/Deep", "Nope"]]
    {
        let run = bench.files(&["--path", paths[0], "--path", paths[1]]);
        run.expect(2).says("Nope").says("on the phone");
        assert!(bench.scene.names().is_empty(), "{paths:?}");
    }
}

#[test]
fn a_path_never_leaves_the_media_folder() {
    for path in ["..", "../outside.txt", "Downloads/../../outside.txt", "Downloads/..", "/../outside.txt"] {
        let bench = media();
        let run = bench.files(&["--path", path]);
        run.expect(2).says("Paths begin at the media folder");
        assert_eq!(std::fs::read_dir(&bench.scene.dest).unwrap().count(), 0, "{path}");
    }
}

#[test]
fn what_is_selected() {
    let at = |day: &str| format!("{day}T12:00:00Z").parse().unwrap();
    let app = InstalledApp::new("a.b", "App")
        .file_of("Documents/old.txt", "1", at("2020-05-05"))
        .file_of("Documents/new.txt", "22", at("2024-05-05"))
        .file_of("Documents/large.pdf", vec![b'x'; 5000], at("2022-05-05"));
    let bench = Bench::with([app]);
    let listed = |words: &[&str]| -> Vec<String> {
        let run = bench.scene.run(&[&["list", "files", "--all", "--json"], words].concat());
        let mut names: Vec<String> = run
            .expect(0)
            .json()
            .iter()
            .map(|line| line["original_name"].as_str().unwrap().to_owned())
            .collect();
        names.sort();
        names
    };
    assert_eq!(listed(&["--since", "2022"]), ["large.pdf", "new.txt"]);
    assert_eq!(listed(&["--until", "2022"]), ["large.pdf", "old.txt"]);
    assert_eq!(listed(&["--min-size", "1KB"]), ["large.pdf"]);
    assert_eq!(listed(&["--max-size", "1KB"]), ["new.txt", "old.txt"]);
    assert_eq!(listed(&["--where", "extension|lower == 'pdf'"]), ["large.pdf"]);
    assert_eq!(listed(&["--where", "app == 'App' and size < 2"]), ["old.txt"]);
    bench.files(&["--all", "--since", "2022", "--min-size", "1KB"]).expect(0);
    assert_eq!(bench.scene.names(), ["App/large.pdf"]);
    bench.files(&["--all", "--where", "sise > 3"]).expect(2).says("sise");
    bench.files(&["--all", "--since", "someday"]).expect(2).says("--since");
}
