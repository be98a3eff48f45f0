//! Saying which photos and videos are meant: every option, and every wrong word before a phone is looked for.

use phone_libraries::{AlbumSpec, AssetSpec, IosVersion, Library};

use crate::scene::{Scene, moment};

/// Eight items with a little of everything.
fn library() -> Library {
    let mut library = Library::new(IosVersion::Ios18);
    let at =
        |name: &str, minute: i64| AssetSpec::at(format!("DCIM/100APPLE/{name}")).captured(moment(minute));
    let day = 24 * 60;
    let photos = [
        library.asset(at("IMG_0001.HEIC", 0).favorite()),
        library.asset(at("IMG_0002.JPG", day)),
        library.asset(at("IMG_0003.PNG", 2 * day)),
        library.asset(at("IMG_0004.MOV", 3 * day)),
        library.asset(at("IMG_0005.JPG", 40 * day).hidden()),
        library.asset(at("IMG_0006.JPG", 41 * day).trashed()),
    ];
    library.album(AlbumSpec::titled("Italy 2024").in_folder(["Travel"]).members([photos[0], photos[1]]));
    library.album(AlbumSpec::titled("Norway").in_folder(["Travel"]).members([photos[2]]));
    library.album(AlbumSpec::titled("Best").members([photos[0], photos[4]]));
    library
}

/// The numbers of the items that are listed.
#[track_caller]
fn listed(scene: &Scene, args: &[&str]) -> String {
    let args: Vec<&str> = ["list", "photos", "--json"].iter().chain(args).copied().collect();
    let lines = scene.run(&args).expect(0).json();
    let number = |line: &serde_json::Value| line["original_name"].as_str().unwrap()[7..8].to_owned();
    lines.iter().map(number).collect()
}

#[test]
fn every_option_means_what_it_says() {
    let scene = Scene::with(&library());
    for (args, numbers) in [
        (&[][..], "12345"),
        (&["--all", "--hidden", "exclude"], "1234"),
        (&["--album", "Travel/*"], "123"),
        (&["--album", "Best", "--not-album", "italy 2024"], "5"),
        (&["--folder", "travel", "--kind", "photo"], "123"),
        (&["--no-album"], "4"),
        (&["--smart", "favourites"], "1"),
        (&["--smart", "videos", "--smart", "favorites"], "14"),
        (&["--smart", "recently-deleted"], "6"),
        (&["--smart", "hidden"], "5"),
        (&["--kind", "video"], "4"),
        (&["--not-kind", "video", "--not-favorite"], "235"),
        (&["--favorite"], "1"),
        (&["--since", "2024-07-02", "--until", "2024-07-03"], "23"),
        (&["--since", "2024-08"], "5"),
        (&["--until", "2024-07-01T11:30:00+01:00"], "1"),
        (&["--year", "2020-2024", "--last", "2"], "45"),
        (&["--name", "*.jpg"], "25"),
        (&["--not-name", "*.{jpg,png}"], "14"),
        (&["--where", "kind == 'video' or 'Best' in albums"], "145"),
        (&["--where", "taken.month == 8"], "5"),
        (&["--trashed", "only"], "6"),
        (&["--last", "1", "--not-edited"], "5"),
    ] {
        assert_eq!(listed(&scene, args), numbers, "{args:?}");
    }
    // Items by their names, from a list that this program printed.
    let lines = scene
        .run(&["list", "photos", "--json", "--trashed", "include", "--name", "*[36].*"])
        .expect(0)
        .stdout
        .clone();
    let list = scene.path("chosen.json");
    std::fs::write(&list, &lines).unwrap();
    assert_eq!(
        listed(&scene, &["--uuid-from", list.to_str().unwrap()]),
        "36",
        "the deleted one was asked for by name"
    );
    let uuid =
        scene.run(&["list", "photos", "--csv", "--columns", "uuid", "--name", "IMG_0002*"]).stdout.clone();
    std::fs::write(&list, format!("{uuid}# a comment\n\nFFFFFFFF-0000-4000-8000-000000000000\n")).unwrap();
    let run =
        scene.run(&["list", "photos", "--columns", "original_name", "--uuid-from", list.to_str().unwrap()]);
    run.expect(0).says("One of the uuids is of no photo or video");
    assert!(run.stdout.contains("IMG_0002.JPG") && run.stdout.lines().count() == 2, "{}", run.text());
}

#[test]
fn an_export_takes_the_same_words() {
    let scene = Scene::with(&library());
    let to = scene.dest.to_str().unwrap().to_owned();
    scene.run(&["photos", "--smart", "videos", "--where", "size > 0", "--to", &to]).expect(0);
    assert_eq!(scene.names(), ["2024/2024-07/IMG_0004.MOV"]);
    let run = scene.run(&["photos", "--since", "2024-08", "--hidden", "exclude", "--to", &to, "--json"]);
    let summary = run.expect(0).summary();
    assert_eq!((&summary["items"], &summary["left_out_hidden"]), (&0.into(), &1.into()));
    assert_eq!(summary["left_out_trashed"], 1, "only what belongs to what was asked for is counted");
}

