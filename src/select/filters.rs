//! The criteria that narrow a selection, made ready for one item after another.

use std::collections::{HashMap, HashSet};

use super::names::{Register, Way};
use super::{Named, Pattern, SelectError, Selection, albums};
use crate::catalog::{Camera, Catalog, Item};
use crate::fields::Predicate;
use crate::text::fold;

/// A question to an item.
type Test<'a> = Box<dyn Fn(usize, &Item) -> bool + 'a>;

/// All questions, of which none may be answered with no.
pub(super) struct Filters<'a> {
    tests: Vec<Test<'a>>,
    /// The dearest comes last.
    condition: Option<&'a Predicate>,
}

/// Whether one of the wanted is there, if any is wanted, and none of the unwanted.
fn among<T>(wanted: &[T], unwanted: &[T], is: impl Fn(&T) -> bool) -> bool {
    (wanted.is_empty() || wanted.iter().any(&is)) && !unwanted.iter().any(&is)
}

impl<'a> Filters<'a> {
    /// The questions of a selection.
    ///
    /// # Errors
    /// A name that nothing has.
    pub(super) fn new(catalog: &'a Catalog, selection: &'a Selection) -> Result<Self, SelectError> {
        let mut all = Self { tests: Vec::new(), condition: selection.condition.as_ref() };
        all.of_albums(catalog, selection)?;
        all.of_names(catalog, selection)?;
        all.of_kinds(selection);
        all.of_time_and_place(selection);
        all.of_texts(catalog, selection)?;
        all.of_quantities(selection);
        all.of_media(catalog, &selection.media)?;
        Ok(all)
    }

    /// Whether an item is meant.
    ///
    /// # Errors
    /// The condition cannot be worked out for it.
    pub(super) fn accept(&self, catalog: &Catalog, index: usize, item: &Item) -> Result<bool, SelectError> {
        if !self.tests.iter().all(|test| test(index, item)) {
            return Ok(false);
        }
        match self.condition {
            Some(condition) => Ok(condition.matches(item, catalog)?),
            None => Ok(true),
        }
    }

    pub(super) fn add(&mut self, needed: bool, test: impl Fn(usize, &Item) -> bool + 'a) {
        if needed {
            self.tests.push(Box::new(test));
        }
    }

    fn of_albums(&mut self, catalog: &'a Catalog, selection: &'a Selection) -> Result<(), SelectError> {
        let mut unwanted = HashSet::new();
        let mut exclude = |found: Vec<usize>| {
            for album in found.into_iter().filter_map(|index| catalog.albums.get(index)) {
                unwanted.extend(album.members.iter().copied());
            }
        };
        for asked in &selection.not_albums {
            exclude(albums::find(&catalog.albums, asked)?);
        }
        for asked in &selection.not_folders {
            exclude(albums::find_folder(&catalog.albums, asked)?);
        }
        self.add(!unwanted.is_empty(), move |index, _| !unwanted.contains(&index));
        self.add(selection.no_album, |_, item| item.albums.is_empty());
        Ok(())
    }

    /// What must be the name of something.
    fn of_names(&mut self, catalog: &'a Catalog, selection: &'a Selection) -> Result<(), SelectError> {
        if !selection.persons.is_empty() || !selection.not_persons.is_empty() {
            let names = catalog.items.iter().flat_map(Item::persons);
            let register = Register::new(Named::Person, Way::Whole, names);
            let (wanted, unwanted) =
                (register.find_all(&selection.persons)?, register.find_all(&selection.not_persons)?);
            self.add(true, move |_, item| {
                let names: Vec<String> = item.persons().map(fold).collect();
                among(&wanted, &unwanted, |name| names.contains(name))
            });
        }
        if !selection.keywords.is_empty() || !selection.not_keywords.is_empty() {
            let words = catalog.items.iter().flat_map(|item| &item.keywords).map(|word| &**word);
            let register = Register::new(Named::Keyword, Way::Whole, words);
            let (wanted, unwanted) =
                (register.find_all(&selection.keywords)?, register.find_all(&selection.not_keywords)?);
            self.add(true, move |_, item| {
                let words: Vec<String> = item.keywords.iter().map(|word| fold(word)).collect();
                among(&wanted, &unwanted, |word| words.contains(word))
            });
        }
        if !selection.cameras.is_empty() || !selection.not_cameras.is_empty() {
            let names: HashSet<String> = catalog.items.iter().filter_map(camera).collect();
            let register = Register::new(Named::Camera, Way::Part, names.iter().map(String::as_str));
            let (wanted, unwanted) =
                (register.find_all(&selection.cameras)?, register.find_all(&selection.not_cameras)?);
            self.add(true, move |_, item| {
                let name = camera(item).map(|name| fold(&name));
                among(&wanted, &unwanted, |camera| name.as_ref() == Some(camera))
            });
        }
        if !selection.importers.is_empty() || !selection.not_importers.is_empty() {
            let names = catalog.items.iter().filter_map(|item| item.imported_by.as_deref());
            let register = Register::new(Named::App, Way::Part, names);
            let (wanted, unwanted) =
                (register.find_all(&selection.importers)?, register.find_all(&selection.not_importers)?);
            self.add(true, move |_, item| {
                let name = item.imported_by.as_deref().map(fold);
                among(&wanted, &unwanted, |app| name.as_ref() == Some(app))
            });
        }
        Ok(())
    }

