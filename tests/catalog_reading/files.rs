//! Which files belong to an item, and where they are.

use iexport::catalog::{Catalog, Role, Scope};
use iexport::source::SourceErrorKind;

use crate::support::{Library, Memory, item, place, read, read_tree};

const ORIGINAL_HERE: [i64; 7] = [0, 1, 0, 0, 0, 1, 0];
const ORIGINAL_IN_CLOUD: [i64; 7] = [0, 1, 0, 0, 0, -1, 1];
const MOVIE_HERE: [i64; 7] = [0, 18, 3, 0, 0, 1, 0];
const MOVIE_IN_CLOUD: [i64; 7] = [0, 18, 3, 0, 0, -1, 1];
const RAW_HERE: [i64; 7] = [0, 17, 4, 0, 0, 1, 0];
const RAW_IN_CLOUD: [i64; 7] = [0, 17, 4, 0, 0, -1, 1];
const RENDER_HERE: [i64; 7] = [0, 2, 0, 65938, 2, 1, 0];
const RENDER_IN_CLOUD: [i64; 7] = [0, 2, 0, 65938, 2, -1, 1];
const MOVIE_RENDER_HERE: [i64; 7] = [0, 19, 3, 131_272, 2, 1, 0];
const VIDEO_RENDER_HERE: [i64; 7] = [0, 16, 1, 131_072, 2, 1, 0];

fn orphans(catalog: &Catalog) -> Vec<String> {
    let orphans = catalog.items.iter().filter(|item| item.scope == Scope::Uncatalogued);
    orphans.map(|item| place(item, Role::Original)).collect()
}

#[tokio::test]
async fn a_live_photo_has_its_movie_and_a_stranger_has_not() {
    let library = Library::new();
    let live = "ZKINDSUBTYPE = 2, ZPLAYBACKSTYLE = 3";
    library
        .asset(1, "IMG_1.HEIC", live)
        .asset(2, "IMG_2.HEIC", "") // No flag, but a row of a movie: the live part is switched off.
        .resource(2, MOVIE_HERE)
        .asset(3, "IMG_3.HEIC", "") // Neither: a film of the same name.
        .asset(4, "IMG_4.HEIC", live) // The film of the same name is an asset of its own.
        .asset(5, "IMG_4.MOV", "ZKIND = 1")
        .asset(6, "IMG_6.HEIC", live)
        .resource(6, MOVIE_IN_CLOUD);
    let catalog = read_tree(library.tree(&[
        "DCIM/100APPLE/IMG_1.HEIC",
        "DCIM/100APPLE/IMG_1.mov",
        "DCIM/100APPLE/IMG_2.HEIC",
        "DCIM/100APPLE/IMG_2.MOV",
        "DCIM/100APPLE/IMG_3.HEIC",
        "DCIM/100APPLE/IMG_3.MOV",
        "DCIM/100APPLE/IMG_4.HEIC",
        "DCIM/100APPLE/IMG_4.MOV",
        "DCIM/100APPLE/IMG_6.HEIC",
    ]))
    .await;
    let movie = |uuid| place(item(&catalog, uuid), Role::LiveVideo);
    assert_eq!(movie("A1"), "DCIM/100APPLE/IMG_1.mov");
    assert_eq!(movie("A2"), "DCIM/100APPLE/IMG_2.MOV");
    assert_eq!(movie("A3"), "none");
    assert_eq!(movie("A4"), "none");
    assert_eq!(movie("A6"), "cloud");
    assert_eq!(place(item(&catalog, "A5"), Role::Original), "DCIM/100APPLE/IMG_4.MOV");
    assert_eq!(orphans(&catalog), ["DCIM/100APPLE/IMG_3.MOV"]);
    assert!(item(&catalog, "A1").traits.live && !item(&catalog, "A2").traits.live);
}

#[tokio::test]
async fn two_photos_of_one_name_do_not_share_a_movie() {
    let library = Library::new();
    let live = "ZKINDSUBTYPE = 2";
    library.asset(1, "IMG_1.HEIC", live).asset(2, "IMG_1.JPG", live).resource(2, MOVIE_HERE);
    let catalog = read_tree(library.tree(&[
        "DCIM/100APPLE/IMG_1.HEIC",
        "DCIM/100APPLE/IMG_1.JPG",
        "DCIM/100APPLE/IMG_1.MOV",
    ]))
    .await;
    // The one whose movie the database knows to be here.
    assert_eq!(place(item(&catalog, "A1"), Role::LiveVideo), "none");
    assert_eq!(place(item(&catalog, "A2"), Role::LiveVideo), "DCIM/100APPLE/IMG_1.MOV");
}

#[tokio::test]
async fn raw_twins() {
    let library = Library::new();
    library
        .asset(1, "IMG_1.JPG", "")
        .resource(1, RAW_HERE)
        .asset(2, "IMG_2.HEIC", "")
        .asset(3, "IMG_3.DNG", "")
        .asset(4, "IMG_4.JPG", "")
        .resource(4, RAW_HERE);
    let catalog = read_tree(library.tree(&[
        "DCIM/100APPLE/IMG_1.JPG",
        "DCIM/100APPLE/IMG_1.CR2",
        "DCIM/100APPLE/IMG_2.HEIC",
        "DCIM/100APPLE/IMG_2.dng",
        "DCIM/100APPLE/IMG_3.DNG",
        "DCIM/100APPLE/IMG_4.JPG",
    ]))
    .await;
    let raw = |uuid| place(item(&catalog, uuid), Role::Raw);
    assert_eq!(raw("A1"), "DCIM/100APPLE/IMG_1.CR2");
    assert_eq!(raw("A2"), "DCIM/100APPLE/IMG_2.dng");
    assert_eq!(raw("A3"), "none", "a RAW alone is the original");
    assert_eq!(raw("A4"), "missing", "a row says here, and nothing is here");
    assert_eq!(orphans(&catalog), Vec::<String>::new());
}