/// Wrong words, and what the answer must say: the place, and what to do.
const WRONG: &[(&[&str], &str, &str)] = &[
    (&["--where", "favourite"], "there is no field \"favourite\"", "Did you mean `favorite`?"),
    (&["--where", "kind == 'video' and lenght > 3"], "                           ^^^^^^", "`duration`"),
    (&["--where", "kind == 'vidoe'"], "                   ^^^^^^^", "'video'"),
    (&["--where", "kind = 'video'"], "                ^", "Write `==`"),
    (&["--where", "favorite and"], "unexpected end of input", "missing at the end"),
    (&["--where", "title == 'x"], "                    ^^", "no quote at its end"),
    (&["--where", "favorite > 'x'"], "           ^^^^^^^^", "`not favorite`"),
    (&["--where", "taken > 'yesterday'"], "is no date", "2024-08-15"),
    (&["--where", "title|lowercase == 'a'"], "there is no filter \"lowercase\"", "`lower`"),
    (&["--where", "title is startswith 'a'"], "there is no test \"startswith\"", "`startingwith`"),
    (&["--where", "title.startswith('a')"], "                 ^^^^^^^^^^", "startingwith"),
    (&["--where", "len(persons) > 1"], "there is no function `len`", "`persons|length`"),
    (&["--where", "taken.yaer == 2024"], "                 ^^^^", "`year`"),
    (&["--where", "persons > 2"], "a list is neither more nor less", "`|length`"),
    (&["--where", "'favorite'"], "the same for every photo", "without quotes"),
    (&["--where", "taken|date('%!') == 'x'"], "                      ^^^^", "%Y-%m-%d"),
    (&["--where", ""], "it is empty", "leave the option out"),
    (&["--where", "{{ favorite }}"], "curly brackets", "Leave them out"),
    (&["--where", "resources[0].siez > 1"], "                        ^^^^", "`size`"),
    (&["--where", "title|replace('a') == 'b'"], "2 arguments, not 1", "For example"),
    (&["--since", "last tuesday"], "--since: \"last tuesday\" is no date", "yesterday"),
    (&["--until", "2024-02-30"], "--until", "2024-08-15"),
    (&["--added-since", "30"], "--added-since", "30d"),
    (&["--since", "2024-08", "--until", "2024-07"], "--since is after --until", "Exchange"),
    (&["--near", "52.5,13.4"], "it takes three numbers", "LAT,LON,RADIUS"),
    (&["--near", "95,13.4,2km"], "degrees north", "docs/selection.md"),
    (&["--min-size", "large"], "--min-size: \"large\" is no size", "20MB"),
    (&["--min-duration", "long"], "is no duration", "1m30s"),
    (&["--year", "24"], "--year: \"24\" is no year", "2022-2024"),
    (&["--uuid-from", "no/such/file"], "cannot be read", "one uuid a line"),
    (&["--smart", "selfie"], "selfies", "--smart"),
    (&["--kind", "picture"], "photo", "video"),
    (&["--last", "0"], "--last", "1"),
    (&["--all", "--favorite"], "cannot be used with", "--favorite"),
    (&["--no-album", "--album", "x"], "cannot be used with", "--no-album"),
    (&["--favorite", "--not-favorite"], "cannot be used with", "--not-favorite"),
];

#[test]
fn wrong_words_are_found_before_a_phone_is_looked_for() {
    let scene = Scene::without_phone();
    for (words, place, remedy) in WRONG {
        for command in [&["list", "photos"][..], &["photos", "--to", "drive"]] {
            let args: Vec<&str> = command.iter().chain(*words).copied().collect();
            let run = scene.run(&args);
            run.expect(2).says(place).says(remedy);
            assert_eq!(run.stdout, "", "{}", run.text());
        }
    }
    // With a phone they would have been other errors: there is none.
    scene.run(&["list", "photos", "--favorite"]).expect(4);
    assert!(!std::path::Path::new("drive").exists(), "nothing was made for an export that cannot be");
}

