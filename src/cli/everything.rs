//! `iexport everything`: each kind of media in its own folder.

use std::time::Instant;

use tokio_util::sync::CancellationToken;

use super::advice::Problem;
use super::args::{Common, EverythingArgs};
use super::arrangement::names_of;
use super::documents;
use super::photos::{exit_of, origin_of};
use super::selection::policy;
use super::session::{OpenPhone, report_of};
use super::{Exit, Outcome};
use crate::catalog::Collection;
use crate::export::{self, Everything, Export};
use crate::plan::{Contents, DestName, DestPath, Layout};
use crate::report::{self, Event, Total};
use crate::select::{MediaSelection, Selection};

pub(super) async fn run(common: &Common, args: &EverythingArgs, cancel: CancellationToken) -> Outcome {
    let started = Instant::now();
    let report = report_of(common);
    if wanted(args).next().is_none() {
        return Err(Problem::new(
            Exit::Usage,
            "--skip leaves out all there is",
            "Leave out one of its kinds.",
        ));
    }
    export::prepare_destination(&args.to).map_err(export::ExportError::from)?;
    let opening = OpenPhone::open(common, &*report);
    let Some(phone) = cancel.run_until_cancelled(opening).await.transpose()? else {
        return Ok(Exit::Interrupted);
    };
    let mut collections = phone.collections()?;
    let mut wanted: Vec<Collection> = wanted(args).collect();
    if !wanted.contains(&Collection::Photos) {
        collections = collections.without_own_videos();
    }
    let mut failed = Vec::new();
    if wanted.contains(&Collection::Files) {
        let asking = phone.session.apps();
        match cancel.run_until_cancelled(asking).await {
            None => return Ok(Exit::Interrupted),
            Some(Ok(apps)) => {
                let (apps, others) = documents::sharing(apps);
                let (source, roots) = documents::documents(&phone, &apps, apps.clone());
                collections = collections.with_files(source, roots).with_unshared(others.len());
            }
            Some(Err(error)) => {
                wanted.retain(|collection| *collection != Collection::Files);
                failed.push((Collection::Files, error.to_string()));
            }
        }
    }
    let everything = Everything {
        collections,
        exports: wanted.into_iter().map(|collection| (collection, export_of(args, collection))).collect(),
        failed,
        origin: origin_of(&phone.info),
        to: args.to.clone(),
        report: report.clone(),
        cancel,
        started,
    };
    let total = everything.carry_out().await?;
    let exit = exit_of_total(&total);
    report.event(&Event::Total(Box::new(total)));
    Ok(exit)
}

/// The kinds that are asked for, in their order.
fn wanted(args: &EverythingArgs) -> impl Iterator<Item = Collection> {
    let is_wanted =
        |own: &Collection| (args.only.is_empty() || args.only.contains(own)) && !args.skip.contains(own);
    Collection::ALL.into_iter().filter(is_wanted)
}

/// All of a kind, below its own folder.
fn export_of(args: &EverythingArgs, collection: Collection) -> Export {
    let media = MediaSelection { protected: policy(args.protected), ..MediaSelection::default() };
    Export {
        selection: Selection { media, ..Selection::default() },
        layout: Layout::ByKind,
        below: DestPath::root().join(&DestName::portable(collection.title())),
        names: names_of(args.names),
        playlists: collection == Collection::Music,
        contents: Contents {
            tags: args.tag && collection == Collection::Music,
            embed: args.tag,
            ..Contents::default()
        },
        ..Export::default()
    }
}

/// How the process ends: what ended it early first, then what failed.
fn exit_of_total(total: &Total) -> Exit {
    let outcomes = || total.collections.iter().filter_map(|own| own.outcome);
    let early = outcomes().find(|outcome| outcome.is_early());
    let failed = outcomes().find(|outcome| *outcome == report::Outcome::WithFailures);
    exit_of(early.or(failed).unwrap_or_default())
}
