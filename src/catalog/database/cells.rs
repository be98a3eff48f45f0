//! Reads the cells of a row, whatever is in them.
//!
//! SQLite does not hold a column to its type, and a phone's database was written by many versions of many
//! programs: numbers come as integers, reals or text, text may be no UTF-8 or be stored as a blob
//! (facts/media.md sections A6 and G4, G7, G23). A cell that makes no sense is as good as none.

use rusqlite::Row;
use rusqlite::types::ValueRef;

/// Larger than any phone, in bytes: a size beyond would only frighten with space that the drive does not have.
const MOST_FILE_BYTES: u64 = 4 << 40;

/// No text for people is longer, in bytes. Names of files end at 255 units of UTF-16, and what somebody types into a
/// field for a name or a title ends sooner. One cell can be asked for by any number of rows, and some words are
/// compared, folded and joined for every photo: without an end, a small database could take all memory there is.
const MOST_BYTES: usize = 4096;
/// The same for a caption, which can be a whole story: each is kept once, whoever asks for it.
const MOST_BYTES_OF_PROSE: usize = 65536;

/// The cells of one row, read from left to right.
pub(in crate::catalog) struct Cells<'row, 'stmt> {
    row: &'row Row<'stmt>,
    next: usize,
}

impl<'row, 'stmt> Cells<'row, 'stmt> {
    pub(in crate::catalog) const fn new(row: &'row Row<'stmt>) -> Self {
        Self { row, next: 0 }
    }

    fn value(&mut self) -> ValueRef<'row> {
        let value = self.row.get_ref(self.next).unwrap_or(ValueRef::Null);
        self.next += 1;
        value
    }

    /// The bytes of a text, as they are; `None` if empty.
    pub(in crate::catalog) fn bytes(&mut self) -> Option<Vec<u8>> {
        let bytes = match self.value() {
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes.to_vec(),
            ValueRef::Integer(number) => number.to_string().into_bytes(),
            ValueRef::Null | ValueRef::Real(_) => return None,
        };
        (!bytes.is_empty()).then_some(bytes)
    }

    /// A name, a title or the like; what is no UTF-8 becomes U+FFFD, and what is longer than any of these is cut.
    /// `None` if empty.
    pub(in crate::catalog) fn text(&mut self) -> Option<String> {
        self.text_within(MOST_BYTES)
    }

    /// The same for what may be as long as a story.
    pub(in crate::catalog) fn prose(&mut self) -> Option<String> {
        self.text_within(MOST_BYTES_OF_PROSE)
    }

    fn text_within(&mut self, most_bytes: usize) -> Option<String> {
        let bytes = match self.value() {
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes,
            ValueRef::Integer(number) => return Some(number.to_string()),
            ValueRef::Null | ValueRef::Real(_) => return None,
        };
        // A character that the end goes through becomes U+FFFD, and is cut off with all that is too long.
        let text = String::from_utf8_lossy(bytes.get(..most_bytes + 1).unwrap_or(bytes)).into_owned();
        Some(within(text, most_bytes)).filter(|text| !text.is_empty())
    }

    /// A whole number.
    pub(in crate::catalog) fn int(&mut self) -> Option<i64> {
        match self.value() {
            ValueRef::Integer(number) => Some(number),
            ValueRef::Real(number) => whole(number),
            ValueRef::Text(bytes) => {
                let text = std::str::from_utf8(bytes).ok()?.trim();
                text.parse().ok().or_else(|| whole(text.parse().ok()?))
            }
            ValueRef::Null | ValueRef::Blob(_) => None,
        }
    }

    /// A finite number.
    pub(in crate::catalog) fn real(&mut self) -> Option<f64> {
        let number = match self.value() {
            #[expect(clippy::cast_precision_loss, reason = "seconds and degrees are far below 2^53")]
            ValueRef::Integer(number) => number as f64,
            ValueRef::Real(number) => number,
            ValueRef::Text(bytes) => std::str::from_utf8(bytes).ok()?.trim().parse().ok()?,
            ValueRef::Null | ValueRef::Blob(_) => return None,
        };
        number.is_finite().then_some(number)
    }

    /// Whether there is anything but NULL.
    pub(in crate::catalog) fn is_there(&mut self) -> bool {
        self.value() != ValueRef::Null
    }

    /// Whether a number is there and not 0.
    pub(in crate::catalog) fn flag(&mut self) -> bool {
        self.int().is_some_and(|number| number != 0)
    }

    /// The size of a file in bytes; `None` if it says nothing, or what no phone has room for.
    pub(in crate::catalog) fn file_bytes(&mut self) -> Option<u64> {
        let bytes = self.int().and_then(|bytes| u64::try_from(bytes).ok());
        bytes.filter(|bytes| (1..=MOST_FILE_BYTES).contains(bytes))
    }
}

