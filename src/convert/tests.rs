//! Whole files, made here: what is laid, turned, cropped, coloured and kept; and what is refused. Real photos are in
//! `tests/peers_convert.rs`.

use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::testing::{Painter, SRGB, TestHeic, boxed, full_box, ispe, nclx};
use super::*;

/// A JPEG as its points: each red, green and blue.
struct Points {
    width: usize,
    rgb: Vec<[u8; 3]>,
}

fn open(jpeg: &[u8]) -> Points {
    let mut decoder = jpeg_decoder::Decoder::new(jpeg);
    let samples = decoder.decode().unwrap();
    let info = decoder.info().unwrap();
    let rgb = match info.pixel_format {
        jpeg_decoder::PixelFormat::L8 => samples.iter().map(|grey| [*grey; 3]).collect(),
        _ => samples.chunks(3).map(|rgb| rgb.try_into().unwrap()).collect(),
    };
    Points { width: info.width.into(), rgb }
}

fn convert(heic: &[u8], decoder: &dyn Decoder) -> Result<(Made, Vec<u8>), ConvertError> {
    let mut out = Vec::new();
    let made = to_jpeg(heic, 100, decoder, &|| false, &mut out)?;
    Ok((made, out))
}

/// The contents of a JPEG's segments of a kind that begin with `start`, without it.
fn segments<'j>(jpeg: &'j [u8], kind: u8, start: &[u8]) -> Vec<&'j [u8]> {
    let mut out = Vec::new();
    let mut at = 2;
    while jpeg[at + 1] != 0xDA {
        let length = usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
        let content = &jpeg[at + 4..at + 2 + length];
        if jpeg[at + 1] == kind {
            out.extend(content.strip_prefix(start));
        }
        at += 2 + length;
    }
    out
}

fn rgb(luma: u8, (blue, red): (u8, u8)) -> [u8; 3] {
    let (y, b, r) = (f32::from(luma), f32::from(blue) - 128.0, f32::from(red) - 128.0);
    [y + 1.402 * r, y - 0.344_136 * b - 0.714_136 * r, y + 1.772 * b].map(|part| (part + 0.5) as u8)
}

/// Fails unless the points are those of a painted picture of this size, as far as a JPEG can tell.
#[track_caller]
fn assert_painted(points: &Points, size: (u32, u32), place: impl Fn(u32, u32) -> (u32, u32), coloured: bool) {
    assert_eq!((points.width, points.rgb.len()), (size.0 as usize, (size.0 * size.1) as usize));
    let mut sum = 0_u64;
    for (n, own) in (0..).zip(&points.rgb) {
        let (x, y) = place(n % size.0, n / size.0);
        let chroma = if coloured { Painter::chroma(x, y) } else { (128, 128) };
        let expected = rgb(Painter::luma(x, y), chroma);
        let off = own.iter().zip(expected).map(|(a, b)| u64::from(a.abs_diff(b))).max().unwrap();
        assert!(off <= 24, "({x}, {y}): {own:?} {expected:?}");
        sum += off;
    }
    assert!(sum <= points.rgb.len() as u64 * 4, "{sum} of {}", points.rgb.len());
}

#[test]
fn grids_of_any_size_and_chroma() {
    for size in [(1, 1), (64, 64), (65, 64), (127, 191), (200, 150)] {
        for shifts in [None, Some((1, 1)), Some((1, 0)), Some((0, 0))] {
            let heic = TestHeic::grid(size, (64, 64));
            let painter = Painter { shifts, ..Painter::new((64, 64), size.0.div_ceil(64)) };
            let (made, jpeg) = convert(&heic.file(), &painter).unwrap();
            assert_eq!(made, Made { width: size.0, height: size.1, orientation: 1 });
            assert_painted(&open(&jpeg), size, |x, y| (x, y), shifts.is_some());
        }
    }
}

#[test]
fn pictures_in_one_piece_of_odd_sizes() {
    for size in [(1, 1), (3, 5), (31, 77), (100, 101)] {
        let painter = Painter::new(size, 1);
        let (_, jpeg) = convert(&TestHeic::single(size).file(), &painter).unwrap();
        assert_painted(&open(&jpeg), size, |x, y| (x, y), true);
    }
}

