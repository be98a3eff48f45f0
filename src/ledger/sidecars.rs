//! Sidecars that were written: what each of them held, so that what did not change is not written again, and what
//! somebody else changed is not written over.

use std::collections::HashMap;

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, params};

use super::{ContentHash, Ledger, LedgerError, RunId};
use crate::catalog::AssetUuid;
use crate::plan::DestPath;
use crate::sidecar::{Format, Wanted};

/// A sidecar as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SidecarEntry {
    /// Its item.
    pub uuid: AssetUuid,
    /// Which of the item's sidecars of this format it is ([`Wanted::key`]).
    pub key: Box<str>,
    /// Its format.
    pub format: Format,
    /// Where it is on the drive.
    pub to: DestPath,
    /// Its size in bytes.
    pub size_bytes: u64,
    /// Its content.
    pub hash: ContentHash,
}

impl SidecarEntry {
    /// Whether it is this sidecar of this item, wherever it lies.
    #[must_use]
    pub fn is(&self, uuid: &AssetUuid, wanted: &Wanted) -> bool {
        self.uuid == *uuid && *self.key == *wanted.key() && self.format == wanted.format
    }
}

impl Ledger {
    /// Records sidecars that are on the drive, all or none of them, durably when this returns. An entry replaces
    /// what the ledger had of the same sidecar, and of the same path.
    ///
    /// # Errors
    /// Those of the database; then nothing of the batch is recorded.
    pub fn record_sidecars(
        &mut self,
        run: RunId,
        entries: &[SidecarEntry],
        written_at: Timestamp,
    ) -> Result<(), LedgerError> {
        let context = self.context.clone();
        context.wrap(self.insert_sidecars(run, entries, written_at))
    }

    fn insert_sidecars(
        &mut self,
        run: RunId,
        entries: &[SidecarEntry],
        written_at: Timestamp,
    ) -> rusqlite::Result<()> {
        let tx = self.db.transaction()?;
        {
            let mut insert = tx.prepare_cached(
                "INSERT OR REPLACE INTO sidecars
                     (phone, uuid, role, format, path, path_key, size, blake3, written_at, run)
                 SELECT phone, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, id FROM runs WHERE id = ?1",
            )?;
            for entry in entries {
                insert.execute(params![
                    run.0,
                    entry.uuid.0,
                    entry.key,
                    entry.format.name(),
                    entry.to.to_text(),
                    entry.to.fold(),
                    i64::try_from(entry.size_bytes).unwrap_or(i64::MAX),
                    entry.hash.to_hex(),
                    written_at.to_string(),
                ])?;
            }
        }
        tx.commit()
    }

    /// The sidecars of the run's phone that were written into a folder, by their [`DestPath::fold`].
    ///
    /// Rows that hold what this program would not have written are passed over: what they mean is then treated
    /// like any other file on the drive.
    ///
    /// # Errors
    /// Those of the database.
    pub fn sidecars_in(
        &self,
        run: RunId,
        folder: &DestPath,
    ) -> Result<HashMap<String, SidecarEntry>, LedgerError> {
        self.context.wrap(self.load_sidecars(run, folder))
    }

    fn load_sidecars(
        &self,
        run: RunId,
        folder: &DestPath,
    ) -> rusqlite::Result<HashMap<String, SidecarEntry>> {
        // The plus keeps SQLite from going through all rows of the phone for each folder.
        let mut select = self.db.prepare_cached(
            "SELECT uuid, role, format, path, size, blake3 FROM sidecars
             WHERE path_key >= ?2 AND path_key < ?3 AND +phone = (SELECT phone FROM runs WHERE id = ?1)",
        )?;
        // All paths that begin with the folder and `/`: those before the folder and `0`, which follows `/`. The
        // destination itself is where all begin, and any letter comes before U+10FFFF.
        let (from, to) = match folder.fold() {
            root if root.is_empty() => (String::new(), char::MAX.to_string()),
            folder => (format!("{folder}/"), format!("{folder}0")),
        };
        let mut rows = select.query(params![run.0, from, to])?;
        let mut found = HashMap::new();
        while let Some(row) = rows.next()? {
            if let Some(entry) = read(row)?.filter(|entry| entry.to.parent() == *folder) {
                found.insert(entry.to.fold(), entry);
            }
        }
        Ok(found)
    }

    /// Where a sidecar of an item of the run's phone was written, if it was.
    ///
    /// # Errors
    /// Those of the database.
    pub fn sidecar(
        &self,
        run: RunId,
        uuid: &AssetUuid,
        wanted: &Wanted,
    ) -> Result<Option<SidecarEntry>, LedgerError> {
        let load = || -> rusqlite::Result<Option<SidecarEntry>> {
            let mut select = self.db.prepare_cached(
                "SELECT uuid, role, format, path, size, blake3 FROM sidecars
                 WHERE phone = (SELECT phone FROM runs WHERE id = ?1)
                     AND uuid = ?2 AND role = ?3 AND format = ?4",
            )?;
            let found = select.query_row(params![run.0, uuid.0, wanted.key(), wanted.format.name()], read);
            Ok(found.optional()?.flatten())
        };
        self.context.wrap(load())
    }
}

