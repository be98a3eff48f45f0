//! Pictures of albums and items: which there are, and what sort of file each is (facts/media.md section D5).

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use futures_util::{StreamExt as _, TryStreamExt as _};

use super::Tables;
use super::texts::Texts;
use crate::catalog::listing::{IN_FLIGHT, Listing, ListingProgress, list_all};
use crate::source::{DevicePath, Source, SourceError};

/// Where the pictures lie.
const FOLDER: &[u8] = b"iTunes_Control/iTunes/Artwork/Originals/";
/// Values of `entity_type`.
const ITEM: i64 = 0;
const ALBUM: i64 = 1;
/// An item has some pictures of different sorts; more are not looked at.
const MOST_ALIKE: usize = 8;
/// Bytes at the start of a file that tell what it is.
const HEAD_BYTES: usize = 12;
/// Times a picture is asked for that has a chance to come the next time.
const TRIES: u32 = 3;

/// What the database says of pictures.
#[derive(Debug, Default)]
pub(super) struct Artwork {
    /// Names of pictures, best first, by type and key of what they are of.
    tokens: HashMap<(i64, i64), Vec<Token>>,
    /// Files of a picture, best first.
    files: HashMap<Arc<str>, Vec<(Rank, DevicePath)>>,
    /// Listings of the folders that those are in.
    listed: HashMap<DevicePath, Listing>,
    /// Why folders could not be listed although they are there.
    pub unreadable: Vec<SourceError>,
}

/// What is preferred: the table that says what is best, then the lower type, then the lower variant.
type Rank = (bool, i64, i64);
type Token = (Rank, Arc<str>);

impl Artwork {
    /// Reads which pictures belong to the items and albums that `is_known` by type and key.
    /// What could not be read is noted in `trouble`.
    pub(super) fn read(
        tables: &mut Tables,
        texts: &mut Texts,
        is_known: impl Fn(bool, i64) -> bool,
        trouble: &mut Vec<String>,
    ) -> Self {
        let mut artwork = Self::default();
        for (table, token, is_second) in [
            ("best_artwork_token", "available_artwork_token", false),
            ("artwork_token", "artwork_token", true),
        ] {
            let columns = ["entity_type", "entity_pid", "artwork_type", "artwork_variant_type", token];
            let result = tables.rows(table, &columns, |c| {
                let (Some(entity @ (ITEM | ALBUM)), Some(pid)) = (c.int(), c.int()) else { return };
                if !is_known(entity == ALBUM, pid) {
                    return;
                }
                let rank = (is_second, c.int().unwrap_or(0), c.int().unwrap_or(0));
                let Some(token) = texts.share(c.text()) else { return };
                insert(artwork.tokens.entry((entity, pid)).or_default(), rank, token);
            });
            trouble.extend(result.err());
        }
        let wanted: HashSet<&str> = artwork.tokens.values().flatten().map(|(_, token)| &**token).collect();
        let files = &mut artwork.files;
        let columns = ["artwork_token", "artwork_type", "artwork_variant_type", "relative_path"];
        let result = tables.rows("artwork", &columns, |c| {
            let Some(token) = c.text().filter(|token| wanted.contains(token.as_str())) else { return };
            let rank = (false, c.int().unwrap_or(0), c.int().unwrap_or(0));
            let path = c.bytes().and_then(|path| DevicePath::parse([FOLDER, &path].concat()).ok());
            // A path that is only the folder itself is none.
            let path = path.filter(|path| path.as_bytes().len() > FOLDER.len());
            let path = path.filter(|path| texts.spend(path.as_bytes().len()));
            if let (Some(token), Some(path)) = (texts.share(Some(token)), path) {
                insert(files.entry(token).or_default(), rank, path);
            }
        });
        trouble.extend(result.err());
        artwork
    }

    /// Lists the folders that pictures are in.
    ///
    /// # Errors
    /// Only that the source is gone.
    pub(super) async fn list(
        &mut self,
        source: &dyn Source,
        counter: &ListingProgress<'_>,
    ) -> Result<(), SourceError> {
        /// There are 256 on a phone.
        const MOST_FOLDERS: usize = 4096;
        let mut folders = BTreeSet::new();
        for (_, path) in self.files.values().flatten() {
            if let Some(folder) = path.parent().filter(|folder| !folders.contains(folder)) {
                folders.insert(folder);
            }
        }
        let folders: Vec<DevicePath> = folders.into_iter().take(MOST_FOLDERS).collect();
        let listings = list_all(source, &folders, counter).await?;
        self.unreadable = listings.iter().filter_map(Listing::failure).cloned().collect();
        self.listed = folders.into_iter().zip(listings).collect();
        Ok(())
    }

