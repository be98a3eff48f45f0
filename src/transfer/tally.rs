//! What came of a transfer.

use std::io;

use crate::plan::PlannedFile;

/// Why a transfer ended before its plan did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// Somebody asked for it.
    Interrupted,
    /// The source cannot be read any more.
    SourceLost(String),
    /// The drive is full.
    DriveFull,
    /// The drive cannot be written to any more.
    DriveFailed(String),
    /// A part of this program stopped.
    Broken(String),
}

/// A file that could not be transferred.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// Which one.
    pub file: PlannedFile,
    /// Why, in words.
    pub reason: String,
}

/// A file of which no JPEG could be made, or into which no tags could be filled. It is on the drive itself.
#[derive(Debug, Clone, PartialEq)]
pub struct NotConverted {
    /// Which one.
    pub file: PlannedFile,
    /// Why, in words.
    pub reason: String,
}

/// What came of a transfer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tally {
    /// Files on the drive and recorded, adopted and replaced ones included.
    pub exported_files: u64,
    /// Their size in bytes.
    pub exported_bytes: u64,
    /// Of these, files that lay there and were found equal.
    pub adopted_files: u64,
    /// Of these, files that replaced an older version.
    pub replaced_files: u64,
    /// Of the exported, files that are byte for byte what the phone recorded.
    pub proven_files: u64,
    /// Of the exported, files of which the phone recorded no fingerprint.
    pub no_fingerprint_files: u64,
    /// Of the exported, files that are something else than what the phone recorded.
    pub differing: Vec<PlannedFile>,
    /// Of the exported, JPEGs that were made of HEICs.
    pub converted_files: u64,
    /// Of these, those whose HEIC was not exported with them.
    pub jpegs_alone: u64,
    /// Of the exported, small pictures that the phone keeps of what is only in iCloud.
    pub preview_files: u64,
    /// Of the exported, HEICs of which no JPEG could be made.
    pub not_converted: Vec<NotConverted>,
    /// Of the exported, songs into which tags were filled.
    pub tagged_files: u64,
    /// Of the exported, songs into which no tags could be filled; they are on the drive as they are on the phone.
    pub not_tagged: Vec<NotConverted>,
    /// Files that are not on the drive.
    pub failures: Vec<Failure>,
    /// Names that turned out to belong to other content; another plan finds other names.
    pub conflicts: u64,
    /// Files that were not tried or not finished.
    pub not_reached: u64,
    /// Why it ended early, if it did.
    pub end: Option<End>,
}

impl Tally {
    /// Adds what came of a further round of the same transfer: of what lost its name to something else.
    pub fn add_round(&mut self, round: Self) {
        self.exported_files += round.exported_files;
        self.exported_bytes += round.exported_bytes;
        self.adopted_files += round.adopted_files;
        self.replaced_files += round.replaced_files;
        self.converted_files += round.converted_files;
        self.jpegs_alone += round.jpegs_alone;
        self.preview_files += round.preview_files;
        self.not_converted.extend(round.not_converted);
        self.tagged_files += round.tagged_files;
        self.not_tagged.extend(round.not_tagged);
        self.proven_files += round.proven_files;
        self.no_fingerprint_files += round.no_fingerprint_files;
        self.differing.extend(round.differing);
        self.failures.extend(round.failures);
        self.conflicts = round.conflicts;
        // A file that lost its name to another and got no other one is not on the drive. A further round, if there
        // is one, says anew what was not reached.
        self.not_reached = round.not_reached + round.conflicts;
        self.end = round.end;
    }
}

/// What an error while writing means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WriteProblem {
    /// This file cannot be written, others can.
    ThisFile(String),
    /// Nothing can be written any more.
    Everything(End),
}

impl WriteProblem {
    /// Judges an error of a [`super::Drive`].
    #[must_use]
    pub fn of(error: &io::Error) -> Self {
        use io::ErrorKind as K;
        match error.kind() {
            K::StorageFull | K::QuotaExceeded => Self::Everything(End::DriveFull),
            K::FileTooLarge => Self::ThisFile(
                "the file is larger than the drive's file system allows (FAT32 ends at 4 GiB; exFAT does not)"
                    .to_owned(),
            ),
            K::NotADirectory => Self::ThisFile(
                "a file on the drive is in the way of the folder that it belongs into; move that file away".to_owned(),
            ),
            K::InvalidFilename | K::InvalidInput | K::AlreadyExists => Self::ThisFile(error.to_string()),
            _ => Self::Everything(End::DriveFailed(error.to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_stay_taken_are_not_called_complete() {
        let mut total = Tally::default();
        total.add_round(Tally { exported_files: 3, conflicts: 2, ..Tally::default() });
        assert_eq!(total.not_reached, 2);
        total.add_round(Tally { exported_files: 2, ..Tally::default() });
        assert_eq!((total.exported_files, total.not_reached), (5, 0));
    }
}
