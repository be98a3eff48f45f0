//! The fields of everything that is not of the photo library: songs, films, voice memos, books, documents.

use std::sync::Arc;

use super::table::{Field, Getter, Kind, RESOURCES, albums, main_path, resource, split, total_size};
use super::value::{Moment, Value};
use crate::catalog::{Item, Media, MediaKind, Scope};

use Kind::{Flag, Number, Text, Texts, Time};

const KINDS: Kind = Kind::Choice(&{
    let mut names = [""; MediaKind::ALL.len()];
    let mut n = 0;
    while n < names.len() {
        names[n] = MediaKind::ALL[n].name();
        n += 1;
    }
    names
});

/// What people call a field that is called something else here, where the letters do not tell.
pub(super) const ALIASES: [(&str, &str); 22] = [
    ("author", "artist"),
    ("band", "artist"),
    ("bitrate", "bit_rate"),
    ("bytes", "size"),
    ("cd", "disc"),
    ("created", "date"),
    ("drm", "protected"),
    ("file", "original_name"),
    ("file_name", "original_name"),
    ("filename", "original_name"),
    ("id", "uuid"),
    ("length", "duration"),
    ("liked", "loved"),
    ("media_type", "kind"),
    ("modified", "date"),
    ("name", "title"),
    ("play_count", "plays"),
    ("playcount", "plays"),
    ("recorded", "date"),
    ("series", "show"),
    ("stars", "rating"),
    ("type", "kind"),
];

