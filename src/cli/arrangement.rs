//! Which files of each item, and where they go: the words of the command line as values.

use super::advice::Problem;
use super::args::{
    CloudOnlyWord, ConvertWord, FilesArgs, LayoutWord, LinksWord, NamesWord, PlacesArgs, SidecarWord,
    VersionsWord,
};
use crate::export::Export;
use crate::plan::{Contents, Convert, DestPath, Layout, LinkPolicy, LinkWay, Names, PathTemplate, Versions};
use crate::select::Selection;
use crate::sidecar::Sidecars;

/// An export as the words mean it, of everything: what is selected is said elsewhere.
///
/// # Errors
/// A template that does not work.
pub(super) fn export_of(files: &FilesArgs, places: &PlacesArgs) -> Result<Export, Problem> {
    Ok(Export {
        selection: Selection::default(),
        layout: layout_of(places)?,
        below: DestPath::root(),
        playlists: false,
        names: names_of(places.names),
        links: links_of(places.links),
        contents: contents_of(files),
        sidecars: sidecars_of(files),
    })
}

/// Which files the words mean.
const fn contents_of(files: &FilesArgs) -> Contents {
    Contents {
        versions: match files.versions {
            VersionsWord::Both => Versions::Both,
            VersionsWord::Original => Versions::Original,
            VersionsWord::Edited => Versions::Edited,
        },
        adjustments: files.aae,
        previews: matches!(files.cloud_only, CloudOnlyWord::Preview),
        convert: convert_of(files),
        tags: false,
        embed: false,
    }
}

/// The quality of JPEGs unless the person says another.
const QUALITY: u8 = 90;

/// What is to be made of HEICs.
const fn convert_of(files: &FilesArgs) -> Option<Convert> {
    let quality = match files.quality {
        Some(quality) => quality,
        None => QUALITY,
    };
    match files.convert {
        Some(ConvertWord::Jpeg) => Some(Convert { quality, keep_original: files.keep_original }),
        None => None,
    }
}

/// In which folders the words mean.
fn layout_of(places: &PlacesArgs) -> Result<Layout, Problem> {
    if let Some(template) = &places.template {
        let template = PathTemplate::compile(template);
        return template.map(Layout::Template).map_err(|error| Problem::of_field("--template", &error));
    }
    Ok(match places.layout {
        LayoutWord::ByDate => Layout::ByDate,
        LayoutWord::ByAlbum => Layout::ByAlbum,
        LayoutWord::Flat => Layout::Flat,
        LayoutWord::AsOnPhone => Layout::AsOnPhone,
    })
}

/// Which names the word means.
pub(super) const fn names_of(word: NamesWord) -> Names {
    match word {
        NamesWord::Portable => Names::Portable,
        NamesWord::Native => Names::Native,
    }
}

/// Which links the word means.
const fn links_of(word: LinksWord) -> LinkPolicy {
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
fn sidecars_of(files: &FilesArgs) -> Sidecars {
    Sidecars {
        xmp: files.sidecar.contains(&SidecarWord::Xmp),
        json: files.sidecar.contains(&SidecarWord::Json),
    }
}
