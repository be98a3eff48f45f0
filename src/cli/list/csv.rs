//! Items as CSV.

use std::io::{self, Write};

use super::column::Column;
use super::{Row, Sink, flush};
use crate::fields::Value;

/// Writes a heading and one record an item.
pub(super) struct Csv<W: Write> {
    out: ::csv::Writer<W>,
    columns: Vec<Column>,
    has_heading: bool,
}

impl<W: Write> Csv<W> {
    pub(super) fn new(out: W, columns: Vec<Column>) -> Self {
        Self { out: ::csv::Writer::from_writer(out), columns, has_heading: false }
    }

    fn heading(&mut self) -> io::Result<()> {
        if !self.has_heading {
            self.has_heading = true;
            self.out.write_record(self.columns.iter().map(Column::name)).map_err(io_error)?;
        }
        Ok(())
    }
}

impl<W: Write> Sink for Csv<W> {
    fn row(&mut self, row: &Row<'_>) -> io::Result<()> {
        self.heading()?;
        for column in &self.columns {
            match column.of(row) {
                // What programs expect; people have the table.
                Value::Flag(flag) => self.out.write_field(if flag { "true" } else { "false" }),
                Value::Text(text) => self.out.write_field(&*text),
                other => self.out.write_field(other.to_string()),
            }
            .map_err(io_error)?;
        }
        self.out.write_record(None::<&[u8]>).map_err(io_error)
    }

    fn end(mut self) -> io::Result<()> {
        self.heading()?;
        self.out.flush()?;
        match self.out.into_inner() {
            Ok(out) => flush(out),
            Err(error) => Err(io::Error::new(error.error().kind(), error.to_string())),
        }
    }
}

/// What went wrong below.
fn io_error(error: ::csv::Error) -> io::Error {
    match error.into_kind() {
        ::csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}
