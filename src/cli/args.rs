//! The command line. The doc comments are the help.

mod documents;
mod everything;
mod examples;
mod manifest;
mod media;
mod photos;
mod pick;
mod which;
mod wording;

pub use documents::{DocumentsArgs, DocumentsWhich, ListDocumentsArgs};
pub use everything::EverythingArgs;
pub use manifest::{CheckWord, FormatWord, ManifestArgs};
pub use media::{
    ArtworkWord, BooksWhich, Dates, MediaArgs, MediaLayoutWord, MediaPlaces, MediaWhich, MemosWhich,
    MusicWhich, PodcastsWhich, RingtonesWhich, VideoKindWord, VideosWhich,
};
pub use photos::{
    CloudOnlyWord, ConvertWord, FilesArgs, LayoutWord, LinksWord, NamesWord, PhotosArgs, PlacesArgs,
    SidecarWord, VersionsWord,
};
pub use pick::PickArgs;
pub use which::{BurstsWord, KindWord, Which};

use std::path::PathBuf;

use clap::builder::Resettable;
use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args as ClapArgs, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum};

use crate::device::MuxAddress;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// Take photos, videos, music and other media off an iPhone over USB, straight onto a drive.
///
/// Connect the iPhone with a cable, unlock it, and tap "Trust" when it asks. Nothing is ever written to or
/// deleted from the phone.
#[derive(Debug, Parser)]
#[command(name = "iexport", version, styles = STYLES, max_term_width = 100, propagate_version = true)]
#[command(after_help = examples::PROGRAM)]
pub struct Args {
    /// Options of every command.
    #[command(flatten)]
    pub common: Common,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

impl Args {
    /// Reads the command line of this process.
    ///
    /// # Errors
    /// It makes no sense, or asks for help.
    pub fn read() -> Result<Self, clap::Error> {
        let mut command = Self::command();
        // Variables that say which phone is meant are no wish of who asks for the one that is none.
        if std::env::args_os().any(|word| word == "--demo") {
            for option in ["usbmuxd", "device"] {
                command = command.mut_arg(option, |arg| arg.env(Resettable::Reset));
            }
        }
        Self::from_arg_matches(&command.try_get_matches()?)
    }
}

/// Options of every command.
#[derive(Debug, Clone, ClapArgs)]
#[command(next_help_heading = "Options of every command")]
pub struct Common {
    /// Which phone, by name or udid, when several are connected.
    ///
    /// `iexport devices` shows both. Case and dashes do not matter.
    #[arg(long, global = true, value_name = "NAME|UDID", env = "IEXPORT_DEVICE")]
    pub device: Option<String>,
    /// Where usbmuxd listens: a socket path, or HOST:PORT.
    ///
    /// Default: the platform's usual place; without a usbmuxd there, the USB port is used directly.
    #[arg(long, global = true, value_name = "ADDR", env = "USBMUXD_SOCKET_ADDRESS")]
    pub usbmuxd: Option<MuxAddress>,
    /// Use a made-up phone inside of this program instead of a real one.
    ///
    /// It holds a few dozen pictures, some music, books and more, and speaks the same protocol as a real phone. The variables of --device and
    /// --usbmuxd do not count with it.
    #[arg(long, global = true, conflicts_with_all = ["usbmuxd", "device"])]
    pub demo: bool,
    /// Print JSON, one object per line, for scripts (see docs/scripting.md).
    #[arg(long, global = true)]
    pub json: bool,
    /// Print only warnings and the summary.
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// How long to wait for somebody to unlock the phone and tap "Trust", in seconds.
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = 120, env = "IEXPORT_WAIT")]
    pub wait: u64,
    /// Say what is going on inside; twice for more.
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List connected phones.
    Devices(DevicesArgs),
    /// Show a phone: model, storage, battery, and what its photo library holds.
    Info,
    /// List the albums of the photo library, with their folders and counts.
    Albums,
    /// List the playlists of the music library, with their folders and counts.
    Playlists,
    /// List what would be exported, without exporting it.
    ///
    /// Takes the same options as the command that exports. As a table, as CSV, or as JSON with everything that is
    /// known of each item.
    #[command(after_help = examples::LIST, subcommand, subcommand_value_name = "KIND", subcommand_help_heading = "Kinds")]
    List(ListCommand),
    /// List the fields that --where, --columns and templates know, with their types and examples.
    Fields(FieldsArgs),
    /// Export photos and videos of the photo library.
    ///
    /// Originals and edits, Live Photos with their movies, RAW beside JPEG, hidden items included.
    /// Recently Deleted and other people's shared albums are left out. Files go to
    /// DIR/<year>/<year-month>/<original name>, or as --layout says, and carry the time they were taken.
    ///
    /// The summary at the end tells what is on the drive and what is only in iCloud. A report with the
    /// names is kept in DIR/.iexport/reports; `iexport manifest` lists every file.
    #[command(after_help = examples::PHOTOS)]
    Photos(Box<PhotosArgs>),
    /// Export songs, with playlists and pictures of albums.
    ///
    /// To DIR/Artist/Album/03 Title.m4a, with a list for each playlist in DIR/Playlists. What is protected (DRM) and
    /// what is only in the cloud is counted, and named in the report.
    #[command(after_help = examples::MUSIC, mut_args(|arg| wording::MUSIC.fit(arg)))]
    Music(Box<MediaArgs<MusicWhich>>),
    /// Export videos: your own, films, series, music videos.
    ///
    /// The videos of the photo library go to DIR/Photo Library, those of the media library to DIR/Movies, DIR/TV Shows,
    /// DIR/Music Videos and DIR/Home Videos.
    #[command(after_help = examples::VIDEOS, mut_args(|arg| wording::VIDEOS.fit(arg)))]
    Videos(Box<MediaArgs<VideosWhich>>),
    /// Export voice memos, with their titles and dates.
    ///
    /// To DIR/<folder>/2024-01-31 Title.m4a, with the day that it was where they were recorded. Recently Deleted is left
    /// out. Newer systems keep them where the cable does not reach; then this says so, and what to do.
    #[command(after_help = examples::VOICE_MEMOS, mut_args(|arg| wording::MEMOS.fit(arg)))]
    VoiceMemos(Box<MediaArgs<MemosWhich>>),
    /// Export ringtones and alert tones under their names.
    ///
    /// To DIR/Title.m4r.
    #[command(after_help = examples::RINGTONES, mut_args(|arg| wording::RINGTONES.fit(arg)))]
    Ringtones(Box<MediaArgs<RingtonesWhich>>),
    /// Export books, PDFs and audiobooks.
    ///
    /// To DIR/Author/Title.epub. A book that the phone keeps as a folder is packed into one .epub file; one that was
    /// changed on the phone is copied again.
    #[command(after_help = examples::BOOKS, mut_args(|arg| wording::BOOKS.fit(arg)))]
    Books(Box<MediaArgs<BooksWhich>>),
    /// Export episodes of podcasts, as far as the cable reaches them.
    ///
    /// To DIR/Podcast/2024-01-31 Title.mp3. What was synced from a computer can be had; what newer systems download
    /// themselves is kept where the cable does not reach.
    #[command(after_help = examples::PODCASTS, mut_args(|arg| wording::PODCASTS.fit(arg)))]
    Podcasts(Box<MediaArgs<PodcastsWhich>>),
    /// Export documents of apps, or any other files in the phone's media folder.
    ///
    /// The documents of an app go to DIR/<app>, in the folders that they lie in. Run again, it copies what is new and
    /// what was changed.
    #[command(after_help = examples::FILES, mut_args(|arg| wording::FILES.fit(arg)))]
    Files(Box<DocumentsArgs>),
    /// Export everything: photos, music, videos, voice memos, ringtones, books, podcasts and documents of apps.
    ///
    /// Each kind goes to a folder of its own in DIR (Photos, Music, Videos, Voice Memos, ...), with a summary for each
    /// and one for all, as its own command with --all would do it: without Recently Deleted, shared albums and what is
    /// protected. The videos of the photo library are among the photos. What the cable does not reach is told and
    /// passed over, and is no failure. Run again, it copies only what is new.
    #[command(after_help = examples::EVERYTHING)]
    Everything(Box<EverythingArgs>),
    /// Choose photos and videos from lists, in the terminal.
    ///
    /// Albums on the left, what is in them on the right: space ticks, / searches, Enter goes on to the export,
    /// or prints the command that does it. `?` shows all keys.
    Pick(Box<PickArgs>),
    /// List everything that was exported to a folder, with hashes; no phone is needed.
    ///
    /// Every file with its path, size, BLAKE3 hash, the phone's fingerprint and what it proved, the name it was
    /// made under, the phone it came from, when it was taken and when it was exported; links and sidecars too.
    /// The list is made from the ledger in DIR/.iexport. With --check the drive is compared with it.
    #[command(after_help = examples::MANIFEST)]
    Manifest(Box<ManifestArgs>),
}

