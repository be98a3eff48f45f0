//! Which files there are, and which of them belong to an item.

use iexport::catalog::{Collection, Item, MediaKind, Origin, Presence, Scope};
use iexport::select::{Policy, Selection, select};
use iexport::source::FolderSource;

use crate::support::{Phone, Refusing, find, media, original, place, read, uuids};

#[test]
fn a_file_is_there_if_it_is_listed() {
    let phone = Phone::with(
        "INSERT INTO item (item_pid, media_type, base_location_id, remote_location_id) VALUES
             (1, 8, 3840, 0), (2, 8, 3840, 0), (3, 8, 3840, 100), (4, 8, 3849, 0), (5, 8, 0, 50), (6, 8, 0, 10),
             (7, 8, 200, 0), (8, 8, 3840, 0), (9, 8, 3840, 0), (10, 8, 3840, 50), (11, 8, 777, 0), (12, 8, 250, 0),
             (13, 8, 3840, 0);
         INSERT INTO item_extra (item_pid, title, location) VALUES (1, 'here', 'ABCD.MP3'), (2, 'gone', 'GONE.mp3'),
             (3, 'in the cloud', 'GONE.mp3'), (4, 'no folder', 'ABCD.mp3'), (5, 'cloud', ''), (6, 'nowhere', ''),
             (7, 'streamed', '123.m4p'), (8, 'out', '../../../x.mp3'), (9, 'nothing', '/'), (10, 'no name', ''),
             (11, 'unknown place', 'x.mp3'), (12, 'minus', '-12345.m4p'), (13, 'absolute', '/ABCD.mp3');",
    );
    phone.file("iTunes_Control/Music/F00/abcd.mp3", b"sound");
    phone.file("iTunes_Control/Music/Cache/123.m4p", b"stream");
    phone.file("iTunes_Control/Music/Downloads/-12345.m4p", b"sound");
    phone.file("x.mp3", b"no music");
    let music = phone.music();
    let places = |uuid: &str| place(find(&music, uuid));
    assert_eq!(places("track:1"), "iTunes_Control/Music/F00/abcd.mp3");
    assert_eq!(places("track:13"), "iTunes_Control/Music/F00/abcd.mp3");
    assert_eq!(places("track:12"), "iTunes_Control/Music/Downloads/-12345.m4p");
    for uuid in ["track:2", "track:4", "track:6", "track:8", "track:9", "track:11"] {
        assert_eq!(places(uuid), "missing", "{uuid}");
    }
    for uuid in ["track:3", "track:5", "track:7", "track:10"] {
        assert_eq!(places(uuid), "cloud", "{uuid}");
    }
    let protected = |uuid: &str| find(&music, uuid).is_protected();
    assert!(protected("track:12") && !protected("track:1"));
    assert_eq!(music.items.len(), 13, "{:?}", uuids(&music));
    assert_eq!(music.warnings, ["3 items have no usable path in the phone's music library."]);
}

#[test]
fn left_over_rows_are_nothing_unless_they_have_a_file() {
    let phone = Phone::with("");
    for (pid, title) in [(1, "Mine"), (2, "Left over"), (3, "Gone"), (4, "Same file"), (5, "Left over too")] {
        phone.song(pid, title);
    }
    phone.sql(
        "UPDATE item SET in_my_library = 0 WHERE item_pid <> 1;
         UPDATE item_extra SET location = 'A001.mp3' WHERE item_pid = 4;
         UPDATE item_extra SET location = 'A002.mp3' WHERE item_pid = 5;",
    );
    for name in ["A003", "A004", "A005"] {
        std::fs::remove_file(phone.root().join(format!("iTunes_Control/Music/F00/{name}.mp3"))).unwrap();
    }
    let music = phone.music();
    let mut found: Vec<_> =
        music.items.iter().map(|item| (item.title.as_deref().unwrap(), item.scope)).collect();
    found.sort_unstable_by_key(|(title, _)| *title);
    assert_eq!(found, [("Left over", Scope::Uncatalogued), ("Mine", Scope::Library)]);
    // What is in a playlist is the person's.
    phone.sql(
        "INSERT INTO container (container_pid, name) VALUES (1, 'Mix');
         INSERT INTO container_item VALUES (1, 1, 2, 0), (2, 1, 3, 1);",
    );
    let music = phone.music();
    assert_eq!((music.items.len(), music.catalogued().count(), music.albums[0].members.len()), (3, 3, 2));
    // A mark that nothing has says nothing.
    phone.sql("UPDATE item SET in_my_library = 0");
    let music = phone.music();
    assert_eq!((music.items.len(), music.catalogued().count()), (5, 5));
}

