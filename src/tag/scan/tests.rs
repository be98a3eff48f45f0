use std::time::Duration;

use phone_libraries::{Audio, AudioFormat, AudioTags, Cover, StoreKind};
use proptest::prelude::*;

use super::super::mp4::testing::boxed;
use super::super::testing::*;
use super::super::{Filled, Limits, Tags, fill};
use super::view::MOST_BYTES;
use super::*;

/// Reads the tags of a file of this size, of which only these parts are there; the rest is zeros. Gives what was found,
/// and how many bytes were read in how many parts.
fn scan_sparse(
    size: u64,
    parts: &[(u64, &[u8])],
    extension: &str,
) -> (Result<Found, TagError>, usize, usize) {
    let mut scan = Scan::new(size, Some(extension));
    let (mut bytes, mut reads) = (0, 0);
    loop {
        match scan.step() {
            Ok(Step::Done(found)) => return (Ok(*found), bytes, reads),
            Err(error) => return (Err(error), bytes, reads),
            Ok(Step::Read { position, most_bytes }) => {
                assert!(position + most_bytes as u64 <= size && (1..=MOST_BYTES).contains(&most_bytes));
                let mut read = vec![0; most_bytes];
                for (start, part) in parts {
                    for (at, byte) in (*start..).zip(*part) {
                        if let Some(place) = at.checked_sub(position).and_then(|at| read.get_mut(at as usize))
                        {
                            *place = *byte;
                        }
                    }
                }
                scan.give(position, read);
                (bytes, reads) = (bytes + most_bytes, reads + 1);
            }
        }
    }
}

fn scan(bytes: &[u8], extension: &str) -> Result<Found, TagError> {
    scan_sparse(bytes.len() as u64, &[(0, bytes)], extension).0
}

fn filled(bytes: Vec<u8>, extension: &str) -> Vec<u8> {
    match fill(bytes, Some(extension), &all_tags(), &Limits::default()).unwrap() {
        Filled::Changed { bytes, .. } => bytes,
        Filled::Unchanged { .. } => panic!("nothing was added"),
    }
}

/// What can be read of `all_tags` where there is no place for episodes.
fn all_but_tv() -> Tags {
    let tags = all_tags();
    Tags { cover: None, show: None, season: None, episode: None, episode_id: None, ..tags }
}

#[test]
fn what_was_filled_in_is_found() {
    for order in [Order::Front, Order::Back] {
        for data_size in [DataSize::Short, DataSize::Wide] {
            for items in [None, Some(odd_items())] {
                let mp4 = TestMp4 { order, data_size, items, ..TestMp4::default() };
                let found = scan(&filled(mp4.bytes(), "m4a"), "m4a").unwrap();
                // Beats have no common name in MP4.
                assert_eq!(found.tags, Tags { cover: None, bpm: None, ..all_tags() }, "{mp4:?}");
            }
        }
    }
    for (bytes, extension) in [
        (mp3_sound(), "mp3"),
        ([&id3v2(2, b"")[..], &mp3_sound()].concat(), "mp3"),
        ([&id3v2(3, &odd_frames())[..], &mp3_sound()].concat(), "mp3"),
        ([&id3v2(4, b"")[..], &mp3_sound()].concat(), "mp3"),
        (aiff(&[]), "aif"),
        (wav(&[]), "wav"),
        (flac(&[]), "flac"),
    ] {
        let found = scan(&filled(bytes.clone(), extension), extension).unwrap();
        assert_eq!(found, Found { tags: all_but_tv(), ..Found::default() }, "{extension}");
        // Without tags there is nothing to find, and no harm in looking.
        let is_bare = !bytes.starts_with(b"ID3");
        assert!(!is_bare || scan(&bytes, extension) == Ok(Found::default()), "{extension}");
    }
}

#[test]
fn files_as_they_are_on_a_phone() {
    let cover = Cover::Jpeg.to_bytes(3).unwrap();
    let some = AudioTags {
        title: Some("Räume / im Licht: 東京".into()),
        artist: Some("Приливы".into()),
        track: Some((3, 0)),
        year: Some(1998),
        kind: Some(StoreKind::Podcast),
        cover: Some(cover),
        ..AudioTags::default()
    };
    for format in AudioFormat::ALL {
        let make = |tags: &AudioTags| {
            let audio = Audio { format, length: Duration::from_secs(90), seed: 5, tags: tags.clone() };
            (audio.to_bytes().unwrap(), audio.milliseconds().unwrap() / 1000.0)
        };
        let ((bytes, seconds), extension) = (make(&some), format.extension());
        let found = scan(&bytes, extension).unwrap();
        let expected = Tags {
            title: some.title.clone(),
            artist: some.artist.clone(),
            track: Some((3, None)),
            year: Some(1998),
            ..Tags::default()
        };
        assert_eq!(found.tags, expected, "{format:?}");
        let is_mp4 = bytes.get(4..8) == Some(b"ftyp");
        assert_eq!(found.shelf, is_mp4.then_some(Shelf::Podcast));
        assert_eq!(found.seconds.is_some(), is_mp4);
        assert!(found.seconds.is_none_or(|told| (told - seconds).abs() < 0.01), "{found:?} {seconds}");
        let bare = scan(&make(&AudioTags::default()).0, extension).unwrap();
        assert_eq!((bare.tags, bare.shelf), (Tags::default(), None), "{format:?}");
    }
}

