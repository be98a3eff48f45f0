//! Phones that answer in their own ways.

use phone_libraries::InstalledApp;
use virtual_iphone::Ordering;

use super::{Bench, below, notes};

/// Twenty apps with forty documents each.
fn twenty() -> Vec<InstalledApp> {
    let app = |n: usize| {
        let app = InstalledApp::new(format!("com.example.app{n:02}"), format!("App {n:02}"));
        (0..40).fold(app, |app, file| {
            app.file(format!("Documents/{}/{file}.txt", file % 4), format!("{n} {file}"))
        })
    };
    (0..20).map(app).collect()
}

#[test]
fn twenty_apps_are_opened_as_they_are_needed() {
    let bench = Bench::with(twenty());
    let summary = bench.summary(&["--all"], 0);
    assert_eq!(summary["exported_files"], 800);
    let truth =
        (0..20).flat_map(|n| below(&format!("App {n:02}"), bench.truth(&format!("com.example.app{n:02}"))));
    assert_eq!(bench.scene.exported(), truth.collect());
    // Each app is opened to be walked through and once more to be copied, over two connections.
    let opened = bench.phone().stats().services["com.apple.mobile.house_arrest"];
    assert!(opened <= 20 * 2 * 2, "{opened} connections for twenty apps");
}

#[test]
fn a_phone_that_takes_one_request_at_a_time() {
    let bench = Bench::of(twenty().into_iter().take(3), |phone| phone.ordering = Ordering::Serial, |_| ());
    assert_eq!(bench.summary(&["--all"], 0)["exported_files"], 120);
    assert_eq!(bench.phone().stats().most_in_flight, 1);
    bench.assert_whole();
}

#[test]
fn a_phone_that_wants_tls_for_its_services() {
    let bench = Bench::of([notes()], |phone| phone.service_tls = true, |_| ());
    assert_eq!(bench.summary(&["--all"], 0)["exported_files"], 3);
    bench.assert_whole();
}

#[test]
fn a_larger_document() {
    let bench = Bench::with([InstalledApp::new("a.b", "App").noise("Documents/film.bin", 20_000_003)]);
    assert_eq!(bench.summary(&["--all"], 0)["exported_bytes"], 20_000_003);
    assert_eq!(bench.scene.exported(), below("App", bench.truth("a.b")));
}
