//! Whose an edit is where several assets could have it: its folder is named for the stem alone, so that
//! `IMG_1.JPG` and `IMG_1.PNG` have one folder for both (facts/media.md section B4).

use std::collections::HashMap;

use super::assets::Asset;
use super::places::{Listed, Place, expects_edit};
use super::resources::{FileKind, KnownFiles};
use crate::catalog::MediaKind;
use crate::catalog::edits::edit_folder;
use crate::source::DevicePath;

/// A file of an edit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Still,
    Movie,
    Recipe,
}

/// How much the database says for it that a file is an asset's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Claim {
    /// Nothing, and nothing against it.
    Unsure,
    /// The asset is edited.
    Edited,
    /// The asset has such a file on the phone.
    Here,
}

/// What an asset says of itself that may have the edit in a folder.
#[derive(Debug, Clone, Copy)]
struct Sharer {
    is_edited: bool,
    is_video: bool,
    may_have_movie: bool,
    still_is_here: bool,
    movie_is_here: bool,
}

impl Sharer {
    /// `None` if the database says that the asset is not edited.
    fn of(asset: &Asset, files: &KnownFiles) -> Option<Self> {
        let is_edited = match expects_edit(asset, files) {
            Some(false) => return None,
            other => other == Some(true),
        };
        let movies = [FileKind::EditedVideo, FileKind::EditedLiveMovie].map(|kind| files.get(kind));
        let is_video = asset.kind == MediaKind::Video;
        Some(Self {
            is_edited,
            is_video,
            may_have_movie: is_video || asset.may_have_live_movie() || movies.iter().any(Option::is_some),
            still_is_here: files.get(FileKind::EditedImage).is_some_and(|known| known.local),
            movie_is_here: movies.into_iter().flatten().any(|known| known.local),
        })
    }

    /// `None` if it cannot have such a file.
    fn claim(&self, part: Part) -> Option<Claim> {
        let (may_be, is_here) = match part {
            Part::Still => (!self.is_video, self.still_is_here),
            Part::Movie => (self.may_have_movie, self.movie_is_here),
            Part::Recipe => (true, self.still_is_here || self.movie_is_here),
        };
        let claim = if self.is_edited { Claim::Edited } else { Claim::Unsure };
        may_be.then_some(if is_here { Claim::Here } else { claim })
    }
}

/// The assets that may have an edit.
#[derive(Default)]
pub(super) struct Sharing {
    /// By their position among the assets.
    sharers: HashMap<usize, Sharer>,
    /// The best claims to the edits in a folder, of still, movie and recipe.
    best: HashMap<DevicePath, [Option<Claim>; PARTS.len()]>,
}

/// All, in the order of their numbers.
const PARTS: [Part; 3] = [Part::Still, Part::Movie, Part::Recipe];

impl Sharing {
    pub(super) fn new(
        assets: &[Asset],
        files: &[KnownFiles],
        places: &[Option<Place>],
        listed: &Listed,
    ) -> Self {
        let mut out = Self::default();
        for (at, ((asset, files), place)) in assets.iter().zip(files).zip(places).enumerate() {
            let Some(sharer) = Sharer::of(asset, files) else { continue };
            let folder = place.as_ref().and_then(|place| edit_folder(&place.folder, place.name.stem()));
            let Some(folder) = folder.filter(|folder| listed.edits.contains_key(folder)) else { continue };
            let best = out.best.entry(folder).or_default();
            for (best, part) in best.iter_mut().zip(PARTS) {
                *best = (*best).max(sharer.claim(part));
            }
            out.sharers.insert(at, sharer);
        }
        out
    }

    /// Whether a file of the edit in `folder` is that of the asset at a position: nobody has a better claim. Where
    /// claims are alike, or nobody seems to have such a file, it is everybody's rather than lost.
    pub(super) fn is_of(&self, folder: &DevicePath, at: usize, part: Part) -> bool {
        let best = self.best.get(folder).and_then(|best| best.get(part as usize));
        let own = self.sharers.get(&at);
        own.zip(best).is_some_and(|(own, best)| own.claim(part) == *best)
    }
}
