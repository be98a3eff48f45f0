//! Decoding one coded picture: the only thing that is left to others.

mod heifer;

pub use heifer::Heifer;

use super::ConvertError;

/// A picture as it was coded: HEVC parameter sets, and the slices that they are for, without start codes.
#[derive(Debug, Clone)]
pub struct Coded<'a> {
    /// Parameter sets and the like, each with its header of two bytes.
    pub parameter_sets: Vec<&'a [u8]>,
    /// The slices, and whatever else lies between them.
    pub slices: Vec<&'a [u8]>,
    /// Points it may have at most. A picture that claims more is to be refused before memory is taken for it.
    pub max_pixels: u64,
    /// Whether [`Coding::primaries`] and [`Coding::transfer`] matter. If not, they may be left unsaid: some decoders
    /// have to read the parameter sets once more for them.
    pub wants_colours: bool,
}

/// A decoded picture: planes of samples, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Lightness.
    pub luma: Plane,
    /// Blue and red differences, both of one size; `None` for a picture in black and white.
    pub chroma: Option<(Plane, Plane)>,
    /// How samples mean colours.
    pub coding: Coding,
}

/// Samples of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plane {
    /// Samples in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Bits that a sample has, 8 to 16.
    pub bits: u8,
    /// All of them, row by row.
    pub samples: Vec<u16>,
}

/// How samples mean colours, in the code points of ITU-T H.273. 2 stands for "not said".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coding {
    /// Which red, green and blue.
    pub primaries: u16,
    /// How bright each step is.
    pub transfer: u16,
    /// How red, green and blue became lightness and differences.
    pub matrix: u16,
    /// Whether samples use all of their range.
    pub full_range: bool,
}

/// Decodes pictures that were coded with HEVC, stills only.
///
/// May panic on broken input, since [`super::to_jpeg`] holds that off; must not hang, or take more memory than a small
/// multiple of [`Coded::max_pixels`].
pub trait Decoder: Send + Sync {
    /// Decodes a picture.
    ///
    /// # Errors
    /// [`ConvertError::Undecodable`] with the decoder's own words.
    fn decode(&self, coded: &Coded<'_>) -> Result<Frame, ConvertError>;
}
