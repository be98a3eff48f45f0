//! The catalogue of a phone whose photo database cannot be read: just the files.
//!
//! Everything that is a picture or a film is found and keeps an identity from run to run, but what only the
//! database knows is lost: albums, favourites, what is hidden or deleted, the name something was made under, and
//! the time zone.

use std::collections::BTreeMap;

use super::edits::{Renders, edit_folder, edits_of_folder};
use super::folders::{self, Folders};
use super::listing::{Listing, ListingProgress, fold, list_all};
use super::media_type::MediaType;
use super::orphans::stat_all;
use super::progress::ProgressFn;
use super::{
    AssetUuid, CaptureTime, Catalog, CatalogError, Collection, Item, MediaKind, Origin, Presence, Resource,
    Role,
};
use crate::source::{DevicePath, EntryKind, EntryName, Source, SourceError, Stat};

/// A file in a camera folder.
struct Found {
    folder: DevicePath,
    name: EntryName,
    stat: Option<Stat>,
}

impl Found {
    fn path(&self) -> DevicePath {
        self.folder.join(&self.name)
    }

    fn media_type(&self) -> MediaType {
        MediaType::of(self.name.extension())
    }
}

/// Reads the files. `why` says why there is no better catalogue.
pub(super) async fn read(
    source: &dyn Source,
    why: &str,
    progress: &ProgressFn<'_>,
) -> Result<Catalog, CatalogError> {
    let counter = ListingProgress::new(progress);
    let folders = Folders::list(source, [], &counter).await.map_err(CatalogError::Source)?;
    if folders.camera.is_empty() {
        if let Some(error) = folders.unlisted_roots.first() {
            return Err(CatalogError::Unlisted(error.clone()));
        }
        if !folders.has_dcim {
            return Err(CatalogError::NothingThere);
        }
    }
    let mut warnings = vec![format!(
        "{why} The files in the camera folders are taken as they are: albums, favourites, hidden and deleted \
         marks, original names and time zones are not known, and dates are those of the files."
    )];
    let mut unreadable: Vec<SourceError> = folders.unreadable().cloned().collect();
    let groups = group(find_files(source, &folders, progress).await?);
    let edits = find_edits(source, &groups, &counter, &mut unreadable).await?;
    warnings.extend(folders::warning(&unreadable));
    let mut sidecars = Sidecars::among(&folders);
    let mut items: Vec<Item> = groups
        .into_iter()
        .map(|group| {
            let camera_adjustments = sidecars.take(&group.main);
            item(&group, camera_adjustments, edits.get(&group.main.path()))
        })
        .collect();
    look_at_the_rest(source, &mut items, progress).await?;
    items.sort_by(|a, b| super::sort_key(a).cmp(&super::sort_key(b)));
    let unread_folders = unreadable.len();
    Ok(Catalog {
        collection: Collection::Photos,
        origin: Origin::FilesOnly,
        items,
        albums: Vec::new(),
        unread_folders,
        warnings,
    })
}

async fn find_files(
    source: &dyn Source,
    folders: &Folders,
    progress: &ProgressFn<'_>,
) -> Result<Vec<Found>, CatalogError> {
    let mut found = Vec::new();
    for at in &folders.camera {
        let Some((folder, Listing::Names(directory))) = folders.all.get(*at) else { continue };
        let names = directory.names().iter().filter(|name| !name.as_bytes().starts_with(b"."));
        let media = names.filter(|name| MediaType::of(name.extension()) != MediaType::Sidecar);
        found.extend(media.map(|name| Found { folder: folder.clone(), name: name.clone(), stat: None }));
    }
    let paths: Vec<DevicePath> = found.iter().map(Found::path).collect();
    let stats = stat_all(source, &paths, progress).await.map_err(CatalogError::Source)?;
    for (found, stat) in found.iter_mut().zip(stats) {
        found.stat = stat.ok();
    }
    // What could not be looked at is kept: the transfer will say what is wrong with it.
    found.retain(|found| found.stat.is_none_or(|stat| stat.kind == EntryKind::File));
    Ok(found)
}

/// A file with those that belong to it.
struct Group {
    main: Found,
    live_movie: Option<Found>,
    raw: Option<Found>,
}

