//! The picker: what it says without a terminal, and what it does on one.

use phone_libraries::{AlbumSpec, AssetSpec, IosVersion, Library};

use crate::scene::{Scene, moment};

/// Six photos; two albums in a folder, one outside.
fn library() -> Library {
    let mut library = Library::new(IosVersion::Ios18);
    let photos: Vec<_> = (1..=8)
        .map(|n| library.asset(AssetSpec::at(format!("DCIM/100APPLE/IMG_000{n}.JPG")).captured(moment(n))))
        .collect();
    library.album(AlbumSpec::titled("Italy 2024").in_folder(["Travel"]).members([photos[0], photos[1]]));
    library.album(AlbumSpec::titled("Ann's").in_folder(["Travel"]).members([photos[2]]));
    library.album(AlbumSpec::titled("Cats").members([photos[1], photos[3]]));
    library
}

#[test]
fn without_a_terminal_it_says_what_to_use_instead() {
    let scene = Scene::with(&library());
    scene
        .run(&["pick"])
        .expect(2)
        .says("needs a terminal")
        .says("iexport photos --album")
        .says("iexport albums");
    let run = scene.run(&["pick", "--json"]);
    run.expect(2).says("--json cannot be used with pick").says("iexport albums --json");
    assert_eq!(run.json()[0]["exit_code"], 2);
}

#[cfg(unix)]
mod on_a_terminal {
    use std::ffi::OsStr;
    use std::io::{Read, Write};
    use std::process::{Child, Command};
    use std::sync::mpsc::{Receiver, channel};
    use std::time::Duration;

    use pty_process::Size;
    use pty_process::blocking::{Command as OnPty, Pty};

    use super::*;

    /// Longer than anything here takes: what has not come by then will not come.
    const NEVER: Duration = Duration::from_secs(120);

    const UP: &str = "\x1b[A";
    const DOWN: &str = "\x1b[B";
    const ENTER: &str = "\r";
    const TAB: &str = "\t";

    /// A terminal with the program on it.
    struct Tty {
        keyboard: Pty,
        output: Receiver<Vec<u8>>,
        screen: vt100::Parser,
        /// All that came, as it came.
        raw: Vec<u8>,
        child: Child,
    }

    impl Tty {
        /// Runs it in a shell, which tells afterwards how it ended and how the terminal was left.
        fn run(scene: &Scene, args: &[&str], columns: u16, rows: u16, more: &[(&str, &str)]) -> Self {
            let script = r#""$0" "$@"; echo "exit: $?"; stty -a; echo "the end""#;
            let mut shell = shell(scene, script);
            shell.arg(env!("CARGO_BIN_EXE_iexport")).args(args).env("TERM", "xterm-256color");
            shell.envs(more.iter().copied());
            Self::of(shell, columns, rows)
        }

        fn of(command: Command, columns: u16, rows: u16) -> Self {
            let (keyboard, terminal) = pty_process::blocking::open().unwrap();
            keyboard.resize(Size::new(rows, columns)).unwrap();
            let mut reader =
                std::fs::File::from(std::os::fd::AsFd::as_fd(&keyboard).try_clone_to_owned().unwrap());
            let child = OnPty::from(command).spawn(terminal).unwrap();
            let (sender, output) = channel();
            std::thread::spawn(move || {
                let mut buffer = [0; 4096];
                // The end is an error on some systems.
                while let Ok(n @ 1..) = reader.read(&mut buffer) {
                    if sender.send(buffer[..n].to_vec()).is_err() {
                        break;
                    }
                }
            });
            let screen = vt100::Parser::new(rows.try_into().unwrap(), columns.try_into().unwrap(), 200);
            Self { keyboard, output, screen, raw: Vec::new(), child }
        }

        fn text(&self) -> String {
            self.screen.screen().contents()
        }

        /// Waits until the screen shows this.
        #[track_caller]
        fn shows(&mut self, text: &str) -> &mut Self {
            self.until(text, |tty| tty.text().contains(text))
        }

        /// Waits until the screen does not show this any more.
        #[track_caller]
        fn shows_no_more(&mut self, text: &str) -> &mut Self {
            self.until(text, |tty| !tty.text().contains(text))
        }

        #[track_caller]
        fn until(&mut self, what: &str, test: impl Fn(&Self) -> bool) -> &mut Self {
            while !test(self) {
                match self.output.recv_timeout(NEVER) {
                    Ok(bytes) => {
                        self.screen.process(&bytes);
                        self.raw.extend(bytes);
                    }
                    Err(_) => panic!("waited in vain for {what:?}:\n{}", self.text()),
                }
            }
            self
        }

