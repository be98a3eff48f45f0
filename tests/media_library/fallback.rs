//! Phones whose media library is not there, or cannot be used.

use iexport::catalog::{CatalogError, Collection, MediaKind, Origin, Scope};
use iexport::source::FolderSource;

use crate::support::{DATABASE, Phone, Refusing, media, original, read, uuids};

/// Makes all files of a phone into a catalogue; gives the warning.
fn check(phone: &Phone) -> String {
    phone.file("iTunes_Control/Music/F03/ABCD.mp3", b"sound");
    phone.file("iTunes_Control/Music/F04/EFGH.mp4", b"film");
    phone.file("iTunes_Control/Music/F04/A00.plist", b"list");
    phone.file("Purchases/-1.m4p", b"sound");
    let library = phone.read();
    let music = library.catalog(Collection::Music);
    assert_eq!(
        (&music.origin, music.collection, music.albums.len()),
        (&Origin::FilesOnly, Collection::Music, 0)
    );
    assert_eq!(uuids(&music), ["path:Purchases/-1.m4p", "path:iTunes_Control/Music/F03/ABCD.mp3"]);
    let song = &music.items[1];
    assert_eq!(
        (song.kind, song.scope, song.original_name.as_str()),
        (MediaKind::Song, Scope::Library, "ABCD.mp3")
    );
    assert_eq!((original(song).size_bytes, song.taken), (Some(5), None));
    assert!(media(&music.items[0]).protected && !media(song).protected);
    let videos = library.catalog(Collection::Videos);
    assert_eq!(uuids(&videos), ["path:iTunes_Control/Music/F04/EFGH.mp4"]);
    assert_eq!((music.warnings.len(), &music.warnings), (1, &videos.warnings));
    assert!(music.warnings[0].contains("in the files' own tags"));
    assert!(music.warnings[0].contains("Which films and audiobooks are protected (DRM) is known only where"));
    music.warnings[0].clone()
}

#[test]
fn without_a_database_there_are_the_files() {
    assert!(check(&Phone::empty()).starts_with("The phone has no music library. The files"));
}

#[test]
fn what_is_no_database_says_so() {
    let phone = Phone::empty();
    phone.file(DATABASE, &[b"SQLite format 3\0", &[7; 5000][..]].concat());
    assert!(check(&phone).starts_with("The phone's music library cannot be read (the database"));
    let phone = Phone::empty();
    phone.file(DATABASE, b"");
    assert!(check(&phone).starts_with("The phone's music library cannot be read (the database is empty)."));
}

#[test]
fn without_the_columns_that_lead_to_files_there_are_the_files() {
    for lost in [
        "DROP TABLE item",
        "DROP TABLE item_extra",
        "ALTER TABLE item DROP COLUMN base_location_id",
        "ALTER TABLE item_extra DROP COLUMN location",
        "ALTER TABLE item DROP COLUMN item_pid",
    ] {
        let phone = Phone::with(lost);
        let why = check(&phone);
        assert!(
            why.starts_with("The phone's music library cannot be read (it has no column"),
            "{lost}: {why}"
        );
    }
}

/// Overwrites one page of the rows of a table.
fn break_page(phone: &Phone, table: &str, number: u32) {
    let db = phone.open();
    let sql =
        "SELECT pageno FROM dbstat WHERE name = ?1 AND pagetype = 'leaf' ORDER BY path LIMIT 1 OFFSET ?2";
    let page: u32 = db.query_row(sql, (table, number), |row| row.get(0)).unwrap();
    let page = usize::try_from(page).unwrap();
    drop(db);
    let path = phone.root().join(DATABASE);
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[(page - 1) * 4096..page * 4096].fill(0x55);
    std::fs::write(&path, bytes).unwrap();
}

/// A phone with songs on many pages of its library, one that is only in the cloud and one that is gone.
fn many_songs() -> (Phone, usize) {
    let phone = Phone::with(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600)
         INSERT INTO item (item_pid, media_type, base_location_id) SELECT i, 8, 3840 FROM n;
         INSERT INTO item_extra (item_pid, title, location) SELECT item_pid, 'A long title', item_pid || '.mp3' FROM item;
         INSERT INTO item (item_pid, media_type, base_location_id, remote_location_id) VALUES (700, 8, 0, 50);
         INSERT INTO item_extra (item_pid, title) VALUES (700, 'Cloud');",
    );
    for pid in 1..=600 {
        phone.file(&format!("iTunes_Control/Music/F00/{pid}.mp3"), b"sound");
    }
    (phone, 600)
}

