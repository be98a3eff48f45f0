//! Title and author of an EPUB, out of its own package document (OPF), which `META-INF/container.xml` leads to.

use super::xml::{Piece, Pieces, attribute, is_called};
use crate::catalog::property_lists::words;
use crate::source::DevicePath;

/// No title and no name is longer, in bytes.
const MOST_BYTES: usize = 4096;
/// A book that is written by more has them named in its preface.
const MOST_CREATORS: usize = 16;

/// What a package document says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Described {
    /// Its first title.
    pub title: Option<String>,
    /// Who wrote it, with commas between them.
    pub author: Option<String>,
}

/// Where the package document is in the book, by its `META-INF/container.xml`.
pub(super) fn of_container(container: &[u8]) -> Option<DevicePath> {
    let text = String::from_utf8_lossy(container);
    let mut pieces = Pieces::new(&text);
    while let Ok(Some(piece)) = pieces.next() {
        if let Piece::Open(tag) = piece
            && is_called(&tag, "rootfile")
        {
            let path = DevicePath::parse(attribute(&tag, "full-path")?).ok()?;
            return path.file_name().map(|_| path);
        }
    }
    None
}

/// Reads a package document as far as it makes sense.
pub(super) fn read(document: &[u8]) -> Described {
    let text = String::from_utf8_lossy(document);
    let mut pieces = Pieces::new(&text);
    let (mut depth, mut metadata) = (0_usize, None);
    // What is being read: its depth, whether it is the title, and the words so far.
    let mut reading: Option<(usize, bool, String)> = None;
    let (mut title, mut creators) = (None, Vec::new());
    while let Ok(Some(piece)) = pieces.next() {
        match piece {
            Piece::Open(tag) => {
                depth += 1;
                if metadata.is_none() && is_called(&tag, "metadata") {
                    metadata = Some(depth);
                } else if metadata.is_some() && reading.is_none() {
                    let is_title = is_called(&tag, "title") && title.is_none();
                    if is_title || is_author(&tag) {
                        reading = Some((depth, is_title, String::new()));
                    }
                }
            }
            Piece::Close => {
                if let Some((_, is_title, text)) = reading.take_if(|(at, ..)| *at == depth) {
                    match words(&text, MOST_BYTES) {
                        Some(text) if is_title => title = Some(text),
                        Some(text) if creators.len() < MOST_CREATORS => creators.push(text),
                        _ => {}
                    }
                }
                if metadata == Some(depth) {
                    break;
                }
                depth = depth.saturating_sub(1);
            }
            Piece::Text(text) => {
                if let Some((_, _, words)) = reading.as_mut().filter(|(.., words)| words.len() <= MOST_BYTES)
                {
                    words.push_str(&text);
                }
            }
        }
    }
    Described { title, author: words(&creators.join(", "), MOST_BYTES) }
}

/// Whether a tag names somebody who wrote the book, and not who drew its pictures.
fn is_author(tag: &quick_xml::events::BytesStart<'_>) -> bool {
    is_called(tag, "creator")
        && attribute(tag, "role").is_none_or(|role| role.trim().eq_ignore_ascii_case("aut"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::*;

    const OPF: &str = "<?xml version='1.0'?><package><metadata xmlns:dc='http://purl.org/dc/elements/1.1/'>\
        <dc:title> Low &amp; &#72;igh <![CDATA[<Tide>]]></dc:title><dc:title>A Story</dc:title>\
        <dc:creator opf:role='aut'>A. One</dc:creator><dc:creator opf:role='ill'>B. Draws</dc:creator>\
        <dc:creator>C. Two</dc:creator><dc:creator/></metadata><guide><title>No</title></guide></package>";

    #[test]
    fn title_and_authors() {
        let described = read(OPF.as_bytes());
        assert_eq!(described.title.as_deref(), Some("Low & High <Tide>"));
        assert_eq!(described.author.as_deref(), Some("A. One, C. Two"));
        assert_eq!(read(b"<package><title>Out of place</title></package>"), Described::default());
        assert_eq!(read(b"<package><metadata><title>Cut o"), Described::default());
        let old =
            b"<package><metadata><dc-metadata><dc:Title/><dc:title>Old</dc:title></dc-metadata></metadata>";
        assert_eq!(read(old).title.as_deref(), Some("Old"));
    }

    #[test]
    fn words_without_end_end() {
        let long =
            format!("<package><metadata><title>{}</title></metadata></package>", "<b>x</b>".repeat(200_000));
        assert_eq!(read(long.as_bytes()).title.unwrap().len(), MOST_BYTES);
        let many =
            format!("<package><metadata>{}</metadata></package>", "<creator>Abc</creator>".repeat(10_000));
        assert_eq!(read(many.as_bytes()).author.unwrap().matches("Abc").count(), MOST_CREATORS);
    }

    #[test]
    fn the_way_to_it_stays_in_the_book() {
        let container = |path: &str| {
            let xml = format!("<container><rootfiles><rootfile full-path='{path}'/></rootfiles></container>");
            of_container(xml.as_bytes()).map(|path| path.to_text())
        };
        assert_eq!(container("OEBPS/content.opf").as_deref(), Some("OEBPS/content.opf"));
        assert_eq!(container("/a.opf").as_deref(), Some("a.opf"));
        for bad in ["../../Other.epub/content.opf", "", "/", "a/../b", "&#x2e;&#x2e;/b"] {
            assert_eq!(container(bad), None, "{bad}");
        }
        assert_eq!(of_container(b"<container/>"), None);
        assert_eq!(of_container(b"\xff\xff"), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(9), ..ProptestConfig::default() })]

        #[test]
        fn mangled_documents_are_survived(at in any::<prop::sample::Index>(), byte: u8, bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let mut document = OPF.as_bytes().to_vec();
            let at = at.index(document.len());
            document[at] = byte;
            let _ = (read(&document), of_container(&document));
            let _ = (read(&bytes), of_container(&bytes));
        }
    }
}
