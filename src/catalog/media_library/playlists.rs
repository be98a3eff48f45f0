//! Playlists, the folders they lie in, and the order of their members (facts/media.md section D6).

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::Tables;
use super::order::Ranks;
use super::texts::Texts;
use crate::catalog::{Album, AlbumId, Elsewhere, MediaKind};

/// Deeper nesting than anybody makes.
const MAX_DEPTH: usize = 64;
/// More playlists than anybody has. Those beyond are left out.
const MOST_PLAYLISTS: usize = 100_000;

/// A playlist of the person's.
#[derive(Debug)]
pub(super) struct Playlist {
    pid: i64,
    title: Arc<str>,
    /// The folders it lies in, outermost first.
    folders: Vec<Arc<str>>,
    /// Keys of its members in their order, with repeats.
    members: Vec<i64>,
}

/// The playlists, in order.
#[derive(Debug, Default)]
pub(super) struct Playlists {
    list: Vec<Playlist>,
    /// Whether all that is in them was read.
    pub is_whole: bool,
    /// Playlists of other people, which are followed.
    pub followed: u64,
    /// Smart playlists whose members the phone works out when they are looked at.
    pub unstored: u64,
}

#[derive(Debug)]
struct Row {
    title: Arc<str>,
    parent: i64,
    kind: Kind,
    /// Members by position, then by the key of the membership.
    members: Vec<(i64, i64, i64)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Folder,
    User,
    Smart,
    /// Somebody else's, which is followed.
    Followed,
    /// Built in, hidden or made by Genius: not shown, or not the person's.
    Other,
}

const COLUMNS: &[&str] = &[
    "container_pid",
    "name",
    "parent_pid",
    "distinguished_kind",
    "is_hidden",
    "smart_is_genius",
    "is_ignorable_itunes_playlist",
    "cloud_is_subscribed",
    "is_editable",
    "smart_is_folder",
    "smart_criteria",
];

/// Reads the playlists. What could not be read is noted in `trouble`.
pub(super) fn read(tables: &mut Tables, texts: &mut Texts, trouble: &mut Vec<String>) -> Playlists {
    let mut rows: HashMap<i64, Row> = HashMap::new();
    // Folders that have no names are no help.
    let is_named = tables.schema.has("container", "name");
    let result = tables.rows("container", COLUMNS, |c| {
        // In the order of `COLUMNS`.
        let Some(pid) = c.int() else { return };
        let is_full = rows.len() >= MOST_PLAYLISTS;
        let Entry::Vacant(vacant) = rows.entry(pid) else { return };
        if is_full {
            return;
        }
        let title = texts.share(c.text()).unwrap_or_default();
        let parent = c.int().filter(|_| is_named).unwrap_or(0);
        let [built_in, hidden, genius, ignorable] = [c.flag(), c.flag(), c.flag(), c.flag()];
        let (subscribed, editable) = (c.flag(), c.flag());
        let kind = match (c.flag(), c.is_there()) {
            _ if built_in || hidden || genius || ignorable => Kind::Other,
            (true, _) => Kind::Folder,
            _ if subscribed && !editable => Kind::Followed,
            (_, true) => Kind::Smart,
            (_, false) => Kind::User,
        };
        vacant.insert(Row { title, parent, kind, members: Vec::new() });
    });
    let before = trouble.len();
    trouble.extend(result.err());
    let columns = ["container_pid", "item_pid", "position", "container_item_pid"];
    let [of, what, in_order] =
        ["container_pid", "item_pid", "position"].map(|column| tables.schema.has("container_item", column));
    let mut number = 0;
    let result = tables.rows("container_item", &columns, |c| {
        number += 1;
        let row = c.int().and_then(|pid| rows.get_mut(&pid));
        let row = row.filter(|row| matches!(row.kind, Kind::User | Kind::Smart));
        if let (Some(row), Some(item)) = (row, c.int()) {
            // Where nothing tells the order, that in which they were added is the best there is.
            let position = c.int().unwrap_or(i64::MAX);
            let position = if in_order { position } else { number };
            row.members.push((position, c.int().unwrap_or(0), item));
        }
    });
    trouble.extend(result.err());
    let is_whole = of && what && in_order && trouble.len() == before;
    Playlists { is_whole, ..arrange(rows) }
}

