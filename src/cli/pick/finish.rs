//! The last dialogue: where to, and whether to export or to print the command that would.
//!
//! Pure: it asks and says what was answered. Whether the folder can be used, it does not know; who tries tells
//! it with [`Finish::refuse`].

use std::path::{Path, PathBuf};

use super::field::Field;
use super::input::{Input, Key};

/// The name of a list of uuids, unless somebody gives another.
const LIST: &str = "picked-uuids.txt";

/// What is being asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// The folder to export to.
    Destination,
    /// What to do.
    Choice,
    /// The file for the list of uuids.
    List,
}

/// What a key led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// Nothing is decided yet.
    Open,
    /// Back to the lists.
    Back,
    /// Export to this folder.
    Export(PathBuf),
    /// Print the command for this folder; the uuids go to this file, if one is needed.
    Print(PathBuf, Option<PathBuf>),
}

/// The dialogue. It is kept when somebody goes back to the lists, and is as it was left when they return.
pub(super) struct Finish {
    stage: Stage,
    to: Field,
    /// As it was given on the command line, as long as nobody types another: it need not be text.
    given: Option<PathBuf>,
    list: Field,
    refusal: Option<String>,
}

impl Finish {
    /// With the folder of `--to`, if it was given.
    pub(super) fn new(to: Option<&Path>) -> Self {
        Self {
            stage: if to.is_some() { Stage::Choice } else { Stage::Destination },
            to: Field::with(to.map(|to| to.display().to_string()).unwrap_or_default()),
            given: to.map(Path::to_owned),
            list: Field::with(LIST),
            refusal: None,
        }
    }

    /// What is being asked.
    pub(super) const fn stage(&self) -> Stage {
        self.stage
    }

    /// The folder, as far as it is typed.
    pub(super) const fn to(&self) -> &Field {
        &self.to
    }

    /// The file for the list, as far as it is typed.
    pub(super) const fn list(&self) -> &Field {
        &self.list
    }

    /// Why the last answer did not do.
    pub(super) fn refusal(&self) -> Option<&str> {
        self.refusal.as_deref()
    }

    /// The answer does not do; `list` is a better name for the file.
    pub(super) fn refuse(&mut self, why: String, list: Option<String>) {
        self.refusal = Some(why);
        if let Some(list) = list {
            self.list = Field::with(list);
        }
    }

    /// Takes a key. `needs_list` tells whether printing needs a file.
    pub(super) fn press(&mut self, input: &Input, needs_list: &dyn Fn() -> bool) -> Answer {
        self.refusal = None;
        match self.stage {
            Stage::Destination => match input {
                Input::Key(Key::Esc) => return Answer::Back,
                Input::Key(Key::Enter) if self.to.text().trim().is_empty() => {
                    self.refusal = Some("Type the folder to export to, such as a drive.".to_owned());
                }
                Input::Key(Key::Enter) => self.stage = Stage::Choice,
                input => {
                    if type_into(&mut self.to, input) {
                        self.given = None;
                    }
                }
            },
            Stage::Choice => match input {
                Input::Key(Key::Esc) => return Answer::Back,
                Input::Key(Key::Char('e')) => return Answer::Export(self.folder()),
                Input::Key(Key::Char('d')) => self.stage = Stage::Destination,
                Input::Key(Key::Char('p')) if needs_list() => self.stage = Stage::List,
                Input::Key(Key::Char('p')) => return Answer::Print(self.folder(), None),
                _ => {}
            },
            Stage::List => match input {
                Input::Key(Key::Esc) => self.stage = Stage::Choice,
                Input::Key(Key::Enter) if self.list.text().trim().is_empty() => {
                    self.refusal = Some("Type a name for the file.".to_owned());
                }
                Input::Key(Key::Enter) => {
                    return Answer::Print(self.folder(), Some(PathBuf::from(self.list.text().trim())));
                }
                input => {
                    type_into(&mut self.list, input);
                }
            },
        }
        Answer::Open
    }

    fn folder(&self) -> PathBuf {
        self.given.clone().unwrap_or_else(|| PathBuf::from(self.to.text().trim()))
    }
}

/// Whether the text changed.
fn type_into(field: &mut Field, input: &Input) -> bool {
    let before = field.text().to_owned();
    match input {
        Input::Key(key) => {
            field.press(*key);
        }
        Input::Paste(text) => field.insert(&dropped(text)),
        Input::Size(..) => {}
    }
    field.text() != before
}

