//! Edited versions: which files of an `Adjustments` folder are the photo as it looks now, and which the recipe.
//!
//! The folder also holds the state before the last edit, smaller stand-ins and previews; none of those is ever
//! the edit (facts/media.md section B4).

use super::listing::{Directory, fold};
use super::media_type::MediaType;
use crate::source::{DevicePath, EntryName};

/// The files in an `Adjustments` folder that an export could want.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Renders<'a> {
    pub still: Option<&'a EntryName>,
    pub movie: Option<&'a EntryName>,
    /// What was done to the original.
    pub recipe: Option<&'a EntryName>,
}

impl<'a> Renders<'a> {
    /// Picks them out of a listing.
    pub(super) fn among(directory: &'a Directory) -> Self {
        let recipe = directory.find(b"Adjustments.plist").and_then(|at| directory.name(at));
        let mut renders = Self { recipe, ..Self::default() };
        for name in directory.names().iter().filter(|name| fold(name.stem()) == b"fullsizerender") {
            let slot = match MediaType::of(name.extension()) {
                MediaType::Movie => &mut renders.movie,
                MediaType::Photo | MediaType::Raw => &mut renders.still,
                MediaType::Sidecar | MediaType::Unknown => continue,
            };
            slot.get_or_insert(name);
        }
        renders
    }
}

/// What the edit of a file is most likely called, for a folder that cannot be listed: a phone gives an edit the
/// format of its original where it can write that.
pub(super) fn usual_render(original: &EntryName, is_movie: bool) -> Option<EntryName> {
    let extension = original.extension().unwrap_or_default();
    let is_heic = [b"heic", b"heif"].iter().any(|heic| extension.eq_ignore_ascii_case(*heic));
    let name: &[u8] = match (is_movie, is_heic) {
        (true, _) => b"FullSizeRender.mov",
        (false, true) => b"FullSizeRender.heic",
        (false, false) => b"FullSizeRender.jpg",
    };
    EntryName::new(name).ok()
}

/// Where the edits of the files in a folder lie, if there are any: one folder each, named for the file's stem.
pub(super) fn edits_of_folder(folder: &DevicePath) -> Option<DevicePath> {
    DevicePath::parse([b"PhotoData/Mutations/", folder.as_bytes()].concat()).ok()
}

/// Where the edit of a file lies.
pub(super) fn edit_folder(folder: &DevicePath, stem: &[u8]) -> Option<DevicePath> {
    let stem = EntryName::new(stem).ok()?;
    Some(edits_of_folder(folder)?.join(&stem).join(&EntryName::new(b"Adjustments").ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_full_render_is_the_edit() {
        let names = [
            "Adjustments.plist",
            "PenultimateFullSizeRender.jpg",
            "SubstandardFullSizeRender.jpg",
            "AsyncRenderPreview.JPG",
            "VideoPosterFramePreview.jpg",
            "Alchemist.heic",
            "FullSizeRender.heic",
            "FullSizeRender.MOV",
            "FullSizeRender.data",
        ];
        let listed = |names: &[&str]| {
            Directory::new(names.iter().map(|n| EntryName::new(n.as_bytes()).unwrap()).collect())
        };
        let text = |name: Option<&EntryName>| name.map(EntryName::to_text);
        let directory = listed(&names);
        let renders = Renders::among(&directory);
        assert_eq!(text(renders.still).unwrap(), "FullSizeRender.heic");
        assert_eq!(text(renders.movie).unwrap(), "FullSizeRender.MOV");
        assert_eq!(text(renders.recipe).unwrap(), "Adjustments.plist");
        assert_eq!(Renders::among(&listed(&names[1..6])), Renders::default());
    }

    #[test]
    fn folders_of_edits() {
        let folder = DevicePath::parse("DCIM/100APPLE").unwrap();
        assert_eq!(
            edit_folder(&folder, b"IMG_1").unwrap().to_text(),
            "PhotoData/Mutations/DCIM/100APPLE/IMG_1/Adjustments"
        );
        assert_eq!(edit_folder(&folder, b".."), None);
    }
}
