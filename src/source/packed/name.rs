//! Names inside of an archive, made of names on a phone.
//!
//! What reads the archive later may unpack it on any system, so a name that one of them could take for something
//! else than a name is changed. All others stay as they are: files of a package refer to each other by name.

use crate::source::EntryName;

/// Stands for a character that cannot stay.
const INSTEAD: char = '_';

/// The name of an entry as the archive has it; `is_top` if it lies in the package's own folder.
///
/// Bytes that are no UTF-8 become U+FFFD. `_` replaces what a program could misread: backslashes (which Windows takes
/// for a separator) and control characters (which a terminal takes for orders) anywhere, the colon of what looks like
/// a drive letter at the top, and the dots of a name of nothing but dots and spaces (which Windows may take for `..`).
pub(super) fn archived(name: &EntryName, is_top: bool) -> String {
    let text = name.to_text();
    let only_dots = text.chars().all(|c| matches!(c, '.' | ' '));
    let has_drive = is_top && matches!(text.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic());
    let safe = |(at, c): (usize, char)| match c {
        '\\' => INSTEAD,
        '.' if only_dots => INSTEAD,
        ':' if has_drive && at == 1 => INSTEAD,
        _ if c.is_control() => INSTEAD,
        _ => c,
    };
    text.char_indices().map(safe).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn top(name: &[u8]) -> String {
        archived(&EntryName::new(name).unwrap(), true)
    }

    #[test]
    fn usual_names_stay() {
        for name in
            ["mimetype", "chapter 1.xhtml", "Ünïcode 日本.jpg", ".DS_Store", "a:b", "1:2", "a..b", "…"]
        {
            assert_eq!(archived(&EntryName::new(name.as_bytes()).unwrap(), false), name);
        }
        assert_eq!(archived(&EntryName::new(b"C:x").unwrap(), false), "C:x");
    }

    #[test]
    fn what_could_be_misread_is_changed() {
        assert_eq!(top(b"..\\..\\evil.exe"), ".._.._evil.exe");
        assert_eq!(top(b"C:\\evil.exe"), "C__evil.exe");
        assert_eq!(top(b"c:"), "c_");
        assert_eq!(top(b".. "), "__ ");
        assert_eq!(top(b"..."), "___");
        assert_eq!(top(b"\x1b[2Jx\xc2\x9by"), "_[2Jx_y");
        assert_eq!(top(b"\xff.jpg"), "\u{fffd}.jpg");
    }

    proptest! {
        #[test]
        fn no_name_leads_out(bytes in prop::collection::vec(any::<u8>(), 1..12), is_top in any::<bool>()) {
            if let Ok(name) = EntryName::new(&bytes) {
                let text = archived(&name, is_top);
                let can_lead_out = |c: char| matches!(c, '/' | '\\') || c.is_control();
                prop_assert!(!text.is_empty() && !text.contains(can_lead_out));
                prop_assert!(text.trim_matches(' ') != ".." && text.trim_matches(' ') != ".");
            }
        }
    }
}