/// The entry of a row; `None` if a column holds what this program would not have written.
fn read(row: &Row<'_>) -> rusqlite::Result<Option<SidecarEntry>> {
    let (Some(format), Ok(to), Ok(size_bytes), Ok(hash)) = (
        Format::from_name(row.get_ref(2)?.as_str()?),
        DestPath::parse(row.get_ref(3)?.as_str()?),
        u64::try_from(row.get::<_, i64>(4)?),
        ContentHash::from_hex(row.get_ref(5)?.as_str()?),
    ) else {
        return Ok(None);
    };
    let (uuid, key) = (AssetUuid(row.get(0)?), row.get_ref(1)?.as_str()?.into());
    Ok(Some(SidecarEntry { uuid, key, format, to, size_bytes, hash }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Role;
    use crate::ledger::RunInfo;

    const XMP: Format = Format::Xmp;

    fn entry(uuid: &str, key: &str, format: Format, path: &str, content: &str) -> SidecarEntry {
        SidecarEntry {
            uuid: AssetUuid(uuid.into()),
            key: key.into(),
            format,
            to: DestPath::parse(path).unwrap(),
            size_bytes: content.len() as u64,
            hash: blake3::hash(content.as_bytes()).into(),
        }
    }

    fn wanted(format: Format, role: Role) -> Wanted {
        Wanted { format, role, media: DestPath::root(), to: None }
    }

    fn begin(ledger: &mut Ledger, udid: &str) -> RunId {
        let info = RunInfo {
            udid: udid.into(),
            device_name: String::new(),
            model: String::new(),
            ios_version: String::new(),
            started: Timestamp::UNIX_EPOCH,
            program_version: String::new(),
        };
        ledger.begin_run(&info).unwrap()
    }

    fn paths_in(ledger: &Ledger, run: RunId, folder: &str) -> Vec<String> {
        let found = ledger.sidecars_in(run, &DestPath::parse(folder).unwrap()).unwrap();
        let mut paths: Vec<String> = found.values().map(|entry| entry.to.to_text().to_owned()).collect();
        paths.sort();
        paths
    }

    #[test]
    fn what_is_recorded_is_found_by_its_folder_and_by_its_item() {
        let mut ledger = Ledger::open_in_memory().unwrap();
        let run = begin(&mut ledger, "phone");
        let entries = [
            entry("A", "original", XMP, "2024/2024-03/Caf\u{e9}.HEIC.xmp", "one"),
            entry("A", "edited", XMP, "2024/2024-03/A_edited.HEIC.xmp", "two"),
            entry("A", "item", Format::Json, "2024/2024-03/A.HEIC.json", "three"),
            entry("B", "original", XMP, "2024/B.HEIC.xmp", "four"),
            entry("C", "original", XMP, "C.HEIC.xmp", "five"),
            entry("D", "original", XMP, "2024/2024-030/D.HEIC.xmp", "six"),
            entry("E", "original", XMP, "\u{65e5}\u{672c}.HEIC.xmp", "seven"),
        ];
        ledger.record_sidecars(run, &entries, Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(paths_in(&ledger, run, "2024/2024-03").len(), 3);
        assert_eq!(paths_in(&ledger, run, "2024"), ["2024/B.HEIC.xmp"]);
        assert_eq!(paths_in(&ledger, run, ""), ["C.HEIC.xmp", "\u{65e5}\u{672c}.HEIC.xmp"]);
        assert_eq!(paths_in(&ledger, run, "elsewhere"), [""; 0]);
        let folder = DestPath::parse("2024/2024-03").unwrap();
        let found = ledger.sidecars_in(run, &folder).unwrap();
        assert_eq!(found[&DestPath::parse("2024/2024-03/CAF\u{c9}.HEIC.xmp").unwrap().fold()], entries[0]);
        assert!(entries[1].is(&entries[1].uuid, &wanted(XMP, Role::Edited)));
        let uuid = AssetUuid("A".into());
        assert_eq!(ledger.sidecar(run, &uuid, &wanted(XMP, Role::Edited)).unwrap(), Some(entries[1].clone()));
        let json = ledger.sidecar(run, &uuid, &wanted(Format::Json, Role::Preview)).unwrap();
        assert_eq!(json, Some(entries[2].clone()));
        assert_eq!(ledger.sidecar(run, &uuid, &wanted(XMP, Role::Raw)).unwrap(), None);
    }

    #[test]
    fn there_is_one_of_each_and_one_at_each_path() {
        let mut ledger = Ledger::open_in_memory().unwrap();
        let run = begin(&mut ledger, "phone");
        let mut record = |entry: &SidecarEntry| {
            ledger.record_sidecars(run, std::slice::from_ref(entry), Timestamp::UNIX_EPOCH).unwrap();
        };
        record(&entry("A", "edited", XMP, "a/A_edited.HEIC.xmp", "one"));
        record(&entry("A", "edited", XMP, "a/A_edited.JPG.xmp", "two"));
        record(&entry("B", "original", XMP, "a/a_EDITED.jpg.xmp", "three"));
        assert_eq!(paths_in(&ledger, run, "a"), ["a/a_EDITED.jpg.xmp"]);
    }

    #[test]
    fn each_phone_has_its_own_and_nonsense_is_passed_over() {
        let mut ledger = Ledger::open_in_memory().unwrap();
        let (one, other) = (begin(&mut ledger, "one"), begin(&mut ledger, "other"));
        let entry = entry("A", "original", XMP, "a/A.HEIC.xmp", "one");
        ledger.record_sidecars(one, std::slice::from_ref(&entry), Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(paths_in(&ledger, other, "a"), [""; 0]);
        assert_eq!(ledger.sidecar(other, &entry.uuid, &wanted(XMP, Role::Original)).unwrap(), None);
        for change in ["path = '../x'", "size = -1", "blake3 = 'x'", "format = 'exe'"] {
            ledger.db.execute_batch(&format!("SAVEPOINT s; UPDATE sidecars SET {change}")).unwrap();
            assert_eq!(paths_in(&ledger, one, "a"), [""; 0], "{change}");
            ledger.db.execute_batch("ROLLBACK TO s; RELEASE s").unwrap();
        }
        assert_eq!(paths_in(&ledger, one, "a"), ["a/A.HEIC.xmp"]);
    }
}
