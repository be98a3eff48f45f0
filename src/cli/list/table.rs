//! Items as a table for people.
//!
//! A large library has more rows than fit into memory with comfort, so the widths of the columns are those of the
//! first rows; where a later one is wider, it stands out.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::sync::Arc;

use unicode_width::UnicodeWidthStr;

use super::column::Column;
use super::{Row, Sink, flush};
use crate::catalog::{Collection, Item, Role};
use crate::fields::Value;
use crate::report::{escape, size};

/// As many rows say how wide the columns are.
const SAMPLE: usize = 1_000;

/// Wider cells are not waited for.
const MAX_WIDTH: usize = 60;

/// Writes a heading and one line an item.
pub(super) struct Table<W> {
    out: W,
    columns: Vec<Cell>,
    widths: Vec<usize>,
    /// Rows that wait for the widths.
    waiting: Vec<Vec<String>>,
    is_running: bool,
}

/// What stands in a column.
enum Cell {
    Column(Column),
    Taken,
    Date,
    Artist,
    Album,
    Name,
    What,
    Size,
    GoesTo,
}

impl<W: Write> Table<W> {
    /// What a person wants to know at first sight.
    pub(super) fn overview(out: W, collection: Collection) -> Self {
        let first = match collection {
            Collection::Photos => vec![Cell::Taken, Cell::Name],
            Collection::VoiceMemos | Collection::Files => vec![Cell::Date, Cell::Name],
            Collection::Music | Collection::Books | Collection::Podcasts => {
                vec![Cell::Artist, Cell::Album, Cell::Name]
            }
            Collection::Videos | Collection::Ringtones => vec![Cell::Name],
        };
        Self::new(out, first.into_iter().chain([Cell::What, Cell::Size, Cell::GoesTo]).collect())
    }

    /// The columns that somebody named.
    pub(super) fn of_columns(out: W, columns: Vec<Column>) -> Self {
        Self::new(out, columns.into_iter().map(Cell::Column).collect())
    }

    fn new(out: W, columns: Vec<Cell>) -> Self {
        let heading: Vec<String> = columns.iter().map(Cell::heading).collect();
        let widths = heading.iter().map(|text| text.width()).collect();
        Self { out, columns, widths, waiting: vec![heading], is_running: false }
    }

    fn line(&mut self, cells: &[String]) -> io::Result<()> {
        let mut line = String::new();
        for ((cell, column), width) in cells.iter().zip(&self.columns).zip(&self.widths) {
            if !line.is_empty() {
                line.push_str("  ");
            }
            let blanks = " ".repeat(width.saturating_sub(cell.width()));
            let (before, after) =
                if column.is_number() { (blanks.as_str(), "") } else { ("", blanks.as_str()) };
            // Writing to a string does not fail.
            let _ = write!(line, "{before}{cell}{after}");
        }
        writeln!(self.out, "{}", line.trim_end())
    }

    /// Writes what waited for the widths.
    fn start(&mut self) -> io::Result<()> {
        self.is_running = true;
        for row in &self.waiting {
            for (cell, width) in row.iter().zip(&mut self.widths) {
                *width = cell.width().clamp(*width, (*width).max(MAX_WIDTH));
            }
        }
        std::mem::take(&mut self.waiting).iter().try_for_each(|row| self.line(row))
    }
}

impl<W: Write> Sink for Table<W> {
    fn row(&mut self, row: &Row<'_>) -> io::Result<()> {
        let cells: Vec<String> = self.columns.iter().map(|column| column.of(row)).collect();
        if self.is_running {
            return self.line(&cells);
        }
        self.waiting.push(cells);
        if self.waiting.len() > SAMPLE { self.start() } else { Ok(()) }
    }

    fn end(mut self) -> io::Result<()> {
        if !self.is_running {
            self.start()?;
        }
        flush(self.out)
    }
}

impl Cell {
    fn heading(&self) -> String {
        match self {
            Self::Column(column) => column.name().to_uppercase(),
            Self::Taken => "TAKEN".to_owned(),
            Self::Date => "DATE".to_owned(),
            Self::Artist => "ARTIST".to_owned(),
            Self::Album => "ALBUM".to_owned(),
            Self::Name => "NAME".to_owned(),
            Self::What => "WHAT".to_owned(),
            Self::Size => "SIZE".to_owned(),
            Self::GoesTo => "GOES TO".to_owned(),
        }
    }

    const fn is_number(&self) -> bool {
        matches!(self, Self::Column(column) if column.is_number())
    }

    /// Fit for a terminal.
    fn of(&self, row: &Row<'_>) -> String {
        let item = row.item;
        let media = item.media.as_deref();
        let text = |text: Option<&Arc<str>>| text.map(|text| escape(text)).unwrap_or_default();
        match self {
            Self::Column(column) => match column.of(row) {
                Value::Flag(false) => String::new(),
                Value::Time(moment) => moment.to_string(),
                other => escape(&other.to_string()),
            },
            Self::Artist => {
                text(media.and_then(|media| media.album_artist.as_ref().or(media.artist.as_ref())))
            }
            Self::Album => text(media.and_then(|media| media.album.as_ref())),
            Self::Taken | Self::Date => item
                .taken
                .map(|taken| taken.local().strftime("%Y-%m-%d %H:%M").to_string())
                .unwrap_or_default(),
            // What the phone calls files of media says nothing.
            Self::Name => match item.title.as_deref().filter(|_| media.is_some()) {
                Some(title) => escape(title),
                None => escape(&item.original_name),
            },
            Self::What => what(item),
            Self::Size => item.size_bytes().map_or_else(|| "?".to_owned(), size),
            Self::GoesTo => match row.planned.first() {
                Some(file) => escape(file.found_at().to_text()),
                None if row.is_there => "(already there)".to_owned(),
                None if item.is_cloud_only() => format!("(only in {})", row.catalog.collection.cloud()),
                None => "(not on the phone)".to_owned(),
            },
        }
    }
}

/// What it is, in a few words.
fn what(item: &Item) -> String {
    let traits = &item.traits;
    let mut words = item.kind.name().replace('_', " ");
    for (is_set, word) in [
        (traits.live, "live"),
        (item.burst.is_some(), "burst"),
        (traits.panorama, "panorama"),
        (traits.portrait, "portrait"),
        (traits.selfie, "selfie"),
        (traits.screenshot, "screenshot"),
        (traits.screen_recording, "screen-recording"),
        (traits.slow_mo, "slow-mo"),
        (traits.time_lapse, "time-lapse"),
        (item.adjusted, "edited"),
        (item.favorite, "favourite"),
        (item.hidden, "hidden"),
        (item.trashed, "deleted"),
        (traits.raw || item.resource(Role::Raw).is_some(), "raw"),
    ] {
        if is_set {
            words.push(' ');
            words.push_str(word);
        }
    }
    words
}
