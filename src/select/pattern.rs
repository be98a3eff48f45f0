//! Names with `*` and `?` in them.

use globset::{GlobBuilder, GlobMatcher};
use thiserror::Error;

use crate::text::fold;

/// A pattern for names, in whatever case: `*` is any text, `?` any character, `[ab]` one of these, `{a,b}` one or
/// the other. In paths, `*` stays within one name and `**` does not. A text without any of these is itself.
#[derive(Debug, Clone)]
pub struct Pattern {
    text: String,
    matcher: GlobMatcher,
}

/// Same words, same pattern.
impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Pattern {}

/// What is no pattern.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("\"{}\" is no pattern: {why}", text.escape_debug())]
pub struct NoPattern {
    text: String,
    why: String,
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// A bracket has no end, and the like.
    pub fn new(text: &str) -> Result<Self, NoPattern> {
        let glob = GlobBuilder::new(&fold(text)).literal_separator(true).empty_alternates(true).build();
        match glob {
            Ok(glob) => Ok(Self { text: text.to_owned(), matcher: glob.compile_matcher() }),
            Err(error) => Err(NoPattern { text: text.to_owned(), why: error.kind().to_string() }),
        }
    }

    /// Whether a text has anything in it that makes it a pattern.
    #[must_use]
    pub fn is_one(text: &str) -> bool {
        text.contains(['*', '?', '[', '{'])
    }

    /// As it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether a name is like this.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        self.matches_folded(&fold(name))
    }

    /// The same for a name in its compared form.
    pub(super) fn matches_folded(&self, name: &str) -> bool {
        self.matcher.is_match(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        let matches = |pattern: &str, name: &str| Pattern::new(pattern).unwrap().matches(name);
        assert!(matches("IMG_12*", "img_1234.HEIC"));
        assert!(!matches("IMG_12", "IMG_1234.HEIC"), "the whole name");
        assert!(matches("img_123?.{heic,jpg}", "IMG_1234.JPG"));
        assert!(matches("Caf\u{e9}*", "CAFE\u{301} 2"));
        assert!(matches("Travel/*", "Travel/Italy") && !matches("Travel/*", "Travel/2024/Italy"));
        assert!(matches("Travel/**", "travel/2024/italy") && matches("**/Italy*", "Travel/Italy 2024"));
        assert!(!Pattern::is_one("Travel/Italy") && Pattern::is_one("Tr?p"));
        assert_eq!(
            Pattern::new("[ab").unwrap_err().to_string(),
            "\"[ab\" is no pattern: unclosed character class; missing ']'"
        );
    }
}
