//! Libraries to try the picker on.

use proptest::prelude::*;

use crate::catalog::{Catalog, Item, MediaKind, Presence, Role, Scope};
use crate::testing::{absent, album, catalog, item, photo};

/// Ten items of 100 bytes. Travel holds Italy (2, 1, 0) and Norway (4, 5); Cats holds 2 and 3; 3 is only in iCloud;
/// 5 is hidden, 6 is deleted and in Cats, 7 is a favourite video in no album, 8 is in the shared album Neighbours,
/// 9 is not in the catalogue.
pub(super) fn library() -> Catalog {
    let mut items: Vec<Item> =
        (0..10).map(|n| photo(&format!("U{n}"), &format!("IMG_000{n}.HEIC"), n * 60, 100)).collect();
    items[3].resources = vec![absent(Role::Original, Presence::CloudOnly)];
    items[5].hidden = true;
    items[6].trashed = true;
    items[7].kind = MediaKind::Video;
    items[7].duration_seconds = Some(72.0);
    items[7].favorite = true;
    items[8].scope = Scope::SharedAlbum;
    items[9].scope = Scope::Uncatalogued;
    let mut albums = vec![
        album("Travel/Italy", &[2, 1, 0]),
        album("Travel/Norway", &[4, 5]),
        album("Cats", &[2, 3, 6]),
        album("Empty", &[]),
        album("Neighbours", &[8]),
    ];
    albums[4].shared = true;
    for (number, album) in albums.iter().enumerate() {
        for member in &album.members {
            items[*member].albums.push(number);
        }
    }
    catalog(items, albums)
}

/// Small libraries of every kind, with names that are hard to tell apart and hard to write.
pub(super) fn any_library() -> impl Strategy<Value = Catalog> {
    let scope = prop_oneof![
        8 => Just(Scope::Library),
        1 => Just(Scope::SharedAlbum),
        1 => Just(Scope::SharedWithYou),
        1 => Just(Scope::Uncatalogued),
        1 => Just(Scope::Elsewhere),
    ];
    let flags = (proptest::bool::weighted(0.2), proptest::bool::weighted(0.2), any::<bool>(), any::<bool>());
    let items = proptest::collection::vec((scope, flags, 0_u64..1000), 0..16);
    let names = vec!["A", "a", "B", "A/B", "", "it's", "-x", "a\u{1b}b", "É", "\"q\" $x", "A/"];
    let title = proptest::sample::select(names);
    let folders = proptest::collection::vec(title.clone(), 0..3);
    let members = proptest::collection::vec(0_usize..16, 0..6);
    let albums = proptest::collection::vec((title, folders, proptest::bool::weighted(0.2), members), 0..6);
    (items, albums).prop_map(|(items, albums)| {
        let mut items: Vec<Item> = items
            .into_iter()
            .enumerate()
            .map(|(n, (scope, (hidden, trashed, favorite, here), bytes))| {
                let mut one = if here {
                    photo(&format!("U{n}"), &format!("IMG_{n}.JPG"), n as i64, bytes)
                } else {
                    item(&format!("U{n}"), &format!("IMG_{n}.MOV"), n as i64)
                };
                if !here {
                    one.resources.push(absent(Role::Original, Presence::CloudOnly));
                }
                (one.scope, one.hidden, one.trashed, one.favorite) = (scope, hidden, trashed, favorite);
                one
            })
            .collect();
        let mut made = Vec::new();
        for (number, (title, folders, shared, members)) in albums.into_iter().enumerate() {
            let mut album = album(title, &[]);
            album.title = title.to_owned();
            album.folders = if shared { Vec::new() } else { folders.into_iter().map(Into::into).collect() };
            album.shared = shared;
            for member in members {
                if member < items.len() && !album.members.contains(&member) {
                    album.members.push(member);
                    items[member].albums.push(number);
                }
            }
            made.push(album);
        }
        catalog(items, made)
    })
}
