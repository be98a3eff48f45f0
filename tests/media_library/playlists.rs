//! Playlists.

use iexport::catalog::{Catalog, Collection, Elsewhere, MediaKind};

use crate::support::{Phone, find};

fn lists(music: &Catalog) -> Vec<(String, Vec<&str>)> {
    let title = |at: &usize| music.items[*at].title.as_deref().unwrap();
    music.albums.iter().map(|album| (album.path(), album.members.iter().map(title).collect())).collect()
}

/// Rows of playlists: key, name, parent; and what the other columns say.
fn phone() -> Phone {
    let phone = Phone::with(
        "INSERT INTO container (container_pid, name, parent_pid) VALUES (1, 'Mix', 0), (2, 'a/b', 100), (3, 'Mix', 101);
         INSERT INTO container (container_pid, name, parent_pid, smart_is_folder, smart_criteria) VALUES
             (100, 'Folder', 0, 1, x'00'), (101, 'Inner', 100, 1, NULL);",
    );
    for (pid, title) in [(10, "A"), (20, "B"), (30, "C")] {
        phone.song(pid, title);
    }
    phone
}

fn add(phone: &Phone, playlist: i64, members: &[i64]) {
    for (position, item) in members.iter().enumerate() {
        phone.sql(&format!("INSERT INTO container_item VALUES ({position}, {playlist}, {item}, {position})"));
    }
}

#[test]
fn members_are_in_their_order_with_their_repeats() {
    let phone = phone();
    add(&phone, 1, &[30, 10, 30, 30, 20]);
    add(&phone, 2, &[20]);
    let music = phone.music();
    assert_eq!(
        lists(&music),
        [
            ("Folder/a/b".to_owned(), vec!["B"]),
            ("Folder/Inner/Mix".to_owned(), vec![]),
            ("Mix".to_owned(), vec!["C", "A", "C", "C", "B"]),
        ]
    );
    assert_eq!(
        music.albums.iter().map(|a| a.id.0.as_str()).collect::<Vec<_>>(),
        ["playlist:2", "playlist:3", "playlist:1"]
    );
    assert_eq!(find(&music, "track:30").albums, [2], "each once");
    assert_eq!(find(&music, "track:20").albums, [0, 2]);
    assert_eq!(music.warnings, Vec::<String>::new());
}

#[test]
fn only_those_that_a_person_sees_and_made() {
    let phone = phone();
    phone.sql(
        "DELETE FROM container;
         INSERT INTO container VALUES
             (1, 'mine', 0, 0, 0, 0, 0, 0, 1, 0, NULL), (2, 'built in', 0, 71, 0, 0, 0, 0, 1, 0, NULL),
             (3, 'hidden', 0, 0, 1, 0, 0, 0, 1, 0, NULL), (4, 'genius', 0, 0, 0, 1, 0, 0, 1, 0, NULL),
             (5, 'ignorable', 0, 0, 0, 0, 1, 0, 1, 0, NULL), (6, 'subscribed', 0, 0, 0, 0, 0, 1, 0, 0, NULL),
             (7, 'shared with friends', 0, 0, 0, 0, 0, 1, 1, 0, NULL), (8, 'smart', 0, 0, 0, 0, 0, 0, 0, 0, x'01'),
             (9, 'smart, not kept', 0, 0, 0, 0, 0, 0, 0, 0, ''), (1, 'twin', 0, 0, 0, 0, 0, 0, 0, 0, NULL);",
    );
    for playlist in 1..=8 {
        add(&phone, playlist, &[10]);
    }
    let music = phone.music();
    let titles: Vec<_> = music.albums.iter().map(|album| album.title.as_str()).collect();
    assert_eq!(titles, ["mine", "shared with friends", "smart"]);
    assert_eq!(
        music.warnings,
        [
            "1 smart playlist is left out, because the phone does not keep what is in it.",
            "1 playlist of somebody else that is followed is left out."
        ]
    );
}

