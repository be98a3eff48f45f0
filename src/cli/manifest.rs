//! `iexport manifest`: what was exported to a folder, and is it still there?

use std::io::IsTerminal;
use std::path::Path;

use serde::Serialize;
use tokio_util::sync::CancellationToken;

use super::advice::Problem;
use super::args::{CheckWord, Common, FormatWord, ManifestArgs};
use super::session::talk;
use super::{Exit, Outcome, output};
use crate::ledger::{Ledger, LedgerError, Listed};
use crate::manifest::{
    self, Checked, CsvSink, Depth, Fault, Format, JsonSink, ManifestError, Watcher, Written,
};
use crate::report::{Event, Human, Phase, Report as _, count, escape, size};

pub(super) async fn run(common: &Common, args: &ManifestArgs, cancel: CancellationToken) -> Outcome {
    let job = Job::of(common, args)?;
    let work = tokio::task::spawn_blocking(move || job.run(&cancel));
    match work.await {
        Ok(Err(ManifestError::ReaderGone)) => Ok(Exit::Done),
        Ok(Err(ManifestError::Interrupted)) => Ok(Exit::Interrupted),
        Ok(result) => Ok(result?),
        Err(error) => {
            Err(Problem::new(Exit::Error, error.to_string(), "Run it with -vv and report what it prints."))
        }
    }
}

/// What the words mean.
struct Job {
    args: ManifestArgs,
    format: Format,
    json: bool,
    talk: Human,
}

impl Job {
    fn of(common: &Common, args: &ManifestArgs) -> Result<Self, Problem> {
        let named = args.output.as_deref().and_then(Format::of_name);
        let format = match args.format {
            Some(FormatWord::Csv) => Format::Csv,
            Some(FormatWord::Json) => Format::Json,
            Some(FormatWord::Sqlite) => Format::Sqlite,
            None => named.unwrap_or(if common.json { Format::Json } else { Format::Csv }),
        };
        let usage = |error: &str, advice: &str| Err(Problem::new(Exit::Usage, error, advice));
        match (&args.output, args.check) {
            (None, None) if format == Format::Sqlite => usage(
                "a database cannot be written to standard output",
                "Say where it goes with --output FILE.",
            ),
            (None, Some(_)) if args.format.is_some() => usage(
                "with --check, --format says what --output is written as, and there is no --output",
                "Leave --format out to check only (--json prints the result as JSON), or add --output FILE.",
            ),
            _ => Ok(Self {
                args: ManifestArgs { to: args.to.clone(), output: args.output.clone(), ..*args },
                format,
                json: common.json,
                talk: talk(common),
            }),
        }
    }

    fn run(&self, cancel: &CancellationToken) -> Result<Exit, ManifestError> {
        let ledger = manifest::open(&self.args.to)?;
        let mut exit = Exit::Done;
        if self.args.output.is_some() || self.args.check.is_none() {
            let written = match &self.args.output {
                Some(path) => self.write_file(&ledger, path, cancel)?,
                None => self.print(&ledger, cancel)?,
            };
            if written.odd_rows > 0 {
                exit = Exit::Failures;
                if self.args.check.is_none() {
                    output::note(odd_rows(written.odd_rows));
                }
            }
        }
        if let Some(how) = self.args.check {
            let checked = self.check(&ledger, how, cancel)?;
            if !checked.is_good() {
                exit = Exit::Failures;
            }
        }
        Ok(exit)
    }

    fn print(&self, ledger: &Ledger, cancel: &CancellationToken) -> Result<Written, ManifestError> {
        const TO: &str = "standard output";
        let out = std::io::stdout().lock();
        if self.format == Format::Json {
            return manifest::write(ledger, JsonSink::new(out, TO), cancel);
        }
        let dress: fn(&str) -> String = if out.is_terminal() { escape } else { str::to_owned };
        manifest::write(ledger, CsvSink::new(out, TO, dress)?, cancel)
    }

