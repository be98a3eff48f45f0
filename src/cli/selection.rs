//! The words of the command line as a value. All of them are read before a phone is looked for.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::path::Path;

use jiff::Zoned;

use super::Exit;
use super::advice::Problem;
use super::args::{BurstsWord, KindWord, PolicyWord, Which};
use crate::catalog::{AssetUuid, MediaKind};
use crate::fields::Engine;
use crate::select::{self, Bursts, MediaSelection, Policy, Range, Selection, When};

/// The selection that the words mean.
///
/// # Errors
/// A word that is no date, no place, no size, and so on: with the option that it belongs to.
pub(super) fn selection_of(which: &Which, now: &Zoned) -> Result<Selection, Problem> {
    Ok(Selection {
        albums: which.album.clone(),
        folders: which.folder.clone(),
        uuids: uuids(which)?,
        not_albums: which.not_album.clone(),
        not_folders: which.not_folder.clone(),
        no_album: which.no_album,
        smart: which.smart.clone(),
        not_smart: which.not_smart.clone(),
        kinds: which.kind.iter().copied().map(kind).collect(),
        not_kinds: which.not_kind.iter().copied().map(kind).collect(),
        favorite: either(which.favorite, which.not_favorite),
        edited: either(which.edited, which.not_edited),
        located: either(which.has_location, which.no_location),
        taken: range(now, ("--since", &which.since), ("--until", &which.until))?,
        added: range(now, ("--added-since", &which.added_since), ("--added-until", &which.added_until))?
            .in_zone(now.time_zone()),
        years: years("--year", &which.year)?,
        not_years: years("--not-year", &which.not_year)?,
        persons: which.person.clone(),
        not_persons: which.not_person.clone(),
        keywords: which.keyword.clone(),
        not_keywords: which.not_keyword.clone(),
        near: each("--near", &which.near, |text| text.parse())?,
        not_near: each("--not-near", &which.not_near, |text| text.parse())?,
        titles: which.title.clone(),
        captions: which.caption.clone(),
        names: which.name.clone(),
        not_names: which.not_name.clone(),
        cameras: which.camera.clone(),
        not_cameras: which.not_camera.clone(),
        importers: which.imported_by.clone(),
        not_importers: which.not_imported_by.clone(),
        min_size: size("--min-size", &which.min_size)?,
        max_size: size("--max-size", &which.max_size)?,
        min_duration: duration("--min-duration", &which.min_duration)?,
        max_duration: duration("--max-duration", &which.max_duration)?,
        condition: match &which.condition {
            Some(text) => {
                let condition = Engine::new().compile_expression(text);
                Some(condition.map_err(|error| Problem::of_field("--where", &error))?)
            }
            None => None,
        },
        media: MediaSelection::default(),
        hidden: policy(which.hidden),
        trashed: policy(which.trashed),
        shared: policy(which.shared),
        shared_with_you: policy(which.shared_with_you),
        orphans: policy(which.orphans),
        bursts: match which.bursts {
            BurstsWord::All => Bursts::All,
            BurstsWord::Picks => Bursts::Picks,
            BurstsWord::Key => Bursts::Key,
        },
        last: which.last.map(|last| usize::try_from(last).unwrap_or(usize::MAX)),
        picked: None,
    })
}

/// The same for an export, for which nobody may forget to say what is meant.
///
/// # Errors
/// Those of [`selection_of`], and that nothing was said.
pub(super) fn selection_to_export(which: &Which, now: &Zoned) -> Result<Selection, Problem> {
    let selection = selection_of(which, now)?;
    if !which.all && selection.is_everything() {
        return Err(Problem::new(
            Exit::Usage,
            "nothing says which photos and videos are meant",
            "Add --all for everything, or --album NAME, --since DATE, --smart favourites, --where EXPR, ...\n\
             `iexport photos --help` lists them all; `iexport list photos` shows what they mean.",
        ));
    }
    Ok(selection)
}

/// What two options for dates mean.
pub(super) fn range(
    now: &Zoned,
    since: (&str, &Option<String>),
    until: (&str, &Option<String>),
) -> Result<Range, Problem> {
    let when = |(option, text): (&str, &Option<String>)| {
        text.as_deref().map(|text| When::parse(text, now).map_err(|error| wrong(option, &error))).transpose()
    };
    let range = Range { since: when(since)?, until: when(until)? };
    if range.is_empty() {
        return Err(Problem::new(
            Exit::Usage,
            format!("{} is after {}, so nothing is between them", since.0, until.0),
            "Exchange the two dates.",
        ));
    }
    Ok(range)
}

/// What an option for a size means, in bytes.
pub(super) fn size(option: &str, text: &Option<String>) -> Result<Option<u64>, Problem> {
    text.as_deref().map(|text| select::size(text).map_err(|error| wrong(option, &error))).transpose()
}

/// What an option for a duration means, in seconds.
pub(super) fn duration(option: &str, text: &Option<String>) -> Result<Option<f64>, Problem> {
    text.as_deref().map(|text| select::duration(text).map_err(|error| wrong(option, &error))).transpose()
}

