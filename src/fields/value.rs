//! What a field holds.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use jiff::{Timestamp, tz::Offset};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::catalog::CaptureTime;

/// The value of a field. Texts are as the phone has them: they may contain anything.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    /// There is none.
    Nothing,
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// Text.
    Text(Cow<'a, str>),
    /// A point in time.
    Time(Moment),
    /// Several.
    List(Vec<Self>),
    /// Several, each with a name.
    Record(Vec<(&'static str, Self)>),
}

/// A point in time, and the offset that it is shown with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The point in time.
    pub instant: Timestamp,
    /// From UTC to the local time.
    pub offset: Offset,
}

impl From<CaptureTime> for Moment {
    fn from(time: CaptureTime) -> Self {
        Self { instant: time.instant, offset: time.offset.unwrap_or(Offset::UTC) }
    }
}

impl From<Timestamp> for Moment {
    /// Shown in UTC.
    fn from(instant: Timestamp) -> Self {
        Self { instant, offset: Offset::UTC }
    }
}

/// RFC 3339 to the second: `2024-03-09T12:00:00+01:00`.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let local = self.offset.to_datetime(self.instant);
        let (date, time) = (local.date(), local.time());
        let minutes = self.offset.seconds() / 60;
        let sign = if minutes < 0 { '-' } else { '+' };
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{sign}{:02}:{:02}",
            date.year(),
            date.month(),
            date.day(),
            time.hour(),
            time.minute(),
            time.second(),
            minutes.abs() / 60,
            minutes.abs() % 60,
        )
    }
}

impl<'a> Value<'a> {
    /// A text.
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }

    /// A list of texts.
    pub fn texts<T: Into<Cow<'a, str>>>(texts: impl IntoIterator<Item = T>) -> Self {
        Self::List(texts.into_iter().map(Self::text).collect())
    }

    /// What may be there.
    pub fn of<T>(value: Option<T>) -> Self
    where
        Self: From<T>,
    {
        value.map_or(Self::Nothing, Self::from)
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_nothing(&self) -> bool {
        matches!(self, Self::Nothing)
    }
}

impl From<bool> for Value<'_> {
    fn from(value: bool) -> Self {
        Self::Flag(value)
    }
}

impl From<i64> for Value<'_> {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<u32> for Value<'_> {
    fn from(value: u32) -> Self {
        Self::Int(value.into())
    }
}

impl From<u64> for Value<'_> {
    /// Sizes beyond 8 EiB do not exist, whatever a database says.
    fn from(value: u64) -> Self {
        Self::Int(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

impl From<f64> for Value<'_> {
    fn from(value: f64) -> Self {
        if value.is_finite() { Self::Float(value) } else { Self::Nothing }
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(value: &'a str) -> Self {
        Self::text(value)
    }
}

impl<'a> From<&'a Box<str>> for Value<'a> {
    fn from(value: &'a Box<str>) -> Self {
        Self::text(&**value)
    }
}

impl<'a> From<&'a Arc<str>> for Value<'a> {
    fn from(value: &'a Arc<str>) -> Self {
        Self::text(&**value)
    }
}

impl From<Moment> for Value<'_> {
    fn from(value: Moment) -> Self {
        Self::Time(value)
    }
}

/// As a table or a CSV file shows it: nothing for [`Value::Nothing`], parts of a list after one another.
impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => Ok(()),
            Self::Flag(value) => f.write_str(if *value { "yes" } else { "no" }),
            Self::Int(value) => value.fmt(f),
            Self::Float(value) => value.fmt(f),
            Self::Text(text) => f.write_str(text),
            Self::Time(moment) => moment.fmt(f),
            Self::List(parts) => {
                for (n, part) in parts.iter().enumerate() {
                    if n > 0 {
                        f.write_str("; ")?;
                    }
                    part.fmt(f)?;
                }
                Ok(())
            }
            Self::Record(parts) => {
                let mut first = true;
                for (name, part) in parts.iter().filter(|(_, part)| !part.is_nothing()) {
                    if !first {
                        f.write_str(" ")?;
                    }
                    first = false;
                    write!(f, "{name}={part}")?;
                }
                Ok(())
            }
        }
    }
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Nothing => serializer.serialize_none(),
            Self::Flag(value) => serializer.serialize_bool(*value),
            Self::Int(value) => serializer.serialize_i64(*value),
            Self::Float(value) => serializer.serialize_f64(*value),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Time(moment) => serializer.collect_str(moment),
            Self::List(parts) => {
                let mut list = serializer.serialize_seq(Some(parts.len()))?;
                for part in parts {
                    list.serialize_element(part)?;
                }
                list.end()
            }
            Self::Record(parts) => {
                let mut map = serializer.serialize_map(Some(parts.len()))?;
                for (name, part) in parts {
                    map.serialize_entry(name, part)?;
                }
                map.end()
            }
        }
    }
}
