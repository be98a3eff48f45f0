//! Names that the drive can hold.
//!
//! By default they are names that every drive and every system can hold, since a drive moves between systems:
//! what Linux writes to exFAT without a word, Windows may be unable to open. What cannot stand in such a name
//! is replaced by a character that looks like it, so that a person can read what was meant. Pure and
//! idempotent.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

use crate::text::fold;

/// Longest name: 255 bytes of UTF-8 (ext4, APFS). This implies 255 units of UTF-16 (NTFS, exFAT), since no
/// character takes more units than bytes. The decomposed form is held to the same number of units (HFS+).
const MAX_NAME: usize = 255;

/// Longest extension, in bytes.
const MAX_EXTENSION: usize = 16;

/// Longest stem of a group, in bytes: what a name has beside `.`, an extension, what tells the files of the
/// group apart (`_edited_live_video` and a number), and the second extension of a sidecar (`.json`).
const MAX_STEM: usize = MAX_NAME - 1 - MAX_EXTENSION - 26 - 5;

/// Longest stem before something of the item's uuid is put behind it (`-`, 32 digits, `-` and a number).
const MAX_CLEAN_STEM: usize = MAX_STEM - 38;

/// The folder in which this program keeps its own things on a drive. No file of the phone gets that name.
const RESERVED: &str = ".iexport";

/// Stands for a space that must not be one.
const BLANK: char = '\u{2423}';

/// Stands for a dot that must not be one.
const DOT: char = '\u{ff0e}';

/// Stands for what has no likeness.
const REPLACEMENT: char = '\u{fffd}';

/// Which names files and folders get.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Names {
    /// Names that every drive and every system can hold.
    #[default]
    Portable,
    /// Names as they are on the phone, as far as the file systems of this computer's system can hold them. On
    /// Windows these are the portable ones.
    Native,
}

impl Names {
    /// What it comes to on this system.
    const fn here(self) -> Self {
        if cfg!(unix) { self } else { Self::Portable }
    }
}

/// The name of a file or folder on the drive: not empty, at most 255 bytes, neither `/` nor control
/// characters in it, not `.` or `..`, and not the name of this program's own folder.
///
/// If made as [`Names::Portable`], any drive can hold it: composed (NFC), none of `< > : " / \ | ? *`, no space
/// and no dot at either end, no name that Windows keeps for devices. A dot at the start is out because such
/// names are invisible on most systems and mean something else to macOS (`._`).
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DestName(Box<str>);

impl DestName {
    /// The name closest to a text. Never fails; nothing at all becomes `_`.
    #[must_use]
    pub fn new(text: &str, names: Names) -> Self {
        Self(clean(text, MAX_NAME, names).into())
    }

    /// The portable name closest to a text.
    #[must_use]
    pub fn portable(text: &str) -> Self {
        Self::new(text, Names::Portable)
    }

    /// Whether a text is a portable name as it is.
    #[must_use]
    pub fn is_portable(text: &str) -> bool {
        is_clean(text, MAX_NAME, Names::Portable)
    }

