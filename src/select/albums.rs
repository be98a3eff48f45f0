//! Which albums a person's words mean.

use unicode_normalization::UnicodeNormalization;

use super::SelectError;
use crate::catalog::Album;
use crate::text::fold;

/// Below this likeness (Jaro-Winkler, 0 to 1) a suggestion confuses more than it helps.
const LIKENESS: f64 = 0.7;

/// At most this many suggestions.
const SUGGESTIONS: usize = 3;

/// The albums that `asked` means, as indices; at least one.
///
/// Tried in turn, and the first that matches anything decides: albums whose title or path is exactly that; a
/// folder of exactly that path; then the same two regardless of case. A slash at the end asks for a folder
/// only.
pub(super) fn find(albums: &[Album], asked: &str) -> Result<Vec<usize>, SelectError> {
    let matching = |test: &dyn Fn(&Album) -> bool| -> Vec<usize> {
        albums.iter().enumerate().filter(|(_, album)| test(album)).map(|(index, _)| index).collect()
    };
    let folder = asked.trim_end_matches('/');
    let only_folder = folder.len() < asked.len() && !folder.is_empty();
    let forms: [fn(&str) -> String; 2] = [exactly, fold];
    for form in forms {
        let (album, folder) = (form(asked), form(folder));
        let mut found = Vec::new();
        if !only_folder {
            found = matching(&|other| form(&other.title) == album || form(&other.path()) == album);
        }
        if found.is_empty() {
            found = matching(&|other| folder_paths(other).any(|path| form(&path) == folder));
        }
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
