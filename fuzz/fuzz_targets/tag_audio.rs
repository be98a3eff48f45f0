//! The fingerprint of the sound of any file.
#![no_main]

use iexport::tag::audio_hash;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    if let Ok(hash) = audio_hash(data, None) {
        assert_eq!(audio_hash(data, Some("mp3")), Ok(hash));
    }
});
