//! Puts together what the database says of an asset's files and what is on the phone.

use std::collections::HashSet;

use super::assets::Asset;
use super::places::{Listed, Place};
use super::resources::{FileKind, Known, KnownFiles};
use super::sharing::{Part, Sharing};
use crate::catalog::database::CocoaSeconds;
use crate::catalog::edits::{Renders, edit_folder, usual_render};
use crate::catalog::listing::{Directory, Listing};
use crate::catalog::media_type::{MediaType, RAW};
use crate::catalog::{AssetUuid, CaptureTime, Item, MediaKind, Presence, Resource, Role, Scope};
use crate::source::{DevicePath, EntryName};

/// A name in a listed folder: position of the folder, position of the name.
type Entry = (usize, u32);

/// What could not be told for sure while items were put together.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Doubts {
    /// Assets without a path in the media root.
    pub without_path: u64,
    /// Assets that Photos itself does not consider complete.
    pub incomplete: u64,
    /// Assets in folders that could not be listed; the database was believed.
    pub unlisted: u64,
}

/// The items of a library, in the order of the assets, and every file that belongs to one.
pub(super) struct Assembled {
    pub items: Vec<Item>,
    /// Every name that belongs to an item, by folder.
    pub claimed: HashSet<Entry>,
    pub doubts: Doubts,
}

/// Assets that are turned into items between two times of giving back the memory they took.
const AT_ONCE: usize = 4096;

/// Builds the items.
pub(super) fn assemble(
    mut assets: Vec<Asset>,
    mut files: Vec<KnownFiles>,
    places: &[Option<Place>],
    listed: &Listed,
) -> Assembled {
    let sharing = Sharing::new(&assets, &files, places, listed);
    let mut claims = Claims { listed, sharing, claimed: HashSet::new() };
    // Main files first: a file that is some asset's own is never the movie or the RAW of another.
    let mut mains = claims.main_files(&assets, &files, places);
    let mut twins = claims.twins(&assets, &files, places);
    let mut doubts = Doubts::default();
    identify(&mut assets, places);
    let mut items = Vec::with_capacity(assets.len());
    // From the end on, so that what has become an item makes room for the next ones.
    for place in places.iter().rev() {
        let (Some(asset), Some(files), Some(main), Some(mut twins)) =
            (assets.pop(), files.pop(), mains.pop(), twins.pop())
        else {
            break;
        };
        if let Some(place) = place.as_ref().filter(|place| claims.is_unlisted(place)) {
            twins = Twins::believed(&asset, &files, place);
        }
        let recipe = twins.camera_adjustments.take();
        let mut resources = claims.resources(&asset, &files, place.as_ref(), main, twins, &mut doubts);
        claims.add_edits(assets.len(), &asset, &files, place.as_ref(), recipe, &mut resources);
        // Most items have one file; the room for more would be most of a large catalogue's size.
        resources.shrink_to_fit();
        doubts.without_path += u64::from(place.is_none());
        doubts.incomplete += u64::from(asset.incomplete);
        items.push(item(asset, place.as_ref(), resources));
        if assets.len().is_multiple_of(AT_ONCE) {
            assets.shrink_to_fit();
        }
    }
    items.reverse();
    Assembled { items, claimed: claims.claimed, doubts }
}

