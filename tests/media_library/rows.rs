//! What rows say of items.

use iexport::catalog::{Collection, MediaKind, MediaLibrary, Origin, Presence};

use crate::support::{DATABASE, Phone, find, media, original, place, uuids};

#[test]
fn everything_that_is_known_of_a_song() {
    let phone = Phone::with(
        "INSERT INTO item VALUES (-5, 8, 1, 2, 3, 4, 5, 1, 3, 0, 3841, 10, 1, 1, 700000000, 600000000);
         INSERT INTO item_extra VALUES (-5, 'Title / One', 2, 12, 215500.5, 1999, 'QZXR.m4a', 1, 77, 120, 'A remark',
             'Group', 'Short', 'Long', 'c 1999');
         INSERT INTO item_store VALUES (-5, 0, 650000000, -86400, NULL);
         INSERT INTO item_playback VALUES (-5, 256, 44100.0);
         INSERT INTO item_stats VALUES (-5, 80, 0, 17, 710000000, 2);
         INSERT INTO lyrics VALUES (-5, 'La la');
         INSERT INTO item_artist VALUES (1, 'Artist', '');
         INSERT INTO album VALUES (2, 'Album', 9, 1998, NULL);
         INSERT INTO album_artist VALUES (3, 'Album Artist'), (9, 'Another');
         INSERT INTO composer VALUES (4, 'Composer');
         INSERT INTO genre VALUES (5, 'Rock');",
    );
    phone.file("iTunes_Control/Music/F01/QZXR.m4a", b"sound");
    let music = phone.music();
    assert_eq!(music.warnings, Vec::<String>::new());
    assert_eq!((music.collection, music.unread_folders), (Collection::Music, 0));
    assert_eq!(music.origin, Origin::Database { model_version: 2_120_020 });
    assert_eq!(uuids(&music), ["track:-5"]);
    let item = &music.items[0];
    assert_eq!((item.original_name.as_str(), item.kind), ("Title / One.m4a", MediaKind::Song));
    assert_eq!(item.title.as_deref(), Some("Title / One"));
    assert_eq!(item.added.unwrap().to_string(), "2023-03-08T20:26:40Z");
    assert!(item.taken.is_none() && item.favorite && item.synced);
    assert_eq!(item.duration_seconds, Some(215.5005));
    assert_eq!(place(item), "iTunes_Control/Music/F01/QZXR.m4a");
    assert_eq!(original(item).size_bytes, Some(77));
    let media = media(item);
    let text = |text: &Option<std::sync::Arc<str>>| text.as_deref().unwrap_or("none").to_owned();
    assert_eq!(
        [&media.artist, &media.album, &media.album_artist, &media.composer, &media.genre].map(text),
        ["Artist", "Album", "Album Artist", "Composer", "Rock"]
    );
    assert_eq!(
        [&media.comment, &media.grouping, &media.description, &media.copyright, &media.lyrics].map(text),
        ["A remark", "Group", "Long", "c 1999", "La la"]
    );
    assert_eq!((media.year, media.track, media.tracks), (Some(1999), Some(3), Some(12)));
    assert_eq!((media.disc, media.discs, media.bpm), (Some(1), Some(2), Some(120)));
    assert_eq!((media.bit_rate, media.sample_rate), (Some(256), Some(44100)));
    assert_eq!((media.rating, media.plays, media.loved), (Some(80), Some(17), true));
    assert_eq!(
        media.released.unwrap().to_string(),
        "2000-12-31T00:00:00Z",
        "before 2001 there was music too"
    );
    assert_eq!(media.last_played.unwrap().to_string(), "2023-07-02T14:13:20Z");
    assert!(media.compilation && !media.protected && !media.rental);
}

