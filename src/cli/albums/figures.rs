//! What a list of photos and videos comes to: how many, of what kind, how large.
//!
//! Knows nothing of lists; each item is added once by whoever counts.

use serde::Serialize;

use crate::catalog::{Item, MediaKind, Presence, Role};

/// Sums over items. As JSON these are fields of every line that has items in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub(in crate::cli) struct Figures {
    /// All of them.
    pub(in crate::cli) items: usize,
    /// Stills, Live Photos among them.
    pub(in crate::cli) photos: usize,
    /// Videos.
    pub(in crate::cli) videos: usize,
    /// Those that can come over the cable.
    pub(in crate::cli) on_phone: usize,
    /// Those whose original is only in iCloud.
    pub(in crate::cli) cloud_only: usize,
    /// Size in bytes of all their files, wherever they are.
    pub(in crate::cli) bytes: u64,
    /// Of these, what is on the phone.
    pub(in crate::cli) bytes_on_phone: u64,
}

impl Figures {
    /// The sums over these.
    pub(in crate::cli) fn of<'i>(items: impl IntoIterator<Item = &'i Item>) -> Self {
        let mut sums = Self::default();
        for item in items {
            sums.add(item);
        }
        sums
    }

    /// Counts one more.
    pub(in crate::cli) fn add(&mut self, item: &Item) {
        let one = Self::one(item);
        self.items += one.items;
        self.photos += one.photos;
        self.videos += one.videos;
        self.on_phone += one.on_phone;
        self.cloud_only += one.cloud_only;
        self.bytes = self.bytes.saturating_add(one.bytes);
        self.bytes_on_phone = self.bytes_on_phone.saturating_add(one.bytes_on_phone);
    }

    /// What one item comes to.
    pub(in crate::cli) fn one(item: &Item) -> Self {
        let (mut bytes, mut bytes_on_phone, mut here) = (0_u64, 0_u64, false);
        for resource in item.resources.iter().filter(|resource| counts(resource.role)) {
            let size = resource.size_bytes.unwrap_or(0);
            bytes = bytes.saturating_add(size);
            if matches!(resource.presence, Presence::OnPhone(_)) {
                bytes_on_phone = bytes_on_phone.saturating_add(size);
                here = true;
            }
        }
        let cloud_only = item.is_cloud_only();
        Self {
            items: 1,
            photos: usize::from(item.kind == MediaKind::Photo),
            videos: usize::from(item.kind == MediaKind::Video),
            on_phone: usize::from(here && !cloud_only),
            cloud_only: usize::from(cloud_only),
            bytes,
            bytes_on_phone,
        }
    }
}

/// Whether a file is part of the photo or video itself, not a stand-in for it or a recipe.
const fn counts(role: Role) -> bool {
    match role {
        Role::Original | Role::LiveVideo | Role::Raw | Role::Edited | Role::EditedLiveVideo => true,
        Role::CameraAdjustments
        | Role::Adjustments
        | Role::Preview
        | Role::Converted
        | Role::EditedConverted => false,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::testing::{absent, item, on_phone, photo};

    #[test]
    fn what_is_in_icloud_and_what_is_here_are_told_apart() {
        let mut live = photo("A", "IMG_1.HEIC", 0, 100);
        live.resources.push(on_phone(Role::LiveVideo, "DCIM/100APPLE/IMG_1.MOV", 50));
        let mut away = item("B", "IMG_2.MOV", 0);
        away.kind = MediaKind::Video;
        away.resources.push(absent(Role::Original, Presence::CloudOnly));
        away.resources.push(on_phone(Role::Preview, "PhotoData/Thumbnails/B.JPG", 7));
        let mut lost = item("C", "IMG_3.JPG", 0);
        lost.resources.push(absent(Role::Original, Presence::Missing));
        let sums = Figures::of([&live, &away, &lost]);
        assert_eq!((sums.items, sums.photos, sums.videos), (3, 2, 1));
        assert_eq!((sums.on_phone, sums.cloud_only), (1, 1));
        assert_eq!((sums.bytes, sums.bytes_on_phone), (152, 150));
    }

    #[test]
    fn sizes_that_a_phone_made_up_do_not_overflow() {
        let huge = photo("A", "IMG_1.HEIC", 0, u64::MAX);
        assert_eq!(Figures::of([&huge, &huge]).bytes, u64::MAX);
    }
}
