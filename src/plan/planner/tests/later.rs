//! What a second run does.

use super::*;
use crate::catalog::Presence;
use crate::plan::Action::{Adopt, Copy, Replace};

fn path(name: &str) -> String {
    format!("2024/2024-03/{name}")
}

#[test]
fn nothing_when_nothing_changed() {
    let items = [edited(live(A, "IMG_1", 0), "jpg", "1"), live(B, "IMG_1", 1)];
    let mut drive = Drive::default();
    assert_eq!(drive.export(&items).len(), 5);
    let plan = drive.plan(&items);
    assert_eq!(plan.files, []);
    assert_eq!((plan.already.len(), plan.already_totals().bytes), (5, 75));
}

#[test]
fn names_stay_when_others_come_before() {
    let mut drive = Drive::default();
    drive.export(&[live(B, "IMG_1", 1)]);
    let both = [live(A, "IMG_1", 0), live(B, "IMG_1", 1)];
    assert_eq!(drive.export(&both), ["IMG_1-AAAA.HEIC", "IMG_1-AAAA.MOV"]);
    assert_eq!(drive.plan(&both).already.len(), 4);
}

#[test]
fn what_is_not_selected_keeps_its_name_too() {
    let mut drive = Drive::default();
    drive.export(&[live(B, "IMG_1", 1)]);
    assert_eq!(drive.export(&[photo(A, "IMG_1.HEIC", 0, 1)]), ["IMG_1-AAAA.HEIC"]);
}

#[test]
fn a_name_stays_when_the_date_or_the_name_changes_on_the_phone() {
    let mut drive = Drive::default();
    drive.export(&[live(A, "IMG_1", 0)]);
    let mut moved = edited(live(A, "Renamed", 90 * 86_400), "jpg", "1");
    assert_eq!(drive.plan(std::slice::from_ref(&moved)).files[0].to.to_text(), path("IMG_1_edited.jpg"));
    moved.taken = None;
    assert_eq!(drive.plan(&[moved]).files[0].to.to_text(), path("IMG_1_edited.jpg"));
}

#[test]
fn what_comes_later_joins_the_rest() {
    let mut drive = Drive::default();
    let mut item = live(B, "IMG_1", 1);
    item.resources[1].presence = Presence::CloudOnly;
    drive.export(&[photo(A, "IMG_1.HEIC", 0, 1), item]);
    let later = [edited(live(B, "IMG_1", 1), "jpg", "7")];
    assert_eq!(drive.export(&later), ["IMG_1-BBBB.MOV", "IMG_1-BBBB_edited.jpg"]);
}

#[test]
fn what_is_only_in_the_cloud_now_is_already_there() {
    let mut drive = Drive::default();
    drive.export(&[photo(A, "IMG_1.HEIC", 0, 5)]);
    let mut offloaded = photo(A, "IMG_1.HEIC", 0, 5);
    offloaded.resources[0].presence = Presence::CloudOnly;
    let plan = drive.plan(std::slice::from_ref(&offloaded));
    assert_eq!((plan.files.len(), plan.already.len(), plan.cloud_only.len()), (0, 1, 0));
    drive.files.clear();
    let plan = drive.plan(&[offloaded]);
    assert_eq!((plan.files.len(), plan.already.len(), plan.cloud_only.len()), (0, 0, 1));
}

#[test]
fn no_preview_is_made_of_an_original_that_is_there() {
    let contents = Contents { previews: true, ..Contents::default() };
    let mut drive = Drive { contents, ..Drive::default() };
    drive.export(&[photo(A, "IMG_1.HEIC", 0, 5)]);
    let mut away = photo(A, "IMG_1.HEIC", 0, 5);
    away.resources[0].presence = Presence::CloudOnly;
    away.resources.push(on_phone(Role::Preview, "PhotoData/Metadata/DCIM/100APPLE/IMG_1.JPG", 4));
    let plan = drive.plan(std::slice::from_ref(&away));
    assert_eq!((names(&plan), plan.already.len(), plan.cloud_only.len()), (vec![], 1, 0));
    // Where it was removed from the drive, a preview is better than nothing.
    drive.files.clear();
    assert_eq!(names(&drive.plan(&[away])), ["IMG_1_preview.JPG"]);
}

#[test]
fn what_was_removed_from_the_drive_comes_back_under_its_name() {
    let items = [photo(A, "IMG_1.HEIC", 0, 1), live(B, "IMG_1", 1)];
    let mut drive = Drive::default();
    drive.export(&items);
    drive.files.retain(|(path, _)| !path.ends_with("BBBB.MOV"));
    let plan = drive.plan(&items);
    assert_eq!((names(&plan), actions(&plan)), (vec!["IMG_1-BBBB.MOV".to_owned()], vec![Copy]));
}

#[test]
fn what_was_edited_again_replaces_what_we_wrote() {
    let mut drive = Drive::default();
    drive.export(&[edited(live(A, "IMG_1", 0), "jpg", "1")]);
    let again = [edited(live(A, "IMG_1", 0), "JPEG", "2")];
    let plan = drive.plan(&again);
    assert_eq!((names(&plan), actions(&plan)), (vec!["IMG_1_edited.jpg".to_owned()], vec![Replace]));
    drive.carry_out(&plan);
    assert_eq!(drive.plan(&again).files, []);
}

