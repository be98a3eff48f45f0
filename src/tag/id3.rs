//! ID3v2, the tags of MP3, AIFF and WAV: versions 2.2, 2.3 and 2.4.
//!
//! New frames go behind those that are there, in the version that the tag has. No frame is touched, but a tag of 2.2 or
//! 2.3 that is unsynchronised as a whole is written without that: there, readers do not agree on what the size of a
//! frame counts.

mod frames;

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::TagError;
use super::bytes::{CUT, array, insert, place, put, slice};
use super::survey::Pieces;
use super::tags::{TagName, Value};

/// The version of ID3v2 that a tag has. All of them differ in how frames are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    V22,
    V23,
    V24,
}

impl Version {
    pub(super) const fn of(major: u8) -> Option<Self> {
        match major {
            2 => Some(Self::V22),
            3 => Some(Self::V23),
            4 => Some(Self::V24),
            _ => None,
        }
    }

    /// As it is written.
    pub(super) const fn major(self) -> u8 {
        match self {
            Self::V22 => 2,
            Self::V23 => 3,
            Self::V24 => 4,
        }
    }

    /// Bytes of the head of a frame.
    pub(super) const fn head(self) -> usize {
        if matches!(self, Self::V22) { 6 } else { 10 }
    }
}

/// Bytes of the head of a tag.
pub(super) const HEAD: usize = 10;

/// What goes behind the last frame where nothing is: room for the head of another one.
const PADDING: [u8; 16] = [0; 16];

pub(super) const UNSYNCHRONISED: u8 = 0x80;
/// In a frame of 2.4: it is unsynchronised.
const FRAME_UNSYNCHRONISED: u8 = 0x02;
/// In a frame: it is packed or encrypted.
pub(super) const FRAME_PACKED_V23: u8 = 0xC0;
/// The same in 2.4.
pub(super) const FRAME_PACKED_V24: u8 = 0x0C;

/// A tag of ID3v2 that was understood from its first to its last byte.
#[derive(Debug)]
pub(super) struct Id3 {
    version: Version,
    /// Whether no byte of it may look like the beginning of an MP3 frame.
    unsynchronised: bool,
    /// Where its frames end and its padding begins, from its head on, once it is no longer unsynchronised as a whole.
    frames_end: usize,
    /// Its bytes, with its head.
    pub(super) length: usize,
}

/// Whether there is a tag here.
pub(super) fn is(bytes: &[u8]) -> bool {
    bytes.starts_with(b"ID3")
}

impl Id3 {
    /// Reads the tag that these bytes begin with, adding its frames to `pieces` and `names`.
    pub(super) fn read(
        bytes: &[u8],
        pieces: &mut Pieces,
        names: &mut BTreeSet<TagName>,
    ) -> Result<Self, TagError> {
        let [b'I', b'D', b'3', major, revision, flags, size @ ..] = array::<HEAD>(bytes, 0)? else {
            return Err(TagError::Damaged("its tags"));
        };
        let version = Version::of(major).ok_or(TagError::Unsupported("its tags are of a newer sort"))?;
        // Further heads, checksums and restrictions, footers, compression: hardly ever seen, and wrong after a change.
        if revision == 0xFF || flags & !(UNSYNCHRONISED | 0x20) != 0 {
            return Err(TagError::Unsupported("its tags are of a rare sort"));
        }
        let length = HEAD + synchsafe(size)?;
        let content = slice(bytes, HEAD, length - HEAD)?;
        let unsynchronised = flags & UNSYNCHRONISED != 0;
        let whole = unsynchronised && version != Version::V24;
        let plain = if whole { Cow::Owned(resynchronise(content)) } else { Cow::Borrowed(content) };
        pieces.add(b"ID3", &[major, revision, flags & !UNSYNCHRONISED])?;
        let frames_end = HEAD + read_frames(&plain, version, pieces, names)?;
        Ok(Self { version, unsynchronised, frames_end, length })
    }

