//! What is true of every input, for the fuzzer (`fuzz/`) and for the deterministic smoke test beside this folder.
//!
//! Each function takes any bytes, decodes them, and checks that what decodes can be written and read again as
//! the same. A broken promise is a panic.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a helper that stops the test is what is wanted"
)]

use iexport_proto::afc::{self, DeviceInfo, FileInfo, parse_names, parse_pairs, write_names};
use iexport_proto::installation_proxy::AppInfo;
use iexport_proto::usbmux::{self, BinaryReply, BinaryRequest, Packet};
use iexport_proto::{DecodeError, Decoded, house_arrest, installation_proxy, lockdown};
use plist::Dictionary;

/// A function that must hold for any bytes.
pub type Target = fn(&[u8]);

/// All of them, with the names they have as fuzz targets.
pub const ALL: &[(&str, Target)] = &[
    ("usbmux_packet", usbmux_packet),
    ("usbmux_messages", usbmux_messages),
    ("lockdown_frame", lockdown_frame),
    ("apps_messages", apps_messages),
    ("afc_packet", afc_packet),
    ("afc_info", afc_info),
];

/// The message, if there is one; what must hold of the rest holds.
fn message<T>(data: &[u8], decoded: Result<Decoded<T>, DecodeError>) -> Option<(T, usize)> {
    match decoded {
        Ok(Decoded::Message { value, used }) => {
            assert!(used <= data.len(), "uses {used} of {}", data.len());
            Some((value, used))
        }
        Ok(Decoded::Need(needed)) => {
            assert!(needed > data.len(), "needs {needed} and has {}", data.len());
            None
        }
        Err(error) => {
            assert!(!error.to_string().is_empty());
            None
        }
    }
}

/// The one message that our own writer made.
fn own<T>(bytes: &[u8], decoded: Result<Decoded<T>, DecodeError>) -> T {
    match message(bytes, decoded) {
        Some((value, used)) if used == bytes.len() => value,
        _ => panic!("cannot read what was written"),
    }
}

/// Compares by what is shown, because a number that is none does not equal itself.
fn assert_same<T: std::fmt::Debug>(left: &T, right: &T) {
    assert_eq!(format!("{left:?}"), format!("{right:?}"));
}

/// Framing of the socket protocol, and the binary structures of version 0.
pub fn usbmux_packet(data: &[u8]) {
    let Some((packet, used)) = message(data, Packet::decode(data, usbmux::MAX_CLIENT_PAYLOAD)) else {
        return;
    };
    let header = packet.header;
    assert_eq!(Packet::encode(header.version, header.kind, header.tag, &packet.payload), data[..used]);
    if let Some(request) = BinaryRequest::from_packet(&packet) {
        let bytes = request.encode(header.tag);
        let again = own(&bytes, Packet::decode(&bytes, usbmux::MAX_CLIENT_PAYLOAD));
        assert_eq!(BinaryRequest::from_packet(&again), Some(request));
    }
    if let Some(reply) = BinaryReply::from_packet(&packet) {
        // Text that is not UTF-8 may grow beyond its room when it is repaired; it is cut then.
        let bytes = reply.encode(header.tag);
        let again = own(&bytes, Packet::decode(&bytes, usbmux::MAX_CLIENT_PAYLOAD));
        assert!(BinaryReply::from_packet(&again).is_some());
    }
}

/// Payloads of the socket protocol: requests, replies and events.
pub fn usbmux_messages(data: &[u8]) {
    let bytes = Packet::encode(usbmux::Version::Plist, usbmux::MessageKind::Plist, 7, data);
    let Ok(dict) = own(&bytes, Packet::decode(&bytes, data.len())).dictionary() else { return };
    let again = |bytes: Vec<u8>| own(&bytes, Packet::decode(&bytes, usize::MAX)).dictionary();
    if let Ok(request) = usbmux::Request::from_dict(&dict) {
        assert_eq!(
            again(request.encode("fuzz", 1)).and_then(|d| usbmux::Request::from_dict(&d)),
            Ok(request)
        );
    }
    if let Ok(reply) = usbmux::Reply::from_dict(&dict) {
        assert_eq!(again(reply.encode(1)).and_then(|d| usbmux::Reply::from_dict(&d)), Ok(reply));
    }
}

