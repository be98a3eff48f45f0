//! How long `iexport list photos` takes in a large library, and how much memory: the real program against a virtual
//! phone whose link has no limit.
//!
//!     cargo bench --bench list              100,000 assets, each way of writing them
//!     cargo bench --bench list -- 20000     another number of them
//!     cargo bench --bench list -- --check   fail where it misses the aim
//!
//! The time begins when the phone's photo database is on this computer (the program says so in its log) and ends
//! with the last line of the list. Folders are listed on the phone meanwhile. Memory is the kernel's high-water mark
//! of the process; CPU is the time that it had a processor, all of it, which a busy machine does not change (both
//! Linux only). The aim: under 3 s and under 300 MB.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a bench fails by panicking")]

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use phone_libraries::{IosVersion, MediaKind, Recipe};
use virtual_iphone::{Listen, PhoneConfig, Server};

/// The aim: seconds after the database is here, and resident memory in bytes.
const AIM: (f64, u64) = (3.0, 300_000_000);

/// What the log says when the database is here.
const HERE: &str = "the photo database is on this computer";

/// The ways to write a list.
const WAYS: [(&str, &[&str]); 5] = [
    ("--json", &["--json"]),
    ("the table", &[]),
    ("--columns", &["--columns", "taken,original_name,albums,size"]),
    ("--csv", &["--csv"]),
    ("--json --where", &["--json", "--where", "favorite and taken >= '2015' or 'Trip' in albums"]),
];

struct Figures {
    lines: usize,
    bytes: usize,
    seconds_of_all: f64,
    seconds: f64,
    usage: Usage,
}

/// What the kernel says of a process.
#[derive(Debug, Clone, Copy, Default)]
struct Usage {
    peak_bytes: Option<u64>,
    cpu_seconds: Option<f64>,
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let check = words.iter().any(|word| word == "--check");
    let assets = words.iter().find_map(|word| word.parse().ok()).unwrap_or(100_000);

    let folder = tempfile::tempdir().unwrap();
    let recipe = Recipe::new(IosVersion::Ios18, assets).media(MediaKind::Repeated);
    let made = phone_libraries::make(&recipe, &folder.path().join("library")).unwrap();
    let mut phone = PhoneConfig::new(made.media);
    phone.already_paired = true;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let server = runtime.block_on(Server::start(Listen::loopback(), vec![phone])).unwrap();

    println!("{assets} assets, link without a limit");
    println!(
        "{:<16} {:>8} {:>8} {:>10} {:>16} {:>8} {:>8}",
        "what", "lines", "MB", "s of all", "s after database", "CPU s", "peak MB"
    );
    let mut missed = Vec::new();
    for (name, args) in WAYS {
        let figures = list(server.address(), args);
        println!(
            "{name:<16} {:>8} {:>8.1} {:>10.2} {:>16.2} {:>8} {:>8}",
            figures.lines,
            figures.bytes as f64 / 1e6,
            figures.seconds_of_all,
            figures.seconds,
            figures.usage.cpu_seconds.map(|cpu| format!("{cpu:.2}")).unwrap_or_default(),
            figures.usage.peak_bytes.map(|peak| format!("{:.0}", peak as f64 / 1e6)).unwrap_or_default(),
        );
        if figures.seconds > AIM.0 || figures.usage.peak_bytes.is_some_and(|peak| peak > AIM.1) {
            missed.push(name);
        }
    }
    if check && !missed.is_empty() {
        eprintln!("the aim is missed by: {}", missed.join(", "));
        std::process::exit(1);
    }
}

/// Runs the program to its end.
fn list(address: &str, args: &[&str]) -> Figures {
    let started = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_iexport"))
        .args(["list", "photos"])
        .args(args)
        .env("USBMUXD_SOCKET_ADDRESS", address)
        .env("IEXPORT_LOG", "iexport::export=debug")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = child.stdout.take().unwrap();
    let reader = std::thread::spawn(move || {
        let (mut lines, mut bytes) = (0, 0);
        let mut buffer = vec![0; 1 << 16];
        loop {
            match out.read(&mut buffer).unwrap() {
                0 => return (lines, bytes, Instant::now()),
                n => {
                    bytes += n;
                    lines += buffer[..n].iter().filter(|byte| **byte == b'\n').count();
                }
            }
        }
    });
    let errors = BufReader::new(child.stderr.take().unwrap());
    let talk = std::thread::spawn(move || {
        let mut here = None;
        for line in errors.lines().map_while(Result::ok) {
            if line.contains(HERE) {
                here = Some(Instant::now());
            }
        }
        here
    });
    let usage = usage_of(&mut child);
    let (lines, bytes, ended) = reader.join().unwrap();
    let here = talk.join().unwrap().expect("the log says when the database is here");
    Figures {
        lines,
        bytes,
        seconds_of_all: ended.duration_since(started).as_secs_f64(),
        seconds: ended.duration_since(here).as_secs_f64(),
        usage,
    }
}

/// Waits for the end of the program; says what it used.
fn usage_of(child: &mut Child) -> Usage {
    let id = child.id();
    let mut usage = Usage::default();
    while child.try_wait().unwrap().is_none() {
        usage.peak_bytes = high_water_mark(id).or(usage.peak_bytes);
        usage.cpu_seconds = cpu_seconds(id).or(usage.cpu_seconds);
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    assert!(child.wait().unwrap().success());
    usage
}

/// `VmHWM` of a process in bytes, where there is a `/proc`.
fn high_water_mark(id: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
}

/// Time that a process had a processor, its own and the system's on its behalf.
fn cpu_seconds(id: u32) -> Option<f64> {
    // A hundred ticks a second on every Linux there is.
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name of the program is in brackets and may hold anything.
    let after = stat.rsplit_once(')')?.1;
    let ticks: Vec<u64> = after.split_whitespace().skip(11).take(2).filter_map(|n| n.parse().ok()).collect();
    (ticks.len() == 2).then(|| ticks.iter().sum::<u64>() as f64 / 100.0)
}
