//! The container that a HEIC is: items, what they are, where their bytes lie, how they refer to each other.
//!
//! Layout: ISO/IEC 14496-12 (boxes) and 23008-12 (items and properties). Everything is counted against
//! [limits](super::limits) before it is kept, so that a file cannot make the reader keep or walk more than a photo
//! ever needs: among others, a few bytes of `iloc` can claim 65,535 places each.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::ConvertError;
use super::limits::{
    MAX_EXTENTS, MAX_ITEM_EXTENTS, MAX_ITEM_PROPERTIES, MAX_ITEMS, MAX_META_BYTES, MAX_PROPERTIES,
    MAX_PROPERTY_USES, MAX_REFERENCES,
};
use super::reader::Reader;

/// Number of an item.
pub(super) type ItemId = u32;

/// A property as the file has it: its kind and what it holds.
type RawProperty<'a> = ([u8; 4], &'a [u8]);

/// The parts of a file.
#[derive(Debug)]
pub(super) struct Container<'a> {
    file: &'a [u8],
    /// Small pieces of data inside of the head.
    inner: &'a [u8],
    /// The item that is the picture.
    pub(super) primary: ItemId,
    items: BTreeMap<ItemId, Item<'a>>,
    references: Vec<Reference>,
    properties: Vec<RawProperty<'a>>,
}

#[derive(Debug, Default)]
struct Item<'a> {
    kind: [u8; 4],
    content_type: &'a [u8],
    location: Option<Location>,
    /// Places in [`Container::properties`], counted from 1, and whether a reader has to understand them.
    properties: Vec<(u16, bool)>,
}

#[derive(Debug)]
struct Location {
    is_inner: bool,
    /// Start and length; a length of 0 means up to the end.
    extents: Vec<(u64, u64)>,
}

#[derive(Debug)]
struct Reference {
    kind: [u8; 4],
    from: ItemId,
    to: Vec<ItemId>,
}

/// A property of an item.
#[derive(Debug, Clone, Copy)]
pub(super) struct Property<'a> {
    pub(super) kind: [u8; 4],
    pub(super) content: Reader<'a>,
    /// Whether who does not understand it must not show the item.
    pub(super) is_essential: bool,
}

/// Takes a number of things off what is left of a limit.
fn spend(left: &mut usize, count: usize, what: &'static str) -> Result<(), ConvertError> {
    *left = left.checked_sub(count).ok_or(ConvertError::TooLarge(what))?;
    Ok(())
}

impl<'a> Container<'a> {
    pub(super) fn read(file: &'a [u8]) -> Result<Self, ConvertError> {
        let mut reader = Reader::new(file);
        if !matches!(reader.next_box(), Ok(Some((kind, _))) if kind == *b"ftyp") {
            return Err(ConvertError::NotHeic("it does not begin like one"));
        }
        // What follows the head does not matter here: items say where their bytes are.
        while let Some((kind, content)) = reader.next_box()? {
            if kind == *b"meta" {
                return Self::read_meta(file, content);
            }
        }
        Err(ConvertError::NotHeic("it has no list of pictures"))
    }

