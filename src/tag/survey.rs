//! What a file holds, so that it can be said of two that one has all that the other has.

use std::collections::BTreeSet;
use std::fmt;

use super::TagError;
use super::limits::{MAX_PIECES, MAX_TAGS};
use super::tags::TagName;

/// The fingerprint (BLAKE3) of the sound and the picture of a file: coded frames in the order in which they are played,
/// and what it takes to decode them. It says nothing of tags, nor of where in the file anything lies. Those of different
/// formats are never equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AudioHash([u8; 32]);

impl AudioHash {
    /// Its 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    pub(super) fn of(hasher: &blake3::Hasher) -> Self {
        Self(*hasher.finalize().as_bytes())
    }
}

impl fmt::Display for AudioHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A hasher that what it hashed cannot be mistaken: every part is told apart from the next by its length.
pub(super) fn hash_part(hasher: &mut blake3::Hasher, part: &[u8]) {
    hasher.update(&(part.len() as u64).to_le_bytes());
    hasher.update(part);
}

/// A part of a file that has to survive: where it is, not by its offset but by its name, and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    place: Vec<u8>,
    hash: blake3::Hash,
}

/// All that a file holds: its parts in their order, and the tags among them.
#[derive(Debug)]
pub(super) struct Survey {
    pub(super) audio: AudioHash,
    pub(super) pieces: Pieces,
    /// The tags that are there under their own names, be they readable or not.
    pub(super) names: BTreeSet<TagName>,
    /// Whether it has the sort of tag that new ones would be written to.
    pub(super) has_home: bool,
}

/// Parts of a file in their order.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    pieces: Vec<Piece>,
    /// How many of them are tags.
    tags: usize,
}

impl Pieces {
    pub(super) fn add(&mut self, place: &[u8], content: &[u8]) -> Result<(), TagError> {
        if self.pieces.len() >= MAX_PIECES {
            return Err(TagError::TooLarge("it has too many parts"));
        }
        self.pieces.push(Piece { place: place.to_owned(), hash: blake3::hash(content) });
        Ok(())
    }

    /// A part that is a tag.
    pub(super) fn add_tag(&mut self, place: &[u8], content: &[u8]) -> Result<(), TagError> {
        self.tags += 1;
        if self.tags > MAX_TAGS {
            return Err(TagError::TooLarge("it has too many tags"));
        }
        self.add(place, content)
    }

    /// Whether all of the other's parts are here, in the same order and unchanged. There may be more between them.
    pub(super) fn keep(&self, other: &Self) -> bool {
        let mut own = self.pieces.iter();
        other.pieces.iter().all(|theirs| own.any(|piece| piece == theirs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(parts: &[(&str, &str)]) -> Pieces {
        let mut pieces = Pieces::default();
        for (place, content) in parts {
            pieces.add(place.as_bytes(), content.as_bytes()).unwrap();
        }
        pieces
    }

    #[test]
    fn more_is_fine_but_nothing_less() {
        let before = pieces(&[("a", "1"), ("b", "2"), ("b", "2")]);
        assert!(pieces(&[("a", "1"), ("x", "9"), ("b", "2"), ("b", "2"), ("c", "3")]).keep(&before));
        for after in [
            &[("a", "1"), ("b", "2")][..],
            &[("a", "1"), ("b", "2"), ("b", "3")],
            &[("b", "2"), ("b", "2"), ("a", "1")],
            &[("a", "1"), ("c", "2"), ("b", "2")],
        ] {
            assert!(!pieces(after).keep(&before), "{after:?}");
        }
    }

    #[test]
    fn there_is_an_end_to_parts() {
        let mut pieces = Pieces::default();
        let added = (0..=MAX_PIECES).try_for_each(|_| pieces.add(b"free", b""));
        assert_eq!(added, Err(TagError::TooLarge("it has too many parts")));
    }
}
