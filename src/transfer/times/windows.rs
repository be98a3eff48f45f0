//! Windows keeps a creation time, which the Explorer shows.

use std::fs::FileTimes;
use std::os::windows::fs::FileTimesExt;
use std::time::SystemTime;

pub(super) fn with_creation_time(times: FileTimes, time: SystemTime) -> FileTimes {
    times.set_created(time)
}
