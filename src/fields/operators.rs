//! What the operators do.
//!
//! They are not those of the engine, in three ways. What is not there is neither smaller nor larger than
//! anything, and nothing can be calculated from it: the photos without a duration are not those shorter than
//! five seconds. Times are compared with as much of a date as was written: `taken <= '2024-08'` means to the
//! end of August. And things of different kinds are never compared in silence.

use std::cmp::Ordering;

use minijinja::value::ValueKind;
use minijinja::{Environment, Error, Value as Dynamic};

use super::filters::{kind_of, wrong};
use super::moment::Date;
use super::value::Moment;

/// Adds the operators, under the names that [`super::check`] calls them by. No filter of a person's can have
/// such a name.
pub(super) fn add_to(environment: &mut Environment<'static>) {
    environment.add_filter("==", |a: Dynamic, b: Dynamic| equal(&a, &b));
    environment.add_filter("!=", |a: Dynamic, b: Dynamic| equal(&a, &b).map(|equal| !equal));
    environment.add_filter("<", |a: Dynamic, b: Dynamic| ordered(&a, &b, Ordering::is_lt));
    environment.add_filter("<=", |a: Dynamic, b: Dynamic| ordered(&a, &b, Ordering::is_le));
    environment.add_filter(">", |a: Dynamic, b: Dynamic| ordered(&a, &b, Ordering::is_gt));
    environment.add_filter(">=", |a: Dynamic, b: Dynamic| ordered(&a, &b, Ordering::is_ge));
    environment.add_filter("in", |a: Dynamic, b: Dynamic| contains(&a, &b));
    environment.add_filter("~", |a: Dynamic, b: Dynamic| join(&a, &b));
    environment.add_filter("+", |a: Dynamic, b: Dynamic| calculate(&a, &b, i64::checked_add, |a, b| a + b));
    environment.add_filter("-", |a: Dynamic, b: Dynamic| calculate(&a, &b, i64::checked_sub, |a, b| a - b));
    environment.add_filter("*", |a: Dynamic, b: Dynamic| calculate(&a, &b, i64::checked_mul, |a, b| a * b));
    environment.add_filter("/", |a: Dynamic, b: Dynamic| calculate(&a, &b, |_, _| None, |a, b| a / b));
    environment
        .add_filter("//", |a: Dynamic, b: Dynamic| calculate(&a, &b, floor_div, |a, b| (a / b).floor()));
    environment.add_filter("%", |a: Dynamic, b: Dynamic| {
        calculate(
            &a,
            &b,
            |a, b| a.checked_sub(floor_div(a, b)?.checked_mul(b)?),
            |a, b| a - b * (a / b).floor(),
        )
    });
    environment.add_filter("**", |a: Dynamic, b: Dynamic| calculate(&a, &b, |_, _| None, f64::powf));
    environment.add_filter(".", |of: Dynamic, name: String| part(&of, &name));
    environment
        .add_filter("neg", |of: Dynamic| calculate(&0.into(), &of, i64::checked_sub, |_, number| -number));
    environment.add_filter("[]", |of: Dynamic, key: Dynamic| element(&of, &key));
}

/// How two things are ordered; `None` if one of them is not there.
fn order(a: &Dynamic, b: &Dynamic) -> Result<Option<Ordering>, Error> {
    if a.is_none() || b.is_none() {
        return Ok(None);
    }
    let not_comparable = || wrong(format!("{} cannot be compared with {}", kind_of(a), kind_of(b)));
    let order = match (moment(a), moment(b)) {
        (Some(a), Some(b)) => Some(a.instant.cmp(&b.instant)),
        (Some(a), None) => Some(date(b)?.order(*a)),
        (None, Some(b)) => Some(date(a)?.order(*b).reverse()),
        (None, None) => match (a.kind(), b.kind()) {
            (ValueKind::Number, ValueKind::Number) | (ValueKind::String, ValueKind::String) => Some(a.cmp(b)),
            _ => return Err(not_comparable()),
        },
    };
    Ok(order)
}

fn ordered(a: &Dynamic, b: &Dynamic, is_so: impl Fn(Ordering) -> bool) -> Result<bool, Error> {
    Ok(order(a, b)?.is_some_and(is_so))
}

fn equal(a: &Dynamic, b: &Dynamic) -> Result<bool, Error> {
    if (moment(a).is_some() || moment(b).is_some()) && !a.is_none() && !b.is_none() {
        return Ok(order(a, b)? == Some(Ordering::Equal));
    }
    Ok(a == b)
}

