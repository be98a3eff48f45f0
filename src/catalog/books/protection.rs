//! Whether an EPUB is protected, by what its `META-INF/encryption.xml` says (facts/media.md section D9).
//!
//! Many free books obscure the fonts that they bring along, as the fonts' licences want it. Every reader can undo
//! that, so it is no protection.

use super::xml::{Piece, Pieces, attribute, is_called};

/// The ways to obscure a font: that of the EPUB standard, and Adobe's.
const FONTS: [&str; 2] = ["http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"];

/// Whether the file says that more than fonts is encrypted.
///
/// # Errors
/// It does not say, because it is no XML; the text is for people.
pub(super) fn is_protected(encryption: &[u8]) -> Result<bool, String> {
    let text = std::str::from_utf8(encryption).map_err(|error| error.to_string())?;
    let mut pieces = Pieces::new(text);
    // Whether each open element is encrypted data, and whether its way was named.
    let mut open: Vec<Option<bool>> = Vec::new();
    while let Some(piece) = pieces.next()? {
        match piece {
            Piece::Open(tag) if is_called(&tag, "EncryptedKey") => return Ok(true),
            Piece::Open(tag) => {
                if is_called(&tag, "EncryptionMethod") {
                    let way = attribute(&tag, "Algorithm");
                    if !way.is_some_and(|way| FONTS.contains(&way.trim())) {
                        return Ok(true);
                    }
                    if let Some(Some(is_named)) = open.last_mut() {
                        *is_named = true;
                    }
                }
                open.push(is_called(&tag, "EncryptedData").then_some(false));
            }
            Piece::Close => {
                if open.pop() == Some(Some(false)) {
                    return Ok(true);
                }
            }
            Piece::Text(_) => {}
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::*;

    fn data(method: &str) -> String {
        format!(
            "<enc:EncryptedData>{method}<enc:CipherData><enc:CipherReference URI=\"a\"/></enc:CipherData>\
             </enc:EncryptedData>"
        )
    }

    fn file(inside: &str) -> String {
        format!(
            "\u{feff}<?xml version=\"1.0\"?><encryption xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\" \
             xmlns:enc=\"http://www.w3.org/2001/04/xmlenc#\">{inside}</encryption>"
        )
    }

    fn method(way: &str) -> String {
        format!("<enc:EncryptionMethod Algorithm=\"{way}\"/>")
    }

    fn judge(inside: &str) -> Result<bool, String> {
        is_protected(file(inside).as_bytes())
    }

    #[test]
    fn obscured_fonts_are_no_protection() {
        let fonts: String = FONTS.iter().map(|way| data(&method(way))).collect();
        assert_eq!(judge(&fonts), Ok(false));
        assert_eq!(judge(""), Ok(false));
        assert_eq!(judge(&data(&method(" http://www.idpf.org/2008/embedding "))), Ok(false));
        assert_eq!(judge("<!-- <enc:EncryptedData/> -->"), Ok(false));
    }

    #[test]
    fn anything_else_is() {
        let font = data(&method(FONTS[0]));
        for other in [
            data(&method("http://www.w3.org/2001/04/xmlenc#aes128-cbc")),
            data(&method("http://itunes.apple.com/dataenc")),
            data("<enc:EncryptionMethod/>"),
            data(""),
            String::from("<enc:EncryptedData/>"),
            String::from("<enc:EncryptedKey><enc:CipherData/></enc:EncryptedKey>"),
            data("<EncryptionMethod Algorithm='x'/>"),
        ] {
            assert_eq!(judge(&format!("{font}{other}{font}")), Ok(true), "{other}");
        }
    }

    #[test]
    fn what_is_no_xml_does_not_say() {
        for bad in [&b"\xff\xfe<"[..], b"<encryption>", b"<a></b>", b"<a b='"] {
            assert!(is_protected(bad).is_err(), "{}", bad.escape_ascii());
        }
        assert!(is_protected(&[b"<a>".repeat(100_000), b"</a>".repeat(99_999)].concat()).is_err());
        assert_eq!(is_protected(&[b"<a>".repeat(100_000), b"</a>".repeat(100_000)].concat()), Ok(false));
    }

    proptest! {
        #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(9), ..ProptestConfig::default() })]

        #[test]
        fn mangled_files_are_survived(at in any::<prop::sample::Index>(), byte: u8, bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let mut file = file(&data(&method(FONTS[0]))).into_bytes();
            let at = at.index(file.len());
            file[at] = byte;
            let _ = is_protected(&file);
            let _ = is_protected(&bytes);
        }
    }
}
