use super::*;
use crate::report::{DifferingFile, FailedFile, ItemFile, Outcome, Total};

fn item_file(name: &str, role: &'static str, bytes: Option<u64>) -> ItemFile {
    ItemFile { uuid: name.to_owned(), name: name.to_owned(), role, bytes }
}

fn differing(name: &str) -> DifferingFile {
    DifferingFile {
        uuid: String::new(),
        name: name.to_owned(),
        role: "original",
        to: format!("2024/{name}"),
        from: None,
    }
}

fn failed(name: &str) -> FailedFile {
    FailedFile {
        uuid: String::new(),
        name: name.to_owned(),
        role: "original",
        from: format!("DCIM/{name}"),
        to: String::new(),
        reason: "not found on the phone".to_owned(),
    }
}

#[test]
fn all_is_well() {
    let summary = Summary {
        library_items: 2_000,
        items: 2_000,
        exported_files: 2_500,
        exported_bytes: 5_000_000_000,
        proven_files: 2_500,
        seconds: 140.0,
        destination: "/Volumes/Drive/".to_owned(),
        report: Some(".iexport/reports/x.json".to_owned()),
        ..Summary::default()
    };
    assert_eq!(
        text(&summary),
        "
  Asked for             2,000 photos and videos, the whole library
  Exported              2,500 files, 5.0 GB
  Already there         0 files, 0 bytes
  Proven                2,500 of 2,500 files are byte for byte what the phone recorded
  Failed                0 files
  Time                  2 min 20 s
  Report                /Volumes/Drive/.iexport/reports/x.json

Everything that was asked for is on the drive.
"
    );
}

#[test]
fn whatever_is_not_on_the_drive_is_said_at_the_end() {
    let summary = Summary {
        library_items: 60,
        items: 43,
        hidden_items: 1,
        exported_files: 50,
        exported_bytes: 1_000_000,
        already_files: 4,
        already_bytes: 2_000,
        proven_files: 45,
        no_fingerprint_files: 6,
        no_record_files: 1,
        differs: vec![differing("a\u{1b}.JPG"), differing("b.JPG")],
        cloud_only: vec![
            item_file("c.JPG", "original", Some(3_000_000)),
            item_file("c.JPG", "live_video", None),
            item_file("d.JPG", "edited", None),
        ],
        cloud_only_bytes: 3_000_000,
        missing: vec![item_file("e.JPG", "original", None)],
        left_out_trashed: 1,
        left_out_shared: 2,
        left_out_shared_with_you: 3,
        left_out_elsewhere: 4,
        left_out_orphans: 1,
        left_out_others: 1,
        not_asked_items: 6,
        seconds: 1.0,
        ..Summary::default()
    };
    assert_eq!(
        text(&summary),
        "
  Asked for             43 photos and videos, of 60 in the library
  Exported              50 files, 1.0 MB
  Already there         4 files, 2.0 kB
  Proven                45 of 54 files were byte for byte what the phone recorded when copied
                        6 were copied whole, but the phone recorded nothing to compare with, as is common
                        1 was exported by an older iexport, which did not compare
  Differs               2 files are on the drive as on the phone, but not what Photos recorded; see below
  Only in iCloud        1 photo or video, at least 3.0 MB: not on this phone, so not on the drive
                        and 1 file (edits, Live movies, RAW) of photos whose originals are here
  Missing               1 file that the catalogue names and the phone does not have; see below
  Failed                0 files
  Hidden album          1 item, included above (--hidden exclude leaves them out)
  Left out              1 in Recently Deleted (--trashed include)
                        2 in shared albums (--shared include)
                        3 in Shared with You, not saved (--shared-with-you include)
                        4 in iCloud links and the like
                        7 not asked for
  Not in the catalogue  1 file in the camera folders, not exported (--orphans include)
  Time                  1.0 s

Missing on the phone:
  e.JPG (original)

Not what Photos recorded:
  a\\u{1b}.JPG (2024/a\\u{1b}.JPG)
  b.JPG (2024/b.JPG)
  These are on the drive exactly as they are on the phone. They were changed there after Photos
  recorded them, or they are damaged there. Open them on the drive before you delete anything.

Everything that was asked for and is on the phone is on the drive.
NOT on the drive: 1 only in iCloud, 1 file (edits, Live movies, RAW) only in iCloud, 1 file missing on the phone.
Left out, and NOT on the drive unless another run put it there: 1 file not in the catalogue, 1 in Recently Deleted, \
2 in shared albums, 3 in Shared with You, 4 in iCloud links and the like, 7 not asked for.
2 files are not what Photos recorded: look at the list above before you delete anything.
"
    );
}

#[test]
fn a_failure_does_not_hide_what_is_only_in_icloud() {
    let summary = Summary {
        outcome: Outcome::WithFailures,
        items: 20,
        library_items: 20,
        exported_files: 7,
        failed: (0..12).map(|n| failed(&format!("{n}.JPG"))).collect(),
        cloud_only: vec![item_file("c.JPG", "original", None)],
        ..Summary::default()
    };
    let text = text(&summary);
    assert!(
        text.contains("  Only in iCloud        1 photo or video, size unknown: not on this phone"),
        "{text}"
    );
    assert!(text.contains("\nFailed:\n  0.JPG (DCIM/0.JPG): not found on the phone\n"), "{text}");
    assert!(text.contains("  and 2 more, see the report\n"), "{text}");
    let end = "
12 files could not be exported and are NOT on the drive. Everything else that was asked for and is on the phone is.
NOT on the drive: 1 only in iCloud, 12 files that failed.
Run the same command again to try only what is missing.
";
    assert!(text.ends_with(end), "{text}");
}

