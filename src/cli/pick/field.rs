//! A line of text that is being typed.
//!
//! Pure: keys go in, text and the place of the cursor come out. What the text is for, it does not know.

use super::input::Key;

/// Text with a cursor in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Field {
    text: String,
    /// The cursor, as a byte position between two characters.
    at: usize,
}

impl Field {
    /// A field with this text, the cursor behind it.
    pub(super) fn with(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { at: text.len(), text }
    }

    /// What is in it.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// What is in it before and behind the cursor.
    pub(super) fn around_cursor(&self) -> (&str, &str) {
        self.text.split_at_checked(self.at).unwrap_or((&self.text, ""))
    }

    /// Puts text where the cursor is. Line breaks and other controls are left out.
    pub(super) fn insert(&mut self, text: &str) {
        for c in text.chars().filter(|c| !c.is_control()) {
            if self.text.is_char_boundary(self.at) {
                self.text.insert(self.at, c);
                self.at += c.len_utf8();
            }
        }
    }

    /// Does what a key means in a line of text; `false` if it means nothing there.
    pub(super) fn press(&mut self, key: Key) -> bool {
        let (before, behind) = self.around_cursor();
        let left = before.chars().next_back().map_or(0, char::len_utf8);
        let right = behind.chars().next().map_or(0, char::len_utf8);
        match key {
            Key::Char(c) => self.insert(c.encode_utf8(&mut [0; 4])),
            Key::Left => self.at -= left,
            Key::Right => self.at += right,
            Key::Home | Key::Ctrl('a') => self.at = 0,
            Key::End | Key::Ctrl('e') => self.at = self.text.len(),
            Key::Backspace => {
                self.text.drain(self.at - left..self.at);
                self.at -= left;
            }
            Key::Delete => {
                self.text.drain(self.at..self.at + right);
            }
            Key::Ctrl('u') => {
                self.text.drain(..self.at);
                self.at = 0;
            }
            Key::Ctrl('k') => self.text.truncate(self.at),
            Key::Ctrl('w') => {
                let kept = before.trim_end().rfind(char::is_whitespace);
                let start =
                    kept.map_or(0, |end| end + before[end..].chars().next().map_or(0, char::len_utf8));
                self.text.drain(start..self.at);
                self.at = start;
            }
            _ => return false,
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn press(field: &mut Field, keys: &[Key]) {
        for key in keys {
            assert!(field.press(*key), "{key:?}");
        }
    }

    #[test]
    fn text_is_typed_and_mended() {
        let mut field = Field::default();
        field.insert("/Volumes/Dri\nve");
        assert_eq!(field.text(), "/Volumes/Drive");
        press(&mut field, &[Key::Home, Key::Delete, Key::Char('~'), Key::Char('/'), Key::End]);
        assert_eq!(field.text(), "~/Volumes/Drive");
        press(&mut field, &[Key::Backspace, Key::Left, Key::Char('é')]);
        assert_eq!(field.around_cursor(), ("~/Volumes/Drié", "v"));
        press(&mut field, &[Key::Backspace, Key::Ctrl('u')]);
        assert_eq!(field.text(), "v");
        assert!(!field.press(Key::Enter));
    }

    #[test]
    fn a_word_is_taken_back() {
        let mut field = Field::with("My  Photos ");
        press(&mut field, &[Key::Ctrl('w')]);
        assert_eq!(field.text(), "My  ");
        press(&mut field, &[Key::Ctrl('w')]);
        assert_eq!(field.text(), "");
    }

    proptest! {
        #[test]
        fn no_sequence_of_keys_does_harm(keys in proptest::collection::vec(any_key(), 0..60)) {
            let mut field = Field::default();
            for key in keys {
                field.press(key);
                let (before, behind) = field.around_cursor();
                prop_assert_eq!(format!("{before}{behind}"), field.text());
                prop_assert_eq!(before.len(), field.at);
            }
        }
    }

    fn any_key() -> impl Strategy<Value = Key> {
        prop_oneof![
            proptest::sample::select(vec!['a', ' ', 'é', '🌋', '\u{301}']).prop_map(Key::Char),
            proptest::sample::select(vec![
                Key::Left,
                Key::Right,
                Key::Home,
                Key::End,
                Key::Backspace,
                Key::Delete,
                Key::Ctrl('u'),
                Key::Ctrl('k'),
                Key::Ctrl('w'),
            ]),
        ]
    }
}
