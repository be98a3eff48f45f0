//! Where songs, films, voice memos, books and documents belong: folders and names as people know them from music
//! players and media servers.
//!
//! `Artist/Album/03 Title`, `Compilations/Album/03 Title`, `TV Shows/Show/Season 01/S01E02 Title`. It gives texts that
//! may hold anything; making names of them is done elsewhere.

use crate::catalog::{Collection, Item, Media, MediaKind, Scope};

/// The folder for albums of several artists.
const COMPILATIONS: &str = "Compilations";

/// The folder for files that the catalogue does not name.
const UNCATALOGUED: &str = "Not in library";

/// The folder for songs of which nothing is known but the name of their file, which says nothing: `QZXR.m4a`.
const UNTITLED: &str = "Untitled";

/// Folders, outermost first, and the name without its extension; no name if it is to keep its own. `None` for what
/// is arranged by its date.
pub(super) fn place(item: &Item, collection: Collection) -> Option<(Vec<String>, Option<String>)> {
    let nothing = Media::default();
    let media = item.media.as_deref().unwrap_or(&nothing);
    let title = item.title.as_deref().filter(|title| !title.trim().is_empty());
    // A picture goes where the songs of its album go, whatever the first of them is.
    let is_placed = matches!(item.kind, MediaKind::VoiceMemo | MediaKind::Cover);
    if item.scope == Scope::Uncatalogued && !is_placed {
        return Some((folders([UNCATALOGUED]), None));
    }
    Some(match item.kind {
        MediaKind::Photo | MediaKind::Video => return None,
        MediaKind::Song if title.is_none() && is_nobodys(media) => (folders([UNTITLED]), None),
        MediaKind::Song => (album_folders(media), title.map(|title| numbered(media, title))),
        MediaKind::Cover => {
            let folders = match collection {
                Collection::Podcasts => folders([podcast(media)]),
                Collection::Books => audiobook_folders(media),
                _ => album_folders(media),
            };
            (folders, Some("cover".to_owned()))
        }
        MediaKind::Other => (folders(["Other"]), title.map(str::to_owned)),
        MediaKind::MusicVideo => {
            (folders(["Music Videos", artist(media, "Unknown Artist")]), title.map(str::to_owned))
        }
        MediaKind::Movie => (folders(["Movies"]), title.map(|title| dated_film(media, title))),
        MediaKind::HomeVideo => (folders(["Home Videos"]), title.map(str::to_owned)),
        MediaKind::TvShow => (show_folders(media), title.map(|title| episode(media, title))),
        MediaKind::Podcast => (folders([podcast(media)]), title.map(|title| released(media, title))),
        MediaKind::Lecture => {
            (folders(["iTunes U", podcast(media)]), title.map(|title| numbered(media, title)))
        }
        MediaKind::Audiobook => (audiobook_folders(media), title.map(|title| numbered(media, title))),
        MediaKind::Ringtone | MediaKind::AlertTone => (Vec::new(), title.map(str::to_owned)),
        MediaKind::VoiceMemo => {
            (folders(media.folders.iter().map(|folder| &**folder)), title.map(|title| recorded(item, title)))
        }
        MediaKind::Book => (folders(media.artist.as_deref()), title.map(str::to_owned)),
        MediaKind::Document => {
            let below = media.folders.iter().map(|folder| &**folder);
            (folders(media.app.as_deref().into_iter().chain(below)), None)
        }
    })
}

fn folders<'t>(names: impl IntoIterator<Item = &'t str>) -> Vec<String> {
    names.into_iter().map(str::to_owned).collect()
}

/// Whose album it is, or whose song.
fn artist<'m>(media: &'m Media, unknown: &'m str) -> &'m str {
    media.album_artist.as_deref().or(media.artist.as_deref()).unwrap_or(unknown)
}

/// Whether nothing says who made it, nor what album it is on.
const fn is_nobodys(media: &Media) -> bool {
    media.artist.is_none() && media.album_artist.is_none() && media.album.is_none()
}

fn album_folders(media: &Media) -> Vec<String> {
    let artist = if media.compilation { COMPILATIONS } else { artist(media, "Unknown Artist") };
    folders([artist, media.album.as_deref().unwrap_or("Unknown Album")])
}

fn podcast(media: &Media) -> &str {
    media.album.as_deref().unwrap_or_else(|| artist(media, "Unknown Podcast"))
}

fn audiobook_folders(media: &Media) -> Vec<String> {
    folders(["Audiobooks", artist(media, "Unknown Author")].into_iter().chain(media.album.as_deref()))
}

/// `03 Title`; `2-03 Title` where there are several discs.
fn numbered(media: &Media, title: &str) -> String {
    let disc = media.disc.filter(|disc| *disc > 1 || media.discs.is_some_and(|discs| discs > 1));
    match (disc, media.track) {
        (Some(disc), Some(track)) => format!("{disc}-{track:02} {title}"),
        (None, Some(track)) => format!("{track:02} {title}"),
        (_, None) => title.to_owned(),
    }
}

fn dated_film(media: &Media, title: &str) -> String {
    media.year.map_or_else(|| title.to_owned(), |year| format!("{title} ({year})"))
}

