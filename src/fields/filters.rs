//! Filters and tests, and how values look to the engine.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::fmt::strtime;
use minijinja::value::ValueKind;
use minijinja::{Environment, Error, ErrorKind, Output, State, Value as Dynamic};

use super::table::Table;
use super::types::{Shape, Type};
use super::value::{Moment, Value};

/// Stands for a slash inside of a value while a template is rendered. A noncharacter: texts have none.
pub(super) const INNER_SLASH: char = '\u{fdd0}';

/// Stands for a slash that the filter `folders` kept.
pub(super) const FOLDER_SLASH: char = '\u{fdd1}';

/// A filter or a test: what can be put behind a field with `|` or `is`.
#[derive(Debug, Clone, Copy)]
pub struct Word {
    /// What it is called.
    pub name: &'static str,
    /// What it does.
    pub about: &'static str,
    /// An expression with it, over the fields of photos.
    pub(super) of_photos: &'static str,
    /// The same over those of other media.
    pub(super) of_media: &'static str,
    /// What it can be put behind.
    pub(super) takes: Takes,
    /// How many arguments it has, at least and at most.
    pub(super) arguments: (usize, usize),
    pub(super) gives: Gives,
}

/// What a filter can be put behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    Anything,
    Text,
    Number,
    TextOrNumber,
    TextOrList,
    Time,
    List,
}

/// What comes out of a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gives {
    /// What went in.
    Same,
    /// This; nothing for nothing.
    This(Shape),
    /// A part of the list, or nothing.
    Element,
    /// What went in, or else its argument.
    Default,
    /// A number, or nothing.
    Perhaps(Shape),
    /// A text in any case.
    Text,
}

impl Word {
    /// Another example for what is not of the photo library.
    const fn or(mut self, of_media: &'static str) -> Self {
        self.of_media = of_media;
        self
    }

    /// An expression with it, over the fields of a table.
    #[must_use]
    pub fn example(&self, table: &Table) -> &'static str {
        (table.of_word)(self)
    }
}

impl Takes {
    pub(super) fn accepts(self, shape: Shape) -> bool {
        matches!(shape, Shape::Any | Shape::Nothing)
            || match self {
                Self::Anything => true,
                Self::Text => shape.is_text(),
                Self::Number => shape == Shape::Number,
                Self::TextOrNumber => shape.is_text() || shape == Shape::Number,
                Self::TextOrList => shape.is_text() || shape.is_list(),
                Self::Time => shape == Shape::Time,
                Self::List => shape.is_list(),
            }
    }

    /// In words.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Anything => "anything",
            Self::Text => "a text",
            Self::Number => "a number",
            Self::TextOrNumber => "a text or a number",
            Self::TextOrList => "a text or a list",
            Self::Time => "a time",
            Self::List => "a list",
        }
    }
}

impl Gives {
    pub(super) fn of(self, input: Type, argument: Option<Type>) -> Type {
        match self {
            Self::Same if input.shape.is_text() => Type { shape: Shape::Text, ..input },
            Self::Same => input,
            Self::This(shape) => Type { shape, optional: input.optional },
            Self::Element => input.shape.element().or_nothing(),
            Self::Default => argument.map_or(input, |other| {
                let joined = input.surely().join(other);
                Type { optional: other.optional, ..joined }
            }),
            Self::Perhaps(shape) => Type::from(shape).or_nothing(),
            Self::Text => Shape::Text.into(),
        }
    }
}

const fn word(
    name: &'static str,
    takes: Takes,
    arguments: (usize, usize),
    gives: Gives,
    about: &'static str,
    example: &'static str,
) -> Word {
    Word { name, about, of_photos: example, of_media: example, takes, arguments, gives }
}

