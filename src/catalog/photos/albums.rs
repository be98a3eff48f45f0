//! Albums, the folders they lie in, and the order of their members (facts/media.md sections A10, A12).

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization as _;

use super::Tables;
use super::assets::{Asset, Assets};
use crate::catalog::{Album, AlbumId};

const USER_ALBUM: i64 = 2;
const SHARED_ALBUM: i64 = 1505;
const ROOT_FOLDER: i64 = 3999;
const FOLDER: i64 = 4000;
/// Deeper nesting than anybody makes.
const MAX_DEPTH: usize = 64;

/// How an album sorts its members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Manual,
    Date,
    Title,
    /// Shared albums of iOS 26, which keep no order.
    Publication,
}

#[derive(Debug)]
struct Row {
    id: AlbumId,
    title: Arc<str>,
    kind: i64,
    parent: Option<i64>,
    among_siblings: i64,
    order: Order,
    descending: bool,
    trashed: bool,
    cloud_id: Option<String>,
    /// Assets with their order key.
    members: Vec<(usize, Option<i64>)>,
}

impl Row {
    /// What it is known by, here and in iCloud.
    fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.id.0.as_str()).chain(self.cloud_id.as_deref())
    }
}

const COLUMNS: &[&str] = &[
    "ZUUID",
    "ZTITLE",
    "ZKIND",
    "ZPARENTFOLDER",
    "Z_FOK_PARENTFOLDER",
    "ZCUSTOMSORTKEY",
    "ZCUSTOMSORTASCENDING",
    "ZTRASHEDSTATE",
    "ZCLOUDGUID",
];

/// Reads the albums; members are positions in `assets`. What could not be read is noted in `trouble`.
pub(super) fn read(tables: &mut Tables, assets: &Assets, trouble: &mut Vec<String>) -> Vec<Album> {
    let mut rows: HashMap<i64, Row> = HashMap::new();
    let result = tables.each("ZGENERICALBUM", COLUMNS, |key, c| {
        // In the order of `COLUMNS`.
        let (uuid, title) = (c.text(), c.text());
        let Some(kind @ (USER_ALBUM | SHARED_ALBUM | ROOT_FOLDER | FOLDER)) = c.int() else { return };
        let row = Row {
            id: AlbumId(uuid.unwrap_or_else(|| format!("row:{key}"))),
            title: title.unwrap_or_default().into(),
            kind,
            parent: c.int(),
            among_siblings: c.int().unwrap_or(0),
            order: match c.int() {
                Some(1) => Order::Date,
                Some(5 | 101) => Order::Title,
                _ => Order::Manual,
            },
            descending: c.int() == Some(0),
            trashed: c.flag(),
            cloud_id: c.text(),
            members: Vec::new(),
        };
        rows.insert(key, row);
    });
    let before = trouble.len();
    trouble.extend(result.err());
    trouble.extend(read_members(tables, assets, &mut rows).err());
    let mut shares: Vec<(i64, Row)> = read_shares(tables, assets, trouble).into_iter().collect();
    shares.sort_by_key(|(key, _)| *key);
    // After an upgrade to iOS 26 a shared album may be there in the old form too: it is one album.
    let shares = merge(shares.into_iter().map(|(_, share)| share), &mut rows);
    let mut albums = arrange(&rows, &assets.list);
    albums.extend(shares.iter().map(|row| album(row, Vec::new(), &assets.list)));
    if trouble.len() > before {
        albums.iter_mut().for_each(|album| album.is_whole = false);
    }
    albums
}

/// Adds the members of each share to the album that is the same one in its old form; gives back the shares that have
/// none. Of several old ones with a name of the share, it is the one with the lowest key.
fn merge(shares: impl Iterator<Item = Row>, rows: &mut HashMap<i64, Row>) -> Vec<Row> {
    let mut old: HashMap<String, i64> = HashMap::new();
    for (key, row) in rows.iter().filter(|(_, row)| row.kind == SHARED_ALBUM && !row.trashed) {
        for name in row.names() {
            let lowest = old.entry(name.to_owned()).or_insert(*key);
            *lowest = (*lowest).min(*key);
        }
    }
    let mut new = Vec::new();
    for share in shares {
        let key = share.names().filter_map(|name| old.get(name)).min();
        match key.and_then(|key| rows.get_mut(key)) {
            // What came since then is at the end.
            Some(row) => row.members.extend(share.members.into_iter().map(|(at, _)| (at, Some(i64::MAX)))),
            None => new.push(share),
        }
    }
    new
}

