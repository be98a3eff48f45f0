//! Gives finished files their names, makes the names durable, and records them: in batches, on one thread.
//!
//! The order is what makes it safe. A file is durable before it is named, named before it is recorded, and
//! only then told to the person. A crash between naming and recording leaves a file that the next run finds
//! equal and adopts, whether it has replaced an older one or not.
//!
//! What is replaced or removed is read before, and has to be what was recorded: somebody may have changed it, and its
//! size does not show that.

use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use super::drive::{AtPath, Drive};
use super::lane::Board;
use super::record::{Done, RecordError, Recorder};
use super::tally::{End, NotConverted, WriteProblem};
use super::write::Written;
use crate::catalog::{Proof, Role};
use crate::plan::{Action, DestPath, PlannedFile};
use crate::report::{Event, Report};

/// What lies where an older version of a file was left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Older {
    /// Nothing.
    Gone,
    /// The older version as it was recorded.
    Untouched,
    /// The new version already: a run was cut off before it was recorded.
    New,
    /// Something that is not ours, or that cannot be told to be.
    Changed,
}

/// What came of giving a file its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Naming {
    /// It has it.
    Done,
    /// The same content had it already.
    LayThere,
    /// It belongs to something else: the next plan finds another.
    Refused,
}

/// Planned files that may wait, with all that came of them; also the largest batch.
pub(super) const QUEUE: usize = 64;

/// All that came of a planned file: itself, what was made of it, or both.
pub(super) struct Unit {
    pub(super) parts: Vec<Finished>,
}

/// A file whose bytes are durable (or were compared) and that has no name yet.
#[derive(Debug, Clone)]
pub(super) struct Finished {
    pub(super) number: u64,
    pub(super) file: PlannedFile,
    /// Of what was made, size and hash; its fingerprint is that of what it was made of.
    pub(super) written: Written,
    /// Of what was made, that of what it was made of.
    pub(super) proof: Proof,
    /// Why no JPEG was made of it, if one was wanted.
    pub(super) not_converted: Option<String>,
    /// Whether tags were filled into it.
    pub(super) is_tagged: bool,
    /// Why none were, if they were wanted.
    pub(super) not_tagged: Option<String>,
}

impl Finished {
    fn done(&self) -> Done<'_> {
        let Self { file, written, proof, .. } = self;
        Done {
            file,
            size_bytes: written.size_bytes,
            hash: written.hash,
            fingerprint: Some(&written.fingerprint),
            proof: Some(*proof),
        }
    }
}

/// The thread that names and records.
pub(super) struct Committer<R> {
    pub(super) drive: Arc<dyn Drive>,
    pub(super) recorder: R,
    pub(super) report: Arc<dyn Report>,
    pub(super) board: Arc<Board>,
    /// What has its name and found no room in the ledger.
    pub(super) unrecorded: Option<Named>,
}

/// Files that got their names in one go.
#[derive(Default)]
pub(super) struct Named {
    files: Vec<Finished>,
    folders: BTreeSet<DestPath>,
    /// Planned files that are settled when these are recorded.
    settled: usize,
}

impl<R: Recorder> Committer<R> {
    /// Works until every lane is done; gives the recorder back.
    pub(super) fn run(mut self, finished: Receiver<Unit>) -> R {
        let mut failed = false;
        while let Ok(first) = finished.recv() {
            let mut batch = vec![first];
            batch.extend(finished.try_iter().take(QUEUE - 1));
            if failed {
                // The drive is full or gone: what comes now gets no name any more.
                for late in batch.iter().flat_map(|unit| &unit.parts) {
                    self.throw_away(late);
                }
            } else if let Err(end) = self.commit(batch) {
                self.board.end(end);
                failed = true;
            }
        }
        self.record_late();
        self.recorder
    }

    /// Records what the ledger had no room for, now that what was not finished is gone from the drive.
    fn record_late(&mut self) {
        let Some(named) = self.unrecorded.take() else { return };
        if let Err(end) = self.record(&named) {
            let number = named.files.len();
            tracing::warn!(?end, number, "files are whole and not recorded; the next run finds them");
        }
    }

