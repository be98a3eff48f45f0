//! A consistent copy of a database of a phone that goes on writing to it.
//!
//! The log is read, then the main file, then the log again. As long as the log is still the same round, every
//! page that changed meanwhile is in the second reading, so the two together are one state of the database.
//! Otherwise it is done again. The `-shm` file is not even looked at (facts/media.md section C2).

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rusqlite::Connection;

use super::fetch::{self, FetchError};
use super::merge::{MergeError, merge};
use super::open::{open, quick_check};
use super::wal::Wal;
use crate::catalog::{CatalogError, CatalogProgress, progress::ProgressFn};
use crate::source::{DevicePath, Source, SourceError, SourceErrorKind, Stat};

/// More than any database of a phone; a limit to what a phone can make us store.
const MAX_MAIN_BYTES: u64 = 64 << 30;
const MAX_LOG_BYTES: u64 = 8 << 30;

/// How patient to be with a database that changes while it is copied.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// Times to try, at least once.
    pub tries: u32,
    /// Pause between two tries; none at all if zero.
    pub pause: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { tries: 5, pause: Duration::from_millis(400) }
    }
}

/// A database that phones have: where it is, and what to call it.
#[derive(Debug, Clone, Copy)]
pub(in crate::catalog) struct Database {
    /// Where it is below the media root.
    pub main: &'static str,
    /// Where its log is.
    pub log: &'static str,
    /// What it is called here: the name of its copy, without an extension.
    pub file_stem: &'static str,
    /// What people call it, such as `photo database`.
    pub name: &'static str,
    /// What may be wrong or missing if it is damaged, such as `albums, dates and flags`.
    pub at_stake: &'static str,
    /// Says why a database that hangs together is of no use, such as for lack of a table.
    pub check: fn(&Connection) -> Result<(), String>,
}

/// A copy to read from.
#[derive(Debug)]
pub(in crate::catalog) struct Snapshot {
    /// One SQLite file without a log.
    pub path: PathBuf,
    /// What to tell the person, if the copy is not beyond doubt.
    pub doubt: Option<String>,
}

/// Why there is no copy to read from.
#[derive(Debug)]
pub(in crate::catalog) enum NoDatabase {
    /// The phone has no such database.
    Absent,
    /// It has one that cannot be used; the text says why.
    Unusable(String),
    /// Nothing else will work either.
    Fatal(CatalogError),
}

/// Takes a snapshot into the folder `scratch`.
pub(in crate::catalog) async fn take(
    database: &Database,
    source: &dyn Source,
    scratch: &Path,
    patience: Patience,
    progress: &ProgressFn<'_>,
) -> Result<Snapshot, NoDatabase> {
    let taker = Taker::new(database, source, scratch, progress)?;
    let name = database.name;
    let tries = patience.tries.max(1);
    let mut damaged: Option<(PathBuf, String)> = None;
    let mut is_log_at_fault = false;
    let mut problem = String::from("it changes all the time");
    for attempt in 1..=tries {
        if attempt > 1 && !patience.pause.is_zero() {
            tokio::time::sleep(patience.pause).await;
        }
        match taker.copy(attempt).await? {
            Attempt::Copied { path, steady, log } => {
                is_log_at_fault |= log;
                // A copy that is known to be of two moments is looked at only if there is no better one.
                if !steady && attempt < tries {
                    tracing::debug!(attempt, name, "the database changed while it was copied");
                    continue;
                }
                match check(database, path.clone()).await? {
                    Ok(()) if steady => return Ok(Snapshot { path, doubt: None }),
                    Ok(()) => {
                        let doubt = format!(
                            "The phone was changing its {name} during all {tries} readings; the newest \
                             changes may be missing. Run the export again later to pick them up."
                        );
                        return Ok(Snapshot { path, doubt: Some(doubt) });
                    }
                    Err(complaint) => {
                        tracing::debug!(attempt, name, complaint, "the copy of the database is damaged");
                        problem.clone_from(&complaint);
                        // Once more, in case the reading was at fault; not over and over.
                        if damaged.replace((path, complaint)).is_some() {
                            break;
                        }
                    }
                }
            }
            Attempt::NoLog(reason) => {
                tracing::debug!(attempt, name, reason, "the log of the database could not be read");
                is_log_at_fault = true;
                problem = reason;
            }
            Attempt::Failed(reason) => {
                tracing::debug!(attempt, name, reason, "the database could not be copied");
                problem = reason;
            }
        }
    }
    if is_log_at_fault
        && let Some(path) = taker.main_alone().await?
        && check(database, path.clone()).await?.is_ok()
    {
        let doubt = format!(
            "The newest part of the phone's {name} cannot be used ({problem}); an older state of it was \
             read, and what changed since then is missing."
        );
        return Ok(Snapshot { path, doubt: Some(doubt) });
    }
    match damaged {
        // SQLite reports a damaged page when it comes across one, so what can be read is worth reading.
        Some((path, complaint)) => {
            let doubt = format!(
                "The phone's {name} is damaged ({complaint}); {} may be wrong or missing.",
                database.at_stake
            );
            Ok(Snapshot { path, doubt: Some(doubt) })
        }
        None => Err(NoDatabase::Unusable(problem)),
    }
}

