//! The worked examples of facts/protocols.md section 2, byte for byte.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a helper that stops the test is what is wanted"
)]

mod common;

use common::{apple_xml, hex, whole};
use iexport_proto::lockdown::{self, LockdownError, MAX_PAYLOAD, Request};
use plist::{Dictionary, Value};

fn dict(frame: &[u8]) -> Dictionary {
    whole(frame, lockdown::decode(frame, MAX_PAYLOAD))
}

#[test]
fn first_frame_of_ideviceinfo() {
    let xml = apple_xml(
        "<dict>
            <key>Label</key>
            <string>ideviceinfo</string>
            <key>Request</key>
            <string>QueryType</string>
        </dict>",
    );
    let frame = [hex("0000011c"), xml].concat();
    assert_eq!(frame.len(), 4 + 284, "as many bytes as the real client sends");
    assert_eq!(Request::from_dict(&dict(&frame)), Ok(Request::QueryType));

    // Ours is the same to the last byte.
    assert_eq!(lockdown::encode(&Request::QueryType.to_dict("ideviceinfo")), frame);
}

#[test]
fn start_session_reply_of_a_phone() {
    let xml = apple_xml(
        "<dict>
            <key>EnableSessionSSL</key>
            <true/>
            <key>Request</key>
            <string>StartSession</string>
            <key>SessionID</key>
            <string>D6EB9925-DA98-4886-983E-8F4A25C4F548</string>
        </dict>",
    );
    assert_eq!(xml.len(), 354, "as in a real phone's log");
    let reply = dict(&[hex("00000162"), xml].concat());
    assert_eq!(reply.get("EnableSessionSSL").and_then(Value::as_boolean), Some(true));
    assert_eq!(
        reply.get("SessionID").and_then(Value::as_string),
        Some("D6EB9925-DA98-4886-983E-8F4A25C4F548")
    );
}

#[test]
fn start_service_reply_of_a_phone() {
    let xml = apple_xml(
        "<dict>
            <key>Port</key>
            <integer>49155</integer>
            <key>Request</key>
            <string>StartService</string>
            <key>Service</key>
            <string>com.apple.afc</string>
        </dict>",
    );
    assert_eq!(xml.len(), 334, "as in a real phone's log");
    let reply = dict(&[hex("0000014e"), xml].concat());
    assert_eq!(reply.get("Port").and_then(Value::as_unsigned_integer), Some(49155));
}

#[test]
fn start_service_of_a_client_without_label() {
    let xml = apple_xml(
        "<dict>
            <key>Request</key><string>StartService</string>
            <key>Service</key><string>com.apple.afc</string>
        </dict>",
    );
    let request = Request::StartService { service: "com.apple.afc".to_owned(), escrow_bag: None };
    let prefix = u32::try_from(xml.len()).unwrap().to_be_bytes();
    assert_eq!(Request::from_dict(&dict(&[prefix.to_vec(), xml].concat())), Ok(request));
}

#[test]
fn a_binary_list_is_understood_too() {
    let mut payload = Vec::new();
    Value::Dictionary(Request::QueryType.to_dict("test")).to_writer_binary(&mut payload).unwrap();
    let prefix = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let frame = [prefix.to_vec(), payload].concat();
    assert_eq!(Request::from_dict(&dict(&frame)), Ok(Request::QueryType));
}

#[test]
fn pairing_asks_for_the_errors_that_tell_of_the_dialog() {
    let options = |request: Request| {
        let dict = request.to_dict("test");
        let options = dict.get("PairingOptions").and_then(Value::as_dictionary).cloned();
        options.and_then(|o| o.get("ExtendedPairingErrors").and_then(Value::as_boolean))
    };
    assert_eq!(options(Request::Pair(Box::default())), Some(true));
    assert_eq!(options(Request::ValidatePair(Box::default())), None);
}

#[test]
fn error_words() {
    for error in LockdownError::NAMED {
        assert_eq!(LockdownError::from_name(error.name()), Some(*error));
    }
    assert_eq!(LockdownError::from_name("InvalidHostID"), Some(LockdownError::InvalidHostId));
    assert_eq!(LockdownError::from_name("NoSuchWord"), None);
}