    fn throw_away(&self, finished: &Finished) {
        if finished.file.action != Action::Adopt {
            self.drive.discard(finished.number);
        }
    }

    fn commit(&mut self, batch: Vec<Unit>) -> Result<(), End> {
        let mut named = Named::default();
        let mut end = None;
        for unit in batch {
            for mut finished in unit.parts {
                if end.is_some() {
                    self.throw_away(&finished);
                    continue;
                }
                match self.name(&finished) {
                    Ok(how @ (Naming::Done | Naming::LayThere)) => {
                        if how == Naming::LayThere {
                            finished.file.action = Action::Adopt;
                        }
                        named.folders.insert(finished.file.to.parent());
                        named.files.push(finished);
                    }
                    Ok(Naming::Refused) => {}
                    Err(problem) => {
                        self.throw_away(&finished);
                        match problem {
                            WriteProblem::ThisFile(reason) => {
                                self.board.fail(&finished.file, reason, &*self.report);
                            }
                            WriteProblem::Everything(why) => end = Some(why),
                        }
                    }
                }
            }
            named.settled += usize::from(end.is_none());
        }
        // What got a name is recorded even if the next one did not.
        let recorded = self.record(&named);
        if recorded == Err(End::DriveFull) {
            self.unrecorded = Some(named);
        }
        match end {
            Some(end) => Err(end),
            None => recorded,
        }
    }

    /// Gives a file its name.
    fn name(&mut self, finished: &Finished) -> Result<Naming, WriteProblem> {
        let file = &finished.file;
        let replace = match file.action {
            Action::Adopt => return self.compare(finished),
            Action::Copy => false,
            Action::Replace => match self.older(&file.to, Some(&finished.written))? {
                Older::Gone => false,
                Older::Untouched => true,
                Older::New => {
                    self.throw_away(finished);
                    return Ok(Naming::LayThere);
                }
                Older::Changed => {
                    self.throw_away(finished);
                    return self.conflict(finished);
                }
            },
        };
        match self.drive.publish(finished.number, &file.to, replace) {
            Ok(()) => Ok(Naming::Done),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(WriteProblem::ThisFile(
                "another file got this name meanwhile; the next run finds another name".to_owned(),
            )),
            Err(error) => Err(WriteProblem::of(&error)),
        }
    }

    /// Compares what came from the phone with what lies on the drive.
    fn compare(&mut self, finished: &Finished) -> Result<Naming, WriteProblem> {
        let there = match self.drive.hash(&finished.file.to) {
            Ok(there) => Some(there),
            // It cannot be read: then it cannot be told to be equal either.
            Err(error) => {
                tracing::debug!(%error, "a file on the drive cannot be compared");
                None
            }
        };
        if there == Some((finished.written.size_bytes, finished.written.hash)) {
            return Ok(Naming::LayThere);
        }
        self.conflict(finished)
    }

    /// Reads what lies where an older version was left.
    fn older(&self, path: &DestPath, new: Option<&Written>) -> Result<Older, WriteProblem> {
        let recorded =
            self.recorder.recorded(path).map_err(|error| WriteProblem::Everything(record_end(error)))?;
        let there = match self.drive.look(path) {
            Ok(AtPath::Nothing) => return Ok(Older::Gone),
            Ok(AtPath::File(_)) => self.drive.hash(path),
            Ok(AtPath::Other) => return Ok(Older::Changed),
            Err(error) => Err(error),
        };
        Ok(match there {
            Ok((size_bytes, hash))
                if new.is_some_and(|new| (new.size_bytes, new.hash) == (size_bytes, hash)) =>
            {
                Older::New
            }
            Ok((_, hash)) if recorded == Some(hash) => Older::Untouched,
            Ok(_) => Older::Changed,
            // It cannot be read: then it cannot be told to be ours either.
            Err(error) => {
                tracing::debug!(%error, "an older version on the drive cannot be read");
                Older::Changed
            }
        })
    }

    /// Notes that what has the name is not ours, so that the next plan finds another name.
    fn conflict(&mut self, finished: &Finished) -> Result<Naming, WriteProblem> {
        match self.recorder.record_conflict(&finished.file, finished.written.size_bytes) {
            Ok(()) => {
                self.board.count(|tally| tally.conflicts += 1);
                Ok(Naming::Refused)
            }
            Err(error) => Err(WriteProblem::Everything(record_end(error))),
        }
    }