fn read_members(tables: &mut Tables, assets: &Assets, rows: &mut HashMap<i64, Row>) -> Result<(), String> {
    let Some(join) = tables.schema.album_join.clone() else {
        return if rows.values().any(|row| matches!(row.kind, USER_ALBUM | SHARED_ALBUM)) {
            Err(String::from("the table that says which photo is in which album was not found"))
        } else {
            Ok(())
        };
    };
    tables.each(&join.table, &[&join.album, &join.asset, &join.order], |_, c| {
        let (album, asset, order) = (c.int(), c.int(), c.int());
        let row = album.and_then(|key| rows.get_mut(&key));
        let asset = asset.and_then(|key| assets.by_key.get(&key));
        if let (Some(row), Some(asset)) = (row, asset) {
            row.members.push((*asset, order));
        }
    })
}

/// Shared albums as iOS 26 keeps them.
fn read_shares(tables: &mut Tables, assets: &Assets, trouble: &mut Vec<String>) -> HashMap<i64, Row> {
    let mut shares = HashMap::new();
    // Before iOS 26 no asset can belong to one.
    if !tables.schema.has(tables.schema.assets, "ZCOLLECTIONSHARE") {
        return shares;
    }
    let entity = tables.schema.entity("CollectionShare");
    let meant: HashSet<i64> = assets.list.iter().filter_map(|asset| asset.collection_share).collect();
    let columns = ["Z_ENT", "ZUUID", "ZTITLE", "ZTRASHEDSTATE", "ZSCOPEIDENTIFIER"];
    let result = tables.each("ZSHARE", &columns, |key, c| {
        let (own_entity, uuid, title, trashed) = (c.int(), c.text(), c.text(), c.flag());
        // Links and the shared library are in this table too. If nothing says which is which, what assets are in
        // is an album.
        let is_album = match (own_entity, entity) {
            (Some(own), Some(album)) => own == album,
            _ => meant.contains(&key),
        };
        if is_album && !trashed {
            let row = Row {
                id: AlbumId(uuid.unwrap_or_else(|| format!("share:{key}"))),
                title: title.unwrap_or_default().into(),
                kind: SHARED_ALBUM,
                parent: None,
                among_siblings: 0,
                order: Order::Publication,
                descending: false,
                trashed,
                cloud_id: c.text(),
                members: Vec::new(),
            };
            shares.insert(key, row);
        }
    });
    trouble.extend(result.err());
    for (at, asset) in assets.list.iter().enumerate() {
        if let Some(row) = asset.collection_share.and_then(|key| shares.get_mut(&key)) {
            row.members.push((at, None));
        }
    }
    shares
}

/// The albums in the order of the tree, each folder's children in their order; shared albums after them.
fn arrange(rows: &HashMap<i64, Row>, assets: &[Asset]) -> Vec<Album> {
    let mut placed: Vec<_> = rows
        .iter()
        .filter(|(_, row)| matches!(row.kind, USER_ALBUM | SHARED_ALBUM))
        .filter_map(|(key, row)| Some((row.kind == SHARED_ALBUM, way(rows, *key)?, row)))
        .collect();
    placed.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    placed
        .into_iter()
        .map(|(_, way, row)| {
            let folders = way.iter().filter_map(|(_, key)| rows.get(key)).filter(|row| row.kind == FOLDER);
            album(row, folders.map(|row| Arc::clone(&row.title)).collect(), assets)
        })
        .collect()
}

