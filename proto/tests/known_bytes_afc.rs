//! The worked examples of facts/protocols.md section 3.2, byte for byte, in both directions.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a helper that stops the test is what is wanted"
)]

mod common;

use common::{hex, whole};
use iexport_proto::afc::{
    FileInfo, FileKind, OpenMode, Operation, Packet, ReadRequest, Reply, Request, SeekFrom, Status,
    parse_names, parse_pairs, write_names,
};

const MAGIC: &str = "43464136 4c504141";

/// A packet of the document: everything behind the signature.
fn example(rest: &str) -> (Vec<u8>, Packet) {
    let bytes = hex(&format!("{MAGIC}{rest}"));
    let packet = whole(&bytes, Packet::decode(&bytes, 1 << 16));
    (bytes, packet)
}

#[track_caller]
fn is_request(rest: &str, number: u64, request: &Request) {
    let (bytes, packet) = example(rest);
    assert_eq!(packet.number, number);
    assert_eq!(Request::from_packet(&packet).as_ref(), Ok(request));
    assert_eq!(request.to_packet(number).encode(), bytes);
}

#[track_caller]
fn is_reply(rest: &str, number: u64, reply: &Reply) {
    let (bytes, packet) = example(rest);
    assert_eq!(packet.number, number);
    assert_eq!(Reply::from_packet(packet).as_ref(), Ok(reply));
    assert_eq!(reply.clone().into_packet(number).encode(), bytes);
}

#[test]
fn open() {
    let path = b"/DCIM/100APPLE/IMG_0001.MOV".to_vec();
    let rest = "4c00000000000000 4c00000000000000 0a00000000000000 0d00000000000000
        0100000000000000 2f4443494d2f3130304150504c452f494d475f303030312e4d4f5600";
    is_request(rest, 10, &Request::FileOpen { mode: OpenMode::Read, path: path.clone() });
    assert_eq!(ReadRequest::Open { path }.to_packet(10), example(rest).1);
    is_reply(
        "3000000000000000 3000000000000000 0a00000000000000 0e00000000000000 0100000000000000",
        10,
        &Reply::Opened(1),
    );
}

#[test]
fn read() {
    let rest = "3800000000000000 3800000000000000 0b00000000000000 0f00000000000000
        0100000000000000 0000400000000000";
    is_request(rest, 11, &Request::FileRead { handle: 1, size: 4 << 20 });
    assert_eq!(ReadRequest::Read { handle: 1, size: 4 << 20 }.to_packet(11), example(rest).1);
    is_reply(
        "2e00000000000000 2800000000000000 0b00000000000000 0200000000000000 68656c6c6f0a",
        11,
        &Reply::Data(b"hello\n".to_vec()),
    );
    // At the end of a file: no bytes.
    is_reply(
        "2800000000000000 2800000000000000 0c00000000000000 0200000000000000",
        12,
        &Reply::Data(Vec::new()),
    );
}

#[test]
fn not_found() {
    is_reply(
        "3000000000000000 3000000000000000 0d00000000000000 0100000000000000 0800000000000000",
        13,
        &Reply::Status(Status::ObjectNotFound),
    );
}

#[test]
fn seek() {
    let rest = "4000000000000000 4000000000000000 0e00000000000000 1100000000000000
        0100000000000000 0000000000000000 0000020000000000";
    is_request(rest, 14, &Request::FileSeek { handle: 1, from: SeekFrom::Start, offset: 131_072 });
    assert_eq!(ReadRequest::Seek { handle: 1, position: 131_072 }.to_packet(14), example(rest).1);
}

#[test]
fn listing() {
    let rest = "3600000000000000 2800000000000000 0200000000000000 0200000000000000
        2e00 2e2e00 3130304150504c4500";
    let names: Vec<&[u8]> = vec![b".", b"..", b"100APPLE"];
    is_reply(rest, 2, &Reply::Data(write_names(names.iter().copied())));
    assert_eq!(parse_names(&example(rest).1.bulk).collect::<Vec<_>>(), names);
}

