//! The options of `photos`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};

use super::Which;

/// Options of `photos`.
#[derive(Debug, ClapArgs)]
pub struct PhotosArgs {
    /// Which items.
    #[command(flatten)]
    pub which: Which,
    /// The folder to export to, usually on an external drive.
    ///
    /// A missing folder is made if the one it lies in exists. Nothing that lies there is overwritten, except what an
    /// earlier run put there, if the phone has changed it since and nobody else has.
    #[arg(long, value_name = "DIR", help_heading = "Where they go")]
    pub to: PathBuf,
    /// Which files of each item.
    #[command(flatten)]
    pub files: FilesArgs,
    /// Where they go.
    #[command(flatten)]
    pub places: PlacesArgs,
}

/// In which folders and under which names files go.
#[derive(Debug, Clone, ClapArgs)]
#[command(next_help_heading = "Where they go")]
pub struct PlacesArgs {
    /// How the folders are arranged.
    ///
    /// What an earlier export put on the drive stays where it is, whatever is said here.
    #[arg(long, value_enum, default_value_t = LayoutWord::ByDate, value_name = "HOW")]
    pub layout: LayoutWord,
    /// Folders and names by a template of your own, instead of --layout.
    ///
    /// Fields stand in double braces: `{{ taken|date('%Y') }}/{{ album|default('No album') }}/{{ stem }}`. A slash
    /// begins a new folder; the last part is the name, without its extension. A template that ends in a slash
    /// leaves the names as they are. `iexport fields` lists what can stand there; docs/layouts.md has examples.
    #[arg(long, value_name = "TEMPLATE", conflicts_with = "layout")]
    pub template: Option<String>,
    /// Which names files and folders get.
    #[arg(long, value_enum, default_value_t = NamesWord::Portable, value_name = "HOW")]
    pub names: NamesWord,
    /// With `--layout by-album`: how what is in several albums is made to be in the folder of each.
    ///
    /// On a drive that cannot hold such links it is in the folder of the first. Each album has a list of its
    /// members in order (.m3u8 and .json) in any case.
    #[arg(long, value_enum, default_value_t = LinksWord::Auto, value_name = "HOW")]
    pub links: LinksWord,
}

/// How the folders are arranged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LayoutWord {
    /// By year and month: 2024/2024-03/IMG_0001.HEIC.
    ByDate,
    /// A folder for each album, in the folders that it lies in on the phone: Travel/Italy 2024/IMG_0001.HEIC.
    ByAlbum,
    /// All in DIR itself.
    Flat,
    /// As on the phone, under the phone's own names: DCIM/100APPLE/IMG_0001.HEIC.
    AsOnPhone,
}

/// Which names files and folders get.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum NamesWord {
    /// Names that every drive and every system can hold; what cannot be in them is replaced by what looks alike.
    Portable,
    /// As on the phone, as far as this system's file systems can hold them. Other systems may be unable to open
    /// them, and drives formatted as exFAT or NTFS to hold them.
    Native,
}

/// How what is in several albums is made to be in the folder of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LinksWord {
    /// By the first of reflink, hard and symlink that the drive can do; else not at all.
    Auto,
    /// Files of their own that share their space (Btrfs, XFS, APFS).
    Reflink,
    /// Hard links.
    Hard,
    /// Symbolic links.
    Symlink,
    /// Copies, which take their space again.
    Copy,
    /// Not at all.
    None,
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
    /// Make JPEGs of HEICs on their way to the drive, with the same date, place, camera and colours.
    ///
    /// A HEIC of which no JPEG can be made is exported itself, and the summary says so. A photo that is on the drive
    /// as a HEIC already gets no JPEG, unless `--keep-original` asks for both.
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub convert: Option<ConvertWord>,
    /// With `--convert`: quality of the JPEGs, 1 to 100 [default: 90].
    #[arg(long, value_name = "N", requires = "convert", value_parser = clap::value_parser!(u8).range(1..=100))]
    pub quality: Option<u8>,
    /// With `--convert`: export the HEICs too, and make JPEGs of those that are on the drive already.
    #[arg(long, requires = "convert")]
    pub keep_original: bool,
    /// Also write what the phone knows of each into a file beside it; may be given several times.
    ///
    /// `xmp` is for other programs, such as digiKam, Immich, PhotoPrism and Lightroom: dates, places, titles,
    /// captions, keywords, people, favourites, albums. `json` holds everything. They are rewritten when something
    /// changes on the phone; one that somebody else changed is left alone.
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub sidecar: Vec<SidecarWord>,
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

/// What is made of HEICs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ConvertWord {
    /// A format that everything can open.
    Jpeg,
}

/// What to do about what is only in iCloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CloudOnlyWord {
    /// Say so, and export nothing.
    Skip,
    /// Export the small picture that the phone keeps.
    Preview,
}

/// The form of a sidecar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SidecarWord {
    /// One beside each photo and video, which other programs read.
    Xmp,
    /// One for each photo or video, with everything that the phone's catalogue knows of it.
    Json,
}
