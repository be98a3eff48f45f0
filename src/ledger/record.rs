//! Writing down what was exported.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::aside::set_aside;
use super::{ContentHash, Ledger, LedgerError, RunId};
use crate::catalog::{AssetUuid, Fingerprint, Proof, Role};
use crate::plan::{DestPath, PlannedFile};
use crate::source::DevicePath;
use crate::transfer::Done;

/// A file that is on the drive, complete and under its final name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its item.
    pub uuid: AssetUuid,
    /// The name its item was made under; empty if an older version of this program exported it.
    pub original_name: Box<str>,
    /// What it is to its item.
    pub role: Role,
    /// Where it is on the drive.
    pub to: DestPath,
    /// The stem its item was given ([`PlannedFile::stem`]).
    pub stem: Box<str>,
    /// Its size in bytes.
    pub size_bytes: u64,
    /// Its content.
    pub hash: ContentHash,
    /// The fingerprint that the phone recorded of it.
    pub fingerprint: Option<Fingerprint>,
    /// The fingerprint that the phone would make of its content.
    pub content_fingerprint: Option<Fingerprint>,
    /// What the two say; `None` if nobody compared them.
    pub proof: Option<Proof>,
    /// Which version of it ([`crate::catalog::Resource::revision`]).
    pub revision: String,
    /// Where it was on the phone.
    pub from: DevicePath,
    /// When it was taken.
    pub taken: Option<Timestamp>,
    /// When it was written, or found to be there.
    pub exported_at: Timestamp,
}

/// A file on the drive that has the name of what was to be exported, but content that is not ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The item that was to have the name.
    pub uuid: AssetUuid,
    /// The file of the item.
    pub role: Role,
    /// The name.
    pub path: DestPath,
    /// The size of what was to be exported, in bytes.
    pub size_bytes: u64,
    /// When it was found.
    pub found_at: Timestamp,
}

impl Entry {
    /// The entry for a planned file that was exported as planned.
    #[must_use]
    pub fn of(done: &Done<'_>, exported_at: Timestamp) -> Self {
        let Done { file, size_bytes, hash, fingerprint, proof } = *done;
        Self {
            uuid: file.uuid.clone(),
            original_name: file.original_name.clone(),
            role: file.role,
            to: file.to.clone(),
            stem: file.stem.clone(),
            size_bytes,
            hash,
            fingerprint: file.fingerprint.clone(),
            content_fingerprint: fingerprint.cloned(),
            proof,
            revision: file.revision.clone(),
            from: file.from.clone(),
            taken: file.time,
            exported_at,
        }
    }
}

impl Conflict {
    /// The conflict over the name of a planned file.
    #[must_use]
    pub fn of(file: &PlannedFile, size_bytes: u64, found_at: Timestamp) -> Self {
        Self { uuid: file.uuid.clone(), role: file.role, path: file.to.clone(), size_bytes, found_at }
    }
}

impl Ledger {
    /// Records files that are on the drive, all or none of them, durably when this returns.
    ///
    /// An entry replaces what the ledger had of the same item and role, and of the same path: there is only
    /// one file there, and this is it. But where an item is known by its place alone ([`AssetUuid::is_place`]), another
    /// version of it under another name may be another photo, of which the drive has the only copy: what is recorded of
    /// that stays, under an identity of its own, with `#` and a number behind it.
    ///
    /// # Errors
    /// Those of the database; then nothing of the batch is recorded.
    pub fn record(&mut self, run: RunId, entries: &[Entry]) -> Result<(), LedgerError> {
        let context = self.context.clone();
        context.wrap(self.insert(run, entries))
    }

