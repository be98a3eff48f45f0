//! The identity of an app.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// The identity of an app, such as `com.example.app`: no slash, nothing that cannot be printed, not `.` or `..`,
/// at most 255 bytes.
///
/// Apple allows letters, digits, dots and hyphens only; what phones really have is wider, and all of it has to be
/// asked for under the name it has.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BundleId(Box<str>);

/// Longest that is accepted, in bytes: a file system's names end there.
const MAX_LEN: usize = 255;

/// A text is no bundle id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not the bundle id of an app")]
pub struct BundleIdError;

impl BundleId {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for BundleId {
    type Err = BundleIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fits = !matches!(text, "" | "." | "..")
            && text.len() <= MAX_LEN
            && !text.contains(|c: char| c.is_control() || c == '/' || c == '\\');
        if fits { Ok(Self(text.into())) } else { Err(BundleIdError) }
    }
}

impl fmt::Display for BundleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_be_one_name() {
        for good in ["com.example.app", "com.Example.my_app-2", "a", "..a", "com.beispiel.größe"] {
            assert_eq!(good.parse::<BundleId>().unwrap().to_string(), good);
        }
        let long = "a".repeat(256);
        for bad in ["", ".", "..", "a/b", "a\\b", "a\0", "a\x1b[2J", &long] {
            assert!(bad.parse::<BundleId>().is_err(), "{bad:?}");
        }
    }
}
