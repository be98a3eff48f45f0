//! The wire formats an iPhone speaks over USB, in both directions and without I/O.
//!
//! | module | protocol | spoken between |
//! |---|---|---|
//! | [`usbmux`] | the socket of the multiplexing daemon | a program and `usbmuxd` |
//! | [`lockdown`] | length-prefixed property lists | host and `lockdownd`, and most small services |
//! | [`afc`] | file access | host and the `com.apple.afc` service |
//! | [`installation_proxy`] | which apps there are | host and the service of that name |
//! | [`house_arrest`] | the way to the files of one app | host and the service of that name |
//!
//! Client and virtual phone share these types, so a message has exactly one definition.
//!
//! Two rules hold for every decoder here:
//!
//! * **Total.** Any input gives a value, "more bytes are needed", or a typed [`DecodeError`]. None panics.
//! * **Earned.** A length that came over the wire is checked against a limit and against the bytes that
//!   are really there before anything is allocated for it.
//!
//! This crate opens nothing, waits for nothing and logs nothing.

pub mod afc;
pub mod house_arrest;
pub mod installation_proxy;
pub mod lockdown;
pub mod usbmux;

mod dict;
mod error;
mod wire;

pub use dict::{DictError, parse_property_list};
pub use error::{DecodeError, Decoded};
