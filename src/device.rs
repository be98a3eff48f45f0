//! Finds phones, gains their trust, opens their services. Knows nothing of media.
//!
//! A phone is reached in one of two ways, tried in this order:
//!
//! 1. through a `usbmuxd` that is running (`mux`): its socket is where `--usbmuxd` or
//!    `USBMUXD_SOCKET_ADDRESS` say, or where the platform keeps it;
//! 2. straight on the USB port (`usb`), when there is no daemon.
//!
//! After that there is no difference: lockdown, pairing and TLS are spoken by the `idevice` crate, and a
//! [`Session`] hands out the raw streams of services. Which apps there are and the way to their documents are asked
//! for with our own codec, within limits.

mod address;
mod apps;
mod bundle_id;
mod bus;
mod documents;
mod error;
mod frames;
mod info;
mod link;
mod model;
mod mux;
mod pair;
mod private_file;
mod records;
mod session;
mod socket;
mod udid;
mod usb;
mod watch;

pub use address::MuxAddress;
pub use apps::App;
pub use bundle_id::{BundleId, BundleIdError};
pub use bus::{Bus, BusKind, Wanted};
pub use error::DeviceError;
pub use info::{Access, PhoneInfo};
pub use link::{ByteStream, Connection, PhoneLink};
pub use pair::TrustStep;
pub use session::{Patience, Session};
pub use udid::Udid;
pub use watch::{BusEvent, PhoneWatch};
