//! The folders of a phone in which photos lie, and what is in them (facts/media.md section B1).

use std::collections::{HashMap, HashSet};

use super::listing::{Listing, ListingProgress, list_all};
use crate::source::{DevicePath, EntryName, PathError, Source, SourceError};

/// Where cameras and apps save, and imports go.
const DCIM: &str = "DCIM";
/// What came down from iCloud Photos.
const FROM_CLOUD: &str = "PhotoData/CPLAssets";
/// What a computer synced.
const SYNCED: &str = "PhotoData/Sync";

/// Listings of media folders.
#[derive(Debug, Default)]
pub(super) struct Folders {
    /// All that were listed.
    pub all: Vec<(DevicePath, Listing)>,
    index: HashMap<DevicePath, usize>,
    /// Positions in `all` of the folders whose every picture belongs to the library, in order.
    pub camera: Vec<usize>,
    /// Whether the phone has a DCIM folder at all.
    pub has_dcim: bool,
    /// Of DCIM and its like themselves: why they could not be listed. Camera folders in them are not known.
    pub unlisted_roots: Vec<SourceError>,
}

impl Folders {
    /// Finds the camera folders, and lists them and the folders of `named`.
    ///
    /// # Errors
    /// Only that the source is gone.
    pub(super) async fn list(
        source: &dyn Source,
        named: impl IntoIterator<Item = DevicePath>,
        counter: &ListingProgress<'_>,
    ) -> Result<Self, SourceError> {
        let roots = [DCIM, FROM_CLOUD, SYNCED].map(DevicePath::parse);
        let roots: Vec<DevicePath> = roots.into_iter().collect::<Result<_, PathError>>().unwrap_or_default();
        let listings = list_all(source, &roots, counter).await?;
        let has_dcim = matches!(listings.first(), Some(Listing::Names(_)));
        let unlisted_roots = listings.iter().filter_map(Listing::failure).cloned().collect();
        let mut camera = HashSet::new();
        for (root, listing) in roots.iter().zip(&listings) {
            let names = listing.directory().map(super::listing::Directory::names).unwrap_or_default();
            camera.extend(names.iter().filter(|name| may_hold_media(root, name)).map(|name| root.join(name)));
        }
        let mut paths: Vec<DevicePath> = named.into_iter().chain(camera.iter().cloned()).collect();
        paths.sort_unstable();
        paths.dedup();
        let listings = list_all(source, &paths, counter).await?;
        let index = paths.iter().cloned().enumerate().map(|(at, path)| (path, at)).collect();
        let camera =
            paths.iter().enumerate().filter(|(_, path)| camera.contains(path)).map(|(at, _)| at).collect();
        Ok(Self { all: paths.into_iter().zip(listings).collect(), index, camera, has_dcim, unlisted_roots })
    }

    /// Position of a folder in [`Self::all`].
    pub(super) fn position(&self, path: &DevicePath) -> Option<usize> {
        self.index.get(path).copied()
    }

    /// Why folders could not be listed although they are there.
    pub(super) fn unreadable(&self) -> impl Iterator<Item = &SourceError> {
        self.unlisted_roots.iter().chain(self.all.iter().filter_map(|(_, listing)| listing.failure()))
    }
}

/// What a person should know about folders that could not be listed.
pub(super) fn warning(unreadable: &[SourceError]) -> Option<String> {
    let first = unreadable.first()?;
    Some(format!("{} of the phone's folders could not be listed; {first}.", unreadable.len()))
}

/// Whether an entry below one of the roots is a folder of pictures, by its name.
fn may_hold_media(root: &DevicePath, name: &EntryName) -> bool {
    let bytes = name.as_bytes();
    match root.as_bytes() {
        _ if bytes.starts_with(b".") => false,
        b"DCIM" => bytes != b"ASSETS",
        b"PhotoData/Sync" => bytes.to_ascii_uppercase().ends_with(b"SYNCD"),
        _ => true,
    }
}
