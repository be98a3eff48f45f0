//! A session with a phone that trusts this computer, and the streams of its services.

use std::time::Duration;

use idevice::lockdown::LockdownClient;
use idevice::pairing_file::PairingFile;
use idevice::{IdeviceError, IdeviceService, ReadWrite};
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep, timeout};

use super::info::is_locked;
use super::pair::{self, Attempt, TrustStep};
use super::{DeviceError, PhoneLink};

/// How long to wait for a person.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// Altogether, for unlocking and tapping *Trust*.
    pub person: Duration,
}

impl Default for Patience {
    /// Two minutes.
    fn default() -> Self {
        Self { person: Duration::from_secs(120) }
    }
}

/// How often a locked phone is asked whether it still is.
const LOCK_POLL: Duration = Duration::from_millis(500);

/// How long the phone may take for a step that needs no person.
const ANSWER: Duration = Duration::from_secs(20);

/// An open, encrypted session with a phone.
#[derive(Debug)]
pub struct Session {
    link: PhoneLink,
    record: PairingFile,
    lockdown: Mutex<LockdownClient>,
}

enum Opened {
    Session(Box<Session>),
    NotTrusted,
    Locked,
}

impl Session {
    /// Opens a session; pairs first if need be. `on_step` hears what the person should do.
    ///
    /// # Errors
    /// [`DeviceError::TrustDenied`], [`DeviceError::TrustTimedOut`], [`DeviceError::Locked`] when patience
    /// runs out, and whatever goes wrong on the wire.
    pub async fn open(
        link: PhoneLink,
        patience: Patience,
        on_step: &(dyn Fn(TrustStep) + Send + Sync),
    ) -> Result<Self, DeviceError> {
        let deadline = Instant::now() + patience.person;
        let mut was_locked = false;
        loop {
            match Self::try_open(&link).await? {
                Opened::Session(session) => {
                    if was_locked {
                        on_step(TrustStep::Unlocked);
                    }
                    return Ok(*session);
                }
                Opened::Locked => {
                    if !was_locked {
                        on_step(TrustStep::Unlock);
                        was_locked = true;
                    }
                    wait_a_little(deadline).await?;
                }
                Opened::NotTrusted => {
                    let left = deadline.saturating_duration_since(Instant::now());
                    match timeout(left, pair::attempt(&link, on_step)).await {
                        Err(_) => return Err(DeviceError::TrustTimedOut),
                        Ok(Err(error)) => return Err(error),
                        Ok(Ok(Attempt::Paired(record))) => {
                            link.save_record(*record).await?;
                            on_step(TrustStep::Trusted);
                        }
                        Ok(Ok(Attempt::Locked)) => {
                            if !was_locked {
                                on_step(TrustStep::Unlock);
                                was_locked = true;
                            }
                            wait_a_little(deadline).await?;
                        }
                    }
                }
            }
        }
    }

    async fn try_open(link: &PhoneLink) -> Result<Opened, DeviceError> {
        let Some(record) = link.read_record().await? else { return Ok(Opened::NotTrusted) };
        let opening = async {
            let mut lockdown = LockdownClient::connect(link).await.map_err(DeviceError::from_idevice)?;
            match lockdown.start_session(&record).await {
                Ok(_) => {}
                Err(IdeviceError::PasswordProtected) => return Ok(Opened::Locked),
                Err(IdeviceError::InvalidHostID) => return Ok(Opened::NotTrusted),
                Err(error) => return Err(DeviceError::from_idevice(error)),
            }
            let session = Self { link: link.clone(), record: record.clone(), lockdown: Mutex::new(lockdown) };
            Ok(Opened::Session(Box::new(session)))
        };
        timeout(ANSWER, opening).await.map_err(|_| DeviceError::TimedOut)?
    }

    /// The phone this session is with.
    #[must_use]
    pub const fn link(&self) -> &PhoneLink {
        &self.link
    }

    /// A value of the phone; `None` if it has none of that name.
    ///
    /// # Errors
    /// When the phone does not answer any more.
    pub async fn value(&self, domain: Option<&str>, key: &str) -> Result<Option<plist::Value>, DeviceError> {
        let mut lockdown = self.lockdown.lock().await;
        match timeout(ANSWER, lockdown.get_value(Some(key), domain)).await {
            Err(_) => Err(DeviceError::TimedOut),
            Ok(Ok(value)) => Ok(Some(value)),
            Ok(Err(IdeviceError::Socket(error))) => Err(DeviceError::Disconnected(error.to_string())),
            Ok(Err(error)) => {
                tracing::debug!(%error, key, "the phone has no such value");
                Ok(None)
            }
        }
    }

    /// Whether the phone is locked at this moment.
    pub async fn is_locked(&self) -> bool {
        let mut lockdown = self.lockdown.lock().await;
        is_locked(&mut lockdown).await
    }

    /// Starts a service and connects to it, with TLS where the phone wants it.
    ///
    /// # Errors
    /// [`DeviceError::ServiceRefused`] if the phone does not offer it, [`DeviceError::Locked`] if it is
    /// locked.
    pub async fn open_service(&self, service: &str) -> Result<Box<dyn ReadWrite>, DeviceError> {
        let opening = async {
            let (port, tls) = {
                let mut lockdown = self.lockdown.lock().await;
                lockdown.start_service(service).await.map_err(|error| refused(service, error))?
            };
            let mut connection = self.link.connect_port(port).await?;
            if tls {
                connection.start_session(&self.record, false).await.map_err(DeviceError::from_idevice)?;
            }
            connection
                .get_socket()
                .ok_or_else(|| DeviceError::Protocol("a connection without a stream".to_owned()))
        };
        timeout(ANSWER, opening).await.map_err(|_| DeviceError::TimedOut)?
    }
}

fn refused(service: &str, error: IdeviceError) -> DeviceError {
    match error {
        IdeviceError::Socket(_) | IdeviceError::PasswordProtected | IdeviceError::DeviceLocked => {
            DeviceError::from_idevice(error)
        }
        other => DeviceError::ServiceRefused { service: service.to_owned(), reason: other.to_string() },
    }
}

/// Waits for the next look at a locked phone.
async fn wait_a_little(deadline: Instant) -> Result<(), DeviceError> {
    if Instant::now() >= deadline {
        return Err(DeviceError::Locked);
    }
    sleep(LOCK_POLL).await;
    Ok(())
}
