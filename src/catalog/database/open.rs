//! Opens the merged copy of a phone's database, trusting nothing in it.

use std::fmt::Write as _;
use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, ErrorCode, OpenFlags};

/// Longest text or blob that is read, in bytes. Photos keeps analysis blobs of some megabytes in rows we pass by.
const MAX_CELL_BYTES: i32 = 256 << 20;

/// Steps of SQLite's machine between two looks at the budget.
const STEPS_PER_LOOK: i32 = 10_000;
/// Steps that reading and checking a file may take: so many for each byte, and some for the start. Honest databases
/// need a few for each byte. Pages that refer to each other in circles can make a small file take for ever.
const STEPS_PER_BYTE: u64 = 64;
const FREE_STEPS: u64 = 50_000_000;

/// Opens a database file for reading only.
///
/// The file has no log and nobody else has it open, so SQLite is told that it does not change. What a hostile
/// schema could do (views, triggers, functions in generated columns) is switched off; extensions are never
/// loaded, because nothing here asks for it.
///
/// # Errors
/// Those of SQLite.
pub(in crate::catalog) fn open(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let unchanging = immutable_uri(path)
        .and_then(|uri| Connection::open_with_flags(uri, flags | OpenFlags::SQLITE_OPEN_URI).ok());
    let mut db = match unchanging {
        Some(db) => db,
        // Some paths cannot be written as a URI; the file is private, so this is as good.
        None => Connection::open_with_flags(path, flags)?,
    };
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
    db.set_limit(Limit::SQLITE_LIMIT_LENGTH, MAX_CELL_BYTES)?;
    db.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
    let bytes = std::fs::metadata(path).map_or(0, |meta| meta.len());
    limit_steps(&mut db, bytes.saturating_mul(STEPS_PER_BYTE).saturating_add(FREE_STEPS))?;
    db.pragma_update(None, "cell_size_check", true)?;
    db.pragma_update(None, "mmap_size", 0)?;
    Ok(db)
}

/// Interrupts whatever `db` does once it has taken so many steps in all.
fn limit_steps(db: &mut Connection, steps: u64) -> rusqlite::Result<()> {
    let mut left = steps;
    db.progress_handler(
        STEPS_PER_LOOK,
        Some(move || {
            left = left.saturating_sub(u64::from(STEPS_PER_LOOK.unsigned_abs()));
            left == 0
        }),
    )
}

/// `file:///a/b?immutable=1` for a path that is text.
fn immutable_uri(path: &Path) -> Option<String> {
    let path = std::path::absolute(path).ok()?;
    let path = path.to_str()?.replace(std::path::MAIN_SEPARATOR, "/");
    let mut uri = String::from("file://");
    if !path.starts_with('/') {
        uri.push('/'); // A drive letter.
    }
    for byte in path.bytes() {
        match byte {
            b'/' | b':' | b'.' | b'-' | b'_' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {
                uri.push(byte.into())
            }
            _ => write!(uri, "%{byte:02X}").ok()?,
        }
    }
    uri.push_str("?mode=ro&immutable=1");
    Some(uri)
}

/// Whether the pages hang together. Indexes are not compared with their tables; no reader here needs them
/// (facts/media.md section C4).
///
/// Some of Apple's tables need functions or collations that only the phone has. SQLite then refuses to begin, which
/// says nothing of the pages; what is damaged shows when it is read.
///
/// # Errors
/// The first complaint, as text.
pub(in crate::catalog) fn quick_check(db: &Connection) -> Result<(), String> {
    let answer = db.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0));
    match answer.as_deref() {
        Ok("ok") => Ok(()),
        Ok(complaint) => Err(complaint.to_owned()),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::Unknown) => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_paths_open() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a b%41?c#ü.sqlite");
        Connection::open(&path)
            .unwrap()
            .execute_batch("CREATE TABLE t(a); INSERT INTO t VALUES (5);")
            .unwrap();
        let db = open(&path).unwrap();
        assert_eq!(db.query_row("SELECT a FROM t", [], |row| row.get::<_, i64>(0)).unwrap(), 5);
        assert!(immutable_uri(&path).unwrap().contains("a%20b%2541%3Fc%23%C3%BC.sqlite"));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing lies beside it");
    }

    #[test]
    fn nothing_can_be_written_and_views_do_not_run() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.sqlite");
        Connection::open(&path)
            .unwrap()
            .execute_batch("CREATE TABLE t(a); CREATE VIEW v AS SELECT 1;")
            .unwrap();
        let db = open(&path).unwrap();
        assert!(db.execute("INSERT INTO t VALUES (1)", []).is_err());
        assert!(db.query_row("SELECT * FROM v", [], |_| Ok(())).is_err());
        assert!(db.execute("ATTACH ':memory:' AS other", []).is_err());
        assert_eq!(quick_check(&db), Ok(()));
    }

    #[test]
    fn what_only_the_phone_knows_is_no_damage() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.sqlite");
        let db = Connection::open(&path).unwrap();
        db.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, false).unwrap();
        db.execute_batch(
            "CREATE TABLE t(a); CREATE INDEX i ON t(a); INSERT INTO t VALUES ('x');
             PRAGMA writable_schema = ON;
             UPDATE sqlite_master SET sql = 'CREATE INDEX i ON t(a COLLATE iPhone)' WHERE name = 'i';",
        )
        .unwrap();
        drop(db);
        let db = open(&path).unwrap();
        assert!(db.query_row("PRAGMA quick_check(1)", [], |_| Ok(())).is_err(), "SQLite does not begin");
        assert_eq!(quick_check(&db), Ok(()));
        assert_eq!(db.query_row("SELECT a FROM t", [], |row| row.get::<_, String>(0)).unwrap(), "x");
    }

    #[test]
    fn what_takes_for_ever_is_interrupted() {
        let mut db = Connection::open_in_memory().unwrap();
        limit_steps(&mut db, 1_000_000).unwrap();
        let endless =
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
        let error = db.query_row(endless, [], |_| Ok(())).unwrap_err();
        assert_eq!(error.sqlite_error_code(), Some(ErrorCode::OperationInterrupted));
    }
}
