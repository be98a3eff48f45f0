//! The 40-byte header.

use super::{MAX_FIXED, Operation, PROTOCOL};
use crate::{DecodeError, wire};

/// Bytes of a header.
pub const HEADER_LEN: usize = 40;

/// The first eight bytes of every packet.
pub const MAGIC: &[u8; 8] = b"CFA6LPAA";

/// The header of every packet. It keeps the lengths of the two parts instead of the two sums that are on the
/// wire, so they cannot contradict each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// Chosen by the client and repeated in the reply.
    pub number: u64,
    /// What the packet is.
    pub operation: Operation,
    fixed: usize,
    bulk: usize,
}

impl Header {
    /// A header for parts of these lengths, in bytes.
    #[must_use]
    pub const fn new(number: u64, operation: Operation, fixed: usize, bulk: usize) -> Self {
        Self { number, operation, fixed, bulk }
    }

    /// Length of the fixed part in bytes.
    #[must_use]
    pub const fn fixed_len(&self) -> usize {
        self.fixed
    }

    /// Length of the bulk part in bytes.
    #[must_use]
    pub const fn bulk_len(&self) -> usize {
        self.bulk
    }

    /// The header's bytes.
    #[must_use]
    pub fn encode(&self) -> [u8; HEADER_LEN] {
        let this = (HEADER_LEN as u64).saturating_add(self.fixed as u64);
        let entire = this.saturating_add(self.bulk as u64);
        let words = [u64::from_le_bytes(*MAGIC), entire, this, self.number, self.operation.to_wire()];
        let mut out = [0; HEADER_LEN];
        for (slot, word) in out.chunks_exact_mut(8).zip(words) {
            slot.copy_from_slice(&word.to_le_bytes());
        }
        out
    }

    /// Reads a header whose bulk part may be up to `max_bulk` bytes long; fixed parts may have [`MAX_FIXED`].
    ///
    /// # Errors
    /// A wrong signature, lengths that contradict each other, or lengths beyond the limits.
    pub fn decode(bytes: &[u8; HEADER_LEN], max_bulk: usize) -> Result<Self, DecodeError> {
        if bytes.first_chunk::<8>() != Some(MAGIC) {
            return Err(DecodeError::Magic { protocol: PROTOCOL });
        }
        let word = |at| wire::le64(bytes, at).unwrap_or_default();
        let (entire, this) = (word(8), word(16));
        let minimum = HEADER_LEN as u64;
        let fixed = this.checked_sub(minimum).ok_or(DecodeError::TooShort {
            protocol: PROTOCOL,
            length: this,
            minimum,
        })?;
        let bulk = entire.checked_sub(this).ok_or(DecodeError::Contradiction {
            protocol: PROTOCOL,
            inner: this,
            outer: entire,
        })?;
        Ok(Self {
            number: word(24),
            operation: Operation::from_wire(word(32)),
            fixed: within(fixed, MAX_FIXED)?,
            bulk: within(bulk, max_bulk)?,
        })
    }
}

/// `length` as a `usize`, if it does not exceed `limit`.
fn within(length: u64, limit: usize) -> Result<usize, DecodeError> {
    usize::try_from(length).ok().filter(|n| *n <= limit).ok_or(DecodeError::TooLong {
        protocol: PROTOCOL,
        length,
        limit: limit as u64,
    })
}
