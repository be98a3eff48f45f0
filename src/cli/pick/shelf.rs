//! What there is to pick from: the lists of a library, and which list holds which item.
//!
//! Made once for a catalogue and never changed; what is ticked is elsewhere.

use std::cell::OnceCell;

use super::search::Index;
use crate::catalog::{Catalog, Item};
use crate::cli::albums::outline::{Hidden, Node, Place, outline};

/// The lists of a library.
pub(super) struct Shelf<'c> {
    catalog: &'c Catalog,
    nodes: Vec<Node>,
    /// Where the lists of each item begin in `lists`; one more at the end.
    starts: Vec<usize>,
    /// The nodes that hold each item, side by side.
    lists: Vec<usize>,
    /// Made when somebody searches for the first time.
    index: OnceCell<Index>,
}

impl<'c> Shelf<'c> {
    /// The lists of this library. Those that the phone makes are there only if something is in them.
    pub(super) fn of(catalog: &'c Catalog) -> Self {
        let mut nodes: Vec<Node> = Vec::new();
        let mut kept: Vec<Option<usize>> = Vec::new();
        for mut node in outline(catalog, Hidden::Apart) {
            let made_by_person = matches!(node.place, Place::Library | Place::Folder | Place::Album(_));
            let keep = made_by_person || !node.members.is_empty();
            kept.push(keep.then_some(nodes.len()));
            if keep {
                node.parent = node.parent.and_then(|old| kept.get(old).copied().flatten());
                nodes.push(node);
            }
        }
        let mut starts = vec![0; catalog.items.len() + 1];
        for member in nodes.iter().flat_map(|node| &node.members) {
            if let Some(count) = starts.get_mut(member + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut next = starts.clone();
        let mut lists = vec![0; sum];
        for (number, node) in nodes.iter().enumerate() {
            for member in &node.members {
                if let Some(at) = next.get_mut(*member)
                    && let Some(slot) = lists.get_mut(*at)
                {
                    *slot = number;
                    *at += 1;
                }
            }
        }
        Self { catalog, nodes, starts, lists, index: OnceCell::new() }
    }

    /// The library.
    pub(super) const fn catalog(&self) -> &'c Catalog {
        self.catalog
    }

    /// The item of a number.
    pub(super) fn item(&self, index: usize) -> Option<&'c Item> {
        self.catalog.items.get(index)
    }

    /// All lists, a folder directly before what is in it.
    pub(super) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// What a list holds.
    pub(super) fn members(&self, node: usize) -> &[usize] {
        self.nodes.get(node).map(|node| node.members.as_slice()).unwrap_or_default()
    }

    /// The lists that hold an item.
    pub(super) fn lists_of(&self, item: usize) -> &[usize] {
        let (start, end) = (self.starts.get(item), self.starts.get(item + 1));
        start.zip(end).and_then(|(start, end)| self.lists.get(*start..*end)).unwrap_or_default()
    }

    /// Those of a list in which every word of `query` is found.
    pub(super) fn find(&self, node: usize, query: &str) -> Vec<usize> {
        let index = self.index.get_or_init(|| Index::of(self.catalog));
        index.find(self.catalog, self.members(node), query)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::testing::{album, catalog, item};

    #[test]
    fn every_item_knows_its_lists() {
        let mut items: Vec<_> = (0..4).map(|n| item(&format!("U{n}"), "A.JPG", n)).collect();
        items[0].albums = vec![0];
        items[1].albums = vec![0, 1];
        items[2].favorite = true;
        items[3].hidden = true;
        let catalog = catalog(items, vec![album("A/B", &[1, 0]), album("C", &[1]), album("Empty", &[])]);
        let shelf = Shelf::of(&catalog);
        let titles: Vec<_> = shelf.nodes().iter().map(Node::path).collect();
        assert_eq!(titles, ["Library", "A", "A/B", "C", "Empty", "In no album", "Favourites", "Hidden"]);
        let lists = |item| shelf.lists_of(item).iter().map(|list| titles[*list].as_str()).collect::<Vec<_>>();
        assert_eq!(lists(0), ["Library", "A", "A/B"]);
        assert_eq!(lists(1), ["Library", "A", "A/B", "C"]);
        assert_eq!(lists(2), ["Library", "In no album", "Favourites"]);
        assert_eq!(lists(3), ["Hidden"]);
        assert_eq!(lists(4), [""; 0]);
        let parent = shelf.nodes().iter().find(|node| node.title == "B").unwrap().parent;
        assert_eq!(parent, Some(1));
    }
}
