//! The messages about apps as facts/protocols.md sections 4.1 and 4.2 show them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a helper that stops the test is what is wanted"
)]

mod common;

use common::{apple_xml, whole};
use iexport_proto::house_arrest::{self, Vend, VendError};
use iexport_proto::installation_proxy::{self, AppInfo, AppKind, Options, Reply, Request};
use iexport_proto::{DecodeError, lockdown};
use plist::{Dictionary, Value};

/// The dictionary of a frame with this body.
fn dict(body: &str) -> Dictionary {
    let xml = apple_xml(&format!("<dict>\n{body}\n</dict>"));
    let frame = [&u32::try_from(xml.len()).unwrap().to_be_bytes()[..], &xml].concat();
    whole(&frame, lockdown::decode(&frame, lockdown::MAX_PAYLOAD))
}

#[test]
fn browse_as_ifuse_asks() {
    let asked = dict(
        "<key>Command</key><string>Browse</string>
         <key>ClientOptions</key>
         <dict>
         <key>ApplicationType</key><string>User</string>
         <key>ReturnAttributes</key>
         <array><string>CFBundleIdentifier</string><string>UIFileSharingEnabled</string></array>
         </dict>",
    );
    let request = Request::Browse(Options {
        kind: Some(AppKind::User),
        bundle_ids: None,
        attributes: Some(vec!["CFBundleIdentifier".to_owned(), "UIFileSharingEnabled".to_owned()]),
    });
    assert_eq!(Request::from_dict(&asked), Ok(request.clone()));
    assert_eq!(request.to_dict(), asked);
    // Options may be left out.
    let bare = dict("<key>Command</key><string>Lookup</string>");
    assert_eq!(Request::from_dict(&bare), Ok(Request::Lookup(Options::default())));
}

#[test]
fn a_batch_of_a_phone() {
    let message = dict(
        "<key>CurrentAmount</key><integer>1</integer>
         <key>CurrentIndex</key><integer>20</integer>
         <key>CurrentList</key>
         <array><dict>
         <key>CFBundleIdentifier</key><string>com.example.app</string>
         <key>CFBundleDisplayName</key><string>Example</string>
         <key>UIFileSharingEnabled</key><true/>
         </dict></array>
         <key>Status</key><string>BrowsingApplications</string>
         <key>Total</key><integer>21</integer>",
    );
    let reply = Reply::from_dict(message.clone()).unwrap();
    let Reply::Batch(batch) = &reply else { panic!("{reply:?}") };
    assert_eq!((batch.index, batch.total, batch.apps().count()), (20, 21, 1));
    let app = AppInfo::from_dict(batch.apps().next().unwrap()).unwrap();
    assert_eq!((app.bundle_id.as_str(), app.display_name.as_deref()), ("com.example.app", Some("Example")));
    assert!(app.file_sharing && !app.opens_in_place);
    assert_eq!(reply.into_dict(), message);
}

#[test]
fn ends_and_refusals() {
    let complete = dict("<key>Status</key><string>Complete</string>");
    assert_eq!(Reply::from_dict(complete.clone()), Ok(Reply::Complete));
    assert_eq!(house_arrest::Reply::from_dict(&complete), Ok(house_arrest::Reply::Complete));
    let error = dict(
        "<key>Error</key><string>APIInternalError</string>
         <key>ErrorDescription</key><string>no</string>",
    );
    let name = "APIInternalError".to_owned();
    assert_eq!(
        Reply::from_dict(error.clone()),
        Ok(Reply::Error { name: name.clone(), description: Some("no".to_owned()) })
    );
    let refused = house_arrest::Reply::from_dict(&error);
    assert_eq!(refused, Ok(house_arrest::Reply::Error(VendError::Other(name))));
    for error in [VendError::ApplicationLookupFailed, VendError::InstallationLookupFailed] {
        assert_eq!(VendError::from_name(error.name()), error);
    }
}

#[test]
fn vending_as_pymobiledevice3_asks() {
    let asked = dict(
        "<key>Command</key><string>VendDocuments</string>
         <key>Identifier</key><string>com.example.app</string>",
    );
    let bundle_id = "com.example.app".to_owned();
    let request = house_arrest::Request::Vend { what: Vend::Documents, bundle_id };
    assert_eq!(house_arrest::Request::from_dict(&asked), Ok(request.clone()));
    assert_eq!(request.to_dict(), asked);
    assert!(
        house_arrest::Request::from_dict(&dict("<key>Command</key><string>VendContainer</string>")).is_err()
    );
}

#[test]
fn answers_of_the_wrong_shape() {
    for body in [
        "",
        "<key>CurrentList</key><array/>",
        "<key>Status</key><integer>1</integer>",
        "<key>Status</key><string>BrowsingApplications</string><key>CurrentList</key><string>x</string>",
        "<key>Status</key><string>BrowsingApplications</string><key>CurrentList</key><array><true/></array>",
        "<key>Status</key><string>Complete</string><key>LookupResult</key><array/>",
        "<key>Error</key><integer>5</integer>",
    ] {
        let reply = Reply::from_dict(dict(body));
        assert!(matches!(reply, Err(DecodeError::Shape { .. })), "{body}: {reply:?}");
    }
    for body in ["", "<key>Status</key><string>Maybe</string>", "<key>Status</key><true/>"] {
        assert!(house_arrest::Reply::from_dict(&dict(body)).is_err(), "{body}");
    }
}

#[test]
fn what_the_makers_of_apps_write() {
    let sharing = |value: Value| {
        let mut app = Dictionary::new();
        app.insert("CFBundleIdentifier".into(), "a".into());
        app.insert("UIFileSharingEnabled".into(), value);
        AppInfo::from_dict(&app).unwrap().file_sharing
    };
    for yes in [true.into(), 1.into(), "YES".into(), "true".into()] {
        assert!(sharing(yes));
    }
    for no in [false.into(), 0.into(), "NO".into(), "".into(), Value::Array(Vec::new())] {
        assert!(!sharing(no));
    }
    // A name of the wrong type hides a name, not the app; without an identity there is no app.
    let odd = dict(
        "<key>CFBundleIdentifier</key><string>a</string><key>CFBundleDisplayName</key><integer>5</integer>",
    );
    assert_eq!(
        AppInfo::from_dict(&odd).unwrap(),
        AppInfo { bundle_id: "a".to_owned(), ..AppInfo::default() }
    );
    assert!(AppInfo::from_dict(&dict("<key>CFBundleName</key><string>a</string>")).is_err());
    assert_eq!(installation_proxy::SERVICE, "com.apple.mobile.installation_proxy");
}
