//! What is true of every plan.

use std::collections::{BTreeMap, HashSet};

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::*;
use crate::text::fold;

/// Few names and few folders, so that there are many clashes; odd ones among them.
fn name() -> impl Strategy<Value = String> {
    let stem = prop_oneof![
        4 => "[iI]MG_[12]",
        2 => "[iI]MG_1_(edited|live_video|raw)",
        1 => "IMG_1-(AAAA|BBBB|00[0-9]{2})",
        1 => Just("Caf\u{e9}".to_owned()),
        1 => Just("CAFE\u{301}".to_owned()),
        1 => "(CON|nul|a/b|\\.\\.|  |x\\.y|\\PC{0,3})",
    ];
    let extension = prop_oneof![
        Just(".HEIC".to_owned()),
        Just(".jpg".to_owned()),
        Just(".MOV".to_owned()),
        Just(String::new()),
        Just(".b".to_owned()),
    ];
    (stem, extension).prop_map(|(stem, extension)| stem + &extension)
}

fn extension() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just(".HEIC"), Just(".JPG"), Just(".MOV"), Just(".DNG"), Just("")]
}

fn roles() -> impl Strategy<Value = Vec<(Role, &'static str, Option<u64>)>> {
    let all = [Role::Original, Role::LiveVideo, Role::Raw, Role::Edited, Role::EditedLiveVideo];
    proptest::sample::subsequence(all.to_vec(), 0..=5).prop_flat_map(|roles| {
        roles
            .into_iter()
            .map(|role| {
                (Just(role), extension(), prop_oneof![9 => (0_u64..4).prop_map(Some), 1 => Just(None)])
            })
            .collect::<Vec<_>>()
    })
}

/// A library of up to so many items in the order of the catalogue, each with a uuid of its own.
pub(super) fn library(most: usize) -> impl Strategy<Value = Vec<Item>> {
    proptest::collection::vec((name(), 0_i64..3, roles()), 0..most).prop_map(|rows| {
        let mut items: Vec<Item> = rows
            .into_iter()
            .enumerate()
            .map(|(n, (name, month, roles))| {
                // The first digits are shared by some, so that longer suffixes are needed.
                let uuid = format!("{:04X}{:04X}-0000-4000-8000-{n:012X}", n % 5, n % 7);
                let mut item = item(&uuid, &name, month * 40 * 86_400);
                item.resources = roles
                    .into_iter()
                    .map(|(role, extension, size)| {
                        let mut resource = on_phone(role, &format!("DCIM/100APPLE/F{n}{extension}"), 0);
                        resource.size_bytes = size;
                        resource
                    })
                    .collect();
                item
            })
            .collect();
        items.sort_by_key(|item| (item.taken.map(|taken| taken.instant), item.uuid.clone()));
        items
    })
}

/// Some of the items.
pub(super) fn some_of(items: &[Item], mask: u64) -> Vec<Item> {
    items
        .iter()
        .enumerate()
        .filter(|(n, _)| mask >> (n % 64) & 1 == 1)
        .map(|(_, item)| item.clone())
        .collect()
}

/// As the catalogue had the size, or one byte: what [`Drive::carry_out`] writes.
pub(super) fn with_sizes(mut items: Vec<Item>) -> Vec<Item> {
    for resource in items.iter_mut().flat_map(|item| &mut item.resources) {
        resource.size_bytes.get_or_insert(1);
    }
    items
}

/// Where each file went: by uuid and role.
fn places(drive: &Drive, items: &[Item]) -> BTreeMap<(String, Role), String> {
    items
        .iter()
        .flat_map(|item| {
            drive
                .known
                .of(&item.uuid)
                .iter()
                .map(|file| ((item.uuid.0.clone(), file.role), file.to.to_text().to_owned()))
        })
        .collect()
}

