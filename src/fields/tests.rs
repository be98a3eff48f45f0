#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

use super::*;
use crate::catalog::{Catalog, Media, MediaKind};
use crate::testing::{album, catalog, item, photo};

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
    for (table, catalog) in [(&PHOTOS, library()), (&MEDIA, music())] {
        for field in table.fields {
            let question = Engine::over(table).compile_expression(field.example);
            let question = question.unwrap_or_else(|error| panic!("{}: {error}", field.name));
            assert!(field.example.contains(field.name), "{}", field.name);
            for item in &catalog.items {
                let value = field.of(item, &catalog);
                assert!(field.optional || value != Value::Nothing, "{}", field.name);
                question.matches(item, &catalog).unwrap();
            }
        }
        let words = table.examples;
        Engine::over(table).compile_expression(words.0).unwrap();
        Engine::over(table).compile_template(words.1).unwrap();
    }
}

fn music() -> Catalog {
    let mut song = photo("track:1", "Song.mp3", 0, 10);
    song.kind = MediaKind::Song;
    song.title = Some("Song".into());
    song.albums = vec![0];
    song.media = Some(Box::new(Media {
        artist: Some("Ada".into()),
        year: Some(1843),
        track: Some(3),
        rating: Some(80),
        ..Media::default()
    }));
    let mut bare = item("track:2", "ABCD.m4a", 0);
    (bare.kind, bare.taken) = (MediaKind::Song, None);
    catalog(vec![song, bare], vec![album("Sport/Run", &[0])])
}

