//! One row of a pane: a list, or a photo or video.

use ratatui::text::{Line, Span};

use super::super::lists::Row;
use super::super::picker::Picker;
use super::super::ticks::Tick;
use super::cells::{fit, fit_right, width};
use super::{Theme, number};
use crate::catalog::{Item, MediaKind, Role, Scope};
use crate::cli::albums::figures::Figures;
use crate::cli::albums::outline::{Node, Place, Section};
use crate::report::{escape, size};

/// The name of a list as it is shown.
pub(super) fn name(node: &Node) -> String {
    if node.title.is_empty() { "(untitled)".to_owned() } else { escape(&node.title) }
}

/// A row of the left pane.
pub(super) fn list(
    picker: &Picker,
    row: Row,
    under_cursor: bool,
    theme: Theme,
    columns: usize,
) -> Line<'static> {
    let list = match row {
        Row::Heading(section) => {
            let text = format!("  {} ", heading(section));
            let rule = "─".repeat(columns.saturating_sub(width(&text) + 1));
            return Line::styled(fit(&format!("{text}{rule}"), columns), theme.quiet());
        }
        Row::List(list) => list,
    };
    let Some(node) = picker.shelf().nodes().get(list) else { return Line::default() };
    let tick = match picker.tick_of(list) {
        Tick::Empty => Span::raw("[ ]"),
        Tick::Partial => Span::styled("[-]", theme.ticked()),
        Tick::Full => Span::styled("[x]", theme.ticked()),
    };
    let fold = match (node.place, picker.lists().is_shut(list)) {
        (Place::Folder, true) => "▸ ",
        (Place::Folder, false) => "▾ ",
        _ => "",
    };
    // Deep folders must leave some room for names.
    let indent = "  ".repeat(node.folders.len().min(columns / 8));
    let n = number(node.members.len());
    let room = columns.saturating_sub(FRONT + 1 + width(&n) + 1);
    Line::from(vec![
        Span::raw(if under_cursor { ">" } else { " " }),
        tick,
        Span::raw(format!(" {} {n} ", fit(&format!("{indent}{fold}{}", name(node)), room))),
    ])
}

const fn heading(section: Section) -> &'static str {
    match section {
        Section::Library => "Library",
        Section::Albums => "Albums",
        Section::Shared => "Shared albums",
        Section::Smart => "Made by the phone",
        Section::Other => "Other",
    }
}

/// The cursor, the tick, and a blank.
const FRONT: usize = 5;

/// How the columns of a row are shared out; zero is none.
#[derive(Debug, Clone, Copy)]
struct Columns {
    date: usize,
    name: usize,
    size: usize,
    marks: usize,
}

impl Columns {
    /// The names of cameras fit. Longer ones than forty are rare, and what stands behind should stay near.
    fn of(columns: usize) -> Self {
        let date = match columns {
            ..48 => 0,
            48..56 => "2024-07-01".len(),
            56.. => "2024-07-01 12:00".len(),
        };
        let size = if columns < 28 { 0 } else { "999 bytes".len() };
        let used: usize = [date, size].into_iter().filter(|width| *width > 0).map(|width| width + 1).sum();
        let rest = columns.saturating_sub(FRONT + used + 1);
        let name = (rest * 3 / 5).clamp(13, 40).min(rest);
        Self { date, name, size, marks: rest - name }
    }
}

/// A row of the right pane.
pub(super) fn item(
    item: &Item,
    ticked: bool,
    under_cursor: bool,
    theme: Theme,
    columns: usize,
) -> Line<'static> {
    let at = Columns::of(columns);
    let mut text = String::from(" ");
    if at.date > 0 {
        let form = if at.date > 10 { "%Y-%m-%d %H:%M" } else { "%Y-%m-%d" };
        let date = item.taken.map(|taken| taken.local().strftime(form).to_string()).unwrap_or_default();
        text += &fit(&date, at.date);
        text.push(' ');
    }
    text += &fit(&escape(&item.original_name), at.name);
    text.push(' ');
    if at.size > 0 {
        text += &fit_right(&size(Figures::one(item).bytes), at.size);
        text.push(' ');
    }
    let marks = fit(&marks(item).join(" "), at.marks);
    Line::from(vec![
        Span::raw(if under_cursor { ">" } else { " " }),
        if ticked { Span::styled("[x]", theme.ticked()) } else { Span::raw("[ ]") },
        Span::raw(text),
        if item.is_cloud_only() { Span::styled(marks, theme.away()) } else { Span::raw(marks) },
    ])
}

/// What kind of photo or video it is, what matters most first.
fn marks(item: &Item) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let traits = &item.traits;
    let raw_beside = item.resource(Role::Raw).is_some() || traits.has_raw;
    for (set, word) in [
        (item.is_cloud_only(), "iCloud"),
        (item.is_missing(), "missing"),
        (item.trashed, "deleted"),
        (item.hidden, "hidden"),
        (item.scope == Scope::SharedAlbum, "shared"),
    ] {
        if set {
            out.push(word.to_owned());
        }
    }
    if item.kind == MediaKind::Video {
        out.push(
            item.duration_seconds
                .map_or_else(|| "video".to_owned(), |seconds| format!("video {}", clock(seconds))),
        );
    }
    for (set, word) in [
        (item.favorite, "♥"),
        (traits.live, "live"),
        (traits.raw || raw_beside, "RAW"),
        (item.burst.is_some(), "burst"),
        (traits.panorama, "panorama"),
        (traits.portrait, "portrait"),
        (traits.screenshot || traits.screen_recording, "screen"),
        (traits.slow_mo, "slow-mo"),
        (traits.time_lapse, "time-lapse"),
        (traits.cinematic, "cinematic"),
        (traits.spatial, "spatial"),
        (traits.animated, "animated"),
        (traits.long_exposure, "long exposure"),
        (traits.selfie, "selfie"),
        (item.adjusted, "edited"),
    ] {
        if set {
            out.push(word.to_owned());
        }
    }
    out
}

/// A duration as players show it.
fn clock(seconds: f64) -> String {
    // A phone's word: not a number and negative ones become zero, larger ones the largest.
    let seconds = seconds.round() as u64;
    let (minutes, seconds) = (seconds / 60, seconds % 60);
    if minutes < 60 {
        return format!("{minutes}:{seconds:02}");
    }
    format!("{}:{:02}:{seconds:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::photo;

    #[test]
    fn durations_as_players_show_them() {
        assert_eq!(clock(7.4), "0:07");
        assert_eq!(clock(61.0), "1:01");
        assert_eq!(clock(3723.0), "1:02:03");
        assert_eq!(clock(f64::NAN), "0:00");
        assert_eq!(clock(-5.0), "0:00");
    }

    #[test]
    fn every_width_is_filled_exactly() {
        let mut photo = photo("A", "アイスランド IMG_0001.HEIC", 0, 3_200_000);
        photo.favorite = true;
        photo.traits.live = true;
        for columns in 20..200 {
            let line = item(&photo, true, true, Theme { colour: false }, columns);
            assert_eq!(line.width(), columns, "{line}");
        }
    }
}
