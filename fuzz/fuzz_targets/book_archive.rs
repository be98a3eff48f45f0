//! Any bytes as an EPUB that is one file: whatever its archive says, it is a book, and little of it is read.
#![no_main]

mod phone;

use std::sync::atomic::Ordering;

use iexport::catalog::books;
use phone::{Phone, ready};

/// Parts of an archive that are read at most: its end, its directory, and what tells of encryption.
const MOST_READS: usize = 3;
/// The lists of books, none of which is here.
const LISTS: usize = 3;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let shelf = [("Books/Zipped.epub", data)];
    let phone = Phone::of(&shelf);
    let read = ready(books::read(&phone, &|_| ())).unwrap();
    assert!(read.catalog.items.len() == 1 && read.packages.is_empty());
    assert!(phone.opened.load(Ordering::Relaxed) <= LISTS + MOST_READS);
});
