//! Links on a drive that fails to order. What they are like on real ones is tested end to end.

use std::sync::Mutex;

use jiff::Timestamp;

use super::*;
use crate::catalog::{AssetUuid, Role};
use crate::ledger::{Ledger, RunInfo};
use crate::plan::Found;
use crate::transfer::{ContentHash, PartialFile};

/// A drive that makes no links, but notes them, and can fail at any.
#[derive(Default)]
struct Paper {
    can: Vec<LinkWay>,
    /// Paths that fail, and how.
    fails: Vec<(&'static str, io::ErrorKind)>,
    /// What has the same content as everything else; the rest has its own.
    equal: Vec<&'static str>,
    made: Mutex<Vec<String>>,
}

impl Drive for Paper {
    fn begin(&self, _: u64) -> io::Result<Box<dyn PartialFile>> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn publish(&self, _: u64, _: &DestPath, _: bool) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn discard(&self, _: u64) {}

    fn sync_folder(&self, _: &DestPath) -> io::Result<()> {
        Ok(())
    }

    fn look(&self, path: &DestPath) -> io::Result<AtPath> {
        Ok(if path.to_text() == "gone.jpg" { AtPath::Nothing } else { AtPath::File(5) })
    }

    fn list(&self, _: &DestPath) -> io::Result<Vec<(String, Found)>> {
        Ok(Vec::new())
    }

    fn hash(&self, path: &DestPath) -> io::Result<(u64, ContentHash)> {
        let own = if self.equal.contains(&path.to_text()) { "" } else { path.to_text() };
        Ok((5, blake3::hash(own.as_bytes()).into()))
    }

    fn remove(&self, _: &DestPath) -> io::Result<()> {
        Ok(())
    }

    fn free_bytes(&self) -> Option<u64> {
        None
    }

    fn can_link(&self, way: LinkWay) -> bool {
        self.can.contains(&way)
    }