    fn write_file(
        &self,
        ledger: &Ledger,
        path: &Path,
        cancel: &CancellationToken,
    ) -> Result<Written, ManifestError> {
        let written = manifest::write_file(ledger, path, self.format, cancel)?;
        let entries = count(written.entries, "entry", "entries");
        self.talk.say_now(&format!("Wrote {entries} to {}.", path.display()));
        Ok(written)
    }

    fn check(
        &self,
        ledger: &Ledger,
        how: CheckWord,
        cancel: &CancellationToken,
    ) -> Result<Checked, ManifestError> {
        let depth = match how {
            CheckWord::Size => Depth::Size,
            CheckWord::Hash => Depth::Hash,
        };
        let mut printer = Printer { job: self, total: ledger.listing_totals()?.bytes };
        let checked = manifest::check(ledger, &self.args.to, depth, &mut printer, cancel);
        self.talk.done();
        let checked = checked?;
        if self.json {
            output::json(&CheckLine::of(how, &checked));
        } else {
            output::note(verdict(how, &checked));
        }
        Ok(checked)
    }
}

/// Prints what is wrong.
struct Printer<'a> {
    job: &'a Job,
    total: u64,
}

impl Watcher for Printer<'_> {
    fn fault(&mut self, listed: &Listed, fault: &Fault) -> Result<(), ManifestError> {
        let is_read = self.job.talk.aside(|| match self.job.json {
            true => output::json(&FaultLine::of(listed, fault)),
            false => output::line(&fault_text(listed, fault)),
        });
        if is_read { Ok(()) } else { Err(ManifestError::ReaderGone) }
    }

    fn progress(&mut self, bytes: u64) {
        self.job.talk.event(&Event::Preparing { phase: Phase::Drive, done: bytes, total: Some(self.total) });
    }
}

/// What is wrong with an entry, as a line.
fn fault_text(listed: &Listed, fault: &Fault) -> String {
    let path = escape(listed.path.to_text());
    match fault {
        Fault::Missing => format!("missing        {path}"),
        Fault::NotAFile => format!("not a file     {path}"),
        Fault::OtherTarget => format!("other target   {path}"),
        Fault::OtherSize { found_bytes } => {
            let recorded = listed.size_bytes.unwrap_or(0);
            format!("other size     {path}  ({found_bytes} bytes, {recorded} were recorded)")
        }
        Fault::OtherContent { .. } => format!("other content  {path}"),
        Fault::Unreadable { reason } => format!("unreadable     {path}  ({})", escape(reason)),
    }
}

/// What is wrong with an entry, as a line of JSON.
#[derive(Serialize)]
struct FaultLine<'a> {
    #[serde(rename = "type")]
    kind_of_line: &'static str,
    problem: &'static str,
    kind: &'static str,
    path: &'a str,
    role: &'a str,
    uuid: &'a str,
    original_name: Option<&'a str>,
    size: Option<u64>,
    blake3: Option<String>,
    found_size: Option<u64>,
    found_blake3: Option<String>,
    reason: Option<&'a str>,
}

impl<'a> FaultLine<'a> {
    fn of(listed: &'a Listed, fault: &'a Fault) -> Self {
        Self {
            kind_of_line: "problem",
            problem: fault.name(),
            kind: listed.kind.name(),
            path: listed.path.to_text(),
            role: &listed.role,
            uuid: &listed.uuid.0,
            original_name: listed.original_name.as_deref(),
            size: listed.size_bytes,
            blake3: listed.hash.map(|hash| hash.to_hex()),
            found_size: match fault {
                Fault::OtherSize { found_bytes } => Some(*found_bytes),
                _ => None,
            },
            found_blake3: match fault {
                Fault::OtherContent { found } => Some(found.to_hex()),
                _ => None,
            },
            reason: match fault {
                Fault::Unreadable { reason } => Some(reason),
                _ => None,
            },
        }
    }
}

/// The end of a check as a line of JSON.
#[derive(Serialize)]
struct CheckLine {
    #[serde(rename = "type")]
    kind_of_line: &'static str,
    how: &'static str,
    entries: u64,
    good: u64,
    good_bytes: u64,
    missing: u64,
    differing: u64,
    unreadable: u64,
    unchecked: u64,
    odd_rows: u64,
}

