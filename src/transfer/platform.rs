//! What the standard library leaves to each platform: durable names, and links.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
pub(super) use unix::{is_same_file, link_text, name_error, symlink, sync_folder};
#[cfg(windows)]
pub(super) use windows::{is_same_file, link_text, name_error, symlink, sync_folder};
