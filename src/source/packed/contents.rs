//! What an archive is to contain, and where in it: everything but the bytes of the files and their checksums.

use std::num::TryFromIntError;

use super::{PackError, records};
use crate::source::{DevicePath, SourceErrorKind};

/// The file that stands first if a package has it, so that its content is found at a fixed place of the archive:
/// that is how an EPUB says what it is (EPUB 3.3, section 4.3.3).
pub(super) const FIRST: &str = "mimetype";

/// A file that was found in a package.
#[derive(Debug)]
pub(super) struct Found {
    /// Where it is on the phone.
    pub(super) device: DevicePath,
    /// Its path inside of the archive.
    pub(super) name: String,
    /// Its size in bytes, as the phone says.
    pub(super) size_bytes: u64,
    /// What is in it, if it is not on the phone.
    pub(super) made: Option<&'static [u8]>,
}

/// A file of the archive.
#[derive(Debug)]
pub(super) struct Entry {
    /// Where it is on the phone.
    pub(super) device: DevicePath,
    /// Its path inside of the archive.
    pub(super) name: String,
    /// Its size in bytes; that it has this size when it is read is to be checked.
    pub(super) size_bytes: u32,
    /// What is in it, if it is not on the phone.
    pub(super) made: Option<&'static [u8]>,
    /// Where its local file header starts, in bytes from the start of the archive.
    pub(super) offset: u32,
}

/// The files of an archive in their order, and how long everything in it is.
#[derive(Debug)]
pub(super) struct Contents {
    pub(super) entries: Vec<Entry>,
    /// The number of entries, as the format has it.
    pub(super) count: u16,
    /// Where the central directory starts, in bytes from the start of the archive.
    pub(super) directory_offset: u32,
    /// Size of the central directory in bytes.
    pub(super) directory_bytes: u32,
    /// Size of the archive in bytes.
    pub(super) archive_bytes: u64,
    /// Newest change of a file, in nanoseconds since 1970 UTC; 0 if unknown.
    pub(super) modified_nanoseconds: u64,
}

impl Contents {
    /// Puts the files into their order and their places. Their names must differ.
    ///
    /// # Errors
    /// [`PackError::Empty`], [`PackError::TooManyEntries`], or [`SourceErrorKind::TooLarge`] if ZIP64 would be needed.
    pub(super) fn new(mut found: Vec<Found>, modified_nanoseconds: u64) -> Result<Self, SourceErrorKind> {
        if found.is_empty() {
            return Err(PackError::Empty.into());
        }
        if found.len() > records::MAX_ENTRIES {
            return Err(PackError::TooManyEntries { limit: records::MAX_ENTRIES }.into());
        }
        let local = |file: &Found| records::local_bytes(&file.name).saturating_add(file.size_bytes);
        let locals = found.iter().map(local).fold(0, u64::saturating_add);
        let directory: u64 = found.iter().map(|file| records::central_bytes(&file.name)).sum();
        let archive_bytes = locals.saturating_add(directory).saturating_add(records::END_BYTES);
        let too_large = |_: TryFromIntError| SourceErrorKind::TooLarge {
            size_bytes: archive_bytes,
            limit_bytes: records::MAX_SIZE,
        };
        if archive_bytes > records::MAX_SIZE {
            return Err(SourceErrorKind::TooLarge {
                size_bytes: archive_bytes,
                limit_bytes: records::MAX_SIZE,
            });
        }
        found.sort_unstable_by(|a, b| (a.name != FIRST, &a.name).cmp(&(b.name != FIRST, &b.name)));
        let mut offset = 0;
        let mut entries = Vec::with_capacity(found.len());
        for file in found {
            let next = offset + local(&file);
            entries.push(Entry {
                size_bytes: u32::try_from(file.size_bytes).map_err(too_large)?,
                offset: u32::try_from(offset).map_err(too_large)?,
                device: file.device,
                name: file.name,
                made: file.made,
            });
            offset = next;
        }
        Ok(Self {
            count: u16::try_from(entries.len()).map_err(too_large)?,
            entries,
            directory_offset: u32::try_from(locals).map_err(too_large)?,
            directory_bytes: u32::try_from(directory).map_err(too_large)?,
            archive_bytes,
            modified_nanoseconds,
        })
    }

    /// About how much memory it takes, in bytes.
    pub(super) fn weight(&self) -> usize {
        let entry = |e: &Entry| size_of::<Entry>() + e.device.as_bytes().len() + e.name.len();
        self.entries.iter().map(entry).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str, size_bytes: u64) -> Found {
        Found { device: DevicePath::parse(name).unwrap(), name: name.to_owned(), size_bytes, made: None }
    }

    #[test]
    fn mimetype_comes_first_and_the_others_by_their_bytes() {
        let names = ["b", "META-INF/container.xml", "a/mimetype", "é", "mimetype", "a.b", "a/b"];
        let contents = Contents::new(names.iter().map(|n| found(n, 1)).collect(), 0).unwrap();
        let order: Vec<_> = contents.entries.iter().map(|e| e.name.as_str()).collect();
        assert_eq!(order, ["mimetype", "META-INF/container.xml", "a.b", "a/b", "a/mimetype", "b", "é"]);
        assert_eq!(contents.entries[1].offset, 39);
    }

    #[test]
    fn what_would_need_zip64_is_refused() {
        let over = |size| match Contents::new(vec![found("a", size)], 0) {
            Ok(contents) => Ok(contents.archive_bytes),
            Err(SourceErrorKind::TooLarge { size_bytes, .. }) => Err(size_bytes),
            Err(other) => panic!("{other}"),
        };
        assert_eq!(over(0xffff_fffe - 100), Ok(0xffff_fffe));
        assert_eq!(over(0xffff_fffe - 99), Err(0xffff_ffff));
        assert_eq!(over(u64::MAX), Err(u64::MAX));
        let both = Contents::new(vec![found("a", u64::MAX), found("b", u64::MAX)], 0);
        assert!(matches!(both, Err(SourceErrorKind::TooLarge { .. })));
        assert_eq!(Contents::new(Vec::new(), 0).unwrap_err(), PackError::Empty.into());

        let many = |n: usize| Contents::new((0..n).map(|n| found(&n.to_string(), 0)).collect(), 0);
        assert_eq!(many(records::MAX_ENTRIES).unwrap().count, 0xfffe);
        assert!(matches!(
            many(records::MAX_ENTRIES + 1),
            Err(SourceErrorKind::NotPackable(PackError::TooManyEntries { .. }))
        ));
    }
}