/// All filters, by name.
pub static FILTERS: &[Word] = &[
    word("abs", Takes::Number, (0, 0), Gives::Same, "without its sign", "lat|abs > 66.5")
        .or("(year - 1985)|abs <= 5"),
    word(
        "capitalize",
        Takes::Text,
        (0, 0),
        Gives::Same,
        "a large first letter, the others small",
        "title|capitalize",
    ),
    word(
        "date",
        Takes::Time,
        (1, 1),
        Gives::This(Shape::Text),
        "in this form (strftime), by the clock at the place",
        "taken|date('%A') == 'Sunday'",
    )
    .or("date|date('%A') == 'Sunday'"),
    word(
        "default",
        Takes::Anything,
        (1, 1),
        Gives::Default,
        "this instead, if there is nothing or an empty text",
        "album|default('No album')",
    ),
    word("first", Takes::List, (0, 0), Gives::Element, "the first of a list", "persons|first")
        .or("playlists|first"),
    word(
        "float",
        Takes::TextOrNumber,
        (0, 0),
        Gives::Perhaps(Shape::Number),
        "as a number; nothing if it is none",
        "stem[4:]|float > 1000",
    )
    .or("comment|float > 0.5"),
    word(
        "folders",
        Takes::Text,
        (0, 0),
        Gives::Same,
        "slashes in it begin new folders (in templates)",
        "album|folders",
    ),
    word(
        "int",
        Takes::TextOrNumber,
        (0, 0),
        Gives::Perhaps(Shape::Number),
        "as a whole number; nothing if it is none",
        "stem[4:]|int > 1000",
    )
    .or("grouping|int >= 3"),
    word(
        "join",
        Takes::List,
        (0, 1),
        Gives::This(Shape::Text),
        "a list as a text, with this between its parts",
        "persons|join(', ')",
    )
    .or("playlists|join(', ')"),
    word("last", Takes::List, (0, 0), Gives::Element, "the last of a list", "albums|last")
        .or("playlists|last"),
    word(
        "length",
        Takes::TextOrList,
        (0, 0),
        Gives::This(Shape::Number),
        "how many parts or characters",
        "persons|length >= 2",
    )
    .or("playlists|length >= 2"),
    word("lower", Takes::Text, (0, 0), Gives::Same, "in small letters", "'beach' in caption|lower")
        .or("'live' in title|lower"),
    word(
        "pad",
        Takes::TextOrNumber,
        (1, 2),
        Gives::This(Shape::Text),
        "at least this long, filled up in front with 0 or something else",
        "month|pad(2)",
    )
    .or("track|pad(2)"),
    word(
        "replace",
        Takes::Text,
        (2, 2),
        Gives::Same,
        "one text replaced by another",
        "original_name|replace('IMG_', '')",
    )
    .or("title|replace(' (Live)', '')"),
    word("reverse", Takes::List, (0, 0), Gives::Same, "a list from its end", "albums|reverse|join(', ')")
        .or("playlists|reverse|join(', ')"),
    word("round", Takes::Number, (0, 1), Gives::Same, "rounded, to so many digits", "duration|round"),
    word(
        "sort",
        Takes::List,
        (0, 0),
        Gives::Same,
        "a list in the order of its texts",
        "persons|sort|join(', ')",
    )
    .or("playlists|sort|join(', ')"),
    word(
        "split",
        Takes::Text,
        (1, 1),
        Gives::This(Shape::Texts),
        "a text as a list, cut at this",
        "album|split('/')|last",
    )
    .or("artist|split(' & ')|first"),
    word("string", Takes::Anything, (0, 0), Gives::Text, "as a text", "year|string"),
    word("title", Takes::Text, (0, 0), Gives::Same, "every word with a large first letter", "album|title"),
    word("trim", Takes::Text, (0, 0), Gives::Same, "without blanks at its ends", "title|trim"),
    word("unique", Takes::List, (0, 0), Gives::Same, "each part once", "albums|unique|length")
        .or("playlists|unique|length"),
    word("upper", Takes::Text, (0, 0), Gives::Same, "in large letters", "extension|upper == 'HEIC'")
        .or("extension|upper == 'MP3'"),
];

const YES: Gives = Gives::This(Shape::Flag);

