//! The sidecar that other programs read: XMP, as RDF in XML.
//!
//! Which property is there for which program is told in `docs/metadata.md`.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::regions::{Area, Region, Regions};
use super::text::xml;
use super::{Subject, dates, gps, regions, tags};
use crate::catalog::Role;

/// The namespaces, in the order in which they are declared.
const NAMESPACES: [(&str, &str); 13] = [
    ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
    ("xmlns:digiKam", "http://www.digikam.org/ns/1.0/"),
    ("xmlns:exif", "http://ns.adobe.com/exif/1.0/"),
    ("xmlns:fstop", "http://www.fstopapp.com/xmp/"),
    ("xmlns:Iptc4xmpExt", "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"),
    ("xmlns:lr", "http://ns.adobe.com/lightroom/1.0/"),
    ("xmlns:mwg-rs", "http://www.metadataworkinggroup.com/schemas/regions/"),
    ("xmlns:photoshop", "http://ns.adobe.com/photoshop/1.0/"),
    ("xmlns:stArea", "http://ns.adobe.com/xmp/sType/Area#"),
    ("xmlns:stDim", "http://ns.adobe.com/xap/1.0/sType/Dimensions#"),
    ("xmlns:tiff", "http://ns.adobe.com/tiff/1.0/"),
    ("xmlns:xmp", "http://ns.adobe.com/xap/1.0/"),
    ("xmlns:xmpMM", "http://ns.adobe.com/xap/1.0/mm/"),
];

/// What a favourite is rated with. Nothing else has a rating: the phone knows none, and no stars would be one.
const FAVORITE: &str = "5";

/// The sidecar for the file of a role.
///
/// # Errors
/// Those of the writer, which writes into memory.
pub(super) fn render(subject: &Subject<'_>, role: Role) -> io::Result<Vec<u8>> {
    let mut out = Out(Writer::new_with_indent(Vec::new(), b' ', 1));
    out.0.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    out.open("x:xmpmeta", &[("xmlns:x", "adobe:ns:meta/"), ("x:xmptk", "iexport")])?;
    out.open("rdf:RDF", &[("xmlns:rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#")])?;
    let favorite = [("fstop:favorite", "1")];
    let mut attributes = vec![("rdf:about", "")];
    attributes.extend(NAMESPACES);
    if subject.item.favorite {
        attributes.extend(favorite);
    }
    out.open("rdf:Description", &attributes)?;
    properties(&mut out, subject)?;
    if let Some(regions) = regions::of(subject, role) {
        faces(&mut out, &regions)?;
    }
    out.close("rdf:Description")?;
    out.close("rdf:RDF")?;
    out.close("x:xmpmeta")?;
    let mut bytes = out.0.into_inner();
    bytes.push(b'\n');
    Ok(bytes)
}

fn properties(out: &mut Out, subject: &Subject<'_>) -> io::Result<()> {
    let item = subject.item;
    if let Some(title) = said(item.title.as_deref()) {
        out.in_one_language("dc:title", title)?;
    }
    if let Some(caption) = said(item.caption.as_deref()) {
        out.in_one_language("dc:description", caption)?;
        // Some programs would rather take this one, from the picture itself, than the one above from here.
        out.in_one_language("tiff:ImageDescription", caption)?;
    }
    out.list("dc:subject", "rdf:Bag", item.keywords.iter().filter_map(|keyword| said(Some(&**keyword))))?;
    if let Some(date) = item.taken.filter(|_| subject.is_dated).and_then(|taken| dates::capture(&taken)) {
        for name in ["exif:DateTimeOriginal", "photoshop:DateCreated", "xmp:CreateDate"] {
            out.text(name, &date)?;
        }
    }
    if let Some((north, east)) = item.location.and_then(gps::coordinates) {
        out.text("exif:GPSLatitude", &north)?;
        out.text("exif:GPSLongitude", &east)?;
    }
    if item.favorite {
        out.text("xmp:Rating", FAVORITE)?;
    }
    if let Some(name) = said(Some(&*item.original_name)) {
        out.text("xmpMM:PreservedFileName", name)?;
    }
    let people = tags::people(subject);
    out.list("Iptc4xmpExt:PersonInImage", "rdf:Bag", people.iter().map(String::as_str))?;
    let tags = tags::of(subject);
    let joined = |divider| -> Vec<String> { tags.iter().map(|tag| tags::joined(tag, divider)).collect() };
    out.list("lr:hierarchicalSubject", "rdf:Bag", joined('|').iter().map(String::as_str))?;
    out.list("digiKam:TagsList", "rdf:Seq", joined('/').iter().map(String::as_str))
}

