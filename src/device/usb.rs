//! Phones on the bare USB port, without a daemon, through `rusbmux`.
//!
//! `rusbmux` is young, so it stays behind this file. Two of its habits are dealt with here
//! (facts/protocols.md section 6.3 and facts/real-usb.md): opening has no time limit of its own, and open
//! streams are not closed when the phone is pulled.

use std::sync::Arc;
use std::time::Duration;

use futures_lite::StreamExt;
use idevice::Idevice;
use idevice::provider::IdeviceProvider;
use nusb::MaybeFuture;
use rusbmux::device::usb::UsbDevice;
use rusbmux::provider::RusbmuxProvider;
use rusbmux::usb_backend::AnyDeviceInfo;
use tokio::time::timeout;

use super::link::LABEL;
use super::{Connection, DeviceError, Udid};

/// Apple's USB vendor id.
const APPLE: u16 = 0x05ac;

/// How long a phone may take to greet.
const GREETING: Duration = Duration::from_secs(5);

/// A phone that was opened on the USB port. The port is claimed as long as this lives.
#[derive(Debug)]
pub(super) struct UsbPhone {
    provider: RusbmuxProvider,
}

/// A phone that was seen on the USB bus and not opened yet.
#[derive(Debug)]
pub(super) struct SeenPhone {
    info: nusb::DeviceInfo,
}

/// Whether a USB product is a phone or tablet in normal mode (facts/protocols.md section 6.1).
const fn is_phone(vendor: u16, product: u16) -> bool {
    vendor == APPLE && (matches!(product, 0x1290..=0x12af) || matches!(product, 0x1901..=0x1905))
}

/// The phones on the bus. Nothing is opened.
pub(super) async fn list() -> Result<Vec<SeenPhone>, DeviceError> {
    let listed = tokio::task::spawn_blocking(|| nusb::list_devices().wait().map(Iterator::collect::<Vec<_>>));
    match listed.await {
        Ok(Ok(devices)) => Ok(devices
            .into_iter()
            .filter(|d| is_phone(d.vendor_id(), d.product_id()))
            .map(|info| SeenPhone { info })
            .collect()),
        // A system without any USB bus (a container) has no phones either.
        Ok(Err(error)) => {
            tracing::debug!(%error, "the USB bus cannot be listed");
            Ok(Vec::new())
        }
        Err(error) => Err(DeviceError::Usb(error.to_string())),
    }
}

/// Waits until a device comes or goes.
pub(super) struct UsbWatch {
    events: nusb::hotplug::HotplugWatch,
}

impl UsbWatch {
    /// Starts watching the bus.
    pub(super) fn start() -> Result<Self, DeviceError> {
        let events = nusb::watch_devices().map_err(|error| DeviceError::Usb(error.to_string()))?;
        Ok(Self { events })
    }

    /// Returns after the next change on the bus; never, if the system does not tell.
    pub(super) async fn changed(&mut self) {
        if self.events.next().await.is_none() {
            std::future::pending::<()>().await;
        }
    }
}

impl SeenPhone {
    /// The phone's identity: its serial number, with the dash put in.
    pub(super) fn udid(&self) -> Option<Udid> {
        self.info.serial_number().map(|serial| Udid::new(serial.trim_end_matches('\0')))
    }

    /// The speed of its port.
    pub(super) fn connection(&self) -> Connection {
        use nusb::Speed;
        Connection::Usb(self.info.speed().and_then(|speed| match speed {
            Speed::Low => Some(1_500_000),
            Speed::Full => Some(12_000_000),
            Speed::High => Some(480_000_000),
            Speed::Super => Some(5_000_000_000),
            Speed::SuperPlus => Some(10_000_000_000),
            _ => None,
        }))
    }

    /// Claims the phone's port and greets it.
    pub(super) async fn open(self) -> Result<UsbPhone, DeviceError> {
        let opening = UsbDevice::new(AnyDeviceInfo::Nusb(self.info), 1);
        let device = match timeout(GREETING, opening).await {
            Err(_) => return Err(DeviceError::TimedOut),
            Ok(Err(error)) => return Err(open_error(&error)),
            Ok(Ok(device)) => device,
        };
        let (gone_tx, gone) = crossfire::mpsc::bounded_async(1);
        device.set_disconnected_tx(gone_tx);
        let router = Arc::clone(&device.router);
        // Pulled out: close every stream, so that readers fail at once instead of waiting for ever.
        tokio::spawn(async move {
            if gone.recv().await.is_ok() {
                router.clear();
            }
        });
        Ok(UsbPhone { provider: RusbmuxProvider::new(device, LABEL.to_owned()) })
    }
}

fn open_error(error: &rusbmux::error::RusbmuxError) -> DeviceError {
    let text = error.to_string();
    let lower = text.to_lowercase();
    if lower.contains("permission denied") || lower.contains("access") {
        DeviceError::UsbPermission
    } else {
        DeviceError::Usb(text)
    }
}

impl UsbPhone {
    /// Connects to a port of the phone.
    pub(super) async fn connect_port(&self, port: u16) -> Result<Idevice, DeviceError> {
        match timeout(GREETING, self.provider.connect(port)).await {
            Err(_) => Err(DeviceError::TimedOut),
            Ok(result) => result.map_err(DeviceError::from_idevice),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keyboards_are_no_phones() {
        assert!(is_phone(APPLE, 0x12a8));
        assert!(!is_phone(APPLE, 0x024f));
        assert!(!is_phone(0x1234, 0x12a8));
    }
}
