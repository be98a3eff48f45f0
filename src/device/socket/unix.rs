//! Linux and macOS: a Unix socket in `/var/run`.

use std::path::Path;

use crate::device::MuxAddress;
use crate::device::link::ByteStream;

pub(super) fn default_address() -> MuxAddress {
    MuxAddress::Unix("/var/run/usbmuxd".into())
}

pub(super) async fn connect_unix(path: &Path) -> std::io::Result<Box<dyn ByteStream>> {
    Ok(Box::new(tokio::net::UnixStream::connect(path).await?))
}
