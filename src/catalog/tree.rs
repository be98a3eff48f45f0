//! Walks through all folders below a place of the phone, within limits.
//!
//! Links are not followed, so that nothing is walked in circles; but a hostile phone can make up folders without end.

use std::collections::VecDeque;

use super::listing::{Directory, Listing, ListingProgress, list_all};
use super::orphans::stat_all;
use super::progress::ProgressFn;
use crate::source::{DevicePath, EntryKind, Source, SourceError, SourceErrorKind, Stat};

/// Folders that are listed before their files are looked at: enough to keep the phone busy.
const AT_ONCE: usize = 64;

/// How far a walk goes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Folders in folders: those at the place itself are 1 deep.
    pub depth: usize,
    /// Names of all kinds, of all folders together.
    pub names: usize,
    /// Bytes of all their paths together.
    pub path_bytes: usize,
}

/// Nobody has as many documents, or nests them as deep: what is beyond is left out and told.
pub(super) const LIMITS: Limits = Limits { depth: 64, names: 1_000_000, path_bytes: 256 << 20 };

/// What was found on a walk.
#[derive(Debug, Default)]
pub(super) struct Walked {
    /// Files, with what the phone says of them, if it says anything.
    pub files: Vec<(DevicePath, Option<Stat>)>,
    /// Links, devices and the like, which are neither followed nor files.
    pub others: usize,
    /// Folders that are there and could not be listed.
    pub unreadable: Vec<SourceError>,
    /// Folders that are too deep, or whose paths are longer than any.
    pub too_deep: usize,
    /// Whether there is more than the limits allow.
    pub is_cut: bool,
    names: usize,
    path_bytes: usize,
}

impl Walked {
    /// Walks through everything below `root` and adds it. `limits` are those of all walks of this together.
    ///
    /// # Errors
    /// Only that the source is gone.
    pub(super) async fn walk(
        &mut self,
        source: &dyn Source,
        root: &DevicePath,
        limits: Limits,
        counter: &ListingProgress<'_>,
        progress: &ProgressFn<'_>,
    ) -> Result<(), SourceError> {
        let mut waiting = VecDeque::from([(root.clone(), 1_usize)]);
        while !waiting.is_empty() && !self.is_cut {
            let (folders, depths): (Vec<_>, Vec<_>) = waiting.drain(..waiting.len().min(AT_ONCE)).unzip();
            let listings = list_all(source, &folders, counter).await?;
            let mut found = Vec::new();
            for ((folder, depth), listing) in folders.iter().zip(depths).zip(listings) {
                self.unreadable.extend(match &listing {
                    Listing::Failed(error) => Some(error.clone()),
                    Listing::Names(_) | Listing::Absent => None,
                });
                for name in listing.directory().map(Directory::names).unwrap_or_default() {
                    // A path that no phone could be asked for is as good as none.
                    let Ok(path) = DevicePath::parse(folder.join(name).as_bytes()) else {
                        self.too_deep += 1;
                        continue;
                    };
                    self.names += 1;
                    self.path_bytes += path.as_bytes().len();
                    self.is_cut |= self.names > limits.names || self.path_bytes > limits.path_bytes;
                    if self.is_cut {
                        break;
                    }
                    found.push((path, depth));
                }
            }
            let (paths, depths): (Vec<_>, Vec<_>) = found.into_iter().unzip();
            let stats = stat_all(source, &paths, progress).await?;
            for ((path, depth), stat) in paths.into_iter().zip(depths).zip(stats) {
                match stat.map(|stat| (stat.kind, stat)) {
                    Ok((EntryKind::File, stat)) => self.files.push((path, Some(stat))),
                    Ok((EntryKind::Directory, _)) if depth < limits.depth => {
                        waiting.push_back((path, depth + 1))
                    }
                    Ok((EntryKind::Directory, _)) => self.too_deep += 1,
                    Ok((EntryKind::Other, _)) => self.others += 1,
                    Err(error) if error.kind == SourceErrorKind::NotFound => {}
                    // It is taken for a file: the transfer will say what is wrong with it.
                    Err(_) => self.files.push((path, None)),
                }
            }
        }
        Ok(())
    }
}
