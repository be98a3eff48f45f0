//! Books: unpacked ones become one valid `.epub`, PDFs come byte for byte.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use jiff::Timestamp;
use phone_libraries::{
    BookSpec, BookState, BooksSpec, Extras, ExtrasTruth, PlistForm, TruthBook, TruthBookForm,
};

use crate::scene::Scene;

const KIND: &str = "books";

fn phone(spec: BooksSpec) -> (Scene, ExtrasTruth) {
    Scene::holding(&Extras { books: Some(spec), ..Extras::default() }, |_| ())
}

fn two() -> BooksSpec {
    let books = vec![
        BookSpec::epub("The Long Way", "A.epub").by("Ada B. Quill"),
        BookSpec::pdf("Handbook", "B.pdf").by("Zoë"),
    ];
    BooksSpec { seed: 9, books, ..BooksSpec::default() }
}

/// What is in an archive, in its order.
fn unpacked(file: &Path) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(std::fs::File::open(file).unwrap()).unwrap();
    (0..archive.len())
        .map(|at| {
            let mut entry = archive.by_index(at).unwrap();
            assert_eq!(entry.compression(), zip::CompressionMethod::Stored);
            let name = entry.name().unwrap().into_owned();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            (name, bytes)
        })
        .collect()
}

/// Fails unless an exported book is what is on the phone.
#[track_caller]
fn assert_exported(scene: &Scene, book: &TruthBook, name: &str) {
    let TruthBookForm::EpubFolder = book.form else {
        return scene.assert_same(&book.files[0], name);
    };
    let entries = unpacked(&scene.dest.join(name));
    assert_eq!(entries[0], ("mimetype".to_owned(), b"application/epub+zip".to_vec()), "{name}");
    let inside: BTreeMap<String, Vec<u8>> = entries.into_iter().collect();
    let folder = format!("{}/", book.device_path);
    let expected = book.files.iter().map(|file| {
        let bytes = std::fs::read(scene.media().join(&file.device_path)).unwrap();
        (file.device_path.strip_prefix(&folder).unwrap().to_owned(), bytes)
    });
    assert!(inside == expected.collect(), "{name}: {:?}", inside.keys());
}

fn title<'t>(truth: &'t ExtrasTruth, title: &str) -> &'t TruthBook {
    truth.books.iter().find(|book| book.title == title).unwrap()
}

#[test]
fn names_and_contents() {
    for form in [PlistForm::Xml, PlistForm::Binary] {
        let (scene, truth) = phone(BooksSpec::all_sorts(form));
        let summary = scene.export_kind(KIND, &["--json"]).expect(0).summary();
        let same = ["Ada B. Quill/Same Title： Part 1／2？.pdf", "Ada B. Quill/Same Title： Part 1／2？-"];
        for (name, of) in [
            ("A Taste.epub", "A Taste"),
            ("Ada B. Quill/Three & ＜Four＞.epub", "Three & <Four>"),
            ("Given by Work.pdf", "Given by Work"),
            ("Größe 📚.epub", "Größe 📚"),
            ("In No List.epub", "In No List"),
            ("Known Inside/Without a Name.epub", "Without a Name"),
            ("Packed.epub", "Packed"),
            ("Two.epub", "Two"),
            ("Zoë/Größe (1) ＼ 漢字.pdf", "Größe (1) \\ 漢字"),
        ] {
            assert_exported(&scene, title(&truth, of), name);
        }
        let names = scene.names();
        assert_eq!(names.len(), 11, "{names:?}");
        assert_eq!(names.iter().filter(|name| same.iter().any(|same| name.starts_with(same))).count(), 2);
        let here = |book: &&TruthBook| book.state == BookState::Here && !book.is_protected;
        assert_eq!(truth.books.iter().filter(here).count(), 11);
        assert_eq!(summary["exported_files"], 11);
        assert_eq!(summary["left_out_protected"], 2);
        let listed = |key: &str| {
            let list = summary[key].as_array().unwrap().iter();
            let mut names: Vec<&str> = list.map(|file| file["name"].as_str().unwrap()).collect();
            names.sort_unstable();
            names
        };
        // Of what was bought a remainder tells that it is in the cloud; what was synced from a computer is gone.
        assert_eq!(listed("cloud_only"), ["Stub.epub"]);
        assert_eq!(listed("missing"), ["Cloud.epub", "Stub.pdf"]);
        assert_eq!(listed("protected"), ["1234567890.epub", "quiet.epub"]);
        assert_eq!(truth.books.iter().filter(|book| book.state != BookState::Here).count(), 3);
    }
}

