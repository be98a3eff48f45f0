//! The picker as a machine: a key goes in, a new state comes out, and now and then an effect.
//!
//! It touches no terminal, no phone and no disk. Whatever a key does costs at most one look at the items of one
//! list, and drawing costs what is seen, so that a library of any size can be walked through.

use std::path::{Path, PathBuf};

use super::field::Field;
use super::finish::{Answer, Finish};
use super::geometry::{Geometry, Pane};
use super::input::{Input, Key};
use super::lists::Lists;
use super::quote::quote;
use super::scroll::Scroll;
use super::shelf::Shelf;
use super::ticks::{Sums, Tick, Ticks};
use super::words::{Words, words};
use crate::catalog::Catalog;
use crate::select::Selection;

/// What the machine cannot do itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Effect {
    /// Leave, and do nothing.
    Quit,
    /// Leave at once: Ctrl-C.
    Interrupt,
    /// Draw everything anew: something else wrote on the screen.
    Redraw,
    /// Export what is ticked to this folder.
    Export(PathBuf),
    /// Print the command that would.
    Print {
        /// Of what is ticked.
        words: Words,
        /// The folder to export to.
        to: PathBuf,
        /// Where the uuids are to be written, if they need a file.
        list: Option<PathBuf>,
    },
}

/// What lies over the panes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Over {
    /// Nothing.
    Nothing,
    /// What all the keys do.
    Help,
    /// "Really leave?"
    Leave,
    /// The last dialogue.
    Finish,
}

/// The state.
pub(super) struct Picker<'c> {
    shelf: Shelf<'c>,
    ticks: Ticks,
    size: (u16, u16),
    focus: Pane,
    lists: Lists,
    items: Scroll,
    search: Field,
    searching: bool,
    /// The items of the current list in which the search is found; `None` without a search.
    found: Option<Vec<usize>>,
    over: Over,
    finish: Finish,
    /// A word about the last key, until the next one.
    note: Option<&'static str>,
}

impl<'c> Picker<'c> {
    /// Nothing is ticked. `to` is the folder of `--to`.
    pub(super) fn new(catalog: &'c Catalog, to: Option<&Path>) -> Self {
        let shelf = Shelf::of(catalog);
        Self {
            ticks: Ticks::none(&shelf),
            size: (80, 24),
            focus: Pane::Lists,
            lists: Lists::of(&shelf),
            items: Scroll::default(),
            search: Field::default(),
            searching: false,
            found: None,
            over: Over::Nothing,
            finish: Finish::new(to),
            note: None,
            shelf,
        }
    }

