//! Pairings kept by this program itself, for phones that are reached without a daemon.

use std::path::{Path, PathBuf};

use super::private_file::write_private;
use super::{DeviceError, Udid};

/// A folder with one property list per phone, readable by this user only.
#[derive(Debug, Clone)]
pub(super) struct RecordStore {
    folder: PathBuf,
}

impl RecordStore {
    /// The store in this user's configuration folder.
    pub(super) fn of_user() -> Result<Self, DeviceError> {
        use etcetera::BaseStrategy;
        let folders = etcetera::choose_base_strategy().map_err(|error| DeviceError::Config {
            path: "the configuration folder".to_owned(),
            reason: error.to_string(),
        })?;
        Ok(Self::at(folders.config_dir().join("iexport").join("pairings")))
    }

    /// The store in `folder`.
    pub(super) const fn at(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The identity of this computer; made on first use.
    pub(super) fn system_buid(&self) -> Result<String, DeviceError> {
        let path = self.folder.join("SystemBUID");
        if let Some(bytes) = read_if_there(&path)? {
            let text = String::from_utf8_lossy(&bytes).trim().to_owned();
            if !text.is_empty() {
                return Ok(text);
            }
        }
        let buid = uuid::Uuid::new_v4().to_string().to_uppercase();
        write_private(&path, buid.as_bytes()).map_err(|error| config_error(&path, &error))?;
        Ok(buid)
    }

    /// The pairing with a phone, if there is one.
    pub(super) fn read(&self, udid: &Udid) -> Result<Option<Vec<u8>>, DeviceError> {
        read_if_there(&self.path_of(udid)?)
    }

    /// Stores the pairing with a phone.
    pub(super) fn save(&self, udid: &Udid, record: &[u8]) -> Result<(), DeviceError> {
        let path = self.path_of(udid)?;
        write_private(&path, record).map_err(|error| config_error(&path, &error))
    }

    fn path_of(&self, udid: &Udid) -> Result<PathBuf, DeviceError> {
        // The udid came over the wire; as a file name it must not lead anywhere else.
        if !udid.is_plain() {
            return Err(DeviceError::Protocol("its udid is no udid".to_owned()));
        }
        Ok(self.folder.join(format!("{udid}.plist")))
    }
}

fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>, DeviceError> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(config_error(path, &error)),
    }
}

fn config_error(path: &Path, error: &std::io::Error) -> DeviceError {
    DeviceError::Config { path: path.display().to_string(), reason: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_come_back_and_stay_private() {
        let folder = tempfile::tempdir().unwrap();
        let store = RecordStore::at(folder.path().join("pairings"));
        let udid = Udid::new("00008110-001A2B3C4D5E6F70");
        assert_eq!(store.read(&udid).unwrap(), None);
        store.save(&udid, b"one").unwrap();
        store.save(&udid, b"two").unwrap();
        assert_eq!(store.read(&udid).unwrap().unwrap(), b"two");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(store.path_of(&udid).unwrap()).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn this_computer_keeps_its_identity() {
        let folder = tempfile::tempdir().unwrap();
        let store = RecordStore::at(folder.path().to_owned());
        assert_eq!(store.system_buid().unwrap(), store.system_buid().unwrap());
    }

    #[test]
    fn a_hostile_udid_is_no_path() {
        let store = RecordStore::at("nowhere".into());
        assert!(store.read(&Udid::new("../../etc/passwd")).is_err());
    }
}