    fn read_meta(file: &'a [u8], mut meta: Reader<'a>) -> Result<Self, ConvertError> {
        if meta.rest().len() > MAX_META_BYTES {
            return Err(ConvertError::TooLarge("its head"));
        }
        meta.version()?;
        let mut primary = None;
        let mut infos = None;
        let mut locations = None;
        let mut container = Self {
            file,
            inner: &[],
            primary: 0,
            items: BTreeMap::new(),
            references: Vec::new(),
            properties: Vec::new(),
        };
        let mut uses = Vec::new();
        while let Some((kind, content)) = meta.next_box()? {
            match &kind {
                b"pitm" => primary = Some(content),
                b"iinf" => infos = Some(content),
                b"iloc" => locations = Some(content),
                b"iref" => container.references = read_references(content)?,
                b"idat" => container.inner = content.rest(),
                b"iprp" => {
                    let mut content = content;
                    while let Some((kind, content)) = content.next_box()? {
                        match &kind {
                            b"ipco" => container.properties = read_properties(content)?,
                            b"ipma" => uses.push(content),
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
        let mut primary = primary.ok_or(ConvertError::NotHeic("it does not say which picture is meant"))?;
        container.primary = {
            let (version, _) = primary.version()?;
            primary.id(version > 0)?
        };
        container.items = read_infos(infos.ok_or(ConvertError::NotHeic("it has no list of items"))?)?;
        if let Some(locations) = locations {
            container.read_locations(locations)?;
        }
        let mut left = MAX_PROPERTY_USES;
        for uses in uses {
            container.read_property_uses(uses, &mut left)?;
        }
        Ok(container)
    }

    /// Where items lie. Of items that the list does not name nothing is kept.
    fn read_locations(&mut self, mut content: Reader<'a>) -> Result<(), ConvertError> {
        let (version, _) = content.version()?;
        if version > 2 {
            return Err(ConvertError::Unsupported("its items are placed in a way that is not known"));
        }
        let sizes = content.u16()?;
        let size = |shift: u32| ((sizes >> shift) & 0xF) as u8;
        let (offset_size, length_size, base_size) = (size(12), size(8), size(4));
        let index_size = if version == 0 { 0 } else { size(0) };
        let count = content.id(version == 2)?;
        let mut left = MAX_EXTENTS;
        for _ in 0..count {
            let id = content.id(version == 2)?;
            let method = if version == 0 { 0 } else { content.u16()? & 0xF };
            let elsewhere = content.u16()?;
            let base = content.sized(base_size)?;
            let extent_count = content.u16()?;
            spend(&mut left, usize::from(extent_count), "pieces of its items")?;
            if usize::from(extent_count) > MAX_ITEM_EXTENTS {
                return Err(ConvertError::TooLarge("pieces of one of its items"));
            }
            let mut extents = Vec::with_capacity(extent_count.into());
            for _ in 0..extent_count {
                content.sized(index_size)?;
                let offset = content.sized(offset_size)?;
                let length = content.sized(length_size)?;
                let start = base.checked_add(offset).ok_or(ConvertError::Damaged("an item lies nowhere"))?;
                extents.push((start, length));
            }
            // Other methods, and data in other files, are left out: such an item has no place.
            if let Some(item) = self.items.get_mut(&id).filter(|_| method < 2 && elsewhere == 0) {
                item.location = Some(Location { is_inner: method == 1, extents });
            }
        }
        Ok(())
    }

    /// Which item has which properties.
    fn read_property_uses(&mut self, mut content: Reader<'a>, left: &mut usize) -> Result<(), ConvertError> {
        let (version, flags) = content.version()?;
        let is_wide = flags & 1 != 0;
        for _ in 0..content.u32()? {
            let id = content.id(version > 0)?;
            let count = content.u8()?;
            spend(left, usize::from(count), "properties of its items")?;
            let mut list = Vec::with_capacity(count.into());
            for _ in 0..count {
                list.push(if is_wide {
                    let both = content.u16()?;
                    (both & 0x7FFF, both & 0x8000 != 0)
                } else {
                    let both = content.u8()?;
                    (u16::from(both & 0x7F), both & 0x80 != 0)
                });
            }
            if let Some(item) = self.items.get_mut(&id) {
                item.properties.extend(list);
                if item.properties.len() > MAX_ITEM_PROPERTIES {
                    return Err(ConvertError::TooLarge("properties of one of its items"));
                }
            }
        }
        Ok(())
    }

    /// What kind of item it is; `None` if there is none of that number.
    pub(super) fn kind(&self, id: ItemId) -> Option<[u8; 4]> {
        self.items.get(&id).map(|item| item.kind)
    }

    /// The MIME type of an item that has one.
    pub(super) fn content_type(&self, id: ItemId) -> &'a [u8] {
        self.items.get(&id).map_or(&[], |item| item.content_type)
    }

    /// The numbers of all items.
    pub(super) fn ids(&self) -> impl Iterator<Item = ItemId> {
        self.items.keys().copied()
    }

    /// The items that an item refers to in a certain sense.
    pub(super) fn referred_by(&self, from: ItemId, kind: [u8; 4]) -> &[ItemId] {
        let found = self.references.iter().find(|own| own.from == from && own.kind == kind);
        found.map_or(&[], |reference| &reference.to)
    }

    /// The items that refer to an item in a certain sense.
    pub(super) fn referring_to(&self, to: ItemId, kind: [u8; 4]) -> impl Iterator<Item = ItemId> {
        self.references.iter().filter(move |own| own.kind == kind && own.to.contains(&to)).map(|own| own.from)
    }

    /// An item's properties, in the order in which they apply.
    pub(super) fn properties(&self, id: ItemId) -> impl Iterator<Item = Property<'a>> {
        let uses = self.items.get(&id).map(|item| item.properties.as_slice()).unwrap_or_default();
        uses.iter().filter_map(|(place, is_essential)| {
            let index = usize::from(*place).checked_sub(1)?;
            let (kind, content) = self.properties.get(index)?;
            Some(Property { kind: *kind, content: Reader::new(content), is_essential: *is_essential })
        })
    }

    /// The first property of a kind.
    pub(super) fn property(&self, id: ItemId, kind: [u8; 4]) -> Option<Reader<'a>> {
        self.properties(id).find(|property| property.kind == kind).map(|property| property.content)
    }

    /// An item's bytes.
    pub(super) fn data(&self, id: ItemId) -> Result<Cow<'a, [u8]>, ConvertError> {
        let length = self.length(id)?;
        let mut pieces = self.pieces(id)?;
        if pieces.len() == 1
            && let Some(single) = pieces.next()
        {
            return single.map(Cow::Borrowed);
        }
        let mut all = Vec::with_capacity(length);
        for piece in pieces {
            all.extend_from_slice(piece?);
        }
        Ok(Cow::Owned(all))
    }

    /// How many bytes an item has: as many as [`Self::data`] gives, without copying any.
    pub(super) fn length(&self, id: ItemId) -> Result<usize, ConvertError> {
        let mut length = 0_usize;
        for piece in self.pieces(id)? {
            length = length.saturating_add(piece?.len());
            if length > self.file.len() {
                return Err(ConvertError::Damaged("an item is larger than the file"));
            }
        }
        Ok(length)
    }

    /// The pieces that an item's bytes lie in.
    fn pieces(
        &self,
        id: ItemId,
    ) -> Result<impl ExactSizeIterator<Item = Result<&'a [u8], ConvertError>>, ConvertError> {
        let location = self.items.get(&id).and_then(|item| item.location.as_ref());
        let location = location.ok_or(ConvertError::Unsupported("a part of it lies in an unusual place"))?;
        let whole = if location.is_inner { self.inner } else { self.file };
        Ok(location.extents.iter().map(move |(start, length)| {
            let start = usize::try_from(*start).ok();
            let rest = start.and_then(|start| whole.get(start..)).ok_or(OUTSIDE)?;
            match usize::try_from(*length) {
                Ok(0) => Ok(rest),
                Ok(length) => rest.get(..length).ok_or(OUTSIDE),
                Err(_) => Err(OUTSIDE),
            }
        }))
    }
}