#[tokio::test]
async fn a_raw_pair_is_a_pair_whichever_half_is_the_main_one() {
    let print = "AW2cWT2PxzWixMKuuNMTHJ8CJ3sH";
    let library = Library::new();
    library
        .asset(1, "IMG_1.DNG", "") // The row of the other half says that there is one.
        .resource(1, ORIGINAL_HERE)
        .resource(1, RAW_HERE)
        .asset(2, "IMG_2.DNG", "") // The person's choice says it.
        .asset(3, "IMG_3.DNG", "") // Nothing says it: two photos, and one of them is in no row.
        .asset(4, "IMG_4.DNG", "") // The other half is another asset.
        .resource(4, RAW_HERE)
        .asset(5, "IMG_4.JPG", "")
        .asset(6, "IMG_6.DNG", "") // The other half is not there.
        .resource(6, RAW_HERE)
        .asset(7, "IMG_7.DNG", "") // It is in iCloud.
        .resource(7, ORIGINAL_HERE)
        .resource(7, RAW_IN_CLOUD)
        .asset(8, "IMG_8.DNG", "") // The RAW is.
        .resource(8, ORIGINAL_IN_CLOUD)
        .resource(8, RAW_HERE)
        .run(&format!(
            "INSERT INTO ZADDITIONALASSETATTRIBUTES (ZASSET, ZORIGINALRESOURCECHOICE, ZORIGINALSTABLEHASH)
             VALUES (1, 0, '{print}'), (2, 1, NULL)"
        ));
    let names =
        ["1.DNG", "1.JPG", "2.DNG", "2.heic", "3.DNG", "3.JPG", "4.DNG", "4.JPG", "6.DNG", "7.DNG", "8.JPG"];
    let files: Vec<String> = names.iter().map(|name| format!("DCIM/100APPLE/IMG_{name}")).collect();
    let catalog = read_tree(library.tree(&files.iter().map(String::as_str).collect::<Vec<_>>())).await;
    let pair = |uuid| {
        let item = item(&catalog, uuid);
        let places =
            [Role::Original, Role::Raw].map(|role| place(item, role).replace("DCIM/100APPLE/IMG_", ""));
        (places, item.traits.raw, item.traits.has_raw)
    };
    let told = |original: &str, raw: &str| [original.to_owned(), raw.to_owned()];
    assert_eq!(pair("A1"), (told("1.JPG", "1.DNG"), false, true));
    assert_eq!(pair("A2"), (told("2.heic", "2.DNG"), false, true));
    assert_eq!(pair("A3"), (told("3.DNG", "none"), true, false));
    assert_eq!(pair("A4"), (told("missing", "4.DNG"), false, true));
    assert_eq!(pair("A6"), (told("missing", "6.DNG"), false, true));
    assert_eq!(pair("A7"), (told("cloud", "7.DNG"), false, true));
    assert_eq!(pair("A8"), (told("8.JPG", "cloud"), false, true));
    assert_eq!(orphans(&catalog), ["DCIM/100APPLE/IMG_3.JPG"]);
    // The database's fingerprint is that of its main file.
    let fingerprint = |role| item(&catalog, "A1").resource(role).unwrap().fingerprint.clone();
    assert_eq!(fingerprint(Role::Raw).unwrap().0, print);
    assert_eq!(fingerprint(Role::Original), None);
}

#[tokio::test]
async fn recipes_of_the_camera_and_of_the_person() {
    const AAE_HERE: [i64; 7] = [0, 22, 5, 0, 0, 1, 0];
    let library = Library::new();
    library
        .asset(1, "IMG_1.HEIC", "")
        .resource(1, AAE_HERE)
        .asset(2, "IMG_2.HEIC", "") // No row yet.
        .asset(3, "IMG_3.JPG", "") // Of two with one name, the one that the row speaks of.
        .asset(4, "IMG_3.MOV", "ZKIND = 1")
        .resource(4, AAE_HERE)
        .asset(5, "IMG_5.MOV", "ZKIND = 1, ZADJUSTMENTSSTATE = 3, ZADJUSTMENTTIMESTAMP = 5")
        .asset(6, "IMG_6.HEIC", "ZADJUSTMENTSSTATE = 0"); // Taken back: the recipe is of no use.
    let adjusted =
        |n: u32| format!("PhotoData/Mutations/DCIM/100APPLE/IMG_{n}/Adjustments/Adjustments.plist");
    let mut files: Vec<String> =
        ["1.HEIC", "1.AAE", "2.HEIC", "2.aae", "3.JPG", "3.MOV", "3.AAE", "5.MOV", "6.HEIC"]
            .map(|name| format!("DCIM/100APPLE/IMG_{name}"))
            .into();
    files.extend([adjusted(5), adjusted(6)]);
    let catalog = read_tree(library.tree(&files.iter().map(String::as_str).collect::<Vec<_>>())).await;
    let camera = |uuid| place(item(&catalog, uuid), Role::CameraAdjustments);
    assert_eq!([camera("A1"), camera("A2")], ["DCIM/100APPLE/IMG_1.AAE", "DCIM/100APPLE/IMG_2.aae"]);
    assert_eq!([camera("A3"), camera("A4")], ["none", "DCIM/100APPLE/IMG_3.AAE"]);
    let slow = item(&catalog, "A5");
    assert_eq!((place(slow, Role::Adjustments), place(slow, Role::Edited)), (adjusted(5), "none".into()));
    assert_eq!(slow.resource(Role::Adjustments).unwrap().revision, "5");
    assert_eq!(place(item(&catalog, "A6"), Role::Adjustments), "none");
    assert_eq!(orphans(&catalog), Vec::<String>::new());
}

