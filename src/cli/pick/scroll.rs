//! A cursor in a long list, and the part of the list that is seen.
//!
//! Knows numbers only: how long the list is and how many rows there are is told each time.

use std::ops::Range;

use super::input::Key;

/// Where the cursor is, and which row is the first that is seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Scroll {
    cursor: usize,
    first: usize,
}

impl Scroll {
    /// The row of the cursor.
    pub(super) const fn cursor(self) -> usize {
        self.cursor
    }

    /// The rows that are seen.
    pub(super) fn seen(self, length: usize, height: usize) -> Range<usize> {
        self.first.min(length)..self.first.saturating_add(height).min(length)
    }

    /// Puts the cursor somewhere, and moves what is seen as little as that needs.
    pub(super) fn go(&mut self, to: usize, length: usize, height: usize) {
        self.cursor = to.min(length.saturating_sub(1));
        let height = height.max(1);
        // No empty rows below the end while there is something above the beginning.
        let last_first = length.saturating_sub(height);
        self.first = self
            .first
            .min(self.cursor)
            .max(self.cursor.saturating_sub(height - 1))
            .min(last_first.max(self.cursor.saturating_sub(height - 1)));
    }

    /// Where a key takes the cursor; `None` if it is no such key.
    pub(super) fn target(self, key: Key, length: usize, height: usize) -> Option<usize> {
        // One row stays in view, so that nobody loses the place.
        let page = height.saturating_sub(1).max(1);
        let last = length.saturating_sub(1);
        Some(match key {
            Key::Up | Key::Char('k') => self.cursor.saturating_sub(1),
            Key::Down | Key::Char('j') => self.cursor.saturating_add(1).min(last),
            Key::PageUp | Key::Ctrl('b') => self.cursor.saturating_sub(page),
            Key::PageDown | Key::Ctrl('f') => self.cursor.saturating_add(page).min(last),
            Key::Home | Key::Char('g') => 0,
            Key::End | Key::Char('G') => last,
            _ => return None,
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn pages_and_ends() {
        let mut scroll = Scroll::default();
        let mut press = |key| {
            let to = scroll.target(key, 100, 10).unwrap();
            scroll.go(to, 100, 10);
            (scroll.cursor(), scroll.seen(100, 10))
        };
        assert_eq!(press(Key::Up), (0, 0..10));
        assert_eq!(press(Key::PageDown), (9, 0..10));
        assert_eq!(press(Key::PageDown), (18, 9..19));
        assert_eq!(press(Key::End), (99, 90..100));
        assert_eq!(press(Key::Down), (99, 90..100));
        assert_eq!(press(Key::PageUp), (90, 90..100));
        assert_eq!(press(Key::Home), (0, 0..10));
    }

    proptest! {
        #[test]
        fn the_cursor_is_always_seen(steps in proptest::collection::vec((0_usize..50, 0_usize..40, 0_usize..20), 1..40)) {
            let mut scroll = Scroll::default();
            for (to, length, height) in steps {
                scroll.go(to, length, height);
                let seen = scroll.seen(length, height);
                prop_assert!(seen.end <= length && seen.len() <= height);
                if length > 0 {
                    prop_assert!(scroll.cursor() < length);
                    prop_assert!(height == 0 || seen.contains(&scroll.cursor()));
                    prop_assert_eq!(seen.len(), height.min(length));
                }
            }
        }
    }
}
