//! A folder is flushed like a file.

use std::io;
use std::path::Path;

/// Makes the names in a folder durable; file systems that cannot do that on demand are left alone.
pub(in crate::transfer) fn sync_folder(folder: &Path) -> io::Result<()> {
    match std::fs::File::open(folder)?.sync_all() {
        Err(error) if matches!(error.kind(), io::ErrorKind::Unsupported | io::ErrorKind::InvalidInput) => {
            Ok(())
        }
        other => other,
    }
}
