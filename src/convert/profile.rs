//! The colour profile that a JPEG gets.
//!
//! A profile that the HEIC has is taken over as it is: every iPhone photo of some years has Apple's of Display P3. If
//! there is none, but code points that say which colours are meant, a small profile is made that says the same; sRGB
//! needs none, since that is what a JPEG without a profile means.

use std::borrow::Cow;

use super::ConvertError;
use super::decoder::Coding;

/// The profile for a picture; `None` if it is in sRGB.
pub(super) fn for_picture<'a>(
    embedded: Option<&'a [u8]>,
    coding: Coding,
    is_grey: bool,
) -> Result<Option<Cow<'a, [u8]>>, ConvertError> {
    if matches!(coding.transfer, 16 | 18) {
        return Err(ConvertError::Unsupported("it is in HDR (PQ or HLG), which a JPEG cannot show"));
    }
    if let Some(profile) = embedded {
        // Of a profile only this matters here: that it is one, and that it is for such samples.
        let samples: &[u8] = if is_grey { b"GRAY" } else { b"RGB " };
        let is_profile = profile.get(36..40) == Some(b"acsp")
            && profile.get(..4).is_some_and(|size| size == (profile.len() as u32).to_be_bytes());
        return match profile.get(16..20) {
            _ if !is_profile => Err(ConvertError::Damaged("its colour profile")),
            Some(own) if own == samples => Ok(Some(Cow::Borrowed(profile))),
            // Colours in grey are grey.
            Some(b"RGB ") => Ok(None),
            _ => Err(ConvertError::Unsupported("its colour profile is of an unusual kind")),
        };
    }
    let primaries = match coding.primaries {
        _ if is_grey => return Ok(None),
        // Not said, BT.709 and its like of old television: taken for sRGB by everybody.
        1 | 2 | 5 | 6 | 7 => return Ok(None),
        9 => BT_2020,
        12 => DISPLAY_P3,
        _ => return Err(ConvertError::Unsupported("its colours are described in an unusual way")),
    };
    Ok(Some(Cow::Owned(make(&primaries))))
}

/// Red, green and blue as chromaticities (x, y) of ITU-T H.273; their white is D65.
struct Primaries {
    name: &'static str,
    red: (f64, f64),
    green: (f64, f64),
    blue: (f64, f64),
}

const DISPLAY_P3: Primaries =
    Primaries { name: "Display P3", red: (0.680, 0.320), green: (0.265, 0.690), blue: (0.150, 0.060) };

const BT_2020: Primaries = Primaries {
    name: "BT.2020 with the curve of sRGB",
    red: (0.708, 0.292),
    green: (0.170, 0.797),
    blue: (0.131, 0.046),
};

const D65: (f64, f64) = (0.3127, 0.3290);

/// The white of profiles (ICC.1, section 7.2.16).
const D50: [f64; 3] = [0.9642, 1.0, 0.8249];

type Matrix = [[f64; 3]; 3];

/// The Bradford matrix and its inverse, which carry colours from one white to another (ICC.1, annex E).
const BRADFORD: Matrix = [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]];