    fn insert(&mut self, run: RunId, entries: &[Entry]) -> rusqlite::Result<()> {
        let tx = self.db.transaction()?;
        let phone = phone_of(&tx, run)?;
        {
            let mut insert = tx.prepare_cached(
                "INSERT OR REPLACE INTO files (phone, uuid, role, path, path_key, stem, size, blake3,
                     fingerprint, revision, source_path, taken, exported_at, run, original_name, proof,
                     content_fingerprint)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
            )?;
            // What lies there now is what is recorded, whatever lay there before.
            let mut settle =
                tx.prepare_cached("DELETE FROM conflicts WHERE phone = ?1 AND uuid = ?2 AND path = ?3")?;
            for entry in entries {
                settle.execute(params![phone, entry.uuid.0, entry.to.to_text()])?;
                if entry.uuid.is_place() {
                    set_aside(&tx, phone, entry)?;
                }
                insert.execute(params![
                    phone,
                    entry.uuid.0,
                    entry.role.name(),
                    entry.to.to_text(),
                    entry.to.fold(),
                    entry.stem,
                    i64::try_from(entry.size_bytes).unwrap_or(i64::MAX),
                    entry.hash.to_hex(),
                    entry.fingerprint.as_ref().map(|fingerprint| &fingerprint.0),
                    entry.revision,
                    entry.from.to_text(),
                    entry.taken.map(|time| time.to_string()),
                    entry.exported_at.to_string(),
                    run.0,
                    entry.original_name,
                    entry.proof.map(Proof::name),
                    entry.content_fingerprint.as_ref().map(|fingerprint| &fingerprint.0),
                ])?;
            }
        }
        tx.commit()
    }

    /// Records that something on the drive is not what it looked like, so that later plans leave it alone.
    ///
    /// # Errors
    /// Those of the database.
    pub fn record_conflict(&mut self, run: RunId, conflict: &Conflict) -> Result<(), LedgerError> {
        let context = self.context.clone();
        context.wrap(self.insert_conflict(run, conflict))
    }

    fn insert_conflict(&mut self, run: RunId, conflict: &Conflict) -> rusqlite::Result<()> {
        let tx = self.db.transaction()?;
        let phone = phone_of(&tx, run)?;
        tx.execute(
            "INSERT OR REPLACE INTO conflicts (phone, uuid, role, path, size, found_at, run)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                phone,
                conflict.uuid.0,
                conflict.role.name(),
                conflict.path.to_text(),
                i64::try_from(conflict.size_bytes).unwrap_or(i64::MAX),
                conflict.found_at.to_string(),
                run.0,
            ],
        )?;
        tx.commit()
    }

    /// The content that a file was recorded with, of whatever phone, by its path; `None` if none is recorded there,
    /// or nothing that makes sense.
    ///
    /// # Errors
    /// Those of the database.
    pub fn hash_at(&self, path: &DestPath) -> Result<Option<ContentHash>, LedgerError> {
        let sql = "SELECT blake3 FROM files WHERE path_key = ?1";
        let found = self.db.query_row(sql, [path.fold()], |row| row.get::<_, String>(0)).optional();
        Ok(self.context.wrap(found)?.and_then(|hex| ContentHash::from_hex(&hex).ok()))
    }

    /// Forgets a file, whether it is on the drive or not. Says whether it was known.
    ///
    /// # Errors
    /// Those of the database.
    pub fn forget(&mut self, udid: &str, uuid: &AssetUuid, role: Role) -> Result<bool, LedgerError> {
        let removed = self.db.execute(
            "DELETE FROM files WHERE uuid = ?2 AND role = ?3
                 AND phone = (SELECT id FROM phones WHERE udid = ?1)",
            params![udid, uuid.0, role.name()],
        );
        Ok(self.context.wrap(removed)? > 0)
    }

    /// What is recorded of a file; `None` if nothing is, or nothing that makes sense.
    ///
    /// # Errors
    /// Those of the database.
    pub fn entry(&self, udid: &str, uuid: &AssetUuid, role: Role) -> Result<Option<Entry>, LedgerError> {
        let found = self
            .db
            .query_row(
                "SELECT files.uuid, role, path, stem, size, blake3, fingerprint, revision, source_path,
                     taken, exported_at, original_name, proof, content_fingerprint
                 FROM files JOIN phones ON phones.id = files.phone
                 WHERE phones.udid = ?1 AND files.uuid = ?2 AND role = ?3",
                params![udid, uuid.0, role.name()],
                read_entry,
            )
            .optional();
        Ok(self.context.wrap(found)?.flatten())
    }
}

pub(super) fn phone_of(tx: &Transaction<'_>, run: RunId) -> rusqlite::Result<i64> {
    tx.query_row("SELECT phone FROM runs WHERE id = ?1", [run.0], |row| row.get(0))
}

/// The entry of a row; `None` if a column holds what this program would not have written.
fn read_entry(row: &Row<'_>) -> rusqlite::Result<Option<Entry>> {
    let text = |column: usize| row.get::<_, String>(column);
    let optional = |column: usize| row.get::<_, Option<String>>(column);
    let (Some(role), Ok(to), Ok(size_bytes), Ok(hash), Ok(from), Ok(exported_at)) = (
        Role::from_name(&text(1)?),
        DestPath::parse(&text(2)?),
        u64::try_from(row.get::<_, i64>(4)?),
        ContentHash::from_hex(&text(5)?),
        DevicePath::parse(text(8)?),
        text(10)?.parse(),
    ) else {
        return Ok(None);
    };
    Ok(Some(Entry {
        uuid: AssetUuid(text(0)?),
        original_name: optional(11)?.unwrap_or_default().into(),
        role,
        to,
        stem: text(3)?.into(),
        size_bytes,
        hash,
        fingerprint: optional(6)?.map(Fingerprint),
        content_fingerprint: optional(13)?.map(Fingerprint),
        proof: optional(12)?.as_deref().and_then(Proof::from_name),
        revision: text(7)?,
        from,
        taken: optional(9)?.and_then(|time| time.parse().ok()),
        exported_at,
    }))
}
