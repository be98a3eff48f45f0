//! Words: help that teaches, usage errors that help.

use std::process::Stdio;

use crate::scene::{Scene, finish};

/// The text without its line breaks, which depend on the terminal.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn help_teaches() {
    let scene = Scene::without_phone();
    let help = one_line(&scene.run(&["--help"]).expect(0).stdout);
    for words in ["iexport photos --all --to", "Nothing is ever written", "--demo", "Exit codes"] {
        assert!(help.contains(words), "{words:?} is missing in\n{help}");
    }
    let help = one_line(&scene.run(&["photos", "--help"]).expect(0).stdout);
    for words in
        ["--album", "--hidden", "Recently Deleted", "<year>/<year-month>", "Possible values:", "reports"]
    {
        assert!(help.contains(words), "{words:?} is missing in\n{help}");
    }
}

#[test]
fn an_export_needs_to_know_what_and_where() {
    let scene = Scene::without_phone();
    scene.run(&["photos", "--to", "x"]).expect(2).says("--all");
    scene.run(&["photos", "--all"]).expect(2).says("--to");
    scene.run(&["photos", "--all", "--album", "x", "--to", "x"]).expect(2).says("cannot be used with");
    scene.run(&["photos", "--all", "--hidden", "perhaps", "--to", "x"]).expect(2).says("exclude");
    scene.run(&["devices", "--usbmuxd", "nonsense"]).expect(2).says("neither a socket path nor host:port");
    scene.run(&["photo"]).expect(2).says("photos");
    scene.run(&[]).expect(2).says("Usage");
}

#[test]
fn there_is_no_list_of_everything() {
    let scene = Scene::without_phone();
    for words in [&["list", "everything"][..], &["list", "everything", "--to", "x", "--json"]] {
        scene.run(words).expect(2).says("no list of everything at once").says("`iexport list photos`");
    }
}

#[test]
fn a_list_tells_what_it_left_out() {
    let scene = Scene::without_phone();
    for (kind, said) in [
        ("videos", "Left out: 1 in shared albums."),
        ("music", "Left out: 1 protected (DRM)."),
        (
            "photos",
            "Left out: 1 in Recently Deleted, 2 in shared albums, 1 not named by the phone's catalogue.",
        ),
    ] {
        scene.run(&["list", kind, "--demo"]).expect(0).says(said);
    }
    let run = scene.run(&["list", "ringtones", "--demo"]);
    assert!(!run.expect(0).text().contains("Left out"), "{}", run.text());
}

#[test]
fn variables_do_not_keep_anybody_from_the_demo_phone() {
    let scene = Scene::without_phone();
    for variable in [("IEXPORT_DEVICE", "My iPhone"), ("USBMUXD_SOCKET_ADDRESS", "nonsense")] {
        for args in [["devices", "--demo"], ["--demo", "devices"]] {
            let run = finish(scene.command(&args).env(variable.0, variable.1).spawn().unwrap());
            assert!(run.expect(0).stdout.contains("Demo iPhone"), "{}", run.text());
        }
    }
    for option in [["--device", "x"], ["--usbmuxd", "localhost:1"]] {
        let args = ["devices", "--demo", option[0], option[1]];
        scene.run(&args).expect(2).says("cannot be used with").says(option[0]);
    }
}

#[test]
fn a_log_in_a_pipe_has_no_colours() {
    let scene = Scene::with(&crate::scene::four());
    let run = scene.run(&["info", "-vv"]);
    assert!(run.expect(0).stderr.contains("DEBUG iexport"), "{}", run.text());
    assert!(!run.stderr.contains('\u{1b}'), "{:?}", run.stderr);
}

#[test]
fn errors_are_json_too() {
    let scene = Scene::without_phone();
    let run = scene.run(&["photos", "--all", "--to", scene.dest.to_str().unwrap(), "--json"]);
    let error = run.expect(4).json().pop().unwrap();
    assert_eq!(error["type"], "error");
    assert_eq!(error["exit_code"], 4);
    assert!(error["advice"].as_str().unwrap().contains("cable"));
}

#[test]
fn words_that_are_wrong_are_an_object_too() {
    let scene = Scene::without_phone();
    let run = scene.run(&["list", "photos", "--json", "--kind", "movie"]);
    let error = run.expect(2).json().pop().unwrap();
    assert_eq!((&error["type"], &error["exit_code"]), (&"error".into(), &2.into()));
    assert!(error["error"].as_str().unwrap().contains("movie"), "{error}");
    assert!(error["advice"].as_str().unwrap().contains("video"), "{error}");
    assert_eq!(scene.run(&["devices", "--json"]).expect(4).json()[0]["type"], "error");
}

#[cfg(target_os = "linux")]
#[test]
fn data_that_cannot_be_written_are_an_error() {
    let scene = Scene::with(&crate::scene::four());
    for args in
        [&["albums", "--json"][..], &["info"], &["fields"], &["devices", "--json"], &["list", "photos"]]
    {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = scene.command(args).stdout(full).stderr(Stdio::piped()).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{args:?} {stderr}");
        assert!(stderr.contains("cannot be written"), "{stderr}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let scene = Scene::with(&crate::scene::four());
    let mut child = scene.command(&["list", "photos", "--json"]).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[cfg(target_os = "linux")]
#[test]
fn messages_that_nobody_can_hear_are_no_error() {
    let deaf = || std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let scene = Scene::with(&phone_libraries::Library::new(phone_libraries::IosVersion::Ios18));
    for (args, exit) in [(&["list", "photos"][..], 0), (&["fields"], 0), (&["pick"], 2)] {
        let status = scene.command(args).arg("-vvv").stderr(deaf()).stdout(Stdio::null()).status().unwrap();
        assert_eq!(status.code(), Some(exit), "{args:?}");
    }
}

#[test]
fn the_log_tells_no_identity_at_info() {
    let scene = Scene::with(&crate::scene::four());
    let run = scene.export(&["-v"]);
    run.expect(0);
    assert!(!run.stderr.contains("00008130-001C2D3E4F506172"), "{}", run.text());
}
