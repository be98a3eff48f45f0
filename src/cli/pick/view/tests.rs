use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::*;
use crate::catalog::Catalog;
use crate::cli::pick::input::{Input, Key};
use crate::cli::pick::sample::library;
use crate::testing::photo;

const PLAIN: Theme = Theme { colour: false };

/// What the screen shows, without the blanks that end its rows.
fn screen(picker: &mut Picker, columns: u16, rows: u16) -> Vec<String> {
    picker.press(&Input::Size(columns, rows));
    let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
    terminal.draw(|frame| draw(picker, PLAIN, frame)).unwrap();
    let buffer = terminal.backend().buffer().clone();
    let row = |y| (0..columns).map(|x| buffer[(x, y)].symbol().to_owned()).collect::<String>();
    (0..rows).map(|y| row(y).trim_end().to_owned()).collect()
}

fn press(picker: &mut Picker, text: &str) {
    for c in text.chars() {
        let key = match c {
            '\n' => Key::Enter,
            '\t' => Key::Tab,
            '\u{1b}' => Key::Esc,
            c => Key::Char(c),
        };
        picker.press(&Input::Key(key));
    }
}

/// Fails unless the screen is exactly this.
#[track_caller]
fn shows(picker: &mut Picker, columns: u16, rows: u16, expected: &str) {
    let screen = screen(picker, columns, rows).join("\n");
    assert!(screen.trim_end() == expected.trim_matches('\n'), "the screen is\n{screen}");
}

#[test]
fn a_usual_screen() {
    let catalog = library();
    let mut picker = Picker::new(&catalog, None);
    press(&mut picker, "jjjj \t");
    shows(
        &mut picker,
        80,
        24,
        "
 Lists                    │[Cats: 1 of 2 items]
 [-] Library            6 │>[x] 2024-03-09 IMG_0002.HEIC   100 bytes
  Albums ──────────────── │ [x] 2024-03-09 IMG_0003.HEIC     1 bytes iCloud
 [-] ▾ Travel           4 │
 [-]   Italy            3 │
 [ ]   Norway           1 │
>[x] Cats               2 │
 [ ] Empty              0 │
 [ ] In no album        1 │
  Shared albums ───────── │
 [ ] Neighbours         1 │
  Made by the phone ───── │
 [ ] Favourites         1 │
 [ ] Videos             1 │
 [ ] Hidden             1 │
 [ ] Recently Deleted   1 │
  Other ───────────────── │
 [ ] Not in the catalo… 1 │
                          │
                          │
                          │
                          │
 2 ticked, 100 bytes on the phone, 1 only in iCloud
  Space tick  Enter finish  ? help  a all  / search  q quit  Tab other pane
",
    );
}

