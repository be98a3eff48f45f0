//! The folders of a phone in which songs, films and podcasts lie, and what is in them (facts/media.md sections D1, D2).

use std::collections::{HashMap, HashSet};

use super::listing::{Directory, Listing, ListingProgress, list_all};
use super::media_type::MediaType;
use super::orphans::stat_all;
use super::progress::ProgressFn;
use super::shelf::original_as_it_lies;
use super::{AssetUuid, Collection, Item, Media, MediaKind, Presence, Scope};
use crate::source::{
    DevicePath, EntryKind, EntryName, PathError, Source, SourceError, SourceErrorKind, Stat,
};

/// What a computer synced lies in numbered folders in here.
const SYNCED: &str = "iTunes_Control/Music";
/// As many of them as a phone makes.
const SYNCED_FOLDERS: usize = 50;
/// Where all else that is a song, a film or an episode lies.
const OTHERS: &[&str] = &[
    "iTunes_Control/Music/Downloads",
    "iTunes_Control/Music/Purchases",
    "Purchases",
    "ManagedPurchases/TVApp",
    MANAGED_BOOKS,
    PODCASTS,
];
/// Bought audiobooks, and books, which are for those who read books.
const MANAGED_BOOKS: &str = "ManagedPurchases/Books";
/// The extensions of what a phone keeps beside media for itself.
const OWN_FILES: &[&str] =
    &["plist", "jpg", "jpeg", "png", "db", "sqlite", "sqlitedb", "sqlite-wal", "sqlite-shm", "tmp"];
/// Where everything is protected.
const MANAGED: &[u8] = b"ManagedPurchases";
/// Where episodes lie, some of them in a folder of their podcast.
const PODCASTS: &str = "Podcasts";
/// The folder that the library of another account has of its own kind, in a folder of this many hexadecimal digits
/// (facts/media.md section D1).
const OTHER_LIBRARY_DIGITS: usize = 40;
const OTHER_LIBRARY: &[u8] = b"iTunes_Control";
/// More accounts than share any phone.
const MOST_OTHER_LIBRARIES: usize = 100;
/// Deeper nesting than any phone has.
const MOST_LEVELS: usize = 8;
/// No library has its files in so many folders. Those beyond are not looked into.
const MOST_FOLDERS: usize = 20_000;

const AUDIO: &[&str] = &[
    "m4a", "mp3", "m4p", "aac", "wav", "aif", "aiff", "aifc", "caf", "flac", "alac", "ac3", "ec3", "amr",
    "qta", "mp2", "ogg", "opus", "wma", "au",
];
/// Audiobooks: as such, and Audible's.
const AUDIOBOOK: &[&str] = &["m4b", "aa", "aax"];
const TONE: &[&str] = &["m4r"];
/// The extensions of what is protected: songs, films that were kept as they are streamed, and Audible's books.
const PROTECTED: &[&str] = &["m4p", "movpkg", "aa", "aax"];

fn is_among(extension: Option<&[u8]>, list: &[&str]) -> bool {
    extension.is_some_and(|extension| list.iter().any(|e| e.as_bytes().eq_ignore_ascii_case(extension)))
}

/// Whether it is a stream that an app keeps for offline: a folder of pieces, protected, and of use to that app alone.
pub(super) fn is_stream(path: &DevicePath) -> bool {
    path.file_name().is_some_and(|name| is_among(name.extension(), &["movpkg"]))
}

/// Whether a file is protected, by its place and its name (facts/media.md sections D1, D4).
pub(super) fn is_protected(path: &DevicePath) -> bool {
    path.components().next() == Some(MANAGED)
        || path.file_name().is_some_and(|name| is_among(name.extension(), PROTECTED))
}

/// Whether a file is sound of any kind but a tone, by its name.
pub(super) fn is_sound(name: &EntryName) -> bool {
    [AUDIO, AUDIOBOOK].iter().any(|list| is_among(name.extension(), list))
}

