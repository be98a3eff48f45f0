//! Which folder each album gets.
//!
//! Albums need no names of their own on a phone: two can have the same, or none. Here each gets a folder of
//! its own, and keeps it: what an earlier export gave stays, and of those that are new the uuids decide, not the
//! order in which a person has put the albums.

use std::collections::HashSet;

use crate::catalog::Album;
use crate::plan::dest::DestPath;
use crate::plan::names::{self, DestName, Names};
use crate::plan::suffix::{STEPS, Stems};

/// What a folder without a title is called.
const UNTITLED_FOLDER: &str = "Untitled folder";

/// The folder of each album below another, in their order; no two have the same, and none has `reserved`. `before`
/// says which folders an album had, and `untitled` what one without a title is called.
pub(super) fn folders(
    albums: &[Album],
    before: impl Fn(&Album) -> Vec<DestPath>,
    names: Names,
    below: &DestPath,
    reserved: Option<&DestPath>,
    untitled: &str,
) -> Vec<DestPath> {
    let mut out: Vec<Option<DestPath>> = vec![None; albums.len()];
    let mut taken: HashSet<String> = reserved.map(DestPath::fold).into_iter().collect();
    for (album, slot) in albums.iter().zip(&mut out) {
        let before = before(album);
        if before.is_empty() {
            continue;
        }
        // An album that has another name now gets a folder of that name; the old one is left as it is.
        let own = candidates(album, names, below, untitled).take(STEPS + 1);
        *slot = own.into_iter().find(|folder| before.contains(folder) && taken.insert(folder.fold()));
    }
    let mut rest: Vec<usize> =
        (0..albums.len()).filter(|at| out.get(*at).is_some_and(Option::is_none)).collect();
    rest.sort_by_key(|at| albums.get(*at).map(|album| (album.shared, &album.id)));
    for at in rest {
        if let (Some(album), Some(slot)) = (albums.get(at), out.get_mut(at)) {
            *slot = candidates(album, names, below, untitled).find(|folder| taken.insert(folder.fold()));
        }
    }
    out.into_iter().flatten().collect()
}

/// The folders that an album would like to have, best first. Endless.
fn candidates(
    album: &Album,
    names: Names,
    below: &DestPath,
    untitled: &str,
) -> impl Iterator<Item = DestPath> {
    let parent = album.folders.iter().fold(below.clone(), |path, folder| {
        let title = names::stem(folder, names).map_or(UNTITLED_FOLDER, |_| folder);
        path.join(&DestName::new(title, names))
    });
    let title = names::stem(&album.title, names).unwrap_or_else(|| untitled.to_owned());
    Stems::new(title, &album.id.0).map(move |title| parent.join(&DestName::new(&title, names)))
}