fn show_folders(media: &Media) -> Vec<String> {
    let show = media.show.as_deref().or(media.artist.as_deref()).or(media.album.as_deref());
    let season = media.season.map(|season| format!("Season {season:02}"));
    folders(["TV Shows", show.unwrap_or("Unknown Show")]).into_iter().chain(season).collect()
}

fn episode(media: &Media, title: &str) -> String {
    match (media.season, media.episode) {
        (Some(season), Some(episode)) => format!("S{season:02}E{episode:02} {title}"),
        (None, Some(episode)) => format!("E{episode:02} {title}"),
        (_, None) => title.to_owned(),
    }
}

fn released(media: &Media, title: &str) -> String {
    let date = media.released.map(|instant| instant.strftime("%Y-%m-%d").to_string());
    date.map_or_else(|| title.to_owned(), |date| format!("{date} {title}"))
}

fn recorded(item: &Item, title: &str) -> String {
    let Some(local) = item.taken.map(|taken| taken.local()) else { return title.to_owned() };
    let date = local.strftime("%Y-%m-%d").to_string();
    // One without a title has the phone's own name, which begins with the day.
    let is_dated = title.starts_with(&date) || title.starts_with(&local.strftime("%Y%m%d ").to_string());
    if is_dated { title.to_owned() } else { format!("{date} {title}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::AssetUuid;

    fn placed(kind: MediaKind, title: &str, media: Media) -> String {
        let mut item = Item::new(AssetUuid("x".to_owned()), "own.m4a".to_owned(), kind);
        item.title = Some(title.into());
        item.media = Some(Box::new(media));
        let (folders, name) = place(&item, Collection::Music).unwrap();
        [folders.join("|"), name.unwrap_or_default()].join("|")
    }

    fn text(text: &str) -> Option<std::sync::Arc<str>> {
        Some(text.into())
    }

    #[test]
    fn songs() {
        let song = Media { artist: text("A feat. B"), album: text("C"), track: Some(3), ..Media::default() };
        assert_eq!(placed(MediaKind::Song, "T", song.clone()), "A feat. B|C|03 T");
        let owned = Media { album_artist: text("A"), disc: Some(1), discs: Some(2), ..song.clone() };
        assert_eq!(placed(MediaKind::Song, "T", owned.clone()), "A|C|1-03 T");
        assert_eq!(placed(MediaKind::Cover, "", owned), "A|C|cover");
        let single = Media { disc: Some(1), discs: Some(1), ..song.clone() };
        assert_eq!(placed(MediaKind::Song, "T", single), "A feat. B|C|03 T");
        let many = Media { compilation: true, album_artist: text("Various Artists"), ..song };
        assert_eq!(placed(MediaKind::Song, "T", many), "Compilations|C|03 T");
        assert_eq!(placed(MediaKind::Song, "T", Media::default()), "Unknown Artist|Unknown Album|T");
        let by_somebody = Media { artist: text("A"), ..Media::default() };
        assert_eq!(placed(MediaKind::Song, " ", by_somebody), "A|Unknown Album|");
        assert_eq!(placed(MediaKind::Song, " ", Media::default()), "Untitled|");
    }

    #[test]
    fn films_and_series() {
        let film = Media { year: Some(1999), ..Media::default() };
        assert_eq!(placed(MediaKind::Movie, "M", film), "Movies|M (1999)");
        let part = Media { show: text("S"), season: Some(1), episode: Some(2), ..Media::default() };
        assert_eq!(placed(MediaKind::TvShow, "P", part.clone()), "TV Shows|S|Season 01|S01E02 P");
        assert_eq!(placed(MediaKind::TvShow, "P", Media { season: None, ..part }), "TV Shows|S|E02 P");
        assert_eq!(placed(MediaKind::TvShow, "P", Media::default()), "TV Shows|Unknown Show|P");
    }

    #[test]
    fn things_with_dates() {
        let when = "2024-03-05T23:30:00Z".parse().unwrap();
        let cast = Media { album: text("Cast"), released: Some(when), ..Media::default() };
        assert_eq!(placed(MediaKind::Podcast, "E", cast), "Cast|2024-03-05 E");
        let mut memo = crate::testing::item("m", "x.m4a", 0);
        memo.kind = MediaKind::VoiceMemo;
        memo.title = Some("Idea".into());
        assert_eq!(place(&memo, Collection::VoiceMemos), Some((vec![], Some("2024-03-09 Idea".to_owned()))));
        for dated in ["2024-03-09 12.00", "20240309 120000-1A2B3C4D"] {
            memo.title = Some(dated.into());
            assert_eq!(place(&memo, Collection::VoiceMemos), Some((vec![], Some(dated.to_owned()))));
        }
        memo.title = Some("20240309".into());
        let name = "2024-03-09 20240309".to_owned();
        assert_eq!(place(&memo, Collection::VoiceMemos), Some((vec![], Some(name))));
    }

    #[test]
    fn documents_keep_their_names_and_folders() {
        let own = Media { app: text("Notes"), folders: vec!["a".into(), "b/c".into()], ..Media::default() };
        assert_eq!(placed(MediaKind::Document, "ignored", own), "Notes|a|b/c|");
        assert_eq!(place(&crate::testing::item("p", "x.jpg", 0), Collection::Photos), None);
    }
}
