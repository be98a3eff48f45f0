//! The socket of `usbmuxd`: a 16-byte little-endian header and a payload.
//!
//! Version 1 carries XML property lists, version 0 a few fixed binary structures; a client talks version 1
//! and falls back only for ancient daemons. Both are here, because the virtual phone answers both.
//!
//! Source: facts/protocols.md section 1.

mod binary;
mod header;
mod reply;
mod request;

pub use binary::{BinaryReply, BinaryRequest, binary_attached, binary_detached, binary_result};
pub use header::{HEADER_LEN, Header, MAX_CLIENT_PAYLOAD, MAX_DAEMON_PAYLOAD, MessageKind, Version};
pub use reply::{Attached, Event, Reply, ResultCode};
pub use request::Request;

use plist::Dictionary;

use crate::{DecodeError, Decoded, dict};

pub(crate) const PROTOCOL: &str = "usbmuxd";

/// One packet as it was framed: the header and the raw payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packet {
    /// The header.
    pub header: Header,
    /// What follows it: XML, a binary list, or a binary structure.
    pub payload: Vec<u8>,
}

impl Packet {
    /// Frames a dictionary as a version 1 packet, in the bytes to be sent in **one** write:
    /// libusbmuxd reads the header with a single `recv`.
    #[must_use]
    pub fn encode_plist(dict: &Dictionary, tag: u32) -> Vec<u8> {
        Self::encode(Version::Plist, MessageKind::Plist, tag, &dict::to_xml(dict))
    }

    /// Frames any payload.
    #[must_use]
    pub fn encode(version: Version, kind: MessageKind, tag: u32, payload: &[u8]) -> Vec<u8> {
        let length = u32::try_from(payload.len() + HEADER_LEN).unwrap_or(u32::MAX);
        let mut out = Vec::with_capacity(payload.len() + HEADER_LEN);
        out.extend_from_slice(&Header { length, version, kind, tag }.encode());
        out.extend_from_slice(payload);
        out
    }

    /// Looks for one packet at the front of `buffer`, with payloads up to `limit` bytes.
    ///
    /// # Errors
    /// See [`Header::decode`].
    pub fn decode(buffer: &[u8], limit: usize) -> Result<Decoded<Self>, DecodeError> {
        let Some(head) = buffer.first_chunk::<HEADER_LEN>() else { return Ok(Decoded::Need(HEADER_LEN)) };
        let header = Header::decode(head, limit)?;
        let used = HEADER_LEN.saturating_add(header.payload_len());
        let Some(payload) = buffer.get(HEADER_LEN..used) else { return Ok(Decoded::Need(used)) };
        Ok(Decoded::Message { value: Self { header, payload: payload.to_vec() }, used })
    }

    /// The payload as a dictionary.
    ///
    /// # Errors
    /// [`DecodeError::Plist`] if it is none.
    pub fn dictionary(&self) -> Result<Dictionary, DecodeError> {
        dict::parse(PROTOCOL, &self.payload)
    }
}

/// Turns a TCP port into the number that `Connect` carries: network byte order read as a native integer.
///
/// ```
/// assert_eq!(iexport_proto::usbmux::port_to_wire(62078), 32498);
/// assert_eq!(iexport_proto::usbmux::port_from_wire(32498), 62078);
/// ```
#[must_use]
pub const fn port_to_wire(port: u16) -> u16 {
    port.swap_bytes()
}

/// Turns the number that `Connect` carries back into a TCP port.
#[must_use]
pub const fn port_from_wire(wire: u16) -> u16 {
    wire.swap_bytes()
}
