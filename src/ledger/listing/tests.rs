use std::fs;

use super::*;
use crate::catalog::Role;
use crate::ledger::tests::{FORMAT_1, PATH, entry, phone, time};
use crate::ledger::{Entry, FILE, FOLDER};

fn told(ledger: &Ledger) -> Vec<Listed> {
    ledger.listing().unwrap().map(Result::unwrap).collect()
}

fn paths(ledger: &Ledger) -> Vec<String> {
    told(ledger).into_iter().map(|listed| listed.path.to_text().to_owned()).collect()
}

/// A ledger with files at these paths.
fn ledger_of<'p>(paths: impl IntoIterator<Item = &'p str>) -> Ledger {
    let mut ledger = Ledger::open_in_memory().unwrap();
    let run = ledger.begin_run(&phone("P")).unwrap();
    let entries: Vec<Entry> = paths
        .into_iter()
        .enumerate()
        .map(|(n, path)| Entry { stem: "x".into(), ..entry(&format!("U{n}"), Role::Original, path) })
        .collect();
    ledger.record(run, &entries).unwrap();
    ledger
}

fn add_what_refers_to_files(ledger: &Ledger) {
    ledger
        .db
        .execute_batch(&format!(
            "INSERT INTO links (phone, uuid, role, path, path_key, stem, target, kind, size, revision, made_at, run)
             VALUES (1, 'U0', 'original', 'Album/IMG_1.HEIC', 'album/img_1.heic', 'IMG_1', '{PATH}', 'symbolic',
                 1234, '7.25', '2024-03-09T12:00:05Z', 1),
                 (1, 'U0', 'original', 'Album/old.HEIC', 'album/old.heic', 'old', '{PATH}', 'hard',
                 99, '6.5', '2024-03-09T12:00:05Z', 1);
             INSERT INTO sidecars (phone, uuid, role, format, path, path_key, size, blake3, written_at, run)
             VALUES (1, 'U0', 'item', 'xmp', '{PATH}.xmp', '2024/2024-03/img_1.heic.xmp', 77,
                 '6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85', '2024-03-09T12:00:06Z', 1);
             INSERT INTO album_lists (phone, album, format, path, path_key, blake3, written_at, run)
             VALUES (1, 'X', 'm3u8', 'Album.m3u8', 'album.m3u8',
                 '6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85', '2024-03-09T12:00:07Z', 1);"
        ))
        .unwrap();
}

#[test]
fn it_has_the_order_of_the_paths_over_all_pages() {
    let names: Vec<String> = (0..3 * PAGE + 7).map(|n| format!("b/{n:05}.jpg")).collect();
    let all = names.iter().rev().map(String::as_str).chain(["C/x.jpg", "a/x.jpg", "B/00003.png"]);
    let told = paths(&ledger_of(all));
    let mut expected = names;
    expected.extend(["C/x.jpg", "a/x.jpg", "B/00003.png"].map(str::to_owned));
    expected.sort_by_key(|path| path.to_lowercase());
    assert_eq!(told, expected);
}

#[test]
fn links_sidecars_and_lists_are_among_the_files() {
    let ledger = ledger_of([PATH, "Undated/x.jpg"]);
    add_what_refers_to_files(&ledger);
    let told = told(&ledger);
    let kinds: Vec<_> = told.iter().map(|listed| (listed.kind.name(), listed.path.to_text())).collect();
    assert_eq!(
        kinds,
        [
            ("file", PATH),
            ("sidecar", "2024/2024-03/IMG_1.HEIC.xmp"),
            ("album_list", "Album.m3u8"),
            ("link", "Album/IMG_1.HEIC"),
            ("link", "Album/old.HEIC"),
            ("file", "Undated/x.jpg"),
        ]
    );
    let [file, sidecar, list, link, stale, _] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((file.proof, file.original_name.as_deref()), (Some(Proof::Differs), Some("IMG_1.HEIC")));
    assert_eq!((file.udid.as_str(), file.phone_name.as_str()), ("P", "Ada\u{2019}s iPhone"));
    assert_eq!((link.size_bytes, link.hash, link.proof), (file.size_bytes, file.hash, file.proof));
    assert_eq!(link.target.as_ref().map(DestPath::to_text), Some(PATH));
    assert_eq!((link.form.as_deref(), link.exported_at), (Some("symbolic"), time(5)));
    assert_eq!((stale.size_bytes, stale.hash), (Some(99), None), "made from an older version of its file");
    assert_eq!((list.role.as_str(), list.uuid.0.as_str(), list.size_bytes), ("album", "X", None));
    assert!(list.hash.is_some() && list.form.as_deref() == Some("m3u8"));
    assert_eq!((sidecar.size_bytes, sidecar.form.as_deref()), (Some(77), Some("xmp")));
    assert_eq!((sidecar.role.as_str(), sidecar.original_name.as_deref()), ("item", Some("IMG_1.HEIC")));
    assert_eq!((sidecar.taken, sidecar.proof), (file.taken, None));
    let totals = ListingTotals { entries: 6, bytes: 3 * 1_234 + 99 + 77 };
    assert_eq!(ledger.listing_totals().unwrap(), totals);
}

