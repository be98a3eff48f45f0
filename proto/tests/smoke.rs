//! The fuzz targets on a few thousand inputs that are the same on every run: noise, genuine messages, and
//! genuine messages with damage.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a helper that stops the test is what is wanted"
)]

mod common;
mod targets;

use common::Dice;
use iexport_proto::afc::{self, DeviceInfo, FileInfo, FileKind, OpenMode, SeekFrom, Status};
use iexport_proto::installation_proxy::{self, AppInfo, AppKind, Batch};
use iexport_proto::usbmux::{self, Attached, BinaryReply, BinaryRequest, Event, ResultCode};
use iexport_proto::{house_arrest, lockdown};
use plist::{Dictionary, Value};

/// Damaged copies of each genuine message, and pieces of noise, for each target.
const ROUNDS: usize = 150;

/// Genuine messages of all protocols. Each target gets all of them: what is nonsense to it must be refused.
fn genuine() -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    let mut lists = Vec::new();
    let udid = || "00008110-001A2B3C4D5E6F70".to_owned();
    for request in [
        usbmux::Request::ListDevices,
        usbmux::Request::Connect { device_id: Some(3), port: Some(62078) },
        usbmux::Request::SavePairRecord { udid: udid(), record: vec![0xfe; 30], device_id: Some(3) },
        usbmux::Request::Other("Fly".to_owned()),
    ] {
        lists.push(request.to_dict("smoke"));
    }
    let device = Attached {
        device_id: 3,
        udid: udid(),
        connection_type: "USB".to_owned(),
        speed_bits_per_second: Some(480_000_000),
        product_id: Some(4776),
        location_id: Some(65540),
    };
    for reply in [
        usbmux::Reply::Result(ResultCode::BadDevice),
        usbmux::Reply::DeviceList(vec![device.clone(), device.clone()]),
        usbmux::Reply::PairRecord(vec![1; 50]),
        usbmux::Reply::ListenerList(vec!["a".to_owned()]),
        usbmux::Reply::Event(Event::Attached(device)),
        usbmux::Reply::Event(Event::Detached { device_id: 3 }),
    ] {
        lists.push(reply.to_dict());
    }
    for request in [
        lockdown::Request::GetValue { domain: Some("com.apple.disk_usage".to_owned()), key: None },
        lockdown::Request::Pair(Box::default()),
        lockdown::Request::StartService {
            service: "com.apple.afc".to_owned(),
            escrow_bag: Some(vec![9; 32]),
        },
        lockdown::Request::SetValue {
            domain: None,
            key: "k".to_owned(),
            value: Value::Array(vec![
                Value::Real(0.5),
                Value::Date(std::time::UNIX_EPOCH.into()),
                Value::Boolean(true),
                Value::Dictionary(Dictionary::new()),
                Value::from(-5),
            ]),
        },
    ] {
        lists.push(request.to_dict("smoke"));
    }
    let app = AppInfo { bundle_id: "com.example.app".to_owned(), file_sharing: true, ..AppInfo::default() };
    let options = installation_proxy::Options {
        kind: Some(AppKind::User),
        bundle_ids: Some(vec![app.bundle_id.clone()]),
        attributes: Some(AppInfo::ATTRIBUTES.map(str::to_owned).to_vec()),
    };
    lists.push(installation_proxy::Request::Lookup(options).to_dict());
    let found = Value::Dictionary(app.to_dict());
    for reply in [
        installation_proxy::Reply::Batch(Batch::new(0, 1, [app.to_dict()])),
        installation_proxy::Reply::Found([(app.bundle_id.clone(), found)].into_iter().collect()),
        installation_proxy::Reply::Complete,
        installation_proxy::Reply::Error { name: "APIInternalError".to_owned(), description: None },
    ] {
        lists.push(reply.into_dict());
    }
    let vend = house_arrest::Request::Vend { what: house_arrest::Vend::Documents, bundle_id: app.bundle_id };
    lists.push(vend.to_dict());
    for dict in lists {
        let frame = lockdown::encode(&dict);
        let mut binary = Vec::new();
        Value::Dictionary(dict.clone()).to_writer_binary(&mut binary).unwrap();
        all.push([&u32::try_from(binary.len()).unwrap().to_be_bytes()[..], &binary].concat());
        all.push(binary);
        all.push(frame[lockdown::PREFIX_LEN..].to_vec());
        all.push(frame);
        all.push(usbmux::Packet::encode_plist(&dict, 5));
    }
    all.push(BinaryRequest::Connect { device_id: 3, port: 62078 }.encode(1));
    all.push(BinaryReply::Attached { device_id: 3, product_id: 1, serial: udid(), location: 5 }.encode(0));
    let path = || b"/DCIM/100APPLE/IMG_0001.MOV".to_vec();
    for request in [
        afc::Request::ReadDir { path: path() },
        afc::Request::FileOpen { mode: OpenMode::Read, path: path() },
        afc::Request::FileSeek { handle: 1, from: SeekFrom::Start, offset: -1 },
        afc::Request::FileWrite { handle: 1, data: b"hello".to_vec() },
        afc::Request::RenamePath { from: path(), to: path() },
        afc::Request::MakeLink { kind: 2, target: path(), link: path() },
    ] {
        all.push(request.to_packet(1).encode());
    }
    let info = FileInfo {
        kind: FileKind::Link,
        size_bytes: 5,
        blocks: 8,
        links: 1,
        modified_nanoseconds: 1_700_000_000_000_000_000,
        created_nanoseconds: 1_600_000_000_000_000_000,
        link_target: Some(path()),
    };
    let device =
        DeviceInfo { model: "iPhone16,1".to_owned(), total_bytes: 9, free_bytes: 8, block_size: 4096 };
    for reply in [
        afc::Reply::Status(Status::ObjectNotFound),
        afc::Reply::Opened(1),
        afc::Reply::Data(info.encode()),
        afc::Reply::Data(device.encode()),
    ] {
        all.push(reply.into_packet(1).encode());
    }
    all.push(info.encode());
    all.push(device.encode());
    all
}