#[test]
fn older_sorts_of_tags() {
    let own = |title: &str, artist: &str| Tags {
        title: Some(title.to_owned()),
        artist: (!artist.is_empty()).then(|| artist.to_owned()),
        ..Tags::default()
    };
    let tags = |bytes: &[u8], extension| scan(bytes, extension).unwrap().tags;
    let end = id3v1("Own", "Somebody");
    assert_eq!(tags(&[mp3_sound(), end.clone()].concat(), "mp3"), own("Own", "Somebody"));
    let better = [&id3v2(3, &frame(b"TIT2", b"\0Better")), &mp3_sound()[..], &end].concat();
    assert_eq!(tags(&better, "mp3"), own("Better", ""));
    // In front of AAC, which has no tags of its own.
    let aac = [&id3v2(2, b"TT2\0\0\x04\0Own")[..], &[0xFF, 0xF1], &noise(1, 500)].concat();
    assert_eq!(tags(&aac, "aac"), own("Own", ""));
    assert_eq!(tags(&wav(&[(b"LIST", b"INFOINAM\x04\0\0\0Own\0")]), "wav"), own("Own", ""));
    assert_eq!(tags(&aiff(&[(b"NAME", b"Own"), (b"AUTH", b"Somebody")]), "aif"), own("Own", "Somebody"));
    // Unsynchronised as a whole.
    let body = [&b"\x01\xFF\0\xFEO\0w\0n\0"[..], b""].concat();
    let mut unsynchronised = [&id3v2(3, &frame(b"TIT2", &body))[..], &mp3_sound()].concat();
    unsynchronised[5] = 0x80;
    unsynchronised[17] -= 1;
    assert_eq!(tags(&unsynchronised, "mp3"), own("Own", ""));
}

#[test]
fn a_large_file_costs_a_few_reads() {
    let title = filled(TestMp4 { order: Order::Front, ..TestMp4::default() }.bytes(), "m4a");
    let moov_at = title.windows(4).position(|bytes| bytes == b"moov").unwrap() - 4;
    let moov_size = u32::from_be_bytes(title[moov_at..moov_at + 4].try_into().unwrap()) as usize;
    let (ftyp, moov) = (&title[..moov_at], &title[moov_at..moov_at + moov_size]);
    let gigabytes = 3_u64 << 30;
    let mdat = [&b"\0\0\0\x01mdat"[..], &(gigabytes - 100_000).to_be_bytes()].concat();
    let moov_place = moov_at as u64 + gigabytes - 100_000;
    let parts = [(0, ftyp), (moov_at as u64, &mdat[..]), (moov_place, moov)];
    let (found, bytes, reads) = scan_sparse(moov_place + moov_size as u64, &parts, "m4v");
    assert_eq!(found.unwrap().tags.title, all_tags().title);
    assert!(reads <= 2 && bytes <= 128 << 10, "{bytes} bytes in {reads} parts");
    // A cover, or a table of samples, is passed over.
    let big = 900_000_u32;
    let item =
        |kind: &[u8; 4], text: &[u8]| boxed(kind, &boxed(b"data", &[b"\0\0\0\x01\0\0\0\0", text].concat()));
    let mut items = [&(big + 8).to_be_bytes()[..], b"covr"].concat();
    items.resize(items.len() + big as usize, 7);
    items.extend(item(b"\xA9nam", b"Own"));
    let table = [&(big + 8).to_be_bytes()[..], b"trak", &vec![9; big as usize]].concat();
    let meta = boxed(b"meta", &[&[0; 4], &boxed(b"ilst", &items)[..]].concat());
    let moov = boxed(b"moov", &[table, boxed(b"udta", &meta)].concat());
    let file = [boxed(b"ftyp", b"M4A \0\0\0\0"), moov].concat();
    let (found, bytes, reads) = scan_sparse(file.len() as u64, &[(0, &file)], "m4a");
    assert_eq!(found.unwrap().tags.title.as_deref(), Some("Own"));
    assert!(reads <= 3 && bytes <= 128 << 10, "{bytes} bytes in {reads} parts");
    let frames = [frame(b"APIC", &vec![7; big as usize]), frame(b"TIT2", b"\0Own")].concat();
    let file = [&id3v2(3, &frames), &mp3_sound()[..]].concat();
    let (found, bytes, reads) = scan_sparse(file.len() as u64, &[(0, &file)], "mp3");
    assert_eq!(found.unwrap().tags.title.as_deref(), Some("Own"));
    assert!(reads <= 2 && bytes <= 128 << 10, "{bytes} bytes in {reads} parts");
}

