//! ID3v2 in front of a file or in a chunk of it, and ID3v1 at its end.
//!
//! Frames that are texts are kept as they are, in a new tag of the same version.

use lofty::file::FileType;

use super::super::TagError;
use super::super::id3::{FRAME_PACKED_V23, FRAME_PACKED_V24, HEAD, UNSYNCHRONISED, Version};
use super::super::id3::{is_id, resynchronise, synchsafe, synchsafe_bytes};
use super::view::{Count, MOST_BYTES, MOST_KEPT_BYTES, MOST_TAG_BYTES, Stop, View};
use super::{Extract, Found};

/// A new tag ends with so many zeros. Those who look for other tags expect a file to have some length.
const PADDING: usize = 256;

/// Bytes of ID3v1.
const ID3V1: usize = 128;

/// The tags of an MP3, or of what else has them in front.
pub(super) fn extract(view: &View) -> Result<Extract, Stop> {
    let tag = tag(view, 0, view.size())?;
    let mut bytes = match &tag {
        Some(tag) => tag.bytes.clone(),
        None => rebuilt(Version::V23, 0, &[])?,
    };
    // It only says the beginning of what the other says.
    if tag.is_none_or(|tag| tag.is_empty)
        && let Some(at) = view.size().checked_sub(ID3V1 as u64)
        && let Some(end) = view.if_there(at, ID3V1)?.filter(|end| end.starts_with(b"TAG"))
    {
        bytes.extend(end);
    }
    Ok(Extract { file_type: FileType::Mpeg, bytes, found: Found::default() })
}

/// A tag of which only the texts are left.
pub(super) struct Texts {
    pub(super) bytes: Vec<u8>,
    is_empty: bool,
}

/// The tag that begins here, if one does, within `end`.
pub(super) fn tag(view: &View, at: u64, end: u64) -> Result<Option<Texts>, Stop> {
    let Some([b'I', b'D', b'3', major, revision, flags, size @ ..]) =
        view.if_there(at, HEAD)?.and_then(|head| head.first_chunk::<HEAD>())
    else {
        return Ok(None);
    };
    // Further heads and compression are hardly ever seen. A footer, 0x10, is of no interest.
    let (Some(version), Ok(length)) = (Version::of(*major), synchsafe(*size)) else { return Ok(None) };
    if *revision == 0xFF || flags & !(UNSYNCHRONISED | 0x30) != 0 {
        return Ok(None);
    }
    let start = at + HEAD as u64;
    let end = end.min(start.saturating_add(length as u64));
    let unsynchronised = flags & UNSYNCHRONISED;
    let kept = if unsynchronised != 0 && version != Version::V24 {
        let count = usize::try_from(end.saturating_sub(start)).unwrap_or(usize::MAX).min(MOST_BYTES);
        let Some(content) = view.if_there(start, count)? else { return Ok(None) };
        let plain = View::whole(resynchronise(content));
        texts(&plain, version, 0, plain.size())?
    } else {
        texts(view, version, start, end)?
    };
    let flags = if version == Version::V24 { unsynchronised } else { 0 };
    Ok(Some(Texts { bytes: rebuilt(version, flags, &kept)?, is_empty: kept.is_empty() }))
}

/// The frames from here on that are texts, as they are.
fn texts(view: &View, version: Version, start: u64, end: u64) -> Result<Vec<u8>, Stop> {
    let (mut kept, mut count, mut at) = (Vec::new(), Count::default(), start);
    let head_bytes = version.head();
    while end.saturating_sub(at) >= head_bytes as u64 && count.one_more() {
        let Some(head) = view.if_there(at, head_bytes)? else { break };
        let Some(Frame { id, size, is_packed }) = frame(head, version) else { break };
        let body = at + head_bytes as u64;
        let Some(next) = body.checked_add(size).filter(|next| *next <= end) else { break };
        let is_text = matches!(id, [b'T', ..] | b"COMM" | b"COM" | b"USLT" | b"ULT");
        if is_text && !is_packed && size <= MOST_TAG_BYTES && kept.len() < MOST_KEPT_BYTES {
            let Some(body) = view.if_there(body, usize::try_from(size).unwrap_or(usize::MAX))? else { break };
            kept.extend(head);
            kept.extend(body);
        }
        at = next;
    }
    Ok(kept)
}

struct Frame<'a> {
    id: &'a [u8],
    size: u64,
    is_packed: bool,
}

/// The head of a frame; `None` where there are no more frames.
fn frame(head: &[u8], version: Version) -> Option<Frame<'_>> {
    let plain = |bytes: &[u8]| bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte));
    let (id, size, flags, packed) = match (version, head) {
        (Version::V22, _) => (head.get(..3)?, plain(head.get(3..6)?), 0, 0),
        (Version::V23, [_, _, _, _, size @ .., _, flags]) => {
            (head.get(..4)?, plain(size.get(..4)?), *flags, FRAME_PACKED_V23)
        }
        (Version::V24, [_, _, _, _, size @ .., _, flags]) => {
            let size = synchsafe(*size.first_chunk()?).ok()?;
            (head.get(..4)?, size as u64, *flags, FRAME_PACKED_V24)
        }
        _ => return None,
    };
    is_id(id).then_some(Frame { id, size, is_packed: flags & packed != 0 })
}

/// A tag of these frames.
fn rebuilt(version: Version, flags: u8, frames: &[u8]) -> Result<Vec<u8>, TagError> {
    let size = synchsafe_bytes(frames.len() + PADDING)?;
    Ok([b"ID3", &[version.major(), 0, flags][..], &size, frames, &[0; PADDING]].concat())
}
