//! What a plan says.

use std::sync::Arc;

use jiff::Timestamp;

use super::dest::DestPath;
use super::tagging::Tagging;
use crate::catalog::{AssetUuid, Fingerprint, Proof, Role};
use crate::source::DevicePath;

/// Where each file goes, and what needs no transfer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Plan {
    /// What is to be transferred, in the order of the catalogue: an item's files side by side, original first.
    pub files: Vec<PlannedFile>,
    /// What lies on the drive as it was left there.
    pub already: Vec<AlreadyThere>,
    /// What the phone does not have and iCloud does.
    pub cloud_only: Vec<Absent>,
    /// What the catalogue names and nobody has.
    pub missing: Vec<Absent>,
    /// What is on the phone and stays only there, because of which versions were asked for.
    pub left_out: VersionsLeftOut,
    /// What is to be in further folders too, in the order of the catalogue; what is there already included.
    pub links: Vec<PlannedLink>,
}

/// What is on the phone, belongs to the selected items, and is on the drive neither from before nor after this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct VersionsLeftOut {
    /// Items whose original (or RAW, or Live movie) stays behind, because only edits were asked for.
    pub originals: usize,
    /// Items whose edit stays behind, because only originals were asked for.
    pub edits: usize,
    /// HEICs of which only the JPEG of an earlier run is there.
    pub heics: usize,
    /// HEICs that were there before JPEGs were asked for, and of which none are made.
    pub jpegs: usize,
}

/// One file to transfer.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedFile {
    /// Its item, as an index into [`crate::catalog::Catalog::items`].
    pub item: usize,
    /// Its item's identity.
    pub uuid: AssetUuid,
    /// The name its item was made under. As the phone has it: it may contain anything.
    pub original_name: Box<str>,
    /// What it is to its item.
    pub role: Role,
    /// Where it is on the phone.
    pub from: DevicePath,
    /// Where it goes. No two files of a plan have the same [`DestPath::fold`].
    pub to: DestPath,
    /// The stem its item was given, without `_edited`; the ledger keeps it, so that files that come later
    /// get the same.
    pub stem: Box<str>,
    /// Its size in bytes as the catalogue has it; the phone has the last word.
    pub size_hint: Option<u64>,
    /// When it was taken: the time the file is to have on the drive. Without it, that of the phone's file.
    pub time: Option<Timestamp>,
    /// The phone's own fingerprint of it.
    pub fingerprint: Option<Fingerprint>,
    /// Changes when the content changes on the phone.
    pub revision: String,
    /// What is to be done.
    pub action: Action,
    /// An older version of this file under another name (an edit that was a HEIC and is a JPEG now). It is
    /// ours and has the size still that we left it with; if it has its content too, it may be removed once `to` is
    /// recorded.
    pub supersedes: Option<DestPath>,
    /// What is made of it on the way.
    pub convert: Option<Conversion>,
    /// What is filled into it on the way, as far as it lacks it.
    pub tagging: Option<Arc<Tagging>>,
}

impl PlannedFile {
    /// What a person finds on the drive: the JPEG, if it is there instead of the file.
    #[must_use]
    pub fn found_at(&self) -> &DestPath {
        match &self.convert {
            Some(conversion) if !conversion.keep_original => &conversion.to,
            _ => &self.to,
        }
    }
}

/// A JPEG that is made of a HEIC on its way to the drive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversion {
    /// What the JPEG is to its item: [`Role::Converted`] or [`Role::EditedConverted`].
    pub role: Role,
    /// Where it goes.
    pub to: DestPath,
    /// What is to be done with it. [`Action::Adopt`] here: the name has a file that may be what an earlier run
    /// made; if it is equal to what is made now, record it, and if not, it is a conflict.
    pub action: Action,
    /// 1 to 100.
    pub quality: u8,
    /// Whether the HEIC is exported too, to [`PlannedFile::to`]. If not, it goes there all the same when no
    /// JPEG can be made of it.
    pub keep_original: bool,
}

