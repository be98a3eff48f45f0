//! Faces in pictures, and whose they are (facts/media.md section A11).

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use super::Tables;
use super::assets::Assets;
use crate::catalog::{Face, FaceRegion};

#[derive(Debug, Clone, Default)]
struct Person {
    name: Option<Arc<str>>,
    /// Somebody said that this one is that one.
    merged_into: Option<i64>,
}

/// Reads the faces.
///
/// # Errors
/// A table could not be read to its end; what was read until then counts.
pub(super) fn read(tables: &mut Tables, assets: &mut Assets) -> Result<(), String> {
    let (persons, named) = read_persons(tables);
    let names = names(&persons);
    let columns = [
        // Until iOS 16 these have the second names.
        "ZASSETFORFACE",
        "ZASSET",
        "ZPERSONFORFACE",
        "ZPERSON",
        "ZHIDDEN",
        "ZISINTRASH",
        "ZCENTERX",
        "ZCENTERY",
        "ZSIZE",
    ];
    let seen = tables.each("ZDETECTEDFACE", &columns, |_, c| {
        let (asset, asset_until_16) = (c.int(), c.int());
        let (person, person_until_16) = (c.int(), c.int());
        let (is_hidden, is_in_trash) = (c.flag(), c.flag());
        if is_hidden || is_in_trash {
            return;
        }
        let at = asset.or(asset_until_16).and_then(|key| assets.by_key.get(&key));
        let Some(asset) = at.and_then(|at| assets.list.get_mut(*at)) else { return };
        let name = person.or(person_until_16).and_then(|key| names.get(&key).cloned());
        asset.faces.push(Face { name, region: region(c.real(), c.real(), c.real()) });
    });
    for asset in assets.list.iter_mut().filter(|asset| !asset.faces.is_empty()) {
        asset.faces.sort_by(in_order);
        asset.faces.shrink_to_fit();
    }
    named.and(seen)
}

fn read_persons(tables: &mut Tables) -> (HashMap<i64, Person>, Result<(), String>) {
    let mut persons = HashMap::new();
    let columns = ["ZFULLNAME", "ZDISPLAYNAME", "ZMERGETARGETPERSON"];
    let read = tables.each("ZPERSON", &columns, |key, c| {
        let (full, shown, merged_into) = (c.text(), c.text(), c.int());
        let name = [full, shown].into_iter().flatten().find(|name| !name.trim().is_empty());
        persons.insert(key, Person { name: name.map(Into::into), merged_into });
    });
    (persons, read)
}

/// Where the way from one person to the next ends.
#[derive(Debug, Clone)]
enum End {
    /// In a circle, where nobody is anybody in the end; or not known yet, which is the same for who comes by again.
    Circle,
    /// With this name, if there is one.
    Name(Option<Arc<str>>),
}

/// The name of each person: that of the one whom they turned out to be in the end; if nobody named that one, the last
/// name on the way there. People who are merged in a circle, or into one, have their own names.
///
/// Each person is looked at once, however long the chains are.
fn names(persons: &HashMap<i64, Person>) -> HashMap<i64, Arc<str>> {
    let mut ends: HashMap<i64, End> = HashMap::with_capacity(persons.len());
    for first in persons.keys() {
        let mut way = Vec::new();
        let mut at = Some(*first);
        let mut end = loop {
            let Some((key, person)) = at.and_then(|key| persons.get_key_value(&key)) else {
                break End::Name(None);
            };
            if let Some(end) = ends.get(key) {
                break end.clone();
            }
            ends.insert(*key, End::Circle);
            way.push((*key, person));
            at = person.merged_into;
        };
        for (key, person) in way.into_iter().rev() {
            if matches!(end, End::Name(None)) {
                end = End::Name(person.name.clone());
            }
            ends.insert(key, end.clone());
        }
    }
    let name = |(key, end): (i64, End)| {
        let name = match end {
            End::Name(name) => name,
            End::Circle => persons.get(&key)?.name.clone(),
        };
        Some((key, name?))
    };
    ends.into_iter().filter_map(name).collect()
}

/// Where a face is, if the numbers are a place in a picture.
fn region(x: Option<f64>, y: Option<f64>, size: Option<f64>) -> Option<FaceRegion> {
    let within = |value: &f64| (0.0..=1.0).contains(value);
    let (x, y, size) = (x.filter(within)?, y.filter(within)?, size.filter(within)?);
    #[expect(clippy::cast_possible_truncation, reason = "between 0 and 1")]
    (size > 0.0).then_some(FaceRegion { x: x as f32, y: y as f32, size: size as f32 })
}

