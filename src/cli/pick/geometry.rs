//! Where things are on a screen of a given size.

use ratatui::layout::Rect;

/// The side that keys go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pane {
    /// The lists.
    Lists,
    /// The items of one list.
    Items,
}

/// A narrower screen shows one pane at a time.
const BOTH: u16 = 64;

/// Below this, nothing can be read.
const LEAST: (u16, u16) = (24, 6);

/// Rows below the panes: the sums, and what the keys do.
const FOOT: u16 = 2;

/// Where things are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Geometry {
    /// The lists, if they are seen; the first row is the title.
    pub(super) lists: Option<Rect>,
    /// The items, if they are seen; the first row is the title.
    pub(super) items: Option<Rect>,
    /// The sums.
    pub(super) sums: Rect,
    /// What the keys do, or what is being typed.
    pub(super) keys: Rect,
}

impl Geometry {
    /// `None` if there is no room for anything.
    pub(super) fn of((columns, rows): (u16, u16), focus: Pane) -> Option<Self> {
        if columns < LEAST.0 || rows < LEAST.1 {
            return None;
        }
        let body = Rect::new(0, 0, columns, rows - FOOT);
        let (lists, items) = if columns < BOTH {
            match focus {
                Pane::Lists => (Some(body), None),
                Pane::Items => (None, Some(body)),
            }
        } else {
            let left = (columns / 3).clamp(26, 48);
            // A column between them is the line that parts them.
            let right = Rect { x: left + 1, width: columns - left - 1, ..body };
            (Some(Rect { width: left, ..body }), Some(right))
        };
        let line = |y| Rect::new(0, y, columns, 1);
        Some(Self { lists, items, sums: line(rows - 2), keys: line(rows - 1) })
    }

    /// How many rows of a pane there are for its list; both panes have the same.
    pub(super) fn height(size: (u16, u16)) -> usize {
        usize::from(size.1.saturating_sub(FOOT + 1))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn nothing_overlaps_and_nothing_is_wasted() {
        for columns in 0..250 {
            for rows in 0..60 {
                for focus in [Pane::Lists, Pane::Items] {
                    let Some(at) = Geometry::of((columns, rows), focus) else {
                        assert!(columns < 24 || rows < 6);
                        continue;
                    };
                    let panes = [at.lists, at.items];
                    let width: u16 = panes.iter().flatten().map(|pane| pane.width).sum();
                    let between = u16::from(panes.iter().flatten().count() == 2);
                    assert_eq!(width + between, columns);
                    for pane in panes.into_iter().flatten() {
                        assert_eq!(usize::from(pane.height), Geometry::height((columns, rows)) + 1);
                        assert_eq!(pane.bottom(), at.sums.y);
                    }
                    assert_eq!((at.keys.y, at.keys.width), (rows - 1, columns));
                }
            }
        }
    }

    #[test]
    fn a_narrow_screen_shows_the_pane_that_keys_go_to() {
        let at = Geometry::of((40, 12), Pane::Items).unwrap();
        assert!(at.lists.is_none() && at.items.is_some());
    }
}
