//! Requests, all of them: what a phone may be asked.

use super::{Operation, PROTOCOL, Packet};
use crate::{DecodeError, wire};

/// How a file is opened. Source: facts/protocols.md section 3.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OpenMode {
    /// 1: read.
    Read,
    /// 2: read and write; creates.
    ReadWrite,
    /// 3: write; creates and empties.
    Write,
    /// 4: read and write; creates and empties.
    WriteTruncate,
    /// 5: append; creates.
    Append,
    /// 6: read and append; creates.
    ReadAppend,
    /// Anything else.
    Unknown(u64),
}

impl OpenMode {
    /// The number on the wire.
    #[must_use]
    pub const fn to_wire(self) -> u64 {
        match self {
            Self::Read => 1,
            Self::ReadWrite => 2,
            Self::Write => 3,
            Self::WriteTruncate => 4,
            Self::Append => 5,
            Self::ReadAppend => 6,
            Self::Unknown(n) => n,
        }
    }

    /// The mode of a number on the wire.
    #[must_use]
    pub const fn from_wire(n: u64) -> Self {
        match n {
            1 => Self::Read,
            2 => Self::ReadWrite,
            3 => Self::Write,
            4 => Self::WriteTruncate,
            5 => Self::Append,
            6 => Self::ReadAppend,
            n => Self::Unknown(n),
        }
    }
}

/// Where a seek counts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SeekFrom {
    /// 0: the start of the file.
    Start,
    /// 1: where the handle is.
    Current,
    /// 2: the end of the file.
    End,
    /// Anything else.
    Unknown(u64),
}

impl SeekFrom {
    const fn to_wire(self) -> u64 {
        match self {
            Self::Start => 0,
            Self::Current => 1,
            Self::End => 2,
            Self::Unknown(n) => n,
        }
    }

    const fn from_wire(n: u64) -> Self {
        match n {
            0 => Self::Start,
            1 => Self::Current,
            2 => Self::End,
            n => Self::Unknown(n),
        }
    }
}

/// A request. Paths are the bytes that were sent, without the NUL that some clients put behind them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "fields are named as in the table of operations")]
pub enum Request {
    /// List a directory.
    ReadDir { path: Vec<u8> },
    /// Size, kind and times; describes a link, not its target.
    GetFileInfo { path: Vec<u8> },
    /// Model and free space.
    GetDeviceInfo,
    /// Properties of the connection.
    GetConnectionInfo,
    /// Open a file.
    FileOpen { mode: OpenMode, path: Vec<u8> },
    /// Read up to `size` bytes from where the handle is.
    FileRead { handle: u64, size: u64 },
    /// Write `data` where the handle is.
    FileWrite { handle: u64, data: Vec<u8> },
    /// Move a handle.
    FileSeek { handle: u64, from: SeekFrom, offset: i64 },
    /// Where is the handle?
    FileTell { handle: u64 },
    /// Close a handle.
    FileClose { handle: u64 },
    /// Change the size of an open file.
    FileSetSize { handle: u64, size: u64 },
    /// Lock or unlock a handle.
    FileLock { handle: u64, operation: u64 },
    /// Change the size of a file.
    Truncate { size: u64, path: Vec<u8> },
    /// Delete a file or an empty directory.
    RemovePath { path: Vec<u8> },
    /// Delete a tree.
    RemovePathAndContents { path: Vec<u8> },
    /// Make a directory.
    MakeDir { path: Vec<u8> },
    /// Rename.
    RenamePath { from: Vec<u8>, to: Vec<u8> },
    /// Make a link.
    MakeLink { kind: u64, target: Vec<u8>, link: Vec<u8> },
    /// Set a modification time, in nanoseconds since 1970.
    SetFileModTime { nanoseconds: u64, path: Vec<u8> },
    /// A block size hint, in bytes.
    SetBlockSize { socket: bool, size: u64 },
    /// Anything else; the arguments are not looked at.
    Other(Operation),
}

impl Request {
    /// The operation this request asks for.
    #[must_use]
    pub const fn operation(&self) -> Operation {
        match self {
            Self::ReadDir { .. } => Operation::ReadDir,
            Self::GetFileInfo { .. } => Operation::GetFileInfo,
            Self::GetDeviceInfo => Operation::GetDeviceInfo,
            Self::GetConnectionInfo => Operation::GetConnectionInfo,
            Self::FileOpen { .. } => Operation::FileOpen,
            Self::FileRead { .. } => Operation::FileRead,
            Self::FileWrite { .. } => Operation::FileWrite,
            Self::FileSeek { .. } => Operation::FileSeek,
            Self::FileTell { .. } => Operation::FileTell,
            Self::FileClose { .. } => Operation::FileClose,
            Self::FileSetSize { .. } => Operation::FileSetSize,
            Self::FileLock { .. } => Operation::FileLock,
            Self::Truncate { .. } => Operation::Truncate,
            Self::RemovePath { .. } => Operation::RemovePath,
            Self::RemovePathAndContents { .. } => Operation::RemovePathAndContents,
            Self::MakeDir { .. } => Operation::MakeDir,
            Self::RenamePath { .. } => Operation::RenamePath,
            Self::MakeLink { .. } => Operation::MakeLink,
            Self::SetFileModTime { .. } => Operation::SetFileModTime,
            Self::SetBlockSize { socket: false, .. } => Operation::SetFsBlockSize,
            Self::SetBlockSize { socket: true, .. } => Operation::SetSocketBlockSize,
            Self::Other(operation) => *operation,
        }
    }

