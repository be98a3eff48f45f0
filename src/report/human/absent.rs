//! What is not on the drive, in words: whoever is about to delete something from the phone must not overlook it.

use super::{Summary, count, escape, list, size, thousands};

/// What is asked for and cannot be had.
pub(super) fn rows(summary: &Summary, row: &mut impl FnMut(&str, &str)) {
    const FURTHER: &str = "(edits, Live movies, RAW) of photos whose originals are here";
    let (items, further) = (summary.cloud_only_items() as u64, summary.cloud_only_further_files() as u64);
    let unknown = summary.cloud_only.iter().filter(|file| file.bytes.is_none()).count();
    let bytes = match (summary.cloud_only_bytes, unknown) {
        (0, _) => "size unknown".to_owned(),
        (bytes, 0) => size(bytes),
        (bytes, _) => format!("at least {}", size(bytes)),
    };
    let files = count(further, "file", "files");
    if items > 0 {
        let items = count(items, "photo or video", "photos and videos");
        row("Only in iCloud", &format!("{items}, {bytes}: not on this phone, so not on the drive"));
        if further > 0 {
            row("", &format!("and {files} {FURTHER}"));
        }
        if summary.preview_files > 0 {
            let previews = count(summary.preview_files, "small preview", "small previews");
            row("", &format!("but {previews} of them (`_preview` in the name)"));
        }
    } else if further > 0 {
        row("Only in iCloud", &format!("{files} {FURTHER}, {bytes}: not on this phone, so not on the drive"));
    }
    if !summary.missing.is_empty() {
        let n = count(summary.missing.len() as u64, "file", "files");
        row("Missing", &format!("{n} that the catalogue names and the phone does not have; see below"));
    }
}

/// What was not asked for.
pub(super) fn left_out_rows(summary: &Summary, row: &mut impl FnMut(&str, &str)) {
    let mut label = "Left out";
    for (n, what) in [
        (summary.left_out_trashed, "in Recently Deleted (--trashed include)"),
        (summary.left_out_shared, "in shared albums (--shared include)"),
        (summary.left_out_shared_with_you, "in Shared with You, not saved (--shared-with-you include)"),
        (summary.left_out_elsewhere, "in iCloud links and the like"),
        (summary.left_out_hidden, "in the Hidden album (--hidden include)"),
        (summary.left_out_bursts, "other frames of bursts (--bursts all)"),
        (summary.left_out_originals, "originals of what was edited (--versions both)"),
        (summary.left_out_edits, "edited versions (--versions both)"),
        (summary.left_out_heics, "HEICs, of which JPEGs were exported (--keep-original)"),
        (summary.left_out_others + summary.not_asked_items, "not asked for"),
    ] {
        if n > 0 {
            row(label, &format!("{} {what}", thousands(n as u64)));
            label = "";
        }
    }
    if summary.left_out_orphans > 0 {
        let n = count(summary.left_out_orphans as u64, "file", "files");
        row("Not in the catalogue", &format!("{n} in the camera folders, not exported (--orphans include)"));
    }
}

/// Which files the phone does not have.
pub(super) fn lists(summary: &Summary, out: &mut String) {
    let lines = summary.missing.iter().map(|file| format!("{} ({})", escape(&file.name), file.role));
    list("Missing on the phone:", lines, out);
}

/// Everything on the phone or in its catalogue that is not on the drive, in a sentence; `None` if nothing is.
pub(super) fn sentence(summary: &Summary) -> Option<String> {
    let (items, further) = (summary.cloud_only_items() as u64, summary.cloud_only_further_files() as u64);
    let files = |n: u64| count(n, "file", "files");
    let orphans = summary.left_out_orphans as u64;
    let parts = [
        (items, format!("{} only in iCloud", thousands(items))),
        (further, format!("{} (edits, Live movies, RAW) only in iCloud", files(further))),
        (
            summary.missing.len() as u64,
            format!("{} missing on the phone", files(summary.missing.len() as u64)),
        ),
        (summary.failed.len() as u64, format!("{} that failed", files(summary.failed.len() as u64))),
        (summary.not_reached, format!("{} not reached", files(summary.not_reached))),
        (orphans, format!("{} not in the catalogue", files(orphans))),
    ];
    let classes = [
        (summary.left_out_trashed, "in Recently Deleted"),
        (summary.left_out_shared, "in shared albums"),
        (summary.left_out_shared_with_you, "in Shared with You"),
        (summary.left_out_elsewhere, "in iCloud links and the like"),
        (summary.left_out_hidden, "in the Hidden album"),
        (summary.left_out_bursts, "of bursts"),
        (summary.left_out_originals, "originals of what was edited"),
        (summary.left_out_edits, "edited versions"),
        (summary.left_out_heics, "HEICs (JPEGs of them are)"),
        (summary.left_out_others + summary.not_asked_items, "not asked for"),
    ]
    .map(|(n, what)| (n as u64, format!("{} {what}", thousands(n as u64))));
    let told: Vec<String> =
        parts.into_iter().chain(classes).filter(|(n, _)| *n > 0).map(|(_, text)| text).collect();
    (!told.is_empty()).then(|| format!("NOT on the drive: {}.", told.join(", ")))
}
