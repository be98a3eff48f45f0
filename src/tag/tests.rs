use proptest::prelude::*;

use super::mp4::testing::{boxed, full};
use super::testing::*;
use super::*;

fn fill_as(bytes: &[u8], extension: &str, tags: &Tags) -> Result<Filled, TagError> {
    fill(bytes.to_vec(), Some(extension), tags, &Limits::default())
}

/// Fills, and holds the result to what every result has to be. Returns the file and what was added.
#[track_caller]
fn filled(bytes: &[u8], extension: &str, tags: &Tags) -> (Vec<u8>, Vec<TagName>) {
    let Filled::Changed { bytes: after, added, audio, .. } = fill_as(bytes, extension, tags).unwrap() else {
        panic!("nothing was added");
    };
    assert_eq!(audio_hash(bytes, Some(extension)), Ok(audio));
    assert_eq!(audio_hash(&after, Some(extension)), Ok(audio));
    // The same again, and nothing more.
    assert_eq!(filled_bytes(fill_as(bytes, extension, tags).unwrap()), after);
    let Filled::Unchanged { bytes: again, .. } = fill_as(&after, extension, tags).unwrap() else {
        panic!("something was added a second time");
    };
    assert_eq!(again, after);
    (after, added)
}

fn filled_bytes(filled: Filled) -> Vec<u8> {
    match filled {
        Filled::Unchanged { bytes, .. } | Filled::Changed { bytes, .. } => bytes,
    }
}

fn song(version: Option<(u8, &[u8])>, end: &[u8]) -> Vec<u8> {
    let head = version.map(|(version, frames)| id3v2(version, frames)).unwrap_or_default();
    [&head, &mp3_sound()[..], end].concat()
}

fn all_mp4() -> Vec<TestMp4> {
    let mut all = Vec::new();
    for order in [Order::Front, Order::Back] {
        for data_size in [DataSize::Short, DataSize::Wide, DataSize::Open] {
            // Nothing can follow what goes to the end.
            if (order, data_size) == (Order::Back, DataSize::Open) {
                continue;
            }
            for wide in [false, true] {
                for items in [None, Some(Vec::new()), Some(odd_items())] {
                    for user_data in [Vec::new(), [boxed(b"chpl", &noise(1, 30)), vec![0; 4]].concat()] {
                        let padding = boxed(b"free", &[0; 64]);
                        all.push(TestMp4 {
                            order,
                            data_size,
                            wide,
                            items: items.clone(),
                            user_data,
                            padding,
                        });
                    }
                }
            }
        }
    }
    all
}

#[test]
fn mp4_of_every_arrangement() {
    for mp4 in all_mp4() {
        let before = mp4.bytes();
        let (after, added) = filled(&before, "m4a", &all_tags());
        assert_eq!(added.len(), 19, "{mp4:?}");
        let chapters = mp4.user_data.get(..38).unwrap_or_default();
        for part in [&mp4.items.unwrap_or_default()[..], chapters] {
            assert!(part.is_empty() || after.windows(part.len()).any(|bytes| bytes == part));
        }
        let known = Known::read(Kind::Mp4, &after).unwrap();
        for (name, value) in all_tags().wanted(&Limits::default()).values {
            if Known::shows(Kind::Mp4, name) {
                assert!(known.says(name, &value), "{name:?}");
            }
        }
    }
}

#[test]
fn what_an_mp4_says_stays() {
    let item = |kind: &[u8; 4], text: &[u8]| {
        boxed(kind, &boxed(b"data", &[&[0, 0, 0, 1, 0, 0, 0, 0], text].concat()))
    };
    let own =
        [item(b"\xA9nam", b"Own title"), odd_items(), item(b"\xA9day", b"2001-02-03T00:00:00Z")].concat();
    let genre = boxed(b"gnre", &boxed(b"data", &[0, 0, 0, 0, 0, 0, 0, 0, 0, 18]));
    let mp4 = TestMp4 { items: Some([own.clone(), genre.clone()].concat()), ..TestMp4::default() };
    let (after, added) = filled(&mp4.bytes(), "m4a", &all_tags());
    for name in [TagName::Title, TagName::Year, TagName::Genre] {
        assert!(!added.contains(&name), "{name:?}");
    }
    assert_eq!(added.len(), 16);
    assert!(after.windows(own.len()).any(|bytes| bytes == own));
    let known = Known::read(Kind::Mp4, &after).unwrap();
    assert!(known.says(TagName::Title, &Value::Text("Own title".into())));
}

