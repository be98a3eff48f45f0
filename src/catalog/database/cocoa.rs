//! Times as Apple's databases have them (facts/media.md section A6).

use jiff::Timestamp;

/// Seconds since 2001-01-01 00:00 UTC, as all of Apple's databases count.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub(in crate::catalog) struct CocoaSeconds(pub f64);

/// 2001-01-01 in Unix seconds.
const COCOA_EPOCH: f64 = 978_307_200.0;
/// What stands for "no date": 1970-01-01 exactly, and Cocoa's distant past and future.
const NO_DATE: [f64; 3] = [-COCOA_EPOCH, -63_114_076_800.0, 63_113_904_000.0];

impl CocoaSeconds {
    /// The instant, to the microsecond; `None` for what cannot be a date.
    pub(in crate::catalog) fn instant(self) -> Option<Timestamp> {
        if !self.0.is_finite() || NO_DATE.contains(&self.0) {
            return None;
        }
        let seconds = (self.0 + COCOA_EPOCH).floor();
        // Up to the end of the year 9999, and not before the year 1.
        if !(-62_135_596_800.0..253_402_300_800.0).contains(&seconds) {
            return None;
        }
        // The fraction is taken from the original number, where it is most exact.
        let fraction = self.0 - self.0.floor();
        #[expect(clippy::cast_possible_truncation, reason = "the range was checked")]
        let (seconds, nanoseconds) = (seconds as i64, (fraction * 1e6).round() as i32 * 1000);
        let (seconds, nanoseconds) =
            if nanoseconds >= 1_000_000_000 { (seconds + 1, 0) } else { (seconds, nanoseconds) };
        Timestamp::new(seconds, nanoseconds).ok()
    }

    /// As text that is the same whenever the number is the same.
    pub(in crate::catalog) fn to_text(self) -> String {
        self.0.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::*;

    fn instant(seconds: f64) -> Option<String> {
        CocoaSeconds(seconds).instant().map(|t| t.to_string())
    }

    #[test]
    fn dates() {
        assert_eq!(instant(0.0).unwrap(), "2001-01-01T00:00:00Z");
        assert_eq!(instant(650_415_778.322).unwrap(), "2021-08-11T23:02:58.322Z");
        assert_eq!(instant(-1.5).unwrap(), "2000-12-31T23:59:58.5Z");
        assert_eq!(instant(0.999_999_9).unwrap(), "2001-01-01T00:00:01Z");
        assert_eq!(instant(-978_307_200.0), None, "1970 exactly stands for none");
        assert_eq!(instant(-978_307_199.0).unwrap(), "1970-01-01T00:00:01Z");
        assert_eq!(instant(123_456_789_012_345.0), None);
        assert_eq!(instant(63_113_904_000.0), None);
        assert_eq!(instant(f64::NAN), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(2001), ..ProptestConfig::default() })]

        #[test]
        fn any_number_is_survived(bits in any::<u64>()) {
            if let Some(time) = CocoaSeconds(f64::from_bits(bits)).instant() {
                prop_assert_eq!(time.as_nanosecond() % 1000, 0, "whole microseconds");
            }
        }
    }
}
