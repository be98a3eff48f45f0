//! What the reading of a catalogue tells of itself while it is under way.

/// One step of reading a catalogue. Events of one kind follow each other with growing numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CatalogProgress {
    /// Bytes of the database that have come over.
    Database {
        /// 1 for the first try; more if the phone changed the database meanwhile.
        attempt: u32,
        /// Bytes so far in this try.
        got_bytes: u64,
        /// Bytes expected in this try.
        total_bytes: u64,
    },
    /// Rows of the database that were read.
    Rows {
        /// Rows so far, of all tables.
        read: u64,
    },
    /// Directories of the phone that were listed.
    Directories {
        /// Listed so far.
        listed: u64,
        /// To be listed, as far as known.
        total: u64,
    },
    /// Files of the phone that were looked at one by one.
    Files {
        /// Looked at so far.
        seen: u64,
        /// To be looked at.
        total: u64,
    },
}

/// Receives [`CatalogProgress`].
pub type ProgressFn<'a> = dyn Fn(CatalogProgress) + Sync + 'a;