/// What the library cannot read to its end, it cannot read back either.
#[test]
fn tags_that_are_damaged_are_left_alone() {
    let items = Some([odd_items(), boxed(b"yyyy", b"not even data")].concat());
    let refused = fill_as(&TestMp4 { items, ..TestMp4::default() }.bytes(), "m4a", &all_tags());
    assert!(matches!(refused, Err(TagError::Unreadable(_))), "{refused:?}");
}

/// Each offset still points at the same samples: behind `moov` they moved, before it they did not.
#[test]
fn chunks_are_found_again() {
    for order in [Order::Front, Order::Back] {
        let before = TestMp4 { order, ..TestMp4::default() }.bytes();
        let (after, _) = filled(&before, "m4a", &all_tags());
        let first = |bytes: &[u8]| {
            let at = bytes.windows(4).position(|bytes| bytes == b"stco").unwrap() + 12;
            u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()) as usize
        };
        let moved = if order == Order::Front { after.len() - before.len() } else { 0 };
        assert_eq!(first(&after), first(&before) + moved);
        assert_eq!(after[first(&after)..][..30], before[first(&before)..][..30]);
    }
}

#[test]
fn a_change_of_the_sound_is_seen() {
    let mp4 = TestMp4::default().bytes();
    let (mp3, flac) = (song(None, b""), flac(&[]));
    for (bytes, extension) in [(mp4, "m4a"), (mp3, "mp3"), (aiff(&[]), "aiff"), (flac, "flac")] {
        let before = audio_hash(&bytes, Some(extension)).unwrap();
        let mut after = bytes.clone();
        *after.last_mut().unwrap() ^= 1;
        assert_ne!(audio_hash(&after, Some(extension)), Ok(before), "{extension}");
    }
}

#[test]
fn mp4_that_is_not_as_it_should_be_is_refused() {
    let good = TestMp4 { items: Some(Vec::new()), ..TestMp4::default() }.bytes();
    let replaced = |from: &[u8; 4], to: &[u8; 4]| {
        let at = good.windows(4).position(|bytes| bytes == from).unwrap();
        [&good[..at], to, &good[at + 4..]].concat()
    };
    let mut cases = vec![
        [&good[..], &boxed(b"moof", b"")].concat(),
        [&good[..], &boxed(b"meta", b"")].concat(),
        [&good[..], &boxed(b"moov", b"")].concat(),
        replaced(b"mdir", b"mdta"),
        replaced(b"stco", b"free"),
        replaced(b"stsz", b"stz2"),
        replaced(b"soun", b"hint"),
        replaced(b"mvhd", b"udta"),
        replaced(b"moov", b"free"),
        replaced(b"url ", b"alis").replace_flag(),
        good[..good.len() - 1].to_vec(),
    ];
    // Samples beyond the end, and more samples in a chunk than there are.
    for (after, at) in [(b"stco", 12), (b"stsz", 16), (b"stsc", 12)] {
        let mut bytes = good.clone();
        let at = bytes.windows(4).position(|bytes| bytes == after).unwrap() + at;
        bytes[at] = 0x7F;
        cases.push(bytes);
    }
    for (index, bytes) in cases.iter().enumerate() {
        let refused = fill_as(bytes, "m4a", &all_tags());
        assert!(refused.is_err(), "{index}: {refused:?}");
    }
    let quicktime = replaced(b"M4A ", b"qt  ");
    assert!(matches!(fill_as(&quicktime, "mov", &all_tags()), Err(TagError::Unsupported(_))));
}

trait ReplaceFlag {
    /// Says that the samples are in another file.
    fn replace_flag(self) -> Self;
}

impl ReplaceFlag for Vec<u8> {
    fn replace_flag(mut self) -> Self {
        let at = self.windows(4).position(|bytes| bytes == b"alis").unwrap();
        self[at + 7] = 0;
        self
    }
}

