//! The options of `music`, `videos`, `voice-memos`, `ringtones`, `books` and `podcasts`. Where they share one, the help
//! of each kind says it in its own words (`wording`).

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};

use super::{NamesWord, PolicyWord};

/// Options of an export of media: which, and where to.
#[derive(Debug, ClapArgs)]
pub struct MediaArgs<W: ClapArgs> {
    /// Which items.
    #[command(flatten)]
    pub which: W,
    /// The folder to export to, usually on an external drive.
    ///
    /// A missing folder is made if the one it lies in exists. Nothing that lies there is overwritten, except what an
    /// earlier run put there, if the phone has changed it since and nobody else has.
    #[arg(long, value_name = "DIR", help_heading = "Where they go")]
    pub to: PathBuf,
    /// Where they go.
    #[command(flatten)]
    pub places: MediaPlaces,
}

/// In which folders and under which names files go.
#[derive(Debug, Clone, ClapArgs)]
#[command(next_help_heading = "Where they go")]
pub struct MediaPlaces {
    /// How the folders are arranged.
    ///
    /// What an earlier export put on the drive stays where it is, whatever is said here.
    #[arg(long, value_enum, default_value_t = MediaLayoutWord::ByKind, value_name = "HOW")]
    pub layout: MediaLayoutWord,
    /// Folders and names by a template of your own, instead of --layout.
    ///
    /// Fields stand in double braces: `{{ artist }}/{{ year }} {{ album }}/{{ title }}`. A slash begins a new
    /// folder; the last part is the name, without its extension. `iexport fields music` lists what can stand there.
    #[arg(long, value_name = "TEMPLATE", conflicts_with = "layout")]
    pub template: Option<String>,
    /// Which names files and folders get.
    #[arg(long, value_enum, default_value_t = NamesWord::Portable, value_name = "HOW")]
    pub names: NamesWord,
}

/// How the folders are arranged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MediaLayoutWord {
    /// As players, readers and media servers want it.
    ByKind,
    /// All in DIR itself.
    Flat,
    /// As on the phone, under the phone's own names: iTunes_Control/Music/F17/QZXR.m4a.
    AsOnPhone,
}

/// Which items, for every kind of media.
#[derive(Debug, Clone, ClapArgs)]
#[command(next_help_heading = "Which")]
pub struct MediaWhich {
    /// Everything of this kind.
    #[arg(long)]
    pub all: bool,
    /// With this in its title.
    #[arg(long, value_name = "TEXT")]
    pub title: Vec<String>,
    /// Released in this year, or in these: `1998`, `1990-1999`.
    #[arg(long, value_name = "YEAR")]
    pub year: Vec<String>,
    /// Came onto the phone on this day or later: `2024`, `2024-08`, `2024-08-15`, `yesterday`, `30d`, `6m`.
    #[arg(long, value_name = "DATE")]
    pub added_since: Option<String>,
    /// Came onto the phone on this day or before.
    #[arg(long, value_name = "DATE")]
    pub added_until: Option<String>,
    /// Whose file is at least so large: `100MB`, `1.5GB`.
    #[arg(long, value_name = "SIZE")]
    pub min_size: Option<String>,
    /// Whose file is at most so large.
    #[arg(long, value_name = "SIZE")]
    pub max_size: Option<String>,
    /// At least so long: `90s`, `10m`, `1h30m`.
    #[arg(long, value_name = "TIME")]
    pub min_duration: Option<String>,
    /// At most so long.
    #[arg(long, value_name = "TIME")]
    pub max_duration: Option<String>,
    /// For which this expression is true: `--where "genre == 'Jazz' and plays > 10"`.
    ///
    /// `iexport fields music` lists the fields; docs/selection.md explains the language.
    #[arg(long = "where", value_name = "EXPR")]
    pub condition: Option<String>,
    /// Of all that, only the newest so many: by when they were taken or recorded, of episodes by their release, of
    /// anything else by when they came onto the phone.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(1..))]
    pub last: Option<u64>,
    /// What to do about what is protected (DRM): it plays only with the account it was bought with.
    ///
    /// It is counted in the summary in any case.
    #[arg(long, value_enum, default_value_t = PolicyWord::Exclude, value_name = "WHAT", help_heading = "Classes")]
    pub protected: PolicyWord,
    /// What to do about files in the phone's folders that its catalogue does not name.
    #[arg(long, value_enum, default_value_t = PolicyWord::Exclude, value_name = "WHAT", help_heading = "Classes")]
    pub orphans: PolicyWord,
}

/// Between which dates.
#[derive(Debug, Clone, Default, ClapArgs)]
#[command(next_help_heading = "Which")]
pub struct Dates {
    /// Recorded or taken on this day or later: `2024`, `2024-08`, `2024-08-15`, `yesterday`, `30d`, `2w`, `6m`, `1y`.
    #[arg(long, value_name = "DATE")]
    pub since: Option<String>,
    /// Recorded or taken on this day or before; `--until 2024-08` means to the end of August.
    #[arg(long, value_name = "DATE")]
    pub until: Option<String>,
}