#[test]
fn what_is_no_song_is_named_and_no_member() {
    let phone = phone();
    phone.sql("UPDATE item SET media_type = 1032 WHERE item_pid = 20");
    add(&phone, 1, &[20, 10, 20]);
    add(&phone, 2, &[20]);
    add(&phone, 3, &[20, 77, 78]);
    let library = phone.read();
    let music = library.catalog(Collection::Music);
    let mut found = lists(&music);
    found.retain(|(_, members)| !members.is_empty());
    assert_eq!(found, [("Mix".to_owned(), vec!["A"])]);
    assert_eq!(music.albums.len(), 3);
    for album in &music.albums {
        let after: Vec<usize> = album.elsewhere.iter().map(|other| other.after).collect();
        assert_eq!(after, if album.path() == "Mix" { vec![0, 1] } else { vec![0] }, "{}", album.path());
        let is_b = |other: &Elsewhere| other.kind == MediaKind::MusicVideo && other.name.ends_with('B');
        assert!(album.elsewhere.iter().all(is_b), "{:?}", album.elsewhere);
    }
    assert_eq!(
        music.warnings,
        [
            "2 entries of playlists name songs that are no longer in the phone's music library.",
            "4 entries of playlists are no songs (but music videos, episodes or audiobooks); the lists name them in their \
             places."
        ]
    );
    let videos = library.catalog(Collection::Videos);
    assert!(videos.albums.is_empty() && videos.items[0].albums.is_empty() && videos.warnings.is_empty());
}

#[test]
fn folders_in_circles_and_positions_of_any_kind() {
    let phone = phone();
    add(&phone, 2, &[10, 20]);
    phone.sql(
        "UPDATE container SET parent_pid = 101 WHERE container_pid = 100;
         UPDATE container SET parent_pid = 1 WHERE container_pid = 1;
         INSERT INTO container_item VALUES (9, 2, 30, NULL), (8, 2, 30, 'x'), (7, 2, 10, -5), (6, 999, 10, 1);",
    );
    let music = phone.music();
    let lists = lists(&music);
    assert_eq!(lists.len(), 3);
    let (path, members) = lists.iter().find(|(path, _)| path.ends_with("a/b")).unwrap();
    assert_eq!((path.as_str(), members.as_slice()), ("Inner/Folder/a/b", &["A", "A", "B", "C", "C"][..]));
}

#[test]
fn without_positions_they_are_as_they_were_filled() {
    let phone = phone();
    add(&phone, 1, &[30, 10, 20]);
    // The keys of memberships are made up at random.
    phone.sql(
        "UPDATE container_item SET container_item_pid = -container_item_pid;
         ALTER TABLE container_item DROP COLUMN position;",
    );
    let music = phone.music();
    assert!(lists(&music).contains(&("Mix".to_owned(), vec!["C", "A", "B"])), "{:?}", lists(&music));
    assert_eq!(
        music.warnings,
        [
            "The phone's music library does not say in which order songs are in the playlists.",
            "What is in the playlists could not be read, or not all of it, or not in its order; lists that are on the drive stay as \
             they are."
        ]
    );
    assert!(music.albums.iter().all(|album| !album.is_whole));
}

#[test]
fn lists_that_could_not_be_read_are_not_taken_for_whole() {
    let is_whole = |lost: &str| {
        let phone = phone();
        add(&phone, 1, &[30, 10, 20]);
        phone.sql(lost);
        let music = phone.music();
        let is_told = music.warnings.iter().any(|warning| warning.contains("stay as they are"));
        let whole: Vec<bool> = music.albums.iter().map(|album| album.is_whole).collect();
        assert!(whole.len() == 3 && whole.iter().all(|is| *is == whole[0]), "{lost}");
        assert_ne!(is_told, whole[0], "{lost}: {:?}", music.warnings);
        whole[0]
    };
    assert!(is_whole(""));
    assert!(!is_whole("DROP TABLE container_item"));
    assert!(!is_whole("ALTER TABLE container_item DROP COLUMN container_pid"));
    assert!(!is_whole("ALTER TABLE container_item DROP COLUMN item_pid"));
}

#[test]
fn without_names_they_lie_at_the_top() {
    let phone = phone();
    add(&phone, 2, &[10]);
    phone.sql("ALTER TABLE container DROP COLUMN name");
    let music = phone.music();
    assert!(music.albums.iter().all(|album| album.title.is_empty() && album.folders.is_empty()), "{music:?}");
    assert_eq!(music.warnings, ["The phone's music library does not say what playlists are called."]);
}