/// One to four small injuries: bytes changed, to an extreme for choice, taken out, doubled, or cut off.
fn damage(dice: &mut Dice, message: &[u8], other: &[u8]) -> Vec<u8> {
    let mut bytes = message.to_vec();
    for _ in 0..=dice.below(4) {
        if bytes.is_empty() {
            break;
        }
        let at = dice.below(bytes.len());
        let end = at + dice.below(bytes.len() - at + 1);
        match dice.below(7) {
            0 => bytes[at] = dice.bytes(1)[0],
            1 => bytes[at] = [0, 1, 0x7f, 0x80, 0xff, b'<', b'/'][dice.below(7)],
            2 => bytes[at] ^= 1 << dice.below(8),
            3 => drop(bytes.drain(at..end)),
            4 => {
                let piece = bytes[at..end].to_vec();
                bytes.splice(at..at, piece);
            }
            5 => bytes.truncate(at),
            _ => {
                let from = dice.below(other.len());
                bytes.splice(at..end, other[from..].iter().copied());
            }
        }
    }
    bytes
}

#[test]
fn genuine_messages() {
    for message in genuine() {
        for (_, target) in targets::ALL {
            target(&message);
        }
    }
}

#[test]
fn damaged_messages() {
    let genuine = genuine();
    let mut dice = Dice::new(3);
    for message in &genuine {
        for _ in 0..ROUNDS {
            let other = &genuine[dice.below(genuine.len())];
            let bytes = damage(&mut dice, message, other);
            for (_, target) in targets::ALL {
                target(&bytes);
            }
        }
    }
}

#[test]
fn noise() {
    let mut dice = Dice::new(4);
    let starts: [&[u8]; 6] =
        [b"", afc::MAGIC, b"bplist00", b"<plist><dict>", b"\0\0\0\x20bplist00", b"\0\0\0\x80<dict><key>"];
    for round in 0..ROUNDS * 40 {
        let length = dice.below(300);
        let bytes = [starts[round % starts.len()], &dice.bytes(length)].concat();
        for (_, target) in targets::ALL {
            target(&bytes);
        }
    }
}
