//! The files of one item, and the names they get together.

use std::collections::HashSet;

use super::Contents;
use super::extension::{is_media, is_same_kind, split};
use super::names::{self, DestName, Names};
use super::on_phone::OnPhone;
use crate::catalog::{Item, MediaKind, Presence, Resource, Role};
use crate::source::DevicePath;
use crate::text::fold;

/// What the stem of an edited file ends in.
const EDITED: &str = "_edited";

/// What the stem of a preview ends in.
const PREVIEW: &str = "_preview";

/// What can stand between the stem of an item and the extension of a file of it.
pub(super) const ENDINGS: [&str; 2] = [EDITED, PREVIEW];

/// The extension of a JPEG that this program makes.
const JPEG: &str = "jpg";

/// The extension of recipes.
const RECIPE: &str = "AAE";

/// What the files of an item are to be called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Named {
    /// By the name the item was made under.
    MadeAs,
    /// By its stem on the phone, with the extensions that the files have there.
    OnPhone(Box<str>),
    /// By this stem.
    Given(Box<str>),
}

/// A file of an item that is on the phone, or that is made of one.
#[derive(Debug, Clone)]
pub(super) struct Member<'a> {
    pub(super) role: Role,
    /// What it is, or what it is made of.
    pub(super) resource: &'a Resource,
    pub(super) from: &'a DevicePath,
    /// Without dot; as it is on the drive.
    pub(super) extension: Option<String>,
}

impl Member<'_> {
    /// Whether it is made of a file of the phone.
    pub(super) fn is_made(&self) -> bool {
        self.role != self.resource.role
    }
}

/// The files of an item that are on the phone, and the stem they would all like to have.
#[derive(Debug, Clone)]
pub(super) struct Group<'a> {
    /// Fit for a name.
    pub(super) stem: String,
    /// Whether the whole name of its file is what it has to itself, and not the stem: `report.pdf` and `report.docx`
    /// are two documents that lie side by side. There is one file then.
    pub(super) is_whole: bool,
    pub(super) members: Vec<Member<'a>>,
}

impl<'a> Group<'a> {
    /// Takes an item apart.
    pub(super) fn of(item: &'a Item, contents: &Contents, names: Names, named: &Named) -> Self {
        let mut present: Vec<(&Resource, &DevicePath)> = item
            .resources
            .iter()
            .filter_map(|resource| match &resource.presence {
                Presence::OnPhone(path) => Some((resource, path)),
                Presence::CloudOnly | Presence::Missing => None,
            })
            .filter(|(resource, _)| contents.means(item, resource.role))
            .collect();
        // The order of roles is the order of files: of two that would have the same name, the first gets it.
        present.sort_by_key(|(resource, _)| resource.role);
        let original_extension = item
            .resource(Role::Original)
            .and_then(|original| match &original.presence {
                Presence::OnPhone(path) => Some(path),
                _ => None,
            })
            .and_then(|path| packed_extension(item).or_else(|| device_extension(path)));
        let (made_as, extension) = split_original(&item.original_name, original_extension.as_deref());
        let (stem, extension) = match named {
            Named::MadeAs => (made_as, extension),
            Named::OnPhone(stem) => (&**stem, None),
            Named::Given(stem) => (&**stem, extension),
        };
        let stem = names::stem(stem, names)
            .or_else(|| names::stem(&OnPhone::of(item)?.stem, names))
            .unwrap_or_else(|| names::NOTHING.to_owned());
        let mut members: Vec<Member<'_>> = Vec::with_capacity(present.len());
        for (resource, from) in present {
            let own = match resource.role {
                Role::Original => original_extension.clone(),
                _ => device_extension(from),
            };
            if contents.convert.is_some()
                && let Some(role) = made_of(resource.role)
                && is_heic(from)
            {
                members.push(Member { role, resource, from, extension: Some(JPEG.to_owned()) });
            }
            let extension = match resource.role {
                Role::Original => {
                    // The name it was made under has its extension from the person's camera or computer, so it
                    // is kept, unless the phone holds another kind of file (facts/media.md section G, trap 9).
                    let kept =
                        extension.filter(|kept| own.as_deref().is_none_or(|own| is_same_kind(kept, own)));
                    kept.or(own.as_deref()).and_then(|extension| names::extension(extension, names))
                }
                Role::CameraAdjustments | Role::Adjustments => Some(RECIPE.to_owned()),
                _ => own.as_deref().and_then(|own| names::extension(own, names)),
            };
            members.push(Member { role: resource.role, resource, from, extension });
        }
        members.sort_by_key(|member| member.role);
        // A dot in a name without extension would make the rest of it one: `Party 12.30` would be the movie to
        // a photo of the stem `Party 12`.
        let is_bare = members.iter().any(|member| member.extension.is_none());
        let is_whole = item.kind == MediaKind::Document;
        let stem = if is_bare && !is_whole { names::without_dots(&stem) } else { stem };
        Self { stem, is_whole, members }
    }
}

