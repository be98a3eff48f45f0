//! Lists of the members of each album, in their order: on every drive, whether it can hold links or not.
//!
//! They lie in the folder of the album, `Cats/Cats.m3u8` and `Cats/Cats.json`. A list that somebody changed, or
//! that was somebody's from the beginning, is left alone.

mod text;

use std::collections::{HashMap, HashSet};

use crate::catalog::{Album, Catalog, Collection, Item, Presence, Resource, Role};
use crate::ledger::Recording;
use crate::plan::{AlreadyThere, DestName, DestPath, Known, KnownList, ListPlace, Names, Places, Plan};
use crate::report::FailedFile;
use crate::transfer::{AtPath, Drive, End, WriteProblem};
use text::{File, List, Member};

/// What came of the lists.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Written {
    /// Albums whose lists are on the drive, new, changed or as they were.
    pub(super) albums: u64,
    /// Those that could not be written.
    pub(super) failed: Vec<FailedFile>,
    /// Why it ended early, if it did.
    pub(super) end: Option<End>,
}

/// What it takes to write lists.
pub(super) struct Lister<'a> {
    pub(super) drive: &'a dyn Drive,
    pub(super) recorder: &'a mut Recording,
    pub(super) catalog: &'a Catalog,
    pub(super) places: &'a Places,
    /// What was meant, as indices.
    pub(super) selected: &'a [usize],
    /// What was planned last: what it says is there already is there.
    pub(super) plan: &'a Plan,
    /// What the ledger knows at the end of the run.
    pub(super) known: &'a Known,
    /// Whether links were made in this run, so that those in the ledger are there.
    pub(super) links: bool,
    /// Whether lists are written even of what nothing was meant of.
    pub(super) every: bool,
    /// Whether only those are brought up to date that were written before.
    pub(super) only_known: bool,
}

