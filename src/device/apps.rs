//! Which apps are on a phone (facts/protocols.md section 4.2).
//!
//! What a phone says of its apps is limited in size, number and time, and every app has an identity that can be
//! one. Their names are text of any kind: escape them before printing.

use std::collections::BTreeMap;
use std::time::Duration;

use iexport_proto::installation_proxy::{AppInfo, AppKind, Options, Reply, Request, SERVICE};
use iexport_proto::lockdown::MAX_PAYLOAD;
use plist::{Dictionary, Value};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;

use super::{BundleId, DeviceError, Session, frames};

/// An app of a phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct App {
    /// Its identity.
    pub bundle: BundleId,
    /// The name below its icon, else its short name, else the bundle id: never empty, at most 200 characters,
    /// otherwise as the phone wrote it.
    pub name: String,
    /// The version that people see, else the number of the build: at most 200 characters, otherwise as the phone
    /// wrote it; empty if it does not tell.
    pub version: String,
    /// Whether its documents can be had over the cable (facts/media.md section D11).
    pub shares_files: bool,
    /// Whether other apps may open its documents where they are. Together with sharing it makes the app a place
    /// in *Files*.
    pub opens_in_place: bool,
}

/// The most apps that a phone may have.
const MAX_APPS: usize = 20_000;

/// The most that a phone may tell of them, in bytes. The keys that are asked for take half a KiB an app.
const MAX_LIST: usize = 16 << 20;

/// The most messages that a list of apps may come in. Phones put twenty apps into one.
const MAX_MESSAGES: usize = 10_000;

/// How long a whole list may take. A phone tells of hundreds of apps within a second or two.
const LISTING: Duration = Duration::from_secs(60);

/// The longest text of a phone that is repeated, in characters.
const MAX_TEXT: usize = 200;

impl Session {
    /// The apps that the phone's owner has installed, sorted by name.
    ///
    /// # Errors
    /// [`DeviceError::ServiceRefused`] if the phone does not tell, and whatever goes wrong on the wire.
    pub async fn apps(&self) -> Result<Vec<App>, DeviceError> {
        let mut stream = self.open_service(SERVICE).await?;
        timeout(LISTING, browse(&mut stream)).await.map_err(|_| DeviceError::TimedOut)?
    }

    /// The app with this identity, of whatever kind; `None` if it is not installed.
    ///
    /// # Errors
    /// As for [`Session::apps`].
    pub async fn app(&self, bundle: &BundleId) -> Result<Option<App>, DeviceError> {
        let mut stream = self.open_service(SERVICE).await?;
        timeout(LISTING, look_up(&mut stream, bundle)).await.map_err(|_| DeviceError::TimedOut)?
    }
}

impl App {
    /// An app as a phone describes it; `None` if it has no identity that can be one.
    fn from_dict(dict: &Dictionary) -> Option<Self> {
        let info = AppInfo::from_dict(dict).ok()?;
        let bundle: BundleId = info.bundle_id.parse().ok()?;
        let some =
            |text: Option<String>| text.filter(|text| !text.trim().is_empty()).map(|text| short(&text));
        let name = some(info.display_name).or_else(|| some(info.name));
        Some(Self {
            name: name.unwrap_or_else(|| bundle.to_string()),
            version: some(info.short_version).or_else(|| some(info.version)).unwrap_or_default(),
            shares_files: info.file_sharing,
            opens_in_place: info.opens_in_place,
            bundle,
        })
    }
}

/// What is to be told of each app.
fn attributes() -> Option<Vec<String>> {
    Some(AppInfo::ATTRIBUTES.map(str::to_owned).to_vec())
}

/// Asks for all apps that were installed by the person.
async fn browse<S>(stream: &mut S) -> Result<Vec<App>, DeviceError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let options = Options { kind: Some(AppKind::User), bundle_ids: None, attributes: attributes() };
    let mut answers = Answers::to(stream, &Request::Browse(options)).await?;
    let mut apps = BTreeMap::new();
    loop {
        match answers.next().await? {
            Reply::Batch(batch) => {
                let told = batch.apps().count();
                let usable = batch.apps().filter_map(App::from_dict);
                let before = apps.len();
                apps.extend(usable.map(|app| (app.bundle.clone(), app)));
                if apps.len() > MAX_APPS {
                    return Err(endless());
                }
                tracing::debug!(told, new = apps.len() - before, "apps of the phone");
            }
            Reply::Complete => break,
            Reply::Working(_) => {}
            Reply::Found(_) => return Err(out_of_place()),
            Reply::Error { name, description } => return Err(refused(&name, description.as_deref())),
        }
    }
    let mut apps: Vec<App> = apps.into_values().collect();
    apps.sort_by_cached_key(|app| (app.name.to_lowercase(), app.bundle.clone()));
    Ok(apps)
}

/// Asks for one app.
async fn look_up<S>(stream: &mut S, bundle: &BundleId) -> Result<Option<App>, DeviceError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let bundle_ids = Some(vec![bundle.to_string()]);
    let options = Options { kind: Some(AppKind::Any), bundle_ids, attributes: attributes() };
    let mut answers = Answers::to(stream, &Request::Lookup(options)).await?;
    loop {
        match answers.next().await? {
            Reply::Found(apps) => {
                let app = apps.get(bundle.as_str()).and_then(Value::as_dictionary);
                return Ok(app.and_then(App::from_dict).filter(|app| app.bundle == *bundle));
            }
            Reply::Complete => return Ok(None),
            Reply::Working(_) => {}
            Reply::Batch(_) => return Err(out_of_place()),
            Reply::Error { name, description } => return Err(refused(&name, description.as_deref())),
        }
    }
}

/// The messages that answer a request, as many and as large as makes sense.
struct Answers<'a, S> {
    stream: &'a mut S,
    messages_left: usize,
    bytes_left: usize,
}

impl<'a, S: AsyncRead + AsyncWrite + Unpin> Answers<'a, S> {
    async fn to(stream: &'a mut S, request: &Request) -> Result<Self, DeviceError> {
        frames::send(stream, &request.to_dict()).await?;
        Ok(Self { stream, messages_left: MAX_MESSAGES, bytes_left: MAX_LIST })
    }

    /// The next one. The first can take long, when hundreds of apps are looked through for it; the whole has its own end.
    async fn next(&mut self) -> Result<Reply, DeviceError> {
        self.messages_left = self.messages_left.checked_sub(1).ok_or_else(endless)?;
        let (dict, size) = frames::receive_within(self.stream, MAX_PAYLOAD, LISTING).await?;
        self.bytes_left = self.bytes_left.checked_sub(size).ok_or_else(endless)?;
        Reply::from_dict(dict).map_err(|error| frames::protocol(&error))
    }
}

fn endless() -> DeviceError {
    DeviceError::Protocol("its list of apps does not end".to_owned())
}

fn out_of_place() -> DeviceError {
    DeviceError::Protocol("an answer to another question about apps".to_owned())
}

fn refused(name: &str, description: Option<&str>) -> DeviceError {
    let reason = [Some(name), description].into_iter().flatten().collect::<Vec<_>>().join(": ");
    DeviceError::ServiceRefused { service: SERVICE.to_owned(), reason: short(&reason) }
}

/// A phone's words, as much of them as is worth repeating.
pub(super) fn short(words: &str) -> String {
    words.chars().take(MAX_TEXT).collect()
}

#[cfg(test)]
mod tests;
