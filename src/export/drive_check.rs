//! Whether a destination can be one.
//!
//! The worst mistake here would be to make the folder `/Volumes/Drive` on the computer's own disk because the
//! drive is not plugged in, and to fill that disk. So a missing folder is made only inside of an existing
//! one, and never where drives appear.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Why a folder cannot be a destination.
#[derive(Debug, Error)]
pub enum DestinationError {
    /// It is a file.
    #[error("{} is a file, not a folder", .0.display())]
    IsFile(PathBuf),
    /// Neither it nor the folder it would lie in exists.
    #[error("the folder {} does not exist", .0.display())]
    NoParent(PathBuf),
    /// It would be the place of a drive, and the drive is not there.
    #[error("no drive is connected at {}", .0.display())]
    DriveMissing(PathBuf),
    /// It cannot be made or written to.
    #[error("cannot write to {}: {error}", .path.display())]
    NotWritable {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
}

/// Makes sure that `to` is a folder that can be written to; makes it if only its last part is missing.
///
/// # Errors
/// See [`DestinationError`].
pub fn prepare_destination(to: &Path) -> Result<(), DestinationError> {
    let not_writable = |error| DestinationError::NotWritable { path: to.to_owned(), error };
    match std::fs::metadata(to) {
        Ok(meta) if meta.is_dir() => {}
        Ok(_) => return Err(DestinationError::IsFile(to.to_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => make(to)?,
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
            return Err(DestinationError::IsFile(first_file(to)));
        }
        Err(error) => return Err(not_writable(error)),
    }
    // Permissions say little on network and foreign file systems: trying is what counts.
    tempfile::Builder::new().prefix(".iexport-try-").tempfile_in(to).map(drop).map_err(not_writable)
}

fn make(to: &Path) -> Result<(), DestinationError> {
    let parent = match to.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
        Some(parent) => parent,
        None => return Err(DestinationError::NoParent(to.to_owned())),
    };
    if is_where_drives_appear(parent) {
        return Err(DestinationError::DriveMissing(to.to_owned()));
    }
    match std::fs::create_dir(to) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(missing_drive(to).unwrap_or_else(|| DestinationError::NoParent(parent.to_owned())))
        }
        Err(error) => Err(DestinationError::NotWritable { path: to.to_owned(), error }),
    }
}

/// If a missing path would lie on a drive that is not there: the drive's place.
fn missing_drive(to: &Path) -> Option<DestinationError> {
    let place = to.ancestors().find(|a| a.parent().is_some_and(is_where_drives_appear) && !a.exists())?;
    Some(DestinationError::DriveMissing(place.to_owned()))
}

/// The part of a path that is a file although something is to lie below it.
fn first_file(to: &Path) -> PathBuf {
    to.ancestors().find(|a| a.is_file()).unwrap_or(to).to_owned()
}

/// Folders in which systems mount drives under the drive's name: `/Volumes` (macOS), `/media/USER` and
/// `/run/media/USER` (Linux desktops), `/mnt`.
fn is_where_drives_appear(folder: &Path) -> bool {
    let parts: Vec<_> = folder.components().map(|c| c.as_os_str().to_string_lossy().into_owned()).collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    matches!(
        parts.as_slice(),
        ["/", "Volumes"]
            | ["/", "mnt"]
            | ["/", "media"]
            | ["/", "media", _]
            | ["/", "run", "media"]
            | ["/", "run", "media", _]
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_folder_is_made_inside_of_an_existing_one() {
        let base = tempfile::tempdir().unwrap();
        let to = base.path().join("export");
        prepare_destination(&to).unwrap();
        assert!(to.is_dir());
        assert_eq!(std::fs::read_dir(&to).unwrap().count(), 0, "nothing is left behind by trying");
        assert!(matches!(
            prepare_destination(&base.path().join("no/such/place")),
            Err(DestinationError::NoParent(_))
        ));
    }

    #[test]
    fn a_file_is_no_destination() {
        let base = tempfile::tempdir().unwrap();
        let file = base.path().join("file");
        std::fs::write(&file, "x").unwrap();
        assert!(matches!(prepare_destination(&file), Err(DestinationError::IsFile(_))));
        assert!(matches!(prepare_destination(&file.join("below")), Err(DestinationError::IsFile(_))));
    }

    #[test]
    #[cfg(unix)]
    fn a_drive_that_is_not_there_is_not_made_up() {
        for to in ["/Volumes/No Such Drive", "/media/nobody/No Such Drive", "/mnt/no-such-drive/photos"] {
            assert!(
                matches!(prepare_destination(Path::new(to)), Err(DestinationError::DriveMissing(_))),
                "{to}"
            );
        }
    }
}
