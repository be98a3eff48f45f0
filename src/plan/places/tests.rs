use super::*;
use crate::catalog::{Album, AlbumId, Presence, Role};
use crate::plan::{KnownList, PathTemplate, suffix};
use crate::testing::{absent, album, catalog, item, on_phone, photo, root};

fn wanted(layout: &Layout) -> Arrangement<'_> {
    Arrangement { layout, names: Names::Portable, albums: None, links: true, below: root(), playlists: false }
}

/// The home of each item under a layout.
fn homes(layout: &Layout, items: Vec<Item>, albums: Vec<Album>) -> Vec<String> {
    let selected: Vec<usize> = (0..items.len()).collect();
    let places =
        Places::new(&with_members(items, albums), &selected, &Known::default(), &wanted(layout)).unwrap();
    selected.iter().map(|index| places.home(*index).unwrap().to_text().to_owned()).collect()
}

/// A catalogue whose items know their albums.
fn with_members(items: Vec<Item>, albums: Vec<Album>) -> Catalog {
    let mut catalog = catalog(items, albums);
    for (number, album) in catalog.albums.iter().enumerate() {
        for member in &album.members {
            catalog.items[*member].albums.push(number);
        }
    }
    catalog
}

/// The folders of albums of these paths and uuids.
fn folders(albums: &[(&str, &str)], known: &Known) -> Vec<String> {
    let albums: Vec<Album> = albums
        .iter()
        .map(|(path, uuid)| Album { id: AlbumId((*uuid).to_owned()), ..album(path, &[]) })
        .collect();
    let catalog = catalog(Vec::new(), albums);
    let places = Places::new(&catalog, &[], known, &wanted(&Layout::ByAlbum)).unwrap();
    places.lists().iter().map(|list| list.folder.to_text().to_owned()).collect()
}

const A: &str = "AAAA1111-0000-4000-8000-000000000001";
const B: &str = "BBBB2222-0000-4000-8000-000000000002";

#[test]
fn flat_and_as_on_the_phone() {
    let mut edit_only = item("E", "x.HEIC", 0);
    edit_only.resources = vec![
        absent(Role::Original, Presence::CloudOnly),
        on_phone(Role::Edited, "PhotoData/Mutations/DCIM/101APPLE/IMG_7/Adjustments/FullSizeRender.heic", 1),
    ];
    let items = vec![photo("A", "IMG_1.HEIC", 0, 1), edit_only, item("N", "nothing.HEIC", 0)];
    assert_eq!(homes(&Layout::Flat, items.clone(), Vec::new()), ["", "", ""]);
    assert_eq!(homes(&Layout::AsOnPhone, items.clone(), Vec::new()), ["DCIM/100APPLE", "DCIM/101APPLE", ""]);
    let places =
        Places::new(&catalog(items, Vec::new()), &[1], &Known::default(), &wanted(&Layout::AsOnPhone))
            .unwrap();
    assert_eq!(places.named(1), &Named::OnPhone("IMG_7".into()));
    assert_eq!(places.home(0), None, "not selected");
}

#[test]
fn by_album_an_item_is_at_home_in_the_first_and_the_rest_is_by_date() {
    let items = vec![photo("A", "1.HEIC", 0, 1), photo("B", "2.HEIC", 0, 1), item("C", "3.HEIC", 0)];
    let mut undated = photo("D", "4.HEIC", 0, 1);
    undated.taken = None;
    let items = [items, vec![undated]].concat();
    let albums = vec![album("Travel/Italy 2024", &[1, 0]), album("Cats", &[0])];
    let catalog = with_members(items, albums);
    let of = |wanted: &Arrangement<'_>, index| {
        let places = Places::new(&catalog, &[0, 1, 2, 3], &Known::default(), wanted).unwrap();
        let texts = |paths: Vec<&DestPath>| paths.iter().map(|p| p.to_text().to_owned()).collect::<Vec<_>>();
        (texts(vec![places.home(index).unwrap()]).remove(0), texts(places.further(index).collect()))
    };
    let all = wanted(&Layout::ByAlbum);
    let both = vec!["Travel/Italy 2024".to_owned(), "Cats".to_owned()];
    assert_eq!(of(&all, 0), ("Travel/Italy 2024".into(), both));
    assert_eq!(of(&all, 2), ("No album/2024/2024-03".into(), vec![]));
    assert_eq!(of(&all, 3), ("No album/Undated".into(), vec![]));
    assert_eq!(of(&Arrangement { links: false, ..all }, 0), ("Travel/Italy 2024".into(), vec![]));
    let cats = [1].into();
    let only = Arrangement { albums: Some(&cats), ..all };
    assert_eq!(of(&only, 0), ("Cats".into(), vec!["Cats".to_owned()]), "others were not asked for");
}

