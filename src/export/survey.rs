//! Looks at the folders of the drive that a plan is concerned with.

use std::collections::BTreeSet;
use std::io;

use crate::plan::{DestPath, Survey};

/// What lies in `folders`, listed by `list` (names with sizes, `None` for what is no regular file), and in which
/// of them anything lies at all.
pub(super) fn of_folders(
    folders: &BTreeSet<DestPath>,
    list: impl Fn(&DestPath) -> io::Result<Vec<(String, Option<u64>)>>,
) -> io::Result<(Survey, BTreeSet<DestPath>)> {
    let mut survey = Survey::default();
    let mut occupied = BTreeSet::new();
    for folder in folders {
        for (name, size_bytes) in list(folder)? {
            survey.add(folder, &name, size_bytes);
            occupied.insert(folder.clone());
        }
    }
    Ok((survey, occupied))
}
