//! Times in expressions, and what they can be compared with.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::DateTime;
use minijinja::value::{Object, ObjectRepr, Value as Dynamic};

use super::value::Moment;

/// The parts that a time has in expressions.
pub(super) const PARTS: [&str; 6] = ["year", "month", "day", "hour", "minute", "second"];

impl Moment {
    /// By the clock at the place.
    #[must_use]
    pub fn local(&self) -> DateTime {
        self.offset.to_datetime(self.instant)
    }

    /// A part by its name.
    pub(super) fn part(self, name: &str) -> Option<i64> {
        let local = self.local();
        Some(match name {
            "year" => local.year().into(),
            "month" => local.month().into(),
            "day" => local.day().into(),
            "hour" => local.hour().into(),
            "minute" => local.minute().into(),
            "second" => local.second().into(),
            _ => return None,
        })
    }
}

impl Object for Moment {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Dynamic) -> Option<Dynamic> {
        self.part(key.as_str()?).map(Dynamic::from)
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&**self, f)
    }
}

/// As much of a date as somebody wrote: a year, a month, a day, a minute, a second, or a point in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Date {
    /// By the clock at the place, to as many characters as this has.
    Local(String),
    /// With a zone.
    Instant(Timestamp),
}

/// What is no date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{}\" is no date", .0.escape_debug())]
pub(super) struct NoDate(String);

impl FromStr for Date {
    type Err = NoDate;

    fn from_str(text: &str) -> Result<Self, NoDate> {
        let text = text.trim().replacen(' ', "T", 1);
        // What is not written is filled up with something that exists, to see whether the rest does.
        let rest = match text.len() {
            4 => "-01-01T00:00:00",
            7 => "-01T00:00:00",
            10 => "T00:00:00",
            16 => ":00",
            19 => "",
            _ => {
                return text.parse().map(Self::Instant).map_err(|_| NoDate(text));
            }
        };
        let is_shaped = text.chars().zip("0000-00-00T00:00:00".chars()).all(|(c, shape)| match shape {
            '0' => c.is_ascii_digit(),
            shape => c == shape,
        });
        if is_shaped && format!("{text}{rest}").parse::<DateTime>().is_ok() {
            Ok(Self::Local(text))
        } else {
            Err(NoDate(text))
        }
    }
}

impl Date {
    /// How a time is ordered with respect to this.
    pub(super) fn order(&self, moment: Moment) -> Ordering {
        match self {
            Self::Local(text) => {
                let shown = moment.to_string();
                shown.get(..text.len()).unwrap_or(&shown).cmp(text)
            }
            Self::Instant(instant) => moment.instant.cmp(instant),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(moment: &str, date: &str) -> Ordering {
        let zoned: jiff::Zoned = format!("{moment}[+02:00]").parse().unwrap();
        let moment = Moment { instant: zoned.timestamp(), offset: zoned.offset() };
        date.parse::<Date>().unwrap().order(moment)
    }

    #[test]
    fn as_much_of_a_date_as_was_written() {
        let late = "2024-08-31T23:30:00+02:00";
        for date in ["2024", "2024-08", "2024-08-31", "2024-08-31 23:30", "2024-08-31T23:30:00"] {
            assert_eq!(order(late, date), Ordering::Equal, "{date}");
        }
        assert_eq!(order(late, "2024-08-31T21:30:00Z"), Ordering::Equal);
        assert_eq!(order(late, "2024-09"), Ordering::Less);
        assert_eq!(order(late, "2024-08-30"), Ordering::Greater);
        assert_eq!(order(late, "2024-08-31T23:31"), Ordering::Less);
    }

    #[test]
    fn what_is_no_date() {
        for text in
            ["", "24", "2024-13", "2024-02-31", "yesterday", "2024/08", "2024-08-31T25:00", "caf\u{e9}"]
        {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
    }
}
