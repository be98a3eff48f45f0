//! Everything that a ledger says is on the drive, one after the other.
//!
//! It is read in pages, each by itself. Between two pages the ledger is not held: a run can go on recording however
//! slowly the list is read, and memory does not grow with the ledger. What a run records meanwhile is in the list if
//! its place has not passed yet.

use std::collections::{BTreeSet, VecDeque};

use jiff::Timestamp;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row, params};

use super::{ContentHash, Ledger, LedgerError};
use crate::catalog::{AssetUuid, Fingerprint, Proof};
use crate::plan::DestPath;

/// Rows of a table that are read at once.
const PAGE: usize = 500;

/// What an entry of a [`Listing`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ListedKind {
    /// A file that was exported.
    File,
    /// A further name of such a file, in another folder.
    Link,
    /// A file that says what is known of an item.
    Sidecar,
    /// A list of the members of an album.
    AlbumList,
}

impl ListedKind {
    const ALL: [Self; 4] = [Self::File, Self::Link, Self::Sidecar, Self::AlbumList];

    /// Stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Link => "link",
            Self::Sidecar => "sidecar",
            Self::AlbumList => "album_list",
        }
    }

    const fn table(self) -> &'static str {
        match self {
            Self::File => "files",
            Self::Link => "links",
            Self::Sidecar => "sidecars",
            Self::AlbumList => "album_lists",
        }
    }
}

/// Something that is on the drive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// What orders the list, and finds the row again.
    key: String,
    /// What it is.
    pub kind: ListedKind,
    /// Where it is.
    pub path: DestPath,
    /// Its size in bytes; of a link that of what it refers to, if that is known.
    pub size_bytes: Option<u64>,
    /// Its content; of a link that of what it refers to, if that is known.
    pub hash: Option<ContentHash>,
    /// The fingerprint that the phone recorded of it.
    pub fingerprint: Option<Fingerprint>,
    /// The fingerprint that the phone would make of its content.
    pub content_fingerprint: Option<Fingerprint>,
    /// What the two say, if somebody compared them.
    pub proof: Option<Proof>,
    /// What it is to its item, or for a sidecar, what it is about; `album` for a list of an album.
    pub role: String,
    /// Its item, or its album.
    pub uuid: AssetUuid,
    /// The name its item was made under. As the phone has it: it may contain anything.
    pub original_name: Option<String>,
    /// The phone's name, as of the last run. It may contain anything.
    pub phone_name: String,
    /// The phone's identity.
    pub udid: String,
    /// Where it was on the phone. It may contain anything.
    pub source_path: Option<String>,
    /// When its item was taken.
    pub taken: Option<Timestamp>,
    /// When it was written, or found to be there.
    pub exported_at: Timestamp,
    /// What a link refers to.
    pub target: Option<DestPath>,
    /// How a link was made, or the format of a sidecar or a list.
    pub form: Option<String>,
}

/// How much a [`Listing`] will tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ListingTotals {
    /// Entries.
    pub entries: u64,
    /// The sum of their sizes in bytes, as far as they are known; a link counts as what it refers to.
    pub bytes: u64,
}

impl Ledger {
    /// Everything that is on the drive according to this ledger, of whatever phone, in the order of the paths
    /// without regard to case.
    ///
    /// # Errors
    /// Those of the database.
    pub fn listing(&self) -> Result<Listing<'_>, LedgerError> {
        let cursors = self.tables()?.into_iter().map(Cursor::new).collect();
        Ok(Listing { ledger: self, cursors, odd_rows: 0 })
    }

    /// How much [`Self::listing`] will tell, if nothing changes meanwhile.
    ///
    /// # Errors
    /// Those of the database.
    pub fn listing_totals(&self) -> Result<ListingTotals, LedgerError> {
        let mut totals = ListingTotals::default();
        for table in self.tables()? {
            let (entries, bytes): (i64, i64) =
                self.context
                    .wrap(self.db.query_row(&table.totals, [], |row| Ok((row.get(0)?, row.get(1)?))))?;
            totals.entries += u64::try_from(entries).unwrap_or(0);
            totals.bytes = totals.bytes.saturating_add(u64::try_from(bytes).unwrap_or(0));
        }
        Ok(totals)
    }

    fn tables(&self) -> Result<Vec<Table>, LedgerError> {
        let tables = || -> rusqlite::Result<Vec<Table>> {
            ListedKind::ALL.into_iter().filter_map(|kind| Table::of(&self.db, kind).transpose()).collect()
        };
        self.context.wrap(tables())
    }
}

