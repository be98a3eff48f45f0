//! Making the plan.

mod fresh;
mod settled;

use std::collections::BTreeSet;

use super::claims::{Claims, OnDrive};
use super::extension::split;
use super::group::{EDITED, Group, Member};
use super::survey::Taken;
use super::{Absent, Action, AlreadyThere, DestName, DestPath, Plan, PlanInput, PlannedFile};
use crate::catalog::{Item, Presence, Proof, Role};
use crate::text::fold;

/// Decides where each file of the selected items goes. The order of `selected` does not matter, only what
/// is in it; time grows with the number of files.
#[must_use]
pub fn plan(input: &PlanInput<'_>) -> Plan {
    let mut planner = Planner::new(input);
    let selected: BTreeSet<usize> = input.selected.iter().copied().collect();
    for index in selected {
        if let Some(item) = input.catalog.items.get(index) {
            planner.add(index, item);
        }
    }
    planner.plan
}

struct Planner<'a> {
    input: &'a PlanInput<'a>,
    claims: Claims,
    drive: OnDrive<'a>,
    plan: Plan,
}

/// A folder with its key.
struct Folder {
    path: DestPath,
    key: String,
}

impl Folder {
    fn new(path: DestPath) -> Self {
        Self { key: path.fold(), path }
    }
}

/// What becomes of a file that is on the phone.
enum Fate {
    /// It lies on the drive as we left it.
    Stays(DestPath, u64, Option<Proof>),
    /// It is to be transferred.
    Goes { to: DestPath, action: Action, supersedes: Option<DestPath> },
}

impl<'a> Planner<'a> {
    fn new(input: &'a PlanInput<'a>) -> Self {
        let mut planner = Self {
            input,
            claims: Claims::default(),
            drive: OnDrive::new(input.survey),
            plan: Plan::default(),
        };
        let mut folder = Folder::new(DestPath::root());
        for (to, stem) in input.known.names() {
            let parent = to.parent();
            if parent != folder.path {
                folder = Folder::new(parent);
            }
            planner.claims.claim(&folder.key, &fold(stem));
            planner.claim_odd_stem(&folder, to.file_name(), stem);
        }
        planner
    }

    fn add(&mut self, index: usize, item: &Item) {
        self.add_absent(index, item);
        let group = Group::of(item, self.input.contents);
        if group.members.is_empty() {
            return;
        }
        let first = self.plan.files.len();
        if self.input.known.of(&item.uuid).is_empty() {
            let folder = Folder::new(self.input.layout.folder(item));
            self.add_fresh(index, item, &folder, &group.stem, &group.members);
        } else {
            self.add_settled(index, item, group);
        }
        if let Some(new) = self.plan.files.get_mut(first..) {
            new.sort_by_key(|file| file.role);
        }
    }

    /// Files that the phone does not have. One that was exported before is none to worry about.
    fn add_absent(&mut self, index: usize, item: &Item) {
        let absent = |role, size_bytes| Absent {
            item: index,
            uuid: item.uuid.clone(),
            name: item.original_name.clone(),
            role,
            size_bytes,
        };
        if item.resources.is_empty() {
            self.plan.missing.push(absent(Role::Original, None));
        }
        for resource in item.resources.iter().filter(|own| self.input.contents.means(item, own.role)) {
            let list = match resource.presence {
                Presence::OnPhone(_) => continue,
                Presence::CloudOnly => &mut self.plan.cloud_only,
                Presence::Missing => &mut self.plan.missing,
            };
            let known = self.input.known.file(&item.uuid, resource.role);
            let there = known.filter(|file| *file.revision == *resource.revision).filter(|file| {
                let folder = Folder::new(file.to.parent());
                self.drive
                    .at(&folder.key, &fold(file.to.file_name()))
                    .is_some_and(|taken| taken.has_size(file.size_bytes))
            });
            match there {
                Some(file) => self.plan.already.push(AlreadyThere {
                    item: index,
                    role: resource.role,
                    to: file.to.clone(),
                    size_bytes: file.size_bytes,
                    proof: file.proof,
                }),
                None => list.push(absent(resource.role, resource.size_bytes)),
            }
        }
    }

    /// What lies in a folder under a name.
    fn at(&self, folder: &Folder, name: &str) -> Option<&'a Taken> {
        self.drive.at(&folder.key, &fold(name))
    }

    /// What it takes to give a file a name that the ledger does not have: `None` if the name is taken.
    fn action_at(
        &self,
        item: &Item,
        folder: &Folder,
        name: &DestName,
        member: &Member<'_>,
    ) -> Option<Action> {
        let Some(taken) = self.at(folder, name.as_str()) else {
            return Some(Action::Copy);
        };
        let fits = member.resource.size_bytes.is_some_and(|size| taken.is_file_of(name.as_str(), size));
        let refuted = self
            .input
            .known
            .conflicts_of(&item.uuid)
            .is_some_and(|paths| paths.contains(&folder.path.join(name).fold()));
        (fits && !refuted).then_some(Action::Adopt)
    }

    /// Writes a file's fate into the plan.
    fn carry_out(&mut self, index: usize, item: &Item, stem: &str, member: &Member<'_>, fate: Fate) {
        let resource = member.resource;
        match fate {
            Fate::Stays(to, size_bytes, proof) => {
                self.plan.already.push(AlreadyThere {
                    item: index,
                    role: resource.role,
                    to,
                    size_bytes,
                    proof,
                });
            }
            Fate::Goes { to, action, supersedes } => self.plan.files.push(PlannedFile {
                item: index,
                uuid: item.uuid.clone(),
                original_name: item.original_name.as_str().into(),
                role: resource.role,
                from: member.from.clone(),
                to,
                stem: stem.into(),
                size_hint: resource.size_bytes,
                time: item.taken.map(|taken| taken.instant),
                fingerprint: resource.fingerprint.clone(),
                revision: resource.revision.clone(),
                action,
                supersedes,
                convert: None,
            }),
        }
    }

    /// Claims the stem of a file name if it is not one of the two that its group's stem stands for.
    fn claim_odd_stem(&mut self, folder: &Folder, name: &str, stem: &str) {
        if let Some(odd) = odd_stem(name, stem) {
            self.claims.claim(&folder.key, &fold(odd));
        }
    }
}

/// The stem of a file name, if it is neither its group's stem nor that with `_edited`, such as
/// `IMG_1_live_video`.
fn odd_stem<'n>(name: &'n str, stem: &str) -> Option<&'n str> {
    let own = split(name).0;
    (own != stem && own.strip_suffix(EDITED) != Some(stem)).then_some(own)
}

#[cfg(test)]
mod tests;
