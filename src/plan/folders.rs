//! Which folders on the drive a plan needs to know.

use std::collections::BTreeSet;

use super::{DestPath, Known, Layout};
use crate::catalog::Catalog;

/// The folders that a [`super::Survey`] for this plan must cover, whether they exist or not.
///
/// These are the folders that the layout gives the selected items, and those in which their files were put
/// before.
#[must_use]
pub fn folders(catalog: &Catalog, selected: &[usize], layout: &Layout, known: &Known) -> BTreeSet<DestPath> {
    let mut out = BTreeSet::new();
    let mut add = |folder: DestPath| {
        if !out.contains(&folder) {
            out.insert(folder);
        }
    };
    for item in selected.iter().filter_map(|index| catalog.items.get(*index)) {
        let files = known.of(&item.uuid);
        files.iter().for_each(|file| add(file.to.parent()));
        if files.is_empty() {
            add(layout.folder(item));
        }
    }
    out
}
