//! `com.apple.mobile.house_arrest`: the files of one app.
//!
//! One request and one answer, dictionaries in the frames of [`crate::lockdown`]. When the answer is
//! [`Reply::Complete`], the same stream speaks [`crate::afc`] from the next byte on.
//!
//! Source: facts/protocols.md section 4.1.

use plist::Dictionary;

use crate::DecodeError;
use crate::dict::{DictError, DictExt};

/// The name under which `lockdownd` starts it.
pub const SERVICE: &str = "com.apple.mobile.house_arrest";

/// The one folder that is shown after [`Vend::Documents`], below the root of AFC.
pub const DOCUMENTS: &str = "Documents";

const PROTOCOL: &str = "house arrest";

/// How much of an app's container is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vend {
    /// Its documents only; apps that share files allow it.
    Documents,
    /// All of it; only apps under development allow it.
    Container,
}

impl Vend {
    /// The word that goes over the wire.
    #[must_use]
    pub const fn command(self) -> &'static str {
        match self {
            Self::Documents => "VendDocuments",
            Self::Container => "VendContainer",
        }
    }
}

/// What a host asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Give out the files of an app.
    Vend {
        /// How much of them.
        what: Vend,
        /// The app's bundle id.
        bundle_id: String,
    },
    /// Something else, kept by name.
    Other(String),
}

/// What a phone answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// AFC from here on.
    Complete,
    /// No; the stream is of no further use.
    Error(VendError),
}

/// Why an app's files are not given out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VendError {
    /// There is no such app.
    ApplicationLookupFailed,
    /// There is no such app, or it does not share its files.
    InstallationLookupFailed,
    /// A word that is not known here.
    Other(String),
}

impl VendError {
    /// The word that goes over the wire.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::ApplicationLookupFailed => "ApplicationLookupFailed",
            Self::InstallationLookupFailed => "InstallationLookupFailed",
            Self::Other(word) => word,
        }
    }

    /// The error of a word on the wire.
    #[must_use]
    pub fn from_name(word: &str) -> Self {
        match word {
            "ApplicationLookupFailed" => Self::ApplicationLookupFailed,
            "InstallationLookupFailed" => Self::InstallationLookupFailed,
            _ => Self::Other(word.to_owned()),
        }
    }
}

fn shape(error: &DictError) -> DecodeError {
    DecodeError::Shape { protocol: PROTOCOL, reason: error.to_string() }
}

impl Request {
    /// Reads a request from its dictionary.
    ///
    /// # Errors
    /// No `Command`, or a known one without `Identifier`.
    pub fn from_dict(dict: &Dictionary) -> Result<Self, DecodeError> {
        Self::parse(dict).map_err(|error| shape(&error))
    }

    fn parse(dict: &Dictionary) -> Result<Self, DictError> {
        let command = dict.text("Command")?;
        let what = match command.as_str() {
            "VendDocuments" => Vend::Documents,
            "VendContainer" => Vend::Container,
            _ => return Ok(Self::Other(command)),
        };
        Ok(Self::Vend { what, bundle_id: dict.text("Identifier")? })
    }

    /// Writes the request as a dictionary.
    #[must_use]
    pub fn to_dict(&self) -> Dictionary {
        let mut dict = Dictionary::new();
        match self {
            Self::Vend { what, bundle_id } => {
                dict.insert("Command".into(), what.command().into());
                dict.insert("Identifier".into(), bundle_id.as_str().into());
            }
            Self::Other(command) => drop(dict.insert("Command".into(), command.as_str().into())),
        }
        dict
    }
}

impl Reply {
    /// Reads an answer from its dictionary.
    ///
    /// # Errors
    /// Neither `Error` nor a `Status` of `Complete`.
    pub fn from_dict(dict: &Dictionary) -> Result<Self, DecodeError> {
        Self::parse(dict).map_err(|error| shape(&error))
    }

    fn parse(dict: &Dictionary) -> Result<Self, DictError> {
        if let Some(word) = dict.opt_text("Error")? {
            return Ok(Self::Error(VendError::from_name(&word)));
        }
        match dict.text("Status")?.as_str() {
            "Complete" => Ok(Self::Complete),
            _ => Err(DictError::Wrong("Status")),
        }
    }

    /// Writes the answer as a dictionary.
    #[must_use]
    pub fn to_dict(&self) -> Dictionary {
        let mut dict = Dictionary::new();
        match self {
            Self::Complete => drop(dict.insert("Status".into(), "Complete".into())),
            Self::Error(error) => drop(dict.insert("Error".into(), error.name().into())),
        }
        dict
    }
}
