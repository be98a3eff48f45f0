//! What the phone's own fingerprints say of all that is on the drive, in words.

use crate::catalog::Collection;

use super::{Summary, count, escape, list, thousands};

/// How many files are proven, and what the others are.
pub(super) fn rows(summary: &Summary, row: &mut impl FnMut(&str, &str)) {
    let all = summary.compared_files();
    // Only of photos and videos the phone records what they are.
    if all == 0 || summary.collection != Collection::Photos && summary.proven_files == 0 {
        return;
    }
    let proven = thousands(summary.proven_files);
    let row_of =
        |of: String, when: &str| format!("{proven} of {of} byte for byte what the phone recorded{when}");
    // Those of earlier runs were compared then; whether they are what they were is for `manifest --check=hash`.
    row(
        "Proven",
        &match summary.already_files {
            0 => row_of(count(all, "file is", "files are"), ""),
            _ => row_of(count(all, "file was", "files were"), " when copied"),
        },
    );
    if summary.no_fingerprint_files > 0 {
        let n = count(summary.no_fingerprint_files, "was", "were");
        row("", &format!("{n} copied whole, but the phone recorded nothing to compare with, as is common"));
    }
    if summary.no_record_files > 0 {
        let n = count(summary.no_record_files, "was", "were");
        row("", &format!("{n} exported by an older iexport, which did not compare"));
    }
    if !summary.differs.is_empty() {
        let n = count(summary.differs.len() as u64, "file is", "files are");
        row("Differs", &format!("{n} on the drive as on the phone, but not what Photos recorded; see below"));
    }
}

/// Which files differ, and what that means.
pub(super) fn lists(summary: &Summary, out: &mut String) {
    if summary.differs.is_empty() {
        return;
    }
    let lines = summary.differs.iter().map(|file| format!("{} ({})", escape(&file.name), escape(&file.to)));
    list("Not what Photos recorded:", lines, out);
    out.push_str(
        "  These are on the drive exactly as they are on the phone. They were changed there after Photos\n  \
         recorded them, or they are damaged there. Open them on the drive before you delete anything.\n",
    );
}
