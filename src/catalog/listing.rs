//! Directories of the phone, listed once and then asked often.

use std::borrow::Cow;
use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::{StreamExt as _, TryStreamExt as _};
use unicode_normalization::UnicodeNormalization as _;

use super::progress::{CatalogProgress, ProgressFn};
use crate::source::{DevicePath, EntryKind, EntryName, Source, SourceError, SourceErrorKind};

/// Requests to the phone that are under way at once.
pub(super) const IN_FLIGHT: usize = 32;
/// Times a request is made that has a chance to do better the next time.
const TRIES: u32 = 3;
/// Names that differ only in case are compared one by one, but not without end.
const MOST_ALIKE: usize = 64;

/// What listing a directory gave.
#[derive(Debug)]
pub(super) enum Listing {
    /// Its names.
    Names(Directory),
    /// There is no such directory.
    Absent,
    /// It could not be listed, so nothing is known of it.
    Failed(SourceError),
}

impl Listing {
    pub(super) const fn directory(&self) -> Option<&Directory> {
        match self {
            Self::Names(directory) => Some(directory),
            Self::Absent | Self::Failed(_) => None,
        }
    }

    /// Why nothing is known of it.
    pub(super) const fn failure(&self) -> Option<&SourceError> {
        match self {
            Self::Failed(error) => Some(error),
            Self::Names(_) | Self::Absent => None,
        }
    }
}

/// The names in a directory, found exactly or by how they look.
#[derive(Debug, Default)]
pub(super) struct Directory {
    names: Vec<EntryName>,
    /// Folded names with the position of the name, sorted.
    folded: Vec<(Box<[u8]>, u32)>,
}

impl Directory {
    pub(super) fn new(mut names: Vec<EntryName>) -> Self {
        names.sort_unstable();
        names.dedup();
        let positions = 0_u32..;
        let mut folded: Vec<_> =
            names.iter().zip(positions).map(|(name, at)| (fold(name.as_bytes()).into(), at)).collect();
        folded.sort_unstable();
        Self { names, folded }
    }

    pub(super) fn names(&self) -> &[EntryName] {
        &self.names
    }

    pub(super) fn name(&self, position: u32) -> Option<&EntryName> {
        self.names.get(position as usize)
    }

    /// Position of the name of exactly these bytes.
    pub(super) fn exact(&self, wanted: &[u8]) -> Option<u32> {
        let found = self.names.binary_search_by(|name| name.as_bytes().cmp(wanted)).ok()?;
        u32::try_from(found).ok()
    }

    /// Positions of the names that look like `wanted`: the same bytes first, then the same letters, then those
    /// that differ only in case.
    pub(super) fn alike(&self, wanted: &[u8]) -> Vec<u32> {
        let key = fold(wanted);
        let start = self.folded.partition_point(|(name, _)| **name < *key);
        let same = self.folded.iter().skip(start).take_while(|(name, _)| **name == *key);
        let mut found: Vec<u32> = same.take(MOST_ALIKE).map(|(_, at)| *at).collect();
        found.extend(self.exact(wanted));
        if found.len() > 1 {
            let composed = compose(wanted);
            found.sort_by_key(|at| {
                let name = self.name(*at).map(EntryName::as_bytes).unwrap_or_default();
                (name != wanted, compose(name) != composed, *at)
            });
            found.dedup();
        }
        found
    }

    /// Position of the name that looks most like `wanted`.
    pub(super) fn find(&self, wanted: &[u8]) -> Option<u32> {
        self.alike(wanted).first().copied()
    }
}

/// Unicode in composed form, so that `e` and an accent are the same as `é`.
fn compose(name: &[u8]) -> Cow<'_, [u8]> {
    match std::str::from_utf8(name) {
        Ok(text) if !text.is_ascii() => Cow::Owned(text.nfc().collect::<String>().into_bytes()),
        _ => Cow::Borrowed(name),
    }
}

/// A form in which names are equal that differ only in case or in how accents are written.
pub(super) fn fold(name: &[u8]) -> Vec<u8> {
    match std::str::from_utf8(name) {
        Ok(text) if !text.is_ascii() => {
            text.nfc().collect::<String>().to_lowercase().nfc().collect::<String>().into_bytes()
        }
        _ => name.to_ascii_lowercase(),
    }
}

/// Counts directories as they are listed, over several calls.
pub(super) struct ListingProgress<'a> {
    listed: AtomicU64,
    total: AtomicU64,
    progress: &'a ProgressFn<'a>,
}

