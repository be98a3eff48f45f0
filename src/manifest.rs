//! A list of everything that a destination holds, for people and programs that do not know the ledger; and whether
//! the drive still holds it.
//!
//! It is made from the ledger alone and streams, however long it is. It knows nothing of phones, and changes nothing
//! on the drive. What the columns mean is in `docs/formats.md`.

mod check;
mod columns;
mod csv;
mod error;
mod json;
mod new_file;
mod sqlite;

use std::path::Path;

use tokio_util::sync::CancellationToken;

pub use self::csv::CsvSink;
pub use check::{Checked, Depth, Fault, Watcher, check};
pub use error::ManifestError;
pub use json::JsonSink;
pub use new_file::{Format, write_file};
pub use sqlite::SqliteSink;

use crate::ledger::{FILE, FOLDER, Ledger, Listed};

/// Takes entries, one after the other.
pub trait Sink {
    /// Takes an entry.
    ///
    /// # Errors
    /// It cannot be written.
    fn put(&mut self, listed: &Listed) -> Result<(), ManifestError>;

    /// After the last entry.
    ///
    /// # Errors
    /// It cannot be written.
    fn finish(self) -> Result<(), ManifestError>;
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Written {
    /// Entries.
    pub entries: u64,
    /// Rows of the ledger that make no sense and were left out.
    pub odd_rows: u64,
}

/// Opens the ledger of a destination, of whatever format, to list it.
///
/// # Errors
/// [`ManifestError::NoLedger`] if there is none, else those of the ledger.
pub fn open(destination: &Path) -> Result<Ledger, ManifestError> {
    if let Some(ledger) = Ledger::open_to_list(destination)? {
        return Ok(ledger);
    }
    let has_ledger = |folder: &&Path| folder.join(FOLDER).join(FILE).is_file();
    Err(ManifestError::NoLedger {
        destination: destination.to_owned(),
        above: destination.ancestors().skip(1).find(has_ledger).map(Path::to_owned),
    })
}

/// Writes everything that a ledger lists.
///
/// # Errors
/// The ledger cannot be read, the list cannot be written, or somebody stopped it.
pub fn write(
    ledger: &Ledger,
    mut sink: impl Sink,
    cancel: &CancellationToken,
) -> Result<Written, ManifestError> {
    let mut written = Written::default();
    let mut listing = ledger.listing()?;
    for listed in &mut listing {
        if cancel.is_cancelled() {
            return Err(ManifestError::Interrupted);
        }
        sink.put(&listed?)?;
        written.entries += 1;
    }
    written.odd_rows = listing.odd_rows();
    sink.finish()?;
    Ok(written)
}

#[cfg(test)]
mod tests;
