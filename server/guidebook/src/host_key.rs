//! Enter, in the terminal of a workshop, opens the host's page in a browser of this machine.
//!
//! What is typed is read on a thread of its own, which nothing waits for: neither the runtime nor the end of the program.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use server::host_access::HostAccess;

/// Bytes that are read at once. Of what is typed only the ends of lines matter, and nothing is kept.
const READ_BYTES: usize = 256;

/// After the page was opened, Enter does nothing for so long: a key that is held down repeats itself.
const PAUSE: Duration = Duration::from_secs(1);

/// How long each launcher of browsers has to fail. One that still runs then has found a browser.
const LAUNCH_TIME: Duration = Duration::from_secs(1);

const NO_ADDRESS: &str = "\
The host's page opens at localhost only, and --listen names another address.
Leave --listen out, and start again.
";

const NO_RANDOM_BYTES: &str = "\
The host's page can't be opened: this machine has no random bytes for its code.
";

/// Opens the page each time, until the terminal is closed. `book` is the address of the book for this machine, if that is one of loopback.
/// `say` prints.
pub(crate) fn watch(
    host_access: Arc<HostAccess>,
    book: Option<String>,
    say: impl Fn(String) + Send + 'static,
) {
    std::thread::spawn(move || {
        let mut opened: Option<Instant> = None;
        while let Ok(has_enter) = read_terminal() {
            if !has_enter || opened.is_some_and(|opened| opened.elapsed() < PAUSE) {
                continue;
            }
            if let Some(text) = open_page(&host_access, book.as_deref()) {
                say(text);
            }
            opened = Some(Instant::now());
        }
    });
}

/// What is to be said, if no browser shows the page.
fn open_page(host_access: &HostAccess, book: Option<&str>) -> Option<String> {
    let Some(book) = book else {
        return Some(NO_ADDRESS.to_owned());
    };
    let Some(code) = host_access.make_code(Instant::now()) else {
        return Some(NO_RANDOM_BYTES.to_owned());
    };
    let url = format!("{book}workshop/host.html#code={}", code.reveal());
    // The error has the address in it, and with it the code, which may be in no log.
    match open::that_detached_with_timeout(&url, LAUNCH_TIME) {
        Ok(()) => None,
        Err(_) => Some(format!(
            "No browser could be opened. Open this on this machine; it works once, within\na minute:\n\n    {url}\n\n"
        )),
    }
}

/// Waits until something was typed, and says whether Enter was a part of it.
///
/// # Errors
/// When nothing will be typed any more.
fn read_terminal() -> io::Result<bool> {
    let mut typed = [0; READ_BYTES];
    let length = read(&mut typed)?;
    match &typed[..length] {
        [] => Err(io::ErrorKind::UnexpectedEof.into()),
        typed => Ok(typed.iter().any(|byte| matches!(byte, b'\n' | b'\r'))),
    }
}

/// A job in the background that reads from its terminal is stopped by the system, with the workshop in it. So nothing is read until something was
/// typed, and what is typed for another job is left to that.
#[cfg(unix)]
fn read(typed: &mut [u8]) -> io::Result<usize> {
    use rustix::event::{PollFd, PollFlags, poll};
    use rustix::io::Errno;
    use rustix::process::getpgrp;
    use rustix::termios::tcgetpgrp;

    /// How often somebody else's typing is looked at.
    const NOT_OURS: Duration = Duration::from_millis(500);

    let terminal = io::stdin();
    loop {
        let mut waiting = [PollFd::new(&terminal, PollFlags::IN)];
        match poll(&mut waiting, None) {
            Ok(_) => {}
            Err(Errno::INTR) => continue,
            Err(error) => return Err(error.into()),
        }
        // A terminal that controls no jobs has no foreground, and is ours.
        if tcgetpgrp(&terminal).is_ok_and(|foreground| foreground != getpgrp()) {
            std::thread::sleep(NOT_OURS);
            continue;
        }
        match rustix::io::read(&terminal, &mut *typed) {
            Err(Errno::INTR) => {}
            read => return Ok(read?),
        }
    }
}

#[cfg(not(unix))]
fn read(typed: &mut [u8]) -> io::Result<usize> {
    io::Read::read(&mut io::stdin().lock(), typed)
}
