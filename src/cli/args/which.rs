//! The options that say which photos and videos are meant.

use clap::Args as ClapArgs;

use super::PolicyWord;

/// Which items.
#[derive(Debug, Clone, ClapArgs)]
#[command(next_help_heading = "Which photos and videos")]
pub struct Which {
    /// Everything in the photo library.
    #[arg(long, conflicts_with = "album")]
    pub all: bool,
    /// Only this album; may be given several times.
    ///
    /// By its name, or by its path if it lies in folders: `--album "Travel/Italy 2024"`. The path of a folder
    /// means all albums in it.
    #[arg(long, value_name = "NAME")]
    pub album: Vec<String>,
    /// What to do about the Hidden album.
    #[arg(long, value_enum, default_value_t = PolicyWord::Include, value_name = "HOW")]
    pub hidden: PolicyWord,
    /// What to do about Recently Deleted.
    #[arg(long, value_enum, default_value_t = PolicyWord::Exclude, value_name = "HOW")]
    pub trashed: PolicyWord,
    /// What to do about shared albums: other people's pictures, in reduced size.
    ///
    /// A shared album that is asked for by --album is exported in any case.
    #[arg(long, value_enum, default_value_t = PolicyWord::Exclude, value_name = "HOW")]
    pub shared: PolicyWord,
    /// What to do about pictures that others sent and that were not saved to the library.
    #[arg(long, value_enum, default_value_t = PolicyWord::Exclude, value_name = "HOW")]
    pub shared_with_you: PolicyWord,
    /// What to do about files in the camera folders that the phone's catalogue does not name.
    #[arg(long, value_enum, default_value_t = PolicyWord::Exclude, value_name = "HOW")]
    pub orphans: PolicyWord,
}
