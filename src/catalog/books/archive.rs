//! The little of the ZIP format that is needed to find a file in an EPUB: the end of the archive, its directory, and one
//! entry. Bytes come in that may say anything; nothing is read here.
//!
//! The layout of the records is that of PKWARE's APPNOTE.TXT, sections 4.3.7 (local file header), 4.3.12 (central
//! directory) and 4.3.16 (end of it). An archive that needs ZIP64 is larger than any book, and is not understood.

use std::io::Read as _;

use flate2::read::DeflateDecoder;

/// What an entry with the rights to a bought book is called, and one with the ways in which files are encrypted.
const RIGHTS: &[u8] = b"META-INF/sinf.xml";
const ENCRYPTION: &[u8] = b"META-INF/encryption.xml";

/// Bytes of the end of the central directory without its comment.
const END: usize = 22;
/// Bytes at the end of an archive among which that is: it is followed by a comment at most.
pub(super) const TAIL_BYTES: usize = END + 0xffff;
/// Largest central directory that is read, in bytes: some ten thousand files.
const MOST_DIRECTORY_BYTES: u32 = 4 << 20;
/// Bytes of an entry of the central directory without name, extra field and comment.
const CENTRAL: usize = 46;
/// Bytes of a local file header without name and extra field.
const LOCAL: usize = 30;
/// Bytes of an extra field that are read with an entry. It can be another one than in the directory.
const EXTRA_BYTES: usize = 1024;
/// Largest entry that is read, in bytes, as it lies in the archive.
const MOST_PACKED_BYTES: u32 = 1 << 20;
/// The same, when it is unpacked.
const MOST_UNPACKED_BYTES: u64 = 4 << 20;

const STORED: u16 = 0;
const DEFLATED: u16 = 8;
/// General purpose flag: the content is encrypted.
const ENCRYPTED: u16 = 1;

/// A part of the archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    /// Bytes before it.
    pub position: u64,
    /// Its own.
    pub bytes: usize,
}

/// What the directory tells of protection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Marks {
    /// Whether the rights to a bought book are in the archive.
    pub has_rights: bool,
    /// Where it is said how files are encrypted.
    pub encryption: Option<Entry>,
    /// Whether the directory could be read to its end.
    pub is_whole: bool,
}

/// A file in the archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    flags: u16,
    method: u16,
    packed_bytes: u32,
    position: u32,
    name_bytes: u16,
}

impl Entry {
    /// Where it is with its header; `None` if it is larger than such a file can be.
    pub(super) fn span(&self) -> Option<Span> {
        let packed =
            usize::try_from(self.packed_bytes).ok().filter(|_| self.packed_bytes <= MOST_PACKED_BYTES)?;
        let bytes = LOCAL + usize::from(self.name_bytes) + EXTRA_BYTES + packed;
        Some(Span { position: self.position.into(), bytes })
    }

    /// Its content, from the bytes of [`Self::span`]; `None` if they make no sense.
    pub(super) fn content(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        if !bytes.starts_with(b"PK\x03\x04") || self.flags & ENCRYPTED != 0 {
            return None;
        }
        let start = LOCAL + usize::from(u16_at(bytes, 26)?) + usize::from(u16_at(bytes, 28)?);
        let end = start.checked_add(usize::try_from(self.packed_bytes).ok()?)?;
        let packed = bytes.get(start..end)?;
        match self.method {
            STORED => Some(packed.to_vec()),
            DEFLATED => {
                let mut unpacked = Vec::new();
                let mut decoder = DeflateDecoder::new(packed).take(MOST_UNPACKED_BYTES + 1);
                let count = decoder.read_to_end(&mut unpacked).ok()?;
                (count as u64 <= MOST_UNPACKED_BYTES).then_some(unpacked)
            }
            _ => None,
        }
    }
}

