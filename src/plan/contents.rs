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
}

impl Contents {
    /// Whether the file of a role is meant, if the item has one.
    #[must_use]
    pub fn means(&self, item: &Item, role: Role) -> bool {
        let is_there = |role| {
            item.resource(role).is_some_and(|resource| matches!(resource.presence, Presence::OnPhone(_)))
        };
        let version = match self.versions {
            Versions::Both => true,
            Versions::Original => !role.is_edited(),
            // The edit stands for the original only if it can be had.
            Versions::Edited => match role {
                Role::Original | Role::LiveVideo | Role::Converted => !is_there(Role::Edited),
                _ => true,
            },
        };
        version
            && match role {
                Role::CameraAdjustments | Role::Adjustments => self.adjustments,
                Role::Preview => self.previews && !is_there(Role::Original),
                _ => true,
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
    /// As it looks now: the edited version where the phone has one, else the original.
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
