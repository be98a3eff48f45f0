//! A ledger as what a transfer records into.

use jiff::Timestamp;

use super::{Conflict, Entry, Ledger, LedgerError, RunId, RunInfo, RunOutcome};
use crate::plan::PlannedFile;
use crate::transfer::{Done, RecordError, Recorder};

/// A ledger and the run that is being recorded.
#[derive(Debug)]
pub struct Recording {
    ledger: Ledger,
    run: RunId,
    /// What time it is.
    now: fn() -> Timestamp,
}

impl Recording {
    /// Notes in the ledger that a run begins.
    ///
    /// # Errors
    /// Those of the database.
    pub fn begin(mut ledger: Ledger, info: &RunInfo, now: fn() -> Timestamp) -> Result<Self, LedgerError> {
        let run = ledger.begin_run(info)?;
        Ok(Self { ledger, run, now })
    }

    /// The ledger, to look something up.
    #[must_use]
    pub const fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Notes how the run ended.
    ///
    /// # Errors
    /// Those of the database.
    pub fn finish(&mut self, outcome: &RunOutcome) -> Result<(), LedgerError> {
        self.ledger.finish_run(self.run, outcome)
    }
}

impl Recorder for Recording {
    fn record(&mut self, done: &[Done<'_>]) -> Result<(), RecordError> {
        let now = (self.now)();
        let entries: Vec<Entry> = done.iter().map(|done| Entry::of(done, now)).collect();
        self.ledger.record(self.run, &entries).map_err(|error| record_error(&error))
    }

    fn record_conflict(&mut self, file: &PlannedFile, size_bytes: u64) -> Result<(), RecordError> {
        let conflict = Conflict::of(file, size_bytes, (self.now)());
        self.ledger.record_conflict(self.run, &conflict).map_err(|error| record_error(&error))
    }
}

fn record_error(error: &LedgerError) -> RecordError {
    match error {
        LedgerError::Full { .. } => RecordError::Full,
        other => RecordError::Failed(other.to_string()),
    }
}
