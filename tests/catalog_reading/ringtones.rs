//! Ringtones: two folders and a list.

use iexport::catalog::{Catalog, CatalogError, Collection, MediaKind, Presence, Role, ringtones};
use iexport::source::SourceErrorKind;
use plist::{Dictionary, Value};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::support::{Memory, Tree, item, place};

const LIST: &str = "iTunes_Control/iTunes/Ringtones.plist";

fn tree(files: &[&str]) -> Tree {
    files.iter().map(|path| ((*path).to_owned(), vec![0; 10])).collect()
}

fn tone(name: &str, milliseconds: i64, kind: &str) -> Value {
    let pairs = [("Name", name.into()), ("Total Time", milliseconds.into()), ("Media Kind", kind.into())];
    Value::Dictionary(pairs.map(|(key, value): (&str, Value)| (key.to_owned(), value)).into_iter().collect())
}

fn list(tones: &[(&str, Value)]) -> Value {
    let tones: Dictionary = tones.iter().map(|(file, tone)| ((*file).to_owned(), tone.clone())).collect();
    Value::Dictionary([(String::from("Ringtones"), Value::Dictionary(tones))].into_iter().collect())
}

fn binary(list: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    list.to_writer_binary(&mut bytes).unwrap();
    bytes
}

fn xml(list: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    list.to_writer_xml(&mut bytes).unwrap();
    bytes
}

async fn read(tree: Tree) -> Catalog {
    ringtones::read(&Memory::new(tree), &|_| ()).await.unwrap()
}

fn uuid(file: &str) -> String {
    format!("tone:iTunes_Control/Ringtones/{file}")
}

#[tokio::test]
async fn names_lengths_and_kinds_come_from_the_list_in_either_form() {
    let said =
        list(&[("ABCD.m4r", tone("Marimba", 29_500, "ringtone")), ("EFGH.m4r", tone("Ping", 900, "tone"))]);
    for bytes in [binary(&said), xml(&said)] {
        let mut tree = tree(&["iTunes_Control/Ringtones/ABCD.m4r", "iTunes_Control/Ringtones/EFGH.m4r"]);
        tree.insert(LIST.into(), bytes);
        let catalog = read(tree).await;
        assert_eq!((catalog.collection, catalog.items.len()), (Collection::Ringtones, 2));
        assert_eq!((catalog.warnings.len(), catalog.unread_folders), (0, 0));
        let marimba = item(&catalog, &uuid("ABCD.m4r"));
        assert_eq!((marimba.title.as_deref(), marimba.kind), (Some("Marimba"), MediaKind::Ringtone));
        assert_eq!((marimba.duration_seconds, marimba.original_name.as_str()), (Some(29.5), "ABCD.m4r"));
        assert_eq!(place(marimba, Role::Original), "iTunes_Control/Ringtones/ABCD.m4r");
        assert_eq!(marimba.resources[0].size_bytes, Some(10));
        assert_eq!(item(&catalog, &uuid("EFGH.m4r")).kind, MediaKind::AlertTone);
        assert!(!marimba.is_protected());
    }
}

#[tokio::test]
async fn tones_without_an_entry_and_entries_without_a_tone_are_all_there() {
    let mut tree = tree(&[
        "iTunes_Control/Ringtones/own.m4r",
        "iTunes_Control/Ringtones/.hidden",
        "iTunes_Control/Ringtones/folder/x.m4r",
        "iTunes_Control/Ringtones/UPPER.M4R",
    ]);
    let entries = [("lost.m4r", tone("Lost", 1, "ringtone")), ("upper.m4r", tone("Case", 1, "ringtone"))];
    tree.insert(LIST.into(), binary(&list(&entries)));
    let catalog = read(tree).await;
    let names: Vec<_> =
        catalog.items.iter().map(|item| (item.original_name.as_str(), item.title.as_deref())).collect();
    assert_eq!(names, [("UPPER.M4R", Some("Case")), ("lost.m4r", Some("Lost")), ("own.m4r", None)]);
    assert_eq!(item(&catalog, &uuid("lost.m4r")).resources[0].presence, Presence::Missing);
    assert_eq!(catalog.warnings.len(), 1, "{:?}", catalog.warnings);
    assert!(catalog.warnings[0].starts_with("Left out: what is in folders among the ringtones (1 of them)."));
}

#[tokio::test]
async fn bought_tones_are_protected_and_bought_songs_are_no_tones() {
    let mut tree = tree(&["Purchases/-123.m4r", "Purchases/-124.m4p", "Purchases/125.M4R"]);
    tree.insert(LIST.into(), binary(&list(&[("-123.m4r", tone("Bought", 1, "ringtone"))])));
    let catalog = read(tree).await;
    assert_eq!(catalog.items.len(), 2);
    let bought = item(&catalog, "tone:Purchases/-123.m4r");
    assert_eq!(bought.title.as_deref(), Some("Bought"));
    assert!(catalog.items.iter().all(iexport::catalog::Item::is_protected));
}