/// All fields, in the order in which they are shown and written.
pub(super) static FIELDS: &[Field] = &[
    Field::new(
        "uuid",
        Text,
        "the phone's name for it, stable on one phone",
        "uuid is startingwith 'track:'",
        |i, _| Value::text(i.uuid.0.as_str()),
    ),
    Field::new(
        "kind",
        KINDS,
        "what it is: `song`, `movie`, `voice_memo`, ...",
        "kind == 'tv_show'",
        |i, _| Value::text(i.kind.name()),
    ),
    Field::new("title", Text, "its title", "'live' in title|lower", |i, _| Value::of(i.title.as_ref()))
        .optional(),
    text("artist", "who plays, speaks or wrote it", "artist == 'Nina Simone'", |m| &m.artist),
    text("album", "the album, the podcast or the audiobook", "album is startingwith 'Best of'", |m| &m.album),
    text("album_artist", "whose album it is", "album_artist is none", |m| &m.album_artist),
    text("composer", "who composed it", "'Bach' in composer", |m| &m.composer),
    text("genre", "genre", "genre in ['Jazz', 'Blues']", |m| &m.genre),
    Field::new("year", Number, "the year of its release, or the year it was taken", "year < 1980", |i, _| {
        Value::of(year(i))
    })
    .optional(),
    number("track", "number on its disc", "track == 1", |m| m.track),
    number("track_count", "how many there are on its disc", "track_count > 20", |m| m.tracks),
    number("disc", "number of the disc", "disc > 1", |m| m.disc),
    number("disc_count", "how many discs there are", "disc_count > 1", |m| m.discs),
    flag("compilation", "on an album of several artists", "not compilation", |m| m.compilation),
    Field::new("rating", Number, "stars, 0 to 5", "rating >= 4", |i, _| {
        Value::of(media(i).and_then(|m| m.rating).map(|rating| f64::from(rating) / 20.0))
    })
    .optional(),
    number("plays", "how often it was played", "plays > 10", |m| m.plays),
    flag("loved", "marked as a favourite", "loved", |m| m.loved),
    text("comment", "remark", "comment is not none", |m| &m.comment),
    text("grouping", "grouping", "grouping == 'Party'", |m| &m.grouping),
    text("description", "what it is about", "'space' in description|lower", |m| &m.description),
    text("lyrics", "the words", "'moon' in lyrics|lower", |m| &m.lyrics),
    text("copyright", "copyright notice", "copyright is not none", |m| &m.copyright),
    number("bpm", "beats per minute", "bpm > 150", |m| m.bpm),
    text("show", "the series that an episode belongs to", "show == 'Planet'", |m| &m.show),
    number("season", "number of the season", "season == 2", |m| m.season),
    number("episode", "number of the episode", "episode <= 3", |m| m.episode),
    text("feed", "address of a podcast's feed", "'example.com' in feed", |m| &m.feed),
    Field::new(
        "playlists",
        Texts,
        "the playlists it is in, as `Folder/Playlist`",
        "'Sport/Run' in playlists",
        |i, c| Value::List(albums(i, c).collect()),
    ),
    flag(
        "protected",
        "protected (DRM): plays only with the account it was bought with",
        "not protected",
        |m| m.protected,
    ),
    flag("sample", "an excerpt of a book", "not sample", |m| m.sample),
    flag("rental", "rented", "not rental", |m| m.rental),
    text("app", "the app that a document belongs to", "app == 'Notes'", |m| &m.app),
    Field::new(
        "folder",
        Text,
        "the folders that it lies in, as `Folder/Folder`",
        "folder is startingwith 'Work'",
        |i, _| {
            media(i).filter(|m| !m.folders.is_empty()).map_or(Value::Nothing, |m| {
                Value::text(m.folders.iter().map(|folder| &**folder).collect::<Vec<_>>().join("/"))
            })
        },
    )
    .optional(),
    // When.
    Field::new(
        "date",
        Time,
        "when it was recorded, taken or last changed",
        "date >= '2024-08' and date.hour < 12",
        |i, _| Value::of(i.taken.map(Moment::from)),
    )
    .optional(),
    Field::new("released", Time, "when it was released (UTC)", "released >= '2024'", |i, _| {
        Value::of(media(i).and_then(|m| m.released).map(Moment::from))
    })
    .optional(),
    Field::new("added", Time, "when it came onto the phone (UTC)", "added >= '2024-08-15'", |i, _| {
        Value::of(i.added.map(Moment::from))
    })
    .optional(),
    Field::new("last_played", Time, "when it was last played (UTC)", "last_played < '2020'", |i, _| {
        Value::of(media(i).and_then(|m| m.last_played).map(Moment::from))
    })
    .optional(),
    Field::new("trashed", Flag, "in Recently Deleted", "trashed", |i, _| i.trashed.into()),
    Field::new(
        "in_library",
        Flag,
        "named by the phone's catalogue, and not only a file that lies there",
        "in_library",
        |i, _| (i.scope != Scope::Uncatalogued).into(),
    ),
    // What it is made of.
    Field::new("duration", Number, "in seconds", "duration > 600", |i, _| Value::of(i.duration_seconds))
        .optional(),
    number("bit_rate", "in kilobits per second", "bit_rate < 128", |m| m.bit_rate),
    number("sample_rate", "in hertz", "sample_rate > 48000", |m| m.sample_rate),
    Field::new("size", Number, "of its file, in bytes", "size > 100 * 1000 * 1000", |i, _| total_size(i))
        .optional(),
    Field::new(
        "original_name",
        Text,
        "its file name, as far as it has one",
        "original_name is endingwith '.m4a'",
        |i, _| Value::text(i.original_name.as_str()),
    ),
    Field::new("stem", Text, "the file name without its extension", "stem == 'notes'", |i, _| {
        Value::text(split(&i.original_name).0)
    }),
    Field::new(
        "extension",
        Text,
        "the extension of the file name, as it is written",
        "extension|lower == 'mp3'",
        |i, _| Value::of(split(&i.original_name).1),
    )
    .optional(),
    Field::new(
        "path",
        Text,
        "where its file is on the phone",
        "path is startingwith 'Purchases/'",
        |i, _| main_path(i),
    )
    .optional(),
    Field::new("cloud_only", Flag, "only in the cloud, and not on the phone", "not cloud_only", |i, _| {
        i.is_cloud_only().into()
    }),
    Field::new("resources", RESOURCES, "its files", "resources|length > 1", |i, _| {
        Value::List(i.resources.iter().map(resource).collect())
    }),
];

fn media(item: &Item) -> Option<&Media> {
    item.media.as_deref()
}

/// The year of release; of a video of the photo library, the year it was taken.
fn year(item: &Item) -> Option<i64> {
    let released = media(item).and_then(|media| media.year);
    released.or_else(|| Some(item.taken?.local().year())).map(i64::from)
}

const fn text(
    name: &'static str,
    about: &'static str,
    example: &'static str,
    part: fn(&Media) -> &Option<Arc<str>>,
) -> Field {
    Field::by(name, Text, about, example, Getter::MediaText(part)).optional()
}

const fn number(
    name: &'static str,
    about: &'static str,
    example: &'static str,
    part: fn(&Media) -> Option<u32>,
) -> Field {
    Field::by(name, Number, about, example, Getter::MediaNumber(part)).optional()
}

const fn flag(
    name: &'static str,
    about: &'static str,
    example: &'static str,
    part: fn(&Media) -> bool,
) -> Field {
    Field::by(name, Flag, about, example, Getter::MediaFlag(part))
}
