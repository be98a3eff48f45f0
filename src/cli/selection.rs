//! The words of the command line as a value.

use super::args::{
    CloudOnlyWord, FilesArgs, LayoutWord, LinksWord, NamesWord, PolicyWord, SidecarWord, VersionsWord, Which,
};
use crate::plan::{Contents, Layout, LinkPolicy, LinkWay, Names, Versions};
use crate::select::{Policy, Selection};
use crate::sidecar::Sidecars;

/// The selection that the words mean.
pub(super) fn selection_of(which: &Which) -> Selection {
    Selection {
        albums: which.album.clone(),
        hidden: policy(which.hidden),
        trashed: policy(which.trashed),
        shared: policy(which.shared),
        shared_with_you: policy(which.shared_with_you),
        orphans: policy(which.orphans),
        picked: None,
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

/// In which folders the word means.
pub(super) const fn layout_of(word: LayoutWord) -> Layout {
    match word {
        LayoutWord::ByDate => Layout::ByDate,
        LayoutWord::ByAlbum => Layout::ByAlbum,
        LayoutWord::Flat => Layout::Flat,
        LayoutWord::AsOnPhone => Layout::AsOnPhone,
    }
}

/// Which names the word means.
pub(super) const fn names_of(word: NamesWord) -> Names {
    match word {
        NamesWord::Portable => Names::Portable,
        NamesWord::Native => Names::Native,
    }
}

/// Which links the word means.
pub(super) const fn links_of(word: LinksWord) -> LinkPolicy {
    match word {
        LinksWord::Auto => LinkPolicy::Auto,
        LinksWord::Reflink => LinkPolicy::Only(LinkWay::Reflink),
        LinksWord::Hard => LinkPolicy::Only(LinkWay::Hard),
        LinksWord::Symlink => LinkPolicy::Only(LinkWay::Symbolic),
        LinksWord::Copy => LinkPolicy::Only(LinkWay::Copy),
        LinksWord::None => LinkPolicy::None,
    }
}

/// Which sidecars the words mean.
pub(super) fn sidecars_of(files: &FilesArgs) -> Sidecars {
    Sidecars {
        xmp: files.sidecar.contains(&SidecarWord::Xmp),
        json: files.sidecar.contains(&SidecarWord::Json),
    }
}

const fn policy(word: PolicyWord) -> Policy {
    match word {
        PolicyWord::Include => Policy::Include,
        PolicyWord::Exclude => Policy::Exclude,
        PolicyWord::Only => Policy::Only,
    }
}
