//! A terminal that goes away while somebody picks: its window was closed, the connection to it was lost.
//!
//! Whoever reads from such a terminal is told at once that nothing came, again and again, and crossterm 0.29 asks
//! again each time without coming back. So somebody else has to notice.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use tokio_util::sync::CancellationToken;

use crate::cli::Exit;

/// How often it is looked whether the picking is over.
const ROUND: Duration = Duration::from_secs(1);

/// Ends the program if the terminal goes away before this does.
pub(super) struct Watch {
    over: Arc<AtomicBool>,
}

impl Watch {
    /// Begins to watch the terminal on standard input. `cancel` is what the system's own word for a closed terminal
    /// leads to (a signal, which not everybody gets who has the terminal open).
    pub(super) fn begin(cancel: CancellationToken) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&over);
        std::thread::spawn(move || {
            let mut rounds_since_cancelled = 0;
            loop {
                let gone = hung_up_within(ROUND);
                if seen.load(Ordering::SeqCst) {
                    return;
                }
                rounds_since_cancelled += u32::from(cancel.is_cancelled());
                // Whoever still picks a whole round after being told to stop cannot hear it.
                if gone || rounds_since_cancelled > 1 {
                    std::process::exit(i32::from(Exit::Interrupted.code()));
                }
            }
        });
        Self { over }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
    }
}

/// Waits for so long, or until nobody is at the other end of standard input any more.
fn hung_up_within(time: Duration) -> bool {
    let stdin = std::io::stdin();
    // Nothing is asked for: that somebody hung up is told unasked.
    let mut ends = [PollFd::new(&stdin, PollFlags::empty())];
    let timeout = Timespec::try_from(time).ok();
    let gone = match poll(&mut ends, timeout.as_ref()) {
        Ok(0) => return false,
        Ok(_) => ends[0].revents().intersects(PollFlags::HUP | PollFlags::ERR),
        Err(_) => false,
    };
    if !gone {
        // A system that cannot wait for a terminal in this way (older macOS) says so at once.
        std::thread::sleep(time);
    }
    gone
}
