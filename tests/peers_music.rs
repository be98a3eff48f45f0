//! A big music library on a folder and on a drive with exFAT, judged by a script that knows nothing of the program:
//! every song once, playlists that resolve, covers, and tags as ExifTool reads them.
//!
//! Needs `python3`, `exiftool`, and for exFAT what `peers_drives.rs` needs. What is missing is said and left out,
//! unless `IEXPORT_REQUIRE_PEERS` is set.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(dead_code, reason = "the scene is shared with the end-to-end tests, which use all of it")]

mod drive;
#[path = "e2e/scene.rs"]
mod scene;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use phone_libraries::{MediaSchema, MusicRecipe, MusicState, MusicTruth};
use scene::Scene;
use serde_json::Value;
use virtual_iphone::PhoneConfig;

/// A phone with a library, and the truth about it in a file.
struct Bench {
    scene: Scene,
    truth: MusicTruth,
    truth_path: PathBuf,
}

/// What the checker found.
struct Verdict {
    is_right: bool,
    text: String,
}

impl Bench {
    fn with(recipe: &MusicRecipe) -> Self {
        let scene = Scene::without_phone();
        let media = scene.media();
        std::fs::create_dir_all(&media).unwrap();
        let truth = recipe.library().write(&media).unwrap();
        let truth_path = scene.path("truth.json");
        truth.save(&truth_path).unwrap();
        let mut config = PhoneConfig::new(media);
        config.already_paired = true;
        scene.plug(config);
        Self { scene, truth, truth_path }
    }

    /// Exports everything to the destination; the summary.
    #[track_caller]
    fn export(&self, more: &[&str]) -> Value {
        let start = Instant::now();
        let run = self.scene.export_kind("music", &[&["--json"], more].concat());
        let summary = run.expect(0).summary();
        eprintln!("{more:?} to {}: {:.1} s", self.scene.dest.display(), start.elapsed().as_secs_f64());
        summary
    }

    /// What the script says of the destination; `None` if there is no Python.
    fn judged(&self, more: &[&str]) -> Option<Verdict> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peer_scripts/check_music.py");
        let mut command = Command::new("python3");
        command.arg("-B").arg(script).args(more).args([
            &self.truth_path,
            &self.scene.media(),
            &self.scene.dest,
        ]);
        match command.output() {
            Ok(output) => {
                let text =
                    [&output.stdout, &output.stderr].map(|said| String::from_utf8_lossy(said).into_owned());
                Some(Verdict { is_right: output.status.success(), text: text.concat() })
            }
            Err(error) => {
                assert!(std::env::var_os("IEXPORT_REQUIRE_PEERS").is_none(), "python3: {error}");
                eprintln!("left out: python3: {error}");
                None
            }
        }
    }

    #[track_caller]
    fn assert_right(&self, more: &[&str]) {
        let start = Instant::now();
        let Some(verdict) = self.judged(more) else { return };
        assert!(verdict.is_right, "{}", verdict.text);
        eprint!("{}", verdict.text);
        eprintln!("judged in {:.1} s", start.elapsed().as_secs_f64());
    }

    /// Fails unless the script finds this.
    #[track_caller]
    fn assert_wrong(&self, more: &[&str], words: &[&str]) {
        let Some(verdict) = self.judged(more) else { return };
        assert!(!verdict.is_right, "{}", verdict.text);
        for word in words {
            assert!(verdict.text.contains(word), "{word:?} is missing\n{}", verdict.text);
        }
    }

    /// Exports with tags, judges, and does it all again: with the ledger, and after that was lost.
    fn tagged_to(&self) {
        let first = self.export(&["--tag"]);
        let least = self.truth.summary.states[&MusicState::OnPhone] as u64 * 9 / 10;
        let files = first["exported_files"].as_u64().unwrap();
        assert!(files > least, "{first}");
        self.assert_right(&[]);
        let exported = self.scene.exported();

        let again = self.export(&["--tag"]);
        assert_eq!((&again["exported_files"], &again["replaced_files"]), (&0.into(), &0.into()), "{again}");
        assert_eq!(self.scene.exported(), exported);

        for entry in std::fs::read_dir(self.scene.dest.join(".iexport")).unwrap() {
            let entry = entry.unwrap();
            if entry.file_name().to_string_lossy().starts_with("ledger.db") {
                std::fs::remove_file(entry.path()).unwrap();
            }
        }
        let healed = self.export(&["--tag"]);
        // Whatever counts as exported was adopted: nothing was written.
        assert_eq!((&healed["exported_files"], &healed["adopted_files"]), (&files.into(), &files.into()));
        assert_eq!(healed["replaced_files"], 0, "{healed}");
        assert_eq!(self.scene.exported(), exported);
    }
}

#[test]
fn five_thousand_songs_with_tags_and_without() {
    let start = Instant::now();
    let recipe = MusicRecipe::new(MediaSchema::Ios18).tracks(5000).albums(400).playlists(60).seed(5);
    let mut bench = Bench::with(&recipe);
    let summary = &bench.truth.summary;
    eprintln!("made in {:.1} s: {summary:?}", start.elapsed().as_secs_f64());
    assert_eq!((summary.albums, summary.compilations), (400, 40));
    for state in [MusicState::Protected, MusicState::CloudOnly, MusicState::Missing] {
        assert!(summary.states[&state] > 20, "{state:?}");
    }

    bench.tagged_to();

    if let Some(drive) = drive::EXFAT.mounted(&bench.scene.path("")) {
        let folder = std::mem::replace(&mut bench.scene.dest, drive.folder.join("Music"));
        bench.tagged_to();
        bench.scene.dest = folder;
    }

    bench.scene.dest = bench.scene.path("as they are");
    let first = bench.export(&[]);
    assert!(first["exported_files"].as_u64().unwrap() > 4000, "{first}");
    bench.assert_right(&["--exact"]);
}

#[test]
fn the_checker_sees_what_is_wrong() {
    let recipe = MusicRecipe::new(MediaSchema::Ios18).tracks(120).albums(10).playlists(12).seed(2);
    let bench = Bench::with(&recipe);
    bench.export(&[]);
    bench.assert_right(&["--exact"]);
    // The files are what they were: nothing was filled in.
    bench.assert_wrong(&[], &["title is [], not"]);

    let names = bench.scene.names();
    let of = |ends: &str| names.iter().filter(|name| name.ends_with(ends)).collect::<Vec<_>>();
    let on_drive = |name: &str| bench.scene.dest.join(name);
    let (song, other) = (of(".m4a")[0], of(".m4a")[1]);
    std::fs::copy(on_drive(song), on_drive("again.m4a")).unwrap();
    std::fs::remove_file(on_drive(other)).unwrap();
    let covers = of("cover.jpg");
    std::fs::copy(on_drive(covers[0]), on_drive(covers[1])).unwrap();
    std::fs::write(on_drive("left.tmp"), "").unwrap();
    // The first list of several songs has them in another order.
    let text = |list: &str| std::fs::read_to_string(on_drive(list)).unwrap();
    let songs = |text: &str| text.lines().filter(|line| !line.starts_with('#')).count();
    let list = of(".m3u8").into_iter().find(|list| songs(&text(list)) > 3).unwrap();
    let mut lines: Vec<String> = text(list).lines().map(str::to_owned).collect();
    lines[2..].reverse();
    std::fs::write(on_drive(list), lines.join("\n")).unwrap();
    bench.assert_wrong(
        &["--exact"],
        &[
            "is there 2 times",
            "is not on the drive",
            "no picture of the songs beside it",
            "left.tmp: what is this?",
            "is no playlist of this folder",
        ],
    );
}
