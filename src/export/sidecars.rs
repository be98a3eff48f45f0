//! Sidecars on the drive: which are needed, which are written, which are left alone.
//!
//! After the transfer, beside every file of the selected items that lies on the drive as the ledger has it. What a
//! sidecar should hold is computed each time and compared with what was written before: only when it is something
//! else the drive is touched. A sidecar that somebody else changed (photo programs write into them) is theirs from
//! then on, and so is any file that happens to have the name.
//!
//! Folder by folder, so that no more than one folder's names and records are held at a time.

mod batch;
mod folder;

use std::collections::HashMap;

use tokio_util::sync::CancellationToken;

use batch::{Batch, How, Pending, Written};
use folder::{At, Folder};

use crate::catalog::{Catalog, Item};
use crate::ledger::{Recording, SidecarEntry};
use crate::plan::{DestPath, Known};
use crate::report::{Event, FailedSidecar, Phase, Report};
use crate::sidecar::{self, Format, Sidecars, Subject, Wanted};
use crate::transfer::{Drive, End, RecordError, WriteProblem};

/// How many sidecars pass between two words about the progress.
const TELL_EVERY: u64 = 500;

/// What came of it.
#[derive(Debug, Default, PartialEq)]
pub(super) struct SidecarTally {
    /// Sidecars that were not there.
    pub(super) written: u64,
    /// Sidecars of ours that hold something else now.
    pub(super) rewritten: u64,
    /// Sidecars that hold what they should.
    pub(super) unchanged: u64,
    /// Where something else lies that is not ours to replace.
    pub(super) kept: Vec<DestPath>,
    /// What could not be written.
    pub(super) failed: Vec<FailedSidecar>,
    /// What was not looked at, because it ended early.
    pub(super) not_reached: u64,
    /// Why it ended early, if it did.
    pub(super) end: Option<End>,
}

/// Everything that it takes.
pub(super) struct Writing<'a> {
    pub(super) catalog: &'a Catalog,
    /// The items that are meant, as indices into the catalogue.
    pub(super) selected: &'a [usize],
    pub(super) sidecars: Sidecars,
    /// Whose items these are.
    pub(super) udid: &'a str,
    pub(super) drive: &'a dyn Drive,
    pub(super) recording: &'a mut Recording,
    pub(super) report: &'a dyn Report,
    pub(super) cancel: &'a CancellationToken,
}

