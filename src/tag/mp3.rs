//! MP3: sound between the tags in front (ID3v2) and those at the end (ID3v1, APE, Lyrics3). New tags go to the front.

use std::collections::BTreeSet;
use std::ops::Range;

use super::TagError;
use super::bytes::{CUT, array, insert, slice};
use super::id3::{self, Id3};
use super::limits::{MAX_JUNK_BYTES, MAX_TAGS};
use super::survey::{AudioHash, Pieces, Survey, hash_part};
use super::tags::{TagName, Value};

/// Where things are in an MP3.
pub(super) struct Layout {
    pieces: Pieces,
    names: BTreeSet<TagName>,
    /// The first ID3v2 tag, if there is one.
    tag: Option<Id3>,
    /// Everything that is neither tag in front nor tag at the end.
    pub(super) sound: Range<usize>,
}

pub(super) fn read(bytes: &[u8]) -> Result<Layout, TagError> {
    let (mut pieces, mut names, mut tag, mut start) = (Pieces::default(), BTreeSet::new(), None, 0);
    loop {
        let rest = bytes.get(start..).ok_or(CUT)?;
        if rest.starts_with(APE_MARK) {
            return Err(TagError::Unsupported("its APE tag is in front"));
        }
        if !id3::is(rest) {
            break;
        }
        let next = Id3::read(rest, &mut pieces, &mut names)?;
        start += next.length;
        tag.get_or_insert(next);
    }
    let end = end_of_sound(bytes, start)?;
    let sound = bytes.get(start..end).ok_or(CUT)?;
    if !begins_with_a_frame(sound) {
        return Err(TagError::Unsupported("there is no MP3 frame where one should be"));
    }
    pieces.add(b"sound", sound)?;
    pieces.add(b"end", bytes.get(end..).ok_or(CUT)?)?;
    Ok(Layout { pieces, names, tag, sound: start..end })
}

fn hash(sound: &[u8]) -> AudioHash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"mp3");
    hash_part(&mut hasher, sound);
    AudioHash::of(&hasher)
}

/// The fingerprint of the sound: of all bytes that are no tag.
pub(super) fn audio(bytes: &[u8]) -> Result<AudioHash, TagError> {
    Ok(hash(bytes.get(read(bytes)?.sound).ok_or(CUT)?))
}

pub(super) fn survey(bytes: &[u8]) -> Result<Survey, TagError> {
    let layout = read(bytes)?;
    let audio = hash(bytes.get(layout.sound).ok_or(CUT)?);
    Ok(Survey { audio, pieces: layout.pieces, names: layout.names, has_home: layout.tag.is_some() })
}

/// Adds tags that are not there yet.
pub(super) fn add(mut bytes: Vec<u8>, values: &[(TagName, Value<'_>)]) -> Result<Vec<u8>, TagError> {
    match read(&bytes)?.tag {
        Some(tag) => {
            tag.add(&mut bytes, 0, values)?;
        }
        None => insert(&mut bytes, 0, &id3::new(values)?)?,
    }
    Ok(bytes)
}

/// Where the tags at the end begin.
fn end_of_sound(bytes: &[u8], start: usize) -> Result<usize, TagError> {
    let mut end = bytes.len();
    // There is at most one of each sort.
    for _ in 0..4 {
        let rest = bytes.get(start..end).ok_or(CUT)?;
        let Some(length) = tag_at_end(rest).filter(|length| *length > 0) else { break };
        end -= length;
        let tag = rest.get(rest.len() - length..).ok_or(CUT)?;
        // An APE tag says how many items it has at its end, and perhaps at its beginning.
        for at in [0, length.saturating_sub(APE)] {
            if tag.get(at..).is_some_and(|tag| tag.starts_with(APE_MARK)) {
                let count = u32::from_le_bytes(array(tag, at + 16)?);
                if usize::try_from(count).is_ok_and(|count| count > MAX_TAGS) {
                    return Err(TagError::TooLarge("it has too many tags"));
                }
            }
        }
    }
    Ok(end)
}

/// What an APE tag ends with, and perhaps begins with: 32 bytes that begin so.
const APE_MARK: &[u8] = b"APETAGEX";
const APE: usize = 32;

/// The length of the tag that these bytes end with.
fn tag_at_end(bytes: &[u8]) -> Option<usize> {
    const ID3V1: usize = 128;
    const ENHANCED: usize = 227;
    let before = |length: usize| bytes.len().checked_sub(length);
    let ends = |length: usize, with: &[u8]| {
        before(length).and_then(|at| bytes.get(at..)).is_some_and(|tail| tail.starts_with(with))
    };
    if ends(ID3V1, b"TAG") {
        return Some(if ends(ID3V1 + ENHANCED, b"TAG+") { ID3V1 + ENHANCED } else { ID3V1 });
    }
    if ends(APE, APE_MARK) {
        let at = before(APE)?;
        // Its size is that of all but its head.
        let size = usize::try_from(u32::from_le_bytes(array(bytes, at + 12).ok()?)).ok()?;
        let has_head = u32::from_le_bytes(array(bytes, at + 20).ok()?) >> 31 == 1;
        let length = size.checked_add(if has_head { APE } else { 0 })?;
        return (size >= APE && length <= bytes.len()).then_some(length);
    }
    if ends(9, b"LYRICS200") {
        let size = slice(bytes, before(15)?, 6).ok()?;
        let size: usize = std::str::from_utf8(size).ok()?.parse().ok()?;
        let at = before(size.checked_add(15)?)?;
        return bytes.get(at..)?.starts_with(b"LYRICSBEGIN").then_some(size + 15);
    }
    None
}

/// Whether there is an MPEG frame at the beginning, behind zeros or a little junk.
fn begins_with_a_frame(sound: &[u8]) -> bool {
    sound.windows(4).take(MAX_JUNK_BYTES).any(|head| {
        let [a, b, c, _] = head else { return false };
        // In turn: the mark, a version that exists, a layer (AAC has none), a bit rate and a sample rate that exist.
        *a == 0xFF
            && b & 0xE0 == 0xE0
            && b & 0x18 != 0x08
            && b & 0x06 != 0
            && !matches!(c >> 4, 0 | 15)
            && c & 0x0C != 0x0C
    })
}
