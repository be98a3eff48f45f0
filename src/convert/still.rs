//! The picture of a HEIC: which tiles it is laid from, what of it is shown, what is said about its colours, and the
//! metadata that belong to it.
//!
//! Only the primary picture counts. Depth maps, HDR gain maps, thumbnails and further pictures are left alone.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::ConvertError;
use super::container::{Container, ItemId};
use super::decoder::{Coded, Coding};
use super::geometry::{Turn, View};
use super::limits::{
    MAX_PARAMETER_SETS, MAX_PIXELS, MAX_PROFILE_BYTES, MAX_REUSE, MAX_SETTINGS_BYTES, MAX_SIDE,
    MIN_CODED_BYTES,
};
use super::reader::Reader;

/// The picture of a file.
#[derive(Debug)]
pub(super) struct Still<'a> {
    container: Container<'a>,
    /// Of the coded picture, in points.
    pub(super) width: u32,
    pub(super) height: u32,
    /// How many tiles lie side by side.
    pub(super) columns: u32,
    pub(super) tile_width: u32,
    pub(super) tile_height: u32,
    /// The tiles, row by row. A picture in one piece is a single tile.
    tiles: Vec<ItemId>,
    /// Coded bytes of the largest of them, with its settings.
    largest_tile: usize,
    /// What of it is shown.
    pub(super) view: View,
    /// The colour profile, if one is embedded.
    pub(super) profile: Option<&'a [u8]>,
    /// What the container says of the colours of the whole picture.
    pub(super) coding: Option<Coding>,
}

/// One tile.
#[derive(Debug)]
pub(super) struct Tile<'a> {
    settings: Reader<'a>,
    data: Cow<'a, [u8]>,
    max_pixels: u64,
    /// What the container says of its colours.
    pub(super) coding: Option<Coding>,
}

/// Properties that change nothing about the points, or that are dealt with elsewhere.
const HARMLESS: [[u8; 4]; 10] =
    [*b"hvcC", *b"ispe", *b"pixi", *b"colr", *b"pasp", *b"clli", *b"mdcv", *b"cclv", *b"amve", *b"rloc"];