#[test]
fn what_is_0_or_nonsense_is_not_known() {
    let phone = Phone::with(
        "INSERT INTO item VALUES (1, 8, 0, 0, 0, 0, 0, 0, -3, 0, 3840, 0, 1, 0, 0, 0),
             (2, 8, 77, 77, 77, 77, 77, 9e99, 'x', x'00', 3840, 0, 1, 0, 9e300, -978307200);
         INSERT INTO item_extra VALUES (1, '', 0, 0, 0, 0, 'A.mp3', 0, 0, 0, '', '', '', '', ''),
             (2, NULL, -1, 4294967296, -5, 123456, 'B.mp3', 'x', 'x', 1e19, NULL, NULL, NULL, NULL, NULL);
         INSERT INTO item_store VALUES (1, 0, 0, 0, ''), (2, 'x', 9e300, 9e300, NULL), (3, 1, 1, 1, '');
         INSERT INTO item_stats VALUES (1, 60, 1, 0, 0, 0), (2, 101, 0, -1, 9e99, 3);
         INSERT INTO item_playback VALUES (1, 0, 0), (2, -1, 1e300);",
    );
    for name in ["A", "B"] {
        phone.file(&format!("iTunes_Control/Music/F00/{name}.mp3"), b"sound");
    }
    let music = phone.music();
    for (uuid, name) in [("track:1", "A.mp3"), ("track:2", "B.mp3")] {
        let item = find(&music, uuid);
        assert_eq!((item.original_name.as_str(), item.title.as_deref()), (name, None));
        assert_eq!((item.added, item.duration_seconds, item.favorite), (None, None, false));
        let media = media(item);
        assert_eq!((&media.artist, &media.album, media.year, media.released), (&None, &None, None, None));
        assert_eq!(
            (media.track, media.tracks, media.disc, media.discs, media.bpm),
            (None, None, None, None, None)
        );
        assert_eq!(
            (media.rating, media.bit_rate, media.sample_rate, media.last_played),
            (None, None, None, None)
        );
        assert!(!media.protected && !media.compilation);
    }
    assert_eq!(music.items.len(), 2, "a row of what is no item is of no item");
}

#[test]
fn each_kind_is_in_its_collection() {
    let kinds: [(i64, Collection, MediaKind); 10] = [
        (8, Collection::Music, MediaKind::Song),
        (1032, Collection::Videos, MediaKind::MusicVideo),
        (512, Collection::Videos, MediaKind::TvShow),
        (2048, Collection::Videos, MediaKind::Movie),
        (8192, Collection::Videos, MediaKind::HomeVideo),
        (4, Collection::Podcasts, MediaKind::Podcast),
        (256, Collection::Podcasts, MediaKind::Podcast),
        (4096, Collection::Podcasts, MediaKind::Lecture),
        (2, Collection::Books, MediaKind::Audiobook),
        (16384, Collection::Ringtones, MediaKind::Ringtone),
    ];
    let phone = Phone::with("INSERT INTO item_artist VALUES (1, 'Studio', 'Series');");
    for (pid, (media_type, _, _)) in kinds.iter().enumerate() {
        phone.sql(&format!(
            "INSERT INTO item VALUES ({pid}, {media_type}, 1, 0, 0, 0, 0, 0, 4, 7, 0, 50, 1, 0, 0, 0);
             INSERT INTO item_video VALUES ({pid}, 1, 2);
             INSERT INTO item_store VALUES ({pid}, 2, 0, 0, 'https://feed.example');"
        ));
    }
    let library = phone.read();
    for (pid, (_, collection, kind)) in kinds.iter().enumerate() {
        let catalog = library.catalog(*collection);
        let item = find(&catalog, &format!("track:{pid}"));
        assert_eq!((item.kind, &original(item).presence), (*kind, &Presence::CloudOnly));
        let media = media(item);
        let episode = (media.show.as_deref(), media.season, media.episode);
        let is_show = *kind == MediaKind::TvShow;
        assert_eq!(episode, if is_show { (Some("Series"), Some(2), Some(7)) } else { (None, Some(2), None) });
        assert_eq!(media.feed.as_deref(), Some("https://feed.example"));
        assert!(media.rental && media.protected && item.is_protected());
    }
    let total: usize = MediaLibrary::COLLECTIONS.iter().map(|c| library.catalog(*c).items.len()).sum();
    assert_eq!(total, kinds.len());
    for other in [Collection::Photos, Collection::VoiceMemos, Collection::Files] {
        let catalog = library.catalog(other);
        assert_eq!((catalog.collection, catalog.items.len(), catalog.albums.len()), (other, 0, 0));
    }
}

#[test]
fn unknown_kinds_are_kept_with_a_file_and_without() {
    let phone = Phone::with(
        "INSERT INTO item (item_pid, media_type, base_location_id) VALUES
             (1, 1048576, 3840), (2, 1048576, 3840), (3, 1048576, 3840), (4, 1048576, 0), (5, 0, 3840), (6, 0, 0),
             (7, NULL, 3840), (8, 65536, 3840);
         INSERT INTO item (item_pid, media_type, remote_location_id) VALUES (9, 1048576, 50);
         INSERT INTO item_extra (item_pid, location, media_kind) VALUES (1, 'A.mp3', 0), (2, 'B.mp4', 0),
             (3, 'C.xyz', 0), (5, 'E.mp3', 0), (7, 'G.mp3', 4), (8, 'H.mp3', 33554432);",
    );
    for name in ["A.mp3", "B.mp4", "C.xyz", "E.mp3", "G.mp3", "H.mp3"] {
        phone.file(&format!("iTunes_Control/Music/F00/{name}"), b"data");
    }
    let library = phone.read();
    let (music, videos) = (library.catalog(Collection::Music), library.catalog(Collection::Videos));
    for uuid in ["track:1", "track:3", "track:4", "track:6", "track:8", "track:9"] {
        assert_eq!(find(&music, uuid).kind, MediaKind::Other, "{uuid}");
    }
    assert_eq!(find(&music, "track:5").kind, MediaKind::Song, "its file is all there is to tell");
    assert_eq!((find(&videos, "track:2").kind, music.items.len()), (MediaKind::Other, 7));
    assert_eq!(place(find(&music, "track:4")), "missing");
    assert_eq!(place(find(&music, "track:9")), "cloud");
    assert_eq!(uuids(&library.catalog(Collection::Podcasts)), ["track:7"]);
}

