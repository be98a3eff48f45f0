//! An export of several collections, one after the other: each in a folder of its own, each with a summary.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use tokio_util::sync::CancellationToken;

use super::{Collections, Export, ExportError, Origin, Run};
use crate::catalog::{CatalogError, Collection};
use crate::report::{CollectionTotal, Event, Outcome, Report, Total};
use crate::transfer::End;

/// Carries out exports of several collections of one phone to one destination.
pub struct Everything {
    /// The phone's.
    pub collections: Collections,
    /// What is to be exported of which, in this order.
    pub exports: Vec<(Collection, Export)>,
    /// What is asked for and could not be looked for, and why.
    pub failed: Vec<(Collection, String)>,
    /// Whose they are.
    pub origin: Origin,
    /// The destination, an existing folder.
    pub to: PathBuf,
    /// Who hears about it.
    pub report: Arc<dyn Report>,
    /// Ends it early; what is finished is kept.
    pub cancel: CancellationToken,
    /// When the command began, for the total.
    pub started: Instant,
}

impl Everything {
    /// Exports one collection after the other. One that the phone does not have, or keeps out of reach, is told and
    /// passed over; what would stop the next one too (a full drive, a phone that is gone) ends it.
    ///
    /// # Errors
    /// What makes it impossible to begin with the first: a destination or a ledger that cannot be used.
    pub async fn carry_out(mut self) -> Result<Total, ExportError> {
        let mut totals: Vec<CollectionTotal> = Vec::new();
        for (collection, export) in std::mem::take(&mut self.exports) {
            if self.cancel.is_cancelled() {
                totals.push(stopped(collection, Outcome::Interrupted, None));
                break;
            }
            self.report.event(&Event::Collection { collection });
            match self.one(collection, &export).await {
                Ok(Some(total)) => {
                    let goes_on =
                        matches!(total.outcome, None | Some(Outcome::Complete | Outcome::WithFailures));
                    totals.push(total);
                    if !goes_on {
                        break;
                    }
                }
                Ok(None) => {
                    totals.push(stopped(collection, Outcome::Interrupted, None));
                    break;
                }
                // Nothing is on the drive yet that would have to be told.
                Err(error) if totals.iter().all(|total| total.exported_files == 0) && is_of_drive(&error) => {
                    return Err(error);
                }
                Err(error) => {
                    let (outcome, reason) = match error.into_end() {
                        End::SourceLost(reason) => (Outcome::PhoneLost, reason),
                        End::DriveFailed(reason) => (Outcome::DestinationFailed, reason),
                        End::Broken(reason) => (Outcome::WithFailures, reason),
                        End::DriveFull => (Outcome::DestinationFull, String::new()),
                        End::Interrupted => (Outcome::Interrupted, String::new()),
                    };
                    let goes_on = outcome == Outcome::WithFailures;
                    self.report.event(&Event::Warning { message: reason.clone() });
                    totals.push(stopped(collection, outcome, Some(reason)));
                    if !goes_on {
                        break;
                    }
                }
            }
        }
        for (collection, reason) in self.failed {
            self.report.event(&Event::Warning { message: reason.clone() });
            totals.push(stopped(collection, Outcome::WithFailures, Some(reason)));
        }
        let seconds = self.started.elapsed().as_secs_f64();
        Ok(Total::of(totals, self.to.display().to_string(), seconds))
    }

    /// Exports one; `None` if it was interrupted before anything was transferred.
    async fn one(
        &mut self,
        collection: Collection,
        export: &Export,
    ) -> Result<Option<CollectionTotal>, ExportError> {
        let reading = self.collections.read(collection, &*self.report);
        let mut shelf = match self.cancel.run_until_cancelled(reading).await {
            None => return Ok(None),
            Some(Ok(shelf)) => shelf,
            Some(Err(ExportError::Catalog(error))) if !error.is_fatal() => {
                let reason = error.to_string();
                self.report.event(&Event::Warning { message: reason.clone() });
                return Ok(Some(match error {
                    CatalogError::OutOfReach(_) | CatalogError::NoneSeen(_) => {
                        CollectionTotal::out_of_reach(collection, reason)
                    }
                    // It is there and should have been read, or nobody knows.
                    _ => stopped(collection, Outcome::WithFailures, Some(reason)),
                }));
            }
            Some(Err(error)) => return Err(error),
        };
        let run = Run {
            source: Arc::clone(&shelf.source),
            origin: self.origin.clone(),
            to: self.to.clone(),
            report: Arc::clone(&self.report),
            cancel: self.cancel.clone(),
            started: Instant::now(),
            beyond_reach: std::mem::take(&mut shelf.beyond_reach),
        };
        let mut summary = run.carry_out(&mut shelf.catalog, export).await?;
        summary.without_hints = true;
        let total = CollectionTotal::of(&summary);
        self.report.event(&Event::Summary(Box::new(summary)));
        Ok(Some(total))
    }
}

const fn is_of_drive(error: &ExportError) -> bool {
    matches!(
        error,
        ExportError::Destination(_)
            | ExportError::Ledger(_)
            | ExportError::Drive { .. }
            | ExportError::Scratch(_)
    )
}

/// A collection whose export could not begin.
fn stopped(collection: Collection, outcome: Outcome, reason: Option<String>) -> CollectionTotal {
    CollectionTotal {
        outcome: Some(outcome),
        reason,
        ..CollectionTotal::out_of_reach(collection, String::new())
    }
}
