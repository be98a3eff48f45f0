use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::*;

#[track_caller]
fn becomes(text: &str, name: &str) {
    assert_eq!(PortableName::from_text(text).as_str(), name, "{text:?}");
}

#[test]
fn ordinary_names_stay() {
    for name in ["IMG_0001.HEIC", "Caf\u{e9} \u{1f600}.jpg", "a.b.c", "100%", "-x", "~", "_edited", "x y"] {
        becomes(name, name);
        assert!(PortableName::is_portable(name));
    }
}

#[test]
fn characters_that_some_drive_forbids() {
    becomes("a<b>c:d\"e/f\\g|h?i*j", "a_b_c_d_e_f_g_h_i_j");
    becomes("a\0b\nc\u{7f}d\u{85}e", "a_b_c_d_e");
}

#[test]
fn the_ends_of_a_name() {
    becomes("name. . .", "name");
    becomes("  name ", "name");
    becomes(".hidden", "_hidden");
    becomes(".iexport", "_iexport");
    becomes("..", "_");
    becomes(".", "_");
    becomes("", "_");
    becomes("   ", "_");
    becomes(" .x", "_x");
}

#[test]
fn device_names_of_windows() {
    for device in
        ["CON", "prn", "Aux", "nul", "COM0", "com1", "LPT9", "COM\u{b9}", "lpt\u{b3}", "CONIN$", "conout$"]
    {
        for name in
            [device.to_owned(), format!("{device}.txt"), format!("{device}.tar.gz"), format!("{device} .x")]
        {
            becomes(&name, &format!("_{name}"));
        }
    }
    for fine in ["CONS", "COM", "COM10", "COMA", "NUL1", "a.CON", "LPT\u{e9}", "CO"] {
        becomes(fine, fine);
    }
    becomes("CON .", "_CON");
}

#[test]
fn composed() {
    becomes("Cafe\u{301}", "Caf\u{e9}");
}

#[test]
fn long_names_are_cut_between_characters() {
    let name = PortableName::from_text(&"\u{1f600}".repeat(100));
    assert_eq!(name.as_str().len(), 252);
    // Three bytes, but four units decomposed: an HFS+ drive holds fewer of them.
    let name = PortableName::from_text(&"\u{1f82}".repeat(100));
    assert_eq!(name.as_str().chars().count(), 63);
}

#[test]
fn extensions() {
    assert_eq!(extension("HEIC").as_deref(), Some("HEIC"));
    assert_eq!(extension(" a:b. ").as_deref(), Some("a_b_"));
    assert_eq!(extension("  "), None);
    assert_eq!(extension("").as_deref(), None);
    assert_eq!(extension(&"x".repeat(300)).map(|text| text.len()), Some(MAX_EXTENSION));
}

#[test]
fn stems() {
    assert_eq!(stem("IMG_1").as_deref(), Some("IMG_1"));
    assert_eq!(stem("").as_deref(), None);
    assert_eq!(stem("_").as_deref(), Some("_"));
    assert_eq!(stem(&"x".repeat(300)).map(|text| text.len()), Some(MAX_CLEAN_STEM));
}

/// Any characters, those that matter more often than others.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => any::<String>(),
        3 => "[ ./:*a_]{0,4}",
        1 => "(CON|nul|COM1|lpt\u{b2})",
        1 => "[<=>]\u{338}",
        1 => "(\u{1f82}|\u{1f600}|e\u{301}|\u{ac00}){0,99}",
    ];
    proptest::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig {
        rng_seed: RngSeed::Fixed(1),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_text_becomes_a_portable_name(text in text()) {
        let name = PortableName::from_text(&text);
        let name = name.as_str();
        prop_assert!(!name.is_empty());
        prop_assert!(name.len() <= 255 && name.encode_utf16().count() <= 255);
        prop_assert!(name.nfd().map(char::len_utf16).sum::<usize>() <= 255);
        prop_assert!(!name.chars().any(is_bad));
        prop_assert!(!name.starts_with([' ', '.']) && !name.ends_with([' ', '.']));
        prop_assert!(unicode_normalization::is_nfc(name));
        prop_assert!(!is_device(name));
    }

    #[test]
    fn a_portable_name_stays_as_it_is(text in text()) {
        let name = PortableName::from_text(&text);
        prop_assert_eq!(&PortableName::from_text(name.as_str()), &name);
        prop_assert!(PortableName::is_portable(name.as_str()));
    }

    #[test]
    fn parts_of_any_text_make_a_portable_name(a in text(), b in text()) {
        let stem = stem(&a).unwrap_or_else(|| NOTHING.to_owned());
        let extension = extension(&b);
        let name = PortableName::of_parts(&stem, extension.as_deref());
        let expected = extension.map_or(stem.clone(), |extension| format!("{stem}.{extension}"));
        prop_assert_eq!(name.as_str(), expected, "nothing has to be mended");
        prop_assert!(PortableName::is_stem(&stem));
    }
}