/// Which songs.
#[derive(Debug, Clone, ClapArgs)]
#[command(next_help_heading = "Which")]
pub struct MusicWhich {
    /// By this artist or album artist: the name, a part of it, or a pattern such as `The *`. Repeatable.
    #[arg(long, value_name = "NAME")]
    pub artist: Vec<String>,
    /// On this album, by name or pattern. Repeatable.
    #[arg(long, value_name = "NAME")]
    pub album: Vec<String>,
    /// In this playlist: by its name, by its path (`Folder/Playlist`) or by a pattern; a folder means all playlists in
    /// it. Repeatable.
    #[arg(long, value_name = "NAME")]
    pub playlist: Vec<String>,
    /// Not in this playlist.
    #[arg(long, value_name = "NAME")]
    pub not_playlist: Vec<String>,
    /// Of this genre: the name, a part of it, or a pattern. Repeatable.
    #[arg(long, value_name = "NAME")]
    pub genre: Vec<String>,
    /// With at least so many stars, 1 to 5.
    #[arg(long, value_name = "STARS", value_parser = clap::value_parser!(u8).range(1..=5))]
    pub rating: Option<u8>,
    /// Only what was marked as loved.
    #[arg(long)]
    pub loved: bool,
    /// And the rest.
    #[command(flatten)]
    pub media: MediaWhich,
    /// What is done with pictures of albums.
    #[arg(long, value_enum, default_value_t = ArtworkWord::Folder, value_name = "HOW", help_heading = "Which files of each")]
    pub artwork: ArtworkWord,
    /// Fill in tags that the files lack, from the phone's catalogue: artist, album, title, numbers, year, ...
    ///
    /// Tags that a file has stay as they are, and so does every bit of the sound, which is proven for each file. Without
    /// this, files are copied bit for bit. What an earlier run copied so is replaced, if nobody changed it. See
    /// docs/tags.md.
    #[arg(long, help_heading = "Which files of each")]
    pub tag: bool,
}

/// What is done with pictures of albums.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ArtworkWord {
    /// `cover.jpg` in the folder of each album (not with --template or another --layout, where albums have none); with
    /// --tag also into files that have none.
    Folder,
    /// Only into files that have none; needs --tag.
    Embed,
    /// Nothing.
    None,
}

/// Which videos.
#[derive(Debug, Clone, ClapArgs)]
#[command(next_help_heading = "Which")]
pub struct VideosWhich {
    /// Only of this kind. Repeatable.
    #[arg(long, value_enum, value_name = "KIND")]
    pub kind: Vec<VideoKindWord>,
    /// Of this series: the name, a part of it, or a pattern. Repeatable.
    #[arg(long, value_name = "NAME")]
    pub show: Vec<String>,
    /// By this artist: the name, a part of it, or a pattern. Repeatable.
    #[arg(long, value_name = "NAME")]
    pub artist: Vec<String>,
    /// Between which dates.
    #[command(flatten)]
    pub dates: Dates,
    /// And the rest.
    #[command(flatten)]
    pub media: MediaWhich,
}

/// Kinds of videos.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum VideoKindWord {
    /// Videos of the photo library, taken with the phone or saved to it.
    Own,
    /// Films.
    Movie,
    /// Episodes of series.
    TvShow,
    /// Music videos.
    MusicVideo,
    /// Home videos that were synced from a computer.
    HomeVideo,
}

/// Which voice memos.
#[derive(Debug, Clone, ClapArgs)]
#[command(next_help_heading = "Which")]
pub struct MemosWhich {
    /// In this folder, by name or pattern. Repeatable.
    #[arg(long, value_name = "NAME")]
    pub folder: Vec<String>,
    /// Between which dates.
    #[command(flatten)]
    pub dates: Dates,
    /// And the rest.
    #[command(flatten)]
    pub media: MediaWhich,
    /// What to do about Recently Deleted.
    #[arg(long, value_enum, default_value_t = PolicyWord::Exclude, value_name = "WHAT", help_heading = "Classes")]
    pub trashed: PolicyWord,
}

/// Which ringtones.
#[derive(Debug, Clone, ClapArgs)]
#[command(next_help_heading = "Which")]
pub struct RingtonesWhich {
    /// All there is to say.
    #[command(flatten)]
    pub media: MediaWhich,
}

/// Which books.
#[derive(Debug, Clone, ClapArgs)]
#[command(next_help_heading = "Which")]
pub struct BooksWhich {
    /// By this author: the name, a part of it, or a pattern. Repeatable.
    #[arg(long, value_name = "NAME")]
    pub author: Vec<String>,
    /// And the rest.
    #[command(flatten)]
    pub media: MediaWhich,
}

/// Which episodes of podcasts.
#[derive(Debug, Clone, ClapArgs)]
#[command(next_help_heading = "Which")]
pub struct PodcastsWhich {
    /// Of this podcast, by name or pattern. Repeatable.
    #[arg(long, value_name = "NAME")]
    pub podcast: Vec<String>,
    /// Between which dates.
    #[command(flatten)]
    pub dates: Dates,
    /// And the rest.
    #[command(flatten)]
    pub media: MediaWhich,
}
