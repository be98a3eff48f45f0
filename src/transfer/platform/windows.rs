//! NTFS journals names; folders cannot be flushed through the standard library, nor files told apart by number.

use std::fs::Metadata;
use std::io;
use std::path::Path;

/// Nothing to do on this platform.
pub(in crate::transfer) fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

/// Makes a symbolic link with this text, whose steps are divided by forward slashes.
pub(in crate::transfer) fn symlink(text: &str, at: &Path) -> io::Result<()> {
    std::os::windows::fs::symlink_file(text.replace('/', "\\"), at)
}

/// The text of a symbolic link with forward slashes.
pub(in crate::transfer) fn link_text(target: &Path) -> String {
    target.to_string_lossy().replace('\\', "/")
}

/// It cannot be known; contents are compared then.
pub(in crate::transfer) fn is_same_file(_a: &Metadata, _b: &Metadata) -> bool {
    false
}

/// Nothing to do on this platform.
pub(in crate::transfer) fn name_error(error: io::Error) -> io::Error {
    error
}
