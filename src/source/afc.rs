//! A phone's media root over AFC, or the documents of one app.
//!
//! ```text
//!  AfcSource ── many files at once ──▶ Connection ── one byte stream, many requests in flight ──▶ phone
//! ```
//!
//! Waiting for a round trip before every request is what makes other tools slow
//! (facts/protocols.md sections 3.6 and 3.7). Here a connection is a queue: requests go out as they come,
//! replies are matched by number, and each open file reads ahead. A phone that cannot do that is found out
//! by a probe when the connection opens, and is then asked one thing at a time.
//!
//! What the connections lead to is a `Door`; behind every door the same is spoken.
//!
//! The requests are [`iexport_proto::afc::ReadRequest`]s: there is no way to ask for a change.

mod apps;
mod connection;
mod door;
mod few;
mod file;
mod source;

pub use apps::AppsSource;
pub use door::SERVICE;
pub use source::{AfcSource, Tuning};
