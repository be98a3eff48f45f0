//! SQLite's write-ahead log: which of its frames count.
//!
//! The log is read from a phone that goes on writing, so it can end anywhere, hold left-overs of earlier
//! rounds, or be nonsense. The parser is total: it reads what is valid up to the first frame that is not,
//! and never allocates more than the bytes it was given have earned (facts/media.md section C3; SQLite's
//! file format, section 4).

use std::collections::HashMap;

/// Length of the log's header in bytes.
pub const HEADER_BYTES: usize = 32;
/// Length of a frame's header in bytes; one page follows it.
pub const FRAME_HEADER_BYTES: usize = 24;

/// The only format version there is.
const FORMAT: u32 = 3_007_000;
const MAGIC_LITTLE: u32 = 0x377f_0682;
const MAGIC_BIG: u32 = 0x377f_0683;

/// Both halves of SQLite's running checksum.
pub type Checksum = (u32, u32);

/// The header of a log whose checksum fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WalHeader {
    /// Page size in bytes: a power of two from 512 to 65536.
    pub page_size: u32,
    /// Counts the times the log was started anew.
    pub checkpoint_sequence: u32,
    /// Both change whenever the log starts anew; every valid frame repeats them.
    pub salts: (u32, u32),
    big_endian: bool,
    checksum: Checksum,
}

/// A frame whose salts and checksum fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// Number of the page, from 1.
    pub page: u32,
    /// Size of the database in pages after this transaction; 0 unless the frame ends one.
    pub commit_pages: u32,
    /// The running checksum up to and with this frame.
    pub checksum: Checksum,
}

/// What counts of a log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wal {
    /// The header; `None` if the log is empty, absent, or no log at all.
    pub header: Option<WalHeader>,
    /// All valid frames, in order, committed or not.
    pub frames: Vec<Frame>,
}

impl Wal {
    /// The frames up to the last one that ends a transaction.
    #[must_use]
    pub fn committed(&self) -> &[Frame] {
        let end = self.frames.iter().rposition(|frame| frame.commit_pages != 0).map_or(0, |last| last + 1);
        self.frames.get(..end).unwrap_or_default()
    }

    /// Size of the database in pages after the last transaction; `None` if the log holds none.
    #[must_use]
    pub fn commit_pages(&self) -> Option<u32> {
        self.committed().last().map(|frame| frame.commit_pages)
    }

    /// Whether the log changes anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.committed().is_empty()
    }

    /// Whether `self` is `earlier` plus frames that were appended since: the same round of the log, and every
    /// valid frame of `earlier` still there. The running checksum stands for all frames before it.
    #[must_use]
    pub fn continues(&self, earlier: &Self) -> bool {
        let (Some(now), Some(then)) = (&self.header, &earlier.header) else { return false };
        now == then
            && match earlier.frames.len().checked_sub(1) {
                None => true,
                Some(last) => self.frames.get(last) == earlier.frames.last(),
            }
    }

    /// For each page the index of the newest committed frame, in the order of the file.
    #[must_use]
    pub fn newest_frames(&self) -> Vec<(u32, usize)> {
        let newest: HashMap<u32, usize> =
            self.committed().iter().enumerate().map(|(index, frame)| (frame.page, index)).collect();
        let mut list: Vec<_> = newest.into_iter().collect();
        list.sort_unstable_by_key(|(_, index)| *index);
        list
    }

    /// Where in the log the page of a frame begins, in bytes; `None` if the log has no header.
    #[must_use]
    pub fn page_position(&self, frame: usize) -> Option<u64> {
        let page_size = u64::from(self.header.as_ref()?.page_size);
        let index = u64::try_from(frame).ok()?;
        let before = index.checked_mul(page_size + FRAME_HEADER_BYTES as u64)?;
        before.checked_add((HEADER_BYTES + FRAME_HEADER_BYTES) as u64)
    }
}

/// Reads a whole log that is in memory.
#[must_use]
pub fn parse(bytes: &[u8]) -> Wal {
    let mut scanner = Scanner::default();
    scanner.push(bytes);
    scanner.finish()
}

/// Reads a log piece by piece; holds no more than one frame and the piece it was given.
#[derive(Debug, Default)]
pub struct Scanner {
    wal: Wal,
    pending: Vec<u8>,
    ended: bool,
}

