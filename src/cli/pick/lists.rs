//! The left pane: all lists, one below the other, with folders that can be shut.

use std::collections::HashSet;

use super::input::Key;
use super::scroll::Scroll;
use super::shelf::Shelf;
use crate::cli::albums::outline::{Place, Section};

/// A row of the pane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Row {
    /// What the lists below it have in common. The cursor is never here.
    Heading(Section),
    /// A list.
    List(usize),
}

/// The rows, and which of them is looked at.
pub(super) struct Lists {
    rows: Vec<Row>,
    /// Folders of which only the name is seen.
    shut: HashSet<usize>,
    scroll: Scroll,
}

impl Lists {
    /// All folders open, the cursor on the first list.
    pub(super) fn of(shelf: &Shelf) -> Self {
        let mut lists = Self { rows: Vec::new(), shut: HashSet::new(), scroll: Scroll::default() };
        lists.lay_out(shelf);
        lists
    }

    /// All rows.
    pub(super) fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Where the cursor is.
    pub(super) const fn scroll(&self) -> Scroll {
        self.scroll
    }

    /// The list under the cursor.
    pub(super) fn current(&self) -> usize {
        match self.rows.get(self.scroll.cursor()) {
            Some(Row::List(node)) => *node,
            _ => 0,
        }
    }

    /// Whether a folder is shut.
    pub(super) fn is_shut(&self, node: usize) -> bool {
        self.shut.contains(&node)
    }

    /// Moves the cursor as a key says; `false` if the key says nothing of the kind.
    pub(super) fn press(&mut self, key: Key, height: usize) -> bool {
        let Some(target) = self.scroll.target(key, self.rows.len(), height) else { return false };
        let up = target < self.scroll.cursor();
        let is_list = |at: &usize| matches!(self.rows.get(*at), Some(Row::List(_)));
        // Over a heading the cursor jumps, in the direction it moves; the first and the last row are lists.
        let to = if up { (0..=target).rev().find(is_list) } else { (target..self.rows.len()).find(is_list) };
        self.scroll.go(to.unwrap_or(target), self.rows.len(), height);
        self.show_heading(height);
        true
    }

    /// Opens the folder under the cursor; `false` if it is none, or open.
    pub(super) fn open(&mut self, shelf: &Shelf, height: usize) -> bool {
        let opened = self.shut.remove(&self.current());
        if opened {
            self.lay_out_around(shelf, self.current(), height);
        }
        opened
    }

    /// Shuts the folder under the cursor, or else goes to the folder it is in; `false` if there is none.
    pub(super) fn shut(&mut self, shelf: &Shelf, height: usize) -> bool {
        let current = self.current();
        let Some(node) = shelf.nodes().get(current) else { return false };
        let stay = if node.place == Place::Folder && self.shut.insert(current) {
            Some(current)
        } else {
            node.parent
        };
        if let Some(stay) = stay {
            self.lay_out_around(shelf, stay, height);
        }
        stay.is_some()
    }

    /// Fits what is seen to another height.
    pub(super) fn fit(&mut self, height: usize) {
        self.scroll.go(self.scroll.cursor(), self.rows.len(), height);
        self.show_heading(height);
    }

    /// A heading above the first list that is seen is worth a row.
    fn show_heading(&mut self, height: usize) {
        let cursor = self.scroll.cursor();
        let above = cursor.checked_sub(1).and_then(|row| self.rows.get(row));
        if matches!(above, Some(Row::Heading(_))) && height > 1 {
            self.scroll.go(cursor - 1, self.rows.len(), height);
            self.scroll.go(cursor, self.rows.len(), height);
        }
    }

    fn lay_out_around(&mut self, shelf: &Shelf, node: usize, height: usize) {
        self.lay_out(shelf);
        let at = self.rows.iter().position(|row| *row == Row::List(node)).unwrap_or(0);
        self.scroll.go(at, self.rows.len(), height);
        self.show_heading(height);
    }

    fn lay_out(&mut self, shelf: &Shelf) {
        self.rows.clear();
        let mut section = Section::Library;
        // In front of every list come the folders it is in, so one look at the direct one is enough.
        let mut unseen: HashSet<usize> = HashSet::new();
        for (number, node) in shelf.nodes().iter().enumerate() {
            let inside = |parent| self.shut.contains(&parent) || unseen.contains(&parent);
            if node.parent.is_some_and(inside) {
                unseen.insert(number);
                continue;
            }
            if node.section != section {
                section = node.section;
                self.rows.push(Row::Heading(section));
            }
            self.rows.push(Row::List(number));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use crate::testing::{album, catalog, item};

    fn library() -> Catalog {
        let mut first = item("A", "A.JPG", 0);
        first.favorite = true;
        first.albums = vec![0];
        catalog(vec![first], vec![album("A/B/C", &[0]), album("A/D", &[0]), album("E", &[])])
    }

    fn titles(lists: &Lists, shelf: &Shelf) -> Vec<String> {
        let title = |row: &Row| match row {
            Row::Heading(section) => format!("-- {section:?}"),
            Row::List(node) => shelf.nodes()[*node].title.clone(),
        };
        lists.rows().iter().map(title).collect()
    }

    #[test]
    fn folders_open_and_shut() {
        let catalog = library();
        let shelf = Shelf::of(&catalog);
        let mut lists = Lists::of(&shelf);
        let all = ["Library", "-- Albums", "A", "B", "C", "D", "E", "-- Smart", "Favourites"];
        assert_eq!(titles(&lists, &shelf), all);
        // Over the heading.
        assert!(lists.press(Key::Down, 10));
        assert_eq!(shelf.nodes()[lists.current()].title, "A");
        assert!(lists.shut(&shelf, 10));
        let some = ["Library", "-- Albums", "A", "E", "-- Smart", "Favourites"];
        assert_eq!(titles(&lists, &shelf), some);
        assert!(!lists.shut(&shelf, 10), "it is shut, and in no folder");
        assert!(lists.open(&shelf, 10));
        assert!(!lists.open(&shelf, 10));
        assert_eq!(titles(&lists, &shelf), all);
        // From within to the folder around it.
        lists.press(Key::Char('j'), 10);
        lists.press(Key::Char('j'), 10);
        assert_eq!(shelf.nodes()[lists.current()].title, "C");
        assert!(lists.shut(&shelf, 10));
        assert_eq!(shelf.nodes()[lists.current()].title, "B");
        assert_eq!(titles(&lists, &shelf), all);
    }

    #[test]
    fn the_cursor_is_never_on_a_heading() {
        let catalog = library();
        let shelf = Shelf::of(&catalog);
        for height in 1..12 {
            let mut lists = Lists::of(&shelf);
            let keys =
                [Key::PageDown, Key::Up, Key::Home, Key::Down, Key::End, Key::Up, Key::PageUp, Key::PageUp];
            for key in keys {
                lists.press(key, height);
                assert!(matches!(lists.rows()[lists.scroll().cursor()], Row::List(_)));
                assert!(lists.scroll().seen(lists.rows().len(), height).contains(&lists.scroll().cursor()));
            }
            // Upwards the heading comes into view with the list below it.
            lists.press(Key::Home, height);
            lists.press(Key::Down, height);
            let seen = lists.scroll().seen(lists.rows().len(), height);
            assert!(height == 1 || lists.rows()[seen].contains(&Row::Heading(Section::Albums)));
        }
    }
}
