//! Filling in tags, beside the copying.
//!
//! A lane that has brought a song leaves its bytes here and goes on with the next file. Nothing was written yet: what
//! is written is the song with its tags, or, if they cannot be filled in, the song as it is on the phone. Either way
//! the sound is the same, which is proven for each ([`crate::tag`]).

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use super::commit::{Finished, Unit};
use super::drive::Drive;
use super::hash::ContentHash;
use super::lane::Board;
use super::pool::Collected;
use super::tally::{End, WriteProblem};
use crate::plan::{Action, Tagging, without_cover};
use crate::report::Report;
use crate::source::{DevicePath, Source, SourceError, read_whole};
use crate::tag::{self, Filled, Limits, TagName};

/// Pictures that are kept for the next songs of the same album.
const KEPT: usize = 8;

/// Pictures of albums, read once for the songs of an album.
#[derive(Default)]
pub(super) struct Covers(Mutex<VecDeque<Kept>>);

/// A picture that was read, or could not be.
struct Kept {
    path: DevicePath,
    picture: Result<Arc<[u8]>, SourceError>,
}

/// How often a picture is asked for.
const TRIES: u32 = 3;

impl Covers {
    /// The picture at a path.
    async fn get(&self, source: &dyn Source, path: &DevicePath) -> Result<Arc<[u8]>, SourceError> {
        let kept = self.lock().iter().find(|kept| kept.path == *path).map(|kept| kept.picture.clone());
        if let Some(picture) = kept {
            return picture;
        }
        let limit = u64::try_from(Limits::default().cover_bytes).unwrap_or(u64::MAX);
        let mut tries = 0;
        let picture: Result<Arc<[u8]>, SourceError> = loop {
            tries += 1;
            match read_whole(source, path, limit).await {
                Err(error) if error.is_retryable() && tries < TRIES => {}
                read => break read.map(Into::into),
            }
        };
        let mut kept = self.lock();
        if kept.len() >= KEPT {
            kept.pop_front();
        }
        kept.push_back(Kept { path: path.clone(), picture: picture.clone() });
        picture
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<Kept>> {
        // Nothing panics while it is held.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A file whose bytes are here, and that is to have tags.
pub(super) struct Job {
    pub(super) source: Arc<dyn Source>,
    pub(super) covers: Arc<Covers>,
    pub(super) drive: Arc<dyn Drive>,
    pub(super) report: Arc<dyn Report>,
    pub(super) board: Arc<Board>,
    pub(super) to_commit: std::sync::mpsc::SyncSender<Unit>,
    /// As it came; it has no nameless file yet.
    pub(super) finished: Finished,
    pub(super) tagging: Arc<Tagging>,
    pub(super) collected: Collected,
}

impl Job {
    /// Fills in, writes, and hands what came of it to the committer.
    pub(super) async fn run(self) {
        let mut tags = self.tagging.tags.clone();
        let mut without = None;
        if let Some(path) = &self.tagging.cover {
            let stop = self.board.stopper();
            match stop.run_until_cancelled(self.covers.get(&*self.source, path)).await {
                None => return,
                Some(Ok(cover)) => tags.cover = Some(cover),
                Some(Err(error)) if error.is_fatal() => {
                    return self.board.end(End::SourceLost(error.kind.to_string()));
                }
                // A song without its picture is better than none.
                Some(Err(error)) => without = Some(error),
            }
        }
        let (board, report, number) =
            (Arc::clone(&self.board), Arc::clone(&self.report), self.finished.number);
        let (drive, to_commit, file) =
            (Arc::clone(&self.drive), self.to_commit.clone(), self.finished.file.clone());
        let work = tokio::task::spawn_blocking(move || self.fill_and_write(&tags, without.as_ref())).await;
        let problem = match work {
            Ok(Ok(finished)) => {
                let unit = Unit { parts: vec![finished] };
                // The committer may be flushing: waiting for it must not hold up the lanes' threads.
                let sent = tokio::task::spawn_blocking(move || to_commit.send(unit).is_ok()).await;
                if !matches!(sent, Ok(true)) {
                    board.end(End::Broken("nobody records what is finished".to_owned()));
                }
                return;
            }
            Ok(Err(error)) => WriteProblem::of(&error),
            Err(error) => WriteProblem::ThisFile(error.to_string()),
        };
        drive.discard(number);
        match problem {
            WriteProblem::ThisFile(reason) => board.fail_file(&file, reason, &*report),
            WriteProblem::Everything(end) => board.end(end),
        }
    }

    /// `without`: why there is no picture to fill in.
    fn fill_and_write(self, tags: &tag::Tags, without: Option<&SourceError>) -> io::Result<Finished> {
        let Self { drive, mut finished, collected, .. } = self;
        let extension = finished.file.from.file_name();
        let extension = extension.as_ref().and_then(|name| name.extension());
        let extension = extension.and_then(|extension| std::str::from_utf8(extension).ok());
        let limits = Limits::default();
        let lacks_cover =
            || tag::lacks(collected.bytes(), extension, TagName::Cover, &limits).unwrap_or(true);
        if let Some(error) = without.filter(|_| lacks_cover()) {
            finished.not_tagged = Some(format!("its picture cannot be read: {}", error.kind));
            // What may be better the next time is tried again then; a picture that is too large will stay so.
            if error.is_retryable() {
                finished.file.revision = without_cover(&finished.file.revision).to_owned();
            }
        }
        // What is given away is gone if it cannot be filled.
        let filled = tag::fill(collected.bytes().to_vec(), extension, tags, &limits);
        let (changed, left_out) = match filled {
            Ok(Filled::Changed { bytes, left_out, .. }) => (Some(bytes), left_out),
            Ok(Filled::Unchanged { left_out, .. }) => (None, left_out),
            Err(error) => {
                finished.not_tagged = Some(error.to_string());
                (None, Vec::new())
            }
        };
        if let (Some(first), None) = (left_out.first(), &finished.not_tagged) {
            finished.not_tagged = Some(format!("the {} was left out: {}", first.name.as_str(), first.why));
        }
        finished.is_tagged = changed.is_some();
        let bytes = changed.as_deref().unwrap_or_else(|| collected.bytes());
        finished.written.size_bytes = bytes.len() as u64;
        finished.written.hash = ContentHash::from(blake3::hash(bytes));
        if finished.file.action != Action::Adopt {
            let mut partial = drive.begin(finished.number)?;
            partial.write(bytes)?;
            partial.finish(finished.file.time)?;
        }
        Ok(finished)
    }
}