/// A table that entries come from, and how they are read out of it.
#[derive(Debug)]
struct Table {
    kind: ListedKind,
    /// Key and columns as [`read`] wants them, of `t`; without a condition.
    select: String,
    /// Number of rows and sum of sizes.
    totals: String,
}

impl Table {
    /// `None` if the ledger is of a format that has no such table.
    fn of(db: &Connection, kind: ListedKind) -> rusqlite::Result<Option<Self>> {
        let own = columns(db, kind.table())?;
        if own.is_empty() {
            return Ok(None);
        }
        let files = columns(db, ListedKind::File.table())?;
        // What an older format does not have is not known.
        let of_file = |alias: &str, column: &str| match files.contains(column) {
            true => format!("{alias}.{column}"),
            false => "NULL".to_owned(),
        };
        let proof = |alias: &str| {
            ["fingerprint", "content_fingerprint", "proof"].map(|column| of_file(alias, column)).join(", ")
        };
        let (what, joins) = match kind {
            ListedKind::File => (
                format!(
                    "t.size, t.blake3, {}, {}, t.source_path, t.taken, t.exported_at, NULL, NULL",
                    proof("t"),
                    of_file("t", "original_name"),
                ),
                String::new(),
            ),
            ListedKind::Link => (
                format!(
                    "t.size, {}, {}, {}, f.source_path, f.taken, t.made_at, t.target, t.kind",
                    if own.contains("blake3") { "COALESCE(t.blake3, f.blake3)" } else { "f.blake3" },
                    proof("f"),
                    of_file("f", "original_name"),
                ),
                // A link can be older than its file, if nobody could make it anew.
                "LEFT JOIN files f ON f.phone = t.phone AND f.uuid = t.uuid AND f.role = t.role
                     AND f.path = t.target AND f.size = t.size AND f.revision = t.revision"
                    .to_owned(),
            ),
            ListedKind::Sidecar => (
                format!(
                    "t.size, t.blake3, NULL, NULL, NULL, {}, NULL, f.taken, t.written_at, NULL, t.format",
                    of_file("f", "original_name"),
                ),
                "LEFT JOIN files f ON f.id = (SELECT id FROM files
                     WHERE phone = t.phone AND uuid = t.uuid ORDER BY role LIMIT 1)"
                    .to_owned(),
            ),
            ListedKind::AlbumList => (
                "NULL, t.blake3, NULL, NULL, NULL, NULL, NULL, NULL, t.written_at, NULL, t.format".to_owned(),
                String::new(),
            ),
        };
        let owner = match kind {
            ListedKind::AlbumList => "'album', t.album",
            ListedKind::File | ListedKind::Link | ListedKind::Sidecar => "t.role, t.uuid",
        };
        let size = if kind == ListedKind::AlbumList { "0" } else { "t.size" };
        Ok(Some(Self {
            kind,
            select: format!(
                "SELECT t.path_key, t.path, {owner}, p.name, p.udid, {what} FROM {} t {joins}
                 LEFT JOIN phones p ON p.id = t.phone",
                kind.table(),
            ),
            totals: format!("SELECT count(*), CAST(total({size}) AS INTEGER) FROM {} t", kind.table()),
        }))
    }
}

/// The columns of a table; none if there is no such table.
fn columns(db: &Connection, table: &str) -> rusqlite::Result<BTreeSet<String>> {
    let mut select = db.prepare_cached("SELECT name FROM pragma_table_info(?1)")?;
    select.query_map([table], |row| row.get(0))?.collect()
}

/// The entries of a ledger ([`Ledger::listing`]).
#[derive(Debug)]
pub struct Listing<'a> {
    ledger: &'a Ledger,
    cursors: Vec<Cursor>,
    odd_rows: u64,
}

/// How far a table has been read.
#[derive(Debug)]
struct Cursor {
    table: Table,
    /// Entries that were read and not told yet.
    waiting: VecDeque<Listed>,
    /// The last key that was read.
    after: String,
    is_done: bool,
}

