//! The ZIP format as far as it is written here: stored entries, no extra fields, no ZIP64.
//!
//! The layout of the records is that of PKWARE's APPNOTE.TXT, sections 4.3.7 (local file header), 4.3.12 (central
//! directory) and 4.3.16 (end of it). Nothing in here depends on when or where it is written, so that the same
//! files always give the same bytes; and every length is known before the first byte.

/// Most entries that fit without ZIP64, where the largest number stands for "see there".
pub(super) const MAX_ENTRIES: usize = 0xfffe;
/// Most bytes of a file, or before a record, that fit without ZIP64.
pub(super) const MAX_SIZE: u64 = 0xffff_fffe;
/// Longest name that is written, in bytes; the format has room for a few more.
pub(super) const MAX_NAME: usize = 4096;

/// Bytes of a local file header without the name.
const LOCAL: u64 = 30;
/// Bytes of an entry of the central directory without the name.
const CENTRAL: u64 = 46;
/// Bytes of the end of the central directory.
pub(super) const END_BYTES: u64 = 22;

/// Version 1.0 of the format is enough to read stored files.
const VERSION_NEEDED: u16 = 10;
/// Written like version 2.0 does on MS-DOS, which has no access rights to tell of.
const VERSION_MADE_BY: u16 = 20;
/// General purpose flag: the name is UTF-8.
const UTF8_NAME: u16 = 1 << 11;
/// 1980-01-01, the first day of the format's calendar, at 00:00:00.
const DATE: u16 = 1 << 5 | 1;
const TIME: u16 = 0;
const STORED: u16 = 0;

/// What the headers say of an entry.
#[derive(Debug, Clone, Copy)]
pub(super) struct Header<'a> {
    /// Path inside of the archive.
    pub(super) name: &'a str,
    /// Bytes of its content.
    pub(super) size_bytes: u32,
    /// CRC-32 of its content.
    pub(super) crc: u32,
}

/// The bytes of a local file header.
pub(super) const fn local_bytes(name: &str) -> u64 {
    LOCAL + name.len() as u64
}

/// The bytes of an entry of the central directory.
pub(super) const fn central_bytes(name: &str) -> u64 {
    CENTRAL + name.len() as u64
}

/// Appends the local file header, which stands right before the content.
pub(super) fn put_local(out: &mut Vec<u8>, header: Header<'_>) {
    out.extend_from_slice(b"PK\x03\x04");
    put_common(out, header);
    out.extend_from_slice(header.name.as_bytes());
}

/// Appends an entry of the central directory; its local file header stands `offset` bytes from the archive's start.
pub(super) fn put_central(out: &mut Vec<u8>, header: Header<'_>, offset: u32) {
    out.extend_from_slice(b"PK\x01\x02");
    put_u16(out, VERSION_MADE_BY);
    put_common(out, header);
    // No comment, on disk 0, no internal attributes.
    out.extend_from_slice(&[0; 6]);
    // No external attributes.
    put_u32(out, 0);
    put_u32(out, offset);
    out.extend_from_slice(header.name.as_bytes());
}

/// Appends the end: so many entries, whose central directory of `size_bytes` starts at `offset`.
pub(super) fn put_end(out: &mut Vec<u8>, entries: u16, size_bytes: u32, offset: u32) {
    out.extend_from_slice(b"PK\x05\x06");
    // This disk and that of the central directory are disk 0.
    put_u32(out, 0);
    put_u16(out, entries);
    put_u16(out, entries);
    put_u32(out, size_bytes);
    put_u32(out, offset);
    // No comment.
    put_u16(out, 0);
}

/// The fields that both headers have, from the version to the length of the extra field.
fn put_common(out: &mut Vec<u8>, header: Header<'_>) {
    put_u16(out, VERSION_NEEDED);
    put_u16(out, if header.name.is_ascii() { 0 } else { UTF8_NAME });
    put_u16(out, STORED);
    put_u16(out, TIME);
    put_u16(out, DATE);
    put_u32(out, header.crc);
    // Compressed and not.
    put_u32(out, header.size_bytes);
    put_u32(out, header.size_bytes);
    put_u16(out, u16::try_from(header.name.len()).unwrap_or(u16::MAX));
    put_u16(out, 0);
}

fn put_u16(out: &mut Vec<u8>, value: u16) {
    out.extend_from_slice(&value.to_le_bytes());
}

fn put_u32(out: &mut Vec<u8>, value: u32) {
    out.extend_from_slice(&value.to_le_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_of_one_file_has_these_bytes() {
        let header = Header { name: "mimetype", size_bytes: 2, crc: 0x0102_0304 };
        let mut out = Vec::new();
        put_local(&mut out, header);
        assert_eq!(
            out,
            b"PK\x03\x04\x0a\0\0\0\0\0\0\0\x21\0\x04\x03\x02\x01\x02\0\0\0\x02\0\0\0\x08\0\0\0mimetype"
        );
        out.extend_from_slice(b"hi");
        put_central(&mut out, header, 0);
        put_end(&mut out, 1, 54, 40);
        assert_eq!(out.len() as u64, local_bytes("mimetype") + 2 + central_bytes("mimetype") + END_BYTES);
        assert_eq!(out[out.len() - 22..], *b"PK\x05\x06\0\0\0\0\x01\0\x01\0\x36\0\0\0\x28\0\0\0\0\0");
    }

    #[test]
    fn only_names_that_need_it_are_said_to_be_utf8() {
        let mut out = Vec::new();
        put_local(&mut out, Header { name: "é", size_bytes: 0, crc: 0 });
        assert_eq!(out[6..8], [0, 8]);
    }
}