impl<'a> ListingProgress<'a> {
    pub(super) fn new(progress: &'a ProgressFn<'a>) -> Self {
        Self { listed: AtomicU64::new(0), total: AtomicU64::new(0), progress }
    }

    fn one_more(&self) {
        let listed = self.listed.fetch_add(1, Ordering::Relaxed) + 1;
        (self.progress)(CatalogProgress::Directories { listed, total: self.total.load(Ordering::Relaxed) });
    }
}

/// Lists many directories at once, in the order given.
///
/// # Errors
/// Only that the source is gone; what concerns one directory is in its [`Listing`].
pub(super) async fn list_all(
    source: &dyn Source,
    paths: &[DevicePath],
    counter: &ListingProgress<'_>,
) -> Result<Vec<Listing>, SourceError> {
    counter.total.fetch_add(paths.len() as u64, Ordering::Relaxed);
    // Collected first: a future that holds a borrowing closure cannot be proven to be `Send`.
    let requests: Vec<_> = paths
        .iter()
        .map(|path| async move {
            let listing = list(source, path).await;
            counter.one_more();
            listing
        })
        .collect();
    futures_util::stream::iter(requests).buffered(IN_FLIGHT).try_collect().await
}

async fn list(source: &dyn Source, path: &DevicePath) -> Result<Listing, SourceError> {
    let mut tries = 1;
    loop {
        match source.list(path).await {
            Ok(names) => return Ok(Listing::Names(Directory::new(names))),
            Err(error) if error.is_fatal() => return Err(error),
            Err(error) if error.kind == SourceErrorKind::NotFound => return Ok(Listing::Absent),
            Err(error) if error.is_retryable() && tries < TRIES => tries += 1,
            Err(error) => return refused(source, path, error).await,
        }
    }
}

/// What it means that something cannot be listed. A phone answers no better for a file than for a folder that it
/// cannot read (facts/protocols.md section 3.6), so it is asked which of them it is.
async fn refused(source: &dyn Source, path: &DevicePath, why: SourceError) -> Result<Listing, SourceError> {
    match source.stat(path).await {
        Err(error) if error.is_fatal() => Err(error),
        Ok(stat) if stat.kind == EntryKind::File => Ok(Listing::Absent),
        _ => Ok(Listing::Failed(why)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directory(names: &[&str]) -> Directory {
        Directory::new(names.iter().map(|n| EntryName::new(n.as_bytes()).unwrap()).collect())
    }

    fn found(directory: &Directory, wanted: &str) -> Option<String> {
        directory.find(wanted.as_bytes()).and_then(|at| directory.name(at)).map(EntryName::to_text)
    }

    #[test]
    fn the_same_bytes_win_over_the_same_letters_over_another_case() {
        let dir = directory(&["IMG_1.MOV", "IMG_1.mov", "Fr\u{e9}.jpg", "FRE\u{301}.JPG"]);
        assert_eq!(found(&dir, "IMG_1.mov").unwrap(), "IMG_1.mov");
        assert_eq!(found(&dir, "IMG_1.MOV").unwrap(), "IMG_1.MOV");
        assert_eq!(found(&dir, "img_1.mov").unwrap(), "IMG_1.MOV");
        assert_eq!(found(&dir, "Fre\u{301}.jpg").unwrap(), "Fr\u{e9}.jpg");
        assert_eq!(found(&dir, "FR\u{c9}.JPG").unwrap(), "FRE\u{301}.JPG");
        assert_eq!(found(&dir, "IMG_2.mov"), None);
    }

    #[test]
    fn many_names_alike_still_have_each_its_own() {
        // 2^10 ways to write one name.
        let names: Vec<String> = (0..1024_u32)
            .map(|bits| (0..10).map(|n| if bits >> n & 1 == 1 { 'A' } else { 'a' }).collect())
            .collect();
        let dir = directory(&names.iter().map(String::as_str).collect::<Vec<_>>());
        for name in &names {
            assert_eq!(found(&dir, name).as_deref(), Some(name.as_str()));
        }
    }

    #[test]
    fn names_that_are_no_text_are_found_by_their_bytes() {
        let dir = Directory::new(vec![EntryName::new(b"\xff\xfeA.JPG").unwrap()]);
        assert_eq!(dir.find(b"\xff\xfea.jpg"), Some(0));
        assert_eq!(dir.find(b"\xff.jpg"), None);
    }
}
