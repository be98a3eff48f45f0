//! The identity of a phone.

use std::fmt;

/// A phone's udid: 8 hex digits, a dash and 16 digits, or 40 digits on phones before 2018.
///
/// `Display` shows it whole, for output that the person asked for. `Debug` shows only its end, so that it
/// does not slip into logs.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Udid(String);

impl Udid {
    /// A udid as a phone or a daemon gives it. The dash that the USB serial string lacks is put in; what could not
    /// be printed is left out.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        let mut text = text.into();
        text.retain(|c| c.is_ascii_graphic());
        // 24 characters is the modern form without its dash (facts/protocols.md section 1.6).
        match (text.len(), text.get(..8), text.get(8..)) {
            (24, Some(chip), Some(ecid)) if !text.contains('-') => Self(format!("{chip}-{ecid}")),
            _ => Self(text),
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this could be used as a file name: hex digits and dashes only.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        !self.0.is_empty()
            && self.0.len() <= 64
            && self.0.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    }

    /// Whether `text` means this phone; dashes and case do not matter.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        let plain = |s: &str| s.replace('-', "").to_ascii_lowercase();
        plain(&self.0) == plain(text)
    }
}

impl fmt::Display for Udid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Udid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tail: String = self.0.chars().rev().take(4).collect::<Vec<_>>().into_iter().rev().collect();
        write!(f, "Udid(…{tail})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dash_is_put_in() {
        assert_eq!(Udid::new("00008110001A2B3C4D5E6F70").as_str(), "00008110-001A2B3C4D5E6F70");
        let old = "0123456789abcdef0123456789abcdef01234567";
        assert_eq!(Udid::new(old).as_str(), old);
    }

    #[test]
    fn only_what_can_be_printed_is_in_it() {
        assert_eq!(Udid::new("\u{1b}[2J0000 8110\n\u{202e}").as_str(), "[2J00008110");
    }

    #[test]
    fn people_may_leave_the_dash_out() {
        let udid = Udid::new("00008110-001A2B3C4D5E6F70");
        assert!(udid.matches("00008110001a2b3c4d5e6f70"));
        assert!(!udid.matches("00008110"));
    }

    #[test]
    fn debug_does_not_show_it() {
        assert_eq!(format!("{:?}", Udid::new("00008110-001A2B3C4D5E6F70")), "Udid(…6F70)");
    }
}
