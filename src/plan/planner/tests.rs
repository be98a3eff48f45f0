//! By example. `properties` holds what must be true of all plans.

mod collisions;
mod conversions;
mod documents;
mod later;
mod links;
mod properties;

use crate::catalog::{AssetUuid, Catalog, Item, Role};
use crate::plan::{
    Action, Arrangement, Contents, DestPath, Found, Known, KnownFile, Layout, Names, Places, Plan, PlanInput,
    PlannedFile, Survey, folders, plan,
};
use crate::testing::{absent, catalog, item, on_phone, photo};

/// A drive and its ledger, as an export leaves them.
#[derive(Default, Clone)]
struct Drive {
    known: Known,
    /// Path and size of what lies there.
    files: Vec<(String, u64)>,
    layout: Layout,
    names: Names,
    contents: Contents,
}

impl Drive {
    fn places(&self, catalog: &Catalog, selected: &[usize]) -> Places {
        let wanted = Arrangement {
            layout: &self.layout,
            names: self.names,
            albums: None,
            links: true,
            below: crate::testing::root(),
            playlists: false,
        };
        Places::new(catalog, selected, &self.known, &wanted).unwrap()
    }

    fn survey(&self, catalog: &Catalog, selected: &[usize]) -> Survey {
        let wanted = folders(catalog, selected, &self.places(catalog, selected), &self.known);
        let mut survey = Survey::default();
        for (path, size) in &self.files {
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
            let folder = DestPath::parse(folder).unwrap();
            if wanted.contains(&folder) {
                survey.add(&folder, name, Found::File { size_bytes: *size });
            }
        }
        survey
    }

    fn plan_of(&self, catalog: &Catalog, selected: &[usize]) -> Plan {
        plan(&PlanInput {
            catalog,
            selected,
            places: &self.places(catalog, selected),
            contents: &self.contents,
            known: &self.known,
            survey: &self.survey(catalog, selected),
        })
    }

    fn plan(&self, items: &[Item]) -> Plan {
        let selected: Vec<usize> = (0..items.len()).collect();
        self.plan_of(&catalog(items.to_vec(), Vec::new()), &selected)
    }

    /// Does what a plan says. Files of unknown size get one byte.
    fn carry_out(&mut self, plan: &Plan) {
        for file in &plan.files {
            let (path, size_bytes) = (file.to.to_text().to_owned(), file.size_hint.unwrap_or(1));
            let there = self.files.iter().position(|(other, _)| *other == path);
            assert_eq!(there.is_some(), file.action != Action::Copy, "{file:?}");
            match there {
                Some(at) => self.files[at].1 = size_bytes,
                None => self.files.push((path, size_bytes)),
            }
            if let Some(old) = &file.supersedes {
                self.files.retain(|(path, _)| path != old.to_text());
            }
            self.known.add(file.uuid.clone(), known_file(file, size_bytes));
        }
    }

    /// Exports and says which names that made.
    fn export(&mut self, items: &[Item]) -> Vec<String> {
        let plan = self.plan(items);
        self.carry_out(&plan);
        names(&plan)
    }
}

fn known_file(file: &PlannedFile, size_bytes: u64) -> KnownFile {
    KnownFile {
        role: file.role,
        to: file.to.clone(),
        stem: file.stem.clone(),
        proof: None,
        size_bytes,
        revision: file.revision.as_str().into(),
    }
}

/// The names in a plan; folders are left out.
fn names(plan: &Plan) -> Vec<String> {
    plan.files.iter().map(|file| file.to.file_name().to_owned()).collect()
}

fn actions(plan: &Plan) -> Vec<Action> {
    plan.files.iter().map(|file| file.action).collect()
}

/// A Live Photo of 20 + 10 bytes.
fn live(uuid: &str, stem: &str, seconds: i64) -> Item {
    let mut item = photo(uuid, &format!("{stem}.HEIC"), seconds, 20);
    item.resources.push(on_phone(Role::LiveVideo, &format!("DCIM/100APPLE/{stem}.MOV"), 10));
    item
}

/// Adds an edit of 15 bytes.
fn edited(mut item: Item, extension: &str, revision: &str) -> Item {
    item.resources.retain(|resource| resource.role != Role::Edited);
    let path = format!("PhotoData/Mutations/x/FullSizeRender.{extension}");
    let mut resource = on_phone(Role::Edited, &path, 15);
    resource.revision = revision.to_owned();
    item.resources.push(resource);
    item
}

const A: &str = "AAAA1111-0000-4000-8000-000000000001";
const B: &str = "BBBB2222-0000-4000-8000-000000000002";
const C: &str = "CCCC3333-0000-4000-8000-000000000003";

