//! One lane: takes the next file of the plan, brings its bytes, hands it on to be named and recorded.
//!
//! What came is compared with what the phone recorded of it. A file that differs and has the size that it should
//! have is read once more before that is believed: if it is the same again, the phone has it like this.
//!
//! A HEIC of which a JPEG is to be made is kept in memory on the way, and left to the pool.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use super::commit::{Finished, Unit};
use super::drive::Drive;
use super::pool::{Collected, Job, Pool};
use super::tagging::{self, Covers};
use super::tally::{End, Failure, Tally, WriteProblem};
use super::write::{Sink, Writer, Written};
use crate::catalog::Proof;
use crate::plan::{Action, Conversion, PlannedFile, Tagging};
use crate::report::{Event, FailedFile, Report};
use crate::source::{Source, SourceError, Stat};

/// How often a file is tried when the phone stumbles.
const TRIES: u32 = 3;

/// What lanes and committer share: the files, what became of them, and whether to go on.
pub(super) struct Board {
    files: Vec<PlannedFile>,
    next: AtomicUsize,
    /// Files of which it is known what became of them.
    settled: AtomicU64,
    stop: CancellationToken,
    tally: Mutex<Tally>,
}

impl Board {
    pub(super) fn new(files: Vec<PlannedFile>, stop: CancellationToken) -> Self {
        let (next, settled) = (AtomicUsize::new(0), AtomicU64::new(0));
        Self { files, next, settled, stop, tally: Mutex::default() }
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

    /// Cancelled when everything is to stop.
    pub(super) const fn stopper(&self) -> &CancellationToken {
        &self.stop
    }

    /// A number for a further nameless file of a planned file: of what is made of it.
    fn made_number(&self, number: u64) -> u64 {
        number + self.files.len() as u64
    }

    /// Notes that it is known what became of a planned file.
    pub(super) fn settle(&self) {
        self.settled.fetch_add(1, Ordering::Relaxed);
    }

    /// Changes the tally.
    pub(super) fn count(&self, change: impl FnOnce(&mut Tally)) {
        change(&mut self.lock());
    }

    /// Notes that a planned file failed, and with it what was to be made of it.
    pub(super) fn fail_file(&self, file: &PlannedFile, reason: String, report: &dyn Report) {
        self.fail(file, reason, report);
        self.settle();
    }

    /// Notes that a file failed, or what is made of one.
    pub(super) fn fail(&self, file: &PlannedFile, reason: String, report: &dyn Report) {
        report.event(&Event::Failed(failed_file(file, &reason)));
        self.count(|tally| tally.failures.push(Failure { file: file.clone(), reason }));
    }

    /// What came of it, after everything has ended.
    pub(super) fn tally(&self) -> Tally {
        let mut tally = self.lock().clone();
        let settled = self.settled.load(Ordering::Relaxed);
        tally.not_reached = (self.files.len() as u64).saturating_sub(settled);
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
    pub(super) to_commit: SyncSender<Unit>,
    pub(super) pool: Arc<Pool>,
    pub(super) covers: Arc<Covers>,
}

/// A file that was brought, whole.
struct Brought {
    written: Written,
    proof: Proof,
    then: Then,
    /// When the phone changed it last.
    modified: Option<Timestamp>,
}

/// The time that a file is to have on the drive: that of its item, or else its own on the phone.
fn time_of(file: &PlannedFile, modified: Option<Timestamp>) -> Option<Timestamp> {
    file.time.or(modified)
}

/// What is to be made of a file.
enum Then {
    /// Nothing.
    Nothing,
    /// A JPEG, of these bytes.
    Jpeg(Conversion, Collected),
    /// A JPEG is wanted, and cannot be had.
    NoJpeg(String),
    /// Tags are filled in, and then it is written.
    Tags(Arc<Tagging>, Collected),
    /// Tags are wanted, and cannot be had.
    NoTags(String),
}

/// Why a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// To write it to the nameless file of this number, to compare it, or to make something of it.
    First(u64),
    /// To see whether it comes the same.
    Again,
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
            let trouble = match self.attempt(number, file, tries, &mut told).await {
                Ok(brought) => return self.hand_on(number, file, brought).await,
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
                    return self.board.fail_file(file, error.kind.to_string(), &*self.report);
                }
                Trouble::Unsteady if tries < TRIES => {
                    tracing::debug!(tries, "read twice and not the same: trying again");
                }
                Trouble::Unsteady => {
                    let reason = "it comes differently each time that it is read: use another cable or port";
                    return self.board.fail_file(file, reason.to_owned(), &*self.report);
                }
                Trouble::Drive(WriteProblem::Everything(end)) => return self.board.end(end),
                Trouble::Drive(WriteProblem::ThisFile(reason)) => {
                    return self.board.fail_file(file, reason, &*self.report);
                }
            }
        }
    }

    /// Brings a file, and once more if that is needed to believe what came.
    async fn attempt(
        &self,
        number: u64,
        file: &PlannedFile,
        tries: u32,
        told: &mut Told,
    ) -> Result<Brought, Trouble> {
        let (written, then, modified) = self.read(file, Reading::First(number), told).await?;
        let proof = Proof::of(file.fingerprint.as_ref(), &written.fingerprint);
        // A file of another size than the catalogue has was changed on the phone. But nothing is believed at once of
        // one that has made trouble.
        let was_changed = tries == 1 && file.size_hint.is_some_and(|size| size != written.size_bytes);
        if proof != Proof::Differs || was_changed {
            return Ok(Brought { written, proof, then, modified });
        }
        tracing::debug!("not what the phone recorded: reading it once more");
        self.take_back(told);
        if self.read(file, Reading::Again, told).await?.0 == written {
            return Ok(Brought { written, proof, then, modified });
        }
        self.take_back(told);
        Err(Trouble::Unsteady)
    }

    /// Brings all bytes of a file. Progress of what fails is taken back.
    async fn read(
        &self,
        file: &PlannedFile,
        reading: Reading,
        told: &mut Told,
    ) -> Result<(Written, Then, Option<Timestamp>), Trouble> {
        let result = self.bring(file, reading, told).await;
        if result.is_err() {
            self.take_back(told);
        }
        result
    }

    fn take_back(&self, told: &mut Told) {
        self.report.event(&Event::Bytes(-std::mem::take(&mut told.bytes)));
    }

    async fn bring(
        &self,
        file: &PlannedFile,
        reading: Reading,
        told: &mut Told,
    ) -> Result<(Written, Then, Option<Timestamp>), Trouble> {
        let stop = &self.board.stop;
        let opening = stop.run_until_cancelled(self.source.open(&file.from, 0));
        let mut open = opening.await.ok_or(Trouble::Stopped)?.map_err(Trouble::Source)?;
        let (size, modified) = (open.stat.size_bytes, open.stat.modified());
        self.report.event(&Event::FileStarted {
            from: file.from.to_string(),
            bytes: size,
            planned_bytes: std::mem::replace(&mut told.size_bytes, size),
        });
        let (sink, mut then) = match reading {
            Reading::First(number) => self.sink(number, file, open.stat).await?,
            Reading::Again => (Sink::Compare, Then::Nothing),
        };
        let writer = Writer::start(Arc::clone(&self.drive), sink);
        let trouble = loop {
            match stop.run_until_cancelled(open.chunks.next()).await {
                None => break Trouble::Stopped,
                Some(Err(error)) => break Trouble::Source(error),
                Some(Ok(None)) => return Ok((self.finish(writer, file, size).await?, then, modified)),
                Some(Ok(Some(chunk))) => {
                    let n = i64::try_from(chunk.len()).unwrap_or(i64::MAX);
                    if let Then::Jpeg(_, collected) | Then::Tags(_, collected) = &mut then {
                        collected.push(&chunk);
                    }
                    if !writer.push(chunk).await {
                        return Ok((self.finish(writer, file, size).await?, then, modified));
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

    /// Where a file that is like this on the phone goes, and what is to be made of it. Waits until there is room for that.
    async fn sink(&self, number: u64, file: &PlannedFile, stat: Stat) -> Result<(Sink, Then), Trouble> {
        let size = stat.size_bytes;
        let then = match (&file.convert, &file.tagging) {
            (None, None) => Then::Nothing,
            (None, Some(tagging)) => {
                let room = self.board.stop.run_until_cancelled(self.pool.room_to_tag(size)).await;
                match room.ok_or(Trouble::Stopped)? {
                    Ok(collected) => Then::Tags(Arc::clone(tagging), collected),
                    Err(reason) => Then::NoTags(reason),
                }
            }
            (Some(conversion), _) => {
                let room = self.board.stop.run_until_cancelled(self.pool.room(size)).await;
                match room.ok_or(Trouble::Stopped)? {
                    Ok(collected) => Then::Jpeg(conversion.clone(), collected),
                    Err(reason) => Then::NoJpeg(reason),
                }
            }
        };
        let is_kept = match &then {
            Then::Jpeg(conversion, _) => conversion.keep_original,
            Then::Tags(..) => false,
            Then::Nothing | Then::NoJpeg(_) | Then::NoTags(_) => true,
        };
        let sink = match file.action {
            Action::Copy | Action::Replace if is_kept => {
                Sink::Partial { number, time: time_of(file, stat.modified()) }
            }
            // Where only the JPEG is wanted and none can be made, the bytes are at hand.
            _ => Sink::Compare,
        };
        Ok((sink, then))
    }

    /// Hands a finished file to the committer, or to the pool first.
    async fn hand_on(&self, number: u64, file: &PlannedFile, brought: Brought) {
        let Brought { written, proof, then, modified } = brought;
        let finished = Finished {
            number,
            file: PlannedFile { time: time_of(file, modified), ..file.clone() },
            written,
            proof,
            not_converted: None,
            is_tagged: false,
            not_tagged: None,
        };
        let finished = match then {
            Then::Nothing => finished,
            Then::NoJpeg(reason) => Finished { not_converted: Some(reason), ..finished },
            Then::NoTags(reason) => Finished { not_tagged: Some(reason), ..finished },
            Then::Tags(tagging, collected) => {
                let job = tagging::Job {
                    source: Arc::clone(&self.source),
                    covers: Arc::clone(&self.covers),
                    drive: Arc::clone(&self.drive),
                    report: Arc::clone(&self.report),
                    board: Arc::clone(&self.board),
                    to_commit: self.to_commit.clone(),
                    finished,
                    tagging,
                    collected,
                };
                tokio::spawn(job.run());
                return;
            }
            Then::Jpeg(conversion, collected) => {
                let job = Job {
                    pool: Arc::clone(&self.pool),
                    drive: Arc::clone(&self.drive),
                    report: Arc::clone(&self.report),
                    board: Arc::clone(&self.board),
                    to_commit: self.to_commit.clone(),
                    made_number: self.board.made_number(number),
                    source: finished,
                    conversion,
                    collected,
                };
                // Nobody needs to wait for it: the committer goes on until the last one that may send it something
                // is gone.
                tokio::spawn(job.run());
                return;
            }
        };
        let to_commit = self.to_commit.clone();
        let unit = Unit { parts: vec![finished] };
        // The committer may be flushing: waiting for it must not hold up the other lanes' threads.
        let sent = tokio::task::spawn_blocking(move || to_commit.send(unit).is_ok()).await;
        if !matches!(sent, Ok(true)) {
            self.board.end(End::Broken("nobody records what is finished".to_owned()));
        }
    }
}