/// An EPUB begins with a file that says so, and some programs take what lacks it for something else.
#[test]
fn a_book_without_its_mimetype_gets_one() {
    let (scene, truth) = phone(two());
    let book = title(&truth, "The Long Way");
    std::fs::remove_file(scene.media().join(&book.device_path).join("mimetype")).unwrap();
    assert_eq!(scene.export_kind(KIND, &["--json"]).expect(0).summary()["exported_files"], 2);
    let entries = unpacked(&scene.dest.join("Ada B. Quill/The Long Way.epub"));
    assert_eq!(entries[0], ("mimetype".to_owned(), b"application/epub+zip".to_vec()));
    assert_eq!(entries.len(), book.files.len());
    assert_eq!(scene.export_kind(KIND, &["--json"]).expect(0).summary()["exported_files"], 0);
}

#[test]
fn protected_ones_are_told_and_can_be_had() {
    let (scene, truth) = phone(BooksSpec::all_sorts(PlistForm::Xml));
    let run = scene.export_kind(KIND, &[]);
    run.expect(0)
        .says("2 protected (DRM), of use only with their account (--protected include)")
        .says("Protected (DRM), not exported:\n  1234567890.epub\n  quiet.epub");
    let run = scene.export_kind(KIND, &["--protected", "include"]);
    run.expect(0).says("Exported              2 files").says("asked for all the same:\n  1234567890.epub");
    assert_exported(&scene, title(&truth, "Bought"), "Bought.epub");
    assert_exported(&scene, title(&truth, "Quietly Bought"), "Quietly Bought.epub");
    let (scene, _) = phone(BooksSpec::all_sorts(PlistForm::Xml));
    scene.export_kind(KIND, &["--protected", "only"]).expect(0);
    assert_eq!(scene.names(), ["Bought.epub", "Quietly Bought.epub"]);
}

#[test]
fn once_is_enough() {
    let (scene, _) = phone(BooksSpec::all_sorts(PlistForm::Binary));
    scene.export_kind(KIND, &[]).expect(0);
    let files = scene.exported();
    let again = scene.export_kind(KIND, &["--json"]).expect(0).summary();
    assert_eq!((&again["exported_files"], &again["already_files"]), (&0.into(), &11.into()));
    // A lost ledger heals: an archive is the same, whenever it is made.
    std::fs::remove_dir_all(scene.dest.join(".iexport")).unwrap();
    let healed = scene.export_kind(KIND, &["--json"]).expect(0).summary();
    assert_eq!(healed["adopted_files"], 11, "{healed}");
    assert_eq!(scene.exported(), files);
}

#[test]
fn a_book_that_changed() {
    let (scene, truth) = phone(two());
    scene.export_kind(KIND, &[]).expect(0);
    let names = scene.names();
    // Somebody draws in the PDF; the store brings a new edition of the other.
    let (book, pdf) = (title(&truth, "The Long Way"), title(&truth, "Handbook"));
    let path = scene.media().join(&pdf.device_path);
    let drawn = [std::fs::read(&path).unwrap(), b"% drawn\n".to_vec()].concat();
    std::fs::write(&path, drawn).unwrap();
    let container = scene.media().join(&book.device_path).join("META-INF/container.xml");
    let bytes = std::fs::read(&container).unwrap();
    std::fs::remove_file(&container).unwrap();
    std::fs::write(&container, bytes).unwrap();
    let chapter = book.files.iter().find(|file| file.device_path.ends_with(".xhtml")).unwrap();
    let path = scene.media().join(&chapter.device_path);
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("</body>", "<p>More.</p></body>")).unwrap();
    let summary = scene.export_kind(KIND, &["--json"]).expect(0).summary();
    assert_eq!((&summary["exported_files"], &summary["replaced_files"]), (&2.into(), &2.into()), "{summary}");
    assert_eq!(scene.names(), names);
    assert_exported(&scene, book, "Ada B. Quill/The Long Way.epub");
    assert_exported(&scene, pdf, "Zoë/Handbook.pdf");
    let again = scene.export_kind(KIND, &["--json"]).expect(0).summary();
    assert_eq!(again["exported_files"], 0);
}

