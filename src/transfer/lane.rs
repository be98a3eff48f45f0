//! One lane: takes the next file of the plan, brings its bytes, hands it on to be named and recorded.
//!
//! What came is compared with what the phone recorded of it. A file that differs and has the size that it should
//! have is read once more before that is believed: if it is the same again, the phone has it like this.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Mutex, PoisonError};

use tokio_util::sync::CancellationToken;

use super::commit::Finished;
use super::drive::Drive;
use super::tally::{End, Failure, Tally, WriteProblem};
use super::write::{Sink, Writer, Written};
use crate::catalog::Proof;
use crate::plan::{Action, PlannedFile};
use crate::report::{Event, FailedFile, Report};
use crate::source::{Source, SourceError};

/// How often a file is tried when the phone stumbles.
const TRIES: u32 = 3;

/// What lanes and committer share: the files, what became of them, and whether to go on.
pub(super) struct Board {
    files: Vec<PlannedFile>,
    next: AtomicUsize,
    stop: CancellationToken,
    tally: Mutex<Tally>,
}

impl Board {
    pub(super) fn new(files: Vec<PlannedFile>, stop: CancellationToken) -> Self {
        Self { files, next: AtomicUsize::new(0), stop, tally: Mutex::default() }
    }

    /// The next file with its number; `None` when there is none or everything is to stop.
    fn take(&self) -> Option<(u64, &PlannedFile)> {
        if self.stop.is_cancelled() {
            return None;
        }
        let index = self.next.fetch_add(1, Ordering::Relaxed);
        Some((index as u64, self.files.get(index)?))
    }

    /// Ends the transfer early. The first reason counts.
    pub(super) fn end(&self, end: End) {
        let mut tally = self.lock();
        if tally.end.is_none() {
            tracing::info!(?end, "the transfer ends early");
            tally.end = Some(end);
        }
        self.stop.cancel();
    }

    /// Changes the tally.
    pub(super) fn count(&self, change: impl FnOnce(&mut Tally)) {
        change(&mut self.lock());
    }

    /// Notes that a file failed.
    pub(super) fn fail(&self, file: &PlannedFile, reason: String, report: &dyn Report) {
        report.event(&Event::Failed(failed_file(file, &reason)));
        self.count(|tally| tally.failures.push(Failure { file: file.clone(), reason }));
    }