#[test]
fn what_is_no_song_is_refused_at_once() {
    for bytes in [&b""[..], b"x", b"film film film film", &[0; 100]] {
        let (found, _, reads) = scan_sparse(bytes.len() as u64, &[(0, bytes)], "m4a");
        assert!(found.is_err() && reads <= 1, "{bytes:?}");
    }
}

/// Heads that go on without end, and a file that says it is as large as can be.
#[test]
fn there_is_an_end_to_everything() {
    let ftyp = boxed(b"ftyp", b"M4A \0\0\0\0");
    let boxes = [&ftyp[..], &b"\0\0\0\x08free".repeat(500_000)].concat();
    let far = [&ftyp[..], b"\0\x10\0\0free"].concat();
    let frames = id3v2(4, &frame(b"TXXX", b"").repeat(25_000));
    let huge = id3v2(3, &frame(b"TIT2", &[b'x'; 60_000]).repeat(20));
    for (bytes, extension) in [(boxes, "m4a"), (far, "m4a"), (frames, "mp3"), (huge, "mp3")] {
        for size in [bytes.len() as u64, u64::MAX] {
            let (_, read, reads) = scan_sparse(size, &[(0, &bytes)], extension);
            assert!(reads <= 24 && read <= 3 << 20, "{extension}: {read} bytes in {reads} parts");
        }
    }
}

/// A file that is shorter than it was said to be.
#[test]
fn a_file_that_ends_early() {
    let bytes = filled(TestMp4 { order: Order::Back, ..TestMp4::default() }.bytes(), "m4a");
    let mut scan = Scan::new(bytes.len() as u64 * 100, Some("m4a"));
    let mut reads = 0;
    while let Ok(Step::Read { position, .. }) = scan.step() {
        let from = (position as usize).min(bytes.len());
        scan.give(position, bytes[from..].to_vec());
        reads += 1;
    }
    assert!(reads <= 2);
    assert!(matches!(scan.step(), Ok(Step::Done(found)) if found.tags.title == all_tags().title));
}

fn samples() -> Vec<(Vec<u8>, &'static str)> {
    vec![
        (filled(TestMp4 { items: Some(odd_items()), ..TestMp4::default() }.bytes(), "m4a"), "m4a"),
        (filled(TestMp4 { order: Order::Back, wide: true, ..TestMp4::default() }.bytes(), "m4a"), "m4a"),
        (filled([&id3v2(2, b"")[..], &mp3_sound()].concat(), "mp3"), "mp3"),
        (filled([&id3v2(3, &odd_frames())[..], &mp3_sound()].concat(), "mp3"), "mp3"),
        ([mp3_sound(), id3v1("Own", "Somebody")].concat(), "mp3"),
        (filled(aiff(&[(b"NAME", b"Own")]), "aif"), "aif"),
        (filled(wav(&[(b"LIST", b"INFOINAM\x04\0\0\0Own\0")]), "wav"), "wav"),
        (filled(flac(&[(4, &comments(&["TITLE=Own"]))]), "flac"), "flac"),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    /// Whatever is done to a file: little is read, and what is found is no more than is in it.
    #[test]
    fn broken_files_cost_little(
        sample in 0..samples().len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), prop_oneof![Just(0), Just(0xFF), any::<u8>()]), 0..8),
        cut in prop::option::of(any::<prop::sample::Index>()),
        more in prop_oneof![Just(0), 0..200_000_u64, Just(1 << 40)],
    ) {
        let (mut bytes, extension) = samples().swap_remove(sample);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let (found, read, reads) = scan_sparse(bytes.len() as u64 + more, &[(0, &bytes)], extension);
        prop_assert!(reads <= 24 && read <= 3 << 20);
        if let Ok(Found { tags, seconds, .. }) = found {
            prop_assert!(tags.year.is_none_or(|year| (1..=9999).contains(&year)));
            prop_assert!(seconds.is_none_or(|seconds| seconds.is_finite() && seconds > 0.0));
            let texts = [tags.title, tags.artist, tags.album, tags.comment, tags.lyrics];
            prop_assert!(texts.iter().flatten().map(String::len).sum::<usize>() <= 4 * bytes.len());
        }
    }
}
