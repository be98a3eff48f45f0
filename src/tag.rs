//! Fills in the tags that a song or film lacks, and shows that its sound and picture stayed what they were.
//!
//! ```text
//!          ┌── survey: what is in the file, and a fingerprint of its samples ───┐
//!  file ───┤                                                                    ├── the same? ──▶ file
//!          └── known: which tags it has ──▶ what is lacking ──▶ added to it ────┘
//! ```
//!
//! Files are taken apart by ours, with limits; [`lofty`] reads what the tags say, in all the ways in which they are
//! written. Tags are only ever added: what is there stays, byte for byte, be it understood or not.
//! Where only the tags are wanted and the file is far away, [`Scan`] reads them from a few parts of it.
//!
//! This room knows neither phones nor catalogues nor drives: bytes come in, bytes go out. What is filled in and what is
//! never touched is in `docs/tags.md`.

mod bytes;
mod error;
mod flac;
mod id3;
mod iff;
mod kind;
mod known;
mod limits;
mod mp3;
mod mp4;
mod scan;
mod survey;
mod tags;

pub use error::TagError;
pub use limits::Limits;
pub use scan::{Found, Scan, Shelf, Step};
pub use survey::AudioHash;
pub use tags::{LeftOut, TagName, Tags};

use kind::Kind;
use known::Known;
use tags::{Value, Wanted};

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filled {
    /// It lacks nothing that is known.
    Unchanged {
        /// The file as it was.
        bytes: Vec<u8>,
        /// What is known and lacking, but cannot be written.
        left_out: Vec<LeftOut>,
    },
    /// It has more tags than before.
    Changed {
        /// The file with its new tags.
        bytes: Vec<u8>,
        /// What was lacking and is there now, in the order of [`Tags`].
        added: Vec<TagName>,
        /// What is known and lacking, but cannot be written.
        left_out: Vec<LeftOut>,
        /// The fingerprint of its sound and picture: it was the same before.
        audio: AudioHash,
    },
}

/// Adds to a file the tags that it lacks. The extension, as in `m4a`, helps to recognise the format; without one, the
/// bytes alone have to say.
///
/// The same file and the same tags give the same bytes, and nothing is left to do a second time.
///
/// # Errors
/// What is not supported, too large or damaged; and whatever would not be the same afterwards. The file is to be left
/// as it is then, which takes reading it again.
pub fn fill(
    bytes: Vec<u8>,
    extension: Option<&str>,
    tags: &Tags,
    limits: &Limits,
) -> Result<Filled, TagError> {
    if bytes.len() > limits.file_bytes {
        return Err(TagError::TooLarge("it is held in memory"));
    }
    let kind = Kind::of(&bytes, extension)?;
    let before = kind.survey(&bytes)?;
    let known = Known::read(kind, &bytes)?;
    let Wanted { mut values, mut left_out } = tags.wanted(limits);
    let lacking = |name| !before.names.contains(&name) && !known.has(name);
    left_out.retain(|left| lacking(left.name));
    values.retain(|(name, _)| lacking(*name));
    values.retain(|(name, _)| {
        let has_place = kind.has_place_for(*name);
        if !has_place {
            left_out.push(LeftOut { name: *name, why: "its format has no place for it" });
        }
        has_place
    });
    if values.is_empty() {
        return Ok(Filled::Unchanged { bytes, left_out });
    }
    let added: Vec<TagName> = values.iter().map(|(name, _)| *name).collect();
    if kind.has_older_sorts() && !before.has_home {
        // What the file says in an older way is said in the new one, too: nothing may seem to have gone.
        values.extend(known.texts().filter(|(name, _)| !before.names.contains(name)));
    }
    let filled = kind.add(bytes, &values)?;
    let after = kind.survey(&filled)?;
    if after.audio != before.audio {
        return Err(TagError::AudioChanged);
    }
    if !after.pieces.keep(&before.pieces) {
        return Err(TagError::WouldLose);
    }
    let known_after = Known::read(kind, &filled)?;
    if !known_after.keeps(&known) {
        return Err(TagError::WouldLose);
    }
    let read_back = |(name, value): &(TagName, Value<'_>)| {
        after.names.contains(name) && (!Known::shows(kind, *name) || known_after.says(*name, value))
    };
    if !values.iter().all(read_back) {
        return Err(TagError::NotReadBack);
    }
    Ok(Filled::Changed { bytes: filled, added, left_out, audio: after.audio })
}

/// Whether a file has none of a tag.
///
/// # Errors
/// What is not supported, too large or damaged.
pub fn lacks(
    bytes: &[u8],
    extension: Option<&str>,
    name: TagName,
    limits: &Limits,
) -> Result<bool, TagError> {
    if bytes.len() > limits.file_bytes {
        return Err(TagError::TooLarge("it is held in memory"));
    }
    let kind = Kind::of(bytes, extension)?;
    Ok(!kind.survey(bytes)?.names.contains(&name) && !Known::read(kind, bytes)?.has(name))
}

/// The fingerprint of the sound and picture of a file, whatever its tags.
///
/// # Errors
/// What is not supported, or damaged.
pub fn audio_hash(bytes: &[u8], extension: Option<&str>) -> Result<AudioHash, TagError> {
    Kind::of(bytes, extension)?.audio(bytes)
}

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
