//! The databases of a phone: a copy that is of one moment, opened without trust, read within limits.
//!
//! What is in them is the business of each reader. Here are only files, pages, tables, rows and cells, and what all
//! of Apple's databases have in common.

mod cells;
mod cocoa;
mod columns;
mod fetch;
mod intern;
mod merge;
mod open;
mod rows;
mod snapshot;
pub mod wal;
mod work;

pub(in crate::catalog) use cells::{Cells, cut};
pub(in crate::catalog) use cocoa::CocoaSeconds;
pub(in crate::catalog) use columns::Columns;
pub(in crate::catalog) use intern::Interner;
pub(in crate::catalog) use open::open;
pub(in crate::catalog) use rows::Tables;
pub use snapshot::Patience;
pub(in crate::catalog) use snapshot::{Database, NoDatabase, Snapshot, take};
pub(in crate::catalog) use work::{blocking, load};
