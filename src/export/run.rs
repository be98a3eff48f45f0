//! The run that carries an export out.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use super::albums::{Albums, AlbumsTally, way_to_link};
use super::ground::Ground;
use super::sidecars::{self, SidecarTally};
use super::{Export, ExportError, Origin, ROUNDS, run_report, summing};
use crate::catalog::{AssetUuid, Catalog, Role};
use crate::convert::Heifer;
use crate::ledger::{Ledger, Recording, RunInfo, RunOutcome};
use crate::plan::{Plan, PlannedFile};
use crate::report::{Event, Outcome, Report, Summary};
use crate::select;
use crate::source::Source;
use crate::transfer::{Drive, LANES, LocalDrive, Tally, Transfer};

/// Carries out exports from one source to one destination.
pub struct Run {
    /// Where the files come from.
    pub source: Arc<dyn Source>,
    /// Whose they are.
    pub origin: Origin,
    /// The destination, an existing folder ([`super::prepare_destination`]).
    pub to: PathBuf,
    /// Who hears about it.
    pub report: Arc<dyn Report>,
    /// Ends it early; what is finished is kept.
    pub cancel: CancellationToken,
    /// When the command began, for the summary.
    pub started: Instant,
    /// What of the collection the cable does not reach, for the summary ([`super::Shelf::beyond_reach`]).
    pub beyond_reach: Vec<String>,
}

impl Run {
    /// Exports what `export` means.
    ///
    /// The catalogue's sizes are replaced by real ones where the plan depends on them.
    ///
    /// # Errors
    /// What makes it impossible to begin: an album that does not exist, a destination or a ledger that
    /// cannot be used. What goes wrong later is in the summary.
    pub async fn carry_out(self, catalog: &mut Catalog, export: &Export) -> Result<Summary, ExportError> {
        let catalog_read = Instant::now();
        let selected = select::select(catalog, &export.selection)?;
        if let Some(message) = selected.warning() {
            self.report.event(&Event::Warning { message });
        }
        // The lock that the ledger holds comes first: it is what makes the partial files ours to clean up.
        let ledger = Ledger::open(&self.to)?;
        let drive: Arc<dyn Drive> =
            Arc::new(LocalDrive::open(&self.to).map_err(|error| ExportError::drive(&self.to, error))?);
        let recorder = Recording::begin(ledger, &self.info(), Timestamp::now)?;
        let way = match export.is_by_album() {
            true => way_to_link(&*drive, export.links, &*self.report),
            false => None,
        };
        let known = recorder.ledger().known(&self.origin.udid)?;
        let ground = Ground {
            export,
            selected: &selected,
            places: export.places(catalog, &selected.items, &known, way.is_some())?,
            to: &self.to,
            drive,
        };
        let mut plan = ground.plan_with_real_sizes(catalog, &known, &*self.source).await?;
        self.tell_plan(&plan, &*ground.drive);
        let files = std::mem::take(&mut plan.files);
        let (mut recorder, mut total) = self.transfer(catalog, &ground, files, recorder).await;
        let mut albums = AlbumsTally::default();
        if export.has_lists() && total.end.is_none() {
            let step = Albums {
                catalog,
                ground: &ground,
                udid: &self.origin.udid,
                way,
                recorder: &mut recorder,
                report: &*self.report,
                cancel: &self.cancel,
            };
            albums = step.complete().await;
            total.not_reached += albums.not_reached;
            total.end = albums.end.take();
        }
        let mut sidecars = SidecarTally::default();
        if export.sidecars.any() && total.end.is_none() {
            (recorder, sidecars) = self.write_sidecars(catalog, &ground, recorder).await;
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
        summary.beyond_reach.clone_from(&self.beyond_reach);
        summary.report = run_report::write(&self.to, &summary);
        // What matters is recorded; a drive that is full or gone cannot take this note any more.
        if let Err(error) = recorder.finish(&outcome_of(&summary)) {
            tracing::warn!(%error, "the end of the run is not in the ledger");
        }
        Ok(summary)
    }

    /// What the ledger keeps of this run from its beginning.
    fn info(&self) -> RunInfo {
        RunInfo {
            udid: self.origin.udid.clone(),
            device_name: self.origin.name.clone(),
            model: self.origin.model.clone(),
            ios_version: self.origin.ios.clone(),
            started: Timestamp::now(),
            program_version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }

    /// Brings files; those whose names turn out to be taken under other names, in further rounds.
    async fn transfer(
        &self,
        catalog: &mut Catalog,
        ground: &Ground<'_>,
        mut files: Vec<PlannedFile>,
        mut recorder: Recording,
    ) -> (Recording, Tally) {
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
            total.add_round(tally);
            if !again {
                break;
            }
            files = match self.plan_anew(catalog, ground, &recorder).await {
                Ok(plan) => plan.files,
                Err(error) => {
                    total.end = Some(error.into_end());
                    break;
                }
            };
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
        (recorder, total)
    }

    async fn plan_anew(
        &self,
        catalog: &mut Catalog,
        ground: &Ground<'_>,
        recorder: &Recording,
    ) -> Result<Plan, ExportError> {
        let known = recorder.ledger().known(&self.origin.udid)?;
        ground.plan_with_real_sizes(catalog, &known, &*self.source).await
    }

    /// Writes sidecars, on a thread of its own. The catalogue goes there and comes back.
    async fn write_sidecars(
        &self,
        catalog: &mut Catalog,
        ground: &Ground<'_>,
        mut recording: Recording,
    ) -> (Recording, SidecarTally) {
        let nothing = Catalog {
            collection: catalog.collection,
            origin: catalog.origin.clone(),
            items: vec![],
            albums: vec![],
            unread_folders: 0,
            warnings: vec![],
        };
        let whole = std::mem::replace(catalog, nothing);
        let (selected, udid) = (ground.selected.items.clone(), self.origin.udid.clone());
        let (drive, report) = (Arc::clone(&ground.drive), Arc::clone(&self.report));
        let (sidecars, cancel) = (ground.export.sidecars, self.cancel.clone());
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

/// What the ledger keeps of a run at its end.
fn outcome_of(summary: &Summary) -> RunOutcome {
    RunOutcome {
        finished: Timestamp::now(),
        exported_files: summary.exported_files,
        exported_bytes: summary.exported_bytes,
        already_files: summary.already_files,
        failed_files: summary.failed.len() as u64,
        complete: summary.outcome == Outcome::Complete,
    }
}