#[test]
fn samples_are_taken_over_as_they_are() {
    let heic = TestHeic::grid((100, 70), (64, 64)).file();
    let still = Still::read(&heic, &|| false).unwrap();
    let (picture, coding) = picture::decode(&still, &Painter::new((64, 64), 2), &|| false).unwrap();
    assert_eq!(coding, SRGB);
    let chroma = picture.chroma.unwrap();
    assert_eq!((picture.width, chroma.width, chroma.shift_x, chroma.shift_y), (100, 50, 1, 1));
    for (n, luma) in (0..).zip(picture.luma) {
        assert_eq!(luma, Painter::luma(n % 100, n / 100));
    }
    for (n, (blue, red)) in (0..).zip(chroma.blue.into_iter().zip(chroma.red)) {
        assert_eq!((blue, red), Painter::chroma(n % 50 * 2, n / 50 * 2));
    }
}

/// EXIF data that hold an orientation and nothing else.
fn exif(orientation: u8) -> Vec<u8> {
    [&b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0"[..], &[orientation], &[0; 6]].concat()
}

#[test]
fn turned_pictures_stay_as_they_lie_and_say_how_they_are_turned() {
    let (size, tile) = ((100, 70), (64, 64));
    for (quarters, orientation) in [(0, 1), (1, 8), (2, 3), (3, 6)] {
        let turned = TestHeic::grid(size, tile).with(boxed(b"irot", &[quarters]));
        let right = exif(orientation);
        // The EXIF data agree, or they do not, or there are none.
        let wrong = exif(if orientation == 5 { 1 } else { 5 });
        let heics = [turned.clone().with_exif(&right), turned.clone().with_exif(&wrong), turned];
        for heic in heics {
            let has_none = heic.references.iter().all(|(kind, ..)| *kind != b"cdsc");
            let (made, jpeg) = convert(&heic.file(), &Painter::new(tile, 2)).unwrap();
            assert_eq!(made, Made { width: 100, height: 70, orientation: orientation.into() });
            let expected = if has_none && orientation == 1 { vec![] } else { vec![right.as_slice()] };
            assert_eq!(segments(&jpeg, 0xE1, b"Exif\0\0"), expected);
            assert_painted(&open(&jpeg), size, |x, y| (x, y), true);
        }
    }
}

#[test]
fn mirrors_and_crops_of_odd_sizes() {
    let painter = Painter::new((64, 64), 2);
    let clap = [37, 1, 21, 1, 3, 1, 2, 1_u32].map(u32::to_be_bytes).concat();
    let heic = TestHeic::grid((101, 71), (64, 64))
        .with(boxed(b"clap", &clap))
        .with(boxed(b"irot", &[1]))
        .with(boxed(b"imir", &[1]));
    let (made, jpeg) = convert(&heic.file(), &painter).unwrap();
    // A quarter against the clock, then left and right exchanged: the axes exchanged, and both run backwards.
    assert_eq!(made, Made { width: 37, height: 21, orientation: 7 });
    assert_eq!(segments(&jpeg, 0xE1, b"Exif\0\0"), [exif(7)]);
    assert_painted(&open(&jpeg), (37, 21), |x, y| (x + 35, y + 27), true);
}

#[test]
fn metadata_are_kept_byte_for_byte() {
    let profile = profile::for_picture(None, Coding { primaries: 12, ..SRGB }, false).unwrap().unwrap();
    let colr = boxed(b"colr", &[b"prof", &*profile].concat());
    let heic = TestHeic::grid((64, 64), (64, 64)).with(colr).with_exif(&exif(1));
    let heic = heic.described(b"mime\0application/rdf+xml\0", b"<x:xmpmeta/>");
    // Descriptions of other pictures are none of this one's.
    let mut heic = heic.described(b"mime\0text/plain\0", b"something else");
    let other = heic.item(b"hvc1", b"", &[]);
    for kind in [&b"Exif\0"[..], b"mime\0application/rdf+xml\0"] {
        let number = heic.item(kind, b"of another", &[]);
        heic.references.push((b"cdsc", number, vec![other]));
    }
    let (_, jpeg) = convert(&heic.file(), &Painter::new((64, 64), 1)).unwrap();
    assert_eq!(segments(&jpeg, 0xE1, b"Exif\0\0"), [exif(1)]);
    assert_eq!(segments(&jpeg, 0xE1, b"http://ns.adobe.com/xap/1.0/\0"), [b"<x:xmpmeta/>"]);
    assert_eq!(segments(&jpeg, 0xE2, b"ICC_PROFILE\0\x01\x01"), [&*profile]);
}

#[test]
fn colours_by_code_points_get_a_profile() {
    let painter = Painter::new((64, 64), 1);
    let profiles = |points: Vec<u8>| {
        let (_, jpeg) = convert(&TestHeic::grid((64, 64), (64, 64)).with(points).file(), &painter).unwrap();
        segments(&jpeg, 0xE2, b"ICC_PROFILE\0\x01\x01").len()
    };
    assert_eq!(profiles(nclx(1, 13, 6, true)), 0);
    assert_eq!(profiles(nclx(12, 13, 6, true)), 1);
}

/// The same colours, coded in every way that there is.
#[test]
fn every_coding_of_colours_comes_to_the_same() {
    struct Flat(u8, Coding, [u16; 3]);
    impl Decoder for Flat {
        fn decode(&self, _: &Coded<'_>) -> Result<Frame, ConvertError> {
            let Self(bits, coding, [luma, blue, red]) = *self;
            let plane = |side: u32, sample| Plane {
                width: side,
                height: side,
                bits,
                samples: vec![sample; (side * side) as usize],
            };
            Ok(Frame { luma: plane(16, luma), chroma: Some((plane(8, blue), plane(8, red))), coding })
        }
    }
    let matrices =
        [(6, 0.299, 0.114), (1, 0.2126, 0.0722), (9, 0.2627, 0.0593), (7, 0.212, 0.087), (2, 0.299, 0.114)];
    for colour in
        [[200.0, 30.0, 60.0], [10.0, 250.0, 20.0], [90.0, 90.0, 255.0], [0.0; 3], [255.0; 3], [77.0; 3]]
    {
        let [r, g, b] = colour.map(|part: f64| part / 255.0);
        for ((matrix, kr, kb), full_range, bits) in matrices
            .iter()
            .flat_map(|matrix| [true, false].map(|full| (*matrix, full)))
            .flat_map(|(matrix, full)| [8, 10, 12].map(|bits| (matrix, full, bits)))
        {
            let y = kr * r + (1.0 - kr - kb) * g + kb * b;
            let (cb, cr) = ((b - y) / 2.0 / (1.0 - kb), (r - y) / 2.0 / (1.0 - kr));
            let unit = f64::from(1 << (bits - 8));
            let samples = if full_range {
                let max = 256.0 * unit - 1.0;
                [y * max, 128.0 * unit + cb * max, 128.0 * unit + cr * max].map(|s| s.min(max))
            } else {
                [16.0 + 219.0 * y, 128.0 + 224.0 * cb, 128.0 + 224.0 * cr].map(|s| s * unit)
            };
            let coding = Coding { matrix, full_range, ..SRGB };
            let flat = Flat(bits, coding, samples.map(|sample| sample.round() as u16));
            let (_, jpeg) = convert(&TestHeic::single((16, 16)).file(), &flat).unwrap();
            for point in open(&jpeg).rgb {
                for (own, expected) in point.iter().zip(colour) {
                    assert!(
                        (f64::from(*own) - expected).abs() <= 3.0,
                        "{coding:?} {bits}: {point:?} {colour:?}"
                    );
                }
            }
        }
    }
    for matrix in [0, 8, 10, 14] {
        let flat = Flat(8, Coding { matrix, ..SRGB }, [1, 2, 3]);
        assert!(matches!(
            convert(&TestHeic::single((16, 16)).file(), &flat),
            Err(ConvertError::Unsupported(_))
        ));
    }
}

fn refused(heic: &TestHeic) -> ConvertError {
    convert(&heic.file(), &Painter::new((64, 64), 2)).expect_err("it must not be converted")
}

#[test]
fn what_a_jpeg_cannot_show_is_refused() {
    let whole = || TestHeic::grid((100, 70), (64, 64));
    assert!(convert(&whole().file(), &Painter::new((64, 64), 2)).is_ok());

    let mut transparent = whole();
    let kind = transparent.property(full_box(b"auxC", 0, 0, b"urn:mpeg:hevc:2015:auxid:1\0"));
    let alpha = transparent.item(b"hvc1", b"", &[kind]);
    transparent.references.push((b"auxl", alpha, vec![transparent.primary]));
    assert!(refused(&transparent).to_string().contains("transparent"));
    // Other companions do not matter: depth, gain maps.
    transparent.properties[usize::from(kind) - 1] = full_box(b"auxC", 0, 0, b"urn:mpeg:hevc:2015:auxid:2\0");
    assert!(convert(&transparent.file(), &Painter::new((64, 64), 2)).is_ok());

    assert!(refused(&whole().with(nclx(9, 16, 9, true))).to_string().contains("HDR"));
    assert!(refused(&whole().with(boxed(b"what", b""))).to_string().contains("not known"));
    let mut other = TestHeic::single((64, 64));
    for kind in [b"av01", b"jpeg", b"iovl", b"grid"] {
        other.items[0].kind = kind.to_vec();
        refused(&other);
    }
    assert!(refused(&whole().with_exif(b"no TIFF")).to_string().contains("EXIF"));
    assert!(
        refused(&whole().with_exif(&[b"MM\0*", vec![0; 66_000].as_slice()].concat()))
            .to_string()
            .contains("EXIF")
    );
    let large = whole().described(b"mime\0application/rdf+xml\0", &vec![b' '; 66_000]);
    assert!(refused(&large).to_string().contains("XMP"));
    assert!(refused(&whole().with(boxed(b"colr", b"profnonsense"))).to_string().contains("profile"));
}

#[test]
fn what_contradicts_itself_is_refused() {
    for (size, tile) in [
        ((0_u32, 10_u32), (64, 64)),
        ((10, 10), (0, 64)),
        ((20_000, 20_000), (512, 512)),
        ((70_000, 2), (512, 512)),
    ] {
        let mut heic = TestHeic::grid((64, 64), (64, 64));
        heic.properties[1] = ispe(tile);
        heic.items[1].data = [&[0, 1, 0, 0][..], &size.0.to_be_bytes(), &size.1.to_be_bytes()].concat();
        refused(&heic);
    }
    // Too many columns, too few, rows that are not there.
    for (rows, columns) in [(1, 3), (3, 1), (0, 1), (255, 255)] {
        let mut heic = TestHeic::grid((100, 70), (64, 64));
        let grid = usize::from(heic.primary) - 1;
        heic.items[grid].data[2..4].copy_from_slice(&[rows, columns]);
        refused(&heic);
    }
    // A grid that is made of itself, a tile that is a grid, a tile that is not there.
    for tiles in [vec![5; 4], vec![1, 2, 3, 9]] {
        let mut heic = TestHeic::grid((100, 70), (64, 64));
        heic.references[0].2 = tiles;
        refused(&heic);
    }
    // A tile that turns on its own.
    let mut heic = TestHeic::grid((100, 70), (64, 64));
    let turn = heic.property(boxed(b"irot", &[1]));
    heic.items[2].properties.push(turn);
    refused(&heic);
    // A decoder whose tiles differ from what the file says, or among themselves.
    let file = TestHeic::grid((100, 70), (64, 64)).file();
    assert!(convert(&file, &Painter::new((32, 64), 2)).is_err());
    struct Fickle(Painter);
    impl Decoder for Fickle {
        fn decode(&self, coded: &Coded<'_>) -> Result<Frame, ConvertError> {
            let shifts = if coded.slices[0][5] == 0 { Some((1, 1)) } else { None };
            Painter { shifts, ..self.0 }.decode(coded)
        }
    }
    assert!(convert(&file, &Fickle(Painter::new((64, 64), 2))).is_err());
}

#[test]
fn what_asks_for_too_much_is_refused() {
    // A few bytes of each location claim 65,535 pieces.
    let mut bomb = vec![0, 0];
    bomb.extend(5000_u16.to_be_bytes());
    for id in 0..5000_u16 {
        bomb.extend([&id.to_be_bytes()[..], &[0, 0, 0xFF, 0xFF]].concat());
    }
    let infos = full_box(b"infe", 2, 0, b"\0\x01\0\0hvc1\0");
    let meta = |parts: &[Vec<u8>]| {
        let parts = [&[full_box(b"pitm", 0, 0, &[0, 1])], parts].concat();
        [boxed(b"ftyp", b"heic"), full_box(b"meta", 0, 0, &parts.concat())].concat()
    };
    let one = full_box(b"iinf", 0, 0, &[&[0, 1], infos.as_slice()].concat());
    let read = |parts: &[Vec<u8>]| Heic::read(&meta(parts), &|| false).expect_err("too much").to_string();
    assert!(read(&[one.clone(), full_box(b"iloc", 0, 0, &bomb)]).contains("too large"));
    let many: Vec<u8> = (0..9000_u16)
        .flat_map(|id| full_box(b"infe", 2, 0, &[&id.to_be_bytes()[..], b"\0\0hvc1\0"].concat()))
        .collect();
    assert!(read(&[full_box(b"iinf", 0, 0, &[&[0, 1], many.as_slice()].concat())]).contains("too large"));
    let references = boxed(b"dimg", &[&[0, 1, 0xFF, 0xFF][..], &[0; 131_070]].concat()).repeat(2);
    assert!(read(&[one.clone(), full_box(b"iref", 0, 0, &references)]).contains("too large"));
    assert!(read(&[one, boxed(b"free", &vec![0; limits::MAX_META_BYTES])]).contains("too large"));
    // Tiles that all share the same large piece.
    let mut heic = TestHeic::grid((640, 640), (64, 64));
    heic.items[0].data = vec![0; 1 << 20];
    let file = heic.file();
    let place = |number: usize| {
        file.windows(6).position(|at| at == [&[0, number as u8, 0, 0][..], &[0, 1]].concat()).unwrap()
    };
    let location = file[place(1) + 6..place(1) + 14].to_vec();
    let mut shared = file.clone();
    for number in 2..=100 {
        let at = place(number) + 6;
        shared[at..at + 8].copy_from_slice(&location);
    }
    assert!(Heic::read(&file, &|| false).is_ok());
    assert!(Heic::read(&shared, &|| false).expect_err("too much work").to_string().contains("too large"));
    // Properties without end, in uses of 255 at most.
    let uses: Vec<u8> = (0..200).flat_map(|_| [&[0, 1, 255][..], &[1; 255]].concat()).collect();
    let uses = full_box(b"ipma", 0, 0, &[&200_u32.to_be_bytes()[..], &uses].concat());
    let properties = boxed(b"iprp", &[boxed(b"ipco", &ispe((64, 64))), uses].concat());
    let one = full_box(b"iinf", 0, 0, &[&[0, 1], infos.as_slice()].concat());
    assert!(read(&[one, properties]).contains("properties of one"));
    let mut heic = TestHeic::grid((640, 640), (64, 64));
    heic.items[0].pieces = 300;
    heic.items[0].data = vec![0; 300];
    assert!(refused(&heic).to_string().contains("pieces of one"));
}

/// A grid of 255 by 255 places in which one and the same tile lies, of so many bytes in two pieces.
fn one_tile_everywhere(bytes: usize) -> TestHeic {
    let mut heic = TestHeic::grid((48, 48), (48, 48));
    let side = 255 * 48_u32;
    heic.properties[2] = ispe((side, side));
    heic.items[0].data = vec![0; bytes];
    heic.items[0].pieces = 2;
    heic.items[1].data = [&[0, 1, 254, 254][..], &side.to_be_bytes(), &side.to_be_bytes()].concat();
    heic.references[0].2 = vec![1; 255 * 255];
    heic
}

#[test]
fn the_same_tile_everywhere_is_looked_at_once() {
    // If its bytes were copied for each place, these would be a terabyte.
    let asked = Cell::new(0);
    let stop = || {
        asked.set(asked.get() + 1);
        false
    };
    let large = one_tile_everywhere(16 << 20).file();
    let error = Heic::read(&large, &stop).expect_err("too much work").to_string();
    assert!(error.contains("its tiles all together"), "{error}");
    assert_eq!(asked.get(), limits::MAX_REUSE + 1, "refused as soon as it is too much");
    // What is little enough is read, unless somebody asks to stop.
    let small = one_tile_everywhere(100).file();
    asked.set(0);
    assert!(Heic::read(&small, &stop).is_ok());
    assert_eq!(asked.get(), 255 * 255);
    assert!(matches!(Heic::read(&small, &|| true), Err(ConvertError::Stopped)));
}

#[test]
fn decoder_settings_are_work_too() {
    let with_settings = |bytes: usize| {
        let mut heic = one_tile_everywhere(100);
        heic.properties[0] = boxed(b"hvcC", &[testing::hvcc(), vec![0; bytes]].concat());
        heic.file()
    };
    assert!(Heic::read(&with_settings(100), &|| false).is_ok());
    // 65,025 times 1 kB, and a single one without measure.
    let refusal = |file: &[u8]| Heic::read(file, &|| false).expect_err("too much work").to_string();
    assert!(refusal(&with_settings(1000)).contains("its tiles all together"));
    assert!(refusal(&with_settings(17 << 10)).contains("its decoder settings"));
    let mut single = TestHeic::single((64, 64));
    let need = |heic: &TestHeic| Heic::read(&heic.file(), &|| false).unwrap().need_bytes();
    let before = need(&single);
    single.properties[0] = boxed(b"hvcC", &[testing::hvcc(), vec![0; 10_000]].concat());
    assert_eq!(need(&single), before + 30_000);
}

#[test]
fn colours_are_asked_for_once_and_only_if_the_container_does_not_say_them() {
    struct Counting(Painter, AtomicUsize);
    impl Decoder for Counting {
        fn decode(&self, coded: &Coded<'_>) -> Result<Frame, ConvertError> {
            self.1.fetch_add(usize::from(coded.wants_colours), Ordering::Relaxed);
            self.0.decode(coded)
        }
    }
    let asked = |heic: &TestHeic| {
        let decoder = Counting(Painter::new((64, 64), 2), AtomicUsize::new(0));
        convert(&heic.file(), &decoder).unwrap();
        decoder.1.into_inner()
    };
    let heic = TestHeic::grid((100, 70), (64, 64));
    assert_eq!(asked(&heic), 1);
    assert_eq!(asked(&heic.with(nclx(12, 13, 6, true))), 0);
}

#[test]
fn companions_with_long_names_are_not_searched() {
    // Each of 60,000 references to the same 7 MB without an end.
    let mut heic = TestHeic::single((64, 64));
    let name = heic.property(full_box(b"auxC", 0, 0, &vec![b'x'; 7 << 20]));
    let other = heic.item(b"hvc1", b"", &[name]);
    heic.references = vec![(b"auxl", other, vec![heic.primary]); 60_000];
    assert!(Heic::read(&heic.file(), &|| false).is_ok());
}

#[test]
fn a_decoder_that_panics_is_an_error() {
    struct Panicking;
    impl Decoder for Panicking {
        fn decode(&self, _: &Coded<'_>) -> Result<Frame, ConvertError> {
            panic!("index out of bounds")
        }
    }
    let error = convert(&TestHeic::single((8, 8)).file(), &Panicking).expect_err("it panicked");
    assert!(matches!(error, ConvertError::Undecodable(_)), "{error}");
}

#[test]
fn it_stops_when_asked_and_says_when_it_cannot_write() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let file = TestHeic::grid((100, 70), (64, 64)).file();
    let painter = Painter::new((64, 64), 2);
    assert!(matches!(to_jpeg(&file, 90, &painter, &|| true, &mut Vec::new()), Err(ConvertError::Stopped)));
    match to_jpeg(&file, 90, &painter, &|| false, &mut Full) {
        Err(ConvertError::Write(error)) => assert_eq!(error.kind(), std::io::ErrorKind::StorageFull),
        other => panic!("{other:?}"),
    }
}

