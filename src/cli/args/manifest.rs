//! The options of `manifest`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};

/// Options of `manifest`.
#[derive(Debug, ClapArgs)]
pub struct ManifestArgs {
    /// The folder that was exported to.
    #[arg(long, value_name = "DIR")]
    pub to: PathBuf,
    /// What the list is written as.
    ///
    /// Default: what the extension of --output means (.csv, .json, .jsonl, .sqlite, .db), else csv; with --json,
    /// json.
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub format: Option<FormatWord>,
    /// Write the list to this new file instead of standard output.
    ///
    /// A file that exists is not written over. A database needs one.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Compare the drive with the list, and print what is missing or differs.
    ///
    /// `--check` looks whether everything is there with its size; `--check=hash` reads every file again, which takes
    /// as long as the drive needs for that. Ends with 3 if something is wrong. The list itself is only written if
    /// there is an --output.
    #[arg(
        long,
        value_enum,
        value_name = "HOW",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "size"
    )]
    pub check: Option<CheckWord>,
}

/// What a list is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FormatWord {
    /// Comma-separated values, with a header.
    Csv,
    /// An object per line.
    Json,
    /// A database with one table, `manifest`.
    Sqlite,
}

/// How closely the drive is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CheckWord {
    /// Whether everything is there with its size.
    Size,
    /// Whether everything has the content that was recorded.
    Hash,
}
