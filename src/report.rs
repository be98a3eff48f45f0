//! What the person sees. The other rooms emit [`Event`]s; only this room prints.
//!
//! [`Human`] draws progress on a terminal and ends with a summary; [`Json`] writes one object per line for
//! scripts. Both hear exactly the same.

mod event;
mod format;
mod human;
mod json;
mod summary;
mod total;

pub use event::{Event, FailedFile, FailedSidecar, Phase};
pub use format::{count, duration, escape, size, thousands};
pub use human::Human;
pub use json::Json;
pub use summary::{DifferingFile, ItemFile, NotConvertedFile, Outcome, Summary};
pub use total::{CollectionTotal, Total};

/// Hears what happens during a run. Called from several threads at once.
pub trait Report: Send + Sync {
    /// Something happened.
    fn event(&self, event: &Event);
}
