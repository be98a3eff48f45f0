//! The rows of a database of voice memos, of either generation (facts/media.md section D8).

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::Connection;
use tokio::sync::mpsc;

use super::names;
use crate::catalog::database::{Cells, CocoaSeconds, Columns, Database, Tables, open};
use crate::source::EntryName;

/// The newer database.
pub(super) const CLOUD: Database = Database {
    main: "Recordings/CloudRecordings.db",
    log: "Recordings/CloudRecordings.db-wal",
    file_stem: "cloud-recordings",
    name: "list of voice memos",
    at_stake: "titles, dates and folders",
    check,
};
/// The older one. An empty one lies beside the newer.
pub(super) const OLD: Database = Database {
    main: "Recordings/Recordings.db",
    log: "Recordings/Recordings.db-wal",
    file_stem: "recordings",
    ..CLOUD
};

/// The tables of memos, newer first.
const TABLES: [&str; 2] = ["ZCLOUDRECORDING", "ZRECORDING"];
const FOLDERS: &str = "ZFOLDER";
/// The column that says which file a memo is; NULL if it is only in iCloud.
const PATH: &str = "ZPATH";
/// Longest memo that is believed, in seconds: a month.
const MOST_SECONDS: f64 = 2_678_400.0;

/// What a row says of a memo.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Row {
    /// Its file in the folder of recordings; `None`: it is only in iCloud.
    pub file: Option<EntryName>,
    /// Its identity.
    pub unique_id: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// When it was recorded.
    pub date: Option<Timestamp>,
    /// How long it is, in seconds.
    pub seconds: Option<f64>,
    /// The folder it is in.
    pub folder: Option<Arc<str>>,
    /// Whether it is in Recently Deleted.
    pub is_trashed: bool,
    /// Since when.
    pub trashed: Option<Timestamp>,
}

/// What a database says.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// Memos, in the order of the table.
    pub rows: Vec<Row>,
    /// Rows that are no memos: without a file and an identity, or with a path that leads elsewhere.
    pub refused: usize,
    /// Tables that could not be read.
    pub trouble: Vec<String>,
}

fn is_wanted(table: &str) -> bool {
    TABLES.contains(&table) || table == FOLDERS
}

/// A database without any table is an empty one; one with other tables only is something else. A table that says
/// nothing of files says nothing that is of use: all memos would seem to be only in iCloud.
fn check(db: &Connection) -> Result<(), String> {
    let found = Columns::discover(db, |_| true).map_err(|error| error.to_string())?;
    let is_empty = found.tables().next().is_none();
    let has_memos = found.tables().any(|(table, _)| TABLES.contains(&table));
    if is_empty || TABLES.iter().any(|table| found.has(table, PATH)) {
        return Ok(());
    }
    Err(String::from(match has_memos {
        true => "its table of voice memos does not say where they are",
        false => "it has no table of voice memos",
    }))
}

/// Reads the database in a file.
///
/// # Errors
/// It cannot be opened, says nothing of its tables, or has none that is of use; the text is for people.
pub(super) fn read(path: &Path) -> Result<Rows, String> {
    let text = |error: rusqlite::Error| error.to_string();
    let db = open(path).map_err(text)?;
    // A copy that was found wanting comes here all the same.
    check(&db)?;
    let columns = Columns::discover(&db, is_wanted).map_err(text)?;
    // Nobody has so many memos that it would be worth telling how far it is.
    let (report, _nobody) = mpsc::channel(1);
    let mut tables = Tables::new(db, columns, path, report).map_err(|error| error.to_string())?;
    let mut found = Rows::default();
    let mut folders: HashMap<i64, Arc<str>> = HashMap::new();
    let read = tables.each(FOLDERS, &["ZENCRYPTEDNAME"], |key, cells| {
        folders.extend(cells.text().and_then(|name| Some((key, tidy(&name)?.into()))));
    });
    found.trouble.extend(read.err());
    for table in TABLES {
        if !tables.schema.has(table, PATH) {
            let is_there = tables.schema.tables().any(|(name, _)| name == table);
            found.trouble.extend(is_there.then(|| format!("{table}: no column {PATH}")));
            continue;
        }
        let Rows { rows, refused, .. } = &mut found;
        let read = tables.each(table, &COLUMNS, |_, cells| match row(cells, &folders) {
            Some(row) => rows.push(row),
            None => *refused += 1,
        });
        found.trouble.extend(read.err());
    }
    Ok(found)
}

const COLUMNS: [&str; 10] = [
    PATH,
    "ZUNIQUEID",
    "ZENCRYPTEDTITLE",
    "ZCUSTOMLABELFORSORTING",
    "ZCUSTOMLABEL",
    "ZDATE",
    "ZDURATION",
    "ZLOCALDURATION",
    "ZEVICTIONDATE",
    "ZFOLDER",
];

/// The memo of a row, if it is one.
fn row(cells: &mut Cells<'_, '_>, folders: &HashMap<i64, Arc<str>>) -> Option<Row> {
    let path = cells.bytes();
    let unique_id = cells.text().filter(|id| names::is_id(id));
    let title = |cells: &mut Cells<'_, '_>| cells.text().and_then(|title| tidy(&title));
    let (encrypted, sorting, label) = (title(cells), title(cells), title(cells));
    let instant = |seconds: Option<f64>| CocoaSeconds(seconds?).instant();
    let date = instant(cells.real());
    let (duration, local_duration) = (cells.real(), cells.real());
    let evicted = cells.real();
    let folder = cells.int().and_then(|key| folders.get(&key).cloned());
    let file = match path {
        Some(path) => Some(names::of_path(&path)?),
        None if unique_id.is_none() => return None,
        None => None,
    };
    // Newer versions keep a date where older ones had the title.
    let label = label.filter(|label| !names::is_iso_date(label));
    let seconds = [duration, local_duration].into_iter().flatten();
    Some(Row {
        file,
        unique_id,
        title: encrypted.or(sorting).or(label),
        date,
        seconds: seconds.into_iter().find(|seconds| *seconds > 0.0 && *seconds <= MOST_SECONDS),
        folder,
        is_trashed: evicted.is_some(),
        trashed: instant(evicted),
    })
}

