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
    /// When progress was last told.
    told: Option<Instant>,
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
                self.total_bytes = self.total_bytes.saturating_add(*bytes);
            }
            Event::FileStarted { bytes, planned_bytes, .. } => {
                // The catalogue's size was an estimate; the phone's is better.
                self.total_bytes = self.total_bytes.saturating_sub(*planned_bytes).saturating_add(*bytes);
            }
            Event::Bytes(n) => self.bytes = self.bytes.saturating_add_signed(*n),
            Event::File { .. } => self.files += 1,
            Event::Failed(_) => self.failed += 1,
            Event::Collection { .. } => *self = Self::default(),
            _ => {}
        }
    }
}

impl<W: Write + Send> Json<W> {
    /// Writes to `out`.
    pub const fn new(out: W) -> Self {
        let progress = Progress { files: 0, failed: 0, total_files: 0, bytes: 0, total_bytes: 0 };
        Self { inner: Mutex::new(Inner { out, progress, told: None }) }
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
        let is_due = inner.told.is_none_or(|told| told.elapsed() >= EVERY);
        match event {
            Event::Bytes(_) => {
                if is_due {
                    let Progress { files, total_files, bytes, total_bytes, .. } = inner.progress;
                    inner.line(&Event::Progress { files, total_files, bytes, total_bytes });
                    inner.told = Some(Instant::now());
                }
            }
            // The last step of a phase is always told.
            Event::Preparing { done, total, .. } if !is_due && *total != Some(*done) => {}
            Event::Preparing { .. } => {
                inner.line(event);
                inner.told = Some(Instant::now());
            }
            _ => inner.line(event),
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
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0]["type"], "warning");
        assert_eq!(lines[1]["type"], "progress");
        assert_eq!(lines[1]["bytes"], 5);
    }

    #[test]
    fn sizes_that_cannot_be_are_survived() {
        let mut progress = Progress::default();
        let (from, bytes) = (String::new(), u64::MAX);
        for planned_bytes in [0, 1, u64::MAX] {
            progress.count(&Event::FileStarted { from: from.clone(), bytes, planned_bytes });
            assert_eq!(progress.total_bytes, u64::MAX);
        }
    }

    #[test]
    fn steps_of_the_preparation_are_told_now_and_then_and_at_their_end() {
        let mut out = Vec::new();
        {
            let json = Json::new(&mut out);
            for done in 0..=1000 {
                json.event(&Event::Preparing {
                    phase: super::super::Phase::Folders,
                    done,
                    total: Some(1000),
                });
            }
        }
        let text = String::from_utf8(out).unwrap();
        assert!(text.lines().count() < 900, "not every step");
        assert!(text.lines().last().unwrap().contains("\"done\":1000"));
    }
}
