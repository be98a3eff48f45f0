//! Data on standard output, and what is said beside it.

use std::fmt::Display;
use std::io::{ErrorKind, Write};
use std::sync::OnceLock;

use serde::Serialize;

use super::Exit;
use super::advice::Problem;
use crate::report::escape;

/// Why a line of data could not be written, if it was not that nobody reads it any more.
static TROUBLE: OnceLock<String> = OnceLock::new();

/// Prints a line of data. `false` if nobody reads it any more (`iexport list | head`), or if it cannot be written.
pub(super) fn line(text: &str) -> bool {
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Ok(()) => true,
        Err(error) => {
            if error.kind() != ErrorKind::BrokenPipe {
                // The first reason counts.
                let _ = TROUBLE.set(error.to_string());
            }
            false
        }
    }
}

/// The problem that some data could not be written, if so: what there is must not be taken for all.
pub(super) fn trouble() -> Option<Problem> {
    let reason = TROUBLE.get()?;
    Some(Problem::new(
        Exit::Error,
        format!("the output cannot be written: {reason}"),
        "Check where the output of this command goes; what is there is not all.",
    ))
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

/// Says something to a person, beside the data; what a phone or a drive put into it is fit for a terminal. If nobody
/// hears it, because the terminal is gone or the pipe is closed, that is no reason to stop.
pub(super) fn note(text: impl Display) {
    let text = text.to_string();
    let lines: Vec<String> = text.split('\n').map(escape).collect();
    let _ = writeln!(std::io::stderr(), "{}", lines.join("\n"));
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
