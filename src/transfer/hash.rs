//! The hash of a file's content.

use std::fmt;

use thiserror::Error;

/// BLAKE3 of a file's content.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ContentHash(pub [u8; 32]);

/// A text is no [`ContentHash`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not 64 hexadecimal digits")]
pub struct NotAHash;

impl ContentHash {
    /// 64 hexadecimal digits, lower case, as `b3sum` prints them.
    #[must_use]
    pub fn to_hex(&self) -> String {
        blake3::Hash::from_bytes(self.0).to_hex().to_string()
    }

    /// Reads back what [`Self::to_hex`] gave.
    ///
    /// # Errors
    /// Anything but 64 hexadecimal digits.
    pub fn from_hex(hex: &str) -> Result<Self, NotAHash> {
        blake3::Hash::from_hex(hex).map(Self::from).map_err(|_| NotAHash)
    }
}

impl From<blake3::Hash> for ContentHash {
    fn from(hash: blake3::Hash) -> Self {
        Self(*hash.as_bytes())
    }
}

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_hex())
    }
}

impl fmt::Debug for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ContentHash({self})")
    }
}