/// What a file is and where it belongs, as far as its folder and name tell; `None` if it is no media at all.
pub(super) fn kind_of_file(path: &DevicePath) -> Option<(Collection, MediaKind)> {
    let name = path.file_name()?;
    let extension = name.extension();
    let (is_audio, is_video) = (is_among(extension, AUDIO), MediaType::of(extension) == MediaType::Movie);
    let is_podcast = path.components().next() == Some(b"Podcasts");
    Some(match () {
        () if (is_audio || is_video) && is_podcast => (Collection::Podcasts, MediaKind::Podcast),
        () if is_audio => (Collection::Music, MediaKind::Song),
        () if is_video => (Collection::Videos, MediaKind::Other),
        () if is_among(extension, AUDIOBOOK) => (Collection::Books, MediaKind::Audiobook),
        () if is_among(extension, TONE) => (Collection::Ringtones, MediaKind::Ringtone),
        () => return None,
    })
}

/// The title with the extension of the file; without a title the name of the file, which most often says nothing.
pub(super) fn original_name(title: Option<&str>, path: Option<&DevicePath>) -> Option<String> {
    let file = path.and_then(DevicePath::file_name);
    let Some(title) = title else { return file.map(|name| name.to_text()) };
    let extension = file.as_ref().and_then(|name| name.extension()).map(String::from_utf8_lossy);
    Some(match extension {
        Some(extension) if !ends_with(title, &extension) => format!("{title}.{extension}"),
        _ => title.to_owned(),
    })
}

/// Whether a title is the name of a file of this extension.
fn ends_with(title: &str, extension: &str) -> bool {
    title.rsplit_once('.').is_some_and(|(stem, end)| !stem.is_empty() && end.eq_ignore_ascii_case(extension))
}

/// Where a path leads.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// To this file, whose name may be written a little otherwise.
    File(DevicePath, Entry),
    /// To nothing.
    Nothing,
    /// Nobody knows, because its folder could not be listed.
    Unlisted,
}

/// A name in a listed folder: position of the folder, position of the name.
pub(super) type Entry = (usize, u32);

/// Listings of the folders.
#[derive(Debug, Default)]
pub(super) struct MediaFolders {
    all: Vec<(DevicePath, Listing)>,
    index: HashMap<DevicePath, usize>,
    /// Positions in `all` of the folders whose every song and film is the person's, in order.
    own: Vec<usize>,
    /// Files without an extension.
    plain: HashSet<DevicePath>,
    /// Why folders could not be listed although they are there.
    pub unreadable: Vec<SourceError>,
    /// The folders of libraries of other accounts.
    pub other_libraries: Vec<DevicePath>,
}

impl MediaFolders {
    /// Lists the folders that every phone has and those that are named.
    ///
    /// # Errors
    /// Only that the source is gone.
    pub(super) async fn list(
        source: &dyn Source,
        named: HashSet<DevicePath>,
        counter: &ListingProgress<'_>,
    ) -> Result<Self, SourceError> {
        let parsed = |paths: &[&str]| {
            let paths: Result<Vec<DevicePath>, PathError> = paths.iter().map(DevicePath::parse).collect();
            paths.unwrap_or_default()
        };
        let roots = parsed(&[SYNCED]);
        let (mut unreadable, mut listed) = (Vec::new(), Vec::new());
        let mut own: HashSet<DevicePath> = parsed(OTHERS).into_iter().collect();
        let root_listings = list_all(source, &roots, counter).await?;
        for (root, listing) in roots.into_iter().zip(root_listings) {
            let names = listing.directory().map(Directory::names).unwrap_or_default();
            own.extend(names.iter().filter(|name| is_synced_folder(name)).map(|name| root.join(name)));
            if let Some(error) = listing.failure() {
                unreadable.push(error.clone());
                // What is in there may still be listed.
                let numbered =
                    (0..SYNCED_FOLDERS).filter_map(|n| EntryName::new(format!("F{n:02}").as_bytes()).ok());
                own.extend(numbered.map(|name| root.join(&name)));
            }
            listed.push((root, listing));
        }
        let is_listed = |path: &DevicePath| listed.iter().any(|(root, _)| root == path);
        let mut others: Vec<DevicePath> =
            named.into_iter().filter(|path| !own.contains(path) && !is_listed(path)).collect();
        others.sort_unstable();
        others.truncate(MOST_FOLDERS);
        let mut paths: Vec<DevicePath> = own.iter().cloned().chain(others).collect();
        paths.sort_unstable();
        let listings = list_all(source, &paths, counter).await?;
        let mut within = Within::default();
        let mut level: Vec<(DevicePath, Listing)> = paths.into_iter().zip(listings).collect();
        // Folders in folders: of a podcast, or whatever made them.
        for depth in 0..=MOST_LEVELS {
            unreadable.extend(level.iter().filter_map(|(_, listing)| listing.failure()).cloned());
            let found = within.look(source, level.iter().filter(|(path, _)| own.contains(path))).await?;
            listed.append(&mut level);
            let mut found: Vec<DevicePath> = found.into_iter().filter(|path| !own.contains(path)).collect();
            let room = MOST_FOLDERS.saturating_sub(listed.len());
            within.keep(&mut found, if depth < MOST_LEVELS { room } else { 0 });
            if found.is_empty() {
                break;
            }
            own.extend(found.iter().cloned());
            level = found.iter().cloned().zip(list_all(source, &found, counter).await?).collect();
        }
        unreadable.append(&mut within.unreadable);
        // The folder of the numbered ones is listed already. Songs can lie in it, too.
        own.extend(parsed(&[SYNCED]));
        let mut all = listed;
        all.sort_by(|(a, _), (b, _)| a.cmp(b));
        let index = all.iter().enumerate().map(|(at, (path, _))| (path.clone(), at)).collect();
        let own =
            (0_usize..).zip(&all).filter(|(_, (path, _))| own.contains(path)).map(|(at, _)| at).collect();
        let other_libraries = other_libraries(source, counter).await?;
        Ok(Self { all, index, own, plain: within.plain, unreadable, other_libraries })
    }