impl Listing<'_> {
    /// Rows so far that hold what this program would not have written. They are passed over.
    #[must_use]
    pub const fn odd_rows(&self) -> u64 {
        self.odd_rows
    }

    /// What the ledger says now of something that was listed; `None` if it knows it no more.
    ///
    /// # Errors
    /// Those of the database.
    pub fn again(&self, listed: &Listed) -> Result<Option<Listed>, LedgerError> {
        let Some(cursor) = self.cursors.iter().find(|cursor| cursor.table.kind == listed.kind) else {
            return Ok(None);
        };
        let sql = format!("{} WHERE t.path_key = ?1", cursor.table.select);
        let load = || -> rusqlite::Result<Option<Listed>> {
            let mut select = self.ledger.db.prepare_cached(&sql)?;
            let mut rows = select.query([&listed.key])?;
            Ok(rows.next()?.and_then(|row| read(listed.kind, row)))
        };
        self.ledger.context.wrap(load())
    }

    fn advance(&mut self) -> Result<Option<Listed>, LedgerError> {
        for cursor in &mut self.cursors {
            let filled = cursor.fill(&self.ledger.db, &mut self.odd_rows);
            self.ledger.context.wrap(filled)?;
        }
        let first = self
            .cursors
            .iter_mut()
            .filter(|cursor| !cursor.waiting.is_empty())
            .min_by(|a, b| a.key().cmp(&b.key()).then(a.table.kind.cmp(&b.table.kind)));
        Ok(first.and_then(|cursor| cursor.waiting.pop_front()))
    }
}

impl Iterator for Listing<'_> {
    type Item = Result<Listed, LedgerError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.advance().transpose()
    }
}

impl Cursor {
    const fn new(table: Table) -> Self {
        Self { table, waiting: VecDeque::new(), after: String::new(), is_done: false }
    }

    fn key(&self) -> Option<&str> {
        self.waiting.front().map(|listed| listed.key.as_str())
    }

    /// Reads pages until something waits or the table ends.
    fn fill(&mut self, db: &Connection, odd_rows: &mut u64) -> rusqlite::Result<()> {
        while self.waiting.is_empty() && !self.is_done {
            let sql = format!("{} WHERE t.path_key > ?1 ORDER BY t.path_key LIMIT {PAGE}", self.table.select);
            let mut select = db.prepare_cached(&sql)?;
            let mut rows = select.query(params![self.after])?;
            let mut read_rows = 0;
            while let Some(row) = rows.next()? {
                read_rows += 1;
                let Some(key) = text(row, 0) else {
                    // No text: SQLite sorts it behind all texts, so nothing that makes sense follows.
                    *odd_rows += 1;
                    self.is_done = true;
                    continue;
                };
                match read(self.table.kind, row) {
                    Some(listed) => self.waiting.push_back(listed),
                    None => *odd_rows += 1,
                }
                self.after = key;
            }
            self.is_done |= read_rows < PAGE;
        }
        Ok(())
    }
}

/// The entry of a row; `None` if a column holds what this program would not have written.
fn read(kind: ListedKind, row: &Row<'_>) -> Option<Listed> {
    let optional = |at: usize| -> Option<Option<String>> {
        match row.get_ref(at).ok()? {
            ValueRef::Null => Some(None),
            _ => text(row, at).map(Some),
        }
    };
    let size_bytes = match row.get_ref(6).ok()? {
        ValueRef::Null => None,
        ValueRef::Integer(size) => Some(u64::try_from(size).ok()?),
        _ => return None,
    };
    let hash = match optional(7)? {
        Some(hex) => Some(ContentHash::from_hex(&hex).ok()?),
        None => None,
    };
    let proof = match optional(10)? {
        Some(name) => Some(Proof::from_name(&name)?),
        None => None,
    };
    let taken = match optional(13)? {
        Some(time) => Some(time.parse().ok()?),
        None => None,
    };
    let target = match optional(15)? {
        Some(path) => Some(DestPath::parse(&path).ok()?),
        None => None,
    };
    Some(Listed {
        key: text(row, 0)?,
        kind,
        path: DestPath::parse(&text(row, 1)?).ok().filter(|path| *path != DestPath::root())?,
        size_bytes,
        hash,
        fingerprint: optional(8)?.map(Fingerprint),
        content_fingerprint: optional(9)?.map(Fingerprint),
        proof,
        role: text(row, 2)?,
        uuid: AssetUuid(text(row, 3)?),
        original_name: optional(11)?,
        phone_name: optional(4)?.unwrap_or_default(),
        udid: optional(5)?.unwrap_or_default(),
        source_path: optional(12)?,
        taken,
        exported_at: text(row, 14)?.parse().ok()?,
        target,
        form: optional(16)?,
    })
}

/// The text of a column, if it is one.
fn text(row: &Row<'_>, at: usize) -> Option<String> {
    row.get_ref(at).ok()?.as_str().ok().map(str::to_owned)
}

#[cfg(test)]
mod tests;
