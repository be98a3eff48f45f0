//! Songs, films and pictures of albums.

use super::super::*;
use crate::catalog::{Collection, Media, Presence};
use crate::testing::{album, catalog, photo};

fn song(uuid: &str, title: &str, media: Media) -> Item {
    let mut item = photo(uuid, &format!("{title}.m4a"), 0, 1);
    item.kind = MediaKind::Song;
    item.taken = None;
    item.title = Some(title.into());
    item.media = Some(Box::new(media));
    item
}

fn by(artist: &str, album: &str) -> Media {
    Media { artist: Some(artist.into()), album: Some(album.into()), ..Media::default() }
}

fn music() -> Catalog {
    let mut cover = song("cover:1", "cover", by("Ada", "First"));
    cover.kind = MediaKind::Cover;
    let mut other_cover = song("cover:2", "cover", by("Bo", "Second"));
    other_cover.kind = MediaKind::Cover;
    let rated =
        Media { rating: Some(80), year: Some(1999), genre: Some("Jazz".into()), ..by("Ada", "First") };
    let protected = Media { protected: true, ..by("Bo", "Second") };
    let owned = Media { album_artist: Some("Bo".into()), ..by("Ada feat. Bo", "Second") };
    let items = vec![
        song("a", "One", rated),
        song("b", "Two", by("Ada", "First")),
        song("c", "Three", protected),
        song("d", "Four", owned),
        cover,
        other_cover,
    ];
    let mut catalog = catalog(items, vec![album("Sport/Run", &[1, 3, 1]), album("Empty", &[])]);
    catalog.collection = Collection::Music;
    catalog
}

fn meant(change: impl FnOnce(&mut Selection)) -> Result<String, SelectError> {
    let (catalog, mut selection) = (music(), Selection::default());
    change(&mut selection);
    let selected = select(&catalog, &selection)?;
    let names = selected.items.iter().filter_map(|index| catalog.items.get(*index));
    let covers =
        selected.items.iter().filter(|index| catalog.items[**index].kind == MediaKind::Cover).count();
    assert_eq!(selected.covers, covers);
    Ok(names.map(|item| item.uuid.0.as_str()).collect::<Vec<_>>().join(" "))
}

#[test]
fn covers_go_with_what_is_meant_of_their_albums() {
    assert_eq!(meant(|_| {}).unwrap(), "a b d cover:1 cover:2");
    assert_eq!(meant(|s| s.media.artists = vec!["ada".into()]).unwrap(), "a b cover:1");
    assert_eq!(meant(|s| s.media.albums = vec!["Second".into()]).unwrap(), "d cover:2");
    assert_eq!(meant(|s| s.media.covers = false).unwrap(), "a b d");
    let none = |s: &mut Selection| s.titles = vec!["no such".into()];
    assert_eq!(meant(none).unwrap(), "");
}

/// Neither what the phone does not have nor what goes elsewhere is in the folder of its album (facts/media.md section D5).
#[test]
fn covers_do_not_go_with_what_is_not_in_the_folder_of_the_album() {
    let covers = |change: fn(&mut Item)| {
        let mut catalog = music();
        change(&mut catalog.items[3]);
        let selection = Selection { orphans: Policy::Include, ..Selection::default() };
        let selected = select(&catalog, &selection).unwrap();
        assert!(selected.items.contains(&3));
        selected.items.into_iter().filter(|index| catalog.items[*index].kind == MediaKind::Cover).collect()
    };
    let all: Vec<usize> = covers(|_| {});
    assert_eq!(all, [4, 5]);
    assert_eq!(covers(|item| item.resources[0].presence = Presence::CloudOnly), [4]);
    assert_eq!(covers(|item| item.resources[0].presence = Presence::Missing), [4]);
    assert_eq!(covers(|item| item.scope = Scope::Uncatalogued), [4]);
}

#[test]
fn what_is_protected_is_left_out_and_named() {
    let selected = select(&music(), &Selection::default()).unwrap();
    assert_eq!((selected.left_out.protected, selected.protected_left_out), (1, vec![2]));
    assert_eq!(meant(|s| s.media.protected = Policy::Include).unwrap(), "a b c d cover:1 cover:2");
    assert_eq!(meant(|s| s.media.protected = Policy::Only).unwrap(), "c cover:2");
}

#[test]
fn words_of_music() {
    assert_eq!(meant(|s| s.media.genres = vec!["jaz".into()]).unwrap(), "a cover:1");
    assert_eq!(meant(|s| s.media.min_rating = Some(80)).unwrap(), "a cover:1");
    assert_eq!(meant(|s| s.media.min_rating = Some(100)).unwrap(), "");
    assert_eq!(meant(|s| s.years = vec![1999]).unwrap(), "a cover:1");
    // Whoever an album belongs to counts, too.
    assert_eq!(meant(|s| s.media.artists = vec!["Bo".into()]).unwrap(), "d cover:2");
    assert_eq!(meant(|s| s.albums = vec!["Sport/Run".into()]).unwrap(), "b d cover:1 cover:2");
    assert_eq!(meant(|s| s.albums = vec!["Sport".into()]).unwrap(), "b d cover:1 cover:2");
    assert_eq!(meant(|s| s.not_albums = vec!["Run".into()]).unwrap(), "a cover:1");
}

