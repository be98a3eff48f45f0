//! Lengths that lie, lists that explode, messages that stop in the middle: always a typed answer.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a helper that stops the test is what is wanted"
)]

mod common;

use common::{apple_xml, hex, whole};
use iexport_proto::afc::{self, FileInfo, InfoError, MAX_FIXED};
use iexport_proto::lockdown::{self, MAX_PAYLOAD};
use iexport_proto::usbmux::{self, MAX_CLIENT_PAYLOAD};
use iexport_proto::{DecodeError, Decoded};
use plist::{Dictionary, Value};

/// Every beginning of a message needs more bytes than there are and at most the whole message, and saying
/// so in steps leads to the message.
fn needs_more_until_whole<T>(message: &[u8], decode: impl Fn(&[u8]) -> Result<Decoded<T>, DecodeError>) {
    for there in 0..message.len() {
        match decode(&message[..there]) {
            Ok(Decoded::Need(needed)) => {
                assert!(needed > there, "{needed} of {there} is no progress");
                assert!(needed <= message.len(), "{needed} is more than the message");
            }
            Ok(Decoded::Message { .. }) => panic!("a message of {there} bytes out of {}", message.len()),
            Err(error) => panic!("{there} bytes: {error}"),
        }
    }
    // What follows belongs to the next message.
    let followed = [message, b"next"].concat();
    match decode(&followed) {
        Ok(Decoded::Message { used, .. }) => assert_eq!(used, message.len()),
        _ => panic!("the whole message is none"),
    }
}

#[test]
fn cut_at_every_byte() {
    let usbmux = usbmux::Request::ListDevices.encode("test", 1);
    needs_more_until_whole(&usbmux, |b| usbmux::Packet::decode(b, usbmux.len() - usbmux::HEADER_LEN));
    let frame = lockdown::encode(&lockdown::Request::QueryType.to_dict("test"));
    needs_more_until_whole(&frame, |b| lockdown::decode(b, frame.len() - lockdown::PREFIX_LEN));
    let write = afc::Request::FileWrite { handle: 1, data: b"hello".to_vec() }.to_packet(1).encode();
    needs_more_until_whole(&write, |b| afc::Packet::decode(b, 5));
}

#[test]
fn one_byte_above_the_limit_is_too_long_before_the_payload_arrives() {
    let header = hex("15000000 01000000 08000000 01000000");
    assert!(matches!(usbmux::Packet::decode(&header, 5), Ok(Decoded::Need(21))));
    assert!(matches!(
        usbmux::Packet::decode(&header, 4),
        Err(DecodeError::TooLong { length: 21, limit: 20, .. })
    ));
    assert!(matches!(lockdown::decode(&hex("00000005"), 5), Ok(Decoded::Need(9))));
    assert!(matches!(
        lockdown::decode(&hex("00000005"), 4),
        Err(DecodeError::TooLong { length: 5, limit: 4, .. })
    ));
    let afc = afc_header(40 + 5, 40);
    assert!(matches!(afc::Packet::decode(&afc, 5), Ok(Decoded::Need(45))));
    assert!(matches!(afc::Packet::decode(&afc, 4), Err(DecodeError::TooLong { length: 5, limit: 4, .. })));
    let fixed = 40 + MAX_FIXED as u64 + 1;
    assert!(matches!(
        afc::Packet::decode(&afc_header(fixed, fixed), usize::MAX),
        Err(DecodeError::TooLong { length: 65537, limit: 65536, .. })
    ));
}

