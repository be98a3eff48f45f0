//! What is not on the drive, in words: whoever is about to delete something from the phone must not overlook it.

use crate::catalog::Collection;

use super::{Summary, count, escape, list, size, thousands, words};

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
    let only = format!("Only in {}", summary.collection.cloud());
    if items > 0 {
        let items = words::items(summary.collection, items);
        row(&only, &format!("{items}, {bytes}: not on this phone, so not on the drive"));
        if further > 0 {
            row("", &format!("and {files} {FURTHER}"));
        }
        if summary.preview_files > 0 {
            let previews = count(summary.preview_files, "small preview", "small previews");
            row("", &format!("but {previews} of them (`_preview` in the name)"));
        }
    } else if further > 0 {
        row(&only, &format!("{files} {FURTHER}, {bytes}: not on this phone, so not on the drive"));
    }
    if !summary.missing.is_empty() {
        let n = count(summary.missing.len() as u64, "file", "files");
        row("Missing", &format!("{n} that the catalogue names and the phone does not have; see below"));
    }
}

/// What was not asked for.
pub(super) fn left_out_rows(summary: &Summary, row: &mut impl FnMut(&str, &str)) {
    let hint = |option: &str, is_known: bool| match is_known && !summary.without_hints {
        true => format!(" ({option})"),
        false => String::new(),
    };
    let of_photos = summary.collection == Collection::Photos;
    let of_memos = summary.collection == Collection::VoiceMemos;
    let of_files = summary.collection == Collection::Files;
    let mut label = "Left out";
    for (n, what, option, is_known) in [
        (summary.left_out_trashed as u64, "in Recently Deleted", "--trashed include", of_photos || of_memos),
        (summary.left_out_shared as u64, "in shared albums", "--shared include", of_photos),
        (
            summary.left_out_shared_with_you as u64,
            "in Shared with You, not saved",
            "--shared-with-you include",
            of_photos,
        ),
        (summary.left_out_elsewhere as u64, "in iCloud links and the like", "", false),
        (summary.left_out_hidden as u64, "in the Hidden album", "--hidden include", of_photos),
        (
            summary.left_out_protected as u64,
            "protected (DRM), of use only with their account",
            "--protected include",
            true,
        ),
        (
            summary.left_out_streams as u64,
            "kept as streams (DRM), which only the app that loaded them can play",
            "",
            false,
        ),
        (summary.left_out_bursts as u64, "other frames of bursts", "--bursts all", of_photos),
        (summary.left_out_originals as u64, "originals of what was edited", "--versions both", of_photos),
        (summary.left_out_edits as u64, "edited versions", "--versions both", of_photos),
        (summary.left_out_heics, "HEICs, of which there are only JPEGs", "--keep-original", of_photos),
        (
            summary.left_out_jpegs as u64,
            "JPEGs of HEICs that were there already",
            "--keep-original",
            of_photos,
        ),
        ((summary.left_out_others + summary.not_asked_items) as u64, "not asked for", "", false),
    ] {
        if n > 0 {
            row(label, &format!("{} {what}{}", thousands(n), hint(option, is_known)));
            label = "";
        }
    }
    if summary.left_out_orphans > 0 {
        let n = count(summary.left_out_orphans as u64, "file", "files");
        let (folders, hint) = (words::folders(summary.collection), hint("--orphans include", !of_files));
        row("Not in the catalogue", &format!("{n} in {folders}, not exported{hint}"));
    }
}

/// Which files the phone does not have.
pub(super) fn lists(summary: &Summary, out: &mut String) {
    let lines = summary.missing.iter().map(|file| format!("{} ({})", escape(&file.name), file.role));
    list("Missing on the phone:", lines, out);
    let left_out = summary.left_out_protected + summary.left_out_streams;
    let title = match (left_out, summary.protected_items) {
        (0, _) => "Protected (DRM), asked for all the same:",
        (_, 0) => "Protected (DRM), not exported:",
        _ => "Protected (DRM), of which what is kept as a stream is not exported:",
    };
    let lines = summary.protected.iter().map(|file| escape(&file.name));
    list(title, lines, out);
}

/// Everything that was asked for and is not on the drive, in a sentence; and in another what nobody looked at, which
/// an earlier run may have put there. Neither, if there is nothing of it.
pub(super) fn sentences(summary: &Summary) -> Vec<String> {
    let (items, further) = (summary.cloud_only_items() as u64, summary.cloud_only_further_files() as u64);
    let files = |n: u64| count(n, "file", "files");
    let missing = summary.missing.len() as u64;
    let failed = summary.failed.len() as u64;
    let cloud = summary.collection.cloud();
    let absent = [
        (items, format!("{} only in {cloud}", thousands(items))),
        (further, format!("{} (edits, Live movies, RAW) only in {cloud}", files(further))),
        (missing, format!("{} missing on the phone", files(missing))),
        (failed, format!("{} that failed", files(failed))),
        (summary.not_reached, format!("{} not reached", files(summary.not_reached))),
        (
            summary.left_out_originals as u64,
            count(summary.left_out_originals as u64, "original", "originals") + " of what was edited",
        ),
        (
            summary.left_out_edits as u64,
            count(summary.left_out_edits as u64, "edited version", "edited versions"),
        ),
        (
            summary.left_out_heics,
            count(summary.left_out_heics, "HEIC", "HEICs") + " of which there are only JPEGs",
        ),
    ];
    let orphans = summary.left_out_orphans as u64;
    let left_out = [
        (summary.left_out_trashed, "in Recently Deleted"),
        (summary.left_out_shared, "in shared albums"),
        (summary.left_out_shared_with_you, "in Shared with You"),
        (summary.left_out_elsewhere, "in iCloud links and the like"),
        (summary.left_out_hidden, "in the Hidden album"),
        (summary.left_out_protected, "protected (DRM)"),
        (summary.left_out_streams, "kept as streams (DRM)"),
        (summary.left_out_bursts, "of bursts"),
        (summary.left_out_others + summary.not_asked_items, "not asked for"),
    ]
    .map(|(n, what)| (n as u64, format!("{} {what}", thousands(n as u64))));
    let orphans = (orphans, format!("{} not in the catalogue", files(orphans)));
    let told = |parts: Vec<(u64, String)>| {
        let parts: Vec<String> = parts.into_iter().filter(|(n, _)| *n > 0).map(|(_, text)| text).collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    };
    let absent = told(absent.into()).map(|parts| format!("NOT on the drive: {parts}."));
    let left_out = told([orphans].into_iter().chain(left_out).collect())
        .map(|parts| format!("Left out, and NOT on the drive unless another run put it there: {parts}."));
    absent.into_iter().chain(left_out).collect()
}
