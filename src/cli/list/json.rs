//! Items as lines of JSON.

use std::io::{self, Write};

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::column::Column;
use super::{Row, Sink, flush};
use crate::fields::Table;

/// Writes one object a line, with all fields or with some.
pub(super) struct Json<W> {
    out: W,
    columns: Vec<Column>,
}

impl<W: Write> Json<W> {
    pub(super) fn new(out: W, columns: Option<Vec<Column>>, table: &Table) -> Self {
        let columns = columns.unwrap_or_else(|| table.fields.iter().map(Column::Field).collect());
        Self { out, columns }
    }
}

impl<W: Write> Sink for Json<W> {
    fn row(&mut self, row: &Row<'_>) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, &Line { row, columns: &self.columns })?;
        self.out.write_all(b"\n")
    }

    fn end(self) -> io::Result<()> {
        flush(self.out)
    }
}

/// An item.
struct Line<'a, 'r> {
    row: &'a Row<'r>,
    columns: &'a [Column],
}

impl Serialize for Line<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.columns.len() + 1))?;
        map.serialize_entry("type", "item")?;
        for column in self.columns {
            map.serialize_entry(column.name(), &column.of(self.row))?;
        }
        map.end()
    }
}
