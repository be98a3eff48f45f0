//! Points in time as people write them, and what lies between two of them.
//!
//! A date without a time is a day of the calendar, and is compared with the day by the clock at the place where a
//! photo was taken: whoever asks for the 1st of January means the New Year of every journey. A time of day is a
//! point in time, by the clock of this computer unless it says otherwise.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp, ToSpan as _, Zoned};
use thiserror::Error;

use crate::catalog::CaptureTime;

/// A day, several days, or a point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// A day, a month or a year: from its first to its last day.
    Days {
        /// The first.
        first: Date,
        /// The last.
        last: Date,
    },
    /// A point in time.
    Moment(Timestamp),
}

/// What is no date.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "\"{}\" is no date: write 2024, 2024-08, 2024-08-15, 2024-08-15T12:30, today, yesterday, 30d, 2w, 6m or 1y",
    .0.escape_debug()
)]
pub struct NoDate(String);

impl When {
    /// Reads a date: `2024`, `2024-08`, `2024-08-15`, `2024-08-15T12:30` (with seconds and zone, if they matter),
    /// `today`, `yesterday`, or so long before now: `12h`, `30d`, `2w`, `6m`, `1y`.
    ///
    /// # Errors
    /// It is none of these, or no day of the calendar.
    pub fn parse(text: &str, now: &Zoned) -> Result<Self, NoDate> {
        let wrong = || NoDate(text.to_owned());
        let trimmed = text.trim();
        let today = now.date();
        let day = |day: Date| Self::Days { first: day, last: day };
        let before = |span: Span| today.checked_sub(span).map(day).map_err(|_| wrong());
        match trimmed.to_lowercase().as_str() {
            "today" => return Ok(day(today)),
            "yesterday" => return before(1.day()),
            "now" => return Ok(Self::Moment(now.timestamp())),
            _ => {}
        }
        if let Some((number, unit)) = ago(trimmed) {
            return match unit {
                'h' => {
                    let hours = SignedDuration::from_hours(number.into());
                    now.timestamp().checked_sub(hours).map(Self::Moment).map_err(|_| wrong())
                }
                'd' => before(Span::new().days(number)),
                'w' => before(Span::new().weeks(number)),
                'm' => before(Span::new().months(number)),
                'y' => Span::new().try_years(number).map_err(|_| wrong()).and_then(before),
                _ => Err(wrong()),
            };
        }
        let is_shaped = |shape: &str| {
            trimmed.len() == shape.len()
                && trimmed.chars().zip(shape.chars()).all(|(c, shape)| match shape {
                    '0' => c.is_ascii_digit(),
                    shape => c == shape,
                })
        };
        let date = |text: String| text.parse::<Date>().map_err(|_| wrong());
        if is_shaped("0000") {
            let first = date(format!("{trimmed}-01-01"))?;
            return Ok(Self::Days { first, last: first.last_of_year() });
        }
        if is_shaped("0000-00") {
            let first = date(format!("{trimmed}-01"))?;
            return Ok(Self::Days { first, last: first.last_of_month() });
        }
        if is_shaped("0000-00-00") {
            return date(trimmed.to_owned()).map(day);
        }
        if let Ok(moment) = trimmed.parse::<Timestamp>() {
            return Ok(Self::Moment(moment));
        }
        // A date with only an hour, and the like, is more likely a mistake.
        let time: DateTime = trimmed.parse().map_err(|_| wrong())?;
        if !trimmed.contains(':') {
            return Err(wrong());
        }
        let zoned = time.to_zoned(now.time_zone().clone()).map_err(|_| wrong())?;
        Ok(Self::Moment(zoned.timestamp()))
    }

    /// The same as points in time, by the clock of a zone: the first and the last. What lies beyond all points in time
    /// that there are is the outermost of them: a limit that cannot be reached is still one.
    fn moments(self, zone: &TimeZone) -> (Timestamp, Timestamp) {
        match self {
            Self::Moment(moment) => (moment, moment),
            Self::Days { first, last } => {
                let start = |day: Date| {
                    let outermost = if day.year() < 0 { Timestamp::MIN } else { Timestamp::MAX };
                    day.to_zoned(zone.clone()).map_or(outermost, |start| start.timestamp())
                };
                let next = last.tomorrow().map_or(Timestamp::MAX, start);
                let before = next.checked_sub(SignedDuration::from_nanos(1)).unwrap_or(next);
                let after = if next == Timestamp::MAX { next } else { before };
                (start(first), after)
            }
        }
    }
}

