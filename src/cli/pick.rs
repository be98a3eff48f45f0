//! `iexport pick`: choosing photos and videos by looking at lists.
//!
//! The picker itself is a machine without a terminal (`picker`), drawn by a view that decides nothing (`view`).
//! What it ends in is what `iexport photos` does, or the words for it.

mod field;
mod finish;
mod geometry;
mod given;
#[cfg(unix)]
mod hangup;
mod input;
mod lists;
mod picker;
mod quote;
#[cfg(test)]
mod sample;
mod scroll;
mod search;
mod shelf;
mod terminal;
mod ticks;
mod view;
mod words;

use std::io::IsTerminal;
use std::time::Instant;

use tokio_util::sync::CancellationToken;

use self::picker::Picker;
use self::terminal::{Ending, pick};
use self::view::Theme;
use super::advice::Problem;
use super::args::{Common, PickArgs};
use super::arrangement::export_of;
use super::photos::Ready;
use super::session::report_of;
use super::{Exit, Outcome, output};
use crate::catalog::Collection;
use crate::export::Export;
use crate::report::count;

pub(super) async fn run(common: &Common, args: &PickArgs, cancel: CancellationToken) -> Outcome {
    check(common)?;
    let arranged = export_of(&args.files, &args.places)?;
    let report = report_of(common);
    let Some(ready) = Ready::make(common, Collection::Photos, &*report, &cancel).await? else {
        return Ok(Exit::Interrupted);
    };
    if ready.shelf.catalog.items.is_empty() {
        output::note("There is nothing to pick: the library is empty.");
        return Ok(Exit::Done);
    }
    let mut picker = Picker::new(&ready.shelf.catalog, args.to.as_deref());
    let options = given::options(std::env::args_os());
    let theme = Theme { colour: std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()) };
    // A person takes minutes; the phone's tasks go on meanwhile.
    let ending = tokio::task::block_in_place(|| {
        #[cfg(unix)]
        let _watch = hangup::Watch::begin(cancel.clone());
        pick(&mut picker, &options, theme, &cancel)
    });
    drop(picker);
    if matches!(&ending, Err(error) if is_gone(error)) {
        // Whether that or the watch is noticed first is chance.
        return Ok(Exit::Interrupted);
    }
    let ending = ending.map_err(|error| {
        Problem::new(
            Exit::Error,
            format!("the terminal cannot be used: {error}"),
            "Try another terminal window, or use `iexport photos --album NAME --to DIR`.",
        )
    })?;
    match ending {
        Ending::Quit => Ok(Exit::Done),
        Ending::Interrupted => Ok(Exit::Interrupted),
        Ending::Print(command, list) => {
            if let Some((file, uuids)) = list {
                let uuids = count(uuids as u64, "uuid is", "uuids are");
                output::note(format_args!("{uuids} in {}.", file.display()));
            }
            output::line(&command);
            Ok(Exit::Done)
        }
        Ending::Export(to, selection) => {
            let export = Export { selection: *selection, ..arranged };
            ready.export(&export, to, report, cancel, Instant::now()).await
        }
    }
}

/// Whether there is somebody to pick.
fn check(common: &Common) -> Result<(), Problem> {
    if common.json {
        return Err(Problem::new(
            Exit::Usage,
            "--json cannot be used with pick: it is for people",
            "Use `iexport albums --json` and `iexport list photos --json` to look, and `iexport photos` to export.",
        ));
    }
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    if dumb || !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        return Err(Problem::new(
            Exit::Usage,
            "pick needs a terminal to draw on and to read keys from",
            "Run it in a terminal window, without pipes. In a script, `iexport albums` shows what there is, and\n\
             `iexport photos --all` or `iexport photos --album NAME` exports it.",
        ));
    }
    Ok(())
}

/// Whether an error says that the terminal is gone.
fn is_gone(error: &std::io::Error) -> bool {
    #[cfg(unix)]
    {
        use rustix::io::Errno;
        let gone = [Errno::IO, Errno::NXIO, Errno::NODEV, Errno::PIPE];
        gone.into_iter().any(|errno| error.raw_os_error() == Some(errno.raw_os_error()))
    }
    #[cfg(not(unix))]
    {
        error.kind() == std::io::ErrorKind::BrokenPipe
    }
}
