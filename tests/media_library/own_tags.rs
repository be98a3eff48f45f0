//! What files say of themselves, where no row does.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use iexport::catalog::{CatalogError, Collection, MediaKind, Origin, Scope};
use iexport::source::{
    BoxFuture, DevicePath, EntryName, FolderSource, OpenFile, Source, SourceError, SourceErrorKind, Stat,
};
use phone_libraries::{Audio, AudioFormat, AudioTags, Film, StoreKind};

use crate::support::{Phone, Refusing, media, original, read, uuids};

fn tags(title: &str) -> AudioTags {
    AudioTags { title: Some(title.into()), ..AudioTags::default() }
}

fn audio(format: AudioFormat, tags: AudioTags) -> Vec<u8> {
    Audio { format, length: Duration::from_secs(3), seed: 9, tags }.to_bytes().unwrap()
}

#[test]
fn songs_without_a_database_say_what_they_are() {
    let phone = Phone::empty();
    let all = AudioTags {
        artist: Some("Приливы".into()),
        album: Some("Low Water".into()),
        album_artist: Some("Various".into()),
        track: Some((3, 12)),
        disc: Some((1, 2)),
        year: Some(1998),
        genre: Some("Ambient".into()),
        composer: Some("Ada".into()),
        compilation: true,
        lyrics: Some("la".into()),
        ..tags("Estuary: 東京")
    };
    phone.file("iTunes_Control/Music/F00/AAAA.m4a", &audio(AudioFormat::M4a, all.clone()));
    phone.file("iTunes_Control/Music/F01/BBBB.mp3", &audio(AudioFormat::Mp3, all));
    phone.file("iTunes_Control/Music/F02/CCCC.m4a", &audio(AudioFormat::M4a, AudioTags::default()));
    phone.file("iTunes_Control/Music/F03/DDDD.mp3", b"no sound");
    phone.file("iTunes_Control/Music/F04/EEEE.mp3", b"");
    let long = "x".repeat(70_000);
    phone.file("iTunes_Control/Music/F05/FFFF.m4a", &audio(AudioFormat::M4a, tags(&long[..5000])));
    phone.file("iTunes_Control/Music/F06/GGGG.m4a", &audio(AudioFormat::M4a, tags(&long)));
    let music = phone.music();
    assert_eq!((&music.origin, music.warnings.len()), (&Origin::FilesOnly, 1));
    // What has no artist comes last, what has no title before what has one.
    let names: Vec<&str> =
        music.items.iter().map(|item| item.original_name.get(..13).unwrap_or(&item.original_name)).collect();
    assert_eq!(
        names,
        [
            "Estuary: 東京.m4a",
            "Estuary: 東京.mp3",
            "CCCC.m4a",
            "DDDD.mp3",
            "EEEE.mp3",
            "GGGG.m4a",
            "xxxxxxxxxxxxx"
        ]
    );
    for (song, extension) in music.items.iter().zip(["m4a", "mp3"]) {
        assert_eq!(song.original_name, format!("Estuary: 東京.{extension}"));
        let words = media(song);
        let texts = [&words.artist, &words.album, &words.album_artist, &words.genre, &words.composer];
        let texts = texts.map(|text| text.as_deref().unwrap());
        assert_eq!(texts, ["Приливы", "Low Water", "Various", "Ambient", "Ada"]);
        assert_eq!(
            (words.track, words.tracks, words.disc, words.discs),
            (Some(3), Some(12), Some(1), Some(2))
        );
        assert_eq!((words.year, words.compilation, song.scope), (Some(1998), true, Scope::Library));
        assert_eq!(song.duration_seconds.is_some(), extension == "m4a");
    }
    assert_eq!(music.items[6].title.as_deref().map(str::len), Some(4096));
    assert_eq!(uuids(&music)[0], "path:iTunes_Control/Music/F00/AAAA.m4a");
}

#[test]
fn files_know_their_shelf() {
    let phone = Phone::empty();
    let kinds =
        [StoreKind::Movie, StoreKind::TvShow, StoreKind::MusicVideo, StoreKind::Podcast, StoreKind::Song];
    for (at, kind) in kinds.into_iter().enumerate() {
        let tags = AudioTags {
            kind: Some(kind),
            episode: Some(("The Show".into(), 2, 7)),
            track: Some((9, 0)),
            ..tags(&format!("{kind:?}"))
        };
        let film = Film { seed: 1, tags: tags.clone(), is_m4v: true }.to_bytes().unwrap();
        phone.file(&format!("iTunes_Control/Music/F00/V{at}.m4v"), &film);
        phone.file(&format!("Podcasts/V{at}.m4v"), &film);
    }
    let sorts = [StoreKind::Audiobook, StoreKind::Ringtone, StoreKind::Podcast, StoreKind::Movie];
    for (at, kind) in sorts.into_iter().enumerate() {
        let tags = AudioTags { kind: Some(kind), ..tags(&format!("{kind:?}")) };
        phone.file(&format!("iTunes_Control/Music/F01/S{at}.m4a"), &audio(AudioFormat::M4a, tags));
    }
    let library = phone.read();
    let seen = |collection| -> Vec<(MediaKind, String)> {
        let items = library.catalog(collection).items;
        let mut seen: Vec<_> = items.iter().map(|item| (item.kind, item.original_name.clone())).collect();
        seen.sort_by(|a, b| a.1.cmp(&b.1));
        seen
    };
    let named = |kind, name: &str| (kind, name.to_owned());
    assert_eq!(
        seen(Collection::Videos),
        [
            named(MediaKind::Movie, "Movie.m4v"),
            named(MediaKind::MusicVideo, "MusicVideo.m4v"),
            named(MediaKind::Other, "Song.m4v"),
            named(MediaKind::TvShow, "TvShow.m4v"),
        ]
    );
    assert_eq!(seen(Collection::Books), [named(MediaKind::Audiobook, "Audiobook.m4a")]);
    assert_eq!(seen(Collection::Ringtones), [named(MediaKind::Ringtone, "Ringtone.m4a")]);
    assert_eq!(seen(Collection::Music), [named(MediaKind::Song, "Movie.m4a")]);
    assert_eq!(seen(Collection::Podcasts).len(), 7, "what lies with the podcasts is one");
    let videos = library.catalog(Collection::Videos);
    let episode = media(videos.items.iter().find(|item| item.kind == MediaKind::TvShow).unwrap());
    assert_eq!(
        (episode.show.as_deref(), episode.season, episode.episode),
        (Some("The Show"), Some(2), Some(7))
    );
    let film = media(videos.items.iter().find(|item| item.kind == MediaKind::Movie).unwrap());
    assert_eq!((film.show.as_deref(), film.season), (None, None));
}

