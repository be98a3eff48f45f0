//! Version 1 requests.

use plist::{Dictionary, Value};

use super::{PROTOCOL, Packet, port_from_wire, port_to_wire};
use crate::DecodeError;
use crate::dict::{DictError, DictExt};

/// What a client asks of `usbmuxd`. Source: facts/protocols.md section 1.4.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Which devices are there?
    ListDevices,
    /// Tell me about devices that come and go; nothing else may be asked on this connection any more.
    Listen,
    /// Become a byte stream to a port of a device.
    Connect {
        /// Which device; `None` if the client forgot it (answered with `BadDevice`).
        device_id: Option<u32>,
        /// Which port, in host order; `None` if the client forgot it (answered with `BadCommand`).
        port: Option<u16>,
    },
    /// The identity of this computer.
    ReadBuid,
    /// The pairing with a device.
    ReadPairRecord {
        /// The device's udid.
        udid: String,
    },
    /// Store a pairing.
    SavePairRecord {
        /// The device's udid.
        udid: String,
        /// A property list.
        record: Vec<u8>,
        /// If given, listeners hear of it.
        device_id: Option<u32>,
    },
    /// Forget a pairing.
    DeletePairRecord {
        /// The device's udid.
        udid: String,
    },
    /// Who else is listening?
    ListListeners,
    /// Something else, kept by name.
    Other(String),
}

impl Request {
    /// Reads a request from its dictionary.
    ///
    /// # Errors
    /// No `MessageType`, or a key of the wrong type.
    pub fn from_dict(dict: &Dictionary) -> Result<Self, DecodeError> {
        Self::parse(dict)
            .map_err(|error| DecodeError::Shape { protocol: PROTOCOL, reason: error.to_string() })
    }

    fn parse(dict: &Dictionary) -> Result<Self, DictError> {
        let device_id = || -> Result<Option<u32>, DictError> {
            match dict.opt_uint("DeviceID")? {
                None => Ok(None),
                Some(id) => u32::try_from(id).map(Some).map_err(|_| DictError::Wrong("DeviceID")),
            }
        };
        let name = dict.text("MessageType")?;
        Ok(match name.as_str() {
            "ListDevices" => Self::ListDevices,
            "Listen" => Self::Listen,
            "Connect" => Self::Connect {
                device_id: device_id()?,
                port: match dict.opt_uint("PortNumber")? {
                    None => None,
                    Some(wire) => {
                        Some(port_from_wire(u16::try_from(wire).map_err(|_| DictError::Wrong("PortNumber"))?))
                    }
                },
            },
            "ReadBUID" => Self::ReadBuid,
            "ReadPairRecord" => Self::ReadPairRecord { udid: dict.text("PairRecordID")? },
            "SavePairRecord" => Self::SavePairRecord {
                udid: dict.text("PairRecordID")?,
                record: dict.data("PairRecordData")?,
                device_id: device_id()?,
            },
            "DeletePairRecord" => Self::DeletePairRecord { udid: dict.text("PairRecordID")? },
            "ListListeners" => Self::ListListeners,
            _ => Self::Other(name),
        })
    }

    /// Writes the request as a dictionary that names `program` as the one who asks.
    #[must_use]
    pub fn to_dict(&self, program: &str) -> Dictionary {
        let mut dict = Dictionary::new();
        let name = match self {
            Self::ListDevices => "ListDevices",
            Self::Listen => "Listen",
            Self::Connect { device_id, port } => {
                if let Some(id) = device_id {
                    dict.insert("DeviceID".into(), u64::from(*id).into());
                }
                if let Some(port) = port {
                    dict.insert("PortNumber".into(), u64::from(port_to_wire(*port)).into());
                }
                "Connect"
            }
            Self::ReadBuid => "ReadBUID",
            Self::ReadPairRecord { udid } => {
                dict.insert("PairRecordID".into(), udid.clone().into());
                "ReadPairRecord"
            }
            Self::SavePairRecord { udid, record, device_id } => {
                dict.insert("PairRecordID".into(), udid.clone().into());
                dict.insert("PairRecordData".into(), Value::Data(record.clone()));
                if let Some(id) = device_id {
                    dict.insert("DeviceID".into(), u64::from(*id).into());
                }
                "SavePairRecord"
            }
            Self::DeletePairRecord { udid } => {
                dict.insert("PairRecordID".into(), udid.clone().into());
                "DeletePairRecord"
            }
            Self::ListListeners => "ListListeners",
            Self::Other(name) => name,
        };
        dict.insert("MessageType".into(), name.into());
        dict.insert("ClientVersionString".into(), program.into());
        dict.insert("ProgName".into(), program.into());
        dict.insert("kLibUSBMuxVersion".into(), 3u64.into());
        dict
    }

    /// The whole version 1 packet, to be sent in one write.
    #[must_use]
    pub fn encode(&self, program: &str, tag: u32) -> Vec<u8> {
        Packet::encode_plist(&self.to_dict(program), tag)
    }
}