#[test]
fn albums_of_one_name_are_told_apart_by_their_uuids() {
    assert_eq!(
        folders(&[("cats", B), ("Cats", A), ("Travel/Cats", A)], &Known::default()),
        ["cats-BBBB", "Cats", "Travel/Cats"],
        "in whatever order they are"
    );
}

#[test]
fn a_folder_once_given_stays_as_long_as_the_name_does() {
    let mut known = Known::default();
    let list = |folder: &str| KnownList {
        format: "json".into(),
        at: DestPath::parse(folder).unwrap().join(&DestName::portable("x.json")),
        blake3: "".into(),
    };
    known.add_list(AlbumId(B.to_owned()), list("Cats"));
    known.add_list(AlbumId(A.to_owned()), list("Dogs"));
    assert_eq!(folders(&[("Cats", A), ("Cats", B)], &known), ["Cats-AAAA", "Cats"]);
    assert_eq!(folders(&[("Kittens", B)], &known), ["Kittens"]);
}

#[test]
fn odd_albums_get_folders_too() {
    let long = "\u{e9}".repeat(400);
    let found = folders(
        &[("", A), (" . ", B), ("No album", A), ("a:b", A), (".iexport", A), (&long, A), (&long, B)],
        &Known::default(),
    );
    assert_eq!(
        found[..5],
        ["Untitled album", "Untitled album-BBBB", "No album-AAAA", "a\u{ff1a}b", "\u{ff0e}iexport"]
    );
    assert!(found[6].ends_with("-BBBB") && found[6].len() < 200, "{}", found[6]);
    let mut nested = album("x", &[]);
    nested.folders = vec!["".into(), "a/b".into()];
    let catalog = catalog(Vec::new(), vec![nested]);
    let places = Places::new(&catalog, &[], &Known::default(), &wanted(&Layout::ByAlbum)).unwrap();
    assert_eq!(places.lists()[0].folder.to_text(), "Untitled folder/a\u{ff0f}b/x");
    assert_eq!(suffix::STEPS, 8);
}

#[test]
fn by_template() {
    let template = |source: &str| Layout::Template(PathTemplate::compile(source).unwrap());
    let mut titled = photo("A", "IMG_1.HEIC", 0, 1);
    titled.title = Some("../a: b".into());
    let items = vec![titled, photo("B", "IMG_2.HEIC", 0, 1)];
    let layout = template("/{{ kind }}/../{{ title|default('-') }}/{{ stem|lower }}");
    assert_eq!(
        homes(&layout, items.clone(), Vec::new()),
        ["photo/\u{ff0e}\u{ff0e}/\u{ff0e}.\u{ff0f}a\u{ff1a} b", "photo/\u{ff0e}\u{ff0e}/-"]
    );
    let catalog = catalog(items, Vec::new());
    let places =
        |source: &str| Places::new(&catalog, &[1], &Known::default(), &wanted(&template(source))).unwrap();
    assert_eq!(places("{{ stem|lower }}").named(1), &Named::Given("img_2".into()));
    assert_eq!(places("{{ kind }}/").named(1), &Named::MadeAs);
}