fn item(asset: Asset, place: Option<&Place>, resources: Vec<Resource>) -> Item {
    let uuid = AssetUuid(asset.uuid.unwrap_or_default());
    let taken = asset.taken.and_then(CocoaSeconds::instant);
    let name = asset
        .original_name
        .or_else(|| place.map(|place| place.name.to_text()))
        .unwrap_or_else(|| uuid.0.clone());
    let has = |role| resources.iter().any(|resource| resource.role == role);
    let mut traits = asset.traits;
    traits.has_raw = has(Role::Raw);
    // The RAW of a pair is not the original.
    traits.raw &= !traits.has_raw;
    Item {
        uuid,
        original_name: name,
        kind: asset.kind,
        traits,
        taken: taken.map(|instant| CaptureTime { instant, offset: asset.offset }),
        added: asset.added.and_then(CocoaSeconds::instant),
        edited: asset.edited.and_then(CocoaSeconds::instant),
        trashed_at: asset.trashed_at.filter(|_| asset.trashed).and_then(CocoaSeconds::instant),
        scope: asset.scope,
        shared_library: asset.shared_library,
        synced: asset.synced,
        favorite: asset.favorite,
        hidden: asset.hidden,
        trashed: asset.trashed,
        adjusted: asset.adjusted.unwrap_or(asset.edited.is_some()),
        burst: asset.burst,
        dimensions: asset.dimensions,
        orientation: asset.orientation,
        duration_seconds: asset.duration.filter(|seconds| asset.kind != MediaKind::Photo && *seconds > 0.0),
        location: asset.location,
        title: asset.title,
        caption: asset.caption,
        keywords: asset.keywords,
        faces: asset.faces,
        camera: asset.camera,
        imported_by: asset.imported_by,
        albums: Vec::new(),
        media: None,
        resources,
    }
}

/// Gives every asset its uuid, or something that is as stable and as unique if there is none.
fn identify(assets: &mut [Asset], places: &[Option<Place>]) {
    let mut taken: HashSet<String> = HashSet::with_capacity(assets.len());
    for (asset, place) in assets.iter_mut().zip(places) {
        let own = asset.uuid.take().filter(|u| u.len() <= 128 && !u.chars().any(char::is_control));
        let path = || {
            let place = place.as_ref()?;
            Some(crate::catalog::path_identity(&place.folder.join(&place.name)))
        };
        let own = own.map(|own| own.to_ascii_uppercase()).filter(|own| !taken.contains(own));
        let free = own.or_else(|| path().filter(|path| !taken.contains(path)));
        let mut id = free.unwrap_or_else(|| format!("row:{}", asset.key));
        if !taken.insert(id.clone()) {
            // Even the key is there twice, which only a table made for mischief has.
            id = format!("row:{}:{}", asset.key, taken.len());
            taken.insert(id.clone());
        }
        asset.uuid = Some(id);
    }
}

/// Files beside the main one that belong to an asset.
#[derive(Debug, Clone, Default)]
struct Twins {
    movie: Option<DevicePath>,
    raw: Option<DevicePath>,
    /// The JPEG or HEIC of a pair whose main file is the RAW.
    developed: Option<DevicePath>,
    camera_adjustments: Option<DevicePath>,
}

impl Twins {
    /// What should lie beside the main file in a folder that could not be listed: the database is believed, as for
    /// the original, and the names are those that phones give (facts/media.md section B2).
    fn believed(asset: &Asset, files: &KnownFiles, place: &Place) -> Self {
        let named = |extension: &[u8]| {
            let name = EntryName::new(&[place.name.stem(), b".", extension].concat()).ok()?;
            Some(place.folder.join(&name))
        };
        let beside = |kind, extension| {
            files.get(kind).filter(|known| known.may_be_here())?;
            named(extension)
        };
        let main_is_raw = MediaType::of(place.name.extension()) == MediaType::Raw;
        let movie = match files.get(FileKind::LiveMovie) {
            None => asset.may_have_live_movie().then(|| named(b"MOV")).flatten(),
            Some(_) => beside(FileKind::LiveMovie, b"MOV"),
        };
        Self {
            movie,
            raw: beside(FileKind::Raw, b"DNG").filter(|_| !main_is_raw),
            developed: beside(FileKind::Raw, b"JPG").filter(|_| main_is_raw),
            camera_adjustments: beside(FileKind::CameraAdjustments, b"AAE"),
        }
    }
}

/// What cameras and phones make of a RAW as they take it.
const DEVELOPED: &[&str] = &["JPG", "JPEG", "HEIC", "HEIF"];

struct Claims<'a> {
    listed: &'a Listed,
    sharing: Sharing,
    claimed: HashSet<Entry>,
}