    /// What came of it, after everything has ended.
    pub(super) fn tally(&self) -> Tally {
        let mut tally = self.lock().clone();
        let done = tally.exported_files + tally.failures.len() as u64 + tally.conflicts;
        tally.not_reached = (self.files.len() as u64).saturating_sub(done);
        tally
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Tally> {
        // Nothing panics while it is held.
        self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A failed file as the report wants it. The name is the last part of where it would have gone.
pub(super) fn failed_file(file: &PlannedFile, reason: &str) -> FailedFile {
    FailedFile {
        uuid: file.uuid.0.clone(),
        name: file.to.file_name().to_owned(),
        role: file.role.name(),
        from: file.from.to_text(),
        to: file.to.to_text().to_owned(),
        reason: reason.to_owned(),
    }
}

/// One of several that work side by side.
pub(super) struct Lane {
    pub(super) source: Arc<dyn Source>,
    pub(super) drive: Arc<dyn Drive>,
    pub(super) report: Arc<dyn Report>,
    pub(super) board: Arc<Board>,
    pub(super) to_commit: SyncSender<Finished>,
}

/// Why an attempt at a file did not work.
enum Trouble {
    Source(SourceError),
    /// Two readings of the file gave different bytes.
    Unsteady,
    Drive(WriteProblem),
    Stopped,
}

/// What the report was told of a file, so that it can be taken back.
struct Told {
    /// Its size as the report counts with it.
    size_bytes: u64,
    /// What has come of it.
    bytes: i64,
}

impl Lane {
    /// Works until there is nothing left to do.
    pub(super) async fn run(self) {
        let board = Arc::clone(&self.board);
        while let Some((number, file)) = board.take() {
            self.transfer(number, file).await;
        }
    }

    async fn transfer(&self, number: u64, file: &PlannedFile) {
        let mut tries = 0;
        let mut told = Told { size_bytes: file.size_hint.unwrap_or(0), bytes: 0 };
        loop {
            tries += 1;
            let trouble = match self.attempt(number, file, &mut told).await {
                Ok((written, proof)) => return self.hand_on(number, file, written, proof).await,
                Err(trouble) => trouble,
            };
            if file.action != Action::Adopt {
                self.drive.discard(number);
            }
            match trouble {
                Trouble::Stopped => return,
                Trouble::Source(error) if error.is_fatal() => {
                    return self.board.end(End::SourceLost(error.kind.to_string()));
                }
                Trouble::Source(error) if error.is_retryable() && tries < TRIES => {
                    tracing::debug!(%error, tries, "trying again");
                }
                Trouble::Source(error) => {
                    return self.board.fail(file, error.kind.to_string(), &*self.report);
                }
                Trouble::Unsteady if tries < TRIES => {
                    tracing::debug!(tries, "read twice and not the same: trying again");
                }
                Trouble::Unsteady => {
                    let reason = "it comes differently each time that it is read: use another cable or port";
                    return self.board.fail(file, reason.to_owned(), &*self.report);
                }
                Trouble::Drive(WriteProblem::Everything(end)) => return self.board.end(end),
                Trouble::Drive(WriteProblem::ThisFile(reason)) => {
                    return self.board.fail(file, reason, &*self.report);
                }
            }
        }
    }

    /// Brings a file, and once more if that is needed to believe what came.
    async fn attempt(
        &self,
        number: u64,
        file: &PlannedFile,
        told: &mut Told,
    ) -> Result<(Written, Proof), Trouble> {
        let sink = match file.action {
            Action::Adopt => Sink::Compare,
            Action::Copy | Action::Replace => Sink::Partial { number, time: file.time },
        };
        let written = self.read(file, sink, told).await?;
        let proof = Proof::of(file.fingerprint.as_ref(), &written.fingerprint);
        let has_another_size = file.size_hint.is_some_and(|size| size != written.size_bytes);
        if proof != Proof::Differs || has_another_size {
            return Ok((written, proof));
        }
        tracing::debug!("not what the phone recorded: reading it once more");
        self.take_back(told);
        if self.read(file, Sink::Compare, told).await? == written {
            return Ok((written, proof));
        }
        self.take_back(told);
        Err(Trouble::Unsteady)
    }

    /// Brings all bytes of a file to a sink. Progress of what fails is taken back.
    async fn read(&self, file: &PlannedFile, sink: Sink, told: &mut Told) -> Result<Written, Trouble> {
        let result = self.bring(file, sink, told).await;
        if result.is_err() {
            self.take_back(told);
        }
        result
    }

    fn take_back(&self, told: &mut Told) {
        self.report.event(&Event::Bytes(-std::mem::take(&mut told.bytes)));
    }

    async fn bring(&self, file: &PlannedFile, sink: Sink, told: &mut Told) -> Result<Written, Trouble> {
        let stop = &self.board.stop;
        let opening = stop.run_until_cancelled(self.source.open(&file.from, 0));
        let mut open = opening.await.ok_or(Trouble::Stopped)?.map_err(Trouble::Source)?;
        let size = open.stat.size_bytes;
        self.report.event(&Event::FileStarted {
            from: file.from.to_string(),
            bytes: size,
            planned_bytes: std::mem::replace(&mut told.size_bytes, size),
        });
        let writer = Writer::start(Arc::clone(&self.drive), sink);
        let trouble = loop {
            match stop.run_until_cancelled(open.chunks.next()).await {
                None => break Trouble::Stopped,
                Some(Err(error)) => break Trouble::Source(error),
                Some(Ok(None)) => return self.finish(writer, file, size).await,
                Some(Ok(Some(chunk))) => {
                    let n = i64::try_from(chunk.len()).unwrap_or(i64::MAX);
                    if !writer.push(chunk).await {
                        return self.finish(writer, file, size).await;
                    }
                    told.bytes += n;
                    self.report.event(&Event::Bytes(n));
                }
            }
        };
        // The writer must be done with the file before it is thrown away.
        let _ = writer.finish().await;
        Err(trouble)
    }

    async fn finish(&self, writer: Writer, file: &PlannedFile, size: u64) -> Result<Written, Trouble> {
        let written = writer.finish().await.map_err(|error| Trouble::Drive(WriteProblem::of(&error)))?;
        if written.size_bytes == size {
            return Ok(written);
        }
        // The stream promised this many bytes: without them the file is not whole.
        let kind =
            crate::source::SourceErrorKind::ShortRead { expected_bytes: size, got_bytes: written.size_bytes };
        Err(Trouble::Source(SourceError::new(&file.from, kind)))
    }

    /// Hands a finished file to the committer.
    async fn hand_on(&self, number: u64, file: &PlannedFile, written: Written, proof: Proof) {
        let finished = Finished { number, file: file.clone(), written, proof };
        let to_commit = self.to_commit.clone();
        // The committer may be flushing: waiting for it must not hold up the other lanes' threads.
        let sent = tokio::task::spawn_blocking(move || to_commit.send(finished).is_ok()).await;
        if !matches!(sent, Ok(true)) {
            self.board.end(End::Broken("nobody records what is finished".to_owned()));
        }
    }
}