    /// Records what got a name, and says so. An error of [`End::DriveFull`] leaves nothing of it recorded.
    fn record(&mut self, named: &Named) -> Result<(), End> {
        let Named { files: named, folders, settled } = named;
        if !named.is_empty() {
            self.record_files(named, folders)?;
        }
        (0..*settled).for_each(|_| self.board.settle());
        Ok(())
    }

    fn record_files(&mut self, named: &[Finished], folders: &BTreeSet<DestPath>) -> Result<(), End> {
        for folder in folders {
            self.drive.sync_folder(folder).map_err(|error| match WriteProblem::of(&error) {
                WriteProblem::Everything(end) => end,
                WriteProblem::ThisFile(reason) => End::DriveFailed(reason),
            })?;
        }
        // To be looked up before what is recorded takes its place.
        let mut removable = Vec::new();
        for old in named.iter().filter_map(|done| done.file.supersedes.as_ref()) {
            match self.older(old, None) {
                Ok(Older::Untouched) => removable.push(old),
                Ok(_) => tracing::info!("an older version was changed by somebody and stays"),
                Err(WriteProblem::Everything(end)) => return Err(end),
                Err(WriteProblem::ThisFile(reason)) => {
                    tracing::warn!(reason, "an older version stays behind")
                }
            }
        }
        let done: Vec<Done<'_>> = named.iter().map(Finished::done).collect();
        self.recorder.record(&done).map_err(record_end)?;
        for done in named {
            let made_role = |other: &Finished| other.file.convert.as_ref().map(|conversion| conversion.role);
            let is_alone = done.file.role.is_made()
                && !named.iter().any(|other| {
                    other.file.item == done.file.item && made_role(other) == Some(done.file.role)
                });
            self.tell(done, is_alone);
        }
        for old in removable {
            if let Err(error) = self.drive.remove(old) {
                tracing::warn!(%error, "an older version stays behind");
            }
        }
        Ok(())
    }

    /// Counts and tells what is done. `is_alone`: a JPEG without its HEIC.
    fn tell(&self, done: &Finished, is_alone: bool) {
        let Finished { file, written, proof, .. } = done;
        let is_made = file.role.is_made();
        self.board.count(|tally| {
            tally.exported_files += 1;
            tally.converted_files += u64::from(is_made);
            tally.jpegs_alone += u64::from(is_alone);
            tally.preview_files += u64::from(file.role == Role::Preview);
            if let Some(reason) = &done.not_converted {
                tally.not_converted.push(NotConverted { file: file.clone(), reason: reason.clone() });
            }
            tally.tagged_files += u64::from(done.is_tagged);
            if let Some(reason) = &done.not_tagged {
                tally.not_tagged.push(NotConverted { file: file.clone(), reason: reason.clone() });
            }
            tally.exported_bytes += written.size_bytes;
            match file.action {
                Action::Copy => {}
                Action::Adopt => tally.adopted_files += 1,
                Action::Replace => tally.replaced_files += 1,
            }
            match proof {
                // What was made is not what the phone recorded, however true that was. What it was made of counts, if
                // it is there.
                _ if is_made => {}
                Proof::Proven => tally.proven_files += 1,
                Proof::NoFingerprint => tally.no_fingerprint_files += 1,
                Proof::Differs => tally.differing.push(file.clone()),
            }
        });
        self.report.event(&Event::File {
            from: file.from.to_string(),
            to: file.to.to_text().to_owned(),
            bytes: written.size_bytes,
            blake3: written.hash.to_hex(),
            proof: Some(proof.name()),
            how: match file.action {
                Action::Copy if is_made => "converted",
                Action::Copy if done.is_tagged => "tagged",
                Action::Copy => "copied",
                Action::Replace => "replaced",
                Action::Adopt => "adopted",
            },
        });
    }
}

fn record_end(error: RecordError) -> End {
    match error {
        RecordError::Full => End::DriveFull,
        RecordError::Failed(reason) => End::DriveFailed(reason),
    }
}
