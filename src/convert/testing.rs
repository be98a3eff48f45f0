//! HEICs for tests, built part by part, and a decoder that paints instead of decoding.

use super::{Coded, Coding, ConvertError, Decoder, Frame, Plane};

pub(super) fn boxed(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    [&(content.len() as u32 + 8).to_be_bytes()[..], kind, content].concat()
}

pub(super) fn full_box(kind: &[u8; 4], version: u8, flags: u8, content: &[u8]) -> Vec<u8> {
    boxed(kind, &[&[version, 0, 0, flags], content].concat())
}

/// An item: its kind (with what follows it in the list of items), its bytes, its properties by their place.
#[derive(Clone)]
pub(super) struct TestItem {
    pub(super) kind: Vec<u8>,
    pub(super) data: Vec<u8>,
    pub(super) properties: Vec<u8>,
    /// In how many pieces its bytes lie.
    pub(super) pieces: u16,
}

/// A file. Items are numbered from 1.
#[derive(Clone, Default)]
pub(crate) struct TestHeic {
    pub(super) items: Vec<TestItem>,
    pub(super) properties: Vec<Vec<u8>>,
    pub(super) references: Vec<(&'static [u8; 4], u16, Vec<u16>)>,
    pub(super) primary: u16,
}

impl TestHeic {
    /// A grid of tiles of this size, to be shown whole and as it lies.
    pub(crate) fn grid(size: (u32, u32), tile: (u32, u32)) -> Self {
        let (columns, rows) = (size.0.div_ceil(tile.0), size.1.div_ceil(tile.1));
        let mut heic = Self::default();
        let settings = heic.property(boxed(b"hvcC", &hvcc()));
        let tile_extent = heic.property(ispe(tile));
        let extent = heic.property(ispe(size));
        for number in 0..columns * rows {
            heic.item(b"hvc1", &slice(number), &[settings, tile_extent]);
        }
        let data = [
            &[0, 1, (rows - 1) as u8, (columns - 1) as u8][..],
            &size.0.to_be_bytes(),
            &size.1.to_be_bytes(),
        ]
        .concat();
        heic.primary = heic.item(b"grid", &data, &[extent]);
        heic.references.push((b"dimg", heic.primary, (1..heic.primary).collect()));
        heic
    }

    /// A picture in one piece.
    pub(crate) fn single(size: (u32, u32)) -> Self {
        let mut heic = Self::default();
        let settings = heic.property(boxed(b"hvcC", &hvcc()));
        let extent = heic.property(ispe(size));
        heic.primary = heic.item(b"hvc1", &slice(0), &[settings, extent]);
        heic
    }

    /// With settings that say that its colour is as fine as its lightness (4:4:4).
    pub(crate) fn with_full_chroma(mut self) -> Self {
        let mut settings = hvcc();
        settings[16] = 0xFF;
        self.properties[0] = boxed(b"hvcC", &settings);
        self
    }

    /// Adds a property; its place.
    pub(super) fn property(&mut self, property: Vec<u8>) -> u8 {
        self.properties.push(property);
        self.properties.len() as u8
    }

    /// Adds an item; its number.
    pub(super) fn item(&mut self, kind: &[u8], data: &[u8], properties: &[u8]) -> u16 {
        let (kind, data, properties) = (kind.to_vec(), data.to_vec(), properties.to_vec());
        let item = TestItem { kind, data, properties, pieces: 1 };
        self.items.push(item);
        self.items.len() as u16
    }

    /// Gives the picture a property that has to be understood.
    pub(super) fn with(mut self, property: Vec<u8>) -> Self {
        let place = self.property(property);
        let primary = usize::from(self.primary);
        self.items[primary - 1].properties.push(0x80 | place);
        self
    }

    /// Adds an item that describes the picture.
    pub(super) fn described(mut self, kind: &[u8], data: &[u8]) -> Self {
        let number = self.item(kind, data, &[]);
        self.references.push((b"cdsc", number, vec![self.primary]));
        self
    }

    /// With EXIF data.
    pub(super) fn with_exif(self, tiff: &[u8]) -> Self {
        self.described(b"Exif\0", &[&[0, 0, 0, 6][..], b"Exif\0\0", tiff].concat())
    }

