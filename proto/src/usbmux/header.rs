//! The 16-byte header.

use super::PROTOCOL;
use crate::{DecodeError, wire};

/// Bytes of a header.
pub const HEADER_LEN: usize = 16;

/// Largest payload a daemon accepts from a client, in bytes: as `usbmuxd`, 64 KiB with the header.
pub const MAX_CLIENT_PAYLOAD: usize = 65536 - HEADER_LEN;

/// Largest payload a client accepts from a daemon, in bytes. A pair record is about 10 KiB, a device
/// half a KiB; this leaves room for hundreds of devices.
pub const MAX_DAEMON_PAYLOAD: usize = 1 << 20;

/// How a payload is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Version {
    /// 0: binary structures.
    Binary,
    /// 1: XML property lists.
    Plist,
    /// Anything else; a daemon answers with `BadVersion`.
    Unknown(u32),
}

impl Version {
    const fn to_wire(self) -> u32 {
        match self {
            Self::Binary => 0,
            Self::Plist => 1,
            Self::Unknown(n) => n,
        }
    }

    const fn from_wire(n: u32) -> Self {
        match n {
            0 => Self::Binary,
            1 => Self::Plist,
            n => Self::Unknown(n),
        }
    }
}

/// What a packet is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MessageKind {
    /// 1: outcome of a request (binary).
    Result,
    /// 2: connect to a port (binary).
    Connect,
    /// 3: subscribe to events (binary).
    Listen,
    /// 4: a device came (binary).
    Attached,
    /// 5: a device went (binary).
    Detached,
    /// 6: a device was paired (binary).
    Paired,
    /// 8: a property list.
    Plist,
    /// Anything else.
    Unknown(u32),
}

impl MessageKind {
    const fn to_wire(self) -> u32 {
        match self {
            Self::Result => 1,
            Self::Connect => 2,
            Self::Listen => 3,
            Self::Attached => 4,
            Self::Detached => 5,
            Self::Paired => 6,
            Self::Plist => 8,
            Self::Unknown(n) => n,
        }
    }

    const fn from_wire(n: u32) -> Self {
        match n {
            1 => Self::Result,
            2 => Self::Connect,
            3 => Self::Listen,
            4 => Self::Attached,
            5 => Self::Detached,
            6 => Self::Paired,
            8 => Self::Plist,
            n => Self::Unknown(n),
        }
    }
}

/// The header of every packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// Length of the packet in bytes, header included.
    pub length: u32,
    /// How the payload is written.
    pub version: Version,
    /// What the packet is.
    pub kind: MessageKind,
    /// Chosen by the client and repeated in the reply; 0 in events.
    pub tag: u32,
}

impl Header {
    /// Bytes that follow the header.
    #[must_use]
    pub const fn payload_len(&self) -> usize {
        (self.length as usize).saturating_sub(HEADER_LEN)
    }

    /// The header's bytes.
    #[must_use]
    pub fn encode(&self) -> [u8; HEADER_LEN] {
        let mut out = [0; HEADER_LEN];
        let words = [self.length, self.version.to_wire(), self.kind.to_wire(), self.tag];
        for (slot, word) in out.chunks_exact_mut(4).zip(words) {
            slot.copy_from_slice(&word.to_le_bytes());
        }
        out
    }

    /// Reads a header whose payload may be up to `limit` bytes long.
    ///
    /// # Errors
    /// [`DecodeError::TooShort`] for a length below 16, [`DecodeError::TooLong`] above the limit.
    pub fn decode(bytes: &[u8; HEADER_LEN], limit: usize) -> Result<Self, DecodeError> {
        let word = |at| wire::le32(bytes, at).unwrap_or_default();
        let length = word(0);
        if (length as usize) < HEADER_LEN {
            return Err(DecodeError::TooShort {
                protocol: PROTOCOL,
                length: u64::from(length),
                minimum: HEADER_LEN as u64,
            });
        }
        if length as usize - HEADER_LEN > limit {
            return Err(DecodeError::TooLong {
                protocol: PROTOCOL,
                length: u64::from(length),
                limit: limit.saturating_add(HEADER_LEN) as u64,
            });
        }
        Ok(Self {
            length,
            version: Version::from_wire(word(4)),
            kind: MessageKind::from_wire(word(8)),
            tag: word(12),
        })
    }
}