#[test]
fn media_have_names_of_their_own() {
    let music = music();
    let holds = |source: &str, at: usize| {
        let question = Engine::over(&MEDIA).compile_expression(source).unwrap();
        question.matches(&music.items[at], &music).unwrap()
    };
    for yes in [
        "artist == 'Ada'",
        "year < 1900 and track == 3",
        "rating == 4",
        "'Sport/Run' in playlists",
        "not protected",
        "album is none",
        "kind == 'song'",
        "extension == 'mp3'",
    ] {
        assert!(holds(yes, 0), "{yes}");
    }
    assert!(holds("artist is none and rating is none and not compilation", 1));
    assert!(!holds("rating >= 1", 1), "what was not rated has no stars to compare");
    let error = Engine::over(&MEDIA).compile_expression("persons").unwrap_err();
    assert!(error.remedy().contains("iexport fields music"), "{}", error.remedy());
    let error = Engine::over(&MEDIA).compile_expression("author == 'Ada'").unwrap_err();
    assert!(error.remedy().contains("`artist`"), "{}", error.remedy());
    assert!(Engine::new().compile_expression("artist == 'Ada'").is_err());
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

/// How many of the two items of [`library`] it is true of: none, the first, the second, both.
#[track_caller]
fn matching(source: &str) -> Vec<usize> {
    let mut catalog = library();
    catalog.items[0].duration_seconds = Some(61.5);
    catalog.items[0].dimensions = Some((4000, 3000));
    catalog.items[0].favorite = true;
    catalog.items[0].keywords = vec!["beach".into(), "Rome".into()];
    let predicate = Engine::new().compile_expression(source).unwrap_or_else(|error| panic!("{error}"));
    let is_match = |item| predicate.matches(item, &catalog).unwrap_or_else(|error| panic!("{error}"));
    (0..2).filter(|n| is_match(&catalog.items[*n])).collect()
}

#[test]
fn questions() {
    assert_eq!(matching("favorite"), [0]);
    assert_eq!(matching("not favorite"), [1]);
    assert_eq!(matching("kind == 'photo' and favorite == true"), [0]);
    assert_eq!(matching("'beach' in keywords"), [0]);
    assert_eq!(matching("'each' in keywords"), [] as [usize; 0], "whole words of a list");
    assert_eq!(matching("'each' not in keywords"), [0, 1]);
    assert_eq!(matching("keywords|length == 2"), [0]);
    assert_eq!(matching("'travel' in album|lower"), [0]);
    assert_eq!(matching("stem[4:]|int == 1"), [0]);
    assert_eq!(matching("stem is startingwith 'IMG'"), [0]);
    assert_eq!(matching("original_name == 'clip' or title is containing 'AC'"), [0, 1]);
    assert_eq!(matching("resources[0].size > 15"), [1]);
    assert_eq!(matching("resources[0]['role'] == 'original'"), [0, 1]);
    assert_eq!(matching("resources[1].size > 15"), [] as [usize; 0]);
    assert_eq!(matching("(favorite if duration else not favorite)"), [0, 1]);
    assert_eq!(matching("width * height / 1000000 > 11.5"), [0]);
    assert_eq!(matching("size % 3 == 2 and size // 3 == 6 and -size < 0"), [1]);
    assert_eq!(matching("kind in ['video', 'photo']"), [0, 1]);
    assert_eq!(matching("10 < size <= 20"), [1]);
    assert_eq!(matching("(title|default('none') ~ '!') == 'none!'"), [1]);
}

#[test]
fn what_is_not_there_is_like_nothing() {
    assert_eq!(matching("duration < 100"), [0], "the item without a duration is not a short one");
    assert_eq!(matching("not (duration < 100)"), [1]);
    assert_eq!(matching("duration * 2 < 1000"), [0]);
    assert_eq!(matching("'a' in caption"), [] as [usize; 0]);
    assert_eq!(matching("duration is none"), [1]);
    assert_eq!(matching("duration == none"), [1]);
    assert_eq!(matching("duration|default(0) < 1"), [1]);
    assert_eq!(matching("title|lower == 'ac/dc'"), [0]);
    assert_eq!(matching("title|lower|length > 0"), [0]);
    assert_eq!(matching("edited_at.year > 2000"), [] as [usize; 0]);
    assert_eq!(matching("album|split('/')|first == 'Travel'"), [0]);
    assert_eq!(matching("caption[2:4] == ''"), [0, 1]);
    assert_eq!(matching("size / 0 == none"), [0, 1], "no number comes of that");
}

#[test]
fn dates_are_compared_as_far_as_they_were_written() {
    // Taken on the 9th and on the 10th of March 2024, at noon.
    assert_eq!(matching("taken == '2024-03-09'"), [0]);
    assert_eq!(matching("taken <= '2024-03-09'"), [0]);
    assert_eq!(matching("taken > '2024-03-09'"), [1]);
    assert_eq!(matching("taken <= '2024'"), [0, 1]);
    assert_eq!(matching("'2024-03-09T12:00' < taken"), [1]);
    assert_eq!(matching("taken != '2024-03'"), [] as [usize; 0]);
    assert_eq!(matching("taken.day == 10 and taken.hour == 12"), [1]);
    assert_eq!(matching("taken|date('%A') == 'Saturday'"), [0]);
    assert_eq!(matching("year == 2024 and month == 3 and day == 9"), [0]);
    assert_eq!(matching("taken < added"), [] as [usize; 0]);
}

#[test]
fn templates_have_statements() {
    let template = "{% if favorite %}f{% elif size > 15 %}{{ size|pad(4) }}{% else %}x{% endif %}";
    assert_eq!(path(template, 1), ["0020"]);
    assert_eq!(path("{% set y = taken.year %}{{ y }}/{{ taken.month|pad(2) }}", 0), ["2024", "03"]);
    assert_eq!(
        path("{% for a in albums %}{{ loop.index }}-{{ a|folders }}{% else %}none{% endfor %}", 0),
        ["1-Travel", "Italy 2024"]
    );
    assert_eq!(path("{% for a in albums %}{{ a }}{% else %}none{% endfor %}", 1), ["none"]);
    assert_eq!(path("{% with a = title|upper %}{{ a ~ '/' }}{% endwith %}", 0), ["AC/DC/"]);
    assert_eq!(path("{{ album|split('/')|reverse|join('/')|folders }}", 0), ["Italy 2024", "Travel"]);
    assert_eq!(path("{{ favorite }} {{ duration }}", 0), ["no "]);
}

#[test]
fn a_text_of_the_phone_makes_no_folders_by_itself() {
    let mut catalog = library();
    catalog.items[0].title = Some("a\u{fdd1}b\u{fdd0}c/../d".into());
    let template = Engine::new().compile_template("{{ title }}").unwrap();
    let names = template.render_path(&catalog.items[0], &catalog).unwrap();
    assert_eq!(names, ["a\u{fffd}b\u{fffd}c/../d"]);
}

/// Wrong expressions, what is marked of them, and words of the complaint or the remedy.
const WRONG: &[(&str, &str, &str)] = &[
    ("favourite", "favourite", "`favorite`"),
    ("live and Favorite", "Favorite", "`favorite`"),
    ("filename == 'a'", "filename", "`original_name`"),
    ("kind = 'video'", "=", "`==`"),
    ("favorite && live", "&", "`and`"),
    ("favorite || live", "|", "`or`"),
    ("!favorite", "!", "`not`"),
    ("kind == video", "video", "quotes"),
    ("kind == 'vidoe'", "'vidoe'", "'video'"),
    ("kind == 'Photo'", "'Photo'", "'photo'"),
    ("kind in ['photo', 'film']", "'film'", "photo, video, other"),
    ("'favorite'", "'favorite'", "without quotes"),
    ("favorite > 'x'", "favorite", "`not favorite`"),
    ("favorite == 'yes'", "favorite == 'yes'", "`not favorite`"),
    ("duration > '60'", "duration > '60'", "without quotes"),
    ("title > 5", "title > 5", "in quotes"),
    ("taken > 'yesterday'", "'yesterday'", "2024-08-15"),
    ("taken == '2024-02-31'", "'2024-02-31'", "no date"),
    ("taken > 2024", "taken > 2024", "in quotes"),
    ("albums == 'Cats'", "albums == 'Cats'", "`in`"),
    ("persons > 2", "persons", "`|length`"),
    ("3 in size", "size", "nothing can be in a number"),
    ("2 in keywords", "2 in keywords", "list of texts"),
    ("title.startswith('a')", "startswith", "`original_name is startingwith"),
    ("len(persons) > 1", "len", "`persons|length`"),
    ("title|lowercase == 'a'", "lowercase", "`lower`"),
    ("title is startswith 'a'", "startswith", "`startingwith`"),
    ("title is defined", "defined", "`is not none`"),
    ("taken.yaer == 2024", "yaer", "`year`"),
    ("resources[0].siez > 1", "siez", "`size`"),
    ("title.size > 1", "size", "no parts"),
    ("taken|date('%!') == 'a'", "'%!'", "no form of a date"),
    ("taken|lower == 'a'", "taken|lower", "|date("),
    ("title|date('%Y') == 'a'", "title|date", "for a time"),
    ("title|replace('a') == 'b'", "replace", "2 arguments"),
    ("title|lower(1) == 'b'", "lower", "no argument"),
    ("stem + 'x' == 'y'", "stem + 'x'", "`~`"),
    ("title * 2 > 1", "title", "a number"),
    ("favorite and", "", "missing at the end"),
    ("(favorite", "", "`)`"),
    ("title == 'abc", "'abc", "quote"),
    ("", "", "empty"),
    ("   ", "", "empty"),
    ("{{ favorite }}", "{{", "curly"),
    ("title is none(1)", "none", "no argument"),
    ("null", "null", "`none`"),
    ("title == null", "null", "`none`"),
];

#[test]
fn what_is_wrong_is_shown_and_what_to_do() {
    for (source, place, words) in WRONG {
        let Err(error) = Engine::new().compile_expression(source) else { panic!("{source} is right") };
        let text = format!("{error}\n{}", error.remedy());
        assert_eq!(&source[error.range()], *place, "{text}");
        assert!(text.contains(words), "{words} is not in\n{text}");
        assert!(!error.remedy().is_empty() && !error.what().contains('\n'), "{text}");
    }
}

#[test]
fn wrong_templates() {
    for (source, place, words) in [
        ("{{ albums }}", "albums", "|join("),
        ("{{ resources }}", "resources", "|first"),
        ("{{ resources|first }}", "resources|first", "one of its parts"),
        ("{{ taken|date('%Y') }", "", "`}}`"),
        ("{{ taken", "", "`}}`"),
        ("{% for a in album %}{{ a }}{% endfor %}", "album", "Only lists"),
        ("{% if favorite %}x", "", "endif"),
        ("{% autoescape true %}{% endautoescape %}", "autoescape", "of no use"),
        ("{% include 'x' %}", "include", ""),
        ("x/{{ a.b }}", "a", "no field"),
        ("", "", "{{ taken.year }}"),
        ("{{ titel }}", "titel", "`title`"),
        ("{{ taken.yera }}", "yera", "`year`"),
        ("{{ title|slug }}", "slug", "no filter"),
        ("{{ taken|date }}", "date", "one argument"),
        ("{{ taken|date(2024) }}", "2024", "wants a text"),
        ("{{ taken|date('%!') }}", "'%!'", "no form of a date"),
        ("{{ stem|pad('x') }}", "'x'", "a number"),
        ("{{ stem + '_1' }}", "stem + '_1'", "`~`"),
        ("{{ stem.upper() }}", "upper", "|upper"),
        ("{{ now() }}", "now", "no function"),
        ("{% if kind == 'movie' %}x{% endif %}", "'movie'", "photo, video, other"),
        ("{% if taken > 2024 %}x{% endif %}", "taken > 2024", "in quotes"),
        ("{% for p in persons %}{{ person }}{% endfor %}", "person", "`persons`"),
        ("{{ 'a }}", "'a }}", "no quote at its end"),
        ("{% set title %}x{% endset %}", "set", "of no use"),
        ("{{ }}", "", "between the braces"),
        ("{% favorite %}", "favorite", "statement"),
        ("{{ title is startswith('a') }}", "startswith", "`startingwith`"),
    ] {
        let Err(error) = Engine::new().compile_template(source) else { panic!("{source} is right") };
        let text = format!("{error}\n{}", error.remedy());
        let marked = &source[error.range()];
        assert!(
            place.is_empty() || marked.starts_with(place) || place.starts_with(marked),
            "{marked}: {text}"
        );
        assert!(text.contains(words), "{text}");
    }
}

#[test]
fn every_filter_and_test_has_an_example_that_is_right() {
    let catalog = library();
    for table in [&PHOTOS, &MEDIA] {
        for word in FILTERS.iter().chain(TESTS) {
            let example = word.example(table);
            assert!(example.contains(word.name), "{example}");
            let predicate = Engine::over(table).compile_expression(example);
            let predicate = predicate.unwrap_or_else(|error| panic!("{example}: {error}"));
            for item in &catalog.items {
                predicate.matches(item, &catalog).unwrap();
            }
        }
    }
    for words in [FILTERS, TESTS] {
        assert!(words.is_sorted_by_key(|word| word.name));
    }
}

#[test]
fn names_are_given_once() {
    for table in [&PHOTOS, &MEDIA] {
        let mut names: Vec<_> = table.fields.iter().map(|field| field.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), table.fields.len());
    }
    assert_eq!((MEDIA.nearest("author"), MEDIA.nearest("drm")), (Some("artist"), Some("protected")));
    for wrong in ["date", "people", "favourite", "Name", "slow-mo"] {
        assert!(PHOTOS.nearest(wrong).is_some(), "{wrong}");
    }
    assert_eq!(PHOTOS.nearest("qqqq"), None);
}