    pub(super) const fn shelf(&self) -> &Shelf<'c> {
        &self.shelf
    }

    pub(super) const fn lists(&self) -> &Lists {
        &self.lists
    }

    /// The cursor in the items.
    pub(super) const fn items(&self) -> Scroll {
        self.items
    }

    pub(super) const fn focus(&self) -> Pane {
        self.focus
    }

    pub(super) const fn over(&self) -> Over {
        self.over
    }

    pub(super) const fn finish(&self) -> &Finish {
        &self.finish
    }

    pub(super) const fn search(&self) -> &Field {
        &self.search
    }

    /// Whether the search is being typed.
    pub(super) const fn is_searching(&self) -> bool {
        self.searching
    }

    pub(super) const fn note(&self) -> Option<&'static str> {
        self.note
    }

    /// Where things are; `None` if there is no room for anything.
    pub(super) fn geometry(&self) -> Option<Geometry> {
        Geometry::of(self.size, self.focus)
    }

    /// The items that the right pane lists.
    pub(super) fn shown(&self) -> &[usize] {
        self.found.as_deref().unwrap_or_else(|| self.shelf.members(self.lists.current()))
    }

    /// Whether an item is ticked.
    pub(super) fn is_ticked(&self, item: usize) -> bool {
        self.ticks.has(item)
    }

    /// How much of a list is ticked.
    pub(super) fn tick_of(&self, list: usize) -> Tick {
        self.ticks.of_list(&self.shelf, list)
    }

    /// What the ticked items come to.
    pub(super) const fn sums(&self) -> Sums {
        self.ticks.sums()
    }

    /// The ticked items, in the order of the catalogue.
    pub(super) fn ticked(&self) -> Vec<usize> {
        self.ticks.items()
    }

    /// The answer to the last dialogue did not do; `list` is a better name for the file.
    pub(super) fn refuse(&mut self, why: String, list: Option<String>) {
        self.finish.refuse(why, list);
    }

    /// Does what a person did.
    pub(super) fn press(&mut self, input: &Input) -> Option<Effect> {
        self.note = None;
        match input {
            Input::Size(columns, rows) => {
                self.size = (*columns, *rows);
                let height = self.height();
                self.lists.fit(height);
                self.items.go(self.items.cursor(), self.shown().len(), height);
                return None;
            }
            Input::Key(Key::Ctrl('c')) => return Some(Effect::Interrupt),
            Input::Key(Key::Ctrl('l')) => return Some(Effect::Redraw),
            _ => {}
        }
        match self.over {
            Over::Nothing if self.searching => self.type_search(input),
            Over::Nothing => match input {
                Input::Key(key) => return self.browse(*key),
                Input::Paste(_) | Input::Size(..) => {}
            },
            Over::Help => self.over = Over::Nothing,
            Over::Leave => {
                if *input == Input::Key(Key::Char('y')) {
                    return Some(Effect::Quit);
                }
                self.over = Over::Nothing;
            }
            Over::Finish => return self.ask(input),
        }
        None
    }

    /// A key while the panes are in front.
    fn browse(&mut self, key: Key) -> Option<Effect> {
        match key {
            Key::Char('q') if self.sums().items == 0 => return Some(Effect::Quit),
            Key::Char('q') => self.over = Over::Leave,
            Key::Char('?') => self.over = Over::Help,
            Key::Char('/') => self.searching = true,
            Key::Char(' ') => self.tick(),
            Key::Char('a') => self.tick_all(),
            Key::Enter if self.sums().items == 0 => {
                self.note = Some("Nothing is ticked yet. Space ticks what the cursor is on.");
            }
            Key::Enter => self.over = Over::Finish,
            Key::Esc => self.drop_search(),
            Key::Tab => {
                self.focus = match self.focus {
                    Pane::Lists => Pane::Items,
                    Pane::Items => Pane::Lists,
                }
            }
            Key::Left | Key::Char('h') => self.left(),
            Key::Right | Key::Char('l') => self.right(),
            key => self.walk(key),
        }
        None
    }

    /// Moves the cursor of the focused pane.
    fn walk(&mut self, key: Key) {
        let height = self.height();
        match self.focus {
            Pane::Items => {
                let length = self.shown().len();
                if let Some(to) = self.items.target(key, length, height) {
                    self.items.go(to, length, height);
                }
            }
            Pane::Lists => {
                let before = self.lists.current();
                if self.lists.press(key, height) && self.lists.current() != before {
                    self.list_changed();
                }
            }
        }
    }

    fn left(&mut self) {
        if self.focus == Pane::Items {
            self.focus = Pane::Lists;
            return;
        }
        let before = self.lists.current();
        let height = self.height();
        if self.lists.shut(&self.shelf, height) && self.lists.current() != before {
            self.list_changed();
        }
    }

    fn right(&mut self) {
        let height = self.height();
        if self.focus == Pane::Lists && !self.lists.open(&self.shelf, height) {
            self.focus = Pane::Items;
        }
    }

    fn tick(&mut self) {
        match self.focus {
            Pane::Items => match self.shown().get(self.items.cursor()).copied() {
                Some(item) => self.ticks.flip(&self.shelf, &[item]),
                None => self.note = Some("There is nothing in this list."),
            },
            Pane::Lists => {
                let members = self.shelf.members(self.lists.current());
                if members.is_empty() {
                    self.note = Some("There is nothing in this list.");
                }
                self.ticks.flip(&self.shelf, members);
            }
        }
    }

    fn tick_all(&mut self) {
        let shown = self.found.as_deref().unwrap_or_else(|| self.shelf.members(self.lists.current()));
        if shown.is_empty() {
            self.note = Some("There is nothing in this list.");
        }
        self.ticks.flip(&self.shelf, shown);
    }

    /// A key while the search is typed.
    fn type_search(&mut self, input: &Input) {
        let before = self.search.text().to_owned();
        match input {
            Input::Key(Key::Esc) => {
                self.drop_search();
                return;
            }
            Input::Key(Key::Enter | Key::Tab) => {
                self.searching = false;
                self.focus = Pane::Items;
            }
            Input::Key(key @ (Key::Up | Key::Down | Key::PageUp | Key::PageDown)) => {
                self.focus = Pane::Items;
                self.walk(*key);
            }
            Input::Key(Key::Backspace) if before.is_empty() => self.searching = false,
            Input::Key(key) => {
                self.search.press(*key);
            }
            Input::Paste(text) => self.search.insert(text),
            Input::Size(..) => {}
        }
        if self.search.text() != before {
            self.list_changed();
        }
    }

    fn drop_search(&mut self) {
        self.searching = false;
        if !self.search.text().is_empty() {
            self.search = Field::default();
            // The item under the cursor stays under it.
            let item = self.shown().get(self.items.cursor()).copied();
            self.list_changed();
            let at = item.and_then(|item| self.shown().iter().position(|other| *other == item));
            self.items.go(at.unwrap_or(0), self.shown().len(), self.height());
        }
    }

    /// The right pane has something else to show.
    fn list_changed(&mut self) {
        let query = self.search.text();
        self.found = (!query.trim().is_empty()).then(|| self.shelf.find(self.lists.current(), query));
        self.items = Scroll::default();
    }

    /// What is ticked, in the words of the command line where there are such, so that an export does what the printed
    /// command would do; else as items.
    pub(super) fn selection(&self) -> Selection {
        let items = self.ticked();
        let meant = words(self.shelf.catalog(), self.shelf.nodes(), &items, &|name| quote(name).is_some());
        meant.map_or_else(
            || Selection { picked: Some(items), ..Selection::default() },
            |words| words.selection(),
        )
    }

    /// A key in the last dialogue.
    fn ask(&mut self, input: &Input) -> Option<Effect> {
        let (shelf, ticks) = (&self.shelf, &self.ticks);
        let meant = || words(shelf.catalog(), shelf.nodes(), &ticks.items(), &|name| quote(name).is_some());
        let needs_list = || meant().is_some_and(|words| words.needs_list());
        match self.finish.press(input, &needs_list) {
            Answer::Open => {}
            Answer::Back => self.over = Over::Nothing,
            Answer::Export(to) => return Some(Effect::Export(to)),
            Answer::Print(to, list) => match meant() {
                Some(words) => return Some(Effect::Print { words, to, list }),
                None => self.finish.refuse(
                    "No command can name these: the phone gave one of them an identity that cannot be typed. \
                     Export them with e."
                        .to_owned(),
                    None,
                ),
            },
        }
        None
    }

    fn height(&self) -> usize {
        Geometry::height(self.size)
    }
}

#[cfg(test)]
mod tests;
