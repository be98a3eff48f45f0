//! Why no JPEG can be made of a file.

use std::io;

use thiserror::Error;

/// Why no JPEG can be made of a file. Each reads as a reason, for a person: "its original was kept, since ...".
#[derive(Debug, Error)]
pub enum ConvertError {
    /// It does not begin or continue like a HEIC.
    #[error("it is not a HEIC picture ({0})")]
    NotHeic(&'static str),
    /// It breaks the rules of its format.
    #[error("the file is damaged ({0})")]
    Damaged(&'static str),
    /// It is sound, but holds something that a JPEG cannot show or this program cannot read.
    #[error("{0}")]
    Unsupported(&'static str),
    /// Converting it would take more memory or time than a photo is given.
    #[error("it is too large to be converted ({0})")]
    TooLarge(&'static str),
    /// The decoder gave up.
    #[error("its picture cannot be decoded ({0})")]
    Undecodable(String),
    /// The JPEG could not be written.
    #[error("the JPEG cannot be written: {0}")]
    Write(#[from] io::Error),
    /// Somebody asked to stop.
    #[error("it was stopped")]
    Stopped,
}
