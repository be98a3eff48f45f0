//! What packages were found to contain a moment ago, so that `stat` and the `open` that follows ask the phone once.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::contents::Contents;
use crate::source::DevicePath;

/// How long it is believed that nothing was added to a package. What is in the files is looked at when they are read.
const BELIEVED_FOR: Duration = Duration::from_secs(60);
/// Most packages that are remembered.
const MOST: usize = 256;
/// Most bytes that are remembered of all of them together, see [`Contents::weight`].
const MOST_BYTES: usize = 16 << 20;

struct Walk {
    package: DevicePath,
    at: Instant,
    bytes: usize,
    contents: Arc<Contents>,
}

/// The last walks, oldest first.
#[derive(Default)]
pub(super) struct Recent(Mutex<VecDeque<Walk>>);

impl Recent {
    /// Takes out what is remembered of a package: whoever asks again gets to know what it contains by then.
    pub(super) fn take(&self, package: &DevicePath) -> Option<Arc<Contents>> {
        let mut walks = self.walks();
        let at = walks.iter().position(|walk| walk.package == *package)?;
        let walk = walks.remove(at)?;
        (walk.at.elapsed() <= BELIEVED_FOR).then_some(walk.contents)
    }

    /// Remembers what a package contains, instead of what was remembered of it, and forgets what there is no room for.
    pub(super) fn put(&self, package: &DevicePath, contents: Arc<Contents>) {
        let bytes = contents.weight();
        let mut walks = self.walks();
        walks.retain(|walk| walk.package != *package && walk.at.elapsed() <= BELIEVED_FOR);
        walks.push_back(Walk { package: package.clone(), at: Instant::now(), bytes, contents });
        let mut held: usize = walks.iter().map(|walk| walk.bytes).sum();
        while walks.len() > MOST || held > MOST_BYTES {
            held -= walks.pop_front().map_or(held, |walk| walk.bytes);
        }
    }

    fn walks(&self) -> MutexGuard<'_, VecDeque<Walk>> {
        // Each change leaves the list whole, so one that was cut off does no harm.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::super::contents::Found;
    use super::*;

    fn path(n: usize) -> DevicePath {
        DevicePath::parse(n.to_string()).unwrap()
    }

    fn contents(name_bytes: usize) -> Arc<Contents> {
        let found = Found { device: path(0), name: "n".repeat(name_bytes), size_bytes: 0, made: None };
        Arc::new(Contents::new(vec![found], 0).unwrap())
    }

    #[tokio::test(start_paused = true)]
    async fn a_walk_is_used_once_and_not_for_long() {
        let recent = Recent::default();
        recent.put(&path(1), contents(1));
        recent.put(&path(1), contents(2));
        assert_eq!(recent.take(&path(1)).unwrap().entries[0].name, "nn");
        assert!(recent.take(&path(1)).is_none());
        recent.put(&path(1), contents(1));
        tokio::time::advance(BELIEVED_FOR * 2).await;
        assert!(recent.take(&path(1)).is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn the_oldest_make_room() {
        let recent = Recent::default();
        (0..=MOST).for_each(|n| recent.put(&path(n), contents(1)));
        assert!(recent.take(&path(0)).is_none());
        for n in [1, 100, MOST] {
            assert!(recent.take(&path(n)).is_some(), "{n}");
        }
        recent.put(&path(2), contents(MOST_BYTES - 4096));
        assert!(recent.take(&path(3)).is_none());
        assert!(recent.take(&path(2)).is_some());
        recent.put(&path(2), contents(MOST_BYTES + 1));
        assert!(recent.take(&path(2)).is_none());
    }
}
