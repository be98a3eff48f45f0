//! Which format a file has, and who knows it.

use super::TagError;
use super::iff::Form;
use super::survey::{AudioHash, Survey};
use super::tags::{TagName, Value};
use super::{flac, iff, mp3, mp4};

/// A format whose tags can be filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Mp4,
    Mp3,
    Iff(Form),
    Flac,
}

impl Kind {
    /// What the bytes are. The extension is only asked where they may be several things: ID3 is also put before AAC.
    pub(super) fn of(bytes: &[u8], extension: Option<&str>) -> Result<Self, TagError> {
        if mp4::is(bytes) {
            return Ok(Self::Mp4);
        }
        if flac::is(bytes) {
            return Ok(Self::Flac);
        }
        if let Some(form) = Form::of(bytes) {
            return Ok(Self::Iff(form));
        }
        let named_mp3 = extension.is_none_or(|extension| extension.eq_ignore_ascii_case("mp3"));
        if named_mp3
            && (bytes.starts_with(b"ID3") || bytes.first().is_some_and(|byte| matches!(byte, 0 | 0xFF)))
        {
            return Ok(Self::Mp3);
        }
        Err(TagError::Unsupported("its format is none of MP4, MP3, AIFF, WAV and FLAC"))
    }

    pub(super) fn audio(self, bytes: &[u8]) -> Result<AudioHash, TagError> {
        match self {
            Self::Mp4 => mp4::audio(bytes),
            Self::Mp3 => mp3::audio(bytes),
            Self::Iff(form) => iff::audio(form, bytes),
            Self::Flac => flac::audio(bytes),
        }
    }

    pub(super) fn survey(self, bytes: &[u8]) -> Result<Survey, TagError> {
        match self {
            Self::Mp4 => mp4::survey(bytes),
            Self::Mp3 => mp3::survey(bytes),
            Self::Iff(form) => iff::survey(form, bytes),
            Self::Flac => flac::survey(bytes),
        }
    }

    pub(super) fn add(self, bytes: Vec<u8>, values: &[(TagName, Value<'_>)]) -> Result<Vec<u8>, TagError> {
        match self {
            Self::Mp4 => mp4::add(bytes, values),
            Self::Mp3 => mp3::add(bytes, values),
            Self::Iff(form) => iff::add(form, bytes, values),
            Self::Flac => flac::add(bytes, values),
        }
    }

    /// Whether it may have tags of an older sort beside those that new ones are written to: readers that find the new
    /// ones do not look at the old ones any more.
    pub(super) const fn has_older_sorts(self) -> bool {
        matches!(self, Self::Mp3 | Self::Iff(_))
    }

    /// Whether there is a place for this tag.
    pub(super) fn has_place_for(self, name: TagName) -> bool {
        self == Self::Mp4 || !name.is_of_tv()
    }
}