pub(super) fn check(plan: &Plan, drive: &Drive) {
    // Every name is its own, on any drive; nothing that is not ours is written over.
    let mut taken: HashSet<String> = HashSet::new();
    let on_drive: HashSet<String> = drive.files.iter().map(|(path, _)| fold(path)).collect();
    for file in &plan.files {
        assert!(taken.insert(file.to.fold()), "twice: {}", file.to);
        assert_eq!(DestPath::parse(file.to.to_text()).as_ref(), Ok(&file.to), "portable");
        assert!(crate::plan::DestName::is_stem(&file.stem), "{}", file.stem);
        assert_eq!(on_drive.contains(&file.to.fold()), file.action != Action::Copy, "{file:?}");
    }
    // The files of an item share its stem, and no other item has it.
    let mut owners: BTreeMap<String, &AssetUuid> = BTreeMap::new();
    for file in &plan.files {
        let name = file.to.file_name();
        assert!(name.starts_with(&*file.stem), "{name} of {}", file.stem);
        if file.role.is_edited() {
            assert!(name.starts_with(&format!("{}_edited", file.stem)), "{name} of {}", file.stem);
        }
        for stem in [file.stem.to_string(), format!("{}_edited", file.stem)] {
            let key = format!("{}/{}", file.to.parent().fold(), fold(&stem));
            assert_eq!(*owners.entry(key).or_insert(&file.uuid), &file.uuid, "{stem}");
        }
    }
    // In order.
    assert!(plan.files.is_sorted_by_key(|file| (file.item, file.role)));
}

proptest! {
    #![proptest_config(ProptestConfig {
        rng_seed: RngSeed::Fixed(1),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn names_are_distinct_portable_and_shared_by_groups(items in library(24)) {
        let drive = Drive::default();
        let plan = drive.plan(&items);
        check(&plan, &drive);
        prop_assert_eq!(&drive.plan(&items), &plan, "the same input, the same plan");
        let files: usize = items.iter().map(|item| item.resources.len()).sum();
        prop_assert_eq!(plan.files.len(), files, "everything that is on the phone");
    }

    #[test]
    fn a_second_run_copies_nothing(items in library(24)) {
        let mut drive = Drive::default();
        drive.export(&items);
        let plan = drive.plan(&items);
        prop_assert_eq!(&plan.files, &[]);
        prop_assert_eq!(plan.already.len(), drive.files.len());
    }

    #[test]
    fn names_once_given_stay(items in library(24), masks in proptest::collection::vec(any::<u64>(), 1..4)) {
        let mut drive = Drive::default();
        let mut before = BTreeMap::new();
        for mask in masks {
            let some = some_of(&items, mask);
            let plan = drive.plan(&some);
            check(&plan, &drive);
            drive.carry_out(&plan);
            let after = places(&drive, &items);
            for (file, place) in &before {
                prop_assert_eq!(after.get(file), Some(place));
            }
            before = after;
        }
    }

    #[test]
    fn a_lost_ledger_is_found_again_on_the_drive(items in library(24), mask in any::<u64>()) {
        let items = with_sizes(items);
        let mut drive = Drive::default();
        // Sizes that differ within the library; which file is whose can then be told from outside.
        let mut items = items;
        for (n, resource) in items.iter_mut().flat_map(|item| &mut item.resources).enumerate() {
            resource.size_bytes = Some(n as u64);
        }
        drive.export(&some_of(&items, mask));
        drive.export(&items);
        let before = places(&drive, &items);
        drive.known = Known::default();
        let plan = drive.plan(&items);
        check(&plan, &drive);
        for file in &plan.files {
            prop_assert_eq!(file.action, Action::Adopt, "{:?}", file);
            prop_assert_eq!(Some(file.to.to_text()), before.get(&(file.uuid.0.clone(), file.role)).map(String::as_str));
        }
    }

    #[test]
    fn strangers_are_never_written_over(items in library(12), strangers in proptest::collection::vec((name(), 0_u64..4), 0..8), changed in any::<u64>()) {
        let mut drive = Drive::default();
        for (name, size) in strangers {
            let name = crate::plan::DestName::portable(&name);
            let path = DestPath::parse("2024/2024-03").unwrap().join(&name);
            if !drive.files.iter().any(|(other, _)| fold(other) == path.fold()) {
                drive.files.push((path.to_text().to_owned(), size));
            }
        }
        let plan = drive.plan(&items);
        check(&plan, &drive);
        drive.carry_out(&plan);
        // Now some of ours are changed, and become strangers.
        for (n, (_, size)) in drive.files.iter_mut().enumerate() {
            if changed >> (n % 64) & 1 == 1 {
                *size += 100;
            }
        }
        let before: BTreeMap<String, u64> = drive.files.iter().cloned().collect();
        let plan = drive.plan(&items);
        check(&plan, &drive);
        drive.carry_out(&plan);
        for (path, size) in &before {
            prop_assert!(drive.files.contains(&(path.clone(), *size)), "{} is as it was", path);
        }
        prop_assert_eq!(drive.plan(&items).files, vec![]);
    }
}
