//! Operation numbers. Source: facts/protocols.md section 3.3.

macro_rules! operations {
    ($($(#[$doc:meta])* $name:ident = $number:literal,)*) => {
        /// What a packet asks for or answers.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Operation {
            $($(#[$doc])* $name,)*
            /// A number that is not known here.
            Unknown(u64),
        }

        impl Operation {
            /// Every operation with a name.
            pub const NAMED: &[Self] = &[$(Self::$name),*];

            /// The number on the wire.
            #[must_use]
            pub const fn to_wire(self) -> u64 {
                match self {
                    $(Self::$name => $number,)*
                    Self::Unknown(n) => n,
                }
            }

            /// The operation of a number on the wire.
            #[must_use]
            pub const fn from_wire(number: u64) -> Self {
                match number {
                    $($number => Self::$name,)*
                    n => Self::Unknown(n),
                }
            }
        }
    };
}

operations! {
    /// Reply: a status code.
    Status = 0x01,
    /// Reply: bytes.
    Data = 0x02,
    /// List a directory.
    ReadDir = 0x03,
    /// Read a whole file; layout unverified, no client uses it.
    ReadFile = 0x04,
    /// Write a whole file; layout unverified, no client uses it. Writes.
    WriteFile = 0x05,
    /// Write a part of a file; layout unverified, no client uses it. Writes.
    WritePart = 0x06,
    /// Change the size of a file by path. Writes.
    Truncate = 0x07,
    /// Delete a file or an empty directory. Writes.
    RemovePath = 0x08,
    /// Make a directory. Writes.
    MakeDir = 0x09,
    /// Size, kind and times of a path.
    GetFileInfo = 0x0a,
    /// Model and free space of the device.
    GetDeviceInfo = 0x0b,
    /// Replace a file at once. Writes.
    WriteFileAtomic = 0x0c,
    /// Open a file.
    FileOpen = 0x0d,
    /// Reply: the handle of an opened file.
    FileOpenResult = 0x0e,
    /// Read from a handle.
    FileRead = 0x0f,
    /// Write to a handle. Writes.
    FileWrite = 0x10,
    /// Move a handle's position.
    FileSeek = 0x11,
    /// Ask for a handle's position.
    FileTell = 0x12,
    /// Reply: a handle's position.
    FileTellResult = 0x13,
    /// Close a handle.
    FileClose = 0x14,
    /// Change the size of an open file. Writes.
    FileSetSize = 0x15,
    /// Properties of the connection.
    GetConnectionInfo = 0x16,
    /// Change properties of the connection.
    SetConnectionOptions = 0x17,
    /// Rename. Writes.
    RenamePath = 0x18,
    /// Hint for block sizes of the file system.
    SetFsBlockSize = 0x19,
    /// Hint for block sizes of the socket.
    SetSocketBlockSize = 0x1a,
    /// Advisory lock on a handle.
    FileLock = 0x1b,
    /// Make a link. Writes; refused since iOS 11.
    MakeLink = 0x1c,
    /// Hash of a file; algorithm unverified.
    GetFileHash = 0x1d,
    /// Set the modification time. Writes.
    SetFileModTime = 0x1e,
    /// Hash of a part of a file; unverified.
    GetFileHashRange = 0x1f,
    /// Mark an open file as not changing. Writes.
    FileSetImmutableHint = 0x20,
    /// Size of a tree; unreliable on real phones.
    GetSizeOfPathContents = 0x21,
    /// Delete a tree. Writes.
    RemovePathAndContents = 0x22,
    /// Open a directory; layout unverified.
    DirOpen = 0x23,
    /// Reply: the handle of an opened directory; layout unverified.
    DirOpenResult = 0x24,
    /// Read from an opened directory; layout unverified.
    DirRead = 0x25,
    /// Close a directory; layout unverified.
    DirClose = 0x26,
    /// Read from a handle at a position; layout unverified.
    FileReadOffset = 0x27,
    /// Write to a handle at a position; layout unverified. Writes.
    FileWriteOffset = 0x28,
}

impl Operation {
    /// Whether the operation is known to change something on the phone. An unknown one is not: whoever serves
    /// requests cannot grant it, and whoever makes them has [`super::ReadRequest`].
    #[must_use]
    pub const fn writes(self) -> bool {
        matches!(
            self,
            Self::WriteFile
                | Self::WritePart
                | Self::FileWriteOffset
                | Self::Truncate
                | Self::RemovePath
                | Self::MakeDir
                | Self::WriteFileAtomic
                | Self::FileWrite
                | Self::FileSetSize
                | Self::RenamePath
                | Self::MakeLink
                | Self::SetFileModTime
                | Self::FileSetImmutableHint
                | Self::RemovePathAndContents
        )
    }
}
