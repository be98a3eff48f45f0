//! AIFF and WAV: chunks one after the other, one of which may be an ID3v2 tag. New tags go there.

use std::collections::BTreeSet;

use super::TagError;
use super::bytes::{CUT, array, insert, place, put, slice};
use super::id3::{self, Id3};
use super::limits::{MAX_INFO_BYTES, MAX_TAGS};
use super::survey::{AudioHash, Pieces, Survey, hash_part};
use super::tags::{TagName, Value};

/// Which of the two. They differ in the order of the bytes of a number, and in names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Aiff,
    Wav,
}

impl Form {
    /// What a file begins like.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        match (bytes.get(..4)?, bytes.get(8..12)?) {
            (b"FORM", b"AIFF" | b"AIFC") => Some(Self::Aiff),
            (b"RIFF", b"WAVE") => Some(Self::Wav),
            _ => None,
        }
    }

    pub(super) fn number(self, bytes: &[u8], at: usize) -> Result<usize, TagError> {
        let bytes = array(bytes, at)?;
        place(match self {
            Self::Aiff => u32::from_be_bytes(bytes).into(),
            Self::Wav => u32::from_le_bytes(bytes).into(),
        })
    }

    pub(super) fn number_bytes(self, number: usize) -> Result<[u8; 4], TagError> {
        let number = u32::try_from(number).map_err(|_| LARGE)?;
        Ok(match self {
            Self::Aiff => number.to_be_bytes(),
            Self::Wav => number.to_le_bytes(),
        })
    }

    /// What the chunk round all others is called.
    pub(super) const fn name(self) -> &'static [u8; 4] {
        match self {
            Self::Aiff => b"FORM",
            Self::Wav => b"RIFF",
        }
    }

    const fn tag_chunk(self) -> &'static [u8; 4] {
        match self {
            Self::Aiff => b"ID3 ",
            Self::Wav => b"id3 ",
        }
    }

    /// Whether it takes this chunk to play the file.
    const fn is_sound(self, id: [u8; 4]) -> bool {
        match self {
            Self::Aiff => matches!(&id, b"COMM" | b"SSND"),
            Self::Wav => matches!(&id, b"fmt " | b"fact" | b"data"),
        }
    }

    const fn is_samples(self, id: [u8; 4]) -> bool {
        matches!(&id, b"SSND" | b"data")
    }
}

const LARGE: TagError = TagError::TooLarge("the new tags have no room");

/// Bytes of the head of the file before its first chunk.
pub(super) const HEAD: usize = 12;

struct Chunk {
    id: [u8; 4],
    /// Where its content begins. Its size is in the four bytes before.
    content: usize,
    end: usize,
    /// Where the next one begins: at an even place.
    next: usize,
}

/// The chunks, and where the last one ends.
fn read(form: Form, bytes: &[u8]) -> Result<(Vec<Chunk>, usize), TagError> {
    let form_end = form.number(bytes, 4)?.checked_add(8).filter(|end| *end <= bytes.len()).ok_or(CUT)?;
    let (mut chunks, mut at) = (Vec::new(), HEAD);
    while form_end.saturating_sub(at) >= 8 {
        if chunks.len() >= MAX_TAGS {
            return Err(TagError::TooLarge("it has too many tags"));
        }
        let (id, content) = (array(bytes, at)?, at + 8);
        let end =
            content.checked_add(form.number(bytes, at + 4)?).filter(|end| *end <= form_end).ok_or(CUT)?;
        // Some files go without the last byte that would make them even.
        at = (end + end % 2).min(form_end);
        if &id == b"LIST" && end - content > MAX_INFO_BYTES && slice(bytes, content, 4)? == b"INFO" {
            return Err(TagError::TooLarge("it has too many tags"));
        }
        chunks.push(Chunk { id, content, end, next: at });
    }
    if !chunks.iter().any(|chunk| form.is_samples(chunk.id)) {
        return Err(TagError::Unsupported("it has no sound"));
    }
    Ok((chunks, form_end))
}

fn is_tag(chunk: &Chunk) -> bool {
    matches!(&chunk.id, b"ID3 " | b"id3 ")
}

fn hash(form: Form, bytes: &[u8], chunks: &[Chunk]) -> Result<AudioHash, TagError> {
    let mut hasher = blake3::Hasher::new();
    hasher.update(bytes.get(8..HEAD).ok_or(CUT)?);
    for chunk in chunks.iter().filter(|chunk| form.is_sound(chunk.id)) {
        hasher.update(&chunk.id);
        hash_part(&mut hasher, bytes.get(chunk.content..chunk.end).ok_or(CUT)?);
    }
    Ok(AudioHash::of(&hasher))
}

/// The fingerprint of the sound and what it takes to play it.
pub(super) fn audio(form: Form, bytes: &[u8]) -> Result<AudioHash, TagError> {
    hash(form, bytes, &read(form, bytes)?.0)
}

pub(super) fn survey(form: Form, bytes: &[u8]) -> Result<Survey, TagError> {
    let (chunks, form_end) = read(form, bytes)?;
    let (mut pieces, mut names, mut has_home) = (Pieces::default(), BTreeSet::new(), false);
    for chunk in &chunks {
        let content = bytes.get(chunk.content..chunk.end).ok_or(CUT)?;
        if is_tag(chunk) {
            let tag = Id3::read(content, &mut pieces, &mut names)?;
            pieces.add(b"ID3 rest", content.get(tag.length..).ok_or(CUT)?)?;
            has_home = true;
        } else {
            pieces.add(&chunk.id, content)?;
        }
    }
    pieces.add(b"rest", bytes.get(form_end..).ok_or(CUT)?)?;
    Ok(Survey { audio: hash(form, bytes, &chunks)?, pieces, names, has_home })
}

/// Adds tags that are not there yet.
pub(super) fn add(
    form: Form,
    mut bytes: Vec<u8>,
    values: &[(TagName, Value<'_>)],
) -> Result<Vec<u8>, TagError> {
    let (chunks, form_end) = read(form, &bytes)?;
    let before = bytes.len();
    if let Some(chunk) = chunks.iter().find(|chunk| is_tag(chunk)) {
        let old_size = chunk.end - chunk.content;
        let content = slice(&bytes, chunk.content, old_size)?;
        let tag = Id3::read(content, &mut Pieces::default(), &mut BTreeSet::new())?;
        let size = old_size - tag.length + tag.add(&mut bytes, chunk.content, values)?;
        put(&mut bytes, chunk.content - 4, form.number_bytes(size)?)?;
        let end = chunk.content + size;
        match (end % 2, chunk.next - chunk.end) {
            (1, 0) => insert(&mut bytes, end, &[0])?,
            (0, 1) => drop(bytes.remove(end)),
            _ => {}
        }
    } else {
        let tag = id3::new(values)?;
        let mut new = Vec::with_capacity(tag.len() + 10);
        if form_end % 2 == 1 {
            new.push(0);
        }
        new.extend(form.tag_chunk());
        new.extend(form.number_bytes(tag.len())?);
        new.extend(&tag);
        if tag.len() % 2 == 1 {
            new.push(0);
        }
        insert(&mut bytes, form_end, &new)?;
    }
    let size = form_end - 8 + bytes.len() - before;
    put(&mut bytes, 4, form.number_bytes(size)?)?;
    Ok(bytes)
}
