//! A media root in memory that can change while it is read, and photo databases made by hand.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use iexport::catalog::{self, Catalog, CatalogError, CatalogProgress, Item, Patience, Presence, Role};
use iexport::source::{
    BoxFuture, ChunkStream, DevicePath, EntryKind, EntryName, OpenFile, Source, SourceError, SourceErrorKind,
    Stat,
};
use rusqlite::Connection;

pub const MAIN: &str = "PhotoData/Photos.sqlite";
pub const LOG: &str = "PhotoData/Photos.sqlite-wal";

/// When all files were changed, in nanoseconds since 1970.
pub const MODIFIED: u64 = 1_600_000_000_000_000_000;

/// What is on the phone: path to content.
pub type Tree = BTreeMap<String, Vec<u8>>;
type Hook = Box<dyn Fn(&mut Tree, &str) -> Option<SourceErrorKind> + Send + Sync>;

/// A media root in memory.
pub struct Memory {
    tree: Mutex<Tree>,
    /// Called before every opening with the path; may change the tree, or refuse.
    on_open: Hook,
    /// Every listing and stat that was asked for.
    pub asked: Mutex<Vec<String>>,
    pub refuse_listing: Option<(String, SourceErrorKind)>,
}

impl Memory {
    pub fn new(tree: Tree) -> Self {
        Self::with_hook(tree, |_, _| None)
    }

    pub fn with_hook(
        tree: Tree,
        hook: impl Fn(&mut Tree, &str) -> Option<SourceErrorKind> + Send + Sync + 'static,
    ) -> Self {
        Self {
            tree: Mutex::new(tree),
            on_open: Box::new(hook),
            asked: Mutex::default(),
            refuse_listing: None,
        }
    }

    /// Puts a database onto the phone before it is read.
    pub fn start_with(&self, files: &(Vec<u8>, Vec<u8>)) {
        put(&mut self.tree.lock().unwrap(), files);
    }

    fn is_directory(tree: &Tree, path: &str) -> bool {
        path.is_empty() || tree.keys().any(|file| file.starts_with(&format!("{path}/")))
    }
}

impl Source for Memory {
    fn stat<'a>(&'a self, path: &'a DevicePath) -> BoxFuture<'a, Result<Stat, SourceError>> {
        let text = path.to_text();
        self.asked.lock().unwrap().push(format!("stat {text}"));
        let tree = self.tree.lock().unwrap();
        let modified_nanoseconds = MODIFIED;
        let stat = match tree.get(&text) {
            Some(bytes) => {
                Ok(Stat { kind: EntryKind::File, size_bytes: bytes.len() as u64, modified_nanoseconds })
            }
            None if Self::is_directory(&tree, &text) => {
                Ok(Stat { kind: EntryKind::Directory, size_bytes: 0, modified_nanoseconds })
            }
            None => Err(SourceError::new(path, SourceErrorKind::NotFound)),
        };
        Box::pin(async move { stat })
    }

    fn list<'a>(&'a self, path: &'a DevicePath) -> BoxFuture<'a, Result<Vec<EntryName>, SourceError>> {
        let text = path.to_text();
        self.asked.lock().unwrap().push(format!("list {text}"));
        let tree = self.tree.lock().unwrap();
        let refused = self.refuse_listing.as_ref().filter(|(refused, _)| *refused == text);
        let names = match refused {
            Some((_, kind)) => Err(SourceError::new(path, kind.clone())),
            None if !Self::is_directory(&tree, &text) => {
                Err(SourceError::new(path, SourceErrorKind::NotFound))
            }
            None => {
                let below = tree.keys().filter_map(|file| match text.as_str() {
                    "" => Some(file.as_str()),
                    _ => file.strip_prefix(&format!("{text}/")).filter(|rest| !rest.is_empty()),
                });
                let mut names: Vec<_> = below.filter_map(|rest| rest.split('/').next()).collect();
                names.dedup();
                Ok(names.into_iter().map(|name| EntryName::new(name.as_bytes()).unwrap()).collect())
            }
        };
        Box::pin(async move { names })
    }

