//! JPEGs that are made of HEICs.

use super::*;
use crate::plan::{Conversion, Convert};

fn converting(keep_original: bool) -> Drive {
    let convert = Some(Convert { quality: 90, keep_original });
    Drive { contents: Contents { convert, ..Contents::default() }, ..Drive::default() }
}

/// What is planned: each file with its action, and what is made of it.
fn told(plan: &Plan) -> Vec<String> {
    let short = |to: &DestPath| to.file_name().to_owned();
    plan.files
        .iter()
        .map(|file| {
            let made = file.convert.as_ref().map(|Conversion { to, action, keep_original, .. }| {
                format!(" => {action:?} {}{}", short(to), if *keep_original { " too" } else { "" })
            });
            format!("{:?} {}{}", file.action, short(&file.to), made.unwrap_or_default())
        })
        .collect()
}

/// Does what the plan says; what cannot be decoded stays what it is.
fn carry_out(drive: &mut Drive, plan: &Plan, decodes: bool) {
    let mut done = plan.clone();
    let mut made = Vec::new();
    done.files.retain(|file| {
        let Some(convert) = file.convert.as_ref().filter(|_| decodes) else { return true };
        made.push(PlannedFile {
            role: convert.role,
            to: convert.to.clone(),
            action: convert.action,
            size_hint: Some(7),
            convert: None,
            supersedes: None,
            ..file.clone()
        });
        convert.keep_original
    });
    done.files.extend(made);
    drive.carry_out(&done);
}

fn heic(revision: &str) -> Vec<Item> {
    vec![edited(live(A, "IMG_1", 0), "heic", revision)]
}

#[test]
fn every_heic_of_an_item_and_nothing_else() {
    let mut item = edited(live(A, "IMG_1", 0), "HEIF", "1");
    item.resources.push(on_phone(Role::Raw, "DCIM/100APPLE/IMG_1.DNG", 40));
    let plan = converting(false).plan(&[item.clone(), photo(B, "b.JPG", 1, 1)]);
    assert_eq!(
        told(&plan),
        [
            "Copy IMG_1.HEIC => Copy IMG_1.jpg",
            "Copy IMG_1.MOV",
            "Copy IMG_1.DNG",
            "Copy IMG_1_edited.HEIF => Copy IMG_1_edited.jpg",
            "Copy b.JPG"
        ]
    );
    let convert = plan.files[3].convert.as_ref().unwrap();
    assert_eq!((convert.role, convert.quality), (Role::EditedConverted, 90));
    let plan = converting(true).plan(&[item]);
    assert_eq!(told(&plan)[0], "Copy IMG_1.HEIC => Copy IMG_1.jpg too");
}

#[test]
fn a_jpeg_of_the_item_itself_keeps_its_name() {
    let mut item = photo(A, "IMG_1.HEIC", 0, 5);
    item.resources.push(on_phone(Role::Raw, "DCIM/100APPLE/IMG_1.JPG", 6));
    assert_eq!(
        told(&converting(true).plan(&[item])),
        ["Copy IMG_1.HEIC => Copy IMG_1_converted.jpg too", "Copy IMG_1.JPG"]
    );
}

#[test]
fn nothing_more_to_do_when_it_is_done() {
    for keep_original in [false, true] {
        let mut drive = converting(keep_original);
        let plan = drive.plan(&heic("1"));
        carry_out(&mut drive, &plan, true);
        let plan = drive.plan(&heic("1"));
        assert_eq!(told(&plan), [""; 0]);
        assert_eq!(plan.already.len(), if keep_original { 5 } else { 3 });
    }
}

#[test]
fn what_could_not_be_decoded_is_not_tried_again() {
    let mut drive = converting(false);
    let plan = drive.plan(&heic("1"));
    carry_out(&mut drive, &plan, false);
    assert_eq!(told(&drive.plan(&heic("1"))), [""; 0]);
}

#[test]
fn what_was_exported_as_heic_stays_that_unless_both_are_wanted() {
    let mut drive = Drive::default();
    drive.export(&heic("1"));
    drive.contents = converting(false).contents;
    assert_eq!(told(&drive.plan(&heic("1"))), [""; 0]);
    assert_eq!(told(&drive.plan(&heic("2"))), ["Replace IMG_1_edited.heic"], "and so does a later edit");
    drive.contents = converting(true).contents;
    let plan = drive.plan(&heic("1"));
    assert_eq!(
        told(&plan),
        ["Adopt IMG_1.HEIC => Copy IMG_1.jpg too", "Adopt IMG_1_edited.heic => Copy IMG_1_edited.jpg too"]
    );
    carry_out(&mut drive, &plan, true);
    assert_eq!(told(&drive.plan(&heic("1"))), [""; 0]);
}

