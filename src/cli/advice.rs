//! Errors as a person needs them: what happened, and what to do.

use serde::Serialize;

use super::{Exit, output};
use crate::catalog::CatalogError;
use crate::device::{DeviceError, MuxAddress, PhoneInfo};
use crate::export::{DestinationError, ExportError};
use crate::fields::FieldError;
use crate::ledger::LedgerError;
use crate::report::escape;
use crate::select::{Named, SelectError};
use crate::source::SourceError;

/// An error with its remedy and exit code.
#[derive(Debug, Serialize)]
pub(super) struct Problem {
    /// What happened.
    pub(super) error: String,
    /// What to do; may have several lines.
    pub(super) advice: String,
    #[serde(skip)]
    pub(super) exit: Exit,
}

impl Problem {
    pub(super) fn new(exit: Exit, error: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { error: error.into(), advice: advice.into(), exit }
    }

    /// An expression or a template that does not work, of this option.
    pub(super) fn of_field(option: &str, error: &FieldError) -> Self {
        Self::new(
            Exit::Usage,
            format!("{option}: {}", error.what()),
            format!("{}\n{}", error.picture(), error.remedy()),
        )
    }

    /// Prints it to standard error; with `json`, an object to standard output too.
    pub(super) fn print(&self, json: bool) {
        if json {
            self.print_json();
        }
        output::note(format_args!("error: {}", self.error));
        for line in self.advice.lines() {
            output::note(format_args!("       {line}"));
        }
    }
}

impl Problem {
    fn print_json(&self) {
        let object = serde_json::json!({
            "type": "error",
            "error": self.error,
            "advice": self.advice,
            "exit_code": self.exit.code(),
        });
        output::json(&object);
    }
}

/// Prints an error in the words of the command line as an object. What to do stands below what is wrong.
pub(super) fn usage_json(text: &str) {
    let text = text.strip_prefix("error: ").unwrap_or(text);
    let (error, advice) = text.split_once('\n').unwrap_or((text, ""));
    Problem::new(Exit::Usage, error, advice.trim()).print_json();
}

/// Sentences that several errors share.
const CONNECT: &str = "Connect the iPhone with a cable, unlock it, and tap \"Trust\" if it asks.";
const AGAIN: &str = "Connect it again and run the same command: it goes on where it was.";

fn table_of(phones: &[PhoneInfo]) -> String {
    let mut lines = String::new();
    for phone in phones {
        lines += &format!("  {}  ({}, {})\n", escape(&phone.name), phone.model(), phone.udid);
    }
    lines
}

impl From<DeviceError> for Problem {
    fn from(error: DeviceError) -> Self {
        let text = error.to_string();
        let (exit, advice) = match &error {
            DeviceError::NoPhone => (
                Exit::NoDevice,
                format!(
                    "{CONNECT}\nA cable that only charges does not do. To try without a phone, add --demo."
                ),
            ),
            DeviceError::SeveralPhones(phones) => (
                Exit::NoDevice,
                format!("Say which one with --device NAME or --device UDID:\n{}", table_of(phones)),
            ),
            DeviceError::NoSuchPhone { present, .. } => {
                (Exit::NoDevice, format!("These are connected:\n{}", table_of(present)))
            }
            DeviceError::SocketPermission(_) => (
                Exit::Error,
                "Another user started usbmuxd in a way that keeps you out. Ask for read and write access to\n\
                 that socket (it is usually open to everybody), or run this as that user."
                    .to_owned(),
            ),
            DeviceError::MuxUnreachable { address, .. } => (Exit::NoDevice, unreachable_advice(address)),
            DeviceError::MuxProtocol { .. } => (
                Exit::Error,
                "Something else than usbmuxd listens there. Check --usbmuxd and USBMUXD_SOCKET_ADDRESS.".to_owned(),
            ),
            DeviceError::Usb(_) => (
                Exit::Error,
                "Unplug the iPhone and plug it in again. If another program uses it, close that program.".to_owned(),
            ),
            DeviceError::UsbPermission => (
                Exit::Error,
                "Install usbmuxd (Linux: the package usbmuxd; Windows: Apple Devices or iTunes), which brings the\n\
                 needed access, or run this command as an administrator."
                    .to_owned(),
            ),
            DeviceError::TrustDenied => (
                Exit::NotTrusted,
                "Unplug the iPhone, plug it in again, run the same command, and tap \"Trust\". If it does not ask\n\
                 any more: Settings > General > Transfer or Reset iPhone > Reset > Reset Location & Privacy."
                    .to_owned(),
            ),
            DeviceError::TrustTimedOut => (
                Exit::NotTrusted,
                "Unlock the iPhone, run the same command again, and tap \"Trust\" on its screen.\n\
                 --wait SECONDS gives more time."
                    .to_owned(),
            ),
            DeviceError::Locked => (
                Exit::Locked,
                "Unlock it with its passcode and run the same command again. --wait SECONDS gives more time."
                    .to_owned(),
            ),
            DeviceError::PairRecord(_) => (
                Exit::NotTrusted,
                "The trust between this computer and the iPhone could not be kept. Check that usbmuxd may write\n\
                 its folder, and run the same command again."
                    .to_owned(),
            ),
            DeviceError::Disconnected(_) => (Exit::Lost, AGAIN.to_owned()),
            DeviceError::TimedOut => (
                Exit::Lost,
                "Unlock the iPhone, unplug it, plug it in again, and run the same command.".to_owned(),
            ),
            DeviceError::ServiceRefused { .. } => (
                Exit::Error,
                "Unlock the iPhone and try again. If it stays like this, restart the iPhone.".to_owned(),
            ),
            DeviceError::NoSuchApp { .. } => (
                Exit::Usage,
                "Check how it is spelled. An app that is shown with a cloud is not on the iPhone; tap it to have it\n\
                 installed again."
                    .to_owned(),
            ),
            DeviceError::NoFileSharing { .. } => (
                Exit::Usage,
                "Its maker has not turned file sharing on, so iOS gives its documents to no computer over the cable.\n\
                 Look in the app itself for a way to share or export them, for instance into the folder of an app that\n\
                 `iexport files --apps` lists."
                    .to_owned(),
            ),
            DeviceError::AppRefused { .. } => (
                Exit::Error,
                "Unlock the iPhone, open the app once and try again. If the app is being installed or updated, wait\n\
                 until that is done."
                    .to_owned(),
            ),
            DeviceError::Protocol(_) => (
                Exit::Error,
                "Unplug the iPhone, plug it in again and try once more. If it stays like this, run it with -vv\n\
                 and report what it prints."
                    .to_owned(),
            ),
            DeviceError::Config { .. } => {
                (Exit::Error, "Make that folder writable for this user.".to_owned())
            }
        };
        Self::new(exit, text, advice)
    }
}