/// A table may name the same bytes as often as it likes; they are not hashed as often.
#[test]
fn samples_that_share_their_bytes_are_refused() {
    let mut bytes = TestMp4::default().bytes();
    let at = bytes.windows(4).position(|bytes| bytes == b"stco").unwrap() + 12;
    let sizes = bytes.windows(4).position(|bytes| bytes == b"stsz").unwrap() + 16;
    let half = (bytes.len() as u32 / 2).to_be_bytes();
    for sample in 0..7 {
        bytes[sizes + sample * 4..][..4].copy_from_slice(&half);
    }
    for chunk in 0..4 {
        bytes[at + chunk * 4..][..4].fill(0);
    }
    assert_eq!(audio_hash(&bytes, None), Err(TagError::Damaged("its samples share their bytes")));
}

#[test]
fn songs_with_every_sort_of_tag() {
    let title = frame(b"TIT2", b"\x01\xFF\xFEO\0w\0n\0");
    let short = b"TT2\0\0\x04\0Own".to_vec();
    for (head, end, has_title) in [
        (None, vec![], false),
        (None, id3v1("Own", "Somebody"), true),
        (None, ape(&[("Title", "Own")]), true),
        (None, [ape(&[("Title", "Own")]), id3v1("Own", "Somebody")].concat(), true),
        (Some((2, short)), vec![], true),
        (Some((3, [title.clone(), odd_frames()].concat())), id3v1("Own", "Somebody"), true),
        (Some((3, odd_frames())), vec![], false),
        (Some((4, b"TIT2\0\0\0\x04\0\0\x03Own".to_vec())), vec![], true),
    ] {
        let before = song(head.as_ref().map(|(version, frames)| (*version, &frames[..])), &end);
        let (after, added) = filled(&before, "mp3", &all_tags());
        assert_eq!(added.contains(&TagName::Title), !has_title);
        assert!(after.ends_with(&[mp3_sound(), end].concat()));
        if let Some((version, frames)) = head {
            assert_eq!(after[3], version);
            assert_eq!(after[10..10 + frames.len()], frames);
        }
        let known = Known::read(Kind::Mp3, &after).unwrap();
        let title = if has_title { "Own" } else { "Für Elise ♪" };
        assert!(known.says(TagName::Title, &Value::Text(title.into())));
        for (name, value) in all_tags().wanted(&Limits::default()).values {
            if added.contains(&name) {
                assert!(known.says(name, &value), "{name:?}: {known:?}");
            }
        }
    }
}

/// Who finds the new tag does not look at the old ones any more.
#[test]
fn a_new_tag_also_says_what_the_older_ones_say() {
    let before = song(None, &id3v1("Own", "Somebody"));
    let tags = Tags { album: Some("An Album".to_owned()), ..Tags::default() };
    let (after, added) = filled(&before, "mp3", &tags);
    assert_eq!(added, [TagName::Album]);
    let alone = Known::read(Kind::Mp3, &after[..after.len() - 128]).unwrap();
    assert!(alone.says(TagName::Title, &Value::Text("Own".into())));
    assert!(alone.says(TagName::Artist, &Value::Text("Somebody".into())));
    // As other programs write it: blanks instead of zeros, numbers and dates.
    let mut blank: Vec<u8> =
        id3v1("Caf", "Somebody").iter().map(|byte| if *byte == 0 { b' ' } else { *byte }).collect();
    blank[6] = 0xE9;
    blank[93..97].copy_from_slice(b"1999");
    blank[125..].copy_from_slice(&[0, 7, 17]);
    let dated = ape(&[("Title", "Own\0Other"), ("Year", "1999-05-06"), ("Track", "3/9"), ("Genre", "(17)")]);
    for (end, title) in [(blank, "Café"), (dated, "Own")] {
        let (after, _) = filled(&song(None, &end), "mp3", &tags);
        let alone = Known::read(Kind::Mp3, &after[..after.len() - end.len()]).unwrap();
        assert!(alone.says(TagName::Title, &Value::Text(title.into())), "{alone:?}");
        assert!(
            alone.has(TagName::Year) && alone.has(TagName::Track) && alone.has(TagName::Genre),
            "{alone:?}"
        );
    }
}

