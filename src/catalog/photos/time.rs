//! When something was taken, out of what the database has of it (facts/media.md section A6).

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

/// Offsets of more than 14 hours do not exist.
const MAX_OFFSET: i64 = 14 * 3600;

/// What the database knows of the place's time zone.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ZoneHints<'a> {
    /// IANA name, `GMT-0400`, an abbreviation, or nonsense.
    pub name: Option<&'a str>,
    /// Seconds east of UTC.
    pub offset: Option<i64>,
    /// Seconds east of UTC, guessed by the phone from where it was.
    pub inferred: Option<i64>,
    /// Local time as EXIF has it, `YYYY:MM:DD HH:MM:SS`.
    pub exif_time: Option<&'a str>,
}

/// Finds offsets; remembers the zones it was asked for.
#[derive(Debug, Default)]
pub(super) struct Zones {
    known: HashMap<String, Option<TimeZone>>,
}

impl Zones {
    /// Offset of local time at `instant`; `None` if nothing tells.
    pub(super) fn offset(&mut self, instant: Timestamp, hints: ZoneHints<'_>) -> Option<Offset> {
        let named = |zones: &mut Self| Some(zones.zone(hints.name?)?.to_offset(instant));
        // `Area/City` has daylight saving in it. A bare abbreviation such as `CET` may be a zone's name too, but
        // then the number beside it knows better whether it was summer.
        let is_place = hints.name.is_some_and(|name| name.contains('/'));
        let first = if is_place { named(self) } else { hints.name.and_then(fixed) };
        first
            .or_else(|| hints.offset.and_then(seconds))
            .or_else(|| hints.inferred.and_then(seconds))
            .or_else(|| if is_place { None } else { named(self) })
            .or_else(|| from_exif(instant, hints.exif_time?))
    }

    fn zone(&mut self, name: &str) -> Option<&TimeZone> {
        if !self.known.contains_key(name) {
            let sensible = name.len() <= 64
                && !name.contains("..")
                && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'_' | b'-' | b'+'));
            let zone = if sensible { TimeZone::get(name).ok() } else { None };
            self.known.insert(name.to_owned(), zone);
        }
        self.known.get(name)?.as_ref()
    }
}

fn seconds(east: i64) -> Option<Offset> {
    if east.abs() > MAX_OFFSET {
        return None;
    }
    Offset::from_seconds(i32::try_from(east).ok()?).ok()
}

/// `GMT-0400`, `GMT+01:00`, `GMT+1`, `GMT`, `UTC`.
fn fixed(name: &str) -> Option<Offset> {
    let rest = name.strip_prefix("GMT").or_else(|| name.strip_prefix("UTC"))?;
    let (sign, digits) = match rest.split_at_checked(1) {
        None => return Some(Offset::UTC),
        Some(("+", digits)) => (1, digits),
        Some(("-", digits)) => (-1, digits),
        Some(_) => return None,
    };
    let digits: String = digits.chars().filter(|c| *c != ':').collect();
    if digits.is_empty() || digits.len() > 4 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number: i64 = digits.parse().ok()?;
    let (hours, minutes) = if digits.len() <= 2 { (number, 0) } else { (number / 100, number % 100) };
    if minutes >= 60 {
        return None;
    }
    seconds(sign * (hours * 3600 + minutes * 60))
}

/// The difference between local time and UTC, if it is one that a zone could have. No difference tells nothing:
/// where Photos knows no zone it takes the local time for UTC.
fn from_exif(instant: Timestamp, text: &str) -> Option<Offset> {
    let local = DateTime::strptime("%Y:%m:%d %H:%M:%S", text.trim()).ok()?;
    let local = local.to_zoned(TimeZone::UTC).ok()?.timestamp();
    let east = local.as_second() - instant.as_second();
    // Zones differ by quarters of an hour; the phone's clock and the camera's may differ by a second.
    let rounded = (east + 450).div_euclid(900) * 900;
    if rounded != 0 && (east - rounded).abs() <= 2 { seconds(rounded) } else { None }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::*;

    fn offset(hints: ZoneHints<'_>) -> Option<i32> {
        let instant: Timestamp = "2020-07-01T12:00:00Z".parse().unwrap();
        Zones::default().offset(instant, hints).map(Offset::seconds)
    }

    #[test]
    fn zones_by_name_then_by_number() {
        let hints = |name, offset| ZoneHints { name: Some(name), offset, ..ZoneHints::default() };
        assert_eq!(offset(hints("GMT-0400", Some(-14400))), Some(-14400));
        assert_eq!(offset(hints("GMT+05:30", None)), Some(19800));
        assert_eq!(offset(hints("GMT+1", None)), Some(3600));
        assert_eq!(offset(hints("GMT", None)), Some(0));
        assert_eq!(offset(hints("IDT", Some(10800))), Some(10800));
        assert_eq!(offset(hints("GMT-0475", Some(60))), Some(60));
        assert_eq!(offset(hints("../../etc/localtime", Some(60))), Some(60));
        assert_eq!(offset(hints("Nowhere/Land", None)), None);
        assert_eq!(offset(hints("Nowhere/Land", Some(999_999))), None);
        if TimeZone::get("Australia/Adelaide").is_ok() {
            assert_eq!(offset(hints("Australia/Adelaide", Some(0))), Some(34200), "a place knows best");
        }
        assert_eq!(offset(ZoneHints { inferred: Some(3600), ..ZoneHints::default() }), Some(3600));
        assert_eq!(offset(ZoneHints::default()), None);
    }

    #[test]
    fn zones_from_exif() {
        let hints = |exif_time| ZoneHints { exif_time: Some(exif_time), ..ZoneHints::default() };
        assert_eq!(offset(hints("2020:07:01 08:00:00")), Some(-14400));
        assert_eq!(offset(hints("2020:07:01 17:45:01")), Some(20700));
        assert_eq!(offset(hints("2020:07:01 08:07:00")), None, "no zone is like that");
        assert_eq!(offset(hints("2019:07:01 08:00:00")), None, "another day");
        assert_eq!(offset(hints("2020:07:01 12:00:00")), None, "no zone was known");
        assert_eq!(offset(hints("soon")), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(2001), ..ProptestConfig::default() })]

        #[test]
        fn any_zone_text_is_survived(name in ".{0,20}", exif in ".{0,24}", number in any::<i64>()) {
            let hints = ZoneHints { name: Some(&name), offset: None, inferred: Some(number), exif_time: Some(&exif) };
            let _ = offset(hints);
        }
    }
}
