//! A phone, a library, a destination, and the program run against them.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use phone_libraries::{
    AssetSpec, Captured, Extras, ExtrasTruth, IosVersion, Library, Made, TruthFile, write_extras,
};
use tempfile::TempDir;
use virtual_iphone::{Listen, PhoneConfig, PhoneHandle, Server};

/// Everything a test needs; goes away with the test.
pub struct Scene {
    pub runtime: tokio::runtime::Runtime,
    pub server: Server,
    pub dest: PathBuf,
    pub made: Option<Made>,
    folder: TempDir,
}

/// What the program said and how it ended.
pub struct Run {
    pub stdout: String,
    pub stderr: String,
    pub code: i32,
}

impl Run {
    /// Both streams, for messages.
    pub fn text(&self) -> String {
        format!("exit {}\n-- stdout\n{}\n-- stderr\n{}", self.code, self.stdout, self.stderr)
    }

    /// Fails unless it ended with this code.
    #[track_caller]
    pub fn expect(&self, code: i32) -> &Self {
        assert_eq!(self.code, code, "{}", self.text());
        self
    }

    /// Fails unless what it said to the person contains this.
    #[track_caller]
    pub fn says(&self, words: &str) -> &Self {
        assert!(self.stderr.contains(words), "{words:?} is missing\n{}", self.text());
        self
    }

    /// Fails if what it said to the person contains this.
    #[track_caller]
    pub fn lacks(&self, words: &str) -> &Self {
        assert!(!self.stderr.contains(words), "{words:?} is there\n{}", self.text());
        self
    }

    /// The lines of standard output as JSON.
    #[track_caller]
    pub fn json(&self) -> Vec<serde_json::Value> {
        let parse = |line: &str| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
        self.stdout.lines().map(parse).collect()
    }

    /// The summary of an export that was run with `--json`.
    #[track_caller]
    pub fn summary(&self) -> serde_json::Value {
        let last = self.json().pop().unwrap_or_else(|| panic!("{}", self.text()));
        assert_eq!(last["type"], "summary", "{}", self.text());
        last
    }
}

/// A moment in the middle of 2024, `n` minutes on.
pub fn moment(n: i64) -> Captured {
    let start: jiff::Timestamp = "2024-07-01T10:00:00Z".parse().unwrap();
    Captured::new(start + jiff::SignedDuration::from_mins(n), "Europe/Lisbon", 3600)
}

/// A small library: three photos and a video, taken a minute after one another.
pub fn four() -> Library {
    let mut library = Library::new(IosVersion::Ios18);
    for (n, name) in ["IMG_0001.HEIC", "IMG_0002.JPG", "IMG_0003.PNG", "IMG_0004.MOV"].iter().enumerate() {
        library.asset(AssetSpec::at(format!("DCIM/100APPLE/{name}")).captured(moment(n as i64)));
    }
    library
}

impl Scene {
    /// A phone with this library, changed by `configure`.
    pub fn of(library: &Library, configure: impl FnOnce(&mut PhoneConfig)) -> Self {
        let mut scene = Self::without_phone();
        let made = library.write(&scene.folder.path().join("library")).unwrap();
        let mut config = PhoneConfig::new(&made.media);
        config.already_paired = true;
        configure(&mut config);
        scene.made = Some(made);
        scene.plug(config);
        scene
    }

    /// A trusted phone with this library.
    pub fn with(library: &Library) -> Self {
        Self::of(library, |_| {})
    }

    /// A trusted phone that holds these, and what `more` puts into its media root.
    pub fn holding(extras: &Extras, more: impl FnOnce(&Path)) -> (Self, ExtrasTruth) {
        Self::holding_on(extras, more, |_| ())
    }

    /// The same, on a phone that is changed by `configure`.
    pub fn holding_on(
        extras: &Extras,
        more: impl FnOnce(&Path),
        configure: impl FnOnce(&mut PhoneConfig),
    ) -> (Self, ExtrasTruth) {
        let scene = Self::without_phone();
        let (media, apps) = (scene.media(), scene.path("phone/apps"));
        more(&media);
        std::fs::create_dir_all(&media).unwrap();
        let truth = write_extras(extras, &media, &apps).unwrap();
        let mut config = PhoneConfig::new(media);
        config.already_paired = true;
        config.apps = extras.apps.is_some().then_some(apps);
        configure(&mut config);
        scene.plug(config);
        (scene, truth)
    }

    /// The media root of a phone that was made with [`Self::holding`].
    pub fn media(&self) -> PathBuf {
        self.path("phone/media")
    }

    /// Fails unless a file of the phone and an exported one are the same.
    #[track_caller]
    pub fn assert_same(&self, on_phone: &TruthFile, exported: &str) {
        let phone = std::fs::read(self.media().join(&on_phone.device_path)).unwrap();
        let drive = std::fs::read(self.dest.join(exported)).unwrap_or_else(|e| panic!("{exported}: {e}"));
        assert!(phone == drive, "{exported} is not {}", on_phone.device_path);
    }

    /// When an exported file was last changed, in seconds since 1970.
    #[track_caller]
    pub fn modified(&self, exported: &str) -> i64 {
        let meta = std::fs::metadata(self.dest.join(exported)).unwrap_or_else(|e| panic!("{exported}: {e}"));
        jiff::Timestamp::try_from(meta.modified().unwrap()).unwrap().as_second()
    }

