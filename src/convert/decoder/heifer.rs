//! The decoder of the heifer project: pure Rust, no unsafe code, MIT or Apache 2.0.

use heifer_hevc_dec::decoder::{DecodeOptions, decode_picture};
use heifer_hevc_dec::nal::NalUnit;
use heifer_hevc_dec::params::ParameterSets;

use super::{Coded, Coding, Decoder, Frame, Plane};
use crate::convert::ConvertError;

/// Decodes with heifer.
#[derive(Debug, Clone, Copy, Default)]
pub struct Heifer;

impl Decoder for Heifer {
    fn decode(&self, coded: &Coded<'_>) -> Result<Frame, ConvertError> {
        let undecodable = |error: heifer_hevc_dec::Error| ConvertError::Undecodable(error.to_string());
        let units = coded.parameter_sets.iter().chain(&coded.slices);
        let length = units.clone().map(|unit| unit.len() + 4).sum();
        let mut stream = Vec::with_capacity(length);
        for unit in units {
            stream.extend_from_slice(&[0, 0, 0, 1]);
            stream.extend_from_slice(unit);
        }
        let options = DecodeOptions { max_pixels: coded.max_pixels, ..DecodeOptions::default() };
        let frame = decode_picture(&stream, options).map_err(undecodable)?;
        let [luma_bits, chroma_bits] = frame.bit_depth;
        let (primaries, transfer) = if coded.wants_colours { colours(coded) } else { UNSAID };
        let [luma, blue, red] = frame.planes;
        let plane = |index: usize, bits: u8, samples: Vec<u16>| Plane {
            width: frame.widths.get(index).copied().unwrap_or_default(),
            height: frame.heights.get(index).copied().unwrap_or_default(),
            bits,
            samples,
        };
        Ok(Frame {
            luma: plane(0, luma_bits, luma),
            chroma: (frame.chroma_format != 0)
                .then(|| (plane(1, chroma_bits, blue), plane(2, chroma_bits, red))),
            coding: Coding {
                primaries,
                transfer,
                matrix: frame.matrix_coeffs.into(),
                full_range: frame.full_range,
            },
        })
    }
}

/// Nothing said of the colours.
const UNSAID: (u16, u16) = (2, 2);

/// What the parameter sets say of the colours; 2 where they say nothing.
fn colours(coded: &Coded<'_>) -> (u16, u16) {
    let mut sets = ParameterSets::default();
    for unit in &coded.parameter_sets {
        // The picture was decoded with them: one that cannot be read was not needed.
        if let Ok(unit) = NalUnit::parse(unit) {
            let _ = sets.add(&unit);
        }
    }
    let vui = sets.sps.iter().flatten().find_map(|sps| sps.vui.as_ref());
    vui.map_or(UNSAID, |vui| (vui.colour_primaries.into(), vui.transfer_characteristics.into()))
}
