//! Names for files that have none yet.

use std::collections::HashSet;

use super::{Fate, Planner};
use crate::catalog::Item;
use crate::plan::group::{Group, kinds, names, odd_stem};
use crate::plan::places::Folder;
use crate::plan::suffix::Stems;
use crate::plan::{Action, DestName};
use crate::text::fold;

/// A stem that files can have, with what that means for each of them.
struct Candidate {
    stem: String,
    files: Vec<(DestName, Action)>,
}

impl Candidate {
    fn adopts(&self) -> bool {
        self.files.iter().any(|(_, action)| *action == Action::Adopt)
    }
}

impl Planner<'_> {
    /// Plans files of an item under one stem that is free for all of them.
    pub(super) fn add_fresh(&mut self, index: usize, item: &Item, folder: &Folder, group: &Group<'_>) {
        let members = &group.members;
        let Candidate { mut stem, files } = self.choose(item, folder, group);
        if group.is_whole {
            for (name, _) in &files {
                self.claims.claim_name(&folder.key, fold(name.as_str()));
                name.as_str().clone_into(&mut stem);
            }
        } else {
            self.claims.claim(&folder.key, &fold(&stem));
        }
        let mut fates = Vec::with_capacity(members.len());
        for (member, (name, action)) in members.iter().zip(files) {
            if !group.is_whole {
                self.claim_odd_stem(folder, name.as_str(), &stem);
            }
            fates.push((member, Fate::Goes { to: folder.path.join(&name), action, supersedes: None }));
        }
        self.carry_out(index, item, &stem, fates);
    }

    fn choose(&mut self, item: &Item, folder: &Folder, group: &Group<'_>) -> Candidate {
        let clean = group.stem.as_str();
        // A file with the item's own suffix and the right size is ours for sure; one with the clean name may
        // be another item's. So the former is what heals a lost ledger, even where the clean name is free.
        if self.drive.has_folder(&folder.key) {
            for stem in Stems::new(clean, &item.uuid.0).skip(1) {
                match self.judge(item, folder, stem, group) {
                    Some(found) if found.adopts() => return found,
                    Some(_) => break,
                    None => {}
                }
            }
        }
        let mut stems = Stems::new(clean, &item.uuid.0);
        loop {
            if let Some(found) = self.judge(item, folder, stems.next_stem(), group) {
                return found;
            }
        }
    }

    /// Whether a stem can be had, and what that takes.
    fn judge(&mut self, item: &Item, folder: &Folder, stem: String, group: &Group<'_>) -> Option<Candidate> {
        let members = &group.members;
        let key = fold(&stem);
        if !group.is_whole && self.claims.has(&folder.key, &key) {
            return None;
        }
        let names = names(kinds(members), &stem, self.input.places.names(), &mut HashSet::new());
        let mut files = Vec::with_capacity(names.len());
        for (member, name) in members.iter().zip(names) {
            let odd = odd_stem(name.as_str(), &stem);
            if odd.is_some_and(|odd| !group.is_whole && self.claims.has(&folder.key, &fold(odd))) {
                return None;
            }
            let action = self.action_at(item, folder, &name, member)?;
            files.push((name, action));
        }
        let found = Candidate { stem, files };
        // Somebody's photo beside our movie would look like a Live Photo; unless a file of ours shows that
        // the stem was this item's all along.
        let blocked = !group.is_whole && !found.adopts() && self.drive.has_stem(&folder.key, &key);
        (!blocked).then_some(found)
    }
}
