//! Which folders on the drive a plan needs to know.

use std::collections::BTreeSet;

use super::{DestPath, Known, Places};
use crate::catalog::Catalog;

/// The folders that a [`super::Survey`] for this plan must cover, whether they exist or not.
///
/// These are the folders that the layout gives the selected items, those in which their files were put before,
/// and those that refer to them or did.
#[must_use]
pub fn folders(catalog: &Catalog, selected: &[usize], places: &Places, known: &Known) -> BTreeSet<DestPath> {
    let mut out = BTreeSet::new();
    let mut add = |folder: &DestPath| {
        if !out.contains(folder) {
            out.insert(folder.clone());
        }
    };
    for index in selected {
        let Some(item) = catalog.items.get(*index) else { continue };
        let files = known.of(&item.uuid);
        files.iter().for_each(|file| add(&file.to.parent()));
        places.home(*index).filter(|_| files.is_empty()).into_iter().for_each(&mut add);
        places.further(*index).for_each(&mut add);
    }
    out
}
