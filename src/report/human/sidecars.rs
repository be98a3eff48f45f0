//! What the summary says of sidecars, if any were asked for.

use super::{Summary, count, escape, list, thousands};

/// What became of them.
pub(super) fn rows(summary: &Summary, row: &mut impl FnMut(&str, &str)) {
    let done: Vec<String> = [
        (summary.sidecars_written, "written"),
        (summary.sidecars_rewritten, "rewritten"),
        (summary.sidecars_unchanged, "up to date"),
    ]
    .into_iter()
    .filter(|(n, _)| *n > 0)
    .map(|(n, what)| format!("{} {what}", thousands(n)))
    .collect();
    if !done.is_empty() {
        row("Sidecars", &done.join(", "));
    }
    if !summary.sidecars_kept.is_empty() {
        let n = count(summary.sidecars_kept.len() as u64, "file", "files");
        row("Sidecars left alone", &format!("{n} that somebody else changed or wrote; see below"));
    }
    if !summary.sidecars_failed.is_empty() {
        row("Sidecars failed", &format!("{}; see below", thousands(summary.sidecars_failed.len() as u64)));
    }
    if summary.sidecars_not_reached > 0 {
        row("Sidecars not reached", &thousands(summary.sidecars_not_reached));
    }
}

/// Which ones somebody should look at.
pub(super) fn lists(summary: &Summary, out: &mut String) {
    let kept = summary.sidecars_kept.iter().map(|path| escape(path));
    list("Sidecars left alone, and what is new on the phone is not in them:", kept, out);
    let failed = &summary.sidecars_failed;
    let failed = failed.iter().map(|failed| format!("{}: {}", escape(&failed.path), escape(&failed.reason)));
    list("Sidecars that failed:", failed, out);
}
