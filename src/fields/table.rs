//! The table: every field with its name, type and meaning.

use std::sync::Arc;

use super::filters::Word;
use super::value::{Moment, Value};
use crate::catalog::{Camera, Catalog, Collection, Item, Media, Presence, Role, Scope};
use crate::text;

/// What kind of values a field has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Yes or no.
    Flag,
    /// A number.
    Number,
    /// Text.
    Text,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A point in time, with the local time of the place if it is known.
    Time,
    /// Any number of texts.
    Texts,
    /// Any number of things with parts of their own.
    Records(&'static [(&'static str, Kind)]),
}

impl Kind {
    /// As `iexport fields` calls it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Flag => "yes/no",
            Self::Number => "number",
            Self::Text => "text",
            Self::Choice(_) => "word",
            Self::Time => "time",
            Self::Texts => "list of texts",
            Self::Records(_) => "list of records",
        }
    }
}

/// Gets a field of an item.
#[derive(Debug, Clone, Copy)]
pub(super) enum Getter {
    /// Anything.
    Item(for<'a> fn(&'a Item, &'a Catalog) -> Value<'a>),
    /// What only other media than photos have.
    MediaText(fn(&Media) -> &Option<Arc<str>>),
    MediaNumber(fn(&Media) -> Option<u32>),
    MediaFlag(fn(&Media) -> bool),
}

/// One field.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// What it is called.
    pub name: &'static str,
    /// What kind of values it has.
    pub kind: Kind,
    /// Whether items can be without it.
    pub optional: bool,
    /// What it is.
    pub about: &'static str,
    /// An expression with it.
    pub example: &'static str,
    get: Getter,
}

impl Field {
    pub(super) const fn new(
        name: &'static str,
        kind: Kind,
        about: &'static str,
        example: &'static str,
        get: for<'a> fn(&'a Item, &'a Catalog) -> Value<'a>,
    ) -> Self {
        Self::by(name, kind, about, example, Getter::Item(get))
    }

    pub(super) const fn by(
        name: &'static str,
        kind: Kind,
        about: &'static str,
        example: &'static str,
        get: Getter,
    ) -> Self {
        Self { name, kind, optional: false, about, example, get }
    }

    pub(super) const fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// The value that it has for an item.
    #[must_use]
    pub fn of<'a>(&self, item: &'a Item, catalog: &'a Catalog) -> Value<'a> {
        let media = item.media.as_deref();
        match self.get {
            Getter::Item(get) => get(item, catalog),
            Getter::MediaText(get) => media.map_or(Value::Nothing, |media| Value::of(get(media).as_ref())),
            Getter::MediaNumber(get) => Value::of(media.and_then(get)),
            Getter::MediaFlag(get) => media.is_some_and(get).into(),
        }
    }
}

/// Same field, same name.
impl PartialEq for Field {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// The names of one kind of catalogue.
#[derive(Debug)]
pub struct Table {
    /// All fields, in the order in which they are shown and written.
    pub fields: &'static [Field],
    /// What people call them besides.
    aliases: &'static [(&'static str, &'static str)],
    /// What one item is called.
    pub item: &'static str,
    /// The command that lists the fields.
    pub command: &'static str,
    /// How to see what an item has.
    pub list: &'static str,
    /// An expression, and a template, for who has none.
    pub examples: (&'static str, &'static str),
    /// The example of a filter or a test.
    pub(super) of_word: fn(&Word) -> &'static str,
}

/// The names of the photo library.
pub static PHOTOS: Table = Table {
    fields: FIELDS,
    aliases: &ALIASES,
    item: "photo",
    command: "iexport fields",
    list: "`iexport list photos` shows what this item has.",
    examples: ("kind == 'video'", "{{ taken.year }}/{{ stem }}"),
    of_word: |word| word.of_photos,
};

/// The names of all other catalogues.
pub static MEDIA: Table = Table {
    fields: super::media::FIELDS,
    aliases: &super::media::ALIASES,
    item: "item",
    command: "iexport fields music",
    list: "`iexport list music` (or videos, books, ...) shows what this item has.",
    examples: ("kind == 'song'", "{{ artist|default('Unknown') }}/{{ title }}"),
    of_word: |word| word.of_media,
};

impl Table {
    /// The names of a collection.
    #[must_use]
    pub const fn of(collection: Collection) -> &'static Self {
        match collection {
            Collection::Photos => &PHOTOS,
            _ => &MEDIA,
        }
    }

