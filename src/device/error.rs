//! Why a phone cannot be used. What to do about it is said by the command line.

use thiserror::Error;

use super::{BundleId, MuxAddress, PhoneInfo, Udid};

/// Why a phone cannot be found or used.
#[derive(Debug, Error)]
pub enum DeviceError {
    /// Nothing is plugged in, or nothing that is visible.
    #[error("no iPhone was found")]
    NoPhone,
    /// Several are plugged in and none was named.
    #[error("{} iPhones are connected", .0.len())]
    SeveralPhones(Vec<PhoneInfo>),
    /// The one that was named is not there.
    #[error("no connected iPhone is called {wanted:?}")]
    NoSuchPhone {
        /// Name or udid that was asked for.
        wanted: String,
        /// Those that are there.
        present: Vec<PhoneInfo>,
    },
    /// The daemon's socket is there, but this user may not use it.
    #[error("no permission to use the socket of usbmuxd at {0}")]
    SocketPermission(MuxAddress),
    /// No daemon answers where one was named.
    #[error("no usbmuxd answers at {address} ({reason})")]
    MuxUnreachable {
        /// Where it should be.
        address: MuxAddress,
        /// What the system said.
        reason: String,
    },
    /// The daemon answers, but not as one.
    #[error("usbmuxd at {address} answered something that makes no sense ({reason})")]
    MuxProtocol {
        /// Where it is.
        address: MuxAddress,
        /// What was wrong.
        reason: String,
    },
    /// The USB port could not be used.
    #[error("the USB port cannot be used ({0})")]
    Usb(String),
    /// An ordinary user may not open the phone on the USB port.
    #[error("no permission to open the iPhone on the USB port")]
    UsbPermission,
    /// Somebody tapped *Don't Trust*.
    #[error("the iPhone does not trust this computer: \"Don't Trust\" was tapped")]
    TrustDenied,
    /// Nobody tapped anything.
    #[error("nobody answered the \"Trust This Computer?\" question on the iPhone")]
    TrustTimedOut,
    /// The phone stayed locked.
    #[error("the iPhone is locked")]
    Locked,
    /// The pairing record is there but cannot be used or stored.
    #[error("the pairing with the iPhone cannot be used ({0})")]
    PairRecord(String),
    /// The phone was unplugged or the daemon ended.
    #[error("the connection to the iPhone was lost ({0})")]
    Disconnected(String),
    /// No answer in time.
    #[error("the iPhone did not answer in time")]
    TimedOut,
    /// The phone does not offer the service.
    #[error("the iPhone refuses the service {service} ({reason})")]
    ServiceRefused {
        /// Which one.
        service: String,
        /// What it said.
        reason: String,
    },
    /// No app with this identity is installed.
    #[error("there is no app {bundle} on the iPhone")]
    NoSuchApp {
        /// Which one.
        bundle: BundleId,
    },
    /// The app is there, but its documents are its own.
    #[error("the app {name:?} ({bundle}) does not share its files")]
    NoFileSharing {
        /// Which one.
        bundle: BundleId,
        /// What it is called.
        name: String,
    },
    /// The phone gives out no documents of the app, although it should.
    #[error("the iPhone refuses to give out the documents of the app {bundle} ({reason})")]
    AppRefused {
        /// Which one.
        bundle: BundleId,
        /// What it said.
        reason: String,
    },
    /// The phone answered something that makes no sense.
    #[error("the iPhone answered something that makes no sense ({0})")]
    Protocol(String),
    /// A folder of this user could not be written.
    #[error("cannot write {path} ({reason})")]
    Config {
        /// Which path.
        path: String,
        /// What the system said.
        reason: String,
    },
}

impl DeviceError {
    /// What an error of the `idevice` crate means for us.
    pub(super) fn from_idevice(error: idevice::IdeviceError) -> Self {
        use idevice::IdeviceError as E;
        match error {
            E::PasswordProtected | E::DeviceLocked => Self::Locked,
            E::UserDeniedPairing => Self::TrustDenied,
            E::Timeout => Self::TimedOut,
            E::Socket(io) => Self::Disconnected(io.to_string()),
            E::DeviceNotFound => Self::Disconnected("the iPhone is gone".to_owned()),
            other => Self::Protocol(other.to_string()),
        }
    }
}

/// So that a udid in an error never needs formatting by hand.
impl From<&Udid> for String {
    fn from(udid: &Udid) -> Self {
        udid.to_string()
    }
}
