//! Gaining a phone's trust.

use idevice::lockdown::LockdownClient;
use idevice::pairing_file::PairingFile;
use idevice::{IdeviceError, IdeviceService};

use super::info::is_locked;
use super::{DeviceError, PhoneLink};

/// What the person is waiting for, or has just done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrustStep {
    /// The phone asks *Trust This Computer?*
    TapTrust,
    /// The phone must be unlocked.
    Unlock,
    /// The phone trusts this computer now.
    Trusted,
    /// The phone was unlocked.
    Unlocked,
}

/// How one attempt ended.
pub(super) enum Attempt {
    /// Trusted; the pairing is not stored yet.
    Paired(Box<PairingFile>),
    /// The phone is locked.
    Locked,
}

/// Asks for trust once and waits while the question is on the phone's screen.
///
/// There is no time limit in here: the caller has one.
pub(super) async fn attempt(
    link: &PhoneLink,
    on_step: &(dyn Fn(TrustStep) + Send + Sync),
) -> Result<Attempt, DeviceError> {
    let mut lockdown = LockdownClient::connect(link).await.map_err(DeviceError::from_idevice)?;
    if is_locked(&mut lockdown).await {
        return Ok(Attempt::Locked);
    }
    check_key(&mut lockdown).await?;
    let system_buid = link.system_buid().await?;
    let host_id = uuid::Uuid::new_v4().to_string().to_uppercase();
    on_step(TrustStep::TapTrust);
    // Making keys takes a second of pure computing: not on the thread that draws the spinner.
    let pairing = tokio::spawn(async move { lockdown.pair(host_id, system_buid, None).await });
    let cancel_on_drop = AbortOnDrop(pairing.abort_handle());
    let outcome = pairing.await;
    drop(cancel_on_drop);
    match outcome {
        Ok(Ok(record)) => Ok(Attempt::Paired(Box::new(record))),
        Ok(Err(IdeviceError::PasswordProtected)) => Ok(Attempt::Locked),
        Ok(Err(error)) => Err(DeviceError::from_idevice(error)),
        Err(error) => Err(DeviceError::Protocol(format!("pairing stopped: {error}"))),
    }
}

/// Stops a task when the one who waits for it has given up.
struct AbortOnDrop(tokio::task::AbortHandle);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The `idevice` crate panics on a device key that is no PKCS#1 text, so it is looked at beforehand.
async fn check_key(lockdown: &mut LockdownClient) -> Result<(), DeviceError> {
    let key = lockdown.get_value(Some("DevicePublicKey"), None).await.map_err(DeviceError::from_idevice)?;
    let plausible = key
        .as_data()
        .and_then(|pem| std::str::from_utf8(pem).ok())
        .is_some_and(|pem| pem.trim_start().starts_with("-----BEGIN RSA PUBLIC KEY-----"));
    if plausible {
        Ok(())
    } else {
        Err(DeviceError::Protocol("its public key has an unknown form".to_owned()))
    }
}
