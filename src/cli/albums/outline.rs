//! The library in the order in which a person finds their way through it: everything, the albums in their
//! folders, what is in no album, shared albums, the phone's smart albums.
//!
//! Pure: a catalogue goes in, a list of places with their members comes out. It draws nothing.

use std::collections::HashMap;
use std::sync::Arc;

use crate::catalog::{Album, Catalog, Item, Scope};
use crate::select::{Smart, smart};

/// A part of the outline with a heading of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::cli) enum Section {
    /// Everything in one list.
    Library,
    /// Albums and folders that the person made.
    Albums,
    /// Shared albums.
    Shared,
    /// What the phone sorts by itself.
    Smart,
    /// What is neither in the library nor in an album.
    Other,
}

/// What a node stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Place {
    /// The whole library, without what is deleted.
    Library,
    /// A folder; its albums follow.
    Folder,
    /// An album, as an index into [`Catalog::albums`].
    Album(usize),
    /// What is in the library and in no album.
    NoAlbum,
    /// A smart album.
    Smart(Smart),
    /// Pictures that others sent.
    SharedWithYou,
    /// Files that the catalogue does not name.
    Uncatalogued,
}

/// A list of items with a name.
#[derive(Debug, Clone)]
pub(in crate::cli) struct Node {
    pub(in crate::cli) section: Section,
    pub(in crate::cli) place: Place,
    /// Its name, as the phone has it.
    pub(in crate::cli) title: String,
    /// The folders it lies in, outermost first.
    pub(in crate::cli) folders: Vec<Arc<str>>,
    /// The node of the folder it lies in.
    pub(in crate::cli) parent: Option<usize>,
    /// Indices into [`Catalog::items`], each once: an album's in its order, all others in that of the catalogue.
    pub(in crate::cli) members: Vec<usize>,
}

impl Node {
    /// `Folder/Album`, the way a person names it.
    pub(in crate::cli) fn path(&self) -> String {
        let mut parts: Vec<&str> = self.folders.iter().map(|folder| &**folder).collect();
        parts.push(&self.title);
        parts.join("/")
    }
}

/// Where hidden items are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Hidden {
    /// In their albums too, as an export has them.
    InTheirAlbums,
    /// In the Hidden album only, as Photos shows them.
    Apart,
}

/// The nodes of a catalogue, each folder directly before what is in it. Deleted items are in Recently Deleted
/// only.
pub(in crate::cli) fn outline(catalog: &Catalog, hidden: Hidden) -> Vec<Node> {
    let shown = |item: &Item| !item.trashed && (hidden == Hidden::InTheirAlbums || !item.hidden);
    let all = |test: &dyn Fn(&Item) -> bool| -> Vec<usize> {
        catalog.items.iter().enumerate().filter(|(_, item)| test(item)).map(|(index, _)| index).collect()
    };
    let single = |section, place, title: &str, members| Node {
        section,
        place,
        title: title.to_owned(),
        folders: Vec::new(),
        parent: None,
        members,
    };
    let in_library = |item: &Item| item.scope == Scope::Library && shown(item);
    let mut nodes = vec![single(Section::Library, Place::Library, "Library", all(&in_library))];

    let of_kind = |shared: bool| catalog.albums.iter().enumerate().filter(move |(_, a)| a.shared == shared);
    // What an export of the album takes: other people's pictures only from shared albums.
    let meant = |item: &Item, album: &Album| match item.scope {
        Scope::Library => shown(item),
        Scope::SharedAlbum => album.shared && shown(item),
        Scope::SharedWithYou | Scope::Uncatalogued | Scope::Elsewhere => false,
    };
    let members = |album: &Album| -> Vec<usize> {
        let there = |index: &usize| catalog.items.get(*index).is_some_and(|item| meant(item, album));
        album.members.iter().copied().filter(there).collect()
    };
    for (section, shared) in [(Section::Albums, false), (Section::Shared, true)] {
        Tree::of(of_kind(shared)).unfold(section, &mut nodes, catalog.items.len(), &members);
        if section == Section::Albums {
            let is_own = |index: &usize| catalog.albums.get(*index).is_some_and(|album| !album.shared);
            let in_none = |item: &Item| in_library(item) && !item.albums.iter().any(is_own);
            nodes.push(single(section, Place::NoAlbum, "In no album", all(&in_none)));
        }
    }

    let mut of_smart: HashMap<Smart, Vec<usize>> = HashMap::new();
    for (index, item) in catalog.items.iter().enumerate() {
        for smart in smart(item) {
            of_smart.entry(smart).or_default().push(index);
        }
    }
    for smart in Smart::ALL {
        let members = of_smart.remove(&smart).unwrap_or_default();
        nodes.push(single(Section::Smart, Place::Smart(smart), smart.title(), members));
    }
    for (place, title, scope) in [
        (Place::SharedWithYou, "Shared with You", Scope::SharedWithYou),
        (Place::Uncatalogued, "Not in the catalogue", Scope::Uncatalogued),
    ] {
        let members = all(&|item: &Item| item.scope == scope && shown(item));
        nodes.push(single(Section::Other, place, title, members));
    }
    nodes
}

