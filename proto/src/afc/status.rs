//! Status codes. Source: facts/protocols.md section 3.4.

macro_rules! statuses {
    ($($(#[$doc:meta])* $name:ident = $number:literal, $text:literal;)*) => {
        /// How an operation ended.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Status {
            $($(#[$doc])* $name,)*
            /// A number that is not known here.
            Unknown(u64),
        }

        impl Status {
            /// Every status with a name.
            pub const NAMED: &[Self] = &[$(Self::$name),*];

            /// The number on the wire.
            #[must_use]
            pub const fn to_wire(self) -> u64 {
                match self {
                    $(Self::$name => $number,)*
                    Self::Unknown(n) => n,
                }
            }

            /// The status of a number on the wire.
            #[must_use]
            pub const fn from_wire(number: u64) -> Self {
                match number {
                    $($number => Self::$name,)*
                    n => Self::Unknown(n),
                }
            }
        }

        impl std::fmt::Display for Status {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self {
                    $(Self::$name => f.write_str($text),)*
                    Self::Unknown(n) => write!(f, "status {n}"),
                }
            }
        }
    };
}

statuses! {
    /// It worked.
    Success = 0, "success";
    /// No reason given.
    UnknownError = 1, "unknown error";
    /// Header not understood.
    OpHeaderInvalid = 2, "invalid header";
    /// Too many open files.
    NoResources = 3, "too many open files";
    /// Reading failed; also: listing something that is no directory.
    ReadError = 4, "read error";
    /// Writing failed.
    WriteError = 5, "write error";
    /// Operation not known.
    UnknownPacketType = 6, "unknown operation";
    /// A bad handle, mode or offset.
    InvalidArgument = 7, "invalid argument";
    /// No such file or directory.
    ObjectNotFound = 8, "not found";
    /// Opening a directory as a file.
    ObjectIsDirectory = 9, "is a directory";
    /// Not allowed.
    PermissionDenied = 10, "permission denied";
    /// The service is not connected.
    ServiceNotConnected = 11, "service not connected";
    /// Took too long on the phone.
    OpTimeout = 12, "timed out on the phone";
    /// Asked for more than allowed at once.
    TooMuchData = 13, "too much data at once";
    /// End of data.
    EndOfData = 14, "end of data";
    /// Not supported.
    OpNotSupported = 15, "not supported";
    /// Exists already.
    ObjectExists = 16, "exists already";
    /// In use.
    ObjectBusy = 17, "busy";
    /// The phone is full.
    NoSpaceLeft = 18, "no space left on the phone";
    /// Locked by somebody else.
    OpWouldBlock = 19, "locked by another program";
    /// The phone could not read its storage, or the file's content is only in iCloud.
    IoError = 20, "input/output error on the phone";
    /// Interrupted.
    OpInterrupted = 21, "interrupted";
    /// Already under way.
    OpInProgress = 22, "already in progress";
    /// Internal error of the service.
    InternalError = 23, "internal error on the phone";
}
