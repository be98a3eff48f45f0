//! Items that are in several albums.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::properties::{check, library as any_items, some_of, with_sizes};
use super::*;
use crate::catalog::Album;
use crate::plan::LinkAction::{Adopt, Replace, Stays};
use crate::plan::{KnownLink, LinkAction, LinkWay, PlannedLink};
use crate::testing::album;
use crate::text::fold;

/// A drive with links, and the ledger of them.
#[derive(Default, Clone)]
struct Linked {
    drive: Drive,
    /// Symbolic links: where, and what they say. Other links are files.
    symlinks: Vec<(String, String)>,
}

impl Linked {
    fn new() -> Self {
        Self { drive: Drive { layout: Layout::ByAlbum, ..Drive::default() }, symlinks: Vec::new() }
    }

    fn plan(&self, catalog: &Catalog) -> Plan {
        let selected: Vec<usize> = (0..catalog.items.len()).collect();
        let places = self.drive.places(catalog, &selected);
        let wanted = folders(catalog, &selected, &places, &self.drive.known);
        let mut survey = self.drive.survey(catalog, &selected);
        for (path, target) in &self.symlinks {
            let at = DestPath::parse(path).unwrap();
            if wanted.contains(&at.parent()) {
                survey.add(&at.parent(), at.file_name(), Found::Symlink { target: target.clone() });
            }
        }
        plan(&PlanInput {
            catalog,
            selected: &selected,
            places: &places,
            contents: &self.drive.contents,
            known: &self.drive.known,
            survey: &survey,
        })
    }

    /// Exports, plans anew, links, and says what links that made.
    fn export(&mut self, catalog: &Catalog, way: LinkWay) -> Vec<String> {
        let plan = self.plan(catalog);
        self.drive.carry_out(&plan);
        let plan = self.plan(catalog);
        assert_eq!(plan.files, [], "everything is there");
        for link in &plan.links {
            self.make(link, way);
        }
        told(&plan.links)
    }

    fn make(&mut self, link: &PlannedLink, way: LinkWay) {
        if link.action == Stays {
            return;
        }
        let at = link.at.to_text().to_owned();
        let size_bytes = link.size_bytes.unwrap();
        if link.action != Adopt {
            let is_there = self.drive.files.iter().any(|(path, _)| *path == at)
                || self.symlinks.iter().any(|(path, _)| *path == at);
            assert_eq!(is_there, link.action == Replace, "{link:?}");
            self.drive.files.retain(|(path, _)| *path != at);
            self.symlinks.retain(|(path, _)| *path != at);
            match way {
                LinkWay::Symbolic => {
                    self.symlinks.push((at, link.target.relative_to(&link.at.parent())));
                }
                _ => self.drive.files.push((at, size_bytes)),
            }
        }
        self.drive.known.add_link(
            link.uuid.clone(),
            KnownLink {
                role: link.role,
                at: link.at.clone(),
                target: link.target.clone(),
                stem: link.stem.clone(),
                way,
                size_bytes,
                revision: link.revision.clone(),
            },
        );
    }
}

fn told(links: &[PlannedLink]) -> Vec<String> {
    links.iter().map(|link| format!("{:?} {} -> {}", link.action, link.at, link.target)).collect()
}

fn actions(plan: &Plan) -> Vec<LinkAction> {
    plan.links.iter().map(|link| link.action).collect()
}

fn library(items: Vec<Item>, albums: Vec<Album>) -> Catalog {
    let mut catalog = catalog(items, albums);
    for (number, album) in catalog.albums.iter().enumerate() {
        for member in &album.members {
            catalog.items[*member].albums.push(number);
        }
    }
    catalog
}

/// An edited Live Photo in two albums, another photo of its name in the second.
fn two() -> Catalog {
    let items = vec![edited(live(A, "IMG_1", 0), "jpg", "1"), photo(B, "IMG_1.HEIC", 1, 20)];
    library(items, vec![album("Travel/Italy", &[0]), album("Cats", &[1, 0])])
}

const WAYS: [LinkWay; 2] = [LinkWay::Hard, LinkWay::Symbolic];

