//! `iexport photos`: the main job.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use jiff::Zoned;
use tokio_util::sync::CancellationToken;

use super::advice::Problem;
use super::args::{Common, PhotosArgs};
use super::arrangement::export_of;
use super::selection::selection_to_export;
use super::session::{OpenPhone, report_of};
use super::{Exit, Outcome};
use crate::catalog::Collection;
use crate::device::PhoneInfo;
use crate::export::{self, Export, Origin, Run, Shelf};
use crate::report::{self, Event, Report};

pub(super) async fn run(common: &Common, args: &PhotosArgs, cancel: CancellationToken) -> Outcome {
    let started = Instant::now();
    let report = report_of(common);
    let arranged = export_of(&args.files, &args.places)?;
    let export = Export { selection: selection_to_export(&args.which, &Zoned::now())?, ..arranged };
    // The drive before the phone: nobody should unlock a phone for a folder that cannot be used.
    export::prepare_destination(&args.to).map_err(export::ExportError::from)?;
    let Some(ready) = Ready::make(common, Collection::Photos, &*report, &cancel).await? else {
        return Ok(Exit::Interrupted);
    };
    ready.export(&export, args.to.clone(), report, cancel, started).await
}

/// A phone of which a collection was read.
pub(super) struct Ready {
    pub(super) phone: OpenPhone,
    pub(super) shelf: Shelf,
}

impl Ready {
    /// Opens the phone that is meant and reads a collection of it; `None` if that was interrupted.
    pub(super) async fn make(
        common: &Common,
        collection: Collection,
        report: &dyn Report,
        cancel: &CancellationToken,
    ) -> Result<Option<Self>, Problem> {
        let make = async {
            let phone = OpenPhone::open(common, report).await?;
            let shelf = phone.read(collection, report).await?;
            Ok(Self { phone, shelf })
        };
        cancel.run_until_cancelled(make).await.transpose()
    }

    /// Exports to a folder that is there, and tells the summary.
    pub(super) async fn export(
        mut self,
        export: &Export,
        to: PathBuf,
        report: Arc<dyn Report>,
        cancel: CancellationToken,
        started: Instant,
    ) -> Outcome {
        let run = Run {
            source: Arc::clone(&self.shelf.source),
            origin: origin_of(&self.phone.info),
            to,
            report: Arc::clone(&report),
            cancel,
            started,
            beyond_reach: std::mem::take(&mut self.shelf.beyond_reach),
        };
        let summary = run.carry_out(&mut self.shelf.catalog, export).await?;
        let outcome = summary.outcome;
        report.event(&Event::Summary(Box::new(summary)));
        Ok(exit_of(outcome))
    }
}

/// Whom the files of a phone come from.
pub(super) fn origin_of(info: &PhoneInfo) -> Origin {
    Origin {
        udid: info.udid.to_string(),
        name: info.name.clone(),
        model: info.product_type.clone(),
        ios: info.ios.clone(),
    }
}

/// How the process ends after a run.
pub(super) const fn exit_of(outcome: report::Outcome) -> Exit {
    match outcome {
        report::Outcome::Complete => Exit::Done,
        report::Outcome::WithFailures => Exit::Failures,
        report::Outcome::DestinationFull => Exit::Full,
        report::Outcome::DestinationFailed => Exit::Destination,
        report::Outcome::PhoneLost => Exit::Lost,
        report::Outcome::Interrupted => Exit::Interrupted,
    }
}
