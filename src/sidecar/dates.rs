//! Dates as XMP and JSON write them.

use jiff::tz::Offset;

use crate::catalog::CaptureTime;

/// The local time at the place with its distance from UTC, to the millisecond: `2024-03-09T13:00:00+01:00`. In
/// UTC, marked by `Z`, if nobody knows the zone. `None` for what has no year of four digits.
///
/// Zones of long ago have seconds in their distance, which neither format can hold: they are cut off, and the
/// time is shown for what is left, so that the instant stays right.
pub(super) fn capture(taken: &CaptureTime) -> Option<String> {
    let Some(offset) = taken.offset else {
        return stamp(taken.instant.to_zoned(jiff::tz::TimeZone::UTC), "Z");
    };
    let minutes = offset.seconds() / 60;
    let whole = Offset::from_seconds(minutes * 60).ok()?;
    let sign = if minutes < 0 { '-' } else { '+' };
    let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
    stamp(taken.instant.to_zoned(whole.to_time_zone()), &format!("{sign}{hours:02}:{rest:02}"))
}

fn stamp(local: jiff::Zoned, zone: &str) -> Option<String> {
    if !(0..=9999).contains(&local.year()) {
        return None;
    }
    let (date, time) = (local.date(), local.time());
    let fraction = match time.millisecond() {
        0 => String::new(),
        millis => format!(".{millis:03}"),
    };
    Some(format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{fraction}{zone}",
        date.year(),
        date.month(),
        date.day(),
        time.hour(),
        time.minute(),
        time.second()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(instant: &str, seconds_east: Option<i32>) -> String {
        let offset = seconds_east.map(|east| Offset::from_seconds(east).unwrap());
        capture(&CaptureTime { instant: instant.parse().unwrap(), offset }).unwrap()
    }

    #[test]
    fn with_zone_without_and_of_long_ago() {
        assert_eq!(shown("2024-03-09T12:00:00Z", Some(3600)), "2024-03-09T13:00:00+01:00");
        assert_eq!(shown("2024-03-09T12:00:00.123456Z", Some(-34_200)), "2024-03-09T02:30:00.123-09:30");
        assert_eq!(shown("2024-03-09T12:00:00Z", Some(0)), "2024-03-09T12:00:00+00:00");
        assert_eq!(shown("2024-03-09T12:00:00Z", None), "2024-03-09T12:00:00Z");
        // Amsterdam, in 1930.
        assert_eq!(shown("1930-01-01T12:00:00Z", Some(1172)), "1930-01-01T12:19:00+00:19");
        assert_eq!(shown("1930-01-01T12:00:00Z", Some(-1172)), "1930-01-01T11:41:00-00:19");
        assert_eq!(shown("0001-01-01T00:00:00.5Z", None), "0001-01-01T00:00:00.500Z");
    }
}
