//! One criterion after another.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::*;
use crate::catalog::{AssetUuid, BurstMember, Camera, CaptureTime, Face, MediaKind};
use crate::fields::Engine;

/// Ten items with a little of everything; the last three have no date, are deleted, are a shared one.
pub(super) fn varied() -> Catalog {
    let mut items: Vec<Item> =
        (0..10).map(|n| photo(&format!("U{n}"), &format!("IMG_{n:04}.HEIC"), n * 86_400, 1_000)).collect();
    let face = |name: &str| Face { name: Some(name.into()), region: None };
    let camera = |make: &str, model: &str| {
        Some(Box::new(Camera { make: Some(make.into()), model: Some(model.into()), ..Camera::default() }))
    };
    items[0].favorite = true;
    items[0].faces = vec![face("Ada Lovelace"), Face { name: None, region: None }];
    items[0].keywords = vec!["Beach".into(), "sun".into()];
    items[0].location = Some((41.9, 12.5));
    items[0].camera = camera("Apple", "iPhone 15 Pro");
    items[1].faces = vec![face("Ada Lovelace"), face("Grace")];
    items[1].camera = camera("Apple", "iPhone 8");
    items[1].adjusted = true;
    items[2].kind = MediaKind::Video;
    items[2].duration_seconds = Some(90.0);
    items[2].original_name = "IMG_0002.MOV".to_owned();
    items[2].traits.slow_mo = true;
    items[3].imported_by = Some(Arc::from("WhatsApp"));
    items[3].title = Some("On the Beach".into());
    items[3].caption = Some("Sand".into());
    items[4].hidden = true;
    items[4].favorite = true;
    items[5].camera = camera("Canon", "Canon EOS R5");
    items[5].resources[0].size_bytes = Some(50_000_000);
    items[5].location = Some((42.0, 12.6));
    for (n, picked) in [(6, true), (7, false)] {
        items[n].burst =
            Some(Box::new(BurstMember { burst: "b".into(), shown: picked, picked, key: picked }));
    }
    items[7].taken = None;
    items[8].trashed = true;
    items[8].favorite = true;
    items[9].scope = Scope::SharedAlbum;
    let albums = vec![
        album("Travel/Italy 2023", &[0, 1]),
        album("Travel/Italy 2024", &[1, 2]),
        album("Travel/2024/Norway", &[3]),
        album("Best of*", &[0, 4]),
        Album { shared: true, ..album("Family", &[9]) },
    ];
    for (number, album) in albums.iter().enumerate() {
        for member in &album.members {
            items[*member].albums.push(number);
        }
    }
    for (n, item) in items.iter_mut().enumerate() {
        item.added = Some(item.taken.map_or(jiff::Timestamp::UNIX_EPOCH, |taken| taken.instant));
        let offset = jiff::tz::Offset::from_hours(2).unwrap();
        item.taken = item.taken.map(|taken| CaptureTime { offset: Some(offset), ..taken });
        item.uuid = AssetUuid(format!("U{n}"));
    }
    catalog(items, albums)
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[track_caller]
fn meant(change: impl FnOnce(&mut Selection)) -> Vec<usize> {
    let mut selection = Selection::default();
    change(&mut selection);
    select(&varied(), &selection).unwrap().items
}

#[track_caller]
fn fails(change: impl FnOnce(&mut Selection)) -> SelectError {
    let mut selection = Selection::default();
    change(&mut selection);
    select(&varied(), &selection).unwrap_err()
}

const NONE: [usize; 0] = [];

#[test]
fn albums_and_folders_by_pattern() {
    assert_eq!(meant(|s| s.albums = words(&["Italy*"])), [0, 1, 2]);
    assert_eq!(
        meant(|s| s.albums = words(&["travel/*"])),
        [0, 1, 2, 3],
        "albums, and the folder Travel/2024"
    );
    assert_eq!(meant(|s| s.albums = words(&["Best of*"])), [0, 4], "an album of exactly that name");
    assert_eq!(meant(|s| s.albums = words(&["Fam*"])), [9], "a shared album by pattern is named too");
    assert_eq!(meant(|s| s.albums = words(&["/travel/italy 2023"])), [0, 1], "a whole path");
    assert_eq!(meant(|s| s.albums = words(&["/Travel/Italy*"])), [0, 1, 2]);
    assert_eq!(meant(|s| s.albums = words(&["/Travel/"])), [0, 1, 2, 3]);
    fails(|s| s.albums = words(&["/Italy 2023"]));
    fails(|s| s.albums = words(&["/Italy*"]));
    assert_eq!(meant(|s| s.folders = words(&["travel"])), [0, 1, 2, 3]);
    assert_eq!(meant(|s| s.folders = words(&["2024"])), [3], "by its own name");
    assert_eq!(meant(|s| s.folders = words(&["Travel/20*"])), [3]);
    assert_eq!(meant(|s| s.not_albums = words(&["Italy 2023"])), [2, 3, 4, 5, 6, 7]);
    assert_eq!(meant(|s| s.not_folders = words(&["Travel"])), [4, 5, 6, 7]);
    assert_eq!(meant(|s| s.no_album = true), [5, 6, 7]);
    let both = meant(|s| {
        s.albums = words(&["Travel"]);
        s.not_albums = words(&["Italy 2024"]);
    });
    assert_eq!(both, [0, 3]);
}

#[test]
fn names_that_do_not_exist() {
    let error = fails(|s| s.albums = words(&["Itay*"]));
    assert!(matches!(&error, SelectError::NoSuchAlbum { .. }), "{error}");
    let nearest = |error: SelectError| match error {
        SelectError::NoSuchName { nearest, what, .. } => (what, nearest.first().cloned().unwrap_or_default()),
        other => panic!("{other}"),
    };
    let found = |what, name: &str| (what, name.to_owned());
    assert_eq!(nearest(fails(|s| s.folders = words(&["Travle"]))), found(Named::Folder, "Travel"));
    assert_eq!(
        nearest(fails(|s| s.persons = words(&["Ada Lovelance"]))),
        found(Named::Person, "Ada Lovelace")
    );
    assert_eq!(nearest(fails(|s| s.not_persons = words(&["grase"]))), found(Named::Person, "Grace"));
    assert_eq!(nearest(fails(|s| s.keywords = words(&["beech"]))), found(Named::Keyword, "Beach"));
    assert_eq!(
        nearest(fails(|s| s.cameras = words(&["Apple iPhone 9"]))),
        found(Named::Camera, "Apple iPhone 8")
    );
    assert_eq!(nearest(fails(|s| s.importers = words(&["Whatsup"]))), found(Named::App, "WhatsApp"));
    assert_eq!(nearest(fails(|s| s.names = words(&["IMG_9*"]))), found(Named::File, "IMG_0009.HEIC"));
    let text = fails(|s| s.uuids = Some([AssetUuid("X".to_owned())].into())).to_string();
    assert_eq!(text, "there is no photo or video with the uuid \u{201c}X\u{201d}");
}

#[test]
fn a_file_name_that_exists_is_that_name_whatever_is_in_it() {
    let names = ["Scan [1].jpg", "Scan 1.jpg", "a{b.jpg", "[c.jpg"];
    let items = names.iter().zip(0..).map(|(name, at)| photo(name, name, at, 1)).collect();
    let catalog = catalog(items, Vec::new());
    let meant = |wanted: &[&str], unwanted: &[&str]| {
        let selection =
            Selection { names: words(wanted), not_names: words(unwanted), ..Selection::default() };
        select(&catalog, &selection).map(|selected| selected.items)
    };
    assert_eq!(meant(&["scan [1].JPG"], &[]).unwrap(), [0]);
    assert_eq!(meant(&["a{b.jpg", "[c.jpg"], &[]).unwrap(), [2, 3]);
    assert_eq!(meant(&[], &["[c.jpg"]).unwrap(), [0, 1, 2]);
    assert_eq!(meant(&["Scan [12].jpg"], &[]).unwrap(), [1], "what is no name is a pattern");
    let error = meant(&["[d.jpg"], &[]).unwrap_err();
    assert_eq!(error.to_string(), "\"[d.jpg\" is no pattern: unclosed character class; missing ']'");
}

#[test]
fn people_keywords_cameras_apps() {
    assert_eq!(meant(|s| s.persons = words(&["ada lovelace"])), [0, 1]);
    assert_eq!(meant(|s| s.persons = words(&["Gr*", "ADA*"])), [0, 1]);
    assert_eq!(meant(|s| s.not_persons = words(&["Grace"])), [0, 2, 3, 4, 5, 6, 7]);
    assert_eq!(meant(|s| s.keywords = words(&["beach"])), [0]);
    assert_eq!(meant(|s| s.not_keywords = words(&["s?n"])), [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(meant(|s| s.cameras = words(&["iphone"])), [0, 1]);
    assert_eq!(meant(|s| s.cameras = words(&["canon eos r5"])), [5]);
    assert_eq!(meant(|s| s.not_cameras = words(&["Apple*"])), [2, 3, 4, 5, 6, 7]);
    assert_eq!(meant(|s| s.importers = words(&["whats"])), [3]);
    assert_eq!(meant(|s| s.not_importers = words(&["WhatsApp"])), [0, 1, 2, 4, 5, 6, 7]);
    assert_eq!(meant(|s| s.titles = words(&["beach"])), [3]);
    assert_eq!(meant(|s| s.captions = words(&["SAND", "x"])), [3]);
    assert_eq!(meant(|s| s.titles = words(&["nowhere"])), NONE, "a text may be nowhere");
}

#[test]
fn what_it_is() {
    assert_eq!(meant(|s| s.favorite = Some(true)), [0, 4]);
    assert_eq!(meant(|s| s.smart = vec![Smart::Favourites, Smart::Videos]), [0, 2, 4]);
    assert_eq!(meant(|s| s.not_smart = vec![Smart::SlowMo, Smart::Hidden]), [0, 1, 3, 5, 6, 7]);
    assert_eq!(meant(|s| s.kinds = vec![MediaKind::Video]), [2]);
    assert_eq!(meant(|s| s.not_kinds = vec![MediaKind::Photo]), [2]);
    assert_eq!(meant(|s| s.edited = Some(true)), [1]);
    assert_eq!(meant(|s| s.located = Some(true)), [0, 5]);
    assert_eq!(meant(|s| s.names = words(&["*.mov"])), [2]);
    assert_eq!(meant(|s| s.not_names = words(&["*.heic"])), [2]);
    assert_eq!(meant(|s| s.min_size = Some(2_000)), [5]);
    assert_eq!(meant(|s| s.max_size = Some(1_000)), [0, 1, 2, 3, 4, 6, 7]);
    assert_eq!(meant(|s| s.min_duration = Some(60.0)), [2]);
    assert_eq!(meant(|s| s.max_duration = Some(60.0)), NONE, "what has no duration is not short");
    assert_eq!(meant(|s| s.near = vec!["41.9,12.5,5".parse().unwrap()]), [0]);
    assert_eq!(meant(|s| s.not_near = vec!["41.9,12.5,100".parse().unwrap()]), [1, 2, 3, 4, 6, 7]);
    let condition = |text: &str| Some(Engine::new().compile_expression(text).unwrap());
    assert_eq!(meant(|s| s.condition = condition("'Ada Lovelace' in persons and not edited")), [0]);
    let error = fails(|s| s.condition = condition("stem[4:] is containing resources"));
    assert!(matches!(error, SelectError::Condition(_)), "{error}");
}

#[test]
fn when_it_was() {
    let now: jiff::Zoned = "2024-03-12T12:00:00+00:00[UTC]".parse().unwrap();
    let when = |text: &str| Some(When::parse(text, &now).unwrap());
    // Item n was taken at 14 o'clock on March 9 + n, by the clock of its place.
    assert_eq!(meant(|s| s.taken.since = when("2024-03-13")), [4, 5, 6]);
    assert_eq!(meant(|s| s.taken.until = when("yesterday")), [0, 1, 2]);
    assert_eq!(meant(|s| s.taken.since = when("1d")), [2, 3, 4, 5, 6]);
    assert_eq!(meant(|s| s.years = vec![2024, 1999]), [0, 1, 2, 3, 4, 5, 6]);
    assert_eq!(meant(|s| s.not_years = vec![2024]), [7], "what has no date is of no year");
    let added = Range { since: when("2024-03-14"), until: when("2024-03-15") }.in_zone(now.time_zone());
    assert_eq!(meant(|s| s.added = added), [5, 6]);
}

#[test]
fn classes_that_are_asked_for_by_name() {
    assert_eq!(meant(|s| s.smart = vec![Smart::RecentlyDeleted]), [8]);
    let hidden = meant(|s| {
        s.smart = vec![Smart::Hidden];
        s.hidden = Policy::Exclude;
    });
    assert_eq!(hidden, [4]);
    let uuids = |names: &[&str]| -> Option<BTreeSet<AssetUuid>> {
        Some(names.iter().map(|name| AssetUuid((*name).to_owned())).collect())
    };
    assert_eq!(meant(|s| s.uuids = uuids(&["U8", "U9", "U1"])), [1, 8, 9], "whatever class they are of");
    let selection = Selection { uuids: uuids(&["U1", "gone"]), ..Selection::default() };
    let got = select(&varied(), &selection).unwrap();
    assert_eq!((got.items, got.unknown_uuids), (vec![1], 1));
    let with_album = meant(|s| {
        s.uuids = uuids(&["U5"]);
        s.albums = words(&["Italy 2024"]);
        s.kinds = vec![MediaKind::Photo];
    });
    assert_eq!(with_album, [1, 5], "names add up, and everything else narrows");
}

#[test]
fn bursts_and_the_newest() {
    let got = select(&varied(), &Selection { bursts: Bursts::Picks, ..Selection::default() }).unwrap();
    assert_eq!((got.items.as_slice(), got.left_out.bursts), ([0, 1, 2, 3, 4, 5, 6].as_slice(), 1));
    assert_eq!(meant(|s| s.last = Some(2)), [5, 6], "what has no date is the oldest");
    assert_eq!(meant(|s| s.last = Some(99)), [0, 1, 2, 3, 4, 5, 6, 7]);
    let favourites = meant(|s| {
        s.favorite = Some(true);
        s.last = Some(1);
    });
    assert_eq!(favourites, [4], "the newest of what is meant otherwise");
    let got = select(&varied(), &Selection { last: Some(3), ..Selection::default() }).unwrap();
    assert_eq!((got.items, got.hidden), (vec![4, 5, 6], 1));
}

#[test]
fn what_was_picked_by_hand_is_meant_and_nothing_else() {
    let picked = Selection {
        picked: Some(vec![8, 2, 8, 77]),
        favorite: Some(true),
        trashed: Policy::Exclude,
        ..Selection::default()
    };
    assert_eq!(select(&varied(), &picked).unwrap().items, [2, 8]);
}

#[test]
fn whether_anything_was_said() {
    let with_classes = Selection { trashed: Policy::Only, bursts: Bursts::Key, ..Selection::default() };
    assert!(with_classes.is_everything());
    assert!(!Selection { last: Some(1), ..Selection::default() }.is_everything());
}
