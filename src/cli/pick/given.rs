//! The command that does without the picker what was picked in it.
//!
//! What was said on the command line of `pick` is said again, whatever options there are; only the selection
//! and the destination are the picker's.

use std::ffi::OsString;
use std::path::Path;

use clap::{ArgAction, CommandFactory};

use super::quote::quote;
use super::words::{Words, option};
use crate::cli::Args;

/// The options with which `pick` was started, except for its destination.
///
/// `line` is the whole command line. One that `pick` was not started with has none.
pub(super) fn options(line: impl IntoIterator<Item = OsString>) -> Vec<String> {
    let mut command = Args::command();
    let Ok(matches) = command.try_get_matches_from_mut(line) else { return Vec::new() };
    let Some((name, matches)) = matches.subcommand() else { return Vec::new() };
    let Some(command) = command.find_subcommand(name) else { return Vec::new() };
    let mut out = Vec::new();
    for argument in command.get_arguments() {
        let id = argument.get_id().as_str();
        let said = matches.value_source(id) == Some(clap::parser::ValueSource::CommandLine);
        let Some(long) = argument.get_long().filter(|_| said && id != "to") else { continue };
        let long = format!("--{long}");
        match argument.get_action() {
            ArgAction::Count => out.extend((0..matches.get_count(id)).map(|_| long.clone())),
            ArgAction::SetTrue | ArgAction::SetFalse => out.push(long),
            _ => {
                for value in matches.get_raw(id).into_iter().flatten() {
                    option(&mut out, &long, &value.to_string_lossy());
                }
            }
        }
    }
    out
}

/// The line for a shell. The error is the word that no shell would take literally.
pub(super) fn line(
    words: &Words,
    to: &Path,
    list: Option<&Path>,
    options: &[String],
) -> Result<String, String> {
    let text = |path: &Path| path.to_str().map(str::to_owned).ok_or_else(|| path.display().to_string());
    let list = list.map(text).transpose()?;
    let mut all = vec!["iexport".to_owned(), "photos".to_owned()];
    all.extend(words.options(list.as_deref()));
    option(&mut all, "--to", &text(to)?);
    all.extend_from_slice(options);
    let quoted: Result<Vec<String>, String> = all.into_iter().map(|word| quote(&word).ok_or(word)).collect();
    Ok(quoted?.join(" "))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::select::Policy;

    fn said(line: &str) -> Vec<String> {
        options(line.split(' ').map(OsString::from))
    }

    #[test]
    fn what_was_said_is_said_again() {
        assert_eq!(
            said("iexport --demo pick --versions edited --to x -vv --cloud-only=preview"),
            ["--versions", "edited", "--cloud-only", "preview", "--demo", "--verbose", "--verbose"]
        );
        assert_eq!(said("iexport pick"), [""; 0]);
        assert_eq!(said("iexport pick --device -x"), [""; 0], "it does not start like this");
        assert_eq!(said("iexport pick --device=-x"), ["--device=-x"]);
    }

    /// All that an export can be told about files and places, the picker can be told too.
    #[test]
    fn whatever_photos_takes_besides_a_selection_pick_takes() {
        let mut command = Args::command();
        command.build();
        let photos = command.find_subcommand("photos").unwrap();
        let pick = command.find_subcommand("pick").unwrap();
        for argument in photos.get_arguments() {
            let selects = argument.get_help_heading() == Some("Which photos and videos");
            let there = pick.get_arguments().any(|other| other.get_id() == argument.get_id());
            assert!(selects || there, "{argument}");
        }
    }

    #[test]
    fn the_line_is_what_a_person_would_type() {
        let words = Words {
            albums: vec!["Travel/Italy 2024".to_owned(), "-x".to_owned()],
            hidden: Policy::Exclude,
            uuids: vec!["U1".to_owned(), "U2".to_owned()],
            ..Words::NONE
        };
        let options = ["--demo".to_owned()];
        let to = Path::new("out");
        let italy = quote("Travel/Italy 2024").unwrap();
        assert_eq!(
            line(&words, to, None, &options).unwrap(),
            format!(
                "iexport photos --album {italy} --album=-x --hidden exclude --uuid U1 --uuid U2 --to out --demo"
            )
        );
        assert_eq!(
            line(&words, to, Some(Path::new("list.txt")), &[]).unwrap(),
            format!(
                "iexport photos --album {italy} --album=-x --hidden exclude --uuid-from list.txt --to out"
            )
        );
        assert_eq!(line(&words, Path::new("a\u{1b}b"), None, &[]), Err("a\u{1b}b".to_owned()));
    }
}
