//! Libraries made by the generator, held against what their maker says is in them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use iexport::catalog::{Catalog, Collection, Item, MediaKind, MediaLibrary, Origin, Presence, Scope};
use phone_libraries::{
    MediaDamage, MediaSchema, MediaType, MusicLibrary, MusicRecipe, MusicState, MusicTruth, PlaylistKind,
    TruthItem, TruthPlaylist,
};

use crate::support::{Phone, media, original, place};

fn made(library: &MusicLibrary) -> (Phone, MusicTruth) {
    let phone = Phone::empty();
    let truth = library.write(phone.root()).unwrap();
    (phone, truth)
}

const fn kind(media_type: MediaType) -> (Collection, MediaKind) {
    match media_type {
        MediaType::Song => (Collection::Music, MediaKind::Song),
        MediaType::MusicVideo => (Collection::Videos, MediaKind::MusicVideo),
        MediaType::Movie => (Collection::Videos, MediaKind::Movie),
        MediaType::TvShow => (Collection::Videos, MediaKind::TvShow),
        MediaType::HomeVideo => (Collection::Videos, MediaKind::HomeVideo),
        MediaType::Podcast | MediaType::VideoPodcast => (Collection::Podcasts, MediaKind::Podcast),
        MediaType::ItunesU | MediaType::ItunesUVideo => (Collection::Podcasts, MediaKind::Lecture),
        MediaType::Audiobook => (Collection::Books, MediaKind::Audiobook),
        MediaType::Ringtone => (Collection::Ringtones, MediaKind::Ringtone),
    }
}

/// Whether a playlist is one that is exported.
fn is_shown(list: &TruthPlaylist) -> bool {
    list.is_users || list.kind == PlaylistKind::Smart && !list.items.is_empty()
}

/// Whether it is one whose members only the phone can tell. One that is empty looks the same.
fn is_unstored(list: &TruthPlaylist) -> bool {
    matches!(list.kind, PlaylistKind::Smart | PlaylistKind::SmartUnstored) && list.items.is_empty()
}

fn text(text: Option<&Arc<str>>) -> Option<&str> {
    text.map(|text| &**text)
}

fn told(text: Option<&String>) -> Option<&str> {
    text.map(String::as_str).filter(|text| !text.is_empty())
}

fn number(number: u16) -> Option<u32> {
    (number > 0).then(|| number.into())
}

/// The words and numbers of an item are those of the truth.
fn check_words(item: &Item, truth: &TruthItem) {
    let what = format!("{} {:?}", truth.pid, truth.title);
    let words = media(item);
    assert_eq!(item.title.as_deref(), told(Some(&truth.title)), "{what}");
    for (found, truth) in [
        (&words.artist, &truth.artist),
        (&words.album, &truth.album),
        (&words.composer, &truth.composer),
        (&words.genre, &truth.genre),
        (&words.comment, &truth.comment),
        (&words.grouping, &truth.grouping),
        (&words.description, &truth.description),
        (&words.copyright, &truth.copyright),
        (&words.lyrics, &truth.lyrics),
    ] {
        assert_eq!(text(found.as_ref()), told(truth.as_ref()), "{what}");
    }
    // The album may know whose it is, when when it came out and where it comes from, if the item does not say.
    for (found, truth) in [(&words.album_artist, &truth.album_artist), (&words.feed, &truth.feed_url)] {
        assert!(truth.is_none() || text(found.as_ref()) == told(truth.as_ref()), "{what}: {found:?}");
    }
    let year = truth.year.and_then(|year| i16::try_from(year).ok());
    assert!(year.is_none() || words.year == year, "{what}");
    assert_eq!((words.track, words.tracks), (number(truth.track.0), number(truth.track.1)), "{what}");
    assert_eq!((words.disc, words.discs), (number(truth.disc.0), number(truth.disc.1)), "{what}");
    assert_eq!((words.compilation, words.loved), (truth.compilation, truth.loved), "{what}");
    assert_eq!(words.rating.unwrap_or(0), truth.rating, "{what}");
    assert_eq!(words.plays.unwrap_or(0), truth.plays, "{what}");
    assert_eq!(words.released.map(|t| t.as_second()), truth.released, "{what}");
    assert_eq!(words.last_played.map(|t| t.as_second()), truth.played, "{what}");
    assert!(truth.added.is_none() || item.added.map(|t| t.as_second()) == truth.added, "{what}");
    let milliseconds = item.duration_seconds.unwrap_or(0.0) * 1000.0;
    assert!((milliseconds - truth.milliseconds).abs() < 1.0, "{what}: {milliseconds}");
    if truth.media_type == MediaType::TvShow && item.kind == MediaKind::TvShow {
        assert_eq!(text(words.show.as_ref()), told(truth.series.as_ref()), "{what}");
        assert_eq!(words.season, truth.season.and_then(number), "{what}");
        assert!(truth.episode.is_none() || words.episode == truth.episode.and_then(number), "{what}");
    }
    let picture = truth.artwork.as_ref().map(|file| file.device_path.as_str());
    let found = words.artwork.as_ref().map(|path| path.to_text());
    assert!(picture.is_none() || found.as_deref() == picture, "{what}: {found:?} {picture:?}");
}

