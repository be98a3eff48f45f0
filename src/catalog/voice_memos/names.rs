//! What the names of voice memos tell, and what is no memo by its name (facts/media.md section D8).

use std::ops::RangeInclusive;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

use crate::source::{DevicePath, EntryName};

/// Extensions of memos: MPEG-4, QuickTime audio of iOS 26, and what phones recorded long ago.
const MEMOS: [&[u8]; 3] = [b"m4a", b"qta", b"caf"];
/// Extensions of what else lies in the folder of recordings.
const NO_MEMOS: [&[u8]; 9] = [
    b"db",
    b"db-wal",
    b"db-shm",
    b"sqlite",
    b"sqlite-wal",
    b"sqlite-shm",
    b"plist",
    b"waveform",
    b"composition",
];
/// Clocks of the world differ from UTC by whole quarters of an hour, in seconds.
const QUARTER: i64 = 900;
/// The westernmost and the easternmost of them, in seconds east of UTC.
const OFFSETS: RangeInclusive<i64> = -12 * 3600..=14 * 3600;
/// By how much the time in a name may be off the time in the database, in seconds: they are not read off the clock at
/// quite the same moment.
const OFF: i64 = 2;
/// No identity is longer: the longest real ones have 36 characters.
const MOST_ID: usize = 64;

/// Whether a file in the folder of recordings is a memo, by its name alone.
pub(super) fn is_memo(name: &EntryName) -> bool {
    may_be_memo(name) && has_extension(name, &MEMOS)
}

/// Whether it is one if a row says so: a form of sound that nobody heard of yet.
pub(super) fn may_be_memo(name: &EntryName) -> bool {
    !name.as_bytes().starts_with(b".") && name.extension().is_some() && !has_extension(name, &NO_MEMOS)
}

fn has_extension(name: &EntryName, extensions: &[&[u8]]) -> bool {
    name.extension().is_some_and(|own| extensions.iter().any(|extension| own.eq_ignore_ascii_case(extension)))
}

/// The name of the file that a row means: a name, or the absolute path of a file in some folder of recordings.
pub(super) fn of_path(path: &[u8]) -> Option<EntryName> {
    let name = if path.starts_with(b"/") {
        let path = DevicePath::parse(path).ok()?;
        let folder = path.parent()?.file_name()?;
        path.file_name().filter(|_| folder.as_bytes() == b"Recordings")?
    } else {
        EntryName::new(path).ok()?
    };
    may_be_memo(&name).then_some(name)
}