#[test]
fn names_that_do_not_exist_are_called_what_they_are() {
    let name = |change: fn(&mut Selection)| match meant(change).unwrap_err() {
        SelectError::NoSuchName { what, nearest, .. } => (what.singular(), nearest.join(", ")),
        other => panic!("{other}"),
    };
    assert_eq!(name(|s| s.albums = vec!["Runn".into()]), ("playlist", "Sport/Run".to_owned()));
    assert_eq!(name(|s| s.not_albums = vec!["Runn".into()]).0, "playlist");
    assert_eq!(name(|s| s.media.artists = vec!["Ada B".into()]).0, "artist");
    assert_eq!(name(|s| s.media.albums = vec!["Frist".into()]), ("album", "First".to_owned()));
    assert_eq!(name(|s| s.media.genres = vec!["Rock".into()]).0, "genre");
}

#[test]
fn everything_is_everything_whatever_is_done_about_classes() {
    let mut selection = Selection::default();
    selection.media.protected = Policy::Include;
    selection.media.covers = false;
    assert!(selection.is_everything());
    selection.media.min_rating = Some(20);
    assert!(!selection.is_everything());
}

#[test]
fn what_has_no_known_size_is_neither_large_nor_small() {
    let mut catalog = music();
    let unpacked = song("e", "Five", by("Cy", "Third"));
    catalog.items.push(unpacked);
    for file in &mut catalog.items[6].resources {
        file.size_bytes = None;
    }
    let meant = |change: fn(&mut Selection)| {
        let mut selection = Selection::default();
        selection.media.covers = false;
        change(&mut selection);
        select(&catalog, &selection).unwrap().items
    };
    assert_eq!(meant(|_| {}), [0, 1, 3, 6]);
    assert_eq!(meant(|s| s.min_size = Some(0)), [0, 1, 3]);
    assert_eq!(meant(|s| s.max_size = Some(u64::MAX)), [0, 1, 3]);
    let size = crate::fields::Table::of(Collection::Music).column("size").unwrap();
    assert!(size.optional && size.of(&catalog.items[6], &catalog).is_nothing());
    assert!(!size.of(&catalog.items[0], &catalog).is_nothing());
}

#[test]
fn what_was_not_taken_goes_by_its_release() {
    let at = |text: &str| Some(text.parse().unwrap());
    let march = Media { released: at("2024-03-05T23:30:00Z"), ..by("Cast", "Daily") };
    let april = Media { released: at("2024-04-01T00:10:00Z"), ..by("Cast", "Daily") };
    let mut taken = song("t", "Taken", march.clone());
    taken.taken =
        Some(crate::catalog::CaptureTime { instant: "2020-01-01T12:00:00Z".parse().unwrap(), offset: None });
    let items =
        vec![song("m", "M", march), song("a", "A", april), song("u", "U", by("Cast", "Daily")), taken];
    let mut catalog = catalog(items, Vec::new());
    catalog.collection = Collection::Podcasts;
    let now = jiff::Zoned::now();
    let between = |since: &str, until: &str| {
        let when = |text| Some(When::parse(text, &now).unwrap());
        let taken = Range { since: when(since), until: when(until) };
        select(&catalog, &Selection { taken, ..Selection::default() }).unwrap().items
    };
    assert_eq!(between("2024-03", "2024-03"), [0]);
    assert_eq!(between("2024-03-05", "2024-04-01"), [0, 1]);
    assert_eq!(between("2020", "2020"), [3]);
}

#[test]
fn the_newest_songs_are_those_that_came_last_and_the_newest_episodes_those_of_today() {
    let at = |text: &str| Some(text.parse().unwrap());
    let old = |added: &str, released: &str, kind: MediaKind| {
        let mut item = song(added, added, Media { released: at(released), ..by("Ada", "First") });
        (item.added, item.kind) = (at(added), kind);
        item
    };
    for (kind, newest) in [(MediaKind::Song, 1), (MediaKind::Podcast, 0), (MediaKind::Movie, 1)] {
        let items = vec![
            old("2017-01-01T00:00:00Z", "2023-10-01T00:00:00Z", kind),
            old("2024-01-01T00:00:00Z", "1965-10-01T00:00:00Z", kind),
        ];
        let selection = Selection { last: Some(1), ..Selection::default() };
        assert_eq!(select(&catalog(items, Vec::new()), &selection).unwrap().items, [newest], "{kind:?}");
    }
}
