//! FLAC: blocks of data about the sound, one of which holds comments, then frames. New tags go behind the comments.

use std::collections::BTreeSet;

use super::TagError;
use super::bytes::{CUT, array, insert, place, put, slice, u32_be};
use super::limits::{MAX_PIECES, MAX_TAGS};
use super::survey::{AudioHash, Pieces, Survey, hash_part};
use super::tags::{Picture, TagName, Value};

pub(super) const MARK: &[u8] = b"fLaC";

const STREAM_INFO: u8 = 0;
pub(super) const COMMENTS: u8 = 4;
const PICTURE: u8 = 6;
/// In the kind of a block: frames follow it.
pub(super) const LAST: u8 = 0x80;

pub(super) fn is(bytes: &[u8]) -> bool {
    bytes.starts_with(MARK)
}

struct Block {
    kind: u8,
    /// Where its head of four bytes begins.
    start: usize,
    content: usize,
    end: usize,
}

/// The blocks; the frames begin where the last one ends.
fn read(bytes: &[u8]) -> Result<Vec<Block>, TagError> {
    let (mut blocks, mut at) = (Vec::<Block>::new(), MARK.len());
    loop {
        if blocks.len() >= MAX_PIECES {
            return Err(TagError::TooLarge("it has too many parts"));
        }
        let head = u32_be(bytes, at)?;
        let kind = (head >> 24) as u8;
        let content = at + 4;
        let end = content + place(u64::from(head & 0x00FF_FFFF))?;
        if end > bytes.len() {
            return Err(CUT);
        }
        blocks.push(Block { kind: kind & !LAST, start: at, content, end });
        at = end;
        if kind & LAST != 0 {
            break;
        }
    }
    let one = |kind| blocks.iter().filter(|block| block.kind == kind).count();
    if blocks.first().is_none_or(|block| block.kind != STREAM_INFO)
        || one(STREAM_INFO) != 1
        || one(COMMENTS) > 1
    {
        return Err(TagError::Damaged("its blocks"));
    }
    Ok(blocks)
}

fn hash(bytes: &[u8], blocks: &[Block]) -> Result<AudioHash, TagError> {
    let (first, last) = blocks.first().zip(blocks.last()).ok_or(CUT)?;
    let mut hasher = blake3::Hasher::new();
    hasher.update(MARK);
    hash_part(&mut hasher, bytes.get(first.content..first.end).ok_or(CUT)?);
    hash_part(&mut hasher, bytes.get(last.end..).ok_or(CUT)?);
    Ok(AudioHash::of(&hasher))
}

/// The fingerprint of the frames and of what it takes to decode them.
pub(super) fn audio(bytes: &[u8]) -> Result<AudioHash, TagError> {
    hash(bytes, &read(bytes)?)
}

pub(super) fn survey(bytes: &[u8]) -> Result<Survey, TagError> {
    let blocks = read(bytes)?;
    let (mut pieces, mut names, mut has_home) = (Pieces::default(), BTreeSet::new(), false);
    for block in &blocks {
        let content = bytes.get(block.content..block.end).ok_or(CUT)?;
        match block.kind {
            COMMENTS => {
                let comments = Comments::read(content)?;
                for comment in &comments.each {
                    pieces.add_tag(b"comment", comment)?;
                    names.extend(name(comment));
                }
                pieces.add(b"vendor", comments.vendor)?;
                pieces.add(b"comments rest", content.get(comments.end..).ok_or(CUT)?)?;
                has_home = true;
            }
            kind => pieces.add(&[kind], content)?,
        }
        if block.kind == PICTURE {
            names.insert(TagName::Cover);
        }
    }
    let end = blocks.last().ok_or(CUT)?.end;
    pieces.add(b"frames", bytes.get(end..).ok_or(CUT)?)?;
    Ok(Survey { audio: hash(bytes, &blocks)?, pieces, names, has_home })
}

/// Comments as Vorbis writes them: numbers have their smallest byte first.
struct Comments<'a> {
    vendor: &'a [u8],
    /// Where it is written how many there are.
    count_at: usize,
    each: Vec<&'a [u8]>,
    /// Where the last one ends.
    end: usize,
}