#[tokio::test]
async fn a_phone_without_tones_has_none() {
    let catalog = read(tree(&["DCIM/100APPLE/IMG_1.JPG"])).await;
    assert!(catalog.items.is_empty() && catalog.warnings.is_empty());
}

#[tokio::test]
async fn a_list_that_cannot_be_read_costs_only_the_names() {
    for bytes in [b"bplist00".to_vec(), b"<plist>".to_vec(), Vec::new(), vec![b'x'; (4 << 20) + 1]] {
        let mut tree = tree(&["iTunes_Control/Ringtones/ABCD.m4r"]);
        tree.insert(LIST.into(), bytes);
        let catalog = read(tree).await;
        assert_eq!(catalog.items.len(), 1);
        assert_eq!(catalog.items[0].title, None);
        assert!(catalog.warnings[0].contains("list of ringtones"), "{:?}", catalog.warnings);
    }
}

#[tokio::test]
async fn a_list_of_another_shape_is_told_and_an_empty_one_is_not() {
    let dictionary = |pairs: Vec<(&str, Value)>| {
        Value::Dictionary(pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    };
    for (said, why) in [
        (dictionary(vec![("Ringtones", Value::Array(vec![tone("A", 1, "tone")]))]), Some("no dictionary")),
        (dictionary(vec![("Ringtones", "ABCD.m4r".into())]), Some("no dictionary")),
        (dictionary(vec![("ABCD.m4r", tone("A", 1, "tone"))]), Some("no tones")),
        (dictionary(Vec::new()), None),
        (dictionary(vec![("Ringtones", dictionary(Vec::new()))]), None),
        (dictionary(vec![("Ringtones", dictionary(Vec::new())), ("Version", 1.into())]), None),
    ] {
        let mut tree = tree(&["iTunes_Control/Ringtones/ABCD.m4r"]);
        tree.insert(LIST.into(), binary(&said));
        let catalog = read(tree).await;
        assert_eq!((catalog.items.len(), catalog.items[0].title.as_deref()), (1, None));
        assert_eq!(catalog.warnings.len(), usize::from(why.is_some()), "{said:?}: {:?}", catalog.warnings);
        if let Some(why) = why {
            let warning = &catalog.warnings[0];
            assert!(
                warning.starts_with("The phone's list of ringtones cannot be read (")
                    && warning.contains(why)
            );
        }
    }
}

#[tokio::test]
async fn a_folder_that_cannot_be_listed_is_told_and_the_list_is_believed() {
    let mut tree = tree(&["iTunes_Control/Ringtones/ABCD.m4r"]);
    tree.insert(LIST.into(), binary(&list(&[("ABCD.m4r", tone("A", 1, "ringtone"))])));
    let mut phone = Memory::new(tree);
    phone.refuse_listing = Some(("iTunes_Control/Ringtones".into(), SourceErrorKind::Denied("no".into())));
    let catalog = ringtones::read(&phone, &|_| ()).await.unwrap();
    assert_eq!((catalog.unread_folders, catalog.warnings.len()), (1, 1));
    assert_eq!(place(&catalog.items[0], Role::Original), "iTunes_Control/Ringtones/ABCD.m4r");
}

#[tokio::test]
async fn a_phone_that_is_gone_ends_the_reading() {
    let tree = tree(&["iTunes_Control/Ringtones/ABCD.m4r", LIST]);
    let gone = || SourceErrorKind::Disconnected("unplugged".into());
    let phone = Memory::with_hook(tree.clone(), move |_, path| (path == LIST).then(gone));
    assert!(matches!(ringtones::read(&phone, &|_| ()).await, Err(CatalogError::Source(_))));
    let mut phone = Memory::new(tree);
    phone.refuse_listing = Some(("Purchases".into(), gone()));
    assert!(matches!(ringtones::read(&phone, &|_| ()).await, Err(CatalogError::Source(_))));
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(7), ..ProptestConfig::default() })]

    /// Whatever happens to the list, every file is still there once.
    #[test]
    fn mangled_lists_lose_no_file(spots in prop::collection::vec((any::<usize>(), any::<u8>()), 1..20), cut in any::<usize>(), is_binary: bool) {
        let said = list(&[("A.m4r", tone("A", 1, "ringtone")), ("B.m4r", tone("B", 2, "tone")), ("gone.m4r", tone("C", 3, "x"))]);
        let mut bytes = if is_binary { binary(&said) } else { xml(&said) };
        for (at, byte) in spots {
            let at = at % bytes.len();
            bytes[at] = byte;
        }
        if cut.is_multiple_of(4) {
            bytes.truncate(cut % bytes.len());
        }
        let mut tree = tree(&["iTunes_Control/Ringtones/A.m4r", "iTunes_Control/Ringtones/B.m4r"]);
        tree.insert(LIST.into(), bytes);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let catalog = runtime.block_on(read(tree));
        for file in ["A.m4r", "B.m4r"] {
            let count = catalog.items.iter().filter(|item| item.uuid.0 == uuid(file)).count();
            prop_assert_eq!(count, 1);
        }
        let on_phone = catalog.items.iter().filter(|item| !item.is_missing()).count();
        prop_assert_eq!(on_phone, 2);
    }
}
