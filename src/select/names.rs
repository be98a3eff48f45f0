//! Names that must exist: people, keywords, cameras, apps.

use std::collections::BTreeMap;

use super::{Named, Pattern, SelectError};
use crate::text::{fold, nearest};

/// At most this many suggestions.
const SUGGESTIONS: usize = 3;

/// How a person's word for a name is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// The whole name.
    Whole,
    /// Any part of it.
    Part,
}

/// All names of a kind, each once, with the form in which they are compared.
pub(super) struct Register<'a> {
    what: Named,
    way: Way,
    /// By compared form.
    names: BTreeMap<String, &'a str>,
}

impl<'a> Register<'a> {
    pub(super) fn new(what: Named, way: Way, names: impl Iterator<Item = &'a str>) -> Self {
        Self { what, way, names: names.map(|name| (fold(name), name)).collect() }
    }

    /// The compared forms of the names that a person's word means; at least one.
    ///
    /// A word that is a name is that name; else, if it is a pattern, all names that are like it; else, if parts
    /// count, all names that it is in.
    pub(super) fn find(&self, asked: &str) -> Result<Vec<String>, SelectError> {
        let folded = fold(asked.trim());
        if self.names.contains_key(&folded) {
            return Ok(vec![folded]);
        }
        let mut found: Vec<String> = Vec::new();
        if let Some(pattern) = Pattern::new(asked.trim()).ok().filter(|_| Pattern::is_one(asked)) {
            found.extend(
                self.names.iter().filter(|(_, name)| pattern.matches(name)).map(|(key, _)| key.clone()),
            );
        } else if self.way == Way::Part && !folded.is_empty() {
            found.extend(self.names.keys().filter(|name| name.contains(&folded)).cloned());
        }
        if !found.is_empty() {
            return Ok(found);
        }
        let nearest = nearest(asked, self.names.values().copied(), SUGGESTIONS);
        Err(SelectError::NoSuchName {
            what: self.what,
            asked: asked.to_owned(),
            nearest: nearest.into_iter().map(str::to_owned).collect(),
            available: self.names.len(),
        })
    }

    /// The compared forms of all names that any of these words means.
    pub(super) fn find_all(&self, asked: &[String]) -> Result<Vec<String>, SelectError> {
        let mut out = Vec::new();
        for asked in asked {
            out.extend(self.find(asked)?);
        }
        out.sort_unstable();
        out.dedup();
        Ok(out)
    }
}
