//! Puts the summary of a run together from what the rooms found.

use crate::catalog::Catalog;
use crate::plan::{Absent, Plan};
use crate::report::{FailedFile, ItemFile, Outcome, Summary};
use crate::select::Selected;
use crate::transfer::{End, Failure, Tally};

/// What the rooms found.
pub(super) struct Parts<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) selected: &'a Selected,
    /// As it was before anything was transferred.
    pub(super) plan: &'a Plan,
    pub(super) tally: &'a Tally,
}

impl Parts<'_> {
    /// The summary; times, destination and report are the caller's to fill in.
    pub(super) fn sum(&self) -> Summary {
        let Self { catalog, selected, plan, tally } = self;
        let (outcome, reason) = outcome(tally);
        let already = plan.already_totals();
        Summary {
            outcome,
            reason,
            items: selected.items.len(),
            hidden_items: selected.hidden,
            exported_files: tally.exported_files,
            exported_bytes: tally.exported_bytes,
            adopted_files: tally.adopted_files,
            replaced_files: tally.replaced_files,
            already_files: already.files,
            already_bytes: already.bytes,
            cloud_only: plan.cloud_only.iter().map(item_file).collect(),
            missing: plan.missing.iter().map(item_file).collect(),
            failed: tally.failures.iter().map(|failure| self.failed_file(failure)).collect(),
            not_reached: tally.not_reached,
            left_out_trashed: selected.left_out.trashed,
            left_out_shared: selected.left_out.shared,
            left_out_elsewhere: selected.left_out.elsewhere,
            left_out_shared_with_you: selected.left_out.shared_with_you,
            left_out_hidden: selected.left_out.hidden,
            left_out_others: selected.left_out.others,
            left_out_orphans: selected.left_out.orphans,
            warnings: catalog.warnings.clone(),
            seconds: 0.0,
            seconds_after_catalog: 0.0,
            destination: String::new(),
            report: None,
        }
    }

    fn failed_file(&self, failure: &Failure) -> FailedFile {
        let Failure { file, reason } = failure;
        let item = self.catalog.items.get(file.item);
        FailedFile {
            uuid: file.uuid.0.clone(),
            name: item.map(|item| item.original_name.clone()).unwrap_or_default(),
            role: file.role.name(),
            from: file.from.to_text(),
            to: file.to.to_text().to_owned(),
            reason: reason.clone(),
        }
    }
}

/// How the run ended, and why if early.
fn outcome(tally: &Tally) -> (Outcome, Option<String>) {
    let because = |reason: &String| Some(reason.clone());
    match &tally.end {
        None if tally.failures.is_empty() && tally.not_reached == 0 => (Outcome::Complete, None),
        None => (Outcome::WithFailures, None),
        Some(End::Interrupted) => (Outcome::Interrupted, None),
        Some(End::DriveFull) => (Outcome::DestinationFull, None),
        Some(End::DriveFailed(reason)) => (Outcome::DestinationFailed, because(reason)),
        Some(End::SourceLost(reason)) => (Outcome::PhoneLost, because(reason)),
        Some(End::Broken(reason)) => (Outcome::WithFailures, because(reason)),
    }
}

fn item_file(absent: &Absent) -> ItemFile {
    ItemFile {
        uuid: absent.uuid.0.clone(),
        name: absent.name.clone(),
        role: absent.role.name(),
        bytes: absent.size_bytes,
    }
}
