//! The picker on a real terminal: the screen is borrowed and given back, whatever happens.

use std::io::{self, Write, stdout};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::crossterm::event::{self, DisableBracketedPaste, EnableBracketedPaste};
use ratatui::crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use ratatui::crossterm::{cursor, execute};
use tokio_util::sync::CancellationToken;

use super::given::line;
use super::input::Input;
use super::picker::{Effect, Picker};
use super::view::{Theme, draw};
use super::words::Words;
use crate::cli::advice::Problem;
use crate::export::prepare_destination;
use crate::select::Selection;

/// How often it is looked whether the program is asked to stop.
const LOOK_UP: Duration = Duration::from_millis(100);

/// How the picking ended.
pub(super) enum Ending {
    /// Nothing is to be done.
    Quit,
    /// The program was told to stop.
    Interrupted,
    /// Export this to this folder, which is there.
    Export(PathBuf, Box<Selection>),
    /// Print this command; so many uuids are in this file.
    Print(String, Option<(PathBuf, usize)>),
}

/// Lets a person pick. `options` are those with which `pick` was started.
pub(super) fn pick(
    picker: &mut Picker,
    options: &[String],
    theme: Theme,
    cancel: &CancellationToken,
) -> io::Result<Ending> {
    let _screen = Screen::borrow()?;
    let mut terminal = Terminal::new(CrosstermBackend::new(stdout()))?;
    // Asking for the first time is what makes the window's changes heard: before its size is asked for, lest one
    // between the two is missed.
    event::poll(Duration::ZERO)?;
    loop {
        let size = terminal.size()?;
        picker.press(&Input::Size(size.width, size.height));
        terminal.draw(|frame| draw(picker, theme, frame))?;
        loop {
            if cancel.is_cancelled() {
                return Ok(Ending::Interrupted);
            }
            if event::poll(LOOK_UP)? {
                break;
            }
        }
        // All that is waiting, before anything is drawn: a key that is held down must not lag behind.
        while event::poll(Duration::ZERO)? {
            let Some(input) = Input::of(event::read()?) else { continue };
            let Some(effect) = picker.press(&input) else { continue };
            if effect == Effect::Redraw {
                terminal.clear()?;
            } else if let Some(ending) = carry_out(effect, picker, options) {
                return Ok(ending);
            }
        }
    }
}

/// Does what the machine cannot; `None` if it goes on.
fn carry_out(effect: Effect, picker: &mut Picker, options: &[String]) -> Option<Ending> {
    match effect {
        Effect::Quit => Some(Ending::Quit),
        Effect::Interrupt => Some(Ending::Interrupted),
        Effect::Redraw => None,
        Effect::Export(to) => {
            let to = from_home(&to);
            match prepare_destination(&to) {
                Ok(()) => Some(Ending::Export(to, Box::new(picker.selection()))),
                Err(error) => {
                    let Problem { error, advice, .. } = error.into();
                    picker.refuse(format!("{error}\n{advice}"), None);
                    None
                }
            }
        }
        Effect::Print { words, to, list } => match print(&words, &from_home(&to), list.as_deref(), options) {
            Ok(ending) => Some(ending),
            Err((why, better)) => {
                picker.refuse(why, better);
                None
            }
        },
    }
}

/// The command, and its list of uuids in a file. The error is what to say, with a better name for the file.
fn print(
    words: &Words,
    to: &Path,
    list: Option<&Path>,
    options: &[String],
) -> Result<Ending, (String, Option<String>)> {
    let list = list.map(from_home);
    let command = line(words, to, list.as_deref(), options)
        .map_err(|word| (format!("This cannot be written so that every shell reads it: {word}"), None))?;
    let Some(list) = list else { return Ok(Ending::Print(command, None)) };
    write_list(&list, &words.uuids).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => {
            (format!("{} is there already, and nothing is overwritten.", list.display()), free_name(&list))
        }
        _ => (format!("{} cannot be written: {error}", list.display()), None),
    })?;
    Ok(Ending::Print(command, Some((list, words.uuids.len()))))
}