/// All tests, by name.
pub static TESTS: &[Word] = &[
    word("containing", Takes::TextOrList, (1, 1), YES, "whether this is in it", "title is containing 'Rome'")
        .or("title is containing 'Live'"),
    word(
        "endingwith",
        Takes::Text,
        (1, 1),
        YES,
        "whether it ends like this",
        "original_name is endingwith '.DNG'",
    )
    .or("original_name is endingwith '.mp3'"),
    word("none", Takes::Anything, (0, 0), YES, "whether there is none", "lat is not none")
        .or("album_artist is not none"),
    word(
        "startingwith",
        Takes::Text,
        (1, 1),
        YES,
        "whether it begins like this",
        "original_name is startingwith 'IMG_E'",
    )
    .or("title is startingwith 'The '"),
];

/// A value as the engine has it.
pub(super) fn engine_value(value: Value<'_>) -> Dynamic {
    match value {
        Value::Nothing => Dynamic::from(()),
        Value::Flag(value) => value.into(),
        Value::Int(value) => value.into(),
        Value::Float(value) => value.into(),
        Value::Text(text) if text.contains([INNER_SLASH, FOLDER_SLASH]) => {
            text.replace([INNER_SLASH, FOLDER_SLASH], "\u{fffd}").into()
        }
        Value::Text(text) => Dynamic::from(&*text),
        Value::Time(moment) => Dynamic::from_object(moment),
        Value::List(parts) => Dynamic::from(parts.into_iter().map(engine_value).collect::<Vec<_>>()),
        Value::Record(parts) => {
            let parts: BTreeMap<_, _> =
                parts.into_iter().map(|(name, part)| (name, engine_value(part))).collect();
            Dynamic::from(parts)
        }
    }
}

/// Writes a value into a template's text. Slashes in it are no slashes of the template.
pub(super) fn write(out: &mut Output<'_>, _: &mut State<'_, '_>, value: &Dynamic) -> Result<(), Error> {
    let text: Cow<'_, str> = match value.kind() {
        ValueKind::None | ValueKind::Undefined => return Ok(()),
        ValueKind::Bool => Cow::Borrowed(if value.is_true() { "yes" } else { "no" }),
        ValueKind::Seq | ValueKind::Iterable | ValueKind::Map => {
            return Err(wrong(format!("{} cannot be written as it is", kind_of(value))));
        }
        _ => value.as_str().map_or_else(|| Cow::Owned(value.to_string()), Cow::Borrowed),
    };
    let mut pieces = text.split('/');
    out.write_str(pieces.next().unwrap_or_default())?;
    for piece in pieces {
        write!(out, "{INNER_SLASH}{piece}")?;
    }
    Ok(())
}

/// Something that cannot be done.
pub(super) fn wrong(what: impl Into<Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::InvalidOperation, what)
}

/// What a value is, in words.
pub(super) fn kind_of(value: &Dynamic) -> &'static str {
    match value.kind() {
        ValueKind::None | ValueKind::Undefined => "nothing",
        ValueKind::Bool => "yes or no",
        ValueKind::Number => "a number",
        ValueKind::String | ValueKind::Bytes => "a text",
        ValueKind::Seq | ValueKind::Iterable => "a list",
        ValueKind::Map => "a record",
        _ if value.downcast_object_ref::<Moment>().is_some() => "a time",
        _ => "something else",
    }
}

/// Puts a filter's way with texts behind what may be none.
fn on_text(value: &Dynamic, change: impl FnOnce(&str) -> String) -> Result<Dynamic, Error> {
    match (value.is_none(), value.as_str()) {
        (true, _) => Ok(Dynamic::from(())),
        (false, Some(text)) => Ok(change(text).into()),
        (false, None) => Err(wrong(format!("{} is no text", kind_of(value)))),
    }
}

/// Puts a filter's way with lists behind what may be none.
fn on_list(value: &Dynamic, change: impl FnOnce(Vec<Dynamic>) -> Dynamic) -> Result<Dynamic, Error> {
    match value.kind() {
        ValueKind::None => Ok(Dynamic::from(())),
        ValueKind::Seq | ValueKind::Iterable => Ok(change(value.try_iter()?.collect())),
        _ => Err(wrong(format!("{} is no list", kind_of(value)))),
    }
}

