//! Files that are in further folders too.
//!
//! In each further folder an item has one stem, as at home, and by the same rules: that of home if it is free
//! there, else with digits of its uuid; and a name once given stays. What is there and was not made by us is
//! left alone.

use std::collections::HashSet;

use super::Planner;
use crate::catalog::{Item, Role};
use crate::plan::extension::split;
use crate::plan::group::{names, odd_stem};
use crate::plan::outcome::{LinkAction, PlannedLink};
use crate::plan::places::Folder;
use crate::plan::suffix::Stems;
use crate::plan::survey::Taken;
use crate::plan::{DestName, DestPath, KnownLink, LinkWay};
use crate::text::fold;

/// A file of the item that is, or will be, on the drive.
struct Target {
    role: Role,
    path: DestPath,
    size_bytes: Option<u64>,
    revision: Box<str>,
}

/// What becomes of a link that was made before.
enum Fate {
    /// It is to be as it is, or to be made again under its name.
    At(LinkAction),
    /// Somebody changed it: it is theirs.
    Lost,
}

/// A stem that links can have in a folder, with what that means for each of them.
struct Candidate {
    stem: String,
    links: Vec<(DestName, LinkAction)>,
}

impl Candidate {
    fn adopts(&self) -> bool {
        self.links.iter().any(|(_, action)| *action == LinkAction::Adopt)
    }
}

