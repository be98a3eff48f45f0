//! Files of items that were exported before.
//!
//! What lies on the drive stays where it is, and what is new joins it. Only when somebody changed a file of
//! ours, or put one of theirs where a new one of ours belongs, new names are needed; and then for all files
//! that share the stem, since half of a pair is of no use. The old ones are left to whoever changed them.

use std::collections::HashSet;

use super::{Fate, Planner};
use crate::catalog::{AssetUuid, Item, Role};
use crate::plan::extension::{is_same_kind, split};
use crate::plan::group::{Group, Member, names, odd_stem};
use crate::plan::places::Folder;
use crate::plan::tagging::{self, Filling};
use crate::plan::{Action, DestPath, Known, KnownFile};
use crate::source::Stat;
use crate::text::fold;

/// Where the files that share a stem are, and which they are.
struct Home<'k> {
    folder: Folder,
    stem: &'k str,
    files: Vec<&'k KnownFile>,
}

impl<'k> Home<'k> {
    /// That of the plain or of the edited files of an item: where the first of them by role was put; or if
    /// there is none yet, where the others are.
    fn of(known: &'k Known, uuid: &AssetUuid, edited: bool) -> Option<Self> {
        let files = known.of(uuid);
        let of_kind =
            files.iter().filter(|file| file.role.is_edited() == edited).min_by_key(|file| file.role);
        let first = of_kind.or_else(|| files.iter().min_by_key(|file| file.role))?;
        let folder = Folder::new(first.to.parent());
        let files =
            files.iter().filter(|file| file.stem == first.stem && file.to.parent() == folder.path).collect();
        Some(Self { folder, stem: &first.stem, files })
    }

    fn file(&self, role: Role) -> Option<&'k KnownFile> {
        self.files.iter().copied().find(|file| file.role == role)
    }
}

impl Planner<'_> {
    /// Plans an item of which something was exported before.
    pub(super) fn add_settled(&mut self, index: usize, item: &Item, group: Group<'_>) {
        let known = self.input.known;
        let Group { stem, is_whole, members } = group;
        let members = members.into_iter().filter(|member| self.is_due(item, member));
        let (edited, plain): (Vec<Member<'_>>, Vec<Member<'_>>) =
            members.partition(|member| member.role.is_edited());
        let mut moving: Option<(Folder, Vec<Member<'_>>)> = None;
        for (members, is_edited) in [(plain, false), (edited, true)] {
            let Some(home) = Home::of(known, &item.uuid, is_edited) else { continue };
            match self.fates(item, &home, &members) {
                Some(fates) => {
                    for fate in &fates {
                        if let Fate::Goes { to, .. } = fate
                            && !is_whole
                        {
                            self.claim_odd_stem(&home.folder, to.file_name(), home.stem);
                        }
                    }
                    self.carry_out(index, item, home.stem, members.iter().zip(fates));
                }
                None => match &mut moving {
                    Some((_, moving)) => moving.extend(members),
                    None => moving = Some((home.folder, members)),
                },
            }
        }
        if let Some((folder, members)) = moving {
            self.add_fresh(index, item, &folder, &Group { stem, is_whole, members });
        }
    }

    /// Whether a file still belongs to an item of which something was exported before. All but one kind: a JPEG
    /// that is to stand for a HEIC is not made where the HEIC is on the drive and the JPEG is not. It was
    /// exported without, or it could not be decoded; either way it is there.
    fn is_due(&self, item: &Item, member: &Member<'_>) -> bool {
        if !member.is_made() {
            return true;
        }
        let Some(found) = self.input.known.file(&item.uuid, member.resource.role) else { return true };
        let is_made = self.input.known.file(&item.uuid, member.role).is_some();
        let keeps = self.input.contents.convert.is_some_and(|convert| convert.keep_original);
        // What is to be read once more must be what it was.
        (is_made || keeps) && !self.is_refuted(item, &found.to)
    }

    /// What becomes of members that share a known stem; `None` if they cannot all have it any more.
    fn fates(&self, item: &Item, home: &Home<'_>, members: &[Member<'_>]) -> Option<Vec<Fate>> {
        let mut fates = Vec::with_capacity(members.len());
        let mut new_names = HashSet::new();
        for member in members {
            let mut supersedes = None;
            if let Some(file) = home.file(member.role) {
                let taken = self.at(&home.folder, file.to.file_name());
                let untouched = taken.is_some_and(|taken| taken.has_size(file.size_bytes));
                let filling = self.filling(item, member.role);
                let is_same = tagging::is_same(&file.revision, &member.resource.revision, filling);
                let extension = split(file.to.file_name()).1.unwrap_or_default();
                let is_of_kind = is_same_kind(extension, member.extension.as_deref().unwrap_or_default());
                if let Some(taken) = taken.filter(|_| !untouched) {
                    // A run that was cut off may have put the new version there, and not recorded it.
                    if is_same || !is_of_kind || !self.may_be(item, &file.to, taken, member) {
                        return None;
                    }
                    fates.push(Fate::Goes { to: file.to.clone(), action: Action::Adopt, supersedes: None });
                    continue;
                }
                let is_other = !tagging::is_same(&file.revision, &member.resource.revision, Filling::Nothing);
                // It was found to be somebody's when it was to be replaced. Or it may be another photo, of which this is
                // the only copy.
                let is_kept = self.is_refuted(item, &file.to) || is_other && item.uuid.is_place();
                if !is_same && untouched && is_kept {
                    // Perhaps only its time is another: it is read, and gets another name if it is not the same.
                    let (own, had) = tagging::parts(&file.revision);
                    let size = Stat::size_in_revision(own);
                    let may_be = size.is_some() && size == Stat::size_in_revision(&member.resource.revision);
                    if !may_be || had != filling || self.is_refuted(item, &file.to) {
                        return None;
                    }
                    fates.push(Fate::Goes { to: file.to.clone(), action: Action::Adopt, supersedes: None });
                    continue;
                }
                if is_same && untouched {
                    fates.push(Fate::Stays(file.to.clone(), file.size_bytes, file.proof));
                    continue;
                }
                if is_same || is_of_kind {
                    let action = if untouched { Action::Replace } else { Action::Copy };
                    fates.push(Fate::Goes { to: file.to.clone(), action, supersedes: None });
                    continue;
                }
                supersedes = untouched.then(|| file.to.clone());
            }
            let (to, action) = self.name_at_home(item, home, member, &mut new_names)?;
            fates.push(Fate::Goes { to, action, supersedes });
        }
        Some(fates)
    }

    /// A name for a file that joins others on the drive; `None` if it is taken. `new_names` are the folded
    /// names that were found like this before.
    fn name_at_home(
        &self,
        item: &Item,
        home: &Home<'_>,
        member: &Member<'_>,
        new_names: &mut HashSet<String>,
    ) -> Option<(DestPath, Action)> {
        new_names.extend(home.files.iter().map(|file| fold(file.to.file_name())));
        let kind = (member.role, member.extension.as_deref());
        let name = names([kind], home.stem, self.input.places.names(), new_names).pop()?;
        let odd = odd_stem(name.as_str(), home.stem);
        if odd.is_some_and(|odd| self.claims.has(&home.folder.key, &fold(odd))) {
            return None;
        }
        let action = self.action_at(item, &home.folder, &name, member)?;
        Some((home.folder.path.join(&name), action))
    }
}
