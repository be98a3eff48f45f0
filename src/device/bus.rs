//! Where phones are looked for.

use std::collections::BTreeMap;
use std::sync::Arc;

use iexport_proto::usbmux::Attached;

use super::link::Carrier;
use super::mux::MuxClient;
use super::records::RecordStore;
use super::usb;
use super::watch::PhoneWatch;
use super::{Connection, DeviceError, MuxAddress, PhoneInfo, PhoneLink, Udid};

/// Which phone is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// The only one.
    TheOnlyOne,
    /// The one with this name or udid.
    Called(String),
}

/// Which of the two ways is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BusKind {
    /// A daemon at this address.
    Mux(MuxAddress),
    /// The bare USB port.
    Usb,
}

/// Where phones are looked for.
#[derive(Debug, Clone)]
pub struct Bus {
    way: Way,
}

#[derive(Debug, Clone)]
enum Way {
    Mux(MuxAddress, MuxClient),
    Usb,
}

impl Bus {
    /// The daemon at `address`, and no other way.
    #[must_use]
    pub fn at(address: MuxAddress) -> Self {
        Self { way: Way::Mux(address.clone(), MuxClient::new(address)) }
    }

    /// Decides where to look: where `named` says; else the platform's daemon, if one answers; else the bare
    /// USB port.
    ///
    /// # Errors
    /// [`DeviceError::MuxUnreachable`] if a daemon was named and does not answer;
    /// [`DeviceError::SocketPermission`] if there is one that this user may not talk to.
    pub async fn find(named: Option<MuxAddress>) -> Result<Self, DeviceError> {
        if let Some(address) = named {
            let bus = Self::at(address);
            bus.links().await?;
            return Ok(bus);
        }
        let bus = Self::at(MuxAddress::platform_default());
        match bus.links().await {
            Ok(_) => Ok(bus),
            Err(DeviceError::MuxUnreachable { address, reason }) => {
                tracing::debug!(%address, reason, "no usbmuxd, using the USB port directly");
                Ok(Self { way: Way::Usb })
            }
            Err(error) => Err(error),
        }
    }

    /// Which way is used.
    #[must_use]
    pub fn kind(&self) -> BusKind {
        match &self.way {
            Way::Mux(address, _) => BusKind::Mux(address.clone()),
            Way::Usb => BusKind::Usb,
        }
    }

    /// The phones that are there now. On the bare port, they are claimed as long as the links live.
    ///
    /// # Errors
    /// If the daemon or the port cannot be used.
    pub async fn links(&self) -> Result<Vec<PhoneLink>, DeviceError> {
        match &self.way {
            Way::Mux(_, client) => Ok(best_links(client, client.list().await?)),
            Way::Usb => {
                let records = RecordStore::of_user()?;
                let (mut links, mut first_error) = (Vec::new(), None);
                for seen in usb::list().await? {
                    let Some(udid) = seen.udid() else { continue };
                    let connection = seen.connection();
                    match seen.open().await {
                        Ok(phone) => {
                            let carrier = Carrier::Usb { phone: Arc::new(phone), records: records.clone() };
                            links.push(PhoneLink { udid, connection, carrier });
                        }
                        // One phone that cannot be opened must not stand in the way of another.
                        Err(error) => {
                            tracing::warn!(%error, "a phone on the USB port cannot be opened");
                            first_error = first_error.or(Some(error));
                        }
                    }
                }
                match first_error {
                    Some(error) if links.is_empty() => Err(error),
                    _ => Ok(links),
                }
            }
        }
    }

    /// The phones that are there now, with what is known of them.
    ///
    /// # Errors
    /// If the daemon or the port cannot be used.
    pub async fn phones(&self) -> Result<Vec<PhoneInfo>, DeviceError> {
        Ok(describe(&self.links().await?).await)
    }

    /// The phone that is meant, with what is known of it.
    ///
    /// # Errors
    /// [`DeviceError::NoPhone`], [`DeviceError::SeveralPhones`], [`DeviceError::NoSuchPhone`].
    pub async fn choose(&self, wanted: &Wanted) -> Result<(PhoneLink, PhoneInfo), DeviceError> {
        let links = self.links().await?;
        let infos = describe(&links).await;
        let mut both: Vec<_> = links.into_iter().zip(infos).collect();
        match wanted {
            Wanted::TheOnlyOne => match both.len() {
                0 => Err(DeviceError::NoPhone),
                1 => both.pop().ok_or(DeviceError::NoPhone),
                _ => Err(DeviceError::SeveralPhones(both.into_iter().map(|(_, info)| info).collect())),
            },
            Wanted::Called(text) => {
                let mut hits: Vec<usize> = Vec::new();
                for (n, (link, info)) in both.iter().enumerate() {
                    if link.udid().matches(text) || info.name.to_lowercase() == text.to_lowercase() {
                        hits.push(n);
                    }
                }
                match hits.as_slice() {
                    [] if both.is_empty() => Err(DeviceError::NoPhone),
                    [] => Err(DeviceError::NoSuchPhone {
                        wanted: text.clone(),
                        present: both.into_iter().map(|(_, info)| info).collect(),
                    }),
                    [one] => Ok(both.swap_remove(*one)),
                    several => {
                        let named = several.iter().filter_map(|n| both.get(*n)).map(|(_, i)| i.clone());
                        Err(DeviceError::SeveralPhones(named.collect()))
                    }
                }
            }
        }
    }

    /// Subscribes to phones that come and go.
    ///
    /// # Errors
    /// If the daemon or the bus cannot be listened to.
    pub async fn watch(&self) -> Result<PhoneWatch, DeviceError> {
        match &self.way {
            Way::Mux(_, client) => PhoneWatch::through(client).await,
            Way::Usb => PhoneWatch::of_usb(),
        }
    }
}

/// Asks all phones at once.
async fn describe(links: &[PhoneLink]) -> Vec<PhoneInfo> {
    let tasks: Vec<_> =
        links.iter().cloned().map(|link| tokio::spawn(async move { PhoneInfo::of(&link).await })).collect();
    let mut infos = Vec::new();
    for (task, link) in tasks.into_iter().zip(links) {
        infos.push(match task.await {
            Ok(info) => info,
            // The task cannot fail by itself; a phone that makes it fail is still listed.
            Err(_) => PhoneInfo {
                udid: link.udid().clone(),
                name: "iPhone".into(),
                product_type: String::new(),
                ios: String::new(),
                connection: link.connection(),
                access: super::Access::Unknown,
            },
        });
    }
    infos
}

/// How a device that the daemon knows is reached.
pub(super) fn link_of(client: &MuxClient, device: &Attached) -> PhoneLink {
    let connection = match device.connection_type.as_str() {
        "Network" => Connection::Network,
        _ => Connection::Usb(device.speed_bits_per_second),
    };
    PhoneLink {
        udid: Udid::new(device.udid.clone()),
        connection,
        carrier: Carrier::Mux { client: client.clone(), device_id: device.device_id },
    }
}

/// One link per phone: a phone that is seen over cable and Wi-Fi is used over the cable.
fn best_links(client: &MuxClient, devices: Vec<Attached>) -> Vec<PhoneLink> {
    let mut by_udid: BTreeMap<Udid, PhoneLink> = BTreeMap::new();
    for device in &devices {
        let link = link_of(client, device);
        let keep_old = by_udid.get(link.udid()).is_some_and(|old| old.connection != Connection::Network);
        if !keep_old {
            by_udid.insert(link.udid().clone(), link);
        }
    }
    by_udid.into_values().collect()
}