#[test]
fn deep_sources_are_survived() {
    // As little stack as a thread of the runtime has.
    let thread = std::thread::Builder::new().stack_size(2 << 20);
    let run = || {
        for source in [
            format!("size{}", "+1".repeat(900)),
            format!("{}favorite", "not ".repeat(490)),
            format!("{}1{}", "(".repeat(900), ")".repeat(900)),
            format!("{}1{}", "[".repeat(900), "]".repeat(900)),
            format!("size{}", "|abs".repeat(450)),
            format!("size{}", "[0]".repeat(600)),
            format!("favorite{}", " or live".repeat(240)),
            format!("{}size", "-".repeat(1900)),
            "a".repeat(5000),
        ] {
            if let Ok(predicate) = Engine::new().compile_expression(&source) {
                let catalog = library();
                let _ = predicate.matches(&catalog.items[0], &catalog);
            }
        }
    };
    thread.spawn(run).unwrap().join().unwrap();
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig {
        rng_seed: proptest::test_runner::RngSeed::Fixed(7),
        ..proptest::prelude::ProptestConfig::default()
    })]

    #[test]
    fn anything_may_be_written(source in ".{0,60}") {
        anything(&source);
    }

    #[test]
    fn anything_of_the_right_words_may_be_written(
        words in proptest::collection::vec(proptest::sample::select(vec![
            "favorite", "duration", "title", "albums", "taken", "resources", "kind", "and", "or", "not", "in", "is",
            "none", "==", "<", "+", "~", "-", "(", ")", "[", "]", "|", "lower", "date", "'%Y'", "'2024'", "1", "if",
            "else", ".", "year", "size", ",", "length", "first", "default", ":", "startingwith",
        ]), 0..12),
    ) {
        anything(&words.join(" "));
    }
}

/// Compiles and runs it if it can be; what is wrong must have a place and a remedy.
fn anything(source: &str) {
    let catalog = library();
    let check = |error: &FieldError| {
        assert!(error.source_text().get(error.range()).is_some());
        assert!(!error.what().is_empty() && !error.remedy().is_empty());
        assert_eq!(error.picture().lines().count(), 2, "{}", error.picture());
    };
    match Engine::new().compile_expression(source) {
        Ok(predicate) => {
            for item in &catalog.items {
                predicate.matches(item, &catalog).as_ref().err().map(check);
            }
        }
        Err(error) => check(&error),
    }
    let template = format!("a/{{{{ {source} }}}}/b");
    match Engine::new().compile_template(&template) {
        Ok(template) => {
            for item in &catalog.items {
                template.render_path(item, &catalog).as_ref().err().map(check);
            }
        }
        Err(error) => check(&error),
    }
}
