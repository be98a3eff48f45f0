//! The little XML that is needed to look into a book: elements by their local names, in one pass and in memory that
//! grows with the input only. Entities of a document's own are not looked at.

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// What comes next in a document, as far as anybody here wants to know.
#[derive(Debug)]
pub(super) enum Piece<'x> {
    /// A tag that opens an element.
    Open(BytesStart<'x>),
    /// The tag that closes it; of an element without content, too.
    Close,
    /// Text, with entities resolved.
    Text(String),
}

/// The pieces of a document, up to its end or the first error.
pub(super) struct Pieces<'x> {
    reader: Reader<&'x [u8]>,
    depth: usize,
}

impl<'x> Pieces<'x> {
    /// Starts to read.
    pub(super) fn new(text: &'x str) -> Self {
        let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
        reader.config_mut().expand_empty_elements = true;
        Self { reader, depth: 0 }
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// It is no XML, or ends too early.
    pub(super) fn next(&mut self) -> Result<Option<Piece<'x>>, String> {
        loop {
            let piece = match self.reader.read_event().map_err(|error| error.to_string())? {
                Event::Start(tag) => {
                    self.depth += 1;
                    Piece::Open(tag)
                }
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    Piece::Close
                }
                Event::Text(text) => Piece::Text(text.xml10_content().into_owned()),
                Event::CData(text) => Piece::Text(text.xml10_content().into_owned()),
                Event::GeneralRef(entity) => Piece::Text(resolved(&entity)),
                Event::Eof if self.depth > 0 => return Err(String::from("it ends too early")),
                Event::Eof => return Ok(None),
                Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {
                    continue;
                }
            };
            return Ok(Some(piece));
        }
    }
}

/// The character an entity stands for, or nothing.
fn resolved(entity: &BytesRef<'_>) -> String {
    match entity.resolve_char_ref() {
        Ok(Some(character)) => character.to_string(),
        Ok(None) => quick_xml::escape::resolve_predefined_entity(&entity.xml10_content())
            .unwrap_or_default()
            .to_owned(),
        Err(_) => String::new(),
    }
}

/// The name of an element, without the prefix of its namespace.
pub(super) fn is_called(tag: &BytesStart<'_>, name: &str) -> bool {
    tag.local_name().as_ref() == name
}

/// The value of an attribute, by its name without a prefix.
pub(super) fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    // Without looking for the same attribute twice, which would compare each with all before it.
    let mut attributes = tag.attributes();
    let mut found = attributes.with_checks(false).map_while(Result::ok);
    let found = found.find(|attribute| attribute.key.local_name().as_ref() == name)?;
    found.normalized_value(XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
}
