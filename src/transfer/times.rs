//! Setting the time of a file to the time it was taken.

#[cfg(target_os = "macos")]
mod macos;
#[cfg(not(any(target_os = "macos", windows)))]
mod other;
#[cfg(windows)]
mod windows;

#[cfg(target_os = "macos")]
use macos::with_creation_time;
#[cfg(not(any(target_os = "macos", windows)))]
use other::with_creation_time;
#[cfg(windows)]
use windows::with_creation_time;

use std::fs::{File, FileTimes};
use std::io;
use std::time::SystemTime;

use jiff::Timestamp;

/// Sets the modification time, and the creation time where the system has one that can be set.
///
/// The access time is set with it, to now: file systems behind libfuse 2 (exFAT and others) take both times or
/// silently none.
pub(super) fn set_times(file: &File, time: Timestamp) -> io::Result<()> {
    let time = SystemTime::from(time);
    let times = FileTimes::new().set_accessed(SystemTime::now()).set_modified(time);
    file.set_times(with_creation_time(times, time))
}
