//! Laying tiles together to a picture in the colours that a JPEG has: lightness and colour differences after BT.601,
//! full range, 8 bits.
//!
//! iPhones code their photos in just these, so that samples are taken over as they are. The colour differences stay
//! as coarse as they were coded: spreading them here only to average them again for the JPEG would blur them.

use super::ConvertError;
use super::decoder::{Coded, Coding, Decoder, Frame, Plane};
use super::still::Still;

/// A picture as a JPEG has it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Picture {
    pub(super) width: usize,
    /// Row by row.
    pub(super) luma: Vec<u8>,
    /// `None` in black and white.
    pub(super) chroma: Option<Chroma>,
}

/// Colour differences.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Chroma {
    pub(super) width: usize,
    /// How many points share a sample from left to right, as a power of 2: 0 or 1.
    pub(super) shift_x: u8,
    /// And from top to bottom.
    pub(super) shift_y: u8,
    pub(super) blue: Vec<u8>,
    pub(super) red: Vec<u8>,
}

/// Decodes the tiles of a still and lays them together. Gives the colours' code points besides, as far as they are
/// known from the container or the tiles.
pub(super) fn decode(
    still: &Still<'_>,
    decoder: &dyn Decoder,
    stop: &dyn Fn() -> bool,
) -> Result<(Picture, Coding), ConvertError> {
    let mut canvas: Option<(Canvas, Coding)> = None;
    for (index, tile) in still.tiles().enumerate() {
        if stop() {
            return Err(ConvertError::Stopped);
        }
        let tile = tile?;
        let coding = tile.coding.or(still.coding);
        // The first tile speaks for all of them.
        let wants_colours = canvas.is_none() && coding.is_none();
        let frame = decoder.decode(&Coded { wants_colours, ..tile.coded()? })?;
        let coding = coding.unwrap_or(frame.coding);
        let (canvas, _) = match &mut canvas {
            Some(canvas) => canvas,
            None => canvas.insert((Canvas::new(still, &frame)?, coding)),
        };
        canvas.lay(index, still, &frame, coding)?;
    }
    let (canvas, coding) = canvas.ok_or(ConvertError::Damaged("it has no tiles"))?;
    Ok((canvas.0, coding))
}

/// A picture that is being laid.
struct Canvas(Picture);

impl Canvas {
    fn new(still: &Still<'_>, frame: &Frame) -> Result<Self, ConvertError> {
        let (width, height) = (still.width as usize, still.height as usize);
        let chroma = match &frame.chroma {
            None => None,
            Some((blue, _)) => {
                let (shift_x, shift_y) = shifts(&frame.luma, blue)?;
                let (chroma_width, chroma_height) =
                    (width.div_ceil(1 << shift_x), height.div_ceil(1 << shift_y));
                Some(Chroma {
                    width: chroma_width,
                    shift_x,
                    shift_y,
                    blue: vec![0; chroma_width * chroma_height],
                    red: vec![0; chroma_width * chroma_height],
                })
            }
        };
        Ok(Self(Picture { width, luma: vec![0; width * height], chroma }))
    }

