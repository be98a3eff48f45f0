//! Finding items by words.
//!
//! An item is found if each word is somewhere in what it is called: its name, title, caption, keywords,
//! people, albums and date. Case and accents do not matter.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::catalog::{Catalog, Item};
use crate::text::fold;

/// The form in which texts are compared: folded, without accents.
pub(super) fn key(text: &str) -> String {
    let folded = fold(text);
    if folded.is_ascii() {
        return folded;
    }
    folded.nfd().filter(|c| !is_combining_mark(*c)).collect()
}

/// What can be found, made once for a catalogue.
pub(super) struct Index {
    /// Of each item, except for its albums, which many share.
    items: Vec<Box<str>>,
    albums: Vec<Box<str>>,
}

impl Index {
    /// Of all items and albums.
    pub(super) fn of(catalog: &Catalog) -> Self {
        Self {
            items: catalog.items.iter().map(|item| key(&words_of(item)).into()).collect(),
            albums: catalog.albums.iter().map(|album| key(&album.path()).into()).collect(),
        }
    }

    /// Those of `among` in which every word of `query` is found, in their order.
    pub(super) fn find(&self, catalog: &Catalog, among: &[usize], query: &str) -> Vec<usize> {
        let query = key(query);
        // Each word with the albums that answer to it.
        let words: Vec<(&str, Vec<bool>)> = query
            .split_whitespace()
            .map(|word| (word, self.albums.iter().map(|album| album.contains(word)).collect()))
            .collect();
        let found = |index: &usize| {
            let text = self.items.get(*index).map_or("", |text| &**text);
            let albums = catalog.items.get(*index).map(|item| item.albums.as_slice()).unwrap_or_default();
            let in_one = |hits: &[bool]| albums.iter().any(|album| hits.get(*album) == Some(&true));
            words.iter().all(|(word, hits)| text.contains(word) || in_one(hits))
        };
        among.iter().copied().filter(found).collect()
    }
}

/// All texts of an item, apart from each other.
fn words_of(item: &Item) -> String {
    let taken = item.taken.map(|taken| taken.local().date().to_string());
    let mut out = item.original_name.clone();
    let texts = [item.title.as_deref(), item.caption.as_deref(), taken.as_deref()].into_iter().flatten();
    for text in texts.chain(item.keywords.iter().map(|keyword| &**keyword)).chain(item.persons()) {
        out.push('\n');
        out.push_str(text);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Face;
    use crate::testing::{album, catalog, item};

    fn library() -> Catalog {
        let mut items: Vec<_> =
            (0..5).map(|n| item(&format!("U{n}"), &format!("IMG_{n}.HEIC"), n * 86_400)).collect();
        items[0].title = Some("Crème brûlée".into());
        items[1].keywords = vec!["Straße".into()];
        items[2].faces = vec![Face { name: Some("Zoë".into()), region: None }];
        items[3].albums = vec![0];
        catalog(items, vec![album("Travel/Łódź 2024", &[3])])
    }

    fn find(query: &str) -> Vec<usize> {
        let catalog = library();
        Index::of(&catalog).find(&catalog, &[4, 3, 2, 1, 0], query)
    }

    #[test]
    fn by_name_title_keyword_person_album_and_date() {
        assert_eq!(find("img_4"), [4]);
        assert_eq!(find("CREME BRULEE"), [0]);
        assert_eq!(find("strasse"), [1]);
        assert_eq!(find("zoe"), [2]);
        assert_eq!(find("Zo\u{eb}"), [2]);
        assert_eq!(find("zoe\u{308}"), [2]);
        assert_eq!(find("travel/"), [3]);
        assert_eq!(find("2024-03-10"), [1]);
    }

    #[test]
    fn every_word_counts_wherever_it_is_found() {
        assert_eq!(find("2024 heic"), [4, 3, 2, 1, 0]);
        assert_eq!(find("travel img_3"), [3]);
        assert_eq!(find("travel img_2"), [0_usize; 0]);
        assert_eq!(find("  "), [4, 3, 2, 1, 0]);
        // Two texts beside each other are not one.
        assert_eq!(find("heicstrasse"), [0_usize; 0]);
    }
}