/// Everything is as the truth has it. `unsure` says what a damaged database cannot tell any more.
fn check(library: &MediaLibrary, truth: &MusicTruth, unsure: &str) {
    let catalogs: BTreeMap<Collection, Catalog> = MediaLibrary::COLLECTIONS
        .iter()
        .map(|collection| (*collection, library.catalog(*collection)))
        .collect();
    let found: HashMap<&str, (Collection, &Item)> = catalogs
        .iter()
        .flat_map(|(collection, catalog)| catalog.items.iter().map(|item| (*collection, item)))
        .map(|(collection, item)| (item.uuid.0.as_str(), (collection, item)))
        .collect();
    assert_eq!(found.len(), catalogs.values().map(|catalog| catalog.items.len()).sum::<usize>());
    let lists = truth.playlists.iter().filter(|list| is_shown(list) && unsure != "container");
    let listed: BTreeSet<i64> = lists.flat_map(|list| &list.items).copied().collect();
    let mut expected = 0;
    for told in &truth.items {
        let what = format!("{} {:?} {:?}", told.pid, told.title, told.state);
        let item = found.get(format!("track:{}", told.pid).as_str());
        let is_here = told.size.is_some();
        let is_left_over = told.state == MusicState::NotInLibrary && !listed.contains(&told.pid);
        if is_left_over && !is_here && unsure != "in_my_library" {
            assert!(item.is_none(), "{what}");
            continue;
        }
        expected += 1;
        let (collection, item) = item.unwrap_or_else(|| panic!("{what} is not there"));
        if unsure != "media_type" {
            assert_eq!((*collection, item.kind), kind(told.media_type), "{what}");
        }
        if unsure != "in_my_library" {
            assert_eq!(item.scope == Scope::Uncatalogued, is_left_over, "{what}");
        }
        let expected = match told.state {
            MusicState::OnPhone | MusicState::Protected => told.device_path.clone().unwrap(),
            MusicState::CloudOnly | MusicState::Cache => "cloud".to_owned(),
            MusicState::Missing => "missing".to_owned(),
            MusicState::NotInLibrary if is_here => told.device_path.clone().unwrap(),
            MusicState::NotInLibrary => place(item),
        };
        assert_eq!(place(item), expected, "{what}");
        if matches!(told.state, MusicState::OnPhone | MusicState::Protected) && unsure != "is_protected" {
            assert_eq!(item.is_protected(), told.state == MusicState::Protected, "{what}");
        }
        check_words(item, told);
    }
    let tracks = found.keys().filter(|uuid| uuid.starts_with("track:")).count();
    assert_eq!(tracks, expected, "nothing that was deleted is there");
    let lost: BTreeSet<&str> = found.keys().filter_map(|uuid| uuid.strip_prefix("path:")).collect();
    let orphans: BTreeSet<&str> = truth.orphans.iter().map(|file| file.device_path.as_str()).collect();
    assert_eq!(lost, orphans);
    assert!(!orphans.is_empty());
    if unsure != "container" {
        check_playlists(&catalogs[&Collection::Music], truth, unsure);
    }
    check_covers(&catalogs);
}

