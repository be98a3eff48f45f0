//! The write-ahead log of a database, as a phone may send it.
#![no_main]

use iexport::catalog::database::wal;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let whole = wal::parse(data);
    // Reading it in two pieces finds the same.
    let mut scanner = wal::Scanner::default();
    let (one, two) = data.split_at(data.len() / 3);
    scanner.push(one);
    scanner.push(two);
    assert_eq!(format!("{whole:?}"), format!("{:?}", scanner.finish()));
});
