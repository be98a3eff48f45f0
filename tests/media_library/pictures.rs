//! Pictures of items and albums.

use iexport::catalog::{Collection, Item, MediaKind, Scope};
use iexport::source::FolderSource;

use crate::support::{HEIC, JPEG, PNG, Phone, Refusing, find, media, place, read};

const FOLDER: &str = "iTunes_Control/iTunes/Artwork/Originals";

/// Three songs of two albums, a picture for each item and each album.
fn phone() -> Phone {
    let phone = Phone::with(
        "INSERT INTO item_artist VALUES (1, 'Artist', NULL);
         INSERT INTO album VALUES (10, 'Ten', 0, 1990, NULL), (20, 'Twenty', 0, 0, NULL);
         INSERT INTO artwork VALUES ('one', '01/one', 1, 0), ('ten', '0a/ten', 1, 0), ('gone', '0a/gone', 1, 0),
             ('twenty', '14/twenty', 1, 0), ('out', '../../../secret', 1, 0), ('empty', '', 1, 0);
         INSERT INTO best_artwork_token VALUES ('one', 1, 0, 1, 0), ('ten', 10, 1, 1, 0), ('twenty', 3, 0, 1, 0),
             ('gone', 20, 1, 1, 0), ('ten', 20, 2, 1, 0);
         INSERT INTO artwork_token VALUES ('ten', 1, 0, 0, 0), ('out', 20, 1, 0, 0), ('empty', 20, 1, 0, 1);",
    );
    for (pid, album) in [(1, 10), (2, 10), (3, 20)] {
        phone.song(pid, &format!("Song {pid}"));
        phone
            .sql(&format!("UPDATE item SET album_pid = {album}, item_artist_pid = 1 WHERE item_pid = {pid}"));
    }
    phone.file(&format!("{FOLDER}/01/one"), PNG);
    phone.file(&format!("{FOLDER}/0a/ten"), JPEG);
    phone.file(&format!("{FOLDER}/14/twenty"), HEIC);
    phone
}

fn covers(items: &[Item]) -> Vec<(&str, &str, String)> {
    let covers = items.iter().filter(|item| item.kind == MediaKind::Cover);
    covers.map(|item| (item.uuid.0.as_str(), item.original_name.as_str(), place(item))).collect()
}

#[test]
fn an_item_has_its_own_picture_or_that_of_its_album() {
    let music = phone().music();
    let picture = |uuid: &str| media(find(&music, uuid)).artwork.as_ref().map(|path| path.to_text());
    assert_eq!(picture("track:1").unwrap(), format!("{FOLDER}/01/one"), "what is best comes first");
    assert_eq!(picture("track:2").unwrap(), format!("{FOLDER}/0a/ten"));
    assert_eq!(picture("track:3").unwrap(), format!("{FOLDER}/14/twenty"));
    assert_eq!(music.warnings, Vec::<String>::new());
}

#[test]
fn each_album_has_a_cover() {
    let phone = phone();
    let music = phone.music();
    let own = ("cover:10", "cover.jpg", format!("{FOLDER}/0a/ten"));
    let of_song = ("cover:20", "cover.heic", format!("{FOLDER}/14/twenty"));
    assert_eq!(covers(&music.items), [own.clone(), of_song]);
    let own = [own];
    let words = media(find(&music, "cover:10"));
    assert_eq!((words.artist.as_deref(), words.album.as_deref()), (Some("Artist"), Some("Ten")));
    assert_eq!((words.year, words.track, words.protected), (Some(1990), None, false));
    // What is no picture is no cover.
    phone.file(&format!("{FOLDER}/14/twenty"), b"<html>");
    assert_eq!(covers(&phone.music().items), own);
    phone.file(&format!("{FOLDER}/14/twenty"), b"");
    assert_eq!(covers(&phone.music().items), own);
    // What is protected has a cover that is of as little use.
    phone.sql("INSERT INTO item_store (item_pid, is_protected) VALUES (1, 1)");
    assert!(!find(&phone.music(), "cover:10").is_protected());
    phone.sql("INSERT INTO item_store (item_pid, is_protected) VALUES (2, 2)");
    assert!(find(&phone.music(), "cover:10").is_protected());
    // Of an album that is only in the cloud there is nothing to put a cover to.
    phone.sql("UPDATE item SET base_location_id = 0, remote_location_id = 50 WHERE album_pid = 10");
    assert_eq!(covers(&phone.music().items), []);
}

#[test]
fn a_cover_is_in_one_collection() {
    let phone = phone();
    phone.sql("UPDATE item SET media_type = 4 WHERE item_pid = 1");
    let library = phone.read();
    assert_eq!(covers(&library.catalog(Collection::Music).items).len(), 2);
    assert_eq!(covers(&library.catalog(Collection::Podcasts).items), []);
    phone.sql("UPDATE item SET media_type = 2048 WHERE item_pid = 3; UPDATE item SET media_type = 4 WHERE item_pid = 2");
    let library = phone.read();
    assert_eq!(covers(&library.catalog(Collection::Music).items), []);
    assert_eq!(covers(&library.catalog(Collection::Podcasts).items).len(), 1);
    assert_eq!(covers(&library.catalog(Collection::Videos).items), []);
    assert!(media(find(&library.catalog(Collection::Videos), "track:3")).artwork.is_some());
}

#[test]
fn pictures_that_cannot_be_had_are_owned_up_to() {
    let phone = phone();
    let folder = format!("{FOLDER}/0a");
    let picture = format!("{FOLDER}/14/twenty");
    let refused = [folder.as_str(), picture.as_str()];
    let source = Refusing { inner: FolderSource::new(phone.root()), refused: &refused };
    let music = read(&source).unwrap().catalog(Collection::Music);
    // The album's own picture is not known, that of its first song is.
    assert_eq!(covers(&music.items), [("cover:10", "cover.png", format!("{FOLDER}/01/one"))]);
    assert_eq!(music.unread_folders, 1);
    let warnings = music.warnings.join("\n");
    assert!(warnings.contains("1 picture of an album could not be looked at."), "{warnings}");
    assert!(warnings.contains("1 of the phone's folders could not be listed"), "{warnings}");
}

#[test]
fn a_row_that_is_left_over_does_not_take_the_cover_with_it() {
    let phone = phone();
    phone.sql("UPDATE item SET in_my_library = 0 WHERE item_pid = 1");
    let music = phone.music();
    assert_eq!(find(&music, "track:1").scope, Scope::Uncatalogued);
    assert_eq!(find(&music, "cover:10").scope, Scope::Library);
    phone.sql("UPDATE item SET in_my_library = 0 WHERE item_pid = 2");
    assert_eq!(covers(&phone.music().items).len(), 1, "only of the other album");
}
