//! What happens when something is lost on the way.

use phone_libraries::InstalledApp;
use virtual_iphone::{CutTarget, Fault, Faults, Status};

use super::{Bench, NOTES, below, notes};

/// Two apps with some megabytes each.
fn large() -> [InstalledApp; 2] {
    ["a.one", "b.two"].map(|id| {
        (0..3).fold(InstalledApp::new(id, id), |app, n| app.noise(format!("Documents/{n}.bin"), 3_000_000))
    })
}

#[test]
fn the_cable_is_pulled() {
    let bench = Bench::of(
        large(),
        |phone| phone.faults = Faults::default().cut_after(8_000_000, CutTarget::Phone),
        |_| (),
    );
    let summary = bench.summary(&["--all"], 9);
    assert_eq!(summary["outcome"], "phone_lost");
    assert!(summary["not_reached"].as_u64().unwrap() > 0, "{summary}");
    assert_eq!(summary["failed"], serde_json::json!([]), "{summary}");
    bench.assert_whole();
    let done = summary["exported_files"].as_u64().unwrap();
    bench.phone().set_faults(Faults::default());
    bench.phone().reattach();
    assert_eq!(bench.summary(&["--all"], 0)["exported_files"], 6 - done);
    bench.assert_whole();
    assert_eq!(bench.scene.names().len(), 6);
}

#[test]
fn the_cable_is_pulled_while_the_apps_are_looked_through() {
    let bench = Bench::of(
        [notes()],
        |phone| phone.faults = Faults::default().cut_after(700, CutTarget::Phone),
        |_| (),
    );
    let run = bench.files(&["--all"]);
    run.expect(9);
    assert!(bench.scene.names().is_empty());
}

#[test]
fn a_lost_connection_is_opened_anew_and_the_rest_comes() {
    for after in [100, 2_000_000, 8_000_000] {
        let bench = Bench::of(
            large(),
            |phone| phone.faults = Faults::default().cut_after(after, CutTarget::Connection),
            |_| (),
        );
        let summary = bench.summary(&["--all"], 0);
        assert_eq!(summary["exported_files"], 6, "{after}");
        bench.assert_whole();
    }
}

#[test]
fn an_app_that_is_refused_is_told_of_and_the_others_come() {
    // With a word, and by hanging up.
    for word in ["InstallationLookupFailed", "ApplicationLookupFailed", "SomethingElse", ""] {
        let bench = Bench::of(
            [notes(), InstalledApp::new("b.refused", "Refused").file("Documents/own.txt", "own")],
            |_| (),
            |app| {
                if app["CFBundleIdentifier"].as_string() == Some("b.refused") {
                    app.insert("Refuses".to_owned(), word.into());
                }
            },
        );
        let run = bench.files(&["--all", "--json"]);
        let summary = run.expect(3).summary();
        assert_eq!(summary["outcome"], "with_failures");
        assert_eq!(summary["unread_folders"], 1);
        assert_eq!(summary["exported_files"], 3);
        assert_eq!(bench.scene.exported(), below("Notes", bench.truth(NOTES)));
        let warnings = summary["warnings"].to_string();
        assert!(warnings.contains("b.refused"), "{word:?}: {warnings}");
        let opened = bench.phone().stats().services["com.apple.mobile.house_arrest"];
        assert!(opened < 12, "{word:?}: asked {opened} times");
    }
}

#[test]
fn folders_and_documents_that_cannot_be_read() {
    let of = |name: &str| format!("{NOTES}/Documents/{name}");
    let bench = Bench::of(
        [notes()],
        |phone| {
            phone.faults = Faults::default()
                .with(&of("Trips"), Fault::ListFails(Status::PermissionDenied))
                .with(&of("todo.txt"), Fault::OpenFails(Status::PermissionDenied));
        },
        |_| (),
    );
    let run = bench.files(&["--all"]);
    run.expect(3).says("todo.txt").says("Trips");
    assert!(bench.scene.names().is_empty());
    bench.phone().set_faults(Faults::default().with_times(
        &of("todo.txt"),
        Fault::OpenFails(Status::ObjectBusy),
        1,
    ));
    assert_eq!(bench.summary(&["--all"], 0)["exported_files"], 3);
}

#[test]
fn a_document_that_vanishes_or_ends_early() {
    let of = |name: &str| format!("{NOTES}/Documents/{name}");
    let bench = Bench::of(
        [notes()],
        |phone| {
            phone.faults = Faults::default()
                .with(&of("todo.txt"), Fault::Vanishes)
                .with(&of("Trips/Lisbon.txt"), Fault::EndsAfter(3));
        },
        |_| (),
    );
    let summary = bench.summary(&["--all"], 3);
    assert_eq!(summary["exported_files"], 1);
    assert_eq!(summary["failed"].as_array().unwrap().len(), 2, "{summary}");
    bench.assert_whole();
}

/// A drive of 3 MB, if this user can have one: a small file system in memory, seen by the program only.
#[test]
#[cfg(target_os = "linux")]
fn a_drive_that_gets_full() {
    use std::process::{Command, Stdio};
    let bench = Bench::with(large());
    let script = format!(
        "mount -t tmpfs -o size=8m none '{0}' && '{1}' files --all --to '{0}' --json; code=$?; \
         mount -o remount,size=40m '{0}' && '{1}' files --all --to '{0}' --json >&2; \
         echo $? >&2; find '{0}' -type f -not -path '*/.iexport/*' | wc -l >&2; \
         ls '{0}/.iexport/partial' | wc -l >&2; exit $code",
        bench.scene.dest.display(),
        env!("CARGO_BIN_EXE_iexport"),
    );
    let child = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", &script])
        .env("USBMUXD_SOCKET_ADDRESS", bench.scene.server.address())
        .env("HOME", bench.scene.path("home"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(child) = child else {
        eprintln!("left out: a small drive needs unshare");
        return;
    };
    let run = crate::scene::finish(child);
    if run.stdout.is_empty() {
        assert!(std::env::var_os("IEXPORT_REQUIRE_PEERS").is_none(), "{}", run.text());
        eprintln!("left out: this user may not mount a small drive: {}", run.stderr.trim());
        return;
    }
    let summary = run.expect(8).summary();
    assert_eq!(summary["outcome"], "destination_full");
    let numbers: Vec<u64> = run.stderr.lines().filter_map(|line| line.trim().parse().ok()).collect();
    assert_eq!(numbers, [0, 6, 0], "the next run goes on: {}", run.text());
}
