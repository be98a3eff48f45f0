//! The phone that is not there: small generated libraries behind the virtual iPhone, in this process.
//!
//! Everything else is as with a real phone: the same sockets, pairing record, TLS and AFC.

use std::path::Path;

use phone_libraries::MakeError;
use virtual_iphone::{Listen, PhoneConfig, Server};

use super::advice::Problem;
use super::exit::Exit;
use crate::device::MuxAddress;

/// Where its apps are, beside its media.
const APPS: &str = "apps";

/// Makes everything that it holds.
fn make(folder: &Path) -> Result<(), MakeError> {
    let made = phone_libraries::make(&phone_libraries::demo(), folder)?;
    phone_libraries::demo_music().write(&made.media)?;
    phone_libraries::write_extras(&phone_libraries::demo_extras()?, &made.media, &folder.join(APPS))?;
    Ok(())
}

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
        let made = tokio::task::spawn_blocking(move || make(&folder));
        match made.await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => return Err(problem(error.to_string())),
            Err(error) => return Err(problem(error.to_string())),
        }
        let mut phone = PhoneConfig::new(media.path().join("media"));
        "Demo iPhone".clone_into(&mut phone.name);
        phone.apps = Some(media.path().join(APPS));
        phone.already_paired = true;
        let server = Server::start(Listen::loopback(), vec![phone])
            .await
            .map_err(|error| problem(error.to_string()))?;
        let address = server.address().parse().map_err(problem)?;
        Ok(Self { _server: server, _media: media, address })
    }
}