        fn press(&mut self, keys: &str) -> &mut Self {
            self.keyboard.write_all(keys.as_bytes()).unwrap();
            self
        }

        /// Waits for the end, which must come with this code and leave the terminal as it was.
        #[track_caller]
        fn ends(&mut self, code: i32) -> String {
            self.shows("the end");
            self.child.wait().unwrap();
            let text = self.text();
            assert!(text.contains(&format!("exit: {code}\n")), "{text}");
            let screen = self.screen.screen();
            assert!(
                !screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste(),
                "{text}"
            );
            // What raw mode had switched off.
            for mode in ["icanon", "isig", "echo"] {
                assert!(text.split_whitespace().any(|word| word == mode), "{mode} is missing\n{text}");
            }
            text
        }
    }

    impl Drop for Tty {
        fn drop(&mut self) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }

    /// A shell in the environment of the scene, with the program where it finds it.
    fn shell(scene: &Scene, script: &str) -> Command {
        let program = scene.command(&[]);
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(script).env_clear().current_dir(scene.path(""));
        for (name, value) in program.get_envs() {
            if let Some(value) = value {
                shell.env(name, value);
            }
        }
        let mut path =
            std::ffi::OsString::from(std::path::Path::new(env!("CARGO_BIN_EXE_iexport")).parent().unwrap());
        path.push(OsStr::new(":"));
        path.push(std::env::var_os("PATH").unwrap_or_default());
        shell.env("PATH", path);
        shell
    }

    /// The picker on a screen of usual size, drawn for the first time.
    fn picker(scene: &Scene, args: &[&str]) -> Tty {
        let args: Vec<&str> = std::iter::once("pick").chain(args.iter().copied()).collect();
        let mut tty = Tty::run(scene, &args, 80, 24, &[]);
        tty.shows("[Lists]").shows("Nothing is ticked.");
        tty
    }

    #[test]
    fn a_ticked_album_becomes_a_command_that_does_the_same() {
        let scene = Scene::with(&library());
        let mut tty = picker(&scene, &["--versions", "original"]);
        // Library, Travel, Italy 2024, Ann's.
        tty.press(&DOWN.repeat(3)).shows("Ann's: 1 item").press(" ").shows(" 1 ticked");
        tty.press("j ").shows("Cats: 2 items").shows("3 ticked");
        tty.press(ENTER).shows("Export to:").press("drive").press(ENTER).shows("export now").press("p");
        let text = tty.ends(0);
        let command = r"iexport photos --album 'Travel/Ann'\''s' --album Cats --to drive --versions original";
        assert!(text.replace('\n', "").contains(command), "{text}");
        assert!(scene.names().is_empty(), "nothing is exported yet");
        let done = shell(&scene, command).output().unwrap();
        assert!(done.status.success(), "{done:?}");
        assert_eq!(
            scene.names(),
            ["2024/2024-07/IMG_0002.JPG", "2024/2024-07/IMG_0003.JPG", "2024/2024-07/IMG_0004.JPG"]
        );
    }

    #[test]
    fn ticked_items_are_exported_like_any_others() {
        let scene = Scene::with(&library());
        let dest = scene.dest.to_str().unwrap().to_owned();
        let mut tty = picker(&scene, &["--to", &dest]);
        tty.press(TAB).shows("Library: 1 of 8 items").press("/0005").shows("1 of 1 item with");
        tty.press(ENTER).press(" ").shows("1 ticked").press("\x1b").shows("5 of 8 items");
        tty.press(DOWN).press(" ").shows("2 ticked").press(ENTER).shows("export now").press("e");
        let text = tty.ends(0);
        assert!(text.contains("Exported              2 files"), "{text}");
        assert!(text.contains("Everything that was asked for is on the drive."), "{text}");
        assert_eq!(scene.names(), ["2024/2024-07/IMG_0005.JPG", "2024/2024-07/IMG_0006.JPG"]);
        scene.assert_nothing_half_written();
        // A later export of everything knows them.
        assert_eq!(scene.export(&["--json"]).expect(0).summary()["already_files"], 2);
    }