/// The playlists in the order of the tree: by name within their folder, and by key among those of one name.
fn arrange(mut rows: HashMap<i64, Row>) -> Playlists {
    let ranks = Ranks::new(rows.values().map(|row| &row.title));
    let mut placed: Vec<(Vec<(u32, i64)>, i64)> = Vec::new();
    let (mut unstored, mut followed) = (0, 0);
    for (pid, row) in &rows {
        match row.kind {
            Kind::Followed => followed += 1,
            Kind::Smart if row.members.is_empty() => unstored += 1,
            Kind::User | Kind::Smart => {
                let named = |pid: i64| (ranks.get(rows.get(&pid).map(|row| &row.title)), pid);
                placed.push((way(&rows, *pid).into_iter().map(named).collect(), *pid));
            }
            Kind::Folder | Kind::Other => {}
        }
    }
    placed.sort_unstable();
    let title = |rows: &HashMap<i64, Row>, pid: i64| rows.get(&pid).map(|row| Arc::clone(&row.title));
    let list = placed.into_iter().filter_map(|(mut way, pid)| {
        way.pop();
        let folders = way.iter().filter_map(|(_, folder)| title(&rows, *folder)).collect();
        let row = rows.get_mut(&pid)?;
        let mut members = std::mem::take(&mut row.members);
        members.sort_unstable();
        let members = members.into_iter().map(|(_, _, item)| item).collect();
        Some(Playlist { pid, title: Arc::clone(&row.title), folders, members })
    });
    Playlists { list: list.collect(), is_whole: true, followed, unstored }
}

/// The way from the top to a playlist, with itself at the end. What lies in something that is no folder lies at the
/// top.
fn way(rows: &HashMap<i64, Row>, pid: i64) -> Vec<i64> {
    let mut steps = vec![pid];
    let mut seen = HashSet::from([pid]);
    let mut at = rows.get(&pid).map(|row| row.parent);
    while let Some(parent) = at {
        let Some(row) = rows.get(&parent).filter(|row| row.kind == Kind::Folder) else { break };
        // A folder inside itself: what is outside of the circle cannot be known.
        if !seen.insert(parent) || steps.len() > MAX_DEPTH {
            break;
        }
        steps.push(parent);
        at = Some(row.parent);
    }
    steps.reverse();
    steps
}

impl Playlists {
    /// What a person should know if not all that is in them was read.
    pub(super) fn doubt(&self) -> Option<String> {
        (!self.is_whole && !self.list.is_empty()).then(|| {
            String::from(
                "What is in the playlists could not be read, or not all of it, or not in its order; lists that are on the drive stay as they \
                 are.",
            )
        })
    }

    /// The keys of everything that is in a playlist.
    pub(super) fn members(&self) -> HashSet<i64> {
        self.list.iter().flat_map(|playlist| &playlist.members).copied().collect()
    }

