//! Albums: listing them, exporting them, misspelling them.

use phone_libraries::{AlbumSpec, AssetSpec, IosVersion, Library};

use crate::scene::{Scene, moment};

fn library() -> Library {
    let mut library = Library::new(IosVersion::Ios18);
    let photos: Vec<_> = (1..=6)
        .map(|n| {
            let spec = AssetSpec::at(format!("DCIM/100APPLE/IMG_000{n}.JPG")).captured(moment(n));
            library.asset(spec)
        })
        .collect();
    library.album(AlbumSpec::titled("Italy 2024").in_folder(["Travel"]).members([photos[0], photos[1]]));
    library.album(AlbumSpec::titled("Norway").in_folder(["Travel"]).members([photos[2]]));
    library.album(AlbumSpec::titled("Cats").members([photos[1], photos[3]]));
    library
}

#[test]
fn albums_are_a_tree_with_sums() {
    let mut library = library();
    let hidden = library.asset(AssetSpec::at("DCIM/100APPLE/IMG_0007.MOV").captured(moment(7)).hidden());
    let away = library.asset(AssetSpec::at("DCIM/100APPLE/IMG_0008.JPG").captured(moment(8)).icloud_only());
    library.album(AlbumSpec::titled("Dogs").in_folder(["Travel"]).members([hidden, away]));
    let scene = Scene::with(&library);
    let run = scene.run(&["albums"]);
    run.expect(0);
    let rows: Vec<Vec<&str>> = run.stdout.lines().map(|row| row.split_whitespace().collect()).collect();
    // Items, photos, videos, in iCloud; the size is of two words.
    let row = |name: &str| {
        let row =
            rows.iter().find(|row| row.last() == Some(&name)).unwrap_or_else(|| panic!("{}", run.text()));
        row[..4].join(" ")
    };
    assert_eq!(row("Travel/"), "5 4 1 1");
    assert_eq!(row("Norway"), "1 1 - -");
    assert_eq!(row("Dogs"), "2 1 1 1");
    assert_eq!(row("Hidden"), "1 - 1 -");
    // In the order of the phone, below their folder.
    let place = |name: &str| run.stdout.find(name).unwrap();
    assert!(
        place("  Travel/") < place("    Italy 2024") && place("    Norway") < place("  Cats"),
        "{}",
        run.text()
    );
}

#[test]
fn albums_as_json() {
    let scene = Scene::with(&library());
    let lines = scene.run(&["albums", "--json"]).expect(0).json();
    let of = |kind: &str| lines.iter().filter(move |line| line["type"] == kind).collect::<Vec<_>>();
    let cats = of("album").into_iter().find(|line| line["title"] == "Cats").unwrap();
    assert_eq!((&cats["items"], &cats["photos"], &cats["on_phone"]), (&2.into(), &2.into(), &2.into()));
    assert_eq!(cats["folders"], serde_json::json!([]));
    assert_eq!(cats["bytes"], cats["bytes_on_phone"]);
    // A folder comes before what is in it, and counts each item once.
    let travel = of("folder")[0];
    assert_eq!((&travel["path"], &travel["items"]), (&"Travel".into(), &3.into()));
    assert_eq!((&lines[0]["type"], &lines[1]["path"]), (&"folder".into(), &"Travel/Italy 2024".into()));
    // 5 and 6 are in no album.
    assert_eq!(of("no_album")[0]["items"], 2);
    let names: Vec<_> = of("smart").iter().map(|line| line["name"].as_str().unwrap().to_owned()).collect();
    assert!(names.len() == 19 && names.contains(&"recently-deleted".to_owned()), "{names:?}");
}

#[test]
fn one_album_by_path_two_by_name_all_of_a_folder() {
    let export = |albums: &[&str]| {
        let scene = Scene::with(&library());
        let dest = scene.dest.to_str().unwrap().to_owned();
        let mut args = vec!["photos", "--to", &dest];
        for album in albums {
            args.extend(["--album", album]);
        }
        scene.run(&args).expect(0);
        scene.names().iter().map(|n| n.replace("2024/2024-07/IMG_000", "")).collect::<Vec<_>>()
    };
    assert_eq!(export(&["Travel/Italy 2024"]), ["1.JPG", "2.JPG"]);
    assert_eq!(export(&["norway", "Cats"]), ["2.JPG", "3.JPG", "4.JPG"]);
    assert_eq!(export(&["Travel"]), ["1.JPG", "2.JPG", "3.JPG"]);
}

#[test]
fn an_album_that_does_not_exist_suggests_the_nearest() {
    let scene = Scene::with(&library());
    let run = scene.run(&["photos", "--album", "Itly 2024", "--to", scene.dest.to_str().unwrap()]);
    run.expect(2).says("Itly 2024").says("Did you mean").says("Italy 2024").says("iexport albums");
    assert!(scene.names().is_empty());
}

#[test]
fn list_shows_what_an_export_would_do() {
    let scene = Scene::with(&library());
    let lines = scene.run(&["list", "photos", "--json"]).expect(0).json();
    assert_eq!(lines.len(), 6);
    let first = &lines[0];
    assert_eq!(first["original_name"], "IMG_0001.JPG");
    assert_eq!(first["taken"], "2024-07-01T11:01:00+01:00");
    assert_eq!(first["albums"], serde_json::json!(["Travel/Italy 2024"]));
    assert_eq!(first["resources"][0]["to"], "2024/2024-07/IMG_0001.JPG");
    // Compared with a drive, what is there needs no place any more; and looking leaves no trace.
    let dest = scene.dest.to_str().unwrap();
    scene.run(&["list", "photos", "--to", dest]).expect(0).says("6 files to copy");
    assert_eq!(std::fs::read_dir(&scene.dest).unwrap().count(), 0);
    scene.export(&[]).expect(0);
    scene
        .run(&["list", "photos", "--to", dest])
        .expect(0)
        .says("0 files to copy")
        .says("6 files already there");
}

#[test]
fn info_counts_the_library() {
    let scene = Scene::with(&library());
    let info = scene.run(&["info", "--json"]).expect(0).json().remove(0);
    assert_eq!(info["library"]["photos"], 6);
    assert_eq!(info["library"]["albums"], 3);
    assert_eq!(info["ios"], "18.5");
    let run = scene.run(&["info"]);
    assert!(run.expect(0).stdout.contains("6 photos, 0 videos, 3 albums"), "{}", run.text());
}
