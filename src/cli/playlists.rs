//! `iexport playlists`: the playlists of the phone, with their folders and counts.

use serde::Serialize;

use super::args::Common;
use super::session::{OpenPhone, talk};
use super::{Exit, Outcome, output};
use crate::catalog::{Album, Catalog, Collection, Item, Presence, Role};
use crate::report::{count, escape};

/// A playlist as a line of JSON.
#[derive(Serialize)]
struct Line {
    #[serde(rename = "type")]
    kind: &'static str,
    /// `Folder/Playlist`.
    path: String,
    title: String,
    folders: Vec<String>,
    id: String,
    /// Entries: a song that is in it twice counts twice.
    songs: usize,
    on_phone: usize,
    cloud_only: usize,
    protected: usize,
}

impl Line {
    fn of(playlist: &Album, catalog: &Catalog) -> Self {
        let members = || playlist.members.iter().filter_map(|index| catalog.items.get(*index));
        let is_here = |item: &&Item| {
            item.resource(Role::Original).is_some_and(|file| matches!(file.presence, Presence::OnPhone(_)))
        };
        Self {
            kind: "playlist",
            path: playlist.path(),
            title: playlist.title.clone(),
            folders: playlist.folders().map(str::to_owned).collect(),
            id: playlist.id.0.clone(),
            songs: playlist.members.len(),
            on_phone: members().filter(is_here).count(),
            cloud_only: members().filter(|item| item.is_cloud_only()).count(),
            protected: members().filter(|item| item.is_protected()).count(),
        }
    }
}

pub(super) async fn run(common: &Common) -> Outcome {
    let report = talk(common);
    let phone = OpenPhone::open(common, &report).await?;
    let catalog = phone.read(Collection::Music, &report).await?.catalog;
    let lines = catalog.albums.iter().map(|playlist| Line::of(playlist, &catalog));
    if common.json {
        for line in lines {
            if !output::json(&line) {
                break;
            }
        }
        return Ok(Exit::Done);
    }
    let mut table = output::table(&["PLAYLIST", "SONGS", "ON PHONE", "PROTECTED"]);
    for line in lines {
        let numbers = [line.songs, line.on_phone, line.protected].map(|n| n.to_string());
        table.add_row(std::iter::once(escape(&line.path)).chain(numbers));
    }
    output::print_table(&table);
    output::note(format_args!("\n{}.", count(catalog.albums.len() as u64, "playlist", "playlists")));
    Ok(Exit::Done)
}
