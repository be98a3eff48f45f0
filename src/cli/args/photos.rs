//! The options of `photos`.

use std::path::PathBuf;

use clap::{ArgGroup, Args as ClapArgs, ValueEnum};

use super::Which;

/// Options of `photos`.
#[derive(Debug, ClapArgs)]
#[command(group(ArgGroup::new("selection").required(true).multiple(true).args(["all", "album"])))]
pub struct PhotosArgs {
    /// Which items.
    #[command(flatten)]
    pub which: Which,
    /// The folder to export to, usually on an external drive.
    ///
    /// A missing folder is made if the one it lies in exists. Nothing that lies there is overwritten.
    #[arg(long, value_name = "DIR")]
    pub to: PathBuf,
    /// Which files of each item.
    #[command(flatten)]
    pub files: FilesArgs,
}

/// Which files of each item, and what is made of them.
#[derive(Debug, Clone, ClapArgs)]
#[command(next_help_heading = "Which files of each")]
pub struct FilesArgs {
    /// Which versions of edited photos and videos.
    #[arg(long, value_enum, default_value_t = VersionsWord::Both, value_name = "WHICH")]
    pub versions: VersionsWord,
    /// Also the recipes of edits and the camera's own adjustments, as `.AAE` beside the photo or video.
    ///
    /// With them, portraits, slow motion and Cinematic videos can still be edited on a Mac.
    #[arg(long)]
    pub aae: bool,
    /// What to do about photos and videos that are only in iCloud.
    ///
    /// With `preview` the small picture that the phone keeps of them is exported, with `_preview` in its name.
    #[arg(long, value_enum, default_value_t = CloudOnlyWord::Skip, value_name = "HOW")]
    pub cloud_only: CloudOnlyWord,
}

/// Which versions of an edited item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum VersionsWord {
    /// As it was taken, and as it looks now.
    Both,
    /// As it was taken.
    Original,
    /// As it looks now: the edit if there is one, else the original.
    Edited,
}

/// What to do about what is only in iCloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CloudOnlyWord {
    /// Say so, and export nothing.
    Skip,
    /// Export the small picture that the phone keeps.
    Preview,
}
