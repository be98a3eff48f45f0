//! Names from a phone: as paths to ask for, and as names on a drive.
#![no_main]

use iexport::plan::{DestName, DestPath};
use iexport::source::{DevicePath, EntryName};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    if let Ok(path) = DevicePath::parse(data) {
        assert_eq!(DevicePath::parse(path.as_bytes()).as_ref(), Ok(&path));
        assert!(path.components().all(|part| EntryName::new(part).is_ok()));
        assert!(path.to_string().chars().all(|c| !c.is_control()));
    }
    let name = DestName::portable(&String::from_utf8_lossy(data));
    assert!(DestName::is_portable(name.as_str()));
    let path = DestPath::root().join(&name);
    assert_eq!(DestPath::parse(path.to_text()).as_ref(), Ok(&path));
});