/// Of a book that no list names only its place is known: another file there may be another book.
#[test]
fn another_book_in_the_place_of_one_that_no_list_names() {
    let (scene, _) = phone(two());
    let path = scene.media().join("Books/loose.pdf");
    std::fs::write(&path, "%PDF-1.4 one").unwrap();
    let words = ["--orphans", "include", "--json"];
    assert_eq!(scene.export_kind(KIND, &words).expect(0).summary()["exported_files"], 3);
    let before = scene.exported();
    std::fs::write(&path, "%PDF-1.4 another one").unwrap();
    let summary = scene.export_kind(KIND, &words).expect(0).summary();
    assert_eq!((&summary["exported_files"], &summary["replaced_files"]), (&1.into(), &0.into()));
    let after = scene.exported();
    assert!(before.iter().all(|(name, hash)| after.get(name) == Some(hash)) && after.len() == 4, "{after:?}");
    scene
        .run(&["manifest", "--to", scene.dest.to_str().unwrap(), "--check=hash"])
        .expect(0)
        .says("All 4 files");
}

#[test]
fn a_book_is_as_old_as_its_newest_file() {
    let (scene, truth) = phone(two());
    let book = title(&truth, "The Long Way");
    let newer: Timestamp = "2024-05-06T07:08:09Z".parse().unwrap();
    let file =
        std::fs::File::options().append(true).open(scene.media().join(&book.files[3].device_path)).unwrap();
    file.set_modified(newer.into()).unwrap();
    scene.export_kind(KIND, &[]).expect(0);
    assert_eq!(scene.modified("Ada B. Quill/The Long Way.epub"), newer.as_second());
    let pdf: Timestamp = title(&truth, "Handbook").imported.parse().unwrap();
    assert_eq!(scene.modified("Zoë/Handbook.pdf"), pdf.as_second());
}

#[test]
fn what_lies_among_them() {
    let (scene, _) = phone(two());
    for (path, bytes) in [
        ("Books/x.txt", "text"),
        ("Books/noext", "no one knows"),
        ("Books/Folder/y.pdf", "%PDF-1.4"),
        ("Books/Folder/part.m4b", "sound"),
    ] {
        let path = scene.media().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    scene
        .export_kind(KIND, &[])
        .expect(0)
        .says("Left out: 2 files of other kinds in the folders of books on the phone.")
        .says("Not in the catalogue  2 files in the folders of books, not exported (--orphans include)");
    assert_eq!(scene.names(), ["Ada B. Quill/The Long Way.epub", "Zoë/Handbook.pdf"]);
    scene.export_kind(KIND, &["--orphans", "only"]).expect(0).says("Exported              2 files");
    assert_eq!(
        scene.names(),
        [
            "Ada B. Quill/The Long Way.epub",
            "Not in library/part.m4b",
            "Not in library/y.pdf",
            "Zoë/Handbook.pdf"
        ]
    );
}

#[test]
fn some_of_them() {
    for (which, names) in [
        (&["--author", "quill"][..], &["Ada B. Quill/The Long Way.epub"][..]),
        (&["--title", "handbook"], &["Zoë/Handbook.pdf"]),
        (&["--where", "extension|lower == 'pdf'"], &["Zoë/Handbook.pdf"]),
    ] {
        let (scene, _) = phone(two());
        scene.export_some(KIND, which).expect(0);
        assert_eq!(scene.names(), names, "{which:?}");
    }
}