#[test]
fn aiff_and_wav_with_and_without_tags() {
    let tag = id3v2(3, &[odd_frames(), frame(b"TALB", b"\0Own album")].concat());
    let odd_tag = id3v2(3, &[odd_frames(), frame(b"TALB", b"\0Own album!")].concat());
    assert_ne!(tag.len() % 2, odd_tag.len() % 2);
    type Make = fn(&[(&[u8; 4], &[u8])]) -> Vec<u8>;
    for (make, id, extension) in [(aiff as Make, b"ID3 ", "aiff"), (wav as Make, b"id3 ", "wav")] {
        let (after, added) = filled(&make(&[]), extension, &all_tags());
        assert_eq!(added.len(), 15);
        assert_eq!(after.len() % 2, 0);
        for tag in [&tag, &odd_tag] {
            let before = make(&[(id, tag), (b"odd ", b"abc")]);
            let (after, added) = filled(&before, extension, &all_tags());
            assert!(!added.contains(&TagName::Album));
            assert!(
                after.windows(8).any(
                    |bytes| bytes == [b"odd ", &b"\0\0\0\x03"[..]].concat() || bytes == b"odd \x03\0\0\0"
                )
            );
            assert_eq!(after.len() % 2, 0);
        }
        // One title, and who made it, in the format's own way.
        let (id, text): (&[u8; 4], &[u8]) =
            if extension == "wav" { (b"LIST", b"INFOINAM\x04\0\0\0Own\0") } else { (b"NAME", b"Own") };
        let (after, added) = filled(&make(&[(id, text)]), extension, &all_tags());
        assert!(!added.contains(&TagName::Title));
        assert!(after.windows(14).any(|bytes| bytes == b"TIT2\0\0\0\x04\0\0\0Own"));
    }
}

#[test]
fn flac_with_and_without_comments() {
    let own = comments(&["title=Own", "TOTALTRACKS=99", "ODD=odd", "no equals sign"]);
    for blocks in [
        &[][..],
        &[(4, &own[..])],
        &[(1, &[0; 30]), (4, &own), (2, b"riffodd")],
        &[(4, &comments(&[]))],
        &[(3, &[1; 18]), (6, b"\0\0\0\x03\0\0\0\x0Aimage/jpeg\0\0\0\0\0\0\0\x01\0\0\0\x01\0\0\0\x18\0\0\0\0\0\0\0\x03\xFF\xD8\xFF")],
    ] {
        let (after, added) = filled(&flac(blocks), "flac", &all_tags());
        let has_title = blocks.iter().any(|(_, content)| *content == own);
        assert_eq!(added.contains(&TagName::Title), !has_title);
        assert_eq!(added.contains(&TagName::Cover), blocks.iter().all(|(kind, _)| *kind != 6));
        assert_eq!(has_title, !after.windows(14).any(|bytes| bytes == b"TRACKTOTAL=12\x0C"));
        let known = Known::read(Kind::Flac, &after).unwrap();
        assert!(known.has(TagName::Cover));
        for (name, value) in all_tags().wanted(&Limits::default()).values {
            if added.contains(&name) && name != TagName::Track {
                assert!(known.says(name, &value), "{name:?}: {known:?}");
            }
        }
    }
}

#[test]
fn what_a_format_has_no_place_for_is_left_out() {
    let tags = Tags { show: Some("A Show".to_owned()), season: Some(1), ..Tags::default() };
    let Filled::Unchanged { left_out, .. } = fill_as(&song(None, b""), "mp3", &tags).unwrap() else {
        panic!()
    };
    assert_eq!(left_out.iter().map(|left| left.name).collect::<Vec<_>>(), [TagName::Show, TagName::Season]);
}

#[test]
fn other_files_are_left_alone() {
    let mp3 = song(None, b"");
    for (bytes, extension) in [
        (&b""[..], None),
        (b"OggS\0\0\0\0", Some("ogg")),
        (b"\xFF\xF1\x50\x80\x02\x1F\xFC", Some("aac")),
        (b"\xFF\xF1\x50\x80\x02\x1F\xFC", None),
        (&mp3, Some("aac")),
        (&[0; 10_000], Some("mp3")),
        (b"ID3", Some("mp3")),
        (b"RIFF\x04\0\0\0WAVE", Some("wav")),
    ] {
        assert!(fill(bytes.to_vec(), extension, &all_tags(), &Limits::default()).is_err(), "{bytes:?}");
    }
    let small = Limits { file_bytes: mp3.len() - 1, ..Limits::default() };
    assert!(matches!(fill(mp3, None, &all_tags(), &small), Err(TagError::TooLarge(_))));
}

