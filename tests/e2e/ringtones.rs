//! Ringtones: their names from the phone's list, what is bought, and entries and files that lack one another.

use std::path::Path;

use phone_libraries::{
    Extras, ExtrasTruth, MediaDamage, MediaSchema, MusicLibrary, PlistForm, RingtoneSpec, RingtonesSpec,
    TrackSpec, TruthRingtone,
};

use crate::scene::Scene;

const KIND: &str = "ringtones";
/// What the list of [`RingtonesSpec::all_sorts`] does not name, or not by a name: under the phone's names.
const NAMELESS: [&str; 3] = ["DDDD.m4r", "FFFF.m4r", "Loose.m4r"];

/// A phone has a library of music, even if there are no ringtones in it.
fn some_music(media: &Path) {
    let mut library = MusicLibrary::new(MediaSchema::Ios18);
    library.track(TrackSpec::song("Low Tide").by("The Tidal Clocks").on("Estuary").track(3, 9));
    library.write(media).unwrap();
}

fn phone(spec: RingtonesSpec) -> (Scene, ExtrasTruth) {
    Scene::holding(&Extras { ringtones: Some(spec), ..Extras::default() }, some_music)
}

fn file<'t>(truth: &'t ExtrasTruth, name: &str) -> &'t TruthRingtone {
    truth.ringtones.iter().find(|tone| tone.file.device_path.ends_with(name)).unwrap()
}

/// Fails unless all that may be copied is there, under its name.
#[track_caller]
fn assert_exported(scene: &Scene, truth: &ExtrasTruth) {
    let names = scene.names();
    for own in NAMELESS {
        scene.assert_same(&file(truth, own).file, own);
    }
    scene.assert_same(&file(truth, "CCCC.m4r").file, "Ping ／ Pong： ＂Loud＂？.m4r");
    // Two have one name: both are there, one of them with something behind it.
    let mut mornings: Vec<Vec<u8>> = names
        .iter()
        .filter(|name| name.starts_with("Morning"))
        .map(|name| std::fs::read(scene.dest.join(name)).unwrap())
        .collect();
    let mut expected: Vec<Vec<u8>> = ["AAAA.m4r", "BBBB.m4r"]
        .map(|name| std::fs::read(scene.media().join(&file(truth, name).file.device_path)).unwrap())
        .into();
    mornings.sort();
    expected.sort();
    assert!(mornings == expected, "{names:?}");
    assert!(names.contains(&"Morning.m4r".to_owned()), "{names:?}");
    assert_eq!(names.len(), 6, "{names:?}");
}

#[test]
fn names_and_numbers() {
    for form in [PlistForm::Xml, PlistForm::Binary] {
        let (scene, truth) = phone(RingtonesSpec::all_sorts(form));
        let summary = scene.export_kind(KIND, &["--json"]).expect(0).summary();
        assert_exported(&scene, &truth);
        assert_eq!((&summary["kind"], &summary["exported_files"]), (&KIND.into(), &6.into()));
        assert_eq!((&summary["library_items"], &summary["items"]), (&10.into(), &8.into()));
        assert_eq!(summary["without_catalogue"], false);
        let missing: Vec<_> =
            summary["missing"].as_array().unwrap().iter().map(|file| &file["name"]).collect();
        assert_eq!(missing, ["EEEE.m4r", "wrong.m4r"]);
        let again = scene.export_kind(KIND, &["--json"]).expect(0).summary();
        assert_eq!((&again["exported_files"], &again["already_files"]), (&0.into(), &6.into()));
    }
}

#[test]
fn bought_ones_are_told_and_can_be_had() {
    let (scene, truth) = phone(RingtonesSpec::all_sorts(PlistForm::Binary));
    scene
        .export_kind(KIND, &[])
        .expect(0)
        .says("7 entries of the phone's list of ringtones make no sense and are left out.")
        .says("2 protected (DRM), of use only with their account (--protected include)")
        .says("Protected (DRM), not exported:\n  -8123456789.m4r\n  1234567890.m4r");
    let run = scene.export_kind(KIND, &["--protected", "include"]);
    run.expect(0).says("Exported              2 files").says("2 of those asked for");
    scene.assert_same(&file(&truth, "-8123456789.m4r").file, "Bought.m4r");
    scene.assert_same(&file(&truth, "/1234567890.m4r").file, "1234567890.m4r");
    let (scene, _) = phone(RingtonesSpec::all_sorts(PlistForm::Binary));
    scene.export_kind(KIND, &["--protected", "only"]).expect(0);
    assert_eq!(scene.names(), ["1234567890.m4r", "Bought.m4r"]);
}

#[test]
fn a_damaged_list_leaves_the_files() {
    let (scene, truth) = phone(RingtonesSpec::all_sorts(PlistForm::Xml));
    let list = scene.media().join("iTunes_Control/iTunes/Ringtones.plist");
    std::fs::write(&list, b"<plist><dict><key>Ringtones").unwrap();
    scene.export_kind(KIND, &[]).expect(0).says("list of ringtones cannot be read");
    let names = ["AAAA.m4r", "BBBB.m4r", "CCCC.m4r", "DDDD.m4r", "FFFF.m4r", "Loose.m4r"];
    assert_eq!(scene.names(), names);
    for own in names {
        scene.assert_same(&file(&truth, own).file, own);
    }
}

#[test]
fn a_damaged_library_of_music_is_told_and_leaves_the_list() {
    let spec = RingtonesSpec::all_sorts(PlistForm::Xml);
    let (scene, truth) = Scene::holding(&Extras { ringtones: Some(spec), ..Extras::default() }, |media| {
        let mut library = MusicLibrary::new(MediaSchema::Ios18);
        library.damage(MediaDamage::Corrupt);
        library.track(TrackSpec::song("Low Tide"));
        library.write(media).unwrap();
    });
    scene.export_kind(KIND, &[]).expect(0).says("music library").says("do not delete anything");
    assert_exported(&scene, &truth);
}

#[test]
fn none_at_all() {
    let tones = vec![RingtoneSpec::new("X", "X.m4r").missing()];
    let (scene, _) = phone(RingtonesSpec { tones, ..RingtonesSpec::default() });
    scene.export_kind(KIND, &[]).expect(0).says("NOT on the drive: 1 file missing on the phone.");
    assert_eq!(scene.names(), Vec::<String>::new());
    let (scene, _) = Scene::holding(&Extras::default(), some_music);
    scene.export_kind(KIND, &[]).expect(0).says("There was nothing to export.");
}
