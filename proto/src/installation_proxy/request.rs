//! What a host asks.

use plist::{Dictionary, Value};

use super::PROTOCOL;
use crate::DecodeError;
use crate::dict::{DictError, DictExt};

/// What a host asks of the installation proxy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Every app, in batches.
    Browse(Options),
    /// Some apps, or every one, in one message.
    Lookup(Options),
    /// Something else, kept by name.
    Other(String),
}

/// Which apps are meant, and what is to be told of them (`ClientOptions`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// Which kind; `None` leaves it to the phone.
    pub kind: Option<AppKind>,
    /// Only these apps.
    pub bundle_ids: Option<Vec<String>>,
    /// Only these keys of each app; `None` asks for everything.
    pub attributes: Option<Vec<String>>,
}

/// Kinds of apps that can be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AppKind {
    /// Installed by the person.
    User,
    /// Part of iOS.
    System,
    /// All of them.
    Any,
    /// A word that is not known here.
    Other(String),
}

impl AppKind {
    /// The word that goes over the wire.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::User => "User",
            Self::System => "System",
            Self::Any => "Any",
            Self::Other(word) => word,
        }
    }

    /// The kind of a word on the wire.
    #[must_use]
    pub fn from_name(word: &str) -> Self {
        match word {
            "User" => Self::User,
            "System" => Self::System,
            "Any" => Self::Any,
            _ => Self::Other(word.to_owned()),
        }
    }
}

impl Request {
    /// Reads a request from its dictionary.
    ///
    /// # Errors
    /// No `Command`, or a key of the wrong type.
    pub fn from_dict(dict: &Dictionary) -> Result<Self, DecodeError> {
        Self::parse(dict)
            .map_err(|error| DecodeError::Shape { protocol: PROTOCOL, reason: error.to_string() })
    }

    fn parse(dict: &Dictionary) -> Result<Self, DictError> {
        let command = dict.text("Command")?;
        let options = || match dict.get("ClientOptions") {
            None => Ok(Options::default()),
            Some(Value::Dictionary(options)) => Options::parse(options),
            Some(_) => Err(DictError::Wrong("ClientOptions")),
        };
        Ok(match command.as_str() {
            "Browse" => Self::Browse(options()?),
            "Lookup" => Self::Lookup(options()?),
            _ => Self::Other(command),
        })
    }

    /// Writes the request as a dictionary.
    #[must_use]
    pub fn to_dict(&self) -> Dictionary {
        let mut dict = Dictionary::new();
        let (command, options) = match self {
            Self::Browse(options) => ("Browse", Some(options)),
            Self::Lookup(options) => ("Lookup", Some(options)),
            Self::Other(command) => (command.as_str(), None),
        };
        dict.insert("Command".into(), command.into());
        if let Some(options) = options {
            dict.insert("ClientOptions".into(), options.to_dict().into());
        }
        dict
    }
}

impl Options {
    fn parse(dict: &Dictionary) -> Result<Self, DictError> {
        Ok(Self {
            kind: dict.opt_text("ApplicationType")?.map(|word| AppKind::from_name(&word)),
            bundle_ids: texts(dict, "BundleIDs")?,
            attributes: texts(dict, "ReturnAttributes")?,
        })
    }

    fn to_dict(&self) -> Dictionary {
        let mut dict = Dictionary::new();
        if let Some(kind) = &self.kind {
            dict.insert("ApplicationType".into(), kind.name().into());
        }
        for (key, texts) in [("BundleIDs", &self.bundle_ids), ("ReturnAttributes", &self.attributes)] {
            if let Some(texts) = texts {
                let array = texts.iter().map(|text| Value::from(text.as_str())).collect();
                dict.insert(key.into(), Value::Array(array));
            }
        }
        dict
    }
}

/// An array of strings that may be absent.
fn texts(dict: &Dictionary, key: &'static str) -> Result<Option<Vec<String>>, DictError> {
    let Some(value) = dict.get(key) else { return Ok(None) };
    let array = value.as_array().ok_or(DictError::Wrong(key))?;
    let texts = array.iter().map(|text| text.as_string().map(str::to_owned).ok_or(DictError::Wrong(key)));
    texts.collect::<Result<_, _>>().map(Some)
}
