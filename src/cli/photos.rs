//! `iexport photos`: the main job.

use std::sync::Arc;
use std::time::Instant;

use tokio_util::sync::CancellationToken;

use super::args::{Common, PhotosArgs};
use super::selection::{contents_of, layout_of, links_of, names_of, selection_of, sidecars_of};
use super::session::{OpenPhone, report_of};
use super::{Exit, Outcome};
use crate::export::{self, Export, Origin, Run};
use crate::report::{self, Event};

pub(super) async fn run(common: &Common, args: &PhotosArgs, cancel: CancellationToken) -> Outcome {
    let started = Instant::now();
    let report = report_of(common);
    // The drive before the phone: nobody should unlock a phone for a folder that cannot be used.
    export::prepare_destination(&args.to).map_err(export::ExportError::from)?;
    let prepare = async {
        let phone = OpenPhone::open(common, &*report).await?;
        let catalog = export::read_catalog(&*phone.media, &*report).await?;
        Ok::<_, super::Problem>((phone, catalog))
    };
    let Some(prepared) = cancel.run_until_cancelled(prepare).await else { return Ok(Exit::Interrupted) };
    let (phone, mut catalog) = prepared?;
    let run = Run {
        source: Arc::clone(&phone.media) as Arc<_>,
        origin: Origin {
            udid: phone.info.udid.to_string(),
            name: phone.info.name.clone(),
            model: phone.info.product_type.clone(),
            ios: phone.info.ios.clone(),
        },
        to: args.to.clone(),
        report: Arc::clone(&report),
        cancel,
        started,
    };
    let export = Export {
        selection: selection_of(&args.which),
        layout: layout_of(args.places.layout),
        names: names_of(args.places.names),
        links: links_of(args.places.links),
        contents: contents_of(&args.files),
        sidecars: sidecars_of(&args.files),
    };
    let summary = run.photos(&mut catalog, &export).await?;
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
