//! A manifest as a file: whole, or not there.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use tokio_util::sync::CancellationToken;

use super::{CsvSink, JsonSink, ManifestError, SqliteSink, Written, write};
use crate::ledger::Ledger;

/// What a manifest is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values.
    Csv,
    /// An object per line.
    Json,
    /// A database.
    Sqlite,
}

impl Format {
    /// The one that the extension of a file name speaks of, if it speaks of one.
    #[must_use]
    pub fn of_name(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "csv" => Some(Self::Csv),
            "json" | "jsonl" | "ndjson" => Some(Self::Json),
            "sqlite" | "sqlite3" | "db" => Some(Self::Sqlite),
            _ => None,
        }
    }
}

/// Writes everything that a ledger lists to a new file, which has its name only when it is whole.
///
/// # Errors
/// [`ManifestError::Exists`] if something has the name, else those of [`write()`]. Nothing is left behind.
pub fn write_file(
    ledger: &Ledger,
    path: &Path,
    format: Format,
    cancel: &CancellationToken,
) -> Result<Written, ManifestError> {
    let to = path.display().to_string();
    let failed = |error: io::Error| ManifestError::write(&to, error);
    if is_there(path).map_err(failed)? {
        return Err(ManifestError::Exists(path.to_owned()));
    }
    let partial = Partial::make(path).map_err(failed)?;
    let written = match format {
        Format::Csv => {
            write(ledger, CsvSink::new(partial.open().map_err(failed)?, &to, str::to_owned)?, cancel)
        }
        Format::Json => write(ledger, JsonSink::new(partial.open().map_err(failed)?, &to), cancel),
        Format::Sqlite => write(ledger, SqliteSink::new(&partial.0, &to)?, cancel),
    }?;
    partial.open().and_then(|file| file.sync_all()).map_err(failed)?;
    partial.publish(path).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => ManifestError::Exists(path.to_owned()),
        _ => failed(error),
    })?;
    Ok(written)
}

/// A file that has not its name yet. Goes away when it is dropped.
struct Partial(PathBuf);

impl Partial {
    /// Makes an empty one beside `path`.
    fn make(path: &Path) -> io::Result<Self> {
        let name = format!(".iexport-{}.part", uuid::Uuid::new_v4());
        let partial = Self(path.with_file_name(name));
        OpenOptions::new().write(true).create_new(true).open(&partial.0)?;
        Ok(partial)
    }

    fn open(&self) -> io::Result<File> {
        OpenOptions::new().write(true).open(&self.0)
    }

    /// Gives it its name, unless something has it.
    fn publish(self, path: &Path) -> io::Result<()> {
        // A link never replaces anything; the drop takes the first name away. Where there are no links, looking
        // before is the best that can be done.
        match std::fs::hard_link(&self.0, path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => match is_there(path)? {
                true => Err(io::ErrorKind::AlreadyExists.into()),
                false => std::fs::rename(&self.0, path),
            },
            other => other,
        }
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_file(&self.0)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(%error, "a partial manifest stays behind");
        }
    }
}

fn is_there(path: &Path) -> io::Result<bool> {
    match std::fs::symlink_metadata(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}
