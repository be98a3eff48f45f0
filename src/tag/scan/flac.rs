//! The comments of a FLAC.

use lofty::file::FileType;

use super::super::TagError;
use super::super::bytes::CUT;
use super::super::flac::{COMMENTS, LAST, MARK};
use super::view::{Count, MOST_KEPT_BYTES, MOST_TAG_BYTES, Stop, View};
use super::{Extract, Found};

/// A first block as every file has one; nobody asks for the sound.
const STREAM_INFO: [u8; 38] = {
    let mut block = [0; 38];
    block[3] = 34;
    block
};

/// The tags of such a file.
pub(super) fn extract(view: &View) -> Result<Extract, Stop> {
    let (mut count, mut at) = (Count::default(), MARK.len() as u64);
    let comments = loop {
        let Some([kind, a, b, c]) = view.if_there(at, 4)?.and_then(|head| head.first_chunk()) else {
            break Vec::new();
        };
        let (content, size) = (at + 4, u64::from(u32::from_be_bytes([0, *a, *b, *c])));
        if kind & !LAST == COMMENTS {
            break comments(view, content, content + size)?;
        }
        if kind & LAST != 0 || !count.one_more() {
            break Vec::new();
        }
        at = content + size;
    };
    let number = |number: usize| u32::try_from(number).map_err(|_| CUT);
    let texts: Vec<u8> = comments.concat();
    let content = [&[0; 4], &number(comments.len())?.to_le_bytes(), &texts[..]].concat();
    let [_, size @ ..] = number(content.len())?.to_be_bytes();
    let bytes = [MARK, &STREAM_INFO, &[COMMENTS | LAST], &size, &content].concat();
    Ok(Extract { file_type: FileType::Flac, bytes, found: Found::default() })
}

/// The comments, each with its length, without covers.
fn comments(view: &View, start: u64, end: u64) -> Result<Vec<Vec<u8>>, Stop> {
    let length = |at: u64| -> Result<Option<u64>, Stop> {
        if end.saturating_sub(at) < 4 {
            return Ok(None);
        }
        let bytes = view.if_there(at, 4)?.and_then(|bytes| bytes.first_chunk());
        Ok(bytes.map(|bytes| u32::from_le_bytes(*bytes).into()))
    };
    let (mut kept, mut kept_bytes, mut count) = (Vec::new(), 0, Count::default());
    let vendor = length(start)?.ok_or(TagError::Damaged("its comments"))?;
    // Behind the maker's name it is said how many there are, which is of no use: they go as far as they go.
    let mut at = start + 4 + vendor + 4;
    while let Some(size) = length(at)?.filter(|_| count.one_more() && kept_bytes < MOST_KEPT_BYTES) {
        let next = at + 4 + size;
        if next > end {
            break;
        }
        if size <= MOST_TAG_BYTES {
            let Some(comment) = view.if_there(at, usize::try_from(4 + size).unwrap_or(usize::MAX))? else {
                break;
            };
            let name = comment.get(4..).and_then(|text| text.split(|byte| *byte == b'=').next());
            let is_cover = name.is_some_and(|name| {
                [&b"METADATA_BLOCK_PICTURE"[..], b"COVERART"]
                    .iter()
                    .any(|cover| cover.eq_ignore_ascii_case(name))
            });
            if !is_cover {
                kept_bytes += comment.len();
                kept.push(comment.to_owned());
            }
        }
        at = next;
    }
    Ok(kept)
}
