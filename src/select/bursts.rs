//! Which frames of a burst are meant.

use std::collections::{HashMap, HashSet};

use crate::catalog::{Catalog, Item};

/// Which frames of bursts are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Bursts {
    /// All of them.
    #[default]
    All,
    /// Those that the person picked; of bursts without any, the one that stands for the burst.
    Picks,
    /// The one that stands for the burst.
    Key,
}

/// The frames that are meant.
pub(super) struct Frames(HashSet<usize>);

impl Bursts {
    /// The frames that are meant; `None` if all are.
    pub(super) fn frames(self, catalog: &Catalog) -> Option<Frames> {
        if self == Self::All {
            return None;
        }
        let mut bursts: HashMap<&str, Vec<usize>> = HashMap::new();
        for (index, item) in catalog.items.iter().enumerate() {
            // A deleted frame stands for nothing.
            if let Some(burst) = item.burst.as_ref().filter(|_| !item.trashed) {
                bursts.entry(&burst.burst).or_default().push(index);
            }
        }
        let mut meant = HashSet::new();
        for frames in bursts.values() {
            let picked: Vec<usize> = frames
                .iter()
                .copied()
                .filter(|index| self == Self::Picks && is(catalog, *index, Of::Picked))
                .collect();
            if picked.is_empty() {
                meant.extend(key(catalog, frames));
            } else {
                meant.extend(picked);
            }
        }
        Some(Frames(meant))
    }
}

impl Frames {
    /// Whether an item is meant: no frame of a burst, or the right one.
    pub(super) fn mean(&self, index: usize, item: &Item) -> bool {
        item.burst.is_none() || item.trashed || self.0.contains(&index)
    }
}

enum Of {
    Picked,
    Key,
    Shown,
}

fn is(catalog: &Catalog, index: usize, what: Of) -> bool {
    let burst = catalog.items.get(index).and_then(|item| item.burst.as_ref());
    burst.is_some_and(|burst| match what {
        Of::Picked => burst.picked,
        Of::Key => burst.key,
        Of::Shown => burst.shown,
    })
}

/// The frame that stands for a burst: what the phone says, else one that Photos shows, else the first.
fn key(catalog: &Catalog, frames: &[usize]) -> Option<usize> {
    let first = |what: fn() -> Of| frames.iter().copied().find(|index| is(catalog, *index, what()));
    first(|| Of::Key).or_else(|| first(|| Of::Shown)).or_else(|| frames.first().copied())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::BurstMember;
    use crate::testing::{catalog, item};

    fn library() -> Catalog {
        let frame = |n: i64, burst: &str, picked, key| {
            let mut frame = item(&format!("U{n}"), &format!("IMG_{n}.HEIC"), n);
            frame.burst =
                Some(Box::new(BurstMember { burst: burst.into(), shown: picked || key, picked, key }));
            frame
        };
        let mut deleted = frame(7, "d", false, true);
        deleted.trashed = true;
        let items = vec![
            item("U0", "IMG_0.HEIC", 0),
            frame(1, "a", false, true),
            frame(2, "a", true, false),
            frame(3, "a", true, false),
            frame(4, "b", false, false),
            frame(5, "b", false, true),
            frame(6, "c", false, false),
            deleted,
            frame(8, "d", false, false),
        ];
        catalog(items, Vec::new())
    }

    fn meant(bursts: Bursts) -> Vec<usize> {
        let library = library();
        let Some(frames) = bursts.frames(&library) else { return (0..library.items.len()).collect() };
        let indices = library.items.iter().enumerate();
        indices.filter(|(index, item)| frames.mean(*index, item)).map(|(index, _)| index).collect()
    }

    #[test]
    fn all_or_picks_or_one_of_each() {
        assert_eq!(meant(Bursts::All), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(meant(Bursts::Picks), [0, 2, 3, 5, 6, 7, 8]);
        assert_eq!(meant(Bursts::Key), [0, 1, 5, 6, 7, 8], "the deleted one is left to the policy");
    }
}
