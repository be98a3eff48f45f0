//! Lockdown frames: a big-endian `u32` length and a property list.
//!
//! `lockdownd` (port 62078) and most small services (notification proxy, heartbeat, installation proxy)
//! share this framing. A phone answers in XML; binary lists are understood as well.
//!
//! Source: facts/protocols.md section 2.1.

mod error;
mod request;

use plist::Dictionary;

use crate::{DecodeError, Decoded, dict, wire};

pub use error::LockdownError;
pub use request::{PairRequest, Request};

/// The port of `lockdownd` on every phone.
pub const PORT: u16 = 62078;

/// Largest payload accepted by default, in bytes.
///
/// The largest genuine messages (a whole lockdown domain, an app list with icons left out) stay below
/// 1 MiB; a pairing request is about 7 KiB.
pub const MAX_PAYLOAD: usize = 4 << 20;

/// Bytes of the length that goes before a payload.
pub const PREFIX_LEN: usize = 4;

const PROTOCOL: &str = "lockdown";

/// Prefixes an XML rendering of `dict` with its length: the bytes of one frame.
///
/// Send them in one write. libimobiledevice 1.3 reads the length with a single `recv`.
///
/// ```
/// let frame = iexport_proto::lockdown::encode(&plist::Dictionary::new());
/// assert_eq!(u32::from_be_bytes(frame[..4].try_into().unwrap()) as usize, frame.len() - 4);
/// ```
#[must_use]
pub fn encode(dict: &Dictionary) -> Vec<u8> {
    let payload = dict::to_xml(dict);
    let length = u32::try_from(payload.len()).unwrap_or(u32::MAX);
    let mut out = Vec::with_capacity(payload.len() + PREFIX_LEN);
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(&payload);
    out
}

/// Looks for one frame at the front of `buffer`, with payloads up to `limit` bytes.
///
/// # Errors
/// [`DecodeError::TooLong`] as soon as the prefix is there and exceeds `limit`; [`DecodeError::Plist`] for a
/// payload that is no dictionary.
pub fn decode(buffer: &[u8], limit: usize) -> Result<Decoded<Dictionary>, DecodeError> {
    let Some(length) = wire::be32(buffer, 0) else { return Ok(Decoded::Need(PREFIX_LEN)) };
    let length = length as usize;
    if length > limit {
        return Err(DecodeError::TooLong { protocol: PROTOCOL, length: length as u64, limit: limit as u64 });
    }
    let used = length.saturating_add(PREFIX_LEN);
    let Some(payload) = buffer.get(PREFIX_LEN..used) else { return Ok(Decoded::Need(used)) };
    Ok(Decoded::Message { value: dict::parse(PROTOCOL, payload)?, used })
}
