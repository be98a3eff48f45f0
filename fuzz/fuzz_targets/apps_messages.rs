#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| targets::apps_messages(data));
