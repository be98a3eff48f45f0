//! Words that many photos or songs share, kept once.

use std::collections::HashSet;
use std::sync::Arc;

/// Hands out one copy of each word.
#[derive(Debug, Default)]
pub(in crate::catalog) struct Interner(HashSet<Arc<str>>);

impl Interner {
    /// The copy of this word, if there is one.
    pub(in crate::catalog) fn known(&self, word: &str) -> Option<Arc<str>> {
        self.0.get(word).map(Arc::clone)
    }

    /// The copy of this word.
    pub(in crate::catalog) fn get(&mut self, word: &str) -> Arc<str> {
        if let Some(known) = self.known(word) {
            return known;
        }
        let new: Arc<str> = word.into();
        self.0.insert(Arc::clone(&new));
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_words_are_one() {
        let mut words = Interner::default();
        let (one, two) = (words.get("Apple"), words.get(&String::from("Apple")));
        assert!(Arc::ptr_eq(&one, &two));
        assert_ne!(one, words.get("apple"));
    }
}
