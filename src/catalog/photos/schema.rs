//! Finds out how this version of Photos calls its tables and columns, instead of assuming it.
//!
//! Table and column names carry entity numbers that change with nearly every iOS version; the numbers are in
//! `Z_PRIMARYKEY` (facts/media.md section A2). A column that is not there reads as NULL, so that its loss costs
//! one attribute and not the catalogue.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, Row};
use thiserror::Error;

use crate::catalog::database::{Cells, Columns};

/// Largest property list of `Z_METADATA` that is read, in bytes; real ones have a few kilobytes.
const MAX_METADATA_BYTES: usize = 4 << 20;

/// Why a database cannot be read as a photo library.
#[derive(Debug, Error)]
pub(super) enum SchemaError {
    /// No table of assets with the columns that lead to files.
    #[error("it has no table of photos that could be read")]
    NoAssets,
    /// SQLite gave up.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
}

/// The table that says which asset is in which album.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AlbumJoin {
    pub table: String,
    pub album: String,
    pub asset: String,
    /// Order within the album.
    pub order: String,
}

/// The table that says which asset has which keyword.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct KeywordJoin {
    pub table: String,
    /// The asset's additional attributes.
    pub attributes: String,
    pub keyword: String,
}

/// The names this database uses.
#[derive(Debug)]
pub(super) struct Schema {
    columns: Columns,
    entities: HashMap<String, i64>,
    /// `PLModelVersion`; `None` if the database does not say.
    pub model_version: Option<i64>,
    /// The table of assets.
    pub assets: &'static str,
    /// The table between albums and assets, if it was found.
    pub album_join: Option<AlbumJoin>,
    /// The table between assets and keywords, if it was found.
    pub keyword_join: Option<KeywordJoin>,
}

impl Schema {
    /// Reads the names.
    ///
    /// # Errors
    /// No usable table of assets, or SQLite failed.
    pub(super) fn discover(db: &Connection) -> Result<Self, SchemaError> {
        // The rest are the phone's own notes on changes.
        let columns = Columns::discover(db, |table| table.starts_with('Z'))?;
        // iOS 13 has an entity `Asset` without a table of its own, so the table decides.
        let assets = ["ZASSET", "ZGENERICASSET"]
            .into_iter()
            .find(|table| columns.has(table, "ZFILENAME") && columns.has(table, "ZDIRECTORY"))
            .ok_or(SchemaError::NoAssets)?;
        let mut schema = Self {
            columns,
            entities: HashMap::new(),
            model_version: None,
            assets,
            album_join: None,
            keyword_join: None,
        };
        schema.entities = schema.read_entities(db);
        schema.model_version = schema.read_model_version(db);
        schema.album_join = schema.find_album_join();
        schema.keyword_join = schema.find_keyword_join();
        Ok(schema)
    }

    /// Number of an entity, such as `CollectionShare`.
    pub(super) fn entity(&self, name: &str) -> Option<i64> {
        self.entities.get(name).copied()
    }

    /// Whether there is such a column.
    pub(super) fn has(&self, table: &str, column: &str) -> bool {
        self.columns.has(table, column)
    }