#[test]
fn the_whole_group_is_in_the_second_album_under_a_stem_of_its_own() {
    let expected = [
        "Make Cats/IMG_1.HEIC -> Travel/Italy/IMG_1.HEIC",
        "Make Cats/IMG_1.MOV -> Travel/Italy/IMG_1.MOV",
        "Make Cats/IMG_1_edited.jpg -> Travel/Italy/IMG_1_edited.jpg",
    ];
    let plan = Linked::new().plan(&two());
    assert_eq!(told(&plan.links), expected);
    let homes: Vec<&str> = plan.files.iter().map(|file| file.to.to_text()).collect();
    assert_eq!(homes[3], "Cats/IMG_1-BBBB.HEIC", "whoever comes first in the catalogue gets the name");

    let mut swapped = two();
    swapped.items.swap(0, 1);
    swapped.albums[0].members = vec![1];
    swapped.albums[1].members = vec![0, 1];
    let plan = Linked::new().plan(&swapped);
    assert_eq!(told(&plan.links)[0], "Make Cats/IMG_1-AAAA.HEIC -> Travel/Italy/IMG_1.HEIC");
}

#[test]
fn a_second_run_makes_none() {
    for way in WAYS {
        let mut linked = Linked::new();
        assert_eq!(linked.export(&two(), way).len(), 3);
        let plan = linked.plan(&two());
        assert_eq!((plan.files.len(), actions(&plan)), (0, vec![Stays; 3]), "{way:?}");
    }
}

#[test]
fn a_lost_ledger_finds_the_links_again() {
    for way in WAYS {
        let mut linked = Linked::new();
        linked.export(&two(), way);
        let before = linked.clone();
        linked.drive.known = Known::default();
        let links = linked.export(&two(), way);
        assert!(links.iter().all(|link| link.starts_with("Adopt")), "{links:?}");
        let sorted = |linked: &Linked| {
            let mut files = linked.drive.files.clone();
            files.sort();
            (files, linked.symlinks.clone())
        };
        assert_eq!(sorted(&linked), sorted(&before));
        assert_eq!(actions(&linked.plan(&two())), [Stays; 3]);
    }
}

#[test]
fn a_new_edit_is_linked_anew() {
    for (way, action) in [(LinkWay::Hard, Replace), (LinkWay::Symbolic, Stays)] {
        let mut linked = Linked::new();
        linked.export(&two(), way);
        let mut catalog = two();
        catalog.items[0].resources.last_mut().unwrap().revision = "2".to_owned();
        let plan = linked.plan(&catalog);
        linked.drive.carry_out(&plan);
        assert_eq!(actions(&linked.plan(&catalog)), [Stays, Stays, action], "{way:?}");
    }
}

#[test]
fn a_new_link_that_was_made_but_not_recorded_is_adopted() {
    let mut linked = Linked::new();
    linked.export(&two(), LinkWay::Hard);
    let mut catalog = two();
    let edit = catalog.items[0].resources.last_mut().unwrap();
    (edit.revision, edit.size_bytes) = ("2".to_owned(), Some(17));
    let plan = linked.plan(&catalog);
    linked.drive.carry_out(&plan);
    let link = linked.drive.files.iter_mut().find(|(path, _)| path == "Cats/IMG_1_edited.jpg");
    link.unwrap().1 = 17;
    assert_eq!(actions(&linked.plan(&catalog)), [Stays, Stays, Adopt]);
}

#[test]
fn a_link_that_somebody_changed_is_theirs() {
    for way in WAYS {
        let mut linked = Linked::new();
        linked.export(&two(), way);
        match way {
            LinkWay::Symbolic => linked.symlinks[0].1 = "elsewhere.HEIC".to_owned(),
            _ => {
                let own = linked.drive.files.iter_mut().find(|(path, _)| path == "Cats/IMG_1.HEIC");
                own.unwrap().1 = 99;
            }
        }
        let links = linked.export(&two(), way);
        assert_eq!(links[0], "Stays Cats/IMG_1.MOV -> Travel/Italy/IMG_1.MOV");
        assert!(
            links.contains(&"Make Cats/IMG_1-AAAA.HEIC -> Travel/Italy/IMG_1.HEIC".to_owned()),
            "{links:?}"
        );
        assert_eq!(actions(&linked.plan(&two())), [Stays; 3]);
    }
}

#[test]
fn a_link_that_somebody_deleted_comes_again() {
    let mut linked = Linked::new();
    linked.export(&two(), LinkWay::Symbolic);
    linked.symlinks.remove(1);
    let links = linked.export(&two(), LinkWay::Symbolic);
    assert_eq!(links[1], "Make Cats/IMG_1.MOV -> Travel/Italy/IMG_1.MOV");
}

#[test]
fn strangers_in_the_folder_of_an_album_are_left_alone() {
    let mut linked = Linked::new();
    linked.drive.files.push(("Cats/img_1.mov".to_owned(), 99));
    let links = linked.export(&two(), LinkWay::Hard);
    assert_eq!(links[0], "Make Cats/IMG_1-AAAA.HEIC -> Travel/Italy/IMG_1.HEIC");
    assert_eq!(actions(&linked.plan(&two())), [Stays; 3]);
}