#[tokio::test]
async fn edits_are_the_full_render_and_nothing_else() {
    let library = Library::new();
    let edited = "ZADJUSTMENTSSTATE = 2, ZADJUSTMENTTIMESTAMP = 700000000.25";
    library
        .asset(1, "IMG_1.HEIC", edited)
        .resource(1, RENDER_HERE)
        .asset(2, "IMG_2.HEIC", edited)
        .resource(2, RENDER_IN_CLOUD)
        .asset(3, "IMG_3.MOV", &format!("ZKIND = 1, {edited}"))
        .resource(3, VIDEO_RENDER_HERE)
        .asset(4, "IMG_4.MOV", "ZKIND = 1, ZADJUSTMENTSSTATE = 3") // Slow motion.
        .asset(5, "IMG_5.HEIC", &format!("ZKINDSUBTYPE = 2, {edited}"))
        .resource(5, RENDER_HERE)
        .resource(5, MOVIE_HERE)
        .resource(5, MOVIE_RENDER_HERE)
        .asset(6, "IMG_6.HEIC", "ZADJUSTMENTSSTATE = 0") // An edit that was taken back.
        .asset(7, "IMG_7.HEIC", edited)
        .resource(7, RENDER_HERE)
        .asset(8, "IMG_8.HEIC", &format!("ZKINDSUBTYPE = 2, ZPLAYBACKSTYLE = 5, {edited}")) // A loop.
        .resource(8, VIDEO_RENDER_HERE);
    let mut files: Vec<String> = [1, 2, 5, 6, 7, 8].map(|n| format!("DCIM/100APPLE/IMG_{n}.HEIC")).into();
    files.extend([3, 4].map(|n| format!("DCIM/100APPLE/IMG_{n}.MOV")));
    files.extend(["DCIM/100APPLE/IMG_5.MOV", "DCIM/100APPLE/IMG_8.MOV"].map(String::from));
    let adjusted =
        |n: u32, name: &str| format!("PhotoData/Mutations/DCIM/100APPLE/IMG_{n}/Adjustments/{name}");
    for (n, names) in [
        (1, &["Adjustments.plist", "FullSizeRender.jpg", "PenultimateFullSizeRender.jpg"][..]),
        (2, &["Adjustments.plist", "SubstandardFullSizeRender.jpg"]),
        (3, &["Adjustments.plist", "FullSizeRender.mov"]),
        (4, &["Adjustments.plist"]),
        (5, &["FullSizeRender.heic", "FullSizeRender.mov"]),
        (6, &["FullSizeRender.jpg"]),
        (7, &["Adjustments.plist"]),
        (8, &["Adjustments.plist", "FullSizeRender.mov"]),
    ] {
        files.extend(names.iter().map(|name| adjusted(n, name)));
    }
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let catalog = read_tree(library.tree(&files)).await;
    let both = |uuid| [Role::Edited, Role::EditedLiveVideo].map(|role| place(item(&catalog, uuid), role));
    let none = || String::from("none");
    assert_eq!(both("A1"), [adjusted(1, "FullSizeRender.jpg"), none()]);
    assert_eq!(both("A2"), ["cloud".into(), none()]);
    assert_eq!(both("A3"), [adjusted(3, "FullSizeRender.mov"), none()]);
    assert_eq!(both("A4"), [none(), none()]);
    assert_eq!(both("A5"), [adjusted(5, "FullSizeRender.heic"), adjusted(5, "FullSizeRender.mov")]);
    assert_eq!(both("A6"), [none(), none()]);
    assert_eq!(both("A7"), ["missing".into(), none()]);
    assert_eq!(both("A8"), [adjusted(8, "FullSizeRender.mov"), none()]);
    assert_eq!(item(&catalog, "A1").resource(Role::Edited).unwrap().revision, "700000000.25");
    assert_eq!(item(&catalog, "A1").resource(Role::Original).unwrap().revision, "");
    assert!(item(&catalog, "A4").adjusted && !item(&catalog, "A6").adjusted);
}

