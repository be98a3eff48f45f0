//! Version 1 replies and events.

use plist::{Dictionary, Value};

use super::{PROTOCOL, Packet};
use crate::DecodeError;
use crate::dict::{DictError, DictExt};

/// The number in a `Result`. Source: facts/protocols.md section 1.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ResultCode {
    /// 0
    Ok,
    /// 1: not understood, or not now.
    BadCommand,
    /// 2: no such device. Also what "no pair record" (`ENOENT`) looks like.
    BadDevice,
    /// 3: nothing listens on that port of the device.
    ConnectionRefused,
    /// 6: a packet version that is not spoken here.
    BadVersion,
    /// 22 (`EINVAL`): an unusable pair record id.
    InvalidArgument,
    /// Any other number.
    Other(u32),
}

impl ResultCode {
    /// The number on the wire.
    #[must_use]
    pub const fn to_wire(self) -> u32 {
        match self {
            Self::Ok => 0,
            Self::BadCommand => 1,
            Self::BadDevice => 2,
            Self::ConnectionRefused => 3,
            Self::BadVersion => 6,
            Self::InvalidArgument => 22,
            Self::Other(n) => n,
        }
    }

    /// The meaning of a number on the wire.
    #[must_use]
    pub const fn from_wire(n: u32) -> Self {
        match n {
            0 => Self::Ok,
            1 => Self::BadCommand,
            2 => Self::BadDevice,
            3 => Self::ConnectionRefused,
            6 => Self::BadVersion,
            22 => Self::InvalidArgument,
            n => Self::Other(n),
        }
    }
}

/// A device as `usbmuxd` describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attached {
    /// Number of this plugging-in; larger than 0. A phone that comes back gets another one.
    pub device_id: u32,
    /// The udid: 8 hex digits, a dash and 16 digits, or 40 digits on phones before 2018.
    pub udid: String,
    /// `USB` or `Network`.
    pub connection_type: String,
    /// Speed of the USB link in bit/s, if told.
    pub speed_bits_per_second: Option<u64>,
    /// USB product id, if told.
    pub product_id: Option<u16>,
    /// Bus and address, if told.
    pub location_id: Option<u32>,
}

impl Attached {
    fn from_dict(dict: &Dictionary) -> Result<Self, DictError> {
        let properties = dict.dict("Properties")?;
        let id = match properties.opt_uint("DeviceID")? {
            Some(id) => id,
            None => dict.uint("DeviceID")?,
        };
        // What is only nice to know must not hide a phone when it is odd.
        let optional = |key| properties.opt_uint(key).unwrap_or_default();
        Ok(Self {
            // 0 is no device: libusbmuxd ends its lists with it.
            device_id: u32::try_from(id).ok().filter(|id| *id > 0).ok_or(DictError::Wrong("DeviceID"))?,
            udid: properties.text("SerialNumber")?,
            connection_type: properties.text("ConnectionType")?,
            speed_bits_per_second: optional("ConnectionSpeed"),
            product_id: optional("ProductID").and_then(|n| u16::try_from(n).ok()),
            location_id: optional("LocationID").and_then(|n| u32::try_from(n).ok()),
        })
    }

    fn to_dict(&self) -> Dictionary {
        let mut properties = Dictionary::new();
        if let Some(speed) = self.speed_bits_per_second {
            properties.insert("ConnectionSpeed".into(), speed.into());
        }
        properties.insert("ConnectionType".into(), self.connection_type.clone().into());
        properties.insert("DeviceID".into(), u64::from(self.device_id).into());
        if let Some(location) = self.location_id {
            properties.insert("LocationID".into(), u64::from(location).into());
        }
        if let Some(product) = self.product_id {
            properties.insert("ProductID".into(), u64::from(product).into());
        }
        properties.insert("SerialNumber".into(), self.udid.clone().into());
        let mut dict = Dictionary::new();
        dict.insert("DeviceID".into(), u64::from(self.device_id).into());
        dict.insert("MessageType".into(), "Attached".into());
        dict.insert("Properties".into(), Value::Dictionary(properties));
        dict
    }
}

/// What a listener hears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A device is there.
    Attached(Attached),
    /// A device is gone.
    Detached {
        /// Which one.
        device_id: u32,
    },
    /// A pairing with a device was stored.
    Paired {
        /// Which one.
        device_id: u32,
    },
}

