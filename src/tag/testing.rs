//! Songs for tests, built part by part. Their sound is noise that no decoder is asked for.

use std::sync::Arc;

use super::Tags;
use super::mp4::testing::{boxed, full};

/// Bytes that look like nothing in particular.
pub(super) fn noise(seed: u32, count: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(1);
    std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    })
    .take(count)
    .collect()
}

/// A JPEG as far as anybody looks here.
pub(super) fn cover() -> Arc<[u8]> {
    [&b"\xFF\xD8\xFF\xE0"[..], &noise(7, 500), b"\xFF\xD9"].concat().into()
}

/// Everything that can be filled in.
pub(super) fn all_tags() -> Tags {
    let text = |text: &str| Some(text.to_owned());
    Tags {
        title: text("Für Elise ♪"),
        artist: text("Артист"),
        album: text("An Album"),
        album_artist: text("Various"),
        composer: text("Beethoven"),
        genre: text("Classical"),
        year: Some(1999),
        track: Some((3, Some(12))),
        disc: Some((1, Some(2))),
        compilation: Some(true),
        comment: text("naïve"),
        grouping: text("a group"),
        lyrics: text("one\ntwo ♪"),
        bpm: Some(120),
        cover: Some(cover()),
        show: text("A Show"),
        season: Some(2),
        episode: Some(300),
        episode_id: text("S02E300"),
    }
}

/// Where `moov` is in an MP4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// Before the samples.
    Front,
    /// Behind the samples.
    Back,
}

/// How `mdat` says how long it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DataSize {
    Short,
    Wide,
    Open,
}

/// An MP4 with a track of sound and one of chapters, whose chunks lie between each other.
#[derive(Debug, Clone)]
pub(super) struct TestMp4 {
    pub(super) order: Order,
    pub(super) data_size: DataSize,
    /// Chunk offsets of 64 bits.
    pub(super) wide: bool,
    /// The content of `ilst`, if there is one.
    pub(super) items: Option<Vec<u8>>,
    /// What else is in `udta`, behind `meta`. Without it and without items there is no `udta`.
    pub(super) user_data: Vec<u8>,
    /// Boxes behind `ilst`, in `meta`.
    pub(super) padding: Vec<u8>,
}

impl Default for TestMp4 {
    fn default() -> Self {
        Self {
            order: Order::Front,
            data_size: DataSize::Short,
            wide: false,
            items: None,
            user_data: Vec::new(),
            padding: Vec::new(),
        }
    }
}

/// Samples of the two tracks: their sizes, and how many are in each chunk but the last.
const SOUND: (&[usize], usize) = (&[30, 7, 0, 120, 1, 64, 33], 2);
const CHAPTERS: (&[usize], usize) = (&[5, 5, 5], 1);

impl TestMp4 {
    pub(super) fn bytes(&self) -> Vec<u8> {
        let ftyp = boxed(b"ftyp", b"M4A \0\0\0\0M4A mp42isom");
        let mut data = Vec::new();
        let (mut places, mut pending) = ([Vec::new(), Vec::new()], [SOUND, CHAPTERS]);
        while pending.iter().any(|(sizes, _)| !sizes.is_empty()) {
            for (track, (sizes, per_chunk)) in
                pending.iter_mut().enumerate().filter(|(_, pending)| !pending.0.is_empty())
            {
                let (chunk, rest) = sizes.split_at((*per_chunk).min(sizes.len()));
                places[track].push(data.len() as u64);
                data.extend(noise(data.len() as u32, chunk.iter().sum()));
                *sizes = rest;
            }
        }
        // The size of `moov` does not depend on what is in its tables.
        let head = if self.data_size == DataSize::Wide { 16 } else { 8 };
        let before = match self.order {
            Order::Front => ftyp.len() + self.moov(&places, 0).len(),
            Order::Back => ftyp.len(),
        };
        let moov = self.moov(&places, (before + head) as u64);
        let mdat = match self.data_size {
            DataSize::Short => boxed(b"mdat", &data),
            DataSize::Wide => {
                [&b"\0\0\0\x01mdat"[..], &(data.len() as u64 + 16).to_be_bytes(), &data].concat()
            }
            DataSize::Open => [&b"\0\0\0\0mdat"[..], &data].concat(),
        };
        match self.order {
            Order::Front => [ftyp, moov, mdat].concat(),
            Order::Back => [ftyp, mdat, moov].concat(),
        }
    }

