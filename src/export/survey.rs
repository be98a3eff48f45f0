//! Looks at the folders of the drive that a plan is concerned with.

use std::collections::BTreeSet;
use std::io;

use crate::plan::{DestPath, Found, Survey};

/// What lies in `folders`, listed by `list`, and in which of them anything lies at all.
pub(super) fn of_folders(
    folders: &BTreeSet<DestPath>,
    list: impl Fn(&DestPath) -> io::Result<Vec<(String, Found)>>,
) -> io::Result<(Survey, BTreeSet<DestPath>)> {
    let mut survey = Survey::default();
    let mut occupied = BTreeSet::new();
    for folder in folders {
        for (name, found) in list(folder)? {
            survey.add(folder, &name, found);
            occupied.insert(folder.clone());
        }
    }
    Ok((survey, occupied))
}
