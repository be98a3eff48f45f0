//! Why a file keeps the tags it has.

use thiserror::Error;

/// Why the tags of a file were not filled. Each reads as a reason, for a person: "its tags were left as they are,
/// since ...". Whatever it is, the file as it was copied from the phone is as good as before.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TagError {
    /// It is none of the formats that are known here, or a variant of one that is not.
    #[error("tags cannot be written to such a file ({0})")]
    Unsupported(&'static str),
    /// It breaks the rules of its format.
    #[error("the file is damaged ({0})")]
    Damaged(&'static str),
    /// Filling it would take more memory or time than a song is given, or more room than its format has.
    #[error("it is too large to be tagged ({0})")]
    TooLarge(&'static str),
    /// The library that reads tags gave up.
    #[error("its tags cannot be read ({0})")]
    Unreadable(String),
    /// With the new tags, the sound or the picture would not be what it was. Nothing was written.
    #[error("its sound or picture would have changed")]
    AudioChanged,
    /// Something that was in the file would not be in it any more. Nothing was written.
    #[error("something else in the file would have been lost")]
    WouldLose,
    /// The new tags do not read as they were meant. Nothing was written.
    #[error("the new tags cannot be read back")]
    NotReadBack,
}
