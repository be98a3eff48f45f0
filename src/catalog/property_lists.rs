//! Property lists that a phone keeps beside its media, and look-ups that believe nothing in them.
//!
//! A value of a wrong type is as good as none: a list loses one word by it and not the whole.

use iexport_proto::parse_property_list;
use jiff::Timestamp;
use plist::{Dictionary, Value};

use super::small_files::{self, SmallFile};
use crate::source::{DevicePath, Source, SourceError};

/// No text for people is longer, in bytes: see the cells of databases.
const MOST_BYTES: usize = 4096;
/// The same for what may be as long as a story.
const MOST_BYTES_OF_PROSE: usize = 65536;

/// What reading a list gave.
#[derive(Debug)]
pub(super) enum PropertyList {
    /// The dictionary at its top.
    Read(Dictionary),
    /// There is no such file.
    Absent,
    /// It cannot be read; the text says why.
    Unusable(String),
}

/// Reads a property list of at most `limit` bytes, binary or XML.
///
/// # Errors
/// Only that the source is gone.
pub(super) async fn read(
    source: &dyn Source,
    path: &DevicePath,
    limit: u64,
) -> Result<PropertyList, SourceError> {
    Ok(match small_files::read(source, path, limit).await? {
        SmallFile::Bytes(bytes) => match parse(&bytes) {
            Ok(list) => PropertyList::Read(list),
            Err(why) => PropertyList::Unusable(format!("{path}: {why}")),
        },
        SmallFile::Absent => PropertyList::Absent,
        SmallFile::Unusable(error) => PropertyList::Unusable(error.to_string()),
    })
}

/// The dictionary at the top of a list.
pub(super) fn parse(bytes: &[u8]) -> Result<Dictionary, String> {
    match parse_property_list(bytes) {
        Ok(Value::Dictionary(list)) => Ok(list),
        Ok(_) => Err(String::from("not a dictionary")),
        Err(error) => Err(error.to_string()),
    }
}

/// Typed look-ups, which give `None` for what is not there or makes no sense.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry<'a>(pub &'a Dictionary);

impl Entry<'_> {
    /// A word for people, without blanks around it, not empty, and cut if it is longer than any word.
    pub(super) fn text(self, key: &str) -> Option<String> {
        self.text_within(key, MOST_BYTES)
    }

    /// The same for what may be as long as a story.
    pub(super) fn prose(self, key: &str) -> Option<String> {
        self.text_within(key, MOST_BYTES_OF_PROSE)
    }

    fn text_within(self, key: &str, most_bytes: usize) -> Option<String> {
        match self.0.get(key)? {
            Value::String(text) => words(text, most_bytes),
            Value::Integer(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// A whole number, whatever it is written as.
    pub(super) fn int(self, key: &str) -> Option<i64> {
        match self.0.get(key)? {
            Value::Integer(number) => number.as_signed(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// A finite number.
    pub(super) fn real(self, key: &str) -> Option<f64> {
        let number = match self.0.get(key)? {
            #[expect(clippy::cast_precision_loss, reason = "milliseconds are far below 2^53")]
            Value::Integer(number) => number.as_signed()? as f64,
            Value::Real(number) => *number,
            Value::String(text) => text.trim().parse().ok()?,
            _ => return None,
        };
        number.is_finite().then_some(number)
    }

    /// Whether something is said to be so.
    pub(super) fn flag(self, key: &str) -> bool {
        match self.0.get(key) {
            Some(Value::Boolean(value)) => *value,
            Some(Value::Integer(number)) => number.as_signed().is_some_and(|number| number != 0),
            _ => false,
        }
    }

    /// A moment.
    pub(super) fn date(self, key: &str) -> Option<Timestamp> {
        match self.0.get(key)? {
            Value::Date(date) => Timestamp::try_from(std::time::SystemTime::from(*date)).ok(),
            _ => None,
        }
    }
}

/// A text as people read it: no blanks around it, not empty, no longer than `most_bytes`.
pub(super) fn words(text: &str, most_bytes: usize) -> Option<String> {
    let mut text = text.trim();
    if text.len() > most_bytes {
        let end = (0..=most_bytes).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        text = text.get(..end).unwrap_or_default().trim_end();
    }
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dictionary(pairs: &[(&str, Value)]) -> Dictionary {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect()
    }

    #[test]
    fn values_in_any_clothes() {
        let list = dictionary(&[
            ("int", 7.into()),
            ("real", 7.5.into()),
            ("nan", f64::NAN.into()),
            ("digits", " -7 ".into()),
            ("text", "  a b ".into()),
            ("blank", " \n ".into()),
            ("yes", true.into()),
            ("large", u64::MAX.into()),
            ("list", Value::Array(vec!["a".into()])),
        ]);
        let list = Entry(&list);
        let ints = ["int", "real", "digits", "text", "yes", "large", "list", "none"].map(|key| list.int(key));
        assert_eq!(ints, [Some(7), None, Some(-7), None, None, None, None, None]);
        let reals = ["int", "real", "nan", "digits", "text", "large"].map(|key| list.real(key));
        assert_eq!(reals, [Some(7.0), Some(7.5), None, Some(-7.0), None, None]);
        let texts = ["int", "text", "blank", "yes", "list", "none"].map(|key| list.text(key));
        assert_eq!(texts, [Some("7".into()), Some("a b".into()), None, None, None, None]);
        assert_eq!(["yes", "int", "text", "none"].map(|key| list.flag(key)), [true, true, false, false]);
    }

    #[test]
    fn words_without_end_are_cut_between_characters() {
        assert_eq!(words(&"\u{e9}".repeat(3000), 4095).unwrap().len(), 4094);
        assert_eq!(words("abc  d", 4).unwrap(), "abc");
        assert_eq!(words("ab", 2).unwrap(), "ab");
    }

    #[test]
    fn only_a_dictionary_is_a_list() {
        assert!(parse(b"").is_err());
        assert!(parse(b"<plist><array/></plist>").is_err());
        assert!(parse(b"<plist><dict/></plist>").unwrap().is_empty());
        let deep = ["<plist>", &"<array>".repeat(10_000)].concat();
        assert!(parse(deep.as_bytes()).is_err());
    }
}
