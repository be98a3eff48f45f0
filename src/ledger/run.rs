//! Runs: when somebody exported from which phone, and how it ended.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

use super::{Ledger, LedgerError};

/// Identity of a run in its ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RunId(pub(super) i64);

/// What is known when a run begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunInfo {
    /// Identity of the phone (or of whatever the files come from).
    pub udid: String,
    /// Its name, as its owner gave it.
    pub device_name: String,
    /// Its model, such as `iPhone16,2`; empty if unknown.
    pub model: String,
    /// Its iOS version; empty if unknown.
    pub ios_version: String,
    /// When the run began.
    pub started: Timestamp,
    /// Version of this program.
    pub program_version: String,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunOutcome {
    /// When it ended.
    pub finished: Timestamp,
    /// Files that were written.
    pub exported_files: u64,
    /// Their size in bytes.
    pub exported_bytes: u64,
    /// Files that were on the drive already, adopted ones included.
    pub already_files: u64,
    /// Files that could not be exported.
    pub failed_files: u64,
    /// Whether it went through everything it meant to; `false` if it was interrupted.
    pub complete: bool,
}

impl Ledger {
    /// Notes that a run begins.
    ///
    /// # Errors
    /// Those of the database.
    pub fn begin_run(&mut self, info: &RunInfo) -> Result<RunId, LedgerError> {
        let context = self.context.clone();
        context.wrap(self.insert_run(info)).map(RunId)
    }

    fn insert_run(&mut self, info: &RunInfo) -> rusqlite::Result<i64> {
        let started = info.started.to_string();
        let tx = self.db.transaction()?;
        tx.execute(
            "INSERT INTO phones (udid, name, model, ios_version, first_seen, last_seen)
             VALUES (?1, ?2, ?3, ?4, ?5, ?5)
             ON CONFLICT (udid) DO UPDATE SET
                 name = excluded.name, model = excluded.model,
                 ios_version = excluded.ios_version, last_seen = excluded.last_seen",
            params![info.udid, info.device_name, info.model, info.ios_version, started],
        )?;
        tx.execute(
            "INSERT INTO runs (phone, started, program_version)
             SELECT id, ?2, ?3 FROM phones WHERE udid = ?1",
            params![info.udid, started, info.program_version],
        )?;
        let id = tx.last_insert_rowid();
        tx.commit()?;
        Ok(id)
    }

    /// Notes how a run ended.
    ///
    /// # Errors
    /// Those of the database.
    pub fn finish_run(&mut self, run: RunId, outcome: &RunOutcome) -> Result<(), LedgerError> {
        let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        self.context.wrap(
            self.db
                .execute(
                    "UPDATE runs SET finished = ?2, exported_files = ?3, exported_bytes = ?4,
                         already_files = ?5, failed_files = ?6, complete = ?7
                     WHERE id = ?1",
                    params![
                        run.0,
                        outcome.finished.to_string(),
                        number(outcome.exported_files),
                        number(outcome.exported_bytes),
                        number(outcome.already_files),
                        number(outcome.failed_files),
                        outcome.complete,
                    ],
                )
                .map(drop),
        )
    }

    /// When the last run with this phone went through everything it meant to; `None` if none did.
    ///
    /// # Errors
    /// Those of the database.
    pub fn last_complete_run(&self, udid: &str) -> Result<Option<Timestamp>, LedgerError> {
        let text: Option<String> = self.context.wrap(
            self.db
                .query_row(
                    "SELECT runs.finished FROM runs JOIN phones ON phones.id = runs.phone
                     WHERE phones.udid = ?1 AND runs.complete = 1
                     ORDER BY runs.id DESC LIMIT 1",
                    [udid],
                    |row| row.get(0),
                )
                .optional(),
        )?;
        Ok(text.and_then(|text| text.parse().ok()))
    }
}
