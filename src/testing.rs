//! Small catalogues for the tests of the rooms that come after the catalogue.

use std::sync::Arc;

use jiff::Timestamp;

use crate::catalog::{
    Album, AlbumId, AssetUuid, CaptureTime, Catalog, Collection, Item, MediaKind, Origin, Presence, Resource,
    Role,
};
use crate::plan::DestPath;
use crate::source::DevicePath;

/// 2024-03-09T12:00:00Z.
pub(crate) const NOON: i64 = 1_709_985_600;

/// The destination itself, for as long as it is needed.
pub(crate) fn root() -> &'static DestPath {
    Box::leak(Box::new(DestPath::root()))
}

/// An item of the library without files, taken so many seconds after [`NOON`].
pub(crate) fn item(uuid: &str, name: &str, seconds: i64) -> Item {
    let mut item = Item::new(AssetUuid(uuid.to_owned()), name.to_owned(), MediaKind::Photo);
    item.taken = Some(CaptureTime { instant: Timestamp::from_second(NOON + seconds).unwrap(), offset: None });
    item
}

/// A file that is on the phone.
pub(crate) fn on_phone(role: Role, path: &str, size_bytes: u64) -> Resource {
    Resource {
        role,
        presence: Presence::OnPhone(DevicePath::parse(path).unwrap()),
        size_bytes: Some(size_bytes),
        fingerprint: None,
        revision: String::new(),
    }
}

/// A file that is not.
pub(crate) fn absent(role: Role, presence: Presence) -> Resource {
    Resource { role, presence, size_bytes: Some(1), fingerprint: None, revision: String::new() }
}

/// An item with one file, whose name on the phone is that of the item.
pub(crate) fn photo(uuid: &str, name: &str, seconds: i64, size_bytes: u64) -> Item {
    let mut item = item(uuid, name, seconds);
    item.resources.push(on_phone(Role::Original, &format!("DCIM/100APPLE/{name}"), size_bytes));
    item
}

/// An album in folders.
pub(crate) fn album(path: &str, members: &[usize]) -> Album {
    let mut folders: Vec<Arc<str>> = path.split('/').map(Into::into).collect();
    let title = folders.pop().unwrap().as_ref().to_owned();
    Album {
        id: AlbumId(path.to_owned()),
        title,
        folders,
        shared: false,
        members: members.to_vec(),
        elsewhere: Vec::new(),
        is_whole: true,
    }
}

/// A catalogue of these.
pub(crate) fn catalog(items: Vec<Item>, albums: Vec<Album>) -> Catalog {
    let origin = Origin::Database { model_version: 18_600 };
    Catalog { collection: Collection::Photos, origin, items, albums, unread_folders: 0, warnings: Vec::new() }
}
