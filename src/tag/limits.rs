//! What a file may ask for at most. Far beyond what any song or film has, and far from what hurts.

/// What [`fill`](super::fill) takes at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a file. A larger one is left as it is: it is held in memory, at times twice.
    pub file_bytes: usize,
    /// Bytes of a cover. A larger one is left out.
    pub cover_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { file_bytes: 128 << 20, cover_bytes: 8 << 20 }
    }
}

/// Bytes of a text of one line: a title, a name.
pub(super) const MAX_LINE_BYTES: usize = 4096;

/// Bytes of lyrics or a comment.
pub(super) const MAX_TEXT_BYTES: usize = 1 << 20;

/// Bytes that the library takes for one tag of a file: a cover, as a rule.
pub(super) const MAX_ITEM_BYTES: usize = 32 << 20;

/// Parts of a file that are told apart: boxes, frames, chunks, blocks. An audiobook with 1,000 chapters has some
/// thousand.
pub(super) const MAX_PIECES: usize = 65_536;

/// Tags of a file, known or not. The library compares each with those before it.
pub(super) const MAX_TAGS: usize = 4096;

/// Bytes of a WAV's own list of tags, each of which has at least eight.
pub(super) const MAX_INFO_BYTES: usize = 32 << 10;

/// Tracks of an MP4: one for sound, one for pictures, some for chapters and subtitles.
pub(super) const MAX_TRACKS: usize = 256;

/// How often all the bytes of an MP4 may be read while its samples are hashed. Once, if no two share their bytes.
pub(super) const MAX_PASSES: usize = 2;

/// Bytes of an MP3 between its tags and its first frame.
pub(super) const MAX_JUNK_BYTES: usize = 4096;
