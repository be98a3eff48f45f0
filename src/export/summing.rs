//! Puts the summary of a run together from what the rooms found.

use std::collections::HashSet;

use super::albums::AlbumsTally;
use super::sidecars::SidecarTally;
use crate::catalog::{Catalog, MediaKind, Origin, Presence, Proof, Role, Scope};
use crate::plan::{Absent, AlreadyThere, LinkWay, Plan, PlannedFile};
use crate::report::{DifferingFile, FailedFile, ItemFile, NotConvertedFile, Outcome, Summary};
use crate::select::{LeftOut, Selected};
use crate::transfer::{End, Failure, NotConverted, Tally};

/// What the rooms found.
pub(super) struct Parts<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) selected: &'a Selected,
    /// As it was before anything was transferred.
    pub(super) plan: &'a Plan,
    pub(super) tally: &'a Tally,
    pub(super) albums: &'a AlbumsTally,
    pub(super) sidecars: &'a SidecarTally,
}

impl Parts<'_> {
    /// The summary; times, destination and report are the caller's to fill in.
    pub(super) fn sum(&self) -> Summary {
        let Self { selected, plan, tally, albums, sidecars, .. } = self;
        let (outcome, reason) = outcome(self.catalog.unread_folders, tally, albums, sidecars);
        let already = plan.already_totals();
        let proofs = self.proofs();
        let previews_before = plan.already.iter().filter(|file| file.role == Role::Preview).count();
        Summary {
            collection: self.catalog.collection,
            outcome,
            reason,
            library_items: self.catalog.catalogued().filter(|item| item.kind != MediaKind::Cover).count(),
            without_catalogue: matches!(self.catalog.origin, Origin::FilesOnly | Origin::Partial),
            items: selected.items.len() - selected.covers,
            orphan_items: self.orphans(),
            covers: selected.covers,
            protected_items: selected.protected,
            hidden_items: selected.hidden,
            exported_files: tally.exported_files,
            exported_bytes: tally.exported_bytes,
            adopted_files: tally.adopted_files,
            replaced_files: tally.replaced_files,
            converted_files: tally.converted_files,
            not_converted: tally.not_converted.iter().map(|file| self.not_converted(file)).collect(),
            tagged_files: tally.tagged_files,
            not_tagged: tally.not_tagged.iter().map(|file| self.not_converted(file)).collect(),
            already_files: already.files,
            already_bytes: already.bytes,
            proven_files: proofs.proven,
            no_fingerprint_files: proofs.no_fingerprint,
            no_record_files: proofs.no_record,
            differs: proofs.differs,
            cloud_only_bytes: plan.cloud_only_bytes(),
            preview_files: tally.preview_files + previews_before as u64,
            cloud_only: plan.cloud_only.iter().map(item_file).collect(),
            missing: plan.missing.iter().map(item_file).collect(),
            failed: self.failed_files(),
            not_reached: tally.not_reached,
            unread_folders: self.catalog.unread_folders,
            links_made: albums.links,
            links_how: albums.way.map(LinkWay::name),
            album_lists: albums.lists,
            left_out_trashed: selected.left_out.trashed,
            left_out_shared: selected.left_out.shared,
            left_out_elsewhere: selected.left_out.elsewhere,
            left_out_shared_with_you: selected.left_out.shared_with_you,
            left_out_hidden: selected.left_out.hidden,
            left_out_others: selected.left_out.others,
            left_out_protected: selected.left_out.protected,
            left_out_streams: selected.left_out.streams,
            protected: self.protected(),
            left_out_orphans: selected.left_out.orphans,
            not_asked_items: not_asked(self.catalog, selected),
            left_out_bursts: selected.left_out.bursts,
            left_out_originals: plan.left_out.originals,
            left_out_edits: plan.left_out.edits,
            left_out_heics: plan.left_out.heics as u64 + tally.jpegs_alone,
            left_out_jpegs: plan.left_out.jpegs,
            sidecars_written: sidecars.written,
            sidecars_rewritten: sidecars.rewritten,
            sidecars_unchanged: sidecars.unchanged,
            sidecars_kept: sidecars.kept.iter().map(|path| path.to_text().to_owned()).collect(),
            sidecars_failed: sidecars.failed.clone(),
            sidecars_not_reached: sidecars.not_reached,
            warnings: self.warnings(),
            without_hints: false,
            seconds: 0.0,
            seconds_after_catalog: 0.0,
            beyond_reach: Vec::new(),
            destination: String::new(),
            report: None,
        }
    }

    /// Items that were meant and that the catalogue does not name.
    fn orphans(&self) -> usize {
        let items = self.selected.items.iter().filter_map(|index| self.catalog.items.get(*index));
        items.filter(|item| item.scope == Scope::Uncatalogued && item.kind != MediaKind::Cover).count()
    }

    /// What the phone's fingerprints say of all that is on the drive now.
    fn proofs(&self) -> Proofs {
        let Self { plan, tally, .. } = self;
        let mut proofs = Proofs {
            proven: tally.proven_files,
            no_fingerprint: tally.no_fingerprint_files,
            no_record: 0,
            differs: tally.differing.iter().map(differing).collect(),
        };
        for file in plan.already.iter().filter(|file| !file.role.is_made()) {
            match file.proof {
                Some(Proof::Proven) => proofs.proven += 1,
                Some(Proof::NoFingerprint) => proofs.no_fingerprint += 1,
                Some(Proof::Differs) => proofs.differs.push(self.differing_already(file)),
                None => proofs.no_record += 1,
            }
        }
        proofs
    }

    fn differing_already(&self, file: &AlreadyThere) -> DifferingFile {
        let item = self.catalog.items.get(file.item);
        let presence = item.and_then(|item| item.resource(file.role)).map(|resource| &resource.presence);
        DifferingFile {
            uuid: item.map(|item| item.uuid.0.clone()).unwrap_or_default(),
            name: item.map(|item| item.original_name.clone()).unwrap_or_default(),
            role: file.role.name(),
            to: file.to.to_text().to_owned(),
            from: match presence {
                Some(Presence::OnPhone(path)) => Some(path.to_text()),
                _ => None,
            },
        }
    }

    fn warnings(&self) -> Vec<String> {
        let note = self.albums.note.map(str::to_owned);
        self.catalog.warnings.iter().cloned().chain(self.selected.warning()).chain(note).collect()
    }

    /// What is protected, left out or asked for all the same, but not what there is no file of.
    fn protected(&self) -> Vec<ItemFile> {
        let Selected { items, protected_left_out, .. } = self.selected;
        let absent = self.plan.cloud_only.iter().chain(&self.plan.missing);
        let absent: HashSet<usize> = absent.map(|absent| absent.item).collect();
        let asked = items.iter().filter(|index| !absent.contains(index));
        let all = protected_left_out.iter().chain(asked).filter_map(|index| self.catalog.items.get(*index));
        let files =
            all.filter(|item| item.is_protected() && item.kind != MediaKind::Cover).map(|item| ItemFile {
                uuid: item.uuid.0.clone(),
                name: item.original_name.clone(),
                role: Role::Original.name(),
                bytes: item.resource(Role::Original).and_then(|file| file.size_bytes),
            });
        files.collect()
    }

    fn failed_files(&self) -> Vec<FailedFile> {
        let files = self.tally.failures.iter().map(|failure| self.failed_file(failure));
        files.chain(self.albums.failed.iter().cloned()).collect()
    }

    fn not_converted(&self, NotConverted { file, reason }: &NotConverted) -> NotConvertedFile {
        let item = self.catalog.items.get(file.item);
        NotConvertedFile {
            uuid: file.uuid.0.clone(),
            name: item.map(|item| item.original_name.clone()).unwrap_or_default(),
            role: file.role.name(),
            to: file.to.to_text().to_owned(),
            reason: reason.clone(),
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

/// Items that were neither meant nor left out for a reason of their own.
fn not_asked(catalog: &Catalog, selected: &Selected) -> usize {
    let LeftOut {
        trashed,
        shared,
        shared_with_you,
        orphans,
        elsewhere,
        hidden,
        others,
        bursts,
        protected,
        streams,
    } = selected.left_out;
    let left_out = trashed
        + shared
        + shared_with_you
        + orphans
        + elsewhere
        + hidden
        + others
        + bursts
        + protected
        + streams;
    let items = catalog.items.iter().filter(|item| item.kind != MediaKind::Cover).count();
    items.saturating_sub(selected.items.len() - selected.covers + left_out)
}

/// What the phone's fingerprints say.
struct Proofs {
    proven: u64,
    no_fingerprint: u64,
    no_record: u64,
    differs: Vec<DifferingFile>,
}

fn differing(file: &PlannedFile) -> DifferingFile {
    DifferingFile {
        uuid: file.uuid.0.clone(),
        name: file.original_name.to_string(),
        role: file.role.name(),
        to: file.to.to_text().to_owned(),
        from: Some(file.from.to_text()),
    }
}

/// How the run ended, and why if early. Where folders could not be read, nobody can say that all is there.
fn outcome(
    unread_folders: usize,
    tally: &Tally,
    albums: &AlbumsTally,
    sidecars: &SidecarTally,
) -> (Outcome, Option<String>) {
    let because = |reason: &String| Some(reason.clone());
    let has_failed = !tally.failures.is_empty() || !albums.failed.is_empty() || !sidecars.failed.is_empty();
    match tally.end.as_ref().or(sidecars.end.as_ref()) {
        None if !has_failed && tally.not_reached == 0 && unread_folders == 0 => (Outcome::Complete, None),
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