    /// The picture of an item that is on the phone.
    pub(super) fn of_item(&self, pid: i64) -> Option<DevicePath> {
        self.best(ITEM, pid)
    }

    /// The picture of an album that is on the phone.
    pub(super) fn of_album(&self, pid: i64) -> Option<DevicePath> {
        self.best(ALBUM, pid)
    }

    fn best(&self, entity: i64, pid: i64) -> Option<DevicePath> {
        let tokens = self.tokens.get(&(entity, pid))?;
        let files = tokens.iter().filter_map(|(_, token)| self.files.get(token)).flatten();
        files.map(|(_, path)| path).find(|path| self.is_there(path)).cloned()
    }

    fn is_there(&self, path: &DevicePath) -> bool {
        let names = path.parent().and_then(|folder| self.listed.get(&folder)?.directory());
        let name = path.file_name();
        names.zip(name).is_some_and(|(names, name)| names.exact(name.as_bytes()).is_some())
    }
}

/// Puts something among others in its order, if it is not there yet and they are not too many.
fn insert<T: Ord>(all: &mut Vec<(Rank, T)>, rank: Rank, one: T) {
    match all.iter_mut().find(|(_, known)| *known == one) {
        Some((known, _)) => *known = rank.min(*known),
        None => all.push((rank, one)),
    }
    all.sort();
    all.truncate(MOST_ALIKE);
}

/// What sort of file a picture is. On the phone they have no extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Jpeg,
    Png,
    Heic,
}

impl Format {
    pub(super) const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Heic => "heic",
        }
    }

    /// By the first bytes of the file.
    fn of(head: &[u8]) -> Option<Self> {
        const HEIC_BRANDS: [&[u8]; 4] = [b"heic", b"heix", b"heim", b"mif1"];
        match head {
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Some(Self::Png),
            [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] => {
                HEIC_BRANDS.iter().any(|known| brand.starts_with(known)).then_some(Self::Heic)
            }
            _ => None,
        }
    }
}

/// Looks at the beginning of many files at once, in the order given. `None` for what is none of the formats.
///
/// # Errors
/// Only that the source is gone; what concerns one file is in its place.
pub(super) async fn formats(
    source: &dyn Source,
    paths: &[DevicePath],
) -> Result<Vec<Result<Option<Format>, SourceError>>, SourceError> {
    let requests: Vec<_> = paths
        .iter()
        .map(|path| async move {
            match head(source, path).await {
                Err(error) if error.is_fatal() => Err(error),
                other => Ok(other.map(|head| Format::of(&head))),
            }
        })
        .collect();
    futures_util::stream::iter(requests).buffered(IN_FLIGHT).try_collect().await
}

async fn head(source: &dyn Source, path: &DevicePath) -> Result<Vec<u8>, SourceError> {
    let mut tries = 1;
    loop {
        match source.read_part(path, 0, HEAD_BYTES).await {
            Err(error) if error.is_retryable() && !error.is_fatal() && tries < TRIES => tries += 1,
            other => return other.map(|part| part.bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_by_the_first_bytes() {
        assert_eq!(Format::of(b"\xff\xd8\xff\xe0\0\x10JFIF"), Some(Format::Jpeg));
        assert_eq!(Format::of(b"\x89PNG\r\n\x1a\n\0\0\0\r"), Some(Format::Png));
        assert_eq!(Format::of(b"\0\0\0\x18ftypheic"), Some(Format::Heic));
        assert_eq!(Format::of(b"\0\0\0\x18ftypavif"), None);
        for other in [&b""[..], b"\xff\xd8", b"GIF89a", b"\x89PNG", b"<html>"] {
            assert_eq!(Format::of(other), None, "{other:?}");
        }
    }

    #[test]
    fn the_best_of_each_is_kept() {
        let mut all = Vec::new();
        for (rank, one) in
            [((true, 0, 0), "a"), ((false, 2, 0), "b"), ((false, 1, 3), "a"), ((false, 1, 1), "c")]
        {
            insert(&mut all, rank, one);
        }
        assert_eq!(all.iter().map(|(_, one)| *one).collect::<Vec<_>>(), ["c", "a", "b"]);
        for number in 0..1000 {
            insert(&mut all, (false, number, 0), "same");
        }
        assert_eq!(all.first().map(|(_, one)| *one), Some("same"));
        assert_eq!(all.len(), 4);
    }
}
