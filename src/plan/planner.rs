//! Making the plan.

mod fresh;
mod left_out;
mod links;
mod settled;

use std::collections::{BTreeSet, HashSet};

use super::claims::{Claims, OnDrive};
use super::group::{Group, Member, is_whole, odd_stem};
use super::places::Folder;
use super::survey::Taken;
use super::tagging::{self, Filling};
use super::{
    Absent, Action, AlreadyThere, Conversion, DestName, DestPath, KnownFile, Plan, PlanInput, PlannedFile,
};
use crate::catalog::{Item, Presence, Proof, Resource, Role};
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

/// What becomes of a file that is on the phone, or is made of one.
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
        let mut seen: HashSet<DestPath> = HashSet::new();
        for folder in input.places.folders() {
            let mut path = folder.path.clone();
            while !path.is_root() && seen.insert(path.clone()) {
                let parent = path.parent();
                planner.claims.claim_subfolder(parent.fold(), fold(path.file_name()));
                path = parent;
            }
        }
        let mut folder = Folder::new(DestPath::root());
        for (to, stem) in input.known.names() {
            let parent = to.parent();
            if parent != folder.path {
                folder = Folder::new(parent);
            }
            planner.claims.claim_name(&folder.key, fold(to.file_name()));
            if !is_whole(to.file_name(), stem) {
                planner.claims.claim(&folder.key, &fold(stem));
                planner.claim_odd_stem(&folder, to.file_name(), stem);
            }
        }
        planner
    }

    fn add(&mut self, index: usize, item: &Item) {
        let (first, first_already) = (self.plan.files.len(), self.plan.already.len());
        self.add_absent(index, item);
        let places = self.input.places;
        let mut group = Group::of(item, self.input.contents, places.names(), places.named(index));
        // A preview stands for an original that cannot be had. One that an earlier export brought is there.
        if item.resource(Role::Original).is_some_and(|original| self.lies_there(item, original).is_some()) {
            group.members.retain(|member| member.role != Role::Preview);
        }
        if !group.members.is_empty() {
            if !self.input.known.of(&item.uuid).is_empty() {
                self.add_settled(index, item, group);
            } else if let Some(home) = places.home_folder(index) {
                self.add_fresh(index, item, home, &group);
            }
        }
        if let Some(new) = self.plan.files.get_mut(first..) {
            new.sort_by_key(|file| file.role);
        }
        self.count_left_out(item, first, first_already);
        self.add_links(index, item, first, first_already);
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
            if matches!(resource.presence, Presence::OnPhone(_)) {
                continue;
            }
            match self.lies_there(item, resource) {
                Some(file) => self.plan.already.push(AlreadyThere {
                    item: index,
                    role: resource.role,
                    to: file.to.clone(),
                    size_bytes: file.size_bytes,
                    proof: file.proof,
                }),
                None => {
                    let list = match resource.presence {
                        Presence::CloudOnly => &mut self.plan.cloud_only,
                        _ => &mut self.plan.missing,
                    };
                    list.push(absent(resource.role, resource.size_bytes));
                }
            }
        }
    }

    /// This version of a file, if an earlier export brought it and it lies there as it was left.
    fn lies_there(&self, item: &Item, resource: &Resource) -> Option<&'a KnownFile> {
        let known = self.input.known.file(&item.uuid, resource.role);
        let is_on_phone = matches!(resource.presence, Presence::OnPhone(_));
        let is_same = |file: &&KnownFile| match is_on_phone {
            true => tagging::is_same(&file.revision, &resource.revision, self.filling(item, resource.role)),
            // Nothing can be filled into what cannot be read, and which version it was is often known of files only.
            false => {
                resource.revision.is_empty()
                    || tagging::is_same(&file.revision, &resource.revision, Filling::Nothing)
            }
        };
        known.filter(is_same).filter(|file| {
            let folder = Folder::new(file.to.parent());
            let taken = self.drive.at(&folder.key, &fold(file.to.file_name()));
            taken.is_some_and(|taken| taken.has_size(file.size_bytes))
        })
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
        let key = fold(name.as_str());
        if self.claims.has_name(&folder.key, &key) {
            return None;
        }
        let Some(taken) = self.at(folder, name.as_str()) else {
            return (!self.claims.is_subfolder(&folder.key, &key)).then_some(Action::Copy);
        };
        self.may_be(item, &folder.path.join(name), taken, member).then_some(Action::Adopt)
    }

    /// Whether what lies at a path may be this very file.
    fn may_be(&self, item: &Item, path: &DestPath, taken: &Taken, member: &Member<'_>) -> bool {
        let fits = if member.is_made() || self.filling(item, member.role) != Filling::Nothing {
            // How large it will be is not known before it is made.
            taken.is_file(path.file_name())
        } else {
            member.resource.size_bytes.is_some_and(|size| taken.is_file_of(path.file_name(), size))
        };
        fits && !self.is_refuted(item, path)
    }

    /// What is filled into a file, so that it is not what it is on the phone.
    fn filling(&self, item: &Item, role: Role) -> Filling {
        tagging::filling(item, role, self.input.contents)
    }

    /// Whether what lies at a path was found to be something else than what this item has.
    fn is_refuted(&self, item: &Item, path: &DestPath) -> bool {
        self.input.known.conflicts_of(&item.uuid).is_some_and(|paths| paths.contains(&path.fold()))
    }

    /// Writes what becomes of files that share a stem into the plan.
    fn carry_out<'m>(
        &mut self,
        index: usize,
        item: &Item,
        stem: &str,
        fates: impl IntoIterator<Item = (&'m Member<'m>, Fate)>,
    ) {
        let (mut made, found): (Vec<_>, Vec<_>) = fates.into_iter().partition(|(member, _)| member.is_made());
        for (member, mut fate) in found {
            let role = member.resource.role;
            let its_own = made.iter().position(|(made, _)| made.resource.role == role);
            let mut convert = None;
            if let (Some(wanted), Some(at)) = (self.input.contents.convert, its_own) {
                match made.swap_remove(at) {
                    (made, made_fate @ Fate::Stays(..)) => {
                        self.stays(index, made.role, made_fate);
                        if !wanted.keep_original && matches!(fate, Fate::Goes { .. }) {
                            continue;
                        }
                    }
                    (made, Fate::Goes { to, action, .. }) => {
                        let mut keep_original = wanted.keep_original;
                        if let Fate::Stays(path, ..) = &fate {
                            // It is read once more, for what is made of it.
                            keep_original = true;
                            fate = Fate::Goes { to: path.clone(), action: Action::Adopt, supersedes: None };
                        }
                        let quality = wanted.quality;
                        convert = Some(Conversion { role: made.role, to, action, quality, keep_original });
                    }
                }
            }
            match fate {
                Fate::Stays(..) => self.stays(index, role, fate),
                Fate::Goes { to, action, supersedes } => {
                    let tagging = tagging::of(item, role, self.input.contents);
                    self.plan.files.push(PlannedFile {
                        item: index,
                        uuid: item.uuid.clone(),
                        original_name: item.original_name.as_str().into(),
                        role,
                        from: member.from.clone(),
                        to,
                        stem: stem.into(),
                        size_hint: member.resource.size_bytes,
                        time: item.time(),
                        fingerprint: member.resource.fingerprint.clone(),
                        revision: tagging::revision(&member.resource.revision, self.filling(item, role)),
                        action,
                        supersedes,
                        convert,
                        tagging,
                    });
                }
            }
        }
    }

    fn stays(&mut self, index: usize, role: Role, fate: Fate) {
        if let Fate::Stays(to, size_bytes, proof) = fate {
            self.plan.already.push(AlreadyThere { item: index, role, to, size_bytes, proof });
        }
    }

    /// Claims the stem of a file name if it is not one of those that its group's stem stands for.
    fn claim_odd_stem(&mut self, folder: &Folder, name: &str, stem: &str) {
        if let Some(odd) = odd_stem(name, stem) {
            self.claims.claim(&folder.key, &fold(odd));
        }
    }
}

#[cfg(test)]
mod tests;
