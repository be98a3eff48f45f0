//! Makes the links of a plan: after the files are on the drive, in batches, each durable before it is recorded.

use std::collections::BTreeSet;
use std::io;

use tokio_util::sync::CancellationToken;

use crate::ledger::{LinkEntry, Recording};
use crate::plan::{DestPath, LinkAction, LinkPolicy, LinkWay, PlannedLink};
use crate::report::{Event, FailedFile, Report};
use crate::transfer::{AtPath, Drive, End, RecordError, WriteProblem};

/// Links that are made durable and recorded at once.
const BATCH: usize = 64;

/// What came of the links.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Linked {
    /// Links on the drive and recorded, in this run.
    pub(super) made: u64,
    /// Those that could not be made.
    pub(super) failed: Vec<FailedFile>,
    /// Names that turned out to belong to something else; another plan finds other names.
    pub(super) conflicts: u64,
    /// Links that were not tried.
    pub(super) not_reached: u64,
    /// Why it ended early, if it did.
    pub(super) end: Option<End>,
}

/// The best way of a policy that a drive can go; `None` if it can go none.
pub(super) fn way(drive: &dyn Drive, policy: LinkPolicy) -> Option<LinkWay> {
    policy.ways().iter().copied().find(|way| drive.can_link(*way))
}

/// What lies where an older link was left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Older {
    /// Nothing.
    Gone,
    /// The link as it was recorded.
    Untouched,
    /// Something else, or something that cannot be told to be the link.
    Other,
}

/// What it takes to make links.
pub(super) struct Linker<'a> {
    pub(super) drive: &'a dyn Drive,
    pub(super) recorder: &'a mut Recording,
    pub(super) report: &'a dyn Report,
    pub(super) cancel: &'a CancellationToken,
    pub(super) way: LinkWay,
}

