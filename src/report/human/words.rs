//! What the things are called that are exported.

use super::count;
use crate::catalog::Collection;

/// So many of a collection.
pub(super) fn items(collection: Collection, n: u64) -> String {
    let (one, several) = collection.items();
    count(n, one, several)
}

/// What was found on the phone.
pub(super) fn holds(collection: Collection, n: u64, albums: u64) -> String {
    let items = items(collection, n);
    match collection {
        Collection::Photos => format!("The library holds {items} in {}.", count(albums, "album", "albums")),
        Collection::Music if albums > 0 => {
            format!("The music library holds {items} and {}.", count(albums, "playlist", "playlists"))
        }
        Collection::Music => format!("The music library holds {items}."),
        _ => format!("The phone holds {items}."),
    }
}

/// The folders of the phone in which such files lie.
pub(super) const fn folders(collection: Collection) -> &'static str {
    match collection {
        Collection::Photos => "the camera folders",
        Collection::Music => "the music folders",
        Collection::Videos => "the folders of films and videos",
        Collection::VoiceMemos => "the folder of recordings",
        Collection::Ringtones => "the folders of ringtones",
        Collection::Books => "the folders of books",
        Collection::Podcasts => "the podcast folders",
        Collection::Files => "the folders of documents",
    }
}

/// All of it, for a sentence such as "... are on the drive".
pub(super) const fn all(collection: Collection) -> &'static str {
    match collection {
        Collection::Photos => "photos and videos",
        Collection::Music => "songs",
        other => other.items().1,
    }
}
