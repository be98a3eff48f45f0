//! What happens during a run.

use serde::Serialize;

use super::{Summary, Total};
use crate::catalog::Collection;
use crate::device::TrustStep;

/// Something that happened. As JSON, `type` tells which.
///
/// The JSON form is documented in `docs/scripting.md`; fields are only ever added.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// A phone was chosen.
    Device {
        /// The name its owner gave it.
        name: String,
        /// The model's name.
        model: String,
        /// iOS version.
        ios: String,
        /// Its udid.
        udid: String,
    },
    /// The person should do something at the phone, or has done it.
    Trust {
        /// `tap_trust`, `unlock`, `trusted` or `unlocked`.
        #[serde(serialize_with = "trust_word")]
        step: TrustStep,
    },
    /// A step of the preparation makes progress.
    Preparing {
        /// Which step.
        phase: Phase,
        /// How far it is, in the unit of the step.
        done: u64,
        /// How far it goes, if known.
        total: Option<u64>,
    },
    /// The catalogue was read.
    Catalog {
        /// Of what.
        #[serde(rename = "kind", serialize_with = "super::summary::collection_word")]
        collection: Collection,
        /// Its items, whatever their flags.
        items: usize,
        /// Albums or playlists.
        albums: usize,
        /// Version of the phone's database; absent when only files could be looked at.
        model_version: Option<i64>,
    },
    /// It is known what has to be done.
    Plan {
        /// Files to transfer.
        files: u64,
        /// Their size in bytes, as far as it is known.
        bytes: u64,
        /// Files that are on the drive already.
        already_files: u64,
        /// Their size in bytes.
        already_bytes: u64,
        /// Items whose original is only in iCloud.
        cloud_only: usize,
        /// Free space on the drive in bytes, if the system tells.
        free_bytes: Option<u64>,
    },
    /// A transfer begins. Several are under way at once.
    FileStarted {
        /// Path on the phone.
        from: String,
        /// Size in bytes as the phone says.
        bytes: u64,
        /// Size in bytes that the plan had counted for it.
        #[serde(skip)]
        planned_bytes: u64,
    },
    /// Bytes arrived and are being written. Negative when an attempt failed and is taken back.
    #[serde(skip)]
    Bytes(i64),
    /// A file is on the drive: complete, durable, under its name.
    File {
        /// Path on the phone.
        from: String,
        /// Path below the destination.
        to: String,
        /// Size in bytes.
        bytes: u64,
        /// BLAKE3 hash of the content, in hex.
        blake3: String,
        /// What the phone's own fingerprint said of it: `proven`, `no_fingerprint` or `differs`; absent if the
        /// phone has no such file.
        proof: Option<&'static str>,
        /// `copied`, `replaced` or `adopted`.
        how: &'static str,
    },
    /// A file could not be transferred.
    Failed(FailedFile),
    /// Something was done about a sidecar.
    Sidecar {
        /// Path below the destination.
        to: String,
        /// `written`, `rewritten`, or `kept` if somebody else's file is there.
        how: &'static str,
    },
    /// A sidecar could not be written.
    SidecarFailed(FailedSidecar),
    /// Something the person should know.
    Warning {
        /// In words.
        message: String,
    },
    /// Progress of the transfer, about once a second.
    Progress {
        /// Files done.
        files: u64,
        /// Files altogether.
        total_files: u64,
        /// Bytes done.
        bytes: u64,
        /// Bytes altogether, as far as known.
        total_bytes: u64,
    },
    /// The run is over.
    Summary(Box<Summary>),
    /// In an export of everything: the next collection is begun.
    Collection {
        /// Which.
        #[serde(rename = "kind", serialize_with = "super::summary::collection_word")]
        collection: Collection,
    },
    /// An export of everything is over.
    Total(Box<Total>),
}

/// A step before the transfer, after it, or of something else that takes its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Copying the phone's database; in bytes.
    Database,
    /// Looking into the phone's folders; in folders.
    Folders,
    /// Looking at single files, when there is no catalogue; in files.
    Files,
    /// Bringing sidecars up to date, after the transfer; in sidecars.
    Sidecars,
    /// Comparing the drive with the ledger; in bytes.
    Drive,
}

/// A file that could not be transferred.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FailedFile {
    /// The asset's uuid.
    pub uuid: String,
    /// The name it was made under.
    pub name: String,
    /// What it is to its item.
    pub role: &'static str,
    /// Path on the phone.
    pub from: String,
    /// Where it would have gone, below the destination.
    pub to: String,
    /// Why.
    pub reason: String,
}

/// A sidecar that could not be written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FailedSidecar {
    /// Where it would have gone, below the destination.
    pub path: String,
    /// Why.
    pub reason: String,
}

fn trust_word<S: serde::Serializer>(step: &TrustStep, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(match step {
        TrustStep::TapTrust => "tap_trust",
        TrustStep::Unlock => "unlock",
        TrustStep::Trusted => "trusted",
        TrustStep::Unlocked => "unlocked",
    })
}
