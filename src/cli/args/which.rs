//! The options that say which photos and videos are meant.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args as ClapArgs, ValueEnum};

use super::PolicyWord;
use crate::select::Smart;

/// Which items.
#[derive(Debug, Clone, ClapArgs)]
#[command(next_help_heading = "Which photos and videos")]
pub struct Which {
    /// Everything in the photo library.
    ///
    /// Hidden items are part of it; Recently Deleted, shared albums and a few more classes are not, unless the
    /// options below say so.
    #[arg(long, conflicts_with_all = NARROWING)]
    pub all: bool,
    /// In this album; may be given several times.
    ///
    /// By its name, by its path if it lies in folders (`--album "Travel/Italy 2024"`), or by a pattern
    /// (`--album "Travel/*"`). The path of a folder means all albums in it. --album, --folder and --uuid together
    /// say where to look; every other option leaves out something of that.
    #[arg(long, value_name = "NAME")]
    pub album: Vec<String>,
    /// Not in this album.
    #[arg(long, value_name = "NAME")]
    pub not_album: Vec<String>,
    /// In no album at all.
    #[arg(long, conflicts_with_all = ["album", "folder"])]
    pub no_album: bool,
    /// In an album of this folder, by name, path or pattern.
    #[arg(long, value_name = "NAME")]
    pub folder: Vec<String>,
    /// In no album of this folder.
    #[arg(long, value_name = "NAME")]
    pub not_folder: Vec<String>,
    /// In this smart album of the phone: what Photos shows under "Media Types" and "Utilities".
    ///
    /// Several mean what is in any of them. `hidden` and `recently-deleted` need no --hidden or --trashed.
    #[arg(long, value_name = "NAME", value_parser = smart())]
    pub smart: Vec<Smart>,
    /// Not in this smart album.
    #[arg(long, value_name = "NAME", value_parser = smart(), hide_possible_values = true)]
    pub not_smart: Vec<Smart>,
    /// Only photos, or only videos.
    #[arg(long, value_enum, value_name = "KIND")]
    pub kind: Vec<KindWord>,
    /// No photos, or no videos.
    #[arg(long, value_enum, value_name = "KIND", hide_possible_values = true)]
    pub not_kind: Vec<KindWord>,
    /// Only favourites.
    #[arg(long, alias = "favourite", conflicts_with = "not_favorite")]
    pub favorite: bool,
    /// No favourites.
    #[arg(long, alias = "not-favourite")]
    pub not_favorite: bool,
    /// Only what was edited, by you or by the camera.
    #[arg(long, conflicts_with = "not_edited")]
    pub edited: bool,
    /// Only what was not edited.
    #[arg(long)]
    pub not_edited: bool,
    /// Taken on this day or later: `2024`, `2024-08`, `2024-08-15`, `yesterday`, `30d`, `2w`, `6m`, `1y`.
    ///
    /// Days are those of the place where it was taken. With a time of day (`2024-08-15T12:30`) it is a point in
    /// time, by this computer's clock.
    #[arg(long, value_name = "DATE")]
    pub since: Option<String>,
    /// Taken on this day or before; `--until 2024-08` means to the end of August.
    #[arg(long, value_name = "DATE")]
    pub until: Option<String>,
    /// Added to the library on this day or later, by this computer's calendar.
    #[arg(long, value_name = "DATE")]
    pub added_since: Option<String>,
    /// Added to the library on this day or before.
    #[arg(long, value_name = "DATE")]
    pub added_until: Option<String>,
    /// Taken in this year, or in these: `2022-2024`.
    #[arg(long, value_name = "YEAR")]
    pub year: Vec<String>,
    /// Not taken in this year.
    #[arg(long, value_name = "YEAR")]
    pub not_year: Vec<String>,
    /// Of all that is meant otherwise, the newest so many.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub last: Option<u64>,
    /// With this person in it, by the name that Photos has, or by a pattern.
    #[arg(long, value_name = "NAME")]
    pub person: Vec<String>,
    /// Without this person.
    #[arg(long, value_name = "NAME")]
    pub not_person: Vec<String>,
    /// With this keyword, or one like this pattern.
    #[arg(long, value_name = "WORD")]
    pub keyword: Vec<String>,
    /// Without this keyword.
    #[arg(long, value_name = "WORD")]
    pub not_keyword: Vec<String>,
    /// Taken near this place: degrees north, degrees east, and a radius such as `500m` or `2km`.
    #[arg(long, value_name = "LAT,LON,RADIUS", allow_hyphen_values = true)]
    pub near: Vec<String>,
    /// Not taken near this place, as far as is known.
    #[arg(long, value_name = "LAT,LON,RADIUS", allow_hyphen_values = true)]
    pub not_near: Vec<String>,
    /// Only what knows where it was taken.
    #[arg(long, conflicts_with = "no_location")]
    pub has_location: bool,
    /// Only what does not know where it was taken.
    #[arg(long)]
    pub no_location: bool,
    /// With this text in its title.
    #[arg(long, value_name = "TEXT")]
    pub title: Vec<String>,
    /// With this text in its caption.
    #[arg(long, value_name = "TEXT")]
    pub caption: Vec<String>,
    /// Whose file name is like this pattern: `--name "IMG_12*.HEIC"`.
    #[arg(long, value_name = "PATTERN")]
    pub name: Vec<String>,
    /// Whose file name is not like this pattern.
    #[arg(long, value_name = "PATTERN")]
    pub not_name: Vec<String>,
    /// This one photo or video, as `iexport list photos --json` calls it.
    #[arg(long, value_name = "UUID")]
    pub uuid: Vec<String>,
    /// Those whose uuids are in this file, one a line; `-` is standard input.
    ///
    /// Lines of `iexport list photos --json` do too.
    #[arg(long, value_name = "FILE")]
    pub uuid_from: Option<PathBuf>,
    /// With at least this size, all its files together: `500kB`, `20MB`, `1.5GB`.
    #[arg(long, value_name = "SIZE")]
    pub min_size: Option<String>,
    /// With at most this size.
    #[arg(long, value_name = "SIZE")]
    pub max_size: Option<String>,
    /// Videos at least this long: `90`, `90s`, `1m30s`, `1:30`, `2h`.
    #[arg(long, value_name = "DURATION")]
    pub min_duration: Option<String>,
    /// Videos at most this long.
    #[arg(long, value_name = "DURATION")]
    pub max_duration: Option<String>,
    /// Taken with this camera: a part of maker and model, such as `iPhone 15`.
    #[arg(long, value_name = "NAME")]
    pub camera: Vec<String>,
    /// Not taken with this camera.
    #[arg(long, value_name = "NAME")]
    pub not_camera: Vec<String>,
    /// That came from this app, such as `WhatsApp`.
    #[arg(long, value_name = "APP")]
    pub imported_by: Vec<String>,
    /// That did not come from this app.
    #[arg(long, value_name = "APP")]
    pub not_imported_by: Vec<String>,
    /// Of which this is true: `--where "favorite and duration > 60"`.
    ///
    /// `iexport fields` lists all fields, filters and tests with examples; docs/selection.md explains them.
    #[arg(long = "where", value_name = "EXPR")]
    pub condition: Option<String>,
    /// Which frames of bursts.
    #[arg(long, value_enum, default_value_t = BurstsWord::All, value_name = "WHICH")]
    pub bursts: BurstsWord,
    /// What to do about the Hidden album.
    #[arg(long, value_enum, default_value_t = PolicyWord::Include, value_name = "HOW")]
    pub hidden: PolicyWord,
    /// What to do about Recently Deleted.
    #[arg(long, value_enum, default_value_t = PolicyWord::Exclude, value_name = "HOW")]
    pub trashed: PolicyWord,
    /// What to do about shared albums: other people's pictures, in reduced size.
    ///
    /// A shared album that is asked for by --album is exported in any case.
    #[arg(long, value_enum, default_value_t = PolicyWord::Exclude, value_name = "HOW")]
    pub shared: PolicyWord,
    /// What to do about pictures that others sent and that were not saved to the library.
    #[arg(long, value_enum, default_value_t = PolicyWord::Exclude, value_name = "HOW")]
    pub shared_with_you: PolicyWord,
    /// What to do about files in the camera folders that the phone's catalogue does not name.
    #[arg(long, value_enum, default_value_t = PolicyWord::Exclude, value_name = "HOW")]
    pub orphans: PolicyWord,
}

