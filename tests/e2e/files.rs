//! `iexport files`: the documents of apps, and anything else in the media folder.

mod apps;
mod hostile;
mod incremental;
mod names;
mod paths;
mod phone;
mod wire;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use phone_libraries::{Extras, InstalledApp};
use plist::{Dictionary, Value};
use virtual_iphone::{PhoneConfig, PhoneHandle};

use crate::scene::{Run, Scene};

/// A trusted phone with apps and a drive.
struct Bench {
    scene: Scene,
    /// The folder with the containers of the apps, from which the phone serves.
    apps: PathBuf,
    /// Its media folder.
    media: PathBuf,
}

impl Bench {
    fn with(apps: impl IntoIterator<Item = InstalledApp>) -> Self {
        Self::of(apps, |_| {}, |_| {})
    }

    /// With `list`, what the phone tells of its apps is changed after they were made, each by its own dictionary.
    fn of(
        apps: impl IntoIterator<Item = InstalledApp>,
        configure: impl FnOnce(&mut PhoneConfig),
        list: impl Fn(&mut Dictionary),
    ) -> Self {
        let scene = Scene::without_phone();
        let (media, folder) = (scene.path("media"), scene.path("apps"));
        std::fs::create_dir(&media).unwrap();
        let extras = Extras { apps: Some(apps.into_iter().collect()), ..Extras::default() };
        phone_libraries::write_extras(&extras, &media, &folder).unwrap();
        let file = folder.join("apps.plist");
        let mut told = Value::from_file(&file).unwrap().into_array().unwrap();
        told.iter_mut().for_each(|app| list(app.as_dictionary_mut().unwrap()));
        Value::Array(told).to_file_binary(&file).unwrap();
        let mut config = PhoneConfig::new(&media);
        config.already_paired = true;
        config.apps = Some(folder.clone());
        configure(&mut config);
        scene.plug(config);
        Self { scene, apps: folder, media }
    }

    fn phone(&self) -> PhoneHandle {
        self.scene.phone()
    }

    /// `files`, with these words and the drive.
    fn files(&self, words: &[&str]) -> Run {
        let dest = self.scene.dest.to_str().unwrap();
        self.scene.run(&[&["files", "--to", dest], words].concat())
    }

    /// The summary of a run that ended with this code.
    #[track_caller]
    fn summary(&self, words: &[&str], code: i32) -> serde_json::Value {
        self.files(&[words, &["--json"]].concat()).expect(code).summary()
    }

    /// A document of an app, on the phone.
    fn document(&self, bundle: &str, name: &str) -> PathBuf {
        self.apps.join(bundle).join("Documents").join(name)
    }

    /// Writes a document on the phone, which is newer than all before.
    fn write(&self, bundle: &str, name: &str, content: &str) {
        let path = self.document(bundle, name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    fn on_drive(&self, name: &str) -> PathBuf {
        self.scene.dest.join(name)
    }

    #[track_caller]
    fn read(&self, name: &str) -> String {
        let read = std::fs::read_to_string(self.on_drive(name));
        read.unwrap_or_else(|error| panic!("{name}: {error}; there is {:?}", self.scene.names()))
    }

    /// The documents of an app on the phone with their contents' hashes, without links, by their paths.
    fn truth(&self, bundle: &str) -> BTreeMap<String, String> {
        let mut out = BTreeMap::new();
        let root = self.apps.join(bundle).join("Documents");
        walk(&root, &root, &mut out);
        out
    }

    /// Fails unless every file on the drive is a whole one of the phone, and nothing is half-written.
    #[track_caller]
    fn assert_whole(&self) {
        let mut known = BTreeMap::new();
        walk(&self.apps, &self.apps, &mut known);
        let known: std::collections::BTreeSet<String> = known.into_values().collect();
        for (name, hash) in self.scene.exported() {
            assert!(known.contains(&hash), "{name} is not what is on the phone");
        }
        if let Ok(left) = std::fs::read_dir(self.on_drive(".iexport/partial")) {
            assert_eq!(left.count(), 0, "something half-written stays behind");
        }
    }
}

/// All files below `folder` with their hashes; links are none.
fn walk(root: &Path, folder: &Path, out: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let (path, kind) = (entry.path(), entry.file_type().unwrap());
        if kind.is_dir() {
            walk(root, &path, out);
        } else if kind.is_file() {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            out.insert(name, blake3::hash(&std::fs::read(&path).unwrap()).to_hex().to_string());
        }
    }
}

/// The same names below a folder.
fn below(folder: &str, files: BTreeMap<String, String>) -> BTreeMap<String, String> {
    files.into_iter().map(|(name, hash)| (format!("{folder}/{name}"), hash)).collect()
}

const NOTES: &str = "com.example.notes";

/// An app with three documents.
fn notes() -> InstalledApp {
    InstalledApp::new(NOTES, "Notes")
        .version("2.1", "210")
        .file("Documents/todo.txt", "milk")
        .file("Documents/Trips/Porto.txt", "port")
        .file("Documents/Trips/Lisbon.txt", "pastel de nata")
}
