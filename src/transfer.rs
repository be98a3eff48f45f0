//! Moves the bytes: from the source to the drive, hashed on the way, durable before they get a name, and
//! recorded after.
//!
//! ```text
//!             ┌ lane: open, read ahead ──▶ writer thread: write, hash, flush ┐
//!  planned ──▶│ lane ...                                                     │──▶ committer: name, flush, record
//!             └ lane ...              └──▶ make a JPEG of a HEIC, fill in tags ┘    in batches, one thread
//! ```
//!
//! Several files are under way at once, so that neither the phone nor the drive waits for the other: while
//! one file is flushed, others arrive. Memory is bounded by the number of lanes and what each may hold.
//!
//! What this room promises: a file under its final name is complete and durable. What it records was under
//! its final name before. Nothing that it does not own is replaced. It knows nothing of albums or dates, and only
//! that somebody keeps the records, not who.

mod commit;
mod drive;
mod hash;
mod lane;
mod platform;
mod pool;
mod record;
mod tagging;
mod tally;
mod times;
mod write;

pub use drive::{AtPath, Drive, LocalDrive, OWN_FOLDER, PartialFile};
pub use hash::{ContentHash, NotAHash};
pub use record::{Done, RecordError, Recorder};
pub use tally::{End, Failure, NotConverted, Tally, WriteProblem};

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::convert::Decoder;
use crate::plan::PlannedFile;
use crate::report::Report;
use crate::source::Source;

/// Files under way at once. Enough that flushing one to a slow drive never leaves the cable idle.
///
/// With the default [`crate::source::Tuning`] (3 reads of 1 MiB) and two chunks waiting for the drive, each
/// lane holds at most about 6 MiB.
pub const LANES: usize = 6;

/// Everything a transfer needs.
pub struct Transfer<R> {
    /// Where the bytes come from.
    pub source: Arc<dyn Source>,
    /// Where they go.
    pub drive: Arc<dyn Drive>,
    /// Who keeps what is finished.
    pub recorder: R,
    /// Who hears about it.
    pub report: Arc<dyn Report>,
    /// Ends the transfer early; what is finished is kept.
    pub cancel: CancellationToken,
    /// Files under way at once.
    pub lanes: usize,
    /// What decodes the HEICs of which JPEGs are to be made.
    pub decoder: Arc<dyn Decoder>,
}

impl<R: Recorder> Transfer<R> {
    /// Transfers the files of a plan, in its order. Gives back the recorder and what came of it; an error of a
    /// single file is one of the results, not the end.
    pub async fn run(self, files: Vec<PlannedFile>) -> (R, Tally) {
        let board = Arc::new(lane::Board::new(files, self.cancel.child_token()));
        let (to_commit, finished) = std::sync::mpsc::sync_channel(commit::QUEUE);
        let committer = commit::Committer {
            drive: Arc::clone(&self.drive),
            recorder: self.recorder,
            report: Arc::clone(&self.report),
            board: Arc::clone(&board),
            unrecorded: None,
        };
        let pool = Arc::new(pool::Pool::new(self.decoder));
        let covers = Arc::new(tagging::Covers::default());
        let committing = std::thread::spawn(move || committer.run(finished));
        let lanes: Vec<_> = (0..self.lanes.max(1))
            .map(|_| {
                let lane = lane::Lane {
                    source: Arc::clone(&self.source),
                    drive: Arc::clone(&self.drive),
                    report: Arc::clone(&self.report),
                    board: Arc::clone(&board),
                    to_commit: to_commit.clone(),
                    pool: Arc::clone(&pool),
                    covers: Arc::clone(&covers),
                };
                tokio::spawn(lane.run())
            })
            .collect();
        drop(to_commit);
        for lane in lanes {
            if let Err(error) = lane.await {
                board.end(End::Broken(error.to_string()));
            }
        }
        let joined = tokio::task::spawn_blocking(move || committing.join()).await;
        #[expect(clippy::panic, reason = "a panic of the committer goes on as ours: its recorder is gone")]
        let Ok(Ok(recorder)) = joined else { panic!("the committing thread panicked") };
        if self.cancel.is_cancelled() {
            board.end(End::Interrupted);
        }
        (recorder, board.tally())
    }
}

#[cfg(test)]
mod tests;
