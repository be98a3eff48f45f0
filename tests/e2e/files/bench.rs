//! A phone with apps, a drive, and `iexport files` run against them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use phone_libraries::{Extras, InstalledApp};
use plist::{Dictionary, Value};
use virtual_iphone::{PhoneConfig, PhoneHandle};

use crate::scene::{Run, Scene};

/// A trusted phone with apps and a drive.
pub struct Bench {
    pub scene: Scene,
    /// The folder with the containers of the apps, from which the phone serves.
    pub apps: PathBuf,
    /// Its media folder.
    pub media: PathBuf,
}

impl Bench {
    pub fn with(apps: impl IntoIterator<Item = InstalledApp>) -> Self {
        Self::of(apps, |_| {}, |_| {})
    }

    /// With `list`, what the phone tells of its apps is changed after they were made, each by its own dictionary.
    pub fn of(
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

    pub fn phone(&self) -> PhoneHandle {
        self.scene.phone()
    }

    /// `files`, with these words and the drive.
    pub fn files(&self, words: &[&str]) -> Run {
        let dest = self.scene.dest.to_str().unwrap();
        self.scene.run(&[&["files", "--to", dest], words].concat())
    }

    /// The summary of a run that ended with this code.
    #[track_caller]
    pub fn summary(&self, words: &[&str], code: i32) -> serde_json::Value {
        self.files(&[words, &["--json"]].concat()).expect(code).summary()
    }

    /// A document of an app, on the phone.
    pub fn document(&self, bundle: &str, name: &str) -> PathBuf {
        self.apps.join(bundle).join("Documents").join(name)
    }

    /// Writes a document on the phone, which is newer than all before.
    pub fn write(&self, bundle: &str, name: &str, content: &str) {
        let path = self.document(bundle, name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    pub fn on_drive(&self, name: &str) -> PathBuf {
        self.scene.dest.join(name)
    }

    #[track_caller]
    pub fn read(&self, name: &str) -> String {
        let read = std::fs::read_to_string(self.on_drive(name));
        read.unwrap_or_else(|error| panic!("{name}: {error}; there is {:?}", self.scene.names()))
    }

    /// The documents of an app on the phone with their contents' hashes, without links, by their paths.
    pub fn truth(&self, bundle: &str) -> BTreeMap<String, String> {
        let mut out = BTreeMap::new();
        let root = self.apps.join(bundle).join("Documents");
        walk(&root, &root, &mut out);
        out
    }

    /// Fails unless every file on the drive is a whole one of the phone, and nothing is half-written.
    #[track_caller]
    pub fn assert_whole(&self) {
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
pub fn walk(root: &Path, folder: &Path, out: &mut BTreeMap<String, String>) {
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
pub fn below(folder: &str, files: BTreeMap<String, String>) -> BTreeMap<String, String> {
    files.into_iter().map(|(name, hash)| (format!("{folder}/{name}"), hash)).collect()
}
