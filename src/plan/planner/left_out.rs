//! Counts what is on the phone and stays only there, because of which versions were asked for: whoever deletes
//! photos from the phone afterwards has to know.

use super::super::group::made_of;
use super::Planner;
use crate::catalog::{Item, Presence, Role};

impl Planner<'_> {
    /// Counts what the plan, from these indices on, leaves of an item on the phone.
    pub(super) fn count_left_out(&mut self, item: &Item, first: usize, first_already: usize) {
        let (mut original, mut edit) = (false, false);
        for resource in &item.resources {
            if !matches!(resource.presence, Presence::OnPhone(_)) {
                continue;
            }
            let is_edit = match resource.role {
                Role::Original | Role::LiveVideo | Role::Raw => false,
                Role::Edited | Role::EditedLiveVideo => true,
                _ => continue,
            };
            let files = self.plan.files.get(first..).unwrap_or_default();
            let already = self.plan.already.get(first_already..).unwrap_or_default();
            let planned = files.iter().find(|file| file.role == resource.role);
            let is_there = match planned {
                Some(file) => file.convert.as_ref().is_none_or(|convert| convert.keep_original),
                None => already.iter().any(|file| file.role == resource.role),
            };
            if is_there || self.lies_there(item, resource).is_some() {
                continue;
            }
            let its_jpeg = made_of(resource.role);
            if planned.is_some() || already.iter().any(|file| Some(file.role) == its_jpeg) {
                self.plan.left_out.heics += 1;
            } else if is_edit {
                edit = true;
            } else {
                original = true;
            }
        }
        self.plan.left_out.originals += usize::from(original);
        self.plan.left_out.edits += usize::from(edit);
    }
}
