//! Decides where each file goes.
//!
//! Pure: the same catalogue, selection, layout, ledger and survey of the drive give the same plan. It sees
//! no phone and no drive, and moves nothing. What lies on the drive is told to it by a [`Survey`], what was
//! exported before by [`Known`].
//!
//! The rules, in short. All files of an item share one stem, so that a Live Photo stays a pair. No two items
//! share a stem in a folder, so that nothing else looks like one. The first in the order of the catalogue
//! gets the name as it is, others a few digits of their uuid behind it; a name once given stays. What the
//! ledger does not own is never written over.

mod claims;
mod contents;
mod dest;
mod extension;
mod folders;
mod group;
mod known;
mod layout;
mod names;
mod on_phone;
mod outcome;
mod places;
mod planner;
mod suffix;
mod survey;
mod tagging;
mod template;

pub use contents::{Contents, Convert, Versions};
pub use dest::{DestPath, NotADestPath};
pub use folders::folders;
pub use known::{Known, KnownFile, KnownLink, KnownList};
pub use layout::{Arrangement, Layout, LinkPolicy, LinkWay};
pub use names::{DestName, Names};
pub use outcome::{
    Absent, Action, AlreadyThere, Conversion, LinkAction, Plan, PlannedFile, PlannedLink, Totals,
};
pub use places::{ListPlace, Places};
pub use planner::plan;
pub use survey::{Found, Survey};
pub use tagging::Tagging;
pub(crate) use tagging::{own_revision, without_cover};
pub use template::PathTemplate;

use crate::catalog::Catalog;

/// All that a plan depends on.
#[derive(Debug, Clone, Copy)]
pub struct PlanInput<'a> {
    /// What is on the phone.
    pub catalog: &'a Catalog,
    /// What is meant, as indices into [`Catalog::items`] ([`crate::select::Selected::items`]).
    pub selected: &'a [usize],
    /// Where the layout puts each of these.
    pub places: &'a Places,
    /// Which files of each item are meant.
    pub contents: &'a Contents,
    /// What was exported to this destination before.
    pub known: &'a Known,
    /// What lies in the folders that [`folders`] asks for.
    pub survey: &'a Survey,
}
