//! Folders are flushed like files, links are made without ado, and files have numbers.

use std::fs::Metadata;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

/// `EILSEQ`: the file system cannot hold such a name.
const ILLEGAL_SEQUENCE: i32 = if cfg!(target_vendor = "apple") { 92 } else { 84 };

/// Makes the names in a folder durable; file systems that cannot do that on demand are left alone.
pub(in crate::transfer) fn sync_folder(folder: &Path) -> io::Result<()> {
    match std::fs::File::open(folder)?.sync_all() {
        Err(error) if matches!(error.kind(), io::ErrorKind::Unsupported | io::ErrorKind::InvalidInput) => {
            Ok(())
        }
        other => other,
    }
}

/// Makes a symbolic link with this text, whose steps are divided by forward slashes.
pub(in crate::transfer) fn symlink(text: &str, at: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(text, at)
}

/// The text of a symbolic link with forward slashes.
pub(in crate::transfer) fn link_text(target: &Path) -> String {
    target.to_string_lossy().into_owned()
}

/// Whether these are of one file under two names.
pub(in crate::transfer) fn is_same_file(a: &Metadata, b: &Metadata) -> bool {
    (a.dev(), a.ino()) == (b.dev(), b.ino())
}

/// Calls an error about a name one, where the standard library has no word for it.
pub(in crate::transfer) fn name_error(error: io::Error) -> io::Error {
    match error.raw_os_error() {
        Some(ILLEGAL_SEQUENCE) => io::Error::new(io::ErrorKind::InvalidFilename, error),
        _ => error,
    }
}