/// Named ones first, by name; then from left to right. The order of the rows means nothing.
fn in_order(a: &Face, b: &Face) -> Ordering {
    let place = |face: &Face| face.region.map_or((f32::MAX, f32::MAX), |region| (region.x, region.y));
    let ((ax, ay), (bx, by)) = (place(a), place(b));
    (a.name.is_none(), &a.name)
        .cmp(&(b.name.is_none(), &b.name))
        .then_with(|| ax.total_cmp(&bx))
        .then_with(|| ay.total_cmp(&by))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn persons(list: &[(i64, &str, Option<i64>)]) -> HashMap<i64, Person> {
        let person = |(key, name, merged_into): &(i64, &str, Option<i64>)| {
            let name = Some(*name).filter(|name| !name.is_empty()).map(Into::into);
            (*key, Person { name, merged_into: *merged_into })
        };
        list.iter().map(person).collect()
    }

    #[test]
    fn merged_people_are_who_they_turned_out_to_be() {
        let known = persons(&[
            (1, "Ada", None),
            (2, "", Some(1)),
            (3, "Augusta", Some(2)),
            (4, "", None),
            (5, "Grace", Some(4)),
            (6, "Emmy", Some(99)),
            (7, "Turns", Some(8)),
            (8, "Round", Some(7)),
            (9, "Self", Some(9)),
            (10, "Into a circle", Some(7)),
        ]);
        let names = names(&known);
        let name = |key: i64| names.get(&key).map_or("", |name| &**name);
        assert_eq!([name(1), name(2), name(3)], ["Ada", "Ada", "Ada"]);
        assert_eq!([name(4), name(5), name(6)], ["", "Grace", "Emmy"]);
        assert_eq!([name(7), name(8), name(9), name(10)], ["Turns", "Round", "Self", "Into a circle"]);
        assert_eq!(name(11), "");
    }

    #[test]
    fn chains_without_an_end_are_walked_once() {
        // Everybody is the next one: walked anew for each, this would be 20 thousand million steps.
        let chain = |last: Option<i64>| -> HashMap<i64, Person> {
            let person =
                |key| Person { name: None, merged_into: if key == 200_000 { last } else { Some(key + 1) } };
            (1..=200_000).map(|key| (key, person(key))).collect()
        };
        let mut open = chain(None);
        open.insert(200_000, Person { name: Some("Ada".into()), merged_into: None });
        let found = names(&open);
        assert_eq!(found.len(), 200_000);
        assert!(found.values().all(|name| Arc::ptr_eq(name, &found[&1])), "kept once");
        assert!(names(&chain(Some(1))).is_empty(), "a circle of people without a name");
        assert!(names(&chain(Some(i64::MAX))).is_empty(), "the last one is not there");
    }

    #[test]
    fn a_region_lies_in_the_picture() {
        let found = region(Some(0.25), Some(1.0), Some(0.125)).unwrap();
        assert_eq!((found.x, found.y, found.size), (0.25, 1.0, 0.125));
        for (x, y, size) in [(-0.1, 0.5, 0.1), (0.5, 1.1, 0.1), (0.5, 0.5, 0.0), (0.5, 0.5, -1.0)] {
            assert_eq!(region(Some(x), Some(y), Some(size)), None);
        }
        assert_eq!(region(None, Some(0.5), Some(0.5)), None);
        assert_eq!(region(Some(f64::NAN), Some(0.5), Some(0.5)), None);
    }

    #[test]
    fn named_faces_come_first() {
        let face = |name: &str, x| Face {
            name: Some(name).filter(|name| !name.is_empty()).map(Into::into),
            region: Some(FaceRegion { x, y: 0.5, size: 0.1 }),
        };
        let mut faces = vec![face("", 0.1), face("B", 0.9), face("B", 0.2), face("A", 0.5), face("", 0.05)];
        faces.push(Face { name: None, region: None });
        faces.sort_by(in_order);
        let text = |face: &Face| (face.name.as_deref().unwrap_or("-").to_owned(), face.region.map(|r| r.x));
        let expected = [
            ("A", Some(0.5)),
            ("B", Some(0.2)),
            ("B", Some(0.9)),
            ("-", Some(0.05)),
            ("-", Some(0.1)),
            ("-", None),
        ];
        assert_eq!(faces.iter().map(text).collect::<Vec<_>>(), expected.map(|(n, x)| (n.to_owned(), x)));
    }
}
