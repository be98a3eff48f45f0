//! What a person does at the keyboard, without a terminal's ways of saying it.

use ratatui::crossterm::event::{Event, KeyCode, KeyEventKind, KeyModifiers};

/// A key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    /// A character.
    Char(char),
    /// A lower-case letter with Ctrl.
    Ctrl(char),
    Enter,
    Esc,
    Tab,
    Up,
    Down,
    Left,
    Right,
    PageUp,
    PageDown,
    Home,
    End,
    Backspace,
    Delete,
}

/// Something that happened at the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Input {
    /// A key was pressed.
    Key(Key),
    /// A text was pasted.
    Paste(String),
    /// The window has this many columns and rows now.
    Size(u16, u16),
}

impl Input {
    /// What an event of the terminal means; `None` for what means nothing here.
    pub(super) fn of(event: Event) -> Option<Self> {
        let key = match event {
            Event::Paste(text) => return Some(Self::Paste(text)),
            Event::Resize(columns, rows) => return Some(Self::Size(columns, rows)),
            // Windows tells of keys that are let go, too.
            Event::Key(key) if key.kind != KeyEventKind::Release => key,
            _ => return None,
        };
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        let alt = key.modifiers.contains(KeyModifiers::ALT);
        Some(Self::Key(match key.code {
            // AltGr comes as both, and means a character.
            KeyCode::Char(c) if ctrl && !alt => Key::Ctrl(c.to_ascii_lowercase()),
            KeyCode::Char(c) if ctrl == alt => Key::Char(c),
            KeyCode::Enter => Key::Enter,
            KeyCode::Esc => Key::Esc,
            KeyCode::Tab | KeyCode::BackTab => Key::Tab,
            KeyCode::Up => Key::Up,
            KeyCode::Down => Key::Down,
            KeyCode::Left => Key::Left,
            KeyCode::Right => Key::Right,
            KeyCode::PageUp => Key::PageUp,
            KeyCode::PageDown => Key::PageDown,
            KeyCode::Home => Key::Home,
            KeyCode::End => Key::End,
            KeyCode::Backspace => Key::Backspace,
            KeyCode::Delete => Key::Delete,
            _ => return None,
        }))
    }
}

#[cfg(test)]
mod tests {
    use ratatui::crossterm::event::KeyEvent;

    use super::*;

    fn key(code: KeyCode, modifiers: KeyModifiers) -> Option<Input> {
        Input::of(Event::Key(KeyEvent::new(code, modifiers)))
    }

    #[test]
    fn characters_are_told_from_commands() {
        let (ctrl, alt, shift) = (KeyModifiers::CONTROL, KeyModifiers::ALT, KeyModifiers::SHIFT);
        assert_eq!(key(KeyCode::Char('C'), ctrl), Some(Input::Key(Key::Ctrl('c'))));
        assert_eq!(key(KeyCode::Char('G'), shift), Some(Input::Key(Key::Char('G'))));
        assert_eq!(key(KeyCode::Char('\\'), ctrl | alt), Some(Input::Key(Key::Char('\\'))));
        assert_eq!(key(KeyCode::Char('x'), alt), None);
        assert_eq!(key(KeyCode::F(1), KeyModifiers::NONE), None);
        assert_eq!(key(KeyCode::BackTab, shift), Some(Input::Key(Key::Tab)));
    }

    #[test]
    fn a_key_that_is_let_go_is_not_pressed() {
        let up = KeyEvent::new_with_kind(KeyCode::Enter, KeyModifiers::NONE, KeyEventKind::Release);
        assert_eq!(Input::of(Event::Key(up)), None);
        let held = KeyEvent::new_with_kind(KeyCode::Down, KeyModifiers::NONE, KeyEventKind::Repeat);
        assert_eq!(Input::of(Event::Key(held)), Some(Input::Key(Key::Down)));
    }
}
