//! Makes JPEGs of HEICs: the same picture, date, place and colours in a format that everything can open.
//!
//! ```text
//!  HEIC ──▶ container ──▶ still ──▶ tiles ──▶ decoder ──▶ picture ──▶ JPEG
//!           items         what is    HEVC      not ours    YCbCr      with EXIF, XMP
//!                         meant                                       and colour profile
//! ```
//!
//! All of the container is read by ours, with limits; only the HEVC pictures in it are handed to a [`Decoder`].
//! This room knows neither phones nor drives: bytes come in, bytes go out. What of it is kept and what is lost is in
//! `docs/conversion.md`.

mod container;
mod decoder;
mod error;
mod exif;
mod geometry;
mod jpeg;
mod limits;
mod picture;
mod profile;
mod reader;
mod still;

use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};

pub use decoder::{Coded, Coding, Decoder, Frame, Heifer, Plane};
pub use error::ConvertError;

use exif::Exif;
use geometry::View;
use jpeg::Metadata;
use still::Still;

/// A HEIC whose container was read: it is known what it holds and what it takes to convert it.
#[derive(Debug)]
pub struct Heic<'a>(Still<'a>);

/// What was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Made {
    /// Points from left to right, as they are stored.
    pub width: u32,
    /// Points from top to bottom, as they are stored.
    pub height: u32,
    /// The EXIF orientation that says how they are to be shown; 1 if none is said.
    pub orientation: u16,
}

impl<'a> Heic<'a> {
    /// Reads the container of a whole file. `stop` is asked now and then whether to give up.
    ///
    /// # Errors
    /// What is not a HEIC, is damaged, asks for more than a photo needs, or cannot be shown in a JPEG.
    pub fn read(file: &'a [u8], stop: &dyn Fn() -> bool) -> Result<Self, ConvertError> {
        Still::read(file, stop).map(Self)
    }

    /// The bytes of memory that [`Self::write_jpeg`] takes at most, besides the file itself.
    #[must_use]
    pub fn need_bytes(&self) -> u64 {
        self.0.need_bytes()
    }

    /// Writes it as a JPEG of this quality (1 to 100), piece by piece. `stop` is asked now and then whether to give up.
    ///
    /// A turned picture stays as it was stored, and its EXIF data say how it is turned. Those of iPhone photos do so
    /// already: then they, and all that is said of places in the picture, stay true, byte for byte.
    ///
    /// # Errors
    /// What cannot be decoded, what a JPEG cannot hold, and whatever `out` says.
    pub fn write_jpeg(
        &self,
        quality: u8,
        decoder: &dyn Decoder,
        stop: &dyn Fn() -> bool,
        out: &mut dyn Write,
    ) -> Result<Made, ConvertError> {
        let still = &self.0;
        let exif = still.exif()?;
        let exif = match &exif {
            Some(data) => Some(Exif::read(data).ok_or(ConvertError::Damaged("its EXIF data"))?),
            None => None,
        };
        let xmp = still.xmp()?;
        let View { width, height, turn, .. } = still.view;
        let orientation = turn.orientation();
        let exif = match exif {
            Some(exif) => Some(exif.for_jpeg(orientation, width, height)),
            None => (orientation != 1).then(|| exif::minimal(orientation)),
        };
        let (picture, coding) = picture::decode(still, decoder, stop)?;
        let profile = profile::for_picture(still.profile, coding, picture.chroma.is_none())?;
        let metadata = Metadata { exif, xmp: xmp.as_deref(), profile: profile.as_deref() };
        jpeg::write(&picture, still.view, quality, &metadata, out)?;
        Ok(Made { width, height, orientation })
    }
}

/// Makes a JPEG of a HEIC, whatever the bytes are: also a decoder that panics is only an error here.
///
/// # Errors
/// Those of [`Heic::read`] and [`Heic::write_jpeg`]. What was written before is of no use.
pub fn to_jpeg(
    heic: &[u8],
    quality: u8,
    decoder: &dyn Decoder,
    stop: &dyn Fn() -> bool,
    out: &mut dyn Write,
) -> Result<Made, ConvertError> {
    // Sound to go on after: what the closure can leave half done is its own (dropped while the panic passes), and
    // `out`, which is of no use after any error. The decoder has no state to spoil that it does not guard itself.
    let made =
        catch_unwind(AssertUnwindSafe(|| Heic::read(heic, stop)?.write_jpeg(quality, decoder, stop, out)));
    made.unwrap_or_else(|_| Err(ConvertError::Undecodable("the decoder stopped unexpectedly".to_owned())))
}

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
