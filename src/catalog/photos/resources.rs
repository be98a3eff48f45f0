//! What the database knows of the files of an asset (facts/media.md section A8).
//!
//! It is only half of the truth: whether a file is on the phone is decided by looking. This half tells what
//! should be there, how large it is, and what iCloud has.

use super::Tables;
use super::assets::Assets;
use super::attributes::fingerprint;
use crate::catalog::Fingerprint;
use crate::catalog::database::Cells;

/// One file, as the database has it.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    /// The database says that it is on the phone.
    pub local: bool,
    /// iCloud has it.
    pub remote: bool,
    pub bytes: Option<u64>,
    pub fingerprint: Option<Fingerprint>,
}

impl Known {
    /// Whether to look for it where nobody can see what is there: unless the database says that it is elsewhere.
    pub(super) const fn may_be_here(&self) -> bool {
        self.local || !self.remote
    }
}

/// A file of an asset that an export could want.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileKind {
    Original,
    LiveMovie,
    /// The RAW of a pair; or its JPEG, where the RAW is the main file.
    Raw,
    EditedImage,
    EditedVideo,
    EditedLiveMovie,
    CameraAdjustments,
    /// The file of a shared album, which stands for the original.
    Shared,
}

/// The files of one asset; few, so they are looked through.
#[derive(Debug, Clone, Default)]
pub(super) struct KnownFiles(Vec<(FileKind, Known)>);

impl KnownFiles {
    pub(super) fn get(&self, kind: FileKind) -> Option<&Known> {
        self.0.iter().find(|(own, _)| *own == kind).map(|(_, known)| known)
    }

    pub(super) fn has(&self, kind: FileKind) -> bool {
        self.get(kind).is_some()
    }

    /// Of several rows for one file, the one that is on the phone counts.
    fn add(&mut self, kind: FileKind, known: Known) {
        match self.0.iter_mut().find(|(own, _)| *own == kind) {
            None => {
                self.0.reserve_exact(1);
                self.0.push((kind, known));
            }
            Some((_, before)) if !before.local && known.local => *before = known,
            Some(_) => {}
        }
    }
}

const COLUMNS: &[&str] = &[
    "ZASSET",
    "ZDATASTORECLASSID",
    "ZDATASTORESUBTYPE",
    "ZRESOURCETYPE",
    "ZRECIPEID",
    "ZVERSION",
    "ZLOCALAVAILABILITY",
    "ZREMOTEAVAILABILITY",
    "ZDATALENGTH",
    "ZFINGERPRINT",
];

/// Reads the files of all assets, in the order of `assets`.
///
/// # Errors
/// The table cannot be read to its end; what was read until then is in the list.
pub(super) fn read(tables: &mut Tables, assets: &Assets) -> (Vec<KnownFiles>, Option<String>) {
    let mut list = vec![KnownFiles::default(); assets.list.len()];
    let result = tables.each("ZINTERNALRESOURCE", COLUMNS, |_, c| {
        if let Some(files) = c.int().and_then(|key| assets.by_key.get(&key)).and_then(|i| list.get_mut(*i)) {
            add(files, c);
        }
    });
    (list, result.err())
}

