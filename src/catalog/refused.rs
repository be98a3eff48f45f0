//! What is said of rows, entries and files that are no items of any kind.

/// Says how many `(one, several)` of a list `of` the phone are left out, if any are.
pub(super) fn warning(refused: usize, (one, several): (&str, &str), of: &str) -> Option<String> {
    match refused {
        0 => None,
        1 => Some(format!("1 {one} of the phone's {of} makes no sense and is left out.")),
        n => Some(format!("{n} {several} of the phone's {of} make no sense and are left out.")),
    }
}

/// Says how many files in folders of the phone are of no kind that belongs there, if any are.
pub(super) fn other_kinds(number: usize, folders: &str) -> Option<String> {
    let files = match number {
        0 => return None,
        1 => String::from("1 file of another kind in"),
        n => format!("{n} files of other kinds in"),
    };
    Some(format!("Left out: {files} {folders} on the phone. `iexport files --path` exports such files."))
}

#[cfg(test)]
mod tests {
    use super::warning;

    #[test]
    fn one_or_several() {
        let said = |n| warning(n, ("row", "rows"), "list of voice memos");
        assert_eq!(said(0), None);
        assert_eq!(
            said(1).unwrap(),
            "1 row of the phone's list of voice memos makes no sense and is left out."
        );
        assert_eq!(
            said(2).unwrap(),
            "2 rows of the phone's list of voice memos make no sense and are left out."
        );
    }
}