impl Claims<'_> {
    fn folder(&self, path: &DevicePath) -> Option<(usize, &Listing)> {
        let at = self.listed.folders.position(path)?;
        self.listed.folders.all.get(at).map(|(_, listing)| (at, listing))
    }

    fn directory(&self, path: &DevicePath) -> Option<(usize, &Directory)> {
        let (at, listing) = self.folder(path)?;
        listing.directory().map(|directory| (at, directory))
    }

    /// Finds the main files of all assets, each file for one asset. A name of the same bytes is the asset's own, first
    /// that of an asset whose file is not said to be elsewhere; a name that only looks alike is so if it is left over.
    fn main_files(
        &mut self,
        assets: &[Asset],
        files: &[KnownFiles],
        places: &[Option<Place>],
    ) -> Vec<Option<Entry>> {
        let mut mains = vec![None; assets.len()];
        for (exactly, should_be_here) in [(true, true), (true, false), (false, true), (false, false)] {
            for (((asset, files), place), main) in assets.iter().zip(files).zip(places).zip(&mut mains) {
                let Some(place) = place.as_ref().filter(|_| main.is_none()) else { continue };
                if main_known(asset, files).is_none_or(|known| known.local) == should_be_here {
                    *main = self.main_file(asset, place, exactly);
                    self.claimed.extend(*main);
                }
            }
        }
        mains
    }

    fn main_file(&self, asset: &Asset, place: &Place, exactly: bool) -> Option<Entry> {
        let (at, directory) = self.directory(&place.folder)?;
        let free = |name: &u32| !self.claimed.contains(&(at, *name));
        if exactly {
            return directory.exact(place.name.as_bytes()).filter(free).map(|name| (at, name));
        }
        let alike = |wanted: &[u8]| directory.alike(wanted).into_iter().find(free);
        // Films of shared albums come in reduced size, and are named so.
        let reduced = || {
            let extension = place.name.extension()?;
            (asset.scope == Scope::SharedAlbum).then_some(())?;
            alike(&[place.name.stem(), b".medium.", extension].concat())
        };
        alike(place.name.as_bytes()).or_else(reduced).map(|name| (at, name))
    }

    /// A file beside the main one that is nobody's yet, of one of these extensions; claims it.
    fn twin(&mut self, place: &Place, extensions: &[&str]) -> Option<DevicePath> {
        let (at, directory) = self.directory(&place.folder)?;
        let mut wanted = [place.name.stem(), b"."].concat();
        let stem = wanted.len();
        let entry = extensions.iter().find_map(|extension| {
            wanted.truncate(stem);
            wanted.extend_from_slice(extension.as_bytes());
            directory.alike(&wanted).into_iter().map(|name| (at, name)).find(|e| !self.claimed.contains(e))
        })?;
        let path = place.folder.join(directory.name(entry.1)?);
        self.claimed.insert(entry);
        Some(path)
    }

    /// Finds what lies beside the main files of all assets. Where several could have the same file, the one whose
    /// file the database knows has it.
    fn twins(&mut self, assets: &[Asset], files: &[KnownFiles], places: &[Option<Place>]) -> Vec<Twins> {
        let mut all = vec![Twins::default(); assets.len()];
        for known_ones in [true, false] {
            for (((asset, files), place), twins) in assets.iter().zip(files).zip(places).zip(&mut all) {
                let Some(place) = place.as_ref() else { continue };
                // A film that happens to have the same name does not make a Live Photo.
                let (is_known, may_be) = (files.has(FileKind::LiveMovie), asset.may_have_live_movie());
                if asset.kind != MediaKind::Video && is_known == known_ones && (is_known || may_be) {
                    twins.movie = self.twin(place, &["MOV"]);
                }
                if asset.kind != MediaKind::Video && files.has(FileKind::Raw) == known_ones {
                    self.pair(asset, place, known_ones, twins);
                }
                if files.has(FileKind::CameraAdjustments) == known_ones {
                    twins.camera_adjustments = self.twin(place, &["AAE"]);
                }
            }
        }
        all
    }

    /// Finds the other half of a RAW pair. `is_known`: whether the database has it.
    fn pair(&mut self, asset: &Asset, place: &Place, is_known: bool, twins: &mut Twins) {
        if MediaType::of(place.name.extension()) != MediaType::Raw {
            // A DNG that nobody else owns is the twin even if the database has not noted it yet.
            let extensions = if is_known { RAW } else { RAW.get(..1).unwrap_or_default() };
            twins.raw = self.twin(place, extensions);
        } else if is_known || asset.raw_is_original {
            twins.developed = self.twin(place, DEVELOPED);
        }
    }

    /// Whether nothing is known of the folder.
    fn is_unlisted(&self, place: &Place) -> bool {
        matches!(self.folder(&place.folder), Some((_, Listing::Failed(_))))
    }

    fn path(&self, place: &Place, entry: Entry) -> Option<DevicePath> {
        let (_, listing) = self.listed.folders.all.get(entry.0)?;
        Some(place.folder.join(listing.directory()?.name(entry.1)?))
    }

    fn resources(
        &self,
        asset: &Asset,
        files: &KnownFiles,
        place: Option<&Place>,
        main: Option<Entry>,
        twins: Twins,
        doubts: &mut Doubts,
    ) -> Vec<Resource> {
        let unlisted = place.is_some_and(|place| self.is_unlisted(place));
        doubts.unlisted += u64::from(unlisted);
        let mut out = vec![self.original(asset, files, place, main, unlisted)];
        if asset.kind != MediaKind::Video {
            // A Live Photo from iCloud whose movie nobody has written down yet has it there.
            let movie_in_cloud = asset.in_cloud && asset.may_have_live_movie();
            out.extend(twin(Role::LiveVideo, twins.movie, files.get(FileKind::LiveMovie), movie_in_cloud));
            let known = files.get(FileKind::Raw);
            let main_is_raw = place.is_some_and(|p| MediaType::of(p.name.extension()) == MediaType::Raw);
            let developed = twin(Role::Original, twins.developed, known.filter(|_| main_is_raw), false);
            if let Some(developed) = developed {
                // A pair is a pair, whichever half the person chose to see and whichever is on the phone: otherwise
                // choosing, or iCloud, would make other files of what was exported.
                let raw = out.first_mut().map(|first| std::mem::replace(first, developed));
                out.extend(raw.map(|raw| Resource { role: Role::Raw, ..raw }));
            } else {
                out.extend(twin(Role::Raw, twins.raw, known, false));
            }
        }
        out
    }

    fn original(
        &self,
        asset: &Asset,
        files: &KnownFiles,
        place: Option<&Place>,
        main: Option<Entry>,
        unlisted: bool,
    ) -> Resource {
        let shared = asset.scope == Scope::SharedAlbum;
        let known = main_known(asset, files);
        let found = place.zip(main).and_then(|(place, entry)| self.path(place, entry));
        let presence = match (found, place) {
            (Some(path), _) => Presence::OnPhone(path),
            // Nothing is known of the folder: the database is believed, and the transfer has the last word.
            (None, Some(place)) if unlisted && known.is_none_or(Known::may_be_here) => {
                Presence::OnPhone(place.folder.join(&place.name))
            }
            _ => absent(known, asset.in_cloud || shared),
        };
        let mut resource = resource(Role::Original, presence, known);
        // These two speak of the original that the owner has, not of a shared album's reduced copy.
        if !shared {
            resource.size_bytes = resource.size_bytes.or(asset.original_bytes);
            resource.fingerprint = asset.fingerprint.clone().or(resource.fingerprint);
        }
        resource
    }

    /// The edited versions, and what was done to make them: by the person, and by the camera. `at`: position of the
    /// asset.
    fn add_edits(
        &self,
        at: usize,
        asset: &Asset,
        files: &KnownFiles,
        place: Option<&Place>,
        camera_adjustments: Option<DevicePath>,
        out: &mut Vec<Resource>,
    ) {
        let folder = place.and_then(|place| edit_folder(&place.folder, place.name.stem()));
        let listing = folder.as_ref().and_then(|folder| self.listed.edits.get(folder));
        let unlisted = listing.is_some_and(|listing| listing.failure().is_some());
        let renders = listing.and_then(Listing::directory).map(Renders::among).unwrap_or_default();
        let is_own = |part| folder.as_ref().is_some_and(|folder| self.sharing.is_of(folder, at, part));
        let renders = Renders {
            still: renders.still.filter(|_| is_own(Part::Still)),
            movie: renders.movie.filter(|_| is_own(Part::Movie)),
            recipe: renders.recipe.filter(|_| is_own(Part::Recipe)),
        };
        // A loop or a bounce may have been rendered as a film only.
        let has_still = renders.still.is_some() || (unlisted && files.has(FileKind::EditedImage));
        let plays_as_video = asset.kind == MediaKind::Video || (!has_still && asset.plays_in_a_loop);
        let (main, main_known, movie) = if plays_as_video {
            (renders.movie, files.get(FileKind::EditedVideo).or(files.get(FileKind::EditedLiveMovie)), None)
        } else {
            let movie =
                (renders.movie, files.get(FileKind::EditedLiveMovie).or(files.get(FileKind::EditedVideo)));
            (renders.still, files.get(FileKind::EditedImage), Some(movie))
        };
        // Nothing is known of the folder: the database is believed, as for an original.
        let believed = |is_movie, known: Option<&Known>| {
            known.filter(|known| unlisted && known.may_be_here())?;
            usual_render(&place?.name, is_movie)
        };
        let believed_main = believed(plays_as_video, main_known);
        let believed_movie = movie.and_then(|(_, known)| believed(true, known));
        let main = main.or(believed_main.as_ref());
        let movie = movie.map(|(name, known)| (name.or(believed_movie.as_ref()), known));
        let revision = asset.edited.map(|date| date.to_text()).unwrap_or_default();
        let on_phone = |name: Option<&EntryName>| Some(Presence::OnPhone(folder.as_ref()?.join(name?)));
        // An edit made on another device need not be here, nor have a row. A shared album has what its owner gave.
        let is_somewhere = asset.rendered
            && asset.scope != Scope::SharedAlbum
            && !listing.is_some_and(|listing| matches!(listing, Listing::Failed(_)));
        let make = |role, name, known: Option<&Known>, is_somewhere: bool| {
            let elsewhere = || (known.is_some() || is_somewhere).then(|| absent(known, asset.in_cloud));
            let presence = on_phone(name).or_else(elsewhere)?;
            Some(Resource { revision: revision.clone(), ..resource(role, presence, known) })
        };
        out.extend(make(Role::Edited, main, main_known, is_somewhere));
        out.extend(movie.and_then(|(name, known)| make(Role::EditedLiveVideo, name, known, false)));
        // Recipes are told of only where they are: what iCloud has of them nobody can ask for.
        out.extend(camera_adjustments.map(|path| {
            let known = files.get(FileKind::CameraAdjustments);
            resource(Role::CameraAdjustments, Presence::OnPhone(path), known)
        }));
        out.extend(on_phone(renders.recipe).map(|presence| Resource {
            revision: revision.clone(),
            ..resource(Role::Adjustments, presence, None)
        }));
    }
}

