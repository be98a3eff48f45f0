//! Which albums a person's words mean.

use unicode_normalization::UnicodeNormalization;

use super::{Named, Pattern, SelectError};
use crate::catalog::Album;
use crate::text::{self, LIKENESS, fold};

/// At most this many suggestions.
const SUGGESTIONS: usize = 3;

/// The albums that `asked` means, as indices; at least one.
///
/// Tried in turn, and the first that matches anything decides: albums whose title or path is exactly that; a
/// folder of exactly that path; then the same two regardless of case; then, if it is a pattern, albums whose title
/// or path, or whose folder, is like it. A slash at the end asks for a folder only; a slash at the beginning asks for
/// a whole path, since a title can be that of several albums.
pub(super) fn find(albums: &[Album], asked: &str) -> Result<Vec<usize>, SelectError> {
    let rooted = asked.strip_prefix('/');
    let path = rooted.unwrap_or(asked);
    let folder = path.trim_end_matches('/');
    let only_folder = folder.len() < path.len() && !folder.is_empty();
    let forms: [fn(&str) -> String; 2] = [exactly, fold];
    for form in forms {
        let (title, path, folder) = (form(asked), form(path), form(folder));
        let mut found = Vec::new();
        if !only_folder {
            found = matching(albums, |other| form(&other.title) == title || form(&other.path()) == path);
        }
        if found.is_empty() {
            found = matching(albums, |other| folder_paths(other).any(|path| form(&path) == folder));
        }
        if !found.is_empty() {
            return Ok(found);
        }
    }
    if let Some(pattern) = pattern(folder) {
        let found = matching(albums, |other| {
            let is_title = rooted.is_none() && pattern.matches(&other.title);
            let is_album = !only_folder && (is_title || pattern.matches(&other.path()));
            is_album || folder_paths(other).any(|path| pattern.matches(&path))
        });
        if !found.is_empty() {
            return Ok(found);
        }
    }
    Err(SelectError::NoSuchAlbum {
        asked: asked.to_owned(),
        nearest: nearest(albums, asked),
        available: albums.len(),
    })
}

/// The albums in the folders that `asked` means, by path, by last name or by pattern; at least one.
pub(super) fn find_folder(albums: &[Album], asked: &str) -> Result<Vec<usize>, SelectError> {
    let wanted = asked.trim_matches('/');
    let forms: [fn(&str) -> String; 2] = [exactly, fold];
    for form in forms {
        let folder = form(wanted);
        let mut found = matching(albums, |other| folder_paths(other).any(|path| form(&path) == folder));
        if found.is_empty() {
            found = matching(albums, |other| other.folders.iter().any(|name| form(name) == folder));
        }
        if !found.is_empty() {
            return Ok(found);
        }
    }
    if let Some(pattern) = pattern(wanted) {
        let found = matching(albums, |other| {
            other.folders.iter().any(|name| pattern.matches(name))
                || folder_paths(other).any(|path| pattern.matches(&path))
        });
        if !found.is_empty() {
            return Ok(found);
        }
    }
    let mut paths: Vec<String> = albums.iter().flat_map(folder_paths).collect();
    paths.sort_unstable();
    paths.dedup();
    let nearest = text::nearest(wanted, paths.iter().map(String::as_str), SUGGESTIONS);
    Err(SelectError::NoSuchName {
        what: Named::Folder,
        asked: asked.to_owned(),
        nearest: nearest.into_iter().map(str::to_owned).collect(),
        available: paths.len(),
    })
}

fn matching(albums: &[Album], test: impl Fn(&Album) -> bool) -> Vec<usize> {
    albums.iter().enumerate().filter(|(_, album)| test(album)).map(|(index, _)| index).collect()
}

/// A pattern, if it is one.
fn pattern(text: &str) -> Option<Pattern> {
    Pattern::new(text).ok().filter(|_| Pattern::is_one(text))
}

/// Composed, so that a name typed on one system matches one stored by another.
fn exactly(text: &str) -> String {
    text.nfc().collect()
}

/// `A`, `A/B`, `A/B/C` for an album in the folders A, B and C.
fn folder_paths(album: &Album) -> impl Iterator<Item = String> {
    (1..=album.folders.len()).filter_map(|depth| Some(album.folders.get(..depth)?.join("/")))
}

/// The names most like `asked`.
fn nearest(albums: &[Album], asked: &str) -> Vec<String> {
    let wanted = fold(asked.trim_end_matches('/'));
    let mut scored: Vec<(f64, String)> = Vec::new();
    for album in albums {
        let path = album.path();
        let title = strsim::jaro_winkler(&wanted, &fold(&album.title));
        // The title decides, the path is shown: it is what can be typed without doubt.
        scored.push((title.max(strsim::jaro_winkler(&wanted, &fold(&path))), path));
        scored.extend(
            folder_paths(album).map(|path| (strsim::jaro_winkler(&wanted, &fold(&path)), format!("{path}/"))),
        );
    }
    scored.retain(|(score, name)| *score >= LIKENESS && !name.is_empty());
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    scored.dedup_by(|a, b| a.1 == b.1);
    scored.truncate(SUGGESTIONS);
    scored.into_iter().map(|(_, name)| name).collect()
}
