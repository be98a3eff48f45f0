use proptest::prelude::*;

use super::*;
use crate::cli::pick::sample::{any_library, library};
use crate::testing::photo;

/// Presses keys: letters as they are, and names in brackets.
fn keys(picker: &mut Picker, text: &str) -> Option<Effect> {
    let mut last = None;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let named = match word {
            "<space>" => Key::Char(' '),
            "<enter>" => Key::Enter,
            "<esc>" => Key::Esc,
            "<tab>" => Key::Tab,
            "<up>" => Key::Up,
            "<down>" => Key::Down,
            "<left>" => Key::Left,
            "<right>" => Key::Right,
            "<end>" => Key::End,
            "<home>" => Key::Home,
            "<backspace>" => Key::Backspace,
            "<ctrl-c>" => Key::Ctrl('c'),
            "<ctrl-l>" => Key::Ctrl('l'),
            text => {
                for c in text.chars() {
                    last = picker.press(&Input::Key(Key::Char(c)));
                }
                continue;
            }
        };
        last = picker.press(&Input::Key(named));
    }
    last
}

fn title(picker: &Picker) -> String {
    picker.shelf().nodes()[picker.lists().current()].title.clone()
}

/// The item under the cursor.
fn under_cursor(picker: &Picker) -> Option<usize> {
    picker.shown().get(picker.items().cursor()).copied()
}

#[test]
fn lists_on_the_left_decide_what_is_on_the_right() {
    let catalog = library();
    let mut picker = Picker::new(&catalog, None);
    assert_eq!((title(&picker).as_str(), picker.shown()), ("Library", [0, 1, 2, 3, 4, 7].as_slice()));
    keys(&mut picker, "jj");
    assert_eq!((title(&picker).as_str(), picker.shown()), ("Italy", [2, 1, 0].as_slice()));
    // To the right, down, and back: the place is kept.
    keys(&mut picker, "ljj");
    assert_eq!((picker.focus(), under_cursor(&picker)), (Pane::Items, Some(0)));
    keys(&mut picker, "<tab> <tab>");
    assert_eq!(under_cursor(&picker), Some(0));
    // Another list begins at its top.
    keys(&mut picker, "<tab> j");
    assert_eq!((title(&picker).as_str(), picker.items().cursor()), ("Norway", 0));
    assert_eq!(picker.shown(), [4], "the hidden one is not here");
    keys(&mut picker, "<end>");
    assert_eq!((title(&picker).as_str(), picker.shown()), ("Not in the catalogue", [9].as_slice()));
}

#[test]
fn left_goes_to_the_folder_around_and_shuts_it() {
    let catalog = library();
    let mut picker = Picker::new(&catalog, None);
    keys(&mut picker, "jjj h");
    assert_eq!((title(&picker).as_str(), picker.shown()), ("Travel", [0, 1, 2, 4].as_slice()));
    keys(&mut picker, "h j");
    assert_eq!(title(&picker), "Cats");
    keys(&mut picker, "k <right>");
    assert_eq!(picker.focus(), Pane::Lists, "it opened the folder");
    keys(&mut picker, "<right> <left>");
    assert_eq!(picker.focus(), Pane::Lists);
}

#[test]
fn space_ticks_one_or_a_whole_list_and_a_all_that_is_shown() {
    let catalog = library();
    let mut picker = Picker::new(&catalog, None);
    keys(&mut picker, "jj <space>");
    assert_eq!(picker.ticked(), [0, 1, 2]);
    assert_eq!((picker.sums().items, picker.sums().bytes_on_phone()), (3, 300));
    assert_eq!(picker.tick_of(0), Tick::Partial);
    keys(&mut picker, "l <space>");
    assert_eq!(picker.ticked(), [0, 1]);
    keys(&mut picker, "a");
    assert_eq!(picker.ticked(), [0, 1, 2]);
    keys(&mut picker, "a");
    assert_eq!(picker.ticked(), [0_usize; 0]);
    // The whole library, with what is only in iCloud.
    keys(&mut picker, "h <home> <space>");
    assert_eq!((picker.sums().items, picker.sums().cloud_only, picker.tick_of(0)), (6, 1, Tick::Full));
}