#[test]
fn a_file_name_may_look_like_a_pattern() {
    let mut library = Library::new(IosVersion::Ios18);
    for (n, name) in ["Scan [1].jpg", "Scan 1.jpg", "Half [a.jpg"].into_iter().enumerate() {
        library.asset(AssetSpec::at(format!("DCIM/100APPLE/IMG_000{n}.JPG")).named(name));
    }
    let scene = Scene::with(&library);
    for name in ["Scan [1].jpg", "half [a.JPG"] {
        let found = scene.run(&["list", "photos", "--json", "--name", name]).expect(0).json();
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0]["original_name"].as_str().unwrap().eq_ignore_ascii_case(name), "{found:?}");
    }
    scene
        .run(&["list", "photos", "--name", "Half [b.jpg"])
        .expect(2)
        .says("missing ']'")
        .says("original_name");
}

#[test]
fn a_wrong_word_is_json_too() {
    let scene = Scene::without_phone();
    let error = scene.run(&["list", "photos", "--json", "--where", "favourite"]).expect(2).json().remove(0);
    assert_eq!(error["error"], "--where: there is no field \"favourite\"");
    assert!(error["advice"].as_str().unwrap().contains("    ^^^^^^^^^\n"), "{error}");
}

#[test]
fn columns_are_looked_at_first_too() {
    let scene = Scene::without_phone();
    scene.run(&["list", "photos", "--columns", "uuid,taken_at"]).expect(2).says("taken_at").says("`taken`");
    scene.run(&["list", "photos", "--columns", ","]).expect(2).says("--columns").says("For example");
    scene.run(&["list", "photos", "--csv", "--json"]).expect(2).says("exclude one another");
}

#[test]
fn an_export_says_what_is_meant_or_does_nothing() {
    let scene = Scene::without_phone();
    let run = scene.run(&["photos", "--trashed", "only", "--bursts", "key", "--to", "drive"]);
    run.expect(2).says("nothing says which photos").says("--all").says("--help");
}

#[test]
fn names_that_the_phone_does_not_have() {
    let scene = Scene::with(&library());
    for (words, nearest) in [
        (["--album", "Itly 2024"], "\"Travel/Italy 2024\""),
        (["--album", "Norwegen*"], "Norway"),
        (["--not-album", "Bset"], "\"Best\""),
        (["--folder", "Travels"], "\"Travel\""),
        (["--person", "Nobody At All"], "There are no people"),
        (["--keyword", "beach"], "There are no keywords"),
        (["--camera", "Nikon"], "camera"),
        (["--imported-by", "NoSuchApp"], "imported_by"),
        (["--name", "IMG_9*"], "no file"),
        (["--uuid", "FFFFFFFF-0000-4000-8000-000000000000"], "other ones after a phone was restored"),
    ] {
        let run = scene.run(&["list", "photos", words[0], words[1]]);
        run.expect(2).says(words[1]).says(nearest);
    }
}

#[test]
fn what_cannot_be_worked_out_names_the_item() {
    let scene = Scene::with(&library());
    let run = scene.run(&["list", "photos", "--where", "(albums|first)|default(kind) is containing albums"]);
    run.expect(2).says("cannot be in a text").says("IMG_0001.HEIC").says("^^^");
}

#[test]
fn lists_in_all_their_forms() {
    let scene = Scene::with(&library());
    let table = scene.run(&["list", "photos", "--columns", "original_name,favorite,size,albums"]);
    let lines: Vec<&str> = table.expect(0).stdout.lines().collect();
    assert_eq!(
        lines[0],
        "ORIGINAL_NAME  FAVORITE  SIZE  ALBUMS"
            .replace("  SIZE", &format!("  {:>w$}", "SIZE", w = width(&lines, "SIZE")))
    );
    assert!(
        lines[1].starts_with("IMG_0001.HEIC  yes") && lines[1].ends_with("Travel/Italy 2024; Best"),
        "{}",
        table.text()
    );
    table.says("5 items");

    let csv =
        scene.run(&["list", "photos", "--csv", "--columns", "original_name,taken,favorite,title,albums,to"]);
    let lines: Vec<&str> = csv.expect(0).stdout.lines().collect();
    assert_eq!(lines[0], "original_name,taken,favorite,title,albums,to");
    assert_eq!(
        lines[1],
        "IMG_0001.HEIC,2024-07-01T11:00:00+01:00,true,,Travel/Italy 2024; Best,2024/2024-07/IMG_0001.HEIC"
    );
    let all = scene.run(&["list", "photos", "--csv"]);
    let heading: Vec<&str> = all.expect(0).stdout.lines().next().unwrap().split(',').collect();
    assert!(
        heading.starts_with(&["uuid", "original_name"]) && heading.ends_with(&["to"]) && heading.len() > 60
    );
    let nothing = scene.run(&["list", "photos", "--csv", "--columns", "uuid", "--year", "1999"]);
    assert_eq!(nothing.expect(0).stdout, "uuid\n", "a heading, even of nothing");

    let some = scene
        .run(&["list", "photos", "--json", "--columns", "uuid,resources", "--last", "1"])
        .json()
        .remove(0);
    assert_eq!(some.as_object().unwrap().keys().collect::<Vec<_>>(), ["resources", "type", "uuid"]);
    assert_eq!(some["resources"][0]["to"], "2024/2024-08/IMG_0005.JPG");
}