#[test]
fn a_damaged_database_is_read_as_far_as_it_goes() {
    for (table, page) in
        [("item", 0), ("item", 1), ("item_extra", 0), ("item_extra", 2), ("base_location", 0)]
    {
        let (phone, songs) = many_songs();
        break_page(&phone, table, page);
        let music = phone.music();
        let context = format!("{table} {page}: {:?}", music.warnings);
        assert_eq!(music.origin, Origin::Partial, "{context}");
        assert!(music.warnings[0].starts_with("The phone's music library is damaged ("), "{context}");
        assert!(music.warnings[0].ends_with("titles, artists and playlists may be wrong or missing."));
        // What has no row any more is a file all the same.
        let on_phone: Vec<_> =
            music.items.iter().filter(|item| !item.is_missing() && !item.is_cloud_only()).collect();
        assert_eq!(on_phone.len(), songs, "{context}");
        assert!(on_phone.iter().all(|item| item.scope == Scope::Library), "{context}");
        let by_row = on_phone.iter().filter(|item| item.uuid.0.starts_with("track:")).count();
        // Where a file is that a row lost, nobody knows: it is not missing, and not in the cloud.
        assert!(!music.items.iter().any(iexport::catalog::Item::is_missing), "{context}");
        assert!(
            music.items.iter().filter(|item| item.is_cloud_only()).all(|item| item.uuid.0 == "track:700")
        );
        assert_eq!(
            music.warnings.iter().any(|w| w.contains("does not name are taken")),
            by_row < songs,
            "{context}"
        );
        let lost = music.warnings.iter().find(|w| w.contains("have lost the place of their file"));
        let expected = format!("{} items", songs + 1 - by_row);
        assert_eq!(
            lost.is_some_and(|lost| lost.starts_with(&expected)),
            table == "item_extra",
            "{expected}; {context}"
        );
    }
}

#[test]
fn damage_to_names_alone_leaves_the_library_in_doubt() {
    let (phone, songs) = many_songs();
    phone.sql("INSERT INTO genre VALUES (1, 'Jazz');");
    break_page(&phone, "genre", 0);
    phone.file("iTunes_Control/Music/F00/other.mp3", b"sound");
    let music = phone.music();
    assert_eq!((music.origin.clone(), music.items.len()), (Origin::Partial, songs + 2));
    assert!(music.items.iter().all(|item| item.scope == Scope::Library));
}

#[test]
fn a_library_of_long_ago_is_named() {
    let phone = Phone::empty();
    phone.file("iTunes_Control/iTunes/iTunesDB", b"");
    assert!(phone.music().warnings.is_empty(), "an empty file is no database");
    phone.file("iTunes_Control/iTunes/iTunesCDB", b"mhbd");
    assert!(phone.music().warnings[1].starts_with("There is an iTunes database of an older kind"));
}

#[test]
fn an_empty_phone_has_an_empty_library() {
    let library = Phone::empty().read();
    for collection in iexport::catalog::MediaLibrary::COLLECTIONS {
        let catalog = library.catalog(collection);
        // Where there never was any music, nothing is missing.
        assert_eq!((catalog.items.len(), catalog.warnings.len()), (0, 0));
        assert_eq!(catalog.origin, Origin::Folders);
    }
}

#[test]
fn a_folder_that_cannot_be_listed_is_counted() {
    let phone = Phone::empty();
    phone.file("iTunes_Control/Music/F03/ABCD.mp3", b"sound");
    let source = Refusing { inner: FolderSource::new(phone.root()), refused: &["iTunes_Control/Music/F03"] };
    let music = read(&source).unwrap().catalog(Collection::Music);
    assert_eq!((music.items.len(), music.unread_folders, music.warnings.len()), (0, 1, 2));
}

#[test]
fn a_scratch_folder_that_fails_is_an_error() {
    let phone = Phone::with("");
    let scratch = phone.root().join("nowhere");
    let source = FolderSource::new(phone.root());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let read = iexport::catalog::read_media_library(
        &source,
        &scratch,
        iexport::catalog::Patience::default(),
        &|_| (),
    );
    let error = runtime.block_on(read).unwrap_err();
    assert!(matches!(error, CatalogError::Scratch { .. }), "{error}");
    assert!(error.to_string().starts_with("the copy of the music library cannot be kept in"));
}
