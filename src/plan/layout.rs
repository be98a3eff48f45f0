//! Which folder an item goes to.

use super::dest::DestPath;
use super::names::DestName;
use crate::catalog::Item;

/// How the folders of an export are arranged.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Layout {
    /// `2024/2024-03`, by the local time at the place where it was taken; `Undated` without one.
    #[default]
    ByDate,
}

impl Layout {
    /// The folder of an item.
    #[must_use]
    pub fn folder(&self, item: &Item) -> DestPath {
        match self {
            Self::ByDate => by_date(item),
        }
    }
}

fn by_date(item: &Item) -> DestPath {
    let Some(taken) = item.taken else {
        return DestPath::root().join(&DestName::portable("Undated"));
    };
    let local = taken.local();
    let year = format!("{:04}", local.year());
    let month = format!("{year}-{:02}", local.month());
    DestPath::root().join(&DestName::portable(&year)).join(&DestName::portable(&month))
}