const OUTSIDE: ConvertError = ConvertError::Damaged("a part of the picture is missing");

fn read_infos<'a>(mut content: Reader<'a>) -> Result<BTreeMap<ItemId, Item<'a>>, ConvertError> {
    let (version, _) = content.version()?;
    content.id(version > 0)?;
    let mut items = BTreeMap::new();
    while let Some((kind, mut info)) = content.next_box()? {
        if kind != *b"infe" {
            continue;
        }
        let (version, _) = info.version()?;
        if !matches!(version, 2 | 3) {
            return Err(ConvertError::Unsupported("its list of items is of a kind that is not known"));
        }
        let id = info.id(version == 3)?;
        let is_protected = info.u16()? != 0;
        let kind = if is_protected { *b"----" } else { info.kind()? };
        info.text();
        let content_type = if kind == *b"mime" { info.text() } else { &[] };
        items.insert(id, Item { kind, content_type, ..Item::default() });
        if items.len() > MAX_ITEMS {
            return Err(ConvertError::TooLarge("the number of its items"));
        }
    }
    Ok(items)
}

fn read_references(mut content: Reader<'_>) -> Result<Vec<Reference>, ConvertError> {
    let (version, _) = content.version()?;
    let mut left = MAX_REFERENCES;
    let mut references = Vec::new();
    while let Some((kind, mut reference)) = content.next_box()? {
        let from = reference.id(version > 0)?;
        let count = reference.u16()?;
        spend(&mut left, usize::from(count).max(1), "references between its items")?;
        let to = (0..count).map(|_| reference.id(version > 0)).collect::<Result<_, _>>()?;
        references.push(Reference { kind, from, to });
    }
    Ok(references)
}

fn read_properties(mut content: Reader<'_>) -> Result<Vec<RawProperty<'_>>, ConvertError> {
    let mut properties = Vec::new();
    while let Some((kind, content)) = content.next_box()? {
        properties.push((kind, content.rest()));
        if properties.len() > MAX_PROPERTIES {
            return Err(ConvertError::TooLarge("the number of its properties"));
        }
    }
    Ok(properties)
}