    fn moov(&self, places: &[Vec<u64>; 2], base: u64) -> Vec<u8> {
        let sound = self.track(b"soun", SOUND, &places[0], base);
        let chapters = self.track(b"text", CHAPTERS, &places[1], base);
        let mut content = [boxed(b"mvhd", &noise(3, 100)), sound, chapters].concat();
        let meta = self.items.as_ref().map(|items| {
            let handler = full(b"hdlr", b"\0\0\0\0mdirappl\0\0\0\0\0\0\0\0\0");
            full(b"meta", &[&handler[..], &boxed(b"ilst", items), &self.padding].concat())
        });
        if meta.is_some() || !self.user_data.is_empty() {
            content.extend(boxed(b"udta", &[&meta.unwrap_or_default()[..], &self.user_data].concat()));
        }
        boxed(b"moov", &content)
    }

    fn track(
        &self,
        handler: &[u8; 4],
        (sizes, per_chunk): (&[usize], usize),
        places: &[u64],
        base: u64,
    ) -> Vec<u8> {
        let number = |number: usize| (number as u32).to_be_bytes();
        let table = |entries: Vec<[u8; 4]>| entries.concat();
        let stsz =
            [&[0; 4][..], &number(sizes.len()), &table(sizes.iter().map(|size| number(*size)).collect())]
                .concat();
        let stsc = table([1, 1, per_chunk, 1].map(number).to_vec());
        let offsets = if self.wide {
            let places: Vec<_> = places.iter().map(|place| (place + base).to_be_bytes()).collect();
            full(b"co64", &[&number(places.len())[..], &places.concat()].concat())
        } else {
            let places: Vec<_> = places.iter().map(|place| number((place + base) as usize)).collect();
            full(b"stco", &[&number(places.len())[..], &places.concat()].concat())
        };
        let stbl = [
            full(b"stsd", &noise(5, 60)),
            full(b"stts", &noise(6, 12)),
            full(b"stsz", &stsz),
            full(b"stsc", &stsc),
            offsets,
        ]
        .concat();
        let dref = full(b"dref", b"\0\0\0\x01\0\0\0\x0Curl \0\0\0\x01");
        let minf = [boxed(b"dinf", &dref), boxed(b"stbl", &stbl)].concat();
        let hdlr = full(b"hdlr", &[&[0; 4], &handler[..], &[0; 13]].concat());
        boxed(
            b"trak",
            &[boxed(b"tkhd", &noise(4, 84)), boxed(b"mdia", &[hdlr, boxed(b"minf", &minf)].concat())]
                .concat(),
        )
    }
}

/// What iTunes and its shop write beside the tags that people know: notes on gaps, who bought it, numbers of the shop.
pub(super) fn odd_items() -> Vec<u8> {
    let data = |kind: u32, data: &[u8]| boxed(b"data", &[&kind.to_be_bytes()[..], &[0; 4], data].concat());
    let freeform = |name: &[u8], text: &[u8]| {
        boxed(b"----", &[full(b"mean", b"com.apple.iTunes"), full(b"name", name), data(1, text)].concat())
    };
    [
        freeform(b"iTunSMPB", b" 00000000 00000840 000001CA 00000000003F31F6"),
        freeform(b"iTunNORM", b" 000009D2 00000A48"),
        boxed(b"apID", &data(1, b"someone@example.com")),
        boxed(b"ownr", &data(1, b"Someone")),
        boxed(b"purd", &data(1, b"2010-01-02 03:04:05")),
        boxed(b"cnID", &data(21, &[1, 2, 3, 4])),
        boxed(b"plID", &data(21, &[0, 0, 0, 0, 1, 2, 3, 4])),
        boxed(b"pgap", &data(21, &[0])),
        boxed(b"zzzz", &data(99, &noise(1, 10))),
    ]
    .concat()
}

/// Frames as an encoder makes them: layer III, 128 kbit/s, 44.1 kHz.
pub(super) fn mp3_sound() -> Vec<u8> {
    (0..20_u32).flat_map(|n| [b"\xFF\xFB\x90\x00".to_vec(), noise(n, 413)].concat()).collect()
}

/// A tag of ID3v1: 128 bytes.
pub(super) fn id3v1(title: &str, artist: &str) -> Vec<u8> {
    let mut tag = b"TAG".to_vec();
    for (text, end) in [(title, 33), (artist, 63)] {
        tag.extend(text.as_bytes());
        tag.resize(end, 0);
    }
    tag.resize(127, 0);
    tag.push(255);
    tag
}