/// A file that is to be in a further folder too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedLink {
    /// Its item, as an index into [`crate::catalog::Catalog::items`].
    pub item: usize,
    /// Its item's identity.
    pub uuid: AssetUuid,
    /// What the file is to its item.
    pub role: Role,
    /// Where the file is, or will be.
    pub target: DestPath,
    /// Where the link goes.
    pub at: DestPath,
    /// The stem of the item in that folder.
    pub stem: Box<str>,
    /// The file's size in bytes, if it is known before the file is there.
    pub size_bytes: Option<u64>,
    /// Which version of the file.
    pub revision: Box<str>,
    /// What is to be done.
    pub action: LinkAction,
}

/// What is to be done with a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LinkAction {
    /// Nothing has the name: make it.
    Make,
    /// The name has an older one that we made and that has its size still: if it has its content too, replace it,
    /// atomically; if not, it is a conflict, and what is there must be left alone.
    Replace,
    /// The name has something that the ledger does not know and that may be this very link: if it is, record
    /// it; if not, it is a conflict, and what is there must be left alone.
    Adopt,
    /// It is there as we left it.
    Stays,
}

/// What is to be done with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Nothing has the name: copy.
    Copy,
    /// The name has an older version that we wrote and that has its size still: if it has its content too, replace it,
    /// atomically; if not, it is a conflict, and what is there must be left alone.
    Replace,
    /// The name has a file of the expected size that the ledger does not know: if the content is the same,
    /// record it; if not, it is a conflict, and the file on the drive must be left alone.
    Adopt,
}

/// A file that needs no transfer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlreadyThere {
    /// Its item, as an index into [`crate::catalog::Catalog::items`].
    pub item: usize,
    /// What it is to its item.
    pub role: Role,
    /// Where it is.
    pub to: DestPath,
    /// Its size in bytes, on the drive.
    pub size_bytes: u64,
    /// What the phone's fingerprint said when it was exported; `None` if an older version of this program
    /// exported it.
    pub proof: Option<Proof>,
}

/// A file that cannot be transferred, since it is not on the phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absent {
    /// Its item, as an index into [`crate::catalog::Catalog::items`].
    pub item: usize,
    /// Its item's identity.
    pub uuid: AssetUuid,
    /// The name its item was made under. As the phone has it: it may contain anything.
    pub name: String,
    /// What it is to its item.
    pub role: Role,
    /// Its size in bytes as the catalogue has it.
    pub size_bytes: Option<u64>,
}

/// How much there is to transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// Files.
    pub files: u64,
    /// The sum of the sizes that are known, in bytes.
    pub bytes: u64,
    /// Files whose size is not known beforehand.
    pub unknown_sizes: u64,
}

impl Plan {
    /// How much there is to transfer. Files to be adopted count: they are read from the phone to be compared.
    #[must_use]
    pub fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        for file in &self.files {
            // What is made of a file comes beside it, or in its place.
            let both = file.convert.as_ref().is_some_and(|convert| convert.keep_original);
            totals.files += 1 + u64::from(both);
            match file.size_hint {
                Some(bytes) => totals.bytes = totals.bytes.saturating_add(bytes),
                None => totals.unknown_sizes += 1,
            }
        }
        totals
    }

    /// How much lies on the drive already.
    #[must_use]
    pub fn already_totals(&self) -> Totals {
        let mut totals = Totals::default();
        for file in &self.already {
            totals.files += 1;
            totals.bytes = totals.bytes.saturating_add(file.size_bytes);
        }
        totals
    }

    /// How many items have their original only in iCloud.
    #[must_use]
    pub fn cloud_only_items(&self) -> usize {
        self.cloud_only.iter().filter(|absent| absent.role == Role::Original).count()
    }

    /// The size in bytes of all that is only in iCloud, as far as the catalogue has it.
    #[must_use]
    pub fn cloud_only_bytes(&self) -> u64 {
        let sizes = self.cloud_only.iter().filter_map(|absent| absent.size_bytes);
        sizes.fold(0, u64::saturating_add)
    }

    /// How many items have no original anywhere.
    #[must_use]
    pub fn missing_items(&self) -> usize {
        self.missing.iter().filter(|absent| absent.role == Role::Original).count()
    }
}