impl<'a> Comments<'a> {
    fn read(content: &'a [u8]) -> Result<Self, TagError> {
        let text = |at| {
            let length = place(u32::from_le_bytes(array(content, at)?).into())?;
            slice(content, at + 4, length)
        };
        let vendor = text(0)?;
        let count_at = 4 + vendor.len();
        let count = place(u32::from_le_bytes(array(content, count_at)?).into())?;
        if count > MAX_TAGS {
            return Err(TagError::TooLarge("it has too many tags"));
        }
        let (mut each, mut end) = (Vec::new(), count_at + 4);
        for _ in 0..count {
            let comment = text(end)?;
            end += 4 + comment.len();
            each.push(comment);
        }
        Ok(Self { vendor, count_at, each, end })
    }
}

/// The tag that a comment is, if it is one of ours. Their names know no case.
fn name(comment: &[u8]) -> Option<TagName> {
    let name = comment.split(|byte| *byte == b'=').next()?;
    Some(match &*name.to_ascii_uppercase() {
        b"TITLE" => TagName::Title,
        b"ARTIST" => TagName::Artist,
        b"ALBUM" => TagName::Album,
        b"ALBUMARTIST" | b"ALBUM ARTIST" => TagName::AlbumArtist,
        b"COMPOSER" => TagName::Composer,
        b"GENRE" => TagName::Genre,
        b"DATE" | b"YEAR" => TagName::Year,
        b"TRACKNUMBER" => TagName::Track,
        b"DISCNUMBER" => TagName::Disc,
        b"COMPILATION" => TagName::Compilation,
        b"COMMENT" | b"DESCRIPTION" => TagName::Comment,
        b"GROUPING" => TagName::Grouping,
        b"LYRICS" | b"UNSYNCEDLYRICS" => TagName::Lyrics,
        b"BPM" => TagName::Bpm,
        b"METADATA_BLOCK_PICTURE" | b"COVERART" => TagName::Cover,
        _ => return None,
    })
}

/// What a tag is called, and what its count is called if it has one.
const fn key(name: TagName) -> Option<(&'static str, &'static str)> {
    Some(match name {
        TagName::Title => ("TITLE", ""),
        TagName::Artist => ("ARTIST", ""),
        TagName::Album => ("ALBUM", ""),
        TagName::AlbumArtist => ("ALBUMARTIST", ""),
        TagName::Composer => ("COMPOSER", ""),
        TagName::Genre => ("GENRE", ""),
        TagName::Year => ("DATE", ""),
        TagName::Track => ("TRACKNUMBER", "TRACKTOTAL"),
        TagName::Disc => ("DISCNUMBER", "DISCTOTAL"),
        TagName::Compilation => ("COMPILATION", ""),
        TagName::Comment => ("COMMENT", ""),
        TagName::Grouping => ("GROUPING", ""),
        TagName::Lyrics => ("LYRICS", ""),
        TagName::Bpm => ("BPM", ""),
        TagName::Show | TagName::Season | TagName::Episode | TagName::EpisodeId | TagName::Cover => {
            return None;
        }
    })
}

const LARGE: TagError = TagError::TooLarge("the new tags have no room");

/// A length or a count, as comments write it.
fn number(length: usize) -> Result<[u8; 4], TagError> {
    u32::try_from(length).map(u32::to_le_bytes).map_err(|_| LARGE)
}

