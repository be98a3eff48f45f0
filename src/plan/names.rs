//! Names that every drive and every system can hold.
//!
//! The same rules on every drive, since a drive moves between systems: what Linux writes to exFAT without a
//! word, Windows may be unable to open. Pure and idempotent.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

/// Longest name: 255 bytes of UTF-8 (ext4, APFS). This implies 255 units of UTF-16 (NTFS, exFAT), since no
/// character takes more units than bytes. The decomposed form is held to the same number of units (HFS+).
const MAX_NAME: usize = 255;

/// Longest extension, in bytes.
const MAX_EXTENSION: usize = 16;

/// Longest stem of a group, in bytes: what a name has beside `.`, an extension, and what tells the files of
/// the group apart (`_edited_live_video` and a number).
const MAX_STEM: usize = MAX_NAME - 1 - MAX_EXTENSION - 26;

/// Longest stem before something of the item's uuid is put behind it (`-`, 32 digits, `-` and a number).
const MAX_CLEAN_STEM: usize = MAX_STEM - 38;

/// The name of a file or folder that any drive can hold: not empty, composed (NFC), at most 255 bytes, none
/// of `< > : " / \ | ? *`, no control characters, no space at either end, no dot at either end, no name
/// that Windows keeps for devices.
///
/// A dot at the start is out because such names are invisible on most systems, mean something else to macOS
/// (`._`), and because this program keeps its own things in `.iexport`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PortableName(Box<str>);

impl PortableName {
    /// The portable name closest to a text: bad characters become `_`, what must not stand at an end goes
    /// away, what is too long is cut. Never fails; nothing at all becomes `_`.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        Self(clean(text, MAX_NAME).into())
    }

    /// Whether a text is a portable name as it is.
    #[must_use]
    pub fn is_portable(text: &str) -> bool {
        is_clean(text, MAX_NAME)
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a text can be the stem that the files of an item share: portable, and with room left for what
    /// tells the files apart.
    #[must_use]
    pub(crate) fn is_stem(text: &str) -> bool {
        is_clean(text, MAX_STEM)
    }

    /// A name from a stem with something that tells it apart, and an extension of [`extension`].
    pub(super) fn of_parts(stem: &str, extension: Option<&str>) -> Self {
        match extension {
            Some(extension) => Self::from_text(&format!("{stem}.{extension}")),
            None => Self::from_text(stem),
        }
    }
}

/// A portable stem, short enough for all that may be put behind it; `None` if nothing is left of the text.
pub(super) fn stem(text: &str) -> Option<String> {
    let cleaned = clean(text, MAX_CLEAN_STEM);
    (cleaned != NOTHING || text.contains(NOTHING)).then_some(cleaned)
}

/// The stem of something that has no name at all.
pub(super) const NOTHING: &str = "_";

/// A portable extension without its dot, case kept; `None` if nothing is left of the text.
pub(super) fn extension(text: &str) -> Option<String> {
    let text: String = text.nfc().map(|c| if is_bad(c) || c == '.' { '_' } else { c }).collect();
    let text = cut(text.trim_matches(' '), MAX_EXTENSION).trim_end_matches(' ');
    (!text.is_empty()).then(|| text.to_owned())
}

/// Whether a text is portable within so many bytes. Nearly all names are ASCII, and asked about by the
/// million, so these are not rebuilt to find out.
fn is_clean(text: &str, limit: usize) -> bool {
    if !text.is_ascii() {
        return clean(text, limit) == text;
    }
    let at_end = |c| matches!(c, Some(b' ' | b'.') | None);
    text.len() <= limit
        && !at_end(text.bytes().next())
        && !at_end(text.bytes().next_back())
        && !text.chars().any(is_bad)
        && !is_device(text)
}

/// Makes a text portable within so many bytes.
fn clean(text: &str, limit: usize) -> String {
    if text.is_ascii() && is_clean(text, limit) {
        return text.to_owned();
    }
    let composed: String = text.nfc().map(|c| if is_bad(c) { '_' } else { c }).collect();
    let mut name = composed.trim_matches(' ').to_owned();
    if name.starts_with('.') {
        name.replace_range(..1, "_");
    }
    if is_device(&name) {
        name.insert(0, '_');
    }
    // Cutting a composed text leaves it composed. What stands at the end afterwards may be a space again.
    let name = cut(&name, limit).trim_end_matches([' ', '.']);
    if name.is_empty() { NOTHING.to_owned() } else { name.to_owned() }
}

/// Whether a character is forbidden on some drive.
fn is_bad(c: char) -> bool {
    c.is_control() || matches!(c, '<' | '>' | ':' | '"' | '/' | '\\' | '|' | '?' | '*')
}

/// The longest beginning of at most `limit` bytes, and of as many UTF-16 units when decomposed.
fn cut(text: &str, limit: usize) -> &str {
    let mut units = 0;
    for (at, c) in text.char_indices() {
        units += std::iter::once(c).nfd().map(char::len_utf16).sum::<usize>();
        if at + c.len_utf8() > limit || units > limit {
            return text.get(..at).unwrap_or_default();
        }
    }
    text
}

/// Whether Windows takes a name for a device: these words, whatever follows after a dot or spaces.
///
/// The list is that of Microsoft's "Naming Files, Paths, and Namespaces", superscript digits included.
fn is_device(name: &str) -> bool {
    let base = name.split('.').next().unwrap_or_default().trim_end_matches(' ');
    let is = |word: &str| base.eq_ignore_ascii_case(word);
    if ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$"].into_iter().any(is) {
        return true;
    }
    let Some((word, digit)) = base.char_indices().nth(3).map(|(at, _)| base.split_at(at)) else {
        return false;
    };
    let is_port = ["COM", "LPT"].into_iter().any(|port| word.eq_ignore_ascii_case(port));
    let mut digits = digit.chars();
    is_port
        && digits.next().is_some_and(|c| c.is_ascii_digit() || matches!(c, '\u{b9}' | '\u{b2}' | '\u{b3}'))
        && digits.next().is_none()
}

impl fmt::Display for PortableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for PortableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PortableName({:?})", &*self.0)
    }
}

#[cfg(test)]
mod tests;
