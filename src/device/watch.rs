//! Phones that come and go.

use std::collections::{BTreeMap, VecDeque};

use iexport_proto::usbmux::Event;

use super::bus::link_of;
use super::mux::{Conversation, MuxClient};
use super::usb::{self, UsbWatch};
use super::{Access, DeviceError, PhoneInfo};

/// A phone came or went.
#[derive(Debug)]
pub enum BusEvent {
    /// It is there.
    Came(Box<PhoneInfo>),
    /// It is gone.
    Went(Box<PhoneInfo>),
}

/// A subscription to phones that come and go. Those that are there already come first.
pub struct PhoneWatch {
    /// The phones that were announced, by a number that is theirs while they are plugged in.
    present: BTreeMap<u32, PhoneInfo>,
    way: Way,
}

enum Way {
    /// The daemon tells.
    Mux { client: MuxClient, events: Conversation },
    /// The bus tells that something changed; what, is found out by looking. Found and not told yet: `waiting`.
    Usb { watch: UsbWatch, waiting: VecDeque<BusEvent> },
}

impl PhoneWatch {
    /// Through a daemon.
    pub(super) async fn through(client: &MuxClient) -> Result<Self, DeviceError> {
        let way = Way::Mux { client: client.clone(), events: client.listen().await? };
        Ok(Self { present: BTreeMap::new(), way })
    }

    /// On the bare port.
    pub(super) fn of_usb() -> Result<Self, DeviceError> {
        let way = Way::Usb { watch: UsbWatch::start()?, waiting: VecDeque::new() };
        Ok(Self { present: BTreeMap::new(), way })
    }

    /// Waits for the next event.
    ///
    /// # Errors
    /// If the daemon goes away or the bus cannot be listed any more.
    pub async fn next(&mut self) -> Result<BusEvent, DeviceError> {
        let present = &mut self.present;
        match &mut self.way {
            Way::Mux { client, events } => loop {
                match events.next_event().await? {
                    Event::Attached(device) => {
                        let info = PhoneInfo::of(&link_of(client, &device)).await;
                        present.insert(device.device_id, info.clone());
                        return Ok(BusEvent::Came(Box::new(info)));
                    }
                    Event::Detached { device_id } => {
                        if let Some(info) = present.remove(&device_id) {
                            return Ok(BusEvent::Went(Box::new(info)));
                        }
                    }
                    Event::Paired { .. } => {}
                }
            },
            Way::Usb { watch, waiting } => loop {
                if let Some(event) = waiting.pop_front() {
                    return Ok(event);
                }
                // Only looked at, not opened: watching must not take the port from anybody.
                let seen = usb::list().await?.iter().filter_map(seen_info).collect();
                waiting.extend(compare(present, seen));
                if waiting.is_empty() {
                    watch.changed().await;
                }
            },
        }
    }
}

/// What differs between the phones that were there and those that are; brings `present` up to date.
fn compare(present: &mut BTreeMap<u32, PhoneInfo>, seen: Vec<PhoneInfo>) -> Vec<BusEvent> {
    let is_seen = |old: &PhoneInfo| seen.iter().any(|new| new.udid == old.udid);
    let gone: Vec<u32> = present.iter().filter(|(_, old)| !is_seen(old)).map(|(key, _)| *key).collect();
    let mut events: Vec<BusEvent> = gone
        .iter()
        .filter_map(|key| present.remove(key))
        .map(|info| BusEvent::Went(Box::new(info)))
        .collect();
    for info in seen {
        if !present.values().any(|old| old.udid == info.udid) {
            let key = present.keys().max().copied().unwrap_or(0) + 1;
            present.insert(key, info.clone());
            events.push(BusEvent::Came(Box::new(info)));
        }
    }
    events
}

fn seen_info(seen: &usb::SeenPhone) -> Option<PhoneInfo> {
    Some(PhoneInfo {
        udid: seen.udid()?,
        name: "iPhone".into(),
        product_type: String::new(),
        ios: String::new(),
        connection: seen.connection(),
        access: Access::Unknown,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::{Connection, Udid};

    fn phone(udid: &str) -> PhoneInfo {
        PhoneInfo {
            udid: Udid::new(udid),
            name: String::new(),
            product_type: String::new(),
            ios: String::new(),
            connection: Connection::Usb(None),
            access: Access::Unknown,
        }
    }

    #[test]
    fn only_what_changed_is_told() {
        let mut present = BTreeMap::new();
        let words = |events: Vec<BusEvent>| -> Vec<String> {
            let word = |event: &BusEvent| match event {
                BusEvent::Came(phone) => format!("+{}", phone.udid),
                BusEvent::Went(phone) => format!("-{}", phone.udid),
            };
            events.iter().map(word).collect()
        };
        assert_eq!(words(compare(&mut present, vec![phone("a"), phone("b")])), ["+a", "+b"]);
        assert_eq!(words(compare(&mut present, vec![phone("a"), phone("b")])), [""; 0]);
        assert_eq!(words(compare(&mut present, vec![phone("b"), phone("c")])), ["-a", "+c"]);
        assert_eq!(words(compare(&mut present, vec![])), ["-b", "-c"]);
    }
}
