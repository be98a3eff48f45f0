//! When two names are the same name to a person or to a drive.

use unicode_normalization::UnicodeNormalization;

/// The key under which names are compared: two names with the same key would be one file on a drive that
/// ignores case (exFAT, NTFS, most APFS) or that stores another normalisation form (HFS+).
///
/// Decomposed, lower case, upper case, lower case, composed. Going through both brings together what either keeps
/// apart (`ß`, `ẞ` and `SS`; `ſ` and `s`), and character by character, so that no context matters (the final
/// sigma). It is coarser than any single file system: a needless suffix does no harm, a lost file does.
pub(crate) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let lower = text.nfd().flat_map(char::to_lowercase);
    lower.flat_map(char::to_uppercase).flat_map(char::to_lowercase).nfc().collect()
}

/// Below this likeness (Jaro-Winkler, 0 to 1) a suggestion confuses more than it helps.
pub(crate) const LIKENESS: f64 = 0.7;

/// The names most like what somebody wrote, best first; perhaps none.
pub(crate) fn nearest<'n>(
    asked: &str,
    names: impl IntoIterator<Item = &'n str>,
    at_most: usize,
) -> Vec<&'n str> {
    let wanted = fold(asked);
    let mut scored: Vec<(f64, &str)> =
        names.into_iter().map(|name| (strsim::jaro_winkler(&wanted, &fold(name)), name)).collect();
    scored.retain(|(score, name)| *score >= LIKENESS && !name.is_empty());
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    scored.dedup_by(|a, b| a.1 == b.1);
    scored.truncate(at_most);
    scored.into_iter().map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_normalisation_do_not_matter() {
        assert_eq!(fold("IMG_1.HEIC"), fold("img_1.heic"));
        assert_eq!(fold("Caf\u{e9}"), fold("CAFE\u{301}"));
        assert_eq!(fold("stra\u{df}e"), fold("STRASSE"));
        assert_eq!(fold("STRA\u{1e9e}E"), fold("stra\u{df}e"));
        assert_eq!(fold("\u{3a3}\u{3a3}"), fold("\u{3c3}\u{3c2}"));
        assert_ne!(fold("a"), fold("b"));
    }
}
