//! The tags in the boxes of an MP4 or QuickTime file, and how long it plays.

use lofty::file::FileType;

use super::super::TagError;
use super::super::bytes::{CUT, array};
use super::super::tags::Tags;
use super::view::{Count, MOST_KEPT_BYTES, MOST_TAG_BYTES, Stop, View};
use super::{Extract, Found, Shelf};

/// A box, by where it is in the file.
struct Head {
    kind: [u8; 4],
    start: u64,
    content: u64,
    end: u64,
}

/// The boxes of a stretch of the file, one after the other.
struct Boxes<'v, 'c> {
    view: &'v View,
    count: &'c mut Count,
    at: u64,
    end: u64,
}

impl Boxes<'_, '_> {
    fn next(&mut self) -> Result<Option<Head>, Stop> {
        // What is too short for a box is none, nor is what is empty: user data of QuickTime ends so.
        if self.end.saturating_sub(self.at) < 8 {
            return Ok(None);
        }
        let head = self.view.bytes(self.at, 8)?;
        if head == [0; 8] {
            return Ok(None);
        }
        if !self.count.one_more() {
            return Err(TagError::TooLarge("it has too many boxes").into());
        }
        let (kind, is_outermost) = (array(head, 4)?, self.end == self.view.size());
        let (head_bytes, length) = match u32::from_be_bytes(array(head, 0)?) {
            0 if is_outermost => (8, self.end - self.at),
            1 => (16, u64::from_be_bytes(array(self.view.bytes(self.at, 16)?, 8)?)),
            short => (8, short.into()),
        };
        if length < head_bytes {
            return Err(TagError::Damaged("a box smaller than its head").into());
        }
        let end = self.at.checked_add(length).filter(|end| *end <= self.end).ok_or(CUT)?;
        let found = Head { kind, start: self.at, content: self.at + head_bytes, end };
        self.at = end;
        Ok(Some(found))
    }

    /// The next one of this kind.
    fn find(&mut self, kind: &[u8; 4]) -> Result<Option<Head>, Stop> {
        while let Some(found) = self.next()? {
            if found.kind == *kind {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}

/// The tags of such a file.
pub(super) fn extract(view: &View) -> Result<Extract, Stop> {
    let (mut count, mut found, mut items) = (Count::default(), Found::default(), Vec::new());
    let moov = Boxes { view, count: &mut count, at: 0, end: view.size() }.find(b"moov")?;
    let moov = moov.ok_or(TagError::Damaged("it has no list of tracks"))?;
    let mut at = moov.content;
    while items.is_empty() {
        let mut inside = Boxes { view, count: &mut count, at, end: moov.end };
        // What is behind a box that makes no sense is lost, and no more.
        let Some(child) = unless_broken(inside.next())? else { break };
        at = child.end;
        match &child.kind {
            b"mvhd" => found.seconds = seconds(view, &child)?,
            b"udta" => {
                items = unless_broken(user_data(view, &child, &mut count, &mut found).map(Some))?
                    .unwrap_or_default()
            }
            _ => {}
        }
    }
    // `hdlr` says whose tags they are.
    let hdlr = boxed(b"hdlr", b"\0\0\0\0\0\0\0\0mdirappl\0\0\0\0\0\0\0\0\0")?;
    let meta = boxed(b"meta", &[&[0; 4][..], &hdlr, &boxed(b"ilst", &items)?].concat())?;
    let moov = boxed(b"moov", &boxed(b"udta", &meta)?)?;
    let bytes = [boxed(b"ftyp", b"M4A \0\0\0\0")?, moov].concat();
    Ok(Extract { file_type: FileType::Mp4, bytes, found })
}

fn boxed(kind: &[u8; 4], content: &[u8]) -> Result<Vec<u8>, TagError> {
    let size = u32::try_from(content.len() + 8).map_err(|_| CUT)?;
    Ok([&size.to_be_bytes(), &kind[..], content].concat())
}

fn unless_broken<T>(result: Result<Option<T>, Stop>) -> Result<Option<T>, Stop> {
    match result {
        Err(Stop::Failed(_)) => Ok(None),
        other => other,
    }
}

/// The tags of iTunes in user data.
fn user_data(view: &View, udta: &Head, count: &mut Count, found: &mut Found) -> Result<Vec<u8>, Stop> {
    let meta = Boxes { view, count, at: udta.content, end: udta.end }.find(b"meta")?;
    let Some(meta) = meta.filter(|meta| meta.end - meta.content >= 8) else { return Ok(Vec::new()) };
    // It has a version in MP4, but none in QuickTime.
    let before = if view.bytes(meta.content, 8)?.ends_with(b"hdlr") { 0 } else { 4 };
    let ilst = Boxes { view, count, at: meta.content + before, end: meta.end }.find(b"ilst")?;
    let Some(ilst) = ilst else { return Ok(Vec::new()) };
    let mut kept = Vec::new();
    let mut items = Boxes { view, count, at: ilst.content, end: ilst.end };
    while let Some(item) = unless_broken(items.next())? {
        let bytes = item.end - item.start;
        // Covers, and what programs keep for themselves.
        if matches!(&item.kind, b"covr" | b"----") || bytes > MOST_TAG_BYTES || kept.len() > MOST_KEPT_BYTES {
            continue;
        }
        let content = usize::try_from(item.end - item.content).unwrap_or(usize::MAX);
        let Some(content) = view.if_there(item.content, content)? else { break };
        kept.extend(boxed(&item.kind, content)?);
        note(&item.kind, content, found);
    }
    Ok(kept)
}

/// What the library that reads tags has no common name for: numbers of episodes, and the shelf.
fn note(kind: &[u8; 4], item: &[u8], found: &mut Found) {
    let size = array(item, 0).ok().and_then(|size| usize::try_from(u32::from_be_bytes(size)).ok());
    let value = size.and_then(|size| item.get(16..size)).filter(|_| item.get(4..8) == Some(b"data"));
    let Some(value) = value else { return };
    let number =
        (1..=4).contains(&value.len()).then(|| value.iter().fold(0, |n, byte| n << 8 | u32::from(*byte)));
    let Tags { season, episode, episode_id, .. } = &mut found.tags;
    match kind {
        b"stik" => found.shelf = number.and_then(Shelf::of),
        b"tvsn" => *season = number,
        b"tves" => *episode = number,
        b"tven" => *episode_id = std::str::from_utf8(value).ok().map(|text| text.trim().to_owned()),
        _ => {}
    }
}

/// How long it plays, as its head says.
fn seconds(view: &View, mvhd: &Head) -> Result<Option<f64>, Stop> {
    // All bits set: not known.
    let number = |bytes: &[u8]| match bytes {
        [a, b, c, d] => Some(u32::from_be_bytes([*a, *b, *c, *d])).filter(|n| *n != u32::MAX).map(f64::from),
        _ => None,
    };
    let Some(head) = view.if_there(mvhd.content, 32)?.filter(|_| mvhd.end - mvhd.content >= 32) else {
        return Ok(None);
    };
    let (scale, duration) = match head.first() {
        Some(0) => (head.get(12..16), head.get(16..20).and_then(number)),
        // In 64 bits. What does not fit into 32 is no song.
        Some(1) => (
            head.get(20..24),
            head.get(28..32).filter(|_| head.get(24..28) == Some(&[0; 4])).and_then(number),
        ),
        _ => (None, None),
    };
    let scale = scale.and_then(number).filter(|scale| *scale > 0.0);
    Ok(duration.zip(scale).map(|(duration, scale)| duration / scale).filter(|seconds| *seconds > 0.0))
}
