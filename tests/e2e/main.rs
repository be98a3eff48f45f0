//! The real program against the virtual phone, over a real socket.
//!
//! One crate, so that it is linked once; a module per subject.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod albums;
mod bad_input;
mod books;
mod command_line;
mod contents;
mod convert;
mod devices;
mod erased;
mod everything;
mod files;
mod hostile_names;
mod layouts;
mod libraries;
mod manifest;
mod music;
mod own_tags;
mod phone_states;
mod photos;
mod pick;
mod podcasts;
mod proof;
mod readme;
mod ringtones;
mod scene;
mod selection;
mod sidecars;
mod voice_memos;
mod whole_library;
mod wire;
