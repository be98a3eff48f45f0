//! The requests an exporter can make. There is no variant that changes anything on the phone, and none
//! can be added without changing this file: that is the point of it.

use super::{OpenMode, Packet, Request};

/// A request that changes nothing on the phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadRequest {
    /// List a directory.
    List {
        /// Path below the media root.
        path: Vec<u8>,
    },
    /// Size, kind and times of a path.
    Stat {
        /// Path below the media root.
        path: Vec<u8>,
    },
    /// Model and free space of the phone.
    DeviceInfo,
    /// Open a file for reading.
    Open {
        /// Path below the media root.
        path: Vec<u8>,
    },
    /// Read from where the handle is.
    Read {
        /// The handle.
        handle: u64,
        /// How much, in bytes; at most [`super::MAX_READ`].
        size: u64,
    },
    /// Move a handle to a position.
    Seek {
        /// The handle.
        handle: u64,
        /// Bytes from the start of the file.
        position: u64,
    },
    /// Close a handle.
    Close {
        /// The handle.
        handle: u64,
    },
}

impl ReadRequest {
    /// The request as a packet.
    #[must_use]
    pub fn to_packet(&self, number: u64) -> Packet {
        self.clone().into_request().to_packet(number)
    }

    fn into_request(self) -> Request {
        match self {
            Self::List { path } => Request::ReadDir { path },
            Self::Stat { path } => Request::GetFileInfo { path },
            Self::DeviceInfo => Request::GetDeviceInfo,
            Self::Open { path } => Request::FileOpen { mode: OpenMode::Read, path },
            Self::Read { handle, size } => Request::FileRead { handle, size },
            Self::Seek { handle, position } => {
                Request::FileSeek { handle, from: super::SeekFrom::Start, offset: position.cast_signed() }
            }
            Self::Close { handle } => Request::FileClose { handle },
        }
    }
}
