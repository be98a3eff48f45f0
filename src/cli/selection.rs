//! The words of the command line as a value.

use super::args::{CloudOnlyWord, FilesArgs, PolicyWord, VersionsWord, Which};
use crate::plan::{Contents, Versions};
use crate::select::{Policy, Selection};

/// The selection that the words mean.
pub(super) fn selection_of(which: &Which) -> Selection {
    Selection {
        albums: which.album.clone(),
        hidden: policy(which.hidden),
        trashed: policy(which.trashed),
        shared: policy(which.shared),
        shared_with_you: policy(which.shared_with_you),
        orphans: policy(which.orphans),
    }
}

/// Which files the words mean.
pub(super) const fn contents_of(files: &FilesArgs) -> Contents {
    Contents {
        versions: match files.versions {
            VersionsWord::Both => Versions::Both,
            VersionsWord::Original => Versions::Original,
            VersionsWord::Edited => Versions::Edited,
        },
        adjustments: files.aae,
        previews: matches!(files.cloud_only, CloudOnlyWord::Preview),
        convert: None,
    }
}

const fn policy(word: PolicyWord) -> Policy {
    match word {
        PolicyWord::Include => Policy::Include,
        PolicyWord::Exclude => Policy::Exclude,
        PolicyWord::Only => Policy::Only,
    }
}