    fn read_entities(&self, db: &Connection) -> HashMap<String, i64> {
        let Some(sql) = self.columns.select_by_key("Z_PRIMARYKEY", &["Z_NAME", "Z_ENT"]) else {
            return HashMap::new();
        };
        let mut entities = HashMap::new();
        let read = |row: &Row<'_>| {
            let mut cells = Cells::new(row);
            let _row_id = cells.int();
            Ok(cells.text().zip(cells.int()))
        };
        if let Ok(mut statement) = db.prepare(&sql)
            && let Ok(rows) = statement.query_map([], read)
        {
            // There are some ninety entities; a list that does not end is not worth reading to its end.
            entities.extend(rows.take(10_000).map_while(Result::ok).flatten());
        }
        entities
    }

    fn read_model_version(&self, db: &Connection) -> Option<i64> {
        let sql = self.columns.select_by_key("Z_METADATA", &["Z_PLIST"])?;
        let bytes = db
            .query_row(&sql, [], |row| {
                let mut cells = Cells::new(row);
                let _row_id = cells.int();
                Ok(cells.bytes())
            })
            .ok()??;
        if bytes.len() > MAX_METADATA_BYTES {
            return None;
        }
        let list = plist::Value::from_reader(std::io::Cursor::new(bytes)).ok()?;
        list.as_dictionary()?.get("PLModelVersion")?.as_signed_integer()
    }

    fn find_album_join(&self) -> Option<AlbumJoin> {
        let assets = if self.assets == "ZASSET" { "Asset" } else { "GenericAsset" };
        let by_number = self.entity("Album").zip(self.entity(assets)).map(|(album, asset)| AlbumJoin {
            table: format!("Z_{album}ASSETS"),
            album: format!("Z_{album}ALBUMS"),
            asset: format!("Z_{asset}ASSETS"),
            order: format!("Z_FOK_{asset}ASSETS"),
        });
        by_number.filter(|j| self.has(&j.table, &j.album) && self.has(&j.table, &j.asset)).or_else(|| {
            // The numbers did not lead there.
            self.only_table(|columns| {
                let album = numbered(columns, "Z_", "ALBUMS")?;
                let asset = numbered(columns, "Z_", "ASSETS")?;
                let order = numbered(columns, "Z_FOK_", "ASSETS");
                Some((album, asset, order.unwrap_or_else(|| String::from("Z_FOK_ASSETS"))))
            })
            .map(|(table, (album, asset, order))| AlbumJoin { table, album, asset, order })
        })
    }

    fn find_keyword_join(&self) -> Option<KeywordJoin> {
        let by_number = self.entity("AdditionalAssetAttributes").zip(self.entity("Keyword"));
        let by_number = by_number.map(|(attributes, keyword)| KeywordJoin {
            table: format!("Z_{attributes}KEYWORDS"),
            attributes: format!("Z_{attributes}ASSETATTRIBUTES"),
            keyword: format!("Z_{keyword}KEYWORDS"),
        });
        by_number.filter(|j| self.has(&j.table, &j.attributes) && self.has(&j.table, &j.keyword)).or_else(
            || {
                self.only_table(|columns| {
                    let attributes = numbered(columns, "Z_", "ASSETATTRIBUTES")?;
                    Some((attributes, numbered(columns, "Z_", "KEYWORDS")?))
                })
                .map(|(table, (attributes, keyword))| KeywordJoin {
                    table,
                    attributes,
                    keyword,
                })
            },
        )
    }

    /// The one table whose columns are of a shape (facts/media.md section A2, step 6). If there are several, none
    /// of them can be told to be the right one.
    fn only_table<T>(&self, shape: impl Fn(&HashSet<String>) -> Option<T>) -> Option<(String, T)> {
        let mut found =
            self.columns.tables().filter_map(|(table, columns)| Some((table.to_owned(), shape(columns)?)));
        let first = found.next()?;
        found.next().is_none().then_some(first)
    }
}

/// The only one of these names that is `start`, some digits, `end`.
fn numbered(columns: &HashSet<String>, start: &str, end: &str) -> Option<String> {
    let mut found = columns.iter().filter(|name| is_numbered(name, start, end));
    let first = found.next()?.clone();
    found.next().is_none().then_some(first)
}

