//! Places as XMP writes them: degrees and minutes with a letter.

/// Millionths of a minute in a degree.
const DEGREE: u64 = 60 * 1_000_000;

/// `52,27.581400N` and `13,19.309900E`; `None` for what is no place on Earth.
pub(super) fn coordinates((north, east): (f64, f64)) -> Option<(String, String)> {
    Some((coordinate(north, 90, ('N', 'S'))?, coordinate(east, 180, ('E', 'W'))?))
}

fn coordinate(degrees: f64, most: u64, (positive, negative): (char, char)) -> Option<String> {
    // Rounded as a whole, so that there are never 60 minutes.
    let parts = (degrees.abs() * DEGREE as f64).round();
    if !parts.is_finite() || parts > (most * DEGREE) as f64 {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range was checked")]
    let parts = parts as u64;
    let (whole, rest) = (parts / DEGREE, parts % DEGREE);
    let letter = if degrees < 0.0 { negative } else { positive };
    Some(format!("{whole},{}.{:06}{letter}", rest / 1_000_000, rest % 1_000_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_and_minutes() {
        let shown = |place| coordinates(place).map(|(north, east)| format!("{north} {east}"));
        assert_eq!(shown((52.459_69, 13.321_831_666)).as_deref(), Some("52,27.581400N 13,19.309900E"));
        assert_eq!(shown((-33.5, -0.000_01)).as_deref(), Some("33,30.000000S 0,0.000600W"));
        assert_eq!(shown((0.0, 180.0)).as_deref(), Some("0,0.000000N 180,0.000000E"));
        assert_eq!(shown((-90.0, -180.0)).as_deref(), Some("90,0.000000S 180,0.000000W"));
        assert_eq!(shown((9.999_999_999_9, 1.0)).as_deref(), Some("10,0.000000N 1,0.000000E"));
        for nowhere in [(90.1, 0.0), (0.0, -180.1), (f64::NAN, 0.0), (0.0, f64::INFINITY)] {
            assert_eq!(shown(nowhere), None);
        }
    }
}
