//! Converted pictures as other people's programs see them: libheif decodes the HEIC, ExifTool reads both, FFmpeg opens
//! the JPEG.
//!
//! Needs `heif-convert` or `heif-dec` (Debian: `libheif-examples`), `exiftool` (`libimage-exiftool-perl`) and `ffmpeg`.
//! What is missing is said and left out, unless `IEXPORT_REQUIRE_PEERS` is set. The photos of real iPhones are those in
//! `../shared/media`, beside the checkout; without that folder, only pictures that are made here are looked at.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use iexport::convert::{Heifer, Made, to_jpeg};
use phone_libraries::{AssetSpec, IosVersion, Library};

/// The quality of a JPEG unless the person says otherwise.
const QUALITY: u8 = 90;

/// How far the JPEG may be from what libheif decodes, in steps of 255, for each of red, green and blue: on average, on
/// average with its sign, and for 98 of 100 points. As `docs/conversion.md` promises.
const MEAN: f64 = 2.0;
const BIAS: f64 = 0.5;
const MOST: u8 = 12;
const BEYOND: f64 = 0.02;

/// Whether a program is there. Says so if not; fails if everything has to be.
fn has(program: &str) -> bool {
    let found = std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).is_file()));
    if !found {
        assert!(std::env::var_os("IEXPORT_REQUIRE_PEERS").is_none(), "{program} is not installed");
        eprintln!("left out: {program} is not installed");
    }
    found
}

/// Runs a program; what it printed, or why not.
fn run(program: &str, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new(program).args(arguments).output().map_err(|error| error.to_string())?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
}

/// Points, each red, green and blue, row by row.
struct Points {
    width: usize,
    rgb: Vec<u8>,
}

impl Points {
    fn of_jpeg(jpeg: &[u8]) -> Self {
        let mut decoder = jpeg_decoder::Decoder::new(jpeg);
        let rgb = decoder.decode().unwrap();
        Self { width: decoder.info().unwrap().width.into(), rgb }
    }

    fn of_png(path: &Path) -> Self {
        let file = std::io::BufReader::new(std::fs::File::open(path).unwrap());
        let mut decoder = png::Decoder::new(file);
        decoder.set_transformations(png::Transformations::normalize_to_color8());
        let mut reader = decoder.read_info().unwrap();
        let mut samples = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut samples).unwrap();
        samples.truncate(info.buffer_size());
        let rgb = match info.color_type {
            png::ColorType::Rgb => samples,
            png::ColorType::Rgba => {
                samples.chunks(4).flat_map(|point| [point[0], point[1], point[2]]).collect()
            }
            other => panic!("{other:?}"),
        };
        Self { width: info.width as usize, rgb }
    }

    /// As a viewer shows them that heeds the orientation.
    fn shown(self, orientation: u16) -> Self {
        let (width, height) = (self.width, self.rgb.len() / 3 / self.width);
        let (shown_width, place): (usize, &dyn Fn(usize, usize) -> (usize, usize)) = match orientation {
            1 => return self,
            3 => (width, &|x, y| (width - 1 - x, height - 1 - y)),
            6 => (height, &|x, y| (y, height - 1 - x)),
            8 => (height, &|x, y| (width - 1 - y, x)),
            other => panic!("no iPhone photo is turned like {other}"),
        };
        let mut rgb = Vec::with_capacity(self.rgb.len());
        for y in 0..width * height / shown_width {
            for x in 0..shown_width {
                let (x, y) = place(x, y);
                rgb.extend_from_slice(&self.rgb[(y * width + x) * 3..][..3]);
            }
        }
        Self { width: shown_width, rgb }
    }

    #[track_caller]
    fn assert_like(&self, other: &Self, what: &str) {
        assert_eq!((self.width, self.rgb.len()), (other.width, other.rgb.len()), "{what}");
        // How often each difference occurs, for each of the three.
        let mut counts = [[0_u64; 511]; 3];
        for (own, other) in self.rgb.chunks_exact(3).zip(other.rgb.chunks_exact(3)) {
            for channel in 0..3 {
                counts[channel][255 + usize::from(own[channel]) - usize::from(other[channel])] += 1;
            }
        }
        let all = (self.rgb.len() / 3) as f64;
        for (channel, counts) in ["red", "green", "blue"].into_iter().zip(counts) {
            let sum = |weigh: &dyn Fn(f64) -> f64| -> f64 {
                (-255..).zip(counts).map(|(off, count)| weigh(f64::from(off)) * count as f64).sum::<f64>()
                    / all
            };
            let (mean, bias) = (sum(&f64::abs), sum(&|off| off));
            let beyond = sum(&|off| f64::from(u8::from(off.abs() > f64::from(MOST))));
            eprintln!(
                "{what}, {channel}: mean {mean:.2}, bias {bias:+.2}, {:.3} % beyond {MOST}",
                beyond * 100.0
            );
            assert!(mean <= MEAN && bias.abs() <= BIAS && beyond <= BEYOND, "{what}, {channel}");
        }
    }
}