#[tokio::test]
async fn an_edit_that_is_not_here_is_told_of_even_without_a_row() {
    let adjusted =
        |n: u32, name: &str| format!("PhotoData/Mutations/DCIM/100APPLE/IMG_{n}/Adjustments/{name}");
    let files = |extension: &'static str| {
        let originals = (1..=8).map(move |n| format!("DCIM/100APPLE/IMG_{n}.{extension}"));
        let mut files: Vec<String> = originals.collect();
        files.extend([adjusted(1, "Adjustments.plist"), adjusted(1, "SubstandardFullSizeRender.jpg")]);
        files.push(adjusted(7, "FullSizeRender.heic"));
        files
    };
    let edited = |catalog: &Catalog| -> Vec<String> {
        (1..=8).map(|key| place(item(catalog, &format!("A{key}")), Role::Edited)).collect()
    };

    let library = Library::new();
    library
        .asset(1, "IMG_1.HEIC", "ZADJUSTMENTSSTATE = 2, ZCLOUDLOCALSTATE = 1")
        .asset(2, "IMG_2.HEIC", "ZADJUSTMENTSSTATE = 1, ZCLOUDLOCALSTATE = 1")
        .asset(3, "IMG_3.HEIC", "ZADJUSTMENTSSTATE = 3, ZCLOUDLOCALSTATE = 1") // The camera's.
        .asset(4, "IMG_4.HEIC", "ZADJUSTMENTSSTATE = 0, ZCLOUDLOCALSTATE = 1")
        .asset(5, "IMG_5.HEIC", "ZADJUSTMENTSSTATE = 9, ZCLOUDLOCALSTATE = 1") // Nobody knows what that is.
        .asset(6, "IMG_6.HEIC", "ZADJUSTMENTSSTATE = 2") // Nothing points to iCloud.
        .asset(7, "IMG_7.HEIC", "ZADJUSTMENTSSTATE = 2, ZCLOUDLOCALSTATE = 1")
        .asset(8, "IMG_8.HEIC", "ZADJUSTMENTSSTATE = 2, ZSAVEDASSETTYPE = 4, ZVISIBILITYSTATE = 2"); // Shared.
    let paths = files("HEIC");
    let catalog = read_tree(library.tree(&paths.iter().map(String::as_str).collect::<Vec<_>>())).await;
    let render = adjusted(7, "FullSizeRender.heic");
    assert_eq!(edited(&catalog), ["cloud", "cloud", "none", "none", "none", "missing", &render, "none"]);

    // Until iOS 17 there is only a flag, and the adjustment's own row.
    let library = Library::new();
    let flag = "ZKIND = 1, ZCLOUDLOCALSTATE = 1, ZHASADJUSTMENTS = 1";
    let slow = &format!("{flag}, ZKINDSUBTYPE = 101");
    library
        .run("ALTER TABLE ZASSET DROP COLUMN ZADJUSTMENTSSTATE")
        .run("ALTER TABLE ZASSET ADD COLUMN ZHASADJUSTMENTS INTEGER")
        .run("ALTER TABLE ZADDITIONALASSETATTRIBUTES ADD COLUMN ZUNMANAGEDADJUSTMENT INTEGER")
        .run("CREATE TABLE ZUNMANAGEDADJUSTMENT (Z_PK INTEGER PRIMARY KEY, ZADJUSTMENTFORMATIDENTIFIER VARCHAR)")
        .run(
            "INSERT INTO ZUNMANAGEDADJUSTMENT VALUES (1, 'com.apple.video'), (2, 'com.apple.video.slomo'), (3, NULL)",
        )
        .run(
            "INSERT INTO ZADDITIONALASSETATTRIBUTES (ZASSET, ZUNMANAGEDADJUSTMENT)
             VALUES (1, 1), (2, 2), (3, 3), (4, 1), (5, 2), (6, 3)",
        );
    for (key, columns) in (1..).zip([slow, slow, slow, flag, flag, flag, "ZKIND = 1", slow]) {
        library.asset(key, &format!("IMG_{key}.MOV"), columns);
    }
    let paths = files("MOV");
    let catalog = read_tree(library.tree(&paths.iter().map(String::as_str).collect::<Vec<_>>())).await;
    assert_eq!(edited(&catalog), ["cloud", "none", "none", "cloud", "none", "cloud", "none", "none"]);
}

