//! The chunks of an AIFF or WAV that are tags.

use lofty::file::FileType;

use super::super::bytes::CUT;
use super::super::iff::{Form, HEAD};
use super::super::limits::MAX_INFO_BYTES;
use super::view::{Count, MOST_KEPT_BYTES, Stop, View};
use super::{Extract, Found, frames};

/// The tags of such a file.
pub(super) fn extract(view: &View, form: Form) -> Result<Extract, Stop> {
    let (mut kept, mut count, mut at) = (Vec::new(), Count::default(), HEAD as u64);
    let kind = view.bytes(8, 4)?;
    while count.one_more() && kept.len() < MOST_KEPT_BYTES {
        let Some(head) = view.if_there(at, 8)? else { break };
        let (id, content) = (head.first_chunk::<4>().ok_or(CUT)?, at + 8);
        let size = form.number(head, 4)?;
        let Some(end) = content.checked_add(size as u64).filter(|end| *end <= view.size()) else { break };
        let list: &[u8] = match (form, id) {
            (_, b"ID3 " | b"id3 ") => {
                if let Some(tag) = frames::tag(view, content, end)? {
                    push(&mut kept, form, id, &tag.bytes)?;
                }
                &[]
            }
            (Form::Aiff, b"NAME" | b"AUTH") | (Form::Wav, b"LIST") if size <= MAX_INFO_BYTES => {
                view.if_there(content, size)?.unwrap_or_default()
            }
            _ => &[],
        };
        if !list.is_empty() && (form == Form::Aiff || list.starts_with(b"INFO")) {
            push(&mut kept, form, id, list)?;
        }
        at = end.saturating_add(end % 2);
    }
    let mut bytes = Vec::new();
    push(&mut bytes, form, form.name(), &[kind, &kept].concat())?;
    let file_type = if form == Form::Aiff { FileType::Aiff } else { FileType::Wav };
    Ok(Extract { file_type, bytes, found: Found::default() })
}

fn push(bytes: &mut Vec<u8>, form: Form, id: &[u8; 4], content: &[u8]) -> Result<(), Stop> {
    bytes.extend(id);
    bytes.extend(form.number_bytes(content.len())?);
    bytes.extend(content);
    bytes.resize(bytes.len() + content.len() % 2, 0);
    Ok(())
}