#[test]
fn what_is_recorded_meanwhile_is_told_if_its_place_has_not_passed() {
    let dest = tempfile::tempdir().unwrap();
    let mut writer = Ledger::open(dest.path()).unwrap();
    let run = writer.begin_run(&phone("P")).unwrap();
    let entries: Vec<Entry> =
        (0..2 * PAGE).map(|n| entry(&format!("U{n}"), Role::Original, &format!("m/{n:05}.jpg"))).collect();
    writer.record(run, &entries).unwrap();
    let reader = Ledger::open_existing_read_only(dest.path()).unwrap().unwrap();
    let mut listing = reader.listing().unwrap();
    let first = listing.next().unwrap().unwrap();
    // The list is in the middle, and the run is not held up.
    writer.record(run, &[entry("V", Role::Original, "a.jpg"), entry("W", Role::Original, "z.jpg")]).unwrap();
    assert!(writer.forget("P", &first.uuid, Role::Original).unwrap());
    assert_eq!(listing.again(&first).unwrap(), None);
    let rest: Vec<Listed> = listing.by_ref().map(Result::unwrap).collect();
    assert_eq!(rest.len(), 2 * PAGE);
    assert_eq!(rest.last().unwrap().path.to_text(), "z.jpg");
    assert_eq!(listing.again(&rest[0]).unwrap().as_ref(), Some(&rest[0]));
}

#[test]
fn rows_that_make_no_sense_are_counted_and_passed_over() {
    for (column, value) in [
        ("path", "'../../etc/passwd'"),
        ("path", "''"),
        ("path", "x'00ff'"),
        ("path_key", "x'00ff'"),
        ("size", "-1"),
        ("size", "'many'"),
        ("blake3", "'abc'"),
        ("proof", "'perhaps'"),
        ("exported_at", "'yesterday'"),
        ("uuid", "x'00'"),
    ] {
        let ledger = ledger_of([PATH, "Undated/x.jpg"]);
        let sql = format!("UPDATE files SET {column} = {value} WHERE path = 'Undated/x.jpg'");
        ledger.db.execute_batch(&sql).unwrap();
        let mut listing = ledger.listing().unwrap();
        assert_eq!(listing.by_ref().map(Result::unwrap).count(), 1, "{column} = {value}");
        assert_eq!(listing.odd_rows(), 1, "{column} = {value}");
    }
}

#[test]
fn a_ledger_of_the_first_format_is_listed_as_it_is() {
    let dest = tempfile::tempdir().unwrap();
    fs::create_dir(dest.path().join(FOLDER)).unwrap();
    let file = dest.path().join(FOLDER).join(FILE);
    Connection::open(&file).unwrap().execute_batch(FORMAT_1).unwrap();
    let before = fs::read(&file).unwrap();
    let ledger = Ledger::open_to_list(dest.path()).unwrap().unwrap();
    let told = told(&ledger);
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].size_bytes, told[0].proof, &told[0].original_name), (Some(1_234), None, &None));
    drop(ledger);
    assert_eq!(fs::read(&file).unwrap(), before);
}
