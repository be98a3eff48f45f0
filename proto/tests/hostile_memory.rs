//! No input makes a decoder allocate more than a modest multiple of its own length.
//!
//! A binary of its own, because its allocator counts for the whole process. Whoever allocates beyond what the
//! input has earned is stopped on the spot with "memory allocation of N bytes failed".

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a helper that stops the test is what is wanted"
)]

mod common;

use std::alloc::System;
use std::sync::{Mutex, MutexGuard, PoisonError};

use cap::Cap;
use common::Dice;
use iexport_proto::{afc, installation_proxy, lockdown, usbmux};

#[global_allocator]
static MEMORY: Cap<System> = Cap::new(System, usize::MAX);

/// Held by the test whose turn it is: the others must not even prepare their inputs meanwhile.
static TURN: Mutex<()> = Mutex::new(());

fn turn() -> MutexGuard<'static, ()> {
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Bytes that may be held at once for each byte of input. The values of property lists need most, in lists
/// that grow by doubling; packets are copied once.
const PER_BYTE: usize = 24;

/// Bytes that anything may hold: buffers, errors, small shared values, and what the test harness does meanwhile.
const ALWAYS: usize = 256 << 10;

/// Runs `f` on inputs, in turn, each with as much memory as it has earned.
fn stays_modest<'a>(inputs: impl IntoIterator<Item = &'a [u8]>, f: impl Fn(&[u8])) {
    for input in inputs {
        let before = MEMORY.allocated();
        MEMORY.set_limit(before + input.len() * PER_BYTE + ALWAYS).unwrap();
        f(input);
        MEMORY.set_limit(usize::MAX).unwrap();
    }
}

/// A lockdown frame and a usbmux packet with this payload.
fn lists_stay_modest(payloads: &[Vec<u8>]) {
    let frame =
        |payload: &Vec<u8>| [&u32::try_from(payload.len()).unwrap().to_be_bytes()[..], payload].concat();
    let frames: Vec<Vec<u8>> = payloads.iter().map(frame).collect();
    stays_modest(frames.iter().map(Vec::as_slice), |bytes| {
        std::hint::black_box(lockdown::decode(bytes, lockdown::MAX_PAYLOAD).is_ok());
    });
    let packet =
        |p: &Vec<u8>| usbmux::Packet::encode(usbmux::Version::Plist, usbmux::MessageKind::Plist, 1, p);
    let packets: Vec<Vec<u8>> = payloads.iter().map(packet).collect();
    stays_modest(packets.iter().map(Vec::as_slice), |bytes| {
        let packet = usbmux::Packet::decode(bytes, lockdown::MAX_PAYLOAD);
        if let Ok(iexport_proto::Decoded::Message { value, .. }) = packet {
            std::hint::black_box(value.dictionary().is_ok());
        }
    });
}

#[test]
fn promises_of_length_are_not_believed() {
    let _turn = turn();
    let usbmux = [u32::MAX.to_le_bytes(), [1, 0, 0, 0], [8, 0, 0, 0], [1, 0, 0, 0]].concat();
    stays_modest([usbmux.as_slice()], |bytes| assert!(usbmux::Packet::decode(bytes, usize::MAX).is_ok()));
    stays_modest([&[0xff; 4][..]], |bytes| assert!(lockdown::decode(bytes, usize::MAX).is_ok()));
    let words = [u64::from_le_bytes(*afc::MAGIC), 1 << 40, 40, 1, 2];
    let afc: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    stays_modest([afc.as_slice()], |bytes| assert!(afc::Packet::decode(bytes, usize::MAX).is_ok()));
}

#[test]
fn the_densest_xml() {
    let _turn = turn();
    let many = |entry: &str| {
        format!("<plist><dict><key>k</key><array>{}</array></dict></plist>", entry.repeat(100_000))
            .into_bytes()
    };
    let mut payloads: Vec<Vec<u8>> =
        ["<true/>", "<dict/>", "<array/>", "<key/>", "<data/>", "&#32;", " "].map(many).into();
    let keys: String = (0..50_000).map(|n| format!("<key>{n:x}</key><true/>")).collect();
    payloads.push(format!("<plist><dict>{keys}</dict></plist>").into_bytes());
    payloads.push(format!("<plist><dict>{}", "<key/><true/>".repeat(50_000)).into_bytes());
    payloads.push("<plist>".repeat(100_000).into_bytes());
    payloads.push([b"<plist>".to_vec(), vec![b'<'; 100_000]].concat());
    lists_stay_modest(&payloads);
}

