//! The texts of a library, kept within a limit.

use std::sync::Arc;

use crate::catalog::database::Interner;

/// UTF-8 that was made out of something else has at most so many bytes for each byte of the file.
const MOST_BYTES_PER_BYTE: u64 = 3;
/// What a small file may have beyond that.
const FREE_BYTES: u64 = 1 << 20;

/// Keeps texts: those that many items share once.
///
/// Every text takes bytes of the file that it was read from. Pages of a hostile database can refer to each other in a
/// way that makes one long text many, so there is an end to what is kept.
#[derive(Debug)]
pub(in crate::catalog) struct Texts {
    interner: Interner,
    left_bytes: u64,
    /// How many texts were left out.
    pub(super) left_out: u64,
}

impl Texts {
    /// For a database file of so many bytes.
    pub(in crate::catalog) fn new(file_bytes: u64) -> Self {
        let left_bytes = file_bytes.saturating_mul(MOST_BYTES_PER_BYTE).saturating_add(FREE_BYTES);
        Self { interner: Interner::default(), left_bytes, left_out: 0 }
    }

    /// The one copy of a text that others may have too.
    pub(in crate::catalog) fn share(&mut self, text: Option<String>) -> Option<Arc<str>> {
        let text = text?;
        match self.interner.known(&text) {
            Some(known) => Some(known),
            None => self.spend(text.len()).then(|| self.interner.get(&text)),
        }
    }

    /// A text that is hardly shared.
    pub(in crate::catalog) fn own(&mut self, text: Option<String>) -> Option<Box<str>> {
        let text = text?;
        self.spend(text.len()).then(|| text.into())
    }

    /// Whether so many more bytes can be kept.
    pub(super) fn spend(&mut self, bytes: usize) -> bool {
        let left = self.left_bytes.checked_sub(bytes as u64);
        self.left_bytes = left.unwrap_or(self.left_bytes);
        self.left_out += u64::from(left.is_none());
        left.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_texts_cost_once_and_there_is_an_end() {
        let mut texts = Texts::new(0);
        let long = "x".repeat(1 << 19);
        let one = texts.share(Some(long.clone())).unwrap();
        let two = texts.share(Some(long.clone())).unwrap();
        assert!(Arc::ptr_eq(&one, &two));
        assert!(texts.own(Some(long.clone())).is_some());
        assert_eq!((texts.own(Some(long.clone())), texts.share(Some("y".into()))), (None, None));
        assert!(texts.share(Some(long)).is_some(), "that one is known");
        assert_eq!((texts.share(None), texts.left_out), (None, 2));
    }
}
