//! The ringtones and alert tones of a phone: two folders, and a list that gives the tones names.
//!
//! Knows nothing of songs, even if the phone's media library names some of these files, too.

use std::collections::HashMap;

use plist::{Dictionary, Value};

use super::listing::ListingProgress;
use super::progress::ProgressFn;
use super::property_lists::{self, Entry, PropertyList};
use super::shelf::{self, Look, Shelf, Wanted};
use super::{
    AssetUuid, Catalog, CatalogError, Collection, Item, Media, MediaKind, Origin, Presence, Resource, folders,
};
use crate::source::{DevicePath, EntryName, PathError, Source, SourceError};

/// Where synced and self-made tones are, and where bought ones (facts/media.md section D7).
const FOLDERS: [&str; 2] = ["iTunes_Control/Ringtones", "Purchases"];
/// Position of the bought ones in [`FOLDERS`].
const BOUGHT: usize = 1;
/// The list of tones.
const LIST: &str = "iTunes_Control/iTunes/Ringtones.plist";
/// Largest list that is read, in bytes: ten thousand tones.
const MAX_LIST_BYTES: u64 = 4 << 20;
/// Longest tone that is believed, in milliseconds: a day.
const MAX_MILLISECONDS: f64 = 86_400_000.0;

/// Reads the tones of a phone. A phone without any has an empty catalogue.
///
/// # Errors
/// The source is gone. What can be read only in part gives a catalogue with [`Catalog::warnings`].
pub async fn read(source: &dyn Source, progress: &ProgressFn<'_>) -> Result<Catalog, CatalogError> {
    let gone = CatalogError::Source;
    let counter = ListingProgress::new(progress);
    let path =
        |text: &str| DevicePath::parse(text).map_err(|e: PathError| CatalogError::Broken(e.to_string()));
    let places = FOLDERS.map(path).into_iter().collect::<Result<Vec<_>, _>>()?;
    let shelves = shelf::look(source, places, is_tone, &counter, progress).await.map_err(gone)?;
    let list = property_lists::read(source, &path(LIST)?, MAX_LIST_BYTES).await.map_err(gone)?;

    let mut warnings = Vec::new();
    let entries = match list {
        PropertyList::Read(list) => entries(list, &mut warnings),
        PropertyList::Absent => Vec::new(),
        PropertyList::Unusable(why) => {
            warnings.push(no_names(&why));
            Vec::new()
        }
    };
    let items = assemble(&shelves, &entries);
    let is_folder = |look| matches!(look, Look::Directory(_));
    let folders =
        shelves.first().map_or(0, |own| own.entries().filter(|(.., look)| is_folder(*look)).count());
    if folders > 0 {
        warnings.push(format!(
            "Left out: what is in folders among the ringtones ({folders} of them). `iexport files --path {}` exports it.",
            FOLDERS[0]
        ));
    }
    let unreadable: Vec<SourceError> =
        shelves.iter().filter_map(|shelf| shelf.listing.failure()).cloned().collect();
    warnings.extend(folders::warning(&unreadable));
    Ok(Catalog {
        collection: Collection::Ringtones,
        origin: Origin::Folders,
        items,
        albums: Vec::new(),
        unread_folders: unreadable.len(),
        warnings,
    })
}

/// Whether a file of a folder is a tone, by its name: lists and hidden files lie between the tones, and the bought
/// things are songs and videos, too.
fn is_tone(folder: usize, name: &EntryName) -> bool {
    let is = |wanted: &[u8]| name.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(wanted));
    !name.as_bytes().starts_with(b".") && if folder == BOUGHT { is(b"m4r") } else { !is(b"plist") }
}

/// What the list says of one file.
struct Tone {
    file: EntryName,
    details: Dictionary,
}

/// Says that the list is of no use.
fn no_names(why: &str) -> String {
    format!(
        "The phone's list of ringtones cannot be read ({why}); the names and lengths of the tones are not known."
    )
}

/// The tones of the list, in the order of their files.
fn entries(mut list: Dictionary, warnings: &mut Vec<String>) -> Vec<Tone> {
    let tones = match list.remove("Ringtones") {
        Some(Value::Dictionary(tones)) => tones,
        // A phone that never had a tone.
        None if list.is_empty() => return Vec::new(),
        other => {
            let why = if other.is_some() { "its tones are no dictionary" } else { "no tones are in it" };
            warnings.push(no_names(&format!("{LIST}: {why}")));
            return Vec::new();
        }
    };
    let (mut entries, mut refused) = (Vec::new(), 0_usize);
    for (key, value) in tones {
        match (EntryName::new(key.as_bytes()), value) {
            (Ok(file), Value::Dictionary(details)) if is_tone(0, &file) => {
                entries.push(Tone { file, details })
            }
            _ => refused += 1,
        }
    }
    entries.sort_unstable_by(|a, b| a.file.cmp(&b.file));
    warnings.extend(super::refused::warning(refused, ("entry", "entries"), "list of ringtones"));
    entries
}

