use super::*;
use crate::catalog::Album;
use crate::testing::{album, catalog, photo};

/// 0 plain, 1 hidden, 2 trashed, 3 in a shared album, 4 elsewhere, 5 plain, 6 trashed and hidden.
fn library() -> Catalog {
    let mut items: Vec<Item> =
        (0..7).map(|n| photo(&format!("U{n}"), &format!("IMG_{n}.HEIC"), n, 10)).collect();
    items[1].hidden = true;
    items[2].trashed = true;
    items[3].scope = Scope::SharedAlbum;
    items[4].scope = Scope::Elsewhere;
    items[6].trashed = true;
    items[6].hidden = true;
    let shared = Album { shared: true, ..album("Holidays with others", &[3, 2]) };
    let albums = vec![
        album("Trip", &[5, 0]),
        album("Trips/Rome", &[1, 2]),
        album("Trips/2024/Rome", &[5]),
        album("trips", &[0, 4]),
        shared,
        album("", &[0]),
    ];
    catalog(items, albums)
}

fn albums(names: &[&str]) -> Selection {
    Selection { albums: names.iter().map(|name| (*name).to_owned()).collect(), ..Selection::default() }
}

#[track_caller]
fn items(names: &[&str]) -> Vec<usize> {
    select(&library(), &albums(names)).unwrap().items
}

#[test]
fn all_of_the_library_by_default() {
    let got = select(&library(), &Selection::default()).unwrap();
    assert_eq!(got.items, [0, 1, 5]);
    assert_eq!(got.hidden, 1);
    assert_eq!(got.left_out, LeftOut { trashed: 2, shared: 1, elsewhere: 1, ..LeftOut::default() });
}

#[test]
fn hidden_by_policy() {
    let with = |hidden| select(&library(), &Selection { hidden, ..Selection::default() }).unwrap();
    let without = with(Policy::Exclude);
    assert_eq!((without.items, without.hidden, without.left_out.hidden), (vec![0, 5], 0, 1));
    let only = with(Policy::Only);
    assert_eq!((only.items, only.hidden, only.left_out.others), (vec![1], 1, 2));
}

#[test]
fn an_album_by_title_path_case_or_folder() {
    assert_eq!(items(&["Trip"]), [0, 5], "in the order of the catalogue");
    assert_eq!(items(&["TRIP"]), [0, 5]);
    assert_eq!(items(&["Rome"]), [1, 5], "both albums of that title");
    assert_eq!(items(&["Trips/Rome"]), [1]);
    assert_eq!(items(&["trips/2024/rome"]), [5]);
    assert_eq!(items(&["Trips/2024"]), [5], "a folder");
    assert_eq!(items(&["trips"]), [0], "the album of exactly that name, not the folder Trips");
    assert_eq!(items(&["Trips"]), [1, 5], "the folder of exactly that name, not the album trips");
    assert_eq!(items(&["TRIPS"]), [0], "an album before a folder, where neither is exact");
    assert_eq!(items(&["Trips/"]), [1, 5], "the folder, not the album");
    assert_eq!(items(&["Trip", "Trips/Rome"]), [0, 1, 5], "each once");
}

#[test]
fn only_what_was_asked_for_counts_as_left_out() {
    let got = select(&library(), &albums(&["Trips/Rome"])).unwrap();
    assert_eq!(got.left_out, LeftOut { trashed: 1, ..LeftOut::default() });
}

#[test]
fn a_shared_album_only_by_name() {
    let got = select(&library(), &albums(&["Holidays with others"])).unwrap();
    assert_eq!(got.items, [3]);
    assert_eq!(got.left_out, LeftOut { trashed: 1, ..LeftOut::default() });
}

#[test]
fn composed_and_decomposed_names_are_the_same() {
    let catalog = catalog(vec![photo("U", "a.jpg", 0, 1)], vec![album("Cafe\u{301}", &[0])]);
    assert_eq!(select(&catalog, &albums(&["CAF\u{c9}"])).unwrap().items, [0]);
}

#[test]
fn an_unknown_album_names_the_nearest() {
    let error = select(&library(), &albums(&["Trip", "Rmoe"])).unwrap_err();
    let SelectError::NoSuchAlbum { asked, nearest, available } = error else { panic!("{error}") };
    assert_eq!((asked.as_str(), available), ("Rmoe", 6));
    assert_eq!(nearest, ["Trips/2024/Rome", "Trips/Rome"]);

    let error = select(&library(), &albums(&["zzzz"])).unwrap_err();
    let SelectError::NoSuchAlbum { nearest, .. } = error else { panic!("{error}") };
    assert_eq!(nearest, [] as [&str; 0], "rather nothing than nonsense");
}

#[test]
fn members_that_do_not_exist_are_passed_over() {
    let catalog = catalog(vec![photo("U", "a.jpg", 0, 1)], vec![album("A", &[7, 0])]);
    assert_eq!(select(&catalog, &albums(&["A"])).unwrap().items, [0]);
}

#[test]
fn what_was_picked_is_meant_whatever_it_is() {
    let picked = Some(vec![3, 2, 1, 3, 99]);
    let got = select(&library(), &Selection { picked, ..albums(&["no such album"]) }).unwrap();
    assert_eq!((got.items, got.hidden), (vec![1, 2, 3], 1));
    assert_eq!(got.left_out, LeftOut::default());
}
mod criteria;
mod media;
mod properties;