impl Scanner {
    /// Takes the next bytes of the log.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.ended {
            return;
        }
        self.pending.extend_from_slice(bytes);
        let mut used = 0;
        while let Some(rest) = self.pending.get(used..) {
            let taken = match &self.wal.header {
                None => rest.first_chunk::<HEADER_BYTES>().map(|raw| {
                    self.wal.header = read_header(raw);
                    (HEADER_BYTES, self.wal.header.is_some())
                }),
                Some(header) => {
                    let length = FRAME_HEADER_BYTES + header.page_size as usize;
                    rest.get(..length).map(|raw| {
                        let before = self.wal.frames.last().map_or(header.checksum, |frame| frame.checksum);
                        let frame = read_frame(header, before, raw);
                        self.wal.frames.extend(frame);
                        (length, frame.is_some())
                    })
                }
            };
            match taken {
                Some((length, true)) => used += length,
                Some((_, false)) => {
                    self.ended = true;
                    self.pending = Vec::new();
                    return;
                }
                None => break,
            }
        }
        self.pending.drain(..used);
    }

    /// What counts of the bytes so far.
    #[must_use]
    pub fn finish(self) -> Wal {
        self.wal
    }
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|raw| u32::from_be_bytes(*raw))
}

fn read_header(raw: &[u8; HEADER_BYTES]) -> Option<WalHeader> {
    let big_endian = match word(raw, 0)? {
        MAGIC_LITTLE => false,
        MAGIC_BIG => true,
        _ => return None,
    };
    let page_size = word(raw, 8)?;
    if word(raw, 4)? != FORMAT || !page_size.is_power_of_two() || !(512..=65536).contains(&page_size) {
        return None;
    }
    let checksum = add_checksum((0, 0), big_endian, raw.get(..24)?);
    (checksum == (word(raw, 24)?, word(raw, 28)?)).then_some(WalHeader {
        page_size,
        checkpoint_sequence: word(raw, 12)?,
        salts: (word(raw, 16)?, word(raw, 20)?),
        big_endian,
        checksum,
    })
}

/// Reads a frame that follows one with the running checksum `before`.
fn read_frame(header: &WalHeader, before: Checksum, raw: &[u8]) -> Option<Frame> {
    let (page, commit_pages) = (word(raw, 0)?, word(raw, 4)?);
    if page == 0 || header.salts != (word(raw, 8)?, word(raw, 12)?) {
        return None;
    }
    let checksum = add_checksum(before, header.big_endian, raw.get(..8)?);
    let checksum = add_checksum(checksum, header.big_endian, raw.get(FRAME_HEADER_BYTES..)?);
    (checksum == (word(raw, 16)?, word(raw, 20)?)).then_some(Frame { page, commit_pages, checksum })
}