#[tokio::test]
async fn an_edit_is_that_of_the_asset_that_is_edited() {
    const RENDER: &str = "FullSizeRender.jpg";
    const FILM: &str = "FullSizeRender.mov";
    const RECIPE: &str = "Adjustments.plist";
    let (edited, video) = ("ZADJUSTMENTSSTATE = 2", "ZKIND = 1, ZADJUSTMENTSSTATE = 2");
    let adjusted =
        |n: u32, name: &str| format!("PhotoData/Mutations/DCIM/100APPLE/IMG_{n}/Adjustments/{name}");
    let library = Library::new();
    library
        .asset(1, "IMG_1.JPG", edited)
        .resource(1, RENDER_HERE)
        .asset(2, "IMG_1.PNG", "ZADJUSTMENTSSTATE = 0") // Has its stem in common with an edited photo.
        .asset(3, "IMG_3.MOV", video)
        .resource(3, VIDEO_RENDER_HERE)
        .asset(4, "IMG_3.JPG", "ZADJUSTMENTSSTATE = 0")
        .asset(5, "IMG_5.MOV", video) // Both are edited, and one cannot have a film.
        .resource(5, VIDEO_RENDER_HERE)
        .asset(6, "IMG_5.JPG", edited)
        .resource(6, RENDER_HERE)
        .asset(7, "IMG_7.JPG", edited) // Both are edited, and the edit of one is elsewhere.
        .resource(7, RENDER_IN_CLOUD)
        .asset(8, "IMG_7.PNG", edited)
        .resource(8, RENDER_HERE)
        .asset(9, "IMG_9.JPG", edited) // Nothing tells whose it is.
        .resource(9, RENDER_HERE)
        .asset(10, "IMG_9.PNG", edited)
        .resource(10, RENDER_HERE)
        .asset(11, "IMG_11.JPG", edited) // No Live Photo, and nobody else's film.
        .resource(11, RENDER_HERE);
    let originals =
        ["1.JPG", "1.PNG", "3.MOV", "3.JPG", "5.MOV", "5.JPG", "7.JPG", "7.PNG", "9.JPG", "9.PNG"];
    let mut files: Vec<String> = originals.iter().map(|name| format!("DCIM/100APPLE/IMG_{name}")).collect();
    files.push("DCIM/100APPLE/IMG_11.JPG".into());
    for (n, name) in [(1, RENDER), (3, FILM), (5, RENDER), (5, FILM), (7, RENDER), (9, RENDER), (11, RENDER)]
    {
        files.extend([adjusted(n, name), adjusted(n, RECIPE)]);
    }
    files.push(adjusted(11, FILM));
    let catalog = read_tree(library.tree(&files.iter().map(String::as_str).collect::<Vec<_>>())).await;
    let edit = |uuid| {
        [Role::Edited, Role::EditedLiveVideo, Role::Adjustments].map(|role| {
            place(item(&catalog, uuid), role).replace("PhotoData/Mutations/DCIM/100APPLE/IMG_", "")
        })
    };
    let told = |n: u32, names: [&str; 3]| {
        names.map(|name| if name.contains('.') { format!("{n}/Adjustments/{name}") } else { name.into() })
    };
    let nothing = told(0, ["none", "none", "none"]);
    assert_eq!(edit("A1"), told(1, [RENDER, "none", RECIPE]));
    assert_eq!(edit("A2"), nothing);
    assert_eq!(edit("A3"), told(3, [FILM, "none", RECIPE]));
    assert_eq!(edit("A4"), nothing);
    assert_eq!(edit("A5"), told(5, [FILM, "none", RECIPE]));
    assert_eq!(edit("A6"), told(5, [RENDER, "none", RECIPE]));
    assert_eq!(edit("A7"), told(7, ["cloud", "none", "none"]));
    assert_eq!(edit("A8"), told(7, [RENDER, "none", RECIPE]));
    assert_eq!([edit("A9"), edit("A10")], [(); 2].map(|()| told(9, [RENDER, "none", RECIPE])));
    assert_eq!(edit("A11"), told(11, [RENDER, FILM, RECIPE]));
}

#[tokio::test]
async fn the_phone_decides_what_is_there() {
    let library = Library::new();
    library
        .asset(1, "IMG_1.HEIC", "")
        .resource(1, ORIGINAL_IN_CLOUD) // The row is behind: the file has come.
        .asset(2, "IMG_2.HEIC", "")
        .resource(2, ORIGINAL_IN_CLOUD)
        .asset(3, "IMG_3.HEIC", "")
        .resource(3, ORIGINAL_HERE) // The file has gone.
        .asset(4, "IMG_4.HEIC", "ZCLOUDLOCALSTATE = 1") // No row at all.
        .asset(5, "img_5.heic", "")
        .resource(5, ORIGINAL_HERE)
        .asset(6, "Fre\u{301}.JPG", "") // Written apart here, composed on the phone.
        .asset(7, "IMG_7.HEIC", "ZDIRECTORY = NULL")
        .asset(8, "IMG_8.HEIC", "ZDIRECTORY = 'DCIM/../../etc'");
    let catalog = read_tree(library.tree(&[
        "DCIM/100APPLE/IMG_1.HEIC",
        "DCIM/100APPLE/IMG_5.HEIC",
        "DCIM/100APPLE/Fr\u{e9}.JPG",
    ]))
    .await;
    let original = |uuid| place(item(&catalog, uuid), Role::Original);
    assert_eq!(original("A1"), "DCIM/100APPLE/IMG_1.HEIC");
    assert_eq!(original("A2"), "cloud");
    assert_eq!(original("A3"), "missing");
    assert_eq!(original("A4"), "cloud");
    assert_eq!(original("A5"), "DCIM/100APPLE/IMG_5.HEIC");
    assert_eq!(original("A6"), "DCIM/100APPLE/Fr\u{e9}.JPG");
    assert_eq!(original("A7"), "missing");
    assert_eq!(original("A8"), "missing");
    assert_eq!(catalog.warnings.len(), 1);
    assert!(
        catalog.warnings[0].starts_with("2 photos or videos have no usable path"),
        "{:?}",
        catalog.warnings
    );
}