#[test]
fn an_edit_of_another_kind_gets_its_own_extension_and_supersedes_the_old() {
    let mut drive = Drive::default();
    drive.export(&[edited(live(A, "IMG_1", 0), "heic", "1")]);
    let again = [edited(live(A, "IMG_1", 0), "jpg", "2")];
    let plan = drive.plan(&again);
    assert_eq!((names(&plan), actions(&plan)), (vec!["IMG_1_edited.jpg".to_owned()], vec![Copy]));
    assert_eq!(plan.files[0].supersedes.as_ref().unwrap().to_text(), path("IMG_1_edited.heic"));
    drive.carry_out(&plan);
    assert_eq!(drive.plan(&again).files, []);
    assert!(!drive.files.iter().any(|(path, _)| path.ends_with(".heic")));
}

#[test]
fn what_somebody_changed_is_left_alone_and_the_pair_is_made_anew() {
    let items = [edited(live(A, "IMG_1", 0), "jpg", "1")];
    let mut drive = Drive::default();
    drive.export(&items);
    drive.files[0].1 = 21;
    let plan = drive.plan(&items);
    assert_eq!(names(&plan), ["IMG_1-AAAA.HEIC", "IMG_1-AAAA.MOV"]);
    assert_eq!((actions(&plan), plan.already.len()), (vec![Copy, Copy], 1));
    drive.carry_out(&plan);
    assert_eq!(drive.plan(&items).files, []);
    assert!(drive.files.contains(&(path("IMG_1.HEIC"), 21)));
}

#[test]
fn an_edit_that_somebody_changed_is_not_replaced() {
    let mut drive = Drive::default();
    drive.export(&[edited(live(A, "IMG_1", 0), "jpg", "1")]);
    drive.files[2].1 = 99;
    let again = [edited(live(A, "IMG_1", 0), "jpg", "2")];
    let plan = drive.plan(&again);
    assert_eq!((names(&plan), actions(&plan)), (vec!["IMG_1-AAAA_edited.jpg".to_owned()], vec![Copy]));
    drive.carry_out(&plan);
    assert_eq!(drive.plan(&again).files, []);
}

#[test]
fn a_new_edit_that_was_written_but_not_recorded_is_adopted() {
    let mut drive = Drive::default();
    drive.export(&[edited(live(A, "IMG_1", 0), "jpg", "1")]);
    let mut again = edited(live(A, "IMG_1", 0), "jpg", "2");
    again.resources.last_mut().unwrap().size_bytes = Some(17);
    drive.files[2].1 = 17;
    let plan = drive.plan(std::slice::from_ref(&again));
    assert_eq!((names(&plan), actions(&plan)), (vec!["IMG_1_edited.jpg".to_owned()], vec![Adopt]));
    // If it was somebody's after all, it stays theirs.
    drive.known.add_conflict(again.uuid.clone(), &plan.files[0].to);
    let plan = drive.plan(&[again]);
    assert_eq!((names(&plan), actions(&plan)), (vec!["IMG_1-AAAA_edited.jpg".to_owned()], vec![Copy]));
}

#[test]
fn original_first_even_when_the_original_has_to_move() {
    let mut drive = Drive::default();
    drive.export(&[live(A, "IMG_1", 0)]);
    drive.files[0].1 = 21;
    let plan = drive.plan(&[edited(live(A, "IMG_1", 0), "jpg", "1")]);
    assert_eq!(names(&plan), ["IMG_1-AAAA.HEIC", "IMG_1-AAAA.MOV", "IMG_1_edited.jpg"]);
}

#[test]
fn a_strangers_file_where_a_new_one_of_ours_belongs_moves_the_pair() {
    let mut drive = Drive::default();
    drive.export(&[photo(A, "IMG_1.HEIC", 0, 20)]);
    drive.files.push((path("IMG_1.MOV"), 99));
    assert_eq!(drive.export(&[live(A, "IMG_1", 0)]), ["IMG_1-AAAA.HEIC", "IMG_1-AAAA.MOV"]);
}

#[test]
fn what_was_written_but_not_recorded_is_adopted() {
    let items = [live(A, "IMG_1", 0)];
    let mut drive = Drive::default();
    drive.export(&[photo(A, "IMG_1.HEIC", 0, 20)]);
    drive.files.push((path("IMG_1.MOV"), 10));
    let plan = drive.plan(&items);
    assert_eq!((names(&plan), actions(&plan)), (vec!["IMG_1.MOV".to_owned()], vec![Adopt]));
}

#[test]
fn a_lost_ledger_heals_even_if_names_were_given_in_another_order() {
    let (first, second) = (photo(A, "IMG_1.HEIC", 0, 5), photo(B, "IMG_1.HEIC", 1, 5));
    let mut drive = Drive::default();
    drive.export(std::slice::from_ref(&second));
    drive.export(&[first.clone(), second.clone()]);
    drive.known = Known::default();
    let plan = drive.plan(&[first, second]);
    assert_eq!(names(&plan), ["IMG_1-AAAA.HEIC", "IMG_1.HEIC"]);
    assert_eq!(actions(&plan), [Adopt, Adopt]);
}

#[test]
fn the_survey_covers_where_files_were_put_and_where_they_would_go() {
    let mut drive = Drive::default();
    drive.export(&[photo(A, "a.png", 0, 1)]);
    let items = vec![photo(A, "a.png", 90 * 86_400, 1), photo(B, "b.png", 90 * 86_400, 1)];
    let items = catalog(items, Vec::new());
    let wanted = folders(&items, &[0, 1], &drive.places(&items, &[0, 1]), &drive.known);
    let texts: Vec<&str> = wanted.iter().map(DestPath::to_text).collect();
    assert_eq!(texts, ["2024/2024-03", "2024/2024-06"]);
}
