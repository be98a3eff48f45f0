//! `iexport devices`.

use std::io::{BufRead, BufReader};

use crate::scene::{Scene, four};

#[test]
fn a_phone_with_its_name_model_and_state() {
    let scene = Scene::with(&four());
    let run = scene.run(&["devices"]);
    let out = &run.expect(0).stdout;
    for word in ["Virtual iPhone", "iPhone 15 Pro Max", "18.5", "trusted", "00008130-001C2D3E4F506172"] {
        assert!(out.contains(word), "{word:?} is missing\n{}", run.text());
    }
    let line = scene.run(&["devices", "--json"]).expect(0).json().remove(0);
    assert_eq!(line["type"], "device");
    assert_eq!(line["product_type"], "iPhone16,2");
    assert_eq!(line["access"], "trusted");
}

#[test]
fn a_phone_that_was_never_trusted() {
    let scene = Scene::of(&four(), |phone| phone.already_paired = false);
    let line = scene.run(&["devices", "--json"]).expect(0).json().remove(0);
    assert_eq!(line["access"], "not trusted");
}

#[test]
fn what_a_phone_says_of_itself_cannot_move_the_cursor() {
    let scene = Scene::of(&four(), |phone| {
        phone.name = "My\u{1b}[2J\u{202e}Phone\u{9b}3A".into();
        phone.ios = "18.5\u{1b}]0;title\u{7}\u{202e}".into();
        phone.model = "iPhone\u{1b}[2J99,1\r\n\u{9b}2K".into();
    });
    let unlike = |c: char| c != '\n' && (c.is_control() || c == '\u{202e}');
    let list = ["list", "photos"].as_slice();
    for args in [
        ["devices"].as_slice(),
        &["info"],
        list,
        &["devices", "--device", "other"],
        &["info", "--device", "other"],
    ] {
        let run = scene.run(args);
        let said = run.text();
        assert!(!said.contains(unlike), "{args:?}: {said:?}");
        assert!(said.contains("iPhone[2J99,12K"), "{args:?}: {said:?}");
    }
    let line = scene.run(&["devices", "--json"]).expect(0).json().remove(0);
    assert_eq!((&line["ios"], &line["product_type"]), (&"18.5]0;title".into(), &"iPhone[2J99,12K".into()));
}

#[test]
fn phones_that_come_and_go_are_seen() {
    let scene = Scene::with(&four());
    let mut child = scene.command(&["devices", "--watch", "--json"]).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut next = || -> serde_json::Value { serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap() };
    let phone = scene.phone();

    let there = next();
    assert_eq!((&there["type"], &there["name"]), (&"attached".into(), &"Virtual iPhone".into()));
    phone.detach();
    let gone = next();
    assert_eq!((&gone["type"], &gone["udid"]), (&"detached".into(), &phone.udid().into()));
    phone.reattach();
    assert_eq!(next()["type"], "attached");

    child.kill().unwrap();
    child.wait().unwrap();
}