/// A name, a title or the like that comes from elsewhere, cut as if it came from a cell.
pub(in crate::catalog) fn cut(text: String) -> String {
    within(text, MOST_BYTES)
}

/// The beginning of a text, to the end of a character.
fn within(mut text: String, most_bytes: usize) -> String {
    if text.len() > most_bytes {
        text.truncate((0..=most_bytes).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0));
    }
    text
}

/// A real without a fraction that an integer can hold.
fn whole(number: f64) -> Option<i64> {
    const LIMIT: f64 = 9_007_199_254_740_992.0;
    #[expect(clippy::cast_possible_truncation, reason = "whole and within 2^53")]
    (number.fract() == 0.0 && number.abs() <= LIMIT).then_some(number as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T>(sql: &str, with: impl Fn(&mut Cells<'_, '_>) -> T) -> T {
        let db = rusqlite::Connection::open_in_memory().unwrap();
        db.query_row(sql, [], |row| Ok(with(&mut Cells::new(row)))).unwrap()
    }

    #[test]
    fn numbers_in_any_clothes() {
        let ints = |c: &mut Cells<'_, '_>| [c.int(), c.int(), c.int(), c.int(), c.int(), c.int()];
        assert_eq!(
            read("SELECT 7, 7.0, '7', 7.5, NULL, x'37'", ints),
            [Some(7), Some(7), Some(7), None, None, None]
        );
        assert_eq!(read("SELECT '7.0', 'x', 9e99", |c| [c.int(), c.int(), c.int()]), [Some(7), None, None]);
        let reals = |c: &mut Cells<'_, '_>| [c.real(), c.real(), c.real(), c.real()];
        assert_eq!(read("SELECT 7, 7.5, '-1.5', 9e999", reals), [Some(7.0), Some(7.5), Some(-1.5), None]);
    }

    #[test]
    fn text_in_any_clothes() {
        let texts = |c: &mut Cells<'_, '_>| [c.text(), c.text(), c.text(), c.text(), c.text()];
        assert_eq!(
            read("SELECT 'a', x'62', CAST(x'ff63' AS TEXT), '', 5", texts),
            [Some("a".into()), Some("b".into()), Some("\u{fffd}c".into()), None, Some("5".into())]
        );
    }

    #[test]
    fn texts_that_do_not_end_are_cut_between_characters() {
        let length = |sql: &str| read(sql, |c| (c.text().unwrap().len(), c.prose().unwrap().len()));
        let twice = |text: &str| length(&format!("SELECT {text}, {text}"));
        let many = |number: usize, text: &str| format!("replace(hex(zeroblob({number})), '00', {text})");
        assert_eq!(twice(&many(4096, "'x'")), (4096, 4096));
        assert_eq!(twice(&many(4097, "'x'")), (4096, 4097));
        assert_eq!(twice(&many(65_537, "'x'")), (4096, 65_536));
        for character in ["\u{e9}", "\u{6f22}", "\u{1f600}"] {
            for before in ["", "x", "xx", "xxx"] {
                let text = format!("'{before}' || {}", many(40_000, &format!("'{character}'")));
                let cut = read(&format!("SELECT {text}"), |c| c.text()).unwrap();
                assert!((4093..=4096).contains(&cut.len()), "{}", cut.len());
                assert!(cut.trim_start_matches('x').chars().all(|c| character.starts_with(c)), "{cut}");
            }
        }
        // What is no UTF-8 gets longer when it is made into some.
        assert_eq!(twice(&format!("CAST({} AS TEXT)", many(100_000, "x'ff'"))), (4095, 65_535));
    }

    #[test]
    fn sizes_are_those_of_files_that_a_phone_can_have() {
        for (sql, bytes) in [("1", Some(1)), ("'17'", Some(17)), ("0", None), ("-1", None), ("NULL", None)] {
            assert_eq!(read(&format!("SELECT {sql}"), |c| c.file_bytes()), bytes, "{sql}");
        }
        assert_eq!(read("SELECT 4398046511104", |c| c.file_bytes()), Some(MOST_FILE_BYTES));
        assert_eq!(read("SELECT 4398046511105", |c| c.file_bytes()), None);
        assert_eq!(read("SELECT 9223372036854775807", |c| c.file_bytes()), None);
    }

    #[test]
    fn anything_but_null_is_there() {
        let there = |c: &mut Cells<'_, '_>| [c.is_there(), c.is_there(), c.is_there(), c.is_there()];
        assert_eq!(read("SELECT NULL, '', x'', 0", there), [false, true, true, true]);
    }

    #[test]
    fn cells_beyond_the_row_are_none() {
        assert_eq!(
            read("SELECT 1", |c| (c.int(), c.int(), c.text(), c.flag())),
            (Some(1), None, None, false)
        );
    }
}
