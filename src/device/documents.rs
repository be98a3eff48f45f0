//! The way to the documents of an app (facts/protocols.md section 4.1).

use idevice::ReadWrite;
use iexport_proto::house_arrest::{Reply, Request, SERVICE, Vend, VendError};
use tokio::io::{AsyncRead, AsyncWrite};

use super::apps::short;
use super::{App, BundleId, DeviceError, Session, frames};

/// The longest answer that is accepted, in bytes. A word is all that is expected.
const MAX_ANSWER: usize = 64 << 10;

impl Session {
    /// Opens the documents of an app. The stream that is returned speaks AFC; all that can be seen there is the
    /// folder `Documents` in its root.
    ///
    /// # Errors
    /// [`DeviceError::NoSuchApp`], [`DeviceError::NoFileSharing`] or [`DeviceError::AppRefused`] if the phone says
    /// no, [`DeviceError::ServiceRefused`] if it gives out no documents at all.
    pub async fn vend_documents(&self, bundle: &BundleId) -> Result<Box<dyn ReadWrite>, DeviceError> {
        let mut stream = self.open_service(SERVICE).await?;
        match vend(&mut stream, bundle).await? {
            Reply::Complete => Ok(stream),
            Reply::Error(error) => {
                // The phone's own words do not tell an app that is missing from one that shares nothing.
                let told = self.app(bundle).await;
                Err(refusal(bundle, &error, told))
            }
        }
    }
}

async fn vend<S>(stream: &mut S, bundle: &BundleId) -> Result<Reply, DeviceError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let request = Request::Vend { what: Vend::Documents, bundle_id: bundle.to_string() };
    frames::send(stream, &request.to_dict()).await?;
    let (answer, _) = frames::receive(stream, MAX_ANSWER).await?;
    Reply::from_dict(&answer).map_err(|error| frames::protocol(&error))
}

/// Why an app's documents are not given out, from what the phone said and what it tells of the app.
fn refusal(bundle: &BundleId, error: &VendError, told: Result<Option<App>, DeviceError>) -> DeviceError {
    let bundle = bundle.clone();
    match (told, error) {
        (Ok(None), _) | (Err(_), VendError::ApplicationLookupFailed) => DeviceError::NoSuchApp { bundle },
        (Ok(Some(app)), _) if !app.shares_files => DeviceError::NoFileSharing { bundle, name: app.name },
        _ => DeviceError::AppRefused { bundle, reason: short(error.name()) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use iexport_proto::lockdown;
    use plist::{Dictionary, Value};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    fn bundle() -> BundleId {
        "com.example.app".parse().unwrap()
    }

    /// What we make of an answer.
    async fn answered(answer: &[(&str, Value)]) -> Result<Reply, DeviceError> {
        let (mut ours, mut theirs) = tokio::io::duplex(1 << 16);
        let answer: Dictionary =
            answer.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
        theirs.write_all(&lockdown::encode(&answer)).await.unwrap();
        let reply = vend(&mut ours, &bundle()).await;
        let (asked, _) = frames::receive(&mut theirs, MAX_ANSWER).await.unwrap();
        let bundle_id = bundle().to_string();
        assert_eq!(Request::from_dict(&asked), Ok(Request::Vend { what: Vend::Documents, bundle_id }));
        reply
    }

    #[tokio::test]
    async fn answers_and_nonsense() {
        assert!(matches!(answered(&[("Status", "Complete".into())]).await, Ok(Reply::Complete)));
        let refused = answered(&[("Error", "InstallationLookupFailed".into())]).await;
        assert!(matches!(refused, Ok(Reply::Error(VendError::InstallationLookupFailed))));
        let nonsense: [&[(&str, Value)]; 4] =
            [&[], &[("Status", 1.into())], &[("Status", "Nearly".into())], &[("Error", true.into())]];
        for answer in nonsense {
            let error = answered(answer).await.unwrap_err();
            assert!(matches!(error, DeviceError::Protocol(_)), "{error}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn silence_is_given_up() {
        let (mut ours, mut theirs) = tokio::io::duplex(1 << 16);
        let bundle = bundle();
        let (reply, _) = tokio::join!(vend(&mut ours, &bundle), async {
            let mut asked = [0; 4];
            theirs.read_exact(&mut asked).await
        });
        assert!(matches!(reply, Err(DeviceError::TimedOut)));
    }

    #[test]
    fn why_an_app_is_refused() {
        let app = |shares_files| App {
            bundle: bundle(),
            name: "Example".to_owned(),
            version: String::new(),
            shares_files,
            opens_in_place: false,
        };
        let why = |word: &str, told| refusal(&bundle(), &VendError::from_name(word), told);
        for word in ["ApplicationLookupFailed", "InstallationLookupFailed", "Odd"] {
            assert!(matches!(why(word, Ok(None)), DeviceError::NoSuchApp { .. }));
            assert!(
                matches!(why(word, Ok(Some(app(false)))), DeviceError::NoFileSharing { name, .. } if name == "Example")
            );
            assert!(
                matches!(why(word, Ok(Some(app(true)))), DeviceError::AppRefused { reason, .. } if reason == word)
            );
        }
        // When the phone tells nothing of its apps either, its word has to do.
        let silent = || Err(DeviceError::TimedOut);
        assert!(matches!(why("ApplicationLookupFailed", silent()), DeviceError::NoSuchApp { .. }));
        assert!(matches!(why("InstallationLookupFailed", silent()), DeviceError::AppRefused { .. }));
        let endless = "x".repeat(5_000_000);
        assert!(
            matches!(why(&endless, silent()), DeviceError::AppRefused { reason, .. } if reason.len() == 200)
        );
    }
}