#[tokio::test]
async fn a_file_is_the_original_of_one_asset() {
    let library = Library::new();
    library
        .asset(1, "IMG_1.jpg", "") // Comes first, and looks like the file of another.
        .resource(1, ORIGINAL_IN_CLOUD)
        .asset(2, "IMG_1.JPG", "")
        .resource(2, ORIGINAL_HERE)
        .asset(3, "IMG_3.JPG", "") // The same path, said to be elsewhere.
        .resource(3, ORIGINAL_IN_CLOUD)
        .asset(4, "IMG_3.JPG", "")
        .resource(4, ORIGINAL_HERE)
        .asset(5, "IMG_5.JPG", "") // Two files that differ in case, each with an asset.
        .asset(6, "IMG_5.jpg", "")
        .asset(7, "IMG_7.JPG", "") // Looks like one file, and another asset has more right to it.
        .resource(7, ORIGINAL_IN_CLOUD)
        .asset(8, "img_7.jpg", "")
        .resource(8, ORIGINAL_HERE);
    let catalog = read_tree(library.tree(&[
        "DCIM/100APPLE/IMG_1.JPG",
        "DCIM/100APPLE/IMG_3.JPG",
        "DCIM/100APPLE/IMG_5.JPG",
        "DCIM/100APPLE/IMG_5.jpg",
        "DCIM/100APPLE/Img_7.jpg",
    ]))
    .await;
    let original =
        |key: u32| place(item(&catalog, &format!("A{key}")), Role::Original).replace("DCIM/100APPLE/", "");
    assert_eq!([original(1), original(2)], ["cloud", "IMG_1.JPG"]);
    assert_eq!([original(3), original(4)], ["cloud", "IMG_3.JPG"]);
    assert_eq!([original(5), original(6)], ["IMG_5.JPG", "IMG_5.jpg"]);
    assert_eq!([original(7), original(8)], ["cloud", "Img_7.jpg"]);
    assert_eq!(orphans(&catalog), Vec::<String>::new());
}

#[tokio::test]
async fn sizes_and_fingerprints_come_from_the_file_they_speak_of() {
    let print = "AW2cWT2PxzWixMKuuNMTHJ8CJ3sH";
    let other = "AcW96XzA8CMFcrVWfJyAAy8aWWE6";
    let library = Library::new();
    library
        .asset(1, "IMG_1.HEIC", "ZADJUSTMENTSSTATE = 2")
        .resource(1, ORIGINAL_HERE)
        .resource(1, RENDER_HERE)
        .run(&format!(
            "INSERT INTO ZADDITIONALASSETATTRIBUTES (ZASSET, ZORIGINALFILENAME, ZORIGINALFILESIZE,
             ZORIGINALSTABLEHASH, ZADJUSTEDSTABLEHASH) VALUES (1, 'Cat.HEIC', 1234, '{print}', '{other}')"
        ))
        .asset(2, "IMG_0007.JPG", "ZSAVEDASSETTYPE = 4, ZVISIBILITYSTATE = 2")
        .resource(2, [2, 3, 0, 65741, 0, 1, 1])
        .run(&format!(
            "INSERT INTO ZADDITIONALASSETATTRIBUTES (ZASSET, ZORIGINALFILESIZE, ZORIGINALSTABLEHASH)
             VALUES (2, 999, '{other}')"
        ));
    let catalog = read_tree(library.tree(&["DCIM/100APPLE/IMG_1.HEIC", "DCIM/100APPLE/IMG_0007.JPG"])).await;
    let own = item(&catalog, "A1");
    assert_eq!(own.original_name, "Cat.HEIC");
    let original = own.resource(Role::Original).unwrap();
    assert_eq!(original.size_bytes, Some(1234));
    assert_eq!(original.fingerprint.as_ref().unwrap().0, print);
    assert_eq!(own.resource(Role::Edited).unwrap().fingerprint, None, "the adjustment's is not the render's");
    // A shared album has a reduced copy, which neither the size nor the fingerprint speaks of.
    let shared = item(&catalog, "A2");
    assert_eq!(shared.scope, Scope::SharedAlbum);
    let original = shared.resource(Role::Original).unwrap();
    assert_eq!((original.size_bytes, &original.fingerprint), (None, &None));
}

#[tokio::test]
async fn films_of_shared_albums_are_named_for_their_reduced_size() {
    let folder = "PhotoData/PhotoCloudSharingData/17/9F9A/100CLOUD";
    let library = Library::new();
    let shared = format!("ZKIND = 1, ZSAVEDASSETTYPE = 4, ZVISIBILITYSTATE = 2, ZDIRECTORY = '{folder}'");
    library.asset(1, "IMG_0007.MP4", &shared).asset(2, "IMG_0008.MP4", &shared);
    let film = format!("{folder}/IMG_0007.medium.MP4");
    let catalog = read_tree(library.tree(&[&film, &format!("{folder}/IMG_0007.poster.JPG")])).await;
    assert_eq!(place(item(&catalog, "A1"), Role::Original), film);
    assert_eq!(place(item(&catalog, "A2"), Role::Original), "cloud");
}

#[tokio::test]
async fn a_folder_that_cannot_be_listed_leaves_the_word_to_the_database() {
    let library = Library::new();
    library
        .asset(1, "IMG_1.HEIC", "")
        .resource(1, ORIGINAL_HERE)
        .asset(2, "IMG_2.HEIC", "")
        .resource(2, ORIGINAL_IN_CLOUD);
    let mut source = Memory::new(library.tree(&["DCIM/100APPLE/IMG_1.HEIC"]));
    source.refuse_listing = Some(("DCIM/100APPLE".into(), SourceErrorKind::Denied("locked".into())));
    let catalog = read(&source).await.0.unwrap();
    assert_eq!(place(item(&catalog, "A1"), Role::Original), "DCIM/100APPLE/IMG_1.HEIC");
    assert_eq!(place(item(&catalog, "A2"), Role::Original), "cloud");
    assert!(catalog.warnings.iter().any(|w| w.contains("could not be listed")), "{:?}", catalog.warnings);
}