    fn open<'a>(
        &'a self,
        path: &'a DevicePath,
        position: u64,
    ) -> BoxFuture<'a, Result<OpenFile, SourceError>> {
        let text = path.to_text();
        let mut tree = self.tree.lock().unwrap();
        let opened = match ((self.on_open)(&mut tree, &text), tree.get(&text)) {
            (Some(kind), _) => Err(SourceError::new(path, kind)),
            (None, None) => Err(SourceError::new(path, SourceErrorKind::NotFound)),
            (None, Some(bytes)) => {
                let rest = bytes.get(usize::try_from(position).unwrap()..).unwrap_or_default();
                let chunks: Vec<Bytes> = rest.chunks(40_000).rev().map(Bytes::copy_from_slice).collect();
                let stat = Stat {
                    kind: EntryKind::File,
                    size_bytes: bytes.len() as u64,
                    modified_nanoseconds: MODIFIED,
                };
                Ok(OpenFile { stat, chunks: Box::new(Chunks(chunks)) })
            }
        };
        Box::pin(async move { opened })
    }
}

/// Chunks that are left, last first.
struct Chunks(Vec<Bytes>);

impl ChunkStream for Chunks {
    fn next(&mut self) -> BoxFuture<'_, Result<Option<Bytes>, SourceError>> {
        let next = self.0.pop();
        Box::pin(async move { Ok(next) })
    }
}

/// Reads without pauses; also tells how many times the database was fetched.
pub async fn read(source: &dyn Source) -> (Result<Catalog, CatalogError>, u32) {
    let scratch = tempfile::tempdir().unwrap();
    let attempts = Arc::new(Mutex::new(0));
    let progress = |event: CatalogProgress| {
        if let CatalogProgress::Database { attempt, .. } = event {
            *attempts.lock().unwrap() = attempt;
        }
    };
    let patience = Patience { tries: 5, pause: std::time::Duration::ZERO };
    let result = catalog::read_patiently(source, scratch.path(), patience, &progress).await;
    let attempts = *attempts.lock().unwrap();
    (result, attempts)
}

/// Reads a tree that does not change and that can be read.
pub async fn read_tree(tree: Tree) -> Catalog {
    read(&Memory::new(tree)).await.0.unwrap()
}

/// Where a file of an item is, or why not.
pub fn place(item: &Item, role: Role) -> String {
    match item.resource(role).map(|resource| &resource.presence) {
        None => String::from("none"),
        Some(Presence::OnPhone(path)) => path.to_text(),
        Some(Presence::CloudOnly) => String::from("cloud"),
        Some(Presence::Missing) => String::from("missing"),
    }
}

/// The item of an uuid.
pub fn item<'a>(catalog: &'a Catalog, uuid: &str) -> &'a Item {
    catalog.items.iter().find(|item| item.uuid.0 == uuid).unwrap_or_else(|| panic!("{uuid} is not there"))
}