/// A text in which somebody said something.
fn said(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.trim().is_empty())
}

fn faces(out: &mut Out, regions: &Regions) -> io::Result<()> {
    let (width, height) = regions.dimensions;
    out.open("mwg-rs:Regions", &[("rdf:parseType", "Resource")])?;
    out.empty(
        "mwg-rs:AppliedToDimensions",
        &[("stDim:w", &width.to_string()), ("stDim:h", &height.to_string()), ("stDim:unit", "pixel")],
    )?;
    out.open("mwg-rs:RegionList", &[])?;
    out.open("rdf:Bag", &[])?;
    for Region { name, area } in &regions.faces {
        out.open("rdf:li", &[])?;
        out.open("rdf:Description", &[("mwg-rs:Name", name), ("mwg-rs:Type", "Face")])?;
        let Area { x, y, width, height } = area;
        let [x, y, width, height] = [x, y, width, height].map(|value| format!("{value:.6}"));
        out.empty(
            "mwg-rs:Area",
            &[
                ("stArea:x", &x),
                ("stArea:y", &y),
                ("stArea:w", &width),
                ("stArea:h", &height),
                ("stArea:unit", "normalized"),
            ],
        )?;
        out.close("rdf:Description")?;
        out.close("rdf:li")?;
    }
    out.close("rdf:Bag")?;
    out.close("mwg-rs:RegionList")?;
    out.close("mwg-rs:Regions")
}

/// Writes elements. Texts may hold anything.
struct Out(Writer<Vec<u8>>);

impl Out {
    fn open(&mut self, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
        self.0.write_event(Event::Start(element(name, attributes)))
    }

    fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
        self.0.write_event(Event::Empty(element(name, attributes)))
    }

    fn close(&mut self, name: &str) -> io::Result<()> {
        self.0.write_event(Event::End(BytesEnd::new(name)))
    }

    /// An element that holds a text.
    fn text(&mut self, name: &str, text: &str) -> io::Result<()> {
        self.text_with(name, &[], text)
    }

    fn text_with(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) -> io::Result<()> {
        self.open(name, attributes)?;
        self.0.write_event(Event::Text(BytesText::new(&xml(text))))?;
        self.close(name)
    }

    /// A text of which there could be translations.
    fn in_one_language(&mut self, name: &str, text: &str) -> io::Result<()> {
        self.open(name, &[])?;
        self.open("rdf:Alt", &[])?;
        self.text_with("rdf:li", &[("xml:lang", "x-default")], text)?;
        self.close("rdf:Alt")?;
        self.close(name)
    }

    /// Several texts, if there are any.
    fn list<'t>(&mut self, name: &str, kind: &str, texts: impl Iterator<Item = &'t str>) -> io::Result<()> {
        let mut texts = texts.peekable();
        if texts.peek().is_none() {
            return Ok(());
        }
        self.open(name, &[])?;
        self.open(kind, &[])?;
        for text in texts {
            self.text("rdf:li", text)?;
        }
        self.close(kind)?;
        self.close(name)
    }
}

fn element<'e>(name: &'e str, attributes: &[(&str, &str)]) -> BytesStart<'e> {
    BytesStart::new(name).with_attributes(attributes.iter().copied())
}