/// Taking a list of apps apart copies nothing of it.
#[test]
fn the_densest_lists_of_apps() {
    let _turn = turn();
    let list = |key: &str, entries: String| {
        let status = "<key>Status</key><string>BrowsingApplications</string>";
        let xml = format!("<plist><dict>{status}<key>{key}</key>{entries}</dict></plist>").into_bytes();
        [&u32::try_from(xml.len()).unwrap().to_be_bytes()[..], &xml].concat()
    };
    let app = "<dict><key>CFBundleIdentifier</key><string>a</string></dict>";
    let frames = [
        list("CurrentList", format!("<array>{}</array>", "<dict/>".repeat(100_000))),
        list("CurrentList", format!("<array>{}</array>", app.repeat(10_000))),
        list("LookupResult", format!("<dict>{}</dict>", "<key/><dict/>".repeat(50_000))),
    ];
    stays_modest(frames.iter().map(Vec::as_slice), |bytes| {
        let Ok(iexport_proto::Decoded::Message { value, .. }) =
            lockdown::decode(bytes, lockdown::MAX_PAYLOAD)
        else {
            panic!("a list of apps is none")
        };
        assert!(installation_proxy::Reply::from_dict(value).is_ok());
    });
}

/// A binary list of these objects with the first as root, references of one byte, and `extra` objects more in
/// its table, all of them the root.
fn binary(objects: &[Vec<u8>], extra: usize) -> Vec<u8> {
    let mut out = b"bplist00".to_vec();
    let mut offsets = Vec::new();
    for object in objects {
        offsets.extend(u32::try_from(out.len()).unwrap().to_be_bytes());
        out.extend(object);
    }
    let table = out.len() as u64;
    out.extend(&offsets);
    out.extend(8u32.to_be_bytes().repeat(extra));
    out.extend([0, 0, 0, 0, 0, 0, 4, 1]);
    for number in [(objects.len() + extra) as u64, 0, table] {
        out.extend(number.to_be_bytes());
    }
    out
}

fn array(references: &[u8]) -> Vec<u8> {
    let count = u32::try_from(references.len()).unwrap().to_be_bytes();
    [&[0xaf, 0x12][..], &count, references].concat()
}

#[test]
fn the_densest_binary_lists() {
    let _turn = turn();
    let root = || vec![b"\xd1\x01\x02".to_vec(), b"\x51k".to_vec()];
    let with = |objects: &[Vec<u8>]| binary(&[root().as_slice(), objects].concat(), 0);
    let mut payloads = Vec::new();
    // One `true`, used in each of so many places: some just within the budget, some far beyond.
    for count in [100, 1_000, 2_000, 5_000, 200_000] {
        payloads.push(with(&[array(&vec![3; count]), b"\x09".to_vec()]));
    }
    // A long text, again and again.
    let text = [&b"\x5f\x12\x00\x01\x00\x00"[..], &[b'x'; 1 << 16]].concat();
    for count in [2, 15, 16, 250] {
        payloads.push(with(&[array(&vec![3; count]), text.clone()]));
    }
    // Ten of ten of ten.
    let levels = |levels: u8| {
        let mut objects: Vec<Vec<u8>> = (0..levels).map(|level| array(&[level + 3; 10])).collect();
        objects.push(b"\x09".to_vec());
        with(&objects)
    };
    payloads.extend([levels(2), levels(3), levels(20), levels(60)]);
    // Long arrays inside of each other that all use the same bytes for their references.
    let mut overlapping = vec![array(&[3; 60_000])];
    for level in 0..50u8 {
        overlapping.push(array(&[&[level + 4][..], &[2; 2_000]].concat()));
    }
    overlapping.push(b"\x09".to_vec());
    payloads.push(with(&overlapping));
    // A dictionary with one key and one value in so many places, and a long table of objects.
    let pairs = [&b"\xdf\x12\x00\x01\x00\x00"[..], &[1; 2 << 16]].concat();
    payloads.push(with(&[pairs]));
    payloads.push(binary(&root(), 100_000));
    // UTF-16, half of which are surrogates without their other half.
    payloads.push(with(&[[&b"\x6f\x12\x00\x00\x80\x00"[..], &[0xd8; 1 << 16]].concat()]));
    payloads.push(with(&[[&b"\x6f\x12\x00\x00\x80\x00"[..], &[0x30; 1 << 16]].concat()]));
    lists_stay_modest(&payloads);
}

#[test]
fn whole_packets_are_copied_once() {
    let _turn = turn();
    let packet =
        afc::Packet { number: 1, operation: afc::Operation::Data, fixed: vec![], bulk: vec![7; 4 << 20] };
    let bytes = packet.encode();
    drop(packet);
    stays_modest([bytes.as_slice()], |bytes| {
        let packet = common::whole(bytes, afc::Packet::decode(bytes, 4 << 20));
        assert!(afc::Reply::from_packet(packet).is_ok());
    });
}

#[test]
fn noise() {
    let _turn = turn();
    let mut dice = Dice::new(1);
    let payloads: Vec<Vec<u8>> = (0..500)
        .map(|n| {
            let length = dice.below(2_000);
            let start: &[u8] = [&b"bplist00"[..], b"<plist><dict>", b""][n % 3];
            [start, &dice.bytes(length)].concat()
        })
        .collect();
    lists_stay_modest(&payloads);
}
