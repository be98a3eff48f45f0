//! What a phone may be like when somebody connects it: each with a message that says what to do.

use std::time::Duration;

use phone_libraries::{IosVersion, Library};
use virtual_iphone::{PhoneConfig, Trust};

use crate::scene::{Scene, finish, four};

#[test]
fn trust_is_asked_for_and_granted_after_three_seconds() {
    let scene = Scene::of(&four(), |phone| {
        phone.already_paired = false;
        phone.trust = Trust::AskFor(Duration::from_secs(3));
    });
    let run = scene.export(&[]);
    run.expect(0)
        .says("tap \"Trust\"")
        .says("trusts this computer now")
        .says("Exported              4 files");
    assert!(scene.server.pair_record(scene.phone().udid()).is_some(), "the pairing is kept");
    // The second time nobody is asked.
    let again = scene.export(&[]);
    again.expect(0);
    assert!(!again.stderr.contains("Trust"), "{}", again.text());
}

#[test]
fn trust_is_denied() {
    let scene = Scene::of(&four(), |phone| {
        phone.already_paired = false;
        phone.trust = Trust::Deny;
    });
    scene.export(&[]).expect(5).says("\"Don't Trust\" was tapped").says("tap \"Trust\"");
    assert!(scene.names().is_empty());
}

#[test]
fn nobody_answers_the_question() {
    let scene = Scene::of(&four(), |phone| {
        phone.already_paired = false;
        phone.trust = Trust::Ask;
    });
    scene.export(&["--wait", "2"]).expect(5).says("nobody answered").says("--wait");
}

#[test]
fn the_phone_forgot_this_computer() {
    let scene = Scene::with(&four());
    scene.export(&[]).expect(0);
    scene.phone().forget_computers();
    scene.export(&[]).expect(0).says("trusts this computer now");
}

#[test]
fn the_phone_is_locked_for_five_seconds() {
    let scene = Scene::of(&four(), |phone| phone.locked_for = Some(Duration::from_secs(5)));
    scene.export(&[]).expect(0).says("is locked. Unlock it").says("is unlocked").says("4 files");
}

#[test]
fn the_phone_is_locked_and_not_paired() {
    let scene = Scene::of(&four(), |phone| {
        phone.already_paired = false;
        phone.locked_for = Some(Duration::from_secs(2));
    });
    scene.export(&[]).expect(0).says("is locked. Unlock it").says("trusts this computer now");
}

#[test]
fn the_phone_stays_locked() {
    let scene = Scene::of(&four(), |phone| phone.locked_for = Some(Duration::from_secs(3600)));
    scene.export(&["--wait", "1"]).expect(6).says("is locked").says("passcode");
    let run = scene.run(&["devices"]);
    assert!(run.expect(0).stdout.contains("locked"), "{}", run.text());
}

#[test]
fn no_phone() {
    let scene = Scene::without_phone();
    scene.export(&[]).expect(4).says("no iPhone was found").says("cable").says("--demo");
    scene.run(&["devices"]).expect(4).says("no iPhone was found");
    let run = scene.run(&["devices", "--json"]);
    assert_eq!(run.expect(4).json()[0]["type"], "error");
}

#[test]
fn no_daemon_where_one_was_named() {
    let scene = Scene::without_phone();
    // A port that was free a moment ago.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    scene.run(&["devices", "--usbmuxd", &free]).expect(4).says(&free).says("Start usbmuxd");
}

#[test]
#[cfg(unix)]
fn no_permission_on_the_socket() {
    use std::os::unix::fs::PermissionsExt;
    let scene = Scene::without_phone();
    let path = scene.path("mux");
    let _listener = std::os::unix::net::UnixListener::bind(&path).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
    let address = format!("UNIX:{}", path.display());
    let run = if std::os::unix::net::UnixStream::connect(&path).is_err() {
        scene.run(&["devices", "--usbmuxd", &address])
    } else {
        // The one who runs the tests may do everything; somebody else may not.
        let Some(run) = as_nobody(&scene, &["devices", "--usbmuxd", &address]) else {
            eprintln!("left out: running as another user needs setpriv");
            return;
        };
        run
    };
    run.expect(1).says("no permission to use the socket").says("Ask for read and write access");
}

/// Runs the program as the user `nobody`, from a place where that user may read it.
#[cfg(unix)]
fn as_nobody(scene: &Scene, args: &[&str]) -> Option<crate::scene::Run> {
    use std::os::unix::fs::PermissionsExt;
    use std::process::{Command, Stdio};
    let open = |path: &std::path::Path| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
    };
    let copy = scene.path("iexport");
    std::fs::copy(env!("CARGO_BIN_EXE_iexport"), &copy).unwrap();
    open(&copy);
    open(copy.parent().unwrap());
    let child = Command::new("setpriv")
        .args(["--reuid", "65534", "--regid", "65534", "--clear-groups"])
        .arg(&copy)
        .args(args)
        .env("HOME", "/nonexistent")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    child.ok().map(finish)
}

fn two() -> Scene {
    let scene = Scene::with(&four());
    let library = Library::new(IosVersion::Ios17).write(&scene.path("second")).unwrap();
    let mut other = PhoneConfig::new(library.media);
    other.already_paired = true;
    "00008110-000A1B2C3D4E5F60".clone_into(&mut other.udid);
    "Anna’s iPhone".clone_into(&mut other.name);
    scene.plug(other);
    scene
}

#[test]
fn two_phones_and_none_named() {
    let scene = two();
    let run = scene.export(&[]);
    run.expect(4).says("2 iPhones are connected").says("--device").says("Anna’s iPhone").says("00008110");
    assert!(scene.names().is_empty());
}

#[test]
fn two_phones_and_one_named() {
    let scene = two();
    scene.export(&["--device", "virtual iphone"]).expect(0).says("4 files");
    scene.export(&["--device", "00008110000a1b2c3d4e5f60"]).expect(0).says("There was nothing to export");
}

#[test]
fn an_unknown_phone_is_named() {
    let scene = two();
    let run = scene.export(&["--device", "Bob"]);
    run.expect(4).says("\"Bob\"").says("These are connected").says("Virtual iPhone").says("Anna’s iPhone");
}
