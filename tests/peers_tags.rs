//! Filled files as other people's programs see them: FFmpeg plays them and reads their tags, ExifTool reads them, too.
//!
//! Needs `ffmpeg`, `ffprobe` (Debian: `ffmpeg`) and `exiftool` (`libimage-exiftool-perl`). What is missing is said and
//! left out, unless `IEXPORT_REQUIRE_PEERS` is set.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use iexport::tag::{Filled, Limits, TagError, TagName, Tags, fill};
use phone_libraries::{Audio, AudioFormat, AudioTags, Cover, Film, StoreKind};
use serde_json::Value;

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

/// What FFmpeg 5 says of MPEG-4 with a cover, and of covers, even if it made them itself; and ExifTool of chapters.
const ALWAYS: [&str; 3] = ["EOI missing, emulating", "stream 0, timescale not set", "ExtractEmbedded option"];

/// What a program prints; fails if it complains about anything.
#[track_caller]
fn run(program: &str, arguments: &[&str]) -> Vec<u8> {
    let output = Command::new(program).args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let complaint =
        said.lines().find(|line| !line.is_empty() && !ALWAYS.iter().any(|known| line.contains(known)));
    assert!(output.status.success() && complaint.is_none(), "{program} {arguments:?}: {said}");
    output.stdout
}

/// Everything that can be filled in.
fn all_tags() -> Tags {
    let text = |text: &str| Some(text.to_owned());
    Tags {
        title: text("Räume / im Licht: 東京 \u{1F30A}?"),
        artist: text("Приливы"),
        album: text("Low Water"),
        album_artist: text("Various Artists"),
        composer: text("Ada Välé"),
        genre: text("Ambient (slow)"),
        year: Some(1998),
        track: Some((3, Some(12))),
        disc: Some((1, Some(2))),
        compilation: Some(true),
        comment: text("made of nothing"),
        grouping: text("water"),
        lyrics: text("line one\nline two"),
        bpm: Some(97),
        cover: Some(Cover::Jpeg.to_bytes(4).unwrap().into()),
        show: text("The Show"),
        season: Some(2),
        episode: Some(7),
        episode_id: text("S02E07"),
    }
}

/// What FFmpeg and ExifTool know of a file.
struct Seen {
    /// By lower-case name.
    tags: BTreeMap<String, String>,
    /// Of its sound and its moving picture, as they are coded.
    hashes: Vec<String>,
    exif: String,
    cover: Vec<u8>,
}

impl Seen {
    fn of(bytes: &[u8], extension: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(format!("song.{extension}"));
        std::fs::write(&path, bytes).unwrap();
        let file = path.to_str().unwrap();
        // What is protected cannot be decoded, which is what it is for.
        let is_protected = bytes.windows(4).any(|four| four == b"drms");
        let level = if is_protected { "fatal" } else { "error" };
        let (mut tags, mut hashes) = (BTreeMap::new(), Vec::new());
        if has("ffprobe") {
            let probed = run("ffprobe", &["-v", level, "-show_format", "-of", "json", file]);
            let probed: Value = serde_json::from_slice(&probed).unwrap();
            let found = probed["format"]["tags"].as_object().cloned().unwrap_or_default();
            tags = found
                .iter()
                .map(|(name, value)| (name.to_lowercase(), value.as_str().unwrap().to_owned()))
                .collect();
        }
        if has("ffmpeg") {
            let start = ["-nostdin", "-v", level, "-xerror", "-i", file, "-map", "0:a?", "-map", "0:V?"];
            let hash = run(
                "ffmpeg",
                &[&start[..], &["-c", "copy", "-f", "streamhash", "-hash", "sha256", "-"]].concat(),
            );
            hashes = String::from_utf8(hash).unwrap().lines().map(str::to_owned).collect();
            if !is_protected {
                run("ffmpeg", &[&start[..], &["-f", "null", "-"]].concat());
            }
        }
        let (mut exif, mut cover) = (String::new(), Vec::new());
        if has("exiftool") {
            exif = String::from_utf8_lossy(&run("exiftool", &["-a", "-s", "-G", file])).into_owned();
            cover = run("exiftool", &["-b", "-CoverArt", "-Picture", file]);
        }
        Self { tags, hashes, exif, cover }
    }
}