/// Letters, digits and hyphens, so that no identity can be mistaken for a path.
pub(super) fn is_id(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= MOST_ID
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// Whether a text is a date and time as ISO 8601 has it, which nobody gives a memo for a title.
pub(super) fn is_iso_date(text: &str) -> bool {
    text.as_bytes().get(10) == Some(&b'T')
        && (text.parse::<Timestamp>().is_ok() || text.parse::<DateTime>().is_ok())
}

/// The title of a memo that has none: its file's name.
pub(super) fn title(name: &EntryName) -> String {
    String::from_utf8_lossy(name.stem()).into_owned()
}

/// The time in a name such as `20240131 184500-1A2B3C4D.m4a`. It is local time of a zone that nobody knows, so it is
/// taken for UTC: that is how it will be shown.
pub(super) fn time(name: &EntryName) -> Option<Timestamp> {
    let text = std::str::from_utf8(name.stem()).ok()?;
    let text = text.get(..15).filter(|_| !text.as_bytes().get(15).is_some_and(u8::is_ascii_digit))?;
    let (date, time) = text.split_once(' ')?;
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if date.len() != 8 || !is_number(date) || !is_number(time) {
        return None;
    }
    let time = DateTime::strptime("%Y%m%d %H%M%S", text).ok()?;
    Offset::UTC.to_timestamp(time).ok()
}

/// Offset of the local time where a memo was recorded: by how much the time in its name is ahead of the instant that
/// the database has. `None` if no clock of the world is that far from UTC; then one of the two is something else.
pub(super) fn offset(name: &EntryName, recorded: Timestamp) -> Option<Offset> {
    let ahead = time(name)?.as_second().checked_sub(recorded.as_second())?;
    let whole = ahead.checked_add(QUARTER / 2)?.div_euclid(QUARTER).checked_mul(QUARTER)?;
    let is_plausible = OFFSETS.contains(&whole) && (ahead - whole).abs() <= OFF;
    Offset::from_seconds(i32::try_from(whole).ok().filter(|_| is_plausible)?).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::*;

    fn name(text: &str) -> EntryName {
        EntryName::new(text.as_bytes()).unwrap()
    }

    #[test]
    fn the_last_part_of_a_path_within_recordings() {
        let of = |path: &str| of_path(path.as_bytes()).map(|name| name.to_text());
        assert_eq!(of("20240131 184500-1A2B3C4D.m4a").unwrap(), "20240131 184500-1A2B3C4D.m4a");
        assert_eq!(of("x.QTA").unwrap(), "x.QTA");
        assert_eq!(of("x.new").unwrap(), "x.new", "if it is there");
        assert!(is_memo(&name("x.QTA")) && !is_memo(&name("x.new")) && !is_memo(&name(".m4a")));
        assert_eq!(of("/var/mobile/Media/Recordings/x.m4a").unwrap(), "x.m4a");
        assert_eq!(of("/private/var/mobile/Media/Recordings//x.m4a").unwrap(), "x.m4a");
        for bad in [
            "",
            ".",
            "..",
            "../x.m4a",
            "a/b.m4a",
            "/x.m4a",
            "/etc/x.m4a",
            "/var/Recordings/../x.m4a",
            "x",
            ".m4a",
            "a\0b.m4a",
            "CloudRecordings.db",
            "x.waveform",
            "x.composition",
            "/Recordings/",
        ] {
            assert_eq!(of(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn times_in_names() {
        let of = |text: &str| time(&name(text)).map(|time| time.to_string());
        assert_eq!(of("20240131 184500-1A2B3C4D.m4a").unwrap(), "2024-01-31T18:45:00Z");
        assert_eq!(of("20220510 143000.m4a").unwrap(), "2022-05-10T14:30:00Z");
        for bad in [
            "20241331 184500.m4a",
            "20240131.m4a",
            "20240131 1845001.m4a",
            "2024013 1184500.m4a",
            "Idea.m4a",
            "\u{e9}0240131 84500.m4a",
        ] {
            assert_eq!(of(bad), None, "{bad}");
        }
    }

    #[test]
    fn offsets_from_names() {
        let of = |text: &str, recorded: &str| {
            let offset = offset(&name(text), recorded.parse().unwrap());
            offset.map(|offset| offset.seconds())
        };
        let evening = "20240131 184500-1A2B3C4D.m4a";
        for (recorded, seconds) in [
            ("2024-01-31T18:45:00Z", Some(0)),
            ("2024-01-31T17:45:00Z", Some(3600)),
            ("2024-01-31T17:45:00.9Z", Some(3600)),
            ("2024-01-31T17:45:02Z", Some(3600)),
            ("2024-01-31T17:44:58Z", Some(3600)),
            ("2024-01-31T17:45:03Z", None),
            ("2024-01-31T13:00:00Z", Some(20_700)),
            ("2024-01-31T04:45:00Z", Some(14 * 3600)),
            ("2024-01-31T04:30:00Z", None),
            ("2024-02-01T06:45:00Z", Some(-12 * 3600)),
            ("2024-02-01T06:44:59Z", Some(-12 * 3600)),
            ("2024-02-01T07:00:00Z", None),
            ("2024-01-31T17:38:00Z", None),
            ("9999-12-30T22:00:00Z", None),
            ("-009999-01-02T01:59:59Z", None),
        ] {
            assert_eq!(of(evening, recorded), seconds, "{recorded}");
        }
        assert_eq!(of("Idea.m4a", "2024-01-31T18:45:00Z"), None);
    }

    #[test]
    fn dates_are_no_titles() {
        for date in [
            "2024-01-31T18:45:00Z",
            "2024-01-31T18:45:00+01:00",
            "2024-01-31T18:45:00.5Z",
            "2024-01-31T18:45:00",
        ] {
            assert!(is_iso_date(date), "{date}");
        }
        for title in ["2024-01-31", "Talk of 2024", "2024-01-31 The talk", "", "T"] {
            assert!(!is_iso_date(title), "{title}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(8), ..ProptestConfig::default() })]

        #[test]
        fn any_name_is_survived(seconds in -377_705_023_201_i64..=253_402_207_200, bytes in prop::collection::vec(any::<u8>(), 1..40), text in "\\PC{0,40}", digits in "[0-9 ]{15,16}") {
            let _ = (of_path(&bytes), is_iso_date(&text), is_id(&text), time(&name(&format!("{digits}.m4a"))));
            if let Ok(name) = EntryName::new(&bytes) {
                let _ = (time(&name), title(&name), is_memo(&name));
                let recorded = Timestamp::from_second(seconds).unwrap();
                let _ = offset(&name, recorded);
                if let Some(offset) = offset(&self::name(&format!("{digits}.m4a")), recorded) {
                    prop_assert!(OFFSETS.contains(&i64::from(offset.seconds())));
                }
            }
        }
    }
}