#[test]
fn files_without_a_row_are_offered() {
    let phone = Phone::with("");
    phone.song(1, "One");
    for path in [
        "iTunes_Control/Music/F00/LOST.mp3",
        "iTunes_Control/Music/F17/FILM.m4v",
        "iTunes_Control/Music/F00/notes.txt",
        "iTunes_Control/Music/F00/.hidden.mp3",
        "iTunes_Control/Music/Downloads/-7.m4p",
        "Purchases/8.m4b",
        "Purchases/9.m4r",
        "Podcasts/10.mp3",
        "iTunes_Control/Music/Cache/11.mp3",
        "iTunes_Control/Music/12.mp3",
        "ManagedPurchases/TVApp/13.m4v",
    ] {
        phone.file(path, b"12345");
    }
    std::fs::create_dir_all(phone.root().join("Purchases/folder.mp3")).unwrap();
    let library = phone.read();
    let lost = |collection| {
        let catalog = library.catalog(collection);
        let lost = catalog.items.iter().filter(|item| item.scope == Scope::Uncatalogued);
        lost.map(|item| (item.uuid.0.clone(), item.kind, original(item).size_bytes)).collect::<Vec<_>>()
    };
    let one = |path: &str, kind| (format!("path:{path}"), kind, Some(5));
    assert_eq!(
        lost(Collection::Music),
        [
            one("iTunes_Control/Music/12.mp3", MediaKind::Song),
            one("iTunes_Control/Music/Downloads/-7.m4p", MediaKind::Song),
            one("iTunes_Control/Music/F00/LOST.mp3", MediaKind::Song)
        ]
    );
    assert_eq!(
        lost(Collection::Videos),
        [
            one("ManagedPurchases/TVApp/13.m4v", MediaKind::Other),
            one("iTunes_Control/Music/F17/FILM.m4v", MediaKind::Other)
        ]
    );
    assert!(library.catalog(Collection::Videos).items[0].is_protected());
    assert_eq!(lost(Collection::Books), [one("Purchases/8.m4b", MediaKind::Audiobook)]);
    assert_eq!(lost(Collection::Ringtones), [one("Purchases/9.m4r", MediaKind::Ringtone)]);
    assert_eq!(lost(Collection::Podcasts), [one("Podcasts/10.mp3", MediaKind::Podcast)]);
    let music = library.catalog(Collection::Music);
    assert_eq!(music.warnings.len(), 1, "{:?}", music.warnings);
    assert!(music.warnings[0].starts_with("Left out: 1 file of another kind in the folders of music"));
    assert!(library.catalog(Collection::Podcasts).warnings.is_empty());
    assert_eq!((music.items.len(), music.catalogued().count()), (4, 1));
    assert!(media(&music.items[2]).protected && music.items[2].taken.is_none());
}

#[test]
fn folders_that_cannot_be_listed_are_owned_up_to() {
    let phone = Phone::with("INSERT INTO item (item_pid, media_type, base_location_id) VALUES (2, 8, 3841);");
    phone.song(1, "One");
    phone.song(3, "Left over");
    phone.song(4, "The same");
    phone.sql(
        "INSERT INTO item_extra (item_pid, title, location) VALUES (2, 'Two', 'GONE.mp3');
         UPDATE item SET in_my_library = 0 WHERE item_pid > 2;
         UPDATE item_extra SET location = 'A001.mp3' WHERE item_pid = 4;",
    );
    phone.file("iTunes_Control/Music/F01/ELSE.mp3", b"sound");
    let refused = ["iTunes_Control/Music/F00"];
    let source = Refusing { inner: FolderSource::new(phone.root()), refused: &refused };
    let music = read(&source).unwrap().catalog(Collection::Music);
    assert_eq!(place(find(&music, "track:1")), "iTunes_Control/Music/F00/A001.mp3");
    assert_eq!(find(&music, "track:3").scope, Scope::Uncatalogued);
    assert_eq!(original(find(&music, "track:2")).presence, Presence::Missing);
    assert_eq!(
        (music.unread_folders, music.warnings.len(), music.items.len()),
        (1, 2, 4),
        "{:?}",
        music.warnings
    );
    assert!(music.warnings[0].starts_with("2 items are in folders that could not be listed"));
    assert!(music.warnings[1].starts_with("1 of the phone's folders could not be listed"));
    // Of the folder above only the names in it are lost, and those are known.
    let refused = ["iTunes_Control/Music"];
    let source = Refusing { inner: FolderSource::new(phone.root()), refused: &refused };
    let music = read(&source).unwrap().catalog(Collection::Music);
    assert!(uuids(&music).contains(&"path:iTunes_Control/Music/F01/ELSE.mp3"));
    assert_eq!(music.unread_folders, 1);
}