#[test]
fn an_empty_list_says_so() {
    let catalog = library();
    let mut picker = Picker::new(&catalog, None);
    keys(&mut picker, "jjjjj");
    assert_eq!(title(&picker), "Empty");
    for key in ["<space>", "a", "l <space>"] {
        keys(&mut picker, key);
        assert!(picker.note().is_some_and(|note| note.contains("nothing in this list")), "{key}");
    }
    keys(&mut picker, "<enter>");
    assert!(picker.note().is_some_and(|note| note.contains("Nothing is ticked")));
    keys(&mut picker, "j");
    assert_eq!(picker.note(), None);
}

#[test]
fn a_search_narrows_the_list_as_it_is_typed() {
    let catalog = library();
    let mut picker = Picker::new(&catalog, None);
    keys(&mut picker, "/");
    assert!(picker.is_searching());
    keys(&mut picker, "italy");
    assert_eq!(picker.shown(), [0, 1, 2]);
    // Space is a letter here, and so is a.
    keys(&mut picker, "<space> 0002");
    assert_eq!((picker.search().text(), picker.shown()), ("italy 0002", [2].as_slice()));
    assert_eq!(picker.sums().items, 0);
    keys(&mut picker, "<enter> a");
    assert_eq!((picker.focus(), picker.ticked()), (Pane::Items, vec![2]));
    // The search goes along to another list.
    keys(&mut picker, "<tab> jjjj");
    assert_eq!((title(&picker).as_str(), picker.shown()), ("Cats", [2].as_slice()));
    // On the left, space ticks the list whatever is searched.
    keys(&mut picker, "<space>");
    assert_eq!(picker.ticked(), [2, 3]);
    keys(&mut picker, "<esc>");
    assert_eq!((picker.search().text(), picker.shown()), ("", [2, 3].as_slice()));
}

#[test]
fn the_end_of_a_search_keeps_the_item_under_the_cursor() {
    let catalog = library();
    let mut picker = Picker::new(&catalog, None);
    keys(&mut picker, "/ 000 <down> <down> <down>");
    assert_eq!(under_cursor(&picker), Some(3));
    keys(&mut picker, "<esc>");
    assert_eq!((under_cursor(&picker), picker.is_searching()), (Some(3), false));
    keys(&mut picker, "/ nothing");
    assert_eq!(picker.shown(), [0_usize; 0]);
    keys(&mut picker, "<esc>");
    assert_eq!(picker.shown().len(), 6);
    keys(&mut picker, "/ <backspace>");
    assert!(!picker.is_searching(), "nothing is left to take back");
}

#[test]
fn leaving_asks_if_something_is_ticked() {
    let catalog = library();
    let mut picker = Picker::new(&catalog, None);
    assert_eq!(keys(&mut picker, "q"), Some(Effect::Quit));
    keys(&mut picker, "<space>");
    assert_eq!(keys(&mut picker, "q"), None);
    assert_eq!(picker.over(), Over::Leave);
    assert_eq!(keys(&mut picker, "n"), None);
    assert_eq!(picker.over(), Over::Nothing);
    assert_eq!(keys(&mut picker, "qy"), Some(Effect::Quit));
    assert_eq!(keys(&mut picker, "<ctrl-c>"), Some(Effect::Interrupt));
    assert_eq!(keys(&mut picker, "<ctrl-l>"), Some(Effect::Redraw));
}

#[test]
fn any_key_ends_the_help_and_does_nothing_else() {
    let catalog = library();
    let mut picker = Picker::new(&catalog, None);
    keys(&mut picker, "?");
    assert_eq!(picker.over(), Over::Help);
    assert_eq!(keys(&mut picker, "q"), None);
    assert_eq!(picker.over(), Over::Nothing);
}