#[test]
fn files_without_a_row_say_what_they_are() {
    let phone = Phone::with("");
    phone.song(1, "Named");
    phone.file("iTunes_Control/Music/F01/LOST.m4a", &audio(AudioFormat::M4a, tags("Lost")));
    phone.file("iTunes_Control/Music/F01/NONE.m4a", b"sound");
    let music = phone.music();
    let lost: Vec<_> = music
        .items
        .iter()
        .filter(|item| item.scope == Scope::Uncatalogued)
        .map(|item| &*item.original_name)
        .collect();
    assert_eq!(lost, ["Lost.m4a", "NONE.m4a"]);
    assert_eq!(music.warnings.len(), 0, "{:?}", music.warnings);
}

#[test]
fn files_that_cannot_be_read_are_counted_once() {
    let phone = Phone::empty();
    for name in ["AAAA", "BBBB", "CCCC"] {
        phone.file(&format!("iTunes_Control/Music/F00/{name}.m4a"), &audio(AudioFormat::M4a, tags(name)));
    }
    let refused = &["iTunes_Control/Music/F00/AAAA.m4a", "iTunes_Control/Music/F00/CCCC.m4a"];
    let source = Refusing { inner: FolderSource::new(phone.root()), refused };
    let music = read(&source).unwrap().catalog(Collection::Music);
    let titles: Vec<_> = music.items.iter().map(|item| item.title.as_deref()).collect();
    assert_eq!(titles, [None, None, Some("BBBB")]);
    assert!(music.items.iter().all(|item| original(item).size_bytes.is_some()));
    let said: Vec<_> =
        music.warnings.iter().filter(|warning| warning.contains("The tags of 2 files")).collect();
    assert_eq!((said.len(), music.warnings.len()), (1, 2), "{:?}", music.warnings);
}

/// A phone that answers so often with this error when a file is opened, after it has opened some.
struct Failing {
    inner: FolderSource,
    opens: AtomicUsize,
    fails: Range<usize>,
    error: SourceErrorKind,
}

impl Source for Failing {
    fn stat<'a>(&'a self, path: &'a DevicePath) -> BoxFuture<'a, Result<Stat, SourceError>> {
        self.inner.stat(path)
    }

    fn list<'a>(&'a self, path: &'a DevicePath) -> BoxFuture<'a, Result<Vec<EntryName>, SourceError>> {
        self.inner.list(path)
    }

    fn open<'a>(
        &'a self,
        path: &'a DevicePath,
        position: u64,
    ) -> BoxFuture<'a, Result<OpenFile, SourceError>> {
        let fails = self.fails.contains(&self.opens.fetch_add(1, Ordering::Relaxed));
        Box::pin(async move {
            if fails {
                return Err(SourceError::new(path, self.error.clone()));
            }
            self.inner.open(path, position).await
        })
    }
}

fn failing(phone: &Phone, fails: Range<usize>, error: SourceErrorKind) -> Failing {
    Failing { inner: FolderSource::new(phone.root()), opens: AtomicUsize::new(0), fails, error }
}

#[test]
fn a_phone_that_goes_ends_it_and_one_that_is_busy_is_asked_again() {
    let phone = Phone::empty();
    for at in 0..40 {
        let path = format!("iTunes_Control/Music/F00/A{at:03}.m4a");
        phone.file(&path, &audio(AudioFormat::M4a, tags(&format!("Title {at}"))));
    }
    let gone = failing(&phone, 30..usize::MAX, SourceErrorKind::Disconnected("for the test".into()));
    assert!(matches!(read(&gone), Err(CatalogError::Source(error)) if error.is_fatal()));
    assert!(gone.opens.load(Ordering::Relaxed) < 100);
    // Fewer times than a file is asked for, whichever it is.
    let busy = failing(&phone, 1..3, SourceErrorKind::Busy("for the test".into()));
    let music = read(&busy).unwrap().catalog(Collection::Music);
    assert!(music.items.iter().all(|item| item.title.is_some()), "{:?}", music.warnings);
}
