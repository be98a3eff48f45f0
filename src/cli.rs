//! Turns words into calls, and errors into advice. Thin: what can be done without a terminal is elsewhere.

mod advice;
mod albums;
mod args;
mod arrangement;
mod demo;
mod devices;
mod documents;
mod everything;
mod exit;
mod fields;
mod info;
mod interrupt;
mod list;
mod logging;
mod manifest;
mod media;
mod output;
mod photos;
mod pick;
mod playlists;
mod selection;
mod session;

pub use args::Args;
pub use exit::Exit;

use std::process::ExitCode;

use tokio_util::sync::CancellationToken;

use advice::Problem;
use args::Command;

/// Runs the command line of this process.
#[must_use]
pub fn main() -> ExitCode {
    let args = match Args::read() {
        Ok(args) => args,
        Err(error) => {
            // `--help` and `--version` come here too, and are no error.
            let _ = error.print();
            if !error.use_stderr() {
                return Exit::Done.into();
            }
            if std::env::args_os().any(|word| word == "--json") {
                advice::usage_json(&error.to_string());
            }
            return Exit::Usage.into();
        }
    };
    logging::start(args.common.verbose);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            output::note(format_args!("error: the system gives no threads: {error}"));
            return Exit::Error.into();
        }
    };
    let exit = runtime.block_on(run(args));
    // A task that hangs on a dead phone must not keep the program.
    runtime.shutdown_background();
    exit.into()
}

async fn run(args: Args) -> Exit {
    let cancel = CancellationToken::new();
    interrupt::watch(cancel.clone());
    let json = args.common.json;
    let work = async {
        match &args.command {
            Command::Devices(own) => devices::run(&args.common, own).await,
            Command::Info => info::run(&args.common).await,
            Command::Albums => albums::run(&args.common).await,
            Command::Playlists => playlists::run(&args.common).await,
            Command::Fields(own) => fields::run(&args.common, own),
            Command::List(own) => list::run(&args.common, own).await,
            Command::Photos(own) => photos::run(&args.common, own, cancel.clone()).await,
            Command::Music(own) => media::run(&args.common, own, cancel.clone()).await,
            Command::Videos(own) => media::run(&args.common, own, cancel.clone()).await,
            Command::VoiceMemos(own) => media::run(&args.common, own, cancel.clone()).await,
            Command::Ringtones(own) => media::run(&args.common, own, cancel.clone()).await,
            Command::Books(own) => media::run(&args.common, own, cancel.clone()).await,
            Command::Podcasts(own) => media::run(&args.common, own, cancel.clone()).await,
            Command::Files(own) => documents::run(&args.common, own, cancel.clone()).await,
            Command::Everything(own) => everything::run(&args.common, own, cancel.clone()).await,
            Command::Pick(own) => pick::run(&args.common, own, cancel.clone()).await,
            Command::Manifest(own) => manifest::run(&args.common, own, cancel.clone()).await,
        }
    };
    // What writes ends by itself and leaves nothing half done; everything else simply stops.
    let by_itself = !matches!(
        args.command,
        Command::Devices(_)
            | Command::Info
            | Command::Albums
            | Command::Playlists
            | Command::Fields(_)
            | Command::List(_)
    );
    let result = if by_itself {
        work.await
    } else {
        cancel.run_until_cancelled(work).await.unwrap_or(Ok(Exit::Interrupted))
    };
    let result = match result {
        Ok(Exit::Done) => output::trouble().map_or(Ok(Exit::Done), Err),
        other => other,
    };
    match result {
        Ok(exit) => exit,
        Err(problem) => {
            problem.print(json);
            problem.exit
        }
    }
}

/// What a command gives back.
type Outcome = Result<Exit, Problem>;