fn afc_header(entire: u64, this: u64) -> Vec<u8> {
    let words = [u64::from_le_bytes(*afc::MAGIC), entire, this, 1, 2];
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

#[test]
fn the_largest_lengths_do_not_overflow() {
    let all = hex("ffffffff 01000000 08000000 01000000");
    assert!(matches!(usbmux::Packet::decode(&all, MAX_CLIENT_PAYLOAD), Err(DecodeError::TooLong { .. })));
    assert!(matches!(lockdown::decode(&hex("ffffffff"), MAX_PAYLOAD), Err(DecodeError::TooLong { .. })));
    for (entire, this) in [(u64::MAX, 40), (u64::MAX, 41), (u64::MAX, 40 + MAX_FIXED as u64)] {
        let header = afc_header(entire, this);
        assert!(matches!(afc::Packet::decode(&header, 4 << 20), Err(DecodeError::TooLong { .. })));
    }
    // Without a limit that means anything they are only waited for: nobody can send so much.
    assert!(matches!(usbmux::Packet::decode(&all, usize::MAX), Ok(Decoded::Need(_))));
    assert!(matches!(lockdown::decode(&hex("ffffffff"), usize::MAX), Ok(Decoded::Need(_))));
    #[cfg(target_pointer_width = "64")]
    assert!(matches!(
        afc::Packet::decode(&afc_header(u64::MAX, 41), usize::MAX),
        Ok(Decoded::Need(usize::MAX))
    ));
}

#[test]
fn lengths_that_contradict_themselves() {
    for length in 0..16 {
        let header = [&[length, 0, 0, 0][..], &hex("01000000 08000000 01000000")].concat();
        assert!(matches!(
            usbmux::Packet::decode(&header, MAX_CLIENT_PAYLOAD),
            Err(DecodeError::TooShort { minimum: 16, .. })
        ));
    }
    for this in [0, 1, 39] {
        assert!(matches!(
            afc::Packet::decode(&afc_header(u64::MAX, this), 100),
            Err(DecodeError::TooShort { minimum: 40, .. })
        ));
    }
    for (entire, this) in [(0, 40), (39, 40), (47, 48), (40, u64::MAX)] {
        assert!(matches!(
            afc::Packet::decode(&afc_header(entire, this), 100),
            Err(DecodeError::Contradiction { .. })
        ));
    }
}

#[test]
fn a_wrong_signature() {
    for at in 0..8 {
        let mut header = afc_header(40, 40);
        header[at] ^= 0x20;
        assert!(matches!(afc::Packet::decode(&header, 0), Err(DecodeError::Magic { .. })));
    }
}

#[test]
fn afc_packets_without_their_arguments() {
    for operation in afc::Operation::NAMED {
        for length in 0..24 {
            let packet =
                afc::Packet { number: 1, operation: *operation, fixed: vec![1; length], bulk: Vec::new() };
            let shape = |error| matches!(error, DecodeError::Shape { .. });
            assert!(afc::Request::from_packet(&packet).map_err(shape).err().unwrap_or(true));
            assert!(afc::Reply::from_packet(packet).map_err(shape).err().unwrap_or(true));
        }
    }
    let opened = afc::Packet {
        number: 1,
        operation: afc::Operation::FileOpenResult,
        fixed: vec![0; 8],
        bulk: Vec::new(),
    };
    assert!(matches!(afc::Reply::from_packet(opened), Err(DecodeError::Shape { .. })), "handle 0 is none");
}

#[test]
fn file_info_that_lacks_or_garbles() {
    let parse = |text: &str| FileInfo::parse(text.replace(' ', "\0").as_bytes());
    assert_eq!(parse(""), Err(InfoError::Missing("st_ifmt")));
    assert_eq!(parse("st_ifmt S_IFREG "), Err(InfoError::Missing("st_size")));
    for size in ["", "-1", "12x", "18446744073709551616", "1e3"] {
        let info = parse(&format!("st_ifmt S_IFREG st_size {size} "));
        assert_eq!(info, Err(InfoError::Wrong("st_size")), "{size}");
    }
    let info = parse("st_ifmt S_IFREG st_size 5 st_mtime soon ").unwrap();
    assert_eq!((info.size_bytes, info.modified_nanoseconds), (5, 0), "a garbled date hides no file");
}

/// The answer to a lockdown frame with this payload.
fn payload(bytes: &[u8]) -> Result<Dictionary, String> {
    let frame = [&u32::try_from(bytes.len()).unwrap().to_be_bytes()[..], bytes].concat();
    match lockdown::decode(&frame, MAX_PAYLOAD) {
        Err(DecodeError::Plist { reason, .. }) => Err(reason),
        decoded => Ok(whole(&frame, decoded)),
    }
}

#[track_caller]
fn refused(bytes: &[u8], because: &str) {
    let reason = payload(bytes).expect_err("is refused");
    assert!(reason.contains(because), "{reason:?} does not say {because:?}");
}

#[test]
fn payloads_that_are_no_dictionary() {
    for bytes in [
        &b""[..],
        b"x",
        b"hello world",
        b"<",
        b"bplist00",
        b"bplist00 too short for a trailer",
        b"\xff\xfe<\0?\0",
        b"<plist><dict><key>a</key></dict></plist>",
        b"<plist><dict><true/></dict></plist>",
        b"<plist></dict></plist>",
        b"<plist><dict>",
        b"<plist><dict/><dict/></plist>",
    ] {
        payload(bytes).expect_err("is no dictionary");
    }
    refused(&apple_xml("<array><string>a</string></array>"), "not a dictionary");
}

#[test]
fn what_nothing_sends_is_not_tried() {
    // Old ASCII lists: a hundred thousand levels that would be dropped by recursion.
    let deep = ["(".repeat(100_000), ")".repeat(100_000)].concat();
    payload(deep.as_bytes()).expect_err("is not tried as ASCII");
    payload(b"{ Request = QueryType; }").expect_err("is not tried as ASCII");
}

/// `levels` arrays inside of each other, opened by `open` and closed by `</array>`.
fn nested(levels: usize, open: &str, close: &str) -> Vec<u8> {
    let (open, close) = (open.repeat(levels), close.repeat(levels));
    format!("<plist><dict><key>a</key>{open}{close}</dict></plist>").into_bytes()
}

#[test]
fn deep_nesting_is_refused_however_it_is_written() {
    assert!(payload(&nested(63, "<array>", "</array>")).is_ok(), "64 with the dictionary");
    for (open, close) in [
        ("<array>", "</array>"),
        ("<dict><key>a</key>", "</dict>"),
        // What misleads those who count with a magnifying glass: prefixes, comments, attributes.
        ("<x:array>", "</x:array>"),
        ("<array><!-- </array> -->", "</array>"),
        ("<array a='</array>'>", "</array>"),
        ("<array a=\"/>\">", "</array>"),
        ("<array\n>", "</array >"),
    ] {
        refused(&nested(64, open, close), "nested deeper");
        refused(&nested(40_000, open, close), "nested deeper");
        refused(&nested(100_000, open, ""), "nested deeper");
    }
}

#[test]
fn entities_do_not_multiply() {
    let laughs = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE plist [<!ENTITY a \"{}\"><!ENTITY b \"{}\">]>\
         <plist><dict><key>k</key><string>{}</string></dict></plist>",
        "ha".repeat(100),
        "&a;".repeat(100),
        "&b;".repeat(100)
    );
    // Either refused or not expanded; the length is the proof.
    if let Ok(dict) = payload(laughs.as_bytes()) {
        let text = dict.get("k").and_then(Value::as_string).unwrap();
        assert!(text.len() < laughs.len(), "{} bytes", text.len());
    }
    // Those of XML itself and numbers are what they are.
    let dict = payload(&apple_xml("<dict><key>k</key><string>&lt;&#65;&amp;</string></dict>")).unwrap();
    assert_eq!(dict.get("k").and_then(Value::as_string), Some("<A&"));
}

#[test]
fn dates_that_would_make_the_parser_panic() {
    let dated = |date: &str| payload(&apple_xml(&format!("<dict><key>k</key>{date}</dict>")));
    for good in ["2024-05-06T07:08:09Z", "2024-05-06T07:08:09.25Z", "9999-12-31T23:59:59Z"] {
        let dict = dated(&format!("<date>{good}</date>")).unwrap();
        // It can be written, and is the same.
        let frame = lockdown::encode(&dict);
        assert_eq!(whole(&frame, lockdown::decode(&frame, MAX_PAYLOAD)), dict);
    }
    for bad in [
        "<date>9999-12-31T23:59:59-01:00</date>",
        "<date>0000-01-01T00:00:00+23:59</date>",
        "<x:date>9999-12-31T23:59:59-01:00</x:date>",
        "<date a='>2024-05-06T07:08:09Z</'>9999-12-31T23:59:59-01:00</date>",
        "<date >9999-12-31T23:59:59-01:00</date>",
        "<date>9999-12-31T23:59:59<!-- Z -->-01:00</date>",
        "<date>9999-12-31T23:59:59Z<!-- --></date>",
        "<date><![CDATA[2024]]>9999-12-31T23:59:59-01:00</date>",
        "<date>&#57;999-12-31T23:59:59-01:00</date>",
        "<date>2024-05-06</date>",
        "<date>2024-13-06T07:08:09Z</date>",
        "<date>2024-05-06T07:08:09Z",
        "<date></date>",
        "<date/>",
    ] {
        dated(bad).expect_err(bad);
    }
}

#[test]
fn dates_that_cannot_be_written() {
    // Seconds since 2001: the last one of 9999, and beyond; the first of the year 0, and before.
    for (seconds, fits) in [
        (252_423_993_599.0, true),
        (252_423_993_600.0, false),
        (-63_145_526_400.0, true),
        (-63_145_526_401.0, false),
        (f64::NAN, false),
        (f64::INFINITY, false),
        (-1e300, false),
    ] {
        let date = [&[0x33][..], &f64::to_bits(seconds).to_be_bytes()].concat();
        let list = binary(&[b"\xd1\x01\x02".to_vec(), b"\x51k".to_vec(), date]);
        match payload(&list) {
            Ok(dict) => {
                assert!(fits, "{seconds}");
                // Writing and showing it works.
                assert!(!format!("{dict:?}").is_empty());
                assert!(!lockdown::encode(&dict).is_empty());
            }
            Err(reason) => assert!(!fits, "{seconds}: {reason}"),
        }
    }
}

/// A binary list of these objects, the first of which is the root; references are one byte.
fn binary(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut out = b"bplist00".to_vec();
    let mut offsets = Vec::new();
    for object in objects {
        offsets.extend(u32::try_from(out.len()).unwrap().to_be_bytes());
        out.extend(object);
    }
    let table = out.len() as u64;
    out.extend(offsets);
    out.extend([0, 0, 0, 0, 0, 0, 4, 1]);
    for number in [objects.len() as u64, 0, table] {
        out.extend(number.to_be_bytes());
    }
    out
}

#[test]
fn binary_lists_that_bite_their_tail() {
    refused(&binary(&[b"\xd1\x01\x00".to_vec(), b"\x51k".to_vec()]), "Recursive");
    let ring = [b"\xd1\x01\x02".to_vec(), b"\x51k".to_vec(), b"\xa1\x03".to_vec(), b"\xa1\x02".to_vec()];
    refused(&binary(&ring), "Recursive");
}

#[test]
fn binary_lists_that_use_an_object_again_and_again() {
    // A few times is what real writers do.
    let few = [b"\xd1\x01\x02".to_vec(), b"\x51k".to_vec(), b"\xa3\x01\x01\x01".to_vec()];
    assert_eq!(payload(&binary(&few)).unwrap().get("k").and_then(Value::as_array).unwrap().len(), 3);

    // Twenty levels of ten each: 10^20 values out of 300 bytes.
    let mut laughs = vec![b"\xd1\x01\x02".to_vec(), b"\x51k".to_vec()];
    for level in 0..20 {
        laughs.push([&[0xaa][..], &[level + 3; 10]].concat());
    }
    laughs.push(b"\x51!".to_vec());
    refused(&binary(&laughs), "unfolds");

    // One text of 60 KiB, 250 times.
    let mut long = b"\x5f\x11\xea\x60".to_vec();
    long.resize(4 + 60_000, b'x');
    let list = [&[0xaf, 0x10, 250][..], &[3; 250]].concat();
    refused(&binary(&[b"\xd1\x01\x02".to_vec(), b"\x51k".to_vec(), list, long]), "unfolds");
}

#[test]
fn binary_lists_that_are_too_deep() {
    let mut deep = vec![b"\xd1\x01\x02".to_vec(), b"\x51k".to_vec()];
    for level in 0..100 {
        deep.push(vec![0xa1, level + 3]);
    }
    deep.push(b"\x09".to_vec());
    refused(&binary(&deep), "nested deeper");
}

#[test]
fn binary_lists_with_counts_that_lie() {
    for object in [
        &b"\xdf\x13\xff\xff\xff\xff\xff\xff\xff\xff"[..],
        b"\xd1\x01",
        b"\xdf\x12\x7f\xff\xff\xff",
        b"\xaf\x13\x00\x00\x00\x00\xff\xff\xff\xff",
        b"\x4f\x13\x7f\xff\xff\xff\xff\xff\xff\xff",
        b"\x5f\x12\xff\xff\xff\xff",
        b"\x6f\x13\x80\x00\x00\x00\x00\x00\x00\x00",
    ] {
        payload(&binary(&[object.to_vec()])).expect_err("counts that lie");
    }
    // The number of objects, the root and the place of the table, each as large as can be.
    let good = binary(&[b"\xd0".to_vec()]);
    assert_eq!(payload(&good), Ok(Dictionary::new()));
    for at in [24, 16, 8] {
        let mut bad = good.clone();
        let at = bad.len() - at;
        bad[at..at + 8].fill(0xff);
        payload(&bad).expect_err("a trailer that lies");
    }
}

#[test]
fn references_of_keyed_archives_are_no_values() {
    let list = binary(&[b"\xd1\x01\x02".to_vec(), b"\x51k".to_vec(), b"\x80\x07".to_vec()]);
    refused(&list, "kind");
}