    /// Lays the tile of this number.
    fn lay(
        &mut self,
        index: usize,
        still: &Still<'_>,
        frame: &Frame,
        coding: Coding,
    ) -> Result<(), ConvertError> {
        let odd = || ConvertError::Undecodable("its tiles differ in kind".to_owned());
        let (tile_width, tile_height) = (still.tile_width as usize, still.tile_height as usize);
        if (frame.luma.width as usize) < tile_width || (frame.luma.height as usize) < tile_height {
            return Err(ConvertError::Damaged("a tile is smaller than it says"));
        }
        let columns = still.columns as usize;
        let (left, top) = (index % columns * tile_width, index / columns * tile_height);
        let tile = Place { left, top, width: tile_width, height: tile_height };
        let Some(chroma) = &mut self.0.chroma else {
            if frame.chroma.is_some() {
                return Err(odd());
            }
            let levels = Levels::of_luma(&frame.luma, coding.full_range);
            lay(&mut self.0.luma, self.0.width, tile, &frame.luma, |sample| levels.of(sample));
            return Ok(());
        };
        let (blue, red) = frame.chroma.as_ref().ok_or_else(odd)?;
        let (shift_x, shift_y) = (chroma.shift_x, chroma.shift_y);
        // A tile that ends between two chroma samples could not be followed by another.
        let ends_between = tile_width % (1 << shift_x) != 0 && still.tile_width < still.width
            || tile_height % (1 << shift_y) != 0 && still.tile_height < still.height;
        let is_like =
            |plane: &Plane| matches!(shifts(&frame.luma, plane), Ok(own) if own == (shift_x, shift_y));
        if ends_between || !is_like(blue) || !is_like(red) {
            return Err(odd());
        }
        let coarse = Place {
            left: left >> shift_x,
            top: top >> shift_y,
            width: tile_width.div_ceil(1 << shift_x),
            height: tile_height.div_ceil(1 << shift_y),
        };
        let matrix = Matrix::of(coding.matrix)?;
        let luma_levels = Levels::of_luma(&frame.luma, coding.full_range);
        let blue_levels = Levels::of_chroma(blue, coding.full_range);
        let red_levels = Levels::of_chroma(red, coding.full_range);
        if matrix.is_ours() {
            lay(&mut self.0.luma, self.0.width, tile, &frame.luma, |sample| luma_levels.of(sample));
            lay(&mut chroma.blue, chroma.width, coarse, blue, |sample| blue_levels.of(sample));
            lay(&mut chroma.red, chroma.width, coarse, red, |sample| red_levels.of(sample));
            return Ok(());
        }
        let exchange = matrix.to_ours();
        // The differences first, since what they become depends on themselves alone.
        let at = |plane: &Plane, x: usize, y: usize| {
            let (x, y) = (
                x.min((plane.width as usize).saturating_sub(1)),
                y.min((plane.height as usize).saturating_sub(1)),
            );
            plane.samples.get(y * plane.width as usize + x).copied().unwrap_or_default()
        };
        let differences =
            |x: usize, y: usize| (blue_levels.centred(at(blue, x, y)), red_levels.centred(at(red, x, y)));
        for (y, (blues, reds)) in coarse
            .rows(&mut chroma.blue, chroma.width)
            .zip(coarse.rows(&mut chroma.red, chroma.width))
            .enumerate()
        {
            for (x, (blue, red)) in blues.iter_mut().zip(reds).enumerate() {
                (*blue, *red) = exchange.differences(differences(x, y));
            }
        }
        for (y, row) in tile.rows(&mut self.0.luma, self.0.width).enumerate() {
            for (x, out) in row.iter_mut().enumerate() {
                let lightness = luma_levels.exact(at(&frame.luma, x, y));
                *out = exchange.lightness(lightness, differences(x >> shift_x, y >> shift_y));
            }
        }
        Ok(())
    }
}

/// How much coarser the colour differences are: how many points share a sample, as powers of 2.
fn shifts(luma: &Plane, chroma: &Plane) -> Result<(u8, u8), ConvertError> {
    let shift = |fine: u32, coarse: u32| match coarse {
        _ if coarse == fine => Ok(0),
        _ if coarse == fine.div_ceil(2) => Ok(1),
        _ => Err(ConvertError::Undecodable("its colours are of an odd size".to_owned())),
    };
    Ok((shift(luma.width, chroma.width)?, shift(luma.height, chroma.height)?))
}

/// A rectangle of a plane.
#[derive(Debug, Clone, Copy)]
struct Place {
    left: usize,
    top: usize,
    width: usize,
    height: usize,
}

impl Place {
    /// Its rows in a plane of this width, as far as they lie in the plane.
    fn rows(self, plane: &mut [u8], width: usize) -> impl Iterator<Item = &mut [u8]> {
        plane
            .chunks_mut(width.max(1))
            .skip(self.top)
            .take(self.height)
            .filter_map(move |row| row.get_mut(self.left..(self.left + self.width).min(width)))
    }
}

/// Copies a decoded plane to its place.
fn lay(target: &mut [u8], width: usize, place: Place, plane: &Plane, level: impl Fn(u16) -> u8) {
    let rows = plane.samples.chunks((plane.width as usize).max(1));
    for (target, row) in place.rows(target, width).zip(rows) {
        for (target, sample) in target.iter_mut().zip(row) {
            *target = level(*sample);
        }
    }
}