#[test]
fn by_date_with_the_name_it_was_made_under() {
    let plan = Drive::default().plan(&[photo(A, "IMG_0001.HEIC", 0, 5)]);
    let [file] = plan.files.as_slice() else { panic!("{plan:?}") };
    assert_eq!(file.to.to_text(), "2024/2024-03/IMG_0001.HEIC");
    assert_eq!((file.role, file.action, file.size_hint), (Role::Original, Action::Copy, Some(5)));
    assert_eq!(file.time, Some("2024-03-09T12:00:00Z".parse().unwrap()));
    assert_eq!(plan.totals().bytes, 5);
}

#[test]
fn all_files_of_an_item_share_the_stem() {
    let mut item = edited(live(A, "IMG_0001", 0), "jpg", "1");
    item.resources.push(on_phone(Role::Raw, "DCIM/100APPLE/IMG_0001.DNG", 40));
    item.resources.push(on_phone(Role::EditedLiveVideo, "PhotoData/Mutations/x/FullSizeRender.mov", 9));
    assert_eq!(
        names(&Drive::default().plan(&[item])),
        ["IMG_0001.HEIC", "IMG_0001.MOV", "IMG_0001.DNG", "IMG_0001_edited.jpg", "IMG_0001_edited.mov"]
    );
}

#[test]
fn without_a_date() {
    let mut item = photo(A, "a.png", 0, 1);
    item.taken = None;
    assert_eq!(Drive::default().plan(&[item]).files[0].to.to_text(), "Undated/a.png");
}

#[test]
fn what_is_not_on_the_phone_is_listed_and_counted() {
    use crate::catalog::Presence::{CloudOnly, Missing};
    let mut in_cloud = item(A, "a.HEIC", 0);
    in_cloud.resources = vec![absent(Role::Original, CloudOnly), absent(Role::LiveVideo, CloudOnly)];
    let mut lost = item(B, "b.HEIC", 1);
    lost.resources = vec![absent(Role::Original, Missing)];
    let mut half = photo(C, "c.HEIC", 2, 5);
    half.resources.push(absent(Role::LiveVideo, CloudOnly));
    let nothing = item("D", "d.HEIC", 3);

    let plan = Drive::default().plan(&[in_cloud, lost, half, nothing]);
    assert_eq!(names(&plan), ["c.HEIC"]);
    let list = |list: &[crate::plan::Absent]| -> Vec<(String, Role)> {
        list.iter().map(|absent| (absent.name.clone(), absent.role)).collect()
    };
    assert_eq!(
        list(&plan.cloud_only),
        [
            ("a.HEIC".into(), Role::Original),
            ("a.HEIC".into(), Role::LiveVideo),
            ("c.HEIC".into(), Role::LiveVideo)
        ]
    );
    assert_eq!(list(&plan.missing), [("b.HEIC".into(), Role::Original), ("d.HEIC".into(), Role::Original)]);
    assert_eq!((plan.cloud_only_items(), plan.missing_items()), (1, 2));
}

#[test]
fn only_what_is_selected_in_the_order_of_the_catalogue() {
    let items = vec![photo(A, "a.png", 0, 1), photo(B, "b.png", 1, 1), photo(C, "c.png", 2, 1)];
    let catalog = catalog(items, Vec::new());
    assert_eq!(names(&Drive::default().plan_of(&catalog, &[2, 0, 2, 9])), ["a.png", "c.png"]);
}

#[test]
fn sizes_that_cannot_be_are_survived() {
    let huge = |uuid, presence| {
        let mut item = photo(uuid, "a.png", 0, u64::MAX);
        item.resources[0].presence = presence;
        item
    };
    let plan = Drive::default().plan(&[A, B].map(|uuid| huge(uuid, crate::catalog::Presence::CloudOnly)));
    assert_eq!((plan.cloud_only.len(), plan.cloud_only_bytes()), (2, u64::MAX));
    let plan = Drive::default().plan(&[photo(A, "a.png", 0, u64::MAX), photo(B, "b.png", 0, u64::MAX)]);
    assert_eq!(plan.totals().bytes, u64::MAX);
}

#[test]
fn sizes_that_are_not_known_are_counted() {
    let mut unknown = photo(A, "a.png", 0, 1);
    unknown.resources[0].size_bytes = None;
    let totals = Drive::default().plan(&[unknown, photo(B, "b.png", 0, 7)]).totals();
    assert_eq!((totals.files, totals.bytes, totals.unknown_sizes), (2, 7, 1));
}
