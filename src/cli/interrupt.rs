//! Ctrl-C: the first one ends things properly, the second at once.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
use unix as platform;
#[cfg(windows)]
use windows as platform;

use tokio_util::sync::CancellationToken;

use super::Exit;

/// Cancels `token` at the first request to stop.
pub(super) fn watch(token: CancellationToken) {
    tokio::spawn(async move {
        platform::stop_requested().await;
        token.cancel();
        platform::stop_requested().await;
        std::process::exit(i32::from(Exit::Interrupted.code()));
    });
}