/// What auxiliary pictures of transparency are called.
const ALPHA: [&[u8]; 2] = [b"urn:mpeg:hevc:2015:auxid:1", b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha"];

impl<'a> Still<'a> {
    /// Looks at a whole file. `stop` is asked now and then whether to give up.
    pub(super) fn read(file: &'a [u8], stop: &dyn Fn() -> bool) -> Result<Self, ConvertError> {
        let container = Container::read(file)?;
        let primary = container.primary;
        let (size, columns, tiles) = match container.kind(primary).as_ref() {
            Some(b"hvc1") => (extent(&container, primary)?, 1, vec![primary]),
            Some(b"grid") => read_grid(&container, primary)?,
            Some(b"iovl" | b"iden" | b"tmap") => {
                return Err(ConvertError::Unsupported("it is composed in a way that cannot be converted"));
            }
            Some(_) => return Err(ConvertError::Unsupported("its picture is not coded with HEVC")),
            None => return Err(ConvertError::Damaged("the picture is missing")),
        };
        let (width, height) = size;
        let first = tiles.first().ok_or(ConvertError::Damaged("it has no tiles"))?;
        let (tile_width, tile_height) = extent(&container, *first)?;
        let rows = (tiles.len() as u32).div_ceil(columns);
        let covers = |count: u32, tile: u32, all: u32| {
            // Tiles reach the far edge, and none lies beyond it.
            let end = u64::from(count) * u64::from(tile);
            end >= all.into() && end - u64::from(tile) < all.into()
        };
        if !covers(columns, tile_width, width) || !covers(rows, tile_height, height) {
            return Err(ConvertError::Damaged("its tiles do not make up its size"));
        }
        let (profile, coding) = colours(&container, primary)?;
        let (tile_profile, _) = colours(&container, *first)?;
        let view = read_view(&container, primary, View::whole(width, height))?;
        let mut still = Self {
            width,
            height,
            columns,
            tile_width,
            tile_height,
            view,
            profile: profile.or(tile_profile),
            coding,
            tiles,
            largest_tile: 0,
            container,
        };
        still.largest_tile = still.check_tiles(file.len(), stop)?;
        still.check_transparency()?;
        Ok(still)
    }

    /// Refuses tiles that are not plain, and more work than a file of this size may ask for. Gives the coded bytes of the
    /// largest tile, with its settings.
    ///
    /// A few bytes can lay one tile in 65,025 places: each tile is looked at once, and only counted for each place.
    fn check_tiles(&self, file_length: usize, stop: &dyn Fn() -> bool) -> Result<usize, ConvertError> {
        let most = file_length.saturating_mul(MAX_REUSE).max(MIN_CODED_BYTES);
        let mut lengths: BTreeMap<ItemId, usize> = BTreeMap::new();
        let (mut coded_bytes, mut largest) = (0_usize, 0);
        for tile in &self.tiles {
            if stop() {
                return Err(ConvertError::Stopped);
            }
            let length = match lengths.entry(*tile) {
                Entry::Occupied(length) => *length.get(),
                Entry::Vacant(place) => *place.insert(self.check_tile(*tile)?),
            };
            largest = largest.max(length);
            coded_bytes = coded_bytes.saturating_add(length);
            if coded_bytes > most {
                return Err(ConvertError::TooLarge("its tiles all together"));
            }
        }
        Ok(largest)
    }

    /// Refuses a tile that is not plain. Gives its coded bytes, with its settings: the decoder reads them anew for
    /// each tile.
    fn check_tile(&self, tile: ItemId) -> Result<usize, ConvertError> {
        if self.container.kind(tile) != Some(*b"hvc1") {
            return Err(ConvertError::Unsupported("its tiles are not coded with HEVC"));
        }
        if extent(&self.container, tile)? != (self.tile_width, self.tile_height) {
            return Err(ConvertError::Damaged("its tiles differ in size"));
        }
        let is_turned = |kind: &[u8; 4]| matches!(kind, b"irot" | b"imir" | b"clap");
        if tile != self.container.primary
            && self.container.properties(tile).any(|property| is_turned(&property.kind))
        {
            return Err(ConvertError::Unsupported("its tiles are turned one by one"));
        }
        let settings = self.settings(tile)?.rest().len();
        if settings > MAX_SETTINGS_BYTES {
            return Err(ConvertError::TooLarge("its decoder settings"));
        }
        Ok(self.container.length(tile)?.saturating_add(settings))
    }

    /// Refuses a picture that has transparent parts.
    fn check_transparency(&self) -> Result<(), ConvertError> {
        let transparency = self.container.referring_to(self.container.primary, *b"auxl").any(|auxiliary| {
            let name = self.container.property(auxiliary, *b"auxC").and_then(|mut content| {
                content.version().ok()?;
                Some(content.rest())
            });
            // Not searched for its end: it may be long, and many may refer to the picture.
            name.is_some_and(|name| {
                let mut rests = ALPHA.iter().filter_map(|alpha| name.strip_prefix(*alpha));
                rests.any(|rest| matches!(rest, [] | [0, ..]))
            })
        });
        if transparency {
            return Err(ConvertError::Unsupported("it has transparent parts, which a JPEG cannot have"));
        }
        Ok(())
    }

    /// The decoder settings of a tile.
    fn settings(&self, tile: ItemId) -> Result<Reader<'a>, ConvertError> {
        let settings = self.container.property(tile, *b"hvcC");
        settings.ok_or(ConvertError::Damaged("a tile has no decoder settings"))
    }

    /// The tiles, row by row.
    pub(super) fn tiles(&self) -> impl Iterator<Item = Result<Tile<'a>, ConvertError>> {
        self.tiles.iter().map(|id| {
            let side = |length: u32| u64::from(length.next_multiple_of(64));
            Ok(Tile {
                settings: self.settings(*id)?,
                data: self.container.data(*id)?,
                // What is coded may reach beyond what is shown up to the end of a coding block.
                max_pixels: side(self.tile_width) * side(self.tile_height),
                coding: colours(&self.container, *id)?.1,
            })
        })
    }

    /// The bytes that it takes at most to convert it, besides the file itself.
    pub(super) fn need_bytes(&self) -> u64 {
        let pixels = u64::from(self.width) * u64::from(self.height);
        let tile = u64::from(self.tile_width.next_multiple_of(64))
            * u64::from(self.tile_height.next_multiple_of(64));
        // A byte for each sample of the picture; for a tile, what the decoder was measured to take and the half more,
        // and its coded bytes and settings once as a stream, once without their escapes, and once to spare.
        let (picture, decoder) = if self.has_full_chroma() { (3, 16) } else { (2, 9) };
        pixels * picture + tile * decoder + self.largest_tile as u64 * 3 + (1 << 20)
    }

    /// Whether its chroma may be as fine as its lightness: the settings of the first tile say so.
    fn has_full_chroma(&self) -> bool {
        let settings = self.tiles.first().and_then(|id| self.container.property(*id, *b"hvcC"));
        settings
            .and_then(|settings| settings.rest().get(16).map(|format| format & 3))
            .is_none_or(|format| format > 1)
    }

    /// The EXIF data: a TIFF structure.
    pub(super) fn exif(&self) -> Result<Option<Cow<'a, [u8]>>, ConvertError> {
        const WRONG: ConvertError = ConvertError::Damaged("its EXIF data");
        let Some(id) = self.metadata(|container, id| container.kind(id) == Some(*b"Exif")) else {
            return Ok(None);
        };
        let data = self.container.data(id)?;
        let mut reader = Reader::new(&data);
        let skip = reader.u32().map_err(|_| WRONG)?;
        let start = usize::try_from(skip).ok().and_then(|skip| skip.checked_add(4)).ok_or(WRONG)?;
        Ok(Some(from(data, start).ok_or(WRONG)?))
    }

    /// The XMP data.
    pub(super) fn xmp(&self) -> Result<Option<Cow<'a, [u8]>>, ConvertError> {
        let is_xmp = |container: &Container<'_>, id| {
            container.kind(id) == Some(*b"mime") && container.content_type(id) == b"application/rdf+xml"
        };
        self.metadata(is_xmp).map(|id| self.container.data(id)).transpose()
    }

    /// The item that describes the picture; one that describes nothing in particular describes it too.
    fn metadata(&self, is_wanted: impl Fn(&Container<'_>, ItemId) -> bool) -> Option<ItemId> {
        let container = &self.container;
        let own = container.referring_to(container.primary, *b"cdsc").find(|id| is_wanted(container, *id));
        own.or_else(|| {
            container
                .ids()
                .find(|id| is_wanted(container, *id) && container.referred_by(*id, *b"cdsc").is_empty())
        })
    }
}