/// The way from the root to an album: order among siblings, and key, of each step. `None` if a step is trashed.
fn way(rows: &HashMap<i64, Row>, key: i64) -> Option<Vec<(i64, i64)>> {
    let mut steps = Vec::new();
    let mut seen = HashSet::new();
    let mut at = Some(key);
    while let Some(key) = at {
        let Some(row) = rows.get(&key).filter(|row| row.kind != ROOT_FOLDER) else { break };
        if row.trashed {
            return None;
        }
        // A folder inside itself: what is outside of the circle cannot be known.
        if !seen.insert(key) || steps.len() >= MAX_DEPTH {
            break;
        }
        steps.push((row.among_siblings, key));
        at = row.parent;
    }
    steps.reverse();
    Some(steps)
}

fn album(row: &Row, folders: Vec<Arc<str>>, assets: &[Asset]) -> Album {
    let mut members: Vec<_> =
        row.members.iter().filter_map(|(at, order)| Some((*at, *order, assets.get(*at)?))).collect();
    let title = |asset: &Asset| asset.title.as_deref().unwrap_or("").nfc().collect::<String>().to_lowercase();
    let by_date = |a: &Asset, b: &Asset| a.taken.partial_cmp(&b.taken).unwrap_or(Ordering::Equal);
    let by_hand = |a: (Option<i64>, &Asset), b: (Option<i64>, &Asset)| (a.0, a.1.key).cmp(&(b.0, b.1.key));
    members.sort_by(|a, b| by_hand((a.1, a.2), (b.1, b.2)));
    match row.order {
        Order::Manual => {}
        Order::Date if row.descending => members.sort_by(|a, b| by_date(b.2, a.2)),
        Order::Date => members.sort_by(|a, b| by_date(a.2, b.2)),
        Order::Title => {
            members.sort_by_cached_key(|member| title(member.2));
            if row.descending {
                members.reverse();
            }
        }
        Order::Publication => members.sort_by(|a, b| {
            let published = a.2.published.partial_cmp(&b.2.published).unwrap_or(Ordering::Equal);
            published.then_with(|| by_date(a.2, b.2))
        }),
    }
    let mut seen = HashSet::new();
    let members = members.into_iter().map(|member| member.0).filter(|at| seen.insert(*at)).collect();
    Album {
        id: row.id.clone(),
        title: row.title.as_ref().to_owned(),
        folders,
        shared: row.kind == SHARED_ALBUM,
        members,
        elsewhere: Vec::new(),
        is_whole: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shared(id: &str, cloud_id: Option<&str>, members: &[usize]) -> Row {
        Row {
            id: AlbumId(id.to_owned()),
            title: "".into(),
            kind: SHARED_ALBUM,
            parent: None,
            among_siblings: 0,
            order: Order::Manual,
            descending: false,
            trashed: false,
            cloud_id: cloud_id.map(str::to_owned),
            members: members.iter().map(|at| (*at, None)).collect(),
        }
    }

    fn members(row: &Row) -> Vec<usize> {
        row.members.iter().map(|(at, _)| *at).collect()
    }

    #[test]
    fn a_share_goes_to_the_first_album_that_has_one_of_its_names() {
        let mut rows = HashMap::from([
            (4, shared("OTHER", Some("GUID"), &[])),
            (3, shared("NEW", Some("OTHER GUID"), &[1])),
            (2, Row { trashed: true, ..shared("NEW", None, &[]) }),
            (1, Row { kind: USER_ALBUM, ..shared("NEW", None, &[]) }),
        ]);
        let shares = [shared("NEW", Some("GUID"), &[2]), shared("ALONE", None, &[3])];
        let new = merge(shares.into_iter(), &mut rows);
        assert_eq!(new.iter().map(|row| row.id.0.as_str()).collect::<Vec<_>>(), ["ALONE"]);
        assert_eq!([1, 2, 3, 4].map(|key| members(&rows[&key])), [vec![], vec![], vec![1, 2], vec![]]);
    }

    #[test]
    fn many_shares_are_not_compared_with_many_albums() {
        // Each with each would be ten thousand million comparisons.
        let many = |what: &'static str| (0..100_000).map(move |n| shared(&format!("{what} {n}"), None, &[n]));
        let mut rows: HashMap<i64, Row> = (0..).zip(many("same").chain(many("old"))).collect();
        let new = merge(many("same").chain(many("new")), &mut rows);
        assert_eq!((new.len(), members(&rows[&77])), (100_000, vec![77, 77]));
    }
}
