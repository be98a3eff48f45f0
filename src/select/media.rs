//! The criteria that only other media than photos have, made ready for one item after another; and the pictures of
//! albums, which go with what is meant of their albums.

use std::collections::HashSet;

use super::filters::Filters;
use super::names::{Register, Way};
use super::{Named, Policy, SelectError};
use crate::catalog::{CaptureTime, Catalog, Collection, Item, Media, MediaKind, Presence, Scope};
use crate::text::fold;

/// What a person asked for of songs, films, books and so on. Lists are alternatives; an empty one asks for nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaSelection {
    /// By these, by name, part of it or pattern: artist or album artist; of books the author.
    pub artists: Vec<String>,
    /// On these albums, or of these podcasts, by name or pattern.
    pub albums: Vec<String>,
    /// Of these genres, by name, part of it or pattern.
    pub genres: Vec<String>,
    /// Of these series, by name, part of it or pattern.
    pub shows: Vec<String>,
    /// In these folders of voice memos, by name or pattern.
    pub folders: Vec<String>,
    /// With at least this rating, 0 to 100.
    pub min_rating: Option<u8>,
    /// What to do about what is protected.
    pub protected: Policy,
    /// Whether pictures of albums go with them.
    pub covers: bool,
}

impl Default for MediaSelection {
    /// Everything that can be played anywhere, with the pictures of its albums.
    fn default() -> Self {
        Self {
            artists: Vec::new(),
            albums: Vec::new(),
            genres: Vec::new(),
            shows: Vec::new(),
            folders: Vec::new(),
            min_rating: None,
            protected: Policy::Exclude,
            covers: true,
        }
    }
}

impl<'a> Filters<'a> {
    /// Adds the questions of a selection of media.
    pub(super) fn of_media(
        &mut self,
        catalog: &'a Catalog,
        wanted: &'a MediaSelection,
    ) -> Result<(), SelectError> {
        type Names = fn(&Media) -> Vec<&str>;
        let (whose, title) = match catalog.collection {
            Collection::Books => (Named::Author, Named::Disc),
            Collection::Podcasts => (Named::Artist, Named::Podcast),
            _ => (Named::Artist, Named::Disc),
        };
        let lists: [(&[String], Named, Way, Names); 5] = [
            (&wanted.artists, whose, Way::Part, |m| {
                [&m.artist, &m.album_artist].into_iter().flatten().map(|name| &**name).collect()
            }),
            (&wanted.albums, title, Way::Whole, |m| m.album.iter().map(|name| &**name).collect()),
            (&wanted.genres, Named::Genre, Way::Part, |m| m.genre.iter().map(|name| &**name).collect()),
            (&wanted.shows, Named::Show, Way::Part, |m| m.show.iter().map(|name| &**name).collect()),
            (&wanted.folders, Named::MemoFolder, Way::Whole, |m| {
                m.folders.iter().map(|name| &**name).collect()
            }),
        ];
        for (asked, what, way, names) in lists {
            if asked.is_empty() {
                continue;
            }
            let all = catalog.items.iter().filter_map(|item| item.media.as_deref());
            let register = Register::new(what, way, all.flat_map(names));
            let found: HashSet<String> = register.find_all(asked)?.into_iter().collect();
            self.add(true, move |_, item| {
                let media = item.media.as_deref();
                media.is_some_and(|media| names(media).iter().any(|name| found.contains(&fold(name))))
            });
        }
        if let Some(least) = wanted.min_rating {
            self.add(true, move |_, item| {
                item.media.as_ref().and_then(|media| media.rating).is_some_and(|rating| rating >= least)
            });
        }
        Ok(())
    }
}

/// The year of an item: of its release, else that it was taken in.
pub(super) fn year(item: &Item) -> Option<i16> {
    let released = item.media.as_ref().and_then(|media| media.year);
    released.or_else(|| Some(item.taken?.local().year()))
}

/// When an item was released, by no clock in particular.
pub(super) fn released(item: &Item) -> Option<CaptureTime> {
    let instant = item.media.as_ref()?.released?;
    Some(CaptureTime { instant, offset: None })
}

/// The album that an item belongs to, in the form in which albums are told apart: whose it is, and its title.
fn album(item: &Item) -> Option<(String, String)> {
    let media = item.media.as_deref()?;
    let whose = match media.compilation {
        true => String::new(),
        false => fold(media.album_artist.as_deref().or(media.artist.as_deref()).unwrap_or_default()),
    };
    Some((whose, fold(media.album.as_deref()?)))
}

/// The pictures of all albums of which anything is among `selected` and can be exported into its folder, as indices into [`Catalog::items`].
pub(super) fn covers_of(catalog: &Catalog, selected: &[usize]) -> Vec<usize> {
    let is_cover = |item: &Item| item.kind == MediaKind::Cover;
    if !catalog.items.iter().any(is_cover) {
        return Vec::new();
    }
    let is_here = |item: &&Item| {
        item.scope != Scope::Uncatalogued
            && item.resources.iter().any(|file| matches!(file.presence, Presence::OnPhone(_)))
    };
    let items = selected.iter().filter_map(|index| catalog.items.get(*index)).filter(is_here);
    let albums: HashSet<(String, String)> = items.filter_map(album).collect();
    let all = catalog.items.iter().enumerate().filter(|(_, item)| is_cover(item));
    all.filter(|(_, item)| album(item).is_some_and(|album| albums.contains(&album)))
        .map(|(at, _)| at)
        .collect()
}
