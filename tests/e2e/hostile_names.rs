//! Ten thousand photos with the worst names there are, and what must become of them on any drive.

use std::collections::{BTreeMap, BTreeSet};

use iexport::plan::DestName;
use phone_libraries::{AssetSpec, EditSpec, FileSpec, IosVersion, Library};

use crate::scene::{Scene, moment};

/// How many.
const PHOTOS: usize = 10_000;

/// Names that are equal to one another on some drive, that some drive cannot hold, or that look like something that
/// this program makes. `{}` is replaced by a number that few share.
fn patterns() -> Vec<String> {
    let mut names: Vec<String> = [
        // Equal, and equal but for case.
        "IMG_0001.JPG",
        "img_0001.jpg",
        "Img_0001.Jpg",
        "IMG_0001.JPEG",
        "IMG_{}.JPG",
        "img_{}.JPG",
        "Stra\u{df}e {}.JPG",
        "STRASSE {}.JPG",
        "Stra\u{1e9e}e {}.JPG",
        "\u{3a3}\u{3c2}\u{3c3} {}.JPG",
        "\u{3c3}\u{3c3}\u{3a3} {}.JPG",
        "\u{130}zmir {}.JPG",
        "\u{131}zmir {}.JPG",
        "izmir {}.JPG",
        "IZMIR {}.JPG",
        "\u{10428}\u{10400} {}.JPG",
        "\u{10400}\u{10428} {}.JPG",
        "\u{fb01}sh {}.JPG",
        "FISH {}.JPG",
        "\u{ff21}\u{ff42} {}.JPG",
        "\u{ff41}\u{ff22} {}.JPG",
        "\u{24b6} {}.JPG",
        "\u{24d0} {}.JPG",
        "\u{1c5}\u{1c4} {}.JPG",
        "\u{1c6}\u{1c5} {}.JPG",
        "\u{1f80} {}.JPG",
        "\u{1f88} {}.JPG",
        "\u{13a0} {}.JPG",
        "\u{ab70} {}.JPG",
        // Composed and decomposed.
        "Caf\u{e9} {}.JPG",
        "Cafe\u{301} {}.JPG",
        "CAFE\u{301} {}.JPG",
        "\u{c5}ngstr\u{f6}m {}.JPG",
        "\u{212b}ngstro\u{308}m {}.JPG",
        "\u{ac00}\u{ac01} {}.JPG",
        "\u{1100}\u{1161}\u{1100}\u{1161}\u{11a8} {}.JPG",
        "a\u{323}\u{302} {}.JPG",
        "a\u{302}\u{323} {}.JPG",
        // Emoji.
        "\u{1f600}.JPG",
        "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} {}.JPG",
        "\u{1f1f5}\u{1f1f9} {}.JPG",
        "\u{1f44d}\u{1f3fd} {}.JPG",
        "\u{2764}\u{fe0f} {}.JPG",
        "\u{2764} {}.JPG",
        // Reserved by some system.
        "CON.JPG",
        "con.jpg",
        "NUL",
        "nul.{}.JPG",
        "COM1.JPG",
        "LPT\u{b9}.JPG",
        "AUX .JPG",
        "prn",
        "CONIN$.JPG",
        "_CON.JPG",
        ".",
        "..",
        "...",
        " ",
        "  .JPG",
        ".JPG",
        "",
        "name.",
        "name. .",
        "name .JPG",
        " name.JPG",
        "name",
        ".hidden.JPG",
        "._IMG_{}.JPG",
        ".iexport",
        ".iexport/ledger.db",
        "../../etc/passwd",
        "/absolute.JPG",
        "a/b {}.JPG",
        "a\\b {}.JPG",
        "C:\\x {}.JPG",
        "a:b:c {}.JPG",
        "<{}>.JPG",
        "\"{}\".JPG",
        "a|b {}.JPG",
        "what?.JPG",
        "wh*t.JPG",
        "a\u{ff1a}b:c {}.JPG",
        "tab\tnew\nline {}.JPG",
        "nul\u{0}l {}.JPG",
        "\u{7f}\u{80}\u{85}\u{9f} {}.JPG",
        "\u{fdd0}\u{ffff}\u{1fffe} {}.JPG",
        "\u{202e}gpj.exe {}.JPG",
        "\u{feff}bom {}.JPG",
        "\u{f03a} {}.JPG",
        "desktop.ini",
        "Thumbs.db",
        "$MFT",
        "$Extend",
        "~1.JPG",
        "IMG_00~1.JPG",
        "%2e%2e%2f {}.JPG",
        "-rf {}.JPG",
        "`ls` $HOME {}.JPG",
        // As if this program had named them.
        "IMG_0001_edited.JPG",
        "IMG_0001_live_video.MOV",
        "IMG_0001_preview.JPG",
        "IMG_0001-3F2A.JPG",
        "IMG_0001_edited_edited.JPG",
        "IMG_0001.HEIC.JPG",
        "IMG_0001..JPG",
        "IMG_0001 .JPG",
        // Extensions that are none, or are odd.
        "Party 12.30",
        "a.b.c.d.{}",
        "x.{}JPG",
        "x.verylongextension{}",
        "x.J:P/G",
        "x.jpg ",
    ]
    .map(str::to_owned)
    .to_vec();
    // As long as can be, or longer, in characters of each length; alike until their very end.
    for unit in ["x", "\u{e9}", "e\u{301}", "\u{6f22}", "\u{1f600}", "\u{1f82}", ".", " ", "CON."] {
        for bytes in [230, 250, 251, 255, 1000] {
            let mut name = unit.repeat(bytes / unit.len());
            name += "{}.JPG";
            names.push(name);
        }
    }
    names
}

