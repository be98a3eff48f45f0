//! The phone that is not there: a small generated library behind the virtual iPhone, in this process.
//!
//! Everything else is as with a real phone: the same sockets, pairing record, TLS and AFC.

use virtual_iphone::{Listen, PhoneConfig, Server};

use super::advice::Problem;
use super::exit::Exit;
use crate::device::MuxAddress;

/// The demo phone; it is there as long as this lives.
pub(super) struct Demo {
    _server: Server,
    _media: tempfile::TempDir,
    pub(super) address: MuxAddress,
}

impl Demo {
    /// Makes the library and plugs the phone in.
    pub(super) async fn start() -> Result<Self, Problem> {
        let problem = |error: String| {
            Problem::new(
                Exit::Error,
                format!("the demo phone cannot be made: {error}"),
                "Free some space on this computer, or set TMPDIR to another disk.",
            )
        };
        let media = tempfile::tempdir().map_err(|error| problem(error.to_string()))?;
        let folder = media.path().to_owned();
        let made =
            tokio::task::spawn_blocking(move || phone_libraries::make(&phone_libraries::demo(), &folder));
        match made.await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => return Err(problem(error.to_string())),
            Err(error) => return Err(problem(error.to_string())),
        }
        let mut phone = PhoneConfig::new(media.path().join("media"));
        "Demo iPhone".clone_into(&mut phone.name);
        phone.already_paired = true;
        let server = Server::start(Listen::loopback(), vec![phone])
            .await
            .map_err(|error| problem(error.to_string()))?;
        let address = server.address().parse().map_err(problem)?;
        Ok(Self { _server: server, _media: media, address })
    }
}
