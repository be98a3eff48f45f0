//! `iexport albums`: folders, albums and smart albums, with what is in them.

pub(super) mod figures;
pub(super) mod outline;

use serde::Serialize;

use self::figures::Figures;
use self::outline::{Hidden, Node, Place, Section, outline};
use super::args::Common;
use super::session::{OpenPhone, talk};
use super::{Exit, Outcome, output};
use crate::catalog::{Catalog, Collection};
use crate::report::{escape, size};

/// A place as a line of JSON. What an album has, a folder has too; the others have a name instead of a path.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Line<'a> {
    Folder {
        path: String,
        title: &'a str,
        folders: Vec<&'a str>,
        shared: bool,
        #[serde(flatten)]
        figures: Figures,
    },
    Album {
        path: String,
        title: &'a str,
        folders: Vec<&'a str>,
        uuid: &'a str,
        shared: bool,
        hidden: usize,
        #[serde(flatten)]
        figures: Figures,
    },
    NoAlbum {
        #[serde(flatten)]
        figures: Figures,
    },
    Smart {
        name: &'static str,
        title: &'a str,
        #[serde(flatten)]
        figures: Figures,
    },
}

impl<'a> Line<'a> {
    /// `None` for what is no album in any sense.
    fn of(catalog: &'a Catalog, node: &'a Node, figures: Figures) -> Option<Self> {
        let (title, folders, shared) = (
            node.title.as_str(),
            node.folders.iter().map(|folder| &**folder).collect(),
            node.section == Section::Shared,
        );
        match node.place {
            Place::Folder => Some(Self::Folder { path: node.path(), title, folders, shared, figures }),
            Place::Album(index) => {
                let is_hidden = |index: &&usize| catalog.items.get(**index).is_some_and(|item| item.hidden);
                Some(Self::Album {
                    path: node.path(),
                    title,
                    folders,
                    uuid: &catalog.albums.get(index)?.id.0,
                    shared,
                    hidden: node.members.iter().filter(is_hidden).count(),
                    figures,
                })
            }
            Place::NoAlbum => Some(Self::NoAlbum { figures }),
            Place::Smart(smart) => Some(Self::Smart { name: smart.word(), title, figures }),
            Place::Library | Place::SharedWithYou | Place::Uncatalogued => None,
        }
    }
}

pub(super) async fn run(common: &Common) -> Outcome {
    let report = talk(common);
    let phone = OpenPhone::open(common, &report).await?;
    let catalog = phone.read(Collection::Photos, &report).await?.catalog;
    let nodes = outline(&catalog, Hidden::InTheirAlbums);
    let counted = nodes
        .iter()
        .map(|node| (node, Figures::of(node.members.iter().filter_map(|index| catalog.items.get(*index)))));
    if common.json {
        for line in counted.filter_map(|(node, figures)| Line::of(&catalog, node, figures)) {
            if !output::json(&line) {
                break;
            }
        }
        return Ok(Exit::Done);
    }
    if catalog.albums.is_empty() {
        output::note("There are no albums.");
    }
    let mut table = output::table(&["ITEMS", "PHOTOS", "VIDEOS", "IN ICLOUD", "SIZE", "ALBUM"]);
    for column in table.column_iter_mut().take(5) {
        column.set_cell_alignment(comfy_table::CellAlignment::Right);
    }
    let mut section = Section::Albums;
    for (node, figures) in counted.filter(|(node, figures)| worth_a_row(node, *figures)) {
        if node.section != section {
            section = node.section;
            table.add_row(["", "", "", "", "", heading(section)]);
        }
        table.add_row(row(node, figures));
    }
    if !table.is_empty() {
        output::print_table(&table);
    }
    Ok(Exit::Done)
}

/// A person's own albums are shown even when they are empty; the phone's are not.
const fn worth_a_row(node: &Node, figures: Figures) -> bool {
    match node.place {
        Place::Folder | Place::Album(_) => true,
        Place::NoAlbum | Place::Smart(_) => figures.items > 0,
        Place::Library | Place::SharedWithYou | Place::Uncatalogued => false,
    }
}

const fn heading(section: Section) -> &'static str {
    match section {
        Section::Library | Section::Albums => "",
        Section::Shared => "SHARED ALBUMS",
        Section::Smart => "MADE BY THE PHONE",
        Section::Other => "OTHER",
    }
}

fn row(node: &Node, figures: Figures) -> [String; 6] {
    let indent = "  ".repeat(node.folders.len());
    let title = match (node.place, node.title.is_empty()) {
        (Place::NoAlbum, _) => format!("({})", node.title.to_lowercase()),
        (Place::Folder, empty) => format!("{}/", if empty { "(untitled)" } else { &node.title }),
        (_, true) => "(untitled)".to_owned(),
        (_, false) => node.title.clone(),
    };
    let number = |n: usize| if n == 0 { "-".to_owned() } else { n.to_string() };
    [
        figures.items.to_string(),
        number(figures.photos),
        number(figures.videos),
        number(figures.cloud_only),
        // Of other people's pictures the catalogue has no sizes.
        if figures.bytes == 0 && figures.items > 0 { "?".to_owned() } else { size(figures.bytes) },
        format!("{indent}{}", escape(&title)),
    ]
}
