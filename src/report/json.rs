//! One JSON object per line, for scripts.

use std::io::Write;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::{Event, Report};

/// How often progress is told.
const EVERY: Duration = Duration::from_secs(1);

/// Writes events as JSON lines.
pub struct Json<W> {
    inner: Mutex<Inner<W>>,
}

struct Inner<W> {
    out: W,
    progress: Progress,
    last: Option<Instant>,
}

/// Counts from the same events that the human report counts from.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Progress {
    pub(super) files: u64,
    pub(super) failed: u64,
    pub(super) total_files: u64,
    pub(super) bytes: u64,
    pub(super) total_bytes: u64,
}

impl Progress {
    /// Takes an event into account.
    pub(super) fn count(&mut self, event: &Event) {
        match event {
            Event::Plan { files, bytes, .. } => {
                self.total_files += files;
                self.total_bytes += bytes;
            }
            Event::FileStarted { bytes, planned_bytes, .. } => {
                // The catalogue's size was an estimate; the phone's is better.
                self.total_bytes = self.total_bytes.saturating_sub(*planned_bytes) + bytes;
            }
            Event::Bytes(n) => self.bytes = self.bytes.saturating_add_signed(*n),
            Event::File { .. } => self.files += 1,
            Event::Failed(_) => self.failed += 1,
            _ => {}
        }
    }
}

impl<W: Write + Send> Json<W> {
    /// Writes to `out`.
    pub const fn new(out: W) -> Self {
        let progress = Progress { files: 0, failed: 0, total_files: 0, bytes: 0, total_bytes: 0 };
        Self { inner: Mutex::new(Inner { out, progress, last: None }) }
    }
}

impl<W: Write> Inner<W> {
    fn line(&mut self, event: &Event) {
        // A reader that went away must not stop an export that is under way.
        if let Ok(mut line) = serde_json::to_vec(event) {
            line.push(b'\n');
            let _ = self.out.write_all(&line);
            let _ = self.out.flush();
        }
    }
}

impl<W: Write + Send> Report for Json<W> {
    fn event(&self, event: &Event) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.progress.count(event);
        if !matches!(event, Event::Bytes(_)) {
            inner.line(event);
            return;
        }
        if inner.last.is_none_or(|last| last.elapsed() >= EVERY) {
            inner.last = Some(Instant::now());
            let Progress { files, total_files, bytes, total_bytes, .. } = inner.progress;
            inner.line(&Event::Progress { files, total_files, bytes, total_bytes });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_an_object_with_a_type() {
        let mut out = Vec::new();
        {
            let json = Json::new(&mut out);
            json.event(&Event::Warning { message: "a\nb".into() });
            json.event(&Event::Bytes(5));
        }
        let text = String::from_utf8(out).unwrap();
        let lines: Vec<serde_json::Value> = text.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
        assert_eq!(lines[0]["type"], "warning");
        assert_eq!(lines[1]["type"], "progress");
        assert_eq!(lines[1]["bytes"], 5);
    }
}