#[test]
fn write() {
    let rest = "3500000000000000 3000000000000000 0f00000000000000 1000000000000000
        0200000000000000 68656c6c6f";
    let request = Request::FileWrite { handle: 2, data: b"hello".to_vec() };
    is_request(rest, 15, &request);
    assert!(request.writes());
}

#[test]
fn lock() {
    is_request(
        "3800000000000000 3800000000000000 0200000000000000 1b00000000000000
            0100000000000000 0600000000000000",
        2,
        &Request::FileLock { handle: 1, operation: 6 },
    );
}

#[test]
fn a_path_needs_no_nul_and_a_packet_may_have_any_number() {
    // idevice sends READ_DIR without NUL; other hosts number their packets with all ones.
    let (_, packet) =
        example("2d00000000000000 2d00000000000000 ffffffffffffffff 0300000000000000 2f4443494d");
    assert_eq!(packet.number, u64::MAX);
    assert_eq!(Request::from_packet(&packet), Ok(Request::ReadDir { path: b"/DCIM".to_vec() }));
}

#[test]
fn data_in_the_fixed_part_is_data() {
    let (_, packet) =
        example("2e00000000000000 2e00000000000000 0b00000000000000 0200000000000000 68656c6c6f0a");
    assert_eq!(Reply::from_packet(packet), Ok(Reply::Data(b"hello\n".to_vec())));
}

#[test]
fn numbers_of_operations_and_statuses() {
    for operation in Operation::NAMED {
        assert_eq!(Operation::from_wire(operation.to_wire()), *operation);
    }
    for status in Status::NAMED {
        assert_eq!(Status::from_wire(status.to_wire()), *status);
    }
    let numbers: Vec<u64> = Operation::NAMED.iter().map(|o| o.to_wire()).collect();
    assert_eq!(numbers, (1..=0x28).collect::<Vec<_>>(), "the table of section 3.3 has no gaps");
    let numbers: Vec<u64> = Status::NAMED.iter().map(|s| s.to_wire()).collect();
    assert_eq!(numbers, (0..=23).collect::<Vec<_>>(), "nor has the one of section 3.4");
}

#[test]
fn operations_that_write() {
    // The column RO of section 3.3; FILE_OPEN depends on its mode.
    let writing = [5, 6, 7, 8, 9, 0x0c, 0x10, 0x15, 0x18, 0x1c, 0x1e, 0x20, 0x22, 0x28];
    for operation in Operation::NAMED {
        assert_eq!(operation.writes(), writing.contains(&operation.to_wire()), "{operation:?}");
    }
    for mode in 1..=7 {
        let open = Request::FileOpen { mode: OpenMode::from_wire(mode), path: b"/x".to_vec() };
        assert_eq!(open.writes(), mode != 1, "mode {mode}");
    }
}

#[test]
fn file_info() {
    let data = b"st_size\x00123\0st_blocks\x008\0st_nlink\x001\0st_ifmt\0S_IFREG\0\
        st_mtime\x001700000000000000000\0st_birthtime\x001600000000000000000\0";
    let info = FileInfo {
        kind: FileKind::File,
        size_bytes: 123,
        blocks: 8,
        links: 1,
        modified_nanoseconds: 1_700_000_000_000_000_000,
        created_nanoseconds: 1_600_000_000_000_000_000,
        link_target: None,
    };
    assert_eq!(FileInfo::parse(data), Ok(info.clone()));
    assert_eq!(info.encode(), data);
}

#[test]
fn pairs_with_odd_ends() {
    let pairs = |data| parse_pairs(data).collect::<Vec<(&[u8], &[u8])>>();
    assert_eq!(pairs(b"k\0v\0"), [(&b"k"[..], &b"v"[..])]);
    assert_eq!(pairs(b"k\0v"), [(&b"k"[..], &b"v"[..])], "the last NUL may be missing");
    assert_eq!(pairs(b"k\0\0"), [(&b"k"[..], &b""[..])], "a value may be empty");
    assert_eq!(pairs(b"k\0v\0lost\0"), [(&b"k"[..], &b"v"[..])], "a key without a value is dropped");
    assert_eq!(pairs(b"k\0v\0lost"), [(&b"k"[..], &b"v"[..])]);
    assert_eq!(pairs(b""), []);
}