    /// `KIND --all --to` the destination, with more arguments.
    pub fn export_kind(&self, kind: &str, more: &[&str]) -> Run {
        self.run(&[&[kind, "--all", "--to", self.dest.to_str().unwrap()], more].concat())
    }

    /// The same for a selection: without `--all`.
    pub fn export_some(&self, kind: &str, which: &[&str]) -> Run {
        self.run(&[&[kind, "--to", self.dest.to_str().unwrap()], which].concat())
    }

    /// A usbmuxd with nothing plugged in.
    pub fn without_phone() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime.unwrap();
        let server = runtime.block_on(Server::start(Listen::loopback(), Vec::new())).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let dest = folder.path().join("drive");
        std::fs::create_dir(&dest).unwrap();
        Self { runtime, server, dest, made: None, folder }
    }

    /// Plugs a phone in.
    pub fn plug(&self, config: PhoneConfig) -> PhoneHandle {
        self.runtime.block_on(self.server.attach(config)).unwrap()
    }

    /// The first phone.
    pub fn phone(&self) -> PhoneHandle {
        self.server.phones().swap_remove(0)
    }

    /// A folder of this test.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The program with these arguments, in an environment of its own.
    pub fn command(&self, args: &[&str]) -> Command {
        let home = self.path("home");
        std::fs::create_dir_all(&home).unwrap();
        let mut command = program(&home);
        command.args(args).env("USBMUXD_SOCKET_ADDRESS", self.server.address());
        command
    }

    /// Runs the program.
    pub fn run(&self, args: &[&str]) -> Run {
        finish(self.command(args).spawn().unwrap())
    }

    /// `photos --all --to` the destination, with more arguments.
    pub fn export(&self, more: &[&str]) -> Run {
        let dest = self.dest.to_str().unwrap().to_owned();
        let args: Vec<&str> =
            ["photos", "--all", "--to", &dest].into_iter().chain(more.iter().copied()).collect();
        self.run(&args)
    }

    /// Runs a script while a small file system in memory, seen by the script only, lies over the destination; `size`
    /// in the words of `mount`. `None`, and said, if this user may not have one.
    #[cfg(target_os = "linux")]
    pub fn on_small_drive(&self, size: &str, script: &str) -> Option<Run> {
        let script = format!("mount -t tmpfs -o size={size} none '{}' && {script}", self.dest.display());
        let child = Command::new("unshare")
            .args(["--user", "--map-root-user", "--mount", "sh", "-c", &script])
            .env("USBMUXD_SOCKET_ADDRESS", self.server.address())
            .env("HOME", self.path("home"))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        let Ok(child) = child else {
            eprintln!("left out: a small drive needs unshare");
            return None;
        };
        let run = finish(child);
        if run.code == 1 && run.stdout.is_empty() {
            assert!(std::env::var_os("IEXPORT_REQUIRE_PEERS").is_none(), "{}", run.text());
            eprintln!("left out: this user may not mount a small drive: {}", run.stderr.trim());
            return None;
        }
        Some(run)
    }

    /// The exported files with their contents' hashes, by path below the destination.
    pub fn exported(&self) -> BTreeMap<String, String> {
        let mut out = BTreeMap::new();
        collect(&self.dest, &self.dest, &mut out);
        out
    }

    /// The names of the exported files, by path below the destination.
    pub fn names(&self) -> Vec<String> {
        self.exported().into_keys().collect()
    }

    /// Fails if anything but whole files lies where it should not.
    #[track_caller]
    pub fn assert_nothing_half_written(&self) {
        self.assert_nothing_half_written_but(&[]);
    }

    /// The same, for files of other extensions than these.
    #[track_caller]
    pub fn assert_nothing_half_written_but(&self, other_than: &[&str]) {
        let partial = self.dest.join(".iexport/partial");
        if partial.exists() {
            let left: Vec<_> = std::fs::read_dir(partial).unwrap().collect();
            assert!(left.is_empty(), "{left:?}");
        }
        // Whatever has a name has the content of a file on the phone.
        let made = self.made.as_ref().unwrap();
        let mut originals = BTreeMap::new();
        collect(&made.media, &made.media, &mut originals);
        let known: std::collections::BTreeSet<_> = originals.into_values().collect();
        for (name, hash) in self.exported() {
            if other_than.iter().any(|extension| name.ends_with(&format!(".{extension}"))) {
                continue;
            }
            assert!(known.contains(&hash), "{name} is not what is on the phone");
        }
    }
}

/// The program with an environment that holds nothing of the one who runs the tests.
pub fn program(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_iexport"));
    command
        .env_clear()
        .env("HOME", home)
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("TMPDIR", std::env::temp_dir())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Waits for the end of the program.
pub fn finish(mut child: Child) -> Run {
    let mut out = child.stdout.take().unwrap();
    let reader = std::thread::spawn(move || {
        let mut text = String::new();
        out.read_to_string(&mut text).unwrap();
        text
    });
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    let stdout = reader.join().unwrap();
    let status = child.wait().unwrap();
    Run { stdout, stderr, code: status.code().unwrap_or(-1) }
}

/// All files below `root` except those of the program itself.
fn collect(root: &Path, folder: &Path, out: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if name != ".iexport" {
                collect(root, &path, out);
            }
        } else {
            let relative = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            out.insert(relative, blake3::hash(&std::fs::read(&path).unwrap()).to_hex().to_string());
        }
    }
}