/// What each sample of a plane means, in the range 0 to 255.
struct Levels {
    table: Vec<u8>,
    black: f32,
    scale: f32,
    /// Added to what is centred, 0 or 128.
    centre: f32,
}

impl Levels {
    fn of_luma(plane: &Plane, full_range: bool) -> Self {
        let unit = f32::from(1_u16 << plane.bits.clamp(8, 16).saturating_sub(8));
        let (black, span) = if full_range { (0.0, 256.0 * unit - 1.0) } else { (16.0 * unit, 219.0 * unit) };
        Self::new(plane.bits, black, 255.0 / span, 0.0)
    }

    fn of_chroma(plane: &Plane, full_range: bool) -> Self {
        let unit = f32::from(1_u16 << plane.bits.clamp(8, 16).saturating_sub(8));
        let span = if full_range { 256.0 * unit - 1.0 } else { 224.0 * unit };
        Self::new(plane.bits, 128.0 * unit, 255.0 / span, 128.0)
    }

    fn new(bits: u8, black: f32, scale: f32, centre: f32) -> Self {
        let mut levels = Self { table: Vec::new(), black, scale, centre };
        let table =
            (0..=u16::MAX).take(1 << bits.clamp(8, 16)).map(|sample| byte(levels.exact(sample))).collect();
        levels.table = table;
        levels
    }

    fn of(&self, sample: u16) -> u8 {
        self.table.get(usize::from(sample)).copied().unwrap_or(u8::MAX)
    }

    fn exact(&self, sample: u16) -> f32 {
        self.centred(sample) + self.centre
    }

    fn centred(&self, sample: u16) -> f32 {
        (f32::from(sample) - self.black) * self.scale
    }
}

fn byte(level: f32) -> u8 {
    // Beyond the range it stays at its end; there are no other numbers here.
    (level + 0.5) as u8
}

/// How red, green and blue became lightness: the shares of red and blue.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Matrix {
    red: f32,
    blue: f32,
}

/// BT.601, which JPEG uses.
const OURS: Matrix = Matrix { red: 0.299, blue: 0.114 };

impl Matrix {
    /// By the code points of ITU-T H.273. Nothing said means BT.601.
    fn of(matrix: u16) -> Result<Self, ConvertError> {
        Ok(match matrix {
            2 | 5 | 6 => OURS,
            1 => Self { red: 0.2126, blue: 0.0722 },
            4 => Self { red: 0.30, blue: 0.11 },
            7 => Self { red: 0.212, blue: 0.087 },
            9 => Self { red: 0.2627, blue: 0.0593 },
            _ => return Err(ConvertError::Unsupported("its colours are coded in an unusual way")),
        })
    }

    fn is_ours(self) -> bool {
        self == OURS
    }

    /// The exchange of differences and lightness for those of BT.601.
    fn to_ours(self) -> Exchange {
        let green = 1.0 - self.red - self.blue;
        // A colour without lightness, from the differences: red and blue as such, green from both.
        let (red, blue) = (2.0 * (1.0 - self.red), 2.0 * (1.0 - self.blue));
        let (green_blue, green_red) = (-blue * self.blue / green, -red * self.red / green);
        let our_green = 1.0 - OURS.red - OURS.blue;
        let lightness = (our_green * green_blue + OURS.blue * blue, our_green * green_red + OURS.red * red);
        let (scale_blue, scale_red) = (0.5 / (1.0 - OURS.blue), 0.5 / (1.0 - OURS.red));
        Exchange {
            lightness,
            blue: ((blue - lightness.0) * scale_blue, -lightness.1 * scale_blue),
            red: (-lightness.0 * scale_red, (red - lightness.1) * scale_red),
        }
    }
}

/// What differences of one matrix mean in another: how much of the blue and of the red difference goes where.
#[derive(Debug, Clone, Copy)]
struct Exchange {
    lightness: (f32, f32),
    blue: (f32, f32),
    red: (f32, f32),
}

impl Exchange {
    fn differences(&self, (blue, red): (f32, f32)) -> (u8, u8) {
        let of = |(from_blue, from_red): (f32, f32)| byte(from_blue * blue + from_red * red + 128.0);
        (of(self.blue), of(self.red))
    }

    fn lightness(&self, lightness: f32, (blue, red): (f32, f32)) -> u8 {
        byte(lightness + self.lightness.0 * blue + self.lightness.1 * red)
    }
}