/// Puts files of one folder and stem together: a photo, the film of the same name as its Live movie, and the RAW
/// of the same name. Other files stand for themselves.
fn group(found: Vec<Found>) -> Vec<Group> {
    let mut by_stem: BTreeMap<(DevicePath, Vec<u8>), Vec<Found>> = BTreeMap::new();
    for file in found {
        by_stem.entry((file.folder.clone(), fold(file.name.stem()))).or_default().push(file);
    }
    let mut groups = Vec::new();
    for mut files in by_stem.into_values() {
        // The extensions a camera gives its photos, most likely first; others are not paired.
        let rank = |file: &Found| {
            let extension = file.name.extension().unwrap_or_default().to_ascii_lowercase();
            [&b"heic"[..], b"heif", b"jpg", b"jpeg"].iter().position(|e| **e == *extension)
        };
        let photo = (0..files.len()).filter_map(|at| Some((rank(files.get(at)?)?, at))).min();
        if let Some((_, photo)) = photo {
            let main = files.remove(photo);
            let mut take = |wanted: &dyn Fn(&Found) -> bool| {
                let at = files.iter().position(wanted)?;
                Some(files.remove(at))
            };
            let is_mov = |file: &Found| file.name.extension().is_some_and(|e| e.eq_ignore_ascii_case(b"mov"));
            let live_movie = take(&is_mov);
            let raw = take(&|file| file.media_type() == MediaType::Raw);
            groups.push(Group { main, live_movie, raw });
        }
        groups.extend(files.into_iter().map(|main| Group { main, live_movie: None, raw: None }));
    }
    groups
}

/// The camera's own adjustments that lie in the camera folders, by folder and stem.
struct Sidecars(BTreeMap<(DevicePath, Vec<u8>), DevicePath>);

impl Sidecars {
    fn among(folders: &Folders) -> Self {
        let mut all = BTreeMap::new();
        for at in &folders.camera {
            let Some((folder, Listing::Names(directory))) = folders.all.get(*at) else { continue };
            let is_one = |name: &&EntryName| {
                name.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(b"aae"))
            };
            for name in directory.names().iter().filter(is_one) {
                all.entry((folder.clone(), fold(name.stem()))).or_insert_with(|| folder.join(name));
            }
        }
        Self(all)
    }

    /// Those of a file; the first of its stem gets them.
    fn take(&mut self, main: &Found) -> Option<DevicePath> {
        self.0.remove(&(main.folder.clone(), fold(main.name.stem())))
    }
}

/// What lies in the folder of an edit.
#[derive(Debug)]
struct Edit {
    still: Option<DevicePath>,
    movie: Option<DevicePath>,
    recipe: Option<DevicePath>,
}

/// The edits of files, by the path of the file.
type Edits = BTreeMap<DevicePath, Edit>;

/// Finds the edits; what is in the folders that it adds to `unreadable` is not known.
async fn find_edits(
    source: &dyn Source,
    groups: &[Group],
    counter: &ListingProgress<'_>,
    unreadable: &mut Vec<SourceError>,
) -> Result<Edits, CatalogError> {
    let mut parents: Vec<DevicePath> =
        groups.iter().filter_map(|group| edits_of_folder(&group.main.folder)).collect();
    parents.sort_unstable();
    parents.dedup();
    let listings = list_all(source, &parents, counter).await.map_err(CatalogError::Source)?;
    unreadable.extend(listings.iter().filter_map(Listing::failure).cloned());
    let by_parent: BTreeMap<_, _> = parents.into_iter().zip(listings).collect();
    let edited: Vec<(DevicePath, DevicePath)> = groups
        .iter()
        .filter_map(|Group { main, .. }| {
            let there = by_parent.get(&edits_of_folder(&main.folder)?)?.directory()?;
            there.find(main.name.stem())?;
            Some((main.path(), edit_folder(&main.folder, main.name.stem())?))
        })
        .collect();
    let paths: Vec<DevicePath> = edited.iter().map(|(_, folder)| folder.clone()).collect();
    let listings = list_all(source, &paths, counter).await.map_err(CatalogError::Source)?;
    unreadable.extend(listings.iter().filter_map(Listing::failure).cloned());
    let mut edits = Edits::new();
    for ((file, folder), listing) in edited.into_iter().zip(listings) {
        if let Some(directory) = listing.directory() {
            let renders = Renders::among(directory);
            let path = |name: Option<&EntryName>| name.map(|name| folder.join(name));
            let (still, movie) = (path(renders.still), path(renders.movie));
            edits.insert(file, Edit { still, movie, recipe: path(renders.recipe) });
        }
    }
    Ok(edits)
}

