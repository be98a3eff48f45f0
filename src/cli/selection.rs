//! The words of the command line as a value.

use super::args::{HiddenWord, Which};
use crate::export::Export;
use crate::plan::Layout;
use crate::select::{HiddenPolicy, Selection};

/// The export that the words mean.
pub(super) fn export_of(which: &Which) -> Export {
    let hidden = match which.hidden {
        HiddenWord::Include => HiddenPolicy::Include,
        HiddenWord::Exclude => HiddenPolicy::Exclude,
        HiddenWord::Only => HiddenPolicy::Only,
    };
    Export { selection: Selection { albums: which.album.clone(), hidden }, layout: Layout::default() }
}
