//! The phone's own fingerprints of files, and how to make them again.
//!
//! With one a copy can be proven to be what the phone itself recorded (facts/media.md section A9).

use sha1::{Digest as _, Sha1};

/// What Apple puts before the bytes of a file: that they have no extended attributes to be hashed, and that the
/// data follow.
const SALT: &[u8] = b"com.apple.XattrObjectSalt\0com.apple.DataObjectSalt\0";
/// The first of the 21 bytes.
const VERSION: u8 = 1;
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The fingerprint that the phone itself recorded of a file's content: 28 characters of base64 that encode
/// a version byte and a salted SHA-1 (facts/media.md section A9).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Fingerprint(pub String);

/// Makes the fingerprint of bytes as they come.
#[derive(Debug, Clone)]
pub struct Fingerprinter(Sha1);

impl Fingerprinter {
    /// Of nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self(Sha1::new_with_prefix(SALT))
    }

    /// Adds bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The fingerprint of all bytes that were added.
    #[must_use]
    pub fn finish(self) -> Fingerprint {
        let mut bytes = [VERSION; 21];
        for (byte, hashed) in bytes.iter_mut().skip(1).zip(self.0.finalize()) {
            *byte = hashed;
        }
        let (groups, _) = bytes.as_chunks::<3>();
        let letters = groups.iter().flat_map(|[a, b, c]| {
            let bits = u32::from_be_bytes([0, *a, *b, *c]);
            [18, 12, 6, 0].map(|shift| usize::try_from(bits >> shift & 63).unwrap_or(0))
        });
        Fingerprint(letters.filter_map(|at| ALPHABET.get(at).copied()).map(char::from).collect())
    }
}

impl Default for Fingerprinter {
    fn default() -> Self {
        Self::new()
    }
}

/// What a file's content says about the phone's fingerprint of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Proof {
    /// It is byte for byte what the phone recorded.
    Proven,
    /// The phone recorded none: it makes them only when it needs them.
    NoFingerprint,
    /// It is something else than what the phone recorded: it was changed after that, or damaged.
    Differs,
}

impl Proof {
    /// Compares what was recorded with what was found.
    #[must_use]
    pub fn of(recorded: Option<&Fingerprint>, found: &Fingerprint) -> Self {
        match recorded {
            None => Self::NoFingerprint,
            Some(recorded) if recorded == found => Self::Proven,
            Some(_) => Self::Differs,
        }
    }

    /// Stable name for the ledger and for JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Proven => "proven",
            Self::NoFingerprint => "no_fingerprint",
            Self::Differs => "differs",
        }
    }

    /// The proof of a [`Proof::name`].
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Proven, Self::NoFingerprint, Self::Differs].into_iter().find(|proof| proof.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fingerprint(parts: &[&[u8]]) -> String {
        let mut made = Fingerprinter::new();
        parts.iter().for_each(|part| made.update(part));
        made.finish().0
    }

    #[test]
    fn the_known_ones() {
        assert_eq!(fingerprint(&[]), "AW2cWT2PxzWixMKuuNMTHJ8CJ3sH");
        assert_eq!(fingerprint(&[b"hello"]), "AcW96XzA8CMFcrVWfJyAAy8aWWE6");
        assert_eq!(fingerprint(&[b"he", b"", b"llo"]), "AcW96XzA8CMFcrVWfJyAAy8aWWE6");
    }

    #[test]
    fn what_it_proves() {
        let (own, other) = (Fingerprint("AW2c".into()), Fingerprint("AcW9".into()));
        assert_eq!(Proof::of(Some(&own), &own), Proof::Proven);
        assert_eq!(Proof::of(Some(&own), &other), Proof::Differs);
        assert_eq!(Proof::of(None, &other), Proof::NoFingerprint);
        assert_eq!(Proof::from_name(Proof::Differs.name()), Some(Proof::Differs));
        assert_eq!(Proof::from_name("else"), None);
    }
}
