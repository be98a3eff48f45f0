//! Filters and tests, and how values look to the engine.

use minijinja::{Environment, Error, ErrorKind, Output, State, Value as Dynamic};

use super::value::{Moment, Value};

/// Stands for a slash inside of a value while a template is rendered. A noncharacter: texts have none.
pub(super) const INNER_SLASH: char = '\u{fdd0}';

/// Stands for a slash that the filter `folders` kept.
pub(super) const FOLDER_SLASH: char = '\u{fdd1}';

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
            parts.into_iter().map(|(name, part)| (name, engine_value(part))).collect::<Dynamic>()
        }
    }
}

/// Writes a value into a template's text.
pub(super) fn write(out: &mut Output<'_>, _: &mut State<'_, '_>, value: &Dynamic) -> Result<(), Error> {
    if value.is_none() {
        return Ok(());
    }
    let text = value.to_string();
    let hidden = text.replace('/', INNER_SLASH.encode_utf8(&mut [0; 4]));
    out.write_str(&hidden).map_err(Error::from)
}

fn wrong(what: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::InvalidOperation, what)
}

fn on_text(value: &Dynamic, change: impl FnOnce(&str) -> String) -> Result<Dynamic, Error> {
    if value.is_none() {
        return Ok(Dynamic::from(()));
    }
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    Ok(change(&text).into())
}

/// Adds all of them.
pub(super) fn add_to(environment: &mut Environment<'static>) {
    environment.add_filter("lower", |value: Dynamic| on_text(&value, str::to_lowercase));
    environment.add_filter("upper", |value: Dynamic| on_text(&value, str::to_uppercase));
    environment.add_filter("folders", |value: Dynamic| {
        on_text(&value, |text| text.replace('/', FOLDER_SLASH.encode_utf8(&mut [0; 4])))
    });
    environment
        .add_filter("default", |value: Dynamic, other: Dynamic| if value.is_none() { other } else { value });
    environment.add_filter("length", minijinja::filters::length);
    environment.add_filter("join", minijinja::filters::join);
    environment.add_filter("pad", |value: Dynamic, width: usize| {
        on_text(&value, |text| format!("{text:0>width$}", width = width.min(100)))
    });
    environment.add_filter("date", |value: Dynamic, format: String| {
        if value.is_none() {
            return Ok(value);
        }
        let Some(moment) = value.downcast_object_ref::<Moment>() else {
            return Err(wrong("only a time has a date"));
        };
        let local = moment.instant.to_zoned(moment.offset.to_time_zone());
        jiff::fmt::strtime::format(&format, &local)
            .map(Dynamic::from)
            .map_err(|error| wrong(error.to_string()))
    });
    environment.add_test("none", |value: Dynamic| value.is_none());
    environment.add_test("startingwith", |value: Dynamic, other: String| {
        value.as_str().is_some_and(|text| text.starts_with(&other))
    });
}
