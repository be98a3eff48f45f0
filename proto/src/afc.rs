//! AFC, the file service of a phone: a 40-byte little-endian header, a fixed part and a bulk part.
//!
//! Requests carry their arguments in the fixed part; only writes have bulk. A `DATA` reply carries
//! everything as bulk, so its `this_length` is 40: clients rely on it.
//!
//! The codec knows the writing operations too, because the virtual phone has to recognise and refuse them.
//! The exporter's client cannot express them: it is built on [`ReadRequest`], which has none.
//!
//! Source: facts/protocols.md section 3.

mod header;
mod info;
mod operation;
mod read;
mod reply;
mod request;
mod status;

pub use header::{HEADER_LEN, Header, MAGIC};
pub use info::{DeviceInfo, FileInfo, FileKind, InfoError, parse_names, parse_pairs, write_names};
pub use operation::Operation;
pub use read::ReadRequest;
pub use reply::Reply;
pub use request::{OpenMode, Request, SeekFrom};
pub use status::Status;

use crate::{DecodeError, Decoded};

pub(crate) const PROTOCOL: &str = "AFC";

/// Largest amount of data that one `FILE_READ` may ask for, in bytes; larger requests behave differently
/// from phone to phone (facts/protocols.md section 3.6).
pub const MAX_READ: u64 = 4 << 20;

/// Largest fixed part that is accepted, in bytes: a path is at most 1024 bytes on the phone, a rename has two.
pub const MAX_FIXED: usize = 64 << 10;

/// One packet, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packet {
    /// Chosen by the client and repeated in the reply.
    pub number: u64,
    /// What it is.
    pub operation: Operation,
    /// Arguments, or the one number of most replies.
    pub fixed: Vec<u8>,
    /// Data.
    pub bulk: Vec<u8>,
}

impl Packet {
    /// The header that goes before the parts.
    #[must_use]
    pub fn header(&self) -> Header {
        Header::new(self.number, self.operation, self.fixed.len(), self.bulk.len())
    }

    /// The bytes of the packet.
    ///
    /// A phone sends header and fixed part in one piece and bulk in another; a client sends all at once.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(HEADER_LEN + self.fixed.len() + self.bulk.len());
        out.extend_from_slice(&self.header().encode());
        out.extend_from_slice(&self.fixed);
        out.extend_from_slice(&self.bulk);
        out
    }

    /// Looks for one packet at the front of `buffer`, with a bulk part of up to `max_bulk` bytes.
    ///
    /// # Errors
    /// See [`Header::decode`].
    pub fn decode(buffer: &[u8], max_bulk: usize) -> Result<Decoded<Self>, DecodeError> {
        let Some(head) = buffer.first_chunk::<HEADER_LEN>() else { return Ok(Decoded::Need(HEADER_LEN)) };
        let header = Header::decode(head, max_bulk)?;
        let bulk_at = HEADER_LEN + header.fixed_len();
        let used = bulk_at.saturating_add(header.bulk_len());
        let (Some(fixed), Some(bulk)) = (buffer.get(HEADER_LEN..bulk_at), buffer.get(bulk_at..used)) else {
            return Ok(Decoded::Need(used));
        };
        let packet = Self {
            number: header.number,
            operation: header.operation,
            fixed: fixed.to_vec(),
            bulk: bulk.to_vec(),
        };
        Ok(Decoded::Message { value: packet, used })
    }
}
