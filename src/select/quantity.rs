//! Sizes and durations as people write them.

use thiserror::Error;

/// What is no size.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("\"{}\" is no size: write it as 500kB, 20MB, 1.5GB, or in bytes", .0.escape_debug())]
pub struct NoSize(String);

/// What is no duration.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("\"{}\" is no duration: write it as 90, 90s, 1m30s, 1:30 or 2h", .0.escape_debug())]
pub struct NoDuration(String);

/// A size in bytes: `1000`, `500kB`, `20 MB`, `1.5G`, `2GiB`.
///
/// # Errors
/// It is none of these.
pub fn size(text: &str) -> Result<u64, NoSize> {
    let wrong = || NoSize(text.to_owned());
    let lower = text.trim().to_ascii_lowercase();
    let digits = lower.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(lower.len());
    let (number, unit) = lower.split_at_checked(digits).ok_or_else(wrong)?;
    let factor: f64 = match unit.trim_start() {
        "" | "b" => 1.0,
        "k" | "kb" => 1e3,
        "m" | "mb" => 1e6,
        "g" | "gb" => 1e9,
        "t" | "tb" => 1e12,
        "kib" => 1024.0,
        "mib" => 1024.0 * 1024.0,
        "gib" => 1024.0 * 1024.0 * 1024.0,
        "tib" => 1024.0 * 1024.0 * 1024.0 * 1024.0,
        _ => return Err(wrong()),
    };
    let bytes = number.parse::<f64>().map_err(|_| wrong())? * factor;
    // Up to here every whole number of bytes can be told from the next.
    if !(0.0..9e15).contains(&bytes) {
        return Err(wrong());
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range is checked")]
    Ok(bytes.round() as u64)
}

/// A duration in seconds: `90`, `90s`, `1m30s`, `1.5h`, `1:30`, `1:02:03`.
///
/// # Errors
/// It is none of these.
pub fn duration(text: &str) -> Result<f64, NoDuration> {
    let wrong = || NoDuration(text.to_owned());
    let lower = text.trim().to_ascii_lowercase();
    let number = |text: &str| {
        let is_plain = !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || c == '.');
        text.parse::<f64>().ok().filter(|_| is_plain).ok_or_else(wrong)
    };
    if lower.contains(':') {
        let parts: Vec<&str> = lower.split(':').collect();
        if parts.len() > 3 {
            return Err(wrong());
        }
        return parts.iter().try_fold(0.0, |sum, part| Ok(sum * 60.0 + number(part)?));
    }
    let mut rest = lower.as_str();
    if !rest.ends_with(|c: char| c.is_ascii_alphabetic()) {
        return number(rest);
    }
    let mut seconds = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').ok_or_else(wrong)?;
        let (count, after) = rest.split_at_checked(digits).ok_or_else(wrong)?;
        let letters = after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len());
        let (unit, after) = after.split_at_checked(letters).ok_or_else(wrong)?;
        seconds += number(count)?
            * match unit {
                "s" | "sec" => 1.0,
                "m" | "min" => 60.0,
                "h" => 3600.0,
                _ => return Err(wrong()),
            };
        rest = after.trim_start();
    }
    Ok(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        assert_eq!(size("1000"), Ok(1000));
        assert_eq!(size("1.5 GB"), Ok(1_500_000_000));
        assert_eq!(size("20mb"), Ok(20_000_000));
        assert_eq!(size("2GiB"), Ok(2 << 30));
        assert_eq!(size("0"), Ok(0));
        for text in ["", "MB", "1.2.3k", "-1", "1 lot", "1e3", "99999999999999999999", "1m b"] {
            assert!(size(text).is_err(), "{text}");
        }
    }

    #[test]
    fn durations() {
        assert_eq!(duration("90"), Ok(90.0));
        assert_eq!(duration("90s"), Ok(90.0));
        assert_eq!(duration("1m30s"), Ok(90.0));
        assert_eq!(duration("1h 30m"), Ok(5400.0));
        assert_eq!(duration("1.5h"), Ok(5400.0));
        assert_eq!(duration("1:30"), Ok(90.0));
        assert_eq!(duration("1:00:01.5"), Ok(3601.5));
        for text in ["", "s", "1x", "1:2:3:4", "-5", "1m30", "nan", "::"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