/// Whether a name is `start`, some digits, `end`.
fn is_numbered(name: &str, start: &str, end: &str) -> bool {
    name.strip_prefix(start)
        .and_then(|rest| rest.strip_suffix(end))
        .is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

impl AsRef<Columns> for Schema {
    fn as_ref(&self) -> &Columns {
        &self.columns
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema(sql: &str) -> Result<Schema, SchemaError> {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch(sql).unwrap();
        Schema::discover(&db)
    }

    const ASSETS: &str = "CREATE TABLE ZASSET (Z_PK INTEGER PRIMARY KEY, ZDIRECTORY, ZFILENAME);";
    const ENTITIES: &str = "CREATE TABLE Z_PRIMARYKEY (Z_ENT, Z_NAME);
        INSERT INTO Z_PRIMARYKEY VALUES (30, 'Album'), (3, 'Asset'), (2, 'GenericAlbum');";

    #[test]
    fn the_join_table_is_found_by_its_number() {
        let found = schema(&format!(
            "{ASSETS}{ENTITIES}
             CREATE TABLE Z_30ASSETS (Z_30ALBUMS, Z_3ASSETS, Z_FOK_3ASSETS);
             CREATE TABLE Z_10ASSETS (Z_10ALBUMS, Z_9ASSETS, Z_FOK_9ASSETS);"
        ))
        .unwrap();
        assert_eq!(found.album_join.unwrap().table, "Z_30ASSETS");
    }

    #[test]
    fn the_join_table_is_found_by_its_shape_if_the_number_is_wrong() {
        let found = schema(&format!(
            "{ASSETS}{ENTITIES}
             CREATE TABLE Z_30ASSETS (Z_30SOMETHING, Z_3ASSETS);
             CREATE TABLE \"Z_33ASSETS\" (\"Z_33ALBUMS\" INTEGER, Z_4ASSETS, Z_FOK_4ASSETS);"
        ))
        .unwrap();
        let join = found.album_join.unwrap();
        assert_eq!((join.table.as_str(), join.asset.as_str()), ("Z_33ASSETS", "Z_4ASSETS"));
    }

    #[test]
    fn of_two_tables_that_look_alike_none_is_taken() {
        let found = schema(&format!(
            "{ASSETS}
             CREATE TABLE Z_1ASSETS (Z_1ALBUMS, Z_3ASSETS, Z_FOK_3ASSETS);
             CREATE TABLE Z_2ASSETS (Z_2ALBUMS, Z_3ASSETS, Z_FOK_3ASSETS);
             CREATE TABLE Z_1KEYWORDS (Z_1ASSETATTRIBUTES, Z_5KEYWORDS);
             CREATE TABLE Z_2KEYWORDS (Z_2ASSETATTRIBUTES, Z_5KEYWORDS);"
        ))
        .unwrap();
        assert_eq!((found.album_join, found.keyword_join), (None, None));
    }

    #[test]
    fn the_keywords_are_found_by_number_or_by_shape() {
        let numbers = "CREATE TABLE Z_PRIMARYKEY (Z_ENT, Z_NAME);
            INSERT INTO Z_PRIMARYKEY VALUES (1, 'AdditionalAssetAttributes'), (52, 'Keyword');";
        let other = "CREATE TABLE Z_9KEYWORDS (Z_9ASSETATTRIBUTES, Z_8KEYWORDS);";
        let right = "CREATE TABLE Z_1KEYWORDS (Z_1ASSETATTRIBUTES, Z_52KEYWORDS);";
        let join = |sql: &str| schema(&format!("{ASSETS}{sql}")).unwrap().keyword_join.unwrap().table;
        assert_eq!(join(&format!("{numbers}{other}{right}")), "Z_1KEYWORDS");
        assert_eq!(join(right), "Z_1KEYWORDS");
        assert_eq!(join(&format!("{numbers}{other}")), "Z_9KEYWORDS");
    }

    #[test]
    fn the_asset_table_decides_not_the_entity() {
        let found = schema(
            "CREATE TABLE ZGENERICASSET (Z_PK INTEGER PRIMARY KEY, ZDIRECTORY, ZFILENAME);
             CREATE TABLE Z_PRIMARYKEY (Z_ENT, Z_NAME);
             INSERT INTO Z_PRIMARYKEY VALUES (26, 'Album'), (34, 'GenericAsset'), (3, 'Asset');
             CREATE TABLE Z_26ASSETS (Z_26ALBUMS, Z_34ASSETS, Z_FOK_34ASSETS);",
        )
        .unwrap();
        assert_eq!((found.assets, found.album_join.unwrap().asset.as_str()), ("ZGENERICASSET", "Z_34ASSETS"));
    }

    #[test]
    fn without_files_there_is_no_catalogue() {
        assert!(matches!(schema(ENTITIES), Err(SchemaError::NoAssets)));
        assert!(matches!(schema("CREATE TABLE ZASSET (ZUUID)"), Err(SchemaError::NoAssets)));
        assert!(matches!(
            schema("CREATE VIEW ZASSET AS SELECT 1 AS ZDIRECTORY, 2 AS ZFILENAME"),
            Err(SchemaError::NoAssets)
        ));
    }

    #[test]
    fn the_model_version_is_read() {
        let mut plist = Vec::new();
        let mut list = plist::Dictionary::new();
        list.insert("PLModelVersion".into(), plist::Value::from(18600));
        plist::to_writer_binary(&mut plist, &list).unwrap();
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch(&format!("{ASSETS} CREATE TABLE Z_METADATA (Z_PLIST BLOB);")).unwrap();
        db.execute("INSERT INTO Z_METADATA VALUES (?1)", [plist]).unwrap();
        assert_eq!(Schema::discover(&db).unwrap().model_version, Some(18600));
    }
}
