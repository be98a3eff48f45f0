//! The files of one item, and the names they get together.

use std::collections::HashSet;

use super::extension::{is_media, is_same_kind, split};
use super::names;
use super::{Contents, DestName, Names};
use crate::catalog::{Item, Presence, Resource, Role};
use crate::source::DevicePath;
use crate::text::fold;

/// What the stem of an edited file ends in.
pub(super) const EDITED: &str = "_edited";

/// A file of an item that is on the phone.
#[derive(Debug, Clone)]
pub(super) struct Member<'a> {
    pub(super) resource: &'a Resource,
    pub(super) from: &'a DevicePath,
    /// Without dot; portable.
    pub(super) extension: Option<String>,
}

/// The files of an item that are on the phone, and the stem they would all like to have.
#[derive(Debug, Clone)]
pub(super) struct Group<'a> {
    /// Portable.
    pub(super) stem: String,
    pub(super) members: Vec<Member<'a>>,
}

impl<'a> Group<'a> {
    /// Takes an item apart.
    pub(super) fn of(item: &'a Item, contents: &Contents) -> Self {
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
        let on_phone = present.first().and_then(|(_, path)| path.file_name());
        let original_extension = item
            .resource(Role::Original)
            .and_then(|original| match &original.presence {
                Presence::OnPhone(path) => Some(path),
                _ => None,
            })
            .and_then(device_extension);
        let (stem, extension) = split_original(&item.original_name, original_extension.as_deref());
        let stem = names::stem(stem, Names::Portable)
            .or_else(|| names::stem(&String::from_utf8_lossy(on_phone.as_ref()?.stem()), Names::Portable))
            .unwrap_or_else(|| names::NOTHING.to_owned());
        let members: Vec<Member<'_>> = present
            .into_iter()
            .map(|(resource, from)| {
                let own = device_extension(from);
                // The name it was made under has its extension from the person's camera or computer, so it is
                // kept, unless the phone holds another kind of file (facts/media.md section G, trap 9).
                let kept = match (extension, &own) {
                    (Some(kept), Some(own)) if is_same_kind(kept, own) => Some(kept),
                    (Some(kept), None) => Some(kept),
                    _ => None,
                };
                let extension = match kept.filter(|_| resource.role == Role::Original) {
                    Some(kept) => names::extension(kept, Names::Portable),
                    None => own.as_deref().and_then(|own| names::extension(own, Names::Portable)),
                };
                Member { resource, from, extension }
            })
            .collect();
        // A dot in a name without extension would make the rest of it one: `Party 12.30` would be the movie to
        // a photo of the stem `Party 12`.
        let is_bare = members.iter().any(|member| member.extension.is_none());
        Self { stem: if is_bare { names::without_dots(&stem) } else { stem }, members }
    }
}

/// The extension of a file on the phone.
fn device_extension(path: &DevicePath) -> Option<String> {
    Some(String::from_utf8_lossy(path.file_name()?.extension()?).into_owned())
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

/// The name of each member below one stem, in their order, different from one another and from `taken`
/// (folded names, which grow by the new ones).
///
/// The plain name is the stem with the extension, for edited files with `_edited` between. Where that is
/// taken (a movie whose Live movie is a `.MOV` too), the role is put behind the stem, and in the end a number.
pub(super) fn names<'m>(
    members: impl IntoIterator<Item = &'m Member<'m>>,
    stem: &str,
    taken: &mut HashSet<String>,
) -> Vec<DestName> {
    let name_of = |member: &Member<'_>, attempt: u32| {
        let role = member.resource.role;
        let word = if role == Role::Edited { "edited_photo" } else { role.name() };
        let own_stem = match attempt {
            0 if role.is_edited() => format!("{stem}{EDITED}"),
            0 => stem.to_owned(),
            1 => format!("{stem}_{word}"),
            _ => format!("{stem}_{word}_{attempt}"),
        };
        DestName::of_parts(&own_stem, member.extension.as_deref(), Names::Portable)
    };
    let free =
        |member| (0..).map(|attempt| name_of(member, attempt)).find(|name| taken.insert(fold(name.as_str())));
    members.into_iter().filter_map(free).collect()
}

#[cfg(test)]
mod tests;
