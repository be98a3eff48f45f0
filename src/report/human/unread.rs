//! Folders of the phone that could not be read, in words: nobody knows what is in them, so nobody may hear that all
//! is on the drive.

use super::{Summary, count};
use crate::report::Outcome;

/// How many there are.
pub(super) fn row(summary: &Summary, row: &mut impl FnMut(&str, &str)) {
    if summary.unread_folders > 0 {
        let n = count(summary.unread_folders as u64, "folder", "folders");
        row("Could not be read", &format!("{n} of the phone: what is in there is not known"));
    }
}

/// How a run ended that came to its end; `None` if it did not, or if all folders could be read.
pub(super) fn outcome(summary: &Summary) -> Option<String> {
    let came_to_its_end = matches!(summary.outcome, Outcome::Complete | Outcome::WithFailures);
    if summary.unread_folders == 0 || !came_to_its_end || summary.reason.is_some() {
        return None;
    }
    let not_there = summary.failed.len() as u64 + summary.not_reached;
    if not_there > 0 {
        let n = count(not_there, "file could not be exported and is", "files could not be exported and are");
        return Some(format!(
            "{n} NOT on the drive. Everything else that was asked for and found on the phone is."
        ));
    }
    let text = match (summary.items, summary.exported_files) {
        _ if summary.only_sidecars_failed() => {
            "Some sidecars could not be written. The photos and videos that were asked for and found on the phone are on \
             the drive."
        }
        (0, _) => "Nothing was found to export.",
        (_, 0) => {
            "Nothing was copied: everything that was asked for and found on the phone is on the drive already."
        }
        _ => "Everything that was asked for and found on the phone is on the drive.",
    };
    Some(text.to_owned())
}

/// What that means for whoever is about to delete something; `None` if all folders could be read.
pub(super) fn sentence(summary: &Summary) -> Option<String> {
    (summary.unread_folders > 0).then(|| {
        let folders = count(
            summary.unread_folders as u64,
            "folder of the phone could not be read, and what is in it is NOT known",
            "folders of the phone could not be read, and what is in them is NOT known",
        );
        format!("{folders}: do not delete anything from the phone because of this export.")
    })
}
