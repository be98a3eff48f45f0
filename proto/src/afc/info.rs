//! The contents of `DATA` replies that are text: listings and key/value pairs.
//!
//! Source: facts/protocols.md section 3.5.

use thiserror::Error;

/// What a path is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// `S_IFREG`
    File,
    /// `S_IFDIR`
    Directory,
    /// `S_IFLNK`
    Link,
    /// Devices, pipes, sockets and whatever else.
    Other,
}

/// What `GET_FILE_INFO` tells of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileInfo {
    /// What it is.
    pub kind: FileKind,
    /// Size in bytes.
    pub size_bytes: u64,
    /// Space taken, in blocks of 512 bytes.
    pub blocks: u64,
    /// Number of hard links.
    pub links: u64,
    /// Last change, in nanoseconds since 1970 UTC. 0 if the phone does not say.
    pub modified_nanoseconds: u64,
    /// Creation, in nanoseconds since 1970 UTC. 0 if the phone does not say.
    pub created_nanoseconds: u64,
    /// Where a link leads.
    pub link_target: Option<Vec<u8>>,
}

/// What `GET_DEVINFO` tells of the phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceInfo {
    /// Product type, such as `iPhone16,1`.
    pub model: String,
    /// Size of the file system in bytes.
    pub total_bytes: u64,
    /// Free space in bytes.
    pub free_bytes: u64,
    /// Block size in bytes.
    pub block_size: u64,
}

/// A reply that should be key/value pairs is not usable.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum InfoError {
    /// A key that must be there is missing.
    #[error("the phone's answer lacks {0}")]
    Missing(&'static str),
    /// A value is not the number it should be.
    #[error("the phone's answer has an unusable {0}")]
    Wrong(&'static str),
}

/// Splits a listing into names, each as the bytes that were sent. Empty names are dropped; `.` and `..`
/// are kept, since what to do with them is the caller's affair.
pub fn parse_names(data: &[u8]) -> impl Iterator<Item = &[u8]> {
    data.split(|b| *b == 0).filter(|name| !name.is_empty())
}

/// Joins names to a listing: each with a NUL behind it.
pub fn write_names<'a>(names: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut out = Vec::new();
    for name in names {
        out.extend_from_slice(name);
        out.push(0);
    }
    out
}

/// Splits key/value pairs. A key without a value is dropped; a value may be empty. The NUL behind the last
/// value may be missing.
pub fn parse_pairs(data: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut parts = data.strip_suffix(&[0]).unwrap_or(data).split(|b| *b == 0);
    std::iter::from_fn(move || Some((parts.next()?, parts.next()?))).filter(|(key, _)| !key.is_empty())
}

fn find<'a>(data: &'a [u8], key: &str) -> Option<&'a [u8]> {
    parse_pairs(data).find(|(k, _)| *k == key.as_bytes()).map(|(_, value)| value)
}

fn number(data: &[u8], key: &'static str) -> Result<Option<u64>, InfoError> {
    let Some(value) = find(data, key) else { return Ok(None) };
    let text = std::str::from_utf8(value).map_err(|_| InfoError::Wrong(key))?;
    text.parse().map(Some).map_err(|_| InfoError::Wrong(key))
}

impl FileInfo {
    /// Reads the reply. Size and kind must be there; the rest may be missing.
    ///
    /// # Errors
    /// A key that is needed is missing or no number.
    pub fn parse(data: &[u8]) -> Result<Self, InfoError> {
        let kind = match find(data, "st_ifmt").ok_or(InfoError::Missing("st_ifmt"))? {
            b"S_IFREG" => FileKind::File,
            b"S_IFDIR" => FileKind::Directory,
            b"S_IFLNK" => FileKind::Link,
            _ => FileKind::Other,
        };
        Ok(Self {
            kind,
            size_bytes: number(data, "st_size")?.ok_or(InfoError::Missing("st_size"))?,
            blocks: number(data, "st_blocks").unwrap_or_default().unwrap_or_default(),
            links: number(data, "st_nlink").unwrap_or_default().unwrap_or(1),
            modified_nanoseconds: number(data, "st_mtime").unwrap_or_default().unwrap_or_default(),
            created_nanoseconds: number(data, "st_birthtime").unwrap_or_default().unwrap_or_default(),
            link_target: find(data, "LinkTarget").filter(|target| !target.is_empty()).map(<[u8]>::to_vec),
        })
    }

    /// Writes the reply with all six keys that clients insist on.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let kind = match self.kind {
            FileKind::File => "S_IFREG",
            FileKind::Directory => "S_IFDIR",
            FileKind::Link => "S_IFLNK",
            FileKind::Other => "S_IFCHR",
        };
        let mut pairs: Vec<(&str, Vec<u8>)> = vec![
            ("st_size", self.size_bytes.to_string().into_bytes()),
            ("st_blocks", self.blocks.to_string().into_bytes()),
            ("st_nlink", self.links.to_string().into_bytes()),
            ("st_ifmt", kind.as_bytes().to_vec()),
            ("st_mtime", self.modified_nanoseconds.to_string().into_bytes()),
            ("st_birthtime", self.created_nanoseconds.to_string().into_bytes()),
        ];
        if let Some(target) = self.link_target.as_ref().filter(|t| !t.is_empty()) {
            pairs.push(("LinkTarget", target.clone()));
        }
        write_names(pairs.iter().flat_map(|(key, value)| [key.as_bytes(), value.as_slice()]))
    }
}

impl DeviceInfo {
    /// Reads the reply.
    ///
    /// # Errors
    /// A key is missing or no number.
    pub fn parse(data: &[u8]) -> Result<Self, InfoError> {
        let need = |key| number(data, key)?.ok_or(InfoError::Missing(key));
        let model = find(data, "Model").ok_or(InfoError::Missing("Model"))?;
        Ok(Self {
            model: String::from_utf8_lossy(model).into_owned(),
            total_bytes: need("FSTotalBytes")?,
            free_bytes: need("FSFreeBytes")?,
            block_size: need("FSBlockSize")?,
        })
    }

    /// Writes the reply with all four keys that clients insist on.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let pairs = [
            ("Model", self.model.clone()),
            ("FSTotalBytes", self.total_bytes.to_string()),
            ("FSFreeBytes", self.free_bytes.to_string()),
            ("FSBlockSize", self.block_size.to_string()),
        ];
        write_names(pairs.iter().flat_map(|(key, value)| [key.as_bytes(), value.as_bytes()]))
    }
}