impl Writing<'_> {
    /// Writes what is needed. Takes its time: not for a thread that others wait for.
    pub(super) fn run(mut self) -> SidecarTally {
        let (mut tally, mut batch) = (SidecarTally::default(), Batch::default());
        tally.end = self.work(&mut batch, &mut tally).err();
        tally.not_reached += batch.len();
        tally
    }

    fn work(&mut self, batch: &mut Batch, tally: &mut SidecarTally) -> Result<(), End> {
        let known = self.recording.known(self.udid).map_err(end)?;
        let plan = Plan::of(self, &known);
        tally.not_reached = plan.total;
        let mut progress = Progress { report: self.report, done: 0, total: plan.total };
        progress.tell();
        for (path, items) in plan.folders() {
            let folder = Folder::read(self.drive, self.recording, path)?;
            for item in items.iter().filter_map(|(_, index)| self.catalog.items.get(*index)) {
                if self.cancel.is_cancelled() {
                    return Err(End::Interrupted);
                }
                let files = known.of(&item.uuid);
                let subject = Subject::of(self.catalog, item, files);
                for wanted in sidecar::wanted(files, self.sidecars) {
                    if wanted.media.parent() != *path {
                        continue;
                    }
                    progress.step();
                    // Without its file a sidecar says nothing to anybody.
                    if folder.holds(&wanted.media, files) {
                        self.judge(&folder, item, &subject, wanted, batch, tally)?;
                    }
                    tally.not_reached = tally.not_reached.saturating_sub(1);
                }
                if batch.is_full() {
                    self.flush(batch, tally)?;
                }
            }
        }
        self.flush(batch, tally)?;
        progress.done = progress.total;
        progress.tell();
        Ok(())
    }

    /// Decides what becomes of a sidecar; what is to be written is put into the batch.
    fn judge(
        &self,
        folder: &Folder,
        item: &Item,
        subject: &Subject<'_>,
        wanted: Wanted,
        batch: &mut Batch,
        tally: &mut SidecarTally,
    ) -> Result<(), End> {
        let Some(to) = wanted.to.clone() else {
            let reason = "its name would be longer than a drive can hold".to_owned();
            self.fail(wanted.media.to_text(), reason, tally);
            return Ok(());
        };
        let bytes = match subject.render(&wanted) {
            Ok(bytes) => bytes,
            Err(error) => {
                self.fail(to.to_text(), error.to_string(), tally);
                return Ok(());
            }
        };
        let entry = SidecarEntry {
            uuid: item.uuid.clone(),
            key: wanted.key().into(),
            format: wanted.format,
            size_bytes: bytes.len() as u64,
            hash: blake3::hash(&bytes).into(),
            to,
        };
        let at = folder.at(&entry.to);
        let recorded = folder.recorded(&entry.to).filter(|row| row.is(&item.uuid, &wanted));
        if let (At::File(size_bytes), Some(row)) = (at, recorded)
            && row.hash == entry.hash
            && (row.size_bytes, size_bytes) == (entry.size_bytes, entry.size_bytes)
        {
            tally.unchanged += 1;
            return Ok(());
        }
        let elsewhere = || match recorded {
            Some(_) => Ok(None),
            None => self.recording.sidecar(&item.uuid, &wanted).map_err(end),
        };
        match at {
            At::Nothing => {
                batch.add(Pending::new(entry, bytes, elsewhere()?));
            }
            At::File(size_bytes) => match self.whose(&entry, recorded, size_bytes) {
                Whose::Ours => batch.add(Pending::instead(entry, bytes)),
                Whose::Equal => batch.add(Pending::equal(entry, elsewhere()?)),
                Whose::Theirs => self.keep(entry.to, tally),
            },
            At::Other => self.keep(entry.to, tally),
        }
        Ok(())
    }

    /// Whose file of that size has the name of a sidecar. It is read only if its size could be right.
    fn whose(&self, entry: &SidecarEntry, recorded: Option<&SidecarEntry>, size_bytes: u64) -> Whose {
        let new = Some(entry).filter(|new| new.size_bytes == size_bytes);
        let old = recorded.filter(|old| old.size_bytes == size_bytes);
        if new.or(old).is_none() {
            return Whose::Theirs;
        }
        match self.drive.hash(&entry.to) {
            Ok((_, hash)) if new.is_some_and(|new| new.hash == hash) => Whose::Equal,
            Ok((_, hash)) if old.is_some_and(|old| old.hash == hash) => Whose::Ours,
            Ok(_) => Whose::Theirs,
            // What cannot be read cannot be told to be ours.
            Err(error) => {
                tracing::debug!(%error, "a file that has the name of a sidecar cannot be read");
                Whose::Theirs
            }
        }
    }

    fn keep(&self, path: DestPath, tally: &mut SidecarTally) {
        tracing::debug!("a sidecar that was changed is left alone");
        self.report.event(&Event::Sidecar { to: path.to_text().to_owned(), how: "kept" });
        tally.kept.push(path);
    }

    fn fail(&self, path: &str, reason: String, tally: &mut SidecarTally) {
        let failed = FailedSidecar { path: path.to_owned(), reason };
        self.report.event(&Event::SidecarFailed(failed.clone()));
        tally.failed.push(failed);
    }

    /// Brings a batch to the drive and into the ledger.
    fn flush(&mut self, batch: &mut Batch, tally: &mut SidecarTally) -> Result<(), End> {
        let batch = std::mem::take(batch);
        tally.not_reached += batch.len();
        let Written { named, refused, end: early } = batch.write(self.drive);
        for (path, reason) in refused {
            tally.not_reached -= 1;
            match reason {
                Some(reason) => self.fail(path.to_text(), reason, tally),
                // Somebody took the name in this moment.
                None => self.keep(path, tally),
            }
        }
        // What got a name is recorded even if the next one did not.
        let recorded = self.record(named, tally);
        match early {
            Some(end) => Err(end),
            None => recorded,
        }
    }

    fn record(&mut self, named: Vec<Pending>, tally: &mut SidecarTally) -> Result<(), End> {
        if named.is_empty() {
            return Ok(());
        }
        let entries: Vec<SidecarEntry> = named.iter().map(|pending| pending.entry.clone()).collect();
        self.recording.record_sidecars(&entries).map_err(end)?;
        for pending in named {
            tally.not_reached -= 1;
            let (count, how) = match pending.how() {
                How::Written => (&mut tally.written, Some("written")),
                How::Rewritten => (&mut tally.rewritten, Some("rewritten")),
                How::Equal => (&mut tally.unchanged, None),
            };
            *count += 1;
            if let Some(how) = how {
                self.report.event(&Event::Sidecar { to: pending.entry.to.to_text().to_owned(), how });
            }
            if let Some(old) = pending.elsewhere {
                self.remove_left_over(&old);
            }
        }
        Ok(())
    }

    /// Removes a sidecar that lies elsewhere now, if it is ours and nobody needs it where it was. The one JSON of an
    /// item moves with the first of its files, and what stayed behind would never be set right again.
    fn remove_left_over(&self, old: &SidecarEntry) {
        let is_needed = match old.format {
            Format::Json => false,
            Format::Xmp => folder::has_media_of(self.drive, &old.to),
        };
        let is_ours = || matches!(self.drive.hash(&old.to), Ok((_, hash)) if hash == old.hash);
        if !is_needed
            && is_ours()
            && let Err(error) = self.drive.remove(&old.to)
        {
            tracing::warn!(%error, "a sidecar that lies elsewhere now stays behind");
        }
    }
}