#[test]
fn a_heic_that_is_not_what_the_phone_has_is_not_read_again_and_again() {
    let mut drive = Drive::default();
    drive.export(&[photo(A, "IMG_1.HEIC", 0, 5)]);
    drive.contents = converting(true).contents;
    let path = DestPath::parse("2024/2024-03/IMG_1.HEIC").unwrap();
    drive.known.add_conflict(AssetUuid(A.to_owned()), &path);
    assert_eq!(told(&drive.plan(&[photo(A, "IMG_1.HEIC", 0, 5)])), [""; 0]);
}

#[test]
fn the_original_joins_its_jpeg_later() {
    let mut drive = converting(false);
    let plan = drive.plan(&heic("1"));
    carry_out(&mut drive, &plan, true);
    drive.contents = converting(true).contents;
    assert_eq!(told(&drive.plan(&heic("1"))), ["Copy IMG_1.HEIC", "Copy IMG_1_edited.heic"]);
}

#[test]
fn a_new_edit_replaces_the_jpeg_of_the_old_one() {
    for keep_original in [false, true] {
        let mut drive = converting(keep_original);
        let plan = drive.plan(&heic("1"));
        carry_out(&mut drive, &plan, true);
        let plan = drive.plan(&heic("2"));
        let expected = if keep_original {
            "Replace IMG_1_edited.heic => Replace IMG_1_edited.jpg too"
        } else {
            "Copy IMG_1_edited.heic => Replace IMG_1_edited.jpg"
        };
        assert_eq!(told(&plan), [expected]);
        carry_out(&mut drive, &plan, true);
        assert_eq!(told(&drive.plan(&heic("2"))), [""; 0]);
    }
}

#[test]
fn a_jpeg_that_was_deleted_comes_again_and_one_that_was_changed_is_left_alone() {
    let items = [photo(A, "IMG_1.HEIC", 0, 5)];
    let mut drive = converting(false);
    let plan = drive.plan(&items);
    carry_out(&mut drive, &plan, true);
    let mut changed = drive.clone();
    drive.files.clear();
    assert_eq!(told(&drive.plan(&items)), ["Copy IMG_1.HEIC => Copy IMG_1.jpg"]);
    changed.files[0].1 += 1;
    assert_eq!(told(&changed.plan(&items)), ["Copy IMG_1-AAAA.HEIC => Copy IMG_1-AAAA.jpg"]);
}

#[test]
fn a_lost_ledger_finds_the_jpegs_again() {
    let items = [photo(A, "IMG_1.HEIC", 0, 5), photo(B, "IMG_1.HEIC", 1, 5)];
    let mut drive = converting(false);
    let plan = drive.plan(&items);
    carry_out(&mut drive, &plan, true);
    drive.known = Known::default();
    assert_eq!(
        told(&drive.plan(&items)),
        ["Copy IMG_1.HEIC => Adopt IMG_1.jpg", "Copy IMG_1-BBBB.HEIC => Adopt IMG_1-BBBB.jpg"]
    );
    // It was not: it is somebody else's.
    let path = DestPath::parse("2024/2024-03/IMG_1.jpg").unwrap();
    drive.known.add_conflict(AssetUuid(A.to_owned()), &path);
    assert_eq!(told(&drive.plan(&items))[0], "Copy IMG_1-AAAA.HEIC => Copy IMG_1-AAAA.jpg");
}

#[test]
fn other_new_roles() {
    let mut item = edited(photo(A, "IMG_1.HEIC", 0, 5), "jpg", "1");
    item.resources.push(on_phone(Role::CameraAdjustments, "DCIM/100APPLE/IMG_1.aae", 2));
    item.resources.push(on_phone(Role::Adjustments, "PhotoData/Mutations/x/Adjustments.plist", 3));
    let mut away = photo(B, "IMG_2.HEIC", 1, 5);
    away.resources[0].presence = crate::catalog::Presence::CloudOnly;
    away.resources.push(on_phone(Role::Preview, "PhotoData/Metadata/DCIM/100APPLE/IMG_2.JPG", 4));
    let contents = Contents { adjustments: true, previews: true, ..Contents::default() };
    let mut drive = Drive { contents, ..Drive::default() };
    let stranger = photo(C, "IMG_2_preview.JPG", 2, 1);
    assert_eq!(
        drive.export(&[item, away.clone(), stranger]),
        [
            "IMG_1.HEIC",
            "IMG_1_edited.jpg",
            "IMG_1.AAE",
            "IMG_1_edited.AAE",
            "IMG_2_preview.JPG",
            "IMG_2_preview-CCCC.JPG"
        ]
    );
    // When the original comes down at last, it joins its preview.
    away.resources[0] = on_phone(Role::Original, "DCIM/100APPLE/IMG_2.HEIC", 5);
    assert_eq!(drive.export(&[away]), ["IMG_2.HEIC"]);
}
