//! Replies.

use super::{Header, Operation, PROTOCOL, Packet, Status};
use crate::{DecodeError, wire};

/// What a phone answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// An outcome without data.
    Status(Status),
    /// Bytes: a listing, key/value pairs, or a piece of a file (empty at its end).
    Data(Vec<u8>),
    /// The handle of an opened file; never 0.
    Opened(u64),
    /// A position in a file, in bytes.
    Position(u64),
}

impl Reply {
    /// Reads a reply from its parts. Taking them apart lets a client receive the bulk of a `DATA` reply
    /// straight into the buffer that it will keep.
    ///
    /// # Errors
    /// [`DecodeError::Shape`] for an operation that is no reply, or one that lacks its number.
    pub fn from_parts(header: &Header, fixed: &[u8], bulk: Vec<u8>) -> Result<Self, DecodeError> {
        let shape = |reason: String| DecodeError::Shape { protocol: PROTOCOL, reason };
        let number = || {
            wire::le64(fixed, 0).ok_or_else(|| shape(format!("{:?} without its number", header.operation)))
        };
        match header.operation {
            Operation::Status => Ok(Self::Status(Status::from_wire(number()?))),
            // A phone sends data as bulk. Should one send it as fixed part, it is the same data.
            Operation::Data if bulk.is_empty() => Ok(Self::Data(fixed.to_vec())),
            Operation::Data if fixed.is_empty() => Ok(Self::Data(bulk)),
            Operation::Data => Ok(Self::Data([fixed, bulk.as_slice()].concat())),
            Operation::FileOpenResult => match number()? {
                0 => Err(shape("a file was opened as handle 0".to_owned())),
                handle => Ok(Self::Opened(handle)),
            },
            Operation::FileTellResult => Ok(Self::Position(number()?)),
            other => Err(shape(format!("{other:?} is no reply"))),
        }
    }

    /// Reads a reply from a whole packet.
    ///
    /// # Errors
    /// See [`Reply::from_parts`].
    pub fn from_packet(packet: Packet) -> Result<Self, DecodeError> {
        let header = packet.header();
        Self::from_parts(&header, &packet.fixed, packet.bulk)
    }

    /// Writes the reply as a packet: numbers as fixed part, data as bulk.
    #[must_use]
    pub fn into_packet(self, number: u64) -> Packet {
        let word = |operation, word: u64| Packet {
            number,
            operation,
            fixed: word.to_le_bytes().to_vec(),
            bulk: Vec::new(),
        };
        match self {
            Self::Status(status) => word(Operation::Status, status.to_wire()),
            Self::Opened(handle) => word(Operation::FileOpenResult, handle),
            Self::Position(position) => word(Operation::FileTellResult, position),
            Self::Data(bulk) => Packet { number, operation: Operation::Data, fixed: Vec::new(), bulk },
        }
    }
}