/// A HEIC, the JPEG made of it, and a folder for what others make.
struct Pair {
    heic: PathBuf,
    jpeg: PathBuf,
    made: Made,
    folder: tempfile::TempDir,
}

impl Pair {
    fn of(heic: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let jpeg = folder.path().join("made.jpg");
        let mut out = std::fs::File::create(&jpeg).unwrap();
        let made = to_jpeg(&std::fs::read(heic).unwrap(), QUALITY, &Heifer, &|| false, &mut out).unwrap();
        Self { heic: heic.to_owned(), jpeg, made, folder }
    }

    fn opens_in_ffmpeg(&self) {
        if has("ffmpeg") {
            let said = run(
                "ffmpeg",
                &["-nostdin", "-v", "error", "-i", self.jpeg.to_str().unwrap(), "-f", "null", "-"],
            );
            assert_eq!(said.as_deref(), Ok(""));
        }
    }

    fn has_the_colours_that_libheif_sees(&self) {
        let shown = Points::of_jpeg(&std::fs::read(&self.jpeg).unwrap()).shown(self.made.orientation);
        let name = self.heic.file_name().unwrap().to_str().unwrap();
        let dec = std::env::var_os("PATH")
            .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join("heif-dec").is_file()));
        let program = if dec { "heif-dec" } else { "heif-convert" };
        let png = self.folder.path().join("theirs.png");
        if has(program) {
            match run(program, &[self.heic.to_str().unwrap(), png.to_str().unwrap()]) {
                Ok(_) => {
                    return shown.assert_like(&Points::of_png(&png), &format!("{name} as libheif sees it"));
                }
                // libheif before 1.18 does not read photos of iOS 18: they have more companions than it expects.
                Err(why) if why.contains("Too many auxiliary image references") => {
                    eprintln!("left out: this libheif is too old for {name}");
                }
                Err(why) => panic!("{why}"),
            }
        }
        // Then at least as the decoder's own project makes colours of what it decodes.
        let bytes = std::fs::read(&self.heic).unwrap();
        let theirs = heifer::decode_rgba8(&bytes, &heifer::Options::default()).unwrap();
        let theirs = Points { width: theirs.width as usize, rgb: theirs.into_rgb8() };
        shown.assert_like(&theirs, &format!("{name} as heifer sees it"));
    }

    /// What ExifTool shows of these groups of tags, a tag a line.
    fn tags(file: &Path, groups: &[&str]) -> BTreeSet<String> {
        let file = file.to_str().unwrap();
        let arguments: Vec<&str> =
            ["-a", "-G1", "-s", "-n"].into_iter().chain(groups.iter().copied()).chain([file]).collect();
        run("exiftool", &arguments).unwrap().lines().map(str::to_owned).collect()
    }

    /// Fails unless all that ExifTool shows is the same: orientation, dates, place, Apple's own notes, XMP, profile.
    fn says_the_same(&self, expected: &[&str]) {
        if !has("exiftool") {
            return;
        }
        let groups = ["-EXIF:all", "-MakerNotes:all"];
        let (theirs, ours) = (Self::tags(&self.heic, &groups), Self::tags(&self.jpeg, &groups));
        assert_eq!(ours, theirs);
        for tag in expected {
            assert!(
                ours.iter()
                    .any(|line| line.contains(&format!("] {tag} ")) || line.contains(&format!(" {tag} "))),
                "{tag}: {ours:#?}"
            );
        }
        let profile = ["-ICC_Profile:ProfileDescription", "-ICC_Profile:all"];
        let (theirs, ours) = (Self::tags(&self.heic, &profile), Self::tags(&self.jpeg, &profile));
        // A HEIC of iOS 18 has a second profile, that of its HDR variant.
        assert!(ours.is_subset(&theirs), "{:#?}", ours.difference(&theirs));
        assert_eq!(ours.is_empty(), theirs.is_empty());
        // And XMP data of the gain map and the depth map, which say nothing about the picture.
        let (theirs, ours) = (Self::tags(&self.heic, &["-XMP:all"]), Self::tags(&self.jpeg, &["-XMP:all"]));
        assert!(ours.is_subset(&theirs), "{:#?}", ours.difference(&theirs));
        assert_eq!(
            ours.iter().filter(|line| line.contains("[XMP-xmp]")).count(),
            theirs.iter().filter(|line| line.contains("[XMP-xmp]")).count()
        );
    }
}

