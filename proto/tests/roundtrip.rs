//! What is written is read again as the same, for every kind of message.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a helper that stops the test is what is wanted"
)]

mod common;

use common::whole;
use iexport_proto::afc::{
    self, DeviceInfo, FileInfo, FileKind, OpenMode, Operation, ReadRequest, SeekFrom, Status, parse_names,
    parse_pairs, write_names,
};
use iexport_proto::house_arrest::{self, Vend, VendError};
use iexport_proto::installation_proxy::{self, AppInfo, AppKind, Batch, Options};
use iexport_proto::lockdown::{self, PairRequest};
use iexport_proto::usbmux::{
    self, Attached, BinaryReply, BinaryRequest, Event, MessageKind, Packet, ResultCode, Version,
};
use plist::{Dictionary, Value};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// Any text, control characters included: names are typed by people and by their phones.
fn text() -> impl Strategy<Value = String> {
    vec(any::<char>(), 0..24).prop_map(String::from_iter)
}

/// Words that are not those of known messages.
fn unknown_word() -> impl Strategy<Value = String> {
    "x[a-zA-Z]{0,12}"
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 0..200)
}

/// A path or name: anything without NUL.
fn path() -> impl Strategy<Value = Vec<u8>> {
    vec(1..=255u8, 0..80)
}

fn attached() -> impl Strategy<Value = Attached> {
    let optional = (option::of(any::<u64>()), option::of(any::<u16>()), option::of(any::<u32>()));
    (1..=u32::MAX, text(), text(), optional).prop_map(|(device_id, udid, connection_type, optional)| {
        let (speed_bits_per_second, product_id, location_id) = optional;
        Attached { device_id, udid, connection_type, speed_bits_per_second, product_id, location_id }
    })
}

fn usbmux_request() -> impl Strategy<Value = usbmux::Request> {
    use usbmux::Request;
    let id = || option::of(any::<u32>());
    prop_oneof![
        Just(Request::ListDevices),
        Just(Request::Listen),
        (id(), option::of(any::<u16>())).prop_map(|(device_id, port)| Request::Connect { device_id, port }),
        Just(Request::ReadBuid),
        text().prop_map(|udid| Request::ReadPairRecord { udid }),
        (text(), bytes(), id()).prop_map(|(udid, record, device_id)| Request::SavePairRecord {
            udid,
            record,
            device_id
        }),
        text().prop_map(|udid| Request::DeletePairRecord { udid }),
        Just(Request::ListListeners),
        unknown_word().prop_map(Request::Other),
    ]
}

fn usbmux_reply() -> impl Strategy<Value = usbmux::Reply> {
    use usbmux::Reply;
    prop_oneof![
        any::<u32>().prop_map(|n| Reply::Result(ResultCode::from_wire(n))),
        vec(attached(), 0..4).prop_map(Reply::DeviceList),
        text().prop_map(Reply::Buid),
        bytes().prop_map(Reply::PairRecord),
        vec(text(), 0..4).prop_map(Reply::ListenerList),
        attached().prop_map(|device| Reply::Event(Event::Attached(device))),
        any::<u32>().prop_map(|device_id| Reply::Event(Event::Detached { device_id })),
        any::<u32>().prop_map(|device_id| Reply::Event(Event::Paired { device_id })),
    ]
}

/// A value as a phone may give it, containers included.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        text().prop_map(Value::String),
        any::<bool>().prop_map(Value::Boolean),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        proptest::num::f64::NORMAL.prop_map(Value::Real),
        bytes().prop_map(Value::Data),
        // Whole seconds, as Apple writes them: 1601 to 9999.
        (-11_644_473_600..253_402_300_799i64).prop_map(|seconds| {
            let distance = std::time::Duration::from_secs(seconds.unsigned_abs());
            let epoch = std::time::UNIX_EPOCH;
            let date = if seconds < 0 { epoch.checked_sub(distance) } else { epoch.checked_add(distance) };
            Value::Date(date.unwrap_or(epoch).into())
        }),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::Array),
            vec((text(), inner), 0..6)
                .prop_map(|entries| Value::Dictionary(entries.into_iter().collect::<Dictionary>())),
        ]
    })
}