impl Linker<'_> {
    /// Makes links. An error of a single one is one of the results, not the end.
    pub(super) async fn make(mut self, links: &[PlannedLink]) -> Linked {
        let todo: Vec<&PlannedLink> = links.iter().filter(|link| link.action != LinkAction::Stays).collect();
        let mut out = Linked::default();
        for batch in todo.chunks(BATCH) {
            let end =
                if self.cancel.is_cancelled() { Err(End::Interrupted) } else { self.batch(batch, &mut out) };
            if let Err(end) = end {
                out.end = Some(end);
                break;
            }
            // Whoever wants to stop this must get a word in.
            tokio::task::yield_now().await;
        }
        let done = out.made + out.failed.len() as u64 + out.conflicts;
        out.not_reached = (todo.len() as u64).saturating_sub(done);
        out
    }

    fn batch(&mut self, links: &[&PlannedLink], out: &mut Linked) -> Result<(), End> {
        let mut entries = Vec::with_capacity(links.len());
        let mut folders: BTreeSet<DestPath> = BTreeSet::new();
        let mut end = None;
        for link in links {
            match self.one(link) {
                Ok(Some(entry)) => {
                    folders.insert(link.at.parent());
                    entries.push(entry);
                }
                Ok(None) => out.conflicts += 1,
                Err(WriteProblem::ThisFile(reason)) => {
                    let failed = failed_link(link, reason);
                    self.report.event(&Event::Failed(failed.clone()));
                    out.failed.push(failed);
                }
                Err(WriteProblem::Everything(why)) => {
                    end = Some(why);
                    break;
                }
            }
        }
        // What was made is recorded even if the next one was not.
        for folder in &folders {
            self.drive.sync_folder(folder).map_err(|error| match WriteProblem::of(&error) {
                WriteProblem::Everything(end) => end,
                WriteProblem::ThisFile(reason) => End::DriveFailed(reason),
            })?;
        }
        self.recorder.record_links(&entries).map_err(record_end)?;
        out.made += entries.len() as u64;
        end.map_or(Ok(()), Err)
    }

    /// Makes one; `None` if its name belongs to something else.
    fn one(&mut self, link: &PlannedLink) -> Result<Option<LinkEntry>, WriteProblem> {
        let AtPath::File(size_bytes) = self.drive.look(&link.target).map_err(|error| problem(&error))? else {
            return Err(WriteProblem::ThisFile("the file that it is made from is not there".to_owned()));
        };
        let entry = |way| LinkEntry { link: link.clone(), way, size_bytes };
        let replace = match link.action {
            LinkAction::Stays => return Ok(Some(entry(self.way))),
            LinkAction::Adopt => return Ok(self.adopt(link, size_bytes)?.map(entry)),
            LinkAction::Make => false,
            LinkAction::Replace => match self.older(link)? {
                Older::Gone => false,
                Older::Untouched => true,
                // As after a run that was cut off before it was recorded, it is the new one already.
                Older::Other => return Ok(self.adopt(link, size_bytes)?.map(entry)),
            },
        };
        match self.drive.link(0, &link.target, &link.at, self.way, replace) {
            Ok(()) => Ok(Some(entry(self.way))),
            Err(error) => Err(problem(&error)),
        }
    }

    /// Looks at what lies where an older link was left. A file, however it came to be one, has to have the content that
    /// was recorded: its size does not show that somebody changed it.
    fn older(&self, link: &PlannedLink) -> Result<Older, WriteProblem> {
        let recorded = self
            .recorder
            .link_hash_at(&link.at)
            .map_err(|error| WriteProblem::Everything(record_end(error)))?;
        let there = match self.drive.look(&link.at) {
            Ok(AtPath::Nothing) => return Ok(Older::Gone),
            Ok(AtPath::File(_)) => self.drive.hash(&link.at),
            // A symbolic link that says what was recorded, or it would not be planned: there is no more to it.
            Ok(AtPath::Other) => return Ok(Older::Untouched),
            Err(error) => Err(error),
        };
        match there {
            Ok((_, hash)) if recorded == Some(hash) => return Ok(Older::Untouched),
            Ok(_) => {}
            // It cannot be read: then it cannot be told to be ours either.
            Err(error) => tracing::debug!(%error, "an older link on the drive cannot be read"),
        }
        Ok(Older::Other)
    }

    /// Whether what lies there is this very link, and of which kind.
    fn adopt(&mut self, link: &PlannedLink, size_bytes: u64) -> Result<Option<LinkWay>, WriteProblem> {
        match self.drive.link_at(&link.at, &link.target) {
            Ok(Some(way)) => return Ok(Some(way)),
            Ok(None) => {}
            Err(error) => tracing::debug!(%error, "what has the name of a link cannot be looked at"),
        }
        // What cannot be read cannot be told to be equal either.
        let equal = match (self.drive.hash(&link.at), self.drive.hash(&link.target)) {
            (Ok(at), Ok(target)) => at == target,
            _ => false,
        };
        if equal {
            let shares = self.way == LinkWay::Reflink;
            return Ok(Some(if shares { LinkWay::Reflink } else { LinkWay::Copy }));
        }
        self.recorder
            .record_link_conflict(link, size_bytes)
            .map_err(|error| WriteProblem::Everything(record_end(error)))?;
        Ok(None)
    }
}

/// What an error while linking means. The drive can do it, as was tried; so most errors are about this file.
fn problem(error: &io::Error) -> WriteProblem {
    use io::ErrorKind as K;
    match error.kind() {
        K::AlreadyExists => WriteProblem::ThisFile(
            "another file got this name meanwhile; the next run finds another name".to_owned(),
        ),
        K::TooManyLinks | K::PermissionDenied | K::CrossesDevices | K::Unsupported | K::NotFound => {
            WriteProblem::ThisFile(error.to_string())
        }
        _ => WriteProblem::of(error),
    }
}

pub(super) fn record_end(error: RecordError) -> End {
    match error {
        RecordError::Full => End::DriveFull,
        RecordError::Failed(reason) => End::DriveFailed(reason),
    }
}

/// A link that failed, as the report wants it.
fn failed_link(link: &PlannedLink, reason: String) -> FailedFile {
    FailedFile {
        uuid: link.uuid.0.clone(),
        name: link.at.file_name().to_owned(),
        role: link.role.name(),
        from: link.target.to_text().to_owned(),
        to: link.at.to_text().to_owned(),
        reason,
    }
}

#[cfg(test)]
mod tests;
