//! An export as a value, and the run that carries it out: the rooms, one after the other.
//!
//! This is the library's front door. It needs no terminal and prints nothing; what happens is told to a
//! [`Report`].

mod album_lists;
mod drive_check;
mod error;
mod links;
mod run_report;
mod sidecars;
mod sizes;
mod summing;
mod survey;

pub use drive_check::{DestinationError, prepare_destination};
pub use error::ExportError;

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use crate::catalog::{self, AssetUuid, Catalog, CatalogProgress, Role};
use crate::convert::Heifer;
use crate::ledger::{Ledger, Recording, RunInfo, RunOutcome};
use crate::plan::{
    self, Arrangement, Contents, Known, Layout, LinkPolicy, LinkWay, Names, Places, Plan, PlanInput,
};
use crate::report::{Event, FailedFile, Outcome, Phase, Report, Summary};
use crate::select::{self, Selected, Selection};
use crate::sidecar::Sidecars;
use crate::source::Source;
use crate::transfer::{Drive, End, LANES, LocalDrive, Tally, Transfer};
use sidecars::SidecarTally;

/// What is to be exported, and how it is to be arranged.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Export {
    /// Which items.
    pub selection: Selection,
    /// In which folders.
    pub layout: Layout,
    /// Under which names.
    pub names: Names,
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
        let wanted = Arrangement { layout: &self.layout, names: self.names, albums: albums.as_ref(), links };
        Places::new(catalog, selected, known, &wanted).map_err(ExportError::Template)
    }

    /// Whether albums have folders of their own.
    fn is_by_album(&self) -> bool {
        self.layout == Layout::ByAlbum
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

/// Reads the catalogue of a source and tells how it goes.
///
/// # Errors
/// When neither the database nor the files can be read.
pub async fn read_catalog(source: &dyn Source, report: &dyn Report) -> Result<Catalog, ExportError> {
    let scratch = tempfile::tempdir().map_err(ExportError::Scratch)?;
    let tell = |progress: CatalogProgress| {
        let (phase, done, total) = match progress {
            CatalogProgress::Database { got_bytes, total_bytes, .. } => {
                if got_bytes == total_bytes {
                    tracing::debug!("the photo database is on this computer");
                }
                (Phase::Database, got_bytes, total_bytes)
            }
            CatalogProgress::Rows { .. } => return,
            CatalogProgress::Directories { listed, total } => (Phase::Folders, listed, total),
            CatalogProgress::Files { seen, total } => (Phase::Files, seen, total),
        };
        report.event(&Event::Preparing { phase, done, total: Some(total).filter(|n| *n > 0) });
    };
    let catalog = catalog::read(source, scratch.path(), &tell).await?;
    for message in &catalog.warnings {
        report.event(&Event::Warning { message: message.clone() });
    }
    report.event(&Event::Catalog {
        items: catalog.catalogued().count(),
        albums: catalog.albums.len(),
        model_version: match catalog.origin {
            catalog::Origin::Database { model_version } => Some(model_version),
            catalog::Origin::FilesOnly => None,
        },
    });
    Ok(catalog)
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

/// Carries out exports from one source to one destination.
pub struct Run {
    /// Where the files come from.
    pub source: Arc<dyn Source>,
    /// Whose they are.
    pub origin: Origin,
    /// The destination, an existing folder ([`prepare_destination`]).
    pub to: PathBuf,
    /// Who hears about it.
    pub report: Arc<dyn Report>,
    /// Ends it early; what is finished is kept.
    pub cancel: CancellationToken,
    /// When the command began, for the summary.
    pub started: Instant,
}

/// What is said of a drive that can hold no links.
const NO_LINKS: &str = "this drive cannot hold links of the kind that was asked for: what is in several albums lies in the \
    folder of the first of them, and the lists in the folders of the others say where";

/// What all plans of a run have in common.
struct Ground<'a> {
    export: &'a Export,
    selected: &'a Selected,
    places: Places,
    drive: Arc<dyn Drive>,
}

impl Ground<'_> {
    /// What lies in the folders that matter, and in which of them anything does.
    fn survey(
        &self,
        catalog: &Catalog,
        known: &Known,
    ) -> std::io::Result<(plan::Survey, BTreeSet<plan::DestPath>)> {
        let folders = plan::folders(catalog, &self.selected.items, &self.places, known);
        survey::of_folders(&folders, |folder| self.drive.list(folder))
    }

    fn plan(&self, catalog: &Catalog, known: &Known, survey: &plan::Survey) -> Plan {
        plan::plan(&PlanInput {
            catalog,
            selected: &self.selected.items,
            places: &self.places,
            contents: &self.export.contents,
            known,
            survey,
        })
    }
}

