//! A HEIC, as a phone may send it: everything but the decoding of HEVC, which is not ours.
#![no_main]

use iexport::convert::{Coded, Coding, ConvertError, Decoder, Frame, Heic, Plane};

/// Gives every tile a grey frame, in one of the forms that frames have; the bytes of the tile say which.
struct Grey;

impl Decoder for Grey {
    fn decode(&self, coded: &Coded<'_>) -> Result<Frame, ConvertError> {
        let form = coded.slices.first().and_then(|slice| slice.last()).copied().unwrap_or_default();
        let side = 64 << (form & 1);
        if coded.max_pixels > 1 << 16 {
            return Err(ConvertError::Undecodable("too large for a fuzzer".to_owned()));
        }
        let plane = |shift: u8| {
            let side = side >> shift;
            Plane {
                width: side,
                height: side,
                bits: 8 + (form >> 1 & 2),
                samples: vec![99; (side * side) as usize],
            }
        };
        let shift = form >> 3 & 1;
        let coding = Coding {
            primaries: 12,
            transfer: 13,
            matrix: u16::from(form >> 4 & 7),
            full_range: form & 128 != 0,
        };
        let chroma = (form & 2 == 0).then(|| (plane(shift), plane(shift)));
        Ok(Frame { luma: plane(0), chroma, coding })
    }
}

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Ok(heic) = Heic::read(data, &|| false) else { return };
    assert!(heic.need_bytes() < 1 << 34);
    let mut jpeg = Vec::new();
    if let Ok(made) = heic.write_jpeg(50, &Grey, &|| false, &mut jpeg) {
        assert!(made.width > 0 && made.height > 0 && (1..=8).contains(&made.orientation));
        assert!(jpeg.starts_with(b"\xFF\xD8\xFF\xE0") && jpeg.ends_with(b"\xFF\xD9"));
    }
});