/// Adds tags that are not there yet.
pub(super) fn add(mut bytes: Vec<u8>, values: &[(TagName, Value<'_>)]) -> Result<Vec<u8>, TagError> {
    let blocks = read(&bytes)?;
    let old = survey_names(&bytes, &blocks)?;
    let mut texts: Vec<String> = Vec::new();
    let mut pictures = Vec::new();
    for (name, value) in values {
        match (value, key(*name)) {
            (Value::Cover(picture, cover), _) => {
                pictures.extend(block(PICTURE, &picture_block(*picture, cover)?)?)
            }
            (Value::Pair(place, count), Some((key, count_key))) => {
                texts.push(format!("{key}={place}"));
                // A count that is there stays, though there was no place.
                if let Some(count) = count.filter(|_| !old.contains(count_key)) {
                    texts.push(format!("{count_key}={count}"));
                }
            }
            (value, Some((key, _))) => texts.extend(value.text().map(|text| format!("{key}={text}"))),
            (_, None) => {}
        }
    }
    let mut new = Vec::new();
    for text in &texts {
        new.extend(number(text.len())?);
        new.extend(text.as_bytes());
    }
    // From the end to the beginning, so that what was found stays where it was.
    let first = blocks.first().ok_or(CUT)?;
    let mut behind_first = pictures;
    if let Some(comments) = blocks.iter().find(|block| block.kind == COMMENTS).filter(|_| !texts.is_empty()) {
        let content = bytes.get(comments.content..comments.end).ok_or(CUT)?;
        let Comments { count_at, each, end, .. } = Comments::read(content)?;
        let (count, size) = (each.len() + texts.len(), content.len() + new.len());
        put(&mut bytes, comments.content + count_at, number(count)?)?;
        put(&mut bytes, comments.start + 1, block_size(size)?)?;
        insert(&mut bytes, comments.content + end, &new)?;
    } else if !texts.is_empty() {
        const VENDOR: &[u8] = b"iexport";
        let content = [&number(VENDOR.len())?, VENDOR, &number(texts.len())?, &new].concat();
        behind_first.splice(..0, block(COMMENTS, &content)?);
    }
    if !behind_first.is_empty() {
        if blocks.len() == 1 {
            // Then the last of the new ones is the last of all.
            let last = last_block(&behind_first)?;
            if let Some(kind) = behind_first.get_mut(last) {
                *kind |= LAST;
            }
            put(&mut bytes, first.start, [STREAM_INFO])?;
        }
        insert(&mut bytes, first.end, &behind_first)?;
    }
    Ok(bytes)
}

/// The names of all comments, in capitals.
fn survey_names(bytes: &[u8], blocks: &[Block]) -> Result<BTreeSet<String>, TagError> {
    let Some(block) = blocks.iter().find(|block| block.kind == COMMENTS) else { return Ok(BTreeSet::new()) };
    let comments = Comments::read(bytes.get(block.content..block.end).ok_or(CUT)?)?;
    let name = |comment: &&[u8]| {
        let name = comment.split(|byte| *byte == b'=').next().unwrap_or_default();
        String::from_utf8_lossy(name).to_ascii_uppercase()
    };
    let names = comments.each.iter().map(name);
    Ok(names
        .map(|name| match &*name {
            "TOTALTRACKS" => "TRACKTOTAL".to_owned(),
            "TOTALDISCS" => "DISCTOTAL".to_owned(),
            _ => name,
        })
        .collect())
}

fn block_size(size: usize) -> Result<[u8; 3], TagError> {
    match u32::try_from(size).map(u32::to_be_bytes) {
        Ok([0, a, b, c]) => Ok([a, b, c]),
        _ => Err(LARGE),
    }
}

fn block(kind: u8, content: &[u8]) -> Result<Vec<u8>, TagError> {
    Ok([&[kind], &block_size(content.len())?[..], content].concat())
}

/// Where the last of some blocks begins.
fn last_block(blocks: &[u8]) -> Result<usize, TagError> {
    let mut at = 0;
    loop {
        let next = at + 4 + place(u64::from(u32_be(blocks, at)? & 0x00FF_FFFF))?;
        if next >= blocks.len() {
            return Ok(at);
        }
        at = next;
    }
}

/// A front cover. Its size in points is left open, as the format allows.
fn picture_block(picture: Picture, cover: &[u8]) -> Result<Vec<u8>, TagError> {
    const FRONT: u32 = 3;
    let length = |length: usize| u32::try_from(length).map(u32::to_be_bytes).map_err(|_| LARGE);
    let mime = picture.mime().as_bytes();
    let unknown = [0; 16];
    Ok([
        &FRONT.to_be_bytes()[..],
        &length(mime.len())?,
        mime,
        &[0; 4],
        &unknown,
        &length(cover.len())?,
        cover,
    ]
    .concat())
}