#[test]
fn it_ends_in_an_export_or_in_words() {
    let catalog = library();
    let mut picker = Picker::new(&catalog, None);
    keys(&mut picker, "jj <space> <enter> drive <enter>");
    assert_eq!(keys(&mut picker, "e"), Some(Effect::Export("drive".into())));
    let Some(Effect::Print { words, to, list }) = keys(&mut picker, "p") else {
        panic!("nothing is printed")
    };
    assert_eq!(
        (words.options(None).join(" "), to, list),
        ("--album Travel/Italy".to_owned(), "drive".into(), None)
    );
    // Back to the lists; the folder is remembered, and so many single items need a file.
    keys(&mut picker, "<esc> <space> <home> l <space> j <space> jj <space> <end> <space> h <end> <space>");
    assert_eq!(picker.ticked(), [0, 1, 3, 7, 9]);
    keys(&mut picker, "<enter> p");
    let printed = keys(&mut picker, "<enter>");
    let Some(Effect::Print { words, to, list }) = printed else { panic!("nothing is printed: {printed:?}") };
    assert_eq!((words.uuids.len(), to, list), (5, "drive".into(), Some("picked-uuids.txt".into())));
}

#[test]
fn a_hundred_thousand_items_cost_nothing_to_walk_through() {
    let mut catalog = library();
    catalog.items = (0..100_000).map(|n| photo(&format!("U{n}"), &format!("IMG_{n}.HEIC"), n, 1)).collect();
    catalog.albums.clear();
    let mut picker = Picker::new(&catalog, None);
    keys(&mut picker, "l <end> a");
    assert_eq!((under_cursor(&picker), picker.sums().items), (Some(99_999), 100_000));
    for _ in 0..10_000 {
        keys(&mut picker, "k");
    }
    assert_eq!(under_cursor(&picker), Some(89_999));
    keys(&mut picker, "/ 9999 2");
    assert_eq!(picker.search().text(), "99992");
    assert_eq!(picker.shown(), [99_992]);
}

fn any_input() -> impl Strategy<Value = Input> {
    let keys = vec![
        Key::Enter,
        Key::Esc,
        Key::Tab,
        Key::Up,
        Key::Down,
        Key::Left,
        Key::Right,
        Key::PageUp,
        Key::PageDown,
        Key::Home,
        Key::End,
        Key::Backspace,
        Key::Delete,
        Key::Ctrl('u'),
        Key::Ctrl('l'),
    ];
    prop_oneof![
        6 => proptest::sample::select(keys).prop_map(Input::Key),
        6 => proptest::sample::select("  aajkhlgG/?qynepdUI0é".chars().collect::<Vec<_>>()).prop_map(|c| Input::Key(Key::Char(c))),
        1 => "[a-zé\\n]{0,4}".prop_map(Input::Paste),
        1 => (0_u16..120, 0_u16..40).prop_map(|(columns, rows)| Input::Size(columns, rows)),
    ]
}

proptest! {
    #[test]
    fn no_sequence_of_keys_leads_astray(
        catalog in any_library(),
        inputs in proptest::collection::vec(any_input(), 0..120),
    ) {
        let mut picker = Picker::new(&catalog, None);
        for input in inputs {
            let before = picker.ticked();
            let effect = picker.press(&input);
            let rows = picker.lists().rows();
            let cursor = picker.lists().scroll().cursor();
            prop_assert!(matches!(rows[cursor], crate::cli::pick::lists::Row::List(_)));
            let shown = picker.shown();
            prop_assert!(shown.is_empty() || picker.items().cursor() < shown.len());
            for item in shown {
                prop_assert!(picker.shelf().members(picker.lists().current()).contains(item));
            }
            // Only space and a change what is ticked, and only while nothing is typed or asked.
            if picker.ticked() != before {
                prop_assert!(matches!(input, Input::Key(Key::Char(' ' | 'a'))));
                prop_assert_eq!(picker.over(), Over::Nothing);
                prop_assert!(!picker.is_searching());
            }
            match effect {
                Some(Effect::Export(to)) => prop_assert!(!to.as_os_str().is_empty() && picker.sums().items > 0),
                Some(Effect::Print { words, list, .. }) => {
                    prop_assert_eq!(list.is_some(), words.needs_list());
                }
                _ => {}
            }
            prop_assert_eq!(picker.sums().items, picker.ticked().len());
        }
    }
}