/// The tables of a photo library, with the columns that tests set.
const SCHEMA: &str = "
    CREATE TABLE ZASSET (
        Z_PK INTEGER PRIMARY KEY, Z_ENT INTEGER, ZUUID VARCHAR, ZDIRECTORY VARCHAR, ZFILENAME VARCHAR,
        ZKIND INTEGER, ZKINDSUBTYPE INTEGER, ZPLAYBACKSTYLE INTEGER, ZDATECREATED TIMESTAMP, ZSAVEDASSETTYPE INTEGER,
        ZVISIBILITYSTATE INTEGER, ZCOMPLETE INTEGER DEFAULT 1, ZTRASHEDSTATE INTEGER, ZHIDDEN INTEGER,
        ZFAVORITE INTEGER, ZCLOUDLOCALSTATE INTEGER, ZADJUSTMENTSSTATE INTEGER, ZADJUSTMENTTIMESTAMP TIMESTAMP,
        ZAVALANCHEUUID VARCHAR, ZAVALANCHEPICKTYPE INTEGER, ZBUNDLESCOPE INTEGER, ZCOLLECTIONSHARE INTEGER,
        ZCLOUDBATCHPUBLISHDATE TIMESTAMP, ZMASTER INTEGER, ZPLAYBACKVARIATION INTEGER, ZDEPTHTYPE INTEGER,
        ZHDRTYPE INTEGER, ZSPATIALTYPE INTEGER, ZDERIVEDCAMERACAPTUREDEVICE INTEGER, ZISDETECTEDSCREENSHOT INTEGER,
        ZUNIFORMTYPEIDENTIFIER VARCHAR, ZSYNDICATIONSTATE INTEGER, ZTRASHEDDATE TIMESTAMP,
        ZACTIVELIBRARYSCOPEPARTICIPATIONSTATE INTEGER, ZLIBRARYSCOPE INTEGER, ZADDITIONALATTRIBUTES INTEGER,
        ZEXTENDEDATTRIBUTES INTEGER);
    CREATE TABLE ZADDITIONALASSETATTRIBUTES (
        Z_PK INTEGER PRIMARY KEY, ZASSET INTEGER, ZORIGINALFILENAME VARCHAR, ZTITLE VARCHAR, ZTIMEZONENAME VARCHAR,
        ZTIMEZONEOFFSET INTEGER, ZORIGINALFILESIZE INTEGER, ZORIGINALSTABLEHASH VARCHAR, ZADJUSTEDSTABLEHASH VARCHAR,
        ZORIGINALRESOURCECHOICE INTEGER, ZCAMERACAPTUREDEVICE INTEGER, ZIMPORTEDBYDISPLAYNAME VARCHAR,
        ZIMPORTEDBYBUNDLEIDENTIFIER VARCHAR, ZCREATORBUNDLEID VARCHAR, ZASSETDESCRIPTION INTEGER);
    CREATE TABLE ZASSETDESCRIPTION (Z_PK INTEGER PRIMARY KEY, ZASSETATTRIBUTES INTEGER, ZLONGDESCRIPTION VARCHAR);
    CREATE TABLE ZEXTENDEDATTRIBUTES (Z_PK INTEGER PRIMARY KEY, ZASSET INTEGER, ZCAMERAMAKE VARCHAR,
        ZCAMERAMODEL VARCHAR, ZCODEC VARCHAR, ZISO INTEGER);
    CREATE TABLE ZKEYWORD (Z_PK INTEGER PRIMARY KEY, ZTITLE VARCHAR);
    CREATE TABLE Z_1KEYWORDS (Z_1ASSETATTRIBUTES INTEGER, Z_52KEYWORDS INTEGER);
    CREATE TABLE ZPERSON (Z_PK INTEGER PRIMARY KEY, ZFULLNAME VARCHAR, ZDISPLAYNAME VARCHAR,
        ZMERGETARGETPERSON INTEGER);
    CREATE TABLE ZDETECTEDFACE (Z_PK INTEGER PRIMARY KEY, ZASSETFORFACE INTEGER, ZPERSONFORFACE INTEGER,
        ZHIDDEN INTEGER, ZISINTRASH INTEGER, ZCENTERX FLOAT, ZCENTERY FLOAT, ZSIZE FLOAT);
    CREATE TABLE ZINTERNALRESOURCE (
        Z_PK INTEGER PRIMARY KEY, ZASSET INTEGER, ZDATASTORECLASSID INTEGER, ZDATASTORESUBTYPE INTEGER,
        ZRESOURCETYPE INTEGER, ZRECIPEID INTEGER, ZVERSION INTEGER, ZLOCALAVAILABILITY INTEGER,
        ZREMOTEAVAILABILITY INTEGER, ZDATALENGTH INTEGER, ZFINGERPRINT VARCHAR);
    CREATE TABLE ZGENERICALBUM (
        Z_PK INTEGER PRIMARY KEY, ZUUID VARCHAR, ZTITLE VARCHAR, ZKIND INTEGER, ZPARENTFOLDER INTEGER,
        Z_FOK_PARENTFOLDER INTEGER, ZCUSTOMSORTKEY INTEGER, ZCUSTOMSORTASCENDING INTEGER DEFAULT 1,
        ZTRASHEDSTATE INTEGER, ZCLOUDGUID VARCHAR);
    CREATE TABLE Z_33ASSETS (Z_33ALBUMS INTEGER, Z_3ASSETS INTEGER, Z_FOK_3ASSETS INTEGER,
        PRIMARY KEY (Z_33ALBUMS, Z_3ASSETS));
    CREATE TABLE ZSHARE (Z_PK INTEGER PRIMARY KEY, Z_ENT INTEGER, ZUUID VARCHAR, ZTITLE VARCHAR,
        ZTRASHEDSTATE INTEGER, ZSCOPEIDENTIFIER VARCHAR);
    CREATE TABLE ZCLOUDMASTER (Z_PK INTEGER PRIMARY KEY, ZORIGINALFILENAME VARCHAR, ZIMPORTEDBYDISPLAYNAME VARCHAR,
        ZIMPORTEDBYBUNDLEIDENTIFIER VARCHAR);
    CREATE TABLE Z_PRIMARYKEY (Z_ENT INTEGER PRIMARY KEY, Z_NAME VARCHAR);
    INSERT INTO Z_PRIMARYKEY VALUES (3, 'Asset'), (33, 'Album'), (32, 'GenericAlbum'), (67, 'CollectionShare'),
        (68, 'LibraryScope'), (1, 'AdditionalAssetAttributes'), (52, 'Keyword');
    CREATE TABLE Z_METADATA (Z_VERSION INTEGER PRIMARY KEY, Z_UUID VARCHAR, Z_PLIST BLOB);";