fn lockdown_request() -> impl Strategy<Value = lockdown::Request> {
    use lockdown::Request;
    let maybe = || option::of(text());
    let pair = || {
        (text(), text(), bytes(), bytes(), bytes()).prop_map(|(host_id, system_buid, d, h, r)| {
            Box::new(PairRequest {
                host_id,
                system_buid,
                device_certificate: d,
                host_certificate: h,
                root_certificate: r,
            })
        })
    };
    prop_oneof![
        Just(Request::QueryType),
        (maybe(), maybe()).prop_map(|(domain, key)| Request::GetValue { domain, key }),
        (maybe(), text(), value()).prop_map(|(domain, key, value)| Request::SetValue { domain, key, value }),
        (maybe(), text()).prop_map(|(domain, key)| Request::RemoveValue { domain, key }),
        pair().prop_map(Request::Pair),
        pair().prop_map(Request::ValidatePair),
        text().prop_map(|host_id| Request::Unpair { host_id }),
        (text(), maybe()).prop_map(|(host_id, system_buid)| Request::StartSession { host_id, system_buid }),
        maybe().prop_map(|session_id| Request::StopSession { session_id }),
        (text(), option::of(bytes()))
            .prop_map(|(service, escrow_bag)| Request::StartService { service, escrow_bag }),
        unknown_word().prop_map(Request::Other),
    ]
}

fn options() -> impl Strategy<Value = Options> {
    let kind = prop_oneof![
        Just(AppKind::User),
        Just(AppKind::System),
        Just(AppKind::Any),
        unknown_word().prop_map(AppKind::Other),
    ];
    let texts = || option::of(vec(text(), 0..4));
    (option::of(kind), texts(), texts()).prop_map(|(kind, bundle_ids, attributes)| Options {
        kind,
        bundle_ids,
        attributes,
    })
}

fn apps_request() -> impl Strategy<Value = installation_proxy::Request> {
    use installation_proxy::Request;
    prop_oneof![
        options().prop_map(Request::Browse),
        options().prop_map(Request::Lookup),
        unknown_word().prop_map(Request::Other),
    ]
}

fn app() -> impl Strategy<Value = AppInfo> {
    let text = || option::of(text());
    (self::text(), [text(), text(), text(), text()], any::<bool>(), any::<bool>()).prop_map(
        |(bundle_id, [display_name, name, short_version, version], file_sharing, opens_in_place)| AppInfo {
            bundle_id,
            display_name,
            name,
            short_version,
            version,
            file_sharing,
            opens_in_place,
        },
    )
}

fn apps_reply() -> impl Strategy<Value = installation_proxy::Reply> {
    use installation_proxy::Reply;
    prop_oneof![
        (any::<u64>(), any::<u64>(), vec(app(), 0..4)).prop_map(|(index, total, apps)| {
            Reply::Batch(Batch::new(index, total, apps.iter().map(AppInfo::to_dict)))
        }),
        vec(app(), 0..4).prop_map(|apps| {
            let entries = apps.iter().map(|app| (app.bundle_id.clone(), Value::from(app.to_dict())));
            Reply::Found(entries.collect())
        }),
        Just(Reply::Complete),
        unknown_word().prop_map(Reply::Working),
        (text(), option::of(text())).prop_map(|(name, description)| Reply::Error { name, description }),
    ]
}

fn vend_request() -> impl Strategy<Value = house_arrest::Request> {
    use house_arrest::Request;
    let what = prop_oneof![Just(Vend::Documents), Just(Vend::Container)];
    prop_oneof![
        (what, text()).prop_map(|(what, bundle_id)| Request::Vend { what, bundle_id }),
        unknown_word().prop_map(Request::Other),
    ]
}

fn vend_reply() -> impl Strategy<Value = house_arrest::Reply> {
    use house_arrest::Reply;
    let error = prop_oneof![
        Just(VendError::ApplicationLookupFailed),
        Just(VendError::InstallationLookupFailed),
        unknown_word().prop_map(VendError::Other),
    ];
    prop_oneof![Just(Reply::Complete), error.prop_map(Reply::Error)]
}

