//! A file of which only some parts are here.

use super::super::TagError;
use super::super::bytes::CUT;

/// Parts that are asked for at most. A song takes one to three.
const MOST_READS: usize = 24;
/// Bytes that are asked for at least: a round trip costs more than they do.
const WINDOW: usize = 32 << 10;
/// Bytes that are asked for at most: tags that can only be read as a whole.
pub(super) const MOST_BYTES: usize = 1 << 20;
/// Heads that are looked at on the way, and tags that are kept.
pub(super) const MOST_HEADS: usize = 4096;
/// Bytes of a tag that is kept: lyrics are the longest.
pub(super) const MOST_TAG_BYTES: u64 = 64 << 10;
/// Bytes of all tags that are kept.
pub(super) const MOST_KEPT_BYTES: usize = 512 << 10;

/// Why a walk through a file does not go on.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// It needs what is not here yet.
    Want { position: u64, count: usize },
    /// It leads nowhere.
    Failed(TagError),
}

impl From<TagError> for Stop {
    fn from(error: TagError) -> Self {
        Self::Failed(error)
    }
}

/// The file.
#[derive(Debug)]
pub(super) struct View {
    size: u64,
    parts: Vec<(u64, Vec<u8>)>,
    reads_left: usize,
    /// How much was asked for last.
    asked: usize,
}

impl View {
    /// Of which nothing is here.
    pub(super) const fn of_file(size: u64) -> Self {
        Self { size, parts: Vec::new(), reads_left: MOST_READS, asked: 0 }
    }

    /// Of which everything is here.
    pub(super) fn whole(bytes: Vec<u8>) -> Self {
        Self { size: bytes.len() as u64, parts: vec![(0, bytes)], reads_left: 0, asked: 0 }
    }

    pub(super) const fn size(&self) -> u64 {
        self.size
    }

    /// So many bytes from here on.
    ///
    /// # Errors
    /// They are past the end, or not here yet.
    pub(super) fn bytes(&self, at: u64, count: usize) -> Result<&[u8], Stop> {
        at.checked_add(count as u64).filter(|end| *end <= self.size).ok_or(CUT)?;
        for (start, part) in &self.parts {
            let offset = at.checked_sub(*start).and_then(|offset| usize::try_from(offset).ok());
            let rest = offset.and_then(|offset| part.get(offset..));
            if let Some(found) = rest.and_then(|rest| rest.get(..count)) {
                return Ok(found);
            }
        }
        if self.reads_left == 0 || count > MOST_BYTES {
            return Err(TagError::TooLarge("its tags are all over the file").into());
        }
        Err(Stop::Want { position: at, count })
    }

    /// The same, or `None` if they cannot be had: then what was found before is all there is.
    pub(super) fn if_there(&self, at: u64, count: usize) -> Result<Option<&[u8]>, Stop> {
        match self.bytes(at, count) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(Stop::Failed(_)) => Ok(None),
            Err(want @ Stop::Want { .. }) => Err(want),
        }
    }

    /// How many bytes to ask for, of which `count` are wanted.
    pub(super) fn ask(&mut self, position: u64, count: usize) -> usize {
        let rest = usize::try_from(self.size.saturating_sub(position)).unwrap_or(usize::MAX);
        self.reads_left = self.reads_left.saturating_sub(1);
        self.asked = count.max(WINDOW).min(rest);
        self.asked
    }

    /// Takes what was asked for.
    pub(super) fn give(&mut self, position: u64, mut bytes: Vec<u8>) {
        bytes.truncate(self.asked);
        if bytes.len() < self.asked {
            self.size = self.size.min(position.saturating_add(bytes.len() as u64));
        }
        self.parts.push((position, bytes));
    }
}

/// Counts what is looked at, to an end.
#[derive(Debug, Default)]
pub(super) struct Count(usize);

impl Count {
    /// One more; whether that is still fine.
    pub(super) const fn one_more(&mut self) -> bool {
        self.0 += 1;
        self.0 <= MOST_HEADS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_here_is_wanted_until_there_were_enough_reads() {
        let mut view = View::of_file(1 << 40);
        for read in 0..MOST_READS as u64 {
            let position = read << 30;
            assert_eq!(view.bytes(position, 8), Err(Stop::Want { position, count: 8 }));
            assert_eq!(view.ask(position, 8), WINDOW);
            view.give(position, vec![read as u8; WINDOW]);
            assert_eq!(view.bytes(position + 9, 2), Ok(&[read as u8; 2][..]));
        }
        assert!(matches!(view.bytes(1 << 39, 8), Err(Stop::Failed(_))));
        assert_eq!(view.if_there(1 << 39, 8), Ok(None));
    }

    #[test]
    fn past_the_end_there_is_nothing() {
        let mut view = View::of_file(10);
        assert_eq!(view.bytes(5, 6), Err(CUT.into()));
        assert_eq!(view.bytes(u64::MAX, 1), Err(CUT.into()));
        assert_eq!(view.ask(5, 2), 5);
        // The file is shorter than it was said to be.
        view.give(5, vec![1; 2]);
        assert_eq!((view.bytes(5, 2), view.bytes(7, 1)), (Ok(&[1, 1][..]), Err(CUT.into())));
        // More than was asked for is left out.
        view.give(0, vec![2; 100]);
        assert_eq!((view.bytes(0, 5).map(<[u8]>::len), view.bytes(6, 2)), (Ok(5), Err(CUT.into())));
    }

    #[test]
    fn nobody_is_asked_for_too_much() {
        let view = View::of_file(u64::MAX);
        assert!(matches!(view.bytes(0, MOST_BYTES + 1), Err(Stop::Failed(_))));
    }
}
