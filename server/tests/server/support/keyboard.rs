//! A terminal in which nobody but the test types.
//!
//! May import: rustix.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::os::fd::OwnedFd;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

/// Types into the terminal of a program. Dropping it closes the terminal.
pub(crate) struct Keyboard(File);

impl Keyboard {
    /// A new terminal, and what a program reads of it.
    pub(crate) fn new() -> (Self, OwnedFd) {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&ours).unwrap();
        unlockpt(&ours).unwrap();
        let name = ptsname(&ours, Vec::new()).unwrap().into_string().unwrap();
        let theirs = OpenOptions::new().read(true).write(true).open(name);
        (Self(ours.into()), theirs.unwrap().into())
    }

    pub(crate) fn types(&mut self, text: &str) {
        self.0.write_all(text.as_bytes()).unwrap();
    }
}