/// Sorts one row into the asset's files; derivatives fall through.
fn add(files: &mut KnownFiles, c: &mut Cells<'_, '_>) {
    // In the order of `COLUMNS`.
    let (class, subtype, kind, recipe, version) = (c.int(), c.int(), c.int(), c.int(), c.int());
    let is_original = version.unwrap_or(0) == 0;
    // Odd recipes make derivatives; 0 is the thing itself.
    let (is_itself, is_full_render) = (recipe.unwrap_or(0) == 0, recipe.unwrap_or(0) & 1 == 0);
    let file = match (class.unwrap_or(0), subtype, kind) {
        (2, Some(3), Some(0) | None) | (2, Some(8), Some(1) | None) => FileKind::Shared,
        (2, _, _) => return,
        (_, Some(1), Some(0..=2) | None) if is_original && is_itself => FileKind::Original,
        (_, Some(18), _) if is_original && is_itself => FileKind::LiveMovie,
        (_, Some(17), _) if is_original && is_itself => FileKind::Raw,
        (_, Some(22), _) if is_original && is_itself => FileKind::CameraAdjustments,
        (_, Some(2), Some(0) | None) if version == Some(2) && is_full_render => FileKind::EditedImage,
        (_, Some(16), Some(1) | None) if version == Some(2) && is_full_render => FileKind::EditedVideo,
        (_, Some(19), Some(3) | None) if version == Some(2) && is_full_render => FileKind::EditedLiveMovie,
        // Without the column of iCloud's kinds, the type and the version still tell most.
        (_, None, Some(3)) if is_original && is_itself => FileKind::LiveMovie,
        (_, None, Some(4)) if is_original && is_itself => FileKind::Raw,
        (_, None, Some(5)) if is_original && is_itself => FileKind::CameraAdjustments,
        (_, None, Some(3)) if version == Some(2) && is_full_render => FileKind::EditedLiveMovie,
        (_, None, Some(0)) if version == Some(2) && is_full_render => FileKind::EditedImage,
        (_, None, Some(1)) if version == Some(2) && is_full_render => FileKind::EditedVideo,
        (_, None, Some(0 | 1)) if version == Some(0) && recipe == Some(0) => FileKind::Original,
        _ => return,
    };
    let known = Known {
        local: c.int() == Some(1),
        remote: c.int() == Some(1),
        bytes: c.file_bytes(),
        fingerprint: c.text().and_then(fingerprint),
    };
    files.add(file, known);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(rows: &[&str]) -> KnownFiles {
        let db = rusqlite::Connection::open_in_memory().unwrap();
        let mut files = KnownFiles::default();
        for row in rows {
            db.query_row(&format!("SELECT {row}"), [], |row| {
                add(&mut files, &mut Cells::new(row));
                Ok(())
            })
            .unwrap();
        }
        files
    }

    #[test]
    fn rows_of_a_real_edited_live_photo() {
        // class, subtype, type, recipe, version, local, remote, length, fingerprint
        let files = files(&[
            "0, 0, 0, 65747, 3, -1, 0, 0, NULL",
            "0, 1, 0, 0, 0, 1, 0, 1779401, NULL",
            "0, 2, 0, 65938, 2, 1, 0, 1956610, NULL",
            "0, 18, 3, 0, 0, 1, 0, 3554168, 'AW2cWT2PxzWixMKuuNMTHJ8CJ3sH'",
            "0, 19, 3, 131272, 2, -1, 1, 2715761, NULL",
            "0, 22, 5, 0, 0, 1, 0, 1163, NULL",
        ]);
        assert_eq!(files.get(FileKind::Original).unwrap().bytes, Some(1_779_401));
        assert!(files.get(FileKind::LiveMovie).unwrap().fingerprint.is_some());
        assert!(files.get(FileKind::EditedImage).unwrap().local);
        assert!(files.has(FileKind::CameraAdjustments));
        let movie = files.get(FileKind::EditedLiveMovie).unwrap();
        assert!(movie.remote && !movie.local);
        assert!(
            files.get(FileKind::Raw).is_none()
                && files.get(FileKind::EditedVideo).is_none()
                && files.get(FileKind::Shared).is_none()
        );
    }

    #[test]
    fn derivatives_are_not_taken_for_the_thing_itself() {
        let files = files(&[
            "0, 2, 0, 65737, 0, 1, 0, 5, NULL",  // JPEG of a RAW
            "0, 2, 0, 65937, 2, 1, 0, 5, NULL",  // substandard render
            "0, 15, 0, 0, 1, 1, 0, 5, NULL",     // penultimate
            "0, 3, 0, 65739, 0, 1, 0, 5, NULL",  // large JPEG
            "0, 6, 1, 131079, 0, 1, 0, 5, NULL", // medium video
        ]);
        assert!(
            files.get(FileKind::Original).is_none()
                && files.get(FileKind::EditedImage).is_none()
                && files.get(FileKind::EditedVideo).is_none()
        );
    }

    #[test]
    fn shared_albums_have_their_own_kinds() {
        let movie = files(&["2, 8, 1, 131079, 0, 1, 1, 9, NULL", "2, 7, 1, 131081, 0, -1, 1, 5, NULL"]);
        assert_eq!(movie.get(FileKind::Shared).unwrap().bytes, Some(9));
        let photo = files(&["2, 3, 0, 65741, 0, -1, 1, 0, NULL", "2, 4, 0, 65743, 0, 1, 1, 5, NULL"]);
        let photo = photo.get(FileKind::Shared).unwrap();
        assert!(photo.remote && !photo.local && photo.bytes.is_none());
    }
}
