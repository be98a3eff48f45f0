//! Why a source could not be turned into a catalogue at all.

use std::path::PathBuf;

use thiserror::Error;

use super::Collection;
use crate::source::{DevicePath, SourceError};

/// Reading a catalogue failed. What can be read only in part is no error, but a warning in the catalogue.
#[derive(Debug, Error)]
pub enum CatalogError {
    /// The phone is gone.
    #[error(transparent)]
    Source(SourceError),
    /// There is neither a photo database nor a camera folder.
    #[error(
        "there are no photos to be seen: neither a photo database nor a DCIM folder. \
         A phone that was restarted shows nothing until it is unlocked once"
    )]
    NothingThere,
    /// There is no photo database, and the folders that photos lie in do not say what is in them.
    #[error("there is no photo database to be read, and the folders of photos cannot be listed: {0}")]
    Unlisted(SourceError),
    /// The phone keeps them where the cable does not reach, but a backup does (facts/media.md section D8). Nothing is
    /// wrong with anything else on it.
    #[error("this iPhone keeps its {} out of reach of the cable; they are in a backup of it", .0.items().1)]
    OutOfReach(Collection),
    /// Where they would be is nothing: there are none, or the phone keeps them elsewhere. Which of the two, its version
    /// may say.
    #[error(
        "no {} are to be seen: there are none, or this iPhone keeps them out of reach of the cable; then they are in a \
         backup of it", .0.items().1
    )]
    NoneSeen(Collection),
    /// There is no such file or folder on the phone.
    #[error("there is no {0} on the phone")]
    NoSuchPath(DevicePath),
    /// The scratch folder on this computer cannot hold the copy of the database.
    #[error("the copy of the {what} cannot be kept in {}: {error}", .folder.display())]
    Scratch {
        /// What people call the database, such as `photo database`.
        what: &'static str,
        /// The folder.
        folder: PathBuf,
        /// What went wrong.
        error: std::io::Error,
    },
    /// A part of this program broke down; the text says where.
    #[error("reading the catalogue broke off: {0}")]
    Broken(String),
}

impl CatalogError {
    /// Whether nothing else can be read from this phone either.
    #[must_use]
    pub fn is_fatal(&self) -> bool {
        match self {
            Self::Source(error) => error.is_fatal(),
            Self::Scratch { .. } | Self::Broken(_) => true,
            Self::NothingThere
            | Self::Unlisted(_)
            | Self::OutOfReach(_)
            | Self::NoneSeen(_)
            | Self::NoSuchPath(_) => false,
        }
    }
}