#[test]
fn what_looked_like_a_link_and_was_none_is_left_alone() {
    let mut linked = Linked::new();
    let catalog =
        library(vec![photo(A, "IMG_1.HEIC", 0, 20)], vec![album("Italy", &[0]), album("Cats", &[0])]);
    linked.drive.files.push(("Cats/IMG_1.HEIC".to_owned(), 20));
    assert_eq!(actions(&linked.plan(&catalog)), [Adopt]);
    let path = DestPath::parse("Cats/IMG_1.HEIC").unwrap();
    linked.drive.known.add_conflict(AssetUuid(A.to_owned()), &path);
    assert_eq!(told(&linked.plan(&catalog).links), ["Make Cats/IMG_1-AAAA.HEIC -> Italy/IMG_1.HEIC"]);
}

#[test]
fn what_was_exported_by_date_stays_and_all_albums_refer_to_it() {
    let mut linked = Linked::new();
    linked.drive.layout = Layout::ByDate;
    assert_eq!(linked.export(&two(), LinkWay::Hard), [""; 0]);
    linked.drive.layout = Layout::ByAlbum;
    let links = linked.export(&two(), LinkWay::Hard);
    assert_eq!(links.len(), 7);
    assert_eq!(links[0], "Make Travel/Italy/IMG_1.HEIC -> 2024/2024-03/IMG_1.HEIC");
    assert_eq!(links[6], "Make Cats/IMG_1-BBBB.HEIC -> 2024/2024-03/IMG_1-BBBB.HEIC");
    assert_eq!(actions(&linked.plan(&two())), [Stays; 7]);
}

#[test]
fn what_comes_later_joins_the_links() {
    let mut linked = Linked::new();
    let mut before = two();
    before.items[0].resources.retain(|resource| resource.role != Role::LiveVideo);
    linked.export(&before, LinkWay::Hard);
    let links = linked.export(&two(), LinkWay::Hard);
    assert_eq!(links[0], "Stays Cats/IMG_1.HEIC -> Travel/Italy/IMG_1.HEIC");
    assert!(links.contains(&"Make Cats/IMG_1.MOV -> Travel/Italy/IMG_1.MOV".to_owned()), "{links:?}");
}

#[test]
fn a_file_never_has_the_name_of_the_folder_of_an_album() {
    let items = vec![photo(A, "Cats", 0, 1), photo(B, "Cats.JPG", 1, 1)];
    let catalog = library(items, vec![album("x", &[0]), album("X/cats", &[1]), album("X/Cats.JPG", &[1])]);
    let mut catalog = catalog;
    catalog.items[0].resources = vec![on_phone(Role::Original, "DCIM/100APPLE/Cats", 1)];
    let plan = Linked::new().plan(&catalog);
    let homes: Vec<&str> = plan.files.iter().map(|file| file.to.to_text()).collect();
    assert_eq!(homes, ["x/Cats-AAAA", "X/cats/Cats.JPG"]);
}

#[test]
fn links_are_made_to_jpegs_too() {
    let mut linked = Linked::new();
    let convert = Some(crate::plan::Convert { quality: 90, keep_original: false });
    linked.drive.contents = Contents { convert, ..Contents::default() };
    let plan = linked.plan(&two());
    assert_eq!(told(&plan.links)[0], "Make Cats/IMG_1.MOV -> Travel/Italy/IMG_1.MOV");
    assert!(told(&plan.links).contains(&"Make Cats/IMG_1.jpg -> Travel/Italy/IMG_1.jpg".to_owned()));
}

/// Albums with few names, so that many clash.
fn any_albums(most: usize) -> impl Strategy<Value = Vec<(String, u64)>> {
    let title = prop_oneof![
        4 => "[aA]|[bB]|A/[aA]",
        1 => "|2024|No album|IMG_1.HEIC|a/IMG_1.HEIC|CON|\\.\\.",
    ];
    proptest::collection::vec((title, any::<u64>()), 0..most)
}

/// A catalogue of these items and albums; which item is in which is told by the bits.
fn with_albums(items: Vec<Item>, albums: &[(String, u64)]) -> Catalog {
    let albums = albums.iter().enumerate().map(|(n, (path, mask))| {
        let members: Vec<usize> = (0..items.len()).filter(|at| mask >> (at % 64) & 1 == 1).collect();
        let id = crate::catalog::AlbumId(format!("{:04X}0000-0000-4000-8000-{n:012X}", n % 3));
        Album { id, ..album(path, &members) }
    });
    let albums = albums.collect();
    library(items, albums)
}

