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
use crate::catalog::Catalog;
use crate::export::{self, Export, Origin, Run};
use crate::report::{self, Event, Report};

pub(super) async fn run(common: &Common, args: &PhotosArgs, cancel: CancellationToken) -> Outcome {
    let started = Instant::now();
    let report = report_of(common);
    let arranged = export_of(&args.files, &args.places)?;
    let export = Export { selection: selection_to_export(&args.which, &Zoned::now())?, ..arranged };
    // The drive before the phone: nobody should unlock a phone for a folder that cannot be used.
    export::prepare_destination(&args.to).map_err(export::ExportError::from)?;
    let Some(ready) = Ready::make(common, &*report, &cancel).await? else { return Ok(Exit::Interrupted) };
    ready.export(&export, args.to.clone(), report, cancel, started).await
}

/// A phone whose catalogue was read.
pub(super) struct Ready {
    phone: OpenPhone,
    pub(super) catalog: Catalog,
}

impl Ready {
    /// Opens the phone that is meant and reads it; `None` if that was interrupted.
    pub(super) async fn make(
        common: &Common,
        report: &dyn Report,
        cancel: &CancellationToken,
    ) -> Result<Option<Self>, Problem> {
        let make = async {
            let phone = OpenPhone::open(common, report).await?;
            let catalog = export::read_catalog(&*phone.media, report).await?;
            Ok(Self { phone, catalog })
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
        let info = &self.phone.info;
        let run = Run {
            source: Arc::clone(&self.phone.media) as Arc<_>,
            origin: Origin {
                udid: info.udid.to_string(),
                name: info.name.clone(),
                model: info.product_type.clone(),
                ios: info.ios.clone(),
            },
            to,
            report: Arc::clone(&report),
            cancel,
            started,
        };
        let summary = run.photos(&mut self.catalog, export).await?;
        let outcome = summary.outcome;
        report.event(&Event::Summary(Box::new(summary)));
        Ok(match outcome {
            report::Outcome::Complete => Exit::Done,
            report::Outcome::WithFailures => Exit::Failures,
            report::Outcome::DestinationFull => Exit::Full,
            report::Outcome::DestinationFailed => Exit::Destination,
            report::Outcome::PhoneLost => Exit::Lost,
            report::Outcome::Interrupted => Exit::Interrupted,
        })
    }
}