    /// The field of a name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The field whose name is most like what somebody wrote, if any is.
    #[must_use]
    pub fn nearest(&self, asked: &str) -> Option<&'static str> {
        let folded = text::fold(asked).replace('-', "_");
        let others = self.aliases.iter().map(|(other, _)| *other);
        let names = self.fields.iter().map(|field| field.name).chain(others);
        let near = text::nearest(&folded, names, 1).into_iter().next()?;
        Some(self.aliases.iter().find(|(other, _)| *other == near).map_or(near, |(_, name)| *name))
    }
}

/// What people call a field that is called something else here, where the letters do not tell.
const ALIASES: [(&str, &str); 30] = [
    ("aperture_value", "aperture"),
    ("bytes", "size"),
    ("capture_date", "taken"),
    ("created", "taken"),
    ("date", "taken"),
    ("date_taken", "taken"),
    ("description", "caption"),
    ("ext", "extension"),
    ("file", "original_name"),
    ("file_name", "original_name"),
    ("filename", "original_name"),
    ("fps", "frames_per_second"),
    ("gps", "lat"),
    ("id", "uuid"),
    ("imported", "added"),
    ("latitude", "lat"),
    ("length", "duration"),
    ("live_photo", "live"),
    ("location", "lat"),
    ("longitude", "lon"),
    ("make", "camera_make"),
    ("media_type", "kind"),
    ("model", "camera_model"),
    ("name", "original_name"),
    ("people", "persons"),
    ("slowmo", "slow_mo"),
    ("tags", "keywords"),
    ("timelapse", "time_lapse"),
    ("timestamp", "taken"),
    ("type", "kind"),
];

const KINDS: Kind = Kind::Choice(&["photo", "video", "other"]);
const SCOPES: Kind = Kind::Choice(&["library", "shared_album", "shared_with_you", "orphan", "elsewhere"]);
const ROLES: &[&str] = &{
    let mut names = [""; Role::ALL.len()];
    let mut n = 0;
    while n < names.len() {
        names[n] = Role::ALL[n].name();
        n += 1;
    }
    names
};
pub(super) const RESOURCES: Kind =
    Kind::Records(&[("role", Kind::Choice(ROLES)), ("path", Text), ("size", Number), ("on_phone", Flag)]);

use Kind::{Flag, Number, Text, Texts, Time};

