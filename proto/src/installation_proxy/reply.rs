//! What a phone answers.

use plist::{Dictionary, Value};

use super::PROTOCOL;
use crate::DecodeError;
use crate::dict::{DictError, DictExt};

/// The word that ends an answer.
const COMPLETE: &str = "Complete";

/// The word of a batch.
const BROWSING: &str = "BrowsingApplications";

/// One message of an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply {
    /// Some of the apps; more messages follow.
    Batch(Batch),
    /// The apps that were looked up, by bundle id. Nothing follows.
    Found(Dictionary),
    /// That was all.
    Complete,
    /// Something is under way; the word of it. More messages follow.
    Working(String),
    /// The phone cannot or will not.
    Error {
        /// A word such as `APIInternalError`.
        name: String,
        /// More words, for people.
        description: Option<String>,
    },
}

/// Some of the apps of a phone.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// How many apps came in earlier batches.
    pub index: u64,
    /// How many apps there are altogether.
    pub total: u64,
    /// The apps, dictionaries all. Kept as they came: a list can be large, and another one of other values would
    /// double it.
    apps: Vec<Value>,
}

impl Batch {
    /// A batch of these apps.
    pub fn new(index: u64, total: u64, apps: impl IntoIterator<Item = Dictionary>) -> Self {
        Self { index, total, apps: apps.into_iter().map(Value::Dictionary).collect() }
    }

    /// The apps. How many there are is counted, not believed.
    pub fn apps(&self) -> impl Iterator<Item = &Dictionary> {
        self.apps.iter().filter_map(Value::as_dictionary)
    }

    fn parse(dict: &Dictionary, list: Value) -> Result<Self, DictError> {
        let wrong = DictError::Wrong("CurrentList");
        let apps = list.into_array().filter(|list| list.iter().all(|app| app.as_dictionary().is_some()));
        Ok(Self {
            index: dict.opt_uint("CurrentIndex")?.unwrap_or_default(),
            total: dict.opt_uint("Total")?.unwrap_or_default(),
            apps: apps.ok_or(wrong)?,
        })
    }
}

impl Reply {
    /// Reads a message from its dictionary, which is taken apart: lists of apps can be large.
    ///
    /// # Errors
    /// Neither `Status` nor `Error`, or a key of the wrong type. Whether the apps make sense is for
    /// [`super::AppInfo`] to say: one that does not should not hide the others.
    pub fn from_dict(dict: Dictionary) -> Result<Self, DecodeError> {
        Self::parse(dict)
            .map_err(|error| DecodeError::Shape { protocol: PROTOCOL, reason: error.to_string() })
    }

    fn parse(mut dict: Dictionary) -> Result<Self, DictError> {
        if let Some(name) = dict.opt_text("Error")? {
            return Ok(Self::Error { name, description: dict.opt_text("ErrorDescription")? });
        }
        let status = dict.text("Status")?;
        if let Some(found) = dict.remove("LookupResult") {
            return found.into_dictionary().map(Self::Found).ok_or(DictError::Wrong("LookupResult"));
        }
        let Some(list) = dict.remove("CurrentList") else {
            return Ok(if status == COMPLETE { Self::Complete } else { Self::Working(status) });
        };
        Batch::parse(&dict, list).map(Self::Batch)
    }

    /// Writes the message as a dictionary.
    #[must_use]
    pub fn into_dict(self) -> Dictionary {
        let mut dict = Dictionary::new();
        let mut put = |key: &str, value: Value| drop(dict.insert(key.to_owned(), value));
        match self {
            Self::Batch(batch) => {
                put("Status", BROWSING.into());
                put("CurrentAmount", (batch.apps.len() as u64).into());
                put("CurrentIndex", batch.index.into());
                put("Total", batch.total.into());
                put("CurrentList", Value::Array(batch.apps));
            }
            Self::Found(apps) => {
                put("Status", COMPLETE.into());
                put("LookupResult", Value::Dictionary(apps));
            }
            Self::Complete => put("Status", COMPLETE.into()),
            Self::Working(status) => put("Status", status.into()),
            Self::Error { name, description } => {
                put("Error", name.into());
                if let Some(description) = description {
                    put("ErrorDescription", description.into());
                }
            }
        }
        dict
    }
}
