//! Reading big-endian numbers and boxes out of bytes that may say anything.

use super::ConvertError;

/// What is left of some bytes. Reading past the end is an error, never a panic.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a>(&'a [u8]);

const CUT: ConvertError = ConvertError::Damaged("it ends too early");

impl<'a> Reader<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// Everything that was not read yet.
    pub(super) const fn rest(self) -> &'a [u8] {
        self.0
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], ConvertError> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(CUT)?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], ConvertError> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(CUT)?;
        self.0 = rest;
        Ok(*taken)
    }

    pub(super) fn u8(&mut self) -> Result<u8, ConvertError> {
        self.array().map(u8::from_be_bytes)
    }

    pub(super) fn u16(&mut self) -> Result<u16, ConvertError> {
        self.array().map(u16::from_be_bytes)
    }

    pub(super) fn u32(&mut self) -> Result<u32, ConvertError> {
        self.array().map(u32::from_be_bytes)
    }

    pub(super) fn i32(&mut self) -> Result<i32, ConvertError> {
        self.array().map(i32::from_be_bytes)
    }

    pub(super) fn kind(&mut self) -> Result<[u8; 4], ConvertError> {
        self.array()
    }

    /// A number of 0, 4 or 8 bytes; none at all means 0.
    pub(super) fn sized(&mut self, bytes: u8) -> Result<u64, ConvertError> {
        match bytes {
            0 => Ok(0),
            4 => self.u32().map(u64::from),
            8 => self.array().map(u64::from_be_bytes),
            _ => Err(ConvertError::Damaged("a number of an odd size")),
        }
    }

    /// An item's number: 16 bits in old boxes, 32 in newer ones.
    pub(super) fn id(&mut self, wide: bool) -> Result<u32, ConvertError> {
        if wide { self.u32() } else { self.u16().map(u32::from) }
    }

    /// Version and flags, which many boxes begin with.
    pub(super) fn version(&mut self) -> Result<(u8, u32), ConvertError> {
        let both = self.u32()?;
        Ok(((both >> 24) as u8, both & 0x00FF_FFFF))
    }

    /// Bytes up to the next NUL, which is passed over, or to the end.
    pub(super) fn text(&mut self) -> &'a [u8] {
        let length = self.0.iter().position(|byte| *byte == 0).unwrap_or(self.0.len());
        let (text, rest) = self.0.split_at(length);
        self.0 = rest.get(1..).unwrap_or_default();
        text
    }

    /// The next box: its kind and what it holds. `None` at the end.
    pub(super) fn next_box(&mut self) -> Result<Option<([u8; 4], Reader<'a>)>, ConvertError> {
        if self.is_empty() {
            return Ok(None);
        }
        let whole = self.0.len() as u64;
        let mut head = *self;
        let short = head.u32()?;
        let kind = head.kind()?;
        let size = match short {
            0 => whole,
            1 => head.sized(8)?,
            size => size.into(),
        };
        let head_size = whole - head.0.len() as u64;
        let content =
            size.checked_sub(head_size).ok_or(ConvertError::Damaged("a box smaller than its head"))?;
        let content = head.take(usize::try_from(content).map_err(|_| CUT)?)?;
        self.0 = head.0;
        Ok(Some((kind, Reader(content))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_of_every_size_notation() {
        let bytes = [
            &[0, 0, 0, 9][..],
            b"free",
            b"x",
            &[0, 0, 0, 1],
            b"wide",
            &[0, 0, 0, 0, 0, 0, 0, 18],
            b"yz",
            &[0, 0, 0, 0],
            b"last",
            b"rest",
        ]
        .concat();
        let mut reader = Reader::new(&bytes);
        let mut seen = Vec::new();
        while let Some((kind, content)) = reader.next_box().unwrap() {
            seen.push((kind, content.rest()));
        }
        assert_eq!(seen, [(*b"free", &b"x"[..]), (*b"wide", b"yz"), (*b"last", b"rest")]);
    }

    #[test]
    fn boxes_that_lie_about_their_size() {
        for bytes in
            [&b"\0\0\0\x07free"[..], b"\0\0\0\x09free", b"\0\0\0\x01free\0\0\0\0\0\0\0\x0F", b"\0\0\0"]
        {
            assert!(Reader::new(bytes).next_box().is_err(), "{bytes:?}");
        }
    }

    #[test]
    fn texts_end_at_a_nul_or_at_the_end() {
        let mut reader = Reader::new(b"abc\0de");
        assert_eq!((reader.text(), reader.text(), reader.text()), (&b"abc"[..], &b"de"[..], &b""[..]));
    }
}
