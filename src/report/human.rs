//! Progress on a terminal and a summary that a person can trust.
//!
//! Talk goes to standard error. Bars appear only on a terminal; elsewhere the same steps are plain lines.

mod absent;
mod proof;
mod sidecars;
mod total;
mod unread;
mod verdict;
mod words;

use std::io::{IsTerminal, Write};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::format::thousands;
use super::json::Progress;
use super::{Event, Phase, Report, Summary, count, duration, escape, size};
use crate::catalog::Collection;
use crate::device::TrustStep;

/// How many lines of a list are shown on the screen; the report file has all of them.
const SHOWN: usize = 10;

/// Draws on standard error.
pub struct Human {
    quiet: bool,
    terminal: bool,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    bar: Option<ProgressBar>,
    /// What the bar shows, so that a new step gets a new one.
    kind: Option<BarKind>,
    progress: Progress,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum BarKind {
    Waiting,
    Preparing(Phase),
    Transfer,
}

impl Human {
    /// `quiet` leaves out everything but warnings and the summary.
    #[must_use]
    pub fn new(quiet: bool) -> Self {
        Self { quiet, terminal: std::io::stderr().is_terminal(), inner: Mutex::new(Inner::default()) }
    }

    /// A line of talk, above a bar if there is one.
    fn say(&self, inner: &Inner, line: &str) {
        match &inner.bar {
            Some(bar) if self.terminal => bar.println(line),
            _ => {
                let _ = writeln!(std::io::stderr(), "{line}");
            }
        }
    }

    /// A line of talk, unless it is to be quiet.
    pub fn say_now(&self, line: &str) {
        self.talk(&self.inner.lock().unwrap_or_else(PoisonError::into_inner), line);
    }

    /// Does something that prints, while no bar is in its way.
    pub fn aside<T>(&self, print: impl FnOnce() -> T) -> T {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        match &inner.bar {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }

    /// The work is over, and with it the bar.
    pub fn done(&self) {
        clear(&mut self.inner.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn talk(&self, inner: &Inner, line: &str) {
        if !self.quiet {
            self.say(inner, line);
        }
    }

    /// The bar for a step; the one of the step before goes away.
    fn bar<'a>(&self, inner: &'a mut Inner, kind: BarKind) -> Option<&'a ProgressBar> {
        if self.quiet || !self.terminal {
            return None;
        }
        if inner.kind != Some(kind) {
            clear(inner);
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(10));
            bar.set_style(style(kind));
            bar.enable_steady_tick(Duration::from_millis(120));
            inner.bar = Some(bar);
            inner.kind = Some(kind);
        }
        inner.bar.as_ref()
    }

    fn trust(&self, inner: &mut Inner, step: TrustStep) {
        let (line, waiting) = match step {
            TrustStep::TapTrust => ("On the iPhone: tap \"Trust\" and enter the passcode.", true),
            TrustStep::Unlock => ("The iPhone is locked. Unlock it; the export goes on by itself.", true),
            TrustStep::Trusted => ("The iPhone trusts this computer now.", false),
            TrustStep::Unlocked => ("The iPhone is unlocked.", false),
        };
        if waiting && let Some(bar) = self.bar(inner, BarKind::Waiting) {
            bar.set_message(line);
            return;
        }
        clear(inner);
        self.talk(inner, line);
    }

    fn preparing(&self, inner: &mut Inner, phase: Phase, done: u64, total: Option<u64>) {
        if let Some(bar) = self.bar(inner, BarKind::Preparing(phase)) {
            if let Some(total) = total {
                bar.set_length(total.max(done));
            }
            bar.set_position(done);
        }
    }

