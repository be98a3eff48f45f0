//! The end of an export of everything, in words.

use std::time::Duration;

use super::{count, duration, escape, size, thousands};
use crate::catalog::Collection;
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
    if let (Outcome::WithFailures, Some(reason)) = (outcome, &own.reason)
        && own.exported_files + own.already_files == 0
    {
        return format!("NOT exported: {}", escape(reason));
    }
    // Of what was not read to its end, nobody knows that.
    let is_known = outcome == Outcome::Complete && !own.without_catalogue && own.unread_folders == 0;
    if is_known && own.items == 0 && is_untouched(own) && own.left_out == 0 {
        let protected = match own.left_out_protected {
            0 => String::new(),
            n => format!(" but {} protected (DRM), left out", thousands(n as u64)),
        };
        let nothing =
            if own.beyond_reach.is_empty() { "nothing there" } else { "nothing that the cable reaches" };
        return format!("{nothing}{protected}");
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
    if own.left_out > 0 {
        let more = if own.not_on_drive > 0 || own.left_out_protected > 0 { " more" } else { "" };
        parts.push(format!("{}{more} left out", thousands(own.left_out as u64)));
    }
    if own.without_catalogue {
        parts.push("without the phone's catalogue".to_owned());
    }
    if own.unread_folders > 0 {
        let n = own.unread_folders as u64;
        parts.push(count(n, "folder could not be read", "folders could not be read"));
    }
    if !own.beyond_reach.is_empty() {
        parts.push("not counting what the cable does not reach".to_owned());
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

/// Whether no file of it was copied, was there or is known to be wanted.
const fn is_untouched(own: &CollectionTotal) -> bool {
    own.exported_files == 0 && own.already_files == 0 && own.not_on_drive == 0
}

fn verdict(total: &Total) -> String {
    let mut lines = vec![ending(total).to_owned()];
    let is_there = |collection: &Collection| {
        let mut own = total.collections.iter().filter(|own| own.collection == *collection);
        own.any(|own| !own.outcome.is_some_and(Outcome::is_early) || !is_untouched(own))
    };
    let others = Collection::ALL.into_iter().filter(|collection| !is_there(collection));
    let others: Vec<&str> = others.map(Collection::title).collect();
    if !others.is_empty() {
        lines.push(format!("Not exported in this run: {}.", others.join(", ")));
    }
    let unknown = total.collections.iter().filter(|own| own.without_catalogue || own.unread_folders > 0);
    let unknown: Vec<&str> = unknown.map(|own| own.collection.title()).collect();
    if !unknown.is_empty() {
        lines.push(format!(
            "Of {} it is NOT known whether this is all: do not delete anything of it from the phone because of this \
             export.",
            unknown.join(", ")
        ));
    }
    lines.join("\n")
}

/// How it ended.
fn ending(total: &Total) -> &'static str {
    let unread =
        total.collections.iter().filter(|own| own.outcome.is_none() || !own.beyond_reach.is_empty()).count();
    let not_whole = total
        .collections
        .iter()
        .filter(|own| own.outcome.is_some_and(|outcome| outcome != Outcome::Complete));
    match (not_whole.count(), unread) {
        (0, 0) => {
            "All that was asked for was exported; what is not on the drive is told above, kind by kind."
        }
        (0, _) => {
            "All that was asked for and that the cable reaches was exported; what is not on the drive is told above, \
             kind by kind."
        }
        (_, _) => {
            "Not everything is on the drive: see above, kind by kind. Run the same command again to go on."
        }
    }
}