/// The options that leave out something, which `--all` says nobody wants.
const NARROWING: [&str; 43] = [
    "album",
    "not_album",
    "no_album",
    "folder",
    "not_folder",
    "smart",
    "not_smart",
    "kind",
    "not_kind",
    "favorite",
    "not_favorite",
    "edited",
    "not_edited",
    "since",
    "until",
    "added_since",
    "added_until",
    "year",
    "not_year",
    "last",
    "person",
    "not_person",
    "keyword",
    "not_keyword",
    "near",
    "not_near",
    "has_location",
    "no_location",
    "title",
    "caption",
    "name",
    "not_name",
    "uuid",
    "uuid_from",
    "min_size",
    "max_size",
    "min_duration",
    "max_duration",
    "camera",
    "not_camera",
    "imported_by",
    "not_imported_by",
    "condition",
];

/// The words for the phone's smart albums.
fn smart() -> impl TypedValueParser<Value = Smart> {
    let words = Smart::ALL.map(|smart| {
        let value = PossibleValue::new(smart.word()).help(smart.title());
        match smart {
            Smart::Favourites => value.alias("favorites"),
            Smart::Portrait => value.alias("portraits"),
            Smart::Live => value.alias("live-photos"),
            _ => value,
        }
    });
    PossibleValuesParser::new(words).try_map(|word| {
        let meant = match word.as_str() {
            "favorites" => Some(Smart::Favourites),
            "portraits" => Some(Smart::Portrait),
            "live-photos" => Some(Smart::Live),
            word => Smart::from_word(word),
        };
        meant.ok_or("there is no such smart album")
    })
}

/// Photo or video.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum KindWord {
    /// Stills, Live Photos among them.
    #[value(alias = "photos")]
    Photo,
    /// Videos.
    #[value(alias = "videos")]
    Video,
    /// Neither.
    Other,
}

/// Which frames of bursts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum BurstsWord {
    /// All of them.
    All,
    /// Those that you picked; of bursts without any, the one that Photos shows.
    Picks,
    /// The one that Photos shows of each burst.
    Key,
}

#[cfg(test)]
mod tests {
    use clap::Args as _;

    use super::*;

    #[test]
    fn every_option_narrows_unless_it_is_about_a_class() {
        let command = Which::augment_args(clap::Command::new("test"));
        let mut narrowing: Vec<String> = command
            .get_arguments()
            .map(|arg| arg.get_id().to_string())
            .filter(|id| {
                !["all", "bursts", "hidden", "trashed", "shared", "shared_with_you", "orphans", "help"]
                    .contains(&id.as_str())
            })
            .collect();
        let mut named = NARROWING.map(str::to_owned).to_vec();
        narrowing.sort();
        named.sort();
        assert_eq!(narrowing, named);
    }
}
