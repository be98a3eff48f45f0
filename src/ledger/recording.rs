//! A ledger as what a transfer records into.

use std::collections::HashMap;

use jiff::Timestamp;

use super::{
    Conflict, ContentHash, Entry, Ledger, LedgerError, LinkEntry, RunId, RunInfo, RunOutcome, SidecarEntry,
};
use crate::catalog::{AlbumId, AssetUuid};
use crate::plan::{DestPath, Known, KnownList, PlannedFile, PlannedLink};
use crate::sidecar::Wanted;
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

    /// Keeps links, all or none of them, durably when this returns.
    ///
    /// # Errors
    /// Nothing of them is kept.
    pub fn record_links(&mut self, links: &[LinkEntry]) -> Result<(), RecordError> {
        self.ledger.record_links(self.run, links, (self.now)()).map_err(|error| record_error(&error))
    }

    /// The content that a link was kept with ([`Ledger::link_hash_at`]).
    ///
    /// # Errors
    /// It cannot be looked up.
    pub fn link_hash_at(&self, path: &DestPath) -> Result<Option<ContentHash>, RecordError> {
        self.ledger.link_hash_at(path).map_err(|error| record_error(&error))
    }

    /// Keeps that the name of a link belongs to something else.
    ///
    /// # Errors
    /// It is not kept.
    pub fn record_link_conflict(&mut self, link: &PlannedLink, size_bytes: u64) -> Result<(), RecordError> {
        let conflict = Conflict {
            uuid: link.uuid.clone(),
            role: link.role,
            path: link.at.clone(),
            size_bytes,
            found_at: (self.now)(),
        };
        self.ledger.record_conflict(self.run, &conflict).map_err(|error| record_error(&error))
    }

    /// Keeps a list of an album.
    ///
    /// # Errors
    /// It is not kept.
    pub fn record_list(&mut self, album: &AlbumId, list: &KnownList) -> Result<(), RecordError> {
        self.ledger.record_list(self.run, album, list, (self.now)()).map_err(|error| record_error(&error))
    }

    /// Forgets a list of an album that is no longer there, or no longer ours.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn forget_list(&mut self, at: &DestPath) -> Result<(), RecordError> {
        self.ledger.forget_list(self.run, at).map_err(|error| record_error(&error))
    }

    /// Notes how the run ended.
    ///
    /// # Errors
    /// Those of the database.
    pub fn finish(&mut self, outcome: &RunOutcome) -> Result<(), LedgerError> {
        self.ledger.finish_run(self.run, outcome)
    }
}

/// What it takes to write sidecars.
impl Recording {
    /// What is on the drive, as seen from one phone ([`Ledger::known`]).
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn known(&self, udid: &str) -> Result<Known, RecordError> {
        self.ledger.known(udid).map_err(|error| record_error(&error))
    }

    /// The sidecars of this phone in a folder ([`Ledger::sidecars_in`]).
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn sidecars_in(&self, folder: &DestPath) -> Result<HashMap<String, SidecarEntry>, RecordError> {
        self.ledger.sidecars_in(self.run, folder).map_err(|error| record_error(&error))
    }

    /// Where a sidecar was written before ([`Ledger::sidecar`]).
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn sidecar(&self, uuid: &AssetUuid, wanted: &Wanted) -> Result<Option<SidecarEntry>, RecordError> {
        self.ledger.sidecar(self.run, uuid, wanted).map_err(|error| record_error(&error))
    }

    /// Keeps that sidecars were written ([`Ledger::record_sidecars`]).
    ///
    /// # Errors
    /// Nothing of them is kept.
    pub fn record_sidecars(&mut self, entries: &[SidecarEntry]) -> Result<(), RecordError> {
        let now = (self.now)();
        self.ledger.record_sidecars(self.run, entries, now).map_err(|error| record_error(&error))
    }
}

impl Recorder for Recording {
    fn record(&mut self, done: &[Done<'_>]) -> Result<(), RecordError> {
        let now = (self.now)();
        let entries: Vec<Entry> = done.iter().map(|done| Entry::of(done, now)).collect();
        self.ledger.record(self.run, &entries).map_err(|error| record_error(&error))
    }

    fn recorded(&self, path: &DestPath) -> Result<Option<ContentHash>, RecordError> {
        self.ledger.hash_at(path).map_err(|error| record_error(&error))
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
