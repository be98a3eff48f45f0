//! What is going on inside, for those who ask.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

/// Variable with a filter of its own, such as `iexport=debug,idevice=info`.
const VARIABLE: &str = "IEXPORT_LOG";

/// Starts writing the log to standard error: warnings, more with `-v`.
///
/// Other crates stay quiet unless [`VARIABLE`] asks for them: their debug output holds whole messages,
/// identities and keys among them.
pub(super) fn start(verbose: u8) {
    let default = match verbose {
        0 => "iexport=error",
        1 => "iexport=info",
        2 => "iexport=debug",
        _ => "iexport=trace",
    };
    let filter = EnvFilter::try_from_env(VARIABLE).unwrap_or_else(|_| EnvFilter::new(default));
    // In a pipe or a file, codes for colours are noise.
    let is_colourful =
        std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    // A log that cannot be written, because the terminal is gone, is no reason to panic.
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(is_colourful)
        .with_writer(std::io::stderr)
        .log_internal_errors(false);
    // A second start (in tests) is harmless.
    let _ = subscriber.try_init();
}
