//! MP4 and its family: songs (`.m4a`), audiobooks (`.m4b`), ringtones (`.m4r`), protected songs (`.m4p`) and films.
//!
//! Tags are added behind those that are there. All that follows moves, and the tables that say where the samples are
//! say so anew; nothing else in the file changes.

mod boxes;
mod items;
mod samples;

use super::TagError;
use super::bytes::{CUT, array, insert, place, put, u32_be, u64_be};
use super::survey::{AudioHash, Pieces, Survey};
use super::tags::{TagName, Value};
use boxes::{ILST, META, Node, Size, only};
use items::boxed;
use samples::{CO64, Offsets, STCO};

/// Whether it begins like one. QuickTime films do, too, but keep their tags elsewhere.
pub(super) fn is(bytes: &[u8]) -> bool {
    bytes.get(4..8) == Some(b"ftyp") && bytes.get(8..12).is_some_and(|brand| brand != b"qt  ")
}

fn read(bytes: &[u8]) -> Result<Vec<Node>, TagError> {
    let nodes = boxes::read(bytes)?;
    for node in &nodes {
        match &*node.path {
            b"moof" | b"sidx" | b"moovmvex" => return Err(TagError::Unsupported("it is made of fragments")),
            // These may say where something is in the file, in ways of their own.
            b"meta" => return Err(TagError::Unsupported("it has items beside its tracks")),
            _ => {}
        }
    }
    only(&nodes, b"moov")?.ok_or(TagError::Damaged("it has no list of tracks"))?;
    Ok(nodes)
}

/// The fingerprint of its samples.
pub(super) fn audio(bytes: &[u8]) -> Result<AudioHash, TagError> {
    samples::hash(bytes, &read(bytes)?)
}

pub(super) fn survey(bytes: &[u8]) -> Result<Survey, TagError> {
    let nodes = read(bytes)?;
    let mut pieces = Pieces::default();
    let mut names = std::collections::BTreeSet::new();
    let mut has_home = false;
    let mut end = 0;
    for node in &nodes {
        match node.inner_end {
            // What holds boxes and has something before or after them keeps that.
            Some(inner_end) => {
                pieces.add(&node.path, bytes.get(inner_end..node.end).ok_or(CUT)?)?;
            }
            // Where the chunks are may change; how many they are may not.
            None if matches!(&*node.path, STCO | CO64) => {
                pieces.add(&node.path, &array::<8>(bytes, node.content)?)?;
            }
            None if node.path.strip_suffix(&node.kind) == Some(ILST) => {
                pieces.add_tag(&node.path, node.content(bytes)?)?;
                names.extend(items::name(node.kind));
            }
            None => pieces.add(&node.path, node.content(bytes)?)?,
        }
        if node.path.len() == 4 {
            end = node.end;
        }
        has_home |= node.path == ILST;
    }
    pieces.add(b"rest", bytes.get(end..).ok_or(CUT)?)?;
    Ok(Survey { audio: samples::hash(bytes, &nodes)?, pieces, names, has_home })
}

/// `hdlr` of a `meta` that holds tags of iTunes.
const HANDLER: &[u8] = b"\0\0\0\0\0\0\0\0mdirappl\0\0\0\0\0\0\0\0\0";

/// Adds tags that are not there yet.
pub(super) fn add(mut bytes: Vec<u8>, values: &[(TagName, Value<'_>)]) -> Result<Vec<u8>, TagError> {
    let nodes = read(&bytes)?;
    let mut new = Vec::new();
    for (name, value) in values {
        new.extend(items::item(*name, value)?);
    }
    let moov = only(&nodes, b"moov")?.ok_or(CUT)?;
    let udta = only(&nodes, b"moovudta")?;
    let meta = only(&nodes, META)?;
    let ilst = only(&nodes, ILST)?;
    if let Some(meta) = meta {
        let path = [META, b"hdlr"].concat();
        let handler = only(&nodes, &path)?.ok_or(TagError::Damaged("tags that do not say whose they are"))?;
        if array::<4>(&bytes, handler.content + 8)? != *b"mdir" || handler.end > meta.end {
            return Err(TagError::Unsupported("its tags are not those of iTunes"));
        }
        if nodes.iter().any(|node| node.kind == *b"iloc" && node.path.starts_with(META)) {
            return Err(TagError::Unsupported("it has items beside its tracks"));
        }
    }
    // From the inside: as much as is there grows, the rest is made.
    if ilst.is_none() {
        new = boxed(b"ilst", &new)?;
        if meta.is_none() {
            new = boxed(b"meta", &[&[0; 4], &boxed(b"hdlr", HANDLER)?[..], &new].concat())?;
            if udta.is_none() {
                new = boxed(b"udta", &new)?;
            }
        }
    }
    let grown = [ilst, meta, udta, Some(moov)];
    let innermost = grown.into_iter().flatten().next().ok_or(CUT)?;
    let at = innermost.inner_end.ok_or(CUT)?;
    for node in grown.into_iter().flatten() {
        grow(&mut bytes, node, new.len())?;
    }
    for node in nodes.iter().filter(|node| matches!(&*node.path, STCO | CO64)) {
        let offsets = Offsets::of(&bytes, node)?;
        move_chunks(&mut bytes, offsets, at, new.len())?;
    }
    insert(&mut bytes, at, &new)?;
    Ok(bytes)
}

fn grow(bytes: &mut [u8], node: &Node, by: usize) -> Result<(), TagError> {
    const LARGE: TagError = TagError::TooLarge("the new tags have no room");
    match node.size {
        Size::Short => {
            let size = place(u32_be(bytes, node.start)?.into())? + by;
            put(bytes, node.start, u32::try_from(size).map_err(|_| LARGE)?.to_be_bytes())
        }
        Size::Wide => {
            let size = u64_be(bytes, node.start + 8)?.checked_add(by as u64).ok_or(LARGE)?;
            put(bytes, node.start + 8, size.to_be_bytes())
        }
        Size::Open => Err(TagError::Unsupported("its list of tracks has no size")),
    }
}

/// Chunks that begin at this place or behind it move.
fn move_chunks(bytes: &mut [u8], offsets: Offsets, from: usize, by: usize) -> Result<(), TagError> {
    for chunk in 0..offsets.count {
        let (at, old) = (offsets.place(chunk), offsets.get(bytes, chunk)?);
        if old < from as u64 {
            continue;
        }
        let new = old.checked_add(by as u64).ok_or(CUT)?;
        if offsets.wide {
            put(bytes, at, new.to_be_bytes())?;
        } else {
            let new = u32::try_from(new)
                .map_err(|_| TagError::TooLarge("its samples lie where its table cannot point"))?;
            put(bytes, at, new.to_be_bytes())?;
        }
    }
    Ok(())
}

#[cfg(test)]
pub(super) mod testing;
