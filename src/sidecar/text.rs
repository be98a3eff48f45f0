//! Text from a phone, made fit for XML and for tags.

use std::borrow::Cow;

/// The text without what XML 1.0 cannot hold at all, not even escaped: U+FFFD stands for it. Everything else
/// stays as it is.
pub(super) fn xml(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_xml) {
        return Cow::Borrowed(text);
    }
    text.chars().map(|c| if is_xml(c) { c } else { char::REPLACEMENT_CHARACTER }).collect()
}

/// Whether XML 1.0 can hold a character (its production 2).
const fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// The text as a name on one line: fit for XML, no line breaks, nothing blank at its ends. `None` if nothing is
/// left.
pub(super) fn one_line(text: &str) -> Option<Cow<'_, str>> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return None;
    }
    if !trimmed.chars().any(is_break) {
        return Some(xml(trimmed));
    }
    let words: Vec<&str> = trimmed.split(is_break).map(str::trim).filter(|word| !word.is_empty()).collect();
    Some(Cow::Owned(xml(&words.join(" ")).into_owned()))
}

const fn is_break(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\u{b}' | '\u{c}' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}
