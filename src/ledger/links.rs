//! Writing down what refers to exported files: links in further folders, and lists of albums.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

use super::record::phone_of;
use super::{ContentHash, Ledger, LedgerError, RunId};
use crate::catalog::AlbumId;
use crate::plan::{DestPath, KnownList, LinkWay, PlannedLink};

/// A link that is on the drive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkEntry {
    /// Which one, as it was planned.
    pub link: PlannedLink,
    /// How it was made.
    pub way: LinkWay,
    /// The size in bytes of the file it was made from.
    pub size_bytes: u64,
}

impl Ledger {
    /// Records links that are on the drive, all or none of them, durably when this returns. An entry replaces
    /// what the ledger had of the same path.
    ///
    /// # Errors
    /// Those of the database; then nothing of the batch is recorded.
    pub fn record_links(
        &mut self,
        run: RunId,
        links: &[LinkEntry],
        made_at: Timestamp,
    ) -> Result<(), LedgerError> {
        let context = self.context.clone();
        context.wrap(self.insert_links(run, links, made_at))
    }

    fn insert_links(&mut self, run: RunId, links: &[LinkEntry], made_at: Timestamp) -> rusqlite::Result<()> {
        let tx = self.db.transaction()?;
        let phone = phone_of(&tx, run)?;
        {
            let mut insert = tx.prepare_cached(
                "INSERT OR REPLACE INTO links (phone, uuid, role, path, path_key, stem, target, kind, size,
                     revision, made_at, run, blake3)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12,
                     (SELECT blake3 FROM files WHERE phone = ?1 AND uuid = ?2 AND role = ?3 AND path = ?7))",
            )?;
            // What lies there now is what is recorded, whatever lay there before.
            let mut settle =
                tx.prepare_cached("DELETE FROM conflicts WHERE phone = ?1 AND uuid = ?2 AND path = ?3")?;
            for LinkEntry { link, way, size_bytes } in links {
                settle.execute(params![phone, link.uuid.0, link.at.to_text()])?;
                insert.execute(params![
                    phone,
                    link.uuid.0,
                    link.role.name(),
                    link.at.to_text(),
                    link.at.fold(),
                    link.stem,
                    link.target.to_text(),
                    way.name(),
                    i64::try_from(*size_bytes).unwrap_or(i64::MAX),
                    link.revision,
                    made_at.to_string(),
                    run.0,
                ])?;
            }
        }
        tx.commit()
    }

    /// The content that a link was recorded with, of whatever phone, by its path; `None` if it is not known.
    ///
    /// # Errors
    /// Those of the database.
    pub fn link_hash_at(&self, path: &DestPath) -> Result<Option<ContentHash>, LedgerError> {
        let sql = "SELECT blake3 FROM links WHERE path_key = ?1";
        let found = self.db.query_row(sql, [path.fold()], |row| row.get::<_, Option<String>>(0)).optional();
        Ok(self.context.wrap(found)?.flatten().and_then(|hex| ContentHash::from_hex(&hex).ok()))
    }

    /// Records a list of an album that is on the drive. It replaces what the ledger had of the same path.
    ///
    /// # Errors
    /// Those of the database.
    pub fn record_list(
        &mut self,
        run: RunId,
        album: &AlbumId,
        list: &KnownList,
        written_at: Timestamp,
    ) -> Result<(), LedgerError> {
        let context = self.context.clone();
        context.wrap(self.insert_list(run, album, list, written_at))
    }

    /// Forgets a list of an album of the run's phone, by its path, whether it is on the drive or not.
    ///
    /// # Errors
    /// Those of the database.
    pub fn forget_list(&mut self, run: RunId, at: &DestPath) -> Result<(), LedgerError> {
        let removed = self.db.execute(
            "DELETE FROM album_lists WHERE path_key = ?2 AND phone = (SELECT phone FROM runs WHERE id = ?1)",
            params![run.0, at.fold()],
        );
        self.context.wrap(removed).map(drop)
    }

    fn insert_list(
        &mut self,
        run: RunId,
        album: &AlbumId,
        list: &KnownList,
        written_at: Timestamp,
    ) -> rusqlite::Result<()> {
        let tx = self.db.transaction()?;
        let phone = phone_of(&tx, run)?;
        tx.execute(
            "INSERT OR REPLACE INTO album_lists (phone, album, format, path, path_key, blake3, written_at, run)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                phone,
                album.0,
                list.format,
                list.at.to_text(),
                list.at.fold(),
                list.blake3,
                written_at.to_string(),
                run.0,
            ],
        )?;
        tx.commit()
    }
}
