//! A program in a terminal: a pseudo terminal with a model of what it shows.

use std::fs::File;
use std::io::{Read, Write as _};
use std::num::NonZeroU16;
use std::os::fd::OwnedFd;
use std::os::unix::fs::OpenOptionsExt as _;
use std::process::{Child, Command, ExitStatus};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize};

use super::PATIENCE;
use crate::qr_code::Modules;

/// Lines above the screen that the model keeps.
const SCROLLBACK: usize = 1000;

/// The background of codes, of the palette's fixed part.
const BLACK: vt100::Color = vt100::Color::Idx(16);

/// What was written, as a terminal shows it.
struct Shown {
    model: vt100::Parser,
    /// The bytes as they came.
    bytes: Vec<u8>,
    /// How many of them came before the terminal had its present size.
    resized_at: usize,
    has_ended: bool,
    is_unread: bool,
}

/// The program, which ends with the test.
pub(crate) struct InTerminal {
    child: Child,
    /// The side of the person.
    person: OwnedFd,
    /// The side of the program, which keeps its modes for as long as it is open.
    program: File,
    shown: Arc<(Mutex<Shown>, Condvar)>,
}

impl InTerminal {
    /// Stdin, stdout and stderr of the command are a terminal of this size, of the kind that its `TERM` says.
    pub(crate) fn start(command: &mut Command, rows: u16, columns: u16) -> Self {
        let person = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&person).unwrap();
        unlockpt(&person).unwrap();
        let path = ptsname(&person, Vec::new()).unwrap();
        // It must not become the terminal of the tests, which its end would end.
        let no_tty = i32::try_from(OpenptFlags::NOCTTY.bits()).unwrap();
        let program = File::options()
            .read(true)
            .write(true)
            .custom_flags(no_tty)
            .open(path.to_str().unwrap())
            .unwrap();
        set_size(&person, rows, columns);
        let end = || program.try_clone().unwrap();
        let child = command
            .stdin(end())
            .stdout(end())
            .stderr(end())
            .spawn()
            .unwrap();
        let shown = Shown {
            model: vt100::Parser::new(some(rows), some(columns), SCROLLBACK),
            bytes: Vec::new(),
            resized_at: 0,
            has_ended: false,
            is_unread: false,
        };
        let shown = Arc::new((Mutex::new(shown), Condvar::new()));
        let output = File::from(person.try_clone().unwrap());
        let shared = Arc::clone(&shown);
        // Ends with the terminal.
        thread::spawn(move || show(output, &shared));
        Self {
            child,
            person,
            program,
            shown,
        }
    }

    /// Waits until the screen is as the test wants it, and gives what the test makes of it.
    pub(crate) fn shows<T>(&self, what: &str, mut seen: impl FnMut(&Screen<'_>) -> Option<T>) -> T {
        let (shown, changed) = &*self.shown;
        let mut found = None;
        let mut is_missing = |shown: &mut Shown| {
            found = seen(&Screen(&*shown));
            found.is_none() && !shown.has_ended
        };
        let waited = changed.wait_timeout_while(shown.lock().unwrap(), PATIENCE, &mut is_missing);
        let shown = waited.unwrap().0;
        found.unwrap_or_else(|| panic!("no {what} in\n{}", shown.model.screen().contents()))
    }

    /// Another size, as a person drags the window. There is no session whose processes the system would tell.
    pub(crate) fn resize(&self, rows: u16, columns: u16) {
        let mut shown = self.shown.0.lock().unwrap();
        shown.model.screen_mut().set_size(some(rows), some(columns));
        shown.resized_at = shown.bytes.len();
        set_size(&self.person, rows, columns);
        drop(shown);
        self.signal("-WINCH");
    }

    /// From now on nobody reads what is written.
    pub(crate) fn stops_reading(&self) {
        self.shown.0.lock().unwrap().is_unread = true;
    }

    pub(crate) fn types(&self, text: &str) {
        let mut person = File::from(self.person.try_clone().unwrap());
        person.write_all(text.as_bytes()).unwrap();
    }

    /// Whether what is typed is shown.
    pub(crate) fn echoes(&self) -> bool {
        let modes = tcgetattr(&self.program).unwrap().local_modes;
        modes.contains(LocalModes::ECHO)
    }

    pub(crate) fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        let mut kill = Command::new("kill");
        assert!(kill.args([signal, &id]).status().unwrap().success());
    }

    /// Waits for the end.
    pub(crate) fn exits(&mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }

    /// Waits for the end, and for all that was written before.
    pub(crate) fn ends(&mut self) -> ExitStatus {
        let status = self.exits();
        // Comes after what the program has written.
        let mark = "the end of the test";
        self.program.write_all(mark.as_bytes()).unwrap();
        self.shows(mark, |screen| screen.text().contains(mark).then_some(()));
        status
    }
}

