//! The options of `files`.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use super::{MediaPlaces, WrittenArgs};

/// Options of `files`.
#[derive(Debug, ClapArgs)]
pub struct DocumentsArgs {
    /// List the apps of the phone that share files, and export nothing.
    #[arg(long, conflicts_with_all = ["all", "app", "path", "to"])]
    pub apps: bool,
    /// Which files.
    #[command(flatten)]
    pub which: DocumentsWhich,
    /// The folder to export to, usually on an external drive.
    ///
    /// A missing folder is made if the one it lies in exists. Nothing that lies there is overwritten, except what an
    /// earlier run put there and the phone has changed since.
    #[arg(long, value_name = "DIR", required_unless_present = "apps", help_heading = "Where they go")]
    pub to: Option<PathBuf>,
    /// Where they go.
    #[command(flatten)]
    pub places: MediaPlaces,
}

/// Options of `list files`.
#[derive(Debug, ClapArgs)]
pub struct ListDocumentsArgs {
    /// Which files.
    #[command(flatten)]
    pub which: DocumentsWhich,
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

/// Which files.
#[derive(Debug, Clone, ClapArgs)]
#[command(next_help_heading = "Which")]
pub struct DocumentsWhich {
    /// The documents of all apps that share files.
    #[arg(long, conflicts_with_all = ["app", "path"])]
    pub all: bool,
    /// The documents of this app, by its name or its bundle id. Repeatable.
    ///
    /// Only apps that share their files can be asked for; `iexport files --apps` lists them.
    #[arg(long, value_name = "NAME|BUNDLE")]
    pub app: Vec<String>,
    /// Whatever lies here on the phone, below the media folder: `--path DCIM/100APPLE`. Repeatable.
    ///
    /// The media folder is what the cable shows of the phone: DCIM, PhotoData, iTunes_Control, Books, Recordings, ... What
    /// changed there since an earlier run goes beside what that run put there.
    #[arg(long, value_name = "PATH")]
    pub path: Vec<String>,
    /// Last changed on this day or later: `2024`, `2024-08`, `2024-08-15`, `yesterday`, `30d`, `2w`, `6m`, `1y`.
    #[arg(long, value_name = "DATE")]
    pub since: Option<String>,
    /// Last changed on this day or before.
    #[arg(long, value_name = "DATE")]
    pub until: Option<String>,
    /// At least so large: `100MB`, `1.5GB`.
    #[arg(long, value_name = "SIZE")]
    pub min_size: Option<String>,
    /// At most so large.
    #[arg(long, value_name = "SIZE")]
    pub max_size: Option<String>,
    /// For which this expression is true: `--where "extension|lower == 'pdf'"`.
    ///
    /// `iexport fields files` lists the fields; docs/selection.md explains the language.
    #[arg(long = "where", value_name = "EXPR")]
    pub condition: Option<String>,
}
