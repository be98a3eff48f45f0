//! What the help of each kind of media says in its own words, where all kinds share an option.

use clap::Arg;

/// The words of one kind; what is none is said as for all of them.
pub(super) struct Wording {
    /// What it is called behind `iexport fields`.
    kind: &'static str,
    /// An example of `--where`.
    condition: Option<&'static str>,
    /// An example of `--template`.
    template: &'static str,
    /// Where `--layout by-kind` puts things.
    by_kind: &'static str,
    /// What `--year` means; none where nothing has one.
    year: Option<&'static str>,
    /// What `--since` and `--until` mean.
    dates: Option<(&'static str, &'static str)>,
    /// What `--min-duration` and `--max-duration` mean.
    length: Option<(&'static str, &'static str)>,
    /// Whether there is anything protected among it.
    can_be_protected: bool,
}

pub(super) const MUSIC: Wording = Wording {
    kind: "music",
    condition: Some("genre == 'Jazz' and plays > 10"),
    template: "{{ artist }}/{{ year }} {{ album }}/{{ title }}",
    by_kind: "Artist/Album/03 Title.m4a",
    year: Some("Released in this year, or in these: `1998`, `1990-1999`"),
    dates: None,
    length: None,
    can_be_protected: true,
};

pub(super) const VIDEOS: Wording = Wording {
    kind: "videos",
    condition: Some("kind == 'movie' and year < 2000"),
    template: "{{ kind }}/{{ year }} {{ title|default(stem) }}",
    by_kind: "Movies/Title (1999).m4v, TV Shows/Show/Season 01/S01E02 Title.m4v, Photo Library/2024/2024-03/IMG_0001.MOV",
    year: Some(
        "Released in this year, or in these: `1998`, `1990-1999`. Of your own videos: the year they were taken",
    ),
    dates: Some((
        "Taken on this day or later: `2024`, `2024-08`, `2024-08-15`, `yesterday`, `30d`, `2w`, `6m`, `1y`. Of films, \
         episodes and music videos: released",
        "Taken, or released, on this day or before; `--until 2024-08` means to the end of August",
    )),
    length: None,
    can_be_protected: true,
};

pub(super) const MEMOS: Wording = Wording {
    kind: "voice-memos",
    condition: Some("duration > 600 and 'meeting' in title|lower"),
    template: "{{ date.year }}/{{ date|date('%m-%d') }} {{ title }}",
    by_kind: "Folder/2024-01-31 Title.m4a",
    year: Some("Recorded in this year, or in these: `2024`, `2022-2024`"),
    dates: Some((
        "Recorded on this day or later: `2024`, `2024-08`, `2024-08-15`, `yesterday`, `30d`, `2w`, `6m`, `1y`",
        "Recorded on this day or before; `--until 2024-08` means to the end of August",
    )),
    length: None,
    can_be_protected: false,
};

pub(super) const RINGTONES: Wording = Wording {
    kind: "ringtones",
    condition: Some("kind == 'ringtone' and duration < 20"),
    template: "{{ kind }}/{{ title }}",
    by_kind: "Title.m4r",
    year: None,
    dates: None,
    length: None,
    can_be_protected: true,
};

pub(super) const BOOKS: Wording = Wording {
    kind: "books",
    condition: Some("kind == 'book' and 'travel' in title|lower"),
    template: "{{ artist|default('Unknown') }}/{{ title }}",
    by_kind: "Author/Title.epub, Audiobooks/Author/Book/01 Title.m4b",
    year: Some("Released in this year, or in these: `1998`, `1990-1999`"),
    dates: None,
    length: Some((
        "Audiobooks that are at least so long: `30m`, `10h`",
        "Audiobooks that are at most so long",
    )),
    can_be_protected: true,
};

