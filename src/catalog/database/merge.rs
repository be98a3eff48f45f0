//! Folds the write-ahead log of a copied database into the copied main file, without SQLite.
//!
//! The result is one file that needs no locking, no `-wal` and no `-shm`, and that can be kept
//! (facts/media.md section C3, way b).

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

use thiserror::Error;

use super::wal::Wal;

/// Pages that a database may have beyond those that were seen in the main file and the log. SQLite may
/// lengthen a file by pages it never writes; a phone must not make us create a file of any size it likes.
const UNSEEN_PAGES: u64 = 16384;

/// Why two files do not make one database.
#[derive(Debug, Error)]
pub enum MergeError {
    /// The files contradict each other or themselves; they were copied at different moments or are damaged.
    #[error("{0}")]
    Unfit(&'static str),
    /// The scratch folder failed.
    #[error(transparent)]
    Local(#[from] io::Error),
}

/// Puts the newest committed frame of every page over `main`, cuts it to the committed size, and marks it as
/// a database without a log. With an empty log only the mark is set.
///
/// # Errors
/// [`MergeError::Unfit`] if the result could not be a database.
pub fn merge(main: &mut File, log: &mut File, wal: &Wal) -> Result<(), MergeError> {
    if let (Some(header), Some(pages)) = (&wal.header, wal.commit_pages()) {
        overlay(main, log, wal, header.page_size, pages)?;
    }
    let length = main.seek(SeekFrom::End(0))?;
    let header = read_header(main)?;
    let page_size = u64::from(header.page_size);
    if wal.header.as_ref().is_some_and(|h| !wal.is_empty() && h.page_size != header.page_size) {
        return Err(MergeError::Unfit("the database and its log have different page sizes"));
    }
    if length % page_size != 0 {
        return Err(MergeError::Unfit("the database does not end at the end of a page"));
    }
    if header.pages.is_some_and(|pages| u64::from(pages) > length / page_size) {
        return Err(MergeError::Unfit("the database is shorter than it says"));
    }
    // Read and write version 1: SQLite then does not look for a log.
    main.seek(SeekFrom::Start(18))?;
    main.write_all(&[1, 1])?;
    main.flush()?;
    Ok(())
}

fn overlay(main: &mut File, log: &mut File, wal: &Wal, page_size: u32, pages: u32) -> Result<(), MergeError> {
    let size = u64::from(page_size);
    let length = main.seek(SeekFrom::End(0))?;
    if length % size != 0 {
        return Err(MergeError::Unfit("the database does not end at the end of a page"));
    }
    let newest = wal.newest_frames();
    let seen = length / size + newest.len() as u64;
    if u64::from(pages) > seen + UNSEEN_PAGES {
        return Err(MergeError::Unfit("the log speaks of far more pages than there are"));
    }
    main.set_len(u64::from(pages) * size)?;
    let mut page = Vec::new();
    for (number, frame) in newest.into_iter().filter(|(number, _)| *number <= pages) {
        let position = wal.page_position(frame).ok_or(MergeError::Unfit("the log has no header"))?;
        log.seek(SeekFrom::Start(position))?;
        page.clear();
        (&mut *log).take(size).read_to_end(&mut page)?;
        if page.len() as u64 != size {
            return Err(MergeError::Unfit("the log ended early"));
        }
        main.seek(SeekFrom::Start((u64::from(number) - 1) * size))?;
        main.write_all(&page)?;
    }
    Ok(())
}

struct MainHeader {
    page_size: u32,
    /// Size in pages as the header has it, if that field is to be believed.
    pages: Option<u32>,
}

fn read_header(main: &mut File) -> Result<MainHeader, MergeError> {
    let mut raw = Vec::new();
    main.seek(SeekFrom::Start(0))?;
    (&mut *main).take(100).read_to_end(&mut raw)?;
    let raw: &[u8; 100] = raw.first_chunk().ok_or(MergeError::Unfit("the database is empty"))?;
    if !raw.starts_with(b"SQLite format 3\0") {
        return Err(MergeError::Unfit("the file is no SQLite database"));
    }
    let page_size = match u16::from_be_bytes([raw[16], raw[17]]) {
        1 => 65536,
        size => u32::from(size),
    };
    if !page_size.is_power_of_two() || page_size < 512 {
        return Err(MergeError::Unfit("the database has an impossible page size"));
    }
    let believed = raw[24..28] == raw[92..96];
    let pages = believed.then(|| u32::from_be_bytes([raw[28], raw[29], raw[30], raw[31]]));
    Ok(MainHeader { page_size, pages })
}

#[cfg(test)]
mod tests {
    use super::super::wal::{parse, tests::build_pages};
    use super::*;

    fn file(bytes: &[u8]) -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file
    }

    fn contents(mut file: File) -> Vec<u8> {
        let mut out = Vec::new();
        file.seek(SeekFrom::Start(0)).unwrap();
        file.read_to_end(&mut out).unwrap();
        out
    }

    /// A first page as a database of `pages` pages has it, and further pages of one byte each.
    fn database(pages: u32, fills: &[u8]) -> Vec<u8> {
        let mut first = vec![0; 512];
        first[..16].copy_from_slice(b"SQLite format 3\0");
        first[16..18].copy_from_slice(&512u16.to_be_bytes());
        first[18..20].copy_from_slice(&[2, 2]);
        first[28..32].copy_from_slice(&pages.to_be_bytes());
        for fill in fills {
            first.extend([*fill; 512]);
        }
        first
    }

    fn merged(main: &[u8], log: &[u8]) -> Result<Vec<u8>, MergeError> {
        let mut main = file(main);
        merge(&mut main, &mut file(log), &parse(log))?;
        Ok(contents(main))
    }

    #[test]
    fn the_log_lies_over_the_main_file() {
        let first = database(4, &[]);
        let log = build_pages(
            512,
            (1, 2),
            false,
            &[(2, 0, vec![7; 512]), (4, 0, vec![8; 512]), (1, 4, first), (2, 0, vec![9; 512])],
        );
        let out = merged(&database(3, &[1, 2]), &log).unwrap();
        let fills: Vec<u8> = out.chunks(512).skip(1).map(|page| page[5]).collect();
        assert_eq!(fills, [7, 2, 8], "the uncommitted last frame is left out");
        assert_eq!(out[18..20], [1, 1]);
    }

    #[test]
    fn the_file_shrinks_to_the_committed_size() {
        let log = build_pages(512, (1, 2), false, &[(3, 3, vec![7; 512]), (1, 2, database(2, &[]))]);
        let out = merged(&database(3, &[1, 2]), &log).unwrap();
        assert_eq!(out.len(), 1024);
    }

    #[test]
    fn what_cannot_be_a_database_is_refused() {
        let refused = |main: &[u8], log: &[u8]| matches!(merged(main, log), Err(MergeError::Unfit(_)));
        let good = database(2, &[1]);
        assert!(!refused(&good, &[]));
        assert!(refused(&[], &[]), "empty");
        assert!(refused(&good[..700], &[]), "torn");
        assert!(refused(&good[..512], &[]), "shorter than it says");
        assert!(refused(&[0; 1024], &[]), "no magic");
        assert!(refused(&good, &build_pages(512, (1, 2), false, &[(1, u32::MAX, good[..512].to_vec())])));
        assert!(
            refused(&good, &build_pages(1024, (1, 2), false, &[(1, 1, good.clone())])),
            "page sizes differ"
        );
        let mut odd = good.clone();
        odd[16..18].copy_from_slice(&777u16.to_be_bytes());
        assert!(refused(&odd, &[]), "page size");
    }
}
