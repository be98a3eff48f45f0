//! Who gets which name when several want it.

use super::*;
use crate::plan::Action::{Adopt, Copy};

const FOLDER: &str = "2024/2024-03";

fn there(files: &[(&str, u64)]) -> Drive {
    let files: Vec<(String, u64)> =
        files.iter().map(|(name, size)| (format!("{FOLDER}/{name}"), *size)).collect();
    Drive { files, ..Drive::default() }
}

#[test]
fn the_first_gets_the_clean_name_and_groups_stay_together() {
    let items = [live(A, "IMG_1", 0), edited(live(B, "img_1", 1), "jpg", "1"), photo(C, "IMG_1.heic", 2, 3)];
    assert_eq!(
        names(&Drive::default().plan(&items)),
        [
            "IMG_1.HEIC",
            "IMG_1.MOV",
            "img_1-BBBB.HEIC",
            "img_1-BBBB.MOV",
            "img_1-BBBB_edited.jpg",
            "IMG_1-CCCC.heic"
        ]
    );
}

#[test]
fn a_movie_never_looks_like_the_other_half_of_a_photo() {
    let items = [photo(A, "IMG_1.HEIC", 0, 1), photo(B, "IMG_1.MOV", 1, 1)];
    assert_eq!(names(&Drive::default().plan(&items)), ["IMG_1.HEIC", "IMG_1-BBBB.MOV"]);
}

#[test]
fn nor_like_an_edit_of_it_in_either_order() {
    let (plain, edit) = (photo(A, "IMG_1.HEIC", 0, 1), photo(B, "IMG_1_edited.jpg", 1, 1));
    let drive = Drive::default();
    assert_eq!(names(&drive.plan(&[plain.clone(), edit.clone()])), ["IMG_1.HEIC", "IMG_1_edited-BBBB.jpg"]);
    assert_eq!(names(&drive.plan(&[edit, plain])), ["IMG_1_edited.jpg", "IMG_1-AAAA.HEIC"]);
}

#[test]
fn composed_and_decomposed_names_collide() {
    let items = [photo(A, "Caf\u{e9}.jpg", 0, 1), photo(B, "CAFE\u{301}.jpg", 1, 1)];
    assert_eq!(names(&Drive::default().plan(&items)), ["Caf\u{e9}.jpg", "CAF\u{c9}-BBBB.jpg"]);
}

#[test]
fn other_folders_do_not_matter() {
    let items = [photo(A, "IMG_1.HEIC", 0, 1), photo(B, "IMG_1.HEIC", 40 * 86_400, 1)];
    assert_eq!(names(&Drive::default().plan(&items)), ["IMG_1.HEIC", "IMG_1.HEIC"]);
}

#[test]
fn more_digits_when_four_are_not_enough() {
    let twin = "AAAA1111-2222-4000-8000-000000000002";
    let other = "AAAA1111-3333-4000-8000-000000000003";
    let items = [C, A, twin, other].map(|uuid| photo(uuid, "a.png", 0, 1));
    assert_eq!(
        names(&Drive::default().plan(&items)),
        ["a.png", "a-AAAA.png", "a-AAAA1111.png", "a-AAAA11113333.png"]
    );
}

#[test]
fn the_same_uuid_twice_still_gives_two_names() {
    let items = [photo(A, "a.png", 0, 1), photo(A, "a.png", 0, 1), photo(A, "a.png", 0, 1)];
    let names: std::collections::HashSet<String> =
        names(&Drive::default().plan(&items)).into_iter().collect();
    assert_eq!(names.len(), 3);
}

#[test]
fn a_name_without_extension_is_not_anothers_with_one() {
    let mut bare = photo(A, "a.b", 0, 1);
    bare.resources[0] = on_phone(Role::Original, "DCIM/100APPLE/X", 1);
    let mut dotted = photo(B, "a.png", 1, 1);
    dotted.resources[0] = on_phone(Role::Original, "DCIM/100APPLE/Y.b", 1);
    let drive = Drive::default();
    assert_eq!(names(&drive.plan(&[bare.clone(), dotted.clone()])), ["a\u{ff0e}b", "a.b"]);
    assert_eq!(names(&drive.plan(&[dotted, bare])), ["a.b", "a\u{ff0e}b"]);
}

#[test]
fn files_of_one_item_that_want_one_name_say_what_they_are() {
    let mut item = photo(A, "IMG_1.MOV", 0, 1);
    item.resources.push(on_phone(Role::LiveVideo, "DCIM/100APPLE/IMG_1_X.mov", 2));
    item.resources.push(on_phone(Role::Edited, "PhotoData/Mutations/FullSizeRender.mov", 3));
    item.resources.push(on_phone(Role::EditedLiveVideo, "PhotoData/Mutations/Other.mov", 4));
    let stranger = photo(B, "IMG_1_live_video.MOV", 1, 1);
    assert_eq!(
        names(&Drive::default().plan(&[item.clone(), stranger.clone()])),
        [
            "IMG_1.MOV",
            "IMG_1_live_video.mov",
            "IMG_1_edited.mov",
            "IMG_1_edited_live_video.mov",
            "IMG_1_live_video-BBBB.MOV"
        ]
    );
    assert_eq!(
        names(&Drive::default().plan(&[stranger, item])),
        [
            "IMG_1_live_video.MOV",
            "IMG_1-AAAA.MOV",
            "IMG_1-AAAA_live_video.mov",
            "IMG_1-AAAA_edited.mov",
            "IMG_1-AAAA_edited_live_video.mov"
        ]
    );
}