/// A tag of APEv2 with a head.
pub(super) fn ape(items: &[(&str, &str)]) -> Vec<u8> {
    let mut content = Vec::new();
    for (key, value) in items {
        content.extend((value.len() as u32).to_le_bytes());
        content.extend([0; 4]);
        content.extend([key.as_bytes(), b"\0", value.as_bytes()].concat());
    }
    let mark = |flags: u32| {
        let size = content.len() as u32 + 32;
        [
            b"APETAGEX",
            &2000_u32.to_le_bytes()[..],
            &size.to_le_bytes(),
            &(items.len() as u32).to_le_bytes(),
            &flags.to_le_bytes(),
            &[0; 8],
        ]
        .concat()
    };
    [mark(0xA000_0000), content.clone(), mark(0x8000_0000)].concat()
}

/// A tag of ID3v2 with these frames and some padding.
pub(super) fn id3v2(version: u8, frames: &[u8]) -> Vec<u8> {
    let size = frames.len() + 40;
    let size = [21, 14, 7, 0].map(|shift| (size >> shift & 0x7F) as u8);
    [b"ID3", &[version, 0, 0][..], &size, frames, &[0; 40]].concat()
}

/// A frame of ID3v2.3.
pub(super) fn frame(id: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [&id[..], &(body.len() as u32).to_be_bytes(), &[0, 0], body].concat()
}

/// Frames that no list of tags has.
pub(super) fn odd_frames() -> Vec<u8> {
    [
        frame(b"COMM", b"\0engiTunSMPB\0 00000000 00000210"),
        frame(b"PRIV", &[b"com.example\0", &noise(2, 20)[..]].concat()),
        frame(b"XYZQ", &noise(3, 5)),
        frame(b"TXXX", b"\0what\0ever"),
        frame(b"CHAP", &[b"one\0", &[0; 16][..]].concat()),
    ]
    .concat()
}

fn chunk(id: &[u8; 4], number: fn(u32) -> [u8; 4], content: &[u8]) -> Vec<u8> {
    let mut chunk = [&id[..], &number(content.len() as u32), content].concat();
    chunk.resize(chunk.len() + content.len() % 2, 0);
    chunk
}

pub(super) fn aiff(more: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let number = u32::to_be_bytes;
    let mut content = b"AIFF".to_vec();
    content.extend(chunk(b"COMM", number, b"\0\x01\0\0\0\x64\0\x10\x40\x0E\xAC\x44\0\0\0\0\0\0"));
    content.extend(chunk(b"SSND", number, &[&[0; 8], &noise(9, 200)[..]].concat()));
    for (id, data) in more {
        content.extend(chunk(id, number, data));
    }
    chunk(b"FORM", number, &content)
}

pub(super) fn wav(more: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let number = u32::to_le_bytes;
    let mut content = b"WAVE".to_vec();
    content.extend(chunk(b"fmt ", number, b"\x01\0\x01\0\x44\xAC\0\0\x88\x58\x01\0\x02\0\x10\0"));
    for (id, data) in more {
        content.extend(chunk(id, number, data));
    }
    content.extend(chunk(b"data", number, &noise(8, 201)));
    chunk(b"RIFF", number, &content)
}

/// A FLAC with these blocks behind the first.
pub(super) fn flac(blocks: &[(u8, &[u8])]) -> Vec<u8> {
    let mut bytes = b"fLaC".to_vec();
    let first =
        [&[0x10, 0, 0x10, 0, 0, 0, 0x0E, 0, 0, 0x10, 0x0A, 0xC4, 0x42, 0xF0, 0, 0, 0, 0][..], &noise(1, 16)]
            .concat();
    let all: Vec<(u8, &[u8])> = std::iter::once((0, &first[..])).chain(blocks.iter().copied()).collect();
    for (index, (kind, content)) in all.iter().enumerate() {
        let last = if index + 1 == all.len() { 0x80 } else { 0 };
        bytes.extend([&[kind | last], &(content.len() as u32).to_be_bytes()[1..], content].concat());
    }
    bytes.extend([&b"\xFF\xF8\xC9\x18"[..], &noise(11, 300)].concat());
    bytes
}

/// The content of a block of comments.
pub(super) fn comments(texts: &[&str]) -> Vec<u8> {
    let text = |text: &str| [&(text.len() as u32).to_le_bytes()[..], text.as_bytes()].concat();
    let texts_written: Vec<u8> = texts.iter().flat_map(|each| text(each)).collect();
    [text("somebody"), (texts.len() as u32).to_le_bytes().to_vec(), texts_written].concat()
}