pub(super) fn contains(needle: &Dynamic, hay: &Dynamic) -> Result<bool, Error> {
    if needle.is_none() || hay.is_none() {
        return Ok(false);
    }
    if let Some(text) = hay.as_str() {
        return needle
            .as_str()
            .map(|part| text.contains(part))
            .ok_or_else(|| wrong(format!("{} cannot be in a text", kind_of(needle))));
    }
    if !matches!(hay.kind(), ValueKind::Seq | ValueKind::Iterable) {
        return Err(wrong(format!("nothing can be in {}", kind_of(hay))));
    }
    for part in hay.try_iter()? {
        if equal(needle, &part)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn join(a: &Dynamic, b: &Dynamic) -> Result<Dynamic, Error> {
    let text = |value: &Dynamic| match value.kind() {
        ValueKind::None => Ok(String::new()),
        ValueKind::Seq | ValueKind::Iterable | ValueKind::Map => {
            Err(wrong(format!("{} cannot be joined to a text", kind_of(value))))
        }
        _ => Ok(value.to_string()),
    };
    Ok((text(a)? + &text(b)?).into())
}

fn calculate(
    a: &Dynamic,
    b: &Dynamic,
    whole: impl Fn(i64, i64) -> Option<i64>,
    any: impl Fn(f64, f64) -> f64,
) -> Result<Dynamic, Error> {
    if a.is_none() || b.is_none() {
        return Ok(Dynamic::from(()));
    }
    if let (Some(a), Some(b)) = (integer(a), integer(b))
        && let Some(result) = whole(a, b)
    {
        return Ok(result.into());
    }
    match (number(a), number(b)) {
        // What is divided by nothing is no number, and no reason to stop.
        (Some(a), Some(b)) => Ok(Some(any(a, b)).filter(|result| result.is_finite()).into()),
        _ => Err(wrong(format!("cannot calculate with {} and {}", kind_of(a), kind_of(b)))),
    }
}

/// Rounded down, also below nothing.
fn floor_div(a: i64, b: i64) -> Option<i64> {
    let towards_nothing = a.checked_div(b)?;
    let is_exact = a.checked_rem(b)? == 0;
    Some(if is_exact || (a < 0) == (b < 0) { towards_nothing } else { towards_nothing - 1 })
}

/// A part by its name: of a time, of a record, of what a loop knows.
fn part(of: &Dynamic, name: &str) -> Result<Dynamic, Error> {
    if of.is_none() {
        return Ok(Dynamic::from(()));
    }
    if let Some(moment) = moment(of) {
        return moment
            .part(name)
            .map(Dynamic::from)
            .ok_or_else(|| wrong(format!("a time has no \"{name}\"")));
    }
    let part = of.get_attr(name).ok().filter(|part| !part.is_undefined());
    part.ok_or_else(|| wrong(format!("{} has no \"{name}\"", kind_of(of))))
}

/// A part by its number or name; nothing if there is none.
fn element(of: &Dynamic, key: &Dynamic) -> Result<Dynamic, Error> {
    let nothing = Dynamic::from(());
    if of.is_none() || key.is_none() {
        return Ok(nothing);
    }
    if let (Some(text), Some(at)) = (of.as_str(), integer(key)) {
        let at = usize::try_from(if at < 0 {
            at + i64::try_from(text.chars().count()).unwrap_or(i64::MAX)
        } else {
            at
        });
        let c = at.ok().and_then(|at| text.chars().nth(at));
        return Ok(c.map(|c| c.to_string()).into());
    }
    let part = of.get_item(key).map_err(|_| wrong(format!("{} has no parts", kind_of(of))))?;
    Ok(if part.is_undefined() { nothing } else { part })
}

fn moment(value: &Dynamic) -> Option<&Moment> {
    value.downcast_object_ref()
}

fn date(value: &Dynamic) -> Result<Date, Error> {
    let Some(text) = value.as_str() else {
        return Err(wrong(format!("a time cannot be compared with {}", kind_of(value))));
    };
    text.parse().map_err(|error: super::moment::NoDate| wrong(error.to_string()))
}

fn integer(value: &Dynamic) -> Option<i64> {
    (value.kind() == ValueKind::Number && value.is_integer()).then(|| value.as_i64()).flatten()
}

fn number(value: &Dynamic) -> Option<f64> {
    (value.kind() == ValueKind::Number).then(|| f64::try_from(value.clone()).ok()).flatten()
}
