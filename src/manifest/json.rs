//! A manifest as JSON: an object per line.

use std::io::{BufWriter, Write};

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::columns::{self, Value};
use super::{ManifestError, Sink};
use crate::ledger::Listed;

/// Writes a manifest as JSON.
pub struct JsonSink<W: Write> {
    out: BufWriter<W>,
    /// Where it goes, for messages.
    to: String,
}

impl<W: Write> JsonSink<W> {
    /// Writes to `out`, which is called `to` in messages.
    pub fn new(out: W, to: &str) -> Self {
        Self { out: BufWriter::new(out), to: to.to_owned() }
    }
}

impl<W: Write> Sink for JsonSink<W> {
    fn put(&mut self, listed: &Listed) -> Result<(), ManifestError> {
        let written = serde_json::to_writer(&mut self.out, &Line(columns::values(listed)));
        written
            .map_err(std::io::Error::from)
            .and_then(|()| self.out.write_all(b"\n"))
            .map_err(|error| ManifestError::write(&self.to, error))
    }

    fn finish(mut self) -> Result<(), ManifestError> {
        self.out.flush().map_err(|error| ManifestError::write(&self.to, error))
    }
}

struct Line<'a>([Value<'a>; columns::NAMES.len()]);

impl Serialize for Line<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1 + self.0.len()))?;
        map.serialize_entry("type", "entry")?;
        for (name, value) in columns::NAMES.iter().zip(&self.0) {
            match value {
                Value::Nothing => map.serialize_entry(name, &())?,
                Value::Number(number) => map.serialize_entry(name, number)?,
                Value::Text(text) => map.serialize_entry(name, text)?,
            }
        }
        map.end()
    }
}