    #[test]
    fn an_album_is_exported_as_its_command_would() {
        let scene = Scene::with(&library());
        let mut tty = picker(&scene, &["--to", "drive", "--layout", "by-album"]);
        // Library, Travel, Italy 2024, Ann's, Cats.
        tty.press(&DOWN.repeat(4)).shows("Cats: 2 items").press(" ").shows("2 ticked");
        tty.press(ENTER).shows("export now").press("e");
        tty.ends(0);
        // One of them is in Italy 2024 too, which nobody asked for.
        assert_eq!(
            scene.names(),
            ["Cats/Cats.json", "Cats/Cats.m3u8", "Cats/IMG_0002.JPG", "Cats/IMG_0004.JPG"]
        );
    }

    #[test]
    fn a_folder_that_cannot_be_used_is_said_while_it_can_be_changed() {
        let scene = Scene::with(&library());
        let mut tty = picker(&scene, &["--to", "no/such/folder"]);
        tty.press(" ").shows("8 ticked").press(ENTER).shows("export now").press("e");
        tty.shows("does not exist").shows("Make that folder first");
        // A pasted path is one piece of text, whatever is in it.
        tty.press("d").shows("go on").press("\x15\x1b[200~drive\n\x1b[201~").shows("Export to: drive");
        tty.press(ENTER).shows("export now").press("e");
        tty.ends(0);
        assert_eq!(scene.names().len(), 8);
    }

    #[test]
    fn many_items_go_into_a_file_that_overwrites_nothing() {
        let scene = Scene::with(&library());
        std::fs::write(scene.path("picked-uuids.txt"), "mine").unwrap();
        let mut tty = picker(&scene, &["--to", "drive"]);
        // All but the first, and but those that make an album full.
        tty.press(TAB)
            .press("a")
            .shows("8 ticked")
            .press(" ")
            .shows("7 ticked")
            .press("jj ")
            .shows("6 ticked");
        tty.press("j ").shows("5 ticked").press(ENTER).shows("export now").press("p").shows("Write it to:");
        tty.press(ENTER).shows("is there already").shows("picked-uuids-2.txt").press(ENTER);
        let text = tty.ends(0);
        assert!(text.contains("5 uuids are in picked-uuids-2.txt"), "{text}");
        let command = "iexport photos --uuid-from picked-uuids-2.txt --to drive";
        assert!(text.contains(command), "{text}");
        assert_eq!(std::fs::read_to_string(scene.path("picked-uuids.txt")).unwrap(), "mine");
        let list = std::fs::read_to_string(scene.path("picked-uuids-2.txt")).unwrap();
        let items = scene.run(&["list", "photos", "--json"]).expect(0).json();
        let expected: Vec<_> =
            [1, 4, 5, 6, 7].map(|n: usize| items[n]["uuid"].as_str().unwrap().to_owned()).into();
        assert_eq!(list.lines().collect::<Vec<_>>(), expected);
        let done = shell(&scene, command).output().unwrap();
        assert!(done.status.success(), "{done:?}");
        assert_eq!(scene.names(), [2, 5, 6, 7, 8].map(|n| format!("2024/2024-07/IMG_000{n}.JPG")));
    }

    #[test]
    fn leaving_does_nothing_and_asks_first() {
        let scene = Scene::with(&library());
        let mut tty = picker(&scene, &["--to", "drive/new"]);
        tty.press(" ").shows("8 ticked").press("q").shows("Leave without exporting?").press("n");
        tty.shows_no_more("Leave without").press("?").shows("search: names").press("q");
        tty.shows_no_more("search: names").press("qy");
        tty.ends(0);
        assert!(!scene.dest.join("new").exists());
    }

    #[test]
    fn ctrl_c_and_kill_give_the_terminal_back() {
        let scene = Scene::with(&library());
        let mut tty = picker(&scene, &[]);
        tty.press(" ").shows("8 ticked").press("\x03");
        tty.ends(130);

        // The shell tells the number of the process before it becomes the program.
        let script = r#"sh -c 'echo "number: $$"; exec "$0" "$@"' "$0" "$@"; echo "exit: $?"; stty -a; echo "the end""#;
        let mut command = shell(&scene, script);
        command.arg(env!("CARGO_BIN_EXE_iexport")).arg("pick").env("TERM", "xterm");
        let mut tty = Tty::of(command, 80, 24);
        tty.shows("[Lists]");
        let raw = String::from_utf8_lossy(&tty.raw).into_owned();
        let number: String =
            raw.split_once("number: ").unwrap().1.chars().take_while(char::is_ascii_digit).collect();
        assert!(Command::new("kill").arg(&number).status().unwrap().success());
        tty.ends(130);
    }

