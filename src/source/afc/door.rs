//! What a phone is asked to show over AFC, and how a connection to it is opened.

use idevice::ReadWrite;

use crate::device::{BundleId, DeviceError, Session};

/// The service that shows the media root.
pub const SERVICE: &str = "com.apple.afc";

/// A way into a phone's files. Behind every one AFC is spoken.
#[derive(Debug, Clone, Copy)]
pub(super) enum Door<'a> {
    /// The media root.
    Media,
    /// The documents of an app.
    Documents(&'a BundleId),
}

impl Door<'_> {
    /// Opens a connection.
    ///
    /// # Errors
    /// Those of the session.
    pub(super) async fn open(self, session: &Session) -> Result<Box<dyn ReadWrite>, DeviceError> {
        match self {
            Self::Media => session.open_service(SERVICE).await,
            Self::Documents(bundle) => session.vend_documents(bundle).await,
        }
    }

    /// The folder behind the door that is meant, as it goes before every path: absolute, without a slash at its
    /// end. An app's container shows nothing but its documents (facts/protocols.md section 4.1), so they are
    /// taken for the root.
    pub(super) const fn root(self) -> &'static [u8] {
        match self {
            Self::Media => b"",
            Self::Documents(_) => b"/Documents",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_apps_root_is_the_folder_of_the_protocol() {
        let bundle = "com.example.app".parse().unwrap();
        let root = format!("/{}", iexport_proto::house_arrest::DOCUMENTS);
        assert_eq!(Door::Documents(&bundle).root(), root.as_bytes());
    }
}
