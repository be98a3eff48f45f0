//! A manifest as CSV (RFC 4180): a header, commas, quotes where they are needed, UTF-8 without a mark.

use std::io::Write;

use super::columns::{self, Value};
use super::{ManifestError, Sink};
use crate::ledger::Listed;

/// Writes a manifest as CSV.
pub struct CsvSink<W: Write> {
    out: csv::Writer<W>,
    /// Where it goes, for messages.
    to: String,
    /// What is done to texts before they are written.
    dress: fn(&str) -> String,
}

impl<W: Write> CsvSink<W> {
    /// Writes the header to `out`, which is called `to` in messages. Texts go through `dress`: for a terminal, what
    /// would drive it has to be written out.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn new(out: W, to: &str, dress: fn(&str) -> String) -> Result<Self, ManifestError> {
        let mut out = csv::Writer::from_writer(out);
        out.write_record(columns::NAMES).map_err(|error| failed(to, error))?;
        Ok(Self { out, to: to.to_owned(), dress })
    }
}

impl<W: Write> Sink for CsvSink<W> {
    fn put(&mut self, listed: &Listed) -> Result<(), ManifestError> {
        let fields = columns::values(listed).map(|value| match value {
            Value::Nothing => String::new(),
            Value::Number(number) => number.to_string(),
            Value::Text(text) => (self.dress)(&text),
        });
        self.out.write_record(&fields).map_err(|error| failed(&self.to, error))
    }

    fn finish(mut self) -> Result<(), ManifestError> {
        self.out.flush().map_err(|error| ManifestError::write(&self.to, error))
    }
}

/// Behind the crate's error is the system's, which says more.
fn failed(to: &str, error: csv::Error) -> ManifestError {
    ManifestError::write(
        to,
        match error.into_kind() {
            csv::ErrorKind::Io(error) => error,
            other => std::io::Error::other(format!("{other:?}")),
        },
    )
}