/// Where the directory is, by the last bytes of an archive: [`TAIL_BYTES`] of them, or all. `None` if there is none, or
/// none that a book has.
pub(super) fn directory(tail: &[u8], archive_bytes: u64) -> Option<Span> {
    let is_end = |at: &usize| {
        let record = tail.get(*at..).unwrap_or_default();
        record.starts_with(b"PK\x05\x06")
            && u16_at(record, 20).is_some_and(|comment| END + usize::from(comment) <= record.len())
    };
    let at = (0..=tail.len().checked_sub(END)?).rev().find(is_end)?;
    let record = tail.get(at..)?;
    let is_whole = u16_at(record, 4)? == 0 && u16_at(record, 6)? == 0;
    let (bytes, position) = (u32_at(record, 12)?, u32_at(record, 16)?);
    let end = archive_bytes.checked_sub((tail.len() - at) as u64)?;
    let is_inside = u64::from(position) + u64::from(bytes) <= end;
    let bytes = usize::try_from(bytes).ok().filter(|_| bytes <= MOST_DIRECTORY_BYTES)?;
    (is_whole && is_inside).then_some(Span { position: position.into(), bytes })
}

/// What a directory tells.
pub(super) fn marks(directory: &[u8]) -> Marks {
    let (mut marks, mut rest) = (Marks::default(), directory);
    while let Some((entry, name, behind)) = entry(rest) {
        marks.has_rights |= name == RIGHTS;
        if name == ENCRYPTION {
            marks.encryption = marks.encryption.or(Some(entry));
        }
        rest = behind;
    }
    marks.is_whole = rest.is_empty();
    marks
}

