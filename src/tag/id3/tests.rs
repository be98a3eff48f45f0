use proptest::prelude::*;

use super::super::tags::Picture;
use super::*;

fn tag(version: u8, flags: u8, content: &[u8]) -> Vec<u8> {
    let size = synchsafe_bytes(content.len()).unwrap();
    [b"ID3", &[version, 0, flags][..], &size, content].concat()
}

fn read(bytes: &[u8]) -> Result<(Id3, BTreeSet<TagName>), TagError> {
    let mut names = BTreeSet::new();
    let id3 = Id3::read(bytes, &mut Pieces::default(), &mut names)?;
    Ok((id3, names))
}

fn values() -> Vec<(TagName, Value<'static>)> {
    vec![
        (TagName::Title, Value::Text("Für Elise ♪".into())),
        (TagName::Track, Value::Pair(3, Some(12))),
        (TagName::Year, Value::Number(1999)),
        (TagName::Comment, Value::Text("naïve".into())),
        (TagName::Cover, Value::Cover(Picture::Jpeg, b"\xFF\xD8\xFF\xE0\xFF\0\xFF")),
    ]
}

#[test]
fn frames_are_as_each_version_writes_them() {
    let title = (TagName::Title, Value::Text("a".into()));
    for (version, expected) in
        [(2, &b"TT2\0\0\x02\0a"[..]), (3, b"TIT2\0\0\0\x02\0\0\0a"), (4, b"TIT2\0\0\0\x02\0\0\0a")]
    {
        let mut bytes = tag(version, 0, b"");
        read(&bytes).unwrap().0.add(&mut bytes, 0, std::slice::from_ref(&title)).unwrap();
        assert!(bytes[10..].starts_with(expected), "{bytes:?}");
    }
    let body = |version, text: &'static str| {
        frames::body(version, TagName::Comment, &Value::Text(text.into())).unwrap()
    };
    assert_eq!(body(Version::V23, "é"), b"\0XXX\0\xE9");
    assert_eq!(body(Version::V24, "é"), b"\x03XXX\0\xC3\xA9");
    assert_eq!(body(Version::V23, "♪"), b"\x01XXX\xFF\xFE\0\0\xFF\xFE\x6A\x26");
    let cover = frames::body(Version::V22, TagName::Cover, &Value::Cover(Picture::Png, b"x")).unwrap();
    assert_eq!(cover, b"\0PNG\x03\0x");
}

#[test]
fn new_frames_go_between_the_frames_and_their_padding() {
    for (version, frame) in
        [(2, &b"XYZ\0\0\x03odd"[..]), (3, b"XYZW\0\0\0\x03\0\0odd"), (4, b"XYZW\0\0\0\x03\0\0odd")]
    {
        for flags in [0, 0x80] {
            let before = [&tag(version, flags, &[frame, &[0; 20]].concat())[..], b"music"].concat();
            let (id3, names) = read(&before).unwrap();
            assert_eq!((id3.length, names.len()), (before.len() - 5, 0));
            let mut after = before.clone();
            assert_eq!(id3.add(&mut after, 0, &values()).unwrap(), after.len() - 5);
            assert_eq!(after[10..10 + frame.len()], *frame);
            assert!(after.ends_with(&[&[0; 20], &b"music"[..]].concat()));
            let (id3, names) = read(&after).unwrap();
            assert_eq!(id3.length, after.len() - 5);
            assert_eq!(names.into_iter().collect::<Vec<_>>(), {
                let mut names: Vec<_> = values().into_iter().map(|(name, _)| name).collect();
                names.sort();
                names
            });
        }
    }
}

/// Readers do not agree on whether the size of a frame counts what is stuffed.
#[test]
fn a_tag_that_is_unsynchronised_as_a_whole_is_written_without() {
    let plain = b"XYZW\0\0\0\x04\0\0a\xFF\xE0\xFF";
    let before = tag(3, 0x80, &[&unsynchronise(plain)[..], &[0; 8]].concat());
    let mut after = before.clone();
    read(&before).unwrap().0.add(&mut after, 0, &values()).unwrap();
    let mut pieces = (Pieces::default(), Pieces::default());
    Id3::read(&before, &mut pieces.0, &mut BTreeSet::new()).unwrap();
    Id3::read(&after, &mut pieces.1, &mut BTreeSet::new()).unwrap();
    assert!(pieces.1.keep(&pieces.0));
    assert_eq!((before[5], after[5], &after[10..24]), (0x80, 0, &plain[..]));
}

#[test]
fn notes_of_itunes_are_no_comment() {
    let frame = |body: &[u8]| [b"COMM\0\0\0", &[body.len() as u8][..], b"\0\0", body].concat();
    for (body, is_comment) in [
        (&b"\0engiTunSMPB\0 00000000"[..], false),
        (b"\0eng\0words", true),
        (b"\x01eng\xFF\xFEi\0\0\0\xFF\xFEx\0", false),
        (b"\x01eng\xFF\xFE\0\0\xFF\xFEx\0", true),
        (b"", false),
    ] {
        let (_, names) = read(&tag(3, 0, &frame(body))).unwrap();
        assert_eq!(names.contains(&TagName::Comment), is_comment, "{body:?}");
    }
}

#[test]
fn what_is_not_understood_is_refused() {
    for bytes in [
        tag(5, 0, b""),
        tag(3, 0x40, b"\0\0\0\x06\0\0\0\0\0\0"),
        tag(4, 0x10, b""),
        tag(3, 0, b"XYZW\0\0\0\x09\0\0odd"),
        tag(3, 0, b"xyzw\0\0\0\x03\0\0odd"),
        tag(3, 0, b"XYZW\0\0\0\x03\0\x80odd"),
        tag(4, 0, b"XYZW\0\0\0\x03\0\x08odd"),
        tag(4, 0, b"XYZW\0\0\0\x80\0\0odd"),
        tag(3, 0, b"\0\0\0junk"),
        b"ID3\x03\0\0\0\0\0\x7F".to_vec(),
        b"ID3\x03\0\0\0\0\0\xFF".to_vec(),
        b"ID3".to_vec(),
    ] {
        assert!(read(&bytes).is_err(), "{bytes:?}");
    }
}

proptest! {
    #[test]
    fn unsynchronising_goes_back(plain in prop::collection::vec(prop_oneof![Just(0xFF), Just(0), Just(0xE0), any::<u8>()], 0..40)) {
        let written = unsynchronise(&plain);
        prop_assert!(written.windows(2).all(|pair| pair[0] != 0xFF || pair[1] < 0xE0));
        prop_assert_eq!(resynchronise(&written), plain.clone());
    }
}