fn assemble(shelves: &[Shelf], entries: &[Tone]) -> Vec<Item> {
    let wanted = entries.iter().map(|tone| Some(Wanted { name: tone.file.as_bytes(), only_in: None }));
    let found = shelf::find_each(shelves, wanted, Look::is_file);
    let named: HashMap<(usize, u32), &Tone> =
        found.iter().zip(entries).filter_map(|(place, tone)| Some(((*place)?, tone))).collect();
    let mut items = Vec::new();
    for (number, shelf) in (0_usize..).zip(shelves) {
        for (at, name, look) in shelf.entries().filter(|(_, _, look)| look.is_file()) {
            let path = shelf.path.join(name);
            let original = shelf::original_as_it_lies(Presence::OnPhone(path.clone()), look.stat());
            items.push(item(&path, named.get(&(number, at)).copied(), number == BOUGHT, original));
        }
    }
    // What the list names and nobody found. A folder that cannot be listed may well hold it.
    if let Some(home) = shelves.first() {
        for (tone, _) in entries.iter().zip(&found).filter(|(_, place)| place.is_none()) {
            let path = home.path.join(&tone.file);
            let is_believed = home.listing.failure().is_some();
            let presence = if is_believed { Presence::OnPhone(path.clone()) } else { Presence::Missing };
            items.push(item(&path, Some(tone), false, shelf::original(presence, None, String::new())));
        }
    }
    items.sort_by(|a, b| a.uuid.cmp(&b.uuid));
    items
}

fn item(path: &DevicePath, tone: Option<&Tone>, is_bought: bool, original: Resource) -> Item {
    let nothing = Dictionary::new();
    let details = Entry(tone.map_or(&nothing, |tone| &tone.details));
    let text = |key: &str| details.text(key).map(Into::into);
    let kind = match details.text("Media Kind").as_deref() {
        Some("tone") => MediaKind::AlertTone,
        _ => MediaKind::Ringtone,
    };
    let name = path.file_name().map(|name| name.to_text()).unwrap_or_default();
    let mut item = Item::new(AssetUuid(super::identity_of_path("tone", path)), name, kind);
    item.title = details.text("Name").map(Into::into);
    let length = details.real("Total Time").filter(|length| (0.0..=MAX_MILLISECONDS).contains(length));
    item.duration_seconds = length.filter(|length| *length > 0.0).map(|length| length / 1000.0);
    item.media = Some(Box::new(Media {
        artist: text("Artist"),
        album: text("Album"),
        genre: text("Genre"),
        protected: is_bought || details.flag("Protected Content"),
        ..Media::default()
    }));
    item.resources.push(original);
    item
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(xml: &str) -> (Vec<Tone>, Vec<String>) {
        let list = property_lists::parse(format!("<plist><dict>{xml}</dict></plist>").as_bytes()).unwrap();
        let mut warnings = Vec::new();
        (entries(list, &mut warnings), warnings)
    }

    #[test]
    fn entries_that_are_no_names_of_files_are_told() {
        let (tones, warnings) = list(
            "<key>Ringtones</key><dict><key>b.m4r</key><dict/><key>a.m4r</key><dict/><key>../c.m4r</key><dict/>\
             <key>d/e.m4r</key><dict/><key></key><dict/><key>f.m4r</key><string>F</string><key>..</key><dict/>\
             <key>Ringtones.plist</key><dict/></dict>",
        );
        assert_eq!(tones.iter().map(|tone| tone.file.to_text()).collect::<Vec<_>>(), ["a.m4r", "b.m4r"]);
        assert_eq!(warnings.len(), 1);
        assert!(warnings[0].starts_with("6 entries"), "{warnings:?}");
    }

    #[test]
    fn details_of_wrong_types_are_no_details() {
        let path = DevicePath::parse("iTunes_Control/Ringtones/a.m4r").unwrap();
        let make = |xml: &str| {
            let (tones, _) =
                list(&format!("<key>Ringtones</key><dict><key>a.m4r</key><dict>{xml}</dict></dict>"));
            item(&path, tones.first(), false, shelf::original(Presence::Missing, None, String::new()))
        };
        let good = make(
            "<key>Name</key><string> Bell </string><key>Total Time</key><real>1500.5</real>\
             <key>Media Kind</key><string>tone</string><key>Protected Content</key><true/>",
        );
        assert_eq!((good.title.as_deref(), good.duration_seconds), (Some("Bell"), Some(1.5005)));
        assert_eq!((good.kind, good.is_protected()), (MediaKind::AlertTone, true));
        assert_eq!(good.uuid.0, "tone:iTunes_Control/Ringtones/a.m4r");
        let bad = make(
            "<key>Name</key><array/><key>Total Time</key><integer>-5</integer>\
             <key>Media Kind</key><integer>3</integer><key>Protected Content</key><string>x</string>",
        );
        assert_eq!((bad.title.as_deref(), bad.duration_seconds), (None, None));
        assert_eq!((bad.kind, bad.is_protected()), (MediaKind::Ringtone, false));
    }
}