/// Every name on the drive is one, and in no folder do two items share a stem.
fn check_all(linked: &Linked, catalog: &Catalog) {
    let mut paths: BTreeSet<String> = BTreeSet::new();
    for path in
        linked.drive.files.iter().map(|(path, _)| path).chain(linked.symlinks.iter().map(|(path, _)| path))
    {
        assert!(paths.insert(fold(path)), "twice: {path}");
        assert!(DestPath::parse(path).is_ok_and(|parsed| !parsed.is_root()), "{path}");
    }
    for path in &paths {
        assert!(
            !paths.range(format!("{path}/")..format!("{path}0")).any(|_| true),
            "{path} is file and folder"
        );
    }
    let mut owners: BTreeMap<(String, String), &AssetUuid> = BTreeMap::new();
    for item in &catalog.items {
        let known = &linked.drive.known;
        let files = known.of(&item.uuid).iter().map(|file| (&file.to, &file.stem));
        for (path, stem) in files.chain(known.links_of(&item.uuid).iter().map(|link| (&link.at, &link.stem)))
        {
            let owner = owners.entry((path.parent().fold(), fold(stem))).or_insert(&item.uuid);
            assert_eq!(*owner, &item.uuid, "{path}");
        }
    }
}

/// Each file of each item is in the folder of each of its albums.
fn check_membership(linked: &Linked, catalog: &Catalog) {
    let selected: Vec<usize> = (0..catalog.items.len()).collect();
    let places = linked.drive.places(catalog, &selected);
    for (index, item) in catalog.items.iter().enumerate() {
        let known = &linked.drive.known;
        for folder in places.further(index) {
            for file in known.of(&item.uuid) {
                let is_home = file.to.parent().fold() == folder.fold();
                let link = known.links_of(&item.uuid).iter().any(|link| {
                    link.role == file.role
                        && link.target == file.to
                        && link.at.parent().fold() == folder.fold()
                });
                assert!(is_home || link, "{} in {folder}", file.to);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        rng_seed: RngSeed::Fixed(1),
        failure_persistence: None,
        cases: 128,
        ..ProptestConfig::default()
    })]

    #[test]
    fn albums_are_complete_and_names_distinct_and_stay_so(
        items in any_items(16), albums in any_albums(6), mask in prop_oneof![Just(0), any::<u64>()], symbolic in any::<bool>(),
    ) {
        let way = if symbolic { LinkWay::Symbolic } else { LinkWay::Hard };
        // Sizes that differ within the library; which file is whose can then be told from outside.
        let mut items = with_sizes(items);
        for (n, resource) in items.iter_mut().flat_map(|item| &mut item.resources).enumerate() {
            resource.size_bytes = Some(n as u64);
        }
        let all = with_albums(items.clone(), &albums);
        let mut linked = Linked::new();
        // Some first, under the same albums; then everything.
        let some = with_albums(some_of(&items, mask), &[]);
        let first = linked.plan(&some);
        check(&first, &linked.drive);
        linked.export(&some, way);
        linked.export(&all, way);
        check_all(&linked, &all);
        check_membership(&linked, &all);

        let again = linked.plan(&all);
        prop_assert_eq!(&again.files, &[]);
        prop_assert!(again.links.iter().all(|link| link.action == Stays), "{:?}", told(&again.links));

        let before: BTreeSet<String> = linked.drive.files.iter().map(|(path, _)| path.clone())
            .chain(linked.symlinks.iter().map(|(path, _)| path.clone())).collect();
        let homes: usize = all.items.iter().map(|item| linked.drive.known.of(&item.uuid).len()).sum();
        // What is at home elsewhere than it would be today is found again only with the ledger.
        if mask == 0 {
            linked.drive.known = Known::default();
            let plan = linked.plan(&all);
            prop_assert_eq!(plan.files.len(), homes);
            prop_assert!(plan.files.iter().all(|file| file.action == Action::Adopt), "{:?}", actions_of(&plan));
            linked.export(&all, way);
            let after: BTreeSet<String> = linked.drive.files.iter().map(|(path, _)| path.clone())
                .chain(linked.symlinks.iter().map(|(path, _)| path.clone())).collect();
            prop_assert_eq!(after, before);
        }
    }
}

fn actions_of(plan: &Plan) -> Vec<String> {
    plan.files.iter().map(|file| format!("{:?} {}", file.action, file.to)).collect()
}
