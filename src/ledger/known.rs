//! Reading what a plan needs to know.

use rusqlite::{OptionalExtension, Row};

use super::{Ledger, LedgerError};
use crate::catalog::{AlbumId, AssetUuid, Proof, Role};
use crate::plan::{DestName, DestPath, Known, KnownFile, KnownLink, KnownList, LinkWay};

impl Ledger {
    /// What was exported to this destination, as seen from one phone.
    ///
    /// Rows that hold what this program would not have written are passed over: the files they mean are
    /// then treated like any other file on the drive.
    ///
    /// # Errors
    /// Those of the database.
    pub fn known(&self, udid: &str) -> Result<Known, LedgerError> {
        self.context.wrap(self.load(udid))
    }

    fn load(&self, udid: &str) -> rusqlite::Result<Known> {
        let phone: Option<i64> = self
            .db
            .query_row("SELECT id FROM phones WHERE udid = ?1", [udid], |row| row.get(0))
            .optional()?;
        let mut known = Known::default();
        let mut odd = 0_usize;
        let mut select = self
            .db
            .prepare("SELECT phone, uuid, role, path, stem, size, revision, proof FROM files ORDER BY id")?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            match read(row)? {
                None => odd += 1,
                Some((owner, uuid, file)) if Some(owner) == phone => known.add(uuid, file),
                Some((_, _, file)) => known.add_other(file.to, file.stem),
            }
        }
        let mut select = self.db.prepare("SELECT uuid, path FROM conflicts WHERE phone = ?1 ORDER BY id")?;
        let mut rows = select.query([phone])?;
        while let Some(row) = rows.next()? {
            match DestPath::parse(row.get_ref(1)?.as_str()?) {
                Ok(path) => known.add_conflict(AssetUuid(row.get(0)?), &path),
                Err(_) => odd += 1,
            }
        }
        let mut select = self.db.prepare(
            "SELECT phone, uuid, role, path, stem, target, kind, size, revision FROM links ORDER BY id",
        )?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            match read_link(row)? {
                None => odd += 1,
                Some((owner, uuid, link)) if Some(owner) == phone => known.add_link(uuid, link),
                Some((_, _, link)) => known.add_other(link.at, link.stem),
            }
        }
        let mut select = self
            .db
            .prepare("SELECT album, format, path, blake3 FROM album_lists WHERE phone = ?1 ORDER BY id")?;
        let mut rows = select.query([phone])?;
        while let Some(row) = rows.next()? {
            match DestPath::parse(row.get_ref(2)?.as_str()?) {
                Ok(at) if !at.is_root() => known.add_list(
                    AlbumId(row.get(0)?),
                    KnownList {
                        format: row.get_ref(1)?.as_str()?.into(),
                        at,
                        blake3: row.get_ref(3)?.as_str()?.into(),
                    },
                ),
                _ => odd += 1,
            }
        }
        if odd > 0 {
            tracing::warn!(rows = odd, "the ledger holds rows that make no sense; they are passed over");
        }
        Ok(known)
    }
}

/// Owner, item and file of a row; `None` if a column holds what this program would not have written.
fn read(row: &Row<'_>) -> rusqlite::Result<Option<(i64, AssetUuid, KnownFile)>> {
    let (Some(role), Ok(to), Ok(size_bytes)) = (
        Role::from_name(row.get_ref(2)?.as_str()?),
        DestPath::parse(row.get_ref(3)?.as_str()?),
        u64::try_from(row.get::<_, i64>(5)?),
    ) else {
        return Ok(None);
    };
    let stem = row.get_ref(4)?.as_str()?;
    if !DestName::is_stem(stem) {
        return Ok(None);
    }
    let file = KnownFile {
        role,
        to,
        stem: stem.into(),
        size_bytes,
        revision: row.get_ref(6)?.as_str()?.into(),
        proof: row.get_ref(7)?.as_str_or_null()?.and_then(Proof::from_name),
    };
    Ok(Some((row.get(0)?, AssetUuid(row.get(1)?), file)))
}

/// Owner, item and link of a row; `None` if a column holds what this program would not have written.
fn read_link(row: &Row<'_>) -> rusqlite::Result<Option<(i64, AssetUuid, KnownLink)>> {
    let (Some(role), Ok(at), Ok(target), Some(way), Ok(size_bytes)) = (
        Role::from_name(row.get_ref(2)?.as_str()?),
        DestPath::parse(row.get_ref(3)?.as_str()?),
        DestPath::parse(row.get_ref(5)?.as_str()?),
        LinkWay::from_name(row.get_ref(6)?.as_str()?),
        u64::try_from(row.get::<_, i64>(7)?),
    ) else {
        return Ok(None);
    };
    let stem = row.get_ref(4)?.as_str()?;
    if !DestName::is_stem(stem) {
        return Ok(None);
    }
    let revision = row.get_ref(8)?.as_str()?.into();
    let link = KnownLink { role, at, target, stem: stem.into(), way, size_bytes, revision };
    Ok(Some((row.get(0)?, AssetUuid(row.get(1)?), link)))
}
