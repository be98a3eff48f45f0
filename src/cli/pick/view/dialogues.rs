//! What lies over the panes: the help, the question before leaving, the last dialogue.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear, Paragraph};

use super::super::field::Field;
use super::super::finish::Stage;
use super::super::picker::Picker;
use super::Theme;
use super::cells::{fit, tail, width, wrap};
use crate::report::{count, escape, size};

/// As wide as a text that is read with ease.
const WIDEST: u16 = 66;

/// Border and a blank, on both sides.
const FRAME: u16 = 4;

/// What all keys do.
pub(super) fn help(theme: Theme, frame: &mut Frame) {
    let mut page = Page::of("Help", theme, frame);
    for (key, what) in [
        ("Space", "tick an item; on the left, a whole list"),
        ("a", "tick all that the right side shows, or none"),
        ("Tab", "to the other side; also left and right"),
        ("↑ ↓ k j", "one row up or down"),
        ("PgUp PgDn", "a page; Home End or g G to the ends"),
        ("← → h l", "shut and open folders"),
        ("/", "search: names, titles, keywords, people, albums, dates"),
        ("Esc", "end the search"),
        ("Enter", "finish: export, or print the command"),
        ("q", "leave and export nothing"),
        ("Ctrl-L", "draw the screen anew"),
    ] {
        page.key(&format!("{key:<9}"), what);
    }
    page.gap();
    page.say("[x] ticked, [-] some of it is ticked, [ ] not ticked", Style::new());
    page.say("iCloud: not on this phone, so it cannot come over the cable", Style::new());
    page.show(frame);
}

/// "Really leave?"
pub(super) fn leave(picker: &Picker, theme: Theme, frame: &mut Frame) {
    let mut page = Page::of("Leave", theme, frame);
    let n = count(picker.sums().items as u64, "item is", "items are");
    page.say(&format!("{n} ticked. Leave without exporting?"), theme.strong());
    page.gap();
    page.key("y", "leave");
    page.key("n", "stay; so does any other key");
    page.show(frame);
}

/// Where to, and what to do.
pub(super) fn finish(picker: &Picker, theme: Theme, frame: &mut Frame) {
    let (sums, finish) = (picker.sums(), picker.finish());
    let mut page = Page::of("Finish", theme, frame);
    let items = count(sums.items as u64, "photo or video", "photos and videos");
    page.say(&format!("{items}, {} on the phone", size(sums.bytes_on_phone())), theme.strong());
    if sums.cloud_only > 0 {
        let n = count(sums.cloud_only as u64, "of them is", "of them are");
        page.say(&format!("{n} only in iCloud and cannot come over the cable."), theme.away());
    }
    page.gap();
    match finish.stage() {
        Stage::Destination => {
            page.field("Export to: ", finish.to(), true);
            page.gap();
            page.key("Enter", "go on");
            page.key("Esc", "back to the lists");
        }
        Stage::Choice => {
            page.field("Export to: ", finish.to(), false);
            page.gap();
            page.key("e", "export now");
            page.key("p", "print the command that does it, and leave");
            page.key("d", "another folder");
            page.key("Esc", "back to the lists");
        }
        Stage::List => {
            page.say(
                "The command names so many single items that it needs a file with their uuids.",
                Style::new(),
            );
            page.field("Write it to: ", finish.list(), true);
            page.gap();
            page.key("Enter", "write it and print the command");
            page.key("Esc", "back");
        }
    }
    if let Some(refusal) = finish.refusal() {
        page.gap();
        let lines: Vec<String> = refusal.lines().map(escape).collect();
        page.say(&lines.join("\n"), theme.away());
    }
    page.show(frame);
}

/// A box with lines, each of which fits its width.
struct Page {
    title: &'static str,
    theme: Theme,
    columns: usize,
    lines: Vec<Line<'static>>,
    /// Where text is being typed: column and line.
    cursor: Option<(usize, usize)>,
}

impl Page {
    fn of(title: &'static str, theme: Theme, frame: &Frame) -> Self {
        let columns = usize::from(frame.area().width.min(WIDEST).saturating_sub(FRAME));
        Self { title, theme, columns, lines: Vec::new(), cursor: None }
    }

    fn gap(&mut self) {
        self.lines.push(Line::default());
    }

    fn say(&mut self, text: &str, style: Style) {
        self.lines.extend(wrap(text, self.columns).into_iter().map(|line| Line::styled(line, style)));
    }

    /// A key and what it does, with further lines below the first word.
    fn key(&mut self, key: &str, what: &str) {
        let key = &format!("{key:<5}");
        let room = self.columns.saturating_sub(width(key) + 2);
        for (number, line) in wrap(what, room).into_iter().enumerate() {
            let key = if number == 0 { key.to_owned() } else { " ".repeat(width(key)) };
            self.lines.push(Line::from(vec![
                Span::styled(key, self.theme.strong()),
                Span::raw(format!("  {line}")),
            ]));
        }
    }

    /// A text that can be typed, or that was.
    fn field(&mut self, label: &'static str, field: &Field, active: bool) {
        let room = self.columns.saturating_sub(width(label) + 1);
        let (before, behind) = field.around_cursor();
        let before = tail(&escape(before), room);
        let behind = escape(behind);
        let behind = fit(&behind, width(&behind).min(room.saturating_sub(width(&before))));
        if active {
            self.cursor = Some((width(label) + width(&before), self.lines.len()));
        }
        let text = if active {
            Span::raw(before + &behind)
        } else {
            Span::styled(before + &behind, self.theme.strong())
        };
        self.lines.push(Line::from(vec![Span::raw(label), text]));
    }

    /// Draws it in the middle of the screen.
    fn show(self, frame: &mut Frame) {
        let screen = frame.area();
        let high = u16::try_from(self.lines.len()).unwrap_or(u16::MAX).saturating_add(2).min(screen.height);
        let wide = u16::try_from(self.columns).unwrap_or(u16::MAX).saturating_add(FRAME).min(screen.width);
        let area = Rect {
            x: screen.x + (screen.width - wide) / 2,
            y: screen.y + (screen.height - high) / 2,
            width: wide,
            height: high,
        };
        let block = Block::bordered().title(Span::styled(format!(" {} ", self.title), self.theme.strong()));
        let mut inner = block.inner(area);
        inner.x += 1;
        inner.width = inner.width.saturating_sub(2);
        frame.render_widget(Clear, area);
        frame.render_widget(block, area);
        if let Some((x, y)) = self.cursor
            && let (Ok(x), Ok(y)) = (u16::try_from(x), u16::try_from(y))
            && y < inner.height
        {
            let x = inner.x.saturating_add(x).min(inner.right().saturating_sub(1));
            frame.set_cursor_position(Position::new(x, inner.y + y));
        }
        frame.render_widget(Paragraph::new(self.lines), inner);
    }
}
