//! The sentences at the end, which people act on.

use super::{Summary, absent, count, unread, words};
use crate::report::Outcome;

/// How it ended, what is not on the drive, and what to do.
pub(super) fn verdict(summary: &Summary) -> String {
    let mut lines = vec![outcome(summary)];
    lines.extend(absent::sentences(summary));
    if !summary.differs.is_empty() {
        let n = count(summary.differs.len() as u64, "file is", "files are");
        lines.push(format!(
            "{n} not what Photos recorded: look at the list above before you delete anything."
        ));
    }
    lines.extend(unread::sentence(summary));
    if summary.without_catalogue {
        let text = "What is only in iCloud, and what is kept elsewhere, is NOT known without the phone's catalogue: do not \
                    delete anything from the phone because of this export.";
        lines.push(text.to_owned());
    }
    lines.extend(what_to_do(summary).map(str::to_owned));
    lines.join("\n")
}

fn outcome(summary: &Summary) -> String {
    if let Some(text) = unread::outcome(summary) {
        return text;
    }
    let cannot_be_had = !summary.cloud_only.is_empty() || !summary.missing.is_empty();
    let is_within_reach = summary.beyond_reach.is_empty();
    match summary.outcome {
        Outcome::Complete if summary.items == 0 && is_within_reach => "There was nothing to export.".to_owned(),
        Outcome::Complete if summary.items == 0 => "The cable reaches nothing to export.".to_owned(),
        Outcome::Complete if summary.without_catalogue => {
            let (one, _) = summary.collection.items();
            let one = one.replace(" or ", " and ");
            format!("Every {one} that was found in {} is on the drive.", words::folders(summary.collection))
        }
        Outcome::Complete if !is_within_reach => match summary.exported_files {
            0 => {
                "Nothing was copied: everything that was asked for and that the cable reaches is on the drive already."
            }
            _ => "Everything that was asked for and that the cable reaches is on the drive.",
        }
        .to_owned(),
        Outcome::Complete => match (summary.exported_files, cannot_be_had) {
            (0, false) => "Nothing was copied: everything that was asked for is on the drive already.",
            (0, true) => {
                "Nothing was copied: everything that was asked for and is on the phone is on the drive already."
            }
            (_, false) => "Everything that was asked for is on the drive.",
            (_, true) => "Everything that was asked for and is on the phone is on the drive.",
        }
        .to_owned(),
        Outcome::WithFailures if summary.only_sidecars_failed() => {
            format!("Some sidecars could not be written. The {} are on the drive.", words::all(summary.collection))
        }
        Outcome::WithFailures if summary.reason.is_some() => {
            "It ended early, for the reason above. What is listed as exported is safe on the drive.".to_owned()
        }
        Outcome::WithFailures => {
            let n = summary.failed.len() as u64 + summary.not_reached;
            format!(
                "{} NOT on the drive. Everything else that was asked for and is on the phone is.",
                count(n, "file could not be exported and is", "files could not be exported and are")
            )
        }
        Outcome::DestinationFull => {
            "The drive is full. What is listed as exported is safe on it.".to_owned()
        }
        Outcome::DestinationFailed => {
            "The drive cannot be written to any more. What is listed as exported was safe on it.".to_owned()
        }
        Outcome::PhoneLost => {
            "The connection to the iPhone was lost. What is listed as exported is safe on the drive.".to_owned()
        }
        Outcome::Interrupted => "Stopped. What is listed as exported is safe on the drive.".to_owned(),
    }
}

const fn what_to_do(summary: &Summary) -> Option<&'static str> {
    match summary.outcome {
        Outcome::Complete => None,
        Outcome::WithFailures => Some("Run the same command again to try only what is missing."),
        Outcome::DestinationFull => {
            Some("Make room or use a larger drive, and run the same command again: it goes on where it was.")
        }
        Outcome::DestinationFailed => {
            Some("Check its cable, and run the same command again: it goes on where it was.")
        }
        Outcome::PhoneLost => Some("Connect it again and run the same command: it goes on where it was."),
        Outcome::Interrupted => Some("Run the same command again: it goes on where it was."),
    }
}