impl Tile<'_> {
    /// It as a decoder wants it.
    pub(super) fn coded(&self) -> Result<Coded<'_>, ConvertError> {
        let mut settings = self.settings;
        settings.take(21)?;
        let length_size = (settings.u8()? & 3) + 1;
        let mut parameter_sets = Vec::new();
        for _ in 0..settings.u8()? {
            settings.u8()?;
            for _ in 0..settings.u16()? {
                let length = settings.u16()?;
                parameter_sets.push(settings.take(length.into())?);
                if parameter_sets.len() > MAX_PARAMETER_SETS {
                    return Err(ConvertError::TooLarge("its decoder settings"));
                }
            }
        }
        let mut slices = Vec::new();
        let mut data = Reader::new(&self.data);
        while !data.is_empty() {
            let length =
                data.take(length_size.into())?.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
            // What is too short to be anything would only make the list long.
            match data.take(length)? {
                [] | [_] => {}
                slice => slices.push(slice),
            }
        }
        Ok(Coded { parameter_sets, slices, max_pixels: self.max_pixels, wants_colours: true })
    }
}

/// Cuts off the beginning; `None` if there is less.
fn from(data: Cow<'_, [u8]>, start: usize) -> Option<Cow<'_, [u8]>> {
    match data {
        Cow::Borrowed(data) => data.get(start..).map(Cow::Borrowed),
        Cow::Owned(data) => data.get(start..).map(|data| Cow::Owned(data.to_vec())),
    }
}

/// The size of an item's picture.
fn extent(container: &Container<'_>, id: ItemId) -> Result<(u32, u32), ConvertError> {
    let mut content =
        container.property(id, *b"ispe").ok_or(ConvertError::Damaged("it does not say how large it is"))?;
    content.version()?;
    checked_size(content.u32()?, content.u32()?)
}

fn checked_size(width: u32, height: u32) -> Result<(u32, u32), ConvertError> {
    if width == 0 || height == 0 {
        return Err(ConvertError::Damaged("it is empty"));
    }
    if width > MAX_SIDE || height > MAX_SIDE || u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(ConvertError::TooLarge("its width or height"));
    }
    Ok((width, height))
}