pub(super) const PODCASTS: Wording = Wording {
    kind: "podcasts",
    condition: Some("duration > 1800 and 'interview' in title|lower"),
    template: "{{ album }}/{{ released.year }}/{{ title }}",
    by_kind: "Podcast/2024-01-31 Title.mp3",
    year: Some("Released in this year, or in these: `2024`, `2022-2024`"),
    dates: Some((
        "Released on this day or later: `2024`, `2024-08`, `2024-08-15`, `yesterday`, `30d`, `2w`, `6m`, `1y`",
        "Released on this day or before; `--until 2024-08` means to the end of August",
    )),
    length: None,
    can_be_protected: true,
};

pub(super) const FILES: Wording = Wording {
    kind: "files",
    condition: None,
    template: "{{ app }}/{{ date.year }}/{{ stem }}",
    by_kind: "App/Folder/name.pdf",
    year: None,
    dates: None,
    length: None,
    can_be_protected: true,
};

impl Wording {
    /// An option in the words of this kind.
    pub(super) fn fit(&self, arg: Arg) -> Arg {
        let fields = format!("`iexport fields {}` lists", self.kind);
        let id = arg.get_id().as_str().to_owned();
        match (id.as_str(), self.dates, self.length) {
            ("condition", ..) => match self.condition {
                Some(condition) => long(
                    arg,
                    format!("For which this expression is true: `--where \"{condition}\"`"),
                    &format!("{fields} the fields; docs/selection.md explains the language."),
                ),
                None => arg,
            },
            ("template", ..) => long(
                arg,
                "Folders and names by a template of your own, instead of --layout".to_owned(),
                &format!(
                    "Fields stand in double braces: `{}`. A slash begins a new folder; the last part is the name, \
                     without its extension. {fields} what can stand there.",
                    self.template
                ),
            ),
            ("layout", ..) => long(
                arg,
                format!("How the folders are arranged; by-kind is {}", self.by_kind),
                "What an earlier export put on the drive stays where it is, whatever is said here.",
            ),
            ("year", ..) => match self.year {
                Some(year) => arg.help(year),
                None => arg.hide(true),
            },
            ("since", Some((since, _)), _) => arg.help(since),
            ("until", Some((_, until)), _) => arg.help(until),
            ("min_duration", _, Some((least, _))) => arg.help(least),
            ("max_duration", _, Some((_, most))) => arg.help(most),
            ("protected", ..) => arg.hide(!self.can_be_protected),
            _ => arg,
        }
    }
}

/// With a sentence, and what `--help` says besides.
fn long(arg: Arg, sentence: String, rest: &str) -> Arg {
    let whole = format!("{sentence}.\n\n{rest}");
    arg.help(sentence).long_help(whole)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use clap::CommandFactory;

    use super::super::Args;
    use super::*;
    use crate::fields::{Engine, MEDIA};
    use crate::plan::PathTemplate;

    const ALL: [&Wording; 7] = [&MUSIC, &VIDEOS, &MEMOS, &RINGTONES, &BOOKS, &PODCASTS, &FILES];

    #[test]
    fn examples_are_right() {
        for Wording { kind, condition, template, .. } in ALL {
            if let Some(condition) = condition {
                assert!(Engine::over(&MEDIA).compile_expression(condition).is_ok(), "{kind}: {condition}");
            }
            assert!(PathTemplate::compile_over(template, &MEDIA).is_ok(), "{kind}: {template}");
        }
    }

    #[test]
    fn every_kind_speaks_of_itself() {
        let args = Args::command();
        let list = args.find_subcommand("list").unwrap();
        for command in [&args, list] {
            for words in ALL {
                let mut command = command.find_subcommand(words.kind).unwrap().clone();
                let help = command.render_long_help().to_string();
                let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
                for said in [words.condition, Some(words.template), Some(words.by_kind), words.year] {
                    assert!(help.contains(said.unwrap_or_default()), "{}: {said:?}\n{help}", words.kind);
                }
                assert!(help.contains(&format!("iexport fields {}", words.kind)));
                for (foreign, of) in [("genre ==", "music"), ("Jazz", "music"), ("your own videos", "videos")]
                {
                    assert_eq!(help.contains(foreign), words.kind == of, "{}: {foreign}\n{help}", words.kind);
                }
                assert_eq!(help.contains("--year"), words.year.is_some(), "{help}");
            }
        }
    }
}