    /// Looks for a file.
    pub(super) fn find(&self, path: &DevicePath) -> Found {
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return Found::Nothing };
        let Some(at) = self.index.get(&folder).copied() else { return Found::Unlisted };
        match self.all.get(at) {
            Some((folder, Listing::Names(names))) => {
                let position = names.find(name.as_bytes());
                match position.and_then(|position| Some((position, names.name(position)?))) {
                    Some((position, name)) => Found::File(folder.join(name), (at, position)),
                    None => Found::Nothing,
                }
            }
            Some((_, Listing::Absent)) => Found::Nothing,
            Some((_, Listing::Failed(_))) | None => Found::Unlisted,
        }
    }

    /// How many names in these folders are neither media nor among `claimed`, nor what a phone keeps for itself, with the
    /// collection to which a person would say that the folder belongs and what the folders are called.
    pub(super) fn other_kinds(&self, claimed: &HashSet<Entry>) -> [(Collection, &'static str, usize); 2] {
        let (mut songs, mut episodes) = (0, 0);
        for at in &self.own {
            let Some((folder, Listing::Names(names))) = self.all.get(*at) else { continue };
            if folder.as_bytes() == MANAGED_BOOKS.as_bytes() {
                continue;
            }
            let is_other = |name: &EntryName| {
                let path = folder.join(name);
                let is_own = is_among(name.extension(), OWN_FILES) || name.as_bytes().starts_with(b".");
                // Without an extension it may be a folder.
                (name.extension().is_some() || self.plain.contains(&path))
                    && !is_own
                    && kind_of_file(&path).is_none()
                    && !self.index.contains_key(&path)
            };
            let others = names
                .names()
                .iter()
                .zip(0_u32..)
                .filter(|(name, at_name)| is_other(name) && !claimed.contains(&(*at, *at_name)));
            let is_podcasts = folder.components().next() == Some(PODCASTS.as_bytes());
            *(if is_podcasts { &mut episodes } else { &mut songs }) += others.count();
        }
        [
            (Collection::Music, "the folders of music and purchases", songs),
            (Collection::Podcasts, "the folders of podcasts", episodes),
        ]
    }

    /// The media files that are not among `claimed`, each as an item of its own with its collection, in the order of
    /// their paths.
    ///
    /// # Errors
    /// Only that the source is gone.
    pub(super) async fn unclaimed(
        &self,
        source: &dyn Source,
        claimed: &HashSet<Entry>,
        progress: &ProgressFn<'_>,
    ) -> Result<Vec<(Collection, Item)>, SourceError> {
        let mut candidates = Vec::new();
        for at in &self.own {
            let Some((folder, Listing::Names(names))) = self.all.get(*at) else { continue };
            for (name, position) in names.names().iter().zip(0_u32..) {
                if name.as_bytes().starts_with(b".") || claimed.contains(&(*at, position)) {
                    continue;
                }
                let path = folder.join(name);
                candidates.extend(kind_of_file(&path).is_some().then_some(path));
            }
        }
        let stats = stat_all(source, &candidates, progress).await?;
        let mut items = Vec::new();
        for (path, stat) in candidates.into_iter().zip(stats) {
            let stat = match stat {
                Ok(stat) if stat.kind != EntryKind::File => continue,
                Ok(stat) => Some(stat),
                Err(error) if error.kind == SourceErrorKind::NotFound => continue,
                // What could not be looked at is kept: the transfer will say what is wrong with it.
                Err(_) => None,
            };
            let Some((collection, kind)) = kind_of_file(&path) else { continue };
            items.push((collection, item(path, kind, stat)));
        }
        Ok(items)
    }
}