/// The library compares each tag with all the others.
#[test]
fn too_many_tags_are_refused() {
    let frames = frame(b"TXXX", b"\0what\0ever").repeat(5000);
    let items = Some(boxed(b"zzzz", b"").repeat(5000));
    let info = [b"INFO", &b"IXXX\0\0\0\0".repeat(5000)[..]].concat();
    let many: Vec<&str> = std::iter::repeat_n("ODD=odd", 5000).collect();
    let items_of_ape: Vec<(&str, &str)> = std::iter::repeat_n(("odd", "odd"), 5000).collect();
    for (bytes, extension) in [
        (song(Some((3, &frames)), b""), "mp3"),
        (song(None, &ape(&items_of_ape)), "mp3"),
        (TestMp4 { items, ..TestMp4::default() }.bytes(), "m4a"),
        (wav(&[(b"LIST", &info)]), "wav"),
        (aiff(&vec![(b"ANNO", &b"x"[..]); 5000]), "aiff"),
        (flac(&[(4, &comments(&many))]), "flac"),
    ] {
        let refused = fill_as(&bytes, extension, &all_tags());
        assert_eq!(refused, Err(TagError::TooLarge("it has too many tags")), "{extension}");
    }
}

#[test]
fn nothing_to_add_changes_nothing() {
    for (bytes, extension) in
        [(TestMp4::default().bytes(), "m4a"), (song(None, b""), "mp3"), (wav(&[]), "wav")]
    {
        let Filled::Unchanged { bytes: after, left_out } =
            fill_as(&bytes, extension, &Tags::default()).unwrap()
        else {
            panic!("{extension}");
        };
        assert_eq!((after, left_out), (bytes, vec![]));
    }
}

fn samples() -> Vec<(Vec<u8>, &'static str)> {
    let items = Some(odd_items());
    vec![
        (
            TestMp4 { items, user_data: boxed(b"chpl", &full(b"text", b"x")), ..TestMp4::default() }.bytes(),
            "m4a",
        ),
        (TestMp4 { order: Order::Back, wide: true, ..TestMp4::default() }.bytes(), "m4a"),
        (
            song(Some((3, &odd_frames())), &[ape(&[("Title", "Own")]), id3v1("Own", "Somebody")].concat()),
            "mp3",
        ),
        (song(Some((2, b"TT2\0\0\x04\0Own")), b""), "mp3"),
        (aiff(&[(b"ID3 ", &id3v2(4, b""))]), "aiff"),
        (wav(&[(b"LIST", b"INFOINAM\x04\0\0\0Own\0")]), "wav"),
        (flac(&[(4, &comments(&["TITLE=Own"]))]), "flac"),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Whatever is done to a file: it is refused, or all promises hold.
    #[test]
    fn broken_files_are_refused_or_filled_properly(
        sample in 0..samples().len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), prop_oneof![Just(0), Just(0xFF), any::<u8>()]), 1..6),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let (mut bytes, extension) = samples().swap_remove(sample);
        for (at, byte) in changes {
            // Most of a file is sound, which may be anything; its heads are more interesting.
            let at = at.index(bytes.len().min(1500));
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Ok(Filled::Changed { bytes: after, audio, .. }) = fill_as(&bytes, extension, &all_tags()) {
            prop_assert_eq!(audio_hash(&bytes, Some(extension)), Ok(audio));
            prop_assert_eq!(audio_hash(&after, Some(extension)), Ok(audio));
            prop_assert!(after.len() > bytes.len());
            let again = fill_as(&after, extension, &all_tags());
            prop_assert!(matches!(again, Ok(Filled::Unchanged { .. })), "{:?}", again);
        }
    }

    /// Any text that is fit to be written is read back as it was, or nothing is written.
    #[test]
    fn texts_are_read_back(title in any::<String>(), genre in "\\PC{1,12}", sample in 0..samples().len()) {
        let (bytes, extension) = samples().swap_remove(sample);
        let tags = Tags { artist: Some(title.clone()), genre: Some(genre), lyrics: Some(title), ..Tags::default() };
        let filled = fill_as(&bytes, extension, &tags);
        prop_assert!(filled.is_ok(), "{:?}", filled);
    }
}
