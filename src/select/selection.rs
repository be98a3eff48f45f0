//! What a person asked for.

use std::collections::BTreeSet;

use super::{Bursts, MediaSelection, Near, Range, Smart};
use crate::catalog::{AssetUuid, MediaKind};
use crate::fields::Predicate;

/// What the person asked for.
///
/// Lists are alternatives: one of their parts is enough, or, in those that begin with `not_`, too much. An empty
/// list asks for nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Selection {
    /// Where to look: albums by title (`Album`), path (`Folder/Album`) or pattern (`Trip*`), or folders
    /// (`Folder`, or `Folder/` where an album has the same name).
    pub albums: Vec<String>,
    /// Where to look: folders, by path or pattern.
    pub folders: Vec<String>,
    /// Where to look: single items.
    pub uuids: Option<BTreeSet<AssetUuid>>,
    /// Not in these albums or folders, called as in [`Self::albums`].
    pub not_albums: Vec<String>,
    /// Not in these folders, called as in [`Self::folders`].
    pub not_folders: Vec<String>,
    /// In no album.
    pub no_album: bool,
    /// Of these smart albums of the phone.
    pub smart: Vec<Smart>,
    /// Of none of these.
    pub not_smart: Vec<Smart>,
    /// Photos, or videos.
    pub kinds: Vec<MediaKind>,
    /// Neither.
    pub not_kinds: Vec<MediaKind>,
    /// Favourites, or what is none.
    pub favorite: Option<bool>,
    /// What was edited, or what was not.
    pub edited: Option<bool>,
    /// What knows where it was taken, or what does not.
    pub located: Option<bool>,
    /// When it was taken; of what was not taken, when it was released.
    pub taken: Range,
    /// When it came into the library.
    pub added: Range,
    /// The years it was taken in, by the clock at the place, or released.
    pub years: Vec<i16>,
    /// Not in these.
    pub not_years: Vec<i16>,
    /// With these people in it, by name or pattern.
    pub persons: Vec<String>,
    /// With none of them.
    pub not_persons: Vec<String>,
    /// With these keywords, by word or pattern.
    pub keywords: Vec<String>,
    /// With none of them.
    pub not_keywords: Vec<String>,
    /// Near these places.
    pub near: Vec<Near>,
    /// Near none of them; what does not know where it was taken is near no place.
    pub not_near: Vec<Near>,
    /// With this in its title, in whatever case.
    pub titles: Vec<String>,
    /// With this in its caption, in whatever case.
    pub captions: Vec<String>,
    /// Whose file name is this, or like this pattern.
    pub names: Vec<String>,
    /// Whose file name is not.
    pub not_names: Vec<String>,
    /// Taken with these cameras: a part of maker and model, or a pattern.
    pub cameras: Vec<String>,
    /// With none of them.
    pub not_cameras: Vec<String>,
    /// From these apps: a part of the name, or a pattern.
    pub importers: Vec<String>,
    /// From none of them.
    pub not_importers: Vec<String>,
    /// Least size of all its files, in bytes. What has no known size is neither large nor small enough.
    pub min_size: Option<u64>,
    /// Largest size of all its files, in bytes.
    pub max_size: Option<u64>,
    /// Least duration in seconds. What has none is shorter than any.
    pub min_duration: Option<f64>,
    /// Largest duration in seconds. What has none is not meant.
    pub max_duration: Option<f64>,
    /// What only other media than photos have.
    pub media: MediaSelection,
    /// Whatever else is to be true.
    pub condition: Option<Predicate>,
    /// What to do about the Hidden album.
    pub hidden: Policy,
    /// What to do about Recently Deleted.
    pub trashed: Policy,
    /// What to do about shared albums. One that is asked for by name is meant in any case.
    pub shared: Policy,
    /// What to do about "Shared with You".
    pub shared_with_you: Policy,
    /// What to do about files that the catalogue does not name.
    pub orphans: Policy,
    /// Which frames of bursts.
    pub bursts: Bursts,
    /// Of all that, the newest so many.
    pub last: Option<usize>,
    /// Exactly these items and nothing else, whatever class they are of: somebody saw them and chose them.
    /// Indices into [`crate::catalog::Catalog::items`]; everything else here has no say then.
    pub picked: Option<Vec<usize>>,
}

impl Default for Selection {
    /// The person's own library, hidden items included.
    fn default() -> Self {
        Self {
            albums: Vec::new(),
            folders: Vec::new(),
            uuids: None,
            not_albums: Vec::new(),
            not_folders: Vec::new(),
            no_album: false,
            smart: Vec::new(),
            not_smart: Vec::new(),
            kinds: Vec::new(),
            not_kinds: Vec::new(),
            favorite: None,
            edited: None,
            located: None,
            taken: Range::default(),
            added: Range::default(),
            years: Vec::new(),
            not_years: Vec::new(),
            persons: Vec::new(),
            not_persons: Vec::new(),
            keywords: Vec::new(),
            not_keywords: Vec::new(),
            near: Vec::new(),
            not_near: Vec::new(),
            titles: Vec::new(),
            captions: Vec::new(),
            names: Vec::new(),
            not_names: Vec::new(),
            cameras: Vec::new(),
            not_cameras: Vec::new(),
            importers: Vec::new(),
            not_importers: Vec::new(),
            min_size: None,
            max_size: None,
            min_duration: None,
            max_duration: None,
            media: MediaSelection::default(),
            condition: None,
            hidden: Policy::Include,
            trashed: Policy::Exclude,
            shared: Policy::Exclude,
            shared_with_you: Policy::Exclude,
            orphans: Policy::Exclude,
            bursts: Bursts::All,
            last: None,
            picked: None,
        }
    }
}

impl Selection {
    /// Whether nothing is left out but what the policies of the classes leave out.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        let media = MediaSelection {
            protected: self.media.protected,
            covers: self.media.covers,
            ..MediaSelection::default()
        };
        let everything = Self {
            media,
            hidden: self.hidden,
            trashed: self.trashed,
            shared: self.shared,
            shared_with_you: self.shared_with_you,
            orphans: self.orphans,
            bursts: self.bursts,
            ..Self::default()
        };
        *self == everything
    }
}

/// What to do about items of a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Policy {
    /// They are exported like all others.
    Include,
    /// They are left out and counted.
    Exclude,
    /// Only they are exported.
    Only,
}
