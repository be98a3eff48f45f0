//! Draws the picker. It decides nothing, and looks only at the rows that are seen.
//!
//! Nothing is said by colour alone: ticks, the cursor, the focused pane and what is in iCloud have signs of
//! their own.

mod cells;
mod dialogues;
mod rows;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};

use self::cells::{fit, tail, width};
use super::geometry::Pane;
use super::picker::{Over, Picker};
use crate::report::{count, escape, size};

/// How things look.
#[derive(Debug, Clone, Copy)]
pub(super) struct Theme {
    /// Whether colours may be used besides.
    pub(super) colour: bool,
}

impl Theme {
    fn hue(self, colour: Color) -> Style {
        if self.colour { Style::new().fg(colour) } else { Style::new() }
    }

    /// The row of the cursor.
    fn cursor(self, focused: bool) -> Style {
        Style::new().add_modifier(if focused { Modifier::REVERSED } else { Modifier::BOLD })
    }

    fn title(self, focused: bool) -> Style {
        let style = self.hue(Color::Cyan).add_modifier(Modifier::BOLD);
        if focused { style } else { style.add_modifier(Modifier::DIM) }
    }

    fn quiet(self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    fn strong(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    fn ticked(self) -> Style {
        self.hue(Color::Green)
    }

    fn away(self) -> Style {
        self.hue(Color::Yellow)
    }
}

/// A number with its digits in groups.
fn number(n: usize) -> String {
    count(n as u64, "", "").trim_end().to_owned()
}

/// Draws one frame.
pub(super) fn draw(picker: &Picker, theme: Theme, frame: &mut Frame) {
    let area = frame.area();
    let Some(at) = picker.geometry().filter(|_| fits(picker, area)) else {
        frame.render_widget(Line::raw(fit("Make the window larger.", area.width.into())), area);
        return;
    };
    if let Some(area) = at.lists {
        draw_lists(picker, theme, frame, area);
    }
    if let Some(area) = at.items {
        draw_items(picker, theme, frame, area);
        if at.lists.is_some() {
            for y in area.top()..area.bottom() {
                frame.buffer_mut().set_string(area.x.saturating_sub(1), y, "│", theme.quiet());
            }
        }
    }
    put(
        frame,
        at.sums,
        &Line::styled(fit(&sums(picker, at.sums.width), at.sums.width.into()), theme.strong()),
    );
    draw_keys(picker, theme, frame, at.keys);
    match picker.over() {
        Over::Nothing => {}
        Over::Help => dialogues::help(theme, frame),
        Over::Leave => dialogues::leave(picker, theme, frame),
        Over::Finish => dialogues::finish(picker, theme, frame),
    }
}

/// Whether the screen is as large as the picker was told; between a change of size and the word of it, it is
/// not.
fn fits(picker: &Picker, area: Rect) -> bool {
    picker.geometry().is_some_and(|at| at.keys.bottom() <= area.height && at.keys.right() <= area.width)
}

fn put(frame: &mut Frame, area: Rect, line: &Line) {
    frame.buffer_mut().set_line(area.x, area.y, line, area.width);
}

/// The title of a pane; the focused one stands in brackets. At its end arrows tell of rows that are not seen.
fn draw_title(text: &str, focused: bool, more: (bool, bool), theme: Theme, frame: &mut Frame, area: Rect) {
    const ARROWS: u16 = 3;
    let room = usize::from(area.width.saturating_sub(2 + ARROWS));
    let text = fit(text, room.min(width(text)));
    let arrow = |seen: bool, arrow| if seen { arrow } else { " " };
    let arrows = format!("{}{}", arrow(more.0, "↑"), arrow(more.1, "↓"));
    let at = Rect { x: area.right().saturating_sub(ARROWS), width: ARROWS.min(area.width), ..area };
    put(frame, at, &Line::styled(arrows, theme.quiet()));
    let text = if focused { format!("[{text}]") } else { format!(" {text} ") };
    put(frame, area, &Line::styled(text, theme.title(focused)));
}

fn row_of(area: Rect, row: usize) -> Rect {
    let row = u16::try_from(row).unwrap_or(u16::MAX).saturating_add(1);
    Rect { y: area.y.saturating_add(row), height: 1, ..area }
}

fn draw_lists(picker: &Picker, theme: Theme, frame: &mut Frame, area: Rect) {
    let focused = picker.focus() == Pane::Lists;
    let (lists, rows) = (picker.lists(), picker.lists().rows());
    let seen = lists.scroll().seen(rows.len(), usize::from(area.height).saturating_sub(1));
    draw_title("Lists", focused, (seen.start > 0, seen.end < rows.len()), theme, frame, area);
    for (at, row) in seen.clone().zip(rows.get(seen.clone()).unwrap_or_default()) {
        let under_cursor = at == lists.scroll().cursor();
        let mut line = rows::list(picker, *row, under_cursor, theme, area.width.into());
        if under_cursor {
            line = line.patch_style(theme.cursor(focused));
        }
        put(frame, row_of(area, at - seen.start), &line);
    }
}

fn draw_items(picker: &Picker, theme: Theme, frame: &mut Frame, area: Rect) {
    let focused = picker.focus() == Pane::Items;
    let shown = picker.shown();
    let seen = picker.items().seen(shown.len(), usize::from(area.height).saturating_sub(1));
    let more = (seen.start > 0, seen.end < shown.len());
    draw_title(&items_title(picker), focused, more, theme, frame, area);
    if shown.is_empty() {
        let text = if picker.search().text().trim().is_empty() {
            "  There is nothing in this list."
        } else {
            "  Nothing in this list has these words."
        };
        put(frame, row_of(area, 1), &Line::styled(fit(text, area.width.into()), theme.quiet()));
        return;
    }
    for (at, index) in seen.clone().zip(shown.get(seen.clone()).unwrap_or_default()) {
        // Without the focus, the cursor of this side means nothing.
        let under_cursor = focused && at == picker.items().cursor();
        let Some(item) = picker.shelf().item(*index) else { continue };
        let mut line = rows::item(item, picker.is_ticked(*index), under_cursor, theme, area.width.into());
        if under_cursor {
            line = line.patch_style(theme.cursor(true));
        }
        put(frame, row_of(area, at - seen.start), &line);
    }
}

fn items_title(picker: &Picker) -> String {
    let list = picker.lists().current();
    let name = picker.shelf().nodes().get(list).map(rows::name).unwrap_or_default();
    let (shown, all) = (picker.shown().len(), picker.shelf().members(list).len());
    let place = match picker.focus() {
        Pane::Items if shown > 0 => format!("{} of ", number(picker.items().cursor() + 1)),
        _ => String::new(),
    };
    if picker.search().text().trim().is_empty() {
        return format!("{name}: {place}{}", count(all as u64, "item", "items"));
    }
    let found = count(shown as u64, "item", "items");
    format!("{name}: {place}{found} with \u{201c}{}\u{201d}", escape(picker.search().text()))
}

/// What is ticked, in as many words as there is room for.
fn sums(picker: &Picker, room: u16) -> String {
    let sums = picker.sums();
    if sums.items == 0 {
        return " Nothing is ticked.".to_owned();
    }
    let (n, bytes, cloud) = (number(sums.items), size(sums.bytes_on_phone()), number(sums.cloud_only));
    let forms = match sums.cloud_only {
        0 => [format!(" {n} ticked, {bytes}"), format!(" {n}, {bytes}")],
        _ => [
            format!(" {n} ticked, {bytes} on the phone, {cloud} only in iCloud"),
            format!(" {n}, {bytes}, {cloud} iCloud"),
        ],
    };
    let [long, short] = forms;
    if width(&long) <= usize::from(room) { long } else { short }
}

/// The last row: the search while it is typed, a word about the last key, or what the keys do.
fn draw_keys(picker: &Picker, theme: Theme, frame: &mut Frame, area: Rect) {
    if picker.is_searching() {
        let (before, behind) = picker.search().around_cursor();
        let label = " Search: ";
        let room = usize::from(area.width).saturating_sub(width(label) + 1);
        let before = tail(&escape(before), room);
        let cursor = width(label) + width(&before);
        let line = Line::from(vec![
            Span::styled(label, theme.strong()),
            Span::raw(before),
            Span::raw(escape(behind)),
        ]);
        put(frame, area, &line);
        let x = area.x.saturating_add(u16::try_from(cursor).unwrap_or(u16::MAX)).min(area.right() - 1);
        frame.set_cursor_position(Position::new(x, area.y));
        return;
    }
    if let Some(note) = picker.note() {
        put(frame, area, &Line::styled(fit(&format!(" {note}"), area.width.into()), theme.strong()));
        return;
    }
    let searched = !picker.search().text().is_empty();
    // As many as there is room for, what cannot be guessed first.
    let keys = [
        ("Space", "tick"),
        ("Enter", "finish"),
        ("?", "help"),
        ("a", "all"),
        ("/", "search"),
        ("q", "quit"),
        ("Tab", "other pane"),
    ];
    let escape_key = [("Esc", "end search")];
    let keys = escape_key.iter().filter(|_| searched).chain(&keys);
    let mut spans = Vec::new();
    let mut used = 0;
    for (key, what) in keys {
        let cost = 2 + width(key) + 1 + width(what);
        if used + cost > usize::from(area.width) {
            break;
        }
        used += cost;
        spans.push(Span::styled(format!("  {key}"), theme.strong()));
        spans.push(Span::styled(format!(" {what}"), theme.quiet()));
    }
    put(frame, area, &Line::from(spans));
}

#[cfg(test)]
mod tests;