    /// Whether a text is a name that can have been made here, portable or not.
    #[must_use]
    pub fn is_name(text: &str) -> bool {
        is_clean(text, MAX_NAME, Names::Native)
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a text can be the stem that the files of an item share: a name, and with room left for what
    /// tells the files apart.
    #[must_use]
    pub(crate) fn is_stem(text: &str) -> bool {
        is_clean(text, MAX_STEM, Names::Native)
    }

    /// The names to try for something that wants this one: as it is, and then with more and more digits of an
    /// identity. Endless.
    pub(crate) fn stems(clean: &str, identity: &str) -> impl Iterator<Item = String> {
        super::suffix::Stems::new(clean, identity)
    }

    /// A name from a stem with something that tells it apart, and an extension of [`extension`].
    pub(super) fn of_parts(stem: &str, extension: Option<&str>, names: Names) -> Self {
        match extension {
            Some(extension) => Self::new(&format!("{stem}.{extension}"), names),
            None => Self::new(stem, names),
        }
    }
}

/// A stem, short enough for all that may be put behind it; `None` if there is nothing to read in the text.
pub(super) fn stem(text: &str, names: Names) -> Option<String> {
    let is_something = text.chars().any(|c| !c.is_whitespace() && c != '.');
    is_something.then(|| clean(text, MAX_CLEAN_STEM, names))
}

/// A stem in which no dot can be taken for the beginning of an extension.
pub(super) fn without_dots(stem: &str) -> String {
    let text: String = stem.chars().map(|c| if c == '.' { DOT } else { c }).collect();
    cut(&text, MAX_CLEAN_STEM).trim_end_matches(' ').to_owned()
}

/// The stem of something that has no name at all.
pub(super) const NOTHING: &str = "_";

/// An extension without its dot, case kept; `None` if nothing is left of the text.
pub(super) fn extension(text: &str, names: Names) -> Option<String> {
    let is_bad = bad(names);
    let replaced = text.nfc().map(|c| match c {
        '.' => DOT,
        c if is_bad(c) => look_alike(c),
        c => c,
    });
    let text: String = replaced.collect();
    let text = cut(text.trim_matches(' '), MAX_EXTENSION).trim_end_matches(' ');
    (!text.is_empty()).then(|| text.to_owned())
}

/// Whether a text is a name as it is, within so many bytes. Nearly all names are ASCII, and asked about by the
/// million, so these are not rebuilt to find out.
fn is_clean(text: &str, limit: usize, names: Names) -> bool {
    if names.here() == Names::Native {
        return !text.is_empty()
            && cut(text, limit).len() == text.len()
            && !text.chars().any(is_bad_anywhere)
            && !matches!(text, "." | "..")
            && !is_reserved(text);
    }
    if !text.is_ascii() {
        return clean(text, limit, names) == text;
    }
    let at_end = |c| matches!(c, Some(b' ' | b'.') | None);
    text.len() <= limit
        && !at_end(text.bytes().next())
        && !at_end(text.bytes().next_back())
        && !text.chars().any(is_bad_somewhere)
        && !is_device(text)
}

/// Makes a name of a text within so many bytes.
fn clean(text: &str, limit: usize, names: Names) -> String {
    let names = names.here();
    if text.is_ascii() && is_clean(text, limit, names) {
        return text.to_owned();
    }
    let name = match names {
        Names::Portable => portable(text, limit),
        Names::Native => native(text, limit),
    };
    if name.is_empty() { NOTHING.to_owned() } else { name }
}

fn portable(text: &str, limit: usize) -> String {
    // None of the look-alikes combines with what follows it: what was composed stays so.
    let mut chars: Vec<char> =
        text.nfc().map(|c| if is_bad_somewhere(c) { look_alike(c) } else { c }).collect();
    for c in chars.iter_mut().take_while(|c| **c == ' ') {
        *c = BLANK;
    }
    if let Some(first) = chars.first_mut().filter(|first| **first == '.') {
        *first = DOT;
    }
    for c in chars.iter_mut().rev().take_while(|c| matches!(**c, ' ' | '.')) {
        *c = look_alike(*c);
    }
    let mut name: String = chars.into_iter().collect();
    if is_device(&name) {
        name.insert(0, '_');
    }
    // Cutting a composed text leaves it composed. What stands at the end afterwards may be a space again.
    cut(&name, limit).trim_end_matches([' ', '.']).to_owned()
}

fn native(text: &str, limit: usize) -> String {
    let mut name: String = text.chars().map(|c| if is_bad_anywhere(c) { look_alike(c) } else { c }).collect();
    if matches!(name.as_str(), "." | "..") || is_reserved(&name) {
        name = name.replace('.', &DOT.to_string());
    }
    let short = cut(&name, limit);
    // Cutting may leave just what must not be left.
    if is_reserved(short) { short.replace('.', "_") } else { short.to_owned() }
}

/// The characters that are replaced.
const fn bad(names: Names) -> fn(char) -> bool {
    match names.here() {
        Names::Portable => is_bad_somewhere,
        Names::Native => is_bad_anywhere,
    }
}

/// Whether a character is forbidden on every drive, or should be.
fn is_bad_anywhere(c: char) -> bool {
    c == '/' || c.is_control()
}

/// Whether a character is forbidden on some drive, or by some program that looks after one.
fn is_bad_somewhere(c: char) -> bool {
    let is_no_character = matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe;
    is_bad_anywhere(c) || matches!(c, '<' | '>' | ':' | '"' | '\\' | '|' | '?' | '*') || is_no_character
}

/// What is put in the place of a character.
fn look_alike(c: char) -> char {
    match c {
        // The wide form, which is as far away for all of ASCII.
        '<' | '>' | ':' | '"' | '/' | '\\' | '|' | '?' | '*' | '.' => {
            char::from_u32(u32::from(c) + 0xfee0).unwrap_or(REPLACEMENT)
        }
        ' ' => BLANK,
        // The picture of the control character.
        '\0'..='\u{1f}' => char::from_u32(u32::from(c) + 0x2400).unwrap_or(REPLACEMENT),
        '\u{7f}' => '\u{2421}',
        '\u{85}' => '\u{2424}',
        _ => REPLACEMENT,
    }
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

/// Whether some drive takes a name for that of this program's own folder: without regard to case, to dots and
/// spaces at the end (drivers of FAT and exFAT) and to characters that cannot be seen (HFS+).
fn is_reserved(name: &str) -> bool {
    let is_seen = |c: &char| !matches!(c, '\u{200c}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{206a}'..='\u{206f}' | '\u{feff}');
    let seen: String = name.chars().filter(is_seen).collect();
    fold(seen.trim_end_matches([' ', '.'])) == RESERVED
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

impl fmt::Display for DestName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for DestName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DestName({:?})", &*self.0)
    }
}

#[cfg(test)]
mod tests;
