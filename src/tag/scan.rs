//! Reads the tags of a file from as little of it as possible, for whoever has the file at the other end of a cable.
//!
//! [`Scan`] does not read itself: it says which part it wants next, until it has enough. Only heads of boxes, frames,
//! chunks and blocks are looked at on the way to the tags; sound, tables and covers are passed over. What is found is
//! put together as a small file of the same sort, which is then read as any other.
//!
//! A file may say anything, so everything has an end: how many parts are asked for, how many heads are looked at, how
//! many bytes are kept. Then, or where a file breaks the rules, there are the tags found so far, or none.

mod flac;
mod found;
mod frames;
mod iff;
mod mp4;
mod view;

use lofty::file::FileType;

pub use found::{Found, Shelf};

use super::TagError;
use super::iff::Form;
use super::known::Known;
use super::tags::Tags;
use view::{Stop, View};

/// What a [`Scan`] wants next.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// A part of the file, to be given to [`Scan::give`].
    Read {
        /// Where it begins, in bytes from the beginning of the file.
        position: u64,
        /// How many bytes it has, at most 1 MiB; fewer only if the file ends before.
        most_bytes: usize,
    },
    /// Nothing: this is what the file says.
    Done(Box<Found>),
}

/// The reading of one file's tags.
///
/// ```
/// # let bytes = b"not a song".to_vec();
/// use iexport::tag::{Scan, Step};
///
/// let mut scan = Scan::new(bytes.len() as u64, Some("m4a"));
/// let found = loop {
///     match scan.step() {
///         Ok(Step::Read { position, most_bytes }) => {
///             let at = position as usize;
///             scan.give(position, bytes[at..bytes.len().min(at + most_bytes)].to_vec());
///         }
///         Ok(Step::Done(found)) => break Ok(found),
///         Err(error) => break Err(error),
///     }
/// };
/// # assert!(found.is_err());
/// ```
#[derive(Debug)]
pub struct Scan {
    view: View,
    is_named_mp3: bool,
}

/// A small file with the tags of a large one.
struct Extract {
    file_type: FileType,
    bytes: Vec<u8>,
    /// What was found besides the tags that every format has.
    found: Found,
}

impl Scan {
    /// Of a file of this size and extension, as in `m4a`.
    #[must_use]
    pub fn new(size_bytes: u64, extension: Option<&str>) -> Self {
        let is_named_mp3 = extension.is_some_and(|extension| extension.eq_ignore_ascii_case("mp3"));
        Self { view: View::of_file(size_bytes), is_named_mp3 }
    }

    /// What is to be done next.
    ///
    /// # Errors
    /// The file is of a sort whose tags are not known here, or damaged before its tags. There is no more to be done
    /// then.
    pub fn step(&mut self) -> Result<Step, TagError> {
        match self.extract() {
            Err(Stop::Want { position, count }) => {
                let most_bytes = self.view.ask(position, count);
                Ok(Step::Read { position, most_bytes })
            }
            Err(Stop::Failed(error)) => Err(error),
            Ok(Extract { file_type, bytes, found }) => {
                let Tags { season, episode, episode_id, .. } = found.tags;
                let tags = Known::parse(file_type, &bytes)?.into_tags();
                let tags = Tags { season, episode, episode_id, ..tags };
                Ok(Step::Done(Box::new(Found { tags, ..found })))
            }
        }
    }

    /// Takes the part that was wanted. If it is shorter, the file ends there.
    pub fn give(&mut self, position: u64, bytes: Vec<u8>) {
        self.view.give(position, bytes);
    }

    fn extract(&self) -> Result<Extract, Stop> {
        const UNKNOWN: TagError = TagError::Unsupported("its format is none of MP4, MP3, AIFF, WAV and FLAC");
        let view = &self.view;
        let Some(head) = view.if_there(0, 12)? else { return Err(UNKNOWN.into()) };
        let form = Form::of(head);
        let (is_mp4, is_flac) = (head.get(4..8) == Some(b"ftyp"), head.starts_with(b"fLaC"));
        let has_frames = head.starts_with(b"ID3");
        match form {
            Some(form) => iff::extract(view, form),
            None if is_mp4 => mp4::extract(view),
            None if is_flac => flac::extract(view),
            None if has_frames || self.is_named_mp3 => frames::extract(view),
            None => Err(UNKNOWN.into()),
        }
    }
}

#[cfg(test)]
mod tests;
