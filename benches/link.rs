//! How much of the cable an export uses, and how much memory: the real program against a virtual phone whose
//! link has the rate and the round trip of USB 2.
//!
//!     cargo bench --bench link              all of it, about a minute
//!     cargo bench --bench link -- photos    one part: photos or video
//!
//! The share is bytes of media per second of transfer, divided by the rate of the link in the same run; the time
//! is the program's own, from the catalogue being read to the summary. A link that carries 36 MB/s carries
//! headers too, so 100 % is out of reach. Memory is the kernel's high-water mark of the process (Linux only).
//! With `--check` the program fails where it misses the aim: 90 % of the link, 150 MB.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a bench fails by panicking")]

use std::path::Path;
use std::process::{Child, Command, Stdio};

use phone_libraries::{AssetSpec, Captured, Content, IosVersion, Library};
use virtual_iphone::{Listen, PhoneConfig, Server};

/// The link, as `virtual-iphone serve --link` understands it, and its rate in bytes per second.
const LINK: (&str, f64) = ("usb2", 36e6);

/// The aim: share of the link, and resident memory in bytes.
const AIM: (f64, u64) = (0.90, 150_000_000);

struct Case {
    name: &'static str,
    what: &'static str,
    library: Library,
}

fn library(files: u64, size_bytes: u64, extension: &str) -> Library {
    let mut library = Library::new(IosVersion::Ios18);
    let start: jiff::Timestamp = "2024-07-01T10:00:00Z".parse().unwrap();
    for n in 0..files {
        let taken = start + jiff::SignedDuration::from_mins(n.cast_signed());
        let spec = AssetSpec::at(format!("DCIM/100APPLE/IMG_{n:04}.{extension}"));
        let content = Content::Stamped { size_bytes: Some(size_bytes) };
        library.asset(spec.captured(Captured::new(taken, "Europe/Lisbon", 3600)).content(content));
    }
    library
}

struct Figures {
    bytes: u64,
    seconds: f64,
    peak_bytes: Option<u64>,
    copied: u64,
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let check = words.iter().any(|word| word == "--check");
    let wanted: Vec<&String> = words.iter().filter(|word| !word.starts_with('-')).collect();
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|word| *word == name);
    let cases = [
        Case { name: "photos", what: "500 photos of 2 MB", library: library(500, 2_000_000, "JPG") },
        Case { name: "video", what: "one video of 1 GB", library: library(1, 1_000_000_000, "MOV") },
    ];
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let mut missed = Vec::new();
    println!("link {} ({:.0} MB/s)", LINK.0, LINK.1 / 1e6);
    println!("{:<22} {:>9} {:>8} {:>10} {:>9} {:>10}", "what", "MB", "s", "MB/s", "of link", "peak MB");
    for case in cases.into_iter().filter(|case| is_wanted(case.name)) {
        let folder = tempfile::tempdir().unwrap();
        let made = case.library.write(&folder.path().join("library")).unwrap();
        let mut phone = PhoneConfig::new(made.media);
        phone.already_paired = true;
        phone.link = LINK.0.parse().unwrap();
        let server = runtime.block_on(Server::start(Listen::loopback(), vec![phone])).unwrap();
        let to = folder.path().join("drive");
        let first = export(server.address(), &to);
        let share = first.bytes as f64 / first.seconds / LINK.1;
        print_row(case.what, &first, Some(share));
        if share < AIM.0 || first.peak_bytes.is_some_and(|peak| peak > AIM.1) {
            missed.push(case.what);
        }
        let second = export(server.address(), &to);
        print_row("  the same again", &second, None);
        assert_eq!(second.copied, 0);
    }
    if check && !missed.is_empty() {
        eprintln!("the aim is missed by: {}", missed.join(", "));
        std::process::exit(1);
    }
}

fn print_row(what: &str, figures: &Figures, share: Option<f64>) {
    let Figures { bytes, seconds, peak_bytes, .. } = figures;
    let rate = *bytes as f64 / seconds / 1e6;
    println!(
        "{what:<22} {:>9.1} {seconds:>8.2} {rate:>10.1} {:>9} {:>10}",
        *bytes as f64 / 1e6,
        share.map(|share| format!("{:.1} %", share * 100.0)).unwrap_or_default(),
        peak_bytes.map(|peak| format!("{:.0}", peak as f64 / 1e6)).unwrap_or_default(),
    );
}

/// Runs the program and reads its summary.
fn export(address: &str, to: &Path) -> Figures {
    let child = Command::new(env!("CARGO_BIN_EXE_iexport"))
        .args(["photos", "--all", "--json", "--to"])
        .arg(to)
        .env("USBMUXD_SOCKET_ADDRESS", address)
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap();
    let (output, peak_bytes) = watch(child);
    let last = output.lines().last().unwrap();
    let summary: serde_json::Value = serde_json::from_str(last).unwrap();
    assert_eq!(summary["outcome"], "complete", "{summary}");
    Figures {
        bytes: summary["exported_bytes"].as_u64().unwrap(),
        seconds: summary["seconds_after_catalog"].as_f64().unwrap(),
        peak_bytes,
        copied: summary["exported_files"].as_u64().unwrap(),
    }
}

/// Waits for the end of the program; says what it printed and the most memory it had.
fn watch(mut child: Child) -> (String, Option<u64>) {
    let id = child.id();
    let mut out = child.stdout.take().unwrap();
    let reader = std::thread::spawn(move || {
        let mut text = String::new();
        std::io::Read::read_to_string(&mut out, &mut text).unwrap();
        text
    });
    let mut peak = None;
    while child.try_wait().unwrap().is_none() {
        peak = high_water_mark(id).or(peak);
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    assert!(child.wait().unwrap().success());
    (reader.join().unwrap(), peak)
}

/// `VmHWM` of a process in bytes, where there is a `/proc`.
fn high_water_mark(id: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
}