fn afc_request() -> impl Strategy<Value = afc::Request> {
    use afc::Request;
    let n = any::<u64>;
    let paths = prop_oneof![
        path().prop_map(|path| Request::ReadDir { path }),
        path().prop_map(|path| Request::GetFileInfo { path }),
        path().prop_map(|path| Request::RemovePath { path }),
        path().prop_map(|path| Request::RemovePathAndContents { path }),
        path().prop_map(|path| Request::MakeDir { path }),
        (n(), path())
            .prop_map(|(mode, path)| Request::FileOpen { mode: OpenMode::from_wire(mode % 9), path }),
        (n(), path()).prop_map(|(size, path)| Request::Truncate { size, path }),
        (n(), path()).prop_map(|(nanoseconds, path)| Request::SetFileModTime { nanoseconds, path }),
        (path(), path()).prop_map(|(from, to)| Request::RenamePath { from, to }),
        (n(), path(), path()).prop_map(|(kind, target, link)| Request::MakeLink { kind, target, link }),
    ];
    let seek_from = prop_oneof![
        Just(SeekFrom::Start),
        Just(SeekFrom::Current),
        Just(SeekFrom::End),
        (3..=u64::MAX).prop_map(SeekFrom::Unknown),
    ];
    let handles = prop_oneof![
        (n(), n()).prop_map(|(handle, size)| Request::FileRead { handle, size }),
        (n(), bytes()).prop_map(|(handle, data)| Request::FileWrite { handle, data }),
        (n(), seek_from, any::<i64>()).prop_map(|(handle, from, offset)| Request::FileSeek {
            handle,
            from,
            offset
        }),
        n().prop_map(|handle| Request::FileTell { handle }),
        n().prop_map(|handle| Request::FileClose { handle }),
        (n(), n()).prop_map(|(handle, size)| Request::FileSetSize { handle, size }),
        (n(), n()).prop_map(|(handle, operation)| Request::FileLock { handle, operation }),
    ];
    prop_oneof![
        paths,
        handles,
        Just(Request::GetDeviceInfo),
        Just(Request::GetConnectionInfo),
        (any::<bool>(), n()).prop_map(|(socket, size)| Request::SetBlockSize { socket, size }),
        (0x29..=u64::MAX).prop_map(|n| Request::Other(Operation::from_wire(n))),
        Just(Request::Other(Operation::GetFileHash)),
    ]
}

