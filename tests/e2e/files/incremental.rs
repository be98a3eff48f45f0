//! What the second run does.

use super::{Bench, NOTES, below, notes};

/// A bench after the first export, whose requests are not counted.
fn exported() -> Bench {
    let bench = Bench::with([notes()]);
    assert_eq!(bench.summary(&["--all"], 0)["exported_files"], 3);
    bench.phone().reset_stats();
    bench
}

#[test]
fn a_second_run_copies_nothing_and_reads_nothing() {
    let bench = exported();
    let before = bench.scene.exported();
    assert_eq!(bench.summary(&["--all"], 0)["exported_files"], 0);
    assert_eq!(bench.scene.exported(), before);
    assert_eq!(bench.phone().stats().file_bytes_sent, 0);
}

#[test]
fn the_times_of_the_phone_are_kept() {
    let bench = exported();
    let time = |path: std::path::PathBuf| path.metadata().unwrap().modified().unwrap();
    assert_eq!(time(bench.on_drive("Notes/todo.txt")), time(bench.document(NOTES, "todo.txt")));
}

#[test]
fn a_new_document_is_added() {
    let bench = exported();
    bench.write(NOTES, "Trips/Faro.txt", "storks");
    assert_eq!(bench.summary(&["--all"], 0)["exported_files"], 1);
    assert_eq!(bench.scene.exported(), below("Notes", bench.truth(NOTES)));
}

#[test]
fn a_changed_document_replaces_what_an_earlier_run_put_there() {
    let bench = exported();
    bench.write(NOTES, "todo.txt", "milk, bread");
    let summary = bench.summary(&["--all"], 0);
    assert_eq!(summary["exported_files"], 1, "{summary}");
    assert_eq!(bench.scene.exported(), below("Notes", bench.truth(NOTES)));
    // The same size, another time and content.
    bench.write(NOTES, "todo.txt", "MILK, BREAD");
    assert_eq!(bench.summary(&["--all"], 0)["exported_files"], 1);
    assert_eq!(bench.scene.exported(), below("Notes", bench.truth(NOTES)));
    assert_eq!(bench.summary(&["--all"], 0)["exported_files"], 0);
}

#[test]
fn what_somebody_changed_on_the_drive_is_not_replaced() {
    let bench = exported();
    std::fs::write(bench.on_drive("Notes/todo.txt"), "mine").unwrap();
    assert_eq!(bench.summary(&["--all"], 0)["exported_files"], 0, "as long as it is the same on the phone");
    assert_eq!(bench.read("Notes/todo.txt"), "mine");
    bench.write(NOTES, "todo.txt", "milk, bread");
    bench.files(&["--all"]).expect(0);
    assert_eq!(bench.read("Notes/todo.txt"), "mine", "nothing is lost");
    let files = bench.scene.exported();
    let wanted = blake3::hash(b"milk, bread").to_hex().to_string();
    let new: Vec<_> = files.iter().filter(|(_, hash)| **hash == wanted).map(|(name, _)| name).collect();
    assert_eq!(new.len(), 1, "{files:?}");
    assert!(new[0].starts_with("Notes/todo") && new[0].ends_with(".txt"), "{new:?}");
    assert_eq!(bench.summary(&["--all"], 0)["exported_files"], 0);
    assert_eq!(bench.scene.exported(), files);
}

#[test]
fn what_is_removed_from_the_phone_stays_on_the_drive() {
    let bench = exported();
    let before = bench.scene.exported();
    std::fs::remove_dir_all(bench.document(NOTES, "Trips")).unwrap();
    bench.files(&["--all"]).expect(0);
    assert_eq!(bench.scene.exported(), before);
}

#[test]
fn what_was_moved_on_the_phone_is_another_document() {
    let bench = exported();
    std::fs::rename(bench.document(NOTES, "todo.txt"), bench.document(NOTES, "Trips/todo.txt")).unwrap();
    assert_eq!(bench.summary(&["--all"], 0)["exported_files"], 1);
    assert_eq!(bench.read("Notes/todo.txt"), "milk");
    assert_eq!(bench.read("Notes/Trips/todo.txt"), "milk");
}

#[test]
fn a_lost_ledger_adopts() {
    let bench = exported();
    let before = bench.scene.exported();
    std::fs::remove_dir_all(bench.on_drive(".iexport")).unwrap();
    let summary = bench.summary(&["--all"], 0);
    assert_eq!((&summary["adopted_files"], &summary["exported_files"]), (&3.into(), &3.into()));
    assert_eq!(bench.scene.exported(), before);
    // And what it adopted is its own again.
    bench.write(NOTES, "todo.txt", "milk, bread");
    bench.files(&["--all"]).expect(0);
    assert_eq!(bench.scene.exported(), below("Notes", bench.truth(NOTES)));
}

#[test]
fn a_strangers_file_of_the_same_name_is_left_alone() {
    let bench = Bench::with([notes()]);
    std::fs::create_dir(bench.on_drive("Notes")).unwrap();
    std::fs::write(bench.on_drive("Notes/todo.txt"), "theirs").unwrap();
    bench.files(&["--all"]).expect(0);
    assert_eq!(bench.read("Notes/todo.txt"), "theirs");
    assert_eq!(bench.scene.names().len(), 4);
}

#[test]
fn a_document_becomes_a_folder_of_the_same_name() {
    let bench = exported();
    std::fs::remove_file(bench.document(NOTES, "todo.txt")).unwrap();
    bench.write(NOTES, "todo.txt/inside.txt", "in");
    let run = bench.files(&["--all"]);
    // The earlier document is where the folder would be: it stays, and the new one is told of.
    run.expect(3).says("in the way");
    assert_eq!(bench.read("Notes/todo.txt"), "milk");
}