impl Lister<'_> {
    /// Writes the lists of all albums that have a folder and of which anything was meant.
    pub(super) fn write(mut self) -> Written {
        let selected: HashSet<usize> = self.selected.iter().copied().collect();
        let mut there: HashMap<usize, Vec<&AlreadyThere>> = HashMap::new();
        for file in &self.plan.already {
            there.entry(file.item).or_default().push(file);
        }
        let in_cloud: HashSet<usize> = self.plan.cloud_only.iter().map(|absent| absent.item).collect();
        let missing: HashSet<usize> = self.plan.missing.iter().map(|absent| absent.item).collect();
        let is_protected = |index: usize| self.catalog.items.get(index).is_some_and(Item::is_protected);
        // What this run does not mean is not in its plan; what the phone lacks is so for every run.
        let why_not = |index: usize| match self.catalog.items.get(index).and_then(absent) {
            Some(absent) if !selected.contains(&index) => absent,
            _ if !selected.contains(&index) && is_protected(index) => text::Missing::Protected,
            _ if !selected.contains(&index) => text::Missing::LeftOut,
            _ if in_cloud.contains(&index) => text::Missing::OnlyInIcloud,
            _ if missing.contains(&index) => text::Missing::NotOnPhone,
            _ => text::Missing::NotExported,
        };
        let mut out = Written::default();
        for place in self.places.lists() {
            let folder = &place.folder;
            let Some(album) = self.catalog.albums.get(place.album) else { continue };
            // What could not be read is not gone from the album.
            if !album.is_whole && (album.members.is_empty() || self.has_list(album)) {
                continue;
            }
            if self.only_known && self.known.lists_of(&album.id).is_empty() {
                continue;
            }
            if !self.every && !album.members.iter().any(|member| selected.contains(member)) {
                continue;
            }
            let members = album.members.iter().filter_map(|index| {
                let item = self.catalog.items.get(*index)?;
                let files = self.files(item, folder, there.get(index).map(Vec::as_slice));
                // Of photos the name of what is left out on purpose is nobody's business; of songs nothing is hidden.
                let is_named = item.media.is_some() || selected.contains(index) || !files.is_empty();
                Some(Member::new(item, is_named, files, why_not(*index)))
            });
            let list = List { album, members: members.collect() };
            if let Err(end) = self.write_album(album, place, &list, &mut out) {
                out.end = Some(end);
                break;
            }
        }
        out
    }

    /// Whether a list of an album is on the drive.
    fn has_list(&self, album: &Album) -> bool {
        let is_there = |list: &KnownList| matches!(self.drive.look(&list.at), Ok(AtPath::File(_)));
        self.known.lists_of(&album.id).iter().any(is_there)
    }

    /// The files of an item that are on the drive, by role: as they are in this folder, else where they are.
    fn files(&self, item: &Item, folder: &DestPath, there: Option<&[&AlreadyThere]>) -> Vec<File> {
        let is_file = |path: &DestPath| matches!(self.drive.look(path), Ok(AtPath::File(_)));
        let is_there = |path: &DestPath| !matches!(self.drive.look(path), Ok(AtPath::Nothing) | Err(_));
        let mut found: Vec<(Role, &DestPath)> = match there {
            Some(there) => there.iter().map(|file| (file.role, &file.to)).collect(),
            // What was exported before and is not meant now was not looked at yet.
            None => {
                let known = self.known.of(&item.uuid).iter();
                known.map(|file| (file.role, &file.to)).filter(|(_, path)| is_file(path)).collect()
            }
        };
        found.sort_by_key(|(role, _)| *role);
        let files = found.into_iter().map(|(role, to)| {
            let link = self
                .known
                .links_of(&item.uuid)
                .iter()
                .rev()
                .find(|link| link.role == role && link.target == *to && link.at.parent() == *folder);
            let link = link.map(|link| &link.at).filter(|at| self.links && there.is_some() || is_there(at));
            File { role, path: link.unwrap_or(to).relative_to(folder) }
        });
        files.collect()
    }

    fn write_album(
        &mut self,
        album: &Album,
        place: &ListPlace,
        list: &List<'_>,
        out: &mut Written,
    ) -> Result<(), End> {
        let mut is_whole = true;
        let playlist = Some(("m3u8", list.m3u8()));
        // Players show every file in a folder of playlists; what is missing is said in the list itself.
        let document = (self.catalog.collection == Collection::Photos).then(|| ("json", list.json()));
        for (format, bytes) in playlist.into_iter().chain(document) {
            match self.write_list(album, place, format, &bytes) {
                Ok(()) => {}
                Err((at, WriteProblem::ThisFile(reason))) => {
                    is_whole = false;
                    out.failed.push(FailedFile {
                        uuid: album.id.0.clone(),
                        name: at.file_name().to_owned(),
                        role: "album_list",
                        from: String::new(),
                        to: at.to_text().to_owned(),
                        reason,
                    });
                }
                Err((_, WriteProblem::Everything(end))) => return Err(end),
            }
        }
        out.albums += u64::from(is_whole);
        Ok(())
    }

    /// Writes a list under the first name that is free or ours.
    fn write_list(
        &mut self,
        album: &Album,
        place: &ListPlace,
        format: &str,
        bytes: &[u8],
    ) -> Result<(), (DestPath, WriteProblem)> {
        self.forget_gone(album, format)?;
        let folder = &place.folder;
        let hash = blake3::hash(bytes).to_hex();
        let known = self.known.lists_of(&album.id).iter().find(|known| {
            // One that was renamed has a list of its new name; the old one is left as it is.
            let stem = known.at.file_name().strip_suffix(format).and_then(|stem| stem.strip_suffix('.'));
            let is_so_called = stem.and_then(|stem| stem.strip_prefix(place.stem.as_str()));
            &*known.format == format
                && known.at.parent() == *folder
                && is_so_called.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        });
        let others = DestName::stems(&place.stem, &album.id.0)
            .map(|stem| folder.join(&DestName::new(&format!("{stem}.{format}"), Names::Native)));
        for at in known.map(|known| known.at.clone()).into_iter().chain(others) {
            let replace = match self.drive.look(&at) {
                Ok(AtPath::Nothing) => false,
                Ok(AtPath::Other) => continue,
                Ok(AtPath::File(_)) => {
                    let there = self.drive.hash(&at).map(|(_, hash)| hash.to_hex()).unwrap_or_default();
                    let ours = known.filter(|known| known.at == at);
                    if there == hash.as_str() {
                        if ours.is_none_or(|known| *known.blake3 != there) {
                            self.record(album, format, &at, &there).map_err(|problem| (at, problem))?;
                        }
                        return Ok(());
                    }
                    if ours.is_none_or(|known| *known.blake3 != there) {
                        if ours.is_some() {
                            // Somebody changed it: it is theirs now, and another one is written beside it.
                            self.forget(&at)?;
                        }
                        continue;
                    }
                    true
                }
                Err(error) => return Err((at, WriteProblem::of(&error))),
            };
            let written = self
                .publish(&at, bytes, replace)
                .map_err(|error| WriteProblem::of(&error))
                .and_then(|()| self.record(album, format, &at, hash.as_str()));
            return written.map_err(|problem| (at, problem));
        }
        Ok(())
    }

    /// Forgets lists of an album that are no longer where they were written. Somebody removed them, and another one takes
    /// their place.
    fn forget_gone(&mut self, album: &Album, format: &str) -> Result<(), (DestPath, WriteProblem)> {
        let lists = self.known.lists_of(&album.id).iter().filter(|list| &*list.format == format);
        let gone: Vec<DestPath> = lists
            .filter(|list| matches!(self.drive.look(&list.at), Ok(AtPath::Nothing)))
            .map(|list| list.at.clone())
            .collect();
        gone.iter().try_for_each(|at| self.forget(at))
    }

    fn forget(&mut self, at: &DestPath) -> Result<(), (DestPath, WriteProblem)> {
        let forgotten = self.recorder.forget_list(at);
        forgotten.map_err(|error| (at.clone(), WriteProblem::Everything(super::links::record_end(error))))
    }

    fn publish(&self, at: &DestPath, bytes: &[u8], replace: bool) -> std::io::Result<()> {
        let mut file = self.drive.begin(0)?;
        let written = file.write(bytes).and_then(|()| file.finish(None));
        drop(file);
        let published = written.and_then(|()| self.drive.publish(0, at, replace));
        if published.is_err() {
            self.drive.discard(0);
        }
        published.and_then(|()| self.drive.sync_folder(&at.parent()))
    }

    fn record(
        &mut self,
        album: &Album,
        format: &str,
        at: &DestPath,
        blake3: &str,
    ) -> Result<(), WriteProblem> {
        let list = KnownList { format: format.into(), at: at.clone(), blake3: blake3.into() };
        self.recorder
            .record_list(&album.id, &list)
            .map_err(|error| WriteProblem::Everything(super::links::record_end(error)))
    }
}

/// Why the phone has no file of an item, if it has none.
fn absent(item: &Item) -> Option<text::Missing> {
    let is_in_cloud = |file: &Resource| file.presence == Presence::CloudOnly;
    match item.resources.iter().any(|file| matches!(file.presence, Presence::OnPhone(_))) {
        true => None,
        false if item.resources.iter().any(is_in_cloud) => Some(text::Missing::OnlyInIcloud),
        false => Some(text::Missing::NotOnPhone),
    }
}