/// A photo of the folder beside the repository, if it is there.
fn photo(name: &str) -> Option<PathBuf> {
    let photo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/media").join(name);
    if photo.exists() {
        return Some(photo);
    }
    eprintln!("left out: ../shared/media/{name} is not there");
    None
}

/// What every photo of a real iPhone says.
const TAGS: [&str; 6] =
    ["Orientation", "DateTimeOriginal", "OffsetTimeOriginal", "Model", "LensModel", "RunTimeValue"];
const PLACE: [&str; 4] = ["GPSLatitude", "GPSLongitude", "GPSLatitudeRef", "GPSAltitude"];

fn real(name: &str, tags: &[&str]) {
    let Some(heic) = photo(name) else { return };
    let pair = Pair::of(&heic);
    pair.opens_in_ffmpeg();
    pair.says_the_same(tags);
    pair.has_the_colours_that_libheif_sees();
}

#[test]
fn a_turned_photo_in_display_p3_with_a_place() {
    real("iphone-small.heic", &[&TAGS[..], &PLACE].concat());
}

#[test]
fn a_photo_of_an_older_iphone() {
    real("older-iphone.heic", &TAGS);
}

#[test]
fn the_still_of_a_live_photo_with_depth_and_gain_maps() {
    real("live.heic", &[&TAGS[..], &PLACE].concat());
}

/// The HEICs that the virtual phone holds.
#[test]
fn photos_that_are_made_here() {
    let mut library = Library::new(IosVersion::Ios18);
    for number in 0..3 {
        library.asset(AssetSpec::at(format!("DCIM/100APPLE/IMG_000{number}.HEIC")));
    }
    let folder = tempfile::tempdir().unwrap();
    let made = library.write(folder.path()).unwrap();
    for number in 0..3 {
        let pair = Pair::of(&made.media.join(format!("DCIM/100APPLE/IMG_000{number}.HEIC")));
        pair.opens_in_ffmpeg();
        pair.says_the_same(&["Orientation", "Make"]);
        pair.has_the_colours_that_libheif_sees();
    }
}

/// Sizes that no tile fits, ten bits, no metadata at all.
#[test]
fn pictures_of_another_encoder() {
    for (width, height, bit_depth) in [(1001_u32, 603_u32, 8_u8), (77, 51, 8), (640, 480, 10)] {
        let max = f64::from((1_u32 << bit_depth) - 1);
        let wave = |n: u32, length: f64| 0.5 + 0.4 * (f64::from(n) / length).sin();
        let data = (0..width * height)
            .flat_map(|n| {
                let (x, y) = (n % width, n / width);
                [wave(x, 30.0), wave(y, 25.0), wave(x + y, 60.0), 1.0].map(|part| (part * max).round() as u16)
            })
            .collect();
        let image = heifer::Image { width, height, bit_depth, has_alpha: false, data };
        let folder = tempfile::tempdir().unwrap();
        let heic = folder.path().join(format!("{width}x{height}.heic"));
        std::fs::write(&heic, heifer::encode(&image, &heifer::EncodeOptions::default()).unwrap()).unwrap();
        let pair = Pair::of(&heic);
        pair.opens_in_ffmpeg();
        pair.has_the_colours_that_libheif_sees();
    }
}