#[test]
fn a_run_that_ended_early_says_how_much_is_left() {
    for (outcome, words) in [
        (Outcome::Interrupted, "Stopped. What is listed as exported is safe on the drive."),
        (Outcome::PhoneLost, "The connection to the iPhone was lost. What is listed as exported is safe"),
        (Outcome::DestinationFull, "The drive is full. What is listed as exported is safe on it."),
        (Outcome::DestinationFailed, "The drive cannot be written to any more."),
    ] {
        let summary =
            Summary { outcome, items: 9, exported_files: 4, not_reached: 1_005, ..Summary::default() };
        let text = text(&summary);
        assert!(text.contains(words), "{text}");
        assert!(text.contains("  Not reached           1,005 files\n"), "{text}");
        assert!(text.contains("\nNOT on the drive: 1,005 files not reached.\n"), "{text}");
        assert!(text.contains("un the same command"), "{text}");
    }
}

#[test]
fn nobody_hears_that_all_is_there_when_folders_could_not_be_read() {
    let unread =
        |summary: Summary| text(&Summary { outcome: Outcome::WithFailures, unread_folders: 1, ..summary });
    let known = "1 folder of the phone could not be read, and what is in it is NOT known: do not delete anything from the \
                 phone because of this export.\n";
    let one = Summary { items: 1, library_items: 1, exported_files: 1, ..Summary::default() };
    for (summary, words) in [
        (one.clone(), "Everything that was asked for and found on the phone is on the drive."),
        (
            Summary { exported_files: 0, already_files: 1, ..one.clone() },
            "Nothing was copied: everything that was asked for and found on the phone is on the drive already.",
        ),
        (Summary::default(), "Nothing was found to export."),
        (
            Summary { failed: vec![failed("a.JPG")], ..one.clone() },
            "1 file could not be exported and is NOT on the drive. Everything else that was asked for and found on \
             the phone is.\nNOT on the drive: 1 file that failed.",
        ),
    ] {
        let text = unread(summary);
        let end = format!("\n{words}\n{known}Run the same command again to try only what is missing.\n");
        assert!(text.ends_with(&end), "{text}");
        let row = "\n  Could not be read     1 folder of the phone: what is in there is not known\n";
        assert!(text.contains(row), "{text}");
    }
    let stopped = text(&Summary { outcome: Outcome::Interrupted, unread_folders: 2_000, ..one });
    let end = "
Stopped. What is listed as exported is safe on the drive.
2,000 folders of the phone could not be read, and what is in them is NOT known: do not delete anything from the phone \
because of this export.
Run the same command again: it goes on where it was.
";
    assert!(stopped.ends_with(end), "{stopped}");
}

#[test]
fn files_that_the_catalogue_does_not_name_are_no_part_of_the_library() {
    let asked = |items: usize, orphan_items: usize| {
        asked_for(&Summary { items, orphan_items, library_items: 46, ..Summary::default() })
    };
    assert_eq!(asked(46, 0), "46 photos and videos, the whole library");
    assert_eq!(asked(46, 1), "46 photos and videos, of 46 in the library, 1 of them not in the catalogue");
    assert_eq!(asked(47, 1), "47 photos and videos, the whole library, 1 of them not in the catalogue");
    assert_eq!(asked(4, 4), "4 photos and videos, 4 of them not in the catalogue");
    assert_eq!(asked(0, 0), "0 photos and videos, of 46 in the library");
}

#[test]
fn what_was_not_read_is_not_called_nothing() {
    use crate::report::CollectionTotal;
    let own = |collection, outcome, left_out| CollectionTotal {
        outcome: Some(outcome),
        reason: None,
        left_out,
        ..CollectionTotal::out_of_reach(collection, String::new())
    };
    let total = Total::of(
        vec![
            own(Collection::Photos, Outcome::Complete, 60),
            own(Collection::Ringtones, Outcome::Complete, 0),
            CollectionTotal {
                beyond_reach: vec!["Some.".to_owned()],
                ..own(Collection::Books, Outcome::Complete, 0)
            },
            own(Collection::Music, Outcome::PhoneLost, 0),
        ],
        "/drive".to_owned(),
        1.0,
    );
    assert_eq!(
        total::text(&total),
        "
Everything
  Photos        0 files exported, 0 bytes, 60 left out
  Ringtones     nothing there
  Books         nothing that the cable reaches
  Music         0 files exported, 0 bytes, the connection was lost
  Together      0 files, 0 bytes, in 1.0 s

Not everything is on the drive: see above, kind by kind. Run the same command again to go on.
Not exported in this run: Music, Videos, Voice Memos, Podcasts, Files.
"
    );
}
