//! The tables that a database has, and their columns: asked for instead of assumed.
//!
//! They change with nearly every iOS version. A column that is not there reads as NULL, so that its loss costs one
//! attribute and not the catalogue (facts/media.md section A2, step 8).

use std::collections::{HashMap, HashSet};

use rusqlite::Connection;

use super::Cells;

/// Some times as many as any database of a phone has.
const MOST_TABLES: usize = 10_000;
/// What Core Data calls the primary key of all its tables.
const KEY: &str = "Z_PK";

/// The columns of ordinary tables, by table.
#[derive(Debug, Default)]
pub(in crate::catalog) struct Columns(HashMap<String, HashSet<String>>);

impl Columns {
    /// Reads the columns of the tables that are wanted.
    ///
    /// # Errors
    /// SQLite's.
    pub(in crate::catalog) fn discover(
        db: &Connection,
        is_wanted: impl Fn(&str) -> bool,
    ) -> rusqlite::Result<Self> {
        let mut tables =
            db.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE TABLE%'")?;
        let names = tables.query_map([], |row| Ok(Cells::new(row).text()))?;
        let mut all = HashMap::new();
        for name in names.take(MOST_TABLES) {
            let Some(name) = name?.filter(|name| is_wanted(name)) else { continue };
            let mut info = db.prepare(&format!("PRAGMA table_info({})", quoted(&name)))?;
            let columns = info.query_map([], |row| {
                let mut cells = Cells::new(row);
                let _number = cells.int();
                Ok(cells.text())
            })?;
            let columns: rusqlite::Result<HashSet<String>> = columns.filter_map(Result::transpose).collect();
            all.insert(name, columns?);
        }
        Ok(Self(all))
    }

    /// Every table with its columns.
    pub(in crate::catalog) fn tables(&self) -> impl Iterator<Item = (&str, &HashSet<String>)> {
        self.0.iter().map(|(table, columns)| (table.as_str(), columns))
    }

    /// Whether there is such a column.
    pub(in crate::catalog) fn has(&self, table: &str, column: &str) -> bool {
        self.0.get(table).is_some_and(|columns| columns.contains(column))
    }

    /// A query for all rows of a table: the columns in the order given, NULL for those that are not there. `None` if
    /// the table is not there.
    pub(in crate::catalog) fn select(&self, table: &str, columns: &[&str]) -> Option<String> {
        self.query(table, None, columns)
    }

    /// The same for a table of Core Data, with the primary key before the columns; of another table it is the number
    /// of the row.
    pub(in crate::catalog) fn select_by_key(&self, table: &str, columns: &[&str]) -> Option<String> {
        let key = if self.has(table, KEY) { KEY } else { "rowid" };
        self.query(table, Some(key), columns)
    }

    fn query(&self, table: &str, key: Option<&str>, columns: &[&str]) -> Option<String> {
        let there = self.0.get(table)?;
        let column = |column: &&str| if there.contains(*column) { quoted(column) } else { "NULL".to_owned() };
        let cells: Vec<String> =
            key.map(str::to_owned).into_iter().chain(columns.iter().map(column)).collect();
        Some(format!("SELECT {} FROM {}", cells.join(", "), quoted(table)))
    }
}

impl AsRef<Self> for Columns {
    fn as_ref(&self) -> &Self {
        self
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(sql: &str) -> Columns {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch(sql).unwrap();
        Columns::discover(&db, |table| table != "other").unwrap()
    }

    #[test]
    fn missing_columns_read_as_null() {
        let found = columns(
            "CREATE TABLE ZASSET (Z_PK INTEGER PRIMARY KEY, ZFILENAME);
             CREATE TABLE item (item_pid INTEGER PRIMARY KEY, \"odd\"\"name\"); CREATE TABLE other (a);
             CREATE VIEW seen AS SELECT 1;",
        );
        assert_eq!(
            found.select_by_key("ZASSET", &["ZNEW", "ZFILENAME"]).unwrap(),
            "SELECT Z_PK, NULL, \"ZFILENAME\" FROM \"ZASSET\""
        );
        assert_eq!(
            found.select("item", &["odd\"name", "new"]).unwrap(),
            "SELECT \"odd\"\"name\", NULL FROM \"item\""
        );
        assert_eq!(found.select_by_key("item", &[]).unwrap(), "SELECT rowid FROM \"item\"");
        for absent in ["other", "seen", "nowhere"] {
            assert_eq!(found.select(absent, &["a"]), None);
        }
    }
}
