//! `com.apple.mobile.installation_proxy`: which apps are on a phone.
//!
//! Requests and answers are dictionaries in the frames of [`crate::lockdown`]. `Browse` is answered in batches
//! and a `Complete` behind them, `Lookup` with one message.
//!
//! Only the questions are here. A host that installs or removes apps sends words that end up in
//! [`Request::Other`], and there is no way to write those with arguments.
//!
//! Source: facts/protocols.md section 4.2.

mod app;
mod reply;
mod request;

pub use app::AppInfo;
pub use reply::{Batch, Reply};
pub use request::{AppKind, Options, Request};

/// The name under which `lockdownd` starts it.
pub const SERVICE: &str = "com.apple.mobile.installation_proxy";

const PROTOCOL: &str = "installation proxy";

/// Keys of an app's description, as they stand in its bundle or as the phone adds them.
pub mod attribute {
    /// The app's identity: `com.example.app`.
    pub const BUNDLE_ID: &str = "CFBundleIdentifier";
    /// The name below its icon.
    pub const DISPLAY_NAME: &str = "CFBundleDisplayName";
    /// Its short name.
    pub const NAME: &str = "CFBundleName";
    /// The version that people see.
    pub const SHORT_VERSION: &str = "CFBundleShortVersionString";
    /// The number of its build.
    pub const VERSION: &str = "CFBundleVersion";
    /// Whether its documents are shared over the cable.
    pub const FILE_SHARING: &str = "UIFileSharingEnabled";
    /// Whether other apps may open its documents where they are.
    pub const OPENS_IN_PLACE: &str = "LSSupportsOpeningDocumentsInPlace";
    /// `User` or `System`.
    pub const KIND: &str = "ApplicationType";
}