/// All fields of the photo library, in the order in which they are shown and written.
pub static FIELDS: &[Field] = &[
    // What it is.
    Field::new(
        "uuid",
        Text,
        "the phone's name for it, stable on one phone",
        "uuid == '0A1B2C3D-0000-4000-8000-00805F9B34FB'",
        |i, _| Value::text(i.uuid.0.as_str()),
    ),
    Field::new(
        "original_name",
        Text,
        "the file name it was made under",
        "original_name is startingwith 'IMG_'",
        |i, _| Value::text(i.original_name.as_str()),
    ),
    Field::new("stem", Text, "the file name without its extension", "stem == 'IMG_0001'", |i, _| {
        Value::text(split(&i.original_name).0)
    }),
    Field::new(
        "extension",
        Text,
        "the extension of the file name, as it is written",
        "extension|lower == 'heic'",
        |i, _| Value::of(split(&i.original_name).1),
    )
    .optional(),
    Field::new("kind", KINDS, "`photo`, `video` or `other`", "kind == 'video'", |i, _| {
        Value::text(i.kind.name())
    }),
    Field::new("live", Flag, "a Live Photo", "live", |i, _| i.traits.live.into()),
    Field::new("burst", Flag, "a frame of a burst", "burst and not burst_picked", |i, _| {
        i.burst.is_some().into()
    }),
    Field::new("panorama", Flag, "a panorama", "panorama", |i, _| i.traits.panorama.into()),
    Field::new("screenshot", Flag, "a picture of the phone's screen", "not screenshot", |i, _| {
        i.traits.screenshot.into()
    }),
    Field::new("screen_recording", Flag, "a film of the phone's screen", "not screen_recording", |i, _| {
        i.traits.screen_recording.into()
    }),
    Field::new("selfie", Flag, "taken with the front camera", "selfie and favorite", |i, _| {
        i.traits.selfie.into()
    }),
    Field::new("portrait", Flag, "taken with depth: a portrait, or a Cinematic video", "portrait", |i, _| {
        (i.traits.portrait || i.traits.cinematic).into()
    }),
    Field::new("slow_mo", Flag, "a slow-motion video", "slow_mo or time_lapse", |i, _| {
        i.traits.slow_mo.into()
    }),
    Field::new("time_lapse", Flag, "a time-lapse video", "time_lapse", |i, _| i.traits.time_lapse.into()),
    Field::new("hdr", Flag, "high dynamic range", "hdr", |i, _| i.traits.hdr.into()),
    Field::new("looping", Flag, "a Live Photo that was made to loop", "looping or bounce", |i, _| {
        i.traits.looping.into()
    }),
    Field::new("bounce", Flag, "a Live Photo that was made to play forth and back", "bounce", |i, _| {
        i.traits.bounce.into()
    }),
    Field::new(
        "long_exposure",
        Flag,
        "a Live Photo that was made a long exposure",
        "long_exposure",
        |i, _| i.traits.long_exposure.into(),
    ),
    Field::new("cinematic", Flag, "a video with depth", "cinematic", |i, _| i.traits.cinematic.into()),
    Field::new("spatial", Flag, "a spatial photo or video", "spatial", |i, _| i.traits.spatial.into()),
    Field::new("animated", Flag, "an animated picture (GIF)", "animated", |i, _| i.traits.animated.into()),
    Field::new("raw", Flag, "the main file is a camera's RAW", "raw or has_raw", |i, _| i.traits.raw.into()),
    Field::new("has_raw", Flag, "a RAW belongs to it beside the main file", "has_raw", |i, _| {
        i.traits.has_raw.into()
    }),
    Field::new("prores", Flag, "a ProRes video", "prores", |i, _| i.traits.prores.into()),
    // What the person made of it.
    Field::new("favorite", Flag, "marked as a favourite", "favorite", |i, _| i.favorite.into()),
    Field::new("hidden", Flag, "in the Hidden album", "not hidden", |i, _| i.hidden.into()),
    Field::new("trashed", Flag, "in Recently Deleted", "trashed", |i, _| i.trashed.into()),
    Field::new("shared", Flag, "in a shared album", "not shared", |i, _| {
        (i.scope == Scope::SharedAlbum).into()
    }),
    Field::new(
        "edited",
        Flag,
        "edited, by the person or by the camera",
        "edited and kind == 'photo'",
        |i, _| i.adjusted.into(),
    ),
    Field::new(
        "albums",
        Texts,
        "the albums it is in, as `Folder/Album`",
        "'Travel/Italy 2024' in albums",
        |i, c| Value::List(albums(i, c).collect()),
    ),
    Field::new("album", Text, "the first of them", "album is not none", |i, c| {
        albums(i, c).next().unwrap_or(Value::Nothing)
    })
    .optional(),
    Field::new(
        "folder",
        Text,
        "the folders that the first of them lies in, as `Folder/Folder`",
        "folder == 'Travel'",
        |i, c| {
            let first = i.albums.iter().find_map(|index| c.albums.get(*index));
            first
                .filter(|album| !album.folders.is_empty())
                .map_or(Value::Nothing, |album| Value::text(album.folders.join("/")))
        },
    )
    .optional(),
    Field::new("keywords", Texts, "the keywords it was given", "'beach' in keywords", |i, _| {
        Value::texts(i.keywords.iter().map(|word| &**word))
    }),
    Field::new("persons", Texts, "the people in it who have a name", "'Ada' in persons", |i, _| {
        Value::texts(i.persons())
    }),
    Field::new("faces", Number, "how many faces the phone found in it", "faces >= 2", |i, _| {
        Value::Int(i.faces.len().try_into().unwrap_or(i64::MAX))
    }),
    Field::new("title", Text, "the title it was given", "title is not none", |i, _| {
        Value::of(i.title.as_ref())
    })
    .optional(),
    Field::new("caption", Text, "the caption it was given", "'birthday' in caption|lower", |i, _| {
        Value::of(i.caption.as_ref())
    })
    .optional(),
    // When and where.
    Field::new(
        "taken",
        Time,
        "when it was taken, by the clock at the place",
        "taken >= '2024-08' and taken.hour < 12",
        |i, _| Value::of(i.taken.map(Moment::from)),
    )
    .optional(),
    Field::new("added", Time, "when it came into the library (UTC)", "added >= '2024-08-15'", |i, _| {
        Value::of(i.added.map(Moment::from))
    })
    .optional(),
    Field::new("edited_at", Time, "when it was last edited (UTC)", "edited_at > '2024'", |i, _| {
        Value::of(i.edited.map(Moment::from))
    })
    .optional(),
    Field::new(
        "trashed_at",
        Time,
        "when it was put into Recently Deleted (UTC)",
        "trashed_at >= '2024-08'",
        |i, _| Value::of(i.trashed_at.map(Moment::from)),
    )
    .optional(),
    Field::new("year", Number, "the year it was taken", "year == 2024", |i, _| {
        local(i, |date| date.year().into())
    })
    .optional(),
    Field::new("month", Number, "the month it was taken, 1 to 12", "month in [6, 7, 8]", |i, _| {
        local(i, |date| date.month().into())
    })
    .optional(),
    Field::new("day", Number, "the day of the month it was taken", "month == 12 and day >= 24", |i, _| {
        local(i, |date| date.day().into())
    })
    .optional(),
    Field::new("lat", Number, "degrees north", "lat > 66.5", |i, _| {
        Value::of(i.location.map(|(lat, _)| lat))
    })
    .optional(),
    Field::new("lon", Number, "degrees east", "lon is none", |i, _| {
        Value::of(i.location.map(|(_, lon)| lon))
    })
    .optional(),
    // What it is made of.
    Field::new("width", Number, "in pixels, as it is shown", "width > height", |i, _| {
        Value::of(i.dimensions.map(|(width, _)| width))
    })
    .optional(),
    Field::new("height", Number, "in pixels, as it is shown", "width * height > 20000000", |i, _| {
        Value::of(i.dimensions.map(|(_, height)| height))
    })
    .optional(),
    Field::new(
        "orientation",
        Number,
        "how the picture is stored: EXIF orientation, 1 to 8",
        "orientation == 6",
        |i, _| Value::of(i.orientation.map(u32::from)),
    )
    .optional(),
    Field::new("duration", Number, "of a video, in seconds", "duration > 60", |i, _| {
        Value::of(i.duration_seconds)
    })
    .optional(),
    Field::new("size", Number, "of all its files, in bytes", "size > 100 * 1000 * 1000", |i, _| {
        total_size(i)
    })
    .optional(),
    Field::new(
        "path",
        Text,
        "where its main file is on the phone",
        "path is startingwith 'DCIM/'",
        |i, _| main_path(i),
    )
    .optional(),
    Field::new("cloud_only", Flag, "the original is only in iCloud", "not cloud_only", |i, _| {
        i.is_cloud_only().into()
    }),
    Field::new(
        "versions",
        Texts,
        "what its files are to it: `original`, `edited`, ...",
        "'live_video' in versions",
        |i, _| Value::texts(i.resources.iter().map(|file| file.role.name())),
    ),
    Field::new("resources", RESOURCES, "its files", "resources|length > 1", |i, _| {
        Value::List(i.resources.iter().map(resource).collect())
    }),
    // Bursts.
    Field::new("burst_id", Text, "the same for all frames of a burst", "burst_id is not none", |i, _| {
        Value::of(i.burst.as_ref().map(|burst| &burst.burst))
    })
    .optional(),
    Field::new(
        "burst_shown",
        Flag,
        "a frame of a burst that Photos shows by itself",
        "not burst or burst_shown",
        |i, _| i.burst.as_ref().is_some_and(|burst| burst.shown).into(),
    ),
    Field::new(
        "burst_picked",
        Flag,
        "a frame of a burst that the person picked",
        "not burst or burst_picked",
        |i, _| i.burst.as_ref().is_some_and(|burst| burst.picked).into(),
    ),
    Field::new("burst_key", Flag, "the frame that stands for its burst", "not burst or burst_key", |i, _| {
        i.burst.as_ref().is_some_and(|burst| burst.key).into()
    }),
    // Where it comes from.
    Field::new("camera", Text, "maker and model of the camera", "'iPhone 15' in camera", |i, _| {
        i.camera.as_deref().and_then(Camera::name).map_or(Value::Nothing, Value::text)
    })
    .optional(),
    Field::new("camera_make", Text, "who made the camera", "camera_make == 'Apple'", |i, _| {
        Value::of(i.camera.as_ref().and_then(|camera| camera.make.as_ref()))
    })
    .optional(),
    Field::new("camera_model", Text, "which camera", "camera_model == 'iPhone 15 Pro'", |i, _| {
        Value::of(i.camera.as_ref().and_then(|camera| camera.model.as_ref()))
    })
    .optional(),
    Field::new("lens", Text, "which lens", "'front' in lens", |i, _| {
        Value::of(i.camera.as_ref().and_then(|camera| camera.lens.as_ref()))
    })
    .optional(),
    Field::new("aperture", Number, "f-number", "aperture <= 1.8", |i, _| camera(i, |camera| camera.aperture))
        .optional(),
    Field::new("exposure", Number, "exposure time in seconds", "exposure >= 1", |i, _| {
        camera(i, |camera| camera.exposure_seconds)
    })
    .optional(),
    Field::new("iso", Number, "ISO speed", "iso > 1600", |i, _| {
        Value::of(i.camera.as_ref().and_then(|camera| camera.iso))
    })
    .optional(),
    Field::new("focal_length", Number, "in millimetres", "focal_length < 3", |i, _| {
        camera(i, |camera| camera.focal_length_mm)
    })
    .optional(),
    Field::new(
        "focal_length_35mm",
        Number,
        "in millimetres, as on 35 mm film",
        "focal_length_35mm >= 70",
        |i, _| camera(i, |camera| camera.focal_length_35mm),
    )
    .optional(),
    Field::new("codec", Text, "four characters that name the codec of a video", "codec == 'hvc1'", |i, _| {
        Value::of(i.camera.as_ref().and_then(|camera| camera.codec.as_ref()))
    })
    .optional(),
    Field::new("frames_per_second", Number, "of a video", "frames_per_second >= 120", |i, _| {
        camera(i, |camera| camera.frames_per_second)
    })
    .optional(),
    Field::new("imported_by", Text, "the app it came from", "imported_by == 'WhatsApp'", |i, _| {
        i.imported_by.as_deref().map_or(Value::Nothing, Value::text)
    })
    .optional(),
    Field::new(
        "scope",
        SCOPES,
        "which part of the phone it belongs to",
        "scope == 'shared_with_you'",
        |i, _| {
            Value::text(match i.scope {
                Scope::Library => "library",
                Scope::SharedAlbum => "shared_album",
                Scope::SharedWithYou => "shared_with_you",
                Scope::Uncatalogued => "orphan",
                Scope::Elsewhere => "elsewhere",
            })
        },
    ),
    Field::new("shared_library", Flag, "in the iCloud Shared Photo Library", "not shared_library", |i, _| {
        i.shared_library.into()
    }),
    Field::new("synced", Flag, "put there from a computer by iTunes or Finder", "not synced", |i, _| {
        i.synced.into()
    }),
];