/// Whether the copy is whole and has the tables that are needed.
async fn check(database: &Database, path: PathBuf) -> Result<Result<(), String>, NoDatabase> {
    let is_usable = database.check;
    let work = move || {
        let db = open(&path).map_err(|error| error.to_string())?;
        quick_check(&db)?;
        is_usable(&db)
    };
    tokio::task::spawn_blocking(work).await.map_err(broken)
}

fn broken(error: tokio::task::JoinError) -> NoDatabase {
    NoDatabase::Fatal(CatalogError::Broken(error.to_string()))
}

enum Attempt {
    /// The files came over and fit together.
    Copied {
        path: PathBuf,
        /// Whether they are surely of one moment.
        steady: bool,
        /// Whether the log changed anything.
        log: bool,
    },
    /// The log did not come over. The main file may, by itself.
    NoLog(String),
    /// They did not; the next try may be better.
    Failed(String),
}

struct Taker<'a> {
    database: &'a Database,
    source: &'a dyn Source,
    scratch: &'a Path,
    progress: &'a ProgressFn<'a>,
    main: DevicePath,
    log: DevicePath,
}

impl<'a> Taker<'a> {
    fn new(
        database: &'a Database,
        source: &'a dyn Source,
        scratch: &'a Path,
        progress: &'a ProgressFn<'a>,
    ) -> Result<Self, NoDatabase> {
        let path = |text| {
            DevicePath::parse(text).map_err(|e| NoDatabase::Fatal(CatalogError::Broken(e.to_string())))
        };
        let (main, log) = (path(database.main)?, path(database.log)?);
        Ok(Self { database, source, scratch, progress, main, log })
    }

    /// Steps 1 to 4 of facts/media.md section C2, and the merge.
    async fn copy(&self, attempt: u32) -> Result<Attempt, NoDatabase> {
        let got = match self.fetch(attempt).await {
            Ok(got) => got,
            Err(NotFetched::Log(FetchError::Source(error))) if !error.is_fatal() => {
                return Ok(Attempt::NoLog(error.to_string()));
            }
            Err(NotFetched::Log(error) | NotFetched::Main(error)) => {
                return self.failed(error).map(Attempt::Failed);
            }
        };
        let Fetched { path, steady, wal } = got;
        let log = !wal.is_empty();
        let (main_path, log_path) = (path.clone(), self.log_file());
        let work = move || {
            let mut main = OpenOptions::new().read(true).write(true).open(&main_path)?;
            merge(&mut main, &mut File::open(&log_path)?, &wal)
        };
        match tokio::task::spawn_blocking(work).await.map_err(broken)? {
            Ok(()) => Ok(Attempt::Copied { path, steady, log }),
            Err(MergeError::Unfit(reason)) => Ok(Attempt::Failed(reason.to_owned())),
            Err(MergeError::Local(error)) => Err(self.local(error)),
        }
    }