/// An answer of the daemon. Which one fits follows from the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// Outcome as a number.
    Result(ResultCode),
    /// Answer to `ListDevices`. Devices that make no sense are left out: one odd neighbour on the bus
    /// must not hide the phone that is meant.
    DeviceList(Vec<Attached>),
    /// Answer to `ReadBUID`.
    Buid(String),
    /// Answer to `ReadPairRecord`: a property list.
    PairRecord(Vec<u8>),
    /// Answer to `ListListeners`: their names.
    ListenerList(Vec<String>),
    /// An event, on a connection that listens.
    Event(Event),
}

impl Reply {
    /// Reads a reply or event from its dictionary.
    ///
    /// # Errors
    /// [`DecodeError::Shape`] if it is none that is known.
    pub fn from_dict(dict: &Dictionary) -> Result<Self, DecodeError> {
        Self::parse(dict)
            .map_err(|error| DecodeError::Shape { protocol: PROTOCOL, reason: error.to_string() })
    }

    fn parse(dict: &Dictionary) -> Result<Self, DictError> {
        let device_id = || u32::try_from(dict.uint("DeviceID")?).map_err(|_| DictError::Wrong("DeviceID"));
        if let Some(list) = dict.get("DeviceList") {
            let list = list.as_array().ok_or(DictError::Wrong("DeviceList"))?;
            let devices = list.iter().filter_map(Value::as_dictionary).map(Attached::from_dict);
            return Ok(Self::DeviceList(devices.filter_map(Result::ok).collect()));
        }
        if let Some(buid) = dict.opt_text("BUID")? {
            return Ok(Self::Buid(buid));
        }
        if let Some(record) = dict.opt_data("PairRecordData")? {
            return Ok(Self::PairRecord(record));
        }
        if let Some(list) = dict.get("ListenerList") {
            let list = list.as_array().ok_or(DictError::Wrong("ListenerList"))?;
            let names = list.iter().filter_map(Value::as_dictionary).filter_map(|d| d.text("ProgName").ok());
            return Ok(Self::ListenerList(names.collect()));
        }
        match dict.text("MessageType")?.as_str() {
            "Result" => {
                let number = u32::try_from(dict.uint("Number")?).map_err(|_| DictError::Wrong("Number"))?;
                Ok(Self::Result(ResultCode::from_wire(number)))
            }
            "Attached" => Ok(Self::Event(Event::Attached(Attached::from_dict(dict)?))),
            "Detached" => Ok(Self::Event(Event::Detached { device_id: device_id()? })),
            "Paired" => Ok(Self::Event(Event::Paired { device_id: device_id()? })),
            _ => Err(DictError::Wrong("MessageType")),
        }
    }

    /// Writes the reply as a dictionary.
    #[must_use]
    pub fn to_dict(&self) -> Dictionary {
        let mut dict = Dictionary::new();
        match self {
            Self::Result(code) => {
                dict.insert("MessageType".into(), "Result".into());
                dict.insert("Number".into(), u64::from(code.to_wire()).into());
            }
            Self::DeviceList(devices) => {
                let list = devices.iter().map(|d| Value::Dictionary(d.to_dict())).collect();
                dict.insert("DeviceList".into(), Value::Array(list));
            }
            Self::Buid(buid) => {
                dict.insert("BUID".into(), buid.clone().into());
            }
            Self::PairRecord(record) => {
                dict.insert("PairRecordData".into(), Value::Data(record.clone()));
            }
            Self::ListenerList(names) => {
                let list = names.iter().enumerate().map(|(n, name)| {
                    let mut entry = Dictionary::new();
                    entry.insert("Blacklisted".into(), false.into());
                    entry.insert("ConnType".into(), 0u64.into());
                    entry.insert("ID String".into(), format!("{n}-{name}").into());
                    entry.insert("ProgName".into(), name.clone().into());
                    entry.insert("kLibUSBMuxVersion".into(), 3u64.into());
                    Value::Dictionary(entry)
                });
                dict.insert("ListenerList".into(), Value::Array(list.collect()));
            }
            Self::Event(Event::Attached(device)) => return device.to_dict(),
            Self::Event(Event::Detached { device_id }) => {
                dict.insert("MessageType".into(), "Detached".into());
                dict.insert("DeviceID".into(), u64::from(*device_id).into());
            }
            Self::Event(Event::Paired { device_id }) => {
                dict.insert("MessageType".into(), "Paired".into());
                dict.insert("DeviceID".into(), u64::from(*device_id).into());
            }
        }
        dict
    }

    /// The whole version 1 packet, to be sent in one write. Events carry tag 0.
    #[must_use]
    pub fn encode(&self, tag: u32) -> Vec<u8> {
        Packet::encode_plist(&self.to_dict(), tag)
    }
}
