//! The EXIF data of a JPEG: those of the HEIC, byte for byte, but for what would be wrong.
//!
//! Nothing is moved, so that all places in it stay true, also those in Apple's own notes, which nobody else knows.
//! What changes is written over in place: the orientation, width and height, and where a small picture of another
//! orientation would follow, that it does not. An orientation that is not said, but needed, comes in a copy of the
//! directory at the end.

/// EXIF data that are understood well enough to be kept: a TIFF structure.
#[derive(Debug, Clone, Copy)]
pub(super) struct Exif<'a> {
    tiff: &'a [u8],
    is_little: bool,
}

/// Fields that matter here.
mod tag {
    pub(super) const ORIENTATION: u16 = 0x0112;
    pub(super) const EXIF_DIRECTORY: u16 = 0x8769;
    pub(super) const WIDTH: u16 = 0xA002;
    pub(super) const HEIGHT: u16 = 0xA003;
}

/// The least EXIF data that say an orientation.
pub(super) fn minimal(orientation: u16) -> Vec<u8> {
    let [high, low] = orientation.to_be_bytes();
    [&b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01"[..], &[high, low], &[0; 6]].concat()
}

/// A field with one number in it.
struct Field {
    kind: u16,
    /// Where its value begins.
    at: usize,
}

const SHORT: u16 = 3;
const LONG: u16 = 4;

impl<'a> Exif<'a> {
    /// Takes what an Exif item holds, with or without the letters that a JPEG has before it; `None` if it is no TIFF
    /// structure.
    pub(super) fn read(data: &'a [u8]) -> Option<Self> {
        let tiff = data.strip_prefix(b"Exif\0\0").unwrap_or(data);
        let is_little = match tiff.get(..4)? {
            b"II*\0" => true,
            b"MM\0*" => false,
            _ => return None,
        };
        Some(Self { tiff, is_little })
    }

    fn u16(&self, at: usize) -> Option<u16> {
        let bytes = self.tiff.get(at..)?.first_chunk().copied()?;
        Some(if self.is_little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    }

    fn u32(&self, at: usize) -> Option<u32> {
        let bytes = self.tiff.get(at..)?.first_chunk().copied()?;
        Some(if self.is_little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    /// Where the first directory begins.
    fn root(&self) -> Option<usize> {
        usize::try_from(self.u32(4)?).ok()
    }

    /// A field of a directory, if it is there and holds one number.
    fn field(&self, directory: usize, tag: u16) -> Option<Field> {
        let count = usize::from(self.u16(directory)?);
        let entry = (0..count)
            .map_while(|index| directory.checked_add(2 + 12 * index))
            .take_while(|entry| *entry < self.tiff.len())
            .find(|entry| self.u16(*entry) == Some(tag))?;
        let kind = self.u16(entry + 2)?;
        (self.u32(entry + 4)? == 1 && matches!(kind, SHORT | LONG)).then_some(Field { kind, at: entry + 8 })
    }

    fn number(&self, field: &Field) -> Option<u32> {
        if field.kind == SHORT { self.u16(field.at).map(u32::from) } else { self.u32(field.at) }
    }

    /// As it is to be in a JPEG of this size, which is stored so that this orientation is right.
    pub(super) fn for_jpeg(&self, orientation: u16, width: u32, height: u32) -> Vec<u8> {
        let mut out = self.tiff.to_vec();
        let Some(root) = self.root() else { return out };
        match self.field(root, tag::ORIENTATION) {
            Some(field) if self.number(&field) == Some(orientation.into()) => {}
            Some(field) => {
                self.write(&mut out, &field, orientation.into());
                self.drop_thumbnail(&mut out, root);
            }
            None if orientation == 1 => {}
            None => self.append_root_with(&mut out, root, orientation),
        }
        let inner = self.field(root, tag::EXIF_DIRECTORY).and_then(|field| self.number(&field));
        if let Some(inner) = inner.and_then(|inner| usize::try_from(inner).ok()) {
            for (tag, number) in [(tag::WIDTH, width), (tag::HEIGHT, height)] {
                if let Some(field) = self.field(inner, tag) {
                    self.write(&mut out, &field, number);
                }
            }
        }
        out
    }

    /// Writes a number over that of a field, in place. One that does not fit is left out, as it was.
    fn write(&self, out: &mut [u8], field: &Field, number: u32) {
        let mut put = |bytes: &[u8]| {
            if let Some(place) = out.get_mut(field.at..).and_then(|rest| rest.get_mut(..bytes.len())) {
                place.copy_from_slice(bytes);
            }
        };
        match (field.kind, u16::try_from(number)) {
            (SHORT, Ok(short)) if self.is_little => put(&short.to_le_bytes()),
            (SHORT, Ok(short)) => put(&short.to_be_bytes()),
            (SHORT, Err(_)) => {}
            _ if self.is_little => put(&number.to_le_bytes()),
            _ => put(&number.to_be_bytes()),
        }
    }

    /// Appends a copy of the first directory that says an orientation, and makes it the first. Without a directory that
    /// can be read nothing is done.
    fn append_root_with(&self, out: &mut Vec<u8>, root: usize, orientation: u16) {
        let Some(count) = self.u16(root).and_then(|count| count.checked_add(1)) else { return };
        let fields = root.checked_add(2).and_then(|start| self.tiff.get(start..));
        let Some(fields) = fields.and_then(|fields| fields.get(..12 * usize::from(count - 1))) else {
            return;
        };
        let bytes = |short: u16| if self.is_little { short.to_le_bytes() } else { short.to_be_bytes() };
        let long = |long: u32| if self.is_little { long.to_le_bytes() } else { long.to_be_bytes() };
        let mut own = [bytes(tag::ORIENTATION), bytes(SHORT)].concat();
        own.extend([long(1).as_slice(), &bytes(orientation), &[0, 0]].concat());
        let tag_of = |field: &[u8]| match field.first_chunk() {
            Some(tag) if self.is_little => u16::from_le_bytes(*tag),
            Some(tag) => u16::from_be_bytes(*tag),
            None => 0,
        };
        out.resize(out.len().next_multiple_of(2), 0);
        let Ok(place) = u32::try_from(out.len()) else { return };
        // Fields are sorted by their tags. One of this tag that could not be read is left out.
        let (before, after): (Vec<&[u8]>, Vec<&[u8]>) =
            fields.chunks(12).partition(|field| tag_of(field) < tag::ORIENTATION);
        let after: Vec<&[u8]> = after.into_iter().filter(|field| tag_of(field) != tag::ORIENTATION).collect();
        let count = u16::try_from(before.len() + 1 + after.len()).unwrap_or(u16::MAX);
        out.extend(bytes(count));
        out.extend(before.concat());
        out.extend(own);
        out.extend(after.concat());
        // Nothing follows: a small picture would be of another orientation.
        out.extend([0; 4]);
        if let Some(header) = out.get_mut(4..8) {
            header.copy_from_slice(&long(place));
        }
    }

    /// Says that no second directory follows the first: that of a small picture.
    fn drop_thumbnail(&self, out: &mut [u8], root: usize) {
        let end = self.u16(root).and_then(|count| root.checked_add(2 + 12 * usize::from(count)));
        if let Some(next) =
            end.and_then(|end| out.get_mut(end..)).and_then(|rest| rest.first_chunk_mut::<4>())
        {
            next.fill(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::*;

    fn number(is_little: bool, value: u32, bytes: usize) -> Vec<u8> {
        if is_little {
            value.to_le_bytes()[..bytes].to_vec()
        } else {
            value.to_be_bytes()[4 - bytes..].to_vec()
        }
    }

    /// EXIF data with orientation 6, a directory with width and height, and a small picture.
    fn sample(is_little: bool) -> Vec<u8> {
        let field = |tag, kind, value| {
            let value_bytes = if kind == SHORT { 2 } else { 4 };
            let mut out = [number(is_little, tag, 2), number(is_little, u32::from(kind), 2)].concat();
            out.extend(number(is_little, 1, 4));
            out.extend(number(is_little, value, value_bytes));
            out.resize(12, 0);
            out
        };
        let mut out = if is_little { b"II*\0".to_vec() } else { b"MM\0*".to_vec() };
        out.extend(number(is_little, 8, 4));
        out.extend(number(is_little, 2, 2));
        out.extend(field(u32::from(tag::ORIENTATION), SHORT, 6));
        out.extend(field(u32::from(tag::EXIF_DIRECTORY), LONG, 38));
        out.extend(number(is_little, 68, 4));
        assert_eq!(out.len(), 38);
        out.extend(number(is_little, 2, 2));
        out.extend(field(u32::from(tag::WIDTH), LONG, 400));
        out.extend(field(u32::from(tag::HEIGHT), SHORT, 300));
        out.extend([0; 4]);
        out.extend(b"the thumbnail");
        out
    }

    #[test]
    fn what_is_right_stays_byte_for_byte() {
        for data in [sample(false), sample(true)] {
            let exif = Exif::read(&data).unwrap();
            assert_eq!(orientation(&data), Some(6));
            assert_eq!(exif.for_jpeg(6, 400, 300), data);
            let prefixed = [b"Exif\0\0", data.as_slice()].concat();
            assert_eq!(Exif::read(&prefixed).unwrap().for_jpeg(6, 400, 300), data);
        }
    }

    #[test]
    fn what_is_wrong_is_written_over_and_nothing_else() {
        for data in [sample(false), sample(true)] {
            let made = Exif::read(&data).unwrap().for_jpeg(1, 300, 400);
            let exif = Exif::read(&made).unwrap();
            assert_eq!(orientation(&made), Some(1));
            let value = |directory, tag| exif.number(&exif.field(directory, tag).unwrap()).unwrap();
            assert_eq!((value(38, tag::WIDTH), value(38, tag::HEIGHT)), (300, 400));
            assert_eq!(exif.u32(34), Some(0), "no small picture");
            let changed = data.iter().zip(&made).filter(|(old, new)| old != new).count();
            assert!(changed <= 7 && made.len() == data.len(), "{changed}");
        }
    }

    fn orientation(data: &[u8]) -> Option<u32> {
        let exif = Exif::read(data).unwrap();
        exif.number(&exif.field(exif.root()?, tag::ORIENTATION)?)
    }

    #[test]
    fn an_orientation_that_is_not_said_is_added_and_nothing_moves() {
        for is_little in [false, true] {
            let mut data = sample(is_little);
            // A field of another meaning in its place.
            data.splice(10..12, number(is_little, 0x0110, 2));
            let made = Exif::read(&data).unwrap().for_jpeg(8, 400, 300);
            assert_eq!(orientation(&data), None);
            assert_eq!(orientation(&made), Some(8));
            assert_eq!(made[8..data.len()], data[8..]);
            let exif = Exif::read(&made).unwrap();
            let root = exif.root().unwrap();
            let tags: Vec<_> = (0..3).map(|n| exif.u16(root + 2 + 12 * n).unwrap()).collect();
            assert_eq!((exif.u16(root), tags), (Some(3), vec![0x0110, 0x0112, 0x8769]));
            assert_eq!(exif.u32(root + 2 + 36), Some(0), "no small picture");
        }
        assert_eq!(orientation(&minimal(6)), Some(6));
        assert_eq!(Exif::read(&minimal(6)).unwrap().for_jpeg(6, 1, 1), minimal(6));
    }

    #[test]
    fn what_says_nothing_stays() {
        for data in [
            &b"MM\0*\0\0\0\x08\0\0\0\0\0\0"[..],
            b"II*\0\xFF\xFF\xFF\xFF",
            b"MM\0*",
            b"MM\0*\0\0\0\x08\xFF\xFF",
        ] {
            let exif = Exif::read(data).unwrap();
            assert_eq!(orientation(data), None);
            assert_eq!(exif.for_jpeg(1, 10, 10), data);
        }
        assert!(Exif::read(b"JFIF").is_none() && Exif::read(b"").is_none());
    }

    proptest! {
        #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(2001), ..ProptestConfig::default() })]

        #[test]
        fn any_bytes_stay_of_a_size(mut data in proptest::collection::vec(any::<u8>(), 0..200), little: bool) {
            data.splice(0..0, if little { *b"II*\0" } else { *b"MM\0*" });
            let exif = Exif::read(&data).unwrap();
            let made = exif.for_jpeg(3, 7, 9);
            prop_assert!(made.len() >= data.len() && made.len() <= 2 * data.len() + 20);
        }

        #[test]
        fn damaged_data_stay_of_a_size(at in 0..90_usize, byte: u8, little: bool) {
            let mut data = sample(little);
            if let Some(place) = data.get_mut(at.max(4)) {
                *place = byte;
            }
            let made = Exif::read(&data).unwrap().for_jpeg(3, 7, 9);
            prop_assert!(made.len() >= data.len() && made.len() <= 2 * data.len() + 20);
        }
    }
}
