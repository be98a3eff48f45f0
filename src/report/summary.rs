//! The end of a run, in numbers and lists.

use std::collections::HashSet;

use serde::Serialize;

use super::{FailedFile, FailedSidecar};
use crate::catalog::Collection;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Everything that was asked for and is on the phone is on the drive.
    #[default]
    Complete,
    /// Some files failed, or folders of the phone could not be read; everything else is on the drive.
    WithFailures,
    /// The drive is full.
    DestinationFull,
    /// The drive cannot be written to any more.
    DestinationFailed,
    /// The phone is gone.
    PhoneLost,
    /// The person stopped it.
    Interrupted,
}

impl Outcome {
    /// Whether it ended before everything was looked at.
    #[must_use]
    pub const fn is_early(self) -> bool {
        !matches!(self, Self::Complete | Self::WithFailures)
    }
}

/// A file of an item, for the lists of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ItemFile {
    /// The asset's uuid.
    pub uuid: String,
    /// The name it was made under.
    pub name: String,
    /// What the file is to its item.
    pub role: &'static str,
    /// Size in bytes as the catalogue has it.
    pub bytes: Option<u64>,
}

/// A file on the drive that is something else than what the phone recorded of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DifferingFile {
    /// The asset's uuid.
    pub uuid: String,
    /// The name it was made under.
    pub name: String,
    /// What the file is to its item.
    pub role: &'static str,
    /// Path below the destination.
    pub to: String,
    /// Path on the phone; absent if it is not there any more.
    pub from: Option<String>,
}

/// A HEIC of which no JPEG could be made, for the lists of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotConvertedFile {
    /// The asset's uuid.
    pub uuid: String,
    /// The name it was made under.
    pub name: String,
    /// What the file is to its item.
    pub role: &'static str,
    /// Where it was put itself, below the destination.
    pub to: String,
    /// Why, in words.
    pub reason: String,
}

