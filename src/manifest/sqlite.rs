//! A manifest as an SQLite database: one table, `manifest`.

use std::io;
use std::path::Path;

use rusqlite::types::{ToSql, ToSqlOutput};
use rusqlite::{Connection, ErrorCode, params_from_iter};

use super::columns::{self, Value};
use super::{ManifestError, Sink};
use crate::ledger::Listed;

/// Writes a manifest as a database.
pub struct SqliteSink {
    db: Connection,
    insert: String,
    /// Where it goes, for messages.
    to: String,
}

impl SqliteSink {
    /// Writes to the file `path`, which is empty or is made, and is called `to` in messages. The file is of use only
    /// after [`Sink::finish`], and has to be flushed to its disk by whoever wants that.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn new(path: &Path, to: &str) -> Result<Self, ManifestError> {
        let make = || -> rusqlite::Result<Connection> {
            let db = Connection::open(path)?;
            // The file has no name yet: half of it is of no use, so it needs no journal.
            db.pragma_update(None, "journal_mode", "OFF")?;
            db.pragma_update(None, "synchronous", "OFF")?;
            let columns: Vec<String> = columns::NAMES
                .iter()
                .map(|name| format!("{name} {}", if *name == "size" { "INTEGER" } else { "TEXT" }))
                .collect();
            db.execute_batch(&format!("BEGIN; CREATE TABLE manifest ({});", columns.join(", ")))?;
            Ok(db)
        };
        let db = make().map_err(|error| failed(to, &error))?;
        let places = vec!["?"; columns::NAMES.len()].join(", ");
        Ok(Self { db, insert: format!("INSERT INTO manifest VALUES ({places})"), to: to.to_owned() })
    }
}

impl Sink for SqliteSink {
    fn put(&mut self, listed: &Listed) -> Result<(), ManifestError> {
        let insert = self.db.prepare_cached(&self.insert);
        let inserted =
            insert.and_then(|mut insert| insert.execute(params_from_iter(columns::values(listed).iter())));
        inserted.map(drop).map_err(|error| failed(&self.to, &error))
    }

    fn finish(self) -> Result<(), ManifestError> {
        let Self { db, to, .. } = self;
        db.flush_prepared_statement_cache();
        let ended = db.execute_batch("CREATE INDEX manifest_path ON manifest (path); COMMIT;");
        ended.and_then(|()| db.close().map_err(|(_, error)| error)).map_err(|error| failed(&to, &error))
    }
}

fn failed(to: &str, error: &rusqlite::Error) -> ManifestError {
    let kind = match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => io::ErrorKind::StorageFull,
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => io::ErrorKind::PermissionDenied,
        _ => io::ErrorKind::Other,
    };
    ManifestError::write(to, io::Error::new(kind, error.to_string()))
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Nothing => ToSqlOutput::from(rusqlite::types::Null),
            Self::Number(number) => ToSqlOutput::from(i64::try_from(*number).unwrap_or(i64::MAX)),
            Self::Text(text) => ToSqlOutput::from(text.as_ref()),
        })
    }
}