/// A profile of version 4: header, then name, rights, white, the three columns, the curve of sRGB for all of them, and
/// how the white was adapted (ICC.1, sections 7 to 10).
fn make(primaries: &Primaries) -> Vec<u8> {
    let white = xyz(D65);
    let adapted = adaptation(white);
    let columns = [primaries.red, primaries.green, primaries.blue].map(xyz);
    // How much of each makes white.
    let by_column = transpose(&columns);
    let shares = apply(&inverse(&by_column), white);
    let column = |index: usize| {
        let scaled =
            columns.get(index).map(|own| own.map(|part| part * shares.get(index).copied().unwrap_or(0.0)));
        encode_xyz(apply(&adapted, scaled.unwrap_or_default()))
    };
    let curve = [
        &b"para\0\0\0\0\0\x03\0\0"[..],
        &[2.4, 1.0 / 1.055, 0.055 / 1.055, 1.0 / 12.92, 0.040_45].map(fixed).concat(),
    ]
    .concat();
    let adapted = [b"sf32\0\0\0\0".as_slice(), &adapted.map(|row| row.map(fixed).concat()).concat()].concat();
    let tags: [(&[u8; 4], Vec<u8>); 8] = [
        (b"desc", text(primaries.name)),
        (b"cprt", text("No rights reserved")),
        (b"wtpt", encode_xyz(D50)),
        (b"chad", adapted),
        (b"rXYZ", column(0)),
        (b"gXYZ", column(1)),
        (b"bXYZ", column(2)),
        (b"rTRC", curve),
    ];
    // The curves of green and blue are that of red.
    let table_length = 4 + 12 * (tags.len() + 2);
    let mut table = ((tags.len() + 2) as u32).to_be_bytes().to_vec();
    let mut data = Vec::new();
    for (name, content) in &tags {
        let place = ((128 + table_length + data.len()) as u32).to_be_bytes();
        let length = (content.len() as u32).to_be_bytes();
        let names: &[&[u8; 4]] = if *name == b"rTRC" { &[b"rTRC", b"gTRC", b"bTRC"] } else { &[name] };
        for name in names {
            table.extend([name.as_slice(), &place, &length].concat());
        }
        data.extend_from_slice(content);
        data.resize(data.len().next_multiple_of(4), 0);
    }
    let length = 128 + table.len() + data.len();
    let mut profile = (length as u32).to_be_bytes().to_vec();
    profile.extend_from_slice(&[0; 4]);
    profile.extend_from_slice(&[4, 0x40, 0, 0]);
    profile.extend_from_slice(b"mntrRGB XYZ ");
    // A date that it has to have: the day that D65 and P3 came together does not matter, but is always the same.
    profile.extend([2020_u16, 1, 1, 0, 0, 0].into_iter().flat_map(u16::to_be_bytes));
    profile.extend_from_slice(b"acsp");
    // Platform, flags, maker, model, attributes, intent.
    profile.extend_from_slice(&[0; 28]);
    profile.extend(D50.map(fixed).concat());
    profile.resize(128, 0);
    profile.extend(table);
    profile.extend(data);
    profile
}

/// A chromaticity as a colour of lightness 1.
fn xyz((x, y): (f64, f64)) -> [f64; 3] {
    [x / y, 1.0, (1.0 - x - y) / y]
}

fn apply(matrix: &Matrix, colour: [f64; 3]) -> [f64; 3] {
    matrix.map(|row| row.iter().zip(colour).map(|(a, b)| a * b).sum())
}

fn transpose(matrix: &Matrix) -> Matrix {
    let [[a, b, c], [d, e, f], [g, h, i]] = *matrix;
    [[a, d, g], [b, e, h], [c, f, i]]
}

fn inverse(matrix: &Matrix) -> Matrix {
    let [[a, b, c], [d, e, f], [g, h, i]] = *matrix;
    let determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
    [
        [e * i - f * h, c * h - b * i, b * f - c * e],
        [f * g - d * i, a * i - c * g, c * d - a * f],
        [d * h - e * g, b * g - a * h, a * e - b * d],
    ]
    .map(|row| row.map(|part| part / determinant))
}

/// What carries colours seen under `white` to the white of profiles.
fn adaptation(white: [f64; 3]) -> Matrix {
    let (from, to) = (apply(&BRADFORD, white), apply(&BRADFORD, D50));
    let [l, m, s] = BRADFORD;
    let scaled = [
        l.map(|part| part * to[0] / from[0]),
        m.map(|part| part * to[1] / from[1]),
        s.map(|part| part * to[2] / from[2]),
    ];
    let back = inverse(&BRADFORD);
    let scaled = transpose(&scaled);
    back.map(|row| scaled.map(|column| row.iter().zip(column).map(|(a, b)| a * b).sum()))
}