/// Options of `devices`.
#[derive(Debug, ClapArgs)]
pub struct DevicesArgs {
    /// Keep running, and tell of phones that come and go.
    #[arg(long)]
    pub watch: bool,
}

/// What to list.
#[derive(Debug, Subcommand)]
pub enum ListCommand {
    /// Photos and videos of the photo library.
    #[command(after_help = examples::LIST)]
    Photos(Box<ListArgs>),
    /// Songs.
    #[command(mut_args(|arg| wording::MUSIC.fit(arg)))]
    Music(Box<ListMediaArgs<MusicWhich>>),
    /// Videos of the photo library and films, series, music videos and home videos.
    #[command(mut_args(|arg| wording::VIDEOS.fit(arg)))]
    Videos(Box<ListMediaArgs<VideosWhich>>),
    /// Voice memos.
    #[command(mut_args(|arg| wording::MEMOS.fit(arg)))]
    VoiceMemos(Box<ListMediaArgs<MemosWhich>>),
    /// Ringtones and alert tones.
    #[command(mut_args(|arg| wording::RINGTONES.fit(arg)))]
    Ringtones(Box<ListMediaArgs<RingtonesWhich>>),
    /// Books, PDFs and audiobooks.
    #[command(mut_args(|arg| wording::BOOKS.fit(arg)))]
    Books(Box<ListMediaArgs<BooksWhich>>),
    /// Episodes of podcasts.
    #[command(mut_args(|arg| wording::PODCASTS.fit(arg)))]
    Podcasts(Box<ListMediaArgs<PodcastsWhich>>),
    /// Documents of apps, and anything else in the media folder.
    #[command(mut_args(|arg| wording::FILES.fit(arg)))]
    Files(Box<ListDocumentsArgs>),
    /// What `everything` exports is listed kind by kind.
    #[command(hide = true)]
    Everything(RestArgs),
}