fn afc_reply() -> impl Strategy<Value = afc::Reply> {
    use afc::Reply;
    prop_oneof![
        (0..40u64).prop_map(|n| Reply::Status(Status::from_wire(n))),
        any::<u64>().prop_map(|n| Reply::Status(Status::from_wire(n))),
        bytes().prop_map(Reply::Data),
        (1..=u64::MAX).prop_map(Reply::Opened),
        any::<u64>().prop_map(Reply::Position),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 512,
        rng_seed: RngSeed::Fixed(2),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn usbmux_requests(request in usbmux_request(), tag: u32, program in text()) {
        let bytes = request.encode(&program, tag);
        let packet = whole(&bytes, Packet::decode(&bytes, usbmux::MAX_CLIENT_PAYLOAD));
        prop_assert_eq!(packet.header.tag, tag);
        prop_assert_eq!((packet.header.version, packet.header.kind), (Version::Plist, MessageKind::Plist));
        prop_assert_eq!(usbmux::Request::from_dict(&packet.dictionary()?)?, request);
    }

    #[test]
    fn usbmux_replies(reply in usbmux_reply(), tag: u32) {
        let bytes = reply.encode(tag);
        let packet = whole(&bytes, Packet::decode(&bytes, usbmux::MAX_DAEMON_PAYLOAD));
        prop_assert_eq!(packet.header.tag, tag);
        prop_assert_eq!(usbmux::Reply::from_dict(&packet.dictionary()?)?, reply);
    }

    #[test]
    fn usbmux_framing(version in 0..4u32, kind in 0..12u32, tag: u32, payload in bytes()) {
        let version = match version { 0 => Version::Binary, 1 => Version::Plist, n => Version::Unknown(n) };
        let kind = match kind {
            1 => MessageKind::Result, 2 => MessageKind::Connect, 3 => MessageKind::Listen,
            4 => MessageKind::Attached, 5 => MessageKind::Detached, 6 => MessageKind::Paired,
            8 => MessageKind::Plist, n => MessageKind::Unknown(n),
        };
        let bytes = Packet::encode(version, kind, tag, &payload);
        let packet = whole(&bytes, Packet::decode(&bytes, payload.len()));
        prop_assert_eq!((packet.header.version, packet.header.kind, packet.header.tag), (version, kind, tag));
        prop_assert_eq!(packet.payload, payload);
    }

    #[test]
    fn usbmux_binary(id: u32, port: u16, product_id: u16, location: u32, code: u32, tag: u32,
                     serial in "[ -~]{0,255}") {
        for request in [BinaryRequest::Listen, BinaryRequest::Connect { device_id: id, port }] {
            let bytes = request.encode(tag);
            let packet = whole(&bytes, Packet::decode(&bytes, usbmux::MAX_CLIENT_PAYLOAD));
            prop_assert_eq!(BinaryRequest::from_packet(&packet), Some(request));
            prop_assert_eq!(packet.header.tag, tag);
        }
        for reply in [
            BinaryReply::Result(ResultCode::from_wire(code)),
            BinaryReply::Attached { device_id: id, product_id, serial: serial.clone(), location },
            BinaryReply::Detached { device_id: id },
        ] {
            let bytes = reply.encode(tag);
            let packet = whole(&bytes, Packet::decode(&bytes, usbmux::MAX_DAEMON_PAYLOAD));
            prop_assert_eq!(BinaryReply::from_packet(&packet), Some(reply));
        }
    }

    #[test]
    fn lockdown_requests(request in lockdown_request(), label in text()) {
        let bytes = lockdown::encode(&request.to_dict(&label));
        let dict = whole(&bytes, lockdown::decode(&bytes, lockdown::MAX_PAYLOAD));
        prop_assert_eq!(lockdown::Request::from_dict(&dict)?, request);
    }

    /// Replies are dictionaries with any values. In binary they must mean the same.
    #[test]
    fn lockdown_replies(entries in vec((text(), value()), 0..8)) {
        let dict: Dictionary = entries.into_iter().collect();
        let bytes = lockdown::encode(&dict);
        prop_assert_eq!(&whole(&bytes, lockdown::decode(&bytes, lockdown::MAX_PAYLOAD)), &dict);

        let mut payload = Vec::new();
        Value::Dictionary(dict.clone()).to_writer_binary(&mut payload).unwrap();
        let bytes = [&u32::try_from(payload.len()).unwrap().to_be_bytes()[..], &payload].concat();
        prop_assert_eq!(whole(&bytes, lockdown::decode(&bytes, lockdown::MAX_PAYLOAD)), dict);
    }

    #[test]
    fn apps_requests(request in apps_request(), vend in vend_request()) {
        let again = |dict: Dictionary| {
            let bytes = lockdown::encode(&dict);
            whole(&bytes, lockdown::decode(&bytes, lockdown::MAX_PAYLOAD))
        };
        prop_assert_eq!(installation_proxy::Request::from_dict(&again(request.to_dict()))?, request);
        prop_assert_eq!(house_arrest::Request::from_dict(&again(vend.to_dict()))?, vend);
    }

    #[test]
    fn apps_replies(reply in apps_reply(), vend in vend_reply(), app in app()) {
        let again = |dict: Dictionary| {
            let bytes = lockdown::encode(&dict);
            whole(&bytes, lockdown::decode(&bytes, lockdown::MAX_PAYLOAD))
        };
        let read = installation_proxy::Reply::from_dict(again(reply.clone().into_dict()))?;
        prop_assert_eq!(read, reply);
        prop_assert_eq!(house_arrest::Reply::from_dict(&again(vend.to_dict()))?, vend);
        prop_assert_eq!(AppInfo::from_dict(&again(app.to_dict()))?, app);
    }

    #[test]
    fn afc_requests(request in afc_request(), number: u64) {
        let packet = request.to_packet(number);
        let bytes = packet.encode();
        let decoded = whole(&bytes, afc::Packet::decode(&bytes, 1 << 16));
        prop_assert_eq!(&decoded, &packet);
        prop_assert_eq!(decoded.operation, request.operation());
        prop_assert_eq!(afc::Request::from_packet(&decoded)?, request);
    }

    /// Paths without NUL, as idevice and go-ios send them, mean the same.
    #[test]
    fn afc_paths_without_nul(path in path()) {
        for request in [
            afc::Request::ReadDir { path: path.clone() },
            afc::Request::GetFileInfo { path: path.clone() },
            afc::Request::FileOpen { mode: OpenMode::Read, path: path.clone() },
        ] {
            let mut packet = request.to_packet(0);
            packet.fixed.pop();
            prop_assert_eq!(afc::Request::from_packet(&packet)?, request);
        }
    }

    #[test]
    fn afc_replies(reply in afc_reply(), number: u64) {
        let packet = reply.clone().into_packet(number);
        let bytes = packet.encode();
        let decoded = whole(&bytes, afc::Packet::decode(&bytes, 1 << 16));
        prop_assert_eq!(&decoded, &packet);
        prop_assert_eq!(afc::Reply::from_packet(decoded)?, reply);
    }

    /// What the exporter can ask for never writes.
    #[test]
    fn afc_read_requests(path in path(), handle: u64, size in 0..=afc::MAX_READ, position in 0..1u64 << 63) {
        for (read, same) in [
            (ReadRequest::List { path: path.clone() }, afc::Request::ReadDir { path: path.clone() }),
            (ReadRequest::Stat { path: path.clone() }, afc::Request::GetFileInfo { path: path.clone() }),
            (ReadRequest::DeviceInfo, afc::Request::GetDeviceInfo),
            (
                ReadRequest::Open { path: path.clone() },
                afc::Request::FileOpen { mode: OpenMode::Read, path: path.clone() },
            ),
            (ReadRequest::Read { handle, size }, afc::Request::FileRead { handle, size }),
            (
                ReadRequest::Seek { handle, position },
                afc::Request::FileSeek { handle, from: SeekFrom::Start, offset: position.cast_signed() },
            ),
            (ReadRequest::Close { handle }, afc::Request::FileClose { handle }),
        ] {
            prop_assert_eq!(read.to_packet(7), same.to_packet(7));
            prop_assert!(!same.writes());
        }
    }

    #[test]
    fn names(names in vec(vec(1..=255u8, 1..40), 0..12)) {
        let data = write_names(names.iter().map(Vec::as_slice));
        prop_assert_eq!(parse_names(&data).map(<[u8]>::to_vec).collect::<Vec<_>>(), names);
    }

    #[test]
    fn pairs(pairs in vec((vec(1..=255u8, 1..20), path()), 0..12)) {
        let data = write_names(pairs.iter().flat_map(|(key, value)| [key.as_slice(), value.as_slice()]));
        let read: Vec<_> = parse_pairs(&data).map(|(key, value)| (key.to_vec(), value.to_vec())).collect();
        prop_assert_eq!(read, pairs);
    }

    #[test]
    fn file_infos(kind in 0..4, numbers: [u64; 5], target in option::of(vec(1..=255u8, 1..40))) {
        let kind = [FileKind::File, FileKind::Directory, FileKind::Link, FileKind::Other][kind as usize];
        let [size_bytes, blocks, links, modified_nanoseconds, created_nanoseconds] = numbers;
        let info = FileInfo {
            kind, size_bytes, blocks, links, modified_nanoseconds, created_nanoseconds, link_target: target,
        };
        prop_assert_eq!(FileInfo::parse(&info.encode())?, info);
    }

    #[test]
    fn device_infos(model in "[^\0]{0,20}", total_bytes: u64, free_bytes: u64, block_size: u64) {
        let info = DeviceInfo { model, total_bytes, free_bytes, block_size };
        prop_assert_eq!(DeviceInfo::parse(&info.encode())?, info);
    }
}
