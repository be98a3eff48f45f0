//! What is told of a phone before anything is asked of it that needs trust.

use std::time::Duration;

use idevice::IdeviceError;
use idevice::IdeviceService;
use idevice::lockdown::LockdownClient;
use tokio::time::timeout;

use super::{Connection, DeviceError, PhoneLink, Udid, model};

/// How long one question may take.
const ANSWER: Duration = Duration::from_secs(10);

/// Whether the phone lets this computer in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Paired, and a session opens.
    Trusted,
    /// This computer was never trusted, or is not any more.
    NotTrusted,
    /// The phone must be unlocked first.
    Locked,
    /// It did not answer.
    Unknown,
}

impl Access {
    /// Stable word for tables and JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Trusted => "trusted",
            Self::NotTrusted => "not trusted",
            Self::Locked => "locked",
            Self::Unknown => "no answer",
        }
    }
}

/// A connected phone.
#[derive(Debug, Clone)]
pub struct PhoneInfo {
    /// Identity.
    pub udid: Udid,
    /// The name its owner gave it; the model's name if it does not tell.
    pub name: String,
    /// Such as `iPhone16,2`: ASCII that can be printed.
    pub product_type: String,
    /// iOS version, such as `18.5`: ASCII that can be printed; empty if it does not tell.
    pub ios: String,
    /// How it is connected.
    pub connection: Connection,
    /// Whether it lets this computer in.
    pub access: Access,
}

impl PhoneInfo {
    /// The model's name on the box, or the product type.
    #[must_use]
    pub fn model(&self) -> &str {
        model::marketing_name(&self.product_type).unwrap_or(&self.product_type)
    }

    /// Asks a phone for its name, model and state. A phone that does not answer is described with what
    /// is known without it.
    pub async fn of(link: &PhoneLink) -> Self {
        let mut info = Self {
            udid: link.udid().clone(),
            name: String::new(),
            product_type: String::new(),
            ios: String::new(),
            connection: link.connection(),
            access: Access::Unknown,
        };
        let asked = timeout(ANSWER, info.ask(link)).await;
        if !matches!(asked, Ok(Ok(()))) {
            tracing::debug!(?asked, "a phone did not answer");
        }
        if info.name.is_empty() {
            info.name = if info.product_type.is_empty() { "iPhone".into() } else { info.model().into() };
        }
        info
    }

    async fn ask(&mut self, link: &PhoneLink) -> Result<(), DeviceError> {
        let mut lockdown = LockdownClient::connect(link).await.map_err(DeviceError::from_idevice)?;
        for (key, slot, is_technical) in [
            ("DeviceName", &mut self.name, false),
            ("ProductType", &mut self.product_type, true),
            ("ProductVersion", &mut self.ios, true),
        ] {
            if let Ok(value) = lockdown.get_value(Some(key), None).await {
                let text = value.as_string().unwrap_or_default();
                *slot = if is_technical { technical(text) } else { text.to_owned() };
            }
        }
        let locked = is_locked(&mut lockdown).await;
        self.access = match link.read_record().await? {
            None if locked => Access::Locked,
            None => Access::NotTrusted,
            Some(record) => match lockdown.start_session(&record).await {
                Ok(_) => Access::Trusted,
                Err(IdeviceError::PasswordProtected) => Access::Locked,
                Err(IdeviceError::InvalidHostID) => Access::NotTrusted,
                Err(error) => return Err(DeviceError::from_idevice(error)),
            },
        };
        Ok(())
    }
}

/// A product type or a version. They are short words of ASCII; whatever else a phone puts into them would only reach
/// terminals, tables and ledgers, which take them for such words.
fn technical(text: &str) -> String {
    text.chars().filter(char::is_ascii_graphic).take(64).collect()
}

/// Whether the phone is locked at this moment. Phones that do not tell count as unlocked.
pub(super) async fn is_locked(lockdown: &mut LockdownClient) -> bool {
    let value = lockdown.get_value(Some("PasswordProtected"), None).await;
    value.ok().and_then(|v| v.as_boolean()).unwrap_or(false)
}