/// `30d` as 30 and `d`.
fn ago(text: &str) -> Option<(i32, char)> {
    let unit = text.chars().next_back().filter(char::is_ascii_alphabetic)?;
    let number = text.strip_suffix(unit)?;
    // Nobody's photos are older than this.
    let number = number.parse().ok().filter(|number| (0..=100_000).contains(number))?;
    Some((number, unit.to_ascii_lowercase()))
}

/// From here to there, both included; open where nothing is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Range {
    /// The first.
    pub since: Option<When>,
    /// The last.
    pub until: Option<When>,
}

impl Range {
    /// Whether nothing is said.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.since.is_none() && self.until.is_none()
    }

    /// Whether it ends before it begins, as far as that can be told.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match (self.since, self.until) {
            (Some(When::Days { first, .. }), Some(When::Days { last, .. })) => first > last,
            (Some(When::Moment(since)), Some(When::Moment(until))) => since > until,
            _ => false,
        }
    }

    /// The same with points in time, by the clock of a zone: for times that have no place.
    #[must_use]
    pub fn in_zone(self, zone: &TimeZone) -> Self {
        let moments = |when: When| when.moments(zone);
        Self {
            since: self.since.map(moments).map(|(first, _)| When::Moment(first)),
            until: self.until.map(moments).map(|(_, last)| When::Moment(last)),
        }
    }

    /// Whether something was taken in it. What has no time was not, unless nothing is said.
    #[must_use]
    pub fn contains(&self, taken: Option<CaptureTime>) -> bool {
        let Some(taken) = taken else { return self.is_open() };
        let day = taken.local().date();
        let since = self.since.is_none_or(|since| match since {
            When::Days { first, .. } => day >= first,
            When::Moment(moment) => taken.instant >= moment,
        });
        let until = self.until.is_none_or(|until| match until {
            When::Days { last, .. } => day <= last,
            When::Moment(moment) => taken.instant <= moment,
        });
        since && until
    }

    /// Whether any day of a year is in it, by the clock of UTC where that matters.
    #[must_use]
    pub fn meets_year(&self, year: i16) -> bool {
        let (Ok(first_day), Ok(last_day)) = (Date::new(year, 1, 1), Date::new(year, 12, 31)) else {
            return false;
        };
        let day_of = |moment: Timestamp| moment.to_zoned(TimeZone::UTC).date();
        let since = self.since.is_none_or(|since| match since {
            When::Days { first, .. } => last_day >= first,
            When::Moment(moment) => last_day >= day_of(moment),
        });
        let until = self.until.is_none_or(|until| match until {
            When::Days { last, .. } => first_day <= last,
            When::Moment(moment) => first_day <= day_of(moment),
        });
        since && until
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In the night of a Thursday, in a zone where UTC is still on Wednesday.
    fn now() -> Zoned {
        "2024-08-15T01:30:00+03:00[+03:00]".parse().unwrap()
    }

    fn days(first: &str, last: &str) -> When {
        When::Days { first: first.parse().unwrap(), last: last.parse().unwrap() }
    }

    fn parse(text: &str) -> When {
        When::parse(text, &now()).unwrap()
    }

    #[test]
    fn days_and_what_has_many() {
        assert_eq!(parse("2024"), days("2024-01-01", "2024-12-31"));
        assert_eq!(parse("2024-02"), days("2024-02-01", "2024-02-29"));
        assert_eq!(parse(" 2024-02-29 "), days("2024-02-29", "2024-02-29"));
        assert_eq!(parse("today"), days("2024-08-15", "2024-08-15"));
        assert_eq!(parse("Yesterday"), days("2024-08-14", "2024-08-14"));
        assert_eq!(parse("30d"), days("2024-07-16", "2024-07-16"));
        assert_eq!(parse("2w"), days("2024-08-01", "2024-08-01"));
        assert_eq!(parse("6m"), days("2024-02-15", "2024-02-15"));
        assert_eq!(parse("1Y"), days("2023-08-15", "2023-08-15"));
    }

    #[test]
    fn points_in_time() {
        let moment = |text: &str| When::Moment(text.parse().unwrap());
        assert_eq!(parse("2024-08-15T12:30"), moment("2024-08-15T09:30:00Z"));
        assert_eq!(parse("2024-08-15 12:30:05"), moment("2024-08-15T09:30:05Z"));
        assert_eq!(parse("2024-08-15T12:30:00Z"), moment("2024-08-15T12:30:00Z"));
        assert_eq!(parse("2024-08-15T12:30:00-04:00"), moment("2024-08-15T16:30:00Z"));
        assert_eq!(parse("2h"), moment("2024-08-14T20:30:00Z"));
    }

    #[test]
    fn years_of_which_a_part_is_meant() {
        let range = |since: Option<&str>, until: Option<&str>| Range {
            since: since.map(parse),
            until: until.map(parse),
        };
        for (since, until, expected) in [
            (Some("2011"), Some("2011"), true),
            (Some("2011-06"), None, true),
            (Some("2012"), None, false),
            (None, Some("2011-01-01"), true),
            (None, Some("2010"), false),
            (Some("2011-12-31T23:00:00Z"), None, true),
            (Some("2012-01-01T00:00:00Z"), None, false),
            (None, Some("2010-12-31T23:59:59Z"), false),
            (None, None, true),
        ] {
            assert_eq!(range(since, until).meets_year(2011), expected, "{since:?} {until:?}");
        }
        assert!(!range(Some("2011"), None).meets_year(i16::MAX));
    }

    #[test]
    fn what_is_no_date() {
        for text in [
            "",
            "24",
            "2024-13",
            "2024-02-30",
            "last week",
            "30",
            "d",
            "-3d",
            "15.08.2024",
            "2024-08-15T12",
            "999999d",
            "99999y",
            "3x",
        ] {
            let error = When::parse(text, &now()).unwrap_err().to_string();
            assert!(error.contains("is no date") && error.contains("yesterday"), "{text}: {error}");
        }
    }

    fn taken(text: &str) -> Option<CaptureTime> {
        let zoned: Zoned = text.parse().unwrap();
        Some(CaptureTime { instant: zoned.timestamp(), offset: Some(zoned.offset()) })
    }

    fn range(since: &str, until: &str) -> Range {
        let when = |text: &str| (!text.is_empty()).then(|| parse(text));
        Range { since: when(since), until: when(until) }
    }

    #[test]
    fn days_are_those_of_the_place() {
        // New Year in Tonga, when it is the morning of the 31st in UTC.
        let tonga = taken("2024-01-01T00:30:00+13:00[+13:00]");
        assert!(range("2024-01-01", "").contains(tonga));
        assert!(range("2024", "2024").contains(tonga));
        assert!(!range("", "2023").contains(tonga));
        assert!(range("", "2023-12-31T15:00").contains(tonga), "a point in time is the same everywhere");
        assert!(!range("2023-12-31T15:00:00Z", "").contains(tonga));
    }

    #[test]
    fn both_ends_are_meant() {
        let at = taken("2024-08-31T23:59:59+02:00[+02:00]");
        assert!(range("2024-08-31", "2024-08").contains(at));
        assert!(range("2024-08-31", "2024-08-31").contains(at));
        assert!(!range("2024-09", "").contains(at) && !range("", "2024-08-30").contains(at));
        assert!(!range("2024", "").contains(None) && Range::default().contains(None));
        assert!(range("2024-09", "2024-08").is_empty() && !range("2024-08", "2024").is_empty());
    }

    #[test]
    fn the_last_days_there_are_are_limits_too() {
        let in_zone = |since: &str, until: &str| range(since, until).in_zone(now().time_zone());
        let contains = |range: Range, text: &str| {
            range.contains(Some(CaptureTime { instant: text.parse().unwrap(), offset: None }))
        };
        for since in ["9999-12-31", "9999-12"] {
            let since = in_zone(since, "");
            assert!(!since.is_open() && !contains(since, "2024-08-15T12:00:00Z"), "{since:?}");
        }
        for until in ["9999-12-31", "9999-12-30", "9999"] {
            let until = in_zone("", until);
            assert!(!until.is_open() && contains(until, "2024-08-15T12:00:00Z"), "{until:?}");
            assert!(!until.contains(None), "{until:?}");
        }
        assert!(contains(in_zone("", "9999-12-31"), &Timestamp::MAX.to_string()));
        let oldest = Range { since: None, until: Some(days("-009999-01-01", "-009999-01-01")) };
        assert!(!contains(oldest.in_zone(now().time_zone()), "2024-08-15T12:00:00Z"));
    }

    #[test]
    fn what_has_no_place_has_the_days_of_this_computer() {
        let added = |text: &str| Some(CaptureTime { instant: text.parse().unwrap(), offset: None });
        let range = range("2024-08-14", "2024-08-14").in_zone(now().time_zone());
        assert!(
            range.contains(added("2024-08-13T21:00:00Z")) && range.contains(added("2024-08-14T20:59:59.9Z"))
        );
        assert!(
            !range.contains(added("2024-08-13T20:59:59Z")) && !range.contains(added("2024-08-14T21:00:00Z"))
        );
    }
}