/// Size, columns and tiles of a grid.
type Grid = ((u32, u32), u32, Vec<ItemId>);

fn read_grid(container: &Container<'_>, id: ItemId) -> Result<Grid, ConvertError> {
    let data = container.data(id)?;
    let mut grid = Reader::new(&data);
    if grid.u8()? != 0 {
        return Err(ConvertError::Unsupported("its tiles are laid in a way that is not known"));
    }
    let is_wide = grid.u8()? & 1 != 0;
    let (rows, columns) = (u32::from(grid.u8()?) + 1, u32::from(grid.u8()?) + 1);
    let size = checked_size(grid.id(is_wide)?, grid.id(is_wide)?)?;
    let tiles = container.referred_by(id, *b"dimg").to_vec();
    if tiles.len() as u64 != u64::from(rows) * u64::from(columns) {
        return Err(ConvertError::Damaged("tiles are missing"));
    }
    Ok((size, columns, tiles))
}

/// What of a picture is shown. A property that has to be understood and is not makes that impossible to say.
fn read_view(container: &Container<'_>, id: ItemId, mut view: View) -> Result<View, ConvertError> {
    for property in container.properties(id) {
        let mut content = property.content;
        view = match &property.kind {
            b"clap" => view.cropped(content)?,
            b"irot" => view.turned(Turn::quarters(content.u8()? & 3)),
            b"imir" => view.turned(Turn::mirror(content.u8()? & 1 == 0)),
            kind if property.is_essential && !HARMLESS.contains(kind) => {
                return Err(ConvertError::Unsupported("it asks for something that is not known"));
            }
            _ => view,
        };
    }
    Ok(view)
}

/// The colour profile of an item, and what it says in code points.
fn colours<'a>(
    container: &Container<'a>,
    id: ItemId,
) -> Result<(Option<&'a [u8]>, Option<Coding>), ConvertError> {
    let (mut profile, mut coding) = (None, None);
    for property in container.properties(id).filter(|property| property.kind == *b"colr") {
        let mut content = property.content;
        match &content.kind()? {
            b"prof" | b"rICC" => {
                if content.rest().len() > MAX_PROFILE_BYTES {
                    return Err(ConvertError::TooLarge("its colour profile"));
                }
                profile = profile.or(Some(content.rest()));
            }
            b"nclx" => {
                let mut next = || content.u16();
                let (primaries, transfer, matrix) = (next()?, next()?, next()?);
                let full_range = content.u8()? & 0x80 != 0;
                coding = coding.or(Some(Coding { primaries, transfer, matrix, full_range }));
            }
            _ => {}
        }
    }
    Ok((profile, coding))
}
