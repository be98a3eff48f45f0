use super::*;
use crate::plan::{Contents, Names};
use crate::testing::{item, on_phone};

/// The name of the original of an item: made under the first name, the second on the phone.
#[track_caller]
fn original(made_as: &str, on_the_phone: &str) -> String {
    let mut item = item("U", made_as, 0);
    item.resources.push(on_phone(Role::Original, &format!("DCIM/100APPLE/{on_the_phone}"), 1));
    let group = Group::of(&item, &Contents::default(), Names::Portable, &Named::MadeAs);
    let names = names(kinds(&group.members), &group.stem, Names::Portable, &mut HashSet::new());
    names[0].as_str().to_owned()
}

#[test]
fn the_extension_is_that_of_the_name_if_it_is_of_the_same_kind() {
    assert_eq!(original("IMG_1.HEIC", "IMG_1.HEIC"), "IMG_1.HEIC");
    assert_eq!(original("beach.jpeg", "IMG_1.JPG"), "beach.jpeg");
    assert_eq!(original("scan.Tif", "IMG_1.TIFF"), "scan.Tif");
    assert_eq!(original("clip.qt", "IMG_1.MOV"), "clip.qt");
    assert_eq!(original("odd.xyz", "IMG_1.XYZ"), "odd.xyz", "any kind, if it is the same");
}

#[test]
fn else_that_of_the_file_on_the_phone() {
    assert_eq!(original("IMG_1.HEIC", "IMG_1.JPG"), "IMG_1.JPG");
    assert_eq!(original("IMG_1.mov", "IMG_1.MP4"), "IMG_1.MP4");
    assert_eq!(original("IMG_1", "IMG_1.HEIC"), "IMG_1.HEIC");
    assert_eq!(original("IMG_1.HEIC", "IMG_1"), "IMG_1.HEIC", "it has none");
}

#[test]
fn a_book_that_is_packed_is_an_epub_whatever_its_folder_is_called() {
    let exported = |made_as: &str, on_the_phone: &str, named: &Named| {
        let mut book = item("U", made_as, 0);
        book.kind = MediaKind::Book;
        book.resources.push(on_phone(Role::Original, &format!("Books/{on_the_phone}"), 1));
        let group = Group::of(&book, &Contents::default(), Names::Portable, named);
        let names = names(kinds(&group.members), &group.stem, Names::Portable, &mut HashSet::new());
        names[0].as_str().to_owned()
    };
    for named in [Named::MadeAs, Named::OnPhone("0123".into()), Named::Given("0123".into())] {
        assert_eq!(exported("0123.epub", "0123", &named), "0123.epub", "{named:?}");
        assert_eq!(exported("0123.epub", "0123.epub", &named), "0123.epub", "{named:?}");
        assert_eq!(exported("0123.pdf", "0123.pdf", &named), "0123.pdf", "{named:?}");
    }
    assert_eq!(exported("0123.v2.epub", "0123.v2", &Named::MadeAs), "0123.v2.epub");
}

#[test]
fn a_dot_is_not_always_an_extension() {
    assert_eq!(original("Party 12.30", "IMG_1.JPG"), "Party 12.30.JPG");
    assert_eq!(original("a.b.heic", "IMG_1.HEIC"), "a.b.heic");
    assert_eq!(original("Party 12.30", "IMG_1"), "Party 12\u{ff0e}30", "and must not look like one");
    assert_eq!(original(".heic", "IMG_1.HEIC"), "\u{ff0e}heic.HEIC");
}

#[test]
fn without_a_name_that_of_the_phone() {
    assert_eq!(original("", "IMG_1.HEIC"), "IMG_1.HEIC");
    assert_eq!(original("  .HEIC", "IMG_1.HEIC"), "IMG_1.HEIC");
    assert_eq!(original(" . ", "IMG_1.HEIC"), "IMG_1.HEIC");
}

#[test]
fn a_name_cannot_be_a_path() {
    assert_eq!(
        original("../../etc/passwd.jpg", "IMG_1.JPG"),
        "\u{ff0e}.\u{ff0f}..\u{ff0f}etc\u{ff0f}passwd.jpg"
    );
    assert_eq!(original("C:\\x.jpg", "IMG_1.JPG"), "C\u{ff1a}\u{ff3c}x.jpg");
    assert_eq!(original("nul.jpg", "IMG_1.JPG"), "_nul.jpg");
}

#[test]
fn other_roles_have_the_extension_of_their_file() {
    let mut item = item("U", "beach.jpeg", 0);
    item.resources = vec![
        on_phone(Role::Edited, "PhotoData/Mutations/FullSizeRender.JPG", 1),
        on_phone(Role::Raw, "DCIM/100APPLE/IMG_1.CR2", 1),
        on_phone(Role::Original, "DCIM/100APPLE/IMG_1.JPG", 1),
    ];
    let group = Group::of(&item, &Contents::default(), Names::Portable, &Named::MadeAs);
    let names = names(kinds(&group.members), &group.stem, Names::Portable, &mut HashSet::new());
    let names: Vec<&str> = names.iter().map(DestName::as_str).collect();
    assert_eq!(names, ["beach.jpeg", "beach.CR2", "beach_edited.JPG"]);
}

#[test]
fn the_longest_stem_leaves_room_for_all_that_comes_behind() {
    let mut item = item("U", &format!("{}.HEIC", "\u{e9}".repeat(400)), 0);
    item.resources.push(on_phone(Role::EditedLiveVideo, &format!("a.{}", "x".repeat(99)), 1));
    let group = Group::of(&item, &Contents::default(), Names::Portable, &Named::MadeAs);
    let stem = format!("{}-{}-9999", group.stem, "F".repeat(32));
    assert!(DestName::is_stem(&stem));
    // The plain name is not to be had, and not the next one either.
    let extension = group.members[0].extension.as_deref();
    let mut taken = ["_edited", "_edited_live_video"]
        .map(|word| fold(DestName::of_parts(&format!("{stem}{word}"), extension, Names::Portable).as_str()))
        .into();
    let names = names(kinds(&group.members), &stem, Names::Portable, &mut taken);
    assert!(names[0].as_str().ends_with("_edited_live_video_2.xxxxxxxxxxxxxxxx"), "{}", names[0]);
}