/// A photo database that is open for writing, with its log beside it as on a phone.
pub struct Library {
    folder: tempfile::TempDir,
    db: Connection,
}

impl Library {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let db = Connection::open(folder.path().join("x.sqlite")).unwrap();
        db.pragma_update(None, "journal_mode", "WAL").unwrap();
        db.pragma_update(None, "wal_autocheckpoint", 0).unwrap();
        db.pragma_update(None, "synchronous", "OFF").unwrap();
        let library = Self { folder, db };
        library.run(SCHEMA);
        let mut list = plist::Dictionary::new();
        list.insert("PLModelVersion".into(), plist::Value::from(19320));
        let mut bytes = Vec::new();
        plist::to_writer_binary(&mut bytes, &list).unwrap();
        library.db.execute("INSERT INTO Z_METADATA VALUES (1, 'x', ?1)", [bytes]).unwrap();
        library
    }

    /// Runs SQL.
    pub fn run(&self, sql: &str) -> &Self {
        self.db.execute_batch(sql).unwrap_or_else(|error| panic!("{error}: {sql}"));
        self
    }

    /// Adds an asset `A<key>` in DCIM/100APPLE, taken `key` seconds after the epoch.
    pub fn asset(&self, key: i64, file: &str, columns: &str) -> &Self {
        self.run(&format!(
            "INSERT INTO ZASSET (Z_PK, ZUUID, ZDIRECTORY, ZFILENAME, ZKIND, ZSAVEDASSETTYPE, ZDATECREATED)
             VALUES ({key}, 'A{key}', 'DCIM/100APPLE', '{file}', 0, 3, {key});"
        ));
        if !columns.is_empty() {
            self.run(&format!("UPDATE ZASSET SET {columns} WHERE Z_PK = {key}"));
        }
        self
    }

    /// Adds a row of a file: class, kind in iCloud, type, recipe, version, local, remote.
    pub fn resource(&self, asset: i64, columns: [i64; 7]) -> &Self {
        let [class, subtype, kind, recipe, version, local, remote] = columns;
        self.run(&format!(
            "INSERT INTO ZINTERNALRESOURCE (ZASSET, ZDATASTORECLASSID, ZDATASTORESUBTYPE, ZRESOURCETYPE, ZRECIPEID,
             ZVERSION, ZLOCALAVAILABILITY, ZREMOTEAVAILABILITY)
             VALUES ({asset}, {class}, {subtype}, {kind}, {recipe}, {version}, {local}, {remote})"
        ))
    }

    /// Puts the log into the main file. The next change starts the log anew.
    pub fn checkpoint(&self) -> &Self {
        self.run("PRAGMA wal_checkpoint(RESTART)")
    }

    /// Number of the first page of a table.
    pub fn root_page(&self, table: &str) -> u32 {
        let sql = "SELECT rootpage FROM sqlite_master WHERE name = ?1";
        self.db.query_row(sql, [table], |row| row.get(0)).unwrap()
    }

    /// The main file and the log, as they are now.
    pub fn files(&self) -> (Vec<u8>, Vec<u8>) {
        let read = |name: &str| std::fs::read(self.folder.path().join(name)).unwrap();
        (read("x.sqlite"), read("x.sqlite-wal"))
    }

    /// A phone with this database and empty files of these names.
    pub fn tree(&self, files: &[&str]) -> Tree {
        let mut tree: Tree = files.iter().map(|path| ((*path).to_owned(), vec![0; 10])).collect();
        put(&mut tree, &self.files());
        tree
    }
}

/// Puts a database onto a phone.
pub fn put(tree: &mut Tree, (main, log): &(Vec<u8>, Vec<u8>)) {
    tree.insert(MAIN.into(), main.clone());
    tree.insert(LOG.into(), log.clone());
}