fn check_playlists(music: &Catalog, truth: &MusicTruth, unsure: &str) {
    let found: HashMap<&str, &iexport::catalog::Album> =
        music.albums.iter().map(|album| (album.id.0.as_str(), album)).collect();
    assert_eq!(found.len(), music.albums.len());
    let mut shown = 0;
    for list in truth.playlists.iter().filter(|list| is_shown(list)) {
        let Some(album) = found.get(format!("playlist:{}", list.pid).as_str()) else {
            panic!("{:?} is not there", list.path);
        };
        shown += 1;
        let path: Vec<&str> = album.folders().chain([album.title.as_str()]).collect();
        assert_eq!(path, list.path);
        let uuids: Vec<&str> = album.members.iter().map(|at| music.items[*at].uuid.0.as_str()).collect();
        let is_song = |pid: &i64| {
            let item = truth.items.iter().find(|item| item.pid == *pid).unwrap();
            item.media_type == MediaType::Song
                || unsure == "media_type" && uuids.contains(&&*format!("track:{pid}"))
        };
        let told: Vec<String> =
            list.items.iter().filter(|pid| is_song(pid)).map(|pid| format!("track:{pid}")).collect();
        assert_eq!(uuids, told, "{:?}", list.path);
        assert_eq!(album.elsewhere.len(), list.items.len() - told.len(), "{:?}", list.path);
    }
    assert_eq!(shown, found.len());
    let unstored = truth.playlists.iter().filter(|list| is_unstored(list)).count();
    let said = music.warnings.iter().filter(|warning| warning.contains("smart playlist")).count();
    assert_eq!(said, usize::from(unstored > 0), "{:?}", music.warnings);
}

/// Each album with a song and a picture on the phone has one cover, and no other has.
fn check_covers(catalogs: &BTreeMap<Collection, Catalog>) {
    let mut pictures = 0;
    for (collection, catalog) in catalogs {
        let covers: Vec<&Item> = catalog.items.iter().filter(|item| item.kind == MediaKind::Cover).collect();
        let mut names: BTreeMap<&str, usize> = BTreeMap::new();
        for cover in &covers {
            let words = media(cover);
            let of_it = |item: &&Item| item.kind != MediaKind::Cover && media(item).album == words.album;
            assert!(
                catalog.items.iter().any(|item| of_it(&item) && !place(item).contains("cloud")),
                "{words:?}"
            );
            *names.entry(cover.original_name.as_str()).or_default() += 1;
        }
        let expected: &[Collection] = &[Collection::Music, Collection::Podcasts, Collection::Books];
        assert!(covers.is_empty() || expected.contains(collection), "{collection:?}");
        assert!(
            names.keys().all(|name| ["cover.jpg", "cover.png", "cover.heic"].contains(name)),
            "{names:?}"
        );
        pictures += covers.len();
    }
    let with_pictures = catalogs.values().flat_map(|catalog| &catalog.items);
    let any = with_pictures.filter(|item| media(item).artwork.is_some() && media(item).album.is_some());
    assert!(pictures > 0 || any.count() == 0);
}

#[test]
fn every_generation_is_as_its_maker_says() {
    for (schema, seed) in MediaSchema::ALL.into_iter().zip(3..) {
        let (phone, truth) = made(&MusicRecipe::new(schema).seed(seed).library());
        let library = phone.read();
        let music = library.catalog(Collection::Music);
        assert_eq!(music.origin, Origin::Database { model_version: schema.user_version() });
        let usual = ["smart playlists", "followed", "of playlists are no songs"];
        let is_usual = |warning: &&String| usual.iter().any(|words| warning.contains(words));
        let said: Vec<_> = music.warnings.iter().filter(|warning| !is_usual(warning)).collect();
        assert!(said.is_empty(), "{schema}: {said:?}");
        check(&library, &truth, "");
    }
}

