use clap::Parser;
use jiff::Zoned;
use proptest::prelude::*;

use super::*;
use crate::cli::Args;
use crate::cli::args::Command;
use crate::cli::pick::quote::quote;
use crate::cli::pick::sample::{any_library, library};
use crate::cli::pick::shelf::Shelf;
use crate::cli::selection::selection_to_export;

fn say(catalog: &Catalog, items: &[usize]) -> String {
    let shelf = Shelf::of(catalog);
    let words = words(catalog, shelf.nodes(), items, &|name| quote(name).is_some());
    words.map_or("nothing".to_owned(), |words| words.options(None).join(" "))
}

#[track_caller]
fn says(items: &[usize], expected: &str) {
    assert_eq!(say(&library(), items), expected);
}

#[test]
fn everything_is_all() {
    says(&[0, 1, 2, 3, 4, 5, 7], "--all");
    says(&[0, 1, 2, 3, 4, 7], "--all --hidden exclude");
    says(&[0, 1, 2, 3, 4, 5, 6, 7], "--all --trashed include");
}

#[test]
fn whole_albums_are_named_and_the_rest_is_counted_out() {
    says(&[0, 1, 2], "--album Travel/Italy");
    says(&[2, 3], "--album Cats");
    says(&[0, 1, 2, 7], "--album Travel/Italy --uuid U7");
    says(&[0, 1], "--uuid U0 --uuid U1");
    says(&[8], "--album Neighbours");
    says(&[8, 9], "--album Neighbours --uuid U9");
}

#[test]
fn smart_albums_are_named_where_nothing_else_is_ticked() {
    says(&[5], "--smart hidden");
    says(&[6], "--smart recently-deleted");
    says(&[5, 6], "--smart hidden --smart recently-deleted");
    // A favourite is the only video.
    says(&[7], "--smart favourites");
    says(&[0, 7], "--uuid U0 --uuid U7");
    // Another video is hidden, and was not ticked.
    let mut catalog = library();
    catalog.items[5].kind = crate::catalog::MediaKind::Video;
    catalog.items[4].kind = crate::catalog::MediaKind::Video;
    assert_eq!(say(&catalog, &[4, 7]), "--smart videos --hidden exclude");
}

#[test]
fn a_folder_stands_for_its_albums() {
    says(&[0, 1, 2, 4, 5], "--album Travel/");
    says(&[0, 1, 2, 3, 4, 5], "--album Travel/ --album Cats");
}

#[test]
fn hidden_items_are_left_out_where_they_were_not_ticked() {
    // Norway holds 4 and the hidden 5.
    says(&[4], "--album Travel/Norway --hidden exclude");
    says(&[4, 5], "--album Travel/Norway");
    says(&[0, 1, 2, 4], "--album Travel/ --hidden exclude");
}

#[test]
fn names_that_mean_something_else_are_not_used() {
    let mut catalog = library();
    // Another album of the same path, with more in it.
    catalog.albums[3].folders = vec!["Travel".into()];
    "Italy".clone_into(&mut catalog.albums[3].title);
    catalog.albums[3].members = vec![7];
    assert_eq!(say(&catalog, &[0, 1, 2]), "--uuid U0 --uuid U1 --uuid U2");
    assert_eq!(say(&catalog, &[0, 1, 2, 7]), "--album Travel/Italy");
    // A name that would drive the terminal.
    let mut catalog = library();
    "Ca\u{1b}ts".clone_into(&mut catalog.albums[2].title);
    assert_eq!(say(&catalog, &[2, 3]), "--uuid U2 --uuid U3");
}

#[test]
fn many_items_need_a_list_and_identities_that_no_list_can_hold_are_said_to_be_so() {
    let mut catalog = library();
    let shelf_words = |catalog: &Catalog, items: &[usize]| {
        let shelf = Shelf::of(catalog);
        words(catalog, shelf.nodes(), items, &|_| false)
    };
    let words = shelf_words(&catalog, &[0, 1, 2, 3, 7]).unwrap();
    assert!(words.needs_list());
    assert_eq!(words.options(Some("-list")), ["--uuid-from=-list"]);
    assert!(!shelf_words(&catalog, &[0, 1, 2, 3]).unwrap().needs_list());
    catalog.items[0].uuid.0 = "U\n1".to_owned();
    assert_eq!(shelf_words(&catalog, &[0, 1]), None);
}

#[test]
fn two_items_of_one_identity_cannot_be_told_apart() {
    let mut catalog = library();
    catalog.items[3].uuid = catalog.items[0].uuid.clone();
    assert_eq!(say(&catalog, &[0, 1]), "nothing");
    assert_eq!(say(&catalog, &[0, 3]), "--uuid U0");
}

#[test]
fn a_name_that_is_a_pattern_is_tried_like_any_other() {
    let mut catalog = library();
    "C*".clone_into(&mut catalog.albums[3].title);
    catalog.albums[3].members = vec![7];
    let said = say(&catalog, &[0, 7]);
    assert_eq!(meaning(&catalog, said.split(' ').map(str::to_owned).collect()), [0, 7], "{said}");
}

#[test]
fn nobody_reads_a_hundred_albums() {
    let mut catalog = library();
    let many = 0..ALBUMS + 1;
    catalog.items =
        many.clone().map(|n| crate::testing::photo(&format!("U{n}"), "A.JPG", n as i64, 1)).collect();
    catalog.items.push(crate::testing::photo("other", "A.JPG", 0, 1));
    catalog.albums = many.clone().map(|n| crate::testing::album(&format!("Album {n}"), &[n])).collect();
    let items: Vec<usize> = many.collect();
    assert!(say(&catalog, &items).starts_with("--uuid U0 "));
    assert!(say(&catalog, &items[1..]).starts_with("--album Album 1 "));
}

/// What a command line with these options selects.
fn meaning(catalog: &Catalog, options: Vec<String>) -> Vec<usize> {
    let line = ["iexport", "photos", "--to", "x"].map(str::to_owned).into_iter().chain(options);
    let Command::Photos(args) = Args::try_parse_from(line).unwrap().command else {
        panic!("another command")
    };
    let selection = selection_to_export(&args.which, &Zoned::now()).unwrap();
    select(catalog, &selection).unwrap().items
}

proptest! {
    #[test]
    fn the_words_mean_exactly_what_is_ticked(
        catalog in any_library(),
        ticks in proptest::collection::vec((any::<bool>(), 0_usize..24), 1..6),
    ) {
        let shelf = Shelf::of(&catalog);
        let mut items: Vec<usize> = Vec::new();
        for (whole_list, number) in ticks {
            match shelf.nodes().get(number) {
                Some(node) if whole_list => items.extend(&node.members),
                _ if !shelf.lists_of(number).is_empty() => items.push(number),
                _ => {}
            }
        }
        items.sort_unstable();
        items.dedup();
        let Some(words) = words(&catalog, shelf.nodes(), &items, &|name| quote(name).is_some()) else {
            prop_assert!(items.is_empty(), "nothing can be said");
            return Ok(());
        };
        prop_assert_eq!(meaning(&catalog, words.options(None)), items);
        // And each of them can be written.
        for option in words.options(None) {
            prop_assert!(quote(&option).is_some(), "{}", option);
        }
    }
}
