//! What several tests of the wire formats need.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a helper that stops the test is what is wanted"
)]
#![allow(dead_code, reason = "every test binary uses a part of it")]

use iexport_proto::{DecodeError, Decoded};

/// Bytes of a hex dump; blanks and line ends are for the reader.
pub fn hex(dump: &str) -> Vec<u8> {
    let digits: Vec<u32> = dump.chars().filter_map(|c| c.to_digit(16)).collect();
    assert_eq!(digits.len() % 2, 0, "half a byte in {dump}");
    digits.chunks(2).map(|pair| u8::try_from(pair[0] << 4 | pair[1]).unwrap()).collect()
}

/// The message of a buffer that holds exactly one.
#[track_caller]
pub fn whole<T: std::fmt::Debug>(bytes: &[u8], decoded: Result<Decoded<T>, DecodeError>) -> T {
    match decoded {
        Ok(Decoded::Message { value, used }) => {
            assert_eq!(used, bytes.len(), "all bytes belong to the message");
            value
        }
        other => panic!("not a message: {other:?}"),
    }
}

/// XML as Apple's and libplist's writers lay it out: tabs, and a line end behind everything.
pub fn apple_xml(body: &str) -> Vec<u8> {
    let body: String =
        body.lines().map(str::trim).filter(|l| !l.is_empty()).fold(String::new(), |all, line| {
            let tabs = if line.starts_with("<dict") || line.starts_with("</dict") { "" } else { "\t" };
            all + tabs + line + "\n"
        });
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \
         \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n\
         <plist version=\"1.0\">\n{body}</plist>\n"
    )
    .into_bytes()
}

/// A small generator of numbers: the same ones on every run and every machine (xorshift64*).
pub struct Dice(u64);

impl Dice {
    /// A generator for this seed; 0 is as good as any other.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// Any number.
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number below `end`, which is not 0.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap()
    }

    /// `count` bytes.
    pub fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.next().to_le_bytes()[3]).collect()
    }
}