/// The first entry of a directory with its name, and what is behind it.
fn entry(bytes: &[u8]) -> Option<(Entry, &[u8], &[u8])> {
    if !bytes.starts_with(b"PK\x01\x02") {
        return None;
    }
    let (name_bytes, extra, comment) = (u16_at(bytes, 28)?, u16_at(bytes, 30)?, u16_at(bytes, 32)?);
    let entry = Entry {
        flags: u16_at(bytes, 8)?,
        method: u16_at(bytes, 10)?,
        packed_bytes: u32_at(bytes, 20)?,
        position: u32_at(bytes, 42)?,
        name_bytes,
    };
    let name_end = CENTRAL + usize::from(name_bytes);
    let end = name_end + usize::from(extra) + usize::from(comment);
    Some((entry, bytes.get(CENTRAL..name_end)?, bytes.get(end..)?))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().copied().map(u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().copied().map(u32::from_le_bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::DeflateEncoder;
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::*;

    fn deflated(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    /// An archive of files with method and packed content.
    fn archive(files: &[(&str, u16, &[u8])], comment: &[u8]) -> Vec<u8> {
        let (mut archive, mut directory) = (Vec::new(), Vec::new());
        for (name, method, packed) in files {
            let (length, position) = (packed.len() as u32, archive.len() as u32);
            let mut common =
                [&[20, 0, 0, 0][..], &method.to_le_bytes(), &[0; 8], &length.to_le_bytes(), &[0; 4]].concat();
            common.extend((name.len() as u16).to_le_bytes());
            // An extra field here, and none in the directory.
            archive.extend([b"PK\x03\x04", &common[..], &[4, 0], name.as_bytes(), &[9; 4], packed].concat());
            directory.extend([b"PK\x01\x02\x14\0", &common[..], &[0; 12]].concat());
            directory.extend([&position.to_le_bytes(), name.as_bytes()].concat());
        }
        let (bytes, position) = (directory.len() as u32, archive.len() as u32);
        archive.extend(directory);
        archive.extend([b"PK\x05\x06", &[0; 8][..], &bytes.to_le_bytes(), &position.to_le_bytes()].concat());
        archive.extend([&(comment.len() as u16).to_le_bytes(), comment].concat());
        archive
    }

    /// The marks of an archive, and the content of what tells of encryption.
    fn read(archive: &[u8]) -> Option<(Marks, Option<Vec<u8>>)> {
        let tail = &archive[archive.len().saturating_sub(TAIL_BYTES)..];
        let span = directory(tail, archive.len() as u64)?;
        let part = |span: Span| {
            let start = usize::try_from(span.position).unwrap().min(archive.len());
            &archive[start..archive.len().min(start + span.bytes)]
        };
        let marks = marks(part(span));
        let content = marks.encryption.and_then(|entry| entry.content(part(entry.span()?)));
        Some((marks, content))
    }

    #[test]
    fn marks_are_found_by_their_names() {
        let files = [
            ("mimetype", STORED, &b"x"[..]),
            ("OEBPS/sinf.xml", STORED, b""),
            ("META-INF/sinf.xml", 99, b"?"),
        ];
        for comment in [&b""[..], b"remark", &[b'x'; 0xffff]] {
            let (marks, _) = read(&archive(&files, comment)).unwrap();
            assert_eq!(marks, Marks { has_rights: true, encryption: None, is_whole: true });
            let (marks, _) = read(&archive(&files[..2], comment)).unwrap();
            assert_eq!(marks, Marks { has_rights: false, encryption: None, is_whole: true });
        }
    }

    #[test]
    fn what_tells_of_encryption_is_unpacked() {
        let text = b"<encryption/>".repeat(50);
        for (method, packed) in [(STORED, text.clone()), (DEFLATED, deflated(&text))] {
            let archive = archive(&[("a", STORED, b"x"), ("META-INF/encryption.xml", method, &packed)], b"");
            assert_eq!(read(&archive).unwrap().1.as_ref(), Some(&text));
        }
        for (method, packed) in
            [(DEFLATED, b"\xff\xff".to_vec()), (12, text), (DEFLATED, deflated(&vec![0; 5 << 20]))]
        {
            let archive = archive(&[("META-INF/encryption.xml", method, &packed)], b"");
            let (marks, content) = read(&archive).unwrap();
            assert!(marks.encryption.is_some() && content.is_none(), "method {method}");
        }
        let large = archive(&[("META-INF/encryption.xml", STORED, &vec![0; (1 << 20) + 1])], b"");
        assert_eq!(read(&large).unwrap().0.encryption.unwrap().span(), None);
    }

    #[test]
    fn what_is_no_archive_has_no_directory() {
        let good = archive(&[("a", STORED, b"x")], b"");
        let end = good.len() - END;
        assert_eq!(read(b""), None);
        assert_eq!(read(&[0; 100]), None);
        assert_eq!(read(&good[..good.len() - 1]), None);
        // Of another disk, beyond the end, and as ZIP64 has it.
        for (at, value) in [(end + 4, 1), (end + 6, 1), (end + 14, 1), (end + 19, 0xff)] {
            let mut bad = good.clone();
            bad[at] = value;
            assert_eq!(read(&bad), None, "{}", at - end);
        }
        let mut bad = good.clone();
        bad[end + 12] -= 1;
        assert!(!read(&bad).unwrap().0.is_whole);
    }

    proptest! {
        #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(5), ..ProptestConfig::default() })]

        #[test]
        fn mangled_archives_are_survived(
            spots in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
            cut in any::<prop::sample::Index>(),
            bytes in prop::collection::vec(any::<u8>(), 0..200),
        ) {
            let text = deflated(b"<encryption/>");
            let mut archive =
                archive(&[("META-INF/encryption.xml", DEFLATED, &text), ("META-INF/sinf.xml", STORED, b"")], b"c");
            for (at, byte) in spots {
                let at = at.index(archive.len());
                archive[at] = byte;
            }
            for bytes in [&archive[..], &archive[cut.index(archive.len())..], &bytes] {
                let size = bytes.len() as u64;
                if let Some(span) = directory(bytes, size) {
                    prop_assert!(span.position + span.bytes as u64 <= size);
                }
                let _ = read(bytes);
                let _ = marks(bytes);
            }
        }
    }
}
