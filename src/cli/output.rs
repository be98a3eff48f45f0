//! Data on standard output, and what is said beside it.

use std::fmt::Display;
use std::io::Write;

use serde::Serialize;

/// Prints a line of data. `false` if nobody reads it any more (`iexport list | head`).
pub(super) fn line(text: &str) -> bool {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}").and_then(|()| out.flush()).is_ok()
}

/// Prints an object as a line of JSON. `false` if nobody reads it any more.
pub(super) fn json(value: &impl Serialize) -> bool {
    match serde_json::to_string(value) {
        Ok(text) => line(&text),
        Err(error) => {
            tracing::error!(%error, "cannot be written as JSON");
            true
        }
    }
}

/// Says something to a person, beside the data. If nobody hears it, because the terminal is gone or the pipe is
/// closed, that is no reason to stop.
pub(super) fn note(text: impl Display) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// An empty table in the style of all tables here: no lines, two spaces between columns.
pub(super) fn table(header: &[&str]) -> comfy_table::Table {
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_header(header.iter().copied());
    table
}

/// The text of a table, without the blanks that end its lines.
pub(super) fn print_table(table: &comfy_table::Table) {
    for row in table.lines() {
        if !line(row.trim_end()) {
            return;
        }
    }
}
