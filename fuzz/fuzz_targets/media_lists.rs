//! The lists and descriptions that a phone keeps beside its tones and in its books: any bytes in their
//! place.
#![no_main]

mod phone;

use std::collections::HashSet;

use iexport::catalog::{Catalog, books, ringtones};
use phone::{Phone, ready};

/// At least so many things are on the phone, whatever a list says, and no two have the same identity.
fn check(catalog: &Catalog, on_phone: usize) {
    assert!(
        catalog.items.iter().filter(|item| !item.is_missing() && !item.is_cloud_only()).count() >= on_phone
    );
    let identities: HashSet<_> = catalog.items.iter().map(|item| &item.uuid).collect();
    assert_eq!(identities.len(), catalog.items.len());
}

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let tones =
        [("iTunes_Control/iTunes/Ringtones.plist", data), ("iTunes_Control/Ringtones/A.m4r", b"tone")];
    check(&ready(ringtones::read(&Phone::of(&tones), &|_| ())).unwrap(), 1);

    const CONTAINER: &[u8] = b"<c><rootfile full-path='a.opf'/></c>";
    let shelf = [
        ("Books/Books.plist", data),
        ("Books/Listed.pdf", b"pdf"),
        ("Books/Fonts.epub/META-INF/encryption.xml", data),
        ("Books/Fonts.epub/iTunesMetadata.plist", data),
        ("Books/Lost.epub/META-INF/container.xml", data),
        ("Books/Own.epub/META-INF/container.xml", CONTAINER),
        ("Books/Own.epub/a.opf", data),
    ];
    let read = ready(books::read(&Phone::of(&shelf), &|_| ())).unwrap();
    check(&read.catalog, 4);
    assert!(read.packages.len() >= 3);
});