/// What the database knows of an asset's main file.
fn main_known<'a>(asset: &Asset, files: &'a KnownFiles) -> Option<&'a Known> {
    let shared = files.get(FileKind::Shared).filter(|_| asset.scope == Scope::SharedAlbum);
    shared.or_else(|| files.get(FileKind::Original))
}

/// A file beside the original: where it was found, or where the database says it is. `None` if there is no sign of it.
fn twin(role: Role, found: Option<DevicePath>, known: Option<&Known>, in_cloud: bool) -> Option<Resource> {
    let presence = match found {
        Some(path) => Presence::OnPhone(path),
        None if known.is_some() || in_cloud => absent(known, in_cloud),
        None => return None,
    };
    Some(resource(role, presence, known))
}

fn resource(role: Role, presence: Presence, known: Option<&Known>) -> Resource {
    Resource {
        role,
        presence,
        size_bytes: known.and_then(|known| known.bytes),
        fingerprint: known.and_then(|known| known.fingerprint.clone()),
        revision: String::new(),
    }
}

/// Where a file is that is not on the phone. `in_cloud` is believed only if the file has no row of its own.
fn absent(known: Option<&Known>, in_cloud: bool) -> Presence {
    if known.map_or(in_cloud, |known| known.remote) { Presence::CloudOnly } else { Presence::Missing }
}
