//! What becomes of the record of an older photo when another one lay in its place.

use rusqlite::{Row, Transaction, params};

use super::Entry;
use crate::catalog::Role;
use crate::plan::{DestPath, own_revision};

/// Gives what is recorded of an older photo from the place of a new one an identity of its own.
pub(super) fn set_aside(tx: &Transaction<'_>, phone: i64, new: &Entry) -> rusqlite::Result<()> {
    let mut select =
        tx.prepare_cached("SELECT id, role, path, stem, revision FROM files WHERE phone = ?1 AND uuid = ?2")?;
    let row = |row: &Row<'_>| {
        let old = Old { id: row.get(0)?, path: row.get(2)?, stem: row.get(3)?, revision: row.get(4)? };
        Ok((row.get::<_, String>(1)? == new.role.name(), old))
    };
    let rows: Vec<(bool, Old)> =
        select.query_map(params![phone, new.uuid.0], row)?.collect::<Result<_, _>>()?;
    let same_role = rows.iter().find(|(is_same_role, _)| *is_same_role).map(|(_, old)| old);
    let Some(first) = same_role.filter(|old| old.is_another_than(new)) else { return Ok(()) };
    let apart = format!("{}#{}", new.uuid.0, first.id);
    // With the photo goes all that belongs to it, but for what was recorded of the new one already. An edit can be
    // another one of the same photo.
    let is_all = matches!(new.role, Role::Original | Role::Converted);
    let mut rename = tx.prepare_cached("UPDATE OR REPLACE files SET uuid = ?2 WHERE id = ?1")?;
    for (is_same_role, old) in &rows {
        if *is_same_role || is_all && !old.goes_with(new) {
            rename.execute(params![old.id, apart])?;
        }
    }
    // Those of the new one are written when all its files are there.
    tx.execute(
        "UPDATE OR REPLACE sidecars SET uuid = ?3 WHERE phone = ?1 AND uuid = ?2 AND (?4 OR role = ?5
             OR NOT EXISTS (SELECT 1 FROM files WHERE phone = ?1 AND uuid = ?2))",
        params![phone, new.uuid.0, apart, is_all, new.role.name()],
    )?;
    Ok(())
}

/// A file of an older version of an item.
struct Old {
    id: i64,
    path: String,
    stem: String,
    revision: String,
}

impl Old {
    /// Whether it is another version elsewhere.
    fn is_another_than(&self, new: &Entry) -> bool {
        DestPath::parse(&self.path).is_ok_and(|path| path.fold() != new.to.fold())
            && own_revision(&self.revision) != own_revision(&new.revision)
    }

    /// Whether it shares the stem of a new file, so that it is of the new version, too.
    fn goes_with(&self, new: &Entry) -> bool {
        *self.stem == *new.stem
            && DestPath::parse(&self.path).is_ok_and(|path| path.parent() == new.to.parent())
    }
}
