//! Whatever a phone says, the sidecars are well-formed and say the same.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::*;
use crate::sidecar::text;

/// Any text, with more than its share of what XML takes badly.
fn any_text() -> impl Strategy<Value = String> {
    let odd = proptest::sample::select(vec![
        '<',
        '>',
        '&',
        '"',
        '\'',
        ']',
        '\0',
        '\u{1}',
        '\u{b}',
        '\u{1f}',
        '\t',
        '\n',
        '\r',
        ' ',
        '\u{7f}',
        '\u{85}',
        '\u{2028}',
        '\u{fffd}',
        '\u{fffe}',
        '\u{ffff}',
        '\u{feff}',
        '\u{202e}',
        '\u{1f3d6}',
        '\u{10ffff}',
        '/',
        '|',
        ';',
        '#',
        'x',
    ]);
    let character = prop_oneof![3 => odd, 2 => any::<char>(), 2 => proptest::char::range('a', 'e')];
    let text = proptest::collection::vec(character, 0..24).prop_map(String::from_iter);
    prop_oneof![
        8 => text,
        1 => Just("<![CDATA[ ]]> &amp; &#0; <?xpacket?> <!-- --".to_owned()),
        1 => Just("\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} ".repeat(3000)),
    ]
}

prop_compose! {
    fn any_item()(
        title in proptest::option::of(any_text()),
        caption in proptest::option::of(any_text()),
        name in any_text(),
        keywords in proptest::collection::vec(any_text(), 0..4),
        people in proptest::collection::vec((proptest::option::of(any_text()), any::<[f32; 3]>()), 0..4),
        orientation in proptest::option::of(0_u8..10),
        dimensions in proptest::option::of((0_u32..5000, 0_u32..5000)),
        location in proptest::option::of(any::<(f64, f64)>()),
        nanoseconds in any::<i64>(),
        east in proptest::option::of(-50_400..50_400_i32),
        favorite in any::<bool>(),
        duration in proptest::option::of(any::<f64>()),
    ) -> Item {
        let mut item = item("U", &name, 0);
        item.title = title.map(Into::into);
        item.caption = caption.map(Into::into);
        item.keywords = keywords.into_iter().map(Into::into).collect();
        item.faces =
            people.iter().map(|(name, [x, y, size])| face(name.as_deref(), Some((*x, *y, *size)))).collect();
        item.orientation = orientation;
        item.dimensions = dimensions;
        item.location = location;
        item.taken = Some(CaptureTime {
            instant: Timestamp::from_nanosecond(i128::from(nanoseconds)).unwrap(),
            offset: east.map(|east| Offset::from_seconds(east).unwrap()),
        });
        item.favorite = favorite;
        item.duration_seconds = duration;
        item.albums = vec![0, 1];
        item
    }
}

prop_compose! {
    fn any_albums()(parts in proptest::collection::vec(any_text(), 3)) -> Vec<Album> {
        let mut albums = albums();
        albums[0].title.clone_from(&parts[0]);
        albums[0].folders = parts[1..].iter().map(|part| part.as_str().into()).collect();
        albums
    }
}

/// What is left of a text that somebody said.
fn said(text: &str) -> Option<String> {
    (!text.trim().is_empty()).then(|| text::xml(text).into_owned())
}

fn tags(read: &BTreeMap<String, Vec<String>>, name: &str) -> Vec<String> {
    read.get(name).cloned().unwrap_or_default()
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(20_240_309), ..ProptestConfig::with_cases(400) })]

    #[test]
    fn xmp_says_what_the_phone_said(item in any_item(), albums in any_albums()) {
        let xmp = xmp_of(&item, &albums);
        let read = read(&xmp);
        let texts = |name: &str| tags(&read, name);
        let one = |text: Option<&str>| -> Vec<String> { text.and_then(said).into_iter().collect() };
        prop_assert_eq!(texts("dc:title"), one(item.title.as_deref()));
        prop_assert_eq!(texts("dc:description"), one(item.caption.as_deref()));
        prop_assert_eq!(texts("xmpMM:PreservedFileName"), one(Some(item.original_name.as_str())));
        let keywords: Vec<String> = item.keywords.iter().filter_map(|keyword| said(keyword)).collect();
        prop_assert_eq!(texts("dc:subject"), keywords);
        // Tags and people have one line each, and both notations have the same ones.
        for name in ["Iptc4xmpExt:PersonInImage", "lr:hierarchicalSubject", "digiKam:TagsList", "mwg-rs:Name"] {
            for text in texts(name) {
                prop_assert!(!text.contains(['\n', '\r', '\t']) && !text.trim().is_empty(), "{name}: {text:?}");
            }
        }
        prop_assert_eq!(texts("lr:hierarchicalSubject").len(), texts("digiKam:TagsList").len());
        for face in texts("mwg-rs:Name") {
            prop_assert!(texts("Iptc4xmpExt:PersonInImage").contains(&face));
        }
        for area in ["stArea:x", "stArea:y", "stArea:w", "stArea:h"].into_iter().flat_map(texts) {
            let value: f64 = area.parse().unwrap();
            prop_assert!((0.0..=1.0).contains(&value), "{value}");
        }
        prop_assert_eq!(xmp_of(&item, &albums), xmp);
    }

    #[test]
    fn json_says_what_the_phone_said(item in any_item(), albums in any_albums()) {
        let subject = Subject { item: &item, albums: &albums, files: &[], is_dated: true };
        let read: serde_json::Value = serde_json::from_slice(&json::render(&subject).unwrap()).unwrap();
        prop_assert_eq!(read["title"].as_str(), item.title.as_deref());
        prop_assert_eq!(read["caption"].as_str(), item.caption.as_deref());
        prop_assert_eq!(read["original_name"].as_str(), Some(item.original_name.as_str()));
        prop_assert_eq!(read["albums"][0]["title"].as_str(), Some(albums[0].title.as_str()));
        prop_assert_eq!(read["faces"].as_array().unwrap().len(), item.faces.len());
    }

    #[test]
    fn only_what_xml_cannot_hold_changes(text in any_text()) {
        let fit = text::xml(&text);
        prop_assert_eq!(fit.chars().count(), text.chars().count());
        for (is, was) in fit.chars().zip(text.chars()) {
            let is_control = was < ' ' && !matches!(was, '\t' | '\n' | '\r');
            if is_control || matches!(was, '\u{fffe}' | '\u{ffff}') {
                prop_assert_eq!(is, '\u{fffd}');
            } else {
                prop_assert_eq!(is, was);
            }
        }
    }
}
