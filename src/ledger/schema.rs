//! The ledger's tables, and how older ledgers are brought up to date.
//!
//! Steps are numbered and never change once released; a new one is added behind. `docs/formats.md` says
//! what the columns mean.

use rusqlite::Connection;

use super::LedgerError;
use super::error::Context;

/// Marks the file as ours in SQLite's header (`iExp`), so that no other database is taken for a ledger.
const APPLICATION_ID: i64 = 0x6945_7870;

/// Step `n` makes format `n` (counted from 1) out of format `n - 1`.
const STEPS: &[&str] = &[FIRST, SECOND, THIRD];

/// The format that this program reads and writes.
#[expect(clippy::cast_possible_truncation, reason = "a handful of steps")]
pub(super) const CURRENT: u32 = STEPS.len() as u32;

const FIRST: &str = "
    CREATE TABLE phones (
        id INTEGER PRIMARY KEY,
        udid TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        model TEXT NOT NULL,
        ios_version TEXT NOT NULL,
        first_seen TEXT NOT NULL,
        last_seen TEXT NOT NULL
    );
    CREATE TABLE runs (
        id INTEGER PRIMARY KEY,
        phone INTEGER NOT NULL REFERENCES phones (id),
        started TEXT NOT NULL,
        finished TEXT,
        program_version TEXT NOT NULL,
        exported_files INTEGER,
        exported_bytes INTEGER,
        already_files INTEGER,
        failed_files INTEGER,
        complete INTEGER NOT NULL DEFAULT 0
    );
    CREATE TABLE files (
        id INTEGER PRIMARY KEY,
        phone INTEGER NOT NULL REFERENCES phones (id),
        uuid TEXT NOT NULL,
        role TEXT NOT NULL,
        path TEXT NOT NULL,
        path_key TEXT NOT NULL UNIQUE,
        stem TEXT NOT NULL,
        size INTEGER NOT NULL,
        blake3 TEXT NOT NULL,
        fingerprint TEXT,
        revision TEXT NOT NULL,
        source_path TEXT NOT NULL,
        taken TEXT,
        exported_at TEXT NOT NULL,
        run INTEGER NOT NULL REFERENCES runs (id),
        UNIQUE (phone, uuid, role)
    );
    CREATE TABLE conflicts (
        id INTEGER PRIMARY KEY,
        phone INTEGER NOT NULL REFERENCES phones (id),
        uuid TEXT NOT NULL,
        role TEXT NOT NULL,
        path TEXT NOT NULL,
        size INTEGER NOT NULL,
        found_at TEXT NOT NULL,
        run INTEGER NOT NULL REFERENCES runs (id),
        UNIQUE (phone, uuid, role, path)
    );
";

/// Proof against the phone's fingerprints, files that are in further folders too, lists of albums, and sidecars.
const SECOND: &str = "
    ALTER TABLE files ADD COLUMN original_name TEXT;
    ALTER TABLE files ADD COLUMN proof TEXT;
    ALTER TABLE files ADD COLUMN content_fingerprint TEXT;
    CREATE TABLE links (
        id INTEGER PRIMARY KEY,
        phone INTEGER NOT NULL REFERENCES phones (id),
        uuid TEXT NOT NULL,
        role TEXT NOT NULL,
        path TEXT NOT NULL,
        path_key TEXT NOT NULL UNIQUE,
        stem TEXT NOT NULL,
        target TEXT NOT NULL,
        kind TEXT NOT NULL,
        size INTEGER NOT NULL,
        revision TEXT NOT NULL,
        made_at TEXT NOT NULL,
        run INTEGER NOT NULL REFERENCES runs (id)
    );
    CREATE TABLE album_lists (
        id INTEGER PRIMARY KEY,
        phone INTEGER NOT NULL REFERENCES phones (id),
        album TEXT NOT NULL,
        format TEXT NOT NULL,
        path TEXT NOT NULL,
        path_key TEXT NOT NULL UNIQUE,
        blake3 TEXT NOT NULL,
        written_at TEXT NOT NULL,
        run INTEGER NOT NULL REFERENCES runs (id)
    );
    CREATE TABLE sidecars (
        id INTEGER PRIMARY KEY,
        phone INTEGER NOT NULL REFERENCES phones (id),
        uuid TEXT NOT NULL,
        role TEXT NOT NULL,
        format TEXT NOT NULL,
        path TEXT NOT NULL,
        path_key TEXT NOT NULL UNIQUE,
        size INTEGER NOT NULL,
        blake3 TEXT NOT NULL,
        written_at TEXT NOT NULL,
        run INTEGER NOT NULL REFERENCES runs (id),
        UNIQUE (phone, uuid, role, format)
    );
";

/// What links hold, so that it can be told whether somebody changed them. Of a link that is older than what the ledger
/// knows of its file, it is not known.
const THIRD: &str = "
    ALTER TABLE links ADD COLUMN blake3 TEXT;
    UPDATE links SET blake3 = (
        SELECT f.blake3 FROM files f
        WHERE f.phone = links.phone AND f.uuid = links.uuid AND f.role = links.role
            AND f.path = links.target AND f.size = links.size AND f.revision = links.revision
    );
";

/// How a file stands to [`CURRENT`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// No tables at all: just made, or made and cut off at once.
    Empty,
    /// Of an older format.
    Older(u32),
    /// As this program writes it.
    Current,
}

/// Looks whether the file is a ledger that this program can read.
pub(super) fn check(db: &Connection, context: &Context) -> Result<State, LedgerError> {
    check_against(db, context, CURRENT)
}

fn check_against(db: &Connection, context: &Context, supported: u32) -> Result<State, LedgerError> {
    let number = |pragma: &str| -> Result<i64, LedgerError> {
        context.wrap(db.pragma_query_value(None, pragma, |row| row.get(0)))
    };
    let path = || context.path().to_owned();
    let tables: i64 =
        context.wrap(db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)))?;
    let (application, version) = (number("application_id")?, number("user_version")?);
    if application == 0 && version == 0 && tables == 0 {
        return Ok(State::Empty);
    }
    if application != APPLICATION_ID {
        return Err(LedgerError::NotALedger { path: path() });
    }
    match u32::try_from(version) {
        Ok(found) if found == supported => Ok(State::Current),
        Ok(found) if found < supported => Ok(State::Older(found)),
        found => Err(LedgerError::Newer { path: path(), found: found.unwrap_or(u32::MAX), supported }),
    }
}

/// Brings the file to [`CURRENT`], each step whole or not at all.
pub(super) fn migrate(db: &mut Connection, context: &Context) -> Result<(), LedgerError> {
    migrate_by(db, context, STEPS)
}

fn migrate_by(db: &mut Connection, context: &Context, steps: &[&str]) -> Result<(), LedgerError> {
    let supported = u32::try_from(steps.len()).unwrap_or(u32::MAX);
    let done = match check_against(db, context, supported)? {
        State::Current => return Ok(()),
        State::Empty => 0,
        State::Older(found) => found,
    };
    for (version, step) in (1..=supported).zip(steps).filter(|(version, _)| *version > done) {
        context.wrap(run_step(db, version, step))?;
    }
    Ok(())
}

fn run_step(db: &mut Connection, version: u32, step: &str) -> rusqlite::Result<()> {
    // The version is in the header, which belongs to the transaction: after a power cut either both the
    // tables and the version are new, or neither.
    let savepoint = db.savepoint()?;
    savepoint.execute_batch(step)?;
    savepoint.pragma_update(None, "application_id", APPLICATION_ID)?;
    savepoint.pragma_update(None, "user_version", version)?;
    savepoint.commit()
}

#[cfg(test)]
mod tests;