    /// Adds frames to the tag that begins at this place. Returns how long it is then.
    pub(super) fn add(
        &self,
        bytes: &mut Vec<u8>,
        at: usize,
        values: &[(TagName, Value<'_>)],
    ) -> Result<usize, TagError> {
        let mut new = Vec::new();
        for (name, value) in values {
            let Some(body) = frames::body(self.version, *name, value) else { continue };
            new.extend(self.frame(frames::id(self.version, *name), body)?);
        }
        let mut length = self.length;
        if self.unsynchronised && self.version != Version::V24 {
            let content = at + HEAD..at + self.length;
            let plain = resynchronise(bytes.get(content.clone()).ok_or(CUT)?);
            length = HEAD + plain.len();
            bytes.splice(content, plain);
            let [flags] = array(bytes, at + 5)?;
            put(bytes, at + 5, [flags & !UNSYNCHRONISED])?;
        }
        if self.version == Version::V24 && self.frames_end == length {
            // Some programs write sizes in another way, so that readers guess, and look at what follows a frame.
            new.extend(PADDING);
        }
        length += new.len();
        put(bytes, at + 6, synchsafe_bytes(length - HEAD)?)?;
        insert(bytes, at + self.frames_end, &new)?;
        Ok(length)
    }

    fn frame(&self, id: &[u8], mut body: Vec<u8>) -> Result<Vec<u8>, TagError> {
        let mut flags = [0, 0];
        if self.version == Version::V24 && self.unsynchronised {
            body = unsynchronise(&body);
            flags = [0, FRAME_UNSYNCHRONISED];
        }
        let size = u32::try_from(body.len()).map_err(|_| LARGE)?;
        Ok(match self.version {
            Version::V22 if size >> 24 != 0 => return Err(LARGE),
            Version::V22 => [id, &size.to_be_bytes()[1..], &body].concat(),
            Version::V23 => [id, &size.to_be_bytes(), &flags, &body].concat(),
            Version::V24 => [id, &synchsafe_bytes(body.len())?, &flags, &body].concat(),
        })
    }
}

/// A tag for what has none: of version 2.3, which everything reads.
pub(super) fn new(values: &[(TagName, Value<'_>)]) -> Result<Vec<u8>, TagError> {
    let mut bytes = b"ID3\x03\0\0\0\0\0\0".to_vec();
    let empty = Id3 { version: Version::V23, unsynchronised: false, frames_end: HEAD, length: HEAD };
    empty.add(&mut bytes, 0, values)?;
    Ok(bytes)
}

const LARGE: TagError = TagError::TooLarge("the new tags have no room");

/// The frames of a tag; where the last one ends. All behind it must be padding.
fn read_frames(
    content: &[u8],
    version: Version,
    pieces: &mut Pieces,
    names: &mut BTreeSet<TagName>,
) -> Result<usize, TagError> {
    let mut at = 0;
    loop {
        let rest = content.get(at..).ok_or(CUT)?;
        if rest.first().is_none_or(|byte| *byte == 0) {
            if rest.iter().any(|byte| *byte != 0) {
                return Err(TagError::Damaged("its tags"));
            }
            return Ok(at);
        }
        let head = slice(rest, 0, version.head())?;
        let (id, size, flags) = match version {
            Version::V22 => (&head[..3], u32_of(&[0, head[3], head[4], head[5]]), &head[6..]),
            Version::V23 => (&head[..4], u32_of(&[head[4], head[5], head[6], head[7]]), &head[8..]),
            Version::V24 => (&head[..4], synchsafe([head[4], head[5], head[6], head[7]])?, &head[8..]),
        };
        if !is_id(id) {
            return Err(TagError::Damaged("its tags"));
        }
        // Packed or encrypted ones: nobody can say how much memory they take to look into.
        let packed = if version == Version::V23 { FRAME_PACKED_V23 } else { FRAME_PACKED_V24 };
        if flags.get(1).is_some_and(|flags| flags & packed != 0) {
            return Err(TagError::Unsupported("its tags are packed or encrypted"));
        }
        let body = slice(rest, head.len(), size)?;
        pieces.add_tag(&[b"ID3", id, flags].concat(), body)?;
        names.extend(frames::name(id, body));
        at += head.len() + size;
    }
}

/// Capitals and digits; in a 2.3 tag the last may be missing, where somebody wrote a frame of 2.2.
pub(super) fn is_id(id: &[u8]) -> bool {
    let (head, last) = id.split_at(3);
    let plain = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    head.iter().all(plain) && last.iter().all(|byte| plain(byte) || matches!(byte, 0 | b' '))
}

fn u32_of(bytes: &[u8; 4]) -> usize {
    place(u32::from_be_bytes(*bytes).into()).unwrap_or(usize::MAX)
}

/// A number of four times seven bits.
pub(super) fn synchsafe(bytes: [u8; 4]) -> Result<usize, TagError> {
    if bytes.iter().any(|byte| byte & 0x80 != 0) {
        return Err(TagError::Damaged("its tags"));
    }
    Ok(bytes.iter().fold(0, |number, byte| number << 7 | usize::from(*byte)))
}

pub(super) fn synchsafe_bytes(number: usize) -> Result<[u8; 4], TagError> {
    if number >> 28 != 0 {
        return Err(LARGE);
    }
    Ok([21, 14, 7, 0].map(|shift| (number >> shift & 0x7F) as u8))
}

/// Puts a zero behind each 0xFF that could be taken for the beginning of a frame, or that a zero follows already.
fn unsynchronise(plain: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(plain.len());
    for (index, byte) in plain.iter().enumerate() {
        out.push(*byte);
        // What follows the last one is not known: a frame, which begins with a letter, or padding.
        if *byte == 0xFF && plain.get(index + 1).is_none_or(|next| *next >= 0xE0 || *next == 0) {
            out.push(0);
        }
    }
    out
}

pub(super) fn resynchronise(content: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(content.len());
    let mut stuffed = false;
    for byte in content {
        if !(stuffed && *byte == 0) {
            plain.push(*byte);
        }
        stuffed = *byte == 0xFF;
    }
    plain
}

#[cfg(test)]
mod tests;