#[test]
fn items_are_sorted_as_people_look_for_them() {
    let phone = Phone::with(
        "INSERT INTO item_artist VALUES (1, 'beta', NULL), (2, 'Alpha', NULL), (3, 'A Guest', NULL);
         INSERT INTO album_artist VALUES (1, 'Beta');
         INSERT INTO album VALUES (1, 'Second', 1, 0, NULL), (2, 'first', 1, 0, NULL), (3, 'Only', 0, 0, NULL);
         INSERT INTO item (item_pid, media_type, item_artist_pid, album_pid, disc_number, track_number) VALUES
             (1, 8, 1, 1, 1, 1), (2, 8, 1, 2, 2, 1), (3, 8, 3, 2, 1, 9), (4, 8, 1, 2, 1, 10), (5, 8, 2, 3, 0, 0),
             (6, 8, 2, 3, 0, 0), (7, 8, 0, 0, 0, 0), (8, 8, 2, 3, 0, 0);
         INSERT INTO item_extra (item_pid, title) VALUES (5, 'z'), (6, 'Y'), (8, 'z');",
    );
    let music = phone.music();
    assert_eq!(
        uuids(&music),
        ["track:6", "track:5", "track:8", "track:3", "track:4", "track:2", "track:1", "track:7"]
    );
}

#[test]
fn doubled_and_lonely_rows_do_no_harm() {
    let phone = Phone::with(
        "INSERT INTO item_artist VALUES (1, 'First', NULL), (1, 'Second', NULL), (NULL, 'x', NULL);
         INSERT INTO item (item_pid, media_type, item_artist_pid, base_location_id) VALUES (NULL, 8, 1, 3840),
             ('x', 8, 1, 3840);
         INSERT INTO item_extra (item_pid, title, location) VALUES (99, 'Lonely', 'A099.mp3'), (NULL, 'x', 'x');
         INSERT INTO container_item VALUES (1, 1, 1, 1), (NULL, NULL, NULL, NULL);",
    );
    phone.song(1, "One");
    phone.sql(
        "INSERT INTO item SELECT * FROM item WHERE item_pid = 1; UPDATE item SET item_artist_pid = 1;
         INSERT INTO item_extra (item_pid, title, location) VALUES (1, 'Again', 'A002.mp3');",
    );
    phone.file("iTunes_Control/Music/F00/A002.mp3", b"sound");
    let music = phone.music();
    assert_eq!(uuids(&music), ["track:1", "path:iTunes_Control/Music/F00/A002.mp3"]);
    let item = &music.items[0];
    assert_eq!((item.title.as_deref(), media(item).artist.as_deref()), (Some("One"), Some("First")));
}

#[test]
fn what_was_not_yet_written_into_the_main_file_is_read_too() {
    let phone = Phone::with("");
    let db = phone.open();
    db.pragma_update(None, "journal_mode", "WAL").unwrap();
    db.execute_batch(
        "INSERT INTO item (item_pid, media_type) VALUES (1, 8);
         INSERT INTO item_extra (item_pid, title) VALUES (1, 'New');",
    )
    .unwrap();
    assert!(std::fs::metadata(phone.root().join(format!("{DATABASE}-wal"))).unwrap().len() > 0);
    let before = std::fs::read(phone.root().join(DATABASE)).unwrap();
    assert_eq!(phone.music().items[0].title.as_deref(), Some("New"));
    assert_eq!(
        std::fs::read(phone.root().join(DATABASE)).unwrap(),
        before,
        "nothing is written on the phone"
    );
}

