//! Which apps there are, and which are meant.

use phone_libraries::InstalledApp;

use super::{Bench, NOTES, below, notes};

fn several() -> Bench {
    Bench::with([
        notes(),
        InstalledApp::new("org.example.notebook", "Notebook").file("Documents/a.txt", "a"),
        InstalledApp::new("net.example.maps", "Karten & Wege").file("Documents/b.txt", "b"),
        InstalledApp::new("com.example.diary", "Diary").without_file_sharing().file("Documents/c.txt", "c"),
    ])
}

#[test]
fn the_apps_that_share_files() {
    let bench = several();
    let run = bench.scene.run(&["files", "--apps"]);
    let table = &run.expect(0).stdout;
    let lines: Vec<Vec<&str>> = table
        .lines()
        .map(|line| line.split("  ").map(str::trim).filter(|s| !s.is_empty()).collect())
        .collect();
    assert_eq!(
        lines,
        [
            vec!["APP", "BUNDLE ID", "VERSION"],
            vec!["Karten & Wege", "net.example.maps", "1.0"],
            vec!["Notebook", "org.example.notebook", "1.0"],
            vec!["Notes", NOTES, "2.1"],
        ]
    );
    run.says("3 apps share their files; 1 other does not, and only a backup has theirs.");
    assert_eq!(bench.phone().stats().services.get("com.apple.mobile.house_arrest"), None);

    let lines = bench.scene.run(&["files", "--apps", "--json"]).expect(0).json();
    let told: Vec<_> = lines.iter().map(|app| (app["type"].as_str(), app["bundle_id"].as_str())).collect();
    let apps = ["net.example.maps", "org.example.notebook", NOTES].map(|id| (Some("app"), Some(id)));
    assert_eq!(told, apps);
    assert_eq!((lines[2]["name"].as_str(), lines[2]["version"].as_str()), (Some("Notes"), Some("2.1")));
}

#[test]
fn a_phone_whose_apps_share_nothing() {
    let bench = Bench::with([InstalledApp::new("com.example.diary", "Diary").without_file_sharing()]);
    bench.scene.run(&["files", "--apps"]).expect(0).says("0 apps share their files; 1 other does not");
    bench.files(&["--all"]).expect(0).says("nothing to export");
    assert!(bench.scene.names().is_empty());
}

#[test]
fn an_app_by_its_name_its_bundle_id_or_a_part_of_its_name() {
    for (asked, folder, id) in [
        ("notes", "Notes", NOTES),
        ("ORG.example.Notebook", "Notebook", "org.example.notebook"),
        ("wege", "Karten & Wege", "net.example.maps"),
    ] {
        let bench = several();
        bench.files(&["--app", asked]).expect(0);
        assert_eq!(bench.scene.exported(), below(folder, bench.truth(id)), "{asked}");
        assert_eq!(bench.phone().stats().write_requests, 0);
    }
}

#[test]
fn several_apps_each_once_or_all() {
    let bench = several();
    let twice = ["--app", "notes", "--app", NOTES, "--app", "karten"];
    assert_eq!(bench.summary(&twice, 0)["exported_files"], 4);
    assert_eq!(bench.summary(&["--all"], 0)["exported_files"], 1, "the one that was not asked for before");
    let names = bench.scene.names();
    assert_eq!(
        names,
        [
            "Karten & Wege/b.txt",
            "Notebook/a.txt",
            "Notes/Trips/Lisbon.txt",
            "Notes/Trips/Porto.txt",
            "Notes/todo.txt"
        ]
    );
}

/// Who asks for all of it has to know what that is not.
#[test]
fn what_no_app_shares_is_told_of_all_of_them() {
    let bench = several();
    bench.files(&["--all"]).expect(0).says("What lies in On My iPhone outside of the folders of apps");
    bench.files(&["--app", "Notebook"]).expect(0).lacks("On My iPhone");
}

