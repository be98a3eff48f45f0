//! Words as a shell reads them.
//!
//! Names come from a phone and may hold anything. A word that cannot be written so that every usual shell of
//! the system takes it literally, or that would drive the terminal it is printed on, is not written at all.

use crate::report::escape;

/// A word for the shells of this system; `None` if it cannot be written safely.
pub(super) fn quote(word: &str) -> Option<String> {
    if cfg!(windows) { windows(word) } else { posix(word) }
}

/// For `sh` and its relatives.
fn posix(word: &str) -> Option<String> {
    if !is_plain(word) {
        return None;
    }
    let bare = |c: char| c.is_ascii_alphanumeric() || "-_./:,+@%=".contains(c);
    // Some shells put the path of a program in the place of `=program`.
    if !word.is_empty() && word.chars().all(bare) && !word.starts_with('=') {
        return Some(word.to_owned());
    }
    // Nothing is special between single quotes, not even a backslash.
    Some(format!("'{}'", word.replace('\'', r"'\''")))
}

/// For `cmd` and PowerShell at once, and for programs that read their command line as Microsoft's C library
/// does.
fn windows(word: &str) -> Option<String> {
    // Between double quotes `cmd` replaces %NAME%, and PowerShell reads $, ` and every kind of double quote.
    let special = |c: char| "\"%$`".contains(c) || matches!(c, '\u{201c}'..='\u{201e}');
    if !is_plain(word) || word.contains(special) {
        return None;
    }
    let bare = |c: char| c.is_ascii_alphanumeric() || r"-_./:=\".contains(c);
    // PowerShell cuts `-a.b` in two.
    let option = word.starts_with('-') && word.contains(['.', ':']);
    if !word.is_empty() && word.chars().all(bare) && !option {
        return Some(word.to_owned());
    }
    // Backslashes that stand before a quote count double.
    let slashes = word.len() - word.trim_end_matches('\\').len();
    Some(format!("\"{word}{}\"", r"\".repeat(slashes)))
}

/// Whether it can be printed without doing anything to the terminal.
fn is_plain(word: &str) -> bool {
    escape(word) == word
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn posix_words() {
        for (word, quoted) in [
            ("/Volumes/Drive", "/Volumes/Drive"),
            ("Travel/Italy 2024", "'Travel/Italy 2024'"),
            ("Ann's", r"'Ann'\''s'"),
            ("", "''"),
            ("~/x", "'~/x'"),
            ("$HOME `ls` \\", "'$HOME `ls` \\'"),
            ("Café", "'Café'"),
            ("=ls", "'=ls'"),
        ] {
            assert_eq!(posix(word).as_deref(), Some(quoted));
        }
        assert_eq!(posix("a\u{1b}[2J"), None);
        assert_eq!(posix("a\nb"), None);
        assert_eq!(posix("gpj.\u{202e}exe"), None);
    }

    #[test]
    fn windows_words() {
        for (word, quoted) in [
            (r"D:\Photos", r"D:\Photos"),
            (r"D:\My Photos\", r#""D:\My Photos\\""#),
            ("Ann's & Bob's", r#""Ann's & Bob's""#),
            ("Café", "\"Café\""),
            ("--album=-x.y", "\"--album=-x.y\""),
            ("--all", "--all"),
            ("", "\"\""),
        ] {
            assert_eq!(windows(word).as_deref(), Some(quoted));
        }
        for word in ["100%", "$5", "a\"b", "a`b", "\u{201c}x\u{201d}", "a\tb"] {
            assert_eq!(windows(word), None, "{word}");
        }
    }

    /// How Microsoft's C library reads a word between quotes.
    fn read_windows(quoted: &str) -> String {
        let Some(inner) = quoted.strip_prefix('"') else { return quoted.to_owned() };
        let mut out = String::new();
        let mut slashes = 0;
        for c in inner.chars() {
            match c {
                '\\' => slashes += 1,
                '"' => {
                    out.push_str(&r"\".repeat(slashes / 2));
                    assert!(slashes % 2 == 0, "an escaped quote");
                    return out;
                }
                c => {
                    out.push_str(&r"\".repeat(std::mem::take(&mut slashes)));
                    out.push(c);
                }
            }
        }
        panic!("no closing quote in {quoted}");
    }

    #[cfg(unix)]
    #[test]
    fn a_real_shell_reads_what_was_meant() {
        let words = [
            "",
            "a b",
            "it's",
            "''",
            "\\",
            "$(echo x)",
            "*",
            "~",
            "!!",
            "#x",
            "a;b",
            "Iceland 🌋",
            "-n",
            "(a)",
            "\"q\"",
        ];
        let line: Vec<String> = words.iter().map(|word| posix(word).unwrap()).collect();
        let script = format!("printf '%s\\n' {}", line.join(" "));
        let said = std::process::Command::new("sh").args(["-c", &script]).output().unwrap();
        let said = String::from_utf8(said.stdout).unwrap();
        assert_eq!(said.split('\n').take(words.len()).collect::<Vec<_>>(), words);
    }

    proptest! {
        #[test]
        fn what_is_quoted_for_windows_comes_back(word in r#"[a-zA-Z0-9 \\'&|<>^(),;é.-]{0,20}"#) {
            prop_assert_eq!(read_windows(&windows(&word).unwrap()), word);
        }

        #[test]
        fn what_is_quoted_for_posix_comes_back(word in r#"[a-z \\'"$`!*?~#\[\]é🌋-]{0,20}"#) {
            prop_assert_eq!(read_posix(&posix(&word).unwrap()), word);
        }
    }

    /// How a POSIX shell reads a word of single quotes and backslashes.
    fn read_posix(quoted: &str) -> String {
        let (mut out, mut inside) = (String::new(), false);
        let mut chars = quoted.chars();
        while let Some(c) = chars.next() {
            match c {
                '\'' => inside = !inside,
                '\\' if !inside => out.extend(chars.next()),
                c => out.push(c),
            }
        }
        assert!(!inside, "no closing quote in {quoted}");
        out
    }
}