impl Planner<'_> {
    /// Plans the links to the files of an item, which are in the plan from `first` and `first_already` on.
    pub(super) fn add_links(&mut self, index: usize, item: &Item, first: usize, first_already: usize) {
        let places = self.input.places;
        if places.further_folders(index).next().is_none() {
            return;
        }
        let (stem, targets) = self.targets(item, first, first_already);
        for folder in places.further_folders(index) {
            let targets: Vec<&Target> =
                targets.iter().filter(|target| target.path.parent().fold() != folder.key).collect();
            if !targets.is_empty() {
                self.link_into(index, item, folder, &stem, &targets);
            }
        }
    }

    /// The files of an item that are on the drive or will be, by role, and the stem of the first.
    fn targets(&self, item: &Item, first: usize, first_already: usize) -> (String, Vec<Target>) {
        let known = |role| self.input.known.file(&item.uuid, role);
        let mut stems: Vec<(Role, Box<str>)> = Vec::new();
        let mut out = Vec::new();
        for there in self.plan.already.iter().skip(first_already) {
            let Some(file) = known(there.role) else { continue };
            stems.push((there.role, file.stem.clone()));
            out.push(Target {
                role: there.role,
                path: there.to.clone(),
                size_bytes: Some(there.size_bytes),
                revision: file.revision.clone(),
            });
        }
        for file in self.plan.files.iter().skip(first) {
            stems.push((file.role, file.stem.clone()));
            let target = |role, path: &DestPath, size_bytes| Target {
                role,
                path: path.clone(),
                size_bytes,
                revision: file.revision.as_str().into(),
            };
            if file.convert.as_ref().is_none_or(|convert| convert.keep_original) {
                out.push(target(file.role, &file.to, file.size_hint));
            }
            out.extend(file.convert.iter().map(|convert| target(convert.role, &convert.to, None)));
        }
        out.sort_by_key(|target| target.role);
        let stem = stems.into_iter().min_by_key(|(role, _)| *role).map(|(_, stem)| stem.into());
        (stem.unwrap_or_default(), out)
    }

    fn link_into(&mut self, index: usize, item: &Item, folder: &Folder, clean: &str, targets: &[&Target]) {
        let known: Vec<&KnownLink> = self
            .input
            .known
            .links_of(&item.uuid)
            .iter()
            .filter(|link| link.at.parent().fold() == folder.key)
            .collect();
        let mut new = Vec::new();
        let mut is_lost = false;
        for target in targets {
            // Of several, the last is the one that was made when those before were lost.
            let link = known.iter().rev().find(|link| link.role == target.role);
            match link.map(|link| (link, self.link_fate(item, folder, link, target))) {
                Some((link, Fate::At(action))) => {
                    self.push_link(index, item, target, link.at.clone(), &link.stem, action);
                }
                Some((_, Fate::Lost)) => {
                    is_lost = true;
                    new.push(*target);
                }
                None => new.push(*target),
            }
        }
        if new.is_empty() {
            return;
        }
        let own: &[&KnownLink] = if is_lost { &[] } else { &known };
        let Candidate { stem, links } = self.choose_for_links(item, folder, own, clean, &new);
        self.claims.claim(&folder.key, &fold(&stem));
        for (target, (name, action)) in new.into_iter().zip(links) {
            self.claim_odd_stem(folder, name.as_str(), &stem);
            self.push_link(index, item, target, folder.path.join(&name), &stem, action);
        }
    }

    fn link_fate(&self, item: &Item, folder: &Folder, link: &KnownLink, target: &Target) -> Fate {
        let Some(taken) = self.at(folder, link.at.file_name()) else {
            return Fate::At(LinkAction::Make);
        };
        let is_same = link.target == target.path;
        let is_current = is_same && link.revision == target.revision;
        let (is_left, is_good) = match link.way {
            LinkWay::Symbolic => (taken.points_to(&link.target.relative_to(&link.at.parent())), is_same),
            LinkWay::Reflink | LinkWay::Hard | LinkWay::Copy => (taken.has_size(link.size_bytes), is_current),
        };
        match is_left {
            true if is_good => Fate::At(LinkAction::Stays),
            // It was found to be somebody's when it was to be replaced.
            true if self.is_refuted(item, &link.at) => Fate::Lost,
            true => Fate::At(LinkAction::Replace),
            // A run that was cut off may have made it anew, and not recorded it.
            false if !is_current && self.may_be_link(item, &link.at, taken, target) => {
                Fate::At(LinkAction::Adopt)
            }
            false => Fate::Lost,
        }
    }

    fn choose_for_links(
        &mut self,
        item: &Item,
        folder: &Folder,
        own: &[&KnownLink],
        clean: &str,
        targets: &[&Target],
    ) -> Candidate {
        if let Some(stem) = own.last().map(|link| &link.stem)
            && let Some(found) = self.judge_for_links(item, folder, stem, own, targets)
        {
            return found;
        }
        // As for files: what has the item's own suffix is ours for sure.
        if self.drive.has_folder(&folder.key) {
            for stem in Stems::new(clean, &item.uuid.0).skip(1) {
                match self.judge_for_links(item, folder, &stem, &[], targets) {
                    Some(found) if found.adopts() => return found,
                    Some(_) => break,
                    None => {}
                }
            }
        }
        let mut stems = Stems::new(clean, &item.uuid.0);
        loop {
            if let Some(found) = self.judge_for_links(item, folder, &stems.next_stem(), &[], targets) {
                return found;
            }
        }
    }

    /// Whether links can have a stem, which may be that of links of the same item already, and what that takes.
    fn judge_for_links(
        &mut self,
        item: &Item,
        folder: &Folder,
        stem: &str,
        own: &[&KnownLink],
        targets: &[&Target],
    ) -> Option<Candidate> {
        let key = fold(stem);
        if own.is_empty() && self.claims.has(&folder.key, &key) {
            return None;
        }
        let kinds = targets.iter().map(|target| (target.role, split(target.path.file_name()).1));
        let mut taken: HashSet<String> = own.iter().map(|link| fold(link.at.file_name())).collect();
        let names = names(kinds, stem, self.input.places.names(), &mut taken);
        let mut links = Vec::with_capacity(names.len());
        for (target, name) in targets.iter().zip(names) {
            let odd = odd_stem(name.as_str(), stem);
            if odd.is_some_and(|odd| self.claims.has(&folder.key, &fold(odd))) {
                return None;
            }
            let action = self.link_action_at(item, folder, &name, target)?;
            links.push((name, action));
        }
        let found = Candidate { stem: stem.to_owned(), links };
        let blocked = own.is_empty() && !found.adopts() && self.drive.has_stem(&folder.key, &key);
        (!blocked).then_some(found)
    }

    /// What it takes to give a link a name that the ledger does not have: `None` if the name is taken.
    fn link_action_at(
        &self,
        item: &Item,
        folder: &Folder,
        name: &DestName,
        target: &Target,
    ) -> Option<LinkAction> {
        let Some(taken) = self.at(folder, name.as_str()) else {
            let is_free = !self.claims.is_subfolder(&folder.key, &fold(name.as_str()));
            return is_free.then_some(LinkAction::Make);
        };
        self.may_be_link(item, &folder.path.join(name), taken, target).then_some(LinkAction::Adopt)
    }

    /// Whether what lies at a path may be this very link.
    fn may_be_link(&self, item: &Item, at: &DestPath, taken: &Taken, target: &Target) -> bool {
        let fits = taken.points_to(&target.path.relative_to(&at.parent()))
            || target.size_bytes.is_some_and(|size| taken.is_file_of(at.file_name(), size));
        fits && !self.is_refuted(item, at)
    }

    fn push_link(
        &mut self,
        index: usize,
        item: &Item,
        target: &Target,
        at: DestPath,
        stem: &str,
        action: LinkAction,
    ) {
        self.plan.links.push(PlannedLink {
            item: index,
            uuid: item.uuid.clone(),
            role: target.role,
            target: target.path.clone(),
            at,
            stem: stem.into(),
            size_bytes: target.size_bytes,
            revision: target.revision.clone(),
            action,
        });
    }
}