#[tokio::test]
async fn what_lies_beside_a_photo_in_a_folder_that_cannot_be_listed_is_believed_too() {
    const AAE_HERE: [i64; 7] = [0, 22, 5, 0, 0, 1, 0];
    const RAW_IN_CLOUD: [i64; 7] = [0, 17, 4, 0, 0, -1, 1];
    let live = "ZKINDSUBTYPE = 2, ZPLAYBACKSTYLE = 3";
    let library = Library::new();
    library
        .asset(1, "IMG_1.HEIC", live)
        .resource(1, MOVIE_HERE)
        .resource(1, RAW_HERE)
        .resource(1, AAE_HERE)
        .asset(2, "IMG_2.HEIC", live)
        .resource(2, MOVIE_IN_CLOUD)
        .resource(2, RAW_IN_CLOUD)
        .asset(3, "IMG_3.HEIC", &format!("{live}, ZCLOUDLOCALSTATE = 1")) // Nobody knows that it is in iCloud only.
        .asset(4, "IMG_4.DNG", "") // The other half of a pair.
        .resource(4, RAW_HERE)
        .asset(5, "IMG_5.HEIC", "");
    let files =
        ["1.HEIC", "1.MOV", "1.DNG", "1.AAE", "3.HEIC", "3.MOV"].map(|n| format!("DCIM/100APPLE/IMG_{n}"));
    let mut source = Memory::new(library.tree(&files.each_ref().map(String::as_str)));
    source.refuse_listing = Some(("DCIM/100APPLE".into(), SourceErrorKind::Denied("locked".into())));
    let catalog = read(&source).await.0.unwrap();
    let beside = |uuid| {
        [Role::Original, Role::LiveVideo, Role::Raw, Role::CameraAdjustments]
            .map(|role| place(item(&catalog, uuid), role).replace("DCIM/100APPLE/IMG_", ""))
    };
    assert_eq!(beside("A1"), ["1.HEIC", "1.MOV", "1.DNG", "1.AAE"]);
    assert_eq!(beside("A2"), ["2.HEIC", "cloud", "cloud", "none"]);
    assert_eq!(beside("A3"), ["3.HEIC", "3.MOV", "none", "none"]);
    assert_eq!(beside("A4"), ["4.JPG", "none", "4.DNG", "none"]);
    assert_eq!(beside("A5"), ["5.HEIC", "none", "none", "none"]);
}

/// Where the edit is of a photo of this name, whose edits cannot be listed.
async fn edit_not_listed(name: &str, columns: &str, rows: &[[i64; 7]]) -> [String; 2] {
    let library = Library::new();
    library.asset(1, name, &format!("ZADJUSTMENTSSTATE = 2, {columns}"));
    for row in rows {
        library.resource(1, *row);
    }
    let folder = "PhotoData/Mutations/DCIM/100APPLE/IMG_1/Adjustments";
    let original = format!("DCIM/100APPLE/{name}");
    let mut source = Memory::new(library.tree(&[&original, &format!("{folder}/FullSizeRender.jpg")]));
    source.refuse_listing = Some((folder.into(), SourceErrorKind::Denied("locked".into())));
    let catalog = read(&source).await.0.unwrap();
    let warning = format!("1 of the phone's folders could not be listed; {folder}: ");
    assert!(catalog.warnings.iter().any(|w| w.starts_with(&warning)), "{:?}", catalog.warnings);
    let place = |role| place(item(&catalog, "A1"), role);
    [Role::Edited, Role::EditedLiveVideo].map(|role| place(role).replace(&format!("{folder}/"), ""))
}

#[tokio::test]
async fn an_edit_that_cannot_be_listed_is_where_the_database_says() {
    const RENDER_HERE_AND_IN_CLOUD: [i64; 7] = [0, 2, 0, 65938, 2, 1, 1];
    const RENDER_NOWHERE: [i64; 7] = [0, 2, 0, 65938, 2, -1, 0];
    let told = |edited: &str, movie: &str| [edited.to_owned(), movie.to_owned()];
    let photo = async |row| edit_not_listed("IMG_1.JPG", "ZKIND = 0", &[row]).await;
    assert_eq!(photo(RENDER_HERE).await, told("FullSizeRender.jpg", "none"));
    assert_eq!(photo(RENDER_HERE_AND_IN_CLOUD).await, told("FullSizeRender.jpg", "none"));
    assert_eq!(
        photo(RENDER_NOWHERE).await,
        told("FullSizeRender.jpg", "none"),
        "it is not known to be missing"
    );
    assert_eq!(photo(RENDER_IN_CLOUD).await, told("cloud", "none"));
    let live = edit_not_listed("IMG_1.HEIC", "ZKINDSUBTYPE = 2", &[RENDER_HERE, MOVIE_RENDER_HERE]).await;
    assert_eq!(live, told("FullSizeRender.heic", "FullSizeRender.mov"));
    let looping = "ZKINDSUBTYPE = 2, ZPLAYBACKSTYLE = 5";
    let as_film = edit_not_listed("IMG_1.HEIC", looping, &[VIDEO_RENDER_HERE]).await;
    assert_eq!(as_film, told("FullSizeRender.mov", "none"));
    let with_still = edit_not_listed("IMG_1.HEIC", looping, &[RENDER_HERE, MOVIE_RENDER_HERE]).await;
    assert_eq!(with_still, told("FullSizeRender.heic", "FullSizeRender.mov"));
    let film = edit_not_listed("IMG_1.MOV", "ZKIND = 1", &[VIDEO_RENDER_HERE]).await;
    assert_eq!(film, told("FullSizeRender.mov", "none"));
    // Without a row nobody knows of a rendered file; the warning is all there is to say.
    assert_eq!(edit_not_listed("IMG_1.JPG", "ZKIND = 0", &[]).await, told("none", "none"));
}

