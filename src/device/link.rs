//! One phone that can be connected to, whatever carries the bytes.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use idevice::pairing_file::PairingFile;
use idevice::provider::IdeviceProvider;
use idevice::{Idevice, IdeviceError};
use tokio::io::{AsyncRead, AsyncWrite};

use super::mux::MuxClient;
use super::records::RecordStore;
use super::usb::UsbPhone;
use super::{DeviceError, Udid};

/// A byte stream in both directions.
pub trait ByteStream: AsyncRead + AsyncWrite + Unpin + Send + Sync + std::fmt::Debug {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send + Sync + std::fmt::Debug> ByteStream for T {}

/// The name under which this program speaks to phones and daemons.
pub(super) const LABEL: &str = "iexport";

/// How a phone is connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Connection {
    /// A cable; the speed in bit/s if the daemon tells.
    Usb(Option<u64>),
    /// Wi-Fi.
    Network,
}

impl std::fmt::Display for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Network => f.write_str("Wi-Fi"),
            Self::Usb(Some(speed)) if *speed >= 5_000_000_000 => f.write_str("USB 3"),
            Self::Usb(Some(speed)) if *speed >= 480_000_000 => f.write_str("USB 2"),
            Self::Usb(Some(_)) => f.write_str("USB 1 (slow)"),
            Self::Usb(None) => f.write_str("USB"),
        }
    }
}

/// A phone that can be connected to. Cheap to clone.
#[derive(Debug, Clone)]
pub struct PhoneLink {
    pub(super) udid: Udid,
    pub(super) connection: Connection,
    pub(super) carrier: Carrier,
}

/// What carries the bytes, and who keeps the pairing.
#[derive(Debug, Clone)]
pub(super) enum Carrier {
    /// A daemon, which also keeps pairings.
    Mux { client: MuxClient, device_id: u32 },
    /// The bare port; pairings are kept in this user's configuration.
    Usb { phone: Arc<UsbPhone>, records: RecordStore },
}

impl PhoneLink {
    /// The phone's identity.
    #[must_use]
    pub const fn udid(&self) -> &Udid {
        &self.udid
    }

    /// How it is connected.
    #[must_use]
    pub const fn connection(&self) -> Connection {
        self.connection
    }

    /// The identity of this computer.
    pub(super) async fn system_buid(&self) -> Result<String, DeviceError> {
        match &self.carrier {
            Carrier::Mux { client, .. } => client.read_buid().await,
            Carrier::Usb { records, .. } => records.system_buid(),
        }
    }

    /// The pairing with this phone, if there is one.
    pub(super) async fn read_record(&self) -> Result<Option<PairingFile>, DeviceError> {
        let bytes = match &self.carrier {
            Carrier::Mux { client, .. } => client.read_pair_record(&self.udid).await?,
            Carrier::Usb { records, .. } => records.read(&self.udid)?,
        };
        // A record that cannot be used is as good as none: pairing again replaces it.
        Ok(bytes.and_then(|bytes| match PairingFile::from_bytes(&bytes) {
            Ok(record) => Some(record),
            Err(error) => {
                tracing::warn!(%error, "the stored pairing is unusable, a new one is needed");
                None
            }
        }))
    }

    /// Stores the pairing.
    pub(super) async fn save_record(&self, record: PairingFile) -> Result<(), DeviceError> {
        let bytes = record.serialize().map_err(|error| DeviceError::PairRecord(error.to_string()))?;
        match &self.carrier {
            Carrier::Mux { client, device_id } => {
                client.save_pair_record(&self.udid, bytes, *device_id).await
            }
            Carrier::Usb { records, .. } => records.save(&self.udid, &bytes),
        }
    }

    /// Connects to a port of the phone.
    pub(super) async fn connect_port(&self, port: u16) -> Result<Idevice, DeviceError> {
        match &self.carrier {
            Carrier::Mux { client, device_id } => {
                let stream = client.connect_port(*device_id, port).await?;
                Ok(Idevice::new(Box::new(stream), LABEL))
            }
            Carrier::Usb { phone, .. } => phone.connect_port(port).await,
        }
    }
}

type Boxed<T> = Pin<Box<dyn Future<Output = Result<T, IdeviceError>> + Send>>;

impl IdeviceProvider for PhoneLink {
    fn connect(&self, port: u16) -> Boxed<Idevice> {
        let link = self.clone();
        Box::pin(async move {
            link.connect_port(port).await.map_err(|error| IdeviceError::InternalError(error.to_string()))
        })
    }

    fn label(&self) -> &str {
        LABEL
    }

    fn get_pairing_file(&self) -> Boxed<PairingFile> {
        let link = self.clone();
        Box::pin(async move {
            let record = link.read_record().await;
            record
                .map_err(|error| IdeviceError::InternalError(error.to_string()))?
                .ok_or(IdeviceError::NotFound)
        })
    }
}