/// Fills a file, and lets others look at it before and after.
#[track_caller]
fn check(name: &str, bytes: &[u8], extension: &str) {
    let before = Seen::of(bytes, extension);
    let tags = all_tags();
    let filled = fill(bytes.to_vec(), Some(extension), &tags, &Limits::default());
    let Ok(Filled::Changed { bytes, added, .. }) = filled else { panic!("{name}: {filled:?}") };
    let after = Seen::of(&bytes, extension);
    assert_eq!(after.hashes, before.hashes, "{name}");
    for (tag, said) in &before.tags {
        assert_eq!(after.tags.get(tag), Some(said), "{name}: {tag}");
    }
    let is_mp4 = extension.starts_with("m4") || extension == "mp4";
    let flac = extension == "flac";
    for (tag, keys, expected) in [
        (TagName::Title, &["title"][..], tags.title.clone().unwrap()),
        (TagName::Artist, &["artist"], tags.artist.clone().unwrap()),
        (TagName::Album, &["album"], "Low Water".to_owned()),
        (TagName::AlbumArtist, &["album_artist"], "Various Artists".to_owned()),
        (TagName::Composer, &["composer", "tcm"], "Ada Välé".to_owned()),
        (TagName::Genre, &["genre"], "Ambient (slow)".to_owned()),
        (TagName::Year, &["date"], "1998".to_owned()),
        (TagName::Track, &["track"], if flac { "3" } else { "3/12" }.to_owned()),
        (TagName::Disc, &["disc", "tpa"], if flac { "1" } else { "1/2" }.to_owned()),
        (TagName::Compilation, &["compilation"], "1".to_owned()),
        (TagName::Comment, &["comment"], "made of nothing".to_owned()),
        (TagName::Grouping, &["grouping", "tit1", "tt1"], "water".to_owned()),
        (TagName::Lyrics, &["lyrics", "lyrics-xxx"], "line one\nline two".to_owned()),
        (TagName::Bpm, &["tbpm", "bpm", "tmpo", "tbp"], "97".to_owned()),
        (TagName::Show, &["show"], "The Show".to_owned()),
        (TagName::Season, &["season_number"], "2".to_owned()),
        (TagName::Episode, &["episode_sort"], "7".to_owned()),
        (TagName::EpisodeId, &["episode_id"], "S02E07".to_owned()),
    ] {
        if !added.contains(&tag) || after.tags.is_empty() {
            continue;
        }
        let seen = keys.iter().find_map(|key| after.tags.get(*key));
        // FFmpeg does not read the beats of an MP4, nor lyrics of ID3v2.2; ExifTool below does.
        // And of a WAV's two sorts of tags it only reads its older one.
        let is_blind = (extension == "wav"
            && bytes.windows(8).any(|bytes| bytes == b"INFOINAM" || bytes == b"INFOIART"))
            || (is_mp4 && tag == TagName::Bpm)
            || (bytes.starts_with(b"ID3\x02") && tag == TagName::Lyrics);
        if seen.is_some() || !is_blind {
            assert_eq!(seen, Some(&expected), "{name}: {tag:?}: {:?}", after.tags);
        }
    }
    if !after.exif.is_empty() {
        for line in before.exif.lines().filter(|line| !is_of_the_file(line)) {
            assert!(after.exif.contains(line), "{name}: {line}\n{}", after.exif);
        }
        for (tag, text) in [
            // ExifTool does not read what UTF-16 writes in two, which ID3v2.3 may.
            (TagName::Title, "Räume / im Licht: 東京 "),
            (TagName::Artist, "Приливы"),
            (TagName::AlbumArtist, ": Various Artists"),
            (TagName::Genre, ": Ambient (slow)"),
            (TagName::Year, ": 1998"),
            (TagName::Grouping, ": water"),
            (TagName::Bpm, ": 97"),
            (TagName::Lyrics, ": line one"),
        ] {
            assert!(!added.contains(&tag) || after.exif.contains(text), "{name}: {tag:?}\n{}", after.exif);
        }
        assert!(!added.contains(&TagName::Cover) || after.cover == *tags.cover.as_deref().unwrap(), "{name}");
        assert!(!after.exif.contains("Warning") || before.exif.contains("Warning"), "{name}: {}", after.exif);
    }
}

/// What ExifTool says of the file as such, and of where its parts are.
fn is_of_the_file(line: &str) -> bool {
    ["[File]", "MediaDataOffset", "AvgBitrate", "ID3Size", "[Composite]", "[ExifTool]"]
        .iter()
        .any(|part| line.contains(part))
}

/// A few tags, among them those that have a place in ID3v1.
fn few_tags() -> AudioTags {
    AudioTags {
        title: Some("Own Title é".into()),
        track: Some((9, 0)),
        comment: Some("own comment".into()),
        genre: Some("Rock".into()),
        kind: Some(StoreKind::Song),
        ..AudioTags::default()
    }
}

#[test]
fn songs_of_every_format() {
    for format in AudioFormat::ALL {
        for tags in [AudioTags::default(), few_tags()] {
            let name = format!("{format:?}, {}", if tags.is_empty() { "without tags" } else { "with a few" });
            let audio = Audio { format, length: Duration::from_secs(1), seed: 5, tags };
            let (bytes, extension) = (audio.to_bytes().unwrap(), format.extension());
            if format == AudioFormat::Qta {
                let refused = fill(bytes, Some(extension), &all_tags(), &Limits::default());
                assert!(matches!(refused, Err(TagError::Unsupported(_))), "{refused:?}");
            } else {
                check(&name, &bytes, extension);
            }
        }
    }
}

