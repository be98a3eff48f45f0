//! Paths on the drive, as a type: what has this type lies below the destination, and not among this program's
//! own things.

use std::fmt;
use std::path::Path;

use thiserror::Error;

use super::names::DestName;
use crate::text::fold;

/// A path below the destination, made of [`DestName`]s; none of them for the destination itself.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct DestPath(Box<str>);

/// A text is no [`DestPath`]: a part of it is no [`DestName`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("\u{201c}{}\u{201d} is no path that this program would have made", .0.escape_debug())]
pub struct NotADestPath(pub String);

impl DestPath {
    /// The destination itself.
    #[must_use]
    pub fn root() -> Self {
        Self(Box::default())
    }

    /// Whether this is the destination itself.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// Reads back what [`Self::to_text`] gave, for example from a ledger.
    ///
    /// # Errors
    /// A part that is no name. A ledger lies on a drive that anybody can write to, so a path in it
    /// is believed only in the form that this program makes.
    pub fn parse(text: &str) -> Result<Self, NotADestPath> {
        if text.is_empty() || text.split('/').all(DestName::is_name) {
            Ok(Self(text.into()))
        } else {
            Err(NotADestPath(text.to_owned()))
        }
    }

    /// This path and one more name.
    #[must_use]
    pub fn join(&self, name: &DestName) -> Self {
        if self.0.is_empty() {
            return Self(name.as_str().into());
        }
        Self(format!("{}/{}", self.0, name.as_str()).into())
    }

    /// The path relative to the destination. Forward slashes, which every system takes in relative paths.
    #[must_use]
    pub fn as_path(&self) -> &Path {
        Path::new(&*self.0)
    }

    /// The names with `/` between them, on every system; empty for the destination itself.
    #[must_use]
    pub fn to_text(&self) -> &str {
        &self.0
    }

    /// The last name; empty for the destination itself.
    #[must_use]
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }

    /// The folder this lies in; the destination itself for a single name.
    #[must_use]
    pub fn parent(&self) -> Self {
        Self(self.0.rsplit_once('/').map_or("", |(folder, _)| folder).into())
    }

    /// This path without the extension of its last name. What is left may end in a space or a dot, so it is for
    /// comparing only.
    pub(super) fn without_extension(&self) -> Self {
        let name = self.file_name();
        let stem = super::extension::split(name).0;
        Self(self.0.get(..self.0.len() - (name.len() - stem.len())).unwrap_or_default().into())
    }

    /// How to get to this path from a folder, with `..` for every step up. Both lie below the destination.
    #[must_use]
    pub fn relative_to(&self, folder: &Self) -> String {
        let parts = |path: &Self| -> Vec<String> {
            path.0.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect()
        };
        let (own, from) = (parts(self), parts(folder));
        let shared = own.iter().zip(&from).take_while(|(a, b)| a == b).count();
        let up = from.iter().skip(shared).map(|_| "..");
        let down = own.iter().skip(shared).map(String::as_str);
        up.chain(down).collect::<Vec<&str>>().join("/")
    }

    /// The key to compare by: paths that differ only by case or normalisation have the same, since many
    /// drives cannot hold both.
    #[must_use]
    pub fn fold(&self) -> String {
        fold(&self.0)
    }
}

impl fmt::Display for DestPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Names hold no control characters, so this is fit for a terminal.
        f.write_str(&self.0)
    }
}

impl fmt::Debug for DestPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DestPath({:?})", &*self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_from_a_folder() {
        let way =
            |to: &str, from: &str| DestPath::parse(to).unwrap().relative_to(&DestPath::parse(from).unwrap());
        assert_eq!(way("a/b/c.jpg", "a/b"), "c.jpg");
        assert_eq!(way("a/b/c.jpg", "a/d"), "../b/c.jpg");
        assert_eq!(way("a/c.jpg", "x/y/z"), "../../../a/c.jpg");
        assert_eq!(way("c.jpg", ""), "c.jpg");
        assert_eq!(way("a/c.jpg", ""), "a/c.jpg");
        assert_eq!(way("c.jpg", "a"), "../c.jpg");
    }

    #[test]
    fn what_no_export_would_have_made_is_no_path() {
        for bad in ["../x", "a/../b", "/a", "a//b", "a/", ".", ".iexport/ledger.db", "a/.IEXPORT", "a\nb"] {
            assert!(DestPath::parse(bad).is_err(), "{bad:?}");
        }
        for good in ["", "a", "2024/2024-03/IMG_1.HEIC", "a\u{ff0f}b/\u{ff0e}\u{ff0e}"] {
            assert_eq!(DestPath::parse(good).unwrap().to_text(), good);
        }
    }
}