#[test]
fn a_wide_screen() {
    let catalog = library();
    let mut picker = Picker::new(&catalog, None);
    press(&mut picker, "G");
    shows(
        &mut picker,
        140,
        10,
        "
[Lists]                                    ↑  │ Not in the catalogue: 1 item
  Made by the phone ───────────────────────── │ [ ] 2024-03-09 12:09 IMG_0009.HEIC                        100 bytes
 [ ] Favourites                             1 │
 [ ] Videos                                 1 │
 [ ] Hidden                                 1 │
 [ ] Recently Deleted                       1 │
  Other ───────────────────────────────────── │
>[ ] Not in the catalogue                   1 │
 Nothing is ticked.
  Space tick  Enter finish  ? help  a all  / search  q quit  Tab other pane
");
}

#[test]
fn a_narrow_screen_has_one_pane() {
    let catalog = library();
    let mut picker = Picker::new(&catalog, None);
    press(&mut picker, "jj ");
    shows(
        &mut picker,
        36,
        8,
        "
[Lists]                           ↓
 [-] Library                      6
  Albums ──────────────────────────
 [-] ▾ Travel                     4
>[x]   Italy                      3
 [ ]   Norway                     1
 3 ticked, 300 bytes
  Space tick  Enter finish  ? help
",
    );
    press(&mut picker, "\t");
    shows(
        &mut picker,
        36,
        8,
        "
[Italy: 1 of 3 items]
>[x] IMG_0002.HEIC 100 bytes
 [x] IMG_0001.HEIC 100 bytes
 [x] IMG_0000.HEIC 100 bytes


 3 ticked, 300 bytes
  Space tick  Enter finish  ? help
",
    );
    shows(
        &mut picker,
        20,
        3,
        "
Make the window lar…


",
    );
}

#[test]
fn a_search_as_it_is_typed() {
    let catalog = library();
    let mut picker = Picker::new(&catalog, None);
    press(&mut picker, "/0002");
    shows(
        &mut picker,
        70,
        8,
        "
[Lists]                 ↓ │ Library: 1 item with “0002”
>[ ] Library            6 │ [ ] IMG_0002.HEIC    100 bytes
  Albums ──────────────── │
 [ ] ▾ Travel           4 │
 [ ]   Italy            3 │
 [ ]   Norway           1 │
 Nothing is ticked.
 Search: 0002
",
    );
    press(&mut picker, "x\n");
    shows(
        &mut picker,
        70,
        8,
        "
 Lists                  ↓ │[Library: 0 items with “0002x”]
>[ ] Library            6 │
  Albums ──────────────── │  Nothing in this list has these words.
 [ ] ▾ Travel           4 │
 [ ]   Italy            3 │
 [ ]   Norway           1 │
 Nothing is ticked.
  Esc end search  Space tick  Enter finish  ? help  a all  / search
",
    );
}

#[test]
fn the_last_dialogue() {
    let catalog = library();
    let mut picker = Picker::new(&catalog, None);
    press(&mut picker, " \n/Volumes/Drive");
    shows(
        &mut picker,
        70,
        14,
        "
[Lists]                 ↓ │ Library: 6 items
>[x] Library            6 │ [x] IMG_0000.HEIC    100 bytes
  ┌ Finish ────────────────────────────────────────────────────────┐
 [│ 6 photos and videos, 500 bytes on the phone                    │
 [│ 1 of them is only in iCloud and cannot come over the cable.    │
 [│                                                                │
 [│ Export to: /Volumes/Drive                                      │2…
 [│                                                                │
 [│ Enter  go on                                                   │
  │ Esc    back to the lists                                       │
 [└────────────────────────────────────────────────────────────────┘
  Made by the phone ───── │
 6 ticked, 500 bytes on the phone, 1 only in iCloud
  Space tick  Enter finish  ? help  a all  / search  q quit
",
    );
    press(&mut picker, "\n");
    picker.refuse("it is full\nMake room".to_owned(), None);
    shows(
        &mut picker,
        70,
        18,
        "
[Lists]                 ↓ │ Library: 6 items
>[x] Library            6 │ [x] IMG_0000.HEIC    100 bytes
  ┌ Finish ────────────────────────────────────────────────────────┐
 [│ 6 photos and videos, 500 bytes on the phone                    │
 [│ 1 of them is only in iCloud and cannot come over the cable.    │
 [│                                                                │
 [│ Export to: /Volumes/Drive                                      │2…
 [│                                                                │
 [│ e      export now                                              │
  │ p      print the command that does it, and leave               │
 [│ d      another folder                                          │
  │ Esc    back to the lists                                       │
 [│                                                                │
 [│ it is full                                                     │
 [│ Make room                                                      │
 [└────────────────────────────────────────────────────────────────┘
 6 ticked, 500 bytes on the phone, 1 only in iCloud
  Space tick  Enter finish  ? help  a all  / search  q quit
",
    );
}

#[test]
fn help_and_leaving() {
    let catalog = library();
    let mut picker = Picker::new(&catalog, None);
    press(&mut picker, " ?");
    shows(
        &mut picker,
        80,
        24,
        "
[Lists]                   │ Library: 6 items
>[x] Library            6 │ [x] 2024-03-09 IMG_0000.HEIC   100 bytes
  Albums ──────────────── │ [x] 2024-03-09 IMG_0001.HEIC   100 bytes
 [x] ▾ ┌ Help ──────────────────────────────────────────────────────────┐
 [x]   │ Space      tick an item; on the left, a whole list             │ud
 [x]   │ a          tick all that the right side shows, or none         │
 [x] Ca│ Tab        to the other side; also left and right              │o 1:12…
 [ ] Em│ ↑ ↓ k j    one row up or down                                  │
 [x] In│ PgUp PgDn  a page; Home End or g G to the ends                 │
  Share│ ← → h l    shut and open folders                               │
 [ ] Ne│ /          search: names, titles, keywords, people, albums,    │
  Made │            dates                                               │
 [x] Fa│ Esc        end the search                                      │
 [x] Vi│ Enter      finish: export, or print the command                │
 [ ] Hi│ q          leave and export nothing                            │
 [ ] Re│ Ctrl-L     draw the screen anew                                │
  Other│                                                                │
 [ ] No│ [x] ticked, [-] some of it is ticked, [ ] not ticked           │
       │ iCloud: not on this phone, so it cannot come over the cable    │
       └────────────────────────────────────────────────────────────────┘
                          │
                          │
 6 ticked, 500 bytes on the phone, 1 only in iCloud
  Space tick  Enter finish  ? help  a all  / search  q quit  Tab other pane
",
    );
    press(&mut picker, "xq");
    shows(
        &mut picker,
        64,
        10,
        "
[Lists]                 ↓ │ Library: 6 items
>[x] Library            6 │ [x] IMG_0000.HEIC 100 bytes
┌ Leave ───────────────────────────────────────────────────────┐
│ 6 items are ticked. Leave without exporting?                 │
│                                                              │
│ y      leave                                                 │
│ n      stay; so does any other key                           │
└──────────────────────────────────────────────────────────────┘
 6 ticked, 500 bytes on the phone, 1 only in iCloud
  Space tick  Enter finish  ? help  a all  / search  q quit
",
    );
}

#[test]
fn names_cannot_drive_the_terminal() {
    let mut catalog = library();
    catalog.items[0].original_name = "\u{1b}[2J\u{202e}gpj.exe".to_owned();
    catalog.albums[2].title = "a\nb".to_owned();
    let mut picker = Picker::new(&catalog, None);
    let text = screen(&mut picker, 120, 24).join("\n");
    assert!(text.contains("\\u{1b}[2J\\u{202e}gpj.exe") && text.contains("a\\nb"), "{text}");
}

#[test]
fn every_size_can_be_drawn() {
    let catalog = library();
    for text in ["", " ", "?", " q", " \n/some/folder", "/000", "G\t"] {
        let mut picker = Picker::new(&catalog, None);
        press(&mut picker, text);
        for columns in (1..40).chain([63, 64, 65, 79, 120, 300]) {
            for rows in [1, 2, 5, 6, 7, 24, 90] {
                screen(&mut picker, columns, rows);
            }
        }
    }
}

#[test]
fn a_screen_that_is_smaller_than_was_told_is_drawn_too() {
    let catalog = library();
    let mut picker = Picker::new(&catalog, None);
    picker.press(&Input::Size(200, 60));
    let mut terminal = Terminal::new(TestBackend::new(30, 8)).unwrap();
    terminal.draw(|frame| draw(&picker, PLAIN, frame)).unwrap();
}

#[test]
fn a_hundred_thousand_rows_cost_what_is_seen() {
    let items = (0..100_000).map(|n| photo(&format!("U{n}"), &format!("IMG_{n}.HEIC"), n, 1)).collect();
    let catalog: Catalog = crate::testing::catalog(items, Vec::new());
    let mut picker = Picker::new(&catalog, None);
    press(&mut picker, "\tG");
    for _ in 0..500 {
        press(&mut picker, "k");
        screen(&mut picker, 80, 24);
    }
    assert!(
        screen(&mut picker, 80, 24)[0].contains("99,500 of 100,000 items")
            || picker.items().cursor() == 99_499
    );
}
