//! The boxes of an MP4, as far as it takes to find its samples and its tags.

use super::super::TagError;
use super::super::bytes::{CUT, array, place, slice, u32_be, u64_be};
use super::super::limits::MAX_PIECES;

/// The kind of a box.
pub(super) type Kind = [u8; 4];

/// How a box says how long it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Size {
    /// In 32 bits.
    Short,
    /// In 64 bits.
    Wide,
    /// It goes to the end of the file.
    Open,
}

/// A box, by its offsets in the file.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) kind: Kind,
    /// The kinds of the boxes round it, from the outside, and its own.
    pub(super) path: Vec<u8>,
    /// Where its head begins.
    pub(super) start: usize,
    /// Where its content begins.
    pub(super) content: usize,
    pub(super) end: usize,
    pub(super) size: Size,
    /// For one that holds boxes: where the last of them ends.
    pub(super) inner_end: Option<usize>,
}

impl Node {
    /// What is in it; of one that holds boxes, only what is before the first and after the last of them is of interest.
    pub(super) fn content<'a>(&self, bytes: &'a [u8]) -> Result<&'a [u8], TagError> {
        bytes.get(self.content..self.end).ok_or(CUT)
    }
}

/// Boxes that hold boxes, by the path to them. Others are taken as a whole: nothing in them has to be known or changed.
const CONTAINERS: [&[u8]; 10] = [
    b"moov",
    b"moovtrak",
    b"moovtrakmdia",
    b"moovtrakmdiaminf",
    b"moovtrakmdiaminfdinf",
    b"moovtrakmdiaminfstbl",
    b"moovudta",
    META,
    ILST,
    b"moovmvex",
];
pub(super) const META: &[u8] = b"moovudtameta";
pub(super) const ILST: &[u8] = b"moovudtametailst";

/// All boxes in the order of the file, each before those in it.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Node>, TagError> {
    let mut nodes = Vec::new();
    inside(bytes, 0, bytes.len(), &[], &mut nodes)?;
    Ok(nodes)
}

/// The boxes of a stretch of the file; where the last of them ends. `CONTAINERS` bounds how deep this goes.
fn inside(
    bytes: &[u8],
    start: usize,
    end: usize,
    path: &[u8],
    nodes: &mut Vec<Node>,
) -> Result<usize, TagError> {
    let mut at = start;
    // What is too short for a box is none: QuickTime ends user data with four zero bytes, and some files with more.
    while end - at >= 8 && slice(bytes, at, 8)? != [0; 8] {
        if nodes.len() >= MAX_PIECES {
            return Err(TagError::TooLarge("it has too many boxes"));
        }
        let kind: Kind = array(bytes, at + 4)?;
        let (size, head, length) = match u32_be(bytes, at)? {
            0 if path.is_empty() => (Size::Open, 8, end - at),
            0 => return Err(TagError::Damaged("a box without a size")),
            1 => (Size::Wide, 16, place(u64_be(bytes, at + 8)?)?),
            short => (Size::Short, 8, place(short.into())?),
        };
        if length < head {
            return Err(TagError::Damaged("a box smaller than its head"));
        }
        let box_end = at.checked_add(length).filter(|box_end| *box_end <= end).ok_or(CUT)?;
        let node = Node {
            kind,
            path: [path, &kind].concat(),
            start: at,
            content: at + head,
            end: box_end,
            size,
            inner_end: None,
        };
        if CONTAINERS.contains(&&*node.path) {
            let first = node.content + before_boxes(bytes, &node)?;
            let (index, path) = (nodes.len(), node.path.clone());
            nodes.push(node);
            let inner_end = inside(bytes, first, box_end, &path, nodes)?;
            if let Some(node) = nodes.get_mut(index) {
                node.inner_end = Some(inner_end);
            }
        } else {
            nodes.push(node);
        }
        at = box_end;
    }
    Ok(at)
}

/// What is in a box before the boxes in it. `meta` has a version in MP4, but none in QuickTime.
fn before_boxes(bytes: &[u8], node: &Node) -> Result<usize, TagError> {
    if node.path != META || node.content == node.end {
        return Ok(0);
    }
    let content = node.content(bytes)?;
    Ok(if content.get(4..8) == Some(b"hdlr") || content.len() < 4 { 0 } else { 4 })
}

/// The only one of a path, if there is any.
pub(super) fn only<'a>(nodes: &'a [Node], path: &[u8]) -> Result<Option<&'a Node>, TagError> {
    let mut found = nodes.iter().filter(|node| node.path == path);
    let node = found.next();
    if found.next().is_some() {
        return Err(TagError::Unsupported("it has two of a box of which there should be one"));
    }
    Ok(node)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boxed(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
        [&(content.len() as u32 + 8).to_be_bytes()[..], kind, content].concat()
    }

    #[test]
    fn boxes_of_every_size_notation() {
        let bytes =
            [&boxed(b"free", b"x")[..], b"\0\0\0\x01wide\0\0\0\0\0\0\0\x12yz", b"\0\0\0\0mdatrest"].concat();
        let nodes = read(&bytes).unwrap();
        let seen: Vec<_> =
            nodes.iter().map(|node| (&node.kind, node.size, node.content(&bytes).unwrap())).collect();
        assert_eq!(
            seen,
            [(b"free", Size::Short, &b"x"[..]), (b"wide", Size::Wide, b"yz"), (b"mdat", Size::Open, b"rest")]
        );
    }

    #[test]
    fn what_follows_the_last_box_is_none() {
        let bytes = boxed(b"moov", &boxed(b"udta", &[&boxed(b"name", b"x")[..], &[0; 4]].concat()));
        let nodes = read(&bytes).unwrap();
        let udta = only(&nodes, b"moovudta").unwrap().unwrap();
        assert_eq!((udta.end, udta.inner_end), (bytes.len(), Some(bytes.len() - 4)));
    }

    #[test]
    fn boxes_that_lie_about_their_size() {
        for bytes in [
            &b"\0\0\0\x07free"[..],
            b"\0\0\0\x09free",
            b"\0\0\0\x01free\0\0\0\0\0\0\0\x0F",
            b"\0\0\0\x01free\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF",
            b"\0\0\0\x10moov\0\0\0\0udta",
            b"\0\0\0\x10moov\0\0\0\x09udta",
        ] {
            assert!(read(bytes).is_err(), "{bytes:?}");
        }
    }

    #[test]
    fn meta_with_and_without_a_version() {
        for version in [&[][..], &[0; 4]] {
            let meta = boxed(b"meta", &[version, &boxed(b"hdlr", b"")].concat());
            let bytes = boxed(b"moov", &boxed(b"udta", &meta));
            let nodes = read(&bytes).unwrap();
            assert!(nodes.iter().any(|node| node.path == b"moovudtametahdlr"), "{version:?}");
        }
    }
}
