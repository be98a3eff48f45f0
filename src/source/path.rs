//! Paths on a phone, as a type: what has this type cannot leave the media root.
//!
//! A phone's names are bytes. They are usually UTF-8, but nothing promises it, so the bytes are kept for
//! asking the phone and a lossy form is made for people.

use std::fmt;

use thiserror::Error;

/// The name of one directory entry: not empty, no slash, no NUL, not `.` or `..`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntryName(Box<[u8]>);

/// A path below the media root: one or more [`EntryName`]s, or none for the root itself.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DevicePath(Box<[u8]>);

/// Why bytes are no path below the media root.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PathError {
    /// A component is `.` or `..`.
    #[error("the path steps out of its folder")]
    Steps,
    /// A NUL byte.
    #[error("the path contains a NUL byte")]
    Nul,
    /// Longer than any phone's file system allows.
    #[error("the path is too long")]
    TooLong,
    /// Not a single name.
    #[error("not a single name")]
    NotAName,
}

/// Longest path that is accepted, in bytes (`PATH_MAX` of iOS is 1024).
const MAX_PATH: usize = 4096;

impl EntryName {
    /// Checks the bytes of a name.
    ///
    /// # Errors
    /// Empty, `.`, `..`, with a slash or a NUL, or too long.
    pub fn new(bytes: &[u8]) -> Result<Self, PathError> {
        match bytes {
            b"." | b".." => Err(PathError::Steps),
            b"" => Err(PathError::NotAName),
            _ if bytes.contains(&b'/') => Err(PathError::NotAName),
            _ if bytes.contains(&0) => Err(PathError::Nul),
            _ if bytes.len() > MAX_PATH => Err(PathError::TooLong),
            _ => Ok(Self(bytes.into())),
        }
    }

    /// The bytes, as the phone has them.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// For people and for making names on the drive; what is no UTF-8 becomes U+FFFD.
    #[must_use]
    pub fn to_text(&self) -> String {
        String::from_utf8_lossy(&self.0).into_owned()
    }

    /// The part before the last dot; the whole name if there is none, or only a leading one.
    #[must_use]
    pub fn stem(&self) -> &[u8] {
        split_extension(&self.0).0
    }

    /// The part after the last dot, if any.
    #[must_use]
    pub fn extension(&self) -> Option<&[u8]> {
        split_extension(&self.0).1
    }
}

/// Splits at the last dot that is not the first byte.
fn split_extension(name: &[u8]) -> (&[u8], Option<&[u8]>) {
    match name.iter().rposition(|b| *b == b'.') {
        Some(dot) if dot > 0 => {
            let (stem, rest) = name.split_at(dot);
            (stem, rest.get(1..).filter(|e| !e.is_empty()))
        }
        _ => (name, None),
    }
}

impl DevicePath {
    /// The media root itself.
    #[must_use]
    pub fn root() -> Self {
        Self(Box::default())
    }

    /// Checks a path as a phone or a catalogue writes it: slashes between the names, any number of slashes
    /// before, between and behind them.
    ///
    /// # Errors
    /// A component `.` or `..`, a NUL byte, or an absurd length.
    ///
    /// ```
    /// use iexport::source::DevicePath;
    /// assert_eq!(DevicePath::parse("/DCIM//100APPLE/").unwrap().to_text(), "DCIM/100APPLE");
    /// assert!(DevicePath::parse("DCIM/../../etc").is_err());
    /// ```
    pub fn parse(path: impl AsRef<[u8]>) -> Result<Self, PathError> {
        let path = path.as_ref();
        if path.len() > MAX_PATH {
            return Err(PathError::TooLong);
        }
        let mut out = Self::root();
        for part in path.split(|b| *b == b'/').filter(|part| !part.is_empty()) {
            out = out.join(&EntryName::new(part)?);
        }
        Ok(out)
    }

    /// This path and one more name.
    #[must_use]
    pub fn join(&self, name: &EntryName) -> Self {
        let mut bytes = Vec::with_capacity(self.0.len() + 1 + name.0.len());
        bytes.extend_from_slice(&self.0);
        if !bytes.is_empty() {
            bytes.push(b'/');
        }
        bytes.extend_from_slice(&name.0);
        Self(bytes.into())
    }

    /// The bytes with slashes between names and none at either end; empty for the root.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// For people; what is no UTF-8 becomes U+FFFD.
    #[must_use]
    pub fn to_text(&self) -> String {
        String::from_utf8_lossy(&self.0).into_owned()
    }

    /// The names, outermost first.
    pub fn components(&self) -> impl Iterator<Item = &[u8]> {
        self.0.split(|b| *b == b'/').filter(|part| !part.is_empty())
    }

    /// The last name; `None` for the root.
    #[must_use]
    pub fn file_name(&self) -> Option<EntryName> {
        self.components().last().map(|name| EntryName(name.into()))
    }

    /// The directory this lies in; `None` for the root.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        if self.0.is_empty() {
            return None;
        }
        let cut = self.0.iter().rposition(|b| *b == b'/').unwrap_or(0);
        Some(Self(self.0.get(..cut).unwrap_or_default().into()))
    }
}

impl fmt::Display for DevicePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Names come from a phone: control characters must not reach a terminal.
        for c in self.to_text().chars() {
            if c.is_control() { write!(f, "{}", c.escape_default())? } else { write!(f, "{c}")? }
        }
        Ok(())
    }
}

impl fmt::Debug for DevicePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DevicePath({:?})", self.to_text())
    }
}

impl fmt::Debug for EntryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EntryName({:?})", self.to_text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_cannot_leave_the_root() {
        for bad in ["..", "../x", "DCIM/..", "a/../b", "./a", "a/./b"] {
            assert_eq!(DevicePath::parse(bad), Err(PathError::Steps), "{bad}");
        }
        assert_eq!(DevicePath::parse("a\0b"), Err(PathError::Nul));
        assert_eq!(DevicePath::parse(vec![b'a'; MAX_PATH + 1]), Err(PathError::TooLong));
    }

    #[test]
    fn slashes_do_not_matter() {
        assert_eq!(DevicePath::parse("//a///b/").unwrap(), DevicePath::parse("a/b").unwrap());
        assert_eq!(DevicePath::parse("/").unwrap(), DevicePath::root());
    }

    #[test]
    fn parents_lead_to_the_root() {
        let path = DevicePath::parse("a/b").unwrap();
        assert_eq!(path.file_name().unwrap().to_text(), "b");
        let up = path.parent().unwrap();
        assert_eq!(up.to_text(), "a");
        assert_eq!(up.parent().unwrap(), DevicePath::root());
        assert_eq!(DevicePath::root().parent(), None);
    }

    #[test]
    fn extensions() {
        let parts = |s: &str| {
            let name = EntryName::new(s.as_bytes()).unwrap();
            (
                String::from_utf8(name.stem().to_vec()).unwrap(),
                name.extension().map(|e| String::from_utf8(e.to_vec()).unwrap()),
            )
        };
        assert_eq!(parts("IMG_1.HEIC"), ("IMG_1".into(), Some("HEIC".into())));
        assert_eq!(parts(".hidden"), (".hidden".into(), None));
        assert_eq!(parts("a.b.c"), ("a.b".into(), Some("c".into())));
        assert_eq!(parts("dot."), ("dot".into(), None));
    }
}