#[test]
fn what_a_generation_lacks_costs_only_itself() {
    let damages = [
        ("item", "in_my_library"),
        ("item", "media_type"),
        ("item", "album_pid"),
        ("item", "item_artist_pid"),
        ("item", "album_artist_pid"),
        ("item", "track_number"),
        ("item", "is_compilation"),
        ("item", "date_added"),
        ("item_extra", "title"),
        ("item_extra", "year"),
        ("item_extra", "total_time_ms"),
        ("item_extra", "media_kind"),
        ("item_store", "is_protected"),
        ("item_store", ""),
        ("item_stats", ""),
        ("item_playback", ""),
        ("lyrics", ""),
        ("album", ""),
        ("album_artist", ""),
        ("item_artist", ""),
        ("composer", ""),
        ("genre", ""),
        ("base_location", ""),
        ("container", ""),
        ("container_item", ""),
        ("artwork", ""),
        ("artwork_token", ""),
        ("best_artwork_token", ""),
    ];
    for (table, column) in damages {
        let mut recipe =
            MusicRecipe::new(MediaSchema::Ios18).tracks(110).albums(9).playlists(7).seed(5).library();
        recipe.damage(match column {
            "" => MediaDamage::NoTable(table.to_owned()),
            _ => MediaDamage::NoColumn { table: table.to_owned(), column: column.to_owned() },
        });
        let (phone, truth) = made(&recipe);
        println!("without {table} {column}");
        let unsure = match (table, column) {
            ("item_store", _) => "is_protected",
            ("container" | "container_item", _) => "container",
            (_, column) => column,
        };
        check(&phone.read(), &truth, unsure);
    }
}

/// What a file says is what its maker says; whether it says what it is called.
fn check_own_words(item: &Item, truth: &TruthItem) -> usize {
    let (what, words) = (format!("{} {:?}", truth.pid, truth.title), media(item));
    // Blanks round them are not worth keeping.
    let told =
        |text: Option<&String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    for (found, truth) in [
        (&words.artist, &truth.artist),
        (&words.album, &truth.album),
        (&words.album_artist, &truth.album_artist),
        (&words.composer, &truth.composer),
        (&words.genre, &truth.genre),
    ] {
        let found = text(found.as_ref());
        assert!(found.is_none() || found == told(truth.as_ref()).as_deref(), "{what}: {found:?} {truth:?}");
    }
    let Some(title) = item.title.as_deref() else { return 0 };
    assert_eq!(Some(title), told(Some(&truth.title)).as_deref());
    assert!(item.original_name.starts_with(title), "{what}: {}", item.original_name);
    assert!(
        words.year.is_none() || words.year == truth.year.and_then(|year| i16::try_from(year).ok()),
        "{what}"
    );
    assert!(words.track.is_none() || words.track == number(truth.track.0), "{what}");
    1
}

#[test]
fn without_a_database_every_file_is_found() {
    for damage in [MediaDamage::Absent, MediaDamage::NotADatabase, MediaDamage::Corrupt] {
        let mut recipe =
            MusicRecipe::new(MediaSchema::Ios18).tracks(110).albums(9).playlists(7).seed(5).library();
        recipe.damage(damage.clone());
        let (phone, truth) = made(&recipe);
        let library = phone.read();
        let (mut found, mut titled) = (BTreeSet::new(), 0);
        for collection in MediaLibrary::COLLECTIONS {
            let catalog = library.catalog(collection);
            assert!(!catalog.warnings.is_empty());
            for item in &catalog.items {
                let Presence::OnPhone(path) = &original(item).presence else { panic!("{damage:?}") };
                let told =
                    truth.items.iter().find(|told| told.device_path.as_deref() == Some(&*path.to_text()));
                titled += told.map_or(0, |told| check_own_words(item, told));
                found.insert(path.to_text());
            }
        }
        for item in truth.items.iter().filter(|item| item.size.is_some() && item.state != MusicState::Cache) {
            let path = item.device_path.as_deref().unwrap();
            assert!(found.contains(path) || path.starts_with("ManagedPurchases/"), "{damage:?}: {path}");
        }
        assert!(titled > 20, "{damage:?}: {titled} of {}", found.len());
    }
}

#[test]
fn a_library_that_is_all_in_the_main_file() {
    let mut recipe =
        MusicRecipe::new(MediaSchema::Ios26).tracks(110).albums(9).playlists(7).seed(8).library();
    recipe.damage(MediaDamage::Checkpointed);
    let (phone, truth) = made(&recipe);
    check(&phone.read(), &truth, "");
}
