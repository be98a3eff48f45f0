//! The options of `everything`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};

use super::{NamesWord, PolicyWord};

/// Options of `everything`.
#[derive(Debug, ClapArgs)]
pub struct EverythingArgs {
    /// The folder to export to, usually on an external drive.
    ///
    /// A missing folder is made if the one it lies in exists. Nothing that lies there is overwritten.
    #[arg(long, value_name = "DIR", help_heading = "Where they go")]
    pub to: PathBuf,
    /// Which names files and folders get.
    #[arg(long, value_enum, default_value_t = NamesWord::Portable, value_name = "HOW", help_heading = "Where they go")]
    pub names: NamesWord,
    /// Only these kinds, separated by commas.
    #[arg(long, value_enum, value_name = "KINDS", value_delimiter = ',')]
    pub only: Vec<CollectionWord>,
    /// Not these kinds, separated by commas.
    #[arg(
        long,
        value_enum,
        value_name = "KINDS",
        value_delimiter = ',',
        conflicts_with = "only",
        hide_possible_values = true
    )]
    pub skip: Vec<CollectionWord>,
    /// What to do about what is protected (DRM): it plays only with the account it was bought with.
    #[arg(long, value_enum, default_value_t = PolicyWord::Exclude, value_name = "WHAT")]
    pub protected: PolicyWord,
    /// Fill in tags that songs lack, from the phone's catalogue. See `iexport music --help`.
    #[arg(long)]
    pub tag: bool,
}

/// Kinds of media.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CollectionWord {
    /// Photos and videos of the photo library.
    Photos,
    /// Songs, with playlists and pictures of albums.
    Music,
    /// Films, series, music videos and home videos.
    Videos,
    /// Voice memos.
    VoiceMemos,
    /// Ringtones and alert tones.
    Ringtones,
    /// Books, PDFs and audiobooks.
    Books,
    /// Episodes of podcasts.
    Podcasts,
    /// Documents of apps that share them.
    Files,
}