    /// Runs the picker until it shows something, takes its terminal away, and waits for its end.
    #[track_caller]
    fn without_its_terminal(mut child: Child, keyboard: Pty) -> std::process::ExitStatus {
        let mut reader =
            std::fs::File::from(std::os::fd::AsFd::as_fd(&keyboard).try_clone_to_owned().unwrap());
        let mut screen = vt100::Parser::new(24.try_into().unwrap(), 80.try_into().unwrap(), 0);
        let mut buffer = [0; 4096];
        while !screen.screen().contents().contains("[Lists]") {
            let n = reader.read(&mut buffer).unwrap();
            screen.process(&buffer[..n]);
        }
        drop((reader, keyboard));
        let number = child.id().to_string();
        let (sender, ended) = channel();
        std::thread::spawn(move || sender.send(child.wait().unwrap()));
        ended.recv_timeout(NEVER).unwrap_or_else(|_| {
            Command::new("kill").args(["-9", &number]).status().unwrap();
            panic!("it goes on without a terminal");
        })
    }

    #[test]
    fn a_terminal_that_goes_away_ends_it() {
        use std::process::Stdio;

        let scene = Scene::with(&library());
        let terminal = || {
            let (keyboard, terminal) = pty_process::blocking::open().unwrap();
            keyboard.resize(Size::new(24, 80)).unwrap();
            (keyboard, terminal)
        };
        // As the process to which the terminal belongs, which is told by a signal.
        let (keyboard, its) = terminal();
        let mut command = scene.command(&["pick"]);
        command.env("TERM", "xterm");
        let child = OnPty::from(command).spawn(its).unwrap();
        assert_eq!(without_its_terminal(child, keyboard).code(), Some(130));
        // And as one that merely has it open, which nobody tells.
        let (keyboard, its) = terminal();
        let its = std::os::fd::AsFd::as_fd(&its).try_clone_to_owned().unwrap();
        let mut command = scene.command(&["pick"]);
        let end = || Stdio::from(its.try_clone().unwrap());
        command.env("TERM", "xterm").stdin(end()).stdout(end()).stderr(end());
        let child = command.spawn().unwrap();
        drop((command, its));
        assert_eq!(without_its_terminal(child, keyboard).code(), Some(130));
    }

    #[test]
    fn a_phone_that_goes_away_while_somebody_picks_is_said_by_the_export() {
        let scene = Scene::with(&library());
        let dest = scene.dest.to_str().unwrap().to_owned();
        let mut tty = picker(&scene, &["--to", &dest]);
        scene.phone().detach();
        tty.press(DOWN).press(" ").shows("3 ticked").press(UP).press(" ").shows("8 ticked");
        tty.press(ENTER).shows("export now").press("e");
        let text = tty.ends(9);
        assert!(text.contains("connection to the iPhone was lost"), "{text}");
        assert!(scene.names().is_empty());
    }

    #[test]
    fn the_screen_follows_the_window() {
        let scene = Scene::with(&library());
        let mut tty = picker(&scene, &[]);
        let mut resize = |columns: u16, rows: u16, shows: &str| {
            tty.screen.screen_mut().set_size(rows.try_into().unwrap(), columns.try_into().unwrap());
            tty.keyboard.resize(Size::new(rows, columns)).unwrap();
            tty.shows(shows);
        };
        resize(20, 5, "Make the window");
        resize(40, 12, "Nothing is ticked.");
        resize(160, 50, "2024-07-01 11:08");
        tty.press("q");
        tty.ends(0);
    }

    #[test]
    fn without_colours_everything_is_said_all_the_same() {
        let scene = Scene::with(&library());
        let coloured = |more: &[(&str, &str)]| {
            let mut tty = Tty::run(&scene, &["pick"], 80, 24, more);
            tty.shows("Nothing is ticked.").press(" ").shows("[x]").shows("8 ticked");
            let screen = tty.screen.screen();
            let cells = (0..24).flat_map(|row| (0..80).map(move |column| (row, column)));
            let any = cells.filter_map(|(row, column)| screen.cell(row, column)).any(|cell| {
                cell.fgcolor() != vt100::Color::Default || cell.bgcolor() != vt100::Color::Default
            });
            tty.press("qy");
            tty.ends(0);
            any
        };
        assert!(coloured(&[]));
        assert!(!coloured(&[("NO_COLOR", "1")]));
    }

    #[test]
    fn a_terminal_that_cannot_draw_is_refused() {
        let scene = Scene::with(&library());
        let mut tty = Tty::run(&scene, &["pick"], 80, 24, &[("TERM", "dumb")]);
        let text = tty.ends(2);
        assert!(text.contains("pick needs a terminal"), "{text}");
    }
}