#[test]
fn somebody_elses_file_keeps_its_name() {
    let plan = there(&[("img_1.heic", 99)]).plan(&[live(A, "IMG_1", 0)]);
    assert_eq!(names(&plan), ["IMG_1-AAAA.HEIC", "IMG_1-AAAA.MOV"]);
    assert_eq!(actions(&plan), [Copy, Copy]);
}

#[test]
fn somebody_elses_photo_is_not_made_into_a_pair() {
    let items = [photo(A, "IMG_1.MOV", 0, 5)];
    assert_eq!(names(&there(&[("IMG_1.JPG", 5)]).plan(&items)), ["IMG_1-AAAA.MOV"]);
    assert_eq!(names(&there(&[("IMG_1_edited.JPG", 5)]).plan(&items)), ["IMG_1-AAAA.MOV"]);
    assert_eq!(names(&there(&[("IMG_1.xmp", 5)]).plan(&items)), ["IMG_1.MOV"], "a sidecar is welcome");
}

#[test]
fn a_folder_or_link_of_that_name_is_in_the_way() {
    let items = catalog(vec![photo(A, "IMG_1.HEIC", 0, 5)], Vec::new());
    let drive = Drive::default();
    for found in [Found::Other, Found::Symlink { target: "x".to_owned() }] {
        let mut survey = Survey::default();
        survey.add(&DestPath::parse(FOLDER).unwrap(), "IMG_1.HEIC", found);
        let input = PlanInput {
            contents: &drive.contents,
            catalog: &items,
            selected: &[0],
            places: &drive.places(&items, &[0]),
            known: &drive.known,
            survey: &survey,
        };
        assert_eq!(names(&plan(&input)), ["IMG_1-AAAA.HEIC"]);
    }
}

#[test]
fn what_has_name_and_size_is_perhaps_ours() {
    let items = [edited(live(A, "IMG_1", 0), "jpg", "1")];
    let plan = there(&[("IMG_1.HEIC", 20), ("IMG_1_edited.jpg", 15)]).plan(&items);
    assert_eq!(names(&plan), ["IMG_1.HEIC", "IMG_1.MOV", "IMG_1_edited.jpg"]);
    assert_eq!(actions(&plan), [Adopt, Copy, Adopt]);

    let plan = there(&[("IMG_1.HEIC", 20), ("IMG_1.MOV", 99)]).plan(&items);
    assert_eq!(actions(&plan), [Copy, Copy, Copy], "one file that is not ours, and none is");
    assert_eq!(names(&plan), ["IMG_1-AAAA.HEIC", "IMG_1-AAAA.MOV", "IMG_1-AAAA_edited.jpg"]);

    let plan = there(&[("img_1.heic", 20)]).plan(&items);
    assert_eq!(actions(&plan), [Copy, Copy, Copy], "on some drives that is another file");

    let mut unknown = photo(B, "b.png", 0, 1);
    unknown.resources[0].size_bytes = None;
    assert_eq!(names(&there(&[("b.png", 1)]).plan(&[unknown])), ["b-BBBB.png"], "no size, no guess");
}

#[test]
fn what_was_found_to_be_no_match_is_not_adopted_again() {
    let items = [photo(A, "IMG_1.HEIC", 0, 5), photo(B, "IMG_1.HEIC", 1, 5)];
    let mut drive = there(&[("IMG_1.HEIC", 5)]);
    let clean = DestPath::parse(FOLDER).unwrap().join(&crate::plan::DestName::portable("IMG_1.HEIC"));
    drive.known.add_conflict(AssetUuid(A.to_owned()), &clean);
    let plan = drive.plan(&items);
    assert_eq!(names(&plan), ["IMG_1-AAAA.HEIC", "IMG_1.HEIC"], "it can be the other's");
    assert_eq!(actions(&plan), [Copy, Adopt]);
}

#[test]
fn names_of_other_phones_are_taken() {
    let mut drive = Drive::default();
    drive.known.add_other(DestPath::parse("2024/2024-03/IMG_1.JPG").unwrap(), "IMG_1".into());
    assert_eq!(names(&drive.plan(&[photo(A, "img_1.heic", 0, 5)])), ["img_1-AAAA.heic"]);
}

#[test]
fn two_files_that_differ_by_case_only_are_nobodys() {
    let plan = there(&[("IMG_1.HEIC", 5), ("img_1.heic", 5)]).plan(&[photo(A, "IMG_1.HEIC", 0, 5)]);
    assert_eq!((names(&plan), actions(&plan)), (vec!["IMG_1-AAAA.HEIC".to_owned()], vec![Copy]));
}
