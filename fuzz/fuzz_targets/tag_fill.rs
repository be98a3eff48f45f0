//! Tags put into any file: what comes out has the same sound, and nothing is left to do a second time.
#![no_main]

use iexport::tag::{Filled, Limits, Tags, audio_hash, fill};

fn tags() -> Tags {
    let text = |text: &str| Some(text.to_owned());
    Tags {
        title: text("Für Elise ♪"),
        album: text("An Album"),
        genre: text("(odd) genre"),
        year: Some(1999),
        track: Some((3, Some(12))),
        compilation: Some(true),
        comment: text("naïve"),
        lyrics: text("one\ntwo"),
        bpm: Some(120),
        cover: Some([&b"\xFF\xD8\xFF\xE0"[..], &[0xFF; 40]].concat().into()),
        show: text("A Show"),
        season: Some(2),
        ..Tags::default()
    }
}

libfuzzer_sys::fuzz_target!(
    // A panic of the library that reads tags is caught, as it is in the program: here, it must not abort before.
    init: std::panic::set_hook(Box::new(|_| ())),
    |data: &[u8]| {
        let (tags, limits) = (tags(), Limits::default());
        let Ok(Filled::Changed { bytes, audio, .. }) = fill(data.to_vec(), None, &tags, &limits) else { return };
        assert_eq!(audio_hash(data, None), Ok(audio));
        assert_eq!(audio_hash(&bytes, None), Ok(audio));
        assert!(matches!(fill(bytes, None, &tags, &limits), Ok(Filled::Unchanged { .. })));
    }
);
