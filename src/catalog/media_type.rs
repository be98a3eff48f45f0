//! What a file is, by its extension. Used only where the database has nothing better to say.

use super::MediaKind;

/// The sort of media an extension stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MediaType {
    /// A picture that a Live Photo or a RAW pair can be built on.
    Photo,
    /// What a camera's sensor gave.
    Raw,
    /// A film.
    Movie,
    /// Belongs to another file and means nothing by itself.
    Sidecar,
    /// Something else.
    Unknown,
}

/// Extensions of RAW files, the phone's own first.
pub(super) const RAW: &[&str] = &[
    "dng", "cr2", "cr3", "nef", "arw", "raf", "orf", "rw2", "pef", "srw", "crw", "nrw", "sr2", "srf", "raw",
    "3fr", "fff", "iiq", "mos", "mrw", "dcr", "kdc", "erf", "mef", "rwl", "gpr", "x3f",
];
const PHOTO: &[&str] =
    &["heic", "heif", "jpg", "jpeg", "png", "gif", "webp", "tif", "tiff", "avif", "jxl", "jp2", "bmp", "psd"];
const MOVIE: &[&str] = &["mov", "mp4", "m4v", "avi", "3gp", "mpg", "mpeg", "mts", "m2ts", "mkv", "webm"];
/// Camera's and editor's notes, thumbnails, working files (facts/media.md sections B1, B2).
const SIDECAR: &[&str] = &["aae", "xmp", "data", "thm", "thp", "plist", "lock", "db", "tmp"];

/// Whether an extension is that of a RAW file; case does not matter.
#[must_use]
pub fn is_camera_raw(extension: &str) -> bool {
    MediaType::of(Some(extension.as_bytes())) == MediaType::Raw
}

impl MediaType {
    /// What an item of such a file is.
    pub(super) const fn kind(self) -> MediaKind {
        match self {
            Self::Photo | Self::Raw => MediaKind::Photo,
            Self::Movie => MediaKind::Video,
            Self::Sidecar | Self::Unknown => MediaKind::Other,
        }
    }

    /// By the part of a name after its last dot, whatever its case.
    pub(super) fn of(extension: Option<&[u8]>) -> Self {
        let Some(extension) = extension else { return Self::Unknown };
        let among = |list: &[&str]| list.iter().any(|e| e.as_bytes().eq_ignore_ascii_case(extension));
        match () {
            () if among(PHOTO) => Self::Photo,
            () if among(MOVIE) => Self::Movie,
            () if among(RAW) => Self::Raw,
            () if among(SIDECAR) => Self::Sidecar,
            () => Self::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_in_any_case() {
        assert_eq!(MediaType::of(Some(b"HeIc")), MediaType::Photo);
        assert_eq!(MediaType::of(Some(b"MOV")), MediaType::Movie);
        assert_eq!(MediaType::of(Some(b"dng")), MediaType::Raw);
        assert_eq!(MediaType::of(Some(b"AAE")), MediaType::Sidecar);
        assert_eq!(MediaType::of(Some(b"xyz")), MediaType::Unknown);
        assert_eq!(MediaType::of(None), MediaType::Unknown);
    }
}