#[tokio::test]
async fn edits_that_no_database_tells_of_are_warned_of_where_they_cannot_be_listed() {
    let library = Library::new();
    library.asset(1, "IMG_1.JPG", "").run("ALTER TABLE ZASSET DROP COLUMN ZADJUSTMENTSSTATE");
    let folder = "PhotoData/Mutations/DCIM/100APPLE";
    let render = format!("{folder}/IMG_1/Adjustments/FullSizeRender.jpg");
    let mut source = Memory::new(library.tree(&["DCIM/100APPLE/IMG_1.JPG", &render]));
    source.refuse_listing = Some((folder.into(), SourceErrorKind::Denied("locked".into())));
    let catalog = read(&source).await.0.unwrap();
    let warning = format!("1 of the phone's folders could not be listed; {folder}: ");
    assert!(catalog.warnings.iter().any(|w| w.starts_with(&warning)), "{:?}", catalog.warnings);
}

#[tokio::test]
async fn a_root_that_cannot_be_listed_is_warned_of() {
    let library = Library::new();
    library.asset(1, "IMG_1.HEIC", "");
    let mut source = Memory::new(library.tree(&["DCIM/100APPLE/IMG_1.HEIC", "DCIM/200OTHER/a.jpg"]));
    source.refuse_listing = Some(("DCIM".into(), SourceErrorKind::Denied("locked".into())));
    let catalog = read(&source).await.0.unwrap();
    assert_eq!(place(item(&catalog, "A1"), Role::Original), "DCIM/100APPLE/IMG_1.HEIC");
    let warning = "1 of the phone's folders could not be listed; DCIM: ";
    assert!(catalog.warnings.iter().any(|w| w.starts_with(warning)), "{:?}", catalog.warnings);
}

#[tokio::test]
async fn no_file_is_asked_for_one_by_one() {
    let library = Library::new();
    let files: Vec<String> = (1..200).map(|n| format!("DCIM/100APPLE/IMG_{n}.HEIC")).collect();
    for n in 1..200 {
        library.asset(n, &format!("IMG_{n}.HEIC"), "");
    }
    let source = Memory::new(library.tree(&files.iter().map(String::as_str).collect::<Vec<_>>()));
    let catalog = read(&source).await.0.unwrap();
    assert_eq!(catalog.items.len(), 199);
    let asked = source.asked.lock().unwrap();
    assert!(asked.len() < 10, "{asked:?}");
    assert_eq!(asked.iter().filter(|what| *what == "list DCIM/100APPLE").count(), 1);
}

#[tokio::test]
async fn rows_may_hold_anything() {
    let library = Library::new();
    library
        .asset(1, "IMG_1.HEIC", "ZUUID = NULL")
        .asset(2, "IMG_2.HEIC", "ZUUID = x'ff41', ZKIND = 'x', ZDATECREATED = 'soon', ZHIDDEN = '1'")
        .asset(3, "IMG_3.HEIC", "ZUUID = 'same', ZFILENAME = CAST('IMG_3.HEIC' AS BLOB)")
        .asset(4, "IMG_4.HEIC", "ZUUID = 'SAME', ZFAVORITE = 1.0, ZKIND = 7")
        .asset(5, "IMG_5.HEIC", "ZUUID = 'N' || char(10)")
        .asset(6, "IMG_6.HEIC", "ZFILENAME = NULL, ZUUID = NULL")
        .asset(7, "IMG_7.HEIC", "ZDATECREATED = '600000000.5', ZAVALANCHEUUID = 5, ZVISIBILITYSTATE = 2");
    let files: Vec<String> = (1..8).map(|n| format!("DCIM/100APPLE/IMG_{n}.HEIC")).collect();
    let catalog = read_tree(library.tree(&files.iter().map(String::as_str).collect::<Vec<_>>())).await;
    let mut uuids: Vec<_> = catalog.catalogued().map(|item| item.uuid.0.as_str()).collect();
    uuids.sort_unstable();
    let expected = [
        "A7",
        "SAME",
        "path:DCIM/100APPLE/IMG_1.HEIC",
        "path:DCIM/100APPLE/IMG_4.HEIC",
        "path:DCIM/100APPLE/IMG_5.HEIC",
        "row:6",
        "\u{fffd}A",
    ];
    assert_eq!(uuids, expected);
    assert_eq!(place(item(&catalog, "SAME"), Role::Original), "DCIM/100APPLE/IMG_3.HEIC");
    let odd = item(&catalog, "\u{fffd}A");
    assert!(odd.hidden && odd.taken.is_none());
    assert!(item(&catalog, "path:DCIM/100APPLE/IMG_4.HEIC").favorite);
    let burst = item(&catalog, "A7");
    assert_eq!((burst.scope, burst.burst.as_ref().unwrap().burst.as_ref()), (Scope::Library, "5"));
    assert_eq!(burst.taken.unwrap().instant.to_string(), "2020-01-06T10:40:00.5Z");
    assert_eq!(orphans(&catalog), ["DCIM/100APPLE/IMG_6.HEIC"]);
}
