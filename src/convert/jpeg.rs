//! Writing a picture as a JPEG.

use std::io::{self, BufWriter, Write};

use jpeg_encoder::{
    ChromaSubsamplingMethod, Encoder, EncodingError, ImageBuffer, JpegColorType, SamplingFactor,
};

use super::ConvertError;
use super::geometry::View;
use super::picture::Picture;

/// What goes before the picture.
#[derive(Debug, Default)]
pub(super) struct Metadata<'a> {
    pub(super) exif: Option<Vec<u8>>,
    pub(super) xmp: Option<&'a [u8]>,
    pub(super) profile: Option<&'a [u8]>,
}

/// What XMP data begin with in a JPEG (XMP specification part 3, section 1.1.3).
const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";

/// Bytes that a segment of a JPEG can hold.
const SEGMENT: usize = 65_533;

/// Writes the part of a picture that `view` shows, as it is stored. `quality` is 1 to 100.
pub(super) fn write(
    picture: &Picture,
    view: View,
    quality: u8,
    metadata: &Metadata<'_>,
    out: &mut dyn Write,
) -> Result<(), ConvertError> {
    let (Ok(width), Ok(height)) = (u16::try_from(view.width), u16::try_from(view.height)) else {
        return Err(ConvertError::TooLarge("its width or height"));
    };
    let mut out = BufWriter::with_capacity(1 << 16, out);
    let mut encoder = Encoder::new(&mut out, quality.clamp(1, 100));
    encoder.set_sampling_factor(sampling(picture));
    // All points that share a sample are equal, and their mean is the sample; unless a crop begins between two.
    encoder.set_chroma_subsampling_method(ChromaSubsamplingMethod::Average);
    if let Some(exif) = &metadata.exif {
        if exif.len() + 6 > SEGMENT {
            return Err(ConvertError::Unsupported("its EXIF data are larger than a JPEG can hold"));
        }
        encoder.add_exif_metadata(exif).map_err(problem)?;
    }
    if let Some(xmp) = metadata.xmp {
        if XMP.len() + xmp.len() > SEGMENT {
            return Err(ConvertError::Unsupported("its XMP data are larger than a JPEG can hold"));
        }
        encoder.add_app_segment(1, [XMP, xmp].concat()).map_err(problem)?;
    }
    if let Some(profile) = metadata.profile {
        encoder.add_icc_profile(profile).map_err(problem)?;
    }
    let rows = Rows { picture, view, width, height };
    encoder.encode_image(rows).map_err(problem)?;
    out.flush()?;
    Ok(())
}

/// The colour differences stay as coarse as they are.
fn sampling(picture: &Picture) -> SamplingFactor {
    match picture.chroma.as_ref().map_or((0, 0), |chroma| (chroma.shift_x, chroma.shift_y)) {
        (0, 0) => SamplingFactor::R_4_4_4,
        (1, 0) => SamplingFactor::R_4_2_2,
        (0, 1) => SamplingFactor::R_4_4_0,
        _ => SamplingFactor::R_4_2_0,
    }
}

fn problem(error: EncodingError) -> ConvertError {
    match error {
        EncodingError::IoError(error) => ConvertError::Write(error),
        other => ConvertError::Write(io::Error::other(other.to_string())),
    }
}

/// A picture as the encoder asks for it: row by row.
struct Rows<'a> {
    picture: &'a Picture,
    view: View,
    width: u16,
    height: u16,
}

impl ImageBuffer for Rows<'_> {
    fn get_jpeg_color_type(&self) -> JpegColorType {
        if self.picture.chroma.is_some() { JpegColorType::Ycbcr } else { JpegColorType::Luma }
    }

    fn width(&self) -> u16 {
        self.width
    }

    fn height(&self) -> u16 {
        self.height
    }

    fn fill_buffers(&self, y: u16, [luma, blue, red, _]: &mut [Vec<u8>; 4]) {
        let Self { picture, view, width, .. } = self;
        let (row, left, length) =
            (view.top as usize + usize::from(y), view.left as usize, usize::from(*width));
        let begin = row * picture.width + left;
        // Views lie within their pictures; should one not, what is missing is grey.
        extend(luma, picture.luma.get(begin..begin + length).into_iter().flatten().copied(), length);
        if let Some(chroma) = &picture.chroma {
            let line = (row >> chroma.shift_y) * chroma.width;
            for (plane, out) in [(&chroma.blue, blue), (&chroma.red, red)] {
                let line = plane.get(line..line + chroma.width).unwrap_or_default();
                let spread = line.iter().flat_map(|sample| std::iter::repeat_n(*sample, 1 << chroma.shift_x));
                extend(out, spread.skip(left), length);
            }
        }
    }
}

const GREY: u8 = 128;

/// Appends exactly `length` samples.
fn extend(out: &mut Vec<u8>, samples: impl Iterator<Item = u8>, length: usize) {
    let end = out.len() + length;
    out.extend(samples.take(length));
    out.resize(end, GREY);
}
