//! The options of `everything`.

use std::path::PathBuf;

use clap::Args as ClapArgs;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use super::{NamesWord, PolicyWord};
use crate::catalog::Collection;

/// Options of `everything`.
#[derive(Debug, ClapArgs)]
pub struct EverythingArgs {
    /// The folder to export to, usually on an external drive.
    ///
    /// A missing folder is made if the one it lies in exists. Nothing that lies there is overwritten, except what an
    /// earlier run put there, if the phone has changed it since and nobody else has.
    #[arg(long, value_name = "DIR", help_heading = "Where they go")]
    pub to: PathBuf,
    /// Which names files and folders get.
    #[arg(long, value_enum, default_value_t = NamesWord::Portable, value_name = "HOW", help_heading = "Where they go")]
    pub names: NamesWord,
    /// Only these kinds, separated by commas.
    #[arg(long, value_parser = collection(), value_name = "KINDS", value_delimiter = ',')]
    pub only: Vec<Collection>,
    /// Not these kinds, separated by commas.
    #[arg(
        long,
        value_parser = collection(),
        value_name = "KINDS",
        value_delimiter = ',',
        conflicts_with = "only",
        hide_possible_values = true
    )]
    pub skip: Vec<Collection>,
    /// What to do about what is protected (DRM): it plays only with the account it was bought with.
    #[arg(long, value_enum, default_value_t = PolicyWord::Exclude, value_name = "WHAT")]
    pub protected: PolicyWord,
    /// Fill in tags that songs lack, from the phone's catalogue. See `iexport music --help`.
    #[arg(long)]
    pub tag: bool,
}

/// The kinds of media there are, by their names.
fn collection() -> impl TypedValueParser<Value = Collection> {
    let words = Collection::ALL.map(|collection| {
        PossibleValue::new(collection.name()).help(match collection {
            Collection::Photos => "Photos and videos of the photo library",
            Collection::Music => "Songs, with playlists and pictures of albums",
            Collection::Videos => {
                "Films, series, music videos and home videos; those of the photo library are photos"
            }
            Collection::VoiceMemos => "Voice memos",
            Collection::Ringtones => "Ringtones and alert tones",
            Collection::Books => "Books, PDFs and audiobooks",
            Collection::Podcasts => "Episodes of podcasts",
            Collection::Files => "Documents of apps that share them",
        })
    });
    PossibleValuesParser::new(words)
        .try_map(|word| Collection::from_name(&word).ok_or("there is no such kind of media"))
}
