//! What is wrong with an expression or a template, and where.

use std::fmt;
use std::ops::Range;

/// An expression or a template that does not work: what is wrong, at which place, and what to do about it.
///
/// Its text is the complaint with a picture of the place:
///
/// ```text
/// there is no field "favourite"
///     favourite and duration > 60
///     ^^^^^^^^^
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    source: String,
    range: Range<usize>,
    what: String,
    remedy: String,
}

impl std::error::Error for FieldError {}

impl FieldError {
    /// A complaint about a part of a source. A range that does not fit is cut to what does.
    pub(super) fn new(
        source: &str,
        range: Range<usize>,
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        let start = floor(source, range.start);
        let end = floor(source, range.end.max(start));
        Self { source: source.to_owned(), range: start..end, what: what.into(), remedy: remedy.into() }
    }

    /// The same, with words about the item it happened with.
    pub(super) fn about(mut self, whom: &str) -> Self {
        self.what = format!("{} ({whom})", self.what);
        self
    }

    /// The whole expression or template.
    #[must_use]
    pub fn source_text(&self) -> &str {
        &self.source
    }

    /// The part that is wrong, in bytes of [`Self::source_text`].
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// What is wrong, in one line.
    #[must_use]
    pub fn what(&self) -> &str {
        &self.what
    }

    /// What to do about it; may have several lines.
    #[must_use]
    pub fn remedy(&self) -> &str {
        &self.remedy
    }

    /// The line that is wrong with marks under the place: two lines, fit for a terminal.
    #[must_use]
    pub fn picture(&self) -> String {
        let before = self.source.get(..self.range.start).unwrap_or_default();
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let rest = self.source.get(start..).unwrap_or_default();
        let line = rest.split('\n').next().unwrap_or_default();
        let show =
            |text: &str| text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>();
        let column = self.source.get(start..self.range.start).map_or(0, |text| text.chars().count());
        let length = self
            .source
            .get(self.range.clone())
            .map_or(0, |text| text.split('\n').next().unwrap_or_default().chars().count());
        format!("    {}\n    {}{}", show(line), " ".repeat(column), "^".repeat(length.max(1)))
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}", self.what, self.picture())
    }
}

/// The last place at or before `at` where a character begins.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}
