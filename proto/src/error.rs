//! What a decoder can say.

use thiserror::Error;

/// Outcome of looking for one message at the front of a buffer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decoded<T> {
    /// The buffer holds a message; `used` bytes of it belong to that message.
    Message {
        /// The message.
        value: T,
        /// Bytes to drop from the front of the buffer.
        used: usize,
    },
    /// Not yet: at least this many bytes must be in the buffer before it is worth asking again. Always more
    /// than there are, never more than the header and the largest payload that the decoder was told to accept.
    Need(usize),
}

impl<T> Decoded<T> {
    /// Applies `f` to the message, if there is one.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Decoded<U> {
        match self {
            Self::Message { value, used } => Decoded::Message { value: f(value), used },
            Self::Need(n) => Decoded::Need(n),
        }
    }
}

/// Why bytes are not a message.
///
/// All of these mean that the stream has lost its framing or that the other side does not speak the
/// protocol: the connection is of no further use.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DecodeError {
    /// The first bytes are not the protocol's signature.
    #[error("{protocol}: wrong signature")]
    Magic {
        /// Which protocol was expected.
        protocol: &'static str,
    },
    /// A length field is larger than the limit.
    #[error("{protocol}: length {length} exceeds the limit of {limit} bytes")]
    TooLong {
        /// Which protocol was expected.
        protocol: &'static str,
        /// What the message claims, in bytes.
        length: u64,
        /// What was allowed, in bytes.
        limit: u64,
    },
    /// A length field is smaller than the header it counts.
    #[error("{protocol}: length {length} is too small, at least {minimum} bytes are needed")]
    TooShort {
        /// Which protocol was expected.
        protocol: &'static str,
        /// What the message claims, in bytes.
        length: u64,
        /// The smallest length that makes sense, in bytes.
        minimum: u64,
    },
    /// Length fields contradict each other.
    #[error("{protocol}: contradicting lengths ({inner} inside of {outer})")]
    Contradiction {
        /// Which protocol was expected.
        protocol: &'static str,
        /// The length that should be the smaller one.
        inner: u64,
        /// The length that should be the larger one.
        outer: u64,
    },
    /// The payload is no property list.
    #[error("{protocol}: payload is not a property list ({reason})")]
    Plist {
        /// Which protocol was expected.
        protocol: &'static str,
        /// What the property list parser said.
        reason: String,
    },
    /// The payload has the wrong shape for its kind of message.
    #[error("{protocol}: {reason}")]
    Shape {
        /// Which protocol was expected.
        protocol: &'static str,
        /// What is wrong.
        reason: String,
    },
}
