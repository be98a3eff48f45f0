//! Where the original of an item lies on the phone, or would lie if it were there.

use super::extension::split;
use crate::catalog::{Item, Presence};

/// Folders and stem of an original on the phone. As the phone has them: they may contain anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OnPhone {
    pub(super) folders: Vec<String>,
    pub(super) stem: String,
}

impl OnPhone {
    /// That of an item; `None` if the phone has no file of it.
    ///
    /// An edit, a preview and a thumbnail lie in folders that repeat those of the original (facts/media.md
    /// sections B1 and B4), so that any file tells.
    pub(super) fn of(item: &Item) -> Option<Self> {
        let present = item.resources.iter().filter_map(|resource| match &resource.presence {
            Presence::OnPhone(path) => Some((resource.role, path)),
            Presence::CloudOnly | Presence::Missing => None,
        });
        let (_, path) = present.min_by_key(|(role, _)| *role)?;
        let parts: Vec<String> =
            path.components().map(|part| String::from_utf8_lossy(part).into_owned()).collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let (folders, name) = match parts.as_slice() {
            // The name of the folder is a stem already.
            ["PhotoData", "Mutations", folders @ .., stem, "Adjustments", _] => {
                return Some(Self::new(folders, stem));
            }
            ["PhotoData", "Thumbnails", "V2", folders @ .., name, _]
            | ["PhotoData", "Metadata", folders @ .., name]
            | [folders @ .., name] => (folders, name),
            [] => return None,
        };
        Some(Self::new(folders, split(name).0))
    }

    fn new(folders: &[&str], stem: &str) -> Self {
        Self { folders: folders.iter().map(|folder| (*folder).to_owned()).collect(), stem: stem.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Role;
    use crate::testing::{absent, item, on_phone};

    #[track_caller]
    fn lies(path: &str, folders: &str, stem: &str) {
        let mut item = item("U", "made as.HEIC", 0);
        item.resources.push(absent(Role::Original, Presence::CloudOnly));
        item.resources.push(on_phone(Role::Edited, path, 1));
        let found = OnPhone::of(&item).unwrap();
        assert_eq!((found.folders.join("/").as_str(), found.stem.as_str()), (folders, stem), "{path}");
    }

    #[test]
    fn any_file_tells() {
        lies("DCIM/100APPLE/IMG_1.HEIC", "DCIM/100APPLE", "IMG_1");
        lies("PhotoData/CPLAssets/group7/AB.JPG", "PhotoData/CPLAssets/group7", "AB");
        lies(
            "PhotoData/Mutations/DCIM/100APPLE/IMG_1/Adjustments/FullSizeRender.heic",
            "DCIM/100APPLE",
            "IMG_1",
        );
        lies("PhotoData/Metadata/DCIM/100APPLE/IMG_1.JPG", "DCIM/100APPLE", "IMG_1");
        lies("PhotoData/Thumbnails/V2/DCIM/100APPLE/IMG_1.HEIC/5005.JPG", "DCIM/100APPLE", "IMG_1");
        lies("IMG_1.JPG", "", "IMG_1");
    }

    #[test]
    fn the_original_tells_best() {
        let mut item = item("U", "x", 0);
        item.resources.push(on_phone(Role::Edited, "a/b.jpg", 1));
        item.resources.push(on_phone(Role::Original, "c/d.jpg", 1));
        assert_eq!(OnPhone::of(&item).unwrap().stem, "d");
        item.resources.clear();
        assert_eq!(OnPhone::of(&item), None);
    }
}
