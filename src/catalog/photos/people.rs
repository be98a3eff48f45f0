//! Faces in pictures, and whose they are (facts/media.md section A11).

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::assets::Assets;
use super::rows::Tables;
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
        let name = person.or(person_until_16).and_then(|key| name_of(&persons, key));
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

/// The name of the person whom this one turned out to be in the end; if nobody named that one, the last name on
/// the way there. People who are merged in a circle have their own names.
fn name_of(persons: &HashMap<i64, Person>, key: i64) -> Option<Arc<str>> {
    let own = persons.get(&key)?;
    let (mut at, mut name) = (own, &own.name);
    let mut seen = HashSet::from([key]);
    while let Some(next) = at.merged_into {
        let Some(person) = persons.get(&next) else { break };
        if !seen.insert(next) {
            return own.name.clone();
        }
        at = person;
        if person.name.is_some() {
            name = &person.name;
        }
    }
    name.clone()
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
        let name = |key| name_of(&known, key).as_deref().unwrap_or_default().to_owned();
        assert_eq!([name(1), name(2), name(3)], ["Ada", "Ada", "Ada"]);
        assert_eq!([name(4), name(5), name(6)], ["", "Grace", "Emmy"]);
        assert_eq!([name(7), name(8), name(9), name(10)], ["Turns", "Round", "Self", "Into a circle"]);
        assert_eq!(name(11), "");
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