    fn of_kinds(&mut self, selection: &'a Selection) {
        let Selection { smart, not_smart, kinds, not_kinds, .. } = selection;
        self.add(!smart.is_empty() || !not_smart.is_empty(), |_, item| {
            among(smart, not_smart, |smart| smart.describes(item))
        });
        self.add(!kinds.is_empty() || !not_kinds.is_empty(), |_, item| {
            among(kinds, not_kinds, |kind| *kind == item.kind)
        });
        if let Some(favorite) = selection.favorite {
            self.add(true, move |_, item| item.favorite == favorite);
        }
        if let Some(edited) = selection.edited {
            self.add(true, move |_, item| item.adjusted == edited);
        }
    }

    fn of_time_and_place(&mut self, selection: &'a Selection) {
        let Selection { taken, added, years, not_years, near, not_near, .. } = selection;
        self.add(!taken.is_open(), |_, item| {
            let time = item.taken.or_else(|| super::media::released(item));
            // Of most films no more than the year is known.
            let year = item.media.as_ref().and_then(|media| media.year).filter(|_| time.is_none());
            taken.contains(time) || year.is_some_and(|year| taken.meets_year(year))
        });
        self.add(!added.is_open(), |_, item| {
            added.contains(item.added.map(|instant| crate::catalog::CaptureTime { instant, offset: None }))
        });
        self.add(!years.is_empty() || !not_years.is_empty(), |_, item| {
            let year = super::media::year(item);
            among(years, not_years, |wanted| year == Some(*wanted))
        });
        self.add(!near.is_empty() || !not_near.is_empty(), |_, item| {
            among(near, not_near, |near| item.location.is_some_and(|place| near.contains(place)))
        });
        if let Some(located) = selection.located {
            self.add(true, move |_, item| item.location.is_some() == located);
        }
    }

    fn of_texts(&mut self, catalog: &'a Catalog, selection: &'a Selection) -> Result<(), SelectError> {
        let Selection { titles, captions, names, not_names, .. } = selection;
        if !names.is_empty() || !not_names.is_empty() {
            let files = Files::of(catalog);
            let (wanted, unwanted) = (files.find_all(names)?, files.find_all(not_names)?);
            self.add(true, move |_, item| {
                let name = fold(&item.original_name);
                among(&wanted, &unwanted, |file| file.is(&name))
            });
        }
        let folded = |texts: &[String]| -> Vec<String> { texts.iter().map(|text| fold(text)).collect() };
        let (titles, captions) = (folded(titles), folded(captions));
        let holds = |text: Option<&str>, parts: &[String]| {
            text.map(fold).is_some_and(|text| parts.iter().any(|part| text.contains(part)))
        };
        self.add(!titles.is_empty(), move |_, item| holds(item.title.as_deref(), &titles));
        self.add(!captions.is_empty(), move |_, item| holds(item.caption.as_deref(), &captions));
        Ok(())
    }

    fn of_quantities(&mut self, selection: &Selection) {
        let (min, max) = (selection.min_size, selection.max_size);
        self.add(min.is_some() || max.is_some(), move |_, item| {
            // Of what is packed on the way, nobody knows how large it will be.
            item.size_bytes()
                .is_some_and(|size| min.is_none_or(|min| size >= min) && max.is_none_or(|max| size <= max))
        });
        let (min, max) = (selection.min_duration, selection.max_duration);
        self.add(min.is_some() || max.is_some(), move |_, item| {
            item.duration_seconds.is_some_and(|duration| {
                min.is_none_or(|min| duration >= min) && max.is_none_or(|max| duration <= max)
            })
        });
    }
}

/// What a person's word for files means.
enum FileName {
    /// The name, in its compared form.
    Whole(String),
    Like(Pattern),
}

impl FileName {
    /// Whether a name, in its compared form, is meant.
    fn is(&self, name: &str) -> bool {
        match self {
            Self::Whole(whole) => whole == name,
            Self::Like(pattern) => pattern.matches_folded(name),
        }
    }
}

/// The names of all files. There are far more of them than of anything else that has one, so that what a pattern means
/// is not written down.
struct Files<'a>(HashMap<String, &'a str>);

impl<'a> Files<'a> {
    fn of(catalog: &'a Catalog) -> Self {
        let names = catalog.items.iter().map(|item| item.original_name.as_str());
        Self(names.map(|name| (fold(name), name)).collect())
    }

    /// A word that is a name is that name, whatever is in it; else it is a pattern.
    fn find(&self, asked: &str) -> Result<FileName, SelectError> {
        let folded = fold(asked);
        if self.0.contains_key(&folded) {
            return Ok(FileName::Whole(folded));
        }
        let pattern = Pattern::new(asked)?;
        if self.0.keys().any(|name| pattern.matches_folded(name)) {
            return Ok(FileName::Like(pattern));
        }
        let mut names: Vec<&str> = self.0.values().copied().collect();
        names.sort_unstable();
        let nearest = crate::text::nearest(asked, names, 3);
        Err(SelectError::NoSuchName {
            what: Named::File,
            asked: asked.to_owned(),
            nearest: nearest.into_iter().map(str::to_owned).collect(),
            available: self.0.len(),
        })
    }

    fn find_all(&self, asked: &[String]) -> Result<Vec<FileName>, SelectError> {
        asked.iter().map(|asked| self.find(asked)).collect()
    }
}

/// Maker and model of the camera.
fn camera(item: &Item) -> Option<String> {
    item.camera.as_deref().and_then(Camera::name)
}