/// Puts a filter's way with numbers behind what may be none.
fn on_number(value: &Dynamic, change: impl FnOnce(f64) -> f64) -> Result<Dynamic, Error> {
    match (value.kind(), value.is_integer()) {
        (ValueKind::None, _) | (ValueKind::Number, true) => Ok(value.clone()),
        (ValueKind::Number, false) => Ok(change(f64::try_from(value.clone())?).into()),
        _ => Err(wrong(format!("{} is no number", kind_of(value)))),
    }
}

/// A time in the form of a `strftime` text.
pub(super) fn format_date(moment: Moment, format: &str) -> Result<String, String> {
    let zone = moment.offset.to_time_zone();
    strtime::format(format, &moment.instant.to_zoned(zone)).map_err(|error| error.to_string())
}

fn date(value: &Dynamic, format: &str) -> Result<Dynamic, Error> {
    match value.downcast_object_ref::<Moment>() {
        Some(moment) => format_date(*moment, format).map(Dynamic::from).map_err(wrong),
        None if value.is_none() => Ok(Dynamic::from(())),
        None => Err(wrong(format!("{} is no time", kind_of(value)))),
    }
}

/// Longer than any name of a file.
const MAX_WIDTH: usize = 255;

fn pad(value: &Dynamic, width: usize, fill: Option<&str>) -> Result<Dynamic, Error> {
    let text = match value.kind() {
        ValueKind::None => return Ok(Dynamic::from(())),
        ValueKind::Number | ValueKind::String => value.to_string(),
        _ => return Err(wrong(format!("{} is neither a text nor a number", kind_of(value)))),
    };
    let missing = width.min(MAX_WIDTH).saturating_sub(text.chars().count());
    let fill = fill.and_then(|fill| fill.chars().next()).unwrap_or('0');
    Ok(format!("{}{text}", String::from(fill).repeat(missing)).into())
}

/// A number that a text is, as far as it is one.
fn parse<N>(value: &Dynamic, of_number: impl FnOnce(f64) -> Option<N>) -> Option<N> {
    let number = match value.as_str() {
        Some(text) => text.trim().parse().ok()?,
        None if value.kind() == ValueKind::Number => f64::try_from(value.clone()).ok()?,
        None => return None,
    };
    of_number(number).filter(|_| number.is_finite())
}

#[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
fn whole(number: f64) -> Option<i64> {
    // Beyond this, not every whole number is one of these.
    (number.abs() < 9_007_199_254_740_992.0).then_some(number.trunc() as i64)
}

fn round(value: &Dynamic, digits: Option<i32>) -> Result<Dynamic, Error> {
    let digits = digits.unwrap_or(0).clamp(0, 12);
    let factor = 10_f64.powi(digits);
    let rounded = on_number(value, |number| (number * factor).round() / factor)?;
    Ok(match parse(&rounded, whole).filter(|_| digits == 0 && !rounded.is_none()) {
        Some(number) => number.into(),
        None => rounded,
    })
}

fn capitalize(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    first.chain(chars.flat_map(char::to_lowercase)).collect()
}

/// Every word with a large first letter.
fn title(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut inside = false;
    for c in text.chars() {
        if inside {
            out.extend(c.to_lowercase());
        } else {
            out.extend(c.to_uppercase());
        }
        inside = c.is_alphanumeric() || c == '\'' || c == '\u{2019}';
    }
    out
}

fn length(value: &Dynamic) -> Result<Dynamic, Error> {
    if value.is_none() {
        return Ok(Dynamic::from(()));
    }
    let length = value.as_str().map(|text| text.chars().count()).or_else(|| value.len());
    length.map(Dynamic::from).ok_or_else(|| wrong(format!("{} has no length", kind_of(value))))
}

fn unique(parts: Vec<Dynamic>) -> Dynamic {
    let mut out: Vec<Dynamic> = Vec::new();
    for part in parts {
        if !out.contains(&part) {
            out.push(part);
        }
    }
    out.into()
}

fn join(parts: &[Dynamic], between: &str) -> Dynamic {
    parts.iter().map(ToString::to_string).collect::<Vec<_>>().join(between).into()
}