/// A path as it is meant, of what a terminal types when a file is dropped on it: between quotes, or with
/// backslashes before blanks, and with a blank at the end.
fn dropped(text: &str) -> String {
    let text = text.trim();
    let inside = |quote| text.strip_prefix(quote)?.strip_suffix(quote);
    let quoted = ['\'', '"'].into_iter().find_map(inside).filter(|inner| !inner.contains(['\'', '"']));
    if let Some(inner) = quoted {
        return inner.to_owned();
    }
    if cfg!(windows) || !text.starts_with('/') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        out.extend(if c == '\\' { chars.next() } else { Some(c) });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(finish: &mut Finish, keys: &[Key]) -> Answer {
        let mut last = Answer::Open;
        for key in keys {
            last = finish.press(&Input::Key(*key), &|| false);
        }
        last
    }

    fn typed(finish: &mut Finish, text: &str) {
        for c in text.chars() {
            assert_eq!(finish.press(&Input::Key(Key::Char(c)), &|| false), Answer::Open);
        }
    }

    #[test]
    fn a_folder_is_typed_first() {
        let mut finish = Finish::new(None);
        assert_eq!(keys(&mut finish, &[Key::Enter]), Answer::Open);
        assert!(finish.refusal().is_some());
        typed(&mut finish, "/drive/export");
        assert_eq!(finish.refusal(), None);
        assert_eq!(keys(&mut finish, &[Key::Enter, Key::Char('e')]), Answer::Export("/drive/export".into()));
        assert_eq!(keys(&mut finish, &[Key::Char('p')]), Answer::Print("/drive/export".into(), None));
        assert_eq!(keys(&mut finish, &[Key::Esc]), Answer::Back);
    }

    #[test]
    fn a_folder_that_was_given_is_taken_as_it_is() {
        let given = not_text();
        let mut finish = Finish::new(Some(&given));
        assert_eq!(finish.stage(), Stage::Choice);
        // Looking at the text does not change it, typing does.
        assert_eq!(
            keys(&mut finish, &[Key::Char('d'), Key::Home, Key::Enter, Key::Char('e')]),
            Answer::Export(given)
        );
        let last =
            keys(&mut finish, &[Key::Char('d'), Key::Ctrl('a'), Key::Ctrl('k'), Key::Char('x'), Key::Enter]);
        assert_eq!(last, Answer::Open);
        assert_eq!(keys(&mut finish, &[Key::Char('e')]), Answer::Export("x".into()));
    }

    /// A path that cannot be typed, on the systems that have such.
    fn not_text() -> PathBuf {
        #[cfg(unix)]
        {
            use std::os::unix::ffi::OsStringExt;
            std::ffi::OsString::from_vec(b"/drive/\xff".to_vec()).into()
        }
        #[cfg(not(unix))]
        PathBuf::from("D:\\Drive")
    }

    #[test]
    fn many_items_go_into_a_file() {
        let mut finish = Finish::new(Some(Path::new("x")));
        assert_eq!(finish.press(&Input::Key(Key::Char('p')), &|| true), Answer::Open);
        assert_eq!(finish.stage(), Stage::List);
        assert_eq!(
            keys(&mut finish, &[Key::Enter]),
            Answer::Print("x".into(), Some("picked-uuids.txt".into()))
        );
        finish.refuse("it is there already".to_owned(), Some("picked-uuids-2.txt".to_owned()));
        assert_eq!(finish.refusal(), Some("it is there already"));
        assert_eq!(
            keys(&mut finish, &[Key::Enter]),
            Answer::Print("x".into(), Some("picked-uuids-2.txt".into()))
        );
        assert_eq!(keys(&mut finish, &[Key::Esc]), Answer::Open);
        assert_eq!(finish.stage(), Stage::Choice);
    }

    #[test]
    fn a_path_can_be_dropped_on_it() {
        let drop = |text: &str| {
            let mut finish = Finish::new(None);
            finish.press(&Input::Paste(text.to_owned()), &|| false);
            finish.to().text().to_owned()
        };
        assert_eq!(drop("'/Volumes/My Drive' \n"), "/Volumes/My Drive");
        assert_eq!(drop("\"D:\\My Photos\""), "D:\\My Photos");
        assert_eq!(drop("D:\\Photos"), "D:\\Photos");
        #[cfg(not(windows))]
        assert_eq!(drop("/Volumes/My\\ Drive\\ \\(2\\) "), "/Volumes/My Drive (2)");
    }
}
