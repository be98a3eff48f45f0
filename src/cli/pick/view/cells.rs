//! Texts that take a given number of columns, whatever they are written in.

use ratatui::style::Style;
use ratatui::text::Span;

/// How many columns a text takes.
pub(super) fn width(text: &str) -> usize {
    Span::raw(text).width()
}

/// The text in exactly so many columns: cut with a sign, or filled up.
pub(super) fn fit(text: &str, columns: usize) -> String {
    let (mut out, used) = head(text, columns);
    out.push_str(&" ".repeat(columns.saturating_sub(used)));
    out
}

/// The same, at the right end of its columns.
pub(super) fn fit_right(text: &str, columns: usize) -> String {
    let (out, used) = head(text, columns);
    format!("{}{out}", " ".repeat(columns.saturating_sub(used)))
}

/// The end of a text, in at most so many columns.
pub(super) fn tail(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut used = 1;
    let mut kept: Vec<&str> = Vec::new();
    let span = Span::raw(text);
    let signs: Vec<&str> = span.styled_graphemes(Style::new()).map(|grapheme| grapheme.symbol).collect();
    for sign in signs.into_iter().rev() {
        used += width(sign);
        if used > columns {
            break;
        }
        kept.push(sign);
    }
    kept.push("…");
    kept.reverse();
    if columns == 0 { String::new() } else { kept.concat() }
}

/// The text in lines of at most so many columns, broken between words.
pub(super) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            if !line.is_empty() && width(&line) + 1 + width(word) > columns {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    // A word that is wider than a line is cut.
    lines.into_iter().map(|line| head(&line, columns).0).collect()
}

/// The beginning of a text in at most so many columns, and how many it takes.
fn head(text: &str, columns: usize) -> (String, usize) {
    let whole = width(text);
    if whole <= columns {
        return (text.to_owned(), whole);
    }
    if columns == 0 {
        return (String::new(), 0);
    }
    let mut out = String::new();
    let mut used = 0;
    for grapheme in Span::raw(text).styled_graphemes(Style::new()) {
        let more = width(grapheme.symbol);
        if used + more + 1 > columns {
            break;
        }
        out.push_str(grapheme.symbol);
        used += more;
    }
    out.push('…');
    (out, used + 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn wide_signs_are_not_cut_in_two() {
        assert_eq!(fit("IMG_0001.HEIC", 6), "IMG_0…");
        assert_eq!(fit("アイスランド", 6), "アイ… ");
        assert_eq!(fit("abc", 5), "abc  ");
        assert_eq!(fit_right("3.2 MB", 9), "   3.2 MB");
        assert_eq!(tail("/Volumes/Drive", 6), "…Drive");
        assert_eq!(tail("アイス", 4), "…ス");
    }

    #[test]
    fn lines_break_between_words() {
        assert_eq!(wrap("2 are only in iCloud.", 11), ["2 are only", "in iCloud."]);
        assert_eq!(wrap("a\n\n/Volumes/Drive", 6), ["a", "", "/Volu…"]);
    }

    proptest! {
        #[test]
        fn it_takes_exactly_the_room_there_is(text in "[a-zé アイ🌋]{0,20}", columns in 0_usize..30) {
            prop_assert_eq!(width(&fit(&text, columns)), columns);
            prop_assert_eq!(width(&fit_right(&text, columns)), columns);
            prop_assert!(width(&tail(&text, columns)) <= columns);
        }
    }
}
