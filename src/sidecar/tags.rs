//! Keywords, people and albums as tags in a hierarchy.

use std::collections::HashSet;

use super::Subject;
use super::text::one_line;

/// The tag above all albums.
const ALBUMS: &str = "Albums";
/// The tag above all people: the name that digiKam gives it, which knows people by it.
const PEOPLE: &str = "People";

/// A tag: the names from the top of its hierarchy downwards, one line each.
type Tag = Vec<String>;

/// The tags of an item: its keywords by themselves, its people, its albums with their folders; each once, in
/// this order. Albums without a title have no name that could be a tag.
pub(super) fn of(subject: &Subject<'_>) -> Vec<Tag> {
    let mut tags: Vec<Tag> = Vec::new();
    let mut known: HashSet<Tag> = HashSet::new();
    let mut add = |tag: Option<Tag>| {
        if let Some(tag) = tag
            && known.insert(tag.clone())
        {
            tags.push(tag);
        }
    };
    let name = |text: &str| one_line(text).map(|name| name.into_owned());
    for keyword in &subject.item.keywords {
        add(name(keyword).map(|keyword| vec![keyword]));
    }
    for person in people(subject) {
        add(Some(vec![PEOPLE.to_owned(), person]));
    }
    for album in subject.own_albums() {
        let folders = album.folders.iter().filter_map(|folder| name(folder));
        add(name(&album.title).map(|title| {
            std::iter::once(ALBUMS.to_owned()).chain(folders).chain(std::iter::once(title)).collect()
        }));
    }
    tags
}

/// The names of the people in it, one line each, each once.
pub(super) fn people(subject: &Subject<'_>) -> Vec<String> {
    let mut known = HashSet::new();
    let names = subject.item.faces.iter().filter_map(|face| one_line(face.name.as_deref()?));
    names.map(|name| name.into_owned()).filter(|name| known.insert(name.clone())).collect()
}

/// A tag as one text, its names divided by `divider`. Where a name holds the divider itself, it gets the one of
/// the other notation instead, or it would become two names.
pub(super) fn joined(tag: &[String], divider: char) -> String {
    let other = if divider == '/' { "|" } else { "/" };
    let names: Vec<String> = tag.iter().map(|name| name.replace(divider, other)).collect();
    names.join(divider.encode_utf8(&mut [0; 4]))
}