    async fn fetch(&self, attempt: u32) -> Result<Fetched, NotFetched> {
        let before = self.source.stat(&self.main).await?;
        let log_bytes = self.source.stat(&self.log).await.map_or(0, |stat| stat.size_bytes);
        let total_bytes = before.size_bytes.saturating_add(log_bytes.saturating_mul(2));
        let got = AtomicU64::new(0);
        let on_bytes = |count: u64| {
            let got_bytes = got.fetch_add(count, Ordering::Relaxed) + count;
            (self.progress)(CatalogProgress::Database {
                attempt,
                got_bytes,
                total_bytes: total_bytes.max(got_bytes),
            });
        };
        on_bytes(0);
        let path = self.scratch.join(format!("{}.sqlite", self.database.file_stem));
        let first = fetch::log(self.source, &self.log, MAX_LOG_BYTES, None, &on_bytes).await;
        let first = first.map_err(NotFetched::Log)?;
        let main = File::create(&path).map_err(FetchError::Local)?;
        let copied = fetch::to_file(self.source, &self.main, MAX_MAIN_BYTES, main, &on_bytes).await?;
        let log = File::create(self.log_file()).map_err(FetchError::Local)?;
        let wal = fetch::log(self.source, &self.log, MAX_LOG_BYTES, Some(log), &on_bytes).await;
        let wal = wal.map_err(NotFetched::Log)?;
        let steady = if wal.header.is_some() || first.header.is_some() {
            wal.continues(&first)
        } else {
            let after = self.source.stat(&self.main).await?;
            same(&before, &copied) && same(&copied, &after)
        };
        Ok(Fetched { path, steady, wal })
    }

    /// The main file without its log.
    async fn main_alone(&self) -> Result<Option<PathBuf>, NoDatabase> {
        let path = self.scratch.join(format!("{}-without-log.sqlite", self.database.file_stem));
        let to = File::create(&path).map_err(|error| self.local(error))?;
        if let Err(error) = fetch::to_file(self.source, &self.main, MAX_MAIN_BYTES, to, &|_| ()).await {
            return self.failed(error).map(|_| None);
        }
        let (main_path, log_path) = (path.clone(), self.log_file());
        let work = move || {
            let mut main = OpenOptions::new().read(true).write(true).open(&main_path)?;
            merge(&mut main, &mut File::create(&log_path)?, &Wal::default())
        };
        match tokio::task::spawn_blocking(work).await.map_err(broken)? {
            Ok(()) => Ok(Some(path)),
            Err(MergeError::Unfit(_)) => Ok(None),
            Err(MergeError::Local(error)) => Err(self.local(error)),
        }
    }

    fn log_file(&self) -> PathBuf {
        self.scratch.join(format!("{}.sqlite.log", self.database.file_stem))
    }

    fn local(&self, error: std::io::Error) -> NoDatabase {
        NoDatabase::Fatal(CatalogError::Scratch {
            what: self.database.name,
            folder: self.scratch.to_owned(),
            error,
        })
    }

    /// The reason, if another try makes sense.
    fn failed(&self, error: FetchError) -> Result<String, NoDatabase> {
        match error {
            FetchError::Local(error) => Err(self.local(error)),
            FetchError::Source(error) if error.is_fatal() => {
                Err(NoDatabase::Fatal(CatalogError::Source(error)))
            }
            FetchError::Source(SourceError { kind: SourceErrorKind::NotFound, .. }) => {
                Err(NoDatabase::Absent)
            }
            FetchError::Source(error) if error.is_retryable() => Ok(error.to_string()),
            FetchError::Source(error) => Err(NoDatabase::Unusable(error.to_string())),
        }
    }
}

/// Which of the files could not be brought over.
enum NotFetched {
    Log(FetchError),
    Main(FetchError),
}

impl<E: Into<FetchError>> From<E> for NotFetched {
    fn from(error: E) -> Self {
        Self::Main(error.into())
    }
}

struct Fetched {
    path: PathBuf,
    steady: bool,
    wal: Wal,
}

/// Whether a file is the same as before, as far as can be told from outside.
fn same(before: &Stat, after: &Stat) -> bool {
    before.size_bytes == after.size_bytes && before.modified_nanoseconds == after.modified_nanoseconds
}
