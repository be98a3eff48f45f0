//! The folders of albums: links to what is at home in another folder, and lists of their members. After the files
//! are on the drive.

use std::collections::HashSet;

use tokio_util::sync::CancellationToken;

use super::ground::Ground;
use super::{ExportError, ROUNDS, album_lists, links};
use crate::catalog::Catalog;
use crate::ledger::Recording;
use crate::plan::{DestPath, Known, LinkPolicy, LinkWay, Plan};
use crate::report::{Event, FailedFile, Report};
use crate::transfer::{Drive, End};

/// What is said of a drive that can hold no links.
const NO_LINKS: &str = "this drive cannot hold links of the kind that was asked for: what is in several albums lies in the \
    folder of the first of them, and the lists in the folders of the others say where";

/// What came of the folders of albums.
#[derive(Debug, Clone, Default)]
pub(super) struct AlbumsTally {
    /// Links that were made.
    pub(super) links: u64,
    /// How.
    pub(super) way: Option<LinkWay>,
    /// Why none can be made.
    pub(super) note: Option<&'static str>,
    /// Albums whose lists are on the drive.
    pub(super) lists: u64,
    /// Links and lists that could not be made.
    pub(super) failed: Vec<FailedFile>,
    /// Links that were not tried.
    pub(super) not_reached: u64,
    /// Why it ended early, if it did.
    pub(super) end: Option<End>,
}

/// The way in which this drive can hold links; if it can hold none, the person is told.
pub(super) fn way_to_link(drive: &dyn Drive, policy: LinkPolicy, report: &dyn Report) -> Option<LinkWay> {
    let way = links::way(drive, policy);
    if way.is_none() && policy != LinkPolicy::None {
        report.event(&Event::Warning { message: NO_LINKS.to_owned() });
    }
    way
}

/// What it takes to make the folders of albums complete.
pub(super) struct Albums<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) ground: &'a Ground<'a>,
    pub(super) udid: &'a str,
    pub(super) way: Option<LinkWay>,
    pub(super) recorder: &'a mut Recording,
    pub(super) report: &'a dyn Report,
    pub(super) cancel: &'a CancellationToken,
}

impl Albums<'_> {
    /// Makes links and lists. What was exported before is as safe as ever, so nothing here is an error of the run.
    pub(super) async fn complete(mut self) -> AlbumsTally {
        let mut out = AlbumsTally { way: self.way, ..AlbumsTally::default() };
        if self.way.is_none()
            && self.ground.export.is_by_album()
            && self.ground.export.links != LinkPolicy::None
        {
            out.note = Some(NO_LINKS);
        }
        if let Err(error) = self.work(&mut out).await {
            out.end = Some(error.into_end());
        }
        out
    }

    async fn work(&mut self, out: &mut AlbumsTally) -> Result<(), ExportError> {
        if let Some((plan, known)) = self.link(out).await? {
            self.list(&plan, &known, out);
        }
        Ok(())
    }

    /// Makes links. Gives back what is planned and known at the end; `None` if it ended early.
    async fn link(&mut self, out: &mut AlbumsTally) -> Result<Option<(Plan, Known)>, ExportError> {
        let mut round = 1;
        loop {
            let known = self.recorder.ledger().known(self.udid)?;
            let plan = self.ground.plan(self.catalog, &known)?;
            let Some(way) = self.way else { return Ok(Some((plan, known))) };
            let linker = links::Linker {
                drive: &*self.ground.drive,
                recorder: self.recorder,
                report: self.report,
                cancel: self.cancel,
                way,
            };
            // What failed is not tried over and over, nor what there is no file for.
            let failed: HashSet<&str> = out.failed.iter().map(|failed| failed.to.as_str()).collect();
            let there: HashSet<&DestPath> = plan.already.iter().map(|file| &file.to).collect();
            let todo = plan.links.iter().filter(|link| there.contains(&link.target));
            let todo = todo.filter(|link| !failed.contains(link.at.to_text()));
            let linked = linker.make(&todo.cloned().collect::<Vec<_>>()).await;
            out.links += linked.made;
            out.failed.extend(linked.failed);
            // What lost its name to another and got no other one is not there. A further round, if there is one,
            // says anew what was not reached.
            out.not_reached = linked.not_reached + linked.conflicts;
            out.end = linked.end;
            if out.end.is_some() {
                return Ok(None);
            }
            if linked.conflicts == 0 || round == ROUNDS {
                return Ok(Some((plan, self.recorder.ledger().known(self.udid)?)));
            }
            round += 1;
        }
    }

    /// Writes the lists.
    fn list(&mut self, plan: &Plan, known: &Known, out: &mut AlbumsTally) {
        let lister = album_lists::Lister {
            drive: &*self.ground.drive,
            recorder: self.recorder,
            catalog: self.catalog,
            places: &self.ground.places,
            selected: &self.ground.selected.items,
            plan,
            known,
            links: self.way.is_some(),
            every: self.ground.export.playlists,
            // Songs of an artist are in many lists, of which hardly anything would be there.
            only_known: self.ground.export.playlists
                && self.ground.export.selection.albums.is_empty()
                && !self.ground.export.selection.is_everything(),
        };
        let written = lister.write();
        for failed in &written.failed {
            self.report.event(&Event::Failed(failed.clone()));
        }
        out.lists = written.albums;
        out.failed.extend(written.failed);
        out.end = written.end;
    }
}