/// Folders and albums before they are put into one list.
struct Tree<'a> {
    /// Folders and albums by the place they were first seen at; the root is the first.
    twigs: Vec<Twig<'a>>,
}

struct Twig<'a> {
    title: &'a str,
    folders: &'a [Arc<str>],
    /// Its number among [`Catalog::albums`]; a folder has none.
    album: Option<(usize, &'a Album)>,
    children: Vec<usize>,
}

impl<'a> Tree<'a> {
    /// Two folders of the same path are one: their names cannot tell them apart either.
    fn of(albums: impl Iterator<Item = (usize, &'a Album)>) -> Self {
        let root = Twig { title: "", folders: &[], album: None, children: Vec::new() };
        let mut tree = Self { twigs: vec![root] };
        let mut known: HashMap<(usize, &str), usize> = HashMap::new();
        for (index, album) in albums {
            let mut at = 0;
            for (depth, title) in album.folders.iter().enumerate() {
                let next = tree.twigs.len();
                let found = *known.entry((at, title)).or_insert(next);
                if found == next {
                    let folders = album.folders.get(..depth).unwrap_or_default();
                    tree.add(at, Twig { title, folders, album: None, children: Vec::new() });
                }
                at = found;
            }
            let (title, folders) = (&album.title, &album.folders);
            tree.add(at, Twig { title, folders, album: Some((index, album)), children: Vec::new() });
        }
        tree
    }

    fn add(&mut self, parent: usize, twig: Twig<'a>) {
        let index = self.twigs.len();
        self.twigs.push(twig);
        if let Some(parent) = self.twigs.get_mut(parent) {
            parent.children.push(index);
        }
    }

    /// Appends the tree to `nodes`.
    fn unfold(
        &self,
        section: Section,
        nodes: &mut Vec<Node>,
        items: usize,
        members: &dyn Fn(&Album) -> Vec<usize>,
    ) {
        let first = nodes.len();
        let children = |index: usize| self.twigs.get(index).map(|twig| twig.children.as_slice());
        let mut open: Vec<(usize, Option<usize>)> = Vec::new();
        open.extend(children(0).unwrap_or_default().iter().rev().map(|child| (*child, None)));
        while let Some((index, parent)) = open.pop() {
            let Some(twig) = self.twigs.get(index) else { continue };
            let node = nodes.len();
            nodes.push(Node {
                section,
                place: twig.album.map_or(Place::Folder, |(number, _)| Place::Album(number)),
                title: twig.title.to_owned(),
                folders: twig.folders.to_vec(),
                parent,
                members: twig.album.map(|(_, album)| members(album)).unwrap_or_default(),
            });
            open.extend(twig.children.iter().rev().map(|child| (*child, Some(node))));
        }
        sum_folders(nodes.get_mut(first..).unwrap_or_default(), first, items);
    }
}

/// Gives every folder the members of all that is in it. The first of `nodes` has the number `first`.
fn sum_folders(nodes: &mut [Node], first: usize, items: usize) {
    // The last folder that took an item, so that it takes each once.
    let mut taken_by = vec![usize::MAX; items];
    for folder in 0..nodes.len() {
        let Some((node, below)) = nodes.get_mut(folder..).and_then(<[Node]>::split_first_mut) else { return };
        if node.place != Place::Folder {
            continue;
        }
        let depth = node.folders.len();
        for inner in below.iter().take_while(|inner| inner.folders.len() > depth) {
            // Folders inside are summed later; the albums in them are here as well.
            for member in &inner.members {
                if let Some(last) = taken_by.get_mut(*member).filter(|last| **last != first + folder) {
                    *last = first + folder;
                    node.members.push(*member);
                }
            }
        }
        node.members.sort_unstable();
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::testing::{album, catalog, item};

    fn library() -> Catalog {
        let mut items: Vec<_> = (0..8).map(|n| item(&format!("U{n}"), &format!("IMG_{n}.JPG"), n)).collect();
        items[1].hidden = true;
        items[2].trashed = true;
        items[6].scope = Scope::SharedAlbum;
        items[7].scope = Scope::Uncatalogued;
        let mut albums = vec![
            album("Travel/Italy", &[3, 0, 1]),
            album("Cats", &[2, 0]),
            album("Travel/North/Norway", &[4, 3]),
            album("Neighbours", &[6]),
        ];
        albums[3].shared = true;
        for (index, album) in albums.iter().enumerate() {
            for member in &album.members {
                items[*member].albums.push(index);
            }
        }
        catalog(items, albums)
    }

    fn lines(nodes: &[Node]) -> Vec<(String, Vec<usize>)> {
        let full = nodes.iter().filter(|node| !node.members.is_empty());
        full.map(|node| (format!("{:?} {}", node.section, node.path()), node.members.clone())).collect()
    }

    #[test]
    fn folders_come_before_their_albums_and_hold_each_item_once() {
        let nodes = outline(&library(), Hidden::Apart);
        let expected: [(&str, &[usize]); 11] = [
            ("Library Library", &[0, 3, 4, 5]),
            ("Albums Travel", &[0, 3, 4]),
            ("Albums Travel/Italy", &[3, 0]),
            ("Albums Travel/North", &[3, 4]),
            ("Albums Travel/North/Norway", &[4, 3]),
            ("Albums Cats", &[0]),
            ("Albums In no album", &[5]),
            ("Shared Neighbours", &[6]),
            ("Smart Hidden", &[1]),
            ("Smart Recently Deleted", &[2]),
            ("Other Not in the catalogue", &[7]),
        ];
        assert_eq!(lines(&nodes), expected.map(|(path, members)| (path.to_owned(), members.to_vec())));
        let parent = |path: &str| {
            let node = nodes.iter().find(|node| node.path() == path).unwrap();
            node.parent.map(|parent| nodes[parent].path())
        };
        assert_eq!(parent("Travel/North/Norway").as_deref(), Some("Travel/North"));
        assert_eq!(parent("Travel/North").as_deref(), Some("Travel"));
        assert_eq!(parent("Cats"), None);
    }

    #[test]
    fn an_export_has_hidden_items_in_their_albums() {
        let nodes = outline(&library(), Hidden::InTheirAlbums);
        let of = |path: &str| nodes.iter().find(|node| node.path() == path).unwrap().members.clone();
        assert_eq!(of("Travel/Italy"), [3, 0, 1]);
        assert_eq!(of("Library"), [0, 1, 3, 4, 5]);
        assert_eq!(of("Hidden"), [1]);
    }

    #[test]
    fn members_that_do_not_exist_and_titles_that_say_nothing_do_no_harm() {
        let items = vec![item("A", "A.JPG", 0)];
        let mut album = album("/", &[0, 7, usize::MAX]);
        album.folders = vec!["".into(), "".into()];
        let nodes = outline(&catalog(items, vec![album]), Hidden::Apart);
        assert_eq!(nodes[1].members, [0]);
        assert_eq!(nodes[3].members, [0]);
        assert_eq!(nodes[3].place, Place::Album(0));
    }
}