/// A number of 16 bits before and 16 behind the point.
fn fixed(number: f64) -> [u8; 4] {
    ((number * 65_536.0).round() as i32).to_be_bytes()
}

fn encode_xyz(colour: [f64; 3]) -> Vec<u8> {
    [b"XYZ \0\0\0\0".as_slice(), &colour.map(fixed).concat()].concat()
}

/// A text in English: one record of 12 bytes, then the text in UTF-16.
fn text(text: &str) -> Vec<u8> {
    let letters: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let mut out = b"mluc\0\0\0\0\0\0\0\x01\0\0\0\x0CenUS".to_vec();
    out.extend((letters.len() as u32).to_be_bytes());
    out.extend(28_u32.to_be_bytes());
    out.extend(letters);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const P3: Coding = Coding { primaries: 12, transfer: 13, matrix: 6, full_range: true };

    fn numbers(profile: &[u8], name: &[u8; 4]) -> Vec<f64> {
        let count = u32::from_be_bytes(profile[128..132].try_into().unwrap()) as usize;
        let entry = profile[132..132 + 12 * count].chunks(12).find(|entry| entry.starts_with(name)).unwrap();
        let at = |bytes: &[u8]| u32::from_be_bytes(bytes.try_into().unwrap()) as usize;
        let content = &profile[at(&entry[4..8])..][..at(&entry[8..12])];
        content[8..]
            .chunks(4)
            .map(|n| f64::from(i32::from_be_bytes(n.try_into().unwrap())) / 65_536.0)
            .collect()
    }

    /// The numbers are those of Apple's own profile of Display P3, as `exiftool` shows them for an iPhone photo.
    #[test]
    fn display_p3_is_that_of_an_iphone() {
        let made = for_picture(None, P3, false).unwrap().unwrap();
        assert_eq!(made.len() as u32, u32::from_be_bytes(made[..4].try_into().unwrap()));
        let close = |name: &[u8; 4], expected: [f64; 3]| {
            for (own, expected) in numbers(&made, name).into_iter().zip(expected) {
                assert!((own - expected).abs() < 0.000_3, "{name:?}: {own} {expected}");
            }
        };
        close(b"rXYZ", [0.51512, 0.2412, -0.00105]);
        close(b"gXYZ", [0.29198, 0.69225, 0.04189]);
        close(b"bXYZ", [0.1571, 0.06657, 0.78407]);
        close(b"wtpt", D50);
    }

    #[test]
    fn made_profiles_are_taken_for_profiles() {
        for primaries in [9, 12] {
            let coding = Coding { primaries, ..P3 };
            let made = for_picture(None, coding, false).unwrap().unwrap().into_owned();
            assert_eq!(for_picture(Some(&made), coding, false).unwrap().as_deref(), Some(made.as_slice()));
            assert_eq!(for_picture(Some(&made), coding, true).unwrap(), None, "grey");
            assert!(for_picture(Some(&made[..made.len() - 1]), coding, false).is_err(), "cut");
            // White is the sum of the columns.
            for (axis, expected) in D50.into_iter().enumerate() {
                let sum: f64 =
                    [b"rXYZ", b"gXYZ", b"bXYZ"].map(|name| numbers(&made, name)[axis]).iter().sum();
                assert!((sum - expected).abs() < 0.000_2, "{primaries} {axis}: {sum}");
            }
        }
    }

    #[test]
    fn what_needs_no_profile_and_what_cannot_have_one() {
        let of = |primaries, transfer| for_picture(None, Coding { primaries, transfer, ..P3 }, false);
        for (primaries, transfer) in [(1, 13), (2, 2), (1, 1), (6, 6)] {
            assert_eq!(of(primaries, transfer).unwrap(), None);
        }
        for (primaries, transfer) in [(9, 16), (9, 18), (12, 16), (22, 13), (0, 0)] {
            assert!(of(primaries, transfer).is_err(), "{primaries} {transfer}");
        }
    }
}
