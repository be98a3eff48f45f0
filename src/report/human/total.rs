//! The end of an export of everything, in words.

use std::time::Duration;

use super::{count, duration, escape, size, thousands};
use crate::report::{CollectionTotal, Outcome, Total};

/// One line for each collection, and one for all.
pub(super) fn text(total: &Total) -> String {
    let mut out = String::from("\nEverything\n");
    for own in &total.collections {
        out += &format!("  {:<14}{}\n", own.collection.title(), line(own));
    }
    let files = count(total.exported_files, "file", "files");
    let already = match total.already_files {
        0 => String::new(),
        n => format!(", {} already there", thousands(n)),
    };
    let time = duration(Duration::from_secs_f64(total.seconds.max(0.0)));
    out += &format!("  {:<14}{files}, {}{already}, in {time}\n", "Together", size(total.exported_bytes));
    out += &format!("\n{}\n", verdict(total));
    out
}

fn line(own: &CollectionTotal) -> String {
    let reason = || own.reason.as_deref().map(escape).unwrap_or_default();
    let Some(outcome) = own.outcome else { return format!("not exported: {}", reason()) };
    if own.items == 0 && own.exported_files + own.already_files + own.not_on_drive == 0 {
        let protected = match own.left_out_protected {
            0 => String::new(),
            n => format!(" but {} protected (DRM), left out", thousands(n as u64)),
        };
        return format!("nothing there{protected}");
    }
    let mut parts = vec![format!(
        "{}, {}",
        count(own.exported_files, "file exported", "files exported"),
        size(own.exported_bytes)
    )];
    if own.already_files > 0 {
        parts.push(format!("{} already there", thousands(own.already_files)));
    }
    if own.not_on_drive > 0 {
        parts.push(format!("{} NOT on the drive", thousands(own.not_on_drive)));
    }
    if own.left_out_protected > 0 {
        parts.push(format!("{} protected (DRM), left out", thousands(own.left_out_protected as u64)));
    }
    match outcome {
        Outcome::Complete => {}
        Outcome::WithFailures => parts.push("with failures".to_owned()),
        Outcome::Interrupted => parts.push("stopped".to_owned()),
        Outcome::DestinationFull => parts.push("the drive is full".to_owned()),
        Outcome::DestinationFailed => parts.push("the drive failed".to_owned()),
        Outcome::PhoneLost => parts.push("the connection was lost".to_owned()),
    }
    parts.join(", ")
}

fn verdict(total: &Total) -> String {
    let unread = total.collections.iter().filter(|own| own.outcome.is_none()).count();
    let not_whole = total
        .collections
        .iter()
        .filter(|own| own.outcome.is_some_and(|outcome| outcome != Outcome::Complete));
    match (not_whole.count(), unread) {
        (0, 0) => {
            "All kinds were exported; what is not on the drive is told above, kind by kind.".to_owned()
        }
        (0, _) => {
            "All kinds that the cable reaches were exported; what is not on the drive is told above, kind by kind."
                .to_owned()
        }
        (_, _) => {
            "Not everything is on the drive: see above, kind by kind. Run the same command again to go on.".to_owned()
        }
    }
}