/// Frames of lockdown and the small services, and lockdown's requests.
pub fn lockdown_frame(data: &[u8]) {
    let Some((dict, _)) = message(data, lockdown::decode(data, lockdown::MAX_PAYLOAD)) else { return };
    let again = |dict: &Dictionary| {
        let bytes = lockdown::encode(dict);
        own(&bytes, lockdown::decode(&bytes, usize::MAX))
    };
    assert_same(&again(&dict), &dict);
    if let Ok(request) = lockdown::Request::from_dict(&dict) {
        let request_again = lockdown::Request::from_dict(&again(&request.to_dict("fuzz")));
        assert_same(&request_again, &Ok(request));
    }
}

/// Frames of the two services about apps: requests, answers, and the apps in them.
pub fn apps_messages(data: &[u8]) {
    let Some((dict, _)) = message(data, lockdown::decode(data, lockdown::MAX_PAYLOAD)) else { return };
    let again = |dict: &Dictionary| {
        let bytes = lockdown::encode(dict);
        own(&bytes, lockdown::decode(&bytes, usize::MAX))
    };
    if let Ok(request) = installation_proxy::Request::from_dict(&dict) {
        assert_eq!(installation_proxy::Request::from_dict(&again(&request.to_dict())), Ok(request));
    }
    if let Ok(request) = house_arrest::Request::from_dict(&dict) {
        assert_eq!(house_arrest::Request::from_dict(&again(&request.to_dict())), Ok(request));
    }
    if let Ok(reply) = house_arrest::Reply::from_dict(&dict) {
        assert_eq!(house_arrest::Reply::from_dict(&again(&reply.to_dict())), Ok(reply));
    }
    let app_again = |dict: &Dictionary| {
        if let Ok(app) = AppInfo::from_dict(dict) {
            assert_eq!(AppInfo::from_dict(&again(&app.to_dict())), Ok(app));
        }
    };
    app_again(&dict);
    if let Ok(reply) = installation_proxy::Reply::from_dict(dict) {
        match &reply {
            installation_proxy::Reply::Batch(batch) => batch.apps().for_each(app_again),
            installation_proxy::Reply::Found(apps) => {
                apps.values().filter_map(plist::Value::as_dictionary).for_each(app_again);
            }
            _ => {}
        }
        let reply_again = installation_proxy::Reply::from_dict(again(&reply.clone().into_dict()));
        assert_same(&reply_again, &Ok(reply));
    }
}

/// Packets of AFC, requests and replies.
pub fn afc_packet(data: &[u8]) {
    let Some((packet, used)) = message(data, afc::Packet::decode(data, 1 << 20)) else { return };
    assert_eq!(packet.encode(), data[..used]);
    if let Ok(request) = afc::Request::from_packet(&packet) {
        assert_eq!(afc::Request::from_packet(&request.to_packet(packet.number)), Ok(request));
    }
    let number = packet.number;
    if let Ok(reply) = afc::Reply::from_packet(packet) {
        assert_eq!(afc::Reply::from_packet(reply.clone().into_packet(number)), Ok(reply));
    }
}

/// Text in AFC's replies: listings and pairs.
pub fn afc_info(data: &[u8]) {
    let names: Vec<&[u8]> = parse_names(data).collect();
    let written = write_names(names.iter().copied());
    assert_eq!(parse_names(&written).collect::<Vec<_>>(), names);

    let pairs: Vec<(&[u8], &[u8])> = parse_pairs(data).collect();
    let written = write_names(pairs.iter().flat_map(|(key, value)| [*key, *value]));
    assert_eq!(parse_pairs(&written).collect::<Vec<_>>(), pairs);

    if let Ok(info) = FileInfo::parse(data) {
        assert_eq!(FileInfo::parse(&info.encode()), Ok(info));
    }
    if let Ok(info) = DeviceInfo::parse(data) {
        assert_eq!(DeviceInfo::parse(&info.encode()), Ok(info));
    }
}
