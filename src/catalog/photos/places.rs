//! Where the files of each asset should lie on the phone, out of the text the database has for it.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::assets::Asset;
use super::resources::{FileKind, KnownFiles};
use crate::catalog::edits::{edit_folder, edits_of_folder};
use crate::catalog::folders::Folders;
use crate::catalog::listing::{Listing, ListingProgress, list_all};
use crate::source::{DevicePath, EntryName, Source, SourceError};

/// The folder and the name of an asset's main file.
#[derive(Debug)]
pub(super) struct Place {
    pub folder: Arc<DevicePath>,
    pub name: EntryName,
}

impl Place {
    /// Takes it out of an asset. `None` if the database has no path, or one that does not lie in the media root.
    pub(super) fn take(asset: &mut Asset) -> Option<Self> {
        Some(Self { folder: asset.folder.take()?, name: asset.file_name.take()? })
    }
}

/// Everything that was listed for a library.
#[derive(Debug)]
pub(super) struct Listed {
    pub folders: Folders,
    /// Listings of the folders of edits, by path.
    pub edits: HashMap<DevicePath, Listing>,
    /// Why folders could not be listed although they are there, those of edits among them.
    pub unreadable: Vec<SourceError>,
}

/// Lists every folder that an asset names, the camera folders, and the folder of each edit.
///
/// # Errors
/// Only that the source is gone.
pub(super) async fn list(
    source: &dyn Source,
    assets: &[Asset],
    files: &[KnownFiles],
    places: &[Option<Place>],
    counter: &ListingProgress<'_>,
) -> Result<Listed, SourceError> {
    // A phone has some hundred folders; asking a set before copying a path saves copying it for every asset.
    let mut named: HashSet<&DevicePath> = HashSet::new();
    named.extend(places.iter().flatten().map(|place| &*place.folder));
    let folders = Folders::list(source, named.into_iter().cloned(), counter).await?;

    let mut edits: BTreeSet<DevicePath> = BTreeSet::new();
    let mut unsure: HashMap<&DevicePath, Vec<&Place>> = HashMap::new();
    for ((asset, files), place) in assets.iter().zip(files).zip(places) {
        let Some(place) = place else { continue };
        match expects_edit(asset, files) {
            Some(true) => edits.extend(edit_folder(&place.folder, place.name.stem())),
            Some(false) => {}
            None => unsure.entry(&place.folder).or_default().push(place),
        }
    }
    // A database that does not say which photos are edited: the phone has a folder for each that is.
    let parents: Vec<_> =
        unsure.keys().filter_map(|folder| Some((*folder, edits_of_folder(folder)?))).collect();
    let paths: Vec<DevicePath> = parents.iter().map(|(_, path)| path.clone()).collect();
    let mut unreadable: Vec<SourceError> = folders.unreadable().cloned().collect();
    for ((folder, _), listing) in parents.iter().zip(list_all(source, &paths, counter).await?) {
        unreadable.extend(listing.failure().cloned());
        let Some(directory) = listing.directory() else { continue };
        for place in unsure.get(folder).into_iter().flatten() {
            if directory.find(place.name.stem()).is_some() {
                edits.extend(edit_folder(&place.folder, place.name.stem()));
            }
        }
    }
    let paths: Vec<DevicePath> = edits.into_iter().collect();
    let listings = list_all(source, &paths, counter).await?;
    unreadable.extend(listings.iter().filter_map(Listing::failure).cloned());
    Ok(Listed { folders, edits: paths.into_iter().zip(listings).collect(), unreadable })
}

/// Whether the database says that there is an edit; `None` if it cannot say.
pub(super) fn expects_edit(asset: &Asset, files: &KnownFiles) -> Option<bool> {
    let rendered = [FileKind::EditedImage, FileKind::EditedVideo, FileKind::EditedLiveMovie]
        .into_iter()
        .any(|kind| files.has(kind));
    if rendered || asset.edited.is_some() { Some(true) } else { asset.adjusted }
}