/// What a JPEG that is made of a file is to the item.
pub(super) const fn made_of(role: Role) -> Option<Role> {
    match role {
        Role::Original => Some(Role::Converted),
        Role::Edited => Some(Role::EditedConverted),
        _ => None,
    }
}

/// Whether a file on the phone is a HEIC by its name.
pub(super) fn is_heic(path: &DevicePath) -> bool {
    device_extension(path).is_some_and(|own| is_same_kind(&own, "heic"))
}

/// The extension of a file on the phone.
fn device_extension(path: &DevicePath) -> Option<String> {
    Some(String::from_utf8_lossy(path.file_name()?.extension()?).into_owned())
}

/// The extension of a book that becomes one file only when it is packed: the folder on the phone has any name.
fn packed_extension(item: &Item) -> Option<String> {
    let extension = split(&item.original_name).1.filter(|_| item.kind == MediaKind::Book)?;
    extension.eq_ignore_ascii_case("epub").then(|| extension.to_owned())
}

/// Stem and extension of the name an item was made under. A dot in a name is not always the start of an
/// extension: `Party 12.30` has none.
fn split_original<'n>(name: &'n str, on_phone: Option<&str>) -> (&'n str, Option<&'n str>) {
    match split(name) {
        (stem, Some(extension))
            if is_media(extension) || on_phone.is_some_and(|own| is_same_kind(own, extension)) =>
        {
            (stem, Some(extension))
        }
        _ => (name, None),
    }
}

/// The name of each file below one stem, in their order, by role and extension; different from one another and
/// from `taken` (folded names, which grow by the new ones).
///
/// The plain name is the stem with the extension, for edited files with `_edited` between and for previews with
/// `_preview`. Where that is taken (a movie whose Live movie is a `.MOV` too), the role is put behind the stem,
/// and in the end a number.
pub(super) fn names<'e>(
    files: impl IntoIterator<Item = (Role, Option<&'e str>)>,
    stem: &str,
    names: Names,
    taken: &mut HashSet<String>,
) -> Vec<DestName> {
    let name_of = |role: Role, extension: Option<&str>, attempt: u32| {
        let (ending, word) = match role {
            Role::Edited => (EDITED, "edited_photo"),
            Role::Adjustments => (EDITED, "edited_adjustments"),
            Role::EditedLiveVideo | Role::EditedConverted => (EDITED, role.name()),
            Role::Preview => (PREVIEW, "preview_image"),
            _ => ("", role.name()),
        };
        let own_stem = match attempt {
            0 => format!("{stem}{ending}"),
            1 => format!("{stem}_{word}"),
            _ => format!("{stem}_{word}_{attempt}"),
        };
        DestName::of_parts(&own_stem, extension, names)
    };
    let free = |(role, extension)| {
        (0..).map(|attempt| name_of(role, extension, attempt)).find(|name| taken.insert(fold(name.as_str())))
    };
    files.into_iter().filter_map(free).collect()
}

/// Role and extension of each member, as [`names`] wants them.
pub(super) fn kinds<'m>(members: &'m [Member<'m>]) -> impl Iterator<Item = (Role, Option<&'m str>)> {
    members.iter().map(|member| (member.role, member.extension.as_deref()))
}

/// Whether what the ledger has as the stem of a file is its whole name, extension included: that of a document.
pub(super) fn is_whole(name: &str, stem: &str) -> bool {
    name == stem && split(name).1.is_some()
}

/// The stem of a file name, if it is neither its item's stem nor that with one of [`ENDINGS`], such as
/// `IMG_1_live_video`.
pub(super) fn odd_stem<'n>(name: &'n str, stem: &str) -> Option<&'n str> {
    let own = split(name).0;
    let is_plain = own == stem || ENDINGS.iter().any(|ending| own.strip_suffix(ending) == Some(stem));
    (!is_plain).then_some(own)
}

#[cfg(test)]
mod tests;