/// Whose a file is.
enum Whose {
    /// It holds what we wrote.
    Ours,
    /// It holds what we would write.
    Equal,
    /// Somebody else's, or unreadable.
    Theirs,
}

/// What there is to look at: which items have sidecars in which folder.
struct Plan {
    /// In the order in which the catalogue has something for them.
    folders: Vec<DestPath>,
    /// Number of a folder and index of an item, by folder.
    items: Vec<(usize, usize)>,
    /// How many sidecars that are.
    total: u64,
}

impl Plan {
    fn of(writing: &Writing<'_>, known: &Known) -> Self {
        let mut plan = Self { folders: Vec::new(), items: Vec::new(), total: 0 };
        let mut numbers: HashMap<DestPath, usize> = HashMap::new();
        for index in writing.selected {
            let Some(item) = writing.catalog.items.get(*index) else { continue };
            for wanted in sidecar::wanted(known.of(&item.uuid), writing.sidecars) {
                plan.total += 1;
                let path = wanted.media.parent();
                let number = *numbers.entry(path).or_insert_with_key(|path| {
                    plan.folders.push(path.clone());
                    plan.folders.len() - 1
                });
                if plan.items.last() != Some(&(number, *index)) {
                    plan.items.push((number, *index));
                }
            }
        }
        plan.items.sort_unstable();
        plan.items.dedup();
        plan
    }

    /// Each folder with its items.
    fn folders(&self) -> impl Iterator<Item = (&DestPath, &[(usize, usize)])> {
        let groups = self.items.chunk_by(|(a, _), (b, _)| a == b);
        groups.filter_map(|group| Some((self.folders.get(group.first()?.0)?, group)))
    }
}

/// Tells how far it is, now and then.
struct Progress<'a> {
    report: &'a dyn Report,
    done: u64,
    total: u64,
}

impl Progress<'_> {
    fn step(&mut self) {
        self.done += 1;
        if self.done.is_multiple_of(TELL_EVERY) {
            self.tell();
        }
    }

    fn tell(&self) {
        let (done, total) = (self.done, Some(self.total));
        self.report.event(&Event::Preparing { phase: Phase::Sidecars, done, total });
    }
}

/// What it means that the ledger cannot be read or written.
fn end(error: RecordError) -> End {
    match error {
        RecordError::Full => End::DriveFull,
        RecordError::Failed(reason) => End::DriveFailed(reason),
    }
}

/// What it means that a folder cannot be listed or made durable.
fn folder_end(error: &std::io::Error) -> End {
    match WriteProblem::of(error) {
        WriteProblem::Everything(end) => end,
        WriteProblem::ThisFile(reason) => End::DriveFailed(reason),
    }
}

#[cfg(test)]
mod tests;
