use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::*;

#[track_caller]
fn becomes(text: &str, name: &str) {
    assert_eq!(DestName::portable(text).as_str(), name, "{text:?}");
}

#[test]
fn ordinary_names_stay() {
    for name in ["IMG_0001.HEIC", "Caf\u{e9} \u{1f600}.jpg", "a.b.c", "100%", "-x", "~", "_edited", "x y"] {
        becomes(name, name);
        assert!(DestName::is_portable(name));
    }
}

#[test]
fn characters_that_some_drive_forbids_look_as_before() {
    becomes(
        "a<b>c:d\"e/f\\g|h?i*j",
        "a\u{ff1c}b\u{ff1e}c\u{ff1a}d\u{ff02}e\u{ff0f}f\u{ff3c}g\u{ff5c}h\u{ff1f}i\u{ff0a}j",
    );
    becomes("a\0b\nc\u{7f}d\u{85}e\u{81}f", "a\u{2400}b\u{240a}c\u{2421}d\u{2424}e\u{fffd}f");
    becomes("a\u{fdd0}b\u{ffff}c\u{1fffe}", "a\u{fffd}b\u{fffd}c\u{fffd}");
}

#[test]
fn the_ends_of_a_name() {
    becomes("name. . .", "name\u{ff0e}\u{2423}\u{ff0e}\u{2423}\u{ff0e}");
    becomes("  name ", "\u{2423}\u{2423}name\u{2423}");
    becomes(".hidden", "\u{ff0e}hidden");
    becomes(".iexport", "\u{ff0e}iexport");
    becomes("..", "\u{ff0e}\u{ff0e}");
    becomes(".", "\u{ff0e}");
    becomes("", "_");
    becomes(" ", "\u{2423}");
    becomes(" .x", "\u{2423}.x");
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
    becomes("CON .", "CON\u{2423}\u{ff0e}");
}

#[test]
fn composed() {
    becomes("Cafe\u{301}", "Caf\u{e9}");
}

#[test]
fn long_names_are_cut_between_characters() {
    let name = DestName::portable(&"\u{1f600}".repeat(100));
    assert_eq!(name.as_str().len(), 252);
    // Three bytes, but four units decomposed: an HFS+ drive holds fewer of them.
    let name = DestName::portable(&"\u{1f82}".repeat(100));
    assert_eq!(name.as_str().chars().count(), 63);
}

#[test]
fn a_long_name_is_not_cut_into_one_that_ends_badly() {
    becomes(&format!("{}. .rest", "x".repeat(253)), &"x".repeat(253));
}

#[test]
fn extensions() {
    let extension = |text| extension(text, Names::Portable);
    assert_eq!(extension("HEIC").as_deref(), Some("HEIC"));
    assert_eq!(extension(" a:b. ").as_deref(), Some("a\u{ff1a}b\u{ff0e}"));
    assert_eq!(extension("  "), None);
    assert_eq!(extension("").as_deref(), None);
    assert_eq!(extension(&"x".repeat(300)).map(|text| text.len()), Some(MAX_EXTENSION));
}

#[test]
fn stems() {
    let stem = |text| stem(text, Names::Portable);
    assert_eq!(stem("IMG_1").as_deref(), Some("IMG_1"));
    for nothing in ["", "  ", ". .", "\t\n"] {
        assert_eq!(stem(nothing), None, "{nothing:?}");
    }
    assert_eq!(stem("_").as_deref(), Some("_"));
    assert_eq!(stem(&"x".repeat(300)).map(|text| text.len()), Some(MAX_CLEAN_STEM));
    assert_eq!(without_dots("Party 12.30"), "Party 12\u{ff0e}30");
    assert!(without_dots(&"x.".repeat(80)).len() <= MAX_CLEAN_STEM);
}

#[test]
fn the_reserved_name_is_that_of_the_own_folder() {
    assert_eq!(RESERVED, crate::transfer::OWN_FOLDER);
}

#[test]
#[cfg(unix)]
fn native_names_stay_as_far_as_they_can() {
    #[track_caller]
    fn becomes(text: &str, name: &str) {
        assert_eq!(DestName::new(text, Names::Native).as_str(), name, "{text:?}");
    }
    for name in ["a<b>c:d\"e\\g|h?i*j", "CON", " x ", ".hidden", "x.", "Cafe\u{301}", ".iexport2", "..."] {
        becomes(name, name);
    }
    becomes("a/b\nc", "a\u{ff0f}b\u{240a}c");
    becomes(".", "\u{ff0e}");
    becomes("..", "\u{ff0e}\u{ff0e}");
    becomes("", "_");
    for own in [".iexport", ".IEXPORT", ".iexport. ", ".iex\u{200d}port", "\u{feff}.iexport"] {
        assert!(!is_reserved(DestName::new(own, Names::Native).as_str()), "{own:?}");
        assert!(!DestName::is_name(own), "{own:?}");
    }
    assert_eq!(DestName::new(&"\u{1f600}".repeat(100), Names::Native).as_str().len(), 252);
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
        let name = DestName::portable(&text);
        let name = name.as_str();
        prop_assert!(!name.is_empty());
        prop_assert!(name.len() <= 255 && name.encode_utf16().count() <= 255);
        prop_assert!(name.nfd().map(char::len_utf16).sum::<usize>() <= 255);
        prop_assert!(!name.chars().any(is_bad_somewhere));
        prop_assert!(!name.starts_with([' ', '.']) && !name.ends_with([' ', '.']));
        prop_assert!(unicode_normalization::is_nfc(name));
        prop_assert!(!is_device(name));
        prop_assert!(DestName::is_name(name), "what is portable can be had anywhere");
    }

    #[test]
    fn any_text_becomes_a_native_name(text in text()) {
        let name = DestName::new(&text, Names::Native);
        prop_assert!(DestName::is_name(name.as_str()), "{:?}", name);
        prop_assert!(!name.as_str().chars().any(is_bad_anywhere));
        prop_assert_eq!(&DestName::new(name.as_str(), Names::Native), &name);
    }

    #[test]
    fn a_portable_name_stays_as_it_is(text in text()) {
        let name = DestName::portable(&text);
        prop_assert_eq!(&DestName::portable(name.as_str()), &name);
        prop_assert!(DestName::is_portable(name.as_str()));
    }

    #[test]
    fn short_texts_can_be_read_back(text in "[ -~\\x00-\\x1f\\x7f]{1,60}") {
        let name = DestName::portable(&text);
        let back: String = name.as_str().chars().map(|c| match u32::from(c) {
            wide @ 0xff01..=0xff5e => char::from_u32(wide - 0xfee0).unwrap(),
            picture @ 0x2400..=0x241f => char::from_u32(picture - 0x2400).unwrap(),
            0x2421 => '\u{7f}',
            0x2423 => ' ',
            _ => c,
        }).collect();
        prop_assert_eq!(back.strip_prefix('_').filter(|_| is_device(&text)).unwrap_or(&back), text);
    }

    #[test]
    fn parts_of_any_text_make_a_name(a in text(), b in text(), native in any::<bool>()) {
        let names = if native { Names::Native } else { Names::Portable };
        let stem = stem(&a, names).unwrap_or_else(|| NOTHING.to_owned());
        let extension = extension(&b, names);
        let name = DestName::of_parts(&stem, extension.as_deref(), names);
        let expected = extension.map_or(stem.clone(), |extension| format!("{stem}.{extension}"));
        prop_assert_eq!(name.as_str(), expected, "nothing has to be mended");
        prop_assert!(DestName::is_stem(&stem));
    }
}
