//! Which part of the coded picture is shown, and which way up.
//!
//! A HEIC says so with properties that apply one after the other: a crop (`clap`), quarter turns (`irot`), a mirror
//! (`imir`). Together they are always a rectangle of the coded picture and one of the eight ways to lay it down,
//! which are the eight orientations of EXIF: the JPEG is stored as the HEIC is, and says the same with one number.

use super::ConvertError;
use super::reader::Reader;

/// One of the eight ways to lay a picture down. A point (x, y) of what is shown is looked up in the stored picture:
/// first the axes are exchanged, then each may run backwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Turn {
    swaps: bool,
    flips_x: bool,
    flips_y: bool,
}

impl Turn {
    const ALL: [Self; 8] = {
        const fn turn(swaps: bool, flips_x: bool, flips_y: bool) -> Turn {
            Turn { swaps, flips_x, flips_y }
        }
        [
            turn(false, false, false),
            turn(false, true, false),
            turn(false, true, true),
            turn(false, false, true),
            turn(true, false, false),
            turn(true, false, true),
            turn(true, true, true),
            turn(true, true, false),
        ]
    };

    /// By so many quarter turns against the clock.
    pub(super) const fn quarters(count: u8) -> Self {
        match count % 4 {
            1 => Self::ALL[7],
            2 => Self::ALL[2],
            3 => Self::ALL[5],
            _ => Self::ALL[0],
        }
    }

    /// Exchanges top and bottom, or else left and right.
    pub(super) const fn mirror(top_and_bottom: bool) -> Self {
        if top_and_bottom { Self::ALL[3] } else { Self::ALL[1] }
    }

    /// The EXIF orientation that says this, 1 to 8.
    pub(super) fn orientation(self) -> u16 {
        Self::ALL.into_iter().zip(1..).find(|(turn, _)| *turn == self).map_or(1, |(_, number)| number)
    }

    /// This, and then another.
    const fn then(self, next: Self) -> Self {
        let (x, y) = if self.swaps { (next.flips_y, next.flips_x) } else { (next.flips_x, next.flips_y) };
        Self { swaps: self.swaps ^ next.swaps, flips_x: self.flips_x ^ x, flips_y: self.flips_y ^ y }
    }
}

/// A rectangle of the coded picture and how it is laid down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct View {
    /// Of the rectangle, in the coded picture.
    pub(super) left: u32,
    pub(super) top: u32,
    pub(super) width: u32,
    pub(super) height: u32,
    /// How it is to be laid down.
    pub(super) turn: Turn,
}

impl View {
    /// All of a picture, as it was coded.
    pub(super) fn whole(width: u32, height: u32) -> Self {
        Self { left: 0, top: 0, width, height, turn: Turn::default() }
    }

    /// Width and height of what is shown.
    const fn shown_size(&self) -> (u32, u32) {
        if self.turn.swaps { (self.height, self.width) } else { (self.width, self.height) }
    }

    /// Turned further.
    pub(super) const fn turned(self, next: Turn) -> Self {
        Self { turn: self.turn.then(next), ..self }
    }

    /// Only this part of what is shown; `None` if it does not lie within, or holds nothing.
    fn part(self, left: u32, top: u32, width: u32, height: u32) -> Option<Self> {
        let (shown_width, shown_height) = self.shown_size();
        let fits = |start: u32, length: u32, all: u32| {
            length > 0 && start.checked_add(length).is_some_and(|end| end <= all)
        };
        if !fits(left, width, shown_width) || !fits(top, height, shown_height) {
            return None;
        }
        let swap = |a, b| if self.turn.swaps { (b, a) } else { (a, b) };
        let (mut left, mut top) = swap(left, top);
        let (width, height) = swap(width, height);
        if self.turn.flips_x {
            left = self.width - left - width;
        }
        if self.turn.flips_y {
            top = self.height - top - height;
        }
        Some(Self { left: self.left + left, top: self.top + top, width, height, turn: self.turn })
    }