    /// Whether granting the request could change something on the phone.
    #[must_use]
    pub const fn writes(&self) -> bool {
        match self {
            Self::FileOpen { mode, .. } => !matches!(mode, OpenMode::Read),
            other => other.operation().writes(),
        }
    }

    /// Reads a request from a packet.
    ///
    /// # Errors
    /// [`DecodeError::Shape`] if arguments are missing.
    pub fn from_packet(packet: &Packet) -> Result<Self, DecodeError> {
        let fixed = packet.fixed.as_slice();
        let number = |index: usize| {
            wire::le64(fixed, index * 8).ok_or_else(|| DecodeError::Shape {
                protocol: PROTOCOL,
                reason: format!("{:?} lacks its arguments", packet.operation),
            })
        };
        let text = |numbers: usize| wire::until_nul(fixed.get(numbers * 8..).unwrap_or_default()).to_vec();
        let two_texts = |numbers: usize| {
            let mut parts = fixed.get(numbers * 8..).unwrap_or_default().split(|b| *b == 0);
            let mut next = || parts.next().unwrap_or_default().to_vec();
            (next(), next())
        };
        Ok(match packet.operation {
            Operation::ReadDir => Self::ReadDir { path: text(0) },
            Operation::GetFileInfo => Self::GetFileInfo { path: text(0) },
            Operation::GetDeviceInfo => Self::GetDeviceInfo,
            Operation::GetConnectionInfo => Self::GetConnectionInfo,
            Operation::FileOpen => Self::FileOpen { mode: OpenMode::from_wire(number(0)?), path: text(1) },
            Operation::FileRead => Self::FileRead { handle: number(0)?, size: number(1)? },
            Operation::FileWrite => Self::FileWrite { handle: number(0)?, data: packet.bulk.clone() },
            Operation::FileSeek => Self::FileSeek {
                handle: number(0)?,
                from: SeekFrom::from_wire(number(1)?),
                offset: number(2)?.cast_signed(),
            },
            Operation::FileTell => Self::FileTell { handle: number(0)? },
            Operation::FileClose => Self::FileClose { handle: number(0)? },
            Operation::FileSetSize => Self::FileSetSize { handle: number(0)?, size: number(1)? },
            Operation::FileLock => Self::FileLock { handle: number(0)?, operation: number(1)? },
            Operation::Truncate => Self::Truncate { size: number(0)?, path: text(1) },
            Operation::RemovePath => Self::RemovePath { path: text(0) },
            Operation::RemovePathAndContents => Self::RemovePathAndContents { path: text(0) },
            Operation::MakeDir => Self::MakeDir { path: text(0) },
            Operation::RenamePath => {
                let (from, to) = two_texts(0);
                Self::RenamePath { from, to }
            }
            Operation::MakeLink => {
                let (target, link) = two_texts(1);
                Self::MakeLink { kind: number(0)?, target, link }
            }
            Operation::SetFileModTime => Self::SetFileModTime { nanoseconds: number(0)?, path: text(1) },
            Operation::SetFsBlockSize => Self::SetBlockSize { socket: false, size: number(0)? },
            Operation::SetSocketBlockSize => Self::SetBlockSize { socket: true, size: number(0)? },
            other => Self::Other(other),
        })
    }

    /// Writes the request as a packet. Paths get a NUL behind them, as most clients do.
    #[must_use]
    pub fn to_packet(&self, number: u64) -> Packet {
        let mut fixed = Vec::new();
        let mut bulk = Vec::new();
        let mut put = |numbers: &[u64], paths: &[&[u8]]| {
            for n in numbers {
                fixed.extend_from_slice(&n.to_le_bytes());
            }
            for path in paths {
                fixed.extend_from_slice(path);
                fixed.push(0);
            }
        };
        match self {
            Self::ReadDir { path }
            | Self::GetFileInfo { path }
            | Self::RemovePath { path }
            | Self::RemovePathAndContents { path }
            | Self::MakeDir { path } => put(&[], &[path]),
            Self::GetDeviceInfo | Self::GetConnectionInfo | Self::Other(_) => {}
            Self::FileOpen { mode, path } => put(&[mode.to_wire()], &[path]),
            Self::FileRead { handle, size } => put(&[*handle, *size], &[]),
            Self::FileWrite { handle, data } => {
                put(&[*handle], &[]);
                bulk.clone_from(data);
            }
            Self::FileSeek { handle, from, offset } => {
                put(&[*handle, from.to_wire(), offset.cast_unsigned()], &[]);
            }
            Self::FileTell { handle } | Self::FileClose { handle } => put(&[*handle], &[]),
            Self::FileSetSize { handle, size } => put(&[*handle, *size], &[]),
            Self::FileLock { handle, operation } => put(&[*handle, *operation], &[]),
            Self::Truncate { size, path } => put(&[*size], &[path]),
            Self::RenamePath { from, to } => put(&[], &[from, to]),
            Self::MakeLink { kind, target, link } => put(&[*kind], &[target, link]),
            Self::SetFileModTime { nanoseconds, path } => put(&[*nanoseconds], &[path]),
            Self::SetBlockSize { size, .. } => put(&[*size], &[]),
        }
        Packet { number, operation: self.operation(), fixed, bulk }
    }
}