#[test]
fn films() {
    for is_m4v in [false, true] {
        for tags in [AudioTags::default(), few_tags()] {
            let film = Film { seed: 3, tags, is_m4v };
            check("a film", &film.to_bytes().unwrap(), if is_m4v { "m4v" } else { "mp4" });
        }
    }
}

/// Files that FFmpeg makes: other orders of boxes, other versions of tags, chapters, sound and picture together.
#[test]
fn files_of_another_program() {
    if !has("ffmpeg") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let chapters = folder.path().join("chapters.txt");
    std::fs::write(
        &chapters,
        ";FFMETADATA1\ntitle=Own Title\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=500\ntitle=One\n\
         [CHAPTER]\nTIMEBASE=1/1000\nSTART=500\nEND=1000\ntitle=Two\n",
    )
    .unwrap();
    let chapters = chapters.to_str().unwrap();
    let sound = ["-f", "lavfi", "-i", "sine=duration=1"];
    let picture = ["-f", "lavfi", "-i", "testsrc=duration=1:size=64x64:rate=10"];
    let titled = ["-metadata", "title=Own Title", "-metadata", "artist=Somebody"];
    let mut cases: Vec<(&str, Vec<&str>)> = vec![
        ("m4a", [&sound[..], &["-i", chapters, "-map_metadata", "1", "-c:a", "aac"]].concat()),
        ("m4a", [&sound[..], &["-c:a", "aac", "-movflags", "+faststart"]].concat()),
        ("m4a", [&sound[..], &titled, &["-c:a", "alac"]].concat()),
        ("mp4", [&picture[..], &sound, &titled, &["-c:v", "mpeg4", "-c:a", "aac"]].concat()),
        (
            "mp4",
            [&picture[..], &sound, &["-c:v", "mpeg4", "-c:a", "aac", "-movflags", "+faststart"]].concat(),
        ),
        ("flac", [&sound[..], &titled].concat()),
        ("flac", [&sound[..], &["-bitexact"]].concat()),
        ("aiff", [&sound[..], &titled, &["-write_id3v2", "1"]].concat()),
        ("aiff", [&sound[..], &titled].concat()),
        ("wav", [&sound[..], &titled].concat()),
    ];
    let encoders = String::from_utf8(run("ffmpeg", &["-v", "error", "-encoders"])).unwrap();
    if encoders.contains("libmp3lame") {
        for version in ["3", "4", "0"] {
            let mp3 = ["-c:a", "libmp3lame", "-write_id3v1", "1", "-id3v2_version", version];
            cases.push(("mp3", [&sound[..], &titled, &mp3].concat()));
        }
    }
    for (number, (extension, arguments)) in cases.iter().enumerate() {
        let file = folder.path().join(format!("{number}.{extension}"));
        let start = ["-nostdin", "-v", "error", "-y"];
        run("ffmpeg", &[&start[..], arguments, &[file.to_str().unwrap()]].concat());
        check(&format!("{arguments:?}"), &std::fs::read(&file).unwrap(), extension);
    }
    let fragmented = folder.path().join("fragmented.m4a");
    fragment(&fragmented);
    let refused = fill(std::fs::read(&fragmented).unwrap(), Some("m4a"), &all_tags(), &Limits::default());
    assert_eq!(refused, Err(TagError::Unsupported("it is made of fragments")));
}

fn fragment(file: &Path) {
    let arguments =
        ["-nostdin", "-v", "error", "-f", "lavfi", "-i", "sine=duration=1", "-c:a", "aac", "-movflags"];
    run("ffmpeg", &[&arguments[..], &["frag_keyframe+empty_moov", file.to_str().unwrap()]].concat());
}

/// ID3v2.2, which FFmpeg does not write, but years of iTunes did.
#[test]
fn songs_with_tags_of_old() {
    let frames = b"TT2\0\0\x0A\0Own TitleCOM\0\0\x1D\0engiTunNORM\0 0000 0000 0000";
    let size = [0, 0, 0, frames.len() as u8 + 20];
    let audio = Audio {
        format: AudioFormat::Mp3,
        length: Duration::from_secs(1),
        seed: 8,
        tags: AudioTags::default(),
    };
    let sound = audio.to_bytes().unwrap();
    for flags in [0, 0x80] {
        let bytes = [b"ID3\x02\0", &[flags][..], &size, frames, &[0; 20], &sound].concat();
        check("ID3v2.2", &bytes, "mp3");
    }
}