fn unreachable_advice(address: &MuxAddress) -> String {
    format!(
        "Nothing listens at {address}. Start usbmuxd, or leave out --usbmuxd and USBMUXD_SOCKET_ADDRESS\n\
         to let iexport look for itself."
    )
}

impl From<SelectError> for Problem {
    fn from(error: SelectError) -> Self {
        let (nearest, list) = match &error {
            SelectError::Condition(error) => return Self::of_field("--where", error),
            SelectError::NoPattern(_) => (
                [].as_slice(),
                "It is not the name of a file on this phone either. `iexport list photos --columns original_name` shows \
                 them."
                    .to_owned(),
            ),
            SelectError::NoSuchItem { .. } => (
                [].as_slice(),
                "`iexport list photos --json` has the uuids. They are other ones after a phone was restored."
                    .to_owned(),
            ),
            SelectError::NoSuchAlbum { nearest, available, .. } => {
                (nearest.as_slice(), format!("`iexport albums` lists all {available}."))
            }
            SelectError::NoSuchName { what, nearest, available, .. } => {
                let (list, field) = match what {
                    Named::Playlist => {
                        return Self::new(
                            Exit::Usage,
                            error.to_string(),
                            suggest(nearest) + "`iexport playlists` lists them.",
                        );
                    }
                    Named::Folder => {
                        return Self::new(
                            Exit::Usage,
                            error.to_string(),
                            suggest(nearest) + "`iexport albums` lists them.",
                        );
                    }
                    Named::Person => ("photos", "persons"),
                    Named::Keyword => ("photos", "keywords"),
                    Named::Camera => ("photos", "camera"),
                    Named::App => ("photos", "imported_by"),
                    Named::File => ("photos", "original_name"),
                    Named::Artist => ("music", "artist"),
                    Named::Disc => ("music", "album"),
                    Named::Genre => ("music", "genre"),
                    Named::Show => ("videos", "show"),
                    Named::MemoFolder => ("voice-memos", "folder"),
                    Named::Podcast => ("podcasts", "album"),
                    Named::Author => ("books", "artist"),
                };
                let all = match available {
                    0 => format!("There are no {} on this phone.", what.plural()),
                    // Films and music videos have artists, too.
                    _ if *what == Named::Artist => {
                        "`iexport list music --columns artist` shows them, and `iexport list videos --columns artist` those of \
                         videos."
                            .to_owned()
                    }
                    _ => format!("`iexport list {list} --columns {field}` shows them."),
                };
                (nearest.as_slice(), all)
            }
        };
        Self::new(Exit::Usage, error.to_string(), suggest(nearest) + &list)
    }
}

/// A line with what may have been meant; nothing if there is no such thing.
fn suggest(nearest: &[String]) -> String {
    if nearest.is_empty() {
        return String::new();
    }
    let names: Vec<String> = nearest.iter().map(|name| format!("\"{}\"", escape(name))).collect();
    format!("Did you mean {}?\n", names.join(" or "))
}