    /// Cropped by what a `clap` property says: a size, and how far its centre lies from the centre of what is shown.
    pub(super) fn cropped(self, mut clap: Reader<'_>) -> Result<Self, ConvertError> {
        const WRONG: ConvertError = ConvertError::Damaged("its crop makes no sense");
        let mut fraction = |is_signed: bool| -> Result<f64, ConvertError> {
            let top = if is_signed { f64::from(clap.i32()?) } else { f64::from(clap.u32()?) };
            let bottom = clap.u32()?;
            if bottom == 0 { Err(WRONG) } else { Ok(top / f64::from(bottom)) }
        };
        let (width, height) = (fraction(false)?.round(), fraction(false)?.round());
        let (right, down) = (fraction(true)?, fraction(true)?);
        let (all_width, all_height) = self.shown_size();
        let start = |all: u32, length: f64, shift: f64| ((f64::from(all) - length) / 2.0 + shift).round();
        let whole = |number: f64| {
            // Anything else is beyond every picture.
            (0.0..=f64::from(u32::MAX)).contains(&number).then_some(number as u32)
        };
        let part =
            |left, top, width, height| self.part(whole(left)?, whole(top)?, whole(width)?, whole(height)?);
        part(start(all_width, width, right), start(all_height, height, down), width, height).ok_or(WRONG)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::*;

    /// The points of the coded picture that are shown, row by row.
    fn points(view: View) -> Vec<Vec<(u32, u32)>> {
        let (width, height) = view.shown_size();
        let point = |x: u32, y: u32| {
            let (x, y) = if view.turn.swaps { (y, x) } else { (x, y) };
            let along = |start: u32, length: u32, at: u32, is_back: bool| {
                if is_back { start + length - 1 - at } else { start + at }
            };
            (
                along(view.left, view.width, x, view.turn.flips_x),
                along(view.top, view.height, y, view.turn.flips_y),
            )
        };
        (0..height).map(|y| (0..width).map(|x| point(x, y)).collect()).collect()
    }

    /// What is shown of a picture of 3 x 2 points:
    ///
    /// ```text
    /// 0 1 2
    /// 3 4 5
    /// ```
    fn shown(view: View) -> Vec<Vec<u32>> {
        points(view).into_iter().map(|row| row.into_iter().map(|(x, y)| y * 3 + x).collect()).collect()
    }

    #[test]
    fn every_orientation_of_exif() {
        let expected: [&[&[u32]]; 8] = [
            &[&[0, 1, 2], &[3, 4, 5]],
            &[&[2, 1, 0], &[5, 4, 3]],
            &[&[5, 4, 3], &[2, 1, 0]],
            &[&[3, 4, 5], &[0, 1, 2]],
            &[&[0, 3], &[1, 4], &[2, 5]],
            &[&[3, 0], &[4, 1], &[5, 2]],
            &[&[5, 2], &[4, 1], &[3, 0]],
            &[&[2, 5], &[1, 4], &[0, 3]],
        ];
        for (turn, (expected, number)) in Turn::ALL.into_iter().zip(expected.into_iter().zip(1..)) {
            assert_eq!(shown(View::whole(3, 2).turned(turn)), expected, "{turn:?}");
            assert_eq!(turn.orientation(), number);
        }
    }

    #[test]
    fn quarter_turns_and_mirrors() {
        assert_eq!([0, 1, 2, 3].map(|count| Turn::quarters(count).orientation()), [1, 8, 3, 6]);
        assert_eq!([true, false].map(|both| Turn::mirror(both).orientation()), [4, 2]);
    }

    fn clap(width: u32, height: u32, right: (i32, u32), down: (i32, u32)) -> Vec<u8> {
        let mut out = Vec::new();
        for (top, bottom) in [(width, 1), (height, 1), (right.0 as u32, right.1), (down.0 as u32, down.1)] {
            out.extend(top.to_be_bytes());
            out.extend(bottom.to_be_bytes());
        }
        out
    }

    #[test]
    fn crops() {
        let crop = |width, height, right, down| {
            View::whole(3, 2).cropped(Reader::new(&clap(width, height, right, down)))
        };
        assert_eq!(shown(crop(3, 2, (0, 1), (0, 1)).unwrap()), [[0, 1, 2], [3, 4, 5]]);
        assert_eq!(shown(crop(1, 2, (0, 1), (0, 1)).unwrap()), [[1], [4]]);
        assert_eq!(shown(crop(2, 1, (1, 2), (1, 2)).unwrap()), [[4, 5]]);
        for wrong in [
            crop(4, 2, (0, 1), (0, 1)),
            crop(0, 1, (0, 1), (0, 1)),
            crop(3, 2, (1, 1), (0, 1)),
            crop(1, 1, (0, 0), (0, 1)),
            crop(1, 1, (i32::MIN, 1), (0, 1)),
        ] {
            assert!(wrong.is_err(), "{wrong:?}");
        }
    }

    fn a_turn() -> impl Strategy<Value = Turn> {
        (0..8_usize).prop_map(|number| Turn::ALL[number])
    }

    proptest! {
        #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(2001), ..ProptestConfig::default() })]

        /// Turning twice is the same as looking at what was turned once and turning that; a part of what is shown is
        /// what it was before.
        #[test]
        fn turns_and_parts_add_up(
            first in a_turn(), second in a_turn(), third in a_turn(),
            width in 1..9_u32, height in 1..9_u32, cut in any::<[u8; 4]>(),
        ) {
            let turn = |rows: &[Vec<(u32, u32)>], turn: Turn| -> Vec<Vec<(u32, u32)>> {
                let view = View::whole(rows[0].len() as u32, rows.len() as u32).turned(turn);
                let pick = |(x, y): (u32, u32)| rows[y as usize][x as usize];
                points(view).into_iter().map(|row| row.into_iter().map(pick).collect()).collect()
            };
            let view = View::whole(width, height).turned(first).turned(second);
            let shown = points(view);
            prop_assert_eq!(&shown, &turn(&turn(&points(View::whole(width, height)), first), second));

            let (shown_width, shown_height) = view.shown_size();
            let (left, top) = (u32::from(cut[0]) % shown_width, u32::from(cut[1]) % shown_height);
            let part_width = u32::from(cut[2]) % (shown_width - left) + 1;
            let part_height = u32::from(cut[3]) % (shown_height - top) + 1;
            let part = view.part(left, top, part_width, part_height).unwrap();
            let by_hand: Vec<Vec<(u32, u32)>> = shown
                .iter()
                .skip(top as usize)
                .take(part_height as usize)
                .map(|row| row[left as usize..(left + part_width) as usize].to_vec())
                .collect();
            prop_assert_eq!(points(part), by_hand.clone());
            prop_assert_eq!(points(part.turned(third)), turn(&by_hand, third));
        }

        /// No crop, however wild, leads out of the picture.
        #[test]
        fn wild_crops_stay_within(bytes in any::<[u8; 32]>(), small in any::<bool>(), turn in a_turn()) {
            let mut bytes = bytes;
            if small {
                for number in bytes.chunks_mut(4) {
                    number[..3].fill(0);
                }
            }
            let view = View::whole(100, 60).turned(turn);
            if let Ok(view) = view.cropped(Reader::new(&bytes)) {
                prop_assert!(view.width > 0 && view.height > 0);
                prop_assert!(view.left + view.width <= 100 && view.top + view.height <= 60);
            }
        }
    }
}