/// The library. All photos are of one size and of one month, so that neither tells them apart.
pub fn library() -> Library {
    let patterns = patterns();
    let mut library = Library::new(IosVersion::Ios18);
    for n in 0..PHOTOS {
        let name = patterns[n % patterns.len()].replace("{}", &(n / patterns.len() / 3).to_string());
        let (folder, number) = (100 + n / 900, n % 900);
        let mut spec = AssetSpec::at(format!("DCIM/{folder}APPLE/IMG_{number:04}.JPG"))
            .captured(moment(i64::try_from(n / 4).unwrap()))
            .named(name)
            .bytes(format!("photo {n:05}"));
        spec.thumbnail = false;
        if n % 10 == 0 {
            spec = spec.live(FileSpec::bytes(format!("movie {n:05}")));
        }
        if n % 25 == 0 {
            let edit = EditSpec {
                render: Some(("jpg".into(), FileSpec::bytes(format!("edit  {n:05}")))),
                ..EditSpec::rendered("jpg")
            };
            spec = spec.edited(edit);
        }
        library.asset(spec);
    }
    library
}

/// Exports the library to the destination of the scene, again, and again without the ledger.
pub fn export(scene: &Scene) {
    let first = scene.export(&["--json"]);
    let summary = first.expect(0).summary();
    let files = scene.exported();
    assert_eq!(summary["exported_files"], files.len());
    let truth = &scene.made.as_ref().unwrap().truth;
    let expected: usize = truth.assets.values().map(|asset| asset.files.len()).sum();
    assert_eq!(files.len(), expected, "all present");
    let contents: BTreeSet<&String> = files.values().collect();
    assert_eq!(contents.len(), expected, "all distinct");
    scene.assert_nothing_half_written();
    for name in files.keys() {
        assert!(name.split('/').all(DestName::is_portable), "{name:?}");
    }
    check_groups(scene, &first);

    let again = scene.export(&["--json"]).expect(0).summary();
    assert_eq!((&again["exported_files"], &again["already_files"]), (&0.into(), &expected.into()));
    std::fs::remove_dir_all(scene.dest.join(".iexport")).unwrap();
    let healed = scene.export(&["--json"]).expect(0).summary();
    assert_eq!(healed["adopted_files"], expected);
    assert_eq!(scene.exported(), files, "the same names without the ledger");
    let again = scene.export(&["--json"]).expect(0).summary();
    assert_eq!(again["exported_files"], 0);
}

/// All files of a photo have its stem, and no other photo has it.
fn check_groups(scene: &Scene, run: &crate::scene::Run) {
    let files = run.json().into_iter().filter(|line| line["type"] == "file");
    let to: BTreeMap<String, String> = files
        .map(|line| [&line["from"], &line["to"]].map(|path| path.as_str().unwrap().to_owned()))
        .map(|[from, to]| (from, to))
        .collect();
    let mut stems = BTreeSet::new();
    for asset in scene.made.as_ref().unwrap().truth.assets.values() {
        let places: Vec<&str> = asset.files.values().map(|file| to[&file.device_path].as_str()).collect();
        // The longest stem that all of them have.
        let stem = asset.files.values().map(|file| &to[&file.device_path]).map(|path| {
            let stem = path.rsplit_once('.').map_or(path.as_str(), |(stem, _)| stem);
            stem.strip_suffix("_edited").filter(|_| places.len() > 1).unwrap_or(stem)
        });
        let stem: BTreeSet<&str> = stem.collect();
        assert_eq!(stem.len(), 1, "{places:?}");
        assert!(stems.insert(stem.into_iter().next().unwrap().to_lowercase()), "{places:?}");
    }
}
