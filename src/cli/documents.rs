//! `iexport files`: the documents of apps, and anything else in the media folder.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use jiff::Zoned;
use serde::Serialize;
use tokio_util::sync::CancellationToken;

use super::advice::Problem;
use super::args::{Common, DocumentsArgs, DocumentsWhich, MediaPlaces};
use super::media;
use super::photos::Ready;
use super::selection::{range, size};
use super::session::{OpenPhone, report_of, talk};
use super::{Exit, Outcome, output};
use crate::catalog::Collection;
use crate::catalog::files::FilesRoot;
use crate::device::App;
use crate::export::{self, Collections, Export};
use crate::fields::{Engine, Table};
use crate::report::{count, escape};
use crate::select::Selection;
use crate::source::{AppsSource, DevicePath, EntryName, Source, Tuning};
use crate::text::{fold, nearest};

/// At most this many suggestions.
const SUGGESTIONS: usize = 3;

pub(super) async fn run(common: &Common, args: &DocumentsArgs, cancel: CancellationToken) -> Outcome {
    if args.apps {
        return cancel.run_until_cancelled(list_apps(common)).await.unwrap_or(Ok(Exit::Interrupted));
    }
    let started = Instant::now();
    let report = report_of(common);
    let export = export_of(&args.which, &args.places, &Zoned::now())?;
    named(&args.which, "files")?;
    let Some(to) = &args.to else { return Err(missing_destination()) };
    export::prepare_destination(to).map_err(export::ExportError::from)?;
    let make = async {
        let phone = OpenPhone::open(common, &*report).await?;
        let shelf = collections(&phone, &args.which).await?.read(Collection::Files, &*report).await?;
        Ok::<_, Problem>(Ready { phone, shelf })
    };
    let Some(ready) = cancel.run_until_cancelled(make).await.transpose()? else {
        return Ok(Exit::Interrupted);
    };
    ready.export(&export, to.clone(), report, cancel, started).await
}

/// The words must say which files are meant.
pub(super) fn named(which: &DocumentsWhich, command: &str) -> Result<(), Problem> {
    if which.all || !which.app.is_empty() || !which.path.is_empty() {
        return Ok(());
    }
    Err(Problem::new(
        Exit::Usage,
        "nothing says which files are meant",
        format!(
            "Add --app NAME (`iexport files --apps` lists them), --all for all apps that share files, or --path PATH.\n\
             `iexport {command} --help` lists all options."
        ),
    ))
}

fn missing_destination() -> Problem {
    Problem::new(Exit::Usage, "--to is missing", "Say where the files go: --to DIR.")
}

/// The export that the words mean; which files is said by the roots.
pub(super) fn export_of(
    which: &DocumentsWhich,
    places: &MediaPlaces,
    now: &Zoned,
) -> Result<Export, Problem> {
    let table = Table::of(Collection::Files);
    let mut selection = Selection {
        taken: range(now, ("--since", &which.since), ("--until", &which.until))?,
        min_size: size("--min-size", &which.min_size)?,
        max_size: size("--max-size", &which.max_size)?,
        ..Selection::default()
    };
    if let Some(text) = &which.condition {
        let condition = Engine::over(table).compile_expression(text);
        selection.condition = Some(condition.map_err(|error| Problem::of_field("--where", &error))?);
    }
    media::arranged(selection, places, table)
}

/// The collections of a phone, which know what the words mean by files.
pub(super) async fn collections(phone: &OpenPhone, which: &DocumentsWhich) -> Result<Collections, Problem> {
    let collections = phone.collections()?;
    if which.path.is_empty() {
        let (apps, others) = sharing(phone.session.apps().await?);
        let wanted = if which.all { apps.clone() } else { find_all(&apps, &others, &which.app)? };
        let (source, roots) = documents(phone, &apps, wanted);
        let collections = collections.with_files(source, roots);
        return Ok(if which.all { collections.with_unshared(others.len()) } else { collections });
    }
    if !which.app.is_empty() {
        return Err(Problem::new(
            Exit::Usage,
            "--app and --path are of two different places",
            "Export them one after the other; both can go to the same folder.",
        ));
    }
    let roots: Result<Vec<FilesRoot>, Problem> = which.path.iter().map(|path| root(path)).collect();
    Ok(collections.with_files(Arc::clone(&phone.media) as Arc<dyn Source>, roots?))
}

fn root(text: &str) -> Result<FilesRoot, Problem> {
    let path = DevicePath::parse(text).map_err(|error| {
        Problem::new(
            Exit::Usage,
            format!("--path {}: {error}", escape(text)),
            "Paths begin at the media folder: --path DCIM/100APPLE.",
        )
    })?;
    Ok(FilesRoot { path, app: None })
}

/// Apps that share their files, and the others.
pub(super) fn sharing(apps: Vec<App>) -> (Vec<App>, Vec<App>) {
    apps.into_iter().partition(|app| app.shares_files)
}

/// Where the documents of those apps are that are `wanted`, and the folders that they go to: named like the apps, and
/// by their bundle ids where two of all `sharing` ones have the same name. So an app goes to the same folder whatever
/// else is wanted.
pub(super) fn documents(
    phone: &OpenPhone,
    sharing: &[App],
    wanted: Vec<App>,
) -> (Arc<dyn Source>, Vec<FilesRoot>) {
    let mut names: HashMap<String, usize> = HashMap::new();
    for app in sharing {
        *names.entry(fold(&app.name)).or_default() += 1;
    }
    let root = |app: &App| {
        let is_only = names.get(&fold(&app.name)) == Some(&1);
        let name = if is_only { app.name.clone() } else { format!("{} ({})", app.name, app.bundle) };
        let folder = EntryName::new(app.bundle.as_str().as_bytes()).ok()?;
        Some(FilesRoot { path: DevicePath::root().join(&folder), app: Some(name.into()) })
    };
    let roots = wanted.iter().filter_map(root).collect();
    let session = Arc::clone(&phone.session);
    let source = AppsSource::new(session, wanted.into_iter().map(|app| app.bundle), Tuning::default());
    (Arc::new(source), roots)
}