/// The real codec, there and back: pictures of another encoder, as its own decoder shows them.
#[test]
fn the_real_decoder_agrees_with_its_own_project() {
    for (width, height, quality) in [(70, 50, 90), (65, 47, 90), (513, 600, 60), (16, 16, 100), (1, 3, 90)] {
        let points: Vec<u8> = (0..width * height)
            .flat_map(|n| rgb(Painter::luma(n % width, n / width), Painter::chroma(n % width, n / width)))
            .collect();
        let options = heifer::EncodeOptions { quality, ..Default::default() };
        let heic = heifer::encode_rgb8(width, height, &points, &options).unwrap();
        let (made, jpeg) = convert(&heic, &Heifer).unwrap();
        assert_eq!((made.width, made.height), (width, height));
        let theirs = heifer::decode_rgba8(&heic, &heifer::Options::default()).unwrap().into_rgb8();
        let ours: Vec<u8> = open(&jpeg).rgb.into_iter().flatten().collect();
        let off: u64 = ours.iter().zip(&theirs).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
        assert!(off <= ours.len() as u64 * 2, "{width} x {height}: {off} of {}", ours.len());
    }
}

#[test]
fn ten_bits_come_down_to_eight() {
    let (width, height) = (66, 40);
    let data = (0..width * height)
        .flat_map(|n| {
            let [r, g, b] = rgb(Painter::luma(n % width, n / width), Painter::chroma(n % width, n / width));
            [r, g, b, 255].map(|part| u16::from(part) << 2 | u16::from(part) >> 6)
        })
        .collect();
    let image = heifer::Image { width, height, bit_depth: 10, has_alpha: false, data };
    let heic = heifer::encode(&image, &heifer::EncodeOptions { quality: 95, ..Default::default() }).unwrap();
    let (_, jpeg) = convert(&heic, &Heifer).unwrap();
    assert_painted(&open(&jpeg), (width, height), |x, y| (x, y), true);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, rng_seed: RngSeed::Fixed(2001), ..ProptestConfig::default() })]

    /// Any bytes give an answer.
    #[test]
    fn any_bytes(data in proptest::collection::vec(any::<u8>(), 0..400), is_meta: bool) {
        let file = if is_meta {
            [boxed(b"ftyp", b"heic"), full_box(b"meta", 0, 0, &data)].concat()
        } else {
            data
        };
        let _ = Heic::read(&file, &|| false);
    }

    /// A file with some bytes changed, cut off or repeated is converted or refused; and the JPEG of what is converted
    /// can be opened.
    #[test]
    fn damaged_files(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        let turned = TestHeic::grid((90, 70), (64, 64)).with(boxed(b"irot", &[3])).with(nclx(12, 13, 1, false));
        let mut file = turned.with_exif(&exif(6)).described(b"mime\0application/rdf+xml\0", b"<x/>").file();
        for (place, byte) in changes {
            let place = place.index(file.len());
            file[place] = byte;
        }
        if let Some(cut) = cut {
            file.truncate(cut.index(file.len()));
        }
        let mut out = Vec::new();
        // Not through `to_jpeg`, which would hide a panic.
        let made = Heic::read(&file, &|| false).and_then(|heic| heic.write_jpeg(80, &Tame, &|| false, &mut out));
        if let Ok(made) = made {
            prop_assert_eq!(open(&out).width, made.width as usize);
        }
    }

    /// Memory is estimated before anything is decoded, and never below what the picture itself takes.
    #[test]
    fn the_need_of_memory_covers_the_picture(width in 1..2000_u32, height in 1..2000_u32) {
        let heic = TestHeic::grid((width, height), (512, 512)).file();
        let need = Heic::read(&heic, &|| false).unwrap().need_bytes();
        prop_assert!(need >= u64::from(width) * u64::from(height) * 3 / 2);
        prop_assert!(need <= u64::from(width) * u64::from(height) * 2 + (8 << 20));
    }
}

/// A painter that paints whatever is asked of it, as long as it is small.
struct Tame;

impl Decoder for Tame {
    fn decode(&self, coded: &Coded<'_>) -> Result<Frame, ConvertError> {
        if coded.slices.first().is_none_or(|slice| slice.len() < 6) || coded.max_pixels > 1 << 16 {
            return Err(ConvertError::Undecodable("not painted".to_owned()));
        }
        let whole: &[u8] = coded.slices[0];
        let number = &whole[..6];
        Painter::new((64, 64), 2).decode(&Coded { slices: vec![number], ..coded.clone() })
    }
}
