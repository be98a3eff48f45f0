//! An export as a value, and the run that carries it out: the rooms, one after the other.
//!
//! This is the library's front door. It needs no terminal and prints nothing; what happens is told to a
//! [`crate::report::Report`].

mod album_lists;
mod albums;
mod collections;
mod drive_check;
mod error;
mod everything;
mod ground;
mod links;
mod reach;
mod run;
mod run_report;
mod sidecars;
mod sizes;
mod summing;
mod survey;

pub use collections::{Collections, Shelf};
pub use drive_check::{DestinationError, prepare_destination};
pub use error::ExportError;
pub use everything::Everything;
pub use run::Run;

use std::path::Path;

use crate::catalog::Catalog;
use crate::ledger::Ledger;
use crate::plan::{
    self, Arrangement, Contents, DestPath, Known, Layout, LinkPolicy, Names, Places, Plan, PlanInput,
};
use crate::select::{self, Selected, Selection};
use crate::sidecar::Sidecars;
use crate::transfer::{Drive as _, LocalDrive};

/// How often it is planned anew when names turn out to belong to something else. Each round finds other
/// names for what was left over, so the second is practically always the last.
const ROUNDS: usize = 4;

/// What is to be exported, and how it is to be arranged.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Export {
    /// Which items.
    pub selection: Selection,
    /// In which folders.
    pub layout: Layout,
    /// The folder that everything goes below; the destination itself unless it is said.
    pub below: DestPath,
    /// Under which names.
    pub names: Names,
    /// Whether the albums of the catalogue are playlists, which are written as lists whatever the layout.
    pub playlists: bool,
    /// How what is in several albums is made to be in the folder of each.
    pub links: LinkPolicy,
    /// Which files of each item.
    pub contents: Contents,
    /// Which files that tell of them.
    pub sidecars: Sidecars,
}

impl Export {
    /// Where it puts each of the selected items. With `links`, albums refer to what is at home elsewhere.
    fn places(
        &self,
        catalog: &Catalog,
        selected: &[usize],
        known: &Known,
        links: bool,
    ) -> Result<Places, ExportError> {
        // Who asks for albums wants their folders, and not those of other albums that share a photo with them;
        // but what is asked for by itself can be in any.
        let albums = select::albums(catalog, &self.selection)?.filter(|_| self.selection.uuids.is_none());
        let wanted = Arrangement {
            layout: &self.layout,
            names: self.names,
            albums: albums.as_ref(),
            links,
            below: &self.below,
            playlists: self.playlists,
        };
        Places::new(catalog, selected, known, &wanted).map_err(ExportError::Template)
    }

    /// Whether albums have folders of their own.
    fn is_by_album(&self) -> bool {
        self.layout == Layout::ByAlbum
    }

    /// Whether albums or playlists have lists.
    fn has_lists(&self) -> bool {
        self.is_by_album() || self.playlists
    }
}

/// Whom the files come from: what the ledger keeps them under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Its identity.
    pub udid: String,
    /// Its name.
    pub name: String,
    /// Its product type.
    pub model: String,
    /// Its iOS version.
    pub ios: String,
}

/// What an export would do, without doing it: reads the ledger and looks at the drive, writes nothing.
///
/// # Errors
/// An album that does not exist, or a ledger that cannot be read.
pub fn preview(
    catalog: &Catalog,
    export: &Export,
    udid: &str,
    to: Option<&Path>,
) -> Result<(Selected, Plan), ExportError> {
    let selected = select::select(catalog, &export.selection)?;
    let ledger = match to {
        Some(to) => Ledger::open_existing_read_only(to)?,
        None => None,
    };
    let known = ledger.map(|ledger| ledger.known(udid)).transpose()?.unwrap_or_default();
    let links = export.is_by_album() && export.links != LinkPolicy::None;
    let places = export.places(catalog, &selected.items, &known, links)?;
    let folders = plan::folders(catalog, &selected.items, &places, &known);
    let survey = match to {
        Some(to) => {
            let drive = LocalDrive::at(to);
            let (survey, _) = survey::of_folders(&folders, |folder| drive.list(folder))
                .map_err(|error| ExportError::drive(to, error))?;
            survey
        }
        None => plan::Survey::default(),
    };
    let input = PlanInput {
        catalog,
        selected: &selected.items,
        places: &places,
        contents: &export.contents,
        known: &known,
        survey: &survey,
    };
    let plan = plan::plan(&input);
    Ok((selected, plan))
}