/// The apps that the words mean, each once. The `others` do not share their files.
fn find_all(apps: &[App], others: &[App], asked: &[String]) -> Result<Vec<App>, Problem> {
    let mut out: Vec<App> = Vec::new();
    for asked in asked {
        for app in find(apps, others, asked)? {
            if !out.iter().any(|own| own.bundle == app.bundle) {
                out.push(app.clone());
            }
        }
    }
    Ok(out)
}

/// By bundle id, by name, or by a part of the name that only one has.
fn find<'a>(apps: &'a [App], others: &[App], asked: &str) -> Result<Vec<&'a App>, Problem> {
    let folded = fold(asked.trim());
    let by = |is: &dyn Fn(&App) -> bool| apps.iter().filter(|app| is(app)).collect::<Vec<_>>();
    let has_bundle = |app: &App| app.bundle.as_str().eq_ignore_ascii_case(asked.trim());
    let has_name = |app: &App| fold(&app.name) == folded;
    for found in [by(&has_bundle), by(&has_name)] {
        if !found.is_empty() {
            return Ok(found);
        }
    }
    if let Some(app) = others.iter().find(|app| has_bundle(app) || has_name(app)) {
        return Err(Problem::new(
            Exit::Usage,
            format!("\"{}\" does not share its files", escape(&app.name)),
            "The phone gives them to no computer: only a backup has them. `iexport files --apps` lists the apps that \
             share theirs.",
        ));
    }
    let found = by(&|app| !folded.is_empty() && fold(&app.name).contains(&folded));
    match found.len() {
        1 => return Ok(found),
        0 => {}
        _ => {
            let names: Vec<String> = found.iter().map(|app| format!("\"{}\"", escape(&app.name))).collect();
            return Err(Problem::new(
                Exit::Usage,
                format!("several apps are called like \"{}\"", escape(asked)),
                format!("Say which: {}.", names.join(", ")),
            ));
        }
    }
    let near = nearest(asked, apps.iter().map(|app| app.name.as_str()), SUGGESTIONS);
    let near: Vec<String> = near.iter().map(|name| format!("\"{}\"", escape(name))).collect();
    let advice = match near.as_slice() {
        [] => String::new(),
        names => format!("Did you mean {}?\n", names.join(" or ")),
    };
    Err(Problem::new(
        Exit::Usage,
        format!("no app that shares its files is called \"{}\"", escape(asked)),
        advice
            + "`iexport files --apps` lists those that do. An app that does not share them keeps them to itself: only \
               a backup has them.",
    ))
}

/// An app as a line of JSON.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    name: &'a str,
    bundle_id: &'a str,
    version: &'a str,
    opens_in_place: bool,
}

async fn list_apps(common: &Common) -> Outcome {
    let report = talk(common);
    let phone = OpenPhone::open(common, &report).await?;
    let all = phone.session.apps().await?;
    let (apps, others) = sharing(all);
    if common.json {
        for app in &apps {
            let line = Line {
                kind: "app",
                name: &app.name,
                bundle_id: app.bundle.as_str(),
                version: &app.version,
                opens_in_place: app.opens_in_place,
            };
            if !output::json(&line) {
                break;
            }
        }
        return Ok(Exit::Done);
    }
    let mut table = output::table(&["APP", "BUNDLE ID", "VERSION"]);
    for app in &apps {
        table.add_row([&escape(&app.name), app.bundle.as_str(), &escape(&app.version)]);
    }
    output::print_table(&table);
    let share = count(apps.len() as u64, "app shares its files", "apps share their files");
    let others = match others.len() as u64 {
        0 => String::new(),
        n => format!("; {} not, and only a backup has theirs", count(n, "other does", "others do")),
    };
    output::note(format_args!("\n{share}{others}."));
    Ok(Exit::Done)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn app(bundle: &str, name: &str) -> App {
        App {
            bundle: bundle.parse().unwrap(),
            name: name.to_owned(),
            version: String::new(),
            shares_files: true,
            opens_in_place: false,
        }
    }

    #[test]
    fn apps_are_found_by_bundle_by_name_and_by_a_part_of_it() {
        let apps = [app("com.a.notes", "Notes"), app("com.b.notes", "Notes Pro"), app("com.c.maps", "Maps")];
        let others = [app("com.d.diary", "Diary"), app("com.d.maps", "Maps")];
        let found = |asked: &str| -> Result<Vec<String>, String> {
            find(&apps, &others, asked)
                .map(|found| found.iter().map(|app| app.bundle.to_string()).collect())
                .map_err(|problem| format!("{problem:?}"))
        };
        assert_eq!(found("COM.A.notes").unwrap(), ["com.a.notes"]);
        assert_eq!(found("notes").unwrap(), ["com.a.notes"], "the whole name counts first");
        assert_eq!(found("pro").unwrap(), ["com.b.notes"]);
        assert!(found("note").unwrap_err().contains("several"));
        assert!(found("Mops").unwrap_err().contains("Maps"));
        assert!(found("").is_err());
        for closed in ["diary", "com.d.diary", "COM.D.MAPS"] {
            assert!(found(closed).unwrap_err().contains("does not share"), "{closed}");
        }
        assert_eq!(found("maps").unwrap(), ["com.c.maps"], "one that shares counts first");
    }
}
