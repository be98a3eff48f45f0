//! Which extensions mean media, and which mean the same kind of it.

/// Extensions that mean the same kind of file (facts/media.md sections A4 and G: the phone writes `.HEIC`
/// and `.MOV` where a name may say `.heif` or `.qt`).
const SAME: [&[&str]; 5] =
    [&["jpg", "jpeg", "jpe"], &["heic", "heif", "hif"], &["tif", "tiff"], &["mov", "qt"], &["mp4", "m4v"]];

/// Other extensions of photos and videos that a phone may hold.
const OTHERS: [&str; 36] = [
    "png", "gif", "bmp", "webp", "avif", "jxl", "jp2", "psd", "dng", "cr2", "cr3", "crw", "nef", "nrw",
    "arw", "sr2", "srf", "raf", "orf", "rw2", "pef", "srw", "raw", "rwl", "3fr", "erf", "mrw", "avi", "3gp",
    "3g2", "mpg", "mpeg", "mts", "m2ts", "mkv", "webm",
];

/// Whether two extensions mean the same kind of file; case does not matter.
pub(super) fn is_same_kind(a: &str, b: &str) -> bool {
    let is_in = |family: &[&str], word: &str| family.iter().any(|known| known.eq_ignore_ascii_case(word));
    a.eq_ignore_ascii_case(b) || SAME.iter().any(|family| is_in(family, a) && is_in(family, b))
}

/// Whether an extension means a photo or a video; case does not matter.
pub(super) fn is_media(extension: &str) -> bool {
    SAME.iter().copied().flatten().chain(&OTHERS).any(|known| known.eq_ignore_ascii_case(extension))
}

/// Stem and extension of a name on the drive: at the last dot that is not the first character.
pub(super) fn split(name: &str) -> (&str, Option<&str>) {
    match name.rfind('.') {
        Some(dot) if dot > 0 && dot + 1 < name.len() => {
            let (stem, rest) = name.split_at(dot);
            (stem, rest.get(1..))
        }
        _ => (name, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_kind_by_another_name() {
        for (a, b) in [("jpg", "JPEG"), ("HEIC", "heif"), ("tif", "TIFF"), ("mov", "QT"), ("mp4", "M4V")] {
            assert!(is_same_kind(a, b) && is_same_kind(b, a), "{a} {b}");
        }
        for (a, b) in [("jpg", "heic"), ("mov", "mp4"), ("", "jpg"), ("dng", "cr2")] {
            assert!(!is_same_kind(a, b), "{a} {b}");
        }
    }

    #[test]
    fn splitting() {
        assert_eq!(split("a.b.HEIC"), ("a.b", Some("HEIC")));
        assert_eq!(split(".hidden"), (".hidden", None));
        assert_eq!(split("dot."), ("dot.", None));
        assert_eq!(split("none"), ("none", None));
    }
}