/// What came of the folders of albums.
#[derive(Debug, Clone, Default)]
struct Albums {
    /// Links that were made.
    links: u64,
    /// How.
    way: Option<LinkWay>,
    /// Why none can be made.
    note: Option<&'static str>,
    /// Albums whose lists are on the drive.
    lists: u64,
    /// Links and lists that could not be made.
    failed: Vec<FailedFile>,
    /// Links that were not tried.
    not_reached: u64,
    /// Why it ended early, if it did.
    end: Option<End>,
}

/// How often it is planned anew when names turn out to belong to something else. Each round finds other
/// names for what was left over, so the second is practically always the last.
const ROUNDS: usize = 4;

impl Run {
    /// Exports what `export` means.
    ///
    /// The catalogue's sizes are replaced by real ones where the plan depends on them.
    ///
    /// # Errors
    /// What makes it impossible to begin: an album that does not exist, a destination or a ledger that
    /// cannot be used. What goes wrong later is in the summary.
    pub async fn photos(self, catalog: &mut Catalog, export: &Export) -> Result<Summary, ExportError> {
        let catalog_read = Instant::now();
        let selected = select::select(catalog, &export.selection)?;
        if let Some(message) = selected.warning() {
            self.report.event(&Event::Warning { message });
        }
        // The lock that the ledger holds comes first: it is what makes the partial files ours to clean up.
        let ledger = Ledger::open(&self.to)?;
        let drive: Arc<dyn Drive> =
            Arc::new(LocalDrive::open(&self.to).map_err(|error| ExportError::drive(&self.to, error))?);
        let info = RunInfo {
            udid: self.origin.udid.clone(),
            device_name: self.origin.name.clone(),
            model: self.origin.model.clone(),
            ios_version: self.origin.ios.clone(),
            started: Timestamp::now(),
            program_version: env!("CARGO_PKG_VERSION").to_owned(),
        };
        let mut recorder = Recording::begin(ledger, &info, Timestamp::now)?;
        let way = if export.is_by_album() { self.way_to_link(&*drive, export.links) } else { None };
        let known = recorder.ledger().known(&self.origin.udid)?;
        let ground = Ground {
            export,
            selected: &selected,
            places: export.places(catalog, &selected.items, &known, way.is_some())?,
            drive,
        };
        let mut plan = self.plan(catalog, &ground, known).await?;
        self.tell_plan(&plan, &*ground.drive);
        let mut files = std::mem::take(&mut plan.files);
        let mut total = Tally::default();
        for round in 1.. {
            if files.is_empty() {
                break;
            }
            let transfer = Transfer {
                source: Arc::clone(&self.source),
                drive: Arc::clone(&ground.drive),
                recorder,
                report: Arc::clone(&self.report),
                cancel: self.cancel.clone(),
                lanes: LANES,
                decoder: Arc::new(Heifer),
            };
            let (back, tally) = transfer.run(files).await;
            recorder = back;
            let again = tally.conflicts > 0 && tally.end.is_none() && round < ROUNDS;
            add(&mut total, tally);
            if !again {
                break;
            }
            let known = recorder.ledger().known(&self.origin.udid)?;
            files = self.plan(catalog, &ground, known).await?.files;
            let failed: HashSet<(&AssetUuid, Role)> =
                total.failures.iter().map(|failure| (&failure.file.uuid, failure.file.role)).collect();
            // What failed is not tried over and over.
            files.retain(|file| {
                let made = file.convert.as_ref().map(|convert| convert.role);
                [Some(file.role), made]
                    .into_iter()
                    .flatten()
                    .all(|role| !failed.contains(&(&file.uuid, role)))
            });
        }
        let mut albums = Albums::default();
        if export.is_by_album() && total.end.is_none() {
            albums = match self.albums(catalog, &ground, way, &mut recorder).await {
                Ok(albums) => albums,
                // What was exported before is as safe as ever, and has to be told.
                Err(error) => Albums { end: Some(End::DriveFailed(error.to_string())), ..Albums::default() },
            };
            total.not_reached += albums.not_reached;
            total.end = albums.end.take();
        }
        let mut sidecars = SidecarTally::default();
        if export.sidecars.any() && total.end.is_none() {
            (recorder, sidecars) =
                self.write_sidecars(catalog, export.sidecars, &selected, &ground.drive, recorder).await;
        }
        let parts = summing::Parts {
            catalog,
            selected: &selected,
            plan: &plan,
            tally: &total,
            albums: &albums,
            sidecars: &sidecars,
        };
        let mut summary = parts.sum();
        summary.seconds = self.started.elapsed().as_secs_f64();
        summary.seconds_after_catalog = catalog_read.elapsed().as_secs_f64();
        summary.destination = self.to.display().to_string();
        summary.report = run_report::write(&self.to, &summary);
        let finished = RunOutcome {
            finished: Timestamp::now(),
            exported_files: summary.exported_files,
            exported_bytes: summary.exported_bytes,
            already_files: summary.already_files,
            failed_files: summary.failed.len() as u64,
            complete: summary.outcome == Outcome::Complete,
        };
        // What matters is recorded; a drive that is full or gone cannot take this note any more.
        if let Err(error) = recorder.finish(&finished) {
            tracing::warn!(%error, "the end of the run is not in the ledger");
        }
        Ok(summary)
    }