/// Writes a new file with a uuid in each line.
fn write_list(path: &Path, uuids: &[String]) -> io::Result<()> {
    let mut file = io::BufWriter::new(std::fs::File::create_new(path)?);
    for uuid in uuids {
        writeln!(file, "{uuid}")?;
    }
    file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
}

/// A name like this that is free: `list-2.txt` for `list.txt`.
fn free_name(taken: &Path) -> Option<String> {
    let stem = taken.file_stem()?.to_str()?;
    let extension = taken.extension().and_then(|extension| extension.to_str());
    let name = |n: u32| match extension {
        Some(extension) => format!("{stem}-{n}.{extension}"),
        None => format!("{stem}-{n}"),
    };
    let free = (2..1000).map(|n| taken.with_file_name(name(n))).find(|path| !path.exists())?;
    free.to_str().map(str::to_owned)
}

/// `~` as a shell reads it, because what is typed here no shell sees.
fn from_home(path: &Path) -> PathBuf {
    match (path.strip_prefix("~"), etcetera::home_dir()) {
        (Ok(rest), Ok(home)) => home.join(rest),
        _ => path.to_owned(),
    }
}

/// Whether the screen is borrowed, for whoever gives it back first.
static BORROWED: AtomicBool = AtomicBool::new(false);

/// The borrowed screen; it is given back when this goes away.
struct Screen;

impl Screen {
    fn borrow() -> io::Result<Self> {
        // What a panic says must be readable.
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            give_back();
            before(panic);
        }));
        BORROWED.store(true, Ordering::SeqCst);
        let screen = Self;
        enable_raw_mode()?;
        execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste)?;
        Ok(screen)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

/// Gives the screen back, once.
fn give_back() {
    if BORROWED.swap(false, Ordering::SeqCst) {
        // If the terminal is gone there is nobody to tell.
        let _ = disable_raw_mode();
        let _ = execute!(stdout(), DisableBracketedPaste, LeaveAlternateScreen, cursor::Show);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn words(uuids: &[&str]) -> Words {
        Words { uuids: uuids.iter().map(|uuid| (*uuid).to_owned()).collect(), ..Words::NONE }
    }

    #[test]
    fn a_list_is_written_and_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let list = folder.path().join("picked.txt");
        let Ok(Ending::Print(command, Some((file, 2)))) =
            print(&words(&["U1", "U2"]), Path::new("x"), Some(&list), &[])
        else {
            panic!("it is not printed");
        };
        assert!(command.contains("--uuid-from"), "{command}");
        assert_eq!(file, list);
        assert_eq!(std::fs::read_to_string(&list).unwrap(), "U1\nU2\n");
        let Err((why, better)) = print(&words(&["U3"]), Path::new("x"), Some(&list), &[]) else {
            panic!("it is overwritten");
        };
        assert!(why.contains("is there already"), "{why}");
        assert_eq!(better.unwrap(), folder.path().join("picked-2.txt").to_str().unwrap());
        assert_eq!(std::fs::read_to_string(&list).unwrap(), "U1\nU2\n");
        let nowhere = folder.path().join("no/such/folder.txt");
        let Err((why, None)) = print(&words(&["U3"]), Path::new("x"), Some(&nowhere), &[]) else {
            panic!("it is written");
        };
        assert!(why.contains("cannot be written"), "{why}");
    }

    #[test]
    fn a_tilde_is_the_home_folder() {
        let home = etcetera::home_dir().unwrap();
        assert_eq!(from_home(Path::new("~/Pictures")), home.join("Pictures"));
        assert_eq!(from_home(Path::new("~")), home);
        assert_eq!(from_home(Path::new("~ann/x")), Path::new("~ann/x"));
        assert_eq!(from_home(Path::new("a/~")), Path::new("a/~"));
    }
}
