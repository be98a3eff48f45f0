//! The options of `pick`.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use super::{FilesArgs, PlacesArgs};

/// Options of `pick`.
#[derive(Debug, ClapArgs)]
pub struct PickArgs {
    /// The folder to export to, usually on an external drive.
    ///
    /// Asked for at the end if it is not given.
    #[arg(long, value_name = "DIR")]
    pub to: Option<PathBuf>,
    /// Which files of each item.
    #[command(flatten)]
    pub files: FilesArgs,
    /// Where they go.
    #[command(flatten)]
    pub places: PlacesArgs,
}
