//! The worked examples of facts/protocols.md section 1, byte for byte, in both directions.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a helper that stops the test is what is wanted"
)]

mod common;

use common::{apple_xml, hex, whole};
use iexport_proto::usbmux::{
    Attached, BinaryReply, BinaryRequest, Event, MAX_CLIENT_PAYLOAD, MessageKind, Packet, Reply, Request,
    ResultCode, Version, binary_attached, binary_detached, binary_result, port_from_wire, port_to_wire,
};
use plist::Value;

fn packet(bytes: &[u8]) -> Packet {
    whole(bytes, Packet::decode(bytes, MAX_CLIENT_PAYLOAD))
}

#[test]
fn list_devices_of_libusbmuxd() {
    let xml = apple_xml(
        "<dict>
            <key>ClientVersionString</key>
            <string>libusbmuxd 2.0.2</string>
            <key>MessageType</key>
            <string>ListDevices</string>
            <key>ProgName</key>
            <string>idevice_id</string>
            <key>kLibUSBMuxVersion</key>
            <integer>3</integer>
        </dict>",
    );
    assert_eq!(xml.len(), 411, "as many bytes as the real client sends");
    let bytes = [hex("ab010000 01000000 08000000 01000000"), xml.clone()].concat();
    let packet = packet(&bytes);
    assert_eq!((packet.header.version, packet.header.kind), (Version::Plist, MessageKind::Plist));
    assert_eq!((packet.header.length, packet.header.tag), (427, 1));
    assert_eq!(Request::from_dict(&packet.dictionary().unwrap()), Ok(Request::ListDevices));
    assert_eq!(Packet::encode(Version::Plist, MessageKind::Plist, 1, &xml), bytes);
}

#[test]
fn result_as_xml() {
    let xml = apple_xml(
        "<dict>
            <key>MessageType</key>
            <string>Result</string>
            <key>Number</key>
            <integer>0</integer>
        </dict>",
    );
    assert_eq!(xml.len(), 278, "as in the worked example");
    let bytes = [hex("26010000 01000000 08000000 01000000"), xml].concat();
    let dict = packet(&bytes).dictionary().unwrap();
    assert_eq!(Reply::from_dict(&dict), Ok(Reply::Result(ResultCode::Ok)));
    // Ours is the same to the last byte.
    assert_eq!(Reply::Result(ResultCode::Ok).encode(1), bytes);
}

#[test]
fn binary_requests() {
    let listen = hex("10000000 00000000 03000000 01000000");
    assert_eq!(BinaryRequest::from_packet(&packet(&listen)), Some(BinaryRequest::Listen));
    assert_eq!(BinaryRequest::Listen.encode(1), listen);

    let connect = hex("18000000 00000000 02000000 01000000  03000000 f27e 0000");
    let request = BinaryRequest::Connect { device_id: 3, port: 62078 };
    assert_eq!(packet(&connect).header.version, Version::Binary);
    assert_eq!(BinaryRequest::from_packet(&packet(&connect)), Some(request));
    assert_eq!(request.encode(1), connect);
}

#[test]
fn binary_answers() {
    let result = hex("14000000 00000000 01000000 01000000  00000000");
    assert_eq!(binary_result(ResultCode::Ok, 1), result);
    assert_eq!(BinaryReply::from_packet(&packet(&result)), Some(BinaryReply::Result(ResultCode::Ok)));

    let detached = hex("14000000 00000000 05000000 00000000  03000000");
    assert_eq!(binary_detached(3), detached);
    assert_eq!(BinaryReply::from_packet(&packet(&detached)), Some(BinaryReply::Detached { device_id: 3 }));

    // u32 id, u16 product, 256 bytes of serial, two bytes to fill up, u32 location: 268 and the header.
    let udid = "00008110-001A2B3C4D5E6F70";
    let mut attached = hex("1c010000 00000000 04000000 00000000  03000000 a812");
    attached.extend_from_slice(udid.as_bytes());
    attached.resize(16 + 6 + 256, 0);
    attached.extend(hex("0000 04000100"));
    assert_eq!(binary_attached(3, 0x12a8, udid, 65540), attached);
    assert_eq!(
        BinaryReply::from_packet(&packet(&attached)),
        Some(BinaryReply::Attached {
            device_id: 3,
            product_id: 0x12a8,
            serial: udid.to_owned(),
            location: 65540
        })
    );
}

#[test]
fn ports_are_swapped() {
    for (port, wire) in [(62078, 32498), (49155, 960)] {
        assert_eq!(port_to_wire(port), wire);
        assert_eq!(port_from_wire(wire), port);
        let dict = Request::Connect { device_id: Some(3), port: Some(port) }.to_dict("test");
        assert_eq!(dict.get("PortNumber").and_then(Value::as_unsigned_integer), Some(u64::from(wire)));
    }
}

#[test]
fn result_codes() {
    let table = [
        (0, ResultCode::Ok),
        (1, ResultCode::BadCommand),
        (2, ResultCode::BadDevice),
        (3, ResultCode::ConnectionRefused),
        (4, ResultCode::Other(4)),
        (6, ResultCode::BadVersion),
        (22, ResultCode::InvalidArgument),
    ];
    for (number, code) in table {
        assert_eq!(ResultCode::from_wire(number), code);
        assert_eq!(code.to_wire(), number);
    }
}

/// The `Attached` event of section 1.5, with the number in `Properties` and the optional ones as given.
fn attached_xml(id: u32, location: &str) -> Vec<u8> {
    apple_xml(&format!(
        "<dict>
            <key>DeviceID</key><integer>{id}</integer>
            <key>MessageType</key><string>Attached</string>
            <key>Properties</key>
            <dict>
                <key>ConnectionSpeed</key><integer>480000000</integer>
                <key>ConnectionType</key><string>USB</string>
                <key>DeviceID</key><integer>{id}</integer>
                <key>LocationID</key>{location}
                <key>ProductID</key><integer>4776</integer>
                <key>SerialNumber</key><string>00008110-001A2B3C4D5E6F70</string>
            </dict>
        </dict>"
    ))
}

fn reply(xml: &[u8]) -> Result<Reply, iexport_proto::DecodeError> {
    let bytes = Packet::encode(Version::Plist, MessageKind::Plist, 0, xml);
    Reply::from_dict(&packet(&bytes).dictionary().unwrap())
}

#[test]
fn attached_event() {
    let device = Attached {
        device_id: 3,
        udid: "00008110-001A2B3C4D5E6F70".to_owned(),
        connection_type: "USB".to_owned(),
        speed_bits_per_second: Some(480_000_000),
        product_id: Some(4776),
        location_id: Some(65540),
    };
    let event = Reply::Event(Event::Attached(device));
    assert_eq!(reply(&attached_xml(3, "<integer>65540</integer>")), Ok(event.clone()));
    assert_eq!(event.encode(0)[12..16], [0; 4], "events carry tag 0");
}

#[test]
fn an_odd_location_does_not_hide_a_phone_but_number_0_is_no_phone() {
    for odd in ["<integer>99999999999</integer>", "<integer>-1</integer>", "<string>USB1</string>"] {
        let Ok(Reply::Event(Event::Attached(device))) = reply(&attached_xml(3, odd)) else {
            panic!("{odd} hides the phone");
        };
        assert_eq!(device.location_id, None);
    }
    assert!(reply(&attached_xml(0, "<integer>1</integer>")).is_err());
}
