//! Property lists from a stranger, without letting them cost more than they weigh.
//!
//! The parser of the `plist` crate is safe to use on files, but not on the bytes of a hostile phone:
//!
//! * The *values* it builds are dropped, cloned and compared by recursion, so a few kilobytes of nested arrays
//!   can exhaust the stack.
//! * A binary list may use one object in many places. Ten objects that each hold the next one ten times are
//!   200 bytes on the wire and ten thousand million values in memory.
//! * What is neither XML nor binary is tried as an old ASCII list, which no phone sends.
//! * A date close to the year 10000 with a zone behind it makes it panic, and so does writing a date outside
//!   of the years 0 to 9999.
//!
//! So its event readers are used (they keep no values and do not recurse), and the values are built here,
//! against a budget that grows with the length of the input.

use std::io::Cursor;
use std::mem::size_of;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use plist::stream::{BinaryReader, Event, OwnedEvent, XmlReader};
use plist::{Dictionary, Value};

/// Deepest nesting of dictionaries and arrays that is accepted. Real messages stay below 6.
pub(super) const MAX_DEPTH: usize = 64;

/// Bytes of memory that each byte of input may turn into. `<true/>`, 7 bytes, is the shortest value in XML.
const MEMORY_PER_BYTE: usize = 16;

/// Bytes of memory that any input may use, so that small lists can use one object a few hundred times.
const MEMORY_FOR_ALL: usize = 64 << 10;

/// 0000-01-01 in seconds before 1970, and 9999-12-31T23:59:59 in seconds after.
const DATES: (u64, u64) = (62_167_219_200, 253_402_300_799);

/// Parses a list, XML or binary, from a whole payload. The reason is for people.
pub(super) fn parse(bytes: &[u8]) -> Result<Value, String> {
    let budget = bytes.len().saturating_mul(MEMORY_PER_BYTE).saturating_add(MEMORY_FOR_ALL);
    if bytes.starts_with(b"bplist00") {
        build(BinaryReader::new(Cursor::new(bytes)), budget)
    } else if dates_are_plain(bytes) {
        build(XmlReader::new(Cursor::new(bytes)), budget)
    } else {
        Err("a date is not in Apple's form".to_owned())
    }
}

/// A container that is still open. A dictionary may have a key that waits for its value.
enum Open {
    Array(Vec<Value>),
    Dictionary(Dictionary, Option<String>),
}

/// Turns events into one value.
fn build(
    events: impl Iterator<Item = Result<OwnedEvent, plist::Error>>,
    budget: usize,
) -> Result<Value, String> {
    let mut left = budget;
    let mut open: Vec<Open> = Vec::new();
    let mut root = None;
    for event in events {
        let event = event.map_err(|error| error.to_string())?;
        if root.is_some() {
            return Err("something follows the list".to_owned());
        }
        left = left.checked_sub(cost(&event)).ok_or("it unfolds to far more than was sent")?;
        let value = match event {
            Event::StartArray(_) => {
                push(&mut open, Open::Array(Vec::new()))?;
                continue;
            }
            Event::StartDictionary(_) => {
                push(&mut open, Open::Dictionary(Dictionary::new(), None))?;
                continue;
            }
            Event::EndCollection => match open.pop() {
                Some(Open::Array(array)) => Value::Array(array),
                Some(Open::Dictionary(dict, None)) => Value::Dictionary(dict),
                Some(Open::Dictionary(_, Some(_))) => return Err("a key has no value".to_owned()),
                None => return Err("an end without a start".to_owned()),
            },
            Event::Boolean(value) => Value::Boolean(value),
            Event::Data(value) => Value::Data(value.into_owned()),
            Event::Date(date) if is_writable(date.into()) => Value::Date(date),
            Event::Integer(value) => Value::Integer(value),
            Event::Real(value) => Value::Real(value),
            Event::String(text) => {
                let text = text.into_owned();
                if let Some(Open::Dictionary(_, key @ None)) = open.last_mut() {
                    *key = Some(text);
                    continue;
                }
                Value::String(text)
            }
            // Object references of keyed archives have no form in XML; no phone sends them here.
            _ => return Err("a value of a kind that messages do not have".to_owned()),
        };
        match open.last_mut() {
            None => root = Some(value),
            Some(Open::Array(array)) => array.push(value),
            Some(Open::Dictionary(dict, key)) => {
                let key = key.take().ok_or("a key is no string")?;
                dict.insert(key, value);
            }
        }
    }
    root.ok_or_else(|| "it ends too early".to_owned())
}

fn push(open: &mut Vec<Open>, container: Open) -> Result<(), String> {
    if open.len() == MAX_DEPTH {
        return Err(format!("nested deeper than {MAX_DEPTH}"));
    }
    open.push(container);
    Ok(())
}

/// Memory that an event leads to, in bytes: what it owns, the slot it will take, and what the reader keeps
/// for each entry of a binary container.
fn cost(event: &OwnedEvent) -> usize {
    let owned = match event {
        Event::StartArray(entries) | Event::StartDictionary(entries) => {
            usize::try_from(entries.unwrap_or_default())
                .unwrap_or(usize::MAX)
                .saturating_mul(size_of::<u64>())
        }
        Event::EndCollection => return 0,
        Event::Data(bytes) => bytes.len(),
        Event::String(text) => text.len(),
        _ => 0,
    };
    owned.saturating_add(size_of::<Value>())
}

/// Whether a date can be written again.
fn is_writable(date: SystemTime) -> bool {
    let (before, after) = DATES;
    match date.duration_since(UNIX_EPOCH) {
        Ok(since) => since < Duration::from_secs(after + 1),
        Err(until) => until.duration() <= Duration::from_secs(before),
    }
}

/// Whether every `<date>` of an XML list holds a date in Apple's form, `2024-05-06T07:08:09Z`, perhaps with a
/// fraction: never a zone, a comment or an entity. Stricter than XML on purpose, since every tag that could
/// be read as a date must be seen here, too.
fn dates_are_plain(xml: &[u8]) -> bool {
    let mut tags = xml.split(|b| *b == b'<').skip(1).peekable();
    while let Some(tag) = tags.next() {
        let name_len = tag.iter().position(|b| b.is_ascii_whitespace() || b"/>".contains(b));
        let (name, rest) = tag.split_at(name_len.unwrap_or(tag.len()));
        if name.rsplit(|b| *b == b':').next() == Some(b"date") {
            let ends = tags.peek().is_some_and(|next| next.starts_with(b"/"));
            if !ends || !rest.strip_prefix(b">").is_some_and(is_plain_date) {
                return false;
            }
        }
    }
    true
}

fn is_plain_date(text: &[u8]) -> bool {
    const FORM: &[u8] = b"dddd-dd-ddTdd:dd:dd";
    let Some((seconds, rest)) = text.split_at_checked(FORM.len()) else { return false };
    let fraction = match rest {
        [b'.', fraction @ .., b'Z'] => fraction,
        [b'Z'] => &[],
        _ => return false,
    };
    let fits = |(form, byte): (&u8, &u8)| if *form == b'd' { byte.is_ascii_digit() } else { form == byte };
    FORM.iter().zip(seconds).all(fits) && fraction.iter().all(u8::is_ascii_digit)
}