/// What lies in folders beside media.
#[derive(Debug, Default)]
struct Within {
    /// Files without an extension.
    plain: HashSet<DevicePath>,
    /// What could not be looked at, and may be a folder; and folders that are too many or too deep.
    unreadable: Vec<SourceError>,
}

impl Within {
    /// Looks at what is no media, and gives back the folders among it.
    ///
    /// # Errors
    /// Only that the source is gone.
    async fn look<'l>(
        &mut self,
        source: &dyn Source,
        folders: impl Iterator<Item = &'l (DevicePath, Listing)>,
    ) -> Result<Vec<DevicePath>, SourceError> {
        // Neither a file nor a stream that is kept as a folder.
        let is_other = |name: &EntryName, path: &DevicePath| {
            !name.as_bytes().starts_with(b".")
                && !is_among(name.extension(), OWN_FILES)
                && kind_of_file(path).is_none()
                && !is_protected(path)
        };
        let paths: Vec<DevicePath> = folders
            .flat_map(|(folder, listing)| {
                let names = listing.directory().map(Directory::names).unwrap_or_default();
                names.iter().map(move |name| (name, folder.join(name)))
            })
            .filter(|(name, path)| is_other(name, path))
            .map(|(_, path)| path)
            .collect();
        let stats = stat_all(source, &paths, &|_| ()).await?;
        let mut found = Vec::new();
        for (path, stat) in paths.into_iter().zip(stats) {
            match stat {
                Ok(stat) if stat.kind == EntryKind::Directory => found.push(path),
                Ok(stat) if stat.kind == EntryKind::File => {
                    if path.file_name().is_some_and(|name| name.extension().is_none()) {
                        self.plain.insert(path);
                    }
                }
                Ok(_) => {}
                Err(error) if error.kind == SourceErrorKind::NotFound => {}
                Err(error) => self.unreadable.push(error),
            }
        }
        Ok(found)
    }

    /// Keeps so many folders, and says that nobody looked into the others.
    fn keep(&mut self, found: &mut Vec<DevicePath>, most: usize) {
        let beyond = found.split_off(most.min(found.len()));
        let kind = SourceErrorKind::Local("too many folders, or nested too deep".to_owned());
        self.unreadable.extend(beyond.into_iter().next().map(|path| SourceError { path, kind }));
    }
}

