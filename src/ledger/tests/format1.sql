-- A ledger of format 1, as iexport made it before it compared fingerprints.
CREATE TABLE phones (
    id INTEGER PRIMARY KEY,
    udid TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    model TEXT NOT NULL,
    ios_version TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL
);
CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    phone INTEGER NOT NULL REFERENCES phones (id),
    started TEXT NOT NULL,
    finished TEXT,
    program_version TEXT NOT NULL,
    exported_files INTEGER,
    exported_bytes INTEGER,
    already_files INTEGER,
    failed_files INTEGER,
    complete INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE files (
    id INTEGER PRIMARY KEY,
    phone INTEGER NOT NULL REFERENCES phones (id),
    uuid TEXT NOT NULL,
    role TEXT NOT NULL,
    path TEXT NOT NULL,
    path_key TEXT NOT NULL UNIQUE,
    stem TEXT NOT NULL,
    size INTEGER NOT NULL,
    blake3 TEXT NOT NULL,
    fingerprint TEXT,
    revision TEXT NOT NULL,
    source_path TEXT NOT NULL,
    taken TEXT,
    exported_at TEXT NOT NULL,
    run INTEGER NOT NULL REFERENCES runs (id),
    UNIQUE (phone, uuid, role)
);
CREATE TABLE conflicts (
    id INTEGER PRIMARY KEY,
    phone INTEGER NOT NULL REFERENCES phones (id),
    uuid TEXT NOT NULL,
    role TEXT NOT NULL,
    path TEXT NOT NULL,
    size INTEGER NOT NULL,
    found_at TEXT NOT NULL,
    run INTEGER NOT NULL REFERENCES runs (id),
    UNIQUE (phone, uuid, role, path)
);
PRAGMA application_id = 1766160496;
PRAGMA user_version = 1;
INSERT INTO phones VALUES
    (1, 'P', 'Ada''s iPhone', 'iPhone16,2', '18.5', '2024-03-09T12:00:00Z', '2024-03-09T12:00:00Z');
INSERT INTO runs VALUES
    (1, 1, '2024-03-09T12:00:00Z', '2024-03-09T12:00:02Z', '0.1.0', 1, 1234, 0, 0, 1);
INSERT INTO files VALUES
    (1, 1, 'A', 'original', '2024/2024-03/IMG_1.HEIC', '2024/2024-03/img_1.heic', 'IMG_1', 1234,
     '6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85', 'AQ', '7.25',
     'DCIM/100APPLE/IMG_1.HEIC', '2024-03-09T11:58:21Z', '2024-03-09T12:00:01Z', 1);
