//! The order in which people look for things: by artist and album, however those are written.

use std::collections::HashMap;
use std::sync::Arc;

use crate::catalog::Item;
use crate::text::fold;

/// The places of texts in their order; texts that differ only in case have the same one.
///
/// A text that many items share is folded once. So each is known by where it lies in memory, and only texts of one
/// [`super::texts::Texts`] can be asked for.
#[derive(Debug, Default)]
pub(super) struct Ranks(HashMap<usize, u32>);

impl Ranks {
    pub(super) fn new<'a>(texts: impl IntoIterator<Item = &'a Arc<str>>) -> Self {
        let distinct: HashMap<usize, &Arc<str>> =
            texts.into_iter().map(|text| (address(text), text)).collect();
        let mut folded: Vec<(String, usize)> =
            distinct.into_iter().map(|(address, text)| (fold(text), address)).collect();
        folded.sort_unstable();
        let mut ranks = HashMap::with_capacity(folded.len());
        let (mut rank, mut before) = (0, None);
        for (text, address) in &folded {
            rank += u32::from(before.is_some_and(|before| before != text));
            before = Some(text);
            ranks.insert(*address, rank);
        }
        Self(ranks)
    }

    /// The texts that items are sorted by.
    pub(super) fn of_items<'a>(items: impl IntoIterator<Item = &'a Item>) -> Self {
        Self::new(items.into_iter().flat_map(|item| [artist(item), album(item)]).flatten())
    }

    /// The place of a text. What is no text comes last.
    pub(super) fn get(&self, text: Option<&Arc<str>>) -> u32 {
        text.and_then(|text| self.0.get(&address(text))).copied().unwrap_or(u32::MAX)
    }

    /// What an item is found under: artist, album, disc, track and title.
    pub(super) fn key(&self, item: &Item) -> impl Ord + use<> {
        let media = item.media.as_deref();
        let numbers = (media.and_then(|media| media.disc), media.and_then(|media| media.track));
        let title = item.title.as_deref().map(fold).unwrap_or_default();
        (self.get(artist(item)), self.get(album(item)), numbers, title)
    }
}

fn artist(item: &Item) -> Option<&Arc<str>> {
    let media = item.media.as_deref()?;
    media.album_artist.as_ref().or(media.artist.as_ref())
}

fn album(item: &Item) -> Option<&Arc<str>> {
    item.media.as_deref()?.album.as_ref()
}

fn address(text: &Arc<str>) -> usize {
    Arc::as_ptr(text).cast::<u8>().addr()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_does_not_matter_and_nothing_comes_last() {
        let texts = ["b", "A", "B", "\u{e9}", "E\u{301}", "a"].map(Arc::<str>::from);
        let ranks = Ranks::new(&texts);
        let found: Vec<u32> = texts.iter().map(|text| ranks.get(Some(text))).collect();
        assert_eq!(found, [1, 0, 1, 2, 2, 0]);
        assert_eq!(ranks.get(None), u32::MAX);
    }
}
