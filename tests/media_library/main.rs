//! The reader of the media library, over databases made by hand, made at random, and mangled.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that panics is a test that fails")]

mod fallback;
mod files;
mod generated;
mod mangled;
mod own_tags;
mod pictures;
mod playlists;
mod rows;
mod support;
