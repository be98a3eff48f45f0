//! Which part of the phone an asset belongs to (facts/media.md sections A5, A12, A13).

use crate::catalog::Scope;
use crate::source::DevicePath;

/// What an asset's row says of where it comes from.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Provenance<'a> {
    /// `ZSAVEDASSETTYPE`.
    pub saved_type: Option<i64>,
    /// `ZBUNDLESCOPE` (iOS 15 and later).
    pub bundle_scope: Option<i64>,
    /// `ZVISIBILITYSTATE`.
    pub visibility: i64,
    /// Whether it is a frame of a burst.
    pub is_burst: bool,
    /// Whether `ZSYNDICATIONSTATE` says that it came with a conversation (iOS 15 and later).
    pub is_syndicated: bool,
    /// The folder of the main file.
    pub folder: Option<&'a DevicePath>,
}

/// `ZSAVEDASSETTYPE` of what belongs to somebody's shared album: until iOS 18, and from iOS 26 on.
const SHARED_ALBUM: [i64; 2] = [4, 16];
/// ... of what Messages and others show in Photos.
const GUEST: i64 = 12;
/// ... of iCloud links, placeholders, and what a watch synced.
const NEITHER: [i64; 3] = [8, 9, 13];
/// ... of what a computer synced.
const SYNCED: i64 = 256;

/// `ZBUNDLESCOPE`: iCloud link, shared album, Shared with You.
const LINK_BUNDLE: i64 = 1;
const SHARED_ALBUM_BUNDLE: i64 = 2;
const CONVERSATION_BUNDLE: i64 = 3;

impl Provenance<'_> {
    /// Which part of the phone it belongs to.
    pub(super) fn scope(&self) -> Scope {
        match (self.saved_type, self.bundle_scope) {
            (Some(kind), _) if SHARED_ALBUM.contains(&kind) => return Scope::SharedAlbum,
            (_, Some(SHARED_ALBUM_BUNDLE)) => return Scope::SharedAlbum,
            (Some(GUEST), _) | (_, Some(CONVERSATION_BUNDLE)) => return Scope::SharedWithYou,
            (Some(kind), _) if NEITHER.contains(&kind) => return Scope::Elsewhere,
            (_, Some(LINK_BUNDLE)) => return Scope::Elsewhere,
            // No type: the place tells.
            (None, _) if self.lies_in(b"PhotoData/PhotoCloudSharingData") => return Scope::SharedAlbum,
            (None, _) if self.lies_in(b"PhotoData/CMMAssets") => return Scope::Elsewhere,
            (None, _) if self.lies_in(b"PhotoData/UBF") || self.is_syndicated => {
                return Scope::SharedWithYou;
            }
            // A type that is not known yet is more likely the person's own than not.
            _ => {}
        }
        match self.visibility {
            0 => Scope::Library,
            // Frames of a burst that nobody picked are not shown, and are the person's own all the same.
            _ if self.is_burst => Scope::Library,
            // What was saved out of a conversation keeps the mark, but is shown; what is not shown was not saved.
            _ if self.is_syndicated => Scope::SharedWithYou,
            _ => Scope::Elsewhere,
        }
    }

    /// Whether a computer synced it.
    pub(super) fn is_synced(&self) -> bool {
        match self.saved_type {
            Some(kind) => kind == SYNCED,
            None => self.lies_in(b"PhotoData/Sync"),
        }
    }

    fn lies_in(&self, directory: &[u8]) -> bool {
        let rest = self.folder.and_then(|own| own.as_bytes().strip_prefix(directory));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: Provenance<'_> = Provenance {
        saved_type: Some(3),
        bundle_scope: Some(0),
        visibility: 0,
        is_burst: false,
        is_syndicated: false,
        folder: None,
    };
    const NO_TYPE: Provenance<'_> = Provenance { saved_type: None, bundle_scope: None, ..OWN };

    #[test]
    fn the_type_tells_and_then_the_bundle() {
        let typed = |kind| Provenance { saved_type: Some(kind), ..OWN }.scope();
        for own in [0, 1, 2, 3, 5, 6, 10, 11, 14, 256, 4711] {
            assert_eq!(typed(own), Scope::Library, "{own}");
        }
        assert_eq!((typed(4), typed(16)), (Scope::SharedAlbum, Scope::SharedAlbum));
        assert_eq!(typed(12), Scope::SharedWithYou);
        for other in [8, 9, 13] {
            assert_eq!(typed(other), Scope::Elsewhere, "{other}");
        }
        let bundled = |bundle| Provenance { bundle_scope: Some(bundle), ..OWN }.scope();
        assert_eq!(
            [bundled(1), bundled(2), bundled(3)],
            [Scope::Elsewhere, Scope::SharedAlbum, Scope::SharedWithYou]
        );
    }

    #[test]
    fn what_is_not_shown_may_be_a_burst_or_come_from_a_conversation() {
        let unseen = Provenance { visibility: 2, ..OWN };
        assert_eq!(unseen.scope(), Scope::Elsewhere);
        assert_eq!(Provenance { is_burst: true, ..unseen }.scope(), Scope::Library);
        assert_eq!(Provenance { is_syndicated: true, ..unseen }.scope(), Scope::SharedWithYou);
        assert_eq!(Provenance { is_syndicated: true, ..OWN }.scope(), Scope::Library, "it was saved");
        assert_eq!(Provenance { is_syndicated: true, ..NO_TYPE }.scope(), Scope::SharedWithYou);
    }

    #[test]
    fn without_a_type_the_place_tells() {
        let found = |directory: &str| {
            let folder = DevicePath::parse(directory).unwrap();
            let provenance = Provenance { folder: Some(&folder), ..NO_TYPE };
            (provenance.scope(), provenance.is_synced())
        };
        assert_eq!(found("PhotoData/PhotoCloudSharingData/1/2/100CLOUD"), (Scope::SharedAlbum, false));
        assert_eq!(found("PhotoData/CMMAssets/1"), (Scope::Elsewhere, false));
        assert_eq!(found("PhotoData/UBF"), (Scope::SharedWithYou, false));
        assert_eq!(found("PhotoData/Sync/100SYNCD"), (Scope::Library, true));
        assert_eq!(found("PhotoData/Syncope"), (Scope::Library, false));
        assert_eq!(found("DCIM/100APPLE"), (Scope::Library, false));
        assert!(Provenance { saved_type: Some(256), ..OWN }.is_synced() && !OWN.is_synced());
    }
}