/// A text without blanks around it, if anything is left.
fn tidy(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_sql(sql: &str) -> Rows {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.db");
        Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        read(&path).unwrap()
    }

    #[test]
    fn titles_in_their_order() {
        let found = read_sql(
            "CREATE TABLE ZCLOUDRECORDING (Z_PK INTEGER PRIMARY KEY, ZPATH, ZENCRYPTEDTITLE, ZCUSTOMLABELFORSORTING,
                 ZCUSTOMLABEL);
             INSERT INTO ZCLOUDRECORDING VALUES (1, 'a.m4a', 'E', 'S', 'L'), (2, 'b.m4a', NULL, 'S', 'L'),
                 (3, 'c.m4a', '', ' ', 'L'), (4, 'd.m4a', NULL, NULL, '2024-01-31T18:45:00Z'),
                 (5, 'e.m4a', '2024-01-31T18:45:00Z', NULL, NULL), (6, 'f.m4a', NULL, NULL, '2024-01-31');",
        );
        let titles: Vec<_> = found.rows.iter().map(|row| row.title.as_deref()).collect();
        let expected =
            [Some("E"), Some("S"), Some("L"), None, Some("2024-01-31T18:45:00Z"), Some("2024-01-31")];
        assert_eq!(titles, expected);
    }

    #[test]
    fn rows_that_lead_elsewhere_or_to_nothing_are_no_memos() {
        let found = read_sql(
            "CREATE TABLE ZRECORDING (ZPATH, ZUNIQUEID);
             INSERT INTO ZRECORDING VALUES ('../a.m4a', 'X'), ('/etc/passwd', 'Y'), (NULL, NULL), ('', NULL),
                 (NULL, '../x'), (x'fffe00', NULL), (-1, NULL), ('CloudRecordings.db', 'Z'),
                 ('/var/mobile/Media/Recordings/good.m4a', NULL), (NULL, 'ID-1');",
        );
        assert_eq!(found.refused, 8);
        let files: Vec<_> = found.rows.iter().map(|row| row.file.as_ref().map(EntryName::to_text)).collect();
        assert_eq!(files, [Some("good.m4a".to_owned()), None]);
    }

    #[test]
    fn values_that_make_no_sense_are_none() {
        let found = read_sql(
            "CREATE TABLE ZCLOUDRECORDING (Z_PK INTEGER PRIMARY KEY, ZPATH, ZDATE, ZDURATION, ZLOCALDURATION,
                 ZEVICTIONDATE, ZFOLDER);
             CREATE TABLE ZFOLDER (Z_PK INTEGER PRIMARY KEY, ZENCRYPTEDNAME);
             INSERT INTO ZFOLDER VALUES (1, 'Work'), (2, ''), (3, NULL);
             INSERT INTO ZCLOUDRECORDING VALUES (1, 'a.m4a', 0, 1.5, 9, 100.0, 1),
                 (2, 'b.m4a', 'yesterday', 9e999, 2, 'never', 2), (3, 'c.m4a', 1e18, -1, 0, 1e18, 99);",
        );
        let [first, second, third] = &found.rows[..] else { panic!("{found:?}") };
        assert_eq!(first.date.unwrap().to_string(), "2001-01-01T00:00:00Z");
        assert_eq!(
            (first.seconds, first.folder.as_deref(), first.is_trashed),
            (Some(1.5), Some("Work"), true)
        );
        assert_eq!((second.date, second.seconds, second.folder.as_deref()), (None, Some(2.0), None));
        assert!(!second.is_trashed);
        assert_eq!((third.date, third.seconds, third.is_trashed, third.trashed), (None, None, true, None));
    }

    #[test]
    fn a_database_of_something_else_is_none() {
        let db = |sql: &str| {
            let db = Connection::open_in_memory().unwrap();
            db.execute_batch(sql).unwrap();
            check(&db)
        };
        assert_eq!(db(""), Ok(()));
        assert_eq!(db("CREATE TABLE ZRECORDING (ZPATH)"), Ok(()));
        assert!(db("CREATE TABLE ZASSET (ZPATH)").is_err());
        assert!(db("CREATE TABLE ZRECORDING (ZUNIQUEID, ZDATE)").unwrap_err().contains("where they are"));
        assert_eq!(db("CREATE TABLE ZCLOUDRECORDING (ZUNIQUEID); CREATE TABLE ZRECORDING (ZPATH)"), Ok(()));
    }

    #[test]
    fn a_table_without_paths_is_not_read() {
        let found = read_sql(
            "CREATE TABLE ZCLOUDRECORDING (ZUNIQUEID); INSERT INTO ZCLOUDRECORDING VALUES ('A');
             CREATE TABLE ZRECORDING (ZPATH); INSERT INTO ZRECORDING VALUES ('a.m4a');",
        );
        assert_eq!(
            (found.rows.len(), found.trouble.as_slice()),
            (1, &["ZCLOUDRECORDING: no column ZPATH".into()][..])
        );
        assert!(found.rows[0].file.is_some());
    }
}