#[test]
fn a_name_that_is_no_apps_or_that_of_several() {
    let bench = several();
    for (asked, said) in [
        (&["--app", "Note"][..], &["several apps are called like \"Note\"", "\"Notebook\"", "\"Notes\""][..]),
        (
            &["--app", "Notez"],
            &["no app that shares its files is called \"Notez\"", "Did you mean \"Notes\""],
        ),
        (&["--app", "Notes", "--app", "qqq"], &["is called \"qqq\"", "`iexport files --apps` lists"]),
        (&["--app", ""], &["no app that shares its files is called \"\""]),
        (&["--app", "com.example.*"], &["no app that shares its files"]),
        (&["--app", "Notes", "--path", "DCIM"], &["two different places"]),
        (&[], &["nothing says which files are meant", "--app NAME", "--path PATH"]),
    ] {
        let run = bench.files(asked);
        run.expect(2);
        for words in said {
            run.says(words);
        }
        assert_eq!(std::fs::read_dir(&bench.scene.dest).unwrap().count(), 0, "{asked:?}: nothing is written");
    }
}

#[test]
fn an_app_that_keeps_its_files_to_itself() {
    let bench = several();
    for asked in ["Diary", "com.example.diary"] {
        let run = bench.files(&["--app", asked]);
        run.expect(2)
            .says("\"Diary\" does not share its files")
            .says("only a backup has them")
            .says("iexport files --apps");
    }
    assert_eq!(std::fs::read_dir(&bench.scene.dest).unwrap().count(), 0);
}

#[test]
fn apps_of_equal_names_have_folders_of_their_own() {
    let app = |id: &str, name: &str| InstalledApp::new(id, name).file("Documents/own.txt", id);
    let bench = Bench::with([app("a.one", "Files"), app("b.two", "FILES"), app("c.three", "Other")]);
    bench.files(&["--all"]).expect(0);
    assert_eq!(bench.scene.names(), ["FILES (b.two)/own.txt", "Files (a.one)/own.txt", "Other/own.txt"]);
    assert_eq!(bench.read("FILES (b.two)/own.txt"), "b.two");
    // By name, both are meant; the folder is the same whether the other is exported or not.
    assert_eq!(bench.summary(&["--app", "files"], 0)["exported_files"], 0);
    std::fs::remove_dir_all(&bench.scene.dest).unwrap();
    std::fs::create_dir(&bench.scene.dest).unwrap();
    bench.files(&["--app", "b.two"]).expect(0);
    assert_eq!(bench.scene.names(), ["FILES (b.two)/own.txt"]);
}

#[test]
fn an_app_that_became_another_of_the_same_name_mixes_with_none() {
    // Names that become the same on a drive, though they are not on the phone.
    let app = |id: &str, name: &str| InstalledApp::new(id, name).file("Documents/own.txt", id);
    let bench = Bench::with([app("a.one", "A/B"), app("b.two", "A:B"), app("c.three", " A/B ")]);
    bench.files(&["--all"]).expect(0);
    assert_eq!(bench.scene.names().len(), 3);
    bench.assert_whole();
    assert_eq!(bench.summary(&["--all"], 0)["exported_files"], 0);
}

#[test]
fn files_are_listed() {
    let bench = several();
    let run = bench.scene.run(&["list", "files", "--app", "notes"]);
    let table = &run.expect(0).stdout;
    for name in ["todo.txt", "Porto.txt", "Lisbon.txt"] {
        assert!(table.contains(name), "{table}");
    }
    assert!(!table.contains("a.txt"), "{table}");
    let lines = bench.scene.run(&["list", "files", "--all", "--json"]).expect(0).json();
    assert_eq!(lines.len(), 5, "{lines:?}");
    bench.scene.run(&["list", "files", "--app", "nowhere"]).expect(2).says("no app that shares its files");
    assert_eq!(bench.phone().stats().file_bytes_sent, 0);
}
