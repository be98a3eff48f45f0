//! Requests to `lockdownd`.

use plist::{Dictionary, Value};

use crate::dict::{DictError, DictExt};

/// What a host asks of `lockdownd`. Source: facts/protocols.md section 2.3.
#[derive(Debug, Clone, PartialEq)]
pub enum Request {
    /// What kind of service is this?
    QueryType,
    /// One value, a whole domain, or everything.
    GetValue {
        /// `None` is the default domain.
        domain: Option<String>,
        /// `None` asks for every key of the domain.
        key: Option<String>,
    },
    /// Set a value.
    SetValue {
        /// `None` is the default domain.
        domain: Option<String>,
        /// The key.
        key: String,
        /// The new value.
        value: Value,
    },
    /// Remove a value.
    RemoveValue {
        /// `None` is the default domain.
        domain: Option<String>,
        /// The key.
        key: String,
    },
    /// Ask the person to trust this computer.
    Pair(Box<PairRequest>),
    /// Check a pairing (hosts of iOS 7 and later have no need of it).
    ValidatePair(Box<PairRequest>),
    /// Forget a pairing.
    Unpair {
        /// Which one.
        host_id: String,
    },
    /// Begin an authenticated session; TLS follows on the same stream.
    StartSession {
        /// The `HostID` of the pairing.
        host_id: String,
        /// Identity of the computer.
        system_buid: Option<String>,
    },
    /// End the session.
    StopSession {
        /// The id that `StartSession` gave.
        session_id: Option<String>,
    },
    /// Start a service and learn its port.
    StartService {
        /// For instance `com.apple.afc`.
        service: String,
        /// Unlocks some services while the phone is locked.
        escrow_bag: Option<Vec<u8>>,
    },
    /// Something else, kept by name.
    Other(String),
}

/// The pairing part of `Pair` and `ValidatePair`. Certificates are PEM text, not looked at here.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PairRequest {
    /// Made by the host; libimobiledevice's `idevicepair` makes a new one on every run.
    pub host_id: String,
    /// Identity of the computer; stable.
    pub system_buid: String,
    /// The phone's key, signed by the host. The phone shows it in TLS.
    pub device_certificate: Vec<u8>,
    /// The host's own certificate.
    pub host_certificate: Vec<u8>,
    /// The certificate that signed the other two.
    pub root_certificate: Vec<u8>,
}

impl PairRequest {
    fn from_dict(dict: &Dictionary) -> Result<Self, DictError> {
        let record = dict.dict("PairRecord")?;
        Ok(Self {
            host_id: record.text("HostID")?,
            system_buid: record.opt_text("SystemBUID")?.unwrap_or_default(),
            device_certificate: record.data("DeviceCertificate")?,
            host_certificate: record.data("HostCertificate")?,
            root_certificate: record.data("RootCertificate")?,
        })
    }

    fn to_dict(&self) -> Dictionary {
        let mut record = Dictionary::new();
        record.insert("HostID".into(), self.host_id.clone().into());
        record.insert("SystemBUID".into(), self.system_buid.clone().into());
        record.insert("DeviceCertificate".into(), Value::Data(self.device_certificate.clone()));
        record.insert("HostCertificate".into(), Value::Data(self.host_certificate.clone()));
        record.insert("RootCertificate".into(), Value::Data(self.root_certificate.clone()));
        record
    }
}