#[test]
fn folders_in_folders_are_looked_into() {
    let phone = Phone::with("");
    phone.song(1, "One");
    for path in [
        "Purchases/123/x.m4a",
        "iTunes_Control/Music/Downloads/9/deep/y.m4a",
        "Podcasts/A. B/C/z.mp3",
        "ManagedPurchases/Books/bought.m4b",
        "iTunes_Control/Music/Cache/1/streamed.m4p",
        "iTunes_Control/Music/F00/noext",
        "Purchases/123/odd",
        "ManagedPurchases/Books/bought.epub",
    ] {
        phone.file(path, b"12345");
    }
    let library = phone.read();
    let lost =
        |collection| uuids(&library.catalog(collection)).into_iter().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(
        lost(Collection::Music),
        ["track:1", "path:Purchases/123/x.m4a", "path:iTunes_Control/Music/Downloads/9/deep/y.m4a"]
    );
    assert_eq!(lost(Collection::Podcasts), ["path:Podcasts/A. B/C/z.mp3"]);
    assert_eq!(lost(Collection::Books), ["path:ManagedPurchases/Books/bought.m4b"]);
    assert!(library.catalog(Collection::Books).items[0].is_protected());
    let music = library.catalog(Collection::Music);
    assert_eq!(music.warnings.len(), 1, "{:?}", music.warnings);
    assert!(music.warnings[0].starts_with("Left out: 2 files of other kinds in the folders of music"));
    assert_eq!(music.unread_folders, 0);
}

#[test]
fn nobody_looks_into_folders_without_end() {
    let phone = Phone::with("");
    phone.song(1, "One");
    let deep = "d/".repeat(12);
    phone.file(&format!("Purchases/{deep}x.m4a"), b"12345");
    let music = phone.music();
    assert_eq!((uuids(&music), music.unread_folders), (vec!["track:1"], 1));
    assert!(music.warnings[0].contains("could not be listed"), "{:?}", music.warnings);
}

#[test]
fn an_empty_library_is_not_all_there_is() {
    let phone = Phone::with("");
    phone.file("iTunes_Control/Music/F00/ABCD.mp3", b"sound");
    let music = phone.music();
    assert_eq!(music.origin, Origin::Partial);
    assert_eq!((music.items.len(), music.catalogued().count()), (1, 1));
    assert!(music.warnings[0].contains("is empty, but there are files"), "{:?}", music.warnings);
    assert!(music.warnings[0].contains("exported once more"), "{:?}", music.warnings);
    // A phone without music can have tones.
    let phone = Phone::with("");
    phone.file("Purchases/9.m4r", b"tone");
    let music = phone.music();
    assert!(matches!(music.origin, Origin::Database { .. }) && music.warnings.is_empty());
}

#[test]
fn libraries_of_other_accounts_are_told() {
    let phone = Phone::with("");
    phone.song(1, "One");
    let folder = "0123456789abcdef0123456789abcdef01234567";
    phone.file(&format!("{folder}/iTunes_Control/Music/F00/X.mp3"), b"sound");
    let mut library = phone.read();
    let remarks = library.take_remarks();
    assert_eq!(remarks.len(), 1);
    assert!(remarks[0].contains(&format!("--path {folder}")), "{remarks:?}");
    assert_eq!(library.take_remarks(), Vec::<String>::new(), "once is enough");
    assert_eq!(library.catalog(Collection::Music).warnings, Vec::<String>::new());
    // Nor does it make a library of one's own that is not there a damaged one.
    std::fs::remove_dir_all(phone.root().join("iTunes_Control")).unwrap();
    let mut library = phone.read();
    let videos = library.catalog(Collection::Videos);
    assert_eq!((videos.origin, videos.warnings), (Origin::Folders, Vec::new()));
    assert_eq!(library.take_remarks().len(), 1);
}

