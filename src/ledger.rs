//! What is on this drive already: an SQLite file `.iexport/ledger.db` on the drive itself.
//!
//! The ledger says which file came from which phone, under which name, with which content. It goes with the
//! drive, so that any computer can go on where another stopped. When it and the drive disagree, the files
//! win: a lost ledger is rebuilt from them ([`crate::plan::Action::Adopt`]).
//!
//! It knows nothing of phones and drives, and it never touches an exported file. A transfer writes into it as
//! its [`crate::transfer::Recorder`], without knowing it. The format is written
//! down in `docs/formats.md`.

mod aside;
mod error;
mod known;
mod links;
mod listing;
mod lock;
mod record;
mod recording;
mod run;
mod schema;
mod sidecars;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

pub use crate::transfer::{ContentHash, NotAHash};
pub use error::LedgerError;
pub use links::LinkEntry;
pub use listing::{Listed, ListedKind, Listing, ListingTotals};
pub use record::{Conflict, Entry};
pub use recording::Recording;
pub use run::{RunId, RunInfo, RunOutcome};
pub use sidecars::SidecarEntry;

use error::Context;
use lock::Lock;

/// The folder below the destination in which this program keeps its own things.
pub const FOLDER: &str = ".iexport";

/// The ledger's file in [`FOLDER`].
pub const FILE: &str = "ledger.db";

/// How long to wait for another program that reads the ledger at this moment.
const PATIENCE: Duration = Duration::from_secs(10);

/// An open ledger. As long as it lives, no other run can use the same destination.
#[derive(Debug)]
pub struct Ledger {
    db: Connection,
    context: Context,
    /// Held, never looked at. Last, so that it is let go after the database is closed.
    _lock: Option<Lock>,
}

impl Ledger {
    /// Opens the ledger of a destination to write to it, making it if there is none, and brings an older one
    /// up to date. The destination itself must exist.
    ///
    /// # Errors
    /// [`LedgerError::InUse`] while another run has it; [`LedgerError::ReadOnly`] if nothing can be written
    /// there; [`LedgerError::Corrupt`], [`LedgerError::Newer`] or [`LedgerError::NotALedger`] if the file is
    /// of no use; else [`LedgerError::Folder`] or [`LedgerError::Database`].
    pub fn open(dest: &Path) -> Result<Self, LedgerError> {
        let folder = dest.join(FOLDER);
        match std::fs::create_dir(&folder) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(LedgerError::of_io(folder, error)),
        }
        let lock = Lock::take(&folder)?;
        let context = Context::new(folder.join(FILE));
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = context.wrap(Connection::open_with_flags(context.path(), flags))?;
        let mut ledger = Self { db, context, _lock: Some(lock) };
        ledger.prepare_for_writing()?;
        Ok(ledger)
    }

    /// A ledger that is nowhere, for runs that write nothing.
    ///
    /// # Errors
    /// [`LedgerError::Database`], in practice only when memory runs out.
    pub fn open_in_memory() -> Result<Self, LedgerError> {
        let context = Context::new(PathBuf::from(":memory:"));
        let db = context.wrap(Connection::open_in_memory())?;
        let mut ledger = Self { db, context, _lock: None };
        ledger.prepare_for_writing()?;
        Ok(ledger)
    }

    /// Opens the ledger of a destination to read it, if there is one. Creates nothing and takes no lock, so
    /// it works beside a run and on a drive that cannot be written to.
    ///
    /// # Errors
    /// Those of [`Self::open`] except [`LedgerError::InUse`]; and [`LedgerError::Older`] if the ledger is of
    /// an older version, which only a run brings up to date.
    pub fn open_existing_read_only(dest: &Path) -> Result<Option<Self>, LedgerError> {
        Self::open_to_look(dest, schema::CURRENT)
    }

    /// As [`Self::open_existing_read_only`], but takes a ledger of an older format too. Only for
    /// [`Self::listing`], which knows them all.
    ///
    /// # Errors
    /// Those of [`Self::open_existing_read_only`] except [`LedgerError::Older`].
    pub fn open_to_list(dest: &Path) -> Result<Option<Self>, LedgerError> {
        Self::open_to_look(dest, 0)
    }

    /// `oldest` is the oldest format that will do.
    fn open_to_look(dest: &Path, oldest: u32) -> Result<Option<Self>, LedgerError> {
        let context = Context::new(dest.join(FOLDER).join(FILE));
        if !context.path().exists() {
            return Ok(None);
        }
        match Self::read_only(&context, OpenFlags::SQLITE_OPEN_READ_ONLY, oldest) {
            // A run was cut off in the middle of a write: what it left half done must be taken back before
            // anything can be read. That needs writing, but makes no new file.
            Err(LedgerError::ReadOnly { .. }) => {
                Self::read_only(&context, OpenFlags::SQLITE_OPEN_READ_WRITE, oldest)
            }
            other => other,
        }
    }

    fn read_only(context: &Context, access: OpenFlags, oldest: u32) -> Result<Option<Self>, LedgerError> {
        let flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = context.wrap(Connection::open_with_flags(context.path(), flags))?;
        context.wrap(db.busy_timeout(PATIENCE))?;
        context.wrap(db.pragma_update(None, "query_only", true))?;
        match schema::check(&db, context)? {
            schema::State::Empty => Ok(None),
            schema::State::Older(found) if found < oldest => {
                Err(LedgerError::Older { path: context.path().to_owned(), found, current: schema::CURRENT })
            }
            schema::State::Older(_) | schema::State::Current => {
                Ok(Some(Self { db, context: context.clone(), _lock: None }))
            }
        }
    }

    fn prepare_for_writing(&mut self) -> Result<(), LedgerError> {
        let wrap = |result| self.context.wrap(result);
        wrap(self.db.busy_timeout(PATIENCE))?;
        // A drive that is unplugged must hold everything in one file, so no write-ahead log; and what is
        // recorded must be on the platter, so full synchronisation, with the drive's own cache on macOS.
        wrap(self.db.pragma_update(None, "journal_mode", "DELETE"))?;
        wrap(self.db.pragma_update(None, "synchronous", "FULL"))?;
        wrap(self.db.pragma_update(None, "fullfsync", true))?;
        wrap(self.db.pragma_update(None, "foreign_keys", true))?;
        schema::migrate(&mut self.db, &self.context)
    }

    /// The file, for messages.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.context.path()
    }
}

#[cfg(test)]
mod tests;
