//! The end of an export of everything: what came of each collection, and of all together.

use serde::Serialize;

use super::summary::collection_word;
use super::{Outcome, Summary};
use crate::catalog::Collection;

/// What came of one collection.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CollectionTotal {
    /// Which.
    #[serde(rename = "kind", serialize_with = "collection_word")]
    pub collection: Collection,
    /// How its export ended; `None` if nothing of it could be read.
    pub outcome: Option<Outcome>,
    /// Why nothing of it could be read, in words.
    pub reason: Option<String>,
    /// Items that were meant.
    pub items: usize,
    /// Files copied in this run.
    pub exported_files: u64,
    /// Their size in bytes.
    pub exported_bytes: u64,
    /// Files that an earlier run had put there.
    pub already_files: u64,
    /// Their size in bytes.
    pub already_bytes: u64,
    /// Items and files that are asked for and not on the drive: only in the cloud, missing, failed, not reached.
    pub not_on_drive: u64,
    /// Protected items, left out, those that are kept as streams included.
    pub left_out_protected: usize,
    /// What else was left out: in Recently Deleted, in shared albums, not in the catalogue, not asked for and so on.
    pub left_out: usize,
    /// Whether the phone's catalogue could not be read, so that nobody knows whether this is all.
    pub without_catalogue: bool,
    /// Folders of the phone that could not be read: nobody knows what is in them.
    pub unread_folders: usize,
    /// What of it the cable does not reach, in words.
    pub beyond_reach: Vec<String>,
}

impl CollectionTotal {
    /// What a summary comes to.
    #[must_use]
    pub fn of(summary: &Summary) -> Self {
        let in_cloud = summary.cloud_only_items() + summary.cloud_only_further_files();
        let absent = in_cloud + summary.missing.len() + summary.failed.len();
        Self {
            collection: summary.collection,
            outcome: Some(summary.outcome),
            reason: summary.reason.clone(),
            items: summary.items,
            exported_files: summary.exported_files,
            exported_bytes: summary.exported_bytes,
            already_files: summary.already_files,
            already_bytes: summary.already_bytes,
            not_on_drive: absent as u64 + summary.not_reached,
            left_out_protected: summary.left_out_protected + summary.left_out_streams,
            left_out: summary.left_out_trashed
                + summary.left_out_shared
                + summary.left_out_shared_with_you
                + summary.left_out_elsewhere
                + summary.left_out_hidden
                + summary.left_out_orphans
                + summary.left_out_others
                + summary.not_asked_items,
            without_catalogue: summary.without_catalogue,
            unread_folders: summary.unread_folders,
            beyond_reach: summary.beyond_reach.clone(),
        }
    }

    /// A collection of which nothing could be read.
    #[must_use]
    pub const fn out_of_reach(collection: Collection, reason: String) -> Self {
        Self {
            collection,
            outcome: None,
            reason: Some(reason),
            items: 0,
            exported_files: 0,
            exported_bytes: 0,
            already_files: 0,
            already_bytes: 0,
            not_on_drive: 0,
            left_out_protected: 0,
            left_out: 0,
            without_catalogue: false,
            unread_folders: 0,
            beyond_reach: Vec::new(),
        }
    }
}

/// What came of all of them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Total {
    /// Each, in the order in which they were exported.
    pub collections: Vec<CollectionTotal>,
    /// Files copied in this run.
    pub exported_files: u64,
    /// Their size in bytes.
    pub exported_bytes: u64,
    /// Files that an earlier run had put there.
    pub already_files: u64,
    /// Their size in bytes.
    pub already_bytes: u64,
    /// Seconds from the start of the command.
    pub seconds: f64,
    /// The destination.
    pub destination: String,
}

impl Total {
    /// The sum of what came of each.
    #[must_use]
    pub fn of(collections: Vec<CollectionTotal>, destination: String, seconds: f64) -> Self {
        let sum = |of: fn(&CollectionTotal) -> u64| collections.iter().map(of).fold(0, u64::saturating_add);
        Self {
            exported_files: sum(|own| own.exported_files),
            exported_bytes: sum(|own| own.exported_bytes),
            already_files: sum(|own| own.already_files),
            already_bytes: sum(|own| own.already_bytes),
            collections,
            seconds,
            destination,
        }
    }
}