#[test]
fn folders_that_are_called_like_libraries_of_others_are_none() {
    let phone = Phone::with("");
    phone.song(1, "One");
    phone.file("0123456789abcdef0123456789abcdef01234567/notes.txt", b"mine");
    phone.file("0123456789abcdef0123456789abcdef01234568", b"a file");
    phone.file("0123456789abcdef0123456789abcdef01234569/iTunes_Control", b"a file");
    assert_eq!(phone.music().warnings, Vec::<String>::new());
    assert_eq!(phone.read().take_remarks(), Vec::<String>::new());
}

/// They are items as others that are protected, and no files that could be exported.
#[test]
fn streams_that_are_kept_for_offline_are_no_files() {
    let phone = Phone::with(
        "INSERT INTO base_location VALUES (500, 'ManagedPurchases/TVApp');
         INSERT INTO item (item_pid, media_type, base_location_id) VALUES (1, 2048, 500), (2, 2048, 500), (3, 2048, 500),
             (4, 8, 500);
         INSERT INTO item_extra (item_pid, title, location) VALUES (1, 'Stream', 'S.movpkg'), (2, 'Film', 'F.m4v'),
             (3, 'Gone', 'G.movpkg'), (4, 'Song', 'T.movpkg');",
    );
    phone.file("ManagedPurchases/TVApp/S.movpkg/root.xml", b"piece");
    phone.file("ManagedPurchases/TVApp/T.movpkg/root.xml", b"piece");
    phone.file("ManagedPurchases/TVApp/F.m4v", b"film");
    let library = phone.read();
    let streams: Vec<_> = [Collection::Videos, Collection::Music]
        .iter()
        .flat_map(|collection| library.catalog(*collection).items)
        .map(|item| (item.uuid.0.clone(), item.is_protected(), item.is_stream()))
        .collect();
    let is = |pid: u32, protected, stream| (format!("track:{pid}"), protected, stream);
    let mut sorted = streams;
    sorted.sort();
    assert_eq!(sorted, [is(1, true, true), is(2, true, false), is(3, true, false), is(4, true, true)]);
    for protected in [Policy::Exclude, Policy::Include, Policy::Only] {
        let mut selection = Selection::default();
        selection.media.protected = protected;
        let videos = library.catalog(Collection::Videos);
        let selected = select(&videos, &selection).unwrap();
        let names: Vec<&str> =
            selected.items.iter().map(|index| videos.items[*index].uuid.0.as_str()).collect();
        let is_asked = protected != Policy::Exclude;
        assert_eq!(names, if is_asked { vec!["track:2", "track:3"] } else { vec![] });
        assert_eq!(
            (selected.left_out.streams, selected.left_out.protected),
            (1, if is_asked { 0 } else { 2 })
        );
        let stream = videos.items.iter().position(Item::is_stream).unwrap();
        assert!(selected.protected_left_out.contains(&stream));
    }
}

#[test]
fn files_of_any_kind_that_rows_name_are_not_left_out() {
    let phone = Phone::with(
        "INSERT INTO item (item_pid, media_type, base_location_id) VALUES (1, 8, 3840);
         INSERT INTO item_extra (item_pid, title, location) VALUES (1, 'Odd', 'ODD.xyz');",
    );
    phone.file("iTunes_Control/Music/F00/ODD.xyz", b"sound");
    let music = phone.music();
    assert_eq!((uuids(&music), &music.warnings), (vec!["track:1"], &Vec::new()));
    phone.file("iTunes_Control/Music/F00/EVEN.xyz", b"something");
    let warnings = phone.music().warnings;
    assert!(
        warnings.len() == 1 && warnings[0].starts_with("Left out: 1 file of another kind"),
        "{warnings:?}"
    );
}
