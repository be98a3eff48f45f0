//! What is put behind a name that another item or album has.

/// How many more digits each next attempt takes.
const STEP: usize = 4;

/// How many attempts take digits.
pub(super) const STEPS: usize = DIGITS / STEP;

/// How many digits a uuid has.
const DIGITS: usize = 32;

/// The names to try for an item or an album, the clean one first: then with 4, 8, ... 32 hexadecimal digits of
/// its uuid, at last with a number too. They depend on nothing else. Endless.
pub(super) struct Stems {
    clean: String,
    digits: String,
    attempt: usize,
}

impl Stems {
    pub(super) fn new(clean: impl Into<String>, uuid: &str) -> Self {
        Self { clean: clean.into(), digits: digits(uuid), attempt: 0 }
    }

    /// The next stem to try.
    pub(super) fn next_stem(&mut self) -> String {
        let attempt = self.attempt;
        self.attempt += 1;
        let clean = &self.clean;
        match attempt {
            0 => clean.clone(),
            _ => match self.digits.get(..attempt * STEP) {
                Some(digits) => format!("{clean}-{digits}"),
                None => format!("{clean}-{}-{}", self.digits, attempt - STEPS + 1),
            },
        }
    }
}

impl Iterator for Stems {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        Some(self.next_stem())
    }
}

/// 32 hexadecimal digits, upper case: those of the uuid, or if it is none, of its hash.
fn digits(uuid: &str) -> String {
    let digits: String = uuid.chars().filter(|c| *c != '-').collect();
    if digits.len() == DIGITS && digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return digits.to_ascii_uppercase();
    }
    let mut hash = blake3::hash(uuid.as_bytes()).to_hex().to_ascii_uppercase();
    hash.truncate(DIGITS);
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longer_and_longer() {
        let uuid = "3F2A91C0-0001-4000-8000-0123456789AB";
        let stems: Vec<String> = Stems::new("IMG_1", uuid).take(11).collect();
        assert_eq!(stems[0], "IMG_1");
        assert_eq!(stems[1], "IMG_1-3F2A");
        assert_eq!(stems[2], "IMG_1-3F2A91C0");
        assert_eq!(stems[8], "IMG_1-3F2A91C00001400080000123456789AB");
        assert_eq!(stems[9], "IMG_1-3F2A91C00001400080000123456789AB-2");
        assert_eq!(stems[10], "IMG_1-3F2A91C00001400080000123456789AB-3");
    }

    #[test]
    fn any_identity_gives_digits() {
        for odd in ["", "DCIM/100APPLE/IMG_0001.HEIC", "../x", "3f2a"] {
            let stem = Stems::new("a", odd).nth(1).unwrap();
            let suffix = stem.strip_prefix("a-").unwrap();
            assert!(suffix.len() == 4 && suffix.bytes().all(|b| b.is_ascii_hexdigit()), "{stem}");
        }
    }
}