    /// Plans, with the real sizes of files where the plan depends on them.
    async fn plan(
        &self,
        catalog: &mut Catalog,
        ground: &Ground<'_>,
        known: Known,
    ) -> Result<Plan, ExportError> {
        let (survey, occupied) = ground.survey(catalog, &known).map_err(|error| self.drive_error(error))?;
        let (selected, places) = (&ground.selected.items, &ground.places);
        sizes::make_real(&*self.source, catalog, selected, places, &known, &occupied).await?;
        Ok(ground.plan(catalog, &known, &survey))
    }

    /// The way in which this drive can hold links; if it can hold none, the person is told.
    fn way_to_link(&self, drive: &dyn Drive, policy: LinkPolicy) -> Option<LinkWay> {
        let way = links::way(drive, policy);
        if way.is_none() && policy != LinkPolicy::None {
            self.report.event(&Event::Warning { message: NO_LINKS.to_owned() });
        }
        way
    }

    /// Makes links to what is at home in another folder, and writes the lists of the albums.
    async fn albums(
        &self,
        catalog: &Catalog,
        ground: &Ground<'_>,
        way: Option<LinkWay>,
        recorder: &mut Recording,
    ) -> Result<Albums, ExportError> {
        let mut out = Albums { way, ..Albums::default() };
        if way.is_none() && ground.export.links != LinkPolicy::None {
            out.note = Some(NO_LINKS);
        }
        let mut round = 1;
        let (plan, known) = loop {
            let known = recorder.ledger().known(&self.origin.udid)?;
            let (survey, _) = ground.survey(catalog, &known).map_err(|error| self.drive_error(error))?;
            let plan = ground.plan(catalog, &known, &survey);
            let Some(way) = way else { break (plan, known) };
            let linker = links::Linker {
                drive: &*ground.drive,
                recorder,
                report: &*self.report,
                cancel: &self.cancel,
                way,
            };
            // What failed is not tried over and over, nor what there is no file for.
            let failed: HashSet<&str> = out.failed.iter().map(|failed| failed.to.as_str()).collect();
            let there: HashSet<&plan::DestPath> = plan.already.iter().map(|file| &file.to).collect();
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
                return Ok(out);
            }
            if linked.conflicts == 0 || round == ROUNDS {
                break (plan, recorder.ledger().known(&self.origin.udid)?);
            }
            round += 1;
        };
        let lister = album_lists::Lister {
            drive: &*ground.drive,
            recorder,
            catalog,
            places: &ground.places,
            selected: &ground.selected.items,
            plan: &plan,
            known: &known,
            links: way.is_some(),
        };
        let written = lister.write();
        for failed in &written.failed {
            self.report.event(&Event::Failed(failed.clone()));
        }
        out.lists = written.albums;
        out.failed.extend(written.failed);
        out.end = written.end;
        Ok(out)
    }

    fn drive_error(&self, error: std::io::Error) -> ExportError {
        ExportError::drive(&self.to, error)
    }

    /// Writes sidecars, on a thread of its own. The catalogue goes there and comes back.
    async fn write_sidecars(
        &self,
        catalog: &mut Catalog,
        sidecars: Sidecars,
        selected: &Selected,
        drive: &Arc<dyn Drive>,
        mut recording: Recording,
    ) -> (Recording, SidecarTally) {
        let nothing =
            Catalog { origin: catalog.origin.clone(), items: vec![], albums: vec![], warnings: vec![] };
        let whole = std::mem::replace(catalog, nothing);
        let (selected, udid) = (selected.items.clone(), self.origin.udid.clone());
        let (drive, report) = (Arc::clone(drive), Arc::clone(&self.report));
        let cancel = self.cancel.clone();
        let writing = tokio::task::spawn_blocking(move || {
            let tally = sidecars::Writing {
                catalog: &whole,
                selected: &selected,
                sidecars,
                udid: &udid,
                drive: &*drive,
                recording: &mut recording,
                report: &*report,
                cancel: &cancel,
            }
            .run();
            (whole, recording, tally)
        });
        #[expect(clippy::panic, reason = "a panic over there goes on as ours: the catalogue is gone")]
        let Ok((whole, recording, tally)) = writing.await else { panic!("writing sidecars panicked") };
        *catalog = whole;
        (recording, tally)
    }

    fn tell_plan(&self, plan: &Plan, drive: &dyn Drive) {
        let (todo, already) = (plan.totals(), plan.already_totals());
        self.report.event(&Event::Plan {
            files: todo.files,
            bytes: todo.bytes,
            already_files: already.files,
            already_bytes: already.bytes,
            cloud_only: plan.cloud_only_items(),
            free_bytes: drive.free_bytes(),
        });
    }
}

/// Adds what came of another round.
fn add(total: &mut Tally, round: Tally) {
    total.exported_files += round.exported_files;
    total.exported_bytes += round.exported_bytes;
    total.adopted_files += round.adopted_files;
    total.replaced_files += round.replaced_files;
    total.converted_files += round.converted_files;
    total.preview_files += round.preview_files;
    total.not_converted.extend(round.not_converted);
    total.proven_files += round.proven_files;
    total.no_fingerprint_files += round.no_fingerprint_files;
    total.differing.extend(round.differing);
    total.failures.extend(round.failures);
    total.conflicts = round.conflicts;
    // A file that lost its name to another and got no other one is not on the drive. A further round, if there is
    // one, says anew what was not reached.
    total.not_reached = round.not_reached + round.conflicts;
    total.end = round.end;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_stay_taken_are_not_called_complete() {
        let mut total = Tally::default();
        add(&mut total, Tally { exported_files: 3, conflicts: 2, ..Tally::default() });
        assert_eq!(total.not_reached, 2);
        add(&mut total, Tally { exported_files: 2, ..Tally::default() });
        assert_eq!((total.exported_files, total.not_reached), (5, 0));
    }
}