/// Whatever else is said.
#[derive(Debug, ClapArgs)]
pub struct RestArgs {
    /// It does not count.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    pub rest: Vec<String>,
}

/// Options of `list` for other media than photos.
#[derive(Debug, ClapArgs)]
pub struct ListMediaArgs<W: ClapArgs> {
    /// Which items.
    #[command(flatten)]
    pub which: W,
    /// How the list is written.
    #[command(flatten)]
    pub written: WrittenArgs,
    /// Compare with what an earlier export put into this folder.
    #[arg(long, value_name = "DIR", help_heading = "Where they go")]
    pub to: Option<PathBuf>,
    /// Where they go.
    #[command(flatten)]
    pub places: MediaPlaces,
}

/// Options of `list photos`.
#[derive(Debug, ClapArgs)]
pub struct ListArgs {
    /// Which items.
    #[command(flatten)]
    pub which: Which,
    /// How the list is written.
    #[command(flatten)]
    pub written: WrittenArgs,
    /// Compare with what an earlier export put into this folder.
    #[arg(long, value_name = "DIR", help_heading = "Where they go")]
    pub to: Option<PathBuf>,
    /// Which files of each item.
    #[command(flatten)]
    pub files: FilesArgs,
    /// Where they go.
    #[command(flatten)]
    pub places: PlacesArgs,
}

/// How a list is written.
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "How it is written")]
pub struct WrittenArgs {
    /// Print CSV, with a heading.
    #[arg(long)]
    pub csv: bool,
    /// Which columns: fields that `iexport fields` lists, and `to`, separated by commas.
    ///
    /// For the table, for --csv and for --json. Example: `--columns taken,original_name,albums,size`.
    #[arg(long, value_name = "A,B,C")]
    pub columns: Option<String>,
}

/// Options of `fields`.
#[derive(Debug, ClapArgs)]
pub struct FieldsArgs {
    /// Of what.
    #[arg(value_enum, default_value_t = FieldsWord::Photos, value_name = "KIND")]
    pub of: FieldsWord,
}

/// Of what fields are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FieldsWord {
    /// Photos and videos of the photo library.
    Photos,
    /// Everything else: music, videos, voice memos, ringtones, books, podcasts, files.
    #[value(aliases = ["videos", "voice-memos", "ringtones", "books", "podcasts", "files"])]
    Music,
}

/// What to do about items of a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PolicyWord {
    /// Export them like all others.
    Include,
    /// Leave them out.
    Exclude,
    /// Export nothing else.
    Only,
}
