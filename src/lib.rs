//! Takes photos, music and video off an iPhone, straight onto a drive.
//!
//! Six rooms, in the order in which an export passes through them. No room knows the ones after it.
//!
//! | room | question it answers |
//! |---|---|
//! | [`device`] | which phone, is it trusted, how do I talk to its services? |
//! | [`source`] | what does this media root hold, and what are the bytes? |
//! | [`catalog`] | what are the things on it: photos, albums, their files? |
//! | [`select`] | which of them are meant? |
//! | [`plan`] | where does each file go? |
//! | [`transfer`] | move the bytes, prove them, make them durable |
//! | [`ledger`] | what is on this drive already? |
//!
//! [`convert`] makes JPEGs of HEICs, and [`tag`] fills in what the tags of a song or film lack: both on the way to the drive.
//! [`manifest`] lists what the ledger knows for those who do not know the ledger. [`sidecar`] says in a file of its own what the catalogue knows of a photo.
//!
//! Beside them, [`fields`] knows what everything about a photo is called, [`report`] receives events and is the
//! only one that prints, and [`cli`] turns words into calls. The wire formats live in the crate `iexport-proto`.

// What cannot be printed must not make anything panic; `cli::output` and `report` see to that.
#![cfg_attr(not(test), warn(clippy::print_stdout, clippy::print_stderr))]

pub mod catalog;
pub mod cli;
pub mod convert;
pub mod device;
pub mod export;
pub mod fields;
pub mod ledger;
pub mod manifest;
pub mod plan;
pub mod report;
pub mod select;
pub mod sidecar;
pub mod source;
pub mod tag;
#[cfg(test)]
mod testing;
mod text;
pub mod transfer;
