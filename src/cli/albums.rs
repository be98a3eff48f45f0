//! `iexport albums`: the albums with their folders and counts.

use serde::Serialize;

use super::args::Common;
use super::session::{OpenPhone, talk};
use super::{Exit, Outcome, output};
use crate::catalog::{Album, Catalog};
use crate::export;
use crate::report::escape;

/// An album as a line of JSON.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    path: String,
    title: &'a str,
    folders: &'a [String],
    uuid: &'a str,
    shared: bool,
    items: usize,
    on_phone: usize,
    bytes: u64,
}

impl<'a> Line<'a> {
    fn of(catalog: &Catalog, album: &'a Album) -> Self {
        let members = album.members.iter().filter_map(|index| catalog.items.get(*index));
        let (mut items, mut on_phone, mut bytes) = (0, 0, 0);
        for item in members.filter(|item| !item.trashed) {
            items += 1;
            on_phone += usize::from(!item.is_cloud_only());
            bytes += item.resources.iter().filter_map(|r| r.size_bytes).sum::<u64>();
        }
        Self {
            kind: "album",
            path: album.path(),
            title: &album.title,
            folders: &album.folders,
            uuid: &album.id.0,
            shared: album.shared,
            items,
            on_phone,
            bytes,
        }
    }
}

pub(super) async fn run(common: &Common) -> Outcome {
    let report = talk(common);
    let phone = OpenPhone::open(common, &report).await?;
    let catalog = export::read_catalog(&*phone.media, &report).await?;
    let lines = catalog.albums.iter().map(|album| Line::of(&catalog, album));
    if common.json {
        for line in lines {
            if !output::json(&line) {
                break;
            }
        }
        return Ok(Exit::Done);
    }
    if catalog.albums.is_empty() {
        eprintln!("There are no albums.");
        return Ok(Exit::Done);
    }
    let mut table = output::table(&["ITEMS", "SIZE", "ALBUM"]);
    for line in lines {
        let title = if line.title.is_empty() { format!("{}(untitled)", line.path) } else { line.path };
        let shared = if line.shared { "  (shared)" } else { "" };
        table.add_row([
            line.items.to_string(),
            crate::report::size(line.bytes),
            format!("{}{shared}", escape(&title)),
        ]);
    }
    output::print_table(&table);
    Ok(Exit::Done)
}