    /// As albums whose members are positions of songs, and how many of their entries name an item that is nowhere.
    ///
    /// Entries that are of another collection, such as music videos, are no members, because a list of songs cannot
    /// lead to what is exported elsewhere, but are named in their place. Empty lists are there.
    pub(super) fn albums(
        &self,
        songs: &HashMap<i64, usize>,
        others: &HashMap<i64, (MediaKind, Arc<str>)>,
        is_item: impl Fn(i64) -> bool,
    ) -> (Vec<Album>, u64) {
        let mut dangling = 0;
        let mut albums = Vec::new();
        for playlist in &self.list {
            let (mut members, mut elsewhere) = (Vec::new(), Vec::new());
            for pid in &playlist.members {
                match songs.get(pid) {
                    Some(at) => members.push(*at),
                    None => match others.get(pid) {
                        Some((kind, name)) => {
                            elsewhere.push(Elsewhere {
                                after: members.len(),
                                kind: *kind,
                                name: name.clone(),
                            });
                        }
                        // What is wrong with it is told of the item.
                        None if is_item(*pid) => {}
                        None => dangling += 1,
                    },
                }
            }
            albums.push(Album {
                id: AlbumId(format!("playlist:{}", playlist.pid)),
                title: playlist.title.as_ref().to_owned(),
                folders: playlist.folders.clone(),
                shared: false,
                members,
                elsewhere,
                is_whole: self.is_whole,
            });
        }
        (albums, dangling)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::*;

    fn row(title: &str, parent: i64, kind: Kind) -> Row {
        Row { title: title.into(), parent, kind, members: Vec::new() }
    }

    #[test]
    fn folders_that_are_inside_each_other_have_an_end() {
        let mut rows = HashMap::from([
            (1, row("A", 2, Kind::Folder)),
            (2, row("B", 1, Kind::Folder)),
            (3, row("in the circle", 1, Kind::User)),
            (4, row("in itself", 4, Kind::User)),
            (5, row("in a playlist", 3, Kind::User)),
            (6, row("in nothing", 77, Kind::User)),
        ]);
        assert_eq!(way(&rows, 3), [2, 1, 3]);
        for alone in 4..=6 {
            assert_eq!(way(&rows, alone), [alone]);
        }
        for pid in 100..100_000 {
            rows.insert(pid, row("deep", pid + 1, Kind::Folder));
        }
        rows.insert(99, row("deepest", 100, Kind::User));
        assert_eq!(way(&rows, 99).len(), MAX_DEPTH + 1);
    }

    #[test]
    fn members_keep_their_order_and_their_repeats() {
        let mut playlist = row("Mix", 0, Kind::User);
        playlist.members = vec![(2, 9, 30), (0, 8, 10), (1, 7, 20), (3, 6, 10), (3, 5, 40), (4, 4, 50)];
        let found = arrange(HashMap::from([
            (1, playlist),
            (2, row("empty", 0, Kind::User)),
            (3, row("clever", 0, Kind::Smart)),
        ]));
        assert_eq!(found.unstored, 1);
        let songs = HashMap::from([(10, 0), (20, 1), (30, 2)]);
        let clip = (MediaKind::MusicVideo, Arc::from("Clip"));
        let (albums, dangling) = found.albums(&songs, &HashMap::from([(40, clip.clone())]), |_| false);
        assert_eq!((albums.len(), dangling), (2, 1));
        assert_eq!((albums[0].title.as_str(), albums[1].members.as_slice()), ("empty", &[0, 1, 2, 0][..]));
        let at = |after| Elsewhere { after, kind: clip.0, name: clip.1.clone() };
        assert_eq!(albums[1].elsewhere, [at(3)]);
        // A list of nothing else is a list, too.
        let (albums, dangling) =
            found.albums(&HashMap::new(), &HashMap::from([(10, clip.clone())]), |pid| pid < 30);
        assert_eq!((albums.len(), dangling), (2, 3));
        assert_eq!(albums[1].elsewhere, [at(0), at(0)]);
    }

    fn any_row() -> impl Strategy<Value = Row> {
        let kind = prop::sample::select(vec![
            Kind::Folder,
            Kind::Folder,
            Kind::User,
            Kind::Smart,
            Kind::Followed,
            Kind::Other,
        ]);
        let members = prop::collection::vec((0..4_i64, 0..4_i64, 0..9_i64), 0..5);
        ("[aAb]{0,1}", 0..12_i64, kind, members).prop_map(|(title, parent, kind, members)| Row {
            title: title.into(),
            parent,
            kind,
            members,
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(2001), ..ProptestConfig::default() })]

        #[test]
        fn each_list_is_there_once_with_all_that_is_in_it(rows in prop::collection::hash_map(0..12_i64, any_row(), 0..12)) {
            let is_shown = |row: &Row| row.kind == Kind::User || row.kind == Kind::Smart && !row.members.is_empty();
            let mut expected: Vec<(i64, Vec<i64>)> = Vec::new();
            for (pid, row) in rows.iter().filter(|(_, row)| is_shown(row)) {
                let mut members = row.members.clone();
                members.sort_unstable();
                expected.push((*pid, members.into_iter().map(|(_, _, item)| item).collect()));
            }
            let folders = rows.values().filter(|row| row.kind == Kind::Folder).count();
            let found = arrange(rows);
            for list in &found.list {
                prop_assert!(list.folders.len() <= folders);
            }
            let mut found: Vec<_> = found.list.into_iter().map(|list| (list.pid, list.members)).collect();
            found.sort_unstable();
            expected.sort_unstable();
            prop_assert_eq!(found, expected);
        }
    }
}
