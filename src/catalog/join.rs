//! Two catalogues as one, where people know one kind of thing from two of the phone's libraries.

use std::collections::HashMap;

use super::{Catalog, Collection, Item, MediaKind, Origin, Presence, Role, Scope};
use crate::source::DevicePath;

/// The videos of the media library, and behind them those of the photo library.
///
/// The albums of the photo library stay behind: what is in them is mostly not here.
#[must_use]
pub fn videos(library: Catalog, photos: Catalog) -> Catalog {
    let videos = photos.items.into_iter().filter(|item| item.kind == MediaKind::Video);
    let videos = videos.map(|item| Item { albums: Vec::new(), ..item }).collect();
    append(library, Catalog { items: videos, ..photos })
}

/// One catalogue, and behind its items those of another of the same collection, whose albums stay behind.
#[must_use]
pub fn append(first: Catalog, second: Catalog) -> Catalog {
    let Catalog { collection, origin, mut items, albums, unread_folders, mut warnings } = first;
    debug_assert!(second.collection == collection || second.collection == Collection::Photos);
    items.extend(second.items);
    // What one of them says twice is the same thing.
    for warning in second.warnings {
        if !warnings.contains(&warning) {
            warnings.push(warning);
        }
    }
    let origin = match (&origin, second.origin) {
        // What nobody knows of one of them, nobody knows of both.
        (_, Origin::FilesOnly) | (Origin::FilesOnly, _) => Origin::FilesOnly,
        (_, Origin::Partial) | (Origin::Partial, _) => Origin::Partial,
        (Origin::Folders, other) => other,
        (_, _) => origin,
    };
    Catalog {
        collection,
        origin,
        items,
        albums,
        unread_folders: unread_folders.saturating_add(second.unread_folders),
        warnings,
    }
}

/// The same, without what is among the first already: the same file of the phone. A file that only lies there, as far as
/// the first knows, and that the second knows more of, is what the second says.
#[must_use]
pub fn append_new(mut first: Catalog, second: Catalog) -> Catalog {
    let path = |item: &Item| match item.resource(Role::Original).map(|resource| &resource.presence) {
        Some(Presence::OnPhone(path)) => Some(path.clone()),
        _ => None,
    };
    let known: HashMap<DevicePath, usize> =
        first.items.iter().enumerate().filter_map(|(at, item)| Some((path(item)?, at))).collect();
    let mut items = Vec::new();
    for item in second.items {
        let item = Item { albums: Vec::new(), ..item };
        match path(&item).and_then(|path| first.items.get_mut(*known.get(&path)?)) {
            None => items.push(item),
            Some(known) if known.scope == Scope::Uncatalogued && item.scope != Scope::Uncatalogued => {
                *known = Item { albums: std::mem::take(&mut known.albums), ..item };
            }
            Some(_) => {}
        }
    }
    append(first, Catalog { items, ..second })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{album, catalog, photo};

    #[test]
    fn videos_of_both_libraries() {
        let mut film = photo("track:1", "Film.m4v", 0, 1);
        film.kind = MediaKind::Movie;
        let mut library = catalog(vec![film], vec![album("List", &[0])]);
        library.collection = Collection::Videos;
        library.unread_folders = 1;
        library.warnings = vec!["a".to_owned(), "b".to_owned()];
        let mut own = photo("B", "IMG_1.MOV", 0, 1);
        own.kind = MediaKind::Video;
        own.albums = vec![0];
        let mut photos = catalog(vec![photo("A", "IMG_2.JPG", 0, 1), own], vec![album("Cats", &[1])]);
        photos.unread_folders = 2;
        photos.warnings = vec!["b".to_owned(), "c".to_owned()];
        photos.origin = Origin::FilesOnly;
        let joined = videos(library, photos);
        let names: Vec<_> = joined.items.iter().map(|item| item.uuid.0.as_str()).collect();
        assert_eq!(names, ["track:1", "B"]);
        assert!(joined.items[1].albums.is_empty());
        assert_eq!((joined.unread_folders, joined.origin), (3, Origin::FilesOnly));
        assert_eq!(joined.warnings, ["a", "b", "c"]);
        assert_eq!(joined.albums.len(), 1);
    }

    #[test]
    fn what_only_lies_there_is_what_the_other_says_of_it() {
        let named = |uuid: &str, file: &str, scope: Scope| {
            let mut item = photo(uuid, file, 0, 1);
            item.scope = scope;
            item
        };
        let first = catalog(
            vec![
                named("a", "A.m4b", Scope::Uncatalogued),
                named("b", "B.m4b", Scope::Library),
                named("c", "C.m4b", Scope::Uncatalogued),
            ],
            Vec::new(),
        );
        let second = catalog(
            vec![
                named("track:1", "A.m4b", Scope::Library),
                named("track:2", "B.m4b", Scope::Library),
                named("file", "C.m4b", Scope::Uncatalogued),
                named("track:4", "D.m4b", Scope::Library),
            ],
            Vec::new(),
        );
        let joined = append_new(first, second);
        let names: Vec<_> = joined.items.iter().map(|item| item.uuid.0.as_str()).collect();
        assert_eq!(names, ["track:1", "b", "c", "track:4"]);
    }
}