/// Name and extension of a file name. A dot at the beginning is part of the name.
pub(super) fn split(name: &str) -> (&str, Option<&str>) {
    match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() && !extension.is_empty() => (stem, Some(extension)),
        _ => (name, None),
    }
}

pub(super) fn albums<'a>(item: &'a Item, catalog: &'a Catalog) -> impl Iterator<Item = Value<'a>> {
    item.albums.iter().filter_map(|index| catalog.albums.get(*index)).map(|album| {
        if album.folders.is_empty() { Value::text(album.title.as_str()) } else { Value::text(album.path()) }
    })
}

fn local<'a>(item: &Item, part: impl Fn(jiff::civil::Date) -> i64) -> Value<'a> {
    Value::of(item.taken.map(Moment::from).map(|taken| part(taken.offset.to_datetime(taken.instant).date())))
}

/// Where its main file is on the phone.
pub(super) fn main_path(item: &Item) -> Value<'_> {
    match item.resource(Role::Original).map(|file| &file.presence) {
        Some(Presence::OnPhone(path)) => Value::text(path.to_text()),
        _ => Value::Nothing,
    }
}

/// The size of all its files, as far as it is known of any.
pub(super) fn total_size(item: &Item) -> Value<'_> {
    Value::of(item.size_bytes())
}

fn camera<'a>(item: &Item, part: impl Fn(&Camera) -> Option<f64>) -> Value<'a> {
    Value::of(item.camera.as_deref().and_then(part))
}

pub(super) fn resource(file: &crate::catalog::Resource) -> Value<'_> {
    let path = match &file.presence {
        Presence::OnPhone(path) => Value::text(path.to_text()),
        Presence::CloudOnly | Presence::Missing => Value::Nothing,
    };
    let on_phone = !path.is_nothing();
    Value::Record(vec![
        ("role", Value::text(file.role.name())),
        ("path", path),
        ("size", Value::of(file.size_bytes)),
        ("on_phone", Value::Flag(on_phone)),
    ])
}
