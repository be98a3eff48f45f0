//! Counts what stays on the phone or in iCloud and only there, because of which versions were asked for: whoever
//! deletes photos afterwards has to know.

use super::super::group::{is_heic, made_of};
use super::Planner;
use crate::catalog::{Item, Presence, Role};

impl Planner<'_> {
    /// Counts what the plan, from these indices on, leaves of an item on the phone.
    pub(super) fn count_left_out(&mut self, item: &Item, first: usize, first_already: usize) {
        let (mut original, mut edit) = (false, false);
        for resource in &item.resources {
            let path = match &resource.presence {
                Presence::OnPhone(path) => Some(path),
                // What is asked for and is not on the phone is told as that.
                _ if self.input.contents.means(item, resource.role) => continue,
                Presence::CloudOnly | Presence::Missing => None,
            };
            let is_edit = match resource.role {
                Role::Original | Role::LiveVideo | Role::Raw => false,
                Role::Edited | Role::EditedLiveVideo => true,
                _ => continue,
            };
            let files = self.plan.files.get(first..).unwrap_or_default();
            let already = self.plan.already.get(first_already..).unwrap_or_default();
            let planned = files.iter().find(|file| file.role == resource.role);
            // What becomes of these is seen when it is done.
            if planned.is_some_and(|file| file.convert.is_some()) {
                continue;
            }
            let is_there = planned.is_some()
                || already.iter().any(|file| file.role == resource.role)
                || self.lies_there(item, resource).is_some();
            let has_jpeg =
                made_of(resource.role).is_some_and(|made| already.iter().any(|file| file.role == made));
            if is_there {
                let wants_jpeg = self.input.contents.convert.is_some() && path.is_some_and(is_heic);
                self.plan.left_out.jpegs += usize::from(wants_jpeg && planned.is_none() && !has_jpeg);
            } else if has_jpeg {
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
