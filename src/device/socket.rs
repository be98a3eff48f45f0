//! Connecting to a local daemon, per platform.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
use unix as platform;
#[cfg(windows)]
use windows as platform;

use super::MuxAddress;
use super::link::ByteStream;

/// Where this platform keeps the socket of `usbmuxd`.
pub(super) fn default_address() -> MuxAddress {
    platform::default_address()
}

/// Opens a connection.
pub(super) async fn connect(address: &MuxAddress) -> std::io::Result<Box<dyn ByteStream>> {
    match address {
        MuxAddress::Unix(path) => platform::connect_unix(path).await,
        MuxAddress::Tcp(address) => {
            let stream = tokio::net::TcpStream::connect(address).await?;
            // Every request is a small write that somebody waits for.
            stream.set_nodelay(true)?;
            Ok(Box::new(stream))
        }
    }
}
