#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

use super::*;
use crate::catalog::Catalog;
use crate::testing::{album, catalog, photo};

fn library() -> Catalog {
    let mut item = photo("U0", "IMG_0001.HEIC", 0, 10);
    item.albums = vec![0];
    item.title = Some("AC/DC".into());
    catalog(vec![item, photo("U1", "clip", 86_400, 20)], vec![album("Travel/Italy 2024", &[0])])
}

#[track_caller]
fn path(source: &str, item: usize) -> Vec<String> {
    let catalog = library();
    let template = Engine::new().compile_template(source).unwrap();
    template.render_path(&catalog.items[item], &catalog).unwrap()
}

#[test]
fn a_path_is_split_at_the_slashes_of_the_template_only() {
    assert_eq!(path("{{ taken|date('%Y') }}/{{ taken|date('%m') }}", 0), ["2024", "03"]);
    assert_eq!(path("{{ title }}/{{ stem }}", 0), ["AC/DC", "IMG_0001"]);
    assert_eq!(path("{{ album }}", 0), ["Travel/Italy 2024"]);
    assert_eq!(path("{{ album|folders }}", 0), ["Travel", "Italy 2024"]);
    assert_eq!(path("{{ album }}/x//{{ title }}", 1), ["x"], "what is empty is left out");
    assert_eq!(path("{{ album|default('Other') }}", 1), ["Other"]);
}

#[test]
fn names_that_do_not_exist_are_found_at_once() {
    let error = Engine::new().compile_expression("live and favourite").unwrap_err();
    assert_eq!((error.range(), error.what()), (9..18, "there is no field \"favourite\""));
    assert!(error.remedy().contains("`favorite`"));
    assert_eq!(error.to_string().lines().nth(2).unwrap(), "             ^^^^^^^^^");
    let error = Engine::new().compile_template("{{ yaer }}").unwrap_err();
    assert!(error.remedy().contains("`year`"));
}

#[test]
fn every_field_has_an_example_that_is_right() {
    let catalog = library();
    for field in FIELDS {
        let question = Engine::new().compile_expression(field.example);
        let question = question.unwrap_or_else(|error| panic!("{}: {error}", field.name));
        assert!(field.example.contains(field.name), "{}", field.name);
        for item in &catalog.items {
            let _ = field.of(item, &catalog);
        }
        let _ = question;
    }
}

#[test]
fn what_is_compiled_can_go_anywhere() {
    fn anywhere<T: Clone + Send + Sync + PartialEq>(_: &T) {}
    let engine = Engine::new();
    anywhere(&engine.compile_expression("live").unwrap());
    anywhere(&engine.compile_template("{{ stem }}").unwrap());
    assert_eq!(
        engine.compile_template("{{ stem }}").unwrap(),
        engine.compile_template("{{ stem }}").unwrap()
    );
}
