//! Walks through the rows of a table, within limits.

use std::path::Path;

use rusqlite::Connection;
use tokio::sync::mpsc;

use super::{Cells, Columns};
use crate::catalog::CatalogProgress;

/// Rows between two reports of progress.
const REPORT_EVERY: u64 = 8192;
/// Some times the files of a million photos.
const MOST_ROWS: u64 = 20_000_000;

/// An open database with its schema; counts and limits what is read from it.
pub(in crate::catalog) struct Tables<S> {
    pub db: Connection,
    pub schema: S,
    /// No table can have more rows than this, because every row takes some bytes of the file, and nobody has more
    /// photos or songs than that. The pages of a hostile database can refer to each other in a way that makes few pages
    /// read as billions of rows.
    most_rows: u64,
    read: u64,
    report: mpsc::Sender<CatalogProgress>,
}

impl<S: AsRef<Columns>> Tables<S> {
    pub(in crate::catalog) fn new(
        db: Connection,
        schema: S,
        file: &Path,
        report: mpsc::Sender<CatalogProgress>,
    ) -> std::io::Result<Self> {
        let most_rows = (std::fs::metadata(file)?.len() / 16).min(MOST_ROWS);
        Ok(Self { db, schema, most_rows, read: 0, report })
    }

    /// Calls `with` for every row of a table of Core Data: first its primary key, then the cells of `columns`.
    /// A table that is not there has no rows.
    ///
    /// # Errors
    /// SQLite's, as text, after as many rows as could be read.
    pub(in crate::catalog) fn each(
        &mut self,
        table: &str,
        columns: &[&str],
        mut with: impl FnMut(i64, &mut Cells<'_, '_>),
    ) -> Result<(), String> {
        let sql = self.schema.as_ref().select_by_key(table, columns);
        self.walk(table, sql, |cells| {
            if let Some(key) = cells.int() {
                with(key, cells);
            }
        })
    }

    /// Calls `with` with the cells of `columns` for every row of a table. A table that is not there has no rows.
    ///
    /// # Errors
    /// SQLite's, as text, after as many rows as could be read.
    pub(in crate::catalog) fn rows(
        &mut self,
        table: &str,
        columns: &[&str],
        with: impl FnMut(&mut Cells<'_, '_>),
    ) -> Result<(), String> {
        let sql = self.schema.as_ref().select(table, columns);
        self.walk(table, sql, with)
    }

    fn walk(
        &mut self,
        table: &str,
        sql: Option<String>,
        mut with: impl FnMut(&mut Cells<'_, '_>),
    ) -> Result<(), String> {
        let Some(sql) = sql else { return Ok(()) };
        let describe = |error: rusqlite::Error| format!("{table}: {error}");
        let mut statement = self.db.prepare(&sql).map_err(describe)?;
        let mut rows = statement.query([]).map_err(describe)?;
        let mut count = 0_u64;
        while let Some(row) = rows.next().map_err(describe)? {
            count += 1;
            self.read += 1;
            if count > self.most_rows {
                return Err(format!("{table}: more rows than the file can hold"));
            }
            if self.read.is_multiple_of(REPORT_EVERY) {
                // Progress that nobody takes in time is not worth waiting for.
                let _ = self.report.try_send(CatalogProgress::Rows { read: self.read });
            }
            with(&mut Cells::new(row));
        }
        Ok(())
    }

    /// Rows read so far.
    pub(in crate::catalog) const fn read(&self) -> u64 {
        self.read
    }
}