/// The folders of libraries of other accounts.
///
/// # Errors
/// Only that the source is gone.
async fn other_libraries(
    source: &dyn Source,
    counter: &ListingProgress<'_>,
) -> Result<Vec<DevicePath>, SourceError> {
    let root = DevicePath::root();
    let listings = list_all(source, std::slice::from_ref(&root), counter).await?;
    let names = listings.first().and_then(Listing::directory).map(Directory::names).unwrap_or_default();
    let is_one = |name: &&EntryName| {
        name.as_bytes().len() == OTHER_LIBRARY_DIGITS && name.as_bytes().iter().all(u8::is_ascii_hexdigit)
    };
    // Anybody may call a folder so.
    let folders: Vec<DevicePath> =
        names.iter().filter(is_one).take(MOST_OTHER_LIBRARIES).map(|name| root.join(name)).collect();
    let Ok(own) = EntryName::new(OTHER_LIBRARY) else { return Ok(Vec::new()) };
    let within: Vec<DevicePath> = folders.iter().map(|folder| folder.join(&own)).collect();
    let stats = stat_all(source, &within, &|_| ()).await?;
    let is_library =
        |stat: &Result<Stat, SourceError>| matches!(stat, Ok(stat) if stat.kind == EntryKind::Directory);
    Ok(folders
        .into_iter()
        .zip(stats)
        .filter(|(_, stat)| is_library(stat))
        .map(|(folder, _)| folder)
        .collect())
}

/// A file of which nothing but its name is known. Its tags may say more.
fn item(path: DevicePath, kind: MediaKind, stat: Option<Stat>) -> Item {
    let name = path.file_name().map(|name| name.to_text()).unwrap_or_default();
    let mut item = Item::new(AssetUuid(super::path_identity(&path)), name, kind);
    item.scope = Scope::Uncatalogued;
    item.media = Some(Box::new(Media { protected: is_protected(&path), ..Media::default() }));
    item.resources = vec![original_as_it_lies(Presence::OnPhone(path), stat)];
    item
}

/// `F00` and its like.
fn is_synced_folder(name: &EntryName) -> bool {
    let digits = name.as_bytes().strip_prefix(b"F").unwrap_or_default();
    (1..=4).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_by_place_and_extension() {
        let kind = |path: &str| kind_of_file(&DevicePath::parse(path).unwrap());
        assert_eq!(kind("iTunes_Control/Music/F00/ABCD.MP3"), Some((Collection::Music, MediaKind::Song)));
        assert_eq!(kind("iTunes_Control/Music/F00/ABCD.m4v"), Some((Collection::Videos, MediaKind::Other)));
        assert_eq!(kind("Podcasts/1.mp3"), Some((Collection::Podcasts, MediaKind::Podcast)));
        assert_eq!(kind("Podcasts/1.mp4"), Some((Collection::Podcasts, MediaKind::Podcast)));
        assert_eq!(kind("Purchases/-1.m4b"), Some((Collection::Books, MediaKind::Audiobook)));
        assert_eq!(kind("Purchases/-1.m4r"), Some((Collection::Ringtones, MediaKind::Ringtone)));
        assert_eq!(kind("Purchases/-1.plist"), None);
        assert_eq!(kind("Purchases/ABCD"), None);
        assert!(is_protected(&DevicePath::parse("Purchases/-1.M4P").unwrap()));
        assert!(!is_protected(&DevicePath::parse("Purchases/m4p").unwrap()));
        assert!(is_protected(&DevicePath::parse("ManagedPurchases/TVApp/1.m4v").unwrap()));
        for audible in ["aa", "AAX"] {
            assert!(is_protected(&DevicePath::parse(format!("Purchases/book.{audible}")).unwrap()));
        }
    }

    #[test]
    fn numbered_folders() {
        let is = |name: &str| is_synced_folder(&EntryName::new(name.as_bytes()).unwrap());
        assert!(["F00", "F49", "F7", "F100"].into_iter().all(is));
        assert!(!["F", "Fx", "f00", "F00000", "Cache", "Downloads"].into_iter().any(is));
    }

    #[test]
    fn names_are_titles_with_the_extension_of_the_file() {
        let path = DevicePath::parse("iTunes_Control/Music/F00/QZXR.m4a").unwrap();
        let name = |title| original_name(title, Some(&path)).unwrap();
        assert_eq!(name(Some("AC/DC: Live?")), "AC/DC: Live?.m4a");
        assert_eq!(name(Some("No. 5")), "No. 5.m4a");
        assert_eq!(name(Some("song.M4A")), "song.M4A");
        assert_eq!(name(Some(".m4a")), ".m4a.m4a");
        assert_eq!(name(None), "QZXR.m4a");
        assert_eq!(original_name(Some("Cloud"), None).unwrap(), "Cloud");
        assert_eq!(original_name(None, None), None);
    }
}