impl Drop for InTerminal {
    fn drop(&mut self) {
        // Fails if it has ended already, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a person sees.
pub(crate) struct Screen<'a>(&'a Shown);

impl Screen<'_> {
    pub(crate) fn text(&self) -> String {
        self.0.model.screen().contents()
    }

    pub(crate) fn rows(&self) -> Vec<String> {
        let (_, columns) = self.size();
        self.0.model.screen().rows(0, columns).collect()
    }

    fn size(&self) -> (u16, u16) {
        let (rows, columns) = self.0.model.screen().size();
        (rows.get(), columns.get())
    }

    /// All bytes since the start.
    pub(crate) fn bytes(&self) -> String {
        String::from_utf8_lossy(&self.0.bytes).into_owned()
    }

    pub(crate) fn cursor(&self) -> (u16, u16) {
        self.0.model.screen().cursor_position()
    }

    /// What a phone reads in the codes, from the left to the right; `None` while they are half drawn, or drawn for another size. The cursor is
    /// saved before a block is drawn, each of whose rows is erased first, and restored after.
    pub(crate) fn codes(&self) -> Option<Vec<String>> {
        let bytes = String::from_utf8_lossy(&self.0.bytes[self.0.resized_at..]);
        let (_, drawn) = bytes.rsplit_once("\x1b7")?;
        let (block, _) = drawn.split_once("\x1b8")?;
        block.contains("\x1b[2K").then(|| self.whole_codes())
    }

    fn whole_codes(&self) -> Vec<String> {
        let screen = self.0.model.screen();
        let (rows, columns) = self.size();
        let is_part = |row: u16, column: u16| {
            let cell = screen.cell(row, column);
            cell.is_some_and(|cell| cell.bgcolor() == BLACK)
        };
        let is_column = |column: &u16| (0..rows).any(|row| is_part(row, *column));
        let mut codes: Vec<Vec<u16>> = Vec::new();
        for column in (0..columns).filter(is_column) {
            match codes.last_mut() {
                Some(code) if code.last() == column.checked_sub(1).as_ref() => code.push(column),
                _ => codes.push(vec![column]),
            }
        }
        let lines = |code: &Vec<u16>| {
            let rows = (0..rows).filter(|row| code.iter().all(|column| is_part(*row, *column)));
            let line = |row: u16| {
                let cells = code.iter().map(|column| screen.cell(row, *column).unwrap());
                let texts = cells.map(|cell| {
                    if cell.has_contents() {
                        cell.contents()
                    } else {
                        " "
                    }
                });
                texts.collect::<String>() + "\n"
            };
            Modules::printed_in(&rows.map(line).collect::<String>()).read()
        };
        codes.iter().map(lines).collect()
    }
}

/// Of rows or columns: no terminal of a test is without them.
fn some(length: u16) -> NonZeroU16 {
    length.try_into().unwrap()
}

fn set_size(terminal: &OwnedFd, rows: u16, columns: u16) {
    let size = Winsize {
        ws_row: rows,
        ws_col: columns,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    tcsetwinsize(terminal, size).unwrap();
}

fn show(mut output: File, shown: &(Mutex<Shown>, Condvar)) {
    let mut bytes = [0; 4096];
    let (shown, changed) = shown;
    // A terminal that nobody has open any more is an error, as an end of file is for others.
    while let Ok(length @ 1..) = output.read(&mut bytes) {
        let mut shown = shown.lock().unwrap();
        shown.model.process(&bytes[..length]);
        shown.bytes.extend(&bytes[..length]);
        changed.notify_all();
        drop(changed.wait_while(shown, |shown| shown.is_unread).unwrap());
    }
    shown.lock().unwrap().has_ended = true;
    changed.notify_all();
}
