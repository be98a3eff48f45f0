//! Real sizes, where it matters that they are real.
//!
//! A file that lies on the drive and is not in the ledger is recognised by its name and size. The catalogue's
//! sizes are nearly always right (facts/media.md section A4), but "nearly" would mean second copies after a lost
//! ledger. So the phone is asked for the sizes of those files that could be affected, and only for those: a
//! first export to an empty folder asks for none, a repeated one for the new files of the folders it adds to.

use std::collections::BTreeSet;

use futures_util::StreamExt as _;

use crate::catalog::{Catalog, Presence};
use crate::plan::{DestPath, Known, Places};
use crate::source::{DevicePath, Source, SourceError};

/// Questions under way at once.
const AT_ONCE: usize = 64;

/// Replaces the catalogue's sizes by the phone's for files whose items the ledger does not know and whose
/// folders on the drive are `occupied`.
///
/// # Errors
/// Only that the source is gone.
pub(super) async fn make_real(
    source: &dyn Source,
    catalog: &mut Catalog,
    selected: &[usize],
    places: &Places,
    known: &Known,
    occupied: &BTreeSet<DestPath>,
) -> Result<(), SourceError> {
    if occupied.is_empty() {
        return Ok(());
    }
    let mut asked: Vec<(usize, usize)> = Vec::new();
    let mut paths: Vec<DevicePath> = Vec::new();
    for index in selected {
        let Some(item) = catalog.items.get(*index) else { continue };
        let is_concerned = places.home(*index).is_some_and(|home| occupied.contains(home));
        if !known.of(&item.uuid).is_empty() || !is_concerned {
            continue;
        }
        for (position, resource) in item.resources.iter().enumerate() {
            if let Presence::OnPhone(path) = &resource.presence {
                asked.push((*index, position));
                paths.push(path.clone());
            }
        }
    }
    let mut answers =
        futures_util::stream::iter(paths.iter().map(|path| source.stat(path))).buffered(AT_ONCE);
    let mut asked = asked.into_iter();
    while let (Some((index, position)), Some(answer)) = (asked.next(), answers.next().await) {
        let size = match answer {
            Ok(stat) => Some(stat.size_bytes),
            Err(error) if error.is_fatal() => return Err(error),
            // What is wrong with it will be said when it is transferred.
            Err(_) => None,
        };
        let resource = catalog.items.get_mut(index).and_then(|item| item.resources.get_mut(position));
        if let (Some(resource), Some(size)) = (resource, size) {
            resource.size_bytes = Some(size);
        }
    }
    Ok(())
}
