//! Where the socket of `usbmuxd` is.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use super::socket;

/// Address of a `usbmuxd` socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MuxAddress {
    /// A Unix socket.
    Unix(PathBuf),
    /// A TCP socket, `host:port`.
    Tcp(String),
}

impl MuxAddress {
    /// Where this platform keeps the socket.
    #[must_use]
    pub fn platform_default() -> Self {
        socket::default_address()
    }
}

impl FromStr for MuxAddress {
    type Err = String;

    /// Understands every spelling that other programs use for `USBMUXD_SOCKET_ADDRESS`
    /// (facts/protocols.md section 1.1): `UNIX:/path`, `unix:///path`, `/path`, `host:port`, `[v6]:port`,
    /// `tcp:host:port`, `tcp://host:port`.
    fn from_str(text: &str) -> Result<Self, String> {
        let lower = text.to_ascii_lowercase();
        let after = |prefix: &str| lower.starts_with(prefix).then(|| text.get(prefix.len()..)).flatten();
        if let Some(path) = after("unix:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            return match path {
                "" => Err("the socket's path is missing".to_owned()),
                path => Ok(Self::Unix(path.into())),
            };
        }
        if text.starts_with('/') {
            return Ok(Self::Unix(text.into()));
        }
        let address = after("tcp://").or_else(|| after("tcp:")).unwrap_or(text);
        match address.rsplit_once(':') {
            Some((host, port)) if !host.is_empty() && port.parse::<u16>().is_ok_and(|p| p > 0) => {
                Ok(Self::Tcp(address.to_owned()))
            }
            _ => Err(format!("{text:?} is neither a socket path nor host:port")),
        }
    }
}

impl fmt::Display for MuxAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix(path) => write!(f, "{}", path.display()),
            Self::Tcp(address) => f.write_str(address),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_in_use() {
        let unix = |p: &str| MuxAddress::Unix(p.into());
        let tcp = |a: &str| MuxAddress::Tcp(a.into());
        for (text, want) in [
            ("UNIX:/run/mux", unix("/run/mux")),
            ("unix:/run/mux", unix("/run/mux")),
            ("unix:///run/mux", unix("/run/mux")),
            ("/run/mux", unix("/run/mux")),
            ("127.0.0.1:27015", tcp("127.0.0.1:27015")),
            ("localhost:1", tcp("localhost:1")),
            ("[::1]:27015", tcp("[::1]:27015")),
            ("tcp:127.0.0.1:5", tcp("127.0.0.1:5")),
            ("tcp://127.0.0.1:5", tcp("127.0.0.1:5")),
        ] {
            assert_eq!(text.parse::<MuxAddress>(), Ok(want), "{text}");
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["", "unix:", "host", "host:", ":5", "host:0", "host:99999"] {
            assert!(text.parse::<MuxAddress>().is_err(), "{text}");
        }
    }
}
