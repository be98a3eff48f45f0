//! The catalogue reader against media roots made for one purpose each.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that panics is a test that fails")]

mod albums;
mod books;
mod documents;
mod fallback;
mod files;
mod mangled;
mod previews;
mod ringtones;
mod snapshot;
mod support;
mod truth;
mod voice_memos;
mod words;