/// Looks at the edits and adjustments, of which only the names are known: without a database nothing else tells that
/// something was edited once more.
async fn look_at_the_rest(
    source: &dyn Source,
    items: &mut [Item],
    progress: &ProgressFn<'_>,
) -> Result<(), CatalogError> {
    let unseen = items.iter_mut().flat_map(|item| &mut item.resources);
    let (mut files, mut paths) = (Vec::new(), Vec::new());
    for file in unseen.filter(|file| file.size_bytes.is_none()) {
        if let Presence::OnPhone(path) = &file.presence {
            paths.push(path.clone());
            files.push(file);
        }
    }
    let stats = stat_all(source, &paths, progress).await.map_err(CatalogError::Source)?;
    for (file, stat) in files.into_iter().zip(stats) {
        // What cannot be looked at is transferred anew, which will say what is wrong with it.
        if let Ok(stat) = stat {
            (file.size_bytes, file.revision) = (Some(stat.size_bytes), stat.revision());
        }
    }
    Ok(())
}

fn item(group: &Group, camera_adjustments: Option<DevicePath>, edit: Option<&Edit>) -> Item {
    let Group { main, live_movie, raw } = group;
    let kind = main.media_type().kind();
    let mut resources = vec![resource(Role::Original, main.path(), main.stat)];
    resources.extend(live_movie.as_ref().map(|file| resource(Role::LiveVideo, file.path(), file.stat)));
    resources.extend(raw.as_ref().map(|file| resource(Role::Raw, file.path(), file.stat)));
    if let Some(Edit { still, movie, .. }) = edit {
        let (edited, edited_movie) = if kind == MediaKind::Video { (movie, &None) } else { (still, movie) };
        resources.extend(edited.clone().map(|path| resource(Role::Edited, path, None)));
        resources.extend(edited_movie.clone().map(|path| resource(Role::EditedLiveVideo, path, None)));
    }
    resources.extend(camera_adjustments.map(|path| resource(Role::CameraAdjustments, path, None)));
    let recipe = edit.and_then(|edit| edit.recipe.clone());
    resources.extend(recipe.map(|path| resource(Role::Adjustments, path, None)));
    let uuid = AssetUuid(super::path_identity(&main.path()));
    let mut item = Item::new(uuid, main.name.to_text(), kind);
    item.taken = main.stat.and_then(Stat::modified).map(|instant| CaptureTime { instant, offset: None });
    item.traits.live = live_movie.is_some();
    item.traits.raw = main.media_type() == MediaType::Raw;
    item.traits.has_raw = raw.is_some();
    item.adjusted = resources.iter().any(|resource| resource.role.is_edited());
    item.resources = resources;
    item
}

fn resource(role: Role, path: DevicePath, stat: Option<Stat>) -> Resource {
    Resource {
        role,
        presence: Presence::OnPhone(path),
        size_bytes: stat.map(|stat| stat.size_bytes),
        fingerprint: None,
        revision: stat.map(Stat::revision).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(names: &[&str]) -> Vec<String> {
        let folder = DevicePath::parse("DCIM/100APPLE").unwrap();
        let found = names.iter().map(|name| Found {
            folder: folder.clone(),
            name: EntryName::new(name.as_bytes()).unwrap(),
            stat: None,
        });
        let text = |file: &Option<Found>| {
            file.as_ref().map_or(String::new(), |f| format!(" + {}", f.name.to_text()))
        };
        group(found.collect())
            .iter()
            .map(|g| format!("{}{}{}", g.main.name.to_text(), text(&g.live_movie), text(&g.raw)))
            .collect()
    }

    #[test]
    fn files_of_one_stem_belong_together_if_a_camera_makes_such() {
        assert_eq!(groups(&["IMG_1.HEIC", "IMG_1.MOV"]), ["IMG_1.HEIC + IMG_1.MOV"]);
        assert_eq!(groups(&["IMG_1.JPG", "IMG_1.DNG", "IMG_1.mov"]), ["IMG_1.JPG + IMG_1.mov + IMG_1.DNG"]);
        assert_eq!(groups(&["IMG_1.PNG", "IMG_1.MOV"]), ["IMG_1.PNG", "IMG_1.MOV"]);
        assert_eq!(groups(&["IMG_1.HEIC", "IMG_1.MP4"]), ["IMG_1.HEIC", "IMG_1.MP4"]);
        assert_eq!(
            groups(&["IMG_1.JPG", "IMG_1.HEIC", "IMG_1.MOV"]),
            ["IMG_1.HEIC + IMG_1.MOV", "IMG_1.JPG"]
        );
        assert_eq!(groups(&["IMG_1.DNG"]), ["IMG_1.DNG"]);
    }
}
