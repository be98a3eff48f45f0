//! What a phone tells of an app.

use plist::{Dictionary, Value};

use super::attribute;
use crate::dict::{DictError, DictExt};

/// An app, as far as a program that fetches files wants to know it. Texts are as the phone wrote them, of any
/// length and with any characters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AppInfo {
    /// Its identity.
    pub bundle_id: String,
    /// The name below its icon.
    pub display_name: Option<String>,
    /// Its short name.
    pub name: Option<String>,
    /// The version that people see.
    pub short_version: Option<String>,
    /// The number of its build.
    pub version: Option<String>,
    /// Whether its documents are shared over the cable.
    pub file_sharing: bool,
    /// Whether other apps may open its documents where they are.
    pub opens_in_place: bool,
}

impl AppInfo {
    /// The keys to ask for.
    pub const ATTRIBUTES: [&str; 7] = [
        attribute::BUNDLE_ID,
        attribute::DISPLAY_NAME,
        attribute::NAME,
        attribute::SHORT_VERSION,
        attribute::VERSION,
        attribute::FILE_SHARING,
        attribute::OPENS_IN_PLACE,
    ];

    /// Reads the description of an app. Apart from the identity, what is missing or of the wrong type counts as
    /// not told: these values are whatever the app's maker wrote into the bundle.
    ///
    /// # Errors
    /// No bundle id that is a text.
    pub fn from_dict(dict: &Dictionary) -> Result<Self, DictError> {
        let text = |key: &str| dict.get(key).and_then(Value::as_string).map(str::to_owned);
        Ok(Self {
            bundle_id: dict.text(attribute::BUNDLE_ID)?,
            display_name: text(attribute::DISPLAY_NAME),
            name: text(attribute::NAME),
            short_version: text(attribute::SHORT_VERSION),
            version: text(attribute::VERSION),
            file_sharing: is_yes(dict.get(attribute::FILE_SHARING)),
            opens_in_place: is_yes(dict.get(attribute::OPENS_IN_PLACE)),
        })
    }

    /// Writes the description of an app.
    #[must_use]
    pub fn to_dict(&self) -> Dictionary {
        let mut dict = Dictionary::new();
        dict.insert(attribute::BUNDLE_ID.into(), self.bundle_id.as_str().into());
        for (key, text) in [
            (attribute::DISPLAY_NAME, &self.display_name),
            (attribute::NAME, &self.name),
            (attribute::SHORT_VERSION, &self.short_version),
            (attribute::VERSION, &self.version),
        ] {
            if let Some(text) = text {
                dict.insert(key.into(), text.as_str().into());
            }
        }
        dict.insert(attribute::FILE_SHARING.into(), self.file_sharing.into());
        dict.insert(attribute::OPENS_IN_PLACE.into(), self.opens_in_place.into());
        dict
    }
}

/// Whether a switch in a bundle is on. Makers write `<true/>`, but also the word or the number, which iOS takes
/// for the same.
fn is_yes(value: Option<&Value>) -> bool {
    match value {
        Some(Value::Boolean(on)) => *on,
        Some(Value::Integer(number)) => number.as_signed() != Some(0),
        Some(Value::String(word)) => {
            ["yes", "true", "1"].iter().any(|yes| word.trim().eq_ignore_ascii_case(yes))
        }
        _ => false,
    }
}