    fn transfer(&self, inner: &mut Inner) {
        let Progress { files, failed, total_files, bytes, total_bytes } = inner.progress;
        if let Some(bar) = self.bar(inner, BarKind::Transfer) {
            bar.set_length(total_bytes.max(bytes));
            bar.set_position(bytes);
            let (files, of) = (count(files, "", ""), count(total_files, "file", "files"));
            let failed = if failed > 0 { format!(", {failed} failed") } else { String::new() };
            bar.set_message(format!("{} of {of}{failed}", files.trim()));
        }
    }
}

fn clear(inner: &mut Inner) {
    if let Some(bar) = inner.bar.take() {
        bar.finish_and_clear();
    }
    inner.kind = None;
}

fn style(kind: BarKind) -> ProgressStyle {
    let (template, ticks) = match kind {
        BarKind::Waiting => ("{spinner} {msg} ({elapsed})", true),
        BarKind::Preparing(Phase::Database) => {
            ("{spinner} Reading the phone's catalogue  {decimal_bytes} of {decimal_total_bytes}", true)
        }
        BarKind::Preparing(Phase::Folders) => ("{spinner} Looking into the phone's folders  {pos}", true),
        BarKind::Preparing(Phase::Files) => ("{spinner} Looking at the phone's files  {pos} of {len}", true),
        BarKind::Preparing(Phase::Sidecars) => {
            ("{spinner} Bringing sidecars up to date  {pos} of {len}", true)
        }
        BarKind::Preparing(Phase::Drive) => (
            "{spinner} Looking at the drive  {decimal_bytes} of {decimal_total_bytes}  {speed}  {left}",
            true,
        ),
        BarKind::Transfer => (
            "{bar:28} {percent:>3}%  {decimal_bytes} of {decimal_total_bytes}  {msg}  {speed}  {left}",
            false,
        ),
    };
    // The templates are fixed; should one be wrong, a plain bar is better than none.
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    let style = style
        .with_key("speed", |state: &ProgressState, out: &mut dyn std::fmt::Write| {
            let _ = write!(out, "{}/s", size(state.per_sec() as u64));
        })
        .with_key("left", |state: &ProgressState, out: &mut dyn std::fmt::Write| {
            let left = Duration::from_secs(state.eta().as_secs());
            let _ = match left.as_secs() {
                seconds @ ..60 => write!(out, "{seconds} s left"),
                _ => write!(out, "{} left", duration(left)),
            };
        })
        .progress_chars("━╸─");
    if ticks { style.tick_chars("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏ ") } else { style }
}

impl Report for Human {
    fn event(&self, event: &Event) {
        let mut guard = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let inner = &mut *guard;
        inner.progress.count(event);
        match event {
            Event::Device { name, model, ios, .. } => {
                clear(inner);
                self.talk(inner, &escape(&format!("{name} ({model}, iOS {ios})")));
            }
            Event::Trust { step } => self.trust(inner, *step),
            Event::Preparing { phase, done, total } => self.preparing(inner, *phase, *done, *total),
            Event::Catalog { collection, items, albums, .. } => {
                clear(inner);
                self.talk(inner, &words::holds(*collection, *items as u64, *albums as u64));
            }
            Event::Plan { files, bytes, already_files, free_bytes, .. } => {
                let mut line = if *files == 0 {
                    "Nothing new to copy.".to_owned()
                } else {
                    let known = if *bytes > 0 { format!(", {}", size(*bytes)) } else { String::new() };
                    format!("To copy: {}{known}.", count(*files, "file", "files"))
                };
                if *already_files > 0 {
                    line += &format!(" Already there: {}.", count(*already_files, "file", "files"));
                }
                self.talk(inner, &line);
                if let Some(free) = free_bytes.filter(|free| free < bytes) {
                    let line = format!(
                        "Only {} are free on the drive; the copy stops cleanly when it is full.",
                        size(free)
                    );
                    self.say(inner, &line);
                }
            }
            Event::FileStarted { .. } | Event::Bytes(_) | Event::File { .. } | Event::Failed(_) => {
                self.transfer(inner);
            }
            Event::Warning { message } => self.say(inner, &format!("Note: {}", escape(message))),
            Event::Progress { .. } | Event::Sidecar { .. } | Event::SidecarFailed(_) => {}
            Event::Collection { collection } => {
                clear(inner);
                // Also where little is said, summaries follow, which do not say of what they are.
                self.say(inner, &format!("\n{}", collection.title()));
            }
            Event::Total(total) => {
                clear(inner);
                let _ = write!(std::io::stderr(), "{}", total::text(total));
            }
            Event::Summary(summary) => {
                clear(inner);
                let _ = write!(std::io::stderr(), "{}", text(summary));
            }
        }
    }
}

/// The summary as a person reads it.
fn text(summary: &Summary) -> String {
    let mut out = String::from("\n");
    let mut row = |label: &str, value: &str| out.push_str(&format!("  {label:<22}{value}\n"));
    let files = |n: u64, bytes: u64| format!("{}, {}", count(n, "file", "files"), size(bytes));

    row("Asked for", &asked_for(summary));
    row("Exported", &files(summary.exported_files, summary.exported_bytes));
    if summary.replaced_files > 0 {
        let older = if summary.collection == Collection::Photos { "edit" } else { "version" };
        row("", &format!("{} of them replaced an older {older}", thousands(summary.replaced_files)));
    }
    if summary.adopted_files > 0 {
        row("", &format!("{} of them lay there already and are equal", thousands(summary.adopted_files)));
    }
    if summary.converted_files > 0 {
        row("", &format!("{} of them are JPEGs made of HEICs", summary.converted_files));
    }
    if summary.tagged_files > 0 {
        row(
            "",
            &format!(
                "{} of them got tags that they lacked; their sound is proven the same",
                thousands(summary.tagged_files)
            ),
        );
    }
    row("Already there", &files(summary.already_files, summary.already_bytes));
    proof::rows(summary, &mut row);
    if summary.links_made > 0 || summary.album_lists > 0 {
        let links = match summary.links_how {
            Some("reflink") => count(summary.links_made, "file that shares space", "files that share space"),
            Some("copy") => count(summary.links_made, "further copy", "further copies"),
            Some(_) => count(summary.links_made, "link", "links"),
            None => "no links".to_owned(),
        };
        let lists = count(summary.album_lists, "album", "albums");
        match summary.collection {
            Collection::Photos => row("Albums", &format!("{links} made, lists of {lists} up to date")),
            _ => row("Playlists", &format!("{} up to date", thousands(summary.album_lists))),
        }
    }
    absent::rows(summary, &mut row);
    sidecars::rows(summary, &mut row);
    if !summary.not_converted.is_empty() {
        let (n, what) = match summary.not_converted.len() as u64 {
            1 => (1, "could not be made a JPEG; its original was exported"),
            n => (n, "could not be made JPEGs; their originals were exported"),
        };
        row("Not converted", &format!("{} {what}", count(n, "photo", "photos")));
    }
    if !summary.not_tagged.is_empty() {
        let n = count(summary.not_tagged.len() as u64, "song", "songs");
        row("Not tagged", &format!("{n} exported without some or all of the tags; see below"));
    }
    row("Failed", &count(summary.failed.len() as u64, "file", "files"));
    if summary.not_reached > 0 {
        row("Not reached", &count(summary.not_reached, "file", "files"));
    }
    unread::row(summary, &mut row);
    if let Some(reason) = &summary.reason {
        row("Ended early", &escape(reason));
    }
    if summary.protected_items > 0 {
        let n = thousands(summary.protected_items as u64);
        row(
            "Protected",
            &format!("{n} of those asked for: they play only with the account they were bought with"),
        );
    }
    if summary.hidden_items > 0 {
        let n = count(summary.hidden_items as u64, "item", "items");
        let hint = match summary.collection == Collection::Photos && !summary.without_hints {
            true => " (--hidden exclude leaves them out)",
            false => "",
        };
        row("Hidden album", &format!("{n}, included above{hint}"));
    }
    absent::left_out_rows(summary, &mut row);
    row("Time", &duration(Duration::from_secs_f64(summary.seconds.max(0.0))));
    if let Some(report) = &summary.report {
        row("Report", &format!("{}/{report}", summary.destination.trim_end_matches('/')));
    }
    let failed = summary.failed.iter();
    let failed = failed.map(|failed| {
        format!("{} ({}): {}", escape(&failed.name), escape(&failed.from), escape(&failed.reason))
    });
    list("Failed:", failed, &mut out);
    let not_converted = summary
        .not_converted
        .iter()
        .map(|file| format!("{} ({}): {}", escape(&file.name), escape(&file.to), escape(&file.reason)));
    list("Not converted:", not_converted, &mut out);
    let not_tagged = summary
        .not_tagged
        .iter()
        .map(|file| format!("{} ({}): {}", escape(&file.name), escape(&file.to), escape(&file.reason)));
    list("Not tagged:", not_tagged, &mut out);
    let warnings = summary.warnings.iter().map(|warning| escape(warning));
    list("Mind:", warnings, &mut out);
    absent::lists(summary, &mut out);
    proof::lists(summary, &mut out);
    sidecars::lists(summary, &mut out);
    out.push('\n');
    out.push_str(&verdict::verdict(summary));
    out.push('\n');
    out
}

/// How much of the library is meant. Files are more than items: a Live Photo has a movie, an edit is a file of its own.
fn asked_for(summary: &Summary) -> String {
    let (items, library) = (summary.items as u64, summary.library_items as u64);
    let mut asked = words::items(summary.collection, items);
    if summary.without_catalogue {
        let folders = words::folders(summary.collection);
        return format!("{asked} in {folders}; the phone's catalogue could not be read");
    }
    if summary.covers > 0 {
        asked += &format!(" with {}", count(summary.covers as u64, "cover", "covers"));
    }
    let (of, whole) = match summary.collection.is_library() {
        true => (" in the library", ", the whole library"),
        false if summary.collection == Collection::Files => ("", ""),
        false => ("", ", all that the cable reaches"),
    };
    let orphans = summary.orphan_items as u64;
    let not_named = match orphans {
        0 => String::new(),
        n => format!(", {} of them not in the catalogue", thousands(n)),
    };
    match items.saturating_sub(orphans) {
        0 if orphans > 0 => format!("{asked}{not_named}"),
        named if named < library => format!("{asked}, of {}{of}{not_named}", thousands(library)),
        _ => format!("{asked}{whole}{not_named}"),
    }
}

/// A list with its title, if anything is on it; cut where the screen would overflow.
fn list(title: &str, mut lines: impl ExactSizeIterator<Item = String>, out: &mut String) {
    if lines.len() == 0 {
        return;
    }
    out.push_str(&format!("\n{title}\n"));
    for line in lines.by_ref().take(SHOWN) {
        out.push_str(&format!("  {line}\n"));
    }
    if lines.len() > 0 {
        out.push_str(&format!("  and {} more, see the report\n", lines.len()));
    }
}

#[cfg(test)]
mod tests;
