//! Windows: Apple's service listens on a loopback port.

use std::path::Path;

use crate::device::MuxAddress;
use crate::device::link::ByteStream;

pub(super) fn default_address() -> MuxAddress {
    MuxAddress::Tcp("127.0.0.1:27015".into())
}

pub(super) async fn connect_unix(_path: &Path) -> std::io::Result<Box<dyn ByteStream>> {
    Err(std::io::Error::new(std::io::ErrorKind::Unsupported, "Unix sockets are not available on Windows"))
}