/// What a run did. Every number counts something that a person can check.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Summary {
    /// What was exported.
    #[serde(rename = "kind", serialize_with = "collection_word")]
    pub collection: Collection,
    /// How it ended.
    pub outcome: Outcome,
    /// Why it ended early, if it did.
    pub reason: Option<String>,
    /// Items that the phone's catalogue names, whatever their flags; pictures of albums are none.
    pub library_items: usize,
    /// Whether the phone's catalogue could not be read, so that only the files in its folders are known.
    pub without_catalogue: bool,
    /// Items that were meant; pictures of albums are none.
    pub items: usize,
    /// How many of the items the phone's catalogue does not name: files in its folders.
    pub orphan_items: usize,
    /// Pictures of albums that go with them.
    pub covers: usize,
    /// How many of the items are protected, so that they play only with the account they were bought with.
    pub protected_items: usize,
    /// How many of them are in the Hidden album.
    pub hidden_items: usize,
    /// Files copied in this run, adopted and replaced ones included.
    pub exported_files: u64,
    /// Their size in bytes.
    pub exported_bytes: u64,
    /// How many of the exported were on the drive already, unknown to the ledger, and proven equal.
    pub adopted_files: u64,
    /// How many of the exported replaced an older version.
    pub replaced_files: u64,
    /// How many of the exported are JPEGs that were made of HEICs.
    pub converted_files: u64,
    /// HEICs of which no JPEG could be made; they were exported themselves.
    pub not_converted: Vec<NotConvertedFile>,
    /// How many of the exported are songs into which tags were filled.
    pub tagged_files: u64,
    /// Songs into which not all tags could be filled that they lack; they were exported without.
    pub not_tagged: Vec<NotConvertedFile>,
    /// Files that an earlier run had put there.
    pub already_files: u64,
    /// Their size in bytes.
    pub already_bytes: u64,
    /// Of the exported and those that were there, files that are byte for byte what the phone recorded.
    pub proven_files: u64,
    /// Of them, files of which the phone recorded no fingerprint, so that there is nothing to compare with.
    pub no_fingerprint_files: u64,
    /// Of them, files that an older version of this program exported, which did not compare.
    pub no_record_files: u64,
    /// Of them, files that are something else than what the phone recorded.
    pub differs: Vec<DifferingFile>,
    /// Files that are only in iCloud.
    pub cloud_only: Vec<ItemFile>,
    /// The sum of their sizes in bytes, as far as the catalogue has them.
    pub cloud_only_bytes: u64,
    /// Small pictures of them that are on the drive, from this run or an earlier one.
    pub preview_files: u64,
    /// Files that the catalogue names and that are neither on the phone nor known to iCloud.
    pub missing: Vec<ItemFile>,
    /// Files that failed.
    pub failed: Vec<FailedFile>,
    /// Files that were not reached because the run ended early.
    pub not_reached: u64,
    /// Folders on the phone that could not be read: what is in them is not known, except what its catalogue says.
    pub unread_folders: usize,
    /// Links from the folders of further albums that were made in this run.
    pub links_made: u64,
    /// How links are made on this drive: `reflink`, `hard`, `symbolic` or `copy`.
    pub links_how: Option<&'static str>,
    /// Albums or playlists whose lists of members are on the drive.
    pub album_lists: u64,
    /// Items in Recently Deleted, left out.
    pub left_out_trashed: usize,
    /// Items of shared albums, left out.
    pub left_out_shared: usize,
    /// Items of iCloud links and the like, left out.
    pub left_out_elsewhere: usize,
    /// Items of "Shared with You", left out.
    pub left_out_shared_with_you: usize,
    /// Items left out by `--hidden exclude`.
    pub left_out_hidden: usize,
    /// Items left out because only others were asked for (`--trashed only` and the like).
    pub left_out_others: usize,
    /// Protected items, left out.
    pub left_out_protected: usize,
    /// Protected items that are kept as streams, left out whatever was asked for.
    pub left_out_streams: usize,
    /// Their files, those that were asked for all the same included, if there is a file.
    pub protected: Vec<ItemFile>,
    /// Files in the folders of the phone that the catalogue does not name, left out.
    pub left_out_orphans: usize,
    /// Items that nobody asked for: of other albums, dates, kinds and so on.
    pub not_asked_items: usize,
    /// Frames of bursts that were not asked for.
    pub left_out_bursts: usize,
    /// Items of which only the edit is on the drive, and not the original (`--versions edited`).
    pub left_out_originals: usize,
    /// Items whose edit is not on the drive (`--versions original`).
    pub left_out_edits: usize,
    /// HEICs that are on the drive only as JPEGs (`--convert` without `--keep-original`).
    pub left_out_heics: u64,
    /// HEICs that were on the drive before JPEGs were asked for, and of which none were made.
    pub left_out_jpegs: usize,
    /// Sidecars that were written where there was none.
    pub sidecars_written: u64,
    /// Sidecars that were written anew, because the phone says something else now.
    pub sidecars_rewritten: u64,
    /// Sidecars that hold what they should.
    pub sidecars_unchanged: u64,
    /// Files that have the name of a sidecar and are not ours to replace, below the destination: somebody changed
    /// what was written, or wrote it. What the phone says is not in them.
    pub sidecars_kept: Vec<String>,
    /// Sidecars that could not be written.
    pub sidecars_failed: Vec<FailedSidecar>,
    /// Sidecars that were not reached because the run ended early.
    pub sidecars_not_reached: u64,
    /// What the person should know besides.
    pub warnings: Vec<String>,
    /// Whether the command that was run has no options for what was left out.
    #[serde(skip)]
    pub without_hints: bool,
    /// Seconds from the start of the command.
    pub seconds: f64,
    /// Of these, seconds from the moment the catalogue was read.
    pub seconds_after_catalog: f64,
    /// What of the collection the cable does not reach, in words; among [`Self::warnings`], too.
    pub beyond_reach: Vec<String>,
    /// The destination.
    pub destination: String,
    /// Where this summary lies as a file, below the destination.
    pub report: Option<String>,
}

impl Summary {
    /// Whether everything is on the drive that should be, except sidecars.
    #[must_use]
    pub fn only_sidecars_failed(&self) -> bool {
        !self.sidecars_failed.is_empty() && self.failed.is_empty() && self.not_reached == 0
    }

    /// How many items have their original only in iCloud.
    #[must_use]
    pub fn cloud_only_items(&self) -> usize {
        self.cloud_only.iter().filter(|file| file.role == "original").count()
    }

    /// How many files of other items are only in iCloud: edits, Live movies and RAWs of originals that are here.
    #[must_use]
    pub fn cloud_only_further_files(&self) -> usize {
        let originals = self.cloud_only.iter().filter(|file| file.role == "original");
        let without: HashSet<&str> = originals.map(|file| file.uuid.as_str()).collect();
        self.cloud_only.iter().filter(|file| !without.contains(file.uuid.as_str())).count()
    }

    /// Files on the drive of which it is known what the phone's own fingerprint says, or that there is none.
    #[must_use]
    pub const fn compared_files(&self) -> u64 {
        self.proven_files + self.no_fingerprint_files + self.no_record_files + self.differs.len() as u64
    }
}

/// The name of a collection, as JSON has it.
pub(super) fn collection_word<S: serde::Serializer>(
    collection: &Collection,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(collection.name())
}
