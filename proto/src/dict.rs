//! Property lists as payloads: parsing with a guard, and typed look-ups.

mod bounded;

use plist::{Dictionary, Value};
use thiserror::Error;

use crate::DecodeError;

/// A key of a dictionary is missing or has the wrong type.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DictError {
    /// The key is not there.
    #[error("key {0} is missing")]
    Missing(&'static str),
    /// The key is there with another type or an impossible value.
    #[error("key {0} has an unusable value")]
    Wrong(&'static str),
}

/// Parses a dictionary, XML or binary, from a whole payload: see [`bounded`] for what is refused and why.
pub(crate) fn parse(protocol: &'static str, bytes: &[u8]) -> Result<Dictionary, DecodeError> {
    let reason = match bounded::parse(bytes) {
        Ok(Value::Dictionary(dict)) => return Ok(dict),
        Ok(_) => "not a dictionary".to_owned(),
        Err(reason) => reason,
    };
    Err(DecodeError::Plist { protocol, reason })
}

/// Parses a property list that a phone keeps in a file, XML or binary, without letting it cost more than it weighs:
/// nesting has an end, memory grows no faster than `bytes`, and nothing in it can make the parser panic.
///
/// # Errors
/// It is none, or one that no phone writes; the reason is for people.
pub fn parse_property_list(bytes: &[u8]) -> Result<Value, DecodeError> {
    bounded::parse(bytes).map_err(|reason| DecodeError::Plist { protocol: "file", reason })
}

/// Writes a dictionary as XML, the form every client and every phone reads.
pub(crate) fn to_xml(dict: &Dictionary) -> Vec<u8> {
    let mut out = Vec::with_capacity(512);
    // Writing to a Vec cannot fail, and the one kind of value that XML does not know, the references of
    // keyed archives, is refused when a list is read.
    let written = Value::Dictionary(dict.clone()).to_writer_xml(&mut out);
    debug_assert!(written.is_ok());
    // Phones and usbmuxd end the last line too; the sizes in their logs count it.
    out.push(b'\n');
    out
}

/// Typed look-ups in a [`Dictionary`].
pub(crate) trait DictExt {
    /// A string that must be there.
    fn text(&self, key: &'static str) -> Result<String, DictError>;
    /// A string that may be absent.
    fn opt_text(&self, key: &'static str) -> Result<Option<String>, DictError>;
    /// Bytes that must be there.
    fn data(&self, key: &'static str) -> Result<Vec<u8>, DictError>;
    /// Bytes that may be absent.
    fn opt_data(&self, key: &'static str) -> Result<Option<Vec<u8>>, DictError>;
    /// An unsigned integer that must be there.
    fn uint(&self, key: &'static str) -> Result<u64, DictError>;
    /// An unsigned integer that may be absent.
    fn opt_uint(&self, key: &'static str) -> Result<Option<u64>, DictError>;
    /// A dictionary that must be there.
    fn dict(&self, key: &'static str) -> Result<Dictionary, DictError>;
}

fn required<T>(key: &'static str, value: Option<T>) -> Result<T, DictError> {
    value.ok_or(DictError::Missing(key))
}

impl DictExt for Dictionary {
    fn text(&self, key: &'static str) -> Result<String, DictError> {
        required(key, self.opt_text(key)?)
    }

    fn opt_text(&self, key: &'static str) -> Result<Option<String>, DictError> {
        match self.get(key) {
            None => Ok(None),
            Some(value) => value.as_string().map(|s| Some(s.to_owned())).ok_or(DictError::Wrong(key)),
        }
    }

    fn data(&self, key: &'static str) -> Result<Vec<u8>, DictError> {
        required(key, self.opt_data(key)?)
    }

    fn opt_data(&self, key: &'static str) -> Result<Option<Vec<u8>>, DictError> {
        match self.get(key) {
            None => Ok(None),
            Some(value) => value.as_data().map(|d| Some(d.to_vec())).ok_or(DictError::Wrong(key)),
        }
    }

    fn uint(&self, key: &'static str) -> Result<u64, DictError> {
        required(key, self.opt_uint(key)?)
    }

    fn opt_uint(&self, key: &'static str) -> Result<Option<u64>, DictError> {
        match self.get(key) {
            None => Ok(None),
            Some(value) => value.as_unsigned_integer().map(Some).ok_or(DictError::Wrong(key)),
        }
    }

    fn dict(&self, key: &'static str) -> Result<Dictionary, DictError> {
        required(key, self.get(key))?.as_dictionary().cloned().ok_or(DictError::Wrong(key))
    }
}