/// Adds all of them.
pub(super) fn add_to(environment: &mut Environment<'static>) {
    environment.add_filter("abs", |value: Dynamic| match value.as_i64().filter(|_| value.is_integer()) {
        Some(number) => Ok(number.saturating_abs().into()),
        None => on_number(&value, f64::abs),
    });
    environment.add_filter("capitalize", |value: Dynamic| on_text(&value, capitalize));
    environment.add_filter("date", |value: Dynamic, format: String| date(&value, &format));
    environment.add_filter("default", |value: Dynamic, other: Dynamic| {
        if value.is_none() || value.as_str() == Some("") { other } else { value }
    });
    environment
        .add_filter("first", |value: Dynamic| on_list(&value, |parts| parts.into_iter().next().into()));
    environment.add_filter("float", |value: Dynamic| parse(&value, Some));
    environment.add_filter("folders", |value: Dynamic| {
        on_text(&value, |text| text.replace('/', FOLDER_SLASH.encode_utf8(&mut [0; 4])))
    });
    environment.add_filter("int", |value: Dynamic| parse(&value, whole));
    environment.add_filter("join", |value: Dynamic, between: Option<String>| {
        on_list(&value, |parts| join(&parts, &between.unwrap_or_default()))
    });
    environment
        .add_filter("last", |value: Dynamic| on_list(&value, |parts| parts.into_iter().next_back().into()));
    environment.add_filter("length", |value: Dynamic| length(&value));
    environment.add_filter("lower", |value: Dynamic| on_text(&value, str::to_lowercase));
    environment.add_filter("pad", |value: Dynamic, width: usize, fill: Option<String>| {
        pad(&value, width, fill.as_deref())
    });
    environment.add_filter("replace", |value: Dynamic, from: String, to: String| {
        on_text(&value, |text| if from.is_empty() { text.to_owned() } else { text.replace(&from, &to) })
    });
    environment.add_filter("reverse", |value: Dynamic| {
        on_list(&value, |parts| parts.into_iter().rev().collect::<Vec<_>>().into())
    });
    environment.add_filter("round", |value: Dynamic, digits: Option<i32>| round(&value, digits));
    environment.add_filter("sort", |value: Dynamic| {
        on_list(&value, |mut parts| {
            parts.sort_by_cached_key(|part| crate::text::fold(&part.to_string()));
            parts.into()
        })
    });
    environment.add_filter("split", |value: Dynamic, at: String| {
        on_list_of(&value, |text| match at.as_str() {
            "" => vec![text.into()],
            at => text.split(at).map(Dynamic::from).collect(),
        })
    });
    environment.add_filter("string", |value: Dynamic| match value.kind() {
        ValueKind::None => String::new(),
        ValueKind::Bool => String::from(if value.is_true() { "yes" } else { "no" }),
        _ => value.to_string(),
    });
    environment.add_filter("title", |value: Dynamic| on_text(&value, title));
    environment.add_filter("trim", |value: Dynamic| on_text(&value, |text| text.trim().to_owned()));
    environment.add_filter("unique", |value: Dynamic| on_list(&value, unique));
    environment.add_filter("upper", |value: Dynamic| on_text(&value, str::to_uppercase));

    environment.add_test("none", |value: Dynamic| value.is_none());
    environment.add_test("startingwith", |value: Dynamic, other: String| {
        value.as_str().is_some_and(|text| text.starts_with(&other))
    });
    environment.add_test("endingwith", |value: Dynamic, other: String| {
        value.as_str().is_some_and(|text| text.ends_with(&other))
    });
    environment
        .add_test("containing", |value: Dynamic, other: Dynamic| super::operators::contains(&other, &value));
}

fn on_list_of(value: &Dynamic, cut: impl FnOnce(&str) -> Vec<Dynamic>) -> Result<Dynamic, Error> {
    match (value.is_none(), value.as_str()) {
        (true, _) => Ok(Dynamic::from(())),
        (false, Some(text)) => Ok(cut(text).into()),
        (false, None) => Err(wrong(format!("{} is no text", kind_of(value)))),
    }
}
