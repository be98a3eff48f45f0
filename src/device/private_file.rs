//! Writing a file that only this user may read.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
pub(super) use unix::write_private;
#[cfg(windows)]
pub(super) use windows::write_private;
