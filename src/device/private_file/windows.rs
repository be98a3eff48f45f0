//! The user's own application data folder is not readable by other users.

use std::io::Write;
use std::path::Path;

/// Writes `bytes` to `path` at once: a reader sees the old content or the new one.
pub(in crate::device) fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let temporary = path.with_extension("new");
    let mut file = std::fs::File::create(&temporary)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    std::fs::rename(&temporary, path)
}
