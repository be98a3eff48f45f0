//! What is ticked, and what it adds up to.
//!
//! An item is ticked once, however many lists it is in. All sums are kept up to date as ticks come and go, so
//! that nothing has to be counted to draw the screen.

use super::shelf::Shelf;
use crate::catalog::Item;
use crate::cli::albums::figures::Figures;

/// How much of a list is ticked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tick {
    /// Nothing.
    Empty,
    /// Something.
    Partial,
    /// All of it.
    Full,
}

/// What the ticked items come to, each counted once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sums {
    /// How many.
    pub(super) items: usize,
    /// How many of them are only in iCloud.
    pub(super) cloud_only: usize,
    /// Size in bytes of what is on the phone. Wide, because sizes are the phone's word and are taken off again.
    on_phone: u128,
}

impl Sums {
    /// Size in bytes of what is on the phone.
    pub(super) fn bytes_on_phone(self) -> u64 {
        u64::try_from(self.on_phone).unwrap_or(u64::MAX)
    }
}

/// What is ticked.
pub(super) struct Ticks {
    ticked: Vec<bool>,
    /// How many of each list are.
    of_lists: Vec<usize>,
    sums: Sums,
}

impl Ticks {
    /// Nothing is.
    pub(super) fn none(shelf: &Shelf) -> Self {
        Self {
            ticked: vec![false; shelf.catalog().items.len()],
            of_lists: vec![0; shelf.nodes().len()],
            sums: Sums::default(),
        }
    }

    /// Whether an item is ticked.
    pub(super) fn has(&self, item: usize) -> bool {
        self.ticked.get(item) == Some(&true)
    }

    /// All ticked items, in the order of the catalogue.
    pub(super) fn items(&self) -> Vec<usize> {
        self.ticked.iter().enumerate().filter(|(_, ticked)| **ticked).map(|(index, _)| index).collect()
    }

    /// What they come to.
    pub(super) const fn sums(&self) -> Sums {
        self.sums
    }

    /// How much of a list is ticked.
    pub(super) fn of_list(&self, shelf: &Shelf, node: usize) -> Tick {
        match self.of_lists.get(node).copied().unwrap_or(0) {
            0 => Tick::Empty,
            n if n == shelf.members(node).len() => Tick::Full,
            _ => Tick::Partial,
        }
    }

    /// Ticks an item, or takes its tick away.
    pub(super) fn set(&mut self, shelf: &Shelf, index: usize, on: bool) {
        let (Some(item), Some(ticked)) = (shelf.item(index), self.ticked.get_mut(index)) else { return };
        if std::mem::replace(ticked, on) == on {
            return;
        }
        for list in shelf.lists_of(index) {
            if let Some(count) = self.of_lists.get_mut(*list) {
                *count = if on { *count + 1 } else { count.saturating_sub(1) };
            }
        }
        self.sums.change(item, on);
    }

    /// Ticks all of these; takes all their ticks away if every one has one already.
    pub(super) fn flip(&mut self, shelf: &Shelf, items: &[usize]) {
        let on = !items.iter().all(|item| self.has(*item));
        for item in items {
            self.set(shelf, *item, on);
        }
    }
}

impl Sums {
    fn change(&mut self, item: &Item, on: bool) {
        let one = Figures::one(item);
        let bytes = u128::from(one.bytes_on_phone);
        if on {
            self.items += 1;
            self.cloud_only += one.cloud_only;
            self.on_phone += bytes;
        } else {
            self.items = self.items.saturating_sub(1);
            self.cloud_only = self.cloud_only.saturating_sub(one.cloud_only);
            self.on_phone = self.on_phone.saturating_sub(bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::cli::pick::sample::{any_library, library};
    use crate::testing::{catalog, photo};

    #[test]
    fn an_item_in_two_albums_counts_once() {
        let catalog = library();
        let shelf = Shelf::of(&catalog);
        let mut ticks = Ticks::none(&shelf);
        let list =
            |title: &str| shelf.nodes().iter().position(|node| node.title == title).unwrap_or(usize::MAX);
        ticks.flip(&shelf, shelf.members(list("Italy")));
        ticks.flip(&shelf, shelf.members(list("Cats")));
        // 0, 1 and 2 are in Italy, 2 and 3 in Cats; 3 is only in iCloud.
        assert_eq!(ticks.items(), [0, 1, 2, 3]);
        assert_eq!(ticks.sums(), Sums { items: 4, cloud_only: 1, on_phone: 300 });
        assert_eq!(ticks.of_list(&shelf, list("Travel")), Tick::Partial);
        assert_eq!(ticks.of_list(&shelf, list("Library")), Tick::Partial);
        assert_eq!(ticks.of_list(&shelf, list("Empty")), Tick::Empty);
        // All of it is ticked, so it goes; what it shares with another list goes with it.
        ticks.flip(&shelf, shelf.members(list("Cats")));
        assert_eq!(ticks.items(), [0, 1]);
        assert_eq!(ticks.of_list(&shelf, list("Italy")), Tick::Partial);
    }

    #[test]
    fn sizes_that_a_phone_made_up_do_no_harm() {
        let catalog =
            catalog((0..3).map(|n| photo(&format!("U{n}"), "A.JPG", n, u64::MAX)).collect(), vec![]);
        let shelf = Shelf::of(&catalog);
        let mut ticks = Ticks::none(&shelf);
        ticks.flip(&shelf, &[0, 1, 2]);
        assert_eq!(ticks.sums().bytes_on_phone(), u64::MAX);
        ticks.flip(&shelf, &[0, 1, 2]);
        assert_eq!(ticks.sums(), Sums::default());
        ticks.set(&shelf, 99, true);
        assert_eq!(ticks.sums(), Sums::default());
    }

    proptest! {
        #[test]
        fn sums_and_marks_are_what_counting_gives(
            catalog in any_library(),
            flips in proptest::collection::vec((any::<bool>(), 0_usize..40), 0..30),
        ) {
            let shelf = Shelf::of(&catalog);
            let mut ticks = Ticks::none(&shelf);
            for (whole_list, number) in flips {
                let list = [number];
                ticks.flip(&shelf, if whole_list { shelf.members(number) } else { &list });
            }
            let items = ticks.items();
            let figures = Figures::of(items.iter().filter_map(|item| shelf.item(*item)));
            prop_assert_eq!(ticks.sums().items, figures.items);
            prop_assert_eq!(ticks.sums().cloud_only, figures.cloud_only);
            prop_assert_eq!(ticks.sums().bytes_on_phone(), figures.bytes_on_phone);
            for node in 0..shelf.nodes().len() {
                let members = shelf.members(node);
                let expected = match members.iter().filter(|member| ticks.has(**member)).count() {
                    0 => Tick::Empty,
                    n if n == members.len() => Tick::Full,
                    _ => Tick::Partial,
                };
                prop_assert_eq!(ticks.of_list(&shelf, node), expected);
            }
        }
    }
}
