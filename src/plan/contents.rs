//! Which files of an item are meant.

use crate::catalog::{Item, Presence, Role};

/// Which files of an item are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Contents {
    /// Which versions.
    pub versions: Versions,
    /// Also the recipes of edits and the camera's adjustments (`.AAE`).
    pub adjustments: bool,
    /// For what is only in iCloud, the small picture that the phone keeps of it, marked as such.
    pub previews: bool,
    /// Whether JPEGs are made of HEICs.
    pub convert: Option<Convert>,
    /// Whether tags that songs lack are filled in.
    pub tags: bool,
    /// With [`Self::tags`]: the picture of the album, too.
    pub embed: bool,
}

impl Contents {
    /// Whether the file of a role is meant, if the item has one.
    #[must_use]
    pub fn means(&self, item: &Item, role: Role) -> bool {
        let is_there = |role| {
            item.resource(role).is_some_and(|resource| matches!(resource.presence, Presence::OnPhone(_)))
        };
        // The edit stands for the original only if it can be had.
        let stands_for_it = match self.versions {
            Versions::Edited => is_there(Role::Edited),
            Versions::Both | Versions::Original => false,
        };
        let original = !stands_for_it;
        let edit = self.versions != Versions::Original;
        match role {
            Role::Original | Role::Raw => original,
            // If only the edited still can be had, the movie as it was taken is better than none.
            Role::LiveVideo => {
                original
                    || (!is_there(Role::EditedLiveVideo) && item.resource(Role::EditedLiveVideo).is_some())
            }
            Role::Edited | Role::EditedLiveVideo => edit,
            Role::CameraAdjustments => self.adjustments && original,
            Role::Adjustments => self.adjustments && edit,
            Role::Preview => self.previews && original && !is_there(Role::Original),
            Role::Converted => self.convert.is_some() && original,
            Role::EditedConverted => self.convert.is_some() && edit,
        }
    }
}

/// Which versions of an edited item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Versions {
    /// As it was taken, and as it looks now.
    #[default]
    Both,
    /// As it was taken.
    Original,
    /// As it looks now: the edited version where the phone has one, else the original with all that belongs to
    /// it.
    Edited,
}

/// How JPEGs are made of HEICs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Convert {
    /// 1 to 100.
    pub quality: u8,
    /// Whether the HEIC is exported too.
    pub keep_original: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{absent, item, on_phone};

    /// The roles that are meant of an item that has all of them, on the phone unless it is among `away`.
    fn meant(contents: Contents, away: &[Role]) -> Vec<Role> {
        let mut item = item("U", "x", 0);
        for role in Role::ALL {
            item.resources.push(if away.contains(&role) {
                absent(role, Presence::CloudOnly)
            } else {
                on_phone(role, "a/b.HEIC", 1)
            });
        }
        Role::ALL.into_iter().filter(|role| contents.means(&item, *role)).collect()
    }

    #[test]
    fn versions() {
        use Role::{Edited, EditedLiveVideo, LiveVideo, Original, Raw};
        let of = |versions, away: &[Role]| meant(Contents { versions, ..Contents::default() }, away);
        assert_eq!(of(Versions::Both, &[]), [Original, LiveVideo, Raw, Edited, EditedLiveVideo]);
        assert_eq!(of(Versions::Original, &[]), [Original, LiveVideo, Raw]);
        assert_eq!(of(Versions::Edited, &[]), [Edited, EditedLiveVideo]);
        // What stands for the original is not there, so the original is meant with all that belongs to it.
        assert_eq!(of(Versions::Edited, &[Edited]), [Original, LiveVideo, Raw, Edited, EditedLiveVideo]);
        assert_eq!(of(Versions::Edited, &[EditedLiveVideo]), [LiveVideo, Edited, EditedLiveVideo]);
        assert_eq!(of(Versions::Edited, &[Original]), [Edited, EditedLiveVideo]);
    }

    #[test]
    fn a_still_that_was_made_of_a_live_photo_stands_for_its_movie_too() {
        let mut item = item("U", "x", 0);
        for role in [Role::Original, Role::LiveVideo, Role::Edited] {
            item.resources.push(on_phone(role, "a/b.HEIC", 1));
        }
        let contents = Contents { versions: Versions::Edited, ..Contents::default() };
        assert!(!contents.means(&item, Role::LiveVideo));
    }

    #[test]
    fn recipes_belong_to_their_version() {
        use Role::{Adjustments, CameraAdjustments};
        let of = |versions| {
            let mut roles = meant(Contents { versions, adjustments: true, ..Contents::default() }, &[]);
            roles.retain(|role| matches!(role, Adjustments | CameraAdjustments));
            roles
        };
        assert_eq!(of(Versions::Both), [CameraAdjustments, Adjustments]);
        assert_eq!(of(Versions::Original), [CameraAdjustments]);
        assert_eq!(of(Versions::Edited), [Adjustments]);
    }

    #[test]
    fn a_preview_stands_for_an_original_that_is_wanted_and_not_there() {
        let of = |versions, away: &[Role]| {
            meant(Contents { versions, previews: true, ..Contents::default() }, away).contains(&Role::Preview)
        };
        assert!(!of(Versions::Both, &[]));
        assert!(of(Versions::Both, &[Role::Original]) && of(Versions::Original, &[Role::Original]));
        assert!(!of(Versions::Edited, &[Role::Original]), "the edit is there");
        assert!(of(Versions::Edited, &[Role::Original, Role::Edited]));
        assert!(!meant(Contents::default(), &[Role::Original]).contains(&Role::Preview));
    }
}
