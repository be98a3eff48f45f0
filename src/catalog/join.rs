//! Two catalogues as one, where people know one kind of thing from two of the phone's libraries.

use std::collections::HashSet;

use super::{Catalog, Collection, Item, MediaKind, Origin, Presence, Role};
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

/// The same, without what is among the first already: the same file of the phone.
#[must_use]
pub fn append_new(first: Catalog, second: Catalog) -> Catalog {
    let path = |item: &Item| match item.resource(Role::Original).map(|resource| &resource.presence) {
        Some(Presence::OnPhone(path)) => Some(path.clone()),
        _ => None,
    };
    let known: HashSet<DevicePath> = first.items.iter().filter_map(path).collect();
    let is_new = |item: &Item| path(item).is_none_or(|path| !known.contains(&path));
    let items = second.items.into_iter().filter(is_new).map(|item| Item { albums: Vec::new(), ..item });
    append(first, Catalog { items: items.collect(), ..second })
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
}