/// A word that an option cannot have.
fn wrong(option: &str, error: &impl std::fmt::Display) -> Problem {
    Problem::new(Exit::Usage, format!("{option}: {error}"), "docs/selection.md has examples of every option.")
}

/// What every text of an option means.
fn each<T, E: std::fmt::Display>(
    option: &str,
    texts: &[String],
    read: impl Fn(&str) -> Result<T, E>,
) -> Result<Vec<T>, Problem> {
    texts.iter().map(|text| read(text).map_err(|error| wrong(option, &error))).collect()
}

const fn either(yes: bool, no: bool) -> Option<bool> {
    match (yes, no) {
        (true, _) => Some(true),
        (false, true) => Some(false),
        (false, false) => None,
    }
}

const fn kind(word: KindWord) -> MediaKind {
    match word {
        KindWord::Photo => MediaKind::Photo,
        KindWord::Video => MediaKind::Video,
        KindWord::Other => MediaKind::Other,
    }
}

pub(super) const fn policy(word: PolicyWord) -> Policy {
    match word {
        PolicyWord::Include => Policy::Include,
        PolicyWord::Exclude => Policy::Exclude,
        PolicyWord::Only => Policy::Only,
    }
}

/// `2024`, or `2022-2024`.
pub(super) fn years(option: &str, texts: &[String]) -> Result<Vec<i16>, Problem> {
    let mut out = Vec::new();
    for text in texts {
        let wrong =
            || wrong(option, &format!("\"{}\" is no year: write 2024, or 2022-2024", text.escape_debug()));
        let year = |text: &str| {
            let is_year = text.len() == 4 && text.chars().all(|c| c.is_ascii_digit());
            text.parse::<i16>().ok().filter(|_| is_year).ok_or_else(wrong)
        };
        match text.trim().split_once('-') {
            None => out.push(year(text.trim())?),
            Some((first, last)) => {
                let years = year(first.trim())?..=year(last.trim())?;
                if years.is_empty() {
                    return Err(wrong());
                }
                out.extend(years);
            }
        }
    }
    Ok(out)
}

/// Longest name of an item. Those of the phone have 36 characters; files that it does not know are called by
/// their paths.
const MAX_UUID: usize = 1_000;

/// The items that are asked for one by one.
fn uuids(which: &Which) -> Result<Option<BTreeSet<AssetUuid>>, Problem> {
    if which.uuid.is_empty() && which.uuid_from.is_none() {
        return Ok(None);
    }
    let mut out = BTreeSet::new();
    for text in &which.uuid {
        let is_wrong = || wrong("--uuid", &format!("\"{}\" is no uuid", text.escape_debug()));
        out.insert(uuid(text).ok_or_else(is_wrong)?);
    }
    if let Some(path) = &which.uuid_from {
        for (number, line) in read(path)?.lines().enumerate() {
            let line = line.trim();
            // A CSV of this program has a heading.
            let is_heading = number == 0 && line.eq_ignore_ascii_case("uuid");
            if line.is_empty() || line.starts_with('#') || is_heading {
                continue;
            }
            let found = if line.starts_with('{') { of_json(line) } else { uuid(line) };
            let is_wrong = || {
                let shown: String = line.chars().take(60).collect();
                let what = format!(
                    "line {} of {} is no uuid: \"{}\"",
                    number + 1,
                    path.display(),
                    shown.escape_debug()
                );
                Problem::new(
                    Exit::Usage,
                    what,
                    "It takes one uuid a line, or lines of `iexport list photos --json`.",
                )
            };
            out.insert(found.ok_or_else(is_wrong)?);
        }
        if out.is_empty() {
            return Err(Problem::new(
                Exit::Usage,
                format!("there is no uuid in {}", path.display()),
                "It takes one uuid a line, or lines of `iexport list photos --json`.",
            ));
        }
    }
    Ok(Some(out))
}

fn read(path: &Path) -> Result<String, Problem> {
    let result = if path.as_os_str() == "-" {
        let mut text = String::new();
        std::io::stdin().lock().read_to_string(&mut text).map(|_| text)
    } else {
        std::fs::read_to_string(path)
    };
    result.map_err(|error| {
        Problem::new(
            Exit::Usage,
            format!("--uuid-from: {} cannot be read: {error}", path.display()),
            "It takes a text file with one uuid a line.",
        )
    })
}

fn of_json(line: &str) -> Option<AssetUuid> {
    let object: serde_json::Value = serde_json::from_str(line).ok()?;
    uuid(object.get("uuid")?.as_str()?)
}

/// The identity that a text is; the identifiers that other programs use have more behind a slash.
fn uuid(text: &str) -> Option<AssetUuid> {
    let text = text.trim();
    let plain = text.split_once('/').map_or(text, |(uuid, _)| uuid);
    let is_uuid = plain.len() == 36 && plain.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
    if is_uuid {
        return Some(AssetUuid(plain.to_ascii_uppercase()));
    }
    let is_name = !text.is_empty() && text.len() <= MAX_UUID && !text.chars().any(char::is_control);
    is_name.then(|| AssetUuid(text.to_owned()))
}