    fn link(&self, _: u64, target: &DestPath, at: &DestPath, way: LinkWay, replace: bool) -> io::Result<()> {
        if let Some((_, kind)) = self.fails.iter().find(|(path, _)| *path == at.to_text()) {
            return Err((*kind).into());
        }
        let how = if replace { "over" } else { "to" };
        self.made.lock().unwrap().push(format!("{} {at} {how} {target}", way.name()));
        Ok(())
    }
}

struct Deaf;

impl Report for Deaf {
    fn event(&self, _: &Event) {}
}

fn link(at: &str, target: &str, action: LinkAction) -> PlannedLink {
    PlannedLink {
        item: 0,
        uuid: AssetUuid("A".to_owned()),
        role: Role::Original,
        target: DestPath::parse(target).unwrap(),
        at: DestPath::parse(at).unwrap(),
        stem: "x".into(),
        size_bytes: Some(5),
        revision: "".into(),
        action,
    }
}

fn recording() -> Recording {
    let info = RunInfo {
        udid: "P".into(),
        device_name: String::new(),
        model: String::new(),
        ios_version: String::new(),
        started: Timestamp::UNIX_EPOCH,
        program_version: String::new(),
    };
    Recording::begin(Ledger::open_in_memory().unwrap(), &info, || Timestamp::UNIX_EPOCH).unwrap()
}

/// What came of it, what was made, and what the ledger knows.
fn make(drive: &Paper, links: &[PlannedLink]) -> (Linked, Vec<String>, Vec<String>) {
    let mut recorder = recording();
    let cancel = CancellationToken::new();
    let linker =
        Linker { drive, recorder: &mut recorder, report: &Deaf, cancel: &cancel, way: LinkWay::Hard };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let linked = runtime.block_on(linker.make(links));
    let known = recorder.ledger().known("P").unwrap();
    let known = known.links_of(&AssetUuid("A".to_owned())).iter();
    let known = known.map(|link| format!("{} {}", link.way.name(), link.at)).collect();
    (linked, drive.made.lock().unwrap().clone(), known)
}

#[test]
fn the_best_way_that_the_drive_can_go() {
    let paper = |can: &[LinkWay]| Paper { can: can.to_vec(), ..Paper::default() };
    let all = paper(&LinkWay::ALL);
    assert_eq!(way(&all, LinkPolicy::Auto), Some(LinkWay::Reflink));
    assert_eq!(way(&all, LinkPolicy::Only(LinkWay::Copy)), Some(LinkWay::Copy));
    assert_eq!(way(&all, LinkPolicy::None), None);
    assert_eq!(way(&paper(&[LinkWay::Symbolic, LinkWay::Copy]), LinkPolicy::Auto), Some(LinkWay::Symbolic));
    assert_eq!(way(&paper(&[LinkWay::Copy]), LinkPolicy::Auto), None, "a copy only if it is asked for");
    assert_eq!(way(&paper(&[LinkWay::Symbolic]), LinkPolicy::Only(LinkWay::Hard)), None);
}

#[test]
fn links_are_made_and_recorded_but_not_twice() {
    let links = [
        link("b/1", "a/1", LinkAction::Make),
        link("gone.jpg", "a/2", LinkAction::Replace),
        link("b/3", "a/3", LinkAction::Stays),
    ];
    let (linked, made, known) = make(&Paper::default(), &links);
    assert_eq!(made, ["hard b/1 to a/1", "hard gone.jpg to a/2"], "nothing is replaced where nothing is");
    assert_eq!(known, ["hard b/1", "hard gone.jpg"]);
    assert_eq!(linked, Linked { made: 2, ..Linked::default() });
}

#[test]
fn what_is_not_what_was_recorded_is_not_replaced() {
    let drive = Paper { equal: vec!["b/1", "a/1"], ..Paper::default() };
    let links = [link("b/1", "a/1", LinkAction::Replace), link("b/2", "a/2", LinkAction::Replace)];
    let (linked, made, known) = make(&drive, &links);
    assert_eq!((linked.made, linked.conflicts), (1, 1));
    assert_eq!(
        (made, known),
        (vec![], vec!["copy b/1".to_owned()]),
        "what is the new one already is recorded"
    );
}

#[test]
fn what_is_equal_is_recorded_and_what_is_not_is_a_conflict() {
    let drive = Paper { equal: vec!["b/1", "a/1"], ..Paper::default() };
    let links = [link("b/1", "a/1", LinkAction::Adopt), link("b/2", "a/2", LinkAction::Adopt)];
    let (linked, made, known) = make(&drive, &links);
    assert_eq!((linked.made, linked.conflicts, linked.not_reached), (1, 1, 0));
    assert_eq!((made, known), (vec![], vec!["copy b/1".to_owned()]));
}

#[test]
fn a_link_that_fails_fails_alone() {
    use io::ErrorKind as K;
    let fails = vec![("b/1", K::AlreadyExists), ("b/2", K::TooManyLinks), ("b/3", K::PermissionDenied)];
    let links: Vec<PlannedLink> = (1..=5)
        .map(|n| link(&format!("b/{n}"), if n == 4 { "gone.jpg" } else { "a" }, LinkAction::Make))
        .collect();
    let (linked, made, known) = make(&Paper { fails, ..Paper::default() }, &links);
    assert_eq!((linked.failed.len(), linked.made, linked.not_reached), (4, 1, 0));
    assert_eq!(linked.failed[0].to, "b/1");
    assert!(linked.failed[3].reason.contains("not there"), "{}", linked.failed[3].reason);
    assert_eq!((made.len(), known.len(), linked.end), (1, 1, None));
}

#[test]
fn a_drive_that_is_full_ends_it_and_what_was_made_is_recorded() {
    let links: Vec<PlannedLink> = (0..200).map(|n| link(&format!("b/{n}"), "a", LinkAction::Make)).collect();
    let drive = Paper { fails: vec![("b/100", io::ErrorKind::StorageFull)], ..Paper::default() };
    let (linked, made, known) = make(&drive, &links);
    assert_eq!((linked.end, linked.made, linked.not_reached), (Some(End::DriveFull), 100, 100));
    assert_eq!((made.len(), known.len()), (100, 100));
}

#[test]
fn stopping_keeps_what_is_recorded() {
    let mut recorder = recording();
    let cancel = CancellationToken::new();
    cancel.cancel();
    let drive = Paper::default();
    let linker =
        Linker { drive: &drive, recorder: &mut recorder, report: &Deaf, cancel: &cancel, way: LinkWay::Hard };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let linked = runtime.block_on(linker.make(&[link("b", "a", LinkAction::Make)]));
    assert_eq!((linked.end, linked.not_reached), (Some(End::Interrupted), 1));
}
