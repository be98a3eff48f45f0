//! The commands of the README, run.

use std::path::Path;

use phone_libraries::{AlbumSpec, AssetSpec, IosVersion, Library};

use crate::scene::{Scene, finish, moment, program};

fn readme() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap()
}

/// The lines of all `sh` blocks of the README.
fn commands() -> Vec<String> {
    commands_of(&readme())
}

/// The lines of all `sh` blocks of a text.
fn commands_of(text: &str) -> Vec<String> {
    let mut inside = false;
    let mut out = Vec::new();
    for line in text.lines() {
        match line {
            "```sh" => inside = true,
            "```" => inside = false,
            line if inside => out.push(line.to_owned()),
            _ => {}
        }
    }
    out
}

#[test]
fn there_are_exactly_two_set_up_commands() {
    let commands = commands();
    let cargo: Vec<_> = commands.iter().filter(|line| line.starts_with("cargo ")).collect();
    assert_eq!(cargo.len(), 2, "{cargo:?}");
    assert!(cargo[0].contains("--demo") && cargo[1].starts_with("cargo test"), "{cargo:?}");
    assert!(commands.iter().all(|line| line.starts_with("cargo ") || line.starts_with("iexport ")));
}

#[test]
fn the_demo_ends_with_pictures() {
    let demo = commands().remove(0);
    let words = demo.strip_prefix("cargo run --release -- ").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut command = program(folder.path());
    command.current_dir(folder.path()).args(words.split(' '));
    let run = finish(command.spawn().unwrap());
    run.expect(0).says("Demo iPhone").says("Exported");
    let mut heads = std::collections::BTreeSet::new();
    let mut folders = vec![folder.path().join("export")];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap().map(|entry| entry.unwrap()) {
            if entry.file_name() == ".iexport" {
            } else if entry.file_type().unwrap().is_dir() {
                folders.push(entry.path());
            } else {
                let bytes = std::fs::read(entry.path()).unwrap();
                heads.insert(match bytes.as_slice() {
                    [0xff, 0xd8, ..] => "jpeg",
                    [0x89, b'P', b'N', b'G', ..] => "png",
                    [_, _, _, _, b'f', b't', b'y', b'p', b'h', b'e', ..] => "heic",
                    [_, _, _, _, b'f', b't', b'y', b'p', ..] => "mov",
                    [b'I', b'I', ..] | [b'M', b'M', ..] => "dng",
                    _ => panic!("{} is no picture", entry.path().display()),
                });
            }
        }
    }
    for kind in ["jpeg", "png", "heic", "mov"] {
        assert!(heads.contains(kind), "{heads:?}");
    }
    // Two runs are two phones that hold the same library: the second copies nothing.
    let mut command = program(folder.path());
    command.current_dir(folder.path()).args(words.split(' '));
    finish(command.spawn().unwrap()).expect(0).says("Nothing was copied");
}

#[test]
fn the_other_commands_work_on_a_phone() {
    let mut library = Library::new(IosVersion::Ios18);
    let photo = library.asset(AssetSpec::at("DCIM/100APPLE/IMG_0001.JPG").captured(moment(0)));
    library.album(AlbumSpec::titled("Italy 2024").in_folder(["Travel"]).members([photo]));
    library.album(AlbumSpec::titled("Cats").members([photo]));
    let scene = Scene::of(&library, |phone| {
        phone_libraries::demo_music().write(&phone.media).unwrap();
        let apps = phone.media.parent().unwrap().join("apps");
        let extras = phone_libraries::demo_extras().unwrap();
        phone_libraries::write_extras(&extras, &phone.media, &apps).unwrap();
        phone.apps = Some(apps);
    });
    let mut tried = 0;
    let media = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/media.md");
    let media = commands_of(&std::fs::read_to_string(media).unwrap());
    for line in commands().iter().chain(&media).filter_map(|line| line.strip_prefix("iexport ")) {
        let args: Vec<String> = words(line)
            .into_iter()
            .map(|word| word.replace("/Volumes/Drive", scene.dest.to_str().unwrap()))
            .collect();
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        scene.run(&args).expect(0);
        tried += 1;
    }
    assert!(tried >= 20, "{tried}");
}

/// Splits at blanks outside of double quotes.
pub fn words(line: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ' ' if !quoted => out.push(String::new()),
            c => out.last_mut().unwrap().push(c),
        }
    }
    out
}