#[test]
fn lost_tables_and_columns_cost_only_what_they_held() {
    for lost in [
        "DROP TABLE item_store",
        "DROP TABLE item_playback",
        "DROP TABLE item_stats",
        "DROP TABLE item_video",
        "DROP TABLE lyrics",
        "DROP TABLE composer",
        "DROP TABLE genre",
        "DROP TABLE base_location",
        "DROP TABLE artwork",
        "DROP TABLE artwork_token",
        "DROP TABLE best_artwork_token",
        "ALTER TABLE item DROP COLUMN in_my_library",
        "ALTER TABLE item DROP COLUMN media_type",
        "ALTER TABLE item DROP COLUMN remote_location_id",
        "ALTER TABLE album DROP COLUMN album_year",
        "ALTER TABLE item_extra DROP COLUMN bpm",
    ] {
        let phone = Phone::with("");
        phone.song(1, "One");
        phone.sql(lost);
        let music = phone.music();
        assert_eq!(uuids(&music), ["track:1"], "{lost}");
        assert_eq!(place(&music.items[0]), "iTunes_Control/Music/F00/A001.mp3", "{lost}");
        let words = ["item_store", "remote_location_id", "TABLE artwork"];
        let worth_a_word = words.iter().any(|word| lost.contains(word)) && !lost.contains("artwork_token");
        assert_eq!(music.warnings.len(), usize::from(worth_a_word), "{lost}: {:?}", music.warnings);
    }
    for (lost, what) in [
        ("DROP TABLE container", "what playlists there are"),
        ("DROP TABLE container_item", "what is in the playlists"),
        ("ALTER TABLE container_item DROP COLUMN container_pid", "what is in the playlists"),
        ("DROP TABLE item_artist", "who plays them"),
        ("ALTER TABLE item DROP COLUMN item_artist_pid", "who plays them"),
        ("ALTER TABLE item DROP COLUMN album_pid", "what albums are called"),
        ("ALTER TABLE item_extra DROP COLUMN title", "what songs are called"),
        ("ALTER TABLE item DROP COLUMN is_compilation", "which albums are compilations"),
        ("ALTER TABLE item DROP COLUMN track_number", "which numbers songs have on their albums"),
        ("ALTER TABLE artwork DROP COLUMN relative_path", "which pictures albums have"),
        ("ALTER TABLE container DROP COLUMN name", "what playlists are called"),
        ("ALTER TABLE container DROP COLUMN parent_pid", "in which folders playlists are"),
    ] {
        let phone = Phone::with("");
        phone.song(1, "One");
        phone.sql(lost);
        let music = phone.music();
        assert_eq!(music.warnings, [format!("The phone's music library does not say {what}.")]);
        assert_eq!(place(&music.items[0]), "iTunes_Control/Music/F00/A001.mp3", "{lost}");
    }
}

#[test]
fn words_that_many_songs_have_are_kept_once() {
    let phone = Phone::with("INSERT INTO item_artist VALUES (1, 'Same', NULL), (2, 'Same', NULL);");
    phone.sql(
        "INSERT INTO item (item_pid, media_type, item_artist_pid) VALUES (1, 8, 1), (2, 8, 2);
         INSERT INTO lyrics VALUES (1, 'Sung'), (2, 'Sung');",
    );
    let music = phone.music();
    let [one, two] = [&music.items[0], &music.items[1]].map(media);
    let same = |a: &Option<std::sync::Arc<str>>, b: &Option<std::sync::Arc<str>>| {
        std::sync::Arc::ptr_eq(a.as_ref().unwrap(), b.as_ref().unwrap())
    };
    assert!(same(&one.artist, &two.artist) && same(&one.lyrics, &two.lyrics));
}

#[test]
fn a_large_library_is_no_burden() {
    let phone = Phone::with(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
         INSERT INTO item (item_pid, media_type, item_artist_pid, album_pid, track_number, base_location_id,
             remote_location_id) SELECT i, 8, i % 500, i % 3000, i % 12, 0, 50 FROM n;
         INSERT INTO item_extra (item_pid, title) SELECT item_pid, 'Title ' || item_pid FROM item;
         INSERT INTO item_artist SELECT DISTINCT item_artist_pid, 'Artist ' || item_artist_pid, NULL FROM item;
         INSERT INTO album SELECT DISTINCT album_pid, 'Album ' || album_pid, 0, 0, NULL FROM item;
         INSERT INTO container (container_pid, name) VALUES (1, 'All');
         INSERT INTO container_item SELECT item_pid, 1, item_pid, -item_pid FROM item;",
    );
    let music = phone.music();
    assert_eq!((music.items.len(), music.albums.len(), music.warnings.len()), (100_000, 1, 0));
    assert_eq!(music.albums[0].members.len(), 100_000);
    assert_eq!(music.items[music.albums[0].members[0]].uuid.0, "track:100000");
}