    pub(crate) fn file(&self) -> Vec<u8> {
        let infos: Vec<u8> = self
            .items
            .iter()
            .zip(1_u16..)
            .flat_map(|(item, id)| {
                let name: &[u8] = if item.kind.len() == 4 { &[0] } else { &[] };
                full_box(b"infe", 2, 0, &[&id.to_be_bytes(), &[0, 0][..], &item.kind, name].concat())
            })
            .collect();
        let count = (self.items.len() as u16).to_be_bytes();
        let references: Vec<u8> = self
            .references
            .iter()
            .flat_map(|(kind, from, to)| {
                let numbers = [*from, to.len() as u16].into_iter().chain(to.iter().copied());
                boxed(kind, &numbers.flat_map(u16::to_be_bytes).collect::<Vec<_>>())
            })
            .collect();
        let uses: Vec<u8> = self
            .items
            .iter()
            .zip(1_u16..)
            .flat_map(|(item, id)| {
                [&id.to_be_bytes()[..], &[item.properties.len() as u8], &item.properties].concat()
            })
            .collect();
        let uses = [&(self.items.len() as u32).to_be_bytes()[..], &uses].concat();
        let head = boxed(b"ftyp", b"heic\0\0\0\0mif1heic");
        let meta = |mut place: u32| {
            let mut locations = [&[0x44, 0][..], &count].concat();
            for (item, id) in self.items.iter().zip(1_u16..) {
                locations.extend([id, 0, item.pieces].map(u16::to_be_bytes).concat());
                let pieces = u32::from(item.pieces);
                let length = item.data.len() as u32;
                let cut = |number: u32| length * number / pieces;
                for number in 0..pieces {
                    let piece = [place + cut(number), cut(number + 1) - cut(number)];
                    locations.extend(piece.map(u32::to_be_bytes).concat());
                }
                place += length;
            }
            let parts = [
                full_box(b"hdlr", 0, 0, b"\0\0\0\0pict\0\0\0\0\0\0\0\0\0\0\0\0\0"),
                full_box(b"pitm", 0, 0, &self.primary.to_be_bytes()),
                full_box(b"iinf", 0, 0, &[&count[..], &infos].concat()),
                full_box(b"iref", 0, 0, &references),
                boxed(
                    b"iprp",
                    &[boxed(b"ipco", &self.properties.concat()), full_box(b"ipma", 0, 0, &uses)].concat(),
                ),
                full_box(b"iloc", 0, 0, &locations),
            ];
            full_box(b"meta", 0, 0, &parts.concat())
        };
        let place = head.len() + meta(0).len() + 8;
        let data: Vec<u8> = self.items.iter().flat_map(|item| item.data.clone()).collect();
        [head, meta(place as u32), boxed(b"mdat", &data)].concat()
    }
}

pub(super) fn ispe((width, height): (u32, u32)) -> Vec<u8> {
    full_box(b"ispe", 0, 0, &[width.to_be_bytes(), height.to_be_bytes()].concat())
}

/// Colours by code points.
pub(super) fn nclx(primaries: u16, transfer: u16, matrix: u16, full_range: bool) -> Vec<u8> {
    let points = [primaries, transfer, matrix].map(u16::to_be_bytes).concat();
    boxed(b"colr", &[&b"nclx"[..], &points, &[u8::from(full_range) << 7]].concat())
}

/// Decoder settings for 4:2:0 without parameter sets, with lengths of four bytes.
pub(super) fn hvcc() -> Vec<u8> {
    let mut settings = vec![1; 23];
    settings[16] = 0xFD;
    settings[21] = 3;
    settings[22] = 0;
    settings
}

/// A slice that holds nothing but the number of its tile.
fn slice(number: u32) -> Vec<u8> {
    [&[0, 0, 0, 6, 0x28, 1][..], &number.to_be_bytes()].concat()
}

/// Paints each tile as its part of a picture that [`Painter::luma`] and [`Painter::chroma`] tell.
#[derive(Clone, Copy)]
pub(crate) struct Painter {
    pub(super) tile: (u32, u32),
    pub(super) columns: u32,
    /// Powers of 2; `None` in black and white.
    pub(super) shifts: Option<(u8, u8)>,
    pub(super) bits: u8,
    pub(super) coding: Coding,
}

pub(super) const SRGB: Coding = Coding { primaries: 1, transfer: 13, matrix: 6, full_range: true };

impl Painter {
    pub(crate) fn new(tile: (u32, u32), columns: u32) -> Self {
        Self { tile, columns, shifts: Some((1, 1)), bits: 8, coding: SRGB }
    }

    /// The lightness at a place of the whole picture: slow waves.
    pub(super) fn luma(x: u32, y: u32) -> u8 {
        (128.0 + 60.0 * (x as f32 / 17.0).sin() + 50.0 * (y as f32 / 11.0).cos()) as u8
    }

    /// The colour differences at a place of the whole picture.
    pub(super) fn chroma(x: u32, y: u32) -> (u8, u8) {
        ((100 + x / 4 % 60) as u8, (160 - y / 4 % 60) as u8)
    }
}

impl Decoder for Painter {
    fn decode(&self, coded: &Coded<'_>) -> Result<Frame, ConvertError> {
        let number = u32::from_be_bytes(coded.slices[0][2..].try_into().unwrap());
        let (left, top) = (number % self.columns * self.tile.0, number / self.columns * self.tile.1);
        let up = self.bits - 8;
        let plane = |width: u32, height: u32, paint: &dyn Fn(u32, u32) -> u8| Plane {
            width,
            height,
            bits: self.bits,
            samples: (0..width * height).map(|n| u16::from(paint(n % width, n / width)) << up).collect(),
        };
        // As decoders do, a whole number of blocks.
        let (width, height) = (self.tile.0.next_multiple_of(8), self.tile.1.next_multiple_of(8));
        let chroma = self.shifts.map(|(across, down)| {
            let place = |x: u32, y: u32| Self::chroma(left + (x << across), top + (y << down));
            let (width, height) = (width >> across, height >> down);
            (plane(width, height, &|x, y| place(x, y).0), plane(width, height, &|x, y| place(x, y).1))
        });
        let luma = plane(width, height, &|x, y| Self::luma(left + x, top + y));
        Ok(Frame { luma, chroma, coding: self.coding })
    }
}
