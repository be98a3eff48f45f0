//! The tags of any file, read from parts of it: little is asked for, all of it within the file, and the same file says
//! the same again. The first byte says how much longer the file claims to be.
#![no_main]

use iexport::tag::{Found, Scan, Step, TagError};

/// Parts that are asked for at most, and bytes.
const MOST_READS: usize = 24;
const MOST_BYTES: usize = 3 << 20;

fn scan(bytes: &[u8], size: u64) -> Result<Found, TagError> {
    let mut scan = Scan::new(size, Some("mp3"));
    let (mut reads, mut asked) = (0, 0);
    loop {
        match scan.step()? {
            Step::Done(found) => return Ok(*found),
            Step::Read { position, most_bytes } => {
                assert!(most_bytes > 0 && position + most_bytes as u64 <= size);
                (reads, asked) = (reads + 1, asked + most_bytes);
                assert!(reads <= MOST_READS && asked <= MOST_BYTES);
                let from = usize::try_from(position).map_or(bytes.len(), |from| from.min(bytes.len()));
                let part = &bytes[from..bytes.len().min(from.saturating_add(most_bytes))];
                scan.give(position, part.to_vec());
            }
        }
    }
}

libfuzzer_sys::fuzz_target!(
    // A panic of the library that reads tags is caught, as it is in the program: here, it must not abort before.
    init: std::panic::set_hook(Box::new(|_| ())),
    |data: &[u8]| {
        let Some((more, bytes)) = data.split_first() else { return };
        let size = bytes.len() as u64 + (u64::from(*more) << 12);
        let found = scan(bytes, size);
        assert_eq!(found, scan(bytes, size));
        if let Ok(Found { tags, seconds, .. }) = found {
            assert!(tags.year.is_none_or(|year| (1..=9999).contains(&year)));
            assert!(seconds.is_none_or(|seconds| seconds.is_finite() && seconds > 0.0));
        }
    }
);