/// SQLite's checksum over pairs of 32-bit words, going on from `sums`.
fn add_checksum(sums: Checksum, big_endian: bool, bytes: &[u8]) -> Checksum {
    let (mut low, mut high) = sums;
    let (pairs, _) = bytes.as_chunks::<8>();
    for pair in pairs {
        let [a, b, c, d, e, f, g, h] = *pair;
        let (first, second) = if big_endian {
            (u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h]))
        } else {
            (u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h]))
        };
        low = low.wrapping_add(first).wrapping_add(high);
        high = high.wrapping_add(second).wrapping_add(low);
    }
    (low, high)
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::*;

    /// Writes a log as SQLite would: page number, commit size, fill byte of the page.
    pub(crate) fn build(
        page_size: u32,
        salts: (u32, u32),
        big_endian: bool,
        frames: &[(u32, u32, u8)],
    ) -> Vec<u8> {
        let pages: Vec<_> = frames
            .iter()
            .map(|(page, commit, fill)| (*page, *commit, vec![*fill; page_size as usize]))
            .collect();
        build_pages(page_size, salts, big_endian, &pages)
    }

    pub(crate) fn build_pages(
        page_size: u32,
        salts: (u32, u32),
        big_endian: bool,
        frames: &[(u32, u32, Vec<u8>)],
    ) -> Vec<u8> {
        let mut out = Vec::new();
        let magic = if big_endian { MAGIC_BIG } else { MAGIC_LITTLE };
        for field in [magic, FORMAT, page_size, 7, salts.0, salts.1] {
            out.extend(field.to_be_bytes());
        }
        let mut sums = add_checksum((0, 0), big_endian, &out);
        out.extend(sums.0.to_be_bytes());
        out.extend(sums.1.to_be_bytes());
        for (page, commit, data) in frames {
            let start = out.len();
            out.extend(page.to_be_bytes());
            out.extend(commit.to_be_bytes());
            sums = add_checksum(sums, big_endian, &out[start..]);
            sums = add_checksum(sums, big_endian, data);
            for field in [salts.0, salts.1, sums.0, sums.1] {
                out.extend(field.to_be_bytes());
            }
            out.extend(data);
        }
        out
    }

    #[test]
    fn frames_after_the_last_commit_do_not_count() {
        for big_endian in [false, true] {
            let wal = parse(&build(512, (1, 2), big_endian, &[(1, 0, 1), (2, 2, 2), (1, 0, 3)]));
            assert_eq!((wal.frames.len(), wal.committed().len()), (3, 2));
            assert_eq!(wal.commit_pages(), Some(2));
            assert_eq!(wal.newest_frames(), vec![(1, 0), (2, 1)]);
        }
    }

    #[test]
    fn the_newest_frame_of_a_page_wins() {
        let wal = parse(&build(512, (1, 2), false, &[(3, 3, 1), (1, 3, 2), (3, 3, 3)]));
        assert_eq!(wal.newest_frames(), vec![(1, 1), (3, 2)]);
        assert_eq!(wal.page_position(2), Some(32 + 2 * (24 + 512) + 24));
    }

    #[test]
    fn left_overs_of_an_earlier_round_are_not_read() {
        let mut bytes = build(512, (1, 2), false, &[(1, 1, 1)]);
        bytes.extend(&build(512, (9, 9), false, &[(1, 1, 8), (2, 2, 8)])[HEADER_BYTES..]);
        assert_eq!(parse(&bytes).frames.len(), 1);
    }

    #[test]
    fn page_zero_ends_the_log() {
        assert!(parse(&build(512, (1, 2), false, &[(0, 1, 1)])).frames.is_empty());
    }

    #[test]
    fn a_log_continues_itself_and_nothing_else() {
        let earlier = parse(&build(512, (1, 2), false, &[(1, 1, 1)]));
        let later = parse(&build(512, (1, 2), false, &[(1, 1, 1), (2, 2, 2)]));
        let other = parse(&build(512, (1, 2), false, &[(1, 1, 9), (2, 2, 2)]));
        let restarted = parse(&build(512, (2, 2), false, &[(1, 1, 1), (2, 2, 2)]));
        assert!(later.continues(&earlier) && earlier.continues(&earlier));
        assert!(!earlier.continues(&later));
        assert!(!other.continues(&earlier));
        assert!(!restarted.continues(&earlier));
        assert!(!Wal::default().continues(&Wal::default()));
    }

    proptest! {
        #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(2001), ..ProptestConfig::default() })]

        #[test]
        fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..3000)) {
            let wal = parse(&bytes);
            prop_assert!(wal.frames.len() <= bytes.len() / (FRAME_HEADER_BYTES + 512) + 1);
        }

        #[test]
        fn hostile_fields_are_survived(
            fields in prop::array::uniform6(any::<u32>()),
            size in 0u32..40,
            rest in prop::collection::vec(any::<u8>(), 0..2000),
        ) {
            // A header whose checksum fits although its contents may be nonsense.
            let mut bytes = Vec::new();
            let page_size = if size < 32 { 1u32 << size } else { fields[2] };
            for field in [MAGIC_LITTLE, FORMAT, page_size, fields[3], fields[4], fields[5]] {
                bytes.extend(field.to_be_bytes());
            }
            let sums = add_checksum((0, 0), false, &bytes);
            bytes.extend(sums.0.to_be_bytes());
            bytes.extend(sums.1.to_be_bytes());
            bytes.extend(rest);
            let wal = parse(&bytes);
            let sane = page_size.is_power_of_two() && (512..=65536).contains(&page_size);
            prop_assert_eq!(wal.header.is_some(), sane);
        }

        #[test]
        fn pieces_do_not_matter_and_truncation_gives_a_prefix(
            frames in prop::collection::vec((1u32..50, 0u32..60, any::<u8>()), 0..12),
            cut in any::<prop::sample::Index>(),
            piece in 1usize..900,
        ) {
            let bytes = build(512, (3, 4), false, &frames);
            let whole = parse(&bytes);
            prop_assert_eq!(whole.frames.len(), frames.len());
            let mut scanner = Scanner::default();
            bytes.chunks(piece).for_each(|chunk| scanner.push(chunk));
            prop_assert_eq!(&scanner.finish(), &whole);

            let short = parse(&bytes[..cut.index(bytes.len() + 1)]);
            prop_assert!(short.frames.len() <= whole.frames.len());
            if short.header.is_some() {
                prop_assert!(whole.continues(&short));
            }
        }

        #[test]
        fn one_changed_bit_ends_the_log_there(
            count in 1usize..8,
            at in any::<prop::sample::Index>(),
            bit in 0u8..8,
        ) {
            let frames: Vec<_> = (0..count).map(|n| (1 + n as u32, 9, n as u8)).collect();
            let mut bytes = build(512, (3, 4), false, &frames);
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
            let expected = at.checked_sub(HEADER_BYTES).map_or(0, |n| n / (FRAME_HEADER_BYTES + 512));
            prop_assert_eq!(parse(&bytes).frames.len(), expected);
        }
    }
}
