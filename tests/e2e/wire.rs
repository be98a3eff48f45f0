//! Every way in which a phone may speak.

use phone_libraries::{AssetSpec, Content, IosVersion, Library, Recipe};
use virtual_iphone::{CutTarget, Faults, Operation, Ordering};

use crate::scene::{Scene, moment};

/// A few files of some megabytes, so that reading ahead has something to do.
fn large() -> Library {
    let mut library = Library::new(IosVersion::Ios18);
    for n in 0..4u8 {
        let bytes: Vec<u8> = (0..5_000_000u32).map(|i| (i.wrapping_mul(31) >> 3) as u8 ^ n).collect();
        let spec = AssetSpec::at(format!("DCIM/100APPLE/IMG_000{n}.MOV")).captured(moment(i64::from(n)));
        library.asset(spec.content(Content::Bytes(bytes)));
    }
    library
}

fn exported_whole(scene: &Scene) {
    scene.export(&[]).expect(0).says("Exported              4 files");
    assert_eq!(scene.names().len(), 4);
    scene.assert_nothing_half_written();
}

#[test]
fn many_requests_are_in_flight() {
    let scene = Scene::with(&large());
    exported_whole(&scene);
    let stats = scene.phone().stats();
    assert!(stats.most_in_flight > 3, "{stats:?}");
}

#[test]
fn a_phone_that_answers_in_order() {
    let scene = Scene::of(&large(), |phone| phone.ordering = Ordering::InOrder);
    exported_whole(&scene);
}

#[test]
fn a_phone_that_takes_one_request_at_a_time() {
    let scene = Scene::of(&large(), |phone| phone.ordering = Ordering::Serial);
    exported_whole(&scene);
    assert!(scene.phone().stats().count(Operation::FileRead) >= 20);
}

#[test]
fn a_phone_that_wants_tls_for_its_services() {
    let scene = Scene::of(&large(), |phone| phone.service_tls = true);
    exported_whole(&scene);
}

#[test]
fn a_phone_that_refuses_large_reads() {
    let scene = Scene::of(&large(), |phone| phone.faults = Faults::default().refuse_large_reads());
    exported_whole(&scene);
}

#[test]
fn the_cable_is_pulled() {
    let scene = Scene::of(&large(), |phone| {
        phone.faults = Faults::default().cut_after(7_000_000, CutTarget::Phone);
    });
    let run = scene.export(&["--json"]);
    let summary = run.expect(9).summary();
    assert_eq!(summary["outcome"], "phone_lost");
    assert!(summary["not_reached"].as_u64().unwrap() > 0);
    scene.assert_nothing_half_written();
    // Plugged in again, it goes on where it was.
    let done = summary["exported_files"].as_u64().unwrap();
    scene.phone().set_faults(Faults::default());
    scene.phone().reattach();
    let rest = scene.export(&["--json"]).expect(0).summary();
    assert_eq!(rest["exported_files"].as_u64().unwrap(), 4 - done);
    scene.assert_nothing_half_written();
}

#[test]
#[cfg(unix)]
fn somebody_stops_it() {
    use std::io::{BufRead, BufReader, Read};
    let scene = Scene::of(&large(), |phone| phone.link = "rate=4MB/s,rtt=1ms".parse().unwrap());
    let dest = scene.dest.to_str().unwrap().to_owned();
    let mut child = scene.command(&["photos", "--all", "--to", &dest, "--json"]).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains("\"progress\"") {
        line.clear();
        assert!(out.read_line(&mut line).unwrap() > 0, "it ended before it made progress");
    }
    let id = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    let mut rest = String::new();
    out.read_to_string(&mut rest).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130), "{rest}");
    assert!(rest.contains("\"outcome\":\"interrupted\""), "{rest}");
    scene.assert_nothing_half_written();
}

#[test]
fn names_that_try_to_drive_the_terminal_or_leave_the_folder() {
    let mut library = Library::new(IosVersion::Ios18);
    let hostile =
        ["../../etc/passwd.jpg", "\u{1b}[2Jclear.jpg", "CON.jpg", "a:b?.jpg", "\u{202e}gpj.exe.jpg"];
    for (n, name) in hostile.iter().enumerate() {
        let spec = AssetSpec::at(format!("DCIM/100APPLE/IMG_001{n}.JPG")).captured(moment(n as i64));
        library.asset(spec.named(*name));
    }
    let scene = Scene::with(&library);
    let run = scene.run(&["list", "photos"]);
    assert!(!run.expect(0).stdout.contains('\u{1b}'), "{}", run.text());
    scene.export(&[]).expect(0);
    let names = scene.names();
    assert_eq!(names.len(), hostile.len());
    for name in names {
        assert!(name.starts_with("2024/2024-07/"), "{name}");
        let file = name.trim_start_matches("2024/2024-07/");
        assert!(!file.contains([':', '?', '/', '\u{1b}']), "{name}");
        assert_ne!(file.split('.').next().unwrap().to_uppercase(), "CON");
    }
}

#[test]
fn a_library_of_a_thousand() {
    let scene = Scene::with(&Recipe::new(IosVersion::Ios26, 1000).seed(3).library());
    let summary = scene.export(&["--json"]).expect(0).summary();
    assert!(summary["exported_files"].as_u64().unwrap() > 1000);
    assert_eq!(summary["failed"].as_array().unwrap().len(), 0);
    scene.assert_nothing_half_written();
}
