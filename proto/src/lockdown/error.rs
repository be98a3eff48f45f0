//! The words with which `lockdownd` refuses.

macro_rules! errors {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// The errors of `lockdownd` that matter to a host. Source: facts/protocols.md section 2.5.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum LockdownError {
            $($(#[$doc])* $name,)*
        }

        impl LockdownError {
            /// Every error that has a name here.
            pub const NAMED: &[Self] = &[$(Self::$name),*];

            /// The word that goes over the wire.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)*
                }
            }

            /// The error of a word on the wire; `None` for words that are not known here.
            #[must_use]
            pub fn from_name(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$name),)*
                    _ => None,
                }
            }
        }
    };
}

errors! {
    /// The phone is locked with a passcode.
    PasswordProtected = "PasswordProtected",
    /// The *Trust This Computer?* dialog is on the screen.
    PairingDialogResponsePending = "PairingDialogResponsePending",
    /// Somebody tapped *Don't Trust*.
    UserDeniedPairing = "UserDeniedPairing",
    /// The phone does not know this pairing (any more).
    InvalidHostId = "InvalidHostID",
    /// A session is needed for this.
    SessionInactive = "SessionInactive",
    /// There is a session already.
    SessionActive = "SessionActive",
    /// No such session.
    InvalidSessionId = "InvalidSessionID",
    /// No such service.
    InvalidService = "InvalidService",
    /// No such key.
    MissingValue = "MissingValue",
    /// The key may not be read like this.
    GetProhibited = "GetProhibited",
    /// The key may not be written.
    SetProhibited = "SetProhibited",
    /// The request names no host.
    MissingHostId = "MissingHostID",
    /// The request names no service.
    MissingService = "MissingService",
    /// More services run than the phone can bear.
    ServiceLimit = "ServiceLimit",
    /// The pairing in the request is unusable.
    InvalidPairRecord = "InvalidPairRecord",
    /// The request lacks its pairing.
    MissingPairRecord = "MissingPairRecord",
    /// A key is missing in the request.
    MissingKey = "MissingKey",
    /// The escrow bag does not open.
    EscrowLocked = "EscrowLocked",
    /// Not a request at all.
    InvalidRequest = "InvalidRequest",
}
