//! `iexport files`: the documents of apps, and anything else in the media folder.

mod apps;
mod bench;
mod hostile;
mod incremental;
mod names;
mod paths;
mod phone;
mod wire;

use bench::{Bench, below, walk};
use phone_libraries::InstalledApp;

const NOTES: &str = "com.example.notes";

/// An app with three documents.
fn notes() -> InstalledApp {
    InstalledApp::new(NOTES, "Notes")
        .version("2.1", "210")
        .file("Documents/todo.txt", "milk")
        .file("Documents/Trips/Porto.txt", "port")
        .file("Documents/Trips/Lisbon.txt", "pastel de nata")
}
