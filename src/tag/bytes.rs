//! Reading and changing numbers in bytes that may say anything.

use super::TagError;

pub(super) const CUT: TagError = TagError::Damaged("it ends too early");

/// The bytes from here on, this many. Past the end is an error, never a panic.
pub(super) fn slice(bytes: &[u8], at: usize, count: usize) -> Result<&[u8], TagError> {
    at.checked_add(count).and_then(|end| bytes.get(at..end)).ok_or(CUT)
}

pub(super) fn array<const N: usize>(bytes: &[u8], at: usize) -> Result<[u8; N], TagError> {
    bytes.get(at..).and_then(|rest| rest.first_chunk()).copied().ok_or(CUT)
}

pub(super) fn u32_be(bytes: &[u8], at: usize) -> Result<u32, TagError> {
    array(bytes, at).map(u32::from_be_bytes)
}

pub(super) fn u64_be(bytes: &[u8], at: usize) -> Result<u64, TagError> {
    array(bytes, at).map(u64::from_be_bytes)
}

/// A number as a place in memory; one beyond all memory is beyond the end of the file, too.
pub(super) fn place(number: u64) -> Result<usize, TagError> {
    usize::try_from(number).map_err(|_| CUT)
}

/// Writes over what is there.
pub(super) fn put<const N: usize>(bytes: &mut [u8], at: usize, new: [u8; N]) -> Result<(), TagError> {
    *bytes.get_mut(at..).and_then(|rest| rest.first_chunk_mut()).ok_or(CUT)? = new;
    Ok(())
}

/// Puts new bytes between those that are there.
pub(super) fn insert(bytes: &mut Vec<u8>, at: usize, new: &[u8]) -> Result<(), TagError> {
    if at > bytes.len() {
        return Err(CUT);
    }
    let old = bytes.len();
    bytes.try_reserve_exact(new.len()).map_err(|_| TagError::TooLarge("there is no memory for it"))?;
    bytes.extend_from_slice(new);
    bytes.copy_within(at..old, at + new.len());
    bytes.get_mut(at..at + new.len()).ok_or(CUT)?.copy_from_slice(new);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_go_between_bytes() {
        for (at, expected) in [(0, "xyab"), (1, "axyb"), (2, "abxy")] {
            let mut bytes = b"ab".to_vec();
            insert(&mut bytes, at, b"xy").unwrap();
            assert_eq!(bytes, expected.as_bytes());
        }
        assert_eq!(insert(&mut b"ab".to_vec(), 3, b"x"), Err(CUT));
    }

    #[test]
    fn past_the_end_there_is_nothing() {
        assert_eq!(slice(b"abc", 1, 3), Err(CUT));
        assert_eq!(slice(b"abc", 1, usize::MAX), Err(CUT));
        assert_eq!(u32_be(b"abcd", usize::MAX), Err(CUT));
        assert_eq!(put(&mut [0; 3], 1, [1, 2, 3]), Err(CUT));
    }
}
