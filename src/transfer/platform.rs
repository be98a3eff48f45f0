//! Making names durable, per platform.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
pub(super) use unix::sync_folder;
#[cfg(windows)]
pub(super) use windows::sync_folder;
