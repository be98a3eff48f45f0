//! What the help shows as examples. A test reads them as the command line does.

/// Of the program.
pub(super) const PROGRAM: &str = r#"Examples:
  iexport devices                                      which phones are there?
  iexport photos --all --to /Volumes/Drive             everything, originals and edits
  iexport photos --album "Italy 2024" --to D:\Photos   one album
  iexport music --all --to /Volumes/Drive              songs and playlists
  iexport everything --to /Volumes/Drive               every kind, each in its own folder
  iexport pick --to /Volumes/Drive                     choose from lists
  iexport photos --all --to ./export --demo            try it without a phone

Running the same command again copies only what is new.

Exit codes: 0 done, 1 error, 2 usage, 3 some files failed, 4 no phone, 5 not trusted, 6 locked,
7 destination unusable, 8 destination full, 9 phone lost, 130 interrupted."#;

/// Of `photos`.
pub(super) const PHOTOS: &str = r#"Examples:
  iexport photos --all --to /Volumes/Drive
  iexport photos --album "Travel/*" --since 2024 --to /Volumes/Drive
  iexport photos --smart favourites --not-kind video --to /Volumes/Drive
  iexport photos --all --layout by-album --sidecar xmp --to /Volumes/Drive
  iexport photos --year 2023 --convert jpeg --keep-original --to /Volumes/Drive
  iexport photos --all --template "{{ taken|date('%Y/%m %B') }}/{{ stem }}" --to /Volumes/Drive

With `list photos` instead of `photos`, the same options show what would be exported."#;

/// Of `music`.
pub(super) const MUSIC: &str = r#"Examples:
  iexport music --all --to /Volumes/Drive/Music
  iexport music --playlist "Sport/*" --to /Volumes/Drive
  iexport music --artist "Nina Simone" --tag --to /Volumes/Drive
  iexport music --where "rating >= 4 or loved" --to /Volumes/Drive
  iexport music --all --template "{{ genre }}/{{ artist }} - {{ title }}" --to /Volumes/Drive

With `list music` instead of `music`, the same options show what would be exported."#;

/// Of `videos`.
pub(super) const VIDEOS: &str = r#"Examples:
  iexport videos --all --to /Volumes/Drive/Videos
  iexport videos --kind own --since 2024 --to /Volumes/Drive
  iexport videos --kind tv-show --show "Harbour Lights" --to /Volumes/Drive
  iexport videos --where "kind == 'movie' and year < 2000" --to /Volumes/Drive

With `list videos` instead of `videos`, the same options show what would be exported."#;

/// Of `voice-memos`.
pub(super) const VOICE_MEMOS: &str = r#"Examples:
  iexport voice-memos --all --to "/Volumes/Drive/Voice Memos"
  iexport voice-memos --folder Interviews --since 2024-06 --to /Volumes/Drive
  iexport voice-memos --min-duration 10m --to /Volumes/Drive

With `list voice-memos` instead of `voice-memos`, the same options show what would be exported."#;

/// Of `ringtones`.
pub(super) const RINGTONES: &str = r#"Examples:
  iexport ringtones --all --to /Volumes/Drive/Ringtones
  iexport ringtones --title bell --to /Volumes/Drive

With `list ringtones` instead of `ringtones`, the same options show what would be exported."#;

/// Of `books`.
pub(super) const BOOKS: &str = r#"Examples:
  iexport books --all --to /Volumes/Drive/Books
  iexport books --author "Ines Marlow" --to /Volumes/Drive
  iexport books --where "kind == 'audiobook'" --to /Volumes/Drive

With `list books` instead of `books`, the same options show what would be exported."#;

/// Of `podcasts`.
pub(super) const PODCASTS: &str = r#"Examples:
  iexport podcasts --all --to /Volumes/Drive/Podcasts
  iexport podcasts --podcast "The *" --since 2024 --to /Volumes/Drive
  iexport podcasts --where "duration > 1800" --to /Volumes/Drive

With `list podcasts` instead of `podcasts`, the same options show what would be exported."#;

/// Of `files`.
pub(super) const FILES: &str = r#"Examples:
  iexport files --apps                                 which apps share files?
  iexport files --app Notes --to /Volumes/Drive
  iexport files --all --to /Volumes/Drive
  iexport files --path DCIM/100APPLE --to /Volumes/Drive"#;

/// Of `everything`.
pub(super) const EVERYTHING: &str = r#"Examples:
  iexport everything --to /Volumes/Drive
  iexport everything --skip photos,videos --to /Volumes/Drive
  iexport everything --to ./export --demo"#;

/// Of `list`.
pub(super) const LIST: &str = r#"Examples:
  iexport list photos --person "Ada Lovelace" --since 2024-06
  iexport list photos --where "kind == 'video' and duration > 60" --columns taken,original_name,size
  iexport list photos --all --layout by-album --columns to,size
  iexport list photos --all --to /Volumes/Drive
  iexport list photos --csv > photos.csv"#;

/// Of `manifest`.
pub(super) const MANIFEST: &str = r#"Examples:
  iexport manifest --to /Volumes/Drive > manifest.csv
  iexport manifest --to /Volumes/Drive --output photos.sqlite
  iexport manifest --to /Volumes/Drive --check=hash    is every file still what it was?"#;

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::super::{Args, Command};
    use super::*;

    /// The words of a line as a shell hands them on: without what is said about it, and where its output goes.
    fn words(line: &str) -> Vec<String> {
        let mut words = vec![String::new()];
        let mut quoted = false;
        let line = line.split("   ").next().unwrap();
        for c in line.chars() {
            match c {
                '>' if !quoted => break,
                '"' => quoted = !quoted,
                ' ' if !quoted => words.push(String::new()),
                c => words.last_mut().unwrap().push(c),
            }
        }
        words.retain(|word| !word.is_empty());
        words
    }

    #[test]
    fn examples_are_what_the_command_line_takes() {
        let mut seen = 0;
        for (text, name) in [
            (PROGRAM, ""),
            (PHOTOS, "photos"),
            (MUSIC, "music"),
            (VIDEOS, "videos"),
            (VOICE_MEMOS, "voice-memos"),
            (RINGTONES, "ringtones"),
            (BOOKS, "books"),
            (PODCASTS, "podcasts"),
            (FILES, "files"),
            (EVERYTHING, "everything"),
            (LIST, "list"),
            (MANIFEST, "manifest"),
        ] {
            for line in text.lines().filter_map(|line| line.strip_prefix("  ")) {
                let words = words(line);
                let parsed = Args::try_parse_from(&words);
                assert!(parsed.is_ok(), "{line}: {}", parsed.unwrap_err());
                assert!(name.is_empty() || words[1] == name, "{line}");
                seen += 1;
                if text.contains("With `list ") {
                    let mut list = words.clone();
                    list.insert(1, "list".to_owned());
                    let listed = Args::try_parse_from(&list);
                    assert!(matches!(listed, Ok(Args { command: Command::List(_), .. })), "{list:?}");
                }
            }
        }
        assert!(seen > 10, "{seen}");
    }

    #[test]
    fn lines_fit_the_help() {
        let widest = [
            PROGRAM,
            PHOTOS,
            MUSIC,
            VIDEOS,
            VOICE_MEMOS,
            RINGTONES,
            BOOKS,
            PODCASTS,
            FILES,
            EVERYTHING,
            LIST,
            MANIFEST,
        ]
        .into_iter()
        .flat_map(str::lines);
        assert!(widest.map(str::len).max() <= Some(100));
        Args::command().debug_assert();
    }
}
