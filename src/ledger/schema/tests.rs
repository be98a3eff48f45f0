use super::*;

const ONE: &str = "CREATE TABLE a (x INTEGER);";
const TWO: &str = "ALTER TABLE a ADD COLUMN y TEXT; CREATE TABLE b (z TEXT);";
const BROKEN: &str = "CREATE TABLE c (x INTEGER); INSERT INTO nowhere VALUES (1);";

fn context() -> Context {
    Context::new("ledger.db".into())
}

fn count(db: &Connection, table: &str) -> i64 {
    let sql = "SELECT count(*) FROM sqlite_schema WHERE name = ?1";
    db.query_row(sql, [table], |row| row.get(0)).unwrap()
}

#[test]
fn steps_that_are_missing_are_taken_in_order_and_only_once() {
    let mut db = Connection::open_in_memory().unwrap();
    assert_eq!(check_against(&db, &context(), 2).unwrap(), State::Empty);
    migrate_by(&mut db, &context(), &[ONE]).unwrap();
    db.execute("INSERT INTO a VALUES (7)", []).unwrap();
    assert_eq!(check_against(&db, &context(), 2).unwrap(), State::Older(1));
    for _ in 0..2 {
        migrate_by(&mut db, &context(), &[ONE, TWO]).unwrap();
        assert_eq!(check_against(&db, &context(), 2).unwrap(), State::Current);
    }
    let row: (i64, Option<String>) =
        db.query_row("SELECT x, y FROM a", [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    assert_eq!(row, (7, None), "what was there stays");
}

#[test]
fn a_step_that_fails_leaves_the_one_before() {
    let mut db = Connection::open_in_memory().unwrap();
    let error = migrate_by(&mut db, &context(), &[ONE, BROKEN]).unwrap_err();
    assert!(matches!(error, LedgerError::Database { .. }), "{error:?}");
    assert_eq!(check_against(&db, &context(), 1).unwrap(), State::Current);
    assert_eq!((count(&db, "a"), count(&db, "c")), (1, 0));
}

#[test]
fn a_newer_format_is_refused() {
    let mut db = Connection::open_in_memory().unwrap();
    migrate_by(&mut db, &context(), &[ONE, TWO]).unwrap();
    let error = migrate_by(&mut db, &context(), &[ONE]).unwrap_err();
    assert!(matches!(error, LedgerError::Newer { found: 2, supported: 1, .. }), "{error:?}");
    assert_eq!(count(&db, "b"), 1, "and left as it is");
}

#[test]
fn a_database_of_another_program_is_refused() {
    let mut db = Connection::open_in_memory().unwrap();
    db.execute_batch(ONE).unwrap();
    let error = migrate(&mut db, &context()).unwrap_err();
    assert!(matches!(error, LedgerError::NotALedger { .. }), "{error:?}");
    assert_eq!(count(&db, "files"), 0);
}

#[test]
fn the_first_format_stays_as_it_was_released() {
    let mut db = Connection::open_in_memory().unwrap();
    migrate_by(&mut db, &context(), &STEPS[..1]).unwrap();
    let mut select = db.prepare("SELECT name FROM pragma_table_info('files') ORDER BY cid").unwrap();
    let columns: Vec<String> =
        select.query_map([], |row| row.get(0)).unwrap().collect::<rusqlite::Result<_>>().unwrap();
    assert_eq!(
        columns.join(" "),
        "id phone uuid role path path_key stem size blake3 fingerprint revision source_path taken \
         exported_at run"
    );
}