impl From<SourceError> for Problem {
    fn from(error: SourceError) -> Self {
        let exit = if error.is_fatal() { Exit::Lost } else { Exit::Error };
        Self::new(exit, error.to_string(), AGAIN)
    }
}

impl From<CatalogError> for Problem {
    fn from(error: CatalogError) -> Self {
        let text = error.to_string();
        match error {
            CatalogError::Source(source) => source.into(),
            CatalogError::NothingThere => Self::new(
                Exit::Locked,
                text,
                "Unlock the iPhone and open Photos on it once, then run the same command again.",
            ),
            CatalogError::Unlisted(_) => Self::new(
                Exit::Error,
                text,
                "Unlock the iPhone and open Photos on it once, then run the same command again. \
                 If that does not help, restart it.",
            ),
            CatalogError::OutOfReach(_) | CatalogError::NoneSeen(_) => Self::new(
                Exit::Error,
                text,
                "Share them one by one from the app on the iPhone. Or make a backup with Finder, iTunes or the app Apple Devices, and\ntake them out of it with a program that reads backups: iexport cannot do that yet.",
            ),
            CatalogError::NoSuchPath(_) => Self::new(
                Exit::Usage,
                text,
                "Look at how it is spelt: upper and lower case are different on the iPhone.",
            ),
            CatalogError::Scratch { .. } => Self::new(
                Exit::Error,
                text,
                "Free some space on this computer, or set TMPDIR to another disk.",
            ),
            CatalogError::Broken(_) => {
                Self::new(Exit::Error, text, "Run it with -vv and report what it prints.")
            }
        }
    }
}

impl From<DestinationError> for Problem {
    fn from(error: DestinationError) -> Self {
        let advice = match &error {
            DestinationError::IsFile(_) => "Give a folder with --to.",
            DestinationError::NoParent(_) => "Make that folder first, or check how it is spelled.",
            DestinationError::DriveMissing(_) => {
                "Connect the drive and check its name. Nothing was made on this computer's own disk."
            }
            DestinationError::NotWritable { error, .. } => match error.kind() {
                std::io::ErrorKind::StorageFull => "The drive is full. Make room, or use another one.",
                std::io::ErrorKind::ReadOnlyFilesystem => {
                    "The drive is read-only. Some systems mount NTFS drives like that; exFAT works everywhere."
                }
                _ => "Check that you may write there, or choose another folder.",
            },
        };
        let full = matches!(&error, DestinationError::NotWritable { error, .. }
            if error.kind() == std::io::ErrorKind::StorageFull);
        Self::new(if full { Exit::Full } else { Exit::Destination }, error.to_string(), advice)
    }
}

impl From<LedgerError> for Problem {
    fn from(error: LedgerError) -> Self {
        let (exit, advice) = match &error {
            LedgerError::InUse { .. } => {
                (Exit::Destination, "Wait until it is done. Two exports to two folders can run side by side.")
            }
            LedgerError::Full { .. } => (Exit::Full, "Make room on the drive, or use another one."),
            LedgerError::ReadOnly { .. } => {
                (Exit::Destination, "Check that you may write there, or choose another folder.")
            }
            LedgerError::Corrupt { .. } => (
                Exit::Destination,
                "Move that one file away and run the same export again. What lies on the drive is compared and not copied twice,\n\
                 if the options are those it was made with: --tag, for instance.",
            ),
            LedgerError::NotALedger { .. } => (Exit::Destination, "Choose another folder."),
            LedgerError::Newer { .. } => (Exit::Destination, "Update iexport, or choose another folder."),
            LedgerError::Older { .. } => (Exit::Destination, "Run an export to this folder first."),
            _ => (Exit::Destination, "Check the drive and its cable."),
        };
        Self::new(exit, full_text(&error), advice)
    }
}

/// An error with what caused it.
fn full_text(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        let next_text = next.to_string();
        if !text.contains(&next_text) {
            text += &format!(": {next_text}");
        }
        cause = next.source();
    }
    text
}

impl From<ExportError> for Problem {
    fn from(error: ExportError) -> Self {
        let text = error.to_string();
        match error {
            ExportError::Catalog(error) => error.into(),
            ExportError::Select(error) => error.into(),
            ExportError::Template(error) => Self::of_field("--template", &error),
            ExportError::Source(error) => error.into(),
            ExportError::Destination(error) => error.into(),
            ExportError::Ledger(error) => error.into(),
            ExportError::Drive { path, error } => DestinationError::NotWritable { path, error }.into(),
            ExportError::NoFiles => Self::new(
                Exit::Usage,
                text,
                "Add --app NAME, --all for all apps that share files, or --path PATH.",
            ),
            ExportError::Scratch(_) => Self::new(
                Exit::Error,
                text,
                "Free some space on this computer, or set TMPDIR to another disk.",
            ),
        }
    }
}
