//! Version 0: fixed structures, still asked for by old clients.

use super::{HEADER_LEN, MessageKind, Packet, ResultCode, Version};
use crate::wire;

/// A version 0 request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryRequest {
    /// Subscribe to events.
    Listen,
    /// Connect to a port of a device.
    Connect {
        /// Which device.
        device_id: u32,
        /// Which port, in host order.
        port: u16,
    },
}

impl BinaryRequest {
    /// Reads a request; `None` for anything that is no version 0 request.
    #[must_use]
    pub fn from_packet(packet: &Packet) -> Option<Self> {
        match packet.header.kind {
            MessageKind::Listen => Some(Self::Listen),
            MessageKind::Connect => {
                let device_id = wire::le32(&packet.payload, 0)?;
                let port = packet.payload.get(4..6)?.try_into().ok().map(u16::from_be_bytes)?;
                Some(Self::Connect { device_id, port })
            }
            _ => None,
        }
    }

    /// The whole packet.
    #[must_use]
    pub fn encode(&self, tag: u32) -> Vec<u8> {
        match self {
            Self::Listen => Packet::encode(Version::Binary, MessageKind::Listen, tag, &[]),
            Self::Connect { device_id, port } => {
                let mut payload = Vec::with_capacity(8);
                payload.extend_from_slice(&device_id.to_le_bytes());
                payload.extend_from_slice(&port.to_be_bytes());
                payload.extend_from_slice(&[0, 0]);
                Packet::encode(Version::Binary, MessageKind::Connect, tag, &payload)
            }
        }
    }
}

/// A version 0 answer or event, as an old client reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BinaryReply {
    /// Outcome of a request.
    Result(ResultCode),
    /// A device is there.
    Attached {
        /// Number of this plugging-in.
        device_id: u32,
        /// USB product id.
        product_id: u16,
        /// The udid; at most 255 bytes fit.
        serial: String,
        /// Bus and address.
        location: u32,
    },
    /// A device is gone.
    Detached {
        /// Which one.
        device_id: u32,
    },
}

/// Room for the serial number of a device, with the NUL behind it.
const SERIAL_LEN: usize = 256;

impl BinaryReply {
    /// Reads an answer; `None` for anything that is none.
    #[must_use]
    pub fn from_packet(packet: &Packet) -> Option<Self> {
        let payload = packet.payload.as_slice();
        let number = wire::le32(payload, 0)?;
        match packet.header.kind {
            MessageKind::Result => Some(Self::Result(ResultCode::from_wire(number))),
            MessageKind::Attached => Some(Self::Attached {
                device_id: number,
                product_id: payload.get(4..6)?.try_into().ok().map(u16::from_le_bytes)?,
                serial: String::from_utf8_lossy(wire::until_nul(payload.get(6..6 + SERIAL_LEN)?))
                    .into_owned(),
                location: wire::le32(payload, 8 + SERIAL_LEN)?,
            }),
            MessageKind::Detached => Some(Self::Detached { device_id: number }),
            _ => None,
        }
    }

    /// The whole packet. Events carry tag 0.
    #[must_use]
    pub fn encode(&self, tag: u32) -> Vec<u8> {
        match self {
            Self::Result(code) => binary_result(*code, tag),
            Self::Attached { device_id, product_id, serial, location } => {
                binary_attached(*device_id, *product_id, serial, *location)
            }
            Self::Detached { device_id } => binary_detached(*device_id),
        }
    }
}

/// The packet that answers a version 0 request.
#[must_use]
pub fn binary_result(code: ResultCode, tag: u32) -> Vec<u8> {
    Packet::encode(Version::Binary, MessageKind::Result, tag, &code.to_wire().to_le_bytes())
}

/// The packet that announces a device to a version 0 listener.
///
/// `serial` is cut to the 255 bytes that the structure has room for.
#[must_use]
pub fn binary_attached(device_id: u32, product_id: u16, serial: &str, location: u32) -> Vec<u8> {
    let mut payload = Vec::with_capacity(HEADER_LEN + SERIAL_LEN);
    payload.extend_from_slice(&device_id.to_le_bytes());
    payload.extend_from_slice(&product_id.to_le_bytes());
    let mut name: Vec<u8> = serial.bytes().take(SERIAL_LEN - 1).collect();
    name.resize(SERIAL_LEN, 0);
    payload.extend_from_slice(&name);
    payload.extend_from_slice(&[0, 0]);
    payload.extend_from_slice(&location.to_le_bytes());
    Packet::encode(Version::Binary, MessageKind::Attached, 0, &payload)
}

/// The packet that tells a version 0 listener that a device is gone.
#[must_use]
pub fn binary_detached(device_id: u32) -> Vec<u8> {
    Packet::encode(Version::Binary, MessageKind::Detached, 0, &device_id.to_le_bytes())
}
