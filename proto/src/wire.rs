//! Integers out of byte slices, without indexing.

/// A little-endian `u32` at `at`, if the slice is long enough.
pub(crate) fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    let slice = bytes.get(at..at.checked_add(4)?)?;
    slice.try_into().ok().map(u32::from_le_bytes)
}

/// A little-endian `u64` at `at`, if the slice is long enough.
pub(crate) fn le64(bytes: &[u8], at: usize) -> Option<u64> {
    let slice = bytes.get(at..at.checked_add(8)?)?;
    slice.try_into().ok().map(u64::from_le_bytes)
}

/// A big-endian `u32` at `at`, if the slice is long enough.
pub(crate) fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    let slice = bytes.get(at..at.checked_add(4)?)?;
    slice.try_into().ok().map(u32::from_be_bytes)
}

/// The bytes up to the first NUL, or all of them.
pub(crate) fn until_nul(bytes: &[u8]) -> &[u8] {
    bytes.split(|b| *b == 0).next().unwrap_or_default()
}