impl CheckLine {
    const fn of(how: CheckWord, checked: &Checked) -> Self {
        Self {
            kind_of_line: "check",
            how: match how {
                CheckWord::Size => "size",
                CheckWord::Hash => "hash",
            },
            entries: checked.entries,
            good: checked.good,
            good_bytes: checked.good_bytes,
            missing: checked.missing,
            differing: checked.differing,
            unreadable: checked.unreadable,
            unchecked: checked.unchecked,
            odd_rows: checked.odd_rows,
        }
    }
}

/// The end of a check in words.
fn verdict(how: CheckWord, checked: &Checked) -> String {
    let good = match how {
        CheckWord::Size => "there with the size that was recorded",
        CheckWord::Hash => "there with the content that was recorded",
    };
    let entries = count(checked.entries, "file", "files");
    if checked.is_good() {
        return match checked.entries {
            0 => "Nothing was exported here yet.".to_owned(),
            1 => format!("The one file ({}) is {good}.", size(checked.good_bytes)),
            _ => format!("All {entries} ({}) are {good}.", size(checked.good_bytes)),
        };
    }
    let mut text = format!("{} of {entries} are {good}.", count(checked.good, "", "").trim());
    for (n, what) in [
        (checked.missing, "missing: run the export again, it brings what is missing."),
        (
            checked.differing,
            "something else than was recorded: somebody changed them, or the drive fails. To have them as they are on \
             the\n  phone, move them away and run the export again.",
        ),
        (checked.unreadable, "unreadable: check the drive and its cable."),
        (
            checked.unchecked,
            "there and could not be checked: the ledger does not say what should be in them.",
        ),
    ] {
        if n > 0 {
            text += &format!("\n  {} {what}", count(n, "is", "are"));
        }
    }
    if checked.odd_rows > 0 {
        text += &format!("\n{}", odd_rows(checked.odd_rows));
    }
    text
}

fn odd_rows(n: u64) -> String {
    let rows = count(n, "row of the ledger makes", "rows of the ledger make");
    format!("Note: {rows} no sense and were left out: somebody changed the ledger, or the drive fails.")
}

impl From<ManifestError> for Problem {
    fn from(error: ManifestError) -> Self {
        let text = error.to_string();
        let (exit, advice) = match error {
            ManifestError::NoLedger { above: Some(above), .. } => {
                (Exit::Destination, format!("There is one in a folder above it: --to {}", above.display()))
            }
            ManifestError::NoLedger { .. } => (
                Exit::Destination,
                "Give the folder that was given to the export with --to, and check that its drive is connected."
                    .to_owned(),
            ),
            ManifestError::Ledger(LedgerError::ReadOnly { .. }) => (
                Exit::Destination,
                "An export was cut off there, and what it left half written has to be taken back first. Connect the\n\
                 drive so that it can be written to, and run this once more."
                    .to_owned(),
            ),
            ManifestError::Ledger(LedgerError::Corrupt { .. }) => (
                Exit::Destination,
                "The pictures are not touched by that. Run the export again after moving it away.".to_owned(),
            ),
            ManifestError::Ledger(LedgerError::InUse { .. }) => {
                (Exit::Destination, "Something holds the ledger. Try again in a moment.".to_owned())
            }
            ManifestError::Ledger(error) => return error.into(),
            ManifestError::Exists(_) => {
                (Exit::Error, "Choose another name with --output, or move that file away.".to_owned())
            }
            ManifestError::Write { error, .. } => match error.kind() {
                std::io::ErrorKind::StorageFull => {
                    (Exit::Full, "Make room there, or choose another place with --output.".to_owned())
                }
                std::io::ErrorKind::NotFound => (Exit::Error, "Make the folder first.".to_owned()),
                _ => (Exit::Error, "Choose another place with --output.".to_owned()),
            },
            ManifestError::DriveGone(_) => (Exit::Destination, "Connect it again and run the same command.".to_owned()),
            ManifestError::ReaderGone => (Exit::Done, String::new()),
            ManifestError::Interrupted => (Exit::Interrupted, String::new()),
        };
        Self::new(exit, text, advice)
    }
}