/// How wide a column is that ends with its heading.
fn width(lines: &[&str], heading: &str) -> usize {
    let end = lines[0].find(heading).unwrap() + heading.len();
    let start = lines[0][..end - heading.len()].trim_end().len() + 2;
    end - start
}

#[test]
fn json_has_the_promised_names() {
    let scene = Scene::with(&library());
    let lines = scene.run(&["list", "photos", "--json"]).expect(0).json();
    let first = lines[0].as_object().unwrap();
    for name in [
        "uuid",
        "original_name",
        "kind",
        "live",
        "burst",
        "panorama",
        "screenshot",
        "screen_recording",
        "selfie",
        "portrait",
        "slow_mo",
        "time_lapse",
        "hdr",
        "favorite",
        "hidden",
        "trashed",
        "shared",
        "edited",
        "albums",
        "keywords",
        "persons",
        "title",
        "caption",
        "taken",
        "added",
        "lat",
        "lon",
        "width",
        "height",
        "duration",
        "resources",
    ] {
        assert!(first.contains_key(name), "{name}");
    }
    assert_eq!(first["albums"], serde_json::json!(["Travel/Italy 2024", "Best"]));
    assert_eq!(first["title"], serde_json::Value::Null, "what is not there is null");
    assert_eq!(first["taken"], "2024-07-01T11:00:00+01:00");
    let resource = first["resources"][0].as_object().unwrap();
    assert_eq!(resource.keys().collect::<Vec<_>>(), ["on_phone", "path", "role", "size", "to"]);
    assert_eq!(resource["path"], "DCIM/100APPLE/IMG_0001.HEIC");
}

#[test]
fn fields_are_listed() {
    let scene = Scene::without_phone();
    let run = scene.run(&["fields"]);
    run.expect(0).says("docs/selection.md");
    for words in ["original_name", "time or none", "FILTER", "startingwith", "taken >= '2024-08'"] {
        assert!(run.stdout.contains(words), "{words}: {}", run.text());
    }
    let lines = scene.run(&["fields", "--json"]).expect(0).json();
    let kind = lines.iter().find(|line| line["name"] == "kind").unwrap();
    assert_eq!((&kind["type"], &kind["kind"]), (&"field".into(), &"word".into()));
    assert_eq!(kind["words"], serde_json::json!(["photo", "video", "other"]));
    // Every example is one that can be used.
    for line in &lines {
        let example = line["example"].as_str().unwrap();
        let code = scene.run(&["list", "photos", "--where", example]).code;
        assert_eq!(code, 4, "no phone, but nothing wrong with {example}");
    }
}

#[test]
fn what_the_page_about_it_shows_works() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/selection.md")).unwrap();
    let scene = Scene::without_phone();
    let (mut commands, mut conditions) = (0, 0);
    let mut heading = "";
    for line in page.lines() {
        if line.starts_with('#') {
            heading = line;
        }
        let args = if let Some(command) = line.strip_prefix("iexport ") {
            commands += 1;
            crate::readme::words(&command.replace("/Volumes/Drive", scene.dest.to_str().unwrap()))
        } else if let Some(condition) = line
            .strip_prefix("    ")
            .filter(|line| heading == "## Expressions" && !line.contains("error:") && !line.starts_with(' '))
        {
            conditions += 1;
            ["list", "photos", "--where", condition].map(str::to_owned).to_vec()
        } else {
            continue;
        };
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        // Nothing is wrong with it but that there is no phone.
        scene.run(&args).expect(4);
    }
    assert!(commands >= 5 && conditions >= 7, "{commands} {conditions}");
}

#[test]
fn what_is_nowhere_is_not_called_there() {
    let mut library = crate::scene::four();
    let gone = AssetSpec::at("DCIM/100APPLE/IMG_0009.JPG").captured(moment(9));
    library.asset(gone.presence(phone_libraries::Presence::GoneButClaimed));
    let scene = Scene::with(&library);
    let run = scene.run(&["list", "photos"]);
    run.expect(0).says("1 item neither here nor there");
    assert!(run.stdout.contains("(not on the phone)"), "{}", run.stdout);
    assert!(!run.stdout.contains("(already there)"), "{}", run.stdout);
    scene.export(&[]).expect(0);
    let to = scene.dest.to_str().unwrap();
    let run = scene.run(&["list", "photos", "--to", to]);
    run.expect(0);
    assert!(run.stdout.contains("(not on the phone)"), "{}", run.stdout);
    assert_eq!(run.stdout.matches("(already there)").count(), 4, "{}", run.stdout);
}