impl Request {
    /// The word in the `Request` key, which replies repeat.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::QueryType => "QueryType",
            Self::GetValue { .. } => "GetValue",
            Self::SetValue { .. } => "SetValue",
            Self::RemoveValue { .. } => "RemoveValue",
            Self::Pair(_) => "Pair",
            Self::ValidatePair(_) => "ValidatePair",
            Self::Unpair { .. } => "Unpair",
            Self::StartSession { .. } => "StartSession",
            Self::StopSession { .. } => "StopSession",
            Self::StartService { .. } => "StartService",
            Self::Other(name) => name,
        }
    }

    /// Reads a request from its dictionary. Unknown words become [`Request::Other`].
    ///
    /// # Errors
    /// A key that the request needs is missing or has the wrong type.
    pub fn from_dict(dict: &Dictionary) -> Result<Self, DictError> {
        let name = dict.text("Request")?;
        Ok(match name.as_str() {
            "QueryType" => Self::QueryType,
            "GetValue" => Self::GetValue { domain: dict.opt_text("Domain")?, key: dict.opt_text("Key")? },
            "SetValue" => Self::SetValue {
                domain: dict.opt_text("Domain")?,
                key: dict.text("Key")?,
                value: dict.get("Value").cloned().ok_or(DictError::Missing("Value"))?,
            },
            "RemoveValue" => Self::RemoveValue { domain: dict.opt_text("Domain")?, key: dict.text("Key")? },
            "Pair" => Self::Pair(Box::new(PairRequest::from_dict(dict)?)),
            "ValidatePair" => Self::ValidatePair(Box::new(PairRequest::from_dict(dict)?)),
            "Unpair" => Self::Unpair { host_id: dict.dict("PairRecord")?.text("HostID")? },
            "StartSession" => Self::StartSession {
                host_id: dict.text("HostID")?,
                system_buid: dict.opt_text("SystemBUID")?,
            },
            "StopSession" => Self::StopSession { session_id: dict.opt_text("SessionID")? },
            "StartService" => {
                Self::StartService { service: dict.text("Service")?, escrow_bag: dict.opt_data("EscrowBag")? }
            }
            _ => Self::Other(name),
        })
    }

    /// Writes the request as a dictionary, signed with `label`, the name of the program.
    #[must_use]
    pub fn to_dict(&self, label: &str) -> Dictionary {
        let mut dict = Dictionary::new();
        dict.insert("Label".into(), label.into());
        dict.insert("Request".into(), self.name().into());
        let put = |dict: &mut Dictionary, key: &str, value: &Option<String>| {
            if let Some(value) = value {
                dict.insert(key.into(), value.clone().into());
            }
        };
        match self {
            Self::QueryType | Self::Other(_) => {}
            Self::GetValue { domain, key } => {
                put(&mut dict, "Domain", domain);
                put(&mut dict, "Key", key);
            }
            Self::SetValue { domain, key, value } => {
                put(&mut dict, "Domain", domain);
                dict.insert("Key".into(), key.clone().into());
                dict.insert("Value".into(), value.clone());
            }
            Self::RemoveValue { domain, key } => {
                put(&mut dict, "Domain", domain);
                dict.insert("Key".into(), key.clone().into());
            }
            Self::Pair(pair) | Self::ValidatePair(pair) => {
                dict.insert("PairRecord".into(), Value::Dictionary(pair.to_dict()));
                dict.insert("ProtocolVersion".into(), "2".into());
                if matches!(self, Self::Pair(_)) {
                    // Without this a phone does not tell that its dialog is waiting for an answer.
                    let mut options = Dictionary::new();
                    options.insert("ExtendedPairingErrors".into(), true.into());
                    dict.insert("PairingOptions".into(), Value::Dictionary(options));
                }
            }
            Self::Unpair { host_id } => {
                let mut record = Dictionary::new();
                record.insert("HostID".into(), host_id.clone().into());
                dict.insert("PairRecord".into(), Value::Dictionary(record));
                dict.insert("ProtocolVersion".into(), "2".into());
            }
            Self::StartSession { host_id, system_buid } => {
                dict.insert("HostID".into(), host_id.clone().into());
                put(&mut dict, "SystemBUID", system_buid);
            }
            Self::StopSession { session_id } => put(&mut dict, "SessionID", session_id),
            Self::StartService { service, escrow_bag } => {
                dict.insert("Service".into(), service.clone().into());
                if let Some(bag) = escrow_bag {
                    dict.insert("EscrowBag".into(), Value::Data(bag.clone()));
                }
            }
        }
        dict
    }
}
